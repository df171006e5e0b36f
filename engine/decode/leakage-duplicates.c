/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows that are the same twice, and recordings that were given twice.
 *
 * Two windows are duplicates where the mean over channels of their correlation is above 0.999;
 * scale and offset of a channel do not matter. Comparing all samples of all pairs would be
 * O(n² × samples), so each window first gets a signature of 64 standardised samples, a unit
 * vector. Windows that correlate above 0.999 have close signatures, and close signatures have
 * close projections on any direction: sorted by one projection, only neighbours are compared, and
 * only what passes there is compared in full. Windows that overlap in time in one recording are
 * another rule's business. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/leakage-private.h"

#include <math.h>

#define N_SIGNATURE 64
#define SAME 0.999
#define NEARLY 0.995   /* of two signatures, which estimate the correlation from 64 samples */

typedef struct
{
  guint a, b;
} Pair;

typedef struct
{
  double projection;
  guint index;
} Projected;

/* Mean and 1/(standard deviation) of one channel; 0 for a flat one. */
static void
standardise (const double *x,
             guint         n,
             double       *mean,
             double       *inverse)
{
  double sum = 0, squares = 0;

  for (guint i = 0; i < n; i++)
    sum += x[i];
  *mean = sum / n;
  for (guint i = 0; i < n; i++)
    squares += (x[i] - *mean) * (x[i] - *mean);
  *inverse = squares > 0 ? 1 / sqrt (squares / n) : 0;
}

/* Fills a unit vector; FALSE for a window that is flat or not finite. */
static gboolean
sign (const InionLeakageView *view,
      guint                   index,
      double                 *signature)
{
  const double *x = view->data[index];
  double length = 0;

  for (guint i = 0; i < N_SIGNATURE; i++)
    {
      guint channel = (i * 13) % view->n_channels;
      guint sample = (guint) (((guint64) i * view->n_samples / N_SIGNATURE + i * 7) %
                              view->n_samples);
      const double *row = x + (gsize) channel * view->n_samples;
      double mean, inverse;

      standardise (row, view->n_samples, &mean, &inverse);
      signature[i] = (row[sample] - mean) * inverse;
      length += signature[i] * signature[i];
    }
  if (!(length > 0) || !isfinite (length))
    return FALSE;
  for (guint i = 0; i < N_SIGNATURE; i++)
    signature[i] /= sqrt (length);
  return TRUE;
}

/* Mean over the channels that are flat in neither window of their correlation. */
static double
correlate (const InionLeakageView *view,
           guint                   a,
           guint                   b)
{
  double sum = 0;
  guint n_used = 0;

  for (guint c = 0; c < view->n_channels; c++)
    {
      const double *x = view->data[a] + (gsize) c * view->n_samples;
      const double *y = view->data[b] + (gsize) c * view->n_samples;
      double mean_x, inverse_x, mean_y, inverse_y, product = 0;

      standardise (x, view->n_samples, &mean_x, &inverse_x);
      standardise (y, view->n_samples, &mean_y, &inverse_y);
      if (!(inverse_x > 0) || !(inverse_y > 0))
        continue;
      for (guint i = 0; i < view->n_samples; i++)
        product += (x[i] - mean_x) * (y[i] - mean_y);
      sum += product * inverse_x * inverse_y / view->n_samples;
      n_used++;
    }
  return n_used > 0 ? sum / n_used : 0;
}

static int
compare_projected (gconstpointer a,
                   gconstpointer b)
{
  const Projected *x = a;
  const Projected *y = b;

  if (x->projection != y->projection)
    return x->projection < y->projection ? -1 : 1;
  return (x->index > y->index) - (x->index < y->index);
}

static gboolean
are_same (const InionLeakageView *view,
          const double           *signatures,
          guint                   a,
          guint                   b)
{
  const double *x = signatures + (gsize) a * N_SIGNATURE;
  const double *y = signatures + (gsize) b * N_SIGNATURE;
  double product = 0;

  if (view->source[a] == view->source[b] &&
      ABS (view->onset_ns[a] - view->onset_ns[b]) < view->window_ns)
    return FALSE;
  for (guint i = 0; i < N_SIGNATURE; i++)
    product += x[i] * y[i];
  return product > NEARLY && correlate (view, a, b) > SAME;
}

