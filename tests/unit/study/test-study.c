/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/error.h"
#include "study/study.h"
#include "data-home.h"

#include <glib/gstdio.h>
#include <math.h>
#include <sqlite3.h>

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("inion-study-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "test.inion", NULL);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static InionStudy *
open_study (const char *path)
{
  g_autoptr (GError) error = NULL;
  InionStudy *study = inion_study_open (path, &error);

  g_assert_no_error (error);
  g_assert_nonnull (study);
  return study;
}

static gint64
mark (InionStudy *study,
      gint64      onset_ns,
      const char *label)
{
  static const char *const channels[] = { "Fp1", "Cz", NULL };
  g_autoptr (InionAnnotation) annotation = NULL;

  annotation = inion_annotation_new (0, onset_ns, 1000, label, onset_ns % 2 == 0 ? channels : NULL,
                                     "ada", INION_ORIGIN_PERSON, onset_ns % 3 == 0 ? NAN : 0.1,
                                     onset_ns % 5 == 0 ? "a \"comment\"\nü" : NULL);
  return inion_study_add_annotation (study, annotation);
}

/* All that undo must bring back, as one text. */
static char *
describe (InionStudy *study)
{
  GListModel *model = G_LIST_MODEL (inion_study_get_annotations (study));
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (InionAnnotation) a = g_list_model_get_item (model, i);
      g_autofree char *channels = NULL;
      char buffer[G_ASCII_DTOSTR_BUF_SIZE];

      if (inion_annotation_get_channels (a) != NULL)
        channels = g_strjoinv ("+", (char **) inion_annotation_get_channels (a));
      g_string_append_printf (text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                              " %s %s %s %s %s %s\n", inion_annotation_get_id (a),
                              inion_annotation_get_onset_ns (a),
                              inion_annotation_get_duration_ns (a), inion_annotation_get_label (a),
                              channels, inion_annotation_get_rater (a),
                              inion_origin_to_string (inion_annotation_get_origin (a)),
                              g_ascii_dtostr (buffer, sizeof buffer,
                                              inion_annotation_get_confidence (a)),
                              inion_annotation_get_comment (a));
    }
  g_string_append_printf (text, "montage=%s filter=%s palette=%s\n",
                          inion_study_get_setting (study, "montage"),
                          inion_study_get_setting (study, "filter"),
                          inion_study_get_setting (study, "palette"));
  return g_string_free (text, FALSE);
}

static void
assert_whole (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *report = NULL;

  g_assert_true (inion_study_verify (path, &report, &error));
  g_assert_no_error (error);
  g_assert_nonnull (strstr (report, "no problems"));
}

static void
on_acknowledged (InionStudy *study,
                 gint64      seq,
                 gpointer    data)
{
  *(gint64 *) data = seq;
}

static void
on_edited (InionStudy *study,
           const char *title,
           gint64      seq,
           gpointer    data)
{
  g_string_append_printf (data, "%" G_GINT64_FORMAT ":%s;", seq, title);
}

static void
count_notify (GObject    *object,
              GParamSpec *pspec,
              gpointer    data)
{
  ++*(guint *) data;
}

