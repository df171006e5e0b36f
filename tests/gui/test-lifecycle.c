/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ends, and what still runs when it ends: windows, recordings, jobs, studies. */

#include "gui-edf.h"
#include "gui-fixture.h"

#include <math.h>

static const char *const workspaces[] = { "review", "clean", "decode", "network", "live" };

/* Blinks on the frontal channels, alpha elsewhere. */
static double
wave (guint  channel,
      gint64 sample,
      guint  rate)
{
  double t = (double) sample / rate;
  double blink = exp (-pow ((fmod (t, 4.0) - 2.0) / 0.1, 2.0));

  return 20.0 * sin (2.0 * G_PI * 10.0 * t + channel) + (channel < 2 ? 300.0 * blink : 0.0);
}

static char *
write_named (Gui        *gui,
             const char *name,
             guint       seconds)
{
  static const char *const labels[] = { "EEG Fp1", "EEG Fp2", "EEG C3", "EEG C4", "EEG O1",
                                        "EEG O2", NULL };
  char *path = gui_path (gui, name);

  gui_write_edf (path, labels, 128, seconds, wave);
  return path;
}

/* Both at once, so that jobs of the first have ended but not yet told anybody. */
static void
open_at_once (Gui        *gui,
              const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = inion_recording_open (path, &error);
  g_autoptr (InionStudy) study = NULL;

  g_assert_no_error (error);
  study = inion_study_open_for_recording (path, &error);
  g_assert_no_error (error);
  inion_view_state_open (gui->state, recording, study);
}

/* The inspector measures whenever something moves; the window may go at any time. */
static void
test_close_measuring (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");

  gui_open (gui, path);
  for (guint i = 0; i < 3; i++)
    {
      inion_view_state_set_cursor (gui->state, 2.0 + i, 0);
      gui_turn ();
    }
  inion_view_state_select (gui->state, 1.0, 61.0);
}

static void
test_close_detecting (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");

  gui_open (gui, path);
  gui_activate (gui, "clean.detect", NULL);
  gui_turn ();
}

static void
test_close_training (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");

  gui_open (gui, path);
  gui_activate (gui, "decode.train", NULL);
  gui_activate (gui, "win.workspace", "s", "network");
  for (guint i = 0; i < 20; i++)
    gui_turn ();
}

/* Marks found in one recording must never get into the study of another. */
static void
test_late_detection (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *first = write_named (gui, "first.edf", 60);
  g_autofree char *second = write_named (gui, "second.edf", 60);

  gui_open (gui, first);
  gui_activate (gui, "clean.detect", NULL);
  gui_settle (gui);
  g_assert_cmpuint (gui_count_marks (gui, NULL, TRUE), >, 0);
  gui_activate (gui, "clean.detect", NULL);
  g_usleep (G_USEC_PER_SEC);
  open_at_once (gui, second);
  gui_settle (gui);
  g_assert_cmpuint (gui_count_marks (gui, NULL, TRUE), ==, 0);
}

/* Nor may a decoder that learned from one recording stand in the workspace of another. */
static void
test_late_training (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *first = gui_copy_sample (gui, "S007R04.edf");
  g_autofree char *second = write_named (gui, "second.edf", 60);
  GtkWidget *panel;

  gui_open (gui, first);
  gui_activate (gui, "win.workspace", "s", "decode");
  panel = adw_view_stack_get_visible_child (gui_part (gui, "workspaces"));
  gui_activate (gui, "decode.train", NULL);
  g_usleep (2 * G_USEC_PER_SEC);
  open_at_once (gui, second);
  gui_settle (gui);
  g_assert_null (inion_view_state_get_model (gui->state));
  g_assert_null (inion_view_state_get_result (gui->state));
  g_assert_null (gui_find_label (panel, "Cancelled"));
}

/* What the connectivity of one recording was is not shown for another that has none. */
static void
test_stale_network (void)
{
  static const char *const lone[] = { "EEG Cz", NULL };
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *first = write_named (gui, "first.edf", 30);
  g_autofree char *second = gui_path (gui, "second.edf");
  GtkWidget *panel;

  gui_write_edf (second, lone, 128, 30, wave);
  gui_open (gui, first);
  gui_activate (gui, "win.workspace", "s", "network");
  panel = adw_view_stack_get_visible_child (gui_part (gui, "workspaces"));
  gui_wait_until (gui_find_label (panel, "Edges of ") != NULL, 30);
  gui_open (gui, second);
  gui_wait_until (gui_find_label (panel, "at least two") != NULL, 30);
  g_assert_null (gui_find_label (panel, "Edges of "));
  g_assert_null (gui_find_label (panel, "Strongest"));
  g_assert_null (gui_find_label (panel, "biased"));
}

