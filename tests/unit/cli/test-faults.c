/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever inion-cli writes, on a disk that is full, and with every call failing once that changes
 * a disk: what was there before is there bit for bit, nothing half-written stays, the exit status is
 * 1, and one line names the file, the reason, and that nothing was changed. */

#include "cli-runner.h"

#define REASON "No space left on device"

/* What is written: {in} is the recording, {out} the folder. */
typedef struct
{
  const char *name;
  const char *source;
  const char *words;
  const char *old; /* what stands there before, blanks between */
  const char *told; /* the file that the message names: its beginning */
} Target;

static const Target targets[] = {
  { "edf", "small.edf", "convert {in} {out}/x.edf --force", "x.edf", "x.edf" },
  { "edf-gaps", "gaps.edf", "convert {in} {out}/x.edf --force", "x.edf", "x.edf" },
  { "bdf", "small.edf", "convert {in} {out}/x.bdf --force", "x.bdf", "x.bdf" },
  { "brainvision", "small.edf", "convert {in} {out}/x.vhdr --force", "x.vhdr x.eeg x.vmrk", "x." },
  { "csv", "small.edf", "convert {in} {out}/x.csv --force", "x.csv x_events.tsv", "x" },
  { "bids", "small.edf", "convert {in} {out} --bids sub=01,task=rest,format=edf", "participants.tsv",
    "" },
  { "bids-brainvision", "small.edf", "convert {in} {out}/new --bids sub=01,task=rest", "", "" },
  { "derived", "small.edf", "convert {in} {out}/x.bdf --force --filter 1-40", "x.bdf", "" },
  { "anonymous", "small.edf", "convert {in} {out}/x.edf --force --anonymise", "x.edf", "x.edf" },
  { "repaired", "faulty.edf", "convert {in} {out}/x.edf --force", "x.edf", "x.edf" },
  { "marks-tsv", "small.edf", "annotations {in} -o {out}/x.tsv", "x.tsv", "x.tsv" },
  { "marks-csv", "small.edf", "annotations {in} --format csv -o {out}/x.csv", "x.csv", "x.csv" },
  { "marks-json", "small.edf", "annotations {in} --format json -o {out}/x.json", "x.json", "x.json" },
  { "marks-bids", "small.edf", "annotations {in} --format bids -o {out}/x_events.tsv",
    "x_events.tsv x_events.json", "x_events" },
};

typedef struct
{
  char *folder;
} Fixture;

static void
make_source (Fixture    *fixture,
             const char *name,
             gsize       cut,
             gboolean    gaps)
{
  g_autofree char *small = g_build_filename (fixture->folder, "small.edf", NULL);
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *bytes = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (small, &bytes, &n, NULL));
  if (gaps)
    {
      char *last = NULL;

      /* The last record a minute later: "+9" becomes "+69" where there is room behind. */
      memcpy (bytes + 192, "EDF+D", 5);
      for (gsize i = 256; i + 4 < n; i++)
        if (memcmp (bytes + i, "+9\x14\x14", 4) == 0)
          last = bytes + i;
      g_assert_nonnull (last);
      g_assert_cmpint (bytes[n - 1], ==, 0);
      memmove (last + 3, last + 2, n - 3 - (gsize) (last - bytes));
      memcpy (last, "+69", 3);
    }
  g_assert_true (g_file_set_contents (path, bytes, (gssize) (n - cut), NULL));
}

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *recording = cli_data ("recordings", "S007R04.edf");
  g_autofree char *small = NULL;
  g_autofree char *cache = NULL;
  g_autoptr (CliRun) run = NULL;

  fixture->folder = cli_make_folder ();
  small = g_build_filename (fixture->folder, "small.edf", NULL);
  run = cli_run ("convert", recording, small, "--channels", "C3,C4", "--to", "10", "--marks", "file",
                 NULL);
  cli_assert_code (run, 0);
  cache = g_build_filename (fixture->folder, "cache", "inion", NULL);
  g_assert_cmpint (g_mkdir_with_parents (cache, 0700), ==, 0);
  make_source (fixture, "gaps.edf", 0, TRUE);
  make_source (fixture, "faulty.edf", 50, FALSE);
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  cli_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static char *
fill_in (const Fixture *fixture,
         const Target  *target,
         const char    *out)
{
  g_autofree char *in = g_build_filename (fixture->folder, target->source, NULL);
  g_autoptr (GString) words = g_string_new (target->words);

  g_string_replace (words, "{in}", in, 0);
  g_string_replace (words, "{out}", out, 0);
  return g_string_free (g_steal_pointer (&words), FALSE);
}

/* All files and folders with their sums; hidden ones too. */
#define DESCRIBE "find . -mindepth 1 ! -name filler | LC_ALL=C sort; " \
                 "find . -type f ! -name filler -exec sha256sum {} + | LC_ALL=C sort"

/* What stands in the target's folder before. */
static char *
make_old (const Target *target)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_auto (GStrv) names = g_strsplit (target->old, " ", -1);

  for (guint i = 0; names[i] != NULL && *names[i] != '\0'; i++)
    g_string_append_printf (line, "printf 'participant_id\\nold %u\\n' > %s; ", i, names[i]);
  return g_string_free (g_steal_pointer (&line), FALSE);
}

static void
check_message (const Target *target,
               const CliRun *run,
               const char   *reason)
{
  const char *line = strstr (run->err, "inion-cli: ");
  g_autofree char *told = g_strconcat ("/", target->told, NULL);

  if (line == NULL)
    g_error ("%s: no message: %s", target->name, run->err);
  if (reason != NULL && strstr (line, reason) == NULL)
    g_error ("%s: the reason is not in: %s", target->name, line);
  if (strstr (line, told) == NULL && strstr (line, "temporary file") == NULL)
    g_error ("%s: the file is not in: %s", target->name, line);
  if (strstr (line, "Nothing was changed.") == NULL && strstr (line, "temporary file") == NULL &&
      strstr (line, "make the folder") == NULL)
    g_error ("%s: what was kept is not in: %s", target->name, line);
}

