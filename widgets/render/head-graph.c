/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A connectivity graph on the head, drawn with cairo.
 *
 * Edges at or above the threshold are arcs that bend a little towards the vertex, so that edges
 * along one line stay apart; width and opacity grow with strength, the strongest lie on top. Nodes
 * grow with the sum of their edges. Below stand the legend and the caption, which says what a
 * picture of edges cannot: what chance would give. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/head-graph.h"
#include "widgets/render/head-graph-private.h"

#include <math.h>

#define MAX_EDGES 6000
/* How near the pointer must be, in user units. */
#define PICK_DISTANCE 12.0

typedef struct
{
  guint a, b;
  double value;
} Edge;

/* The head circle in a rectangle. */
typedef struct
{
  double cx, cy, radius;
} Head;

static gboolean
has_place (const InionPosition *p)
{
  return isfinite (p->x) && isfinite (p->y) && isfinite (p->z)
         && (p->x != 0 || p->y != 0 || p->z != 0);
}

static void
place (const Head          *head,
       const InionPosition *position,
       double              *x,
       double              *y)
{
  inion_electrode_project (position, x, y);
  *x = head->cx + *x * head->radius;
  *y = head->cy - *y * head->radius;
}

/* The same for drawing and picking. */
static Head
fit_head (double               x,
          double               y,
          double               width,
          double               height,
          const InionPosition *positions,
          guint                n)
{
  double side = 1.13, top = 1.15, bottom = 1.04;
  double room = height - _inion_graph_legend_height (width, height);
  Head head;

  for (guint i = 0; i < n; i++)
    {
      double px, py;

      if (!has_place (&positions[i]))
        continue;
      inion_electrode_project (&positions[i], &px, &py);
      /* Names stand outwards of their nodes. */
      side = MAX (side, fabs (px) + (fabs (px) > 1.02 ? 0.22 : 0.09));
      top = MAX (top, py + 0.09);
      bottom = MAX (bottom, -py + 0.09);
    }
  head.radius = MAX (0, MIN ((width - 4) / (2 * side), (room - 4) / (top + bottom)));
  head.cx = x + width / 2;
  head.cy = y + 2 + (room - 4 - head.radius * (top + bottom)) / 2 + head.radius * top;
  return head;
}

static int
compare_edges (gconstpointer a,
               gconstpointer b)
{
  double x = fabs (((const Edge *) a)->value), y = fabs (((const Edge *) b)->value);

  return (x > y) - (x < y);
}

/* The stronger of the two directions of each pair that reaches the threshold; weakest first,
 * and of too many to tell apart only the strongest. */
static GArray *
find_edges (const InionPosition *positions,
            const double        *matrix,
            guint                n,
            double               threshold)
{
  GArray *edges = g_array_new (FALSE, FALSE, sizeof (Edge));

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < i; j++)
      {
        double forth = matrix[(gsize) i * n + j], back = matrix[(gsize) j * n + i];
        double value = fabs (back) > fabs (forth) || isnan (forth) ? back : forth;
        Edge edge = { i, j, value };

        if (isfinite (value) && value != 0 && fabs (value) >= threshold && has_place (&positions[i])
            && has_place (&positions[j]))
          g_array_append_val (edges, edge);
      }
  g_array_sort (edges, compare_edges);
  if (edges->len > MAX_EDGES)
    g_array_remove_range (edges, 0, edges->len - MAX_EDGES);
  return edges;
}

/* --- Drawing -------------------------------------------------------------------------------- */

typedef struct
{
  InionPainter painter;
  const InionHeadGraphStyle *style;
  Head head;
  const InionPosition *positions;
  const char *const *names;
  guint n;
  GArray *edges;
  double *sums;          /* of each node's edges */
  double low_sum;        /* of the nodes that have edges */
  double high_sum;
  double max;
} Graph;

/* Where a strength stands between threshold and maximum. */
static double
strength (Graph *self,
          double value)
{
  double span = self->max - self->style->threshold;

  return span > 0 ? CLAMP ((fabs (value) - self->style->threshold) / span, 0, 1) : 1;
}

