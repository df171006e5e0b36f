/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks and studies: read, imported, exported, and never made by looking. */

#include "cli-runner.h"

#include "core/init.h"
#include "recording/edited-recording.h"
#include "study/study-channels.h"
#include "study/study.h"

#define S G_GINT64_CONSTANT (1000000000)

typedef struct
{
  char *folder;
  char *recording;
  char *study;
} Fixture;

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  fixture->folder = cli_make_folder ();
  fixture->recording = cli_copy_recording (fixture->folder, "S007R04.edf");
  fixture->study = g_build_filename (fixture->folder, "S007R04.inion", NULL);
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  cli_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->recording);
  g_free (fixture->study);
}

static void
import (Fixture *fixture)
{
  g_autofree char *table = g_build_filename (fixture->folder, "marks.csv", NULL);
  g_autoptr (CliRun) run = NULL;

  g_assert_true (g_file_set_contents (table,
                                      "onset,duration,trial_type\n1.5,0.25,blink\n3,0,spike\n", -1,
                                      NULL));
  run = cli_run ("annotations", fixture->recording, "--import", table, NULL);
  cli_assert_code (run, 0);
  g_assert_nonnull (strstr (run->err, "2 marks imported"));
  g_unlink (table);
}

/* Looking leaves no trace. */
static void
test_no_side_car (Fixture      *fixture,
                  gconstpointer data)
{
  g_autofree char *picture = g_build_filename (fixture->folder, "t.png", NULL);
  g_autoptr (CliRun) table = cli_run ("annotations", fixture->recording, NULL);
  g_autoptr (CliRun) list = cli_run ("study", "list", fixture->recording, NULL);
  g_autoptr (CliRun) export = cli_run ("study", "export", fixture->recording, NULL);
  g_autoptr (CliRun) verify = cli_run ("study", "verify", fixture->recording, NULL);
  g_autoptr (CliRun) render =
    cli_run ("render", "traces", fixture->recording, "--marks", "-o", picture, NULL);
  g_autoptr (CliRun) absent = cli_run ("study", "list", fixture->study, NULL);

  cli_assert_code (table, 0);
  g_assert_cmpuint (cli_count_lines (table->out), >, 20);
  cli_assert_fails (list, "no study");
  cli_assert_fails (export, "no study");
  cli_assert_fails (verify, "no study");
  cli_assert_fails (absent, fixture->study);
  cli_assert_code (render, 0);
  g_unlink (picture);
  g_assert_cmpuint (cli_count_files (fixture->folder), ==, 1);
}

/* A table that is none makes no study either. */
static void
test_bad_import (Fixture      *fixture,
                 gconstpointer data)
{
  g_autofree char *table = g_build_filename (fixture->folder, "marks.tsv", NULL);
  g_autoptr (CliRun) run = NULL;
  g_autoptr (CliRun) absent = NULL;

  g_assert_true (g_file_set_contents (table, "hello\n", -1, NULL));
  run = cli_run ("annotations", fixture->recording, "--import", table, NULL);
  cli_assert_fails (run, "onset");
  cli_assert_fails (run, table);
  absent = cli_run ("annotations", fixture->recording, "--import", "/nonexistent.tsv", NULL);
  cli_assert_fails (absent, "/nonexistent.tsv");
  g_assert_cmpuint (cli_count_files (fixture->folder), ==, 2);
}

static void
test_import (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (CliRun) before = cli_run ("annotations", fixture->recording, NULL);
  g_autoptr (CliRun) after = NULL;
  g_autoptr (InionStudy) study = NULL;
  g_autoptr (GPtrArray) marks = NULL;

  import (fixture);
  after = cli_run ("annotations", fixture->recording, NULL);
  cli_assert_code (after, 0);
  g_assert_cmpuint (cli_count_lines (after->out), ==, cli_count_lines (before->out) + 2);
  g_assert_nonnull (strstr (after->out, "blink"));
  study = inion_study_open (fixture->study, NULL);
  g_assert_nonnull (study);
  marks = inion_annotation_set_query (inion_study_get_annotations (study), G_MININT64, G_MAXINT64);
  g_assert_cmpuint (marks->len, ==, 2);
  g_assert_cmpint (inion_annotation_get_onset_ns (marks->pdata[0]), ==, 3 * S / 2);
  g_assert_cmpint (inion_annotation_get_duration_ns (marks->pdata[0]), ==, S / 4);
  g_assert_cmpstr (inion_annotation_get_label (marks->pdata[1]), ==, "spike");
  inion_study_close (study);
}

