/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inspector of Review: scalp map, spectrum and band powers of what is under the cursor. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_REVIEW_PANEL (inion_review_panel_get_type ())
G_DECLARE_FINAL_TYPE (InionReviewPanel, inion_review_panel, INION, REVIEW_PANEL, GtkWidget)

GtkWidget    *inion_review_panel_new (InionViewState *state);
GActionGroup *inion_review_panel_get_actions (InionReviewPanel *self); /* (transfer none), the window inserts it as "review" */

G_END_DECLS
