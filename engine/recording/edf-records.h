/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records of an EDF or BDF file: how long, how large, how many, and where. */

#pragma once

#include "recording/edf-field.h"
#include "recording/edf-header.h"

G_BEGIN_DECLS

/**
 * InionEdfRecords:
 * @name: the file's name, for messages
 * @file_size: its size in bytes
 * @fields: its header
 * @header: what is read of it; the signals' labels are there already
 *
 * What is needed to find the records of a file.
 */
typedef struct
{
  const char *name;
  gint64 file_size;
  const InionEdfFields *fields;
  InionEdfHeader *header;
} InionEdfRecords;

gboolean inion_edf_records_read (const InionEdfRecords *self, int fd, GError **error);

G_END_DECLS
