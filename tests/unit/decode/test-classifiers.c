/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Discriminant analysis and logistic regression against scikit-learn. */

#include "decode-fixture.h"

#include "core/error.h"
#include "core/init.h"
#include "decode/lda.h"
#include "decode/logistic.h"

#include <string.h>

static void
check_row (JsonObject        *want,
           const char        *member,
           const InionLinear *got,
           double             tolerance)
{
  JsonObject *object = json_object_get_object_member (want, member);
  g_autofree double *weights = decode_fixture_numbers (object, "weights", 8);

  g_assert_cmpuint (got->n_rows, ==, 1);
  assert_close (got->weights, weights, 8, tolerance);
  g_assert_cmpfloat_with_epsilon (got->intercepts[0],
                                  json_object_get_double_member (object, "intercept"),
                                  tolerance);
}

static void
test_lda (void)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *want = decode_fixture_open (&parser, "decode.json");
  guint labels[200];
  g_autofree double *x = lcg_two_classes (labels);
  g_auto (InionLinear) automatic = { 0 };
  g_auto (InionLinear) fixed = { 0 };

  g_assert_true (inion_lda_fit (&automatic, x, labels, 200, 8, 2, NAN, NULL));
  check_row (want, "lda", &automatic, 1e-11);
  g_assert_cmpfloat_with_epsilon (automatic.weights[0], 0.0167079384, 1e-10);
  g_assert_cmpfloat_with_epsilon (automatic.intercepts[0], -0.2089585855, 1e-10);
  g_assert_true (inion_lda_fit (&fixed, x, labels, 200, 8, 2, 0.2, NULL));
  check_row (want, "lda_fixed", &fixed, 1e-11);
}

static void
test_logistic (void)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *want = decode_fixture_open (&parser, "decode.json");
  guint labels[200];
  g_autofree double *x = lcg_two_classes (labels);
  g_auto (InionLinear) plain = { 0 };
  g_auto (InionLinear) scaled = { 0 };

  g_assert_true (inion_logistic_fit (&plain, x, labels, 200, 8, 2, 1.0, NULL));
  check_row (want, "logistic", &plain, 2e-6);
  for (guint i = 0; i < 1600; i++)
    x[i] *= pow (10, -2 + 0.5 * (i % 8));
  g_assert_true (inion_logistic_fit (&scaled, x, labels, 200, 8, 2, 0.05, NULL));
  check_row (want, "logistic_scaled", &scaled, 2e-5);
}

static void
check_three (JsonObject        *want,
             const char        *member,
             const InionLinear *got,
             const double      *x,
             double             tolerance)
{
  JsonObject *object = json_object_get_object_member (want, member);
  g_autofree double *decision = decode_fixture_numbers (object, "decision", 30);
  g_autofree double *probability = decode_fixture_numbers (object, "probability", 30);

  for (guint i = 0; i < 10; i++)
    {
      double d[3], p[3];

      inion_linear_decide (got, x + i * 8, d);
      g_assert_true (inion_linear_predict (got, x + i * 8, p, NULL));
      assert_close (d, decision + i * 3, 3, tolerance);
      assert_close (p, probability + i * 3, 3, tolerance);
    }
}

static void
test_three_classes (void)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *want = decode_fixture_open (&parser, "decode.json");
  guint labels[200];
  g_autofree double *x = lcg_three_classes (labels);
  g_auto (InionLinear) lda = { 0 };
  g_auto (InionLinear) logistic = { 0 };

  g_assert_true (inion_lda_fit (&lda, x, labels, 200, 8, 3, NAN, NULL));
  check_three (want, "lda_three", &lda, x, 1e-11);
  g_assert_true (inion_logistic_fit (&logistic, x, labels, 200, 8, 3, 1.0, NULL));
  check_three (want, "logistic_three", &logistic, x, 1e-5);
}

/* The logistic optimum is where the gradient vanishes, also with far more features than examples.
 * */
