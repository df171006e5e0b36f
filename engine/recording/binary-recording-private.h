/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Channels that were not recorded at the same times. */

#pragma once

#include "recording/binary-recording.h"
#include "recording/recording-private.h"

G_BEGIN_DECLS

gboolean _inion_binary_recording_add_channel_runs (InionBinaryRecording *self,
                                                   const InionChannelInfo *info,
                                                   const InionSampleLayout *layout,
                                                   const InionSegmentRun *runs, gsize n_runs,
                                                   GError **error);

G_END_DECLS
