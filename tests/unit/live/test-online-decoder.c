/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The online decoder: the same numbers as from the file, losses counted, clean ends. */

#include "core/error.h"
#include "core/init.h"
#include "../gap-fixture.h"
#include "live-fixture.h"

#define STEP_S 0.1

static void
assert_same_as_track (const LiveLog    *log,
                      const InionTrack *track,
                      InionChannel     *clock,
                      const char       *from)
{
  if (log->samples->len != track->n)
    g_error ("%s: %u decisions instead of %" G_GSIZE_FORMAT, from, log->samples->len, track->n);
  for (gsize i = 0; i < track->n; i++)
    g_assert_cmpint (
      inion_channel_sample_to_ns (clock, g_array_index (log->samples, gint64, i)), ==,
      track->end_ns[i]);
  if (memcmp (log->probabilities->data, track->probabilities,
              track->n * track->n_classes * sizeof (double)) != 0)
    g_error ("%s: the numbers differ from those of the file", from);
}

static void
log_one (gint64        sample,
         const double *probabilities,
         gpointer      data)
{
  LiveLog *log = data;

  g_array_append_val (log->samples, sample);
  g_array_append_vals (log->probabilities, probabilities, log->n_classes);
}

/* All samples of a recording, as a stream has them. */
static double *
read_frames (InionRecording *recording,
             InionStream    *stream,
             gsize          *n_samples)
{
  guint n_channels = inion_stream_get_n_channels (stream);
  gint64 n = inion_replay_stream_get_n_samples (INION_REPLAY_STREAM (stream));
  double *frames = g_new (double, (gsize) n * n_channels);
  g_autofree double *x = g_new (double, (gsize) n);

  for (guint c = 0; c < n_channels; c++)
    {
      int channel = inion_recording_find_channel (recording, inion_stream_get_channels (stream)[c]);

      g_assert_true (inion_recording_read (recording, (guint) channel, 0, (gsize) n, x, NULL));
      for (gint64 t = 0; t < n; t++)
        frames[(gsize) t * n_channels + c] = x[t];
    }
  *n_samples = (gsize) n;
  return frames;
}

static void
compare_chunks (InionModel         *model,
                InionRecording     *recording,
                const char *const  *bad,
                InionStream        *stream,
                const InionTrack   *track)
{
  static const gsize sizes[] = { 1, 7, 64, 1000 };
  gsize n_samples;
  g_autofree double *frames = read_frames (recording, stream, &n_samples);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (InionStreamDecoder) decoder =
        inion_stream_decoder_new_with_bad (model, inion_stream_get_channels (stream), bad,
                                           inion_stream_get_rate_hz (stream), STEP_S, NULL);
      g_autoptr (LiveLog) log = live_log_new (track->n_classes);
      g_autofree char *from = g_strdup_printf ("chunks of %" G_GSIZE_FORMAT, sizes[i]);

      for (gsize t = 0; t < n_samples; t += sizes[i])
        g_assert_true (inion_stream_decoder_push (
          decoder, frames + t * inion_stream_get_n_channels (stream), MIN (sizes[i], n_samples - t),
          log_one, log, NULL));
      assert_same_as_track (log, track, inion_recording_get_channel (recording, 0), from);
    }
}

static void
compare_replay (InionModel         *model,
                InionRecording     *recording,
                const char *const  *bad,
                InionStream        *stream,
                const InionTrack   *track,
                double              speed)
{
  GError *error = NULL;
  g_autoptr (InionOnlineDecoder) decoder = NULL;
  g_autoptr (LiveLog) log = NULL;
  g_autofree char *from = g_strdup_printf ("replay at speed %g", speed);
  InionOnlineStatistics statistics;

  inion_replay_stream_set_speed (INION_REPLAY_STREAM (stream), speed);
  decoder = inion_online_decoder_new_with_bad (stream, model, bad, STEP_S, &error);
  g_assert_no_error (error);
  log = live_log_connect (decoder);
  g_assert_true (inion_online_decoder_start (decoder, &error));
  LIVE_WAIT_FOR (log->ended);
  g_assert_cmpint (inion_online_decoder_get_state (decoder), ==, INION_ONLINE_ENDED);
  inion_online_decoder_get_statistics (decoder, &statistics);
  g_assert_cmpuint (statistics.n_lost, ==, 0);
  g_assert_cmpuint (statistics.n_jumps, ==, 0);
  g_assert_cmpint ((gint64) statistics.n_samples, ==,
                   inion_replay_stream_get_n_samples (INION_REPLAY_STREAM (stream)));
  g_assert_cmpuint (statistics.n_decisions, ==, track->n);
  assert_same_as_track (log, track, inion_recording_get_channel (recording, 0), from);
  g_test_message ("%s: latency p50 %.2f, p95 %.2f, p99 %.2f, max %.2f ms", from, statistics.p50_ms,
                  statistics.p95_ms, statistics.p99_ms, statistics.max_ms);
}

