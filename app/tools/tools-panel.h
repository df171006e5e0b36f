/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inspector of Review: what lies under the cursor, and the tools for a closer look. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_TOOLS_PANEL (inion_tools_panel_get_type ())
G_DECLARE_FINAL_TYPE (InionToolsPanel, inion_tools_panel, INION, TOOLS_PANEL, GtkWidget)

/* cursor: the page about what lies under the cursor. */
GtkWidget    *inion_tools_panel_new (InionViewState *state, GtkWidget *cursor);
GActionGroup *inion_tools_panel_get_actions (InionToolsPanel *self); /* (transfer none), the window inserts it as "tools" */

G_END_DECLS
