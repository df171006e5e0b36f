/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels that a recipe asks for in vain, and what is there instead. */

#pragma once

#include "decode/recipe.h"
#include "recording/recording.h"

G_BEGIN_DECLS

/* Whether every label of the recipe's list means something that is there, if only as a bad channel. there: (element-type utf8):
 * labels that may be asked for, after referencing. */
gboolean _inion_channel_check_only (const InionRecipeSpec *spec, InionRecording *recording, GPtrArray *there, GError **error);

G_END_DECLS
