/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Welch's method for a signal with gaps.
 *
 * Each stretch between gaps has segments of its own, which begin with it; the density is the mean
 * over all of them. No segment holds a gap or lies on both sides of one. */

#define G_LOG_DOMAIN "inion-signal"

#include "config.h"

#include "signal/spectrum.h"

#include <math.h>
#include <string.h>

/* The samples from at on that are no gap: [*first, *first + *n). FALSE: there are no more. */
static gboolean
next_stretch (const double *x,
              gsize         n_samples,
              gsize         at,
              gsize        *first,
              gsize        *n)
{
  while (at < n_samples && isnan (x[at]))
    at++;
  *first = at;
  while (at < n_samples && !isnan (x[at]))
    at++;
  *n = at - *first;
  return *n > 0;
}

/**
 * inion_longest_stretch:
 * @x: (array length=n): samples; NaN is a gap
 * @n: number of samples
 * @first: (out) (optional): where the longest stretch without a gap begins
 *
 * Returns: how many samples it has; 0 if all are missing
 */
gsize
inion_longest_stretch (const double *x,
                       gsize         n,
                       gsize        *first)
{
  gsize longest = 0, begin, length;

  if (first != NULL)
    *first = 0;
  for (gsize at = 0; next_stretch (x, n, at, &begin, &length); at = begin + length)
    if (length > longest)
      {
        longest = length;
        if (first != NULL)
          *first = begin;
      }
  return longest;
}

/**
 * inion_welch_gaps:
 * @x: (array length=n): samples; NaN is a gap
 * @n: number of samples
 * @rate_hz: sampling rate in Hz
 * @n_per_seg: length of a segment in samples
 * @n_overlap: samples shared by neighbours, under @n_per_seg
 * @window: window of a segment
 * @psd: (array): n_per_seg/2 + 1 densities in unit²/Hz; bin k lies at k × rate/n_per_seg Hz
 * @n_used: (out) (optional): segments that the density is the mean of
 * @n_left_out: (out) (optional): how many fewer they are than without gaps
 * @error: return location
 *
 * One-sided power spectral density of what lies between the gaps; without gaps, what inion_welch()
 * gives to the last bit. Thread-safe.
 *
 * Returns: %FALSE with an error as inion_welch(), %INION_ERROR_TOO_FEW also where no stretch
 *   between gaps is as long as a segment
 */
gboolean
inion_welch_gaps (const double  *x,
                  gsize          n,
                  double         rate_hz,
                  gsize          n_per_seg,
                  gsize          n_overlap,
                  InionWindow    window,
                  double        *psd,
                  gsize         *n_used,
                  gsize         *n_left_out,
                  GError       **error)
{
  gsize first, length, used = 0, all;
  g_autofree double *part = NULL;

  if (inion_longest_stretch (x, n, NULL) == n || n_per_seg == 0 || n_overlap >= n_per_seg)
    {
      if (!inion_welch (x, n, rate_hz, n_per_seg, n_overlap, window, psd, error))
        return FALSE;
      if (n_used != NULL)
        *n_used = (n - n_overlap) / (n_per_seg - n_overlap);
      if (n_left_out != NULL)
        *n_left_out = 0;
      return TRUE;
    }
  if (inion_longest_stretch (x, n, NULL) < n_per_seg)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "A spectrum with segments of %.4g s needs a stretch without a gap of "
                            "at least that length; the longest here has %.4g s. Use shorter "
                            "segments or another stretch", (double) n_per_seg / rate_hz,
                            (double) inion_longest_stretch (x, n, NULL) / rate_hz);
  part = g_new (double, n_per_seg / 2 + 1);
  memset (psd, 0, (n_per_seg / 2 + 1) * sizeof *psd);
  for (gsize at = 0; next_stretch (x, n, at, &first, &length); at = first + length)
    {
      gsize segments;

      if (length < n_per_seg)
        continue;
      if (!inion_welch (x + first, length, rate_hz, n_per_seg, n_overlap, window, part, error))
        return FALSE;
      segments = (length - n_overlap) / (n_per_seg - n_overlap);
      for (gsize k = 0; k <= n_per_seg / 2; k++)
        psd[k] += part[k] * (double) segments;
      used += segments;
    }
  for (gsize k = 0; k <= n_per_seg / 2; k++)
    psd[k] /= (double) used;
  all = (n - n_overlap) / (n_per_seg - n_overlap);
  if (n_used != NULL)
    *n_used = used;
  if (n_left_out != NULL)
    *n_left_out = all - MIN (all, used);
  return TRUE;
}
