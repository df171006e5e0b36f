/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "signal/template.h"

#include "core/random.h"
#include "reference.h"

#define LENGTH 100

static GArray *
find (const double *scores,
      gsize         n,
      double        floor,
      gint64        distance)
{
  GArray *hits = g_array_new (FALSE, FALSE, sizeof (InionTemplateHit));

  inion_template_find_peaks (scores, n, 0, floor, TRUE, TRUE, hits);
  inion_template_thin (hits, distance);
  return hits;
}

static void
test_scipy (void)
{
  g_autoptr (GHashTable) all = reference_load ("tools.txt");
  g_autoptr (GHashTable) input = reference_load ("signal_input.txt");
  const Reference *rows[] = { reference_get (input, "frontal"), reference_get (input, "central") };
  double x[2 * 1000], p[2 * LENGTH], scores[1000];
  static const struct
  {
    const char *name;
    InionSimilarity similarity;
  } cases[] = { { "joint", INION_SIMILARITY_JOINT }, { "mean", INION_SIMILARITY_MEAN } };

  for (guint c = 0; c < 2; c++)
    {
      memcpy (x + c * 1000, rows[c]->at, 1000 * sizeof *x);
      memcpy (p + c * LENGTH, rows[c]->at + 300, LENGTH * sizeof *p);
    }
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Reference *reference = reference_get (all, cases[i].name);
      g_autoptr (InionTemplate) t = inion_template_new (p, 2, LENGTH, cases[i].similarity, NULL);

      inion_template_score (t, x, 1000, scores);
      g_assert_cmpuint (reference->n, ==, 1000 - LENGTH + 1);
      assert_near (scores, reference, 1e-11);
      g_assert_cmpfloat_with_epsilon (scores[300], 1, 1e-12);
    }
}

/* Copies of a pattern, on a large offset: found at the sample they were put to, fully alike. */
static void
test_planted (void)
{
  const gsize n = 60000;
  const gsize places[] = { 0, 700, 9000, 9200, 30000, 45321, 60000 - LENGTH };
  const double gains[] = { 1, 0.3, 40, -1, 2, 1, 1 };
  g_autofree double *x = g_new0 (double, 2 * n);
  g_autofree double *scores = g_new (double, n);
  g_autoptr (InionTemplate) t = NULL;
  g_autoptr (GArray) hits = NULL;
  double p[2 * LENGTH];
  guint k = 0;

  for (guint i = 0; i < LENGTH; i++)
    {
      p[i] = exp (-pow ((i - 40.0) / 9, 2)) * 80 + 3;
      p[LENGTH + i] = -0.5 * exp (-pow ((i - 44.0) / 15, 2)) * 80 - 1;
    }
  /* What is not the pattern is flat: with a large offset that must not count. */
  for (gsize i = 0; i < n; i++)
    x[i] = 4000, x[n + i] = -300;
  for (guint j = 0; j < G_N_ELEMENTS (places); j++)
    for (guint c = 0; c < 2; c++)
      for (guint i = 0; i < LENGTH; i++)
        x[c * n + places[j] + i] += gains[j] * p[c * LENGTH + i];
  t = inion_template_new (p, 2, LENGTH, INION_SIMILARITY_JOINT, NULL);
  inion_template_score (t, x, n, scores);
  for (guint j = 0; j < G_N_ELEMENTS (places); j++)
    g_assert_cmpfloat_with_epsilon (scores[places[j]], gains[j] < 0 ? -1 : 1, 1e-9);
  g_assert_cmpfloat (scores[20000], ==, 0);

  hits = find (scores, n - LENGTH + 1, 0.99, LENGTH / 2);
  g_assert_cmpuint (hits->len, ==, G_N_ELEMENTS (places) - 1);
  for (guint j = 0; j < G_N_ELEMENTS (places); j++)
    if (gains[j] > 0)
      {
        g_assert_cmpint (g_array_index (hits, InionTemplateHit, k).at, ==, (gint64) places[j]);
        k++;
      }
}

