/* SPDX-License-Identifier: GPL-3.0-or-later */
/* High amplitude and flat channels: peak to peak in a sliding window.
 *
 * Samples are taken together to blocks of 20 ms; of each block only its least and greatest value
 * are kept. A window is a whole number of blocks, and the extremes of all windows come in constant
 * time a block from two monotonic queues (each holds only the blocks that can still become the
 * extreme of a later window).
 *
 * High: 200 ms with more than the limit. A transient is seen by every window that holds it, so the
 * mark runs from the last block of the first window to the first block of the last one: the
 * transient itself, with half a window of air on both sides. Marks of a channel less than 0.5 s
 * apart are one.
 *
 * Flat: all of a window of flat_s (less the two blocks that a stretch need not fill) with less
 * than the limit; the mark is the union of such windows. Blocks without any value end a window.
 *
 * Blocks and windows begin anew behind every gap of the recording. */

#define G_LOG_DOMAIN "inion-clean"

#include "config.h"

#include "clean/scan-private.h"

#include "core/parallel.h"

#include <math.h>

#define BLOCK_S 0.02
#define HIGH_S 0.2
#define JOIN_S 0.5

/* A queue of (block, value), the value monotonic. */
typedef struct
{
  gint64 *block;
  double *value;
  gsize capacity; /* window + 1 */
  gsize head, n;
} MonotonicQueue;

/* Least and greatest value of the newest blocks. */
typedef struct
{
  gint64 window;  /* blocks */
  gint64 since;   /* first block after the last gap */
  MonotonicQueue least, greatest;
} Extremes;

typedef struct
{
  guint channel;
  gint64 n_block;      /* samples a block */
  gint64 begin, end;   /* samples since the last gap that have been seen */
  gint64 join;         /* high stretches less than this many samples apart are one */
  gint64 block;        /* the one being filled, counted from begin */
  gint64 filled;
  double least, greatest;
  Extremes high, flat;
  GArray *high_runs, *flat_runs; /* InionRun, in blocks from begin */
  GArray *high_found, *flat_found; /* InionRun, in samples */
  double *buffer;
} ChannelExtent;

typedef struct
{
  const InionScanGroup *group;
  const InionDetectorSettings *settings;
  ChannelExtent *extents;
  InionScanChunk chunk;
} Work;

static void
queue_init (MonotonicQueue *self,
            gint64          window)
{
  self->capacity = (gsize) window + 1;
  self->block = g_new (gint64, self->capacity);
  self->value = g_new (double, self->capacity);
  self->head = 0;
  self->n = 0;
}

static void
queue_clear (MonotonicQueue *self)
{
  g_free (self->block);
  g_free (self->value);
}

/* Adds a value that no smaller one may stand before; sign −1 makes it "no greater one". */
static void
queue_push (MonotonicQueue *self,
            gint64          block,
            double          value,
            double          sign)
{
  while (self->n > 0)
    {
      gsize back = (self->head + self->n - 1) % self->capacity;

      if (sign * self->value[back] > sign * value)
        break;
      self->n--;
    }
  self->block[(self->head + self->n) % self->capacity] = block;
  self->value[(self->head + self->n) % self->capacity] = value;
  self->n++;
}

static double
queue_front (MonotonicQueue *self,
             gint64          oldest)
{
  while (self->block[self->head] < oldest)
    {
      self->head = (self->head + 1) % self->capacity;
      self->n--;
    }
  return self->value[self->head];
}

static void
extremes_init (Extremes *self,
               gint64    window)
{
  self->window = window;
  self->since = 0;
  queue_init (&self->least, window);
  queue_init (&self->greatest, window);
}

static void
extremes_clear (Extremes *self)
{
  queue_clear (&self->least);
  queue_clear (&self->greatest);
}

/* The peak-to-peak value of the window that ends with this block, NaN if it is not yet full. */
static double
extremes_push (Extremes *self,
               gint64    block,
               double    least,
               double    greatest)
{
  gint64 oldest = block - self->window + 1;

  if (!(least <= greatest))
    {
      self->since = block + 1;
      self->least.n = self->greatest.n = 0;
      return NAN;
    }
  queue_push (&self->least, block, least, -1);
  queue_push (&self->greatest, block, greatest, 1);
  if (self->since > oldest)
    return NAN;
  return queue_front (&self->greatest, oldest) - queue_front (&self->least, oldest);
}

