/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was chosen in the window when a file was opened holds on the command line too. */

#include "cli-runner.h"
#include "../xdf-fixture.h"

#include "recording/xdf-recording.h"
#include "study/study-choices.h"

#define RATE 100
#define TRIAL (4 * RATE)
#define N_TRIALS 16
#define N_SIGNALS 4

/* Keeps a choice as the window does: in the study of @home. */
static void
keep (const char  *home,
      const char  *path,
      InionChoice *choice)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionStudy) study = inion_study_open_for_recording (home, &error);
  g_autoptr (InionRecording) recording = inion_choice_open (choice, path, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (inion_choice_bind (choice, path, recording, NULL, &error));
  g_assert_true (inion_study_keep_choice (study, path, choice, &error));
  g_assert_no_error (error);
  inion_study_close (study);
}

static void
keep_ear (const char *path)
{
  g_autoptr (GPtrArray) streams = inion_xdf_list_streams (path, NULL, NULL);
  g_autoptr (InionChoice) ear = inion_choice_new_streams (streams, (const guint32[]) { 2 }, 1);

  keep (path, path, ear);
}

static JsonObject *
get_opened_as (JsonObject *info)
{
  g_assert_true (json_object_has_member (info, "opened_as"));
  return json_object_get_null_member (info, "opened_as")
           ? NULL : json_object_get_object_member (info, "opened_as");
}

/* The study counts, an option counts more, and a file that is another is told. */
static void
test_info (void)
{
  g_autofree char *folder = cli_make_folder ();
  g_autofree char *path = g_build_filename (folder, "two.xdf", NULL);
  g_autofree char *study = g_build_filename (folder, "two.inion", NULL);
  const char *const words[] = { path, study };
  g_autoptr (CliRun) told = NULL, text = NULL, changed = NULL;
  g_autoptr (JsonParser) parser = NULL, parser_changed = NULL;
  JsonObject *info, *as;

  xdf_write_two (path, "Cap", "Ear");
  keep_ear (path);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (CliRun) run = cli_run ("info", "--json", words[i], NULL);
      g_autoptr (JsonParser) own = NULL;

      cli_assert_code (run, 0);
      info = cli_parse_json (&own, run->out);
      as = get_opened_as (info);
      g_assert_cmpuint (cli_count_elements (info, "channels"), ==, 1);
      g_assert_cmpstr (json_object_get_string_member (info, "path"), ==, path);
      g_assert_cmpstr (json_object_get_string_member (as, "kind"), ==, "streams");
      g_assert_cmpstr (json_object_get_string_member (as, "from"), ==, "study");
      g_assert_cmpstr (json_object_get_string_member (as, "study"), ==, study);
      g_assert_cmpint (json_array_get_int_element (json_object_get_array_member (as, "streams"), 0),
                       ==, 2);
    }
  text = cli_run ("info", path, NULL);
  g_assert_nonnull (strstr (text->out, "“Ear” of 2 streams, as the study says"));
  told = cli_run ("info", "--json", "--stream", "Cap", "--stream", "Ear", path, NULL);
  cli_assert_code (told, 0);
  info = cli_parse_json (&parser, told->out);
  g_assert_cmpuint (cli_count_elements (info, "channels"), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (get_opened_as (info), "from"), ==, "options");

  xdf_write_two (path, "Cap", "Eye");
  changed = cli_run ("info", "--json", path, NULL);
  cli_assert_code (changed, 0);
  g_assert_nonnull (strstr (changed->err, "has changed"));
  g_assert_nonnull (strstr (changed->err, study));
  info = cli_parse_json (&parser_changed, changed->out);
  g_assert_null (get_opened_as (info));
  g_assert_cmpuint (cli_count_elements (info, "channels"), ==, 2);
  cli_remove_folder (folder);
}

/* A study whose recording is gone says so. */
static void
test_lost (void)
{
  g_autofree char *folder = cli_make_folder ();
  g_autofree char *path = g_build_filename (folder, "two.xdf", NULL);
  g_autofree char *study = g_build_filename (folder, "two.inion", NULL);
  g_autoptr (CliRun) run = NULL;

  xdf_write_two (path, "Cap", "Ear");
  keep_ear (path);
  g_assert_cmpint (g_unlink (path), ==, 0);
  run = cli_run ("info", study, NULL);
  cli_assert_fails (run, path);
  cli_remove_folder (folder);
}

/* Two hands: the first or the second signal swings in each trial. Nothing in the file says the rate,
 * what a column is, or that the last one holds events. */
static char *
write_trials (const char *folder,
              const char *name,
              guint32     seed)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GString) text = g_string_new ("A;B;C;D;M\n");
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);

  for (int i = 0; i < N_TRIALS * TRIAL; i++)
    {
      int hand = 1 + i / TRIAL % 2;
      /* 12.5 Hz: eight samples a swing. */
      int swing = (i % 8 < 4 ? 30 : -30);

      for (int k = 0; k < N_SIGNALS; k++)
        g_string_append_printf (text, "%d;", g_rand_int_range (random, -20, 20) +
                                             (k + 1 == hand ? swing : 0));
      g_string_append_printf (text, "%d\n", i % TRIAL < RATE / 2 ? 0 : hand);
    }
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  return path;
}

