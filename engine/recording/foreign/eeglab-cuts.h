/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where pieces were cut out of an EEGLAB recording, and so when its samples were recorded. */

#pragma once

#include "recording/foreign/foreign-result.h"

G_BEGIN_DECLS

typedef struct _InionEeglabCuts InionEeglabCuts;

InionEeglabCuts *inion_eeglab_cuts_new (const InionForeignResult *result, gint64 n_samples,
                                        gint64 rate_num, gint64 rate_den_ns, GPtrArray *faults);
void             inion_eeglab_cuts_free (InionEeglabCuts *self);
gboolean         inion_eeglab_cuts_add_segments (InionEeglabCuts *self, InionRecording *recording);
gboolean         inion_eeglab_cuts_get_time (InionEeglabCuts *self, double position, gint64 *ns);
gboolean         inion_eeglab_cuts_get_length (InionEeglabCuts *self, double samples, gint64 *ns);
gboolean         inion_eeglab_is_boundary (const InionForeignEvent *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionEeglabCuts, inion_eeglab_cuts_free)

G_END_DECLS
