/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of the channel editor: seen from above, nose up, left on the left. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/channels/channel-head.h"

#include <glib/gi18n.h>
#include <math.h>

#define REACH 1.4 /* what must be seen beside the head, in its radii: electrodes below the equator */

static void
draw_outline (cairo_t *cr,
              double   x,
              double   y,
              double   r)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x, y, r, 0, 2 * G_PI);
  cairo_move_to (cr, x - 0.14 * r, y - 0.99 * r);
  cairo_line_to (cr, x, y - 1.13 * r);
  cairo_line_to (cr, x + 0.14 * r, y - 0.99 * r);
  for (int side = -1; side <= 1; side += 2)
    {
      cairo_move_to (cr, x + side * r, y - 0.16 * r);
      cairo_curve_to (cr, x + side * 1.1 * r, y - 0.2 * r, x + side * 1.1 * r, y + 0.2 * r,
                      x + side * r, y + 0.16 * r);
    }
  cairo_stroke (cr);
}

/* A name that would lie over another is left out: it stands in the table. */
static void
draw_name (GtkWidget  *widget,
           cairo_t    *cr,
           const char *name,
           double      x,
           double      y,
           int         width,
           GArray     *taken)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, name);
  PangoAttrList *attributes = pango_attr_list_new ();
  GdkRectangle place;

  pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_get_pixel_size (layout, &place.width, &place.height);
  place.x = (int) CLAMP (x - place.width / 2.0, 0, MAX (width - place.width, 0));
  place.y = (int) y - place.height;
  for (guint i = 0; i < taken->len; i++)
    if (gdk_rectangle_intersect (&place, &g_array_index (taken, GdkRectangle, i), NULL))
      return;
  g_array_append_val (taken, place);
  gtk_render_layout (gtk_widget_get_style_context (widget), cr, place.x, place.y, layout);
}

/* What would be here, and what brings it. */
static void
draw_nothing (GtkWidget *widget,
              cairo_t   *cr,
              double     x,
              double     y,
              double     width)
{
  g_autoptr (PangoLayout) layout =
    gtk_widget_create_pango_layout (widget, _("No channel has a known place. Read positions from "
                                              "a file, or name channels after the 10–20 system."));
  int height;

  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_get_pixel_size (layout, NULL, &height);
  cairo_move_to (cr, x - width / 2, y - height / 2.0);
  pango_cairo_show_layout (cr, layout);
}

/* Names are written where there is room for all of them, else those of the selected. */
void
inion_channel_head_draw (GtkWidget          *widget,
                         cairo_t            *cr,
                         int                 width,
                         int                 height,
                         const InionHeadDot *dots,
                         guint               n)
{
  double r = MIN (width, height) / (2 * REACH);
  double x0 = width / 2.0, y0 = height / 2.0 + 0.06 * r;
  g_autoptr (GArray) taken = g_array_new (FALSE, FALSE, sizeof (GdkRectangle));
  GdkRGBA ink, accent = { 0.21, 0.52, 0.89, 1 };

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "accent_color", &accent);
  cairo_set_source_rgba (cr, ink.red, ink.green, ink.blue, 0.4);
  cairo_set_line_width (cr, 1.25);
  draw_outline (cr, x0, y0, r);
  if (n == 0)
    {
      cairo_set_source_rgba (cr, ink.red, ink.green, ink.blue, 0.7);
      draw_nothing (widget, cr, x0, y0, 1.5 * r);
    }
  for (guint i = 0; i < n; i++)
    {
      double x, y, size = dots[i].selected ? 5 : 3;
      const GdkRGBA *color = dots[i].selected ? &accent : &ink;

      inion_electrode_project (&dots[i].position, &x, &y);
      x = x0 + CLAMP (x, -REACH, REACH) * r;
      y = y0 - CLAMP (y, -REACH, REACH) * r;
      cairo_set_source_rgba (cr, color->red, color->green, color->blue,
                             dots[i].measured || dots[i].selected ? 0.9 : 0.4);
      cairo_new_sub_path (cr);
      cairo_arc (cr, x, y, size, 0, 2 * G_PI);
      if (dots[i].bad)
        cairo_stroke (cr);
      else
        cairo_fill (cr);
      if (dots[i].selected || n <= 32)
        draw_name (widget, cr, dots[i].label, x, y - size, width, taken);
    }
}
