/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of an XDF file, and the numbers in them. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/xdf-bytes.h"

#include "core/error.h"
#include "recording/recording-private.h"

#include <string.h>

guint64
_inion_xdf_get_little (const guint8 *bytes,
                       gsize         n)
{
  guint64 value = 0;

  for (gsize i = n; i > 0; i--)
    value = value << 8 | bytes[i - 1];
  return value;
}

double
_inion_xdf_get_double (const guint8 *bytes)
{
  guint64 bits = _inion_xdf_get_little (bytes, 8);
  double value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

/* At most INION_XDF_WINDOW bytes from one on; NULL without an error if the file ends before. */
const guint8 *
_inion_xdf_bytes_get (InionXdfBytes  *self,
                      gint64          at,
                      gsize           n,
                      GError        **error)
{
  int errsv = 0;

  if (at < 0 || at > self->size || (gint64) n > self->size - at)
    return NULL;
  if (at >= self->at && (gint64) n <= self->at + (gint64) self->n - at)
    return self->window + (at - self->at);
  if (self->window == NULL)
    self->window = g_malloc (INION_XDF_WINDOW);
  self->at = at;
  if (!_inion_pread (self->fd, self->window, INION_XDF_WINDOW, at, &self->n, &errsv) ||
      self->n < n)
    {
      self->n = 0;
      inion_set_error (error, INION_ERROR_IO, "Could not read at byte %" G_GINT64_FORMAT ": %s.",
                       at, errsv != 0 ? g_strerror (errsv) : "the file was shortened");
      return NULL;
    }
  return self->window;
}

/* A number with the number of its bytes in front: 1, 4 or 8. FALSE without an error if it is
 * none. */
gboolean
_inion_xdf_bytes_get_count (InionXdfBytes  *self,
                            gint64         *at,
                            gint64          end,
                            guint64        *value,
                            GError        **error)
{
  const guint8 *bytes = *at < end ? _inion_xdf_bytes_get (self, *at, 1, error) : NULL;
  gsize n;

  if (bytes == NULL || (*bytes != 1 && *bytes != 4 && *bytes != 8))
    return FALSE;
  n = *bytes;
  if ((gint64) n >= end - *at)
    return FALSE;
  bytes = _inion_xdf_bytes_get (self, *at + 1, n, error);
  if (bytes == NULL)
    return FALSE;
  *value = _inion_xdf_get_little (bytes, n);
  *at += 1 + (gint64) n;
  return TRUE;
}
