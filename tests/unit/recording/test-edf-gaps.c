/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gaps of EDF+ files: whatever stretches a file is made of, each of its samples stands on the clock
 * where its record says, to within half a sample of its own rate, and nothing stands in between. */

#include "edf-builder.h"

#include <math.h>

#define NS_PER_SECOND G_GINT64_CONSTANT (1000000000)
#define MAX_SIGNALS 3

/* A file and where its records begin. */
typedef struct
{
  BuilderSignal signals[MAX_SIGNALS + 1];
  char duration[16];
  gint64 record_ns;
  gint64 *onsets; /* a record, in nanoseconds */
  guint records;
  guint n;
} Plan;

static char **
make_tals (const Plan *plan)
{
  char **tals = g_new0 (char *, plan->records + 1);

  for (guint r = 0; r < plan->records; r++)
    tals[r] = g_strdup_printf ("+%" G_GINT64_FORMAT ".%09" G_GINT64_FORMAT "||~",
                               plan->onsets[r] / NS_PER_SECOND, plan->onsets[r] % NS_PER_SECOND);
  return tals;
}

/* Half a sample of the fastest signal. */
static gint64
get_tolerance (const Plan *plan)
{
  gsize most = 1;

  for (guint i = 0; i < plan->n; i++)
    most = MAX (most, plan->signals[i].samples);
  return plan->record_ns / (gint64) (2 * most);
}

static InionRecording *
open_plan (Plan       *plan,
           const char *reserved)
{
  g_auto (GStrv) tals = make_tals (plan);
  const BuilderFile file = { .signals = plan->signals, .n = plan->n + 1, .records = plan->records,
                             .reserved = reserved, .duration = plan->duration,
                             .tals = (const char *const *) tals };

  plan->signals[plan->n] = (BuilderSignal) { .label = "EDF Annotations", .samples = 20 };
  return builder_open_good (&file);
}

/* Random signals, duration and stretches: mostly no gap; else one of less than a sample up to
 * years. */
static void
make_plan (Plan  *plan,
           GRand *random)
{
  static const int durations_ms[] = { 1000, 250, 333, 2000, 100, 7 };
  int ms = durations_ms[g_rand_int_range (random, 0, G_N_ELEMENTS (durations_ms))];
  gint64 at = 0;

  *plan = (Plan) { .n = (guint) g_rand_int_range (random, 1, MAX_SIGNALS + 1),
                   .records = (guint) g_rand_int_range (random, 2, 60),
                   .record_ns = ms * G_GINT64_CONSTANT (1000000) };
  g_snprintf (plan->duration, sizeof plan->duration, "%d.%03d", ms / 1000, ms % 1000);
  for (guint i = 0; i < plan->n; i++)
    plan->signals[i] = (BuilderSignal) { .label = "x",
                                         .samples = (gsize) g_rand_int_range (random, 1, 40) };
  plan->onsets = g_new (gint64, plan->records);
  for (guint r = 0; r < plan->records; r++)
    {
      int kind = g_rand_int_range (random, 0, 12);
      double sample_ns = 2.0 * (double) get_tolerance (plan);

      if (r > 0 && kind == 0) /* more than half a sample, less than three */
        at += (gint64) (sample_ns * g_rand_double_range (random, 0.51, 3));
      else if (r > 0 && kind == 1)
        at += (gint64) g_rand_double_range (random, 1e6, 1e11);
      else if (r > 0 && kind == 2)
        at += (gint64) g_rand_double_range (random, 1e14, 1e17);
      plan->onsets[r] = at;
      at += plan->record_ns;
    }
}

/* Every stored sample stands where its record says; what is not stored is NaN. */
static void
check_channel (const Plan     *plan,
               InionRecording *recording,
               guint           channel)
{
  InionChannel *object = inion_recording_get_channel (recording, channel);
  const InionChannelInfo *info = inion_channel_get_info (object);
  gint64 samples = (gint64) plan->signals[channel].samples;
  double sample_ns = (double) plan->record_ns / (double) samples;
  gint64 stored = 0, first, n, last_end = 0;

  for (gint64 at = 0; inion_recording_find_run (recording, channel, at, &first, &n); at = first + n)
    {
      g_autofree gint32 *values = g_new (gint32, n);
      double around[3];

      g_assert_cmpint (n, >, 0);
      g_assert_cmpint (first, >=, last_end);
      if (first > last_end) /* missing before, and its neighbours are not */
        {
          g_assert_true (inion_recording_read (recording, channel, first - 1, 2, around, NULL));
          g_assert_true (isnan (around[0]) && isfinite (around[1]));
        }
      g_assert_true (inion_recording_read_digital (recording, channel, first, (gsize) n, values, NULL));
      for (gint64 i = 0; i < n; i++, stored++)
        {
          double shown_ns = (double) (first + i) * sample_ns;
          double true_ns = (double) plan->onsets[stored / samples]
                           + (double) (stored % samples) * sample_ns;

          g_assert_cmpint (values[i], ==, builder_sample (FALSE, channel, (gsize) stored));
          /* Doubles hold years to 16 ns. */
          g_assert_cmpfloat (fabs (shown_ns - true_ns), <=, sample_ns / 2 + 1 + 1e-15 * true_ns);
        }
      last_end = first + n;
    }
  g_assert_cmpint (stored, ==, samples * plan->records);
  g_assert_cmpint (last_end, ==, info->n_samples);
}

