/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small windows: go to a time, history, preferences, about. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/window-private.h"

#include "core/init.h"

#include <glib/gi18n.h>
#include <math.h>

/* "12:03:41.5" is a clock time; "+3:41" and "221.5" count from the start. */
gboolean
_inion_window_parse_time (InionViewState *state,
                          const char     *text,
                          double         *time_s)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  gboolean elapsed = *stripped == '+';
  g_auto (GStrv) parts = g_strsplit (stripped + (elapsed ? 1 : 0), ":", 4);
  guint n = g_strv_length (parts);
  InionRecording *recording = inion_view_state_get_recording (state);
  GDateTime *start = recording != NULL ? inion_recording_get_start (recording) : NULL;
  double value = 0.0;

  if (n < 1 || n > 3)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      char *end = NULL;
      double part = g_ascii_strtod (parts[i], &end);

      if (end == parts[i] || *end != '\0' || !isfinite (part) || part < 0)
        return FALSE;
      value = value * 60.0 + part;
    }
  if (!elapsed && n == 3 && start != NULL)
    {
      value -= g_date_time_get_hour (start) * 3600.0 + g_date_time_get_minute (start) * 60.0 +
               g_date_time_get_seconds (start);
      /* The clock is shown in whole seconds; the recording may begin within one. */
      if (value < 0)
        value = value > -1.0 ? 0.0 : value + 86400.0;
    }
  *time_s = value;
  return TRUE;
}

static void
on_go_to (AdwMessageDialog *dialog,
          const char       *response,
          InionWindow      *self)
{
  GtkWidget *entry = adw_message_dialog_get_extra_child (dialog);
  double time_s;

  if (!g_str_equal (response, "go"))
    return;
  if (!_inion_window_parse_time (self->state, gtk_editable_get_text (GTK_EDITABLE (entry)), &time_s))
    {
      inion_window_toast (self, _("That is not a time. Write 12:03:41, +3:41 or 221.5."));
      return;
    }
  if (time_s > inion_view_state_get_duration_s (self->state))
    {
      inion_window_toast (self, _("The recording ends before that time."));
      return;
    }
  gtk_widget_activate_action (GTK_WIDGET (self), "win.go-to", "d", time_s);
}

void
_inion_window_ask_go_to (InionWindow *self)
{
  GtkWidget *dialog =
    adw_message_dialog_new (GTK_WINDOW (self), _("Go to Time"),
                            _("Clock time (12:03:41), time from the start (+3:41) or seconds "
                              "(221.5)"));
  GtkWidget *entry = gtk_entry_new ();
  g_autofree char *now =
    inion_view_state_format_time (self->state, inion_view_state_get_from (self->state), 0);

  gtk_editable_set_text (GTK_EDITABLE (entry), now);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Time"),
                                  -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "go",
                                    _("_Go"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "go",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "go");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (on_go_to), self);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}

/* As in the other small windows. */
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

/* The journal, latest first. */
void
_inion_window_show_history (InionWindow *self)
{
  g_autoptr (GPtrArray) journal =
    inion_study_list_journal (inion_view_state_get_study (self->state));
  GtkWidget *window = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *list = gtk_list_box_new ();
  guint shown = 0;

  for (guint i = journal->len; i-- > 0 && shown < 500; shown++)
    {
      const InionJournalEntry *entry = g_ptr_array_index (journal, i);
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *title = g_markup_escape_text (entry->title, -1);
      g_autofree char *subtitle = g_strdup_printf ("%s · %s%s", entry->time, entry->rater,
                                                   entry->undone ? _(" · undone") : "");
      g_autofree char *escaped = g_markup_escape_text (subtitle, -1);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped);
      gtk_widget_set_sensitive (row, !entry->undone);
      gtk_list_box_append (GTK_LIST_BOX (list), row);
    }
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_list_box_set_placeholder (GTK_LIST_BOX (list),
                                gtk_label_new (_("Nothing has been changed yet.")));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), scroller);
  adw_window_set_content (ADW_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), _("History"));
  add_escape (window);
  gtk_window_set_default_size (GTK_WINDOW (window), 420, 520);
  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (self));
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  gtk_window_present (GTK_WINDOW (window));
}

void
_inion_window_show_about (InionWindow *self)
{
  adw_show_about_window (
    GTK_WINDOW (self), "application-name", "Inion", "application-icon", APP_ID, "version",
    inion_version (), "developer-name", "The Inion developers", "license-type",
    GTK_LICENSE_GPL_3_0, "comments",
    _("Review brain signals, mark what is in them, and teach a computer to recognise it.\n\nFor "
      "research and education. Inion displays and marks; it does not diagnose."),
    NULL);
}

/* Preferences. */

