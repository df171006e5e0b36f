/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is on the screen, as pixels. */

#pragma once

#include "gui-fixture.h"

G_BEGIN_DECLS

typedef struct
{
  int width, height;
  guint32 *pixels;     /* 0xAARRGGBB */
} GuiPicture;

GuiPicture *gui_capture (Gui *self, const char *name); /* the window; also written as name.png */
GuiPicture *gui_capture_widget (Gui *self, GtkWidget *widget, const char *name);
void        gui_picture_free (GuiPicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuiPicture, gui_picture_free)

guint32  gui_picture_get (GuiPicture *self, int x, int y);  /* 0xRRGGBB */
double   gui_picture_ink (GuiPicture *self, int x, int y);  /* 0: as light as the page, 1: black */
gboolean gui_colors_near (guint32 a, guint32 b, int tolerance);
guint    gui_count_color (GuiPicture *self, const GdkRectangle *area, guint32 color, int tolerance);
guint    gui_count_differences (GuiPicture *a, GuiPicture *b, const GdkRectangle *area);
/* Rows of ink over the threshold in a column between two rows: the first and the last; FALSE: none. */
gboolean gui_column_span (GuiPicture *self, int x, int top, int bottom, double ink, int *first, int *last);
/* Middle of the ink of a column, weighted; NAN if there is none. */
double   gui_column_center (GuiPicture *self, int x, int top, int bottom, double ink);

G_END_DECLS
