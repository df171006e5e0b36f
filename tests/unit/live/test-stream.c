/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams as such: URIs, descriptions, what a source need not do. */

#include "core/error.h"
#include "core/init.h"
#include "live-fixture.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

static void
refuse (const char *uri,
        GQuark      domain,
        int         code,
        const char *says)
{
  GError *error = NULL;

  g_assert_null (inion_stream_new_for_uri (uri, &error));
  g_assert_error (error, domain, code);
  if (strstr (error->message, says) == NULL)
    g_error ("“%s” does not say “%s”", error->message, says);
  g_clear_error (&error);
}

static char *
sample_path (void)
{
  const char *data = g_getenv ("INION_DATA");
  char *path = g_build_filename (data != NULL ? data : "/nonexistent", "recordings", "S007R04.edf",
                                 NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    g_clear_pointer (&path, g_free);
  return path;
}

static void
test_refused (void)
{
  g_autofree char *path = sample_path ();
  g_autofree char *option = NULL;
  g_autofree char *number = NULL;
  g_autofree char *negative = NULL;

  refuse ("lsl:amplifier", INION_ERROR, INION_ERROR_INVALID, "replay:FILE");
  refuse ("", INION_ERROR, INION_ERROR_INVALID, "replay:FILE");
  refuse ("replay:", INION_ERROR, INION_ERROR_INVALID, "does not name a file");
  refuse ("replay:?speed=2", INION_ERROR, INION_ERROR_INVALID, "does not name a file");
  refuse ("replay:50% load.edf", INION_ERROR, INION_ERROR_INVALID, "%25");
  refuse ("replay:/nonexistent/a b.edf", INION_ERROR, INION_ERROR_IO, "a b.edf");
  if (path == NULL)
    {
      g_test_skip ("INION_DATA names no recordings");
      return;
    }
  option = g_strdup_printf ("replay:%s?sped=2", path);
  number = g_strdup_printf ("replay:%s?speed=2x", path);
  negative = g_strdup_printf ("replay:%s?from=-1", path);
  refuse (option, INION_ERROR, INION_ERROR_INVALID, "sped");
  refuse (number, INION_ERROR, INION_ERROR_INVALID, "2x");
  refuse (negative, INION_ERROR, INION_ERROR_INVALID, "from=-1");
}

static void
test_uri (void)
{
  g_autofree char *path = sample_path ();
  g_autofree char *folder = g_dir_make_tmp ("inion live XXXXXX", NULL);
  g_autofree char *odd = g_build_filename (folder, "50% load? yes & no = é.edf", NULL);
  g_autofree char *uri = g_strdup_printf ("replay:%s/50%%25 load%%3F yes & no = é.edf"
                                          "?speed=0&from=10.5&loop=1", folder);
  g_autoptr (InionStream) stream = NULL;
  InionReplayStream *replay;
  GError *error = NULL;
  double frames[64 * 2];
  gint64 first, arrival;
  gsize n;

  if (path == NULL)
    {
      g_rmdir (folder);
      g_test_skip ("INION_DATA names no recordings");
      return;
    }
  g_assert_no_errno (symlink (path, odd));
  stream = inion_stream_new_for_uri (uri, &error);
  g_assert_no_error (error);
  replay = INION_REPLAY_STREAM (stream);
  g_assert_cmpstr (inion_stream_get_name (stream), ==, "50% load? yes & no = é.edf");
  g_assert_cmpuint (inion_stream_get_n_channels (stream), ==, 64);
  g_assert_cmpuint (g_strv_length ((char **) inion_stream_get_channels (stream)), ==, 64);
  g_assert_cmpfloat (inion_stream_get_rate_hz (stream), ==, 160.0);
  g_assert_cmpfloat (inion_replay_stream_get_speed (replay), ==, 0.0);
  g_assert_true (inion_stream_is_patient (stream));
  g_assert_true (inion_stream_start (stream, &error));
  g_assert_true (inion_stream_pull (stream, frames, 2, 1000, &n, &first, &arrival, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (first, ==, 1680);
  inion_stream_stop (stream);
  g_unlink (odd);
  g_rmdir (folder);
}

static void
test_defaults (void)
{
  InionStream *stream = g_object_new (LIVE_TYPE_SOURCE, NULL);

  g_assert_cmpstr (inion_stream_get_name (stream), ==, "made");
  g_assert_cmpstr (inion_stream_get_channels (stream)[2], ==, "C4");
  g_assert_cmpuint (inion_stream_get_n_channels (stream), ==, LIVE_CHANNELS);
  g_assert_false (inion_stream_set_paused (stream, TRUE));
  g_assert_false (inion_stream_is_patient (stream));
  inion_stream_describe (stream, "other", (const char *const[]) { "Fz", NULL }, 10);
  g_assert_cmpstr (inion_stream_get_name (stream), ==, "other");
  g_assert_cmpuint (inion_stream_get_n_channels (stream), ==, 1);
  g_assert_cmpfloat (inion_stream_get_rate_hz (stream), ==, 10.0);
  g_assert_finalize_object (stream);
}

int
main (int    argc,
      char **argv)
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/stream/refused", test_refused);
  g_test_add_func ("/live/stream/uri", test_uri);
  g_test_add_func ("/live/stream/defaults", test_defaults);
  return g_test_run ();
}
