/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "decode/recipe.h"

#include "core/error.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define HEAD "{ \"inion_recipe\": 1, "
#define EXAMPLES \
  "\"examples\": { \"classes\": { \"a\": [\"T1\"], \"b\": [\"T2\"] }, \"window_s\": [0.5, 3.5] }"
#define CSP "\"features\": [ { \"type\": \"csp\" } ]"

static char *
shipped (const char *name)
{
  return g_build_filename (g_getenv ("INION_DATA"), "recipes", name, NULL);
}

/* Reads @json, which must fail with @code and a message that contains @text. */
static void
assert_refused (const char *json,
                InionError  code,
                const char *text)
{
  g_autoptr (GError) error = NULL;
  InionRecipe *recipe = inion_recipe_new_from_json (json, -1, &error);

  g_assert_null (recipe);
  g_assert_error (error, INION_ERROR, (int) code);
  if (strstr (error->message, text) == NULL)
    g_error ("“%s” does not say “%s”", error->message, text);
}

static InionRecipe *
read_recipe (const char *json)
{
  g_autoptr (GError) error = NULL;
  InionRecipe *recipe = inion_recipe_new_from_json (json, -1, &error);

  g_assert_no_error (error);
  g_assert_nonnull (recipe);
  return recipe;
}

static void
test_shipped_files (void)
{
  static const char *const names[] = {
    "motor-imagery.json", "motor-imagery-causal.json", "motor-imagery-tangent.json"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = shipped (names[i]);
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;
      g_autoptr (InionRecipe) recipe = inion_recipe_new_from_file (path, &error);

      g_assert_no_error (error);
      g_assert_true (g_file_get_contents (path, &before, NULL, NULL));
      after = inion_recipe_to_json (recipe);
      g_assert_cmpstr (after, ==, before);
    }
}

static void
test_default (void)
{
  g_autoptr (InionRecipe) recipe = inion_recipe_new_default ();
  g_autofree char *path = shipped ("motor-imagery.json");
  g_autofree char *example = NULL;
  g_autofree char *text = inion_recipe_to_json (recipe);

  g_assert_true (g_file_get_contents (path, &example, NULL, NULL));
  g_assert_cmpstr (text, ==, example);
  g_assert_cmpstr (inion_recipe_get_name (recipe), ==, "left or right hand");
}

static void
test_defaults_of_keys (void)
{
  g_autoptr (InionRecipe) recipe = read_recipe (HEAD EXAMPLES ", " CSP " }");
  const InionRecipeSpec *spec = inion_recipe_get_spec (recipe);

  g_assert_cmpstr (spec->name, ==, "untitled");
  g_assert_cmpstr (spec->kinds[0], ==, "EEG");
  g_assert_null (spec->kinds[1]);
  g_assert_null (spec->only);
  g_assert_true (spec->exclude_bad);
  g_assert_cmpstr (spec->reference, ==, "as-recorded");
  g_assert_false (spec->has_filter);
  g_assert_true (isnan (spec->notch_hz));
  g_assert_true (isnan (spec->resample_hz));
  g_assert_cmpint (spec->from, ==, INION_EXAMPLES_EVENTS);
  g_assert_cmpuint (spec->n_classes, ==, 2);
  g_assert_cmpstr (spec->classes[1].name, ==, "b");
  g_assert_cmpstr (spec->classes[1].events[0], ==, "T2");
  g_assert_cmpfloat (spec->window_s[0], ==, 0.5);
  g_assert_cmpfloat (spec->window_s[1], ==, 3.5);
  g_assert_true (isnan (spec->baseline_s[0]));
  g_assert_cmpstr (spec->reject_labels[0], ==, "artifact");
  g_assert_true (isnan (spec->reject_peak_to_peak_uv));
  g_assert_cmpuint (spec->n_features, ==, 1);
  g_assert_cmpint (spec->features[0].type, ==, INION_FEATURE_CSP);
  g_assert_cmpuint (spec->features[0].components, ==, 6);
  g_assert_cmpint (spec->classifier, ==, INION_CLASSIFIER_LDA);
  g_assert_true (isnan (spec->shrinkage));
  g_assert_cmpint (spec->scheme, ==, INION_SCHEME_BLOCKED_K_FOLD);
  g_assert_cmpuint (spec->folds, ==, 5);
  g_assert_true (isnan (spec->margin_s));
  g_assert_cmpuint (spec->permutations, ==, 0);
  g_assert_cmpuint (spec->seed, ==, 1);
}

