/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording whose samples lie in files in a regular way: what most readers make once they have
 * read their header. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/binary-recording.h"
#include "recording/binary-recording-private.h"

#include "core/error.h"
#include "recording/recording-private.h"
#include "recording/sample-tiles.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#define CONVERT_SAMPLES 8192

/* Outside of which values of a channel are no measurements; and which value is none where all
 * channels of a group have theirs at once. */
typedef struct
{
  gboolean used;
  double low;
  double high;
  guint group; /* 0: none */
  double filler;
} ValidRange;

struct _InionBinaryRecording
{
  InionRecording parent_instance;

  GArray *layouts; /* InionSampleLayout */
  GArray *ranges;  /* ValidRange, of the channels that have one or come before such */
  GPtrArray *events;
  InionEventLoader load;
  gpointer load_data;
  GDestroyNotify load_destroy;

  InionSampleTiles *tiles;
};

G_DEFINE_FINAL_TYPE (InionBinaryRecording, inion_binary_recording, INION_TYPE_RECORDING)

/* Values as the file has them. */
static gboolean
read_values (InionBinaryRecording  *self,
             guint                  channel,
             gint64                 first,
             gsize                  n,
             double                *out,
             GError               **error)
{
  return inion_sample_tiles_read (self->tiles,
                                  &g_array_index (self->layouts, InionSampleLayout, channel), first,
                                  n, out, error);
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

/* Keeps of the marked samples those where another channel of the group has its filler too. */
static gboolean
keep_common (InionBinaryRecording  *self,
             guint                  channel,
             gint64                 first,
             gsize                  n,
             guint8                *marked,
             gsize                 *n_marked,
             GError               **error)
{
  double filler = g_array_index (self->ranges, ValidRange, channel).filler;
  double values[CONVERT_SAMPLES];

  if (!read_values (self, channel, first, n, values, error))
    return FALSE;
  *n_marked = 0;
  for (gsize i = 0; i < n; i++)
    {
      marked[i] = marked[i] && values[i] == filler;
      *n_marked += marked[i];
    }
  return TRUE;
}

/* Blanks where all channels of the group have their fillers at once. The others are read only where
 * this one has its own, and no further than one of them has another value. At most
 * CONVERT_SAMPLES. */
static gboolean
blank_fillers (InionBinaryRecording  *self,
               guint                  channel,
               gint64                 first,
               gsize                  n,
               double                *values,
               GError               **error)
{
  const ValidRange *own = &g_array_index (self->ranges, ValidRange, channel);
  guint8 marked[CONVERT_SAMPLES];
  gsize n_marked = 0, from = n, to = 0;
  guint n_others = 0;

  for (gsize i = 0; i < n; i++)
    {
      marked[i] = values[i] == own->filler;
      if (!marked[i])
        continue;
      n_marked++;
      from = MIN (from, i);
      to = i + 1;
    }
  for (guint c = 0; n_marked > 0 && c < self->ranges->len; c++)
    if (c != channel && g_array_index (self->ranges, ValidRange, c).group == own->group)
      {
        n_others++;
        if (!keep_common (self, c, first + (gint64) from, to - from, marked + from, &n_marked,
                          error))
          return FALSE;
      }
  for (gsize i = from; n_others > 0 && n_marked > 0 && i < to; i++)
    if (marked[i])
      values[i] = NAN;
  return TRUE;
}

static gboolean
blank_missing (InionBinaryRecording  *self,
               guint                  channel,
               gint64                 first,
               gsize                  n,
               double                *values,
               GError               **error)
{
  if (channel < self->ranges->len && g_array_index (self->ranges, ValidRange, channel).group != 0)
    for (gsize done = 0; done < n; done += CONVERT_SAMPLES)
      if (!blank_fillers (self, channel, first + (gint64) done, MIN (n - done, CONVERT_SAMPLES),
                          values + done, error))
        return FALSE;
  blank_invalid (self, channel, n, values);
  return TRUE;
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

  if (!read_values (INION_BINARY_RECORDING (recording), channel, first, n, out, error) ||
      !blank_missing (INION_BINARY_RECORDING (recording), channel, first, n, out, error))
    return FALSE;
  if (info->gain != 1 || info->offset != 0)
    for (gsize i = 0; i < n; i++)
      out[i] = info->gain * out[i] + info->offset;
  return TRUE;
}

static gboolean
inion_binary_recording_may_block (InionRecording *recording,
                                  guint           channel,
                                  gint64          first,
                                  gsize           n)
{
  InionBinaryRecording *self = INION_BINARY_RECORDING (recording);

  return inion_sample_tiles_may_block (
    self->tiles, &g_array_index (self->layouts, InionSampleLayout, channel), first, n);
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
                                          : (gint32) CLAMP (rint (values[i]), G_MININT32,
                                                            G_MAXINT32);
      done += m;
    }
  return TRUE;
}

