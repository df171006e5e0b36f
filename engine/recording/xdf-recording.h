/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads XDF files: several streams on one clock. */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

/**
 * InionXdfStream:
 * @id: its number in the file, by which it is chosen
 * @name: what it is called; not unique
 * @type: such as "EEG" or "Markers"; "" if the file does not say
 * @hostname: the computer that it came from; "" if the file does not say
 * @format: as what its samples are stored, such as "float32" or "string"
 * @n_channels: how many channels
 * @rate_hz: nominal rate; 0 for a stream at no fixed rate
 * @n_samples: how many samples
 * @is_signal: whether it becomes channels; otherwise each of its samples becomes an event
 *
 * One stream of a file.
 */
typedef struct
{
  guint32 id;
  char *name;
  char *type;
  char *hostname;
  char *format;
  guint n_channels;
  double rate_hz;
  gint64 n_samples;
  gboolean is_signal;
} InionXdfStream;

gboolean        inion_xdf_recording_sniff (const char *path, const guint8 *head, gsize n);
InionRecording *inion_xdf_recording_open (const char *path, InionJob *job, GError **error);
InionRecording *inion_xdf_recording_open_streams (const char *path, const guint32 *ids, gsize n_ids,
                                                  InionJob *job, GError **error);
/* (element-type InionXdfStream) (transfer full) */
GPtrArray      *inion_xdf_list_streams (const char *path, InionJob *job, GError **error);
InionRecording *inion_xdf_recording_open_fd (int fd, const char *path, InionJob *job,
                                             GError **error);
void            inion_xdf_stream_free (InionXdfStream *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionXdfStream, inion_xdf_stream_free)

G_END_DECLS
