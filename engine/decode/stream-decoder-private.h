/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stream decoder as the probability track of a file uses it. */

#pragma once

#include "decode/stillness-private.h"
#include "decode/stream-decoder.h"

G_BEGIN_DECLS

InionStreamDecoder    *_inion_stream_decoder_new_for (InionModel *model, InionRecording *recording, const char *const *bad,
                                                      double rate_hz, double step_s, GError **error);
const InionChannelMap *_inion_stream_decoder_get_map (InionStreamDecoder *self);
const InionStillness  *_inion_stream_decoder_get_stillness (InionStreamDecoder *self);
const gsize           *_inion_stream_decoder_get_n_dead (InionStreamDecoder *self); /* [n_inputs of the map] */
/* rows: the map's inputs, n samples each. */
gboolean               _inion_stream_decoder_push_rows (InionStreamDecoder *self, const double *const *rows, gsize n,
                                                        InionDecisionFunc func, gpointer func_data, GError **error);
gboolean               _inion_check_rate (InionModel *model, double rate_hz, GError **error);
guint                  _inion_step_samples (double step_s, double rate_hz);

G_END_DECLS
