/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What inion-cli convert is asked to do. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-convert.h"

#include <string.h>

static const char *const formats[] = { "edf", "bdf", "vhdr", "csv", NULL };

/* Seen by the shell's history otherwise, so it is a file. */
#define SECRET_NAME "deidentify-secret"

void
inion_cli_convert_clear (InionCliConvert *self)
{
  char *texts[] = { self->output,    self->format_text, self->filter_text, self->notch_text,
                    self->resample_text, self->montage,  self->bad_text,    self->marks,
                    self->dates_text, self->keep_text,   self->texts_text,  self->secret_path,
                    self->subject,   self->code,        self->names_path,  self->report_path,
                    self->secret,    self->bids_text };

  inion_cli_stretch_clear (&self->stretch);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_clear_pointer (&self->bids_names, inion_bids_names_free);
  g_strfreev (self->bad);
  g_strfreev (self->names);
  memset (self, 0, sizeof *self);
}

const char *
inion_cli_convert_get_ending (InionExportFormat format)
{
  return formats[format];
}

/* One of some words; the first if there is none. −1: usage printed. */
static int
choose (const char        *option,
        const char        *text,
        const char *const *words)
{
  g_autofree char *list = g_strjoinv (", ", (char **) words);

  if (text == NULL)
    return 0;
  for (int i = 0; words[i] != NULL; i++)
    if (g_str_equal (text, words[i]))
      return i;
  inion_cli_usage ("%s: “%s” is none of %s", option, text, list);
  return -1;
}

/* "1-40", "1-", "-40". */
static gboolean
parse_filter (InionCliConvert *self)
{
  g_auto (GStrv) edges = NULL;

  if (self->filter_text == NULL)
    return TRUE;
  edges = g_strsplit (self->filter_text, "-", -1);
  if (g_strv_length (edges) != 2 || (*edges[0] == '\0' && *edges[1] == '\0'))
    {
      inion_cli_usage ("--filter: write 1-40, 1- or -40");
      return FALSE;
    }
  return inion_cli_parse_double_in ("--filter", *edges[0] != '\0' ? edges[0] : NULL, 0, 1e-6, 1e6,
                                    &self->derive.low_hz) &&
         inion_cli_parse_double_in ("--filter", *edges[1] != '\0' ? edges[1] : NULL, 0, 1e-6, 1e6,
                                    &self->derive.high_hz);
}

static gboolean
parse_keep (InionCliConvert *self)
{
  g_auto (GStrv) words = g_strsplit (self->keep_text != NULL ? self->keep_text : "", ",", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (g_str_equal (words[i], "time"))
      self->deidentify.keep_time = TRUE;
    else if (g_str_equal (words[i], "sex"))
      self->deidentify.keep_sex = TRUE;
    else if (g_str_equal (words[i], "age"))
      self->deidentify.keep_age = TRUE;
    else
      {
        inion_cli_usage ("--keep: “%s” is none of time, sex, age", words[i]);
        return FALSE;
      }
  return TRUE;
}

static gboolean
parse_deidentify (InionCliConvert *self)
{
  static const char *const dates[] = { "remove", "shift", "keep", NULL };
  static const char *const texts[] = { "replace", "keep", "remove", "remove-all", NULL };
  static const InionTextAction actions[] = { INION_TEXT_REPLACE, INION_TEXT_KEEP, INION_TEXT_REMOVE,
                                             INION_TEXT_REMOVE };
  int date = choose ("--dates", self->dates_text, dates);
  int text = choose ("--texts", self->texts_text, texts);

  if (date < 0 || text < 0 || !parse_keep (self))
    return FALSE;
  if (!self->anonymise &&
      (self->dates_text != NULL || self->texts_text != NULL || self->keep_text != NULL ||
       self->secret_path != NULL || self->subject != NULL || self->code != NULL ||
       self->names_path != NULL || self->report_path != NULL))
    {
      inion_cli_usage ("--dates, --keep, --texts, --secret, --subject, --code, --names and --report "
                       "belong to --anonymise");
      return FALSE;
    }
  self->deidentify.dates = (InionDates) date;
  self->texts = actions[text];
  self->deidentify.remove_annotations = text == 3;
  self->deidentify.subject = self->subject;
  self->deidentify.code = self->code;
  return TRUE;
}

static gboolean
parse_bids (InionCliConvert *self)
{
  g_autoptr (GError) error = NULL;

  if (self->bids_text == NULL)
    return TRUE;
  self->bids_names = inion_bids_names_parse (self->bids_text, &error);
  if (self->bids_names == NULL)
    inion_cli_usage ("--bids: %s", error->message);
  else if (self->anonymise || self->output != NULL || self->format_text != NULL)
    inion_cli_usage ("--bids takes one recording and the data set's folder, and its format with the "
                     "names (sub=01,task=rest,format=edf); write a copy without identifiers first");
  else
    return TRUE;
  return FALSE;
}

gboolean
inion_cli_convert_parse (InionCliConvert *self)
{
  static const char *const marks[] = { "study", "file", "none", NULL };
  int format = choose ("--format", self->format_text, formats);

  if (format < 0 || choose ("--marks", self->marks, marks) < 0 ||
      !inion_cli_stretch_parse (&self->stretch) || !parse_filter (self) ||
      !inion_cli_parse_double_in ("--notch", self->notch_text, 0, 1e-3, 1e6,
                                  &self->derive.notch_hz) ||
      !inion_cli_parse_double_in ("--resample", self->resample_text, 0, 1e-3, 1e7,
                                  &self->derive.resample_hz) ||
      !parse_deidentify (self) || !parse_bids (self))
    return FALSE;
  self->has_format = self->format_text != NULL;
  self->format = (InionExportFormat) format;
  self->derive.montage = self->montage;
  if (self->bad_text != NULL)
    self->bad = g_strsplit (self->bad_text, ",", -1);
  self->derive.bad = (const char *const *) self->bad;
  return TRUE;
}

/* One name a line. */
static gboolean
load_names (InionCliConvert  *self,
            GError          **error)
{
  g_autofree char *text = NULL;

  if (self->names_path == NULL)
    return TRUE;
  if (!g_file_get_contents (self->names_path, &text, NULL, error))
    return FALSE;
  self->names = g_strsplit_set (text, "\r\n", -1);
  self->deidentify.names = (const char *const *) self->names;
  return TRUE;
}

gboolean
inion_cli_convert_load (InionCliConvert  *self,
                        GError          **error)
{
  if (!load_names (self, error))
    return FALSE;
  if (self->deidentify.dates != INION_DATES_SHIFT)
    return TRUE;
  if (self->secret_path == NULL)
    self->secret_path = g_build_filename (g_get_user_data_dir (), "inion", SECRET_NAME, NULL);
  self->secret = inion_deidentify_load_secret (self->secret_path, error);
  self->deidentify.secret = self->secret;
  return self->secret != NULL;
}
