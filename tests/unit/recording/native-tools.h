/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of FIF, CNT and BCI2000 share: files from bytes, faults, and the comparison with
 * what other programs read (reference/native.txt). */

#pragma once

#include "recording/recording.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  const char *name;
  const char *text;    /* how the file is made */
  guint n_channels;
  gint64 n_samples;    /* of the first channel on the clock; -1: refused */
  guint n_events;
  guint n_segments;
  const char *says;    /* part of a fault or of the error; NULL: no fault */
  double last;         /* last value of the first channel; NaN: not checked */
} Case;

static inline void
put_le (GByteArray *bytes,
        guint64     value,
        guint       n)
{
  for (guint i = 0; i < n; i++)
    g_byte_array_append (bytes, &(guint8){ (guint8) (value >> (8 * i)) }, 1);
}

static inline void
put_be (GByteArray *bytes,
        guint64     value,
        guint       n)
{
  for (guint i = n; i > 0; i--)
    g_byte_array_append (bytes, &(guint8){ i > 8 ? 0 : (guint8) (value >> (8 * (i - 1))) }, 1);
}

static inline guint64
float_bits (double  value,
            gboolean wide)
{
  float narrow = (float) value;
  guint32 bits;
  guint64 wide_bits;

  memcpy (&bits, &narrow, 4);
  memcpy (&wide_bits, &value, 8);
  return wide ? wide_bits : bits;
}

static inline InionRecording *
open_bytes (const GByteArray  *bytes,
            const char        *ending,
            GError           **error)
{
  g_autofree char *name = g_strconcat ("inion-test-XXXXXX", ending, NULL);
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), name, NULL);
  InionRecording *recording;
  int fd = g_mkstemp (path);

  g_assert_cmpint (fd, >=, 0);
  close (fd);
  g_assert_true (g_file_set_contents (path, (const char *) bytes->data, (gssize) bytes->len, NULL));
  recording = inion_recording_open (path, error);
  g_unlink (path);
  return recording;
}

static inline gboolean
has_fault (InionRecording *recording,
           const char     *text,
           const char     *ignored)
{
  GPtrArray *faults = inion_recording_get_faults (recording);
  guint n = 0;

  for (guint i = 0; i < faults->len; i++)
    {
      const InionFault *fault = faults->pdata[i];

      if (text != NULL && strstr (fault->message, text) != NULL)
        return TRUE;
      if (text == NULL && (ignored == NULL || strstr (fault->message, ignored) == NULL))
        {
          g_test_message ("%s: %s", fault->field, fault->message);
          n++;
        }
    }
  return text == NULL && n == 0;
}

static inline void
check_case (const Case     *c,
            InionRecording *recording,
            const GError   *error)
{
  const InionChannelInfo *info;
  double value;

  if (c->n_samples < 0)
    {
      g_assert_null (recording);
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, c->says));
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpuint (inion_recording_get_n_channels (recording), ==, c->n_channels);
  info = inion_channel_get_info (inion_recording_get_channel (recording, 0));
  g_assert_cmpint (info->n_samples, ==, c->n_samples);
  g_assert_cmpuint (inion_recording_get_n_segments (recording), ==, c->n_segments);
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  g_assert_cmpuint (inion_recording_get_events (recording)->len, ==, c->n_events);
  g_assert_true (inion_recording_read (recording, 0, c->n_samples - 1, 1, &value, NULL));
  if (!isnan (c->last))
    g_assert_cmpfloat_with_epsilon (value, c->last, 1e-5 * (1 + fabs (c->last)));
  g_assert_true (has_fault (recording, c->says, "UTC"));
}

/* One recording of the fixture. */

static inline void
check_channel (InionRecording  *recording,
               guint            index,
               char           **words)
{
  const InionChannelInfo *info =
    inion_channel_get_info (inion_recording_get_channel (recording, index));
  gint64 n = info->n_samples;
  g_autofree double *values = g_new (double, (gsize) n);
  double sum = 0, known[4];
  const double *shown[3] = { values, values + n / 2, values + n - 1 };

  g_assert_cmpstr (info->raw_label, ==, words[1]);
  g_assert_cmpstr (info->unit, ==, words[2]);
  g_assert_true (inion_recording_read (recording, index, 0, (gsize) n, values, NULL));
  for (gint64 i = 0; i < n; i++)
    sum += isnan (values[i]) ? 0 : fabs (values[i]);
  for (guint i = 0; i < 4; i++)
    known[i] = g_ascii_strtod (words[4 + i], NULL);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (isnan (known[i]), ==, isnan (*shown[i]));
      if (!isnan (known[i]))
        g_assert_cmpfloat_with_epsilon (*shown[i], known[i], 1e-6 * (1 + fabs (known[i])));
    }
  g_assert_cmpfloat_with_epsilon (sum, known[3], 1e-6 * (1 + known[3]));
}

