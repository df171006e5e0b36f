/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes from this process, for good, all that a reader of one open file does not need.
 *
 * Three fences stand behind each other. Limits bound memory, time and the size of what is written.
 * Landlock, where the kernel has it, forbids every name in the file system, connections, and
 * signals to others. A filter of system calls lets through what computes on files that are open
 * already; it answers questions about the outside with "not permitted", because libraries ask them
 * out of habit and go on, and kills the process at anything else.
 *
 * The filter is the fence that must stand: without it there is no reading. The size of files needs
 * a limit above 0 only for the two files that the caller gave: no other can be opened. */

#define _GNU_SOURCE

#include "config.h"

#include "recording/foreign/helper/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined (__x86_64__)
#define THIS_ARCH AUDIT_ARCH_X86_64
#elif defined (__aarch64__)
#define THIS_ARCH AUDIT_ARCH_AARCH64
#else
#define THIS_ARCH 0
#endif

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_restrict_self 446
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif

#define LANDLOCK_VERSION_FLAG 1u
#define OPEN_FILES 12
#define FILTER_LENGTH 256
#define X32_BIT 0x40000000u

/* What a ruleset handles: newer kernels know more of it. */
typedef struct
{
  uint64_t files;
  uint64_t network;
  uint64_t scopes;
} Ruleset;

typedef struct
{
  struct sock_filter code[FILTER_LENGTH];
  unsigned short n;
} Filter;

/* What computes on open files and memory. */
static const int allowed[] = {
  SYS_read, SYS_pread64, SYS_readv, SYS_lseek, SYS_write, SYS_pwrite64, SYS_writev, SYS_fstat,
  SYS_munmap, SYS_brk, SYS_mremap, SYS_madvise, SYS_exit, SYS_exit_group, SYS_close, SYS_dup,
  SYS_clock_gettime, SYS_gettimeofday, SYS_rt_sigreturn, SYS_rt_sigaction, SYS_rt_sigprocmask,
  SYS_futex, SYS_getrandom, SYS_getpid, SYS_gettid,
#ifdef SYS_time
  SYS_time,
#endif
};

/* What libraries ask out of habit: the answer is "not permitted", and they go on. */
static const int refused[] = {
  SYS_openat, SYS_openat2, SYS_faccessat, SYS_readlinkat, SYS_statfs, SYS_fstatfs, SYS_statx,
  SYS_getcwd, SYS_flock, SYS_ioctl, SYS_uname, SYS_sysinfo, SYS_prlimit64, SYS_getuid, SYS_geteuid,
  SYS_getgid, SYS_getegid, SYS_sched_getaffinity, SYS_sched_yield, SYS_getdents64,
#ifdef SYS_open
  SYS_open,
#endif
#ifdef SYS_stat
  SYS_stat, SYS_lstat, SYS_access, SYS_readlink,
#endif
#ifdef SYS_getrlimit
  SYS_getrlimit,
#endif
};

static void
add (Filter   *filter,
     uint16_t  code,
     uint8_t   if_true,
     uint8_t   if_false,
     uint32_t  k)
{
  struct sock_filter instruction = { code, if_true, if_false, k };

  if (filter->n < FILTER_LENGTH)
    filter->code[filter->n] = instruction;
  filter->n++;
}

static void
add_load (Filter *filter,
          size_t  offset)
{
  add (filter, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t) offset);
}

static void
add_return (Filter   *filter,
            uint32_t  answer)
{
  add (filter, BPF_RET | BPF_K, 0, 0, answer);
}

static void
add_call (Filter   *filter,
          int       call,
          uint32_t  answer)
{
  add (filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (uint32_t) call);
  add_return (filter, answer);
}

/* A call that is allowed if the low half of an argument passes a test. */
static void
add_call_if (Filter   *filter,
             int       call,
             int       argument,
             uint16_t  test,
             uint32_t  k,
             uint32_t  if_true,
             uint32_t  if_false)
{
  add (filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (uint32_t) call);
  add_load (filter, offsetof (struct seccomp_data, args) + (size_t) argument * 8);
  add (filter, BPF_JMP | test | BPF_K, 0, 1, k);
  add_return (filter, if_true);
  add_return (filter, if_false);
}

