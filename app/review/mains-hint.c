/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does mains noise dominate a recording? Measured once after opening, so that the notch can be
 * offered: clinical practice keeps it off unless it is needed. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/review/mains-hint.h"

#include "core/error.h"
#include "signal/spectrum.h"

#include <glib/gi18n.h>

#define MAX_CHANNELS 8
#define SPAN_S 20.0

/* Fraction of the power from 1 to 80 Hz that lies within 1 Hz of the mains frequency. */
static gboolean
measure_channel (InionRecording  *recording,
                 guint            index,
                 double           fraction[2],
                 GError         **error)
{
  static const double mains[2] = { 50.0, 60.0 };
  InionChannel *channel = inion_recording_get_channel (recording, index);
  double rate = inion_channel_get_rate_hz (channel);
  gint64 first, length;
  gboolean any = inion_recording_find_longest_run (
    recording, index, 0, MIN (inion_channel_get_n_samples (channel), (gint64) (3600 * rate)),
    &first, &length);
  gsize n = any ? (gsize) MIN ((double) length, SPAN_S * rate) : 0;
  gsize segment = MIN (n, (gsize) (2.0 * rate));
  g_autofree double *x = g_new (double, MAX (n, 1));
  g_autofree double *psd = g_new (double, segment / 2 + 1);
  double bin_hz = rate / (double) MAX (segment, 1);
  double all;

  fraction[0] = fraction[1] = 0.0;
  if (segment < 64)
    return TRUE;
  if (!inion_recording_read (recording, index, first, n, x, error) ||
      !inion_welch (x, n, rate, segment, segment / 2, INION_WINDOW_HANN, psd, error))
    return FALSE;
  all = inion_band_power (psd, segment / 2 + 1, bin_hz, 1.0, 80.0);
  for (guint k = 0; k < 2; k++)
    if (all > 0 && rate / 2.0 > mains[k] + 1.5)
      fraction[k] = inion_band_power (psd, segment / 2 + 1, bin_hz, mains[k] - 1.0,
                                      mains[k] + 1.5) / all;
  return TRUE;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static gpointer
measure (InionJob  *job,
         gpointer   data,
         GError   **error)
{
  InionRecording *recording = data;
  guint n = inion_recording_get_n_channels (recording);
  double fractions[2][MAX_CHANNELS];
  guint used = 0;
  InionMainsHint *hint;

  for (guint i = 0; i < n && used < MAX_CHANNELS; i += MAX (1, n / MAX_CHANNELS))
    {
      double fraction[2];

      if (inion_channel_get_kind (inion_recording_get_channel (recording, i)) != INION_CHANNEL_EEG)
        continue;
      if (!inion_job_check (job, error) || !measure_channel (recording, i, fraction, error))
        return NULL;
      fractions[0][used] = fraction[0];
      fractions[1][used++] = fraction[1];
    }
  hint = g_new0 (InionMainsHint, 1);
  if (used > 0)
    {
      qsort (fractions[0], used, sizeof (double), compare);
      qsort (fractions[1], used, sizeof (double), compare);
      hint->hz = fractions[1][used / 2] > fractions[0][used / 2] ? 60.0 : 50.0;
      hint->fraction = MAX (fractions[0][used / 2], fractions[1][used / 2]);
    }
  return hint;
}

/**
 * inion_mains_hint_new_job:
 * @recording: an open recording
 *
 * Returns: (transfer full): a job whose result is an #InionMainsHint, to be freed with g_free()
 */
InionJob *
inion_mains_hint_new_job (InionRecording *recording)
{
  return inion_job_new (_("Looking for mains noise"), measure, g_object_ref (recording),
                        g_object_unref, g_free);
}
