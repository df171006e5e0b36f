/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole signal of a recording, as a recipe's windows are cut from it. */

#pragma once

#include "core/job.h"
#include "decode/stillness-private.h"

G_BEGIN_DECLS

/* Channel-major. NaN where the input had a gap. A plain value; fields are owned. */
typedef struct
{
  guint n_channels;
  gsize n_samples;
  double rate_hz;
  guint up, down;      /* rate = input rate × up / down */
  double settle_s;     /* how far the filters reach */
  double *data;        /* [n_channels × n_samples] */
} InionDecodeSignal;

gboolean inion_decode_signal_init (InionDecodeSignal *self, const InionRecipeSpec *spec, InionRecording *recording,
                                   const InionChannelMap *map, InionJob *job, GError **error);
/* As above; stillness sees what goes into the filters and is set to the signal's clock. */
gboolean inion_decode_signal_init_watched (InionDecodeSignal *self, const InionRecipeSpec *spec,
                                           InionRecording *recording, const InionChannelMap *map,
                                           InionStillness *stillness, InionJob *job, GError **error);
void     inion_decode_signal_clear (InionDecodeSignal *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InionDecodeSignal, inion_decode_signal_clear)

G_END_DECLS
