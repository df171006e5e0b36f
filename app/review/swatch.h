/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small square of a label's colour. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *inion_swatch_new (void);
void       inion_swatch_set (GtkWidget *area, guint32 hue, gboolean hollow);

G_END_DECLS
