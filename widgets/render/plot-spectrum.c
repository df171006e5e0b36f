/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A power spectrum in decibels, with the classic bands. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/plots.h"
#include "widgets/render/painter-private.h"

#include <math.h>

/* A peak is marked where it stands so far above its surroundings, in dB. */
#define LEAST_PROMINENCE 2.0
#define PEAK_FROM_HZ 3.0
#define PEAK_TO_HZ 30.0
/* Power below this is not told from none. */
#define LEAST_POWER 1e-12
/* Below, drift decides the scale. */
#define SCALE_FROM_HZ 0.8

typedef struct
{
  double from_hz;
  const char *name;
} Band;

static const Band bands[] = {
  { 1, "δ" }, { 4, "θ" }, { 8, "α" }, { 13, "β" }, { 30, "γ" }, { 100, "" },
};

typedef struct
{
  InionPainter painter;
  double left, top, right, bottom;   /* the axes' rectangle */
  double names;                      /* top of the names of the bands, which nothing else covers */
  double max_hz;
  double low_db, high_db;
  gsize n;
  double bin_hz;
  double *db;                        /* NAN where there is no power */
} Plot;

static double
to_x (const Plot *self,
      double      hz)
{
  return self->left + (self->right - self->left) * hz / self->max_hz;
}

static double
to_y (const Plot *self,
      double      db)
{
  double part = (db - self->low_db) / (self->high_db - self->low_db);

  return self->bottom - (self->bottom - self->top) * part;
}

static void
fill_decibels (Plot         *self,
               const double *psd,
               gsize         n_bins)
{
  self->n = 0;
  if (!(self->bin_hz > 0))
    return;
  self->n = (gsize) MIN ((double) n_bins, self->max_hz / self->bin_hz + 1);
  self->db = g_new (double, MAX (self->n, 1));
  for (gsize i = 0; i < self->n; i++)
    self->db[i] = isfinite (psd[i]) && psd[i] > LEAST_POWER ? 10 * log10 (psd[i]) : NAN;
}

/* Limits in whole tens of dB around what is there. */
static gboolean
find_limits (Plot *self)
{
  double low = INFINITY, high = -INFINITY;

  for (gsize i = 0; i < self->n; i++)
    if (!isnan (self->db[i]) && (i * self->bin_hz >= SCALE_FROM_HZ || self->n < 8))
      {
        low = MIN (low, self->db[i]);
        high = MAX (high, self->db[i]);
      }
  if (!(low <= high))
    {
      self->low_db = -20;
      self->high_db = 20;
      return FALSE;
    }
  self->low_db = floor (low / 10) * 10;
  self->high_db = ceil ((high + 1) / 10) * 10;
  return TRUE;
}

static void
draw_bands (Plot *self)
{
  InionPainter *p = &self->painter;

  for (gsize i = 0; i + 1 < G_N_ELEMENTS (bands); i++)
    {
      double from = to_x (self, MIN (bands[i].from_hz, self->max_hz));
      double to = to_x (self, MIN (bands[i + 1].from_hz, self->max_hz));

      if (to - from < 1)
        continue;
      _inion_painter_set_ink (p, i % 2 ? 0.025 : 0.065);
      cairo_rectangle (p->cr, from, self->names, to - from, self->bottom - self->names);
      cairo_fill (p->cr);
      _inion_painter_set_ink (p, INION_INK_DIM);
      if (to - from > p->line * 0.8)
        _inion_painter_text (p, (from + to) / 2, self->names + 1, 0.5, 0, bands[i].name);
    }
}

static void
draw_axes (Plot *self)
{
  InionPainter *p = &self->painter;
  double room = (self->bottom - self->top) / (p->line * 1.8);
  double step_db = MAX (_inion_nice_step (self->high_db - self->low_db, (int) room), 5);
  double step_hz = _inion_nice_step (self->max_hz,
                                     (int) ((self->right - self->left) / (p->line * 3)));

  for (double db = self->low_db; db <= self->high_db + 1e-6; db += step_db)
    {
      g_autofree char *text = _inion_format_number (db, 0);
      double y = _inion_painter_snap (p, to_y (self, db), 1);

      _inion_painter_set_ink (p, INION_INK_GRID);
      _inion_painter_line (p, self->left, y, self->right, y, 1);
      _inion_painter_set_ink (p, INION_INK_DIM);
      _inion_painter_text (p, self->left - 6, y, 1, 0.5, text);
    }
  for (double hz = 0; hz <= self->max_hz + 1e-6; hz += step_hz)
    {
      g_autofree char *number = _inion_format_compact (hz);
      gboolean last = hz + step_hz > self->max_hz + 1e-6;
      g_autofree char *text = last ? g_strconcat (number, INION_THIN_SPACE "Hz",
                                                  NULL) : g_strdup (number);
      double x = _inion_painter_snap (p, to_x (self, hz), 1);

      _inion_painter_set_ink (p, INION_INK_AXIS);
      _inion_painter_line (p, x, self->bottom, x, self->bottom + 4, 1);
      _inion_painter_set_ink (p, INION_INK_DIM);
      /* The number stands under its tick; the unit follows it. */
      _inion_painter_text (p, MIN (x - _inion_painter_measure (p, number, NULL) / 2,
                                   self->right + 14 - _inion_painter_measure (p, text, NULL)),
                           self->bottom + 5, 0, 0, text);
    }
  _inion_painter_set_ink (p, INION_INK_AXIS);
  _inion_painter_line (p, self->left, floor (self->bottom) + 0.5, self->right,
                       floor (self->bottom) + 0.5, 1);
}

