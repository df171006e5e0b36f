/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uses all of a recording, whatever file it came from: no crash, no text that is not UTF-8, no gain
 * that is not finite, an error exactly where there is no result. Samples may be missing. */

#pragma once

#include "recording/recording.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FUZZ_PAGE 700
#define FUZZ_CHANNELS 4

static inline void
fuzz_check_text (const char *text)
{
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
}

/* Of what must be there. */
static inline void
fuzz_check_told (const char *text)
{
  g_assert_nonnull (text);
  fuzz_check_text (text);
}

/* The input as an open file. The file in memory is kept from one input to the next, because making
 * one takes longer than reading it. */
static inline int
fuzz_make_file (int          *memory,
                const guint8 *data,
                gsize         size)
{
  if (*memory < 0)
    *memory = memfd_create ("fuzz", MFD_CLOEXEC);
  g_assert_cmpint (*memory, >=, 0);
  g_assert_cmpint (ftruncate (*memory, (off_t) size), ==, 0);
  for (gsize done = 0; done < size;)
    {
      gssize n = pwrite (*memory, data + done, size - done, (off_t) done);

      g_assert_cmpint (n, >, 0);
      done += (gsize) n;
    }
  return dup (*memory);
}

static inline void
fuzz_read_page (InionRecording *recording,
                guint           channel,
                gint64          first,
                gsize           n)
{
  double values[FUZZ_PAGE];
  float narrow[FUZZ_PAGE];
  g_autoptr (GError) error = NULL;

  if (inion_recording_read (recording, channel, first, n, values, &error))
    g_assert_true (inion_recording_read_float (recording, channel, first, n, narrow, NULL));
  else
    fuzz_check_told (error != NULL ? error->message : NULL);
}

/* Runs follow each other and lie within the channel. */
static inline void
fuzz_check_runs (InionRecording *recording,
                 guint           channel,
                 gint64          n_samples)
{
  gint64 at = 0, first, n;

  for (guint i = 0; i < FUZZ_PAGE && inion_recording_find_run (recording, channel, at, &first, &n);
       i++)
    {
      g_assert_true (first >= at && n > 0 && first + n <= n_samples);
      at = first + n;
    }
}

static inline void
fuzz_use_channel (InionRecording *recording,
                  guint           channel)
{
  InionChannel *object = inion_recording_get_channel (recording, channel);
  const InionChannelInfo *info = inion_channel_get_info (object);
  gsize n = (gsize) MIN (info->n_samples, FUZZ_PAGE);

  fuzz_check_told (info->label);
  fuzz_check_told (info->raw_label);
  fuzz_check_told (info->unit);
  fuzz_check_text (info->transducer);
  fuzz_check_text (info->prefilter);
  fuzz_check_text (info->reference);
  g_assert_true (info->rate_num > 0 && info->rate_den_ns > 0 && info->n_samples >= 0);
  g_assert_true (isfinite (info->gain) && info->gain != 0 && isfinite (info->offset));
  for (guint i = 0; i < 3; i++)
    g_assert_true (isfinite (info->position[i]));
  fuzz_check_runs (recording, channel, info->n_samples);
  fuzz_read_page (recording, channel, 0, n);
  fuzz_read_page (recording, channel, (info->n_samples - (gint64) n) / 2, n);
  fuzz_read_page (recording, channel, info->n_samples - (gint64) n, n);
  fuzz_read_page (recording, channel, info->n_samples, MIN (n, 1));
}

static inline void
fuzz_use_events (InionRecording *recording)
{
  GPtrArray *events;
  gint64 last = G_MININT64;

  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  events = inion_recording_get_events (recording);
  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];

      fuzz_check_told (event->text);
      g_assert_cmpint (event->onset_ns, >=, last);
      g_assert_cmpint (event->duration_ns, >=, -1);
      g_assert_cmpint (event->channel, >=, -1);
      g_assert_cmpint (event->channel, <, (int) inion_recording_get_n_channels (recording));
      last = event->onset_ns;
    }
}

static inline void
fuzz_use_segments (InionRecording *recording)
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

static inline void
fuzz_use_result (InionRecording *recording,
                 const GError   *error)
{
  g_autofree char *quick = NULL;
  GPtrArray *faults;
  guint n;

  g_assert_true ((recording == NULL) == (error != NULL));
  if (recording == NULL)
    {
      fuzz_check_told (error->message);
      return;
    }
  quick = inion_recording_dup_quick_fingerprint (recording, NULL);
  g_assert_nonnull (quick);
  n = inion_recording_get_n_channels (recording);
  fuzz_check_text (inion_recording_get_patient (recording));
  fuzz_check_text (inion_recording_get_description (recording));
  fuzz_use_segments (recording);
  for (guint i = 0; i < n; i += 1 + n / FUZZ_CHANNELS)
    fuzz_use_channel (recording, i);
  fuzz_use_events (recording);
  faults = inion_recording_get_faults (recording);
  for (guint i = 0; i < faults->len; i++)
    {
      fuzz_check_told (((InionFault *) faults->pdata[i])->message);
      fuzz_check_told (((InionFault *) faults->pdata[i])->field);
    }
}
