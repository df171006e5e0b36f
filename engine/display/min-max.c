/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bins of a signal: the lowest and the highest value of a run of samples.
 *
 * A NaN compares false with everything, so with the operands in this order it never enters a bin:
 * a run without a number leaves the bin empty. */

#define G_LOG_DOMAIN "inion-display"

#include "config.h"

#include "display/min-max.h"

#include <math.h>

/* Enough lanes that the compiler keeps minima and maxima in vector registers. */
#define LANES 8

/**
 * inion_min_max_clear:
 * @bins: (out) (array length=n): bins
 * @n: number of bins
 *
 * Makes all bins empty.
 */
void
inion_min_max_clear (InionMinMax *bins,
                     gsize        n)
{
  for (gsize i = 0; i < n; i++)
    bins[i] = (InionMinMax) { INFINITY, -INFINITY };
}

static InionMinMax
fold (const float *x,
      gsize        n)
{
  float lo[LANES], hi[LANES];
  InionMinMax bin = { INFINITY, -INFINITY };
  gsize i;

  for (int k = 0; k < LANES; k++)
    {
      lo[k] = INFINITY;
      hi[k] = -INFINITY;
    }
  for (i = 0; i + LANES <= n; i += LANES)
    for (int k = 0; k < LANES; k++)
      {
        lo[k] = x[i + k] < lo[k] ? x[i + k] : lo[k];
        hi[k] = x[i + k] > hi[k] ? x[i + k] : hi[k];
      }
  for (; i < n; i++)
    {
      lo[0] = x[i] < lo[0] ? x[i] : lo[0];
      hi[0] = x[i] > hi[0] ? x[i] : hi[0];
    }
  for (int k = 0; k < LANES; k++)
    inion_min_max_merge (&bin, &(InionMinMax) { lo[k], hi[k] });
  return bin;
}

static void
fold_few (const float *x,
          gsize        n,
          gsize        per_bin,
          InionMinMax *out)
{
  for (gsize i = 0; i < n; i += per_bin)
    {
      gsize end = MIN (i + per_bin, n);
      InionMinMax bin = { INFINITY, -INFINITY };

      for (gsize k = i; k < end; k++)
        {
          bin.lo = x[k] < bin.lo ? x[k] : bin.lo;
          bin.hi = x[k] > bin.hi ? x[k] : bin.hi;
        }
      *out++ = bin;
    }
}

/**
 * inion_min_max_of_samples:
 * @x: (array length=n): samples; NaN is a gap
 * @n: number of samples
 * @per_bin: samples a bin, at least 1; the last bin may be short
 * @out: (out caller-allocates): ceil (@n / @per_bin) bins
 *
 * Folds samples into bins.
 */
void
inion_min_max_of_samples (const float *x,
                          gsize        n,
                          gsize        per_bin,
                          InionMinMax *out)
{
  if (per_bin < LANES)
    fold_few (x, n, per_bin, out);
  else
    for (gsize i = 0; i < n; i += per_bin)
      *out++ = fold (x + i, MIN (per_bin, n - i));
}

/**
 * inion_min_max_of_bins:
 * @bins: (array length=n): bins
 * @n: number of bins
 * @per_bin: bins a coarser bin, at least 1; the last one may be short
 * @out: (out caller-allocates): ceil (@n / @per_bin) bins
 *
 * Folds bins into coarser bins.
 */
void
inion_min_max_of_bins (const InionMinMax *bins,
                       gsize              n,
                       gsize              per_bin,
                       InionMinMax       *out)
{
  for (gsize i = 0; i < n; i += per_bin)
    {
      gsize end = MIN (per_bin, n - i);
      InionMinMax bin = bins[i];

      for (gsize k = 1; k < end; k++)
        inion_min_max_merge (&bin, &bins[i + k]);
      *out++ = bin;
    }
}
