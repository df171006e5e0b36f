/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where an EDF+ or BDF+ file has gaps. */

#pragma once

#include "recording/edf-events.h"

G_BEGIN_DECLS

/**
 * InionEdfStretch:
 * @record: its first record
 * @onset_ns: when that record starts, since the header's start time
 *
 * Records that follow each other without a gap.
 */
typedef struct
{
  gint64 record;
  gint64 onset_ns;
} InionEdfStretch;

GArray  *inion_edf_gaps_find (const InionEdfTimeline *timeline, InionEdfFaults *faults, GError **error);
gboolean inion_edf_gaps_place_rest (const InionEdfTimeline *timeline, GArray *stretches,
                                    InionEdfFaults *faults);

G_END_DECLS