static InionChoice *
choose_columns (const char *path,
                guint       n_signals)
{
  static const char *const names[N_SIGNALS] = { "C3", "C4", "Cz", "Fz" };
  InionCsvGuess *table = inion_csv_guess (path, NULL);

  g_assert_nonnull (table);
  g_assert_cmpuint (table->columns->len, ==, N_SIGNALS + 1);
  for (guint k = 0; k <= N_SIGNALS; k++)
    {
      InionCsvColumn *column = table->columns->pdata[k];

      column->role = k < n_signals ? INION_CSV_SIGNAL
                     : k == N_SIGNALS ? INION_CSV_MARKER : INION_CSV_IGNORE;
      column->gain = 1;
      g_free (column->name);
      column->name = g_strdup (k < N_SIGNALS ? names[k] : "Hand");
      g_free (column->unit);
      column->unit = g_strdup (k < N_SIGNALS ? "uV" : "");
    }
  table->rate_hz = RATE;
  return inion_choice_new_table (table);
}

static char *
write_recipe (const char *folder)
{
  char *path = g_build_filename (folder, "recipe.json", NULL);

  g_assert_true (g_file_set_contents (
    path,
    "{ \"inion_recipe\": 1, \"name\": \"hands\","
    "  \"channels\": { \"kinds\": [\"EEG\"], \"only\": null, \"exclude_bad\": true },"
    "  \"reference\": \"as-recorded\","
    "  \"filter\": { \"band_hz\": [8, 30], \"design\": \"butterworth\", \"order\": 4,"
    "    \"phase\": \"causal\" },"
    "  \"notch_hz\": null, \"resample_hz\": null,"
    "  \"examples\": { \"from\": \"events\","
    "    \"classes\": { \"left\": [\"1\", \"Hand 1\"], \"right\": [\"2\", \"Hand 2\"] },"
    "    \"window_s\": [0.5, 2.5], \"baseline_s\": null },"
    "  \"reject\": { \"labels\": [\"artifact\"], \"peak_to_peak_uv\": null },"
    "  \"features\": [ { \"type\": \"csp\", \"components\": 2 } ],"
    "  \"classifier\": { \"type\": \"lda\", \"shrinkage\": \"auto\" },"
    "  \"validation\": { \"scheme\": \"leave-one-recording-out\", \"permutations\": 0 },"
    "  \"seed\": 1 }\n", -1, NULL));
  return path;
}

/* A result of recordings that need choices is had again with the same choices, and not with
 * others. The study of the first recording knows the second, as the window keeps it. */
static void
test_reproduce (void)
{
  g_autofree char *folder = cli_make_folder ();
  g_autofree char *a = write_trials (folder, "a.csv", 1);
  g_autofree char *b = write_trials (folder, "b.csv", 2);
  g_autofree char *study = g_build_filename (folder, "a.inion", NULL);
  g_autofree char *recipe = write_recipe (folder);
  g_autofree char *result = g_build_filename (folder, "result.json", NULL);
  g_autofree char *model = g_build_filename (folder, "model.json", NULL);
  g_autofree char *replay = g_strconcat ("replay:", a, "?speed=0", NULL);
  g_autoptr (InionChoice) first = choose_columns (a, N_SIGNALS);
  g_autoptr (InionChoice) second = choose_columns (b, N_SIGNALS);
  g_autoptr (InionChoice) fewer_a = choose_columns (a, N_SIGNALS - 1);
  g_autoptr (InionChoice) fewer_b = choose_columns (b, N_SIGNALS - 1);
  g_autoptr (CliRun) before = cli_run ("evaluate", recipe, a, b, NULL);
  g_autoptr (CliRun) evaluate = NULL, again = NULL, by_study = NULL, other = NULL, train = NULL;
  g_autoptr (CliRun) apply = NULL, live = NULL;

  cli_assert_fails (before, "--rate");
  keep (a, a, first);
  keep (a, b, second);
  evaluate = cli_run ("evaluate", recipe, a, b, "-o", result, NULL);
  cli_assert_code (evaluate, 0);
  g_assert_nonnull (strstr (evaluate->err, "a.csv: 16 examples"));
  g_assert_nonnull (strstr (evaluate->err, "b.csv: 16 examples"));
  g_assert_nonnull (strstr (evaluate->out, "Accuracy            1.000"));
  again = cli_run ("study", "reproduce", result, a, b, NULL);
  cli_assert_code (again, 0);
  by_study = cli_run ("study", "reproduce", result, study, b, NULL);
  cli_assert_code (by_study, 0);

  /* The same model on the file and on its replay, both opened as chosen. */
  train = cli_run ("train", recipe, a, b, "-o", model, NULL);
  cli_assert_code (train, 0);
  apply = cli_run ("apply", model, a, NULL);
  live = cli_run ("live", "--source", replay, "--model", model, NULL);
  cli_assert_code (apply, 0);
  cli_assert_code (live, 0);
  g_assert_cmpuint (cli_count_lines (live->out), ==, cli_count_lines (apply->out));

  keep (a, a, fewer_a);
  keep (a, b, fewer_b);
  other = cli_run ("study", "reproduce", result, a, b, NULL);
  cli_assert_fails (other, "not those of the result");
  cli_remove_folder (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/choices/info", test_info);
  g_test_add_func ("/cli/choices/lost", test_lost);
  g_test_add_func ("/cli/choices/reproduce", test_reproduce);
  return g_test_run ();
}
