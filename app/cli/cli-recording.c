/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli info, read. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-open.h"
#include "app/cli/cli-stretch.h"

#include "recording/xdf-recording.h"
#include "scalp/montage.h"
#include "study/study-channels.h"

#include <math.h>

/* info */

static void
json_channel (InionJsonText       *text,
              InionChannel        *channel,
              const InionPosition *position,
              gboolean             bad)
{
  const InionChannelInfo *info = inion_channel_get_info (channel);

  inion_json_text_begin_object (text, INION_JSON_INLINE);
  inion_cli_json_string (text, "label", info->label);
  inion_cli_json_string (text, "raw_label", info->raw_label);
  inion_cli_json_string (text, "kind", inion_channel_kind_to_string (info->kind));
  inion_cli_json_string (text, "unit", info->unit);
  inion_cli_json_double_or_null (text, "rate_hz", inion_channel_get_rate_hz (channel));
  inion_cli_json_int (text, "n_samples", info->n_samples);
  inion_json_text_key (text, "calibrated");
  inion_json_text_boolean (text, info->calibrated);
  inion_json_text_key (text, "position");
  if (position != NULL)
    inion_json_text_doubles (text, (const double[]) { position->x, position->y, position->z }, 3);
  else
    inion_json_text_null (text);
  inion_json_text_key (text, "position_m");
  if (info->has_position)
    inion_json_text_doubles (text, info->position, 3);
  else
    inion_json_text_null (text);
  inion_cli_json_string (text, "reference", info->reference);
  inion_json_text_key (text, "bad");
  inion_json_text_boolean (text, bad);
  inion_json_text_end_object (text);
}

/* As the study says, or else the file. */
static gboolean
is_bad (InionChannel      *channel,
        const char *const *bad)
{
  return bad != NULL ? g_strv_contains (bad, inion_channel_get_label (channel))
                     : inion_channel_get_info (channel)->bad;
}

static void
json_channels (InionJsonText     *text,
               InionRecording    *recording,
               const char *const *bad)
{
  guint n = inion_recording_get_n_channels (recording);
  g_autofree InionPosition *positions = g_new0 (InionPosition, MAX (n, 1));
  g_autofree gboolean *known = g_new0 (gboolean, MAX (n, 1));

  inion_montage_locate_channels (recording, positions, known);
  inion_json_text_key (text, "channels");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint i = 0; i < n; i++)
    json_channel (text, inion_recording_get_channel (recording, i),
                  known[i] ? &positions[i] : NULL,
                  is_bad (inion_recording_get_channel (recording, i), bad));
  inion_json_text_end_array (text);
}

static void
json_events (InionJsonText *text,
             GPtrArray     *events)
{
  inion_json_text_key (text, "events");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint i = 0; events != NULL && i < events->len; i++)
    {
      const InionEvent *event = g_ptr_array_index (events, i);

      inion_json_text_begin_object (text, INION_JSON_INLINE);
      inion_cli_json_double_or_null (text, "onset_s", (double) event->onset_ns / 1e9);
      inion_cli_json_double_or_null (
        text, "duration_s", event->duration_ns >= 0 ? (double) event->duration_ns / 1e9 : NAN);
      inion_cli_json_string (text, "text", event->text);
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
}

static void
json_faults (InionJsonText *text,
             GPtrArray     *faults)
{
  inion_json_text_key (text, "faults");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint i = 0; faults != NULL && i < faults->len; i++)
    {
      const InionFault *fault = g_ptr_array_index (faults, i);

      inion_json_text_begin_object (text, INION_JSON_INLINE);
      inion_cli_json_int (text, "offset", fault->offset);
      inion_cli_json_string (text, "field", fault->field);
      inion_cli_json_string (text, "message", fault->message);
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
}

static void
json_gaps (InionJsonText  *text,
           InionRecording *recording)
{
  inion_json_text_key (text, "gaps");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint i = 0; i + 1 < inion_recording_get_n_segments (recording); i++)
    {
      gint64 before_ns, from_ns, to_ns, after_ns;

      inion_recording_get_segment (recording, i, &before_ns, &from_ns);
      inion_recording_get_segment (recording, i + 1, &to_ns, &after_ns);
      inion_json_text_begin_object (text, INION_JSON_INLINE);
      inion_cli_json_double_or_null (text, "onset_s", (double) from_ns / 1e9);
      inion_cli_json_double_or_null (text, "duration_s", (double) (to_ns - from_ns) / 1e9);
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
}

