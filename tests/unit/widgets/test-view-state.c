/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets-fixture.h"

#include "core/init.h"

#include <string.h>

static void
test_defaults (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  const InionDisplayFilter *filter = inion_view_state_get_filter (f->state);

  g_assert_null (inion_view_state_get_recording (f->state));
  g_assert_null (inion_view_state_get_study (f->state));
  g_assert_null (inion_view_state_get_montage (f->state));
  g_assert_null (inion_view_state_get_signal (f->state));
  g_assert_null (inion_view_state_get_pyramid (f->state));
  g_assert_null (inion_view_state_get_bad (f->state));
  g_assert_null (inion_view_state_get_track (f->state));
  g_assert_cmpfloat (inion_view_state_get_duration_s (f->state), ==, 0);
  g_assert_cmpfloat (filter->lff_hz, ==, 0.5);
  g_assert_cmpfloat (filter->hff_hz, ==, 70);
  g_assert_cmpfloat (filter->notch_hz, ==, 0);
  g_assert_cmpint (filter->phase, ==, INION_PHASE_CAUSAL);
  g_assert_cmpfloat (inion_view_state_get_sensitivity (f->state), ==, 7);
  g_assert_true (inion_view_state_get_negative_up (f->state));
  g_assert_cmpfloat (inion_view_state_get_page (f->state), ==, 10);
  g_assert_cmpfloat (inion_view_state_get_from (f->state), ==, 0);
  g_assert_false (inion_view_state_get_selection (f->state, NULL, NULL));
  g_assert_true (isnan (inion_view_state_get_cursor (f->state)));
  g_assert_cmpint (inion_view_state_get_cursor_derivation (f->state), ==, -1);
  g_assert_cmpint (inion_view_state_get_selected_mark (f->state), ==, 0);
}

/* Nothing is open: what would need a recording does nothing and says nothing. */
static void
test_nothing_open (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  const InionDisplayFilter filter = { .lff_hz = 1 };

  inion_view_state_set_from (f->state, 5);
  inion_view_state_set_page (f->state, 30, NAN);
  inion_view_state_show_time (f->state, 99);
  inion_view_state_set_sensitivity (f->state, 10);
  inion_view_state_set_negative_up (f->state, FALSE);
  inion_view_state_set_filter (f->state, &filter);
  inion_view_state_set_bad (f->state, "C3", TRUE);
  inion_view_state_set_recipe (f->state, NULL);
  inion_view_state_select (f->state, 1, 2);
  g_assert_true (inion_view_state_set_montage (f->state, "average", NULL));
  g_assert_false (inion_view_state_go_back (f->state));
  g_assert_false (inion_view_state_go_forward (f->state));
  g_assert_false (inion_view_state_get_selection (f->state, NULL, NULL));
  g_assert_cmpfloat (inion_view_state_get_from (f->state), ==, 0);
  g_assert_cmpfloat (inion_view_state_get_page (f->state), ==, 10);
  g_assert_cmpfloat (inion_view_state_get_sensitivity (f->state), ==, 7);
  g_assert_cmpuint (g_hash_table_size (f->notified), ==, 0);
}

static void
test_notify (void)
{
  g_autoptr (Fixture) f = fixture_new ();

  fixture_open (f, NULL);
  for (int round = 0; round < 2; round++)
    {
      guint once = round == 0;

      inion_view_state_set_bad (f->state, "C3", TRUE);
      g_assert_cmpuint (fixture_take_notified (f, "bad"), ==, once);
      g_assert_cmpuint (fixture_take_notified (f, "signal"), ==, once);
      g_assert_cmpuint (fixture_take_notified (f, "montage"), ==, once);
      inion_view_state_set_from (f->state, 5);
      g_assert_cmpuint (fixture_take_notified (f, "from"), ==, once);
      inion_view_state_set_sensitivity (f->state, 10);
      g_assert_cmpuint (fixture_take_notified (f, "sensitivity"), ==, once);
      inion_view_state_set_negative_up (f->state, FALSE);
      g_assert_cmpuint (fixture_take_notified (f, "negative-up"), ==, once);
      inion_view_state_set_first_derivation (f->state, 2);
      g_assert_cmpuint (fixture_take_notified (f, "first-derivation"), ==, once);
      inion_view_state_set_cursor (f->state, 3.5, 1);
      g_assert_cmpuint (fixture_take_notified (f, "cursor"), ==, once);
      inion_view_state_select (f->state, 3, 4);
      g_assert_cmpuint (fixture_take_notified (f, "selection"), ==, once);
      inion_view_state_set_selected_mark (f->state, 77);
      g_assert_cmpuint (fixture_take_notified (f, "selected-mark"), ==, once);
    }
  inion_view_state_set_page (f->state, 20, NAN);
  g_assert_cmpuint (fixture_take_notified (f, "page"), ==, 1);
  inion_view_state_set_page (f->state, 20, 10);
  g_assert_cmpuint (fixture_take_notified (f, "page"), ==, 0);
  inion_view_state_select (f->state, NAN, NAN);
  g_assert_cmpuint (fixture_take_notified (f, "selection"), ==, 1);
  inion_view_state_select (f->state, NAN, 5);
  g_assert_cmpuint (fixture_take_notified (f, "selection"), ==, 0);
  inion_view_state_set_cursor (f->state, NAN, -1);
  inion_view_state_set_cursor (f->state, NAN, -1);
  g_assert_cmpuint (fixture_take_notified (f, "cursor"), ==, 1);
}

