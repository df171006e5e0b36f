/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "marker/band-marker.h"

#include "core/random.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

/* The signal of tests/reference/marker_make.py. */
static double *
make_signal (gsize  n,
             double rate)
{
  double *out = g_new (double, n), last = 0;
  guint32 x = 1;

  for (gsize i = 0; i < n; i++)
    {
      x = 1664525u * x + 1013904223u;
      last = 0.9 * last + (x / 4294967296.0 - 0.5) * 20;
      out[i] = last + 5 * sin (2 * G_PI * 10.3 * i / rate);
    }
  return out;
}

/* 1/f noise (a sum of first-order processes), with a rhythm of some amplitude. */
static double *
make_pink (gsize   n,
           double  rate,
           double  hz,
           double  amplitude,
           guint64 seed)
{
  double *out = g_new (double, n), state[6] = { 0 };
  InionRandom random;

  inion_random_seed (&random, seed, 1);
  for (gsize i = 0; i < n; i++)
    {
      out[i] = amplitude * sin (2 * G_PI * hz * i / rate);
      for (guint k = 0; k < G_N_ELEMENTS (state); k++)
        {
          double keep = exp (-2 * G_PI * 0.5 * pow (2.5, k) / rate);

          state[k] = keep * state[k] + sqrt (1 - keep * keep) * inion_random_normal (&random);
          out[i] += state[k];
        }
    }
  return out;
}

static void
test_definitions (void)
{
  gsize n;
  const InionBandDefinition *bands = inion_band_definitions (&n);
  static const char *const names[] = { "delta", "theta", "alpha", "beta", "gamma" };
  static const double edges[] = { 1, 4, 8, 13, 30, 45 };

  g_assert_cmpuint (n, ==, 5);
  for (gsize i = 0; i < n; i++)
    {
      g_assert_cmpstr (bands[i].name, ==, names[i]);
      g_assert_cmpfloat (bands[i].low_hz, ==, edges[i]);
      g_assert_cmpfloat (bands[i].high_hz, ==, edges[i + 1]);
    }
}

static void
test_reference (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", "marker.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *cases;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  cases = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)),
                                        "cases");
  for (guint c = 0; c < json_array_get_length (cases); c++)
    {
      JsonObject *one = json_array_get_object_element (cases, c);
      JsonArray *expected = json_object_get_array_member (one, "absolute");
      gsize n = json_object_get_int_member (one, "n");
      double rate = json_object_get_double_member (one, "rate_hz");
      g_autofree double *x = make_signal (n, rate);
      double absolute[5], relative[5], total = 0, fractions = 0;

      g_assert_true (inion_band_powers (x, n, rate, absolute, relative, &error));
      g_assert_no_error (error);
      for (guint b = 0; b < 5; b++)
        total += isnan (absolute[b]) ? 0 : absolute[b];
      for (guint b = 0; b < 5; b++)
        {
          if (json_array_get_null_element (expected, b))
            {
              g_assert_true (isnan (absolute[b]) && isnan (relative[b]));
              continue;
            }
          g_assert_cmpfloat_with_epsilon (absolute[b], json_array_get_double_element (expected, b),
                                          1e-9 * total);
          g_assert_cmpfloat_with_epsilon (relative[b], absolute[b] / total, 1e-15);
          fractions += relative[b];
        }
      g_assert_cmpfloat_with_epsilon (fractions, 1, 1e-12);
    }
}

/* A sine of 10 µV has 50 µV², all of it in its band. */
static void
test_sine (void)
{
  enum { N = 20 * 256 };
  double x[N], absolute[5], relative[5];

  for (gsize i = 0; i < N; i++)
    x[i] = 100 + 10 * sin (2 * G_PI * 10 * i / 256.0);
  g_assert_true (inion_band_powers (x, N, 256, absolute, relative, NULL));
  g_assert_cmpfloat_with_epsilon (absolute[2], 50, 1e-6);
  g_assert_cmpfloat_with_epsilon (relative[2], 1, 1e-6);
  g_assert_true (inion_band_powers (x, N, 256, NULL, NULL, NULL));
}

