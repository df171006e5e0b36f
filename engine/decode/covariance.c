/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Covariance of observations: sample, Ledoit–Wolf, oracle approximating shrinkage.
 *
 * Both estimates shrink the sample covariance S (divided by n, as their papers do) towards μI with
 * μ = tr S / p. Ledoit and Wolf 2004 estimate the best amount from the fourth moments; Chen et al.
 * 2010 (OAS, eq. 23) from S alone under a Gaussian. With few observations of many features the
 * amount is computed from the n × n Gram matrix: Σ_ij (XᵀX)_ij² = Σ_ab (XXᵀ)_ab², and
 * Σ_ij Σ_t x_ti² x_tj² = Σ_t (Σ_i x_ti²)². */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/covariance.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

static double *
centred (const double *x,
         gsize         n,
         guint         p)
{
  double *out = g_new (double, n * p);

  for (guint j = 0; j < p; j++)
    {
      double mean = 0;

      for (gsize i = 0; i < n; i++)
        mean += x[i * p + j];
      mean /= (double) n;
      for (gsize i = 0; i < n; i++)
        out[i * p + j] = x[i * p + j] - mean;
    }
  return out;
}

static void
mirror (double *a,
        guint   p)
{
  for (guint i = 0; i < p; i++)
    {
      for (guint j = 0; j < i; j++)
        a[(gsize) i * p + j] = a[(gsize) j * p + i];
    }
}

/* ‖XᵀX‖²_F of centred observations, through the smaller of the two products. */
static double
squared_norm (const double *x,
              gsize         n,
              guint         p,
              const double *covariance)
{
  double sum = 0;

  if (n >= p)
    {
      for (gsize i = 0; i < (gsize) p * p; i++)
        sum += covariance[i] * covariance[i];
      return sum * (double) n * (double) n;
    }
  for (gsize a = 0; a < n; a++)
    {
      for (gsize b = 0; b <= a; b++)
        {
          double dot = cblas_ddot ((int) p, x + a * p, 1, x + b * p, 1);

          sum += (a == b ? 1.0 : 2.0) * dot * dot;
        }
    }
  return sum;
}

static double
ledoit_wolf_amount (const double *x,
                    gsize         n,
                    guint         p,
                    double        trace,
                    double        norm)
{
  double count = (double) n, size = p;
  double mu = trace / size;
  double fourth = 0, beta, delta;

  if (p == 1)
    return 0;
  for (gsize t = 0; t < n; t++)
    {
      double square = cblas_ddot ((int) p, x + t * p, 1, x + t * p, 1);

      fourth += square * square;
    }
  norm /= count * count;
  beta = (fourth / count - norm) / (size * count);
  delta = (norm - 2.0 * mu * trace + size * mu * mu) / size;
  beta = MIN (beta, delta);
  return beta > 0 && delta > 0 ? beta / delta : 0;
}

static double
oas_amount (gsize  n,
            guint  p,
            double trace,
            double norm)
{
  double count = (double) n, size = p;
  double mu = trace / size;
  double alpha = norm / (count * count) / (size * size);
  double numerator = alpha + mu * mu;
  double denominator = (count + 1.0) * (alpha - mu * mu / size);

  return denominator > 0 ? MIN (numerator / denominator, 1.0) : 1.0;
}

/**
 * inion_covariance_shrink:
 * @covariance: (array): [p × p], changed in place
 * @p: size, at least 1
 * @amount: 0 (as it is) to 1 (a multiple of the identity)
 */
void
inion_covariance_shrink (double *covariance,
                         guint   p,
                         double  amount)
{
  double trace = 0;

  for (guint i = 0; i < p; i++)
    trace += covariance[(gsize) i * p + i];
  for (gsize i = 0; i < (gsize) p * p; i++)
    covariance[i] *= 1.0 - amount;
  for (guint i = 0; i < p; i++)
    covariance[(gsize) i * p + i] += amount * trace / p;
}

/**
 * inion_covariance_estimate:
 * @x: (array): observations by row [n × p]
 * @n: observations, at least 1
 * @p: features, at least 1
 * @method: how the amount of shrinkage is found
 * @amount: for %INION_SHRINK_FIXED: the amount, 0 to 1
 * @covariance: (out caller-allocates) (array): [p × p], divided by n
 *
 * Covariance about the mean, shrunk towards a multiple of the identity.
 *
 * Returns: the amount of shrinkage, 0 to 1
 */