static void
test_many_features (void)
{
  enum { N = 12, P = 300 };
  g_autofree double *x = g_new (double, N * P);
  g_autofree double *g = g_new0 (double, P + 1);
  guint labels[N];
  guint32 state = 3;
  g_auto (InionLinear) fit = { 0 };
  g_auto (InionLinear) lda = { 0 };

  for (guint i = 0; i < N * P; i++)
    x[i] = lcg_normal (&state);
  for (guint i = 0; i < N; i++)
    labels[i] = i % 2;
  g_assert_true (inion_logistic_fit (&fit, x, labels, N, P, 2, 1.0, NULL));
  memcpy (g, fit.weights, P * sizeof (double));
  for (guint i = 0; i < N; i++)
    {
      double p[2];

      g_assert_true (inion_linear_predict (&fit, x + i * P, p, NULL));
      for (guint j = 0; j < P; j++)
        g[j] += (p[1] - labels[i]) * x[i * P + j];
      g[P] += p[1] - labels[i];
    }
  assert_close (g, (double[P + 1]) { 0 }, P + 1, 1e-6);
  g_assert_true (inion_lda_fit (&lda, x, labels, N, P, 2, NAN, NULL));
}

static void
test_edges (void)
{
  double x[8] = { 1, 2, 1, 2, 1, 2, 1, 2 }, p[2];
  guint labels[4] = { 0, 1, 0, 1 }, one[4] = { 1, 1, 1, 1 };
  g_autoptr (GError) error = NULL;
  g_auto (InionLinear) a = { 0 };
  g_auto (InionLinear) b = { 0 };
  g_auto (InionLinear) c = { 0 };
  g_auto (InionLinear) d = { 0 };

  /* Features that do not vary tell nothing: even odds, no NaN. */
  g_assert_true (inion_lda_fit (&a, x, labels, 4, 2, 2, NAN, NULL));
  g_assert_true (inion_linear_predict (&a, x, p, NULL));
  assert_close (p, (double[]) { 0.5, 0.5 }, 2, 1e-12);
  g_assert_true (inion_logistic_fit (&b, x, labels, 4, 2, 2, 1.0, NULL));
  g_assert_true (inion_linear_predict (&b, x, p, NULL));
  assert_close (p, (double[]) { 0.5, 0.5 }, 2, 1e-9);

  g_assert_false (inion_lda_fit (&c, x, one, 4, 2, 2, NAN, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_clear_error (&error);
  g_assert_false (inion_logistic_fit (&d, x, one, 4, 2, 2, 1.0, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_clear_error (&error);

  x[0] = INFINITY;
  a.weights[0] = 1;
  g_assert_false (inion_linear_predict (&a, x, p, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NUMERIC);
}

/* Classes that a line separates perfectly: the penalty keeps the weights finite. */
static void
test_separable (void)
{
  double x[6] = { -3e6, -2e6, -1e6, 1e6, 2e6, 3e6 };
  guint labels[6] = { 0, 0, 0, 1, 1, 1 };
  g_auto (InionLinear) fit = { 0 };

  g_assert_true (inion_logistic_fit (&fit, x, labels, 6, 1, 2, 1e6, NULL));
  for (guint i = 0; i < 6; i++)
    {
      double p[2];

      g_assert_true (inion_linear_predict (&fit, x + i, p, NULL));
      g_assert_cmpfloat (p[labels[i]], >, 0.9);
    }
}

int
main (int   argc,
      char *argv[])
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decode/classifiers/lda", test_lda);
  g_test_add_func ("/decode/classifiers/logistic", test_logistic);
  g_test_add_func ("/decode/classifiers/three-classes", test_three_classes);
  g_test_add_func ("/decode/classifiers/many-features", test_many_features);
  g_test_add_func ("/decode/classifiers/edges", test_edges);
  g_test_add_func ("/decode/classifiers/separable", test_separable);
  return g_test_run ();
}
