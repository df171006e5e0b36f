/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/size.h"

#include "core/error.h"
#include "core/random.h"

#include <string.h>

static void
test_size (void)
{
  gsize r = 77;

  g_assert_true (inion_size_mul (&r, 6, 7));
  g_assert_cmpuint (r, ==, 42);
  g_assert_true (inion_size_mul (&r, G_MAXSIZE, 0));
  g_assert_cmpuint (r, ==, 0);
  g_assert_true (inion_size_mul (&r, G_MAXSIZE, 1));
  g_assert_cmpuint (r, ==, G_MAXSIZE);
  g_assert_false (inion_size_mul (&r, G_MAXSIZE / 2 + 1, 2));
  g_assert_cmpuint (r, ==, G_MAXSIZE);
  g_assert_true (inion_size_add (&r, G_MAXSIZE - 1, 1));
  g_assert_cmpuint (r, ==, G_MAXSIZE);
  r = 5;
  g_assert_false (inion_size_add (&r, G_MAXSIZE, 1));
  g_assert_cmpuint (r, ==, 5);
}

static void
test_int64 (void)
{
  gint64 r = 77;

  g_assert_true (inion_int64_mul (&r, -6, 7));
  g_assert_cmpint (r, ==, -42);
  g_assert_true (inion_int64_mul (&r, G_MININT64, 1));
  g_assert_cmpint (r, ==, G_MININT64);
  g_assert_false (inion_int64_mul (&r, G_MININT64, -1));
  g_assert_cmpint (r, ==, G_MININT64);
  g_assert_false (inion_int64_mul (&r, G_MAXINT64, 2));
  g_assert_true (inion_int64_add (&r, G_MAXINT64, G_MININT64));
  g_assert_cmpint (r, ==, -1);
  g_assert_false (inion_int64_add (&r, G_MAXINT64, 1));
  g_assert_false (inion_int64_add (&r, G_MININT64, -1));
  g_assert_cmpint (r, ==, -1);
}

static void
test_mul_div (void)
{
  const gint64 second = G_GINT64_CONSTANT (1000000000);

  /* One hour at 256 Hz, and the sample before it. */
  g_assert_cmpint (inion_int64_mul_div (3600 * 256, second, 256), ==, 3600 * second);
  g_assert_cmpint (inion_int64_mul_div (1, second, 3), ==, 333333333);
  /* Rounds down, below zero too. */
  g_assert_cmpint (inion_int64_mul_div (-1, second, 3), ==, -333333334);
  g_assert_cmpint (inion_int64_mul_div (1, second, -3), ==, -333333334);
  g_assert_cmpint (inion_int64_mul_div (-1, second, -3), ==, 333333333);
  g_assert_cmpint (inion_int64_mul_div (-6, 1, 3), ==, -2);
  /* The product does not fit 64 bits, the quotient does. */
  g_assert_cmpint (inion_int64_mul_div (G_MAXINT64, G_MAXINT64, G_MAXINT64), ==, G_MAXINT64);
  g_assert_cmpint (inion_int64_mul_div (G_MAXINT64, 6, 7), ==, G_GINT64_CONSTANT (7905747460161236406));
  /* Neither does: the limits stand for what lies beyond them. */
  g_assert_cmpint (inion_int64_mul_div (G_MAXINT64, 3, 2), ==, G_MAXINT64);
  g_assert_cmpint (inion_int64_mul_div (G_MININT64, 3, 2), ==, G_MININT64);
  g_assert_cmpint (inion_int64_mul_div (G_MININT64, 1, -1), ==, G_MAXINT64);
}

/* floor (a b / c): q c ≤ a b < (q + 1) c for positive c, on random numbers. */
static void
test_mul_div_property (void)
{
  InionRandom random;

  inion_random_seed (&random, 4, 2);
  for (int i = 0; i < 10000; i++)
    {
      gint64 a = (gint64) inion_random_below (&random, 2000000000) - 1000000000;
      gint64 b = (gint64) inion_random_below (&random, 2000000000) - 1000000000;
      gint64 c = 1 + (gint64) inion_random_below (&random, 1000000);
      gint64 q = inion_int64_mul_div (a, b, c);

      g_assert_cmpint (q * c, <=, a * b);
      g_assert_cmpint (a * b, <, q * c + c);
    }
}

static void
test_alloc (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree double *some = inion_try_new (double, 100, "a test", &error);
  g_autofree double *none = inion_try_new (double, 0, "a test", &error);
  double *huge;

  g_assert_no_error (error);
  g_assert_nonnull (none);
  for (int i = 0; i < 100; i++)
    g_assert_cmpfloat (some[i], ==, 0);
  huge = inion_try_new (double, G_MAXSIZE / 4, "a page of signal", &error);
  g_assert_null (huge);
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "a page of signal"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/size/size", test_size);
  g_test_add_func ("/core/size/int64", test_int64);
  g_test_add_func ("/core/size/mul-div", test_mul_div);
  g_test_add_func ("/core/size/mul-div-property", test_mul_div_property);
  g_test_add_func ("/core/size/alloc", test_alloc);
  return g_test_run ();
}
