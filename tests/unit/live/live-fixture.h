/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording with something to decode, models of it, and a source that does what a test wants. */

#pragma once

#include "decode/track.h"
#include "live/online-decoder.h"
#include "live/replay-stream.h"
#include "recording/memory-recording.h"

#include <math.h>
#include <string.h>

#define LIVE_RATE_HZ 200.0
#define LIVE_CHANNELS 4

static const char *const live_labels[] = { "C3", "Cz", "C4", "Pz", NULL };

/* 12 Hz on C3 in "left" seconds, on C4 in "right" ones, in noise and an offset. */
static inline InionRecording *
live_recording_new (double duration_s)
{
  gsize n = (gsize) (duration_s * LIVE_RATE_HZ);
  InionMemoryRecording *recording = inion_memory_recording_new (LIVE_RATE_HZ, NULL);
  g_autofree double *x = g_new (double, n);
  guint32 noise = 1;

  for (guint c = 0; c < LIVE_CHANNELS; c++)
    {
      for (gsize t = 0; t < n; t++)
        {
          gboolean right = (t / (gsize) (2 * LIVE_RATE_HZ)) % 2 == 1;
          double gain = (c == 0 && !right) || (c == 2 && right) ? 12.0 : 2.0;

          noise = 1664525u * noise + 1013904223u;
          x[t] = 40.0 + gain * sin (2.0 * G_PI * 12.0 * (double) t / LIVE_RATE_HZ + c) +
                 20.0 * (noise / 4294967296.0 - 0.5);
        }
      inion_memory_recording_add_channel (recording, live_labels[c], "µV", x, n);
    }
  for (gint64 k = 0; 2.0 * (double) (k + 1) <= duration_s; k++)
    inion_memory_recording_add_event (recording, k * 2 * G_GINT64_CONSTANT (1000000000), -1,
                                      k % 2 == 0 ? "T1" : "T2");
  return INION_RECORDING (recording);
}

static const char live_recipe[] =
  "{ \"inion_recipe\": 1, \"name\": \"test\","
  "  \"reference\": \"%s\","
  "  \"filter\": { \"band_hz\": [8, 30], \"design\": \"%s\", \"phase\": \"%s\" },"
  "  \"notch_hz\": 50, \"resample_hz\": %s,"
  "  \"examples\": { \"from\": \"events\","
  "    \"classes\": { \"left\": [\"T1\"], \"right\": [\"T2\"] },"
  "    \"window_s\": [0.5, 1.5], \"baseline_s\": [0.25, 0.5] },"
  "  \"features\": [ { \"type\": \"log_variance\" } ], \"classifier\": { \"type\": \"lda\" },"
  "  \"validation\": { \"scheme\": \"blocked-k-fold\", \"folds\": 3 } }";

static inline InionModel *
live_model_new (const char *reference,
                const char *design,
                const char *phase,
                const char *resample_hz)
{
  g_autofree char *json = g_strdup_printf (live_recipe, reference, design, phase, resample_hz);
  g_autoptr (InionRecording) recording = live_recording_new (60);
  g_autoptr (InionRecipe) recipe = NULL;
  g_autoptr (InionExampleSet) examples = NULL;
  InionDecodeSource source = { .recording = recording, .name = "made" };
  GError *error = NULL;
  InionModel *model;

  recipe = inion_recipe_new_from_json (json, -1, &error);
  g_assert_no_error (error);
  inion_recording_load_events (recording, NULL, &error);
  g_assert_no_error (error);
  examples = inion_example_set_new (recipe, &source, 1, NULL, &error);
  g_assert_no_error (error);
  model = inion_model_fit (recipe, examples, NULL, 0, NULL, &error);
  g_assert_no_error (error);
  return model;
}

static inline InionModel *
live_causal_model_new (void)
{
  return live_model_new ("average", "butterworth", "causal", "null");
}

/* What a decoder said. */
typedef struct
{
  guint n_classes;
  GArray *samples;        /* gint64 */
  GArray *probabilities;  /* double */
  GArray *latencies_ms;   /* double */
  gboolean ended;
} LiveLog;

static inline LiveLog *
live_log_new (guint n_classes)
{
  LiveLog *log = g_new0 (LiveLog, 1);

  log->n_classes = n_classes;
  log->samples = g_array_new (FALSE, FALSE, sizeof (gint64));
  log->probabilities = g_array_new (FALSE, FALSE, sizeof (double));
  log->latencies_ms = g_array_new (FALSE, FALSE, sizeof (double));
  return log;
}

static inline void
live_log_free (LiveLog *log)
{
  g_array_unref (log->samples);
  g_array_unref (log->probabilities);
  g_array_unref (log->latencies_ms);
  g_free (log);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LiveLog, live_log_free)

