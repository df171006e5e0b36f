/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A model that runs on a stream.
 *
 *   stream → [acquisition thread] → ring buffer → [decoding thread] → queue → main context
 *
 * Here is what belongs to the main context; the threads are in online-threads.c.
 *
 * The latency of a decision is the time from the arrival of its window's last sample to the moment
 * when its probabilities are there. When each of the latest samples arrived is kept in a table for
 * that.
 *
 * Signals are emitted in the main context of the thread that started the decoder; several decisions
 * may come in one turn of its loop. Nothing is emitted after a stop. */

#define G_LOG_DOMAIN "inion-live"

#include "config.h"

#include "live/online-decoder-private.h"

#include <math.h>
#include <string.h>

#define RING_S 8.0            /* s of the stream that the ring holds */
#define LEAST_RING 1024       /* frames */
#define WINDOWS_A_PUSH 4      /* most decisions between two looks at the stop flag */

enum
{
  PROP_0,
  PROP_STATE,
  N_PROPS
};

enum
{
  DECISION,
  NO_ANSWER,
  ENDED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InionOnlineDecoder, inion_online_decoder, G_TYPE_OBJECT)

static void
set_state (InionOnlineDecoder *self,
           InionOnlineState    state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/* Emitting, in the main context. */

/* Ends both threads. */
static void
halt (InionOnlineDecoder *self)
{
  if (self->acquisition == NULL)
    return;
  g_mutex_lock (&self->mutex);
  g_atomic_int_set (&self->stop, TRUE);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  inion_stream_stop (self->stream);
  g_clear_pointer (&self->acquisition, g_thread_join);
  g_clear_pointer (&self->decoding, g_thread_join);
}

static void
finish (InionOnlineDecoder *self)
{
  halt (self);
  g_clear_error (&self->error);
  self->error = g_steal_pointer (&self->failure);
  set_state (self, self->error != NULL ? INION_ONLINE_FAILED : INION_ONLINE_ENDED);
  g_signal_emit (self, signals[ENDED], 0);
}

/* A handler may stop the decoder, start it again, or let go of it. */
gboolean
_inion_online_decoder_emit (gpointer data)
{
  g_autoptr (InionOnlineDecoder) self = g_object_ref (data);
  g_autoptr (GArray) decisions = NULL;
  g_autoptr (GArray) probabilities = NULL;
  guint generation = self->generation;
  gboolean decoded;

  g_mutex_lock (&self->mutex);
  decisions = self->decisions;
  probabilities = self->probabilities;
  self->decisions = g_array_new (FALSE, FALSE, sizeof (InionOnlineDecision));
  self->probabilities = g_array_new (FALSE, FALSE, sizeof (double));
  decoded = self->decoded;
  g_clear_pointer (&self->source, g_source_unref);
  g_mutex_unlock (&self->mutex);

  for (guint i = 0; i < decisions->len && self->generation == generation; i++)
    {
      const InionOnlineDecision *decision = &g_array_index (decisions, InionOnlineDecision, i);

      if (decision->why != INION_NO_ANSWER_NONE)
        g_signal_emit (self, signals[NO_ANSWER], 0, decision->sample, (int) decision->why);
      else
        g_signal_emit (self, signals[DECISION], 0, decision->sample,
                       &g_array_index (probabilities, double, i * self->n_classes),
                       decision->latency_ms);
    }
  if (decoded && self->generation == generation)
    finish (self);
  return G_SOURCE_REMOVE;
}

/* GObject. */

static void
inion_online_decoder_get_property (GObject    *object,
                                   guint       id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_STATE:
      g_value_set_int (value, INION_ONLINE_DECODER (object)->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
inion_online_decoder_dispose (GObject *object)
{
  InionOnlineDecoder *self = INION_ONLINE_DECODER (object);

  if (self->stream != NULL)
    inion_online_decoder_stop (self);
  g_clear_object (&self->stream);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (inion_online_decoder_parent_class)->dispose (object);
}

static void
inion_online_decoder_finalize (GObject *object)
{
  InionOnlineDecoder *self = INION_ONLINE_DECODER (object);

  g_clear_pointer (&self->decoder, inion_stream_decoder_free);
  g_clear_pointer (&self->ring, inion_ring_buffer_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_error (&self->error);
  g_clear_error (&self->failure);
  g_free (self->arrivals);
  g_array_unref (self->decisions);
  g_array_unref (self->probabilities);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  G_OBJECT_CLASS (inion_online_decoder_parent_class)->finalize (object);
}

static void
inion_online_decoder_class_init (InionOnlineDecoderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = inion_online_decoder_get_property;
  object_class->dispose = inion_online_decoder_dispose;
  object_class->finalize = inion_online_decoder_finalize;

  /**
   * InionOnlineDecoder:state:
   *
   * An #InionOnlineState.
   */
  properties[PROP_STATE] =
    g_param_spec_int ("state", NULL, NULL, INION_ONLINE_STOPPED, INION_ONLINE_FAILED,
                      INION_ONLINE_STOPPED,
                      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * InionOnlineDecoder::decision:
   * @sample: index in the stream one past the last sample of the window
   * @probabilities: (const double *) one a class, in the model's order; valid during the emission
   * @latency_ms: from the arrival of the window's last sample until @probabilities were there, ms
   */
  signals[DECISION] = g_signal_new ("decision", INION_TYPE_ONLINE_DECODER, G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_INT64, G_TYPE_POINTER,
                                    G_TYPE_DOUBLE);

  /**
   * InionOnlineDecoder::no-answer:
   * @sample: index in the stream one past the last sample of the window
   * @why: an #InionNoAnswer
   *
   * Comes in the place of a decision where the window holds a gap or nothing but silence. What was
   * believed before holds no more.
   */
  signals[NO_ANSWER] = g_signal_new ("no-answer", INION_TYPE_ONLINE_DECODER, G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT);

  /**
   * InionOnlineDecoder::ended:
   *
   * The stream came to its end or something failed; all decisions have been emitted.
   */
  signals[ENDED] = g_signal_new ("ended", INION_TYPE_ONLINE_DECODER, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
inion_online_decoder_init (InionOnlineDecoder *self)
{
  self->decisions = g_array_new (FALSE, FALSE, sizeof (InionOnlineDecision));
  self->probabilities = g_array_new (FALSE, FALSE, sizeof (double));
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
}

/**
 * inion_online_decoder_new:
 * @stream: a stream that is not started; the decoder starts and stops it
 * @model: a model of a causal recipe
 * @step_s: time from one decision to the next, s of the stream; rounded to samples, at least one
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a decoder that is not started; %NULL with
 *   %INION_ERROR_UNSUPPORTED and the reason where the recipe needs the future or the rate is not
 *   the model's, %INION_ERROR_NOT_FOUND where the stream lacks a channel
 */
InionOnlineDecoder *
inion_online_decoder_new (InionStream  *stream,
                          InionModel   *model,
                          double        step_s,
                          GError      **error)
{
  return inion_online_decoder_new_with_bad (stream, model, NULL, step_s, error);
}

/**
 * inion_online_decoder_new_with_bad:
 * @stream: a stream that is not started; the decoder starts and stops it
 * @model: a model of a causal recipe
 * @bad: (nullable) (array zero-terminated=1): labels of the stream's bad channels; where the recipe
 *   excludes bad channels they are rebuilt from their neighbours
 * @step_s: time from one decision to the next, s of the stream; rounded to samples, at least one
 * @error: return location
 *
 * Returns: (transfer full) (nullable): as inion_online_decoder_new(); %NULL also with
 *   %INION_ERROR_UNSUPPORTED where a bad channel cannot be rebuilt
 */
InionOnlineDecoder *
inion_online_decoder_new_with_bad (InionStream        *stream,
                                   InionModel         *model,
                                   const char *const  *bad,
                                   double              step_s,
                                   GError            **error)
{
  g_autoptr (InionStreamDecoder) decoder = NULL;
  g_autoptr (InionRingBuffer) ring = NULL;
  InionOnlineDecoder *self;
  double rate_hz;

  g_return_val_if_fail (INION_IS_STREAM (stream), NULL);
  g_return_val_if_fail (INION_IS_MODEL (model), NULL);

  rate_hz = inion_stream_get_rate_hz (stream);
  decoder = inion_stream_decoder_new_with_bad (model, inion_stream_get_channels (stream), bad,
                                               rate_hz, step_s, error);
  if (decoder == NULL)
    return NULL;
  ring = inion_ring_buffer_new (inion_stream_get_n_channels (stream),
                                (gsize) MAX (LEAST_RING, ceil (RING_S * rate_hz)), error);
  if (ring == NULL)
    return NULL;
  self = g_object_new (INION_TYPE_ONLINE_DECODER, NULL);
  self->stream = g_object_ref (stream);
  self->model = g_object_ref (model);
  self->decoder = g_steal_pointer (&decoder);
  inion_stream_decoder_set_no_answer_func (self->decoder, _inion_online_decoder_on_no_answer, self);
  self->ring = g_steal_pointer (&ring);
  self->n_channels = inion_stream_get_n_channels (stream);
  self->n_classes = inion_model_get_n_classes (model);
  self->most_push = (gsize) CLAMP (rint (step_s * rate_hz) * WINDOWS_A_PUSH, 1.0, INION_ONLINE_MOST_PULL);
  self->arrivals = g_new0 (gint64, inion_ring_buffer_get_capacity (self->ring));
  return self;
}

static void
forget_run (InionOnlineDecoder *self)
{
  inion_ring_buffer_clear (self->ring);
  g_array_set_size (self->decisions, 0);
  g_array_set_size (self->probabilities, 0);
  g_clear_error (&self->error);
  g_clear_error (&self->failure);
  memset (&self->latency, 0, sizeof self->latency);
  self->n_samples = self->n_jumps = self->n_unanswered = 0;
  self->acquired = self->decoded = self->running = FALSE;
  self->stop = self->discard = FALSE;
}

/**
 * inion_online_decoder_start:
 * @self: a decoder that does not run
 * @error: return location
 *
 * Starts the stream from its beginning and decodes it until it ends or somebody stops it. Signals
 * come in the main context that is now the thread's default.
 *
 * Returns: %FALSE with an error of the source
 */
gboolean
inion_online_decoder_start (InionOnlineDecoder  *self,
                            GError             **error)
{
  g_return_val_if_fail (INION_IS_ONLINE_DECODER (self), FALSE);
  g_return_val_if_fail (self->acquisition == NULL, FALSE);

  forget_run (self);
  if (!inion_stream_start (self->stream, error))
    return FALSE;
  g_clear_pointer (&self->context, g_main_context_unref);
  self->context = g_main_context_ref_thread_default ();
  self->decoding = g_thread_new ("inion-decode", _inion_online_decoder_decode, self);
  self->acquisition = g_thread_new ("inion-acquire", _inion_online_decoder_acquire, self);
  set_state (self, INION_ONLINE_RUNNING);
  return TRUE;
}

/**
 * inion_online_decoder_pause:
 * @self: a decoder
 *
 * Holds the stream back. Where the source cannot wait, its samples are passed over until
 * inion_online_decoder_resume(), which then is a jump.
 */
void
inion_online_decoder_pause (InionOnlineDecoder *self)
{
  g_return_if_fail (INION_IS_ONLINE_DECODER (self));

  if (self->state != INION_ONLINE_RUNNING)
    return;
  if (!inion_stream_set_paused (self->stream, TRUE))
    g_atomic_int_set (&self->discard, TRUE);
  set_state (self, INION_ONLINE_PAUSED);
}

/**
 * inion_online_decoder_resume:
 * @self: a decoder
 *
 * Goes on after a pause.
 */
void
inion_online_decoder_resume (InionOnlineDecoder *self)
{
  g_return_if_fail (INION_IS_ONLINE_DECODER (self));

  if (self->state != INION_ONLINE_PAUSED)
    return;
  inion_stream_set_paused (self->stream, FALSE);
  g_atomic_int_set (&self->discard, FALSE);
  set_state (self, INION_ONLINE_RUNNING);
}

/**
 * inion_online_decoder_stop:
 * @self: a decoder
 *
 * Stops stream and threads and waits for them, a few windows' decisions at most. Decisions that
 * have not been emitted are dropped, and "ended" is not emitted. The statistics stay.
 */
void
inion_online_decoder_stop (InionOnlineDecoder *self)
{
  g_return_if_fail (INION_IS_ONLINE_DECODER (self));

  halt (self);
  self->generation++;
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_array_set_size (self->decisions, 0);
  g_array_set_size (self->probabilities, 0);
  if (self->state == INION_ONLINE_RUNNING || self->state == INION_ONLINE_PAUSED)
    set_state (self, INION_ONLINE_STOPPED);
}

/**
 * inion_online_decoder_get_state:
 * @self: a decoder
 *
 * Returns: whether it runs
 */
InionOnlineState
inion_online_decoder_get_state (InionOnlineDecoder *self)
{
  g_return_val_if_fail (INION_IS_ONLINE_DECODER (self), INION_ONLINE_STOPPED);

  return self->state;
}

/**
 * inion_online_decoder_get_error:
 * @self: a decoder
 *
 * Returns: (transfer none) (nullable): why it failed
 */
const GError *
inion_online_decoder_get_error (InionOnlineDecoder *self)
{
  g_return_val_if_fail (INION_IS_ONLINE_DECODER (self), NULL);

  return self->error;
}

/**
 * inion_online_decoder_get_stream:
 * @self: a decoder
 *
 * Returns: (transfer none): what it decodes
 */
InionStream *
inion_online_decoder_get_stream (InionOnlineDecoder *self)
{
  g_return_val_if_fail (INION_IS_ONLINE_DECODER (self), NULL);

  return self->stream;
}

/**
 * inion_online_decoder_get_model:
 * @self: a decoder
 *
 * Returns: (transfer none): what it decodes with
 */
InionModel *
inion_online_decoder_get_model (InionOnlineDecoder *self)
{
  g_return_val_if_fail (INION_IS_ONLINE_DECODER (self), NULL);

  return self->model;
}

/**
 * inion_online_decoder_get_statistics:
 * @self: a decoder
 * @statistics: (out caller-allocates): what happened since the start
 *
 * Quantiles of the latency are never too good and at most 7.2 % too bad; the greatest is exact.
 */
void
inion_online_decoder_get_statistics (InionOnlineDecoder    *self,
                                     InionOnlineStatistics *statistics)
{
  g_return_if_fail (INION_IS_ONLINE_DECODER (self));

  g_mutex_lock (&self->mutex);
  *statistics = (InionOnlineStatistics) {
    .n_decisions = self->latency.n,
    .n_samples = self->n_samples,
    .n_lost = inion_ring_buffer_get_lost (self->ring),
    .n_jumps = self->n_jumps,
    .n_unanswered = self->n_unanswered,
    .p50_ms = inion_latency_quantile (&self->latency, 0.50) / 1e3,
    .p95_ms = inion_latency_quantile (&self->latency, 0.95) / 1e3,
    .p99_ms = inion_latency_quantile (&self->latency, 0.99) / 1e3,
    .max_ms = self->latency.n > 0 ? self->latency.max_us / 1e3 : NAN,
  };
  g_mutex_unlock (&self->mutex);
}
