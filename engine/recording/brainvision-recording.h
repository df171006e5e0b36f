/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BrainVision recordings: a header, its markers and its samples, in three files. */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

/**
 * InionBrainVisionParts:
 * @header_path: the header's name
 * @header_fd: the open header, or -1; handed over
 * @header: what it holds
 * @marker_path: (nullable): the marker file's name
 * @marker_fd: the open marker file, or -1; handed over
 * @markers: (nullable): what it holds
 * @data_path: the data file's name
 * @data_fd: the open data file; handed over
 *
 * The files of a recording, found and read.
 */
typedef struct
{
  const char *header_path;
  int header_fd;
  GBytes *header;
  const char *marker_path;
  int marker_fd;
  GBytes *markers;
  const char *data_path;
  int data_fd;
} InionBrainVisionParts;

gboolean        inion_brainvision_sniff (const char *path, const guint8 *head, gsize n);
InionRecording *inion_brainvision_open (const char *path, GError **error);
InionRecording *inion_brainvision_open_parts (InionBrainVisionParts *parts, GError **error);

G_END_DECLS
