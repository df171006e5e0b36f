/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads any bytes as a montage, of our own or of EDFbrowser, and edits it. Whatever the bytes: no
 * crash, no text that is not UTF-8, no weight that is not finite, and an error exactly where there
 * is no result. */

#include "scalp/montage-file.h"

#include "recording/memory-recording.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static InionRecording *
make_recording (void)
{
  static const char *const labels[] = { "EEG Fp1-Ref", "T3", "LA'1", "F7-T7" };
  static const double samples[2] = { 0, 1 };
  InionMemoryRecording *recording = inion_memory_recording_new (1, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    inion_memory_recording_add_channel (recording, labels[i], "µV", samples, 2);
  return INION_RECORDING (recording);
}

/* On a recording: what can be made can be written and made again. */
static void
check_montage (const char *text)
{
  static InionRecording *recording;
  g_autoptr (GError) error = NULL;
  g_autoptr (InionMontage) montage = NULL, again = NULL;
  g_autofree char *written = NULL;
  double out[2];

  if (recording == NULL)
    recording = make_recording ();
  montage = inion_montage_new_own ("fuzz", text, recording, NULL, &error);
  g_assert_true ((montage == NULL) == (error != NULL));
  if (montage == NULL)
    return;
  for (guint i = 0; i < inion_montage_get_n_derivations (montage); i++)
    g_assert_true (inion_montage_read (montage, i, 0, 2, out, NULL));
  written = inion_montage_text_from (montage);
  again = inion_montage_new_own ("again", written, recording, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (inion_montage_get_n_derivations (again), ==,
                    inion_montage_get_n_derivations (montage));
}

static void
check_script (const char *text)
{
  g_autoptr (InionMontageScript) script = inion_montage_script_parse (text);

  for (guint i = 0; i < script->rows->len; i++)
    {
      const InionMontageRow *row = script->rows->pdata[i];

      g_assert_true (row->line >= 1 && row->terms->len > 0);
      g_assert_true (g_utf8_validate (row->label, -1, NULL));
      for (guint t = 0; t < row->terms->len; t++)
        g_assert_true (isfinite (g_array_index (row->terms, InionMontageTerm, t).weight));
    }
  for (guint i = 0; i < script->faults->len; i++)
    {
      const InionMontageFault *fault = script->faults->pdata[i];

      g_assert_true (fault->line >= 1 && fault->column >= 1);
      g_assert_true (g_utf8_validate (fault->message, -1, NULL));
    }
}

/* A line that is hidden and shown again, or coloured, is still the same derivation. */
static void
check_edits (const char *text)
{
  g_autoptr (InionMontageScript) before = inion_montage_script_parse (text);
  g_autoptr (InionMontageScript) after = NULL;
  g_autofree char *hidden = NULL, *colored = NULL, *moved = NULL;
  const InionMontageRow *a, *b;

  if (before->rows->len == 0)
    return;
  a = before->rows->pdata[0];
  hidden = inion_montage_text_set_hidden (text, a->line, TRUE);
  colored = inion_montage_text_set_color (hidden, a->line, TRUE, 0x123456);
  moved = inion_montage_text_move (colored, a->line, 1);
  after = inion_montage_script_parse (moved);
  g_assert_cmpuint (after->rows->len, ==, before->rows->len);
  b = after->rows->pdata[0];
  g_assert_true (b->hidden && b->has_color && b->color == 0x123456);
  g_assert_cmpstr (a->label, ==, b->label);
  g_assert_cmpuint (a->terms->len, ==, b->terms->len);
}

static void
check_file (const char *bytes,
            gsize       n)
{
  static InionRecording *recording;
  g_autoptr (GError) error = NULL;
  g_autoptr (InionMontageFile) file = NULL;

  if (recording == NULL)
    recording = make_recording ();
  file = inion_montage_file_parse ("fuzz.mtg", bytes, n, recording, &error);
  g_assert_true ((file == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  else
    {
      g_assert_true (g_utf8_validate (file->text, -1, NULL));
      for (guint i = 0; i < file->notes->len; i++)
        g_assert_true (g_utf8_validate (file->notes->pdata[i], -1, NULL));
      check_script (file->text);
      check_edits (file->text);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  check_script (text);
  check_montage (valid);
  check_edits (valid);
  check_file ((const char *) data, size);
  return 0;
}
