/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window itself: how soon a page is there, what turning pages costs, how long the main loop
 * stalls, how much memory it all takes.
 *
 *   bench-window FILE           opens it, turns pages while the pyramid builds and afterwards
 *   bench-window FILE long      the same of a recording whose pyramid takes minutes
 *   bench-window FILE train     opens it, trains, and scrolls meanwhile
 *   bench-window FILE open      opens it, waits until nothing runs, looks at each workspace
 *
 * "stall" is the time from one poll of the main loop to the next: what a person would feel. "own"
 * is that without the time that other programs kept the main thread from the processor. Of a
 * page turn, "prepare" is what the trace view says of itself (bins, layout, submitting to OpenGL),
 * "main thread" all CPU time of the main thread from the action to the end of the frame, which
 * holds GTK's and, with a software OpenGL, Mesa's share too. With INION_BENCH_STALLS set each stall
 * over 40 ms is told on standard error, with its times on the monotonic clock, for perf record
 * -k CLOCK_MONOTONIC. */

#include "bench-kit.h"

#include "app/application.h"
#include "app/window.h"
#include "widgets/trace-view.h"

#include <fcntl.h>
#include <locale.h>
#include <unistd.h>

#define TURNS 10
#define TIMEOUT_MS 60000
#define LONG_TIMEOUT_MS (30 * 60000)

typedef struct
{
  InionWindow *window;
  InionTraceView *traces;
  GdkFrameClock *clock;
  guint n_paints;
  double last_paint_ms;    /* wall */
  double last_paint_cpu;   /* of the main thread, at the end of the frame */
} Bench;

/* The main loop's stalls. */
static struct
{
  double woke_ms, woke_cpu, woke_delay;
  double longest_ms, longest_cpu, longest_own;
  guint n_long;
} stalls;

