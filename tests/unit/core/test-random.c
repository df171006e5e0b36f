/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/random.h"

static void
test_reproducible (void)
{
  InionRandom a, b, c;

  inion_random_seed (&a, 1, 0);
  inion_random_seed (&b, 1, 0);
  inion_random_seed (&c, 1, 1);
  for (int i = 0; i < 100; i++)
    g_assert_cmpuint (inion_random_next (&a), ==, inion_random_next (&b));
  g_assert_cmpuint (inion_random_next (&a), !=, inion_random_next (&c));
}

static void
test_below (void)
{
  InionRandom r;
  guint counts[6] = { 0 };

  inion_random_seed (&r, 7, 3);
  for (int i = 0; i < 60000; i++)
    counts[inion_random_below (&r, 6)]++;
  for (int i = 0; i < 6; i++)
    g_assert_cmpint (ABS ((int) counts[i] - 10000), <, 500);
}

static void
test_normal (void)
{
  InionRandom r;
  double sum = 0, square = 0;

  inion_random_seed (&r, 3, 0);
  for (int i = 0; i < 100000; i++)
    {
      double x = inion_random_normal (&r);

      sum += x;
      square += x * x;
    }
  g_assert_cmpfloat_with_epsilon (sum / 100000, 0.0, 0.02);
  g_assert_cmpfloat_with_epsilon (square / 100000, 1.0, 0.03);
}

static void
test_shuffle (void)
{
  InionRandom r;
  guint items[50], seen[50] = { 0 };

  for (guint i = 0; i < 50; i++)
    items[i] = i;
  inion_random_seed (&r, 1, 2);
  inion_random_shuffle (&r, items, 50);
  for (guint i = 0; i < 50; i++)
    seen[items[i]]++;
  for (guint i = 0; i < 50; i++)
    g_assert_cmpuint (seen[i], ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/random/reproducible", test_reproducible);
  g_test_add_func ("/core/random/below", test_below);
  g_test_add_func ("/core/random/normal", test_normal);
  g_test_add_func ("/core/random/shuffle", test_shuffle);
  return g_test_run ();
}
