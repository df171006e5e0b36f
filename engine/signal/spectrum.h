/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power spectral densities: Welch and multitaper; and complex spectra for connectivity. */

#pragma once

#include "core/error.h"

G_BEGIN_DECLS

typedef enum
{
  INION_WINDOW_HANN,     /* periodic */
  INION_WINDOW_HAMMING,  /* periodic */
  INION_WINDOW_BOXCAR,
} InionWindow;

void     inion_window_fill (InionWindow window, double *w, gsize n);
/* scipy.signal.windows.dpss (sym=True, norm 2): tapers [k × n], ratios [k]. */
gboolean inion_dpss (gsize n, double nw, guint k, double *tapers, double *ratios, GError **error);

/* One-sided density in unit²/Hz, segment mean removed: scipy.signal.welch. psd: [n_fft/2 + 1]. n_per_seg even or odd, n_fft = n_per_seg. */
gboolean inion_welch (const double *x, gsize n, double rate_hz, gsize n_per_seg, gsize n_overlap,
                      InionWindow window, double *psd, GError **error);
/* The same where NaN is a gap: the mean over the segments of all stretches between gaps. */
gboolean inion_welch_gaps (const double *x, gsize n, double rate_hz, gsize n_per_seg, gsize n_overlap,
                           InionWindow window, double *psd, gsize *n_used, gsize *n_left_out, GError **error);
gsize    inion_longest_stretch (const double *x, gsize n, gsize *first); /* samples that are no NaN in a row */
/* mne psd_array_multitaper(adaptive=False, low_bias=True, normalization='full'): psd: [n/2 + 1]. */
gboolean inion_multitaper (const double *x, gsize n, double rate_hz, double bandwidth_hz, double *psd, GError **error);
double   inion_band_power (const double *psd, gsize n_bins, double bin_hz, double low_hz, double high_hz); /* ∫ over the band, trapezoid-free: Σ psd·Δf over bins in [low, high) */

/* Real FFT of n real values: out [n/2 + 1] complex as interleaved re, im. Plans are cached behind one mutex; execution is thread-safe. */
void inion_rfft (const double *in, gsize n, double *out);
void inion_irfft (const double *in, gsize n, double *out); /* scaled by 1/n */
void inion_hilbert_envelope (const double *in, gsize n, double *out);

G_END_DECLS
