/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that appear whole or not at all, one or several together.
 *
 * They are written in a folder of their own, hidden and for the user alone, that stands where the
 * first of them will be, so that moving them is a rename. There they have their final names: what
 * belongs together can be opened and read back before anything is replaced.
 *
 * Order of events: all files are written, synced and closed; each file that will be replaced gets a
 * second name in the hidden folder (a hard link, where the file system has these); the new files
 * are renamed, the one that a person named last; their folders are synced. Where a step fails, what
 * was there before is put back and the error says which step. A file that is replaced keeps its
 * mode, and a symbolic link keeps pointing to it. */

#define G_LOG_DOMAIN "inion-core"

#include "config.h"

#include "core/output.h"

#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_BYTES (256 * 1024)

typedef struct
{
  char *path; /* what it will be */
  char *part; /* where it is until then */
  char *backup; /* where the file is that it replaces */
  int fd;
  gint64 size; /* written and waiting */
  gsize waiting;
  guint8 *buffer;
  gboolean has_backup;
  gboolean moved;
} File;

struct _InionOutput
{
  char *folder;
  char *hidden;
  GPtrArray *files; /* File */
};

static void
free_file (gpointer data)
{
  File *file = data;

  if (file->fd >= 0)
    close (file->fd);
  g_free (file->path);
  g_free (file->part);
  g_free (file->backup);
  g_free (file->buffer);
  g_free (file);
}

static File *
get_file (InionOutput *self,
          guint        file)
{
  return g_ptr_array_index (self->files, file);
}

/* Says what failed with a person's name of the file, not with that of its part. */
static gboolean
fail (GError     **error,
      int          errsv,
      const File  *file)
{
  g_autofree char *name = g_filename_display_name (file->path);

  return inion_set_error (error, INION_ERROR_IO,
                          "Could not write “%s”: %s. Nothing was changed.", name,
                          g_strerror (errsv));
}

/* The file behind a symbolic link, also where it does not exist yet. */
static char *
resolve (const char *path)
{
  g_autofree char *at = g_strdup (path);

  for (guint depth = 0; depth < 40; depth++)
    {
      g_autofree char *to = g_file_read_link (at, NULL);
      g_autofree char *folder = NULL;

      if (to == NULL)
        break;
      if (g_path_is_absolute (to))
        {
          g_free (at);
          at = g_steal_pointer (&to);
          continue;
        }
      folder = g_path_get_dirname (at);
      g_free (at);
      at = g_build_filename (folder, to, NULL);
    }
  return g_steal_pointer (&at);
}

static gboolean
check_target (const char  *path,
              struct stat *st,
              gboolean    *exists,
              GError     **error)
{
  g_autofree char *name = g_filename_display_name (path);

  *exists = stat (path, st) == 0;
  if (*exists && S_ISREG (st->st_mode) && access (path, W_OK) != 0)
    return inion_set_error (error, INION_ERROR_IO, "Could not write “%s”: %s. Nothing was "
                            "changed.", name, g_strerror (errno));
  if (!*exists || S_ISREG (st->st_mode))
    return TRUE;
  return inion_set_error (error, INION_ERROR_IO,
                          "Could not write “%s”: there is a %s of that name. Nothing was "
                          "changed.", name, S_ISDIR (st->st_mode) ? "folder" : "device or pipe");
}

static gboolean
add_file (InionOutput  *self,
          const char   *path,
          GError      **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *old = g_strconcat (name, ".old", NULL);
  File *file;
  struct stat st;
  gboolean exists;

  if (!check_target (path, &st, &exists, error))
    return FALSE;
  file = g_new0 (File, 1);
  file->path = g_strdup (path);
  file->part = g_build_filename (self->hidden, name, NULL);
  file->backup = g_build_filename (self->hidden, old, NULL);
  file->fd = open (file->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file->fd < 0 || (exists && fchmod (file->fd, st.st_mode & 0777) != 0))
    {
      fail (error, errno, file);
      if (file->fd >= 0)
        unlink (file->part);
      free_file (file);
      return FALSE;
    }
  file->buffer = g_malloc (BUFFER_BYTES);
  g_ptr_array_add (self->files, file);
  return TRUE;
}

/**
 * inion_output_new:
 * @path: a file that may exist; it stays as it is until inion_output_commit()
 * @error: return location
 *
 * Begins a file, or, with inion_output_add(), several that belong together. It has index 0 and
 * appears last: of several it should be the header that names the others.
 *
 * Returns: (transfer full) (nullable): an output, or %NULL with %INION_ERROR_IO
 */
