/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of events of a Neuroscan CNT file, and how many bytes a sample has. */

#pragma once

#include "recording/cnt-header.h"

G_BEGIN_DECLS

/**
 * InionCntEvent:
 * @where: byte in the file, or in tables of type 3 number of the sample
 * @stimulus: its code, 0 for none
 * @key: number of a function key, 0 for none
 * @pad: buttons of a response pad, 0 for none
 * @control: 0xd: accepted from here on, 0xc: rejected, 0xe: paused; 0 for none
 */
typedef struct
{
  gint64 where;
  guint16 stimulus;
  guint8 key;
  guint8 pad;
  guint8 control;
} InionCntEvent;

/**
 * InionCntTable:
 * @at: the byte where it begins; samples end there
 * @type: 1, 2 or 3; 0: there is no table
 */
typedef struct
{
  gint64 at;
  guint type;
  GArray *events; /* InionCntEvent */
} InionCntTable;

InionCntTable *_inion_cnt_table_read (int fd, gint64 file_bytes, const InionCntHeader *header,
                                      InionEdfFaults *faults, GError **error);
void           _inion_cnt_table_free (InionCntTable *self);

guint _inion_cnt_table_find_sample_bytes (const InionCntTable *self, int fd,
                                          const InionCntHeader *header, InionEdfFaults *faults);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionCntTable, _inion_cnt_table_free)

G_END_DECLS
