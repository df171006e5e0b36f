/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The electrodes of a recording that a map is drawn between. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/tools/tool-map.h"

#include "app/tools/tool-signal.h"

#include "core/error.h"

/* A map between fewer electrodes says nothing. */
#define LEAST_ELECTRODES 3

static void
clear (gpointer data)
{
  InionToolMap *self = data;

  g_clear_object (&self->signal);
  g_clear_pointer (&self->derivations, g_array_unref);
  g_free (self->positions);
  g_strfreev (self->names);
}

InionToolMap *
inion_tool_map_ref (InionToolMap *self)
{
  return g_rc_box_acquire (self);
}

void
inion_tool_map_unref (InionToolMap *self)
{
  g_rc_box_release_full (self, clear);
}

static void
add_electrodes (InionToolMap *self,
                InionMontage *montage,
                GArray       *eeg)
{
  InionRecording *recording = inion_montage_get_recording (montage);
  guint n_channels = inion_recording_get_n_channels (recording);
  g_autofree InionPosition *places = g_new0 (InionPosition, MAX (n_channels, 1));
  g_autofree gboolean *known = g_new0 (gboolean, MAX (n_channels, 1));

  inion_montage_locate_channels (recording, places, known);
  for (guint i = 0; i < eeg->len; i++)
    {
      guint derivation = g_array_index (eeg, guint, i);
      /* The first term of a referential derivation is the electrode itself. */
      guint own = inion_montage_get_derivation (montage, derivation)->channels[0];

      if (!known[own])
        continue;
      g_array_append_val (self->derivations, derivation);
      self->positions[self->n] = places[own];
      self->names[self->n++] =
        g_strdup (inion_channel_get_label (inion_recording_get_channel (recording, own)));
    }
}

/**
 * inion_tool_map_new:
 * @recording: a recording
 * @bad: (nullable): labels of bad channels
 * @filter: as the signal is shown
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what a map is drawn between, or %NULL with an error if the
 *   average reference is not possible or fewer than three electrodes have a known place
 */
InionToolMap *
inion_tool_map_new (InionRecording            *recording,
                    const char *const         *bad,
                    const InionDisplayFilter  *filter,
                    GError                   **error)
{
  g_autoptr (InionMontage) montage = inion_montage_new ("average", recording, bad, error);
  g_autoptr (InionToolMap) self = NULL;
  g_autoptr (GArray) eeg = NULL;

  if (montage == NULL)
    return NULL;
  self = g_rc_box_new0 (InionToolMap);
  eeg = inion_tool_find_eeg (montage, bad);
  self->signal = inion_shown_signal_new (montage, filter);
  self->derivations = g_array_new (FALSE, FALSE, sizeof (guint));
  self->positions = g_new0 (InionPosition, MAX (eeg->len, 1));
  self->names = g_new0 (char *, eeg->len + 1);
  add_electrodes (self, montage, eeg);
  if (self->n >= LEAST_ELECTRODES)
    return g_steal_pointer (&self);
  inion_set_error (error, INION_ERROR_TOO_FEW,
                   "Only %u good EEG channels of this recording have a known place on the head: "
                   "too few for a map.", self->n);
  return NULL;
}
