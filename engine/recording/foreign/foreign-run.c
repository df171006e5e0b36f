/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a helper that reads a foreign file in a sandbox.
 *
 * The helper gets the file, open for reading; a file in memory for what it finds; a file without a
 * name, on a disk, for samples; no environment to speak of; and nothing else. It locks itself in
 * (helper/sandbox.c). Here it is watched: it may compute, write and last only so long, it ends when
 * the job is cancelled or this process ends, and however it ends, the outcome is an error with a
 * reason or a result that was checked. */

#define _GNU_SOURCE /* memfd_create, syscall */
#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/foreign/foreign-run.h"

#include "core/error.h"
#include "core/scratch.h"
#include "core/size.h"
#include "recording/foreign/foreign-wire.h"
#include "recording/recording-private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEBIBYTE (G_GUINT64_CONSTANT (1) << 20)
#define MEMORY (2048 * MEBIBYTE)
#define LARGEST_RESULT (512 * MEBIBYTE)
#define LARGEST_FILE (65536 * MEBIBYTE)
#define MOST_UNPACKED 1100 /* more than zlib ever makes of a byte */
#define WATCH_MS 10       /* between looks at what runs, while its end wakes us */
#define BLIND_WATCH_MS 1  /* where the kernel does not tell the end */
#define N_FILES 6

/* The child's files above those that it will have, so that none is lost on the way there. */
#define FIRST_HIGH_FD 16

typedef enum
{
  ENDED,
  TIMED_OUT,
  RESULT_TOO_LARGE,
  CANCELLED,
} Ending;

/**
 * inion_foreign_request_init:
 * @request: (out caller-allocates): a request
 * @size: bytes of the file to read
 *
 * Fills in the limits that suit a file of this size.
 */
void
inion_foreign_request_init (InionForeignRequest *request,
                            gint64               size)
{
  guint64 mebibytes = (guint64) MAX (size, 0) / MEBIBYTE;

  *request = (InionForeignRequest) {
    .input = -1,
    .samples = -1,
    .memory = MEMORY,
    .cpu_seconds = 20 + mebibytes / 2,
    .timeout_ms = (gint64) (30 + mebibytes) * 1000,
    .file_bytes = MIN (LARGEST_FILE, (16 + (mebibytes + 1) * MOST_UNPACKED) * MEBIBYTE),
  };
}

/* Duplicates of the files that the helper gets, in the order of their numbers there. */
static gboolean
raise_files (const int  files[N_FILES],
             int        high[N_FILES],
             GError   **error)
{
  for (guint i = 0; i < N_FILES; i++)
    {
      high[i] = fcntl (files[i], F_DUPFD_CLOEXEC, FIRST_HIGH_FD);
      if (high[i] < 0)
        {
          int errsv = errno;

          for (guint k = 0; k < i; k++)
            close (high[k]);
          return inion_set_error_errno (error, errsv, "Could not hand over", "the file");
        }
    }
  return TRUE;
}

