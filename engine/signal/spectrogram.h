/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power over time and frequency: the short-time Fourier transform. */

#pragma once

#include "core/job.h"
#include "signal/spectrum.h"

G_BEGIN_DECLS

/* Column t is the spectrum of the samples [t × step, t × step + n_per_seg); all NaN where one of them is missing. */
typedef struct
{
  gsize n_times;
  gsize n_bins;
  gsize n_empty;       /* columns that a gap leaves without power */
  gsize n_per_seg;     /* samples */
  gsize step;          /* samples */
  double rate_hz;
  double bin_hz;
  double *power;       /* [n_times × n_bins], unit²/Hz, one-sided */
} InionSpectrogram;

InionSpectrogram *inion_spectrogram_new (const double *x, gsize n, double rate_hz, gsize n_per_seg, gsize n_overlap,
                                         InionWindow window, InionJob *job, GError **error);
void              inion_spectrogram_free (InionSpectrogram *self);
double            inion_spectrogram_get_time_s (const InionSpectrogram *self, gsize column); /* of its middle, from x[0] */
/* dB re 1 unit²/Hz of the column and bin nearest to a point; NaN outside and in a gap. */
double            inion_spectrogram_get_db (const InionSpectrogram *self, double time_s, double hz);
/* Limits for colours, in dB: the 5th and the 99th percentile up to max_hz. FALSE: all of it lies in gaps or is zero. */
gboolean          inion_spectrogram_get_limits (const InionSpectrogram *self, double max_hz, double *low_db, double *high_db);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionSpectrogram, inion_spectrogram_free)

G_END_DECLS
