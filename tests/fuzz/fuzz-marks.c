/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads any bytes as marks of another program, or (by the first byte) as a table of a BIDS data
 * set, about a short recording with a gap of days and names. */

#include "annotation/import.h"
#include "recording/bids-sidecar.h"
#include "recording/memory-recording.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What decides which reader gets the bytes; the rest is the file. */
static const char *const heads[] = { "", "<annotationlist>", "<PSGAnnotation>", "Tmu\tCode\tTriNo\n",
                                     "Brain Vision\n[Marker Infos]\n", "File Name: memory\n",
                                     "onset\tduration\ttrial_type\n", "{\"annotations\": [" };

static void
check_text (const char *text)
{
  g_assert_true (text != NULL && g_utf8_validate (text, -1, NULL));
}

static void
use_import (const InionAnnotationImport *result)
{
  g_autofree char *report = inion_annotation_import_dup_report (result, 20);

  check_text (report);
  g_assert_cmpuint (result->skipped->len, <=, result->n_skipped);
  for (guint i = 0; i < result->annotations->len; i++)
    {
      InionAnnotation *mark = result->annotations->pdata[i];

      check_text (inion_annotation_get_label (mark));
      g_assert_cmpint (inion_annotation_get_duration_ns (mark), >=, 0);
      g_assert_cmpint (inion_annotation_get_end_ns (mark), >=, inion_annotation_get_onset_ns (mark));
    }
}

static void
use_table (const guint8 *data,
           gsize         size)
{
  g_autoptr (InionEdfFaults) faults = inion_edf_faults_new ();
  g_autoptr (InionBidsTable) table = _inion_bids_table_parse ("fuzz.tsv", data, size, faults);
  double value;

  for (guint i = 0; i < table->rows->len; i++)
    for (int k = -1; k < (int) table->columns->len + 1; k++)
      {
        const char *cell = _inion_bids_table_get (table, i, k);

        g_assert_true (cell == NULL || g_utf8_validate (cell, -1, NULL));
        _inion_bids_table_get_number (table, i, k, &value);
      }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (GDateTime) start = g_date_time_new_utc (2020, 3, 1, 23, 59, 58);
  g_autoptr (InionMemoryRecording) recording = inion_memory_recording_new (100, start);
  g_autoptr (InionAnnotationImport) result = NULL;
  g_autoptr (GString) bytes = NULL;
  g_autoptr (GError) error = NULL;
  double samples[500] = { 0 };

  if (size == 0)
    return 0;
  if (data[0] % (G_N_ELEMENTS (heads) + 1) == G_N_ELEMENTS (heads))
    {
      use_table (data + 1, size - 1);
      return 0;
    }
  inion_memory_recording_add_channel (recording, "Cz", "µV", samples, 500);
  bytes = g_string_new (heads[data[0] % (G_N_ELEMENTS (heads) + 1)]);
  g_string_append_len (bytes, (const char *) data + 1, (gssize) size - 1);
  result = inion_annotations_import_bytes ((const guint8 *) bytes->str, bytes->len, "fuzz",
                                           INION_RECORDING (recording), &error);
  g_assert_true ((result == NULL) == (error != NULL));
  if (result != NULL)
    use_import (result);
  else
    check_text (error->message);
  return 0;
}
