/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the annotation signals of an EDF+ or BDF+ file say, record by record. */

#pragma once

#include "core/job.h"
#include "recording/edf-header.h"

G_BEGIN_DECLS

/**
 * InionEdfTimeline:
 * @recording: whose file is read
 * @header: its header
 * @name: its name, for messages
 * @origin_ns: onset of the first record since the header's start time
 * @stretches: (nullable) (element-type InionEdfStretch): the stretches between its gaps, once known
 *
 * What is needed to know of a file to read its annotation signals.
 */
typedef struct
{
  InionRecording *recording;
  const InionEdfHeader *header;
  const char *name;
  gint64 origin_ns;
  const GArray *stretches;
} InionEdfTimeline;

gint64   inion_edf_timeline_read_origin (const InionEdfTimeline *self, InionEdfFaults *faults);
gboolean inion_edf_timeline_read_onset (const InionEdfTimeline *self, gint64 record, gint64 *onset_ns);
gint64   inion_edf_timeline_get_tolerance (const InionEdfHeader *header);
gboolean inion_edf_timeline_read_events (const InionEdfTimeline *self, InionJob *job, GPtrArray *events,
                                         InionEdfFaults *faults, GError **error);

G_END_DECLS
