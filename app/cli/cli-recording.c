/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli info, read, annotations. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli.h"

#include "annotation/table.h"
#include "scalp/electrode.h"
#include "study/study.h"

#include <math.h>
#include <stdio.h>

#define READ_CHUNK 65536

/* info */

static void
json_channel (InionJsonText *text,
              InionChannel  *channel)
{
  const InionChannelInfo *info = inion_channel_get_info (channel);
  InionElectrodeLabel label;
  InionPosition position;
  gboolean placed = inion_electrode_parse_label (info->label, &label) && !label.bipolar &&
                    inion_electrode_get_position (label.g1, &position);

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
  if (placed)
    inion_json_text_doubles (text, (const double[]) { position.x, position.y, position.z }, 3);
  else
    inion_json_text_null (text);
  inion_json_text_end_object (text);
}

static void
info_json (InionRecording *recording)
{
  InionJsonText *text = inion_json_text_new ();
  GDateTime *start = inion_recording_get_start (recording);
  GPtrArray *events = inion_recording_get_events (recording);
  GPtrArray *faults = inion_recording_get_faults (recording);
  g_autofree char *iso =
    start != NULL ? g_date_time_format (start, "%Y-%m-%dT%H:%M:%S.%f") : NULL;

  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_cli_json_string (text, "path", inion_recording_get_path (recording));
  inion_cli_json_string (text, "format", inion_recording_get_format (recording));
  inion_cli_json_double_or_null (text, "duration_s",
                                 (double) inion_recording_get_duration_ns (recording) / 1e9);
  inion_cli_json_string (text, "start", iso);
  inion_json_text_key (text, "channels");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint i = 0; i < inion_recording_get_n_channels (recording); i++)
    json_channel (text, inion_recording_get_channel (recording, i));
  inion_json_text_end_array (text);
  inion_json_text_key (text, "gaps");
  inion_json_text_begin_array (text, INION_JSON_TIGHT);
  inion_json_text_end_array (text);
  inion_json_text_key (text, "events");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint i = 0; events != NULL && i < events->len; i++)
    {
      const InionEvent *event = g_ptr_array_index (events, i);

      inion_json_text_begin_object (text, INION_JSON_INLINE);
      inion_cli_json_double_or_null (text, "onset_s", (double) event->onset_ns / 1e9);
      inion_cli_json_double_or_null (text, "duration_s", event->duration_ns >= 0
                                                           ? (double) event->duration_ns / 1e9 : NAN);
      inion_cli_json_string (text, "text", event->text);
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
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
info_text (InionRecording *recording)
{
  GDateTime *start = inion_recording_get_start (recording);
  GPtrArray *faults = inion_recording_get_faults (recording);
  g_autofree char *when =
    start != NULL ? g_date_time_format (start, "%Y-%m-%d %H:%M:%S") : g_strdup ("unknown");

  inion_cli_print ("File       %s\nFormat     %s\nStart      %s\nDuration   %.3f s\nChannels   %u\n",
                   inion_recording_get_path (recording), inion_recording_get_format (recording),
                   when, (double) inion_recording_get_duration_ns (recording) / 1e9,
                   inion_recording_get_n_channels (recording));
  for (guint i = 0; i < inion_recording_get_n_channels (recording); i++)
    {
      InionChannel *channel = inion_recording_get_channel (recording, i);

      inion_cli_print ("  %-16s %-12s %10.4f Hz  %s\n", inion_channel_get_label (channel),
                       inion_channel_kind_to_string (inion_channel_get_kind (channel)),
                       inion_channel_get_rate_hz (channel), inion_channel_get_unit (channel));
    }
  info_events (inion_recording_get_events (recording));
  inion_cli_print ("Faults     %u\n", faults != NULL ? faults->len : 0);
  for (guint i = 0; faults != NULL && i < faults->len; i++)
    {
      const InionFault *fault = g_ptr_array_index (faults, i);

      inion_cli_print ("  byte %" G_GINT64_FORMAT ", %s: %s\n", fault->offset, fault->field,
                       fault->message);
    }
}

int
inion_cli_info (int    argc,
                char **argv)
{
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GError) error = NULL;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE", "Says what a recording holds and what is wrong with it.",
                        "  path, format, duration_s, start (ISO 8601, local time without zone; null: unknown),\n"
                        "  channels [{label, raw_label, kind, unit, rate_hz, n_samples, calibrated,\n"
                        "    position [x, y, z] on the unit sphere or null}], gaps [],\n"
                        "  events [{onset_s, duration_s, text}], faults [{offset, field, message}]",
                        NULL, 1, 1, &code))
    return code;
  recording = inion_cli_open (argv[1], TRUE, &error);
  if (recording == NULL)
    return inion_cli_fail (error);
  if (inion_cli_json)
    info_json (recording);
  else
    info_text (recording);
  return INION_CLI_OK;
}

