/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real keys and a real pointer, through the display. */

#pragma once

#include "gui-fixture.h"

G_BEGIN_DECLS

gboolean   gui_has_keys (void);  /* FALSE: the test is skipped, there is nothing to press keys with */
void       gui_xdotool (const char *format, ...) G_GNUC_PRINTF (1, 2); /* its arguments in one string */
GtkWindow *gui_find_window (const char *title); /* (nullable): that is on the screen */
void       gui_focus (const char *title);      /* waits for it; without a window manager nobody else does this */
void       gui_press (const char *keys);       /* "alt+e", "Tab Tab Return" */

G_END_DECLS
