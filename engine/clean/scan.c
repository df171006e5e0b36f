/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the detectors share: groups of channels, chunks of time, runs of samples.
 *
 * A recording may last a day. It is worked through in chunks of about a minute, with margins in
 * which filters settle, so memory does not grow with its length; what is found does not depend on
 * where chunks begin. Where the recording has gaps, each stretch between two of them is worked
 * through as if it were a recording: no chunk, margin or mark reaches over a gap. */

#define G_LOG_DOMAIN "inion-clean"

#include "config.h"

#include "clean/scan-private.h"

#include <math.h>

#define CHUNK_S 60.0
/* Doubles held at once for all channels of a chunk: 32 MiB. */
#define CHUNK_VALUES (4 << 20)

static void
cut_stretch (InionScanChunks *chunks,
             gint64           first,
             gint64           end)
{
  for (gint64 at = first; at < end; at += chunks->core)
    {
      InionScanChunk chunk = { .first = at, .end = MIN (at + chunks->core, end),
                               .begins = at == first };

      chunk.from = MAX (chunk.first - chunks->margin, first);
      chunk.to = MIN (chunk.end + chunks->margin, end);
      g_array_append_val (chunks->chunks, chunk);
    }
}

/* Cuts a group into chunks of a minute, or less where many channels would need much memory. Each
 * stretch between two gaps is cut on its own; those under least_s are left out and counted. */
void
_inion_scan_cut (const InionScanGroup *group,
                 guint                 n_channels,
                 double                margin_s,
                 double                least_s,
                 InionScanChunks      *chunks)
{
  double most = (double) CHUNK_VALUES / MAX (n_channels, 1);
  gint64 first, n;

  chunks->margin = (gint64) ceil (margin_s * group->rate_hz);
  chunks->core = (gint64) MIN (CHUNK_S * group->rate_hz, most - 2 * (double) chunks->margin);
  chunks->core = MAX (chunks->core, MAX (chunks->margin, 1));
  chunks->chunks = g_array_new (FALSE, FALSE, sizeof (InionScanChunk));
  chunks->n_short = 0;
  for (gint64 at = 0;
       inion_recording_find_run (group->recording, group->longest, at, &first, &n);
       at = first + n)
    {
      if ((double) n < least_s * group->rate_hz)
        chunks->n_short++;
      else
        cut_stretch (chunks, first, first + n);
    }
  chunks->n_chunks = chunks->chunks->len;
}

void
_inion_scan_chunks_clear (InionScanChunks *chunks)
{
  g_clear_pointer (&chunks->chunks, g_array_unref);
}

void
_inion_scan_get_chunk (const InionScanChunks *chunks,
                       gint64                 index,
                       InionScanChunk        *chunk)
{
  *chunk = g_array_index (chunks->chunks, InionScanChunk, index);
}

/* Says in the report how many stretches a detector could not look at. */
void
_inion_scan_describe_short (const InionScanChunks *chunks,
                            const char            *least,
                            GString               *report)
{
  if (chunks->n_short > 0)
    g_string_append_printf (report, "  %u stretch%s between gaps left out: shorter than %s.\n",
                            chunks->n_short, chunks->n_short == 1 ? "" : "es", least);
}

/* Reports a fraction of this part and asks for a cancel. */
gboolean
_inion_scan_step (const InionScanProgress *progress,
                  double                   fraction,
                  GError                 **error)
{
  inion_job_report (progress->job, progress->from + fraction * (progress->to - progress->from),
                    progress->step);
  return inion_job_check (progress->job, error);
}

/* Reads what is read of a chunk. Past the end of a channel that is shorter than its group there is
 * nothing: NaN. */
gboolean
_inion_scan_read (InionRecording        *recording,
                  guint                  channel,
                  const InionScanChunk  *chunk,
                  double                *x,
                  GError               **error)
{
  gint64 n = inion_channel_get_n_samples (inion_recording_get_channel (recording, channel));
  gint64 there = CLAMP (n - chunk->from, 0, chunk->to - chunk->from);

  for (gint64 i = there; i < chunk->to - chunk->from; i++)
    x[i] = NAN;
  return there == 0 ||
         inion_recording_read (recording, channel, chunk->from, (gsize) there, x, error);
}

/* Fills missing samples with the last value before them (the first after them at the start), so
 * that filters can run. Returns how many were missing. */
gsize
_inion_scan_repair (double *x,
                    gsize   n)
{
  double last = 0;
  gsize missing = 0;

  for (gsize i = 0; i < n; i++)
    if (isfinite (x[i]))
      {
        last = x[i];
        break;
      }
  for (gsize i = 0; i < n; i++)
    {
      if (isfinite (x[i]))
        {
          last = x[i];
        }
      else
        {
          x[i] = last;
          missing++;
        }
    }
  return missing;
}

/* Adds the stretches where x, the samples from first on, is above a threshold; one that touches
 * the end of the last run continues it. */
void
_inion_runs_push (GArray       *runs,
                  guint         channel,
                  gint64        first,
                  const double *x,
                  gsize         n,
                  double        threshold)
{
  for (gsize i = 0; i < n; i++)
    {
      gint64 at = first + (gint64) i;
      InionRun *last = runs->len > 0 ? &g_array_index (runs, InionRun, runs->len - 1) : NULL;

      if (!(x[i] > threshold))
        continue;
      if (last != NULL && last->channel == channel && last->end == at)
        {
          last->end = at + 1;
          last->peak = MAX (last->peak, x[i]);
        }
      else
        {
          const InionRun run = { at, at + 1, x[i], channel };

          g_array_append_val (runs, run);
        }
    }
}

/* Joins runs of one channel, from the given one on and in order of time, that lie less than gap
 * samples apart. */
void
_inion_runs_join (GArray *runs,
                  guint   from,
                  gint64  gap)
{
  guint kept = from;

  for (guint i = from + 1; i < runs->len; i++)
    {
      InionRun *last = &g_array_index (runs, InionRun, kept);
      const InionRun *run = &g_array_index (runs, InionRun, i);

      if (run->channel == last->channel && run->first - last->end < gap)
        {
          last->end = MAX (last->end, run->end);
          last->peak = MAX (last->peak, run->peak);
        }
      else
        {
          g_array_index (runs, InionRun, ++kept) = *run;
        }
    }
  if (runs->len > from)
    g_array_set_size (runs, kept + 1);
}

/* A number for the report, with a point whatever the locale. */
char *
_inion_scan_number (double      value,
                    const char *format)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (text, sizeof text, format, value));
}
