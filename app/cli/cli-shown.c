/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The signal as it would be shown: montage and filters, for the verbs that look at it. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-shown.h"

#include "app/tools/tool-signal.h"

void
inion_cli_shown_clear (InionCliShown *self)
{
  g_clear_pointer (&self->montage, g_free);
  inion_cli_filter_clear (&self->filter);
  g_clear_object (&self->signal);
  g_clear_object (&self->recording);
}

gboolean
inion_cli_shown_parse (InionCliShown *self)
{
  /* A measurement is of what was recorded unless somebody wants it filtered. */
  if (self->filter.lff_text == NULL)
    self->filter.lff_text = g_strdup ("0");
  if (self->filter.hff_text == NULL)
    self->filter.hff_text = g_strdup ("0");
  return inion_cli_filter_parse (&self->filter);
}

gboolean
inion_cli_shown_open (InionCliShown  *self,
                      const char     *path,
                      gboolean        with_events,
                      GError        **error)
{
  g_autoptr (InionMontage) montage = NULL;

  self->recording = inion_cli_open_signal (path, error);
  if (self->recording == NULL ||
      (with_events && !inion_recording_load_events (self->recording, NULL, error)))
    return FALSE;
  montage = inion_montage_new (self->montage != NULL ? self->montage : "as-recorded",
                               self->recording, NULL, error);
  if (montage == NULL)
    return FALSE;
  inion_cli_filter_fit (&self->filter, self->recording);
  self->signal = inion_shown_signal_new (montage, &self->filter.filter);
  return TRUE;
}

GArray *
inion_cli_shown_find (InionCliShown  *self,
                      const char     *list,
                      GError        **error)
{
  InionMontage *montage = inion_shown_signal_get_montage (self->signal);
  g_autoptr (GArray) found = NULL;
  g_auto (GStrv) names = NULL;

  if (list == NULL)
    return inion_tool_find_eeg (montage, NULL);
  found = g_array_new (FALSE, FALSE, sizeof (guint));
  names = g_strsplit (list, ",", -1);
  for (guint i = 0; names[i] != NULL; i++)
    {
      int index = inion_montage_find (montage, g_strstrip (names[i]));
      guint derivation = (guint) index;

      if (index < 0)
        {
          inion_set_error (error, INION_ERROR_NOT_FOUND, "There is no “%s” in the montage “%s”.",
                           names[i], inion_montage_get_title (montage));
          return NULL;
        }
      g_array_append_val (found, derivation);
    }
  return g_steal_pointer (&found);
}

const char *
inion_cli_shown_get_label (InionCliShown *self,
                           guint          derivation)
{
  return inion_montage_get_derivation (inion_shown_signal_get_montage (self->signal),
                                       derivation)->label;
}

const char *
inion_cli_shown_get_unit (InionCliShown *self,
                          guint          derivation)
{
  return inion_channel_get_unit (
    inion_montage_get_clock (inion_shown_signal_get_montage (self->signal), derivation));
}

void
inion_cli_shown_add_json (InionCliShown *self,
                          InionJsonText *text)
{
  inion_cli_json_string (text, "montage",
                         inion_montage_get_id (inion_shown_signal_get_montage (self->signal)));
  inion_cli_filter_add_json (&self->filter, text);
}
