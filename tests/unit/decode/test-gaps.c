/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings with gaps: what is cut from them and what a model says of them. */

#include "../gap-fixture.h"
#include "decode-scene.h"

#include "decode/gap-clock.h"
#include "decode/track.h"

#define DAY_S 86400.0

typedef struct
{
  InionRecipePhase phase;
  double resample_hz;
} Variant;

static const Variant variants[] = {
  { INION_RECIPE_PHASE_CAUSAL, NAN },
  { INION_RECIPE_PHASE_CAUSAL, 25 },
  { INION_RECIPE_PHASE_ZERO, NAN },
  { INION_RECIPE_PHASE_ZERO, 30 },
};

static void
make_variant (InionRecipeSpec *spec,
              gpointer         data)
{
  const Variant *variant = data;

  spec->phase = variant->phase;
  spec->resample_hz = variant->resample_hz;
  spec->band_hz[0] = 4;
  spec->band_hz[1] = 11;
}

/* A scene of 40 events with a gap before each of some samples, in order. */
static InionRecording *
make_gapped (const gsize  *before,
             const double *gap_s,
             guint         n_gaps)
{
  g_autoptr (InionRecording) scene = scene_new (40, 3, 5);
  gsize n = (gsize) inion_channel_get_n_samples (inion_recording_get_channel (scene, 0)), last = 0;
  g_autofree double *x = g_new (double, 5 * n);
  GapStretch stretches[8];
  InionRecording *gapped;
  double moved_s = 0;

  for (guint c = 0; c < 5; c++)
    g_assert_true (inion_recording_read (scene, c, 0, n, x + c * n, NULL));
  for (guint g = 0; g <= n_gaps; g++)
    {
      gsize end = g < n_gaps ? before[g] : n;

      stretches[g] = (GapStretch) { (double) last / SCENE_RATE + moved_s, end - last };
      last = end;
      moved_s += g < n_gaps ? gap_s[g] : 0;
    }
  gapped = gap_fixture_memory (SCENE_RATE, scene_labels, 5, x, stretches, n_gaps + 1);
  inion_recording_load_events (scene, NULL, NULL);
  for (guint e = 0; e < inion_recording_get_events (scene)->len; e++)
    {
      const InionEvent *event = inion_recording_get_events (scene)->pdata[e];
      double onset_s = (double) event->onset_ns / 1e9, by_s = 0;

      for (guint g = 0; g < n_gaps; g++)
        by_s += onset_s * SCENE_RATE >= (double) before[g] - 0.5 ? gap_s[g] : 0;
      inion_memory_recording_add_event (INION_MEMORY_RECORDING (gapped),
                                        event->onset_ns + (gint64) (by_s * 1e9), -1, event->text);
    }
  return gapped;
}

/* Three days without data are the same as half a minute: every window has the same bits, is left
 * out for the same reason, and lies three days later. */
static void
test_length_of_gap (void)
{
  /* One gap between two events, one within an example's window (3.1 s behind an event's). */
  const gsize before[] = { 4 * 100 * 11, 4 * 100 * 21 + 110 };
  const double brief[] = { 30, 1.5 }, endless[] = { 3 * DAY_S, 1.5 };

  for (guint v = 0; v < G_N_ELEMENTS (variants); v++)
    {
      g_autoptr (InionRecipe) recipe = scene_recipe (make_variant, (gpointer) &variants[v]);
      g_autoptr (InionRecording) a = make_gapped (before, brief, 2);
      g_autoptr (InionRecording) b = make_gapped (before, endless, 2);
      g_autoptr (InionExampleSet) x = scene_examples (recipe, a, NULL);
      g_autoptr (InionExampleSet) y = scene_examples (recipe, b, NULL);
      gsize size = sizeof (double) * inion_example_set_get_n_channels (x) *
                   inion_example_set_get_n_samples (x);

      g_assert_cmpuint (inion_example_set_get_n (x), ==, 39);
      g_assert_nonnull (strstr (inion_example_set_get_drop_log (x),
                                "1 left out that lie in or beside a gap"));
      g_assert_cmpstr (inion_example_set_get_drop_log (x), ==, inion_example_set_get_drop_log (y));
      for (guint i = 0; i < 39; i++)
        {
          gint64 moved = (gint64) (i < 10 ? 0 : 3 * DAY_S - 30) * SECOND_NS;

          g_assert_cmpint (inion_example_set_get_onset_ns (y, i), ==,
                           inion_example_set_get_onset_ns (x, i) + moved);
          g_assert_cmpmem (inion_example_set_get_data (x, i), size,
                           inion_example_set_get_data (y, i), size);
        }
    }
}

/* A gap shorter than the time between two samples of the lower rate is one all the same. */
static void
test_short_gap (void)
{
  const gsize before[] = { 4 * 100 * 21 + 110 };
  const double gap_s[] = { 0.01 };

  for (guint v = 0; v < G_N_ELEMENTS (variants); v++)
    {
      g_autoptr (InionRecipe) recipe = scene_recipe (make_variant, (gpointer) &variants[v]);
      g_autoptr (InionRecording) recording = make_gapped (before, gap_s, 1);
      g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);

      g_assert_cmpuint (inion_example_set_get_n (examples), ==, 39);
      g_assert_nonnull (strstr (inion_example_set_get_drop_log (examples), "gap"));
    }
}