static GPtrArray *
inion_binary_recording_load_events (InionRecording  *recording,
                                    InionJob        *job,
                                    GError         **error)
{
  InionBinaryRecording *self = INION_BINARY_RECORDING (recording);
  g_autoptr (GPtrArray) events = NULL;

  if (self->load == NULL)
    return g_ptr_array_copy (self->events, _inion_event_copy, NULL);
  events = self->load (recording, self->load_data, job, error);
  if (events == NULL)
    return NULL;
  for (guint i = 0; i < self->events->len; i++)
    g_ptr_array_add (events, _inion_event_copy (self->events->pdata[i], NULL));
  return g_steal_pointer (&events);
}

static void
inion_binary_recording_finalize (GObject *object)
{
  InionBinaryRecording *self = INION_BINARY_RECORDING (object);

  if (self->load_destroy != NULL)
    self->load_destroy (self->load_data);
  inion_sample_tiles_free (self->tiles);
  g_array_unref (self->layouts);
  g_array_unref (self->ranges);
  g_ptr_array_unref (self->events);
  G_OBJECT_CLASS (inion_binary_recording_parent_class)->finalize (object);
}

static void
inion_binary_recording_class_init (InionBinaryRecordingClass *klass)
{
  InionRecordingClass *recording_class = INION_RECORDING_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = inion_binary_recording_finalize;
  recording_class->read_digital = inion_binary_recording_read_digital;
  recording_class->may_block = inion_binary_recording_may_block;
  recording_class->read_physical = inion_binary_recording_read_physical;
  recording_class->load_events = inion_binary_recording_load_events;
}

static void
inion_binary_recording_init (InionBinaryRecording *self)
{
  self->layouts = g_array_new (FALSE, FALSE, sizeof (InionSampleLayout));
  self->ranges = g_array_new (FALSE, TRUE, sizeof (ValidRange));
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
  self->tiles = inion_sample_tiles_new (INION_RECORDING (self));
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
  inion_recording_add_channel_runs (INION_RECORDING (self), info, runs, n_runs);
  return TRUE;
}

static ValidRange *
need_range (InionBinaryRecording *self,
            guint                 channel)
{
  if (channel >= self->ranges->len)
    g_array_set_size (self->ranges, channel + 1);
  return &g_array_index (self->ranges, ValidRange, channel);
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
  ValidRange *range;

  g_return_if_fail (INION_IS_BINARY_RECORDING (self));
  g_return_if_fail (channel < self->layouts->len);

  range = need_range (self, channel);
  range->used = TRUE;
  range->low = low;
  range->high = high;
}

/**
 * inion_binary_recording_set_filler:
 * @self: a recording that is being opened
 * @channel: one of its channels
 * @group: number of a group of channels, from 1, that have the same number of samples
 * @value: value, as the file stores it, that may stand where nothing was measured
 *
 * Says that samples are missing where all channels of a group have this value at once. Where only
 * some have it, or where the group has no other channel, it is a measurement.
 */
void
inion_binary_recording_set_filler (InionBinaryRecording *self,
                                   guint                 channel,
                                   guint                 group,
                                   double                value)
{
  ValidRange *range;

  g_return_if_fail (INION_IS_BINARY_RECORDING (self));
  g_return_if_fail (channel < self->layouts->len && group > 0);

  range = need_range (self, channel);
  range->group = group;
  range->filler = value;
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
