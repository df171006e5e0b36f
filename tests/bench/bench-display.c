/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What opening, paging and the pyramid cost.
 *
 *   bench-display FILE [MONTAGE] [LFF] [HFF] [NOTCH] [zero]
 *
 * Prints one line a measure. CPU is that of the calling thread for pages and of the whole process
 * for building. "quick" is inion_page_new_quick(), what the UI thread does; "complete" is
 * inion_page_new(), what the job after it does. Each page is one never seen before. */

#include "core/init.h"
#include "display/page.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define WIDTH 1500
#define TURNS 12

typedef struct
{
  InionRecording *recording;
  InionMontage *montage;
  InionShownSignal *signal;
  InionPyramid *pyramid;
  double duration_s;
} Bench;

static double
cpu_ms (clockid_t clock)
{
  struct timespec t;

  clock_gettime (clock, &t);
  return 1e3 * (double) t.tv_sec + 1e-6 * (double) t.tv_nsec;
}

static double
wall_ms (void)
{
  return 1e-3 * (double) g_get_monotonic_time ();
}

static double
peak_mb (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) usage.ru_maxrss / 1024;
}

static void
die (const char *what,
     GError     *error)
{
  g_printerr ("%s: %s\n", what, error != NULL ? error->message : "failed");
  exit (1);
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Page turns at one length: median and largest CPU of quick and of complete pages. */
static void
turn_pages (Bench      *bench,
            double      page_s,
            const char *when)
{
  double quick[TURNS], complete[TURNS];
  guint n_quick_pending = 0, n_pending = 0, n = 0;
  double from = fmod (bench->duration_s * 0.381966, MAX (bench->duration_s - page_s, 1));

  for (; n < TURNS; n++, from = fmod (from + page_s, MAX (bench->duration_s - page_s, 1)))
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (InionPage) first = NULL;
      g_autoptr (InionPage) second = NULL;
      double start = cpu_ms (CLOCK_THREAD_CPUTIME_ID);

      first = inion_page_new_quick (bench->signal, bench->pyramid, from, from + page_s, WIDTH,
                                    &error);
      if (first == NULL)
        die ("page", error);
      quick[n] = cpu_ms (CLOCK_THREAD_CPUTIME_ID) - start;
      n_quick_pending += first->pending;
      start = cpu_ms (CLOCK_THREAD_CPUTIME_ID);
      second = inion_page_new (bench->signal, bench->pyramid, from, from + page_s, WIDTH, NULL,
                               &error);
      if (second == NULL)
        die ("page", error);
      complete[n] = cpu_ms (CLOCK_THREAD_CPUTIME_ID) - start;
      n_pending += second->pending;
    }
  qsort (quick, n, sizeof (double), compare);
  qsort (complete, n, sizeof (double), compare);
  g_print ("page %8.0f s %-16s quick %6.2f ms (most %6.2f, pending %2u/%u)  "
           "then complete %6.2f ms (most %6.2f, pending %2u/%u)\n",
           page_s, when, quick[n / 2], quick[n - 1], n_quick_pending, n, complete[n / 2],
           complete[n - 1], n_pending, n);
}

static void
turn_all (Bench      *bench,
          const char *when)
{
  static const double lengths[] = { 1, 10, 60, 300, 720, 3600, 8 * 3600, 24 * 3600 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    if (lengths[i] <= bench->duration_s)
      turn_pages (bench, lengths[i], when);
}

static gpointer
build_in_thread (gpointer data)
{
  Bench *bench = data;
  g_autoptr (InionJob) job = inion_pyramid_new_job (bench->pyramid);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionPyramid) result = inion_job_run (job, &error);

  if (result == NULL)
    die ("pyramid", error);
  return NULL;
}

