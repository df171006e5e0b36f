/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The left panel: labels with their keys, the list of marks, the channels. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_SIDE_PANEL (inion_side_panel_get_type ())
G_DECLARE_FINAL_TYPE (InionSidePanel, inion_side_panel, INION, SIDE_PANEL, GtkWidget)

GtkWidget *inion_side_panel_new (InionViewState *state);

G_END_DECLS
