/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Epochs of a recording, without those that hold a gap: in one of these no pair has a phase. */

#define G_LOG_DOMAIN "inion-network"

#include "config.h"

#include "network/epochs.h"

#include "core/error.h"
#include "core/size.h"

#include <math.h>
#include <string.h>

/* Where the epochs on a grid from first on begin that lie in one stretch of the clock channel. */
static GArray *
find_starts (InionRecording *recording,
             guint           clock,
             gint64          first,
             gint64          end,
             gint64          n_samples)
{
  GArray *starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 run, n;

  for (gint64 at = first;
       at < end && inion_recording_find_run (recording, clock, at, &run, &n);
       at = run + n)
    {
      gint64 before = MAX (run - first, 0), last = MIN (run + n, end) - n_samples;
      gint64 start = first + (before + n_samples - 1) / n_samples * n_samples;

      for (; start <= last; start += n_samples)
        g_array_append_val (starts, start);
    }
  return starts;
}

static gboolean
has_gap (const double *epoch,
         gsize         n)
{
  for (gsize i = 0; i < n; i++)
    if (isnan (epoch[i]))
      return TRUE;
  return FALSE;
}

/**
 * inion_epochs_drop_gaps:
 * @data: (array): [n_epochs][n_channels][n_samples]; NaN is a gap. The epochs that are left follow
 *   each other from the start afterwards
 * @n_epochs: how many
 * @n_channels: channels of an epoch
 * @n_samples: samples of a channel
 *
 * Leaves out the epochs in which a channel has a gap.
 *
 * Returns: how many epochs are left
 */
gsize
inion_epochs_drop_gaps (double *data,
                        gsize   n_epochs,
                        gsize   n_channels,
                        gsize   n_samples)
{
  gsize size = n_channels * n_samples, kept = 0;

  for (gsize e = 0; e < n_epochs; e++)
    {
      if (has_gap (data + e * size, size))
        continue;
      if (kept < e)
        memmove (data + kept * size, data + e * size, size * sizeof (double));
      kept++;
    }
  return kept;
}

/**
 * inion_epochs_read:
 * @recording: a recording
 * @channels: (array length=n_channels): channels of one clock
 * @n_channels: at least 1
 * @first: sample where the first epoch begins, at least 0
 * @end: sample behind the last that may be used
 * @n_samples: samples of an epoch, at least 1
 * @n_epochs: (out): how many epochs there are
 * @n_left_out: (out): how many more there would be without gaps
 * @job: (nullable): checked for cancellation
 * @error: return location
 *
 * Cuts a range into epochs that follow each other from its start; what is left over at its end is
 * not looked at. Epochs that hold a gap are left out; nothing is read of them.
 *
 * Returns: (transfer full) (nullable): [n_epochs][n_channels][n_samples], of no epoch too; %NULL
 *   with %INION_ERROR_TOO_LARGE or an error of reading
 */
double *
inion_epochs_read (InionRecording  *recording,
                   const guint     *channels,
                   gsize            n_channels,
                   gint64           first,
                   gint64           end,
                   gsize            n_samples,
                   gsize           *n_epochs,
                   gsize           *n_left_out,
                   InionJob        *job,
                   GError         **error)
{
  g_autoptr (GArray) starts = NULL;
  g_autofree double *data = NULL;
  gsize size, n_all;

  g_return_val_if_fail (INION_IS_RECORDING (recording), NULL);
  g_return_val_if_fail (n_channels > 0 && n_samples > 0, NULL);

  for (gsize c = 0; c < n_channels; c++)
    end = MIN (end, inion_channel_get_n_samples (
                      inion_recording_get_channel (recording, channels[c])));
  n_all = end > first ? (gsize) (end - first) / n_samples : 0;
  starts = find_starts (recording, channels[0], first, end, (gint64) n_samples);
  if (!inion_size_mul (&size, MAX (starts->len, 1), n_channels) ||
      !inion_size_mul (&size, size, n_samples))
    size = G_MAXSIZE;
  data = inion_try_new (double, size, "the epochs", error);
  if (data == NULL)
    return NULL;
  for (gsize e = 0; e < starts->len; e++)
    for (gsize c = 0; c < n_channels; c++)
      if (!inion_job_check (job, error) ||
          !inion_recording_read (recording, channels[c], g_array_index (starts, gint64, e),
                                 n_samples, data + (e * n_channels + c) * n_samples, error))
        return NULL;
  *n_epochs = inion_epochs_drop_gaps (data, starts->len, n_channels, n_samples);
  *n_left_out = n_all - *n_epochs;
  return g_steal_pointer (&data);
}
