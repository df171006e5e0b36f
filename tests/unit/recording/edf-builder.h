/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes EDF and BDF files, right and wrong ones, for the tests of the reader. */

#pragma once

#include "recording/recording.h"

#include <glib/gstdio.h>
#include <string.h>

/* A signal; what is NULL gets a right value. */
typedef struct
{
  const char *label;
  const char *unit;
  const char *physical_min;
  const char *physical_max;
  const char *digital_min;
  const char *digital_max;
  const char *transducer;
  const char *prefilter;
  const char *samples_text;
  gsize samples;
} BuilderSignal;

/* A file; what is NULL gets a right value. In TALs, | stands for 0x14, ^ for 0x15 and ~ for 0. */
typedef struct
{
  gboolean bdf;
  const char *version;
  const char *patient;
  const char *recording;
  const char *date;
  const char *time;
  const char *header_bytes;
  const char *reserved;
  const char *n_records;
  const char *duration;
  const char *n_signals;
  const BuilderSignal *signals;
  guint n;
  guint records;
  const char *const *tals; /* one a record, NULL-terminated; the right time-keeping ones after */
} BuilderFile;

static inline void
builder_put (GByteArray *bytes,
             const char *text,
             const char *otherwise,
             gsize       size)
{
  guint8 field[80];

  if (text == NULL)
    text = otherwise;
  memset (field, ' ', sizeof field);
  memcpy (field, text, MIN (strlen (text), size));
  g_byte_array_append (bytes, field, (guint) size);
}

/* The digital value of a sample, counted from the start of the recording. */
static inline gint32
builder_sample (gboolean bdf,
                guint    signal,
                gsize    sample)
{
  gint32 v = (gint32) ((sample * 37 + signal * 101) % 2001) - 1000;

  return bdf ? v * 1000 : v;
}

static inline void
builder_put_samples (GByteArray        *bytes,
                     const BuilderFile *file,
                     guint              signal,
                     guint              record)
{
  gsize n = file->signals[signal].samples;

  for (gsize i = 0; i < n; i++)
    {
      guint32 v = (guint32) builder_sample (file->bdf, signal, record * n + i);
      guint8 raw[3] = { (guint8) v, (guint8) (v >> 8), (guint8) (v >> 16) };

      g_byte_array_append (bytes, raw, file->bdf ? 3 : 2);
    }
}

static inline void
builder_put_tal (GByteArray        *bytes,
                 const BuilderFile *file,
                 guint              signal,
                 guint              record,
                 gboolean           first)
{
  gsize size = file->signals[signal].samples * (file->bdf ? 3 : 2);
  g_autofree guint8 *raw = g_malloc0 (size + 1);
  g_autofree char *plain = g_strdup_printf ("+%u||~", record);
  const char *text = first ? plain : "";

  if (first && file->tals != NULL && record < g_strv_length ((char **) file->tals))
    text = file->tals[record];
  for (gsize i = 0; text[i] != '\0' && i < size; i++)
    raw[i] = text[i] == '|' ? 0x14 : text[i] == '^' ? 0x15 : text[i] == '~' ? 0 : (guint8) text[i];
  g_byte_array_append (bytes, raw, (guint) size);
}

static inline gboolean
builder_is_tal (const BuilderSignal *signal)
{
  return signal->label != NULL && g_str_has_suffix (signal->label, "DF Annotations");
}

static inline void
builder_put_header (GByteArray        *bytes,
                    const BuilderFile *file)
{
  g_autofree char *header_bytes = g_strdup_printf ("%u", 256 * (file->n + 1));
  g_autofree char *n_records = g_strdup_printf ("%u", file->records);
  g_autofree char *n_signals = g_strdup_printf ("%u", file->n);

  builder_put (bytes, file->version, file->bdf ? "\377BIOSEMI" : "0", 8);
  builder_put (bytes, file->patient, "X X X X", 80);
  builder_put (bytes, file->recording, "Startdate 02-MAR-2021 X X X", 80);
  builder_put (bytes, file->date, "02.03.21", 8);
  builder_put (bytes, file->time, "10.11.12", 8);
  builder_put (bytes, file->header_bytes, header_bytes, 8);
  builder_put (bytes, file->reserved, file->bdf ? "24BIT" : "", 44);
  builder_put (bytes, file->n_records, n_records, 8);
  builder_put (bytes, file->duration, "1", 8);
  builder_put (bytes, file->n_signals, n_signals, 4);
}

