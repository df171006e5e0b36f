/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people say of the channels of a recording: kept in its study, never in its file. */

#pragma once

#include "recording/edited-recording.h"
#include "study/study.h"

G_BEGIN_DECLS

/* The key of the signal "setting-changed" when channels were edited, undone or redone. */
#define INION_STUDY_CHANNELS "channels"

GPtrArray      *inion_study_list_channel_edits (InionStudy *self); /* (element-type InionChannelEdit) (transfer full) */
InionRecording *inion_study_edit_recording (InionStudy *self, InionRecording *recording);
/* Of the study beside a recording's file, which is only read. bad: (out) (optional): labels. Any thread. */
InionRecording *inion_study_read_edited_recording (InionRecording *recording, char ***bad, GError **error);
gboolean        inion_study_set_channel_edits (InionStudy *self, InionRecording *recording, GPtrArray *edits,
                                               const char *const *bad, const char *title);

G_END_DECLS
