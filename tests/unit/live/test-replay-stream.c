/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The replay: the recording's samples, all of them, none before its time. */

#include "../recording/edf-builder.h"
#include "core/error.h"
#include "core/init.h"
#include "live-fixture.h"

static InionReplayStream *
replay_new (InionRecording *recording,
            double          speed)
{
  GError *error = NULL;
  InionStream *stream = inion_replay_stream_new (recording, &error);

  g_assert_no_error (error);
  inion_replay_stream_set_speed (INION_REPLAY_STREAM (stream), speed);
  return INION_REPLAY_STREAM (stream);
}

static void
assert_samples (InionRecording *recording,
                const double   *frames,
                gint64          first,
                gsize           n)
{
  g_autofree double *x = g_new (double, n);

  for (guint c = 0; c < LIVE_CHANNELS; c++)
    {
      g_assert_true (inion_recording_read (recording, c, first, n, x, NULL));
      for (gsize t = 0; t < n; t++)
        g_assert_cmpfloat (frames[t * LIVE_CHANNELS + c], ==, x[t]);
    }
}

/* Plays to the end; every sample once and in order, none before it is due. */
static gint64
play (InionReplayStream *replay,
      double             speed,
      gint64             next,
      gsize              max)
{
  InionStream *stream = INION_STREAM (replay);
  g_autofree double *frames = g_new (double, max * LIVE_CHANNELS);
  gint64 start_us = g_get_monotonic_time (), start = next, first, arrival_us;
  GError *error = NULL;
  gsize n;

  g_assert_true (inion_stream_start (stream, &error));
  while (inion_stream_pull (stream, frames, max, 100, &n, &first, &arrival_us, &error))
    {
      double elapsed_s = (double) (g_get_monotonic_time () - start_us) / 1e6;

      g_assert_cmpuint (n, <=, max);
      if (n == 0)
        continue;
      g_assert_cmpint (first, ==, next);
      assert_samples (inion_replay_stream_get_recording (replay), frames, first, n);
      next += (gint64) n;
      g_assert_cmpint (arrival_us, >=, start_us);
      g_assert_cmpint (arrival_us, <=, g_get_monotonic_time ());
      if (speed > 0)
        g_assert_cmpfloat ((double) (next - 1 - start) / (LIVE_RATE_HZ * speed), <=, elapsed_s);
    }
  g_assert_no_error (error);
  inion_stream_stop (stream);
  return next;
}

static void
test_all_samples (void)
{
  g_autoptr (InionRecording) recording = live_recording_new (7);
  static const gsize sizes[] = { 1, 7, 64, 10000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      InionReplayStream *replay = replay_new (recording, 0);

      g_assert_cmpint (inion_replay_stream_get_n_samples (replay), ==, 1400);
      g_assert_cmpint (play (replay, 0, 0, sizes[i]), ==, 1400);
      /* And again, from elsewhere. */
      inion_replay_stream_set_from (replay, 5);
      g_assert_cmpint (play (replay, 0, 1000, sizes[i]), ==, 1400);
      inion_replay_stream_set_from (replay, 700);
      g_assert_cmpint (play (replay, 0, 1400, sizes[i]), ==, 1400);
      g_assert_finalize_object (replay);
    }
}

static void
test_clock (void)
{
  g_autoptr (InionRecording) recording = live_recording_new (4);
  g_autoptr (InionReplayStream) replay = replay_new (recording, 8);
  gint64 start = g_get_monotonic_time ();
  double took_s;

  g_assert_cmpint (play (replay, 8, 0, 64), ==, 800);
  took_s = (double) (g_get_monotonic_time () - start) / 1e6;
  g_assert_cmpfloat (took_s, >=, 799 / (LIVE_RATE_HZ * 8));
  g_test_message ("0.5 s took %.4f s", took_s);
}

/* A pull that comes late gets small blocks with the times they were due. */
static void
test_late_pull (void)
{
  g_autoptr (InionRecording) recording = live_recording_new (4);
  g_autoptr (InionReplayStream) replay = replay_new (recording, 1);
  InionStream *stream = INION_STREAM (replay);
  double frames[100 * LIVE_CHANNELS];
  gint64 first, arrival_us, previous_us = 0;
  gsize n;

  g_assert_true (inion_stream_start (stream, NULL));
  g_usleep (100 * 1000);
  for (gint64 k = 0; k < 20; k++)
    {
      g_assert_true (inion_stream_pull (stream, frames, 100, 0, &n, &first, &arrival_us, NULL));
      g_assert_cmpuint (n, ==, 1);
      g_assert_cmpint (first, ==, k);
      if (k > 0)
        g_assert_cmpint (arrival_us - previous_us, ==, 5000);
      previous_us = arrival_us;
    }
  inion_stream_stop (stream);
}

