/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The honest score: every example is predicted by a model that has not seen it.
 *
 * Folds run in parallel and write to their own examples. The permutation test (Ojala and Garriga
 * 2010, test 1) repeats the whole fitting with shuffled labels. Labels move only within a
 * recording, and within a block where the folds are blocks, so that a difference between recordings
 * is in the null as well as in the score. Permutation p takes its own random stream p: the result
 * does not depend on threads. Folds are prepared one after the other, and all permutations use what
 * of a fold needs no labels; a permuted fold that cannot be fitted (a class left without examples)
 * predicts its most frequent training class. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/evaluation.h"

#include "core/error.h"
#include "core/parallel.h"
#include "core/random.h"
#include "core/size.h"
#include "decode/folds.h"
#include "decode/leakage.h"
#include "decode/pipeline.h"
#include "decode/statistics.h"

#include <math.h>
#include <string.h>

#define PERMUTATION_STREAM 0x7065726d

typedef struct
{
  InionRecipe *recipe;
  const InionRecipeSpec *spec;
  InionExampleSet *examples;
  InionTrials trials;
  GPtrArray *folds;
  guint n;
  guint k;                  /* classes */
  guint *labels;            /* [n] */
  double *probabilities;    /* [n × k], by example */
  gint *fold_of;            /* [n]; −1: never tested */
  /* permutations */
  guint *permuted;          /* [permutations × n] */
  guint *correct;           /* [permutations] */
  const InionFoldPlan *fold;
  InionPrepared *prepared;
} Evaluation;

static void
evaluation_clear (Evaluation *self)
{
  inion_trials_clear (&self->trials);
  g_clear_pointer (&self->folds, g_ptr_array_unref);
  g_free (self->labels);
  g_free (self->probabilities);
  g_free (self->fold_of);
  g_free (self->permuted);
  g_free (self->correct);
}

static guint
best_class (const double *probabilities,
            guint         k)
{
  guint best = 0;

  for (guint c = 1; c < k; c++)
    {
      if (probabilities[c] > probabilities[best])
        best = c;
    }
  return best;
}

static gboolean
score_fold (gsize      index,
            gpointer   data,
            GError   **error)
{
  Evaluation *self = data;
  const InionFoldPlan *fold = g_ptr_array_index (self->folds, index);
  g_autoptr (InionPrepared) prepared = NULL;
  g_autoptr (InionPipeline) pipeline = NULL;

  prepared = inion_prepared_new (self->spec, &self->trials, self->k, fold->train, fold->n_train,
                                 fold->test, fold->n_test, error);
  if (prepared != NULL)
    pipeline = inion_pipeline_fit (prepared, fold->train, fold->n_train, self->labels, error);
  if (pipeline == NULL)
    {
      g_prefix_error (error, "%s, the part to train on: ", fold->name);
      return FALSE;
    }
  for (guint i = 0; i < fold->n_test; i++)
    {
      guint example = fold->test[i];

      if (!inion_pipeline_predict_prepared (pipeline, prepared, example,
                                            self->probabilities + (gsize) example * self->k, error))
        return FALSE;
      self->fold_of[example] = (gint) index;
    }
  return TRUE;
}

/* The group that an example's label may move in. */
static guint
group_of (const Evaluation *self,
          guint             example)
{
  guint source = inion_example_set_get_source (self->examples, example);
  gboolean blocks = self->spec->scheme == INION_SCHEME_BLOCKED_K_FOLD ||
                    self->spec->scheme == INION_SCHEME_TRAIN_TEST;

  return blocks ? source * (self->folds->len + 1) + (guint) (self->fold_of[example] + 1) : source;
}

/* Examples are in order of source and time, and so are blocks: groups are runs. */
static void
shuffle_labels (const Evaluation *self,
                guint             permutation,
                guint            *labels)
{
  InionRandom random;

  inion_random_seed (&random, self->spec->seed, (guint64) PERMUTATION_STREAM << 32 | permutation);
  memcpy (labels, self->labels, self->n * sizeof (guint));
  for (guint first = 0, end; first < self->n; first = end)
    {
      for (end = first + 1; end < self->n && group_of (self, end) == group_of (self, first); end++)
        ;
      inion_random_shuffle (&random, labels + first, end - first);
    }
}

