/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A copy without identifiers in three steps: what may stay, what was found in texts, the report. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/files/deidentify-task.h"
#include "app/files/file-dialog.h"

#include <glib/gi18n.h>

/* More texts than anybody reviews; the rest is treated as it was proposed. */
#define MAX_ROWS 300

typedef struct
{
  InionWindow *window;
  InionRecording *recording;
  InionStudy *study;
  GtkWindow *dialog; /* NULL once it is closed */
  GtkStack *stack;
  AdwComboRow *format;
  AdwComboRow *dates;
  AdwComboRow *annotations;
  GtkSwitch *keep_time;
  GtkSwitch *keep_sex;
  GtkSwitch *keep_age;
  GtkEditable *names;
  GtkLabel *progress;
  GtkProgressBar *bar;
  AdwPreferencesPage *review;
  GtkTextView *report;
  InionDeidentify *deidentify;
  InionJob *job;
} Dialog;

static void
free_dialog (Dialog *self)
{
  g_object_unref (self->recording);
  g_object_unref (self->study);
  g_clear_object (&self->deidentify);
  g_clear_object (&self->job);
}

static void
unref_dialog (gpointer data)
{
  g_rc_box_release_full (data, (GDestroyNotify) free_dialog);
}

/* Closing the dialog cancels what it started. */
static void
on_destroy (GtkWidget *dialog,
            Dialog    *self)
{
  self->dialog = NULL;
  if (self->job != NULL)
    inion_job_cancel (self->job);
}

static gboolean
show_progress (GtkWidget     *widget,
               GdkFrameClock *clock,
               gpointer       data)
{
  Dialog *self = data;

  if (self->job != NULL)
    gtk_progress_bar_set_fraction (self->bar,
                                   CLAMP (inion_job_get_progress (self->job), 0.0, 1.0));
  return G_SOURCE_CONTINUE;
}

/* FALSE: the dialog is gone, or has nothing to show; what went wrong has been said. */
static gboolean
end_job (Dialog       *self,
         gboolean      good,
         const GError *error,
         const char   *heading)
{
  g_clear_object (&self->job);
  if (!good && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    inion_window_show_error (self->window, heading, error);
  if (!good && self->dialog != NULL)
    gtk_window_destroy (self->dialog);
  return good && self->dialog != NULL;
}

static void
start_job (Dialog       *self,
           InionJob     *job,
           const char   *text,
           InionJobDone  done)
{
  self->job = job;
  gtk_label_set_text (self->progress, text);
  gtk_progress_bar_set_fraction (self->bar, 0.0);
  gtk_stack_set_visible_child_name (self->stack, "progress");
  inion_file_dialog_set_accept (self->dialog, NULL);
  inion_job_list_submit (inion_view_state_get_jobs (self->window->state), job, NULL, done,
                         g_rc_box_acquire (self));
}

/* Third: the report. */

static void
on_written (InionJob     *job,
            gpointer      result,
            const GError *error,
            gpointer      user_data)
{
  Dialog *self = user_data;
  g_autoptr (InionDeidentifyReport) report = result;
  g_autofree char *text = NULL;

  if (end_job (self, report != NULL, error, _("No Copy Was Written")))
    {
      text = inion_deidentify_report_to_text (report);
      gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->report), text, -1);
      gtk_stack_set_visible_child_name (self->stack, "report");
      gtk_widget_grab_focus (GTK_WIDGET (self->report));
      gtk_window_set_title (self->dialog, report->leaks->len > 0 ? _("Identifiers Are Left")
                                                                 : _("De-identified Copy"));
    }
  unref_dialog (self);
}

static void
write_to (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  Dialog *self = data;
  const char *path = g_variant_get_string (parameter, NULL);
  InionExportFormat format = (InionExportFormat) adw_combo_row_get_selected (self->format);

  if (self->job != NULL || self->deidentify == NULL)
    return;
  inion_export_format_from_path (path, &format, NULL);
  start_job (self, inion_deidentify_write_job_new (self->deidentify, path, format),
             _("Writing, reading back, searching for identifiers…"), on_written);
}

/* Second: the review. */

static void
on_action (GtkDropDown     *choice,
           GParamSpec      *pspec,
           InionReviewText *text)
{
  text->action = (InionTextAction) gtk_drop_down_get_selected (choice);
}

