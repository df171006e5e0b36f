/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked before a recording is opened: its answer comes once, also if the question is left. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/open/open-question.h"

#include "app/open/streams-dialog.h"
#include "app/open/table-dialog.h"

#include <glib/gi18n.h>

GtkWidget *
inion_open_asker_add_all (InionOpenAsker *self)
{
  g_autofree char *label = NULL;
  GtkWidget *check;

  if (self->n_others == 0)
    return NULL;
  label = g_strdup_printf (ngettext ("Use this for the _other file too",
                                     "Use this for the %u _other files too", self->n_others),
                           self->n_others);
  check = gtk_check_button_new_with_mnemonic (label);
  gtk_widget_set_name (check, "all-files");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  self->all = GTK_CHECK_BUTTON (check);
  return check;
}

void
inion_open_asker_answer (InionOpenAsker *self,
                         GtkWindow      *dialog,
                         InionChoice    *choice)
{
  InionOpenAsker asker = *self;
  gboolean all = choice != NULL && asker.all != NULL && gtk_check_button_get_active (asker.all);

  self->answer = NULL;
  self->all = NULL;
  if (dialog != NULL)
    gtk_window_destroy (dialog);
  if (asker.answer != NULL)
    asker.answer (choice, all, asker.data);
  else
    inion_choice_free (choice);
}

GtkWindow *
inion_open_question_show (InionWindow          *window,
                          const char           *path,
                          InionOpened          *opened,
                          const InionOpenAsker *asker)
{
  if (opened->streams != NULL)
    return inion_streams_dialog_show (window, path, opened, asker);
  return inion_table_dialog_show (window, path, opened, asker);
}

static void
on_offer (AdwMessageDialog *dialog,
          const char       *response,
          InionOpenAsker   *asker)
{
  gboolean yes = g_str_equal (response, "compatible");

  /* The dialog closes itself. */
  inion_open_asker_answer (asker, NULL, yes ? inion_choice_new_compatible () : NULL);
}

/* The window went while it asked. */
static void
free_asker (gpointer  data,
            GClosure *closure)
{
  InionOpenAsker *asker = data;

  inion_open_asker_answer (asker, NULL, NULL);
  g_free (asker);
}

/* A person asks for the compatibility reader: what it guesses is less sure than what ours know. */
GtkWindow *
inion_open_question_offer (InionWindow          *window,
                           const char           *path,
                           const GError         *error,
                           const InionOpenAsker *asker)
{
  g_autofree char *body = g_strdup_printf (
    "%s\n\n%s", error->message,
    _("The compatibility reader knows many rarer formats. It runs locked in, without access to "
      "your other files or the network. It guesses more: check rates, units and times of what it "
      "opens."));
  GtkWidget *dialog =
    adw_message_dialog_new (GTK_WINDOW (window), _("The Recording Was Not Opened"), body);
  InionOpenAsker *own = g_memdup2 (asker, sizeof *asker);
  GtkWidget *all = inion_open_asker_add_all (own);

  if (all != NULL)
    adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), all);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"), "compatible",
                                    _("_Try the Compatibility Reader"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "close");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "close");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_offer), own, free_asker, 0);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  gtk_window_present (GTK_WINDOW (dialog));
  return GTK_WINDOW (dialog);
}