static inline void
live_log_decision (InionOnlineDecoder *decoder,
                   gint64              sample,
                   gpointer            probabilities,
                   double              latency_ms,
                   LiveLog            *log)
{
  g_assert_false (log->ended);
  g_array_append_val (log->samples, sample);
  g_array_append_vals (log->probabilities, probabilities, log->n_classes);
  g_array_append_val (log->latencies_ms, latency_ms);
}

static inline void
live_log_ended (InionOnlineDecoder *decoder,
                LiveLog            *log)
{
  g_assert_false (log->ended);
  log->ended = TRUE;
}

static inline LiveLog *
live_log_connect (InionOnlineDecoder *decoder)
{
  InionModel *model = inion_online_decoder_get_model (decoder);
  LiveLog *log = live_log_new (inion_model_get_n_classes (model));

  g_signal_connect (decoder, "decision", G_CALLBACK (live_log_decision), log);
  g_signal_connect (decoder, "ended", G_CALLBACK (live_log_ended), log);
  return log;
}

static inline gboolean
live_deadline (gpointer data)
{
  g_error ("waited in vain");
  return G_SOURCE_REMOVE;
}

/* Turns the main loop until a condition holds. */
#define LIVE_WAIT_FOR(condition) \
  G_STMT_START { \
    guint deadline_id = g_timeout_add_seconds (60, live_deadline, NULL); \
    while (!(condition)) \
      g_main_context_iteration (NULL, TRUE); \
    g_source_remove (deadline_id); \
  } G_STMT_END

/* A source that gives what it has at once, counts from where it is told, and fails on demand. */

#define LIVE_TYPE_SOURCE (live_source_get_type ())
G_DECLARE_FINAL_TYPE (LiveSource, live_source, LIVE, SOURCE, InionStream)

struct _LiveSource
{
  InionStream parent_instance;

  gint64 n_samples;
  gint64 position;
  gint64 jump_at;       /* before this sample the indices jump by a thousand */
  gint64 fail_at;
  guint pause_us;       /* before each block */
  gint stopped;
  gint pulls;
};

G_DEFINE_FINAL_TYPE (LiveSource, live_source, INION_TYPE_STREAM)

static inline gboolean
live_source_start (InionStream  *stream,
                   GError      **error)
{
  LIVE_SOURCE (stream)->position = 0;
  g_atomic_int_set (&LIVE_SOURCE (stream)->stopped, FALSE);
  return TRUE;
}

static inline void
live_source_stop (InionStream *stream)
{
  g_atomic_int_set (&LIVE_SOURCE (stream)->stopped, TRUE);
}

static inline double
live_source_value (gint64 index,
                   guint  channel)
{
  return 10.0 * sin ((double) index * (0.3 + 0.05 * channel)) +
         (double) (index * 7919 % 101) / 20.0;
}

static inline gboolean
live_source_pull (InionStream  *stream,
                  double       *out,
                  gsize         max,
                  guint         timeout_ms,
                  gsize        *n,
                  gint64       *first,
                  gint64       *arrival_us,
                  GError      **error)
{
  LiveSource *self = LIVE_SOURCE (stream);
  gint64 end = self->n_samples;

  g_atomic_int_inc (&self->pulls);
  if (g_atomic_int_get (&self->stopped))
    return FALSE;
  if (self->pause_us > 0)
    g_usleep (self->pause_us);
  if (self->fail_at > 0 && self->position >= self->fail_at)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "The cable was pulled.");
      return FALSE;
    }
  if (self->position >= end)
    return FALSE;
  if (self->position < self->jump_at)
    end = MIN (end, self->jump_at);
  if (self->position < self->fail_at)
    end = MIN (end, self->fail_at);
  *n = (gsize) MIN ((gint64) max, end - self->position);
  *first = self->position + (self->jump_at > 0 && self->position >= self->jump_at ? 1000 : 0);
  for (gsize t = 0; t < *n; t++)
    {
      for (guint c = 0; c < LIVE_CHANNELS; c++)
        out[t * LIVE_CHANNELS + c] = live_source_value (*first + (gint64) t, c);
    }
  self->position += (gint64) *n;
  *arrival_us = g_get_monotonic_time ();
  return TRUE;
}

static inline void
live_source_class_init (LiveSourceClass *klass)
{
  INION_STREAM_CLASS (klass)->start = live_source_start;
  INION_STREAM_CLASS (klass)->stop = live_source_stop;
  INION_STREAM_CLASS (klass)->pull = live_source_pull;
}

static inline void
live_source_init (LiveSource *self)
{
  inion_stream_describe (INION_STREAM (self), "made", live_labels, LIVE_RATE_HZ);
}
