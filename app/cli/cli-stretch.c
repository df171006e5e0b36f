/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which channels, from when to when: what the verbs of the signal have in common. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-stretch.h"

#include <math.h>

/* Longer than any recording, and in nanoseconds still a gint64. */
#define MOST_S 9e9
/* Rows of CSV that are read at once. */
#define CHUNK 65536

void
inion_cli_stretch_clear (InionCliStretch *self)
{
  g_clear_pointer (&self->channels, g_free);
  g_clear_pointer (&self->from_text, g_free);
  g_clear_pointer (&self->to_text, g_free);
}

gboolean
inion_cli_stretch_parse (InionCliStretch *self)
{
  if (!inion_cli_parse_double_in ("--from", self->from_text, 0, 0, MOST_S, &self->from_s) ||
      !inion_cli_parse_double_in ("--to", self->to_text, MOST_S, 0, MOST_S, &self->to_s))
    return FALSE;
  if (self->to_s > self->from_s)
    return TRUE;
  inion_cli_usage ("--to must be later than --from (%g s)", self->from_s);
  return FALSE;
}

gboolean
inion_cli_stretch_fit (InionCliStretch  *self,
                       InionRecording   *recording,
                       GError          **error)
{
  double end = (double) inion_recording_get_duration_ns (recording) / 1e9;

  self->to_s = MIN (self->to_s, end);
  if (self->from_s < self->to_s)
    return TRUE;
  return inion_set_error (error, INION_ERROR_INVALID,
                          "“%s” ends at %g s: there is nothing from %g s on.",
                          inion_recording_get_path (recording), end, self->from_s);
}

void
inion_cli_stretch_to_samples (const InionCliStretch *self,
                              InionChannel          *channel,
                              gint64                *first,
                              gint64                *end)
{
  gint64 total = inion_channel_get_n_samples (channel);

  *first = CLAMP (inion_channel_ns_to_sample (channel, (gint64) llround (self->from_s * 1e9)), 0,
                  total);
  *end = CLAMP (inion_channel_ns_to_sample (channel, (gint64) llround (self->to_s * 1e9)), *first,
                total);
}

/* Copies what was recorded in [first, end) behind each other, a NAN for each gap; out NULL: counts
 * it only. */
static gboolean
pack (InionRecording  *recording,
      guint            channel,
      gint64           first,
      gint64           end,
      double          *out,
      gsize           *n,
      GError         **error)
{
  gint64 run, length;

  *n = 0;
  for (gint64 at = first;
       at < end && inion_recording_find_run (recording, channel, at, &run, &length) && run < end;
       at = run + length)
    {
      gint64 from = MAX (run, at);
      gsize m = (gsize) (MIN (run + length, end) - from);

      if (*n > 0 && out != NULL)
        out[*n] = NAN;
      *n += *n > 0;
      if (out != NULL && !inion_recording_read (recording, channel, from, m, out + *n, error))
        return FALSE;
      *n += m;
    }
  return TRUE;
}

double *
inion_cli_stretch_read_packed (const InionCliStretch  *self,
                               InionRecording         *recording,
                               guint                   channel,
                               gsize                  *n,
                               GError                **error)
{
  g_autofree double *x = NULL;
  gint64 first, end;

  inion_cli_stretch_to_samples (self, inion_recording_get_channel (recording, channel), &first,
                                &end);
  pack (recording, channel, first, end, NULL, n, NULL);
  x = inion_try_alloc_array (*n, sizeof (double), "the samples", error);
  if (x == NULL || !pack (recording, channel, first, end, x, n, error))
    return NULL;
  return g_steal_pointer (&x);
}

InionRecording *
inion_cli_stretch_open (InionCliStretch  *self,
                        const char       *path,
                        gboolean          eeg_only,
                        GArray          **channels,
                        GError          **error)
{
  g_autoptr (InionRecording) recording = inion_cli_open_signal (path, error);

  if (recording == NULL || !inion_cli_stretch_fit (self, recording, error))
    return NULL;
  *channels = inion_cli_find_channels (recording, self->channels, eeg_only, error);
  return *channels != NULL ? g_steal_pointer (&recording) : NULL;
}

