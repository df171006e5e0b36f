/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording played as if it were just being recorded.
 *
 * The clock is an anchor: at the monotonic time t0 the sample p0 was due. Sample p is due at
 * t0 + (p − p0) / (rate × speed), and no sample is handed out before. Pausing, seeking and changing
 * the speed set a new anchor. What arrives is stamped with the time it was due, not with the time
 * somebody came to fetch it: a pull that is late shows in every latency measured from the stamp.
 * For the same reason a pull at clock speed returns one small block, so that no sample of it is
 * much older than the stamp, however late the pull was.
 *
 * A gap of the recording is one of the stream: its samples come in their time and are no numbers.
 * Of a long gap only the first INION_LONG_GAP_S are played; then the play head jumps to the end of
 * it, as when somebody seeks there, and the time passed over is counted. Filters start anew behind
 * both.
 *
 * Only channels of one rate make a stream: the highest among the EEG channels. Samples are read
 * ahead, a second at a time, in the slack before they are due and outside the lock. */

#define G_LOG_DOMAIN "inion-live"

#include "config.h"

#include "live/replay-stream-private.h"

#include "core/error.h"
#include "decode/gap-clock.h"

#include <math.h>
#include <string.h>

#define BLOCK_US 4000          /* most that one pull returns at clock speed */
#define MOST_AHEAD 8192        /* samples read ahead */

G_DEFINE_FINAL_TYPE (InionReplayStream, inion_replay_stream, INION_TYPE_STREAM)

/* Passes over the rest of a long gap. Returns whether there was one. With the lock held. */
static gboolean
skip_gap (InionReplayStream *self)
{
  if (!self->gap_known &&
      !inion_gap_clock_find_long (self->recording, g_array_index (self->channels, guint, 0),
                                  self->position, &self->gap_look, &self->gap_end))
    self->gap_look = G_MAXINT64;
  self->gap_known = TRUE;
  if (self->position < self->gap_look)
    return FALSE;
  self->skipped += self->gap_end - self->position;
  _inion_replay_stream_move_to (self, self->gap_end);
  return TRUE;
}

/* When a sample is due. With the lock held, at a speed that is not 0. */
static gint64
due_us (InionReplayStream *self,
        gint64             sample)
{
  double later_s = (double) (sample - self->anchor_sample) / (self->rate_hz * self->speed);

  return self->anchor_us + (gint64) ceil (later_s * 1e6);
}

static gboolean
inion_replay_stream_start (InionStream  *stream,
                           GError      **error)
{
  InionReplayStream *self = INION_REPLAY_STREAM (stream);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->running = TRUE;
  self->paused = FALSE;
  self->skipped = 0;
  _inion_replay_stream_move_to (self, self->from);
  return TRUE;
}

static void
inion_replay_stream_stop (InionStream *stream)
{
  InionReplayStream *self = INION_REPLAY_STREAM (stream);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->running = FALSE;
  g_cond_broadcast (&self->changed);
}

/* Reads samples from the recording, unless they are there already. */
static gboolean
read_ahead (InionReplayStream  *self,
            gint64              position,
            GError            **error)
{
  guint n_channels = self->channels->len;
  gint64 n = MIN (MIN (MOST_AHEAD, MAX (1, (gint64) self->rate_hz)), self->n_samples - position);

  if (position >= self->ahead_first && position < self->ahead_first + self->ahead_n)
    return TRUE;
  self->ahead_n = 0;
  for (guint c = 0; c < n_channels; c++)
    {
      guint channel = g_array_index (self->channels, guint, c);

      if (!inion_recording_read (self->recording, channel, position, (gsize) n, self->column,
                                 error))
        return FALSE;
      for (gint64 t = 0; t < n; t++)
        self->ahead[(gsize) t * n_channels + c] = self->column[t];
    }
  self->ahead_first = position;
  self->ahead_n = n;
  return TRUE;
}

/* How many samples one pull hands out at most. With the lock held. */
static gint64
block_size (InionReplayStream *self,
            gsize              max)
{
  gint64 there = self->ahead_first + self->ahead_n - self->position;
  double block = self->speed > 0 ? MAX (1.0, floor (self->rate_hz * self->speed * BLOCK_US / 1e6))
                                 : (double) there;

  there = MIN (there, self->gap_look - self->position);
  return MIN (there, (gint64) MIN (block, (double) MIN (max, (gsize) MOST_AHEAD)));
}

