/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Map over time": the scalp map of the selection or the page, played or stepped through. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_MOVIE_PAGE (inion_movie_page_get_type ())
G_DECLARE_FINAL_TYPE (InionMoviePage, inion_movie_page, INION, MOVIE_PAGE, GtkWidget)

/* Adds "play" (toggles) and "step" (i: samples) to the actions. */
GtkWidget *inion_movie_page_new (InionViewState *state, GActionMap *actions);

G_END_DECLS
