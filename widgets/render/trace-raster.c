/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traces drawn by the CPU: the fallback without OpenGL, the reference in tests, PNG and reports. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/trace-frame.h"
#include "widgets/render/trace-shape-private.h"

#include <math.h>

/* Rows of a column that are evaluated in one go: keeps the inner loops free of branches. */
#define CHUNK 64

/* A premultiplied colour, 0 to 255. */
typedef struct
{
  float red, green, blue, alpha;
  guint32 opaque;      /* the pixel at full coverage, 0 if it lets the ground through */
} Ink;

typedef struct
{
  guint32 *pixels;
  gsize stride;        /* pixels a row */
  Ink ink;
} Target;

static Ink
make_ink (const float rgba[4])
{
  float alpha = CLAMP (rgba[3], 0, 1);
  Ink ink;

  ink.alpha = alpha;
  ink.red = CLAMP (rgba[0], 0, 1) * alpha * 255;
  ink.green = CLAMP (rgba[1], 0, 1) * alpha * 255;
  ink.blue = CLAMP (rgba[2], 0, 1) * alpha * 255;
  ink.opaque = alpha < 1 ? 0
               : 0xff000000u | (guint32) (ink.red + 0.5f) << 16
                 | (guint32) (ink.green + 0.5f) << 8 | (guint32) (ink.blue + 0.5f);
  return ink;
}

static inline guint32
blend (guint32    under,
       const Ink *ink,
       float      coverage)
{
  float keep = 1 - ink->alpha * coverage;
  guint32 a = (guint32) (255 * ink->alpha * coverage + (float) (under >> 24) * keep + 0.5f);
  guint32 r = (guint32) (ink->red * coverage + (float) (under >> 16 & 0xff) * keep + 0.5f);
  guint32 g = (guint32) (ink->green * coverage + (float) (under >> 8 & 0xff) * keep + 0.5f);
  guint32 b = (guint32) (ink->blue * coverage + (float) (under & 0xff) * keep + 0.5f);

  return a << 24 | r << 16 | g << 8 | b;
}

static inline void
put (Target *target,
     int     x,
     int     y,
     float   coverage)
{
  guint32 *pixel = target->pixels + (gsize) y * target->stride + x;

  if (coverage >= 1 && target->ink.opaque != 0)
    *pixel = target->ink.opaque;
  else if (coverage > 0)
    *pixel = blend (*pixel, &target->ink, MIN (coverage, 1));
}

static inline float
clamp01 (float v)
{
  return CLAMP (v, 0.0f, 1.0f);
}

static void
draw_column (Target                *target,
             const InionTraceTexel *column,
             int                    x,
             InionTraceRows         rows)
{
  const float *v = column->v;

  for (int y = rows.from; y < rows.to; y++)
    {
      float centre = (float) y + 0.5f;

      put (target, x, y, clamp01 ((centre - v[0]) * v[1]) + clamp01 ((v[2] - centre) * v[3]) - 1);
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

      nearest[k] = MIN (nearest[k], d);
    }
}

static void
draw_segment_column (Target                *target,
                     const InionTraceShape *shape,
                     int                    x,
                     InionTraceRows         rows)
{
  float centre = (float) x + 0.5f;
  float index = floorf ((centre - shape->origin) / shape->step);
  float reach = shape->half_width + 0.5f;
  const float *v;
  float at;

  index = CLAMP (index, 0, (float) shape->n - 1);
  at = shape->origin + index * shape->step - centre;
  v = shape->texels[(guint) index].v;
  for (int y = rows.from; y < rows.to; y += CHUNK)
    {
      float nearest[CHUNK];
      int n = MIN (CHUNK, rows.to - y);

      for (int k = 0; k < CHUNK; k++)
        nearest[k] = 1e12f;
      for (int j = 0; j < 3; j++)
        approach (nearest, n, (float) y + 0.5f, at + (float) (j - 1) * shape->step, shape->step,
                  v[j], v[j + 1]);
      for (int k = 0; k < n; k++)
        put (target, x, y + k, reach - sqrtf (nearest[k]));
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
  Target target = { pixels, (gsize) stride / sizeof (guint32) };

  g_return_if_fail (frame != NULL);
  g_return_if_fail (pixels != NULL || frame->width == 0 || frame->height == 0);

  texels = g_new (InionTraceTexel, _inion_trace_shape_max_texels (frame));
  for (guint lane = 0; lane < frame->n_lanes; lane++)
    {
      InionTraceShape shape;

      target.ink = make_ink (frame->lanes[lane].rgba);
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
