/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What plays, what decodes it, and the buttons for both. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_SOURCE_VIEW (inion_source_view_get_type ())
G_DECLARE_FINAL_TYPE (InionSourceView, inion_source_view, INION, SOURCE_VIEW, GtkBox)

/* Its buttons activate the actions "live.start", "live.pause", "live.stop" and "live.set-speed". */
GtkWidget *inion_source_view_new (void);
/* For a state with a recording and a model. */
void       inion_source_view_show_ready (InionSourceView *self, InionViewState *state);
void       inion_source_view_show_playing (InionSourceView *self, InionViewState *state, double started_s);
void       inion_source_view_set_paused (InionSourceView *self, gboolean paused);

G_END_DECLS
