/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clean/detector.h"

#include "../gap-fixture.h"
#include "../signal/reference.h"
#include "artifact-maker.h"
#include "core/error.h"
#include "core/parallel.h"

static GPtrArray *
detect (InionRecording              *recording,
        const InionDetectorSettings *settings,
        const char *const           *bad,
        char                       **report)
{
  g_autoptr (GError) error = NULL;
  InionDetectorSettings defaults;
  GPtrArray *found;

  inion_detector_settings_init (&defaults);
  found = inion_detect_artifacts (recording, settings != NULL ? settings : &defaults, bad, NULL,
                                  report, &error);
  g_assert_no_error (error);
  return found;
}

static guint
count (GPtrArray  *found,
       const char *label)
{
  guint n = 0;

  for (guint i = 0; i < found->len; i++)
    n += strcmp (inion_annotation_get_label (found->pdata[i]), label) == 0;
  return n;
}

/* The annotation with a label that covers a time; one and only one. */
static InionAnnotation *
find_at (GPtrArray  *found,
         const char *label,
         double      at_s)
{
  InionAnnotation *hit = NULL;

  for (guint i = 0; i < found->len; i++)
    {
      InionAnnotation *a = found->pdata[i];

      if (strcmp (inion_annotation_get_label (a), label) == 0 &&
          inion_annotation_get_onset_ns (a) * 1e-9 <= at_s &&
          inion_annotation_get_end_ns (a) * 1e-9 > at_s)
        {
          g_assert_null (hit);
          hit = a;
        }
    }
  if (hit == NULL)
    g_error ("There is no %s at %g s", label, at_s);
  return hit;
}

static void
assert_span (InionAnnotation *a,
             double           onset_s,
             double           end_s,
             double           tolerance_s)
{
  g_assert_cmpfloat_with_epsilon (inion_annotation_get_onset_ns (a) * 1e-9, onset_s, tolerance_s);
  g_assert_cmpfloat_with_epsilon (inion_annotation_get_end_ns (a) * 1e-9, end_s, tolerance_s);
}

static void
assert_only_channel (InionAnnotation *a,
                     const char      *label)
{
  const char *const *channels = inion_annotation_get_channels (a);

  g_assert_nonnull (channels);
  g_assert_cmpstr (channels[0], ==, label);
  g_assert_null (channels[1]);
}

/* Around 60 and 120 s, where chunks meet. */
static void
test_known (void)
{
  gsize n = (gsize) (200 * RATE);
  g_autofree double *x = make_artifacts (n);
  g_autoptr (InionRecording) recording = make_recording (x, n, RATE);
  g_autofree char *report = NULL;
  g_autoptr (GPtrArray) found = detect (recording, NULL, NULL, &report);
  InionAnnotation *a;
  const double blinks[] = { 20, 60, 119.99, 150, 150.6 };

  g_test_message ("%s", report);
  g_assert_cmpuint (count (found, "flat"), ==, 1);
  a = find_at (found, "flat", 60);
  assert_span (a, 57, 64, 0.05);
  assert_only_channel (a, "O1");
  g_assert_cmpfloat (inion_annotation_get_confidence (a), ==, 1);

  g_assert_cmpuint (count (found, "high amplitude"), ==, 1);
  a = find_at (found, "high amplitude", 60);
  assert_span (a, 59.9, 60.1, 0.05);
  assert_only_channel (a, "C3");
  g_assert_cmpfloat_with_epsilon (inion_annotation_get_confidence (a), 1 - 100.0 / 330, 0.06);

  g_assert_cmpuint (count (found, "muscle"), ==, 1);
  a = find_at (found, "muscle", 120);
  assert_span (a, 119, 121, 0.25);
  g_assert_null (inion_annotation_get_channels (a));
  g_assert_cmpfloat (inion_annotation_get_confidence (a), >, 0.6);

  g_assert_cmpuint (count (found, "blink"), ==, G_N_ELEMENTS (blinks));
  for (guint i = 0; i < G_N_ELEMENTS (blinks); i++)
    {
      a = find_at (found, "blink", blinks[i]);
      assert_span (a, blinks[i] - 0.15, blinks[i] + 0.15, 0.1);
      g_assert_cmpfloat (inion_annotation_get_confidence (a), >, 0.6);
    }
}

