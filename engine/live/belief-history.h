/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last decisions of a stream, as a strip of them is drawn. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _InionBeliefHistory InionBeliefHistory;

InionBeliefHistory *inion_belief_history_new (guint n_classes, double span_s);
void          inion_belief_history_free (InionBeliefHistory *self);
void          inion_belief_history_add (InionBeliefHistory *self, double time_s, const double *probabilities);
gsize         inion_belief_history_get_n (InionBeliefHistory *self);
const double *inion_belief_history_get_times (InionBeliefHistory *self);          /* [n], ascending */
const double *inion_belief_history_get_probabilities (InionBeliefHistory *self);  /* [n × n_classes] */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionBeliefHistory, inion_belief_history_free)

G_END_DECLS
