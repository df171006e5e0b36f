/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Neuroscan CNT files. */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

gboolean        inion_cnt_sniff (const char *path, const guint8 *head, gsize n);
InionRecording *inion_cnt_open (const char *path, GError **error);
InionRecording *inion_cnt_open_fd (int fd, const char *path, GError **error);

G_END_DECLS
