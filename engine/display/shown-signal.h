/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shown signal: montage and display filters applied chunk by chunk. */

#pragma once

#include "scalp/montage.h"
#include "signal/display-filter.h"

G_BEGIN_DECLS

#define INION_TYPE_SHOWN_SIGNAL (inion_shown_signal_get_type ())
G_DECLARE_FINAL_TYPE (InionShownSignal, inion_shown_signal, INION, SHOWN_SIGNAL, GObject)

/* Immutable; thread-safe. Filters run on channels of kind EEG, EOG, ECG, EMG and OTHER in µV/mV; triggers and slow
 * signals are never filtered. Chunks sit on an absolute sample grid, so the same sample has the same value whatever page it is read for. */
InionShownSignal *inion_shown_signal_new (InionMontage *montage, const InionDisplayFilter *filter);
InionMontage     *inion_shown_signal_get_montage (InionShownSignal *self);
const InionDisplayFilter *inion_shown_signal_get_filter (InionShownSignal *self);
gboolean          inion_shown_signal_read (InionShownSignal *self, guint derivation, gint64 first, gsize n, float *out, GError **error);
char             *inion_shown_signal_dup_key (InionShownSignal *self, GError **error); /* file fingerprint + montage + filter */

G_END_DECLS
