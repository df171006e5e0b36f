/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was last read of the files of a recording.
 *
 * Where channels are interleaved, a page of all of them would read the same bytes once a channel.
 * So what was read is kept, a tile of a mebibyte at a time, the last ones used of them. A stretch
 * longer than all tiles is read past them. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/sample-tiles.h"

#include "core/error.h"
#include "recording/recording-private.h"

#include <string.h>

#define TILE_BYTES (1024 * 1024)
#define N_TILES 32
/* How far apart the bytes are that the kernel is asked about: less than it reads ahead. */
#define ASK_EVERY_BYTES (64 * 1024)

typedef struct
{
  guint file;
  gint64 offset;
  gsize n; /* bytes it holds; 0: empty */
  guint64 used;
  guint8 *bytes;
} Tile;

struct _InionSampleTiles
{
  InionRecording *recording; /* borrowed */

  GMutex lock;
  Tile tiles[N_TILES];
  guint64 clock;
};

static Tile *
find_tile (InionSampleTiles *self,
           guint             file,
           gint64            offset)
{
  Tile *oldest = &self->tiles[0];

  for (guint i = 0; i < N_TILES; i++)
    {
      Tile *tile = &self->tiles[i];

      if (tile->n > 0 && tile->file == file && tile->offset == offset)
        return tile;
      if (tile->used < oldest->used)
        oldest = tile;
    }
  oldest->n = 0;
  oldest->file = file;
  oldest->offset = offset;
  return oldest;
}

/* The tile that holds a byte, read if need be. Called with the lock held. */
static const Tile *
get_tile (InionSampleTiles  *self,
          guint              file,
          gint64             at,
          GError           **error)
{
  Tile *tile = find_tile (self, file, at / TILE_BYTES * TILE_BYTES);
  int errsv = 0;

  tile->used = ++self->clock;
  if (tile->n == 0)
    {
      if (tile->bytes == NULL)
        tile->bytes = g_malloc (TILE_BYTES);
      if (!_inion_pread (_inion_recording_get_fd (self->recording, file), tile->bytes,
                         TILE_BYTES, tile->offset, &tile->n, &errsv))
        tile->n = 0;
    }
  if (at - tile->offset < (gint64) tile->n)
    return tile;
  tile->n = 0;
  /* Says what went wrong, in the same words as everywhere. */
  _inion_recording_pread (self->recording, file, &(guint8){ 0 }, 1, at, error);
  if (error != NULL && *error == NULL)
    inion_set_error (error, INION_ERROR_IO, "The file changed while it was read. Open it again.");
  return NULL;
}

/* Copies a sample that lies across two tiles. */
static gboolean
copy_bytes (InionSampleTiles  *self,
            guint              file,
            gint64             offset,
            guint8            *out,
            gsize              n,
            GError           **error)
{
  for (gsize done = 0; done < n;)
    {
      const Tile *tile = get_tile (self, file, offset + (gint64) done, error);
      gsize from, m;

      if (tile == NULL)
        return FALSE;
      from = (gsize) (offset + (gint64) done - tile->offset);
      m = MIN (tile->n - from, n - done);
      memcpy (out + done, tile->bytes + from, m);
      done += m;
    }
  return TRUE;
}

/* The first of the samples that lie a stride apart from an offset on, as many as one tile holds. */
static gboolean
read_from_tile (InionSampleTiles         *self,
                const InionSampleLayout  *layout,
                gint64                    offset,
                gsize                     n,
                double                   *out,
                gsize                    *done,
                GError                  **error)
{
  gsize size = inion_sample_type_get_size (layout->type);
  const Tile *tile = get_tile (self, layout->file, offset, error);
  gint64 room;

  if (tile == NULL)
    return FALSE;
  room = tile->offset + (gint64) tile->n - offset;
  if (room < (gint64) size)
    {
      guint8 bytes[8];

      *done = 1;
      if (!copy_bytes (self, layout->file, offset, bytes, size, error))
        return FALSE;
      inion_samples_to_double (bytes, 0, 1, layout->type, layout->big_endian, out);
      return TRUE;
    }
  *done = MIN (n, (gsize) ((room - (gint64) size) / layout->stride + 1));
  inion_samples_to_double (tile->bytes + (offset - tile->offset), layout->stride, *done,
                           layout->type, layout->big_endian, out);
  return TRUE;
}

/* The same past the tiles, as many as a buffer of a tile's size holds. */
static gboolean
read_past_tiles (InionSampleTiles         *self,
                 const InionSampleLayout  *layout,
                 gint64                    offset,
                 gsize                     n,
                 guint8                   *buffer,
                 double                   *out,
                 gsize                    *done,
                 GError                  **error)
{
  gint64 size = (gint64) inion_sample_type_get_size (layout->type);

  *done = MIN (n, (gsize) ((TILE_BYTES - size) / layout->stride + 1));
  if (!_inion_recording_pread (self->recording, layout->file, buffer,
                               (gsize) ((gint64) (*done - 1) * layout->stride + size), offset,
                               error))
    return FALSE;
  inion_samples_to_double (buffer, layout->stride, *done, layout->type, layout->big_endian, out);
  return TRUE;
}

