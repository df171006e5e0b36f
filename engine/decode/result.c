/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result: what a model scored on data it had not seen.
 *
 * A result keeps scores, not predictions. The level of chance is what the best blind guess earns:
 * the share of the largest class among the scored examples. For two classes the calibration bins
 * hold the probability of class 1; for more, the probability of every class, each against the rest.
 */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/result.h"

#include "decode/leakage.h"
#include "decode/result-private.h"
#include "decode/statistics.h"

#include <math.h>

struct _InionResult
{
  GObject parent_instance;

  InionResultData *data;
};

G_DEFINE_FINAL_TYPE (InionResult, inion_result, G_TYPE_OBJECT)

static void
fold_free (gpointer data)
{
  InionFold *fold = data;

  g_free (fold->name);
  g_free (fold);
}

InionFold *
_inion_fold_new (const char *name,
                 guint       n,
                 double      accuracy)
{
  InionFold *fold = g_new (InionFold, 1);

  fold->name = g_strdup (name);
  fold->n = n;
  fold->accuracy = accuracy;
  return fold;
}

InionResultData *
_inion_result_data_new (guint n_classes)
{
  InionResultData *data = g_new0 (InionResultData, 1);

  data->n_classes = n_classes;
  data->classes = g_new0 (char *, n_classes + 1);
  data->class_counts = g_new0 (guint, n_classes);
  data->counts = g_new0 (guint, (gsize) n_classes * n_classes);
  data->folds = g_ptr_array_new_with_free_func (fold_free);
  data->findings = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_finding_free);
  for (guint i = 0; i < INION_N_CALIBRATION_BINS; i++)
    {
      data->bins[i].from = (double) i / INION_N_CALIBRATION_BINS;
      data->bins[i].to = (double) (i + 1) / INION_N_CALIBRATION_BINS;
      data->bins[i].mean_probability = NAN;
      data->bins[i].frequency = NAN;
    }
  return data;
}

void
_inion_result_data_free (InionResultData *data)
{
  g_clear_object (&data->recipe);
  g_free (data->fingerprint);
  g_strfreev (data->classes);
  g_free (data->class_counts);
  g_free (data->counts);
  g_ptr_array_unref (data->folds);
  g_ptr_array_unref (data->findings);
  g_free (data);
}

/* The likeliest class; the first of equals. */
static guint
decide (const double *probabilities,
        guint         n_classes)
{
  guint best = 0;

  for (guint i = 1; i < n_classes; i++)
    if (probabilities[i] > probabilities[best] || isnan (probabilities[best]))
      best = i;
  return best;
}

static void
count_predictions (InionResultData       *data,
                   const InionResultInput *input)
{
  g_autofree guint *right = g_new0 (guint, input->n_folds);
  g_autofree guint *scored = g_new0 (guint, input->n_folds);

  for (gsize i = 0; i < input->n; i++)
    {
      guint predicted = decide (&input->probabilities[i * input->n_classes], input->n_classes);

      data->counts[input->truth[i] * input->n_classes + predicted]++;
      scored[input->fold_of[i]]++;
      right[input->fold_of[i]] += predicted == input->truth[i] ? 1 : 0;
    }
  for (guint f = 0; f < input->n_folds; f++)
    g_ptr_array_add (data->folds,
                     _inion_fold_new (input->fold_names[f], scored[f],
                                      scored[f] > 0 ? (double) right[f] / scored[f] : NAN));
}

/* Counts sums in frequency and mean_probability first; divides at the end. */
static void
calibrate (InionResultData        *data,
           const InionResultInput *input)
{
  guint first = input->n_classes == 2 ? 1 : 0;

  for (gsize i = 0; i < input->n; i++)
    for (guint c = first; c < input->n_classes; c++)
      {
        double p = input->probabilities[i * input->n_classes + c];
        InionCalibrationBin *bin;

        if (!(p >= 0 && p <= 1))
          continue;
        bin = &data->bins[MIN ((guint) (p * INION_N_CALIBRATION_BINS),
                               INION_N_CALIBRATION_BINS - 1)];
        if (bin->n++ == 0)
          bin->mean_probability = bin->frequency = 0;
        bin->mean_probability += p;
        bin->frequency += input->truth[i] == c ? 1 : 0;
      }
  for (guint i = 0; i < INION_N_CALIBRATION_BINS; i++)
    {
      data->bins[i].mean_probability /= data->bins[i].n;
      data->bins[i].frequency /= data->bins[i].n;
    }
}

