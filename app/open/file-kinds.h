/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What recordings are called: for choosing files, and for the desktop's list of recent ones. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void        inion_file_kinds_add_filters (GtkFileChooser *chooser); /* all recordings, each kind, all files */
const char *inion_file_kinds_get_mime (const char *path);

G_END_DECLS
