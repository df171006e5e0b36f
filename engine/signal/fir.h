/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linear-phase FIR filters by windowed design, with MNE's rules for transitions and length. */

#pragma once

#include "core/error.h"

G_BEGIN_DECLS

typedef struct
{
  gsize n_taps;
  double *taps;
} InionFir;

/* low_hz / high_hz: NAN for none; low > high: band-stop. MNE: l_trans = min(max(.25 l, 2), l),
 * h_trans = min(max(.25 h, 2), rate/2 − h), Hamming, N = 3.3 × rate / min trans, made odd. */
InionFir *inion_fir_design (double low_hz, double high_hz, double rate_hz, GError **error);
InionFir *inion_fir_minimum_phase (const InionFir *fir, GError **error);
/* As long as the linear-phase design: mne.filter.create_filter (phase='minimum'). */
InionFir *inion_fir_design_minimum_phase (double low_hz, double high_hz, double rate_hz, GError **error);
void      inion_fir_free (InionFir *self);
/* Zero phase: one pass, delay compensated, odd ("reflect_limited") padding, overlap-add FFT. In place. */
gboolean  inion_fir_apply_zero_phase (const InionFir *fir, double *x, gsize n, GError **error);

/* Causal, with state: block by block equals sample by sample. */
typedef struct _InionFirStream InionFirStream;
InionFirStream *inion_fir_stream_new (const InionFir *fir);
void inion_fir_stream_reset (InionFirStream *self);
void inion_fir_stream_process (InionFirStream *self, const double *in, double *out, gsize n);
void inion_fir_stream_free (InionFirStream *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionFir, inion_fir_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionFirStream, inion_fir_stream_free)

G_END_DECLS
