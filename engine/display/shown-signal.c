/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shown signal: montage and display filters applied chunk by chunk.
 *
 * A recursive filter has no beginning of its own: what it gives at a sample depends on where it was
 * started. So the signal is made in chunks that sit on an absolute grid of samples, each filtered
 * from a margin before it (and to a margin after it, zero-phase) that starts in the steady state of
 * its first sample. The value of a sample then depends on the montage, the filter and the sample
 * alone: pages, pyramid and measurements agree to the last bit.
 *
 * Two caches hold what was made last, each bounded in bytes: chunks as samples, for short pages,
 * and chunks as tiles of bins of INION_SHOWN_TILE_BIN samples, for pages between those and the
 * pyramid. A chunk that two threads want at the same time is made once. */

#define G_LOG_DOMAIN "inion-display"

#include "config.h"

#include "display/shown-signal.h"
#include "display/shown-signal-private.h"

#include "core/error.h"
#include "display/min-max.h"

#include <string.h>

#define SAMPLES_CACHE_BYTES (32u << 20)
#define TILES_CACHE_BYTES (16u << 20)
#define MAX_IDLE_SCRATCH 2
/* Raised when the same montage and filter come to give other numbers: pyramids go stale then. */
#define KEY_VERSION "inion-shown-signal 1"

struct _InionShownSignal
{
  GObject parent_instance;

  InionMontage *montage;
  InionDisplayFilter filter;
  GPtrArray *groups;      /* of InionShownGroup */
  guint *group_of;        /* of each derivation */
  guint *row_of;
  InionChunkCache *samples;
  InionChunkCache *tiles;

  GMutex lock;
  GCond made;
  GHashTable *busy;       /* set of gint64: chunks that a thread is making */
  GPtrArray *idle;        /* of InionShownScratch */
};

G_DEFINE_FINAL_TYPE (InionShownSignal, inion_shown_signal, G_TYPE_OBJECT)

/* One call of fetch. */
typedef struct
{
  InionShownSignal *self;
  const InionShownGroup *group;
  gint64 chunk;
  gboolean tiles;
  const guint *rows;
  guint n_rows;
  InionChunk **out;
  GArray *missing;        /* of guint: rows to make */
  GArray *positions;      /* of guint: where in out they belong */
} Fetch;

static InionShownScratch *
take_scratch (InionShownSignal *self)
{
  InionShownScratch *scratch = NULL;

  g_mutex_lock (&self->lock);
  if (self->idle->len > 0)
    scratch = g_ptr_array_steal_index_fast (self->idle, self->idle->len - 1);
  g_mutex_unlock (&self->lock);
  return scratch != NULL ? scratch : _inion_shown_scratch_new ();
}

static void
give_scratch (InionShownSignal  *self,
              InionShownScratch *scratch)
{
  g_mutex_lock (&self->lock);
  if (self->idle->len < MAX_IDLE_SCRATCH)
    g_ptr_array_add (self->idle, g_steal_pointer (&scratch));
  g_mutex_unlock (&self->lock);
  if (scratch != NULL)
    _inion_shown_scratch_free (scratch);
}

static InionChunk *
fold_chunk (guint        derivation,
            gint64       chunk,
            const float *x,
            gsize        n)
{
  gsize n_bins = (n + INION_SHOWN_TILE_BIN - 1) / INION_SHOWN_TILE_BIN;
  InionChunk *tile = inion_chunk_new (derivation, chunk, n_bins * sizeof (InionMinMax));

  inion_min_max_of_samples (x, n, INION_SHOWN_TILE_BIN, tile->data);
  return tile;
}

/* What the caches have of one row; a tile is folded from cached samples where there are some. */
static InionChunk *
look_up (Fetch *fetch,
         guint  row)
{
  InionShownSignal *self = fetch->self;
  guint derivation = fetch->group->rows[row].derivation;
  g_autoptr (InionChunk) samples = NULL;
  InionChunk *tile;

  if (!fetch->tiles)
    return inion_chunk_cache_lookup (self->samples, derivation, fetch->chunk);
  tile = inion_chunk_cache_lookup (self->tiles, derivation, fetch->chunk);
  if (tile != NULL)
    return tile;
  samples = inion_chunk_cache_lookup (self->samples, derivation, fetch->chunk);
  if (samples == NULL)
    return NULL;
  tile = fold_chunk (derivation, fetch->chunk, samples->data, samples->n_bytes / sizeof (float));
  inion_chunk_cache_insert (self->tiles, tile);
  return tile;
}

