/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The making of one chunk of a group: read, mix, filter.
 *
 * Each channel is read once a chunk. What comes out for a row depends on the row and the chunk
 * alone, not on which other rows are made with it: the order of every sum is fixed, and the filter
 * bank keeps its lanes apart. */

#define G_LOG_DOMAIN "inion-display"

#include "config.h"

#include "display/shown-signal-private.h"

#include "core/size.h"
#include "display/filter-bank.h"

#include <string.h>

#define LANES INION_FILTER_BANK_LANES
/* Channels of a chunk are kept as read up to this much memory, and read again beyond it. */
#define MAX_KEPT_BYTES (32u << 20)

/* One chunk on its way. */
typedef struct
{
  const InionShownGroup *group;
  InionRecording *recording;
  InionShownScratch *scratch;
  gint64 lo;       /* first sample read */
  gsize n;         /* samples read */
  gsize skip;      /* of them before the chunk */
  gsize n_out;     /* samples of the chunk */
  gboolean keep;   /* each channel has a place of its own in raw */
  double *raw;
  double *common;
  double *mix[LANES];
  double *work[LANES];
  float *out[LANES];
} Chunk;

/**
 * _inion_shown_scratch_new:
 *
 * Returns: (transfer full): memory for making chunks, by one thread at a time
 */
InionShownScratch *
_inion_shown_scratch_new (void)
{
  InionShownScratch *self = g_new0 (InionShownScratch, 1);

  self->loaded = g_byte_array_new ();
  return self;
}

/**
 * _inion_shown_scratch_free:
 * @self: (transfer full): scratch memory
 */
void
_inion_shown_scratch_free (InionShownScratch *self)
{
  g_clear_pointer (&self->values, g_free);
  g_clear_pointer (&self->floats, g_free);
  g_clear_pointer (&self->loaded, g_byte_array_unref);
  g_free (self);
}

static gboolean
reserve (InionShownScratch  *self,
         gsize               n_values,
         gsize               n_floats,
         GError            **error)
{
  if (n_values > self->n_values)
    {
      g_clear_pointer (&self->values, g_free);
      self->n_values = 0;
      self->values = inion_try_new (double, n_values, "filtering the shown signal", error);
      if (self->values == NULL)
        return FALSE;
      self->n_values = n_values;
    }
  if (n_floats > self->n_floats)
    {
      g_clear_pointer (&self->floats, g_free);
      self->n_floats = 0;
      self->floats = inion_try_new (float, n_floats, "filtering the shown signal", error);
      if (self->floats == NULL)
        return FALSE;
      self->n_floats = n_floats;
    }
  return TRUE;
}

static gboolean
lay_out (Chunk   *self,
         GError **error)
{
  gsize n_slots = self->group->n_slots;
  gsize kept, total;
  double *next;

  self->keep = inion_size_mul (&kept, n_slots, self->n) &&
               kept <= MAX_KEPT_BYTES / sizeof (double);
  if (!self->keep)
    kept = self->n;
  if (!inion_size_mul (&total, self->n, 1 + 2 * LANES) || !inion_size_add (&total, total, kept))
    total = G_MAXSIZE;
  if (!reserve (self->scratch, total, LANES * self->n_out, error))
    return FALSE;
  next = self->scratch->values;
  self->raw = next;
  next += kept;
  self->common = next;
  next += self->n;
  for (int lane = 0; lane < LANES; lane++)
    {
      self->mix[lane] = next;
      self->work[lane] = next + self->n;
      self->out[lane] = self->scratch->floats + (gsize) lane * self->n_out;
      next += 2 * self->n;
    }
  g_byte_array_set_size (self->scratch->loaded, (guint) n_slots);
  memset (self->scratch->loaded->data, 0, n_slots);
  return TRUE;
}

static const double *
read_slot (Chunk   *self,
           guint    slot,
           GError **error)
{
  double *x = self->keep ? self->raw + slot * self->n : self->raw;

  if (self->keep && self->scratch->loaded->data[slot])
    return x;
  if (!inion_recording_read (self->recording, self->group->channels[slot], self->lo, self->n, x,
                             error))
    return NULL;
  self->scratch->loaded->data[slot] = 1;
  return x;
}

static void
add_scaled (double                 w,
            const double *restrict x,
            gsize                  n,
            double       *restrict y)
{
  for (gsize i = 0; i < n; i++)
    y[i] += w * x[i];
}

