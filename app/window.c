/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window: one recording, five workspaces. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/window-private.h"

#include "app/clean/clean-panel.h"
#include "app/decode/decode-panel.h"
#include "app/live/live-panel.h"
#include "app/network/network-panel.h"
#include "app/panel-kit.h"
#include "app/review/review-panel.h"
#include "app/review/side-panel.h"
#include "app/tools/tools-panel.h"
#include "widgets/overview.h"
#include "widgets/probability-lane.h"

#include <glib/gi18n.h>

/* The panels wait for the first traces, but not for ever: a disk may be slow. */
#define LONGEST_WAIT_US (300 * 1000)

/* For the names of the workspaces beside their pictures, in pixels. */
#define WIDE_ENOUGH 1240

G_DEFINE_FINAL_TYPE (InionWindow, inion_window, ADW_TYPE_APPLICATION_WINDOW)

/* Where the recording lies, and what is said of it. */
static void
update_tooltip (InionWindow *self)
{
  InionRecording *recording = inion_view_state_get_recording (self->state);
  InionStudy *study = inion_view_state_get_study (self->state);
  g_autofree char *file = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *text = NULL;

  if (recording == NULL)
    return;
  file = g_filename_display_name (inion_recording_get_path (recording));
  kept = study != NULL ? g_filename_display_name (inion_study_get_path (study)) : NULL;
  text = kept != NULL ? g_strdup_printf (_("%s\nMarks: %s"), file, kept) : g_strdup (file);
  inion_panel_set_tooltip (GTK_WIDGET (self->file_label), text);
}

static void
update_title (InionWindow *self)
{
  InionRecording *recording = inion_view_state_get_recording (self->state);
  g_autofree char *name = NULL;
  g_autofree char *subtitle = NULL;
  g_autofree char *when = NULL;
  g_autofree char *choice = NULL;
  GDateTime *start;

  gtk_widget_set_visible (self->file_box, recording != NULL);
  if (recording == NULL)
    {
      gtk_window_set_title (GTK_WINDOW (self), "Inion");
      return;
    }
  name = g_path_get_basename (inion_recording_get_path (recording));
  start = inion_recording_get_start (recording);
  when = start != NULL ? g_date_time_format (start, "%-d %b %Y") : g_strdup (_("date unknown"));
  choice = self->choice != NULL ? inion_choice_describe (self->choice) : NULL;
  subtitle = g_strdup_printf ("%u ch · %s%s%s", inion_recording_get_n_channels (recording), when,
                              choice != NULL ? " · " : "", choice != NULL ? choice : "");
  gtk_label_set_text (self->file_label, name);
  update_tooltip (self);
  gtk_label_set_text (self->subtitle_label, subtitle);
  inion_panel_set_tooltip (GTK_WIDGET (self->subtitle_label), subtitle);
  gtk_window_set_title (GTK_WINDOW (self), name);
}

/* Where there is little room the names of the workspaces stand below their pictures, so that the
 * file's own name is not cut. */
static gboolean
fit_switcher (GtkWidget     *widget,
              GdkFrameClock *clock,
              gpointer       data)
{
  InionWindow *self = INION_WINDOW (widget);

  adw_view_switcher_set_policy (self->switcher, gtk_widget_get_width (widget) < WIDE_ENOUGH
                                                  ? ADW_VIEW_SWITCHER_POLICY_NARROW
                                                  : ADW_VIEW_SWITCHER_POLICY_WIDE);
  return G_SOURCE_REMOVE;
}

static void
inion_window_size_allocate (GtkWidget *widget,
                            int        width,
                            int        height,
                            int        baseline)
{
  InionWindow *self = INION_WINDOW (widget);
  gboolean narrow = adw_view_switcher_get_policy (self->switcher) ==
                    ADW_VIEW_SWITCHER_POLICY_NARROW;

  GTK_WIDGET_CLASS (inion_window_parent_class)->size_allocate (widget, width, height, baseline);
  if (narrow != (width < WIDE_ENOUGH))
    gtk_widget_add_tick_callback (widget, fit_switcher, NULL, NULL);
}

static gboolean
has_signals (InionRecording *recording)
{
  return recording != NULL && inion_recording_get_n_channels (recording) > 0 &&
         inion_recording_get_duration_ns (recording) > 0;
}

