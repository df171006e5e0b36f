/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The legend of a head graph: what the width of an edge and the size of a node mean, in numbers.
 *
 * A wide rectangle has both keys in one row; a narrow one a row each. What does not fit a low
 * rectangle is left out from the end: the keys are first, the caption is last. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/head-graph-private.h"

#include <math.h>

#define ROW 16.0
#define WIDE 330.0         /* from here on both keys stand in one row */
#define MAX_SHARE 0.34     /* of the height: the head is the picture */
#define WEDGE 44.0
#define GAP 6.0
#define KEY_GAP 18.0

guint32
_inion_graph_edge_color (gboolean dark,
                         gboolean negative)
{
  if (negative)
    return dark ? 0xf0a07a : 0xb5480c;
  return dark ? 0x86bdf2 : 0x1a5fa8;
}

double
_inion_graph_edge_width (double t)
{
  return 0.7 + 2.6 * t;
}

double
_inion_graph_edge_opacity (double t)
{
  return 0.16 + 0.74 * t;
}

static guint
count_rows (double width,
            double height)
{
  guint most = width >= WIDE ? 3 : 5;

  return (guint) CLAMP (height * MAX_SHARE / ROW, 1, most);
}

double
_inion_graph_legend_height (double width,
                            double height)
{
  return count_rows (width, height) * ROW + 2;
}

/* Draws text unless only its width is wanted; returns the width. */
static double
add_text (InionPainter *p,
          double        x,
          double        y,
          double        ink,
          const char   *text,
          gboolean      draw)
{
  if (draw)
    {
      _inion_painter_set_ink (p, ink);
      _inion_painter_text (p, x, y, 0, 0.5, text);
    }
  return _inion_painter_measure (p, text, NULL);
}

/* From the threshold's width to the maximum's. */
static void
draw_wedge (InionPainter *p,
            double        x,
            double        y,
            gboolean      negative)
{
  guint32 color = _inion_graph_edge_color (p->dark, negative);
  cairo_pattern_t *gradient = cairo_pattern_create_linear (x, 0, x + WEDGE, 0);

  for (int i = 0; i < 2; i++)
    cairo_pattern_add_color_stop_rgba (gradient, i, (color >> 16 & 0xff) / 255.0,
                                       (color >> 8 & 0xff) / 255.0, (color & 0xff) / 255.0,
                                       _inion_graph_edge_opacity (i));
  cairo_move_to (p->cr, x, y - _inion_graph_edge_width (0) / 2);
  cairo_line_to (p->cr, x + WEDGE, y - _inion_graph_edge_width (1) / 2);
  cairo_line_to (p->cr, x + WEDGE, y + _inion_graph_edge_width (1) / 2);
  cairo_line_to (p->cr, x, y + _inion_graph_edge_width (0) / 2);
  cairo_close_path (p->cr);
  cairo_set_source (p->cr, gradient);
  cairo_fill (p->cr);
  cairo_pattern_destroy (gradient);
}

static double
add_range (InionPainter           *p,
           const InionGraphLegend *legend,
           gboolean                negative,
           double                  x,
           double                  y,
           gboolean                draw)
{
  double sign = negative ? -1 : 1, start = x;
  g_autofree char *low = _inion_format_number (sign * legend->threshold, 2);
  g_autofree char *high = _inion_format_number (sign * legend->max, 2);

  x += add_text (p, x, y, INION_INK_TEXT, low, draw) + GAP;
  if (draw)
    draw_wedge (p, x, y, negative);
  x += WEDGE + GAP;
  x += add_text (p, x, y, INION_INK_TEXT, high, draw);
  return x - start;
}

static double
add_edge_key (InionPainter           *p,
              const InionGraphLegend *legend,
              double                  x,
              double                  y,
              gboolean                draw)
{
  double start = x;

  if (legend->n_shown == 0)
    {
      g_autofree char *threshold = _inion_format_number (legend->threshold, 2);
      g_autofree char *text = g_strdup_printf ("no edge reaches %s", threshold);

      return add_text (p, x, y, INION_INK_TEXT, text, draw);
    }
  x += add_text (p, x, y, INION_INK_DIM, legend->terse ? "edge" : "strength of an edge", draw)
       + GAP;
  x += add_range (p, legend, FALSE, x, y, draw);
  if (legend->has_negative)
    x += 2 * GAP + add_range (p, legend, TRUE, x + 2 * GAP, y, draw);
  return x - start;
}

static double
add_dot (InionPainter *p,
         double        x,
         double        y,
         double        radius,
         gboolean      draw)
{
  if (draw)
    {
      cairo_new_path (p->cr);
      cairo_arc (p->cr, x + radius, y, radius, 0, 2 * G_PI);
      _inion_painter_set_ink (p, 0.9);
      cairo_fill (p->cr);
    }
  return 2 * radius;
}

