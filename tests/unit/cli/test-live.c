/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train → apply → live: one model, the same numbers, and what it refuses. */

#include "cli-runner.h"

#include "core/init.h"
#include "decode/track.h"

typedef struct
{
  char *folder;
  char *causal;      /* models of S007R04 and S007R08 */
  char *zero;
  char *recording;   /* S007R12 */
  char *replay;      /* its URI, at speed 0 */
} Fixture;

static char *
train (const char *folder,
       const char *recipe_name)
{
  g_autofree char *recipe = cli_data ("recipes", recipe_name);
  g_autofree char *a = cli_data ("recordings", "S007R04.edf");
  g_autofree char *b = cli_data ("recordings", "S007R08.edf");
  char *model = g_build_filename (folder, recipe_name, NULL);
  g_autoptr (CliRun) run = cli_run ("train", recipe, a, b, "-o", model, NULL);

  cli_assert_code (run, 0);
  g_assert_true (g_str_has_prefix (run->out, "Accuracy"));
  g_assert_nonnull (strstr (run->err, model));
  return model;
}

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  fixture->folder = cli_make_folder ();
  fixture->causal = train (fixture->folder, "motor-imagery-causal.json");
  fixture->zero = train (fixture->folder, "motor-imagery.json");
  fixture->recording = cli_data ("recordings", "S007R12.edf");
  fixture->replay = g_strconcat ("replay:", fixture->recording, "?speed=0", NULL);
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  cli_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->causal);
  g_free (fixture->zero);
  g_free (fixture->recording);
  g_free (fixture->replay);
}

static InionTrack *
apply (const char *model_path,
       const char *recording_path,
       double      step_s)
{
  g_autoptr (InionModel) model = inion_model_load (model_path, NULL);
  g_autoptr (InionRecording) recording = inion_recording_open (recording_path, NULL);
  InionTrack *track;

  g_assert_nonnull (model);
  g_assert_nonnull (recording);
  track = inion_model_apply (model, recording, NULL, step_s, NULL, NULL);
  g_assert_nonnull (track);
  g_assert_cmpuint (track->n, >, 100);
  return track;
}

/* What apply prints is what the engine says. */
static void
test_apply (Fixture      *fixture,
            gconstpointer data)
{
  const char *const models[] = { fixture->causal, fixture->zero };

  for (guint m = 0; m < 2; m++)
    {
      g_autoptr (InionTrack) track = apply (models[m], fixture->recording, 0.5);
      g_autoptr (CliRun) run =
        cli_run ("apply", models[m], fixture->recording, "--step", "0.5", NULL);
      g_auto (GStrv) lines = g_strsplit (run->out, "\n", -1);

      cli_assert_code (run, 0);
      g_assert_cmpstr (lines[0], ==, "end_s,left,right");
      g_assert_cmpuint (cli_count_lines (run->out), ==, track->n + 1);
      for (gsize i = 0; i < track->n; i++)
        {
          g_auto (GStrv) fields = g_strsplit (lines[i + 1], ",", -1);

          g_assert_cmpfloat (g_ascii_strtod (fields[0], NULL), ==, (double) track->end_ns[i] / 1e9);
          for (guint k = 0; k < 2; k++)
            g_assert_cmpfloat (g_ascii_strtod (fields[k + 1], NULL), ==,
                               track->probabilities[2 * i + k]);
        }
    }
}

static void
test_apply_json (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr (InionTrack) track = apply (fixture->causal, fixture->recording, 0.25);
  g_autoptr (CliRun) run = cli_run ("apply", "--json", fixture->causal, fixture->recording, NULL);
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *object;
  JsonArray *decisions;

  cli_assert_code (run, 0);
  object = cli_parse_json (&parser, run->out);
  g_assert_cmpfloat (json_object_get_double_member (object, "window_s"), ==,
                     (double) track->window_ns / 1e9);
  g_assert_cmpstr (json_array_get_string_element (json_object_get_array_member (object, "classes"),
                                                  1), ==, "right");
  decisions = json_object_get_array_member (object, "decisions");
  g_assert_cmpuint (json_array_get_length (decisions), ==, track->n);
  for (gsize i = 0; i < track->n; i++)
    cli_assert_doubles (json_array_get_object_element (decisions, (guint) i), "probabilities",
                        track->probabilities + 2 * i, 2);
}

/* A replay without a clock gives the decisions of the file, to the last bit. */
static void
test_replay (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (CliRun) live =
    cli_run ("live", "--source", fixture->replay, "--model", fixture->causal, NULL);
  g_autoptr (CliRun) file = cli_run ("apply", fixture->causal, fixture->recording, NULL);
  g_auto (GStrv) lines = g_strsplit (live->out, "\n", -1);
  g_auto (GStrv) expected = g_strsplit (file->out, "\n", -1);

  cli_assert_code (live, 0);
  cli_assert_code (file, 0);
  g_assert_nonnull (strstr (live->err, "latency p50"));
  g_assert_nonnull (strstr (live->err, "lost samples 0"));
  g_assert_cmpstr (lines[0], ==, "sample,time_s,left,right,latency_ms");
  g_assert_cmpuint (g_strv_length (lines), ==, g_strv_length (expected));
  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      char *from = strchr (lines[i], ',') + 1;
      char *to = strrchr (lines[i], ',');
      g_autofree char *middle = g_strndup (from, (gsize) (to - from));

      g_assert_cmpstr (middle, ==, expected[i]);
      g_assert_cmpfloat (g_ascii_strtod (lines[i], NULL), ==,
                         g_ascii_strtod (middle, NULL) * 160);
      g_assert_cmpfloat (g_ascii_strtod (to + 1, NULL), >=, 0);
    }
}

