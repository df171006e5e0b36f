/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording whose samples are in memory: for tests, for streams, for derived signals. */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

#define INION_TYPE_MEMORY_RECORDING (inion_memory_recording_get_type ())
G_DECLARE_FINAL_TYPE (InionMemoryRecording, inion_memory_recording, INION, MEMORY_RECORDING,
                      InionRecording)

InionMemoryRecording *inion_memory_recording_new (double rate_hz, GDateTime *start);
void inion_memory_recording_add_channel (InionMemoryRecording *self, const char *label,
                                         const char *unit, const double *samples, gsize n);
void inion_memory_recording_add_event (InionMemoryRecording *self, gint64 onset_ns,
                                       gint64 duration_ns, const char *text);

G_END_DECLS
