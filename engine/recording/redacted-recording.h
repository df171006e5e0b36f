/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The samples of a recording under other names: what a copy without identifiers is written from. */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

#define INION_TYPE_REDACTED_RECORDING (inion_redacted_recording_get_type ())
G_DECLARE_FINAL_TYPE (InionRedactedRecording, inion_redacted_recording, INION, REDACTED_RECORDING, InionRecording)

InionRecording *inion_redacted_recording_new (InionRecording *source, const InionChannelInfo *channels,
                                              GPtrArray *events, GError **error);

/* Gives a recording without channels the gaps of another. stored_ns: (out) (optional) (element-type gint64):
 * where each stretch would begin if there were no gaps; none if there are none. */
gboolean inion_recording_copy_gaps (InionRecording *self, InionRecording *source, GArray **stored_ns,
                                    GError **error);

G_END_DECLS
