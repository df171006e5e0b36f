/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of a recipe share: names, reading, checking, writing. */

#pragma once

#include "core/json-text.h"
#include "decode/json-read.h"
#include "decode/recipe.h"

G_BEGIN_DECLS

/* The words of one key: by enum value, and the words of the specification that this version does
 * not offer yet. Both end with NULL. */
typedef struct
{
  const char *const *names;
  const char *const *planned;
} InionRecipeWords;

extern const InionRecipeWords _inion_recipe_designs;
extern const InionRecipeWords _inion_recipe_phases;
extern const InionRecipeWords _inion_recipe_sources;
extern const InionRecipeWords _inion_recipe_features;
extern const InionRecipeWords _inion_recipe_classifiers;
extern const InionRecipeWords _inion_recipe_schemes;

const char *_inion_recipe_word (const InionRecipeWords *words, guint value);
gboolean    _inion_recipe_scheme_has_folds (InionScheme scheme);

InionRecipeSpec *_inion_recipe_spec_from_json (JsonObject *object, const char *path, GError **error);
gboolean         _inion_recipe_spec_check (const InionRecipeSpec *spec, const char *path, GError **error);
void             _inion_recipe_spec_write (const InionRecipeSpec *spec, InionJsonText *text);

InionRecipe *_inion_recipe_new_from_object (JsonObject *object, const char *path, GError **error);
void         _inion_recipe_write (InionRecipe *self, InionJsonText *text);

G_END_DECLS