static void
test_every_key (void)
{
  static const char json[] =
    "{\n"
    "  \"inion_recipe\": 1,\n"
    "  \"name\": \"spikes “é”\",\n"
    "  \"channels\": { \"kinds\": [\"EEG\", \"EOG\"], \"only\": [\"C3\", \"C4\"], "
    "\"exclude_bad\": false },\n"
    "  \"reference\": \"average\",\n"
    "  \"filter\": { \"band_hz\": [null, 30.5], \"design\": \"fir\", \"phase\": \"minimum\" },\n"
    "  \"notch_hz\": 60,\n"
    "  \"resample_hz\": 128,\n"
    "  \"examples\": {\n"
    "    \"from\": \"windows\",\n"
    "    \"classes\": { \"spike\": [\"spike\", \"sharp\"], \"rest\": [\"background\"] },\n"
    "    \"length_s\": 0.3,\n"
    "    \"step_s\": 0.1,\n"
    "    \"overlap\": 0.75,\n"
    "    \"background\": \"rest\"\n"
    "  },\n"
    "  \"reject\": { \"labels\": [], \"peak_to_peak_uv\": 200 },\n"
    "  \"features\": [ { \"type\": \"band_power\", \"bands_hz\": [[0.1, 4], [4, 8]] }, "
    "{ \"type\": \"log_variance\" } ],\n"
    "  \"classifier\": { \"type\": \"logistic\", \"C\": 1e-06 },\n"
    "  \"validation\": { \"scheme\": \"blocked-k-fold\", \"folds\": 8, \"margin_s\": 2.5, "
    "\"permutations\": 1000 },\n"
    "  \"seed\": 9007199254740991\n"
    "}\n";
  g_autoptr (InionRecipe) recipe = read_recipe (json);
  g_autofree char *text = inion_recipe_to_json (recipe);
  const InionRecipeSpec *spec = inion_recipe_get_spec (recipe);

  g_assert_cmpstr (text, ==, json);
  g_assert_true (isnan (spec->band_hz[0]));
  g_assert_cmpfloat (spec->features[0].bands_hz[0][0], ==, 0.1);
  g_assert_cmpfloat (spec->overlap, ==, 0.75);
  g_assert_cmpuint (spec->seed, ==, G_GUINT64_CONSTANT (9007199254740991));
}

static void
test_types_roundtrip (void)
{
  static const char *const bodies[] = {
    "\"features\": [ { \"type\": \"covariance\", \"shrinkage\": 0.25 } ], "
    "\"classifier\": { \"type\": \"mdm\" }",
    "\"features\": [ { \"type\": \"tangent_space\" } ], "
    "\"classifier\": { \"type\": \"lda\", \"shrinkage\": 0.3333333333333333 }",
    CSP ", \"validation\": { \"scheme\": \"stratified-k-fold\", \"folds\": 10 }",
    CSP ", \"validation\": { \"scheme\": \"leave-one-session-out\" }",
    CSP ", \"validation\": { \"scheme\": \"leave-one-subject-out\" }",
    CSP ", \"validation\": { \"scheme\": \"train-test\" }",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *json = g_strconcat (HEAD EXAMPLES ", ", bodies[i], " }", NULL);
      g_autoptr (InionRecipe) first = read_recipe (json);
      g_autofree char *once = inion_recipe_to_json (first);
      g_autoptr (InionRecipe) second = read_recipe (once);
      g_autofree char *twice = inion_recipe_to_json (second);

      g_assert_cmpstr (once, ==, twice);
    }
}