static double
add_node_key (InionPainter           *p,
              const InionGraphLegend *legend,
              double                  x,
              double                  y,
              gboolean                draw)
{
  g_autofree char *low = _inion_format_number (legend->low_sum, 2);
  g_autofree char *high = _inion_format_number (legend->high_sum, 2);
  double start = x;

  x += add_text (p, x, y, INION_INK_DIM,
                 legend->terse ? "node, sum" : "node: sum of its edges", draw) + GAP;
  if (legend->low_sum < legend->high_sum)
    {
      x += add_dot (p, x, y, legend->low_radius, draw) + GAP / 2;
      x += add_text (p, x, y, INION_INK_TEXT, low, draw) + GAP;
    }
  x += add_dot (p, x, y, legend->high_radius, draw) + GAP / 2;
  x += add_text (p, x, y, INION_INK_TEXT, high, draw);
  return x - start;
}

typedef double (*AddKey) (InionPainter           *p,
                          const InionGraphLegend *legend,
                          double                  x,
                          double                  y,
                          gboolean                draw);

/* A key in the middle of a row; what is wider than the row is not drawn cut, but without the range
 * of the negative edges, whose mirror image it is, or not at all. */
static void
draw_key (InionPainter           *p,
          const InionGraphLegend *legend,
          AddKey                  add,
          double                  x,
          double                  y,
          double                  width)
{
  InionGraphLegend less = *legend;
  double own = add (p, legend, 0, 0, FALSE);

  less.has_negative &= own <= width;
  own = add (p, &less, 0, 0, FALSE);
  if (own <= width)
    add (p, &less, x + (width - own) / 2, y, TRUE);
}

static gboolean
draw_both (InionPainter           *p,
           const InionGraphLegend *legend,
           double                  x,
           double                  y,
           double                  width)
{
  double edge = add_edge_key (p, legend, 0, 0, FALSE);
  double both = edge + KEY_GAP + add_node_key (p, legend, 0, 0, FALSE);

  if (both > width)
    return FALSE;
  add_edge_key (p, legend, x + (width - both) / 2, y, TRUE);
  add_node_key (p, legend, x + (width - both) / 2 + edge + KEY_GAP, y, TRUE);
  return TRUE;
}

/* Both in one row where they fit, if need be in fewer words, else a row each. Returns how many
 * rows it took. */
static guint
draw_keys (InionPainter           *p,
           const InionGraphLegend *legend,
           double                  x,
           double                  y,
           double                  width,
           guint                   n_rows)
{
  InionGraphLegend terse = *legend;

  terse.terse = TRUE;
  if (legend->n_shown > 0 &&
      (draw_both (p, legend, x, y, width) || draw_both (p, &terse, x, y, width)))
    return 1;
  draw_key (p, &terse, add_edge_key, x, y, width);
  if (legend->n_shown == 0 || n_rows < 2)
    return 1;
  draw_key (p, &terse, add_node_key, x, y + ROW, width);
  return 2;
}

/* How many edges, of what: in one row, or in two where that is too long. */
static guint
collect_texts (InionPainter           *p,
               const InionGraphLegend *legend,
               double                  width,
               char                   *texts[3])
{
  g_autofree char *count = g_strdup_printf ("%u of %u edges", legend->n_shown, legend->n_pairs);
  g_autofree char *line = NULL;
  guint n = 0;

  if (legend->measure != NULL)
    line = g_strdup_printf ("%s · %s", count, legend->measure);
  if (line != NULL && _inion_painter_measure (p, line, NULL) <= width)
    {
      texts[n++] = g_steal_pointer (&line);
    }
  else
    {
      texts[n++] = g_steal_pointer (&count);
      if (legend->measure != NULL)
        texts[n++] = g_strdup (legend->measure);
    }
  if (legend->caption != NULL)
    texts[n++] = g_strdup (legend->caption);
  return n;
}

/* In the rectangle's foot, as high as _inion_graph_legend_height() says. */
void
_inion_graph_legend_draw (InionPainter           *p,
                          const InionGraphLegend *legend,
                          double                  x,
                          double                  y,
                          double                  width,
                          double                  height)
{
  guint n_rows = count_rows (width, height), n_texts, row;
  double top = y + height - n_rows * ROW + ROW / 2;
  char *texts[3] = { NULL };

  if (width <= 0 || height < ROW)
    return;
  row = draw_keys (p, legend, x, top, width, n_rows);
  n_texts = collect_texts (p, legend, width, texts);
  for (guint i = 0; i < n_texts; i++, row++)
    {
      _inion_painter_set_ink (p, row < n_rows && i == 0 ? INION_INK_TEXT : INION_INK_DIM);
      if (row < n_rows)
        _inion_painter_fit (p, x + width / 2, top + row * ROW, width, 0.5, 0.5, texts[i]);
      g_free (texts[i]);
    }
}
