/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marking: by action, by key, by dragging; what is drawn, what is kept. */

#include "gui-picture.h"

#include <math.h>

#define BLINK 0xE69F00

static Gui *
open_sample (void)
{
  Gui *gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");

  gui_open (gui, path);
  /* Pale traces would hide the bands: few channels, little amplitude. */
  gui_activate (gui, "win.set-sensitivity", "d", 1000.0);
  gui_settle (gui);
  return gui;
}

/* The strip that holds the top edge of marks. */
static GdkRectangle
edge_strip (Gui    *gui,
            double  from_s,
            double  to_s)
{
  int x = (int) ceil (inion_trace_view_time_to_x (gui->traces, from_s)) + 1;
  int end = (int) floor (inion_trace_view_time_to_x (gui->traces, to_s)) - 1;

  GdkRectangle area;

  gui_get_area (gui, &area);
  return (GdkRectangle) { x, area.y - 2, end - x, 2 };
}

static guint
edge_pixels (Gui        *gui,
             GuiPicture *picture,
             double      from_s,
             double      to_s)
{
  GdkRectangle strip = edge_strip (gui, from_s, to_s);

  return gui_count_color (picture, &strip, BLINK, 12);
}

/* Where the page shows through between the traces, a mark tints it. */
static guint
tinted (Gui        *gui,
        GuiPicture *before,
        GuiPicture *after,
        double      from_s,
        double      to_s)
{
  GdkRectangle strip = edge_strip (gui, from_s, to_s);

  GdkRectangle area;

  gui_get_area (gui, &area);
  strip.y = area.y + 60;
  strip.height = area.height - 120;
  return gui_count_differences (before, after, &strip) * 100 /
         (guint) (strip.width * strip.height);
}

static void
test_annotate (void)
{
  g_autoptr (Gui) gui = open_sample ();
  GtkWidget *traces = GTK_WIDGET (gui->traces);
  g_autoptr (GuiPicture) before = gui_capture_widget (gui, traces, "marks-before");
  g_autoptr (GuiPicture) marked = NULL;
  g_autoptr (GuiPicture) undone = NULL;
  g_autoptr (GuiPicture) redone = NULL;
  const GdkRectangle all = { 0, 0, before->width, before->height };
  GdkRectangle strip;

  g_assert_cmpuint (gui_count_marks (gui, NULL, FALSE), ==, 0);
  gui_activate (gui, "win.select", "(dd)", 3.0, 4.5);
  g_assert_true (inion_view_state_get_selection (gui->state, NULL, NULL));
  gui_activate (gui, "win.annotate", "s", "blink");
  g_assert_false (inion_view_state_get_selection (gui->state, NULL, NULL));
  g_assert_cmpuint (gui_count_marks (gui, "blink", FALSE), ==, 1);
  g_assert_cmpint (inion_annotation_get_onset_ns (gui_get_mark (gui, 0)), ==, 3000000000);
  g_assert_cmpint (inion_annotation_get_duration_ns (gui_get_mark (gui, 0)), ==, 1500000000);

  marked = gui_capture_widget (gui, traces, "marks-blink");
  strip = edge_strip (gui, 3.0, 4.5);
  g_assert_cmpuint (edge_pixels (gui, marked, 3.0, 4.5), ==, (guint) (strip.width * strip.height));
  g_assert_cmpuint (edge_pixels (gui, marked, 1.0, 2.95), ==, 0);
  g_assert_cmpuint (edge_pixels (gui, marked, 4.55, 9.0), ==, 0);
  g_assert_cmpuint (tinted (gui, before, marked, 3.0, 4.5), >, 50);
  g_assert_cmpuint (tinted (gui, before, marked, 0.5, 2.9), ==, 0);

  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpuint (gui_count_marks (gui, NULL, FALSE), ==, 0);
  undone = gui_capture_widget (gui, traces, "marks-undone");
  g_assert_cmpuint (gui_count_differences (before, undone, &all), ==, 0);

  gui_activate (gui, "win.redo", NULL);
  g_assert_cmpuint (gui_count_marks (gui, "blink", FALSE), ==, 1);
  redone = gui_capture_widget (gui, traces, "marks-redone");
  g_assert_cmpuint (edge_pixels (gui, redone, 3.0, 4.5), ==, (guint) (strip.width * strip.height));
}

static gboolean
press (Gui             *gui,
       guint            key,
       GdkModifierType  modifiers)
{
  GtkEventController *controller = gui_find_controller (GTK_WIDGET (gui->traces),
                                                        GTK_TYPE_EVENT_CONTROLLER_KEY, 0);
  gboolean taken = FALSE;

  g_assert_nonnull (controller);
  g_signal_emit_by_name (controller, "key-pressed", key, 0, modifiers, &taken);
  return taken;
}

static void
test_keys (void)
{
  g_autoptr (Gui) gui = open_sample ();

  gui_activate (gui, "win.select", "(dd)", 1.0, 1.5);
  g_assert_true (press (gui, GDK_KEY_1, 0));
  g_assert_cmpuint (gui_count_marks (gui, "blink", FALSE), ==, 1);
  gui_activate (gui, "win.select", "(dd)", 2.0, 2.5);
  g_assert_true (press (gui, GDK_KEY_KP_3, 0));
  g_assert_cmpuint (gui_count_marks (gui, "muscle", FALSE), ==, 1);
  /* With Alt it is somebody else's key, and what is no label's key is nobody's. */
  gui_activate (gui, "win.select", "(dd)", 3.0, 3.5);
  g_assert_false (press (gui, GDK_KEY_1, GDK_ALT_MASK));
  g_assert_false (press (gui, GDK_KEY_q, 0));
  g_assert_cmpuint (gui_count_marks (gui, NULL, FALSE), ==, 2);
  /* Without a selection the mark is a moment under the pointer. */
  gui_activate (gui, "win.clear-selection", NULL);
  inion_view_state_set_cursor (gui->state, 4.25, 0);
  g_assert_true (press (gui, GDK_KEY_8, 0));
  g_assert_cmpuint (gui_count_marks (gui, "event", FALSE), ==, 1);
  g_assert_cmpint (inion_annotation_get_duration_ns (gui_get_mark (gui, 2)), ==, 0);
  gui_settle (gui);
}