/* The training that takes the place of another is not cancelled with it. */
static void
test_train_again (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  GtkWidget *panel;

  gui_open (gui, path);
  gui_activate (gui, "win.workspace", "s", "decode");
  panel = adw_view_stack_get_visible_child (gui_part (gui, "workspaces"));
  gui_activate (gui, "decode.train", NULL);
  gui_turn ();
  gui_activate (gui, "decode.train", NULL);
  while (g_list_model_get_n_items (G_LIST_MODEL (inion_view_state_get_jobs (gui->state))) > 0)
    {
      g_assert_null (gui_find_label (panel, "Cancelled"));
      gui_turn ();
    }
  g_assert_nonnull (inion_view_state_get_result (gui->state));
}

static void
open_shared (Gui        *gui,
             const char *folder,
             const char *name)
{
  const char *shared = g_getenv ("INION_SHARED");
  g_autofree char *from =
    g_build_filename (shared != NULL ? shared : "", "data", folder, name, NULL);
  g_autofree char *to = gui_path (gui, name);
  g_autofree char *data = NULL;
  gsize length;

  if (!g_file_get_contents (from, &data, &length, NULL))
    {
      g_test_skip ("the shared recordings are not there");
      return;
    }
  g_assert_true (g_file_set_contents (to, data, (gssize) length, NULL));
  gui_activate (gui, "win.open-path", "s", to);
  gui_wait_until (inion_view_state_get_recording (gui->state) != NULL, 60);
  gui_wait_until (g_list_model_get_n_items (G_LIST_MODEL (
                    inion_view_state_get_jobs (gui->state))) == 0, 60);
}

/* A hypnogram: stages, and not one trace. */
static void
test_no_traces (void)
{
  g_autoptr (Gui) gui = gui_new ();

  open_shared (gui, "sleep", "SC4001EC-Hypnogram.edf");
  if (inion_view_state_get_recording (gui->state) == NULL)
    return;
  g_assert_cmpstr (gtk_stack_get_visible_child_name (gui_part (gui, "main_stack")), ==,
                   "no-signals");
  for (gsize i = 0; i < G_N_ELEMENTS (workspaces); i++)
    {
      gui_activate (gui, "win.workspace", "s", workspaces[i]);
      inion_view_state_set_cursor (gui->state, 1.0, -1);
      gui_turn ();
    }
}

/* Small windows go with the window that they belong to. */
static void
test_dialogs (void)
{
  static const char *const dialogs[] = { "win.open", "win.ask-go-to", "win.show-history",
                                         "win.preferences", "win.about", "win.export-annotations",
                                         "decode.add-recordings" };

  for (gsize i = 0; i < G_N_ELEMENTS (dialogs); i++)
    {
      g_autoptr (Gui) gui = gui_new ();
      g_autofree char *path = write_named (gui, "first.edf", 10);
      g_autoptr (GListModel) toplevels = gtk_window_get_toplevels ();
      guint n;

      g_object_ref (toplevels);
      gui_open (gui, path);
      n = g_list_model_get_n_items (toplevels);
      gui_activate (gui, dialogs[i], NULL);
      gui_wait_until (g_list_model_get_n_items (toplevels) > n, 10);
      g_test_message ("%s", dialogs[i]);
      /* GTK's own chooser complains in a window of its own if it goes while it reads a folder. */
      for (guint turn = 0; turn < 40; turn++)
        gui_turn ();
      /* gui_close() sees to it that nothing is left on the screen. */
      gui_close_window (gui);
    }
}

static double
hum (guint  channel,
     gint64 sample,
     guint  rate)
{
  return 40.0 * sin (2.0 * G_PI * 50.0 * (double) sample / rate);
}

/* The offer of the notch is about one recording. */
static void
test_mains (void)
{
  static const char *const labels[] = { "EEG C3", "EEG C4", NULL };
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_path (gui, "hum.edf");

  gui_write_edf (path, labels, 256, 20, hum);
  gui_open (gui, path);
  gui_wait_until (gui_find_label (GTK_WIDGET (gui->window), "Mains noise") != NULL, 30);
  gui_activate (gui, "win.close-recording", NULL);
  gui_wait_until (gui_find_label (GTK_WIDGET (gui->window), "Mains noise") == NULL, 10);
}

/* One window, one recording: of more files it is said which one is shown. */
static void
test_several (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *first = write_named (gui, "first.edf", 10);
  g_autofree char *second = write_named (gui, "second.edf", 10);
  g_autoptr (GFile) first_file = g_file_new_for_path (first);
  g_autoptr (GFile) second_file = g_file_new_for_path (second);
  GFile *files[] = { first_file, second_file };

  g_application_open (g_application_get_default (), files, 2, "");
  gui_wait_until (inion_view_state_get_recording (gui->state) != NULL, 30);
  gui_wait_until (gui_find_label (GTK_WIDGET (gui->window), "of the 2 files, first.edf") != NULL,
                  10);
  gui_settle (gui);
}

