/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Averages after an event: curves with confidence bands over one another, all channels behind. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/plot-evoked.h"
#include "widgets/render/painter-private.h"

#include <math.h>

#define LEFT 40.0
#define RIGHT 10.0
#define LEAST_SPAN 1e-9

typedef struct
{
  InionPainter painter;
  const InionEvokedPlot *plot;
  double left, top, right, bottom;
  double low, high;                 /* at the bottom and the top, or the other way round */
  double width;
} Evoked;

static double
to_x (const Evoked *self,
      double        time_s)
{
  double span = (double) (self->plot->n - 1) / self->plot->rate_hz;

  return self->left + (self->right - self->left) * (time_s - self->plot->from_s) / span;
}

static double
to_y (const Evoked *self,
      double        value)
{
  double part = (value - self->low) / (self->high - self->low);

  return self->plot->negative_up ? self->top + (self->bottom - self->top) * part
                                 : self->bottom - (self->bottom - self->top) * part;
}

static void
include (Evoked *self,
         double  value)
{
  if (!isfinite (value))
    return;
  self->low = MIN (self->low, value);
  self->high = MAX (self->high, value);
}

static void
find_limits (Evoked *self)
{
  const InionEvokedPlot *plot = self->plot;
  double room;

  self->low = self->high = 0;
  for (gsize i = 0; plot->butterfly != NULL && i < plot->n * plot->n_butterfly; i++)
    include (self, plot->butterfly[i]);
  for (guint c = 0; c < plot->n_curves; c++)
    for (gsize i = 0; i < plot->n; i++)
      {
        double half = plot->curves[c].half_width != NULL ? plot->curves[c].half_width[i] : 0;

        include (self, plot->curves[c].mean[i]);
        include (self, plot->curves[c].mean[i] + half);
        include (self, plot->curves[c].mean[i] - half);
      }
  if (self->high - self->low < LEAST_SPAN)
    {
      self->low -= 1;
      self->high += 1;
    }
  room = 0.05 * (self->high - self->low);
  self->low -= room;
  self->high += room;
}

static void
draw_axes (Evoked *self)
{
  InionPainter *p = &self->painter;
  const InionEvokedPlot *plot = self->plot;
  double span = (double) (plot->n - 1) / plot->rate_hz;
  double step = _inion_nice_step (self->high - self->low,
                                  (int) ((self->bottom - self->top) / (p->line * 1.8)));
  double step_s = _inion_nice_step (span, (int) ((self->right - self->left) / (p->line * 3.4)));
  int digits = (int) CLAMP (ceil (-log10 (step) - 1e-9), 0, 6);

  for (double v = ceil (self->low / step) * step; v <= self->high; v += step)
    {
      g_autofree char *text = _inion_format_number (fabs (v) < step / 1000 ? 0 : v, digits);
      double y = _inion_painter_snap (p, to_y (self, v), 1);

      _inion_painter_set_ink (p, fabs (v) < step / 1000 ? INION_INK_AXIS : INION_INK_GRID);
      _inion_painter_line (p, self->left, y, self->right, y, 1);
      _inion_painter_set_ink (p, INION_INK_DIM);
      _inion_painter_text (p, self->left - 6, y, 1, 0.5, text);
    }
  for (double t = ceil (plot->from_s / step_s - 1e-6) * step_s; t <= plot->from_s + span + 1e-9;
       t += step_s)
    {
      g_autofree char *text = _inion_format_number (fabs (t) < 1e-9 ? 0 : t * 1000, 0);
      double x = _inion_painter_snap (p, to_x (self, t), 1);

      _inion_painter_set_ink (p, fabs (t) < 1e-9 ? INION_INK_DIM : INION_INK_FAINT);
      _inion_painter_line (p, x, self->top, x, self->bottom, 1);
      _inion_painter_set_ink (p, INION_INK_DIM);
      if (x < self->right - p->line * 1.4)
        _inion_painter_text (p, x, self->bottom + 4, 0.5, 0, text);
    }
  _inion_painter_set_ink (p, INION_INK_DIM);
  _inion_painter_text (p, self->right, self->bottom + 4, 1, 0, "ms");
  if (plot->unit != NULL)
    {
      g_autofree char *unit = g_strconcat (plot->unit, plot->negative_up ? "  (negative up)" : NULL,
                                           NULL);

      _inion_painter_text (p, 0, 0, 0, 0, unit);
    }
}

static void
trace_row (Evoked       *self,
           const double *values,
           double        offset_sign,
           const double *offset)
{
  gboolean pen = FALSE;

  for (gsize i = 0; i < self->plot->n; i++)
    {
      double value = values[i] + (offset != NULL ? offset_sign * offset[i] : 0);
      double x = to_x (self, self->plot->from_s + (double) i / self->plot->rate_hz);

      if (isfinite (value) && pen)
        cairo_line_to (self->painter.cr, x, to_y (self, value));
      else if (isfinite (value))
        cairo_move_to (self->painter.cr, x, to_y (self, value));
      pen = isfinite (value);
    }
}

static void
draw_butterfly (Evoked *self)
{
  InionPainter *p = &self->painter;

  for (guint r = 0; self->plot->butterfly != NULL && r < self->plot->n_butterfly; r++)
    trace_row (self, self->plot->butterfly + r * self->plot->n, 0, NULL);
  _inion_painter_set_ink (p, 0.22);
  cairo_set_line_width (p->cr, 0.75);
  cairo_stroke (p->cr);
}

