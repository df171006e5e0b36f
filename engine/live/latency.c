/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long things took: a histogram that stays small however many there were.
 *
 * Bins are logarithmic, ten an octave from 1 µs to about a minute: a quantile is read from the
 * upper edge of its bin, so that it is never too good, and at most 2^(1/10) − 1 = 7.2 % too bad.
 * The greatest value is kept as it is. */

#define G_LOG_DOMAIN "inion-live"

#include "config.h"

#include "live/latency.h"

#include <math.h>

#define BINS_AN_OCTAVE 10.0

/**
 * inion_latency_add:
 * @self: a histogram
 * @latency_us: a duration, µs; below 1 µs counts as 1 µs
 *
 * Counts one duration.
 */
void
inion_latency_add (InionLatency *self,
                   double        latency_us)
{
  double bin = ceil (BINS_AN_OCTAVE * log2 (MAX (latency_us, 1.0)));

  self->counts[(gsize) MIN (bin, INION_LATENCY_BINS - 1)]++;
  self->n++;
  self->max_us = MAX (self->max_us, latency_us);
}

/**
 * inion_latency_quantile:
 * @self: a histogram
 * @q: which quantile, 0–1
 *
 * Returns: a duration in µs that at least the share @q of the counted ones do not exceed: the
 *   quantile or at most 7.2 % more; NaN if nothing was counted
 */
double
inion_latency_quantile (const InionLatency *self,
                        double              q)
{
  double rank = CLAMP (q, 0.0, 1.0) * (double) self->n;
  guint64 below = 0;
  gsize bin = 0;

  if (self->n == 0)
    return NAN;
  while (bin < INION_LATENCY_BINS - 1 &&
         (below += self->counts[bin], below == 0 || (double) below < rank))
    bin++;
  if (bin == INION_LATENCY_BINS - 1)
    return self->max_us;
  return MIN (exp2 ((double) bin / BINS_AN_OCTAVE), self->max_us);
}
