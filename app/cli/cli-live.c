/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli live. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-open.h"

#include "app/decode/source-study.h"
#include "live/online-decoder.h"
#include "live/replay-stream.h"

#include <glib-unix.h>
#include <math.h>
#include <stdio.h>

/* The stream's own clock ends the run; a stream that stands still is ended so much later. */
#define GRACE_S 1.0

typedef struct
{
  GMainLoop *loop;
  InionModel *model;
  double rate_hz;
  double duration_s;     /* of the stream; INFINITY: to its end */
  gboolean flush;        /* each decision is wanted at once */
  gboolean done;         /* the duration is over */
  gint64 first;          /* sample where the first decision's window begins; −1: none yet */
  guint64 n_printed;
  InionNoAnswer why;     /* the last window had no answer */
  InionStream *stream;
} Run;

static void
print_csv (const Run    *run,
           gint64        sample,
           const double *probabilities,
           double        latency_ms)
{
  inion_cli_print ("%" G_GINT64_FORMAT ",", sample);
  inion_cli_print_double ("%.9g", (double) sample / run->rate_hz);
  for (guint k = 0; k < inion_model_get_n_classes (run->model); k++)
    {
      inion_cli_put_char (',');
      inion_cli_print_double ("%.17g", probabilities[k]);
    }
  inion_cli_put_char (',');
  inion_cli_print_double ("%.3f", latency_ms);
  inion_cli_put_char ('\n');
}

static void
print_json (const Run    *run,
            gint64        sample,
            const double *probabilities,
            double        latency_ms)
{
  InionJsonText *text = inion_json_text_new ();

  inion_json_text_begin_object (text, INION_JSON_INLINE);
  inion_cli_json_int (text, "sample", sample);
  inion_cli_json_double_or_null (text, "time_s", (double) sample / run->rate_hz);
  inion_json_text_key (text, "probabilities");
  inion_json_text_doubles (text, probabilities, inion_model_get_n_classes (run->model));
  inion_cli_json_double_or_null (text, "latency_ms", latency_ms);
  inion_json_text_end_object (text);
  inion_cli_print_json (text);
}

static void
on_decision (InionOnlineDecoder *decoder,
             gint64              sample,
             gpointer            probabilities,
             double              latency_ms,
             gpointer            data)
{
  Run *run = data;

  run->why = INION_NO_ANSWER_NONE;
  if (run->first < 0)
    run->first = sample - (gint64) llround (inion_model_get_n_samples (run->model) /
                                            inion_model_get_rate_hz (run->model) * run->rate_hz);
  run->done = run->done || (double) (sample - run->first) > run->duration_s * run->rate_hz;
  if (!run->done)
    {
      (inion_cli_json ? print_json : print_csv) (run, sample, probabilities, latency_ms);
      run->n_printed++;
      if (run->flush)
        inion_cli_flush ();
    }
  if (run->done || inion_cli_is_output_lost ())
    g_main_loop_quit (run->loop);
}

/* The reason is said once a stretch. */
static void
on_no_answer (InionOnlineDecoder *decoder,
              gint64              sample,
              int                 why,
              gpointer            data)
{
  Run *run = data;

  if (run->why != (InionNoAnswer) why)
    inion_cli_say ("No decision at %.2f s: %s", (double) sample / run->rate_hz,
                   inion_no_answer_get_reason ((InionNoAnswer) why));
  run->why = (InionNoAnswer) why;
}

