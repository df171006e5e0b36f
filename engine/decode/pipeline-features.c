/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a window's measurements to its feature vector.
 *
 *   csp            log of the mean power along each filter (mean square, not centred: as MNE)
 *   log_variance   log of each channel's variance
 *   band_power     log of each band's power in each channel: band by band
 *   tangent_space  upper triangle of log (M^-½ C M^-½), what is off the diagonal times √2, so that
 *                  lengths of vectors are Riemannian distances (Barachant et al. 2013)
 *   covariance     the matrix itself, for the minimum distance to mean
 * C is the window's sample covariance in the subspace, shrunk by the recipe's amount, with the
 * floor added on the diagonal so that a flat window has a logarithm too. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/pipeline-private.h"

#include "decode/covariance.h"
#include "decode/spd.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

static double
log_power (const InionPipeline *self,
           double               power)
{
  return log (MAX (power, self->floor));
}

/* The window's covariance in the subspace, shrunk: [rank × rank]. */
void
_inion_pipeline_regular_covariance (const InionPipeline *self,
                                    const InionTrials   *trials,
                                    guint                index,
                                    double               shrinkage,
                                    double              *out)
{
  guint n = self->n_channels, r = self->rank;
  const double *covariance = inion_trials_get_covariance (trials, index);
  double unbiased = (double) trials->n_samples / (trials->n_samples - 1.0);

  if (self->basis == NULL)
    {
      memcpy (out, covariance, (gsize) n * n * sizeof (double));
    }
  else
    {
      g_autofree double *scratch = g_new (double, (gsize) r * n);

      inion_spd_congruence (self->basis, covariance, r, n, scratch, out);
    }
  cblas_dscal ((int) (r * r), unbiased, out, 1);
  inion_covariance_shrink (out, r, shrinkage);
  for (guint i = 0; i < r; i++)
    out[(gsize) i * r + i] += self->floor;
}

static void
upper_triangle (const double *matrix,
                guint         n,
                double       *out)
{
  gsize k = 0;

  for (guint i = 0; i < n; i++)
    {
      for (guint j = i; j < n; j++)
        out[k++] = matrix[(gsize) i * n + j] * (i == j ? 1.0 : G_SQRT2);
    }
}

static gboolean
matrix_features (const InionPipeline    *self,
                 const InionFeatureFit  *feature,
                 const InionTrials      *trials,
                 guint                   index,
                 double                 *out,
                 GError                **error)
{
  guint r = self->rank;
  gsize size = (gsize) r * r;
  g_autofree double *work = g_new (double, 3 * size);
  double *scratch = work + size, *whitened = scratch + size;

  _inion_pipeline_regular_covariance (self, trials, index, feature->shrinkage, work);
  if (feature->type == INION_FEATURE_TANGENT_SPACE)
    {
      inion_spd_congruence (feature->whitener, work, r, r, scratch, whitened);
      if (!inion_spd_apply (whitened, r, INION_SPD_LOG, whitened, error))
        return FALSE;
      upper_triangle (whitened, r, out);
    }
  else
    {
      memcpy (out, work, size * sizeof (double));
    }
  return TRUE;
}

static void
channel_features (const InionPipeline   *self,
                  const InionFeatureFit *feature,
                  const InionTrials     *trials,
                  guint                  index,
                  double                *out)
{
  guint n = self->n_channels;

  if (feature->type == INION_FEATURE_LOG_VARIANCE)
    {
      const double *covariance = inion_trials_get_covariance (trials, index);

      for (guint c = 0; c < n; c++)
        out[c] = log_power (self, covariance[(gsize) c * n + c]);
    }
  else
    {
      const double *powers = inion_trials_get_powers (trials, index) +
      (gsize) feature->first_band * n;

      for (guint k = 0; k < feature->n_bands * n; k++)
        out[k] = log_power (self, powers[k]);
    }
}

static void
csp_features (const InionPipeline   *self,
              const InionFeatureFit *feature,
              const InionTrials     *trials,
              guint                  index,
              double                *out)
{
  guint n = self->n_channels;
  const double *covariance = inion_trials_get_covariance (trials, index);
  const double *mean = inion_trials_get_mean (trials, index);
  g_autofree double *product = g_new (double, (gsize) feature->n_filters * n);

  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (int) feature->n_filters, (int) n,
               (int) n,
               1.0, feature->filters, (int) n, covariance, (int) n, 0.0, product, (int) n);
  for (guint k = 0; k < feature->n_filters; k++)
    {
      const double *filter = feature->filters + (gsize) k * n;
      double offset = cblas_ddot ((int) n, filter, 1, mean, 1);
      double power = cblas_ddot ((int) n, filter, 1, product + (gsize) k * n, 1) + offset * offset;

      /* Filters have unit power over the training examples: the floor is relative already. */
      out[k] = log (MAX (power, INION_PIPELINE_FLOOR));
    }
}

/* Fills the parts of a feature vector that need labels to be fitted, or those that do not. */
gboolean
_inion_pipeline_fill_row (const InionPipeline  *self,
                          const InionTrials    *trials,
                          guint                 index,
                          gboolean              supervised,
                          double               *row,
                          GError              **error)
{
  for (guint f = 0; f < self->n_features; f++)
    {
      const InionFeatureFit *feature = &self->features[f];

      if (feature->type == INION_FEATURE_CSP)
        {
          if (supervised)
            csp_features (self, feature, trials, index, row);
        }
      else if (!supervised)
        {
          if (feature->type == INION_FEATURE_LOG_VARIANCE ||
              feature->type == INION_FEATURE_BAND_POWER)
            channel_features (self, feature, trials, index, row);
          else if (!matrix_features (self, feature, trials, index, row, error))
            return FALSE;
        }
      row += feature->n_outputs;
    }
  return TRUE;
}
