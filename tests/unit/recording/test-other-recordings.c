/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings that stand on another one, edited and redacted: with gaps, channels of several rates,
 * and stretches that are no whole number of samples of all of them. */

#include "core/error.h"
#include "recording/edited-recording.h"
#include "recording/redacted-recording.h"

#include "export-tools.h"

static const char *const tals[] = {
  "+0||~+0.5^1.25|first|~", "+1||~", "+5.5||~+5.75|second|~", "+6.5||~", "+100.25||~", NULL,
};

static InionRecording *
make_source (void)
{
  const BuilderSignal signals[] = {
    { .label = "EEG Fp1", .samples = 256, .physical_min = "-187.5", .physical_max = "200.25",
      .digital_min = "-2048", .digital_max = "2047" },
    { .label = "SaO2", .unit = "%", .samples = 4, .physical_min = "0", .physical_max = "100" },
    { .label = "slow", .unit = "mV", .samples = 1, .physical_min = "-1", .physical_max = "1" },
    { .label = "EDF Annotations", .samples = 60 },
  };
  const BuilderFile file = { .signals = signals, .n = 4, .records = 5, .tals = tals,
                             .reserved = "EDF+D", .patient = "MCH-0234567 F 02-MAY-1951 Haagse_Harry" };

  return builder_open_good (&file);
}

/* Time, stretches and runs of both are the same, and so are values (times a factor), also across
 * the gaps, where there are none. */
static void
check_same_shape (InionRecording *a,
                  InionRecording *b,
                  const double   *factors)
{
  g_assert_cmpint (inion_recording_get_duration_ns (a), ==, inion_recording_get_duration_ns (b));
  g_assert_cmpuint (inion_recording_get_n_segments (a), ==, 3);
  g_assert_cmpuint (inion_recording_get_n_segments (b), ==, 3);
  for (guint s = 0; s < 3; s++)
    {
      gint64 from_a, to_a, from_b, to_b;

      inion_recording_get_segment (a, s, &from_a, &to_a);
      inion_recording_get_segment (b, s, &from_b, &to_b);
      g_assert_cmpint (from_a, ==, from_b);
      g_assert_cmpint (to_a, ==, to_b);
    }
  for (guint c = 0; c < inion_recording_get_n_channels (a); c++)
    {
      gint64 n = inion_channel_get_n_samples (inion_recording_get_channel (a, c));
      g_autofree double *x = g_new (double, n);
      g_autofree double *y = g_new (double, n);
      g_autofree float *z = g_new (float, n);
      gint64 at = 0, first_a, n_a, first_b, n_b;
      guint n_runs = 0, n_missing = 0;

      g_assert_cmpint (inion_channel_get_n_samples (inion_recording_get_channel (b, c)), ==, n);
      while (inion_recording_find_run (a, c, at, &first_a, &n_a))
        {
          g_assert_true (inion_recording_find_run (b, c, at, &first_b, &n_b));
          g_assert_cmpint (first_a, ==, first_b);
          g_assert_cmpint (n_a, ==, n_b);
          at = first_a + n_a;
          n_runs++;
        }
      g_assert_false (inion_recording_find_run (b, c, at, &first_b, &n_b));
      g_assert_cmpuint (n_runs, ==, 3);
      g_assert_true (inion_recording_read (a, c, 0, (gsize) n, x, NULL));
      g_assert_true (inion_recording_read (b, c, 0, (gsize) n, y, NULL));
      g_assert_true (inion_recording_read_float (b, c, 0, (gsize) n, z, NULL));
      for (gint64 i = 0; i < n; i++)
        {
          g_assert_true (isnan (x[i]) == isnan (y[i]) && isnan (x[i]) == !!isnan (z[i]));
          n_missing += isnan (x[i]);
          if (!isnan (x[i]))
            g_assert_cmpfloat_with_epsilon (x[i] * factors[c], y[i], 1e-12 * fabs (y[i]));
        }
      g_assert_cmpuint (n_missing, >, 0);
    }
}

