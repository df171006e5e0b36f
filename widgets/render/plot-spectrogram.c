/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power over time and frequency as an image, in dB.
 *
 * A cell of the image is one segment and one bin, drawn as it is: nothing is smoothed. Where a gap
 * leaves no power the page is hatched. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/plot-spectrogram.h"
#include "widgets/render/colormap.h"
#include "widgets/render/page-time-private.h"
#include "widgets/render/painter-private.h"

#include <math.h>

#define LEFT 34.0
#define RIGHT 52.0     /* of the bar of colours and its numbers */
#define TOP 16.0
#define BOTTOM 22.0
#define BAR 9.0

typedef struct
{
  InionPainter painter;
  const InionSpectrogramPlot *plot;
  double left, top, right, bottom;
} Plot;

static double
to_x (const Plot *self,
      double      time_s)
{
  const InionSpectrogramPlot *plot = self->plot;

  return self->left + (self->right - self->left) * (time_s - plot->from_s) /
                        (plot->to_s - plot->from_s);
}

static double
to_y (const Plot *self,
      double      hz)
{
  return self->bottom - (self->bottom - self->top) * hz / self->plot->max_hz;
}

static cairo_surface_t *
make_image (const InionSpectrogramPlot *plot,
            int                         n_bins)
{
  const InionSpectrogram *s = plot->spectrogram;
  const guint32 *colors = inion_colormap_get_sequential ();
  cairo_surface_t *image =
    cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) s->n_times, n_bins);
  guint32 *pixels;
  int stride;

  if (cairo_surface_status (image) != CAIRO_STATUS_SUCCESS)
    return image;
  cairo_surface_flush (image);
  pixels = (guint32 *) (gpointer) cairo_image_surface_get_data (image);
  stride = cairo_image_surface_get_stride (image) / 4;
  for (gsize t = 0; t < s->n_times; t++)
    for (int k = 0; k < n_bins; k++)
      {
        double power = s->power[t * s->n_bins + (gsize) k];
        double part = (10 * log10 (power) - plot->low_db) / (plot->high_db - plot->low_db);

        pixels[(n_bins - 1 - k) * stride + (int) t] =
          isnan (power) ? 0 : inion_colormap_pick (colors, power > 0 ? part : 0);
      }
  cairo_surface_mark_dirty (image);
  return image;
}

