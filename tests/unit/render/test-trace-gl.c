/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenGL against the CPU rasteriser, pixel by pixel, in OpenGL and OpenGL ES. */

#include "page-maker.h"
#include "offscreen-gl.h"

#include "widgets/render/trace-gl.h"

#define WIDTH 700
#define HEIGHT 400

typedef struct
{
  const char *name;
  guint n_lanes;
  gint64 bin_size;
  double px_per_bin;
  double phase;        /* bins */
  float line_width;
  gboolean holes;
  gboolean clip;
  gboolean mixed;      /* every other lane has a fifth of the rate */
} Scene;

static const Scene scenes[] = {
  { "samples", 24, 1, 0.61, 0.3, 1.25f, FALSE, FALSE, FALSE },
  { "bins", 24, 16, 0.73, 0.1, 1.25f, FALSE, FALSE, FALSE },
  { "bins-aligned", 24, 16, 1, 0, 1.25f, FALSE, FALSE, FALSE },
  { "bins-coarse", 24, 64, 7.7, 0.4, 1.25f, FALSE, FALSE, FALSE },
  { "bins-fine", 24, 4, 0.21, 0.4, 1.25f, FALSE, FALSE, FALSE },
  { "segments", 24, 1, 3.3, 0.7, 1.25f, FALSE, FALSE, FALSE },
  { "segments-wide", 24, 1, 41, 0.2, 1.25f, FALSE, FALSE, FALSE },
  { "segments-thick", 8, 1, 5, 0.2, 4, FALSE, FALSE, FALSE },
  { "samples-thick", 8, 1, 0.9, 0.2, 2.5f, FALSE, FALSE, FALSE },
  { "mixed", 24, 1, 0.8, 0.3, 1.25f, FALSE, FALSE, TRUE },
  { "holes", 24, 1, 2.9, 0.3, 1.25f, TRUE, FALSE, TRUE },
  { "holes-bins", 24, 8, 0.7, 0.3, 1.25f, TRUE, FALSE, FALSE },
  { "clipped", 24, 1, 0.8, 0.3, 1.25f, TRUE, TRUE, TRUE },
};

static InionPage *
make_page (const Scene *scene)
{
  gsize n = (gsize) (WIDTH / scene->px_per_bin) + 8;
  InionPage *page = page_maker_new (scene->n_lanes, n, scene->bin_size, 256);

  for (guint d = 0; d < scene->n_lanes; d++)
    {
      double slow = 0;

      if (scene->mixed && d % 2)
        page->rate_hz[d] /= 5;
      page->first_bin[d] = 1000;
      for (guint i = 0; i < n; i++)
        {
          double a, b;

          slow = 0.9 * slow + page_maker_noise (d, i);
          a = 12 * slow + 10 * page_maker_noise (d + 100, i);
          b = scene->bin_size == 1 ? a : a + 15 * (1 + page_maker_noise (d + 200, i));
          if (!scene->holes || page_maker_noise (d + 300, i / 7) < 0.5)
            page_maker_set (page, d, i, a, b);
        }
    }
  return page;
}

static InionTraceFrame *
make_frame (const Scene *scene)
{
  g_autoptr (InionPage) page = make_page (scene);
  g_autofree InionTraceLane *lanes = g_new0 (InionTraceLane, scene->n_lanes);
  double bin_s = (double) scene->bin_size / 256;
  double from_s = (1000 + scene->phase) * bin_s;

  for (guint d = 0; d < scene->n_lanes; d++)
    {
      float y0 = (d + 0.5f) * HEIGHT / scene->n_lanes;

      if (scene->mixed && d % 2)
        page->first_bin[d] = 200;
      lanes[d] = page_maker_lane (d, y0, 0.6f);
      lanes[d].rgba[d % 3] = 0.6f;
      lanes[d].rgba[3] = d % 4 == 3 ? 0.4f : 1;
      if (scene->clip)
        {
          lanes[d].clip_top = y0 - 7.3f;
          lanes[d].clip_bottom = y0 + 8.1f;
        }
    }
  return inion_trace_frame_new (page, from_s, from_s + WIDTH / scene->px_per_bin * bin_s, WIDTH,
                                HEIGHT, scene->line_width, lanes, scene->n_lanes);
}

