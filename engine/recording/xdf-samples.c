/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The samples of one stream of an XDF file, and when each was taken.
 *
 * A sample comes with the time when it was handed to the network, which jitters, or without one: it
 * then follows the last by the nominal interval. Times are brought to the recorder's clock
 * first, then what jitters in them is taken out (recording/even-times.h). */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/xdf-samples.h"

#include "core/error.h"
#include "recording/edf-text.h"

#include <math.h>
#include <string.h>

#define MAX_TIME_S 1e11
#define MAX_STRING (1024 * 1024)
#define MAX_EVENT_TEXT (64 * 1024)
#define MAX_NUMBER_EVENTS 200000
#define CHECK_CHUNKS 64

/* Goes through the samples of a stream. */
typedef struct
{
  InionXdfFile *file;
  InionXdfStreamData *stream;
  InionXdfClock *clock;
  char *place;
  double interval;
  double time; /* of the last sample, on the sender's clock */
  gboolean timed;
} Walk;

/**
 * SampleFunc:
 * @walk: the walk
 * @time: when it was taken, in seconds on the recorder's clock
 * @at: (inout): where its values stand; where the next sample begins after
 * @end: where its chunk ends
 * @data: of the caller
 * @error: return location
 *
 * Returns: %FALSE with an error; without one if the sample is not whole
 */
typedef gboolean (*SampleFunc) (Walk *walk, double time, gint64 *at, gint64 end, gpointer data,
                                GError **error);

static Walk
start_walk (InionXdfFile       *file,
            InionXdfStreamData *stream)
{
  g_autofree char *name = _inion_xdf_stream_dup_name (stream);
  guint n_rejected;
  gint64 first_rejected;
  Walk walk = { .file = file, .stream = stream, .place = g_strdup_printf ("stream “%s”", name) };

  walk.interval = stream->header->rate > 0 ? 1 / stream->header->rate : 0;
  walk.clock = _inion_xdf_clock_new (stream->offsets, &n_rejected, &first_rejected);
  if (n_rejected > 0)
    inion_edf_faults_add (file->faults, walk.place, first_rejected, walk.place,
                          "%u clock offsets cannot be true and were not used.", n_rejected);
  return walk;
}

static void
clear_walk (Walk *walk)
{
  _inion_xdf_clock_free (walk->clock);
  g_free (walk->place);
}

/* FALSE without an error: no sample begins here. */
static gboolean
read_time (Walk    *walk,
           gint64  *at,
           gint64   end,
           GError **error)
{
  const guint8 *bytes = end - *at >= 1 ? _inion_xdf_bytes_get (&walk->file->bytes, *at, 1, error)
                                       : NULL;
  double time;

  if (bytes == NULL || (*bytes != 0 && *bytes != 8))
    return FALSE;
  (*at)++;
  if (*bytes == 0)
    {
      walk->time += walk->interval;
      return TRUE;
    }
  bytes = end - *at >= 8 ? _inion_xdf_bytes_get (&walk->file->bytes, *at, 8, error) : NULL;
  if (bytes == NULL)
    return FALSE;
  time = _inion_xdf_get_double (bytes);
  if (!isfinite (time) || fabs (time) > MAX_TIME_S)
    {
      inion_edf_faults_add (walk->file->faults, "time", *at, walk->place,
                            "The time of a sample is no time; it is taken to follow the last.");
      time = walk->time + walk->interval;
    }
  *at += 8;
  walk->time = time;
  walk->timed = TRUE;
  return TRUE;
}