static guint
most_frequent (const Evaluation *self,
               const guint      *labels)
{
  g_autofree double *counts = g_new0 (double, self->k);

  for (guint i = 0; i < self->fold->n_train; i++)
    counts[labels[self->fold->train[i]]] += 1;
  return best_class (counts, self->k);
}

static gboolean
score_permutation (gsize      index,
                   gpointer   data,
                   GError   **error)
{
  Evaluation *self = data;
  const guint *labels = self->permuted + index * self->n;
  g_autoptr (InionPipeline) pipeline = inion_pipeline_fit (self->prepared, self->fold->train,
                                                           self->fold->n_train, labels, NULL);
  g_autofree double *p = g_new (double, self->k);
  guint fallback = pipeline == NULL ? most_frequent (self, labels) : 0;

  for (guint i = 0; i < self->fold->n_test; i++)
    {
      guint example = self->fold->test[i], predicted = fallback;

      if (pipeline != NULL)
        {
          if (!inion_pipeline_predict_prepared (pipeline, self->prepared, example, p, error))
            return FALSE;
          predicted = best_class (p, self->k);
        }
      self->correct[index] += predicted == labels[example];
    }
  return TRUE;
}

static gboolean
permute (Evaluation  *self,
         double       accuracy,
         guint        n_scored,
         double      *p,
         InionJob    *job,
         GError     **error)
{
  guint count = self->spec->permutations;
  g_autofree double *null_scores = g_new (double, MAX (count, 1));
  gsize size;

  if (!inion_size_mul (&size, count, self->n))
    return inion_set_error (error, INION_ERROR_TOO_LARGE, "There are too many permutations.");
  self->permuted = inion_try_new (guint, size, "the permutations", error);
  if (self->permuted == NULL)
    return FALSE;
  self->correct = g_new0 (guint, count);
  for (guint i = 0; i < count; i++)
    shuffle_labels (self, i, self->permuted + (gsize) i * self->n);
  for (guint f = 0; f < self->folds->len; f++)
    {
      gboolean ok;

      if (job != NULL)
        inion_job_report (job, (double) f / self->folds->len, "Permutation test");
      self->fold = g_ptr_array_index (self->folds, f);
      self->prepared = inion_prepared_new (self->spec, &self->trials, self->k, self->fold->train,
                                           self->fold->n_train, self->fold->test,
                                           self->fold->n_test, error);
      ok = self->prepared != NULL &&
           inion_parallel_for (count, score_permutation, self, job, error);
      g_clear_pointer (&self->prepared, inion_prepared_free);
      if (!ok)
        return FALSE;
    }
  for (guint i = 0; i < count; i++)
    null_scores[i] = (double) self->correct[i] / n_scored;
  *p = inion_permutation_p (accuracy, null_scores, count);
  return TRUE;
}

/* What was scored, in the order of the examples. */
typedef struct
{
  guint n;
  guint *truth;
  guint *fold_of;
  double *probabilities;
  double accuracy;
} Scored;

static void
gather (const Evaluation *self,
        Scored           *scored)
{
  guint correct = 0;

  scored->truth = g_new (guint, self->n);
  scored->fold_of = g_new (guint, self->n);
  scored->probabilities = g_new (double, (gsize) self->n * self->k);
  for (guint i = 0; i < self->n; i++)
    {
      const double *p = self->probabilities + (gsize) i * self->k;

      if (self->fold_of[i] < 0)
        continue;
      scored->truth[scored->n] = self->labels[i];
      scored->fold_of[scored->n] = (guint) self->fold_of[i];
      memcpy (scored->probabilities + (gsize) scored->n * self->k, p, self->k * sizeof (double));
      correct += best_class (p, self->k) == self->labels[i];
      scored->n++;
    }
  scored->accuracy = (double) correct / MAX (scored->n, 1);
}

