/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was chosen at opening: kept, found again, and not used for a file that is another. */

#include "core/error.h"
#include "recording/xdf-recording.h"
#include "study/study-choices.h"
#include "data-home.h"
#include "../xdf-fixture.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <utime.h>

typedef struct
{
  char *folder;
  char *table;
  char *xdf;
} Fixture;

static char *
write_table (const char *folder,
             const char *name,
             guint       first)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GString) text = g_string_new ("A;B;C\n");

  for (guint i = 0; i < 500; i++)
    g_string_append_printf (text, "%u;%u,5;%u,25\n", 1000 + i * 4, (first + i) % 7, i % 3);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  return path;
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("inion-study-XXXXXX", NULL);
  fixture->table = write_table (fixture->folder, "table.csv", 0);
  fixture->xdf = g_build_filename (fixture->folder, "two.xdf", NULL);
  xdf_write_two (fixture->xdf, "Cap", "Ear");
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->table);
  g_free (fixture->xdf);
}

static InionChoice *
choose_columns (const char *path)
{
  InionCsvGuess *table = inion_csv_guess (path, NULL);
  InionCsvColumn *column;

  g_assert_nonnull (table);
  column = table->columns->pdata[0];
  column->role = INION_CSV_IGNORE;
  column = table->columns->pdata[1];
  column->role = INION_CSV_SIGNAL;
  g_free (column->name);
  column->name = g_strdup ("C3 “left”");
  g_free (column->unit);
  column->unit = g_strdup ("µV");
  column->gain = 0.1;
  column = table->columns->pdata[2];
  column->role = INION_CSV_MARKER;
  table->rate_hz = 1000.0 / 3;
  return inion_choice_new_table (table);
}

static InionChoice *
choose_ear (const char *path)
{
  g_autoptr (GPtrArray) streams = inion_xdf_list_streams (path, NULL, NULL);

  g_assert_nonnull (streams);
  return inion_choice_new_streams (streams, (const guint32[]) { 2 }, 1);
}

/* As the window does it. */
static void
keep (const char  *study_path,
      const char  *path,
      InionChoice *choice)
{
  g_autoptr (GError) error = NULL;
  InionStudy *study = study_path != NULL ? inion_study_open (study_path, &error)
                                         : inion_study_open_for_recording (path, &error);
  g_autoptr (InionRecording) recording = inion_choice_open (choice, path, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (inion_choice_bind (choice, path, recording, NULL, &error));
  g_assert_true (inion_study_keep_choice (study, path, choice, &error));
  g_assert_no_error (error);
  g_assert_null (inion_study_get_undo_title (study));
  g_assert_finalize_object (study);
}

static void
test_round_trip (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr (InionChoice) table = choose_columns (fixture->table);
  g_autoptr (InionChoice) ear = choose_ear (fixture->xdf);
  g_autoptr (InionChoice) compatible = inion_choice_new_compatible ();
  const InionChoice *all[] = { table, ear, compatible };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autofree char *json = inion_choice_to_json (all[i]);
      g_autoptr (InionChoice) back = inion_choice_new_from_json (json, NULL);
      g_autofree char *again = NULL;

      g_assert_nonnull (back);
      again = inion_choice_to_json (back);
      g_assert_cmpstr (again, ==, json);
      g_assert_cmpint (back->kind, ==, all[i]->kind);
    }
  {
    g_autofree char *json = inion_choice_to_json (table);
    g_autoptr (InionChoice) back = inion_choice_new_from_json (json, NULL);
    const InionCsvColumn *column = back->table->columns->pdata[1];

    g_assert_cmpfloat (back->table->rate_hz, ==, 1000.0 / 3);
    g_assert_cmpint (back->table->delimiter, ==, ';');
    g_assert_cmpint (back->table->decimal, ==, ',');
    g_assert_cmpstr (column->name, ==, "C3 “left”");
    g_assert_cmpfloat (column->gain, ==, 0.1);
  }
}

