/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filters of the screen: LFF, HFF and notch, clinical (causal) or zero-phase. */

#pragma once

#include "signal/sos.h"

G_BEGIN_DECLS

typedef enum
{
  INION_PHASE_CAUSAL,
  INION_PHASE_ZERO,
} InionPhase;

/* 0 = off. lff: −3 dB, first order (6 dB/octave), time constant 1/(2πf). hff: −3 dB, second-order Butterworth
 * (12 dB/octave). notch: Q 30. Zero-phase runs the same sections forward and backward, with edges set so that −3 dB holds. */
typedef struct
{
  double lff_hz;
  double hff_hz;
  double notch_hz;
  InionPhase phase;
  gboolean harmonics; /* of the notch too, all below Nyquist, each as wide in Hz as the first */
} InionDisplayFilter;

gboolean inion_display_filter_equal (const InionDisplayFilter *a, const InionDisplayFilter *b);
gboolean inion_display_filter_is_off (const InionDisplayFilter *self);
/* Sections for one rate. An edge at or above 0.99 × Nyquist is left out (the shown state says so). */
void     inion_display_filter_design (const InionDisplayFilter *self, double rate_hz, InionSos *sos);
/* Samples needed before (and, zero-phase, after) a page so that its edges are right to 0.1 %. Capped at 60 s. */
gsize    inion_display_filter_margin (const InionDisplayFilter *self, double rate_hz);
/* Filters a stretch with its margins in place: sos from _design() for the stretch's rate. */
gboolean inion_display_filter_apply (const InionDisplayFilter *self, const InionSos *sos, double *x, gsize n,
                                     GError **error);
char    *inion_display_filter_dup_key (const InionDisplayFilter *self);

G_END_DECLS
