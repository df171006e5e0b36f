/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "picture.h"

#include "widgets/render/plots.h"

#include <math.h>

#define BINS 281
#define BIN_HZ 0.25

static void
make_psd (double *psd)
{
  for (int i = 0; i < BINS; i++)
    {
      double hz = i * BIN_HZ;

      psd[i] = 90 / pow (hz + 0.7, 1.6) + 9 * exp (-pow ((hz - 10.25) / 0.9, 2))
               + 0.5 * exp (-pow ((hz - 50) / 0.3, 2))
               + 0.02 * (1.2 + sin (i * 1.7) * sin (i * 0.37));
    }
}

static void
test_spectrum_look (void)
{
  double psd[BINS];

  make_psd (psd);
  for (int dark = 0; dark < 2; dark++)
    for (int hover = 0; hover < 2; hover++)
      {
        InionPlotStyle style = { .dark = dark };
        Picture picture = picture_new (340, 220, dark);
        g_autofree char *name = g_strdup_printf ("spectrum-%s-%s", hover ? "hover" : "peak",
                                                 dark ? "dark" : "light");

        inion_spectrum_draw (picture.cr, 340, 220, psd, BINS, BIN_HZ, 70, hover ? 21.3 : -1,
                             "O1-M2", &style);
        g_assert_cmpuint (picture_count_drawn (&picture), >, 20000);
        picture_finish (&picture, name);
      }
}

/* Curve and area end where the frequencies say: the alpha peak is the highest ink near 10 Hz. */
static void
test_spectrum_place (void)
{
  InionPlotStyle style = { 0 };
  double psd[BINS];
  int highest = 1000, at = -1, left = -1, right = -1;
  Picture picture = picture_new (700, 300, FALSE);

  for (int i = 0; i < BINS; i++)
    psd[i] = i == 160 ? 1000 : 0.001; /* 40 Hz */
  inion_spectrum_draw (picture.cr, 700, 300, psd, BINS, BIN_HZ, 70, -1, NULL, &style);
  for (int x = 0; x < 700; x++)
    for (int y = 30; y < 280; y++)
      {
        guint32 pixel = picture_pixel (&picture, x, y);

        if (PICTURE_BLUE (pixel) > PICTURE_RED (pixel) + 100)
          {
            if (left < 0)
              left = x;
            right = x;
            if (y < highest)
              {
                highest = y;
                at = x;
              }
          }
      }
  g_assert_cmpint (ABS (at - (left + (right - left) * 40 / 70)), <=, 2);
  picture_finish (&picture, NULL);
}

static void
test_confusion_look (void)
{
  const guint counts[] = { 41, 3, 1, 6, 33, 6, 2, 9, 34 };
  const guint two[] = { 21, 2, 4, 18 };
  const char *const classes[] = { "Left hand", "Right hand", "Rest" };

  for (int dark = 0; dark < 2; dark++)
    {
      InionPlotStyle style = { .dark = dark };
      Picture picture = picture_new (380, 260, dark), small = picture_new (320, 200, dark);

      inion_confusion_draw (picture.cr, 380, 260, counts, classes, 3, &style);
      g_assert_cmpuint (picture_count_drawn (&picture), >, 20000);
      picture_finish (&picture, dark ? "confusion-dark" : "confusion-light");
      inion_confusion_draw (small.cr, 320, 200, two, classes, 2, &style);
      g_assert_cmpuint (picture_count_drawn (&small), >, 10000);
      picture_finish (&small, dark ? "confusion-two-dark" : "confusion-two-light");
    }
}

static void
test_folds_look (void)
{
  const double accuracies[] = { 0.93, 0.87, 1.0, 0.80, 0.93, 0.87 };
  const guint sizes[] = { 15, 15, 8, 15, 15, 15 };
  const char *const names[] = { "S01", "S02", "S03", "S04", "S05", "S06" };

  for (int dark = 0; dark < 2; dark++)
    {
      InionPlotStyle style = { .dark = dark };
      Picture picture = picture_new (420, 220, dark);

      inion_folds_draw (picture.cr, 420, 220, accuracies, sizes, names, 6, 0.893, 0.79, 0.95, 0.5,
                        0.62, &style);
      g_assert_cmpuint (picture_count_drawn (&picture), >, 5000);
      picture_finish (&picture, dark ? "folds-dark" : "folds-light");
    }
}

static void
test_lane_look (void)
{
  const guint32 colors[] = { 0x0072b2, 0xd55e00, 0x009e73 };
  double times[120], probabilities[360];

  for (int i = 0; i < 120; i++)
    {
      double a = exp (2.5 * sin (i * 0.11)), b = exp (2 * sin (i * 0.17 + 2));
      double c = exp (2 * cos (i * 0.07));

      times[i] = 2 + i * 0.25;
      probabilities[3 * i] = i == 60 ? NAN : a / (a + b + c);
      probabilities[3 * i + 1] = b / (a + b + c);
      probabilities[3 * i + 2] = c / (a + b + c);
    }
  for (int dark = 0; dark < 2; dark++)
    for (int stale = 0; stale < 2; stale++)
      {
        InionPlotStyle style = { .dark = dark };
        Picture picture = picture_new (600, 44, dark);
        g_autofree char *name = g_strdup_printf ("lane-%s-%s", stale ? "stale" : "fresh",
                                                 dark ? "dark" : "light");

        inion_probability_lane_draw (picture.cr, 600, 44, 0, 36, times, 120, 0.25, probabilities, 3,
                                     colors, stale, &style);
        g_assert_cmpuint (picture_count_drawn (&picture), >, 15000);
        picture_finish (&picture, name);
      }
}