static void
draw_band (Evoked                 *self,
           const InionEvokedCurve *curve)
{
  const InionEvokedPlot *plot = self->plot;
  InionPainter *p = &self->painter;

  if (curve->half_width == NULL || !isfinite (curve->half_width[0]))
    return;
  trace_row (self, curve->mean, 1, curve->half_width);
  for (gsize i = plot->n; i-- > 0;)
    cairo_line_to (p->cr, to_x (self, plot->from_s + (double) i / plot->rate_hz),
                   to_y (self, curve->mean[i] - curve->half_width[i]));
  cairo_close_path (p->cr);
  _inion_painter_set_color (p, curve->color, 0.20);
  cairo_fill (p->cr);
}

static void
draw_curve (Evoked                 *self,
            const InionEvokedCurve *curve)
{
  InionPainter *p = &self->painter;

  trace_row (self, curve->mean, 0, NULL);
  _inion_painter_set_color (p, p->dark ? _inion_painter_get_color (p, curve->color) : curve->color,
                            1);
  cairo_set_line_width (p->cr, 1.75);
  _inion_painter_dash (p, curve->dashed ? 5 : 0, curve->dashed ? 3 : 0);
  cairo_stroke (p->cr);
  _inion_painter_dash (p, 0, 0);
}

/* What is what, from the right: a piece of each curve and its name. */
static void
draw_legend (Evoked *self)
{
  InionPainter *p = &self->painter;
  double x = self->width, y = p->line * 0.5;

  for (guint c = self->plot->n_curves; c-- > 0;)
    {
      const InionEvokedCurve *curve = &self->plot->curves[c];
      double text = _inion_painter_measure (p, curve->label, NULL);

      /* The unit stands at the left. */
      if (x - text - 26 < self->width * 0.35)
        return;
      _inion_painter_set_ink (p, INION_INK_TEXT);
      _inion_painter_text (p, x, y, 1, 0.5, curve->label);
      _inion_painter_set_color (p, p->dark ? _inion_painter_get_color (p, curve->color)
                                           : curve->color, 1);
      _inion_painter_dash (p, curve->dashed ? 5 : 0, curve->dashed ? 3 : 0);
      _inion_painter_line (p, x - text - 22, y, x - text - 5, y, 2);
      _inion_painter_dash (p, 0, 0);
      x -= text + 34;
    }
}

static void
draw_hover (Evoked *self)
{
  InionPainter *p = &self->painter;
  const InionEvokedPlot *plot = self->plot;
  double at = round ((plot->hover_s - plot->from_s) * plot->rate_hz);
  g_autofree char *text = NULL;
  g_autofree char *number = NULL;
  double x, time;
  gboolean right;

  if (!(at >= 0 && at < (double) plot->n))
    return;
  time = plot->from_s + at / plot->rate_hz;
  x = _inion_painter_snap (p, to_x (self, time), 1);
  _inion_painter_set_ink (p, INION_INK_DIM);
  _inion_painter_line (p, x, self->top, x, self->bottom, 1);
  for (guint c = 0; c < plot->n_curves; c++)
    {
      cairo_new_path (p->cr);
      cairo_arc (p->cr, x, to_y (self, plot->curves[c].mean[(gsize) at]), 3, 0, 2 * G_PI);
      _inion_painter_set_color (p, plot->curves[c].color, 1);
      cairo_fill (p->cr);
    }
  number = _inion_format_number (time * 1000, 0);
  text = g_strconcat (number, INION_THIN_SPACE "ms", NULL);
  right = x > (self->left + self->right) / 2;
  _inion_painter_set_ink (p, INION_INK_TEXT);
  _inion_painter_halo (p, right ? x - 5 : x + 5, self->bottom - p->line * 0.7, right ? 1 : 0, 0.5,
                       text);
}

/**
 * inion_evoked_draw:
 * @cr: where to draw
 * @width: width in user units
 * @height: height in user units
 * @plot: what to draw
 * @style: how to draw
 *
 * Draws averages against time from the event, which is the strong vertical line.
 */
void
inion_evoked_draw (cairo_t               *cr,
                   double                 width,
                   double                 height,
                   const InionEvokedPlot *plot,
                   const InionPlotStyle  *style)
{
  Evoked self = { .plot = plot, .width = width };
  InionPainter *p = &self.painter;

  _inion_painter_begin (p, cr, style->dark, style->font);
  self.left = LEFT;
  self.right = width - RIGHT;
  self.top = ceil (p->line * 1.3);
  self.bottom = floor (height - p->line - 6);
  if (plot->n > 1 && self.right - self.left > 10 && self.bottom - self.top > 10)
    {
      find_limits (&self);
      draw_axes (&self);
      draw_legend (&self);
      draw_butterfly (&self);
      for (guint c = 0; c < plot->n_curves; c++)
        draw_band (&self, &plot->curves[c]);
      for (guint c = 0; c < plot->n_curves; c++)
        draw_curve (&self, &plot->curves[c]);
      draw_hover (&self);
    }
  _inion_painter_end (p);
}

/**
 * inion_evoked_x_to_time:
 * @plot: what was drawn
 * @width: as it was drawn
 * @x: a place in user units
 *
 * Returns: the time from the event there, in seconds; NaN beside the curves
 */
double
inion_evoked_x_to_time (const InionEvokedPlot *plot,
                        double                 width,
                        double                 x)
{
  double part = (x - LEFT) / (width - RIGHT - LEFT);

  if (!(part >= 0 && part <= 1) || plot->n < 2)
    return NAN;
  return plot->from_s + part * (double) (plot->n - 1) / plot->rate_hz;
}
