/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Neither the language of the desktop nor its time zone changes a byte of what inion-cli reads and
 * writes: not with a decimal comma (German), not with letters that fold otherwise (Turkish), not
 * where noon is at another time. The languages are compiled here, for few machines have them. */

#include "cli-runner.h"

/* What is done in a folder of its own that holds a.edf and b.edf; all that is printed and written there is
 * compared. Studies and models are databases with times and keys of their own: of them, what is
 * printed. */
static const char *const lines[] = {
  "$INION_CLI info a.edf",
  "$INION_CLI info --json a.edf",
  "$INION_CLI read --from 1.5 --to 2.5 a.edf",
  "$INION_CLI read --json --channels Cz --from 1.5 --to 2.5 a.edf",
  "$INION_CLI check a.edf",
  "$INION_CLI check --json a.edf",
  "printf 'onset\\tduration\\ttrial_type\\n1.25\\t0.5\\tIıİi 1,5 ä\\n' > marks.tsv",
  "$INION_CLI annotations --import marks.tsv a.edf",
  "$INION_CLI annotations a.edf",
  "$INION_CLI annotations --format csv a.edf",
  "$INION_CLI annotations --format json a.edf",
  "$INION_CLI convert a.edf copy.edf --to 10.5",
  "$INION_CLI convert a.edf copy.bdf --to 10.5",
  "$INION_CLI convert a.edf copy.vhdr --to 10.5",
  "$INION_CLI convert a.edf copy.csv --to 2.5",
  "$INION_CLI convert a.edf other.edf --to 10.5 --filter 1.5-40 --resample 100.5",
  "$INION_CLI convert a.edf secret.edf --to 10.5 --anonymise --report report.json",
  "$INION_CLI read copy.bdf --to 0.5",
  "$INION_CLI read copy.vhdr --to 0.5",
  "$INION_CLI read copy.csv --to 0.5",
  "$INION_CLI info --json copy.csv",
  "$INION_CLI convert a.edf set --bids sub=01,task=rest,line=50 --to 10.5",
  "$INION_CLI convert a.edf set --bids sub=02,task=rest,format=vhdr --to 2.5",
  "$INION_CLI info --json set/sub-02/eeg/sub-02_task-rest_eeg.vhdr",
  "$INION_CLI annotations copy.vhdr",
  "$INION_CLI filter --channels Cz --low 1.5 --high 30.5 --to 1.5 a.edf",
  "$INION_CLI psd --channels Cz a.edf",
  "$INION_CLI psd --json --channels Cz a.edf",
  "$INION_CLI marker --json a.edf",
  "$INION_CLI clean --json a.edf",
  "$INION_CLI network --json a.edf",
  "$INION_CLI network --channels C3,Cz,C4 --from 1.5 --to 20.5 a.edf",
  "$INION_CLI evaluate $INION_DATA/recipes/motor-imagery-causal.json a.edf b.edf",
  "$INION_CLI evaluate --json $INION_DATA/recipes/motor-imagery.json a.edf b.edf",
  "$INION_CLI train $INION_DATA/recipes/motor-imagery.json a.edf b.edf -o model.json > /dev/null",
  "$INION_CLI apply model.json b.edf",
  "$INION_CLI apply --json model.json b.edf",
};

static char *languages;

static void
set_environment (GSubprocessLauncher *launcher,
                 const char          *language,
                 const char          *zone)
{
  g_subprocess_launcher_setenv (launcher, "LC_ALL", language, TRUE);
  g_subprocess_launcher_unsetenv (launcher, "LANGUAGE");
  if (languages != NULL)
    g_subprocess_launcher_setenv (launcher, "LOCPATH", languages, TRUE);
  if (zone != NULL)
    g_subprocess_launcher_setenv (launcher, "TZ", zone, TRUE);
  else
    g_subprocess_launcher_unsetenv (launcher, "TZ");
}

/* Whether a terminal in this language can show all letters; where not, messages to people, which go
 * to stderr, have others in their place. */
static gboolean
has_letters (const char *language)
{
  return g_str_has_suffix (language, ".UTF-8");
}

/* Adds a text to the report, and the line that it comes from. */
static void
run_line (const char       *folder,
          GSubprocessFlags  flags,
          const char       *language,
          const char       *zone,
          const char       *line,
          GString          *report)
{
  g_autoptr (GSubprocessLauncher) launcher
    = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | flags);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GBytes) out = NULL;
  GError *error = NULL;
  const char *text;
  gsize n;

  g_subprocess_launcher_set_cwd (launcher, folder);
  set_environment (launcher, language, zone);
  process = g_subprocess_launcher_spawn (launcher, &error, "/bin/sh", "-c", line, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate (process, NULL, NULL, &out, NULL, &error);
  g_assert_no_error (error);
  text = g_bytes_get_data (out, &n);
  if (!g_subprocess_get_successful (process))
    g_error ("%s, %s: “%s” failed: %.*s", language, zone != NULL ? zone : "-", line, (int) n, text);
  g_string_append_printf (report, "== %s\n", line);
  g_string_append_len (report, text, (gssize) n);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* A checksum of each file of a folder and those below, in the order of their names. */
static void
sum_files (const char *folder,
           const char *shown,
           GString    *report)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
      g_autofree char *place = g_build_filename (shown, names->pdata[i], NULL);
      g_autofree char *bytes = NULL;
      g_autofree char *sum = NULL;
      gsize n;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        {
          sum_files (path, place, report);
          continue;
        }
      /* Databases have times and keys of their own, a model says when it was made. */
      if (g_str_has_suffix (path, ".inion") || g_str_has_suffix (path, "model.json"))
        continue;
      g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
      sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes, n);
      g_string_append_printf (report, "== %s: %s\n", place, sum);
    }
}