static void
build (Bench      *bench,
       const char *cache_dir,
       const char *what)
{
  double wall = wall_ms ();
  double cpu = cpu_ms (CLOCK_PROCESS_CPUTIME_ID);

  g_set_object (&bench->pyramid, NULL);
  bench->pyramid = inion_pyramid_new (bench->signal, cache_dir);
  build_in_thread (bench);
  g_print ("pyramid %-22s %8.1f ms wall  %8.1f ms CPU  (%.1f MB, base %" G_GINT64_FORMAT ")\n",
           what, wall_ms () - wall, cpu_ms (CLOCK_PROCESS_CPUTIME_ID) - cpu,
           (double) inion_pyramid_get_bytes (bench->pyramid) / (1 << 20),
           inion_pyramid_get_base_bin (bench->pyramid, 0));
}

static void
build_and_turn (Bench *bench)
{
  GThread *thread;

  g_set_object (&bench->pyramid, NULL);
  bench->pyramid = inion_pyramid_new (bench->signal, "");
  thread = g_thread_new ("build", build_in_thread, bench);
  turn_all (bench, "while building");
  g_print ("progress after these pages: %.0f %%\n",
           100 * inion_pyramid_get_progress (bench->pyramid));
  g_thread_join (thread);
}

static void
remove_cache (const char *cache_dir)
{
  g_autoptr (GDir) dir = g_dir_open (cache_dir, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (cache_dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (cache_dir);
}

static void
open_and_page (Bench                    *bench,
               const char               *path,
               const char               *montage,
               const InionDisplayFilter *filter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionPage) page = NULL;
  double start = wall_ms ();

  bench->recording = inion_recording_open (path, &error);
  if (bench->recording == NULL)
    die (path, error);
  g_print ("open                           %8.2f ms\n", wall_ms () - start);
  bench->montage = inion_montage_new (montage, bench->recording, NULL, &error);
  if (bench->montage == NULL)
    die (montage, error);
  bench->signal = inion_shown_signal_new (bench->montage, filter);
  bench->pyramid = inion_pyramid_new (bench->signal, "");
  page = inion_page_new (bench->signal, bench->pyramid, 0, 10, WIDTH, NULL, &error);
  if (page == NULL)
    die ("page", error);
  g_print ("open and first 10 s page       %8.2f ms  (peak %.1f MB)\n", wall_ms () - start,
           peak_mb ());
  bench->duration_s = (double) inion_recording_get_duration_ns (bench->recording) * 1e-9;
}

int
main (int   argc,
      char *argv[])
{
  InionDisplayFilter filter = { 0 };
  const char *montage = argc > 2 ? argv[2] : "as-recorded";
  g_autofree char *cache_dir = g_dir_make_tmp ("inion-bench-XXXXXX", NULL);
  Bench bench = { 0 };

  if (argc < 2)
    {
      g_printerr ("bench-display FILE [MONTAGE] [LFF] [HFF] [NOTCH] [zero]\n");
      return 2;
    }
  inion_init ();
  filter.lff_hz = argc > 3 ? g_ascii_strtod (argv[3], NULL) : 0;
  filter.hff_hz = argc > 4 ? g_ascii_strtod (argv[4], NULL) : 0;
  filter.notch_hz = argc > 5 ? g_ascii_strtod (argv[5], NULL) : 0;
  filter.phase = argc > 6 && strcmp (argv[6], "zero") == 0 ? INION_PHASE_ZERO : INION_PHASE_CAUSAL;

  open_and_page (&bench, argv[1], montage, &filter);
  build (&bench, "", "built");
  turn_all (&bench, "with pyramid");
  build (&bench, cache_dir, "built and kept");
  build (&bench, cache_dir, "from the cache");
  build_and_turn (&bench);
  g_print ("peak memory                    %8.1f MB\n", peak_mb ());

  remove_cache (cache_dir);
  g_clear_object (&bench.pyramid);
  g_clear_object (&bench.signal);
  g_clear_object (&bench.montage);
  g_clear_object (&bench.recording);
  return 0;
}
