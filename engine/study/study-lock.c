/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may write a study: one program at a time.
 *
 * A lock on the open file NAME.inion-lock (Linux' F_OFD_SETLK), whose text says who holds it. The
 * kernel drops the lock with the process, however that ends; a file that is left behind is no lock.
 * SQLite's own locks cannot serve: held for as long as a study is open they would keep readers out,
 * too.
 *
 * Whoever releases removes the file while still holding it. Whoever acquires therefore checks that
 * the file that was locked is still the one of that name, and tries again if not.
 */

#define G_LOG_DOMAIN "inion-study"

#define _GNU_SOURCE

#include "config.h"

#include "core/error.h"
#include "study/study-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct _InionStudyLock
{
  char *path;
  int fd;
};

static gboolean
is_still_named (int         fd,
                const char *path)
{
  struct stat opened, named;

  return fstat (fd, &opened) == 0 && stat (path, &named) == 0 && opened.st_dev == named.st_dev
         && opened.st_ino == named.st_ino;
}

static char *
read_owner (int fd)
{
  char text[512];
  gssize n = pread (fd, text, sizeof text - 1, 0);

  if (n <= 0)
    return g_strdup ("another program");
  text[n] = '\0';
  return g_utf8_make_valid (g_strstrip (text), -1);
}

static void
write_owner (int fd)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *since = g_date_time_format (now, "%Y-%m-%d %H:%M UTC");
  g_autofree char *text = g_strdup_printf ("%s on %s (process %d) since %s\n", g_get_user_name (),
                                           g_get_host_name (), (int) getpid (), since);

  /* The text is a courtesy: the lock holds without it, on a full disk as well. */
  if (ftruncate (fd, 0) != 0 || pwrite (fd, text, strlen (text), 0) < 0)
    g_debug ("The owner could not be written into the lock file: %s", g_strerror (errno));
}

/* One try: 1 locked, 0 held by somebody else, -1 failed with errno, 2 the file was replaced. */
static int
try_lock (const char *path,
          int        *fd)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

  *fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (*fd < 0)
    return -1;
  if (fcntl (*fd, F_OFD_SETLK, &lock) != 0)
    return errno == EAGAIN || errno == EACCES ? 0 : -1;
  return is_still_named (*fd, path) ? 1 : 2;
}

/* Locks a study. NULL with @owner set if somebody else has it; NULL with an error if the lock file
 * cannot be made. */
InionStudyLock *
_inion_study_lock_acquire (const char *path,
                           char      **owner,
                           GError    **error)
{
  g_autofree char *name = g_strconcat (path, "-lock", NULL);
  InionStudyLock *self;
  int fd = -1;
  int result = 2;

  *owner = NULL;
  for (int i = 0; result == 2 && i < 100; i++)
    {
      if (fd >= 0)
        close (fd);
      result = try_lock (name, &fd);
    }
  if (result != 1)
    {
      int errsv = result == 2 ? EAGAIN : errno;

      if (result == 0)
        *owner = read_owner (fd);
      if (fd >= 0)
        close (fd);
      if (result != 0)
        inion_set_error_errno (error, errsv, "Could not lock the study with", name);
      return NULL;
    }
  write_owner (fd);
  self = g_new0 (InionStudyLock, 1);
  self->path = g_steal_pointer (&name);
  self->fd = fd;
  return self;
}

void
_inion_study_lock_release (InionStudyLock *self)
{
  g_unlink (self->path);
  close (self->fd);
  g_free (self->path);
  g_free (self);
}
