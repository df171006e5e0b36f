/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A helper that does what its input says, in the same sandbox as the real ones. What is forbidden
 * must end it, or must be answered with "not permitted". */

#define _GNU_SOURCE

#include "config.h"

#include "recording/foreign/helper/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

typedef struct
{
  const char *name;
  long call;
  long arguments[4];
} Call;

static char here[] = "/tmp/inion-deed";
static char *const nothing[] = { NULL };

/* Asked before the sandbox closes: the question alone would end this process. */
static pid_t parent;

__attribute__ ((constructor)) static void
find_parent (void)
{
  parent = getppid ();
}

/* The result of a forbidden call: 0 if it was done. */
static long
do_call (const Call *call)
{
  return syscall (call->call, call->arguments[0], call->arguments[1], call->arguments[2],
                  call->arguments[3], 0, 0);
}

#define P(x) ((long) (x))

static bool
forbidden (Writer     *writer,
           const char *deed)
{
  const Call calls[] = {
    { "openat", SYS_openat, { AT_FDCWD, P ("/etc/passwd"), O_RDONLY, 0 } },
    { "openat-create", SYS_openat, { AT_FDCWD, P (here), O_RDWR | O_CREAT, 0600 } },
    { "openat2", 437, { AT_FDCWD, P ("/etc/passwd"), P (here), 24 } },
    { "statx", SYS_statx, { AT_FDCWD, P ("/etc/passwd"), 0, 0 } },
    { "fstatat-name", SYS_newfstatat, { AT_FDCWD, P ("/etc/passwd"), P (here), 0 } },
    { "readlinkat", SYS_readlinkat, { AT_FDCWD, P ("/proc/self/exe"), P (here), 4 } },
    { "fcntl-dup", SYS_fcntl, { 3, F_DUPFD, 100, 0 } },
    { "ioctl", SYS_ioctl, { 3, 0x5401, 0, 0 } },
    { "prlimit", SYS_prlimit64, { 0, RLIMIT_AS, 0, 0 } },
    { "socket", SYS_socket, { AF_INET, SOCK_STREAM, 0, 0 } },
    { "socket-unix", SYS_socket, { AF_UNIX, SOCK_STREAM, 0, 0 } },
    { "socketpair", SYS_socketpair, { AF_UNIX, SOCK_STREAM, 0, P (here) } },
    { "connect", SYS_connect, { 3, P (here), 16, 0 } },
    { "bind", SYS_bind, { 3, P (here), 16, 0 } },
    { "sendmsg", SYS_sendmsg, { 3, P (here), 0, 0 } },
    { "execve", SYS_execve, { P ("/bin/true"), P (nothing), P (nothing), 0 } },
    { "execveat", SYS_execveat, { AT_FDCWD, P ("/bin/true"), P (nothing), P (nothing) } },
    { "clone", SYS_clone, { SIGCHLD, 0, 0, 0 } },
    { "clone3", 435, { P (here), 64, 0, 0 } },
    { "ptrace", SYS_ptrace, { PTRACE_TRACEME, 0, 0, 0 } },
    { "kill-parent", SYS_kill, { parent, 0, 0, 0 } },
    { "kill-all", SYS_kill, { -1, 0, 0, 0 } },
    { "tgkill-parent", SYS_tgkill, { parent, parent, 0, 0 } },
    { "tkill", SYS_tkill, { 1, 0, 0, 0 } },
    { "pidfd-open", 434, { parent, 0, 0, 0 } },
    { "process-vm-readv", SYS_process_vm_readv, { parent, 0, 0, 0 } },
    { "process-vm-writev", SYS_process_vm_writev, { parent, 0, 0, 0 } },
    { "unlinkat", SYS_unlinkat, { AT_FDCWD, P (here), 0, 0 } },
    { "renameat2", SYS_renameat2, { AT_FDCWD, P (here), AT_FDCWD, P (here) } },
    { "mkdirat", SYS_mkdirat, { AT_FDCWD, P (here), 0700, 0 } },
    { "symlinkat", SYS_symlinkat, { P (here), AT_FDCWD, P (here), 0 } },
    { "linkat", SYS_linkat, { AT_FDCWD, P (here), AT_FDCWD, P (here) } },
    { "fchmodat", SYS_fchmodat, { AT_FDCWD, P (here), 0777, 0 } },
    { "fchmod", SYS_fchmod, { 3, 0777, 0, 0 } },
    { "truncate", SYS_truncate, { P (here), 0, 0, 0 } },
    { "ftruncate", SYS_ftruncate, { FOREIGN_FD_RESULT, 1 << 20, 0, 0 } },
    { "fallocate", SYS_fallocate, { FOREIGN_FD_SAMPLES, 0, 0, 1 << 20 } },
    { "mount", SYS_mount, { P (here), P (here), P (here), 0 } },
    { "chdir", SYS_chdir, { P ("/"), 0, 0, 0 } },
    { "chroot", SYS_chroot, { P ("/"), 0, 0, 0 } },
    { "setuid", SYS_setuid, { 0, 0, 0, 0 } },
    { "setrlimit", SYS_setrlimit, { RLIMIT_AS, P (here), 0, 0 } },
    { "prctl-dumpable", SYS_prctl, { PR_SET_DUMPABLE, 1, 0, 0 } },
    { "seccomp", SYS_seccomp, { 0, 0, 0, 0 } },
    { "unshare", SYS_unshare, { 0x10000000, 0, 0, 0 } },
    { "setns", SYS_setns, { 3, 0, 0, 0 } },
    { "bpf", SYS_bpf, { 0, 0, 0, 0 } },
    { "perf-event-open", SYS_perf_event_open, { 0, 0, 0, 0 } },
    { "io-uring-setup", 425, { 1, P (here), 0, 0 } },
    { "userfaultfd", SYS_userfaultfd, { 0, 0, 0, 0 } },
    { "memfd-create", SYS_memfd_create, { P (here), 0, 0, 0 } },
    { "shmget", SYS_shmget, { 0, 4096, 01600, 0 } },
    { "keyctl", SYS_keyctl, { 0, 0, 0, 0 } },
    { "reboot", SYS_reboot, { 0, 0, 0, 0 } },
    { "inotify-init", SYS_inotify_init1, { 0, 0, 0, 0 } },
    { "personality", SYS_personality, { 0xffffffff, 0, 0, 0 } },
    { "setpriority", SYS_setpriority, { 0, 0, 19, 0 } },
    { "mmap-exec", SYS_mmap, { 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE } },
    { "mprotect-exec", SYS_mprotect, { P (here) & ~4095l, 4096, PROT_READ | PROT_EXEC, 0 } },
    { "unknown-call", 4000, { 0, 0, 0, 0 } },
#ifdef __x86_64__
    { "open", SYS_open, { P ("/etc/passwd"), O_RDONLY, 0, 0 } },
    { "stat", SYS_stat, { P ("/etc/passwd"), P (here), 0, 0 } },
    { "access", SYS_access, { P ("/etc/passwd"), 0, 0, 0 } },
    { "fork", SYS_fork, { 0, 0, 0, 0 } },
    { "vfork", SYS_vfork, { 0, 0, 0, 0 } },
    { "unlink", SYS_unlink, { P (here), 0, 0, 0 } },
    { "rename", SYS_rename, { P (here), P (here), 0, 0 } },
    { "creat", SYS_creat, { P (here), 0600, 0, 0 } },
    { "x32-open", 0x40000000 | SYS_open, { P ("/etc/passwd"), O_RDONLY, 0, 0 } },
#endif
  };

  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
    if (strcmp (deed, calls[i].name) == 0)
      {
        long result = do_call (&calls[i]);

        return writer_refuse (writer, FOREIGN_REFUSED_FORMAT, "%s", result == -1 && errno == EPERM
                                                                    ? "is not permitted" : "did it");
      }
  return writer_refuse (writer, FOREIGN_REFUSED_FORMAT, "asks for no known deed");
}