/* No answer in a gap; behind it the numbers of a recording that begins there. */
static void
test_track (void)
{
  const gsize before[] = { 4 * 100 * 11 };
  const double gap_s[] = { 3 * DAY_S };

  for (guint v = 0; v < G_N_ELEMENTS (variants); v++)
    {
      g_autoptr (InionRecipe) recipe = scene_recipe (make_variant, (gpointer) &variants[v]);
      g_autoptr (InionRecording) whole = scene_new (40, 3, 5);
      g_autoptr (InionRecording) gapped = make_gapped (before, gap_s, 1);
      g_autoptr (InionExampleSet) examples = scene_examples (recipe, whole, NULL);
      g_autoptr (InionModel) model = inion_model_fit (recipe, examples, NULL, 0, NULL, NULL);
      g_autoptr (InionTrack) track = NULL;
      g_autoptr (GError) error = NULL;
      gint64 from = (gint64) before[0] * 10000000, to = from + (gint64) gap_s[0] * SECOND_NS;
      gsize n_behind = 0;

      track = inion_model_apply (model, gapped, NULL, 0.5, NULL, &error);
      g_assert_no_error (error);
      for (gsize i = 0; i < track->n; i++)
        {
          /* A window's first sample of a lower rate stands for the one it was taken from. */
          gint64 start = track->end_ns[i] - track->window_ns +
                         (isnan (variants[v].resample_hz) ? 0 : SECOND_NS / 25);

          g_assert_false (inion_recording_has_gap (gapped, start, track->end_ns[i]));
          n_behind += track->end_ns[i] >= to;
          g_assert_true (isfinite (track->probabilities[2 * i]));
        }
      /* 31 events of 4 s lie behind, less the first window. */
      g_assert_cmpuint (n_behind, >=, 240);
      g_assert_cmpuint (track->n - n_behind, >=, 80);
      g_assert_cmpuint (track->n_unanswered, >, 0);
      /* Days of nothing are not looked at window by window. */
      g_assert_cmpuint (track->n_unanswered, <, 40);
    }
}

/* The clock of long gaps, by hand. */
static void
test_clock (void)
{
  static const char *const labels[] = { "Cz" };
  const GapStretch stretches[] = { { 0, 100 }, { 40, 100 }, { 52, 50 }, { 1000, 100 } };
  g_autofree double *x = g_new0 (double, 350);
  g_autofree double *kept = NULL;
  g_autoptr (InionRecording) recording = gap_fixture_memory (10, labels, 1, x, stretches, 4);
  InionGapClock clock;
  gint64 at, look, next;

  /* 30 s of gap keep 10 s and what does not divide by 3; 2 s are kept; 943 s keep 10 s. */
  inion_gap_clock_init (&clock, recording, 0, 10100, 10, 1, 3);
  g_assert_cmpint (clock.n_clock, ==, 10100);
  g_assert_cmpint (clock.n, ==, 10100 - 198 - 9330);
  g_assert_cmpint (inion_gap_clock_get_left_out (&clock), ==, (198 + 9330) / 3);
  kept = g_new (double, clock.n);
  g_assert_true (inion_gap_clock_read (&clock, recording, 0, kept, NULL));
  for (gint64 t = 0; t < clock.n; t++)
    g_assert_cmpint (isnan (kept[t]), ==,
                     (t >= 100 && t < 202) || (t >= 302 && t < 322) || (t >= 372 && t < 472));
  g_assert_true (inion_gap_clock_find (&clock, 0, 30, &at));
  g_assert_cmpint (at, ==, 0);
  g_assert_false (inion_gap_clock_find (&clock, 60, 130, &at));
  g_assert_true (inion_gap_clock_find (&clock, 135, 150, &at));
  g_assert_cmpint (at, ==, 135 - 66);
  g_assert_false (inion_gap_clock_find (&clock, 1000, 1030, &at));
  /* 66 to 132 and 223 to 3333 were left out. */
  g_assert_cmpint (inion_gap_clock_skip (&clock, 65, 10), ==, 65);
  g_assert_cmpint (inion_gap_clock_skip (&clock, 66, 10), ==, 123);
  g_assert_cmpint (inion_gap_clock_skip (&clock, 122, 10), ==, 123);
  g_assert_cmpint (inion_gap_clock_skip (&clock, 123, 10), ==, 123);
  g_assert_cmpint (inion_gap_clock_skip (&clock, 66, 67), ==, 66);
  g_assert_cmpint (inion_gap_clock_skip (&clock, 300, 30), ==, 3304);
  g_assert_cmpint (inion_gap_clock_skip (&clock, 3360, 30), ==, 3360);
  inion_gap_clock_clear (&clock);

  g_assert_true (inion_gap_clock_find_long (recording, 0, 0, &look, &next));
  g_assert_cmpint (look, ==, 200);
  g_assert_cmpint (next, ==, 400);
  g_assert_true (inion_gap_clock_find_long (recording, 0, 400, &look, &next));
  g_assert_cmpint (look, ==, 670);
  g_assert_cmpint (next, ==, 10000);
  g_assert_true (inion_gap_clock_find_long (recording, 0, 5000, &look, &next));
  g_assert_cmpint (look, ==, 5100);
  g_assert_false (inion_gap_clock_find_long (recording, 0, 10000, &look, &next));
  g_assert_false (inion_gap_clock_find_long (recording, 0, 9950, &look, &next));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decode/gaps/clock", test_clock);
  g_test_add_func ("/decode/gaps/length-of-gap", test_length_of_gap);
  g_test_add_func ("/decode/gaps/short-gap", test_short_gap);
  g_test_add_func ("/decode/gaps/track", test_track);
  return g_test_run ();
}