static void
compare (cairo_surface_t *expected,
         cairo_surface_t *drawn,
         const char      *name)
{
  int worst = 0;
  guint beyond = 0, inked = 0;

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        guint32 a = page_maker_pixel (expected, x, y), b = page_maker_pixel (drawn, x, y);
        int difference = 0;

        for (int shift = 0; shift < 32; shift += 8)
          difference = MAX (difference,
                            ABS ((int) (a >> shift & 0xff) - (int) (b >> shift & 0xff)));
        worst = MAX (worst, difference);
        beyond += difference > 2;
        inked += a != 0;
      }
  g_test_message ("%s: worst %d, %u pixels beyond 2 of %u inked", name, worst, beyond, inked);
  g_assert_cmpuint (inked, >, WIDTH);
  g_assert_cmpint (worst, <=, 4);
  g_assert_cmpuint (beyond, <=, WIDTH * HEIGHT / 200);
}

static void
draw_gl (InionTraceGl    *gl,
         InionTraceFrame *frame,
         cairo_surface_t *surface)
{
  glClearColor (0, 0, 0, 0);
  glClear (GL_COLOR_BUFFER_BIT);
  inion_trace_gl_draw (gl, frame);
  g_assert_cmphex (glGetError (), ==, GL_NO_ERROR);
  cairo_surface_flush (surface);
  offscreen_gl_read (WIDTH, HEIGHT, (guint32 *) (void *) cairo_image_surface_get_data (surface));
  cairo_surface_mark_dirty (surface);
}

static void
check_scenes (InionTraceGl *gl,
              gboolean      es)
{
  for (gsize i = 0; i < G_N_ELEMENTS (scenes); i++)
    {
      g_autoptr (InionTraceFrame) frame = make_frame (&scenes[i]);
      cairo_surface_t *expected = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
      cairo_surface_t *drawn = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
      g_autofree char *name = g_strdup_printf ("trace-%s-%s", scenes[i].name, es ? "gles" : "gl");

      page_maker_draw (expected, frame);
      draw_gl (gl, frame, drawn);
      page_maker_keep (drawn, name);
      compare (expected, drawn, scenes[i].name);
      /* Again, from what the GPU holds. */
      draw_gl (gl, frame, drawn);
      compare (expected, drawn, scenes[i].name);
      cairo_surface_destroy (expected);
      cairo_surface_destroy (drawn);
    }
}

static void
check_state_is_left_clean (InionTraceGl *gl)
{
  g_autoptr (InionTraceFrame) frame = make_frame (&scenes[0]);
  int value = -1;

  glPixelStorei (GL_UNPACK_ALIGNMENT, 1);
  glPixelStorei (GL_UNPACK_ROW_LENGTH, 3);
  glEnable (GL_SCISSOR_TEST);
  glScissor (0, 0, 1, 1);
  inion_trace_gl_draw (gl, frame);
  glGetIntegerv (GL_CURRENT_PROGRAM, &value);
  g_assert_cmpint (value, ==, 0);
  glGetIntegerv (GL_VERTEX_ARRAY_BINDING, &value);
  g_assert_cmpint (value, ==, 0);
  glGetIntegerv (GL_TEXTURE_BINDING_2D, &value);
  g_assert_cmpint (value, ==, 0);
  glGetIntegerv (GL_ACTIVE_TEXTURE, &value);
  g_assert_cmpint (value, ==, GL_TEXTURE0);
  glGetIntegerv (GL_UNPACK_ROW_LENGTH, &value);
  g_assert_cmpint (value, ==, 0);
  g_assert_false (glIsEnabled (GL_BLEND));
}

static void
test_against_raster (gconstpointer data)
{
  gboolean es = GPOINTER_TO_INT (data);
  g_autoptr (GError) error = NULL;
  const char *why = NULL;
  InionTraceGl *gl;
  OffscreenGl egl;

  if (!offscreen_gl_open (&egl, es, WIDTH, HEIGHT, &why))
    {
      offscreen_gl_close (&egl);
      g_test_skip (why);
      return;
    }
  g_test_message ("%s", (const char *) glGetString (GL_VERSION));
  g_assert_cmpint (epoxy_is_desktop_gl (), ==, !es);
  gl = inion_trace_gl_new (&error);
  g_assert_no_error (error);
  g_assert_nonnull (gl);
  check_scenes (gl, es);
  check_state_is_left_clean (gl);
  inion_trace_gl_free (gl);
  g_assert_cmphex (glGetError (), ==, GL_NO_ERROR);
  offscreen_gl_close (&egl);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/render/trace-gl/gl", GINT_TO_POINTER (FALSE), test_against_raster);
  g_test_add_data_func ("/render/trace-gl/gles", GINT_TO_POINTER (TRUE), test_against_raster);
  return g_test_run ();
}