/* Rows stand at their times, the first class below; uncertain ones are grey, missing ones blank. */
static void
test_lane_place (void)
{
  const guint32 colors[] = { 0xff0000, 0x0000ff };
  const double times[] = { 1, 2, 3, 4 };
  const double probabilities[] = { 0.95, 0.05, 0.05, 0.95, 0.5, 0.5, NAN, NAN };
  InionPlotStyle style = { 0 };
  Picture picture = picture_new (100, 40, FALSE);
  guint32 pixel;

  inion_probability_lane_draw (picture.cr, 100, 40, 0, 10, times, 4, 1, probabilities, 2, colors,
                               FALSE, &style);
  g_assert_cmphex (picture_pixel (&picture, 5, 10), ==, 0xffffffff);
  pixel = picture_pixel (&picture, 15, 30);
  g_assert_cmpint (PICTURE_RED (pixel), >, PICTURE_BLUE (pixel) + 150);
  pixel = picture_pixel (&picture, 15, 0);
  g_assert_cmpint (PICTURE_BLUE (pixel), >, PICTURE_RED (pixel) + 150);
  pixel = picture_pixel (&picture, 25, 10);
  g_assert_cmpint (PICTURE_BLUE (pixel), >, PICTURE_RED (pixel) + 150);
  pixel = picture_pixel (&picture, 35, 30);
  g_assert_cmpint (ABS (PICTURE_RED (pixel) - PICTURE_BLUE (pixel)), <, 60);
  g_assert_cmphex (picture_pixel (&picture, 45, 30), ==, 0xffffffff);
  g_assert_cmphex (picture_pixel (&picture, 65, 30), ==, 0xffffffff);
  picture_finish (&picture, NULL);
}

/* Whatever comes, nothing breaks, at any size. */
static void
test_degenerate (void)
{
  const double values[] = { 0, NAN, INFINITY, -1, 1e300, 0.5 };
  const guint32 colors[] = { 0xff0000, 0x0000ff };
  const guint zeros[] = { 0, 0, 0, 0 }, one_class[] = { 7 };
  const char *const classes[] = { "a class with a rather long name", "ж" };

  for (gsize v = 0; v < G_N_ELEMENTS (values); v++)
    for (int size = 0; size <= 200; size += size < 20 ? 7 : 60)
      {
        InionPlotStyle style = { .dark = size % 2 };
        Picture picture = picture_new (200, 200, FALSE);
        double x = values[v], many[BINS], few[] = { x, x };
        cairo_t *cr = picture.cr;

        for (int i = 0; i < BINS; i++)
          many[i] = x;
        inion_spectrum_draw (cr, size, size, many, BINS, BIN_HZ, 70, 10, "title", &style);
        inion_spectrum_draw (cr, size, size, many, BINS, BIN_HZ, 70, -1, NULL, &style);
        inion_spectrum_draw (cr, size, size, many, BINS, x, x, x, NULL, &style);
        inion_spectrum_draw (cr, size, size, NULL, 0, 1, 70, -1, NULL, &style);
        inion_spectrum_draw (cr, size, size, many, 1, 1, 70, 0, NULL, &style);
        inion_confusion_draw (cr, size, size, zeros, classes, 2, &style);
        inion_confusion_draw (cr, size, size, one_class, classes, 1, &style);
        inion_confusion_draw (cr, size, size, zeros, NULL, 0, &style);
        inion_folds_draw (cr, size, size, few, zeros, classes, 2, x, x, x, x, x, &style);
        inion_folds_draw (cr, size, size, NULL, NULL, NULL, 0, 0.5, x, x, x, x, &style);
        inion_probability_lane_draw (cr, size, size, 0, 10, few, 2, x, many, 2, colors, TRUE,
                                     &style);
        inion_probability_lane_draw (cr, size, size, 0, 10, many, 20, 1, many, 1, colors, TRUE,
                                     &style);
        inion_probability_lane_draw (cr, size, size, x, 10, NULL, 0, 1, NULL, 2, colors, FALSE,
                                     &style);
        picture_finish (&picture, NULL);
      }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/plots/spectrum/look", test_spectrum_look);
  g_test_add_func ("/render/plots/spectrum/place", test_spectrum_place);
  g_test_add_func ("/render/plots/confusion/look", test_confusion_look);
  g_test_add_func ("/render/plots/folds/look", test_folds_look);
  g_test_add_func ("/render/plots/lane/look", test_lane_look);
  g_test_add_func ("/render/plots/lane/place", test_lane_place);
  g_test_add_func ("/render/plots/degenerate", test_degenerate);
  return g_test_run ();
}
