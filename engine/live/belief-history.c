/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last decisions of a stream, as a strip of them is drawn.
 *
 * Everything within the span is kept, and at most as long again: what is older goes in one move
 * when it makes up half, so that adding costs the same on average however long the stream. */

#define G_LOG_DOMAIN "inion-live"

#include "config.h"

#include "live/belief-history.h"

struct _InionBeliefHistory
{
  guint n_classes;
  double span_s;
  GArray *times;          /* double */
  GArray *probabilities;  /* double */
};

/**
 * inion_belief_history_new:
 * @n_classes: probabilities a decision
 * @span_s: how far back decisions are kept, s
 *
 * Returns: (transfer full): an empty history
 */
InionBeliefHistory *
inion_belief_history_new (guint  n_classes,
                          double span_s)
{
  InionBeliefHistory *self = g_new0 (InionBeliefHistory, 1);

  self->n_classes = n_classes;
  self->span_s = span_s;
  self->times = g_array_new (FALSE, FALSE, sizeof (double));
  self->probabilities = g_array_new (FALSE, FALSE, sizeof (double));
  return self;
}

/**
 * inion_belief_history_free:
 * @self: (transfer full): a history
 */
void
inion_belief_history_free (InionBeliefHistory *self)
{
  g_array_unref (self->times);
  g_array_unref (self->probabilities);
  g_free (self);
}

/**
 * inion_belief_history_add:
 * @self: a history
 * @time_s: when the decision's window ended, s of the stream
 * @probabilities: (array): one a class
 *
 * Adds the latest decision. Where time goes back, after a jump of the stream, the past is
 * forgotten.
 */
void
inion_belief_history_add (InionBeliefHistory *self,
                          double              time_s,
                          const double       *probabilities)
{
  guint n = self->times->len, old = n / 2;
  double oldest_s = time_s - self->span_s;

  if (n > 0 && time_s <= g_array_index (self->times, double, n - 1))
    {
      g_array_set_size (self->times, 0);
      g_array_set_size (self->probabilities, 0);
    }
  else if (old > 0 && g_array_index (self->times, double, old) < oldest_s)
    {
      while (old < n && g_array_index (self->times, double, old) < oldest_s)
        old++;
      g_array_remove_range (self->times, 0, old);
      g_array_remove_range (self->probabilities, 0, old * self->n_classes);
    }
  g_array_append_val (self->times, time_s);
  g_array_append_vals (self->probabilities, probabilities, self->n_classes);
}

/**
 * inion_belief_history_get_n:
 * @self: a history
 *
 * Returns: how many decisions are kept
 */
gsize
inion_belief_history_get_n (InionBeliefHistory *self)
{
  return self->times->len;
}

/**
 * inion_belief_history_get_times:
 * @self: a history
 *
 * Returns: (transfer none) (array): when their windows ended, s, ascending; valid until the next is
 *   added
 */
const double *
inion_belief_history_get_times (InionBeliefHistory *self)
{
  return (const double *) (const void *) self->times->data;
}

/**
 * inion_belief_history_get_probabilities:
 * @self: a history
 *
 * Returns: (transfer none) (array): [decisions × classes]; valid until the next is added
 */
const double *
inion_belief_history_get_probabilities (InionBeliefHistory *self)
{
  return (const double *) (const void *) self->probabilities->data;
}
