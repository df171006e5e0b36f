/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Live workspace: the recording played as a stream, a causal decoder along with it. */

#include "gui-picture.h"

#include <stdlib.h>
#include <string.h>

static GtkWidget *
panel_of (Gui *gui)
{
  return adw_view_stack_get_visible_child (gui_part (gui, "workspaces"));
}

/* The number beside a name of the table of latencies. */
static const char *
number_of (GtkWidget  *panel,
           const char *name)
{
  GtkLabel *label = gui_find_label (panel, name);
  GtkWidget *value;

  g_assert_nonnull (label);
  value = gtk_widget_get_next_sibling (GTK_WIDGET (label));
  g_assert_true (GTK_IS_LABEL (value));
  return gtk_label_get_text (GTK_LABEL (value));
}

/* The words say that nothing runs, since when, and what to do. */
static void
assert_looks_stopped (Gui       *gui,
                      GtkWidget *panel)
{
  double cursor = inion_view_state_get_cursor (gui->state);
  g_autofree char *when = inion_view_state_format_time (gui->state, cursor, 0);
  GtkLabel *label = gui_find_label (panel, "Stopped at ");

  g_assert_nonnull (label);
  /* The cursor may be a moment behind the head. */
  g_test_message ("%s, cursor at %s", gtk_label_get_text (label), when);
  g_assert_true (strncmp (gtk_label_get_text (label) + strlen ("Stopped at "), when, 5) == 0);
  g_assert_nonnull (gui_find_label (panel, "Nothing runs"));
  g_assert_nonnull (gui_find_label (panel, "Press Start"));
  g_assert_null (gui_find_label (panel, "it abstains"));
}

/* Pixels in a class's hue in the belief's bars and strip, in a picture of the window. */
static guint
count_hue (Gui        *gui,
           GuiPicture *picture)
{
  GtkWidget *belief = gui_find_type (panel_of (gui), g_type_from_name ("InionBeliefView"));
  GdkRectangle area;
  double x, y;

  gtk_widget_translate_coordinates (belief, GTK_WIDGET (gui->window), 0, 0, &x, &y);
  area = (GdkRectangle) { (int) x, (int) y, gtk_widget_get_width (belief),
                          gtk_widget_get_height (belief) };
  return gui_count_color (picture, &area, inion_view_state_get_class_color (0), 12) +
         gui_count_color (picture, &area, inion_view_state_get_class_color (1), 12);
}

static void
test_refuses_future (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");

  gui_open (gui, path);
  gui_activate (gui, "win.workspace", "s", "live");
  g_assert_nonnull (gui_find_label (panel_of (gui), "No Decoder Yet"));
  g_assert_false (gui_is_enabled (gui, "live.start"));
  gui_activate (gui, "decode.train", NULL);
  gui_wait_until (inion_view_state_get_track (gui->state) != NULL, 60);
  gui_settle (gui);
  /* The recipe that the editor starts with filters with zero phase: not possible live. */
  g_assert_nonnull (gui_find_label (panel_of (gui), "This Decoder Looks Ahead"));
  g_assert_false (gui_is_enabled (gui, "live.start"));
}

static void
test_replay (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  g_autoptr (GuiPicture) picture = NULL;
  g_autoptr (GuiPicture) rest = NULL;
  GtkWidget *panel;
  double p50, cursor;

  gui_open (gui, path);
  gui_activate (gui, "decode.train", NULL);
  gui_wait_until (inion_view_state_get_model (gui->state) != NULL, 60);
  gui_settle (gui);
  gui_activate (gui, "win.workspace", "s", "live");
  gui_activate (gui, "live.train-causal", NULL);
  gui_wait_until (gui_is_enabled (gui, "live.start"), 60);
  gui_settle (gui);
  panel = panel_of (gui);
  g_assert_false (gui_is_enabled (gui, "live.stop"));
  g_assert_cmpstr (number_of (panel, "p50"), ==, "–");
  g_assert_nonnull (gui_find_label (panel, "Nothing runs"));
  g_assert_nonnull (gui_find_label (panel, "Press Start"));

  gui_activate (gui, "live.set-speed", "d", 4.0);
  gui_activate (gui, "live.start", NULL);
  g_assert_true (gui_is_enabled (gui, "live.stop"));
  g_assert_null (gui_find_label (panel, "Nothing runs"));
  gui_wait_until (g_ascii_isdigit (*number_of (panel, "p50")), 30);
  gui_wait_until (inion_view_state_get_cursor (gui->state) > 8.0, 30);
  picture = gui_capture (gui, "live-running");
  g_assert_nonnull (gui_find_label (panel, "it abstains"));
  p50 = g_ascii_strtod (number_of (panel, "p50"), NULL);
  g_test_message ("latency p50 %s, p95 %s, max %s; %s", number_of (panel, "p50"),
                  number_of (panel, "p95"), number_of (panel, "max"),
                  number_of (panel, "Decisions"));
  g_assert_cmpfloat (p50, >, 0);
  g_assert_cmpfloat (p50, <, 100);
  g_assert_cmpstr (number_of (panel, "Samples lost"), ==, "0");

  gui_activate (gui, "live.pause", NULL);
  gui_wait_frames (gui, 2);
  g_assert_nonnull (gui_find_label (panel, "Paused"));
  cursor = inion_view_state_get_cursor (gui->state);
  for (gint64 end = g_get_monotonic_time () + 300000; g_get_monotonic_time () < end;)
    gui_turn ();
  g_assert_cmpfloat_with_epsilon (inion_view_state_get_cursor (gui->state), cursor, 0.5);
  gui_activate (gui, "live.pause", NULL);
  gui_wait_until (inion_view_state_get_cursor (gui->state) > cursor + 1.0, 30);

  gui_activate (gui, "live.stop", NULL);
  g_assert_false (gui_is_enabled (gui, "live.stop"));
  g_assert_true (gui_is_enabled (gui, "live.start"));
  g_assert_nonnull (gui_find_label (panel, " decisions, latency p50 "));
  assert_looks_stopped (gui, panel);
  cursor = inion_view_state_get_cursor (gui->state);
  for (gint64 end = g_get_monotonic_time () + 300000; g_get_monotonic_time () < end;)
    gui_turn ();
  g_assert_cmpfloat (inion_view_state_get_cursor (gui->state), ==, cursor);
  rest = gui_capture (gui, "live-stopped");
  g_assert_cmpuint (count_hue (gui, picture), >, 500);
  g_assert_cmpuint (count_hue (gui, rest), ==, 0);

  /* Closing while it plays must end it too: gui_close() finds the window gone. */
  gui_activate (gui, "live.start", NULL);
  gui_wait_until (inion_view_state_get_cursor (gui->state) > 0.5, 30);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/live/refuses-future", test_refuses_future);
  g_test_add_func ("/gui/live/replay", test_replay);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
