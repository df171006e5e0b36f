/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calipers over the traces: two moments, one trace, and what was measured between them. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/view-state-private.h"

#include <math.h>

#define MOST_INTERVALS 100

/**
 * inion_view_state_get_calipers:
 * @calipers: (out) (optional): where they are
 *
 * Returns: %FALSE if there are none
 */
gboolean
inion_view_state_get_calipers (InionViewState *self,
                               InionCalipers  *calipers)
{
  gboolean set = self->calipers.n_intervals > 0;

  if (set && calipers != NULL)
    *calipers = self->calipers;
  return set;
}

/**
 * inion_view_state_set_calipers:
 * @calipers: (nullable): where they are to be; their times are put in order and into the recording;
 *   %NULL takes them away
 */
void
inion_view_state_set_calipers (InionViewState      *self,
                               const InionCalipers *calipers)
{
  double duration = inion_view_state_get_duration_s (self);
  InionCalipers wanted = { 0 };

  if (calipers != NULL && self->montage != NULL && isfinite (calipers->from_s) &&
      isfinite (calipers->to_s))
    {
      guint n = inion_montage_get_n_derivations (self->montage);

      wanted.from_s = CLAMP (MIN (calipers->from_s, calipers->to_s), 0, duration);
      wanted.to_s = CLAMP (MAX (calipers->from_s, calipers->to_s), 0, duration);
      wanted.derivation = MIN (calipers->derivation, MAX (n, 1) - 1);
      wanted.n_intervals = CLAMP (calipers->n_intervals, 1, MOST_INTERVALS);
    }
  if (wanted.from_s == self->calipers.from_s && wanted.to_s == self->calipers.to_s &&
      wanted.derivation == self->calipers.derivation &&
      wanted.n_intervals == self->calipers.n_intervals)
    return;
  self->calipers = wanted;
  /* What was measured was measured elsewhere. */
  g_clear_pointer (&self->caliper_note, g_free);
  _inion_view_state_notify (self, VIEW_PROP_CALIPERS);
}

/**
 * inion_view_state_get_caliper_note:
 *
 * Returns: (transfer none) (nullable): what was measured between the calipers, in a few words
 */
const char *
inion_view_state_get_caliper_note (InionViewState *self)
{
  return self->caliper_note;
}

/**
 * inion_view_state_set_caliper_note:
 * @note: (nullable): what was measured between the calipers, in a few words
 */
void
inion_view_state_set_caliper_note (InionViewState *self,
                                   const char     *note)
{
  if (g_strcmp0 (note, self->caliper_note) == 0)
    return;
  g_free (self->caliper_note);
  self->caliper_note = g_strdup (note);
  _inion_view_state_notify (self, VIEW_PROP_CALIPER_NOTE);
}
