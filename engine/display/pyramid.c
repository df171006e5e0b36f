/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The min/max pyramid of the shown signal.
 *
 * Every zoom must cost pixels, not samples, and no spike may vanish at any. So the lowest and the
 * highest sample of each bin are kept, for bins of 2^k samples on an absolute grid: bin k of size B
 * covers samples [kB, (k+1)B), whatever is on the screen. Scrolling then never changes what is in a
 * bin, and pictures do not shimmer.
 *
 * Stored are level 0, with bins of the base size, and levels 4, 16, 64 … times as coarse up to a
 * few dozen bins; the sizes between are made by joining two on the way out, and sizes beyond the
 * last level by joining more. The base is 16 samples for the fastest channels, or more where the
 * whole would be larger than MAX_BYTES (24 h of 25 channels at 256 Hz: 128 samples, 46 MB). Slower
 * channels have the same base in time, down to one sample: then every window that is drawn from the
 * pyramid at all is drawn from it for every channel, and a slow channel of a long night does not
 * make the program read the whole file.
 *
 * A group (shown-group.c) is divided into blocks of about two minutes, the unit of building and
 * publishing. Blocks are written by one worker each while nobody looks, and published by one atomic
 * store; bins inside a block never change after that, so readers take no lock. The few bins that
 * are larger than a block grow as blocks arrive, under the lock.
 *
 * The store is here; pyramid-build.c fills it, pyramid-cache.c keeps it on disk. */

#define G_LOG_DOMAIN "inion-display"

#include "config.h"

#include "display/pyramid.h"
#include "display/pyramid-private.h"

#include <math.h>

#define MAX_BYTES ((gint64) 48 << 20)
#define MIN_BASE_SHIFT 4
#define LAST_LEVEL_BINS 64
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

static guint
choose_base_shift (InionPyramid *self,
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

          bytes += (double) group->n_rows * (double) count_bins (group->n_samples, base) *
                   sizeof (InionMinMax) * 4.0 / 3.0;
        }
      if (bytes <= (double) MAX_BYTES)
        break;
    }
  return shift;
}

static void
lay_out_group (InionPyramidGroup *self,
               guint              base_shift)
{
  gint64 n_samples = self->group->n_samples;
  guint shift = base_shift;
  gint64 n_bins;

  do
    {
      n_bins = count_bins (n_samples, shift);
      self->shift[self->n_levels] = shift;
      self->n_bins[self->n_levels] = (gsize) n_bins;
      self->offset[self->n_levels] = self->stride;
      self->stride += (gsize) n_bins;
      self->n_levels++;
      shift += 2;
    }
  while (n_bins > LAST_LEVEL_BINS && shift < 60);

  self->block_shift = MAX (floor_log2 ((double) self->group->chunk_samples), base_shift);
  self->block_shift = MAX (self->block_shift, floor_log2 (2 * BLOCK_S * self->group->rate_hz));
  while (count_bins (n_samples, self->block_shift) > MAX_BLOCKS)
    self->block_shift++;
  self->n_blocks = count_bins (n_samples, self->block_shift);
  self->states = g_new0 (gint, self->n_blocks);
  self->bins = g_try_malloc_n (MAX (self->stride * self->group->n_rows, 1), sizeof (InionMinMax));
}

/* Bins larger than a block are joined from whatever blocks are there: they begin empty. */
static void
clear_large_bins (InionPyramidGroup *self)
{
  if (self->bins == NULL)
    return;
  for (guint row = 0; row < self->group->n_rows; row++)
    for (guint level = 0; level < self->n_levels; level++)
      if (self->shift[level] > self->block_shift)
        inion_min_max_clear (_inion_pyramid_group_level (self, row, level), self->n_bins[level]);
}

