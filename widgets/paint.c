/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours and rectangles of what the widgets draw by hand. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/paint-private.h"

#include <math.h>

/* The colour of a widget's text, thinned. */
GdkRGBA
_inion_paint_foreground (GtkWidget *widget,
                         float      alpha)
{
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  color.alpha *= alpha;
  return color;
}

GdkRGBA
_inion_paint_rgb (guint32 color,
                  float   alpha)
{
  return (GdkRGBA) { (float) ((color >> 16) & 0xff) / 255.f, (float) ((color >> 8) & 0xff) / 255.f,
                     (float) (color & 0xff) / 255.f, alpha };
}

void
_inion_paint_fill (GtkSnapshot *snapshot,
                   GdkRGBA      color,
                   double       x,
                   double       y,
                   double       width,
                   double       height)
{
  gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT ((float) x, (float) y,
                                                                    (float) width, (float) height));
}

void
_inion_paint_hatch (GtkSnapshot *snapshot,
                    GdkRGBA      color,
                    double       x,
                    double       y,
                    double       width,
                    double       height,
                    double       anchor_x)
{
  /* A line each 9 pixels along the edge: the gradient runs across the lines. */
  const double period = 9;
  GdkRGBA none = { color.red, color.green, color.blue, 0 };
  const GskColorStop stops[] = { { 0, color }, { 0.12f, color }, { 0.2f, none }, { 1, none } };
  double start = x - fmod (x - anchor_x, period);
  graphene_point_t from = GRAPHENE_POINT_INIT ((float) start, (float) y);
  graphene_point_t to = GRAPHENE_POINT_INIT ((float) (start + period / 2),
                                             (float) (y + period / 2));

  gtk_snapshot_append_repeating_linear_gradient (
    snapshot, &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height), &from, &to,
    stops, G_N_ELEMENTS (stops));
}