static void
test_edits (Fixture      *fixture,
            gconstpointer data)
{
  InionStudy *study = open_study (fixture->path);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (InionAnnotation) moved = NULL;
  InionAnnotationSet *set = inion_study_get_annotations (study);
  gint64 acknowledged = 0, id;

  g_signal_connect (study, "acknowledged", G_CALLBACK (on_acknowledged), &acknowledged);
  g_signal_connect (study, "edited", G_CALLBACK (on_edited), log);
  id = mark (study, 100, "blink");
  g_assert_cmpint (id, ==, 1);
  g_assert_cmpuint (inion_annotation_set_get_size (set), ==, 1);
  moved = inion_annotation_copy_with_span (inion_annotation_set_lookup (set, id), 200, 5);
  g_assert_true (inion_study_replace_annotation (study, moved));
  g_assert_true (inion_study_replace_annotation (study, moved)); /* no edit */
  g_assert_true (inion_study_remove_annotation (study, id));
  g_assert_false (inion_study_remove_annotation (study, id));
  g_assert_false (inion_study_replace_annotation (study, moved));
  g_assert_cmpstr (log->str, ==, "1:Mark blink;2:Change blink;3:Remove blink;");
  g_assert_cmpint (inion_study_get_sequence (study), ==, 3);
  while (acknowledged < 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (inion_study_get_acknowledged (study), ==, 3);
  g_assert_cmpint (mark (study, 5, "muscle"), ==, 2); /* no id is used twice */
  g_assert_finalize_object (study);
  assert_whole (fixture->path);
}

static void
test_undo (Fixture      *fixture,
           gconstpointer data)
{
  InionStudy *study = open_study (fixture->path);
  g_autoptr (GPtrArray) states = g_ptr_array_new_with_free_func (g_free);
  guint n_undo = 0, n_title = 0;
  gint64 id;

  g_signal_connect (study, "notify::can-undo", G_CALLBACK (count_notify), &n_undo);
  g_signal_connect (study, "notify::undo-title", G_CALLBACK (count_notify), &n_title);
  g_assert_null (inion_study_get_undo_title (study));
  g_assert_false (inion_study_undo (study));
  g_ptr_array_add (states, describe (study));
  id = mark (study, 10, "blink");
  g_ptr_array_add (states, describe (study));
  inion_study_set_setting (study, "montage", "double banana", "Change the montage");
  g_ptr_array_add (states, describe (study));
  mark (study, 6, "muscle");
  g_ptr_array_add (states, describe (study));
  g_assert_true (inion_study_remove_annotation (study, id));
  g_ptr_array_add (states, describe (study));
  inion_study_set_setting (study, "montage", NULL, NULL);
  g_ptr_array_add (states, describe (study));
  g_assert_cmpstr (inion_study_get_undo_title (study), ==, "Change montage");
  g_assert_cmpuint (n_undo, ==, 1);
  g_assert_cmpuint (n_title, ==, 5);
  for (int round = 0; round < 3; round++)
    {
      for (guint i = states->len - 1; i > 0; i--)
        {
          g_autofree char *state = NULL;

          g_assert_true (inion_study_undo (study));
          state = describe (study);
          g_assert_cmpstr (state, ==, states->pdata[i - 1]);
        }
      g_assert_false (inion_study_undo (study));
      g_assert_cmpstr (inion_study_get_redo_title (study), ==, "Mark blink");
      for (guint i = 1; i < states->len; i++)
        {
          g_autofree char *state = NULL;

          g_assert_true (inion_study_redo (study));
          state = describe (study);
          g_assert_cmpstr (state, ==, states->pdata[i]);
        }
      g_assert_false (inion_study_redo (study));
      if (round == 1) /* what an earlier session did is undone as well */
        {
          g_assert_finalize_object (study);
          study = open_study (fixture->path);
        }
    }
  g_assert_finalize_object (study);
  assert_whole (fixture->path);
}

static void
test_abandoned (Fixture      *fixture,
                gconstpointer data)
{
  InionStudy *study = open_study (fixture->path);
  static const gboolean undone[] = { FALSE, TRUE, FALSE, TRUE };

  mark (study, 1, "a");
  mark (study, 2, "b");
  g_assert_true (inion_study_undo (study));
  mark (study, 3, "c");
  g_assert_false (inion_study_redo (study));
  mark (study, 4, "d");
  g_assert_true (inion_study_undo (study));
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) journal = inion_study_list_journal (study);

      g_assert_cmpuint (journal->len, ==, 4);
      for (guint j = 0; j < 4; j++)
        {
          const InionJournalEntry *entry = journal->pdata[j];
          g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (entry->time, NULL);

          g_assert_cmpint (entry->undone, ==, undone[j]);
          g_assert_nonnull (time);
          g_assert_cmpstr (entry->rater, ==, g_get_user_name ());
        }
      g_assert_cmpstr (inion_study_get_undo_title (study), ==, "Mark c");
      g_assert_cmpstr (inion_study_get_redo_title (study), ==, "Mark d");
      g_assert_finalize_object (study);
      study = open_study (fixture->path);
    }
  g_assert_finalize_object (study);
  assert_whole (fixture->path);
}

