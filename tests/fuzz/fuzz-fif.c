/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens any bytes as a FIF file and uses all that comes out of it. Whatever the bytes: no
 * crash, no text that is not UTF-8, no number that is not finite but where nothing was recorded, an
 * error exactly where there is no result. */

#define _GNU_SOURCE

#include "recording/fif-recording.h"

#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 700
#define CHANNELS 4

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_text (const char *text)
{
  g_assert_true (text != NULL && g_utf8_validate (text, -1, NULL));
}

/* The input as an open file. The file in memory is kept from one input to the next, because making
 * one takes longer than reading it. */
static int
make_file (const guint8 *data,
           gsize         size)
{
  static int memory = -1;

  if (memory < 0)
    memory = memfd_create ("fuzz", MFD_CLOEXEC);
  g_assert_cmpint (memory, >=, 0);
  g_assert_cmpint (ftruncate (memory, (off_t) size), ==, 0);
  for (gsize done = 0; done < size;)
    {
      gssize n = pwrite (memory, data + done, size - done, (off_t) done);

      g_assert_cmpint (n, >, 0);
      done += (gsize) n;
    }
  return dup (memory);
}

static void
check_segments (InionRecording *recording)
{
  guint n = inion_recording_get_n_segments (recording);
  gint64 last_ns = 0, from_ns = 0, to_ns = 0;

  g_assert_cmpuint (n, >, 0);
  for (guint i = 0; i < n; i++)
    {
      inion_recording_get_segment (recording, i, &from_ns, &to_ns);
      g_assert_cmpint (from_ns, >=, last_ns);
      g_assert_cmpint (to_ns, >=, from_ns);
      g_assert_true (i == 0 || inion_recording_has_gap (recording, last_ns, from_ns) ==
                                 (from_ns > last_ns));
      last_ns = to_ns;
    }
  g_assert_cmpint (last_ns, ==, inion_recording_get_duration_ns (recording));
}

static void
read_page (InionRecording *recording,
           guint           channel,
           gint64          first,
           gsize           n)
{
  double values[PAGE];
  float narrow[PAGE];
  g_autoptr (GError) error = NULL;

  if (!inion_recording_read (recording, channel, first, n, values, &error))
    {
      g_assert_nonnull (error);
      check_text (error->message);
      return;
    }
  g_assert_true (inion_recording_read_float (recording, channel, first, n, narrow, NULL));
}

/* Runs follow each other and lie within the channel. */
static void
check_runs (InionRecording *recording,
            guint           channel,
            gint64          n_samples)
{
  gint64 at = 0, first, n;

  for (guint i = 0; i < PAGE && inion_recording_find_run (recording, channel, at, &first, &n); i++)
    {
      g_assert_true (first >= at && n > 0 && first + n <= n_samples);
      at = first + n;
    }
}

static void
read_channel (InionRecording *recording,
              guint           channel)
{
  InionChannel *object = inion_recording_get_channel (recording, channel);
  const InionChannelInfo *info = inion_channel_get_info (object);
  gsize n = (gsize) MIN (info->n_samples, PAGE);

  check_text (info->label);
  check_text (info->raw_label);
  check_text (info->unit);
  g_assert_true (info->rate_num > 0 && info->rate_den_ns > 0 && info->n_samples >= 0);
  g_assert_true (isfinite (info->gain) && info->gain != 0 && isfinite (info->offset));
  check_runs (recording, channel, info->n_samples);
  read_page (recording, channel, 0, n);
  read_page (recording, channel, (info->n_samples - (gint64) n) / 2, n);
  read_page (recording, channel, info->n_samples - (gint64) n, n);
  read_page (recording, channel, info->n_samples, MIN (n, 1));
}

static void
use_events (InionRecording *recording)
{
  GPtrArray *events;
  gint64 last = G_MININT64;

  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  events = inion_recording_get_events (recording);
  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];

      check_text (event->text);
      g_assert_cmpint (event->onset_ns, >=, last);
      g_assert_cmpint (event->duration_ns, >=, -1);
      g_assert_cmpint (event->channel, >=, -1);
      g_assert_cmpint (event->channel, <, (int) inion_recording_get_n_channels (recording));
      last = event->onset_ns;
    }
}

static void
use_recording (InionRecording *recording)
{
  guint n = inion_recording_get_n_channels (recording);
  g_autofree char *quick = inion_recording_dup_quick_fingerprint (recording, NULL);
  GPtrArray *faults;

  g_assert_nonnull (quick);
  check_text (inion_recording_get_patient (recording));
  check_text (inion_recording_get_description (recording));
  g_assert_cmpint (inion_recording_get_duration_ns (recording), >=, 0);
  check_segments (recording);
  for (guint i = 0; i < n; i += 1 + n / CHANNELS)
    read_channel (recording, i);
  use_events (recording);
  faults = inion_recording_get_faults (recording);
  for (guint i = 0; i < faults->len; i++)
    {
      check_text (((InionFault *) faults->pdata[i])->message);
      check_text (((InionFault *) faults->pdata[i])->field);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = NULL;

  inion_fif_sniff (NULL, data, MIN (size, 1024));
  recording = inion_fif_open_fd (make_file (data, size), "/nowhere/fuzz.fif", NULL, &error);
  g_assert_true ((recording == NULL) == (error != NULL));
  if (recording != NULL)
    use_recording (recording);
  else
    check_text (error->message);
  return 0;
}
