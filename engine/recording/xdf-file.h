/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chunks of an XDF file: what lies where in it. */

#pragma once

#include "core/job.h"
#include "recording/edf-faults.h"
#include "recording/xdf-bytes.h"
#include "recording/xdf-clock.h"
#include "recording/xdf-header.h"

G_BEGIN_DECLS

/**
 * InionXdfChunk:
 * @at: where the count of its samples stands
 * @end: the byte behind it
 */
typedef struct
{
  gint64 at;
  gint64 end;
} InionXdfChunk;

/**
 * InionXdfStreamData:
 * @id: its number in the file
 * @at: where its header stands
 * @header: what it says of itself
 * @chunks: (element-type InionXdfChunk): its samples
 * @offsets: (element-type InionXdfOffset): its clock
 * @n_samples: how many samples its chunks claim to hold
 * @last_time: time of the last chunk so far, NaN if none was given
 * @ended: whether it has a footer
 */
typedef struct
{
  guint32 id;
  gint64 at;
  InionXdfHeader *header;
  GArray *chunks;
  GArray *offsets;
  gint64 n_samples;
  double last_time;
  gboolean ended;
} InionXdfStreamData;

/**
 * InionXdfFile:
 * @bytes: its bytes
 * @streams: (element-type InionXdfStreamData): in the order of their headers
 * @datetime: (nullable): when it was recorded
 * @faults: what is wrong with it
 */
typedef struct
{
  InionXdfBytes bytes;
  GPtrArray *streams;
  GHashTable *by_id;
  char *datetime;
  InionEdfFaults *faults;
} InionXdfFile;

InionXdfFile *_inion_xdf_file_new (int fd, gint64 size, InionJob *job, GError **error);
void          _inion_xdf_file_free (InionXdfFile *self);
char         *_inion_xdf_stream_dup_name (const InionXdfStreamData *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionXdfFile, _inion_xdf_file_free)

G_END_DECLS
