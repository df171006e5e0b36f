/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A linear classifier: a hyperplane for two classes, a softmax of scores for more. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/linear.h"

#include <cblas.h>
#include <math.h>

/**
 * inion_linear_init:
 * @self: (out): the classifier, all weights 0
 * @n_classes: at least 2
 * @n_features: at least 1
 */
void
inion_linear_init (InionLinear *self,
                   guint        n_classes,
                   guint        n_features)
{
  self->n_classes = n_classes;
  self->n_features = n_features;
  self->n_rows = n_classes == 2 ? 1 : n_classes;
  self->weights = g_new0 (double, (gsize) self->n_rows * n_features);
  self->intercepts = g_new0 (double, self->n_rows);
}

/**
 * inion_linear_clear:
 * @self: the classifier
 *
 * Frees what it owns.
 */
void
inion_linear_clear (InionLinear *self)
{
  g_clear_pointer (&self->weights, g_free);
  g_clear_pointer (&self->intercepts, g_free);
}

/**
 * inion_linear_decide:
 * @self: the classifier
 * @x: (array length=n_features): features
 * @decision: (out caller-allocates) (array length=n_rows): log odds of class 1, or one score a
 * class
 */
void
inion_linear_decide (const InionLinear *self,
                     const double      *x,
                     double            *decision)
{
  for (guint r = 0; r < self->n_rows; r++)
    decision[r] = self->intercepts[r] +
                  cblas_ddot ((int) self->n_features, self->weights + (gsize) r * self->n_features,
                              1,
                              x, 1);
}

/**
 * inion_softmax:
 * @scores: (array length=n): in: finite scores; out: probabilities that sum to 1
 * @n: number of scores
 */
void
inion_softmax (double *scores,
               guint   n)
{
  double top = scores[0], sum = 0;

  for (guint i = 1; i < n; i++)
    top = MAX (top, scores[i]);
  for (guint i = 0; i < n; i++)
    sum += scores[i] = exp (scores[i] - top);
  for (guint i = 0; i < n; i++)
    scores[i] /= sum;
}

/**
 * inion_linear_predict:
 * @self: the classifier
 * @x: (array length=n_features): features
 * @probabilities: (out caller-allocates) (array length=n_classes): sum to 1
 * @error: return location
 *
 * Returns: %FALSE with %INION_ERROR_NUMERIC where the features are beyond what a number can hold
 */
gboolean
inion_linear_predict (const InionLinear  *self,
                      const double       *x,
                      double             *probabilities,
                      GError            **error)
{
  inion_linear_decide (self, x, probabilities);
  for (guint r = 0; r < self->n_rows; r++)
    {
      if (!isfinite (probabilities[r]))
        return inion_set_error (error, INION_ERROR_NUMERIC,
                                "The features of this window are not numbers that can be "
                                "classified.");
    }
  if (self->n_rows == 1)
    {
      double odds = probabilities[0];

      probabilities[0] = 1.0 / (1.0 + exp (odds));
      probabilities[1] = 1.0 / (1.0 + exp (-odds));
    }
  else
    {
      inion_softmax (probabilities, self->n_classes);
    }
  return TRUE;
}
