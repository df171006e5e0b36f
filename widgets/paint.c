/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours and rectangles of what the widgets draw by hand. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/paint-private.h"

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
