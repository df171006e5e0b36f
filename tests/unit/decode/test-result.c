/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "decode/leakage.h"
#include "decode/result.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

static const char *const classes[] = { "left", "right" };
static const char *const fold_names[] = { "S007R04.edf", "S007R08.edf", "S007R12.edf" };

/* The specification's example: 22 left and 23 right in three folds of 15; 19 and 18 are right. */
typedef struct
{
  InionResultInput input;
  guint counts[2];
  guint truth[45];
  double probabilities[90];
  guint fold_of[45];
} Example;

static void
example_init (Example     *example,
              InionRecipe *recipe)
{
  memset (example, 0, sizeof *example);
  example->counts[0] = 22;
  example->counts[1] = 23;
  for (guint i = 0; i < 45; i++)
    {
      guint truth = i < 22 ? 0 : 1;
      gboolean wrong = i < 3 || (i >= 22 && i < 27);
      double p = 0.6 + 0.3 * i / 45;

      example->truth[i] = truth;
      example->fold_of[i] = i % 3;
      example->probabilities[2 * i + (wrong ? 1 - truth : truth)] = p;
      example->probabilities[2 * i + (wrong ? truth : 1 - truth)] = 1 - p;
    }
  example->input = (InionResultInput) {
    .recipe = recipe, .fingerprint = "c0ffee", .n_classes = 2, .classes = classes,
    .class_counts = example->counts, .n = 45, .truth = example->truth,
    .probabilities = example->probabilities, .fold_of = example->fold_of, .n_folds = 3,
    .fold_names = fold_names, .permutation_p = NAN,
  };
}

static InionResult *
example_result (InionRecipe *recipe)
{
  Example example;

  example_init (&example, recipe);
  return inion_result_new (&example.input);
}

static InionRecipe *
recipe_with_scheme (InionScheme scheme)
{
  g_autoptr (InionRecipe) base = inion_recipe_new_default ();
  g_autoptr (InionRecipeSpec) spec = inion_recipe_spec_copy (inion_recipe_get_spec (base));

  spec->scheme = scheme;
  return inion_recipe_new_from_spec (spec, NULL);
}

static void
test_scores (void)
{
  g_autoptr (InionRecipe) recipe = inion_recipe_new_default ();
  g_autoptr (InionResult) result = example_result (recipe);
  double low, high;
  guint n = 0;

  g_assert_true (inion_result_get_recipe (result) == recipe);
  g_assert_cmpstr (inion_result_get_fingerprint (result), ==, "c0ffee");
  g_assert_cmpstr (inion_result_get_scheme (result), ==, "leave-one-recording-out");
  g_assert_cmpuint (inion_result_get_n_examples (result), ==, 45);
  g_assert_cmpuint (inion_result_get_n_classes (result), ==, 2);
  g_assert_cmpstr (inion_result_get_class (result, 1), ==, "right");
  g_assert_cmpuint (inion_result_get_class_count (result, 1), ==, 23);
  g_assert_cmpuint (inion_result_get_count (result, 0, 0), ==, 19);
  g_assert_cmpuint (inion_result_get_count (result, 0, 1), ==, 3);
  g_assert_cmpuint (inion_result_get_count (result, 1, 0), ==, 5);
  g_assert_cmpuint (inion_result_get_count (result, 1, 1), ==, 18);
  /* The numbers that the specification prints with two digits. */
  g_assert_cmpfloat_with_epsilon (inion_result_get_accuracy (result), 0.82, 0.005);
  g_assert_cmpfloat_with_epsilon (inion_result_get_accuracy (result), 37.0 / 45, 1e-15);
  g_assert_cmpfloat_with_epsilon (inion_result_get_balanced_accuracy (result), 0.82, 0.005);
  g_assert_cmpfloat_with_epsilon (inion_result_get_kappa (result), 0.64, 0.005);
  inion_result_get_confidence_95 (result, &low, &high);
  g_assert_cmpfloat_with_epsilon (low, 0.69, 0.005);
  g_assert_cmpfloat_with_epsilon (high, 0.91, 0.005);
  g_assert_cmpfloat_with_epsilon (inion_result_get_chance_level (result), 23.0 / 45, 1e-15);
  g_assert_cmpfloat_with_epsilon (inion_result_get_chance_bound_95 (result), 0.62, 0.005);
  g_assert_true (isnan (inion_result_get_permutation_p (result)));
  g_assert_cmpfloat (inion_result_get_auc (result), >, 0.75);
  g_assert_cmpuint (inion_result_get_n_folds (result), ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpstr (inion_result_get_fold (result, i)->name, ==, fold_names[i]);
      g_assert_cmpuint (inion_result_get_fold (result, i)->n, ==, 15);
    }
  /* Wrong are examples 0–2 and 22–26: two in the first fold, three in each of the others. */
  g_assert_cmpfloat_with_epsilon (inion_result_get_fold (result, 0)->accuracy, 13.0 / 15, 1e-15);
  g_assert_cmpfloat_with_epsilon (inion_result_get_fold (result, 1)->accuracy, 12.0 / 15, 1e-15);
  g_assert_cmpfloat_with_epsilon (inion_result_get_fold (result, 2)->accuracy, 12.0 / 15, 1e-15);
  for (guint i = 0; i < INION_N_CALIBRATION_BINS; i++)
    {
      const InionCalibrationBin *bin = inion_result_get_calibration_bin (result, i);

      n += bin->n;
      if (bin->n > 0)
        {
          g_assert_cmpfloat (bin->mean_probability, >=, bin->from);
          g_assert_cmpfloat (bin->mean_probability, <=, bin->to);
        }
    }
  g_assert_cmpuint (n, ==, 45);
}

