/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The min/max pyramid of the shown signal.
 *
 * Every zoom must cost pixels, not samples, and no spike may vanish at any. So the lowest and the
 * highest sample of each bin are kept, for bins of 2^k samples on an absolute grid: bin k of size B
 * covers samples [kB, (k+1)B), whatever is on the screen. Scrolling then never changes what is in a
 * bin, and pictures do not shimmer.
 *
 * A group (shown-group.c) is divided into blocks of about two minutes, the unit of building and
 * publishing. Stored are the blocks that hold samples, and no others: a recording of ten minutes
 * over a year takes the memory of ten minutes, and its bins are as fine. Blocks are written by one
 * worker each while nobody looks, and published by one atomic store; their bins never change after
 * that, so readers take no lock.
 *
 * Of a block are stored level 0, with bins of the base size, and levels 4, 16, 64 … times as coarse
 * up to one bin for the whole; the sizes between are made by joining two on the way out, and sizes
 * beyond a block by joining blocks. The base is 16 samples for the fastest channels, or more where
 * the whole would be larger than MAX_BYTES (24 h of 25 channels at 256 Hz: 128 samples, 46 MB).
 * Slower channels have the same base in time, down to one sample: then every window that is drawn
 * from the pyramid at all is drawn from it for every channel, and a slow channel of a long night
 * does not make the program read the whole file.
 *
 * The store is here; pyramid-build.c fills it, pyramid-cache.c keeps it on disk. */

#define G_LOG_DOMAIN "inion-display"

#include "config.h"

#include "display/pyramid.h"
#include "display/pyramid-private.h"

#include <math.h>

#define MAX_BYTES ((gint64) 48 << 20)
#define MIN_BASE_SHIFT 4
#define BLOCK_S 128.0
#define MAX_BLOCKS 4096
#define CHANGE_INTERVAL_US (G_USEC_PER_SEC / 30)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InionPyramid, inion_pyramid, G_TYPE_OBJECT)

static guint
floor_log2 (double x)
{
  guint k = 0;

  while (x >= 2 && k < 62)
    {
      x /= 2;
      k++;
    }
  return k;
}

static gint64
count_bins (gint64 n_samples,
            guint  shift)
{
  return (n_samples >> shift) + ((n_samples & (((gint64) 1 << shift) - 1)) != 0);
}

/* The base of a channel: that of the fastest one, in time. */
static guint
base_shift_for (double rate_hz,
                double fastest_hz,
                guint  fastest_shift)
{
  return floor_log2 ((double) ((gint64) 1 << fastest_shift) * rate_hz / fastest_hz * (1 + 1e-9));
}

/* Makes blocks of blocks: of a list of block numbers that of those 2^up times as large. */
static void
coarsen (GArray *blocks,
         guint   up)
{
  guint kept = 0;

  for (guint i = 0; up > 0 && i < blocks->len; i++)
    {
      gint64 block = g_array_index (blocks, gint64, i) >> up;

      if (kept == 0 || g_array_index (blocks, gint64, kept - 1) != block)
        g_array_index (blocks, gint64, kept++) = block;
    }
  if (up > 0)
    g_array_set_size (blocks, kept);
}

/* The blocks of a group that hold samples, and how large blocks are at least: not too many. */
static GArray *
find_blocks (InionPyramidGroup *self,
             InionRecording    *recording)
{
  const InionShownGroup *group = self->group;
  GArray *blocks = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint chunk_shift = floor_log2 ((double) group->chunk_samples);
  gint64 chunk = 0;

  self->block_shift = MAX (chunk_shift, floor_log2 (2 * BLOCK_S * group->rate_hz));
  while ((chunk = _inion_shown_group_find_chunk (group, recording, chunk)) < group->n_chunks)
    {
      gint64 block = chunk >> (self->block_shift - chunk_shift);

      g_array_append_val (blocks, block);
      chunk = (block + 1) << (self->block_shift - chunk_shift);
      /* Lists of years without a gap would themselves be long. */
      if (blocks->len > 2 * MAX_BLOCKS)
        {
          coarsen (blocks, 1);
          self->block_shift++;
          chunk = (g_array_index (blocks, gint64, blocks->len - 1) + 1)
                  << (self->block_shift - chunk_shift);
        }
    }
  while (blocks->len > MAX_BLOCKS)
    {
      coarsen (blocks, 1);
      self->block_shift++;
    }
  return blocks;
}