static void
test_clamp (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  double from, to;

  fixture_open (f, NULL);
  g_assert_cmpfloat (inion_view_state_get_duration_s (f->state), ==, 60);
  inion_view_state_set_from (f->state, 1e9);
  g_assert_cmpfloat (inion_view_state_get_from (f->state), ==, 50);
  inion_view_state_set_from (f->state, NAN);
  inion_view_state_set_from (f->state, INFINITY);
  g_assert_cmpfloat (inion_view_state_get_from (f->state), ==, 50);
  inion_view_state_set_from (f->state, -3);
  g_assert_cmpfloat (inion_view_state_get_from (f->state), ==, 0);

  inion_view_state_set_page (f->state, 1e-6, NAN);
  g_assert_cmpfloat (inion_view_state_get_page (f->state), ==, 0.01);
  inion_view_state_set_page (f->state, -1, NAN);
  g_assert_cmpfloat (inion_view_state_get_page (f->state), ==, 0.01);
  inion_view_state_set_page (f->state, NAN, NAN);
  g_assert_cmpfloat (inion_view_state_get_page (f->state), ==, 0.01);
  inion_view_state_set_from (f->state, 30);
  inion_view_state_set_page (f->state, 1e9, NAN);
  g_assert_cmpfloat (inion_view_state_get_page (f->state), ==, 60);
  g_assert_cmpfloat (inion_view_state_get_from (f->state), ==, 0);

  inion_view_state_select (f->state, 70, -4);
  g_assert_true (inion_view_state_get_selection (f->state, &from, &to));
  g_assert_cmpfloat (from, ==, 0);
  g_assert_cmpfloat (to, ==, 60);
  inion_view_state_set_sensitivity (f->state, -1);
  inion_view_state_set_sensitivity (f->state, NAN);
  g_assert_cmpfloat (inion_view_state_get_sensitivity (f->state), ==, 7);
}

/* The time under the pointer stays under the pointer. */
static void
test_anchor (void)
{
  static const double pages[] = { 20, 5, 1, 0.5, 8 };
  g_autoptr (Fixture) f = fixture_new ();
  double fraction;

  fixture_open (f, NULL);
  inion_view_state_set_from (f->state, 22);
  fraction = (25.0 - 22.0) / 10.0;
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      inion_view_state_set_page (f->state, pages[i], 25.0);
      g_assert_cmpfloat_with_epsilon ((25.0 - inion_view_state_get_from (f->state)) /
                                        inion_view_state_get_page (f->state), fraction, 1e-9);
    }
}

static void
test_history (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  guint n = 0;

  fixture_open (f, NULL);
  g_assert_false (inion_view_state_go_back (f->state));
  inion_view_state_show_time (f->state, 5);           /* is visible: nothing moves */
  g_assert_cmpfloat (inion_view_state_get_from (f->state), ==, 0);
  g_assert_false (inion_view_state_go_back (f->state));
  inion_view_state_show_time (f->state, 40);
  g_assert_cmpfloat_with_epsilon (inion_view_state_get_from (f->state), 40 - 10 / 3.0, 1e-9);
  inion_view_state_show_time (f->state, 20);
  g_assert_true (inion_view_state_go_back (f->state));
  g_assert_cmpfloat_with_epsilon (inion_view_state_get_from (f->state), 40 - 10 / 3.0, 1e-9);
  g_assert_true (inion_view_state_go_back (f->state));
  g_assert_cmpfloat (inion_view_state_get_from (f->state), ==, 0);
  g_assert_false (inion_view_state_go_back (f->state));
  g_assert_true (inion_view_state_go_forward (f->state));
  g_assert_true (inion_view_state_go_forward (f->state));
  g_assert_cmpfloat_with_epsilon (inion_view_state_get_from (f->state), 20 - 10 / 3.0, 1e-9);
  g_assert_false (inion_view_state_go_forward (f->state));
  g_assert_true (inion_view_state_go_back (f->state));
  inion_view_state_show_time (f->state, 1);           /* a new way: no forward any more */
  g_assert_false (inion_view_state_go_forward (f->state));

  for (int i = 0; i < 200; i++)
    inion_view_state_show_time (f->state, i % 2 == 0 ? 50 : 5);
  while (inion_view_state_go_back (f->state))
    n++;
  g_assert_cmpuint (n, ==, 64);
}

