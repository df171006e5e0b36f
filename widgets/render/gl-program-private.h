/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenGL programs from the shaders built into the library. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean _inion_gl_check (GError **error);
guint    _inion_gl_program_new (const char *name, GError **error);

G_END_DECLS
