/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lane under the traces: what the model believes, second by second. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_PROBABILITY_LANE (inion_probability_lane_get_type ())
G_DECLARE_FINAL_TYPE (InionProbabilityLane, inion_probability_lane, INION, PROBABILITY_LANE, GtkWidget)

GtkWidget *inion_probability_lane_new (InionViewState *state);
void       inion_probability_lane_set_gutter (InionProbabilityLane *self, double left, double right);

G_END_DECLS
