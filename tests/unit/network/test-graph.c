/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/connectivity.h"

#include <math.h>

static const double matrix[16] = {
  9,    0.5, -0.2, 0.8,  /**/
  0.5,  9,   0.1,  NAN,  /**/
  -0.2, 0.1, 9,    0.49, /**/
  0.8,  NAN, 0.49, 9,
};

static void
test_degree (void)
{
  double degree[4];

  inion_graph_degree (matrix, 4, 0.5, degree);
  g_assert_cmpfloat (degree[0], ==, 2);
  g_assert_cmpfloat (degree[1], ==, 1);
  g_assert_cmpfloat (degree[2], ==, 0);
  g_assert_cmpfloat (degree[3], ==, 1);
  inion_graph_degree (matrix, 4, 0, degree);
  g_assert_cmpfloat (degree[0], ==, 3);
  g_assert_cmpfloat (degree[1], ==, 2);
  inion_graph_degree (matrix, 4, 0.2, degree);
  g_assert_cmpfloat (degree[2], ==, 2);
}

static void
test_strength (void)
{
  static const double antisymmetric[4] = { 0, -0.25, 0.25, 0 };
  double strength[4];

  inion_graph_strength (matrix, 4, 0.15, strength);
  g_assert_cmpfloat_with_epsilon (strength[0], 1.5, 1e-15);
  g_assert_cmpfloat_with_epsilon (strength[1], 0.5, 1e-15);
  g_assert_cmpfloat_with_epsilon (strength[2], 0.69, 1e-15);
  g_assert_cmpfloat_with_epsilon (strength[3], 1.29, 1e-15);
  inion_graph_strength (antisymmetric, 2, 0.25, strength);
  g_assert_cmpfloat (strength[0], ==, 0.25);
  g_assert_cmpfloat (strength[1], ==, 0.25);
  inion_graph_strength (matrix, 0, 0.1, strength);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/graph/degree", test_degree);
  g_test_add_func ("/network/graph/strength", test_strength);
  return g_test_run ();
}
