/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day of 256 channels at 512 Hz: 22.6 GB, of which the disk holds the header. What the program
 * holds of it and reads for a page must be that of the screen. */

#include "display-fixture.h"

#include <unistd.h>

#define N_CHANNELS 256
#define RATE 512
#define N_RECORDS 86400
#define N_VISIBLE 24
#define WIDTH 1400

static const InionDisplayFilter clinical = { 0.5, 70, 0, INION_PHASE_CAUSAL };

typedef struct
{
  char *directory;
  char *path;
  InionRecording *recording;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  g_auto (GStrv) labels = g_new0 (char *, N_CHANNELS + 1);
  guint samples[N_CHANNELS];
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize n;

  self->directory = g_dir_make_tmp ("inion-long-XXXXXX", NULL);
  for (guint i = 0; i < N_CHANNELS; i++)
    {
      labels[i] = g_strdup_printf ("EEG E%u", i + 1);
      samples[i] = RATE;
    }
  self->path = fixture_write_edf (self->directory, (const char *const *) labels, samples,
                                  N_CHANNELS, 0);
  g_assert_true (g_file_get_contents (self->path, &bytes, &n, &error));
  g_snprintf (bytes + 236, 6, "%d", N_RECORDS);
  bytes[241] = ' ';
  g_assert_true (g_file_set_contents (self->path, bytes, (gssize) n, &error));
  if (truncate (self->path, (off_t) n + (off_t) N_RECORDS * N_CHANNELS * RATE * 2) != 0)
    return;
  self->recording = inion_recording_open (self->path, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  g_clear_object (&self->recording);
  g_assert_cmpint (g_unlink (self->path), ==, 0);
  g_assert_cmpint (g_rmdir (self->directory), ==, 0);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->directory, g_free);
}

/* Bytes that this process has read from files. */
static gint64
get_bytes_read (void)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/self/io", &text, NULL, NULL) ||
      !g_str_has_prefix (text, "rchar: "))
    return -1;
  return g_ascii_strtoll (text + strlen ("rchar: "), NULL, 10);
}

/* A quick page reads no more than what it may make; it is drawn whatever it lacks. */
static void
test_quick_pages (Fixture       *self,
                  gconstpointer  data)
{
  const char *montage = data;
  static const double pages[] = { 1, 10, 60, 300, 1000, 3600, 4 * 3600, 8 * 3600, 24 * 3600 };
  g_autoptr (InionShownSignal) signal = NULL;
  g_autoptr (InionPyramid) pyramid = NULL;

  if (self->recording == NULL || get_bytes_read () < 0)
    {
      g_test_skip ("No room for a large file with nothing in it, or nobody counts what is read.");
      return;
    }
  signal = fixture_signal (self->recording, montage, clinical);
  pyramid = inion_pyramid_new (signal, "");
  g_assert_cmpuint (inion_pyramid_get_bytes (pyramid), <=, 48 << 20);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (InionPage) page = NULL;
      gint64 before = get_bytes_read ();

      page = inion_page_new_quick (signal, pyramid, 3000, 3000 + pages[i], WIDTH, 100, N_VISIBLE,
                                   &error);
      g_assert_no_error (error);
      /* Half a million samples of two bytes, and what /proc tells. */
      g_assert_cmpint (get_bytes_read () - before, <=, (1 << 20) + 4096);
      for (guint d = 0; d < N_CHANNELS; d++)
        g_assert_cmpint (page->used[d] > 0, ==, d >= 100 && d < 100 + N_VISIBLE);
      g_assert_cmpuint (page->n_bins, <=, 2 * WIDTH + 4);
    }
}

/* The job of a page reads the channels of that page alone. */
static void
test_complete_page (Fixture       *self,
                    gconstpointer  data)
{
  g_autoptr (InionShownSignal) signal = NULL;
  g_autoptr (InionJob) job = NULL;
  g_autoptr (InionPage) page = NULL;
  g_autoptr (GError) error = NULL;
  gint64 before;

  if (self->recording == NULL || get_bytes_read () < 0)
    {
      g_test_skip ("No room for a large file with nothing in it, or nobody counts what is read.");
      return;
    }
  signal = fixture_signal (self->recording, "as-recorded", clinical);
  before = get_bytes_read ();
  job = inion_page_new_job (signal, NULL, 3000, 3300, WIDTH, 100, N_VISIBLE);
  page = inion_job_run (job, &error);
  g_assert_no_error (error);
  g_assert_false (page->pending);
  /* 300 s, and as much again for whole chunks and what settles the filter. */
  g_assert_cmpint (get_bytes_read () - before, <=, 2 * 300 * RATE * 2 * N_VISIBLE);
  for (gsize k = 0; k < page->used[100]; k++)
    g_assert_false (inion_min_max_is_empty (&page->bins[100 * page->n_bins + k]));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  inion_init ();
  g_test_add ("/display/long/quick-pages", Fixture, "as-recorded", set_up, test_quick_pages,
              tear_down);
  g_test_add ("/display/long/quick-pages-average", Fixture, "average", set_up, test_quick_pages,
              tear_down);
  g_test_add ("/display/long/complete-page", Fixture, NULL, set_up, test_complete_page, tear_down);
  return g_test_run ();
}
