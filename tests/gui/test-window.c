/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window as such: opening, montages, settings, undo, coming back. */

#include "gui-picture.h"

#include "scalp/montage.h"

static void
test_open (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  g_autofree char *study = gui_path (gui, "S007R04.inion");
  g_autoptr (GuiPicture) picture = NULL;

  g_assert_cmpstr (gtk_stack_get_visible_child_name (gui_part (gui, "main_stack")), ==, "empty");
  g_assert_false (gui_is_enabled (gui, "win.page-next"));
  gui_open (gui, path);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (gui_part (gui, "main_stack")), ==, "content");
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (gui->window)), ==, "S007R04.edf");
  g_assert_true (g_str_has_prefix (gtk_label_get_text (gui_part (gui, "subtitle_label")), "64 ch"));
  g_assert_cmpuint (inion_recording_get_n_channels (inion_view_state_get_recording (gui->state)),
                    ==, 64);
  g_assert_true (gui_is_enabled (gui, "win.page-next"));
  g_assert_false (gui_is_enabled (gui, "win.undo"));
  g_assert_true (g_file_test (study, G_FILE_TEST_EXISTS));
  picture = gui_capture (gui, "window-open");
  g_assert_cmpint (picture->width, ==, gtk_widget_get_width (GTK_WIDGET (gui->window)));
}

static const char *
montage_id (Gui *gui)
{
  return inion_montage_get_id (inion_view_state_get_montage (gui->state));
}

static void
test_montage_undo (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  g_autoptr (GVariant) state = NULL;

  gui_open (gui, path);
  g_assert_cmpstr (montage_id (gui), ==, "as-recorded");
  gui_activate (gui, "win.set-montage", "s", "longitudinal");
  g_assert_cmpstr (montage_id (gui), ==, "longitudinal");
  state = g_action_group_get_action_state (G_ACTION_GROUP (gui->window), "set-montage");
  g_assert_cmpstr (g_variant_get_string (state, NULL), ==, "longitudinal");
  gui_settle (gui);
  g_assert_true (gui_is_enabled (gui, "win.undo"));
  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpstr (montage_id (gui), ==, "as-recorded");
  g_assert_false (gui_is_enabled (gui, "win.undo"));
  gui_activate (gui, "win.redo", NULL);
  g_assert_cmpstr (montage_id (gui), ==, "longitudinal");
  gui_settle (gui);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/window/open", test_open);
  g_test_add_func ("/gui/window/montage-undo", test_montage_undo);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