static InionChannel *
get_channel (const InionCliSamples *self,
             guint                  place)
{
  return inion_recording_get_channel (self->recording,
                                      g_array_index (self->channels, guint, place));
}

/* Channels of one rate may be of different lengths: behind its end there is nothing of one. */
static gboolean
read_samples (const InionCliSamples *self,
              guint                  place,
              gint64                 at,
              gsize                  n,
              double                *out,
              GError               **error)
{
  gint64 rest = inion_channel_get_n_samples (get_channel (self, place)) - at;
  gsize there = (gsize) CLAMP (rest, 0, (gint64) n);

  for (gsize i = there; i < n; i++)
    out[i] = NAN;
  if (there == 0)
    return TRUE;
  return self->read != NULL
           ? self->read (place, at, there, out, self->data, error)
           : inion_recording_read (self->recording, g_array_index (self->channels, guint, place),
                                   at, there, out, error);
}

/* The next samples of a channel in [at, end) that were recorded one after the other. */
static gboolean
find_part (const InionCliSamples *self,
           guint                  place,
           gint64                 at,
           gint64                 end,
           gint64                *first,
           gint64                *n)
{
  gint64 run, length;

  if (!inion_recording_find_run (self->recording, g_array_index (self->channels, guint, place), at,
                                 &run, &length))
    return FALSE;
  *first = MAX (run, at);
  *n = MIN (run + length, end) - *first;
  return *n > 0;
}

/* The next rows in [at, end) in which at least one of the channels was recorded. */
static gboolean
find_rows (const InionCliSamples *self,
           gint64                 at,
           gint64                 end,
           gint64                *first,
           gint64                *n)
{
  gint64 part, length, rows_end = 0;

  *first = end;
  for (guint c = 0; c < self->channels->len; c++)
    {
      if (!find_part (self, c, at, end, &part, &length) || part > *first)
        continue;
      rows_end = part < *first ? part + length : MAX (rows_end, part + length);
      *first = part;
    }
  *n = rows_end - *first;
  return *first < end;
}

/* One row a sample needs one clock. */
static gboolean
check_rates (const InionCliSamples *self,
             GError               **error)
{
  InionChannel *clock = get_channel (self, 0);

  for (guint c = 1; c < self->channels->len; c++)
    {
      InionChannel *channel = get_channel (self, c);

      if (!G_APPROX_VALUE (inion_channel_get_rate_hz (channel), inion_channel_get_rate_hz (clock),
                           1e-9))
        return inion_set_error (error, INION_ERROR_INVALID,
                                "Channels “%s” and “%s” have different rates: take them one by "
                                "one, or use --json.", inion_channel_get_label (clock),
                                inion_channel_get_label (channel));
    }
  return TRUE;
}

static void
print_header (const InionCliSamples *self)
{
  inion_cli_print ("time_s");
  for (guint c = 0; c < self->channels->len; c++)
    {
      const char *label = inion_channel_get_label (get_channel (self, c));
      g_autofree char *name = self->units
                                ? g_strdup_printf ("%s (%s)", label,
                                                   inion_channel_get_unit (get_channel (self, c)))
                                : g_strdup (label);

      inion_cli_put_char (',');
      inion_cli_print_field (name);
    }
  inion_cli_put_char ('\n');
}

/* data: [channels][CHUNK] */
static void
print_rows (const InionCliSamples *self,
            gint64                 at,
            const double          *data,
            gsize                  n)
{
  InionChannel *clock = get_channel (self, 0);

  for (gsize i = 0; i < n; i++)
    {
      inion_cli_print_double (
        "%.15g", (double) inion_channel_sample_to_ns (clock, at + (gint64) i) / 1e9);
      for (guint c = 0; c < self->channels->len; c++)
        {
          double value = data[(gsize) c * CHUNK + i];

          inion_cli_put_char (',');
          /* Where there is nothing is no number called nan. */
          if (!isnan (value))
            inion_cli_print_double ("%.17g", value);
        }
      inion_cli_put_char ('\n');
    }
}

