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
          .measure = "Imaginary coherence, alpha 8\xe2\x80\x93""13\xe2\x80\x89Hz",
          .caption = "null, largest pair 95\xe2\x80\x89%: 0.31",
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

/* Pixels of a hue in the foot of a picture, where no edge is. */
static guint
count_foot (Picture *picture,
            int      width,
            int      height,
            gboolean orange)
{
  guint n = 0;

  for (int y = height * 2 / 3; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint32 pixel = picture_pixel (picture, x, y);
        int difference = PICTURE_BLUE (pixel) - PICTURE_RED (pixel);

        n += orange ? difference < -20 : difference > 20;
      }
  return n;
}

static guint
count_foot_ink (Picture *picture,
                int      width,
                int      height)
{
  guint n = 0;

  for (int y = height * 2 / 3; y < height; y++)
    for (int x = 0; x < width; x++)
      n += picture_pixel (picture, x, y) != picture_pixel (picture, 0, 0);
  return n;
}

/* The legend has a wedge of each hue that is drawn, in wide and in narrow pictures, in light and
 * dark; without an edge it has none; what is named is written. */
static void
test_legend (void)
{
  static const int sizes[][2] = { { 800, 800 }, { 348, 328 }, { 240, 300 }, { 200, 180 } };
  InionPosition positions[N];
  double matrix[N * N] = { 0 };

  get_positions (positions);
  matrix[3 * N + 2] = 0.5;   /* F3–F7, far from the foot */
  for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (int k = 0; k < 8; k++)
      {
        gboolean dark = k & 1, named = k & 2, negative = k & 4;
        int width = sizes[s][0], height = sizes[s][1];
        InionHeadGraphStyle style = { .dark = dark, .threshold = 0.25, .highlight = -1 };
        InionHeadGraphStyle none = { .dark = dark, .threshold = 0.75, .highlight = -1 };
        Picture picture = picture_new (width, height, dark);
        Picture bare = picture_new (width, height, dark);

        style.measure = none.measure = named ? "Coherence" : NULL;
        matrix[5 * N + 6] = negative ? -0.4 : 0.4;   /* F4–F8 */
        inion_head_graph_draw (picture.cr, 0, 0, width, height, positions, NULL, matrix, N, &style);
        inion_head_graph_draw (bare.cr, 0, 0, width, height, positions, NULL, matrix, N, &none);
        g_assert_cmpuint (count_foot (&picture, width, height, FALSE), >, 20);
        if (negative && width >= 348)
          g_assert_cmpuint (count_foot (&picture, width, height, TRUE), >, 20);
        if (!negative)
          g_assert_cmpuint (count_foot (&picture, width, height, TRUE), ==, 0);
        g_assert_cmpuint (count_foot (&bare, width, height, FALSE), ==, 0);
        g_assert_cmpuint (count_foot_ink (&bare, width, height), >, 100);
        picture_finish (&picture, NULL);
        picture_finish (&bare, NULL);
      }
}

/* What a node has been given by its edges is its size: the end of two is larger than of one. */
static void
test_nodes (void)
{
  InionPosition positions[N];
  double matrix[N * N] = { 0 };
  guint ink[2] = { 0 };

  get_positions (positions);
  matrix[0 * N + 17] = 0.9;   /* Fp1–O1 */
  matrix[0 * N + 7] = 0.9;    /* Fp1–T7: Fp1 has twice what O1 has */
  for (int k = 0; k < 2; k++)
    {
      InionHeadGraphStyle style = { .threshold = 0.5, .highlight = -1 };
      Picture picture = picture_new (500, 500, FALSE);

      inion_head_graph_draw (picture.cr, 0, 0, 500, 500, positions, NULL, matrix, N, &style);
      /* Where picking finds the node is where it stands. */
      for (int y = 0; y < 500; y++)
        for (int x = 0; x < 500; x++)
          if (inion_head_graph_pick (0, 0, 500, 500, positions, N, x, y) == (k == 0 ? 0 : 17))
            {
              guint32 pixel = picture_pixel (&picture, x, y);

              ink[k] += PICTURE_BLUE (pixel) < 100;
            }
      picture_finish (&picture, NULL);
    }
  g_assert_cmpuint (ink[1], >, 20);
  g_assert_cmpuint (ink[0], >, ink[1] * 3 / 2);
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
  g_test_add_func ("/render/head-graph/legend", test_legend);
  g_test_add_func ("/render/head-graph/nodes", test_nodes);
  g_test_add_func ("/render/head-graph/pick", test_pick);
  g_test_add_func ("/render/head-graph/degenerate", test_degenerate);
  return g_test_run ();
}
