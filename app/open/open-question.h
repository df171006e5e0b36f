/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked before a recording is opened: its answer comes once, also if the question is left. */

#pragma once

#include "app/window-private.h"

G_BEGIN_DECLS

/* choice: (transfer full) (nullable): the question was left. all: for the other files too. */
typedef void (*InionOpenAnswer) (InionChoice *choice, gboolean all, gpointer data);

/**
 * InionOpenAsker:
 * @n_others: how many other files of the same kind wait
 * @all: (nullable): "for the others too"
 *
 * Who waits for the answer of a dialog.
 */
typedef struct
{
  guint n_others;
  InionOpenAnswer answer;
  gpointer data;
  GtkCheckButton *all;
} InionOpenAsker;

GtkWidget *inion_open_asker_add_all (InionOpenAsker *self); /* (nullable): a floating check button */
/* choice: (transfer full) (nullable). Closes the dialog, then answers; later calls do nothing. */
void       inion_open_asker_answer (InionOpenAsker *self, GtkWindow *dialog, InionChoice *choice);

/* opened: a question. error: why no reader of ours opens the file. Return the dialog. */
GtkWindow *inion_open_question_show (InionWindow *window, const char *path, InionOpened *opened,
                                     const InionOpenAsker *asker);
GtkWindow *inion_open_question_offer (InionWindow *window, const char *path, const GError *error,
                                      const InionOpenAsker *asker);

G_END_DECLS
