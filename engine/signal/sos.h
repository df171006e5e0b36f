/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Butterworth and notch filters as second-order sections, causal with state or zero-phase. */

#pragma once

#include "core/error.h"

G_BEGIN_DECLS

#define INION_SOS_MAX_SECTIONS 32

typedef enum
{
  INION_BAND_LOWPASS,
  INION_BAND_HIGHPASS,
  INION_BAND_BANDPASS,
  INION_BAND_BANDSTOP,
} InionBand;

/* A plain value: coefficients b0 b1 b2 a1 a2 a section (a0 = 1). */
typedef struct
{
  guint n_sections;
  double c[INION_SOS_MAX_SECTIONS][5];
} InionSos;

/* order is that of the prototype (scipy.signal.butter's N). low or high is ignored where the band has one edge. */
gboolean inion_sos_butterworth (InionSos *sos, guint order, InionBand band, double low_hz, double high_hz,
                                double rate_hz, GError **error);
gboolean inion_sos_first_order_highpass (InionSos *sos, double edge_hz, double rate_hz, GError **error);
gboolean inion_sos_notch (InionSos *sos, double center_hz, double q, double rate_hz, GError **error); /* scipy iirnotch */
gboolean inion_sos_append (InionSos *sos, const InionSos *other, GError **error);
double   inion_sos_gain_at (const InionSos *sos, double hz, double rate_hz);   /* |H| */
gsize    inion_sos_settle_samples (const InionSos *sos);  /* until the impulse response is under 1e-3 of its peak energy; for margins */

/* State of one channel: transposed direct form II. */
typedef struct
{
  double z[INION_SOS_MAX_SECTIONS][2];
} InionSosState;

void inion_sos_state_reset (InionSosState *state);
/* Steady state for a constant input of x0 (scipy sosfilt_zi). */
void inion_sos_state_prime (const InionSos *sos, InionSosState *state, double x0);
void inion_sos_process (const InionSos *sos, InionSosState *state, const double *in, double *out, gsize n); /* in == out allowed; streams */
/* scipy.signal.sosfiltfilt: odd padding of padlen samples (G_MAXSIZE: scipy's default), in place. */
gboolean inion_sos_filtfilt (const InionSos *sos, double *x, gsize n, gsize padlen, GError **error);

/* The same with another threshold: until no more than fraction of the impulse and step response is left. */
gsize    inion_sos_settle_samples_to (const InionSos *sos, double fraction);

G_END_DECLS