static void
test_not_json (void)
{
  assert_refused ("", INION_ERROR_FORMAT, "empty");
  assert_refused ("[]", INION_ERROR_FORMAT, "no JSON object");
  assert_refused ("{", INION_ERROR_FORMAT, "Not valid JSON");
  assert_refused ("{} {}", INION_ERROR_FORMAT, "more after the end");
  assert_refused ("{ \"inion_recipe\": 1, }", INION_ERROR_FORMAT, "Not valid JSON");
  assert_refused ("{ /* c */ \"inion_recipe\": 1 }", INION_ERROR_FORMAT, "line 1");
  assert_refused ("{\n\"inion_recipe\": 0x1 }", INION_ERROR_FORMAT, "line 2");
}

static void
test_bounds (void)
{
  g_autofree char *huge = g_strnfill ((1 << 20) + 1, ' ');
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autoptr (GError) error = NULL;

  assert_refused (huge, INION_ERROR_TOO_LARGE, "limit");
  assert_refused (deep, INION_ERROR_FORMAT, "nested");
  g_assert_null (inion_recipe_new_from_json ("{\0}", 3, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
}

static void
test_duplicates (void)
{
  assert_refused (HEAD "\"seed\": 1, \"seed\": 2, " EXAMPLES ", " CSP " }", INION_ERROR_FORMAT,
                  "“seed” stands there twice");
  assert_refused (HEAD CSP ", \"examples\": { \"classes\": { \"a\": [\"T1\"], \"a\": [\"T2\"] }, "
                  "\"window_s\": [0, 1] } }", INION_ERROR_FORMAT, "“a” stands there twice");
}

typedef struct
{
  const char *body;
  const char *message;
} Refusal;

static const Refusal invalid[] = {
  { "\"sed\": 1, " EXAMPLES ", " CSP, "sed: unknown key" },
  { EXAMPLES, "features: the key is missing" },
  { CSP, "examples: the key is missing" },
  { "\"name\": 3, " EXAMPLES ", " CSP, "name: expected a string, found a number" },
  { "\"name\": \"a\\u0007\", " EXAMPLES ", " CSP, "name: the text has a control character" },
  { "\"seed\": -1, " EXAMPLES ", " CSP, "seed: -1 is out of range" },
  { "\"seed\": 1.5, " EXAMPLES ", " CSP, "seed: expected a whole number, found 1.5" },
  { "\"seed\": 99999999999999999999999, " EXAMPLES ", " CSP, "seed:" },
  { "\"channels\": { \"kind\": [\"EEG\"] }, " EXAMPLES ", " CSP, "channels.kind: unknown key" },
  { "\"channels\": { \"kinds\": [] }, " EXAMPLES ", " CSP, "channels.kinds:" },
  { "\"channels\": { \"kinds\": [\"EGG\"] }, " EXAMPLES ", " CSP, "channels.kinds[0]: “EGG”" },
  { "\"channels\": { \"kinds\": [\"EEG\", 4] }, " EXAMPLES ", " CSP, "channels.kinds[1]: expected" },
  { "\"channels\": { \"only\": [\"C3\", \"C3\"] }, " EXAMPLES ", " CSP, "channels.only[1]" },
  { "\"channels\": { \"exclude_bad\": 1 }, " EXAMPLES ", " CSP, "expected true or false" },
  { "\"reference\": \"\", " EXAMPLES ", " CSP, "reference: the name is empty" },
  { "\"filter\": {}, " EXAMPLES ", " CSP, "filter.band_hz: the key is missing" },
  { "\"filter\": { \"band_hz\": [30, 8] }, " EXAMPLES ", " CSP, "not below the upper" },
  { "\"filter\": { \"band_hz\": [8] }, " EXAMPLES ", " CSP, "expected an array of 2" },
  { "\"filter\": { \"band_hz\": [0, 8] }, " EXAMPLES ", " CSP, "filter.band_hz[0]: 0 Hz" },
  { "\"filter\": { \"band_hz\": [8, \"x\"] }, " EXAMPLES ", " CSP,
    "filter.band_hz[1]: expected a number, found a string" },
  { "\"filter\": { \"band_hz\": [null, null] }, " EXAMPLES ", " CSP, "both sides are open" },
  { "\"filter\": { \"band_hz\": [8, 30], \"order\": 11 }, " EXAMPLES ", " CSP,
    "filter.order: 11 is out of range 1–10" },
  { "\"filter\": { \"band_hz\": [8, 30], \"design\": \"fir\", \"order\": 4 }, " EXAMPLES ", " CSP,
    "filter.order: unknown key" },
  { "\"filter\": { \"band_hz\": [8, 30], \"phase\": \"minimum\" }, " EXAMPLES ", " CSP,
    "filter.phase: “minimum” belongs" },
  { "\"filter\": { \"band_hz\": [8, 30], \"phase\": \"linear\" }, " EXAMPLES ", " CSP,
    "filter.phase: “linear” is not known (known: zero, causal, minimum)" },
  { "\"filter\": { \"band_hz\": [8, 30] }, \"resample_hz\": 60, " EXAMPLES ", " CSP,
    "resample_hz: 60 Hz cannot carry" },
  { "\"notch_hz\": 0, " EXAMPLES ", " CSP, "notch_hz: 0 is out of range 1–1000" },
  { "\"examples\": { \"classes\": { \"a\": [\"T1\"] }, \"window_s\": [0, 1] }, " CSP,
    "examples.classes: a decoder tells 2–64 classes" },
  { "\"examples\": { \"classes\": { \"a\": [\"T1\"], \"b\": [\"T1\"] }, \"window_s\": [0, 1] }, "
    CSP, "examples.classes.b[0]: “T1” already stands for the class “a”" },
  { "\"examples\": { \"classes\": { \"a\": [\"T1\"], \"b\": [] }, \"window_s\": [0, 1] }, " CSP,
    "examples.classes.b:" },
  { "\"examples\": { \"classes\": { \"a\": [\"T1\"], \"\": [\"T2\"] }, \"window_s\": [0, 1] }, "
    CSP, "the name of a class" },
  { "\"examples\": { \"classes\": { \"a\": [\"T1\"], \"b\": [\"T2\"] }, \"window_s\": [1, 1] }, "
    CSP, "examples.window_s: the start, 1 s, is not before the end" },
  { "\"examples\": { \"classes\": { \"a\": [\"T1\"], \"b\": [\"T2\"] }, \"window_s\": [0, 9e9] }, "
    CSP, "examples.window_s[1]: 9000000000 s is out of range" },
  { "\"examples\": { \"classes\": { \"a\": [\"T1\"], \"b\": [\"T2\"] } }, " CSP,
    "examples.window_s: the key is missing" },
  { "\"examples\": { \"from\": \"windows\", \"classes\": { \"a\": [\"T1\"], \"b\": [\"T2\"] }, "
    "\"window_s\": [0, 1] }, " CSP, "examples.window_s: unknown key" },
  { "\"examples\": { \"from\": \"windows\", \"classes\": { \"a\": [\"T1\"], \"b\": [\"T2\"] }, "
    "\"length_s\": 1, \"background\": \"c\" }, " CSP, "examples.background: “c” is none" },
  { "\"reject\": { \"peak_to_peak_uv\": 0 }, " EXAMPLES ", " CSP, "reject.peak_to_peak_uv: 0" },
  { EXAMPLES ", \"features\": []", "features: the number of elements, 0" },
  { EXAMPLES ", \"features\": [3]", "features[0]: expected an object" },
  { EXAMPLES ", \"features\": [ {} ]", "features[0].type: the key is missing" },
  { EXAMPLES ", \"features\": [ { \"type\": \"csp\", \"components\": 0 } ]",
    "features[0].components: 0 is out of range 1–64" },
  { EXAMPLES ", \"features\": [ { \"type\": \"csp\", \"components\": 3 } ]",
    "features[0].components: 3 is odd" },
  { EXAMPLES ", \"features\": [ { \"type\": \"magic\" } ]", "features[0].type: “magic” is not known" },
  { EXAMPLES ", \"features\": [ { \"type\": \"log_variance\", \"components\": 2 } ]",
    "features[0].components: unknown key" },
  { EXAMPLES ", \"features\": [ { \"type\": \"band_power\", \"bands_hz\": [[8, 12], [4]] } ]",
    "features[0].bands_hz[1]: expected two numbers" },
  { EXAMPLES ", \"features\": [ { \"type\": \"band_power\", \"bands_hz\": [[12, 8]] } ]",
    "features[0].bands_hz[0]: the lower edge" },
  { "\"filter\": { \"band_hz\": [8, 30] }, " EXAMPLES
    ", \"features\": [ { \"type\": \"band_power\", \"bands_hz\": [[30, 40]] } ]",
    "lies outside of what filter.band_hz" },
  { EXAMPLES ", " CSP ", \"classifier\": { \"type\": \"mdm\" }", "classifier.type: “mdm”" },
  { EXAMPLES ", \"features\": [ { \"type\": \"covariance\" } ]",
    "features[0].type: only the classifier “mdm”" },
  { EXAMPLES ", " CSP ", \"classifier\": { \"type\": \"lda\", \"shrinkage\": \"much\" }",
    "classifier.shrinkage: expected “auto”" },
  { EXAMPLES ", " CSP ", \"classifier\": { \"type\": \"lda\", \"C\": 1 }",
    "classifier.C: unknown key" },
  { EXAMPLES ", " CSP ", \"validation\": { \"folds\": 1 }",
    "validation.folds: 1 is out of range 2–100" },
  { EXAMPLES ", " CSP ", \"validation\": { \"scheme\": \"train-test\", \"folds\": 4 }",
    "validation.folds: unknown key" },
};

static void
test_invalid (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_autofree char *json = g_strconcat (HEAD, invalid[i].body, " }", NULL);

      assert_refused (json, INION_ERROR_INVALID, invalid[i].message);
    }
}

/* Words of the specification that are not built yet are told from words that mean nothing. */
static void
test_unavailable (void)
{
  assert_refused (HEAD EXAMPLES ", \"features\": [ { \"type\": \"xdawn\", \"filters\": 4 } ] }",
                  INION_ERROR_UNSUPPORTED,
                  "features[0].type: “xdawn” is not available in this version");
  assert_refused (HEAD EXAMPLES ", " CSP ", \"classifier\": { \"type\": \"eegnet\" } }",
                  INION_ERROR_UNSUPPORTED, "classifier.type: “eegnet” is not available");
  assert_refused ("{ \"inion_recipe\": 2 }", INION_ERROR_UNSUPPORTED, "inion_recipe: this is "
                  "version 2");
}

static void
test_file_errors (void)
{
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) broken = NULL;
  g_autoptr (GError) directory = NULL;
  g_autofree char *folder = g_dir_make_tmp ("inion-recipe-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "r.json", NULL);

  g_assert_null (inion_recipe_new_from_file (path, &missing));
  g_assert_error (missing, INION_ERROR, INION_ERROR_IO);
  g_assert_nonnull (strstr (missing->message, "r.json"));

  g_assert_true (g_file_set_contents (path, "{ \"inion_recipe\": 1 }", -1, NULL));
  g_assert_null (inion_recipe_new_from_file (path, &broken));
  g_assert_error (broken, INION_ERROR, INION_ERROR_INVALID);
  g_assert_nonnull (strstr (broken->message, "r.json"));
  g_assert_nonnull (strstr (broken->message, "examples: the key is missing"));

  g_assert_null (inion_recipe_new_from_file (folder, &directory));
  g_assert_error (directory, INION_ERROR, INION_ERROR_IO);
  g_remove (path);
  g_rmdir (folder);
}

static void
test_causal (void)
{
  g_autoptr (InionRecipe) zero = inion_recipe_new_default ();
  g_autofree char *path = shipped ("motor-imagery-causal.json");
  g_autoptr (InionRecipe) causal = inion_recipe_new_from_file (path, NULL);
  g_autoptr (InionRecipe) baseline = read_recipe (
    HEAD CSP ", \"examples\": { \"classes\": { \"a\": [\"T1\"], \"b\": [\"T2\"] }, "
    "\"window_s\": [0, 1], \"baseline_s\": [0.5, 2] } }");
  g_autofree char *why = NULL;
  g_autofree char *none = NULL;
  g_autofree char *late = NULL;

  g_assert_false (inion_recipe_is_causal (zero, &why));
  /* In plain words, and the recipe's own after them. */
  g_assert_true (g_str_has_prefix (why, "Its filter looks at samples on both sides"));
  g_assert_true (g_str_has_suffix (why, "(in the recipe: “filter.phase”)."));
  g_assert_true (inion_recipe_is_causal (causal, &none));
  g_assert_null (none);
  g_assert_false (inion_recipe_is_causal (baseline, &late));
  g_assert_nonnull (strstr (late, "examples.baseline_s"));
  g_assert_false (inion_recipe_is_causal (zero, NULL));
}

static void
test_from_spec (void)
{
  g_autoptr (InionRecipe) recipe = inion_recipe_new_default ();
  g_autoptr (InionRecipeSpec) spec = inion_recipe_spec_copy (inion_recipe_get_spec (recipe));
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecipe) same = inion_recipe_new_from_spec (spec, &error);
  g_autoptr (InionRecipe) refused = NULL;
  g_autofree char *a = inion_recipe_to_json (recipe);
  g_autofree char *b = NULL;

  g_assert_no_error (error);
  b = inion_recipe_to_json (same);
  g_assert_cmpstr (a, ==, b);

  spec->band_hz[0] = 40;
  refused = inion_recipe_new_from_spec (spec, &error);
  g_assert_null (refused);
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "filter.band_hz"));
}