static void
score (InionResultData        *data,
       const InionResultInput *input)
{
  guint k = input->n_classes;
  guint right = 0, largest = 0;

  for (guint i = 0; i < k; i++)
    {
      guint row = 0;

      for (guint j = 0; j < k; j++)
        row += data->counts[i * k + j];
      largest = MAX (largest, row);
      right += data->counts[i * k + i];
    }
  data->accuracy = inion_score_accuracy (data->counts, k);
  data->balanced_accuracy = inion_score_balanced_accuracy (data->counts, k);
  data->kappa = inion_score_kappa (data->counts, k);
  data->auc = inion_score_auc (input->truth, input->probabilities, input->n, k);
  data->brier = inion_score_brier (input->truth, input->probabilities, input->n, k);
  inion_interval_wilson (right, (guint) input->n, &data->confidence_95[0],
                         &data->confidence_95[1]);
  data->chance_level = input->n > 0 ? (double) largest / (double) input->n : NAN;
  data->chance_bound_95 = inion_chance_bound ((guint) input->n, data->chance_level);
}

static void
inion_result_finalize (GObject *object)
{
  InionResult *self = INION_RESULT (object);

  g_clear_pointer (&self->data, _inion_result_data_free);
  G_OBJECT_CLASS (inion_result_parent_class)->finalize (object);
}

static void
inion_result_class_init (InionResultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_result_finalize;
}

static void
inion_result_init (InionResult *self)
{
}

/**
 * inion_result_new:
 * @input: predictions on examples that were not fitted on; copied
 *
 * Computes every score of a result.
 *
 * Returns: (transfer full): the result
 */
InionResult *
inion_result_new (const InionResultInput *input)
{
  InionResult *self;
  InionResultData *data;

  g_return_val_if_fail (input->n_classes >= 2 && input->n <= G_MAXUINT, NULL);
  for (gsize i = 0; i < input->n; i++)
    g_return_val_if_fail (input->truth[i] < input->n_classes &&
                          input->fold_of[i] < input->n_folds, NULL);

  self = g_object_new (INION_TYPE_RESULT, NULL);
  self->data = data = _inion_result_data_new (input->n_classes);
  data->recipe = g_object_ref (input->recipe);
  data->fingerprint = g_strdup (input->fingerprint);
  data->permutation_p = input->permutation_p;
  for (guint i = 0; i < input->n_classes; i++)
    {
      data->classes[i] = g_strdup (input->classes[i]);
      data->class_counts[i] = input->class_counts[i];
    }
  for (guint i = 0; input->findings != NULL && i < input->findings->len; i++)
    {
      const InionFinding *finding = g_ptr_array_index (input->findings, i);

      g_ptr_array_add (data->findings,
                       inion_finding_new (finding->rule, finding->severity, "%s", finding->text));
    }
  count_predictions (data, input);
  calibrate (data, input);
  score (data, input);
  return self;
}

/**
 * inion_result_new_from_json:
 * @json: (array length=length): the text, at most 16 MiB
 * @length: its length in bytes, or -1 if it ends with a nul
 * @error: return location: as for inion_recipe_new_from_json()
 *
 * Reads a result. Keys, types and sizes are checked; the message names the key.
 *
 * Returns: (transfer full) (nullable): the result
 */
InionResult *
inion_result_new_from_json (const char  *json,
                            gssize       length,
                            GError     **error)
{
  InionResultData *data;
  InionResult *self;

  g_return_val_if_fail (json != NULL, NULL);

  data = _inion_result_data_from_json (json, length, error);
  if (data == NULL)
    return NULL;
  self = g_object_new (INION_TYPE_RESULT, NULL);
  self->data = data;
  return self;
}

