/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "picture.h"

#include "widgets/render/colormap.h"
#include "widgets/render/scalp-map.h"

#include <math.h>

static const char *const names[] = {
  "Fp1", "Fpz", "Fp2", "F7", "F3", "Fz", "F4", "F8", "FC5", "FC1", "FC2", "FC6", "T7", "C3",
  "Cz", "C4", "T8", "CP5", "CP1", "CP2", "CP6", "P7", "P3", "Pz", "P4", "P8", "O1", "Oz",
  "O2", "T9", "T10", "Iz",
};
#define N G_N_ELEMENTS (names)

static void
get_positions (InionPosition *positions)
{
  for (guint i = 0; i < N; i++)
    g_assert_true (inion_electrode_get_position (names[i], &positions[i]));
}

static guint
find (const char *name)
{
  for (guint i = 0; i < N; i++)
    if (g_str_equal (names[i], name))
      return i;
  g_assert_not_reached ();
}

/* Alpha at the back, a frontal dipole: something worth looking at. */
static void
make_values (const InionPosition *positions,
             double              *values)
{
  for (guint i = 0; i < N; i++)
    {
      InionPosition p = positions[i];

      values[i] = 22 * exp (-4 * (pow (p.x + 0.45, 2) + pow (p.y + 0.7, 2)))
                  + 15 * exp (-4 * (pow (p.x - 0.5, 2) + pow (p.y + 0.6, 2)))
                  - 18 * exp (-3 * (pow (p.x - 0.1, 2) + pow (p.y - 0.5, 2)));
    }
}

static void
test_look (void)
{
  InionPosition positions[N];
  double values[N];

  get_positions (positions);
  make_values (positions, values);
  values[find ("FC6")] = NAN;
  for (int dark = 0; dark < 2; dark++)
    {
      InionScalpMapStyle style = { .dark = dark, .unit = "µV",
                                   .title = "Alpha peak, 10.2\xe2\x80\x89Hz" };
      Picture small = picture_new (300, 280, dark), large = picture_new (560, 520, dark);

      inion_scalp_map_draw (small.cr, 0, 0, 300, 280, positions, names, values, N, &style);
      g_assert_cmpuint (picture_count_drawn (&small), >, 20000);
      picture_finish (&small, dark ? "map-small-dark" : "map-small-light");
      style.names = TRUE;
      inion_scalp_map_draw (large.cr, 0, 0, 560, 520, positions, names, values, N, &style);
      g_assert_cmpuint (picture_count_drawn (&large), >, 100000);
      picture_finish (&large, dark ? "map-large-dark" : "map-large-light");
    }
}

/* Without title and bar the head's centre is known: nothing lies below the equator's ring. */
static Picture
draw_plain (const double *values,
            double       *cx,
            double       *cy,
            double       *radius)
{
  InionScalpMapStyle style = { .limit = 1 };
  InionPosition positions[N];
  Picture picture = picture_new (300, 300, FALSE);

  get_positions (positions);
  inion_scalp_map_draw (picture.cr, 0, 0, 300, 300, positions, names, values, N, &style);
  *radius = 298 / (2 * 1.31);
  *cx = 150;
  *cy = 1 + (298 - *radius * (1.15 + 1.31)) / 2 + *radius * 1.15;
  return picture;
}

static guint32
pixel_at (Picture *picture,
          double   cx,
          double   cy,
          double   radius,
          double   x,
          double   y)
{
  return picture_pixel (picture, (int) (cx + x * radius), (int) (cy - y * radius));
}