static int
spawn (const InionForeignRequest *request,
       const int                  high[N_FILES],
       pid_t                     *pid)
{
  g_autofree char *memory = g_strdup_printf ("%" G_GUINT64_FORMAT, request->memory);
  g_autofree char *cpu = g_strdup_printf ("%" G_GUINT64_FORMAT, request->cpu_seconds);
  g_autofree char *file = g_strdup_printf ("%" G_GUINT64_FORMAT, request->file_bytes);
  char *arguments[] = { (char *) "inion-foreign", memory, cpu, file, NULL };
  char *environment[] = { (char *) "LC_ALL=C", (char *) "TZ=UTC0", NULL };
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  int errsv;

  sigemptyset (&none);
  sigfillset (&all);
  posix_spawn_file_actions_init (&actions);
  for (int i = 0; i < N_FILES; i++)
    posix_spawn_file_actions_adddup2 (&actions, high[i], i);
  posix_spawnattr_init (&attributes);
  posix_spawnattr_setflags (&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setsigmask (&attributes, &none);
  posix_spawnattr_setsigdefault (&attributes, &all);
  errsv = posix_spawn (pid, request->program, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy (&attributes);
  posix_spawn_file_actions_destroy (&actions);
  return errsv;
}

static gboolean
start (const InionForeignRequest  *request,
       int                         result,
       pid_t                      *pid,
       GError                    **error)
{
  int null_in = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  int null_out = open ("/dev/null", O_WRONLY | O_CLOEXEC);
  const int files[N_FILES] = {
    null_in, null_out, null_out,
    [FOREIGN_FD_INPUT] = request->input,
    [FOREIGN_FD_RESULT] = result,
    [FOREIGN_FD_SAMPLES] = request->samples,
  };
  int high[N_FILES];
  gboolean good = raise_files (files, high, error);
  int errsv;

  if (null_in >= 0)
    close (null_in);
  if (null_out >= 0)
    close (null_out);
  if (!good)
    return FALSE;
  errsv = spawn (request, high, pid);
  for (guint i = 0; i < N_FILES; i++)
    close (high[i]);
  return errsv == 0 ||
         inion_set_error_errno (error, errsv, "Could not start the reader", request->program);
}

static void
report (const InionForeignRequest *request,
        int                        result)
{
  guint32 progress = 0;

  if (request->job != NULL &&
      pread (result, &progress, sizeof progress, G_STRUCT_OFFSET (ForeignHeader, progress)) ==
        (gssize) sizeof progress)
    inion_job_report (request->job, MIN (progress, 1000) / 1000.0, NULL);
}

static pid_t
wait_for (pid_t  pid,
          int   *status,
          int    flags)
{
  pid_t got;

  do
    got = waitpid (pid, status, flags);
  while (got < 0 && errno == EINTR);
  return got;
}

/* Waits for the end, which comes: what lasts too long is ended. end: readable when it has come, or
 * −1. */
static Ending
watch (const InionForeignRequest  *request,
       int                         result,
       pid_t                       pid,
       int                         end,
       int                        *status,
       GError                    **error)
{
  gint64 deadline = g_get_monotonic_time () + request->timeout_ms * 1000;
  struct pollfd waited = { .fd = end, .events = POLLIN };
  Ending ending = ENDED;
  struct stat st;

  while (wait_for (pid, status, WNOHANG) == 0)
    {
      if (!inion_job_check (request->job, error))
        ending = CANCELLED;
      else if (g_get_monotonic_time () >= deadline)
        ending = TIMED_OUT;
      else if (fstat (result, &st) == 0 && (guint64) st.st_size > LARGEST_RESULT)
        ending = RESULT_TOO_LARGE;
      if (ending != ENDED)
        {
          kill (pid, SIGKILL);
          wait_for (pid, status, 0);
          return ending;
        }
      report (request, result);
      poll (&waited, 1, end >= 0 ? WATCH_MS : BLIND_WATCH_MS);
    }
  return ENDED;
}

static gboolean
explain_exit (const InionForeignRequest  *request,
              int                         code,
              GError                    **error)
{
  switch (code)
    {
    case 0:
      return TRUE;
    case FOREIGN_EXIT_NO_SANDBOX:
      return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                              "“%s” was not opened: files of its format are only read in a sandbox, "
                              "and this system allows none (it needs Linux with seccomp on x86-64 "
                              "or ARM64). Convert it to EDF on another computer.", request->name);
    case FOREIGN_EXIT_NO_MEMORY:
      return inion_set_error (error, INION_ERROR_TOO_LARGE,
                              "“%s” needs more than the %" G_GUINT64_FORMAT " MiB of memory that "
                              "its reader may use. It is too large, or damaged.", request->name,
                              request->memory / MEBIBYTE);
    case FOREIGN_EXIT_NO_SPACE:
      return inion_set_error (error, INION_ERROR_IO,
                              "“%s” could not be unpacked: there is no room on the disk, or it "
                              "grows beyond %" G_GUINT64_FORMAT " MiB.", request->name,
                              request->file_bytes / MEBIBYTE);
    default:
      return inion_set_error (error, INION_ERROR_FAILED,
                              "“%s” was not opened: its reader “%s” does not work (status %d). "
                              "Install Inion again.", request->name, request->program, code);
    }
}

static gboolean
explain_signal (const InionForeignRequest  *request,
                int                         number,
                GError                    **error)
{
  switch (number)
    {
    case SIGSYS:
      return inion_set_error (error, INION_ERROR_FORMAT,
                              "“%s” made its reader do something that reading does not need, so "
                              "the reader was stopped. The file is damaged, or made to do harm. "
                              "Nothing else was touched.", request->name);
    case SIGXCPU:
    case SIGKILL:
      return inion_set_error (error, INION_ERROR_TOO_LARGE,
                              "“%s” was not opened: its reader was stopped after computing for "
                              "%" G_GUINT64_FORMAT " s. The file is too large, or damaged.",
                              request->name, request->cpu_seconds);
    case SIGXFSZ:
      return explain_exit (request, FOREIGN_EXIT_NO_SPACE, error);
    default:
      return inion_set_error (error, INION_ERROR_FORMAT,
                              "“%s” made its reader crash (%s). The file is damaged or too large "
                              "for it. Nothing else was touched.", request->name,
                              g_strsignal (number));
    }
}

static gboolean
explain (const InionForeignRequest  *request,
         Ending                      ending,
         int                         status,
         GError                    **error)
{
  switch (ending)
    {
    case CANCELLED:
      return FALSE; /* the job has said so */
    case TIMED_OUT:
      return inion_set_error (error, INION_ERROR_TOO_LARGE,
                              "“%s” was not opened: its reader did not finish within %.1f s. The "
                              "file is damaged, or its disk too slow.", request->name,
                              (double) request->timeout_ms / 1000);
    case RESULT_TOO_LARGE:
      return inion_set_error (error, INION_ERROR_TOO_LARGE,
                              "“%s” holds more events and texts than can be read.", request->name);
    case ENDED:
    default:
      if (WIFSIGNALED (status))
        return explain_signal (request, WTERMSIG (status), error);
      return explain_exit (request, WEXITSTATUS (status), error);
    }
}

static InionForeignResult *
read_result (const InionForeignRequest  *request,
             int                         result,
             GError                    **error)
{
  g_autofree guint8 *bytes = NULL;
  struct stat st;
  gsize got = 0;
  int errsv = 0;

  if (fstat (result, &st) != 0 || (guint64) st.st_size > LARGEST_RESULT)
    {
      explain (request, RESULT_TOO_LARGE, 0, error);
      return NULL;
    }
  bytes = inion_try_new (guint8, (gsize) st.st_size, "what the reader found", error);
  if (bytes == NULL)
    return NULL;
  if (!_inion_pread (result, bytes, (gsize) st.st_size, 0, &got, &errsv))
    {
      inion_set_error_errno (error, errsv, "Could not read what the reader found in",
                             request->name);
      return NULL;
    }
  return inion_foreign_result_parse (bytes, got, request->name, error);
}

/**
 * inion_foreign_run:
 * @request: what to run
 * @error: return location
 *
 * Runs a helper to its end.
 *
 * Returns: (transfer full) (nullable): what it found, checked; %NULL with the reason, which is
 *   %G_IO_ERROR_CANCELLED after a cancel
 */
InionForeignResult *
inion_foreign_run (const InionForeignRequest  *request,
                   GError                    **error)
{
  InionForeignResult *found = NULL;
  Ending ending;
  int result = memfd_create ("inion-foreign", MFD_CLOEXEC);
  int status = 0;
  pid_t pid;

  if (result < 0)
    {
      inion_set_error_errno (error, errno, "Could not make memory for", request->name);
      return NULL;
    }
  if (start (request, result, &pid, error))
    {
      int end = (int) syscall (SYS_pidfd_open, pid, 0u);

      ending = watch (request, result, pid, end, &status, error);
      if (end >= 0)
        close (end);
      if (explain (request, ending, status, error))
        found = read_result (request, result, error);
    }
  close (result);
  return found;
}

/* Beside the program, as in the folder it was built in, or where it was installed. */
static char *
find_beside (const char *name)
{
  static const char *const folders[] = {
    "../engine/recording/foreign", "../libexec/inion", "../lib/inion",
  };
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;

  for (gsize i = 0; folder != NULL && i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (folder, folders[i], name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&path);
    }
  return NULL;
}

/**
 * inion_foreign_find_program:
 * @name: which helper
 * @error: return location
 *
 * Finds a helper: where the environment says (for tests), beside the program, or where it was
 * installed.
 *
 * Returns: (transfer full) (nullable): its path, or %NULL with %INION_ERROR_NOT_FOUND
 */
char *
inion_foreign_find_program (const char  *name,
                            GError     **error)
{
  const char *folder = g_getenv ("INION_FOREIGN_DIR");
  g_autofree char *path = folder != NULL ? g_build_filename (folder, name, NULL)
                                         : find_beside (name);

  if (path == NULL)
    path = g_build_filename (FOREIGN_DIR, name, NULL);
  if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&path);
  inion_set_error (error, INION_ERROR_NOT_FOUND,
                   "The reader “%s”, which belongs to Inion, is not at “%s”. Install Inion again.",
                   name, path);
  return NULL;
}

