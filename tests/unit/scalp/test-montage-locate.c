/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where channels are: measured positions before names, about the centre that fits them. */

#include "scalp/montage.h"

#include "recording/edited-recording.h"
#include "recording/memory-recording.h"
#include "scalp/electrode.h"

#include <math.h>
#include <string.h>

#define RADIUS 0.095

static const char *const labels[] = { "Fp1", "Fp2", "F3", "F4", "C3", "C4", "P3", "P4", "O1", "O2",
                                      "Cz", "Pz", NULL };

static InionRecording *
make_plain (const char *const *names)
{
  InionMemoryRecording *memory = inion_memory_recording_new (100, NULL);
  const double samples[10] = { 0 };

  for (guint i = 0; names[i] != NULL; i++)
    inion_memory_recording_add_channel (memory, names[i], "µV", samples, 10);
  return INION_RECORDING (memory);
}

/* The electrodes' own places, about a centre, some of them elsewhere. */
static InionRecording *
make_measured (const char *const *names,
               const double       centre[3],
               guint              n_measured)
{
  g_autoptr (InionRecording) plain = make_plain (names);
  g_autoptr (GPtrArray) edits =
    g_ptr_array_new_with_free_func ((GDestroyNotify) inion_channel_edit_free);

  for (guint i = 0; i < n_measured; i++)
    {
      InionChannelEdit *edit = inion_channel_edit_new (i);
      InionPosition p = { 0, 0, 1 };

      inion_electrode_get_position (labels[i], &p);
      edit->has_position = edit->placed = TRUE;
      edit->position[0] = centre[0] + RADIUS * p.x;
      edit->position[1] = centre[1] + RADIUS * p.y;
      edit->position[2] = centre[2] + RADIUS * p.z;
      g_ptr_array_add (edits, edit);
    }
  return inion_edited_recording_new (plain, edits);
}

static double
angle_to (const InionPosition *p,
          const char          *label)
{
  InionPosition q;

  g_assert_true (inion_electrode_get_position (label, &q));
  return acos (CLAMP (p->x * q.x + p->y * q.y + p->z * q.z, -1, 1)) * 180 / G_PI;
}

/* Each digitiser has its own origin: between the ears, in the brain, beside it. */
static void
test_centre (void)
{
  static const double centres[][3] = { { 0, 0, 0 }, { 0, 0.01, 0.045 }, { 0.01, -0.02, 0.03 },
                                       { -0.03, 0.02, -0.04 } };

  for (gsize k = 0; k < G_N_ELEMENTS (centres); k++)
    {
      g_autoptr (InionRecording) recording = make_measured (labels, centres[k], 12);
      InionPosition positions[12];
      gboolean known[12];

      g_assert_cmpuint (inion_montage_locate_channels (recording, positions, known), ==, 12);
      for (guint i = 0; i < 12; i++)
        {
          g_assert_true (known[i]);
          g_assert_cmpfloat_with_epsilon (positions[i].x * positions[i].x +
                                          positions[i].y * positions[i].y +
                                          positions[i].z * positions[i].z, 1, 1e-9);
          g_assert_cmpfloat (angle_to (&positions[i], labels[i]), <, 0.1);
        }
    }
}

/* A channel called by another's name is where it was measured; one without a position is where its
 * name says; one with neither is nowhere. */
static void
test_names (void)
{
  static const char *const names[] = { "E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9", "Fz",
                                       "Cz", "E12", NULL };
  static const double origin[3] = { 0, 0, 0 };
  g_autoptr (InionRecording) recording = make_measured (names, origin, 10);
  g_autoptr (InionRecording) nowhere = make_plain (names);
  InionPosition positions[12];
  gboolean known[12];

  /* "Fz" was measured where O2 is. */
  g_assert_cmpuint (inion_montage_locate_channels (recording, positions, known), ==, 11);
  for (guint i = 0; i < 10; i++)
    g_assert_cmpfloat (angle_to (&positions[i], labels[i]), <, 0.1);
  g_assert_cmpfloat (angle_to (&positions[9], "Fz"), >, 90);
  g_assert_true (known[10]);
  g_assert_cmpfloat (angle_to (&positions[10], "Cz"), <, 1e-6);
  g_assert_false (known[11]);
  g_assert_cmpuint (inion_montage_locate_channels (nowhere, positions, known), ==, 2);
  g_assert_true (known[9] && known[10] && !known[0]);
}

/* Few electrodes tell no centre: they are taken from the origin. A flat net has none either. */
static void
test_few (void)
{
  static const double centre[3] = { 0, 0, 0.03 };
  static const char *const five[] = { "Fp1", "Fp2", "F3", "F4", "C3", NULL };
  g_autoptr (InionRecording) recording = make_measured (five, centre, 5);
  InionPosition positions[5], wanted;
  gboolean known[5];
  double norm;

  g_assert_cmpuint (inion_montage_locate_channels (recording, positions, known), ==, 5);
  g_assert_true (inion_electrode_get_position ("F3", &wanted));
  wanted.z += centre[2] / RADIUS;
  norm = sqrt (wanted.x * wanted.x + wanted.y * wanted.y + wanted.z * wanted.z);
  g_assert_cmpfloat_with_epsilon (positions[2].x, wanted.x / norm, 1e-9);
  g_assert_cmpfloat_with_epsilon (positions[2].y, wanted.y / norm, 1e-9);
  g_assert_cmpfloat_with_epsilon (positions[2].z, wanted.z / norm, 1e-9);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scalp/montage-locate/centre", test_centre);
  g_test_add_func ("/scalp/montage-locate/names", test_names);
  g_test_add_func ("/scalp/montage-locate/few", test_few);
  return g_test_run ();
}
