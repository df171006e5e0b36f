/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Features and classifier of a recipe, fitted to the training examples and to nothing else.
 *
 * First what needs no labels: the subspace in which the training examples have variance (an
 * average reference or a bridge takes a dimension away), a floor for powers, the mean covariance
 * that tangent vectors are seen from. Then what needs them: spatial filters and the classifier.
 * A permutation test repeats only the second part. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/pipeline-private.h"

#include "decode/covariance.h"
#include "decode/csp.h"
#include "decode/lda.h"
#include "decode/logistic.h"
#include "decode/spd.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#define RANK_TOLERANCE 1e-10
#define FEWEST_IN_CLASS 2

static void
feature_clear (InionFeatureFit *feature)
{
  g_clear_pointer (&feature->filters, g_free);
  g_clear_pointer (&feature->class_of, g_free);
  g_clear_pointer (&feature->whitener, g_free);
}

static void
pipeline_clear (InionPipeline *self)
{
  for (guint f = 0; self->features != NULL && f < self->n_features; f++)
    feature_clear (&self->features[f]);
  g_clear_pointer (&self->features, g_free);
  g_clear_pointer (&self->basis, g_free);
  g_clear_pointer (&self->covariance, g_free);
  inion_linear_clear (&self->linear);
  inion_mdm_clear (&self->mdm);
}

/**
 * inion_pipeline_free:
 * @self: (transfer full): the pipeline
 */
void
inion_pipeline_free (InionPipeline *self)
{
  pipeline_clear (self);
  g_free (self);
}

/* Mean covariance, subspace and floor of the training examples. */
static gboolean
find_subspace (InionPipeline      *self,
               const InionTrials  *trials,
               const guint        *train,
               guint               n_train,
               GError            **error)
{
  guint n = self->n_channels;
  gsize size = (gsize) n * n;
  double trace = 0;

  self->covariance = g_new0 (double, size);
  self->basis = g_new0 (double, size);
  for (guint i = 0; i < n_train; i++)
    cblas_daxpy ((int) size, 1.0 / n_train, inion_trials_get_covariance (trials, train[i]), 1,
                 self->covariance, 1);
  self->rank = inion_spd_range (self->covariance, n, RANK_TOLERANCE, self->basis, error);
  if (self->rank == 0)
    return FALSE;
  if (self->rank == n)
    g_clear_pointer (&self->basis, g_free);
  for (guint i = 0; i < n; i++)
    trace += self->covariance[(gsize) i * n + i];
  self->floor = INION_PIPELINE_FLOOR * trace / n;
  if (!(self->floor > G_MINDOUBLE))
    return inion_set_error (error, INION_ERROR_NUMERIC,
                            "The signal of the examples is too small to work with.");
  return TRUE;
}

static gboolean
check_features (const InionRecipeSpec  *spec,
                GError                **error)
{
  gboolean mdm = spec->classifier == INION_CLASSIFIER_MDM;

  if (spec->n_features == 0)
    return inion_set_error (error, INION_ERROR_INVALID, "The recipe has no feature.");
  for (guint f = 0; f < spec->n_features; f++)
    {
      if ((spec->features[f].type == INION_FEATURE_COVARIANCE) != mdm || (mdm && f > 0))
        return inion_set_error (error, INION_ERROR_INVALID,
                                "The classifier “mdm” works on one feature “covariance” and on no "
                                "other, and nothing else works on that feature.");
    }
  return TRUE;
}

/**
 * inion_pipeline_describe:
 * @self: a pipeline whose channels, classes and rank are known
 * @spec: the recipe
 * @error: return location
 *
 * Lays out the feature vector: which block has how many numbers.
 *
 * Returns: %FALSE with %INION_ERROR_INVALID where the recipe's features do not fit its classifier
 */
gboolean
inion_pipeline_describe (InionPipeline          *self,
                         const InionRecipeSpec  *spec,
                         GError                **error)
{
  guint r = self->rank, band = 0;

  if (!check_features (spec, error))
    return FALSE;
  self->n_features = spec->n_features;
  self->features = g_new0 (InionFeatureFit, spec->n_features);
  for (guint f = 0; f < spec->n_features; f++)
    {
      const InionRecipeFeature *wanted = &spec->features[f];
      InionFeatureFit *feature = &self->features[f];

      feature->type = wanted->type;
      feature->shrinkage = wanted->shrinkage;
      if (wanted->type == INION_FEATURE_CSP)
        {
          if (wanted->components == 0)
            return inion_set_error (error, INION_ERROR_INVALID,
                                    "CSP needs at least one component.");
          feature->n_outputs = inion_csp_count (self->n_classes, r, wanted->components);
        }
      else if (wanted->type == INION_FEATURE_LOG_VARIANCE)
        {
          feature->n_outputs = self->n_channels;
        }
      else if (wanted->type == INION_FEATURE_BAND_POWER)
        {
          feature->first_band = band;
          feature->n_bands = wanted->n_bands;
          feature->n_outputs = wanted->n_bands * self->n_channels;
          band += wanted->n_bands;
        }
      else
        {
          feature->n_outputs = wanted->type == INION_FEATURE_COVARIANCE ? r * r : r * (r + 1) / 2;
        }
      self->n_outputs += feature->n_outputs;
    }
  return TRUE;
}

