/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording whose channels are called, and taken for, what a person says. */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

/**
 * InionChannelEdit:
 * @channel: which channel, by its place in the recording
 * @label: (nullable): what it is called; %NULL: as the file says
 * @has_kind: whether the kind is another than the file's
 * @kind: what it measures
 * @unit: (nullable): in what it is given; %NULL: as the file says
 * @has_position: whether the position is another than the file's
 * @placed: %FALSE if nobody knows where the electrode was
 * @position: where, in metres: x to the right ear, y to the nose, z up
 *
 * What a person says of a channel, against what its file says.
 */
typedef struct
{
  guint channel;
  char *label;
  gboolean has_kind;
  InionChannelKind kind;
  char *unit;
  gboolean has_position;
  gboolean placed;
  double position[3];
} InionChannelEdit;

InionChannelEdit *inion_channel_edit_new (guint channel);
InionChannelEdit *inion_channel_edit_copy (const InionChannelEdit *self);
void              inion_channel_edit_free (InionChannelEdit *self);
gboolean          inion_channel_edit_is_empty (const InionChannelEdit *self);
gboolean          inion_unit_convert (const char *from, const char *to, double *factor);

#define INION_TYPE_EDITED_RECORDING (inion_edited_recording_get_type ())
G_DECLARE_FINAL_TYPE (InionEditedRecording, inion_edited_recording, INION, EDITED_RECORDING, InionRecording)

InionRecording *inion_edited_recording_new (InionRecording *original, GPtrArray *edits);
InionRecording *inion_edited_recording_get_original (InionRecording *recording); /* itself if it is not edited */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionChannelEdit, inion_channel_edit_free)

G_END_DECLS
