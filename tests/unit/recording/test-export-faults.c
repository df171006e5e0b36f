/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disks that fail while a recording is exported: the n-th call that could, for n = 1, 2, 3 … until
 * none is left to fail; a disk that is full; a job that is cancelled at every step. What was there
 * before must be there after, nothing half-written may remain, and the message must name the file
 * and the reason.
 *
 * The calls are this program's own functions of the same names, which pass on to the real ones. */

#define _GNU_SOURCE

#include "core/error.h"
#include "core/output.h"
#include "recording/bids.h"

#include "export-tools.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

static int calls_left = -1; /* until the fault; negative: none */
static gboolean is_stuck;   /* all calls after it fail as well */
static gboolean has_failed;
static InionJob *to_cancel; /* instead of failing */
static const char *failed_call;

static gboolean
fail_now (const char *call)
{
  if (calls_left < 0)
    return FALSE;
  if (calls_left-- > 0)
    return FALSE;
  if (to_cancel != NULL)
    {
      inion_job_cancel (to_cancel);
      has_failed = TRUE;
      return FALSE;
    }
  if (is_stuck)
    calls_left = 0;
  has_failed = TRUE;
  failed_call = call;
  return TRUE;
}

#define REAL(name) ((__typeof__ (&name)) dlsym (RTLD_NEXT, #name))

static gboolean
is_file (int fd)
{
  struct stat st;

  return fd > 2 && fstat (fd, &st) == 0 && (S_ISREG (st.st_mode) || S_ISDIR (st.st_mode));
}

ssize_t
write (int         fd,
       const void *bytes,
       size_t      n)
{
  static ssize_t (*real) (int, const void *, size_t);

  if (real == NULL)
    real = REAL (write);
  /* A write that fails may have happened in part. */
  if (is_file (fd) && fail_now ("write"))
    {
      real (fd, bytes, n / 2);
      errno = ENOSPC;
      return -1;
    }
  return real (fd, bytes, n);
}

int
fsync (int fd)
{
  errno = EIO;
  return fail_now ("fsync") ? -1 : 0; /* the machine stays up: nothing has to reach the disk */
}

int
rename (const char *from,
        const char *to)
{
  errno = EIO;
  return fail_now ("rename") ? -1 : REAL (rename) (from, to);
}

int
link (const char *from,
      const char *to)
{
  errno = EPERM;
  return fail_now ("link") ? -1 : REAL (link) (from, to);
}

int
fchmod (int    fd,
        mode_t mode)
{
  errno = EPERM;
  return fail_now ("fchmod") ? -1 : REAL (fchmod) (fd, mode);
}

int
close (int fd)
{
  static int (*real) (int);
  gboolean file = calls_left >= 0 && is_file (fd) && (fcntl (fd, F_GETFL) & O_ACCMODE) == O_WRONLY;
  int result;

  if (real == NULL)
    real = REAL (close);
  result = real (fd);
  if (!file || !fail_now ("close"))
    return result;
  errno = EIO;
  return -1;
}

static InionMemoryRecording *
make_source (void)
{
  InionMemoryRecording *memory = tools_make_memory (256, 2, 256 * 60, 40);

  for (guint i = 0; i < 20; i++)
    inion_memory_recording_add_event (memory, i * 100000000, -1, "event");
  return memory;
}

static const char *const names[] = { "x.edf", "x.bdf", "x.vhdr", "x.csv" };

/* All files of a folder with their contents. */
static char *
describe (const char *folder)
{
  g_autofree char *list = tools_list (folder);
  g_auto (GStrv) each = g_strsplit (list, " ", -1);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; each[i] != NULL && *each[i] != '\0'; i++)
    {
      g_autofree char *path = g_build_filename (folder, each[i], NULL);
      g_autofree char *bytes = NULL;
      g_autofree char *sum = NULL;
      gsize n = 0;

      g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
      sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guint8 *) bytes, n);
      g_string_append_printf (text, "%s %s\n", each[i], sum);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
