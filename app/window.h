/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window: one recording, five workspaces. */

#pragma once

#include "widgets/view-state.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INION_TYPE_WINDOW (inion_window_get_type ())
G_DECLARE_FINAL_TYPE (InionWindow, inion_window, INION, WINDOW, AdwApplicationWindow)

InionWindow    *inion_window_new (AdwApplication *application);
void            inion_window_open_path (InionWindow *self, const char *path);
InionViewState *inion_window_get_state (InionWindow *self);
void            inion_window_toast (InionWindow *self, const char *text);
void            inion_window_toast_undo (InionWindow *self, const char *text);
void            inion_window_show_error (InionWindow *self, const char *heading, const GError *error);
void            inion_window_show_workspace (InionWindow *self, const char *name);

G_END_DECLS