/* Lengthens the last run to [first, end) if they touch, or begins one. */
static void
add_blocks (GArray *runs,
            guint   channel,
            gint64  first,
            gint64  end,
            double  peak,
            double  sign)
{
  InionRun *last = runs->len > 0 ? &g_array_index (runs, InionRun, runs->len - 1) : NULL;

  if (last != NULL && first <= last->end)
    {
      last->first = MIN (last->first, first);
      last->end = MAX (last->end, end);
      last->peak = sign * MAX (sign * last->peak, sign * peak);
    }
  else
    {
      const InionRun run = { first, end, peak, channel };

      g_array_append_val (runs, run);
    }
}

static void
finish_block (ChannelExtent               *self,
              const InionDetectorSettings *settings)
{
  if (self->high.window > 0)
    {
      double extent = extremes_push (&self->high, self->block, self->least, self->greatest);

      /* Windows, by their last block: made into marks at the end. */
      if (extent > settings->amplitude_uv)
        add_blocks (self->high_runs, self->channel, self->block, self->block + 1, extent, 1);
    }
  if (self->flat.window > 0)
    {
      double extent = extremes_push (&self->flat, self->block, self->least, self->greatest);

      if (extent < settings->flat_uv)
        add_blocks (self->flat_runs, self->channel, self->block - self->flat.window + 1,
                    self->block + 1, extent, -1);
    }
  self->block++;
  self->filled = 0;
  self->least = INFINITY;
  self->greatest = -INFINITY;
}

static void
push_samples (ChannelExtent               *self,
              const InionDetectorSettings *settings,
              const double                *x,
              gint64                       n)
{
  for (gint64 i = 0; i < n; i++)
    {
      /* Comparisons with NaN fail: a missing sample is no extreme. */
      if (x[i] < self->least)
        self->least = x[i];
      if (x[i] > self->greatest)
        self->greatest = x[i];
      if (++self->filled == self->n_block)
        finish_block (self, settings);
    }
}

static void
extent_init (ChannelExtent               *self,
             const InionScanGroup        *group,
             guint                        channel,
             const InionDetectorSettings *settings,
             gint64                       n_read)
{
  double block_s;

  self->channel = channel;
  self->n_block = MAX ((gint64) rint (BLOCK_S * group->rate_hz), 1);
  self->join = (gint64) ceil (JOIN_S * group->rate_hz);
  block_s = (double) self->n_block / group->rate_hz;
  self->least = INFINITY;
  self->greatest = -INFINITY;
  self->high_runs = g_array_new (FALSE, FALSE, sizeof (InionRun));
  self->flat_runs = g_array_new (FALSE, FALSE, sizeof (InionRun));
  self->high_found = g_array_new (FALSE, FALSE, sizeof (InionRun));
  self->flat_found = g_array_new (FALSE, FALSE, sizeof (InionRun));
  self->buffer = g_new (double, n_read);
  if (settings->amplitude_uv > 0)
    extremes_init (&self->high, MAX ((gint64) rint (HIGH_S / block_s), 1));
  if (settings->flat_uv > 0 && settings->flat_s > 0)
    extremes_init (&self->flat, MAX ((gint64) floor (settings->flat_s / block_s) - 2, 1));
}

static void
extent_clear (ChannelExtent *self)
{
  g_clear_pointer (&self->high_runs, g_array_unref);
  g_clear_pointer (&self->flat_runs, g_array_unref);
  g_clear_pointer (&self->high_found, g_array_unref);
  g_clear_pointer (&self->flat_found, g_array_unref);
  g_free (self->buffer);
  extremes_clear (&self->high);
  extremes_clear (&self->flat);
}

