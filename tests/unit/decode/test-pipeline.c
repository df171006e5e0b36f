/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small hard problems: reduced rank, flat channels, few examples, large and tiny values. */

#include "decode-fixture.h"

#include "core/error.h"
#include "core/init.h"
#include "core/random.h"
#include "decode/pipeline.h"

#include <string.h>

typedef struct
{
  InionRecipeSpec *spec;
  InionTrials trials;
  guint n, n_channels, n_samples, n_classes;
  guint *labels;
  guint *all;
} Problem;

static void
problem_clear (Problem *self)
{
  inion_recipe_spec_free (self->spec);
  inion_trials_clear (&self->trials);
  g_free (self->labels);
  g_free (self->all);
}

static void
draw_recipe (Problem     *self,
             InionRandom *random)
{
  g_autoptr (InionRecipe) standard = inion_recipe_new_default ();
  InionRecipeSpec *spec = self->spec = inion_recipe_spec_copy (inion_recipe_get_spec (standard));
  InionRecipeFeature *feature = &spec->features[0];

  for (guint c = 0; c < spec->n_classes; c++)
    {
      g_free (spec->classes[c].name);
      g_strfreev (spec->classes[c].events);
    }
  g_free (spec->classes);
  spec->n_classes = self->n_classes;
  spec->classes = g_new0 (InionClassDefinition, self->n_classes);
  for (guint c = 0; c < self->n_classes; c++)
    {
      spec->classes[c].name = g_strdup_printf ("class %u", c);
      spec->classes[c].events = g_strsplit ("T", " ", -1);
    }
  feature->type = (InionFeatureType) inion_random_below (random, 5);
  feature->components = 1 + (guint) inion_random_below (random, 9);
  feature->shrinkage = inion_random_below (random, 3) == 0 ? 0 : 0.1;
  if (feature->type == INION_FEATURE_BAND_POWER)
    {
      feature->n_bands = 1;
      feature->bands_hz = g_malloc0 (sizeof *feature->bands_hz);
      feature->bands_hz[0][0] = 10;
      feature->bands_hz[0][1] = 40;
    }
  spec->classifier = feature->type == INION_FEATURE_COVARIANCE ? INION_CLASSIFIER_MDM
                                                               : (InionClassifierType) inion_random_below (random, 2);
  spec->shrinkage = inion_random_below (random, 3) == 0 ? inion_random_uniform (random) : NAN;
  if (inion_random_below (random, 10) == 0)
    spec->shrinkage = 0;
  spec->c = pow (10, -3 + 6 * inion_random_uniform (random));
}

/* Spoils a trial in one of the ways that real signals are spoiled. */
static void
spoil (double      *x,
       guint        kind,
       guint        n_channels,
       guint        n_samples,
       InionRandom *random)
{
  gsize last = (gsize) (n_channels - 1) * n_samples;

  if (kind == 1) /* flat channel */
    memset (x + last, 0, n_samples * sizeof (double));
  if (kind == 2) /* bridge */
    memcpy (x + last, x, n_samples * sizeof (double));
  if (kind == 3) /* constant offset, no variance */
    {
      for (guint t = 0; t < n_samples; t++)
        x[last + t] = 1234.5;
    }
  for (guint t = 0; kind == 4 && t < n_samples; t++) /* average reference */
    {
      double mean = 0;

      for (guint c = 0; c < n_channels; c++)
        mean += x[(gsize) c * n_samples + t] / n_channels;
      for (guint c = 0; c < n_channels; c++)
        x[(gsize) c * n_samples + t] -= mean;
    }
  if (kind == 5 && inion_random_below (random, 4) == 0) /* some trials entirely flat */
    memset (x, 0, (gsize) n_channels * n_samples * sizeof (double));
}

static gboolean
draw_problem (Problem     *self,
              InionRandom *random)
{
  double scale = pow (10, -6 + 12 * inion_random_uniform (random));
  guint kind = (guint) inion_random_below (random, 7);
  g_autofree double *x = NULL;

  memset (self, 0, sizeof *self);
  self->n_classes = 2 + (guint) inion_random_below (random, 3);
  self->n = 1 + (guint) inion_random_below (random, 24);
  self->n_channels = 1 + (guint) inion_random_below (random, 8);
  self->n_samples = 20 + (guint) inion_random_below (random, 30);
  draw_recipe (self, random);
  self->labels = g_new (guint, self->n);
  self->all = g_new (guint, self->n);
  x = g_new (double, self->n_channels * self->n_samples);
  if (!inion_trials_init (&self->trials, self->spec, self->n, self->n_channels, self->n_samples,
                          100, NULL))
    return FALSE;
  for (guint i = 0; i < self->n; i++)
    {
      self->all[i] = i;
      self->labels[i] = kind == 6 ? 0 : (guint) inion_random_below (random, self->n_classes);
      for (guint k = 0; k < self->n_channels * self->n_samples; k++)
        x[k] = scale * inion_random_normal (random) * (1 + self->labels[i]);
      spoil (x, kind, self->n_channels, self->n_samples, random);
      g_assert_true (inion_trials_set (&self->trials, i, x, NULL));
    }
  return TRUE;
}

static void
assert_finite (const double *x,
               gsize         n)
{
  for (gsize i = 0; x != NULL && i < n; i++)
    g_assert_true (isfinite (x[i]));
}