static void
test_batch (Fixture      *fixture,
            gconstpointer data)
{
  InionStudy *study = open_study (fixture->path);
  InionAnnotationSet *set = inion_study_get_annotations (study);
  g_autofree char *before = NULL, *after = NULL, *undone = NULL, *redone = NULL;
  gint64 ids[3];

  ids[0] = mark (study, 1, "a");
  before = describe (study);
  inion_study_begin (study, "Tidy up");
  ids[1] = mark (study, 2, "b");
  inion_study_begin (study, "inner");
  ids[2] = mark (study, 3, "c");
  inion_study_set_setting (study, "filter", "1-70", NULL);
  inion_study_set_setting (study, "filter", "0.5-70", NULL);
  inion_study_end (study);
  g_assert_false (inion_study_undo (study)); /* not within a batch */
  g_assert_true (inion_study_remove_annotation (study, ids[1]));
  inion_study_remove_annotations (study, ids, 3);
  mark (study, 4, "d");
  inion_study_end (study);
  g_assert_cmpint (inion_study_get_sequence (study), ==, 2);
  g_assert_cmpuint (inion_annotation_set_get_size (set), ==, 1);
  inion_study_begin (study, "Nothing");
  inion_study_end (study);
  g_assert_cmpint (inion_study_get_sequence (study), ==, 2);
  after = describe (study);
  g_assert_cmpstr (inion_study_get_undo_title (study), ==, "Tidy up");
  g_assert_finalize_object (study);

  study = open_study (fixture->path);
  g_assert_true (inion_study_undo (study));
  undone = describe (study);
  g_assert_cmpstr (undone, ==, before);
  g_assert_true (inion_study_redo (study));
  redone = describe (study);
  g_assert_cmpstr (redone, ==, after);
  g_assert_finalize_object (study);
  assert_whole (fixture->path);
}

static void
test_many (Fixture      *fixture,
           gconstpointer data)
{
  InionStudy *study = open_study (fixture->path);
  g_autoptr (GPtrArray) many = g_ptr_array_new_with_free_func (g_object_unref);
  InionAnnotationSet *set;
  gint64 ids[500];

  for (int i = 0; i < 500; i++)
    {
      ids[i] = i + 1;
      g_ptr_array_add (many, inion_annotation_new (0, 1000 - i, 3, "x", NULL, NULL,
                                                   INION_ORIGIN_MODEL, 0.5, NULL));
    }
  inion_study_add_annotations (study, many);
  g_assert_cmpstr (inion_study_get_undo_title (study), ==, "Add 500 marks");
  inion_study_remove_annotations (study, ids, 400);
  g_assert_cmpstr (inion_study_get_undo_title (study), ==, "Remove 400 marks");
  g_assert_finalize_object (study);
  study = open_study (fixture->path);
  set = inion_study_get_annotations (study);
  g_assert_cmpuint (inion_annotation_set_get_size (set), ==, 100);
  g_assert_true (inion_study_undo (study));
  g_assert_cmpuint (inion_annotation_set_get_size (set), ==, 500);
  g_assert_true (inion_study_undo (study));
  g_assert_cmpuint (inion_annotation_set_get_size (set), ==, 0);
  g_assert_cmpint (mark (study, 1, "y"), ==, 501);
  g_assert_finalize_object (study);
  assert_whole (fixture->path);
}

static void
on_setting (InionStudy *study,
            const char *key,
            gpointer    data)
{
  g_string_append_printf (data, "%s;", key);
}

static void
test_settings (Fixture      *fixture,
               gconstpointer data)
{
  InionStudy *study = open_study (fixture->path);
  g_autoptr (GString) all = g_string_new (NULL);
  g_autoptr (GString) montage = g_string_new (NULL);

  g_signal_connect (study, "setting-changed", G_CALLBACK (on_setting), all);
  g_signal_connect (study, "setting-changed::montage", G_CALLBACK (on_setting), montage);
  inion_study_set_setting (study, "montage", "{\"name\": \"Cz\"}", "Refer to Cz");
  inion_study_set_setting (study, "montage", "{\"name\": \"Cz\"}", "Refer to Cz");
  inion_study_set_setting (study, "filter", "", NULL);
  inion_study_set_setting (study, "none", NULL, NULL);
  g_assert_true (inion_study_undo (study));
  g_assert_null (inion_study_get_setting (study, "filter"));
  g_assert_true (inion_study_redo (study));
  g_assert_cmpstr (inion_study_get_setting (study, "filter"), ==, "");
  g_assert_cmpstr (all->str, ==, "montage;filter;filter;filter;");
  g_assert_cmpstr (montage->str, ==, "montage;");
  g_assert_finalize_object (study);
  study = open_study (fixture->path);
  g_assert_cmpstr (inion_study_get_setting (study, "montage"), ==, "{\"name\": \"Cz\"}");
  g_assert_cmpstr (inion_study_get_setting (study, "filter"), ==, "");
  g_assert_finalize_object (study);
  assert_whole (fixture->path);
}

