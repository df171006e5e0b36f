/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens any bytes as a text table and uses all that comes out of it. */

#define _GNU_SOURCE

#include "recording/csv-recording.h"

#include "fuzz-recording.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What a dialog shows. */
static void
check_guess (int          *memory,
             const guint8 *data,
             gsize         size)
{
  int fd = fuzz_make_file (memory, data, size);
  g_autoptr (InionCsvGuess) guess = inion_csv_guess_fd (fd, (gint64) size, NULL);

  close (fd);
  if (guess == NULL)
    return;
  for (guint i = 0; i < guess->columns->len; i++)
    {
      const InionCsvColumn *column = guess->columns->pdata[i];

      fuzz_check_told (column->name);
      fuzz_check_told (column->unit);
    }
  for (guint i = 0; i < guess->rows->len; i++)
    for (char **field = guess->rows->pdata[i]; *field != NULL; field++)
      fuzz_check_told (*field);
  g_assert_true (isfinite (guess->rate_hz) && guess->rate_hz >= 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static int memory = -1;
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = NULL;

  inion_csv_recording_sniff (NULL, data, MIN (size, 1024));
  check_guess (&memory, data, size);
  recording = inion_csv_recording_open_fd (fuzz_make_file (&memory, data, size), "fuzz.csv", NULL,
                                           NULL, &error);
  fuzz_use_result (recording, error);
  return 0;
}
