/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of marks, and what is searched in it. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_MARKS_LIST (inion_marks_list_get_type ())
G_DECLARE_FINAL_TYPE (InionMarksList, inion_marks_list, INION, MARKS_LIST, GtkWidget)

GtkWidget *inion_marks_list_new (InionViewState *state);

G_END_DECLS
