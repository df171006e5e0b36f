/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the verbs open recordings: with the options that say what a file itself does not. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-open.h"

#include "app/decode/source-study.h"
#include "recording/csv-recording.h"
#include "recording/foreign/foreign-recording.h"
#include "recording/xdf-recording.h"

#include <string.h>

static gboolean compatible;
static char **stream_names;
static char *rate_text;
static double rate_hz;

const GOptionEntry inion_cli_open_entries[] = {
  { "compatible", 0, 0, G_OPTION_ARG_NONE, &compatible,
    "Opens recordings with the compatibility reader, for formats that Inion does not know", NULL },
  { "stream", 0, 0, G_OPTION_ARG_STRING_ARRAY, &stream_names,
    "Of an XDF file, opens only the streams of this name or number (may be repeated)", "NAME" },
  { "rate", 0, 0, G_OPTION_ARG_STRING, &rate_text,
    "Of a table (CSV, TSV), how many rows there are a second", "HZ" },
  { NULL },
};

void
inion_cli_open_reset (void)
{
  compatible = FALSE;
  g_clear_pointer (&stream_names, g_strfreev);
  g_clear_pointer (&rate_text, g_free);
  rate_hz = 0;
}

gboolean
inion_cli_open_check (void)
{
  if (compatible && (stream_names != NULL || rate_text != NULL))
    {
      inion_cli_usage ("--compatible goes with neither --stream nor --rate");
      return FALSE;
    }
  return inion_cli_parse_double_in ("--rate", rate_text, 0, 1e-3, 1e6, &rate_hz);
}

gboolean
inion_cli_open_is_told (void)
{
  return compatible || stream_names != NULL || rate_text != NULL;
}

static gboolean
is_named (const InionXdfStream *stream,
          const char           *name)
{
  g_autofree char *number = g_strdup_printf ("%u", stream->id);

  return g_str_equal (stream->name, name) || g_str_equal (number, name);
}

static void
name_streams (GPtrArray *streams,
              GString   *text)
{
  for (guint i = 0; i < MIN (streams->len, 20); i++)
    {
      const InionXdfStream *stream = streams->pdata[i];

      g_string_append_printf (text, "%s%s (%u)", i > 0 ? ", " : "", stream->name, stream->id);
    }
}

static InionRecording *
open_streams (const char  *path,
              GError     **error)
{
  g_autoptr (GPtrArray) streams = inion_xdf_list_streams (path, NULL, error);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));

  if (streams == NULL)
    return NULL;
  for (guint k = 0; stream_names[k] != NULL; k++)
    {
      guint before = ids->len;

      for (guint i = 0; i < streams->len; i++)
        {
          const InionXdfStream *stream = streams->pdata[i];

          if (is_named (stream, stream_names[k]))
            g_array_append_val (ids, stream->id);
        }
      if (ids->len == before)
        {
          g_autoptr (GString) there = g_string_new (NULL);

          name_streams (streams, there);
          inion_set_error (error, INION_ERROR_NOT_FOUND,
                           "“%s” has no stream “%s”. It has: %s.", path, stream_names[k],
                           there->str);
          return NULL;
        }
    }
  return inion_xdf_recording_open_streams (path, (guint32 *) (void *) ids->data, ids->len, NULL,
                                           error);
}

static InionRecording *
open_table (const char  *path,
            GError     **error)
{
  g_autoptr (InionCsvGuess) guess = inion_csv_guess (path, error);

  if (guess == NULL)
    return NULL;
  guess->rate_hz = rate_hz;
  return inion_csv_recording_open_as (path, guess, NULL, error);
}

static InionRecording *
open_as_said (const char  *path,
              GError     **error)
{
  InionRecordingQuestion question = inion_recording_find_question (path);

  if (compatible)
    return inion_recording_open_foreign (path, NULL, error);
  if (stream_names != NULL && question == INION_RECORDING_WHICH_STREAMS)
    return open_streams (path, error);
  if (rate_hz > 0 && question == INION_RECORDING_WHICH_COLUMNS)
    return open_table (path, error);
  if ((stream_names != NULL || rate_hz > 0) && g_file_test (path, G_FILE_TEST_EXISTS))
    {
      inion_set_error (error, INION_ERROR_INVALID, stream_names != NULL
                       ? "“%s” is no XDF file: leave --stream out."
                       : "“%s” is no table of text: leave --rate out.", path);
      return NULL;
    }
  return inion_recording_open (path, error);
}

InionRecording *
inion_cli_open (const char  *path,
                gboolean     with_events,
                GError     **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (InionRecording) recording = open_as_said (path, &reason);

  if (recording == NULL)
    {
      if (!compatible && inion_recording_may_be_foreign (path, reason))
        inion_set_error (error, reason->code, "%s Try --compatible.", reason->message);
      else
        g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  if (with_events && !inion_recording_load_events (recording, NULL, error))
    return NULL;
  return g_steal_pointer (&recording);
}

/* Without samples there is nothing to analyse; the reader may have found out why. */
InionRecording *
inion_cli_open_signal (const char  *path,
                       GError     **error)
{
  g_autoptr (InionRecording) recording = inion_cli_open (path, FALSE, error);
  g_autoptr (GString) why = g_string_new (NULL);
  GPtrArray *faults;

  if (recording == NULL || inion_recording_get_duration_ns (recording) > 0)
    return g_steal_pointer (&recording);
  faults = inion_recording_get_faults (recording);
  for (guint i = 0; faults != NULL && i < faults->len; i++)
    {
      const InionFault *fault = g_ptr_array_index (faults, i);

      g_string_append_printf (why, " %s: %s", fault->field, fault->message);
    }
  inion_set_error (error, INION_ERROR_TOO_FEW, "“%s” holds no samples.%s", path, why->str);
  return NULL;
}

/* As inion_sources_add_path(), but as the options say. */
gboolean
inion_cli_add_source (InionSources  *sources,
                      const char    *path,
                      GError       **error)
{
  g_autoptr (InionRecording) recording = inion_cli_open (path, FALSE, error);
  g_autoptr (InionAnnotationSet) annotations = NULL;
  g_auto (GStrv) bad = NULL;

  return recording != NULL && inion_source_study_read (path, &annotations, &bad, error) &&
         inion_sources_add (sources, recording, annotations, (const char *const *) bad, NULL, error);
}

/* (nullable): of an XDF file with several streams, what they are: (element-type InionXdfStream). */
GPtrArray *
inion_cli_list_streams (const char *path)
{
  if (compatible || inion_recording_find_question (path) != INION_RECORDING_WHICH_STREAMS)
    return NULL;
  return inion_xdf_list_streams (path, NULL, NULL);
}