static void
test_spec_copy (void)
{
  g_autoptr (InionRecipe) recipe = read_recipe (
    HEAD EXAMPLES ", \"features\": [ { \"type\": \"band_power\", \"bands_hz\": [[8, 12]] } ] }");
  g_autoptr (InionRecipeSpec) copy = inion_recipe_spec_copy (inion_recipe_get_spec (recipe));

  copy->features[0].bands_hz[0][0] = 1;
  g_free (copy->classes[0].name);
  copy->classes[0].name = g_strdup ("z");
  g_assert_cmpfloat (inion_recipe_get_spec (recipe)->features[0].bands_hz[0][0], ==, 8);
  g_assert_cmpstr (inion_recipe_get_spec (recipe)->classes[0].name, ==, "a");
}

static void
test_words (void)
{
  g_assert_cmpstr (inion_feature_type_to_string (INION_FEATURE_TANGENT_SPACE), ==,
                   "tangent_space");
  g_assert_cmpstr (inion_classifier_type_to_string (INION_CLASSIFIER_MDM), ==, "mdm");
  g_assert_cmpstr (inion_scheme_to_string (INION_SCHEME_TRAIN_TEST), ==, "train-test");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decode/recipe/shipped-files", test_shipped_files);
  g_test_add_func ("/decode/recipe/default", test_default);
  g_test_add_func ("/decode/recipe/defaults-of-keys", test_defaults_of_keys);
  g_test_add_func ("/decode/recipe/every-key", test_every_key);
  g_test_add_func ("/decode/recipe/types-roundtrip", test_types_roundtrip);
  g_test_add_func ("/decode/recipe/not-json", test_not_json);
  g_test_add_func ("/decode/recipe/bounds", test_bounds);
  g_test_add_func ("/decode/recipe/duplicates", test_duplicates);
  g_test_add_func ("/decode/recipe/invalid", test_invalid);
  g_test_add_func ("/decode/recipe/unavailable", test_unavailable);
  g_test_add_func ("/decode/recipe/file-errors", test_file_errors);
  g_test_add_func ("/decode/recipe/causal", test_causal);
  g_test_add_func ("/decode/recipe/from-spec", test_from_spec);
  g_test_add_func ("/decode/recipe/spec-copy", test_spec_copy);
  g_test_add_func ("/decode/recipe/words", test_words);
  return g_test_run ();
}
