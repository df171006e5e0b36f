/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A model as a file: numbers and names, nothing that runs.
 *
 * Layout (version 1), every array with exactly the size that the sizes before it ask for:
 *
 *   inion_model   1
 *   recipe        the recipe
 *   fingerprint   of the examples it was fitted on
 *   rate_hz, n_samples, channels
 *   rank          of the training signal; basis [rank × channels] only where it is less than
 *   channels floor         smallest power, unit²
 *   covariance    [channels × channels]
 *   features      in the recipe's order: {}, or filters [n × channels] and class_of [n], or
 *                 whitener [rank × rank]
 *   classifier    weights [rows × features] and intercepts [rows], or inverse_roots
 *                 [classes × rank × rank]
 *
 * A file from elsewhere is not trusted: an array is measured before memory is taken for it, and the
 * sizes are bounded. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/model-private.h"

#include "core/error.h"
#include "core/json-parse.h"
#include "decode/cut.h"
#include "decode/recipe-private.h"

#include <math.h>
#include <string.h>

#define VERSION 1
#define MAX_BYTES ((gsize) 512 << 20)
#define MAX_CHANNELS 4096
#define MAX_WINDOW ((guint64) 1 << 26)

static const char *const keys[] = {
  "inion_model", "recipe", "fingerprint", "rate_hz", "n_samples", "channels", "rank", "basis",
  "floor",
  "covariance", "features", "classifier", NULL
};

static void
write_doubles (InionJsonText *text,
               const char    *key,
               const double  *values,
               gsize          n)
{
  inion_json_text_key (text, key);
  inion_json_text_doubles (text, values, n);
}

static void
write_feature (const InionPipeline   *pipeline,
               const InionFeatureFit *feature,
               InionJsonText         *text)
{
  gsize rank = pipeline->rank;

  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  if (feature->filters != NULL)
    {
      write_doubles (text, "filters", feature->filters,
                     (gsize) feature->n_filters * pipeline->n_channels);
      inion_json_text_key (text, "class_of");
      inion_json_text_begin_array (text, INION_JSON_TIGHT);
      for (guint k = 0; k < feature->n_filters; k++)
        inion_json_text_uint (text, feature->class_of[k]);
      inion_json_text_end_array (text);
    }
  if (feature->whitener != NULL)
    write_doubles (text, "whitener", feature->whitener, rank * rank);
  inion_json_text_end_object (text);
}

static void
write_pipeline (const InionPipeline *pipeline,
                InionJsonText       *text)
{
  gsize n = pipeline->n_channels, rank = pipeline->rank;
  const InionLinear *linear = &pipeline->linear;

  inion_json_text_key (text, "rank");
  inion_json_text_uint (text, pipeline->rank);
  if (pipeline->basis != NULL)
    write_doubles (text, "basis", pipeline->basis, rank * n);
  inion_json_text_key (text, "floor");
  inion_json_text_double (text, pipeline->floor);
  write_doubles (text, "covariance", pipeline->covariance, n * n);
  inion_json_text_key (text, "features");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint f = 0; f < pipeline->n_features; f++)
    write_feature (pipeline, &pipeline->features[f], text);
  inion_json_text_end_array (text);
  inion_json_text_key (text, "classifier");
  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  if (pipeline->classifier == INION_CLASSIFIER_MDM)
    {
      write_doubles (text, "inverse_roots", pipeline->mdm.inverse_roots,
                     pipeline->n_classes * rank * rank);
    }
  else
    {
      write_doubles (text, "weights", linear->weights, (gsize) linear->n_rows * linear->n_features);
      write_doubles (text, "intercepts", linear->intercepts, linear->n_rows);
    }
  inion_json_text_end_object (text);
}

/**
 * inion_model_to_json:
 * @self: a model
 *
 * Returns: (transfer full): the model as text; numbers round-trip to the last bit
 */
