/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "page-maker.h"

#include <string.h>

/* The middle of the ink in a column, in rows; NAN without ink. */
static double
ink_center (cairo_surface_t *surface,
            int              x)
{
  int height = cairo_image_surface_get_height (surface);
  double sum = 0, weight = 0;

  for (int y = 0; y < height; y++)
    {
      int ink = page_maker_ink (surface, x, y);

      sum += ink * (y + 0.5);
      weight += ink;
    }
  return weight > 0 ? sum / weight : NAN;
}

static int
column_ink (cairo_surface_t *surface,
            int              x)
{
  int sum = 0;

  for (int y = 0; y < cairo_image_surface_get_height (surface); y++)
    sum += page_maker_ink (surface, x, y);
  return sum;
}

static cairo_surface_t *
draw_one (InionPage     *page,
          InionTraceLane lane,
          double         to_s,
          int            width,
          int            height,
          float          line_width)
{
  g_autoptr (InionTraceFrame) frame = NULL;
  cairo_surface_t *surface = page_maker_surface (width, height);

  frame = inion_trace_frame_new (page, 0, to_s, width, height, line_width, &lane, 1);
  page_maker_draw (surface, frame);
  return surface;
}

/* 50 µV at 7 µV/mm with 4 px/mm is 28.57 px; negative up puts +50 µV below the zero line. */
static void
test_known_rows (void)
{
  double px = 4.0 / 7.0;
  int widths[] = { 80, 800 }; /* 1 and 10 pixels a sample: columns and segments */

  for (int w = 0; w < 2; w++)
    for (int sign = -1; sign <= 1; sign += 2)
      {
        g_autoptr (InionPage) page = page_maker_new (1, 80, 1, 80);
        cairo_surface_t *surface;

        for (guint i = 0; i < 80; i++)
          {
            double v = i / 20 % 2 ? -50 : 50;

            page_maker_set (page, 0, i, v, v);
          }
        surface = draw_one (page, page_maker_lane (0, 60, (float) (sign * px)), 1, widths[w], 120,
                            1.25f);
        for (int i = 0; i < 80; i++)
          {
            double v = i / 20 % 2 ? -50 : 50;

            if (i % 20 >= 2 && i % 20 <= 17)
              g_assert_cmpfloat_with_epsilon (ink_center (surface, i * widths[w] / 80),
                                              60 + sign * v * px, 0.05);
          }
        cairo_surface_destroy (surface);
      }
}

/* The ink of a flat line is its width, wherever it stands. */
static void
test_line_width (void)
{
  const float line_widths[] = { 0.75f, 1, 1.25f, 2, 2.5f, 4 };
  const int widths[] = { 32, 320, 3200 };

  for (gsize i = 0; i < G_N_ELEMENTS (line_widths); i++)
    for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
      for (int shift = 0; shift < 4; shift++)
        {
          g_autoptr (InionPage) page = page_maker_new (1, 64, 1, 64);
          float y0 = 20 + 0.25f * shift;
          cairo_surface_t *surface;

          for (guint k = 0; k < 64; k++)
            page_maker_set (page, 0, k, 0, 0);
          surface = draw_one (page, page_maker_lane (0, y0, 1), 1, widths[w], 40, line_widths[i]);
          g_assert_cmpfloat_with_epsilon (ink_center (surface, widths[w] / 2), y0, 0.13);
          g_assert_cmpfloat_with_epsilon (column_ink (surface, widths[w] / 2) / 255.0,
                                          line_widths[i], 0.15);
          cairo_surface_destroy (surface);
        }
}

/* A spike of one sample is seen at full height and ink however far out one zooms. */
static void
test_spike (void)
{
  for (gint64 bin_size = 1; bin_size <= 1024; bin_size *= 4)
    for (guint at = 300; at < 310; at++)
      {
        g_autoptr (InionPage) page = page_maker_new (1, 600, bin_size, 256);
        cairo_surface_t *surface;
        int darkest = 0;

        for (guint i = 0; i < 600; i++)
          page_maker_set (page, 0, i, bin_size > 1 ? -1 : i == at ? 40 : 0, i == at ? 40 : 1);
        surface = draw_one (page, page_maker_lane (0, 20, 1), page->to_s, 430, 80, 1.25f);
        for (int x = 0; x < 430; x++)
          darkest = MAX (darkest, page_maker_ink (surface, x, 58));
        g_assert_cmpint (darkest, >=, 250);
        cairo_surface_destroy (surface);
      }
}

