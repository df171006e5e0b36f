/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who draws: the graphics processor, or the CPU where there is none. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void inion_graphics_choose (void);

G_END_DECLS
