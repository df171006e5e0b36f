/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole way to a score: the same bytes on any number of threads, chance where there is nothing.
 * */

#include "decode-scene.h"

#include "core/error.h"
#include "core/init.h"
#include "core/parallel.h"

static gboolean
has_finding (InionResult *result,
             const char  *rule)
{
  for (guint i = 0; i < inion_result_get_n_findings (result); i++)
    {
      if (strcmp (inion_result_get_finding (result, i)->rule, rule) == 0)
        return TRUE;
    }
  return FALSE;
}

static InionResult *
evaluate (InionRecipe        *recipe,
          InionRecording     *recording,
          InionAnnotationSet *annotations)
{
  g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, annotations);
  g_autoptr (GError) error = NULL;
  InionResult *result = inion_evaluate (recipe, examples, NULL, &error);

  g_assert_no_error (error);
  return result;
}

static void
with_permutations (InionRecipeSpec *spec,
                   gpointer         data)
{
  spec->permutations = 60;
  spec->scheme = (InionScheme) GPOINTER_TO_INT (data);
}

/* One, two and five threads write the same result, byte for byte. */
static void
test_threads (void)
{
  static const guint threads[] = { 1, 2, 5 };
  static const InionScheme schemes[] = { INION_SCHEME_BLOCKED_K_FOLD,
                                         INION_SCHEME_STRATIFIED_K_FOLD };

  for (guint s = 0; s < 2; s++)
    {
      g_autoptr (InionRecipe) recipe = scene_recipe (with_permutations,
                                                     GINT_TO_POINTER (schemes[s]));
      g_autofree char *first = NULL;

      for (guint k = 0; k < 3; k++)
        {
          g_autoptr (InionRecording) recording = scene_new (50, 1.2, 51);
          g_autoptr (InionResult) result = NULL;
          g_autofree char *text = NULL;

          inion_parallel_set_n_threads (threads[k]);
          result = evaluate (recipe, recording, NULL);
          text = inion_result_to_json (result);
          if (first == NULL)
            first = g_steal_pointer (&text);
          else
            g_assert_cmpstr (text, ==, first);
        }
      inion_parallel_set_n_threads (0);
    }
}

/* A clear difference is found, and no permutation comes near it. */
static void
test_signal (void)
{
  g_autoptr (InionRecipe) recipe = scene_recipe (with_permutations,
                                                 GINT_TO_POINTER (INION_SCHEME_BLOCKED_K_FOLD));
  g_autoptr (InionRecording) recording = scene_new (60, 4, 52);
  g_autoptr (InionResult) result = evaluate (recipe, recording, NULL);

  g_assert_cmpfloat (inion_result_get_accuracy (result), >, 0.9);
  g_assert_cmpfloat (inion_result_get_permutation_p (result), <, 0.02);
  g_assert_cmpuint (inion_result_get_n_folds (result), ==, 5);
  g_assert_cmpuint (inion_result_get_n_examples (result), ==, 60);
}

/* Without a difference the score is chance: what is fitted has not seen the test part, however many
 * ways there are to fit. p is spread over (0, 1], not gathered at its end. */
static void
test_nothing (void)
{
  g_autoptr (InionRecipe) recipe = scene_recipe (with_permutations,
                                                 GINT_TO_POINTER (INION_SCHEME_BLOCKED_K_FOLD));
  double sum = 0, sum_p = 0;

  for (guint k = 0; k < 20; k++)
    {
      g_autoptr (InionRecording) recording = scene_new (40, 1, 60 + k);
      g_autoptr (InionResult) result = evaluate (recipe, recording, NULL);

      sum += inion_result_get_accuracy (result) / 20;
      sum_p += inion_result_get_permutation_p (result) / 20;
    }
  g_test_message ("mean accuracy %.3f, mean p %.3f", sum, sum_p);
  g_assert_cmpfloat (fabs (sum - 0.5), <, 0.06);
  g_assert_cmpfloat (fabs (sum_p - 0.5), <, 0.2);
}

static void
overlapping (InionRecipeSpec *spec,
             gpointer         data)
{
  spec->from = INION_EXAMPLES_WINDOWS;
  spec->length_s = 1;
  spec->step_s = 0.25;
  spec->overlap = 1;
  spec->window_s[0] = spec->window_s[1] = NAN;
  spec->scheme = (InionScheme) GPOINTER_TO_INT (data);
  spec->features[0].type = INION_FEATURE_TANGENT_SPACE;
  spec->features[0].shrinkage = 0.1;
}

/* 60 stretches of noise with labels drawn by lot; four or more windows share each. */
static double
overlap_null (InionScheme  scheme,
              guint64      seed,
              gboolean    *found)
{
  g_autoptr (InionRecipe) recipe = scene_recipe (overlapping, GINT_TO_POINTER (scheme));
  g_autoptr (InionRecording) recording = scene_new (62, 0, seed);
  g_autoptr (InionAnnotationSet) set = inion_annotation_set_new ();
  g_autoptr (InionResult) result = NULL;
  InionRandom random;

  inion_random_seed (&random, seed, 5);
  for (guint i = 0; i < 60; i++)
    scene_annotate (set, 4 * (i + 1), 1.75, inion_random_below (&random, 2) == 0 ? "T1" : "T2",
                    INION_ORIGIN_PERSON, NULL);
  result = evaluate (recipe, recording, set);
  *found = has_finding (result, "overlapping-windows");
  return inion_result_get_accuracy (result);
}