static void
test_sides (void)
{
  double values[N] = { 0 }, cx, cy, radius;
  guint32 pixel;
  Picture picture;

  /* One positive electrode in the middle: reddish beside its dot. */
  values[find ("Cz")] = 1;
  picture = draw_plain (values, &cx, &cy, &radius);
  pixel = pixel_at (&picture, cx, cy, radius, 0.05, 0.05);
  g_assert_cmpint (PICTURE_RED (pixel), >, PICTURE_BLUE (pixel) + 60);
  picture_finish (&picture, NULL);

  /* Left stays on the left, front at the top. */
  values[find ("Cz")] = 0;
  values[find ("C3")] = 1;
  values[find ("C4")] = -1;
  picture = draw_plain (values, &cx, &cy, &radius);
  pixel = pixel_at (&picture, cx, cy, radius, -0.45, 0.05);
  g_assert_cmpint (PICTURE_RED (pixel), >, PICTURE_BLUE (pixel) + 60);
  pixel = pixel_at (&picture, cx, cy, radius, 0.45, 0.05);
  g_assert_cmpint (PICTURE_BLUE (pixel), >, PICTURE_RED (pixel) + 60);
  picture_finish (&picture, NULL);

  values[find ("C3")] = values[find ("C4")] = 0;
  values[find ("Fz")] = 1;
  picture = draw_plain (values, &cx, &cy, &radius);
  pixel = pixel_at (&picture, cx, cy, radius, 0.05, 0.45);
  g_assert_cmpint (PICTURE_RED (pixel), >, PICTURE_BLUE (pixel) + 60);
  picture_finish (&picture, NULL);
}

/* The map ends at the head's edge. */
static void
test_mask (void)
{
  double values[N], cx, cy, radius;
  Picture picture;

  for (guint i = 0; i < N; i++)
    values[i] = 1;
  picture = draw_plain (values, &cx, &cy, &radius);
  for (int a = 0; a < 360; a += 10)
    {
      double x = cos (a * G_PI / 180), y = sin (a * G_PI / 180);
      guint32 inside = pixel_at (&picture, cx, cy, radius, 0.95 * x, 0.95 * y);

      if (a % 90 != 0 && a % 36 != 0 && a % 18 != 0)
        g_assert_cmpint (PICTURE_RED (inside), >, PICTURE_BLUE (inside) + 60);
      if (a > 20 && a < 70)
        g_assert_cmphex (pixel_at (&picture, cx, cy, radius, 1.06 * x, 1.06 * y), ==, 0xffffffff);
    }
  picture_finish (&picture, NULL);
}

/* Whatever comes, something honest is drawn and nothing breaks. */
static void
test_degenerate (void)
{
  InionScalpMapStyle style = { .unit = "µV", .title = "Nothing", .names = TRUE };
  const double extremes[] = { 0, NAN, INFINITY, 1e300, 1e-300 };
  InionPosition positions[N];
  double values[N];

  get_positions (positions);
  for (gsize e = 0; e < G_N_ELEMENTS (extremes); e++)
    for (guint n = 0; n <= N; n += n < 4 ? 1 : 7)
      {
        Picture picture = picture_new (160, 140, FALSE);

        for (guint i = 0; i < N; i++)
          values[i] = extremes[e];
        inion_scalp_map_draw (picture.cr, 0, 0, 160, 140, positions, names, values, n, &style);
        g_assert_cmpuint (picture_count_drawn (&picture), >, 100);
        picture_finish (&picture, e == 1 && n == 4 ? "map-too-few" : NULL);
      }
  for (int size = 0; size < 12; size += 3)
    {
      Picture picture = picture_new (20, 20, FALSE);

      inion_scalp_map_draw (picture.cr, 0, 0, size, size, positions, NULL, values, N, &style);
      picture_finish (&picture, NULL);
    }
  for (guint i = 0; i < N; i++)
    {
      positions[i] = i % 2 ? positions[0] : (InionPosition) { NAN, 0, 0 };
      values[i] = i;
    }
  for (guint i = 0; i < 2; i++)
    {
      Picture picture = picture_new (100, 100, FALSE);

      positions[3] = (InionPosition) { 0, 0, i };
      inion_scalp_map_draw (picture.cr, 0, 0, 100, 100, positions, NULL, values, N, &style);
      picture_finish (&picture, NULL);
    }
}

