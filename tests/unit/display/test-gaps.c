/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "display-fixture.h"

#include "../gap-fixture.h"

#define RATE 256.0
#define DAY_S 86400.0

static const InionDisplayFilter filters[] = {
  { 0 },
  { 0.5, 70, 50, INION_PHASE_CAUSAL },
  { 1, 40, 0, INION_PHASE_ZERO },
};

/* Four channels of one signal, cut into stretches. */
static InionRecording *
make_gapped (const GapStretch *stretches,
             guint             n_stretches)
{
  g_autofree double *x = NULL;
  gsize n = 0;

  for (guint i = 0; i < n_stretches; i++)
    n += stretches[i].n;
  x = g_new (double, 4 * n);
  for (guint c = 0; c < 4; c++)
    {
      g_autofree double *wave = fixture_wave (c, n, RATE);

      memcpy (x + c * n, wave, n * sizeof *x);
    }
  return gap_fixture_memory (RATE, fixture_labels, 4, x, stretches, n_stretches);
}

/* One of the stretches as a recording of its own. */
static InionRecording *
make_alone (const GapStretch *stretches,
            guint             n_stretches,
            guint             which)
{
  InionMemoryRecording *alone = inion_memory_recording_new (RATE, NULL);
  gsize n = 0, first = 0;

  for (guint i = 0; i < n_stretches; i++)
    {
      first += i < which ? stretches[i].n : 0;
      n += stretches[i].n;
    }
  for (guint c = 0; c < 4; c++)
    {
      g_autofree double *wave = fixture_wave (c, n, RATE);

      inion_memory_recording_add_channel (alone, fixture_labels[c], "µV", wave + first,
                                          stretches[which].n);
    }
  return INION_RECORDING (alone);
}

/* A stretch is filtered as if nothing else had been recorded; between stretches there is nothing. */
static void
test_stretches_alone (void)
{
  const GapStretch stretches[] = { { 0, 5000 }, { 20, 3001 }, { 40.5, 700 } };

  for (guint f = 0; f < G_N_ELEMENTS (filters); f++)
    for (guint s = 0; s < G_N_ELEMENTS (stretches); s++)
      {
        g_autoptr (InionRecording) gapped = make_gapped (stretches, G_N_ELEMENTS (stretches));
        g_autoptr (InionRecording) alone = make_alone (stretches, G_N_ELEMENTS (stretches), s);
        g_autoptr (InionShownSignal) signal = fixture_signal (gapped, "average", filters[f]);
        g_autoptr (InionShownSignal) single = fixture_signal (alone, "average", filters[f]);
        gint64 first = (gint64) (stretches[s].onset_s * RATE);
        gsize n = stretches[s].n;
        g_autofree float *x = g_new (float, n);
        g_autofree float *y = g_new (float, n);
        g_autoptr (GError) error = NULL;
        float edge[2];

        for (guint d = 0; d < 4; d++)
          {
            inion_shown_signal_read (signal, d, first, n, x, &error);
            g_assert_no_error (error);
            inion_shown_signal_read (single, d, 0, n, y, &error);
            g_assert_no_error (error);
            /* Chunks sit elsewhere, and their margins settle the filters to so much. */
            for (gsize i = 0; i < n; i++)
              g_assert_cmpfloat_with_epsilon (x[i], y[i], 0.02);
            if (s + 1 == G_N_ELEMENTS (stretches))
              continue;
            inion_shown_signal_read (signal, d, first + (gint64) n - 1, 2, edge, &error);
            g_assert_no_error (error);
            g_assert_true (isfinite (edge[0]));
            g_assert_true (isnan (edge[1]));
          }
      }
}

/* Bins of a gap are empty in pages and in the pyramid, and no bin beside it knows of the other
 * side. */
static void
test_pages (void)
{
  const GapStretch stretches[] = { { 0, 40 * 256 }, { 100, 40 * 256 } };
  g_autoptr (InionRecording) gapped = make_gapped (stretches, 2);

  for (guint f = 0; f < G_N_ELEMENTS (filters); f++)
    for (guint with = 0; with < 2; with++)
      {
        g_autoptr (InionShownSignal) signal = fixture_signal (gapped, "as-recorded", filters[f]);
        g_autoptr (InionPyramid) pyramid = inion_pyramid_new (signal, "");
        g_autoptr (InionJob) job = inion_pyramid_new_job (pyramid);
        const double pages[][2] = { { 35, 45 }, { 95, 105 }, { 50, 90 }, { 0, 140 } };
        g_autoptr (GError) error = NULL;

        g_object_unref (inion_job_run (job, &error));
        g_assert_no_error (error);
        for (guint p = 0; p < G_N_ELEMENTS (pages); p++)
          {
            g_autoptr (InionPage) page = inion_page_new (signal, with ? pyramid : NULL, pages[p][0],
                                                         pages[p][1], 1000, NULL, &error);
            guint n_empty = 0;

            g_assert_no_error (error);
            g_assert_false (page->pending);
            for (guint d = 0; d < page->n_derivations; d++)
              for (gsize k = 0; k < page->used[d]; k++)
                {
                  const InionMinMax *bin = &page->bins[d * page->n_bins + k];
                  double seconds = (double) page->bin_size[d] / RATE;
                  double from = ((double) page->first_bin[d] + (double) k) * seconds;
                  gboolean gap = from >= 40 && from + seconds <= 100;

                  g_assert_false (isnan (bin->lo) || isnan (bin->hi));
                  n_empty += inion_min_max_is_empty (bin);
                  g_assert_cmpint (inion_min_max_is_empty (bin), ==, gap);
                }
            g_assert_cmpuint (n_empty, >, 0);
          }
      }
}

