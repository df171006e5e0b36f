/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Second-order sections run over four derivations side by side. */

#pragma once

#include "signal/sos.h"

G_BEGIN_DECLS

#define INION_FILTER_BANK_LANES 4

void inion_filter_bank_causal (const InionSos *sos, const double *const *in, gsize n, gsize skip, float *const *out);
void inion_filter_bank_zero_phase (const InionSos *sos, const double *const *in, gsize n, gsize skip, gsize n_out,
                                   double *const *work, float *const *out);

G_END_DECLS
