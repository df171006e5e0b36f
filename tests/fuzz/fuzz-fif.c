/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens any bytes as a FIF file and uses all that comes out of it. */

#define _GNU_SOURCE

#include "recording/fif-recording.h"

#include "fuzz-recording.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static int memory = -1;
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = NULL;

  inion_fif_sniff (NULL, data, MIN (size, 1024));
  recording = inion_fif_open_fd (fuzz_make_file (&memory, data, size), "/nowhere/fuzz.fif", NULL,
                                 &error);
  fuzz_use_result (recording, error);
  return 0;
}
