/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the montage editor share. */

#pragma once

#include "app/window-private.h"

#include "scalp/montage-file.h"

G_BEGIN_DECLS

typedef struct
{
  InionWindow *window;
  InionStudy *study;
  InionRecording *recording;
  GtkWindow *dialog;
  GActionMap *actions;
  char *old_name;            /* "": a new one */
  GtkEditable *name;
  GtkSwitch *everywhere;     /* kept for all recordings too */
  GtkTextView *text_view;
  GtkTextBuffer *buffer;     /* referenced: it may outlive the view for a moment */
  GtkBox *completions;
  char **candidates;         /* names of channels and electrodes */
  GtkListBox *list;
  GtkLabel *status;
  GtkLabel *notes;           /* of an import */
  guint list_id;             /* the list follows the text in a moment */
} InionMontageDialog;

/* montage-dialog.c; file: (nullable): what is imported */
void  _inion_montage_dialog_show (InionWindow *window, const char *name, const InionMontageFile *file);
void  _inion_montage_dialog_update (InionMontageDialog *self);

/* montage-writer.c: the text, its faults and the names that fit what is being typed */
GtkWidget *_inion_montage_writer_new (InionMontageDialog *self);
char      *_inion_montage_writer_dup_text (InionMontageDialog *self);
void       _inion_montage_writer_set_text (InionMontageDialog *self, const char *text);
void       _inion_montage_writer_mark (InionMontageDialog *self, const InionMontageScript *script);
void       _inion_montage_writer_complete (InionMontageDialog *self, const char *name);

/* montage-list.c: the derivations, to be dragged, hidden and coloured */
GtkWidget *_inion_montage_list_new (InionMontageDialog *self);
void       _inion_montage_list_show (InionMontageDialog *self, const InionMontageScript *script,
                                     const char *text);

G_END_DECLS