/**
 * inion_result_to_json:
 * @self: a result
 *
 * Writes the canonical text: the same predictions give the same bytes.
 *
 * Returns: (transfer full): the text, with a line break at its end
 */
char *
inion_result_to_json (InionResult *self)
{
  g_return_val_if_fail (INION_IS_RESULT (self), NULL);

  return _inion_result_data_to_json (self->data);
}

/**
 * inion_result_dup_claim:
 * @self: a result
 *
 * Says in plain English what the score can and cannot claim: what the scheme estimates and for
 * whom, how sure it is, and whether it can be told from chance.
 *
 * Returns: (transfer full): a few sentences
 */
char *
inion_result_dup_claim (InionResult *self)
{
  g_return_val_if_fail (INION_IS_RESULT (self), NULL);

  return _inion_result_data_claim (self->data);
}

/**
 * inion_result_dup_claim_lines:
 * @self: a result
 *
 * Returns: (transfer full): what inion_result_dup_claim() says, one sentence a line
 */
char *
inion_result_dup_claim_lines (InionResult *self)
{
  g_return_val_if_fail (INION_IS_RESULT (self), NULL);

  return _inion_result_data_claim_lines (self->data);
}

/**
 * inion_result_get_recipe:
 * @self: a result
 *
 * Returns: (transfer none): the recipe that was scored
 */
InionRecipe *
inion_result_get_recipe (InionResult *self)
{
  return self->data->recipe;
}

/**
 * inion_result_get_fingerprint:
 * @self: a result
 *
 * Returns: (transfer none): SHA-256 of recipe, recordings and labels
 */
const char *
inion_result_get_fingerprint (InionResult *self)
{
  return self->data->fingerprint;
}

/**
 * inion_result_get_scheme:
 * @self: a result
 *
 * Returns: (transfer none): the validation scheme: "leave-one-recording-out"
 */
const char *
inion_result_get_scheme (InionResult *self)
{
  return inion_scheme_to_string (inion_recipe_get_spec (self->data->recipe)->scheme);
}

/**
 * inion_result_get_accuracy:
 * @self: a result
 *
 * Returns: share of right predictions, 0–1; NAN without predictions
 */
double
inion_result_get_accuracy (InionResult *self)
{
  return self->data->accuracy;
}

/**
 * inion_result_get_balanced_accuracy:
 * @self: a result
 *
 * Returns: mean recall of the classes that occur, 0–1; NAN without predictions
 */
double
inion_result_get_balanced_accuracy (InionResult *self)
{
  return self->data->balanced_accuracy;
}

/**
 * inion_result_get_kappa:
 * @self: a result
 *
 * Returns: Cohen's κ, at most 1
 */
double
inion_result_get_kappa (InionResult *self)
{
  return self->data->kappa;
}

/**
 * inion_result_get_auc:
 * @self: a result
 *
 * Returns: area under the ROC curve, 0–1; NAN if not defined
 */
double
inion_result_get_auc (InionResult *self)
{
  return self->data->auc;
}

/**
 * inion_result_get_confidence_95:
 * @self: a result
 * @low: (out) (optional): lower end, 0–1
 * @high: (out) (optional): upper end, 0–1
 *
 * The Wilson interval of the accuracy, which takes the predictions as independent.
 */
void
inion_result_get_confidence_95 (InionResult *self,
                                double      *low,
                                double      *high)
{
  if (low != NULL)
    *low = self->data->confidence_95[0];
  if (high != NULL)
    *high = self->data->confidence_95[1];
}

/**
 * inion_result_get_chance_level:
 * @self: a result
 *
 * Returns: accuracy of always naming the largest class, 0–1; NAN without predictions
 */
double
inion_result_get_chance_level (InionResult *self)
{
  return self->data->chance_level;
}

/**
 * inion_result_get_chance_bound_95:
 * @self: a result
 *
 * Returns: accuracy that guessing exceeds in at most one of twenty experiments, 0–1
 */
