/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one file that the libraries of a helper can open by a name.
 *
 * They want names, but a name cannot be opened in the sandbox and need not be: the file is open.
 * So the functions of the C library that open files are replaced, for all that is linked into the
 * helper, by these, which know one name. This is a convenience and no fence: the fence is the
 * sandbox. Likewise, questions for the name of the user and of the computer, which libbiosig asks
 * before it reads, get no answer: asking for real would be a reason to be killed. */

#define _GNU_SOURCE
/* Both names of each function are defined here: none may stand for the other. */
#undef _FILE_OFFSET_BITS

#include "config.h"

#include "recording/foreign/helper/open-input.h"

#include "recording/foreign/foreign-wire.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int
open_input (const char *name,
            int         writing)
{
  int fd;

  if (strcmp (name, FOREIGN_INPUT_NAME) != 0 || writing)
    {
      errno = EACCES;
      return -1;
    }
  fd = dup (FOREIGN_FD_INPUT);
  if (fd >= 0)
    lseek (fd, 0, SEEK_SET);
  return fd;
}

int
open (const char *name,
      int         flags,
      ...)
{
  return open_input (name, (flags & O_ACCMODE) != O_RDONLY);
}

int
open64 (const char *name,
        int         flags,
        ...)
{
  return open_input (name, (flags & O_ACCMODE) != O_RDONLY);
}

FILE *
fopen (const char *name,
       const char *mode)
{
  int fd = open_input (name, mode[0] != 'r' || strchr (mode, '+') != NULL);
  FILE *stream;

  if (fd < 0)
    return NULL;
  stream = fdopen (fd, "rb");
  if (stream == NULL)
    close (fd);
  return stream;
}

FILE *
fopen64 (const char *name,
         const char *mode)
{
  return fopen (name, mode);
}

int
stat (const char  *name,
      struct stat *st)
{
  if (strcmp (name, FOREIGN_INPUT_NAME) == 0)
    return fstat (FOREIGN_FD_INPUT, st);
  errno = EACCES;
  return -1;
}

int
lstat (const char  *name,
       struct stat *st)
{
  return stat (name, st);
}

int
access (const char *name,
        int         mode)
{
  if (strcmp (name, FOREIGN_INPUT_NAME) == 0 && (mode & (W_OK | X_OK)) == 0)
    return 0;
  errno = EACCES;
  return -1;
}

/* Nobody else has the file that this process could lock out. */
int
flock (int fd,
       int operation)
{
  return 0;
}

struct passwd *
getpwuid (uid_t user)
{
  return NULL;
}

int
gethostname (char   *name,
             size_t  n)
{
  if (n > 0)
    *name = '\0';
  return 0;
}

int
getaddrinfo (const char             *node,
             const char             *service,
             const struct addrinfo  *hints,
             struct addrinfo       **found)
{
  *found = NULL;
  return EAI_FAIL;
}

void
freeaddrinfo (struct addrinfo *found)
{
}
