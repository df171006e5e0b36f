/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measure, spectrogram, average and find-like, run as programs. */

#include "config.h"

#include "cli-runner.h"

#include <math.h>

#define SAMPLE SOURCE_DATADIR "/recordings/S007R04.edf"

static JsonObject *
parse (CliRun      *run,
       JsonParser **parser)
{
  GError *error = NULL;

  g_assert_cmpint (run->code, ==, 0);
  *parser = json_parser_new ();
  json_parser_load_from_data (*parser, run->out, (gssize) run->out_length, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (*parser));
}

static void
test_measure (void)
{
  g_autoptr (CliRun) run = cli_run ("measure", SAMPLE, "--from", "10", "--to", "12", "--channels",
                                    "C3,Cz", "--json", NULL);
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *object = parse (run, &parser), *channel;
  JsonArray *channels = json_object_get_array_member (object, "channels");

  g_assert_cmpfloat (json_object_get_double_member (object, "duration_s"), ==, 2);
  g_assert_cmpuint (json_array_get_length (channels), ==, 2);
  channel = json_array_get_object_element (channels, 0);
  g_assert_cmpstr (json_object_get_string_member (channel, "label"), ==, "C3");
  g_assert_cmpfloat (json_object_get_double_member (channel, "n_samples"), ==, 320);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (channel, "peak_to_peak"),
                                  json_object_get_double_member (channel, "highest") -
                                    json_object_get_double_member (channel, "lowest"), 1e-9);
}

static void
test_spectrogram (void)
{
  g_autofree char *folder = g_dir_make_tmp ("inion-tools-XXXXXX", NULL);
  g_autofree char *picture = g_build_filename (folder, "s.png", NULL);
  g_autoptr (CliRun) run = cli_run ("spectrogram", SAMPLE, "--channel", "O1", "--to", "10",
                                    "--json", NULL);
  g_autoptr (CliRun) drawn = cli_run ("spectrogram", SAMPLE, "--channel", "O1", "-o", picture,
                                      NULL);
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *object = parse (run, &parser);
  JsonArray *psd = json_object_get_array_member (object, "psd");

  /* Segments of a second that share a half: from 0, 0.5 … 9 s. */
  g_assert_cmpuint (json_array_get_length (psd), ==, 19);
  g_assert_cmpuint (json_array_get_length (json_array_get_array_element (psd, 0)), ==, 81);
  g_assert_cmpfloat (json_array_get_double_element (
                       json_object_get_array_member (object, "times_s"), 1), ==, 1.0);
  g_assert_cmpint (drawn->code, ==, 0);
  g_assert_true (g_file_test (picture, G_FILE_TEST_IS_REGULAR));
  g_unlink (picture);
  g_rmdir (folder);
}

static void
test_average (void)
{
  g_autofree char *folder = g_dir_make_tmp ("inion-tools-XXXXXX", NULL);
  g_autofree char *picture = g_build_filename (folder, "a.svg", NULL);
  g_autoptr (CliRun) run = cli_run ("average", SAMPLE, "--events", "T1,T2", "--channels", "C3,C4",
                                    "--json", NULL);
  g_autoptr (CliRun) table = cli_run ("average", SAMPLE, "--events", "T1", "--channels", "C3",
                                      NULL);
  g_autoptr (CliRun) drawn = cli_run ("average", SAMPLE, "--events", "T1,T2", "-o", picture, NULL);
  g_autoptr (CliRun) unknown = cli_run ("average", SAMPLE, "--events", "T9", NULL);
  g_autoptr (CliRun) wrong = cli_run ("average", SAMPLE, NULL);
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *object = parse (run, &parser), *condition;
  JsonArray *conditions = json_object_get_array_member (object, "conditions");

  g_assert_cmpuint (json_array_get_length (conditions), ==, 2);
  condition = json_array_get_object_element (conditions, 0);
  g_assert_cmpint (json_object_get_int_member (condition, "n_used"), ==, 8);
  g_assert_nonnull (strstr (run->err, "T2: 7 epochs"));
  g_assert_true (g_str_has_prefix (table->out, "condition\tchannel\ttime_s\tmean\thalf_width\n"
                                               "T1\tC3\t-0.2\t"));
  g_assert_cmpint (drawn->code, ==, 0);
  g_assert_true (g_file_test (picture, G_FILE_TEST_IS_REGULAR));
  g_assert_cmpint (unknown->code, ==, 1);
  g_assert_nonnull (strstr (unknown->err, "T9"));
  g_assert_cmpint (wrong->code, ==, 2);
  g_unlink (picture);
  g_rmdir (folder);
}

static void
test_find_like (void)
{
  g_autoptr (CliRun) run = cli_run ("find-like", SAMPLE, "--from", "8.78", "--to", "9.28",
                                    "--label", "blink", "--threshold", "0.6", "--lff", "1",
                                    "--hff", "15", NULL);
  g_autoptr (CliRun) nothing = cli_run ("find-like", SAMPLE, NULL);
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  g_assert_cmpint (run->code, ==, 0);
  lines = g_strsplit (run->out, "\n", -1);
  for (guint i = 1; lines[i] != NULL; i++)
    n += strstr (lines[i], "blink") != NULL;
  g_test_message ("%u finds", n);
  g_assert_cmpuint (n, >=, 45);
  g_assert_cmpuint (n, <=, 52);
  g_assert_cmpint (nothing->code, ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/tools/measure", test_measure);
  g_test_add_func ("/cli/tools/spectrogram", test_spectrogram);
  g_test_add_func ("/cli/tools/average", test_average);
  g_test_add_func ("/cli/tools/find-like", test_find_like);
  return g_test_run ();
}
