/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "decode/statistics.h"

#include <json-glib/json-glib.h>
#include <math.h>

/* statistics.json: made by statistics_make.py with scikit-learn and SciPy. */
static JsonObject *
reference (JsonParser *parser)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", "statistics.json", NULL);
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (parser));
}

static double *
doubles (JsonArray *array)
{
  double *values = g_new (double, json_array_get_length (array));

  for (guint i = 0; i < json_array_get_length (array); i++)
    values[i] = json_array_get_double_element (array, i);
  return values;
}

static guint *
uints (JsonArray *array)
{
  guint *values = g_new (guint, json_array_get_length (array));

  for (guint i = 0; i < json_array_get_length (array); i++)
    values[i] = (guint) json_array_get_int_element (array, i);
  return values;
}

static void
test_scikit_learn (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *cases = json_object_get_array_member (reference (parser), "cases");

  g_assert_cmpuint (json_array_get_length (cases), ==, 4);
  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      JsonObject *c = json_array_get_object_element (cases, i);
      guint k = (guint) json_object_get_int_member (c, "k");
      gsize n = json_array_get_length (json_object_get_array_member (c, "truth"));
      g_autofree guint *truth = uints (json_object_get_array_member (c, "truth"));
      g_autofree guint *counts = uints (json_object_get_array_member (c, "confusion"));
      g_autofree double *p = doubles (json_object_get_array_member (c, "probabilities"));

      g_assert_cmpfloat_with_epsilon (inion_score_accuracy (counts, k),
                                      json_object_get_double_member (c, "accuracy"), 1e-14);
      g_assert_cmpfloat_with_epsilon (inion_score_balanced_accuracy (counts, k),
                                      json_object_get_double_member (c, "balanced_accuracy"),
                                      1e-14);
      g_assert_cmpfloat_with_epsilon (inion_score_kappa (counts, k),
                                      json_object_get_double_member (c, "kappa"), 1e-13);
      g_assert_cmpfloat_with_epsilon (inion_score_auc (truth, p, n, k),
                                      json_object_get_double_member (c, "auc"), 1e-13);
      g_assert_cmpfloat_with_epsilon (inion_score_brier (truth, p, n, k),
                                      json_object_get_double_member (c, "brier"), 1e-14);
    }
}

static void
test_wilson (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *rows = json_object_get_array_member (reference (parser), "wilson");
  double low, high;

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      g_autofree double *row = doubles (json_array_get_array_element (rows, i));

      inion_interval_wilson ((guint) row[0], (guint) row[1], &low, &high);
      g_assert_cmpfloat_with_epsilon (low, row[2], 1e-12);
      g_assert_cmpfloat_with_epsilon (high, row[3], 1e-12);
    }
  inion_interval_wilson (0, 0, &low, &high);
  g_assert_cmpfloat (low, ==, 0);
  g_assert_cmpfloat (high, ==, 1);
}

static void
test_chance (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *rows = json_object_get_array_member (reference (parser), "chance");

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      g_autofree double *row = doubles (json_array_get_array_element (rows, i));

      g_assert_cmpfloat_with_epsilon (inion_chance_bound ((guint) row[0], row[1]), row[2], 1e-14);
    }
  /* The three published bounds (Combrisson and Jerbi 2015 give the same table). */
  g_assert_cmpfloat_with_epsilon (inion_chance_bound (288, 0.25), 0.2917, 5e-5);
  g_assert_cmpfloat_with_epsilon (inion_chance_bound (144, 0.5), 0.5694, 5e-5);
  g_assert_cmpfloat_with_epsilon (inion_chance_bound (100, 0.5), 0.58, 1e-12);
  g_assert_true (isnan (inion_chance_bound (0, 0.5)));
  g_assert_true (isnan (inion_chance_bound (10, NAN)));
  g_assert_cmpfloat (inion_chance_bound (10, 0), ==, 0);
  g_assert_cmpfloat (inion_chance_bound (10, 1), ==, 1);
}

static void
test_one_class (void)
{
  static const guint one[4] = { 5, 0, 0, 0 };
  static const guint absent[9] = { 4, 1, 0, 0, 0, 0, 2, 0, 3 };
  static const guint nothing[4] = { 0, 0, 0, 0 };
  static const guint truth[3] = { 1, 1, 1 };
  static const double p[6] = { 0.2, 0.8, 0.5, 0.5, 0.1, 0.9 };

  g_assert_cmpfloat (inion_score_kappa (one, 2), ==, 0);
  g_assert_cmpfloat (inion_score_balanced_accuracy (one, 2), ==, 1);
  g_assert_cmpfloat_with_epsilon (inion_score_balanced_accuracy (absent, 3), (0.8 + 0.6) / 2,
                                  1e-15);
  g_assert_true (isnan (inion_score_accuracy (nothing, 2)));
  g_assert_true (isnan (inion_score_balanced_accuracy (nothing, 2)));
  g_assert_cmpfloat (inion_score_kappa (nothing, 2), ==, 0);
  g_assert_true (isnan (inion_score_auc (truth, p, 3, 2)));
  g_assert_true (isnan (inion_score_auc (NULL, NULL, 0, 2)));
  g_assert_true (isnan (inion_score_brier (NULL, NULL, 0, 2)));
}

static void
test_auc_by_hand (void)
{
  static const guint truth[4] = { 0, 1, 0, 1 };
  static const double apart[8] = { 0.9, 0.1, 0.4, 0.6, 0.8, 0.2, 0.3, 0.7 };
  static const double equal[8] = { 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5 };
  static const double nan[8] = { 0.5, NAN, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5 };
  /* Of the four pairs two are right, one is a tie, one is wrong. */
  static const double mixed[8] = { 0.5, 0.5, 0.5, 0.5, 0.2, 0.8, 0.1, 0.9 };

  g_assert_cmpfloat (inion_score_auc (truth, apart, 4, 2), ==, 1);
  g_assert_cmpfloat (inion_score_auc (truth, equal, 4, 2), ==, 0.5);
  g_assert_cmpfloat (inion_score_auc (truth, mixed, 4, 2), ==, 0.625);
  g_assert_true (isnan (inion_score_auc (truth, nan, 4, 2)));
}

static void
test_permutation (void)
{
  static const double null_scores[4] = { 0.5, 0.7, 0.6, 0.8 };

  g_assert_cmpfloat (inion_permutation_p (0.7, null_scores, 4), ==, 3.0 / 5);
  g_assert_cmpfloat (inion_permutation_p (0.9, null_scores, 4), ==, 1.0 / 5);
  g_assert_cmpfloat (inion_permutation_p (0.9, NULL, 0), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decode/statistics/scikit-learn", test_scikit_learn);
  g_test_add_func ("/decode/statistics/wilson", test_wilson);
  g_test_add_func ("/decode/statistics/chance", test_chance);
  g_test_add_func ("/decode/statistics/one-class", test_one_class);
  g_test_add_func ("/decode/statistics/auc-by-hand", test_auc_by_hand);
  g_test_add_func ("/decode/statistics/permutation", test_permutation);
  return g_test_run ();
}
