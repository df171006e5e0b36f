/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "display-fixture.h"

#include "core/parallel.h"

#define RATE 256.0

static const InionDisplayFilter off = { 0 };
static const InionDisplayFilter clinical = { 0.5, 70, 0, INION_PHASE_CAUSAL };

/* Every bin of every size, also beyond both ends, against the shown samples. */
static void
check_all_bins (InionShownSignal *signal,
                InionPyramid     *pyramid,
                guint             derivation)
{
  g_autofree float *x = fixture_read_all (signal, derivation);
  gint64 n = fixture_length (signal, derivation);
  gint64 base = inion_pyramid_get_base_bin (pyramid, derivation);

  for (gint64 size = base; size <= 8 * MAX (n, base); size *= 2)
    {
      gsize n_bins = (gsize) ((n + size - 1) / size) + 4;
      g_autofree InionMinMax *bins = g_new0 (InionMinMax, n_bins);

      g_assert_true (inion_pyramid_query (pyramid, derivation, -2, size, n_bins, bins));
      for (gsize k = 0; k < n_bins; k++)
        fixture_assert_bin (bins[k], fixture_bin (x, n, (gint64) k - 2, size));
    }
}

static void
check_recording (gsize              n,
                 const char        *montage,
                 InionDisplayFilter filter)
{
  g_autoptr (InionRecording) recording = fixture_recording (19, n, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, montage, filter);
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (signal, "");

  inion_pyramid_set_visible (pyramid, 100, 110);
  fixture_build (pyramid);
  g_assert_cmpfloat (inion_pyramid_get_progress (pyramid), ==, 1);
  g_assert_cmpint (inion_pyramid_get_base_bin (pyramid, 0), ==, 16);
  check_all_bins (signal, pyramid, 0);
  check_all_bins (signal, pyramid, 7);
}

static void
test_bins (void)
{
  check_recording (300007, "as-recorded", off);
  check_recording (100001, "average", clinical);
  check_recording (65536, "as-recorded", clinical);
  check_recording (8192, "as-recorded", off);
  check_recording (17, "as-recorded", clinical);
  check_recording (1, "as-recorded", off);
}

static void
test_zero_phase (void)
{
  check_recording (50000, "longitudinal", (InionDisplayFilter) { 0.5, 35, 50, INION_PHASE_ZERO });
}