/* The mean from which tangent vectors are seen: of the training examples only. */
static gboolean
find_whitener (InionPipeline      *self,
               InionFeatureFit    *feature,
               const InionTrials  *trials,
               const guint        *train,
               guint               n_train,
               GError            **error)
{
  gsize size = (gsize) self->rank * self->rank;
  g_autofree double *matrices = g_new (double, (n_train + 1) * size);
  g_autofree const double **list = g_new (const double *, n_train);
  double *mean = matrices + n_train * size;

  for (guint i = 0; i < n_train; i++)
    {
      _inion_pipeline_regular_covariance (self, trials, train[i], feature->shrinkage, matrices +
                                          i * size);
      list[i] = matrices + i * size;
    }
  feature->whitener = g_new0 (double, size);
  return inion_spd_mean (list, n_train, self->rank, mean, error) &&
         inion_spd_roots (mean, self->rank, NULL, feature->whitener, error);
}

/**
 * inion_prepared_free:
 * @self: (transfer full): the prepared fold
 */
void
inion_prepared_free (InionPrepared *self)
{
  pipeline_clear (&self->base);
  g_free (self->rows);
  g_free (self);
}

static gboolean
prepare (InionPrepared  *self,
         const guint    *train,
         guint           n_train,
         const guint    *test,
         guint           n_test,
         GError        **error)
{
  InionPipeline *base = &self->base;

  if (n_train < FEWEST_IN_CLASS * base->n_classes)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "%u %s too few to fit a model of %u classes on: each class needs at "
                            "least %d. Mark more events or add recordings.",
                            n_train, n_train == 1 ? "example is" : "examples are", base->n_classes,
                            FEWEST_IN_CLASS);
  if (!find_subspace (base, self->trials, train, n_train, error) ||
      !inion_pipeline_describe (base, self->spec, error))
    return FALSE;
  for (guint f = 0; f < base->n_features; f++)
    {
      if (base->features[f].type == INION_FEATURE_TANGENT_SPACE &&
          !find_whitener (base, &base->features[f], self->trials, train, n_train, error))
        return FALSE;
    }
  self->rows = g_new0 (double, (gsize) self->trials->n * base->n_outputs);
  for (guint k = 0; k < n_train + n_test; k++)
    {
      guint index = k < n_train ? train[k] : test[k - n_train];

      if (!_inion_pipeline_fill_row (base, self->trials, index, FALSE, self->rows +
                                     (gsize) index * base->n_outputs,
                     error))
        return FALSE;
    }
  return TRUE;
}

/**
 * inion_prepared_new:
 * @spec: the recipe; kept by reference
 * @trials: measured examples; kept by reference
 * @n_classes: at least 2
 * @train: (array length=n_train): examples to fit on
 * @n_train: how many
 * @test: (array length=n_test) (nullable): examples to predict later; nothing is fitted on them
 * @n_test: how many
 * @error: return location
 *
 * Fits what needs no labels and computes the features that follow from it.
 *
 * Returns: (transfer full) (nullable): %NULL with %INION_ERROR_TOO_FEW, %INION_ERROR_NUMERIC or
 *   %INION_ERROR_INVALID
 */
InionPrepared *
inion_prepared_new (const InionRecipeSpec  *spec,
                    const InionTrials      *trials,
                    guint                   n_classes,
                    const guint            *train,
                    guint                   n_train,
                    const guint            *test,
                    guint                   n_test,
                    GError                **error)
{
  g_autoptr (InionPrepared) self = g_new0 (InionPrepared, 1);

  self->spec = spec;
  self->trials = trials;
  self->base.n_channels = trials->n_channels;
  self->base.n_classes = n_classes;
  self->base.classifier = spec->classifier;
  if (!prepare (self, train, n_train, test, n_test, error))
    return NULL;
  return g_steal_pointer (&self);
}