static gboolean
show_panel (InionWindow *self)
{
  if (gtk_widget_get_opacity (self->left_panel) < 1.0)
    {
      gtk_widget_set_opacity (self->left_panel, 1.0);
      return G_SOURCE_CONTINUE;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->workspaces), TRUE);
  return G_SOURCE_REMOVE;
}

/* The traces come first, then panel by panel, each in a frame of its own: styling, measuring and
 * drawing all of them for the first time in one frame takes too long. Their places are kept. */
static gboolean
show_next_panel (GtkWidget     *widget,
                 GdkFrameClock *clock,
                 gpointer       data)
{
  InionWindow *self = INION_WINDOW (widget);

  if (self->content_us == 0)
    self->content_us = g_get_monotonic_time ();
  else if (inion_trace_view_get_last_frame_ms (self->traces) > 0 ||
           g_get_monotonic_time () > self->content_us + LONGEST_WAIT_US)
    return show_panel (self);
  return G_SOURCE_CONTINUE;
}

/* What is open, or how to open something. */
void
_inion_window_show_page (InionWindow *self)
{
  InionRecording *recording = inion_view_state_get_recording (self->state);

  if (has_signals (recording) && !self->had_content)
    {
      self->had_content = TRUE;
      gtk_widget_add_tick_callback (GTK_WIDGET (self), show_next_panel, NULL, NULL);
    }
  gtk_stack_set_visible_child_name (self->main_stack, has_signals (recording) ? "content"
                                                      : recording != NULL ? "no-signals" : "empty");
}

static void
on_recording_changed (InionWindow *self)
{
  InionRecording *recording = inion_view_state_get_recording (self->state);

  _inion_window_show_page (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->switcher), has_signals (recording));
  update_title (self);
  _inion_window_actions_update (self);
}

static void
show_banner (InionWindow *self,
             const char  *text)
{
  gtk_label_set_text (self->banner_label, text != NULL ? text : "");
  gtk_info_bar_set_revealed (self->banner, text != NULL);
  gtk_widget_set_visible (self->retry_button, FALSE);
}

/* Where the recording's folder cannot be written, what a person says of it is kept elsewhere. */
static void
say_where_kept (InionWindow *self,
                InionStudy  *study)
{
  g_autofree char *recording = inion_study_dup_recording_path (study);
  g_autofree char *folder = recording != NULL ? g_path_get_dirname (recording) : NULL;
  g_autofree char *kept = g_path_get_dirname (inion_study_get_path (study));

  if (folder != NULL && !g_str_equal (folder, kept))
    inion_window_toast (self, _("The recording’s folder cannot be written: your marks are kept in "
                                "your data folder"));
}

static void
on_study_changed (InionWindow *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);

  g_signal_group_set_target (self->study_signals, study);
  update_tooltip (self);
  if (study != NULL && !inion_study_is_read_only (study))
    say_where_kept (self, study);
  if (study != NULL && inion_study_is_read_only (study))
    {
      g_autofree char *text =
        g_strdup_printf (_("%s You can look, but nothing you change is kept."),
                         inion_study_get_read_only_reason (study));

      show_banner (self, text);
    }
  else if (study != NULL && inion_study_is_recording_changed (study))
    {
      show_banner (self, _("The recording has changed since these marks were made: check that they "
                           "still stand where they should."));
    }
  else
    {
      show_banner (self, NULL);
    }
  _inion_window_actions_update (self);
}

static void
on_write_failed (InionWindow  *self,
                 const GError *error)
{
  g_autofree char *text =
    g_strdup_printf (_("Your marks are in memory but could not be written: %s Free some space or "
                       "export the marks, then go on."), error->message);

  show_banner (self, text);
  gtk_widget_set_visible (self->retry_button, TRUE);
  _inion_window_actions_update (self);
}

/* After the disk was full or the stick was pulled: write what is only in memory. */
void
_inion_window_retry (InionWindow *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);
  g_autoptr (GError) error = NULL;

  if (study == NULL)
    return;
  if (inion_study_retry (study, &error))
    {
      show_banner (self, NULL);
      inion_window_toast (self, _("All marks are on the disk again"));
      _inion_window_actions_update (self);
    }
  else
    {
      on_write_failed (self, error);
    }
}

/* A panel's actions belong to the window, so that a shortcut reaches them from anywhere. */
static void
add_workspace (InionWindow  *self,
               GtkWidget    *panel,
               GActionGroup *actions,
               const char   *name,
               const char   *title,
               const char   *icon)
{
  AdwViewStackPage *page = adw_view_stack_add_titled (self->workspaces, panel, name, title);

  adw_view_stack_page_set_icon_name (page, icon);
  gtk_widget_insert_action_group (GTK_WIDGET (self), name, actions);
}

