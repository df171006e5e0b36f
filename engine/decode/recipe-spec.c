/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plain structure behind a recipe: its words, copying and freeing. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/recipe-private.h"

static const char *const none[] = { NULL };

static const char *const designs[] = { "fir", "butterworth", NULL };
static const char *const phases[] = { "zero", "causal", "minimum", NULL };
static const char *const sources[] = { "events", "windows", NULL };
static const char *const features[] = {
  "csp", "band_power", "log_variance", "tangent_space", "covariance", NULL
};
static const char *const planned_features[] = {
  "fbcsp", "xdawn", "time_points", "hjorth", "entropy", "connectivity", "raw", NULL
};
static const char *const classifiers[] = { "lda", "logistic", "mdm", NULL };
static const char *const planned_classifiers[] = {
  "svm_linear", "svm_rbf", "random_forest", "knn", "eegnet", "shallow_convnet", NULL
};
static const char *const schemes[] = {
  "blocked-k-fold", "leave-one-recording-out", "leave-one-session-out", "leave-one-subject-out",
  "stratified-k-fold", "train-test", NULL
};

const InionRecipeWords _inion_recipe_designs = { designs, none };
const InionRecipeWords _inion_recipe_phases = { phases, none };
const InionRecipeWords _inion_recipe_sources = { sources, none };
const InionRecipeWords _inion_recipe_features = { features, planned_features };
const InionRecipeWords _inion_recipe_classifiers = { classifiers, planned_classifiers };
const InionRecipeWords _inion_recipe_schemes = { schemes, none };

/* The word of an enum value. */
const char *
_inion_recipe_word (const InionRecipeWords *words,
                    guint                   value)
{
  g_return_val_if_fail (value < g_strv_length ((char **) words->names), NULL);

  return words->names[value];
}

/* Whether the scheme cuts the examples into a number of folds that the recipe chooses. */
gboolean
_inion_recipe_scheme_has_folds (InionScheme scheme)
{
  return scheme == INION_SCHEME_BLOCKED_K_FOLD || scheme == INION_SCHEME_STRATIFIED_K_FOLD;
}

/**
 * inion_feature_type_to_string:
 * @type: a feature
 *
 * Returns: its word in a recipe: "csp"
 */
const char *
inion_feature_type_to_string (InionFeatureType type)
{
  return _inion_recipe_word (&_inion_recipe_features, type);
}

/**
 * inion_classifier_type_to_string:
 * @type: a classifier
 *
 * Returns: its word in a recipe: "lda"
 */
const char *
inion_classifier_type_to_string (InionClassifierType type)
{
  return _inion_recipe_word (&_inion_recipe_classifiers, type);
}

/**
 * inion_scheme_to_string:
 * @scheme: a validation scheme
 *
 * Returns: its word in a recipe: "blocked-k-fold"
 */
const char *
inion_scheme_to_string (InionScheme scheme)
{
  return _inion_recipe_word (&_inion_recipe_schemes, scheme);
}

/**
 * inion_recipe_spec_copy:
 * @spec: a specification
 *
 * Returns: (transfer full): a deep copy
 */
InionRecipeSpec *
inion_recipe_spec_copy (const InionRecipeSpec *spec)
{
  InionRecipeSpec *copy = g_memdup2 (spec, sizeof *spec);

  copy->name = g_strdup (spec->name);
  copy->kinds = g_strdupv (spec->kinds);
  copy->only = g_strdupv (spec->only);
  copy->reference = g_strdup (spec->reference);
  copy->background = g_strdup (spec->background);
  copy->reject_labels = g_strdupv (spec->reject_labels);
  copy->classes = g_new0 (InionClassDefinition, spec->n_classes);
  for (guint i = 0; i < spec->n_classes; i++)
    {
      copy->classes[i].name = g_strdup (spec->classes[i].name);
      copy->classes[i].events = g_strdupv (spec->classes[i].events);
    }
  copy->features = g_new0 (InionRecipeFeature, spec->n_features);
  for (guint i = 0; i < spec->n_features; i++)
    {
      const InionRecipeFeature *feature = &spec->features[i];

      copy->features[i] = *feature;
      copy->features[i].bands_hz = g_memdup2 (feature->bands_hz,
                                              feature->n_bands * sizeof *feature->bands_hz);
    }
  return copy;
}

/**
 * inion_recipe_spec_free:
 * @spec: (transfer full): a specification whose members are all allocated
 */
void
inion_recipe_spec_free (InionRecipeSpec *spec)
{
  for (guint i = 0; i < spec->n_classes; i++)
    {
      g_free (spec->classes[i].name);
      g_strfreev (spec->classes[i].events);
    }
  for (guint i = 0; i < spec->n_features; i++)
    g_free (spec->features[i].bands_hz);
  g_free (spec->classes);
  g_free (spec->features);
  g_free (spec->name);
  g_strfreev (spec->kinds);
  g_strfreev (spec->only);
  g_free (spec->reference);
  g_free (spec->background);
  g_strfreev (spec->reject_labels);
  g_free (spec);
}
