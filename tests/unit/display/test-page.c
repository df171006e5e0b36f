/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "display-fixture.h"

#include "core/error.h"

#define RATE 256.0

static const InionDisplayFilter off = { 0 };
static const InionDisplayFilter clinical = { 0.5, 70, 0, INION_PHASE_CAUSAL };

static InionPage *
make (InionShownSignal *signal,
      InionPyramid     *pyramid,
      double            from_s,
      double            to_s,
      guint             width_px)
{
  g_autoptr (GError) error = NULL;
  InionPage *page = inion_page_new (signal, pyramid, from_s, to_s, width_px, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (page);
  return page;
}

/* A page against the shown samples: bin size, extent and content. */
static void
check_page (InionShownSignal *signal,
            InionPage        *page,
            guint             width_px)
{
  for (guint d = 0; d < page->n_derivations; d++)
    {
      g_autofree float *x = fixture_read_all (signal, d);
      gint64 n = fixture_length (signal, d);
      double per_px = (page->to_s - page->from_s) * page->rate_hz[d] / width_px;
      gint64 size = page->bin_size[d];
      gint64 first = (gint64) floor (page->from_s * page->rate_hz[d] / (double) size);
      gint64 end = (gint64) ceil (page->to_s * page->rate_hz[d] / (double) size);
      gint64 n_all = (n + size - 1) / size;

      g_assert_cmpint (size & (size - 1), ==, 0);
      g_assert_true (size == 1 || (double) size <= per_px * 1.0001);
      g_assert_cmpfloat (2 * (double) size, >, per_px * 0.9999);
      g_assert_cmpuint (page->used[d], <=, page->n_bins);
      g_assert_cmpuint (page->used[d], <=, 2 * width_px + 4);
      /* All that is visible is there. */
      first = CLAMP (first, 0, n_all);
      end = CLAMP (end, 0, n_all);
      if (first < end)
        {
          g_assert_cmpint (page->first_bin[d], <=, first);
          g_assert_cmpint (page->first_bin[d] + (gint64) page->used[d], >=, end);
        }
      for (gsize k = 0; k < page->used[d]; k++)
        fixture_assert_bin (page->bins[d * page->n_bins + k],
                            fixture_bin (x, n, page->first_bin[d] + (gint64) k, size));
    }
}

static void
test_every_zoom (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (4, 400003, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", clinical);
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (signal, "");

  for (int pass = 0; pass < 2; pass++)
    {
      for (double length = 0.01; length < 4000; length *= 2.7)
        {
          g_autoptr (InionPage) page = make (signal, pyramid, 301.7, 301.7 + length, 600);
          g_autoptr (InionPage) bare = make (signal, NULL, 250.1, 250.1 + length, 600);

          g_assert_false (page->pending);
          g_assert_false (bare->pending);
          check_page (signal, page, 600);
          check_page (signal, bare, 600);
        }
      fixture_build (pyramid);
    }
}

static void
test_quick_agrees (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (4, 400003, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", clinical);
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (signal, "");

  fixture_build (pyramid);
  for (double length = 0.01; length < 4000; length *= 2.7)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (InionPage) page =
        inion_page_new_quick (signal, pyramid, 301.7, 301.7 + length, 600, 0, G_MAXUINT, &error);

      g_assert_no_error (error);
      g_assert_false (page->pending);
      check_page (signal, page, 600);
    }
}

static void
check_same (InionPage *a,
            InionPage *b)
{
  guint n_compared = 0;

  for (guint d = 0; d < a->n_derivations; d++)
    {
      g_assert_cmpint (a->bin_size[d], ==, b->bin_size[d]);
      for (gsize k = 0; k < a->used[d]; k++)
        {
          gint64 j = a->first_bin[d] + (gint64) k - b->first_bin[d];

          if (j < 0 || (gsize) j >= b->used[d])
            continue;
          fixture_assert_bin (a->bins[d * a->n_bins + k], b->bins[d * b->n_bins + (gsize) j]);
          n_compared++;
        }
    }
  g_assert_cmpuint (n_compared, >, 100);
}

/* Scrolling by one pixel changes no bin. */
static void
test_scrolling (void)
{
  static const double lengths[] = { 2, 5, 10, 60, 300 };
  g_autoptr (InionRecording) recording = fixture_recording (2, 200000, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", clinical);
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (signal, "");

  fixture_build (pyramid);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      /* 1280 px: exactly a power of two of samples a pixel at 10 s. */
      double step = lengths[i] / 1280;
      g_autoptr (InionPage) before = make (signal, pyramid, 100, 100 + lengths[i], 1280);

      for (int k = 1; k < 40; k++)
        {
          double from = 100 + k * step;
          g_autoptr (InionPage) after = make (signal, pyramid, from, from + lengths[i], 1280);

          check_same (before, after);
        }
    }
}

static void
test_edges (void)
{
  static const double ranges[][2] = {
    { -5, 5 }, { -100, -50 }, { 75, 85 }, { 78.12, 78.13 }, { 200, 210 }, { -1e6, 1e6 },
    { -1e300, 1e300 }, { 1e300, 1.5e300 }, { 0, 1e-12 }, { 40, 40.01 },
  };
  g_autoptr (InionRecording) recording = fixture_recording (2, 20000, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", clinical);
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (signal, "");

  for (int pass = 0; pass < 2; pass++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
        for (guint width = 1; width < 3000; width = width * 37 + 1)
          {
            g_autoptr (InionPage) page = make (signal, pass == 0 ? NULL : pyramid, ranges[i][0],
                                               ranges[i][1], width);

            g_assert_false (page->pending);
            g_assert_cmpfloat (page->from_s, ==, ranges[i][0]);
            if (fabs (ranges[i][0]) < 1e10)
              check_page (signal, page, width);
          }
      fixture_build (pyramid);
    }
}

static void
test_no_range (void)
{
  static const double ranges[][2] = {
    { 5, 5 }, { 5, 4 }, { NAN, 5 }, { 5, NAN }, { -INFINITY, 5 }, { 5, INFINITY },
  };
  g_autoptr (InionRecording) recording = fixture_recording (1, 1000, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", off);

  for (guint i = 0; i <= G_N_ELEMENTS (ranges); i++)
    {
      gboolean last = i == G_N_ELEMENTS (ranges);
      g_autoptr (GError) error = NULL;

      g_assert_null (inion_page_new (signal, NULL, last ? 0 : ranges[i][0], last ? 1 : ranges[i][1],
                                     last ? 0 : 100, NULL, &error));
      g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
    }
}

static void
test_empty_recording (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (2, 0, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", clinical);
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (signal, "");
  g_autoptr (InionPage) page = make (signal, pyramid, 0, 10, 1000);
  g_autoptr (InionPage) wide = make (signal, pyramid, 0, 10000, 1000);

  g_assert_cmpuint (page->used[0], ==, 0);
  g_assert_cmpuint (page->used[1], ==, 0);
  g_assert_false (page->pending);
  g_assert_false (wide->pending);
}

/* One sample among a million is seen at every zoom, from every position. */
static void
test_spike (void)
{
  enum { N = 1000000, AT = 654321 };
  g_autoptr (InionMemoryRecording) recording = inion_memory_recording_new (RATE, NULL);
  g_autofree double *x = g_new0 (double, N);
  g_autoptr (InionShownSignal) signal = NULL;
  g_autoptr (InionPyramid) pyramid = NULL;

  x[AT] = 77;
  inion_memory_recording_add_channel (recording, "Cz", "µV", x, N);
  signal = fixture_signal (INION_RECORDING (recording), "as-recorded", off);
  pyramid = inion_pyramid_new (signal, "");
  fixture_build (pyramid);
  for (double length = 0.5; length < 2 * N / RATE; length *= 1.37)
    for (double part = 0.1; part < 1; part += 0.2)
      {
        double from = AT / RATE - part * length;
        g_autoptr (InionPage) page = make (signal, pyramid, from, from + length, 500);
        guint n = 0;

        for (gsize k = 0; k < page->used[0]; k++)
          if (page->bins[k].hi == 77)
            {
              g_assert_cmpint (page->first_bin[0] + (gint64) k, ==, AT / page->bin_size[0]);
              n++;
            }
        g_assert_cmpuint (n, ==, 1);
      }
}

static void
test_mixed_rates (void)
{
  static const char *const labels[] = { "EEG Fp1-Ref", "EEG Cz-Ref", "SpO2", "Resp" };
  static const guint samples[] = { 200, 200, 1, 25 };
  g_autofree char *directory = g_dir_make_tmp ("inion-page-XXXXXX", NULL);
  g_autofree char *path = fixture_write_edf (directory, labels, samples, 4, 700);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = inion_recording_open (path, &error);
  g_autoptr (InionShownSignal) signal = NULL;
  g_autoptr (InionPyramid) pyramid = NULL;

  g_assert_no_error (error);
  signal = fixture_signal (recording, "as-recorded", clinical);
  pyramid = inion_pyramid_new (signal, "");
  for (int pass = 0; pass < 2; pass++)
    {
      for (double length = 0.1; length < 2000; length *= 3.3)
        {
          g_autoptr (InionPage) page = make (signal, pyramid, 77.3, 77.3 + length, 300);

          g_assert_cmpfloat (page->rate_hz[0], ==, 200);
          g_assert_cmpfloat (page->rate_hz[2], ==, 1);
          check_page (signal, page, 300);
        }
      fixture_build (pyramid);
    }
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

static void
test_nan (void)
{
  g_autoptr (InionMemoryRecording) recording = inion_memory_recording_new (RATE, NULL);
  g_autofree double *x = fixture_wave (0, 60000, RATE);
  g_autoptr (InionShownSignal) signal = NULL;

  for (gsize i = 10000; i < 20000; i++)
    x[i] = NAN;
  inion_memory_recording_add_channel (recording, "Cz", "µV", x, 60000);
  signal = fixture_signal (INION_RECORDING (recording), "as-recorded", clinical);
  for (double length = 0.5; length < 300; length *= 2.1)
    {
      g_autoptr (InionPage) page = make (signal, NULL, 39, 39 + length, 400);

      check_page (signal, page, 400);
      g_assert_true (inion_min_max_is_empty (&page->bins[(10100 / page->bin_size[0]) -
                                                         page->first_bin[0]]));
    }
}

/* What a quick page cannot have it says, and draws from coarser bins; never too narrow. */
static void
test_pending (void)
{
  enum { N = 3000000 };
  g_autoptr (InionMemoryRecording) recording = inion_memory_recording_new (1000, NULL);
  g_autoptr (InionShownSignal) signal = NULL;
  g_autoptr (InionPyramid) pyramid = NULL;
  g_autoptr (InionPage) before = NULL;
  g_autoptr (InionPage) quick = NULL;
  g_autoptr (InionPage) complete = NULL;
  g_autoptr (InionPage) again = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 4; i++)
    {
      g_autofree double *x = fixture_wave (i, N, 1000);

      inion_memory_recording_add_channel (recording, fixture_labels[i], "µV", x, N);
    }
  signal = fixture_signal (INION_RECORDING (recording), "as-recorded", clinical);
  pyramid = inion_pyramid_new (signal, "");

  /* Nothing there: long pages wait for the builder, shorter ones want a job. */
  before = inion_page_new_quick (signal, pyramid, 0, 3000, 1000, 0, G_MAXUINT, &error);
  g_assert_true (before->pending);
  g_assert_false (before->wants_job);
  g_clear_pointer (&before, inion_page_unref);
  before = inion_page_new (signal, pyramid, 0, 3000, 1000, NULL, &error);
  g_assert_true (before->pending);
  g_clear_pointer (&before, inion_page_unref);
  before = inion_page_new_quick (signal, pyramid, 0, 300, 20000, 0, G_MAXUINT, &error);
  g_assert_true (before->pending);
  g_assert_true (before->wants_job);

  fixture_build (pyramid);
  quick = inion_page_new_quick (signal, pyramid, 1000, 1300, 20000, 0, G_MAXUINT, &error);
  g_assert_true (quick->pending);
  g_assert_true (quick->wants_job);
  g_assert_cmpint (quick->bin_size[0], ==, 8);
  complete = make (signal, pyramid, 1000, 1300, 20000);
  g_assert_false (complete->pending);
  check_page (signal, complete, 20000);
  for (guint d = 0; d < 4; d++)
    for (gsize k = 0; k < complete->used[d]; k++)
      {
        InionMinMax q = quick->bins[d * quick->n_bins + k];
        InionMinMax c = complete->bins[d * complete->n_bins + k];

        g_assert_cmpfloat (q.lo, <=, c.lo);
        g_assert_cmpfloat (q.hi, >=, c.hi);
      }
  /* After the job the quick page is complete. */
  again = inion_page_new_quick (signal, pyramid, 1000, 1300, 20000, 0, G_MAXUINT, &error);
  g_assert_no_error (error);
  g_assert_false (again->pending);
  check_same (again, complete);
}

/* Only what is asked for is filled, with the same bins. */
static void
test_some_derivations (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (19, 9600, 1);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", off);
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (signal, "");
  g_autoptr (InionPage) all = NULL;
  g_autoptr (InionPage) some = NULL;
  g_autoptr (InionPage) kept = NULL;
  g_autoptr (GError) error = NULL;

  fixture_build (pyramid);
  some = inion_page_new_quick (signal, pyramid, 0, 9600, 1000, 5, 4, &error);
  g_assert_no_error (error);
  g_assert_false (some->pending);
  /* 300 chunks of 19 rows are more than may be looked up quickly. */
  all = inion_page_new_quick (signal, pyramid, 0, 9600, 1000, 0, G_MAXUINT, &error);
  g_assert_true (all->pending);
  g_assert_true (all->wants_job);
  for (guint d = 0; d < 19; d++)
    for (gsize k = 0; k < all->used[d]; k++)
      g_assert_false (inion_min_max_is_empty (&all->bins[d * all->n_bins + k]));
  g_clear_pointer (&all, inion_page_unref);
  all = make (signal, pyramid, 0, 9600, 1000);
  check_page (signal, all, 1000);
  for (guint d = 0; d < 19; d++)
    if (d < 5 || d >= 9)
      g_assert_cmpuint (some->used[d], ==, 0);
    else
      g_assert_cmpmem (some->bins + d * some->n_bins, some->used[d] * sizeof (InionMinMax),
                       all->bins + d * all->n_bins, all->used[d] * sizeof (InionMinMax));
  /* A complete page has all of its parts. */
  kept = inion_page_new_quick (signal, pyramid, 0, 9600, 1000, 17, 2, &error);
  g_assert_true (kept == all);
}

/* A recording on a disk that has to be waited for, and how often it was read. */
#define TYPE_COLD (cold_get_type ())
G_DECLARE_FINAL_TYPE (Cold, cold, TEST, COLD, InionRecording)

struct _Cold
{
  InionRecording parent_instance;
  int n_readings;
  gboolean warm;
};

G_DEFINE_FINAL_TYPE (Cold, cold, INION_TYPE_RECORDING)

static gboolean
cold_read (InionRecording  *recording,
           guint            channel,
           gint64           first,
           gsize            n,
           gint32          *out,
           GError         **error)
{
  g_atomic_int_inc (&TEST_COLD (recording)->n_readings);
  for (gsize i = 0; i < n; i++)
    out[i] = (gint32) ((first + (gint64) i) % 100);
  return TRUE;
}

static gboolean
cold_may_block (InionRecording *recording,
                guint           channel,
                gint64          first,
                gsize           n)
{
  return !TEST_COLD (recording)->warm;
}

static void
cold_class_init (ColdClass *klass)
{
  INION_RECORDING_CLASS (klass)->read_digital = cold_read;
  INION_RECORDING_CLASS (klass)->may_block = cold_may_block;
}

static void
cold_init (Cold *self)
{
  for (guint c = 0; c < 4; c++)
    inion_recording_add_channel (INION_RECORDING (self), &(InionChannelInfo) {
      .raw_label = fixture_labels[c], .unit = "µV", .rate_num = 256, .rate_den_ns = 1000000000,
      .n_samples = 25600, .gain = 1, .calibrated = TRUE });
  inion_recording_set_duration_ns (INION_RECORDING (self), 100 * G_GINT64_CONSTANT (1000000000));
}

/* A quick page waits for no disk: what is not in memory is left to the job. */
static void
test_cold_disk (gconstpointer montage)
{
  g_autoptr (Cold) cold = g_object_new (TYPE_COLD, NULL);
  g_autoptr (InionShownSignal) signal =
    fixture_signal (INION_RECORDING (cold), montage, clinical);
  g_autoptr (InionPage) page = NULL, whole = NULL;
  g_autoptr (GError) error = NULL;

  page = inion_page_new_quick (signal, NULL, 20, 30, 1000, 0, G_MAXUINT, &error);
  g_assert_no_error (error);
  g_assert_cmpint (cold->n_readings, ==, 0);
  g_assert_true (page->pending);
  g_assert_true (page->wants_job);
  g_assert_cmpuint (page->used[0], >, 0);
  for (gsize k = 0; k < page->used[0]; k++)
    g_assert_true (inion_min_max_is_empty (&page->bins[k]));
  g_clear_pointer (&page, inion_page_unref);

  whole = make (signal, NULL, 20, 30, 1000);
  g_assert_cmpint (cold->n_readings, >, 0);
  cold->n_readings = 0;
  page = inion_page_new_quick (signal, NULL, 20.5, 29, 1000, 0, G_MAXUINT, &error);
  g_assert_false (page->pending);
  g_assert_cmpint (cold->n_readings, ==, 0);
  g_clear_pointer (&page, inion_page_unref);

  cold->warm = TRUE;
  page = inion_page_new_quick (signal, NULL, 70, 80, 1000, 0, G_MAXUINT, &error);
  g_assert_false (page->pending);
  g_assert_cmpint (cold->n_readings, >, 0);
}

static void
test_job (void)
{
  g_autoptr (InionRecording) recording = fixture_recording (3, 40000, RATE);
  g_autoptr (InionShownSignal) signal = fixture_signal (recording, "as-recorded", clinical);
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (signal, "");
  g_autoptr (InionJob) job = inion_page_new_job (signal, pyramid, 10, 20, 700, 0, G_MAXUINT);
  g_autoptr (InionJob) late = inion_page_new_job (signal, pyramid, 40, 50, 700, 0, G_MAXUINT);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionPage) page = inion_job_run (job, &error);
  g_autoptr (InionPage) none = NULL;

  g_assert_no_error (error);
  check_page (signal, page, 700);
  inion_job_cancel (late);
  none = inion_job_run (late, &error);
  g_assert_null (none);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Real files: every page is what their samples say. */
static void
test_real (void)
{
  static const char *const folders[] = { "sleep", "workload", "erp", "formats/mne" };
  const char *shared = g_getenv ("INION_SHARED");
  guint n = 0;

  for (guint i = 0; shared != NULL && i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = g_build_filename (shared, "data", folders[i], NULL);
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *path = g_build_filename (folder, name, NULL);
          g_autoptr (InionRecording) recording = NULL;
          g_autoptr (InionShownSignal) signal = NULL;
          g_autoptr (InionPyramid) pyramid = NULL;
          g_autoptr (InionPage) page = NULL;
          g_autoptr (InionPage) wide = NULL;
          GStatBuf info;

          if (!g_str_has_suffix (name, ".edf") || g_stat (path, &info) != 0 ||
              info.st_size > 20 << 20)
            continue;
          recording = inion_recording_open (path, NULL);
          if (recording == NULL)
            continue;
          signal = fixture_signal (recording, "as-recorded", clinical);
          pyramid = inion_pyramid_new (signal, "");
          fixture_build (pyramid);
          page = make (signal, pyramid, 5, 15, 1000);
          wide = make (signal, pyramid, 0, 5000, 1000);
          check_page (signal, page, 1000);
          check_page (signal, wide, 1000);
          n++;
        }
    }
  if (n == 0)
    g_test_skip ("INION_SHARED has no EDF recordings.");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  inion_init ();
  g_test_add_func ("/display/page/every-zoom", test_every_zoom);
  g_test_add_func ("/display/page/quick-agrees", test_quick_agrees);
  g_test_add_func ("/display/page/scrolling", test_scrolling);
  g_test_add_func ("/display/page/edges", test_edges);
  g_test_add_func ("/display/page/no-range", test_no_range);
  g_test_add_func ("/display/page/empty-recording", test_empty_recording);
  g_test_add_func ("/display/page/spike", test_spike);
  g_test_add_func ("/display/page/mixed-rates", test_mixed_rates);
  g_test_add_func ("/display/page/nan", test_nan);
  g_test_add_func ("/display/page/pending", test_pending);
  g_test_add_func ("/display/page/some-derivations", test_some_derivations);
  g_test_add_data_func ("/display/page/cold-disk", "as-recorded", test_cold_disk);
  g_test_add_data_func ("/display/page/cold-disk-average", "average", test_cold_disk);
  g_test_add_func ("/display/page/job", test_job);
  g_test_add_func ("/display/page/real", test_real);
  return g_test_run ();
}
