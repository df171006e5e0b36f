/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "scalp/spline.h"

#include "core/error.h"
#include "core/init.h"

#include <json-glib/json-glib.h>
#include <math.h>

static JsonParser *
load_fixture (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", "spline_cz.json", NULL);
  JsonParser *parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return parser;
}

/* The published numbers of MNE 1.3 for m = 4 and 50 terms, and its table. */
static void
test_kernels (void)
{
  static const double cosines[] = { 1, 0.5, 0, -0.5, -1 };
  static const double g[] = { 0.0152607617, 0.0074091856, -0.0001519197, -0.0074883218,
                              -0.0146369862 };
  static const double h[] = { 0.032158349, 0.0145316695, -0.0008910624, -0.0150357245,
                              -0.028255249 };
  g_autoptr (JsonParser) parser = load_fixture ();
  JsonObject *root = json_node_get_object (json_parser_get_root (parser));
  JsonArray *at = json_object_get_array_member (root, "cosines");

  for (guint i = 0; i < G_N_ELEMENTS (cosines); i++)
    {
      g_assert_cmpfloat_with_epsilon (inion_spline_g (cosines[i], 4, 50), g[i], 1e-10);
      g_assert_cmpfloat_with_epsilon (inion_spline_h (cosines[i], 4, 50), h[i], 1e-9);
    }
  for (guint i = 0; i < json_array_get_length (at); i++)
    {
      double x = json_array_get_double_element (at, i);

      g_assert_cmpfloat_with_epsilon (
        inion_spline_g (x, 4, 50),
        json_array_get_double_element (json_object_get_array_member (root, "g"), i), 1e-14);
      g_assert_cmpfloat_with_epsilon (
        inion_spline_h (x, 4, 50),
        json_array_get_double_element (json_object_get_array_member (root, "h"), i), 1e-14);
    }
}

static InionPosition *
read_positions (JsonArray *array)
{
  guint n = json_array_get_length (array);
  InionPosition *out = g_new (InionPosition, n);

  for (guint i = 0; i < n; i++)
    {
      JsonArray *p = json_array_get_array_element (array, i);

      out[i] = (InionPosition) { json_array_get_double_element (p, 0),
                                 json_array_get_double_element (p, 1),
                                 json_array_get_double_element (p, 2) };
    }
  return out;
}

static void
test_weights (void)
{
  g_autoptr (JsonParser) parser = load_fixture ();
  JsonArray *cases = json_object_get_array_member (
    json_node_get_object (json_parser_get_root (parser)), "cases");
  g_autoptr (GError) error = NULL;

  for (guint c = 0; c < json_array_get_length (cases); c++)
    {
      JsonObject *one = json_array_get_object_element (cases, c);
      JsonArray *expected = json_object_get_array_member (one, "weights");
      g_autofree InionPosition *from = read_positions (json_object_get_array_member (one, "from"));
      g_autofree InionPosition *to = read_positions (json_object_get_array_member (one, "to"));
      guint n_from = json_array_get_length (json_object_get_array_member (one, "from"));
      guint n_to = json_array_get_length (json_object_get_array_member (one, "to"));
      g_autofree double *weights = g_new (double, n_from * n_to);

      inion_spline_weights (from, n_from, to, n_to, json_object_get_double_member (one, "lambda"),
                            weights, &error);
      g_assert_no_error (error);
      for (guint i = 0; i < n_to; i++)
        {
          double sum = 0;

          for (guint j = 0; j < n_from; j++)
            {
              g_assert_cmpfloat_with_epsilon (
                weights[i * n_from + j],
                json_array_get_double_element (json_array_get_array_element (expected, i),
                                               j), 1e-9);
              sum += weights[i * n_from + j];
            }
          g_assert_cmpfloat_with_epsilon (sum, 1.0, 1e-9);
        }
      if (c == 0) /* the golden numbers of the specification: Fz, Pz, C3, C4, F3 */
        {
          g_assert_cmpfloat_with_epsilon (weights[3], 0.639378, 1e-6);
          g_assert_cmpfloat_with_epsilon (weights[8], 0.879633, 1e-6);
          g_assert_cmpfloat_with_epsilon (weights[5], 0.499574, 1e-6);
          g_assert_cmpfloat_with_epsilon (weights[6], 0.492876, 1e-6);
          g_assert_cmpfloat_with_epsilon (weights[2], -0.337687, 1e-6);
        }
    }
}

static InionPosition
place (const char *name)
{
  InionPosition p;

  g_assert_true (inion_electrode_get_position (name, &p));
  return p;
}

