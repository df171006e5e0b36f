/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "picture.h"

#include "widgets/render/head-graph.h"

#include <math.h>

static const char *const names[] = {
  "Fp1", "Fp2", "F7", "F3", "Fz", "F4", "F8", "T7", "C3", "Cz", "C4", "T8", "P7", "P3", "Pz",
  "P4", "P8", "O1", "O2", "A1", "A2",
};
#define N G_N_ELEMENTS (names)

static void
get_positions (InionPosition *positions)
{
  for (guint i = 0; i < N; i++)
    g_assert_true (inion_electrode_get_position (names[i], &positions[i]));
}

static void
make_matrix (const InionPosition *positions,
             double              *matrix)
{
  for (guint i = 0; i < N; i++)
    for (guint j = 0; j < N; j++)
      {
        InionPosition a = positions[i], b = positions[j];
        double distance = sqrt (pow (a.x - b.x, 2) + pow (a.y - b.y, 2) + pow (a.z - b.z, 2));
        double back = exp (-2 * (pow (a.y + 0.6, 2) + pow (b.y + 0.6, 2)));

        matrix[i * N + j] = i == j ? 0 : 0.25 * exp (-distance) + 0.6 * back
                                         + 0.12 * sin ((i + 1.0) * (j + 1.0));
      }
}

static void
test_look (void)
{
  InionPosition positions[N];
  double matrix[N * N];

  get_positions (positions);
  make_matrix (positions, matrix);
  for (int dark = 0; dark < 2; dark++)
    for (int lit = 0; lit < 2; lit++)
      {
        InionHeadGraphStyle style = {
          .dark = dark, .threshold = 0.24, .highlight = lit ? 13 : -1,
          .caption = "42 of 210 edges · null 95\xe2\x80\x89%: 0.31",
        };
        g_autofree char *name = g_strdup_printf ("graph-%s-%s", lit ? "lit" : "all",
                                                 dark ? "dark" : "light");
        Picture picture = picture_new (380, 400, dark);

        inion_head_graph_draw (picture.cr, 0, 0, 380, 400, positions, names, matrix, N, &style);
        g_assert_cmpuint (picture_count_drawn (&picture), >, 20000);
        picture_finish (&picture, name);
      }
}

/* An edge is there from its threshold on, and on its own side. */
static void
test_threshold (void)
{
  InionPosition positions[N];
  double matrix[N * N] = { 0 };
  guint ink[3];

  get_positions (positions);
  matrix[8 * N + 13] = 0.5; /* C3–P3, one direction only */
  for (int k = 0; k < 3; k++)
    {
      const double thresholds[] = { 0.51, 0.5, 0.1 };
      InionHeadGraphStyle style = { .threshold = thresholds[k], .max = 1, .highlight = -1 };
      Picture picture = picture_new (300, 300, FALSE);

      inion_head_graph_draw (picture.cr, 0, 0, 300, 300, positions, NULL, matrix, N, &style);
      ink[k] = 0;
      for (int y = 140; y < 200; y++)
        for (int x = 0; x < 300; x++)
          {
            guint32 pixel = picture_pixel (&picture, x, y);

            if (PICTURE_BLUE (pixel) > PICTURE_RED (pixel) + 20)
              {
                g_assert_cmpint (x, <, 150);
                ink[k]++;
              }
          }
      picture_finish (&picture, NULL);
    }
  g_assert_cmpuint (ink[0], ==, 0);
  g_assert_cmpuint (ink[1], >, 10);
  g_assert_cmpuint (ink[2], >, ink[1]);
}

static void
test_pick (void)
{
  InionPosition positions[N];

  get_positions (positions);
  /* Cz stands in the middle of the width; P3 is left of and below it. */
  for (double y = 0; y < 300; y += 2)
    {
      int i = inion_head_graph_pick (0, 0, 300, 300, positions, N, 150, y);

      g_assert_true (i == -1 || names[i][1] == 'z');
    }
  g_assert_cmpint (inion_head_graph_pick (0, 0, 300, 300, positions, N, 5, 5), ==, -1);
  g_assert_cmpint (inion_head_graph_pick (0, 0, 300, 300, positions, 0, 150, 150), ==, -1);
}

static void
test_degenerate (void)
{
  const double values[] = { 0, NAN, INFINITY, -1, 1e300 };
  InionPosition positions[N];
  double matrix[N * N];

  get_positions (positions);
  positions[2] = (InionPosition) { NAN, NAN, NAN };
  positions[3] = (InionPosition) { 0, 0, 0 };
  for (gsize v = 0; v < G_N_ELEMENTS (values); v++)
    for (guint n = 0; n <= N; n += 7)
      for (int size = 0; size <= 120; size += 30)
        {
          InionHeadGraphStyle style = { .threshold = 0.2, .highlight = 3, .caption = "none" };
          Picture picture = picture_new (120, 120, TRUE);

          for (guint i = 0; i < N * N; i++)
            matrix[i] = values[v];
          inion_head_graph_draw (picture.cr, 0, 0, size, size, positions, names, matrix, n, &style);
          picture_finish (&picture, NULL);
        }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/head-graph/look", test_look);
  g_test_add_func ("/render/head-graph/threshold", test_threshold);
  g_test_add_func ("/render/head-graph/pick", test_pick);
  g_test_add_func ("/render/head-graph/degenerate", test_degenerate);
  return g_test_run ();
}
