/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traces as paths: for paper, where a picture must stay sharp at any size. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/trace-frame.h"

#include <math.h>

/* Strokes are cut so that no path grows without end. */
#define MAX_POINTS 4000
#define FAR 1e5

typedef struct
{
  cairo_t *cr;
  double last_y;
  guint n;          /* points of the path so far */
} Pen;

static void
go_to (Pen   *self,
       double x,
       double y)
{
  y = CLAMP (y, -FAR, FAR);
  if (self->n == 0)
    cairo_move_to (self->cr, x, y);
  else
    cairo_line_to (self->cr, x, y);
  self->last_y = y;
  self->n++;
  if (self->n >= MAX_POINTS)
    {
      cairo_stroke (self->cr);
      cairo_move_to (self->cr, x, y);
      self->n = 1;
    }
}

/* Each bin from the end that is nearer to where the pen is. */
static void
draw_lane (InionTraceFrame      *frame,
           const InionTraceLane *lane,
           cairo_t              *cr)
{
  InionPage *page = frame->page;
  guint d = lane->derivation;
  double seconds = (double) page->bin_size[d] / page->rate_hz[d];
  double px_per_s = frame->width / (frame->to_s - frame->from_s);
  double shift = page->bin_size[d] > 1 ? 0.5 : 0;
  Pen pen = { cr, 0, 0 };

  for (gsize i = 0; i < page->used[d]; i++)
    {
      InionMinMax bin = page->bins[d * page->n_bins + i];
      double x = (((double) page->first_bin[d] + (double) i
                   + shift) * seconds - frame->from_s) * px_per_s;
      double a = lane->y0 + (double) bin.lo * lane->px_per_unit;
      double b = lane->y0 + (double) bin.hi * lane->px_per_unit;

      if (!(bin.lo <= bin.hi) || x < -2 * seconds * px_per_s || x > frame->width
          + 2 * seconds * px_per_s)
        {
          pen.n = 0;
          continue;
        }
      if (pen.n > 0 && fabs (b - pen.last_y) < fabs (a - pen.last_y))
        {
          double swap = a;

          a = b;
          b = swap;
        }
      go_to (&pen, x, a);
      if (page->bin_size[d] > 1)
        go_to (&pen, x, b);
    }
  cairo_stroke (cr);
}

/**
 * inion_trace_vector_draw:
 * @frame: what to draw; its pixels are taken as user units
 * @cr: where to draw
 *
 * Strokes all lanes as paths, for PDF, SVG and print. Some twenty times slower than
 * inion_trace_raster_draw().
 */
void
inion_trace_vector_draw (InionTraceFrame *frame,
                         cairo_t         *cr)
{
  g_return_if_fail (frame != NULL);

  if (!(frame->to_s > frame->from_s))
    return;
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, frame->width, frame->height);
  cairo_clip (cr);
  cairo_set_line_width (cr, frame->line_width);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  for (guint i = 0; i < frame->n_lanes; i++)
    {
      const InionTraceLane *lane = &frame->lanes[i];
      double top = CLAMP (lane->clip_top, 0, frame->height);
      double bottom = CLAMP (lane->clip_bottom, 0, frame->height);

      if (lane->derivation >= frame->page->n_derivations || !isfinite (lane->y0)
          || !isfinite (lane->px_per_unit) || !(frame->page->rate_hz[lane->derivation] > 0)
          || !(top < bottom))
        continue;
      cairo_save (cr);
      cairo_rectangle (cr, 0, top, frame->width, bottom - top);
      cairo_clip (cr);
      cairo_set_source_rgba (cr, lane->rgba[0], lane->rgba[1], lane->rgba[2], lane->rgba[3]);
      draw_lane (frame, lane, cr);
      cairo_restore (cr);
    }
  cairo_restore (cr);
}
