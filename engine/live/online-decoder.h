/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A model that runs on a stream: acquisition, decoding, and what a screen may know of both. */

#pragma once

#include "decode/stream-decoder.h"
#include "live/stream.h"

G_BEGIN_DECLS

/**
 * InionOnlineState:
 * @INION_ONLINE_STOPPED: not started, or stopped by somebody
 * @INION_ONLINE_RUNNING: samples come and are decoded
 * @INION_ONLINE_PAUSED: held back by somebody
 * @INION_ONLINE_ENDED: the stream came to its end
 * @INION_ONLINE_FAILED: stream or model failed; inion_online_decoder_get_error() says why
 */
typedef enum
{
  INION_ONLINE_STOPPED,
  INION_ONLINE_RUNNING,
  INION_ONLINE_PAUSED,
  INION_ONLINE_ENDED,
  INION_ONLINE_FAILED,
} InionOnlineState;

/* A plain value: what happened since the start. */
typedef struct
{
  guint64 n_decisions;
  guint64 n_samples;    /* decoded */
  guint64 n_lost;       /* samples that found no room in the buffer */
  guint64 n_jumps;      /* places where the stream's indices do not follow each other */
  guint64 n_unanswered; /* windows that hold a gap or nothing but silence */
  double p50_ms, p95_ms, p99_ms, max_ms; /* from arrival of a window's last sample to its decision; NAN before the first */
} InionOnlineStatistics;

#define INION_TYPE_ONLINE_DECODER (inion_online_decoder_get_type ())
G_DECLARE_FINAL_TYPE (InionOnlineDecoder, inion_online_decoder, INION, ONLINE_DECODER, GObject)

/* Refuses what needs the future, with the reason. */
InionOnlineDecoder *inion_online_decoder_new (InionStream *stream, InionModel *model, double step_s, GError **error);
/* bad: labels of bad channels (nullable): rebuilt from their neighbours, as inion_model_apply() does. */
InionOnlineDecoder *inion_online_decoder_new_with_bad (InionStream *stream, InionModel *model, const char *const *bad,
                                                       double step_s, GError **error);

/* From the thread of the main context. */
gboolean         inion_online_decoder_start (InionOnlineDecoder *self, GError **error);
void             inion_online_decoder_pause (InionOnlineDecoder *self);
void             inion_online_decoder_resume (InionOnlineDecoder *self);
void             inion_online_decoder_stop (InionOnlineDecoder *self); /* no signal comes after it has returned */
InionOnlineState inion_online_decoder_get_state (InionOnlineDecoder *self);
const GError    *inion_online_decoder_get_error (InionOnlineDecoder *self); /* (nullable) */
InionStream     *inion_online_decoder_get_stream (InionOnlineDecoder *self); /* (transfer none) */
InionModel      *inion_online_decoder_get_model (InionOnlineDecoder *self);  /* (transfer none) */
void             inion_online_decoder_get_statistics (InionOnlineDecoder *self, InionOnlineStatistics *statistics);

/* Property (notify): state. Signals, on the main context that was the thread's default at the start:
 * "decision" (gint64 sample, gpointer probabilities, double latency_ms): sample is the stream's index one past the window's last
 *   sample, probabilities is (const double *) [n_classes], valid during the emission;
 * "no-answer" (gint64 sample, int why): instead of a decision, in its place; why is an InionNoAnswer. What was believed before holds
 *   no more;
 * "ended": after the last decision; the state says whether in good order. */

G_END_DECLS