/* Another unit, name and kind: the rest is the file's, gaps and events among it. */
static void
test_edited (void)
{
  static const double factors[] = { 1e-3, 1, 1 };
  g_autoptr (InionRecording) source = make_source ();
  g_autoptr (GPtrArray) edits =
    g_ptr_array_new_with_free_func ((GDestroyNotify) inion_channel_edit_free);
  g_autoptr (InionRecording) edited = NULL;
  g_autofree char *wanted = tools_list_events (source);
  g_autofree char *found = NULL;
  InionChannelEdit *edit = inion_channel_edit_new (0);

  edit->unit = g_strdup ("mV");
  edit->label = g_strdup ("Vertex");
  g_ptr_array_add (edits, edit);
  edited = inion_edited_recording_new (source, edits);
  g_assert_cmpstr (inion_channel_get_label (inion_recording_get_channel (edited, 0)), ==, "Vertex");
  check_same_shape (source, edited, factors);
  tools_check_same_digital (source, edited);
  found = tools_list_events (edited);
  g_assert_cmpstr (wanted, ==, found);
  /* It outlives what it stands on. */
  g_clear_object (&source);
  source = make_source ();
  check_same_shape (source, edited, factors);
}

/* Only what is given passes, and all gaps. */
static void
test_redacted (void)
{
  static const double factors[] = { 1, 1, 1 };
  g_autoptr (InionRecording) source = make_source ();
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
  g_autoptr (InionRecording) redacted = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *found = NULL;
  InionChannelInfo infos[3];

  for (guint i = 0; i < 3; i++)
    {
      infos[i] = *builder_get_info (source, i);
      infos[i].raw_label = infos[i].label = i == 0 ? "A" : i == 1 ? "B" : "C";
      infos[i].gain = 77; /* the scale is the source's */
    }
  g_ptr_array_add (events, inion_event_new (5750000000, -1, "given", -1));
  redacted = inion_redacted_recording_new (source, infos, events, &error);
  g_assert_no_error (error);
  check_same_shape (source, redacted, factors);
  tools_check_same_digital (source, redacted);
  found = tools_list_events (redacted);
  g_assert_cmpstr (found, ==, "5750000000/-1/given;");
  g_assert_null (inion_recording_get_start (redacted));
  g_assert_null (inion_recording_get_path (redacted));
  g_assert_null (inion_recording_get_patient (redacted));
}

/* Written and opened again, both have their gaps. */
static void
test_written (void)
{
  static const double factors[] = { 1, 1, 1 };
  g_autoptr (InionRecording) source = make_source ();
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GPtrArray) edits =
    g_ptr_array_new_with_free_func ((GDestroyNotify) inion_channel_edit_free);
  InionChannelEdit *edit = inion_channel_edit_new (1);
  InionChannelInfo infos[3];
  g_autoptr (InionRecording) redacted = NULL;
  g_autoptr (InionRecording) edited = NULL;

  edit->label = g_strdup ("Oxygen");
  g_ptr_array_add (edits, edit);
  edited = inion_edited_recording_new (source, edits);
  for (guint i = 0; i < 3; i++)
    infos[i] = *builder_get_info (source, i);
  redacted = inion_redacted_recording_new (source, infos, none, NULL);
  for (guint i = 0; i < 2; i++)
    {
      char *folder = tools_make_folder ();
      g_autofree char *path = g_build_filename (folder, "x.edf", NULL);
      g_autoptr (InionExport) export = inion_export_new (i == 0 ? edited : redacted);
      g_autoptr (InionRecording) written = tools_write (export, path, NULL);

      g_assert_cmpstr (inion_recording_get_format (written), ==, "EDF+D");
      check_same_shape (source, written, factors);
      tools_remove_folder (folder);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/other-recordings/edited", test_edited);
  g_test_add_func ("/recording/other-recordings/redacted", test_redacted);
  g_test_add_func ("/recording/other-recordings/written", test_written);
  return g_test_run ();
}
