/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that do not say all by themselves: streams that are chosen, tables without a rate. */

#include "cli-runner.h"

static char *
write_table (const char *folder,
             const char *name,
             const char *head)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GString) text = g_string_new (head);

  for (int i = 0; i < 500; i++)
    g_string_append_printf (text, "%d.5,%d.25\n", i % 17, i % 23);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  return path;
}

static void
test_rate (void)
{
  g_autofree char *folder = cli_make_folder ();
  g_autofree char *path = write_table (folder, "plain.csv", "C3,C4\n");
  g_autoptr (CliRun) without = cli_run ("info", path, NULL);
  g_autoptr (CliRun) with = cli_run ("info", "--json", "--rate", "250", path, NULL);
  g_autoptr (CliRun) wrong = cli_run ("info", "--rate", "fast", path, NULL);
  g_autoptr (CliRun) read = cli_run ("read", "--rate", "250", "--from", "1", "--to", "1.01", path,
                                     NULL);
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *object;

  cli_assert_fails (without, "--rate");
  cli_assert_code (with, 0);
  object = cli_parse_json (&parser, with->out);
  g_assert_cmpfloat (json_object_get_double_member (object, "duration_s"), ==, 2);
  g_assert_cmpuint (cli_count_elements (object, "channels"), ==, 2);
  cli_assert_code (wrong, 2);
  cli_assert_code (read, 0);
  /* Row 250 is second 1. */
  g_assert_nonnull (strstr (read->out, "\n1,12.5,20.25\n"));
  cli_remove_folder (folder);
}

/* Every verb opens alike. */
static void
test_convert (void)
{
  g_autofree char *folder = cli_make_folder ();
  g_autofree char *path = write_table (folder, "plain.csv", "C3,C4\n");
  g_autofree char *output = g_build_filename (folder, "out.edf", NULL);
  g_autoptr (CliRun) refused = cli_run ("convert", path, output, NULL);
  g_autoptr (CliRun) converted = cli_run ("convert", "--rate", "250", path, output, NULL);
  g_autoptr (CliRun) checked = cli_run ("check", "--rate", "250", path, NULL);

  cli_assert_code (refused, 1);
  cli_assert_code (converted, 0);
  /* The unit that was assumed is a fault. */
  cli_assert_code (checked, 1);
  g_assert_nonnull (strstr (checked->out, "channels 2"));
  g_assert_true (g_file_test (output, G_FILE_TEST_EXISTS));
  cli_remove_folder (folder);
}

static void
test_misplaced (void)
{
  g_autofree char *folder = cli_make_folder ();
  g_autofree char *table = write_table (folder, "plain.csv", "C3,C4\n");
  g_autofree char *sample = cli_copy_recording (folder, "S007R04.edf");
  g_autoptr (CliRun) rate = cli_run ("info", "--rate", "250", sample, NULL);
  g_autoptr (CliRun) stream = cli_run ("info", "--stream", "EEG", table, NULL);
  g_autoptr (CliRun) both = cli_run ("info", "--compatible", "--rate", "250", table, NULL);
  g_autoptr (CliRun) live = cli_run ("live", "--source", "replay:x", "--model", "y", "--rate", "250",
                                     NULL);

  /* A replay opens its file as any verb does: here there is no model yet. */
  cli_assert_fails (live, "“y”");
  cli_assert_fails (rate, "--rate");
  cli_assert_fails (stream, "--stream");
  cli_assert_code (both, 2);
  cli_remove_folder (folder);
}

/* All formats are named; a fault without a place has none. */
static void
test_told (void)
{
  g_autofree char *folder = cli_make_folder ();
  g_autofree char *unknown = g_build_filename (folder, "unknown.xyz", NULL);
  g_autofree char *table = write_table (folder, "table.csv", "C3,C4\n");
  g_autoptr (CliRun) refused = NULL;
  g_autoptr (CliRun) noted = cli_run ("info", "--rate", "250", table, NULL);
  const char *const formats[] = { "EDF", "BDF", "XDF", "GDF", "BrainVision", "EEGLAB", "CSV" };

  g_assert_true (g_file_set_contents (unknown, "\1\2\3\4 no recording", -1, NULL));
  refused = cli_run ("info", unknown, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    cli_assert_fails (refused, formats[i]);
  cli_assert_code (noted, 0);
  g_assert_nonnull (strstr (noted->out, "table: Column “C3”"));
  g_assert_null (strstr (noted->out, "byte -1"));
  cli_remove_folder (folder);
}

static char *
find_xdf (void)
{
  const char *shared = g_getenv ("INION_SHARED");
  g_autofree char *path = g_build_filename (shared != NULL ? shared : "", "data", "formats",
                                            "xdf-examples", "minimal.xdf", NULL);

  if (shared != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  g_test_skip ("The shared recordings are not here (INION_SHARED).");
  return NULL;
}

static void
test_streams (void)
{
  g_autofree char *path = find_xdf ();
  g_autoptr (CliRun) all = NULL, one = NULL, both = NULL, none = NULL;
  g_autoptr (JsonParser) parser = NULL, parser_one = NULL, parser_both = NULL;
  JsonObject *object, *stream;

  if (path == NULL)
    return;
  all = cli_run ("info", "--json", path, NULL);
  one = cli_run ("info", "--json", "--stream", "SendDataC", path, NULL);
  both = cli_run ("info", "--json", "--stream", "0", "--stream", "SendDataString", path, NULL);
  none = cli_run ("info", "--stream", "Nobody", path, NULL);
  cli_assert_code (all, 0);
  object = cli_parse_json (&parser, all->out);
  g_assert_cmpuint (cli_count_elements (object, "streams"), ==, 2);
  stream = json_array_get_object_element (json_object_get_array_member (object, "streams"), 0);
  g_assert_cmpstr (json_object_get_string_member (stream, "name"), ==, "SendDataC");
  g_assert_cmpfloat (json_object_get_double_member (stream, "rate_hz"), ==, 10);
  g_assert_cmpuint (cli_count_elements (object, "events"), ==, 9);
  cli_assert_code (one, 0);
  object = cli_parse_json (&parser_one, one->out);
  g_assert_cmpuint (cli_count_elements (object, "channels"), ==, 3);
  g_assert_cmpuint (cli_count_elements (object, "events"), ==, 0);
  cli_assert_code (both, 0);
  object = cli_parse_json (&parser_both, both->out);
  g_assert_cmpuint (cli_count_elements (object, "events"), ==, 9);
  cli_assert_fails (none, "SendDataC (0)");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/open/rate", test_rate);
  g_test_add_func ("/cli/open/convert", test_convert);
  g_test_add_func ("/cli/open/misplaced", test_misplaced);
  g_test_add_func ("/cli/open/told", test_told);
  g_test_add_func ("/cli/open/streams", test_streams);
  return g_test_run ();
}