/* Bins by hand: what is said with 0.25 is so once in four, with 1 always. */
static void
test_calibration (void)
{
  static const guint truth[6] = { 1, 0, 0, 0, 1, 1 };
  static const double probabilities[12] = { .75, .25, .75, .25, .75, .25, .75, .25, 0, 1, 0, 1 };
  static const guint fold_of[6] = { 0, 0, 0, 0, 0, 0 };
  static const guint counts[2] = { 3, 3 };
  g_autoptr (InionRecipe) recipe = inion_recipe_new_default ();
  const InionResultInput input = {
    .recipe = recipe, .fingerprint = "0", .n_classes = 2, .classes = classes,
    .class_counts = counts, .n = 6, .truth = truth, .probabilities = probabilities,
    .fold_of = fold_of, .n_folds = 1, .fold_names = fold_names, .permutation_p = 0.01,
  };
  g_autoptr (InionResult) result = inion_result_new (&input);
  const InionCalibrationBin *low = inion_result_get_calibration_bin (result, 2);
  const InionCalibrationBin *high = inion_result_get_calibration_bin (result, 9);

  g_assert_cmpuint (low->n, ==, 4);
  g_assert_cmpfloat (low->mean_probability, ==, 0.25);
  g_assert_cmpfloat (low->frequency, ==, 0.25);
  g_assert_cmpuint (high->n, ==, 2);
  g_assert_cmpfloat (high->frequency, ==, 1);
  g_assert_true (isnan (inion_result_get_calibration_bin (result, 5)->frequency));
  g_assert_cmpfloat_with_epsilon (inion_result_get_brier (result),
                                  (3 * 0.0625 + 0.5625) / 6, 1e-15);
  g_assert_cmpfloat (inion_result_get_permutation_p (result), ==, 0.01);
}