gboolean
inion_cli_samples_print_csv (const InionCliSamples  *self,
                             GError                **error)
{
  g_autofree double *data = NULL;
  gint64 at = G_MAXINT64, end = 0, rows;

  if (!check_rates (self, error))
    return FALSE;
  data = inion_try_alloc_array ((gsize) self->channels->len * CHUNK, sizeof (double),
                                "the samples", error);
  if (data == NULL)
    return FALSE;
  for (guint c = 0; c < self->channels->len; c++)
    {
      gint64 from, to;

      inion_cli_stretch_to_samples (self->stretch, get_channel (self, c), &from, &to);
      at = MIN (at, from);
      end = MAX (end, to);
    }
  print_header (self);
  for (; !inion_cli_is_output_lost () && find_rows (self, at, end, &at, &rows);
       at += MIN (rows, CHUNK))
    {
      gsize n = (gsize) MIN (rows, CHUNK);

      for (guint c = 0; c < self->channels->len; c++)
        if (!read_samples (self, c, at, n, data + (gsize) c * CHUNK, error))
          return FALSE;
      print_rows (self, at, data, n);
    }
  return TRUE;
}

static gboolean
add_json_stretch (const InionCliSamples *self,
                  InionJsonText         *text,
                  guint                  place,
                  gint64                 first,
                  gsize                  n,
                  GError               **error)
{
  g_autofree double *samples = inion_try_alloc_array (n, sizeof (double), "the samples", error);

  if (samples == NULL || !read_samples (self, place, first, n, samples, error))
    return FALSE;
  inion_json_text_begin_object (text, INION_JSON_INLINE);
  inion_cli_json_double_or_null (
    text, "from_s", (double) inion_channel_sample_to_ns (get_channel (self, place), first) / 1e9);
  inion_cli_json_int (text, "first_sample", first);
  inion_json_text_key (text, "samples");
  inion_json_text_doubles (text, samples, n);
  inion_json_text_end_object (text);
  return TRUE;
}

static gboolean
add_json_channels (const InionCliSamples  *self,
                   InionJsonText          *text,
                   GError                **error)
{
  inion_json_text_key (text, "channels");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint c = 0; c < self->channels->len; c++)
    {
      InionChannel *channel = get_channel (self, c);
      gint64 at, end, n;

      inion_cli_stretch_to_samples (self->stretch, channel, &at, &end);
      inion_json_text_begin_object (text, INION_JSON_INLINE);
      inion_cli_json_string (text, "label", inion_channel_get_label (channel));
      inion_cli_json_string (text, "unit", inion_channel_get_unit (channel));
      inion_cli_json_double_or_null (text, "rate_hz", inion_channel_get_rate_hz (channel));
      inion_json_text_key (text, "stretches");
      inion_json_text_begin_array (text, INION_JSON_INLINE);
      for (; find_part (self, c, at, end, &at, &n); at += n)
        if (!add_json_stretch (self, text, c, at, (gsize) n, error))
          return FALSE;
      inion_json_text_end_array (text);
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
  return TRUE;
}

gboolean
inion_cli_samples_print_json (const InionCliSamples  *self,
                              GError                **error)
{
  g_autoptr (InionJsonText) text = inion_json_text_new ();

  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_cli_json_double_or_null (text, "from_s", self->stretch->from_s);
  inion_cli_json_double_or_null (text, "to_s", self->stretch->to_s);
  if (!add_json_channels (self, text, error))
    return FALSE;
  inion_json_text_end_object (text);
  inion_cli_print_json (g_steal_pointer (&text));
  return TRUE;
}
