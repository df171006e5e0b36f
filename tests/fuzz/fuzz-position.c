/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads any bytes as a file of electrode positions. The first byte chooses the name, and with it
 * the format. Whatever the bytes: no crash, no text that is not UTF-8, no position that is not
 * finite, an error exactly where there is no result. */

#include "scalp/position-file.h"

#include "recording/memory-recording.h"

#include <math.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const char *const labels[] = { "EEG Fp1-Ref", "T3", "E7", "Cz" };

static InionRecording *
make_recording (void)
{
  static const double samples[2] = { 0, 1 };
  InionMemoryRecording *recording = inion_memory_recording_new (1, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    inion_memory_recording_add_channel (recording, labels[i], "µV", samples, 2);
  return INION_RECORDING (recording);
}

static void
check (const InionPositionFile *file)
{
  static InionRecording *recording;
  int entries[G_N_ELEMENTS (labels)];
  g_autofree char *note = inion_position_file_dup_note (file);

  g_assert_true (g_utf8_validate (note, -1, NULL));
  g_assert_cmpuint (file->entries->len, >, 0);
  g_assert_true (isfinite (file->radius_m));
  for (guint i = 0; i < file->entries->len; i++)
    {
      const InionPositionEntry *entry = file->entries->pdata[i];

      g_assert_true (*entry->label != '\0' && g_utf8_validate (entry->label, -1, NULL));
      g_assert_true (isfinite (entry->position.x) && isfinite (entry->position.y) &&
                     isfinite (entry->position.z));
    }
  for (guint i = 0; i < file->faults->len; i++)
    g_assert_true (g_utf8_validate (file->faults->pdata[i], -1, NULL));
  if (recording == NULL)
    recording = make_recording ();
  inion_position_file_match (file, recording, entries);
  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    g_assert_true (entries[i] >= -1 && entries[i] < (int) file->entries->len);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  const char *const *suffixes = inion_position_file_get_suffixes ();
  guint n = g_strv_length ((char **) suffixes);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionPositionFile) file = NULL;
  g_autofree char *name = NULL;

  if (size == 0)
    return 0;
  name = g_strdup_printf ("fuzz.%s", suffixes[data[0] % n]);
  file = inion_position_file_parse (name, (const char *) data + 1, size - 1, &error);
  g_assert_true ((file == NULL) == (error != NULL));
  if (file != NULL)
    check (file);
  else
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  return 0;
}
