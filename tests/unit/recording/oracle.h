/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares recordings with what MNE read (reference/brainvision_gdf.json). */

#pragma once

#include "core/json-member.h"
#include "core/json-parse.h"
#include "recording/recording.h"

#include <math.h>
#include <string.h>

/* A file of which MNE reads something else: by how much its samples must be multiplied, and why. */
typedef struct
{
  const char *path;
  double factor;
  const char *why;
} OracleDifference;

static inline void
oracle_check_samples (InionRecording *recording,
                      JsonObject     *file,
                      double          factor)
{
  JsonArray *samples = inion_json_get_array (file, "samples");

  for (guint i = 0; i < json_array_get_length (samples); i++)
    {
      JsonObject *o = json_array_get_object_element (samples, i);
      guint channel = (guint) json_object_get_int_member (o, "channel");
      JsonArray *expected = inion_json_get_array (o, "values");
      guint n = json_array_get_length (expected);
      const char *unit =
        inion_channel_get_unit (inion_recording_get_channel (recording, channel));
      double values[3];
      /* Where MNE has volts, they are in µV here; what MNE scales to whole units, by its prefix. */
      double scale = strcmp (unit, "µS") == 0 ? 1e6
                     : strcmp (unit, "mV") == 0 ? 1e-3 : 1;

      if (strcmp (unit, "µV") != 0 && strcmp (unit, "mV") != 0 &&
          json_object_get_boolean_member (o, "volts"))
        scale *= 1e-6;
      /* MNE takes a channel without a position for something else, and leaves it in volts. */
      if (strcmp (unit, "µV") == 0 && !json_object_get_boolean_member (o, "volts"))
        scale = 1e6;
      g_assert_true (inion_recording_read (recording, channel,
                                           json_object_get_int_member (o, "first"), n, values, NULL));
      for (guint k = 0; k < n; k++)
        {
          double e;

          /* No number, or one that is none in float. */
          if (json_array_get_null_element (expected, k))
            {
              g_assert_false (fabs (values[k]) < 1e30);
              continue;
            }
          e = json_array_get_double_element (expected, k) * scale * factor;
          if (fabs (values[k] - e) > 1e-6 * fabs (e) + 1e-9)
            g_error ("%s, channel %u, sample %u: %g, MNE has %g",
                     inion_json_get_string (file, "path"), channel, k, values[k], e);
        }
    }
}

static inline void
oracle_check_events (InionRecording *recording,
                     JsonObject     *file,
                     gboolean        numbers)
{
  JsonArray *expected = inion_json_get_array (file, "events");
  double rate = json_object_get_double_member (file, "rate");
  GPtrArray *events;

  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  events = inion_recording_get_events (recording);
  g_assert_cmpint (events->len, >=, json_array_get_length (expected));
  for (guint i = 0; i < json_array_get_length (expected); i++)
    {
      JsonArray *e = json_array_get_array_element (expected, i);
      double onset = json_array_get_double_element (e, 0);
      double duration = json_array_get_double_element (e, 1);
      const char *text = json_array_get_string_element (e, 2);
      gboolean found = FALSE;

      for (guint k = 0; k < events->len && !found; k++)
        {
          const InionEvent *event = events->pdata[k];
          gboolean same = numbers ? g_ascii_strtoull (event->text, NULL, 10) ==
                                      g_ascii_strtoull (text, NULL, 10)
                                  : strcmp (event->text, text) == 0;

          /* MNE gives events without a duration one sample. */
          found = same && fabs ((double) event->onset_ns / 1e9 - onset) < 2e-6 &&
                  (event->duration_ns <= 0 ? duration <= 1.001 / rate
                                           : fabs ((double) event->duration_ns / 1e9 - duration) <
                                               2e-6);
        }
      if (!found)
        g_error ("%s: MNE has “%s” at %g for %g s, which is not here",
                 inion_json_get_string (file, "path"), text, onset, duration);
    }
}

static inline void
oracle_check_file (InionRecording *recording,
                   JsonObject     *file,
                   double          factor)
{
  JsonArray *names = inion_json_get_array (file, "names");
  const char *path = inion_json_get_string (file, "path");
  guint n = json_array_get_length (names);
  InionChannel *first = inion_recording_get_channel (recording, 0);
  double rate = json_object_get_double_member (file, "rate");

  /* MNE leaves out the column that a V-Amp does not describe. */
  g_assert_cmpuint (inion_recording_get_n_channels (recording), ==,
                    n + (g_str_has_suffix (path, ".ahdr") ? 1 : 0));
  g_assert_cmpfloat_with_epsilon (inion_channel_get_rate_hz (first), rate, rate * 1e-9);
  g_assert_cmpint (inion_channel_get_n_samples (first), ==, json_object_get_int_member (file, "n"));
  for (guint i = 0; i < n; i++)
    {
      InionChannel *channel = inion_recording_get_channel (recording, i);
      const char *name = json_array_get_string_element (names, i);

      g_assert_cmpstr (inion_channel_get_info (channel)->raw_label, ==, name);
    }
  oracle_check_samples (recording, file, factor);
}

/* All files of the fixture with one of the endings. Returns how many were compared. */
static inline guint
oracle_run (gboolean                gdf,
            const OracleDifference *differences,
            gsize                   n_differences)
{
  g_autofree char *fixture =
    g_test_build_filename (G_TEST_DIST, "reference", "brainvision_gdf.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonArray *files;
  guint compared = 0;
  gsize length;

  g_assert_true (g_file_get_contents (fixture, &text, &length, NULL));
  node = inion_json_parse_object (text, (gssize) length, 10 * 1024 * 1024, NULL);
  g_assert_nonnull (node);
  files = inion_json_get_array (json_node_get_object (node), "files");
  for (guint i = 0; i < json_array_get_length (files); i++)
    {
      JsonObject *file = json_array_get_object_element (files, i);
      const char *path = inion_json_get_string (file, "path");
      g_autofree char *real = g_build_filename (g_getenv ("INION_SHARED"), "data", path, NULL);
      g_autoptr (InionRecording) recording = NULL;
      double factor = 1;

      if (g_str_has_suffix (path, ".gdf") != gdf || !g_file_test (real, G_FILE_TEST_EXISTS))
        continue;
      for (gsize k = 0; k < n_differences; k++)
        if (g_str_has_suffix (path, differences[k].path))
          {
            g_test_message ("%s: %s", path, differences[k].why);
            factor = differences[k].factor;
          }
      recording = inion_recording_open (real, NULL);
      g_test_message ("%s", path);
      g_assert_nonnull (recording);
      oracle_check_file (recording, file, factor);
      oracle_check_events (recording, file, gdf);
      compared++;
    }
  return compared;
}
