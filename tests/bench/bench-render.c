/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CPU time (all threads, the best of 40 frames) of a picture of traces: 64 lanes, 1500 × 900 pixels,
 * drawn by the CPU and by OpenGL. */

#include "bench-kit.h"

#include "../unit/render/page-maker.h"
#include "../unit/render/offscreen-gl.h"

#include "widgets/render/trace-gl.h"

#define LANES 64
#define WIDTH 1500
#define HEIGHT 900
#define FRAMES 40

static InionPage *
make_page (gint64 bin_size,
           double px_per_bin)
{
  gsize n = (gsize) (WIDTH * 2 / px_per_bin) + 8;
  InionPage *page = page_maker_new (LANES, n, bin_size, 256);

  for (guint d = 0; d < LANES; d++)
    {
      double slow = 0;

      for (guint i = 0; i < n; i++)
        {
          double a, spread = bin_size == 1 ? 0 : 6;

          slow = 0.95 * slow + page_maker_noise (d, i);
          a = 8 * slow + 6 * page_maker_noise (d + 100, i);
          page_maker_set (page, d, i, a - spread, a + spread);
        }
    }
  return page;
}

/* Frame i of a scroll by one pixel a frame. */
static InionTraceFrame *
make_frame (InionPage *page,
            double     px_per_bin,
            int        i)
{
  InionTraceLane lanes[LANES];
  double s_per_px = (double) page->bin_size[0] / page->rate_hz[0] / px_per_bin;

  for (guint d = 0; d < LANES; d++)
    lanes[d] = page_maker_lane (d, (d + 0.5f) * HEIGHT / LANES, 0.5f);
  return inion_trace_frame_new (page, i * s_per_px, (i + WIDTH) * s_per_px, WIDTH, HEIGHT, 1.25f,
                                lanes, LANES);
}

static void
bench (const char *name,
       gint64      bin_size,
       double      px_per_bin)
{
  g_autoptr (InionPage) page = make_page (bin_size, px_per_bin);
  g_autofree guint32 *pixels = g_new0 (guint32, WIDTH * HEIGHT);
  const char *why = NULL;
  OffscreenGl egl;
  double start, raster = INFINITY, gl_ms = INFINITY;

  for (int i = 0; i < FRAMES; i++)
    {
      g_autoptr (InionTraceFrame) frame = make_frame (page, px_per_bin, i);

      start = bench_cpu_ms ();
      inion_trace_raster_draw (frame, pixels, WIDTH * 4);
      raster = MIN (raster, bench_cpu_ms () - start);
    }

  if (offscreen_gl_open (&egl, FALSE, WIDTH, HEIGHT, &why))
    {
      InionTraceGl *gl = inion_trace_gl_new (NULL);

      for (int i = 0; i < FRAMES; i++)
        {
          g_autoptr (InionTraceFrame) frame = make_frame (page, px_per_bin, i);

          start = bench_cpu_ms ();
          glClearColor (0, 0, 0, 0);
          glClear (GL_COLOR_BUFFER_BIT);
          inion_trace_gl_draw (gl, frame);
          glFinish ();
          gl_ms = MIN (gl_ms, bench_cpu_ms () - start);
        }
      inion_trace_gl_free (gl);
    }
  offscreen_gl_close (&egl);
  {
    g_autofree char *by_cpu = g_strconcat ("draw.", name, " raster", NULL);
    g_autofree char *by_gl = g_strconcat ("draw.", name, " OpenGL", NULL);

    bench_row (by_cpu, raster, "ms", "CPU time of all threads, best of %d frames", FRAMES);
    if (why == NULL)
      bench_row (by_gl, gl_ms, "ms", "CPU time of all threads, best of %d frames", FRAMES);
    else
      fprintf (stderr, "%s: %s\n", by_gl, why);
  }
}

int
main (void)
{
  bench ("bins, 0.75 px each", 16, 0.75);
  bench ("samples, 0.6 px each", 1, 0.6);
  bench ("samples, 2 px each", 1, 2);
  bench ("samples, 10 px each", 1, 10);
  return 0;
}
