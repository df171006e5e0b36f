/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The probability of each class over time: a lane under the traces.
 *
 * Each column of pixels is a stack of class colours that fills the lane. Where the model does not
 * know, all colours fade into grey: uncertainty has no hue. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/plots.h"
#include "widgets/render/painter-private.h"

#include <math.h>

#define MAX_CLASSES 32
#define MAX_WIDTH 8192
#define MAX_HEIGHT 1024
/* Rows averaged at most into one pixel. */
#define MAX_ROWS 64
/* Confidence (0 at chance, 1 at certainty) at which a colour is grey, and pure. */
#define GREY_BELOW 0.10
#define PURE_ABOVE 0.55

typedef struct
{
  double from_s, s_per_px;
  const double *times;
  gsize n;
  double hold_s;
  const double *probabilities;
  guint k;
  const guint32 *colors;
  guint32 grey;
} Lane;

/* The last row that begins at or before a time; −1 if none. */
static gssize
find_row (const Lane *self,
          double      time)
{
  gsize low = 0, high = self->n;

  while (low < high)
    {
      gsize middle = (low + high) / 2;

      if (self->times[middle] <= time)
        low = middle + 1;
      else
        high = middle;
    }
  return (gssize) low - 1;
}

/* The mean of the rows that hold within a column; FALSE if there is none. */
static gboolean
get_column (const Lane *self,
            int         x,
            double     *mean)
{
  double from = self->from_s + x * self->s_per_px, to = from + self->s_per_px;
  gssize first = MAX (find_row (self, from), 0), last = find_row (self, to);
  gssize step = (last - first) / MAX_ROWS + 1;
  double weight = 0;

  for (guint c = 0; c < self->k; c++)
    mean[c] = 0;
  for (gssize i = first; i <= last; i += step)
    {
      const double *row = self->probabilities + (gsize) i * self->k;
      double sum = 0;

      if (!(self->times[i] + self->hold_s > from))
        continue;
      for (guint c = 0; c < self->k; c++)
        sum += row[c];
      if (!(sum > 0) || !isfinite (sum))
        continue;
      for (guint c = 0; c < self->k; c++)
        mean[c] += MAX (row[c], 0) / sum;
      weight++;
    }
  for (guint c = 0; c < self->k && weight > 0; c++)
    mean[c] /= weight;
  return weight > 0;
}

static guint32
mix (guint32 a,
     guint32 b,
     double  part)
{
  guint32 mixed = 0xff;

  for (int shift = 16; shift >= 0; shift -= 8)
    {
      double from = a >> shift & 0xff, to = b >> shift & 0xff;

      mixed = mixed << 8 | (guint32) (from + (to - from) * part + 0.5);
    }
  return mixed;
}

/* How much of its hue a column keeps. */
static double
get_purity (const double *mean,
            guint         k)
{
  double best = 0, confidence;

  for (guint c = 0; c < k; c++)
    best = MAX (best, mean[c]);
  confidence = k > 1 ? (best - 1.0 / k) / (1 - 1.0 / k) : best;
  return CLAMP ((confidence - GREY_BELOW) / (PURE_ABOVE - GREY_BELOW), 0, 1);
}

static void
fill_column (const Lane *self,
             guint32    *pixels,
             int         stride,
             int         height,
             int         x)
{
  double mean[MAX_CLASSES], purity, up = 0;
  int bottom = height;

  if (!get_column (self, x, mean))
    return;
  purity = get_purity (mean, self->k);
  for (guint c = 0; c < self->k; c++)
    {
      guint32 color = mix (self->grey, self->colors[c], 0.15 + 0.85 * purity);
      int top;

      up += mean[c];
      top = c + 1 == self->k ? 0 : (int) floor (height * (1 - up) + 0.5);
      top = CLAMP (top, 0, bottom);
      for (int y = top; y < bottom; y++)
        pixels[y * stride + x] = color;
      bottom = top;
    }
}

static cairo_surface_t *
paint_lane (const Lane *self,
            int         width,
            int         height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  guint32 *pixels = (guint32 *) (void *) cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface) / (int) sizeof *pixels;

  for (int x = 0; x < width; x++)
    fill_column (self, pixels, stride, height, x);
  cairo_surface_mark_dirty (surface);
  return surface;
}

static double
get_device_scale (cairo_t *cr)
{
  double x = 1, y = 0;

  cairo_user_to_device_distance (cr, &x, &y);
  x = hypot (x, y);
  if (cairo_surface_get_type (cairo_get_target (cr)) != CAIRO_SURFACE_TYPE_IMAGE)
    x *= 2;
  return CLAMP (x, 0.1, 8);
}

/**
 * inion_probability_lane_draw:
 * @cr: where to draw
 * @width: width in user units
 * @height: height in user units
 * @from_s: time at the left edge, in seconds
 * @to_s: time at the right edge, in seconds
 * @times_s: (array length=n): when each row begins, ascending, in seconds
 * @n: number of rows
 * @hold_s: how long a row holds unless the next begins, in seconds
 * @probabilities: (array): n × k; NaN: no answer
 * @k: number of classes, at most 32
 * @colors: (array length=k): 0xRRGGBB of each class
 * @stale: whether a newer answer is on its way: the lane is hatched
 * @style: how to draw
 *
 * Draws the classes' probabilities as stacked steps, the first class at the bottom. Where there is
 * no row, nothing is drawn.
 */
void
inion_probability_lane_draw (cairo_t              *cr,
                             double                width,
                             double                height,
                             double                from_s,
                             double                to_s,
                             const double         *times_s,
                             gsize                 n,
                             double                hold_s,
                             const double         *probabilities,
                             guint                 k,
                             const guint32        *colors,
                             gboolean              stale,
                             const InionPlotStyle *style)
{
  double scale = get_device_scale (cr);
  int w = (int) CLAMP (width * scale + 0.5, 0, MAX_WIDTH);
  int h = (int) CLAMP (height * scale + 0.5, 0, MAX_HEIGHT);
  Lane lane = {
    .from_s = from_s, .times = times_s, .n = n, .hold_s = hold_s, .probabilities = probabilities,
    .k = MIN (k, MAX_CLASSES), .colors = colors, .grey = style->dark ? 0x55595e : 0xc4c8cc,
  };
  cairo_surface_t *surface;
  InionPainter painter;

  if (w == 0 || h == 0 || k == 0 || !(to_s > from_s))
    return;
  g_return_if_fail (k <= MAX_CLASSES);
  lane.s_per_px = (to_s - from_s) / w;
  surface = n > 0 ? paint_lane (&lane, w, h) : NULL;
  _inion_painter_begin (&painter, cr, style->dark, style->font);
  if (surface != NULL)
    {
      cairo_save (cr);
      cairo_scale (cr, width / w, height / h);
      cairo_set_source_surface (cr, surface, 0, 0);
      cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
      cairo_paint_with_alpha (cr, stale ? 0.45 : style->dark ? 0.85 : 0.9);
      cairo_restore (cr);
      cairo_surface_destroy (surface);
    }
  if (stale)
    {
      _inion_painter_set_ink (&painter, 0.25);
      _inion_painter_hatch (&painter, 0, 0, width, height, 7);
    }
  _inion_painter_set_ink (&painter, INION_INK_AXIS);
  _inion_painter_dash (&painter, 2, 3);
  _inion_painter_line (&painter, 0, floor (height / 2) + 0.5, width, floor (height / 2) + 0.5, 1);
  _inion_painter_end (&painter);
}
