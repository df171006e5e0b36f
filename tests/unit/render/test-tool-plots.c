/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "picture.h"

#include "widgets/render/plot-evoked.h"
#include "widgets/render/plot-spectrogram.h"

#include <math.h>

#define N 101

static void
test_evoked (void)
{
  double mean[2][N], half[N];
  InionEvokedCurve curves[2] = {
    { "face", 0x0072b2, FALSE, mean[0], half }, { "house", 0xd55e00, TRUE, mean[1], NULL },
  };
  InionEvokedPlot plot = {
    .n = N, .from_s = -0.2, .rate_hz = 100, .curves = curves, .n_curves = 2,
    .butterfly = mean[0], .n_butterfly = 2, .unit = "µV", .hover_s = NAN,
  };

  for (int i = 0; i < N; i++)
    {
      mean[0][i] = i == 50 ? 10 : 0;
      mean[1][i] = 2 * sin (i / 8.0);
      half[i] = 1;
    }
  for (int up = 0; up < 2; up++)
    for (int dark = 0; dark < 2; dark++)
      {
        InionPlotStyle style = { .dark = dark };
        Picture picture = picture_new (400, 240, dark);
        g_autofree char *name = g_strdup_printf ("evoked-%s-%s", up ? "negative-up" : "positive-up",
                                                 dark ? "dark" : "light");

        plot.negative_up = up;
        plot.hover_s = up ? 0.3 : NAN;
        inion_evoked_draw (picture.cr, 400, 240, &plot, &style);
        g_assert_cmpuint (picture_count_drawn (&picture), >, 4000);
        picture_finish (&picture, name);
      }
  /* The peak is 0.3 s after the event: what lies there says so. */
  g_assert_cmpfloat_with_epsilon (inion_evoked_x_to_time (&plot, 400, 40), -0.2, 1e-9);
  g_assert_cmpfloat_with_epsilon (inion_evoked_x_to_time (&plot, 400, 390), 0.8, 1e-9);
  g_assert_cmpfloat_with_epsilon (inion_evoked_x_to_time (&plot, 400, 215), 0.3, 1e-9);
  g_assert_true (isnan (inion_evoked_x_to_time (&plot, 400, 20)));
}

/* Power where it was put: a tone in the second half, a gap in the first. */
static void
test_spectrogram (void)
{
  double x[2000], time_s, hz;
  g_autoptr (InionSpectrogram) s = NULL;
  InionSpectrogramPlot plot = { .to_s = 20, .max_hz = 40, .hover_s = NAN, .hover_hz = NAN };
  InionPlotStyle style = { 0 };
  Picture picture = picture_new (486, 238, FALSE);
  guint32 tone, quiet, gap;

  for (int i = 0; i < 2000; i++)
    x[i] = (i >= 1000 ? 30 * sin (2 * G_PI * 20 * i / 100.0) : 0) + (i * 7919 % 101) / 100.0;
  for (int i = 400; i < 600; i++)
    x[i] = NAN;
  s = inion_spectrogram_new (x, 2000, 100, 100, 75, INION_WINDOW_HANN, NULL, NULL);
  plot.spectrogram = s;
  g_assert_true (inion_spectrogram_get_limits (s, 40, &plot.low_db, &plot.high_db));
  inion_spectrogram_draw (picture.cr, 486, 238, &plot, &style);
  cairo_surface_flush (cairo_get_target (picture.cr));
  /* The image is 400 × 200 from (34, 16): 20 px a second, 5 px a hertz. */
  tone = picture_pixel (&picture, 34 + 300, 16 + 200 - 100) & 0xffffff;
  quiet = picture_pixel (&picture, 34 + 300, 16 + 200 - 170) & 0xffffff;
  gap = picture_pixel (&picture, 34 + 101, 16 + 200 - 100) & 0xffffff;
  g_test_message ("tone %06x, quiet %06x, gap %06x", tone, quiet, gap);
  g_assert_cmpuint (tone >> 16, >, 0xc0);          /* yellow */
  g_assert_cmpuint (quiet >> 16, <, 0x60);         /* dark */
  g_assert_cmpuint (gap & 0xff, >, 0xb0);          /* the page, hatched */
  picture_finish (&picture, "spectrogram");

  g_assert_true (inion_spectrogram_pick (&plot, 486, 238, 34 + 200, 16 + 150, &time_s, &hz));
  g_assert_cmpfloat_with_epsilon (time_s, 10, 1e-9);
  g_assert_cmpfloat_with_epsilon (hz, 10, 1e-9);
  g_assert_false (inion_spectrogram_pick (&plot, 486, 238, 20, 50, &time_s, &hz));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/tool-plots/evoked", test_evoked);
  g_test_add_func ("/render/tool-plots/spectrogram", test_spectrogram);
  return g_test_run ();
}