/* Samples of the blocks that would be stored if they were not smaller than a bin. */
static gint64
count_covered (const InionPyramidGroup *self,
               const GArray            *blocks,
               guint                    base_shift)
{
  guint up = base_shift > self->block_shift ? base_shift - self->block_shift : 0;
  gint64 size = (gint64) 1 << (self->block_shift + up), last = -1, covered = 0;

  for (guint i = 0; i < blocks->len; i++)
    {
      gint64 block = g_array_index (blocks, gint64, i) >> up;

      if (block != last)
        covered += MIN (size, self->group->n_samples - block * size);
      last = block;
    }
  return covered;
}

/* blocks: [n_groups] */
static guint
choose_base_shift (InionPyramid *self,
                   GArray      **blocks,
                   double        fastest_hz)
{
  guint shift = MIN_BASE_SHIFT;

  for (; shift < 40; shift++)
    {
      double bytes = 0;

      for (guint g = 0; g < self->n_groups; g++)
        {
          const InionShownGroup *group = self->groups[g].group;
          guint base = base_shift_for (group->rate_hz, fastest_hz, shift);
          gint64 covered = count_covered (&self->groups[g], blocks[g], base);

          bytes += (double) group->n_rows * (double) count_bins (covered, base) *
                   sizeof (InionMinMax) * 4.0 / 3.0;
        }
      if (bytes <= (double) MAX_BYTES)
        break;
    }
  return shift;
}

/* Takes the list of blocks. */
static void
lay_out_group (InionPyramidGroup *self,
               GArray            *blocks,
               guint              base_shift)
{
  guint shift = base_shift;

  if (base_shift > self->block_shift)
    {
      coarsen (blocks, base_shift - self->block_shift);
      self->block_shift = base_shift;
    }
  self->blocks = (gint64 *) (gpointer) g_array_steal (blocks, &self->n_blocks);
  g_array_unref (blocks);
  self->states = g_new0 (gint, MAX (self->n_blocks, 1));
  for (;; shift = MIN (shift + 2, self->block_shift))
    {
      gsize n_bins = 0;

      if (self->n_blocks > 0)
        n_bins = ((self->n_blocks - 1) << (self->block_shift - shift)) +
                 (gsize) count_bins (_inion_pyramid_group_block_samples (self, self->n_blocks - 1),
                                     shift);
      self->shift[self->n_levels] = shift;
      self->n_bins[self->n_levels] = n_bins;
      self->offset[self->n_levels] = self->stride;
      self->stride += n_bins;
      self->n_levels++;
      if (shift == self->block_shift)
        break;
    }
  self->bins = g_try_malloc_n (MAX (self->stride * self->group->n_rows, 1), sizeof (InionMinMax));
}

static void
lay_out (InionPyramid *self)
{
  InionRecording *recording =
    inion_montage_get_recording (inion_shown_signal_get_montage (self->signal));
  g_autofree GArray **blocks = NULL;
  double fastest_hz = 0;
  guint shift;

  self->n_groups = _inion_shown_signal_get_n_groups (self->signal);
  self->groups = g_new0 (InionPyramidGroup, self->n_groups);
  blocks = g_new0 (GArray *, self->n_groups);
  for (guint g = 0; g < self->n_groups; g++)
    {
      self->groups[g].index = g;
      self->groups[g].group = _inion_shown_signal_get_group (self->signal, g);
      blocks[g] = find_blocks (&self->groups[g], recording);
      fastest_hz = MAX (fastest_hz, self->groups[g].group->rate_hz);
    }
  shift = choose_base_shift (self, blocks, fastest_hz);
  for (guint g = 0; g < self->n_groups; g++)
    {
      InionPyramidGroup *group = &self->groups[g];

      lay_out_group (group, blocks[g], base_shift_for (group->group->rate_hz, fastest_hz, shift));
      for (gsize b = 0; b < group->n_blocks; b++)
        self->total += _inion_pyramid_group_block_samples (group, b) * group->group->n_rows;
    }
}