static void
test_suggestions (void)
{
  gsize n = (gsize) (200 * RATE);
  g_autofree double *x = make_artifacts (n);
  g_autoptr (InionRecording) recording = make_recording (x, n, RATE);
  g_autoptr (GPtrArray) found = detect (recording, NULL, NULL, NULL);

  for (guint i = 0; i < found->len; i++)
    {
      InionAnnotation *a = found->pdata[i];
      double confidence = inion_annotation_get_confidence (a);

      g_assert_true (inion_annotation_is_suggestion (a));
      g_assert_true (g_str_has_prefix (inion_annotation_get_rater (a), "detector:"));
      g_assert_cmpfloat (confidence, >, 0);
      g_assert_cmpfloat (confidence, <=, 1);
      g_assert_nonnull (inion_annotation_get_comment (a));
      g_assert_cmpint (inion_annotation_get_duration_ns (a), >, 0);
      if (i > 0)
        g_assert_cmpint (inion_annotation_get_onset_ns (a), >=,
                         inion_annotation_get_onset_ns (found->pdata[i - 1]));
    }
}

static void
test_clean (void)
{
  gsize n = (gsize) (300 * RATE);
  g_autofree double *x = make_noise (n);
  g_autoptr (InionRecording) recording = make_recording (x, n, RATE);
  g_autoptr (GPtrArray) found = detect (recording, NULL, NULL, NULL);

  g_assert_cmpuint (found->len, <=, 1);
}

static void
test_threads (void)
{
  gsize n = (gsize) (200 * RATE);
  g_autofree double *x = make_artifacts (n);
  g_autoptr (InionRecording) recording = make_recording (x, n, RATE);
  g_autoptr (GPtrArray) one = NULL, four = NULL;
  g_autofree char *report_one = NULL, *report_four = NULL;

  inion_parallel_set_n_threads (1);
  one = detect (recording, NULL, NULL, &report_one);
  inion_parallel_set_n_threads (4);
  four = detect (recording, NULL, NULL, &report_four);
  inion_parallel_set_n_threads (0);
  g_assert_cmpstr (report_one, ==, report_four);
  g_assert_cmpuint (one->len, ==, four->len);
  for (guint i = 0; i < one->len; i++)
    g_assert_true (inion_annotation_equal (one->pdata[i], four->pdata[i]));
}

static void
test_switches_and_bad (void)
{
  gsize n = (gsize) (200 * RATE);
  g_autofree double *x = make_artifacts (n);
  g_autoptr (InionRecording) recording = make_recording (x, n, RATE);
  InionDetectorSettings settings = { 0, NAN, 5, -1, 0 };
  const char *const bad[] = { "c3", "O1", NULL }, *const eyes[] = { "Fp1", "Fp2", NULL };
  g_autofree char *report = NULL, *blind = NULL;
  g_autoptr (GPtrArray) none = detect (recording, &settings, NULL, &report);
  g_autoptr (GPtrArray) some = NULL, rest = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_nonnull (strstr (report, "High amplitude: switched off"));
  g_assert_nonnull (strstr (report, "Flat: switched off"));
  g_assert_nonnull (strstr (report, "Muscle: switched off"));
  g_assert_nonnull (strstr (report, "Blink: switched off"));

  some = detect (recording, NULL, bad, NULL);
  g_assert_cmpuint (count (some, "high amplitude") + count (some, "flat"), ==, 0);
  g_assert_cmpuint (count (some, "blink"), ==, 5);
  rest = detect (recording, NULL, eyes, &blind);
  g_assert_cmpuint (count (rest, "blink"), ==, 0);
  g_assert_nonnull (strstr (blind, "Blink: not run: there is no frontal channel"));
  g_assert_nonnull (strstr (blind, "2 channels marked bad"));
}

/* What has no end is no blink: one side only, or upside down among upright ones. */
static void
test_no_blinks (void)
{
  gsize n = (gsize) (60 * RATE);
  g_autofree double *x = make_noise (n);
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GPtrArray) found = NULL;

  for (gsize i = 0; i < n; i++)
    {
      double t = (i / RATE - 30) / 0.1;

      x[channel_named ("Fp1") * n + i] += 180 * exp (-t * t);
    }
  add_blink (x, n, 10, 1);
  add_blink (x, n, 20, -1);
  recording = make_recording (x, n, RATE);
  found = detect (recording, NULL, NULL, NULL);
  g_assert_cmpuint (count (found, "blink"), ==, 1);
  find_at (found, "blink", 10);
}

