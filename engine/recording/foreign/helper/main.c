/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A helper that reads one foreign file: it locks itself in before it looks at the first byte. */

#include "config.h"

#include "recording/foreign/helper/sandbox.h"
#include "recording/foreign/helper/writer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* A number of the command line, which the caller wrote; 0 if it is none. */
static uint64_t
parse (const char *text)
{
  uint64_t value = 0;

  for (; *text >= '0' && *text <= '9' && value < UINT64_MAX / 16; text++)
    value = value * 10 + (uint64_t) (*text - '0');
  return *text == '\0' ? value : 0;
}

int
main (int   argc,
      char *argv[])
{
  static Writer writer;
  SandboxLimits limits;
  bool good;

  if (argc != 4)
    return FOREIGN_EXIT_USAGE;
  limits = (SandboxLimits) { parse (argv[1]), parse (argv[2]), parse (argv[3]) };
  tzset (); /* asks for files, which is impossible later */
  if (!sandbox_close_others (FOREIGN_FD_FIRST_OTHER) || !sandbox_enter (&limits))
    _exit (FOREIGN_EXIT_NO_SANDBOX);
  good = foreign_read (&writer);
  writer_finish (&writer, good ? FOREIGN_GOOD : FOREIGN_REFUSED);
  _exit (0);
}
