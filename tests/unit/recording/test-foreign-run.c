/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A helper does what a file made to do harm could make it do; nothing comes of it but a message. */

#include "core/error.h"
#include "recording/foreign/foreign-recording.h"
#include "recording/foreign/foreign-run.h"
#include "recording/recording.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  InionForeignRequest request;
  char *program;
  char *path;
} Fixture;

static void
fixture_init (Fixture    *fixture,
              const char *deed)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *other = NULL;
  int fd;

  fixture->program = g_test_build_filename (G_TEST_BUILT, "unit", "recording", "foreign-deeds", NULL);
  fd = g_file_open_tmp ("inion-deed-XXXXXX", &fixture->path, &error);
  g_assert_no_error (error);
  close (fd);
  g_assert_true (g_file_set_contents (fixture->path, deed, -1, NULL));
  inion_foreign_request_init (&fixture->request, 100);
  fixture->request.program = fixture->program;
  fixture->request.name = "deed.set";
  fixture->request.input = open (fixture->path, O_RDONLY | O_CLOEXEC);
  fd = g_file_open_tmp ("inion-samples-XXXXXX", &other, &error);
  g_assert_no_error (error);
  g_unlink (other);
  fixture->request.samples = fd;
}

static void
fixture_clear (Fixture *fixture)
{
  close (fixture->request.input);
  close (fixture->request.samples);
  g_unlink (fixture->path);
  g_free (fixture->path);
  g_free (fixture->program);
}

/* Runs a deed that must end in an error, and tells it. */
static char *
run_deed (Fixture *fixture,
          int      code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionForeignResult) result = inion_foreign_run (&fixture->request, &error);

  g_assert_null (result);
  g_assert_error (error, INION_ERROR, code);
  g_assert_nonnull (strstr (error->message, "“deed.set”"));
  return g_strdup (error->message);
}

static void
check_deed (const char *deed,
            int         code,
            const char *words)
{
  Fixture fixture;
  g_autofree char *message = NULL;

  fixture_init (&fixture, deed);
  message = run_deed (&fixture, code);
  g_test_message ("%s: %s", deed, message);
  g_assert_nonnull (strstr (message, words));
  fixture_clear (&fixture);
}

static void
test_killed (void)
{
  static const char *const deeds[] = {
    "socket", "socket-unix", "socketpair", "connect", "bind", "sendmsg", "execve", "execveat",
    "clone", "clone3", "ptrace", "kill-parent", "kill-all", "tgkill-parent", "tkill", "pidfd-open",
    "process-vm-readv", "process-vm-writev", "unlinkat", "renameat2", "mkdirat", "symlinkat",
    "linkat", "fchmodat", "fchmod", "truncate", "ftruncate", "fallocate", "mount", "chdir",
    "chroot", "setuid", "setrlimit", "prctl-dumpable", "seccomp", "unshare", "setns", "bpf",
    "perf-event-open", "io-uring-setup", "userfaultfd", "memfd-create", "shmget", "keyctl",
    "reboot", "inotify-init", "personality", "setpriority", "mmap-exec", "mprotect-exec",
    "unknown-call",
#ifdef __x86_64__
    "fork", "vfork", "unlink", "rename", "creat", "x32-open",
#endif
  };

  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    check_deed (deeds[i], INION_ERROR_FORMAT, "does not need");
}

static void
test_refused (void)
{
  static const char *const deeds[] = {
    "openat", "openat-create", "openat2", "statx", "fstatat-name", "readlinkat", "fcntl-dup",
    "ioctl", "prlimit",
#ifdef __x86_64__
    "open", "stat", "access",
#endif
  };

  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    check_deed (deeds[i], INION_ERROR_FORMAT, "is not permitted");
}

static void
test_alone (void)
{
  int open_by_mistake = open ("/dev/null", O_RDONLY); /* no O_CLOEXEC */
  int high = dup2 (open_by_mistake, 200);

  g_setenv ("INION_DEED", "secret", TRUE);
  check_deed ("alone", INION_ERROR_FORMAT, "is alone");
  g_unsetenv ("INION_DEED");
  close (open_by_mistake);
  close (high);
}