/* A study's file may have been written by anybody. */
static void
test_nonsense (void)
{
  static const char *const texts[] = {
    "", "[]", "{}", "{\"kind\":\"wish\"}", "{\"kind\":\"streams\"}",
    "{\"kind\":\"streams\",\"n_streams\":2,\"streams\":[]}",
    "{\"kind\":\"streams\",\"n_streams\":2,\"streams\":[{\"id\":-1,\"name\":\"a\"}]}",
    "{\"kind\":\"streams\",\"n_streams\":2,\"streams\":[3]}",
    "{\"kind\":\"table\",\"columns\":[]}",
    "{\"kind\":\"table\",\"format\":\"CSV\",\"delimiter\":\"x\",\"decimal\":\".\",\"header_rows\":1,"
    "\"rate_hz\":1,\"time_scale\":1,\"columns\":[{\"name\":\"a\",\"unit\":\"\",\"role\":\"signal\","
    "\"gain\":1}]}",
    "{\"kind\":\"table\",\"format\":\"CSV\",\"delimiter\":\",\",\"decimal\":\".\",\"header_rows\":1,"
    "\"rate_hz\":0,\"time_scale\":1,\"columns\":[{\"name\":\"a\",\"unit\":\"\",\"role\":\"signal\","
    "\"gain\":1}]}",
    "{\"kind\":\"table\",\"format\":\"CSV\",\"delimiter\":\",\",\"decimal\":\".\",\"header_rows\":1,"
    "\"rate_hz\":1,\"time_scale\":1,\"columns\":[{\"name\":\"a\",\"unit\":\"\",\"role\":\"song\","
    "\"gain\":1}]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (inion_choice_new_from_json (texts[i], &error));
      g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
    }
}

static void
test_kept (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (InionChoice) table = choose_columns (fixture->table);
  g_autoptr (InionChoice) ear = choose_ear (fixture->xdf);
  g_autofree char *report = NULL;
  g_autofree char *own = NULL;
  const char *const paths[] = { fixture->table, fixture->xdf };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_auto (InionKeptChoice) kept = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_null (inion_kept_choice_open (&kept, paths[i], NULL, NULL, &error));
      g_assert_no_error (error);
      g_assert_null (kept.choice);
    }
  keep (NULL, fixture->table, table);
  keep (NULL, fixture->xdf, ear);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_auto (InionKeptChoice) kept = { 0 };
      g_autoptr (GError) error = NULL;
      g_autoptr (InionRecording) recording =
        inion_kept_choice_open_or_plain (&kept, paths[i], NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_false (kept.changed);
      own = (g_free (own), inion_study_find_for_recording (paths[i]));
      g_assert_cmpstr (kept.study, ==, own);
      g_assert_cmpuint (inion_recording_get_n_channels (recording), ==, 1);
      if (i == 0)
        g_assert_cmpstr (inion_channel_get_label (inion_recording_get_channel (recording, 0)), ==,
                         "C3 “left”");
      else
        g_assert_cmpfloat (inion_channel_get_rate_hz (inion_recording_get_channel (recording, 0)),
                           ==, 250);
    }
  g_assert_true (inion_study_verify (own, &report, NULL));
}

/* The study of the recording that this one is used with comes first. */
static void
test_home (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char *home = g_build_filename (fixture->folder, "other.inion", NULL);
  g_autoptr (InionChoice) ear = choose_ear (fixture->xdf);
  g_autoptr (GPtrArray) streams = inion_xdf_list_streams (fixture->xdf, NULL, NULL);
  g_autoptr (InionChoice) cap = inion_choice_new_streams (streams, (const guint32[]) { 1 }, 1);
  g_auto (InionKeptChoice) with = { 0 };
  g_auto (InionKeptChoice) without = { 0 };
  g_autoptr (InionRecording) recording = NULL;

  keep (NULL, fixture->xdf, ear);
  keep (home, fixture->xdf, cap);
  recording = inion_kept_choice_open (&with, fixture->xdf, home, NULL, NULL);
  g_assert_cmpfloat (inion_channel_get_rate_hz (inion_recording_get_channel (recording, 0)), ==, 100);
  g_assert_cmpstr (with.study, ==, home);
  g_clear_object (&recording);
  recording = inion_kept_choice_open (&without, fixture->xdf, NULL, NULL, NULL);
  g_assert_cmpfloat (inion_channel_get_rate_hz (inion_recording_get_channel (recording, 0)), ==, 250);
}