static void
json_streams (InionJsonText *text,
              GPtrArray     *streams)
{
  if (streams == NULL)
    return;
  inion_json_text_key (text, "streams");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint i = 0; i < streams->len; i++)
    {
      const InionXdfStream *stream = streams->pdata[i];

      inion_json_text_begin_object (text, INION_JSON_INLINE);
      inion_cli_json_int (text, "id", stream->id);
      inion_cli_json_string (text, "name", stream->name);
      inion_cli_json_string (text, "type", stream->type);
      inion_cli_json_string (text, "hostname", stream->hostname);
      inion_cli_json_string (text, "format", stream->format);
      inion_cli_json_int (text, "n_channels", stream->n_channels);
      inion_cli_json_double_or_null (text, "rate_hz", stream->rate_hz);
      inion_cli_json_int (text, "n_samples", stream->n_samples);
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
}

static void
info_json (InionRecording    *recording,
           GPtrArray         *streams,
           const char *const *bad)
{
  InionJsonText *text = inion_json_text_new ();
  GDateTime *start = inion_recording_get_start (recording);
  g_autofree char *iso =
    start != NULL ? g_date_time_format (start, "%Y-%m-%dT%H:%M:%S.%f") : NULL;

  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_cli_json_string (text, "path", inion_recording_get_path (recording));
  inion_cli_json_string (text, "format", inion_recording_get_format (recording));
  inion_cli_json_double_or_null (text, "duration_s",
                                 (double) inion_recording_get_duration_ns (recording) / 1e9);
  inion_cli_json_string (text, "start", iso);
  inion_cli_open_add_json (text);
  json_streams (text, streams);
  json_channels (text, recording, bad);
  json_gaps (text, recording);
  json_events (text, inion_recording_get_events (recording));
  json_faults (text, inion_recording_get_faults (recording));
  inion_json_text_end_object (text);
  inion_cli_print_json (text);
}

static void
info_events (GPtrArray *events)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();

  for (guint i = 0; events != NULL && i < events->len; i++)
    {
      char *name = ((const InionEvent *) g_ptr_array_index (events, i))->text;
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, name));

      if (count == 0)
        g_ptr_array_add (order, name);
      g_hash_table_insert (counts, name, GUINT_TO_POINTER (count + 1));
    }
  inion_cli_print ("Events     %u\n", events != NULL ? events->len : 0);
  for (guint i = 0; i < MIN (order->len, 20); i++)
    inion_cli_print ("  %5u × %s\n",
                     GPOINTER_TO_UINT (g_hash_table_lookup (counts, order->pdata[i])),
                     (const char *) order->pdata[i]);
  if (order->len > 20)
    inion_cli_print ("  … and %u other texts\n", order->len - 20);
}

static void
info_gaps (InionRecording *recording)
{
  guint n_gaps = inion_recording_get_n_segments (recording) - 1;

  if (n_gaps == 0)
    return;
  inion_cli_print ("Gaps       %u\n", n_gaps);
  for (guint i = 0; i < MIN (n_gaps, 20); i++)
    {
      gint64 before_ns, from_ns, to_ns, after_ns;

      inion_recording_get_segment (recording, i, &before_ns, &from_ns);
      inion_recording_get_segment (recording, i + 1, &to_ns, &after_ns);
      inion_cli_print ("  from %.3f s to %.3f s\n", (double) from_ns / 1e9, (double) to_ns / 1e9);
    }
  if (n_gaps > 20)
    inion_cli_print ("  … and %u others\n", n_gaps - 20);
}

static void
info_streams (GPtrArray *streams)
{
  if (streams == NULL)
    return;
  inion_cli_print ("Streams    %u\n", streams->len);
  for (guint i = 0; i < streams->len; i++)
    {
      const InionXdfStream *stream = streams->pdata[i];

      inion_cli_print ("  %-4u %-16s %-12s %4u × %-9s %" G_GINT64_FORMAT " samples", stream->id,
                       stream->name, stream->type, stream->n_channels, stream->format,
                       stream->n_samples);
      if (stream->rate_hz > 0)
        inion_cli_print (", %.4f Hz\n", stream->rate_hz);
      else
        inion_cli_print (", at no fixed rate\n");
    }
}

