/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the main context's part of an online decoder and its threads share. */

#pragma once

#include "live/latency.h"
#include "live/online-decoder.h"
#include "live/ring-buffer.h"

G_BEGIN_DECLS

#define INION_ONLINE_MOST_PULL 256 /* frames */

typedef struct
{
  gint64 sample;
  double latency_ms;
  InionNoAnswer why;       /* NONE: there are probabilities */
} InionOnlineDecision;

struct _InionOnlineDecoder
{
  GObject parent_instance;

  InionStream *stream;
  InionModel *model;
  InionStreamDecoder *decoder;
  InionRingBuffer *ring;
  guint n_channels;
  guint n_classes;
  gsize most_push;         /* frames fed to the decoder at once */
  InionOnlineState state;
  GError *error;
  GThread *acquisition;
  GThread *decoding;
  GMainContext *context;
  guint generation;        /* counts the stops: after one, nothing from before it is emitted */

  gint stop;               /* atomic */
  gint discard;            /* atomic: paused, and the source cannot wait */

  /* Belongs to the decoding thread. */
  gint64 *arrivals;        /* [capacity of the ring]: of the sample with that index, modulo */
  gint64 base;             /* index of the decoder's first sample */
  gint64 expected;         /* index of the next sample, if no jump */
  gboolean running;        /* whether the decoder has seen samples since its reset */

  GMutex mutex;
  GCond changed;           /* ring filled or emptied, acquisition ended, stop */
  gboolean acquired;       /* the acquisition thread is done */
  gboolean decoded;        /* the decoding thread is done */
  GError *failure;         /* of either thread, the first */
  GArray *decisions;       /* InionOnlineDecision: waiting to be emitted */
  GArray *probabilities;   /* double, n_classes a decision */
  InionLatency latency;
  guint64 n_samples;
  guint64 n_unanswered;
  guint64 n_jumps;
  GSource *source;         /* emits; NULL: none is attached */
};

gpointer _inion_online_decoder_acquire (gpointer self); /* the threads' functions */
gpointer _inion_online_decoder_decode (gpointer self);
gboolean _inion_online_decoder_emit (gpointer self);    /* in the main context: what waits */

void     _inion_online_decoder_on_no_answer (gint64 sample, InionNoAnswer why, gpointer self);

G_END_DECLS
