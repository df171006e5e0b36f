/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the verbs of inion-cli share: options, errors, output. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

gboolean inion_cli_json;

gboolean
inion_cli_parse (int                *argc,
                 char             ***argv,
                 const char         *usage,
                 const char         *summary,
                 const char         *json_help,
                 const GOptionEntry *entries,
                 int                 n_min,
                 int                 n_max,
                 int                *code)
{
  const GOptionEntry common[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &inion_cli_json, "Machine-readable output on stdout", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autofree char *program = g_strdup_printf ("inion-cli %s", (*argv)[0]);
  g_autofree char *description = NULL;
  g_autoptr (GError) error = NULL;

  g_set_prgname (program);
  inion_cli_json = FALSE;
  g_option_context_set_summary (context, summary);
  if (json_help != NULL)
    {
      description = g_strdup_printf ("Keys of --json:\n%s\n\nExit status: 0 done, 1 failed (one line "
                                     "on stderr says why), 2 wrong usage.\n", json_help);
      g_option_context_set_description (context, description);
    }
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_main_entries (context, common, NULL);
  /* GOption ends the process with 0 after --help, which is what is wanted. */
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      *code = inion_cli_usage ("%s", error->message);
      return FALSE;
    }
  if (*argc - 1 < n_min || (n_max >= 0 && *argc - 1 > n_max))
    {
      g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

      fputs (help, stderr);
      *code = INION_CLI_USAGE;
      return FALSE;
    }
  return TRUE;
}

int
inion_cli_fail (const GError *error)
{
  fprintf (stderr, "inion-cli: %s\n", error != NULL ? error->message : "It failed.");
  return INION_CLI_FAILED;
}

static void
print_to (FILE       *stream,
          const char *prefix,
          const char *format,
          va_list     args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);

  fputs (prefix, stream);
  fputs (text, stream);
}

int
inion_cli_usage (const char *format,
                 ...)
{
  va_list args;

  va_start (args, format);
  print_to (stderr, "inion-cli: ", format, args);
  va_end (args);
  fprintf (stderr, "\nTry “%s --help”.\n", g_get_prgname ());
  return INION_CLI_USAGE;
}

void
inion_cli_say (const char *format,
               ...)
{
  va_list args;

  va_start (args, format);
  print_to (stderr, "", format, args);
  va_end (args);
  fputc ('\n', stderr);
}

void
inion_cli_print (const char *format,
                 ...)
{
  va_list args;

  va_start (args, format);
  print_to (stdout, "", format, args);
  va_end (args);
}

void
inion_cli_print_json (InionJsonText *text)
{
  g_autofree char *json = inion_json_text_finish (text);

  fputs (json, stdout);
  if (!g_str_has_suffix (json, "\n"))
    fputc ('\n', stdout);
}

void
inion_cli_json_double_or_null (InionJsonText *text,
                               const char    *key,
                               double         value)
{
  inion_json_text_key (text, key);
  if (isfinite (value))
    inion_json_text_double (text, value);
  else
    inion_json_text_null (text);
}

void
inion_cli_json_string (InionJsonText *text,
                       const char    *key,
                       const char    *value)
{
  inion_json_text_key (text, key);
  if (value != NULL)
    inion_json_text_string (text, value);
  else
    inion_json_text_null (text);
}

void
inion_cli_json_int (InionJsonText *text,
                    const char    *key,
                    gint64         value)
{
  inion_json_text_key (text, key);
  if (value >= 0)
    inion_json_text_uint (text, (guint64) value);
  else
    inion_json_text_double (text, (double) value);
}

gboolean
inion_cli_write_output (const char  *path,
                        const char  *text,
                        gssize       length,
                        GError     **error)
{
  if (path == NULL || g_str_equal (path, "-"))
    return fwrite (text, 1, length < 0 ? strlen (text) : (gsize) length, stdout) > 0 || length == 0;
  return g_file_set_contents_full (path, text, length,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0644, error);
}

InionRecording *
inion_cli_open (const char  *path,
                gboolean     with_events,
                GError     **error)
{
  g_autoptr (InionRecording) recording = inion_recording_open (path, error);

  if (recording == NULL || (with_events && !inion_recording_load_events (recording, NULL, error)))
    return NULL;
  return g_steal_pointer (&recording);
}

GArray *
inion_cli_find_channels (InionRecording  *recording,
                         const char      *list,
                         gboolean         eeg_only,
                         GError         **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (guint));
  g_auto (GStrv) names = list != NULL ? g_strsplit (list, ",", -1) : NULL;

  for (guint i = 0; names == NULL && i < inion_recording_get_n_channels (recording); i++)
    if (!eeg_only || inion_channel_get_kind (inion_recording_get_channel (recording, i)) ==
                       INION_CHANNEL_EEG)
      g_array_append_val (found, i);
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      int index = inion_recording_find_channel (recording, g_strstrip (names[i]));

      if (index < 0)
        {
          inion_set_error (error, INION_ERROR_NOT_FOUND,
                           "The recording has no channel “%s”; “inion-cli info” lists its channels.",
                           names[i]);
          return NULL;
        }
      g_array_append_val (found, index);
    }
  if (found->len == 0)
    {
      inion_set_error (error, INION_ERROR_NOT_FOUND, "The recording has no EEG channel.");
      return NULL;
    }
  return g_steal_pointer (&found);
}

gboolean
inion_cli_parse_double (const char *option,
                        const char *text,
                        double      fallback,
                        double     *value)
{
  char *end = NULL;

  *value = fallback;
  if (text == NULL)
    return TRUE;
  *value = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0' || !isfinite (*value))
    {
      inion_cli_usage ("%s: “%s” is not a number (write 12.5)", option, text);
      return FALSE;
    }
  return TRUE;
}
