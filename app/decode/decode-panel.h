/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Decode workspace: a recipe, one button, an honest score. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_DECODE_PANEL (inion_decode_panel_get_type ())
G_DECLARE_FINAL_TYPE (InionDecodePanel, inion_decode_panel, INION, DECODE_PANEL, GtkWidget)

GtkWidget    *inion_decode_panel_new (InionViewState *state);
GActionGroup *inion_decode_panel_get_actions (InionDecodePanel *self); /* (transfer none), the window inserts it as "decode" */

G_END_DECLS