static gboolean
look_up_all (Fetch *fetch)
{
  g_array_set_size (fetch->missing, 0);
  g_array_set_size (fetch->positions, 0);
  for (guint i = 0; i < fetch->n_rows; i++)
    {
      if (fetch->out[i] == NULL)
        fetch->out[i] = look_up (fetch, fetch->rows[i]);
      if (fetch->out[i] != NULL)
        continue;
      g_array_append_val (fetch->missing, fetch->rows[i]);
      g_array_append_val (fetch->positions, i);
    }
  return fetch->missing->len == 0;
}

static void
keep_row (guint        position,
          const float *x,
          gsize        n,
          gpointer     data)
{
  Fetch *fetch = data;
  guint row = g_array_index (fetch->missing, guint, position);
  guint derivation = fetch->group->rows[row].derivation;
  InionChunk *chunk;

  if (fetch->tiles)
    {
      chunk = fold_chunk (derivation, fetch->chunk, x, n);
      inion_chunk_cache_insert (fetch->self->tiles, chunk);
    }
  else
    {
      chunk = inion_chunk_new (derivation, fetch->chunk, n * sizeof (float));
      memcpy (chunk->data, x, chunk->n_bytes);
      inion_chunk_cache_insert (fetch->self->samples, chunk);
    }
  fetch->out[g_array_index (fetch->positions, guint, position)] = chunk;
}

static gboolean
begin_making (InionShownSignal *self,
              gint64            key,
              InionShownEffort  effort)
{
  gboolean ours;

  g_mutex_lock (&self->lock);
  while (effort == INION_SHOWN_MAKE && g_hash_table_contains (self->busy, &key))
    g_cond_wait (&self->made, &self->lock);
  ours = !g_hash_table_contains (self->busy, &key);
  if (ours)
    g_hash_table_add (self->busy, g_memdup2 (&key, sizeof (key)));
  g_mutex_unlock (&self->lock);
  return ours;
}

static void
end_making (InionShownSignal *self,
            gint64            key)
{
  g_mutex_lock (&self->lock);
  g_hash_table_remove (self->busy, &key);
  g_cond_broadcast (&self->made);
  g_mutex_unlock (&self->lock);
}

static gboolean
make_missing (Fetch             *fetch,
              gint64             key,
              InionShownEffort   effort,
              InionJob          *job,
              GError           **error)
{
  InionShownSignal *self = fetch->self;
  InionShownScratch *scratch;
  gboolean ok = TRUE;

  if (!begin_making (self, key, effort))
    return TRUE;
  /* Another thread may have made it meanwhile. */
  if (!look_up_all (fetch))
    {
      scratch = take_scratch (self);
      ok = _inion_shown_group_make_chunk (fetch->group, inion_montage_get_recording (self->montage),
                                          scratch, fetch->chunk, (guint *) fetch->missing->data,
                                          fetch->missing->len, keep_row, fetch, job, error);
      give_scratch (self, scratch);
    }
  end_making (self, key);
  return ok;
}

static void
inion_shown_signal_finalize (GObject *object)
{
  InionShownSignal *self = INION_SHOWN_SIGNAL (object);

  g_clear_object (&self->montage);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->group_of, g_free);
  g_clear_pointer (&self->row_of, g_free);
  g_clear_pointer (&self->samples, inion_chunk_cache_free);
  g_clear_pointer (&self->tiles, inion_chunk_cache_free);
  g_clear_pointer (&self->busy, g_hash_table_unref);
  g_clear_pointer (&self->idle, g_ptr_array_unref);
  g_cond_clear (&self->made);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (inion_shown_signal_parent_class)->finalize (object);
}

static void
inion_shown_signal_class_init (InionShownSignalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_shown_signal_finalize;
}

static void
inion_shown_signal_init (InionShownSignal *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->made);
  self->busy = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->idle = g_ptr_array_new_with_free_func ((GDestroyNotify) _inion_shown_scratch_free);
  self->samples = inion_chunk_cache_new (SAMPLES_CACHE_BYTES);
  self->tiles = inion_chunk_cache_new (TILES_CACHE_BYTES);
}

