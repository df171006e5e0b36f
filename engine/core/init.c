/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program does once before it uses the engine. */

#define G_LOG_DOMAIN "inion-core"

#include "config.h"

#include "core/init.h"

#include <cblas.h>
#include <malloc.h>

/**
 * inion_init:
 *
 * Prepares the process: OpenBLAS runs on one thread inside our own parallel loops, which keeps
 * sums in one order and results equal for any number of threads; blocks of 128 KiB and more go
 * back to the system when they are freed (glibc would move that bound up to 32 MiB and keep what
 * long jobs used). May be called more than once.
 */
void
inion_init (void)
{
  static gsize done;

  if (g_once_init_enter (&done))
    {
      openblas_set_num_threads (1);
      mallopt (M_MMAP_THRESHOLD, 128 * 1024);
      g_once_init_leave (&done, 1);
    }
}

/**
 * inion_version:
 *
 * Returns: the version of Inion
 */
const char *
inion_version (void)
{
  return PACKAGE_VERSION;
}