static void
test_palette (Fixture      *fixture,
              gconstpointer data)
{
  InionStudy *study = open_study (fixture->path);
  InionPalette *palette = inion_study_get_palette (study);
  g_autoptr (InionLabel) spike = inion_label_new ("spike", 0x123456, "s", "event");

  inion_study_add_label (study, spike);
  g_assert_cmphex (inion_palette_get_color (palette, "spike"), ==, 0x123456);
  g_assert_true (inion_study_remove_label (study, "blink"));
  g_assert_false (inion_study_remove_label (study, "blink"));
  g_assert_null (inion_palette_find (palette, "blink"));
  g_assert_finalize_object (study);
  study = open_study (fixture->path);
  palette = inion_study_get_palette (study);
  g_assert_null (inion_palette_find (palette, "blink"));
  g_assert_true (inion_study_undo (study));
  g_assert_nonnull (inion_palette_find (palette, "blink"));
  g_assert_true (inion_study_undo (study));
  g_assert_null (inion_palette_find (palette, "spike"));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (palette)), ==, 8);
  g_assert_finalize_object (study);
}

static void
test_views (Fixture      *fixture,
            gconstpointer data)
{
  InionStudy *study = open_study (fixture->path);

  inion_study_set_view (study, "time", "12.5");
  inion_study_set_view (study, "time", "13.5");
  inion_study_set_view (study, "zoom", "3");
  inion_study_set_view (study, "zoom", NULL);
  g_assert_cmpint (inion_study_get_sequence (study), ==, 0);
  g_assert_true (inion_study_flush (study, NULL));
  g_assert_finalize_object (study);
  study = open_study (fixture->path);
  g_assert_cmpstr (inion_study_get_view (study, "time"), ==, "13.5");
  g_assert_null (inion_study_get_view (study, "zoom"));
  g_assert_null (inion_study_get_undo_title (study));
  g_assert_finalize_object (study);
}

static void
test_items (Fixture      *fixture,
            gconstpointer data)
{
  InionStudy *study = open_study (fixture->path);

  g_assert_cmpint (inion_study_add_item (study, "result", "CSP", "f00", "{\"score\": 0.8}"), ==, 1);
  g_assert_cmpint (inion_study_add_item (study, "model", "CSP", NULL, "{}"), ==, 2);
  g_assert_null (inion_study_get_undo_title (study));
  g_assert_finalize_object (study);
  study = open_study (fixture->path);
  g_assert_cmpint (inion_study_add_item (study, "result", "CSP", "f01", "{\"score\": 0.9}"), ==, 3);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) results = inion_study_list_items (study, "result");
      g_autoptr (GPtrArray) all = inion_study_list_items (study, NULL);
      g_autoptr (GPtrArray) journal = inion_study_list_journal (study);
      const InionStudyItem *item = results->pdata[1];

      g_assert_cmpuint (results->len, ==, 2);
      g_assert_cmpuint (all->len, ==, 3);
      g_assert_cmpuint (journal->len, ==, 3);
      g_assert_cmpint (item->id, ==, 3);
      g_assert_cmpstr (item->name, ==, "CSP");
      g_assert_cmpstr (item->fingerprint, ==, "f01");
      g_assert_cmpstr (item->json, ==, "{\"score\": 0.9}");
      g_assert_null (((InionStudyItem *) all->pdata[1])->fingerprint);
      g_assert_cmpstr (((InionJournalEntry *) journal->pdata[0])->title, ==, "Keep result CSP");
    }
  g_assert_finalize_object (study);
  assert_whole (fixture->path);
}

static void
test_closed (Fixture      *fixture,
             gconstpointer data)
{
  InionStudy *study = open_study (fixture->path);
  g_autofree char *before = NULL, *after = NULL;

  inion_study_begin (study, "Open batch");
  mark (study, 1, "a");
  inion_study_close (study);
  before = describe (study);
  inion_study_close (study);
  g_assert_true (inion_study_is_read_only (study));
  g_assert_cmpint (mark (study, 2, "b"), ==, 0);
  g_assert_false (inion_study_undo (study));
  g_assert_true (inion_study_flush (study, NULL));
  g_assert_cmpint (inion_study_get_acknowledged (study), ==, 1);
  g_assert_finalize_object (study);
  study = open_study (fixture->path);
  after = describe (study);
  g_assert_cmpstr (before, ==, after);
  g_assert_finalize_object (study);
}

