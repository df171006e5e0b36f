/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "marker/evoked.h"

#include "../signal/reference.h"
#include "recording/recording.h"

#define MOST_CHANNELS 3

/* Averages over the events of a recording, as MNE does. */
static void
assert_like_mne (InionRecording    *recording,
                 const char        *name,
                 const char        *event_text,
                 const char *const *labels)
{
  g_autoptr (GHashTable) all = reference_load ("tools.txt");
  g_autofree char *n_name = g_strconcat (name, "_n", NULL);
  g_autofree char *band_name = g_strconcat (name, "_band", NULL);
  const Reference *mean = reference_get (all, name);
  g_autoptr (InionEvoked) evoked = NULL;
  g_autofree double *epoch = NULL;
  g_autofree double *band = NULL;
  InionEpochWindow window;
  GPtrArray *events;
  InionChannel *clock;
  guint channels[MOST_CHANNELS];

  for (guint c = 0; c < MOST_CHANNELS; c++)
    {
      int index = inion_recording_find_channel (recording, labels[c]);

      g_assert_cmpint (index, >=, 0);
      channels[c] = (guint) index;
    }
  clock = inion_recording_get_channel (recording, channels[0]);
  g_assert_true (inion_epoch_window_init (&window, -0.2, 0.8, NAN, 0,
                                          inion_channel_get_rate_hz (clock), NULL));
  g_assert_cmpuint (window.n * MOST_CHANNELS, ==, mean->n);
  evoked = inion_evoked_new (MOST_CHANNELS, window.n, NULL);
  epoch = g_new (double, MOST_CHANNELS * window.n);
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  events = inion_recording_get_events (recording);
  for (guint e = 0; e < events->len; e++)
    {
      const InionEvent *event = g_ptr_array_index (events, e);
      gint64 first = inion_channel_ns_to_nearest_sample (clock, event->onset_ns) + window.first;

      if (!g_str_equal (event->text, event_text))
        continue;
      if (first < 0 || first + (gint64) window.n > inion_channel_get_n_samples (clock))
        {
          inion_evoked_leave_out (evoked, INION_EPOCH_OUTSIDE);
          continue;
        }
      for (guint c = 0; c < MOST_CHANNELS; c++)
        g_assert_true (inion_recording_read (recording, channels[c], first, window.n,
                                             epoch + c * window.n, NULL));
      g_assert_cmpint (inion_evoked_add (evoked, &window, epoch, 0), ==, INION_EPOCH_USED);
    }
  g_test_message ("%s: %u epochs", name, evoked->counts[INION_EPOCH_USED]);
  g_assert_cmpfloat (evoked->counts[INION_EPOCH_USED], ==, reference_get (all, n_name)->at[0]);
  assert_near (evoked->mean, mean, 1e-6);
  band = g_new (double, MOST_CHANNELS * window.n);
  inion_evoked_get_band (evoked, band);
  assert_near (band, reference_get (all, band_name), 1e-6);
}

static void
test_motor (void)
{
  const char *const labels[] = { "C3", "Cz", "C4" };
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording =
    inion_recording_open (SOURCE_DATADIR "/recordings/S007R04.edf", &error);

  g_assert_no_error (error);
  assert_like_mne (recording, "motor", "T1", labels);
}

static void
test_visual (void)
{
  const char *const labels[] = { "Fz", "Pz", "Oz" };
  const char *shared = g_getenv ("INION_SHARED");
  g_autofree char *path =
    g_build_filename (shared != NULL ? shared : "", "data", "erp", "eeglab_data.set", NULL);
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GError) error = NULL;

  if (shared == NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("INION_SHARED has no erp/eeglab_data.set");
      return;
    }
  recording = inion_recording_open (path, &error);
  g_assert_no_error (error);
  assert_like_mne (recording, "visual", "square", labels);
}

