/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording whose samples lie in files in a regular way: what most readers make once they have
 * read their header.
 *
 * Where channels are interleaved, a page of all of them would read the same bytes once a channel.
 * So what was read is kept, a tile of a mebibyte at a time, the last ones used of them. A stretch
 * longer than all tiles is read past them. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/binary-recording.h"
#include "recording/binary-recording-private.h"

#include "core/error.h"
#include "recording/recording-private.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#define TILE_BYTES (1024 * 1024)
#define N_TILES 32
#define CONVERT_SAMPLES 8192

/* Outside of which values of a channel are no measurements. */
typedef struct
{
  gboolean used;
  double low;
  double high;
} ValidRange;

typedef struct
{
  guint file;
  gint64 offset;
  gsize n; /* bytes it holds; 0: empty */
  guint64 used;
  guint8 *bytes;
} Tile;

struct _InionBinaryRecording
{
  InionRecording parent_instance;

  GArray *layouts; /* InionSampleLayout */
  GArray *ranges;  /* ValidRange, of the channels that have one or come before such */
  GPtrArray *events;
  InionEventLoader load;
  gpointer load_data;
  GDestroyNotify load_destroy;

  GMutex lock; /* of the tiles */
  Tile tiles[N_TILES];
  guint64 clock;
};

G_DEFINE_FINAL_TYPE (InionBinaryRecording, inion_binary_recording, INION_TYPE_RECORDING)

static Tile *
find_tile (InionBinaryRecording *self,
           guint                 file,
           gint64                offset)
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
get_tile (InionBinaryRecording  *self,
          guint                  file,
          gint64                 at,
          GError               **error)
{
  Tile *tile = find_tile (self, file, at / TILE_BYTES * TILE_BYTES);
  int errsv = 0;

  tile->used = ++self->clock;
  if (tile->n == 0)
    {
      if (tile->bytes == NULL)
        tile->bytes = g_malloc (TILE_BYTES);
      if (!_inion_pread (_inion_recording_get_fd (INION_RECORDING (self), file), tile->bytes,
                         TILE_BYTES, tile->offset, &tile->n, &errsv))
        tile->n = 0;
    }
  if (at - tile->offset < (gint64) tile->n)
    return tile;
  tile->n = 0;
  /* Says what went wrong, in the same words as everywhere. */
  _inion_recording_pread (INION_RECORDING (self), file, &(guint8){ 0 }, 1, at, error);
  if (error != NULL && *error == NULL)
    inion_set_error (error, INION_ERROR_IO, "The file changed while it was read. Open it again.");
  return NULL;
}