static void
draw_image (Plot *self)
{
  const InionSpectrogramPlot *plot = self->plot;
  const InionSpectrogram *s = plot->spectrogram;
  cairo_t *cr = self->painter.cr;
  int n_bins = (int) MIN (s->n_bins, (gsize) ceil (plot->max_hz / s->bin_hz) + 1);
  cairo_surface_t *image = make_image (plot, n_bins);
  double step_s = (double) s->step / s->rate_hz;
  /* A cell lies about the middle of its segment and about its bin. */
  double left = to_x (self, plot->origin_s + inion_spectrogram_get_time_s (s, 0) - step_s / 2);
  double right = to_x (self, plot->origin_s + inion_spectrogram_get_time_s (s, s->n_times - 1) +
                               step_s / 2);
  double top = to_y (self, ((double) n_bins - 0.5) * s->bin_hz);
  double bottom = to_y (self, -0.5 * s->bin_hz);

  cairo_save (cr);
  cairo_rectangle (cr, self->left, self->top, self->right - self->left, self->bottom - self->top);
  cairo_clip (cr);
  _inion_painter_set_ink (&self->painter, INION_INK_GRID);
  _inion_painter_hatch (&self->painter, MAX (left, self->left), self->top,
                        MIN (right, self->right) - MAX (left, self->left),
                        self->bottom - self->top, 6);
  cairo_translate (cr, left, top);
  cairo_scale (cr, (right - left) / (double) s->n_times, (bottom - top) / n_bins);
  cairo_set_source_surface (cr, image, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_surface_destroy (image);
}

static void
draw_axes (Plot *self)
{
  InionPainter *p = &self->painter;
  const InionSpectrogramPlot *plot = self->plot;
  InionPageTime time = { self->left, self->right - self->left, plot->from_s, plot->to_s,
                         plot->start };
  double step = _inion_nice_step (plot->max_hz,
                                  (int) ((self->bottom - self->top) / (p->line * 1.8)));

  for (double hz = 0; hz <= plot->max_hz + 1e-6; hz += step)
    {
      g_autofree char *text = _inion_format_compact (hz);
      double y = _inion_painter_snap (p, to_y (self, hz), 1);

      _inion_painter_set_ink (p, INION_INK_AXIS);
      _inion_painter_line (p, self->left - 4, y, self->left, y, 1);
      _inion_painter_set_ink (p, INION_INK_DIM);
      _inion_painter_text (p, self->left - 6, y, 1, 0.5, text);
    }
  _inion_painter_set_ink (p, INION_INK_DIM);
  _inion_painter_text (p, 0, 0, 0, 0, "Hz");
  _inion_page_time_draw_ruler (&time, p, self->bottom);
}

static void
draw_bar (Plot *self)
{
  InionPainter *p = &self->painter;
  const InionSpectrogramPlot *plot = self->plot;
  const guint32 *colors = inion_colormap_get_sequential ();
  double left = self->right + 8, height = self->bottom - self->top;
  double step = _inion_nice_step (plot->high_db - plot->low_db, (int) (height / (p->line * 1.8)));

  for (int y = 0; y < (int) height; y++)
    {
      _inion_painter_set_color (p, inion_colormap_pick (colors, 1 - (y + 0.5) / height) & 0xffffff,
                                1);
      cairo_rectangle (p->cr, left, self->top + y, BAR, 1);
      cairo_fill (p->cr);
    }
  _inion_painter_set_ink (p, INION_INK_DIM);
  for (double db = ceil (plot->low_db / step) * step; db <= plot->high_db; db += step)
    {
      g_autofree char *text = _inion_format_number (fabs (db) < step / 1000 ? 0 : db, 0);
      double y = self->bottom - height * (db - plot->low_db) / (plot->high_db - plot->low_db);

      _inion_painter_text (p, left + BAR + 4, y, 0, 0.5, text);
    }
  _inion_painter_text (p, left + BAR + 4, 0, 0, 0, "dB");
}

static void
draw_hover (Plot *self)
{
  InionPainter *p = &self->painter;
  const InionSpectrogramPlot *plot = self->plot;
  double x = to_x (self, plot->hover_s), y = to_y (self, plot->hover_hz);

  if (!(x >= self->left && x <= self->right && y >= self->top && y <= self->bottom))
    return;
  /* On any colour of the map: dark under light. */
  for (int pass = 0; pass < 2; pass++)
    {
      _inion_painter_set_color (p, pass == 0 ? 0x000000 : 0xffffff, pass == 0 ? 0.6 : 0.95);
      _inion_painter_line (p, x, self->top, x, self->bottom, pass == 0 ? 3 : 1);
      _inion_painter_line (p, self->left, y, self->right, y, pass == 0 ? 3 : 1);
    }
}

static void
lay_out (Plot   *self,
         double  width,
         double  height)
{
  self->left = LEFT;
  self->top = TOP;
  self->right = width - RIGHT;
  self->bottom = height - BOTTOM;
}

/**
 * inion_spectrogram_draw:
 * @cr: where to draw
 * @width: width in user units
 * @height: height in user units
 * @plot: what to draw
 * @style: how to draw
 *
 * Draws power in dB re 1 unit²/Hz over clock time and frequency, with a bar of its colours.
 */
void
inion_spectrogram_draw (cairo_t                    *cr,
                        double                      width,
                        double                      height,
                        const InionSpectrogramPlot *plot,
                        const InionPlotStyle       *style)
{
  Plot self = { .plot = plot };

  _inion_painter_begin (&self.painter, cr, style->dark, style->font);
  lay_out (&self, width, height);
  if (self.right - self.left > 10 && self.bottom - self.top > 10 && plot->to_s > plot->from_s &&
      plot->max_hz > 0 && plot->high_db > plot->low_db)
    {
      draw_image (&self);
      draw_axes (&self);
      draw_bar (&self);
      draw_hover (&self);
    }
  _inion_painter_end (&self.painter);
}

/**
 * inion_spectrogram_pick:
 * @plot: what was drawn
 * @width: as it was drawn
 * @height: as it was drawn
 * @x: a place in user units
 * @y: a place in user units
 * @time_s: (out): the time there, in seconds since the recording's start
 * @hz: (out): the frequency there
 *
 * Returns: %FALSE beside the image
 */
gboolean
inion_spectrogram_pick (const InionSpectrogramPlot *plot,
                        double                      width,
                        double                      height,
                        double                      x,
                        double                      y,
                        double                     *time_s,
                        double                     *hz)
{
  Plot self = { .plot = plot };

  lay_out (&self, width, height);
  if (!(x >= self.left && x < self.right && y >= self.top && y <= self.bottom))
    return FALSE;
  *time_s = plot->from_s + (plot->to_s - plot->from_s) * (x - self.left) / (self.right - self.left);
  *hz = plot->max_hz * (self.bottom - y) / (self.bottom - self.top);
  return TRUE;
}