static InionPipeline *
copy_base (const InionPipeline *base)
{
  InionPipeline *copy = g_memdup2 (base, sizeof (InionPipeline));
  gsize square = (gsize) base->rank * base->rank;
  gsize basis_size = base->basis == NULL ? 0 : (gsize) base->rank * base->n_channels;

  copy->basis = g_memdup2 (base->basis, basis_size * sizeof (double));
  copy->covariance = g_memdup2 (base->covariance,
                                (gsize) base->n_channels * base->n_channels * sizeof (double));
  copy->features = g_memdup2 (base->features, base->n_features * sizeof (InionFeatureFit));
  for (guint f = 0; f < base->n_features; f++)
    {
      if (base->features[f].whitener != NULL)
        copy->features[f].whitener = g_memdup2 (base->features[f].whitener,
                                                square * sizeof (double));
    }
  return copy;
}

/* Second moment of each class's training examples put end to end, in the subspace:
 * [n_classes × rank × rank]. Divided by the number of samples less one, as MNE does. */
static double *
class_powers (const InionPipeline *self,
              const InionTrials   *trials,
              const guint         *train,
              guint                n_train,
              const guint         *labels,
              const guint         *counts)
{
  guint n = self->n_channels, r = self->rank;
  gsize size = (gsize) n * n;
  g_autofree double *sums = g_new0 (double, self->n_classes * size);
  g_autofree double *scratch = NULL;
  double *out;

  for (guint i = 0; i < n_train; i++)
    {
      double *sum = sums + labels[train[i]] * size;
      const double *mean = inion_trials_get_mean (trials, train[i]);
      double n_samples = trials->n_samples;
      double weight = n_samples / (counts[labels[train[i]]] * n_samples - 1.0);

      cblas_daxpy ((int) size, weight, inion_trials_get_covariance (trials, train[i]), 1, sum, 1);
      cblas_dger (CblasRowMajor, (int) n, (int) n, weight, mean, 1, mean, 1, sum, (int) n);
    }
  if (self->basis == NULL)
    return g_steal_pointer (&sums);
  out = g_new (double, self->n_classes * (gsize) r * r);
  scratch = g_new (double, (gsize) r * n);
  for (guint c = 0; c < self->n_classes; c++)
    inion_spd_congruence (self->basis, sums + c * size, r, n, scratch, out + (gsize) c * r * r);
  return out;
}

static gboolean
fit_csp (InionPipeline    *self,
         InionFeatureFit  *feature,
         guint             n_components,
         const double     *powers,
         GError          **error)
{
  guint n = self->n_channels, r = self->rank;
  g_autofree double *inside = g_new (double, (gsize) n_components * r);

  feature->class_of = g_new0 (guint, n_components);
  feature->n_filters = inion_csp_fit (powers, self->n_classes, r, n_components, inside,
                                      feature->class_of, error);
  if (feature->n_filters == 0)
    return FALSE;
  g_assert (feature->n_filters == feature->n_outputs);
  if (self->basis == NULL)
    {
      feature->filters = g_steal_pointer (&inside);
      return TRUE;
    }
  feature->filters = g_new (double, (gsize) feature->n_filters * n);
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (int) feature->n_filters, (int) n,
               (int) r,
               1.0, inside, (int) r, self->basis, (int) n, 0.0, feature->filters, (int) n);
  return TRUE;
}

