/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events from a channel whose samples are trigger codes: the Status channel of BDF files. */

#pragma once

#include "core/job.h"
#include "recording/edf-faults.h"

G_BEGIN_DECLS

/**
 * InionEdfTriggers:
 * @recording: a recording, complete but for its events
 * @channel: which of its channels
 * @status: the channel holds the 24 bits of a BioSemi Status channel, 16 of them the code; else its
 *   physical values are the codes
 * @offset: where the file names the channel, for faults
 *
 * A channel of trigger codes.
 */
typedef struct
{
  InionRecording *recording;
  guint channel;
  gboolean status;
  gint64 offset;
} InionEdfTriggers;

gboolean inion_edf_triggers_fit (const char *label);
gboolean inion_edf_triggers_read (const InionEdfTriggers *self, InionJob *job, GPtrArray *events,
                                  InionEdfFaults *faults, GError **error);

G_END_DECLS
