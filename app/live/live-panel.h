/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Live workspace: a stream, the decoder's belief, its latency. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_LIVE_PANEL (inion_live_panel_get_type ())
G_DECLARE_FINAL_TYPE (InionLivePanel, inion_live_panel, INION, LIVE_PANEL, GtkWidget)

GtkWidget    *inion_live_panel_new (InionViewState *state);
GActionGroup *inion_live_panel_get_actions (InionLivePanel *self); /* (transfer none), the window inserts it as "live" */

G_END_DECLS
