/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GDF files, versions 1 and 2. */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

gboolean        inion_gdf_sniff (const char *path, const guint8 *head, gsize n);
InionRecording *inion_gdf_open (const char *path, GError **error);
InionRecording *inion_gdf_open_fd (int fd, const char *path, GError **error);

G_END_DECLS
