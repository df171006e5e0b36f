/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens any bytes as an XDF file and uses all that comes out of it. */

#define _GNU_SOURCE

#include "recording/xdf-recording.h"

#include "fuzz-recording.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static int memory = -1;
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = NULL;

  inion_xdf_recording_sniff (NULL, data, MIN (size, 1024));
  recording = inion_xdf_recording_open_fd (fuzz_make_file (&memory, data, size), "fuzz.xdf", NULL,
                                           &error);
  fuzz_use_result (recording, error);
  return 0;
}
