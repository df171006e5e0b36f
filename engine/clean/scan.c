/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the detectors share: groups of channels, chunks of time, runs of samples.
 *
 * A recording may last a day. It is worked through in chunks of about a minute, with margins in
 * which filters settle, so memory does not grow with its length; what is found does not depend on
 * where chunks begin. Where the recording has gaps, each stretch between two of them is worked
 * through as if it were a recording: no chunk, margin or mark reaches over a gap. Channels of
 * several streams have gaps of their own: a stretch then is what lies between a gap's end, whosever
 * it is, and the next; in it some channels are there and others are not. */

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

/* The next samples, from one on, over which no channel begins or breaks off, and at least one is
 * there. used: as in _inion_scan_cut(). */
static gboolean
find_stretch (const InionScanGroup *group,
              const gboolean       *used,
              gint64                at,
              gint64               *first,
              gint64               *end)
{
  gint64 run, n;

  *first = *end = G_MAXINT64;
  for (guint c = 0; c < group->channels->len; c++)
    if ((used == NULL || used[c]) &&
        inion_recording_find_run (group->recording, g_array_index (group->channels, guint, c), at,
                                  &run, &n))
      *first = MIN (*first, MAX (run, at));
  for (guint c = 0; *first < G_MAXINT64 && c < group->channels->len; c++)
    if ((used == NULL || used[c]) &&
        inion_recording_find_run (group->recording, g_array_index (group->channels, guint, c),
                                  *first, &run, &n))
      *end = MIN (*end, run <= *first ? run + n : run);
  return *first < G_MAXINT64;
}

/* Cuts a group into chunks of a minute, or less where many channels would need much memory. Each
 * stretch between two gaps is cut on its own; those under least_s are left out and counted. used:
 * (nullable) which channels of the group count; all if NULL. */
void
_inion_scan_cut (const InionScanGroup *group,
                 const gboolean       *used,
                 double                margin_s,
                 double                least_s,
                 InionScanChunks      *chunks)
{
  double most = (double) CHUNK_VALUES / MAX (group->channels->len, 1);
  gint64 first, end;

  chunks->margin = (gint64) ceil (margin_s * group->rate_hz);
  chunks->core = (gint64) MIN (CHUNK_S * group->rate_hz, most - 2 * (double) chunks->margin);
  chunks->core = MAX (chunks->core, MAX (chunks->margin, 1));
  chunks->chunks = g_array_new (FALSE, FALSE, sizeof (InionScanChunk));
  chunks->n_short = 0;
  for (gint64 at = 0; find_stretch (group, used, at, &first, &end); at = end)
    {
      if ((double) (end - first) < least_s * group->rate_hz)
        chunks->n_short++;
      else
        cut_stretch (chunks, first, end);
    }
  chunks->n_chunks = chunks->chunks->len;
}

/* Whether a channel was recorded where a chunk is, and (nullable) whether it begins with it. */
gboolean
_inion_scan_is_there (const InionScanGroup *group,
                      guint                 channel,
                      const InionScanChunk *chunk,
                      gboolean             *begins)
{
  gint64 first, n;

  if (!inion_recording_find_run (group->recording, channel, chunk->first, &first, &n) ||
      first > chunk->first)
    return FALSE;
  if (begins != NULL)
    *begins = first == chunk->first;
  return TRUE;
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

/* Reads what is read of a chunk of a channel that is there. */
gboolean
_inion_scan_read (InionRecording        *recording,
                  guint                  channel,
                  const InionScanChunk  *chunk,
                  double                *x,
                  GError               **error)
{
  return inion_recording_read (recording, channel, chunk->from, (gsize) (chunk->to - chunk->from),
                               x, error);
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
