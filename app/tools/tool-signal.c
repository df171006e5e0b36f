/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shown signal as tools read it: stretches of derivations, in double. */

#define G_LOG_DOMAIN "inion-tasks"

#include "config.h"

#include "app/tools/tool-signal.h"

#include "core/error.h"
#include "core/size.h"

#include <math.h>

/**
 * inion_tool_find_samples:
 * @montage: a montage
 * @derivation: which of its derivations
 * @from_s: seconds since the recording's start
 * @to_s: the end, not in the stretch
 * @first: (out): the first sample
 * @end: (out): after the last; @first if the stretch lies outside of the recording
 */
void
inion_tool_find_samples (InionMontage *montage,
                         guint         derivation,
                         double        from_s,
                         double        to_s,
                         gint64       *first,
                         gint64       *end)
{
  InionChannel *clock = inion_montage_get_clock (montage, derivation);
  gint64 total = inion_channel_get_n_samples (clock);

  *first = inion_channel_ns_to_nearest_sample (clock, (gint64) llround (from_s * 1e9));
  *end = inion_channel_ns_to_nearest_sample (clock, (gint64) llround (to_s * 1e9));
  *end = MAX (*end, *first + 1);
  *first = CLAMP (*first, 0, total);
  *end = CLAMP (*end, *first, total);
}

/**
 * inion_tool_read:
 * @signal: the shown signal
 * @derivation: which of its derivations
 * @first: first sample, in the recording
 * @n: number of samples, all in the recording
 * @out: (out) (array length=n): samples in the derivation's unit; NaN where there is none
 * @error: return location
 *
 * Reads what is shown. Where no filter is on the montage itself is read, which loses nothing to
 * single precision. Thread-safe.
 *
 * Returns: %FALSE if the file could not be read
 */
gboolean
inion_tool_read (InionShownSignal  *signal,
                 guint              derivation,
                 gint64             first,
                 gsize              n,
                 double            *out,
                 GError           **error)
{
  g_autofree float *x = NULL;

  if (inion_display_filter_is_off (inion_shown_signal_get_filter (signal)))
    return inion_montage_read (inion_shown_signal_get_montage (signal), derivation, first, n, out,
                               error);
  x = inion_try_alloc_array (n, sizeof (float), "the signal", error);
  if (x == NULL || !inion_shown_signal_read (signal, derivation, first, n, x, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    out[i] = (double) x[i];
  return TRUE;
}

/**
 * inion_tool_read_range:
 * @signal: the shown signal
 * @derivation: which of its derivations
 * @from_s: seconds since the recording's start
 * @to_s: the end, not in the stretch
 * @first: (out): the first sample
 * @n: (out): how many there are; may be 0
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (array length=n): the samples, or %NULL if the file could not
 *   be read or the memory does not suffice
 */
double *
inion_tool_read_range (InionShownSignal  *signal,
                       guint              derivation,
                       double             from_s,
                       double             to_s,
                       gint64            *first,
                       gsize             *n,
                       GError           **error)
{
  g_autofree double *x = NULL;
  gint64 end;

  inion_tool_find_samples (inion_shown_signal_get_montage (signal), derivation, from_s, to_s, first,
                           &end);
  *n = (gsize) (end - *first);
  x = inion_try_new (double, MAX (*n, 1), "the signal", error);
  if (x == NULL || !inion_tool_read (signal, derivation, *first, *n, x, error))
    return NULL;
  return g_steal_pointer (&x);
}

/**
 * inion_tool_is_good:
 * @montage: a montage
 * @derivation: which of its derivations
 * @bad: (nullable): labels of bad channels
 *
 * Returns: %FALSE if the electrode that a derivation is named after is bad, or one of the two of a
 *   bipolar one; of an average a bad channel has been left out already
 */
gboolean
inion_tool_is_good (InionMontage      *montage,
                    guint              derivation,
                    const char *const *bad)
{
  const InionDerivation *what = inion_montage_get_derivation (montage, derivation);
  InionRecording *recording = inion_montage_get_recording (montage);

  for (guint t = 0; bad != NULL && t < MIN (what->n_terms, 2); t++)
    if (g_strv_contains (bad, inion_channel_get_label (
                                inion_recording_get_channel (recording, what->channels[t]))))
      return FALSE;
  return TRUE;
}

/**
 * inion_tool_find_eeg:
 * @montage: a montage
 * @bad: (nullable): labels of bad channels
 *
 * Returns: (transfer full) (element-type guint): the good EEG derivations that have the rate and
 *   the unit of the first of them
 */
GArray *
inion_tool_find_eeg (InionMontage      *montage,
                     const char *const *bad)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (guint));
  InionChannel *first = NULL;

  for (guint i = 0; i < inion_montage_get_n_derivations (montage); i++)
    {
      InionChannel *clock;

      if (inion_montage_get_derivation (montage, i)->kind != INION_CHANNEL_EEG ||
          inion_montage_get_derivation (montage, i)->n_terms == 0 ||
          !inion_tool_is_good (montage, i, bad))
        continue;
      clock = inion_montage_get_clock (montage, i);
      if (first == NULL)
        first = clock;
      if (inion_channel_get_rate_hz (clock) == inion_channel_get_rate_hz (first) &&
          inion_channel_get_n_samples (clock) == inion_channel_get_n_samples (first) &&
          g_strcmp0 (inion_channel_get_unit (clock), inion_channel_get_unit (first)) == 0)
        g_array_append_val (found, i);
    }
  return found;
}
