/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a decoder believes: its decision, a bar a class, and the last half minute. */

#pragma once

#include "decode/model.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_BELIEF_VIEW (inion_belief_view_get_type ())
G_DECLARE_FINAL_TYPE (InionBeliefView, inion_belief_view, INION, BELIEF_VIEW, GtkBox)

GtkWidget *inion_belief_view_new (double step_s);
/* (nullable); forgets all decisions, also where the model is the same. */
void       inion_belief_view_set_model (InionBeliefView *self, InionModel *model);
void       inion_belief_view_start (InionBeliefView *self);
void       inion_belief_view_set_paused (InionBeliefView *self, gboolean paused);
void       inion_belief_view_stop (InionBeliefView *self, const char *when);
void       inion_belief_view_withhold (InionBeliefView *self); /* until the next decision: there is no belief */
void       inion_belief_view_add (InionBeliefView *self, double end_s, const double *probabilities);

G_END_DECLS