/* Hands out what is due of the samples read ahead. With the lock held. */
static gsize
take_due (InionReplayStream *self,
          double            *out,
          gsize              max,
          gint64            *first,
          gint64            *arrival_us)
{
  gint64 now = g_get_monotonic_time ();
  gint64 n = block_size (self, max);
  guint n_channels = self->channels->len;

  if (self->speed > 0)
    {
      while (n > 0 && due_us (self, self->position + n - 1) > now)
        n--;
      *arrival_us = due_us (self, self->position + n - 1);
    }
  else
    {
      *arrival_us = now;
    }
  *first = self->position;
  memcpy (out, self->ahead + (self->position - self->ahead_first) * n_channels,
          (gsize) n * n_channels * sizeof *out);
  self->position += n;
  return (gsize) n;
}

/* Until when there is nothing to do. With the lock held. */
static gint64
wait_until (InionReplayStream *self,
            gsize              max,
            gint64             deadline)
{
  gint64 n = block_size (self, max);

  if (self->paused)
    return deadline;
  if (self->speed <= 0)
    return 0;
  return MIN (deadline, due_us (self, self->position + n - 1));
}

static gboolean
is_read_ahead (InionReplayStream *self)
{
  return self->position >= self->ahead_first &&
         self->position < self->ahead_first + self->ahead_n;
}

static gboolean
inion_replay_stream_pull (InionStream  *stream,
                          double       *out,
                          gsize         max,
                          guint         timeout_ms,
                          gsize        *n,
                          gint64       *first,
                          gint64       *arrival_us,
                          GError      **error)
{
  InionReplayStream *self = INION_REPLAY_STREAM (stream);
  gint64 deadline = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  while (self->running)
    {
      gint64 position = self->position, until;

      if (position >= self->n_samples)
        {
          if (!self->loop || self->from >= self->n_samples)
            return FALSE;
          _inion_replay_stream_move_to (self, self->from);
          continue;
        }
      if (skip_gap (self))
        continue;
      if (!is_read_ahead (self))
        {
          gboolean ok;

          g_mutex_unlock (&self->mutex);
          ok = read_ahead (self, position, error);
          g_mutex_lock (&self->mutex);
          if (!ok)
            return FALSE;
          continue;
        }
      until = wait_until (self, max, deadline);
      if (!self->paused && g_get_monotonic_time () >= until)
        *n = take_due (self, out, max, first, arrival_us);
      if (*n > 0 || g_get_monotonic_time () >= deadline)
        return TRUE;
      g_cond_wait_until (&self->changed, &self->mutex, until);
    }
  return FALSE;
}

static void
inion_replay_stream_set_paused (InionStream *stream,
                                gboolean     paused)
{
  if (paused)
    inion_replay_stream_pause (INION_REPLAY_STREAM (stream));
  else
    inion_replay_stream_resume (INION_REPLAY_STREAM (stream));
}

static gboolean
inion_replay_stream_is_patient (InionStream *stream)
{
  return inion_replay_stream_get_speed (INION_REPLAY_STREAM (stream)) <= 0;
}

static void
inion_replay_stream_finalize (GObject *object)
{
  InionReplayStream *self = INION_REPLAY_STREAM (object);

  g_clear_object (&self->recording);
  g_array_unref (self->channels);
  g_free (self->ahead);
  g_free (self->column);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  G_OBJECT_CLASS (inion_replay_stream_parent_class)->finalize (object);
}

static void
inion_replay_stream_class_init (InionReplayStreamClass *klass)
{
  InionStreamClass *stream_class = INION_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = inion_replay_stream_finalize;
  stream_class->start = inion_replay_stream_start;
  stream_class->stop = inion_replay_stream_stop;
  stream_class->pull = inion_replay_stream_pull;
  stream_class->set_paused = inion_replay_stream_set_paused;
  stream_class->is_patient = inion_replay_stream_is_patient;
}

static void
inion_replay_stream_init (InionReplayStream *self)
{
  self->channels = g_array_new (FALSE, FALSE, sizeof (guint));
  self->speed = 1.0;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
}