static void
test_roundtrip (void)
{
  g_autoptr (InionRecipe) recipe = inion_recipe_new_default ();
  g_autoptr (GPtrArray) findings =
    g_ptr_array_new_with_free_func ((GDestroyNotify) inion_finding_free);
  Example example;
  g_autoptr (InionResult) first = NULL;
  g_autoptr (InionResult) again = NULL;
  g_autoptr (InionResult) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;
  g_autofree char *c = NULL;

  g_ptr_array_add (findings, inion_finding_new ("labels-in-blocks", "warning", "%s “%s”", "a", "b"));
  example_init (&example, recipe);
  example.input.findings = findings;
  first = inion_result_new (&example.input);
  again = inion_result_new (&example.input);
  a = inion_result_to_json (first);
  b = inion_result_to_json (again);
  g_assert_cmpstr (a, ==, b);
  read = inion_result_new_from_json (a, -1, &error);
  g_assert_no_error (error);
  c = inion_result_to_json (read);
  g_assert_cmpstr (c, ==, a);
  g_assert_cmpuint (inion_result_get_n_findings (read), ==, 1);
  g_assert_cmpstr (inion_result_get_finding (read, 0)->rule, ==, "labels-in-blocks");
  g_assert_cmpstr (inion_result_get_finding (read, 0)->text, ==, "a “b”");
  g_assert_cmpfloat (inion_result_get_kappa (read), ==, inion_result_get_kappa (first));
  g_assert_true (isnan (inion_result_get_permutation_p (read)));
}

static void
test_layout (void)
{
  static const char *const lines[] = {
    "{\n  \"inion_result\": 1,\n  \"recipe\": {\n    \"inion_recipe\": 1,\n",
    "\n  },\n  \"fingerprint\": \"c0ffee\",\n  \"examples\": { \"left\": 22, \"right\": 23 },\n"
    "  \"scheme\": \"leave-one-recording-out\",\n  \"accuracy\": 0.8222222222222222, "
    "\"balanced_accuracy\": ",
    "\n  \"permutation_p\": null,\n  \"folds\": [\n    { \"name\": \"S007R04.edf\", \"n\": 15, "
    "\"accuracy\": 0.8666666666666667 },\n",
    "\n  \"confusion\": { \"labels\": [\"left\", \"right\"], \"counts\": [[19, 3], [5, 18]] },\n"
    "  \"calibration\": {\n    \"brier\": ",
    "\n      { \"from\": 0, \"to\": 0.1, \"n\": 0, \"mean_probability\": null, \"frequency\": null "
    "},\n",
    "\n  \"findings\": []\n}\n",
  };
  g_autoptr (InionRecipe) recipe = inion_recipe_new_default ();
  g_autoptr (InionResult) result = example_result (recipe);
  g_autofree char *json = inion_result_to_json (result);
  const char *at = json;

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      const char *found = strstr (at, lines[i]);

      if (found == NULL)
        g_error ("“%s” is not in %s", lines[i], json);
      at = found + strlen (lines[i]);
    }
}