static void
test_pause_and_seek (void)
{
  g_autoptr (InionRecording) recording = live_recording_new (4);
  g_autoptr (InionReplayStream) replay = replay_new (recording, 1);
  InionStream *stream = INION_STREAM (replay);
  double frames[100 * LIVE_CHANNELS];
  gint64 first, arrival_us;
  gsize n;

  g_assert_true (inion_stream_start (stream, NULL));
  g_assert_true (inion_stream_pull (stream, frames, 100, 1000, &n, &first, &arrival_us, NULL));
  g_assert_cmpint (first, ==, 0);
  g_assert_true (inion_stream_set_paused (stream, TRUE));
  g_assert_true (inion_replay_stream_is_paused (replay));
  g_usleep (30 * 1000);
  g_assert_true (inion_stream_pull (stream, frames, 100, 30, &n, &first, &arrival_us, NULL));
  g_assert_cmpuint (n, ==, 0);
  g_assert_cmpfloat (inion_replay_stream_get_head (replay), ==, 1 / LIVE_RATE_HZ);

  /* The clock goes on where it was: the pause is not made up for. */
  g_assert_true (inion_stream_set_paused (stream, FALSE));
  g_assert_true (inion_stream_pull (stream, frames, 100, 1000, &n, &first, &arrival_us, NULL));
  g_assert_cmpint (first, ==, 1);
  g_assert_cmpuint (n, ==, 1);

  inion_replay_stream_seek (replay, 2.0);
  g_assert_true (inion_stream_pull (stream, frames, 100, 1000, &n, &first, &arrival_us, NULL));
  g_assert_cmpint (first, ==, 400);
  assert_samples (recording, frames, 400, n);
  g_assert_cmpfloat (inion_replay_stream_get_head (replay), >=, 2.0);
  inion_replay_stream_seek (replay, -5);
  g_assert_true (inion_stream_pull (stream, frames, 100, 1000, &n, &first, &arrival_us, NULL));
  g_assert_cmpint (first, ==, 0);
  inion_replay_stream_seek (replay, 1e9);
  g_assert_false (inion_stream_pull (stream, frames, 100, 1000, &n, &first, &arrival_us, NULL));
  g_assert_cmpfloat (inion_replay_stream_get_head (replay), ==, 4.0);
  inion_stream_stop (stream);
  g_assert_cmpfloat (inion_replay_stream_sample_to_s (replay, 300), ==, 1.5);
}

static void
test_loop (void)
{
  g_autoptr (InionRecording) recording = live_recording_new (1);
  g_autoptr (InionReplayStream) replay = replay_new (recording, 0);
  InionStream *stream = INION_STREAM (replay);
  double frames[1000 * LIVE_CHANNELS];
  gint64 first, arrival_us;
  gsize n;

  inion_replay_stream_set_from (replay, 0.5);
  inion_replay_stream_set_loop (replay, TRUE);
  g_assert_true (inion_stream_start (stream, NULL));
  for (guint round = 0; round < 3; round++)
    {
      g_assert_true (inion_stream_pull (stream, frames, 1000, 0, &n, &first, &arrival_us, NULL));
      g_assert_cmpint (first, ==, 100);
      g_assert_cmpuint (n, ==, 100);
      assert_samples (recording, frames, first, n);
    }
  inion_replay_stream_set_loop (replay, FALSE);
  g_assert_false (inion_stream_pull (stream, frames, 1000, 0, &n, &first, &arrival_us, NULL));
  inion_stream_stop (stream);
}

static gpointer
pull_long (gpointer data)
{
  double frames[LIVE_CHANNELS];
  gint64 first, arrival_us;
  gsize n;

  return GINT_TO_POINTER (
    inion_stream_pull (data, frames, 1, 60000, &n, &first, &arrival_us, NULL));
}

static void
test_stop_wakes_a_pull (void)
{
  g_autoptr (InionRecording) recording = live_recording_new (1);
  g_autoptr (InionReplayStream) replay = replay_new (recording, 1);
  gint64 start = g_get_monotonic_time ();
  GThread *thread;

  g_assert_true (inion_stream_start (INION_STREAM (replay), NULL));
  inion_replay_stream_pause (replay);
  thread = g_thread_new ("pull", pull_long, replay);
  g_usleep (20 * 1000);
  inion_stream_stop (INION_STREAM (replay));
  g_assert_false (GPOINTER_TO_INT (g_thread_join (thread)));
  g_assert_cmpint (g_get_monotonic_time () - start, <, 30 * G_USEC_PER_SEC);
}

