/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often decisions agree with the marks they fall into.
 *
 * A mark stands for its class over a stretch: for recipes of events from the start of the recipe's
 * window to its end, or to the event's own end where that is later; for recipes of sliding windows
 * over the mark itself. A decision falls into a mark if its window lies in that stretch.
 * Consecutive decisions share most of their samples, so that the number that may be given an
 * interval is that of the marks, each judged by the mean of its decisions. */

#define G_LOG_DOMAIN "inion-live"

#include "config.h"

#include "live/agreement.h"

#include "decode/marks.h"
#include "decode/statistics.h"

#include <math.h>

typedef struct
{
  gint64 from_ns, to_ns;
  guint label;
  guint64 n, n_right;
} Stretch;

struct _InionAgreement
{
  guint n_classes;
  gint64 slack_ns;
  gint64 longest_ns;
  GArray *stretches;    /* Stretch, by start */
  double *sums;         /* [stretches × n_classes]: of the probabilities of the decisions inside */
};

static int
compare_stretches (gconstpointer a,
                   gconstpointer b)
{
  const Stretch *x = a, *y = b;

  return (x->from_ns > y->from_ns) - (x->from_ns < y->from_ns);
}

/**
 * inion_agreement_new:
 * @spec: the recipe whose classes decide
 * @source: a recording, its events loaded, and its annotations
 * @slack_s: how far a decision's window may reach out of a mark's stretch at either end, s
 *
 * Collects the marks that stand for a class. What is marked later is not seen.
 *
 * Returns: (transfer full): nothing counted so far
 */
InionAgreement *
inion_agreement_new (const InionRecipeSpec   *spec,
                     const InionDecodeSource *source,
                     double                   slack_s)
{
  InionAgreement *self = g_new0 (InionAgreement, 1);
  g_autoptr (GArray) marks = inion_marks_collect (spec, source);
  gboolean events = spec->from == INION_EXAMPLES_EVENTS;

  self->n_classes = spec->n_classes;
  self->slack_ns = llround (slack_s * 1e9);
  self->stretches = g_array_sized_new (FALSE, FALSE, sizeof (Stretch), marks->len);
  for (guint i = 0; i < marks->len; i++)
    {
      const InionMark *mark = &g_array_index (marks, InionMark, i);
      Stretch stretch = { .from_ns = mark->onset_ns, .to_ns = mark->end_ns, .label = mark->label };

      if (events)
        {
          stretch.from_ns += llround (spec->window_s[0] * 1e9);
          stretch.to_ns = MAX (stretch.to_ns, mark->onset_ns + llround (spec->window_s[1] * 1e9));
        }
      self->longest_ns = MAX (self->longest_ns, stretch.to_ns - stretch.from_ns);
      g_array_append_val (self->stretches, stretch);
    }
  g_array_sort (self->stretches, compare_stretches);
  self->sums = g_new0 (double, (gsize) MAX (marks->len, 1) * self->n_classes);
  return self;
}

/**
 * inion_agreement_free:
 * @self: (transfer full): a count
 */
void
inion_agreement_free (InionAgreement *self)
{
  g_array_unref (self->stretches);
  g_free (self->sums);
  g_free (self);
}

/**
 * inion_agreement_get_n_marks:
 * @self: a count
 *
 * Returns: how many marks stand for a class
 */
guint
inion_agreement_get_n_marks (InionAgreement *self)
{
  return self->stretches->len;
}

static guint
greatest (const double *values,
          guint         n)
{
  guint best = 0;

  for (guint k = 1; k < n; k++)
    if (values[k] > values[best])
      best = k;
  return best;
}

/* How many stretches begin at a time or before. */
static guint
count_until (InionAgreement *self,
             gint64          time_ns)
{
  guint low = 0, high = self->stretches->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->stretches, Stretch, middle).from_ns <= time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/**
 * inion_agreement_add:
 * @self: a count
 * @from_ns: start of a decision's window, ns since the recording's start
 * @to_ns: its end
 * @probabilities: (array): one a class
 *
 * Counts a decision for the mark it falls into; where marks overlap, for the one that begins last.
 */
void
inion_agreement_add (InionAgreement *self,
                     gint64          from_ns,
                     gint64          to_ns,
                     const double   *probabilities)
{
  for (guint i = count_until (self, from_ns + self->slack_ns); i > 0; i--)
    {
      Stretch *stretch = &g_array_index (self->stretches, Stretch, i - 1);

      if (stretch->from_ns + self->longest_ns < to_ns - self->slack_ns)
        return;
      if (stretch->to_ns < to_ns - self->slack_ns)
        continue;
      stretch->n++;
      stretch->n_right += greatest (probabilities, self->n_classes) == stretch->label;
      for (guint k = 0; k < self->n_classes; k++)
        self->sums[(gsize) (i - 1) * self->n_classes + k] += probabilities[k];
      return;
    }
}

/**
 * inion_agreement_count:
 * @self: a count
 * @counts: (out caller-allocates): what was counted so far
 */
void
inion_agreement_count (InionAgreement       *self,
                       InionAgreementCounts *counts)
{
  *counts = (InionAgreementCounts) { .n_classes = self->n_classes };
  for (guint i = 0; i < self->stretches->len; i++)
    {
      const Stretch *stretch = &g_array_index (self->stretches, Stretch, i);

      if (stretch->n == 0)
        continue;
      counts->n_marks++;
      counts->n_marks_right +=
        greatest (self->sums + (gsize) i * self->n_classes, self->n_classes) == stretch->label;
      counts->n_decisions += stretch->n;
      counts->n_decisions_right += stretch->n_right;
    }
}

/**
 * inion_agreement_dup_claim:
 * @self: a count
 * @trained_here: whether the model is known to have been trained on this recording
 *
 * Says how often the decisions were right, with its 95 % interval (Wilson) over marks and the
 * chance of guessing among equally likely classes, and what may be concluded from it.
 *
 * Returns: (transfer full): a few sentences
 */
char *
inion_agreement_dup_claim (InionAgreement *self,
                           gboolean        trained_here)
{
  InionAgreementCounts counts;
  double low, high;

  inion_agreement_count (self, &counts);
  if (self->stretches->len == 0)
    return g_strdup ("Nothing here is marked with one of its classes, so nothing says how often it "
                     "was right.");
  if (counts.n_marks == 0)
    return g_strdup ("No mark of its classes was played in full, so nothing says how often it was "
                     "right.");
  inion_interval_wilson (counts.n_marks_right, counts.n_marks, &low, &high);
  return g_strdup_printf ("Right in %u of %u marks: %.2f (95\u2009%% %.2f–%.2f; chance %.2f); in %"
                          G_GUINT64_FORMAT " of the %" G_GUINT64_FORMAT " decisions inside them, "
                          "which overlap. %s",
                          counts.n_marks_right, counts.n_marks,
                          (double) counts.n_marks_right / counts.n_marks, low, high,
                          1.0 / counts.n_classes, counts.n_decisions_right, counts.n_decisions,
                          trained_here
                            ? "The model was trained on this recording, so this is no score: how "
                              "well it does on new data stands in Decode."
                            : "This is on data it may have been trained on.");
}
