/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "signal/resample.h"

#include "reference.h"

static void
test_reference (void)
{
  g_autoptr (GHashTable) all = reference_load ("signal_resample.txt");
  g_autoptr (GHashTable) input = reference_load ("signal_input.txt");
  const Reference *x = reference_get (input, "central");
  /* The last is a ratio not in lowest terms. */
  static const guint factors[][2] = {
    { 5, 8 }, { 8, 5 }, { 1, 4 }, { 3, 1 }, { 25, 16 }, { 50, 32 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
    {
      guint shown = i == 5 ? 4 : i;
      g_autofree char *name =
        g_strdup_printf ("up_%u_down_%u", factors[shown][0], factors[shown][1]);
      const Reference *reference = reference_get (all, name);
      g_autofree double *y = NULL;
      gsize n;

      g_test_message ("%s", name);
      g_assert_true (inion_resample (x->at, x->n, factors[i][0], factors[i][1], &y, &n, NULL));
      g_assert_cmpuint (n, ==, reference->n);
      assert_near (y, reference, 1e-12);
    }
}

/* A tone far under both Nyquist frequencies comes out as the same tone. */
static void
test_tone (void)
{
  g_autofree double *x = g_new (double, 2000), *y = NULL;
  gsize n;

  for (guint i = 0; i < 2000; i++)
    x[i] = sin (2 * G_PI * 7 * i / 512.0);
  g_assert_true (inion_resample (x, 2000, 25, 128, &y, &n, NULL));
  g_assert_cmpuint (n, ==, 391);
  for (guint i = 20; i < 371; i++)
    g_assert_cmpfloat_with_epsilon (y[i], sin (2 * G_PI * 7 * i / 100.0), 2e-3);
}

static void
test_equal_rate (void)
{
  double x[5] = { 1, 2, 3, 4, 5 };
  g_autofree double *y = NULL;
  gsize n;

  g_assert_true (inion_resample (x, 5, 3, 3, &y, &n, NULL));
  g_assert_cmpmem (x, sizeof x, y, n * sizeof *y);
}

static void
test_short (void)
{
  const guint factors[][2] = { { 1, 7 }, { 7, 1 }, { 3, 5 }, { 5, 3 } };

  for (gsize n_in = 1; n_in < 12; n_in++)
    for (guint f = 0; f < G_N_ELEMENTS (factors); f++)
      {
        g_autofree double *x = g_new0 (double, n_in), *y = NULL;
        gsize n, up = factors[f][0], down = factors[f][1];

        x[0] = 1;
        g_assert_true (inion_resample (x, n_in, (guint) up, (guint) down, &y, &n, NULL));
        g_assert_cmpuint (n, ==, (n_in * up + down - 1) / down);
        for (gsize i = 0; i < n; i++)
          g_assert_true (isfinite (y[i]));
      }
}

static void
test_ratio (void)
{
  guint up, down;

  g_assert_true (inion_resample_ratio (512, 100, &up, &down, NULL));
  g_assert_cmpuint (up, ==, 25);
  g_assert_cmpuint (down, ==, 128);
  g_assert_true (inion_resample_ratio (160, 160, &up, &down, NULL));
  g_assert_cmpuint (up, ==, 1);
  g_assert_cmpuint (down, ==, 1);
  g_assert_true (inion_resample_ratio (250, 1000, &up, &down, NULL));
  g_assert_cmpuint (up, ==, 4);
  g_assert_true (inion_resample_ratio (1000.0 / 3, 100, &up, &down, NULL));
  g_assert_cmpuint (up, ==, 3);
  g_assert_cmpuint (down, ==, 10);
  g_assert_false (inion_resample_ratio (0, 100, &up, &down, NULL));
  g_assert_false (inion_resample_ratio (NAN, 100, &up, &down, NULL));
  g_assert_false (inion_resample_ratio (1e9, 1, &up, &down, NULL));
}

static void
test_errors (void)
{
  g_autoptr (GError) error = NULL;
  double x[3] = { 1, NAN, 3 };
  double *y = x;
  gsize n = 1;

  g_assert_false (inion_resample (x, 0, 1, 2, &y, &n, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_assert_null (y);
  g_assert_cmpuint (n, ==, 0);
  g_clear_error (&error);
  g_assert_false (inion_resample (x, 3, 0, 2, &y, &n, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_assert_false (inion_resample (x, 3, 1, 0, &y, &n, NULL));
  g_assert_false (inion_resample (x, 3, 30001, 30000, &y, &n, NULL));
  g_clear_error (&error);
  g_assert_false (inion_resample (x, 3, 1, 2, &y, &n, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NUMERIC);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signal/resample/reference", test_reference);
  g_test_add_func ("/signal/resample/tone", test_tone);
  g_test_add_func ("/signal/resample/equal-rate", test_equal_rate);
  g_test_add_func ("/signal/resample/short", test_short);
  g_test_add_func ("/signal/resample/ratio", test_ratio);
  g_test_add_func ("/signal/resample/errors", test_errors);
  return g_test_run ();
}
