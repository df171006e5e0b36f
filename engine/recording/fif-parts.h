/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that a FIF recording was split into. */

#pragma once

#include "recording/binary-recording.h"
#include "recording/fif-file.h"

G_BEGIN_DECLS

/**
 * InionFifPart:
 * @index: number that the recording knows the file of its buffers by
 * @fd: the same, borrowed from the recording
 * @path: its name
 * @file: what it says
 */
typedef struct
{
  guint index;
  int fd;
  char *path;
  InionFifFile *file;
} InionFifPart;

GPtrArray *_inion_fif_parts_read (InionBinaryRecording *recording, int fd, const char *path,
                                  InionEdfFaults *faults, InionJob *job, GError **error);

G_END_DECLS