/**
 * inion_shown_signal_new:
 * @montage: (transfer none): which derivations are shown
 * @filter: the filters of the screen; copied
 *
 * Nothing is read yet.
 *
 * Returns: (transfer full): the signal as it is shown
 */
InionShownSignal *
inion_shown_signal_new (InionMontage             *montage,
                        const InionDisplayFilter *filter)
{
  InionShownSignal *self;
  guint n;

  g_return_val_if_fail (INION_IS_MONTAGE (montage), NULL);
  g_return_val_if_fail (filter != NULL, NULL);

  self = g_object_new (INION_TYPE_SHOWN_SIGNAL, NULL);
  n = inion_montage_get_n_derivations (montage);
  self->montage = g_object_ref (montage);
  self->filter = *filter;
  self->groups = _inion_shown_groups_new (montage, filter);
  self->group_of = g_new0 (guint, n);
  self->row_of = g_new0 (guint, n);
  for (guint g = 0; g < self->groups->len; g++)
    {
      const InionShownGroup *group = g_ptr_array_index (self->groups, g);

      for (guint i = 0; i < group->n_rows; i++)
        {
          self->group_of[group->rows[i].derivation] = g;
          self->row_of[group->rows[i].derivation] = i;
        }
    }
  return self;
}

/**
 * inion_shown_signal_get_montage:
 *
 * Returns: (transfer none): the montage
 */
InionMontage *
inion_shown_signal_get_montage (InionShownSignal *self)
{
  return self->montage;
}

/**
 * inion_shown_signal_get_filter:
 *
 * Returns: (transfer none): the filters
 */
const InionDisplayFilter *
inion_shown_signal_get_filter (InionShownSignal *self)
{
  return &self->filter;
}

guint
_inion_shown_signal_get_n_groups (InionShownSignal *self)
{
  return self->groups->len;
}

const InionShownGroup *
_inion_shown_signal_get_group (InionShownSignal *self,
                               guint             group)
{
  return g_ptr_array_index (self->groups, group);
}

void
_inion_shown_signal_locate (InionShownSignal *self,
                            guint             derivation,
                            guint            *group,
                            guint            *row)
{
  *group = self->group_of[derivation];
  *row = self->row_of[derivation];
}

/**
 * _inion_shown_signal_fetch:
 * @self: a signal
 * @group: a group
 * @chunk: chunk of its grid, in [0, n_chunks)
 * @rows: (array length=n_rows): which rows
 * @n_rows: how many
 * @tiles: %TRUE for bins of INION_SHOWN_TILE_BIN samples, %FALSE for samples (float)
 * @effort: what to do about a chunk that no cache has
 * @out: (out) (array length=n_rows) (element-type InionChunk): each row's chunk, to be unreffed;
 *   %NULL where it is not there
 * @job: (nullable): checked while making
 * @error: return location
 *
 * Gets a chunk of some rows. Thread-safe.
 *
 * Returns: %FALSE if the recording could not be read or the job was cancelled; @out is then all
 *   %NULL
 */
gboolean
_inion_shown_signal_fetch (InionShownSignal  *self,
                           guint              group,
                           gint64             chunk,
                           const guint       *rows,
                           guint              n_rows,
                           gboolean           tiles,
                           InionShownEffort   effort,
                           InionChunk       **out,
                           InionJob          *job,
                           GError           **error)
{
  g_autoptr (GArray) missing = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) positions = g_array_new (FALSE, FALSE, sizeof (guint));
  Fetch fetch = {
    .self = self,
    .group = g_ptr_array_index (self->groups, group),
    .chunk = chunk,
    .tiles = tiles,
    .rows = rows,
    .n_rows = n_rows,
    .out = out,
    .missing = missing,
    .positions = positions,
  };

  memset (out, 0, n_rows * sizeof (*out));
  if (look_up_all (&fetch) || effort == INION_SHOWN_TAKE)
    return TRUE;
  if (make_missing (&fetch, chunk * (gint64) self->groups->len + group, effort, job, error))
    return TRUE;
  for (guint i = 0; i < n_rows; i++)
    g_clear_pointer (&out[i], inion_chunk_unref);
  return FALSE;
}