/* How long the calling thread has been ready to run while others ran; 0 where nobody counts it. */
static double
delayed_ms (void)
{
  char text[128] = { 0 };
  int fd = open ("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  char *next = text;

  if (fd < 0)
    return 0;
  if (read (fd, text, sizeof text - 1) > 0)
    g_ascii_strtoull (text, &next, 10);
  close (fd);
  return 1e-6 * (double) g_ascii_strtoull (next, NULL, 10);
}

static int
watched_poll (GPollFD *fds,
              guint    n,
              int      timeout)
{
  double busy = bench_wall_ms () - stalls.woke_ms;
  double cpu = bench_thread_ms () - stalls.woke_cpu;
  double own = busy - (delayed_ms () - stalls.woke_delay);
  int result;

  stalls.longest_own = MAX (stalls.longest_own, own);
  stalls.longest_ms = MAX (stalls.longest_ms, busy);
  stalls.longest_cpu = MAX (stalls.longest_cpu, cpu);
  stalls.n_long += busy > 50;
  if (busy > 40 && g_getenv ("INION_BENCH_STALLS") != NULL)
    fprintf (stderr, "stall %.6f %.6f CPU %.3g own %.3g\n", 1e-3 * stalls.woke_ms,
             1e-3 * bench_wall_ms (), cpu, own);
  result = g_poll (fds, n, timeout);
  stalls.woke_ms = bench_wall_ms ();
  stalls.woke_cpu = bench_thread_ms ();
  stalls.woke_delay = delayed_ms ();
  return result;
}

static void
forget_stalls (void)
{
  stalls.longest_ms = stalls.longest_cpu = stalls.longest_own = 0;
  stalls.n_long = 0;
  stalls.woke_ms = bench_wall_ms ();
  stalls.woke_cpu = bench_thread_ms ();
  stalls.woke_delay = delayed_ms ();
}

static void
report_stalls (const char *key,
               const char *note)
{
  g_autofree char *cpu = g_strconcat (key, " CPU", NULL);
  g_autofree char *own = g_strconcat (key, " own", NULL);

  bench_row (key, stalls.longest_ms, "ms", "%u over 50 ms; %s", stalls.n_long, note);
  bench_row (own, stalls.longest_own, "ms", "without waiting for the processor");
  bench_row (cpu, stalls.longest_cpu, "ms", "most CPU time of the main thread from poll to poll");
}

static void
on_after_paint (GdkFrameClock *clock,
                Bench         *bench)
{
  bench->n_paints++;
  bench->last_paint_ms = bench_wall_ms ();
  bench->last_paint_cpu = bench_thread_ms ();
}

static gboolean
set_flag (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
iterate_for (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, set_flag, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_for_paint (Bench *bench,
                guint  n_paints)
{
  double end = bench_wall_ms () + TIMEOUT_MS;

  while (bench->n_paints < n_paints && bench_wall_ms () < end)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
act (Bench      *bench,
     const char *name,
     GVariant   *parameter)
{
  if (!gtk_widget_activate_action_variant (GTK_WIDGET (bench->window), name, parameter))
    bench_die (name, NULL);
}

static GtkWidget *
find_widget (GtkWidget *widget,
             GType      type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
turn_pages (Bench      *bench,
            double      page_s,
            guint       pause_ms,
            const char *when)
{
  InionViewState *state = inion_window_get_state (bench->window);
  InionPyramid *pyramid = inion_view_state_get_pyramid (state);
  double duration = inion_view_state_get_duration_s (state);
  double prepare[TURNS], main_cpu[TURNS], wall[TURNS], all_cpu[TURNS];
  g_autofree char *key = g_strdup_printf ("turn.%g s%s", page_s, when);
  double progress;
  double most, most_cpu;

  inion_view_state_set_page (state, page_s, NAN);
  inion_view_state_set_from (state, duration * 0.381966);
  iterate_for (60);
  for (guint i = 0; i < TURNS; i++)
    {
      double start = bench_wall_ms ();
      double start_cpu = bench_thread_ms ();
      double start_all = bench_cpu_ms ();
      guint n_paints = bench->n_paints;

      if (page_s * 3 < duration)
        act (bench, "win.page-next", NULL);
      else
        act (bench, "win.scroll", g_variant_new_double (i % 2 == 0 ? 60 : -60));
      if (page_s >= duration) /* nowhere to turn to: draw the page anew */
        inion_view_state_set_page (state, duration - (i % 2 == 0 ? 60 : 0), NAN);
      wait_for_paint (bench, n_paints + 1);
      wall[i] = bench->last_paint_ms - start;
      main_cpu[i] = bench->last_paint_cpu - start_cpu;
      all_cpu[i] = bench_cpu_ms () - start_all;
      prepare[i] = inion_trace_view_get_last_frame_ms (bench->traces);
      iterate_for (pause_ms);
    }
  progress = inion_pyramid_get_progress (pyramid);
  most = most_cpu = 0;
  for (guint i = 0; i < TURNS; i++)
    {
      most = MAX (most, prepare[i]);
      most_cpu = MAX (most_cpu, main_cpu[i]);
    }
  bench_row (key, bench_median (prepare, TURNS), "ms",
             "prepare; most %.3g; main thread %.3g, most %.3g; all threads %.3g; wall %.3g; "
             "pyramid %.0f %%", most, bench_median (main_cpu, TURNS), most_cpu,
             bench_median (all_cpu, TURNS), bench_median (wall, TURNS), 100 * progress);
}

static void
turn_all (Bench      *bench,
          const char *when)
{
  static const double pages[] = { 1, 10, 60, 300, 3600, 8 * 3600, 24 * 3600 };
  double duration = inion_view_state_get_duration_s (inion_window_get_state (bench->window));

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    if (pages[i] <= duration)
      turn_pages (bench, pages[i], 5, when);
}

static void
wait_for_jobs (Bench *bench,
               double ms)
{
  GListModel *jobs =
    G_LIST_MODEL (inion_view_state_get_jobs (inion_window_get_state (bench->window)));
  double end = bench_wall_ms () + ms;

  while (g_list_model_get_n_items (jobs) > 0 && bench_wall_ms () < end)
    g_main_context_iteration (NULL, TRUE);
}

static G_GNUC_NO_INLINE void
open_file (Bench      *bench,
           const char *path)
{
  double start = bench_wall_ms ();
  double start_cpu = bench_cpu_ms ();
  double start_thread = bench_thread_ms ();
  double end = start + TIMEOUT_MS;

  forget_stalls ();
  act (bench, "win.open-path", g_variant_new_string (path));
  while (inion_trace_view_get_last_frame_ms (bench->traces) <= 0 && bench_wall_ms () < end)
    wait_for_paint (bench, bench->n_paints + 1);
  if (inion_trace_view_get_last_frame_ms (bench->traces) <= 0)
    bench_die (path, NULL);
  bench_row ("window.first page", bench->last_paint_ms - start, "ms",
             "from the action to the end of the first frame with traces; CPU %.3g ms, of the main "
             "thread %.3g ms", bench_cpu_ms () - start_cpu,
             bench->last_paint_cpu - start_thread);
}

static void
turn_pages_of (Bench  *bench,
               double  patience_ms)
{
  InionViewState *state = inion_window_get_state (bench->window);
  double built = bench_wall_ms ();
  double built_cpu = bench_cpu_ms ();

  turn_all (bench, " while building");
  wait_for_jobs (bench, patience_ms);
  bench_row ("window.pyramid", bench_wall_ms () - built, "ms",
             "from the first page until all jobs had ended, pages turned meanwhile; %.0f %% built; "
             "CPU %.3g ms", 100 * inion_pyramid_get_progress (inion_view_state_get_pyramid (state)),
             bench_cpu_ms () - built_cpu);
  report_stalls ("window.stall building", "opening, building the pyramid, turning pages");
  bench_row ("window.peak building", bench_peak_mb (), "MB", "peak memory until then");
  forget_stalls ();
  turn_all (bench, "");
  turn_pages (bench, 10, 400, " at leisure");
  report_stalls ("window.stall", "turning pages");
  bench_row ("window.peak", bench_peak_mb (), "MB", "peak memory at the end");
}

/* Each workspace is built when it is first looked at. */
static void
visit_workspaces (Bench *bench)
{
  static const char *const names[] = { "clean", "decode", "network", "live", "review" };

  forget_stalls ();
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      inion_window_show_workspace (bench->window, names[i]);
      iterate_for (300);
    }
  report_stalls ("window.stall workspaces", "showing each workspace for the first time");
}

static void
wait_only (Bench *bench)
{
  wait_for_jobs (bench, TIMEOUT_MS);
  iterate_for (500);
  report_stalls ("window.stall opening", "opening, building the pyramid");
  visit_workspaces (bench);
}

/* Scrolls by a tenth of a second a frame until nothing runs. */
static void
train_and_scroll (Bench *bench)
{
  InionViewState *state = inion_window_get_state (bench->window);
  GListModel *jobs = G_LIST_MODEL (inion_view_state_get_jobs (state));
  double start, end;
  guint frames = 0;

  wait_for_jobs (bench, TIMEOUT_MS);
  inion_window_show_workspace (bench->window, "decode");
  iterate_for (300);
  forget_stalls ();
  start = bench_wall_ms ();
  end = start + 4 * TIMEOUT_MS;
  act (bench, "decode.train", NULL);
  while (g_list_model_get_n_items (jobs) > 0 && bench_wall_ms () < end)
    {
      act (bench, "win.scroll", g_variant_new_double (frames / 400 % 2 == 0 ? 0.1 : -0.1));
      wait_for_paint (bench, bench->n_paints + 1);
      frames++;
    }
  if (inion_view_state_get_result (state) == NULL)
    bench_die ("training", NULL);
  bench_row ("window.train", bench_wall_ms () - start, "ms", "training, %u frames scrolled meanwhile",
             frames);
  report_stalls ("window.stall training", "training and scrolling");
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (InionApplication) application = NULL;
  g_autoptr (GError) error = NULL;
  double start = bench_wall_ms ();
  Bench bench = { 0 };

  if (argc < 2)
    {
      fprintf (stderr, "bench-window FILE [long|train|open]\n");
      return 2;
    }
  setlocale (LC_ALL, "");
  g_main_context_set_poll_func (NULL, watched_poll);
  application = inion_application_new ();
  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
  if (!g_application_register (G_APPLICATION (application), NULL, &error))
    bench_die ("the application", error);
  bench.window = inion_window_new (ADW_APPLICATION (application));
  gtk_window_set_default_size (GTK_WINDOW (bench.window), 1600, 1000);
  gtk_window_present (GTK_WINDOW (bench.window));
  bench.traces =
    INION_TRACE_VIEW (find_widget (GTK_WIDGET (bench.window), INION_TYPE_TRACE_VIEW));
  bench.clock = gdk_surface_get_frame_clock (gtk_native_get_surface (GTK_NATIVE (bench.window)));
  g_signal_connect (bench.clock, "after-paint", G_CALLBACK (on_after_paint), &bench);
  g_timeout_add (1000, tick, NULL); /* no wait is for ever */
  wait_for_paint (&bench, 1);
  bench_row ("window.start", bench.last_paint_ms - start, "ms", "to the end of the first frame");
  forget_stalls ();
  iterate_for (500);
  report_stalls ("window.stall empty", "half a second after the first frame, nothing open");
  bench_row ("window.peak empty", bench_peak_mb (), "MB", "peak memory with nothing open");

  open_file (&bench, argv[1]);
  if (argc > 2 && strcmp (argv[2], "train") == 0)
    train_and_scroll (&bench);
  else if (argc > 2 && strcmp (argv[2], "open") == 0)
    wait_only (&bench);
  else
    turn_pages_of (&bench, argc > 2 && strcmp (argv[2], "long") == 0 ? LONG_TIMEOUT_MS
                                                                     : TIMEOUT_MS);

  gtk_window_destroy (GTK_WINDOW (bench.window));
  iterate_for (50);
  return 0;
}
