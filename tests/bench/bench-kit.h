/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the bench programs share: clocks, memory, and the rows that tests/bench/run makes a table of.
 *
 * A row is "key, value, unit, note", divided by tabs, on standard output. */

#pragma once

#include <glib.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static inline double
bench_clock_ms (clockid_t clock)
{
  struct timespec t;

  clock_gettime (clock, &t);
  return 1e3 * (double) t.tv_sec + 1e-6 * (double) t.tv_nsec;
}

static inline double
bench_wall_ms (void)
{
  return bench_clock_ms (CLOCK_MONOTONIC);
}

/* CPU time of all threads. */
static inline double
bench_cpu_ms (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-3;
}

/* CPU time of the calling thread. */
static inline double
bench_thread_ms (void)
{
  return bench_clock_ms (CLOCK_THREAD_CPUTIME_ID);
}

/* The most memory the program has had at once, in MB of 2^20 bytes: VmHWM. */
static inline double
bench_peak_mb (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) usage.ru_maxrss / 1024;
}

static inline int
bench_compare (gconstpointer a,
               gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Sorts the values, so that values[0] is the best afterwards. */
static inline double
bench_median (double *values,
              guint   n)
{
  qsort (values, n, sizeof *values, bench_compare);
  return values[n / 2];
}

G_GNUC_PRINTF (4, 5)
static inline void
bench_row (const char *key,
           double      value,
           const char *unit,
           const char *format,
           ...)
{
  g_autofree char *note = NULL;
  va_list args;

  va_start (args, format);
  note = g_strdup_vprintf (format, args);
  va_end (args);
  printf ("%s\t%.4g\t%s\t%s\n", key, value, unit, note);
  fflush (stdout);
}

static inline void
bench_die (const char   *what,
           const GError *error)
{
  fprintf (stderr, "%s: %s\n", what, error != NULL ? error->message : "failed");
  exit (1);
}

typedef void (*BenchFunc) (gpointer data);

/* Runs a piece of work @n times (at most 32) and prints the median of its wall time, with the best
 * and the CPU time in the note. */
static inline void
bench_repeat (const char *key,
              guint       n,
              BenchFunc   func,
              gpointer    data,
              const char *note)
{
  double wall[32] = { 0 }, cpu[32];
  double best, median;

  n = CLAMP (n, 1, (guint) G_N_ELEMENTS (wall));
  for (guint i = 0; i < n; i++)
    {
      double start = bench_wall_ms ();
      double start_cpu = bench_cpu_ms ();

      func (data);
      wall[i] = bench_wall_ms () - start;
      cpu[i] = bench_cpu_ms () - start_cpu;
    }
  median = bench_median (wall, n);
  best = wall[0];
  bench_row (key, median, "ms", "best %.4g, CPU %.4g, n = %u%s%s", best, bench_median (cpu, n), n,
             note != NULL ? "; " : "", note != NULL ? note : "");
}
