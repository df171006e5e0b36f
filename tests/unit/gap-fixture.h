/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings with gaps: one in memory from a signal without any, and an EDF+D from an EDF+C. */

#pragma once

#include "recording/memory-recording.h"

#include <glib/gstdio.h>
#include <string.h>

/* A stretch that was recorded: when it begins, and how many samples it has. */
typedef struct
{
  double onset_s;
  gsize n;
} GapStretch;

/* Spreads channels of samples that follow each other over stretches of time. x: [n_channels][n],
 * where n is the sum of the stretches' samples. */
static inline InionRecording *
gap_fixture_memory (double             rate_hz,
                    const char *const *labels,
                    guint              n_channels,
                    const double      *x,
                    const GapStretch  *stretches,
                    guint              n_stretches)
{
  InionMemoryRecording *memory = inion_memory_recording_new (rate_hz, NULL);
  gsize n = 0;

  for (guint i = 0; i < n_stretches; i++)
    {
      g_assert_true (inion_recording_add_segment (
        INION_RECORDING (memory), (gint64) (stretches[i].onset_s * 1e9),
        (gint64) ((double) stretches[i].n / rate_hz * 1e9), (gint64) ((double) n / rate_hz * 1e9)));
      n += stretches[i].n;
    }
  for (guint c = 0; c < n_channels; c++)
    inion_memory_recording_add_channel (memory, labels[c], "µV", x + c * n, n);
  return INION_RECORDING (memory);
}

/* Moves the time at the start of an annotation by as many seconds as a record is moved. */
static inline void
gap_fixture_move (GString *out,
                  char    *tal,
                  double   by_s)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  char *rest;
  double onset_s = g_ascii_strtod (tal, &rest);

  g_ascii_formatd (number, sizeof number, "%+.6f", onset_s + by_s);
  g_string_append (out, number);
  g_string_append (out, rest);
  g_string_append_c (out, '\0');
}

/* Writes an EDF+C whose last signal are annotations as an EDF+D in which a gap of gap_s[i] seconds
 * stands before data record before[i]. Returns the new file's name. */
static inline char *
gap_fixture_edf (const char    *source,
                 const guint   *before,
                 const double  *gap_s,
                 guint          n_gaps)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  g_autofree char *name = NULL;
  gsize n, header, record = 0, last = 0, at;
  guint n_signals, index = 0;
  int fd;

  g_file_get_contents (source, &data, &n, &error);
  g_assert_no_error (error);
  memcpy (data + 192, "EDF+D", 5);
  header = (gsize) g_ascii_strtoll (data + 184, NULL, 10);
  n_signals = (guint) g_ascii_strtoll (data + 252, NULL, 10);
  for (guint i = 0; i < n_signals; i++)
    {
      last = 2 * (gsize) g_ascii_strtoll (data + 256 + 216 * n_signals + 8 * i, NULL, 10);
      record += last;
    }
  for (at = header; at + record <= n; at += record, index++)
    {
      g_autoptr (GString) moved = g_string_new (NULL);
      char *tals = data + at + record - last;
      double by_s = 0;

      for (guint g = 0; g < n_gaps; g++)
        by_s += index >= before[g] ? gap_s[g] : 0;
      for (char *tal = tals; tal < tals + last && *tal != '\0'; tal += strlen (tal) + 1)
        gap_fixture_move (moved, tal, by_s);
      g_assert_cmpuint (moved->len, <=, last);
      memset (tals, 0, last);
      memcpy (tals, moved->str, moved->len);
    }
  fd = g_file_open_tmp ("inion-gap-XXXXXX.edf", &name, &error);
  g_assert_no_error (error);
  g_close (fd, NULL);
  g_file_set_contents (name, data, (gssize) n, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&name);
}

/* Whether a recording of shared data is there; its path. */
static inline char *
gap_fixture_find (const char *name)
{
  const char *shared = g_getenv ("INION_SHARED");
  g_autofree char *path = g_build_filename (shared != NULL ? shared : ".", "data", name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) ? g_steal_pointer (&path) : NULL;
}
