/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording with gaps in the window: nothing is drawn or measured where nothing was recorded. */

#include "gui-picture.h"

#include "../unit/gap-fixture.h"

#define TRACE_INK 0.6

/* From 20 to 24.5 s and from 64.5 to 264.5 s there is nothing. NULL: skipped. */
static Gui *
open_gapped (void)
{
  const guint before[] = { 20, 60 };
  const double gap_s[] = { 4.5, 200 };
  g_autofree char *source = gap_fixture_find ("motor-imagery/eegmmidb/S007/S007R04.edf");
  g_autofree char *cut = NULL;
  g_autofree char *path = NULL;
  Gui *gui;

  if (source == NULL)
    {
      g_test_skip ("INION_SHARED has no S007R04.edf");
      return NULL;
    }
  gui = gui_new ();
  cut = gap_fixture_edf (source, before, gap_s, 2);
  path = gui_path (gui, "cut.edf");
  g_assert_cmpint (g_rename (cut, path), ==, 0);
  gui_open (gui, path);
  gui_activate (gui, "win.set-notch", "d", 60.0);
  return gui;
}

/* Whether a trace is drawn in the column of a time. */
static gboolean
has_trace (Gui        *gui,
           GuiPicture *picture,
           double      time_s)
{
  GtkWidget *traces = GTK_WIDGET (gui->traces);
  double x = inion_trace_view_time_to_x (gui->traces, time_s), y = 0;
  GdkRectangle area;
  int first, last;

  gui_get_area (gui, &area);
  gtk_widget_translate_coordinates (traces, GTK_WIDGET (gui->window), x, area.y, &x, &y);
  /* The bottom of the page holds the scale bar, its middle the gap's length. */
  return gui_column_span (picture, (int) x, (int) y + 2, (int) y + area.height / 3, TRACE_INK,
                          &first, &last);
}

static void
test_traces (void)
{
  g_autoptr (Gui) gui = open_gapped ();
  g_autoptr (GuiPicture) edge = NULL;
  g_autoptr (GuiPicture) inside = NULL;

  if (gui == NULL)
    return;
  inion_view_state_set_from (gui->state, 18);
  gui_settle (gui);
  edge = gui_capture (gui, "gap-edge");
  g_assert_true (has_trace (gui, edge, 19));
  g_assert_false (has_trace (gui, edge, 20.4));
  g_assert_false (has_trace (gui, edge, 24.1));
  g_assert_true (has_trace (gui, edge, 26));
  inion_view_state_set_from (gui->state, 150);
  gui_settle (gui);
  inside = gui_capture (gui, "gap-inside");
  for (double t = 150.5; t < 160; t += 1.1)
    g_assert_false (has_trace (gui, inside, t));
}

static void
test_measures (void)
{
  g_autoptr (Gui) gui = open_gapped ();
  GtkWidget *window;

  if (gui == NULL)
    return;
  window = GTK_WIDGET (gui->window);
  inion_view_state_set_from (gui->state, 18);
  inion_view_state_set_cursor (gui->state, 22, 3);
  gui_wait_until (gui_find_label (window, "lies in a gap of the recording") != NULL, 20);
  inion_view_state_set_cursor (gui->state, 19, 3);
  gui_wait_until (gui_find_label (window, "lies in a gap of the recording") == NULL, 20);
  inion_view_state_select (gui->state, 18, 23);
  gui_wait_until (gui_find_label (window, "mean of 1.99\u2009s") != NULL, 20);
  gui_wait_until (gui_find_label (window, "2\u2009s, the longest stretch here without a gap") != NULL,
                  20);
  inion_view_state_select (gui->state, 21, 23);
  gui_wait_until (gui_find_label (window, "All of this lies in a gap") != NULL, 20);
  gui_settle (gui);
}

/* The tools say that there is nothing, and measure what is beside it. */
static void
test_tools (void)
{
  g_autoptr (Gui) gui = open_gapped ();
  InionCalipers calipers = { .from_s = 21, .to_s = 23, .n_intervals = 1 };
  GtkWidget *panel;
  g_autoptr (GuiPicture) picture = NULL;

  if (gui == NULL)
    return;
  inion_view_state_set_from (gui->state, 18);
  gui_activate (gui, "tools.calipers", NULL);
  inion_view_state_set_calipers (gui->state, &calipers);
  panel = adw_view_stack_get_visible_child (gui_part (gui, "workspaces"));
  gui_wait_until (g_strcmp0 (inion_view_state_get_caliper_note (gui->state), "no data") == 0, 20);
  g_assert_nonnull (gui_find_label (panel, "lies in a gap"));
  g_assert_false (gui_is_enabled (gui, "tools.copy-measures"));
  calipers.from_s = 19;
  inion_view_state_set_calipers (gui->state, &calipers);
  gui_wait_until (gui_find_label (panel, "3\u2009s of this lie in a gap") != NULL, 20);

  gui_activate (gui, "tools.show", "s", "spectrogram");
  gui_settle (gui);
  gui_wait_until (gui_find_label (panel, "hatched: gap") != NULL, 20);
  picture = gui_capture (gui, "gap-spectrogram");
  inion_view_state_set_from (gui->state, 150);
  gui_wait_until (gui_find_label (panel, "there is no power to show") != NULL, 20);
  gui_activate (gui, "tools.show", "s", "movie");
  gui_settle (gui);
  gui_wait_until (gui_find_label (panel, "there is no data to map") != NULL, 20);
  gui_settle (gui);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/gaps/tools", test_tools);
  g_test_add_func ("/gui/gaps/traces", test_traces);
  g_test_add_func ("/gui/gaps/measures", test_measures);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