static void
check_pipeline (const InionPipeline *pipeline,
                const Problem       *problem)
{
  gsize rank = pipeline->rank;

  assert_finite (pipeline->basis, rank * problem->n_channels);
  assert_finite (pipeline->linear.weights,
                 (gsize) pipeline->linear.n_rows * pipeline->linear.n_features);
  assert_finite (pipeline->linear.intercepts, pipeline->linear.n_rows);
  assert_finite (pipeline->mdm.inverse_roots, pipeline->mdm.n_classes * rank * rank);
  for (guint f = 0; f < pipeline->n_features; f++)
    {
      assert_finite (pipeline->features[f].filters,
                     (gsize) pipeline->features[f].n_filters * problem->n_channels);
      assert_finite (pipeline->features[f].whitener, rank * rank);
    }
  for (guint i = 0; i < problem->n; i++)
    {
      double p[8], sum = 0;

      g_assert_true (inion_pipeline_predict (pipeline, &problem->trials, i, p, NULL));
      for (guint c = 0; c < problem->n_classes; c++)
        {
          g_assert_true (p[c] >= 0 && p[c] <= 1);
          sum += p[c];
        }
      g_assert_cmpfloat_with_epsilon (sum, 1, 1e-9);
    }
}

/* Two thousand random small problems: a finite model, or a refusal with a name. */
static void
test_never_nan (void)
{
  guint fitted = 0, refused = 0;

  for (guint k = 0; k < 2000; k++)
    {
      InionRandom random;
      Problem problem;
      g_autoptr (InionPrepared) prepared = NULL;
      g_autoptr (InionPipeline) pipeline = NULL;
      g_autoptr (GError) error = NULL;

      inion_random_seed (&random, 99, k);
      g_assert_true (draw_problem (&problem, &random));
      prepared = inion_prepared_new (problem.spec, &problem.trials, problem.n_classes, problem.all,
                                     problem.n,
                                     NULL, 0, &error);
      if (prepared != NULL)
        pipeline = inion_pipeline_fit (prepared, problem.all, problem.n, problem.labels, &error);
      if (pipeline != NULL)
        {
          check_pipeline (pipeline, &problem);
          fitted++;
        }
      else
        {
          g_assert_true (g_error_matches (error, INION_ERROR, INION_ERROR_TOO_FEW) ||
                         g_error_matches (error, INION_ERROR, INION_ERROR_NUMERIC));
          refused++;
        }
      problem_clear (&problem);
    }
  g_test_message ("%u fitted, %u refused", fitted, refused);
  g_assert_cmpuint (fitted, >, 700);
  g_assert_cmpuint (refused, >, 200);
}

/* An average reference takes one dimension; nothing else changes for CSP, which sees the same
 * space. */
static void
test_rank (void)
{
  g_autoptr (InionRecipe) recipe = inion_recipe_new_default ();
  const InionRecipeSpec *spec = inion_recipe_get_spec (recipe);
  guint labels[20], all[20];
  g_autofree double *x = lcg_trials (labels);
  g_auto (InionTrials) trials = { 0 };
  g_autoptr (InionPrepared) prepared = NULL;
  g_autoptr (InionPipeline) pipeline = NULL;
  InionRandom random;

  inion_random_seed (&random, 1, 1);
  g_assert_true (inion_trials_init (&trials, spec, 20, 6, 50, 100, NULL));
  for (guint i = 0; i < 20; i++)
    {
      all[i] = i;
      spoil (x + i * 300, 4, 6, 50, &random);
      g_assert_true (inion_trials_set (&trials, i, x + i * 300, NULL));
    }
  prepared = inion_prepared_new (spec, &trials, 2, all, 20, NULL, 0, NULL);
  g_assert_cmpuint (prepared->base.rank, ==, 5);
  pipeline = inion_pipeline_fit (prepared, all, 20, labels, NULL);
  g_assert_cmpuint (pipeline->features[0].n_filters, ==, 5);
  for (guint i = 0; i < 20; i++)
    {
      double p[2];

      g_assert_true (inion_pipeline_predict_prepared (pipeline, prepared, i, p, NULL));
      g_assert_cmpfloat (p[labels[i]], >, 0.5);
    }
}

/* The whole feature vector of the tangent space against the reference. */
static void
test_tangent (void)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *want = decode_fixture_open (&parser, "decode.json");
  g_autofree double *vectors = decode_fixture_numbers (want, "tangent", 63);
  g_autoptr (InionRecipe) standard = inion_recipe_new_default ();
  g_autoptr (InionRecipeSpec) spec = inion_recipe_spec_copy (inion_recipe_get_spec (standard));
  guint labels[20], all[20];
  g_autofree double *x = lcg_trials (labels);
  g_auto (InionTrials) trials = { 0 };
  g_autoptr (InionPrepared) prepared = NULL;

  spec->features[0].type = INION_FEATURE_TANGENT_SPACE;
  spec->features[0].shrinkage = 0.1;
  g_assert_true (inion_trials_init (&trials, spec, 20, 6, 50, 100, NULL));
  for (guint i = 0; i < 20; i++)
    {
      all[i] = i;
      g_assert_true (inion_trials_set (&trials, i, x + i * 300, NULL));
    }
  prepared = inion_prepared_new (spec, &trials, 2, all, 20, NULL, 0, NULL);
  g_assert_cmpuint (prepared->base.n_outputs, ==, 21);
  assert_close (prepared->rows, vectors, 63, 1e-8);
}

int
main (int   argc,
      char *argv[])
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decode/pipeline/never-nan", test_never_nan);
  g_test_add_func ("/decode/pipeline/rank", test_rank);
  g_test_add_func ("/decode/pipeline/tangent", test_tangent);
  return g_test_run ();
}
