/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "decode-scene.h"

#include "core/error.h"
#include "core/init.h"
#include "decode/folds.h"

static void
set_scheme (InionRecipeSpec *spec,
            gpointer         data)
{
  spec->scheme = (InionScheme) GPOINTER_TO_INT (data);
}

/* Each example is tested at most once and never trained on in the fold that tests it. */
static void
check_disjoint (GPtrArray *folds,
                guint      n,
                guint      n_tested)
{
  g_autofree guint *tested = g_new0 (guint, n);
  guint total = 0;

  for (guint f = 0; f < folds->len; f++)
    {
      const InionFoldPlan *fold = g_ptr_array_index (folds, f);

      for (guint i = 0; i < fold->n_test; i++)
        {
          g_assert_cmpuint (tested[fold->test[i]]++, ==, 0);
          for (guint k = 0; k < fold->n_train; k++)
            g_assert_cmpuint (fold->train[k], !=, fold->test[i]);
        }
      total += fold->n_test;
    }
  g_assert_cmpuint (total, ==, n_tested);
}

static void
wide_margin (InionRecipeSpec *spec,
             gpointer         data)
{
  spec->margin_s = 5;
}

static void
test_blocks (void)
{
  g_autoptr (InionRecording) recording = scene_new (23, 3, 31);
  g_autoptr (InionRecipe) recipe = scene_recipe (NULL, NULL);
  g_autoptr (InionRecipe) wide = scene_recipe (wide_margin, NULL);
  g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);
  g_autoptr (GPtrArray) folds = inion_folds_plan (recipe, examples, NULL);
  g_autoptr (GPtrArray) wider = inion_folds_plan (wide, examples, NULL);
  const InionFoldPlan *second;

  /* Windows of 2 s every 4 s leave 2 s between: the window's own length is the margin, and
     suffices. */
  g_assert_cmpfloat (inion_folds_margin_s (recipe, examples), ==, 2);
  g_assert_cmpuint (folds->len, ==, 5);
  check_disjoint (folds, 23, 23);
  second = g_ptr_array_index (folds, 1);
  g_assert_cmpstr (second->name, ==, "block 2");
  g_assert_cmpuint (second->n_train + second->n_test, ==, 23);
  /* 5 s reach over the neighbour's window on each side. */
  second = g_ptr_array_index (wider, 1);
  g_assert_cmpuint (second->n_train + second->n_test, ==, 21);
  for (guint i = 1; i < second->n_test; i++)
    g_assert_cmpuint (second->test[i], ==, second->test[i - 1] + 1);
}

static void
overlapping (InionRecipeSpec *spec,
             gpointer         data)
{
  spec->from = INION_EXAMPLES_WINDOWS;
  spec->length_s = 1;
  spec->step_s = 0.25;
  spec->overlap = 0.9;
  spec->window_s[0] = spec->window_s[1] = NAN;
}

/* With overlapping windows no training window comes nearer to the test block than the margin. */
static void
test_margin (void)
{
  g_autoptr (InionRecording) recording = scene_new (20, 3, 32);
  g_autoptr (InionRecipe) recipe = scene_recipe (overlapping, NULL);
  g_autoptr (InionAnnotationSet) set = inion_annotation_set_new ();
  g_autoptr (InionExampleSet) examples = NULL;
  g_autoptr (GPtrArray) folds = NULL;
  guint n;

  for (guint i = 0; i < 40; i++)
    scene_annotate (set, 2 * i, 2, i % 2 == 0 ? "T1" : "T2", INION_ORIGIN_PERSON, NULL);
  examples = scene_examples (recipe, recording, set);
  n = inion_example_set_get_n (examples);
  folds = inion_folds_plan (recipe, examples, NULL);
  check_disjoint (folds, n, n);
  for (guint f = 0; f < folds->len; f++)
    {
      const InionFoldPlan *fold = g_ptr_array_index (folds, f);

      g_assert_cmpuint (fold->n_train, >, 100);
      for (guint i = 0; i < fold->n_train; i++)
        {
          for (guint k = 0; k < fold->n_test; k++)
            {
              gint64 apart = inion_example_set_get_start_ns (examples, fold->train[i]) -
                             inion_example_set_get_start_ns (examples, fold->test[k]);

              g_assert_cmpint (ABS (apart), >=, 2 * SECOND_NS);
            }
        }
    }
}