static gboolean
emit_changed (gpointer data)
{
  g_autoptr (InionPyramid) self = g_weak_ref_get (data);

  if (self == NULL)
    return G_SOURCE_REMOVE;
  g_mutex_lock (&self->lock);
  self->change_pending = FALSE;
  self->last_change_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
  g_signal_emit (self, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* With the lock held. */
static void
schedule_change (InionPyramid *self)
{
  g_autoptr (GSource) source = NULL;
  gint64 wait_us;
  GWeakRef *weak;

  if (self->change_pending)
    return;
  self->change_pending = TRUE;
  wait_us = self->last_change_us + CHANGE_INTERVAL_US - g_get_monotonic_time ();
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  source = g_timeout_source_new (wait_us > 0 ? (guint) (wait_us / 1000) + 1 : 0);
  g_source_set_callback (source, emit_changed, weak, weak_ref_free);
  g_source_attach (source, self->context);
}

/* The first place whose block is not before one. */
static gsize
find_place (const InionPyramidGroup *self,
            gint64                   block)
{
  gsize low = 0, high = self->n_blocks;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (self->blocks[middle] < block)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* A bin of 2^shift samples, joined from what a level has of it in the blocks at a place and behind
 * it; the next bin goes on from there. FALSE: some of the blocks are not ready. */
static gboolean
join (const InionPyramidGroup *self,
      guint                    row,
      guint                    level,
      guint                    shift,
      gint64                   bin,
      gsize                   *place,
      InionMinMax             *out)
{
  const InionMinMax *bins = _inion_pyramid_group_level (self, row, level);
  gint64 from = bin << shift, to = (bin + 1) << shift;
  gboolean ready = TRUE;

  while (*place < self->n_blocks && self->blocks[*place] << self->block_shift < to)
    {
      gint64 start = self->blocks[*place] << self->block_shift;
      gint64 end = (self->blocks[*place] + 1) << self->block_shift;
      gsize first, n, at;

      if (g_atomic_int_get (&self->states[*place]) != INION_BLOCK_READY)
        {
          ready = FALSE;
        }
      else if (end > from)
        {
          n = _inion_pyramid_group_block_bins (self, level, *place, &first);
          at = (gsize) ((MAX (from, start) - start) >> self->shift[level]);
          n = MIN (n, (gsize) ((MIN (to, end) - start) >> self->shift[level]));
          for (; at < n; at++)
            inion_min_max_merge (out, &bins[first + at]);
        }
      if (end > to)
        break;
      (*place)++;
    }
  return ready;
}

static gboolean
query (const InionPyramidGroup *self,
       guint                    row,
       gint64                   first_bin,
       guint                    shift,
       gsize                    n,
       InionMinMax             *out)
{
  gint64 n_bins = count_bins (self->group->n_samples, shift);
  gboolean there = TRUE;
  gsize place = find_place (self, (MAX (first_bin, 0) << shift) >> self->block_shift);
  guint level = 0;

  while (level + 1 < self->n_levels && self->shift[level + 1] <= shift)
    level++;
  inion_min_max_clear (out, n);
  for (gsize k = 0; k < n; k++)
    {
      gint64 bin = first_bin + (gint64) k;

      if (bin >= 0 && bin < n_bins)
        there = join (self, row, level, shift, bin, &place, &out[k]) && there;
    }
  return there;
}

void
_inion_pyramid_group_raise_block (InionPyramidGroup *self,
                                  gsize              place)
{
  for (guint row = 0; row < self->group->n_rows; row++)
    for (guint level = 1; level < self->n_levels; level++)
      {
        gsize first, below, n;

        _inion_pyramid_group_block_bins (self, level, place, &first);
        n = _inion_pyramid_group_block_bins (self, level - 1, place, &below);
        inion_min_max_of_bins (_inion_pyramid_group_level (self, row, level - 1) + below, n,
                               (gsize) 1 << (self->shift[level] - self->shift[level - 1]),
                               _inion_pyramid_group_level (self, row, level) + first);
      }
}

void
_inion_pyramid_publish_block (InionPyramid      *self,
                              InionPyramidGroup *group,
                              gsize              place)
{
  g_mutex_lock (&self->lock);
  g_atomic_int_set (&group->states[place], INION_BLOCK_READY);
  self->ready += _inion_pyramid_group_block_samples (group, place) * group->group->n_rows;
  schedule_change (self);
  g_mutex_unlock (&self->lock);
}

static void
inion_pyramid_finalize (GObject *object)
{
  InionPyramid *self = INION_PYRAMID (object);

  for (guint g = 0; g < self->n_groups; g++)
    {
      g_clear_pointer (&self->groups[g].bins, g_free);
      g_clear_pointer (&self->groups[g].blocks, g_free);
      g_clear_pointer (&self->groups[g].states, g_free);
    }
  g_clear_pointer (&self->groups, g_free);
  g_clear_object (&self->signal);
  g_clear_pointer (&self->cache_dir, g_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (inion_pyramid_parent_class)->finalize (object);
}

static void
inion_pyramid_class_init (InionPyramidClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_pyramid_finalize;

  /**
   * InionPyramid::changed:
   *
   * Parts of the pyramid have arrived. Emitted at most 30 times a second, and after the last part.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
inion_pyramid_init (InionPyramid *self)
{
  g_mutex_init (&self->lock);
  self->context = g_main_context_ref_thread_default ();
}

/**
 * inion_pyramid_new:
 * @signal: (transfer none): the signal
 * @cache_dir: (nullable): folder for pyramids on disk; %NULL for the user's cache, "" for none
 *
 * Makes an empty pyramid; its job fills it.
 *
 * Returns: (transfer full): a pyramid
 */
InionPyramid *
inion_pyramid_new (InionShownSignal *signal,
                   const char       *cache_dir)
{
  InionPyramid *self;

  g_return_val_if_fail (INION_IS_SHOWN_SIGNAL (signal), NULL);

  self = g_object_new (INION_TYPE_PYRAMID, NULL);
  self->signal = g_object_ref (signal);
  if (cache_dir == NULL)
    self->cache_dir = g_build_filename (g_get_user_cache_dir (), "inion", "pyramids", NULL);
  else if (*cache_dir != '\0')
    self->cache_dir = g_strdup (cache_dir);
  lay_out (self);
  return self;
}

/**
 * inion_pyramid_set_visible:
 * @self: a pyramid
 * @from_s: left edge of what is on the screen, in seconds
 * @to_s: right edge
 *
 * Says what should be built first. Thread-safe; takes effect while the job runs.
 */
void
inion_pyramid_set_visible (InionPyramid *self,
                           double        from_s,
                           double        to_s)
{
  g_return_if_fail (INION_IS_PYRAMID (self));

  g_mutex_lock (&self->lock);
  self->from_s = from_s;
  self->to_s = to_s;
  g_mutex_unlock (&self->lock);
}

/**
 * inion_pyramid_is_complete:
 *
 * Returns: whether every bin is there
 */
gboolean
inion_pyramid_is_complete (InionPyramid *self)
{
  gboolean complete;

  g_mutex_lock (&self->lock);
  complete = self->ready == self->total;
  g_mutex_unlock (&self->lock);
  return complete;
}

/**
 * inion_pyramid_get_progress:
 *
 * Returns: how much is there, 0 to 1
 */
double
inion_pyramid_get_progress (InionPyramid *self)
{
  double progress;

  g_mutex_lock (&self->lock);
  progress = self->total > 0 ? (double) self->ready / (double) self->total : 1;
  g_mutex_unlock (&self->lock);
  return progress;
}

/**
 * inion_pyramid_get_base_bin:
 * @self: a pyramid
 * @derivation: derivation of the montage
 *
 * Returns: samples of the derivation's finest bin, a power of two
 */
gint64
inion_pyramid_get_base_bin (InionPyramid *self,
                            guint         derivation)
{
  guint g, row;

  _inion_shown_signal_locate (self->signal, derivation, &g, &row);
  return (gint64) 1 << self->groups[g].shift[0];
}

/**
 * inion_pyramid_get_bytes:
 *
 * Returns: memory that the bins take when all are there
 */
gsize
inion_pyramid_get_bytes (InionPyramid *self)
{
  gsize bytes = 0;

  for (guint g = 0; g < self->n_groups; g++)
    bytes += self->groups[g].stride * self->groups[g].group->n_rows * sizeof (InionMinMax);
  return bytes;
}

/**
 * inion_pyramid_query:
 * @self: a pyramid
 * @derivation: derivation of the montage
 * @first_bin: absolute index of the first bin; may be negative
 * @bin_size: samples a bin, a power of two, at least inion_pyramid_get_base_bin()
 * @n: number of bins
 * @out: (out) (array length=n): the bins; empty outside the recording and where nothing is there
 *   yet. A bin of which a part is there has the extremes of that part
 *
 * Looks up bins. Thread-safe, and never waits for the builder.
 *
 * Returns: %FALSE if any bin inside the recording is not wholly there
 */
gboolean
inion_pyramid_query (InionPyramid *self,
                     guint         derivation,
                     gint64        first_bin,
                     gint64        bin_size,
                     gsize         n,
                     InionMinMax  *out)
{
  const InionPyramidGroup *group;
  guint g, row;

  g_return_val_if_fail (INION_IS_PYRAMID (self), FALSE);
  g_return_val_if_fail (bin_size > 0 && (bin_size & (bin_size - 1)) == 0, FALSE);

  _inion_shown_signal_locate (self->signal, derivation, &g, &row);
  group = &self->groups[g];
  if (group->bins == NULL || bin_size < (gint64) 1 << group->shift[0])
    {
      inion_min_max_clear (out, n);
      return FALSE;
    }
  return query (group, row, first_bin, floor_log2 ((double) bin_size), n, out);
}
