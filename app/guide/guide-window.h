/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user's guide, in a window of its own. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void inion_guide_window_show (GtkWindow *window, const char *page);

G_END_DECLS
