/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording played as if it were just being recorded. */

#pragma once

#include "live/stream.h"
#include "recording/recording.h"

G_BEGIN_DECLS

#define INION_TYPE_REPLAY_STREAM (inion_replay_stream_get_type ())
G_DECLARE_FINAL_TYPE (InionReplayStream, inion_replay_stream, INION, REPLAY_STREAM, InionStream)

InionStream    *inion_replay_stream_new (InionRecording *recording, GError **error);
InionStream    *inion_replay_stream_new_for_uri (const char *uri, GError **error);

typedef InionRecording *(*InionReplayOpen) (const char *path, GError **error); /* (transfer full) (nullable) */
InionStream    *inion_replay_stream_new_for_uri_with (const char *uri, InionReplayOpen open, GError **error);

InionRecording *inion_replay_stream_get_recording (InionReplayStream *self); /* (transfer none) */

/* Any thread, at any time. Sample indices of the stream are those of the recording. */
void     inion_replay_stream_set_speed (InionReplayStream *self, double speed); /* times the clock; 0: as fast as it is pulled */
double   inion_replay_stream_get_speed (InionReplayStream *self);
void     inion_replay_stream_set_from (InionReplayStream *self, double from_s); /* where start and loop begin */
void     inion_replay_stream_set_loop (InionReplayStream *self, gboolean loop);
void     inion_replay_stream_pause (InionReplayStream *self);
void     inion_replay_stream_resume (InionReplayStream *self);
gboolean inion_replay_stream_is_paused (InionReplayStream *self);
void     inion_replay_stream_seek (InionReplayStream *self, double time_s);
double   inion_replay_stream_get_head (InionReplayStream *self); /* the play head, s since the recording's start */
double   inion_replay_stream_get_skipped_s (InionReplayStream *self); /* of long gaps, since the start */
gint64   inion_replay_stream_get_n_samples (InionReplayStream *self);
double   inion_replay_stream_sample_to_s (InionReplayStream *self, gint64 sample);

G_END_DECLS
