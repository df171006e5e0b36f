/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the sources of the signal room share. */

#pragma once

#include "signal/sos.h"

#include <math.h>

G_BEGIN_DECLS

/* Two doubles in one register. Plain SSE2 or NEON everywhere: the same bits on every machine. */
typedef double InionPair __attribute__ ((vector_size (16)));

gboolean _inion_signal_check_finite (const double *x, gsize n, GError **error);

/* One pass over x in place; step is +1 (from x on) or −1 (from x back). */
void     _inion_sos_pass (const InionSos *sos, InionSosState *state, const double *in, double *out,
                          gsize n, int step);

/* psd[k] += |spectrum[k]|² for k ≤ n/2. */
void     _inion_spectrum_add_power (const double *spectrum, gsize n, double *psd);

G_END_DECLS
