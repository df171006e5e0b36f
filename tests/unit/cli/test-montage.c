/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Montages on the command line: listed, written, drawn and converted; a person's own among them. */

#include "cli-runner.h"

#include "study/study-montages.h"

#include <math.h>

typedef struct
{
  char *folder;
  char *recording;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->folder = cli_make_folder ();
  fixture->recording = cli_copy_recording (fixture->folder, "S007R04.edf");
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  cli_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->recording);
}

static JsonObject *
get_element (JsonObject *object,
             const char *name,
             guint       index)
{
  return json_array_get_object_element (json_object_get_array_member (object, name), index);
}

static void
test_list (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (CliRun) run = cli_run ("montage", "--json", fixture->recording, NULL);
  g_autoptr (CliRun) text = cli_run ("montage", fixture->recording, NULL);
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *root;
  guint n, n_possible = 0;

  cli_assert_code (run, 0);
  cli_assert_code (text, 0);
  root = cli_parse_json (&parser, run->out);
  n = cli_count_elements (root, "montages");
  g_assert_cmpuint (n, ==, 21);
  g_assert_cmpuint (cli_count_lines (text->out), ==, 21);
  for (guint i = 0; i < n; i++)
    {
      JsonObject *one = get_element (root, "montages", i);
      gboolean possible = json_object_get_boolean_member (one, "possible");

      n_possible += possible;
      g_assert_true (json_object_has_member (one, "reason") == !possible);
      g_assert_true (json_object_has_member (one, "n_derivations") == possible);
    }
  g_assert_cmpuint (n_possible, ==, 15);
  g_assert_cmpstr (json_object_get_string_member (get_element (root, "montages", 1), "note"), ==,
                   "average of 64 channels");
}

static void
test_show (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (CliRun) run = cli_run ("montage", "--json", fixture->recording, "--montage",
                                    "average", "--bad", "Cz,C3", NULL);
  g_autoptr (CliRun) text = cli_run ("montage", fixture->recording, "--montage", "neonatal", NULL);
  g_autoptr (CliRun) unknown = cli_run ("montage", fixture->recording, "--montage", "banana", NULL);
  g_autoptr (CliRun) ears = cli_run ("montage", fixture->recording, "--montage", "same-ear", NULL);
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *root, *first;
  double sum = 0;

  cli_assert_code (run, 0);
  root = cli_parse_json (&parser, run->out);
  g_assert_cmpstr (json_object_get_string_member (root, "note"), ==,
                   "average of 62 channels, without C3 (bad), Cz (bad)");
  first = get_element (root, "derivations", 0);
  g_assert_cmpstr (json_object_get_string_member (first, "label"), ==, "FC5-Avg");
  g_assert_cmpstr (json_object_get_string_member (first, "unit"), ==, "µV");
  g_assert_cmpuint (cli_count_elements (first, "terms"), ==, 62);
  for (guint i = 0; i < 62; i++)
    sum += json_object_get_double_member (get_element (first, "terms", i), "weight");
  g_assert_cmpfloat_with_epsilon (sum, 0, 1e-12);
  cli_assert_code (text, 0);
  g_assert_cmpstr (text->out, ==,
                   "Fp1-T7\nT7-O1\n\nFp1-C3\nC3-O1\n\nFp2-C4\nC4-O2\n\nFp2-T8\nT8-O2\n\n"
                   "T7-C3\nC3-Cz\nCz-C4\nC4-T8\n\nFz-Cz\nCz-Pz\n");
  cli_assert_code (unknown, 2);
  cli_assert_code (ears, 1);
  g_assert_nonnull (strstr (ears->err, "no A1"));
}