/* A redraw is cheap: the grid is kept. */
static void
test_time (void)
{
  InionScalpMapStyle style = { .unit = "µV" };
  InionPosition positions[N];
  double values[N], best = 1e9;

  get_positions (positions);
  make_values (positions, values);
  for (int i = 0; i < 12; i++)
    {
      Picture picture = picture_new (300, 300, FALSE);
      gint64 start = g_get_monotonic_time ();

      inion_scalp_map_draw (picture.cr, 0, 0, 300, 300, positions, names, values, N, &style);
      best = MIN (best, (double) (g_get_monotonic_time () - start) / 1000);
      picture_finish (&picture, NULL);
    }
  g_test_message ("%.2f ms", best);
  g_assert_cmpfloat (best, <, 40); /* measured: about 2; sanitizers and busy machines are slower */
}

static double
lightness (guint32 pixel)
{
  return 0.299 * PICTURE_RED (pixel) + 0.587 * PICTURE_GREEN (pixel) + 0.114 * PICTURE_BLUE (pixel);
}

static void
test_colormaps (void)
{
  const guint32 *sequential = inion_colormap_get_sequential ();

  for (int dark = 0; dark < 2; dark++)
    {
      const guint32 *diverging = inion_colormap_get_diverging (dark);

      for (int i = 0; i < 127; i++)
        {
          /* Both arms grow lighter towards the middle, alike. */
          g_assert_cmpfloat (lightness (diverging[i]), <=, lightness (diverging[i + 1]) + 2);
          g_assert_cmpfloat (lightness (diverging[255 - i]), <=,
                             lightness (diverging[254 - i]) + 2);
          g_assert_cmpfloat_with_epsilon (lightness (diverging[i]), lightness (diverging[255 - i]),
                                          30);
        }
      g_assert_cmpint (PICTURE_BLUE (diverging[0]), >, PICTURE_RED (diverging[0]) + 80);
      g_assert_cmpint (PICTURE_RED (diverging[255]), >, PICTURE_BLUE (diverging[255]) + 80);
      g_assert_cmpint (ABS (PICTURE_RED (diverging[127]) - PICTURE_BLUE (diverging[128])), <, 16);
    }
  for (int i = 0; i < 255; i++)
    g_assert_cmpfloat (lightness (sequential[i]), <, lightness (sequential[i + 1]) + 0.6);
  g_assert_cmphex (inion_colormap_pick (sequential, NAN), ==, 0);
  g_assert_cmphex (inion_colormap_pick (sequential, 7), ==, sequential[255]);
  g_assert_cmphex (inion_colormap_get_class (8), ==, inion_colormap_get_class (0));
}

/* The three maps as strips, to look at. */
static void
test_colormap_strips (void)
{
  const guint32 *tables[] = { inion_colormap_get_diverging (FALSE),
                              inion_colormap_get_diverging (TRUE),
                              inion_colormap_get_sequential () };
  Picture picture = picture_new (512, 96, FALSE);

  for (int t = 0; t < 3; t++)
    for (int i = 0; i < 256; i++)
      {
        guint32 c = tables[t][i];

        cairo_set_source_rgb (picture.cr, PICTURE_RED (c) / 255.0, PICTURE_GREEN (c) / 255.0,
                              PICTURE_BLUE (c) / 255.0);
        cairo_rectangle (picture.cr, 2 * i, 32 * t, 2, 30);
        cairo_fill (picture.cr);
      }
  g_assert_cmpuint (picture_count_drawn (&picture), >, 40000);
  picture_finish (&picture, "colormaps");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/scalp-map/look", test_look);
  g_test_add_func ("/render/scalp-map/sides", test_sides);
  g_test_add_func ("/render/scalp-map/mask", test_mask);
  g_test_add_func ("/render/scalp-map/degenerate", test_degenerate);
  g_test_add_func ("/render/scalp-map/time", test_time);
  g_test_add_func ("/render/colormap/even", test_colormaps);
  g_test_add_func ("/render/colormap/strips", test_colormap_strips);
  return g_test_run ();
}
