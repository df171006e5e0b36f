/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program does once before it uses the engine. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void        inion_init (void);
const char *inion_version (void);

G_END_DECLS
