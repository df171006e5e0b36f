/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "page-maker.h"
#include "picture.h"

#include "widgets/render/page-picture.h"
#include "widgets/render/trace-clipped.h"

#include "recording/memory-recording.h"

#include <cairo-pdf.h>

#define RATE 200
#define SECONDS 12

static const char *const labels[] = {
  "Fp1", "F3", "C3", "P3", "O1", "Fp2", "F4", "C4", "P4", "O2", "E1", "ECG", "Chin", "SpO2",
};
static const char *const units[] = {
  "µV", "µV", "µV", "µV", "µV", "µV", "µV", "µV", "µV", "µV", "µV", "mV", "µV", "%",
};
#define N G_N_ELEMENTS (labels)

static double
sample_at (guint channel,
           int   i)
{
  double t = i / (double) RATE;
  double noise = page_maker_noise (channel, i) + page_maker_noise (channel, i / 3);
  double alpha = sin (2 * G_PI * 10.1 * t + channel) * (14 + 10 * sin (t * 1.3 + channel));
  double beat = fmod (t, 0.86) - 0.4;

  if (g_str_equal (labels[channel], "ECG"))
    return 0.9 * exp (-pow (beat / 0.014, 2)) - 0.2 * exp (-pow ((beat - 0.03) / 0.016, 2))
           + 0.22 * exp (-pow ((beat - 0.24) / 0.05, 2));
  if (g_str_equal (labels[channel], "Chin"))
    return 14 * noise;
  if (g_str_equal (labels[channel], "SpO2"))
    return 95 + floor (2.5 * sin (t / 3));
  return 6 * noise + alpha * (channel % 5 > 2 ? 1 : 0.3)
         + 12 * sin (2 * G_PI * 0.7 * t + channel / 5)
         - (channel % 5 == 0 ? 90 * exp (-pow ((t - 4.2) / 0.12, 2)) : 0);
}

static InionMontage *
make_montage (gboolean clock)
{
  g_autoptr (GDateTime) start = clock ? g_date_time_new_utc (2024, 3, 7, 23, 59, 54.5) : NULL;
  g_autoptr (InionMemoryRecording) recording = inion_memory_recording_new (RATE, start);
  g_autofree double *samples = g_new (double, RATE * SECONDS);
  g_autoptr (GError) error = NULL;
  InionMontage *montage;

  for (guint c = 0; c < N; c++)
    {
      for (int i = 0; i < RATE * SECONDS; i++)
        samples[i] = sample_at (c, i);
      inion_memory_recording_add_channel (recording, labels[c], units[c], samples, RATE * SECONDS);
    }
  montage = inion_montage_new ("as-recorded", INION_RECORDING (recording), NULL, &error);
  g_assert_no_error (error);
  return montage;
}

/* A page of the montage's samples, with a gap. */
static InionPage *
make_page (InionMontage *montage,
           double        gap_from,
           double        gap_to)
{
  guint n = inion_montage_get_n_derivations (montage);
  InionPage *page = page_maker_new (n, RATE * SECONDS, 1, RATE);
  g_autofree double *samples = g_new (double, RATE * SECONDS);
  g_autoptr (GError) error = NULL;

  for (guint d = 0; d < n; d++)
    {
      inion_montage_read (montage, d, 0, RATE * SECONDS, samples, &error);
      g_assert_no_error (error);
      for (int i = 0; i < RATE * SECONDS; i++)
        if (i < gap_from * RATE || i >= gap_to * RATE)
          page_maker_set (page, d, i, samples[i], samples[i]);
    }
  page->from_s = 0;
  page->to_s = 10;
  return page;
}

static const InionPageMark marks[] = {
  { 2, 3.4, "muscle", 0xd55e00, FALSE },
  { 3.9, 4.6, "blink", 0x0072b2, TRUE },
  { 4.1, 4.3, "eye movement", 0x009e73, FALSE },
  { 6.1, 6.1, "Photic 8 Hz", 0xcc79a7, FALSE },
  { -5, -1, "not in view", 0x000000, FALSE },
  { 9.4, 30, "runs on", 0xe69f00, FALSE },
};

