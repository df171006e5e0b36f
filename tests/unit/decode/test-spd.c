/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Positive-definite matrices, spatial filters and minimum distance to mean against SciPy and MNE.
 * */

#include "decode-fixture.h"

#include "core/error.h"
#include "core/init.h"
#include "decode/covariance.h"
#include "decode/csp.h"
#include "decode/mdm.h"
#include "decode/spd.h"

#include <string.h>

typedef struct
{
  JsonParser *parser;
  JsonObject *want;
  guint labels[20];
  double *trials;
  double covariances[20][36];  /* shrunk, as the reference */
  double moments[20][36];      /* mean squares, not centred */
  const double *list[20];
} Data;

static void
set_up (Data          *self,
        gconstpointer  unused)
{
  self->want = decode_fixture_open (&self->parser, "decode.json");
  self->trials = lcg_trials (self->labels);
  for (guint i = 0; i < 20; i++)
    {
      double scratch[300], mean[6];

      inion_covariance_of_trial (self->trials + i * 300, 6, 50, scratch, mean,
                                 self->covariances[i]);
      for (guint k = 0; k < 36; k++)
        {
          self->moments[i][k] = self->covariances[i][k] + mean[k / 6] * mean[k % 6];
          self->covariances[i][k] *= 50.0 / 49.0;
        }
      inion_covariance_shrink (self->covariances[i], 6, 0.1);
      self->list[i] = self->covariances[i];
    }
}

static void
tear_down (Data          *self,
           gconstpointer  unused)
{
  g_object_unref (self->parser);
  g_free (self->trials);
}

static void
test_functions (Data          *self,
                gconstpointer  unused)
{
  g_autofree double *log_want = decode_fixture_numbers (self->want, "log", 36);
  g_autofree double *root_want = decode_fixture_numbers (self->want, "sqrt", 36);
  double a[36], root[36], inverse[36];

  g_assert_true (inion_spd_apply (self->list[0], 6, INION_SPD_LOG, a, NULL));
  assert_close (a, log_want, 36, 1e-12);
  g_assert_true (inion_spd_apply (a, 6, INION_SPD_EXP, a, NULL));
  assert_close (a, self->list[0], 36, 1e-11);
  g_assert_true (inion_spd_roots (self->list[0], 6, root, inverse, NULL));
  assert_close (root, root_want, 36, 1e-12);
  g_assert_true (inion_spd_apply (self->list[0], 6, INION_SPD_INVSQRT, a, NULL));
  assert_close (a, inverse, 36, 1e-12);
}

static void
test_mean (Data          *self,
           gconstpointer  unused)
{
  g_autofree double *want = decode_fixture_numbers (self->want, "mean", 36);
  double mean[36];

  g_assert_true (inion_spd_mean (self->list, 20, 6, mean, NULL));
  assert_close (mean, want, 36, 1e-8);
  /* The mean of one matrix is that matrix; of A and A⁻¹ the identity. */
  g_assert_true (inion_spd_mean (self->list, 1, 6, mean, NULL));
  assert_close (mean, self->list[0], 36, 1e-10);
}

static void
test_mdm (Data          *self,
          gconstpointer  unused)
{
  g_autofree double *want = decode_fixture_numbers (self->want, "mdm", 40);
  g_auto (InionMdm) mdm = { 0 };

  g_assert_true (inion_mdm_fit (&mdm, self->list, self->labels, 20, 6, 2, NULL));
  for (guint i = 0; i < 20; i++)
    {
      double p[2], d;

      g_assert_true (inion_mdm_predict (&mdm, self->list[i], p, NULL));
      for (guint c = 0; c < 2; c++)
        {
          g_assert_true (inion_spd_distance (mdm.inverse_roots + c * 36, self->list[i], 6, &d,
                                             NULL));
          g_assert_cmpfloat_with_epsilon (d, want[2 * i + c], 1e-8);
        }
      g_assert_cmpfloat_with_epsilon (log (p[0] / p[1]),
                                      want[2 * i + 1] * want[2 * i +
                                                             1] - want[2 * i] * want[2 * i], 1e-7);
    }
}

static void
class_means (Data   *self,
             double *classes)
{
  memset (classes, 0, 72 * sizeof (double));
  for (guint i = 0; i < 20; i++)
    {
      for (guint k = 0; k < 36; k++)
        classes[self->labels[i] * 36 +
                k] += self->moments[i][k] * 50 / 499; /* MNE divides by N − 1 */
    }
}