static double
highest_rate (InionRecording *recording,
              gboolean        eeg_only)
{
  double highest = 0;

  for (guint i = 0; i < inion_recording_get_n_channels (recording); i++)
    {
      InionChannel *channel = inion_recording_get_channel (recording, i);

      if (inion_channel_get_n_samples (channel) > 0 &&
          (!eeg_only || inion_channel_get_kind (channel) == INION_CHANNEL_EEG))
        highest = MAX (highest, inion_channel_get_rate_hz (channel));
    }
  return highest;
}

static void
choose_channels (InionReplayStream *self,
                 double             rate_hz,
                 GStrvBuilder      *labels)
{
  for (guint i = 0; i < inion_recording_get_n_channels (self->recording); i++)
    {
      InionChannel *channel = inion_recording_get_channel (self->recording, i);
      gint64 n = inion_channel_get_n_samples (channel);

      if (n == 0 || fabs (inion_channel_get_rate_hz (channel) - rate_hz) > 1e-9 * rate_hz)
        continue;
      if (self->clock == NULL)
        self->clock = channel;
      self->n_samples = self->channels->len == 0 ? n : MIN (self->n_samples, n);
      g_array_append_val (self->channels, i);
      g_strv_builder_add (labels, inion_channel_get_label (channel));
    }
}

/**
 * inion_replay_stream_new:
 * @recording: a recording; others may read it at the same time
 * @error: return location
 *
 * Makes a stream of the channels that have the highest sampling rate of the EEG channels (of all
 * channels, where none is EEG). It plays at clock speed from the start, once.
 *
 * Returns: (transfer full) (nullable): a stream that is not started; %NULL with
 *   %INION_ERROR_TOO_FEW where the recording has no samples
 */
InionStream *
inion_replay_stream_new (InionRecording  *recording,
                         GError         **error)
{
  g_autoptr (InionReplayStream) self = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) labels = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (INION_IS_RECORDING (recording), NULL);

  self = g_object_new (INION_TYPE_REPLAY_STREAM, NULL);
  self->recording = g_object_ref (recording);
  self->rate_hz = highest_rate (recording, TRUE);
  if (!(self->rate_hz > 0))
    self->rate_hz = highest_rate (recording, FALSE);
  if (!(self->rate_hz > 0))
    {
      inion_set_error (error, INION_ERROR_TOO_FEW,
                       "This recording has no samples that could be played.");
      return NULL;
    }
  choose_channels (self, self->rate_hz, builder);
  self->ahead = g_new (double, (gsize) MOST_AHEAD * self->channels->len);
  self->column = g_new (double, MOST_AHEAD);
  labels = g_strv_builder_end (builder);
  name = inion_recording_get_path (recording) != NULL
           ? g_path_get_basename (inion_recording_get_path (recording)) : g_strdup ("memory");
  inion_stream_describe (INION_STREAM (self), name, (const char *const *) labels, self->rate_hz);
  return INION_STREAM (g_steal_pointer (&self));
}

/**
 * inion_replay_stream_get_recording:
 * @self: a replay
 *
 * Returns: (transfer none): what it plays
 */
InionRecording *
inion_replay_stream_get_recording (InionReplayStream *self)
{
  g_return_val_if_fail (INION_IS_REPLAY_STREAM (self), NULL);

  return self->recording;
}

/**
 * inion_replay_stream_get_skipped_s:
 * @self: a replay
 *
 * Returns: how much of long gaps has been passed over since the start, s
 */
double
inion_replay_stream_get_skipped_s (InionReplayStream *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (INION_IS_REPLAY_STREAM (self), 0);

  locker = g_mutex_locker_new (&self->mutex);
  return (double) self->skipped / self->rate_hz;
}

/**
 * inion_replay_stream_get_n_samples:
 * @self: a replay
 *
 * Returns: how many samples it has from the recording's start to its end
 */
gint64
inion_replay_stream_get_n_samples (InionReplayStream *self)
{
  g_return_val_if_fail (INION_IS_REPLAY_STREAM (self), 0);

  return self->n_samples;
}

/**
 * inion_replay_stream_sample_to_s:
 * @self: a replay
 * @sample: index of a sample of the stream
 *
 * Returns: when it begins, s since the recording's start
 */
double
inion_replay_stream_sample_to_s (InionReplayStream *self,
                                 gint64             sample)
{
  g_return_val_if_fail (INION_IS_REPLAY_STREAM (self), 0);

  return (double) inion_channel_sample_to_ns (self->clock, sample) / 1e9;
}