put_old (const char *folder,
         const char *name)
{
  static const char *const siblings[] = { "x.eeg", "x.vmrk", "x_events.tsv" };
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, "old", 3, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (siblings); i++)
    {
      g_autofree char *sibling = g_build_filename (folder, siblings[i], NULL);

      g_assert_true (g_file_set_contents (sibling, "older", 5, NULL));
    }
}

/* Writes with the n-th call failing. FALSE: there were not so many. */
static gboolean
check_fault (InionRecording *source,
             const char     *name,
             int             n,
             gboolean        old)
{
  char *folder = tools_make_folder ();
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (InionExport) export = inion_export_new (source);
  g_autoptr (GError) error = NULL;
  InionExportFormat format;
  gboolean good, failed;

  if (old)
    put_old (folder, name);
  before = describe (folder);
  g_assert_true (inion_export_format_from_path (path, &format, NULL));
  has_failed = FALSE;
  calls_left = n;
  good = inion_export_write (export, path, format, NULL, NULL, &error);
  calls_left = -1;
  failed = has_failed;
  after = describe (folder);
  if (!good)
    {
      g_assert_true (failed);
      g_assert_error (error, INION_ERROR, INION_ERROR_IO);
      g_assert_nonnull (strstr (error->message, "x"));
      g_assert_true (strstr (error->message, g_strerror (ENOSPC)) != NULL ||
                     strstr (error->message, g_strerror (EIO)) != NULL ||
                     strstr (error->message, g_strerror (EPERM)) != NULL);
      g_assert_cmpstr (before, ==, after);
      /* And once there is room, it works. */
      g_clear_error (&error);
      inion_export_write (export, path, format, NULL, NULL, &error);
      g_assert_no_error (error);
    }
  else if (failed)
    {
      g_assert_cmpstr (failed_call, ==, "link"); /* there is another way */
    }
  tools_remove_folder (folder);
  return failed;
}

static void
test_calls (void)
{
  g_autoptr (InionMemoryRecording) source = make_source ();

  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    for (guint old = 0; old < 2; old++)
      {
        int n = 0;

        while (check_fault (INION_RECORDING (source), names[k], n, old != 0))
          n++;
        g_test_message ("%s: %d calls failed, %s", names[k], n, old ? "over a file" : "new");
        g_assert_cmpint (n, >=, 5);
      }
}

/* The same for a data set: no file of it, and no folder, without all the others. */
static gboolean
check_set_fault (InionRecording *source,
                 const char     *names_text,
                 int             n,
                 gboolean        old)
{
  char *root = tools_make_folder ();
  g_autofree char *subject = g_build_filename (root, "sub-01", NULL);
  g_autofree char *eeg = g_build_filename (subject, "eeg", NULL);
  g_autofree char *participants = g_build_filename (root, "participants.tsv", NULL);
  g_autofree char *set = old ? g_strdup (root) : g_build_filename (root, "set", NULL);
  g_autofree char *before = NULL, *after = NULL, *before_eeg = NULL;
  g_autoptr (InionBidsNames) bids_names = inion_bids_names_parse (names_text, NULL);
  g_autoptr (InionExport) export = inion_export_new (source);
  g_autoptr (GPtrArray) notes = NULL;
  g_autoptr (GError) error = NULL;
  gboolean good, failed;

  if (old)
    {
      g_assert_true (g_file_set_contents (participants, "participant_id\tage\nsub-09\t7\n", -1, NULL));
      g_assert_cmpint (g_mkdir_with_parents (eeg, 0777), ==, 0);
      put_old (eeg, "sub-01_task-other_eeg.edf");
      before_eeg = describe (eeg);
    }
  before = tools_list (root);
  has_failed = FALSE;
  calls_left = n;
  good = inion_bids_write (export, source, set, bids_names, NULL, &notes, NULL, &error);
  calls_left = -1;
  failed = has_failed;
  if (!good)
    {
      g_assert_true (failed);
      g_assert_error (error, INION_ERROR, INION_ERROR_IO);
      after = tools_list (root);
      g_assert_cmpstr (before, ==, after);
      if (old)
        {
          g_autofree char *after_eeg = describe (eeg);
          g_autofree char *table = NULL;

          g_assert_cmpstr (before_eeg, ==, after_eeg);
          g_assert_true (g_file_get_contents (participants, &table, NULL, NULL));
          g_assert_cmpstr (table, ==, "participant_id\tage\nsub-09\t7\n");
        }
      g_clear_error (&error);
      inion_bids_write (export, source, set, bids_names, NULL, &notes, NULL, &error);
      g_assert_no_error (error);
    }
  else if (failed)
    {
      g_assert_cmpstr (failed_call, ==, "link");
    }
  tools_remove_folder (root);
  return failed;
}

