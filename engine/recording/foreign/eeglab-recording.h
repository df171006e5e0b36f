/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EEGLAB's .set, with its samples inside or in a file beside it. */

#pragma once

#include "core/job.h"
#include "recording/foreign/foreign-result.h"
#include "recording/recording.h"

G_BEGIN_DECLS

gboolean        inion_eeglab_recording_sniff (const char *path, const guint8 *head, gsize n);
InionRecording *inion_eeglab_recording_open (const char *path, GError **error);
InionRecording *inion_eeglab_recording_open_with_job (const char *path, InionJob *job,
                                                      GError **error);
InionRecording *inion_eeglab_recording_new (InionForeignResult *result, const char *path, int input,
                                            int samples, GError **error);

G_END_DECLS
