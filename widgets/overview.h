/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole recording in a strip: how large the signal is, where the marks are, where one looks. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_OVERVIEW (inion_overview_get_type ())
G_DECLARE_FINAL_TYPE (InionOverview, inion_overview, INION, OVERVIEW, GtkWidget)

GtkWidget *inion_overview_new (InionViewState *state);

G_END_DECLS
