/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a recipe to its canonical JSON: every key that has a meaning, in one order and layout. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/recipe-private.h"

#include <math.h>

static void
write_pair (InionJsonText *text,
            const char    *key,
            const double   pair[2])
{
  inion_json_text_key (text, key);
  if (isnan (pair[0]) && isnan (pair[1]))
    inion_json_text_null (text);
  else
    inion_json_text_doubles (text, pair, 2);
}

static void
write_number (InionJsonText *text,
              const char    *key,
              double         value)
{
  inion_json_text_key (text, key);
  inion_json_text_double (text, value);
}

static void
write_word (InionJsonText           *text,
            const char              *key,
            const InionRecipeWords  *words,
            guint                    value)
{
  inion_json_text_key (text, key);
  inion_json_text_string (text, _inion_recipe_word (words, value));
}

static void
write_channels (const InionRecipeSpec *spec,
                InionJsonText         *text)
{
  inion_json_text_key (text, "channels");
  inion_json_text_begin_object (text, INION_JSON_INLINE);
  inion_json_text_key (text, "kinds");
  inion_json_text_strings (text, (const char *const *) spec->kinds);
  inion_json_text_key (text, "only");
  inion_json_text_strings (text, (const char *const *) spec->only);
  inion_json_text_key (text, "exclude_bad");
  inion_json_text_boolean (text, spec->exclude_bad);
  inion_json_text_end_object (text);
}

static void
write_filter (const InionRecipeSpec *spec,
              InionJsonText         *text)
{
  inion_json_text_key (text, "filter");
  if (!spec->has_filter)
    {
      inion_json_text_null (text);
      return;
    }
  inion_json_text_begin_object (text, INION_JSON_INLINE);
  write_pair (text, "band_hz", spec->band_hz);
  write_word (text, "design", &_inion_recipe_designs, spec->design);
  if (spec->design == INION_DESIGN_BUTTERWORTH)
    {
      inion_json_text_key (text, "order");
      inion_json_text_uint (text, spec->order);
    }
  write_word (text, "phase", &_inion_recipe_phases, spec->phase);
  inion_json_text_end_object (text);
}

static void
write_examples (const InionRecipeSpec *spec,
                InionJsonText         *text)
{
  inion_json_text_key (text, "examples");
  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  write_word (text, "from", &_inion_recipe_sources, spec->from);
  inion_json_text_key (text, "classes");
  inion_json_text_begin_object (text, INION_JSON_INLINE);
  for (guint i = 0; i < spec->n_classes; i++)
    {
      inion_json_text_key (text, spec->classes[i].name);
      inion_json_text_strings (text, (const char *const *) spec->classes[i].events);
    }
  inion_json_text_end_object (text);
  if (spec->from == INION_EXAMPLES_EVENTS)
    {
      write_pair (text, "window_s", spec->window_s);
      write_pair (text, "baseline_s", spec->baseline_s);
    }
  else
    {
      write_number (text, "length_s", spec->length_s);
      write_number (text, "step_s", spec->step_s);
      write_number (text, "overlap", spec->overlap);
      inion_json_text_key (text, "background");
      inion_json_text_string (text, spec->background);
    }
  inion_json_text_end_object (text);
}

static void
write_feature (const InionRecipeFeature *feature,
               InionJsonText            *text)
{
  inion_json_text_begin_object (text, INION_JSON_INLINE);
  write_word (text, "type", &_inion_recipe_features, feature->type);
  switch (feature->type)
    {
    case INION_FEATURE_CSP:
      inion_json_text_key (text, "components");
      inion_json_text_uint (text, feature->components);
      break;
    case INION_FEATURE_BAND_POWER:
      inion_json_text_key (text, "bands_hz");
      inion_json_text_begin_array (text, INION_JSON_TIGHT);
      for (guint i = 0; i < feature->n_bands; i++)
        inion_json_text_doubles (text, feature->bands_hz[i], 2);
      inion_json_text_end_array (text);
      break;
    case INION_FEATURE_TANGENT_SPACE:
    case INION_FEATURE_COVARIANCE:
      write_number (text, "shrinkage", feature->shrinkage);
      break;
    case INION_FEATURE_LOG_VARIANCE:
    default:
      break;
    }
  inion_json_text_end_object (text);
}

static void
write_classifier (const InionRecipeSpec *spec,
                  InionJsonText         *text)
{
  inion_json_text_key (text, "classifier");
  inion_json_text_begin_object (text, INION_JSON_INLINE);
  write_word (text, "type", &_inion_recipe_classifiers, spec->classifier);
  if (spec->classifier == INION_CLASSIFIER_LDA)
    {
      inion_json_text_key (text, "shrinkage");
      if (isnan (spec->shrinkage))
        inion_json_text_string (text, "auto");
      else
        inion_json_text_double (text, spec->shrinkage);
    }
  else if (spec->classifier == INION_CLASSIFIER_LOGISTIC)
    {
      write_number (text, "C", spec->c);
    }
  inion_json_text_end_object (text);
}

static void
write_validation (const InionRecipeSpec *spec,
                  InionJsonText         *text)
{
  inion_json_text_key (text, "validation");
  inion_json_text_begin_object (text, INION_JSON_INLINE);
  write_word (text, "scheme", &_inion_recipe_schemes, spec->scheme);
  if (_inion_recipe_scheme_has_folds (spec->scheme))
    {
      inion_json_text_key (text, "folds");
      inion_json_text_uint (text, spec->folds);
    }
  if (spec->scheme == INION_SCHEME_BLOCKED_K_FOLD)
    write_number (text, "margin_s", spec->margin_s);
  inion_json_text_key (text, "permutations");
  inion_json_text_uint (text, spec->permutations);
  inion_json_text_end_object (text);
}

/* Writes the recipe as the next value of @text. */
void
_inion_recipe_spec_write (const InionRecipeSpec *spec,
                          InionJsonText         *text)
{
  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_json_text_key (text, "inion_recipe");
  inion_json_text_uint (text, 1);
  inion_json_text_key (text, "name");
  inion_json_text_string (text, spec->name);
  write_channels (spec, text);
  inion_json_text_key (text, "reference");
  inion_json_text_string (text, spec->reference);
  write_filter (spec, text);
  write_number (text, "notch_hz", spec->notch_hz);
  write_number (text, "resample_hz", spec->resample_hz);
  write_examples (spec, text);
  inion_json_text_key (text, "reject");
  inion_json_text_begin_object (text, INION_JSON_INLINE);
  inion_json_text_key (text, "labels");
  inion_json_text_strings (text, (const char *const *) spec->reject_labels);
  write_number (text, "peak_to_peak_uv", spec->reject_peak_to_peak_uv);
  inion_json_text_end_object (text);
  inion_json_text_key (text, "features");
  inion_json_text_begin_array (text, INION_JSON_INLINE);
  for (guint i = 0; i < spec->n_features; i++)
    write_feature (&spec->features[i], text);
  inion_json_text_end_array (text);
  write_classifier (spec, text);
  write_validation (spec, text);
  inion_json_text_key (text, "seed");
  inion_json_text_uint (text, spec->seed);
  inion_json_text_end_object (text);
}
