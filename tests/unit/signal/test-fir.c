/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "signal/fir.h"

#include "core/random.h"
#include "reference.h"
#include "signal/sos.h"

static InionFir *
design (double low,
        double high,
        double rate)
{
  g_autoptr (GError) error = NULL;
  InionFir *fir = inion_fir_design (low, high, rate, &error);

  g_assert_no_error (error);
  return fir;
}

static void
test_designs (void)
{
  g_autoptr (GHashTable) all = reference_load ("signal_fir.txt");
  static const struct
  {
    const char *name;
    double rate, low, high;
    gsize n_taps;
  } cases[] = {
    { "design_250_1_40", 250, 1, 40, 825 },
    { "design_250_8_32", 250, 8, 32, 413 },
    { "design_160_7_35", 160, 7, 35, 265 },
    { "design_512_0.1_30", 512, 0.1, 30, 16897 },
    { "design_256_None_30", 256, NAN, 30, 113 },
    { "design_100_0.4_30", 100, 0.4, 30, 825 },
    { "design_160_1_None", 160, 1, NAN, 529 },
    { "design_160_60_20", 160, 60, 20, 107 },
    { "design_160_1_79", 160, 1, 79, 529 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Reference *reference = reference_get (all, cases[i].name);
      g_autoptr (InionFir) fir = design (cases[i].low, cases[i].high, cases[i].rate);
      gsize half = fir->n_taps / 2;
      double some[3] = { fir->taps[half], fir->taps[half - 3], fir->taps[10] };
      const Reference taps = { 3, reference->at + 1 };

      g_test_message ("%s", cases[i].name);
      g_assert_cmpuint (fir->n_taps, ==, cases[i].n_taps);
      g_assert_cmpuint (fir->n_taps, ==, (gsize) reference->at[0]);
      assert_near (some, &taps, 1e-12);
      for (gsize k = 0; k < half; k++)
        g_assert_cmpfloat_with_epsilon (fir->taps[k], fir->taps[fir->n_taps - 1 - k], 1e-15);
      if (i == 0)
        g_assert_cmpfloat_with_epsilon (fir->taps[half], 0.355584198982, 1e-12);
    }
}

static void
test_zero_phase (void)
{
  g_autoptr (GHashTable) all = reference_load ("signal_fir.txt");
  g_autoptr (GHashTable) input = reference_load ("signal_input.txt");
  const Reference *x = reference_get (input, "central");
  static const struct
  {
    const char *name;
    double low, high;
  } cases[] = {
    { "bandpass", 7, 35 },
    { "lowpass", NAN, 30 },
    { "bandstop", 60, 20 },
    { "highpass", 1, NAN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (InionFir) fir = design (cases[i].low, cases[i].high, 160);
      g_autofree double *y = g_memdup2 (x->at, x->n * sizeof (double));

      g_test_message ("%s", cases[i].name);
      g_assert_true (inion_fir_apply_zero_phase (fir, y, x->n, NULL));
      assert_near (y, reference_get (all, cases[i].name), 1e-11);
    }
}

/* Against the sum itself, at lengths around the blocks of the fast way. */
static void
test_zero_phase_equals_sum (void)
{
  g_autoptr (InionFir) fir = design (8, 60, 200);
  gsize lengths[] = { fir->n_taps, fir->n_taps + 1, 1000, 4321, 20000 };
  gssize half = (gssize) fir->n_taps / 2;

  for (guint l = 0; l < G_N_ELEMENTS (lengths); l++)
    {
      gssize n = (gssize) lengths[l];
      g_autofree double *x = g_new (double, n), *y = NULL;

      for (gssize i = 0; i < n; i++)
        x[i] = sin (0.1 * i) + 5 * cos (0.0003 * i * i) + 40;
      y = g_memdup2 (x, n * sizeof *x);
      g_assert_true (inion_fir_apply_zero_phase (fir, y, n, NULL));
      for (gssize i = 0; i < n; i++)
        {
          double sum = 0;

          for (gssize k = -half; k <= half; k++)
            {
              gssize at = i - k;
              double v = at < 0 ? 2 * x[0] - x[-at] :
                         at >= n ? 2 * x[n - 1] - x[2 * n - 2 - at] : x[at];

              sum += fir->taps[k + half] * v;
            }
          g_assert_cmpfloat_with_epsilon (y[i], sum, 1e-11);
        }
    }
}

static void
test_minimum_phase (void)
{
  g_autoptr (GHashTable) all = reference_load ("signal_fir.txt");
  g_autoptr (InionFir) fir = design (7, 35, 160);
  g_autoptr (InionFir) half = inion_fir_minimum_phase (fir, NULL);
  g_autoptr (InionFir) whole = inion_fir_design_minimum_phase (7, 35, 160, NULL);

  /* At 0 Hz the response of a band-pass is rounding, and its logarithm with it: one of 2¹⁶ bins
   * differs by a few units between two programs. */
  g_assert_cmpuint (half->n_taps, ==, 133);
  assert_near (half->taps, reference_get (all, "minimum_phase"), 2e-4);
  g_assert_cmpuint (whole->n_taps, ==, 265);
  assert_near (whole->taps, reference_get (all, "minimum_phase_design"), 2e-4);
}

static double
gain_at (const InionFir *fir,
         double          hz,
         double          rate)
{
  double re = 0, im = 0;

  for (gsize k = 0; k < fir->n_taps; k++)
    {
      re += fir->taps[k] * cos (2 * G_PI * hz * k / rate);
      im += fir->taps[k] * sin (2 * G_PI * hz * k / rate);
    }
  return hypot (re, im);
}

/* The square of the magnitude is the linear-phase filter's, and the energy comes early. */
static void
test_minimum_phase_response (void)
{
  g_autoptr (InionFir) linear = design (NAN, 30, 160);
  g_autoptr (InionFir) minimum = inion_fir_design_minimum_phase (NAN, 30, 160, NULL);
  double early = 0, all = 0;

  g_assert_cmpuint (minimum->n_taps, ==, linear->n_taps);
  for (double hz = 0; hz < 80; hz += 0.7)
    g_assert_cmpfloat_with_epsilon (pow (gain_at (minimum, hz, 160), 2), gain_at (linear, hz, 160),
                                    5e-3);
  for (gsize k = 0; k < minimum->n_taps; k++)
    {
      all += minimum->taps[k] * minimum->taps[k];
      early += k < minimum->n_taps / 4 ? minimum->taps[k] * minimum->taps[k] : 0;
    }
  g_assert_cmpfloat (early, >, 0.99 * all);
}

static void
test_stream (void)
{
  g_autoptr (GHashTable) all = reference_load ("signal_fir.txt");
  g_autoptr (GHashTable) input = reference_load ("signal_input.txt");
  const Reference *x = reference_get (input, "central");
  g_autoptr (InionFir) fir = design (7, 35, 160);
  g_autoptr (InionFirStream) stream = inion_fir_stream_new (fir);
  g_autofree double *y = g_new (double, x->n);

  inion_fir_stream_process (stream, x->at, y, x->n);
  assert_near (y, reference_get (all, "causal"), 1e-12);
}

static void
test_blocks_equal_samples (void)
{
  const gsize n = 6000;
  const gsize n_taps[] = { 1, 2, 3, 64, 265, 2000 };
  g_autofree double *x = g_new (double, n), *whole = g_new (double, n), *cut = g_new (double, n);
  InionRandom random;

  inion_random_seed (&random, 5, 0);
  for (gsize i = 0; i < n; i++)
    x[i] = inion_random_normal (&random);
  for (guint c = 0; c < G_N_ELEMENTS (n_taps); c++)
    {
      g_autofree double *taps = g_new (double, n_taps[c]);
      InionFir fir = { n_taps[c], taps };
      g_autoptr (InionFirStream) stream = NULL;

      for (gsize k = 0; k < n_taps[c]; k++)
        taps[k] = inion_random_normal (&random);
      stream = inion_fir_stream_new (&fir);
      inion_fir_stream_process (stream, x, whole, n);

      inion_fir_stream_reset (stream);
      for (gsize i = 0; i < n; i++)
        inion_fir_stream_process (stream, x + i, cut + i, 1);
      g_assert_cmpmem (whole, n * sizeof *x, cut, n * sizeof *x);

      inion_fir_stream_reset (stream);
      memcpy (cut, x, n * sizeof *x);
      for (gsize i = 0, m; i < n; i += m)
        {
          m = (gsize) inion_random_below (&random, 1500);
          m = MIN (m, n - i);
          inion_fir_stream_process (stream, cut + i, cut + i, m);
        }
      g_assert_cmpmem (whole, n * sizeof *x, cut, n * sizeof *x);
    }
}

static void
assert_refused (double low,
                double high,
                double rate)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (inion_fir_design (low, high, rate, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
}

static void
test_errors (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionFir) fir = design (7, 35, 160);
  g_autofree double *x = g_new0 (double, 400);
  double lopsided[3] = { 1, 2, 3 }, two[2] = { 1, 1 };
  InionFir bad = { 3, lopsided }, even = { 2, two };

  assert_refused (NAN, NAN, 160);
  assert_refused (0, 30, 160);
  assert_refused (-1, 30, 160);
  assert_refused (1, 80, 160);
  assert_refused (1, 30, 0);
  assert_refused (8, 8, 160);
  assert_refused (51, 49, 160);
  g_assert_null (inion_fir_design (1e-9, NAN, 1000, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_LARGE);
  g_clear_error (&error);

  g_assert_false (inion_fir_apply_zero_phase (fir, x, 264, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_assert_nonnull (strstr (error->message, "265"));
  g_clear_error (&error);
  g_assert_false (inion_fir_apply_zero_phase (&bad, x, 400, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_assert_false (inion_fir_apply_zero_phase (&even, x, 400, NULL));
  g_assert_null (inion_fir_minimum_phase (&even, NULL));
  g_clear_error (&error);
  x[3] = NAN;
  g_assert_false (inion_fir_apply_zero_phase (fir, x, 400, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NUMERIC);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signal/fir/designs", test_designs);
  g_test_add_func ("/signal/fir/zero-phase", test_zero_phase);
  g_test_add_func ("/signal/fir/zero-phase-equals-sum", test_zero_phase_equals_sum);
  g_test_add_func ("/signal/fir/minimum-phase", test_minimum_phase);
  g_test_add_func ("/signal/fir/minimum-phase-response", test_minimum_phase_response);
  g_test_add_func ("/signal/fir/stream", test_stream);
  g_test_add_func ("/signal/fir/blocks-equal-samples", test_blocks_equal_samples);
  g_test_add_func ("/signal/fir/errors", test_errors);
  return g_test_run ();
}
