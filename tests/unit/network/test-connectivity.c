/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/connectivity.h"

#include "core/error.h"
#include "core/init.h"
#include "core/parallel.h"
#include "core/random.h"
#include "network/epoch-spectra-private.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

enum { N_EPOCHS = 12, N_CHANNELS = 5, N_SAMPLES = 128 };

static const InionConnectivityMeasure measures[] = {
  INION_CONNECTIVITY_COHERENCE,
  INION_CONNECTIVITY_IMAG_COHERENCE,
  INION_CONNECTIVITY_DEBIASED_WPLI,
};

/* The data of tests/reference/connectivity_make.py. */
static double *
make_data (void)
{
  gsize n = N_EPOCHS * N_CHANNELS * N_SAMPLES;
  g_autofree double *base = g_new (double, n);
  double *data;
  guint32 x = 1;

  for (gsize i = 0; i < n; i++)
    {
      x = 1664525u * x + 1013904223u;
      base[i] = x / 4294967296.0 - 0.5;
    }
  data = g_memdup2 (base, n * sizeof *base);
  for (gsize i = 0; i < n; i++)
    {
      if (i / N_SAMPLES % N_CHANNELS > 0 && i % N_SAMPLES >= 3)
        data[i] += 0.75 * base[i - N_SAMPLES - 3];
    }
  return data;
}

static double *
make_noise (gsize   n,
            guint64 seed)
{
  double *data = g_new (double, n);
  InionRandom random;

  inion_random_seed (&random, seed, 0);
  for (gsize i = 0; i < n; i++)
    data[i] = inion_random_normal (&random);
  return data;
}

static void
check_case (JsonObject   *one,
            const double *data)
{
  double low = json_object_get_double_member (one, "low_hz");
  double high = json_object_get_double_member (one, "high_hz");
  double out[N_CHANNELS * N_CHANNELS];
  g_autoptr (GError) error = NULL;

  for (guint m = 0; m < G_N_ELEMENTS (measures); m++)
    {
      JsonArray *rows = json_object_get_array_member (
        json_object_get_object_member (one, "measures"),
        inion_connectivity_measure_to_string (measures[m]));

      inion_connectivity (data, N_EPOCHS, N_CHANNELS, N_SAMPLES, 128, measures[m], low, high, out,
                          NULL, &error);
      g_assert_no_error (error);
      for (guint i = 0; i < N_CHANNELS; i++)
        {
          for (guint j = 0; j < N_CHANNELS; j++)
            g_assert_cmpfloat_with_epsilon (
              out[i * N_CHANNELS + j],
              json_array_get_double_element (json_array_get_array_element (rows, i), j), 1e-12);
        }
    }
}

static void
test_reference (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", "connectivity.json",
                                                 NULL);
  g_autofree double *data = make_data ();
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonObject *root;
  JsonArray *cases;
  double sum = 0;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  root = json_node_get_object (json_parser_get_root (parser));
  for (gsize i = 0; i < N_EPOCHS * N_CHANNELS * N_SAMPLES; i++)
    sum += data[i] * data[i];
  g_assert_cmpfloat_with_epsilon (sum, json_object_get_double_member (root, "sum_of_squares"),
                                  1e-8);
  cases = json_object_get_array_member (root, "cases");
  for (guint i = 0; i < json_array_get_length (cases); i++)
    check_case (json_array_get_object_element (cases, i), data);
}

/* Im S = {1, -.5, 2, .3, -.1}: dwPLI² = .19675 (the specification's golden number). */
static void
test_closed_form (void)
{
  static const double lags[] = { 1, -0.5, 2, 0.3, -0.1 };
  double re[10], im[10], scratch[32], out[4];

  g_assert_cmpuint (_inion_pairs_scratch (2), <=, G_N_ELEMENTS (scratch));
  for (guint e = 0; e < 5; e++)
    {
      re[2 * e] = 0.7;
      im[2 * e] = lags[e];
      re[2 * e + 1] = 1;
      im[2 * e + 1] = 0;
    }
  _inion_pairs_measure (re, im, 5, 2, INION_CONNECTIVITY_DEBIASED_WPLI, scratch, out);
  g_assert_cmpfloat_with_epsilon (out[1], 0.19675, 5e-6);
  g_assert_cmpfloat (out[1], ==, out[2]);
  g_assert_cmpfloat (out[0], ==, 0);
  g_assert_cmpfloat (_inion_debiased_wpli (0, 0, 0), ==, 0);
}