static bool
good (Writer *writer)
{
  ForeignChannel channel = { .type = FOREIGN_FLOAT32, .rate = 100, .n_samples = 10, .stride = 4 };
  const float samples[10] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };

  writer->header.trials = 1;
  writer->header.rate = 100;
  writer->header.format = writer_string (writer, "Deeds");
  channel.label = writer_string (writer, "Cz");
  writer_add_channel (writer, &channel);
  writer_samples (samples, sizeof samples, 0);
  writer_progress (writer, 0.5);
  return true;
}

static bool
is_alone (void)
{
  struct stat st;

  for (int fd = FOREIGN_FD_FIRST_OTHER; fd < 1024; fd++)
    if (fstat (fd, &st) == 0)
      return false;
  for (size_t i = 0; environ[i] != NULL; i++)
    if (strncmp (environ[i], "LC_ALL=", 7) != 0 && strncmp (environ[i], "TZ=", 3) != 0)
      return false;
  return write (FOREIGN_FD_INPUT, "x", 1) < 0;
}

bool
foreign_read (Writer *writer)
{
  char deed[64] = "";
  ssize_t n = pread (FOREIGN_FD_INPUT, deed, sizeof deed - 1, 0);
  volatile unsigned int counter = 0;

  if (n <= 0)
    return writer_refuse (writer, FOREIGN_REFUSED_FORMAT, "asks for nothing");
  if (strcmp (deed, "good") == 0)
    return good (writer);
  if (strcmp (deed, "alone") == 0)
    return writer_refuse (writer, FOREIGN_REFUSED_FORMAT, "is %s", is_alone () ? "alone" : "in company");
  if (strcmp (deed, "crash") == 0)
    raise (SIGSEGV);
  if (strcmp (deed, "abort") == 0)
    abort ();
  while (strcmp (deed, "hang") == 0)
    counter++;
  if (strcmp (deed, "memory") == 0)
    for (;;)
      memset (writer_alloc (64, 1 << 20), 1, 1 << 20);
  if (strcmp (deed, "fill") == 0)
    for (uint64_t at = 0;; at += sizeof deed)
      writer_samples (deed, sizeof deed, at);
  if (strcmp (deed, "nothing") == 0)
    _exit (0);
  if (strcmp (deed, "status") == 0)
    _exit (77);
  if (strcmp (deed, "garbage") == 0 || strcmp (deed, "cut") == 0)
    {
      good (writer);
      writer_finish (writer, FOREIGN_GOOD);
      if (strcmp (deed, "cut") == 0)
        writer->header.size--;
      else
        memset (&writer->header, 0xa5, sizeof writer->header);
      _exit (pwrite (FOREIGN_FD_RESULT, &writer->header, sizeof writer->header, 0) > 0 ? 0 : 1);
    }
  return forbidden (writer, deed);
}