InionOutput *
inion_output_new (const char  *path,
                  GError     **error)
{
  g_autoptr (InionOutput) self = g_new0 (InionOutput, 1);
  g_autofree char *target = resolve (path);
  g_autofree char *name = g_filename_display_name (path);

  self->files = g_ptr_array_new_with_free_func (free_file);
  self->folder = g_path_get_dirname (target);
  self->hidden = g_build_filename (self->folder, ".inion-XXXXXX", NULL);
  if (g_mkdtemp_full (self->hidden, 0700) == NULL)
    {
      inion_set_error (error, INION_ERROR_IO, "Could not write “%s”: %s. Nothing was changed.",
                       name, g_strerror (errno));
      g_clear_pointer (&self->hidden, g_free);
      return NULL;
    }
  return add_file (self, target, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * inion_output_free:
 * @self: (nullable): an output; what was not committed is removed
 */
void
inion_output_free (InionOutput *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->files->len; i++)
    {
      unlink (get_file (self, i)->part);
      unlink (get_file (self, i)->backup);
    }
  if (self->hidden != NULL)
    rmdir (self->hidden);
  g_ptr_array_unref (self->files);
  g_free (self->folder);
  g_free (self->hidden);
  g_free (self);
}

/**
 * inion_output_add:
 * @self: an output
 * @name: a file's name without its folder
 * @file: (out): its index
 * @error: return location
 *
 * Adds another file, in the folder of the first. Files appear in the order in which they were
 * added, before the first.
 *
 * Returns: %FALSE with %INION_ERROR_IO
 */
gboolean
inion_output_add (InionOutput  *self,
                  const char   *name,
                  guint        *file,
                  GError      **error)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  *file = self->files->len;
  return add_file (self, path, error);
}

/**
 * inion_output_add_path:
 * @self: an output
 * @path: a file in any folder of the same disk; no other file of the output has this base name
 * @file: (out): its index
 * @error: return location
 *
 * The same as inion_output_add() for a file in a folder that is there already.
 *
 * Returns: %FALSE with %INION_ERROR_IO
 */
gboolean
inion_output_add_path (InionOutput  *self,
                       const char   *path,
                       guint        *file,
                       GError      **error)
{
  g_autofree char *target = resolve (path);

  *file = self->files->len;
  return add_file (self, target, error);
}

static gboolean
write_all (File          *file,
           const guint8  *bytes,
           gsize          n,
           GError       **error)
{
  while (n > 0)
    {
      gssize written = write (file->fd, bytes, n);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return fail (error, errno, file);
      bytes += written;
      n -= (gsize) written;
    }
  return TRUE;
}

static gboolean
flush (File    *file,
       GError **error)
{
  gsize n = file->waiting;

  file->waiting = 0;
  return write_all (file, file->buffer, n, error);
}

/**
 * inion_output_write:
 * @self: an output
 * @file: which of its files; it is not finished
 * @bytes: (array length=n): what to append
 * @n: how many bytes
 * @error: return location
 *
 * Returns: %FALSE with %INION_ERROR_IO, as when the disk is full
 */
gboolean
inion_output_write (InionOutput    *self,
                    guint           file,
                    gconstpointer   bytes,
                    gsize           n,
                    GError        **error)
{
  File *f = get_file (self, file);

  g_return_val_if_fail (f->fd >= 0, FALSE);

  f->size += (gint64) n;
  if (n > BUFFER_BYTES - f->waiting && !flush (f, error))
    return FALSE;
  if (n > BUFFER_BYTES)
    return write_all (f, bytes, n, error);
  if (n > 0)
    memcpy (f->buffer + f->waiting, bytes, n);
  f->waiting += n;
  return TRUE;
}

/**
 * inion_output_print:
 * @self: an output
 * @file: which of its files; it is not finished
 * @text: what to append
 * @error: return location
 *
 * Returns: %FALSE with %INION_ERROR_IO
 */
gboolean
inion_output_print (InionOutput  *self,
                    guint         file,
                    const char   *text,
                    GError      **error)
{
  return inion_output_write (self, file, text, strlen (text), error);
}

/**
 * inion_output_get_size:
 * @self: an output
 * @file: which of its files
 *
 * Returns: how many bytes were appended
 */
gint64
inion_output_get_size (InionOutput *self,
                       guint        file)
{
  return get_file (self, file)->size;
}

static gboolean
finish_file (File    *file,
             GError **error)
{
  int fd = file->fd;

  if (fd < 0)
    return TRUE;
  if (!flush (file, error))
    return FALSE;
  if (fsync (fd) != 0)
    return fail (error, errno, file);
  file->fd = -1;
  return close (fd) == 0 || fail (error, errno, file);
}

/**
 * inion_output_finish:
 * @self: an output
 * @error: return location
 *
 * Writes what waits, and makes sure that it is on the disk. After this the files that there are can
 * be read by their names from inion_output_get_part(), and no longer be written. Others can still
 * be added, and are finished by another call.
 *
 * Returns: %FALSE with %INION_ERROR_IO
 */