static void
test_data_set (void)
{
  static const char *const texts[] = { "sub=01,task=rest,format=edf", "sub=01,task=rest" };
  g_autoptr (InionMemoryRecording) source = make_source ();

  for (gsize k = 0; k < G_N_ELEMENTS (texts); k++)
    for (guint old = 0; old < 2; old++)
      {
        int n = 0;

        while (check_set_fault (INION_RECORDING (source), texts[k], n, old != 0))
          n++;
        g_test_message ("%s: %d calls failed, %s", texts[k], n, old ? "into a data set" : "new");
        g_assert_cmpint (n, >=, 20);
      }
}

/* A disk on which nothing works any more from some call on: where even the old files cannot be put
 * back, the message says where they are, and they are there. */
static void
test_stuck (void)
{
  g_autoptr (InionMemoryRecording) source = make_source ();
  guint stranded = 0;

  is_stuck = TRUE;
  for (int n = 0, more = TRUE; more; n++)
    {
      char *folder = tools_make_folder ();
      g_autofree char *path = g_build_filename (folder, "x.vhdr", NULL);
      g_autofree char *before = NULL;
      g_autoptr (InionExport) export = inion_export_new (INION_RECORDING (source));
      g_autoptr (GError) error = NULL;
      gboolean good;

      put_old (folder, "x.vhdr");
      before = describe (folder);
      has_failed = FALSE;
      calls_left = n;
      good = inion_export_write (export, path, INION_EXPORT_BRAINVISION, NULL, NULL, &error);
      calls_left = -1;
      more = has_failed;
      g_assert_true (good == !has_failed);
      if (!good && strstr (error->message, "putting it back failed") != NULL)
        {
          g_assert_nonnull (strstr (error->message, ".inion-"));
          stranded++;
        }
      else if (!good)
        {
          g_autofree char *after = describe (folder);

          g_assert_cmpstr (before, ==, after);
        }
      tools_remove_folder (folder);
    }
  is_stuck = FALSE;
  g_test_message ("%u times the old files had to stay aside", stranded);
}

/* Cancelled before every call: nothing changes, or, if it was the last, it was done. */
static void
test_cancel (void)
{
  g_autoptr (InionMemoryRecording) source = make_source ();

  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    {
      guint cancelled = 0;

      for (int n = 0, more = TRUE; more; n++)
        {
          char *folder = tools_make_folder ();
          g_autofree char *path = g_build_filename (folder, names[k], NULL);
          g_autofree char *before = NULL, *after = NULL;
          g_autoptr (InionExport) export = inion_export_new (INION_RECORDING (source));
          g_autoptr (InionJob) job = inion_job_new ("Export", NULL, NULL, NULL, NULL);
          g_autoptr (GError) error = NULL;
          InionExportFormat format;

          put_old (folder, names[k]);
          before = describe (folder);
          g_assert_true (inion_export_format_from_path (path, &format, NULL));
          has_failed = FALSE;
          to_cancel = job;
          calls_left = n;
          if (!inion_export_write (export, path, format, job, NULL, &error))
            {
              g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
              calls_left = -1;
              after = describe (folder);
              g_assert_cmpstr (before, ==, after);
              cancelled++;
            }
          calls_left = -1;
          to_cancel = NULL;
          more = has_failed;
          tools_remove_folder (folder);
        }
      g_test_message ("%s: cancelled %u times", names[k], cancelled);
      g_assert_cmpuint (cancelled, >, 0);
    }
}