/* Years without a recording take neither time nor memory. */
static void
test_long_gap (void)
{
  const GapStretch stretches[] = { { 0, 60 * 256 }, { 5 * 365 * DAY_S, 60 * 256 } };
  g_autoptr (InionRecording) gapped = make_gapped (stretches, 2);
  g_autoptr (InionShownSignal) signal = fixture_signal (gapped, "average", filters[1]);
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (signal, "");
  g_autoptr (InionJob) job = inion_pyramid_new_job (pyramid);
  g_autoptr (InionPage) whole = NULL;
  g_autoptr (InionPage) direct = NULL;
  g_autoptr (InionPage) second = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();
  double years_s = stretches[1].onset_s + 60;

  g_assert_cmpuint (inion_pyramid_get_bytes (pyramid), <, 64 << 20);
  g_object_unref (inion_job_run (job, &error));
  g_assert_no_error (error);
  g_assert_true (inion_pyramid_is_complete (pyramid));
  whole = inion_page_new (signal, pyramid, 0, years_s, 1200, NULL, &error);
  g_assert_no_error (error);
  direct = inion_page_new (signal, NULL, 0, years_s, 1200, NULL, &error);
  g_assert_no_error (error);
  second = inion_page_new_quick (signal, pyramid, years_s - 10, years_s, 1200, 0, G_MAXUINT,
                                 &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 10 * G_USEC_PER_SEC);
  for (guint d = 0; d < 4; d++)
    {
      guint n_full = 0;

      g_assert_cmpuint (whole->used[d], ==, direct->used[d]);
      for (gsize k = 0; k < whole->used[d]; k++)
        {
          const InionMinMax *a = &whole->bins[d * whole->n_bins + k];
          const InionMinMax *b = &direct->bins[d * direct->n_bins + k];

          g_assert_true (a->lo == b->lo && a->hi == b->hi);
          n_full += !inion_min_max_is_empty (a);
        }
      g_assert_cmpuint (n_full, ==, 2);
      for (gsize k = 0; k < second->used[d] && !second->pending; k++)
        g_assert_false (inion_min_max_is_empty (&second->bins[d * second->n_bins + k]));
    }
}

#define N_PIECES 26
#define WEEKS_S (14 * DAY_S)

typedef gboolean (*ReadFunc) (InionRecording *, guint, gint64, gsize, double *, GError **);

static ReadFunc real_read;
static gint n_reads;

static gboolean
count_read (InionRecording  *recording,
            guint            channel,
            gint64           first,
            gsize            n,
            double          *out,
            GError         **error)
{
  g_atomic_int_inc (&n_reads);
  return real_read (recording, channel, first, n, out, error);
}

static void
assert_same_page (const InionPage *a,
                  const InionPage *b)
{
  g_assert_cmpuint (a->n_bins, ==, b->n_bins);
  for (guint d = 0; d < a->n_derivations; d++)
    {
      g_assert_cmpint (a->first_bin[d], ==, b->first_bin[d]);
      g_assert_cmpint (a->bin_size[d], ==, b->bin_size[d]);
      for (gsize k = 0; k < a->used[d]; k++)
        {
          const InionMinMax *x = &a->bins[d * a->n_bins + k], *y = &b->bins[d * b->n_bins + k];

          g_assert_true (x->lo == y->lo && x->hi == y->hi);
        }
    }
}

/* Ten minutes in pieces two weeks apart: what is built, kept and read is that of ten minutes, and
 * every page is drawn from it, as fine as it is drawn from the samples. */
