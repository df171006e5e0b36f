/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Network workspace: connectivity of the visible page on the head. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_NETWORK_PANEL (inion_network_panel_get_type ())
G_DECLARE_FINAL_TYPE (InionNetworkPanel, inion_network_panel, INION, NETWORK_PANEL, GtkWidget)

GtkWidget    *inion_network_panel_new (InionViewState *state);
GActionGroup *inion_network_panel_get_actions (InionNetworkPanel *self); /* (transfer none), the window inserts it as "network" */

G_END_DECLS