/* read */

static gboolean
read_csv (InionRecording  *recording,
          GArray          *channels,
          double           from,
          double           to,
          GError         **error)
{
  InionChannel *clock =
    inion_recording_get_channel (recording, g_array_index (channels, guint, 0));
  gint64 first = MAX (0, inion_channel_ns_to_sample (clock, (gint64) llround (from * 1e9)));
  gint64 end = MIN (inion_channel_ns_to_sample (clock, (gint64) llround (to * 1e9)),
                    inion_channel_get_n_samples (clock));
  g_autofree double *data = g_new (double, (gsize) channels->len * READ_CHUNK);
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint c = 0; c < channels->len; c++)
    {
      InionChannel *channel =
        inion_recording_get_channel (recording, g_array_index (channels, guint, c));

      if (!G_APPROX_VALUE (inion_channel_get_rate_hz (channel), inion_channel_get_rate_hz (clock),
                           1e-9))
        return inion_set_error (error, INION_ERROR_INVALID,
                                "Channels “%s” and “%s” have different rates: read them one by one, "
                                "or use --json.", inion_channel_get_label (clock),
                                inion_channel_get_label (channel));
      inion_cli_print ("%s%s (%s)", c > 0 ? "," : "time_s,", inion_channel_get_label (channel),
                       inion_channel_get_unit (channel));
    }
  inion_cli_print ("\n");
  for (gint64 at = first; at < end; at += READ_CHUNK)
    {
      gsize n = (gsize) MIN ((gint64) READ_CHUNK, end - at);

      for (guint c = 0; c < channels->len; c++)
        if (!inion_recording_read (recording, g_array_index (channels, guint, c), at, n,
                                   data + (gsize) c * READ_CHUNK, error))
          return FALSE;
      for (gsize i = 0; i < n; i++)
        {
          double time = (double) inion_channel_sample_to_ns (clock, at + (gint64) i) / 1e9;

          fputs (g_ascii_formatd (buffer, sizeof buffer, "%.9g", time), stdout);
          for (guint c = 0; c < channels->len; c++)
            {
              fputc (',', stdout);
              fputs (g_ascii_formatd (buffer, sizeof buffer, "%.17g",
                                      data[(gsize) c * READ_CHUNK + i]), stdout);
            }
          fputc ('\n', stdout);
        }
    }
  return TRUE;
}

static gboolean
read_json (InionRecording  *recording,
           GArray          *channels,
           double           from,
           double           to,
           GError         **error)
{
  g_autoptr (InionJsonText) text = inion_json_text_new ();

  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_cli_json_double_or_null (text, "from_s", from);
  inion_cli_json_double_or_null (text, "to_s", to);
  inion_json_text_key (text, "channels");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint c = 0; c < channels->len; c++)
    {
      guint index = g_array_index (channels, guint, c);
      InionChannel *channel = inion_recording_get_channel (recording, index);
      gint64 first = CLAMP (inion_channel_ns_to_sample (channel, (gint64) llround (from * 1e9)), 0,
                            inion_channel_get_n_samples (channel));
      gint64 end = CLAMP (inion_channel_ns_to_sample (channel, (gint64) llround (to * 1e9)), first,
                          inion_channel_get_n_samples (channel));
      g_autofree double *samples =
        inion_try_alloc_array ((gsize) (end - first), sizeof (double), "the samples", error);

      if (samples == NULL || !inion_recording_read (recording, index, first, (gsize) (end - first),
                                                    samples, error))
        return FALSE;
      inion_json_text_begin_object (text, INION_JSON_INLINE);
      inion_cli_json_string (text, "label", inion_channel_get_label (channel));
      inion_cli_json_string (text, "unit", inion_channel_get_unit (channel));
      inion_cli_json_double_or_null (text, "rate_hz", inion_channel_get_rate_hz (channel));
      inion_cli_json_int (text, "first_sample", first);
      inion_json_text_key (text, "samples");
      inion_json_text_doubles (text, samples, (gsize) (end - first));
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
  inion_json_text_end_object (text);
  inion_cli_print_json (g_steal_pointer (&text));
  return TRUE;
}

