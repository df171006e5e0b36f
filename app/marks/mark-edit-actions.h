/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changing marks, and marking pages and channels, as named actions of the window. */

#pragma once

#include "app/window.h"

G_BEGIN_DECLS

void inion_mark_edit_actions_init (InionWindow *window);

G_END_DECLS