/* Who goes through the channels with the keyboard stays where he is. */
static void
test_channel_focus (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  GtkWidget *side, *check;
  const char *label;

  gui_open (gui, path);
  side = gui_part (gui, "left_box");
  gtk_stack_set_visible_child_name (GTK_STACK (gui_find_type (side, GTK_TYPE_STACK)), "channels");
  gui_wait_frames (gui, 2);
  check = gui_find_type (side, GTK_TYPE_CHECK_BUTTON);
  g_assert_true (gtk_widget_grab_focus (check));
  label = inion_channel_get_label (
    inion_recording_get_channel (inion_view_state_get_recording (gui->state), 0));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), FALSE);
  g_assert_true (inion_view_state_is_bad (gui->state, label));
  gui_wait_frames (gui, 2);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (gui->window)) == check);
  gui_activate (gui, "win.undo", NULL);
  g_assert_true (gtk_check_button_get_active (GTK_CHECK_BUTTON (check)));
  gui_settle (gui);
}

/* Each workspace without a recording, and with the next one. */
static void
test_close_recording (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = write_named (gui, "first.edf", 30);
  g_autofree char *shorter = write_named (gui, "short.edf", 1);

  for (gsize i = 0; i < G_N_ELEMENTS (workspaces); i++)
    {
      gui_open (gui, path);
      gui_activate (gui, "win.workspace", "s", workspaces[i]);
      gui_settle (gui);
      gui_activate (gui, "win.close-recording", NULL);
      g_assert_null (inion_view_state_get_recording (gui->state));
      g_assert_cmpstr (gtk_stack_get_visible_child_name (gui_part (gui, "main_stack")), ==,
                       "empty");
      gui_settle (gui);
      gui_open (gui, shorter);
      g_assert_cmpfloat (inion_view_state_get_page (gui->state), ==, 1.0);
      gui_activate (gui, "win.close-recording", NULL);
    }
}

/* Somebody else has the study open: one may look, in every way, but not change it. */
static void
test_read_only (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  g_autoptr (GError) error = NULL;
  g_autoptr (InionStudy) owner = inion_study_open_for_recording (path, &error);

  g_assert_no_error (error);
  g_assert_false (inion_study_is_read_only (owner));
  gui_open (gui, path);
  g_assert_true (inion_study_is_read_only (inion_view_state_get_study (gui->state)));
  g_assert_true (gtk_info_bar_get_revealed (gui_part (gui, "banner")));
  gui_activate (gui, "win.set-montage", "s", "average");
  g_assert_cmpstr (inion_montage_get_id (inion_view_state_get_montage (gui->state)), ==, "average");
  gui_activate (gui, "win.set-polarity", "s", "positive-up");
  g_assert_false (inion_view_state_get_negative_up (gui->state));
  gui_activate (gui, "win.set-sensitivity", "d", 20.0);
  g_assert_cmpfloat (inion_view_state_get_sensitivity (gui->state), ==, 20.0);
  inion_view_state_set_bad (gui->state, "Fc5.", TRUE);
  g_assert_true (inion_view_state_is_bad (gui->state, "Fc5."));
  inion_view_state_set_bad (gui->state, "Fc5.", FALSE);
  g_assert_false (inion_view_state_is_bad (gui->state, "Fc5."));
  inion_view_state_select (gui->state, 1.0, 2.0);
  gui_activate (gui, "win.annotate", "s", "blink");
  g_assert_cmpuint (gui_count_marks (gui, NULL, FALSE), ==, 0);
  g_assert_nonnull (gui_find_label (GTK_WIDGET (gui->window), "mark was not made"));
  g_assert_false (gui_is_enabled (gui, "win.undo"));
  g_assert_false (gui_is_enabled (gui, "win.import-annotations"));
  g_assert_false (gui_is_enabled (gui, "clean.detect"));
  g_assert_false (gui_is_enabled (gui, "decode.add-recordings"));
  gui_activate (gui, "win.workspace", "s", "decode");
  gui_activate (gui, "decode.train", NULL);
  gui_wait_until (inion_view_state_get_model (gui->state) != NULL, 60);
  gui_activate (gui, "win.workspace", "s", "live");
  gui_activate (gui, "live.train-causal", NULL);
  gui_settle (gui);
  g_assert_true (gui_is_enabled (gui, "live.start"));
  inion_study_close (owner);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/lifecycle/close-measuring", test_close_measuring);
  g_test_add_func ("/gui/lifecycle/close-detecting", test_close_detecting);
  g_test_add_func ("/gui/lifecycle/close-training", test_close_training);
  g_test_add_func ("/gui/lifecycle/late-detection", test_late_detection);
  g_test_add_func ("/gui/lifecycle/late-training", test_late_training);
  g_test_add_func ("/gui/lifecycle/stale-network", test_stale_network);
  g_test_add_func ("/gui/lifecycle/train-again", test_train_again);
  g_test_add_func ("/gui/lifecycle/dialogs", test_dialogs);
  g_test_add_func ("/gui/lifecycle/channel-focus", test_channel_focus);
  g_test_add_func ("/gui/lifecycle/mains", test_mains);
  g_test_add_func ("/gui/lifecycle/several", test_several);
  g_test_add_func ("/gui/lifecycle/no-traces", test_no_traces);
  g_test_add_func ("/gui/lifecycle/close-recording", test_close_recording);
  g_test_add_func ("/gui/lifecycle/read-only", test_read_only);
}

int
main (int    argc,
      char **argv)
{
  return gui_main (argc, argv, add_tests);
}