/* Replaces @from by @to in a good file and expects an error that says @message. */
static void
assert_refused (const char *good,
                const char *from,
                const char *to,
                InionError  code,
                const char *message)
{
  const char *at = strstr (good, from);
  g_autofree char *head = NULL;
  g_autofree char *bad = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (at);
  head = g_strndup (good, (gsize) (at - good));
  bad = g_strconcat (head, to, at + strlen (from), NULL);
  g_assert_null (inion_result_new_from_json (bad, -1, &error));
  g_assert_error (error, INION_ERROR, (int) code);
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” does not say “%s”", error->message, message);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *from;
    const char *to;
    const char *message;
  } cases[] = {
    { "\"inion_result\": 1", "\"inion_result\": 1, \"extra\": 1", "extra: unknown key" },
    { "\"components\": 6", "\"components\": 0",
      "recipe.features[0].components: 0 is out of range 1–64" },
    { "\"filter\": {", "\"flter\": {", "recipe.flter: unknown key" },
    { "\"phase\": \"zero\"", "\"phase\": \"minimum\"", "recipe.filter.phase: “minimum”" },
    { "\"fingerprint\": \"c0ffee\"", "\"fingerprint\": 3", "fingerprint: expected a string" },
    { "\"left\": 22", "\"left\": -1", "examples.left: -1 is out of range" },
    { "\"examples\": { \"left\": 22, ", "\"examples\": { ", "expected 2–64 classes" },
    { "\"scheme\": \"leave-one-recording-out\",\n", "\"scheme\": \"train-test\",\n",
      "scheme: “train-test” is not the scheme of the recipe" },
    { "\"accuracy\": 0.8222222222222222", "\"accuracy\": 1.5",
      "accuracy: 1.5 is out of range 0–1" },
    { "\"confidence_95\": [", "\"confidence_95\": [7, ", "confidence_95: expected an array of 2" },
    { "\"n\": 15", "\"n\": \"15\"", "folds[0].n: expected a whole number" },
    { "\"labels\": [\"left\"", "\"labels\": [\"foot\"", "confusion.labels" },
    { "[19, 3]", "[19]", "confusion.counts[0]: expected an array of 2" },
    { "[19, 3]", "[19, 3.5]", "confusion.counts[0][1]" },
    { "[[19, 3], ", "[", "confusion.counts: expected an array of 2" },
    { "{ \"from\": 0,", "{ \"from\": 0.05,", "calibration.bins[0].from" },
  };
  g_autoptr (InionRecipe) recipe = inion_recipe_new_default ();
  g_autoptr (InionResult) result = example_result (recipe);
  g_autofree char *good = inion_result_to_json (result);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *scheme = strstr (cases[i].from, "\"scheme\"") != NULL
                             ? strstr (good, "\"fingerprint\"")
                             : good;

      if (scheme == good)
        assert_refused (good, cases[i].from, cases[i].to, INION_ERROR_INVALID, cases[i].message);
      else
        {
          /* The recipe has a scheme too: change the one after it. */
          g_autofree char *rest = g_strdup (scheme);
          g_autofree char *head = g_strndup (good, (gsize) (scheme - good));
          char *at = strstr (rest, cases[i].from);
          g_autofree char *bad = NULL;
          g_autoptr (GError) error = NULL;

          g_assert_nonnull (at);
          *at = '\0';
          bad = g_strconcat (head, rest, cases[i].to, at + strlen (cases[i].from), NULL);
          g_assert_null (inion_result_new_from_json (bad, -1, &error));
          g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
          g_assert_nonnull (strstr (error->message, cases[i].message));
        }
    }
  assert_refused (good, "\"inion_result\": 1", "\"inion_result\": 2", INION_ERROR_UNSUPPORTED,
                  "version 2");
  assert_refused (good, "\"inion_result\": 1", "\"inion_result\": 01", INION_ERROR_FORMAT,
                  "line 2");
}

/* A file cut at any byte is an error, never a crash. */
static void
test_truncated (void)
{
  g_autoptr (InionRecipe) recipe = inion_recipe_new_default ();
  g_autoptr (InionResult) result = example_result (recipe);
  g_autofree char *good = inion_result_to_json (result);
  gsize length = strlen (good) - 2;

  for (gsize i = 0; i < length; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (inion_result_new_from_json (good, (gssize) i, &error));
      g_assert_nonnull (error);
    }
}

static void
assert_says (InionResult *result,
             const char  *text,
             gboolean     says)
{
  g_autofree char *claim = inion_result_dup_claim (result);

  g_autofree char *lines = inion_result_dup_claim_lines (result);
  g_auto (GStrv) said = g_strsplit (lines, "\n", -1);

  /* The lines are whole sentences, and together the same. */
  for (guint i = 0; said[i] != NULL; i++)
    g_assert_true (g_ascii_isupper (said[i][0]) || g_ascii_isdigit (said[i][0]));
  g_assert_cmpstr (g_strdelimit (lines, "\n", ' '), ==, claim);
  if ((strstr (claim, text) != NULL) != says)
    g_error ("“%s” %s “%s”", claim, says ? "does not say" : "says", text);
}