int
inion_cli_read (int    argc,
                char **argv)
{
  g_autofree char *list = NULL;
  g_autofree char *from_text = NULL;
  g_autofree char *to_text = NULL;
  const GOptionEntry entries[] = {
    { "channels", 0, 0, G_OPTION_ARG_STRING, &list, "Channels (all)", "A,B" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &from_text, "Seconds from the start (0)", "S" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &to_text, "Seconds from the start (the end)", "S" },
    { NULL },
  };
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GArray) channels = NULL;
  g_autoptr (GError) error = NULL;
  double from, to;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE", "Prints samples in physical units as CSV.",
                        "  from_s, to_s, channels [{label, unit, rate_hz, first_sample, samples []}]",
                        entries, 1, 1, &code))
    return code;
  if (!inion_cli_parse_double ("--from", from_text, 0.0, &from) ||
      !inion_cli_parse_double ("--to", to_text, NAN, &to))
    return INION_CLI_USAGE;
  recording = inion_cli_open (argv[1], FALSE, &error);
  if (recording == NULL)
    return inion_cli_fail (error);
  if (!isfinite (to))
    to = (double) inion_recording_get_duration_ns (recording) / 1e9;
  channels = inion_cli_find_channels (recording, list, FALSE, &error);
  if (channels == NULL ||
      !(inion_cli_json ? read_json : read_csv) (recording, channels, from, to, &error))
    return inion_cli_fail (error);
  return INION_CLI_OK;
}

/* annotations */

static int
import_annotations (InionStudy *study,
                    const char *path)
{
  g_autofree char *text = NULL;
  g_autofree char *lower = g_ascii_strdown (path, -1);
  g_autoptr (GPtrArray) marks = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  if (inion_study_is_read_only (study))
    return inion_cli_usage ("the study is open elsewhere or cannot be written");
  if (g_file_get_contents (path, &text, &length, &error))
    marks = inion_annotations_from_text (text, (gssize) length,
                                         g_str_has_suffix (lower, ".csv")    ? "csv"
                                         : g_str_has_suffix (lower, ".json") ? "json" : "tsv",
                                         &error);
  if (marks == NULL)
    return inion_cli_fail (error);
  inion_study_begin (study, "Import marks");
  inion_study_add_annotations (study, marks);
  inion_study_end (study);
  if (!inion_study_flush (study, &error))
    return inion_cli_fail (error);
  inion_cli_say ("%u marks imported into %s", marks->len, inion_study_get_path (study));
  return INION_CLI_OK;
}

/* The file's own events stand in the list too, as marks of origin "file". */
static void
append_events (InionRecording *recording,
               GPtrArray      *marks)
{
  GPtrArray *events = inion_recording_get_events (recording);

  for (guint i = 0; events != NULL && i < events->len; i++)
    {
      const InionEvent *event = g_ptr_array_index (events, i);

      g_ptr_array_add (marks, inion_annotation_new (0, event->onset_ns, MAX (event->duration_ns, 0),
                                                    event->text, NULL, "", INION_ORIGIN_FILE, NAN,
                                                    NULL));
    }
}

static int
compare_onsets (gconstpointer a,
                gconstpointer b)
{
  gint64 x = inion_annotation_get_onset_ns (*(InionAnnotation *const *) a);
  gint64 y = inion_annotation_get_onset_ns (*(InionAnnotation *const *) b);

  return (x > y) - (x < y);
}

int
inion_cli_annotations (int    argc,
                       char **argv)
{
  g_autofree char *format = NULL;
  g_autofree char *import = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, "tsv (BIDS events.tsv), csv or json", "FORMAT" },
    { "import", 0, 0, G_OPTION_ARG_FILENAME, &import, "Adds the marks of a table to the study",
      "FILE" },
    { NULL },
  };
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (InionStudy) study = NULL;
  g_autoptr (GPtrArray) marks = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE",
                        "Prints the events of a recording and the marks of its study as one table.",
                        "  as --format json: [{onset_s, duration_s, label, channels, rater, origin,\n"
                        "  confidence, comment}]", entries, 1, 1, &code))
    return code;
  recording = inion_cli_open (argv[1], TRUE, &error);
  if (recording != NULL)
    study = inion_study_open_for_recording (inion_recording_get_path (recording), &error);
  if (study == NULL)
    return inion_cli_fail (error);
  if (import != NULL)
    {
      code = import_annotations (study, import);
      inion_study_close (study);
      return code;
    }
  marks = inion_annotation_set_query (inion_study_get_annotations (study), G_MININT64, G_MAXINT64);
  append_events (recording, marks);
  g_ptr_array_sort (marks, compare_onsets);
  text = inion_annotations_to_text (marks, inion_cli_json     ? "json"
                                           : format != NULL ? format : "tsv", &error);
  inion_study_close (study);
  if (text == NULL)
    return inion_cli_fail (error);
  fputs (text, stdout);
  return INION_CLI_OK;
}