static void
trace_curve (Plot    *self,
             gboolean closed)
{
  cairo_t *cr = self->painter.cr;
  double start = NAN, end = NAN;

  cairo_new_path (cr);
  for (gsize i = 0; i <= self->n; i++)
    {
      double x = to_x (self, (double) i * self->bin_hz);

      if (i == self->n || isnan (self->db[i]))
        {
          if (closed && !isnan (start))
            {
              cairo_line_to (cr, end, self->bottom);
              cairo_line_to (cr, start, self->bottom);
              cairo_close_path (cr);
            }
          start = NAN;
          continue;
        }
      if (isnan (start))
        {
          start = x;
          cairo_move_to (cr, x, to_y (self, self->db[i]));
        }
      else
        cairo_line_to (cr, x, to_y (self, self->db[i]));
      end = x;
    }
}

static void
draw_curve (Plot *self)
{
  InionPainter *p = &self->painter;
  guint32 accent = _inion_painter_get_accent (p);

  cairo_save (p->cr);
  cairo_rectangle (p->cr, self->left, self->top, self->right - self->left,
                   self->bottom - self->top);
  cairo_clip (p->cr);
  trace_curve (self, TRUE);
  _inion_painter_set_color (p, accent, 0.13);
  cairo_fill (p->cr);
  trace_curve (self, FALSE);
  _inion_painter_set_color (p, accent, 1);
  cairo_set_line_width (p->cr, 1.5);
  cairo_set_line_join (p->cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (p->cr);
  cairo_restore (p->cr);
}

/* How far bin i stands above the higher of the two valleys between it and higher ground. */
static double
prominence (const Plot *self,
            gsize       i)
{
  gsize from = (gsize) MAX (1, 1.5 / self->bin_hz);
  double left = self->db[i], right = self->db[i];

  for (gsize k = i; k-- > from && !(self->db[k] > self->db[i]);)
    left = MIN (left, self->db[k]);
  for (gsize k = i + 1; k < self->n && !(self->db[k] > self->db[i]); k++)
    right = MIN (right, self->db[k]);
  return self->db[i] - MAX (left, right);
}

/* The bin of the most prominent peak between 3 and 30 Hz, or 0. */
static gsize
find_peak (const Plot *self)
{
  double best = LEAST_PROMINENCE;
  gsize found = 0;

  for (gsize i = 1; i + 1 < self->n; i++)
    {
      double hz = (double) i * self->bin_hz, above;

      if (hz < PEAK_FROM_HZ || hz > PEAK_TO_HZ || !(self->db[i] > self->db[i - 1])
          || !(self->db[i] >= self->db[i + 1]))
        continue;
      above = prominence (self, i);
      if (above > best)
        {
          best = above;
          found = i;
        }
    }
  return found;
}

static void
draw_point (Plot   *self,
            double  hz,
            double  db,
            guint32 color)
{
  InionPainter *p = &self->painter;

  cairo_new_path (p->cr);
  cairo_arc (p->cr, to_x (self, hz), to_y (self, db), 3, 0, 2 * G_PI);
  _inion_painter_set_page (p, 1);
  cairo_fill_preserve (p->cr);
  _inion_painter_set_color (p, color, 1);
  cairo_set_line_width (p->cr, 1.5);
  cairo_stroke (p->cr);
}

static void
draw_peak (Plot *self)
{
  InionPainter *p = &self->painter;
  gsize i = find_peak (self);
  double hz = (double) i * self->bin_hz;
  g_autofree char *number = _inion_format_number (hz, 1);
  g_autofree char *text = g_strconcat (number, INION_THIN_SPACE "Hz", NULL);

  if (i == 0)
    return;
  draw_point (self, hz, self->db[i], _inion_painter_get_accent (p));
  _inion_painter_set_ink (p, INION_INK_STRONG);
  _inion_painter_halo (p, to_x (self, hz) + 7,
                       MAX (to_y (self, self->db[i]) - 2, self->top + 0.7 * p->line), 0, 0.7, text);
}

static void
draw_hover (Plot  *self,
            double hover_hz)
{
  InionPainter *p = &self->painter;
  gsize i = (gsize) (hover_hz / self->bin_hz + 0.5);
  g_autofree char *hz = NULL, *db = NULL, *text = NULL;
  double x;
  gboolean left;

  if (i >= self->n)
    return;
  x = to_x (self, (double) i * self->bin_hz);
  left = x > (self->left + self->right) / 2;
  _inion_painter_set_ink (p, 0.45);
  _inion_painter_line (p, floor (x) + 0.5, self->top, floor (x) + 0.5, self->bottom, 1);
  hz = _inion_format_number ((double) i * self->bin_hz, 1);
  db = _inion_format_number (self->db[i], 1);
  text = g_strconcat (hz, INION_THIN_SPACE "Hz · ", db, INION_THIN_SPACE "dB", NULL);
  if (!isnan (self->db[i]))
    draw_point (self, (double) i * self->bin_hz, self->db[i], _inion_painter_get_accent (p));
  _inion_painter_set_ink (p, INION_INK_STRONG);
  _inion_painter_halo (p, x + (left ? -6 : 6), self->top + 1, left ? 1 : 0, 0, text);
}

static void
lay_out (Plot       *self,
         double      width,
         double      height,
         const char *title)
{
  InionPainter *p = &self->painter;
  double top = p->line * (title != NULL ? 2.6 : 1.35);

  self->left = ceil (_inion_painter_measure (p, INION_MINUS "00", NULL) + 8);
  self->right = width - 14;
  self->names = ceil (top);
  self->top = self->names + ceil (p->line + 2);
  self->bottom = floor (height - p->line - 6);
  if (title != NULL)
    {
      _inion_painter_set_scale (p, 1, TRUE);
      _inion_painter_set_ink (p, INION_INK_TEXT);
      _inion_painter_fit (p, 0, 0, width, 0, 0, title);
      _inion_painter_set_scale (p, 1, FALSE);
    }
  _inion_painter_set_ink (p, INION_INK_DIM);
  _inion_painter_fit (p, 0, top - p->line * 1.3, width, 0, 0, "dB re 1" INION_THIN_SPACE "µV²/Hz");
}

/**
 * inion_spectrum_draw:
 * @cr: where to draw
 * @width: width in user units
 * @height: height in user units
 * @psd: (array length=n_bins): power density in µV²/Hz; bin i at i × @bin_hz
 * @n_bins: number of bins
 * @bin_hz: distance of the bins in Hz, > 0
 * @max_hz: right end of the axis in Hz, > 0
 * @hover_hz: frequency whose value is to be shown, in Hz; negative: none
 * @title: (nullable): above the plot
 * @style: how to draw
 *
 * Draws a spectrum in dB with the bands δ 1–4, θ 4–8, α 8–13, β 13–30 and γ above 30 Hz. The most
 * prominent peak between 3 and 30 Hz is marked if it stands 2 dB above its surroundings.
 */
void
inion_spectrum_draw (cairo_t              *cr,
                     double                width,
                     double                height,
                     const double         *psd,
                     gsize                 n_bins,
                     double                bin_hz,
                     double                max_hz,
                     double                hover_hz,
                     const char           *title,
                     const InionPlotStyle *style)
{
  Plot self = { .max_hz = max_hz > 0 && isfinite (max_hz) ? max_hz : 70, .bin_hz = bin_hz };
  InionPainter *p = &self.painter;

  _inion_painter_begin (p, cr, style->dark, style->font);
  lay_out (&self, width, height, title);
  if (self.right - self.left > 20 && self.bottom - self.top > 20)
    {
      gboolean any;

      fill_decibels (&self, psd, n_bins);
      any = find_limits (&self);
      draw_bands (&self);
      draw_axes (&self);
      if (any)
        {
          draw_curve (&self);
          if (hover_hz >= 0)
            draw_hover (&self, hover_hz);
          else
            draw_peak (&self);
        }
      else
        {
          _inion_painter_set_ink (p, INION_INK_DIM);
          _inion_painter_fit (p, (self.left + self.right) / 2, (self.top + self.bottom) / 2,
                              self.right - self.left, 0.5, 0.5, "No signal here");
        }
    }
  g_free (self.db);
  _inion_painter_end (p);
}
