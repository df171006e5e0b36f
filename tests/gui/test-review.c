/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page is calibrated: what is on the screen is measured in its pixels. */

#include "gui-edf.h"
#include "gui-picture.h"

#include <math.h>

#define PX_PER_MM 4.0
#define SENSITIVITY 7.0            /* µV/mm */
#define SECONDS 600
#define RATE 256
#define SPIKE_S (85333.0 / RATE)
#define SPIKE_UV (-100.0)
#define SQUARE_UV 50.0
#define N_LANES 4
#define TRACE_INK 0.45             /* of a trace; grid and events are paler */

static const char *const labels[] = { "Fp1", "Fp2", "C3", "C4", NULL };

/* A square wave that is at +50 µV for the first quarter of each second, a sine of 50 µV from peak
 * to peak, a constant of 1 µV, and a single sample at −100 µV. */
static double
calibration (guint  channel,
             gint64 sample,
             guint  rate)
{
  switch (channel)
    {
    case 0:
      return sample % rate < rate / 4 ? SQUARE_UV : 0;
    case 1:
      return SQUARE_UV / 2 * sin (2 * G_PI * (double) (sample % rate) / rate);
    case 2:
      return 1;
    default:
      return sample == lround (SPIKE_S * rate) ? SPIKE_UV : 0;
    }
}

/* The calibration recording on a wide page: no filters, 7 µV/mm, 4 px/mm. */
static Gui *
open_calibration (void)
{
  Gui *gui = gui_new ();
  g_autofree char *path = gui_path (gui, "calibration.edf");

  gui_write_edf (path, labels, RATE, SECONDS, calibration);
  gui_open (gui, path);
  inion_trace_view_set_px_per_mm (gui->traces, PX_PER_MM);
  gui_activate (gui, "win.toggle-left", NULL);
  gui_activate (gui, "win.toggle-right", NULL);
  gui_activate (gui, "win.set-lff", "d", 0.0);
  gui_activate (gui, "win.set-hff", "d", 0.0);
  gui_activate (gui, "win.set-sensitivity", "d", SENSITIVITY);
  gui_settle (gui);
  return gui;
}

static double
lane_top (Gui *gui,
          int  lane)
{
  GdkRectangle area;

  gui_get_area (gui, &area);
  return area.y + lane * area.height / (double) N_LANES;
}

/* Middle of the trace of a lane at a column of the page. */
static double
level (Gui        *gui,
       GuiPicture *picture,
       int         lane,
       double      x)
{
  return gui_column_center (picture, (int) x, (int) lane_top (gui, lane) + 2,
                            (int) lane_top (gui, lane + 1) - 2, TRACE_INK);
}

static void
show (Gui    *gui,
      double  page_s,
      double  from_s)
{
  gui_activate (gui, "win.set-timebase", "d", page_s);
  inion_view_state_set_from (gui->state, from_s);
  gui_settle (gui);
}

static GuiPicture *
capture_traces (Gui        *gui,
                const char *name)
{
  return gui_capture_widget (gui, GTK_WIDGET (gui->traces), name);
}

static void
test_amplitude (void)
{
  g_autoptr (Gui) gui = open_calibration ();
  g_autoptr (GuiPicture) picture = NULL;
  g_autoptr (GuiPicture) flipped = NULL;
  double high, low, top = INFINITY, bottom = -INFINITY;

  show (gui, 10, 20);
  picture = capture_traces (gui, "calibration");
  for (int k = 21; k < 29; k++)
    {
      high = level (gui, picture, 0, inion_trace_view_time_to_x (gui->traces, k + 0.125));
      low = level (gui, picture, 0, inion_trace_view_time_to_x (gui->traces, k + 0.6));
      g_assert_cmpfloat_with_epsilon (high - low, SQUARE_UV / SENSITIVITY * PX_PER_MM, 1.0);
    }
  for (double x = inion_trace_view_time_to_x (gui->traces, 23);
       x < inion_trace_view_time_to_x (gui->traces, 24); x++)
    {
      double y = level (gui, picture, 1, x);

      top = MIN (top, y);
      bottom = MAX (bottom, y);
    }
  g_assert_cmpfloat_with_epsilon (bottom - top, SQUARE_UV / SENSITIVITY * PX_PER_MM, 1.0);

  gui_activate (gui, "win.set-polarity", "s", "positive-up");
  gui_settle (gui);
  flipped = capture_traces (gui, "calibration-positive-up");
  high = level (gui, flipped, 0, inion_trace_view_time_to_x (gui->traces, 25.125));
  low = level (gui, flipped, 0, inion_trace_view_time_to_x (gui->traces, 25.6));
  g_assert_cmpfloat_with_epsilon (low - high, SQUARE_UV / SENSITIVITY * PX_PER_MM, 1.0);
}