static void
test_replay_json (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr (InionTrack) track = apply (fixture->causal, fixture->recording, 0.5);
  g_autoptr (CliRun) run = cli_run ("live", "--json", "--source", fixture->replay, "--model",
                                    fixture->causal, "--step", "0.5", NULL);
  g_auto (GStrv) lines = g_strsplit (run->out, "\n", -1);

  cli_assert_code (run, 0);
  g_assert_cmpuint (cli_count_lines (run->out), ==, track->n);
  for (gsize i = 0; i < track->n; i++)
    {
      g_autoptr (JsonParser) parser = NULL;
      JsonObject *object = cli_parse_json (&parser, lines[i]);

      g_assert_cmpfloat (json_object_get_double_member (object, "time_s"), ==,
                         (double) track->end_ns[i] / 1e9);
      g_assert_cmpint (json_object_get_int_member (object, "sample"), ==,
                       track->end_ns[i] / 6250000);
      cli_assert_doubles (object, "probabilities", track->probabilities + 2 * i, 2);
      g_assert_true (json_object_has_member (object, "latency_ms"));
    }
}

/* A duration is one of the stream: decisions end with it. */
static void
test_duration (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr (CliRun) fast = cli_run ("live", "--source", fixture->replay, "--model",
                                     fixture->causal, "--duration", "10", "--step", "1", NULL);
  g_autofree char *quick = g_strconcat ("replay:", fixture->recording, "?speed=8&from=20", NULL);
  g_autoptr (CliRun) clocked = cli_run ("live", "--source", quick, "--model", fixture->causal,
                                        "--duration", "5", "--step", "1", NULL);

  cli_assert_code (fast, 0);
  g_assert_cmpuint (cli_count_lines (fast->out), ==, 1 + 8);
  g_assert_nonnull (strstr (fast->out, "\n1600,10,"));
  cli_assert_code (clocked, 0);
  g_assert_cmpuint (cli_count_lines (clocked->out), ==, 1 + 3);
  g_assert_nonnull (strstr (clocked->out, "\n4000,25,"));
}

static void
test_refusals (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr (CliRun) zero =
    cli_run ("live", "--source", fixture->replay, "--model", fixture->zero, NULL);
  g_autoptr (CliRun) unknown =
    cli_run ("live", "--source", "smoke:signals", "--model", fixture->causal, NULL);
  g_autoptr (CliRun) absent =
    cli_run ("live", "--source", "replay:/nonexistent.edf", "--model", fixture->causal, NULL);
  g_autoptr (CliRun) no_model =
    cli_run ("live", "--source", fixture->replay, "--model", "/nonexistent.json", NULL);
  g_autoptr (CliRun) half = cli_run ("live", "--source", fixture->replay, NULL);

  cli_assert_fails (zero, "future");
  cli_assert_fails (unknown, "smoke:signals");
  cli_assert_fails (absent, "/nonexistent.edf");
  cli_assert_fails (no_model, "/nonexistent.json");
  cli_assert_code (half, 2);
}

/* A stream too short for one window is no failure, and says so. */
static void
test_too_short (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *uri = g_strconcat (fixture->replay, "&from=124", NULL);
  g_autoptr (CliRun) run = cli_run ("live", "--source", uri, "--model", fixture->causal, NULL);

  cli_assert_code (run, 0);
  g_assert_cmpstr (run->out, ==, "sample,time_s,left,right,latency_ms\n");
  g_assert_true (g_str_has_prefix (run->err, "0 decisions"));
}

/* Nobody reads any more: an endless replay ends. */
static void
test_closed_pipe (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr (CliRun) run =
    cli_run_shell ("\"$INION_CLI\" live --source '%s&loop=1' --model '%s' | head -n 2",
                   fixture->replay, fixture->causal);

  cli_assert_code (run, 0);
  g_assert_cmpuint (cli_count_lines (run->out), ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  inion_init ();
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/cli/apply", test_apply);
  ADD ("/cli/apply/json", test_apply_json);
  ADD ("/cli/live/replay", test_replay);
  ADD ("/cli/live/json", test_replay_json);
  ADD ("/cli/live/duration", test_duration);
  ADD ("/cli/live/refusals", test_refusals);
  ADD ("/cli/live/too-short", test_too_short);
  ADD ("/cli/live/closed-pipe", test_closed_pipe);
  return g_test_run ();
}
