/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "scalp/position-file.h"

#include "core/error.h"
#include "core/init.h"
#include "recording/memory-recording.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

static char *
electrodes_folder (void)
{
  const char *shared = g_getenv ("INION_SHARED");

  return shared != NULL ? g_build_filename (shared, "data", "electrodes", NULL) : NULL;
}

static const InionPositionEntry *
find (const InionPositionFile *file,
      const char              *label)
{
  for (guint i = 0; i < file->entries->len; i++)
    if (g_str_equal (((InionPositionEntry *) file->entries->pdata[i])->label, label))
      return file->entries->pdata[i];
  return NULL;
}

static InionPositionFile *
parse (const char  *name,
       const char  *text,
       GError     **error)
{
  return inion_position_file_parse (name, text, strlen (text), error);
}

static void
assert_at (const InionPositionFile *file,
           const char              *label,
           double                   x_mm,
           double                   y_mm,
           double                   z_mm)
{
  const InionPositionEntry *entry = find (file, label);

  g_assert_nonnull (entry);
  g_assert_cmpfloat_with_epsilon (entry->position.x * 1e3, x_mm, 0.02);
  g_assert_cmpfloat_with_epsilon (entry->position.y * 1e3, y_mm, 0.02);
  g_assert_cmpfloat_with_epsilon (entry->position.z * 1e3, z_mm, 0.02);
}

