/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "scalp/electrode.h"

#include <math.h>
#include <string.h>

static double
angle_deg (const InionPosition *a,
           const InionPosition *b)
{
  double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;

  return 2 * asin (MIN (1.0, sqrt (dx * dx + dy * dy + dz * dz) / 2)) * 180 / G_PI;
}

static void
test_labels (void)
{
  static const struct
  {
    const char *label, *g1, *g2;
    gboolean g1_known, g2_known, bipolar;
  } cases[] = {
    { "EEG Fp1-Ref", "Fp1", "Ref", TRUE, FALSE, FALSE },
    { "EEG FP1-LE", "Fp1", "LE", TRUE, FALSE, FALSE },
    { "EEG FP1-REF", "Fp1", "REF", TRUE, FALSE, FALSE },
    { "Fc5.", "FC5", "", TRUE, FALSE, FALSE },
    { "Fcz.", "FCz", "", TRUE, FALSE, FALSE },
    { "Cz..", "Cz", "", TRUE, FALSE, FALSE },
    { "Iz..", "Iz", "", TRUE, FALSE, FALSE },
    { "FP1", "Fp1", "", TRUE, FALSE, FALSE },
    { "Fp1-A2", "Fp1", "A2", TRUE, TRUE, FALSE },
    { "POL Fp1", "Fp1", "", TRUE, FALSE, FALSE },
    { "EEG FP1-F7", "Fp1", "F7", TRUE, TRUE, TRUE },
    { "FP1-F7", "Fp1", "F7", TRUE, TRUE, TRUE },
    { "EEG Fpz-Cz", "Fpz", "Cz", TRUE, TRUE, TRUE },
    { "T8-P8-0", "T8", "P8", TRUE, TRUE, TRUE },
    { "T8-P8-1", "T8", "P8", TRUE, TRUE, TRUE },
    { "EEG T3-T5", "T7", "P7", TRUE, TRUE, TRUE },
    { "EEG A1-A2", "A1", "A2", TRUE, TRUE, FALSE },
    { "C3:M2", "C3", "M2", TRUE, TRUE, FALSE },
    { "F4/A1", "F4", "A1", TRUE, TRUE, FALSE },
    { "C4A1", "C4", "A1", TRUE, TRUE, FALSE },
    { "F3 \xe2\x80\x93 C3", "F3", "C3", TRUE, TRUE, TRUE },
    { "CP1", "CP1", "", TRUE, FALSE, FALSE },
    { "ccp1H", "CCP1h", "", TRUE, FALSE, FALSE },
    { "AFF10h", "AFF10h", "", TRUE, FALSE, FALSE },
    { "EOG E1-M2", "E1", "M2", FALSE, TRUE, FALSE },
    { "EEG", "EEG", "", FALSE, FALSE, FALSE },
    { "EEG 1", "1", "", FALSE, FALSE, FALSE },
    { "SpO2", "SpO2", "", FALSE, FALSE, FALSE },
    { "---", "-", "-", FALSE, FALSE, FALSE },
    { "-", "-", "", FALSE, FALSE, FALSE },
    { "", "", "", FALSE, FALSE, FALSE },
    { " . ", "", "", FALSE, FALSE, FALSE },
    { "\xff\xfe", "", "", FALSE, FALSE, FALSE },
    { NULL, "", "", FALSE, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      InionElectrodeLabel out;
      gboolean known = inion_electrode_parse_label (cases[i].label, &out);

      g_test_message ("case %u: \"%s\", \"%s\"", i, out.g1, out.g2);
      g_assert_cmpint (known, ==, cases[i].g1_known);
      g_assert_cmpint (out.g1_known, ==, cases[i].g1_known);
      g_assert_cmpint (out.g2_known, ==, cases[i].g2_known);
      g_assert_cmpint (out.bipolar, ==, cases[i].bipolar);
      g_assert_cmpstr (out.g1, ==, cases[i].g1);
      g_assert_cmpstr (out.g2, ==, cases[i].g2);
    }
}

static void
test_long_label (void)
{
  g_autoptr (GString) label = g_string_new (NULL);
  InionElectrodeLabel out;

  for (int i = 0; i < 5000; i++)
    g_string_append (label, "\xc3\xa9");
  g_string_append (label, "-");
  for (int i = 0; i < 5000; i++)
    g_string_append (label, "x");
  g_assert_false (inion_electrode_parse_label (label->str, &out));
  g_assert_cmpuint (strlen (out.g1), ==, 30); /* 15 whole characters */
  g_assert_true (g_utf8_validate (out.g1, -1, NULL));
  g_assert_cmpuint (strlen (out.g2), ==, 31);
}

static void
test_written_name (void)
{
  static const char *const cases[][2] = {
    { "EEG t3-Ref", "T3" }, { "EEG T7-Ref", "T7" }, { "T6", "T6" },
    { "P8..", "P8" },       { "FP1-F7", "Fp1" },    { "T5O1", "T5" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = inion_electrode_dup_written_name (cases[i][0]);

      g_assert_cmpstr (name, ==, cases[i][1]);
    }
  g_assert_null (inion_electrode_dup_written_name ("ECG"));
}

static void
test_canonical (void)
{
  g_assert_cmpstr (inion_electrode_canonical ("T3"), ==, "T7");
  g_assert_cmpstr (inion_electrode_canonical ("t4"), ==, "T8");
  g_assert_cmpstr (inion_electrode_canonical ("T5"), ==, "P7");
  g_assert_cmpstr (inion_electrode_canonical ("T6"), ==, "P8");
  g_assert_cmpstr (inion_electrode_canonical ("FPZ"), ==, "Fpz");
  g_assert_cmpstr (inion_electrode_canonical ("tpp10H"), ==, "TPP10h");
  g_assert_cmpstr (inion_electrode_canonical ("m1"), ==, "M1");
  g_assert_null (inion_electrode_canonical ("Fp11"));
  g_assert_null (inion_electrode_canonical (""));
  g_assert_null (inion_electrode_canonical (NULL));
  g_assert_true (inion_electrode_is_ear ("A1"));
  g_assert_true (inion_electrode_is_ear ("m2"));
  g_assert_false (inion_electrode_is_ear ("T9"));
  g_assert_false (inion_electrode_is_ear (NULL));
}

/* All 345 sites against the coordinates of the eeg_positions project (4 decimals). */
static void
test_positions (void)
{
  const char *shared = g_getenv ("INION_SHARED");
  g_autofree char *path = g_build_filename (shared != NULL ? shared : "/nonexistent",
                                            "data/electrodes/mne-python/spherical_1005.tsv", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    {
      g_test_skip ("the table of electrode positions is not there");
      return;
    }
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[i] != NULL; i++)
    {
      g_auto (GStrv) f = g_strsplit (g_strchomp (lines[i]), "\t", -1);
      InionPosition ours, theirs;

      if (g_strv_length (f) != 4 || g_str_equal (f[0], "NAS") || g_str_equal (f[0], "LPA") ||
          g_str_equal (f[0], "RPA"))
        continue;
      theirs = (InionPosition) { g_ascii_strtod (f[1], NULL), g_ascii_strtod (f[2], NULL),
                                 g_ascii_strtod (f[3], NULL) };
      g_assert_true (inion_electrode_get_position (f[0], &ours));
      g_assert_cmpstr (inion_electrode_canonical (f[0]), ==, f[0]);
      if (angle_deg (&ours, &theirs) > 0.02)
        g_error ("%s is %g degrees off", f[0], angle_deg (&ours, &theirs));
      n++;
    }
  g_assert_cmpuint (n, ==, 345);
}

static void
test_geometry (void)
{
  static const char *const places[] = { "Cz", "Nz", "Iz", "T9", "T10", "T7", "Fpz", "F9", "A1",
                                        "M2" };
  InionPosition left, right;

  g_assert_cmpuint (inion_electrode_get_n_known (), ==, 351);
  g_assert_null (inion_electrode_get_known (351));
  for (guint i = 0; i < inion_electrode_get_n_known (); i++)
    {
      InionPosition p;

      g_assert_true (inion_electrode_get_position (inion_electrode_get_known (i), &p));
      g_assert_cmpfloat_with_epsilon (p.x * p.x + p.y * p.y + p.z * p.z, 1.0, 1e-12);
    }
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    g_assert_nonnull (inion_electrode_canonical (places[i]));
  /* C3 and C4 are mirror images, half way between Cz and T7 on the great circle. */
  g_assert_true (inion_electrode_get_position ("C3", &left));
  g_assert_true (inion_electrode_get_position ("C4", &right));
  g_assert_cmpfloat_with_epsilon (left.x, -sin (36 * G_PI / 180), 1e-12);
  g_assert_cmpfloat_with_epsilon (left.z, cos (36 * G_PI / 180), 1e-12);
  g_assert_cmpfloat_with_epsilon (left.x, -right.x, 1e-15);
  g_assert_false (inion_electrode_get_position ("Qz", &left));
  g_assert_false (inion_electrode_get_position (NULL, &left));
}

static void
assert_projected (const char *name,
                  double      radius,
                  double      azimuth_deg)
{
  InionPosition p, back;
  double x, y;

  g_assert_true (inion_electrode_get_position (name, &p));
  inion_electrode_project (&p, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, radius * sin (azimuth_deg * G_PI / 180), 1e-9);
  g_assert_cmpfloat_with_epsilon (y, radius * cos (azimuth_deg * G_PI / 180), 1e-9);
  inion_electrode_unproject (x, y, &back);
  g_assert_cmpfloat (angle_deg (&p, &back), <, 1e-6);
}

static void
test_projection (void)
{
  InionPosition south = { 0, 0, -1 }, nothing = { 0, 0, 0 };
  double x, y;

  assert_projected ("Cz", 0, 0);
  assert_projected ("Fpz", 1, 0);
  assert_projected ("Fp1", 1, -18);
  assert_projected ("T7", 1, -90);
  assert_projected ("T4", 1, 90);
  assert_projected ("O2", 1, 162);
  assert_projected ("Pz", 0.5, 180);
  assert_projected ("C3", 0.5, -90);
  assert_projected ("Nz", 1.25, 0);
  assert_projected ("F9", 1.25, -54);
  assert_projected ("T10", 1.25, 90);
  inion_electrode_project (&south, &x, &y);
  g_assert_cmpfloat_with_epsilon (hypot (x, y), 2.5, 1e-12);
  inion_electrode_project (&nothing, &x, &y);
  g_assert_cmpfloat (hypot (x, y), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scalp/electrode/labels", test_labels);
  g_test_add_func ("/scalp/electrode/long-label", test_long_label);
  g_test_add_func ("/scalp/electrode/written-name", test_written_name);
  g_test_add_func ("/scalp/electrode/canonical", test_canonical);
  g_test_add_func ("/scalp/electrode/positions", test_positions);
  g_test_add_func ("/scalp/electrode/geometry", test_geometry);
  g_test_add_func ("/scalp/electrode/projection", test_projection);
  return g_test_run ();
}