double
inion_result_get_chance_bound_95 (InionResult *self)
{
  return self->data->chance_bound_95;
}

/**
 * inion_result_get_permutation_p:
 * @self: a result
 *
 * Returns: p of the permutation test; NAN if it was not run
 */
double
inion_result_get_permutation_p (InionResult *self)
{
  return self->data->permutation_p;
}

/**
 * inion_result_get_n_examples:
 * @self: a result
 *
 * Returns: number of labelled examples of all classes
 */
guint
inion_result_get_n_examples (InionResult *self)
{
  guint n = 0;

  for (guint i = 0; i < self->data->n_classes; i++)
    n += self->data->class_counts[i];
  return n;
}

/**
 * inion_result_get_n_classes:
 * @self: a result
 *
 * Returns: number of classes
 */
guint
inion_result_get_n_classes (InionResult *self)
{
  return self->data->n_classes;
}

/**
 * inion_result_get_class:
 * @self: a result
 * @index: which class
 *
 * Returns: (transfer none): its name
 */
const char *
inion_result_get_class (InionResult *self,
                        guint        index)
{
  g_return_val_if_fail (index < self->data->n_classes, NULL);

  return self->data->classes[index];
}

/**
 * inion_result_get_class_count:
 * @self: a result
 * @index: which class
 *
 * Returns: number of examples of the class
 */
guint
inion_result_get_class_count (InionResult *self,
                              guint        index)
{
  g_return_val_if_fail (index < self->data->n_classes, 0);

  return self->data->class_counts[index];
}

/**
 * inion_result_get_count:
 * @self: a result
 * @truth: a class
 * @predicted: a class
 *
 * Returns: how many examples of @truth were taken for @predicted
 */
guint
inion_result_get_count (InionResult *self,
                        guint        truth,
                        guint        predicted)
{
  g_return_val_if_fail (truth < self->data->n_classes, 0);
  g_return_val_if_fail (predicted < self->data->n_classes, 0);

  return self->data->counts[truth * self->data->n_classes + predicted];
}

/**
 * inion_result_get_brier:
 * @self: a result
 *
 * Returns: Brier score of the probabilities, 0–1, 0 for perfect; NAN without predictions
 */
double
inion_result_get_brier (InionResult *self)
{
  return self->data->brier;
}

/**
 * inion_result_get_calibration_bin:
 * @self: a result
 * @index: which bin, below %INION_N_CALIBRATION_BINS
 *
 * Returns: (transfer none): how often what was said with these probabilities was so
 */
const InionCalibrationBin *
inion_result_get_calibration_bin (InionResult *self,
                                  guint        index)
{
  g_return_val_if_fail (index < INION_N_CALIBRATION_BINS, NULL);

  return &self->data->bins[index];
}

/**
 * inion_result_get_n_folds:
 * @self: a result
 *
 * Returns: number of folds
 */
guint
inion_result_get_n_folds (InionResult *self)
{
  return self->data->folds->len;
}

/**
 * inion_result_get_fold:
 * @self: a result
 * @index: which fold
 *
 * Returns: (transfer none): its name, size and accuracy
 */
const InionFold *
inion_result_get_fold (InionResult *self,
                       guint        index)
{
  g_return_val_if_fail (index < self->data->folds->len, NULL);

  return g_ptr_array_index (self->data->folds, index);
}

/**
 * inion_result_get_n_findings:
 * @self: a result
 *
 * Returns: number of leakage and confound findings
 */
guint
inion_result_get_n_findings (InionResult *self)
{
  return self->data->findings->len;
}

/**
 * inion_result_get_finding:
 * @self: a result
 * @index: which finding
 *
 * Returns: (transfer none): what would make the score say more than the data earned
 */
const InionFinding *
inion_result_get_finding (InionResult *self,
                          guint        index)
{
  g_return_val_if_fail (index < self->data->findings->len, NULL);

  return g_ptr_array_index (self->data->findings, index);
}
