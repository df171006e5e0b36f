/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the verbs of inion-cli share: options, errors, output. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli.h"

#include "app/cli/cli-open.h"
#include "core/output.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

gboolean inion_cli_json;

/* Why stdout could not be written; 0: it could. */
static int output_errno;

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
  gboolean help = FALSE;
  const GOptionEntry common[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &inion_cli_json, "Machine-readable output on stdout", NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, "Explains this and ends", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autofree char *program = g_strdup_printf ("inion-cli %s", (*argv)[0]);
  g_autofree char *description = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_set_prgname (program);
  inion_cli_json = FALSE;
  inion_cli_open_reset ();
  g_option_context_set_summary (context, summary);
  description = g_strdup_printf ("Keys of --json:\n%s\n\nExit status: 0 done, 1 failed (one line "
                                 "on stderr says why), 2 wrong usage.\n", json_help);
  g_option_context_set_description (context, description);
  /* Its own --help would end the process before anybody could see that stdout is full. */
  g_option_context_set_help_enabled (context, FALSE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_main_entries (context, common, NULL);
  g_option_context_add_main_entries (context, inion_cli_open_entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      *code = inion_cli_usage ("%s", error->message);
      return FALSE;
    }
  text = g_option_context_get_help (context, TRUE, NULL);
  if (help)
    {
      inion_cli_put (text);
      *code = INION_CLI_OK;
      return FALSE;
    }
  if (!inion_cli_open_check ())
    {
      *code = INION_CLI_USAGE;
      return FALSE;
    }
  /* A "--" that ends the options is not a word. */
  if (*argc > 1 && g_str_equal ((*argv)[1], "--"))
    {
      (*argv)[1] = (*argv)[0];
      (*argv)++;
      (*argc)--;
    }
  if (*argc - 1 < n_min || (n_max >= 0 && *argc - 1 > n_max))
    {
      fputs (text, stderr);
      *code = INION_CLI_USAGE;
      return FALSE;
    }
  if (!g_str_equal ((*argv)[0], "study") && !inion_cli_open_resolve (*argc, *argv, &error))
    {
      *code = inion_cli_fail (error);
      return FALSE;
    }
  return TRUE;
}

int
inion_cli_fail (const GError *error)
{
  g_autofree char *line = g_strdup (error != NULL ? error->message : "It failed.");

  fprintf (stderr, "inion-cli: %s\n", g_strchomp (g_strdelimit (line, "\r\n", ' ')));
  return INION_CLI_FAILED;
}

/* What is said on stderr, on one line. */
static void
say (const char *prefix,
     const char *format,
     va_list     args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);

  fprintf (stderr, "%s%s\n", prefix, text);
}

int
inion_cli_usage (const char *format,
                 ...)
{
  va_list args;

  va_start (args, format);
  say ("inion-cli: ", format, args);
  va_end (args);
  fprintf (stderr, "Try “%s --help”.\n", g_get_prgname ());
  return INION_CLI_USAGE;
}

void
inion_cli_say (const char *format,
               ...)
{
  va_list args;

  va_start (args, format);
  say ("", format, args);
  va_end (args);
}

/* The reason is there only when it happens: stdio keeps that something failed, not what. */
static void
note (gboolean written)
{
  if (!written && output_errno == 0)
    output_errno = errno;
}

void
inion_cli_put (const char *text)
{
  note (fputs (text, stdout) >= 0);
}

void
inion_cli_put_char (char c)
{
  note (fputc (c, stdout) != EOF);
}

void
inion_cli_flush (void)
{
  note (fflush (stdout) == 0);
}

void
inion_cli_print (const char *format,
                 ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  inion_cli_put (text);
}

/* A number with a dot; nothing where there is none, as tables have it. */
void
inion_cli_print_double (const char *format,
                        double      value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (isfinite (value))
    inion_cli_put (g_ascii_formatd (buffer, sizeof buffer, format, value));
}

/* RFC 4180: what holds a comma, a quote or a line end stands in quotes, its quotes twice. */
void
inion_cli_print_field (const char *text)
{
  if (text[strcspn (text, ",\"\r\n")] == '\0')
    {
      inion_cli_put (text);
      return;
    }
  inion_cli_put_char ('"');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"')
        inion_cli_put_char ('"');
      inion_cli_put_char (*p);
    }
  inion_cli_put_char ('"');
}

gboolean
inion_cli_is_output_lost (void)
{
  return output_errno != 0;
}

/* What is still in the buffer is written now: only then is it known whether it could be. */
int
inion_cli_finish (int code)
{
  g_autoptr (GError) error = NULL;

  inion_cli_flush ();
  if (output_errno == 0)
    return code;
  inion_set_error (&error, INION_ERROR_IO, "Could not write the output: %s.",
                   g_strerror (output_errno));
  return code == INION_CLI_OK ? inion_cli_fail (error) : code;
}

void
inion_cli_print_json (InionJsonText *text)
{
  g_autofree char *json = inion_json_text_finish (text);

  inion_cli_put (json);
  if (!g_str_has_suffix (json, "\n"))
    inion_cli_put_char ('\n');
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

/* Into a device or a pipe: replacing it by a file would be the wrong thing. */
static gboolean
write_in_place (const char  *path,
                const char  *text,
                gsize        length,
                GError     **error)
{
  FILE *stream = fopen (path, "wbe");
  gboolean good;

  if (stream == NULL)
    return inion_set_error_errno (error, errno, "Could not write", path);
  good = fwrite (text, 1, length, stream) == length;
  good = fclose (stream) == 0 && good;
  return good || inion_set_error_errno (error, errno, "Could not write", path);
}

gboolean
inion_cli_write_output (const char  *path,
                        const char  *text,
                        gssize       length,
                        GError     **error)
{
  gsize size = length < 0 ? strlen (text) : (gsize) length;

  if (path == NULL || g_str_equal (path, "-"))
    {
      note (fwrite (text, 1, size, stdout) == size); /* inion_cli_finish() says the rest */
      return TRUE;
    }
  if (g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return write_in_place (path, text, size, error);
  return inion_output_write_file (path, text, size, error);
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
                           "The recording has no channel “%s”; “inion-cli info” lists its "
                           "channels.",
                           names[i]);
          return NULL;
        }
      g_array_append_val (found, index);
    }
  if (found->len == 0)
    {
      inion_set_error (error, INION_ERROR_NOT_FOUND,
                       list != NULL ? "No channel is named: write --channels A,B."
                       : eeg_only   ? "The recording has no EEG channel: name others by --channels."
                                    : "The recording has no channel.");
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

gboolean
inion_cli_parse_double_in (const char *option,
                           const char *text,
                           double      fallback,
                           double      min,
                           double      max,
                           double     *value)
{
  if (!inion_cli_parse_double (option, text, fallback, value))
    return FALSE;
  if (text == NULL || (*value >= min && *value <= max))
    return TRUE;
  inion_cli_usage ("%s: %s is out of range, which is %g to %g", option, text, min, max);
  return FALSE;
}