static GtkWidget *
make_text_row (InionReviewText *text)
{
  const char *const actions[] = { _("Keep"), _("Replace"), _("Remove"), NULL };
  GtkWidget *choice = gtk_drop_down_new_from_strings (actions);
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *subtitle =
    text->reason != NULL ? g_strdup_printf ("%s × %u · %s", text->place, text->count, text->reason)
                         : g_strdup_printf ("%s × %u", text->place, text->count);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), *text->text != '\0' ? text->text : "—");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (choice), text->action);
  gtk_widget_set_valign (choice, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (choice, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("What becomes of this text"), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), choice);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), choice);
  g_signal_connect (choice, "notify::selected", G_CALLBACK (on_action), text);
  return row;
}

static void
add_texts (Dialog     *self,
           gboolean    found,
           const char *title,
           const char *description)
{
  GPtrArray *texts = inion_deidentify_get_texts (self->deidentify);
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  g_autofree char *more = NULL;
  guint n = 0;

  for (guint i = 0; i < texts->len; i++)
    {
      InionReviewText *text = texts->pdata[i];

      if ((text->reason != NULL) == found && n++ < MAX_ROWS)
        adw_preferences_group_add (group, make_text_row (text));
    }
  more = n > MAX_ROWS ? g_strdup_printf (_("%s The first %u of %u are listed; the report has all."),
                                         description, MAX_ROWS, n)
                      : g_strdup (description);
  adw_preferences_group_set_title (group, title);
  adw_preferences_group_set_description (group, n > 0 ? more : _("There are none."));
  adw_preferences_page_add (self->review, group);
}

static void
on_scanned (InionJob     *job,
            gpointer      result,
            const GError *error,
            gpointer      user_data)
{
  Dialog *self = user_data;

  if (end_job (self, result != NULL, error, _("The Recording Could Not Be Scanned")))
    {
      add_texts (self, TRUE, _("Something Was Found"),
                 _("Names, dates and numbers that may tell whose recording it is."));
      add_texts (self, FALSE, _("Other Texts"),
                 _("Nothing was found in these. A name that stands nowhere else is found by no "
                   "program: read them."));
      gtk_stack_set_visible_child_name (self->stack, "review");
      gtk_widget_child_focus (GTK_WIDGET (self->review), GTK_DIR_TAB_FORWARD);
      inion_file_dialog_set_accept (self->dialog, _("_Write Copy…"));
    }
  g_clear_object (&result);
  unref_dialog (self);
}

static InionDeidentifyOptions
get_options (Dialog  *self,
             char   **secret,
             char  ***names,
             GError **error)
{
  InionDeidentifyOptions options = {
    .dates = (InionDates) adw_combo_row_get_selected (self->dates),
    .keep_time = gtk_switch_get_active (self->keep_time),
    .keep_sex = gtk_switch_get_active (self->keep_sex),
    .keep_age = gtk_switch_get_active (self->keep_age),
    .remove_annotations = adw_combo_row_get_selected (self->annotations) == 1,
  };
  g_autofree char *path =
    g_build_filename (g_get_user_data_dir (), "inion", "deidentify-secret", NULL);

  *names = g_strsplit (gtk_editable_get_text (self->names), ",", -1);
  options.names = (const char *const *) *names;
  if (options.dates == INION_DATES_SHIFT)
    options.secret = *secret = inion_deidentify_load_secret (path, error);
  return options;
}

static void
start_scan (Dialog *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *secret = NULL;
  g_auto (GStrv) names = NULL;
  InionDeidentifyOptions options = get_options (self, &secret, &names, &error);
  g_autoptr (GPtrArray) marks =
    inion_annotation_set_query (inion_study_get_annotations (self->study), G_MININT64, G_MAXINT64);

  if (error != NULL)
    {
      inion_window_show_error (self->window, _("No Copy Was Written"), error);
      return;
    }
  self->deidentify = inion_deidentify_new (self->recording, &options);
  start_job (self, inion_deidentify_scan_job_new (self->deidentify, self->recording, marks),
             _("Looking through all texts…"), on_scanned);
}

static void
accept (GSimpleAction *action,
        GVariant      *parameter,
        gpointer       data)
{
  Dialog *self = data;
  g_autofree char *name = NULL;

  if (self->job != NULL)
    return;
  if (self->deidentify == NULL)
    {
      start_scan (self);
      return;
    }
  /* The name of the original may itself say whose it is. */
  name = g_strconcat (_("recording"), inion_file_dialog_get_ending (
                        (InionExportFormat) adw_combo_row_get_selected (self->format)), NULL);
  inion_file_dialog_ask_path (self->dialog, self->window, _("Write a De-identified Copy"), name);
}

static void
copy_report (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       data)
{
  Dialog *self = data;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->report);
  GtkTextIter from, to;
  g_autofree char *text = NULL;

  gtk_text_buffer_get_bounds (buffer, &from, &to);
  text = gtk_text_buffer_get_text (buffer, &from, &to, FALSE);
  inion_file_dialog_copy (GTK_WIDGET (self->dialog), text);
}

