/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens any bytes as a BrainVision recording and uses all that comes out of it. A form feed parts
 * the header from the markers, and these from the samples. */

#define _GNU_SOURCE

#include "recording/brainvision-recording.h"

#include "fuzz-recording.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The bytes up to the next form feed. */
static GBytes *
take_part (const guint8 **data,
           gsize         *size)
{
  const guint8 *end = *size > 0 ? memchr (*data, '\f', *size) : NULL;
  gsize n = end != NULL ? (gsize) (end - *data) : *size;
  GBytes *part = g_bytes_new (*data, n);

  *data += n;
  *size -= n;
  if (end != NULL)
    {
      (*data)++;
      (*size)--;
    }
  return part;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static int memory = -1;
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GBytes) header = NULL;
  g_autoptr (GBytes) markers = NULL;
  InionBrainVisionParts parts = { .header_path = "fuzz.vhdr", .header_fd = -1, .marker_fd = -1,
                                  .data_path = "fuzz.eeg" };

  inion_brainvision_sniff (NULL, data, MIN (size, 512));
  header = take_part (&data, &size);
  markers = take_part (&data, &size);
  parts.header = header;
  parts.markers = markers;
  parts.data_fd = fuzz_make_file (&memory, data, size);
  recording = inion_brainvision_open_parts (&parts, &error);
  fuzz_use_result (recording, error);
  return 0;
}