static void
test_year (void)
{
  GapStretch stretches[N_PIECES];
  g_autoptr (InionRecording) gapped = NULL;
  g_autoptr (InionShownSignal) signal = NULL, other = NULL;
  g_autoptr (InionPyramid) pyramid = NULL;
  g_autoptr (InionJob) job = NULL;
  g_autoptr (GError) error = NULL;
  const double lengths_s[] = { 30, 300, DAY_S, 60 * DAY_S };
  gsize n = 24 * 256;

  for (guint i = 0; i < N_PIECES; i++)
    stretches[i] = (GapStretch) { i * WEEKS_S, n };
  gapped = make_gapped (stretches, N_PIECES);
  signal = fixture_signal (gapped, "as-recorded", filters[1]);
  other = fixture_signal (gapped, "as-recorded", filters[1]); /* has no page of the first */
  real_read = INION_RECORDING_GET_CLASS (gapped)->read_physical;
  INION_RECORDING_GET_CLASS (gapped)->read_physical = count_read;
  pyramid = inion_pyramid_new (signal, "");
  /* As fine as the pyramid of a short recording; a block of 256 s of each piece. */
  g_assert_cmpint (inion_pyramid_get_base_bin (pyramid, 0), ==, 16);
  g_assert_cmpuint (inion_pyramid_get_bytes (pyramid), <=, N_PIECES * 4 * 4096 * 8 * 3 / 2);
  job = inion_pyramid_new_job (pyramid);
  n_reads = 0;
  g_object_unref (inion_job_run (job, &error));
  g_assert_no_error (error);
  g_assert_true (inion_pyramid_is_complete (pyramid));
  g_test_message ("%d reads", n_reads);
  g_assert_cmpint (n_reads, >, 0);
  /* A chunk has 4096 samples or more; a read a chunk and channel, and one for its margin. */
  g_assert_cmpint (n_reads, <=, N_PIECES * 4 * 2 * 3);
  for (guint i = 0; i < G_N_ELEMENTS (lengths_s); i++)
    for (guint piece = 0; piece < N_PIECES; piece += 5)
      {
        double from_s = piece * WEEKS_S - lengths_s[i] / 3;
        g_autoptr (InionPage) page = NULL, quick = NULL, direct = NULL;

        n_reads = 0;
        page = inion_page_new (signal, pyramid, from_s, from_s + lengths_s[i], 1000, NULL, &error);
        g_assert_no_error (error);
        if (page->bin_size[0] >= 16)
          g_assert_cmpint (n_reads, ==, 0);
        g_assert_false (page->pending);
        quick = inion_page_new_quick (signal, pyramid, from_s, from_s + lengths_s[i], 1000, 0,
                                      G_MAXUINT, &error);
        g_assert_no_error (error);
        g_assert_false (quick->pending);
        direct = inion_page_new (other, NULL, from_s, from_s + lengths_s[i], 1000, NULL, &error);
        g_assert_no_error (error);
        assert_same_page (page, quick);
        assert_same_page (page, direct);
      }
  INION_RECORDING_GET_CLASS (gapped)->read_physical = real_read;
}

/* A real recording cut into three: each stretch as it is shown in the file it was cut from, but for
 * what the filter needs to settle behind a gap. */
static void
test_real (void)
{
  g_autofree char *source = gap_fixture_find ("motor-imagery/eegmmidb/S007/S007R04.edf");
  const guint before[] = { 40, 80 };
  const double gap_s[] = { 200, 2 * DAY_S };
  g_autofree char *path = NULL;
  g_autoptr (InionRecording) whole = NULL, cut = NULL;
  g_autoptr (InionShownSignal) signal = NULL, original = NULL;
  g_autoptr (GError) error = NULL;
  float x[1600], y[1600];

  if (source == NULL)
    {
      g_test_skip ("INION_SHARED has no S007R04.edf");
      return;
    }
  path = gap_fixture_edf (source, before, gap_s, 2);
  whole = inion_recording_open (source, &error);
  g_assert_no_error (error);
  cut = inion_recording_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (inion_recording_get_n_segments (cut), ==, 3);
  g_assert_cmpint (inion_recording_get_duration_ns (cut), ==,
                   inion_recording_get_duration_ns (whole) +
                   (gint64) ((200 + 2 * DAY_S) * 1e9));
  signal = fixture_signal (cut, "average", filters[1]);
  original = fixture_signal (whole, "average", filters[1]);
  for (guint d = 0; d < 64; d += 21)
    {
      /* 20 s into each stretch. */
      for (guint s = 0; s < 3; s++)
        {
          gint64 first = 160 * (40 * (gint64) s + 20);
          gint64 shift = s == 0 ? 0 : s == 1 ? 200 * 160 : (gint64) (200 + 2 * DAY_S) * 160;

          g_assert_true (inion_shown_signal_read (signal, d, first + shift, 1600, x, &error));
          g_assert_true (inion_shown_signal_read (original, d, first, 1600, y, &error));
          for (guint i = 0; i < 1600; i++)
            g_assert_cmpfloat_with_epsilon (x[i], y[i], 0.05);
        }
    }
  g_unlink (path);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  inion_init ();
  g_test_add_func ("/display/gaps/stretches-alone", test_stretches_alone);
  g_test_add_func ("/display/gaps/pages", test_pages);
  g_test_add_func ("/display/gaps/long-gap", test_long_gap);
  g_test_add_func ("/display/gaps/year", test_year);
  g_test_add_func ("/display/gaps/real", test_real);
  return g_test_run ();
}
