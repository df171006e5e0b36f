/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "display-fixture.h"

static void
test_samples (void)
{
  g_autofree double *wave = fixture_wave (0, 1003, 256);
  float x[1003];

  for (gsize i = 0; i < G_N_ELEMENTS (x); i++)
    x[i] = i % 97 == 5 ? NAN : (float) wave[i];
  for (gsize per_bin = 1; per_bin <= 2048; per_bin *= 2)
    {
      gsize n_bins = (G_N_ELEMENTS (x) + per_bin - 1) / per_bin;
      g_autofree InionMinMax *bins = g_new0 (InionMinMax, n_bins);

      inion_min_max_of_samples (x, G_N_ELEMENTS (x), per_bin, bins);
      for (gsize k = 0; k < n_bins; k++)
        fixture_assert_bin (bins[k],
                            fixture_bin (x, G_N_ELEMENTS (x), (gint64) k, (gint64) per_bin));
    }
}

static void
test_bins (void)
{
  InionMinMax fine[7] = {
    { 1, 2 }, { INFINITY, -INFINITY }, { -5, 0 }, { 3, 9 },
    { INFINITY, -INFINITY }, { INFINITY, -INFINITY }, { 4, 4 },
  };
  InionMinMax coarse[3];

  inion_min_max_of_bins (fine, 7, 4, coarse);
  fixture_assert_bin (coarse[0], ((InionMinMax) { -5, 9 }));
  fixture_assert_bin (coarse[1], ((InionMinMax) { 4, 4 }));
  inion_min_max_of_bins (fine + 4, 2, 2, coarse);
  g_assert_true (inion_min_max_is_empty (&coarse[0]));
}

static void
test_all_nan (void)
{
  float x[20];
  InionMinMax bins[2];

  for (gsize i = 0; i < G_N_ELEMENTS (x); i++)
    x[i] = NAN;
  inion_min_max_of_samples (x, 20, 10, bins);
  g_assert_true (inion_min_max_is_empty (&bins[0]));
  g_assert_true (inion_min_max_is_empty (&bins[1]));
  inion_min_max_of_samples (x, 2, 1, bins);
  g_assert_true (inion_min_max_is_empty (&bins[0]));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/display/min-max/samples", test_samples);
  g_test_add_func ("/display/min-max/bins", test_bins);
  g_test_add_func ("/display/min-max/all-nan", test_all_nan);
  return g_test_run ();
}
