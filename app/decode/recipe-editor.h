/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The recipe as a short column of steps, each with a sensible default. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_RECIPE_EDITOR (inion_recipe_editor_get_type ())
G_DECLARE_FINAL_TYPE (InionRecipeEditor, inion_recipe_editor, INION, RECIPE_EDITOR, GtkWidget)

GtkWidget   *inion_recipe_editor_new (InionViewState *state);
/* What the column says, as a recipe; n_recordings decides the validation scheme. */
InionRecipe *inion_recipe_editor_build (InionRecipeEditor *self, guint n_recordings, GError **error);

/* Signal "edited": a person changed something. */

G_END_DECLS
