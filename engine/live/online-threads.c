/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two threads of an online decoder.
 *
 * The acquisition thread does nothing but pull and push, so that a slow model never makes the
 * source wait; where the decoding thread falls behind by more than the ring holds, samples are
 * lost and counted. Only a source whose samples wait to be pulled is made to wait. The decoding
 * thread feeds runs of consecutive samples to the stream decoder that files go through as well.
 * Where indices jump (a loss, a seek) it starts anew: nothing is filtered across a hole. */

#define G_LOG_DOMAIN "inion-live"

#include "config.h"

#include "live/online-decoder-private.h"

#define PULL_TIMEOUT_MS 20

/* Has the main context emit what waits. With the lock held. */
static void
wake_main (InionOnlineDecoder *self)
{
  if (self->source != NULL || g_atomic_int_get (&self->stop))
    return;
  self->source = g_idle_source_new ();
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->source, _inion_online_decoder_emit, self, NULL);
  g_source_set_static_name (self->source, "[inion] emit decisions");
  g_source_attach (self->source, self->context);
}

/* The acquisition thread. */

/* How many frames to ask for; 0 after a stop. */
static gsize
wait_for_room (InionOnlineDecoder *self)
{
  gsize room;

  if (!inion_stream_is_patient (self->stream))
    return INION_ONLINE_MOST_PULL;
  g_mutex_lock (&self->mutex);
  while ((room = inion_ring_buffer_get_room (self->ring)) == 0 && !g_atomic_int_get (&self->stop))
    g_cond_wait (&self->changed, &self->mutex);
  g_mutex_unlock (&self->mutex);
  return MIN (room, INION_ONLINE_MOST_PULL);
}

static void
signal_changed (InionOnlineDecoder *self)
{
  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

gpointer
_inion_online_decoder_acquire (gpointer data)
{
  InionOnlineDecoder *self = data;
  g_autofree double *frames = g_new (double, (gsize) INION_ONLINE_MOST_PULL * self->n_channels);
  GError *error = NULL;
  gint64 first, arrival_us;
  gsize max, n;

  while (!g_atomic_int_get (&self->stop) && (max = wait_for_room (self)) > 0 &&
         inion_stream_pull (self->stream, frames, max, PULL_TIMEOUT_MS, &n, &first, &arrival_us,
                            &error))
    {
      if (n == 0 || g_atomic_int_get (&self->discard))
        continue;
      inion_ring_buffer_push (self->ring, frames, n, first, arrival_us);
      signal_changed (self);
    }
  g_mutex_lock (&self->mutex);
  self->acquired = TRUE;
  if (error != NULL && self->failure == NULL)
    self->failure = g_steal_pointer (&error);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  g_clear_error (&error);
  return NULL;
}

/* The decoding thread. */

static void
on_decision (gint64        sample,
             const double *probabilities,
             gpointer      data)
{
  InionOnlineDecoder *self = data;
  gsize mask = inion_ring_buffer_get_capacity (self->ring) - 1;
  gint64 at = self->base + sample;
  double latency_us = (double) (g_get_monotonic_time () -
                                self->arrivals[(gsize) (at - 1) & mask]);
  InionOnlineDecision decision = { at, latency_us / 1e3, INION_NO_ANSWER_NONE };

  g_mutex_lock (&self->mutex);
  g_array_append_val (self->decisions, decision);
  g_array_append_vals (self->probabilities, probabilities, self->n_classes);
  inion_latency_add (&self->latency, latency_us);
  wake_main (self);
  g_mutex_unlock (&self->mutex);
}

/* Of the decoding thread: the stream decoder passes a window over. */
void
_inion_online_decoder_on_no_answer (gint64        sample,
                                    InionNoAnswer why,
                                    gpointer      data)
{
  InionOnlineDecoder *self = data;
  InionOnlineDecision decision = { self->base + sample, 0, why };

  g_mutex_lock (&self->mutex);
  g_array_append_val (self->decisions, decision);
  g_array_set_size (self->probabilities, self->probabilities->len + self->n_classes);
  self->n_unanswered++;
  wake_main (self);
  g_mutex_unlock (&self->mutex);
}

static gboolean
decode_run (InionOnlineDecoder  *self,
            const double        *frames,
            gsize                n,
            gint64               first,
            const gint64        *arrivals_us,
            GError             **error)
{
  gsize mask = inion_ring_buffer_get_capacity (self->ring) - 1;
  gboolean jump = self->running && first != self->expected;

  if (jump || !self->running)
    {
      inion_stream_decoder_reset (self->decoder);
      self->base = first;
      self->running = TRUE;
    }
  self->expected = first + (gint64) n;
  for (gsize i = 0; i < n; i++)
    self->arrivals[(gsize) (first + (gint64) i) & mask] = arrivals_us[i];
  g_mutex_lock (&self->mutex);
  self->n_jumps += jump;
  self->n_samples += n;
  g_mutex_unlock (&self->mutex);
  return inion_stream_decoder_push (self->decoder, frames, n, on_decision, self, error);
}

/* Whether there are samples, or FALSE after the last one or a stop. */
static gboolean
wait_for_samples (InionOnlineDecoder *self)
{
  gboolean there;

  g_mutex_lock (&self->mutex);
  while (!(there = inion_ring_buffer_get_fill (self->ring) > 0) && !self->acquired &&
         !g_atomic_int_get (&self->stop))
    g_cond_wait (&self->changed, &self->mutex);
  g_mutex_unlock (&self->mutex);
  return there && !g_atomic_int_get (&self->stop);
}

gpointer
_inion_online_decoder_decode (gpointer data)
{
  InionOnlineDecoder *self = data;
  g_autofree double *frames = g_new (double, self->most_push * self->n_channels);
  g_autofree gint64 *arrivals_us = g_new (gint64, self->most_push);
  GError *error = NULL;
  gint64 first = 0;

  while (error == NULL && wait_for_samples (self))
    {
      gsize n = inion_ring_buffer_pop (self->ring, frames, self->most_push, &first, arrivals_us);

      if (inion_stream_is_patient (self->stream))
        signal_changed (self);
      if (!decode_run (self, frames, n, first, arrivals_us, &error))
        break;
    }
  if (error != NULL)
    inion_stream_stop (self->stream);
  g_mutex_lock (&self->mutex);
  if (error != NULL && self->failure == NULL)
    self->failure = g_steal_pointer (&error);
  self->decoded = TRUE;
  wake_main (self);
  g_mutex_unlock (&self->mutex);
  g_clear_error (&error);
  return NULL;
}
