/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "signal/measure.h"

#include <math.h>

#define RATE 200.0

static void
test_by_hand (void)
{
  const double x[] = { 1, 3, -1, -3, 5, 1 };
  InionMeasures m;

  inion_measure (x, G_N_ELEMENTS (x), 100, 0, &m);
  g_assert_cmpuint (m.n, ==, 6);
  g_assert_cmpuint (m.n_missing, ==, 0);
  g_assert_cmpfloat (m.highest, ==, 5);
  g_assert_cmpuint (m.highest_at, ==, 4);
  g_assert_cmpfloat (m.lowest, ==, -3);
  g_assert_cmpuint (m.lowest_at, ==, 3);
  g_assert_cmpfloat (m.peak_to_peak, ==, 8);
  g_assert_cmpfloat (m.above, ==, 5);
  g_assert_cmpfloat (m.below, ==, 3);
  g_assert_cmpfloat_with_epsilon (m.rms, sqrt (46.0 / 6), 1e-14);
  /* Between neighbours: 2, (9 + 1)/8, 2, (9 + 25)/16, 3. */
  g_assert_cmpfloat_with_epsilon (m.area, (2 + 1.25 + 2 + 2.125 + 3) / 100, 1e-14);
  g_assert_cmpfloat (m.slope, ==, 0);
  g_assert_cmpfloat_with_epsilon (m.steepest, 0.8, 1e-14);
  g_assert_cmpfloat (m.steepest_at, ==, 3.5);
  g_assert_cmpfloat (m.n_waves, ==, 1);

  /* About the mean, which is 1. */
  inion_measure (x, G_N_ELEMENTS (x), 100, NAN, &m);
  g_assert_cmpfloat_with_epsilon (m.baseline, 1, 1e-15);
  g_assert_cmpfloat_with_epsilon (m.above, 4, 1e-15);
  g_assert_cmpfloat_with_epsilon (m.below, 4, 1e-15);

  inion_measure (x, 3, 100, NAN, &m);
  g_assert_cmpfloat_with_epsilon (m.slope, -0.1, 1e-15);
}

static void
test_sine (void)
{
  double x[400];
  static const double hz[] = { 2.5, 6.3, 10, 11.7, 33 };

  for (guint f = 0; f < G_N_ELEMENTS (hz); f++)
    {
      InionMeasures m;

      for (guint i = 0; i < 400; i++)
        x[i] = 7 + 50 * sin (2 * G_PI * hz[f] * i / RATE + 0.4);
      inion_measure (x, 400, RATE, 7, &m);
      g_test_message ("%g Hz: waves %g, %g Hz; spectrum %g Hz", hz[f], m.n_waves, m.wave_hz,
                      m.peak_hz);
      g_assert_cmpfloat_with_epsilon (m.wave_hz, hz[f], 2e-3 * hz[f]);
      g_assert_cmpfloat_with_epsilon (m.peak_hz, hz[f], 0.03);
      g_assert_cmpfloat_with_epsilon (m.n_waves, hz[f] * 2, 0.51);
      g_assert_cmpfloat_with_epsilon (m.rms, 50 / sqrt (2), 1);
      /* Between samples a line is drawn: with few a wave it is lower than the sine. */
      if (hz[f] < 10)
        g_assert_cmpfloat_with_epsilon (m.area, 2 * 100 / G_PI, 1);
    }
}

/* A little noise crosses the baseline often, and is no wave. */
static void
test_noise (void)
{
  double x[400];
  InionMeasures m;

  for (guint i = 0; i < 400; i++)
    x[i] = 50 * sin (2 * G_PI * 3 * i / RATE) + (i % 2 ? 2 : -2);
  inion_measure (x, 400, RATE, NAN, &m);
  g_assert_cmpfloat_with_epsilon (m.n_waves, 6, 0.51);
  g_assert_cmpfloat_with_epsilon (m.wave_hz, 3, 0.03);
  g_assert_cmpfloat_with_epsilon (m.peak_hz, 3, 0.03);
}

static void
test_gaps (void)
{
  double x[] = { NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
  InionMeasures m;

  inion_measure (x, 10, RATE, NAN, &m);
  g_assert_cmpuint (m.n, ==, 0);
  g_assert_cmpuint (m.n_missing, ==, 10);
  g_assert_true (isnan (m.highest) && isnan (m.rms) && isnan (m.baseline) && isnan (m.area));
  g_assert_true (isnan (m.n_waves) && isnan (m.wave_hz) && isnan (m.peak_hz) && isnan (m.slope));

  /* What is there is measured, what would lie across the gap is not. */
  for (guint i = 0; i < 10; i++)
    x[i] = i < 4 ? i : i < 6 ? NAN : 100 - i;
  inion_measure (x, 10, RATE, 0, &m);
  g_assert_cmpuint (m.n, ==, 8);
  g_assert_cmpuint (m.n_missing, ==, 2);
  g_assert_cmpfloat (m.peak_to_peak, ==, 94);
  g_assert_cmpfloat_with_epsilon (fabs (m.steepest), RATE / 1000, 1e-12);
  g_assert_true (isnan (m.slope) && isnan (m.area) && isnan (m.n_waves) && isnan (m.peak_hz));

  inion_measure (x, 0, RATE, NAN, &m);
  g_assert_cmpuint (m.n, ==, 0);
  g_assert_true (isnan (m.peak_to_peak));
}

static void
test_flat (void)
{
  double x[64];
  InionMeasures m;

  for (guint i = 0; i < 64; i++)
    x[i] = 12;
  inion_measure (x, 64, RATE, NAN, &m);
  g_assert_cmpfloat (m.peak_to_peak, ==, 0);
  g_assert_cmpfloat (m.n_waves, ==, 0);
  g_assert_cmpfloat (m.slope, ==, 0);
  g_assert_true (isnan (m.wave_hz) && isnan (m.peak_hz));

  /* A drift has a slope and no frequency. */
  for (guint i = 0; i < 64; i++)
    x[i] = exp (i / 30.0);
  inion_measure (x, 64, RATE, NAN, &m);
  g_assert_true (isnan (m.wave_hz));
  g_assert_cmpfloat (m.steepest_at, ==, 62.5);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signal/measure/by-hand", test_by_hand);
  g_test_add_func ("/signal/measure/sine", test_sine);
  g_test_add_func ("/signal/measure/noise", test_noise);
  g_test_add_func ("/signal/measure/gaps", test_gaps);
  g_test_add_func ("/signal/measure/flat", test_flat);
  return g_test_run ();
}