static void
draw_edge (Graph      *self,
           const Edge *edge)
{
  cairo_t *cr = self->painter.cr;
  int highlight = self->style->highlight;
  gboolean lit = highlight < 0 || (int) edge->a == highlight || (int) edge->b == highlight;
  double t = strength (self, edge->value);
  double x0, y0, x1, y1, mx, my;

  place (&self->head, &self->positions[edge->a], &x0, &y0);
  place (&self->head, &self->positions[edge->b], &x1, &y1);
  /* The control point of a quadratic curve, as a cubic. */
  mx = (x0 + x1) / 2 + (self->head.cx - (x0 + x1) / 2) * 0.28;
  my = (y0 + y1) / 2 + (self->head.cy - (y0 + y1) / 2) * 0.28;
  _inion_painter_set_color (&self->painter,
                            _inion_graph_edge_color (self->style->dark, edge->value < 0),
                            _inion_graph_edge_opacity (t) * (lit ? 1 : 0.15));
  cairo_set_line_width (cr, _inion_graph_edge_width (t));
  cairo_move_to (cr, x0, y0);
  cairo_curve_to (cr, x0 + (mx - x0) * 2 / 3, y0 + (my - y0) * 2 / 3, x1 + (mx - x1) * 2 / 3,
                  y1 + (my - y1) * 2 / 3, x1, y1);
  cairo_stroke (cr);
}

static void
draw_edges (Graph *self)
{
  cairo_set_line_cap (self->painter.cr, CAIRO_LINE_CAP_ROUND);
  for (guint i = 0; i < self->edges->len; i++)
    draw_edge (self, &g_array_index (self->edges, Edge, i));
}

/* By the sum of a node's edges. */
static double
node_radius (Graph *self,
             double sum)
{
  double base = CLAMP (self->head.radius * 0.022, 1.5, 4);

  if (!(self->high_sum > 0) || !isfinite (self->high_sum))
    return base * 0.7;
  return base * (0.7 + 1.1 * sqrt (sum / self->high_sum));
}

/* The name stands outwards of its node, away from the edges. */
static void
draw_name (Graph *self,
           guint  i,
           double x,
           double y)
{
  InionPainter *p = &self->painter;
  double dx = x - self->head.cx, dy = y - self->head.cy, length = hypot (dx, dy);
  double away = node_radius (self, self->sums[i]) + 2;

  if (length < self->head.radius * 0.05)
    {
      dx = 0;
      dy = length = 1;
    }
  x += dx / length * (away + _inion_painter_measure (p, self->names[i], NULL) / 2);
  y += dy / length * (away + p->line * 0.36);
  _inion_painter_halo (p, x, y, 0.5, 0.5, self->names[i]);
}

static void
draw_node (Graph   *self,
           guint    i,
           gboolean name)
{
  InionPainter *p = &self->painter;
  gboolean lit = (int) i == self->style->highlight;
  double x, y;

  place (&self->head, &self->positions[i], &x, &y);
  cairo_new_path (p->cr);
  cairo_arc (p->cr, x, y, node_radius (self, self->sums[i]) + (lit ? 1 : 0), 0, 2 * G_PI);
  _inion_painter_set_ink (p, self->sums[i] > 0 || lit ? 0.9 : 0.4);
  cairo_fill_preserve (p->cr);
  /* A rim of the page's colour lifts the node from the edges. */
  _inion_painter_set_page (p, 0.9);
  cairo_set_line_width (p->cr, 1);
  cairo_stroke (p->cr);
  if (self->names == NULL || self->names[i] == NULL || !(name || lit))
    return;
  _inion_painter_set_scale (p, lit ? 1 : 0.78, lit);
  _inion_painter_set_ink (p, lit ? INION_INK_STRONG : self->sums[i] > 0 ? 0.7 : 0.45);
  draw_name (self, i, x, y);
  _inion_painter_set_scale (p, 1, FALSE);
}

static void
draw_nodes (Graph *self)
{
  gboolean names = self->head.radius / sqrt (MAX (self->n, 1)) > 16;

  for (guint i = 0; i < self->n; i++)
    if (has_place (&self->positions[i]) && (int) i != self->style->highlight)
      draw_node (self, i, names);
  if (self->style->highlight >= 0 && self->style->highlight < (int) self->n
      && has_place (&self->positions[self->style->highlight]))
    draw_node (self, (guint) self->style->highlight, TRUE);
}

static void
sum_edges (Graph *self)
{
  self->sums = g_new0 (double, MAX (self->n, 1));
  for (guint k = 0; k < self->edges->len; k++)
    {
      const Edge *edge = &g_array_index (self->edges, Edge, k);

      self->sums[edge->a] += fabs (edge->value);
      self->sums[edge->b] += fabs (edge->value);
    }
  for (guint i = 0; i < self->n; i++)
    {
      if (self->sums[i] > 0 && (self->low_sum <= 0 || self->sums[i] < self->low_sum))
        self->low_sum = self->sums[i];
      self->high_sum = MAX (self->high_sum, self->sums[i]);
    }
}