static void
test_second_opening (Fixture      *fixture,
                     gconstpointer data)
{
  InionStudy *first = open_study (fixture->path);
  InionStudy *second;
  g_autofree char *here = NULL, *there = NULL;

  mark (first, 1, "a");
  g_assert_true (inion_study_flush (first, NULL));
  second = open_study (fixture->path);
  g_assert_false (inion_study_is_read_only (first));
  g_assert_true (inion_study_is_read_only (second));
  g_assert_nonnull (strstr (inion_study_get_lock_owner (second), g_get_user_name ()));
  g_assert_nonnull (strstr (inion_study_get_lock_owner (second), "process"));
  g_assert_nonnull (strstr (inion_study_get_read_only_reason (second),
                            inion_study_get_lock_owner (second)));
  here = describe (first);
  there = describe (second);
  g_assert_cmpstr (here, ==, there);
  g_assert_cmpint (mark (second, 2, "b"), ==, 0);
  g_assert_false (inion_study_remove_annotation (second, 1));
  g_assert_false (inion_study_undo (second));
  g_assert_cmpint (inion_study_add_item (second, "model", "x", NULL, "{}"), ==, 0);
  inion_study_set_setting (second, "montage", "x", NULL);
  g_assert_null (inion_study_get_setting (second, "montage"));
  inion_study_set_view (second, "time", "1");
  g_assert_cmpstr (inion_study_get_view (second, "time"), ==, "1");
  mark (first, 3, "c");
  g_assert_true (inion_study_flush (first, NULL));
  g_assert_finalize_object (first);
  g_assert_finalize_object (second);

  second = open_study (fixture->path);
  g_assert_false (inion_study_is_read_only (second));
  g_assert_null (inion_study_get_view (second, "time"));
  g_assert_finalize_object (second);
}

