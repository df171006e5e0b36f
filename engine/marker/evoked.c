/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows an event on the average: mean over epochs, with its confidence band.
 *
 * Epochs are given one by one and kept by none: mean and squares are updated after Welford (1962),
 * so that neither a large offset nor many epochs cost digits. The band is Student's: the mean
 * ± t(0.975, n − 1) s/√n at each time and channel by itself. It says how well this mean is known if
 * the epochs are independent; it is not corrected for looking at many times. */

#define G_LOG_DOMAIN "inion-marker"

#include "config.h"

#include "marker/evoked.h"

#include "core/size.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define MOST_SAMPLES (1 << 26)

static const char *const outcomes[] = { "used", "outside", "gap", "artifact", "amplitude" };

const char *
inion_epoch_outcome_to_string (InionEpochOutcome outcome)
{
  return outcomes[outcome];
}

/**
 * inion_epoch_window_init:
 * @self: (out caller-allocates): the window in samples
 * @from_s: where it begins, in seconds from the event
 * @to_s: where it ends, the sample there is in it
 * @baseline_from_s: where the baseline begins; NaN: where the window does
 * @baseline_to_s: where it ends, the sample there is in it; NaN: there is no baseline
 * @rate_hz: sampling rate in Hz
 * @error: return location
 *
 * Rounds to samples as MNE does.
 *
 * Returns: %FALSE with %INION_ERROR_INVALID where the window is empty, endless, or does not hold
 *   its baseline
 */
gboolean
inion_epoch_window_init (InionEpochWindow  *self,
                         double             from_s,
                         double             to_s,
                         double             baseline_from_s,
                         double             baseline_to_s,
                         double             rate_hz,
                         GError           **error)
{
  double first = rint (from_s * rate_hz), last = rint (to_s * rate_hz);
  double begin, end;

  *self = (InionEpochWindow) { 0 };
  if (!(rate_hz > 0) || !(last > first) || !(last - first < MOST_SAMPLES) ||
      !(fabs (first) < MOST_SAMPLES))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "An epoch from %g to %g s has no samples, or far too many: its end "
                            "must be after its beginning.", from_s, to_s);
  self->first = (gint64) first;
  self->n = (gsize) (last - first) + 1;
  if (isnan (baseline_to_s))
    return TRUE;
  begin = isnan (baseline_from_s) ? first : rint (baseline_from_s * rate_hz);
  end = rint (baseline_to_s * rate_hz);
  if (!(begin >= first && end <= last && end >= begin))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "The baseline from %g to %g s must lie in the epoch from %g to %g s.",
                            isnan (baseline_from_s) ? from_s : baseline_from_s, baseline_to_s,
                            from_s, to_s);
  self->baseline_first = (gsize) (begin - first);
  self->baseline_n = (gsize) (end - begin) + 1;
  return TRUE;
}

/**
 * inion_evoked_new:
 * @n_channels: number of channels, at least 1
 * @n_times: samples of an epoch
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a mean of no epochs yet, or %NULL with
 *   %INION_ERROR_TOO_LARGE
 */
InionEvoked *
inion_evoked_new (guint    n_channels,
                  gsize    n_times,
                  GError **error)
{
  g_autoptr (InionEvoked) self = g_new0 (InionEvoked, 1);
  gsize size;

  self->n_channels = n_channels;
  self->n_times = n_times;
  if (!inion_size_mul (&size, n_channels, n_times))
    size = G_MAXSIZE;
  self->mean = inion_try_new (double, size, "the average", error);
  self->squares = self->mean != NULL ? inion_try_new (double, size, "the average", error) : NULL;
  return self->squares != NULL ? g_steal_pointer (&self) : NULL;
}

void
inion_evoked_free (InionEvoked *self)
{
  g_free (self->mean);
  g_free (self->squares);
  g_free (self);
}

