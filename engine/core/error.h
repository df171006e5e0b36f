/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The errors a person can meet, and how their messages are made. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * InionError:
 * @INION_ERROR_FAILED: something failed that no other code describes
 * @INION_ERROR_IO: a file could not be read or written
 * @INION_ERROR_FORMAT: the content of a file is not what its format asks for
 * @INION_ERROR_UNSUPPORTED: the content is legal, but Inion cannot treat it truthfully
 * @INION_ERROR_INVALID: an argument, a recipe key or a setting is out of range
 * @INION_ERROR_TOO_FEW: too few examples, samples, channels or classes for the question asked
 * @INION_ERROR_NUMERIC: the numbers do not allow an answer (rank, NaN, no convergence)
 * @INION_ERROR_NOT_FOUND: a named thing (channel, label, montage, result) does not exist
 * @INION_ERROR_BUSY: the thing is in use by somebody else
 * @INION_ERROR_TOO_LARGE: a size is beyond the stated limit or the memory
 *
 * One domain for the engine: rooms differ in their message, callers differ in the code.
 */
typedef enum
{
  INION_ERROR_FAILED,
  INION_ERROR_IO,
  INION_ERROR_FORMAT,
  INION_ERROR_UNSUPPORTED,
  INION_ERROR_INVALID,
  INION_ERROR_TOO_FEW,
  INION_ERROR_NUMERIC,
  INION_ERROR_NOT_FOUND,
  INION_ERROR_BUSY,
  INION_ERROR_TOO_LARGE,
} InionError;

#define INION_ERROR (inion_error_quark ())
GQuark inion_error_quark (void);

char    *inion_message_valist (const char *format, va_list args) G_GNUC_PRINTF (1, 0);
gboolean inion_set_error (GError **error, InionError code, const char *format, ...) G_GNUC_PRINTF (3, 4);
gboolean inion_set_error_errno (GError **error, int errsv, const char *what, const char *path);

G_END_DECLS