static gboolean
fit_filters (InionPipeline        *self,
             const InionPrepared  *prepared,
             const guint          *train,
             guint                 n_train,
             const guint          *labels,
             const guint          *counts,
             GError              **error)
{
  g_autofree double *powers = NULL;

  for (guint f = 0; f < self->n_features; f++)
    {
      if (self->features[f].type != INION_FEATURE_CSP)
        continue;
      if (powers == NULL)
        powers = class_powers (self, prepared->trials, train, n_train, labels, counts);
      if (!fit_csp (self, &self->features[f], prepared->spec->features[f].components, powers,
                    error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
fit_classifier (InionPipeline          *self,
                const InionRecipeSpec  *spec,
                const double           *rows,
                const guint            *labels,
                guint                   n,
                GError                **error)
{
  g_autofree const double **matrices = NULL;

  switch (spec->classifier)
    {
    case INION_CLASSIFIER_LDA:
      return inion_lda_fit (&self->linear, rows, labels, n, self->n_outputs, self->n_classes,
                            spec->shrinkage, error);
    case INION_CLASSIFIER_LOGISTIC:
      return inion_logistic_fit (&self->linear, rows, labels, n, self->n_outputs, self->n_classes,
                                 spec->c, error);
    case INION_CLASSIFIER_MDM:
      matrices = g_new (const double *, n);
      for (guint i = 0; i < n; i++)
        matrices[i] = rows + (gsize) i * self->n_outputs;
      return inion_mdm_fit (&self->mdm, matrices, labels, n, self->rank, self->n_classes, error);
    default:
      return inion_set_error (error, INION_ERROR_INVALID, "The recipe's classifier is not known.");
    }
}

/**
 * inion_pipeline_fit:
 * @prepared: what inion_prepared_new() made of the same training examples
 * @train: (array length=n_train): the same training examples
 * @n_train: how many
 * @labels: (array): class of each of the prepared trials, by trial
 * @error: return location
 *
 * Fits spatial filters and classifier.
 *
 * Returns: (transfer full) (nullable): %NULL with %INION_ERROR_TOO_FEW where a class has fewer than
 *   two training examples, or %INION_ERROR_NUMERIC
 */
InionPipeline *
inion_pipeline_fit (const InionPrepared  *prepared,
                    const guint          *train,
                    guint                 n_train,
                    const guint          *labels,
                    GError              **error)
{
  g_autoptr (InionPipeline) self = copy_base (&prepared->base);
  guint p = self->n_outputs;
  g_autofree guint *counts = g_new0 (guint, self->n_classes);
  g_autofree double *rows = g_new (double, (gsize) n_train * p);
  g_autofree guint *own = g_new (guint, n_train);

  for (guint i = 0; i < n_train; i++)
    counts[own[i] = labels[train[i]]]++;
  for (guint c = 0; c < self->n_classes; c++)
    {
      if (counts[c] < FEWEST_IN_CLASS)
        {
          inion_set_error (error, INION_ERROR_TOO_FEW,
                           "The class “%s” has %u %s to fit on and needs at least %d. Mark more of "
                           "its events, add recordings, or use fewer folds.",
                           prepared->spec->classes[c].name, counts[c],
                           counts[c] == 1 ? "example" : "examples", FEWEST_IN_CLASS);
          return NULL;
        }
    }
  if (!fit_filters (self, prepared, train, n_train, labels, counts, error))
    return NULL;
  for (guint i = 0; i < n_train; i++)
    {
      memcpy (rows + (gsize) i * p, prepared->rows + (gsize) train[i] * p, p * sizeof (double));
      _inion_pipeline_fill_row (self, prepared->trials, train[i], TRUE, rows + (gsize) i * p, NULL);
    }
  if (!fit_classifier (self, prepared->spec, rows, own, n_train, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
classify (const InionPipeline  *self,
          const double         *row,
          double               *probabilities,
          GError              **error)
{
  if (self->classifier == INION_CLASSIFIER_MDM)
    return inion_mdm_predict (&self->mdm, row, probabilities, error);
  return inion_linear_predict (&self->linear, row, probabilities, error);
}

/**
 * inion_pipeline_predict_prepared:
 * @self: the pipeline, fitted from @prepared
 * @prepared: the prepared fold
 * @index: a trial that was prepared
 * @probabilities: (out caller-allocates) (array length=n_classes): sum to 1
 * @error: return location
 *
 * Returns: %FALSE with %INION_ERROR_NUMERIC
 */
gboolean
inion_pipeline_predict_prepared (const InionPipeline  *self,
                                 const InionPrepared  *prepared,
                                 guint                 index,
                                 double               *probabilities,
                                 GError              **error)
{
  g_autofree double *row = g_memdup2 (prepared->rows + (gsize) index * self->n_outputs,
                                      self->n_outputs * sizeof (double));

  _inion_pipeline_fill_row (self, prepared->trials, index, TRUE, row, NULL);
  return classify (self, row, probabilities, error);
}

/**
 * inion_pipeline_predict:
 * @self: the pipeline
 * @trials: measured windows
 * @index: which of them
 * @probabilities: (out caller-allocates) (array length=n_classes): sum to 1
 * @error: return location
 *
 * Returns: %FALSE with %INION_ERROR_NUMERIC
 */
gboolean
inion_pipeline_predict (const InionPipeline  *self,
                        const InionTrials    *trials,
                        guint                 index,
                        double               *probabilities,
                        GError              **error)
{
  g_autofree double *row = g_new0 (double, self->n_outputs);

  return _inion_pipeline_fill_row (self, trials, index, FALSE, row, error) &&
         _inion_pipeline_fill_row (self, trials, index, TRUE, row, error) &&
         classify (self, row, probabilities, error);
}