static gboolean
make_common (Chunk   *self,
             GError **error)
{
  memset (self->common, 0, self->n * sizeof (double));
  for (guint slot = 0; slot < self->group->n_slots; slot++)
    {
      const double *x;

      if (self->group->common[slot] == 0)
        continue;
      x = read_slot (self, slot, error);
      if (x == NULL)
        return FALSE;
      add_scaled (self->group->common[slot], x, self->n, self->common);
    }
  return TRUE;
}

/* The row before filtering: a channel itself where it is just that, else a sum in mix. */
static const double *
mix_row (Chunk                *self,
         const InionShownRow  *row,
         double               *mix,
         GError              **error)
{
  if (self->keep && !row->uses_common && row->n_terms == 1 && row->weights[0] == 1)
    return read_slot (self, row->slots[0], error);

  if (row->uses_common)
    memcpy (mix, self->common, self->n * sizeof (double));
  else
    memset (mix, 0, self->n * sizeof (double));
  for (guint t = 0; t < row->n_terms; t++)
    {
      const double *x = read_slot (self, row->slots[t], error);

      if (x == NULL)
        return NULL;
      add_scaled (row->weights[t], x, self->n, mix);
    }
  return mix;
}

static gboolean
make_plain (Chunk                *self,
            const InionShownRow  *row,
            float                *out,
            GError              **error)
{
  const double *x;

  if (!row->uses_common && row->n_terms == 1 && row->weights[0] == 1)
    return inion_recording_read_float (self->recording, self->group->channels[row->slots[0]],
                                       self->lo, self->n_out, out, error);
  x = mix_row (self, row, self->mix[0], error);
  if (x == NULL)
    return FALSE;
  for (gsize i = 0; i < self->n_out; i++)
    out[i] = (float) x[i];
  return TRUE;
}

/* Up to four rows at once; lanes without a row repeat the first. */
static gboolean
make_filtered (Chunk        *self,
               const guint  *rows,
               guint         n_rows,
               GError      **error)
{
  const double *in[LANES];
  float *out[LANES];

  for (guint lane = 0; lane < n_rows; lane++)
    {
      in[lane] = mix_row (self, &self->group->rows[rows[lane]], self->mix[lane], error);
      if (in[lane] == NULL)
        return FALSE;
      out[lane] = self->out[lane];
    }
  for (guint lane = n_rows; lane < LANES; lane++)
    {
      in[lane] = in[0];
      out[lane] = out[0];
    }
  if (self->group->phase == INION_PHASE_ZERO)
    inion_filter_bank_zero_phase (&self->group->sos, in, self->n, self->skip, self->n_out,
                                  self->work, out);
  else
    inion_filter_bank_causal (&self->group->sos, in, self->n, self->skip, out);
  return TRUE;
}

static gboolean
make_rows (Chunk           *self,
           const guint     *rows,
           guint            n_rows,
           InionShownSink   sink,
           gpointer         sink_data,
           InionJob        *job,
           GError         **error)
{
  for (guint i = 0; i < n_rows; i += LANES)
    {
      guint n = MIN (LANES, n_rows - i);

      if (!inion_job_check (job, error))
        return FALSE;
      if (self->group->filtered && !make_filtered (self, rows + i, n, error))
        return FALSE;
      for (guint lane = 0; lane < n; lane++)
        {
          if (!self->group->filtered &&
              !make_plain (self, &self->group->rows[rows[i + lane]], self->out[lane], error))
            return FALSE;
          sink (i + lane, self->out[lane], self->n_out, sink_data);
        }
    }
  return TRUE;
}

/**
 * _inion_shown_group_get_chunk_length:
 * @self: a group
 * @chunk: chunk of the group's grid
 *
 * Returns: samples of the chunk; the last one may be short
 */
gsize
_inion_shown_group_get_chunk_length (const InionShownGroup *self,
                                     gint64                 chunk)
{
  gint64 first = chunk * (gint64) self->chunk_samples;

  return (gsize) CLAMP (self->n_samples - first, 0, (gint64) self->chunk_samples);
}

/* The samples that a chunk is made from: [*lo, the returned end). */
static gint64
find_source (const InionShownGroup *self,
             gint64                 chunk,
             gint64                *lo)
{
  gint64 first = chunk * (gint64) self->chunk_samples;
  gint64 before = self->filtered ? (gint64) self->margin : 0;
  gint64 after = self->filtered && self->phase == INION_PHASE_ZERO ? (gint64) self->margin : 0;

  *lo = MAX (0, first - before);
  return MIN (self->n_samples,
              first + (gint64) _inion_shown_group_get_chunk_length (self, chunk) + after);
}

