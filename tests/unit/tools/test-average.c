/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/tools/average.h"

#include "../gap-fixture.h"
#include "app/tools/tool-signal.h"

#include <math.h>

#define RATE 100.0

static const char *const labels[] = { "Cz", "Pz" };

static InionAnnotation *
mark (double       onset_s,
      double       duration_s,
      const char  *label,
      const char  *channel,
      InionOrigin  origin)
{
  const char *const channels[] = { channel, NULL };

  return inion_annotation_new (0, (gint64) (onset_s * 1e9), (gint64) (duration_s * 1e9), label,
                               channel != NULL ? channels : NULL, "ada", origin, NAN, NULL);
}

/* Two channels: the second is twice the first; a triangle after each event, on a drift. */
static InionRecording *
make_recording (void)
{
  const GapStretch stretches[] = { { 0, 1000 }, { 20, 1000 } };
  g_autofree double *x = g_new (double, 2 * 2000);

  for (guint i = 0; i < 2000; i++)
    {
      x[i] = i % 200 >= 100 && i % 200 < 120 ? 20 - fabs ((double) (i % 200) - 110) : 0;
      x[i] += i / 200 * 5;
      x[2000 + i] = 2 * x[i];
    }
  return gap_fixture_memory (RATE, labels, 2, x, stretches, 2);
}

static InionAverage *
run (GPtrArray                  *marks,
     const char *const          *conditions,
     const char *const          *reject,
     const InionAverageSettings *settings,
     GError                    **error)
{
  const InionDisplayFilter off = { 0 };
  g_autoptr (InionRecording) recording = make_recording ();
  g_autoptr (InionMontage) montage = inion_montage_new ("as-recorded", recording, NULL, NULL);
  g_autoptr (InionShownSignal) signal = inion_shown_signal_new (montage, &off);
  g_autoptr (GArray) eeg = inion_tool_find_eeg (montage, NULL);

  return inion_average_new (signal, eeg, marks, conditions, reject, settings, NULL, error);
}

static const InionAverageCondition *
get (InionAverage *average,
     guint         index)
{
  return g_ptr_array_index (average->conditions, index);
}

static void
test_conditions (void)
{
  const char *const conditions[] = { "a", "b", NULL };
  const char *const reject[] = { "muscle", NULL };
  g_autoptr (GPtrArray) marks = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (InionAverage) average = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *counts = NULL;
  InionAverageSettings settings;
  const InionEvoked *evoked;

  inion_average_settings_init (&settings);
  settings.to_s = 0.4;
  g_ptr_array_add (marks, mark (1, 0, "a", NULL, INION_ORIGIN_FILE));
  g_ptr_array_add (marks, mark (3, 0, "a", NULL, INION_ORIGIN_FILE));
  g_ptr_array_add (marks, mark (5, 0, "a", NULL, INION_ORIGIN_FILE));    /* muscle */
  g_ptr_array_add (marks, mark (7, 0, "a", NULL, INION_ORIGIN_FILE));    /* muscle elsewhere */
  g_ptr_array_add (marks, mark (9.9, 0, "a", NULL, INION_ORIGIN_FILE));  /* a gap */
  g_ptr_array_add (marks, mark (21, 0, "b", NULL, INION_ORIGIN_PERSON));
  g_ptr_array_add (marks, mark (23, 0, "b", NULL, INION_ORIGIN_MODEL));  /* nobody accepted it */
  g_ptr_array_add (marks, mark (29.9, 0, "a", NULL, INION_ORIGIN_FILE)); /* past the end */
  g_ptr_array_add (marks, mark (5.3, 0.1, "muscle", NULL, INION_ORIGIN_ACCEPTED));
  g_ptr_array_add (marks, mark (7.3, 0.1, "muscle", "Fp1", INION_ORIGIN_PERSON));
  g_ptr_array_add (marks, mark (1.0, 0.1, "muscle", NULL, INION_ORIGIN_MODEL));
  average = run (marks, conditions, reject, &settings, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (average->window.n, ==, 61);
  g_assert_cmpfloat_with_epsilon (inion_average_get_time_s (average, 0), -0.2, 1e-12);

  evoked = get (average, 0)->evoked;
  g_assert_cmpuint (evoked->counts[INION_EPOCH_USED], ==, 3);
  g_assert_cmpuint (evoked->counts[INION_EPOCH_ARTIFACT], ==, 1);
  g_assert_cmpuint (evoked->counts[INION_EPOCH_GAP], ==, 1);
  g_assert_cmpuint (evoked->counts[INION_EPOCH_OUTSIDE], ==, 1);
  counts = inion_average_condition_dup_counts (get (average, 0));
  g_assert_cmpstr (counts, ==, "3 epochs; left out: 1 touch an artifact, 1 hold a gap, "
                               "1 reach past an end");
  g_assert_cmpuint (get (average, 1)->evoked->counts[INION_EPOCH_USED], ==, 1);
  /* The triangle's top, 100 ms after the event. Of 21 samples of baseline the last has 10 µV. */
  for (guint c = 0; c < 2; c++)
    g_assert_cmpfloat_with_epsilon (evoked->mean[c * 61 + 30], (c + 1) * (20 - 10.0 / 21), 1e-9);
}

static void
test_settings (void)
{
  const char *const conditions[] = { "a", NULL };
  g_autoptr (GPtrArray) marks = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (InionAverage) average = NULL;
  g_autoptr (GError) error = NULL;
  InionAverageSettings settings;

  g_ptr_array_add (marks, mark (3, 0, "a", NULL, INION_ORIGIN_FILE));
  inion_average_settings_init (&settings);
  settings.to_s = 0.4;
  settings.baseline_to_s = NAN;
  average = run (marks, conditions, NULL, &settings, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (get (average, 0)->evoked->mean[30], ==, 25);
  g_clear_pointer (&average, inion_average_free);

  settings.most = 30;
  average = run (marks, conditions, NULL, &settings, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (get (average, 0)->evoked->counts[INION_EPOCH_AMPLITUDE], ==, 1);
  g_clear_pointer (&average, inion_average_free);

  settings.to_s = -0.5;
  g_assert_null (run (marks, conditions, NULL, &settings, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tools/average/conditions", test_conditions);
  g_test_add_func ("/tools/average/settings", test_settings);
  return g_test_run ();
}
