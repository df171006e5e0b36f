/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Decode workspace: pointing, clicking, and the honest score; then Live with the same model. */

#include "gui-picture.h"

#include "app/decode/training.h"
#include "recording/memory-recording.h"

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
      gui_settle (gui);
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

/* As long and with the same channels as a sample, and nothing in them. */
static InionRecording *
make_silence (InionRecording *like)
{
  InionMemoryRecording *silence = inion_memory_recording_new (160, NULL);
  g_autofree double *x = g_new0 (double, 160 * 60);

  for (guint c = 0; c < inion_recording_get_n_channels (like); c++)
    inion_memory_recording_add_channel (
      silence, inion_channel_get_label (inion_recording_get_channel (like, c)), "µV", x, 160 * 60);
  return INION_RECORDING (silence);
}

/* The recording in view is silent all through: what the others teach stands, and a message says so. */
static void
test_silent_view (void)
{
  g_autoptr (Gui) gui = open_three ();
  g_autofree char *one = gui_path (gui, "S007R08.edf");
  g_autofree char *two = gui_path (gui, "S007R12.edf");
  const char *const more[] = { one, two, NULL };
  g_autoptr (InionRecipe) recipe = inion_recipe_new_default ();
  g_autoptr (InionRecording) silence = make_silence (inion_view_state_get_recording (gui->state));
  g_autoptr (GPtrArray) marks = g_ptr_array_new ();
  g_autoptr (InionJob) job = NULL;
  g_autoptr (InionJob) apply = NULL;
  g_autoptr (InionTraining) training = NULL;
  g_autoptr (GError) error = NULL;

  job = inion_training_new_job (recipe, silence, marks, NULL, more, 0.25);
  training = inion_job_run (job, &error);
  g_assert_no_error (error);
  g_assert_nonnull (training->result);
  g_assert_nonnull (training->model);
  g_assert_cmpuint (inion_result_get_n_examples (training->result), ==, 30);
  g_assert_null (training->track);
  g_assert_nonnull (strstr (training->notes, "flat"));
  /* Where nothing but the track was asked for there is nothing to keep. */
  apply = inion_training_new_apply_job (training->model, silence, NULL, 0.25);
  g_assert_null (inion_job_run (apply, &error));
  g_assert_nonnull (strstr (error->message, "flat"));
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/decode/train", test_train);
  g_test_add_func ("/gui/decode/supersede", test_supersede);
  g_test_add_func ("/gui/decode/silent-view", test_silent_view);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
