/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "display-fixture.h"

#include "core/error.h"

#define RATE 256.0
#define N 60000

static const InionDisplayFilter off = { 0 };
static const InionDisplayFilter clinical = { 0.5, 70, 0, INION_PHASE_CAUSAL };
static const InionDisplayFilter with_notch = { 0.5, 70, 50, INION_PHASE_CAUSAL };
static const InionDisplayFilter zero_phase = { 0.5, 35, 50, INION_PHASE_ZERO };
static const InionDisplayFilter slow = { 0.05, 0, 0, INION_PHASE_CAUSAL };
static const InionDisplayFilter only_high = { 0, 30, 0, INION_PHASE_CAUSAL };

/* The same sample has the same bits in every request, in every order, also after the caches have
 * forgotten it. */
static void
check_invariance (const char               *montage,
                  const InionDisplayFilter *filter)
{
  g_autoptr (InionRecording) recording = fixture_recording (19, N, RATE);
  g_autoptr (InionShownSignal) whole = fixture_signal (recording, montage, *filter);
  g_autoptr (InionShownSignal) parts = fixture_signal (recording, montage, *filter);
  g_autofree float *all = fixture_read_all (whole, 3);
  InionRandom random;

  inion_random_seed (&random, 1, 0);
  for (int i = 0; i < 60; i++)
    {
      gint64 first = (gint64) inion_random_below (&random, N);
      gsize n = (gsize) inion_random_below (&random, MIN (20000, (guint64) (N - first))) + 1;
      g_autofree float *x = g_new (float, n);
      g_autoptr (GError) error = NULL;

      if (i % 7 == 0)
        g_free (fixture_read_all (parts, (guint) i % 18));
      g_assert_true (inion_shown_signal_read (parts, 3, first, n, x, &error));
      g_assert_no_error (error);
      g_assert_cmpmem (x, n * sizeof (float), all + first, n * sizeof (float));
    }
}

static void
test_invariance (void)
{
  check_invariance ("as-recorded", &off);
  check_invariance ("as-recorded", &clinical);
  check_invariance ("as-recorded", &slow);
  check_invariance ("average", &clinical);
  check_invariance ("longitudinal", &zero_phase);
}

