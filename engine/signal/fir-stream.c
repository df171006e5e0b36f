/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Causal FIR filtering with state: y[n] = Σ h[k] x[n − k].
 *
 * Every output is summed over k in one order, alone or beside seven neighbours, so any cutting
 * into blocks gives the same bits. The past lies before the new samples in one buffer, moved to
 * the front only when the buffer is full. */

#define G_LOG_DOMAIN "inion-signal"

#include "config.h"

#include "signal/fir.h"

#include "signal/signal-private.h"

#include <string.h>

#define N_BESIDE 8

struct _InionFirStream
{
  gsize n_taps;
  double *taps;
  double *buffer; /* [capacity] */
  gsize capacity;
  gsize fill;     /* the next sample goes here; n_taps − 1 of the past lie before it */
};

/**
 * inion_fir_stream_new:
 * @fir: a filter; copied
 *
 * Returns: (transfer full): a filter of one channel whose past is 0
 */
InionFirStream *
inion_fir_stream_new (const InionFir *fir)
{
  InionFirStream *self = g_new0 (InionFirStream, 1);

  g_assert (fir->n_taps > 0);
  self->n_taps = fir->n_taps;
  self->taps = g_new (double, fir->n_taps);
  memcpy (self->taps, fir->taps, fir->n_taps * sizeof *self->taps);
  self->capacity = fir->n_taps - 1 + MAX (1024, fir->n_taps);
  self->buffer = g_new (double, self->capacity);
  inion_fir_stream_reset (self);
  return self;
}

/**
 * inion_fir_stream_reset:
 * @self: a filter
 *
 * Forgets the past: as if all earlier samples had been 0.
 */
void
inion_fir_stream_reset (InionFirStream *self)
{
  memset (self->buffer, 0, self->capacity * sizeof *self->buffer);
  self->fill = self->n_taps - 1;
}

/**
 * inion_fir_stream_free:
 * @self: (nullable): a filter
 */
void
inion_fir_stream_free (InionFirStream *self)
{
  if (self == NULL)
    return;
  g_free (self->taps);
  g_free (self->buffer);
  g_free (self);
}

/* x: the newest sample that the first output sees; x[−(n_taps − 1)] is the oldest. */
static void
convolve_beside (const double *taps,
                 gsize         n_taps,
                 const double *x,
                 double       *out)
{
  InionPair sums[N_BESIDE / 2] = { { 0, 0 } };

  for (gsize k = 0; k < n_taps; k++)
    {
      const double *at = x - k;
      InionPair tap = { taps[k], taps[k] };

      for (guint i = 0; i < N_BESIDE / 2; i++)
        sums[i] += tap * (InionPair) { at[2 * i], at[2 * i + 1] };
    }
  memcpy (out, sums, sizeof sums);
}

static double
convolve_one (const double *taps,
              gsize         n_taps,
              const double *x)
{
  double sum = 0;

  for (gsize k = 0; k < n_taps; k++)
    sum += taps[k] * x[-(gssize) k];
  return sum;
}

/**
 * inion_fir_stream_process:
 * @self: a filter
 * @in: (array length=n): samples
 * @out: (array length=n): filtered samples; may be @in
 * @n: number of samples
 *
 * Filters the next block. Any cutting into blocks gives the same bits.
 */
void
inion_fir_stream_process (InionFirStream *self,
                          const double   *in,
                          double         *out,
                          gsize           n)
{
  gsize past = self->n_taps - 1;

  while (n > 0)
    {
      gsize m, i = 0;
      double *x;

      if (self->fill == self->capacity)
        {
          memmove (self->buffer, self->buffer + self->capacity - past, past * sizeof *in);
          self->fill = past;
        }
      x = self->buffer + self->fill;
      m = MIN (n, self->capacity - self->fill);
      memcpy (x, in, m * sizeof *in);
      for (; i + N_BESIDE <= m; i += N_BESIDE)
        convolve_beside (self->taps, self->n_taps, x + i, out + i);
      for (; i < m; i++)
        out[i] = convolve_one (self->taps, self->n_taps, x + i);
      self->fill += m;
      in += m;
      out += m;
      n -= m;
    }
}
