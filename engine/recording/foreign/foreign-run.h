/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a helper that reads a foreign file in a sandbox. */

#pragma once

#include "core/job.h"
#include "recording/foreign/foreign-result.h"

G_BEGIN_DECLS

/**
 * InionForeignRequest:
 * @program: the helper
 * @input: the file to read, open
 * @samples: where its samples go: an open, empty file
 * @name: what the file is called in messages
 * @memory: bytes that the helper may use
 * @cpu_seconds: how long it may compute
 * @file_bytes: how much it may write
 * @timeout_ms: how long it may take
 * @job: (nullable): for progress and cancel
 */
typedef struct
{
  const char *program;
  int input;
  int samples;
  const char *name;
  guint64 memory;
  guint64 cpu_seconds;
  guint64 file_bytes;
  gint64 timeout_ms;
  InionJob *job;
} InionForeignRequest;

void                inion_foreign_request_init (InionForeignRequest *request, gint64 size);
InionForeignResult *inion_foreign_run (const InionForeignRequest *request, GError **error);
InionForeignResult *inion_foreign_read (const char *helper, const char *path, int input, int *samples,
                                        InionJob *job, GError **error);
char               *inion_foreign_find_program (const char *name, GError **error);

G_END_DECLS