double
inion_covariance_estimate (const double *x,
                           gsize         n,
                           guint         p,
                           InionShrink   method,
                           double        amount,
                           double       *covariance)
{
  g_autofree double *c = centred (x, n, p);
  double trace = 0;

  cblas_dsyrk (CblasRowMajor, CblasUpper, CblasTrans, (int) p, (int) n, 1.0 / (double) n, c,
               (int) p,
               0.0, covariance, (int) p);
  mirror (covariance, p);
  for (guint i = 0; i < p; i++)
    trace += covariance[(gsize) i * p + i];
  if (method == INION_SHRINK_LEDOIT_WOLF)
    amount = ledoit_wolf_amount (c, n, p, trace, squared_norm (c, n, p, covariance));
  else if (method == INION_SHRINK_OAS)
    amount = oas_amount (n, p, trace, squared_norm (c, n, p, covariance));
  inion_covariance_shrink (covariance, p, amount);
  return amount;
}

/**
 * inion_covariance_ledoit_wolf_standardised:
 * @x: (array): observations by row [n × p]
 * @n: observations, at least 1
 * @p: features, at least 1
 * @covariance: (out caller-allocates) (array): [p × p]
 *
 * Ledoit–Wolf on features divided by their standard deviation, scaled back: what scikit-learn's
 * discriminant analysis does for "auto". A constant feature is left unscaled.
 *
 * Returns: the amount of shrinkage, 0 to 1
 */
double
inion_covariance_ledoit_wolf_standardised (const double *x,
                                           gsize         n,
                                           guint         p,
                                           double       *covariance)
{
  g_autofree double *z = centred (x, n, p);
  g_autofree double *scale = g_new0 (double, p);
  double amount;

  for (gsize i = 0; i < n; i++)
    {
      for (guint j = 0; j < p; j++)
        scale[j] += z[i * p + j] * z[i * p + j];
    }
  for (guint j = 0; j < p; j++)
    scale[j] = scale[j] > 0 ? sqrt (scale[j] / (double) n) : 1.0;
  for (gsize i = 0; i < n; i++)
    {
      for (guint j = 0; j < p; j++)
        z[i * p + j] /= scale[j];
    }
  amount = inion_covariance_estimate (z, n, p, INION_SHRINK_LEDOIT_WOLF, 0, covariance);
  for (guint i = 0; i < p; i++)
    {
      for (guint j = 0; j < p; j++)
        covariance[(gsize) i * p + j] *= scale[i] * scale[j];
    }
  return amount;
}

/**
 * inion_covariance_of_trial:
 * @trial: (array): [n_channels × n_samples]
 * @n_channels: rows
 * @n_samples: columns, at least 1
 * @scratch: (array): room for [n_channels × n_samples]
 * @mean: (out caller-allocates) (array length=n_channels): mean of each channel
 * @covariance: (out caller-allocates) (array): [n_channels × n_channels] about the mean, divided by
 *   n_samples
 *
 * First and second moments of a trial. Centring first keeps the digits of a signal that rides on
 * a large offset.
 */
void
inion_covariance_of_trial (const double *trial,
                           guint         n_channels,
                           guint         n_samples,
                           double       *scratch,
                           double       *mean,
                           double       *covariance)
{
  for (guint c = 0; c < n_channels; c++)
    {
      const double *x = trial + (gsize) c * n_samples;
      double *z = scratch + (gsize) c * n_samples;
      double sum = 0;

      for (guint t = 0; t < n_samples; t++)
        sum += x[t];
      mean[c] = sum / n_samples;
      for (guint t = 0; t < n_samples; t++)
        z[t] = x[t] - mean[c];
    }
  cblas_dsyrk (CblasRowMajor, CblasUpper, CblasNoTrans, (int) n_channels, (int) n_samples,
               1.0 / n_samples, scratch, (int) n_samples, 0.0, covariance, (int) n_channels);
  mirror (covariance, n_channels);
}