/**
 * inion_sample_tiles_new:
 * @recording: (unowned): whose files are read; it owns the tiles
 *
 * Returns: (transfer full): tiles that hold nothing yet
 */
InionSampleTiles *
inion_sample_tiles_new (InionRecording *recording)
{
  InionSampleTiles *self = g_new0 (InionSampleTiles, 1);

  self->recording = recording;
  g_mutex_init (&self->lock);
  return self;
}

/**
 * inion_sample_tiles_free:
 * @self: (nullable) (transfer full): tiles
 */
void
inion_sample_tiles_free (InionSampleTiles *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < N_TILES; i++)
    g_free (self->tiles[i].bytes);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * inion_sample_tiles_read:
 * @self: tiles
 * @layout: where the samples of a channel are
 * @first: the first of them, from 0
 * @n: how many
 * @out: (out caller-allocates) (array length=n): the values as the file has them
 * @error: return location
 *
 * Reads samples that lie in the file. Several threads may read at once.
 *
 * Returns: %FALSE with %INION_ERROR_IO, also if the file is shorter
 */
gboolean
inion_sample_tiles_read (InionSampleTiles         *self,
                         const InionSampleLayout  *layout,
                         gint64                    first,
                         gsize                     n,
                         double                   *out,
                         GError                  **error)
{
  g_autofree guint8 *buffer = NULL;
  gboolean direct = (double) n * (double) layout->stride > (double) TILE_BYTES * (N_TILES / 2);

  if (direct)
    buffer = g_malloc (TILE_BYTES);
  for (gsize done = 0; done < n;)
    {
      gint64 sample = first + (gint64) done;
      gint64 in_block = sample % layout->block_samples;
      gsize wanted = (gsize) MIN ((gint64) (n - done), layout->block_samples - in_block);
      gint64 offset = layout->offset + sample / layout->block_samples * layout->block_bytes +
                      in_block * layout->stride;
      gsize got;
      gboolean ok;

      if (direct)
        ok = read_past_tiles (self, layout, offset, wanted, buffer, out + done, &got, error);
      else
        {
          g_mutex_lock (&self->lock);
          ok = read_from_tile (self, layout, offset, wanted, out + done, &got, error);
          g_mutex_unlock (&self->lock);
        }
      if (!ok)
        return FALSE;
      done += got;
    }
  return TRUE;
}

static gboolean
has_tile (InionSampleTiles *self,
          guint             file,
          gint64            offset)
{
  for (guint i = 0; i < N_TILES; i++)
    if (self->tiles[i].n > 0 && self->tiles[i].file == file && self->tiles[i].offset == offset)
      return TRUE;
  return FALSE;
}

/* Whether a tile is here, or can be read without waiting. Called with the lock held. */
static gboolean
is_at_hand (InionSampleTiles *self,
            guint             file,
            gint64            offset)
{
  if (has_tile (self, file, offset))
    return TRUE;
  for (gint64 at = offset; at < offset + TILE_BYTES; at += ASK_EVERY_BYTES)
    if (!_inion_recording_is_in_memory (self->recording, file, at))
      return FALSE;
  return TRUE;
}

static gint64
get_offset (const InionSampleLayout *layout,
            gint64                   sample)
{
  return layout->offset + sample / layout->block_samples * layout->block_bytes +
         sample % layout->block_samples * layout->stride;
}

/**
 * inion_sample_tiles_may_block:
 * @self: tiles
 * @layout: where the samples of a channel are
 * @first: the first of them, from 0
 * @n: how many, at least 1
 *
 * Tells whether inion_sample_tiles_read() may wait for a disk. Several threads may ask at once.
 *
 * Returns: whether it may, or waits for a thread that reads
 */
gboolean
inion_sample_tiles_may_block (InionSampleTiles        *self,
                              const InionSampleLayout *layout,
                              gint64                   first,
                              gsize                    n)
{
  gint64 size = (gint64) inion_sample_type_get_size (layout->type);
  gint64 tile = -1;
  gboolean here = TRUE;

  if (!g_mutex_trylock (&self->lock))
    return TRUE;
  for (gint64 sample = first, end = first + (gint64) n; here && sample < end; sample++)
    {
      /* The first of all bytes, then the last of each sample. */
      gint64 offset = get_offset (layout, sample) + (sample == first ? 0 : size - 1);
      gint64 at = offset / TILE_BYTES * TILE_BYTES;

      if (at != tile)
        here = is_at_hand (self, layout->file, at);
      tile = at;
    }
  g_mutex_unlock (&self->lock);
  return !here;
}