/* No memory becomes code; abort() may end this process and no other. */
static void
add_calls_with_arguments (Filter *filter)
{
  const uint32_t not_permitted = SECCOMP_RET_ERRNO | EPERM;

  add_call_if (filter, SYS_mmap, 2, BPF_JSET, PROT_EXEC, SECCOMP_RET_KILL_PROCESS,
               SECCOMP_RET_ALLOW);
  add_call_if (filter, SYS_mprotect, 2, BPF_JSET, PROT_EXEC, SECCOMP_RET_KILL_PROCESS,
               SECCOMP_RET_ALLOW);
  add_call_if (filter, SYS_tgkill, 0, BPF_JEQ, (uint32_t) getpid (), SECCOMP_RET_ALLOW,
               SECCOMP_RET_KILL_PROCESS);
  add_call_if (filter, SYS_newfstatat, 3, BPF_JEQ, AT_EMPTY_PATH, SECCOMP_RET_ALLOW,
               not_permitted);
  add_call_if (filter, SYS_fcntl, 1, BPF_JEQ, F_GETFL, SECCOMP_RET_ALLOW, not_permitted);
}

static bool
restrict_calls (void)
{
  Filter filter = { .n = 0 };
  struct sock_fprog program;

  if (THIS_ARCH == 0)
    return false;
  add_load (&filter, offsetof (struct seccomp_data, arch));
  add (&filter, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, THIS_ARCH);
  add_return (&filter, SECCOMP_RET_KILL_PROCESS);
  add_load (&filter, offsetof (struct seccomp_data, nr));
#ifdef __x86_64__
  add (&filter, BPF_JMP | BPF_JGE | BPF_K, 0, 1, X32_BIT);
  add_return (&filter, SECCOMP_RET_KILL_PROCESS);
#endif
  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
    add_call (&filter, allowed[i], SECCOMP_RET_ALLOW);
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
    add_call (&filter, refused[i], SECCOMP_RET_ERRNO | EPERM);
  add_calls_with_arguments (&filter);
  add_return (&filter, SECCOMP_RET_KILL_PROCESS);
  if (filter.n > FILTER_LENGTH)
    return false;
  program = (struct sock_fprog) { filter.n, filter.code };
  return syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

/* An empty ruleset that handles everything the kernel knows: nothing is allowed. A kernel without
 * Landlock, or with it turned off, leaves it to the filter of calls. */
static bool
restrict_names (void)
{
  long version = syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION_FLAG);
  Ruleset rules = { 0, 0, 0 };
  size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  long fd;
  bool good;

  if (version < 1)
    return true;
  rules.files = version >= 5 ? 0xffff : version >= 3 ? 0x7fff : version >= 2 ? 0x3fff : 0x1fff;
  rules.network = version >= 4 ? 3 : 0;
  rules.scopes = version >= 6 ? 3 : 0;
  fd = syscall (SYS_landlock_create_ruleset, &rules, size, 0);
  if (fd < 0)
    return false;
  good = syscall (SYS_landlock_restrict_self, (int) fd, 0) == 0;
  close ((int) fd);
  return good;
}

static bool
limit (int      resource,
       uint64_t value)
{
  struct rlimit both = { (rlim_t) value, (rlim_t) value };
  struct rlimit now;

  /* What is stricter already stays. */
  if (getrlimit ((__rlimit_resource_t) resource, &now) == 0 && now.rlim_max < both.rlim_max)
    both.rlim_cur = both.rlim_max = now.rlim_max;
  return setrlimit ((__rlimit_resource_t) resource, &both) == 0;
}

/**
 * sandbox_close_others:
 * @first: the first file to close
 *
 * Closes every open file from @first on: those that the caller's process left open by mistake.
 *
 * Returns: whether it could
 */
bool
sandbox_close_others (unsigned int first)
{
  struct rlimit files;

  if (syscall (SYS_close_range, first, ~0u, 0) == 0)
    return true;
  if (errno != ENOSYS || getrlimit (RLIMIT_NOFILE, &files) != 0)
    return false;
  for (rlim_t fd = first; fd < files.rlim_cur; fd++)
    close ((int) fd);
  return true;
}

/**
 * sandbox_enter:
 * @limits: what it may use
 *
 * Locks this process in. There is no way back.
 *
 * Returns: %false if this kernel or processor cannot do it: then nothing must be read
 */
bool
sandbox_enter (const SandboxLimits *limits)
{
  return limit (RLIMIT_AS, limits->memory) && limit (RLIMIT_CPU, limits->cpu_seconds) &&
         limit (RLIMIT_FSIZE, limits->file_bytes) && limit (RLIMIT_NOFILE, OPEN_FILES) &&
         limit (RLIMIT_CORE, 0) && limit (RLIMIT_NPROC, 0) &&
         prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 &&
         prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
         prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && restrict_names () && restrict_calls ();
}
