/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A palette as text: how a study keeps it. */

#pragma once

#include "annotation/label.h"

G_BEGIN_DECLS

char    *inion_palette_to_json (InionPalette *self);
gboolean inion_palette_set_json (InionPalette *self, const char *json, GError **error);

G_END_DECLS
