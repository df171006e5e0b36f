/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scores of predictions, with their intervals and chance levels. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/statistics.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>

typedef struct
{
  double value;
  gboolean positive;
} Ranked;

static guint64
row_sum (const guint *counts,
         guint        k,
         guint        row)
{
  guint64 sum = 0;

  for (guint i = 0; i < k; i++)
    sum += counts[row * k + i];
  return sum;
}

static guint64
column_sum (const guint *counts,
            guint        k,
            guint        column)
{
  guint64 sum = 0;

  for (guint i = 0; i < k; i++)
    sum += counts[i * k + column];
  return sum;
}

static guint64
total (const guint *counts,
       guint        k)
{
  guint64 sum = 0;

  for (guint i = 0; i < k; i++)
    sum += row_sum (counts, k, i);
  return sum;
}

static int
compare_ranked (const void *a,
                const void *b)
{
  const Ranked *x = a;
  const Ranked *y = b;

  return (x->value > y->value) - (x->value < y->value);
}

/* Sum of the ranks (from 1, ties share their mean) of the positive entries; sorts @ranked. */
static double
positive_rank_sum (Ranked *ranked,
                   gsize   n)
{
  double sum = 0;

  qsort (ranked, n, sizeof *ranked, compare_ranked);
  for (gsize first = 0, last; first < n; first = last)
    {
      gsize positives = 0;

      for (last = first; last < n && compare_ranked (&ranked[first], &ranked[last]) == 0; last++)
        positives += ranked[last].positive ? 1 : 0;
      sum += (double) positives * ((double) (first + last + 1) / 2);
    }
  return sum;
}

/* Mann and Whitney's U of one class against the rest, over n₁ n₀. */
static double
auc_of_class (const guint  *truth,
              const double *probabilities,
              gsize         n,
              guint         k,
              guint         positive_class)
{
  g_autofree Ranked *ranked = g_new (Ranked, n);
  double n_positive = 0, n_negative;

  for (gsize i = 0; i < n; i++)
    {
      ranked[i].value = probabilities[i * k + positive_class];
      ranked[i].positive = truth[i] == positive_class;
      n_positive += ranked[i].positive ? 1 : 0;
      if (isnan (ranked[i].value))
        return NAN;
    }
  n_negative = (double) n - n_positive;
  if (n_positive < 1 || n_negative < 1)
    return NAN;
  return (positive_rank_sum (ranked, n) - n_positive * (n_positive + 1) / 2) /
         (n_positive * n_negative);
}

/* GSL's own handler ends the program. */
static void
quiet_gsl (void)
{
  static gsize done;

  if (g_once_init_enter (&done))
    {
      gsl_set_error_handler_off ();
      g_once_init_leave (&done, 1);
    }
}

/**
 * inion_score_accuracy:
 * @counts: (array): [@k × @k], truth by row, predicted by column
 * @k: number of classes
 *
 * Returns: the share of right predictions, 0–1; NAN without predictions
 */
double
inion_score_accuracy (const guint *counts,
                      guint        k)
{
  guint64 n = total (counts, k);
  guint64 right = 0;

  for (guint i = 0; i < k; i++)
    right += counts[i * k + i];
  return n > 0 ? (double) right / (double) n : NAN;
}

/**
 * inion_score_balanced_accuracy:
 * @counts: (array): [@k × @k], truth by row, predicted by column
 * @k: number of classes
 *
 * Returns: the mean of the recalls of the classes that occur, 0–1; NAN without predictions
 */
double
inion_score_balanced_accuracy (const guint *counts,
                               guint        k)
{
  double sum = 0;
  guint n_occurring = 0;

  for (guint i = 0; i < k; i++)
    {
      guint64 n = row_sum (counts, k, i);

      if (n == 0)
        continue;
      sum += (double) counts[i * k + i] / (double) n;
      n_occurring++;
    }
  return n_occurring > 0 ? sum / n_occurring : NAN;
}

/**
 * inion_score_kappa:
 * @counts: (array): [@k × @k], truth by row, predicted by column
 * @k: number of classes
 *
 * Agreement beyond what the two marginal distributions give by chance (Cohen 1960).
 *
 * Returns: κ, at most 1; 0 where chance alone agrees always
 */
