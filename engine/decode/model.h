/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A model: a recipe fitted to labelled examples. */

#pragma once

#include "decode/example-set.h"

G_BEGIN_DECLS

#define INION_TYPE_MODEL (inion_model_get_type ())
G_DECLARE_FINAL_TYPE (InionModel, inion_model, INION, MODEL, GObject)

InionModel  *inion_model_fit (InionRecipe *recipe, InionExampleSet *examples, const guint *indices, guint n, InionJob *job, GError **error); /* indices NULL: all */
/* One window [n_channels × n_samples], already referenced and filtered → probabilities [n_classes]. Thread-safe. */
gboolean     inion_model_predict (InionModel *self, const double *window, double *probabilities, GError **error);
InionRecipe *inion_model_get_recipe (InionModel *self);
guint        inion_model_get_n_classes (InionModel *self);
const char  *inion_model_get_class (InionModel *self, guint index);
guint        inion_model_get_n_channels (InionModel *self);
const char  *inion_model_get_channel (InionModel *self, guint index);
double       inion_model_get_rate_hz (InionModel *self);
guint        inion_model_get_n_samples (InionModel *self);   /* window length */
const char  *inion_model_get_fingerprint (InionModel *self);

/* Haufe patterns of the spatial features, µV-like arbitrary unit: pattern k is [n_channels]. 0 if the recipe has no spatial filters. */
guint         inion_model_get_n_patterns (InionModel *self);
const double *inion_model_get_pattern (InionModel *self, guint index);
char         *inion_model_dup_pattern_title (InionModel *self, guint index); /* "CSP 1 · left" */

char        *inion_model_to_json (InionModel *self);      /* data only; numbers round-trip to the last bit */
InionModel  *inion_model_new_from_json (const char *json, gssize length, GError **error); /* every size checked */
gboolean     inion_model_save (InionModel *self, const char *path, GError **error);
InionModel  *inion_model_load (const char *path, GError **error);

G_END_DECLS
