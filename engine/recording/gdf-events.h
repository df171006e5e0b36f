/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event table of a GDF file. */

#pragma once

#include "recording/gdf-header.h"
#include "recording/recording.h"

G_BEGIN_DECLS

/**
 * InionGdfEvent:
 * @sample: position among the samples of the table's rate, from 0
 * @type: its code
 * @channel: index of its channel in the file, -1 for all
 * @length: samples that it lasts, -1 if the table does not say
 *
 * An event as the table has it.
 */
typedef struct
{
  gint64 sample;
  guint16 type;
  int channel;
  gint64 length;
} InionGdfEvent;

#define INION_GDF_NEW_SEGMENT 0x7ffe
#define INION_GDF_EVENT_END 0x8000u /* ends what the code without it began */

GArray *inion_gdf_events_read (int fd, gint64 offset, gint64 file_bytes,
                               const InionGdfHeader *header, double *rate, InionEdfFaults *faults);
char   *inion_gdf_event_dup_text (const InionGdfHeader *header, guint16 type, gboolean end);

G_END_DECLS
