/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pieces that the dialogs about whole files are built from. */

#pragma once

#include "app/window-private.h"

#include "recording/export.h"

G_BEGIN_DECLS

/* A window over the main one: content under a header bar with Cancel (or Close) and one main button,
 * which activates "dialog.accept". Actions are the caller's. */
GtkWindow *inion_file_dialog_new (InionWindow *window, const char *title, GtkWidget *content, const char *accept,
                                  GActionMap **actions);
/* (nullable): none */
void       inion_file_dialog_set_accept (GtkWindow *dialog, const char *accept);
/* The dialog only tells something: its way out is Close, beside the main button, too. */
void       inion_file_dialog_set_closes (GtkWindow *dialog);

AdwComboRow *inion_file_dialog_add_combo (AdwPreferencesGroup *group, const char *name, const char *title,
                                          const char *subtitle, const char *const *choices);
GtkSwitch   *inion_file_dialog_add_switch (AdwPreferencesGroup *group, const char *name, const char *title,
                                           const char *subtitle);

/* Asks for a new file; then activates "dialog.write-to" of the dialog with its path. */
void inion_file_dialog_ask_path (GtkWindow *dialog, InionWindow *window, const char *title,
                                 const char *name);

const char *inion_file_dialog_get_ending (InionExportFormat format); /* ".edf" … */
void        inion_file_dialog_copy (GtkWidget *widget, const char *text);
/* Where a file was written, and what a person should know of it. */
void        inion_file_dialog_show_notes (InionWindow *window, const char *path, GPtrArray *notes);

G_END_DECLS