static gboolean
walk_chunk (Walk                 *walk,
            const InionXdfChunk  *chunk,
            SampleFunc            take,
            gpointer              data,
            GError              **error)
{
  g_autoptr (GError) reason = NULL;
  gint64 at = chunk->at;
  guint64 n = 0;

  _inion_xdf_bytes_get_count (&walk->file->bytes, &at, chunk->end, &n, &reason);
  for (guint64 i = 0; i < n && reason == NULL; i++)
    {
      gint64 start = at;

      if (read_time (walk, &at, chunk->end, &reason) &&
          take (walk, _inion_xdf_clock_map (walk->clock, chunk->at, walk->time), &at, chunk->end,
                data, &reason))
        continue;
      if (reason == NULL)
        inion_edf_faults_add (walk->file->faults, "damaged", start, walk->place,
                              "A chunk of %" G_GUINT64_FORMAT " samples is cut or damaged; the "
                              "first %" G_GUINT64_FORMAT " of them were kept.", n, i);
      break;
    }
  if (reason == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
walk_all (Walk        *walk,
          SampleFunc   take,
          gpointer     data,
          InionJob    *job,
          GError     **error)
{
  GArray *chunks = walk->stream->chunks;

  for (guint i = 0; i < chunks->len; i++)
    {
      const InionXdfChunk *chunk = &g_array_index (chunks, InionXdfChunk, i);

      if (i % CHECK_CHUNKS == 0)
        {
          if (!inion_job_check (job, error))
            return FALSE;
          inion_job_report (job, 0.6 + 0.4 * (double) chunk->at / (double) walk->file->bytes.size,
                            "Unpacking the samples");
        }
      if (!walk_chunk (walk, chunk, take, data, error))
        return FALSE;
    }
  if (!walk->timed && chunks->len > 0)
    inion_edf_faults_add (walk->file->faults, "untimed", walk->stream->at, walk->place,
                          "No sample has a time; the first is taken to be at 0.");
  return TRUE;
}

typedef struct
{
  InionScratch *scratch;
  InionEvenTimes *times;
  gsize bytes; /* a sample */
  gint64 n;
} Unpacking;

static gboolean
unpack_sample (Walk      *walk,
               double     time,
               gint64    *at,
               gint64     end,
               gpointer   data,
               GError   **error)
{
  Unpacking *self = data;

  if (end - *at < (gint64) self->bytes)
    return FALSE;
  for (gsize done = 0; done < self->bytes;)
    {
      gsize n = MIN (self->bytes - done, INION_XDF_WINDOW);
      const guint8 *bytes = _inion_xdf_bytes_get (&walk->file->bytes, *at + (gint64) done, n,
                                                  error);

      if (bytes == NULL || !inion_scratch_write (self->scratch, bytes, n, error))
        return FALSE;
      done += n;
    }
  *at += (gint64) self->bytes;
  _inion_even_times_add (self->times, time);
  self->n++;
  return TRUE;
}

/**
 * _inion_xdf_signal_unpack:
 * @file: the file
 * @stream: a stream of numbers with a rate
 * @scratch: where its samples are appended, sample by sample
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Returns: (transfer full) (nullable): where the samples are and when they were taken, or %NULL
 *   with %INION_ERROR_IO or %G_IO_ERROR_CANCELLED
 */
InionXdfSignal *
_inion_xdf_signal_unpack (InionXdfFile        *file,
                          InionXdfStreamData  *stream,
                          InionScratch        *scratch,
                          InionJob            *job,
                          GError             **error)
{
  g_autoptr (InionXdfSignal) signal = g_new0 (InionXdfSignal, 1);
  Walk walk = start_walk (file, stream);
  Unpacking unpacking = { .scratch = scratch };
  gboolean ok;

  signal->stream = stream;
  signal->offset = inion_scratch_get_size (scratch);
  unpacking.bytes = stream->header->n_channels *
                    inion_sample_type_get_size (stream->header->sample_type);
  unpacking.times = _inion_even_times_new (stream->header->rate);
  ok = walk_all (&walk, unpack_sample, &unpacking, job, error);
  signal->stretches = _inion_even_times_finish (unpacking.times);
  _inion_even_times_free (unpacking.times);
  signal->n = unpacking.n;
  clear_walk (&walk);
  return ok ? g_steal_pointer (&signal) : NULL;
}

/**
 * _inion_xdf_signal_free:
 * @self: (nullable): a signal
 */
void
_inion_xdf_signal_free (InionXdfSignal *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->stretches, g_array_unref);
  g_free (self);
}

typedef struct
{
  GArray *texts;
  GString *text;
  char *prefix;
} TextReading;

/* One text. Longer ones than an event can show are cut. */
static gboolean
read_string (Walk     *walk,
             gint64   *at,
             gint64    end,
             GString  *text,
             GError  **error)
{
  g_autofree guint8 *copy = NULL;
  g_autofree char *decoded = NULL;
  guint oddities = 0;
  guint64 length;
  gsize n;

  if (!_inion_xdf_bytes_get_count (&walk->file->bytes, at, end, &length, error) ||
      length > (guint64) (end - *at) || length > MAX_STRING)
    return FALSE;
  n = MIN ((gsize) length, MAX_EVENT_TEXT);
  if (n < length)
    inion_edf_faults_add (walk->file->faults, "long", *at, walk->place,
                          "A text of %" G_GUINT64_FORMAT " bytes was cut to %d.", length,
                          MAX_EVENT_TEXT);
  if (n > 0)
    {
      const guint8 *bytes = _inion_xdf_bytes_get (&walk->file->bytes, *at, n, error);

      if (bytes == NULL)
        return FALSE;
      copy = g_memdup2 (bytes, n);
      while (n > 0 && length > n && (copy[n - 1] & 0xc0) == 0x80)
        n--;
      while (n > 0 && length > n && copy[n - 1] >= 0xc0)
        n--;
      while (n > 0 && copy[n - 1] == '\0')
        n--;
    }
  *at += (gint64) length;
  decoded = inion_edf_decode_dup (copy != NULL ? copy : (const guint8 *) "", n, &oddities);
  g_strstrip (decoded);
  if (*decoded != '\0' && text->len < MAX_EVENT_TEXT)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", decoded);
  return TRUE;
}

static gboolean
read_numbers (Walk     *walk,
              gint64   *at,
              gint64    end,
              GString  *text,
              GError  **error)
{
  const InionXdfHeader *header = walk->stream->header;
  gsize size = inion_sample_type_get_size (header->sample_type);
  const char *format = header->sample_type == INION_SAMPLE_FLOAT32 ? "%.7g" : "%.15g";

  for (guint c = 0; c < header->n_channels; c++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];
      const guint8 *bytes = end - *at >= (gint64) size
                              ? _inion_xdf_bytes_get (&walk->file->bytes, *at, size, error) : NULL;
      double value;

      if (bytes == NULL)
        return FALSE;
      *at += (gint64) size;
      inion_samples_to_double (bytes, 0, 1, header->sample_type, FALSE, &value);
      g_ascii_formatd (number, sizeof number, format, value);
      if (text->len < MAX_EVENT_TEXT)
        g_string_append_printf (text, "%s%s", c > 0 ? ", " : "", number);
    }
  return TRUE;
}