char *
inion_model_to_json (InionModel *self)
{
  g_autoptr (InionJsonText) text = inion_json_text_new ();

  g_return_val_if_fail (INION_IS_MODEL (self), NULL);

  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_json_text_key (text, "inion_model");
  inion_json_text_uint (text, VERSION);
  inion_json_text_key (text, "recipe");
  _inion_recipe_write (self->recipe, text);
  inion_json_text_key (text, "fingerprint");
  inion_json_text_string (text, self->fingerprint);
  inion_json_text_key (text, "rate_hz");
  inion_json_text_double (text, self->rate_hz);
  inion_json_text_key (text, "n_samples");
  inion_json_text_uint (text, self->n_samples);
  inion_json_text_key (text, "channels");
  inion_json_text_strings (text, (const char *const *) self->channels);
  write_pipeline (self->pipeline, text);
  inion_json_text_end_object (text);
  return inion_json_text_finish (g_steal_pointer (&text));
}

/* Reads an array of exactly n finite numbers; memory is taken only once its length is known. */
static double *
read_doubles (JsonObject  *object,
              const char  *path,
              const char  *key,
              gsize        n,
              GError     **error)
{
  g_autofree double *values = NULL;
  g_autofree char *full = inion_json_path (path, key);
  JsonArray *array;

  if (n == 0 || n > G_MAXUINT / 2)
    {
      inion_set_error (error, INION_ERROR_FORMAT, "%s: the model's sizes are out of range.", full);
      return NULL;
    }
  if (!inion_json_read_array (object, path, key, INION_JSON_REQUIRED, (guint) n, (guint) n, &array,
                              error))
    return NULL;
  values = g_new0 (double, n);
  if (!inion_json_read_doubles (object, path, key, INION_JSON_REQUIRED, (guint) n, values, error))
    return NULL;
  for (gsize i = 0; i < n; i++)
    {
      if (!isfinite (values[i]))
        {
          inion_set_error (error, INION_ERROR_FORMAT,
                           "%s[%" G_GSIZE_FORMAT "] is no finite number.", full, i);
          return NULL;
        }
    }
  return g_steal_pointer (&values);
}

static gboolean
read_class_of (InionPipeline    *pipeline,
               InionFeatureFit  *feature,
               JsonObject       *object,
               const char       *path,
               GError          **error)
{
  g_autofree double *values = read_doubles (object, path, "class_of", feature->n_outputs, error);

  if (values == NULL)
    return FALSE;
  feature->class_of = g_new (guint, feature->n_outputs);
  for (guint k = 0; k < feature->n_outputs; k++)
    {
      if (!(values[k] >= 0 && values[k] < pipeline->n_classes) || rint (values[k]) < values[k] ||
          rint (values[k]) > values[k])
        return inion_set_error (error, INION_ERROR_FORMAT,
                                "%s.class_of[%u] is no class of the recipe.", path, k);
      feature->class_of[k] = (guint) values[k];
    }
  return TRUE;
}

static gboolean
read_feature (InionPipeline    *pipeline,
              InionFeatureFit  *feature,
              JsonObject       *object,
              const char       *path,
              GError          **error)
{
  static const char *const none[] = { NULL };
  static const char *const csp[] = { "filters", "class_of", NULL };
  static const char *const tangent[] = { "whitener", NULL };
  gsize rank = pipeline->rank;

  switch (feature->type)
    {
    case INION_FEATURE_CSP:
      feature->n_filters = feature->n_outputs;
      feature->filters = read_doubles (object, path, "filters",
                                       (gsize) feature->n_filters * pipeline->n_channels, error);
      return feature->filters != NULL && inion_json_check_keys (object, path, csp, error) &&
             read_class_of (pipeline, feature, object, path, error);
    case INION_FEATURE_TANGENT_SPACE:
      feature->whitener = read_doubles (object, path, "whitener", rank * rank, error);
      return feature->whitener != NULL && inion_json_check_keys (object, path, tangent, error);
    case INION_FEATURE_BAND_POWER:
    case INION_FEATURE_LOG_VARIANCE:
    case INION_FEATURE_COVARIANCE:
    default:
      return inion_json_check_keys (object, path, none, error);
    }
}