gboolean
inion_output_finish (InionOutput  *self,
                     GError      **error)
{
  for (guint i = 0; i < self->files->len; i++)
    if (!finish_file (get_file (self, i), error))
      return FALSE;
  return TRUE;
}

/**
 * inion_output_get_part:
 * @self: an output
 * @file: which of its files
 *
 * Returns: (transfer none): where the file is before inion_output_commit()
 */
const char *
inion_output_get_part (InionOutput *self,
                       guint        file)
{
  return get_file (self, file)->part;
}

/* A second name for the file that will be replaced. A single file needs none where there are no
 * hard links: its rename happens or does not. */
static gboolean
set_aside (InionOutput  *self,
           File         *file,
           GError      **error)
{
  struct stat st;

  if (lstat (file->path, &st) != 0 || S_ISDIR (st.st_mode))
    return TRUE;
  file->has_backup = link (file->path, file->backup) == 0;
  if (!file->has_backup && self->files->len > 1)
    {
      if (rename (file->path, file->backup) != 0)
        return fail (error, errno, file);
      file->has_backup = TRUE;
    }
  return TRUE;
}

static gboolean
sync_folder (const char *folder)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  /* Some file systems cannot sync a folder, or not for this user: no reason to undo anything. */
  gboolean good = fd < 0 || fsync (fd) == 0 || errno == EINVAL || errno == ENOTSUP ||
                  errno == EBADF || errno == EROFS;
  int errsv = errno;

  if (fd >= 0)
    close (fd);
  errno = errsv;
  return good;
}

/* Each folder once where its files were added one behind the other. */
static gboolean
sync_folders (InionOutput  *self,
              GError      **error)
{
  g_autofree char *last = NULL;

  for (guint i = 0; i < self->files->len; i++)
    {
      g_autofree char *folder = g_path_get_dirname (get_file (self, i)->path);

      if (g_strcmp0 (folder, last) != 0 && !sync_folder (folder))
        return fail (error, errno, get_file (self, i));
      g_free (last);
      last = g_steal_pointer (&folder);
    }
  return TRUE;
}

/* Puts everything back. FALSE: something could not be. */
static gboolean
undo (InionOutput *self)
{
  gboolean good = TRUE;

  for (guint i = 0; i < self->files->len; i++)
    {
      File *file = get_file (self, i);

      if (file->has_backup)
        {
          if (rename (file->backup, file->path) == 0)
            unlink (file->backup); /* a rename to a name of the same file does nothing */
          else
            good = FALSE;
        }
      else if (file->moved)
        {
          good = unlink (file->path) == 0 && good;
        }
    }
  return good;
}

/* The first file is the last to move. */
static gboolean
move_all (InionOutput  *self,
          GError      **error)
{
  for (guint i = 0; i < self->files->len; i++)
    if (!set_aside (self, get_file (self, i), error))
      return FALSE;
  for (guint i = 1; i <= self->files->len; i++)
    {
      File *file = get_file (self, i % self->files->len);

      if (rename (file->part, file->path) != 0)
        return fail (error, errno, file);
      file->moved = TRUE;
    }
  return sync_folders (self, error);
}

/**
 * inion_output_commit:
 * @self: an output
 * @error: return location
 *
 * Lets the files appear, in place of those of the same names.
 *
 * Returns: %FALSE with %INION_ERROR_IO; everything is then as it was before
 */
gboolean
inion_output_commit (InionOutput  *self,
                     GError      **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *hidden = NULL;

  if (!inion_output_finish (self, error))
    return FALSE;
  if (move_all (self, &why))
    return TRUE;
  if (undo (self))
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
  hidden = g_filename_display_name (self->hidden);
  inion_set_error (error, INION_ERROR_IO,
                   "%s But putting it back failed as well; the files that were there before are "
                   "in “%s”.", why->message, hidden);
  g_clear_pointer (&self->hidden, g_free);
  g_ptr_array_set_size (self->files, 0); /* so that nothing is removed */
  return FALSE;
}

/**
 * inion_output_write_file:
 * @path: a file
 * @bytes: (array length=n): what it shall hold
 * @n: how many bytes
 * @error: return location
 *
 * Writes a whole file in one go.
 *
 * Returns: %FALSE with %INION_ERROR_IO; what was there is then unchanged
 */
gboolean
inion_output_write_file (const char     *path,
                         gconstpointer   bytes,
                         gsize           n,
                         GError        **error)
{
  g_autoptr (InionOutput) self = inion_output_new (path, error);

  return self != NULL && inion_output_write (self, 0, bytes, n, error) &&
         inion_output_commit (self, error);
}
