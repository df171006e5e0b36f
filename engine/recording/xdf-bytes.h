/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of an XDF file, and the numbers in them. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define INION_XDF_WINDOW (64 * 1024)

/* Bytes of a file, a window of them at a time. */
typedef struct
{
  int fd;
  gint64 size;
  gint64 at;
  gsize n;
  guint8 *window;
} InionXdfBytes;

const guint8 *_inion_xdf_bytes_get (InionXdfBytes *self, gint64 at, gsize n, GError **error);
gboolean      _inion_xdf_bytes_get_count (InionXdfBytes *self, gint64 *at, gint64 end,
                                          guint64 *value, GError **error);
guint64       _inion_xdf_get_little (const guint8 *bytes, gsize n);
double        _inion_xdf_get_double (const guint8 *bytes);

G_END_DECLS