static gboolean
read_features (InionPipeline  *pipeline,
               JsonObject     *object,
               GError        **error)
{
  JsonArray *array;

  if (!inion_json_read_array (object, "", "features", INION_JSON_REQUIRED, pipeline->n_features,
                             pipeline->n_features, &array, error))
    return FALSE;
  for (guint f = 0; f < pipeline->n_features; f++)
    {
      JsonObject *element;
      g_autofree char *path = NULL;

      if (!inion_json_read_element_object (array, "features", f, &element, &path, error) ||
          !read_feature (pipeline, &pipeline->features[f], element, path, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_classifier (InionPipeline  *pipeline,
                 JsonObject     *object,
                 GError        **error)
{
  static const char *const linear_keys[] = { "weights", "intercepts", NULL };
  static const char *const mdm_keys[] = { "inverse_roots", NULL };
  gboolean is_mdm = pipeline->classifier == INION_CLASSIFIER_MDM;
  InionLinear *linear = &pipeline->linear;
  InionMdm *mdm = &pipeline->mdm;
  JsonObject *classifier;

  if (!inion_json_read_object (object, "", "classifier", INION_JSON_REQUIRED, &classifier, error) ||
      !inion_json_check_keys (classifier, "classifier", is_mdm ? mdm_keys : linear_keys, error))
    return FALSE;
  if (is_mdm)
    {
      mdm->n_classes = pipeline->n_classes;
      mdm->n = pipeline->rank;
      mdm->inverse_roots = read_doubles (classifier, "classifier", "inverse_roots",
                                         (gsize) mdm->n_classes * mdm->n * mdm->n, error);
      return mdm->inverse_roots != NULL;
    }
  linear->n_classes = pipeline->n_classes;
  linear->n_features = pipeline->n_outputs;
  linear->n_rows = pipeline->n_classes == 2 ? 1 : pipeline->n_classes;
  linear->weights = read_doubles (classifier, "classifier", "weights",
                                  (gsize) linear->n_rows * linear->n_features, error);
  if (linear->weights == NULL)
    return FALSE;
  linear->intercepts = read_doubles (classifier, "classifier", "intercepts", linear->n_rows, error);
  return linear->intercepts != NULL;
}

static gboolean
read_pipeline (InionModel  *self,
               JsonObject  *object,
               GError     **error)
{
  const InionRecipeSpec *spec = inion_recipe_get_spec (self->recipe);
  InionPipeline *pipeline = self->pipeline = g_new0 (InionPipeline, 1);
  guint n = pipeline->n_channels = g_strv_length (self->channels);

  pipeline->n_classes = spec->n_classes;
  pipeline->classifier = spec->classifier;
  if (!inion_json_read_uint (object, "", "rank", INION_JSON_REQUIRED, 1, n, &pipeline->rank,
                             error) ||
      !inion_json_read_double (object, "", "floor", INION_JSON_REQUIRED, G_MINDOUBLE, 1e150,
                               &pipeline->floor,
                              error))
    return FALSE;
  if (pipeline->rank < n)
    {
      pipeline->basis = read_doubles (object, "", "basis", (gsize) pipeline->rank * n, error);
      if (pipeline->basis == NULL)
        return FALSE;
    }
  else if (json_object_has_member (object, "basis"))
    {
      return inion_set_error (error, INION_ERROR_FORMAT, "basis: a model of full rank has none.");
    }
  pipeline->covariance = read_doubles (object, "", "covariance", (gsize) n * n, error);
  return pipeline->covariance != NULL && inion_pipeline_describe (pipeline, spec, error) &&
         read_features (pipeline, object, error) && read_classifier (pipeline, object, error);
}

/* Window length, rate and bands must fit each other and the recipe. */
static gboolean
check_window (InionModel  *self,
              GError     **error)
{
  const InionRecipeSpec *spec = inion_recipe_get_spec (self->recipe);
  g_auto (InionTrials) trials = { 0 };
  InionCut cut;

  if (!inion_cut_init (&cut, spec, self->rate_hz, error))
    return FALSE;
  if (cut.n != self->n_samples)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "n_samples: the recipe's window has %u samples at this rate, not %u.",
                            cut.n,
                            self->n_samples);
  if ((guint64) self->n_samples * self->pipeline->n_channels > MAX_WINDOW)
    return inion_set_error (error, INION_ERROR_TOO_LARGE, "The model's window is too large.");
  return inion_trials_init (&trials, spec, 1, self->pipeline->n_channels, self->n_samples,
                            self->rate_hz, error);
}

static gboolean
read_model (InionModel  *self,
            JsonObject  *object,
            GError     **error)
{
  guint version = 0;
  JsonObject *recipe;

  if (!inion_json_read_uint (object, "", "inion_model", INION_JSON_REQUIRED, 0, G_MAXUINT,
                             &version, error))
    return FALSE;
  if (version != VERSION)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "inion_model: this is version %u of the format; this program knows "
                            "version %d.",
                            version, VERSION);
  if (!inion_json_check_keys (object, "", keys, error) ||
      !inion_json_read_object (object, "", "recipe", INION_JSON_REQUIRED, &recipe, error))
    return FALSE;
  self->recipe = _inion_recipe_new_from_object (recipe, "recipe", error);
  return self->recipe != NULL &&
         inion_json_read_string (object, "", "fingerprint", INION_JSON_REQUIRED, 256,
                                 &self->fingerprint, error) &&
         inion_json_read_double (object, "", "rate_hz", INION_JSON_REQUIRED, 1e-3, 1e7,
                                 &self->rate_hz, error) &&
         inion_json_read_uint (object, "", "n_samples", INION_JSON_REQUIRED, 2, (guint) MAX_WINDOW,
                              &self->n_samples, error) &&
         inion_json_read_strings (object, "", "channels", INION_JSON_REQUIRED, 1, MAX_CHANNELS,
                                  &self->channels,
                                 error) &&
         read_pipeline (self, object, error) && check_window (self, error) &&
         _inion_model_find_patterns (self, error);
}

/**
 * inion_model_new_from_json:
 * @json: (array length=length): what inion_model_to_json() wrote
 * @length: its length in bytes, or −1 if it ends with 0
 * @error: return location
 *
 * Reads a model; every size is checked.
 *
 * Returns: (transfer full) (nullable): the model; %NULL with an error that names the key:
 *   %INION_ERROR_FORMAT, %INION_ERROR_INVALID, %INION_ERROR_UNSUPPORTED for another version
 */
InionModel *
inion_model_new_from_json (const char  *json,
                           gssize       length,
                           GError     **error)
{
  g_autoptr (InionModel) self = NULL;
  g_autoptr (JsonNode) root = inion_json_parse_object (json, length, MAX_BYTES, error);

  if (root == NULL)
    return NULL;
  self = g_object_new (INION_TYPE_MODEL, NULL);
  if (!read_model (self, json_node_get_object (root), error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * inion_model_save:
 * @self: a model
 * @path: where to
 * @error: return location
 *
 * Writes the model to a file, whole or not at all.
 *
 * Returns: %FALSE with an error of writing
 */
gboolean
inion_model_save (InionModel  *self,
                  const char  *path,
                  GError     **error)
{
  g_autofree char *json = inion_model_to_json (self);

  return g_file_set_contents_full (path, json, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
}

/**
 * inion_model_load:
 * @path: a model file
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the model; %NULL with an error that names file and key
 */
InionModel *
inion_model_load (const char  *path,
                  GError     **error)
{
  g_autofree char *json = NULL;
  gsize length;
  InionModel *self;

  if (!g_file_get_contents (path, &json, &length, error))
    return NULL;
  self = inion_model_new_from_json (json, (gssize) length, error);
  if (self == NULL)
    g_prefix_error (error, "“%s”: ", path);
  return self;
}
