/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vocabularies that many use: artifacts, sleep stages, activation, epileptiform patterns. */

#pragma once

#include "annotation/label.h"

G_BEGIN_DECLS

const char *const *inion_palette_get_names (void);            /* ids, NULL-terminated */
const char        *inion_palette_get_title_for (const char *id); /* (nullable) */
InionPalette      *inion_palette_new_named (const char *id);  /* (nullable): no such palette */

G_END_DECLS
