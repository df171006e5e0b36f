/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checked size arithmetic: every size that comes from a file goes through here. */

#define G_LOG_DOMAIN "inion-core"

#include "config.h"

#include "core/size.h"

#include "core/error.h"

/**
 * inion_size_mul:
 * @product: (out): a × b, untouched on overflow
 *
 * Returns: %FALSE if the product does not fit
 */
gboolean
inion_size_mul (gsize *product,
                gsize  a,
                gsize  b)
{
  gsize r;

  if (__builtin_mul_overflow (a, b, &r))
    return FALSE;
  *product = r;
  return TRUE;
}

/**
 * inion_size_add:
 * @sum: (out): a + b, untouched on overflow
 *
 * Returns: %FALSE if the sum does not fit
 */
gboolean
inion_size_add (gsize *sum,
                gsize  a,
                gsize  b)
{
  gsize r;

  if (__builtin_add_overflow (a, b, &r))
    return FALSE;
  *sum = r;
  return TRUE;
}

/**
 * inion_int64_mul:
 * @product: (out): a × b, untouched on overflow
 *
 * Returns: %FALSE if the product does not fit
 */
gboolean
inion_int64_mul (gint64 *product,
                 gint64  a,
                 gint64  b)
{
  gint64 r;

  if (__builtin_mul_overflow (a, b, &r))
    return FALSE;
  *product = r;
  return TRUE;
}

/**
 * inion_int64_add:
 * @sum: (out): a + b, untouched on overflow
 *
 * Returns: %FALSE if the sum does not fit
 */
gboolean
inion_int64_add (gint64 *sum,
                 gint64  a,
                 gint64  b)
{
  gint64 r;

  if (__builtin_add_overflow (a, b, &r))
    return FALSE;
  *sum = r;
  return TRUE;
}

/**
 * inion_int64_mul_div:
 * @a: a factor
 * @b: a factor
 * @c: a divisor, not 0
 *
 * Computes floor (a × b / c) with a 128-bit product: exact conversion between clocks,
 * such as sample positions and nanoseconds. Saturates at the limits of gint64.
 *
 * Returns: floor (a × b / c)
 */
gint64
inion_int64_mul_div (gint64 a,
                     gint64 b,
                     gint64 c)
{
  __int128 p = (__int128) a * b;
  __int128 q = p / c;

  if (p % c != 0 && ((p < 0) != (c < 0)))
    q--;
  return q > G_MAXINT64 ? G_MAXINT64 : q < G_MININT64 ? G_MININT64 : (gint64) q;
}

/**
 * inion_try_alloc_array:
 * @n: number of elements
 * @element_size: bytes an element
 * @what: what the memory is for, as the end of "Not enough memory for …"
 * @error: return location
 *
 * See inion_try_new().
 *
 * Returns: (transfer full) (nullable): zeroed memory, to be freed with g_free(); never %NULL
 *   for @n = 0
 */
gpointer
inion_try_alloc_array (gsize        n,
                       gsize        element_size,
                       const char  *what,
                       GError     **error)
{
  gsize bytes;
  gpointer mem = NULL;

  if (inion_size_mul (&bytes, MAX (n, 1), element_size))
    mem = g_try_malloc0 (bytes);
  if (mem == NULL)
    inion_set_error (error, INION_ERROR_TOO_LARGE,
                     "Not enough memory for %s (%" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " bytes).",
                     what, n, element_size);
  return mem;
}