static void
test_names (void)
{
  InionConnectivityMeasure measure;

  for (guint m = 0; m < G_N_ELEMENTS (measures); m++)
    {
      const char *name = inion_connectivity_measure_to_string (measures[m]);

      g_assert_true (inion_connectivity_measure_from_string (name, &measure));
      g_assert_cmpint (measure, ==, measures[m]);
    }
  g_assert_cmpstr (inion_connectivity_measure_to_string (INION_CONNECTIVITY_DEBIASED_WPLI), ==,
                   "debiased-wpli");
  g_assert_false (inion_connectivity_measure_from_string ("granger", &measure));
  g_assert_false (inion_connectivity_measure_from_string (NULL, &measure));
}

/* A copy at another scale, a flat channel, a delayed copy. */
static void
test_special_channels (void)
{
  enum { E = 20, C = 4, T = 100 };
  g_autofree double *noise = make_noise (E * (T + 5), 1);
  double data[E * C * T], out[C * C];
  g_autoptr (GError) error = NULL;

  for (gsize e = 0; e < E; e++)
    {
      for (gsize t = 0; t < T; t++)
        {
          double *at = data + e * C * T + t;

          at[0] = noise[e * (T + 5) + t + 5];
          at[T] = 0.3 * at[0];
          at[2 * T] = 0.1 + 0.2; /* flat, and no exact binary number */
          at[3 * T] = noise[e * (T + 5) + t + 3];
        }
    }
  g_assert_true (inion_connectivity (data, E, C, T, 100, INION_CONNECTIVITY_DEBIASED_WPLI, 5, 15,
                                     out, NULL, &error));
  g_assert_cmpfloat (out[1], ==, 0);     /* no lag between copies */
  g_assert_cmpfloat (out[3], >, 0.8);    /* a constant lag */
  for (guint i = 0; i < C; i++)
    g_assert_cmpfloat (out[2 * C + i], ==, 0);
  g_assert_true (inion_connectivity (data, E, C, T, 100, INION_CONNECTIVITY_COHERENCE, 5, 15, out,
                                     NULL, &error));
  g_assert_cmpfloat_with_epsilon (out[1], 1, 1e-12);
  g_assert_cmpfloat (out[3], >, 0.9);
  for (guint i = 0; i < C; i++)
    {
      g_assert_cmpfloat (out[2 * C + i], ==, 0);
      g_assert_cmpfloat (out[i * C + 2], ==, 0);
    }
  g_assert_true (inion_connectivity (data, E, C, T, 100, INION_CONNECTIVITY_IMAG_COHERENCE, 5, 15,
                                     out, NULL, &error));
  g_assert_cmpfloat_with_epsilon (out[1], 0, 1e-12);
  g_assert_cmpfloat (out[3], >, 0.5); /* the first channel is two samples ahead */
  g_assert_cmpfloat (out[3], ==, -out[12]);
  g_assert_no_error (error);
}

static void
assert_fails (const double *data,
              gsize         n_epochs,
              gsize         n_channels,
              gsize         n_samples,
              double        low,
              double        high,
              InionError    code,
              const char   *says)
{
  double out[N_CHANNELS * N_CHANNELS];
  g_autoptr (GError) error = NULL;

  g_assert_false (inion_connectivity (data, n_epochs, n_channels, n_samples, 128,
                                      INION_CONNECTIVITY_COHERENCE, low, high, out, NULL, &error));
  g_assert_error (error, INION_ERROR, (int) code);
  if (strstr (error->message, says) == NULL)
    g_error ("“%s” does not say “%s”", error->message, says);
}

