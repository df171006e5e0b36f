/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unpacks a file that was packed as a whole with gzip. */

#pragma once

#include "core/job.h"

G_BEGIN_DECLS

gboolean _inion_gunzip_head (const guint8 *bytes, gsize n, guint8 *out, gsize n_out, gsize *got);
int      _inion_gunzip_to_scratch (int fd, gint64 size, InionJob *job, gint64 *unpacked, gboolean *cut,
                                   GError **error);

G_END_DECLS