/* In a process of its own: a disk of 32 kB. */
static int
fill_disk (const char *folder)
{
  g_autoptr (InionMemoryRecording) source = make_source ();
  int full = 0;

  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    {
      g_autofree char *path = g_build_filename (folder, names[k], NULL);
      g_autofree char *before = NULL, *after = NULL;
      g_autoptr (InionExport) export = inion_export_new (INION_RECORDING (source));
      g_autoptr (GError) error = NULL;
      InionExportFormat format;

      put_old (folder, names[k]);
      before = describe (folder);
      inion_export_format_from_path (path, &format, NULL);
      if (inion_export_write (export, path, format, NULL, NULL, &error))
        return 2;
      after = describe (folder);
      full += strstr (error->message, g_strerror (ENOSPC)) != NULL && g_str_equal (before, after);
    }
  return full == G_N_ELEMENTS (names) ? 0 : 1;
}

static gboolean
write_map (const char *path,
           const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  gboolean good = fd >= 0 && write (fd, text, strlen (text)) == (ssize_t) strlen (text);

  if (fd >= 0)
    close (fd);
  return good;
}

/* Mounts a small disk that nobody else sees; as a user, in a namespace where one may. */
static gboolean
mount_small (const char *folder)
{
  g_autofree char *users = g_strdup_printf ("0 %u 1", (guint) getuid ());
  g_autofree char *groups = g_strdup_printf ("0 %u 1", (guint) getgid ());

  return unshare (CLONE_NEWUSER | CLONE_NEWNS) == 0 && write_map ("/proc/self/setgroups", "deny") &&
         write_map ("/proc/self/uid_map", users) && write_map ("/proc/self/gid_map", groups) &&
         mount ("none", folder, "tmpfs", 0, "size=32k") == 0;
}

static void
test_full_disk (void)
{
  char *folder = tools_make_folder ();
  int status = 0;
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      if (!mount_small (folder))
        _exit (77);
      _exit (fill_disk (folder));
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == 77)
    g_test_skip ("no small disk can be mounted here");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  tools_remove_folder (folder);
}

/* A file that is replaced keeps its mode; one that is new gets what the user's mask leaves; a
 * symbolic link goes on pointing to it. */
static void
test_modes (void)
{
  char *folder = tools_make_folder ();
  g_autofree char *target = g_build_filename (folder, "target", NULL);
  g_autofree char *link_path = g_build_filename (folder, "link", NULL);
  g_autofree char *fresh = g_build_filename (folder, "fresh", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  mode_t mask = umask (027);
  struct stat st;

  g_assert_true (g_file_set_contents (target, "old", 3, NULL));
  g_assert_cmpint (g_chmod (target, 0604), ==, 0);
  g_assert_cmpint (symlink ("target", link_path), ==, 0);
  g_assert_true (inion_output_write_file (link_path, "new", 3, &error));
  g_assert_true (inion_output_write_file (fresh, "new", 3, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (link_path, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (g_file_get_contents (target, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "new");
  g_assert_cmpint (stat (target, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0604);
  g_assert_cmpint (stat (fresh, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0640);
  umask (mask);
  tools_remove_folder (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/export-faults/full-disk", test_full_disk);
  g_test_add_func ("/recording/export-faults/calls", test_calls);
  g_test_add_func ("/recording/export-faults/data-set", test_data_set);
  g_test_add_func ("/recording/export-faults/stuck", test_stuck);
  g_test_add_func ("/recording/export-faults/cancel", test_cancel);
  g_test_add_func ("/recording/export-faults/modes", test_modes);
  return g_test_run ();
}