static void
test_endings (void)
{
  check_deed ("crash", INION_ERROR_FORMAT, "crash");
  check_deed ("abort", INION_ERROR_FORMAT, "crash");
  check_deed ("nothing", INION_ERROR_FORMAT, "makes no sense");
  check_deed ("garbage", INION_ERROR_FORMAT, "makes no sense");
  check_deed ("cut", INION_ERROR_FORMAT, "makes no sense");
  check_deed ("status", INION_ERROR_FAILED, "status 77");
  check_deed ("memory", INION_ERROR_TOO_LARGE, "2048 MiB of memory");
}

static void
test_hang (void)
{
  Fixture fixture;
  g_autofree char *slow = NULL;
  g_autofree char *busy = NULL;
  gint64 start;

  fixture_init (&fixture, "hang");
  fixture.request.timeout_ms = 300;
  start = g_get_monotonic_time ();
  slow = run_deed (&fixture, INION_ERROR_TOO_LARGE);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 3 * G_USEC_PER_SEC);
  g_assert_nonnull (strstr (slow, "did not finish within 0.3 s"));
  fixture.request.timeout_ms = 60000;
  fixture.request.cpu_seconds = 1;
  busy = run_deed (&fixture, INION_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (busy, "computing for 1 s"));
  fixture_clear (&fixture);
}

static void
test_fill (void)
{
  Fixture fixture;
  g_autofree char *message = NULL;

  fixture_init (&fixture, "fill");
  fixture.request.file_bytes = 1 << 20;
  message = run_deed (&fixture, INION_ERROR_IO);
  g_assert_nonnull (strstr (message, "1 MiB"));
  g_assert_cmpint (lseek (fixture.request.samples, 0, SEEK_END), <=, 1 << 20);
  fixture_clear (&fixture);
}

static gpointer
run_in_job (InionJob  *job,
            gpointer   data,
            GError   **error)
{
  InionForeignRequest *request = data;

  request->job = job;
  return inion_foreign_run (request, error);
}

static gpointer
cancel_soon (gpointer job)
{
  g_usleep (50000);
  inion_job_cancel (job);
  return NULL;
}

