/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Clean workspace: detectors propose artifact marks, a person accepts them. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_CLEAN_PANEL (inion_clean_panel_get_type ())
G_DECLARE_FINAL_TYPE (InionCleanPanel, inion_clean_panel, INION, CLEAN_PANEL, GtkWidget)

GtkWidget    *inion_clean_panel_new (InionViewState *state);
GActionGroup *inion_clean_panel_get_actions (InionCleanPanel *self); /* (transfer none), the window inserts it as "clean" */

G_END_DECLS