/* Copies a sample that lies across two tiles. */
static gboolean
copy_bytes (InionBinaryRecording  *self,
            guint                  file,
            gint64                 offset,
            guint8                *out,
            gsize                  n,
            GError               **error)
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
read_from_tile (InionBinaryRecording     *self,
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
read_past_tiles (InionBinaryRecording     *self,
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
  if (!_inion_recording_pread (INION_RECORDING (self), layout->file, buffer,
                               (gsize) ((gint64) (*done - 1) * layout->stride + size), offset,
                               error))
    return FALSE;
  inion_samples_to_double (buffer, layout->stride, *done, layout->type, layout->big_endian, out);
  return TRUE;
}

/* Values as the file has them. */
static gboolean
read_values (InionBinaryRecording  *self,
             guint                  channel,
             gint64                 first,
             gsize                  n,
             double                *out,
             GError               **error)
{
  const InionSampleLayout *layout = &g_array_index (self->layouts, InionSampleLayout, channel);
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

static void
blank_invalid (InionBinaryRecording *self,
               guint                 channel,
               gsize                 n,
               double               *values)
{
  const ValidRange *range;

  if (channel >= self->ranges->len)
    return;
  range = &g_array_index (self->ranges, ValidRange, channel);
  for (gsize i = 0; range->used && i < n; i++)
    if (values[i] < range->low || values[i] > range->high)
      values[i] = NAN;
}

static gboolean
inion_binary_recording_read_physical (InionRecording  *recording,
                                      guint            channel,
                                      gint64           first,
                                      gsize            n,
                                      double          *out,
                                      GError         **error)
{
  const InionChannelInfo *info =
    inion_channel_get_info (inion_recording_get_channel (recording, channel));

  if (!read_values (INION_BINARY_RECORDING (recording), channel, first, n, out, error))
    return FALSE;
  blank_invalid (INION_BINARY_RECORDING (recording), channel, n, out);
  if (info->gain != 1 || info->offset != 0)
    for (gsize i = 0; i < n; i++)
      out[i] = info->gain * out[i] + info->offset;
  return TRUE;
}

static gboolean
inion_binary_recording_read_digital (InionRecording  *recording,
                                     guint            channel,
                                     gint64           first,
                                     gsize            n,
                                     gint32          *out,
                                     GError         **error)
{
  double values[CONVERT_SAMPLES];

  for (gsize done = 0; done < n;)
    {
      gsize m = MIN (n - done, CONVERT_SAMPLES);

      if (!read_values (INION_BINARY_RECORDING (recording), channel, first + (gint64) done, m,
                        values, error))
        return FALSE;
      for (gsize i = 0; i < m; i++)
        out[done + i] = isnan (values[i]) ? 0
                                          : (gint32) CLAMP (rint (values[i]), G_MININT32, G_MAXINT32);
      done += m;
    }
  return TRUE;
}

static gpointer
copy_event (gconstpointer event,
            gpointer      unused)
{
  const InionEvent *e = event;

  return inion_event_new (e->onset_ns, e->duration_ns, e->text, e->channel);
}

static GPtrArray *
inion_binary_recording_load_events (InionRecording  *recording,
                                    InionJob        *job,
                                    GError         **error)
{
  InionBinaryRecording *self = INION_BINARY_RECORDING (recording);
  g_autoptr (GPtrArray) events = NULL;

  if (self->load == NULL)
    return g_ptr_array_copy (self->events, copy_event, NULL);
  events = self->load (recording, self->load_data, job, error);
  if (events == NULL)
    return NULL;
  for (guint i = 0; i < self->events->len; i++)
    g_ptr_array_add (events, copy_event (self->events->pdata[i], NULL));
  return g_steal_pointer (&events);
}

static void
inion_binary_recording_finalize (GObject *object)
{
  InionBinaryRecording *self = INION_BINARY_RECORDING (object);

  if (self->load_destroy != NULL)
    self->load_destroy (self->load_data);
  for (guint i = 0; i < N_TILES; i++)
    g_free (self->tiles[i].bytes);
  g_array_unref (self->layouts);
  g_array_unref (self->ranges);
  g_ptr_array_unref (self->events);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (inion_binary_recording_parent_class)->finalize (object);
}

static void
inion_binary_recording_class_init (InionBinaryRecordingClass *klass)
{
  InionRecordingClass *recording_class = INION_RECORDING_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = inion_binary_recording_finalize;
  recording_class->read_digital = inion_binary_recording_read_digital;
  recording_class->read_physical = inion_binary_recording_read_physical;
  recording_class->load_events = inion_binary_recording_load_events;
}

static void
inion_binary_recording_init (InionBinaryRecording *self)
{
  self->layouts = g_array_new (FALSE, FALSE, sizeof (InionSampleLayout));
  self->ranges = g_array_new (FALSE, TRUE, sizeof (ValidRange));
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
  g_mutex_init (&self->lock);
}

/**
 * inion_binary_recording_new:
 * @path: (nullable): the file that stands for the recording: its header
 * @format: the format's name, such as "BrainVision"
 *
 * A recording without files and channels. Its reader hands files over, sets its start and texts,
 * then adds segments if there are gaps, then channels.
 *
 * Returns: (transfer full): the recording
 */
InionBinaryRecording *
inion_binary_recording_new (const char *path,
                            const char *format)
{
  InionBinaryRecording *self = g_object_new (INION_TYPE_BINARY_RECORDING, NULL);

  inion_recording_set_path (INION_RECORDING (self), path);
  inion_recording_set_format (INION_RECORDING (self), format);
  return self;
}

/**
 * inion_binary_recording_take_file:
 * @self: a recording that is being opened
 * @fd: (transfer full): an open file, closed with the recording
 * @path: (nullable): its name; %NULL for a scratch file
 *
 * Adds a file. The first is the one that stands for the recording; fingerprints cover all but
 * scratch files.
 *
 * Returns: the number by which layouts name it
 */
guint
inion_binary_recording_take_file (InionBinaryRecording *self,
                                  int                   fd,
                                  const char           *path)
{
  g_return_val_if_fail (INION_IS_BINARY_RECORDING (self), 0);

  return _inion_recording_take_file (INION_RECORDING (self), fd, path);
}

static gboolean
check_layout (InionBinaryRecording     *self,
              const InionChannelInfo   *info,
              const InionSampleLayout  *layout,
              GError                  **error)
{
  InionRecording *recording = INION_RECORDING (self);
  const char *path;
  struct stat st;
  gint64 end;

  path = _inion_recording_get_file_path (recording, layout->file);
  if (fstat (_inion_recording_get_fd (recording, layout->file), &st) != 0)
    return inion_set_error_errno (error, errno, "Could not read the size of",
                                  path != NULL ? path : "recording");
  if (!inion_sample_layout_get_end (layout, info->n_samples, &end) || end > (gint64) st.st_size)
    {
      g_autofree char *name = g_filename_display_name (path != NULL ? path : "recording");

      return inion_set_error (error, INION_ERROR_FORMAT,
                              "“%s” has %" G_GINT64_FORMAT " bytes, too few for %" G_GINT64_FORMAT
                              " samples of channel %s.", name, (gint64) st.st_size, info->n_samples,
                              info->raw_label);
    }
  return TRUE;
}

/**
 * inion_binary_recording_add_channel:
 * @self: a recording that is being opened
 * @info: what is known of the channel. Its n_samples: how many the file holds; physical = gain ×
 *   value + offset, for floating-point samples too
 * @layout: where its samples are
 * @error: return location
 *
 * Appends a channel. The recording becomes as long as its longest channel unless it has segments.
 *
 * Returns: %FALSE with %INION_ERROR_FORMAT if samples would lie beyond the end of the file
 */
gboolean
inion_binary_recording_add_channel (InionBinaryRecording     *self,
                                    const InionChannelInfo   *info,
                                    const InionSampleLayout  *layout,
                                    GError                  **error)
{
  InionRecording *recording = INION_RECORDING (self);
  InionChannel *channel;
  gint64 duration_ns;

  g_return_val_if_fail (INION_IS_BINARY_RECORDING (self), FALSE);
  g_return_val_if_fail (layout->file < _inion_recording_get_n_files (recording), FALSE);

  if (!check_layout (self, info, layout, error))
    return FALSE;
  g_array_append_val (self->layouts, *layout);
  inion_recording_add_channel (recording, info);
  channel = inion_recording_get_channel (recording, inion_recording_get_n_channels (recording) - 1);
  duration_ns = inion_channel_sample_to_ns (channel, inion_channel_get_n_samples (channel));
  if (_inion_recording_get_segments (recording) == NULL &&
      duration_ns > inion_recording_get_duration_ns (recording))
    inion_recording_set_duration_ns (recording, duration_ns);
  return TRUE;
}

/* The same for a channel that was recorded at other times than the segments say. Their samples are
 * counted by its runs. */
gboolean
_inion_binary_recording_add_channel_runs (InionBinaryRecording     *self,
                                          const InionChannelInfo   *info,
                                          const InionSampleLayout  *layout,
                                          const InionSegmentRun    *runs,
                                          gsize                     n_runs,
                                          GError                  **error)
{
  g_return_val_if_fail (INION_IS_BINARY_RECORDING (self), FALSE);

  if (!check_layout (self, info, layout, error))
    return FALSE;
  g_array_append_val (self->layouts, *layout);
  _inion_recording_add_channel_runs (INION_RECORDING (self), info, runs, n_runs);
  return TRUE;
}

/**
 * inion_binary_recording_set_valid_range:
 * @self: a recording that is being opened
 * @channel: one of its channels
 * @low: smallest value, as the file stores it, that is a measurement
 * @high: largest such value
 *
 * Says that what lies outside is overflow or missing: it reads as NaN, and as itself where digital
 * values are asked for.
 */
void
inion_binary_recording_set_valid_range (InionBinaryRecording *self,
                                        guint                 channel,
                                        double                low,
                                        double                high)
{
  g_return_if_fail (INION_IS_BINARY_RECORDING (self));
  g_return_if_fail (channel < self->layouts->len);

  if (channel >= self->ranges->len)
    g_array_set_size (self->ranges, channel + 1);
  g_array_index (self->ranges, ValidRange, channel) = (ValidRange) { TRUE, low, high };
}

/**
 * inion_binary_recording_take_event:
 * @self: a recording that is being opened
 * @event: (transfer full): an event that its header holds; in any order
 */
void
inion_binary_recording_take_event (InionBinaryRecording *self,
                                   InionEvent           *event)
{
  g_return_if_fail (INION_IS_BINARY_RECORDING (self));

  g_ptr_array_add (self->events, event);
}

/**
 * inion_binary_recording_set_event_loader:
 * @self: a recording that is being opened
 * @load: reads what events the header does not hold; may be called again after it failed
 * @data: its data
 * @destroy: (nullable): frees @data with the recording
 */
void
inion_binary_recording_set_event_loader (InionBinaryRecording *self,
                                         InionEventLoader      load,
                                         gpointer              data,
                                         GDestroyNotify        destroy)
{
  g_return_if_fail (INION_IS_BINARY_RECORDING (self));
  g_return_if_fail (self->load == NULL);

  self->load = load;
  self->load_data = data;
  self->load_destroy = destroy;
}

/**
 * inion_binary_recording_read_bytes:
 * @self: a recording
 * @file: which of its files
 * @out: (out caller-allocates) (array length=n): the bytes
 * @n: how many
 * @offset: where they begin
 * @error: return location
 *
 * Reads from one of the recording's files, for a loader of events.
 *
 * Returns: %FALSE with %INION_ERROR_IO, also if the file is shorter
 */
gboolean
inion_binary_recording_read_bytes (InionBinaryRecording  *self,
                                   guint                  file,
                                   gpointer               out,
                                   gsize                  n,
                                   gint64                 offset,
                                   GError               **error)
{
  g_return_val_if_fail (INION_IS_BINARY_RECORDING (self), FALSE);

  return _inion_recording_pread (INION_RECORDING (self), file, out, n, offset, error);
}
