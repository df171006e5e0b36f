/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A model: a recipe fitted to labelled examples. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/model-private.h"

#include "core/error.h"
#include "decode/csp.h"

#include <string.h>

G_DEFINE_FINAL_TYPE (InionModel, inion_model, G_TYPE_OBJECT)

static void
inion_model_finalize (GObject *object)
{
  InionModel *self = INION_MODEL (object);

  g_clear_object (&self->recipe);
  g_clear_pointer (&self->pipeline, inion_pipeline_free);
  g_free (self->fingerprint);
  g_strfreev (self->channels);
  g_free (self->patterns);
  g_free (self->pattern_class);
  G_OBJECT_CLASS (inion_model_parent_class)->finalize (object);
}

static void
inion_model_class_init (InionModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_model_finalize;
}

static void
inion_model_init (InionModel *self)
{
}

/* Patterns of all spatial filters, from the filters and the covariance they were found in. */
gboolean
_inion_model_find_patterns (InionModel  *self,
                            GError     **error)
{
  const InionPipeline *pipeline = self->pipeline;
  guint n = pipeline->n_channels, at = 0;

  for (guint f = 0; f < pipeline->n_features; f++)
    self->n_patterns += pipeline->features[f].n_filters;
  self->patterns = g_new0 (double, MAX (1, (gsize) self->n_patterns * n));
  self->pattern_class = g_new0 (guint, MAX (1, self->n_patterns));
  for (guint f = 0; f < pipeline->n_features; f++)
    {
      const InionFeatureFit *feature = &pipeline->features[f];

      if (feature->n_filters == 0)
        continue;
      if (!inion_csp_patterns (feature->filters, feature->n_filters, pipeline->covariance, n,
                               self->patterns + (gsize) at * n, error))
        return FALSE;
      memcpy (self->pattern_class + at, feature->class_of, feature->n_filters * sizeof (guint));
      at += feature->n_filters;
    }
  return TRUE;
}

static char *
fingerprint_of (InionExampleSet *examples,
                const guint     *indices,
                guint            n)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (sum, (const guchar *) inion_example_set_get_fingerprint (examples), -1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf (" %u", indices[i]);

      g_checksum_update (sum, (const guchar *) text, -1);
    }
  return g_strdup (g_checksum_get_string (sum));
}

static InionPipeline *
fit_pipeline (const InionRecipeSpec  *spec,
              InionExampleSet        *examples,
              const guint            *indices,
              guint                   n,
              InionJob               *job,
              GError                **error)
{
  guint n_all = inion_example_set_get_n (examples);
  g_auto (InionTrials) trials = { 0 };
  g_autofree guint *labels = g_new (guint, MAX (n_all, 1));
  g_autoptr (InionPrepared) prepared = NULL;

  for (guint i = 0; i < n_all; i++)
    labels[i] = inion_example_set_get_label (examples, i);
  if (!inion_trials_init_from_examples (&trials, spec, examples, job, error))
    return NULL;
  prepared = inion_prepared_new (spec, &trials, inion_example_set_get_n_classes (examples),
                                 indices, n, NULL,
                                 0, error);
  return prepared == NULL ? NULL : inion_pipeline_fit (prepared, indices, n, labels, error);
}

/**
 * inion_model_fit:
 * @recipe: the recipe that the examples were made with
 * @examples: labelled examples
 * @indices: (array length=n) (nullable): which of them to fit on; %NULL for all
 * @n: how many
 * @job: (nullable): checked for cancellation
 * @error: return location
 *
 * Fits a recipe's features and classifier.
 *
 * Returns: (transfer full) (nullable): the model; %NULL with %INION_ERROR_TOO_FEW where a class has
 *   fewer than two examples, or %INION_ERROR_NUMERIC
 */
InionModel *
inion_model_fit (InionRecipe      *recipe,
                 InionExampleSet  *examples,
                 const guint      *indices,
                 guint             n,
                 InionJob         *job,
                 GError          **error)
{
  g_autoptr (InionModel) self = NULL;
  g_autofree guint *all = NULL;
  guint n_channels;

  g_return_val_if_fail (INION_IS_RECIPE (recipe), NULL);
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (examples), NULL);

  if (indices == NULL)
    {
      n = inion_example_set_get_n (examples);
      all = g_new (guint, MAX (n, 1));
      for (guint i = 0; i < n; i++)
        all[i] = i;
      indices = all;
    }
  self = g_object_new (INION_TYPE_MODEL, NULL);
  self->recipe = g_object_ref (recipe);
  self->pipeline = fit_pipeline (inion_recipe_get_spec (recipe), examples, indices, n, job, error);
  if (self->pipeline == NULL || !_inion_model_find_patterns (self, error))
    return NULL;
  self->fingerprint = fingerprint_of (examples, indices, n);
  self->rate_hz = inion_example_set_get_rate_hz (examples);
  self->n_samples = inion_example_set_get_n_samples (examples);
  n_channels = inion_example_set_get_n_channels (examples);
  self->channels = g_new0 (char *, n_channels + 1);
  for (guint c = 0; c < n_channels; c++)
    self->channels[c] = g_strdup (inion_example_set_get_channel (examples, c));
  return g_steal_pointer (&self);
}