static void
test_claim_of_schemes (void)
{
  static const struct
  {
    InionScheme scheme;
    const char *text;
  } cases[] = {
    { INION_SCHEME_LEAVE_ONE_RECORDING_OUT,
      "Estimates how well a decoder trained on two of these three recordings does on the third, "
      "for the people and the days that were recorded. It says nothing about other people." },
    { INION_SCHEME_LEAVE_ONE_SESSION_OUT, "these three sessions" },
    { INION_SCHEME_LEAVE_ONE_SUBJECT_OUT, "So few people" },
    { INION_SCHEME_BLOCKED_K_FOLD, "another part of it. It says nothing about another recording" },
    { INION_SCHEME_STRATIFIED_K_FOLD, "upper bound" },
    { INION_SCHEME_TRAIN_TEST, "measured once" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (InionRecipe) recipe = recipe_with_scheme (cases[i].scheme);
      g_autoptr (InionResult) result = example_result (recipe);

      assert_says (result, cases[i].text, TRUE);
    }
}

static void
test_claim_of_chance (void)
{
  g_autoptr (InionRecipe) recipe = inion_recipe_new_default ();
  Example example;
  g_autoptr (InionResult) good = NULL;
  g_autoptr (InionResult) guess = NULL;
  g_autoptr (InionResult) shuffled = NULL;
  g_autoptr (InionResult) small = NULL;
  g_autoptr (InionResult) nothing = NULL;

  example_init (&example, recipe);
  good = inion_result_new (&example.input);
  assert_says (good, "37 of 45 right: 82 % (95 % interval 69–91 %)", TRUE);
  assert_says (good, "cannot be told from chance", FALSE);
  assert_says (good, "permutation test, which does not, was not run", TRUE);
  assert_says (good, "looks ahead", TRUE);

  example.input.permutation_p = 0.2;
  shuffled = inion_result_new (&example.input);
  assert_says (shuffled, "p = 0.2: this score cannot be told from chance", TRUE);
  assert_says (shuffled, "was not run", FALSE);

  /* The whole first fold turned wrong: 24 of 45 are right. */
  for (guint i = 0; i < 45; i += 3)
    {
      example.probabilities[2 * i] = example.truth[i] == 0 ? 0.1 : 0.9;
      example.probabilities[2 * i + 1] = 1 - example.probabilities[2 * i];
    }
  guess = inion_result_new (&example.input);
  assert_says (guess, "often enough: this score cannot be told from chance", TRUE);
  assert_says (guess, "cannot be told from chance", TRUE);

  example.input.n = 30;
  small = inion_result_new (&example.input);
  assert_says (small, "With 30 predictions a single one moves the score by 3 points", TRUE);

  example.input.n = 0;
  nothing = inion_result_new (&example.input);
  assert_says (nothing, "claims nothing", TRUE);
  g_assert_true (isnan (inion_result_get_accuracy (nothing)));
}

static void
test_empty_roundtrip (void)
{
  g_autoptr (InionRecipe) recipe = inion_recipe_new_default ();
  Example example;
  g_autoptr (InionResult) result = NULL;
  g_autoptr (InionResult) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;

  example_init (&example, recipe);
  example.input.n = 0;
  result = inion_result_new (&example.input);
  a = inion_result_to_json (result);
  read = inion_result_new_from_json (a, -1, &error);
  g_assert_no_error (error);
  b = inion_result_to_json (read);
  g_assert_cmpstr (a, ==, b);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decode/result/scores", test_scores);
  g_test_add_func ("/decode/result/calibration", test_calibration);
  g_test_add_func ("/decode/result/roundtrip", test_roundtrip);
  g_test_add_func ("/decode/result/layout", test_layout);
  g_test_add_func ("/decode/result/refused", test_refused);
  g_test_add_func ("/decode/result/truncated", test_truncated);
  g_test_add_func ("/decode/result/claim-of-schemes", test_claim_of_schemes);
  g_test_add_func ("/decode/result/claim-of-chance", test_claim_of_chance);
  g_test_add_func ("/decode/result/empty-roundtrip", test_empty_roundtrip);
  return g_test_run ();
}