static gboolean
on_stop (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

static void
print_header (InionModel *model)
{
  if (inion_cli_json)
    return;
  inion_cli_print ("sample,time_s");
  for (guint k = 0; k < inion_model_get_n_classes (model); k++)
    {
      inion_cli_put_char (',');
      inion_cli_print_field (inion_model_get_class (model, k));
    }
  inion_cli_print (",latency_ms\n");
}

static void
say_summary (InionOnlineDecoder *decoder,
             const Run          *run)
{
  InionOnlineStatistics statistics;
  double skipped_s = INION_IS_REPLAY_STREAM (run->stream)
                       ? inion_replay_stream_get_skipped_s (INION_REPLAY_STREAM (run->stream)) : 0;

  if (skipped_s > 0)
    inion_cli_say ("%.6g s of long gaps passed over", skipped_s);
  inion_online_decoder_get_statistics (decoder, &statistics);
  if (statistics.n_unanswered > 0)
    inion_cli_say ("%" G_GUINT64_FORMAT " %s no answer", statistics.n_unanswered,
                   statistics.n_unanswered == 1 ? "window has" : "windows have");
  if (run->n_printed > 0)
    inion_cli_say ("%" G_GUINT64_FORMAT " decisions; latency p50 %.2f, p95 %.2f, p99 %.2f, max "
                   "%.2f ms; lost samples %" G_GUINT64_FORMAT, run->n_printed, statistics.p50_ms,
                   statistics.p95_ms, statistics.p99_ms, statistics.max_ms, statistics.n_lost);
  else if (statistics.n_unanswered > 0)
    inion_cli_say ("0 decisions: the stream holds nothing but gaps and silence; lost samples "
                   "%" G_GUINT64_FORMAT, statistics.n_lost);
  else
    inion_cli_say ("0 decisions: the stream ended before the model's window was full; lost samples "
                   "%" G_GUINT64_FORMAT, statistics.n_lost);
}

/* Runs until the stream ends, the duration is over, somebody interrupts, or nobody reads. */
static gboolean
run_to_the_end (InionOnlineDecoder  *decoder,
                Run                 *run,
                GError             **error)
{
  guint interrupt = g_unix_signal_add (SIGINT, on_stop, run->loop);
  guint terminate = g_unix_signal_add (SIGTERM, on_stop, run->loop);
  guint clock = 0;
  const GError *failure;

  g_signal_connect (decoder, "decision", G_CALLBACK (on_decision), run);
  g_signal_connect (decoder, "no-answer", G_CALLBACK (on_no_answer), run);
  g_signal_connect_swapped (decoder, "ended", G_CALLBACK (g_main_loop_quit), run->loop);
  if (isfinite (run->duration_s))
    clock = g_timeout_add ((guint) ceil ((run->duration_s + GRACE_S) * 1e3), on_stop, run->loop);
  if (!inion_online_decoder_start (decoder, error))
    return FALSE;
  g_main_loop_run (run->loop);
  inion_online_decoder_stop (decoder);
  g_source_remove (interrupt);
  g_source_remove (terminate);
  if (clock != 0)
    g_source_remove (clock);
  say_summary (decoder, run);
  failure = inion_online_decoder_get_error (decoder);
  if (failure != NULL)
    g_propagate_error (error, g_error_copy (failure));
  return failure == NULL;
}

static InionRecording *
open_replayed (const char  *path,
               GError     **error)
{
  return inion_cli_open (path, FALSE, error);
}

/* A file is opened as any verb does it. */
static InionStream *
open_source (const char  *source,
             GError     **error)
{
  return g_str_has_prefix (source, "replay:")
           ? inion_replay_stream_new_for_uri_with (source, open_replayed, error)
           : inion_stream_new_for_uri (source, error);
}

/* A replay has the bad channels of its recording's study. */
static gboolean
find_bad (InionStream   *stream,
          char        ***bad,
          GError       **error)
{
  g_autoptr (InionAnnotationSet) marks = NULL;
  InionRecording *recording;
  const char *path;

  if (!INION_IS_REPLAY_STREAM (stream))
    return TRUE;
  recording = inion_replay_stream_get_recording (INION_REPLAY_STREAM (stream));
  path = inion_recording_get_path (recording);
  return path == NULL || inion_source_study_read (path, &marks, bad, error);
}

static int
decode (const char *source,
        const char *model_path,
        double      step_s,
        double      duration_s)
{
  g_autoptr (InionModel) model = NULL;
  g_autoptr (InionStream) stream = NULL;
  g_autoptr (InionOnlineDecoder) decoder = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_auto (GStrv) bad = NULL;
  g_autoptr (GError) error = NULL;
  Run run = { .loop = loop, .duration_s = duration_s, .first = -1 };

  model = inion_model_load (model_path, &error);
  if (model != NULL)
    stream = open_source (source, &error);
  if (stream != NULL && find_bad (stream, &bad, &error))
    decoder = inion_online_decoder_new_with_bad (stream, model, (const char *const *) bad, step_s,
                                                 &error);
  if (decoder == NULL)
    return inion_cli_fail (error);
  run.model = model;
  run.stream = stream;
  run.rate_hz = inion_stream_get_rate_hz (stream);
  run.flush = !inion_stream_is_patient (stream);
  print_header (model);
  return run_to_the_end (decoder, &run, &error) ? INION_CLI_OK : inion_cli_fail (error);
}

int
inion_cli_live (int    argc,
                char **argv)
{
  g_autofree char *source = NULL, *model = NULL, *step_text = NULL, *duration_text = NULL;
  const GOptionEntry entries[] = {
    { "source", 0, 0, G_OPTION_ARG_STRING, &source,
      "replay:FILE[?speed=2&from=10&loop=1]; speed 0: as fast as it goes", "URI" },
    { "model", 0, 0, G_OPTION_ARG_FILENAME, &model, "What decides", "MODEL" },
    { "step", 0, 0, G_OPTION_ARG_STRING, &step_text, "Seconds between decisions (0.25)", "S" },
    { "duration", 0, 0, G_OPTION_ARG_STRING, &duration_text,
      "Ends after so many seconds of the stream (at its end)", "S" },
    { NULL },
  };
  double step_s, duration_s;
  int code;

  if (!inion_cli_parse (&argc, &argv, "--source URI --model MODEL",
                        "Runs a model on a stream and prints one decision a line as CSV; a summary "
                        "goes to stderr.\nBad channels are those of the recording's study, rebuilt "
                        "as for “apply”.\nA window with a gap or nothing but silence has no "
                        "decision; stderr says why. Of a gap\nof the recording 10 s are played, "
                        "the rest is passed over.\nA model that needs the future is refused.",
                        "  one object a line: sample (one past the window's last), time_s,\n"
                        "  probabilities [] (in the order of the model's classes), latency_ms",
                        entries, 0, 0, &code))
    return code;
  if (source == NULL || model == NULL)
    return inion_cli_usage ("say with --source where samples come from and with --model what "
                            "decides");
  if (!inion_cli_parse_double_in ("--step", step_text, 0.25, 0.001, 3600, &step_s) ||
      !inion_cli_parse_double_in ("--duration", duration_text, INFINITY, 0.001, 1e6, &duration_s))
    return INION_CLI_USAGE;
  return decode (source, model, step_s, duration_s);
}