static void
test_formats (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (CliRun) tsv = cli_run ("annotations", fixture->recording, "--format", "tsv", NULL);
  g_autoptr (CliRun) csv = cli_run ("annotations", fixture->recording, "--format", "csv", NULL);
  g_autoptr (CliRun) json = cli_run ("annotations", fixture->recording, "--json", NULL);
  g_autoptr (CliRun) other = cli_run ("annotations", fixture->recording, "--format", "xml", NULL);
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *first;

  cli_assert_code (tsv, 0);
  g_assert_true (g_str_has_prefix (tsv->out, "onset\tduration\ttrial_type"));
  cli_assert_code (csv, 0);
  g_assert_nonnull (strchr (csv->out, ','));
  g_assert_null (strchr (csv->out, '\t'));
  cli_assert_code (json, 0);
  first = json_array_get_object_element (
    json_object_get_array_member (cli_parse_json (&parser, json->out), "annotations"), 0);
  g_assert_cmpstr (json_object_get_string_member (first, "label"), ==, "T0");
  g_assert_cmpfloat (json_object_get_double_member (first, "onset_s"), ==, 0);
  g_assert_cmpstr (json_object_get_string_member (first, "origin"), ==, "file");
  cli_assert_code (other, 2);
}

static void
check_list (Fixture    *fixture,
            const char *path)
{
  g_autoptr (CliRun) run = cli_run ("study", "list", "--json", path, NULL);
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *object;

  cli_assert_code (run, 0);
  object = cli_parse_json (&parser, run->out);
  g_assert_cmpstr (json_object_get_string_member (object, "path"), ==, fixture->study);
  g_assert_cmpint (json_object_get_int_member (object, "n_marks"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (object, "n_edits"), ==, 1);
  g_assert_cmpuint (cli_count_elements (object, "items"), ==, 0);
}

static void
test_study (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *table = g_build_filename (fixture->folder, "out.csv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (CliRun) plain = NULL;
  g_autoptr (CliRun) verify = NULL;
  g_autoptr (CliRun) export = NULL;
  g_autoptr (CliRun) file = NULL;
  g_autoptr (JsonParser) parser = NULL;

  import (fixture);
  check_list (fixture, fixture->study);
  check_list (fixture, fixture->recording);
  plain = cli_run ("study", "list", fixture->recording, NULL);
  g_assert_nonnull (strstr (plain->out, "Marks    2"));
  verify = cli_run ("study", "verify", "--json", fixture->recording, NULL);
  cli_assert_code (verify, 0);
  g_assert_true (json_object_get_boolean_member (cli_parse_json (&parser, verify->out), "good"));
  export = cli_run ("study", "export", fixture->study, NULL);
  cli_assert_code (export, 0);
  g_assert_cmpuint (cli_count_lines (export->out), ==, 3);
  file = cli_run ("study", "export", fixture->study, "-o", table, NULL);
  cli_assert_code (file, 0);
  g_assert_cmpstr (file->out, ==, "");
  g_assert_true (g_file_get_contents (table, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "blink"));
  g_assert_nonnull (strchr (text, ','));
}

/* What a person said of channels stands in info where it is asked for, and only there. */
static void
test_info (Fixture      *fixture,
           gconstpointer data)
{
  static const char *const bad[] = { "Fp1", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = inion_recording_open (fixture->recording, &error);
  InionStudy *study = inion_study_open_for_recording (fixture->recording, &error);
  g_autoptr (GPtrArray) edits =
    g_ptr_array_new_with_free_func ((GDestroyNotify) inion_channel_edit_free);
  InionChannelEdit *edit = inion_channel_edit_new (0);
  guint fp1;

  g_assert_no_error (error);
  fp1 = (guint) inion_recording_find_channel (recording, "Fp1");
  edit->label = g_strdup ("Nose");
  edit->has_kind = TRUE;
  edit->kind = INION_CHANNEL_EOG;
  edit->unit = g_strdup ("mV");
  edit->has_position = edit->placed = TRUE;
  edit->position[1] = 0.09;
  g_ptr_array_add (edits, edit);
  g_assert_true (inion_study_set_channel_edits (study, recording, edits, bad, "Edit channels"));
  g_assert_true (inion_study_flush (study, NULL));
  inion_study_close (study);
  for (guint i = 0; i < 2; i++)
    {
      gboolean asked = i == 1;
      g_autoptr (CliRun) run = asked ? cli_run ("info", "--study", "--json", fixture->recording, NULL)
                                     : cli_run ("info", "--json", fixture->recording, NULL);
      g_autoptr (CliRun) text = asked ? cli_run ("info", "--study", fixture->recording, NULL)
                                      : cli_run ("info", fixture->recording, NULL);
      g_autoptr (JsonParser) parser = NULL;
      JsonArray *channels;
      JsonObject *first;

      cli_assert_code (run, 0);
      cli_assert_code (text, 0);
      channels = json_object_get_array_member (cli_parse_json (&parser, run->out), "channels");
      first = json_array_get_object_element (channels, 0);
      g_assert_cmpstr (json_object_get_string_member (first, "label"), ==, asked ? "Nose" : "Fc5");
      g_assert_cmpstr (json_object_get_string_member (first, "kind"), ==, asked ? "EOG" : "EEG");
      g_assert_cmpstr (json_object_get_string_member (first, "unit"), ==, asked ? "mV" : "µV");
      g_assert_true (json_object_get_null_member (first, "position_m") == !asked);
      g_assert_true (json_object_get_boolean_member (json_array_get_object_element (channels, fp1),
                                                     "bad") == asked);
      g_assert_true ((strstr (text->out, "Nose") != NULL) == asked);
      if (asked)
        {
          const double position[] = { 0, 0.09, 0 };

          cli_assert_doubles (first, "position_m", position, 3);
        }
    }
}

/* The short name may be taken by another recording of the same name. */
static void
test_other_study (Fixture      *fixture,
                  gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "S007R04.rec", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (CliRun) list = NULL;
  g_autoptr (CliRun) table = NULL;
  gsize n;

  import (fixture);
  g_assert_true (g_file_get_contents (fixture->recording, &bytes, &n, NULL));
  g_assert_true (g_file_set_contents (other, bytes, (gssize) n, NULL));
  list = cli_run ("study", "list", other, NULL);
  cli_assert_fails (list, "no study");
  table = cli_run ("annotations", other, NULL);
  cli_assert_code (table, 0);
  g_assert_null (strstr (table->out, "blink"));
}

static void
test_damaged (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (CliRun) list = NULL;
  g_autoptr (CliRun) verify = NULL;
  g_autoptr (CliRun) table = NULL;
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (fixture->study, "this is no database", -1, NULL));
  list = cli_run ("study", "list", fixture->recording, NULL);
  cli_assert_fails (list, fixture->study);
  verify = cli_run ("study", "verify", fixture->study, NULL);
  cli_assert_fails (verify, fixture->study);
  table = cli_run ("annotations", fixture->recording, NULL);
  cli_assert_fails (table, fixture->study);
  g_assert_true (g_file_get_contents (fixture->study, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "this is no database");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  inion_init ();
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/cli/study/no-side-car", test_no_side_car);
  ADD ("/cli/annotations/bad-import", test_bad_import);
  ADD ("/cli/annotations/import", test_import);
  ADD ("/cli/annotations/formats", test_formats);
  ADD ("/cli/study/verbs", test_study);
  ADD ("/cli/study/info", test_info);
  ADD ("/cli/study/other", test_other_study);
  ADD ("/cli/study/damaged", test_damaged);
  return g_test_run ();
}
