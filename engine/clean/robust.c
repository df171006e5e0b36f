/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Median, scale and quantiles that a few wild values cannot move.
 *
 * Selection is Hoare's (1961): partition around a pivot, go on in the part that holds the rank. */

#define G_LOG_DOMAIN "inion-clean"

#include "config.h"

#include "clean/robust.h"

#include <math.h>

static inline void
swap (double *a,
      double *b)
{
  double t = *a;

  *a = *b;
  *b = t;
}

/* Puts the value of a rank at its place: smaller or equal ones before it, larger or equal after. */
static double
select_rank (double *x,
             gsize   n,
             gsize   rank)
{
  gsize low = 0, high = n - 1;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2, i = low, j = high;
      double pivot;

      if (x[middle] < x[low])
        swap (&x[middle], &x[low]);
      if (x[high] < x[low])
        swap (&x[high], &x[low]);
      if (x[high] < x[middle])
        swap (&x[high], &x[middle]);
      pivot = x[middle];
      while (i <= j)
        {
          while (x[i] < pivot)
            i++;
          while (pivot < x[j])
            j--;
          if (i > j)
            break;
          swap (&x[i], &x[j]);
          i++;
          if (j == 0)
            break;
          j--;
        }
      if (rank <= j)
        high = j;
      else if (rank >= i)
        low = i;
      else
        return x[rank];
    }
  return x[rank];
}

/**
 * inion_robust_quantile:
 * @x: (array length=n): finite values; reordered
 * @n: number of values, from 1
 * @fraction: from 0 (smallest) to 1 (largest)
 *
 * Returns: the quantile, interpolated between neighbours as numpy.quantile() does
 */
double
inion_robust_quantile (double *x,
                       gsize   n,
                       double  fraction)
{
  double place = CLAMP (fraction, 0, 1) * (double) (n - 1);
  gsize rank = (gsize) place;
  double lower = select_rank (x, n, rank), upper = lower;

  if (place > (double) rank)
    {
      upper = x[rank + 1];
      for (gsize i = rank + 2; i < n; i++)
        upper = MIN (upper, x[i]);
    }
  return lower + (place - (double) rank) * (upper - lower);
}

/**
 * inion_robust_median:
 * @x: (array length=n): finite values; reordered
 * @n: number of values, from 1
 *
 * Returns: the median
 */
double
inion_robust_median (double *x,
                     gsize   n)
{
  return inion_robust_quantile (x, n, 0.5);
}

/**
 * inion_robust_scale:
 * @x: (array length=n): finite values; overwritten by their distances
 * @n: number of values, from 1
 * @centre: usually their median
 *
 * Returns: 1.4826 × the median of |x − centre|
 */
double
inion_robust_scale (double *x,
                    gsize   n,
                    double  centre)
{
  for (gsize i = 0; i < n; i++)
    x[i] = fabs (x[i] - centre);
  return 1.4826 * inion_robust_median (x, n);
}

/**
 * inion_sampler_init:
 * @self: a sampler
 * @capacity: how many values it keeps at most, from 2
 *
 * Prepares an empty sampler.
 */
void
inion_sampler_init (InionSampler *self,
                    gsize         capacity)
{
  self->values = g_new (double, capacity);
  self->n = 0;
  self->capacity = capacity;
  self->step = 1;
  self->seen = 0;
}

/**
 * inion_sampler_clear:
 * @self: a sampler
 *
 * Frees what it holds.
 */
void
inion_sampler_clear (InionSampler *self)
{
  g_clear_pointer (&self->values, g_free);
  self->n = 0;
}

/**
 * inion_sampler_push:
 * @self: a sampler
 * @x: (array length=n): the next values of the stream
 * @n: how many
 *
 * Keeps every step-th value; when there is no room, drops every second and doubles the step.
 */
void
inion_sampler_push (InionSampler *self,
                    const double *x,
                    gsize         n)
{
  for (gsize i = 0; i < n; i++, self->seen++)
    {
      if (self->seen % self->step != 0)
        continue;
      if (self->n == self->capacity)
        {
          self->n = (self->n + 1) / 2;
          for (gsize k = 1; k < self->n; k++)
            self->values[k] = self->values[2 * k];
          self->step *= 2;
          if (self->seen % self->step != 0)
            continue;
        }
      self->values[self->n++] = x[i];
    }
}
