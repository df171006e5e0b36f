/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chunks of an XDF file: what lies where in it. */

#pragma once

#include "core/job.h"
#include "recording/edf-faults.h"
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

/* Bytes of a file, a window of them at a time. */
typedef struct
{
  int fd;
  gint64 size;
  gint64 at;
  gsize n;
  guint8 *window;
} InionXdfBytes;

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

#define INION_XDF_WINDOW (64 * 1024)

const guint8 *_inion_xdf_bytes_get (InionXdfBytes *self, gint64 at, gsize n, GError **error);
gboolean      _inion_xdf_bytes_get_count (InionXdfBytes *self, gint64 *at, gint64 end, guint64 *value,
                                          GError **error);
double        _inion_xdf_get_double (const guint8 *bytes);

InionXdfFile *_inion_xdf_file_new (int fd, gint64 size, InionJob *job, GError **error);
void          _inion_xdf_file_free (InionXdfFile *self);
char         *_inion_xdf_stream_dup_name (const InionXdfStreamData *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionXdfFile, _inion_xdf_file_free)

G_END_DECLS
