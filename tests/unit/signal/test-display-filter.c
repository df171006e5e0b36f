/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "signal/display-filter.h"

#include "core/random.h"

#include <math.h>
#include <string.h>

/* Both passes together. */
static double
gain (const InionDisplayFilter *filter,
      double                    hz,
      double                    rate)
{
  InionSos sos;
  double once;

  inion_display_filter_design (filter, rate, &sos);
  once = inion_sos_gain_at (&sos, hz, rate);
  return filter->phase == INION_PHASE_ZERO ? once * once : once;
}

static void
test_edges_are_3_db (void)
{
  const double rates[] = { 160, 256, 1024 };

  for (guint r = 0; r < G_N_ELEMENTS (rates); r++)
    for (guint phase = 0; phase < 2; phase++)
      {
        InionDisplayFilter lff = { 0.5, 0, 0, phase }, hff = { 0, 70, 0, phase };
        InionDisplayFilter notch = { 0, 0, 50, phase };
        double low = 50 - 50 / 60.0, high = 50 + 50 / 60.0;

        g_assert_cmpfloat_with_epsilon (gain (&lff, 0.5, rates[r]), G_SQRT2 / 2, 1e-9);
        g_assert_cmpfloat_with_epsilon (gain (&hff, 70, rates[r]), G_SQRT2 / 2, 1e-9);
        g_assert_cmpfloat (gain (&notch, 50, rates[r]), <, 1e-9);
        /* Warping bends the notch's edges a little. */
        g_assert_cmpfloat_with_epsilon (gain (&notch, low, rates[r]), G_SQRT2 / 2, 0.02);
        g_assert_cmpfloat_with_epsilon (gain (&notch, high, rates[r]), G_SQRT2 / 2, 0.02);
      }
}

/* 6 and 12 dB an octave. */
static void
test_slopes (void)
{
  InionDisplayFilter lff = { 1, 0, 0, INION_PHASE_CAUSAL }, hff = { 0, 15, 0, INION_PHASE_CAUSAL };

  g_assert_cmpfloat_with_epsilon (gain (&lff, 0.02, 1000) / gain (&lff, 0.01, 1000), 2, 1e-3);
  g_assert_cmpfloat_with_epsilon (gain (&hff, 100, 4000) / gain (&hff, 200, 4000), 4, 0.1);
}

/* The step response of the LFF falls to 1/e after 1/(2πf). */
static void
test_time_constant (void)
{
  InionDisplayFilter lff = { 0.5, 0, 0, INION_PHASE_CAUSAL };
  InionSos sos;
  InionSosState state;
  double rate = 1000, y = 0, one = 1, tau = 1 / (2 * G_PI * 0.5);

  inion_display_filter_design (&lff, rate, &sos);
  inion_sos_state_reset (&state);
  for (gsize i = 0; i < (gsize) (tau * rate); i++)
    inion_sos_process (&sos, &state, &one, &y, 1);
  g_assert_cmpfloat_with_epsilon (y, exp (-1), 2e-3);
}

static void
make_signal (double *x,
             gsize   n,
             double  rate)
{
  InionRandom random;
  double drift = 300, slow = 0;

  inion_random_seed (&random, 9, 0);
  for (gsize i = 0; i < n; i++)
    {
      slow = 0.97 * slow + inion_random_normal (&random);
      drift += 0.3 * inion_random_normal (&random);
      x[i] = drift + 4 * slow + 20 * sin (2 * G_PI * 10 * i / rate) +
             8 * sin (2 * G_PI * 50 * i / rate);
    }
}

/* A page read with its margins equals the page cut from the filtered whole. */
static void
test_margin (void)
{
  const double rate = 256;
  const gsize n = (gsize) (300 * rate), first = (gsize) (150 * rate), page = (gsize) (10 * rate);
  const double lffs[] = { 0, 0.05, 0.16, 0.5, 1, 5.3 };
  g_autofree double *x = g_new (double, n), *whole = g_new (double, n), *part = g_new (double, n);

  make_signal (x, n, rate);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (lffs); i++)
    {
      InionDisplayFilter filter = { lffs[i / 2], 70, 50, i % 2 };
      gsize margin = inion_display_filter_margin (&filter, rate);
      gsize from = first - margin, length = page + (i % 2 + 1) * margin;
      double peak = 0, difference = 0;
      InionSos sos;

      g_assert_cmpuint (margin, >, 0);
      g_assert_cmpuint (margin, <=, (gsize) (60 * rate));
      inion_display_filter_design (&filter, rate, &sos);
      memcpy (whole, x, n * sizeof *x);
      memcpy (part, x + from, length * sizeof *x);
      g_assert_true (inion_display_filter_apply (&filter, &sos, whole, n, NULL));
      g_assert_true (inion_display_filter_apply (&filter, &sos, part, length, NULL));
      for (gsize k = 0; k < page; k++)
        {
          peak = MAX (peak, fabs (whole[first + k]));
          difference = MAX (difference, fabs (whole[first + k] - part[margin + k]));
        }
      g_test_message ("lff %g phase %u: margin %.2f s, off by %.2g of the peak", lffs[i / 2], i % 2,
                      margin / rate, difference / peak);
      g_assert_cmpfloat (difference, <, 1e-3 * peak);
    }
}

