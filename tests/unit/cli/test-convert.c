/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checking, converting and de-identifying files, one and many. */

#include "cli-runner.h"

#include "core/init.h"
#include "recording/recording.h"

#include <math.h>

#define S G_GINT64_CONSTANT (1000000000)

typedef struct
{
  char *folder;
  char *recording;
} Fixture;

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  fixture->folder = cli_make_folder ();
  fixture->recording = cli_copy_recording (fixture->folder, "S007R04.edf");
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  cli_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->recording);
}

static char *
in_folder (Fixture    *fixture,
           const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

/* The recording without its last bytes, with a patient. */
static char *
write_faulty (Fixture    *fixture,
              const char *name)
{
  char *path = in_folder (fixture, name);
  g_autofree char *bytes = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (fixture->recording, &bytes, &n, NULL));
  memcpy (bytes + 8, "MCH-0234567 F 02-MAY-1951 Haagse_Harry  ", 40);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) n - 1000, NULL));
  return path;
}

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

static void
assert_same (InionRecording *a,
             guint           channel_a,
             InionRecording *b,
             guint           channel_b,
             gint64          from_a,
             gsize           n)
{
  g_autofree gint32 *x = g_new (gint32, n);
  g_autofree gint32 *y = g_new (gint32, n);

  g_assert_true (inion_recording_read_digital (a, channel_a, from_a, n, x, NULL));
  g_assert_true (inion_recording_read_digital (b, channel_b, 0, n, y, NULL));
  g_assert_cmpmem (x, n * sizeof *x, y, n * sizeof *y);
}

