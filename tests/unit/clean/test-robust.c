/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clean/robust.h"

#include "core/random.h"

#include <stdlib.h>
#include <string.h>

static int
compare (const void *a,
         const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Against sorting, with many and with few different values. */
static void
test_quantiles (void)
{
  InionRandom random;
  double x[200], sorted[200];

  inion_random_seed (&random, 4, 0);
  for (guint round = 0; round < 300; round++)
    {
      gsize n = 1 + (gsize) inion_random_below (&random, 200);
      double fraction = inion_random_uniform (&random), place = fraction * (n - 1);
      gsize rank = (gsize) place;
      double expected;

      for (gsize i = 0; i < n; i++)
        x[i] = round % 2 ? inion_random_normal (&random) : (double) inion_random_below (&random, 4);
      memcpy (sorted, x, n * sizeof *x);
      qsort (sorted, n, sizeof *sorted, compare);
      expected = sorted[rank];
      if (rank + 1 < n)
        expected += (place - rank) * (sorted[rank + 1] - sorted[rank]);
      g_assert_cmpfloat_with_epsilon (inion_robust_quantile (x, n, fraction), expected, 1e-12);
      qsort (x, n, sizeof *x, compare);
      g_assert_cmpmem (x, n * sizeof *x, sorted, n * sizeof *x);
      g_assert_cmpfloat (inion_robust_quantile (x, n, 0), ==, sorted[0]);
      g_assert_cmpfloat (inion_robust_quantile (x, n, 1), ==, sorted[n - 1]);
    }
}

static void
test_median (void)
{
  double odd[3] = { 9, -1, 4 }, even[4] = { 9, -1, 4, 5 }, one[1] = { 7 };

  g_assert_cmpfloat (inion_robust_median (odd, 3), ==, 4);
  g_assert_cmpfloat (inion_robust_median (even, 4), ==, 4.5);
  g_assert_cmpfloat (inion_robust_median (one, 1), ==, 7);
}

/* The standard deviation of normal values, whatever a tenth of them does. */
static void
test_scale (void)
{
  InionRandom random;
  g_autofree double *x = g_new (double, 20000);
  double median;

  inion_random_seed (&random, 4, 1);
  for (guint i = 0; i < 20000; i++)
    x[i] = i % 10 == 0 ? 1e6 : 3 + 2 * inion_random_normal (&random);
  median = inion_robust_median (x, 20000);
  g_assert_cmpfloat_with_epsilon (median, 3, 0.4);
  g_assert_cmpfloat_with_epsilon (inion_robust_scale (x, 20000, median), 2, 0.4);
}

/* All values while they fit; then an even sample, whatever the chunks. */
static void
test_sampler (void)
{
  InionSampler whole, cut;
  InionRandom random;
  g_autofree double *x = g_new (double, 10000);

  inion_random_seed (&random, 4, 2);
  for (guint i = 0; i < 10000; i++)
    x[i] = i;
  inion_sampler_init (&whole, 64);
  inion_sampler_init (&cut, 64);
  inion_sampler_push (&whole, x, 64);
  g_assert_cmpmem (whole.values, whole.n * sizeof *x, x, 64 * sizeof *x);
  inion_sampler_push (&whole, x + 64, 10000 - 64);
  for (gsize i = 0, m; i < 10000; i += m)
    {
      m = (gsize) inion_random_below (&random, 100);
      m = MIN (m, 10000 - i);
      inion_sampler_push (&cut, x + i, m);
    }
  g_assert_cmpuint (whole.n, >, 30);
  g_assert_cmpuint (whole.n, <=, 64);
  g_assert_cmpmem (whole.values, whole.n * sizeof *x, cut.values, cut.n * sizeof *x);
  for (gsize i = 0; i < whole.n; i++)
    g_assert_cmpfloat (whole.values[i], ==, (double) (i * whole.step));
  inion_sampler_clear (&whole);
  inion_sampler_clear (&cut);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clean/robust/quantiles", test_quantiles);
  g_test_add_func ("/clean/robust/median", test_median);
  g_test_add_func ("/clean/robust/scale", test_scale);
  g_test_add_func ("/clean/robust/sampler", test_sampler);
  return g_test_run ();
}