static void
test_empty (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (2, 0, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", off);
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (signal, "");
  InionMinMax bins[3];

  g_assert_true (inion_pyramid_is_complete (pyramid));
  fixture_build (pyramid);
  g_assert_true (inion_pyramid_query (pyramid, 1, -1, 64, 3, bins));
  for (guint i = 0; i < 3; i++)
    g_assert_true (inion_min_max_is_empty (&bins[i]));
}

/* Bins without a number in them are empty at every size. */
static void
test_nan (void)
{
  g_autoptr (InionMemoryRecording) recording = inion_memory_recording_new (RATE, NULL);
  g_autofree double *x = fixture_wave (0, 100000, RATE);
  g_autoptr (InionShownSignal) signal = NULL;
  g_autoptr (InionPyramid) pyramid = NULL;
  InionMinMax bin;

  for (gsize i = 16000; i < 90000; i++)
    x[i] = NAN;
  inion_memory_recording_add_channel (recording, "Cz", "µV", x, 100000);
  signal = fixture_signal (INION_RECORDING (recording), "as-recorded", clinical);
  pyramid = inion_pyramid_new (signal, "");
  fixture_build (pyramid);
  check_all_bins (signal, pyramid, 0);
  g_assert_true (inion_pyramid_query (pyramid, 0, 1, 32768, 1, &bin));
  g_assert_true (inion_min_max_is_empty (&bin));
}

/* Before anything is built: bins are empty and said to be missing. */
static void
test_missing (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (1, 100000, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", off);
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (signal, "");
  InionMinMax bins[10];

  g_assert_false (inion_pyramid_is_complete (pyramid));
  for (gint64 size = 8; size <= 1 << 22; size *= 2)
    {
      g_assert_false (inion_pyramid_query (pyramid, 0, 0, size, 10, bins));
      for (guint i = 0; i < 10; i++)
        g_assert_true (inion_min_max_is_empty (&bins[i]));
    }
  /* Outside the recording nothing is missing. */
  g_assert_true (inion_pyramid_query (pyramid, 0, -10, 64, 10, bins));
  g_assert_true (inion_pyramid_query (pyramid, 0, 100000, 64, 10, bins));
}

static void
make_mixed (const char *directory,
            char      **path)
{
  static const char *const labels[] = { "EEG Fp1-Ref", "EEG Cz-Ref", "SpO2", "Resp" };
  static const guint samples[] = { 256, 256, 1, 32 };

  *path = fixture_write_edf (directory, labels, samples, 4, 700);
}

static void
test_mixed_rates (void)
{
  g_autofree char *directory = g_dir_make_tmp ("inion-pyramid-XXXXXX", NULL);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (InionShownSignal) signal = NULL;
  g_autoptr (InionPyramid) pyramid = NULL;

  make_mixed (directory, &path);
  recording = inion_recording_open (path, &error);
  g_assert_no_error (error);
  signal = fixture_signal (recording, "as-recorded", clinical);
  pyramid = inion_pyramid_new (signal, "");
  g_assert_cmpint (inion_pyramid_get_base_bin (pyramid, 0), ==, 16);
  g_assert_cmpint (inion_pyramid_get_base_bin (pyramid, 2), ==, 1);
  g_assert_cmpint (inion_pyramid_get_base_bin (pyramid, 3), ==, 2);
  fixture_build (pyramid);
  for (guint d = 0; d < 4; d++)
    check_all_bins (signal, pyramid, d);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

/* Any number of threads gives the same bins. */
static void
test_threads (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (4, 200000, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", clinical);
  InionMinMax bins[3][1000];

  for (guint n_threads = 1; n_threads <= 3; n_threads++)
    {
      g_autoptr (InionPyramid) pyramid = inion_pyramid_new (signal, "");

      inion_parallel_set_n_threads (n_threads);
      fixture_build (pyramid);
      g_assert_true (inion_pyramid_query (pyramid, 2, 0, 32, 1000, bins[n_threads - 1]));
    }
  inion_parallel_set_n_threads (0);
  g_assert_cmpmem (bins[0], sizeof (bins[0]), bins[1], sizeof (bins[1]));
  g_assert_cmpmem (bins[0], sizeof (bins[0]), bins[2], sizeof (bins[2]));
}

typedef struct
{
  GMainLoop *loop;
  InionPyramid *pyramid;
  InionJob *job;
  guint n_changed;
  gint64 cancelled_us;
  gint64 ended_us;
  gboolean cancelled;
  gboolean visible_first;
  double progress;
} Watch;

static void
on_done (InionJob     *job,
         gpointer      result,
         const GError *error,
         gpointer      data)
{
  Watch *watch = data;

  watch->ended_us = g_get_monotonic_time ();
  watch->cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object ((InionPyramid **) &result);
  g_main_loop_quit (watch->loop);
}

static void
on_changed (InionPyramid *pyramid,
            Watch        *watch)
{
  watch->n_changed++;
  if (watch->job == NULL || watch->cancelled_us != 0)
    return;
  watch->progress = inion_pyramid_get_progress (pyramid);
  watch->cancelled_us = g_get_monotonic_time ();
  inion_job_cancel (watch->job);
}

static gboolean
quit_loop (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

/* A cancelled build ends soon and keeps what it has; the next one goes on from there. */
static void
test_cancel (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (8, 2000000, RATE);
  g_autoptr (InionShownSignal) signal =
    fixture_signal (recording, "as-recorded",
                    (InionDisplayFilter) { 0.5, 70, 50, INION_PHASE_ZERO });
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (signal, "");
  g_autoptr (InionJob) job = inion_pyramid_new_job (pyramid);
  Watch watch = { .loop = g_main_loop_new (NULL, FALSE), .pyramid = pyramid, .job = job };

  inion_parallel_set_n_threads (1);
  g_signal_connect (pyramid, "changed", G_CALLBACK (on_changed), &watch);
  inion_job_start (job, on_done, &watch);
  g_main_loop_run (watch.loop);
  g_assert_true (watch.cancelled);
  g_assert_cmpfloat (watch.progress, >, 0);
  g_assert_cmpfloat (watch.progress, <, 1);
  /* 50 ms on a free machine; tests share theirs. */
  g_assert_cmpint (watch.ended_us - watch.cancelled_us, <, 500000);
  g_assert_false (inion_pyramid_is_complete (pyramid));
  g_assert_cmpfloat (inion_pyramid_get_progress (pyramid), >=, watch.progress);
  watch.job = NULL;
  fixture_build (pyramid);
  inion_parallel_set_n_threads (0);
  g_main_loop_unref (watch.loop);
}

/* The part that is looked at is there first, and "changed" comes at most 30 times a second. */
static void
test_visible_first (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (3, 3000000, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", clinical);
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (signal, "");
  g_autoptr (InionJob) job = inion_pyramid_new_job (pyramid);
  Watch watch = { .loop = g_main_loop_new (NULL, FALSE), .pyramid = pyramid, .job = job };
  gint64 first = 6000 * 256 / 16;
  InionMinMax bins[16];
  gint64 start, took;

  /* With more threads another block might be ready before the nearest. */
  inion_parallel_set_n_threads (1);
  inion_pyramid_set_visible (pyramid, 6000, 6010);
  g_signal_connect (pyramid, "changed", G_CALLBACK (on_changed), &watch);
  start = g_get_monotonic_time ();
  inion_job_start (job, on_done, &watch);
  g_main_loop_run (watch.loop);
  g_assert_true (watch.cancelled);
  g_assert_true (inion_pyramid_query (pyramid, 0, first, 16, 16, bins));
  g_assert_false (inion_pyramid_query (pyramid, 0, 0, 16, 16, bins));

  watch.job = NULL;
  inion_parallel_set_n_threads (0);
  fixture_build (pyramid);
  g_timeout_add (100, quit_loop, watch.loop);
  g_main_loop_run (watch.loop);
  g_assert_cmpuint (watch.n_changed, >=, 2);
  took = g_get_monotonic_time () - start;
  g_assert_cmpint (watch.n_changed, <=, 2 + took * 30 / G_USEC_PER_SEC);
  g_main_loop_unref (watch.loop);
}

/* A pyramid that nobody holds any more goes, though a change is still to be told. */
static void
test_finalize (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (1, 1000, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", off);
  InionPyramid *pyramid = inion_pyramid_new (signal, "");

  fixture_build (pyramid);
  g_assert_finalize_object (pyramid);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* A day of 24 channels at 40 Hz that needs no memory: each sample says where it is. */
#define TYPE_LONG (long_get_type ())
G_DECLARE_FINAL_TYPE (Long, long, TEST, LONG, InionRecording)

struct _Long
{
  InionRecording parent_instance;
};

G_DEFINE_FINAL_TYPE (Long, long, INION_TYPE_RECORDING)

static inline double
long_value (guint  channel,
            gint64 i)
{
  return (double) ((i * 7919 + channel) % 100003);
}

static gboolean
long_read (InionRecording  *recording,
           guint            channel,
           gint64           first,
           gsize            n,
           double          *out,
           GError         **error)
{
  for (gsize i = 0; i < n; i++)
    out[i] = long_value (channel, first + (gint64) i);
  return TRUE;
}

static void
long_class_init (LongClass *klass)
{
  INION_RECORDING_CLASS (klass)->read_physical = long_read;
}

static void
long_init (Long *self)
{
  for (guint i = 0; i < 24; i++)
    {
      g_autofree char *label = g_strdup_printf ("X%u", i);
      InionChannelInfo info = {
        .raw_label = label, .kind = INION_CHANNEL_OTHER, .unit = "µV", .rate_num = 40,
        .rate_den_ns = 1000000000, .n_samples = 86400 * 40, .gain = 1, .calibrated = TRUE,
      };

      inion_recording_add_channel (INION_RECORDING (self), &info);
    }
}

/* A long recording has coarser bins and stays within its memory. */
static void
test_memory (void)
{
  g_autoptr (InionRecording) recording = g_object_new (TYPE_LONG, NULL);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", off);
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (signal, "");
  const gint64 n = 86400 * 40;
  InionMinMax bins[3];

  /* 83 million samples / 16 × 8 bytes × 4/3 would be 55 MB. */
  g_assert_cmpint (inion_pyramid_get_base_bin (pyramid, 0), ==, 32);
  g_assert_cmpuint (inion_pyramid_get_bytes (pyramid), <=, 48 << 20);
  fixture_build (pyramid);
  for (gint64 size = 32; size <= 4096; size *= 2)
    for (guint d = 0; d < 24; d += 5)
      {
        gint64 last = (n - 1) / size;

        g_assert_true (inion_pyramid_query (pyramid, d, last - 1, size, 3, bins));
        g_assert_true (inion_min_max_is_empty (&bins[2]));
        for (gint64 k = 0; k < 2; k++)
          {
            InionMinMax expected = { INFINITY, -INFINITY };

            for (gint64 i = (last - 1 + k) * size; i < MIN (n, (last + k) * size); i++)
              {
                expected.lo = fminf (expected.lo, (float) long_value (d, i));
                expected.hi = fmaxf (expected.hi, (float) long_value (d, i));
              }
            fixture_assert_bin (bins[k], expected);
          }
      }
  g_assert_false (inion_pyramid_query (pyramid, 0, 0, 16, 3, bins));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  inion_init ();
  g_test_add_func ("/display/pyramid/bins", test_bins);
  g_test_add_func ("/display/pyramid/zero-phase", test_zero_phase);
  g_test_add_func ("/display/pyramid/empty", test_empty);
  g_test_add_func ("/display/pyramid/nan", test_nan);
  g_test_add_func ("/display/pyramid/missing", test_missing);
  g_test_add_func ("/display/pyramid/mixed-rates", test_mixed_rates);
  g_test_add_func ("/display/pyramid/threads", test_threads);
  g_test_add_func ("/display/pyramid/cancel", test_cancel);
  g_test_add_func ("/display/pyramid/visible-first", test_visible_first);
  g_test_add_func ("/display/pyramid/finalize", test_finalize);
  g_test_add_func ("/display/pyramid/memory", test_memory);
  return g_test_run ();
}
