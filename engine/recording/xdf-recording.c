/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads XDF files: several streams on one clock.
 *
 * Streams of numbers at a fixed rate become channels, each stream with a rate of its own; streams
 * of texts, and of numbers at no fixed rate, become events. Chunks of streams lie mixed in the
 * file, so samples are unpacked into a scratch file, stream by stream, as they are. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/xdf-recording.h"

#include "core/error.h"
#include "recording/gunzip.h"
#include "recording/recording-private.h"
#include "recording/xdf-channels.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file while it is read. */
typedef struct
{
  const char *path;
  int fd;       /* as it is */
  int unpacked; /* without its packing; -1 if it has none */
  InionXdfFile *file;
  GPtrArray *signals;
  GArray *texts;
} Opening;

static void
clear_text (gpointer data)
{
  InionXdfText *text = data;

  g_free (text->text);
}

static void
clear_opening (Opening *self)
{
  if (self->fd >= 0)
    close (self->fd);
  if (self->unpacked >= 0)
    close (self->unpacked);
  g_clear_pointer (&self->file, _inion_xdf_file_free);
  g_clear_pointer (&self->signals, g_ptr_array_unref);
  g_clear_pointer (&self->texts, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Opening, clear_opening)

/* Finds the chunks of a file, packed or not. */
static gboolean
read_chunks (Opening   *self,
             InionJob  *job,
             GError   **error)
{
  guint8 magic[2];
  struct stat st;
  gsize n = 0;
  int errsv = 0;
  gint64 size;
  gboolean cut = FALSE;

  if (fstat (self->fd, &st) != 0 || !_inion_pread (self->fd, magic, 2, 0, &n, &errsv))
    return inion_set_error (error, INION_ERROR_IO, "Could not read “%s”.", self->path);
  size = (gint64) st.st_size;
  if (n == 2 && magic[0] == 0x1f && magic[1] == 0x8b)
    {
      self->unpacked = _inion_gunzip_to_scratch (self->fd, size, job, &size, &cut, error);
      if (self->unpacked < 0)
        return FALSE;
    }
  self->file = _inion_xdf_file_new (self->unpacked >= 0 ? self->unpacked : self->fd, size, job,
                                    error);
  if (self->file != NULL && cut)
    inion_edf_faults_add (self->file->faults, "gzip", st.st_size, "gzip",
                          "The packed file is cut or damaged; it was unpacked to byte "
                          "%" G_GINT64_FORMAT ".", size);
  return self->file != NULL;
}

static gboolean
is_signal (const InionXdfStreamData *stream)
{
  return !stream->header->strings && stream->header->rate > 0;
}

static gboolean
is_chosen (const InionXdfStreamData *stream,
           const guint32            *ids,
           gsize                     n_ids)
{
  for (gsize i = 0; i < n_ids; i++)
    if (ids[i] == stream->id)
      return TRUE;
  return ids == NULL;
}

static gboolean
check_choice (Opening        *self,
              const guint32  *ids,
              gsize           n_ids,
              GError        **error)
{
  g_autoptr (GString) there = g_string_new (NULL);

  for (gsize i = 0; i < n_ids; i++)
    {
      if (g_hash_table_contains (self->file->by_id, GUINT_TO_POINTER (ids[i])))
        continue;
      for (guint k = 0; k < MIN (self->file->streams->len, 20); k++)
        {
          const InionXdfStreamData *stream = self->file->streams->pdata[k];
          g_autofree char *name = _inion_xdf_stream_dup_name (stream);

          g_string_append_printf (there, "%s%u (%s)", k > 0 ? ", " : "", stream->id, name);
        }
      return inion_set_error (error, INION_ERROR_NOT_FOUND,
                              "There is no stream %u in “%s”. It has: %s.", ids[i], self->path,
                              there->str);
    }
  return TRUE;
}

/* Unpacks the signals, so that it is known when they begin, then reads what becomes events. */
static gboolean
read_streams (Opening        *self,
              const guint32  *ids,
              gsize           n_ids,
              InionScratch   *scratch,
              InionJob       *job,
              GError        **error)
{
  for (guint i = 0; i < self->file->streams->len; i++)
    {
      InionXdfStreamData *stream = self->file->streams->pdata[i];
      InionXdfSignal *signal;

      if (!is_chosen (stream, ids, n_ids))
        continue;
      if (!is_signal (stream))
        {
          if (!_inion_xdf_read_texts (self->file, stream, self->texts, job, error))
            return FALSE;
          continue;
        }
      signal = _inion_xdf_signal_unpack (self->file, stream, scratch, job, error);
      if (signal == NULL)
        return FALSE;
      if (signal->n > 0)
        g_ptr_array_add (self->signals, signal);
      else
        {
          g_autofree char *name = _inion_xdf_stream_dup_name (stream);

          inion_edf_faults_add (self->file->faults, "empty", stream->at, "stream",
                                "Stream “%s” (%u) has no samples; it was left out.", name,
                                stream->id);
          _inion_xdf_signal_free (signal);
        }
    }
  return TRUE;
}

static double
get_first_text (GArray *texts)
{
  double first = NAN;

  for (guint i = 0; i < texts->len; i++)
    if (!(first <= g_array_index (texts, InionXdfText, i).time))
      first = g_array_index (texts, InionXdfText, i).time;
  return first;
}

static void
add_events (Opening              *self,
            InionBinaryRecording *recording,
            double                start)
{
  gint64 last_ns = 0;

  for (guint i = 0; i < self->texts->len; i++)
    {
      const InionXdfText *text = &g_array_index (self->texts, InionXdfText, i);
      double ns = (text->time - start) * 1e9;

      if (!(fabs (ns) < 9e17))
        {
          inion_edf_faults_add (self->file->faults, "far", -1, "event",
                                "The event “%.40s” lies decades from the recording; it was left "
                                "out.", g_utf8_validate (text->text, 40, NULL) ? text->text : "");
          continue;
        }
      last_ns = MAX (last_ns, llrint (ns));
      inion_binary_recording_take_event (recording,
                                         inion_event_new (llrint (ns), -1, text->text, -1));
    }
  if (self->signals->len == 0)
    inion_recording_set_duration_ns (INION_RECORDING (recording), last_ns);
}

/* "2019-03-02T12:34:56+0100": the time on the wall where it was recorded. */
static void
set_start (InionRecording *recording,
           const char     *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *local = NULL;
  g_autoptr (GDateTime) start = NULL;

  if (text == NULL || strlen (text) < 19)
    return;
  local = g_strndup (text, 19);
  local[10] = 'T';
  start = g_date_time_new_from_iso8601 (local, utc);
  inion_recording_set_start (recording, start);
}

static InionRecording *
make_recording (Opening        *self,
                InionScratch   *scratch,
                GError        **error)
{
  g_autoptr (InionBinaryRecording) recording = inion_binary_recording_new (self->path, "XDF");
  double start = _inion_xdf_channels_get_start (self->signals);
  guint file;
  int fd;

  set_start (INION_RECORDING (recording), self->file->datetime);
  inion_recording_set_texts (INION_RECORDING (recording), "", "");
  inion_binary_recording_take_file (recording, self->fd, self->path);
  self->fd = -1;
  fd = inion_scratch_steal_fd (scratch, error);
  if (fd < 0)
    return NULL;
  file = inion_binary_recording_take_file (recording, fd, NULL);
  if (isnan (start))
    start = get_first_text (self->texts);
  if (isnan (start))
    {
      inion_set_error (error, INION_ERROR_FORMAT,
                       "“%s”, read from byte 4 to byte %" G_GINT64_FORMAT ", holds %u %s, but no "
                       "samples and no markers that can be read.", self->path,
                       self->file->bytes.size, self->file->streams->len,
                       self->file->streams->len == 1 ? "stream" : "streams");
      return NULL;
    }
  if (self->signals->len > 0 &&
      !_inion_xdf_channels_add (recording, file, self->signals, start, self->file->faults, error))
    return NULL;
  add_events (self, recording, start);
  inion_edf_faults_hand_over (self->file->faults, INION_RECORDING (recording), "places");
  return INION_RECORDING (g_steal_pointer (&recording));
}

static InionRecording *
open_streams (int             fd,
              const char     *path,
              const guint32  *ids,
              gsize           n_ids,
              InionJob       *job,
              GError        **error)
{
  g_auto (Opening) self = { .path = path, .fd = fd, .unpacked = -1 };
  g_autoptr (InionScratch) scratch = NULL;

  self.signals = g_ptr_array_new_with_free_func ((GDestroyNotify) _inion_xdf_signal_free);
  self.texts = g_array_new (FALSE, FALSE, sizeof (InionXdfText));
  g_array_set_clear_func (self.texts, clear_text);
  if (!read_chunks (&self, job, error) || !check_choice (&self, ids, n_ids, error))
    return NULL;
  scratch = inion_scratch_new (error);
  if (scratch == NULL || !read_streams (&self, ids, n_ids, scratch, job, error))
    return NULL;
  return make_recording (&self, scratch, error);
}

/**
 * inion_xdf_recording_sniff:
 * @path: (nullable): the file's path, not used
 * @head: (array length=n): its first bytes
 * @n: how many
 *
 * Returns: whether it is an XDF file, packed (.xdfz) or not
 */
gboolean
inion_xdf_recording_sniff (const char   *path,
                           const guint8 *head,
                           gsize         n)
{
  guint8 start[4];
  gsize got;

  if (n >= 4 && memcmp (head, "XDF:", 4) == 0)
    return TRUE;
  return _inion_gunzip_head (head, n, start, sizeof start, &got) && got == 4 &&
         memcmp (start, "XDF:", 4) == 0;
}

/**
 * inion_xdf_recording_open_fd:
 * @fd: (transfer full): an open file
 * @path: what it is called
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the recording, as inion_xdf_recording_open()
 */
InionRecording *
inion_xdf_recording_open_fd (int          fd,
                             const char  *path,
                             InionJob    *job,
                             GError     **error)
{
  return open_streams (fd, path, NULL, 0, job, error);
}

/**
 * inion_xdf_recording_open:
 * @path: an XDF file, packed with gzip or not
 * @job: (nullable): for progress and cancel: the whole file is read
 * @error: return location
 *
 * Opens all streams of a file as one recording.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL with %INION_ERROR_FORMAT,
 *   %INION_ERROR_IO, %INION_ERROR_UNSUPPORTED if the streams' clocks have nothing to do with each
 *   other, %INION_ERROR_TOO_LARGE or %G_IO_ERROR_CANCELLED
 */
InionRecording *
inion_xdf_recording_open (const char  *path,
                          InionJob    *job,
                          GError     **error)
{
  return inion_xdf_recording_open_streams (path, NULL, 0, job, error);
}

/**
 * inion_xdf_recording_open_streams:
 * @path: an XDF file
 * @ids: (nullable) (array length=n_ids): the numbers of the streams wanted; %NULL for all
 * @n_ids: how many
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Opens some streams of a file as one recording. inion_xdf_list_streams() tells which there are.
 *
 * Returns: (transfer full) (nullable): the recording, as inion_xdf_recording_open(), or %NULL with
 *   %INION_ERROR_NOT_FOUND if there is no such stream
 */
InionRecording *
inion_xdf_recording_open_streams (const char     *path,
                                  const guint32  *ids,
                                  gsize           n_ids,
                                  InionJob       *job,
                                  GError        **error)
{
  gint64 size;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  fd = _inion_recording_open_file (path, &size, error);
  return fd >= 0 ? open_streams (fd, path, ids, n_ids, job, error) : NULL;
}

/**
 * inion_xdf_list_streams:
 * @path: an XDF file
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Lists the streams of a file, in the order of their headers. No samples are read.
 *
 * Returns: (transfer full) (nullable) (element-type InionXdfStream): the streams, or %NULL with
 *   %INION_ERROR_FORMAT, %INION_ERROR_IO or %G_IO_ERROR_CANCELLED
 */
GPtrArray *
inion_xdf_list_streams (const char  *path,
                        InionJob    *job,
                        GError     **error)
{
  g_auto (Opening) self = { .path = path, .unpacked = -1 };
  g_autoptr (GPtrArray) streams =
    g_ptr_array_new_with_free_func ((GDestroyNotify) inion_xdf_stream_free);
  gint64 size;

  g_return_val_if_fail (path != NULL, NULL);

  self.fd = _inion_recording_open_file (path, &size, error);
  if (self.fd < 0 || !read_chunks (&self, job, error))
    return NULL;
  for (guint i = 0; i < self.file->streams->len; i++)
    {
      const InionXdfStreamData *data = self.file->streams->pdata[i];
      const InionXdfHeader *header = data->header;
      InionXdfStream *stream = g_new0 (InionXdfStream, 1);

      stream->id = data->id;
      stream->name = _inion_xdf_stream_dup_name (data);
      stream->type = g_strdup (header->type != NULL ? header->type : "");
      stream->hostname = g_strdup (header->hostname != NULL ? header->hostname : "");
      stream->format = g_strdup (header->format);
      stream->n_channels = header->n_channels;
      stream->rate_hz = header->rate;
      stream->n_samples = data->n_samples;
      stream->is_signal = is_signal (data);
      g_ptr_array_add (streams, stream);
    }
  return g_steal_pointer (&streams);
}

/**
 * inion_xdf_stream_free:
 * @self: (nullable): a stream
 */
void
inion_xdf_stream_free (InionXdfStream *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->type);
  g_free (self->hostname);
  g_free (self->format);
  g_free (self);
}
