/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The errors a person can meet, and how their messages are made. */

#define G_LOG_DOMAIN "inion-core"

#include "config.h"

#include "core/error.h"

#include <gio/gio.h>
#include <string.h>

G_DEFINE_QUARK (inion-error-quark, inion_error)

/**
 * inion_message_valist:
 * @format: printf format of a message for a person
 * @args: its arguments
 *
 * Formats a message. A precision as in "%.40s" counts bytes and may cut a character in two: what is
 * no whole character is left out.
 *
 * Returns: (transfer full): the message, valid UTF-8
 */
char *
inion_message_valist (const char *format,
                      va_list     args)
{
  char *text = g_strdup_vprintf (format, args);
  char *at = text;
  const char *end;

  while (!g_utf8_validate (at, -1, &end))
    {
      at += end - at;
      memmove (at, at + 1, strlen (at));
    }
  return text;
}

/**
 * inion_set_error:
 * @error: (out) (optional): where to put the error
 * @code: the kind of error
 * @format: printf format of a message for a person: what, where, what was kept, what to do
 *
 * Sets an error and returns %FALSE, so that a failing function can end in one line.
 *
 * Returns: always %FALSE
 */
gboolean
inion_set_error (GError     **error,
                 InionError   code,
                 const char  *format,
                 ...)
{
  va_list args;

  if (error == NULL)
    return FALSE;
  va_start (args, format);
  g_warn_if_fail (*error == NULL);
  if (*error == NULL)
    {
      g_autofree char *message = inion_message_valist (format, args);

      *error = g_error_new_literal (INION_ERROR, (int) code, message);
    }
  va_end (args);
  return FALSE;
}

/**
 * inion_set_error_errno:
 * @error: (out) (optional): where to put the error
 * @errsv: the saved errno
 * @what: what was tried, as the start of a sentence: "Could not open"
 * @path: the file
 *
 * Sets an %INION_ERROR_IO that names the file and the system's reason.
 *
 * Returns: always %FALSE
 */
gboolean
inion_set_error_errno (GError    **error,
                       int         errsv,
                       const char *what,
                       const char *path)
{
  g_autofree char *name = g_filename_display_name (path);

  return inion_set_error (error, INION_ERROR_IO, "%s “%s”: %s.", what, name, g_strerror (errsv));
}