static void
test_csp (Data          *self,
          gconstpointer  unused)
{
  JsonObject *want = json_object_get_object_member (self->want, "csp");
  g_autofree double *filters_want = decode_fixture_numbers (want, "filters", 24);
  g_autofree double *features = decode_fixture_numbers (want, "features", 80);
  double classes[72], filters[24], patterns[24];
  guint class_of[4];

  class_means (self, classes);
  g_assert_cmpuint (inion_csp_fit (classes, 2, 6, 4, filters, class_of, NULL), ==, 4);
  for (guint k = 0; k < 24; k++)
    g_assert_cmpfloat_with_epsilon (fabs (filters[k]), filters_want[k], 1e-9);
  g_assert_cmpuint (class_of[0], ==, 1);
  for (guint i = 0; i < 20; i++)
    {
      for (guint f = 0; f < 4; f++)
        {
          double scratch[6], power;

          inion_spd_congruence (filters + f * 6, self->moments[i], 1, 6, scratch, &power);
          g_assert_cmpfloat_with_epsilon (log (power), features[i * 4 + f], 1e-9);
        }
    }
  for (guint k = 0; k < 36; k++)
    classes[k] += classes[36 + k];
  g_assert_true (inion_csp_patterns (filters, 4, classes, 6, patterns, NULL));
  {
    g_autofree double *patterns_want = decode_fixture_numbers (want, "patterns", 24);

    for (guint k = 0; k < 24; k++)
      g_assert_cmpfloat_with_epsilon (fabs (patterns[k]), patterns_want[k], 1e-9);
  }
}

/* Three sources, each strong in one class: the first filter of each class finds its own. */
static void
test_csp_three (void)
{
  double classes[27] = { 0 }, filters[12];
  guint class_of[4];

  for (guint c = 0; c < 3; c++)
    {
      for (guint i = 0; i < 3; i++)
        classes[c * 9 + i * 4] = i == c ? 4 : 1;
    }
  g_assert_cmpuint (inion_csp_count (3, 3, 4), ==, 4);
  g_assert_cmpuint (inion_csp_fit (classes, 3, 3, 4, filters, class_of, NULL), ==, 4);
  g_assert_cmpuint (class_of[0], ==, 0);
  g_assert_cmpuint (class_of[1], ==, 0);
  g_assert_cmpuint (class_of[2], ==, 1);
  g_assert_cmpuint (class_of[3], ==, 2);
  g_assert_cmpfloat (filters[0], >, 0.1);
  g_assert_cmpfloat_with_epsilon (filters[1], 0, 1e-12);
  g_assert_cmpfloat (filters[2 * 3 + 1], >, 0.1);
  g_assert_cmpfloat (filters[3 * 3 + 2], >, 0.1);
}

static void
test_rank (void)
{
  /* Channel 2 is the sum of channels 0 and 1; channel 3 is flat. */
  double a[16] = { 2, 1, 3, 0, 1, 3, 4, 0, 3, 4, 7, 0, 0, 0, 0, 0 }, basis[16], out[16];
  double nan_matrix[4] = { 1, NAN, NAN, 1 }, zero[4] = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (inion_spd_range (a, 4, 1e-10, basis, NULL), ==, 2);
  for (guint k = 0; k < 2; k++)
    {
      g_assert_cmpfloat_with_epsilon (basis[k * 4] + basis[k * 4 + 1], basis[k * 4 + 2], 1e-12);
      g_assert_cmpfloat_with_epsilon (basis[k * 4 + 3], 0, 1e-12);
    }
  g_assert_cmpuint (inion_spd_range (nan_matrix, 2, 1e-10, basis, &error), ==, 0);
  g_assert_error (error, INION_ERROR, INION_ERROR_NUMERIC);
  g_clear_error (&error);
  g_assert_cmpuint (inion_spd_range (zero, 2, 1e-10, basis, &error), ==, 0);
  g_assert_error (error, INION_ERROR, INION_ERROR_NUMERIC);
  g_clear_error (&error);
  g_assert_false (inion_spd_apply (zero, 2, INION_SPD_LOG, out, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NUMERIC);
  g_clear_error (&error);
  /* A singular matrix has a logarithm all the same: of its floor. */
  g_assert_true (inion_spd_apply (a, 4, INION_SPD_LOG, out, NULL));
  for (guint k = 0; k < 16; k++)
    g_assert_true (isfinite (out[k]));
}

int
main (int   argc,
      char *argv[])
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/decode/spd/functions", Data, NULL, set_up, test_functions, tear_down);
  g_test_add ("/decode/spd/mean", Data, NULL, set_up, test_mean, tear_down);
  g_test_add ("/decode/spd/mdm", Data, NULL, set_up, test_mdm, tear_down);
  g_test_add ("/decode/spd/csp", Data, NULL, set_up, test_csp, tear_down);
  g_test_add_func ("/decode/spd/csp-three", test_csp_three);
  g_test_add_func ("/decode/spd/rank", test_rank);
  return g_test_run ();
}