static void
test_errors (void)
{
  g_autofree double *data = make_data ();
  double out[4], bound;
  g_autoptr (GError) error = NULL;

  assert_fails (data, 1, 5, 128, 8, 13, INION_ERROR_TOO_FEW, "two epochs");
  assert_fails (data, 0, 5, 128, 8, 13, INION_ERROR_TOO_FEW, "are 0");
  assert_fails (data, 12, 0, 128, 8, 13, INION_ERROR_TOO_FEW, "channels");
  assert_fails (data, 12, 5, 1, 8, 13, INION_ERROR_TOO_FEW, "samples");
  assert_fails (data, 12, 5, 128, 8.2, 8.8, INION_ERROR_TOO_FEW, "longer");
  assert_fails (data, 12, 5, 128, 13, 8, INION_ERROR_INVALID, "band");
  assert_fails (data, 12, 5, 128, 60, 70, INION_ERROR_INVALID, "64 Hz");
  assert_fails (data, 12, 5, 128, NAN, 13, INION_ERROR_INVALID, "band");
  data[(3 * N_CHANNELS + 2) * N_SAMPLES + 17] = NAN;
  assert_fails (data, 12, 5, 128, 8, 13, INION_ERROR_NUMERIC, "Channel 3");
  data[(3 * N_CHANNELS + 2) * N_SAMPLES + 17] = INFINITY;
  assert_fails (data, 12, 5, 128, 8, 13, INION_ERROR_NUMERIC, "epoch 4");

  g_assert_false (inion_connectivity (data, 2, 2, 128, 128, (InionConnectivityMeasure) 99, 8, 13,
                                      out, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (inion_connectivity_null (data, 3, 2, 128, 128, INION_CONNECTIVITY_COHERENCE, 8,
                                           13, 18, 1, &bound, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
}

/* Two epochs and one channel are little, but defined. */
static void
test_small (void)
{
  g_autofree double *data = make_data ();
  double out[25];
  g_autoptr (GError) error = NULL;

  for (guint m = 0; m < G_N_ELEMENTS (measures); m++)
    {
      g_assert_true (inion_connectivity (data, 2, 5, 128, 128, measures[m], 8, 13, out, NULL,
                                         &error));
      g_assert_no_error (error);
      for (guint i = 0; i < 25; i++)
        g_assert_true (isfinite (out[i]) && fabs (out[i]) <= 1);
      g_assert_true (inion_connectivity (data, 2, 1, 128, 128, measures[m], 8, 13, out, NULL,
                                         &error));
      g_assert_cmpfloat (out[0], ==, 0);
    }
}

static void
test_threads (void)
{
  enum { E = 9, C = 13, T = 200 };
  g_autofree double *data = make_noise (E * C * T, 5);
  double first[C * C], second[C * C], bound[2];
  g_autoptr (GError) error = NULL;

  for (guint m = 0; m < G_N_ELEMENTS (measures); m++)
    {
      for (guint k = 0; k < 2; k++)
        {
          inion_parallel_set_n_threads (k == 0 ? 1 : 3);
          g_assert_true (inion_connectivity (data, E, C, T, 200, measures[m], 4, 40,
                                             k == 0 ? first : second, NULL, &error));
          g_assert_true (inion_connectivity_null (data, E, C, T, 200, measures[m], 8, 12, 40, 11,
                                                  &bound[k], NULL, &error));
        }
      g_assert_cmpmem (first, sizeof first, second, sizeof second);
      g_assert_cmpmem (&bound[0], sizeof (double), &bound[1], sizeof (double));
    }
  inion_parallel_set_n_threads (0);
}

/* The bound holds for noise about 19 times in 20, and a real connection is above it. */
static void
test_null (void)
{
  enum { E = 40, C = 4, T = 64, RUNS = 40 };
  guint n_above = 0;

  for (guint run = 0; run < RUNS; run++)
    {
      g_autofree double *data = make_noise (E * C * T, 100 + run);
      double out[C * C], bound, max = 0, again;
      g_autoptr (GError) error = NULL;

      g_assert_true (inion_connectivity_null (data, E, C, T, 64, INION_CONNECTIVITY_DEBIASED_WPLI,
                                              8, 12, 99, run, &bound, NULL, &error));
      g_assert_true (inion_connectivity (data, E, C, T, 64, INION_CONNECTIVITY_DEBIASED_WPLI, 8, 12,
                                         out, NULL, &error));
      for (guint i = 0; i < C * C; i++)
        max = MAX (max, fabs (out[i]));
      n_above += max > bound;
      if (run > 0)
        continue;
      for (gsize e = 0; e < E; e++)
        {
          for (gsize t = 2; t < T; t++)
            data[(e * C + 1) * T + t] += data[e * C * T + t - 2];
        }
      g_assert_true (inion_connectivity_null (data, E, C, T, 64, INION_CONNECTIVITY_DEBIASED_WPLI,
                                              8, 12, 99, run, &bound, NULL, &error));
      g_assert_true (inion_connectivity_null (data, E, C, T, 64, INION_CONNECTIVITY_DEBIASED_WPLI,
                                              8, 12, 99, run, &again, NULL, &error));
      g_assert_cmpfloat (bound, ==, again);
      g_assert_true (inion_connectivity (data, E, C, T, 64, INION_CONNECTIVITY_DEBIASED_WPLI, 8, 12,
                                         out, NULL, &error));
      g_assert_cmpfloat (out[1], >, 1.5 * bound);
      g_assert_cmpfloat (fabs (out[2 * C + 3]), <, bound);
    }
  g_test_message ("%u of %u runs of noise above the bound", n_above, RUNS);
  g_assert_cmpuint (n_above, <=, 6);
}

static gpointer
run_cancelled (InionJob  *job,
               gpointer   data,
               GError   **error)
{
  double out[N_CHANNELS * N_CHANNELS];

  inion_job_cancel (job);
  g_assert_false (inion_connectivity (data, N_EPOCHS, N_CHANNELS, N_SAMPLES, 128,
                                      INION_CONNECTIVITY_COHERENCE, 8, 13, out, job, error));
  return NULL;
}

static void
test_cancel (void)
{
  g_autoptr (InionJob) job = inion_job_new ("Connectivity", run_cancelled, make_data (), g_free,
                                            NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (inion_job_run (job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* 300 epochs × 64 channels × 512 samples: a page of connectivity must not keep people waiting. */
static void
test_speed (void)
{
  enum { E = 300, C = 64, T = 512 };
  g_autofree double *data = NULL;
  g_autofree double *out = g_new (double, C * C);
  g_autoptr (GError) error = NULL;

  if (!g_test_perf ())
    {
      g_test_skip ("a measurement: run with -m perf");
      return;
    }
  data = make_noise (E * C * T, 3);
  for (guint m = 0; m < G_N_ELEMENTS (measures); m++)
    {
      double alpha, all;

      g_test_timer_start ();
      g_assert_true (inion_connectivity (data, E, C, T, 256, measures[m], 8, 13, out, NULL,
                                         &error));
      alpha = g_test_timer_elapsed ();
      g_test_timer_start ();
      g_assert_true (inion_connectivity (data, E, C, T, 256, measures[m], 0, 128, out, NULL,
                                         &error));
      all = g_test_timer_elapsed ();
      g_test_minimized_result (alpha, "%s: 8-13 Hz %.3f s, 0-128 Hz %.3f s",
                               inion_connectivity_measure_to_string (measures[m]), alpha, all);
    }
}

int
main (int   argc,
      char *argv[])
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/connectivity/reference", test_reference);
  g_test_add_func ("/network/connectivity/closed-form", test_closed_form);
  g_test_add_func ("/network/connectivity/names", test_names);
  g_test_add_func ("/network/connectivity/special-channels", test_special_channels);
  g_test_add_func ("/network/connectivity/errors", test_errors);
  g_test_add_func ("/network/connectivity/small", test_small);
  g_test_add_func ("/network/connectivity/threads", test_threads);
  g_test_add_func ("/network/connectivity/null", test_null);
  g_test_add_func ("/network/connectivity/cancel", test_cancel);
  g_test_add_func ("/network/connectivity/speed", test_speed);
  return g_test_run ();
}
