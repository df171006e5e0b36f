/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small square of a label's colour. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/review/swatch.h"

static void
draw_swatch (GtkDrawingArea *area,
             cairo_t        *cr,
             int             width,
             int             height,
             gpointer        data)
{
  guint32 hue = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (area), "inion-hue"));
  gboolean hollow = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (area), "inion-hollow"));

  cairo_set_source_rgb (cr, (hue >> 16 & 0xff) / 255.0, (hue >> 8 & 0xff) / 255.0,
                        (hue & 0xff) / 255.0);
  cairo_rectangle (cr, 1.5, height / 2.0 - 4.5, 9, 9);
  if (hollow)
    {
      cairo_set_line_width (cr, 1.5);
      cairo_stroke (cr);
    }
  else
    {
      cairo_fill (cr);
    }
}

/**
 * inion_swatch_new:
 *
 * Returns: (transfer full): a small square of a label's colour
 */
GtkWidget *
inion_swatch_new (void)
{
  /* The name beside it says what the colour says. */
  GtkWidget *area = g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_widget_set_size_request (area, 12, 12);
  gtk_widget_set_valign (area, GTK_ALIGN_CENTER);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_swatch, NULL, NULL);
  return area;
}

/**
 * inion_swatch_set:
 * @area: a swatch
 * @hue: its colour, 0xRRGGBB
 * @hollow: only its edge, as of a suggestion
 */
void
inion_swatch_set (GtkWidget *area,
                  guint32    hue,
                  gboolean   hollow)
{
  g_object_set_data (G_OBJECT (area), "inion-hue", GUINT_TO_POINTER (hue));
  g_object_set_data (G_OBJECT (area), "inion-hollow", GINT_TO_POINTER (hollow));
  gtk_widget_queue_draw (area);
}
