/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replays by name: "replay:FILE?speed=2&from=10&loop=1". */

#define G_LOG_DOMAIN "inion-live"

#include "config.h"

#include "live/replay-stream.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

static gboolean
parse_number (const char  *key,
              const char  *text,
              double      *value,
              GError     **error)
{
  char *end = NULL;

  *value = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && isfinite (*value) && *value >= 0)
    return TRUE;
  return inion_set_error (error, INION_ERROR_INVALID,
                          "“%s=%s” of a replay is no number from 0 on.", key, text);
}

static gboolean
apply_option (InionReplayStream  *self,
              const char         *option,
              GError            **error)
{
  g_auto (GStrv) parts = g_strsplit (option, "=", 2);
  const char *text = parts[0] != NULL && parts[1] != NULL ? parts[1] : "";
  double value;

  if (g_strcmp0 (parts[0], "speed") != 0 && g_strcmp0 (parts[0], "from") != 0 &&
      g_strcmp0 (parts[0], "loop") != 0)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "A replay has no option “%s”; it has speed, from and loop. In a file's "
                            "name write “?” as %%3F.", option);
  if (!parse_number (parts[0], text, &value, error))
    return FALSE;
  if (g_str_equal (parts[0], "speed"))
    inion_replay_stream_set_speed (self, value);
  else if (g_str_equal (parts[0], "from"))
    inion_replay_stream_set_from (self, value);
  else
    inion_replay_stream_set_loop (self, value > 0);
  return TRUE;
}

/**
 * inion_replay_stream_new_for_uri_with:
 * @uri: "replay:FILE[?speed=2&from=10&loop=1]": speed times the clock (0: as fast as it is pulled,
 *   default 1), from in seconds (default 0), loop 0 or 1 (default 0); in FILE "?" is written "%3F"
 *   and "%" is written "%25", everything else may stand as it is
 * @open: opens the file
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a stream that is not started; %NULL with
 *   %INION_ERROR_INVALID or an error of opening the file
 */
InionStream *
inion_replay_stream_new_for_uri_with (const char       *uri,
                                      InionReplayOpen   open,
                                      GError          **error)
{
  g_auto (GStrv) halves = NULL;
  g_auto (GStrv) options = NULL;
  g_autofree char *path = NULL;
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (InionStream) self = NULL;

  g_return_val_if_fail (g_str_has_prefix (uri, "replay:"), NULL);

  halves = g_strsplit (uri + strlen ("replay:"), "?", 2);
  path = halves[0] != NULL ? g_uri_unescape_string (halves[0], NULL) : NULL;
  if (path == NULL || *path == '\0')
    {
      inion_set_error (error, INION_ERROR_INVALID,
                       "“%s” does not name a file. Write replay:FILE; in its name “%%” is written "
                       "%%25 and “?” %%3F.", uri);
      return NULL;
    }
  recording = open (path, error);
  if (recording == NULL)
    return NULL;
  self = inion_replay_stream_new (recording, error);
  if (self == NULL)
    return NULL;
  options = g_strsplit (halves[1] != NULL ? halves[1] : "", "&", -1);
  for (guint i = 0; options[i] != NULL; i++)
    {
      if (*options[i] != '\0' && !apply_option (INION_REPLAY_STREAM (self), options[i], error))
        return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * inion_replay_stream_new_for_uri:
 * @uri: as inion_replay_stream_new_for_uri_with()
 * @error: return location
 *
 * Plays a file that says all by itself.
 *
 * Returns: (transfer full) (nullable): a stream that is not started
 */
InionStream *
inion_replay_stream_new_for_uri (const char  *uri,
                                 GError     **error)
{
  return inion_replay_stream_new_for_uri_with (uri, inion_recording_open, error);
}