/* The highest rate of the EEG channels, and whatever else has it. */
static void
test_mixed_rates (void)
{
  static const BuilderSignal signals[] = {
    { .label = "EEG Fp1", .samples = 50 }, { .label = "EEG C3", .samples = 100 },
    { .label = "ECG", .samples = 400 },    { .label = "EOG left", .samples = 100 },
    { .label = "EEG C4", .samples = 100 }, { .label = "EDF Annotations", .samples = 20 },
  };
  BuilderFile file = { .reserved = "EDF+C", .signals = signals, .n = G_N_ELEMENTS (signals),
                       .records = 5 };
  g_autoptr (GByteArray) bytes = builder_make (&file);
  g_autofree char *path = builder_write (bytes);
  g_autofree char *uri = g_strdup_printf ("replay:%s?speed=0", path);
  g_autoptr (InionRecording) recording = inion_recording_open (path, NULL);
  g_autoptr (InionStream) stream = NULL;
  GError *error = NULL;
  double frames[500 * 3], x[500];
  gint64 first, arrival_us;
  gsize n, at = 0;

  stream = inion_stream_new_for_uri (uri, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (inion_stream_get_n_channels (stream), ==, 3);
  g_assert_cmpfloat (inion_stream_get_rate_hz (stream), ==, 100.0);
  g_assert_cmpstr (inion_stream_get_channels (stream)[0], ==, "C3");
  g_assert_cmpstr (inion_stream_get_channels (stream)[2], ==, "C4");
  g_assert_true (inion_stream_start (stream, NULL));
  while (inion_stream_pull (stream, frames + at * 3, 500 - at + 1, 0, &n, &first, &arrival_us,
                            &error))
    at += n;
  g_assert_no_error (error);
  g_assert_cmpuint (at, ==, 500);
  g_assert_true (inion_recording_read (recording, 4, 0, 500, x, NULL));
  for (gsize t = 0; t < 500; t++)
    g_assert_cmpfloat (frames[t * 3 + 2], ==, x[t]);
  g_unlink (path);
}

static void
test_nothing_to_play (void)
{
  g_autoptr (InionRecording) recording =
    INION_RECORDING (inion_memory_recording_new (100, NULL));
  GError *error = NULL;

  g_assert_null (inion_replay_stream_new (recording, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_clear_error (&error);
}

/* A recording that shrinks while it plays: what was there comes, then the reason. */
static void
test_file_shrinks (void)
{
  static const BuilderSignal signals[] = { { .label = "EEG C3", .samples = 100 } };
  BuilderFile file = { .signals = signals, .n = 1, .records = 300 };
  g_autoptr (GByteArray) bytes = builder_make (&file);
  g_autofree char *path = builder_write (bytes);
  g_autofree char *uri = g_strdup_printf ("replay:%s?speed=0", path);
  g_autoptr (InionStream) stream = inion_stream_new_for_uri (uri, NULL);
  GError *error = NULL;
  double frames[1000];
  gint64 first, arrival_us, got = 0;
  gsize n;

  g_assert_no_errno (truncate (path, (off_t) bytes->len - 100 * 200));
  g_assert_true (inion_stream_start (stream, NULL));
  while (inion_stream_pull (stream, frames, 1000, 0, &n, &first, &arrival_us, &error))
    got += (gint64) n;
  g_assert_error (error, INION_ERROR, INION_ERROR_IO);
  g_assert_cmpint (got, ==, 200 * 100);
  g_clear_error (&error);
  inion_stream_stop (stream);
  g_unlink (path);
}

int
main (int    argc,
      char **argv)
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/replay/all-samples", test_all_samples);
  g_test_add_func ("/live/replay/clock", test_clock);
  g_test_add_func ("/live/replay/late-pull", test_late_pull);
  g_test_add_func ("/live/replay/pause-and-seek", test_pause_and_seek);
  g_test_add_func ("/live/replay/loop", test_loop);
  g_test_add_func ("/live/replay/stop-wakes-a-pull", test_stop_wakes_a_pull);
  g_test_add_func ("/live/replay/mixed-rates", test_mixed_rates);
  g_test_add_func ("/live/replay/nothing-to-play", test_nothing_to_play);
  g_test_add_func ("/live/replay/file-shrinks", test_file_shrinks);
  return g_test_run ();
}
