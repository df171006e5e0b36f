/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records for rates that EDF cannot state.
 *
 * A reader computes a rate as the samples in a record over its duration, and the duration has eight
 * characters. A clock that was measured, as that of an XDF stream, has a rate of many more places.
 * But n samples last very nearly a time that can be stated, for some n: its best rational
 * approximations. All n up to the longest record are tried, which are few enough, so that several
 * rates can be served at once. What counts is where the last sample of the recording would be read:
 * it must be nearer to its own place than to a neighbour's, half a sample at most. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/edf-write-private.h"

#include <math.h>

#define SHORTEST_NS G_GINT64_CONSTANT (50000000)
#define LONGEST_NS (G_GINT64_CONSTANT (1000) * 1000000000)
#define MAX_RECORD_BYTES (10 * 1000 * 1000)

/* Channels of one rate. */
typedef struct
{
  gint64 num;
  gint64 den;
  gint64 span; /* samples from the first to behind the last, gaps counted */
  gint64 n_channels;
} Rate;

static void
add_rate (GArray                   *rates,
          const InionExportChannel *channel)
{
  const InionExportRun *runs = (const InionExportRun *) (gpointer) channel->runs->data;
  guint n = channel->runs->len;
  gint64 span = 0;
  Rate added;

  for (guint i = 0; i < n; i++)
    if (runs[i].n > 0)
      span = runs[i].first + runs[i].n - runs[0].first;
  for (guint i = 0; i < rates->len; i++)
    {
      Rate *rate = &g_array_index (rates, Rate, i);

      if ((__int128) rate->num * channel->info->rate_den_ns ==
          (__int128) channel->info->rate_num * rate->den)
        {
          rate->span = MAX (rate->span, span);
          rate->n_channels++;
          return;
        }
    }
  added = (Rate) { channel->info->rate_num, channel->info->rate_den_ns, span, 1 };
  g_array_append_val (rates, added);
}

static gint64
round_div (__int128 a,
           __int128 b)
{
  return (gint64) ((2 * a + b) / (2 * b));
}

/* The nearest time that eight characters can state. */
static gint64
round_ns (__int128 ns)
{
  gint64 grid = 1000;

  for (gint64 limit = G_GINT64_CONSTANT (10000000000); ns >= limit; limit *= 10)
    grid *= 10;
  return round_div (ns, grid) * grid;
}

/* How many samples too early or late the last one would be read; the sign says which. */
static double
measure_drift (const Rate *rate,
               gint64      samples,
               gint64      record_ns)
{
  __int128 wanted = (__int128) record_ns * rate->num;
  __int128 stated = (__int128) samples * rate->den;

  return (double) rate->span * ((double) (wanted - stated) / (double) stated);
}

static gboolean
fits (const InionEdfWrite *self,
      GArray              *rates,
      gint64               record_ns)
{
  gint64 bytes = 0;

  for (guint i = 0; i < rates->len; i++)
    {
      const Rate *rate = &g_array_index (rates, Rate, i);
      gint64 samples = round_div ((__int128) record_ns * rate->num, rate->den);

      if (samples < 1 || fabs (measure_drift (rate, samples, record_ns)) >= 0.5)
        return FALSE;
      bytes += samples * rate->n_channels * (gint64) _inion_edf_write_get_width (self);
    }
  return bytes <= MAX_RECORD_BYTES;
}

/* The fitting duration that is nearest to a second; 0 if there is none. */
static gint64
find_duration (const InionEdfWrite *self,
               GArray              *rates)
{
  const Rate *fastest = &g_array_index (rates, Rate, 0);
  gint64 best = 0;

  for (guint i = 1; i < rates->len; i++)
    {
      const Rate *rate = &g_array_index (rates, Rate, i);

      if ((__int128) rate->num * fastest->den > (__int128) fastest->num * rate->den)
        fastest = rate;
    }
  for (gint64 n = MAX (round_div ((__int128) SHORTEST_NS * fastest->num, fastest->den), 1);; n++)
    {
      gint64 ns = round_ns ((__int128) n * fastest->den / fastest->num);

      if (ns > LONGEST_NS ||
          (best > 0 && ns > 1000000000 && (double) ns / 1e9 > 1e9 / (double) best))
        return best;
      if (ns > 0 && fits (self, rates, ns))
        best = best == 0 || fabs (log ((double) ns / 1e9)) < fabs (log ((double) best / 1e9)) ? ns
                                                                                             : best;
    }
}

static void
note_drift (InionEdfWrite *self,
            GArray        *rates,
            gint64         record_ns)
{
  for (guint i = 0; i < rates->len; i++)
    {
      const Rate *rate = &g_array_index (rates, Rate, i);
      gint64 samples = round_div ((__int128) record_ns * rate->num, rate->den);
      double drift = measure_drift (rate, samples, record_ns);

      if ((__int128) record_ns * rate->num != (__int128) samples * rate->den)
        _inion_export_plan_note (self->plan, "EDF has eight characters for the length of a record: "
                                 "%.9g Hz reads as %.9g Hz. The last sample is read %.2g samples "
                                 "(%.2g ms) %s than it was recorded; no other is farther off.",
                                 (double) rate->num * 1e9 / (double) rate->den,
                                 (double) samples * 1e9 / (double) record_ns, fabs (drift),
                                 fabs (drift) * (double) rate->den / (double) rate->num / 1e6,
                                 drift > 0 ? "later" : "earlier");
    }
}

/**
 * _inion_edf_write_find_nearest:
 * @self: a file; on success the samples a record of its signals are set
 *
 * Looks for records whose duration can be stated and by which no sample is read half a sample or
 * more from its place, and notes how far the last one is.
 *
 * Returns: how long such a record is, in nanoseconds; 0 if there is none
 */
gint64
_inion_edf_write_find_nearest (InionEdfWrite *self)
{
  g_autoptr (GArray) rates = g_array_new (FALSE, FALSE, sizeof (Rate));
  gint64 record_ns;

  for (guint i = 0; i < self->n_signals; i++)
    add_rate (rates, _inion_export_plan_get_channel (self->plan, i));
  record_ns = find_duration (self, rates);
  for (guint i = 0; i < self->n_signals && record_ns > 0; i++)
    {
      const InionChannelInfo *info = _inion_export_plan_get_channel (self->plan, i)->info;

      self->signals[i].samples =
        round_div ((__int128) record_ns * info->rate_num, info->rate_den_ns);
    }
  if (record_ns > 0)
    note_drift (self, rates, record_ns);
  return record_ns;
}
