/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pieces that the dialogs about whole files are built from. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/files/file-dialog.h"

#include "app/panel-kit.h"

#include <glib/gi18n.h>

static void
add_escape (GtkWidget *window)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (keys),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                      gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);
}

GtkWindow *
inion_file_dialog_new (InionWindow *window,
                       const char  *title,
                       GtkWidget   *content,
                       const char  *accept,
                       GActionMap **actions)
{
  GtkWidget *dialog = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_("_Cancel"));
  GtkWidget *button = gtk_button_new ();
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (bar), FALSE);
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (bar), FALSE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (cancel), "window.close");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "dialog.accept");
  gtk_button_set_use_underline (GTK_BUTTON (button), TRUE);
  gtk_widget_add_css_class (button, "suggested-action");
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (bar), button);
  gtk_widget_set_vexpand (content, TRUE);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), content);
  adw_window_set_content (ADW_WINDOW (dialog), box);
  gtk_widget_insert_action_group (dialog, "dialog", G_ACTION_GROUP (group));
  g_object_set_data (G_OBJECT (dialog), "accept", button);
  g_object_set_data (G_OBJECT (dialog), "cancel", cancel);
  inion_file_dialog_set_accept (GTK_WINDOW (dialog), accept);
  gtk_window_set_default_widget (GTK_WINDOW (dialog), button);
  add_escape (dialog);
  gtk_window_set_title (GTK_WINDOW (dialog), title);
  gtk_window_set_default_size (GTK_WINDOW (dialog), 560, 560);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (window));
  gtk_window_set_modal (GTK_WINDOW (dialog), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  *actions = G_ACTION_MAP (group);
  return GTK_WINDOW (dialog);
}

/* Without a main button there is nothing to cancel. */
void
inion_file_dialog_set_accept (GtkWindow  *dialog,
                              const char *accept)
{
  GtkButton *button = g_object_get_data (G_OBJECT (dialog), "accept");
  GtkButton *cancel = g_object_get_data (G_OBJECT (dialog), "cancel");

  gtk_widget_set_visible (GTK_WIDGET (button), accept != NULL);
  if (accept != NULL)
    inion_panel_set_label (GTK_WIDGET (button), accept);
  inion_panel_set_label (GTK_WIDGET (cancel), accept != NULL ? _("_Cancel") : _("_Close"));
}

/* Where nothing is under way, there is nothing to cancel either. */
void
inion_file_dialog_set_closes (GtkWindow *dialog)
{
  inion_panel_set_label (g_object_get_data (G_OBJECT (dialog), "cancel"), _("_Close"));
}

AdwComboRow *
inion_file_dialog_add_combo (AdwPreferencesGroup *group,
                             const char          *name,
                             const char          *title,
                             const char          *subtitle,
                             const char *const   *choices)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) model = gtk_string_list_new (choices);

  gtk_widget_set_name (row, name);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  adw_preferences_group_add (group, row);
  return ADW_COMBO_ROW (row);
}

GtkSwitch *
inion_file_dialog_add_switch (AdwPreferencesGroup *group,
                              const char          *name,
                              const char          *title,
                              const char          *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *toggle = gtk_switch_new ();

  gtk_widget_set_name (toggle, name);
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
  adw_preferences_group_add (group, row);
  return GTK_SWITCH (toggle);
}

typedef struct
{
  GtkWidget *dialog;
  char *path;
} Chosen;

static void
free_chosen (gpointer data)
{
  Chosen *chosen = data;

  g_object_unref (chosen->dialog);
  g_free (chosen->path);
  g_free (chosen);
}

static gboolean
write_chosen (gpointer data)
{
  Chosen *chosen = data;

  if (gtk_widget_get_mapped (chosen->dialog))
    gtk_widget_activate_action (chosen->dialog, "dialog.write-to", "s", chosen->path);
  return G_SOURCE_REMOVE;
}

/* Writing closes the dialog, and the chooser would go with it while it is still answering: so it
 * goes first. */
static void
on_path (GtkNativeDialog *chooser,
         int              response,
         GtkWidget       *dialog)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                             ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL)
    {
      Chosen *chosen = g_new (Chosen, 1);

      chosen->dialog = g_object_ref (dialog);
      chosen->path = g_steal_pointer (&path);
      g_idle_add_full (G_PRIORITY_DEFAULT, write_chosen, chosen, free_chosen);
    }
  g_object_unref (chooser);
}

void
inion_file_dialog_ask_path (GtkWindow   *dialog,
                            InionWindow *window,
                            const char  *title,
                            const char  *name)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (
    title, dialog, GTK_FILE_CHOOSER_ACTION_SAVE, _("_Write"), _("_Cancel"));
  InionRecording *recording = inion_view_state_get_recording (window->state);
  g_autofree char *folder = g_path_get_dirname (inion_recording_get_path (recording));
  g_autoptr (GFile) file = g_file_new_for_path (folder);

  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (chooser), file, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  g_signal_connect_object (chooser, "response", G_CALLBACK (on_path), dialog, 0);
  inion_panel_show_dialog (GTK_NATIVE_DIALOG (chooser));
}

const char *
inion_file_dialog_get_ending (InionExportFormat format)
{
  static const char *const endings[] = { ".edf", ".bdf", ".vhdr", ".csv" };

  return endings[format];
}

void
inion_file_dialog_copy (GtkWidget  *widget,
                        const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

void
inion_file_dialog_show_notes (InionWindow *window,
                              const char  *path,
                              GPtrArray   *notes)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *said = g_strdup_printf (_("Written and read back: %s"), name);
  g_autoptr (GString) body = g_string_new (NULL);
  GtkWidget *dialog;

  if (notes == NULL || notes->len == 0)
    {
      inion_window_toast (window, said);
      return;
    }
  for (guint i = 0; i < notes->len; i++)
    g_string_append_printf (body, "%s%s", i > 0 ? "\n\n" : "", (const char *) notes->pdata[i]);
  dialog = adw_message_dialog_new (GTK_WINDOW (window), said, body->str);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  gtk_window_present (GTK_WINDOW (dialog));
}
