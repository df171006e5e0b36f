/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pieces panels are built from, so that all look alike. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A scrolled column with the panel's margins: returns the box to fill; *scroller gets what to parent. */
GtkWidget *inion_panel_column (GtkWidget **scroller);
GtkWidget *inion_panel_heading (GtkWidget *box, const char *text);
GtkLabel  *inion_panel_caption (GtkWidget *box, const char *text);   /* small, dim, wraps */
GtkWidget *inion_panel_plot (GtkWidget *box, const char *name, int height, GtkDrawingAreaDrawFunc draw, gpointer data);
GtkWidget *inion_panel_button (GtkWidget *box, const char *label, const char *action, gboolean suggested);
void       inion_panel_set_label (GtkWidget *button, const char *label);  /* with a mnemonic */
void       inion_panel_set_tooltip (GtkWidget *widget, const char *text); /* no trips to the X server */
gboolean   inion_panel_is_dark (GtkWidget *widget);

/* Whoever handles the response unreferences the dialog; without its window it goes by itself. */
void       inion_panel_show_dialog (GtkNativeDialog *dialog);

G_END_DECLS