static void
on_calibration (GtkSpinButton *spin,
                InionWindow   *self)
{
  double mm = gtk_spin_button_get_value (spin);

  /* The bar is 300 px wide; 0 mm means: trust the monitor. */
  g_settings_set_double (self->settings, "screen-px-per-mm", mm > 0 ? 300.0 / mm : 0.0);
  inion_trace_view_set_px_per_mm (self->traces, mm > 0 ? 300.0 / mm : 0.0);
}

static void
draw_ruler (GtkDrawingArea *area,
            cairo_t        *cr,
            int             width,
            int             height,
            gpointer        data)
{
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (area)), &color);
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_rectangle (cr, width / 2.0 - 150, height / 2.0 - 1, 300, 2);
  cairo_rectangle (cr, width / 2.0 - 150, height / 2.0 - 8, 2, 16);
  cairo_rectangle (cr, width / 2.0 + 148, height / 2.0 - 8, 2, 16);
  cairo_fill (cr);
}

static void
on_mains (AdwComboRow *row,
          GParamSpec  *pspec,
          InionWindow *self)
{
  int mains = adw_combo_row_get_selected (row) == 1 ? 60 : 50;

  g_settings_set_int (self->settings, "mains-hz", mains);
  inion_view_state_set_mains_hz (self->state, mains);
}

static void
on_style (AdwComboRow *row,
          GParamSpec  *pspec,
          InionWindow *self)
{
  static const char *const styles[] = { "system", "light", "dark" };

  g_settings_set_string (self->settings, "style", styles[adw_combo_row_get_selected (row) % 3]);
}

static void
on_rater (GtkEditable *entry,
          InionWindow *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);

  g_settings_set_string (self->settings, "rater", gtk_editable_get_text (entry));
  if (study != NULL && *gtk_editable_get_text (entry) != '\0')
    inion_study_set_rater (study, gtk_editable_get_text (entry));
}

static GtkWidget *
combo_row (const char *title,
           const char *subtitle,
           const char *const *choices,
           guint       selected)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) model = gtk_string_list_new (choices);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), selected);
  return row;
}

static AdwPreferencesGroup *
calibration_group (InionWindow *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *spin = gtk_spin_button_new_with_range (0, 400, 0.5);
  GtkWidget *ruler = gtk_drawing_area_new ();
  double px_per_mm = g_settings_get_double (self->settings, "screen-px-per-mm");

  adw_preferences_group_set_title (group, _("Screen calibration"));
  adw_preferences_group_set_description (
    group, _("Measure the bar below with a ruler and enter its length, so that µV/mm and mm/s "
             "hold on this screen. 0 trusts the size that the monitor reports."));
  gtk_widget_set_size_request (ruler, 320, 32);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (ruler), draw_ruler, NULL, NULL);
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (spin), 1);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), px_per_mm > 0 ? 300.0 / px_per_mm : 0.0);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  g_signal_connect (spin, "value-changed", G_CALLBACK (on_calibration), self);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Length of the bar in mm"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), spin);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), spin);
  adw_preferences_group_add (group, ruler);
  adw_preferences_group_add (group, row);
  return group;
}

void
_inion_window_show_preferences (InionWindow *self)
{
  static const char *const mains[] = { "50 Hz", "60 Hz", NULL };
  const char *const styles[] = { _("Follow the desktop"), _("Light"), _("Dark"), NULL };
  GtkWidget *window = adw_preferences_window_new ();
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  AdwPreferencesGroup *general = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  g_autofree char *style = g_settings_get_string (self->settings, "style");
  g_autofree char *rater = g_settings_get_string (self->settings, "rater");
  GtkWidget *row;

  adw_preferences_group_set_title (general, _("General"));
  row = combo_row (_("Mains frequency"), _("What the notch key takes out"), mains,
                   g_settings_get_int (self->settings, "mains-hz") == 60);
  g_signal_connect (row, "notify::selected", G_CALLBACK (on_mains), self);
  adw_preferences_group_add (general, row);
  row = combo_row (_("Style"), _("Light or dark"), styles,
                   g_str_equal (style, "light") ? 1 : g_str_equal (style, "dark") ? 2 : 0);
  g_signal_connect (row, "notify::selected", G_CALLBACK (on_style), self);
  adw_preferences_group_add (general, row);
  row = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 _("Your name as a rater (empty: your login)"));
  gtk_editable_set_text (GTK_EDITABLE (row), rater);
  g_signal_connect (row, "changed", G_CALLBACK (on_rater), self);
  adw_preferences_group_add (general, row);
  adw_preferences_page_add (page, general);
  adw_preferences_page_add (page, calibration_group (self));
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), page);
  adw_preferences_window_set_search_enabled (ADW_PREFERENCES_WINDOW (window), FALSE);
  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (self));
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  gtk_window_present (GTK_WINDOW (window));
}