/**
 * inion_model_predict:
 * @self: a model
 * @window: (array): samples [n_channels × n_samples], referenced, filtered and at the model's rate,
 * µV
 * @probabilities: (out caller-allocates) (array length=n_classes): sum to 1
 * @error: return location
 *
 * What the model believes of one window. Thread-safe.
 *
 * Returns: %FALSE with %INION_ERROR_NUMERIC where the window holds what is no number
 */
gboolean
inion_model_predict (InionModel    *self,
                     const double  *window,
                     double        *probabilities,
                     GError       **error)
{
  g_auto (InionTrials) trials = { 0 };

  g_return_val_if_fail (INION_IS_MODEL (self), FALSE);

  return inion_trials_init (&trials, inion_recipe_get_spec (self->recipe), 1,
                            self->pipeline->n_channels,
                            self->n_samples, self->rate_hz, error) &&
         inion_trials_set (&trials, 0, window, error) &&
         inion_pipeline_predict (self->pipeline, &trials, 0, probabilities, error);
}

/**
 * inion_model_get_recipe:
 * @self: a model
 *
 * Returns: (transfer none): the recipe it was fitted from
 */
InionRecipe *
inion_model_get_recipe (InionModel *self)
{
  g_return_val_if_fail (INION_IS_MODEL (self), NULL);

  return self->recipe;
}

/**
 * inion_model_get_n_classes:
 * @self: a model
 *
 * Returns: number of classes
 */
guint
inion_model_get_n_classes (InionModel *self)
{
  g_return_val_if_fail (INION_IS_MODEL (self), 0);

  return self->pipeline->n_classes;
}

/**
 * inion_model_get_class:
 * @self: a model
 * @index: which class
 *
 * Returns: (transfer none): its name
 */
const char *
inion_model_get_class (InionModel *self,
                       guint       index)
{
  g_return_val_if_fail (INION_IS_MODEL (self), NULL);
  g_return_val_if_fail (index < self->pipeline->n_classes, NULL);

  return inion_recipe_get_spec (self->recipe)->classes[index].name;
}

/**
 * inion_model_get_n_channels:
 * @self: a model
 *
 * Returns: number of channels of a window
 */
guint
inion_model_get_n_channels (InionModel *self)
{
  g_return_val_if_fail (INION_IS_MODEL (self), 0);

  return self->pipeline->n_channels;
}

/**
 * inion_model_get_channel:
 * @self: a model
 * @index: which channel
 *
 * Returns: (transfer none): its label, after referencing
 */
const char *
inion_model_get_channel (InionModel *self,
                         guint       index)
{
  g_return_val_if_fail (INION_IS_MODEL (self), NULL);
  g_return_val_if_fail (index < self->pipeline->n_channels, NULL);

  return self->channels[index];
}

/**
 * inion_model_get_rate_hz:
 * @self: a model
 *
 * Returns: sampling rate of a window, Hz
 */
double
inion_model_get_rate_hz (InionModel *self)
{
  g_return_val_if_fail (INION_IS_MODEL (self), 0);

  return self->rate_hz;
}

/**
 * inion_model_get_n_samples:
 * @self: a model
 *
 * Returns: length of a window, samples
 */
guint
inion_model_get_n_samples (InionModel *self)
{
  g_return_val_if_fail (INION_IS_MODEL (self), 0);

  return self->n_samples;
}

/**
 * inion_model_get_fingerprint:
 * @self: a model
 *
 * Returns: (transfer none): SHA-256 of what it was fitted on, in hex
 */
const char *
inion_model_get_fingerprint (InionModel *self)
{
  g_return_val_if_fail (INION_IS_MODEL (self), NULL);

  return self->fingerprint;
}

/**
 * inion_model_get_n_patterns:
 * @self: a model
 *
 * Returns: number of spatial filters, 0 if the recipe has none
 */
guint
inion_model_get_n_patterns (InionModel *self)
{
  g_return_val_if_fail (INION_IS_MODEL (self), 0);

  return self->n_patterns;
}

/**
 * inion_model_get_pattern:
 * @self: a model
 * @index: which spatial filter's
 *
 * Returns: (transfer none): how that source shows on the channels [n_channels]
 */
const double *
inion_model_get_pattern (InionModel *self,
                         guint       index)
{
  g_return_val_if_fail (INION_IS_MODEL (self), NULL);
  g_return_val_if_fail (index < self->n_patterns, NULL);

  return self->patterns + (gsize) index * self->pipeline->n_channels;
}

/**
 * inion_model_dup_pattern_title:
 * @self: a model
 * @index: which pattern
 *
 * Returns: (transfer full): its number and the class with more power in it: "CSP 1 · left"
 */
char *
inion_model_dup_pattern_title (InionModel *self,
                               guint       index)
{
  g_return_val_if_fail (INION_IS_MODEL (self), NULL);
  g_return_val_if_fail (index < self->n_patterns, NULL);

  return g_strdup_printf ("CSP %u · %s", index + 1,
                          inion_model_get_class (self, self->pattern_class[index]));
}