/* File, chunks of any size, and replay: one path, one set of numbers. speed 0: without the clock. */
static void
compare (InionModel         *model,
         InionRecording     *recording,
         const char *const  *bad,
         double              speed)
{
  GError *error = NULL;
  g_autoptr (InionTrack) track = inion_model_apply (model, recording, bad, STEP_S, NULL, &error);
  g_autoptr (InionStream) stream = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (track->n, >, 10);
  stream = inion_replay_stream_new (recording, &error);
  g_assert_no_error (error);
  compare_chunks (model, recording, bad, stream, track);
  compare_replay (model, recording, bad, stream, track, 0);
  if (speed > 0)
    compare_replay (model, recording, bad, stream, track, speed);
}

/* At 200 Hz the ring holds 2048 frames: 10 s cannot be lost, however slow the machine. */
static void
test_same_numbers (void)
{
  g_autoptr (InionRecording) recording = live_recording_new (10);
  static const char *const variants[][3] = {
    { "average", "butterworth", "null" }, { "as-recorded", "fir", "null" },
    { "Cz", "butterworth", "100" },       { "average", "fir", "100" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      g_autoptr (InionModel) model =
        live_model_new (variants[i][0], variants[i][1], "causal", variants[i][2]);

      compare (model, recording, NULL, i == 0 ? 12 : 0);
    }
}

/* A recording with gaps: the replay plays 10 s of a long one and goes on behind it, and the numbers
 * are those of the file. */
static void
test_gaps (void)
{
  static const double gap_s[] = { 0.3, 4000 };
  g_autoptr (InionModel) model = live_model_new ("average", "butterworth", "causal", "100");
  g_autoptr (InionRecording) whole = live_recording_new (30);
  gsize n = (gsize) (30 * LIVE_RATE_HZ);
  const GapStretch stretches[] = { { 0, n / 3 }, { 10 + gap_s[0], n / 3 },
                                   { 20 + gap_s[0] + gap_s[1], n / 3 } };
  g_autofree double *x = g_new (double, LIVE_CHANNELS * n);
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (InionTrack) track = NULL;
  g_autoptr (InionStream) stream = NULL;
  g_autoptr (InionOnlineDecoder) decoder = NULL;
  g_autoptr (LiveLog) log = NULL;
  InionOnlineStatistics statistics;
  GError *error = NULL;

  for (guint c = 0; c < LIVE_CHANNELS; c++)
    g_assert_true (inion_recording_read (whole, c, 0, n, x + c * n, NULL));
  recording = gap_fixture_memory (LIVE_RATE_HZ, live_labels, LIVE_CHANNELS, x, stretches, 3);
  track = inion_model_apply (model, recording, NULL, STEP_S, NULL, &error);
  g_assert_no_error (error);
  stream = inion_replay_stream_new (recording, &error);
  g_assert_no_error (error);
  for (guint run = 0; run < 2; run++)
    {
      inion_replay_stream_set_speed (INION_REPLAY_STREAM (stream), run == 0 ? 0 : 60);
      decoder = inion_online_decoder_new (stream, model, STEP_S, &error);
      g_assert_no_error (error);
      log = live_log_connect (decoder);
      g_assert_true (inion_online_decoder_start (decoder, &error));
      LIVE_WAIT_FOR (log->ended);
      assert_same_as_track (log, track, inion_recording_get_channel (recording, 0),
                            run == 0 ? "replay" : "replay at speed 60");
      for (guint i = 0; i < log->samples->len; i++)
        {
          gint64 end_ns = inion_channel_sample_to_ns (
            inion_recording_get_channel (recording, 0), g_array_index (log->samples, gint64, i));

          g_assert_false (inion_recording_has_gap (recording, end_ns - track->window_ns, end_ns));
        }
      inion_online_decoder_get_statistics (decoder, &statistics);
      g_assert_cmpuint (statistics.n_lost, ==, 0);
      g_assert_cmpuint (statistics.n_unanswered, ==, track->n_unanswered);
      g_assert_cmpuint (statistics.n_unanswered, >, 0);
      g_assert_cmpfloat (inion_replay_stream_get_skipped_s (INION_REPLAY_STREAM (stream)), ==,
                         gap_s[1] - 10);
      g_clear_object (&decoder);
      g_clear_pointer (&log, live_log_free);
    }
}

static void
test_minimum_phase (void)
{
  g_autoptr (InionRecording) recording = live_recording_new (10);
  g_autoptr (InionModel) model = live_model_new ("average", "fir", "minimum", "null");

  compare (model, recording, NULL, 0);
}

static void
test_real_recording (void)
{
  const char *data = g_getenv ("INION_DATA");
  g_autofree char *path = g_build_filename (data != NULL ? data : "/nonexistent", "recordings",
                                            "S007R04.edf", NULL);
  g_autofree char *recipe_path = g_build_filename (data != NULL ? data : "/nonexistent", "recipes",
                                                   "motor-imagery-causal.json", NULL);
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (InionRecipe) recipe = NULL;
  g_autoptr (InionExampleSet) examples = NULL;
  g_autoptr (InionModel) model = NULL;
  static const char *const bad[] = { "C3", "Cz", "Fp1", NULL };
  InionDecodeSource source = { .name = "S007R04.edf" };
  GError *error = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS) || !g_file_test (recipe_path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("INION_DATA has no sample recording or recipe");
      return;
    }
  recording = source.recording = inion_recording_open (path, &error);
  g_assert_no_error (error);
  g_assert_true (inion_recording_load_events (recording, NULL, &error));
  recipe = inion_recipe_new_from_file (recipe_path, &error);
  g_assert_no_error (error);
  examples = inion_example_set_new (recipe, &source, 1, NULL, &error);
  g_assert_no_error (error);
  model = inion_model_fit (recipe, examples, NULL, 0, NULL, &error);
  g_assert_no_error (error);
  compare (model, recording, NULL, 0);
  compare (model, recording, bad, 0);
}

