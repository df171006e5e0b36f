/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which stretches of time a recording with gaps holds, and where their samples are. */

#pragma once

#include "recording/channel.h"

G_BEGIN_DECLS

typedef struct _InionSegments InionSegments;

/**
 * InionSegmentRun:
 * @first: first sample of the run on the channel's own clock, gaps counted
 * @n: how many samples
 * @stored: which of the samples that the file holds is the first
 *
 * Samples of a channel that follow each other without a gap.
 */
typedef struct
{
  gint64 first;
  gint64 n;
  gint64 stored;
} InionSegmentRun;

InionSegments *_inion_segments_new (void);
void           _inion_segments_free (InionSegments *self);
gboolean       _inion_segments_add (InionSegments *self, gint64 onset_ns, gint64 length_ns, gint64 stored_ns);
gint64         _inion_segments_add_channel (InionSegments *self, const InionChannelInfo *info);
gint64         _inion_segments_add_channel_runs (InionSegments *self, const InionChannelInfo *info,
                                                 const InionSegmentRun *runs, gsize n_runs);
guint          _inion_segments_get_n (InionSegments *self);
void           _inion_segments_get (InionSegments *self, guint index, gint64 *from_ns, gint64 *to_ns);
guint          _inion_segments_find (InionSegments *self, gint64 ns);
gboolean       _inion_segments_find_run (InionSegments *self, guint channel, gint64 at, InionSegmentRun *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionSegments, _inion_segments_free)

G_END_DECLS