static void
test_look (void)
{
  const gboolean bad[N] = { [3] = TRUE };

  for (int dark = 0; dark < 2; dark++)
    for (int small = 0; small < 2; small++)
      {
        g_autoptr (InionMontage) montage = make_montage (!small);
        g_autoptr (InionPage) page = make_page (montage, 7.2, 8.65);
        InionPagePictureStyle style = {
          .dark = dark, .title = "S001R04.edf", .lff_hz = 0.5, .hff_hz = 70, .marks = marks,
          .n_marks = G_N_ELEMENTS (marks), .bad = bad, .tint_sides = small,
        };
        int width = small ? 640 : 1200, height = small ? 360 : 700;
        Picture picture = picture_new (width, height, dark);
        g_autofree char *name = g_strdup_printf ("page-%s-%s", small ? "small" : "large",
                                                 dark ? "dark" : "light");

        inion_page_picture_draw (picture.cr, width, height, page, montage, &style);
        g_assert_cmpuint (picture_count_drawn (&picture), >, 20000);
        picture_finish (&picture, name);
      }
}

/* Rows of dark ink in a column of a picture without marks, at a time of the page. */
static double
ink_center (Picture                     *picture,
            const cairo_rectangle_int_t *area,
            double                       time_s,
            int                          top,
            int                          bottom)
{
  int x = area->x + (int) (area->width * time_s / 10);
  double sum = 0, weight = 0;

  for (int y = top; y < bottom; y++)
    {
      double ink = MAX (0, 200 - PICTURE_GREEN (picture_pixel (picture, x, y)));

      sum += ink * (y + 0.5);
      weight += ink;
    }
  g_assert_cmpfloat (weight, >, 0);
  return sum / weight;
}

/* +50 µV at 7 µV/mm and 4 px/mm is 28.6 px below the zero line, or above it when positive is up. */
static void
test_known_rows (void)
{
  g_autoptr (InionMemoryRecording) recording = inion_memory_recording_new (RATE, NULL);
  g_autofree double *samples = g_new (double, RATE * 10);
  g_autoptr (InionMontage) montage = NULL;
  g_autoptr (InionPage) page = NULL;
  cairo_rectangle_int_t area;

  for (int i = 0; i < RATE * 10; i++)
    samples[i] = i / RATE % 2 ? 50 : -50;
  inion_memory_recording_add_channel (recording, "Cz", "µV", samples, RATE * 10);
  montage = inion_montage_new ("as-recorded", INION_RECORDING (recording), NULL, NULL);
  page = page_maker_new (1, RATE * 10, 1, RATE);
  for (int i = 0; i < RATE * 10; i++)
    page_maker_set (page, 0, i, samples[i], samples[i]);
  for (int up = 0; up < 2; up++)
    {
      InionPagePictureStyle style = { .px_per_mm = 4, .positive_up = up };
      Picture picture = picture_new (900, 300, FALSE);
      double zero, sign = up ? -1 : 1;
      int top, bottom;

      inion_page_picture_draw (picture.cr, 900, 300, page, montage, &style);
      inion_page_picture_get_area (picture.cr, 900, 300, page, montage, &style, &area);
      zero = area.y + area.height / 2.0;
      top = area.y + 10;
      bottom = area.y + area.height - 60;
      g_assert_cmpfloat_with_epsilon (ink_center (&picture, &area, 1.55, top, bottom),
                                      zero + sign * 50 * 4 / 7, 1);
      g_assert_cmpfloat_with_epsilon (ink_center (&picture, &area, 2.55, top, bottom),
                                      zero - sign * 50 * 4 / 7, 1);
      picture_finish (&picture, NULL);
    }
}

/* Ten times the signal asks for about ten times the µV/mm. */
static void
test_suggest (void)
{
  double suggested[2];

  for (int big = 0; big < 2; big++)
    {
      g_autoptr (InionMontage) montage = make_montage (FALSE);
      g_autoptr (InionPage) page = make_page (montage, 2, 3);

      for (gsize i = 0; i < page->n_bins * page->n_derivations; i++)
        if (big)
          page->bins[i] = (InionMinMax) { page->bins[i].lo * 10, page->bins[i].hi * 10 };
      suggested[big] = inion_trace_layout_suggest_sensitivity (page, montage, 10);
      g_assert_cmpfloat (inion_trace_layout_suggest_sensitivity (page, montage, 0), ==, 7);
    }
  g_assert_cmpfloat (suggested[0], >=, 3);
  g_assert_cmpfloat (suggested[0], <=, 15);
  g_assert_cmpfloat (suggested[1], >=, 7 * suggested[0]);
  g_assert_cmpfloat (suggested[1], <=, 14 * suggested[0]);
}

static cairo_status_t
count_bytes (void         *closure,
             const guint8 *data,
             unsigned int  length)
{
  *(gsize *) closure += length;
  return CAIRO_STATUS_SUCCESS;
}

