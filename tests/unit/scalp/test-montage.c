/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "scalp/montage.h"

#include "core/error.h"
#include "core/parallel.h"
#include "recording/edited-recording.h"
#include "recording/memory-recording.h"

#include <math.h>
#include <string.h>

enum { N = 1000 };

/* Channel c holds 10 c + sin (t (c + 1)): every channel is its own. */
static double
value_at (guint  channel,
          gint64 t)
{
  return 10.0 * channel + sin (t * (channel + 1.0));
}

static InionRecording *
make_recording (const char *const *labels)
{
  InionMemoryRecording *recording = inion_memory_recording_new (250, NULL);

  for (guint c = 0; labels[c] != NULL; c++)
    {
      double samples[N];

      for (gint64 t = 0; t < N; t++)
        samples[t] = value_at (c, t);
      inion_memory_recording_add_channel (recording, labels[c], "µV", samples, N);
    }
  return INION_RECORDING (recording);
}

static const char *const clinical[] = {
  "EEG Fp1-Ref", "EEG Fp2-Ref", "EEG F3-Ref", "EEG F4-Ref", "EEG C3-Ref", "EEG C4-Ref",
  "EEG P3-Ref",  "EEG P4-Ref",  "EEG O1-Ref", "EEG O2-Ref", "EEG F7-Ref", "EEG F8-Ref",
  "EEG T3-Ref",  "EEG T4-Ref",  "EEG T5-Ref", "EEG T6-Ref", "EEG Fz-Ref", "EEG Cz-Ref",
  "EEG Pz-Ref",  "EEG A1-Ref",  "EEG A2-Ref", "ECG",        NULL,
};

/* The labels of the PhysioNet motor imagery recordings. */
static const char *const physionet[] = {
  "Fc5.", "Fc3.", "Fc1.", "Fcz.", "Fc2.", "Fc4.", "Fc6.", "C5..", "C3..", "C1..", "Cz..",
  "C2..", "C4..", "C6..", "Cp5.", "Cp3.", "Cp1.", "Cpz.", "Cp2.", "Cp4.", "Cp6.", "Fp1.",
  "Fpz.", "Fp2.", "Af7.", "Af3.", "Afz.", "Af4.", "Af8.", "F7..", "F5..", "F3..", "F1..",
  "Fz..", "F2..", "F4..", "F6..", "F8..", "Ft7.", "Ft8.", "T7..", "T8..", "T9..", "T10.",
  "Tp7.", "Tp8.", "P7..", "P5..", "P3..", "P1..", "Pz..", "P2..", "P4..", "P6..", "P8..",
  "Po7.", "Po3.", "Poz.", "Po4.", "Po8.", "O1..", "Oz..", "O2..", "Iz..", NULL,
};

static InionMontage *
make_montage (const char        *id,
              InionRecording    *recording,
              const char *const *bad)
{
  g_autoptr (GError) error = NULL;
  InionMontage *montage = inion_montage_new (id, recording, bad, &error);

  g_assert_no_error (error);
  return montage;
}

/* The EEG derivations as one text, with a bar where the group changes. */
static char *
list_derivations (InionMontage *montage)
{
  GString *text = g_string_new (NULL);
  guint group = 0;

  for (guint i = 0; i < inion_montage_get_n_derivations (montage); i++)
    {
      const InionDerivation *d = inion_montage_get_derivation (montage, i);

      if (d->kind != INION_CHANNEL_EEG)
        continue;
      if (text->len > 0)
        g_string_append (text, d->group != group ? " | " : " ");
      g_string_append (text, d->label);
      group = d->group;
    }
  return g_string_free (text, FALSE);
}