/* All pairs of duplicates, the smaller index first; NULL if the job was cancelled. */
static GArray *
find_pairs (const InionLeakageView *view,
            InionJob               *job,
            GError                **error)
{
  const double reach = sqrt (2 * (1 - NEARLY));
  g_autofree double *signatures = g_new (double, (gsize) view->n * N_SIGNATURE);
  g_autoptr (GArray) projected = g_array_new (FALSE, FALSE, sizeof (Projected));
  g_autoptr (GArray) pairs = g_array_new (FALSE, FALSE, sizeof (Pair));

  for (guint i = 0; i < view->n; i++)
    {
      double *signature = signatures + (gsize) i * N_SIGNATURE;
      Projected p = { 0, i };

      if (!inion_job_check (job, error))
        return NULL;
      if (!sign (view, i, signature))
        continue;
      for (guint k = 0; k < N_SIGNATURE; k++)
        p.projection += signature[k] * (k % 3 == 0 ? 0.125 : -0.125);
      g_array_append_val (projected, p);
    }
  g_array_sort (projected, compare_projected);
  for (guint i = 0; i < projected->len; i++)
    {
      const Projected *p = &g_array_index (projected, Projected, i);

      if (!inion_job_check (job, error))
        return NULL;
      for (guint k = i + 1; k < projected->len; k++)
        {
          const Projected *q = &g_array_index (projected, Projected, k);
          Pair pair = { MIN (p->index, q->index), MAX (p->index, q->index) };

          if (q->projection - p->projection > reach)
            break;
          if (are_same (view, signatures, pair.a, pair.b))
            g_array_append_val (pairs, pair);
        }
    }
  return g_steal_pointer (&pairs);
}

/* Reports recordings of which at least half stands in another one too, and returns for each pair
 * of recordings whether it was reported: [n_sources × n_sources]. */
static guint8 *
report_recordings (const InionLeakageView *view,
                   GArray                 *pairs,
                   GPtrArray              *findings)
{
  const gsize n = view->n_sources;
  guint8 *reported = g_new0 (guint8, n * n);
  g_autofree guint *size = g_new0 (guint, n);
  g_autoptr (GHashTable) twins = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autofree guint *shared = g_new0 (guint, n * n);

  for (guint i = 0; i < view->n; i++)
    size[view->source[i]]++;
  for (guint i = 0; i < pairs->len; i++)
    {
      const Pair *pair = &g_array_index (pairs, Pair, i);
      guint a = view->source[pair->a], b = view->source[pair->b];
      guint from = MIN (a, b), to = MAX (a, b);
      gint64 key = (gint64) (a < b ? pair->a : pair->b) * view->n_sources + to;

      /* An example of the first recording counts once, however many twins it has. */
      if (from != to && g_hash_table_add (twins, g_memdup2 (&key, sizeof key)))
        shared[from * n + to]++;
    }
  for (guint a = 0; a < n; a++)
    for (guint b = a + 1; b < n; b++)
      {
        guint common = shared[a * n + b];

        if (common < 2 || 2 * common < MIN (size[a], size[b]))
          continue;
        reported[a * n + b] = reported[b * n + a] = TRUE;
        g_ptr_array_add (findings, inion_finding_new (
          "duplicate-recordings", "error",
          "Recordings %u and %u (in the order given) hold the same signal: %u of their windows are "
          "the same. A decoder trained on one has seen the other, and the score is too high. "
          "Remove one of them.", a + 1, b + 1, common));
      }
  return reported;
}

/* Counts the tested examples of which a duplicate was trained on. */
static void
report_examples (const InionLeakageView *view,
                 GPtrArray              *folds,
                 GArray                 *pairs,
                 const guint8           *reported,
                 GPtrArray              *findings)
{
  g_autofree guint8 *known = g_new0 (guint8, view->n);
  guint n_known = 0;

  for (guint f = 0; f < folds->len; f++)
    {
      const InionFoldPlan *fold = g_ptr_array_index (folds, f);
      g_autofree guint8 *trained = g_new0 (guint8, view->n);
      g_autofree guint8 *tested = g_new0 (guint8, view->n);

      for (guint i = 0; i < fold->n_train; i++)
        trained[fold->train[i]] = TRUE;
      for (guint i = 0; i < fold->n_test; i++)
        tested[fold->test[i]] = TRUE;
      for (guint i = 0; i < pairs->len; i++)
        {
          const Pair *pair = &g_array_index (pairs, Pair, i);

          if (reported[(gsize) view->source[pair->a] * view->n_sources + view->source[pair->b]])
            continue;
          known[pair->a] |= tested[pair->a] && trained[pair->b];
          known[pair->b] |= tested[pair->b] && trained[pair->a];
        }
    }
  for (guint i = 0; i < view->n; i++)
    n_known += known[i];
  if (n_known > 0)
    g_ptr_array_add (findings, inion_finding_new (
      "duplicate-examples", "error",
      "%u tested windows are copies of windows the decoder was trained on (correlation above "
      "0.999): it has seen the answer, and the score is too high. Look for recordings that were "
      "cut or joined from the same data, and keep one copy.", n_known));
}

/* Returns: %FALSE if the job was cancelled. */
gboolean
_inion_leakage_duplicates (const InionLeakageView  *view,
                           GPtrArray               *folds,
                           GPtrArray               *findings,
                           InionJob                *job,
                           GError                 **error)
{
  g_autoptr (GArray) pairs = NULL;
  g_autofree guint8 *reported = NULL;

  if (view->n_channels == 0 || view->n_samples == 0)
    return TRUE;
  pairs = find_pairs (view, job, error);
  if (pairs == NULL)
    return FALSE;
  reported = report_recordings (view, pairs, findings);
  report_examples (view, folds, pairs, reported, findings);
  return TRUE;
}