/* With noise of σ on a pattern of standard deviation s a correlation of s/√(s² + σ²) is expected. */
static void
test_noise (void)
{
  const gsize n = 200000, m = 400;
  g_autofree double *x = g_new (double, n);
  g_autofree double *scores = g_new (double, n);
  g_autofree double *p = g_new (double, m);
  g_autoptr (InionTemplate) t = NULL;
  g_autoptr (GArray) hits = NULL;
  InionRandom random;
  double sum = 0;

  inion_random_seed (&random, 7, 1);
  for (gsize i = 0; i < m; i++)
    p[i] = sqrt (2) * sin (2 * G_PI * 6 * i / m);
  for (gsize i = 0; i < n; i++)
    x[i] = 0.75 * inion_random_normal (&random);
  for (gsize at = 5000; at + m < n; at += 10000)
    for (gsize i = 0; i < m; i++)
      x[at + i] += p[i];
  t = inion_template_new (p, 1, m, INION_SIMILARITY_JOINT, NULL);
  inion_template_score (t, x, n, scores);
  hits = find (scores, n - m + 1, 0.6, (gint64) m / 2);
  g_assert_cmpuint (hits->len, ==, 20);
  for (guint i = 0; i < hits->len; i++)
    {
      const InionTemplateHit *hit = &g_array_index (hits, InionTemplateHit, i);

      g_assert_cmpint (ABS (hit->at - (5000 + 10000 * (gint64) i)), <=, 2);
      sum += hit->score / 20;
    }
  g_assert_cmpfloat_with_epsilon (sum, 0.8, 0.01);
}

/* The threshold may rise afterwards: what is left is what a search with it would have found. */
static void
test_thin (void)
{
  InionRandom random;
  g_autoptr (GArray) low = g_array_new (FALSE, FALSE, sizeof (InionTemplateHit));
  g_autoptr (GArray) high = g_array_new (FALSE, FALSE, sizeof (InionTemplateHit));
  guint k = 0;

  inion_random_seed (&random, 3, 1);
  for (guint i = 0; i < 3000; i++)
    {
      InionTemplateHit hit = { (gint64) inion_random_below (&random, 100000),
                               inion_random_uniform (&random) };

      g_array_append_val (low, hit);
      if (hit.score >= 0.6)
        g_array_append_val (high, hit);
    }
  inion_template_thin (low, 70);
  inion_template_thin (high, 70);
  for (guint i = 0; i < low->len; i++)
    {
      const InionTemplateHit *hit = &g_array_index (low, InionTemplateHit, i);

      if (i > 0)
        g_assert_cmpint (hit->at - hit[-1].at, >=, 70);
      if (hit->score < 0.6)
        continue;
      g_assert_cmpuint (k, <, high->len);
      g_assert_cmpint (hit->at, ==, g_array_index (high, InionTemplateHit, k).at);
      k++;
    }
  g_assert_cmpuint (k, ==, high->len);
}

static void
test_peaks (void)
{
  const double scores[] = { 0.9, 0.5, 0.7, 0.7, 0.2, NAN, 0.8, 0.1, 0.95 };
  g_autoptr (GArray) inner = g_array_new (FALSE, FALSE, sizeof (InionTemplateHit));
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (InionTemplateHit));

  inion_template_find_peaks (scores, 5, 1000, 0.6, FALSE, FALSE, inner);
  g_assert_cmpuint (inner->len, ==, 1);
  g_assert_cmpint (g_array_index (inner, InionTemplateHit, 0).at, ==, 1002);
  inion_template_find_peaks (scores, 5, 1000, 0.6, TRUE, FALSE, all);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpint (g_array_index (all, InionTemplateHit, 0).at, ==, 1000);
}

static void
test_refusals (void)
{
  double p[8] = { 5, 5, 5, 5, 5, 5, 5, 5 };
  g_autoptr (GError) error = NULL;

  g_assert_null (inion_template_new (p, 2, 4, INION_SIMILARITY_JOINT, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NUMERIC);
  g_clear_error (&error);
  p[3] = NAN;
  g_assert_null (inion_template_new (p, 2, 4, INION_SIMILARITY_JOINT, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NUMERIC);
  g_clear_error (&error);
  g_assert_null (inion_template_new (p, 2, 1, INION_SIMILARITY_JOINT, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signal/template/scipy", test_scipy);
  g_test_add_func ("/signal/template/planted", test_planted);
  g_test_add_func ("/signal/template/noise", test_noise);
  g_test_add_func ("/signal/template/thin", test_thin);
  g_test_add_func ("/signal/template/peaks", test_peaks);
  g_test_add_func ("/signal/template/refusals", test_refusals);
  return g_test_run ();
}