static void
test_inverted (void)
{
  gsize n = (gsize) (60 * RATE);
  g_autofree double *x = make_noise (n), *y = NULL;
  g_autoptr (InionRecording) recording = NULL;
  g_autofree char *report = NULL;
  g_autoptr (GPtrArray) found = NULL;

  for (guint i = 0; i < 6; i++)
    add_blink (x, n, 5 + 8 * i, -1);
  recording = make_recording (x, n, RATE);
  found = detect (recording, NULL, NULL, &report);
  g_assert_cmpuint (count (found, "blink"), ==, 6);
  g_assert_nonnull (strstr (report, "polarity inverted"));
}

/* The same artifacts in several channels are one mark. */
static void
test_together (void)
{
  gsize n = (gsize) (60 * RATE);
  g_autofree double *x = make_noise (n);
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GPtrArray) found = NULL;
  InionAnnotation *a;

  for (guint c = 0; c < 3; c++)
    for (gsize i = (gsize) (30 * RATE); i < (gsize) (30.5 * RATE); i++)
      x[(14 + c) * n + i] += 400 * sin (2 * G_PI * 3 * i / RATE);
  for (guint c = 0; c < 2; c++)
    for (gsize i = (gsize) (40 * RATE); i < (gsize) (50 * RATE); i++)
      x[(7 + c) * n + i] = c;
  recording = make_recording (x, n, RATE);
  found = detect (recording, NULL, NULL, NULL);
  g_assert_cmpuint (count (found, "high amplitude") + count (found, "flat"), <=, 4);
  a = find_at (found, "high amplitude", 30.25);
  g_assert_cmpuint (g_strv_length ((char **) inion_annotation_get_channels (a)), ==, 3);
  g_assert_true (inion_annotation_covers_channel (a, "Pz"));
  a = find_at (found, "flat", 45);
  g_assert_cmpuint (g_strv_length ((char **) inion_annotation_get_channels (a)), ==, 2);
}

/* Missing samples and silence: answers, no crash. */
static void
test_missing_and_flat (void)
{
  gsize n = (gsize) (60 * RATE);
  g_autofree double *x = make_noise (n);
  g_autoptr (InionRecording) holes = NULL, silent = NULL;
  g_autoptr (GPtrArray) found = NULL, all = NULL;
  g_autofree char *report = NULL;

  for (guint c = 0; c < N_CHANNELS; c++)
    for (gsize i = (gsize) (20 * RATE); i < (gsize) (30 * RATE); i++)
      x[c * n + i] = NAN;
  holes = make_recording (x, n, RATE);
  found = detect (holes, NULL, NULL, NULL);
  g_assert_cmpuint (count (found, "flat"), ==, 0);
  g_assert_cmpuint (count (found, "high amplitude"), ==, 0);

  memset (x, 0, N_CHANNELS * n * sizeof *x);
  silent = make_recording (x, n, RATE);
  all = detect (silent, NULL, NULL, &report);
  g_assert_cmpuint (all->len, ==, 1);
  assert_span (all->pdata[0], 0, 60, 0.05);
  g_assert_cmpuint (g_strv_length ((char **) inion_annotation_get_channels (all->pdata[0])), ==,
                    N_CHANNELS);
  g_assert_nonnull (strstr (report, "Muscle: not run"));
  g_assert_nonnull (strstr (report, "Blink: not run: the frontal channels are flat"));
}

static void
test_rates_and_lengths (void)
{
  const double rates[] = { 1, 30, 60, 100, 160, 1000 };

  for (guint r = 0; r < G_N_ELEMENTS (rates); r++)
    for (gsize n = 1; n <= 4096; n *= 4)
      {
        g_autofree double *x = make_noise (n);
        g_autoptr (InionRecording) recording = make_recording (x, n, rates[r]);
        g_autofree char *report = NULL;
        g_autoptr (GPtrArray) found = detect (recording, NULL, NULL, &report);

        g_assert_cmpuint (count (found, "muscle") + count (found, "blink"), <=, 2);
        if (rates[r] < 85)
          g_assert_nonnull (strstr (report, "Muscle: not run: a rate of"));
        else if (n < 2 * rates[r])
          g_assert_nonnull (strstr (report, "Muscle: not run: the recording is shorter"));
        else
          g_assert_nonnull (strstr (report, "Muscle: envelope"));
      }
}

