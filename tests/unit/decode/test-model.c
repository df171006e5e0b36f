/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "decode-scene.h"

#include "core/error.h"
#include "core/init.h"
#include "decode/model.h"

#include <glib/gstdio.h>

static void
set_feature (InionRecipeSpec *spec,
             gpointer         data)
{
  InionRecipeFeature *feature = &spec->features[0];

  feature->type = GPOINTER_TO_INT (data);
  feature->shrinkage = 0.1;
  spec->classifier = feature->type == INION_FEATURE_COVARIANCE      ? INION_CLASSIFIER_MDM
                     : feature->type == INION_FEATURE_TANGENT_SPACE ? INION_CLASSIFIER_LOGISTIC
                                                                    : INION_CLASSIFIER_LDA;
  if (feature->type == INION_FEATURE_BAND_POWER)
    {
      feature->n_bands = 2;
      feature->bands_hz = g_malloc0_n (2, sizeof *feature->bands_hz);
      feature->bands_hz[0][0] = 8;
      feature->bands_hz[0][1] = 12;
      feature->bands_hz[1][0] = 12;
      feature->bands_hz[1][1] = 30;
    }
  if (feature->type == INION_FEATURE_LOG_VARIANCE)
    {
      g_free (spec->reference);
      spec->reference = g_strdup ("average");
    }
}

/* Every kind of model finds the rhythm, is the same after a journey through text, and says so. */
static void
test_round_trip (void)
{
  static const InionFeatureType types[] = {
    INION_FEATURE_CSP, INION_FEATURE_BAND_POWER, INION_FEATURE_LOG_VARIANCE,
    INION_FEATURE_TANGENT_SPACE,
    INION_FEATURE_COVARIANCE,
  };

  for (guint k = 0; k < G_N_ELEMENTS (types); k++)
    {
      g_autoptr (InionRecipe) recipe = scene_recipe (set_feature, GINT_TO_POINTER (types[k]));
      g_autoptr (InionRecording) recording = scene_new (40, 4, 21);
      g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (InionModel) model = inion_model_fit (recipe, examples, NULL, 0, NULL, &error);
      g_autoptr (InionModel) read = NULL;
      g_autofree char *text = NULL;
      g_autofree char *again = NULL;
      guint right = 0;

      g_assert_no_error (error);
      text = inion_model_to_json (model);
      g_assert_null (strstr (text, "nan"));
      read = inion_model_new_from_json (text, -1, &error);
      g_assert_no_error (error);
      again = inion_model_to_json (read);
      g_assert_cmpstr (text, ==, again);
      g_assert_cmpstr (inion_model_get_fingerprint (read), ==, inion_model_get_fingerprint (model));
      for (guint i = 0; i < 40; i++)
        {
          double p[2], q[2];

          g_assert_true (inion_model_predict (model, inion_example_set_get_data (examples, i), p,
                                              NULL));
          g_assert_true (inion_model_predict (read, inion_example_set_get_data (examples, i), q,
                                              NULL));
          g_assert_cmpmem (p, sizeof p, q, sizeof q);
          g_assert_cmpfloat_with_epsilon (p[0] + p[1], 1, 1e-12);
          right += p[inion_example_set_get_label (examples, i)] > 0.5;
        }
      g_assert_cmpuint (right, >=, 38);
      g_assert_cmpuint (inion_model_get_n_patterns (model), ==,
                        types[k] == INION_FEATURE_CSP ? 4 : 0);
      for (guint i = 0; i < inion_model_get_n_patterns (model); i++)
        g_assert_cmpmem (inion_model_get_pattern (model, i), 5 * sizeof (double),
                         inion_model_get_pattern (read, i), 5 * sizeof (double));
    }
}

/* The pattern of the strongest component is at the electrode whose rhythm grows with its class. */
static void
test_patterns (void)
{
  g_autoptr (InionRecipe) recipe = scene_recipe (NULL, NULL);
  g_autoptr (InionRecording) recording = scene_new (60, 4, 22);
  g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);
  g_autoptr (InionModel) model = inion_model_fit (recipe, examples, NULL, 0, NULL, NULL);

  for (guint k = 0; k < 2; k++)
    {
      g_autofree char *title = inion_model_dup_pattern_title (model, k);
      const double *pattern = inion_model_get_pattern (model, k);
      gboolean left = g_str_has_suffix (title, "left");
      guint want = left ? 3 : 1; /* contrast over 1: the other side is stronger */

      g_assert_true (g_str_has_prefix (title, k == 0 ? "CSP 1 · " : "CSP 2 · "));
      for (guint c = 0; c < 5; c++)
        {
          if (c != want)
            g_assert_cmpfloat (fabs (pattern[want]), >, 3 * fabs (pattern[c]));
        }
    }
}

