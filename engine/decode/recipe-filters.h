/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filters of a recipe, designed for one sampling rate. */

#pragma once

#include "decode/recipe.h"
#include "signal/fir.h"
#include "signal/sos.h"

G_BEGIN_DECLS

/* A plain value; fir is owned. */
typedef struct
{
  double rate_hz;
  guint up, down;       /* new rate = rate_hz × up / down */
  gboolean has_notch, has_band, has_alias;
  InionSos notch, band, alias;
  InionFir *fir;        /* (nullable) */
} InionRecipeFilters;

gboolean inion_recipe_filters_init (InionRecipeFilters *self, const InionRecipeSpec *spec, double rate_hz, GError **error);
void     inion_recipe_filters_clear (InionRecipeFilters *self);
double   inion_recipe_filters_get_settle_s (const InionRecipeFilters *self);
gboolean inion_recipe_is_zero_phase (const InionRecipeSpec *spec);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InionRecipeFilters, inion_recipe_filters_clear)

G_END_DECLS
