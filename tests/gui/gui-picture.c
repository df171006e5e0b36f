/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is on the screen, as pixels. */

#include "gui-picture.h"

#include <glib/gstdio.h>
#include <math.h>

static void
save_png (GdkTexture *texture,
          const char *name)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_BUILT, "gui", "pictures", NULL);
  g_autofree char *base = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_build_filename (folder, base, NULL);

  g_mkdir_with_parents (folder, 0755);
  g_assert_true (gdk_texture_save_to_png (texture, path));
  g_test_message ("picture: %s", path);
}

/* The window is drawn by its own renderer from what its widgets drew last, so what is read here is
 * what a person sees. */
static GdkTexture *
render (Gui       *self,
        GtkWidget *widget)
{
  GtkWidget *window = GTK_WIDGET (self->window);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  graphene_point_t origin;
  graphene_rect_t bounds;

  /* A window may have borders of its own outside of what counts as its size. */
  g_assert_true (gtk_widget_compute_bounds (window, window, &bounds));
  g_assert_true (gtk_widget_compute_point (widget, window, graphene_point_zero (), &origin));
  graphene_rect_init (&bounds, origin.x - bounds.origin.x, origin.y - bounds.origin.y,
                      (float) gtk_widget_get_width (widget),
                      (float) gtk_widget_get_height (widget));
  gdk_paintable_snapshot (paintable, snapshot, gdk_paintable_get_intrinsic_width (paintable),
                          gdk_paintable_get_intrinsic_height (paintable));
  node = gtk_snapshot_to_node (snapshot);
  g_assert_nonnull (node);
  return gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (self->window)), node,
                                      &bounds);
}

/**
 * gui_capture_widget:
 * @widget: a widget of the window
 * @name: of the picture that stays in the build folder
 *
 * Returns: (transfer full): its pixels as they are on the screen
 */
GuiPicture *
gui_capture_widget (Gui        *self,
                    GtkWidget  *widget,
                    const char *name)
{
  GuiPicture *picture = g_new0 (GuiPicture, 1);
  g_autoptr (GdkTexture) texture = NULL;

  gui_wait_frames (self, 2);
  texture = render (self, widget);
  picture->width = gdk_texture_get_width (texture);
  picture->height = gdk_texture_get_height (texture);
  picture->pixels = g_new (guint32, (gsize) picture->width * (gsize) picture->height);
  gdk_texture_download (texture, (guchar *) picture->pixels, (gsize) picture->width * 4);
  save_png (texture, name);
  return picture;
}

GuiPicture *
gui_capture (Gui        *self,
             const char *name)
{
  return gui_capture_widget (self, GTK_WIDGET (self->window), name);
}

void
gui_picture_free (GuiPicture *self)
{
  g_free (self->pixels);
  g_free (self);
}

guint32
gui_picture_get (GuiPicture *self,
                 int         x,
                 int         y)
{
  g_assert_cmpint (x, >=, 0);
  g_assert_cmpint (x, <, self->width);
  g_assert_cmpint (y, >=, 0);
  g_assert_cmpint (y, <, self->height);
  return self->pixels[(gsize) y * (gsize) self->width + (gsize) x] & 0xffffff;
}

double
gui_picture_ink (GuiPicture *self,
                 int         x,
                 int         y)
{
  guint32 c = gui_picture_get (self, x, y);

  return 1.0 - (((c >> 16) & 0xff) + ((c >> 8) & 0xff) + (c & 0xff)) / 765.0;
}

gboolean
gui_colors_near (guint32 a,
                 guint32 b,
                 int     tolerance)
{
  for (int shift = 0; shift <= 16; shift += 8)
    if (ABS ((int) ((a >> shift) & 0xff) - (int) ((b >> shift) & 0xff)) > tolerance)
      return FALSE;
  return TRUE;
}

guint
gui_count_color (GuiPicture         *self,
                 const GdkRectangle *area,
                 guint32             color,
                 int                 tolerance)
{
  guint n = 0;

  for (int y = area->y; y < area->y + area->height; y++)
    for (int x = area->x; x < area->x + area->width; x++)
      n += gui_colors_near (gui_picture_get (self, x, y), color, tolerance);
  return n;
}

guint
gui_count_differences (GuiPicture         *a,
                       GuiPicture         *b,
                       const GdkRectangle *area)
{
  guint n = 0;

  g_assert_cmpint (a->width, ==, b->width);
  g_assert_cmpint (a->height, ==, b->height);
  for (int y = area->y; y < area->y + area->height; y++)
    for (int x = area->x; x < area->x + area->width; x++)
      n += !gui_colors_near (gui_picture_get (a, x, y), gui_picture_get (b, x, y), 2);
  return n;
}

gboolean
gui_column_span (GuiPicture *self,
                 int         x,
                 int         top,
                 int         bottom,
                 double      ink,
                 int        *first,
                 int        *last)
{
  gboolean found = FALSE;

  for (int y = top; y < bottom; y++)
    if (gui_picture_ink (self, x, y) >= ink)
      {
        if (!found)
          *first = y;
        *last = y;
        found = TRUE;
      }
  return found;
}

double
gui_column_center (GuiPicture *self,
                   int         x,
                   int         top,
                   int         bottom,
                   double      ink)
{
  double sum = 0, weighted = 0;

  for (int y = top; y < bottom; y++)
    {
      double here = gui_picture_ink (self, x, y);

      if (here < ink)
        continue;
      sum += here;
      weighted += here * (y + 0.5);
    }
  return sum > 0 ? weighted / sum : NAN;
}
