/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What opening, paging and the pyramid cost.
 *
 *   bench-display FILE [MONTAGE] [LFF] [HFF] [NOTCH] [zero]
 *
 * Prints one line a measure. CPU is that of the calling thread for pages and of the whole process
 * for building. "quick" is inion_page_new_quick(), what the UI thread does; "complete" is
 * inion_page_new(), what the job after it does. Each page is one never seen before. */

#include "bench-kit.h"

#include "core/init.h"
#include "display/page.h"

#include <glib/gstdio.h>

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
      double start = bench_thread_ms ();

      first = inion_page_new_quick (bench->signal, bench->pyramid, from, from + page_s, WIDTH,
                                    0, G_MAXUINT, &error);
      if (first == NULL)
        bench_die ("page", error);
      quick[n] = bench_thread_ms () - start;
      n_quick_pending += first->pending;
      start = bench_thread_ms ();
      second = inion_page_new (bench->signal, bench->pyramid, from, from + page_s, WIDTH, NULL,
                               &error);
      if (second == NULL)
        bench_die ("page", error);
      complete[n] = bench_thread_ms () - start;
      n_pending += second->pending;
    }
  qsort (quick, n, sizeof (double), bench_compare);
  qsort (complete, n, sizeof (double), bench_compare);
  {
    g_autofree char *key = g_strdup_printf ("page.%g s%s quick", page_s, when);
    g_autofree char *then = g_strdup_printf ("page.%g s%s complete", page_s, when);

    bench_row (key, quick[n / 2], "ms", "CPU; most %.3g; pending %u of %u", quick[n - 1],
               n_quick_pending, n);
    bench_row (then, complete[n / 2], "ms", "CPU after the quick page; most %.3g; pending %u of %u",
               complete[n - 1], n_pending, n);
  }
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
    bench_die ("pyramid", error);
  return NULL;
}

static void
build (Bench      *bench,
       const char *cache_dir,
       const char *what)
{
  double wall = bench_wall_ms ();
  double cpu = bench_cpu_ms ();

  g_set_object (&bench->pyramid, NULL);
  bench->pyramid = inion_pyramid_new (bench->signal, cache_dir);
  build_in_thread (bench);
  {
    g_autofree char *key = g_strconcat ("pyramid.", what, NULL);

    bench_row (key, bench_wall_ms () - wall, "ms", "CPU %.4g; %.3g MB, base %" G_GINT64_FORMAT,
               bench_cpu_ms () - cpu,
               (double) inion_pyramid_get_bytes (bench->pyramid) / (1 << 20),
               inion_pyramid_get_base_bin (bench->pyramid, 0));
  }
}

static void
build_and_turn (Bench *bench)
{
  GThread *thread;

  g_set_object (&bench->pyramid, NULL);
  bench->pyramid = inion_pyramid_new (bench->signal, "");
  thread = g_thread_new ("build", build_in_thread, bench);
  turn_all (bench, " while building");
  bench_row ("pyramid.progress after these pages",
             100 * inion_pyramid_get_progress (bench->pyramid), "%", "built meanwhile");
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
  double start = bench_wall_ms ();

  bench->recording = inion_recording_open (path, &error);
  if (bench->recording == NULL)
    bench_die (path, error);
  bench_row ("page.open", bench_wall_ms () - start, "ms", "header");
  bench->montage = inion_montage_new (montage, bench->recording, NULL, &error);
  if (bench->montage == NULL)
    bench_die (montage, error);
  bench->signal = inion_shown_signal_new (bench->montage, filter);
  bench->pyramid = inion_pyramid_new (bench->signal, "");
  page = inion_page_new (bench->signal, bench->pyramid, 0, 10, WIDTH, NULL, &error);
  if (page == NULL)
    bench_die ("page", error);
  bench_row ("page.open and first", bench_wall_ms () - start, "ms", "10 s; peak memory %.3g MB",
             bench_peak_mb ());
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
  turn_all (&bench, "");
  build (&bench, cache_dir, "built and kept");
  build (&bench, cache_dir, "from the cache");
  build_and_turn (&bench);
  bench_row ("page.memory", bench_peak_mb (), "MB", "peak memory at the end");

  remove_cache (cache_dir);
  g_clear_object (&bench.pyramid);
  g_clear_object (&bench.signal);
  g_clear_object (&bench.montage);
  g_clear_object (&bench.recording);
  return 0;
}