static void
test_degenerate (void)
{
  InionPosition same[3] = { place ("Cz"), place ("Cz"), place ("Cz") };
  InionPosition two[2] = { place ("C3"), place ("C4") };
  InionPosition to[2] = { place ("Cz"), place ("Oz") };
  InionPosition nowhere = { 0, 0, 0 }, nan = { NAN, 0, 1 };
  double weights[6];
  g_autoptr (GError) error = NULL;

  /* All at one place: every weight a third, with and without smoothing. */
  for (guint k = 0; k < 2; k++)
    {
      g_assert_true (inion_spline_weights (same, 3, to, 2, k == 0 ? 1e-5 : 0, weights, &error));
      g_assert_no_error (error);
      for (guint i = 0; i < 6; i++)
        g_assert_cmpfloat_with_epsilon (weights[i], 1.0 / 3, 1e-6);
    }
  /* Two electrodes: half each in the middle between them. */
  g_assert_true (inion_spline_weights (two, 2, to, 1, 1e-5, weights, &error));
  g_assert_cmpfloat_with_epsilon (weights[0], 0.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (weights[1], 0.5, 1e-9);
  /* One: its value everywhere. */
  g_assert_true (inion_spline_weights (two, 1, to, 2, 1e-5, weights, &error));
  g_assert_cmpfloat_with_epsilon (weights[1], 1.0, 1e-9);
  g_assert_true (inion_spline_weights (two, 2, NULL, 0, 1e-5, weights, &error));
  g_assert_no_error (error);

  g_assert_false (inion_spline_weights (NULL, 0, to, 2, 1e-5, weights, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_clear_error (&error);
  g_assert_false (inion_spline_weights (&nowhere, 1, to, 2, 1e-5, weights, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (inion_spline_weights (two, 2, &nan, 1, 1e-5, weights, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (inion_spline_weights (two, 2, to, 2, NAN, weights, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
}

static const char *const cap[] = {
  "Fp1", "Fp2", "F7", "F3", "Fz", "F4", "F8", "T7", "C3", "Cz",
  "C4",  "T8",  "P7", "P3", "Pz", "P4", "P8", "O1", "O2",
};

static void
test_grid (void)
{
  enum { SIZE = 67 };
  InionPosition positions[G_N_ELEMENTS (cap)];
  double values[G_N_ELEMENTS (cap)];
  g_autofree float *map = g_new (float, SIZE * SIZE);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionScalpGrid) grid = NULL;
  guint n_inside = 0;

  for (guint i = 0; i < G_N_ELEMENTS (cap); i++)
    positions[i] = place (cap[i]);
  grid = inion_scalp_grid_new (positions, G_N_ELEMENTS (cap), SIZE, 1.0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (inion_scalp_grid_get_size (grid), ==, SIZE);

  /* A constant stays one, over the whole disc and nowhere else. */
  for (guint i = 0; i < G_N_ELEMENTS (cap); i++)
    values[i] = -7.5;
  inion_scalp_grid_interpolate (grid, values, map);
  for (int row = 0; row < SIZE; row++)
    {
      for (int column = 0; column < SIZE; column++)
        {
          double r = hypot ((column + 0.5) * 2 / SIZE - 1, 1 - (row + 0.5) * 2 / SIZE);
          float value = map[row * SIZE + column];

          g_assert_cmpint (isnan (value), ==, r > 1);
          if (r <= 1)
            g_assert_cmpfloat_with_epsilon (value, -7.5, 1e-4);
          n_inside += r <= 1;
        }
    }
  g_assert_cmpfloat_with_epsilon (n_inside / (double) (SIZE * SIZE), G_PI / 4, 0.01);

  /* A front–right gradient: high at the top and at the right, electrodes keep their values. */
  for (guint i = 0; i < G_N_ELEMENTS (cap); i++)
    values[i] = 10 * positions[i].y + 3 * positions[i].x;
  inion_scalp_grid_interpolate (grid, values, map);
  g_assert_cmpfloat (map[3 * SIZE + SIZE / 2], >, 5);
  g_assert_cmpfloat (map[(SIZE - 4) * SIZE + SIZE / 2], <, -5);
  g_assert_cmpfloat (map[(SIZE / 2) * SIZE + SIZE - 4], >, 2);
  for (guint i = 0; i < G_N_ELEMENTS (cap); i++)
    {
      double x, y;
      int row, column;

      inion_electrode_project (&positions[i], &x, &y);
      column = floor ((x * 0.97 + 1) / 2 * SIZE);
      row = floor ((1 - y * 0.97) / 2 * SIZE);
      g_assert_cmpfloat_with_epsilon (map[row * SIZE + column], values[i], 0.5);
    }
  values[3] = NAN;
  inion_scalp_grid_interpolate (grid, values, map);
  g_assert_true (isnan (map[(SIZE / 2) * SIZE + SIZE / 2]));
}

static void
test_grid_errors (void)
{
  InionPosition two[2] = { place ("F9"), place ("F10") };
  g_autoptr (GError) error = NULL;
  g_autoptr (InionScalpGrid) wide = inion_scalp_grid_new (two, 2, 10, 1.25, &error);
  float map[100];
  double values[2] = { 1, 3 };

  g_assert_no_error (error);
  inion_scalp_grid_interpolate (wide, values, map);
  g_assert_cmpfloat (map[30], <, map[39]);
  g_assert_null (inion_scalp_grid_new (two, 0, 10, 1, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_clear_error (&error);
  g_assert_null (inion_scalp_grid_new (two, 2, 0, 1, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (inion_scalp_grid_new (two, 2, 10, NAN, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
}

int
main (int   argc,
      char *argv[])
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scalp/spline/kernels", test_kernels);
  g_test_add_func ("/scalp/spline/weights", test_weights);
  g_test_add_func ("/scalp/spline/degenerate", test_degenerate);
  g_test_add_func ("/scalp/spline/grid", test_grid);
  g_test_add_func ("/scalp/spline/grid-errors", test_grid_errors);
  return g_test_run ();
}
