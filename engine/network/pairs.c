/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of all pairs of channels at one frequency: kernels, no allocation.
 *
 * With X the coefficients [epoch × channel], R and I their parts and S_ij = Σ x_i conj(x_j) over
 * epochs, Re S = RᵀR + IᵀI and Im S = IᵀR − (IᵀR)ᵀ: three products of real matrices.
 *
 * The phase-lag measures need Σ|Im| over epochs and are no product of matrices; there the inner
 * loop runs over the second channel, for which the compiler uses vectors. An imaginary part that
 * is the rounding of two equal products is zero: copies of one signal have no phase lag. */

#define G_LOG_DOMAIN "inion-network"

#include "config.h"

#include "network/epoch-spectra-private.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#define ROUNDING 1e-11

gsize
_inion_pairs_scratch (gsize n_channels)
{
  return 2 * n_channels * n_channels + 3 * n_channels;
}

static void
measure_coherency (const double             *re,
                   const double             *im,
                   gsize                     n_epochs,
                   gsize                     n,
                   InionConnectivityMeasure  measure,
                   double                   *scratch,
                   double                   *out)
{
  double *real = scratch, *cross = scratch + n * n;

  cblas_dsyrk (CblasRowMajor, CblasUpper, CblasTrans, n, n_epochs, 1, re, n, 0, real, n);
  cblas_dsyrk (CblasRowMajor, CblasUpper, CblasTrans, n, n_epochs, 1, im, n, 1, real, n);
  cblas_dgemm (CblasRowMajor, CblasTrans, CblasNoTrans, n, n, n_epochs, 1, im, n, re, n, 0, cross,
               n);
  for (gsize i = 0; i < n; i++)
    {
      double own = sqrt (real[i * n + i]);

      out[i * n + i] = 0;
      for (gsize j = i + 1; j < n; j++)
        {
          double scale = own * sqrt (real[j * n + j]);
          double imaginary = cross[i * n + j] - cross[j * n + i];

          if (!(scale > 0))
            out[i * n + j] = out[j * n + i] = 0;
          else if (measure == INION_CONNECTIVITY_COHERENCE)
            out[i * n + j] = out[j * n + i] = MIN (1.0, hypot (real[i * n + j], imaginary) / scale);
          else
            {
              out[i * n + j] = imaginary / scale;
              out[j * n + i] = -out[i * n + j];
            }
        }
    }
}

/* (ΣIm)² − ΣIm² over (Σ|Im|)² − ΣIm²; 0 where that is not defined. */
double
_inion_debiased_wpli (double sum,
                      double sum_abs,
                      double sum_squares)
{
  double below = sum_abs * sum_abs - sum_squares;

  return below > 0 ? (sum * sum - sum_squares) / below : 0;
}

/* The three sums of channel i with all channels after it. */
static void
sum_lags (const double *re,
          const double *im,
          gsize         n_epochs,
          gsize         n,
          gsize         i,
          double       *restrict sum,
          double       *restrict sum_abs,
          double       *restrict sum_squares)
{
  memset (sum, 0, n * sizeof *sum);
  memset (sum_abs, 0, n * sizeof *sum_abs);
  memset (sum_squares, 0, n * sizeof *sum_squares);
  for (gsize e = 0; e < n_epochs; e++)
    {
      const double *r = re + e * n, *m = im + e * n;
      double ri = r[i], mi = m[i];

      for (gsize j = i + 1; j < n; j++)
        {
          double a = mi * r[j], b = ri * m[j], lag = a - b;

          lag = fabs (lag) > ROUNDING * (fabs (a) + fabs (b)) ? lag : 0.0;
          sum[j] += lag;
          sum_abs[j] += fabs (lag);
          sum_squares[j] += lag * lag;
        }
    }
}

static void
measure_wpli (const double *re,
              const double *im,
              gsize         n_epochs,
              gsize         n,
              double       *scratch,
              double       *out)
{
  double *sum = scratch, *sum_abs = scratch + n, *sum_squares = scratch + 2 * n;

  for (gsize i = 0; i < n; i++)
    {
      sum_lags (re, im, n_epochs, n, i, sum, sum_abs, sum_squares);
      out[i * n + i] = 0;
      for (gsize j = i + 1; j < n; j++)
        out[i * n + j] = out[j * n + i] =
          _inion_debiased_wpli (sum[j], sum_abs[j], sum_squares[j]);
    }
}

void
_inion_pairs_measure (const double             *re,
                      const double             *im,
                      gsize                     n_epochs,
                      gsize                     n_channels,
                      InionConnectivityMeasure  measure,
                      double                   *scratch,
                      double                   *out)
{
  if (measure == INION_CONNECTIVITY_DEBIASED_WPLI)
    measure_wpli (re, im, n_epochs, n_channels, scratch, out);
  else
    measure_coherency (re, im, n_epochs, n_channels, measure, scratch, out);
}