/* Another time of change is no other content; another content is. */
static void
test_changed (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (InionChoice) table = choose_columns (fixture->table);
  const struct utimbuf times = { 1000000000, 1000000000 };
  g_autofree char *again = NULL;

  keep (NULL, fixture->table, table);
  for (int i = 0; i < 3; i++)
    {
      g_auto (InionKeptChoice) kept = { 0 };
      g_autoptr (GError) error = NULL;
      g_autoptr (InionRecording) recording = NULL;

      if (i == 0)
        g_assert_cmpint (utime (fixture->table, &times), ==, 0);
      else if (i == 1)
        again = write_table (fixture->folder, "table.csv", 1); /* the same size */
      else
        g_assert_true (g_file_set_contents (fixture->table, "A;B;C\n1;2;3\n4;5;6\n", -1, NULL));
      recording = inion_kept_choice_open (&kept, fixture->table, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (kept.changed, ==, i > 0);
      g_assert_cmpint (recording != NULL, ==, i == 0);
      g_assert_nonnull (kept.choice);
    }
}

static void
test_forgotten (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (InionChoice) ear = choose_ear (fixture->xdf);
  g_auto (InionKeptChoice) kept = { 0 };
  InionStudy *study;

  keep (NULL, fixture->xdf, ear);
  study = inion_study_open_for_recording (fixture->xdf, NULL);
  g_assert_true (inion_study_keep_choice (study, fixture->xdf, NULL, NULL));
  g_assert_true (inion_study_keep_choice (study, fixture->table, NULL, NULL));
  g_assert_finalize_object (study);
  g_assert_null (inion_kept_choice_open (&kept, fixture->xdf, NULL, NULL, NULL));
  g_assert_null (kept.choice);
}

/* Who may only read is told, and nothing is kept. */
static void
test_read_only (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (InionChoice) ear = choose_ear (fixture->xdf);
  g_autoptr (InionStudy) first = inion_study_open_for_recording (fixture->xdf, NULL);
  g_autoptr (InionStudy) second = inion_study_open_for_recording (fixture->xdf, NULL);
  g_autoptr (InionRecording) recording = inion_choice_open (ear, fixture->xdf, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (inion_choice_bind (ear, fixture->xdf, recording, NULL, NULL));
  g_assert_false (inion_study_keep_choice (second, fixture->xdf, ear, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_BUSY);
}

/* For other files: by the names of the streams, by the layout of the table. */
static void
test_fit (Fixture      *fixture,
          gconstpointer data)
{
  g_autoptr (InionChoice) ear = choose_ear (fixture->xdf);
  g_autoptr (InionChoice) table = choose_columns (fixture->table);
  g_autofree char *turned = g_build_filename (fixture->folder, "turned.xdf", NULL);
  g_autofree char *twice = g_build_filename (fixture->folder, "twice.xdf", NULL);
  g_autofree char *other = write_table (fixture->folder, "other.csv", 3);
  g_autofree char *wide = g_build_filename (fixture->folder, "wide.csv", NULL);
  g_autoptr (GPtrArray) streams_turned = NULL, streams_twice = NULL;
  g_autoptr (InionCsvGuess) guess = inion_csv_guess (other, NULL), guess_wide = NULL;
  g_autoptr (InionChoice) fitted = NULL, fitted_table = NULL;

  xdf_write_two (turned, "Ear", "Cap");
  xdf_write_two (twice, "Ear", "Ear");
  g_assert_true (g_file_set_contents (wide, "A;B;C;D\n1;2;3;4\n4;5;6;7\n2;5;6;7\n9;5;6;7\n", -1,
                                      NULL));
  streams_turned = inion_xdf_list_streams (turned, NULL, NULL);
  streams_twice = inion_xdf_list_streams (twice, NULL, NULL);
  guess_wide = inion_csv_guess (wide, NULL);
  g_assert_nonnull (guess_wide);
  fitted = inion_choice_fit_streams (ear, streams_turned);
  g_assert_cmpuint (fitted->streams->len, ==, 1);
  g_assert_cmpuint (g_array_index (fitted->streams, guint32, 0), ==, 1);
  g_assert_null (inion_choice_fit_streams (ear, streams_twice));
  g_assert_null (inion_choice_fit_streams (table, streams_turned));
  fitted_table = inion_choice_fit_table (table, guess);
  g_assert_cmpfloat (fitted_table->table->rate_hz, ==, 1000.0 / 3);
  g_assert_null (inion_choice_fit_table (table, guess_wide));
  g_assert_null (inion_choice_fit_table (ear, guess));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/study/study-choices/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add_func ("/study/study-choices/nonsense", test_nonsense);
  g_test_add ("/study/study-choices/kept", Fixture, NULL, set_up, test_kept, tear_down);
  g_test_add ("/study/study-choices/home", Fixture, NULL, set_up, test_home, tear_down);
  g_test_add ("/study/study-choices/changed", Fixture, NULL, set_up, test_changed, tear_down);
  g_test_add ("/study/study-choices/forgotten", Fixture, NULL, set_up, test_forgotten, tear_down);
  g_test_add ("/study/study-choices/read-only", Fixture, NULL, set_up, test_read_only, tear_down);
  g_test_add ("/study/study-choices/fit", Fixture, NULL, set_up, test_fit, tear_down);
  return run_with_data_home ();
}
