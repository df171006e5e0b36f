/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening, reading and the pyramid, without a window.
 *
 *   bench-open NAME FILE     NAME is what the rows call the file: "M", "D24"
 */

#include "bench-kit.h"

#include "core/init.h"
#include "core/random.h"
#include "display/page.h"

#include <fcntl.h>
#include <unistd.h>

#define WIDTH 1500

static const char *path;
static const char *name;

static char *
key (const char *what)
{
  return g_strdup_printf ("%s.%s", what, name);
}

static InionRecording *
open_recording (void)
{
  g_autoptr (GError) error = NULL;
  InionRecording *recording = inion_recording_open (path, &error);

  if (recording == NULL)
    bench_die (path, error);
  return recording;
}

static void
open_header (gpointer data)
{
  g_autoptr (InionRecording) recording = open_recording ();
}

/* A page as it is first shown: 10 s of every channel, filtered, as bins. */
static void
open_page (gpointer data)
{
  InionDisplayFilter filter = { .lff_hz = 0.5, .hff_hz = 70 };
  g_autoptr (InionRecording) recording = open_recording ();
  g_autoptr (InionMontage) montage = inion_montage_new ("as-recorded", recording, NULL, NULL);
  g_autoptr (InionShownSignal) signal = inion_shown_signal_new (montage, &filter);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionPage) page = inion_page_new (signal, NULL, 0, 10, WIDTH, NULL, &error);

  if (page == NULL)
    bench_die (path, error);
}

static void
forget_file (void)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    return;
  posix_fadvise (fd, 0, 0, POSIX_FADV_DONTNEED);
  close (fd);
}

static void
open_page_cold (gpointer data)
{
  double *ms = data;
  double start;

  forget_file ();
  start = bench_wall_ms ();
  open_page (NULL);
  *ms = bench_wall_ms () - start;
}

static void
load_events (gpointer data)
{
  g_autoptr (InionRecording) recording = open_recording ();
  g_autoptr (GError) error = NULL;

  if (!inion_recording_load_events (recording, NULL, &error))
    bench_die (path, error);
  *(guint *) data = inion_recording_get_events (recording)->len;
}

/* 10 s of all channels as floats in µV, at places never read before. */
static void
read_pages (gpointer data)
{
  InionRecording *recording = data;
  static guint64 seed = 1;
  InionRandom random;

  inion_random_seed (&random, seed++, 0);
  for (guint i = 0; i < 20; i++)
    {
      double at = inion_random_uniform (&random);

      for (guint c = 0; c < inion_recording_get_n_channels (recording); c++)
        {
          InionChannel *channel = inion_recording_get_channel (recording, c);
          gsize n = (gsize) (10 * inion_channel_get_rate_hz (channel));
          g_autofree float *x = g_new (float, n);
          gint64 last = inion_channel_get_n_samples (channel) - (gint64) n;

          if (!inion_recording_read_float (recording, c, (gint64) (at * (double) last), n, x, NULL))
            bench_die (path, NULL);
        }
    }
}

/* Every sample of every channel as float, a minute at a time. */
static void
read_all (gpointer data)
{
  InionRecording *recording = data;
  g_autofree float *x = g_new (float, 1 << 17);
  guint n_channels = inion_recording_get_n_channels (recording);
  double duration_s = (double) inion_recording_get_duration_ns (recording) * 1e-9;

  for (double from = 0; from < duration_s; from += 60)
    for (guint c = 0; c < n_channels; c++)
      {
        InionChannel *channel = inion_recording_get_channel (recording, c);
        gint64 all = inion_channel_get_n_samples (channel);
        gint64 first = (gint64) (from * inion_channel_get_rate_hz (channel));
        gint64 n = MIN ((gint64) (60 * inion_channel_get_rate_hz (channel)), all - first);

        if (n > 0 && !inion_recording_read_float (recording, c, first, (gsize) n, x, NULL))
          bench_die (path, NULL);
      }
}

static void
build_pyramid (gpointer data)
{
  const InionDisplayFilter *filter = data;
  g_autoptr (InionRecording) recording = open_recording ();
  g_autoptr (InionMontage) montage = inion_montage_new ("as-recorded", recording, NULL, NULL);
  g_autoptr (InionShownSignal) signal = inion_shown_signal_new (montage, filter);
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (signal, "");
  g_autoptr (InionJob) job = inion_pyramid_new_job (pyramid);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionPyramid) result = inion_job_run (job, &error);

  if (result == NULL)
    bench_die ("pyramid", error);
}

static void
measure_cold (void)
{
  g_autofree char *row = key ("open and page cold");
  double ms[5], median;

  for (guint i = 0; i < G_N_ELEMENTS (ms); i++)
    open_page_cold (&ms[i]);
  median = bench_median (ms, G_N_ELEMENTS (ms));
  bench_row (row, median, "ms", "best %.4g; the file dropped from the cache first", ms[0]);
}

int
main (int   argc,
      char *argv[])
{
  const struct
  {
    const char *what;
    guint n;
    BenchFunc func;
  } tasks[] = { { "open", 20, open_header },
                { "open and page", 20, open_page } };
  InionDisplayFilter none = { 0 };
  InionDisplayFilter usual = { .lff_hz = 0.5, .hff_hz = 70 };
  guint n_events = 0;

  if (argc < 3)
    {
      fprintf (stderr, "bench-open NAME FILE\n");
      return 2;
    }
  inion_init ();
  name = argv[1];
  path = argv[2];
  for (guint i = 0; i < G_N_ELEMENTS (tasks); i++)
    {
      g_autofree char *row = key (tasks[i].what);

      bench_repeat (row, tasks[i].n, tasks[i].func, NULL, NULL);
    }
  {
    g_autofree char *row = key ("memory page");

    bench_row (row, bench_peak_mb (), "MB", "peak memory after open and first page");
  }
  {
    g_autoptr (InionRecording) recording = open_recording ();
    g_autofree char *pages = key ("20 pages");
    g_autofree char *all = key ("read all");
    g_autofree char *events = key ("events");
    g_autofree char *raw = key ("pyramid raw");
    g_autofree char *shown = key ("pyramid filtered");

    bench_repeat (pages, 5, read_pages, recording, "20 random pages of 10 s, all channels");
    bench_repeat (all, 3, read_all, recording, "one thread");
    bench_repeat (events, 3, load_events, &n_events, NULL);
    bench_repeat (raw, 3, build_pyramid, &none, "no filter");
    bench_repeat (shown, 3, build_pyramid, &usual, "0.5 to 70 Hz causal, as shown");
  }
  measure_cold ();
  {
    g_autofree char *row = key ("memory all");

    bench_row (row, bench_peak_mb (), "MB", "peak memory after all of this");
  }
  return 0;
}