/* Sleep recordings: no frontal electrode, eyes at the side. */
static void
test_eog (void)
{
  gsize n = (gsize) (60 * RATE);
  g_autofree double *x = make_noise (n);
  g_autoptr (InionMemoryRecording) recording = inion_memory_recording_new (RATE, NULL);
  g_autofree char *report = NULL;
  g_autoptr (GPtrArray) found = NULL;

  add_blink (x, n, 10, 1);
  add_blink (x, n, 40, 1);
  inion_memory_recording_add_channel (recording, "C3", "µV", x + 8 * n, n);
  inion_memory_recording_add_channel (recording, "EOG left", "µV", x, n);
  inion_memory_recording_add_channel (recording, "EOG right", "µV", x + n, n);
  found = detect (INION_RECORDING (recording), NULL, NULL, &report);
  g_assert_cmpuint (count (found, "blink"), ==, 2);
  g_test_message ("%s", report);
  g_assert_nonnull (strstr (report, "left, "));
  g_assert_null (strstr (report, "against"));
}

static void
test_errors (void)
{
  double x[1000] = { 0 };
  g_autoptr (InionMemoryRecording) recording = inion_memory_recording_new (RATE, NULL);
  InionDetectorSettings settings;
  g_autoptr (GError) error = NULL;
  char *report = (char *) "";

  inion_detector_settings_init (&settings);
  g_assert_null (inion_detect_artifacts (INION_RECORDING (recording), &settings, NULL, NULL,
                                         &report, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_assert_null (report);
  g_clear_error (&error);
  inion_memory_recording_add_channel (recording, "Status", "", x, 1000);
  g_assert_null (inion_detect_artifacts (INION_RECORDING (recording), &settings, NULL, NULL, NULL,
                                         &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_clear_error (&error);
  settings.muscle_z = INFINITY;
  g_assert_null (inion_detect_artifacts (INION_RECORDING (recording), &settings, NULL, NULL, NULL,
                                         &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "muscle_z"));
  g_clear_error (&error);
  inion_detector_settings_init (&settings);
  settings.flat_s = 0.01;
  g_assert_null (inion_detect_artifacts (INION_RECORDING (recording), &settings, NULL, NULL, NULL,
                                         &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
}

/* Cancelled while it runs: how long until it stops. */
static gpointer
run_detection (InionJob  *job,
               gpointer   data,
               GError   **error)
{
  InionDetectorSettings settings;

  inion_detector_settings_init (&settings);
  return inion_detect_artifacts (data, &settings, NULL, job, NULL, error);
}

typedef struct
{
  GMainLoop *loop;
  gint64 cancelled_at, done_at;
  double progress;
  gboolean was_cancelled;
} Cancel;

static gboolean
on_time (gpointer data)
{
  gpointer *both = data;
  Cancel *cancel = both[1];

  cancel->progress = inion_job_get_progress (both[0]);
  cancel->cancelled_at = g_get_monotonic_time ();
  inion_job_cancel (both[0]);
  return G_SOURCE_REMOVE;
}

static void
on_done (InionJob     *job,
         gpointer      result,
         const GError *error,
         gpointer      user_data)
{
  Cancel *cancel = user_data;

  cancel->done_at = g_get_monotonic_time ();
  cancel->was_cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (result != NULL)
    g_ptr_array_unref (result);
  g_main_loop_quit (cancel->loop);
}

static void
test_cancel (void)
{
  gsize n = (gsize) (1200 * RATE);
  g_autofree double *x = make_noise (n);
  g_autoptr (InionRecording) recording = make_recording (x, n, RATE);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Cancel cancel = { loop };
  g_autoptr (InionJob) job =
    inion_job_new ("detect", run_detection, recording, NULL, (GDestroyNotify) g_ptr_array_unref);
  gpointer both[2] = { job, &cancel };

  inion_job_start (job, on_done, &cancel);
  g_timeout_add (100, on_time, both);
  g_main_loop_run (loop);
  g_assert_true (cancel.was_cancelled);
  g_test_message ("cancelled after %.1f ms, at %.0f %%",
                  (cancel.done_at - cancel.cancelled_at) / 1e3, 100 * cancel.progress);
  g_assert_cmpfloat (cancel.progress, >, 0);
  g_assert_cmpfloat (cancel.progress, <, 1);
  /* 50 ms is the promise; a loaded machine or a sanitizer may take its time. */
  g_assert_cmpint (cancel.done_at - cancel.cancelled_at, <, 500000);
}

/* How many of some times have one of others within a quarter of a second of their mark. */
static guint
count_matches (const Reference *times,
               GPtrArray       *found)
{
  guint n = 0;

  for (gsize i = 0; i < times->n; i++)
    for (guint k = 0; k < found->len; k++)
      {
        InionAnnotation *a = found->pdata[k];

        if (strcmp (inion_annotation_get_label (a), "blink") == 0 &&
            times->at[i] > inion_annotation_get_onset_ns (a) * 1e-9 - 0.1 &&
            times->at[i] < inion_annotation_get_end_ns (a) * 1e-9 + 0.1)
          {
            n++;
            break;
          }
      }
  return n;
}

/* Real blinks, found by another program. */
static void
test_real_blinks (void)
{
  static const char *const files[] = { "S001R01", "S007R04", "S008R04" };
  const char *shared = g_getenv ("INION_SHARED");
  g_autoptr (GHashTable) all = reference_load ("clean_blinks.txt");

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *subject = g_strndup (files[i], 4);
      g_autofree char *name = g_strconcat (files[i], ".edf", NULL);
      g_autofree char *path = g_build_filename (shared != NULL ? shared : ".", "data",
                                                "motor-imagery", "eegmmidb", subject, name, NULL);
      g_autofree char *sure_name = g_strconcat (files[i], "_sure", NULL);
      g_autofree char *all_name = g_strconcat (files[i], "_all", NULL);
      const Reference *sure = reference_get (all, sure_name);
      const Reference *every = reference_get (all, all_name);
      g_autoptr (InionRecording) recording = NULL;
      g_autoptr (GPtrArray) found = NULL;
      g_autoptr (GError) error = NULL;
      guint ours;

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        {
          g_test_skip ("The recordings of eegmmidb are not here");
          return;
        }
      recording = inion_recording_open (path, &error);
      g_assert_no_error (error);
      found = detect (recording, NULL, NULL, NULL);
      ours = count (found, "blink");
      g_test_message ("%s: %u found, %u of %zu sure ones, %u of %zu in all", files[i], ours,
                      count_matches (sure, found), sure->n, count_matches (every, found), every->n);
      g_assert_cmpfloat (count_matches (sure, found), >=, 0.8 * sure->n);
      g_assert_cmpfloat (count_matches (every, found), >=, 0.8 * ours);
    }
}

/* The noise in three stretches that lie an hour and three days apart, with a step between them. */
static InionRecording *
make_gapped (double     *x,
             gsize       n,
             const gsize sizes[3])
{
  const GapStretch stretches[] = {
    { 0, sizes[0] }, { 3600, sizes[1] }, { 3 * 86400, sizes[2] },
  };

  g_assert_cmpuint (sizes[0] + sizes[1] + sizes[2], ==, n);
  for (guint c = 0; c < N_CHANNELS; c++)
    for (gsize i = 0; i < n; i++)
      x[c * n + i] += i < sizes[0] ? 0 : i < sizes[0] + sizes[1] ? 3000 : -2000;
  return gap_fixture_memory (RATE, names, N_CHANNELS, x, stretches, 3);
}

/* What is found lies where it was put, and nothing at or in a gap. */
static void
test_gaps (void)
{
  gsize n = (gsize) (120 * RATE);
  const gsize sizes[] = { n / 3, n / 3, n / 3 };
  g_autofree double *x = make_noise (n);
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autofree char *report = NULL;
  gint64 start_us;

  add_blink (x, n, 20, 1);
  add_blink (x, n, 65, 1);
  for (gsize i = 0; i < (gsize) (10 * RATE); i++)
    x[channel_named ("O1") * n + (gsize) (40 * RATE) + i] = 0;
  recording = make_gapped (x, n, sizes);
  start_us = g_get_monotonic_time ();
  found = detect (recording, NULL, NULL, &report);
  /* Of three days nothing but two minutes is looked at. */
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 20 * G_USEC_PER_SEC);
  for (guint i = 0; i < found->len; i++)
    g_assert_false (inion_recording_has_gap (recording,
                                             inion_annotation_get_onset_ns (found->pdata[i]),
                                             inion_annotation_get_end_ns (found->pdata[i])));
  find_at (found, "blink", 20);
  find_at (found, "blink", 3600 + 25);
  /* The flat stretch begins with what follows the gap. */
  assert_span (find_at (found, "flat", 3605), 3600, 3610, 0.05);
  g_assert_cmpuint (count (found, "flat"), ==, 1);
  g_assert_cmpuint (count (found, "blink"), ==, 2);
  g_assert_cmpuint (count (found, "high amplitude"), ==, 0);
  g_assert_cmpuint (count (found, "muscle"), ==, 0);
  g_assert_nonnull (strstr (report, "2 gaps: each of its 3 stretches"));
}

/* Marks on both sides of a gap that is shorter than what joins marks stay two. */
static void
test_short_gap (void)
{
  gsize n = (gsize) (60 * RATE), half = n / 2;
  const GapStretch stretches[] = { { 0, half }, { 30.05, half } };
  g_autofree double *x = make_noise (n);
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GPtrArray) found = NULL;
  double end_s = 30, next_s = 30.05;

  for (gsize i = half - 20; i < half + 20; i++)
    x[channel_named ("Cz") * n + i] = i % 2 == 0 ? 400 : -400;
  recording = gap_fixture_memory (RATE, names, N_CHANNELS, x, stretches, 2);
  found = detect (recording, NULL, NULL, NULL);
  g_assert_cmpuint (count (found, "high amplitude"), ==, 2);
  g_assert_cmpfloat_with_epsilon (
    inion_annotation_get_end_ns (find_at (found, "high amplitude", 29.95)) * 1e-9, end_s, 0.005);
  g_assert_cmpfloat_with_epsilon (
    inion_annotation_get_onset_ns (find_at (found, "high amplitude", 30.1)) * 1e-9, next_s, 0.005);
}

/* Stretches too short for a detector are left out and said. */
static void
test_short_stretches (void)
{
  gsize n = (gsize) (60 * RATE), third = (gsize) (3 * RATE);
  const gsize sizes[] = { n - third - 100, third, 100 };
  const gsize all_short[] = { n / 60, n / 60, n / 60 };
  g_autofree double *x = make_noise (n);
  g_autofree double *y = make_noise (n / 20);
  g_autoptr (InionRecording) recording = make_gapped (x, n, sizes);
  g_autoptr (InionRecording) pieces = make_gapped (y, n / 20, all_short);
  g_autofree char *report = NULL, *nothing = NULL;
  g_autoptr (GPtrArray) found = detect (recording, NULL, NULL, &report);
  g_autoptr (GPtrArray) none = detect (pieces, NULL, NULL, &nothing);

  g_assert_cmpuint (found->len, ==, 0);
  g_assert_nonnull (strstr (report, "1 stretch between gaps left out: shorter than 2 s"));
  g_assert_nonnull (strstr (report, "2 stretches between gaps left out: shorter than 4 s"));
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_nonnull (strstr (nothing, "Muscle: not run: no stretch between gaps lasts 2 s"));
  g_assert_nonnull (strstr (nothing, "Blink: not run: no stretch between gaps lasts 4 s"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clean/detector/known", test_known);
  g_test_add_func ("/clean/detector/suggestions", test_suggestions);
  g_test_add_func ("/clean/detector/clean", test_clean);
  g_test_add_func ("/clean/detector/threads", test_threads);
  g_test_add_func ("/clean/detector/switches-and-bad", test_switches_and_bad);
  g_test_add_func ("/clean/detector/no-blinks", test_no_blinks);
  g_test_add_func ("/clean/detector/inverted", test_inverted);
  g_test_add_func ("/clean/detector/together", test_together);
  g_test_add_func ("/clean/detector/missing-and-flat", test_missing_and_flat);
  g_test_add_func ("/clean/detector/rates-and-lengths", test_rates_and_lengths);
  g_test_add_func ("/clean/detector/eog", test_eog);
  g_test_add_func ("/clean/detector/errors", test_errors);
  g_test_add_func ("/clean/detector/cancel", test_cancel);
  g_test_add_func ("/clean/detector/real-blinks", test_real_blinks);
  g_test_add_func ("/clean/detector/gaps", test_gaps);
  g_test_add_func ("/clean/detector/short-gap", test_short_gap);
  g_test_add_func ("/clean/detector/short-stretches", test_short_stretches);
  return g_test_run ();
}
