/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power spectral density after Welch (1967): segments, windows, periodograms, their mean.
 * Segments are summed in the order of time. */

#define G_LOG_DOMAIN "inion-signal"

#include "config.h"

#include "signal/spectrum.h"

#include "core/size.h"
#include "signal/fft.h"
#include "signal/signal-private.h"

#include <string.h>

/* The mean, summed in four strands. */
static double
mean_of (const double *x,
         gsize         n)
{
  double sums[4] = { 0, 0, 0, 0 };
  gsize i = 0;

  for (; i + 4 <= n; i += 4)
    for (guint k = 0; k < 4; k++)
      sums[k] += x[i + k];
  for (; i < n; i++)
    sums[0] += x[i];
  return (sums[0] + sums[1] + sums[2] + sums[3]) / (double) n;
}

/* z[i] = window × (x − mean x). */
static void
load_segment (const double *x,
              const double *window,
              gsize         n,
              double       *z)
{
  double mean = mean_of (x, n);

  for (gsize i = 0; i < n; i++)
    z[i] = window[i] * (x[i] - mean);
}

void
_inion_spectrum_add_power (const double *spectrum,
                           gsize         n,
                           double       *psd)
{
  for (gsize k = 0; k <= n / 2; k++)
    psd[k] += spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
}

static gboolean
check_welch (gsize     n,
             double    rate_hz,
             gsize     n_per_seg,
             gsize     n_overlap,
             GError  **error)
{
  if (!(rate_hz > 0) || n_per_seg == 0 || n_per_seg > G_MAXINT32 || n_overlap >= n_per_seg)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "A spectrum needs a rate above 0 Hz and segments longer than their "
                            "overlap");
  if (n < n_per_seg)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "A spectrum with segments of %" G_GSIZE_FORMAT " samples needs at "
                            "least that many; there are %" G_GSIZE_FORMAT ". Use shorter segments "
                            "or a longer stretch",
                            n_per_seg, n);
  return TRUE;
}

/**
 * inion_welch:
 * @x: (array length=n): samples
 * @n: number of samples, at least @n_per_seg
 * @rate_hz: sampling rate in Hz
 * @n_per_seg: length of a segment in samples
 * @n_overlap: samples shared by neighbours, under @n_per_seg
 * @window: window of a segment
 * @psd: (array): n_per_seg/2 + 1 densities in unit²/Hz; bin k lies at k × rate/n_per_seg Hz
 * @error: return location
 *
 * One-sided power spectral density, the mean of each segment removed; equal to
 * scipy.signal.welch(). What does not fill a last segment is left out. Thread-safe.
 *
 * Returns: %FALSE with %INION_ERROR_TOO_FEW, %INION_ERROR_INVALID or %INION_ERROR_NUMERIC
 */
gboolean
inion_welch (const double  *x,
             gsize          n,
             double         rate_hz,
             gsize          n_per_seg,
             gsize          n_overlap,
             InionWindow    window,
             double        *psd,
             GError       **error)
{
  g_autoptr (InionFftBuffer) z = NULL;
  g_autoptr (InionFftBuffer) spectrum = NULL;
  g_autofree double *w = NULL;
  double energy = 0, scale;
  gsize step, n_segments;
  fftw_plan plan;

  if (!check_welch (n, rate_hz, n_per_seg, n_overlap, error) ||
      !_inion_signal_check_finite (x, n, error))
    return FALSE;
  w = g_new (double, n_per_seg);
  inion_window_fill (window, w, n_per_seg);
  for (gsize i = 0; i < n_per_seg; i++)
    energy += w[i] * w[i];
  step = n_per_seg - n_overlap;
  n_segments = (n - n_overlap) / step;
  z = inion_fft_alloc (n_per_seg);
  spectrum = inion_fft_alloc (2 * (n_per_seg / 2 + 1));
  plan = inion_fft_plan (INION_FFT_R2C, n_per_seg);

  memset (psd, 0, (n_per_seg / 2 + 1) * sizeof *psd);
  for (gsize s = 0; s < n_segments; s++)
    {
      load_segment (x + s * step, w, n_per_seg, z);
      fftw_execute_dft_r2c (plan, z, (fftw_complex *) spectrum);
      _inion_spectrum_add_power (spectrum, n_per_seg, psd);
    }
  scale = 1 / (rate_hz * energy * (double) n_segments);
  for (gsize k = 0; k <= n_per_seg / 2; k++)
    psd[k] *= k == 0 || 2 * k == n_per_seg ? scale : 2 * scale;
  return TRUE;
}

/**
 * inion_band_power:
 * @psd: (array length=n_bins): densities in unit²/Hz
 * @n_bins: number of bins
 * @bin_hz: distance of bins in Hz; bin k lies at k × @bin_hz
 * @low_hz: lower edge in Hz, inside the band
 * @high_hz: upper edge in Hz, outside the band
 *
 * Power in a band: Σ psd × @bin_hz over the bins in [@low_hz, @high_hz). An edge that a bin hits
 * up to rounding counts as hit.
 *
 * Returns: power in unit²; 0 if no bin lies in the band
 */
double
inion_band_power (const double *psd,
                  gsize         n_bins,
                  double        bin_hz,
                  double        low_hz,
                  double        high_hz)
{
  double sum = 0, slack = 1e-9 * bin_hz;

  for (gsize k = 0; k < n_bins; k++)
    {
      double hz = (double) k * bin_hz;

      if (hz >= low_hz - slack && hz < high_hz - slack)
        sum += psd[k] * bin_hz;
    }
  return sum;
}
