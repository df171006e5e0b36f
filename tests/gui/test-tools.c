/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tools beside the traces: calipers, spectrogram, average, more like this, map over time. */

#include "gui-picture.h"

#include <math.h>

/* A blink of S007R04, as MNE sees it. */
#define BLINK_S 8.98125

static GtkWidget *
show_tool (Gui        *gui,
           const char *name)
{
  GtkWidget *panel;

  gui_activate (gui, "tools.show", "s", name);
  panel = adw_view_stack_get_visible_child (gui_part (gui, "workspaces"));
  gui_settle (gui);
  return panel;
}

typedef struct
{
  GType type;
  GtkWidget *found;
} Search;

static gboolean
search_visit (GtkWidget *widget,
              gpointer   data)
{
  Search *search = data;

  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  if (search->found == NULL && G_TYPE_CHECK_INSTANCE_TYPE (widget, search->type))
    search->found = widget;
  return search->found == NULL;
}

/* The first on the page that is shown. */
static GtkWidget *
find_shown (GtkWidget *panel,
            GType      type)
{
  Search search = { type, NULL };

  gui_walk (panel, search_visit, &search);
  g_assert_nonnull (search.found);
  return search.found;
}

static Gui *
open_sample (void)
{
  Gui *gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");

  gui_open (gui, path);
  gui_activate (gui, "win.set-sensitivity", "d", 50.0);
  gui_settle (gui);
  return gui;
}

static gboolean
has_note (Gui *gui)
{
  return inion_view_state_get_caliper_note (gui->state) != NULL;
}

static void
drag (Gui    *gui,
      double  x,
      double  y,
      double  dx)
{
  GtkEventController *gesture =
    gui_find_controller (GTK_WIDGET (gui->traces), GTK_TYPE_GESTURE_DRAG, GDK_BUTTON_PRIMARY);

  g_signal_emit_by_name (gesture, "drag-begin", x, y);
  g_signal_emit_by_name (gesture, "drag-update", dx / 2, 0.0);
  g_signal_emit_by_name (gesture, "drag-update", dx, 0.0);
  g_signal_emit_by_name (gesture, "drag-end", dx, 0.0);
}

static void
test_calipers (void)
{
  g_autoptr (Gui) gui = open_sample ();
  g_autoptr (GuiPicture) before = gui_capture_widget (gui, GTK_WIDGET (gui->traces), "tools-plain");
  g_autoptr (GuiPicture) after = NULL;
  g_autoptr (GuiPicture) window = NULL;
  GtkWidget *panel;
  InionCalipers calipers;
  GdkRectangle area, strip;
  double x, px_per_s;

  g_assert_false (inion_view_state_get_calipers (gui->state, NULL));
  g_assert_false (gui_is_enabled (gui, "tools.copy-measures"));
  gui_activate (gui, "win.select", "(dd)", 4.0, 5.0);
  gui_activate (gui, "tools.calipers", NULL);
  gui_wait_until (has_note (gui), 20);
  g_assert_true (inion_view_state_get_calipers (gui->state, &calipers));
  g_assert_cmpfloat (calipers.from_s, ==, 4.0);
  g_assert_cmpfloat (calipers.to_s, ==, 5.0);
  g_assert_cmpuint (calipers.n_intervals, ==, 1);
  g_assert_false (inion_view_state_get_selection (gui->state, NULL, NULL));
  panel = adw_view_stack_get_visible_child (gui_part (gui, "workspaces"));
  g_assert_nonnull (gui_find_label (panel, "1\u2009s"));
  g_assert_nonnull (gui_find_label (panel, "160 samples"));
  g_assert_true (gui_is_enabled (gui, "tools.copy-measures"));
  gui_wait_frames (gui, 2);
  after = gui_capture_widget (gui, GTK_WIDGET (gui->traces), "tools-calipers");
  window = gui_capture (gui, "tools-calipers-window");
  gui_get_area (gui, &area);
  x = inion_trace_view_time_to_x (gui->traces, 4.0);
  strip = (GdkRectangle) { (int) x - 2, area.y + 40, 4, area.height - 80 };
  g_assert_cmpuint (gui_count_differences (before, after, &strip), >, (guint) strip.height / 2);

  /* The line is in the hand: it moves, nothing is selected, and the values follow. */
  px_per_s = inion_trace_view_time_to_x (gui->traces, 5.0) - x;
  drag (gui, x + px_per_s, area.y + area.height / 2.0, px_per_s / 2);
  g_assert_false (inion_view_state_get_selection (gui->state, NULL, NULL));
  inion_view_state_get_calipers (gui->state, &calipers);
  g_assert_cmpfloat (calipers.from_s, ==, 4.0);
  g_assert_cmpfloat_with_epsilon (calipers.to_s, 5.5, 0.02);
  gui_wait_until (has_note (gui), 20);
  /* It does not pass the other. */
  drag (gui, x, area.y + area.height / 2.0, 20 * px_per_s);
  inion_view_state_get_calipers (gui->state, &calipers);
  g_assert_cmpfloat (calipers.from_s, ==, calipers.to_s);

  /* Elsewhere a drag still selects. */
  drag (gui, x + 3 * px_per_s, area.y + area.height / 2.0, px_per_s);
  g_assert_true (inion_view_state_get_selection (gui->state, NULL, NULL));
  gui_activate (gui, "tools.calipers", NULL);
  g_assert_false (inion_view_state_get_calipers (gui->state, NULL));
  g_assert_false (gui_is_enabled (gui, "tools.copy-measures"));
  gui_settle (gui);
}

