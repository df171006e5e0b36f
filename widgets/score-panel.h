/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The honest score: number with interval and chance, folds, confusion, patterns, findings. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_SCORE_PANEL (inion_score_panel_get_type ())
G_DECLARE_FINAL_TYPE (InionScorePanel, inion_score_panel, INION, SCORE_PANEL, GtkWidget)

GtkWidget *inion_score_panel_new (InionViewState *state);

G_END_DECLS
