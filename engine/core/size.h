/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checked size arithmetic: every size that comes from a file goes through here. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean inion_size_mul (gsize *product, gsize a, gsize b);
gboolean inion_size_add (gsize *sum, gsize a, gsize b);
gboolean inion_int64_mul (gint64 *product, gint64 a, gint64 b);
gboolean inion_int64_add (gint64 *sum, gint64 a, gint64 b);
gint64   inion_int64_mul_div (gint64 a, gint64 b, gint64 c);
gpointer inion_try_alloc_array (gsize n, gsize element_size, const char *what, GError **error);

/**
 * inion_try_new:
 * @type: element type
 * @n: number of elements
 * @what: what the memory is for, as the end of "Not enough memory for …"
 *
 * Allocates zeroed memory of a size that came from outside; fails with %INION_ERROR_TOO_LARGE
 * instead of ending the program.
 */
#define inion_try_new(type, n, what, error) \
  ((type *) inion_try_alloc_array ((n), sizeof (type), (what), (error)))

G_END_DECLS
