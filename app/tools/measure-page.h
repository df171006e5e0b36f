/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calipers' page of the inspector: what was measured between them. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_MEASURE_PAGE (inion_measure_page_get_type ())
G_DECLARE_FINAL_TYPE (InionMeasurePage, inion_measure_page, INION, MEASURE_PAGE, GtkWidget)

/* Adds "calipers" (toggles them), "copy-measures" and "attach-measures" to the actions. */
GtkWidget *inion_measure_page_new (InionViewState *state, GActionMap *actions);

G_END_DECLS