/* Neighbouring bins that do not overlap are joined: every row between them has ink. */
static void
test_no_gaps (void)
{
  g_autoptr (InionPage) page = page_maker_new (1, 200, 16, 256);
  cairo_surface_t *surface;

  for (guint i = 0; i < 200; i++)
    page_maker_set (page, 0, i, i < 100 ? -30 : 25, i < 100 ? -25 : 30);
  surface = draw_one (page, page_maker_lane (0, 50, 1), page->to_s, 200, 100, 1.25f);
  for (int y = 21; y < 79; y++)
    g_assert_cmpint (page_maker_ink (surface, 99, y) + page_maker_ink (surface, 100, y), >=, 250);
  cairo_surface_destroy (surface);
}

/* Empty bins and NaN draw nothing, and nothing is drawn across them. */
static void
test_empty (void)
{
  const int widths[] = { 100, 1000 };

  for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
    for (gint64 bin_size = 1; bin_size <= 16; bin_size *= 16)
      {
        g_autoptr (InionPage) page = page_maker_new (1, 100, bin_size, 100);
        int scale = widths[w] / 100;
        cairo_surface_t *surface;

        for (guint i = 0; i < 100; i++)
          if (i < 30 || i > 60)
            page_maker_set (page, 0, i, 5, 5);
        page_maker_set (page, 0, 45, NAN, NAN);
        page_maker_set (page, 0, 50, 5, 5);
        surface = draw_one (page, page_maker_lane (0, 20, 1), page->to_s, widths[w], 40, 1.25f);
        for (int x = 31 * scale + 2; x < 60 * scale; x++)
          if (ABS (x - 50 * scale) > scale + 1)
            g_assert_cmpint (column_ink (surface, x), ==, 0);
        g_assert_cmpint (column_ink (surface, 29 * scale), >, 200);
        /* A lone sample is still seen. */
        g_assert_cmpint (column_ink (surface, 50 * scale), >, 60);
        cairo_surface_destroy (surface);
      }
}

static void
test_clip (void)
{
  const int widths[] = { 100, 1000 };

  for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
    {
      g_autoptr (InionPage) page = page_maker_new (1, 100, 1, 100);
      InionTraceLane lane = page_maker_lane (0, 50, 1);
      cairo_surface_t *surface;

      for (guint i = 0; i < 100; i++)
        page_maker_set (page, 0, i, i % 10 * 10 - 50, i % 10 * 10 - 50);
      lane.clip_top = 30;
      lane.clip_bottom = 70;
      surface = draw_one (page, lane, 1, widths[w], 100, 1.25f);
      for (int x = 0; x < widths[w]; x++)
        for (int y = 0; y < 100; y++)
          if (y < 30 || y >= 70)
            g_assert_cmpint (page_maker_ink (surface, x, y), ==, 0);
      g_assert_cmpint (column_ink (surface, widths[w] * 55 / 100), >, 0);
      cairo_surface_destroy (surface);
    }
}

/* Half-transparent ink over white is half as dark, and the ground stays opaque. */
static void
test_alpha (void)
{
  g_autoptr (InionPage) page = page_maker_new (1, 64, 1, 64);
  InionTraceLane lane = page_maker_lane (0, 20, 1);
  cairo_surface_t *surface;

  for (guint k = 0; k < 64; k++)
    page_maker_set (page, 0, k, 0, 0);
  lane.rgba[0] = 1;
  lane.rgba[3] = 0.5;
  surface = draw_one (page, lane, 1, 64, 40, 4);
  g_assert_cmphex (page_maker_pixel (surface, 30, 20) & 0xffff0000, ==, 0xffff0000);
  g_assert_cmpint (ABS (page_maker_ink (surface, 30, 20) - 128), <=, 1);
  cairo_surface_destroy (surface);
}

/* Numbers that make no sense draw nothing and harm nobody. */
static void
test_degenerate (void)
{
  g_autoptr (InionPage) page = page_maker_new (2, 10, 1, 10);
  InionTraceLane lane = page_maker_lane (0, NAN, 1);
  cairo_surface_t *surface;

  for (guint i = 0; i < 10; i++)
    {
      page_maker_set (page, 0, i, -INFINITY, INFINITY);
      page_maker_set (page, 1, i, -3e38, 3e38);
    }
  page->rate_hz[1] = 0;
  surface = draw_one (page, lane, 1, 50, 20, 1);
  g_assert_cmpint (column_ink (surface, 20), ==, 0);
  cairo_surface_destroy (surface);
  lane = page_maker_lane (0, 10, 1e30f);
  surface = draw_one (page, lane, 1, 50, 20, 1);
  cairo_surface_destroy (surface);
  surface = draw_one (page, lane, 0, 50, 20, 1);
  cairo_surface_destroy (surface);
  lane = page_maker_lane (1, 10, 1);
  surface = draw_one (page, lane, 1, 50, 20, 1);
  g_assert_cmpint (column_ink (surface, 20), ==, 0);
  cairo_surface_destroy (surface);
  lane = page_maker_lane (7, 10, 1);
  surface = draw_one (page, lane, 1, 50, 20, 0);
  g_assert_cmpint (column_ink (surface, 20), ==, 0);
  cairo_surface_destroy (surface);
  lane = page_maker_lane (0, 10, 1);
  lane.clip_top = NAN;
  surface = draw_one (page, lane, 1, 0, 20, 1);
  cairo_surface_destroy (surface);
}