/* Equal intervals, and values that go to the mark. */
static void
test_attach (void)
{
  g_autoptr (Gui) gui = open_sample ();
  InionCalipers calipers = { .from_s = 2, .to_s = 4, .derivation = 3, .n_intervals = 8 };
  GtkWidget *panel;
  InionAnnotation *mark;

  gui_activate (gui, "win.select", "(dd)", 2.0, 3.0);
  gui_activate (gui, "win.annotate", "s", "event");
  gui_activate (gui, "tools.calipers", NULL);
  inion_view_state_set_calipers (gui->state, &calipers);
  gui_wait_until (has_note (gui), 20);
  panel = adw_view_stack_get_visible_child (gui_part (gui, "workspaces"));
  g_assert_nonnull (gui_find_label (panel, "4\u2009Hz"));
  g_assert_true (gui_is_enabled (gui, "tools.attach-measures"));
  gui_activate (gui, "tools.attach-measures", NULL);
  mark = gui_get_mark (gui, 0);
  g_assert_nonnull (inion_annotation_get_comment (mark));
  g_assert_nonnull (strstr (inion_annotation_get_comment (mark), "Peak to peak"));
  g_assert_cmpstr (inion_annotation_get_label (mark), ==, "event");
  gui_activate (gui, "win.undo", NULL);
  g_assert_null (inion_annotation_get_comment (gui_get_mark (gui, 0)));
  gui_settle (gui);
}

static void
test_spectrogram (void)
{
  g_autoptr (Gui) gui = open_sample ();
  GtkWidget *panel = show_tool (gui, "spectrogram");
  GtkWidget *plot;
  g_autoptr (GuiPicture) picture = NULL;
  GtkEventController *motion;

  inion_view_state_set_cursor (
    gui->state, 3.0, inion_montage_find (inion_view_state_get_montage (gui->state), "O1"));
  gui_wait_until (gui_find_label (panel, "O1 ·") != NULL, 20);
  g_assert_nonnull (gui_find_label (panel, "segments of 1\u2009s"));
  picture = gui_capture (gui, "tools-spectrogram");
  /* What lies under the pointer. */
  plot = find_shown (panel, GTK_TYPE_DRAWING_AREA);
  motion = gui_find_controller (plot, GTK_TYPE_EVENT_CONTROLLER_MOTION, 0);
  g_signal_emit_by_name (motion, "motion", gtk_widget_get_width (plot) / 2.0,
                         gtk_widget_get_height (plot) / 2.0);
  g_assert_nonnull (gui_find_label (panel, "dB"));
  g_assert_nonnull (gui_find_label (panel, "Hz ·"));
  g_assert_cmpfloat_with_epsilon (inion_view_state_get_cursor (gui->state), 5, 1.5);
  gui_settle (gui);
}

static void
test_average (void)
{
  g_autoptr (Gui) gui = open_sample ();
  GtkWidget *panel = show_tool (gui, "average");
  g_autoptr (GuiPicture) picture = NULL;

  g_assert_nonnull (gui_find_label (panel, "T1  (8)"));
  g_assert_null (gui_find_label (panel, "8 epochs"));
  gui_activate (gui, "tools.average-label", "s", "T1");
  gui_settle (gui);
  gui_wait_until (gui_find_label (panel, "T1: 8 epochs") != NULL, 20);
  gui_activate (gui, "tools.average-label", "s", "T2");
  gui_settle (gui);
  gui_wait_until (gui_find_label (panel, "T2: 7 epochs") != NULL, 20);
  g_assert_nonnull (gui_find_label (panel, "Student"));
  g_assert_nonnull (gui_find_label (panel, "T1 at"));
  picture = gui_capture (gui, "tools-average");

  /* A mark of an artifact over an event leaves its epoch out, a suggestion would not. */
  gui_activate (gui, "win.select", "(dd)", 4.0, 5.0);
  gui_activate (gui, "win.annotate", "s", "muscle");
  gui_settle (gui);
  gui_wait_until (gui_find_label (panel, "7 epochs; left out: 1 touch an artifact") != NULL, 20);
  gui_activate (gui, "tools.average-label", "s", "T1");
  gui_activate (gui, "tools.average-label", "s", "T2");
  gui_settle (gui);
  g_assert_null (gui_find_label (panel, "epochs;"));
}