static void
execute (const char *path,
         const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
test_newer_version (Fixture      *fixture,
                    gconstpointer data)
{
  InionStudy *study = open_study (fixture->path);

  mark (study, 1, "a");
  g_assert_finalize_object (study);
  execute (fixture->path, "PRAGMA user_version = 99; CREATE TABLE wonder (x)");
  study = open_study (fixture->path);
  g_assert_true (inion_study_is_read_only (study));
  g_assert_nonnull (strstr (inion_study_get_read_only_reason (study), "newer"));
  g_assert_null (inion_study_get_lock_owner (study));
  g_assert_cmpuint (inion_annotation_set_get_size (inion_study_get_annotations (study)), ==, 1);
  g_assert_cmpint (mark (study, 2, "b"), ==, 0);
  g_assert_finalize_object (study);
}

/* Damages the file, asks for an error that says it, and for the file as it was. */
static void
check_refused (const char *path,
               const char *message)
{
  g_autofree char *before = NULL, *after = NULL;
  gsize n_before, n_after;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) verify_error = NULL;
  g_autofree char *report = NULL;

  g_assert_true (g_file_get_contents (path, &before, &n_before, NULL));
  g_assert_null (inion_study_open (path, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” does not say “%s”", error->message, message);
  g_assert_false (inion_study_verify (path, &report, &verify_error));
  g_assert_error (verify_error, INION_ERROR, INION_ERROR_FORMAT);
  g_assert_true (g_file_get_contents (path, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);
}

static void
test_corrupt (Fixture      *fixture,
              gconstpointer data)
{
  InionStudy *study;
  g_autofree char *content = NULL;
  gsize n;

  g_assert_true (g_file_set_contents (fixture->path, "This is no database, but text. ", -1, NULL));
  check_refused (fixture->path, "damaged or is no study");
  g_unlink (fixture->path);
  execute (fixture->path, "CREATE TABLE foreign_data (x)");
  check_refused (fixture->path, "no study of Inion");
  g_unlink (fixture->path);

  study = open_study (fixture->path);
  for (int i = 0; i < 200; i++)
    mark (study, i, "a label that fills the pages of the file");
  g_assert_finalize_object (study);
  g_assert_true (g_file_get_contents (fixture->path, &content, &n, NULL));
  memset (content + n / 2 / 4096 * 4096, 0x55, 4096);
  g_assert_true (g_file_set_contents (fixture->path, content, (gssize) n, NULL));
  check_refused (fixture->path, "snapshots"); /* the error names the copy */
  g_assert_true (g_file_set_contents (fixture->path, content, (gssize) n / 3, NULL));
  check_refused (fixture->path, "damaged");
}

static void
test_trigger (Fixture      *fixture,
              gconstpointer data)
{
  InionStudy *study = open_study (fixture->path);

  g_assert_finalize_object (study);
  execute (fixture->path, "CREATE TRIGGER t AFTER INSERT ON view BEGIN DELETE FROM journal; END");
  check_refused (fixture->path, "triggers");
}

/* What inion_study_verify() must find. */
static void
test_verify (Fixture      *fixture,
             gconstpointer data)
{
  static const struct
  {
    const char *sql;
    const char *problem;
  } cases[] = {
    { "DELETE FROM annotation WHERE id = 2", "missing" },
    { "UPDATE annotation SET label = 'other' WHERE id = 1", "not what the journal says" },
    { "INSERT INTO annotation VALUES (77, NULL, 0, 0, 'x', NULL, '', 'person', NULL, NULL)",
      "not in the journal" },
    { "UPDATE setting SET value = 'other'", "not what the journal says" },
    { "INSERT INTO setting VALUES ('a', 'b')", "not in the journal" },
    { "UPDATE journal SET state = 'undone' WHERE seq = 1", "is marked undone and is done" },
    { "DELETE FROM journal WHERE seq = 1", "does not fit" },
    { "UPDATE journal SET forward = '[7]' WHERE seq = 1", "not readable" },
    { "UPDATE annotation SET recording = 9", "refers to" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      InionStudy *study = open_study (fixture->path);
      g_autoptr (GError) error = NULL;
      g_autofree char *report = NULL;
      gint64 id = mark (study, 1, "a");
      g_autoptr (InionAnnotation) moved = NULL;

      mark (study, 2, "b");
      inion_study_set_setting (study, "montage", "Cz", NULL);
      moved = inion_annotation_copy_with_span (
        inion_annotation_set_lookup (inion_study_get_annotations (study), id), 50, 60);
      g_assert_true (inion_study_replace_annotation (study, moved));
      mark (study, 3, "c");
      g_assert_true (inion_study_undo (study));
      g_assert_finalize_object (study);
      assert_whole (fixture->path);
      execute (fixture->path, cases[i].sql);
      g_assert_false (inion_study_verify (fixture->path, &report, &error));
      g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
      if (strstr (report, cases[i].problem) == NULL)
        g_error ("“%s” does not say “%s”", report, cases[i].problem);
      g_unlink (fixture->path);
    }
}

static void
test_missing_folder (Fixture      *fixture,
                     gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "none", "a.inion", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (inion_study_open (path, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_IO);
}

/* A handler of a random sequence of edits against what the file gives after reopening. */
static void
test_random (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  InionStudy *study = open_study (fixture->path);

  for (int i = 0; i < 400; i++)
    {
      InionAnnotationSet *set = inion_study_get_annotations (study);
      guint n = inion_annotation_set_get_size (set);
      int what = g_rand_int_range (random, 0, 12);
      g_autoptr (InionAnnotation) some = NULL;
      g_autofree char *value = g_strdup_printf ("%d", g_rand_int_range (random, 0, 3));

      if (n > 0)
        some = g_list_model_get_item (G_LIST_MODEL (set),
                                      (guint) g_rand_int_range (random, 0, (int) n));
      if (what < 4)
        mark (study, g_rand_int_range (random, 0, 1000), "x");
      else if (what < 6 && some != NULL)
        inion_study_remove_annotation (study, inion_annotation_get_id (some));
      else if (what < 7)
        inion_study_set_setting (study, "montage", value, NULL);
      else if (what < 9)
        inion_study_undo (study);
      else if (what < 11)
        inion_study_redo (study);
      else
        {
          g_autofree char *before = describe (study), *after = NULL;

          g_assert_finalize_object (study);
          study = open_study (fixture->path);
          after = describe (study);
          g_assert_cmpstr (before, ==, after);
        }
    }
  g_assert_finalize_object (study);
  assert_whole (fixture->path);
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "edits", test_edits },
    { "undo", test_undo },
    { "abandoned", test_abandoned },
    { "batch", test_batch },
    { "many", test_many },
    { "settings", test_settings },
    { "palette", test_palette },
    { "views", test_views },
    { "items", test_items },
    { "closed", test_closed },
    { "second-opening", test_second_opening },
    { "newer-version", test_newer_version },
    { "corrupt", test_corrupt },
    { "trigger", test_trigger },
    { "verify", test_verify },
    { "missing-folder", test_missing_folder },
    { "random", test_random },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/study/study/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
  return run_with_data_home ();
}
