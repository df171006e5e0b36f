/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "decode-fixture.h"

#include "core/init.h"
#include "decode/covariance.h"

#include <string.h>

static void
test_amounts (void)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *want = decode_fixture_open (&parser, "decode.json");
  g_autofree double *x = lcg_observations ();
  double c[64];

  g_assert_cmpfloat_with_epsilon (
    inion_covariance_estimate (x, 200, 8, INION_SHRINK_LEDOIT_WOLF, 0, c), 0.08036884925, 1e-11);
  g_assert_cmpfloat_with_epsilon (inion_covariance_estimate (x, 200, 8, INION_SHRINK_OAS, 0, c),
                                  0.07747245880, 1e-11);
  g_assert_cmpfloat_with_epsilon (
    inion_covariance_estimate (x, 5, 8, INION_SHRINK_LEDOIT_WOLF, 0, c),
    json_object_get_double_member (want, "ledoit_wolf_few"), 1e-12);
  g_assert_cmpfloat_with_epsilon (inion_covariance_estimate (x, 5, 8, INION_SHRINK_OAS, 0, c),
                                  json_object_get_double_member (want, "oas_few"), 1e-12);
}

/* Shrinking keeps the trace and moves the rest by the stated amount. */
static void
test_shrink (void)
{
  double c[4] = { 4, 1, 1, 2 };

  inion_covariance_shrink (c, 2, 0.5);
  assert_close (c, (double[]) { 3.5, 0.5, 0.5, 2.5 }, 4, 1e-15);
}

static void
test_edges (void)
{
  double x[6] = { 3, 3, 3, 3, 3, 3 }, c[9], mean[2], scratch[6], expected[4] = { 0 };

  /* One observation, equal observations, one feature: no division by zero. */
  g_assert_cmpfloat (inion_covariance_ledoit_wolf_standardised (x, 1, 3, c), ==, 0);
  assert_close (c, (double[9]) { 0 }, 9, 0);
  g_assert_cmpfloat (inion_covariance_estimate (x, 2, 3, INION_SHRINK_OAS, 0, c), ==, 1);
  assert_close (c, (double[9]) { 0 }, 9, 0);
  g_assert_cmpfloat (inion_covariance_estimate (x, 6, 1, INION_SHRINK_LEDOIT_WOLF, 0, c), ==, 0);

  /* A large offset does not eat the digits of the variance. */
  memcpy (x, (double[]) { 1e9 + 1, 1e9 - 1, 1e9, 5, 5, 5 }, sizeof x);
  expected[0] = 2.0 / 3.0;
  inion_covariance_of_trial (x, 2, 3, scratch, mean, c);
  assert_close (c, expected, 4, 1e-12);
  g_assert_cmpfloat (mean[0], ==, 1e9);
}

int
main (int   argc,
      char *argv[])
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decode/covariance/amounts", test_amounts);
  g_test_add_func ("/decode/covariance/shrink", test_shrink);
  g_test_add_func ("/decode/covariance/edges", test_edges);
  return g_test_run ();
}