static void
test_off_and_left_out (void)
{
  InionDisplayFilter off = { 0 }, nan = { NAN, NAN, NAN, INION_PHASE_ZERO };
  InionDisplayFilter high = { 0.5, 79.5, 60, INION_PHASE_CAUSAL };
  InionSos sos;
  double x[3] = { 1, 2, 3 };

  g_assert_true (inion_display_filter_is_off (&off));
  g_assert_true (inion_display_filter_is_off (&nan));
  g_assert_false (inion_display_filter_is_off (&high));
  inion_display_filter_design (&off, 256, &sos);
  g_assert_cmpuint (sos.n_sections, ==, 0);
  g_assert_cmpuint (inion_display_filter_margin (&off, 256), ==, 0);
  g_assert_true (inion_display_filter_apply (&off, &sos, x, 3, NULL));
  g_assert_cmpfloat (x[2], ==, 3);

  /* 79.5 Hz is above 0.99 × 80 Hz. */
  inion_display_filter_design (&high, 160, &sos);
  g_assert_cmpuint (sos.n_sections, ==, 2);
  inion_display_filter_design (&high, 256, &sos);
  g_assert_cmpuint (sos.n_sections, ==, 3);
  inion_display_filter_design (&high, 0.5, &sos);
  g_assert_cmpuint (sos.n_sections, ==, 0);
  inion_display_filter_design (&high, NAN, &sos);
  g_assert_cmpuint (sos.n_sections, ==, 0);
}

static void
test_short (void)
{
  InionDisplayFilter filter = { 0.5, 30, 50, INION_PHASE_ZERO };
  InionSos sos;

  inion_display_filter_design (&filter, 256, &sos);
  for (gsize n = 0; n < 40; n++)
    {
      double x[40] = { 5, -3, 2 };
      g_autoptr (GError) error = NULL;

      inion_display_filter_apply (&filter, &sos, x, n, &error);
      g_assert_no_error (error);
      for (gsize i = 0; i < n; i++)
        g_assert_true (isfinite (x[i]));
    }
}

static void
test_equal_and_key (void)
{
  InionDisplayFilter a = { 0.5, 70, 0, INION_PHASE_CAUSAL };
  InionDisplayFilter b = { 0.5, 70, NAN, INION_PHASE_CAUSAL };
  InionDisplayFilter c = { 0.5, 70, 50, INION_PHASE_CAUSAL }, d = { 0.5, 70, 0, INION_PHASE_ZERO };
  InionDisplayFilter off = { 0, -1, 0, INION_PHASE_ZERO }, none = { 0 };
  g_autofree char *key_a = inion_display_filter_dup_key (&a);
  g_autofree char *key_b = inion_display_filter_dup_key (&b);
  g_autofree char *key_c = inion_display_filter_dup_key (&c);
  g_autofree char *key_d = inion_display_filter_dup_key (&d);
  g_autofree char *key_off = inion_display_filter_dup_key (&off);
  g_autofree char *key_none = inion_display_filter_dup_key (&none);

  g_assert_true (inion_display_filter_equal (&a, &b));
  g_assert_cmpstr (key_a, ==, key_b);
  g_assert_false (inion_display_filter_equal (&a, &c));
  g_assert_cmpstr (key_a, !=, key_c);
  g_assert_false (inion_display_filter_equal (&a, &d));
  g_assert_cmpstr (key_a, !=, key_d);
  g_assert_true (inion_display_filter_equal (&off, &none));
  g_assert_cmpstr (key_off, ==, key_none);
}

/* Each multiple below Nyquist is gone, what lies between stays; −3 dB half a width away. */
static void
test_harmonics (void)
{
  const InionDisplayFilter one = { 0, 0, 50, INION_PHASE_CAUSAL };
  const InionDisplayFilter all = { 0, 0, 50, INION_PHASE_CAUSAL, TRUE };
  const InionDisplayFilter none = { 0, 0, 0, INION_PHASE_CAUSAL, TRUE };
  g_autofree char *a = inion_display_filter_dup_key (&one);
  g_autofree char *b = inion_display_filter_dup_key (&all);
  InionSos sos;

  inion_display_filter_design (&one, 512, &sos);
  g_assert_cmpuint (sos.n_sections, ==, 1);
  inion_display_filter_design (&all, 512, &sos);
  g_assert_cmpuint (sos.n_sections, ==, 5);
  for (int k = 1; k <= 5; k++)
    {
      g_assert_cmpfloat (inion_sos_gain_at (&sos, 50 * k, 512), <, 1e-9);
      g_assert_cmpfloat (inion_sos_gain_at (&sos, 50 * k - 25, 512), >, 0.99);
      g_assert_cmpfloat_with_epsilon (inion_sos_gain_at (&sos, 50 * k - 50 / 60.0, 512),
                                      G_SQRT2 / 2, 0.03);
    }
  g_assert_true (inion_display_filter_is_off (&none));
  g_assert_false (inion_display_filter_equal (&one, &all));
  g_assert_cmpstr (a, !=, b);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signal/display-filter/edges-are-3-db", test_edges_are_3_db);
  g_test_add_func ("/signal/display-filter/slopes", test_slopes);
  g_test_add_func ("/signal/display-filter/time-constant", test_time_constant);
  g_test_add_func ("/signal/display-filter/margin", test_margin);
  g_test_add_func ("/signal/display-filter/off-and-left-out", test_off_and_left_out);
  g_test_add_func ("/signal/display-filter/short", test_short);
  g_test_add_func ("/signal/display-filter/equal-and-key", test_equal_and_key);
  g_test_add_func ("/signal/display-filter/harmonics", test_harmonics);
  return g_test_run ();
}
