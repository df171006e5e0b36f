/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: what a helper hands back that was taken over by the file it read. The input is the
 * result; samples are a fixed piece of memory. Whatever comes: no crash, and an error exactly where
 * there is no recording. */

#define _GNU_SOURCE

#include "recording/foreign/eeglab-recording.h"
#include "recording/foreign/foreign-recording.h"

#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

#define SAMPLES_BYTES 65536
#define PAGE 64

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static int
make_samples (void)
{
  static int memory = -1;

  if (memory < 0)
    memory = memfd_create ("fuzz", MFD_CLOEXEC);
  g_assert_cmpint (ftruncate (memory, SAMPLES_BYTES), ==, 0);
  return dup (memory);
}

static void
use_recording (InionRecording *recording)
{
  double values[PAGE];
  GPtrArray *events;
  gint64 last = G_MININT64;

  for (guint i = 0; i < MIN (inion_recording_get_n_channels (recording), 4); i++)
    {
      gint64 n = inion_channel_get_n_samples (inion_recording_get_channel (recording, i));
      gsize page = (gsize) MIN (n, PAGE);

      g_assert_cmpint (n, >=, 0);
      inion_recording_read (recording, i, 0, page, values, NULL);
      inion_recording_read (recording, i, n - (gint64) page, page, values, NULL);
    }
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  events = inion_recording_get_events (recording);
  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];

      g_assert_true (g_utf8_validate (event->text, -1, NULL));
      g_assert_cmpint (event->onset_ns, >=, last);
      g_assert_cmpint (event->duration_ns, >=, -1);
      last = event->onset_ns;
    }
  g_assert_cmpint (inion_recording_get_duration_ns (recording), >=, 0);
}

static void
use_result (const guint8 *data,
            gsize         size,
            gboolean      eeglab)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionForeignResult) result = inion_foreign_result_parse (data, size, "fuzz.set", &error);
  g_autoptr (InionRecording) recording = NULL;

  g_assert_true ((result == NULL) == (error != NULL));
  if (result == NULL)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return;
    }
  recording = eeglab ? inion_eeglab_recording_new (result, "/nowhere/fuzz.set", make_samples (),
                                                   make_samples (), &error)
                     : inion_foreign_recording_new (result, "/nowhere/fuzz.set", make_samples (),
                                                    make_samples (), &error);
  g_assert_true ((recording == NULL) == (error != NULL));
  if (recording != NULL)
    use_recording (recording);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  use_result (data, size, TRUE);
  use_result (data, size, FALSE);
  return 0;
}