static void
draw_legend (Graph  *self,
             double  x,
             double  y,
             double  width,
             double  height)
{
  InionGraphLegend legend = {
    .threshold = self->style->threshold,
    .max = self->max,
    .n_shown = self->edges->len,
    .low_sum = self->low_sum,
    .high_sum = self->high_sum,
    .low_radius = node_radius (self, self->low_sum),
    .high_radius = node_radius (self, self->high_sum),
    .measure = self->style->measure,
    .caption = self->style->caption,
  };
  guint n_placed = 0;

  for (guint i = 0; i < self->n; i++)
    n_placed += has_place (&self->positions[i]) ? 1 : 0;
  legend.n_pairs = n_placed > 0 ? n_placed * (n_placed - 1) / 2 : 0;
  for (guint k = 0; k < self->edges->len; k++)
    legend.has_negative |= g_array_index (self->edges, Edge, k).value < 0;
  _inion_graph_legend_draw (&self->painter, &legend, x, y, width, height);
}

/**
 * inion_head_graph_draw:
 * @cr: where to draw
 * @x: left edge, in user units
 * @y: top edge
 * @width: width of the rectangle to fill
 * @height: its height
 * @positions: (array length=n): places of the electrodes
 * @names: (array length=n) (nullable): their names
 * @matrix: (array): strengths, n × n; of a pair's two entries the stronger counts; NaN: none
 * @n: number of electrodes
 * @style: how to draw
 *
 * Draws the edges whose strength reaches the threshold over a head seen from above, nose up. The
 * background is left as it is.
 */
void
inion_head_graph_draw (cairo_t                   *cr,
                       double                     x,
                       double                     y,
                       double                     width,
                       double                     height,
                       const InionPosition       *positions,
                       const char *const         *names,
                       const double              *matrix,
                       guint                      n,
                       const InionHeadGraphStyle *style)
{
  Graph self = { .style = style, .positions = positions, .names = names, .n = n };
  InionPainter *p = &self.painter;

  _inion_painter_begin (p, cr, style->dark, style->font);
  self.head = fit_head (x, y, width, height, positions, n);
  self.edges = find_edges (positions, matrix, n, style->threshold);
  self.max = style->max;
  if (!(self.max > 0))
    self.max = self.edges->len > 0
               ? fabs (g_array_index (self.edges, Edge, self.edges->len - 1).value) : 1;
  sum_edges (&self);
  if (self.head.radius >= 4)
    {
      cairo_new_path (cr);
      cairo_arc (cr, self.head.cx, self.head.cy, self.head.radius, 0, 2 * G_PI);
      _inion_painter_set_ink (p, 0.035);
      cairo_fill (cr);
      _inion_painter_set_ink (p, 0.38);
      _inion_painter_head (p, self.head.cx, self.head.cy, self.head.radius,
                           CLAMP (self.head.radius * 0.012, 1, 1.75));
      draw_edges (&self);
      draw_nodes (&self);
    }
  draw_legend (&self, x, y, width, height);
  _inion_painter_end (p);
  g_array_unref (self.edges);
  g_free (self.sums);
}

/**
 * inion_head_graph_pick:
 * @x: left edge of the rectangle that inion_head_graph_draw() filled
 * @y: its top edge
 * @width: its width
 * @height: its height
 * @positions: (array length=n): places of the electrodes
 * @n: number of electrodes
 * @px: where the pointer is, in user units
 * @py: where the pointer is
 *
 * Finds the electrode near a point.
 *
 * Returns: its index, or −1 if none is within 12 units
 */
int
inion_head_graph_pick (double               x,
                       double               y,
                       double               width,
                       double               height,
                       const InionPosition *positions,
                       guint                n,
                       double               px,
                       double               py)
{
  Head head = fit_head (x, y, width, height, positions, n);
  double best = PICK_DISTANCE;
  int found = -1;

  for (guint i = 0; i < n; i++)
    {
      double ex, ey, distance;

      if (!has_place (&positions[i]))
        continue;
      place (&head, &positions[i], &ex, &ey);
      distance = hypot (ex - px, ey - py);
      if (distance < best)
        {
          best = distance;
          found = (int) i;
        }
    }
  return found;
}
