/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FIF files with a continuous recording, as Neuromag devices and MNE write them. */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

gboolean        inion_fif_sniff (const char *path, const guint8 *head, gsize n);
InionRecording *inion_fif_open (const char *path, InionJob *job, GError **error);
InionRecording *inion_fif_open_fd (int fd, const char *path, InionJob *job, GError **error);

G_END_DECLS