static InionResult *
make_result (const Evaluation *self,
             const Scored     *scored,
             double            permutation_p,
             GPtrArray        *findings)
{
  g_autofree const char **classes = g_new0 (const char *, self->k + 1);
  g_autofree const char **names = g_new0 (const char *, self->folds->len + 1);
  g_autofree guint *counts = g_new0 (guint, self->k);
  InionResultInput input = {
    .recipe = self->recipe,
    .fingerprint = inion_example_set_get_fingerprint (self->examples),
    .n_classes = self->k,
    .classes = classes,
    .class_counts = counts,
    .n = scored->n,
    .truth = scored->truth,
    .probabilities = scored->probabilities,
    .fold_of = scored->fold_of,
    .n_folds = self->folds->len,
    .fold_names = names,
    .permutation_p = permutation_p,
    .findings = findings,
  };

  for (guint c = 0; c < self->k; c++)
    classes[c] = inion_example_set_get_class (self->examples, c);
  for (guint f = 0; f < self->folds->len; f++)
    names[f] = ((const InionFoldPlan *) g_ptr_array_index (self->folds, f))->name;
  for (guint i = 0; i < self->n; i++)
    counts[self->labels[i]]++;
  return inion_result_new (&input);
}

/* What a person or a limit kept out is part of what a score means. */
static void
note_rejected (InionExampleSet *examples,
               GPtrArray       *findings)
{
  guint n_sources = inion_example_set_get_n_sources (examples), n = 0;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint s = 0; s < n_sources; s++)
    {
      guint rejected = inion_example_set_get_n_rejected (examples, s);

      n += rejected;
      g_string_append_printf (text, "%s%s %u of %u", s == 0 ? "" : ", ",
                              inion_example_set_get_source_name (examples, s), rejected,
                              rejected + inion_example_set_get_n_of_source (examples, s));
    }
  if (n > 0)
    g_ptr_array_add (findings,
                     inion_finding_new ("rejected-examples", "note",
                                        "Examples were rejected for a mark or for their amplitude: "
                                        "%s. The score says nothing about such stretches.",
                                        text->str));
}

static InionResult *
evaluate (Evaluation  *self,
          Scored      *scored,
          InionJob    *job,
          GError     **error)
{
  GDestroyNotify free_finding = (GDestroyNotify) inion_finding_free;
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (free_finding);
  double permutation_p = NAN;

  self->folds = inion_folds_plan (self->recipe, self->examples, error);
  if (self->folds == NULL ||
      !inion_trials_init_from_examples (&self->trials, self->spec, self->examples, job, error) ||
      !inion_parallel_for (self->folds->len, score_fold, self, job, error))
    return NULL;
  gather (self, scored);
  if (self->spec->permutations > 0 &&
      !permute (self, scored->accuracy, scored->n, &permutation_p, job, error))
    return NULL;
  if (!inion_leakage_check (self->recipe, self->examples, self->folds, findings, job, error))
    return NULL;
  note_rejected (self->examples, findings);
  return make_result (self, scored, permutation_p, findings);
}

/**
 * inion_evaluate:
 * @recipe: the recipe
 * @examples: its examples
 * @job: (nullable): progress and cancel
 * @error: return location
 *
 * Cross-validates the recipe as its scheme says, runs its permutation test, and looks for leaks.
 * Everything that is fitted is fitted on the training part of each fold.
 *
 * Returns: (transfer full) (nullable): the result; %NULL with %INION_ERROR_TOO_FEW,
 *   %INION_ERROR_NUMERIC, %INION_ERROR_INVALID, or %G_IO_ERROR_CANCELLED
 */
InionResult *
inion_evaluate (InionRecipe      *recipe,
                InionExampleSet  *examples,
                InionJob         *job,
                GError          **error)
{
  guint n, k;
  Evaluation self = { .recipe = recipe, .examples = examples };
  Scored scored = { 0 };
  InionResult *result;

  g_return_val_if_fail (INION_IS_RECIPE (recipe), NULL);
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (examples), NULL);

  self.n = n = inion_example_set_get_n (examples);
  self.k = k = inion_example_set_get_n_classes (examples);
  self.spec = inion_recipe_get_spec (recipe);
  self.labels = g_new (guint, n);
  self.fold_of = g_new (gint, n);
  self.probabilities = g_new0 (double, (gsize) n * k);
  for (guint i = 0; i < n; i++)
    {
      self.labels[i] = inion_example_set_get_label (examples, i);
      self.fold_of[i] = -1;
    }
  result = evaluate (&self, &scored, job, error);
  evaluation_clear (&self);
  g_free (scored.truth);
  g_free (scored.fold_of);
  g_free (scored.probabilities);
  return result;
}