/**
 * _inion_shown_group_may_block:
 * @self: a group
 * @recording: the recording of its montage
 * @chunk: chunk of the group's grid, in [0, n_chunks)
 * @rows: (array length=n_rows): which rows are to be made
 * @n_rows: how many
 *
 * Returns: whether making these rows of a chunk may wait for a disk
 */
gboolean
_inion_shown_group_may_block (const InionShownGroup *self,
                              InionRecording        *recording,
                              gint64                 chunk,
                              const guint           *rows,
                              guint                  n_rows)
{
  g_autofree gboolean *asked = g_new0 (gboolean, MAX (self->n_slots, 1));
  gint64 lo, end = find_source (self, chunk, &lo);

  for (guint i = 0; i < n_rows; i++)
    {
      const InionShownRow *row = &self->rows[rows[i]];

      for (guint t = 0; t < row->n_terms; t++)
        asked[row->slots[t]] = TRUE;
      for (guint slot = 0; row->uses_common && slot < self->n_slots; slot++)
        asked[slot] = asked[slot] || self->common[slot] != 0;
    }
  for (guint slot = 0; slot < self->n_slots; slot++)
    if (asked[slot] && inion_recording_may_block (recording, self->channels[slot], lo,
                                                  (gsize) MAX (end - lo, 0)))
      return TRUE;
  return FALSE;
}

/**
 * _inion_shown_group_find_chunk:
 * @self: a group
 * @recording: the recording of its montage
 * @chunk: chunk of the group's grid
 *
 * Passes over chunks that lie in a gap, however long it is.
 *
 * Returns: the first chunk from @chunk on in which a channel has a sample; the group's number of
 *   chunks if there is none
 */
gint64
_inion_shown_group_find_chunk (const InionShownGroup *self,
                               InionRecording        *recording,
                               gint64                 chunk)
{
  gint64 at = chunk * (gint64) self->chunk_samples, next = G_MAXINT64;

  if (inion_recording_get_n_segments (recording) <= 1)
    return chunk;
  for (guint slot = 0; slot < self->n_slots && next > at; slot++)
    {
      gint64 first, n;

      if (inion_recording_find_run (recording, self->channels[slot], at, &first, &n))
        next = MIN (next, MAX (first, at));
    }
  return next < self->n_samples ? next / (gint64) self->chunk_samples : self->n_chunks;
}

/**
 * _inion_shown_group_make_chunk:
 * @self: a group
 * @recording: the recording of its montage
 * @scratch: memory that no other thread uses at the moment
 * @chunk: chunk of the group's grid, in [0, n_chunks)
 * @rows: (array length=n_rows): which rows to make
 * @n_rows: how many
 * @sink: receives each row's samples, in the order of @rows
 * @sink_data: passed to @sink
 * @job: (nullable): checked every few rows
 * @error: return location
 *
 * Reads, mixes and filters one chunk of some rows.
 *
 * Returns: %FALSE if the recording could not be read or the job was cancelled
 */
gboolean
_inion_shown_group_make_chunk (const InionShownGroup  *self,
                               InionRecording         *recording,
                               InionShownScratch      *scratch,
                               gint64                  chunk,
                               const guint            *rows,
                               guint                   n_rows,
                               InionShownSink          sink,
                               gpointer                sink_data,
                               InionJob               *job,
                               GError                **error)
{
  Chunk c = { .group = self, .recording = recording, .scratch = scratch };
  gboolean uses_common = FALSE;
  gint64 end;

  c.n_out = _inion_shown_group_get_chunk_length (self, chunk);
  if (c.n_out == 0)
    return TRUE;
  end = find_source (self, chunk, &c.lo);
  c.skip = (gsize) (chunk * (gint64) self->chunk_samples - c.lo);
  c.n = (gsize) (end - c.lo);
  if (!lay_out (&c, error))
    return FALSE;
  for (guint i = 0; i < n_rows; i++)
    uses_common = uses_common || self->rows[rows[i]].uses_common;
  if (uses_common && !make_common (&c, error))
    return FALSE;
  return make_rows (&c, rows, n_rows, sink, sink_data, job, error);
}
