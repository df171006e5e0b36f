/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real recordings: fold accuracies as MNE, SciPy and scikit-learn find them (motor_imagery.json, by
 * tests/reference/motor_imagery_make.py). */

#include "decode-fixture.h"

#include "core/init.h"
#include "decode/evaluation.h"

#include <string.h>

static const char *const runs[] = { "R04", "R08", "R12" };

static InionRecipe *
make_recipe (gboolean tangent)
{
  g_autoptr (InionRecipe) standard = inion_recipe_new_default ();
  g_autoptr (InionRecipeSpec) spec = inion_recipe_spec_copy (inion_recipe_get_spec (standard));
  g_autoptr (GError) error = NULL;
  InionRecipe *recipe;

  if (tangent)
    {
      spec->features[0].type = INION_FEATURE_TANGENT_SPACE;
      spec->features[0].shrinkage = 0.1;
      spec->classifier = INION_CLASSIFIER_LOGISTIC;
      spec->c = 1.0;
    }
  recipe = inion_recipe_new_from_spec (spec, &error);
  g_assert_no_error (error);
  return recipe;
}

static InionExampleSet *
load (InionRecipe *recipe,
      const char  *subject)
{
  InionDecodeSource sources[3] = { 0 };
  char *names[3];
  g_autoptr (GError) error = NULL;
  InionExampleSet *examples;

  for (guint r = 0; r < 3; r++)
    {
      g_autofree char *path = NULL;

      names[r] = g_strdup_printf ("%s%s.edf", subject, runs[r]);
      path = g_build_filename (g_getenv ("INION_SHARED"), "data", "motor-imagery", "eegmmidb",
                               subject,
                               names[r], NULL);
      sources[r].recording = inion_recording_open (path, &error);
      g_assert_no_error (error);
      sources[r].name = names[r];
    }
  examples = inion_example_set_new (recipe, sources, 3, NULL, &error);
  g_assert_no_error (error);
  for (guint r = 0; r < 3; r++)
    {
      g_object_unref (sources[r].recording);
      g_free (names[r]);
    }
  return examples;
}

static gboolean
is_there (void)
{
  const char *shared = g_getenv ("INION_SHARED");
  g_autofree char *path = g_build_filename (shared == NULL ? "" : shared, "data", "motor-imagery",
                                            "eegmmidb", "S001", NULL);

  if (shared != NULL && g_file_test (path, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_test_skip ("the motor imagery recordings are not there");
  return FALSE;
}

static void
check (gboolean    tangent,
       const char *member,
       double      tolerance)
{
  static const char *const subjects[] = { "S001", "S002", "S007" };
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *want;

  if (!is_there ())
    return;
  want = decode_fixture_open (&parser, "motor_imagery.json");
  for (guint s = 0; s < G_N_ELEMENTS (subjects); s++)
    {
      JsonObject *subject = json_object_get_object_member (want, subjects[s]);
      g_autofree double *folds = decode_fixture_numbers (subject, member, 3);
      g_autoptr (InionRecipe) recipe = make_recipe (tangent);
      g_autoptr (InionExampleSet) examples = load (recipe, subjects[s]);
      g_autoptr (InionResult) result = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (inion_example_set_get_n (examples), ==,
                        json_object_get_int_member (subject, "n"));
      result = inion_evaluate (recipe, examples, NULL, &error);
      g_assert_no_error (error);
      for (guint f = 0; f < 3; f++)
        {
          g_test_message ("%s fold %u: %.4f, reference %.4f", subjects[s], f,
                          inion_result_get_fold (result, f)->accuracy, folds[f]);
          g_assert_cmpfloat_with_epsilon (inion_result_get_fold (result, f)->accuracy, folds[f],
                                          tolerance);
        }
    }
}

static void
test_csp_lda (void)
{
  check (FALSE, "csp_lda", 1e-9);
}

static void
test_tangent_logistic (void)
{
  check (TRUE, "ts_lr_isometric", 1e-9);
  /* The reference script leaves out the √2: one trial of fifteen at most. */
  check (TRUE, "ts_lr", 1.0 / 15 + 1e-9);
}

int
main (int   argc,
      char *argv[])
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decode/motor-imagery/csp-lda", test_csp_lda);
  g_test_add_func ("/decode/motor-imagery/tangent-logistic", test_tangent_logistic);
  return g_test_run ();
}
