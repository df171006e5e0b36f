/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What convert computes of a recording with gaps: each stretch as if it stood alone, at its time. */

#include "cli-runner.h"

#include "core/init.h"
#include "recording/recording.h"

#include "../gap-fixture.h"

#include <math.h>

#define GAP_S 7.0
#define RECORDS 20 /* before the gap */

static InionRecording *
open_file (const char *path)
{
  GError *error = NULL;
  InionRecording *recording = inion_recording_open (path, &error);

  g_assert_no_error (error);
  g_assert_true (inion_recording_load_events (recording, NULL, &error));
  g_assert_no_error (error);
  return recording;
}

/* The values of the stretch of a recording that begins with its n-th run. */
static double *
read_run (InionRecording *recording,
          guint           channel,
          guint           n,
          gint64         *length)
{
  gint64 at = 0, first = 0;
  double *x;

  for (guint i = 0; i <= n; i++, at = first + *length)
    g_assert_true (inion_recording_find_run (recording, channel, at, &first, length));
  x = g_new (double, *length);
  g_assert_true (inion_recording_read (recording, channel, first, (gsize) *length, x, NULL));
  return x;
}

static void
test_gaps (gconstpointer data)
{
  static const guint before[] = { RECORDS };
  static const double gap_s[] = { GAP_S };
  const char *words = data;
  char *folder = cli_make_folder ();
  g_autofree char *source = cli_copy_recording (folder, "S007R04.edf");
  g_autofree char *path = gap_fixture_edf (source, before, gap_s, 1);
  g_autofree char *whole = g_build_filename (folder, "whole.bdf", NULL);
  g_autoptr (CliRun) run =
    cli_run_shell ("$INION_CLI convert %s %s %s --marks file", path, whole, words);
  g_autoptr (InionRecording) derived = NULL;
  g_autoptr (InionRecording) gapped = open_file (path);

  cli_assert_code (run, 0);
  derived = open_file (whole);
  g_assert_cmpuint (inion_recording_get_n_segments (derived), ==, 2);
  g_assert_cmpuint (inion_recording_get_events (derived)->len, ==,
                    inion_recording_get_events (gapped)->len);
  g_assert_true (inion_recording_has_gap (derived, (gint64) (RECORDS * 1e9),
                                          (gint64) ((RECORDS + GAP_S) * 1e9)));
  for (guint piece = 0; piece < 2; piece++)
    {
      g_autofree char *cut = g_build_filename (folder, piece == 0 ? "a.edf" : "b.edf", NULL);
      g_autofree char *alone = g_build_filename (folder, piece == 0 ? "a.bdf" : "b.bdf", NULL);
      g_autoptr (CliRun) first = cli_run_shell ("$INION_CLI convert %s %s %s %g --marks none", source, cut,
                                                piece == 0 ? "--to" : "--from", (double) RECORDS);
      g_autoptr (CliRun) second = cli_run_shell ("$INION_CLI convert %s %s %s", cut, alone, words);
      g_autoptr (InionRecording) wanted = NULL;
      gint64 from_ns, to_ns;

      cli_assert_code (first, 0);
      cli_assert_code (second, 0);
      wanted = open_file (alone);
      inion_recording_get_segment (derived, piece, &from_ns, &to_ns);
      g_assert_cmpint (from_ns, ==, (gint64) (piece * (RECORDS + GAP_S) * 1e9));
      for (guint c = 0; c < inion_recording_get_n_channels (derived); c += 9)
        {
          gint64 n, m;
          g_autofree double *x = read_run (derived, c, piece, &n);
          g_autofree double *y = read_run (wanted, c, 0, &m);

          g_assert_cmpint (n, >=, m - 1);
          g_assert_cmpint (n, <=, m + 1);
          for (gint64 i = 0; i < MIN (n, m); i++)
            g_assert_cmpfloat_with_epsilon (x[i], y[i], 1e-3); /* steps of two files */
        }
    }
  g_unlink (path);
  cli_remove_folder (folder);
  g_free (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  inion_init ();
  g_test_add_data_func ("/cli/derive/gaps-filter", "--filter 1-40 --notch 60", test_gaps);
  g_test_add_data_func ("/cli/derive/gaps-resample", "--resample 64", test_gaps);
  g_test_add_data_func ("/cli/derive/gaps-montage", "--montage average", test_gaps);
  return g_test_run ();
}
