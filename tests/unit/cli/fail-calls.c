/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A library that is loaded before all others and lets the n-th call that changes a disk fail, as a
 * disk does that is full, worn or pulled out: write, fsync, rename, link, ftruncate, mkdir, chmod.
 *
 * INION_FAIL_CALL: which call, from 0. INION_FAIL_REPORT: a file that then gets the call's name. */

#define _GNU_SOURCE
#undef _FILE_OFFSET_BITS /* or ftruncate() were another name of ftruncate64() */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORT __attribute__ ((visibility ("default")))
#define REAL(name) ((__typeof__ (&name)) dlsym (RTLD_NEXT, #name))

static int
fail_now (const char *call)
{
  static atomic_int n_calls;
  const char *at = getenv ("INION_FAIL_CALL");
  const char *report = getenv ("INION_FAIL_REPORT");
  int fd;

  if (at == NULL || report == NULL || atomic_fetch_add (&n_calls, 1) != atoi (at))
    return 0;
  fd = open (report, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd >= 0)
    {
      syscall (SYS_write, fd, call, strlen (call));
      syscall (SYS_close, fd);
    }
  return 1;
}

/* Not a pipe or a terminal: those are no disk. */
static int
is_on_disk (int fd)
{
  struct stat st;

  return fstat (fd, &st) == 0 && (S_ISREG (st.st_mode) || S_ISDIR (st.st_mode));
}

EXPORT ssize_t
write (int         fd,
       const void *bytes,
       size_t      n)
{
  /* A write that fails may have happened in part. */
  if (is_on_disk (fd) && fail_now ("write"))
    {
      if (n > 1)
        syscall (SYS_write, fd, bytes, n / 2);
      errno = ENOSPC;
      return -1;
    }
  return syscall (SYS_write, fd, bytes, n);
}

EXPORT int
fsync (int fd)
{
  if (!is_on_disk (fd) || !fail_now ("fsync"))
    return 0; /* the machine stays up: nothing has to reach the disk */
  errno = EIO;
  return -1;
}

EXPORT int
rename (const char *from,
        const char *to)
{
  if (!fail_now ("rename"))
    return REAL (rename) (from, to);
  errno = EIO;
  return -1;
}

EXPORT int
link (const char *from,
      const char *to)
{
  if (!fail_now ("link"))
    return REAL (link) (from, to);
  errno = EPERM;
  return -1;
}

EXPORT int
mkdir (const char *path,
       mode_t      mode)
{
  struct stat st;

  if (stat (path, &st) == 0 || !fail_now ("mkdir"))
    return REAL (mkdir) (path, mode);
  errno = ENOSPC;
  return -1;
}

EXPORT int
fchmod (int    fd,
        mode_t mode)
{
  if (!fail_now ("fchmod"))
    return REAL (fchmod) (fd, mode);
  errno = EPERM;
  return -1;
}

static int
truncate_or_fail (int   fd,
                  off_t size)
{
  if (!is_on_disk (fd) || !fail_now ("ftruncate"))
    return (int) syscall (SYS_ftruncate, fd, size);
  errno = ENOSPC;
  return -1;
}

EXPORT int
ftruncate (int   fd,
           off_t size)
{
  return truncate_or_fail (fd, size);
}

EXPORT int
ftruncate64 (int   fd,
             off_t size)
{
  return truncate_or_fail (fd, size);
}
