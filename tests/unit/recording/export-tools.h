/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of exports share: a folder of their own, sources, and writing. */

#pragma once

#include "recording/export.h"
#include "recording/memory-recording.h"

#include "edf-builder.h"

#include <math.h>
#include <unistd.h>

/* A new, empty folder; tools_remove_folder() it. */
static inline char *
tools_make_folder (void)
{
  char *folder = g_dir_make_tmp ("inion-test-XXXXXX", NULL);

  g_assert_nonnull (folder);
  return folder;
}

/* The names of everything in a folder, sorted, with blanks between; hidden ones too. */
static inline char *
tools_list (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, (GCompareFunc) (gpointer) g_strcmp0);
  for (guint i = 1; i < names->len; i++) /* few: a simple sort of strings */
    for (guint k = i; k > 0 && strcmp (names->pdata[k - 1], names->pdata[k]) > 0; k--)
      {
        gpointer swap = names->pdata[k];

        names->pdata[k] = names->pdata[k - 1];
        names->pdata[k - 1] = swap;
      }
  g_ptr_array_add (names, NULL);
  return g_strjoinv (" ", (char **) names->pdata);
}

static inline void
tools_remove_folder (char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        tools_remove_folder (g_strdup (path));
      else
        g_unlink (path);
    }
  g_rmdir (folder);
  g_free (folder);
}

/* Samples that look like a signal: two waves and a ramp, in µV. */
static inline double *
tools_make_samples (gsize  n,
                    guint  seed,
                    double scale)
{
  double *samples = g_new (double, n + 1);
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);

  for (gsize i = 0; i < n; i++)
    samples[i] = scale * (sin ((double) i * 0.1 * (seed + 1)) + sin ((double) i * 0.01) +
                          g_rand_double_range (random, -0.5, 0.5));
  return samples;
}

/* A recording in memory, with channels "C1", "C2" … of the given length. */
static inline InionMemoryRecording *
tools_make_memory (double rate_hz,
                   guint  n_channels,
                   gsize  n,
                   double scale)
{
  g_autoptr (GDateTime) start = g_date_time_new_utc (2021, 3, 2, 10, 11, 12.25);
  InionMemoryRecording *memory = inion_memory_recording_new (rate_hz, start);

  for (guint i = 0; i < n_channels; i++)
    {
      g_autofree double *samples = tools_make_samples (n, i, scale);
      g_autofree char *label = g_strdup_printf ("C%u", i + 1);

      inion_memory_recording_add_channel (memory, label, "µV", samples, n);
    }
  return memory;
}

static inline gboolean
tools_has_note (GPtrArray  *notes,
                const char *text)
{
  for (guint i = 0; i < notes->len; i++)
    if (strstr (notes->pdata[i], text) != NULL)
      return TRUE;
  return FALSE;
}

/* Writes what must be possible, and opens it. */
static inline InionRecording *
tools_write (InionExport  *export,
             const char   *path,
             GPtrArray   **notes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = NULL;
  InionExportFormat format;
  InionRecording *written;

  g_assert_true (inion_export_format_from_path (path, &format, &error));
  inion_export_write (export, path, format, NULL, &list, &error);
  g_assert_no_error (error);
  g_assert_nonnull (list);
  for (guint i = 0; i < list->len; i++)
    g_test_message ("note: %s", (char *) list->pdata[i]);
  if (notes != NULL)
    *notes = g_steal_pointer (&list);
  written = inion_recording_open (path, &error);
  g_assert_no_error (error);
  return written;
}

/* Fails unless the digital samples of all channels are the same, gaps at the same places. */
static inline void
tools_check_same_digital (InionRecording *a,
                          InionRecording *b)
{
  guint n_channels = inion_recording_get_n_channels (a);

  g_assert_cmpuint (inion_recording_get_n_channels (b), ==, n_channels);
  for (guint c = 0; c < n_channels; c++)
    {
      gint64 at = 0, first, n, first_b, n_b;

      while (inion_recording_find_run (a, c, at, &first, &n) && n > 0)
        {
          g_autofree gint32 *x = g_new (gint32, n);
          g_autofree gint32 *y = g_new (gint32, n);
          g_autoptr (GError) error = NULL;

          g_assert_true (inion_recording_find_run (b, c, at, &first_b, &n_b));
          g_assert_cmpint (first_b, ==, first);
          g_assert_cmpint (n_b, >=, n);
          inion_recording_read_digital (a, c, first, (gsize) n, x, &error);
          g_assert_no_error (error);
          inion_recording_read_digital (b, c, first, (gsize) n, y, &error);
          g_assert_no_error (error);
          g_assert_true (memcmp (x, y, (gsize) n * sizeof *x) == 0);
          at = first + n;
        }
    }
}

/* The events as onset/duration/text/channel. */
static inline char *
tools_list_events (InionRecording *recording)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  GPtrArray *events;

  inion_recording_load_events (recording, NULL, &error);
  g_assert_no_error (error);
  events = inion_recording_get_events (recording);
  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];

      g_string_append_printf (text, "%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/%s;",
                              event->onset_ns, event->duration_ns, event->text);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
