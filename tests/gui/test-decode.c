/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Decode workspace: pointing, clicking, and the honest score; then Live with the same model. */

#include "gui-picture.h"

#include <math.h>

/* What the engine's own test of these three recordings has: tests/unit/decode/. */
#define ACCURACY 0.956
#define N_TRIALS 45

static Gui *
open_three (void)
{
  static const char *const more[] = { "S007R08.edf", "S007R12.edf" };
  Gui *gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");

  gui_open (gui, path);
  gui_activate (gui, "win.workspace", "s", "decode");
  for (gsize i = 0; i < G_N_ELEMENTS (more); i++)
    {
      g_autofree char *other = gui_copy_sample (gui, more[i]);

      gui_activate (gui, "decode.add-recording", "s", other);
      /* The same again is not learned from twice. */
      gui_activate (gui, "decode.add-recording", "s", other);
      g_assert_nonnull (gui_find_label (adw_view_stack_get_visible_child (gui_part (gui,
                                                                                   "workspaces")),
                                        more[i]));
    }
  gui_settle (gui);
  return gui;
}

static void
assert_honest (Gui *gui)
{
  InionResult *result = inion_view_state_get_result (gui->state);
  double mean = 0, low, high;
  guint n_folds;

  g_assert_nonnull (result);
  n_folds = inion_result_get_n_folds (result);
  g_assert_cmpuint (n_folds, ==, 3);
  for (guint i = 0; i < n_folds; i++)
    {
      const InionFold *fold = inion_result_get_fold (result, i);

      g_assert_true (g_str_has_suffix (fold->name, ".edf"));
      g_assert_cmpuint (fold->n, ==, N_TRIALS / 3);
      mean += fold->accuracy / n_folds;
    }
  g_test_message ("leave-one-recording-out: mean %.3f, pooled %.3f", mean,
                  inion_result_get_accuracy (result));
  g_assert_cmpuint (inion_result_get_n_examples (result), ==, N_TRIALS);
  g_assert_cmpfloat_with_epsilon (mean, ACCURACY, 1.0 / N_TRIALS + 1e-3);
  inion_result_get_confidence_95 (result, &low, &high);
  g_assert_cmpfloat (low, <, mean);
  g_assert_cmpfloat (high, >, mean);
}

static void
test_train (void)
{
  g_autoptr (Gui) gui = open_three ();
  g_autofree char *path = gui_path (gui, "S007R04.edf");
  g_autofree char *kept = NULL;
  g_autofree char *again = NULL;
  g_autoptr (GuiPicture) without = gui_capture (gui, "decode-before");
  g_autoptr (GuiPicture) with = NULL;
  GtkWidget *lane = gui_find_type (GTK_WIDGET (gui->window),
                                   g_type_from_name ("InionProbabilityLane"));
  InionTrack *track;
  InionModel *model;

  g_assert_nonnull (lane);
  g_assert_false (gtk_widget_get_visible (lane));
  gui_activate (gui, "decode.train", NULL);
  g_assert_null (inion_view_state_get_result (gui->state));
  gui_wait_until (inion_view_state_get_track (gui->state) != NULL, 60);
  gui_settle (gui);
  assert_honest (gui);

  model = inion_view_state_get_model (gui->state);
  g_assert_nonnull (model);
  g_assert_cmpuint (inion_model_get_n_classes (model), ==, 2);
  g_assert_cmpuint (inion_model_get_n_patterns (model), >, 0);
  track = inion_view_state_get_track (gui->state);
  g_assert_cmpuint (track->n_classes, ==, 2);
  g_assert_cmpuint (track->n, >, 400);
  for (gsize i = 0; i < track->n; i++)
    g_assert_cmpfloat_with_epsilon (track->probabilities[2 * i] + track->probabilities[2 * i + 1],
                                    1.0, 1e-9);
  g_assert_true (gtk_widget_get_visible (lane));
  g_assert_false (inion_view_state_get_track_stale (gui->state));
  with = gui_capture (gui, "decode-trained");

  /* What was found is kept, and comes back to the bit. */
  kept = inion_result_to_json (inion_view_state_get_result (gui->state));
  gui_close_window (gui);
  gui_open_window (gui);
  gui_open (gui, path);
  gui_wait_until (inion_view_state_get_track (gui->state) != NULL, 60);
  gui_settle (gui);
  assert_honest (gui);
  again = inion_result_to_json (inion_view_state_get_result (gui->state));
  g_assert_cmpstr (again, ==, kept);
}

/* Two trainings at once: the newer wins, the older leaves nothing behind. */
static void
test_supersede (void)
{
  g_autoptr (Gui) gui = open_three ();
  g_autoptr (GPtrArray) results = NULL;

  gui_activate (gui, "decode.train", NULL);
  gui_turn ();
  gui_activate (gui, "decode.train", NULL);
  gui_wait_until (inion_view_state_get_track (gui->state) != NULL, 60);
  gui_settle (gui);
  results = inion_study_list_items (inion_view_state_get_study (gui->state), "result");
  g_assert_cmpuint (results->len, ==, 1);

  /* Cancelled: the old answer stays. */
  gui_activate (gui, "decode.train", NULL);
  gui_turn ();
  gui_activate (gui, "win.cancel-jobs", NULL);
  gui_settle (gui);
  assert_honest (gui);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/decode/train", test_train);
  g_test_add_func ("/gui/decode/supersede", test_supersede);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
