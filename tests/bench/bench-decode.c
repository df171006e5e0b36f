/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ten folds of decoders on 288 trials of 22 channels and 750 samples: from the trials to the
 * decisions, and once more a permutation of the labels.
 *
 * Trials of class 1 have more power in the last channels and less in the first, so that there is
 * something to find. */

#include "bench-kit.h"

#include "core/init.h"
#include "core/parallel.h"
#include "core/random.h"
#include "decode/pipeline.h"

#define TRIALS 288
#define CHANNELS 22
#define SAMPLES 750
#define RATE 250.0
#define FOLDS 10
#define PERMUTATIONS 20

typedef struct
{
  guint train[TRIALS], test[TRIALS];
  guint n_train, n_test;
  InionPrepared *prepared;
  guint n_correct;
} Fold;

typedef struct
{
  InionRecipeSpec *spec;
  double *x;               /* [TRIALS × CHANNELS × SAMPLES] */
  guint labels[TRIALS];
  InionTrials trials;
  Fold folds[FOLDS];
  gboolean keep;           /* what does not depend on labels, for permutations */
  InionRandom random;
} Bench;

static void
make_trials (Bench *bench)
{
  bench->x = g_new (double, (gsize) TRIALS * CHANNELS * SAMPLES);
  for (guint t = 0; t < TRIALS; t++)
    {
      double strength = 0.25 * inion_random_uniform (&bench->random) - 0.08;

      bench->labels[t] = t % 2;
      for (guint c = 0; c < CHANNELS; c++)
        for (guint i = 0; i < SAMPLES; i++)
          {
            double gain = 1 + strength * (bench->labels[t] == 1 ? c : CHANNELS - 1 - c) / CHANNELS;
            double shared = sin (0.21 * i + 0.7 * t) * cos (0.3 * c);

            bench->x[((gsize) t * CHANNELS + c) * SAMPLES + i] =
              5 * (gain * inion_random_normal (&bench->random) + shared);
          }
    }
  for (guint f = 0; f < FOLDS; f++)
    for (guint t = 0; t < TRIALS; t++)
      {
        Fold *fold = &bench->folds[f];

        if (t / 2 % FOLDS == f)
          fold->test[fold->n_test++] = t;
        else
          fold->train[fold->n_train++] = t;
      }
}

static gboolean
measure_trial (gsize      index,
               gpointer   data,
               GError   **error)
{
  Bench *bench = data;

  return inion_trials_set (&bench->trials, (guint) index,
                           bench->x + index * CHANNELS * SAMPLES, error);
}

static gboolean
run_fold (gsize      index,
          gpointer   data,
          GError   **error)
{
  Bench *bench = data;
  Fold *fold = &bench->folds[index];
  g_autoptr (InionPipeline) pipeline = NULL;

  if (fold->prepared == NULL)
    fold->prepared = inion_prepared_new (bench->spec, &bench->trials, 2, fold->train, fold->n_train,
                                         fold->test, fold->n_test, error);
  if (fold->prepared == NULL)
    return FALSE;
  pipeline = inion_pipeline_fit (fold->prepared, fold->train, fold->n_train, bench->labels, error);
  if (pipeline == NULL)
    return FALSE;
  fold->n_correct = 0;
  for (guint i = 0; i < fold->n_test; i++)
    {
      double p[2];

      if (!inion_pipeline_predict_prepared (pipeline, fold->prepared, fold->test[i], p, error))
        return FALSE;
      fold->n_correct += (p[1] > p[0]) == (bench->labels[fold->test[i]] == 1);
    }
  if (!bench->keep)
    g_clear_pointer (&fold->prepared, inion_prepared_free);
  return TRUE;
}

static void
cross_validate (gpointer data)
{
  Bench *bench = data;
  g_autoptr (GError) error = NULL;

  inion_trials_clear (&bench->trials);
  if (!inion_trials_init (&bench->trials, bench->spec, TRIALS, CHANNELS, SAMPLES, RATE, &error) ||
      !inion_parallel_for (TRIALS, measure_trial, bench, NULL, &error) ||
      !inion_parallel_for (FOLDS, run_fold, bench, NULL, &error))
    bench_die ("folds", error);
}

static void
permute (gpointer data)
{
  Bench *bench = data;
  g_autoptr (GError) error = NULL;

  for (guint k = 0; k < PERMUTATIONS; k++)
    {
      for (guint t = TRIALS - 1; t > 0; t--)
        {
          guint other = (guint) inion_random_below (&bench->random, t + 1);
          guint label = bench->labels[t];

          bench->labels[t] = bench->labels[other];
          bench->labels[other] = label;
        }
      if (!inion_parallel_for (FOLDS, run_fold, bench, NULL, &error))
        bench_die ("permutation", error);
    }
}

static double
get_accuracy (const Bench *bench)
{
  guint n = 0;

  for (guint f = 0; f < FOLDS; f++)
    n += bench->folds[f].n_correct;
  return 100.0 * n / TRIALS;
}

static void
measure (const char         *key,
         InionFeatureType    feature,
         InionClassifierType classifier)
{
  g_autoptr (InionRecipe) standard = inion_recipe_new_default ();
  g_autofree Bench *bench = g_new0 (Bench, 1);
  g_autofree char *permutation = g_strconcat (key, ".permutation", NULL);
  g_autofree char *note = NULL;
  double ms[5], median;

  inion_random_seed (&bench->random, 5, 0);
  bench->spec = inion_recipe_spec_copy (inion_recipe_get_spec (standard));
  bench->spec->features[0].type = feature;
  bench->spec->features[0].components = 4;
  bench->spec->classifier = classifier;
  make_trials (bench);
  cross_validate (bench);
  note = g_strdup_printf ("accuracy %.1f %%", get_accuracy (bench));
  bench_repeat (key, 7, cross_validate, bench, note);
  bench->keep = TRUE;
  cross_validate (bench);
  for (guint i = 0; i < G_N_ELEMENTS (ms); i++)
    {
      double start = bench_wall_ms ();

      permute (bench);
      ms[i] = (bench_wall_ms () - start) / PERMUTATIONS;
    }
  median = bench_median (ms, G_N_ELEMENTS (ms));
  bench_row (permutation, median, "ms", "best %.4g; all folds, of %d",
             ms[0], PERMUTATIONS);

  for (guint f = 0; f < FOLDS; f++)
    g_clear_pointer (&bench->folds[f].prepared, inion_prepared_free);
  inion_trials_clear (&bench->trials);
  inion_recipe_spec_free (bench->spec);
  g_free (bench->x);
}

int
main (void)
{
  inion_init ();
  measure ("decode.csp4_lda.10fold", INION_FEATURE_CSP, INION_CLASSIFIER_LDA);
  measure ("decode.tangent_lr.10fold", INION_FEATURE_TANGENT_SPACE, INION_CLASSIFIER_LOGISTIC);
  return 0;
}
