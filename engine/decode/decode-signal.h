/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole signal of a recording, as a recipe's windows are cut from it. */

#pragma once

#include "core/job.h"
#include "decode/cut.h"
#include "decode/gap-clock.h"
#include "decode/stillness-private.h"

G_BEGIN_DECLS

/* Channel-major. NaN where the input had a gap; of long gaps not all is there: clock. A plain value; fields are owned. */
typedef struct
{
  guint n_channels;
  gsize n_samples;
  double rate_hz;
  guint up, down;      /* rate = input rate × up / down */
  double settle_s;     /* how far the filters reach */
  double *data;        /* [n_channels × n_samples] */
  gsize n_clock;       /* samples with all of the gaps */
  InionGapClock clock; /* where windows of these samples are */
} InionDecodeSignal;

gboolean inion_decode_signal_init (InionDecodeSignal *self, const InionRecipeSpec *spec, InionRecording *recording,
                                   const InionChannelMap *map, InionJob *job, GError **error);
/* As above; stillness sees what goes into the filters and is set to the signal's clock. */
gboolean inion_decode_signal_init_watched (InionDecodeSignal *self, const InionRecipeSpec *spec,
                                           InionRecording *recording, const InionChannelMap *map,
                                           InionStillness *stillness, InionJob *job, GError **error);
InionCutOutcome inion_decode_signal_cut (const InionDecodeSignal *self, const InionCut *cut, gint64 start,
                                         double *window, gint64 *kept);
void     inion_decode_signal_clear (InionDecodeSignal *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InionDecodeSignal, inion_decode_signal_clear)

G_END_DECLS