/* Filtering chunk by chunk is filtering the whole signal. */
static void
check_whole (const InionDisplayFilter *filter,
             gsize                     skip_ends)
{
  g_autoptr (InionRecording) recording = fixture_recording (3, N, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", *filter);

  for (guint d = 0; d < 3; d++)
    {
      g_autofree float *shown = fixture_read_all (signal, d);
      g_autofree double *x = fixture_wave (d, N, RATE);
      double range = 0;
      InionSosState state;
      InionSos sos = { 0 };

      for (gsize i = 0; i < N; i++)
        range = MAX (range, fabs (x[i] - x[0]));
      inion_display_filter_design (filter, RATE, &sos);
      for (int pass = 0; pass < (filter->phase == INION_PHASE_ZERO ? 2 : 1); pass++)
        {
          inion_sos_state_prime (&sos, &state, x[0]);
          inion_sos_process (&sos, &state, x, x, N);
          for (gsize i = 0; filter->phase == INION_PHASE_ZERO && i < N / 2; i++)
            {
              double t = x[i];

              x[i] = x[N - 1 - i];
              x[N - 1 - i] = t;
            }
        }
      for (gsize i = skip_ends; i < N - skip_ends; i++)
        g_assert_cmpfloat_with_epsilon (shown[i], x[i], 1e-3 * range);
    }
}

static void
test_whole (void)
{
  check_whole (&clinical, 0);
  check_whole (&with_notch, 0);
  check_whole (&slow, 0);
  check_whole (&only_high, 0);
  check_whole (&zero_phase, 0);
}

static void
test_unfiltered_is_the_recording (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (3, 20000, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", off);

  for (guint d = 0; d < 3; d++)
    {
      g_autofree float *shown = fixture_read_all (signal, d);
      g_autofree double *x = fixture_wave (d, 20000, RATE);

      for (gsize i = 0; i < 20000; i++)
        g_assert_cmpfloat (shown[i], ==, (float) x[i]);
    }
}

/* Every montage gives what the montage itself reads. */
static void
check_montage (const char *id)
{
  g_autoptr (InionRecording) recording = fixture_recording (19, 20000, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, id, off);
  InionMontage *montage = inion_shown_signal_get_montage (signal);
  g_autofree double *x = g_new (double, 20000);

  for (guint d = 0; d < inion_montage_get_n_derivations (montage); d++)
    {
      g_autofree float *shown = fixture_read_all (signal, d);
      g_autoptr (GError) error = NULL;

      g_assert_true (inion_montage_read (montage, d, 0, 20000, x, &error));
      g_assert_no_error (error);
      for (gsize i = 0; i < 20000; i++)
        g_assert_cmpfloat_with_epsilon (shown[i], x[i], 1e-3);
    }
}

static void
test_montages (void)
{
  check_montage ("average");
  check_montage ("longitudinal");
  check_montage ("transverse");
  check_montage ("cz");
}

/* The average is over all channels: at each sample the derivations sum to nothing. */
static void
test_average_sums_to_zero (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (19, 20000, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "average", clinical);
  g_autofree double *sum = g_new0 (double, 20000);

  for (guint d = 0; d < 19; d++)
    {
      g_autofree float *x = fixture_read_all (signal, d);

      for (gsize i = 0; i < 20000; i++)
        sum[i] += x[i];
    }
  for (gsize i = 0; i < 20000; i++)
    g_assert_cmpfloat_with_epsilon (sum[i], 0, 5e-3);
}

static InionRecording *
other_kinds (void)
{
  InionMemoryRecording *recording = inion_memory_recording_new (RATE, NULL);
  g_autofree double *x = fixture_wave (1, 20000, RATE);

  inion_memory_recording_add_channel (recording, "Cz", "µV", x, 20000);
  inion_memory_recording_add_channel (recording, "ECG", "mV", x, 20000);
  inion_memory_recording_add_channel (recording, "Resp", "µV", x, 20000);
  inion_memory_recording_add_channel (recording, "SpO2", "%", x, 20000);
  inion_memory_recording_add_channel (recording, "Trigger", "", x, 20000);
  return INION_RECORDING (recording);
}

/* Triggers and slow signals are shown as they are. */
static void
test_what_is_filtered (void)
{
  g_autoptr (InionRecording) recording = other_kinds ();
  g_autoptr (InionShownSignal) plain = fixture_signal (recording, "as-recorded", off);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", clinical);

  for (guint d = 0; d < 5; d++)
    {
      g_autofree float *x = fixture_read_all (plain, d);
      g_autofree float *y = fixture_read_all (signal, d);
      gboolean same = memcmp (x, y, 20000 * sizeof (float)) == 0;

      g_assert_cmpint (same, ==, d >= 2);
    }
}

static void
test_nan (void)
{
  g_autoptr (InionMemoryRecording) recording = inion_memory_recording_new (RATE, NULL);
  g_autofree double *x = fixture_wave (0, N, RATE);
  g_autoptr (InionShownSignal) signal = NULL;
  g_autofree float *shown = NULL;

  for (gsize i = 30000; i < 30500; i++)
    x[i] = NAN;
  inion_memory_recording_add_channel (recording, "Cz", "µV", x, N);
  signal = fixture_signal (INION_RECORDING (recording), "as-recorded", clinical);
  shown = fixture_read_all (signal, 0);
  for (gsize i = 0; i < N; i++)
    g_assert_cmpint (isnan (shown[i]) != 0, ==, i >= 30000 && i < 30500);
}

static void
test_outside (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (1, 1000, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", clinical);
  static const struct
  {
    gint64 first;
    gsize n;
  } cases[] = {
    { -1, 5 }, { 996, 5 }, { 1001, 0 }, { G_MAXINT64, 1 }, { 0, G_MAXSIZE }, { G_MININT64, 1 },
  };
  float x[1000];
  g_autoptr (GError) none = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (inion_shown_signal_read (signal, 0, cases[i].first, cases[i].n, x, &error));
      g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
    }
  g_assert_true (inion_shown_signal_read (signal, 0, 0, 1000, x, &none));
  g_assert_true (inion_shown_signal_read (signal, 0, 1000, 0, x, &none));
  g_assert_no_error (none);
}

static void
test_empty (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (2, 0, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", clinical);
  g_autoptr (GError) error = NULL;
  float x;

  g_assert_true (inion_shown_signal_read (signal, 1, 0, 0, &x, &error));
  g_assert_no_error (error);
}

static void
test_key (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (19, 5000, RATE);
  g_autoptr (InionShownSignal) a = fixture_signal (recording, "average", clinical);
  g_autoptr (InionShownSignal) b = fixture_signal (recording, "average", clinical);
  g_autoptr (InionShownSignal) c = fixture_signal (recording, "average", zero_phase);
  g_autoptr (InionShownSignal) d = fixture_signal (recording, "longitudinal", clinical);
  g_autofree char *key_a = inion_shown_signal_dup_key (a, NULL);
  g_autofree char *key_b = inion_shown_signal_dup_key (b, NULL);
  g_autofree char *key_c = inion_shown_signal_dup_key (c, NULL);
  g_autofree char *key_d = inion_shown_signal_dup_key (d, NULL);

  g_assert_nonnull (key_a);
  g_assert_cmpuint (strlen (key_a), ==, 64);
  g_assert_cmpstr (key_a, ==, key_b);
  g_assert_cmpstr (key_a, !=, key_c);
  g_assert_cmpstr (key_a, !=, key_d);
}

typedef struct
{
  InionShownSignal *signal;
  float *const *expected;
  guint seed;
} Reader;

static gpointer
read_here_and_there (gpointer data)
{
  Reader *reader = data;
  InionRandom random;
  float x[3000];

  inion_random_seed (&random, reader->seed, 0);
  for (int i = 0; i < 200; i++)
    {
      guint d = (guint) inion_random_below (&random, 19);
      gint64 first = (gint64) inion_random_below (&random, N - 3000);

      g_assert_true (inion_shown_signal_read (reader->signal, d, first, 3000, x, NULL));
      g_assert_cmpmem (x, sizeof (x), reader->expected[d] + first, sizeof (x));
    }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (19, N, RATE);
  g_autoptr (InionShownSignal) one = fixture_signal (recording, "average", clinical);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "average", clinical);
  float *expected[19];
  Reader readers[4];
  GThread *threads[4];

  for (guint d = 0; d < 19; d++)
    expected[d] = fixture_read_all (one, d);
  for (guint i = 0; i < 4; i++)
    {
      readers[i] = (Reader) { signal, expected, i };
      threads[i] = g_thread_new ("reader", read_here_and_there, &readers[i]);
    }
  for (guint i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  for (guint d = 0; d < 19; d++)
    g_free (expected[d]);
}

static void
test_finalize (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (1, 1000, RATE);
  InionShownSignal *signal = fixture_signal (recording, "as-recorded", clinical);

  g_assert_cmpfloat (inion_shown_signal_get_filter (signal)->hff_hz, ==, 70);
  g_free (fixture_read_all (signal, 0));
  g_assert_finalize_object (signal);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  inion_init ();
  g_test_add_func ("/display/shown-signal/invariance", test_invariance);
  g_test_add_func ("/display/shown-signal/whole", test_whole);
  g_test_add_func ("/display/shown-signal/unfiltered", test_unfiltered_is_the_recording);
  g_test_add_func ("/display/shown-signal/montages", test_montages);
  g_test_add_func ("/display/shown-signal/average-sums-to-zero", test_average_sums_to_zero);
  g_test_add_func ("/display/shown-signal/what-is-filtered", test_what_is_filtered);
  g_test_add_func ("/display/shown-signal/nan", test_nan);
  g_test_add_func ("/display/shown-signal/outside", test_outside);
  g_test_add_func ("/display/shown-signal/empty", test_empty);
  g_test_add_func ("/display/shown-signal/key", test_key);
  g_test_add_func ("/display/shown-signal/threads", test_threads);
  g_test_add_func ("/display/shown-signal/finalize", test_finalize);
  return g_test_run ();
}
