/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A look at the raw signal while a key is held. */

#include "gui-keys.h"

static void
test_hold (void)
{
  g_autoptr (Gui) gui = NULL;
  g_autofree char *path = NULL;
  InionShownSignal *filtered, *raw;
  g_autofree char *undo = NULL;

  if (!gui_has_keys ())
    return;
  gui = gui_new ();
  path = gui_copy_sample (gui, "S007R04.edf");
  gui_open (gui, path);
  gui_activate (gui, "win.set-hff", "d", 30.0);
  gui_settle (gui);
  filtered = inion_view_state_get_signal (gui->state);
  undo = g_strdup (inion_study_get_undo_title (inion_view_state_get_study (gui->state)));

  gui_focus ("S007R04.edf");
  gtk_widget_grab_focus (GTK_WIDGET (gui->traces));
  gui_xdotool ("keydown f");
  gui_wait_until (inion_view_state_is_peeking (gui->state), 20);
  raw = inion_view_state_get_signal (gui->state);
  g_assert_true (raw != filtered);
  g_assert_true (inion_display_filter_is_off (inion_view_state_get_filter (gui->state)));
  g_assert_nonnull (gui_find_label (GTK_WIDGET (gui->window), "off (raw)"));
  /* An edit of the filters from here would start from none of them. */
  gui_activate (gui, "win.set-lff", "d", 1.0);
  g_assert_cmpstr (inion_study_get_undo_title (inion_view_state_get_study (gui->state)), ==, undo);
  gui_xdotool ("keyup f");
  gui_wait_until (!inion_view_state_is_peeking (gui->state), 20);
  g_assert_true (inion_view_state_get_signal (gui->state) == filtered);
  g_assert_cmpfloat (inion_view_state_get_filter (gui->state)->hff_hz, ==, 30.0);
  /* A second look has its signal ready. */
  inion_view_state_set_peeking (gui->state, TRUE);
  g_assert_true (inion_view_state_get_signal (gui->state) == raw);
  /* Another montage ends it. */
  gui_activate (gui, "win.set-montage", "s", "average");
  g_assert_false (inion_view_state_is_peeking (gui->state));
  gui_settle (gui);
}

/* The notch takes its multiples, too, where that is said; it stays said. */
static void
test_harmonics (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  const InionDisplayFilter *filter;

  gui_open (gui, path);
  gui_activate (gui, "win.set-notch", "d", 50.0);
  gui_activate (gui, "win.toggle-harmonics", NULL);
  filter = inion_view_state_get_filter (gui->state);
  g_assert_true (filter->harmonics);
  g_assert_cmpfloat (filter->notch_hz, ==, 50.0);
  g_assert_nonnull (gui_find_label (GTK_WIDGET (gui->window), "and multiples"));
  gui_settle (gui);
  gui_close_window (gui);
  gui_open_window (gui);
  gui_open (gui, path);
  g_assert_true (inion_view_state_get_filter (gui->state)->harmonics);
  gui_activate (gui, "win.undo", NULL);
  g_assert_false (inion_view_state_get_filter (gui->state)->harmonics);
  gui_settle (gui);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/peek/hold", test_hold);
  g_test_add_func ("/gui/peek/harmonics", test_harmonics);
}

int
main (int    argc,
      char **argv)
{
  return gui_main (argc, argv, add_tests);
}
