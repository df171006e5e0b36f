/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The controls of a replay: where it is, how fast it goes, and whether it goes at all. */

#define G_LOG_DOMAIN "inion-live"

#include "config.h"

#include "live/replay-stream-private.h"

#include <math.h>

/* From here on the clock counts from the next sample. With the lock held. */
static void
set_anchor (InionReplayStream *self)
{
  self->anchor_sample = self->position;
  self->anchor_us = g_get_monotonic_time ();
  g_cond_broadcast (&self->changed);
}

/* Goes to another place. With the lock held. */
void
_inion_replay_stream_move_to (InionReplayStream *self,
                              gint64             position)
{
  self->position = position;
  self->gap_known = FALSE;
  set_anchor (self);
}

gint64
_inion_replay_stream_clamp_sample (InionReplayStream *self,
                                   double             time_s)
{
  double sample = isfinite (time_s) ? ceil (time_s * self->rate_hz - 1e-6) : 0;

  return (gint64) CLAMP (sample, 0.0, (double) self->n_samples);
}

/* The sample due now. With the lock held. */
static gint64
head_sample (InionReplayStream *self)
{
  double elapsed_s = (double) (g_get_monotonic_time () - self->anchor_us) / 1e6;
  double due = elapsed_s * self->rate_hz * self->speed;
  gint64 head = self->anchor_sample + (gint64) floor (due);

  if (!self->running || self->paused || self->speed <= 0)
    return self->position;
  if (self->gap_known)
    head = MIN (head, self->gap_look);
  return CLAMP (head, self->position, self->n_samples);
}

/**
 * inion_replay_stream_set_speed:
 * @self: a replay
 * @speed: times the clock; 0: as fast as it is pulled
 *
 * Changes the speed from the next sample on.
 */
void
inion_replay_stream_set_speed (InionReplayStream *self,
                               double             speed)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (INION_IS_REPLAY_STREAM (self));
  g_return_if_fail (speed >= 0 && isfinite (speed));

  locker = g_mutex_locker_new (&self->mutex);
  self->speed = speed;
  set_anchor (self);
}

/**
 * inion_replay_stream_get_speed:
 * @self: a replay
 *
 * Returns: times the clock; 0: as fast as it is pulled
 */
double
inion_replay_stream_get_speed (InionReplayStream *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (INION_IS_REPLAY_STREAM (self), 0);

  locker = g_mutex_locker_new (&self->mutex);
  return self->speed;
}

/**
 * inion_replay_stream_set_from:
 * @self: a replay
 * @from_s: where starting and looping begin, s since the recording's start; clamped
 */
void
inion_replay_stream_set_from (InionReplayStream *self,
                              double             from_s)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (INION_IS_REPLAY_STREAM (self));

  locker = g_mutex_locker_new (&self->mutex);
  self->from = _inion_replay_stream_clamp_sample (self, from_s);
}

/**
 * inion_replay_stream_set_loop:
 * @self: a replay
 * @loop: whether to begin again at the end; the stream then jumps back
 */
void
inion_replay_stream_set_loop (InionReplayStream *self,
                              gboolean           loop)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (INION_IS_REPLAY_STREAM (self));

  locker = g_mutex_locker_new (&self->mutex);
  self->loop = loop;
}

/**
 * inion_replay_stream_pause:
 * @self: a replay
 *
 * Stops its clock. What was due before but not pulled comes after the pause.
 */
void
inion_replay_stream_pause (InionReplayStream *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (INION_IS_REPLAY_STREAM (self));

  locker = g_mutex_locker_new (&self->mutex);
  self->paused = TRUE;
  g_cond_broadcast (&self->changed);
}

/**
 * inion_replay_stream_resume:
 * @self: a replay
 *
 * Lets its clock go on where it was.
 */
void
inion_replay_stream_resume (InionReplayStream *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (INION_IS_REPLAY_STREAM (self));

  locker = g_mutex_locker_new (&self->mutex);
  if (!self->paused)
    return;
  self->paused = FALSE;
  set_anchor (self);
}

/**
 * inion_replay_stream_is_paused:
 * @self: a replay
 *
 * Returns: whether its clock is stopped
 */
gboolean
inion_replay_stream_is_paused (InionReplayStream *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (INION_IS_REPLAY_STREAM (self), FALSE);

  locker = g_mutex_locker_new (&self->mutex);
  return self->paused;
}

/**
 * inion_replay_stream_seek:
 * @self: a replay
 * @time_s: where to go on, s since the recording's start; clamped
 *
 * Jumps: the next sample pulled is the first at or after @time_s.
 */
void
inion_replay_stream_seek (InionReplayStream *self,
                          double             time_s)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (INION_IS_REPLAY_STREAM (self));

  locker = g_mutex_locker_new (&self->mutex);
  _inion_replay_stream_move_to (self, _inion_replay_stream_clamp_sample (self, time_s));
}

/**
 * inion_replay_stream_get_head:
 * @self: a replay
 *
 * Returns: the play head, s since the recording's start: the time of the clock, not of what was
 *   pulled
 */
double
inion_replay_stream_get_head (InionReplayStream *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (INION_IS_REPLAY_STREAM (self), 0);

  locker = g_mutex_locker_new (&self->mutex);
  return (double) inion_channel_sample_to_ns (self->clock, head_sample (self)) / 1e9;
}