static void
test_similar (void)
{
  g_autoptr (Gui) gui = open_sample ();
  GtkWidget *panel = show_tool (gui, "similar");
  g_autoptr (GuiPicture) picture = NULL;
  GtkWidget *scale, *entry;
  guint n;

  g_assert_nonnull (gui_find_label (panel, "Drag over the traces"));
  g_assert_false (gui_is_enabled (gui, "tools.suggest-similar"));
  gui_activate (gui, "win.select", "(dd)", BLINK_S - 0.2, BLINK_S + 0.3);
  gui_activate (gui, "tools.find-similar", NULL);
  gui_settle (gui);
  gui_wait_until (gui_find_label (panel, "alike") != NULL, 30);
  entry = find_shown (panel, GTK_TYPE_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (entry), "blink");
  scale = find_shown (panel, GTK_TYPE_SCALE);
  gtk_range_set_value (GTK_RANGE (scale), 0.6);
  g_assert_nonnull (gui_find_label (panel, "at least 0.60 alike"));
  gui_activate (gui, "tools.suggest-similar", NULL);
  n = gui_count_marks (gui, "blink", TRUE);
  g_test_message ("%u suggestions", n);
  /* 48 blinks besides the one that was selected. */
  g_assert_cmpuint (n, >=, 45);
  g_assert_cmpuint (n, <=, 52);
  g_assert_nonnull (gui_find_label (panel, "suggestions wait for you"));
  picture = gui_capture (gui, "tools-similar");

  /* Nothing is suggested twice. */
  gui_activate (gui, "tools.suggest-similar", NULL);
  g_assert_cmpuint (gui_count_marks (gui, "blink", TRUE), ==, n);
  gui_activate (gui, "tools.next-similar", NULL);
  gui_activate (gui, "win.accept-suggestion", NULL);
  g_assert_cmpuint (gui_count_marks (gui, "blink", TRUE), ==, n - 1);
  gui_activate (gui, "tools.drop-similar", NULL);
  g_assert_cmpuint (gui_count_marks (gui, "blink", TRUE), ==, 0);
  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpuint (gui_count_marks (gui, "blink", TRUE), ==, n - 1);
  gui_activate (gui, "tools.accept-similar", NULL);
  g_assert_cmpuint (gui_count_marks (gui, "blink", TRUE), ==, 0);
  g_assert_cmpuint (gui_count_marks (gui, "blink", FALSE), ==, n);
  gui_settle (gui);
}

static void
test_movie (void)
{
  g_autoptr (Gui) gui = open_sample ();
  GtkWidget *panel;
  g_autoptr (GuiPicture) picture = NULL;
  GtkSettings *settings = gtk_widget_get_settings (GTK_WIDGET (gui->window));
  double cursor;

  g_object_set (settings, "gtk-enable-animations", TRUE, NULL);
  gui_activate (gui, "win.select", "(dd)", 8.0, 8.5);
  panel = show_tool (gui, "movie");
  gui_wait_until (gui_find_label (panel, "one scale for all") != NULL, 20);
  picture = gui_capture (gui, "tools-movie");
  gui_activate (gui, "tools.step", "i", 16);
  g_assert_cmpfloat_with_epsilon (inion_view_state_get_cursor (gui->state), 8.1, 1e-6);
  gui_activate (gui, "tools.step", "i", -1);
  g_assert_cmpfloat_with_epsilon (inion_view_state_get_cursor (gui->state), 8.1 - 1 / 160.0, 1e-6);

  g_assert_true (gui_is_enabled (gui, "tools.play"));
  cursor = inion_view_state_get_cursor (gui->state);
  gui_activate (gui, "tools.play", NULL);
  gui_wait_until (inion_view_state_get_cursor (gui->state) > cursor + 0.01, 20);
  gui_activate (gui, "tools.play", NULL);
  cursor = inion_view_state_get_cursor (gui->state);
  gui_wait_frames (gui, 3);
  g_assert_cmpfloat (inion_view_state_get_cursor (gui->state), ==, cursor);

  /* Who asks for less motion steps. */
  g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  show_tool (gui, "cursor");
  panel = show_tool (gui, "movie");
  g_assert_false (gui_is_enabled (gui, "tools.play"));
  g_assert_true (gui_is_enabled (gui, "tools.step"));
  g_assert_nonnull (gui_find_label (panel, "less motion"));
  gui_settle (gui);
}

/* Another recording: nothing of the last one is left. */
static void
test_close (void)
{
  g_autoptr (Gui) gui = open_sample ();
  g_autofree char *path = gui_copy_sample (gui, "S007R08.edf");
  GtkWidget *panel;

  gui_activate (gui, "tools.calipers", NULL);
  gui_activate (gui, "tools.average-label", "s", "T1");
  gui_settle (gui);
  gui_open (gui, path);
  g_assert_false (inion_view_state_get_calipers (gui->state, NULL));
  panel = show_tool (gui, "average");
  g_assert_null (gui_find_label (panel, "8 epochs"));
  gui_activate (gui, "win.close-recording", NULL);
  gui_activate (gui, "tools.show", "s", "measure");
  gui_settle (gui);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/tools/calipers", test_calipers);
  g_test_add_func ("/gui/tools/attach", test_attach);
  g_test_add_func ("/gui/tools/spectrogram", test_spectrogram);
  g_test_add_func ("/gui/tools/average", test_average);
  g_test_add_func ("/gui/tools/similar", test_similar);
  g_test_add_func ("/gui/tools/movie", test_movie);
  g_test_add_func ("/gui/tools/close", test_close);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