static void
test_cancel (void)
{
  Fixture fixture;
  g_autoptr (InionJob) job = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread;
  gint64 start = g_get_monotonic_time ();

  fixture_init (&fixture, "hang");
  job = inion_job_new ("Reading", run_in_job, &fixture.request, NULL, NULL);
  thread = g_thread_new ("cancel", cancel_soon, job);
  g_assert_null (inion_job_run (job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
  g_thread_join (thread);
  fixture_clear (&fixture);
}

static void
test_good (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  g_autoptr (InionForeignResult) result = NULL;
  g_autoptr (InionRecording) recording = NULL;
  double values[10];

  fixture_init (&fixture, "good");
  result = inion_foreign_run (&fixture.request, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (result->channels->len, ==, 1);
  recording = inion_foreign_recording_new (result, fixture.path, dup (fixture.request.input),
                                           dup (fixture.request.samples), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (inion_recording_get_format (recording), ==, "Deeds (compatibility reader)");
  g_assert_true (inion_recording_read (recording, 0, 0, 10, values, &error));
  for (guint i = 0; i < 10; i++)
    g_assert_cmpfloat (values[i], ==, i);
  fixture_clear (&fixture);
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* The middle one of many, so that a busy machine does not decide. */
static void
test_start_up (void)
{
  Fixture fixture;
  gint64 times[21];

  fixture_init (&fixture, "nothing");
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr (InionForeignResult) result = inion_foreign_run (&fixture.request, NULL);

      g_assert_null (result);
      times[i] = g_get_monotonic_time () - start;
    }
  qsort (times, G_N_ELEMENTS (times), sizeof *times, compare_times);
  g_test_message ("starting, locking in and ending: %.2f ms", (double) times[10] / 1000);
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpint (times[10], <, 5000);
#endif
  fixture_clear (&fixture);
}

static void
test_missing (void)
{
  g_autofree char *folder = g_strdup (g_getenv ("INION_FOREIGN_DIR"));
  g_autoptr (GError) error = NULL;
  Fixture fixture;
  g_autofree char *program = NULL;
  int samples;

  fixture_init (&fixture, "good");
  g_setenv ("INION_FOREIGN_DIR", "/nowhere", TRUE);
  g_assert_null (inion_foreign_read ("inion-foreign", "x.set", fixture.request.input, &samples,
                                     NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "Install Inion again"));
  g_assert_false (inion_recording_is_foreign_available ());
  g_clear_error (&error);
  if (folder != NULL)
    g_setenv ("INION_FOREIGN_DIR", folder, TRUE);
  else
    g_unsetenv ("INION_FOREIGN_DIR");
  fixture.request.program = "/nowhere/inion-foreign";
  g_assert_null (inion_foreign_run (&fixture.request, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_IO);
  fixture_clear (&fixture);
}

/* The same file through our reader and through libbiosig. */
static void
test_compatible (void)
{
  const char *data = g_getenv ("INION_DATA");
  g_autofree char *path = g_build_filename (data != NULL ? data : "", "recordings", "S007R04.edf",
                                            NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) ours = NULL;
  g_autoptr (InionRecording) theirs = NULL;
  double a[1000], b[1000];

  if (!inion_recording_is_foreign_available ())
    {
      g_test_skip ("this build has no compatibility reader");
      return;
    }
  ours = inion_recording_open (path, &error);
  g_assert_no_error (error);
  theirs = inion_recording_open_foreign (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (inion_recording_get_format (theirs), ==, "EDF (compatibility reader)");
  g_assert_cmpuint (inion_recording_get_n_channels (theirs), >=, inion_recording_get_n_channels (ours));
  for (guint i = 0; i < inion_recording_get_n_channels (ours); i++)
    {
      g_assert_true (inion_recording_read (ours, i, 5000, 1000, a, NULL));
      g_assert_true (inion_recording_read (theirs, i, 5000, 1000, b, NULL));
      for (guint k = 0; k < 1000; k++)
        g_assert_cmpfloat_with_epsilon (a[k], b[k], 1e-9);
    }
}

/* The other reader is offered for what Inion does not read, not for what is damaged. */
static void
test_offer (void)
{
  g_autofree char *folder = g_dir_make_tmp ("inion-offer-XXXXXX", NULL);
  g_autofree char *damaged = g_build_filename (folder, "damaged.edf", NULL);
  g_autofree char *unknown = g_build_filename (folder, "unknown.xyz", NULL);
  g_autoptr (GError) refused = NULL;
  g_autoptr (GError) missing = NULL;

  g_assert_true (g_file_set_contents (damaged, "0       a header that ends here", -1, NULL));
  g_assert_true (g_file_set_contents (unknown, "\1\2\3 nothing that anybody would know", -1, NULL));
  g_assert_true (inion_recording_is_known (damaged));
  g_assert_null (inion_recording_open (damaged, &refused));
  g_assert_false (inion_recording_may_be_foreign (damaged, refused));
  g_clear_error (&refused);
  g_assert_false (inion_recording_is_known (unknown));
  g_assert_null (inion_recording_open (unknown, &refused));
  g_assert_true (inion_recording_may_be_foreign (unknown, refused) ==
                 inion_recording_is_foreign_available ());
  g_unlink (unknown);
  g_assert_null (inion_recording_open (unknown, &missing));
  g_assert_false (inion_recording_may_be_foreign (unknown, missing));
  g_unlink (damaged);
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/foreign-run/killed", test_killed);
  g_test_add_func ("/recording/foreign-run/refused", test_refused);
  g_test_add_func ("/recording/foreign-run/alone", test_alone);
  g_test_add_func ("/recording/foreign-run/endings", test_endings);
  g_test_add_func ("/recording/foreign-run/hang", test_hang);
  g_test_add_func ("/recording/foreign-run/fill", test_fill);
  g_test_add_func ("/recording/foreign-run/cancel", test_cancel);
  g_test_add_func ("/recording/foreign-run/offer", test_offer);
  g_test_add_func ("/recording/foreign-run/good", test_good);
  g_test_add_func ("/recording/foreign-run/start-up", test_start_up);
  g_test_add_func ("/recording/foreign-run/missing", test_missing);
  g_test_add_func ("/recording/foreign-run/compatible", test_compatible);
  return g_test_run ();
}
