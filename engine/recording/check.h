/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a look at a whole file tells: its faults, and what only its samples show. */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

/**
 * InionSeverity:
 * @INION_SEVERITY_NOTE: true of the recording and no fault of the file, such as a gap
 * @INION_SEVERITY_WARNING: the signal is not what it should be, such as saturated samples
 * @INION_SEVERITY_FAULT: the file is not what its format asks for
 */
typedef enum
{
  INION_SEVERITY_NOTE,
  INION_SEVERITY_WARNING,
  INION_SEVERITY_FAULT,
} InionSeverity;

const char *inion_severity_to_string (InionSeverity severity); /* "note", "warning", "fault" */

/**
 * InionFinding:
 * @severity: how bad
 * @offset: byte offset in the file, or -1
 * @field: the header field or place
 * @message: what was found, what was assumed
 */
typedef struct
{
  InionSeverity severity;
  gint64 offset;
  char *field;
  char *message;
} InionFinding;

/**
 * InionChannelCheck:
 * @n_samples: samples that were read
 * @n_saturated: of them, those in runs of two and more at a limit of the digital range
 * @n_beyond: of them, those beyond that range
 * @n_missing: of them, those that are no number
 * @flat: all have the same value
 */
typedef struct
{
  gint64 n_samples;
  gint64 n_saturated;
  gint64 n_beyond;
  gint64 n_missing;
  gboolean flat;
} InionChannelCheck;

/**
 * InionCheck:
 * @findings: (element-type InionFinding): faults first, in the order of the file
 * @channels: (element-type InionChannelCheck): one a channel of the recording
 * @n_gaps: how many gaps there are
 * @n_events: how many events
 */
typedef struct
{
  GPtrArray *findings;
  GArray *channels;
  guint n_gaps;
  guint n_events;
} InionCheck;

InionCheck *inion_check_recording (InionRecording *recording, InionJob *job, GError **error);
guint       inion_check_count (const InionCheck *self, InionSeverity severity);
void        inion_check_free (InionCheck *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionCheck, inion_check_free)

G_END_DECLS