/* Paper gets paths: small, and without a bitmap's size. */
static void
test_pdf (void)
{
  g_autoptr (InionMontage) montage = make_montage (TRUE);
  g_autoptr (InionPage) page = make_page (montage, 7.2, 8.65);
  InionPagePictureStyle style = { .marks = marks, .n_marks = G_N_ELEMENTS (marks), .clip = TRUE };
  gsize size = 0;
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (count_bytes, &size, 842, 595);
  cairo_t *cr = cairo_create (surface);

  inion_page_picture_draw (cr, 842, 595, page, montage, &style);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  g_assert_cmpuint (size, >, 20000);
  g_assert_cmpuint (size, <, 1000000);
}

static void
test_format_time (void)
{
  g_autoptr (GDateTime) start = g_date_time_new_utc (2024, 3, 7, 23, 59, 54.5);
  const struct
  {
    gboolean clock;
    double time;
    int digits;
    const char *text;
  } cases[] = {
    { FALSE, 221.25, 3, "+00:03:41.250" }, { FALSE, -1, 0, "\xe2\x88\x92" "00:00:01" },
    { FALSE, 59.9996, 3, "+00:01:00.000" }, { FALSE, 59.9994, 3, "+00:00:59.999" },
    { FALSE, 90061, 0, "+25:01:01" }, { FALSE, 9.96, 1, "+00:00:10.0" },
    { TRUE, 0, 1, "23:59:54.5" }, { TRUE, 5.5, 0, "00:00:00" }, { TRUE, 5.49, 0, "00:00:00" },
    { TRUE, 3600, 3, "00:59:54.500" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = inion_page_picture_format_time (cases[i].clock ? start : NULL,
                                                              cases[i].time, cases[i].digits);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* Whatever comes, nothing breaks, at any size. */
static void
test_degenerate (void)
{
  g_autoptr (InionMontage) montage = make_montage (FALSE);
  const double ranges[][2] = {
    { 0, 10 }, { 5, 5 }, { 5, 4 }, { -1e6, 1e6 }, { 3, 3.001 }, { 1e9, 1e9 + 1 }, { NAN, 1 },
  };
  const InionPageMark odd[] = {
    { NAN, NAN, "nan", 0, FALSE },
    { 1, INFINITY, "endless", 0xff, TRUE },
    { -INFINITY, 2, NULL, 0xff00, TRUE },
    { 3, 1, "", 0xff0000, FALSE },
  };

  for (gsize r = 0; r < G_N_ELEMENTS (ranges); r++)
    for (int size = 1; size < 500; size += 111)
      {
        g_autoptr (InionPage) page = make_page (montage, 0, size > 300 ? 100 : 0);
        InionPagePictureStyle style = { .marks = odd, .n_marks = G_N_ELEMENTS (odd),
                                        .first = size % 20, .n_visible = 3 };
        Picture picture = picture_new (size, size, FALSE);

        page->from_s = ranges[r][0];
        page->to_s = ranges[r][1];
        inion_page_picture_draw (picture.cr, size, size, page, montage, &style);
        picture_finish (&picture, NULL);
      }
}

/* Large waves are marked where they are clipped, and only there. */
static void
test_clip (void)
{
  guint counts[3];

  for (int pass = 0; pass < 3; pass++)
    {
      g_autoptr (InionMontage) montage = make_montage (TRUE);
      g_autoptr (InionPage) page = make_page (montage, 7.2, 8.65);
      InionPagePictureStyle style = { .clip = pass > 0, .sensitivity = pass < 2 ? 1 : 1000 };
      Picture picture = picture_new (900, 600, FALSE);

      counts[pass] = 0;
      inion_page_picture_draw (picture.cr, 900, 600, page, montage, &style);
      for (int y = 0; y < 600; y++)
        for (int x = 0; x < 900; x++)
          counts[pass] +=
            (picture_pixel (&picture, x, y) & 0xffffff) == INION_TRACE_CLIPPED_LIGHT;
      picture_finish (&picture, pass == 1 ? "page-clipped" : NULL);
    }
  g_assert_cmpuint (counts[0], ==, 0);
  g_assert_cmpuint (counts[1], >, 500);
  g_assert_cmpuint (counts[2], ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/page-picture/look", test_look);
  g_test_add_func ("/render/page-picture/known-rows", test_known_rows);
  g_test_add_func ("/render/page-picture/suggest", test_suggest);
  g_test_add_func ("/render/page-picture/clip", test_clip);
  g_test_add_func ("/render/page-picture/pdf", test_pdf);
  g_test_add_func ("/render/page-picture/format-time", test_format_time);
  g_test_add_func ("/render/page-picture/degenerate", test_degenerate);
  return g_test_run ();
}
