/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of the open recording is written, and as what. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/files/export-task.h"
#include "app/files/file-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  InionWindow *window;
  InionRecording *recording;
  InionStudy *study; /* of the recording that the dialog is about */
  GtkWindow *dialog;
  AdwComboRow *format;
  AdwComboRow *channels;
  AdwComboRow *range;
  AdwComboRow *marks;
  GtkSwitch *fill;
} Dialog;

static void
free_dialog (gpointer data)
{
  Dialog *self = data;

  g_object_unref (self->recording);
  g_object_unref (self->study);
  g_free (self);
}

static InionExportWish
get_wish (Dialog *self)
{
  InionExportWish wish = {
    .format = (InionExportFormat) adw_combo_row_get_selected (self->format),
    .marks = (InionExportMarks) adw_combo_row_get_selected (self->marks),
    .fill_missing = gtk_switch_get_active (self->fill),
    .eeg_only = adw_combo_row_get_selected (self->channels) == 1,
  };
  InionViewState *state = self->window->state;
  guint range = adw_combo_row_get_selected (self->range);

  if (range == 1)
    {
      wish.from_s = inion_view_state_get_from (state);
      wish.to_s = wish.from_s + inion_view_state_get_page (state);
    }
  else if (range == 2)
    {
      inion_view_state_get_selection (state, &wish.from_s, &wish.to_s);
    }
  return wish;
}

/* EDF and BDF alone have no way to say that a value is missing. */
static void
on_format (Dialog *self)
{
  guint format = adw_combo_row_get_selected (self->format);

  gtk_widget_set_sensitive (gtk_widget_get_ancestor (GTK_WIDGET (self->fill), ADW_TYPE_ACTION_ROW),
                            format == INION_EXPORT_EDF || format == INION_EXPORT_BDF);
}

/* From when to when: a page or a selection is easily another than was meant. */
static void
on_range (Dialog *self)
{
  InionViewState *state = self->window->state;
  InionExportWish wish = get_wish (self);
  double to_s = wish.to_s > wish.from_s ? MIN (wish.to_s, inion_view_state_get_duration_s (state))
                                        : inion_view_state_get_duration_s (state);
  g_autofree char *from = inion_view_state_format_time (state, wish.from_s, 0);
  g_autofree char *to = inion_view_state_format_time (state, to_s, 0);
  g_autofree char *text = g_strdup_printf (_("%s to %s, %.6g\u2009s"), from, to,
                                           to_s - wish.from_s);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->range), text);
}

static void
accept (GSimpleAction *action,
        GVariant      *parameter,
        gpointer       data)
{
  Dialog *self = data;
  InionExportWish wish = get_wish (self);
  g_autofree char *base = g_path_get_basename (inion_recording_get_path (self->recording));
  g_autofree char *name = NULL;
  char *dot = strrchr (base, '.');

  if (dot != NULL)
    *dot = '\0';
  name = g_strconcat (base, "_export", inion_file_dialog_get_ending (wish.format), NULL);
  inion_file_dialog_ask_path (self->dialog, self->window, _("Export the Recording"), name);
}

static void
write_to (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  Dialog *self = data;
  InionExportWish wish = get_wish (self);
  InionExportFormat named;
  const char *path = g_variant_get_string (parameter, NULL);

  /* A name that a person ended otherwise says what is meant. */
  if (inion_export_format_from_path (path, &named, NULL))
    wish.format = named;
  if (inion_view_state_get_study (self->window->state) == self->study)
    inion_export_task_start (self->window, &wish, path);
  gtk_window_destroy (self->dialog);
}

static GtkWidget *
make_page (Dialog *self)
{
  const char *const formats[] = { "EDF+ (16 bit)", "BDF+ (24 bit)", "BrainVision", "CSV", NULL };
  const char *const channels[] = { _("All channels"), _("EEG channels"), NULL };
  const char *const whole[] = { _("Whole recording"), _("Shown page"), NULL };
  const char *const selected[] = { _("Whole recording"), _("Shown page"), _("Selection"), NULL };
  const char *const marks[] = { _("All"), _("The file’s own"), _("None"), NULL };
  gboolean selection = inion_view_state_get_selection (self->window->state, NULL, NULL);
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  AdwPreferencesGroup *what = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  const char *format = inion_recording_get_format (self->recording);

  adw_preferences_group_set_description (
    what, _("Samples are written as they were recorded, without the filters and the montage of "
            "the screen. What is written is read back and compared."));
  self->format = inion_file_dialog_add_combo (what, "format", _("Format"), NULL, formats);
  self->channels = inion_file_dialog_add_combo (what, "channels", _("Channels"), NULL, channels);
  self->range = inion_file_dialog_add_combo (what, "range", _("Time"), NULL,
                                             selection ? selected : whole);
  self->marks = inion_file_dialog_add_combo (what, "marks", _("Events"),
                                             _("All: the file’s own and your marks, no suggestions"),
                                             marks);
  self->fill = inion_file_dialog_add_switch (
    what, "fill-missing", _("Fill missing values"),
    _("EDF and BDF cannot leave a value out: the value beside it is written in its place, and an "
      "annotation says where"));
  adw_combo_row_set_selected (self->format, g_str_has_prefix (format, "BDF") ? 1 : 0);
  if (selection)
    adw_combo_row_set_selected (self->range, 2);
  g_signal_connect_swapped (self->format, "notify::selected", G_CALLBACK (on_format), self);
  g_signal_connect_swapped (self->range, "notify::selected", G_CALLBACK (on_range), self);
  on_format (self);
  on_range (self);
  adw_preferences_page_add (page, what);
  return GTK_WIDGET (page);
}

void
_inion_window_export_recording (InionWindow *window)
{
  static const GActionEntry entries[] = { { "accept", accept }, { "write-to", write_to, "s" } };
  Dialog *self = g_new0 (Dialog, 1);
  GActionMap *actions;

  self->window = window;
  self->recording = g_object_ref (inion_view_state_get_recording (window->state));
  self->study = g_object_ref (inion_view_state_get_study (window->state));
  self->dialog = inion_file_dialog_new (window, _("Export Recording"), make_page (self),
                                        _("_Export…"), &actions);
  g_object_set_data_full (G_OBJECT (self->dialog), "inion-dialog", self, free_dialog);
  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
  gtk_window_set_default_size (self->dialog, 480, 480);
  gtk_window_present (self->dialog);
  gtk_widget_grab_focus (GTK_WIDGET (self->format));
}