/* As many stretches as gaps and one, each where it should be. */
static void
check_segments (const Plan     *plan,
                InionRecording *recording)
{
  guint segment = 0;
  gint64 from = 0, to = 0;

  for (guint r = 0; r < plan->records; r++)
    {
      if (r == 0 || plan->onsets[r] - to > get_tolerance (plan))
        {
          gint64 last = to;

          g_assert_cmpuint (segment, <, inion_recording_get_n_segments (recording));
          inion_recording_get_segment (recording, segment++, &from, &to);
          g_assert_cmpint (from, ==, plan->onsets[r]);
          g_assert_true (r == 0 || inion_recording_has_gap (recording, last - 1, from + 1));
          g_assert_false (inion_recording_has_gap (recording, from, from + 1));
          to = from;
        }
      to += plan->record_ns;
    }
  g_assert_cmpuint (segment, ==, inion_recording_get_n_segments (recording));
  g_assert_cmpint (to, ==, inion_recording_get_duration_ns (recording));
}

static void
test_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint k = 0; k < 300; k++)
    {
      g_autoptr (InionRecording) recording = NULL;
      Plan plan;

      make_plan (&plan, random);
      recording = open_plan (&plan, k % 2 == 0 ? "EDF+D" : "EDF+C");
      check_segments (&plan, recording);
      for (guint c = 0; c < plan.n; c++)
        check_channel (&plan, recording, c);
      /* What the gaps explain is no jump. */
      g_assert_true (inion_recording_load_events (recording, NULL, NULL));
      g_assert_cmpuint (inion_recording_get_faults (recording)->len, <=, 1);
      g_free (plan.onsets);
    }
}

/* 10^5 gaps: opened, found and read at any place without looking at all. */
static void
test_many (void)
{
  Plan plan = { .signals = { { .label = "x", .samples = 2 },
                             { .label = "EDF Annotations", .samples = 20 } },
                .duration = "1", .record_ns = NS_PER_SECOND, .records = 100000, .n = 1 };
  const BuilderFile file = { .signals = plan.signals, .n = 2, .records = plan.records,
                             .reserved = "EDF+D" };
  g_autoptr (GByteArray) bytes = builder_make (&file);
  g_autoptr (InionRecording) recording = NULL;
  gint64 start = g_get_monotonic_time (), first, n;

  plan.onsets = g_new (gint64, plan.records);
  for (guint r = 0; r < plan.records; r++)
    {
      plan.onsets[r] = 3 * r * NS_PER_SECOND;
      g_snprintf ((char *) bytes->data + 768 + r * 44 + 4, 20, "+%u\x14\x14", 3 * r);
    }
  recording = builder_open_bytes (bytes, NULL);
  g_test_message ("%.1f ms to open", (double) (g_get_monotonic_time () - start) / 1e3);
  g_assert_cmpuint (inion_recording_get_n_segments (recording), ==, plan.records);
  start = g_get_monotonic_time ();
  for (gint64 at = 0; at < 6 * 100000 - 6; at += 6)
    {
      g_assert_true (inion_recording_find_run (recording, 0, at + 3, &first, &n));
      g_assert_cmpint (first, ==, at + 6);
      g_assert_cmpint (n, ==, 2);
    }
  g_test_message ("%.3f us a search", (double) (g_get_monotonic_time () - start) / plan.records);
  check_channel (&plan, recording, 0);
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  g_assert_cmpuint (inion_recording_get_faults (recording)->len, ==, 0);
  g_free (plan.onsets);
}

/* Onsets that run away from the samples by less than half a sample a record. */
static void
test_drift (void)
{
  Plan plan = { .signals = { { .label = "x", .samples = 8 } }, .duration = "1",
                .record_ns = NS_PER_SECOND, .records = 100, .n = 1 };

  plan.onsets = g_new (gint64, plan.records);
  for (int k = -1; k <= 1; k++)
    {
      g_autoptr (InionRecording) recording = NULL;
      g_autofree char *text = g_strdup_printf ("%.6g s at record 100", k * 0.99);

      for (guint r = 0; r < plan.records; r++)
        plan.onsets[r] = r * (NS_PER_SECOND + k * 10000000);
      recording = open_plan (&plan, "EDF+C");
      g_assert_cmpuint (inion_recording_get_n_segments (recording), ==, 1);
      g_assert_cmpuint (inion_recording_get_faults (recording)->len, ==, k != 0);
      if (k != 0)
        g_assert_true (builder_has_fault (recording, 768 + 99 * 56, text));
    }
  g_free (plan.onsets);
}

/* Onsets that are no times: a file that promises no gaps is believed, one that may have some not. */
static void
test_senseless (void)
{
  static const char *const zero[] = { "+0||~", "+0||~", "+0|x|~", "+0||~", NULL };
  static const BuilderSignal signals[] = { { .samples = 8 },
                                           { .label = "EDF Annotations", .samples = 20 } };
  BuilderFile file = { .signals = signals, .n = 2, .records = 4, .reserved = "EDF+C", .tals = zero };
  g_autoptr (InionRecording) recording = builder_open_good (&file);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (inion_recording_get_n_segments (recording), ==, 1);
  g_assert_cmpint (inion_recording_get_duration_ns (recording), ==, 4 * NS_PER_SECOND);
  builder_check_digital (recording, 0, FALSE, 0, 0, 32);
  g_assert_true (builder_has_fault (recording, 768 + 56, "whatever they say"));
  file.reserved = "EDF+D";
  g_assert_null (builder_open (&file, &error));
  g_assert_nonnull (strstr (error->message, "goes back in time"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/edf-gaps/random", test_random);
  g_test_add_func ("/recording/edf-gaps/many", test_many);
  g_test_add_func ("/recording/edf-gaps/drift", test_drift);
  g_test_add_func ("/recording/edf-gaps/senseless", test_senseless);
  return g_test_run ();
}
