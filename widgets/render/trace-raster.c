/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traces drawn by the CPU: the fallback without OpenGL, the reference in tests, PNG and reports. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/trace-frame.h"
#include "widgets/render/trace-shape-private.h"

#include <math.h>

/* Rows of a column that are evaluated in one go: keeps the inner loops free of branches. */
#define CHUNK 64

typedef struct
{
  guint32 *pixels;
  gsize stride;        /* pixels a row */
  guint32 inks[256];   /* the premultiplied pixel at each coverage */
} Target;

static void
set_ink (Target     *target,
         const float rgba[4])
{
  float alpha = CLAMP (rgba[3], 0, 1);

  for (guint i = 0; i < G_N_ELEMENTS (target->inks); i++)
    {
      float part = (float) i * alpha;
      guint32 pixel = (guint32) (part + 0.5f) << 24;

      for (int k = 0; k < 3; k++)
        pixel |= (guint32) (CLAMP (rgba[k], 0, 1) * part + 0.5f) << (16 - 8 * k);
      target->inks[i] = pixel;
    }
}

/* Puts ink of some coverage (0 to 1) over a pixel; works on two colour parts at a time. */
static inline void
blend (guint32      *pixel,
       const Target *target,
       float         coverage)
{
  guint32 ink = target->inks[(guint) (coverage * 255 + 0.5f)];
  guint32 keep = 255 - (ink >> 24);
  guint32 odd = (*pixel >> 8 & 0xff00ff) * keep + 0x800080;
  guint32 even = (*pixel & 0xff00ff) * keep + 0x800080;

  odd = (odd + (odd >> 8 & 0xff00ff)) & 0xff00ff00;
  even = (even + (even >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
  *pixel = ink + (odd | even);
}

/* Written so that it compiles to two instructions and no branch. */
static inline float
clamp01 (float v)
{
  v = v < 1.0f ? v : 1.0f;
  return v > 0.0f ? v : 0.0f;
}

static void
draw_column (const Target          *target,
             const InionTraceTexel *column,
             int                    x,
             InionTraceRows         rows)
{
  const float *v = column->v;
  /* Rows that are covered whole. */
  float core_from = v[0] + 1 / v[1] + 0.5f, core_to = v[2] - 1 / v[3] + 0.5f;
  int from = (int) CLAMP (core_from, (float) rows.from, (float) rows.to);
  int to = (int) CLAMP (core_to, (float) rows.from, (float) rows.to);
  guint32 *pixel = target->pixels + (gsize) rows.from * target->stride + x;
  gboolean opaque = target->inks[255] >> 24 == 255;

  for (int y = rows.from; y < rows.to; y++, pixel += target->stride)
    {
      float centre = (float) y + 0.5f;

      __builtin_prefetch (pixel + 24, 1);
      if (opaque && y >= from && y < to)
        *pixel = target->inks[255];
      else
        blend (pixel, target,
               clamp01 (clamp01 ((centre - v[0]) * v[1]) + clamp01 ((v[2] - centre) * v[3]) - 1));
    }
}

/* Lowers nearest[k] to the squared distance of the pixels (0, y + k) from the line between (x0, y0)
 * and (x0 + step, y1). */
static void
approach (float *nearest,
          int    n,
          float  y,
          float  x0,
          float  step,
          float  y0,
          float  y1)
{
  float rise, shorter;

  if (y0 >= INION_TRACE_NOTHING && y1 >= INION_TRACE_NOTHING)
    return;
  if (y0 >= INION_TRACE_NOTHING || y1 >= INION_TRACE_NOTHING)
    {
      /* The end of a stretch is a point, so that a lone sample is still seen. */
      if (y0 >= INION_TRACE_NOTHING)
        {
          x0 += step;
          y0 = y1;
        }
      step = 0;
      y1 = y0;
    }
  rise = y1 - y0;
  shorter = 1 / MAX (step * step + rise * rise, 1e-12f);
  for (int k = 0; k < n; k++)
    {
      float dy = y + (float) k - y0;
      float t = clamp01 ((dy * rise - x0 * step) * shorter);
      float ex = -x0 - t * step, ey = dy - t * rise;
      float d = ex * ex + ey * ey;

      nearest[k] = d < nearest[k] ? d : nearest[k];
    }
}

static void
draw_segment_column (const Target          *target,
                     const InionTraceShape *shape,
                     int                    x,
                     InionTraceRows         rows)
{
  float centre = (float) x + 0.5f;
  float position = (centre - shape->origin) / shape->step;
  float reach = shape->half_width + 0.5f;
  guint index = (guint) CLAMP (position, 0, (float) shape->n - 1);
  float at = shape->origin + (float) index * shape->step - centre;
  const float *v = shape->texels[index].v;

  for (int y = rows.from; y < rows.to; y += CHUNK)
    {
      float nearest[CHUNK];
      int n = MIN (CHUNK, rows.to - y);

      for (int k = 0; k < n; k++)
        nearest[k] = 1e12f;
      for (int j = 0; j < 3; j++)
        approach (nearest, n, (float) y + 0.5f, at + (float) (j - 1) * shape->step, shape->step,
                  v[j], v[j + 1]);
      for (int k = 0; k < n; k++)
        {
          float coverage = clamp01 (reach - sqrtf (nearest[k]));

          if (coverage > 0)
            blend (target->pixels + (gsize) (y + k) * target->stride + x, target, coverage);
        }
    }
}

/**
 * inion_trace_raster_draw:
 * @frame: what to draw
 * @pixels: premultiplied ARGB32 (cairo's format) of at least frame->height rows
 * @stride: bytes from row to row, a multiple of 4
 *
 * Draws all lanes over what @pixels holds, without OpenGL. Row r covers y in [r, r + 1); the sample
 * of time t stands at x = (t − from_s) / (to_s − from_s) × width.
 */
void
inion_trace_raster_draw (InionTraceFrame *frame,
                         guint32         *pixels,
                         int              stride)
{
  g_autofree InionTraceTexel *texels = NULL;
  Target target = { pixels, (gsize) stride / sizeof (guint32), { 0 } };

  g_return_if_fail (frame != NULL);
  g_return_if_fail (pixels != NULL || frame->width == 0 || frame->height == 0);

  texels = g_new (InionTraceTexel, _inion_trace_shape_max_texels (frame));
  for (guint lane = 0; lane < frame->n_lanes; lane++)
    {
      InionTraceShape shape;

      set_ink (&target, frame->lanes[lane].rgba);
      _inion_trace_shape_build (&shape, frame, lane, texels);
      for (int x = 0; x < frame->width; x++)
        {
          InionTraceRows rows = _inion_trace_shape_get_rows (&shape, x, x + 1);

          if (rows.from >= rows.to)
            continue;
          if (shape.segments)
            draw_segment_column (&target, &shape, x, rows);
          else
            draw_column (&target, &texels[x], x, rows);
        }
    }
}
