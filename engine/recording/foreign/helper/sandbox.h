/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes from this process, for good, all that a reader of one open file does not need. */

#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * SandboxLimits:
 * @memory: bytes of address space
 * @cpu_seconds: of computing
 * @file_bytes: how long a file may become that is written to
 */
typedef struct
{
  uint64_t memory;
  uint64_t cpu_seconds;
  uint64_t file_bytes;
} SandboxLimits;

bool sandbox_close_others (unsigned int first);
bool sandbox_enter (const SandboxLimits *limits);