static void
info_text (InionRecording    *recording,
           GPtrArray         *streams,
           const char *const *bad)
{
  GDateTime *start = inion_recording_get_start (recording);
  GPtrArray *faults = inion_recording_get_faults (recording);
  g_autofree char *when =
    start != NULL ? g_date_time_format (start, "%Y-%m-%d %H:%M:%S") : g_strdup ("unknown");

  inion_cli_print ("File       %s\nFormat     %s\nStart      %s\nDuration   %.3f s\n"
                   "Channels   %u\n",
                   inion_recording_get_path (recording), inion_recording_get_format (recording),
                   when, (double) inion_recording_get_duration_ns (recording) / 1e9,
                   inion_recording_get_n_channels (recording));
  for (guint i = 0; i < inion_recording_get_n_channels (recording); i++)
    {
      InionChannel *channel = inion_recording_get_channel (recording, i);

      inion_cli_print ("  %-16s %-12s %10.4f Hz  %s%s\n", inion_channel_get_label (channel),
                       inion_channel_kind_to_string (inion_channel_get_kind (channel)),
                       inion_channel_get_rate_hz (channel), inion_channel_get_unit (channel),
                       is_bad (channel, bad) ? "  bad" : "");
    }
  inion_cli_open_print ();
  info_streams (streams);
  info_gaps (recording);
  info_events (inion_recording_get_events (recording));
  inion_cli_print ("Faults     %u\n", faults != NULL ? faults->len : 0);
  for (guint i = 0; faults != NULL && i < faults->len; i++)
    {
      const InionFault *fault = g_ptr_array_index (faults, i);

      if (fault->offset >= 0)
        inion_cli_print ("  byte %" G_GINT64_FORMAT ", ", fault->offset);
      else
        inion_cli_print ("  ");
      inion_cli_print ("%s: %s\n", fault->field, fault->message);
    }
}

int
inion_cli_info (int    argc,
                char **argv)
{
  gboolean with_study = FALSE;
  const GOptionEntry entries[] = {
    { "study", 0, 0, G_OPTION_ARG_NONE, &with_study,
      "Channels as the study beside the file has them: renamed, bad, placed", NULL },
    { NULL },
  };
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GPtrArray) streams = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) bad = NULL;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE",
                        "Says what a recording holds and what is wrong with it.",
                        "  path, format, duration_s, start (ISO 8601, local time without zone; "
                        "null: unknown),\n"
                        "  opened_as {kind (streams, table, compatible), from (options, study), "
                        "study, streams [], rate_hz} (null: as the file says by itself),\n"
                        "  channels [{label, raw_label, kind, unit, rate_hz, n_samples, "
                        "calibrated,\n"
                        "    position [x, y, z] on the unit sphere or null, position_m [x, y, z] "
                        "as measured or null, reference, bad}], gaps [],\n"
                        "  streams [{id, name, type, hostname, format, n_channels, rate_hz (0: "
                        "not fixed), n_samples}] (only of XDF),\n"
                        "  events [{onset_s, duration_s, text}], faults [{offset, field, message}]",
                        entries, 1, 1, &code))
    return code;
  recording = inion_cli_open (argv[1], TRUE, &error);
  if (recording == NULL)
    return inion_cli_fail (error);
  if (with_study)
    {
      g_autoptr (InionRecording) edited = inion_study_read_edited_recording (recording, &bad,
                                                                             &error);

      if (edited == NULL || !inion_recording_load_events (edited, NULL, &error))
        return inion_cli_fail (error);
      g_set_object (&recording, edited);
    }
  streams = inion_cli_list_streams (argv[1]);
  if (inion_cli_json)
    info_json (recording, streams, (const char *const *) bad);
  else
    info_text (recording, streams, (const char *const *) bad);
  return INION_CLI_OK;
}

/* read */

int
inion_cli_read (int    argc,
                char **argv)
{
  g_auto (InionCliStretch) stretch = { 0 };
  const GOptionEntry entries[] = {
    INION_CLI_CHANNELS_ENTRY (stretch, "Channels (all)"),
    INION_CLI_RANGE_ENTRIES (stretch),
    { NULL },
  };
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GArray) channels = NULL;
  g_autoptr (GError) error = NULL;
  InionCliSamples samples = { .stretch = &stretch, .units = TRUE };
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE",
                        "Prints samples in physical units as CSV. In a gap of all channels there "
                        "are no lines;\na cell is empty where its channel alone has a gap.",
                        INION_CLI_SAMPLES_JSON_HELP, entries, 1, 1, &code))
    return code;
  if (!inion_cli_stretch_parse (&stretch))
    return INION_CLI_USAGE;
  recording = inion_cli_stretch_open (&stretch, argv[1], FALSE, &channels, &error);
  samples.recording = recording;
  samples.channels = channels;
  if (recording == NULL ||
      !(inion_cli_json ? inion_cli_samples_print_json : inion_cli_samples_print_csv) (&samples, &error))
    return inion_cli_fail (error);
  return INION_CLI_OK;
}