/* From a file of ours or of EDFbrowser; what cannot be read says where. */
static void
test_files (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *mine = g_build_filename (fixture->folder, "mine.montage", NULL);
  g_autofree char *theirs = g_build_filename (fixture->folder, "theirs.mtg", NULL);
  g_autofree char *wrong = g_build_filename (fixture->folder, "wrong.montage", NULL);
  g_autofree char *missing = g_build_filename (fixture->folder, "missing.montage", NULL);
  g_autofree char *picture = g_build_filename (fixture->folder, "a.png", NULL);
  g_autoptr (CliRun) own = NULL, other = NULL, bad = NULL, none = NULL, drawn = NULL;
  g_autoptr (JsonParser) parser = NULL;

  g_assert_true (g_file_set_contents (mine, "C3-C4\nX = 2*Cz\n", -1, NULL));
  g_assert_true (g_file_set_contents (wrong, "C3-C4\nC3-\n", -1, NULL));
  g_assert_true (g_file_set_contents (
    theirs, "<EDFbrowser_montage><signalcomposition><signal><label>Fp1.</label><factor>1</factor>"
            "</signal><signal><label>F7..</label><factor>-1</factor></signal></signalcomposition>"
            "</EDFbrowser_montage>", -1, NULL));
  own = cli_run ("montage", fixture->recording, "--montage", mine, NULL);
  cli_assert_code (own, 0);
  g_assert_cmpstr (own->out, ==, "C3-C4\nX = 2*Cz\n");
  other = cli_run ("montage", fixture->recording, "--montage", theirs, NULL);
  cli_assert_code (other, 0);
  g_assert_cmpstr (other->out, ==, "Fp1-F7\n");
  bad = cli_run ("montage", fixture->recording, "--montage", wrong, NULL);
  cli_assert_code (bad, 1);
  g_assert_nonnull (strstr (bad->err, "line 2, character 4"));
  none = cli_run ("montage", fixture->recording, "--montage", missing, NULL);
  cli_assert_code (none, 1);
  drawn = cli_run ("render", "traces", fixture->recording, "-o", picture, "--json", "--montage",
                   mine, NULL);
  cli_assert_code (drawn, 0);
  g_assert_cmpstr (json_object_get_string_member (cli_parse_json (&parser, drawn->out), "montage"),
                   ==, "own:mine");
}

/* What was written in the window is found by its name. */
static void
test_own (Fixture      *fixture,
          gconstpointer data)
{
  g_autoptr (InionStudy) study = inion_study_open_for_recording (fixture->recording, NULL);
  g_autofree char *out = g_build_filename (fixture->folder, "out.csv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (CliRun) shown = NULL, none = NULL, converted = NULL;

  inion_study_set_montage (study, "Ward 3", "Sum = 2*C3 - C4\n", "Montage Ward 3");
  inion_study_close (study);
  shown = cli_run ("montage", fixture->recording, "--montage", "own:Ward 3", NULL);
  cli_assert_code (shown, 0);
  g_assert_cmpstr (shown->out, ==, "Sum = 2*C3 - C4\n");
  none = cli_run ("montage", fixture->recording, "--montage", "own:Ward 4", NULL);
  cli_assert_code (none, 1);
  g_assert_nonnull (strstr (none->err, "“Ward 4”"));
  converted = cli_run ("convert", fixture->recording, out, "--montage", "own:Ward 3", "--to", "1",
                       NULL);
  cli_assert_code (converted, 0);
  g_assert_true (g_file_get_contents (out, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "Sum"));
}

/* Current densities keep their unit in a file whose texts are plain. */
static void
test_density (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *out = g_build_filename (fixture->folder, "csd.edf", NULL);
  g_autoptr (CliRun) run = cli_run ("convert", fixture->recording, out, "--montage", "csd", "--to",
                                    "2", NULL);
  g_autoptr (CliRun) info = NULL;
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *first;

  cli_assert_code (run, 0);
  info = cli_run ("info", "--json", out, NULL);
  cli_assert_code (info, 0);
  first = get_element (cli_parse_json (&parser, info->out), "channels", 0);
  g_assert_cmpstr (json_object_get_string_member (first, "label"), ==, "FC5-CSD");
  g_assert_cmpstr (json_object_get_string_member (first, "unit"), ==, "mV/m2");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/cli/montage/list", Fixture, NULL, set_up, test_list, tear_down);
  g_test_add ("/cli/montage/show", Fixture, NULL, set_up, test_show, tear_down);
  g_test_add ("/cli/montage/files", Fixture, NULL, set_up, test_files, tear_down);
  g_test_add ("/cli/montage/own", Fixture, NULL, set_up, test_own, tear_down);
  g_test_add ("/cli/montage/density", Fixture, NULL, set_up, test_density, tear_down);
  return g_test_run ();
}
