/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which streams of an XDF file to open. */

#pragma once

#include "app/window-private.h"

G_BEGIN_DECLS

/* streams: (element-type InionXdfStream). */
GtkWindow *inion_streams_dialog_show (InionWindow *window, const char *path, GPtrArray *streams);

G_END_DECLS
