/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts of the trace view, kept from frame to frame, and the colour they have. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/paint-private.h"
#include "widgets/trace-view-private.h"

#include <math.h>

/* The colour of the text, thinned. */
GdkRGBA
_inion_trace_view_ink (InionTraceView *self,
                       float           alpha)
{
  return _inion_paint_foreground (GTK_WIDGET (self), alpha);
}

/* PangoLayouts are dear to make and cheap to draw: names and times are kept. */
PangoLayout *
_inion_trace_view_get_text (InionTraceView *self,
                            const char     *text,
                            gboolean        small)
{
  g_autofree char *key = g_strconcat (small ? "s" : "n", text, NULL);
  PangoLayout *layout = g_hash_table_lookup (self->texts, key);

  if (layout == NULL)
    {
      if (g_hash_table_size (self->texts) > 2000)
        g_hash_table_remove_all (self->texts);
      layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
      if (small)
        {
          PangoAttrList *attributes = pango_attr_list_new ();

          pango_attr_list_insert (attributes, pango_attr_scale_new (0.82));
          pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum"));
          pango_layout_set_attributes (layout, attributes);
          pango_attr_list_unref (attributes);
        }
      g_hash_table_insert (self->texts, g_steal_pointer (&key), layout);
    }
  return layout;
}

void
_inion_trace_view_clear_texts (InionTraceView *self)
{
  g_hash_table_remove_all (self->texts);
}

/* align: 0 left edge at x, 0.5 centred, 1 right edge at x. Vertically centred on y. */
void
_inion_trace_view_draw_text (InionTraceView *self,
                             GtkSnapshot    *snapshot,
                             const char     *text,
                             double          x,
                             double          y,
                             double          align,
                             GdkRGBA         color)
{
  PangoLayout *layout = _inion_trace_view_get_text (self, text, TRUE);
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) floor (x - align * width),
                                                          (float) floor (y - height / 2.0)));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

int
_inion_trace_view_text_width (InionTraceView *self,
                              const char     *text)
{
  int width;

  pango_layout_get_pixel_size (_inion_trace_view_get_text (self, text, TRUE), &width, NULL);
  return width;
}
