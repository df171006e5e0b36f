/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The compatibility reader: files that no reader of ours knows. */

#pragma once

#include "core/job.h"
#include "recording/foreign/foreign-result.h"
#include "recording/recording.h"

G_BEGIN_DECLS

InionRecording *inion_recording_open_foreign (const char *path, InionJob *job, GError **error);
gboolean        inion_recording_is_foreign_available (void);
gboolean        inion_recording_may_be_foreign (const char *path, const GError *error);
InionRecording *inion_foreign_recording_new (InionForeignResult *result, const char *path, int input,
                                             int samples, GError **error);

G_END_DECLS
