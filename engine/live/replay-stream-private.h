/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a replay's pulling and its controls share. */

#pragma once

#include "live/replay-stream.h"

G_BEGIN_DECLS

struct _InionReplayStream
{
  InionStream parent_instance;

  InionRecording *recording;
  GArray *channels;       /* guint: which of the recording's */
  InionChannel *clock;    /* (borrowed from the recording) */
  gint64 n_samples;
  double rate_hz;

  /* Belongs to the pulling thread. */
  double *ahead;          /* [MOST_AHEAD × channels], sample-major */
  double *column;         /* [MOST_AHEAD] */
  gint64 ahead_first;
  gint64 ahead_n;

  GMutex mutex;
  GCond changed;
  gboolean running;
  gboolean paused;
  gboolean loop;
  double speed;
  gint64 from;            /* sample where playing begins */
  gint64 position;        /* next sample to hand out */
  gint64 anchor_sample;
  gint64 anchor_us;
  gboolean gap_known;     /* whether the next long gap has been looked for since the last jump */
  gint64 gap_look;        /* up to where it is played; G_MAXINT64: there is none */
  gint64 gap_end;
  gint64 skipped;         /* samples passed over since the start */
};

/* With the lock held. */
void   _inion_replay_stream_move_to (InionReplayStream *self, gint64 position);
gint64 _inion_replay_stream_clamp_sample (InionReplayStream *self, double time_s);

G_END_DECLS
