/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file without a name for samples that had to be unpacked, gone when it is closed.
 *
 * It stands in the user's cache folder, which is on a disk, so that a long recording does not fill
 * the memory; where that folder cannot be written, in the folder for temporary files. */

#define _GNU_SOURCE /* O_TMPFILE */
#define G_LOG_DOMAIN "inion-core"

#include "config.h"

#include "core/scratch.h"

#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_BYTES (256 * 1024)

struct _InionScratch
{
  int fd;
  char *folder;
  gint64 size; /* written and waiting */
  gsize waiting;
  guint8 *buffer;
};

/* Some file systems cannot make a file without a name: it then loses it at once. */
static int
open_in (const char *folder)
{
  g_autofree char *path = NULL;
  int fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  if (fd >= 0)
    return fd;
  path = g_build_filename (folder, "inion-XXXXXX", NULL);
  fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    g_unlink (path);
  return fd;
}

/**
 * inion_scratch_new:
 * @error: return location
 *
 * Returns: (transfer full) (nullable): an empty file, or %NULL with %INION_ERROR_IO
 */
InionScratch *
inion_scratch_new (GError **error)
{
  g_autofree char *cache = g_build_filename (g_get_user_cache_dir (), "inion", NULL);
  const char *folders[] = { cache, g_get_tmp_dir () };
  int errsv = 0;

  g_mkdir_with_parents (cache, 0700);
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      int fd = open_in (folders[i]);

      if (fd >= 0)
        {
          InionScratch *self = g_new0 (InionScratch, 1);

          self->fd = fd;
          self->folder = g_strdup (folders[i]);
          self->buffer = g_malloc (BUFFER_BYTES);
          return self;
        }
      errsv = errno;
    }
  inion_set_error_errno (error, errsv, "Could not make a temporary file in", folders[1]);
  return NULL;
}

/**
 * inion_scratch_free:
 * @self: (nullable): a scratch file; closed, and gone
 */
void
inion_scratch_free (InionScratch *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->folder);
  g_free (self->buffer);
  g_free (self);
}

static gboolean
write_all (InionScratch  *self,
           const guint8  *bytes,
           gsize          n,
           GError       **error)
{
  while (n > 0)
    {
      gssize written = write (self->fd, bytes, n);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return inion_set_error_errno (error, errno, "Could not write a temporary file in",
                                      self->folder);
      bytes += written;
      n -= (gsize) written;
    }
  return TRUE;
}

static gboolean
flush (InionScratch  *self,
       GError       **error)
{
  gsize n = self->waiting;

  self->waiting = 0;
  return write_all (self, self->buffer, n, error);
}

/**
 * inion_scratch_write:
 * @self: a scratch file
 * @bytes: (array length=n): what to append
 * @n: how many bytes
 * @error: return location
 *
 * Returns: %FALSE with %INION_ERROR_IO, as when the disk is full
 */
gboolean
inion_scratch_write (InionScratch   *self,
                     gconstpointer   bytes,
                     gsize           n,
                     GError        **error)
{
  self->size += (gint64) n;
  if (n > BUFFER_BYTES - self->waiting && !flush (self, error))
    return FALSE;
  if (n > BUFFER_BYTES)
    return write_all (self, bytes, n, error);
  memcpy (self->buffer + self->waiting, bytes, n);
  self->waiting += n;
  return TRUE;
}

/**
 * inion_scratch_get_size:
 * @self: a scratch file
 *
 * Returns: how many bytes were appended: where the next will be
 */
gint64
inion_scratch_get_size (InionScratch *self)
{
  return self->size;
}

/**
 * inion_scratch_steal_fd:
 * @self: a scratch file; nothing can be appended after
 * @error: return location
 *
 * Writes what waits and hands the file out.
 *
 * Returns: (transfer full): its descriptor, or -1 with %INION_ERROR_IO
 */
int
inion_scratch_steal_fd (InionScratch  *self,
                        GError       **error)
{
  int fd = self->fd;

  if (!flush (self, error))
    return -1;
  self->fd = -1;
  return fd;
}