/* First: the options. */

static GtkWidget *
make_options (Dialog *self)
{
  const char *const formats[] = { "EDF+", "BDF+", "BrainVision", "CSV", NULL };
  const char *const dates[] = { _("Remove"), _("Shift"), _("Keep"), NULL };
  const char *const annotations[] = { _("Look through"), _("Remove all"), NULL };
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  AdwPreferencesGroup *what = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  AdwPreferencesGroup *keep = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  GtkWidget *names = adw_entry_row_new ();

  adw_preferences_group_set_description (
    what, _("A new file without the patient’s and the recording’s field, reserved fields and "
            "comments. Samples stay as they are: a signal can itself tell whose it is."));
  self->format = inion_file_dialog_add_combo (what, "format", _("Format"), NULL, formats);
  self->dates = inion_file_dialog_add_combo (
    what, "dates", _("Date"), _("Shifted by as many days for all recordings of a person"), dates);
  self->annotations = inion_file_dialog_add_combo (what, "annotations", _("Events and marks"), NULL,
                                                   annotations);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (names),
                                 _("More names to look for, with commas"));
  gtk_widget_set_name (names, "names");
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (names), TRUE);
  self->names = GTK_EDITABLE (names);
  adw_preferences_group_add (what, names);
  adw_preferences_group_set_title (keep, _("What May Stay"));
  self->keep_time = inion_file_dialog_add_switch (keep, "keep-time", _("Time of day"), NULL);
  self->keep_sex = inion_file_dialog_add_switch (keep, "keep-sex", _("Sex"), NULL);
  self->keep_age = inion_file_dialog_add_switch (keep, "keep-age", _("Age in years"),
                                                 _("Over 89 as “90+”"));
  if (g_str_has_prefix (inion_recording_get_format (self->recording), "BDF"))
    adw_combo_row_set_selected (self->format, 1);
  adw_preferences_page_add (page, what);
  adw_preferences_page_add (page, keep);
  return GTK_WIDGET (page);
}

static GtkWidget *
make_progress (Dialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *label = gtk_label_new (NULL);
  GtkWidget *bar = gtk_progress_bar_new ();

  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (bar, 240, -1);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), bar);
  self->progress = GTK_LABEL (label);
  self->bar = GTK_PROGRESS_BAR (bar);
  gtk_widget_add_tick_callback (bar, show_progress, self, NULL);
  return box;
}

static GtkWidget *
make_report (Dialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *text = gtk_text_view_new ();
  GtkWidget *copy = gtk_button_new_with_mnemonic (_("C_opy Report"));

  gtk_text_view_set_editable (GTK_TEXT_VIEW (text), FALSE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (text), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (text), 18);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (text), 18);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (text), 12);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (text), 12);
  gtk_accessible_update_property (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Report"),
                                  -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), text);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (copy), "dialog.copy");
  gtk_widget_set_halign (copy, GTK_ALIGN_END);
  gtk_widget_set_margin_top (copy, 6);
  gtk_widget_set_margin_bottom (copy, 6);
  gtk_widget_set_margin_end (copy, 12);
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_box_append (GTK_BOX (box), copy);
  self->report = GTK_TEXT_VIEW (text);
  return box;
}

void
_inion_window_deidentify (InionWindow *window)
{
  static const GActionEntry entries[] = { { "accept", accept },
                                          { "copy", copy_report },
                                          { "write-to", write_to, "s" } };
  Dialog *self = g_rc_box_new0 (Dialog);
  GtkWidget *stack = gtk_stack_new ();
  GActionMap *actions;

  self->window = window;
  self->recording = g_object_ref (inion_view_state_get_recording (window->state));
  self->study = g_object_ref (inion_view_state_get_study (window->state));
  self->stack = GTK_STACK (stack);
  self->review = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  gtk_stack_add_named (self->stack, make_options (self), "options");
  gtk_stack_add_named (self->stack, make_progress (self), "progress");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->review), "review");
  gtk_stack_add_named (self->stack, make_report (self), "report");
  self->dialog = inion_file_dialog_new (window, _("De-identified Copy"), stack,
                                        _("_Look for Identifiers"), &actions);
  g_signal_connect (self->dialog, "destroy", G_CALLBACK (on_destroy), self);
  g_object_set_data_full (G_OBJECT (self->dialog), "inion-dialog", self, unref_dialog);
  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
  gtk_window_set_default_size (self->dialog, 560, 640);
  gtk_window_present (self->dialog);
  gtk_widget_grab_focus (GTK_WIDGET (self->format));
}
