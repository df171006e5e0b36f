/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which channels, from when to when: what the verbs of the signal have in common. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-stretch.h"

#include <math.h>

/* Longer than any recording, and in nanoseconds still a gint64. */
#define MOST_S 9e9

void
inion_cli_stretch_clear (InionCliStretch *self)
{
  g_clear_pointer (&self->channels, g_free);
  g_clear_pointer (&self->from_text, g_free);
  g_clear_pointer (&self->to_text, g_free);
}

gboolean
inion_cli_stretch_parse (InionCliStretch *self)
{
  if (!inion_cli_parse_double_in ("--from", self->from_text, 0, 0, MOST_S, &self->from_s) ||
      !inion_cli_parse_double_in ("--to", self->to_text, MOST_S, 0, MOST_S, &self->to_s))
    return FALSE;
  if (self->to_s > self->from_s)
    return TRUE;
  inion_cli_usage ("--to must be later than --from (%g s)", self->from_s);
  return FALSE;
}

gboolean
inion_cli_stretch_fit (InionCliStretch  *self,
                       InionRecording   *recording,
                       GError          **error)
{
  double end = (double) inion_recording_get_duration_ns (recording) / 1e9;

  self->to_s = MIN (self->to_s, end);
  if (self->from_s < self->to_s)
    return TRUE;
  return inion_set_error (error, INION_ERROR_INVALID,
                          "“%s” ends at %g s: there is nothing from %g s on.",
                          inion_recording_get_path (recording), end, self->from_s);
}

void
inion_cli_stretch_to_samples (const InionCliStretch *self,
                              InionChannel          *channel,
                              gint64                *first,
                              gint64                *end)
{
  gint64 total = inion_channel_get_n_samples (channel);

  *first = CLAMP (inion_channel_ns_to_sample (channel, (gint64) llround (self->from_s * 1e9)), 0,
                  total);
  *end = CLAMP (inion_channel_ns_to_sample (channel, (gint64) llround (self->to_s * 1e9)), *first,
                total);
}

double *
inion_cli_stretch_read (const InionCliStretch  *self,
                        InionRecording         *recording,
                        guint                   channel,
                        gsize                  *n,
                        GError                **error)
{
  g_autofree double *x = NULL;
  gint64 first, end;

  inion_cli_stretch_to_samples (self, inion_recording_get_channel (recording, channel), &first,
                                &end);
  *n = (gsize) (end - first);
  x = inion_try_alloc_array (*n, sizeof (double), "the samples", error);
  if (x == NULL || !inion_recording_read (recording, channel, first, *n, x, error))
    return NULL;
  return g_steal_pointer (&x);
}

InionRecording *
inion_cli_stretch_open (InionCliStretch  *self,
                        const char       *path,
                        gboolean          eeg_only,
                        GArray          **channels,
                        GError          **error)
{
  g_autoptr (InionRecording) recording = inion_cli_open_signal (path, error);

  if (recording == NULL || !inion_cli_stretch_fit (self, recording, error))
    return NULL;
  *channels = inion_cli_find_channels (recording, self->channels, eeg_only, error);
  return *channels != NULL ? g_steal_pointer (&recording) : NULL;
}