/* Two channels, three epochs of three samples; the baseline is the first. */
static void
test_by_hand (void)
{
  const InionEpochWindow window = { .first = -1, .n = 3, .baseline_n = 1 };
  double epochs[3][6] = { { 5, 6, 7, 100, 100, 104 }, { -1, 2, 1, 0, 2, 8 },
                          { 0, 2, 3, 50, 48, 50 } };
  const double mean[6] = { 0, 2, 7.0 / 3, 0, 0, 4 };
  const double sd[6] = { 0, 1, sqrt (1.0 / 3), 0, 2, 4 };
  g_autoptr (InionEvoked) evoked = inion_evoked_new (2, 3, NULL);
  double half[6], power[3];
  const guint rows[] = { 0, 1 };

  for (guint e = 0; e < 3; e++)
    {
      g_assert_cmpint (inion_evoked_add (evoked, &window, epochs[e], 0), ==, INION_EPOCH_USED);
      if (e > 0)
        continue;
      inion_evoked_get_band (evoked, half);
      g_assert_true (isnan (half[1]));
    }
  inion_evoked_get_band (evoked, half);
  for (guint i = 0; i < 6; i++)
    {
      g_assert_cmpfloat_with_epsilon (evoked->mean[i], mean[i], 1e-13);
      /* t(0.975, 2) = 4.302653 */
      g_assert_cmpfloat_with_epsilon (half[i], 4.3026527 * sd[i] / sqrt (3), 1e-6);
    }
  inion_evoked_get_field_power (evoked, rows, 2, power);
  g_assert_cmpfloat_with_epsilon (power[0], 0, 1e-13);
  g_assert_cmpfloat_with_epsilon (power[1], 1, 1e-13);
  g_assert_cmpfloat_with_epsilon (power[2], 5.0 / 6, 1e-13);
}

static void
test_left_out (void)
{
  const InionEpochWindow window = { .first = 0, .n = 2 };
  g_autoptr (InionEvoked) evoked = inion_evoked_new (2, 2, NULL);
  double gap[] = { 1, 2, 3, NAN }, large[] = { 0, 1, 50, -51 }, fine[] = { 0, 1, 50, -50 };

  g_assert_cmpint (inion_evoked_add (evoked, &window, gap, 100), ==, INION_EPOCH_GAP);
  g_assert_cmpint (inion_evoked_add (evoked, &window, large, 100), ==, INION_EPOCH_AMPLITUDE);
  g_assert_cmpint (inion_evoked_add (evoked, &window, fine, 100), ==, INION_EPOCH_USED);
  inion_evoked_leave_out (evoked, INION_EPOCH_ARTIFACT);
  inion_evoked_leave_out (evoked, INION_EPOCH_OUTSIDE);
  for (guint o = 0; o < INION_EPOCH_N_OUTCOMES; o++)
    g_assert_cmpuint (evoked->counts[o], ==, 1);
  g_assert_cmpfloat (evoked->mean[3], ==, -50);
  g_assert_cmpstr (inion_epoch_outcome_to_string (INION_EPOCH_ARTIFACT), ==, "artifact");
}

static void
test_window (void)
{
  InionEpochWindow window;
  g_autoptr (GError) error = NULL;

  g_assert_true (inion_epoch_window_init (&window, -0.2, 0.8, NAN, 0, 128, NULL));
  g_assert_cmpint (window.first, ==, -26);
  g_assert_cmpuint (window.n, ==, 26 + 102 + 1);
  g_assert_cmpuint (window.baseline_first, ==, 0);
  g_assert_cmpuint (window.baseline_n, ==, 27);
  g_assert_true (inion_epoch_window_init (&window, 0.1, 0.5, NAN, NAN, 100, NULL));
  g_assert_cmpuint (window.baseline_n, ==, 0);
  g_assert_false (inion_epoch_window_init (&window, 0.5, 0.1, NAN, NAN, 100, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (inion_epoch_window_init (&window, 0.1, 0.5, -0.1, 0, 100, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (inion_epoch_window_init (&window, NAN, 1e12, NAN, NAN, 100, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/marker/evoked/motor", test_motor);
  g_test_add_func ("/marker/evoked/visual", test_visual);
  g_test_add_func ("/marker/evoked/by-hand", test_by_hand);
  g_test_add_func ("/marker/evoked/left-out", test_left_out);
  g_test_add_func ("/marker/evoked/window", test_window);
  return g_test_run ();
}
