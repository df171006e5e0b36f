/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every table as it was typed from its source, and every number as it comes out by hand. */

#include "scalp/montage.h"

#include "core/error.h"
#include "recording/edited-recording.h"
#include "recording/memory-recording.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

enum { N = 40 };

static double
value_at (guint  channel,
          gint64 t)
{
  return 7.0 * channel * channel + cos (t * (channel + 0.5));
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

/* All 21 electrodes of the 10–20 system, T1 and T2, and what is no EEG. */
static const char *const clinical[] = {
  "EEG Fp1-Ref", "EEG Fp2-Ref", "EEG F3-Ref", "EEG F4-Ref", "EEG C3-Ref", "EEG C4-Ref",
  "EEG P3-Ref",  "EEG P4-Ref",  "EEG O1-Ref", "EEG O2-Ref", "EEG F7-Ref", "EEG F8-Ref",
  "EEG T3-Ref",  "EEG T4-Ref",  "EEG T5-Ref", "EEG T6-Ref", "EEG Fz-Ref", "EEG Cz-Ref",
  "EEG Pz-Ref",  "EEG A1-Ref",  "EEG A2-Ref", "EEG T1-Ref", "EEG T2-Ref", "ECG", NULL,
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

static guint
index_of (InionRecording *recording,
          const char     *electrode)
{
  g_autofree char *label = g_strdup_printf ("EEG %s-Ref", electrode);
  int channel = inion_recording_find_channel (recording, label);

  g_assert_cmpint (channel, >=, 0);
  return channel;
}

static void
assert_reads (InionMontage *montage,
              const char   *label,
              double        (*expected) (InionRecording *recording, gint64 t))
{
  int index = inion_montage_find (montage, label);
  double out[N];
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (index, >=, 0);
  g_assert_true (inion_montage_read (montage, index, 0, N, out, &error));
  g_assert_no_error (error);
  for (gint64 t = 0; t < N; t++)
    g_assert_cmpfloat_with_epsilon (out[t],
                                    expected (inion_montage_get_recording (montage), t), 1e-9);
}

static const char *const tables[][2] = {
  { "longitudinal",
    "Fp1-F7 F7-T3 T3-T5 T5-O1 | Fp1-F3 F3-C3 C3-P3 P3-O1 | Fz-Cz Cz-Pz | "
    "Fp2-F4 F4-C4 C4-P4 P4-O2 | Fp2-F8 F8-T4 T4-T6 T6-O2" },
  { "longitudinal-2",
    "Fz-Cz Cz-Pz | Fp1-F3 F3-C3 C3-P3 P3-O1 | Fp2-F4 F4-C4 C4-P4 P4-O2 | "
    "Fp1-F7 F7-T3 T3-T5 T5-O1 | Fp2-F8 F8-T4 T4-T6 T6-O2" },
  { "longitudinal-3",
    "Fp1-F7 F7-T3 T3-T5 T5-O1 | Fp2-F8 F8-T4 T4-T6 T6-O2 | Fp1-F3 F3-C3 C3-P3 P3-O1 | "
    "Fp2-F4 F4-C4 C4-P4 P4-O2 | Fz-Cz Cz-Pz" },
  { "transverse",
    "F7-Fp1 Fp1-Fp2 Fp2-F8 | F7-F3 F3-Fz Fz-F4 F4-F8 | T3-C3 C3-Cz Cz-C4 C4-T4 | "
    "T5-P3 P3-Pz Pz-P4 P4-T6 | T5-O1 O1-O2 O2-T6" },
  { "transverse-2",
    "Fp1-Fp2 | F7-F3 F3-Fz Fz-F4 F4-F8 | A1-T3 T3-C3 C3-Cz Cz-C4 C4-T4 T4-A2 | "
    "T5-P3 P3-Pz Pz-P4 P4-T6 | O1-O2 | Fz-Cz Cz-Pz" },
  { "circumferential",
    "Fp1-F7 F7-T3 T3-T5 T5-O1 O1-O2 O2-T6 T6-T4 T4-F8 F8-Fp2 Fp2-Fp1 | Fz-Cz Cz-Pz" },
  { "temporal-ring",
    "Cz-C4 C4-T4 T4-T2 T2-T1 T1-T3 T3-C3 C3-Cz | "
    "Fp1-F7 F7-T3 T3-T5 T5-O1 | Fp1-F3 F3-C3 C3-P3 P3-O1 | Fz-Cz Cz-Pz | "
    "Fp2-F4 F4-C4 C4-P4 P4-O2 | Fp2-F8 F8-T4 T4-T6 T6-O2" },
  { "tcp",
    "Fp1-F7 F7-T3 T3-T5 T5-O1 | Fp2-F8 F8-T4 T4-T6 T6-O2 | "
    "A1-T3 T3-C3 C3-Cz Cz-C4 C4-T4 T4-A2 | Fp1-F3 F3-C3 C3-P3 P3-O1 | "
    "Fp2-F4 F4-C4 C4-P4 P4-O2" },
  { "neonatal",
    "Fp1-T3 T3-O1 | Fp1-C3 C3-O1 | Fp2-C4 C4-O2 | Fp2-T4 T4-O2 | T3-C3 C3-Cz Cz-C4 C4-T4 | "
    "Fz-Cz Cz-Pz" },
};

/* The order on the page, and each number the difference that its name says. */
static void
test_bipolar_tables (void)
{
  g_autoptr (InionRecording) recording = make_recording (clinical);

  for (guint k = 0; k < G_N_ELEMENTS (tables); k++)
    {
      g_autoptr (InionMontage) montage = make_montage (tables[k][0], recording, NULL);
      g_autofree char *text = list_derivations (montage);
      g_autofree char *note = inion_montage_dup_note (montage);
      guint n = inion_montage_get_n_derivations (montage);

      g_assert_cmpstr (text, ==, tables[k][1]);
      g_assert_null (note);
      g_assert_cmpint (inion_montage_get_family_for (tables[k][0]), ==, INION_MONTAGE_BIPOLAR);
      for (guint i = 0; i + 1 < n; i++)
        {
          const InionDerivation *d = inion_montage_get_derivation (montage, i);
          g_auto (GStrv) names = g_strsplit (d->label, "-", 2);
          guint a = index_of (recording, names[0]), b = index_of (recording, names[1]);
          double out[N];
          g_autoptr (GError) error = NULL;

          g_assert_true (inion_montage_read (montage, i, 0, N, out, &error));
          g_assert_no_error (error);
          for (gint64 t = 0; t < N; t++)
            g_assert_cmpfloat_with_epsilon (out[t], value_at (a, t) - value_at (b, t), 1e-9);
        }
      g_assert_cmpstr (inion_montage_get_derivation (montage, n - 1)->label, ==, "ECG");
    }
}

/* The mastoids and FT9, FT10 stand in where they are what there is, under their own names. */
static void
test_stand_ins (void)
{
  static const char *const labels[] = { "Fp1", "Fp2", "F3", "F4", "C3", "C4", "P3", "P4", "O1",
                                        "O2",  "F7",  "F8", "T7", "T8", "P7", "P8", "Fz", "Cz",
                                        "Pz",  "M1",  "M2", "FT9", "FT10", NULL };
  g_autoptr (InionRecording) recording = make_recording (labels);
  g_autoptr (InionMontage) tcp = make_montage ("tcp", recording, NULL);
  g_autoptr (InionMontage) ring = make_montage ("temporal-ring", recording, NULL);
  g_autoptr (InionMontage) ear = make_montage ("same-ear", recording, NULL);
  g_autofree char *note = inion_montage_dup_note (ear);

  g_assert_cmpint (inion_montage_find (tcp, "M1-T7"), ==, 8);
  g_assert_cmpint (inion_montage_find (ring, "FT10-FT9"), ==, 3);
  g_assert_cmpint (inion_montage_find (ear, "C3-M1"), >=, 0);
  g_assert_cmpstr (note, ==, "with M1 and M2 in place of A1 and A2");
}

static double
c3_against_a1 (InionRecording *recording,
               gint64          t)
{
  return value_at (4, t) - value_at (19, t);
}

static double
c3_against_a2 (InionRecording *recording,
               gint64          t)
{
  return value_at (4, t) - value_at (20, t);
}

static double
cz_against_ears (InionRecording *recording,
                 gint64          t)
{
  return value_at (17, t) - (value_at (19, t) + value_at (20, t)) / 2;
}

static double
t4_against_t2 (InionRecording *recording,
               gint64          t)
{
  return value_at (13, t) - value_at (22, t);
}

static void
test_sides (void)
{
  static const char *const bad[] = { "A2", NULL };
  static const char *const one_ear[] = { "C3", "C4", "Cz", "A1", NULL };
  static const char *const none[] = { "C3", "C4", "Cz", NULL };
  static const char *const against_a1[] = { "C3-A1", "C4-A1", "Cz-A1", "A2-A1", NULL };
  g_autoptr (InionRecording) recording = make_recording (clinical);
  g_autoptr (InionRecording) r_one = make_recording (one_ear);
  g_autoptr (InionRecording) r_none = make_recording (none);
  g_autoptr (InionRecording) r_a1 = make_recording (against_a1);
  g_autoptr (InionMontage) same = make_montage ("same-ear", recording, NULL);
  g_autoptr (InionMontage) other = make_montage ("other-ear", recording, bad);
  g_autoptr (InionMontage) temporal = make_montage ("temporal", recording, NULL);
  g_autoptr (InionMontage) a1 = make_montage ("same-ear", r_a1, NULL);
  g_autofree char *text = list_derivations (same);
  g_autofree char *note = inion_montage_dup_note (other);
  g_autofree char *why_one = NULL, *why_none = NULL;
  double out[N];

  g_assert_cmpstr (text, ==,
                   "Fp1-A1 Fp2-A2 F3-A1 F4-A2 C3-A1 C4-A2 P3-A1 P4-A2 O1-A1 O2-A2 F7-A1 F8-A2 "
                   "T3-A1 T4-A2 T5-A1 T6-A2 Fz-(A1+A2)/2 Cz-(A1+A2)/2 Pz-(A1+A2)/2 T1-A1 T2-A2");
  assert_reads (same, "C3-A1", c3_against_a1);
  assert_reads (same, "Cz-(A1+A2)/2", cz_against_ears);
  assert_reads (other, "C3-A2", c3_against_a2);
  assert_reads (temporal, "T4-T2", t4_against_t2);
  g_assert_cmpint (inion_montage_find (other, "C4-A1"), >=, 0);
  g_assert_cmpstr (note, ==, "A2 is marked bad");
  /* Recorded against A1: the left side is as it was recorded. */
  g_assert_cmpuint (inion_montage_get_derivation (a1, 0)->n_terms, ==, 1);
  g_assert_true (inion_montage_read (a1, 1, 0, N, out, NULL));
  g_assert_cmpfloat_with_epsilon (out[5], value_at (1, 5) - value_at (3, 5), 1e-9);
  g_assert_true (inion_montage_read (a1, 2, 0, N, out, NULL));
  g_assert_cmpfloat_with_epsilon (out[5], value_at (2, 5) - value_at (3, 5) / 2, 1e-9);

  g_assert_false (inion_montage_is_possible ("same-ear", r_one, &why_one));
  g_assert_cmpstr (why_one, ==, "The recording has no A2 to refer to.");
  g_assert_false (inion_montage_is_possible ("other-ear", r_none, &why_none));
  g_assert_cmpstr (why_none, ==, "The recording has no A1 and no A2 to refer to.");
}

/* Without Fp1 and Fp2 the average keeps still when the eyes move; both stay on the page. */
static void
test_average_without_frontal (void)
{
  g_autoptr (InionRecording) recording = make_recording (clinical);
  g_autoptr (InionMontage) montage = make_montage ("average-2", recording, NULL);
  g_autofree char *note = inion_montage_dup_note (montage);
  g_autofree char *reference = inion_montage_dup_reference (montage);
  static const char *const central[] = { "C3", "Cz", "C4", NULL };
  g_autoptr (InionRecording) r_central = make_recording (central);
  double out[N];

  g_assert_false (inion_montage_is_possible ("average-2", r_central, NULL));

  g_assert_cmpstr (note, ==, "average of 19 channels, without Fp1, Fp2, A1, A2");
  g_assert_cmpstr (reference, ==, "F3, F4, C3, C4, P3, P4, O1, O2, F7, F8, T3, T4, T5, T6, Fz, Cz, "
                                  "Pz, T1, T2");
  g_assert_true (inion_montage_read (montage, 0, 0, N, out, NULL));
  for (gint64 t = 0; t < N; t++)
    {
      double mean = 0;

      for (guint c = 2; c < 23; c++)
        mean += c == 19 || c == 20 ? 0 : value_at (c, t) / 19;
      g_assert_cmpfloat_with_epsilon (out[t], value_at (0, t) - mean, 1e-9);
    }
}

/* The neighbours as they are drawn in the textbook. */
static void
test_laplacian (void)
{
  static const char *const around[] = {
    "Fp1 F3 F7 Fp2",   "Fp2 Fp1 F4 F8",   "F7 Fp1 F3 T3",    "F8 Fp2 F4 T4",
    "F3 Fp1 C3 F7 Fz", "F4 Fp2 C4 F8 Fz", "Fz F3 F4 Cz",     "T3 C3 F7 T5",
    "T4 C4 F8 T6",     "C3 F3 P3 T3 Cz",  "C4 F4 P4 T4 Cz",  "Cz C3 C4 Fz Pz",
    "T5 P3 T3 O1",     "T6 P4 T4 O2",     "P3 C3 T5 O1 Pz",  "P4 C4 T6 O2 Pz",
    "Pz P3 P4 Cz",     "O1 P3 T5 O2",     "O2 O1 P4 T6",
  };
  g_autoptr (InionRecording) recording = make_recording (clinical);
  g_autoptr (InionMontage) montage = make_montage ("laplacian", recording, NULL);
  g_autofree char *note = inion_montage_dup_note (montage);

  g_assert_null (note);
  g_assert_cmpuint (inion_montage_get_n_derivations (montage), ==, 20); /* and the ECG */
  for (guint i = 0; i < G_N_ELEMENTS (around); i++)
    {
      g_auto (GStrv) names = g_strsplit (around[i], " ", -1);
      g_autofree char *label = g_strconcat (names[0], "-Lap", NULL);
      int index = inion_montage_find (montage, label);
      guint n = g_strv_length (names) - 1;
      double out[N];

      g_assert_cmpint (index, >=, 0);
      g_assert_true (inion_montage_read (montage, index, 0, N, out, NULL));
      for (gint64 t = 0; t < N; t++)
        {
          double mean = 0;

          for (guint k = 1; k <= n; k++)
            mean += value_at (index_of (recording, names[k]), t) / n;
          g_assert_cmpfloat_with_epsilon (
            out[t], value_at (index_of (recording, names[0]), t) - mean, 1e-9);
        }
    }
}

/* A bad neighbour is no neighbour; a missing one neither; and both are told. */
static void
test_laplacian_edges (void)
{
  static const char *const bad[] = { "F7", NULL };
  static const char *const few[] = { "C3", "Cz", "C4", "F3", "O1", NULL };
  static const char *const two[] = { "O1", "Fp2", "T8", NULL };
  static const char *const against_cz[] = { "Fz-Cz", "Pz-Cz", "C3-Cz", "C4-Cz", "F3-Cz", NULL };
  g_autoptr (InionRecording) recording = make_recording (clinical);
  g_autoptr (InionRecording) r_few = make_recording (few);
  g_autoptr (InionRecording) r_two = make_recording (two);
  g_autoptr (InionRecording) r_cz = make_recording (against_cz);
  g_autoptr (InionMontage) montage = make_montage ("laplacian", recording, bad);
  g_autoptr (InionMontage) m_few = make_montage ("laplacian", r_few, NULL);
  g_autoptr (InionMontage) m_cz = make_montage ("laplacian", r_cz, NULL);
  g_autofree char *note = inion_montage_dup_note (montage);
  g_autofree char *note_few = inion_montage_dup_note (m_few);
  g_autofree char *why = NULL;
  double out[N];

  g_assert_cmpstr (note, ==, "fewer neighbours, because some are missing or bad: Fp1, F3, T3; F7 "
                             "is marked bad");
  g_assert_true (inion_montage_read (montage, 0, 0, N, out, NULL));
  g_assert_cmpfloat_with_epsilon (out[3], value_at (0, 3) - (value_at (2, 3) + value_at (1, 3)) / 2,
                                  1e-9);
  g_assert_cmpstr (note_few, ==, "fewer neighbours, because some are missing or bad: C3, Cz; "
                                 "without C4, F3, O1 (fewer than two neighbours)");
  g_assert_false (inion_montage_is_possible ("laplacian", r_two, &why));
  g_assert_nonnull (strstr (why, "none"));
  /* Against Cz: Cz is zero, and one of C3's three neighbours that are there. */
  g_assert_true (inion_montage_read (m_cz, inion_montage_find (m_cz, "C3-Lap"), 0, N, out, NULL));
  g_assert_cmpfloat_with_epsilon (out[3], value_at (2, 3) - value_at (4, 3) / 2, 1e-9);
}

static double
number_at (JsonObject *root,
           const char *name,
           guint       row,
           guint       column)
{
  return json_array_get_double_element (
    json_array_get_array_element (json_object_get_array_member (root, name), row), column);
}

/* A recording of the fixture: its samples, its labels, its places. */
static InionRecording *
load_recording (JsonObject *root)
{
  JsonArray *labels = json_object_get_array_member (root, "labels");
  guint n = json_array_get_length (labels);
  InionMemoryRecording *memory = inion_memory_recording_new (160, NULL);
  g_autoptr (InionRecording) recording = INION_RECORDING (memory);
  g_autoptr (GPtrArray) edits =
    g_ptr_array_new_with_free_func ((GDestroyNotify) inion_channel_edit_free);

  for (guint i = 0; i < n; i++)
    {
      InionChannelEdit *edit = inion_channel_edit_new (i);
      double samples[8];

      for (guint t = 0; t < 8; t++)
        samples[t] = number_at (root, "potentials_uv", i, t);
      inion_memory_recording_add_channel (memory, json_array_get_string_element (labels, i), "µV",
                                          samples, 8);
      edit->has_position = edit->placed = TRUE;
      for (guint k = 0; k < 3; k++)
        edit->position[k] = number_at (root, "positions", i, k);
      g_ptr_array_add (edits, edit);
    }
  return inion_edited_recording_new (recording, edits);
}

/* MNE's compute_current_source_density() of the same samples. */
static void
test_csd (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", "csd.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (InionMontage) montage = NULL;
  g_autofree char *note = NULL;
  JsonObject *root;
  double largest = 0;

  g_assert_true (json_parser_load_from_file (parser, path, NULL));
  root = json_node_get_object (json_parser_get_root (parser));
  recording = load_recording (root);
  montage = make_montage ("csd", recording, NULL);
  note = inion_montage_dup_note (montage);
  g_assert_cmpstr (note, ==, "of 19 electrodes on a head of 90 mm radius");
  g_assert_cmpuint (inion_montage_get_n_derivations (montage), ==, 19);
  for (guint i = 0; i < 19; i++)
    {
      double out[8];

      g_assert_cmpstr (inion_montage_get_unit (montage, i), ==, "mV/m²");
      g_assert_cmpuint (inion_montage_get_derivation (montage, i)->channels[0], ==, i);
      g_assert_true (inion_montage_read (montage, i, 0, 8, out, NULL));
      for (guint t = 0; t < 8; t++)
        {
          g_assert_cmpfloat_with_epsilon (out[t], number_at (root, "densities_mv_m2", i, t), 1e-5);
          largest = MAX (largest, fabs (out[t]));
        }
    }
  g_assert_cmpfloat (largest, >, 1);
}

static void
test_csd_refused (void)
{
  static const char *const bad[] = { "T4", NULL };
  static const char *const few[] = { "C3", "Cz", "C4", NULL };
  g_autoptr (InionRecording) recording = make_recording (clinical);
  g_autoptr (InionRecording) r_few = make_recording (few);
  g_autoptr (InionMontage) montage = make_montage ("csd", recording, bad);
  g_autofree char *note = inion_montage_dup_note (montage);
  g_autofree char *why = NULL;

  g_assert_cmpstr (note, ==, "of 20 electrodes on a head of 95 mm radius, without T4 (bad)");
  g_assert_cmpint (inion_montage_find (montage, "T4-CSD"), ==, -1);
  g_assert_cmpint (inion_montage_find (montage, "A1-CSD"), ==, -1);
  g_assert_cmpstr (inion_montage_get_unit (montage, inion_montage_find (montage, "ECG")), ==, "µV");
  g_assert_false (inion_montage_is_possible ("csd", r_few, &why));
  g_assert_cmpstr (why, ==, "A current source density needs 16 good electrodes whose place is "
                            "known; the recording has 3.");
}

static const char *const depth[] = {
  "EEG A1-Ref", "EEG A2-Ref", "EEG A3-Ref", "EEG A5-Ref", "EEG A6-Ref", "EEG LA'2-Ref",
  "EEG LA'1-Ref", "EEG LA'3-Ref", "EEG LA1-Ref", "EEG LA2-Ref", "EEG B10-Ref", "EEG B9-Ref",
  "ECG", NULL,
};

/* By number, not by place in the file; nothing across a gap; primes are another shaft. */
static void
test_shafts (void)
{
  static const char *const bad[] = { "A2", NULL };
  g_autoptr (InionRecording) recording = make_recording (depth);
  g_autoptr (InionMontage) montage = make_montage ("shafts", recording, bad);
  g_autofree char *text = list_derivations (montage);
  g_autofree char *note = inion_montage_dup_note (montage);
  double out[N];

  g_assert_cmpstr (text, ==, "A1-A2 A2-A3 A5-A6 | LA'1-LA'2 LA'2-LA'3 | LA1-LA2 | B9-B10");
  g_assert_cmpstr (note, ==, "4 shafts; nothing across the gap between A3 and A5; A2 is marked "
                             "bad");
  g_assert_true (inion_montage_read (montage, 3, 0, N, out, NULL));
  g_assert_cmpfloat_with_epsilon (out[2], value_at (6, 2) - value_at (5, 2), 1e-9);
  g_assert_cmpstr (inion_montage_get_derivation (montage, 7)->label, ==, "ECG");
  g_assert_cmpuint (inion_montage_get_n_derivations (montage), ==, 8);
}

static void
test_shaft_average (void)
{
  static const char *const bad[] = { "A2", NULL };
  g_autoptr (InionRecording) recording = make_recording (depth);
  g_autoptr (InionMontage) montage = make_montage ("shaft-average", recording, bad);
  g_autofree char *note = inion_montage_dup_note (montage);
  double out[N], mean = (value_at (0, 4) + value_at (2, 4) + value_at (3, 4) + value_at (4, 4)) / 4;

  g_assert_cmpstr (note, ==, "4 shafts; bad contacts are in no average: A2");
  g_assert_cmpuint (inion_montage_get_n_derivations (montage), ==, 13);
  g_assert_cmpstr (inion_montage_get_derivation (montage, 1)->label, ==, "A2-AAvg");
  g_assert_true (inion_montage_read (montage, 1, 0, N, out, NULL));
  g_assert_cmpfloat_with_epsilon (out[4], value_at (1, 4) - mean, 1e-9);
  g_assert_true (inion_montage_read (montage, 0, 0, N, out, NULL));
  g_assert_cmpfloat_with_epsilon (out[4], value_at (0, 4) - mean, 1e-9);
}

/* Scalp names, caps with letters and grids are no shafts; nor are differences of contacts. */
static void
test_no_shafts (void)
{
  static const char *const along[] = { "A1-A2", "A2-A3", "A3-A4", "B1-B2", NULL };
  GPtrArray *labels = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (InionRecording) scalp = make_recording (clinical);
  g_autoptr (InionRecording) bipolar = make_recording (along);
  g_autoptr (InionRecording) cap = NULL;
  g_autofree char *why_scalp = NULL, *why_bipolar = NULL, *why_cap = NULL;

  for (guint i = 0; i < 64; i++)
    g_ptr_array_add (labels, g_strdup_printf ("%c%u", i < 32 ? 'A' : 'B', i % 32 + 1));
  g_ptr_array_add (labels, NULL);
  cap = make_recording ((const char *const *) labels->pdata);
  g_ptr_array_unref (labels);
  g_assert_false (inion_montage_is_possible ("shafts", scalp, &why_scalp));
  g_assert_nonnull (strstr (why_scalp, "no depth electrodes"));
  g_assert_false (inion_montage_is_possible ("shafts", cap, &why_cap));
  g_assert_nonnull (strstr (why_cap, "no depth electrodes"));
  g_assert_false (inion_montage_is_possible ("shaft-average", bipolar, &why_bipolar));
  g_assert_nonnull (strstr (why_bipolar, "bipolar already"));
  g_assert_nonnull (strstr (why_bipolar, "A3-A4"));
}

static const char *const chains[] = {
  "FP1-F7", "F7-T7", "T7-P7", "P7-O1", "FP1-F3", "F3-C3", "C3-P3", "P3-O1", "FP2-F4", "F4-C4",
  "C4-P4", "P4-O2", "FP2-F8", "F8-T8", "T8-P8-0", "P8-O2", "FZ-CZ", "CZ-PZ", "P7-T7", "T8-P8-1",
  "ECG", NULL,
};

/* Chains that were recorded: they can be ordered anew and added up, and that is said. */
static void
test_recorded_chains (void)
{
  g_autoptr (InionRecording) recording = make_recording (chains);
  g_autoptr (InionMontage) ordered = make_montage ("longitudinal-2", recording, NULL);
  g_autoptr (InionMontage) summed = make_montage ("circumferential", recording, NULL);
  g_autofree char *note = inion_montage_dup_note (ordered);
  g_autofree char *note_summed = inion_montage_dup_note (summed);
  g_autofree char *text = list_derivations (ordered);
  g_autofree char *why = NULL;
  double out[N];

  g_assert_cmpstr (note, ==, "the differences that were recorded, in this order");
  g_assert_cmpstr (text, ==,
                   "Fz-Cz Cz-Pz | Fp1-F3 F3-C3 C3-P3 P3-O1 | Fp2-F4 F4-C4 C4-P4 P4-O2 | "
                   "Fp1-F7 F7-T7 T7-P7 P7-O1 | Fp2-F8 F8-T8 T8-P8 P8-O2");
  for (guint i = 0; i < 18; i++)
    g_assert_cmpuint (inion_montage_get_derivation (ordered, i)->n_terms, ==, 1);
  g_assert_cmpuint (inion_montage_get_n_derivations (ordered), ==, 19);
  /* Upside down: O2-P8 is minus P8-O2. The two sides have no electrode in common: no O1-O2. */
  g_assert_cmpstr (note_summed, ==, "sums of the differences that were recorded; without O1-O2, "
                                    "Fp2-Fp1");
  g_assert_true (inion_montage_read (summed, inion_montage_find (summed, "O2-P8"), 0, N, out,
                                     NULL));
  g_assert_cmpfloat_with_epsilon (out[7], -value_at (15, 7), 1e-9);
  /* Two steps add up. */
  g_assert_false (inion_montage_is_possible ("average", recording, &why));
  g_assert_nonnull (strstr (why, "bipolar already"));
}

static void
test_recorded_steps (void)
{
  g_autoptr (InionRecording) recording = make_recording (chains);
  g_autoptr (InionMontage) montage = make_montage ("neonatal", recording, NULL);
  g_autoptr (InionMontage) transverse = make_montage ("transverse", recording, NULL);
  g_autofree char *note = inion_montage_dup_note (montage);
  double out[N];

  g_assert_cmpstr (note, ==, "sums of the differences that were recorded; without C3-Cz, Cz-C4");
  g_assert_true (inion_montage_read (montage, inion_montage_find (montage, "Fp1-T7"), 0, N, out,
                                     NULL));
  g_assert_cmpfloat_with_epsilon (out[7], value_at (0, 7) + value_at (1, 7), 1e-9);
  /* T7-C3 by the shortest way: back over Fp1 by four, or on over O1 by four: the first found. */
  g_assert_cmpuint (inion_montage_get_derivation (
                      montage, inion_montage_find (montage, "T7-C3"))->n_terms, ==, 4);
  g_assert_cmpint (inion_montage_find (transverse, "O1-O2"), ==, -1);
  g_assert_true (inion_montage_read (transverse, inion_montage_find (transverse, "F7-F3"), 0, N,
                                     out, NULL));
  g_assert_cmpfloat_with_epsilon (out[7], value_at (4, 7) - value_at (0, 7), 1e-9);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scalp/montage-tables/bipolar", test_bipolar_tables);
  g_test_add_func ("/scalp/montage-tables/stand-ins", test_stand_ins);
  g_test_add_func ("/scalp/montage-tables/sides", test_sides);
  g_test_add_func ("/scalp/montage-tables/average-without-frontal", test_average_without_frontal);
  g_test_add_func ("/scalp/montage-tables/laplacian", test_laplacian);
  g_test_add_func ("/scalp/montage-tables/laplacian-edges", test_laplacian_edges);
  g_test_add_func ("/scalp/montage-tables/csd", test_csd);
  g_test_add_func ("/scalp/montage-tables/csd-refused", test_csd_refused);
  g_test_add_func ("/scalp/montage-tables/shafts", test_shafts);
  g_test_add_func ("/scalp/montage-tables/shaft-average", test_shaft_average);
  g_test_add_func ("/scalp/montage-tables/no-shafts", test_no_shafts);
  g_test_add_func ("/scalp/montage-tables/recorded-chains", test_recorded_chains);
  g_test_add_func ("/scalp/montage-tables/recorded-steps", test_recorded_steps);
  return g_test_run ();
}
