/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A confusion matrix: what was true against what was said.
 *
 * A row is a true class; its cells are tinted by their share of the row, so that a class with few
 * trials is judged like one with many, and the counts say how many there were. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/plots.h"
#include "widgets/render/painter-private.h"

#include <math.h>

#define GAP 2.0

typedef struct
{
  InionPainter painter;
  double left, top;      /* of the first cell */
  double cell_width, cell_height;
  const guint *counts;
  const char *const *classes;
  guint k;
} Matrix;

static guint
row_sum (const Matrix *self,
         guint         row)
{
  guint sum = 0;

  for (guint c = 0; c < self->k; c++)
    sum += self->counts[row * self->k + c];
  return sum;
}

static const char *
class_name (const Matrix *self,
            guint         i)
{
  return self->classes != NULL && self->classes[i] != NULL ? self->classes[i] : "";
}

static void
draw_cell_text (Matrix *self,
                double  x,
                double  y,
                guint   count,
                guint   sum,
                double  share)
{
  InionPainter *p = &self->painter;
  g_autofree char *number = _inion_format_number (100 * share, 0);
  g_autofree char *percent = g_strconcat (number, INION_THIN_SPACE "%", NULL);
  g_autofree char *of = g_strdup_printf ("%u of %u", count, sum);
  gboolean both = self->cell_height > 3 * p->line && self->cell_width > 4.2 * p->line;

  if (self->cell_height < p->line || self->cell_width < 2.4 * p->line)
    return;
  if (share > 0.55)
    _inion_painter_set_color (p, p->dark ? 0x10161c : 0xffffff, 0.95);
  else
    _inion_painter_set_ink (p, count > 0 ? INION_INK_STRONG : INION_INK_DIM);
  _inion_painter_set_scale (p, both ? 1.2 : 1, both);
  _inion_painter_text (p, x, y - (both ? p->line * 0.45 : 0), 0.5, 0.5, percent);
  _inion_painter_set_scale (p, 0.9, FALSE);
  if (both)
    _inion_painter_text (p, x, y + p->line * 0.65, 0.5, 0.5, of);
  _inion_painter_set_scale (p, 1, FALSE);
}

static void
draw_cell (Matrix *self,
           guint   row,
           guint   column)
{
  InionPainter *p = &self->painter;
  guint count = self->counts[row * self->k + column], sum = row_sum (self, row);
  double share = sum > 0 ? (double) count / sum : 0;
  double x = self->left + column * self->cell_width, y = self->top + row * self->cell_height;
  double w = self->cell_width - GAP, h = self->cell_height - GAP;

  if (w <= 0 || h <= 0)
    return;
  cairo_rectangle (p->cr, x, y, w, h);
  _inion_painter_set_ink (p, INION_INK_FAINT);
  cairo_fill_preserve (p->cr);
  _inion_painter_set_color (p, _inion_painter_get_accent (p), share);
  cairo_fill (p->cr);
  if (row == column)
    {
      cairo_rectangle (p->cr, x + 0.5, y + 0.5, w - 1, h - 1);
      _inion_painter_set_ink (p, 0.45);
      cairo_set_line_width (p->cr, 1);
      cairo_stroke (p->cr);
    }
  if (sum > 0)
    draw_cell_text (self, x + w / 2, y + h / 2, count, sum, share);
}

static void
draw_labels (Matrix *self)
{
  InionPainter *p = &self->painter;
  double bottom = self->top + self->k * self->cell_height;
  double line = p->line;

  for (guint i = 0; i < self->k; i++)
    {
      double x = self->left + (i + 0.5) * self->cell_width - GAP / 2;
      double y = self->top + (i + 0.5) * self->cell_height - GAP / 2;

      _inion_painter_set_ink (p, INION_INK_TEXT);
      if (self->cell_height >= line)
        _inion_painter_fit (p, self->left - 8, y, self->left - 8, 1, 0.5, class_name (self, i));
      if (self->cell_width >= 1.5 * line)
        _inion_painter_fit (p, x, bottom + 3, self->cell_width - 4, 0.5, 0, class_name (self, i));
    }
  _inion_painter_set_ink (p, INION_INK_DIM);
  _inion_painter_fit (p, self->left - 8, self->top - 0.75 * line, self->left - 8, 1, 0.5, "True");
  _inion_painter_text (p, self->left + self->k * self->cell_width / 2 - GAP / 2, bottom + 3
                       + 1.15 * line,
                       0.5, 0, "Predicted");
}

/**
 * inion_confusion_draw:
 * @cr: where to draw
 * @width: width in user units
 * @height: height in user units
 * @counts: (array): k × k trials; row = true class, column = predicted class
 * @classes: (array length=k) (nullable): their names
 * @k: number of classes
 * @style: how to draw
 *
 * Draws a confusion matrix with shares of each true class and counts.
 */
void
inion_confusion_draw (cairo_t              *cr,
                      double                width,
                      double                height,
                      const guint          *counts,
                      const char *const    *classes,
                      guint                 k,
                      const InionPlotStyle *style)
{
  Matrix self = { .counts = counts, .classes = classes, .k = k };
  InionPainter *p = &self.painter;

  _inion_painter_begin (p, cr, style->dark, style->font);
  self.left = _inion_painter_measure (p, "True", NULL);
  for (guint i = 0; i < k; i++)
    self.left = MAX (self.left, _inion_painter_measure (p, class_name (&self, i), NULL));
  self.left = ceil (MIN (self.left, width * 0.35) + 8);
  self.top = ceil (p->line * 1.5);
  if (k > 0)
    {
      self.cell_width = floor ((width - self.left) / k);
      self.cell_height = floor ((height - self.top - 2.4 * p->line - 3) / k);
      /* Wider than high reads well, but not without end. */
      self.cell_width = MIN (self.cell_width, 2.2 * self.cell_height);
      self.cell_height = MIN (self.cell_height, self.cell_width);
    }
  if (k > 0 && self.cell_width > GAP && self.cell_height > GAP)
    {
      draw_labels (&self);
      for (guint row = 0; row < k; row++)
        for (guint column = 0; column < k; column++)
          draw_cell (&self, row, column);
    }
  else
    {
      _inion_painter_set_ink (p, INION_INK_DIM);
      _inion_painter_fit (p, width / 2, height / 2, width, 0.5, 0.5, "Nothing was predicted");
    }
  _inion_painter_end (p);
}