/* The same wave at half the sensitivity is half as high. */
static void
test_sensitivity_scales (void)
{
  g_autoptr (Gui) gui = open_calibration ();
  g_autoptr (GuiPicture) picture = NULL;

  gui_activate (gui, "win.set-sensitivity", "d", 2 * SENSITIVITY);
  show (gui, 10, 20);
  picture = capture_traces (gui, "calibration-half");
  g_assert_cmpfloat_with_epsilon (
    level (gui, picture, 0, inion_trace_view_time_to_x (gui->traces, 25.125)) -
      level (gui, picture, 0, inion_trace_view_time_to_x (gui->traces, 25.6)),
    SQUARE_UV / SENSITIVITY / 2 * PX_PER_MM, 1.0);
}

/* 30 mm/s at 4 px/mm: edges of the square wave are 120 px apart and stand where time says. */
static void
test_time (void)
{
  g_autoptr (Gui) gui = open_calibration ();
  g_autoptr (GuiPicture) picture = NULL;
  double middle, before = NAN;
  int last_edge = -1;
  guint n = 0;

  gui_activate (gui, "win.set-timebase-mm", "d", 30.0);
  inion_view_state_set_from (gui->state, 100.5);
  gui_settle (gui);
  picture = capture_traces (gui, "timebase");
  middle = 0.5 * (level (gui, picture, 0, inion_trace_view_time_to_x (gui->traces, 103.125)) +
                  level (gui, picture, 0, inion_trace_view_time_to_x (gui->traces, 103.6)));
  for (int x = (int) inion_trace_view_get_gutter (gui->traces) + 4; x < picture->width - 120; x++)
    {
      double y = level (gui, picture, 0, x);

      if (before < middle && y >= middle)
        {
          double expected = inion_trace_view_time_to_x (
            gui->traces, round (inion_trace_view_x_to_time (gui->traces, x)));

          g_assert_cmpfloat_with_epsilon (x, expected, 1.5);
          if (last_edge >= 0)
            g_assert_cmpint (ABS (x - last_edge - 120), <=, 1);
          last_edge = x;
          n++;
        }
      before = y;
    }
  g_assert_cmpuint (n, >=, 8);
}

/* One sample is seen at every page length, as high as it is, and nothing else is. */
static void
test_spike (void)
{
  static const double pages[] = { 1, 10, 60, 1e9 };
  g_autoptr (Gui) gui = open_calibration ();
  double height = -SPIKE_UV / SENSITIVITY * PX_PER_MM;

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *name = g_strdup_printf ("spike-%g", MIN (pages[i], SECONDS));
      g_autoptr (GuiPicture) picture = NULL;
      double base, highest = INFINITY;
      int spike, top = (int) lane_top (gui, 3) + 2, bottom = (int) lane_top (gui, 4) - 2;

      show (gui, pages[i], SPIKE_S - pages[i] / 2);
      picture = capture_traces (gui, name);
      spike = (int) inion_trace_view_time_to_x (gui->traces, SPIKE_S);
      base = level (gui, picture, 3, spike - 60);
      for (int x = (int) inion_trace_view_get_gutter (gui->traces) + 4; x < picture->width - 120; x++)
        {
          int first, last;

          /* Every column has a trace: no gap, at no page length. */
          g_assert_true (gui_column_span (picture, x, top, bottom, TRACE_INK / 2, &first, &last));
          if (ABS (x - spike) <= 2)
            highest = MIN (highest, first);
          else if (ABS (x - spike) > 8)
            g_assert_cmpfloat_with_epsilon (first, base, 3);
        }
      g_test_message ("page %g s: the spike is %.1f px high, true %.1f px", pages[i], base - highest,
                      height);
      g_assert_cmpfloat_with_epsilon (base - highest, height, 3);
    }
}

/* 1 µV without any change is a thin straight line. */
static void
test_flat (void)
{
  g_autoptr (Gui) gui = open_calibration ();
  g_autoptr (GuiPicture) picture = NULL;
  double y;

  show (gui, 10, 20);
  picture = capture_traces (gui, "flat");
  y = level (gui, picture, 2, 200);
  g_assert_true (isfinite (y));
  for (int x = (int) inion_trace_view_get_gutter (gui->traces) + 4; x < picture->width - 120; x++)
    {
      int first, last;

      g_assert_true (gui_column_span (picture, x, (int) lane_top (gui, 2) + 2,
                                      (int) lane_top (gui, 3) - 2, TRACE_INK / 2, &first, &last));
      g_assert_cmpint (last - first, <=, 2);
      g_assert_cmpfloat_with_epsilon (level (gui, picture, 2, x), y, 0.5);
    }
}

/* A filter that takes the constant away takes the square's too: the wave is no longer flat. */
static void
test_filter_on_screen (void)
{
  g_autoptr (Gui) gui = open_calibration ();
  g_autoptr (GuiPicture) picture = NULL;
  double start, end;

  gui_activate (gui, "win.set-lff", "d", 1.0);
  show (gui, 10, 20);
  picture = capture_traces (gui, "calibration-lff");
  start = level (gui, picture, 0, inion_trace_view_time_to_x (gui->traces, 25.03));
  end = level (gui, picture, 0, inion_trace_view_time_to_x (gui->traces, 25.22));
  /* 0.19 s of a time constant of 0.159 s leave 30 % of the step. */
  g_assert_cmpfloat (start - end, >, 0.4 * SQUARE_UV / SENSITIVITY * PX_PER_MM);
}