/* Null construction of the specification: overlapping windows, shuffled, look like knowledge;
 * blocked folds with a margin do not, and the finding names the cause. */
static void
test_overlap (void)
{
  double shuffled = 0, blocked = 0;

  for (guint k = 0; k < 6; k++)
    {
      gboolean found;

      /* events of the scene must not label the windows: they have no length */
      shuffled += overlap_null (INION_SCHEME_STRATIFIED_K_FOLD, 100 + k, &found) / 6;
      g_assert_true (found);
      blocked += overlap_null (INION_SCHEME_BLOCKED_K_FOLD, 100 + k, &found) / 6;
      g_assert_false (found);
    }
  g_test_message ("shuffled %.3f, blocked %.3f", shuffled, blocked);
  g_assert_cmpfloat (shuffled, >, 0.62);
  g_assert_cmpfloat (fabs (blocked - 0.5), <, 0.08);
}

static void
variance (InionRecipeSpec *spec,
          gpointer         data)
{
  spec->scheme = (InionScheme) GPOINTER_TO_INT (data);
  spec->features[0].type = INION_FEATURE_LOG_VARIANCE;
}

/* Amplitude that drifts through the session, and labels that come in two long runs. */
static InionRecording *
drifting (void)
{
  InionMemoryRecording *recording = inion_memory_recording_new (SCENE_RATE, NULL);
  gsize n = 82 * 400;
  g_autofree double *x = g_new (double, n);
  InionRandom random;

  inion_random_seed (&random, 3, 3);
  for (guint c = 0; c < 5; c++)
    {
      for (gsize t = 0; t < n; t++)
        x[t] = 10 * exp (0.8 * (double) t / (double) n) * inion_random_normal (&random);
      inion_memory_recording_add_channel (recording, scene_labels[c], "µV", x, n);
    }
  for (guint e = 0; e < 80; e++)
    inion_memory_recording_add_event (recording, (gint64) (e + 1) * 4 * SECOND_NS, -1,
                                      e / 10 % 4 < 2 ? "T1" : "T2");
  return INION_RECORDING (recording);
}

/* Null construction: drift and labels in blocks. No scheme can undo the design; it must be said. */
static void
test_drift (void)
{
  static const InionScheme schemes[] = { INION_SCHEME_STRATIFIED_K_FOLD,
                                         INION_SCHEME_BLOCKED_K_FOLD };

  for (guint s = 0; s < 2; s++)
    {
      g_autoptr (InionRecipe) recipe = scene_recipe (variance, GINT_TO_POINTER (schemes[s]));
      g_autoptr (InionRecording) recording = drifting ();
      g_autoptr (InionResult) result = evaluate (recipe, recording, NULL);

      g_test_message ("%s: %.3f", inion_result_get_scheme (result),
                      inion_result_get_accuracy (result));
      g_assert_true (has_finding (result, "labels-in-blocks"));
      g_assert_cmpint (has_finding (result, "shuffled-folds"), ==, s == 0);
    }
}

static void
test_refusals (void)
{
  g_autoptr (InionRecipe) recipe = scene_recipe (NULL, NULL);
  InionMemoryRecording *memory = inion_memory_recording_new (SCENE_RATE, NULL);
  g_autoptr (InionRecording) recording = INION_RECORDING (memory);
  g_autoptr (InionExampleSet) examples = NULL;
  g_autoptr (GError) error = NULL;
  double x[4000];

  for (guint t = 0; t < 4000; t++)
    x[t] = sin (t) + cos (t * t);
  inion_memory_recording_add_channel (memory, "C3", "µV", x, 4000);
  /* All of the second class lie in one block: its fold has none left to learn from. */
  for (guint e = 0; e < 9; e++)
    inion_memory_recording_add_event (memory, (gint64) (e + 1) * 4 * SECOND_NS, -1,
                                      e < 8 ? "T1" : "T2");
  examples = scene_examples (recipe, recording, NULL);
  g_assert_null (inion_evaluate (recipe, examples, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_assert_nonnull (strstr (error->message, "right"));
}

static gpointer
run_and_cancel (InionJob  *job,
                gpointer   data,
                GError   **error)
{
  g_autoptr (InionRecipe) recipe = scene_recipe (NULL, NULL);
  g_autoptr (InionRecording) recording = scene_new (20, 3, 90);
  g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);

  inion_job_cancel (job);
  return inion_evaluate (recipe, examples, job, error);
}

static void
test_cancel (void)
{
  g_autoptr (InionJob) job = inion_job_new ("evaluation", run_and_cancel, NULL, NULL,
                                            g_object_unref);
  g_autoptr (GError) error = NULL;

  g_assert_null (inion_job_run (job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int   argc,
      char *argv[])
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decode/evaluation/threads", test_threads);
  g_test_add_func ("/decode/evaluation/signal", test_signal);
  g_test_add_func ("/decode/evaluation/nothing", test_nothing);
  g_test_add_func ("/decode/evaluation/overlap", test_overlap);
  g_test_add_func ("/decode/evaluation/drift", test_drift);
  g_test_add_func ("/decode/evaluation/refusals", test_refusals);
  g_test_add_func ("/decode/evaluation/cancel", test_cancel);
  return g_test_run ();
}