static gboolean
read_text (Walk      *walk,
           double     time,
           gint64    *at,
           gint64     end,
           gpointer   data,
           GError   **error)
{
  TextReading *self = data;
  InionXdfText text = { time, NULL };

  g_string_truncate (self->text, 0);
  if (!walk->stream->header->strings)
    {
      if (!read_numbers (walk, at, end, self->text, error))
        return FALSE;
    }
  else
    for (guint c = 0; c < walk->stream->header->n_channels; c++)
      if (!read_string (walk, at, end, self->text, error))
        return FALSE;
  text.text = g_strconcat (self->prefix, self->text->str, NULL);
  g_array_append_val (self->texts, text);
  return TRUE;
}

/* What stands before the numbers of a stream that are not markers, so that one knows whose. */
static char *
dup_prefix (InionXdfStreamData *stream)
{
  const char *type = stream->header->type != NULL ? stream->header->type : "";
  g_autofree char *lower = g_ascii_strdown (type, -1);
  g_autofree char *name = _inion_xdf_stream_dup_name (stream);

  if (stream->header->strings || strstr (lower, "marker") != NULL ||
      strstr (lower, "event") != NULL || strstr (lower, "stim") != NULL ||
      strstr (lower, "trigger") != NULL)
    return g_strdup ("");
  return g_strdup_printf ("%s: ", name);
}

/**
 * _inion_xdf_read_texts:
 * @file: the file
 * @stream: a stream of texts, or of numbers at no fixed rate
 * @texts: (element-type InionXdfText): where they are appended
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Reads a stream of which each sample is an event.
 *
 * Returns: %FALSE with %INION_ERROR_IO or %G_IO_ERROR_CANCELLED
 */
gboolean
_inion_xdf_read_texts (InionXdfFile        *file,
                       InionXdfStreamData  *stream,
                       GArray              *texts,
                       InionJob            *job,
                       GError             **error)
{
  Walk walk = start_walk (file, stream);
  TextReading reading = { texts, g_string_new (NULL), dup_prefix (stream) };
  gboolean ok = TRUE;

  if (!stream->header->strings && stream->n_samples > MAX_NUMBER_EVENTS)
    inion_edf_faults_add (file->faults, "too many events", stream->at, walk.place,
                          "%" G_GINT64_FORMAT " samples at no fixed rate are too many to show as "
                          "events; they were left out.", stream->n_samples);
  else
    ok = walk_all (&walk, read_text, &reading, job, error);
  g_string_free (reading.text, TRUE);
  g_free (reading.prefix);
  clear_walk (&walk);
  return ok;
}
