/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cutting a window out of a signal, with its baseline taken off. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/cut.h"

#include <math.h>
#include <string.h>

#define LONGEST_SAMPLES 1e8

/**
 * inion_cut_init:
 * @self: (out): the cut
 * @spec: the recipe
 * @rate_hz: rate of the signal
 * @error: return location
 *
 * Lengths are rounded half to even, as Python's round() does.
 *
 * Returns: %FALSE with %INION_ERROR_TOO_FEW where a window would have fewer than two samples
 */
gboolean
inion_cut_init (InionCut               *self,
                const InionRecipeSpec  *spec,
                double                  rate_hz,
                GError                **error)
{
  gboolean events = spec->from == INION_EXAMPLES_EVENTS;
  double seconds = events ? spec->window_s[1] - spec->window_s[0] : spec->length_s;
  double samples = rint (seconds * rate_hz);

  *self = (InionCut) { 0 };
  if (!(samples >= 2) || samples > LONGEST_SAMPLES)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "A window of %g s at %g Hz has no usable number of samples.", seconds,
                            rate_hz);
  self->n = (guint) samples;
  self->to = self->n;
  if (events && !isnan (spec->baseline_s[0]))
    {
      samples = rint ((spec->baseline_s[1] - spec->baseline_s[0]) * rate_hz);
      if (!(samples >= 1) || samples > LONGEST_SAMPLES)
        return inion_set_error (error, INION_ERROR_TOO_FEW,
                                "A baseline from %g to %g s at %g Hz has no sample.",
                                spec->baseline_s[0], spec->baseline_s[1], rate_hz);
      self->baseline_n = (guint) samples;
      self->baseline_first = (gint64) rint ((spec->baseline_s[0] - spec->window_s[0]) * rate_hz);
      self->from = MIN (0, self->baseline_first);
      self->to = MAX (self->to, self->baseline_first + self->baseline_n);
    }
  return TRUE;
}

static gboolean
all_finite (const double *x,
            guint         n)
{
  for (guint t = 0; t < n; t++)
    {
      if (!isfinite (x[t]))
        return FALSE;
    }
  return TRUE;
}

/**
 * inion_cut_window:
 * @self: the cut
 * @data: (array): the signal [n_channels × n_samples]
 * @n_channels: rows
 * @n_samples: columns
 * @start: first sample of the window
 * @window: (out caller-allocates) (array): [n_channels × n]
 *
 * Returns: whether @window was filled, and why not
 */
InionCutOutcome
inion_cut_window (const InionCut *self,
                  const double   *data,
                  guint           n_channels,
                  gsize           n_samples,
                  gint64          start,
                  double         *window)
{
  if (start + self->from < 0 || start + self->to > (gint64) n_samples)
    return INION_CUT_OUTSIDE;
  for (guint c = 0; c < n_channels; c++)
    {
      const double *x = data + c * n_samples + start;
      const double *base = x + self->baseline_first;
      double *out = window + (gsize) c * self->n;
      double mean = 0;

      if (!all_finite (x, self->n) || !all_finite (base, self->baseline_n))
        return INION_CUT_GAP;
      memcpy (out, x, self->n * sizeof (double));
      if (self->baseline_n == 0)
        continue;
      for (guint t = 0; t < self->baseline_n; t++)
        mean += base[t];
      mean /= self->baseline_n;
      for (guint t = 0; t < self->n; t++)
        out[t] -= mean;
    }
  return INION_CUT_DONE;
}