static void
test_groups (void)
{
  static const InionScheme schemes[] = {
    INION_SCHEME_LEAVE_ONE_RECORDING_OUT, INION_SCHEME_LEAVE_ONE_SESSION_OUT,
    INION_SCHEME_LEAVE_ONE_SUBJECT_OUT
  };
  static const guint n_folds[] = { 4, 3, 2 };
  static const char *const subjects[] = { "a", "a", "b", "b" };
  static const char *const sessions[] = { "1", "2", "3", "3" };
  InionDecodeSource sources[4] = { 0 };

  for (guint s = 0; s < 4; s++)
    sources[s] = (InionDecodeSource) { .recording = scene_new (5 + s, 3, 40 + s),
                                       .name = "same name",
                                       .subject = subjects[s], .session = sessions[s] };
  for (guint k = 0; k < 3; k++)
    {
      g_autoptr (InionRecipe) recipe = scene_recipe (set_scheme, GINT_TO_POINTER (schemes[k]));
      g_autoptr (GError) error = NULL;
      g_autoptr (InionExampleSet) examples = inion_example_set_new (recipe, sources, 4, NULL,
                                                                    &error);
      g_autoptr (InionExampleSet) one = inion_example_set_new (recipe, sources, 1, NULL, NULL);
      g_autoptr (GPtrArray) folds = inion_folds_plan (recipe, examples, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (folds->len, ==, n_folds[k]);
      check_disjoint (folds, 26, 26);
      for (guint f = 0; f < folds->len; f++)
        {
          const InionFoldPlan *fold = g_ptr_array_index (folds, f);

          g_assert_cmpuint (fold->n_train + fold->n_test, ==, 26);
        }
      g_assert_null (inion_folds_plan (recipe, one, &error));
      g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
    }
  for (guint s = 0; s < 4; s++)
    g_object_unref (sources[s].recording);
}

static void
test_session_missing (void)
{
  g_autoptr (InionRecording) recording = scene_new (6, 3, 45);
  g_autoptr (InionRecipe) recipe = scene_recipe (set_scheme,
                                                 GINT_TO_POINTER (INION_SCHEME_LEAVE_ONE_SESSION_OUT));
  g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (inion_folds_plan (recipe, examples, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
}

/* Shuffled folds hold each class's share, and the seed alone decides them. */
static void
test_shuffled (void)
{
  g_autoptr (InionRecording) recording = scene_new (53, 3, 46);
  g_autoptr (InionRecipe) recipe = scene_recipe (set_scheme,
                                                 GINT_TO_POINTER (INION_SCHEME_STRATIFIED_K_FOLD));
  g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);
  g_autoptr (GPtrArray) folds = inion_folds_plan (recipe, examples, NULL);
  g_autoptr (GPtrArray) again = inion_folds_plan (recipe, examples, NULL);
  guint total = 0, in_order = 0;

  check_disjoint (folds, 53, 53);
  for (guint i = 0; i < 53; i++)
    total += inion_example_set_get_label (examples, i);
  for (guint f = 0; f < 5; f++)
    {
      const InionFoldPlan *fold = g_ptr_array_index (folds, f);
      const InionFoldPlan *same = g_ptr_array_index (again, f);
      guint ones = 0;

      g_assert_cmpmem (fold->test, fold->n_test * sizeof (guint), same->test,
                       same->n_test * sizeof (guint));
      for (guint i = 0; i < fold->n_test; i++)
        {
          ones += inion_example_set_get_label (examples, fold->test[i]);
          in_order += i > 0 && fold->test[i] == fold->test[i - 1] + 1;
        }
      g_assert_cmpuint (ones, >=, total / 5);
      g_assert_cmpuint (ones, <=, total / 5 + 1);
    }
  g_assert_cmpuint (in_order, <, 25);
}

static void
test_last_part (void)
{
  g_autoptr (InionRecording) recording = scene_new (40, 3, 47);
  g_autoptr (InionRecipe) recipe = scene_recipe (set_scheme,
                                                 GINT_TO_POINTER (INION_SCHEME_TRAIN_TEST));
  g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);
  g_autoptr (GPtrArray) folds = inion_folds_plan (recipe, examples, NULL);
  const InionFoldPlan *fold = g_ptr_array_index (folds, 0);

  g_assert_cmpuint (folds->len, ==, 1);
  g_assert_cmpuint (fold->n_test, ==, 10);
  g_assert_cmpuint (fold->test[0], ==, 30);
  g_assert_cmpuint (fold->train[fold->n_train - 1], ==, 29);
}

/* Says which class has how many, how many are needed, and what to do; in good English. */
static void
test_too_few (void)
{
  static const struct { InionScheme scheme; guint n; const char *says[4]; } cases[] = {
    { INION_SCHEME_BLOCKED_K_FOLD, 1, { "5 folds need at least 5 examples", "there is only 1: ",
                                        "“left” has ", "validation.folds" } },
    { INION_SCHEME_STRATIFIED_K_FOLD, 3, { "5 folds need at least 5 examples",
                                           "there are only 3: ", " and “right” has ",
                                           "validation.folds" } },
    { INION_SCHEME_TRAIN_TEST, 2, { "needs at least 4 examples", "there are only 2: ",
                                    "“right” has ", "add recordings" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (InionRecording) recording = scene_new (cases[i].n, 3, 48);
      g_autoptr (InionRecipe) recipe = scene_recipe (set_scheme,
                                                     GINT_TO_POINTER (cases[i].scheme));
      g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (inion_folds_plan (recipe, examples, &error));
      g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
      for (guint k = 0; k < 4; k++)
        {
          if (strstr (error->message, cases[i].says[k]) == NULL)
            g_error ("“%s” is not in: %s", cases[i].says[k], error->message);
        }
      if (cases[i].n == 1)
        g_assert_nonnull (strstr (error->message, "has none"));
    }
}

int
main (int   argc,
      char *argv[])
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decode/folds/blocks", test_blocks);
  g_test_add_func ("/decode/folds/margin", test_margin);
  g_test_add_func ("/decode/folds/groups", test_groups);
  g_test_add_func ("/decode/folds/session-missing", test_session_missing);
  g_test_add_func ("/decode/folds/shuffled", test_shuffled);
  g_test_add_func ("/decode/folds/last-part", test_last_part);
  g_test_add_func ("/decode/folds/too-few", test_too_few);
  return g_test_run ();
}
