/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables and JSON files of a BIDS data set that say something of a recording. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/bids-tables.h"

#include "core/json-text.h"

#include <string.h>

/* A cell: no tab or line end, never empty. */
static void
append_cell (GString    *table,
             const char *text,
             char        after)
{
  g_autofree char *clean = g_strdup (text != NULL ? text : "");

  for (char *c = clean; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  g_strstrip (clean);
  g_string_append (table, *clean != '\0' ? clean : "n/a");
  g_string_append_c (table, after);
}

static void
append_number (GString *table,
               double   value,
               char     after)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (table, g_ascii_formatd (buffer, sizeof buffer, "%.12g", value));
  g_string_append_c (table, after);
}

static const char *
get_type (InionChannelKind kind)
{
  switch (kind)
    {
    case INION_CHANNEL_EEG: return "EEG";
    case INION_CHANNEL_EOG: return "EOG";
    case INION_CHANNEL_ECG: return "ECG";
    case INION_CHANNEL_EMG: return "EMG";
    case INION_CHANNEL_RESPIRATION: return "RESP";
    case INION_CHANNEL_TEMPERATURE: return "TEMP";
    case INION_CHANNEL_TRIGGER: return "TRIG";
    case INION_CHANNEL_SATURATION:
    case INION_CHANNEL_OTHER:
    default: return "MISC";
    }
}

/* What the source knew of a channel that was written. */
static const InionChannelInfo *
get_source_info (const InionBidsTold *self,
                 guint         index)
{
  const InionChannelInfo *info =
    inion_channel_get_info (inion_recording_get_channel (self->written, index));
  int source = inion_recording_find_channel (self->source, info->raw_label);

  return source >= 0 ? inion_channel_get_info (
                         inion_recording_get_channel (self->source, (guint) source)) : info;
}

char *
_inion_bids_make_channels (const InionBidsTold *self)
{
  GString *table = g_string_new ("name\ttype\tunits\tsampling_frequency\treference\tstatus\t"
                                 "status_description\n");

  for (guint i = 0; i < inion_recording_get_n_channels (self->written); i++)
    {
      InionChannel *channel = inion_recording_get_channel (self->written, i);
      const InionChannelInfo *info = inion_channel_get_info (channel);
      const InionChannelInfo *source = get_source_info (self, i);

      append_cell (table, info->raw_label, '\t');
      append_cell (table, get_type (source->kind), '\t');
      append_cell (table, info->unit, '\t');
      append_number (table, inion_channel_get_rate_hz (channel), '\t');
      append_cell (table, self->names->reference != NULL ? self->names->reference
                                                         : source->reference, '\t');
      append_cell (table, source->bad ? "bad" : "good", '\t');
      append_cell (table, NULL, '\n');
    }
  return g_string_free (table, FALSE);
}

/* NULL if no electrode's place is known. */
char *
_inion_bids_make_electrodes (const InionBidsTold *self)
{
  g_autoptr (GString) table = g_string_new ("name\tx\ty\tz\n");
  gboolean any = FALSE;

  for (guint i = 0; i < inion_recording_get_n_channels (self->written); i++)
    {
      const InionChannelInfo *source = get_source_info (self, i);

      if (!source->has_position)
        continue;
      any = TRUE;
      append_cell (table, inion_channel_get_info (inion_recording_get_channel (
                            self->written, i))->raw_label, '\t');
      for (guint k = 0; k < 3; k++)
        append_number (table, source->position[k], k < 2 ? '\t' : '\n');
    }
  return any ? g_string_free (g_steal_pointer (&table), FALSE) : NULL;
}

char *
_inion_bids_make_events (const InionBidsTold *self)
{
  GString *table = g_string_new ("onset\tduration\ttrial_type\tchannel\n");
  GPtrArray *events = inion_recording_get_events (self->written);

  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];
      gint64 times[2] = { event->onset_ns, event->duration_ns };

      for (guint k = 0; k < 2; k++)
        if (k == 1 && times[k] < 0)
          append_cell (table, NULL, '\t');
        else
          g_string_append_printf (table, "%s%" G_GINT64_FORMAT ".%09" G_GINT64_FORMAT "\t",
                                  times[k] < 0 ? "-" : "", ABS (times[k] / 1000000000),
                                  ABS (times[k] % 1000000000));
      append_cell (table, event->text, '\t');
      append_cell (table, event->channel < 0 ? NULL
                            : inion_channel_get_info (inion_recording_get_channel (
                                self->written, (guint) event->channel))->raw_label, '\n');
    }
  return g_string_free (table, FALSE);
}