static void
test_files (void)
{
  g_autoptr (InionRecipe) recipe = scene_recipe (NULL, NULL);
  g_autoptr (InionRecording) recording = scene_new (20, 4, 23);
  g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);
  g_autoptr (InionModel) model = inion_model_fit (recipe, examples, NULL, 0, NULL, NULL);
  g_autoptr (InionModel) read = NULL;
  g_autofree char *folder = g_dir_make_tmp ("inion-model-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.model", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (inion_model_save (model, path, &error));
  read = inion_model_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (inion_model_get_channel (read, 4), ==, "Pz");
  g_assert_true (g_file_set_contents (path, "{}", -1, NULL));
  g_assert_null (inion_model_load (path, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, path));
  g_unlink (path);
  g_rmdir (folder);
}

static char *
replaced (const char *text,
          const char *from,
          const char *to)
{
  g_autoptr (GString) out = g_string_new (text);

  g_assert_cmpuint (g_string_replace (out, from, to, 1), ==, 1);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* A model from elsewhere with wrong sizes, numbers or versions is refused, never believed. */
static void
test_refusals (void)
{
  static const char *const changes[][2] = {
    { "\"inion_model\": 1", "\"inion_model\": 2" },
    { "\"rank\": 5", "\"rank\": 4" },
    { "\"rank\": 5", "\"rank\": 4000000000" },
    { "\"n_samples\": 200", "\"n_samples\": 199" },
    { "\"rate_hz\": 100", "\"rate_hz\": 1e999" },
    { "\"floor\": ", "\"floor\": -" },
    { "\"covariance\": [", "\"covariance\": [1, " },
    { "\"filters\": [", "\"filters\": [null, " },
    { "\"class_of\": [", "\"class_of\": [7, " },
    { "\"weights\": [", "\"weights\": [1e400, " },
    { "\"intercepts\": [", "\"extra\": 1, \"intercepts\": [" },
    { "\"Pz\"", "\"Pz\", \"Oz\"" },
  };
  g_autoptr (InionRecipe) recipe = scene_recipe (NULL, NULL);
  g_autoptr (InionRecording) recording = scene_new (20, 4, 24);
  g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);
  g_autoptr (InionModel) model = inion_model_fit (recipe, examples, NULL, 0, NULL, NULL);
  g_autofree char *text = inion_model_to_json (model);
  gsize length = strlen (text);

  for (guint k = 0; k < G_N_ELEMENTS (changes); k++)
    {
      g_autofree char *changed = replaced (text, changes[k][0], changes[k][1]);
      g_autoptr (GError) error = NULL;

      g_assert_null (inion_model_new_from_json (changed, -1, &error));
      g_assert_nonnull (error);
    }
  for (gsize cut = 0; cut < length - 2; cut += 97)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (inion_model_new_from_json (text, (gssize) cut, &error));
      g_assert_nonnull (error);
    }
}

static void
test_too_few (void)
{
  g_autoptr (InionRecipe) recipe = scene_recipe (NULL, NULL);
  g_autoptr (InionRecording) recording = scene_new (20, 4, 25);
  g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);
  g_autoptr (GError) error = NULL;
  guint same[20], n = 0;

  for (guint i = 0; i < 20; i++)
    {
      if (inion_example_set_get_label (examples, i) == 0)
        same[n++] = i;
    }
  g_assert_null (inion_model_fit (recipe, examples, same, n, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_assert_nonnull (strstr (error->message, "right"));
  g_clear_error (&error);
  g_assert_null (inion_model_fit (recipe, examples, same, 2, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
}

static void
test_not_a_number (void)
{
  g_autoptr (InionRecipe) recipe = scene_recipe (NULL, NULL);
  g_autoptr (InionRecording) recording = scene_new (20, 4, 26);
  g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);
  g_autoptr (InionModel) model = inion_model_fit (recipe, examples, NULL, 0, NULL, NULL);
  g_autofree double *window = g_new0 (double, 1000);
  g_autoptr (GError) error = NULL;
  double p[2];

  /* Silence is a window like any other. */
  g_assert_true (inion_model_predict (model, window, p, &error));
  g_assert_cmpfloat_with_epsilon (p[0] + p[1], 1, 1e-12);
  window[777] = NAN;
  g_assert_false (inion_model_predict (model, window, p, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NUMERIC);
  g_clear_error (&error);
  window[777] = 1e200;
  g_assert_false (inion_model_predict (model, window, p, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NUMERIC);
}

int
main (int   argc,
      char *argv[])
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decode/model/round-trip", test_round_trip);
  g_test_add_func ("/decode/model/patterns", test_patterns);
  g_test_add_func ("/decode/model/files", test_files);
  g_test_add_func ("/decode/model/refusals", test_refusals);
  g_test_add_func ("/decode/model/too-few", test_too_few);
  g_test_add_func ("/decode/model/not-a-number", test_not_a_number);
  return g_test_run ();
}