static inline void
builder_put_signals (GByteArray        *bytes,
                     const BuilderFile *file)
{
  const BuilderSignal *s = file->signals;

  for (guint i = 0; i < file->n; i++)
    builder_put (bytes, s[i].label, "EEG Fp1", 16);
  for (guint i = 0; i < file->n; i++)
    builder_put (bytes, s[i].transducer, "", 80);
  for (guint i = 0; i < file->n; i++)
    builder_put (bytes, s[i].unit, builder_is_tal (&s[i]) ? "" : "uV", 8);
  for (guint i = 0; i < file->n; i++)
    builder_put (bytes, s[i].physical_min, builder_is_tal (&s[i]) ? "-1" : "-100", 8);
  for (guint i = 0; i < file->n; i++)
    builder_put (bytes, s[i].physical_max, builder_is_tal (&s[i]) ? "1" : "100", 8);
  for (guint i = 0; i < file->n; i++)
    builder_put (bytes, s[i].digital_min, file->bdf ? "-8388608" : "-32768", 8);
  for (guint i = 0; i < file->n; i++)
    builder_put (bytes, s[i].digital_max, file->bdf ? "8388607" : "32767", 8);
  for (guint i = 0; i < file->n; i++)
    builder_put (bytes, s[i].prefilter, "", 80);
  for (guint i = 0; i < file->n; i++)
    {
      g_autofree char *samples = g_strdup_printf ("%u", (guint) s[i].samples);

      builder_put (bytes, s[i].samples_text, samples, 8);
    }
  for (guint i = 0; i < file->n; i++)
    builder_put (bytes, "", "", 32);
}

/* The file in memory; free with g_byte_array_unref(). */
static inline GByteArray *
builder_make (const BuilderFile *file)
{
  GByteArray *bytes = g_byte_array_new ();

  builder_put_header (bytes, file);
  builder_put_signals (bytes, file);
  for (guint r = 0; r < file->records; r++)
    {
      gboolean first = TRUE;

      for (guint i = 0; i < file->n; i++)
        if (builder_is_tal (&file->signals[i]))
          {
            builder_put_tal (bytes, file, i, r, first);
            first = FALSE;
          }
        else
          {
            builder_put_samples (bytes, file, i, r);
          }
    }
  return bytes;
}

/* A temporary file with these bytes; unlink it and g_free() the path. */
static inline char *
builder_write (const GByteArray *bytes)
{
  char *path = NULL;
  int fd = g_file_open_tmp ("inion-test-XXXXXX.edf", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, (const char *) bytes->data, bytes->len, NULL));
  return path;
}

/* Opens these bytes as a file. */
static inline InionRecording *
builder_open_bytes (const GByteArray  *bytes,
                    GError           **error)
{
  g_autofree char *path = builder_write (bytes);
  InionRecording *recording = inion_recording_open (path, error);

  g_unlink (path); /* the recording keeps it open */
  return recording;
}

static inline InionRecording *
builder_open (const BuilderFile  *file,
              GError            **error)
{
  g_autoptr (GByteArray) bytes = builder_make (file);

  return builder_open_bytes (bytes, error);
}

/* What is known of a channel. */
static inline const InionChannelInfo *
builder_get_info (InionRecording *recording,
                  guint           channel)
{
  return inion_channel_get_info (inion_recording_get_channel (recording, channel));
}

/* Whether a fault at this offset mentions this text. */
static inline gboolean
builder_has_fault (InionRecording *recording,
                   gint64          offset,
                   const char     *text)
{
  GPtrArray *faults = inion_recording_get_faults (recording);

  for (guint i = 0; i < faults->len; i++)
    {
      const InionFault *fault = faults->pdata[i];

      if (fault->offset == offset && strstr (fault->message, text) != NULL)
        return TRUE;
    }
  return FALSE;
}

/* Opens a file that must open. */
static inline InionRecording *
builder_open_good (const BuilderFile *file)
{
  g_autoptr (GError) error = NULL;
  InionRecording *recording = builder_open (file, &error);

  g_assert_no_error (error);
  g_assert_nonnull (recording);
  return recording;
}

/* Checks that a channel's samples are those that were put there for a signal. */
static inline void
builder_check_digital (InionRecording *recording,
                       guint           channel,
                       gboolean        bdf,
                       guint           signal,
                       gint64          first,
                       gsize           n)
{
  g_autofree gint32 *values = g_new (gint32, n + 1);
  g_autoptr (GError) error = NULL;

  values[n] = 12345678;
  inion_recording_read_digital (recording, channel, first, n, values, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpint (values[i], ==, builder_sample (bdf, signal, (gsize) first + i));
  g_assert_cmpint (values[n], ==, 12345678);
}

/* The events as onset/duration/text; in nanoseconds. */
static inline char *
builder_list_events (InionRecording *recording)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GPtrArray *events;

  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  events = inion_recording_get_events (recording);
  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];

      g_string_append_printf (text, "%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/%s;",
                              event->onset_ns, event->duration_ns, event->text);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
