/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linear discriminant analysis with a shrunk covariance.
 *
 * The common covariance is the mean of the classes' own, each shrunk on its own and weighted by the
 * class's share (scikit-learn's solver "lsqr"); w_k = Σ⁻¹ m_k and b_k = −½ m_kᵀ w_k + log share_k.
 * "Auto" is Ledoit–Wolf on standardised features (Blankertz et al. 2011 show why shrinkage pays
 * for evoked responses). Where Σ has no inverse (constant features, no shrinkage and fewer
 * examples than features) its pseudo-inverse is taken: directions without variance tell nothing. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/lda.h"

#include "decode/covariance.h"
#include "decode/spd.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#define WORST_CONDITION 1e-13

static void
class_moments (const double *x,
               const guint  *labels,
               gsize         n,
               guint         p,
               guint         class_index,
               gsize         count,
               double        shrinkage,
               double       *mean,
               double       *covariance)
{
  g_autofree double *own = g_new (double, count * p);
  gsize k = 0;

  memset (mean, 0, p * sizeof (double));
  for (gsize i = 0; i < n; i++)
    {
      if (labels[i] != class_index)
        continue;
      memcpy (own + k++ * p, x + i * p, p * sizeof (double));
      cblas_daxpy ((int) p, 1.0, x + i * p, 1, mean, 1);
    }
  cblas_dscal ((int) p, 1.0 / (double) count, mean, 1);
  if (isnan (shrinkage))
    inion_covariance_ledoit_wolf_standardised (own, count, p, covariance);
  else
    inion_covariance_estimate (own, count, p, INION_SHRINK_FIXED, shrinkage, covariance);
}

static gboolean
solve_by_cholesky (const double *covariance,
                   guint         p,
                   double       *right,
                   guint         n_right)
{
  g_autofree double *factor = g_memdup2 (covariance, (gsize) p * p * sizeof (double));
  double norm = LAPACKE_dlansy (LAPACK_COL_MAJOR, '1', 'L', (lapack_int) p, factor, (lapack_int) p);
  double condition = 0;

  if (LAPACKE_dpotrf (LAPACK_COL_MAJOR, 'L', (lapack_int) p, factor, (lapack_int) p) != 0 ||
      LAPACKE_dpocon (LAPACK_COL_MAJOR, 'L', (lapack_int) p, factor, (lapack_int) p, norm,
                      &condition) != 0 ||
      condition < WORST_CONDITION)
    return FALSE;
  return LAPACKE_dpotrs (LAPACK_COL_MAJOR, 'L', (lapack_int) p, (lapack_int) n_right, factor,
                         (lapack_int) p, right, (lapack_int) p) == 0;
}

static gboolean
solve_by_eigenvalues (const double  *covariance,
                      guint          p,
                      double        *right,
                      guint          n_right,
                      GError       **error)
{
  g_autofree double *vectors = g_memdup2 (covariance, (gsize) p * p * sizeof (double));
  g_autofree double *values = g_new (double, 2 * (gsize) p);
  double *out = values + p;

  if (!inion_spd_eigh (vectors, p, values, error))
    return FALSE;
  for (guint r = 0; r < n_right; r++)
    {
      double *b = right + (gsize) r * p;

      memset (out, 0, p * sizeof (double));
      for (guint k = 0; k < p; k++)
        {
          const double *v = vectors + (gsize) k * p;

          if (values[k] > WORST_CONDITION * values[p - 1] && values[k] > G_MINDOUBLE)
            cblas_daxpy ((int) p, cblas_ddot ((int) p, v, 1, b, 1) / values[k], v, 1, out, 1);
        }
      memcpy (b, out, p * sizeof (double));
    }
  return TRUE;
}

/* Each class's weights and intercept → the classifier's rows. */
static gboolean
take_rows (InionLinear   *self,
           const double  *means,
           const double  *weights,
           const gsize   *counts,
           gsize          n,
           guint          p,
           GError       **error)
{
  guint k = self->n_classes;
  g_autofree double *intercepts = g_new (double, k);

  for (guint c = 0; c < k; c++)
    intercepts[c] = -0.5 * cblas_ddot ((int) p, means + (gsize) c * p, 1, weights + (gsize) c * p,
                                       1) +
                    log ((double) counts[c] / (double) n);
  if (self->n_rows == 1)
    {
      for (guint j = 0; j < p; j++)
        self->weights[j] = weights[p + j] - weights[j];
      self->intercepts[0] = intercepts[1] - intercepts[0];
    }
  else
    {
      memcpy (self->weights, weights, (gsize) k * p * sizeof (double));
      memcpy (self->intercepts, intercepts, k * sizeof (double));
    }
  for (guint r = 0; r < self->n_rows; r++)
    {
      if (!isfinite (self->intercepts[r]) ||
          !isfinite (cblas_dasum ((int) p, self->weights + (gsize) r * p, 1)))
        return inion_set_error (error, INION_ERROR_NUMERIC,
                                "The discriminant analysis has no finite solution for these "
                                "features.");
    }
  return TRUE;
}

/**
 * inion_lda_fit:
 * @self: (out): the classifier; clear it also after a failure
 * @x: (array): features by example [n × p], finite
 * @labels: (array length=n): class of each example
 * @n: examples
 * @p: features, at least 1
 * @n_classes: at least 2
 * @shrinkage: amount, 0 to 1; NAN: Ledoit–Wolf on standardised features
 * @error: return location
 *
 * Fits a linear discriminant (scikit-learn's LinearDiscriminantAnalysis, solver "lsqr").
 *
 * Returns: %FALSE with %INION_ERROR_TOO_FEW where a class has no example
 */
gboolean
inion_lda_fit (InionLinear   *self,
               const double  *x,
               const guint   *labels,
               gsize          n,
               guint          p,
               guint          n_classes,
               double         shrinkage,
               GError       **error)
{
  gsize size = (gsize) p * p;
  g_autofree gsize *counts = g_new0 (gsize, n_classes);
  g_autofree double *means = g_new (double, 2 * (gsize) n_classes * p);
  g_autofree double *own = g_new (double, size);
  g_autofree double *common = g_new0 (double, size);
  double *weights = means + (gsize) n_classes * p;

  inion_linear_init (self, n_classes, p);
  for (gsize i = 0; i < n; i++)
    counts[labels[i]]++;
  for (guint c = 0; c < n_classes; c++)
    {
      if (counts[c] == 0)
        return inion_set_error (error, INION_ERROR_TOO_FEW,
                                "Class %u has no example to fit the classifier on.", c + 1);
      class_moments (x, labels, n, p, c, counts[c], shrinkage, means + (gsize) c * p, own);
      cblas_daxpy ((int) size, (double) counts[c] / (double) n, own, 1, common, 1);
    }
  memcpy (weights, means, (gsize) n_classes * p * sizeof (double));
  if (!solve_by_cholesky (common, p, weights, n_classes))
    {
      memcpy (weights, means, (gsize) n_classes * p * sizeof (double));
      if (!solve_by_eigenvalues (common, p, weights, n_classes, error))
        return FALSE;
    }
  return take_rows (self, means, weights, counts, n, p, error);
}
