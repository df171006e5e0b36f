/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "signal/spectrogram.h"

#include "reference.h"

static void
test_scipy (void)
{
  g_autoptr (GHashTable) all = reference_load ("tools.txt");
  g_autoptr (GHashTable) input = reference_load ("signal_input.txt");
  const Reference *x = reference_get (input, "central");
  static const struct
  {
    const char *name;
    InionWindow window;
    gsize n, overlap;
  } cases[] = {
    { "hann", INION_WINDOW_HANN, 160, 120 },
    { "hamming", INION_WINDOW_HAMMING, 201, 100 },
    { "boxcar", INION_WINDOW_BOXCAR, 64, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *power_name = g_strconcat ("spectrogram_", cases[i].name, NULL);
      g_autofree char *times_name = g_strconcat ("times_", cases[i].name, NULL);
      const Reference *power = reference_get (all, power_name);
      const Reference *times = reference_get (all, times_name);
      g_autoptr (InionSpectrogram) s =
        inion_spectrogram_new (x->at, x->n, 160, cases[i].n, cases[i].overlap, cases[i].window,
                               NULL, NULL);

      g_assert_nonnull (s);
      g_assert_cmpuint (s->n_times, ==, times->n);
      g_assert_cmpuint (s->n_times * s->n_bins, ==, power->n);
      g_assert_cmpuint (s->n_empty, ==, 0);
      g_assert_cmpfloat_with_epsilon (s->bin_hz, 160.0 / (double) cases[i].n, 1e-12);
      for (gsize t = 0; t < s->n_times; t++)
        g_assert_cmpfloat_with_epsilon (inion_spectrogram_get_time_s (s, t), times->at[t], 1e-9);
      /* Value by value. The mean is off: what is left at 0 Hz of a boxcar is rounding. */
      for (gsize k = 0; k < power->n; k++)
        g_assert_cmpfloat (fabs (s->power[k] - power->at[k]), <=, 1e-9 * power->at[k] + 1e-20);
    }
}

static void
test_gap (void)
{
  double x[1000];
  g_autoptr (InionSpectrogram) whole = NULL;
  g_autoptr (InionSpectrogram) s = NULL;

  for (guint i = 0; i < 1000; i++)
    x[i] = 10 * sin (2 * G_PI * 12.5 * i / 100) + (double) (i * 7919 % 101) / 100;
  whole = inion_spectrogram_new (x, 1000, 100, 80, 60, INION_WINDOW_HANN, NULL, NULL);
  for (guint i = 400; i < 500; i++)
    x[i] = NAN;
  s = inion_spectrogram_new (x, 1000, 100, 80, 60, INION_WINDOW_HANN, NULL, NULL);
  g_assert_cmpuint (s->n_times, ==, 47);
  /* A column that holds one missing sample or more: from 321 to 499, at steps of 20. */
  g_assert_cmpuint (s->n_empty, ==, 8);
  for (gsize t = 0; t < s->n_times; t++)
    {
      gboolean missing = t * 20 + 80 > 400 && t * 20 < 500;

      for (gsize k = 0; k < s->n_bins; k++)
        if (missing)
          g_assert_true (isnan (s->power[t * s->n_bins + k]));
        else
          g_assert_cmpfloat (s->power[t * s->n_bins + k], ==, whole->power[t * s->n_bins + k]);
    }
  g_assert_true (isnan (inion_spectrogram_get_db (s, 4.5, 12.5)));
}

static void
test_values (void)
{
  double x[1000], low, high;
  g_autoptr (InionSpectrogram) s = NULL;
  g_autoptr (InionSpectrogram) flat = NULL;

  /* A sine of 10 µV: 50 µV² in a Hann window's equivalent width of 1.5 bins. */
  for (guint i = 0; i < 1000; i++)
    x[i] = 10 * sin (2 * G_PI * 12.5 * i / 100) + (double) (i * 7919 % 101) / 1000;
  s = inion_spectrogram_new (x, 1000, 100, 80, 60, INION_WINDOW_HANN, NULL, NULL);
  g_assert_cmpfloat_with_epsilon (inion_spectrogram_get_db (s, 5, 12.6),
                                  10 * log10 (50 / (1.5 * 1.25)), 0.05);
  g_assert_cmpfloat (inion_spectrogram_get_db (s, 5, 30), <, 0);
  g_assert_true (isnan (inion_spectrogram_get_db (s, 5, 51)));
  g_assert_true (isnan (inion_spectrogram_get_db (s, 11, 10)));
  g_assert_true (isnan (inion_spectrogram_get_db (s, -1, 10)));
  g_assert_true (inion_spectrogram_get_limits (s, 50, &low, &high));
  g_assert_cmpfloat (low, <, high);
  g_assert_cmpfloat_with_epsilon (high, 10 * log10 (50 / (1.5 * 1.25)), 0.1);

  memset (x, 0, sizeof x);
  flat = inion_spectrogram_new (x, 1000, 100, 80, 60, INION_WINDOW_HANN, NULL, NULL);
  g_assert_false (inion_spectrogram_get_limits (flat, 50, &low, &high));
}

static void
test_refusals (void)
{
  const double x[10] = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_null (inion_spectrogram_new (x, 10, 100, 11, 0, INION_WINDOW_HANN, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_clear_error (&error);
  g_assert_null (inion_spectrogram_new (x, 10, 100, 5, 5, INION_WINDOW_HANN, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (inion_spectrogram_new (x, 10, 0, 5, 1, INION_WINDOW_HANN, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signal/spectrogram/scipy", test_scipy);
  g_test_add_func ("/signal/spectrogram/gap", test_gap);
  g_test_add_func ("/signal/spectrogram/values", test_values);
  g_test_add_func ("/signal/spectrogram/refusals", test_refusals);
  return g_test_run ();
}
