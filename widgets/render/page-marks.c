/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks on a page: bands, lines, and names in rows of their own above the traces. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/page-picture-private.h"

#include <math.h>

#define MAX_MARK_ROWS 3

static gboolean
is_in_view (const InionPagePicture *self,
            const InionPageMark    *mark)
{
  return isfinite (mark->from_s) && mark->from_s < self->time.to_s
         && MAX (mark->from_s, mark->to_s) >= self->time.from_s;
}

double
_inion_page_mark_row_height (const InionPagePicture *self)
{
  return self->painter.line + 4;
}

/* Gives each mark in view the first row in which its place is free; the last row takes the rest. */
void
_inion_page_place_marks (InionPagePicture *self)
{
  double ends[MAX_MARK_ROWS] = { -INFINITY, -INFINITY, -INFINITY };

  self->mark_places = g_new0 (InionMarkPlace, MAX (self->style->n_marks, 1));
  self->n_mark_rows = 0;
  for (guint i = 0; i < self->style->n_marks; i++)
    {
      const InionPageMark *mark = &self->style->marks[i];
      InionMarkPlace *place = &self->mark_places[i];
      double x, end, width = 0;

      place->row = -1;
      if (!is_in_view (self, mark))
        continue;
      place->row = 0;
      if (mark->label != NULL)
        width = _inion_painter_measure (&self->painter, mark->label, NULL);
      x = MAX (_inion_page_time_to_x (&self->time, mark->from_s), self->left);
      /* A name near the right edge moves left rather than being cut. */
      place->name_x = MAX (MIN (x + 5, self->right - width - 4), self->left + 2);
      end = isfinite (mark->to_s) ? _inion_page_time_to_x (&self->time, mark->to_s) : self->right;
      end = MAX (end, place->name_x + width + 5);
      while (place->row + 1 < MAX_MARK_ROWS && ends[place->row] > MIN (x, place->name_x))
        place->row++;
      ends[place->row] = MAX (ends[place->row], end);
      self->n_mark_rows = MAX (self->n_mark_rows, place->row + 1);
    }
}

static void
draw_band (InionPagePicture    *self,
           const InionPageMark *mark,
           double               from,
           double               to,
           double               edge)
{
  InionPainter *p = &self->painter;

  _inion_painter_set_color (p, mark->color, mark->hatched ? 0.06 : 0.14);
  cairo_rectangle (p->cr, from, edge, to - from, self->bottom - edge);
  cairo_fill (p->cr);
  if (mark->hatched)
    {
      _inion_painter_set_color (p, mark->color, 0.22);
      _inion_painter_hatch (p, from, edge, to - from, self->bottom - edge, 8);
      _inion_painter_dash (p, 5, 3);
    }
  _inion_painter_set_color (p, mark->color, 1);
  _inion_painter_line (p, from, edge + 1, to, edge + 1, 2);
  _inion_painter_dash (p, 0, 0);
}

static void
draw_point (InionPagePicture    *self,
            const InionPageMark *mark,
            double               x,
            double               edge)
{
  InionPainter *p = &self->painter;

  x = _inion_painter_snap (p, x, 1);
  _inion_painter_set_color (p, mark->color, 0.9);
  _inion_painter_dash (p, mark->hatched ? 2 : 4, mark->hatched ? 4 : 3);
  _inion_painter_line (p, x, edge, x, self->bottom, 1);
  _inion_painter_dash (p, 0, 0);
  cairo_new_path (p->cr);
  cairo_arc (p->cr, x, edge + 2, 2.5, 0, 2 * G_PI);
  cairo_fill (p->cr);
}

static double
get_edge (const InionPagePicture *self,
          guint                   i)
{
  int rows = self->n_mark_rows - self->mark_places[i].row;

  return self->top - rows * _inion_page_mark_row_height (self);
}

/* Bands and lines: under the traces. */
void
_inion_page_draw_marks (InionPagePicture *self)
{
  for (guint i = 0; i < self->style->n_marks; i++)
    {
      const InionPageMark *mark = &self->style->marks[i];
      double from, to;

      if (self->mark_places[i].row < 0)
        continue;
      from = MAX (_inion_page_time_to_x (&self->time, mark->from_s), self->left);
      to = MIN (_inion_page_time_to_x (&self->time, mark->to_s), self->right);
      if (mark->to_s > mark->from_s)
        draw_band (self, mark, from, MAX (to, from + 2), get_edge (self, i));
      else
        draw_point (self, mark, from, get_edge (self, i));
    }
}

/* Their names: over the traces, which may reach up between them. */
void
_inion_page_draw_mark_names (InionPagePicture *self)
{
  InionPainter *p = &self->painter;

  for (guint i = 0; i < self->style->n_marks; i++)
    {
      const InionPageMark *mark = &self->style->marks[i];
      const InionMarkPlace *place = &self->mark_places[i];

      if (place->row < 0 || mark->label == NULL)
        continue;
      _inion_painter_set_color (p, _inion_painter_get_color (p, mark->color), 1);
      _inion_painter_halo (p, place->name_x, get_edge (self, i) + 3, 0, 0, mark->label);
    }
}