static void
test_zero_phase_refused (void)
{
  g_autoptr (InionRecording) recording = live_recording_new (2);
  g_autoptr (InionStream) stream = inion_replay_stream_new (recording, NULL);
  g_autoptr (InionModel) model = live_model_new ("average", "butterworth", "zero", "null");
  GError *error = NULL;

  g_assert_null (inion_online_decoder_new (stream, model, STEP_S, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "(in the recipe: “filter.phase”)"));
  g_assert_nonnull (strstr (error->message, "future"));
  g_clear_error (&error);
}

static void
test_wrong_streams_refused (void)
{
  g_autoptr (InionStream) stream = g_object_new (LIVE_TYPE_SOURCE, NULL);
  g_autoptr (InionModel) model = live_causal_model_new ();
  GError *error = NULL;

  inion_stream_describe (stream, "made", live_labels, LIVE_RATE_HZ * 2);
  g_assert_null (inion_online_decoder_new (stream, model, STEP_S, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  inion_stream_describe (stream, "made", live_labels + 1, LIVE_RATE_HZ);
  g_assert_null (inion_online_decoder_new (stream, model, STEP_S, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "C3"));
  g_clear_error (&error);
}

/* The decisions of a stretch of the made source, as if a stream began there. */
static void
expect_stretch (LiveLog    *log,
                InionModel *model,
                gint64      first,
                gsize       n)
{
  g_autoptr (InionStreamDecoder) decoder =
    inion_stream_decoder_new (model, live_labels, LIVE_RATE_HZ, STEP_S, NULL);
  g_autofree double *frames = g_new (double, n * LIVE_CHANNELS);
  guint before = log->samples->len;

  for (gsize t = 0; t < n; t++)
    {
      for (guint c = 0; c < LIVE_CHANNELS; c++)
        frames[t * LIVE_CHANNELS + c] = live_source_value (first + (gint64) t, c);
    }
  g_assert_true (inion_stream_decoder_push (decoder, frames, n, log_one, log, NULL));
  for (guint i = before; i < log->samples->len; i++)
    g_array_index (log->samples, gint64, i) += first;
}

static void
assert_same_logs (const LiveLog *a,
                  const LiveLog *b)
{
  g_assert_cmpmem (a->samples->data, a->samples->len * sizeof (gint64), b->samples->data,
                   b->samples->len * sizeof (gint64));
  g_assert_cmpmem (a->probabilities->data, a->probabilities->len * sizeof (double),
                   b->probabilities->data, b->probabilities->len * sizeof (double));
}

/* Where the indices jump the decoder starts anew: nothing is filtered across the hole. */
static void
test_jump (void)
{
  g_autoptr (LiveSource) source = g_object_new (LIVE_TYPE_SOURCE, NULL);
  g_autoptr (InionModel) model = live_causal_model_new ();
  g_autoptr (InionOnlineDecoder) decoder =
    inion_online_decoder_new (INION_STREAM (source), model, STEP_S, NULL);
  g_autoptr (LiveLog) log = live_log_connect (decoder);
  g_autoptr (LiveLog) expected = live_log_new (2);
  InionOnlineStatistics statistics;

  source->n_samples = 900;
  source->jump_at = 500;
  g_assert_true (inion_online_decoder_start (decoder, NULL));
  LIVE_WAIT_FOR (log->ended);
  inion_online_decoder_get_statistics (decoder, &statistics);
  g_assert_cmpuint (statistics.n_jumps, ==, 1);
  g_assert_cmpuint (statistics.n_samples, ==, 900);
  expect_stretch (expected, model, 0, 500);
  expect_stretch (expected, model, 1500, 400);
  g_assert_cmpuint (log->samples->len, >, 20);
  assert_same_logs (log, expected);
}

/* A source far faster than the decoder: the loss is counted, to the sample. */
static void
test_overrun (void)
{
  g_autoptr (LiveSource) source = g_object_new (LIVE_TYPE_SOURCE, NULL);
  g_autoptr (InionModel) model = live_causal_model_new ();
  g_autoptr (InionOnlineDecoder) decoder =
    inion_online_decoder_new (INION_STREAM (source), model, 0, NULL);
  g_autoptr (LiveLog) log = live_log_connect (decoder);
  InionOnlineStatistics statistics;

  source->n_samples = 100000;
  g_assert_true (inion_online_decoder_start (decoder, NULL));
  LIVE_WAIT_FOR (log->ended);
  inion_online_decoder_get_statistics (decoder, &statistics);
  g_assert_cmpuint (statistics.n_lost, >, 0);
  g_assert_cmpuint (statistics.n_samples + statistics.n_lost, ==, 100000);
  g_assert_cmpuint (statistics.n_decisions, ==, log->samples->len);
  g_test_message ("%" G_GUINT64_FORMAT " lost, %" G_GUINT64_FORMAT " jumps", statistics.n_lost,
                  statistics.n_jumps);
}

static void
test_source_fails (void)
{
  g_autoptr (LiveSource) source = g_object_new (LIVE_TYPE_SOURCE, NULL);
  g_autoptr (InionModel) model = live_causal_model_new ();
  g_autoptr (InionOnlineDecoder) decoder =
    inion_online_decoder_new (INION_STREAM (source), model, STEP_S, NULL);
  g_autoptr (LiveLog) log = live_log_connect (decoder);
  g_autoptr (LiveLog) expected = live_log_new (2);

  source->n_samples = 900;
  source->fail_at = 600;
  g_assert_true (inion_online_decoder_start (decoder, NULL));
  LIVE_WAIT_FOR (log->ended);
  g_assert_cmpint (inion_online_decoder_get_state (decoder), ==, INION_ONLINE_FAILED);
  g_assert_error (inion_online_decoder_get_error (decoder), G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
  expect_stretch (expected, model, 0, 600);
  assert_same_logs (log, expected);

  /* It may be tried again. */
  log->ended = FALSE;
  source->fail_at = 0;
  g_array_set_size (log->samples, 0);
  g_assert_true (inion_online_decoder_start (decoder, NULL));
  g_assert_null (inion_online_decoder_get_error (decoder));
  LIVE_WAIT_FOR (log->ended);
  g_assert_cmpint (inion_online_decoder_get_state (decoder), ==, INION_ONLINE_ENDED);
}

static InionOnlineDecoder *
make_clocked (double seconds,
              double speed)
{
  g_autoptr (InionRecording) recording = live_recording_new (seconds);
  g_autoptr (InionStream) stream = inion_replay_stream_new (recording, NULL);
  g_autoptr (InionModel) model = live_causal_model_new ();

  inion_replay_stream_set_speed (INION_REPLAY_STREAM (stream), speed);
  return inion_online_decoder_new (stream, model, STEP_S, NULL);
}

static void
count_notify (guint *n)
{
  ++*n;
}

static void
test_pause (void)
{
  g_autoptr (InionOnlineDecoder) decoder = make_clocked (10, 10);
  InionReplayStream *replay = INION_REPLAY_STREAM (inion_online_decoder_get_stream (decoder));
  g_autoptr (LiveLog) log = live_log_connect (decoder);
  guint notified = 0;
  gint64 until;
  double head;

  g_signal_connect_swapped (decoder, "notify::state", G_CALLBACK (count_notify), &notified);
  inion_online_decoder_pause (decoder);
  g_assert_cmpint (inion_online_decoder_get_state (decoder), ==, INION_ONLINE_STOPPED);
  g_assert_true (inion_online_decoder_start (decoder, NULL));
  LIVE_WAIT_FOR (log->samples->len > 0);
  inion_online_decoder_pause (decoder);
  inion_online_decoder_pause (decoder);
  g_assert_cmpint (inion_online_decoder_get_state (decoder), ==, INION_ONLINE_PAUSED);
  head = inion_replay_stream_get_head (replay);
  until = g_get_monotonic_time () + 100 * 1000;
  while (g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpfloat (inion_replay_stream_get_head (replay), ==, head);
  g_assert_false (log->ended);
  inion_online_decoder_resume (decoder);
  LIVE_WAIT_FOR (log->ended);

  /* The pause left no trace in what was decided. */
  g_assert_cmpuint (log->samples->len, ==, (guint) ((10.0 - 1.25) / STEP_S) + 1);
  g_assert_cmpuint (notified, ==, 4);
}

/* A source that cannot wait goes on, and what it sends meanwhile is passed over. */
static void
test_pause_impatient (void)
{
  g_autoptr (LiveSource) source = g_object_new (LIVE_TYPE_SOURCE, NULL);
  g_autoptr (InionModel) model = live_causal_model_new ();
  g_autoptr (InionOnlineDecoder) decoder =
    inion_online_decoder_new (INION_STREAM (source), model, STEP_S, NULL);
  g_autoptr (LiveLog) log = live_log_connect (decoder);
  InionOnlineStatistics statistics;
  int pulls;

  source->n_samples = G_MAXINT64 / 2;
  source->pause_us = 1000;
  g_assert_true (inion_online_decoder_start (decoder, NULL));
  LIVE_WAIT_FOR (log->samples->len > 0);
  inion_online_decoder_pause (decoder);
  pulls = g_atomic_int_get (&source->pulls);
  while (g_atomic_int_get (&source->pulls) < pulls + 5)
    g_usleep (1000);
  inion_online_decoder_get_statistics (decoder, &statistics);
  g_assert_cmpuint (statistics.n_jumps, ==, 0);
  inion_online_decoder_resume (decoder);
  do
    {
      g_usleep (1000);
      inion_online_decoder_get_statistics (decoder, &statistics);
    }
  while (statistics.n_jumps == 0);
  inion_online_decoder_stop (decoder);
  g_assert_cmpint (inion_online_decoder_get_state (decoder), ==, INION_ONLINE_STOPPED);
}

/* Stops within 50 ms wherever it is; the best of a few, for the machine may be busy. */
static void
test_stop_is_quick (void)
{
  static const double speeds[] = { 1, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (speeds); i++)
    {
      gint64 best_us = G_MAXINT64;

      for (guint attempt = 0; attempt < 5; attempt++)
        {
          InionOnlineDecoder *decoder = make_clocked (600, speeds[i]);
          g_autoptr (LiveLog) log = live_log_connect (decoder);
          gint64 start;

          g_assert_true (inion_online_decoder_start (decoder, NULL));
          g_usleep (20 * 1000);
          start = g_get_monotonic_time ();
          inion_online_decoder_stop (decoder);
          best_us = MIN (best_us, g_get_monotonic_time () - start);
          log->ended = TRUE; /* nothing may be said any more */
          while (g_main_context_iteration (NULL, FALSE))
            ;
          g_assert_finalize_object (decoder);
        }
      g_test_message ("speed %g: stopped within %.2f ms", speeds[i], (double) best_us / 1e3);
      g_assert_cmpint (best_us, <, 50 * 1000);
    }
}

static void
stop_at_once (InionOnlineDecoder *decoder,
              gint64              sample,
              gpointer            probabilities,
              double              latency_ms,
              guint              *n)
{
  ++*n;
  inion_online_decoder_stop (decoder);
}

/* Ten minutes of decisions wait when the first is emitted; its handler has the last word. */
static void
test_stop_in_handler (void)
{
  InionOnlineDecoder *decoder = make_clocked (600, 0);
  guint n = 0;

  g_signal_connect (decoder, "decision", G_CALLBACK (stop_at_once), &n);
  g_assert_true (inion_online_decoder_start (decoder, NULL));
  LIVE_WAIT_FOR (n > 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n, ==, 1);
  g_assert_finalize_object (decoder);
}

static void
test_dropped_while_running (void)
{
  InionOnlineDecoder *decoder = make_clocked (600, 4);

  g_assert_true (inion_online_decoder_start (decoder, NULL));
  g_usleep (30 * 1000);
  g_assert_finalize_object (decoder);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Latency is counted from the sample's time to the decision, so it is positive and the greatest is
 * the histogram's. */
static void
test_latency (void)
{
  g_autoptr (InionOnlineDecoder) decoder = make_clocked (6, 6);
  g_autoptr (LiveLog) log = live_log_connect (decoder);
  InionOnlineStatistics statistics;
  double greatest = 0;
  guint over = 0;

  inion_online_decoder_get_statistics (decoder, &statistics);
  g_assert_true (isnan (statistics.p50_ms) && isnan (statistics.max_ms));
  g_assert_true (inion_online_decoder_start (decoder, NULL));
  LIVE_WAIT_FOR (log->ended);
  inion_online_decoder_get_statistics (decoder, &statistics);
  for (guint i = 0; i < log->latencies_ms->len; i++)
    {
      double latency_ms = g_array_index (log->latencies_ms, double, i);

      g_assert_cmpfloat (latency_ms, >=, 0);
      greatest = MAX (greatest, latency_ms);
      over += latency_ms > statistics.p95_ms;
    }
  g_assert_cmpfloat (greatest, ==, statistics.max_ms);
  g_assert_cmpuint (over, <=, log->latencies_ms->len / 20);
  g_assert_cmpfloat (statistics.p50_ms, <=, statistics.p95_ms);
  g_assert_cmpfloat (statistics.p95_ms, <=, statistics.p99_ms);
  g_assert_cmpfloat (statistics.p99_ms, <=, statistics.max_ms);
}

typedef struct
{
  guint counts[INION_N_NO_ANSWERS];
  gint64 last;
} Withheld;

static void
on_no_answer (InionOnlineDecoder *decoder,
              gint64              sample,
              int                 why,
              Withheld           *withheld)
{
  withheld->counts[why]++;
  g_assert_cmpint (sample, >, withheld->last);
  withheld->last = sample;
}

/* The cap is unplugged from 4 to 8 s, and there is a hole from 12 to 14 s. */
static InionRecording *
make_broken (void)
{
  g_autoptr (InionRecording) whole = live_recording_new (20);
  InionMemoryRecording *broken = inion_memory_recording_new (LIVE_RATE_HZ, NULL);
  g_autofree double *x = g_new (double, 4000);

  for (guint c = 0; c < LIVE_CHANNELS; c++)
    {
      g_assert_true (inion_recording_read (whole, c, 0, 4000, x, NULL));
      for (guint t = 800; t < 1600; t++)
        x[t] = -300;
      for (guint t = 2400; t < 2800; t++)
        x[t] = NAN;
      inion_memory_recording_add_channel (broken, live_labels[c], "µV", x, 4000);
    }
  return INION_RECORDING (broken);
}

/* Where there is nothing to believe the decoder says so, in the place of a decision. */
static void
test_no_answer (void)
{
  g_autoptr (InionRecording) recording = make_broken ();
  g_autoptr (InionStream) stream = inion_replay_stream_new (recording, NULL);
  g_autoptr (InionModel) model = live_model_new ("as-recorded", "butterworth", "causal", "null");
  g_autoptr (InionTrack) track = inion_model_apply (model, recording, NULL, STEP_S, NULL, NULL);
  g_autoptr (InionOnlineDecoder) decoder = NULL;
  g_autoptr (LiveLog) log = NULL;
  InionOnlineStatistics statistics;
  Withheld withheld = { 0 };

  inion_replay_stream_set_speed (INION_REPLAY_STREAM (stream), 0);
  decoder = inion_online_decoder_new (stream, model, STEP_S, NULL);
  log = live_log_connect (decoder);
  g_signal_connect (decoder, "no-answer", G_CALLBACK (on_no_answer), &withheld);
  g_assert_true (inion_online_decoder_start (decoder, NULL));
  LIVE_WAIT_FOR (log->ended);
  inion_online_decoder_get_statistics (decoder, &statistics);
  g_assert_cmpuint (withheld.counts[INION_NO_ANSWER_FLAT], >, 10);
  g_assert_cmpuint (withheld.counts[INION_NO_ANSWER_GAP], >=, 20);
  g_assert_cmpuint (withheld.counts[INION_NO_ANSWER_FLAT] + withheld.counts[INION_NO_ANSWER_GAP], ==,
                    track->n_unanswered);
  g_assert_cmpuint (statistics.n_unanswered, ==, track->n_unanswered);
  assert_same_as_track (log, track, inion_recording_get_channel (recording, 0), "with silence");
}

int
main (int    argc,
      char **argv)
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/online-decoder/same-numbers", test_same_numbers);
  g_test_add_func ("/live/online-decoder/gaps", test_gaps);
  g_test_add_func ("/live/online-decoder/minimum-phase", test_minimum_phase);
  g_test_add_func ("/live/online-decoder/real-recording", test_real_recording);
  g_test_add_func ("/live/online-decoder/zero-phase-refused", test_zero_phase_refused);
  g_test_add_func ("/live/online-decoder/wrong-streams-refused", test_wrong_streams_refused);
  g_test_add_func ("/live/online-decoder/jump", test_jump);
  g_test_add_func ("/live/online-decoder/overrun", test_overrun);
  g_test_add_func ("/live/online-decoder/source-fails", test_source_fails);
  g_test_add_func ("/live/online-decoder/pause", test_pause);
  g_test_add_func ("/live/online-decoder/pause-impatient", test_pause_impatient);
  g_test_add_func ("/live/online-decoder/stop-is-quick", test_stop_is_quick);
  g_test_add_func ("/live/online-decoder/stop-in-handler", test_stop_in_handler);
  g_test_add_func ("/live/online-decoder/dropped-while-running", test_dropped_while_running);
  g_test_add_func ("/live/online-decoder/latency", test_latency);
  g_test_add_func ("/live/online-decoder/no-answer", test_no_answer);
  return g_test_run ();
}
