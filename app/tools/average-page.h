/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Average after events": mean and confidence band of conditions, with the map at a latency. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_AVERAGE_PAGE (inion_average_page_get_type ())
G_DECLARE_FINAL_TYPE (InionAveragePage, inion_average_page, INION, AVERAGE_PAGE, GtkWidget)

/* Adds "average-label" (s: takes a label in or out) to the actions. */
GtkWidget *inion_average_page_new (InionViewState *state, GActionMap *actions);

G_END_DECLS
