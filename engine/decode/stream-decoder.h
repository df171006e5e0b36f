/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The causal path of a recipe, fed chunk by chunk: file, replay and stream give the same numbers. */

#pragma once

#include "decode/no-answer.h"

G_BEGIN_DECLS

typedef struct _InionStreamDecoder InionStreamDecoder;

/* Refuses what needs the future (zero-phase filter …) with the reason. channels: labels of the stream's channels, in its order. */
InionStreamDecoder *inion_stream_decoder_new (InionModel *model, const char *const *channels, double rate_hz, double step_s, GError **error);
/* bad: labels of bad channels of the stream (nullable): rebuilt from their neighbours, as inion_model_apply() does. */
InionStreamDecoder *inion_stream_decoder_new_with_bad (InionModel *model, const char *const *channels, const char *const *bad,
                                                       double rate_hz, double step_s, GError **error);
void                inion_stream_decoder_free (InionStreamDecoder *self);
void                inion_stream_decoder_reset (InionStreamDecoder *self);

/* sample: index (from the stream's start) one past the window's last sample. */
typedef void (*InionDecisionFunc) (gint64 sample, const double *probabilities, gpointer data);
/* Called instead where a window has no answer. */
typedef void (*InionNoAnswerFunc) (gint64 sample, InionNoAnswer why, gpointer data);
void     inion_stream_decoder_set_no_answer_func (InionStreamDecoder *self, InionNoAnswerFunc func, gpointer data);
/* data: [n_samples × n_channels], sample-major (as streams come). Any chunk size gives the same decisions. */
gboolean inion_stream_decoder_push (InionStreamDecoder *self, const double *data, gsize n_samples, InionDecisionFunc func, gpointer func_data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionStreamDecoder, inion_stream_decoder_free)

G_END_DECLS
