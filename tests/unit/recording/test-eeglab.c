/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/error.h"
#include "recording/foreign/eeglab-recording.h"
#include "recording/recording.h"

#include "set-builder.h"

#include <glib/gstdio.h>
#include <math.h>

static char *folder;

static char *
make_path (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static InionRecording *
open_set (const SetFile  *file,
          GError        **error)
{
  g_autofree char *path = make_path ("x.set");

  set_write (file, path);
  return inion_recording_open (path, error);
}

static InionRecording *
open_good (const SetFile *file)
{
  g_autoptr (GError) error = NULL;
  InionRecording *recording = open_set (file, &error);

  g_assert_no_error (error);
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  return recording;
}

static gboolean
has_fault (InionRecording *recording,
           const char     *words)
{
  GPtrArray *faults = inion_recording_get_faults (recording);

  for (guint i = 0; faults != NULL && i < faults->len; i++)
    if (strstr (((InionFault *) faults->pdata[i])->message, words) != NULL)
      return TRUE;
  return FALSE;
}

static void
check_samples (InionRecording *recording,
               guint           channels,
               guint           n)
{
  g_autofree double *values = g_new (double, n);

  g_assert_cmpuint (inion_recording_get_n_channels (recording), ==, channels);
  for (guint c = 0; c < channels; c++)
    {
      g_assert_cmpint (inion_channel_get_n_samples (inion_recording_get_channel (recording, c)), ==, n);
      g_assert_true (inion_recording_read (recording, c, 0, n, values, NULL));
      for (guint s = 0; s < n; s++)
        g_assert_cmpfloat (values[s], ==, set_sample (c, s));
    }
}

/* Every way to store the same samples. */
static void
test_layouts (void)
{
  static const enum mat_ft versions[] = { MAT_FT_MAT5, MAT_FT_MAT73 };
  static const enum matio_classes classes[] = { MAT_C_SINGLE, MAT_C_DOUBLE, MAT_C_INT16 };
  guint n = 0;

  for (guint v = 0; v < G_N_ELEMENTS (versions); v++)
    for (guint c = 0; c < G_N_ELEMENTS (classes); c++)
      for (guint k = 0; k < 5; k++)
        {
          const SetFile file = {
            .version = versions[v], .class_type = classes[c], .channels = 3, .points = 250,
            .trials = 1, .rate = 250, .top_level = k % 3 == 1, .nested = k % 3 == 2,
            /* What libmatio packs of a structure with text it cannot read itself. */
            .compression = k == 4 ? MAT_COMPRESSION_ZLIB : MAT_COMPRESSION_NONE,
          };
          g_autoptr (InionRecording) recording = open_good (&file);

          g_test_message ("version %d, class %d, kind %u", (int) versions[v], (int) classes[c], k);
          g_assert_cmpstr (inion_recording_get_format (recording), ==,
                           v == 0 ? "EEGLAB" : "EEGLAB (MATLAB 7.3)");
          g_assert_cmpint (inion_recording_get_duration_ns (recording), ==, 1000000000);
          g_assert_cmpstr (inion_channel_get_label (inion_recording_get_channel (recording, 2)), ==, "E3");
          g_assert_cmpstr (inion_recording_get_patient (recording), ==, "S1");
          g_assert_cmpstr (inion_recording_get_description (recording), ==, "first\nsecond");
          g_assert_cmpstr (inion_channel_get_info (inion_recording_get_channel (recording, 0))->reference,
                           ==, "common");
          check_samples (recording, 3, 250);
          n++;
        }
  g_assert_cmpuint (n, ==, 30);
}

static void
test_squeezed (void)
{
  const SetFile file = { .channels = 1, .points = 100, .trials = 1, .rate = 100, .squeezed = TRUE };
  g_autoptr (InionRecording) recording = open_good (&file);

  check_samples (recording, 1, 100);
}

static void
test_rates (void)
{
  static const struct
  {
    double rate;
    gint64 num, den;
  } rates[] = {
    { 512.0295, 1024059, 2000 }, { 1000.0 / 3, 1000, 3 }, { 1e6 / 1953.125, 512, 1 },
    { 0.5, 1, 2 },               { 249.99, 24999, 100 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      const SetFile file = { .channels = 1, .points = 10, .trials = 1, .rate = rates[i].rate };
      g_autoptr (InionRecording) recording = open_good (&file);
      const InionChannelInfo *info = inion_channel_get_info (inion_recording_get_channel (recording, 0));

      g_assert_cmpint (info->rate_num, ==, rates[i].num);
      g_assert_cmpint (info->rate_den_ns, ==, rates[i].den * 1000000000);
    }
}

static void
test_positions (void)
{
  static const double radii[] = { 85, 8.5, 0.085, 1 };
  static const double metres[] = { 0.085, 0.085, 0.085, 0.095 };

  for (guint i = 0; i < G_N_ELEMENTS (radii); i++)
    {
      const SetFile file = { .channels = 3, .points = 10, .trials = 1, .rate = 10, .radius = radii[i] };
      g_autoptr (InionRecording) recording = open_good (&file);
      const InionChannelInfo *nose = inion_channel_get_info (inion_recording_get_channel (recording, 0));
      const InionChannelInfo *none = inion_channel_get_info (inion_recording_get_channel (recording, 1));
      const InionChannelInfo *left = inion_channel_get_info (inion_recording_get_channel (recording, 2));

      g_assert_true (nose->has_position);
      g_assert_cmpfloat_with_epsilon (nose->position[0], 0, 1e-12);
      g_assert_cmpfloat_with_epsilon (nose->position[1], metres[i], 1e-12);
      g_assert_false (none->has_position);
      g_assert_true (left->has_position);
      g_assert_cmpfloat_with_epsilon (left->position[0], -metres[i], 1e-12);
      g_assert_cmpfloat_with_epsilon (left->position[1], 0, 1e-12);
      g_assert_cmpint (has_fault (recording, "95 mm"), ==, radii[i] == 1);
    }
}

static const InionEvent *
get_event (InionRecording *recording,
           const char     *text)
{
  GPtrArray *events = inion_recording_get_events (recording);

  for (guint i = 0; i < events->len; i++)
    if (strcmp (((InionEvent *) events->pdata[i])->text, text) == 0)
      return events->pdata[i];
  g_assert_not_reached ();
}

static void
test_events (void)
{
  static const SetEvent events[] = {
    { 1, -1, "first" }, { 26.5, 50, "half" }, { 100, 0, NULL }, { 3e300, -1, "nowhere" },
  };
  const SetFile file = { .channels = 2, .points = 100, .trials = 1, .rate = 100, .events = events,
                         .n_events = G_N_ELEMENTS (events) };
  g_autoptr (InionRecording) recording = open_good (&file);

  g_assert_cmpuint (inion_recording_get_events (recording)->len, ==, 3);
  g_assert_cmpint (get_event (recording, "first")->onset_ns, ==, 0);
  g_assert_cmpint (get_event (recording, "first")->duration_ns, ==, -1);
  g_assert_cmpint (get_event (recording, "half")->onset_ns, ==, 255000000);
  g_assert_cmpint (get_event (recording, "half")->duration_ns, ==, 500000000);
  g_assert_cmpint (get_event (recording, "7")->onset_ns, ==, 990000000);
  g_assert_true (has_fault (recording, "no possible time"));
}

/* 100 samples: 40 of them, 200 removed, 40, an unknown number removed, 20. */
static void
test_cuts (void)
{
  static const SetEvent events[] = {
    { 0.5, 30, "boundary" }, { 40.5, 200, "boundary" }, { 41, -1, "behind" },
    { 80.5, -1, "boundary" }, { 40, -1, "before" },     { 91, -1, "end" },
    { 100.5, 7, "boundary" }, { 5000, 7, "boundary" },
  };
  const SetFile file = { .channels = 2, .points = 100, .trials = 1, .rate = 100, .events = events,
                         .n_events = G_N_ELEMENTS (events) };
  g_autoptr (InionRecording) recording = open_good (&file);
  gint64 from, to;
  double values[300];

  g_assert_cmpuint (inion_recording_get_n_segments (recording), ==, 3);
  inion_recording_get_segment (recording, 0, &from, &to);
  g_assert_cmpint (from, ==, 0);
  g_assert_cmpint (to, ==, 400000000);
  inion_recording_get_segment (recording, 1, &from, &to);
  g_assert_cmpint (from, ==, 2400000000);
  g_assert_cmpint (to, ==, 2800000000);
  inion_recording_get_segment (recording, 2, &from, &to);
  g_assert_cmpint (from, ==, 2800000000);
  g_assert_cmpint (to, ==, 3000000000);
  g_assert_cmpint (get_event (recording, "before")->onset_ns, ==, 390000000);
  g_assert_cmpint (get_event (recording, "behind")->onset_ns, ==, 2400000000);
  g_assert_cmpint (get_event (recording, "end")->onset_ns, ==, 2900000000);
  g_assert_true (inion_recording_read (recording, 1, 0, 300, values, NULL));
  for (guint i = 0; i < 300; i++)
    if (i < 40)
      g_assert_cmpfloat (values[i], ==, set_sample (1, i));
    else if (i < 240)
      g_assert_true (isnan (values[i]));
    else
      g_assert_cmpfloat (values[i], ==, set_sample (1, i - 200));
  g_assert_true (inion_recording_has_gap (recording, 2700000000, 2900000000));
  g_assert_true (has_fault (recording, "do not say how much"));
  g_assert_true (has_fault (recording, "beyond the last"));
  for (guint i = 0, seen = 0; i < inion_recording_get_events (recording)->len; i++)
    {
      const InionEvent *event = inion_recording_get_events (recording)->pdata[i];

      if (strcmp (event->text, "boundary") == 0 && event->duration_ns == 2000000000)
        {
          g_assert_cmpint (event->onset_ns, ==, 400000000);
          g_assert_cmpuint (++seen, ==, 1);
        }
    }
}

static void
test_epochs (void)
{
  static const SetEvent events[] = { { 151, -1, "stimulus" } };
  const SetFile file = { .channels = 2, .points = 100, .trials = 3, .rate = 100, .events = events,
                         .n_events = 1 };
  g_autoptr (InionRecording) recording = open_good (&file);

  check_samples (recording, 2, 300);
  g_assert_cmpuint (inion_recording_get_n_segments (recording), ==, 3);
  g_assert_cmpint (get_event (recording, "Epoch 2")->onset_ns, ==, 1000000000);
  g_assert_cmpint (get_event (recording, "Epoch 2")->duration_ns, ==, 1000000000);
  g_assert_cmpint (get_event (recording, "stimulus")->onset_ns, ==, 1500000000);
  g_assert_true (inion_recording_has_gap (recording, 900000000, 1100000000));
  g_assert_true (has_fault (recording, "3 epochs of 100 samples"));
}

/* When the recording began, in every way in which programs leave it in EEG.etc. */
static void
test_start (void)
{
  static const double clock[] = { 2020, 2, 29, 23, 59, 58.25 };
  static const double nonsense[] = { 2020, 13, 1, 0, 0, 0 };
  static const double unknown[] = { NAN, NAN, NAN, NAN, NAN, NAN };
  static const SetEvent cut[] = { { 0.5, 150, "boundary" } };
  static const SetEvent unsure[] = { { 0.5, -1, "boundary" } };
  static const struct
  {
    const double *clock;
    const char *text;
    double days;
    const SetEvent *event;
    guint trials;
    const char *start;
  } cases[] = {
    { clock, NULL, 0, NULL, 1, "2020-02-29 23:59:58.250000" },
    { clock, "1999-01-01T00:00:00", 0, NULL, 1, "2020-02-29 23:59:58.250000" },
    { NULL, "2019-12-31T23:05:09", 0, NULL, 1, "2019-12-31 23:05:09.000000" },
    { unknown, "2019-12-31T23:05:09", 0, NULL, 1, "2019-12-31 23:05:09.000000" },
    { NULL, "2019-12-31 23:05:09.5", 0, NULL, 1, "2019-12-31 23:05:09.500000" },
    { NULL, "yesterday", 0, NULL, 1, NULL },
    { NULL, "2019-12-31", 0, NULL, 1, NULL },
    { NULL, "2019-12-31T23:05:09, more than a date has and longer than any", 0, NULL, 1, NULL },
    { NULL, NULL, 737850, NULL, 1, "2020-02-29 00:00:00.000000" },
    { NULL, NULL, 737851.5, NULL, 1, "2020-03-01 12:00:00.000000" },
    { NULL, NULL, 719529 + 1.0 / 86400, NULL, 1, "1970-01-01 00:00:01.000000" },
    { NULL, NULL, 730485.25, NULL, 1, "1999-12-31 06:00:00.000000" },
    { NULL, NULL, 730486, NULL, 1, "2000-01-01 00:00:00.000000" },
    { NULL, NULL, 1e300, NULL, 1, NULL },
    { nonsense, NULL, 0, NULL, 1, NULL },
    { NULL, NULL, 0, NULL, 1, NULL },
    { clock, NULL, 0, cut, 1, "2020-02-29 23:59:59.750000" },
    { clock, NULL, 0, unsure, 1, NULL },
    { clock, NULL, 0, NULL, 3, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const SetFile file = { .channels = 2, .points = 100, .trials = cases[i].trials, .rate = 100,
                             .events = cases[i].event, .n_events = cases[i].event != NULL,
                             .clock = cases[i].clock, .start_text = cases[i].text,
                             .start_days = cases[i].days, .top_level = i % 2 == 1 };
      g_autoptr (InionRecording) recording = open_good (&file);
      GDateTime *start = inion_recording_get_start (recording);
      g_autofree char *text = start != NULL ? g_date_time_format (start, "%F %T.%f") : NULL;

      g_assert_cmpstr (text, ==, cases[i].start);
      g_assert_true (has_fault (recording, "Its beginning was cut") == (cases[i].event == unsure));
    }
}

static void
test_components (void)
{
  for (guint n = 0; n < 3; n++)
    {
      const SetFile file = { .channels = 3, .points = 10, .trials = 1, .rate = 10,
                             .components = n };
      g_autoptr (InionRecording) recording = open_good (&file);
      g_autofree char *words = g_strdup_printf ("(%u components of 3 channels)", n);

      g_assert_true (has_fault (recording, words) == (n > 0));
      check_samples (recording, 3, 10);
    }
}

static void
write_floats (const char *name,
              guint       channels,
              guint       n,
              gboolean    transposed)
{
  g_autofree char *path = make_path (name);
  g_autofree float *values = g_new (float, channels * n + 1);

  for (guint c = 0; c < channels; c++)
    for (guint s = 0; s < n; s++)
      values[transposed ? c * n + s : s * channels + c] = (float) set_sample (c, s);
  g_assert_true (g_file_set_contents (path, (const char *) values, channels * n * 4, NULL));
}

static void
remove_file (const char *name)
{
  g_autofree char *path = make_path (name);

  g_unlink (path);
}

static void
check_external (const char *external,
                const char *name,
                gboolean    transposed,
                const char *fault)
{
  const SetFile file = { .channels = 3, .points = 50, .trials = 1, .rate = 50, .external = external };
  g_autoptr (InionRecording) recording = NULL;

  write_floats (name, 3, 50, transposed);
  recording = open_good (&file);
  check_samples (recording, 3, 50);
  g_assert_cmpint (has_fault (recording, "was taken"), ==, fault != NULL);
  remove_file (name);
}

static void
test_external (void)
{
  check_external ("x.fdt", "x.fdt", FALSE, NULL);
  check_external ("other.fdt", "other.fdt", FALSE, NULL);
  check_external ("C:\\data\\x.fdt", "x.fdt", FALSE, NULL);
  check_external ("../../etc/x.fdt", "x.fdt", FALSE, NULL);
  check_external ("old-name.fdt", "x.fdt", FALSE, "was taken");
  check_external ("/etc/passwd", "x.fdt", FALSE, "was taken");
  check_external ("x.dat", "x.dat", TRUE, NULL);
}

static void
test_external_size (void)
{
  const SetFile file = { .channels = 3, .points = 50, .trials = 1, .rate = 50, .external = "x.fdt" };
  g_autoptr (GError) error = NULL;

  for (guint n = 40; n <= 60; n += 20)
    {
      g_autoptr (InionRecording) recording = NULL;

      write_floats ("x.fdt", 3, n, FALSE);
      recording = open_good (&file);
      check_samples (recording, 3, MIN (n, 50));
      g_assert_true (has_fault (recording, n < 50 ? "ends early" : "left out"));
    }
  remove_file ("x.fdt");
  g_assert_null (open_set (&file, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "“x.fdt”"));
  g_assert_nonnull (strstr (error->message, "Copy that file"));
  g_clear_error (&error);
  write_floats ("x.fdt", 3, 0, FALSE);
  g_assert_null (open_set (&file, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
  remove_file ("x.fdt");
}

static void
test_odd (void)
{
  const SetFile unnamed = { .channels = 2, .points = 10, .trials = 1, .rate = 10, .no_locations = TRUE };
  const SetFile slow = { .channels = 2, .points = 10, .trials = 1 };
  g_autoptr (InionRecording) recording = open_good (&unnamed);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (inion_channel_get_label (inion_recording_get_channel (recording, 1)), ==, "Ch2");
  g_assert_true (has_fault (recording, "numbered"));
  g_assert_null (open_set (&slow, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "srate"));
}

static void
test_no_recording (void)
{
  g_autofree char *path = make_path ("other.mat");
  mat_t *mat = Mat_CreateVer (path, NULL, MAT_FT_MAT5);
  matvar_t *number = set_number ("x", 1);
  g_autoptr (GError) error = NULL;

  Mat_VarWrite (mat, number, MAT_COMPRESSION_NONE);
  Mat_VarFree (number);
  Mat_Close (mat);
  g_assert_null (inion_recording_open (path, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "without an EEGLAB recording"));
  g_unlink (path);
}

/* Cut at every length and with bytes changed, a file gives a recording or a reason. */
static void
test_damaged (void)
{
  static const SetEvent events[] = { { 5, -1, "a" }, { 8.5, 3, "boundary" } };
  const SetFile file = { .channels = 2, .points = 20, .trials = 1, .rate = 10, .events = events,
                         .n_events = 2, .radius = 85 };
  g_autofree char *path = make_path ("damaged.set");
  g_autofree char *good = make_path ("x.set");
  g_autofree char *bytes = NULL;
  gsize n;

  set_write (&file, good);
  g_assert_true (g_file_get_contents (good, &bytes, &n, NULL));
  for (gsize i = 0; i < 150; i++)
    {
      g_autofree char *copy = g_memdup2 (bytes, n);
      gsize length = i < 50 ? n * i / 50 : n;
      g_autoptr (GError) error = NULL;
      g_autoptr (InionRecording) recording = NULL;

      if (i >= 50)
        copy[128 + (i * 7919) % (n - 128)] ^= (char) (1 << i % 8);
      g_assert_true (g_file_set_contents (path, copy, (gssize) length, NULL));
      recording = inion_recording_open (path, &error);
      g_assert_true ((recording == NULL) == (error != NULL));
      g_assert_true (error == NULL || g_utf8_validate (error->message, -1, NULL));
    }
  g_unlink (path);
}

/* A packed structure, written by SciPy (reference/eeglab_packed.py). */
static void
test_packed (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", "eeglab_packed.set", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = inion_recording_open (path, &error);

  g_assert_no_error (error);
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  g_assert_cmpint (get_event (recording, "go 3")->onset_ns, ==, 80000000);
  check_samples (recording, 2, 50);
}

static void
check_line (InionRecording *recording,
            char          **parts,
            guint          *at)
{
  if (strcmp (parts[0], "channel") == 0)
    {
      const char *label = inion_channel_get_label (inion_recording_get_channel (recording, (*at)++));

      if (!g_str_has_prefix (parts[1], "EEG 0")) /* MNE's words for no name */
        g_assert_cmpstr (label, ==, parts[1]);
    }
  else if (strcmp (parts[0], "event") == 0)
    {
      guint index = (*at)++ - inion_recording_get_n_channels (recording);
      const InionEvent *event = inion_recording_get_events (recording)->pdata[index];

      /* MNE keeps microseconds. */
      g_assert_cmpfloat_with_epsilon ((double) event->onset_ns / 1e9, g_ascii_strtod (parts[1], NULL),
                                      1e-6);
      g_assert_cmpfloat_with_epsilon ((double) MAX (event->duration_ns, 0) / 1e9,
                                      g_ascii_strtod (parts[2], NULL), 1e-6);
      g_assert_cmpstr (event->text, ==, parts[3]);
    }
  else
    {
      guint channel = (guint) g_ascii_strtoull (parts[1], NULL, 10);
      gint64 n = inion_channel_get_n_samples (inion_recording_get_channel (recording, channel));
      g_autofree double *values = g_new (double, (gsize) n);
      gboolean sum = strcmp (parts[0], "sum") == 0;
      double expected = g_ascii_strtod (parts[sum ? 2 : 3], NULL), value = 0;

      g_assert_true (inion_recording_read (recording, channel, 0, (gsize) n, values, NULL));
      if (sum)
        for (gint64 i = 0; i < n; i++)
          value += values[i];
      else
        value = values[g_ascii_strtoull (parts[2], NULL, 10)];
      g_assert_cmpfloat_with_epsilon (value, expected, sum ? 1e-3 : 1e-6 * (1 + fabs (expected)));
    }
}

static gpointer
open_in_job (InionJob  *job,
             gpointer   data,
             GError   **error)
{
  inion_job_cancel (job);
  return inion_recording_open_with_job (data, job, error);
}

/* By the file of its samples, the recording is the same; and reading it can be cancelled. */
static void
test_samples_file (void)
{
  const char *shared = g_getenv ("INION_SHARED");
  g_autofree char *path = g_build_filename (shared != NULL ? shared : "", "data", "erp",
                                            "eeglab_data.fdt", NULL);
  g_autofree char *alone = make_path ("alone.fdt");
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (InionJob) job = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (alone, "\1\2\3\4\5\6\7\10", 8, NULL));
  g_assert_null (inion_recording_open (alone, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
  g_clear_error (&error);
  remove_file ("alone.fdt");
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("the shared recordings are not here");
      return;
    }
  recording = inion_recording_open (path, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (inion_recording_get_path (recording), "eeglab_data.set"));
  g_clear_object (&recording);
  job = inion_job_new ("Open", open_in_job, path, NULL, g_object_unref);
  recording = inion_job_run (job, &error);
  g_assert_null (recording);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_mne (void)
{
  const char *shared = g_getenv ("INION_SHARED");
  g_autofree char *fixture = g_test_build_filename (G_TEST_DIST, "reference", "eeglab_mne.txt", NULL);
  g_autofree char *text = NULL;
  g_autoptr (InionRecording) recording = NULL;
  g_auto (GStrv) lines = NULL;
  guint at = 0;

  g_assert_true (g_file_get_contents (fixture, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; **line != '\0'; line++)
    {
      g_auto (GStrv) parts = g_strsplit (*line, "\t", -1);

      if (strcmp (parts[0], "file") == 0)
        {
          g_autofree char *path = g_build_filename (shared != NULL ? shared : "", "data", parts[1], NULL);
          g_autoptr (GError) error = NULL;

          if (!g_file_test (path, G_FILE_TEST_EXISTS))
            {
              g_test_skip ("the shared recordings are not here");
              return;
            }
          g_clear_object (&recording);
          recording = inion_recording_open (path, &error);
          g_assert_no_error (error);
          g_assert_true (inion_recording_load_events (recording, NULL, NULL));
          at = 0;
          g_assert_cmpuint (inion_recording_get_n_channels (recording), ==,
                            g_ascii_strtoull (parts[3], NULL, 10));
          g_assert_cmpint (inion_channel_get_n_samples (inion_recording_get_channel (recording, 0)), ==,
                           (gint64) g_ascii_strtoull (parts[4], NULL, 10));
        }
      else
        check_line (recording, parts, &at);
    }
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("inion-test-XXXXXX", NULL);
  g_test_add_func ("/recording/eeglab/layouts", test_layouts);
  g_test_add_func ("/recording/eeglab/squeezed", test_squeezed);
  g_test_add_func ("/recording/eeglab/rates", test_rates);
  g_test_add_func ("/recording/eeglab/positions", test_positions);
  g_test_add_func ("/recording/eeglab/events", test_events);
  g_test_add_func ("/recording/eeglab/cuts", test_cuts);
  g_test_add_func ("/recording/eeglab/epochs", test_epochs);
  g_test_add_func ("/recording/eeglab/start", test_start);
  g_test_add_func ("/recording/eeglab/components", test_components);
  g_test_add_func ("/recording/eeglab/external", test_external);
  g_test_add_func ("/recording/eeglab/external-size", test_external_size);
  g_test_add_func ("/recording/eeglab/odd", test_odd);
  g_test_add_func ("/recording/eeglab/no-recording", test_no_recording);
  g_test_add_func ("/recording/eeglab/damaged", test_damaged);
  g_test_add_func ("/recording/eeglab/packed", test_packed);
  g_test_add_func ("/recording/eeglab/samples-file", test_samples_file);
  g_test_add_func ("/recording/eeglab/mne", test_mne);
  status = g_test_run ();
  remove_file ("x.set");
  g_rmdir (folder);
  g_free (folder);
  return status;
}