static void
test_ids (void)
{
  static const char *const expected[] = {
    "as-recorded", "average", "average-2", "linked-ears", "same-ear", "other-ear", "temporal", "cz",
    "longitudinal", "longitudinal-2", "longitudinal-3", "transverse", "transverse-2",
    "circumferential", "temporal-ring", "tcp", "neonatal", "laplacian", "csd", "shafts",
    "shaft-average", NULL };
  g_autoptr (InionRecording) recording = make_recording (clinical);
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_strv_equal (inion_montage_get_ids (), expected));
  g_assert_cmpstr (inion_montage_get_title_for ("longitudinal"), ==, "Longitudinal bipolar");
  g_assert_null (inion_montage_get_title_for ("nonsense"));
  for (guint i = 0; expected[i] != NULL; i++)
    {
      g_autoptr (InionMontage) montage = NULL, again = NULL;
      g_autofree char *key = NULL, *same = NULL;

      if (inion_montage_get_family_for (expected[i]) == INION_MONTAGE_DEPTH ||
          g_str_equal (expected[i], "temporal"))
        {
          g_assert_false (inion_montage_is_possible (expected[i], recording, NULL));
          continue;
        }
      montage = make_montage (expected[i], recording, NULL);
      again = make_montage (expected[i], recording, NULL);
      key = inion_montage_dup_key (montage);
      same = inion_montage_dup_key (again);
      g_assert_cmpstr (key, ==, same);
      g_assert_true (g_hash_table_add (keys, g_steal_pointer (&key)));
      g_assert_true (inion_montage_is_possible (expected[i], recording, NULL));
      g_assert_cmpstr (inion_montage_get_title (montage), ==,
                       inion_montage_get_title_for (expected[i]));
      g_assert_true (inion_montage_get_recording (montage) == recording);
    }
  {
    g_autoptr (GPtrArray) edits =
      g_ptr_array_new_with_free_func ((GDestroyNotify) inion_channel_edit_free);
    InionChannelEdit *edit = inion_channel_edit_new (0);
    g_autoptr (InionRecording) edited = NULL;
    g_autoptr (InionMontage) other = NULL;

    /* A trigger is shown as it is: its name, its samples, and no filter. */
    edit->has_kind = TRUE;
    edit->kind = INION_CHANNEL_TRIGGER;
    g_ptr_array_add (edits, edit);
    edited = inion_edited_recording_new (recording, edits);
    other = make_montage ("as-recorded", edited, NULL);
    g_assert_true (g_hash_table_add (keys, inion_montage_dup_key (other)));
  }
  g_assert_null (inion_montage_new ("nonsense", recording, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (inion_montage_new (NULL, recording, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NOT_FOUND);
}

static void
test_as_recorded (void)
{
  g_autoptr (InionRecording) recording = make_recording (clinical);
  g_autoptr (InionMontage) montage = make_montage ("as-recorded", recording, NULL);
  double out[N];
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (inion_montage_get_n_derivations (montage), ==, 22);
  for (guint i = 0; i < 22; i++)
    {
      const InionDerivation *d = inion_montage_get_derivation (montage, i);

      g_assert_cmpstr (d->label, ==,
                       inion_channel_get_label (inion_recording_get_channel (recording, i)));
      g_assert_cmpuint (d->group, ==, i == 21);
      g_assert_true (inion_montage_read (montage, i, 0, N, out, &error));
      g_assert_cmpfloat_with_epsilon (out[999], value_at (i, 999), 1e-9);
    }
  g_assert_true (inion_montage_read (montage, 0, N, 0, out, &error));
  g_assert_no_error (error);
  g_assert_false (inion_montage_read (montage, 0, N - 1, 2, out, &error));
  g_assert_nonnull (error);
}

static void
test_average (void)
{
  static const char *const bad[] = { "T8", "EEG O1-Ref", "nobody", NULL };
  g_autoptr (InionRecording) recording = make_recording (clinical);
  g_autoptr (InionMontage) montage = make_montage ("average", recording, bad);
  g_autoptr (InionMontage) all = make_montage ("average", recording, NULL);
  g_autofree char *note = inion_montage_dup_note (montage);
  g_autofree char *note_all = inion_montage_dup_note (all);
  g_autofree char *key = inion_montage_dup_key (montage);
  g_autofree char *key_all = inion_montage_dup_key (all);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (note, ==, "average of 17 channels, without O1 (bad), T4 (bad), A1, A2");
  g_assert_cmpstr (note_all, ==, "average of 19 channels, without A1, A2");
  g_assert_cmpstr (key, !=, key_all);
  g_assert_cmpuint (inion_montage_get_n_derivations (montage), ==, 22);
  for (guint i = 0; i < 21; i++)
    {
      const InionDerivation *d = inion_montage_get_derivation (montage, i);
      double out[100], sum = 0;

      /* A sum over the public weights is what is read. */
      for (guint t = 0; t < d->n_terms; t++)
        sum += d->weights[t];
      g_assert_cmpfloat_with_epsilon (sum, 0, 1e-12);
      g_assert_true (inion_montage_read (montage, i, 5, 100, out, &error));
      g_assert_no_error (error);
      for (guint k = 0; k < 100; k++)
        {
          double mean = 0, weighted = 0;

          for (guint c = 0; c < 19; c++)
            mean += c == 8 || c == 13 ? 0 : value_at (c, 5 + k) / 17;
          for (guint t = 0; t < d->n_terms; t++)
            weighted += d->weights[t] * value_at (d->channels[t], 5 + k);
          g_assert_cmpfloat_with_epsilon (out[k], value_at (i, 5 + k) - mean, 1e-9);
          g_assert_cmpfloat_with_epsilon (out[k], weighted, 1e-9);
        }
    }
  g_assert_cmpint (inion_montage_find (montage, "T4-Avg"), ==, 13);
  g_assert_cmpint (inion_montage_find (montage, "t8-avg"), ==, 13);
  g_assert_cmpint (inion_montage_find (montage, "ecg"), ==, 21);
  g_assert_cmpint (inion_montage_find (montage, "T4-T6"), ==, -1);
  g_assert_cmpint (inion_montage_find (montage, NULL), ==, -1);
}

static void
test_linked_ears (void)
{
  static const char *const one_bad[] = { "A2", NULL };
  static const char *const both_bad[] = { "A1", "A2", NULL };
  static const char *const mastoids[] = { "C3", "C4", "M1", "M2", NULL };
  static const char *const against_a1[] = { "C3-A1", "C4-A1", "Cz-A1", "A2-A1", NULL };
  static const char *const linked[] = { "EEG C3-LE", "EEG C4-LE", "EEG Cz-LE", NULL };
  static const char *const one_ear[] = { "C3", "C4", "A1", NULL };
  g_autoptr (InionRecording) recording = make_recording (clinical);
  g_autoptr (InionRecording) r_mastoids = make_recording (mastoids);
  g_autoptr (InionRecording) r_a1 = make_recording (against_a1);
  g_autoptr (InionRecording) r_linked = make_recording (linked);
  g_autoptr (InionRecording) r_one = make_recording (one_ear);
  g_autoptr (InionMontage) montage = make_montage ("linked-ears", recording, NULL);
  g_autoptr (InionMontage) one = make_montage ("linked-ears", recording, one_bad);
  g_autoptr (InionMontage) m_mastoids = make_montage ("linked-ears", r_mastoids, NULL);
  g_autoptr (InionMontage) m_a1 = make_montage ("linked-ears", r_a1, NULL);
  g_autoptr (InionMontage) m_linked = make_montage ("linked-ears", r_linked, NULL);
  g_autofree char *note = inion_montage_dup_note (one);
  g_autofree char *note_mastoids = inion_montage_dup_note (m_mastoids);
  g_autofree char *why_not = NULL;
  g_autoptr (GError) error = NULL;
  double out[10];

  g_assert_cmpuint (inion_montage_get_n_derivations (montage), ==, 20);
  g_assert_cmpstr (inion_montage_get_derivation (montage, 0)->label, ==, "Fp1-LE");
  g_assert_true (inion_montage_read (montage, 3, 0, 10, out, &error));
  g_assert_cmpfloat_with_epsilon (out[7],
                                  value_at (3, 7) - (value_at (19, 7) + value_at (20, 7)) / 2,
                                  1e-9);
  g_assert_cmpstr (note, ==, "A1 alone, because A2 is marked bad");
  g_assert_true (inion_montage_read (one, 3, 0, 10, out, &error));
  g_assert_cmpfloat_with_epsilon (out[7], value_at (3, 7) - value_at (19, 7), 1e-9);
  g_assert_cmpstr (note_mastoids, ==, "mean of M1 and M2");
  /* Recorded against A1: V − (A1 + A2)/2 = (V − A1) − (A2 − A1)/2. */
  g_assert_cmpuint (inion_montage_get_n_derivations (m_a1), ==, 3);
  g_assert_true (inion_montage_read (m_a1, 1, 0, 10, out, &error));
  g_assert_cmpfloat_with_epsilon (out[7], value_at (1, 7) - value_at (3, 7) / 2, 1e-9);
  g_assert_true (inion_montage_read (m_linked, 1, 0, 10, out, &error));
  g_assert_cmpfloat_with_epsilon (out[7], value_at (1, 7), 1e-9);
  g_assert_no_error (error);

  g_assert_null (inion_montage_new ("linked-ears", recording, both_bad, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_assert_false (inion_montage_is_possible ("linked-ears", r_one, &why_not));
  g_assert_nonnull (strstr (why_not, "A1 and A2"));
}

static void
test_cz (void)
{
  static const char *const against_cz[] = { "Fz-Cz", "Pz-Cz", "C3-Cz", "C4-Cz", NULL };
  static const char *const bad[] = { "Cz", NULL };
  g_autoptr (InionRecording) recording = make_recording (clinical);
  g_autoptr (InionRecording) vertex = make_recording (against_cz);
  g_autoptr (InionMontage) montage = make_montage ("cz", recording, bad);
  g_autoptr (InionMontage) same = make_montage ("cz", vertex, NULL);
  g_autofree char *note = inion_montage_dup_note (montage);
  g_autoptr (GError) error = NULL;
  double out[10];

  g_assert_cmpuint (inion_montage_get_n_derivations (montage), ==, 21);
  g_assert_cmpint (inion_montage_find (montage, "Cz-Cz"), ==, -1);
  g_assert_cmpstr (note, ==, "Cz is marked bad");
  g_assert_true (inion_montage_read (montage, inion_montage_find (montage, "P8-Cz"), 0, 10, out,
                                     &error));
  g_assert_cmpfloat_with_epsilon (out[3], value_at (15, 3) - value_at (17, 3), 1e-9);
  /* All channels against Cz: that is a reference, not a bipolar recording. */
  g_assert_cmpuint (inion_montage_get_n_derivations (same), ==, 4);
  g_assert_true (inion_montage_read (same, 1, 0, 10, out, &error));
  g_assert_cmpfloat_with_epsilon (out[3], value_at (1, 3), 1e-9);
  g_assert_no_error (error);
}

static void
test_ten_ten (void)
{
  static const char *const bad[] = { "T9", NULL };
  g_autoptr (InionRecording) recording = make_recording (physionet);
  g_autoptr (InionMontage) banana = make_montage ("longitudinal", recording, NULL);
  g_autoptr (InionMontage) transverse = make_montage ("transverse", recording, NULL);
  g_autoptr (InionMontage) average = make_montage ("average", recording, bad);
  g_autofree char *text = list_derivations (banana);
  g_autofree char *text_transverse = list_derivations (transverse);
  g_autofree char *note = inion_montage_dup_note (average);

  g_assert_cmpstr (text, ==,
                   "Fp1-F7 F7-T7 T7-P7 P7-O1 | Fp1-F3 F3-C3 C3-P3 P3-O1 | Fz-Cz Cz-Pz | "
                   "Fp2-F4 F4-C4 C4-P4 P4-O2 | Fp2-F8 F8-T8 T8-P8 P8-O2");
  g_assert_cmpstr (text_transverse, ==,
                   "F7-Fp1 Fp1-Fp2 Fp2-F8 | F7-F3 F3-Fz Fz-F4 F4-F8 | T7-C3 C3-Cz Cz-C4 C4-T8 | "
                   "P7-P3 P3-Pz Pz-P4 P4-P8 | P7-O1 O1-O2 O2-P8");
  g_assert_cmpuint (inion_montage_get_n_derivations (average), ==, 64);
  g_assert_cmpstr (note, ==, "average of 63 channels, without T9 (bad)");
  g_assert_cmpstr (inion_montage_get_derivation (average, 0)->label, ==, "FC5-Avg");
  g_assert_cmpint (inion_montage_find (banana, "T3-T5"), ==, 2);
  g_assert_false (inion_montage_is_possible ("linked-ears", recording, NULL));
}

static void
test_missing (void)
{
  static const char *const few[] = { "Fp1", "F3", "C3", "P3", "O1", "Fp2", "F4",
                                     "C4",  "P4", "O2", "Fz", "Pz", "T4",  NULL };
  static const char *const bad[] = { "C4", NULL };
  static const char *const motor[] = { "C3", "Cz", "C4", NULL };
  g_autoptr (InionRecording) recording = make_recording (few);
  g_autoptr (InionRecording) three = make_recording (motor);
  g_autofree char *why_not = NULL, *text = NULL, *note = NULL;
  g_autoptr (InionMontage) with_cz = NULL;
  GPtrArray *labels = g_ptr_array_new ();

  /* 8 of 18 can be made: refused. */
  g_assert_false (inion_montage_is_possible ("longitudinal", recording, &why_not));
  /* What is missing first: a menu may have room for little more. */
  g_assert_cmpstr (why_not, ==, "The recording lacks F7, T3, T5, Cz, F8, T6: 8 of 18 derivations can "
                                "be made.");
  g_clear_pointer (&why_not, g_free);
  /* With Cz there are 10. */
  for (guint i = 0; few[i] != NULL; i++)
    g_ptr_array_add (labels, (char *) few[i]);
  g_ptr_array_add (labels, "Cz");
  g_ptr_array_add (labels, NULL);
  g_clear_object (&recording);
  recording = make_recording ((const char *const *) labels->pdata);
  g_ptr_array_unref (labels);
  with_cz = make_montage ("longitudinal", recording, bad);
  text = list_derivations (with_cz);
  note = inion_montage_dup_note (with_cz);
  g_assert_cmpstr (text, ==, "Fp1-F3 F3-C3 C3-P3 P3-O1 | Fz-Cz Cz-Pz | Fp2-F4 F4-C4 C4-P4 P4-O2");
  g_assert_cmpuint (inion_montage_get_derivation (with_cz, 0)->group, ==, 0);
  g_assert_cmpstr (note, ==,
                   "without Fp1-F7, F7-T3, T3-T5, T5-O1, Fp2-F8, F8-T4, T4-T6, T6-O2 (no F7, T3, T5, "
                   "F8, T6); C4 is marked bad");
  /* Three electrodes over the motor cortex allow an average and Cz, and no banana. */
  g_assert_false (inion_montage_is_possible ("transverse", three, &why_not));
  g_assert_true (inion_montage_is_possible ("average", three, NULL));
  g_assert_true (inion_montage_is_possible ("cz", three, NULL));
}

static void
test_bipolar (void)
{
  static const char *const banana[] = { "FP1-F7", "F7-T7",   "T7-P7",   "P7-O1", "FP1-F3", "F3-C3",
                                        "T8-P8-0", "T8-P8-1", "FZ-CZ", "ECG",   NULL };
  g_autoptr (InionRecording) recording = make_recording (banana);
  g_autoptr (InionMontage) montage = make_montage ("as-recorded", recording, NULL);

  g_assert_cmpuint (inion_montage_get_n_derivations (montage), ==, 10);
  for (guint i = 1; inion_montage_get_ids ()[i] != NULL; i++)
    {
      const char *id = inion_montage_get_ids ()[i];
      g_autofree char *why_not = NULL;

      /* Half of the circle was recorded: see the tests of the tables. */
      if (g_str_equal (id, "circumferential"))
        continue;
      g_assert_false (inion_montage_is_possible (id, recording, &why_not));
      if (inion_montage_get_family_for (id) == INION_MONTAGE_DEPTH)
        continue;
      g_assert_nonnull (strstr (why_not, "bipolar"));
      g_assert_nonnull (strstr (why_not, "FP1-F7"));
    }
}

static void
test_mixed (void)
{
  static const char *const sleep[] = { "F3-M2", "C3-M2", "O1-M2", "F4-M1", "C4-M1", "O2-M1", NULL };
  static const char *const stray[] = { "C3", "C4", "Cz", "F3", "P3-A1", "EOG LOC-A2", "X7", NULL };
  static const char *const no_eeg[] = { "ECG", "EMG chin", NULL };
  static const char *const net[] = { "EEG E1", "EEG E2", "EEG E3", "EEG Cz", "EEG E4", NULL };
  static const char *const none[] = { NULL };
  g_autoptr (InionRecording) r_sleep = make_recording (sleep);
  g_autoptr (InionRecording) r_stray = make_recording (stray);
  g_autoptr (InionRecording) r_no_eeg = make_recording (no_eeg);
  g_autoptr (InionRecording) r_net = make_recording (net);
  g_autoptr (InionRecording) r_none = make_recording (none);
  g_autoptr (InionMontage) m_stray = make_montage ("average", r_stray, NULL);
  g_autoptr (InionMontage) m_net = make_montage ("average", r_net, NULL);
  g_autoptr (InionMontage) m_none = make_montage ("as-recorded", r_none, NULL);
  g_autofree char *why_not = NULL, *note = inion_montage_dup_note (m_stray);
  g_autofree char *note_net = inion_montage_dup_note (m_net);

  g_assert_false (inion_montage_is_possible ("average", r_sleep, &why_not));
  g_assert_nonnull (strstr (why_not, "3 of the 6"));
  g_clear_pointer (&why_not, g_free);
  g_assert_cmpstr (note, ==,
                   "average of 4 channels; unchanged, because of another reference, rate or unit: P3-A1");
  g_assert_cmpuint (inion_montage_get_n_derivations (m_stray), ==, 7);
  g_assert_cmpuint (inion_montage_get_derivation (m_stray, 4)->n_terms, ==, 1);
  g_assert_cmpint (inion_montage_find (m_stray, "X7"), ==, 6);
  g_assert_cmpstr (note_net, ==, "average of 5 channels");
  g_assert_false (inion_montage_is_possible ("average", r_no_eeg, &why_not));
  g_assert_cmpstr (why_not, ==, "The recording has no EEG channels.");
  g_assert_cmpuint (inion_montage_get_n_derivations (m_none), ==, 0);
}

/* A cap with names of its own: its A1 is no ear, its C3 no site. */
static void
test_foreign_names (void)
{
  static const char *const biosemi[] = { "A1", "A2", "A3", "A4", "B1", "B2", "B3", "C1",
                                         "C3", "D1", "D2", "D3", "Cz", "ECG", NULL };
  g_autoptr (InionRecording) recording = make_recording (biosemi);
  g_autoptr (InionRecording) normal = make_recording (clinical);
  g_autoptr (InionMontage) montage = make_montage ("average", recording, NULL);
  g_autofree char *note = inion_montage_dup_note (montage);
  InionPosition positions[22], cz;
  gboolean known[22];

  g_assert_cmpstr (note, ==, "average of 13 channels");
  g_assert_false (inion_montage_is_possible ("linked-ears", recording, NULL));
  g_assert_true (inion_montage_is_possible ("cz", recording, NULL));
  g_assert_cmpuint (inion_montage_locate_channels (recording, positions, known), ==, 1);
  g_assert_true (known[12]);
  g_assert_true (inion_electrode_get_position ("Cz", &cz));
  g_assert_cmpfloat (positions[12].z, ==, cz.z);
  g_assert_cmpuint (inion_montage_locate_channels (normal, positions, known), ==, 21);
  g_assert_false (known[21]);
  g_assert_true (inion_electrode_get_position ("T7", &cz));
  g_assert_cmpfloat (positions[12].x, ==, cz.x);
}

typedef struct
{
  InionMontage *montage;
  double *out; /* [64][N] */
} Reading;

static gboolean
read_one (gsize      index,
          gpointer   data,
          GError   **error)
{
  Reading *reading = data;

  return inion_montage_read (reading->montage, index % 64, index % 64 < 32 ? 0 : 1, N - 1,
                             reading->out + index * N, error);
}

/* The shared mean, asked for by several threads in two ranges, is the same bytes each time. */
static void
test_threads (void)
{
  g_autoptr (InionRecording) recording = make_recording (physionet);
  g_autoptr (InionMontage) montage = make_montage ("average", recording, NULL);
  g_autofree double *one = g_new0 (double, 256 * N);
  g_autofree double *many = g_new0 (double, 256 * N);
  g_autoptr (GError) error = NULL;
  Reading reading = { montage, one };

  inion_parallel_set_n_threads (1);
  g_assert_true (inion_parallel_for (256, read_one, &reading, NULL, &error));
  reading.montage = make_montage ("average", recording, NULL);
  reading.out = many;
  inion_parallel_set_n_threads (4);
  g_assert_true (inion_parallel_for (256, read_one, &reading, NULL, &error));
  inion_parallel_set_n_threads (0);
  g_assert_no_error (error);
  g_assert_cmpmem (one, 256 * N * sizeof *one, many, 256 * N * sizeof *many);
  g_assert_cmpfloat (one[64 * N], ==, one[0]);
  g_object_unref (reading.montage);
}

/* Ranges longer than what is kept, and more ranges than are kept. */
static void
test_long_ranges (void)
{
  enum { LONG = 600000 };
  InionMemoryRecording *memory = inion_memory_recording_new (500, NULL);
  g_autoptr (InionRecording) recording = INION_RECORDING (memory);
  g_autoptr (InionMontage) montage = NULL;
  g_autofree double *samples = g_new (double, LONG);
  g_autofree double *out = g_new (double, LONG);
  g_autoptr (GError) error = NULL;
  static const char *const labels[] = { "C3", "Cz", "C4", "Pz" };

  for (guint c = 0; c < 4; c++)
    {
      for (gint64 t = 0; t < LONG; t++)
        samples[t] = (c + 1.0) * (t % 1000);
      inion_memory_recording_add_channel (memory, labels[c], "µV", samples, LONG);
    }
  montage = make_montage ("average", recording, NULL);
  g_assert_true (inion_montage_read (montage, 3, 0, LONG, out, &error));
  for (gint64 t = 0; t < LONG; t += 997)
    g_assert_cmpfloat_with_epsilon (out[t], 1.5 * (t % 1000), 1e-8);
  for (guint k = 0; k < 30; k++)
    {
      g_assert_true (inion_montage_read (montage, 0, 100 * k, 50, out, &error));
      g_assert_cmpfloat_with_epsilon (out[9], -1.5 * ((100 * k + 9) % 1000), 1e-8);
    }
  g_assert_false (inion_montage_read (montage, 0, LONG - 5, 10, out, &error));
  g_assert_nonnull (error);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scalp/montage/ids", test_ids);
  g_test_add_func ("/scalp/montage/as-recorded", test_as_recorded);
  g_test_add_func ("/scalp/montage/average", test_average);
  g_test_add_func ("/scalp/montage/linked-ears", test_linked_ears);
  g_test_add_func ("/scalp/montage/cz", test_cz);
  g_test_add_func ("/scalp/montage/ten-ten", test_ten_ten);
  g_test_add_func ("/scalp/montage/missing", test_missing);
  g_test_add_func ("/scalp/montage/bipolar", test_bipolar);
  g_test_add_func ("/scalp/montage/mixed", test_mixed);
  g_test_add_func ("/scalp/montage/foreign-names", test_foreign_names);
  g_test_add_func ("/scalp/montage/threads", test_threads);
  g_test_add_func ("/scalp/montage/long-ranges", test_long_ranges);
  return g_test_run ();
}