/**
 * inion_foreign_read:
 * @helper: which helper
 * @path: the file, for messages
 * @input: the file, open
 * @samples: (out): (transfer full): the samples it held; -1 on failure
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Reads a file with a helper, under the limits that suit its size.
 *
 * Returns: (transfer full) (nullable): what was found
 */
InionForeignResult *
inion_foreign_read (const char  *helper,
                    const char  *path,
                    int          input,
                    int         *samples,
                    InionJob    *job,
                    GError     **error)
{
  g_autofree char *program = inion_foreign_find_program (helper, error);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *shown = g_filename_display_name (name);
  g_autoptr (InionScratch) scratch = NULL;
  InionForeignResult *result;
  InionForeignRequest request;
  struct stat st;

  *samples = -1;
  if (program == NULL)
    return NULL;
  if (fstat (input, &st) != 0)
    {
      inion_set_error_errno (error, errno, "Could not read the size of", path);
      return NULL;
    }
  scratch = inion_scratch_new (error);
  if (scratch == NULL)
    return NULL;
  *samples = inion_scratch_steal_fd (scratch, error);
  if (*samples < 0)
    return NULL;
  inion_foreign_request_init (&request, (gint64) st.st_size);
  request.program = program;
  request.input = input;
  request.samples = *samples;
  request.name = shown;
  request.job = job;
  result = inion_foreign_run (&request, error);
  if (result == NULL)
    {
      close (*samples);
      *samples = -1;
    }
  return result;
}