/* The rows to make when one is wanted: those of a common sum come together, since the sum needs
 * every channel anyway. */
static GArray *
companions (const InionShownGroup *group,
            guint                  row)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (guint));

  g_array_append_val (rows, row);
  for (guint i = 0; group->rows[row].uses_common && i < group->n_rows; i++)
    if (i != row && group->rows[i].uses_common)
      g_array_append_val (rows, i);
  return rows;
}

static gboolean
read_chunk (InionShownSignal  *self,
            guint              group,
            gint64             chunk,
            GArray            *rows,
            gsize              skip,
            gsize              n,
            float             *out,
            GError           **error)
{
  g_autofree InionChunk **chunks = g_new0 (InionChunk *, rows->len);

  if (!_inion_shown_signal_fetch (self, group, chunk, (guint *) rows->data, rows->len, FALSE,
                                  INION_SHOWN_MAKE, chunks, NULL, error))
    return FALSE;
  memcpy (out, (float *) chunks[0]->data + skip, n * sizeof (float));
  for (guint i = 0; i < rows->len; i++)
    inion_chunk_unref (chunks[i]);
  return TRUE;
}

/**
 * inion_shown_signal_read:
 * @self: a signal
 * @derivation: derivation of the montage
 * @first: first sample, at the derivation's rate, at least 0
 * @n: number of samples; the range must lie inside the recording
 * @out: (out) (array length=n): the samples, in the unit of the derivation's channels; NaN where
 *   the recording has none
 * @error: return location
 *
 * Reads the signal as it is shown. Thread-safe; the same sample has the same value in every call.
 *
 * Returns: %FALSE if the range is outside the recording or the file could not be read
 */
gboolean
inion_shown_signal_read (InionShownSignal  *self,
                         guint              derivation,
                         gint64             first,
                         gsize              n,
                         float             *out,
                         GError           **error)
{
  const InionShownGroup *group;
  const InionDerivation *what;
  g_autoptr (GArray) rows = NULL;
  guint g;

  g_return_val_if_fail (INION_IS_SHOWN_SIGNAL (self), FALSE);
  g_return_val_if_fail (derivation < inion_montage_get_n_derivations (self->montage), FALSE);

  g = self->group_of[derivation];
  group = g_ptr_array_index (self->groups, g);
  what = inion_montage_get_derivation (self->montage, derivation);
  if (first < 0 || first > group->n_samples || n > (guint64) (group->n_samples - first))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "%" G_GSIZE_FORMAT " samples from %" G_GINT64_FORMAT
                            " on were asked of %s, which has %" G_GINT64_FORMAT ".",
                            n, first, what->label, group->n_samples);
  rows = companions (group, self->row_of[derivation]);
  while (n > 0)
    {
      gint64 chunk = first / (gint64) group->chunk_samples;
      gsize skip = (gsize) (first % (gint64) group->chunk_samples);
      gsize part = MIN (n, _inion_shown_group_get_chunk_length (group, chunk) - skip);

      if (!read_chunk (self, g, chunk, rows, skip, part, out, error))
        return FALSE;
      first += (gint64) part;
      out += part;
      n -= part;
    }
  return TRUE;
}

/**
 * inion_shown_signal_dup_key:
 * @self: a signal
 * @error: return location
 *
 * A text that is equal for two signals only if all their samples are: a hash over the recording's
 * quick fingerprint, the weights of the montage and the filters.
 *
 * Returns: (transfer full) (nullable): 64 hexadecimal digits, or %NULL if the file could not be
 *   read
 */
char *
inion_shown_signal_dup_key (InionShownSignal  *self,
                            GError           **error)
{
  g_autofree char *recording = NULL;
  g_autofree char *montage = NULL;
  g_autofree char *filter = NULL;
  g_autofree char *all = NULL;

  g_return_val_if_fail (INION_IS_SHOWN_SIGNAL (self), NULL);

  recording = inion_recording_dup_quick_fingerprint (inion_montage_get_recording (self->montage),
                                                     error);
  if (recording == NULL)
    return NULL;
  montage = inion_montage_dup_key (self->montage);
  filter = inion_display_filter_dup_key (&self->filter);
  all = g_strjoin ("\n", KEY_VERSION, recording, montage, filter, NULL);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, all, -1);
}
