/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours and rectangles of what the widgets draw by hand. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GdkRGBA _inion_paint_foreground (GtkWidget *widget, float alpha);
GdkRGBA _inion_paint_rgb (guint32 color, float alpha); /* 0xRRGGBB */
void    _inion_paint_fill (GtkSnapshot *snapshot, GdkRGBA color, double x, double y, double width, double height);
/* Diagonal lines, which stand still relative to anchor_x while the rectangle moves or grows. */
void    _inion_paint_hatch (GtkSnapshot *snapshot, GdkRGBA color, double x, double y, double width, double height,
                            double anchor_x);

G_END_DECLS