static void
take_baseline_off (const InionEpochWindow *window,
                   double                 *x)
{
  double sum = 0;

  if (window->baseline_n == 0)
    return;
  for (gsize i = 0; i < window->baseline_n; i++)
    sum += x[window->baseline_first + i];
  sum /= (double) window->baseline_n;
  for (gsize i = 0; i < window->n; i++)
    x[i] -= sum;
}

static gboolean
is_too_large (const double *x,
              gsize         n,
              double        most)
{
  double low = x[0], high = x[0];

  for (gsize i = 1; i < n; i++)
    {
      low = MIN (low, x[i]);
      high = MAX (high, x[i]);
    }
  return high - low > most;
}

/**
 * inion_evoked_add:
 * @self: a mean
 * @window: what an epoch is; n is the mean's n_times
 * @epoch: (array): [n_channels × n_times]; its baseline is taken off in place
 * @most: peak to peak that a channel may have, in its unit; ≤ 0: any
 *
 * Adds an epoch, unless a sample of it is missing or a channel is too large.
 *
 * Returns: what became of it; it is counted
 */
InionEpochOutcome
inion_evoked_add (InionEvoked            *self,
                  const InionEpochWindow *window,
                  double                 *epoch,
                  double                  most)
{
  gsize size = self->n_channels * self->n_times;
  double n;

  g_return_val_if_fail (window->n == self->n_times, INION_EPOCH_OUTSIDE);

  for (gsize i = 0; i < size; i++)
    if (!isfinite (epoch[i]))
      {
        inion_evoked_leave_out (self, INION_EPOCH_GAP);
        return INION_EPOCH_GAP;
      }
  for (guint c = 0; most > 0 && c < self->n_channels; c++)
    if (is_too_large (epoch + c * self->n_times, self->n_times, most))
      {
        inion_evoked_leave_out (self, INION_EPOCH_AMPLITUDE);
        return INION_EPOCH_AMPLITUDE;
      }
  for (guint c = 0; c < self->n_channels; c++)
    take_baseline_off (window, epoch + c * self->n_times);
  n = ++self->counts[INION_EPOCH_USED];
  for (gsize i = 0; i < size; i++)
    {
      double delta = epoch[i] - self->mean[i];

      self->mean[i] += delta / n;
      self->squares[i] += delta * (epoch[i] - self->mean[i]);
    }
  return INION_EPOCH_USED;
}

void
inion_evoked_leave_out (InionEvoked       *self,
                        InionEpochOutcome  why)
{
  self->counts[why]++;
}

/**
 * inion_evoked_get_band:
 * @self: a mean
 * @half_width: (out) (array): half the width of the pointwise 95 % confidence interval,
 *   [n_channels × n_times]; NaN under two epochs
 */
void
inion_evoked_get_band (const InionEvoked *self,
                       double            *half_width)
{
  gsize size = self->n_channels * self->n_times;
  double n = self->counts[INION_EPOCH_USED];
  double scale = n < 2 ? NAN : gsl_cdf_tdist_Pinv (0.975, n - 1) / sqrt (n * (n - 1));

  for (gsize i = 0; i < size; i++)
    half_width[i] = scale * sqrt (self->squares[i]);
}

/**
 * inion_evoked_get_field_power:
 * @self: a mean
 * @rows: (array length=n_rows): which channels; of one unit
 * @n_rows: how many
 * @power: (out) (array): their standard deviation at each time, [n_times]
 */
void
inion_evoked_get_field_power (const InionEvoked *self,
                              const guint       *rows,
                              guint              n_rows,
                              double            *power)
{
  for (gsize t = 0; t < self->n_times; t++)
    {
      double mean = 0, squares = 0;

      for (guint r = 0; r < n_rows; r++)
        mean += self->mean[rows[r] * self->n_times + t] / n_rows;
      for (guint r = 0; r < n_rows; r++)
        {
          double d = self->mean[rows[r] * self->n_times + t] - mean;

          squares += d * d;
        }
      power[t] = n_rows > 0 ? sqrt (squares / n_rows) : NAN;
    }
}
