/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By how many days the recordings of a subject are shifted: the same for all of them, so that the
 * time between them stays, and known to nobody who has not the secret: HMAC-SHA256 of the subject. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "core/error.h"
#include "recording/deidentify.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define SECRET_BYTES 32

/* Between one day and ten years. */
#define MAX_DAYS 3653

/**
 * inion_deidentify_make_secret:
 * @error: return location
 *
 * Returns: (transfer full) (nullable): 64 hexadecimal digits that nobody can guess
 */
char *
inion_deidentify_make_secret (GError **error)
{
  guint8 bytes[SECRET_BYTES];
  GString *text;

  if (getentropy (bytes, sizeof bytes) != 0)
    {
      inion_set_error (error, INION_ERROR_FAILED, "The system gave no random numbers: %s.",
                       g_strerror (errno));
      return NULL;
    }
  text = g_string_new (NULL);
  for (gsize i = 0; i < sizeof bytes; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

/* A new file that only its owner can read. */
static gboolean
write_secret (const char  *path,
              const char  *secret,
              GError     **error)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  gsize n = strlen (secret);
  gboolean good;

  if (fd < 0)
    return inion_set_error_errno (error, errno, "Could not keep the secret in", path);
  good = write (fd, secret, n) == (gssize) n && write (fd, "\n", 1) == 1 && fsync (fd) == 0;
  if (!good)
    inion_set_error_errno (error, errno, "Could not keep the secret in", path);
  close (fd);
  if (!good)
    unlink (path);
  return good;
}

/**
 * inion_deidentify_load_secret:
 * @path: a file that is kept with the originals
 * @error: return location
 *
 * Reads the secret from which dates are shifted, or makes one where there is no such file.
 *
 * Returns: (transfer full) (nullable): the secret, or %NULL with %INION_ERROR_IO, or
 *   %INION_ERROR_FORMAT if the file holds fewer than 16 characters
 */
char *
inion_deidentify_load_secret (const char  *path,
                              GError     **error)
{
  g_autofree char *secret = NULL;
  g_autofree char *folder = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if (g_file_get_contents (path, &secret, NULL, NULL))
    {
      g_strstrip (secret);
      if (strlen (secret) >= 16)
        return g_steal_pointer (&secret);
      inion_set_error (error, INION_ERROR_FORMAT,
                       "“%s” holds fewer than 16 characters: that is no secret. Name another file, "
                       "or one that is not there yet.", path);
      return NULL;
    }
  folder = g_path_get_dirname (path);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      inion_set_error_errno (error, errno, "Could not make the folder", folder);
      return NULL;
    }
  secret = inion_deidentify_make_secret (error);
  return secret != NULL && write_secret (path, secret, error) ? g_steal_pointer (&secret) : NULL;
}

/**
 * inion_deidentify_shift_days:
 * @secret: the secret
 * @subject: who it is; case and blanks around do not count
 *
 * Returns: by how many days the subject's recordings are made earlier, 1 to 3653
 */
guint
inion_deidentify_shift_days (const char *secret,
                             const char *subject)
{
  g_autofree char *valid = g_utf8_make_valid (subject, -1);
  g_autofree char *folded = g_utf8_casefold (g_strstrip (valid), -1);
  g_autofree char *digest = NULL;
  g_autofree char *head = NULL;

  digest = g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *) secret, strlen (secret),
                                      folded, -1);
  head = g_strndup (digest, 12);
  return 1 + (guint) (g_ascii_strtoull (head, NULL, 16) % MAX_DAYS);
}