/* A disk of its own that has a few kilobytes left: room for a part of the samples, none for marks. */
static void
test_full_disk (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (CliRun) may =
    cli_run_shell ("unshare -rm sh -c 'mount -t tmpfs -o size=64k none %s'", fixture->folder);
  g_autofree char *disk = g_build_filename (fixture->folder, "disk", NULL);

  if (may->code != 0)
    {
      g_test_skip ("no small disk can be mounted here");
      return;
    }
  g_assert_cmpint (g_mkdir (disk, 0777), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    for (guint room = 0; room < 2; room++)
      {
        const Target *target = &targets[i];
        g_autofree char *words = fill_in (fixture, target, disk);
        g_autofree char *old = make_old (target);
        g_autoptr (CliRun) run = NULL;

        if (room > 0 && (g_str_has_prefix (target->name, "marks") || strstr (target->name, "bids")))
          continue; /* they have room enough in that */
        run = cli_run_shell (
          "unshare -rm sh -c \"mount -t tmpfs -o size=64k none %s && cd %s && %s "
          "head -c 1M /dev/zero > filler 2>/dev/null; truncate -s -%uk filler; %s > ../before; "
          "$INION_CLI %s >/dev/null; code=\\$?; %s > ../after; exit \\$code\"",
          disk, disk, old, room * 4, DESCRIBE, words, DESCRIBE);
        if (run->code != 1)
          g_error ("%s: exit status %d: %s", target->name, run->code, run->err);
        check_message (target, run, REASON);
        {
          g_autoptr (CliRun) same = cli_run_shell ("cd %s && cmp before after", fixture->folder);

          if (same->code != 0)
            g_error ("%s: something was changed: %s", target->name, same->out);
        }
      }
}

/* All files and folders below one, with their sums; hidden ones too. */
static void
describe (const char *folder,
          GPtrArray  *lines)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *bytes = NULL;
      g_autofree char *sum = NULL;
      gsize n = 0;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        {
          g_ptr_array_add (lines, g_strdup (path));
          describe (path, lines);
          continue;
        }
      g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
      sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *) bytes, n);
      g_ptr_array_add (lines, g_strconcat (path, " ", sum, NULL));
    }
}

static int
compare_lines (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static char *
dup_description (const char *folder)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  describe (folder, lines);
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

/* One target with every call failing once. Returns how many there were. */
static guint
fail_all (Fixture      *fixture,
          const Target *target,
          gboolean      with_old)
{
  g_autofree char *out = g_build_filename (fixture->folder, "out", NULL);
  g_autofree char *words = fill_in (fixture, target, out);
  g_autofree char *report = g_build_filename (fixture->folder, "report", NULL);
  g_auto (GStrv) old = g_strsplit (with_old ? target->old : "", " ", -1);

  for (guint n = 0;; n++)
    {
      g_autoptr (CliRun) run = NULL;
      g_autofree char *call = NULL, *before = NULL, *after = NULL;

      g_unlink (report);
      if (n > 0)
        cli_remove_folder (out);
      g_assert_cmpint (g_mkdir (out, 0777), ==, 0);
      for (guint i = 0; old[i] != NULL && *old[i] != '\0'; i++)
        {
          g_autofree char *path = g_build_filename (out, old[i], NULL);

          g_assert_true (g_file_set_contents (path, "participant_id\nold\n", -1, NULL));
        }
      before = dup_description (out);
      run = cli_run_shell ("XDG_CACHE_HOME=%s/cache INION_FAIL_CALL=%u INION_FAIL_REPORT=%s LD_PRELOAD=%s "
                           "exec $INION_CLI %s", fixture->folder, n, report,
                           g_getenv ("INION_FAIL_CALLS"), words);
      if (!g_file_get_contents (report, &call, NULL, NULL))
        {
          cli_assert_code (run, 0); /* there are not so many */
          cli_remove_folder (out);
          return n;
        }
      if (run->code == 0 && (g_str_equal (call, "link") || g_str_equal (call, "mkdir")))
        continue; /* there is another way */
      if (run->code != 1)
        g_error ("%s, call %u (%s): exit status %d: %s", target->name, n, call, run->code, run->err);
      check_message (target, run, NULL);
      after = dup_description (out);
      if (!g_str_equal (before, after))
        g_error ("%s, call %u (%s): something was changed: %s\n%s\n%s", target->name, n, call,
                 run->err, before, after);
    }
}

static void
test_calls (Fixture      *fixture,
            gconstpointer data)
{
  const Target *target = data;

  if (g_getenv ("INION_FAIL_CALLS") == NULL)
    {
      g_test_skip ("nothing can be loaded before the sanitizers of this build");
      return;
    }
  for (guint old = g_str_has_prefix (target->name, "marks"); old <= (*target->old != '\0'); old++)
    {
      guint n = fail_all (fixture, target, old != 0);

      g_test_message ("%s: %u calls failed, %s", target->name, n, old ? "over a file" : "new");
      g_assert_cmpuint (n, >=, 4);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/cli/faults/full-disk", Fixture, NULL, fixture_set_up, test_full_disk,
              fixture_tear_down);
  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autofree char *name = g_strconcat ("/cli/faults/calls/", targets[i].name, NULL);

      g_test_add (name, Fixture, &targets[i], fixture_set_up, test_calls, fixture_tear_down);
    }
  return g_test_run ();
}
