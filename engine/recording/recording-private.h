/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What readers share with the abstract recording: its open file. */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

void     _inion_recording_take_fd (InionRecording *self, int fd);
int      _inion_recording_get_fd (InionRecording *self);
gboolean _inion_recording_pread (InionRecording *self, gpointer out, gsize n, gint64 offset, GError **error);
gboolean _inion_pread (int fd, gpointer out, gsize n, gint64 offset, gsize *got, int *errsv);

int      _inion_recording_open_file (const char *path, gint64 *size, GError **error);

G_END_DECLS
