/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every recording brings the marks and the bad channels of its own study, and keeps it as it is. */

#include "cli-runner.h"

#include "core/init.h"
#include "study/study.h"

typedef struct
{
  char *folder;
  char *recipe;
  char *a;       /* S007R04 */
  char *b;       /* S007R08 */
} Fixture;

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  fixture->folder = cli_make_folder ();
  fixture->recipe = cli_data ("recipes", "motor-imagery-causal.json");
  fixture->a = cli_copy_recording (fixture->folder, "S007R04.edf");
  fixture->b = cli_copy_recording (fixture->folder, "S007R08.edf");
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  cli_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->recipe);
  g_free (fixture->a);
  g_free (fixture->b);
}

static char *
sum_file (Fixture    *fixture,
          const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *bytes = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes, n);
}

/* The second recording's blink takes an example out, and the report says of which. */
static void
test_marks_of_all (Fixture      *fixture,
                   gconstpointer data)
{
  g_autofree char *table = g_build_filename (fixture->folder, "marks.csv", NULL);
  g_autoptr (CliRun) before = cli_run ("evaluate", fixture->recipe, fixture->a, fixture->b, NULL);
  g_autoptr (CliRun) import = NULL;
  g_autoptr (CliRun) after = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *sum_after = NULL;

  cli_assert_code (before, 0);
  g_assert_nonnull (strstr (before->err, "S007R08.edf: 15 examples, 0 rejected"));
  g_assert_null (strstr (before->out, "rejected-examples"));
  /* Windows of 0.5 to 3.5 s after events that are 8.2 s apart: one at least is touched. */
  g_assert_true (g_file_set_contents (table, "onset,duration,trial_type\n20,8.2,blink\n", -1, NULL));
  import = cli_run ("annotations", fixture->b, "--import", table, NULL);
  cli_assert_code (import, 0);
  sum = sum_file (fixture, "S007R08.inion");
  after = cli_run ("evaluate", fixture->recipe, fixture->a, fixture->b, NULL);
  cli_assert_code (after, 0);
  g_assert_nonnull (strstr (after->err, "S007R04.edf: 15 examples, 0 rejected"));
  g_assert_nonnull (strstr (after->err, "S007R08.edf: 14 examples, 1 rejected"));
  g_assert_nonnull (strstr (after->out, "[rejected-examples]"));
  g_assert_nonnull (strstr (after->out, "S007R04.edf 0 of 15, S007R08.edf 1 of 15"));
  sum_after = sum_file (fixture, "S007R08.inion");
  g_assert_cmpstr (sum, ==, sum_after);
  /* Two recordings, one study, one table: nothing was made beside the first. */
  g_assert_cmpuint (cli_count_files (fixture->folder), ==, 4);
}

/* A file and its replay rebuild the channels that the study says are bad, and agree to the last
 * bit. */
static void
test_bad_channels (Fixture      *fixture,
                   gconstpointer data)
{
  g_autofree char *model = g_build_filename (fixture->folder, "model.json", NULL);
  g_autofree char *replay = g_strconcat ("replay:", fixture->b, "?speed=0", NULL);
  g_autoptr (CliRun) train = cli_run ("train", fixture->recipe, fixture->a, fixture->b, "-o",
                                      model, NULL);
  g_autoptr (CliRun) whole = NULL;
  g_autoptr (CliRun) file = NULL;
  g_autoptr (CliRun) live = NULL;
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) expected = NULL;
  InionStudy *study;

  cli_assert_code (train, 0);
  whole = cli_run ("apply", model, fixture->b, NULL);
  study = inion_study_open_for_recording (fixture->b, NULL);
  inion_study_set_setting (study, "bad", "C3\nCz", "Mark bad channels");
  inion_study_close (study);
  g_object_unref (study);
  file = cli_run ("apply", model, fixture->b, NULL);
  live = cli_run ("live", "--source", replay, "--model", model, NULL);
  cli_assert_code (whole, 0);
  cli_assert_code (file, 0);
  cli_assert_code (live, 0);
  g_assert_cmpstr (whole->out, !=, file->out);
  lines = g_strsplit (live->out, "\n", -1);
  expected = g_strsplit (file->out, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, g_strv_length (expected));
  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      char *from = strchr (lines[i], ',') + 1;
      g_autofree char *middle = g_strndup (from, (gsize) (strrchr (lines[i], ',') - from));

      g_assert_cmpstr (middle, ==, expected[i]);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  inion_init ();
  g_test_add ("/cli/train/marks-of-all", Fixture, NULL, fixture_set_up, test_marks_of_all,
              fixture_tear_down);
  g_test_add ("/cli/train/bad-channels", Fixture, NULL, fixture_set_up, test_bad_channels,
              fixture_tear_down);
  return g_test_run ();
}
