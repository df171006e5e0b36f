/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time-stamped annotation lists (TALs) of EDF+ and BDF+ files. */

#pragma once

#include "recording/edf-faults.h"

G_BEGIN_DECLS

/**
 * InionEdfTalBlock:
 * @bytes: (array length=n): the bytes of an annotation signal in one record
 * @n: how many
 * @file_offset: where they are in the file
 * @time_keeping: whether the first TAL tells when the record starts
 */
typedef struct
{
  const guint8 *bytes;
  gsize n;
  gint64 file_offset;
  gboolean time_keeping;
} InionEdfTalBlock;

gboolean inion_edf_tal_read_onset (const guint8 *bytes, gsize n, gint64 *onset_ns);
void     inion_edf_tal_parse (const InionEdfTalBlock *block, gint64 origin_ns, GPtrArray *events,
                              InionEdfFaults *faults);

G_END_DECLS