static void
test_paging (void)
{
  g_autoptr (Gui) gui = open_calibration ();

  show (gui, 10, 0);
  gui_activate (gui, "win.page-next", NULL);
  g_assert_cmpfloat (inion_view_state_get_from (gui->state), ==, 10);
  show (gui, 10.6, 100);
  gui_activate (gui, "win.page-next", NULL);
  g_assert_cmpfloat (inion_view_state_get_from (gui->state), ==, 110);
  gui_activate (gui, "win.page-previous", NULL);
  gui_activate (gui, "win.page-previous", NULL);
  g_assert_cmpfloat (inion_view_state_get_from (gui->state), ==, 90);
  gui_activate (gui, "win.end", NULL);
  g_assert_cmpfloat_with_epsilon (inion_view_state_get_from (gui->state), SECONDS - 10.6, 1e-9);
  gui_activate (gui, "win.page-next", NULL);
  g_assert_cmpfloat_with_epsilon (inion_view_state_get_from (gui->state), SECONDS - 10.6, 1e-9);
  gui_activate (gui, "win.start", NULL);
  gui_activate (gui, "win.page-previous", NULL);
  g_assert_cmpfloat (inion_view_state_get_from (gui->state), ==, 0);
  gui_activate (gui, "win.go-to", "d", 300.0);
  g_assert_cmpfloat (inion_view_state_get_from (gui->state), <, 300);
  g_assert_cmpfloat (inion_view_state_get_from (gui->state), >, 300 - 10.6);
  gui_activate (gui, "win.back", NULL);
  g_assert_cmpfloat (inion_view_state_get_from (gui->state), ==, 0);
  gui_settle (gui);
}

static void
test_sensitivity_steps (void)
{
  static const double more[] = { 5, 3, 2, 1, 1 };
  static const double less[] = { 2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000,
                                 1000 };
  g_autoptr (Gui) gui = open_calibration ();

  for (gsize i = 0; i < G_N_ELEMENTS (more); i++)
    {
      gui_activate (gui, "win.sensitivity-up", NULL);
      g_assert_cmpfloat (inion_view_state_get_sensitivity (gui->state), ==, more[i]);
    }
  g_assert_nonnull (gui_find_label (gui_part (gui, "bottom_bar"), "1\u2009µV/mm"));
  for (gsize i = 0; i < G_N_ELEMENTS (less); i++)
    {
      gui_activate (gui, "win.sensitivity-down", NULL);
      g_assert_cmpfloat (inion_view_state_get_sensitivity (gui->state), ==, less[i]);
    }
  g_assert_nonnull (gui_find_label (gui_part (gui, "bottom_bar"), "1000\u2009µV/mm"));
  gui_settle (gui);
}

static void
test_filter_undo (void)
{
  g_autoptr (Gui) gui = open_calibration ();
  GtkWidget *bar = gui_part (gui, "bottom_bar");

  gui_activate (gui, "win.set-lff", "d", 1.6);
  g_assert_cmpfloat (inion_view_state_get_filter (gui->state)->lff_hz, ==, 1.6);
  g_assert_nonnull (gui_find_label (bar, "1.6\u2009Hz"));
  gui_activate (gui, "win.set-notch", "d", 50.0);
  g_assert_cmpfloat (inion_view_state_get_filter (gui->state)->notch_hz, ==, 50);
  g_assert_cmpstr (inion_study_get_undo_title (inion_view_state_get_study (gui->state)), ==,
                   "Notch filter");
  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpfloat (inion_view_state_get_filter (gui->state)->notch_hz, ==, 0);
  g_assert_cmpfloat (inion_view_state_get_filter (gui->state)->lff_hz, ==, 1.6);
  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpfloat (inion_view_state_get_filter (gui->state)->lff_hz, ==, 0);
  g_assert_null (gui_find_label (bar, "1.6\u2009Hz"));
  gui_activate (gui, "win.redo", NULL);
  g_assert_cmpfloat (inion_view_state_get_filter (gui->state)->lff_hz, ==, 1.6);
  gui_settle (gui);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/review/amplitude", test_amplitude);
  g_test_add_func ("/gui/review/sensitivity-scales", test_sensitivity_scales);
  g_test_add_func ("/gui/review/time", test_time);
  g_test_add_func ("/gui/review/spike", test_spike);
  g_test_add_func ("/gui/review/flat", test_flat);
  g_test_add_func ("/gui/review/filter-on-screen", test_filter_on_screen);
  g_test_add_func ("/gui/review/paging", test_paging);
  g_test_add_func ("/gui/review/sensitivity-steps", test_sensitivity_steps);
  g_test_add_func ("/gui/review/filter-undo", test_filter_undo);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