static void
on_gutter_changed (InionWindow *self)
{
  inion_probability_lane_set_gutter (INION_PROBABILITY_LANE (self->lane),
                                     inion_trace_view_get_gutter (self->traces), 0);
}

/* Keeps the place of the workspaces while they are not shown yet: see show_next_panel(). All have
 * room in its width, so that those not on the screen need not be measured. */
static void
wrap_workspaces (InionWindow *self)
{
  GtkWidget *workspaces = g_object_ref (GTK_WIDGET (self->workspaces));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  int width;

  gtk_widget_get_size_request (workspaces, &width, NULL);
  gtk_widget_set_size_request (box, width, -1);
  gtk_widget_add_css_class (box, "side-panel");
  adw_flap_set_flap (self->right_flap, box);
  gtk_widget_set_vexpand (workspaces, TRUE);
  gtk_widget_set_visible (workspaces, FALSE);
  adw_view_stack_set_hhomogeneous (self->workspaces, FALSE);
  gtk_box_append (GTK_BOX (box), workspaces);
  g_object_unref (workspaces);
}

static void
make_content (InionWindow *self)
{
  GtkWidget *traces = inion_trace_view_new (self->state);
  GtkWidget *panel, *review;

  self->traces = INION_TRACE_VIEW (traces);
  gtk_widget_set_vexpand (traces, TRUE);
  gtk_box_append (self->center_box, traces);
  self->lane = inion_probability_lane_new (self->state);
  gtk_box_append (self->center_box, self->lane);
  self->overview = inion_overview_new (self->state);
  gtk_box_append (self->center_box, self->overview);
  self->left_panel = inion_side_panel_new (self->state);
  gtk_widget_set_opacity (self->left_panel, 0.0); /* its labels say how wide it is */
  gtk_box_append (self->left_box, self->left_panel);

  review = inion_review_panel_new (self->state);
  panel = inion_tools_panel_new (self->state, review);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "tools",
                                  inion_tools_panel_get_actions (INION_TOOLS_PANEL (panel)));
  add_workspace (self, panel, inion_review_panel_get_actions (INION_REVIEW_PANEL (review)),
                 "review", _("Review"), "inion-review-symbolic");
  panel = inion_clean_panel_new (self->state);
  add_workspace (self, panel, inion_clean_panel_get_actions (INION_CLEAN_PANEL (panel)), "clean",
                 _("Clean"), "inion-clean-symbolic");
  panel = inion_decode_panel_new (self->state);
  add_workspace (self, panel, inion_decode_panel_get_actions (INION_DECODE_PANEL (panel)),
                 "decode", _("Decode"), "inion-decode-symbolic");
  panel = inion_network_panel_new (self->state);
  add_workspace (self, panel, inion_network_panel_get_actions (INION_NETWORK_PANEL (panel)),
                 "network", _("Network"), "inion-network-symbolic");
  panel = inion_live_panel_new (self->state);
  add_workspace (self, panel, inion_live_panel_get_actions (INION_LIVE_PANEL (panel)), "live",
                 _("Live"), "inion-live-symbolic");
  g_signal_connect_object (self->traces, "notify::gutter", G_CALLBACK (on_gutter_changed), self,
                           G_CONNECT_SWAPPED);
  wrap_workspaces (self);
}