static void
test_drag (void)
{
  g_autoptr (Gui) gui = open_sample ();
  GtkEventController *drag = gui_find_controller (GTK_WIDGET (gui->traces), GTK_TYPE_GESTURE_DRAG,
                                                  GDK_BUTTON_PRIMARY);
  double start = inion_trace_view_time_to_x (gui->traces, 6.0);
  double length = inion_trace_view_time_to_x (gui->traces, 8.0) - start;
  double from, to;
  g_autoptr (GuiPicture) picture = NULL;

  g_assert_nonnull (drag);
  g_signal_emit_by_name (drag, "drag-begin", start, 200.0);
  g_signal_emit_by_name (drag, "drag-update", length, 3.0);
  g_signal_emit_by_name (drag, "drag-end", length, 3.0);
  g_assert_true (inion_view_state_get_selection (gui->state, &from, &to));
  g_assert_cmpfloat_with_epsilon (from, 6.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (to, 8.0, 1e-6);
  gui_settle (gui);
  picture = gui_capture_widget (gui, GTK_WIDGET (gui->traces), "selection");
  gui_activate (gui, "win.annotate", "s", "muscle");
  g_assert_cmpint (inion_annotation_get_onset_ns (gui_get_mark (gui, 0)) / 1000, ==, 6000000);

  /* To the left it is the same stretch; a short one is a click, which picks the mark. A mark that is
   * not selected is not in the way. */
  inion_view_state_set_selected_mark (gui->state, 0);
  g_signal_emit_by_name (drag, "drag-begin", start + length, 200.0);
  g_signal_emit_by_name (drag, "drag-update", -length, 0.0);
  g_signal_emit_by_name (drag, "drag-end", -length, 0.0);
  g_assert_true (inion_view_state_get_selection (gui->state, &from, &to));
  g_assert_cmpfloat_with_epsilon (from, 6.0, 1e-6);
  g_signal_emit_by_name (drag, "drag-begin", start + length / 2, 200.0);
  g_signal_emit_by_name (drag, "drag-end", 1.0, 0.0);
  g_assert_false (inion_view_state_get_selection (gui->state, NULL, NULL));
  g_assert_cmpint (inion_view_state_get_selected_mark (gui->state), ==,
                   inion_annotation_get_id (gui_get_mark (gui, 0)));
  g_assert_true (gui_is_enabled (gui, "win.delete-mark"));
  gui_activate (gui, "win.delete-mark", NULL);
  g_assert_cmpuint (gui_count_marks (gui, NULL, FALSE), ==, 0);
  g_assert_nonnull (gui_find_label (gui_part (gui, "toasts"), "Mark deleted"));
  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpuint (gui_count_marks (gui, NULL, FALSE), ==, 1);
  gui_settle (gui);
}

/* Nothing was saved by anybody, and everything is there again. */
static void
test_come_back (void)
{
  g_autoptr (Gui) gui = open_sample ();
  g_autofree char *path = gui_path (gui, "S007R04.edf");

  gui_activate (gui, "win.set-montage", "s", "average");
  gui_activate (gui, "win.set-timebase", "d", 20.0);
  gui_activate (gui, "win.select", "(dd)", 30.0, 31.0);
  gui_activate (gui, "win.annotate", "s", "blink");
  gui_activate (gui, "win.select", "(dd)", 40.0, 41.0);
  gui_activate (gui, "win.annotate", "s", "muscle");
  inion_view_state_set_from (gui->state, 25.0);
  gui_close_window (gui);

  gui_open_window (gui);
  gui_open (gui, path);
  g_assert_cmpuint (gui_count_marks (gui, "blink", FALSE), ==, 1);
  g_assert_cmpuint (gui_count_marks (gui, "muscle", FALSE), ==, 1);
  g_assert_cmpstr (inion_montage_get_id (inion_view_state_get_montage (gui->state)), ==, "average");
  g_assert_cmpfloat (inion_view_state_get_sensitivity (gui->state), ==, 1000);
  g_assert_cmpfloat (inion_view_state_get_page (gui->state), ==, 20);
  g_assert_cmpfloat (inion_view_state_get_from (gui->state), ==, 25);
  g_assert_true (gui_is_enabled (gui, "win.undo"));
  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpuint (gui_count_marks (gui, "muscle", FALSE), ==, 0);
  g_assert_cmpuint (gui_count_marks (gui, "blink", FALSE), ==, 1);
  gui_activate (gui, "win.undo", NULL);
  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpstr (inion_montage_get_id (inion_view_state_get_montage (gui->state)), ==,
                   "as-recorded");
  gui_activate (gui, "win.redo", NULL);
  gui_activate (gui, "win.redo", NULL);
  g_assert_cmpuint (gui_count_marks (gui, "blink", FALSE), ==, 1);
  gui_settle (gui);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/marks/annotate", test_annotate);
  g_test_add_func ("/gui/marks/keys", test_keys);
  g_test_add_func ("/gui/marks/drag", test_drag);
  g_test_add_func ("/gui/marks/come-back", test_come_back);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