static void
lay_out (InionPyramid *self)
{
  double fastest_hz = 0;
  guint shift;

  self->n_groups = _inion_shown_signal_get_n_groups (self->signal);
  self->groups = g_new0 (InionPyramidGroup, self->n_groups);
  for (guint g = 0; g < self->n_groups; g++)
    {
      self->groups[g].index = g;
      self->groups[g].group = _inion_shown_signal_get_group (self->signal, g);
      fastest_hz = MAX (fastest_hz, self->groups[g].group->rate_hz);
    }
  shift = choose_base_shift (self, fastest_hz);
  for (guint g = 0; g < self->n_groups; g++)
    {
      const InionShownGroup *group = self->groups[g].group;

      lay_out_group (&self->groups[g], base_shift_for (group->rate_hz, fastest_hz, shift));
      clear_large_bins (&self->groups[g]);
      self->total += group->n_samples * group->n_rows;
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

/* Bins [first, end) of a level joined; those inside blocks that are not ready are left out. */
static InionMinMax
join (const InionPyramidGroup *self,
      guint                    row,
      guint                    level,
      gint64                   first,
      gint64                   end,
      gboolean                 all_ready)
{
  const InionMinMax *bins = _inion_pyramid_group_level (self, row, level);
  InionMinMax joined = { INFINITY, -INFINITY };

  for (gint64 i = first; i < end; i++)
    {
      if (!all_ready && self->shift[level] <= self->block_shift &&
          g_atomic_int_get (&self->states[i >> (self->block_shift - self->shift[level])]) !=
            INION_BLOCK_READY)
        continue;
      inion_min_max_merge (&joined, &bins[i]);
    }
  return joined;
}

static gboolean
blocks_are_ready (const InionPyramidGroup *self,
                  gint64                   first_sample,
                  gint64                   end_sample)
{
  for (gint64 b = first_sample >> self->block_shift; b << self->block_shift < end_sample; b++)
    if (g_atomic_int_get (&self->states[b]) != INION_BLOCK_READY)
      return FALSE;
  return TRUE;
}

static gboolean
query (const InionPyramidGroup *self,
       guint                    row,
       gint64                   first_bin,
       guint                    shift,
       gsize                    n,
       gboolean                 complete,
       InionMinMax             *out)
{
  gboolean there = TRUE;
  guint level = 0;
  guint up;

  while (level + 1 < self->n_levels && self->shift[level + 1] <= shift)
    level++;
  up = shift - self->shift[level];
  for (gsize k = 0; k < n; k++)
    {
      gint64 bin = first_bin + (gint64) k;
      gint64 end;
      gboolean ready;

      if (bin < 0 || bin >= count_bins (self->group->n_samples, shift))
        {
          inion_min_max_clear (&out[k], 1);
          continue;
        }
      end = MIN ((bin + 1) << up, (gint64) self->n_bins[level]);
      ready = complete || blocks_are_ready (self, bin << shift,
                                            MIN ((bin + 1) << shift, self->group->n_samples));
      out[k] = join (self, row, level, bin << up, end, ready);
      there = there && ready;
    }
  return there;
}

void
_inion_pyramid_group_raise_block (InionPyramidGroup *self,
                                  gint64             block)
{
  for (guint row = 0; row < self->group->n_rows; row++)
    for (guint level = 1;
         level < self->n_levels && self->shift[level] <= self->block_shift;
         level++)
      {
        gsize first = (gsize) block << (self->block_shift - self->shift[level]);
        gsize below = (gsize) block << (self->block_shift - self->shift[level - 1]);
        gsize n = MIN ((gsize) 1 << (self->block_shift - self->shift[level - 1]),
                       self->n_bins[level - 1] - below);

        inion_min_max_of_bins (_inion_pyramid_group_level (self, row, level - 1) + below, n, 4,
                               _inion_pyramid_group_level (self, row, level) + first);
      }
}

/* With the lock held: bins larger than a block take in what the block has. */
static void
grow_large_bins (InionPyramidGroup *self,
                 gint64             block)
{
  guint top = 0;

  while (top + 1 < self->n_levels && self->shift[top + 1] <= self->block_shift)
    top++;
  for (guint row = 0; top + 1 < self->n_levels && row < self->group->n_rows; row++)
    {
      guint up = self->block_shift - self->shift[top];
      InionMinMax whole = join (self, row, top, block << up,
                                MIN ((block + 1) << up, (gint64) self->n_bins[top]), TRUE);

      for (guint level = top + 1; level < self->n_levels; level++)
        inion_min_max_merge (_inion_pyramid_group_level (self, row, level) +
                               (block >> (self->shift[level] - self->block_shift)),
                             &whole);
    }
}

void
_inion_pyramid_publish_block (InionPyramid      *self,
                              InionPyramidGroup *group,
                              gint64             block)
{
  g_mutex_lock (&self->lock);
  grow_large_bins (group, block);
  g_atomic_int_set (&group->states[block], INION_BLOCK_READY);
  self->ready += _inion_pyramid_group_block_samples (group, block) * group->group->n_rows;
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
  gboolean complete, there;
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
  complete = inion_pyramid_is_complete (self);
  /* Large bins may grow under a reader until all blocks are there. */
  if (!complete)
    g_mutex_lock (&self->lock);
  there = query (group, row, first_bin, floor_log2 ((double) bin_size), n, complete, out);
  if (!complete)
    g_mutex_unlock (&self->lock);
  return there;
}