/* The same three places in every format: right of the head, before it, above it. */
static void
test_axes (void)
{
  static const struct
  {
    const char *name;
    const char *text;
    double mm;
  } cases[] = {
    { "a.elc", "# ASA electrode file\nUnitPosition\tmm\nNumberPositions=\t3\nPositions\n100 0 0\n"
               "0 100 0\n0 0 100\nLabels\nT8\nFpz\nCz\n", 100 },
    { "a.elc", "UnitPosition mm\nPositions\nT8 : 100 0 0\nFpz : 0 100 0\nCz : 0 0 100\n"
               "NumberHeadShapePoints= 1\n1 2 3\n", 100 },
    { "a.elc", "UnitPosition m\nPositions\n0.1 0 0\n0 0.1 0\n0 0 0.1\nLabels\nT8\tFpz\tCz\n", 100 },
    { "a.sfp", "T8 10 0 0\nFpz 0 10 0\r\nCz 0 0 10\r\nheadshape 1 2 3\n", 100 },
    { "a.ced", "Number\tlabels\ttheta\tradius\tX\tY\tZ\tsph_theta\tsph_phi\tsph_radius\n"
               "1\tT8\t90\t0.5\t0\t-100\t0\t-90\t0\t100\n2\tFpz\t0\t0.5\t100\t0\t0\t0\t0\t100\n"
               "3\tCz\t0\t0\t0\t0\t100\t0\t90\t100\n", 100 },
    { "a.ced", "Number\tlabels\tsph_theta\tsph_phi\tsph_radius\n1\tT8\t-90\t0\t100\n"
               "2\tFpz\t0\t0\t100\n3\tCz\t0\t90\t100\n", 100 },
    { "a.locs", "1 90 0.5 T8\n2 0 0.5 Fpz\n3 0 0 Cz\n", 95 },
    { "a.elp", "3\nEEG\tT8\t90\t0\t85\nEEG\tFpz\t90\t90\t85\nEEG\tCz\t0\t0\t85\n", 85 },
    { "a.elp", "T8 90 0\nFpz 90 90\nCz 0 0\n", 95 },
    { "a.elp", "3\t2\n//Probe file\n%F\t0.1\t0\t0\n%F\t0\t0.08\t0\n%F\t0\t-0.08\t0\n//Sensor name\n"
               "%N\tT8\n0\t-0.1\t0\n%N\tFpz\n0.1\t0\t0\n%N\tCz\n0\t0\t0.1\n", 100 },
    { "a.bvef", "<?xml version=\"1.0\"?><Electrodes><Electrode><Name>T8</Name><Theta>90</Theta>"
                "<Phi>0</Phi><Radius>1</Radius></Electrode><Electrode><Name>Fpz</Name><Theta>90"
                "</Theta><Phi>90</Phi><Radius>1</Radius></Electrode><Electrode><Name>Cz</Name>"
                "<Theta>0</Theta><Phi>0</Phi></Electrode></Electrodes>", 95 },
    { "a_electrodes.tsv", "name\tx\ty\tz\timpedance\nT8\t0.1\t0\t0\t5\nFpz\t0\t0.1\t0\tn/a\n"
                          "Cz\t0\t0\t0.1\t4\nX\tn/a\tn/a\tn/a\t1\n", 100 },
    { "a.csv", "name,x,y,z\n\"T8\",100,0,0\nFpz,0,100,0\nCz,0,0,100\n", 100 },
    { "a.xyz", "1\t100\t0\t0\tT8\n2\t0\t100\t0\tFpz\n3\t0\t0\t100\tCz\n", 100 },
    { "a.xyz", "3 100\n0 -100 0 T8\n100 0 0 Fpz\n0 0 100 Cz\n", 100 },
    { "a.csd", "// Label Theta Phi Radius X Y Z off\nT8 0 0 1 1 0 0 0\nFpz 90 0 1 0 1 0 0\n"
               "Cz 0 90 1 0 0 1 0\n", 95 },
    { "a.asc", "T8 9 0 0\nFpz 0 9 0\nCz 0 0 9\n", 90 },
    { "a.txt", "Site\tTheta\tPhi\nT8\t90\t0\nFpz\t90\t90\nCz\t0\t0\n", 95 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (InionPositionFile) file = parse (cases[i].name, cases[i].text, &error);
      g_autofree char *note = NULL;

      g_assert_no_error (error);
      assert_at (file, "T8", cases[i].mm, 0, 0);
      assert_at (file, "Fpz", 0, cases[i].mm, 0);
      assert_at (file, "Cz", 0, 0, cases[i].mm);
      note = inion_position_file_dup_note (file);
      g_assert_true (g_str_has_prefix (note, file->format));
    }
}

static void
test_refused (void)
{
  static const struct
  {
    const char *name;
    const char *text;
    const char *says;
    InionError code;
  } cases[] = {
    { "a.lay", "1 0.1 0.2 0.3 0.3 Fp1\n", "drawn in a picture", INION_ERROR_UNSUPPORTED },
    { "a.lout", "0 1 2 3\n001 1 2 3 4 MEG\n", "drawn in a picture", INION_ERROR_UNSUPPORTED },
    { "a.asc", ";SCAN 4.0 ASCII\n#1 FP1\n", "drawn in a picture", INION_ERROR_UNSUPPORTED },
    { "a.elp", "1\tFp1 -0.4\t1.5\t0.29\t0.23\n2\tFp2 0.4\t1.5\t0.29\t0.23\n", "drawn in a picture",
      INION_ERROR_UNSUPPORTED },
    { "a.pos", "hello", "none of the files", INION_ERROR_UNSUPPORTED },
    { "a.sfp", "", "no electrode positions", INION_ERROR_FORMAT },
    { "a.sfp", "Fp1 1 2\n", "no name with three numbers", INION_ERROR_FORMAT },
    { "a.sfp", "Fp1 1000 2 3\nFp2 900 1 1\n", "no head in", INION_ERROR_UNSUPPORTED },
    { "a.sfp", "Fp1 0 0 0\n", "no head in", INION_ERROR_UNSUPPORTED },
    { "a.sfp", "Fp1 1e300 2 3\n", "could be one", INION_ERROR_FORMAT },
    { "a.elc", "UnitPosition mm\nPositions\n1 2 3\n4 5 6\nLabels\nFp1\n", "2 positions and 1 labels",
      INION_ERROR_FORMAT },
    { "a.bvef", "<Electrodes><Electrode>", "not readable XML", INION_ERROR_FORMAT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (InionPositionFile) file = parse (cases[i].name, cases[i].text, &error);

      g_assert_null (file);
      g_assert_error (error, INION_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      g_assert_nonnull (strstr (error->message, cases[i].name));
    }
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (inion_position_file_parse ("a.mat", "MATLAB\0\0\0", 9, &error));
    g_assert_error (error, INION_ERROR, INION_ERROR_UNSUPPORTED);
    g_clear_error (&error);
    g_assert_null (inion_position_file_read ("/nowhere/a.elc", &error));
    g_assert_error (error, INION_ERROR, INION_ERROR_IO);
  }
}

/* What can be read is read; the rest is told by its line. */
static void
test_faults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionPositionFile) file =
    parse ("a.sfp", "Fp1 -3 9 0\nFp2 3 nan 0\nFp1 1 9 0\nJos\xe9 0 9 3\nOz 0 -9 0\n", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (file->entries->len, ==, 3);
  g_assert_cmpuint (file->faults->len, ==, 2);
  g_assert_true (g_str_has_prefix (file->faults->pdata[0], "Line 2: "));
  g_assert_true (g_str_has_prefix (file->faults->pdata[1], "Line 3: Fp1 stands here again"));
  g_assert_nonnull (find (file, "José"));
  assert_at (file, "Fp1", -30, 90, 0);
}

static void
test_match (void)
{
  static const char *const labels[] = { "EEG Fp1-Ref", "FC5.", "T3", "e7", "Fp1-F7", "ECG", "TRIG",
                                        "Nobody" };
  static const int expected[] = { 0, 1, 2, 3, -1, -1, -1, -1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (InionPositionFile) file =
    parse ("a.sfp", "Fp1 -3 9 0\nFc5 -7 3 5\nT7 -9 0 0\nE007 0 -9 0\nTRIG 1 9 1\n", &error);
  const double zeros[2] = { 0 };
  g_autoptr (InionMemoryRecording) memory = inion_memory_recording_new (1, NULL);
  InionRecording *recording = INION_RECORDING (memory);
  int entries[G_N_ELEMENTS (labels)];

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    inion_memory_recording_add_channel (memory, labels[i], "µV", zeros, G_N_ELEMENTS (zeros));
  g_assert_cmpuint (inion_position_file_match (file, recording, entries), ==, 4);
  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    g_assert_cmpint (entries[i], ==, expected[i]);
}

/* Every shared file: what it is, in what unit it counts, how many electrodes it has; "-": refused. */
static const struct
{
  const char *path;
  const char *format;
  InionPositionUnit unit;
  guint n;
} shared_files[] = {
  { "MusaMahmood+SSVEP-Deep-Learning/Chan64-setup.asc", NULL, 0, 0 },
  { "MusaMahmood+SSVEP-Deep-Learning/Tsinghua_64-chs.loc", "EEGLAB polar positions",
    INION_POSITION_UNIT_SPHERE, 64 },
  { "MusaMahmood+SSVEP-Deep-Learning/biosemi32.asc", NULL, 0, 0 },
  { "MusaMahmood+SSVEP-Deep-Learning/biosemi32.elp", NULL, 0, 0 },
  { "MusaMahmood+SSVEP-Deep-Learning/biosemi32.lay", NULL, 0, 0 },
  { "MusaMahmood+SSVEP-Deep-Learning/biosemi32_2.asc", NULL, 0, 0 },
  { "MusaMahmood+SSVEP-Deep-Learning/biosemi64.lay", NULL, 0, 0 },
  { "MusaMahmood+SSVEP-Deep-Learning/chan32.locs", "EEGLAB polar positions",
    INION_POSITION_UNIT_SPHERE, 32 },
  { "MusaMahmood+SSVEP-Deep-Learning/chan32_fixed.locs", "EEGLAB polar positions",
    INION_POSITION_UNIT_SPHERE, 32 },
  { "eeglab/GSN-HydroCel-257.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 257 },
  { "eeglab/GSN-HydroCel-32.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 36 },
  { "eeglab/GSN128.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 131 },
  { "eeglab/GSN129.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 132 },
  { "eeglab/GSN256.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 259 },
  { "eeglab/GSN257.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 260 },
  { "eeglab/GSN64v2_0.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 67 },
  { "eeglab/GSN65v2_0.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 68 },
  { "eeglab/Standard-10-10-Cap33.ced", "EEGLAB positions", INION_POSITION_UNIT_SPHERE, 33 },
  { "eeglab/Standard-10-10-Cap33.locs", "EEGLAB polar positions", INION_POSITION_UNIT_SPHERE, 33 },
  { "eeglab/Standard-10-10-Cap47.ced", "EEGLAB positions", INION_POSITION_UNIT_SPHERE, 47 },
  { "eeglab/Standard-10-10-Cap47.locs", "EEGLAB polar positions", INION_POSITION_UNIT_SPHERE, 47 },
  { "eeglab/Standard-10-20-Cap19.ced", "EEGLAB positions", INION_POSITION_UNIT_SPHERE, 19 },
  { "eeglab/Standard-10-20-Cap19.locs", "EEGLAB polar positions", INION_POSITION_UNIT_SPHERE, 19 },
  { "eeglab/Standard-10-20-Cap25.ced", "EEGLAB positions", INION_POSITION_UNIT_SPHERE, 25 },
  { "eeglab/Standard-10-20-Cap25.locs", "EEGLAB polar positions", INION_POSITION_UNIT_SPHERE, 25 },
  { "eeglab/Standard-10-20-Cap81.ced", "EEGLAB positions", INION_POSITION_UNIT_SPHERE, 81 },
  { "eeglab/Standard-10-20-Cap81.locs", "EEGLAB polar positions", INION_POSITION_UNIT_SPHERE, 81 },
  { "eeglab/Standard-10-5-Cap385.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_M, 348 },
  { "eeglab/Standard-10-5-Cap385_witheog.elp", "BESA spherical positions",
    INION_POSITION_UNIT_MM, 356 },
  { "eeglab/eeglab_chan32.locs", "EEGLAB polar positions", INION_POSITION_UNIT_SPHERE, 32 },
  { "eeglab/pnas_chan.locs", "EEGLAB polar positions", INION_POSITION_UNIT_SPHERE, 31 },
  { "eeglab/pnas_chan14.locs", "EEGLAB polar positions", INION_POSITION_UNIT_SPHERE, 14 },
  { "eeglab/standard-10-5-cap385.elp", "BESA spherical positions", INION_POSITION_UNIT_MM, 358 },
  { "eeglab/standard_1005.elc", "ASA electrodes", INION_POSITION_UNIT_MM, 346 },
  { "fieldtrip/4D148.lay", NULL, 0, 0 },
  { "fieldtrip/4D248.lay", NULL, 0, 0 },
  { "fieldtrip/CTF151.lay", NULL, 0, 0 },
  { "fieldtrip/CTF275.lay", NULL, 0, 0 },
  { "fieldtrip/EEG1005.lay", NULL, 0, 0 },
  { "fieldtrip/EEG1010.lay", NULL, 0, 0 },
  { "fieldtrip/EEG1020.lay", NULL, 0, 0 },
  { "fieldtrip/GSN-HydroCel-128.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 131 },
  { "fieldtrip/GSN-HydroCel-129.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 132 },
  { "fieldtrip/GSN-HydroCel-256.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 259 },
  { "fieldtrip/GSN-HydroCel-257.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 260 },
  { "fieldtrip/GSN-HydroCel-32.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 36 },
  { "fieldtrip/GSN-HydroCel-64.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 67 },
  { "fieldtrip/GSN-HydroCel-65.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 68 },
  { "fieldtrip/biosemi128.lay", NULL, 0, 0 },
  { "fieldtrip/biosemi16.lay", NULL, 0, 0 },
  { "fieldtrip/biosemi160.lay", NULL, 0, 0 },
  { "fieldtrip/biosemi256.lay", NULL, 0, 0 },
  { "fieldtrip/biosemi32.lay", NULL, 0, 0 },
  { "fieldtrip/biosemi64.lay", NULL, 0, 0 },
  { "fieldtrip/easycap-M1.txt", "table of positions", INION_POSITION_UNIT_SPHERE, 74 },
  { "fieldtrip/easycap-M10.txt", "table of positions", INION_POSITION_UNIT_SPHERE, 61 },
  { "fieldtrip/elec1005.lay", NULL, 0, 0 },
  { "fieldtrip/elec1010.lay", NULL, 0, 0 },
  { "fieldtrip/elec1020.lay", NULL, 0, 0 },
  { "fieldtrip/natmeg_customized_eeg1005.lay", NULL, 0, 0 },
  { "fieldtrip/neuromag122cmb.lay", NULL, 0, 0 },
  { "fieldtrip/neuromag122planar.lay", NULL, 0, 0 },
  { "fieldtrip/neuromag306all.lay", NULL, 0, 0 },
  { "fieldtrip/neuromag306cmb.lay", NULL, 0, 0 },
  { "fieldtrip/neuromag306mag.lay", NULL, 0, 0 },
  { "fieldtrip/neuromag306planar.lay", NULL, 0, 0 },
  { "fieldtrip/standard_1005.elc", "ASA electrodes", INION_POSITION_UNIT_MM, 346 },
  { "fieldtrip/standard_1020.elc", "ASA electrodes", INION_POSITION_UNIT_MM, 97 },
  { "fieldtrip/standard_alphabetic.elc", "ASA electrodes", INION_POSITION_UNIT_MM, 68 },
  { "fieldtrip/standard_postfixed.elc", "ASA electrodes", INION_POSITION_UNIT_MM, 103 },
  { "fieldtrip/standard_prefixed.elc", "ASA electrodes", INION_POSITION_UNIT_MM, 77 },
  { "fieldtrip/standard_primed.elc", "ASA electrodes", INION_POSITION_UNIT_MM, 103 },
  { "fieldtrip/tmsi32.lay", NULL, 0, 0 },
  { "fieldtrip/tmsi64.lay", NULL, 0, 0 },
  { "fieldtrip/yokogawa440.lay", NULL, 0, 0 },
  { "fieldtrip/yokogawa440_old.lay", NULL, 0, 0 },
  { "fieldtrip/yokogawa440ag.lay", NULL, 0, 0 },
  { "fieldtrip/yokogawa440all.lay", NULL, 0, 0 },
  { "fieldtrip/yokogawa440pg.lay", NULL, 0, 0 },
  { "mne-python/CTF-275.lout", NULL, 0, 0 },
  { "mne-python/CTF151.lay", NULL, 0, 0 },
  { "mne-python/CTF275.lay", NULL, 0, 0 },
  { "mne-python/EEG1005.lay", NULL, 0, 0 },
  { "mne-python/EGI256.lout", NULL, 0, 0 },
  { "mne-python/EGI_256.csd", "CSD toolbox positions", INION_POSITION_UNIT_SPHERE, 256 },
  { "mne-python/GSN-HydroCel-128.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 131 },
  { "mne-python/GSN-HydroCel-129.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 132 },
  { "mne-python/GSN-HydroCel-256.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 259 },
  { "mne-python/GSN-HydroCel-257.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 260 },
  { "mne-python/GSN-HydroCel-32.sfp", "BESA or EGI surface points", INION_POSITION_UNIT_CM, 36 },
  { "mne-python/GSN-HydroCel-64_1.0.sfp", "BESA or EGI surface points",
    INION_POSITION_UNIT_CM, 67 },
  { "mne-python/GSN-HydroCel-65_1.0.sfp", "BESA or EGI surface points",
    INION_POSITION_UNIT_CM, 68 },
  { "mne-python/GeodesicHeadWeb-130.lout", NULL, 0, 0 },
  { "mne-python/GeodesicHeadWeb-280.lout", NULL, 0, 0 },
  { "mne-python/KIT-125.lout", NULL, 0, 0 },
  { "mne-python/KIT-157.lout", NULL, 0, 0 },
  { "mne-python/KIT-160.lay", NULL, 0, 0 },
  { "mne-python/KIT-AD.lout", NULL, 0, 0 },
  { "mne-python/KIT-AS-2008.lout", NULL, 0, 0 },
  { "mne-python/KIT-UMD-3.lout", NULL, 0, 0 },
  { "mne-python/Neuromag_122.lout", NULL, 0, 0 },
  { "mne-python/Vectorview-all.lout", NULL, 0, 0 },
  { "mne-python/Vectorview-grad.lout", NULL, 0, 0 },
  { "mne-python/Vectorview-grad_norm.lout", NULL, 0, 0 },
  { "mne-python/Vectorview-mag.lout", NULL, 0, 0 },
  { "mne-python/artinis-brite23.elc", "ASA electrodes", INION_POSITION_UNIT_MM, 21 },
  { "mne-python/artinis-octamon.elc", "ASA electrodes", INION_POSITION_UNIT_MM, 13 },
  { "mne-python/biosemi.lay", NULL, 0, 0 },
  { "mne-python/biosemi128.txt", "table of positions", INION_POSITION_UNIT_SPHERE, 131 },
  { "mne-python/biosemi16.txt", "table of positions", INION_POSITION_UNIT_SPHERE, 19 },
  { "mne-python/biosemi160.txt", "table of positions", INION_POSITION_UNIT_SPHERE, 163 },
  { "mne-python/biosemi256.txt", "table of positions", INION_POSITION_UNIT_SPHERE, 259 },
  { "mne-python/biosemi32.txt", "table of positions", INION_POSITION_UNIT_SPHERE, 35 },
  { "mne-python/biosemi64.txt", "table of positions", INION_POSITION_UNIT_SPHERE, 67 },
  { "mne-python/brainproducts-RNP-BA-128.txt", "table of positions",
    INION_POSITION_UNIT_SPHERE, 130 },
  { "mne-python/colin27_1005.elc", "ASA electrodes", INION_POSITION_UNIT_MM, 346 },
  { "mne-python/colin27_1020.elc", "ASA electrodes", INION_POSITION_UNIT_MM, 97 },
  { "mne-python/colin27_alphabetic.elc", "ASA electrodes", INION_POSITION_UNIT_MM, 68 },
  { "mne-python/colin27_postfixed.elc", "ASA electrodes", INION_POSITION_UNIT_MM, 103 },
  { "mne-python/colin27_prefixed.elc", "ASA electrodes", INION_POSITION_UNIT_MM, 77 },
  { "mne-python/colin27_primed.elc", "ASA electrodes", INION_POSITION_UNIT_MM, 103 },
  { "mne-python/easycap-M1.txt", "table of positions", INION_POSITION_UNIT_SPHERE, 74 },
  { "mne-python/easycap-M10.txt", "table of positions", INION_POSITION_UNIT_SPHERE, 61 },
  { "mne-python/easycap-M43.txt", "table of positions", INION_POSITION_UNIT_SPHERE, 64 },
  { "mne-python/fsaverage_1005.tsv", "table of positions", INION_POSITION_UNIT_M, 340 },
  { "mne-python/fsaverage_1010.tsv", "table of positions", INION_POSITION_UNIT_M, 73 },
  { "mne-python/fsaverage_1020.tsv", "table of positions", INION_POSITION_UNIT_M, 24 },
  { "mne-python/magnesWH3600.lout", NULL, 0, 0 },
  { "mne-python/mgh60.elc", "ASA electrodes", INION_POSITION_UNIT_MM, 63 },
  { "mne-python/mgh70.elc", "ASA electrodes", INION_POSITION_UNIT_MM, 73 },
  { "mne-python/spherical_1005.tsv", "table of positions", INION_POSITION_UNIT_SPHERE, 348 },
  { "mne-python/spherical_1010.tsv", "table of positions", INION_POSITION_UNIT_SPHERE, 74 },
  { "mne-python/spherical_1020.tsv", "table of positions", INION_POSITION_UNIT_SPHERE, 24 },
};

static void
test_shared (void)
{
  g_autofree char *folder = electrodes_folder ();

  if (folder == NULL || !g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("INION_SHARED has no data/electrodes");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (shared_files); i++)
    {
      g_autofree char *path = g_build_filename (folder, shared_files[i].path, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (InionPositionFile) file = inion_position_file_read (path, &error);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      g_test_message ("%s", shared_files[i].path);
      if (shared_files[i].format == NULL)
        {
          g_assert_error (error, INION_ERROR, INION_ERROR_UNSUPPORTED);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpstr (file->format, ==, shared_files[i].format);
      g_assert_cmpint ((int) file->unit, ==, (int) shared_files[i].unit);
      g_assert_cmpuint (file->entries->len, ==, shared_files[i].n);
      g_assert_cmpfloat (file->radius_m, >, 0.04);
      g_assert_cmpfloat (file->radius_m, <, 0.2);
    }
}

static void
compare (const InionPositionFile *file,
         JsonArray               *expected)
{
  double factor = NAN;

  for (guint i = 0; i < json_array_get_length (expected); i++)
    {
      JsonObject *object = json_array_get_object_element (expected, i);
      JsonArray *at = json_object_get_array_member (object, "at");
      const InionPositionEntry *entry = find (file, json_object_get_string_member (object, "label"));
      double theirs[3], ours[3], norm = 0;

      g_assert_nonnull (entry);
      ours[0] = entry->position.x;
      ours[1] = entry->position.y;
      ours[2] = entry->position.z;
      for (guint k = 0; k < 3; k++)
        {
          theirs[k] = json_array_get_double_element (at, k);
          norm += theirs[k] * theirs[k];
        }
      if (isnan (factor))
        factor = sqrt ((ours[0] * ours[0] + ours[1] * ours[1] + ours[2] * ours[2]) / norm);
      for (guint k = 0; k < 3; k++)
        g_assert_cmpfloat_with_epsilon (ours[k], factor * theirs[k], 2e-6);
    }
}

static void
test_reference (void)
{
  g_autofree char *folder = electrodes_folder ();
  g_autofree char *fixture = g_test_build_filename (G_TEST_DIST, "reference", "position_files.json",
                                                    NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  guint n = 0;

  if (folder == NULL || !g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("INION_SHARED has no data/electrodes");
      return;
    }
  json_parser_load_from_file (parser, fixture, &error);
  g_assert_no_error (error);
  json_object_iter_init (&iter, json_node_get_object (json_parser_get_root (parser)));
  while (json_object_iter_next (&iter, &name, &node))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (InionPositionFile) file = NULL;

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      g_test_message ("%s", name);
      file = inion_position_file_read (path, &error);
      g_assert_no_error (error);
      compare (file, json_object_get_array_member (json_node_get_object (node), "positions"));
      n++;
    }
  g_test_message ("%u files agree with MNE", n);
  g_assert_cmpuint (n, >, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  inion_init ();
  g_test_add_func ("/scalp/position-file/axes", test_axes);
  g_test_add_func ("/scalp/position-file/refused", test_refused);
  g_test_add_func ("/scalp/position-file/faults", test_faults);
  g_test_add_func ("/scalp/position-file/match", test_match);
  g_test_add_func ("/scalp/position-file/shared", test_shared);
  g_test_add_func ("/scalp/position-file/reference", test_reference);
  return g_test_run ();
}