/* What all lines print, and a checksum of each file that they write. The folder is the same for all,
 * for notes tell where files are, and its name is among what must not be in copies; it is emptied. */
static char *
run_all (const char       *folder,
         GSubprocessFlags  flags,
         const char       *language,
         const char       *zone)
{
  g_autofree char *sample = cli_copy_recording (folder, "S007R04.edf");
  g_autofree char *other = cli_copy_recording (folder, "S007R08.edf");
  g_autofree char *a = g_build_filename (folder, "a.edf", NULL);
  g_autofree char *b = g_build_filename (folder, "b.edf", NULL);
  g_autoptr (GString) report = g_string_new (NULL);

  g_assert_cmpint (g_rename (sample, a), ==, 0);
  g_assert_cmpint (g_rename (other, b), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    run_line (folder, flags, language, zone, lines[i], report);
  sum_files (folder, "", report);
  cli_remove_folder (folder);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  return g_string_free (g_steal_pointer (&report), FALSE);
}

/* Tells the first line that is not the same. */
static void
assert_same (const char *expected,
             const char *text,
             const char *language,
             const char *zone)
{
  g_auto (GStrv) a = NULL;
  g_auto (GStrv) b = NULL;
  guint i = 0;

  if (g_str_equal (expected, text))
    return;
  a = g_strsplit (expected, "\n", -1);
  b = g_strsplit (text, "\n", -1);
  while (a[i] != NULL && b[i] != NULL && g_str_equal (a[i], b[i]))
    i++;
  g_error ("%s, %s: “%s” instead of “%s”", language, zone != NULL ? zone : "-",
           b[i] != NULL ? b[i] : "nothing", a[i] != NULL ? a[i] : "nothing");
}

/* Compiles a language; FALSE: this machine has not what is needed. */
static gboolean
make_language (const char *name)
{
  g_autoptr (GString) folder = g_string_new (NULL);
  g_autoptr (CliRun) run = NULL;

  g_string_append_printf (folder, "%s/%s.UTF-8", languages, name);
  run = cli_run_shell ("PATH=$PATH:/usr/sbin localedef -i %s -f UTF-8 '%s'", name, folder->str);
  return run->code == 0;
}

static void
test_same (gconstpointer data)
{
  const char *const *how = data;
  g_autofree char *expected = NULL;
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;
  g_autofree char *folder = NULL;
  GSubprocessFlags flags = has_letters (how[0]) ? G_SUBPROCESS_FLAGS_STDERR_MERGE
                                                : G_SUBPROCESS_FLAGS_STDERR_SILENCE;

  if (!g_str_has_prefix (how[0], "C"))
    {
      name = g_strndup (how[0], strcspn (how[0], "."));
      if (!make_language (name))
        {
          g_test_skip ("localedef cannot compile this language here; the package locales has it");
          return;
        }
    }
  folder = cli_make_folder ();
  expected = run_all (folder, flags, "C.UTF-8", NULL);
  text = run_all (folder, flags, how[0], how[1]);
  cli_remove_folder (folder);
  assert_same (expected, text, how[0], how[1]);
}

int
main (int   argc,
      char *argv[])
{
  static const char *const german[] = { "de_DE.UTF-8", NULL };
  static const char *const turkish[] = { "tr_TR.UTF-8", "Asia/Kolkata" };
  static const char *const plain[] = { "C", NULL };
  static const char *const india[] = { "C.UTF-8", "Asia/Kolkata" };
  static const char *const summer[] = { "de_DE.UTF-8", "Europe/Berlin" };
  int status;

  g_test_init (&argc, &argv, NULL);
  languages = cli_make_folder ();
  g_test_add_data_func ("/cli/locale/german", german, test_same);
  g_test_add_data_func ("/cli/locale/turkish", turkish, test_same);
  g_test_add_data_func ("/cli/locale/plain", plain, test_same);
  g_test_add_data_func ("/cli/locale/india", india, test_same);
  g_test_add_data_func ("/cli/locale/german-time", summer, test_same);
  status = g_test_run ();
  cli_remove_folder (languages);
  g_free (languages);
  return status;
}
