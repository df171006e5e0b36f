/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was wrong with the file that is open, what was assumed, and the way to a file without it. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/files/export-task.h"
#include "app/files/file-dialog.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

/* A list that nobody reads to its end is copied instead. */
#define MAX_ROWS 500

typedef struct
{
  InionWindow *window;
  InionRecording *recording;
  InionStudy *study;
  GtkWindow *dialog;
} Dialog;

static void
free_dialog (gpointer data)
{
  Dialog *self = data;

  g_object_unref (self->recording);
  g_object_unref (self->study);
  g_free (self);
}

static GPtrArray *
get_faults (Dialog *self)
{
  return inion_recording_get_faults (self->recording);
}

static char *
format_place (const InionFault *fault)
{
  return fault->offset >= 0 ? g_strdup_printf (_("byte %" PRId64), fault->offset)
                            : g_strdup ("");
}

static void
copy_all (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  Dialog *self = data;
  GPtrArray *faults = get_faults (self);
  g_autofree char *name = g_path_get_basename (inion_recording_get_path (self->recording));
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%s: %u faults\n", name, faults->len);
  for (guint i = 0; i < faults->len; i++)
    {
      const InionFault *fault = faults->pdata[i];
      g_autofree char *place = format_place (fault);

      g_string_append_printf (text, "%s\t%s\t%s\n", fault->field, place, fault->message);
    }
  inion_file_dialog_copy (GTK_WIDGET (self->dialog), text->str);
}

/* As the file is: 24 bits stay 24. */
static InionExportFormat
get_format (Dialog *self)
{
  return g_str_has_prefix (inion_recording_get_format (self->recording), "BDF") ? INION_EXPORT_BDF
                                                                          : INION_EXPORT_EDF;
}

static void
accept (GSimpleAction *action,
        GVariant      *parameter,
        gpointer       data)
{
  Dialog *self = data;
  g_autofree char *base = g_path_get_basename (inion_recording_get_path (self->recording));
  g_autofree char *name = NULL;
  char *dot = strrchr (base, '.');

  if (dot != NULL)
    *dot = '\0';
  name = g_strconcat (base, "_repaired", inion_file_dialog_get_ending (get_format (self)), NULL);
  inion_file_dialog_ask_path (self->dialog, self->window, _("Write a Repaired Copy"), name);
}

static void
write_to (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  Dialog *self = data;
  InionExportWish wish = { .format = get_format (self), .marks = INION_EXPORT_MARKS_FILE };

  if (inion_view_state_get_study (self->window->state) == self->study)
    inion_export_task_start (self->window, &wish, g_variant_get_string (parameter, NULL));
  gtk_window_destroy (self->dialog);
}

static GtkWidget *
make_row (const InionFault *fault)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_grid_new ();
  GtkWidget *field = gtk_label_new (fault->field);
  g_autofree char *text = format_place (fault);
  GtkWidget *place = gtk_label_new (text);
  GtkWidget *message = gtk_label_new (fault->message);

  gtk_label_set_xalign (GTK_LABEL (field), 0);
  gtk_label_set_wrap (GTK_LABEL (field), TRUE);
  gtk_widget_set_hexpand (field, TRUE);
  gtk_widget_add_css_class (field, "heading");
  gtk_widget_set_valign (place, GTK_ALIGN_BASELINE);
  gtk_widget_add_css_class (place, "dim-label");
  gtk_widget_add_css_class (place, "numeric");
  gtk_label_set_selectable (GTK_LABEL (message), TRUE);
  gtk_label_set_xalign (GTK_LABEL (message), 0);
  gtk_label_set_wrap (GTK_LABEL (message), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (message), 60);
  gtk_grid_set_row_spacing (GTK_GRID (box), 3);
  gtk_grid_set_column_spacing (GTK_GRID (box), 12);
  gtk_grid_attach (GTK_GRID (box), field, 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (box), place, 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (box), message, 0, 1, 2, 1);
  gtk_widget_set_margin_top (box, 9);
  gtk_widget_set_margin_bottom (box, 9);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}

static GtkWidget *
make_page (Dialog *self)
{
  GPtrArray *faults = get_faults (self);
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *copy = gtk_button_new_with_mnemonic (_("C_opy All"));
  g_autofree char *title =
    g_strdup_printf (ngettext ("%u fault", "%u faults", faults->len), faults->len);

  adw_preferences_group_set_title (group, title);
  adw_preferences_group_set_description (
    group, faults->len > MAX_ROWS
             ? _("The recording was opened all the same; below is what was assumed. The first 500 "
                 "are shown; all are copied.")
             : _("The recording was opened all the same; below is what was assumed."));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (copy), "dialog.copy");
  gtk_widget_add_css_class (copy, "flat");
  gtk_widget_set_valign (copy, GTK_ALIGN_START);
  adw_preferences_group_set_header_suffix (group, copy);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  for (guint i = 0; i < MIN (faults->len, MAX_ROWS); i++)
    gtk_list_box_append (GTK_LIST_BOX (list), make_row (faults->pdata[i]));
  adw_preferences_group_add (group, list);
  adw_preferences_page_add (page, group);
  return GTK_WIDGET (page);
}

void
_inion_window_show_faults (InionWindow *window)
{
  static const GActionEntry entries[] = { { "accept", accept },
                                          { "copy", copy_all },
                                          { "write-to", write_to, "s" } };
  Dialog *self = g_new0 (Dialog, 1);
  GActionMap *actions;

  self->window = window;
  self->recording = g_object_ref (inion_view_state_get_recording (window->state));
  self->study = g_object_ref (inion_view_state_get_study (window->state));
  self->dialog = inion_file_dialog_new (window, _("Faults of the File"), make_page (self),
                                        _("_Write a Repaired Copy…"), &actions);
  g_object_set_data_full (G_OBJECT (self->dialog), "inion-dialog", self, free_dialog);
  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
  inion_file_dialog_set_closes (self->dialog);
  gtk_window_present (self->dialog);
}
