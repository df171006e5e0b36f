/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Minimum distance to mean: a covariance belongs to the class whose Riemannian mean is nearest.
 *
 * Barachant et al. 2012. Probabilities are the softmax of −δ². */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/mdm.h"

#include "decode/linear.h"
#include "decode/spd.h"

#include <math.h>

/**
 * inion_mdm_clear:
 * @self: the classifier
 *
 * Frees what it owns.
 */
void
inion_mdm_clear (InionMdm *self)
{
  g_clear_pointer (&self->inverse_roots, g_free);
}

/**
 * inion_mdm_fit:
 * @self: (out): the classifier; clear it also after a failure
 * @matrices: (array length=count): positive-definite matrices [n × n]
 * @labels: (array length=count): class of each
 * @count: examples
 * @n: size of the matrices
 * @n_classes: at least 2
 * @error: return location
 *
 * Finds the Riemannian mean of each class.
 *
 * Returns: %FALSE with %INION_ERROR_TOO_FEW where a class has no example, %INION_ERROR_NUMERIC
 *   where a matrix is not positive
 */
gboolean
inion_mdm_fit (InionMdm             *self,
               const double *const  *matrices,
               const guint          *labels,
               guint                 count,
               guint                 n,
               guint                 n_classes,
               GError              **error)
{
  gsize size = (gsize) n * n;
  g_autofree double *mean = g_new (double, size);
  g_autofree const double **own = g_new (const double *, count);

  self->n_classes = n_classes;
  self->n = n;
  self->inverse_roots = g_new0 (double, n_classes * size);
  for (guint c = 0; c < n_classes; c++)
    {
      guint k = 0;

      for (guint i = 0; i < count; i++)
        {
          if (labels[i] == c)
            own[k++] = matrices[i];
        }
      if (k == 0)
        return inion_set_error (error, INION_ERROR_TOO_FEW,
                                "Class %u has no example to fit the classifier on.", c + 1);
      if (!inion_spd_mean (own, k, n, mean, error) ||
          !inion_spd_roots (mean, n, NULL, self->inverse_roots + c * size, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * inion_mdm_predict:
 * @self: the classifier
 * @matrix: (array): a positive-definite matrix [n × n]
 * @probabilities: (out caller-allocates) (array length=n_classes): sum to 1
 * @error: return location
 *
 * Returns: %FALSE with %INION_ERROR_NUMERIC where the matrix is not positive
 */
gboolean
inion_mdm_predict (const InionMdm  *self,
                   const double    *matrix,
                   double          *probabilities,
                   GError         **error)
{
  gsize size = (gsize) self->n * self->n;

  for (guint c = 0; c < self->n_classes; c++)
    {
      double distance;

      if (!inion_spd_distance (self->inverse_roots + c * size, matrix, self->n, &distance, error))
        return FALSE;
      probabilities[c] = -distance * distance;
    }
  inion_softmax (probabilities, self->n_classes);
  return TRUE;
}
