/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures to draw on and to look at, for tests of the painters. */

#pragma once

#include <cairo.h>
#include <glib.h>

typedef struct
{
  cairo_surface_t *surface;
  cairo_t *cr;
} Picture;

static inline Picture
picture_new (int      width,
             int      height,
             gboolean dark)
{
  Picture self;

  self.surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  self.cr = cairo_create (self.surface);
  if (dark)
    cairo_set_source_rgb (self.cr, 0x1e / 255.0, 0x1e / 255.0, 0x20 / 255.0);
  else
    cairo_set_source_rgb (self.cr, 1, 1, 1);
  cairo_paint (self.cr);
  return self;
}

/* Keeps the picture in INION_TEST_PICTURES, where that is set, and frees it. */
static inline void
picture_finish (Picture    *self,
                const char *name)
{
  const char *dir = g_getenv ("INION_TEST_PICTURES");

  g_assert_cmpint (cairo_status (self->cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (self->cr);
  if (dir != NULL && name != NULL)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s.png", dir, name);

      g_assert_cmpint (cairo_surface_write_to_png (self->surface, path), ==, CAIRO_STATUS_SUCCESS);
    }
  cairo_surface_destroy (self->surface);
}

static inline guint32
picture_pixel (Picture *self,
               int      x,
               int      y)
{
  const guint8 *row;

  cairo_surface_flush (self->surface);
  row = cairo_image_surface_get_data (self->surface);
  row += y * cairo_image_surface_get_stride (self->surface);
  return ((const guint32 *) (const void *) row)[x];
}

#define PICTURE_RED(pixel) ((int) ((pixel) >> 16 & 0xff))
#define PICTURE_GREEN(pixel) ((int) ((pixel) >> 8 & 0xff))
#define PICTURE_BLUE(pixel) ((int) ((pixel) & 0xff))

/* Pixels that differ from the top left corner: how much has been drawn. */
static inline guint
picture_count_drawn (Picture *self)
{
  guint n = 0;

  cairo_surface_flush (self->surface);
  for (int y = 0; y < cairo_image_surface_get_height (self->surface); y++)
    for (int x = 0; x < cairo_image_surface_get_width (self->surface); x++)
      n += picture_pixel (self, x, y) != picture_pixel (self, 0, 0);
  return n;
}
