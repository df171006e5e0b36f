/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the verbs open recordings: with the options that say what a file itself does not. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-open.h"

#include "app/decode/source-study.h"
#include "recording/foreign/foreign-recording.h"
#include "recording/xdf-recording.h"
#include "study/study-choices.h"

#include <string.h>

static gboolean compatible;
static char **stream_names;
static char *rate_text;
static double rate_hz;
static InionKeptChoice used;     /* of the file that was opened last */
static GPtrArray *resolved;      /* (nullable) (element-type utf8): paths that studies stood for */

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
  inion_kept_choice_clear (&used);
  g_clear_pointer (&resolved, g_ptr_array_unref);
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

static gboolean
is_told (void)
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

/* What --stream names, of the streams of a file. */
static InionChoice *
choose_streams (const char  *path,
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
  return inion_choice_new_streams (streams, (guint32 *) (void *) ids->data, ids->len);
}

static InionChoice *
choose_rate (const char  *path,
             GError     **error)
{
  g_autoptr (InionCsvGuess) guess = inion_csv_guess (path, error);

  if (guess == NULL)
    return NULL;
  guess->rate_hz = rate_hz;
  return inion_choice_new_table (g_steal_pointer (&guess));
}

/* What the options say of a file. */
static InionChoice *
choose (const char  *path,
        GError     **error)
{
  InionRecordingQuestion question = inion_recording_find_question (path);

  if (compatible)
    return inion_choice_new_compatible ();
  if (stream_names != NULL && question == INION_RECORDING_WHICH_STREAMS)
    return choose_streams (path, error);
  if (rate_hz > 0 && question == INION_RECORDING_WHICH_COLUMNS)
    return choose_rate (path, error);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    inion_set_error (error, INION_ERROR_NOT_FOUND, "There is no file “%s”.", path);
  else
    inion_set_error (error, INION_ERROR_INVALID, stream_names != NULL
                     ? "“%s” is no XDF file: leave --stream out."
                     : "“%s” is no table of text: leave --rate out.", path);
  return NULL;
}

/* The options, or else what a study keeps, or else what the file says by itself. */
static InionRecording *
open_as_said (const char  *path,
              const char  *home,
              GError     **error)
{
  InionRecording *recording;

  inion_kept_choice_clear (&used);
  if (is_told ())
    {
      used.choice = choose (path, error);
      return used.choice != NULL ? inion_choice_open (used.choice, path, NULL, error) : NULL;
    }
  recording = inion_kept_choice_open_or_plain (&used, path, home, NULL, error);
  if (used.changed)
    inion_cli_say ("“%s” has changed since it was chosen how to open it (“%s”): that is not used",
                   path, used.study);
  return recording;
}

static InionRecording *
open_file (const char  *path,
           const char  *home,
           gboolean     with_events,
           GError     **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (InionRecording) recording = open_as_said (path, home, &reason);

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

InionRecording *
inion_cli_open (const char  *path,
                gboolean     with_events,
                GError     **error)
{
  return open_file (path, NULL, with_events, error);
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

/* As inion_sources_add_path(), but as the options say. A study stands for its recording. */
gboolean
inion_cli_add_source (InionSources  *sources,
                      const char    *path,
                      GError       **error)
{
  g_autofree char *of_study = NULL;
  g_autoptr (InionRecording) file = NULL;

  if (g_str_has_suffix (path, ".inion"))
    {
      path = of_study = inion_source_study_dup_recording (path, error);
      if (path == NULL)
        return FALSE;
    }
  file = open_file (path, inion_sources_get_home (sources), FALSE, error);
  return file != NULL && inion_sources_add_file (sources, file, NULL, error);
}

/* Where a study is given, its recording is meant. */
gboolean
inion_cli_open_resolve (int      argc,
                        char   **argv,
                        GError **error)
{
  for (int i = 1; i < argc; i++)
    {
      char *path;

      if (!g_str_has_suffix (argv[i], ".inion") || !g_file_test (argv[i], G_FILE_TEST_EXISTS))
        continue;
      path = inion_source_study_dup_recording (argv[i], error);
      if (path == NULL)
        return FALSE;
      if (resolved == NULL)
        resolved = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (resolved, path);
      argv[i] = path;
    }
  return TRUE;
}

static gboolean
is_used (void)
{
  return used.choice != NULL && !used.changed;
}

/* How the last file was opened, and who says so. */
void
inion_cli_open_add_json (InionJsonText *text)
{
  inion_json_text_key (text, "opened_as");
  if (!is_used ())
    {
      inion_json_text_null (text);
      return;
    }
  inion_json_text_begin_object (text, INION_JSON_INLINE);
  inion_cli_json_string (text, "kind", inion_choice_kind_to_string (used.choice->kind));
  inion_cli_json_string (text, "from", used.study != NULL ? "study" : "options");
  inion_cli_json_string (text, "study", used.study);
  if (used.choice->kind == INION_CHOICE_STREAMS)
    {
      inion_json_text_key (text, "streams");
      inion_json_text_begin_array (text, INION_JSON_TIGHT);
      for (guint i = 0; i < used.choice->streams->len; i++)
        inion_json_text_uint (text, g_array_index (used.choice->streams, guint32, i));
      inion_json_text_end_array (text);
    }
  if (used.choice->kind == INION_CHOICE_TABLE)
    inion_cli_json_double_or_null (text, "rate_hz", used.choice->table->rate_hz);
  inion_json_text_end_object (text);
}

void
inion_cli_open_print (void)
{
  g_autofree char *what = is_used () ? inion_choice_describe (used.choice) : NULL;

  if (what == NULL)
    return;
  if (used.study != NULL)
    inion_cli_print ("Opened as  %s, as the study says: %s\n", what, used.study);
  else
    inion_cli_print ("Opened as  %s, as the options say\n", what);
}

/* (nullable): of an XDF file with several streams, what they are: (element-type InionXdfStream). */
GPtrArray *
inion_cli_list_streams (const char *path)
{
  if (compatible || inion_recording_find_question (path) != INION_RECORDING_WHICH_STREAMS)
    return NULL;
  return inion_xdf_list_streams (path, NULL, NULL);
}
