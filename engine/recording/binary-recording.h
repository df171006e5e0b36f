/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording whose samples lie in files in a regular way: what most readers make once they have
 * read their header. */

#pragma once

#include "recording/recording.h"
#include "recording/sample-layout.h"

G_BEGIN_DECLS

#define INION_TYPE_BINARY_RECORDING (inion_binary_recording_get_type ())
G_DECLARE_FINAL_TYPE (InionBinaryRecording, inion_binary_recording, INION, BINARY_RECORDING,
                      InionRecording)

/**
 * InionEventLoader:
 * @recording: the recording
 * @data: what was given with the loader
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Reads the events of a recording whose header does not hold them. Called off the UI thread.
 *
 * Returns: (transfer full) (nullable) (element-type InionEvent): the events, or %NULL with an error
 */
typedef GPtrArray *(*InionEventLoader) (InionRecording *recording, gpointer data, InionJob *job,
                                        GError **error);

InionBinaryRecording *inion_binary_recording_new (const char *path, const char *format);
guint    inion_binary_recording_take_file (InionBinaryRecording *self, int fd, const char *path);
gboolean inion_binary_recording_add_channel (InionBinaryRecording *self,
                                             const InionChannelInfo *info,
                                             const InionSampleLayout *layout, GError **error);
void     inion_binary_recording_set_valid_range (InionBinaryRecording *self, guint channel,
                                                 double low, double high);
void     inion_binary_recording_set_filler (InionBinaryRecording *self, guint channel, guint group,
                                            double value);
void     inion_binary_recording_take_event (InionBinaryRecording *self, InionEvent *event);
void     inion_binary_recording_set_event_loader (InionBinaryRecording *self, InionEventLoader load,
                                                  gpointer data, GDestroyNotify destroy);
gboolean inion_binary_recording_read_bytes (InionBinaryRecording *self, guint file, gpointer out,
                                            gsize n, gint64 offset, GError **error);

G_END_DECLS
