/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shown signal as tools read it: stretches of derivations, in double. */

#pragma once

#include "display/shown-signal.h"

G_BEGIN_DECLS

/* Samples [*first, *end) that [from_s, to_s) names, as far as the derivation has them; a stretch of time that is in it has
 * one sample at least. */
void     inion_tool_find_samples (InionMontage *montage, guint derivation, double from_s, double to_s, gint64 *first,
                                  gint64 *end);
/* In the derivation's unit, NaN where there is none. Without filters as exact as the recording. */
gboolean inion_tool_read (InionShownSignal *signal, guint derivation, gint64 first, gsize n, double *out, GError **error);
double  *inion_tool_read_range (InionShownSignal *signal, guint derivation, double from_s, double to_s, gint64 *first,
                                gsize *n, GError **error);
/* The EEG of a montage that shares the clock of its first, without bad derivations: guint. */
GArray  *inion_tool_find_eeg (InionMontage *montage, const char *const *bad);
/* Whether all terms of a derivation are good. */
gboolean inion_tool_is_good (InionMontage *montage, guint derivation, const char *const *bad);

G_END_DECLS
