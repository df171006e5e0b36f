/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The latency histogram: quantiles never too good and little too bad. */

#include "core/init.h"
#include "live/latency.h"

#include <math.h>

static void
test_quantiles (void)
{
  InionLatency latency = { 0 };

  for (guint i = 1; i <= 10000; i++)
    inion_latency_add (&latency, i * 3.0);
  for (guint percent = 1; percent <= 100; percent++)
    {
      double exact = percent * 300.0;
      double got = inion_latency_quantile (&latency, percent / 100.0);

      g_assert_cmpfloat (got, >=, exact * (1 - 1e-12));
      g_assert_cmpfloat (got, <=, exact * exp2 (0.1) * (1 + 1e-12));
    }
  g_assert_cmpfloat (latency.max_us, ==, 30000.0);
  g_assert_cmpfloat (inion_latency_quantile (&latency, 1.0), ==, 30000.0);
  g_assert_cmpuint (latency.n, ==, 10000);
}

static void
test_edges (void)
{
  InionLatency latency = { 0 };

  g_assert_true (isnan (inion_latency_quantile (&latency, 0.5)));
  inion_latency_add (&latency, 0.0);
  g_assert_cmpfloat (inion_latency_quantile (&latency, 0.5), ==, 0.0);
  inion_latency_add (&latency, 1e12);
  g_assert_cmpfloat (inion_latency_quantile (&latency, 0.5), ==, 1.0);
  g_assert_cmpfloat (inion_latency_quantile (&latency, 0.9), ==, 1e12);
  g_assert_cmpfloat (inion_latency_quantile (&latency, 0.0), ==, 1.0);
}

static void
test_one_value (void)
{
  InionLatency latency = { 0 };

  for (guint i = 0; i < 7; i++)
    inion_latency_add (&latency, 1234.5);
  g_assert_cmpfloat (inion_latency_quantile (&latency, 0.01), ==, 1234.5);
  g_assert_cmpfloat (inion_latency_quantile (&latency, 0.99), ==, 1234.5);
}

int
main (int    argc,
      char **argv)
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/latency/quantiles", test_quantiles);
  g_test_add_func ("/live/latency/edges", test_edges);
  g_test_add_func ("/live/latency/one-value", test_one_value);
  return g_test_run ();
}