static void
add_string (InionJsonText *json,
            const char    *key,
            const char    *value)
{
  inion_json_text_key (json, key);
  inion_json_text_string (json, value);
}

static void
add_count (InionJsonText    *json,
           const InionBidsTold *self,
           const char       *key,
           InionChannelKind  kind)
{
  guint n = 0;

  for (guint i = 0; i < inion_recording_get_n_channels (self->written); i++)
    n += get_source_info (self, i)->kind == kind;
  inion_json_text_key (json, key);
  inion_json_text_uint (json, n);
}

/* The reference that all EEG channels share; NULL if there is none. */
static const char *
find_reference (const InionBidsTold *self)
{
  const char *reference = NULL;

  if (self->names->reference != NULL)
    return self->names->reference;
  for (guint i = 0; i < inion_recording_get_n_channels (self->written); i++)
    {
      const InionChannelInfo *info = get_source_info (self, i);

      if (info->kind != INION_CHANNEL_EEG)
        continue;
      if (info->reference == NULL || *info->reference == '\0'
          || (reference != NULL && strcmp (reference, info->reference) != 0))
        return NULL;
      reference = info->reference;
    }
  return reference;
}

char *
_inion_bids_make_json (const InionBidsTold *self)
{
  InionJsonText *json = inion_json_text_new ();
  const char *reference = find_reference (self);
  double rate = 0;

  for (guint i = 0; i < inion_recording_get_n_channels (self->written); i++)
    rate = MAX (rate, inion_channel_get_rate_hz (inion_recording_get_channel (self->written, i)));
  inion_json_text_begin_object (json, INION_JSON_BLOCK);
  add_string (json, "TaskName", self->names->task);
  add_string (json, "EEGReference", reference != NULL ? reference : "n/a");
  inion_json_text_key (json, "SamplingFrequency");
  inion_json_text_double (json, rate);
  inion_json_text_key (json, "PowerLineFrequency");
  if (self->names->power_line_hz > 0)
    inion_json_text_double (json, self->names->power_line_hz);
  else
    inion_json_text_string (json, "n/a");
  add_string (json, "SoftwareFilters", "n/a");
  inion_json_text_key (json, "RecordingDuration");
  inion_json_text_double (json, (double) inion_recording_get_duration_ns (self->written) / 1e9);
  add_string (json, "RecordingType", inion_recording_get_n_segments (self->written) > 1
                                       ? "discontinuous" : "continuous");
  add_count (json, self, "EEGChannelCount", INION_CHANNEL_EEG);
  add_count (json, self, "EOGChannelCount", INION_CHANNEL_EOG);
  add_count (json, self, "ECGChannelCount", INION_CHANNEL_ECG);
  add_count (json, self, "EMGChannelCount", INION_CHANNEL_EMG);
  add_count (json, self, "TriggerChannelCount", INION_CHANNEL_TRIGGER);
  inion_json_text_end_object (json);
  return inion_json_text_finish (json);
}

char *
_inion_bids_make_coordinates (void)
{
  InionJsonText *json = inion_json_text_new ();

  inion_json_text_begin_object (json, INION_JSON_BLOCK);
  add_string (json, "EEGCoordinateSystem", "CapTrak");
  add_string (json, "EEGCoordinateUnits", "m");
  add_string (json, "EEGCoordinateSystemDescription",
              "x to the right ear, y to the nose, z up; the origin is in the head.");
  inion_json_text_end_object (json);
  return inion_json_text_finish (json);
}

char *
_inion_bids_make_event_columns (void)
{
  static const char *const columns[][2] = {
    { "onset", "When the event begins, from the first sample." },
    { "duration", "How long it lasts; n/a if the recording does not say." },
    { "trial_type", "What it is, as the recording says." },
    { "channel", "The channel that it is about; n/a: all." },
  };
  InionJsonText *json = inion_json_text_new ();

  inion_json_text_begin_object (json, INION_JSON_BLOCK);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      inion_json_text_key (json, columns[i][0]);
      inion_json_text_begin_object (json, INION_JSON_BLOCK);
      add_string (json, "Description", columns[i][1]);
      if (i < 2)
        add_string (json, "Units", "s");
      inion_json_text_end_object (json);
    }
  inion_json_text_end_object (json);
  return inion_json_text_finish (json);
}
