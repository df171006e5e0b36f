/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When samples were truly taken of which each came with a time that jitters.
 *
 * A device samples evenly; the time at which a sample was handed on, or the digits that it was
 * written with, are not even. Where the time jumps by more than a second, and by more than 500
 * samples, something was lost: there a new stretch begins. Within a stretch the times are a
 * straight line over the samples' numbers, fitted by least squares. The sums that this needs
 * are over what the times differ from the nominal ones: small numbers, of which no digits get
 * lost in a day-long stretch. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/even-times.h"

#include "recording/recording-segments.h"

#include <math.h>

#define BREAK_S 1.0
#define BREAK_SAMPLES 500.0
#define MAX_SECONDS 3e8 /* ten years: no recording is longer */

struct _InionEvenTimes
{
  GArray *stretches;
  double interval; /* nominal */
  double threshold;
  double first;
  double last;
  gint64 n;
  double sum;          /* of what times differ from the nominal ones */
  double weighted_sum; /* the same times the sample's number */
};

/**
 * _inion_even_times_new:
 * @rate: the nominal rate in Hz, above 0
 *
 * Returns: (transfer full): a fit without samples
 */
InionEvenTimes *
_inion_even_times_new (double rate)
{
  InionEvenTimes *self = g_new0 (InionEvenTimes, 1);

  self->stretches = g_array_new (FALSE, FALSE, sizeof (InionEvenStretch));
  self->interval = 1 / rate;
  self->threshold = MAX (BREAK_S, BREAK_SAMPLES * self->interval);
  return self;
}

/**
 * _inion_even_times_free:
 * @self: (nullable): a fit
 */
void
_inion_even_times_free (InionEvenTimes *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->stretches);
  g_free (self);
}

static void
finish_stretch (InionEvenTimes *self)
{
  double n = (double) self->n;
  double middle = (n - 1) / 2;
  double spread = n * (n * n - 1) / 12;
  double slope = self->n > 1 ? (self->weighted_sum - middle * self->sum) / spread : 0;
  InionEvenStretch stretch = { self->n, self->first + self->sum / n - slope * middle,
                               self->interval + slope };

  if (self->n > 0)
    g_array_append_val (self->stretches, stretch);
  self->n = 0;
  self->sum = self->weighted_sum = 0;
}

/**
 * _inion_even_times_add:
 * @self: a fit
 * @time: the time of the next sample, finite
 */
void
_inion_even_times_add (InionEvenTimes *self,
                       double          time)
{
  double difference;

  if (self->n > 0 && fabs (time - self->last) > self->threshold)
    finish_stretch (self);
  if (self->n == 0)
    self->first = time;
  difference = time - self->first - (double) self->n * self->interval;
  self->sum += difference;
  self->weighted_sum += (double) self->n * difference;
  self->last = time;
  self->n++;
}

/**
 * _inion_even_times_finish:
 * @self: a fit, to be freed after
 *
 * Returns: (transfer full) (element-type InionEvenStretch): the stretches
 */
GArray *
_inion_even_times_finish (InionEvenTimes *self)
{
  finish_stretch (self);
  return g_array_ref (self->stretches);
}

static void
get_nominal_rate (double  rate,
                  gint64 *rate_num,
                  gint64 *rate_den_ns)
{
  if (rate < 1 || fabs (rate - rint (rate)) > 1e-9 * rate)
    {
      *rate_num = MAX (llrint (rate * 1e6), 1);
      *rate_den_ns = G_GINT64_CONSTANT (1000000000000000);
      return;
    }
  *rate_num = llrint (rate);
  *rate_den_ns = 1000000000;
}

/**
 * _inion_even_stretches_get_rate:
 * @stretches: (element-type InionEvenStretch): stretches
 * @rate: the nominal rate in Hz
 * @rate_num: (out): samples in @rate_den_ns
 * @rate_den_ns: (out): nanoseconds
 *
 * Finds the rate at which the device truly sampled: the nominal one if by it no sample is off by
 * half a sample from when it was taken, else the one that was measured.
 *
 * Returns: %FALSE if what was measured is not within a factor of ten of the nominal rate, which
 *   then is given
 */
gboolean
_inion_even_stretches_get_rate (GArray *stretches,
                                double  rate,
                                gint64 *rate_num,
                                gint64 *rate_den_ns)
{
  double seconds = 0, worst = 0, measured;
  gint64 n = 0;

  get_nominal_rate (rate, rate_num, rate_den_ns);
  for (guint i = 0; i < stretches->len; i++)
    {
      const InionEvenStretch *stretch = &g_array_index (stretches, InionEvenStretch, i);

      n += stretch->n - 1;
      seconds += (double) (stretch->n - 1) * stretch->interval;
      worst = MAX (worst, fabs ((double) (stretch->n - 1) * (stretch->interval * rate - 1)));
    }
  if (n < 2 || worst < 0.5)
    return TRUE;
  measured = (double) n / seconds;
  if (!isfinite (measured) || measured < rate / 10 || measured > rate * 10 || seconds > 4e9)
    return FALSE;
  *rate_num = n;
  *rate_den_ns = MAX (llrint (seconds * 1e9), 1);
  return TRUE;
}

/**
 * _inion_even_stretches_make_runs:
 * @stretches: (element-type InionEvenStretch): stretches
 * @start: when the recording starts, in seconds
 * @rate: the rate that was chosen
 * @moved: (out): by how many seconds stretches that would lie over others were moved at most, 0 if
 *   none was
 *
 * Returns: (transfer full) (nullable) (element-type InionSegmentRun): where the stretches stand on
 *   the recording's clock; %NULL if one lies years from the start
 */
GArray *
_inion_even_stretches_make_runs (GArray *stretches,
                                 double  start,
                                 double  rate,
                                 double *moved)
{
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (InionSegmentRun));
  InionSegmentRun run = { 0 };

  *moved = 0;
  for (guint i = 0; i < stretches->len; i++)
    {
      const InionEvenStretch *stretch = &g_array_index (stretches, InionEvenStretch, i);
      double first = (stretch->start - start) * rate;
      double end = (double) (run.first + run.n);

      if (!(fabs (first) / rate < MAX_SECONDS))
        return NULL;
      if (first < end - 1)
        *moved = MAX (*moved, (end - first) / rate);
      run.stored += run.n;
      run.first = MAX (llrint (first), run.first + run.n);
      run.n = stretch->n;
      g_array_append_val (runs, run);
    }
  return g_steal_pointer (&runs);
}