static void
save_window_state (InionWindow *self)
{
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_boolean (self->settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
  g_settings_set_int (self->settings, "window-width", width);
  g_settings_set_int (self->settings, "window-height", height);
}

static gboolean
inion_window_close_request (GtkWindow *window)
{
  InionWindow *self = INION_WINDOW (window);

  save_window_state (self);
  /* Everything is kept already: closing only waits for the last edit to reach the disk. */
  inion_view_state_close (self->state);
  return GTK_WINDOW_CLASS (inion_window_parent_class)->close_request (window);
}

static void
on_message (InionWindow *self,
            const char  *text)
{
  inion_window_toast (self, text);
}

static void
inion_window_dispose (GObject *object)
{
  InionWindow *self = INION_WINDOW (object);

  _inion_window_cancel_open (self);
  g_clear_object (&self->open_job);
  g_clear_weak_pointer (&self->open_dialog);
  g_clear_pointer (&self->choice, inion_choice_free);
  g_clear_handle_id (&self->jobs_id, g_source_remove);
  g_clear_object (&self->mains_job);
  g_clear_object (&self->mains_toast);
  g_clear_object (&self->study_signals);
  g_clear_object (&self->settings);
  g_clear_object (&self->state);
  g_clear_pointer (&self->sample_path, g_free);
  G_OBJECT_CLASS (inion_window_parent_class)->dispose (object);
}

static void
inion_window_class_init (InionWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inion_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = inion_window_close_request;
  widget_class->size_allocate = inion_window_size_allocate;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/inion/Inion/ui/window.ui");
  gtk_widget_class_bind_template_child (widget_class, InionWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, open_button);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, file_box);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, file_label);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, subtitle_label);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, switcher);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, jobs_button);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, jobs_view);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, undo_button);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, redo_button);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, banner);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, banner_label);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, retry_button);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, main_stack);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, empty_page);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, opening_progress);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, opening_step);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, left_flap);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, right_flap);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, workspaces);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, left_box);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, center_box);
  gtk_widget_class_bind_template_child (widget_class, InionWindow, bottom_bar);
}

static void
restore_window_state (InionWindow *self)
{
  int width = g_settings_get_int (self->settings, "window-width");
  int height = g_settings_get_int (self->settings, "window-height");

  if (width > 0 && height > 0)
    gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  g_settings_bind (self->settings, "left-panel", self->left_flap, "reveal-flap",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "right-panel", self->right_flap, "reveal-flap",
                   G_SETTINGS_BIND_DEFAULT);
  inion_view_state_set_mains_hz (self->state, g_settings_get_int (self->settings, "mains-hz"));
  inion_trace_view_set_px_per_mm (self->traces,
                                  g_settings_get_double (self->settings, "screen-px-per-mm"));
}

static void
inion_window_init (InionWindow *self)
{
  g_type_ensure (ADW_TYPE_SPLIT_BUTTON);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = g_settings_new (APP_ID);
  self->state = inion_view_state_new ();
  self->study_signals = g_signal_group_new (INION_TYPE_STUDY);
  g_signal_group_connect_swapped (self->study_signals, "edited",
                                  G_CALLBACK (_inion_window_actions_update), self);
  g_signal_group_connect_swapped (self->study_signals, "write-failed",
                                  G_CALLBACK (on_write_failed), self);
  make_content (self);
  _inion_window_make_job_list (self);
  _inion_window_actions_init (self);
  _inion_window_bar_init (self);
  _inion_window_file_init (self);
  restore_window_state (self);
  g_signal_connect_object (self->state, "notify::recording", G_CALLBACK (on_recording_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->state, "notify::study", G_CALLBACK (on_study_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->state, "message", G_CALLBACK (on_message), self,
                           G_CONNECT_SWAPPED);
  on_recording_changed (self);
}

/**
 * inion_window_new:
 * @application: the program
 *
 * Returns: (transfer none): a window with nothing open
 */
InionWindow *
inion_window_new (AdwApplication *application)
{
  return g_object_new (INION_TYPE_WINDOW, "application", application, NULL);
}

/**
 * inion_window_get_state:
 *
 * Returns: (transfer none): what is on screen
 */
InionViewState *
inion_window_get_state (InionWindow *self)
{
  return self->state;
}

/**
 * inion_window_toast:
 * @text: something that happened, in a sentence
 */
void
inion_window_toast (InionWindow *self,
                    const char  *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  /* What answers an act must not wait until a hint has had its time. */
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/**
 * inion_window_toast_undo:
 * @text: an edit that was made, with a button that takes it back
 */
void
inion_window_toast_undo (InionWindow *self,
                         const char  *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_set_button_label (toast, _("Undo"));
  adw_toast_set_action_name (toast, "win.undo");
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/**
 * inion_window_show_error:
 * @heading: what could not be done
 * @error: what happened, where, what was kept, what to do
 */
void
inion_window_show_error (InionWindow  *self,
                         const char   *heading,
                         const GError *error)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, error->message);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * inion_window_show_workspace:
 * @name: "review", "clean", "decode", "network" or "live"
 */
void
inion_window_show_workspace (InionWindow *self,
                             const char  *name)
{
  if (adw_view_stack_get_child_by_name (self->workspaces, name) == NULL)
    return;
  adw_view_stack_set_visible_child_name (self->workspaces, name);
  adw_flap_set_reveal_flap (self->right_flap, TRUE);
}