double
inion_score_kappa (const guint *counts,
                   guint        k)
{
  double n = (double) total (counts, k);
  double observed = inion_score_accuracy (counts, k);
  double by_chance = 0;

  if (n < 1)
    return 0;
  for (guint i = 0; i < k; i++)
    by_chance += (double) row_sum (counts, k, i) / n * ((double) column_sum (counts, k, i) / n);
  return by_chance < 1 ? (observed - by_chance) / (1 - by_chance) : 0;
}

/**
 * inion_score_auc:
 * @truth: (array length=n): class of each example, below @k
 * @probabilities: (array): [@n × @k]
 * @n: number of examples
 * @k: number of classes, at least 2
 *
 * Area under the ROC curve by ranks (Mann and Whitney); ties count half. Two classes: class 1
 * against class 0. More: the mean over classes of one against the rest.
 *
 * Returns: the area, 0–1; NAN if a class is missing or a probability is NaN
 */
double
inion_score_auc (const guint  *truth,
                 const double *probabilities,
                 gsize         n,
                 guint         k)
{
  double sum = 0;

  if (k == 2)
    return auc_of_class (truth, probabilities, n, k, 1);
  for (guint i = 0; i < k; i++)
    sum += auc_of_class (truth, probabilities, n, k, i);
  return k > 0 ? sum / k : NAN;
}

/**
 * inion_score_brier:
 * @truth: (array length=n): class of each example, below @k
 * @probabilities: (array): [@n × @k]
 * @n: number of examples
 * @k: number of classes
 *
 * Mean squared distance of the probabilities from the truth (Brier 1950), halved: for two classes
 * it is the mean of (p₁ − y)², and it lies in 0–1 for any number of classes.
 *
 * Returns: the score, 0 for perfect; NAN without examples
 */
double
inion_score_brier (const guint  *truth,
                   const double *probabilities,
                   gsize         n,
                   guint         k)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    for (guint c = 0; c < k; c++)
      {
        double distance = probabilities[i * k + c] - (truth[i] == c ? 1 : 0);

        sum += distance * distance;
      }
  return n > 0 ? sum / 2 / (double) n : NAN;
}

/**
 * inion_interval_wilson:
 * @correct: number of right predictions, at most @n
 * @n: number of predictions
 * @low: (out): lower end, 0–1
 * @high: (out): upper end, 0–1
 *
 * The 95 % interval of a share (Wilson 1927). It holds for independent predictions; overlapping
 * windows are not.
 */
void
inion_interval_wilson (guint   correct,
                       guint   n,
                       double *low,
                       double *high)
{
  const double z = 1.959963984540054;
  double share, centre, half;

  *low = 0;
  *high = 1;
  if (n == 0)
    return;
  share = (double) correct / n;
  centre = (share + z * z / (2.0 * n)) / (1 + z * z / n);
  half = z / (1 + z * z / n) * sqrt (share * (1 - share) / n + z * z / (4.0 * n * n));
  *low = correct == 0 ? 0 : MAX (0, centre - half);
  *high = correct == n ? 1 : MIN (1, centre + half);
}

/**
 * inion_chance_bound:
 * @n: number of predictions
 * @p: probability that one guess is right, 0–1
 *
 * The accuracy that guessing exceeds in at most one of twenty experiments: the 95 % quantile of
 * the binomial distribution, over @n (Combrisson and Jerbi 2015).
 *
 * Returns: the bound, 0–1; NAN without predictions
 */
double
inion_chance_bound (guint  n,
                    double p)
{
  guint low = 0, high = n;

  if (n == 0 || isnan (p))
    return NAN;
  if (p <= 0)
    return 0;
  if (p >= 1)
    return 1;
  quiet_gsl ();
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (gsl_cdf_binomial_P (middle, p, n) >= 0.95)
        high = middle;
      else
        low = middle + 1;
    }
  return (double) low / n;
}

/**
 * inion_permutation_p:
 * @observed: the score with the true labels
 * @null_scores: (array length=n): scores with shuffled labels
 * @n: how many
 *
 * The observed score counts as one of the permutations, so that p is never 0 (Phipson and Smyth
 * 2010).
 *
 * Returns: (1 + #{null ≥ observed}) / (1 + @n)
 */
double
inion_permutation_p (double        observed,
                     const double *null_scores,
                     gsize         n)
{
  gsize reached = 0;

  for (gsize i = 0; i < n; i++)
    reached += null_scores[i] >= observed ? 1 : 0;
  return (1 + (double) reached) / (1 + (double) n);
}
