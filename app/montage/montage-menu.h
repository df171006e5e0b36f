/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The menu of montages: all there are, those that a person wrote, and why some are not possible. */

#pragma once

#include "app/window-private.h"

G_BEGIN_DECLS

/* As a GtkMenuButtonCreatePopupFunc; data: the window. */
void inion_montage_menu_popup (GtkMenuButton *button, gpointer data);
/* What the button's tooltip says of the montage that is shown. (transfer full) */
char *inion_montage_menu_dup_tooltip (InionWindow *window);
/* Names of those that a person wrote: of this recording, then of all. (transfer full) */
char **inion_montage_menu_list_own (InionWindow *window);

G_END_DECLS