static void
test_degenerate (void)
{
  enum { N = 1000 };
  double x[N], absolute[5], relative[5], hz, db;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < N; i++)
    x[i] = 0.1 + 0.2;
  g_assert_true (inion_band_powers (x, N, 250, absolute, relative, &error));
  for (guint b = 0; b < 5; b++)
    {
      g_assert_cmpfloat (absolute[b], ==, 0);
      g_assert_cmpfloat (relative[b], ==, 0);
    }
  g_assert_true (inion_peak_alpha (x, N, 250, &hz, &db, &error));
  g_assert_no_error (error);
  g_assert_true (isnan (hz) && isnan (db));

  g_assert_false (inion_band_powers (x, 200, 250, absolute, relative, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_clear_error (&error);
  g_assert_false (inion_band_powers (NULL, 0, 250, absolute, relative, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_clear_error (&error);
  g_assert_false (inion_band_powers (x, N, 0, absolute, relative, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (inion_peak_alpha (x, N, 30, &hz, &db, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_clear_error (&error);
  x[500] = NAN;
  g_assert_false (inion_band_powers (x, N, 250, absolute, relative, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NUMERIC);
  g_assert_nonnull (strstr (error->message, "2.000 s"));
  g_clear_error (&error);
  g_assert_false (inion_peak_alpha (x, N, 250, &hz, &db, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NUMERIC);
}

static void
test_alpha_peak (void)
{
  static const double rhythms[] = { 7.6, 8.37, 9.5, 10.0, 10.62, 12.9 };
  g_autoptr (GError) error = NULL;

  for (guint k = 0; k < G_N_ELEMENTS (rhythms); k++)
    {
      gsize n = 60 * 200;
      g_autofree double *x = make_pink (n, 200, rhythms[k], 1.5, 20 + k);
      double hz, db, loud_hz, loud_db;

      g_assert_true (inion_peak_alpha (x, n, 200, &hz, &db, &error));
      g_assert_no_error (error);
      g_assert_cmpfloat_with_epsilon (hz, rhythms[k], 0.1);
      g_assert_cmpfloat (db, >, 5);
      /* The unit does not matter. */
      for (gsize i = 0; i < n; i++)
        x[i] *= 1e-6;
      g_assert_true (inion_peak_alpha (x, n, 200, &loud_hz, &loud_db, &error));
      g_assert_cmpfloat_with_epsilon (loud_hz, hz, 1e-6);
      g_assert_cmpfloat_with_epsilon (loud_db, db, 1e-6);
    }
}

/* Noise with no rhythm, or one elsewhere, has no alpha peak (but for chance). */
static void
test_no_alpha_peak (void)
{
  guint n_found = 0;

  for (guint run = 0; run < 50; run++)
    {
      gsize n = (run % 2 == 0 ? 60 : 20) * 200;
      g_autofree double *x = make_pink (n, 200, 20, run % 3 == 0 ? 1 : 0, 500 + run);
      double hz, db;

      g_assert_true (inion_peak_alpha (x, n, 200, &hz, &db, NULL));
      g_assert_cmpint (isnan (hz), ==, isnan (db));
      n_found += !isnan (hz);
    }
  g_test_message ("%u of 50 runs of noise have a peak", n_found);
  g_assert_cmpuint (n_found, <=, 5);
}

/* What lies between gaps is measured as if nothing else had been recorded. */
static void
test_gaps (void)
{
  gsize n = 120 * 200;
  g_autofree double *x = make_pink (n, 200, 10.3, 1.5, 77);
  double powers[8], relative[8], strict[8], hz, db;
  InionBandWindows windows;
  g_autoptr (GError) error = NULL;

  g_assert_true (inion_band_powers (x, n, 200, strict, relative, &error));
  g_assert_true (inion_band_powers_gaps (x, n, 200, powers, relative, &windows, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (powers, 5 * sizeof (double), strict, 5 * sizeof (double));
  g_assert_cmpuint (windows.n_used, ==, 59);
  g_assert_cmpuint (windows.n_left_out, ==, 0);

  /* A step of a volt at the gap: if any window knew of both sides, delta would. */
  for (gsize i = n / 2; i < n; i++)
    x[i] += 1e6;
  for (gsize i = n / 2; i < n / 2 + 200; i++)
    x[i] = NAN;
  g_assert_true (inion_band_powers_gaps (x, n, 200, powers, relative, &windows, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (windows.n_used, ==, 29 + 28);
  g_assert_cmpuint (windows.n_left_out, ==, 2);
  for (guint b = 0; b < 5; b++)
    g_assert_cmpfloat_with_epsilon (powers[b] / strict[b], 1, 0.1);
  g_assert_true (inion_peak_alpha_gaps (x, n, 200, &hz, &db, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (hz, 10.3, 0.1);

  for (gsize i = 0; i < n; i += 150)
    x[i] = NAN;
  g_assert_false (inion_band_powers_gaps (x, n, 200, powers, relative, &windows, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_assert_nonnull (strstr (error->message, "without a gap"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/marker/band-marker/definitions", test_definitions);
  g_test_add_func ("/marker/band-marker/reference", test_reference);
  g_test_add_func ("/marker/band-marker/sine", test_sine);
  g_test_add_func ("/marker/band-marker/degenerate", test_degenerate);
  g_test_add_func ("/marker/band-marker/alpha-peak", test_alpha_peak);
  g_test_add_func ("/marker/band-marker/no-alpha-peak", test_no_alpha_peak);
  g_test_add_func ("/marker/band-marker/gaps", test_gaps);
  return g_test_run ();
}