static double
smooth (double t)
{
  return 14 * sin (t * 22) + 9 * sin (t * 61 + 1) + 4 * sin (t * 133 + 2);
}

/* cairo's polyline of the same samples: the mean difference of a pixel either has inked. */
static double
difference_from_cairo (cairo_surface_t *surface,
                       guint            n,
                       double           px_per_sample,
                       double           y0)
{
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  cairo_surface_t *other = page_maker_surface (width, height);
  cairo_t *cr = cairo_create (other);
  double sum = 0;
  guint inked = 0;

  for (guint i = 0; i < n; i++)
    cairo_line_to (cr, i * px_per_sample, y0 + smooth (i / (double) n * 3));
  cairo_set_line_width (cr, 1.25);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_BEST);
  cairo_stroke (cr);
  cairo_destroy (cr);
  cairo_surface_flush (other);
  for (int y = 0; y < height; y++)
    for (int x = 2; x < width - 2; x++)
      {
        int a = page_maker_ink (surface, x, y), b = page_maker_ink (other, x, y);

        sum += ABS (a - b);
        inked += MAX (a, b) > 8;
      }
  cairo_surface_destroy (other);
  return sum / inked;
}

/* Both ways of drawing look like the polyline that cairo strokes twenty times slower. */
static void
test_quality (void)
{
  const double steps[] = { 0.5, 0.6, 0.9, 1.19, 1.21, 2, 5.3 };

  for (gsize s = 0; s < G_N_ELEMENTS (steps); s++)
    {
      guint n = (guint) (600 / steps[s]);
      g_autoptr (InionPage) page = page_maker_new (1, n, 1, 100);
      cairo_surface_t *surface;
      g_autofree char *name = g_strdup_printf ("quality-%.2f", steps[s]);
      double difference;

      for (guint i = 0; i < n; i++)
        page_maker_set (page, 0, i, smooth (i / (double) n * 3), smooth (i / (double) n * 3));
      surface = draw_one (page, page_maker_lane (0, 40, 1), 600 / steps[s] / 100, 600, 80, 1.25f);
      difference = difference_from_cairo (surface, n, steps[s], 40);
      g_test_message ("%.2f px/sample: %.1f of 255", steps[s], difference);
      page_maker_keep (surface, name);
      g_assert_cmpfloat (difference, <, 12);
      cairo_surface_destroy (surface);
    }
}

/* A page keeps its place while the picture scrolls over it. */
static void
test_scroll (void)
{
  g_autoptr (InionPage) page = page_maker_new (1, 4000, 1, 100);
  g_autoptr (InionTraceFrame) a = NULL;
  g_autoptr (InionTraceFrame) b = NULL;
  InionTraceLane lane = page_maker_lane (0, 40, 20);
  cairo_surface_t *first = page_maker_surface (300, 80), *second = page_maker_surface (300, 80);

  page->first_bin[0] = 86400 * 100;
  for (guint i = 0; i < 4000; i++)
    {
      double v = page_maker_noise (1, i);

      page_maker_set (page, 0, i, v, v);
    }
  a = inion_trace_frame_new (page, 86400 + 5, 86400 + 8, 300, 80, 1.25f, &lane, 1);
  b = inion_trace_frame_new (page, 86400 + 5.5, 86400 + 8.5, 300, 80, 1.25f, &lane, 1);
  page_maker_draw (first, a);
  page_maker_draw (second, b);
  for (int y = 0; y < 80; y++)
    for (int x = 2; x < 248; x++)
      g_assert_cmpint (ABS (page_maker_ink (first, x + 50, y) - page_maker_ink (second, x, y)), <=,
                       1);
  cairo_surface_destroy (first);
  cairo_surface_destroy (second);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/trace-raster/known-rows", test_known_rows);
  g_test_add_func ("/render/trace-raster/line-width", test_line_width);
  g_test_add_func ("/render/trace-raster/spike", test_spike);
  g_test_add_func ("/render/trace-raster/no-gaps", test_no_gaps);
  g_test_add_func ("/render/trace-raster/empty", test_empty);
  g_test_add_func ("/render/trace-raster/clip", test_clip);
  g_test_add_func ("/render/trace-raster/alpha", test_alpha);
  g_test_add_func ("/render/trace-raster/degenerate", test_degenerate);
  g_test_add_func ("/render/trace-raster/quality", test_quality);
  g_test_add_func ("/render/trace-raster/scroll", test_scroll);
  return g_test_run ();
}
