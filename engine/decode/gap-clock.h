/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A clock that passes quickly over long gaps. */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

/* Of a longer gap only so much is looked at, s: enough to see that there is one. */
#define INION_LONG_GAP_S 10.0

/* Samples of a recording's clock, and where they are kept. A plain value; pieces are owned. */
typedef struct
{
  gint64 n;          /* samples kept */
  gint64 n_clock;    /* samples of the recording's clock */
  guint up, down;    /* rate of what is made of them: × up / down */
  GArray *pieces;
} InionGapClock;

void     inion_gap_clock_init (InionGapClock *self, InionRecording *recording, guint channel, gint64 n_samples,
                               double rate_hz, guint up, guint down);
void     inion_gap_clock_clear (InionGapClock *self);
/* out: [self->n] */
gboolean inion_gap_clock_read (const InionGapClock *self, InionRecording *recording, guint channel, double *out,
                               GError **error);
/* In samples of what is made: how many more the recording's clock has, and where a window is kept. FALSE: it holds a gap. */
gint64   inion_gap_clock_get_left_out (const InionGapClock *self);
gboolean inion_gap_clock_find (const InionGapClock *self, gint64 first, gint64 end, gint64 *kept);
/* From where on, at @first or behind it, a window of n samples of what is made holds something that is kept. */
gint64   inion_gap_clock_skip (const InionGapClock *self, gint64 first, gint64 n);

/* The next long gap from a sample on: up to which sample it is looked at, and the first behind it. */
gboolean inion_gap_clock_find_long (InionRecording *recording, guint channel, gint64 at, gint64 *look, gint64 *next);

G_END_DECLS
