/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "More like this": places that look like the selection, offered as suggestions. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_SIMILAR_PAGE (inion_similar_page_get_type ())
G_DECLARE_FINAL_TYPE (InionSimilarPage, inion_similar_page, INION, SIMILAR_PAGE, GtkWidget)

/* Adds "find-similar", "suggest-similar", "next-similar", "accept-similar" and "drop-similar" to the actions. */
GtkWidget *inion_similar_page_new (InionViewState *state, GActionMap *actions);

G_END_DECLS
