/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules that need no samples: overlap, order of the labels, sizes.
 *
 * Labels in blocks. Two questions are put to each recording's sequence of labels and pooled over
 * recordings: does the class change less often than in a shuffled order (the runs test of Wald and
 * Wolfowitz 1940, for any number of classes after Barton and David 1957), and does one class stand
 * earlier than another (Kruskal and Wallis 1952, on the examples' places in time). A third asks
 * whether class goes with recording (χ² on the table of class by recording). */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/leakage-private.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#define SIGNIFICANT 0.01
#define FEW_EXAMPLES 40
#define FEW_OF_A_CLASS 10
#define UNEQUAL 1.5
#define VERY_UNEQUAL 4.0
#define TOO_FEW_TO_JUDGE 8

#define MORE_ORDER_ADVICE \
  " What drifts slowly (electrodes, drowsiness, sweat) then tells the classes apart as well as " \
  "the brain does, and validation on these recordings cannot see the difference. Record the " \
  "classes in a mixed order, or test on recordings that have another order."

static int
compare_place (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  const InionLeakageView *view = user_data;
  guint i = *(const guint *) a;
  guint k = *(const guint *) b;

  if (view->source[i] != view->source[k])
    return view->source[i] < view->source[k] ? -1 : 1;
  if (view->onset_ns[i] != view->onset_ns[k])
    return view->onset_ns[i] < view->onset_ns[k] ? -1 : 1;
  return (i > k) - (i < k);
}

/* Indices of the examples by recording, then by time. */
static guint *
sort_by_time (const InionLeakageView *view)
{
  guint *order = g_new (guint, view->n);

  for (guint i = 0; i < view->n; i++)
    order[i] = i;
  g_qsort_with_data (order, (int) view->n, sizeof *order, compare_place, (gpointer) view);
  return order;
}

static gboolean
share_samples (const InionLeakageView *view,
               guint                   a,
               guint                   b)
{
  return view->source[a] == view->source[b] &&
         ABS (view->onset_ns[a] - view->onset_ns[b]) < view->window_ns;
}

/* Whether a training example shares samples with the example at @place of the time order. */
static gboolean
touches_training (const InionLeakageView *view,
                  const guint            *order,
                  const guint8           *in_training,
                  guint                   place)
{
  guint test = order[place];

  if (in_training[test])
    return TRUE;
  for (guint i = place + 1; i < view->n && share_samples (view, test, order[i]); i++)
    if (in_training[order[i]])
      return TRUE;
  for (guint i = place; i > 0 && share_samples (view, test, order[i - 1]); i--)
    if (in_training[order[i - 1]])
      return TRUE;
  return FALSE;
}

/* Windows that share samples on both sides of a split: the test set is then partly known. */
void
_inion_leakage_overlap (const InionLeakageView *view,
                        GPtrArray              *folds,
                        GPtrArray              *findings)
{
  g_autofree guint *order = sort_by_time (view);
  g_autofree guint *place = g_new (guint, view->n);
  guint n_test = 0, n_known = 0;

  for (guint i = 0; i < view->n; i++)
    place[order[i]] = i;
  for (guint f = 0; f < folds->len; f++)
    {
      const InionFoldPlan *fold = g_ptr_array_index (folds, f);
      g_autofree guint8 *in_training = g_new0 (guint8, view->n);

      for (guint i = 0; i < fold->n_train; i++)
        in_training[fold->train[i]] = TRUE;
      for (guint i = 0; i < fold->n_test; i++)
        n_known += touches_training (view, order, in_training, place[fold->test[i]]) ? 1 : 0;
      n_test += fold->n_test;
    }
  if (n_known > 0)
    g_ptr_array_add (findings, inion_finding_new (
      "overlapping-windows", "error",
      "%u of %u tested windows share samples with windows the decoder was trained on: it has seen "
      "part of the answer, and the score is too high. Use blocked-k-fold with a margin of at least "
      "one window, or leave whole recordings out.", n_known, n_test));
}

typedef struct
{
  double runs, expected_runs, variance_of_runs;
  double rank_statistic;
  guint degrees;
  guint n;
} Sequence;

/* Adds the recording whose examples stand at [first, last) of the time order. */
static void
add_recording (Sequence               *sequence,
               const InionLeakageView *view,
               const guint            *order,
               guint                   first,
               guint                   last)
{
  g_autofree double *count = g_new0 (double, view->n_classes);
  g_autofree double *rank_sum = g_new0 (double, view->n_classes);
  double n = last - first, squares = 0, cubes = 0, ranks = 0, runs = 1;
  guint n_present = 0;

  for (guint i = first; i < last; i++)
    {
      count[view->label[order[i]]] += 1;
      rank_sum[view->label[order[i]]] += i - first + 1;
      if (i > first && view->label[order[i]] != view->label[order[i - 1]])
        runs += 1;
    }
  for (guint c = 0; c < view->n_classes; c++)
    {
      if (count[c] < 1)
        continue;
      n_present++;
      squares += count[c] * count[c];
      cubes += count[c] * count[c] * count[c];
      ranks += rank_sum[c] * rank_sum[c] / count[c];
    }
  if (n_present < 2)
    return;
  sequence->n += last - first;
  sequence->runs += runs;
  sequence->expected_runs += (n * (n + 1) - squares) / n;
  sequence->variance_of_runs += (squares * (squares + n * (n + 1)) - 2 * n * cubes - n * n * n) /
                                (n * n * (n - 1));
  sequence->rank_statistic += 12 / (n * (n + 1)) * ranks - 3 * (n + 1);
  sequence->degrees += n_present - 1;
}

/* χ² of the table class by recording; returns its p, 1 where there is nothing to judge. */
static double
class_goes_with_recording (const InionLeakageView *view)
{
  g_autofree double *table = g_new0 (double, (gsize) view->n_classes * view->n_sources);
  g_autofree double *of_class = g_new0 (double, view->n_classes);
  g_autofree double *of_source = g_new0 (double, view->n_sources);
  double statistic = 0;
  guint n_classes = 0, n_sources = 0;

  for (guint i = 0; i < view->n; i++)
    {
      table[view->label[i] * view->n_sources + view->source[i]] += 1;
      of_class[view->label[i]] += 1;
      of_source[view->source[i]] += 1;
    }
  for (guint s = 0; s < view->n_sources; s++)
    n_sources += of_source[s] > 0 ? 1 : 0;
  for (guint c = 0; c < view->n_classes; c++)
    {
      n_classes += of_class[c] > 0 ? 1 : 0;
      for (guint s = 0; s < view->n_sources; s++)
        {
          double expected = of_class[c] * of_source[s] / view->n;
          double excess = table[c * view->n_sources + s] - expected;

          statistic += expected > 0 ? excess * excess / expected : 0;
        }
    }
  /* With fewer than two examples a cell the χ² distribution does not hold. */
  if (n_classes < 2 || n_sources < 2 || view->n < 2 * n_classes * n_sources)
    return 1;
  return gsl_cdf_chisq_Q (statistic, (n_classes - 1.0) * (n_sources - 1.0));
}

/* Labels whose order could be read off a clock. */
void
_inion_leakage_blocks (const InionLeakageView *view,
                       GPtrArray              *findings)
{
  g_autofree guint *order = sort_by_time (view);
  Sequence sequence = { 0 };
  double z = 0, p_time = 1;

  for (guint first = 0, last; first < view->n; first = last)
    {
      for (last = first + 1; last < view->n; last++)
        if (view->source[order[last]] != view->source[order[first]])
          break;
      add_recording (&sequence, view, order, first, last);
    }
  if (class_goes_with_recording (view) < SIGNIFICANT)
    {
      g_ptr_array_add (findings, inion_finding_new (
        "labels-in-blocks", "warning",
        "Class goes with recording: some recordings hold more of one class than the others do. The "
        "decoder can learn which recording it sees (its amplitude, its noise, its bad contacts) "
        "instead of the class. Take recordings that each hold every class, and leave whole "
        "recordings out."));
      return;
    }
  if (sequence.n < TOO_FEW_TO_JUDGE)
    return;
  /* Half a run of continuity, towards the mean. */
  if (sequence.variance_of_runs > 0)
    z = (sequence.runs + 0.5 - sequence.expected_runs) / sqrt (sequence.variance_of_runs);
  if (sequence.degrees > 0)
    p_time = gsl_cdf_chisq_Q (sequence.rank_statistic, sequence.degrees);
  if (gsl_cdf_ugaussian_P (z) < SIGNIFICANT)
    g_ptr_array_add (findings, inion_finding_new (
      "labels-in-blocks", "warning",
      "The labels come in blocks: %u examples form %.0f stretches of one class, where a shuffled "
      "order would form about %.0f." MORE_ORDER_ADVICE, sequence.n, sequence.runs,
      sequence.expected_runs));
  else if (p_time < SIGNIFICANT)
    g_ptr_array_add (findings, inion_finding_new (
      "labels-in-blocks", "warning",
      "Class goes with time: some classes stand earlier in the recordings than others."
      MORE_ORDER_ADVICE));
}

static guint *
count_classes (const InionLeakageView *view)
{
  guint *count = g_new0 (guint, view->n_classes);

  for (guint i = 0; i < view->n; i++)
    count[view->label[i]]++;
  return count;
}

/* Too few examples for a score that means much. */
void
_inion_leakage_size (const InionLeakageView *view,
                     GPtrArray              *findings)
{
  g_autofree guint *count = count_classes (view);
  guint smallest = 0;

  for (guint c = 1; c < view->n_classes; c++)
    if (count[c] < count[smallest])
      smallest = c;
  if (view->n < FEW_EXAMPLES)
    g_ptr_array_add (findings, inion_finding_new (
      "small-sample", "warning",
      "There are only %u examples: two decoders of equal worth may differ by %.0f points by luck. "
      "Do not choose between recipes on this score; label more, at least %u.", view->n,
      100 * 2 * sqrt (0.25 / MAX (view->n, 1)), FEW_EXAMPLES));
  else if (count[smallest] < FEW_OF_A_CLASS)
    g_ptr_array_add (findings, inion_finding_new (
      "small-sample", "warning",
      "The class “%s” has only %u examples: its recall is hardly more than a guess. Label more of "
      "it, at least %u.", view->classes[smallest], count[smallest], FEW_OF_A_CLASS));
}

/* Classes of unequal size: naming the largest scores well without looking. */
void
_inion_leakage_balance (const InionLeakageView *view,
                        GPtrArray              *findings)
{
  g_autofree guint *count = count_classes (view);
  guint smallest = 0, largest = 0;
  double ratio;

  for (guint c = 1; c < view->n_classes; c++)
    {
      smallest = count[c] < count[smallest] ? c : smallest;
      largest = count[c] > count[largest] ? c : largest;
    }
  if (view->n_classes == 0 || view->n == 0)
    return;
  ratio = (double) count[largest] / MAX (count[smallest], 0.5);
  if (ratio < UNEQUAL)
    return;
  g_ptr_array_add (findings, inion_finding_new (
    "class-imbalance", ratio >= VERY_UNEQUAL ? "warning" : "note",
    "The classes are of unequal size: %u of “%s”, %u of “%s”. Always naming “%s” would be right in "
    "%.0f %%. Read balanced accuracy and kappa rather than accuracy.", count[largest],
    view->classes[largest], count[smallest], view->classes[smallest], view->classes[largest],
    100.0 * count[largest] / view->n));
}

/* Shuffling puts neighbours in time on both sides of each split. */
void
_inion_leakage_shuffled (const InionLeakageView *view,
                         InionScheme             scheme,
                         GPtrArray              *findings)
{
  if (scheme != INION_SCHEME_STRATIFIED_K_FOLD)
    return;
  g_ptr_array_add (findings, inion_finding_new (
    "shuffled-folds", "warning",
    "The folds were shuffled%s: neighbours in time stand on both sides, and whatever they share "
    "besides the class makes the score too high. It is an upper bound. Use %s for a number to "
    "quote.",
    view->n_sources > 1 ? "" : " within one recording",
    view->n_sources > 1 ? "leave-one-recording-out" : "blocked-k-fold"));
}

/* @steps: (array zero-terminated=1): steps of the recipe that look at unlabelled test data. */
void
_inion_leakage_transductive (const char *const *steps,
                             GPtrArray         *findings)
{
  g_autofree char *list = NULL;

  if (steps[0] == NULL)
    return;
  list = g_strjoinv (", ", (char **) steps);
  g_ptr_array_add (findings, inion_finding_new (
    "transductive", "note",
    "The score is transductive: %s looked at the unlabelled test data. It holds where the whole "
    "recording is at hand before the first decision; a live decoder has not seen it yet.", list));
}
