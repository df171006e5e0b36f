/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a recording is called in a BIDS data set, as a person writes it: "sub=01,task=rest". */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/bids.h"

#include "core/error.h"

#include <string.h>

/**
 * inion_bids_names_free:
 * @self: (nullable): names
 */
void
inion_bids_names_free (InionBidsNames *self)
{
  if (self == NULL)
    return;
  g_free (self->subject);
  g_free (self->session);
  g_free (self->task);
  g_free (self->acquisition);
  g_free (self->run);
  g_free (self->reference);
  g_free (self);
}

static gboolean
is_label (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c))
      return FALSE;
  return *text != '\0';
}

static gboolean
set_name (InionBidsNames *self,
          const char     *key,
          const char     *value,
          GError        **error)
{
  const struct
  {
    const char *key;
    char **place;
  } labels[] = { { "sub", &self->subject }, { "ses", &self->session }, { "task", &self->task },
                 { "acq", &self->acquisition }, { "run", &self->run } };
  char *end = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (strcmp (key, labels[i].key) == 0)
      {
        if (!is_label (value))
          return inion_set_error (error, INION_ERROR_INVALID,
                                  "“%s=%s”: names in a BIDS data set have only letters and digits "
                                  "of ASCII.", key, value);
        g_free (*labels[i].place);
        *labels[i].place = g_strdup (value);
        return TRUE;
      }
  if (strcmp (key, "ref") == 0)
    {
      g_free (self->reference);
      self->reference = g_strdup (value);
      return TRUE;
    }
  if (strcmp (key, "line") == 0)
    {
      self->power_line_hz = g_ascii_strtod (value, &end);
      if (*value != '\0' && *end == '\0' && self->power_line_hz > 0 && self->power_line_hz < 1000)
        return TRUE;
      return inion_set_error (error, INION_ERROR_INVALID, "“line=%s”: the frequency of the mains is "
                              "50 or 60 (Hz).", value);
    }
  if (strcmp (key, "format") == 0)
    {
      g_autofree char *path = g_strconcat ("x.", value, NULL);

      return inion_export_format_from_path (path, &self->format, error);
    }
  return inion_set_error (error, INION_ERROR_INVALID,
                          "“%s” is no part of a BIDS name: there are sub, ses, task, acq, run, ref, "
                          "line and format.", key);
}

/**
 * inion_bids_names_parse:
 * @text: "sub=01,task=rest", and any of ses, acq, run, ref (the reference), line (Hz of the mains)
 *   and format (vhdr, edf, bdf; vhdr if not said)
 * @error: return location
 *
 * Reads what a person wrote.
 *
 * Returns: (transfer full) (nullable): the names, or %NULL with %INION_ERROR_INVALID
 */
InionBidsNames *
inion_bids_names_parse (const char  *text,
                        GError     **error)
{
  g_autoptr (InionBidsNames) self = g_new0 (InionBidsNames, 1);
  g_auto (GStrv) pairs = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  self->format = INION_EXPORT_BRAINVISION;
  pairs = g_strsplit (text, ",", 0);
  for (guint i = 0; pairs[i] != NULL; i++)
    {
      char *equals = strchr (pairs[i], '=');

      if (equals == NULL)
        {
          inion_set_error (error, INION_ERROR_INVALID, "“%s” is not written as key=value, as in "
                           "sub=01,task=rest.", pairs[i]);
          return NULL;
        }
      *equals = '\0';
      if (!set_name (self, g_strstrip (pairs[i]), g_strstrip (equals + 1), error))
        return NULL;
    }
  if (self->subject == NULL || self->task == NULL)
    {
      inion_set_error (error, INION_ERROR_INVALID, "A BIDS data set needs a subject and a task: "
                       "sub=01,task=rest.");
      return NULL;
    }
  return g_steal_pointer (&self);
}
