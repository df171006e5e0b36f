/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BCI2000 files (.dat). */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

gboolean        inion_bci2000_sniff (const char *path, const guint8 *head, gsize n);
InionRecording *inion_bci2000_open (const char *path, GError **error);
InionRecording *inion_bci2000_open_fd (int fd, const char *path, GError **error);

G_END_DECLS