static void
assert_time (Fixture    *f,
             double      time_s,
             int         decimals,
             const char *expected)
{
  g_autofree char *text = inion_view_state_format_time (f->state, time_s, decimals);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_format_time (void)
{
  g_autoptr (Fixture) unknown = fixture_new ();
  g_autoptr (Fixture) known = fixture_new ();

  assert_time (unknown, 221.25, 3, "+00:03:41.250");
  fixture_open (unknown, NULL);
  assert_time (unknown, 221.25, 3, "+00:03:41.250");
  assert_time (unknown, 221.25, 0, "+00:03:41");
  assert_time (unknown, 221.25, 1, "+00:03:41.2");
  assert_time (unknown, 0, 2, "+00:00:00.00");
  assert_time (unknown, 100 * 3600.0, 0, "+100:00:00");
  assert_time (unknown, -1.5, 1, "\u221200:00:01.5");
  assert_time (unknown, 0.1 + 0.2, 1, "+00:00:00.3");   /* 0.30000000000000004 */
  assert_time (unknown, 1.1 * 3, 1, "+00:00:03.3");
  assert_time (unknown, 0.29, 2, "+00:00:00.29");       /* 0.28999… in binary */

  fixture_open (known, "2020-01-02T23:59:58.5Z");
  assert_time (known, 0, 1, "23:59:58.5");
  assert_time (known, 1.5, 3, "00:00:00.000");
  assert_time (known, 1.499, 3, "23:59:59.999");
  assert_time (known, 61.5, 0, "00:01:00");
  assert_time (known, 86401.5, 0, "00:00:00");
  assert_time (known, -0.5, 1, "23:59:58.0");
}

static void
assert_look (Fixture    *f,
             double      sensitivity,
             const char *montage,
             double      lff_hz,
             gboolean    bad,
             gboolean    negative_up)
{
  g_assert_cmpfloat (inion_view_state_get_sensitivity (f->state), ==, sensitivity);
  g_assert_cmpstr (inion_montage_get_id (inion_view_state_get_montage (f->state)), ==, montage);
  g_assert_cmpfloat (inion_view_state_get_filter (f->state)->lff_hz, ==, lff_hz);
  g_assert_cmpint (inion_view_state_is_bad (f->state, "C3"), ==, bad);
  g_assert_cmpint (inion_view_state_get_negative_up (f->state), ==, negative_up);
}

static void
change_look (Fixture *f)
{
  InionDisplayFilter filter = *inion_view_state_get_filter (f->state);
  g_autoptr (GError) error = NULL;

  filter.lff_hz = 1.6;
  inion_view_state_set_sensitivity (f->state, 10);
  g_assert_true (inion_view_state_set_montage (f->state, "average", &error));
  g_assert_no_error (error);
  inion_view_state_set_filter (f->state, &filter);
  inion_view_state_set_bad (f->state, "C3", TRUE);
  inion_view_state_set_negative_up (f->state, FALSE);
}

/* What a person sets is undone one by one, and the view follows. */
static void
test_undo (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  InionStudy *study;

  fixture_open (f, NULL);
  study = inion_view_state_get_study (f->state);
  assert_look (f, 7, "as-recorded", 0.5, FALSE, TRUE);
  g_assert_null (inion_study_get_undo_title (study));
  change_look (f);
  assert_look (f, 10, "average", 1.6, TRUE, FALSE);
  g_hash_table_remove_all (f->notified);

  g_assert_true (inion_study_undo (study));
  assert_look (f, 10, "average", 1.6, TRUE, TRUE);
  g_assert_cmpuint (fixture_take_notified (f, "negative-up"), ==, 1);
  g_assert_true (inion_study_undo (study));
  assert_look (f, 10, "average", 1.6, FALSE, TRUE);
  g_assert_cmpuint (fixture_take_notified (f, "bad"), ==, 1);
  g_assert_true (inion_study_undo (study));
  assert_look (f, 10, "average", 0.5, FALSE, TRUE);
  g_assert_cmpuint (fixture_take_notified (f, "filter"), ==, 1);
  g_assert_true (inion_study_undo (study));
  assert_look (f, 10, "as-recorded", 0.5, FALSE, TRUE);
  g_assert_true (inion_study_undo (study));
  assert_look (f, 7, "as-recorded", 0.5, FALSE, TRUE);
  g_assert_cmpuint (fixture_take_notified (f, "sensitivity"), ==, 1);
  g_assert_false (inion_study_undo (study));
  while (inion_study_redo (study))
    continue;
  assert_look (f, 10, "average", 1.6, TRUE, FALSE);
}

static void
test_come_back (void)
{
  g_autoptr (Fixture) f = fixture_new ();

  fixture_open (f, NULL);
  change_look (f);
  inion_view_state_set_page (f->state, 15, NAN);
  inion_view_state_set_from (f->state, 21.5);
  inion_view_state_select (f->state, 22, 23);
  inion_view_state_set_cursor (f->state, 24, 1);
  inion_view_state_close (f->state);
  g_assert_null (inion_view_state_get_recording (f->state));
  g_assert_null (inion_view_state_get_montage (f->state));
  g_assert_false (inion_view_state_get_selection (f->state, NULL, NULL));
  g_assert_true (isnan (inion_view_state_get_cursor (f->state)));

  fixture_open (f, NULL);
  assert_look (f, 10, "average", 1.6, TRUE, FALSE);
  g_assert_cmpfloat (inion_view_state_get_page (f->state), ==, 15);
  g_assert_cmpfloat (inion_view_state_get_from (f->state), ==, 21.5);
  g_assert_true (inion_study_undo (inion_view_state_get_study (f->state)));
  assert_look (f, 10, "average", 1.6, TRUE, TRUE);
}

/* Another recording in place of the first takes nothing of its look over. */
static void
test_reopen (void)
{
  g_autoptr (Fixture) f = fixture_new ();

  fixture_open (f, NULL);
  change_look (f);
  inion_view_state_show_time (f->state, 40);
  g_free (f->study_path);
  f->study_path = g_build_filename (f->folder, "other.inion", NULL);
  fixture_open (f, NULL);
  assert_look (f, 7, "as-recorded", 0.5, FALSE, TRUE);
  g_assert_cmpfloat (inion_view_state_get_from (f->state), ==, 0);
  g_assert_false (inion_view_state_go_back (f->state));
}

static void
test_impossible_montage (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  g_autoptr (GError) error = NULL;
  gint64 before;

  fixture_open (f, NULL);
  before = inion_study_get_sequence (inion_view_state_get_study (f->state));
  g_assert_false (inion_view_state_set_montage (f->state, "linked-ears", &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (strlen (error->message), >, 10);
  g_assert_cmpstr (inion_montage_get_id (inion_view_state_get_montage (f->state)), ==,
                   "as-recorded");
  g_assert_cmpint (inion_study_get_sequence (inion_view_state_get_study (f->state)), ==, before);
  g_assert_cmpuint (fixture_take_notified (f, "montage"), ==, 0);
}

static void
on_marks (InionViewState *state,
          guint          *n)
{
  (*n)++;
}

static void
test_marks (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  InionStudy *study;
  guint n = 0;
  g_autoptr (InionAnnotation) mark = NULL;
  gint64 id;

  fixture_open (f, NULL);
  fixture_wait_jobs (f);
  study = inion_view_state_get_study (f->state);
  g_signal_connect (f->state, "marks-changed", G_CALLBACK (on_marks), &n);
  mark = inion_annotation_new (0, 1000000000, 500000000, "blink", NULL, "ada", INION_ORIGIN_PERSON,
                               NAN, NULL);
  id = inion_study_add_annotation (study, mark);
  g_assert_cmpuint (n, ==, 1);
  inion_view_state_set_selected_mark (f->state, id);
  g_hash_table_remove_all (f->notified);
  g_assert_true (inion_study_undo (study));
  g_assert_cmpuint (n, ==, 2);
  /* A mark that is gone cannot stay selected. */
  g_assert_cmpint (inion_view_state_get_selected_mark (f->state), ==, 0);
  g_assert_cmpuint (fixture_take_notified (f, "selected-mark"), ==, 1);
  g_signal_handlers_disconnect_by_data (f->state, &n);
}

static void
test_recipe (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  g_autofree char *path = g_build_filename (g_getenv ("INION_DATA"), "recipes",
                                            "motor-imagery.json", NULL);
  g_autofree char *json = NULL;
  g_autoptr (InionRecipe) recipe = NULL;
  g_autoptr (GError) error = NULL;
  InionStudy *study;
  gint64 sequence;

  g_assert_true (g_file_get_contents (path, &json, NULL, &error));
  recipe = inion_recipe_new_from_json (json, -1, &error);
  g_assert_no_error (error);
  fixture_open (f, NULL);
  study = inion_view_state_get_study (f->state);
  inion_view_state_set_recipe (f->state, recipe);
  g_assert_cmpuint (fixture_take_notified (f, "recipe"), ==, 1);
  g_assert_cmpstr (inion_recipe_get_name (inion_view_state_get_recipe (f->state)), ==,
                   inion_recipe_get_name (recipe));
  sequence = inion_study_get_sequence (study);
  inion_view_state_set_recipe (f->state, recipe);
  g_assert_cmpint (inion_study_get_sequence (study), ==, sequence);
  g_assert_true (inion_study_undo (study));
  g_assert_null (inion_view_state_get_recipe (f->state));
}

static void
test_track (void)
{
  g_autoptr (Fixture) f = fixture_new ();

  fixture_open (f, NULL);
  for (int round = 0; round < 2; round++)
    {
      InionTrack *track = g_new0 (InionTrack, 1);

      track->n = 1;
      track->n_classes = 2;
      track->end_ns = g_new0 (gint64, 1);
      track->probabilities = g_new0 (double, 2);
      inion_view_state_take_track (f->state, track);
      g_assert_true (inion_view_state_get_track (f->state) == track);
      g_assert_false (inion_view_state_get_track_stale (f->state));
      g_assert_cmpuint (fixture_take_notified (f, "track"), ==, 1);
      inion_view_state_set_track_stale (f->state, TRUE);
      inion_view_state_set_track_stale (f->state, TRUE);
      g_assert_true (inion_view_state_get_track_stale (f->state));
      g_assert_cmpuint (fixture_take_notified (f, "track"), ==, 1);
    }
  inion_view_state_close (f->state);
  g_assert_null (inion_view_state_get_track (f->state));
}

static void
test_class_colors (void)
{
  for (guint i = 0; i < 8; i++)
    {
      g_assert_cmpuint (inion_view_state_get_class_color (i), ==,
                        inion_view_state_get_class_color (i + 8));
      for (guint j = 0; j < i; j++)
        g_assert_cmpuint (inion_view_state_get_class_color (i), !=,
                          inion_view_state_get_class_color (j));
    }
}

/* With its jobs running, and with nothing open: the last owner gone, the state is gone. */
static void
test_finalize (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  InionViewState *state = inion_view_state_new ();
  InionViewState *busy = inion_view_state_new ();
  g_autoptr (InionRecording) recording = fixture_recording (NULL);
  g_autoptr (InionStudy) study = inion_study_open (f->study_path, NULL);

  g_assert_finalize_object (state);
  inion_view_state_open (busy, recording, study);
  inion_view_state_set_from (busy, 20);
  fixture_assert_gone (busy);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  inion_init ();
  g_test_add_func ("/widgets/view-state/defaults", test_defaults);
  g_test_add_func ("/widgets/view-state/nothing-open", test_nothing_open);
  g_test_add_func ("/widgets/view-state/notify", test_notify);
  g_test_add_func ("/widgets/view-state/clamp", test_clamp);
  g_test_add_func ("/widgets/view-state/anchor", test_anchor);
  g_test_add_func ("/widgets/view-state/history", test_history);
  g_test_add_func ("/widgets/view-state/format-time", test_format_time);
  g_test_add_func ("/widgets/view-state/undo", test_undo);
  g_test_add_func ("/widgets/view-state/come-back", test_come_back);
  g_test_add_func ("/widgets/view-state/reopen", test_reopen);
  g_test_add_func ("/widgets/view-state/impossible-montage", test_impossible_montage);
  g_test_add_func ("/widgets/view-state/marks", test_marks);
  g_test_add_func ("/widgets/view-state/recipe", test_recipe);
  g_test_add_func ("/widgets/view-state/track", test_track);
  g_test_add_func ("/widgets/view-state/class-colors", test_class_colors);
  g_test_add_func ("/widgets/view-state/finalize", test_finalize);
  return fixture_run ();
}