/* 0: nothing wrong; 1: a fault, or no recording; what comes after a failure is still looked at. */
static void
test_check (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *faulty = write_faulty (fixture, "faulty.edf");
  g_autofree char *letter = in_folder (fixture, "letter.edf");
  g_autoptr (CliRun) good = cli_run ("check", fixture->recording, NULL);
  g_autoptr (CliRun) bad = cli_run ("check", faulty, NULL);
  g_autoptr (CliRun) all = NULL;
  g_autoptr (CliRun) json = NULL;
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *root, *file, *finding;

  cli_assert_code (good, 0);
  g_assert_cmpstr (good->err, ==, "");
  cli_assert_code (bad, 1);
  g_assert_nonnull (strstr (bad->out, "byte 236"));
  g_assert_true (g_file_set_contents (letter, "Dear colleague", -1, NULL));
  all = cli_run ("check", faulty, letter, fixture->recording, NULL);
  cli_assert_code (all, 1);
  g_assert_nonnull (strstr (all->err, "[3/3]"));
  g_assert_nonnull (strstr (all->err, "3 files: 1 clean, 1 with faults, 1 not read"));
  json = cli_run ("check", fixture->folder, "--json", NULL);
  cli_assert_code (json, 1);
  root = cli_parse_json (&parser, json->out);
  g_assert_cmpint (json_object_get_int_member (root, "n_clean"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (root, "n_faulty"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (root, "n_failed"), ==, 1);
  file = json_array_get_object_element (json_object_get_array_member (root, "files"), 1);
  g_assert_cmpstr (json_object_get_string_member (file, "path"), ==, faulty);
  finding = json_array_get_object_element (json_object_get_array_member (file, "findings"), 0);
  g_assert_cmpstr (json_object_get_string_member (finding, "severity"), ==, "fault");
  g_assert_cmpuint (cli_count_elements (file, "channels"), ==, 64);
}

/* Channels and a stretch of time, with the marks of the study. */
static void
test_part (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char *table = in_folder (fixture, "marks.csv");
  g_autofree char *part = in_folder (fixture, "part.bdf");
  g_autofree char *bare = in_folder (fixture, "bare.edf");
  g_autoptr (CliRun) import = NULL;
  g_autoptr (CliRun) run = NULL;
  g_autoptr (CliRun) none = NULL;
  g_autoptr (InionRecording) source = open_file (fixture->recording);
  g_autoptr (InionRecording) copy = NULL;
  g_autoptr (InionRecording) without = NULL;
  gboolean found = FALSE;

  g_assert_true (g_file_set_contents (table, "onset,duration,trial_type\n12.5,0.25,spike\n", -1,
                                      NULL));
  import = cli_run ("annotations", fixture->recording, "--import", table, NULL);
  cli_assert_code (import, 0);
  run = cli_run ("convert", fixture->recording, part, "--channels", "C3,C4", "--from", "10", "--to",
                 "20", NULL);
  cli_assert_code (run, 0);
  copy = open_file (part);
  g_assert_cmpuint (inion_recording_get_n_channels (copy), ==, 2);
  g_assert_cmpint (inion_recording_get_duration_ns (copy), ==, 10 * S);
  assert_same (source, (guint) inion_recording_find_channel (source, "C4"), copy, 1, 1600, 1600);
  for (guint i = 0; i < inion_recording_get_events (copy)->len; i++)
    {
      const InionEvent *event = inion_recording_get_events (copy)->pdata[i];

      found = found || (event->onset_ns == 5 * S / 2 && strcmp (event->text, "spike") == 0 &&
                        event->duration_ns == S / 4);
    }
  g_assert_true (found);
  none = cli_run ("convert", fixture->recording, bare, "--marks", "none", NULL);
  cli_assert_code (none, 0);
  without = open_file (bare);
  g_assert_cmpuint (inion_recording_get_events (without)->len, ==, 0);
}

/* Nothing is replaced that nobody said to, and the recording itself never. */
static void
test_refuse (Fixture      *fixture,
             gconstpointer data)
{
  g_autofree char *there = in_folder (fixture, "there.edf");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize n, m;

  g_assert_true (g_file_set_contents (there, "mine", -1, NULL));
  {
    g_autoptr (CliRun) run = cli_run ("convert", fixture->recording, there, NULL);
    g_autofree char *text = NULL;

    cli_assert_code (run, 1);
    g_assert_nonnull (strstr (run->err, "--force"));
    g_assert_true (g_file_get_contents (there, &text, NULL, NULL));
    g_assert_cmpstr (text, ==, "mine");
  }
  {
    g_autoptr (CliRun) run = cli_run ("convert", fixture->recording, there, "--force", NULL);

    cli_assert_code (run, 0);
  }
  g_assert_true (g_file_get_contents (fixture->recording, &before, &n, NULL));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (CliRun) run = cli_run ("convert", fixture->recording, fixture->recording, "--force",
                                        i == 0 ? NULL : "--anonymise", NULL);

      cli_assert_code (run, 1);
      g_assert_nonnull (strstr (run->err, "recording itself"));
    }
  g_assert_true (g_file_get_contents (fixture->recording, &after, &m, NULL));
  g_assert_cmpmem (before, n, after, m);
}

/* The same numbers as filtering alone gives, a step of the new file aside; half the rate. */
static void
test_derived (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *filtered = in_folder (fixture, "filtered.bdf");
  g_autofree char *slow = in_folder (fixture, "slow.edf");
  g_autoptr (CliRun) run =
    cli_run ("convert", fixture->recording, filtered, "--filter", "1-40", "--notch", "60", NULL);
  g_autoptr (CliRun) half = cli_run ("convert", fixture->recording, slow, "--resample", "80",
                                     "--montage", "average", "--json", NULL);
  g_autoptr (CliRun) filter = cli_run ("filter", fixture->recording, "--low", "1", "--high", "40",
                                       "--notch", "60", "--channels", "C3", "--json", NULL);
  g_autoptr (CliRun) wrong =
    cli_run ("convert", fixture->recording, filtered, "--force", "--filter", "1-400", NULL);
  g_autoptr (InionRecording) copy = NULL;
  g_autoptr (InionRecording) resampled = NULL;
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (JsonParser) notes = NULL;
  g_autofree double *x = g_new (double, 20000);
  JsonArray *samples;
  JsonObject *channel;
  double worst = 0;

  cli_assert_code (run, 0);
  cli_assert_code (half, 0);
  cli_assert_code (filter, 0);
  cli_assert_fails (wrong, "Hz");
  copy = open_file (filtered);
  channel = json_array_get_object_element (
    json_object_get_array_member (cli_parse_json (&parser, filter->out), "channels"), 0);
  samples = json_object_get_array_member (
    json_array_get_object_element (json_object_get_array_member (channel, "stretches"), 0),
    "samples");
  g_assert_cmpuint (json_array_get_length (samples), ==, 20000);
  g_assert_true (inion_recording_read (copy, (guint) inion_recording_find_channel (copy, "C3"), 0,
                                       20000, x, NULL));
  for (guint i = 0; i < 20000; i++)
    worst = fmax (worst, fabs (x[i] - json_array_get_double_element (samples, i)));
  g_test_message ("largest difference: %g µV", worst);
  g_assert_cmpfloat (worst, <, 1e-3);
  resampled = open_file (slow);
  g_assert_cmpfloat_with_epsilon (
    inion_channel_get_rate_hz (inion_recording_get_channel (resampled, 0)), 80, 1e-9);
  g_assert_cmpint (inion_recording_get_duration_ns (resampled), ==,
                   inion_recording_get_duration_ns (copy));
  g_assert_cmpuint (inion_recording_get_events (resampled)->len, ==, 30);
  g_assert_cmpuint (cli_count_elements (json_array_get_object_element (
                                          json_object_get_array_member (
                                            cli_parse_json (&notes, half->out), "files"), 0),
                                        "notes"), >=, 2);
}

static void
assert_no_name (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  for (gsize i = 0; i + 7 <= n; i++)
    {
      g_assert_false (g_ascii_strncasecmp (bytes + i, "Haagse", 6) == 0);
      g_assert_false (g_ascii_strncasecmp (bytes + i, "0234567", 7) == 0);
    }
}

/* A folder of copies whose names say nothing, and one report of all that stays outside. */
static void
test_anonymise (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *faulty = write_faulty (fixture, "haagse.edf");
  g_autofree char *out = in_folder (fixture, "out");
  g_autofree char *secret = in_folder (fixture, "secret");
  g_autofree char *report = in_folder (fixture, "report.json");
  g_autofree char *first = g_build_filename (out, "recording-0001.edf", NULL);
  g_autofree char *text = NULL;
  g_autoptr (CliRun) run =
    cli_run ("convert", faulty, fixture->recording, "-o", out, "--format", "edf", "--anonymise",
             "--dates", "shift", "--secret", secret, "--keep", "sex", "--report", report, NULL);
  g_autoptr (CliRun) stray = cli_run ("convert", faulty, first, "--dates", "shift", NULL);
  g_autoptr (InionRecording) source = open_file (faulty);
  g_autoptr (InionRecording) copy = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();

  cli_assert_code (run, 0);
  g_assert_nonnull (strstr (run->err, "2 files: 2 written, 0 not"));
  assert_no_name (first);
  copy = open_file (first);
  g_assert_cmpstr (inion_recording_get_patient (copy), ==, "X F X X");
  assert_same (source, 5, copy, 5, 0, 19000);
  g_assert_cmpint (g_date_time_compare (inion_recording_get_start (copy),
                                        inion_recording_get_start (source)), <, 0);
  g_assert_true (g_file_get_contents (report, &text, NULL, NULL));
  g_assert_true (json_parser_load_from_data (parser, text, -1, NULL));
  g_assert_cmpuint (json_array_get_length (json_node_get_array (json_parser_get_root (parser))), ==,
                    2);
  cli_assert_code (stray, 2);
}

/* One file that fails does not stop the others. */
static void
test_batch (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *letter = in_folder (fixture, "letter.edf");
  g_autofree char *out = in_folder (fixture, "out");
  g_autofree char *made = g_build_filename (out, "S007R04.bdf", NULL);
  g_autoptr (CliRun) run = NULL;
  g_autoptr (CliRun) usage = cli_run ("convert", fixture->recording, NULL);
  g_autoptr (CliRun) no_format = cli_run ("convert", fixture->recording, "-o", out, NULL);

  cli_assert_code (usage, 2);
  cli_assert_code (no_format, 2);
  g_assert_true (g_file_set_contents (letter, "Dear colleague", -1, NULL));
  run = cli_run ("convert", letter, fixture->recording, "-o", out, "--format", "bdf", NULL);
  cli_assert_code (run, 1);
  g_assert_nonnull (strstr (run->err, "2 files: 1 written, 1 not"));
  g_assert_true (g_file_test (made, G_FILE_TEST_IS_REGULAR));
  g_assert_cmpuint (cli_count_files (out), ==, 1);
}

/* The data and what is said of them, once. */
static void
test_bids (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char *set = in_folder (fixture, "set");
  g_autofree char *stem = g_build_filename (set, "sub-07", "eeg", "sub-07_task-imagery_", NULL);
  g_autofree char *signals = g_strconcat (stem, "eeg.vhdr", NULL);
  g_autofree char *channels = g_strconcat (stem, "channels.tsv", NULL);
  g_autoptr (CliRun) run = cli_run ("convert", fixture->recording, set, "--bids",
                                    "sub=07,task=imagery", NULL);
  g_autoptr (CliRun) again = cli_run ("convert", fixture->recording, set, "--bids",
                                      "sub=07,task=imagery,format=edf", NULL);
  g_autoptr (CliRun) copy = cli_run ("convert", fixture->recording, signals, "--force", NULL);
  g_autoptr (CliRun) nobody = cli_run ("convert", fixture->recording, set, "--bids", "task=x", NULL);

  cli_assert_code (run, 0);
  g_assert_true (g_file_test (signals, G_FILE_TEST_IS_REGULAR));
  g_assert_true (g_file_test (channels, G_FILE_TEST_IS_REGULAR));
  cli_assert_fails (again, "already");
  /* What is written there is read back without the tables beside it. */
  cli_assert_code (copy, 0);
  cli_assert_code (nobody, 2);
}

static void
add (const char *path,
     void      (*func) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  inion_init ();
  add ("/cli/convert/check", test_check);
  add ("/cli/convert/part", test_part);
  add ("/cli/convert/refuse", test_refuse);
  add ("/cli/convert/derived", test_derived);
  add ("/cli/convert/anonymise", test_anonymise);
  add ("/cli/convert/batch", test_batch);
  add ("/cli/convert/bids", test_bids);
  return g_test_run ();
}