/* What was found since the last gap: blocks to samples, and air around the high ones. */
static void
finish_stretch (ChannelExtent               *self,
                const InionDetectorSettings *settings)
{
  if (self->filled > 0)
    finish_block (self, settings);
  for (guint i = 0; i < self->high_runs->len; i++)
    {
      InionRun run = g_array_index (self->high_runs, InionRun, i);
      gint64 seen = run.first, left = run.end - self->high.window;
      gint64 first = MIN (seen, left), last = MAX (seen, left), air = self->high.window / 2;

      run.first = self->begin + MAX ((first - air) * self->n_block, 0);
      run.end = MIN (self->begin + (last + 1 + air) * self->n_block, self->end);
      g_array_index (self->high_runs, InionRun, i) = run;
    }
  _inion_runs_join (self->high_runs, 0, self->join);
  g_array_append_vals (self->high_found, self->high_runs->data, self->high_runs->len);
  for (guint i = 0; i < self->flat_runs->len; i++)
    {
      InionRun run = g_array_index (self->flat_runs, InionRun, i);

      run.first = self->begin + run.first * self->n_block;
      run.end = MIN (self->begin + run.end * self->n_block, self->end);
      g_array_append_val (self->flat_found, run);
    }
  g_array_set_size (self->high_runs, 0);
  g_array_set_size (self->flat_runs, 0);
}

static void
extremes_restart (Extremes *self)
{
  self->since = 0;
  self->least.n = self->greatest.n = 0;
}

static void
begin_stretch (ChannelExtent               *self,
               const InionDetectorSettings *settings,
               gint64                       first)
{
  finish_stretch (self, settings);
  extremes_restart (&self->high);
  extremes_restart (&self->flat);
  self->block = 0;
  self->begin = self->end = first;
}

static gboolean
scan_channel (gsize     index,
              gpointer  data,
              GError  **error)
{
  Work *work = data;
  ChannelExtent *extent = &work->extents[index];
  const InionScanChunk *chunk = &work->chunk;
  gint64 n = chunk->end - chunk->first;
  gboolean begins;

  if (!_inion_scan_is_there (work->group, extent->channel, chunk, &begins))
    return TRUE;
  if (!_inion_scan_read (work->group->recording, extent->channel, chunk, extent->buffer, error))
    return FALSE;
  /* Only gaps of its own part what a channel shows. */
  if (begins)
    begin_stretch (extent, work->settings, chunk->first);
  push_samples (extent, work->settings, extent->buffer, n);
  extent->end = chunk->first + n;
  return TRUE;
}

static void
extent_finish (ChannelExtent               *self,
               const InionDetectorSettings *settings,
               GArray                      *high,
               GArray                      *flat)
{
  finish_stretch (self, settings);
  g_array_append_vals (high, self->high_found->data, self->high_found->len);
  g_array_append_vals (flat, self->flat_found->data, self->flat_found->len);
}

static gboolean
scan_all (Work                     *work,
          const InionScanChunks    *chunks,
          const InionScanProgress  *progress,
          GError                  **error)
{
  for (gint64 k = 0; k < chunks->n_chunks; k++)
    {
      _inion_scan_get_chunk (chunks, k, &work->chunk);
      if (!_inion_scan_step (progress, (double) k / (double) chunks->n_chunks, error) ||
          !inion_parallel_for (work->group->channels->len, scan_channel, work, progress->job,
                               error))
        return FALSE;
    }
  return TRUE;
}

/* Finds high amplitudes and flat stretches of every channel of a group. */
gboolean
_inion_detect_amplitude (const InionScanGroup         *group,
                         const InionDetectorSettings  *settings,
                         GArray                       *high,
                         GArray                       *flat,
                         const InionScanProgress      *progress,
                         GError                      **error)
{
  Work work = { .group = group, .settings = settings };
  InionScanChunks chunks;
  guint n = group->channels->len;
  gboolean done;

  _inion_scan_cut (group, NULL, 0, 0, &chunks);
  work.extents = g_new0 (ChannelExtent, n);
  for (guint i = 0; i < n; i++)
    extent_init (&work.extents[i], group, g_array_index (group->channels, guint, i), settings,
                 chunks.core);
  done = scan_all (&work, &chunks, progress, error);
  for (guint i = 0; i < n; i++)
    {
      if (done)
        extent_finish (&work.extents[i], settings, high, flat);
      extent_clear (&work.extents[i]);
    }
  g_free (work.extents);
  _inion_scan_chunks_clear (&chunks);
  return done;
}
