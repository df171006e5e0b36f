/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decoder in hand: recipe, model, result, and what the model believes everywhere. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/view-state-private.h"

void
_inion_view_state_apply_recipe_setting (InionViewState *self)
{
  const char *text = inion_study_get_setting (self->study, "recipe");
  g_autoptr (InionRecipe) recipe = NULL;
  g_autoptr (GError) error = NULL;

  if (text != NULL)
    recipe = inion_recipe_new_from_json (text, -1, &error);
  if (error != NULL)
    _inion_view_state_say (self, error->message);
  g_set_object (&self->recipe, recipe);
  _inion_view_state_notify (self, VIEW_PROP_RECIPE);
}

/**
 * inion_view_state_set_recipe:
 * @recipe: (nullable): the recipe in hand
 *
 * Keeps a recipe in the study, as an undoable edit.
 */
void
inion_view_state_set_recipe (InionViewState *self,
                             InionRecipe    *recipe)
{
  g_autofree char *json = NULL;

  if (self->study == NULL)
    return;
  if (inion_study_is_read_only (self->study))
    {
      if (g_set_object (&self->recipe, recipe))
        _inion_view_state_notify (self, VIEW_PROP_RECIPE);
      return;
    }
  json = recipe != NULL ? inion_recipe_to_json (recipe) : NULL;
  if (g_strcmp0 (json, inion_study_get_setting (self->study, "recipe")) != 0)
    inion_study_set_setting (self->study, "recipe", json, "Change the recipe");
}

/**
 * inion_view_state_get_recipe:
 *
 * Returns: (transfer none) (nullable): the recipe in hand
 */
InionRecipe *
inion_view_state_get_recipe (InionViewState *self)
{
  return self->recipe;
}

/**
 * inion_view_state_set_model:
 * @model: (nullable): the model in hand
 */
void
inion_view_state_set_model (InionViewState *self,
                            InionModel     *model)
{
  if (g_set_object (&self->model, model))
    _inion_view_state_notify (self, VIEW_PROP_MODEL);
}

/**
 * inion_view_state_get_model:
 *
 * Returns: (transfer none) (nullable): the model in hand
 */
InionModel *
inion_view_state_get_model (InionViewState *self)
{
  return self->model;
}

/**
 * inion_view_state_set_result:
 * @result: (nullable): the latest honest score
 */
void
inion_view_state_set_result (InionViewState *self,
                             InionResult    *result)
{
  if (g_set_object (&self->result, result))
    _inion_view_state_notify (self, VIEW_PROP_RESULT);
}

/**
 * inion_view_state_get_result:
 *
 * Returns: (transfer none) (nullable): the latest honest score
 */
InionResult *
inion_view_state_get_result (InionViewState *self)
{
  return self->result;
}

/**
 * inion_view_state_take_track:
 * @track: (transfer full) (nullable): what the model believes everywhere
 */
void
inion_view_state_take_track (InionViewState *self,
                             InionTrack     *track)
{
  g_clear_pointer (&self->track, inion_track_free);
  self->track = track;
  self->track_stale = FALSE;
  _inion_view_state_notify (self, VIEW_PROP_TRACK);
}

/**
 * inion_view_state_get_track:
 *
 * Returns: (transfer none) (nullable): what the model believes everywhere
 */
InionTrack *
inion_view_state_get_track (InionViewState *self)
{
  return self->track;
}

/**
 * inion_view_state_get_track_stale:
 *
 * Returns: whether the track is an old answer, to be drawn hatched
 */
gboolean
inion_view_state_get_track_stale (InionViewState *self)
{
  return self->track_stale;
}

/**
 * inion_view_state_set_track_stale:
 * @stale: whether what the track was made from has changed since
 */
void
inion_view_state_set_track_stale (InionViewState *self,
                                  gboolean        stale)
{
  if (self->track_stale == stale)
    return;
  self->track_stale = stale;
  _inion_view_state_notify (self, VIEW_PROP_TRACK);
}

/**
 * inion_view_state_get_class_color:
 * @class_index: index of a class of a recipe
 *
 * Returns: 0xRRGGBB from the Okabe–Ito palette, the same in every view
 */
guint32
inion_view_state_get_class_color (guint class_index)
{
  static const guint32 colors[] = { 0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7,
                                    0xe69f00, 0x56b4e9, 0xf0e442, 0x999999 };

  return colors[class_index % G_N_ELEMENTS (colors)];
}