static inline void
check_start (InionRecording *recording,
             const char     *text)
{
  GDateTime *start = inion_recording_get_start (recording);
  g_autofree char *iso = NULL;

  if (strcmp (text, "-") == 0)
    return;
  g_assert_nonnull (start);
  iso = g_date_time_format (start, "%Y-%m-%dT%H:%M:%S.%f");
  g_assert_cmpstr (iso, ==, text);
}

/* Whether there is an event with this text, or one that begins with it, here. */
static inline gboolean
find_event (InionRecording *recording,
            double          onset,
            double          duration,
            const char     *text)
{
  GPtrArray *events = inion_recording_get_events (recording);

  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];

      if (fabs ((double) event->onset_ns * 1e-9 - onset) < 2e-6 &&
          (isnan (duration) || fabs ((double) event->duration_ns * 1e-9 - duration) < 2e-6) &&
          g_str_has_prefix (event->text, text))
        return TRUE;
    }
  g_test_message ("no event “%s” at %.6f s for %.6f s", text, onset, duration);
  return FALSE;
}

/* Compares a recording with the fixture's section of that name. @shift: samples by which the other
 * program's annotations are early. @bads: whether to compare which channels are bad. */
static inline void
check_fixture (InionRecording *recording,
               const char     *name,
               int             shift,
               gboolean        bads)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", "native.txt", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n_channels = 0, n_checked = 0;
  gboolean here = FALSE;
  double rate = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], "\t", -1);
      InionChannel *first = inion_recording_get_channel (recording, 0);

      if (words[0][0] == 'F')
        {
          here = strcmp (words[1], name) == 0;
          if (!here)
            continue;
          rate = g_ascii_strtod (words[2], NULL);
          g_assert_cmpfloat_with_epsilon (inion_channel_get_rate_hz (first), rate, 1e-9 * rate);
          g_assert_cmpint (inion_channel_get_n_samples (first), ==,
                           g_ascii_strtoll (words[3], NULL, 10));
          check_start (recording, words[4]);
        }
      else if (here && words[0][0] == 'C')
        {
          if (bads)
            g_assert_cmpint (inion_channel_get_info (inion_recording_get_channel (
                                                       recording, n_channels))->bad, ==,
                             words[3][0] == '1');
          check_channel (recording, n_channels++, words);
        }
      else if (here && words[0][0] == 'A' && strcmp (words[3], "0") != 0)
        g_assert_true (find_event (recording, g_ascii_strtod (words[1], NULL) + shift / rate,
                                   shift != 0 ? NAN : g_ascii_strtod (words[2], NULL), words[3]));
      else if (here && words[0][0] == 'T')
        g_assert_true (find_event (recording, g_ascii_strtod (words[1], NULL) / rate, NAN, words[2]));
      else if (here && words[0][0] == 'S')
        {
          g_autofree char *state = g_strconcat (words[1], " ", words[2], NULL);

          g_assert_true (find_event (recording, g_ascii_strtod (words[3], NULL) / rate,
                                     g_ascii_strtod (words[4], NULL) / rate, state));
        }
      n_checked += here;
    }
  g_assert_cmpuint (n_checked, >, 1);
  g_assert_cmpuint (n_channels, ==, inion_recording_get_n_channels (recording));
}

/* The same for a file among the shared data. */
static inline void
check_shared (const char *name,
              int         shift,
              gboolean    bads)
{
  const char *shared = g_getenv ("INION_SHARED");
  g_autofree char *path = g_build_filename (shared != NULL ? shared : "", name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = NULL;

  if (shared == NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("The shared recordings are not here.");
      return;
    }
  recording = inion_recording_open (path, &error);
  g_assert_no_error (error);
  check_fixture (recording, name, shift, bads);
}
