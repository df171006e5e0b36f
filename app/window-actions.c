/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever a person can do in the window, as named actions with their parameters. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/window-private.h"

#include "app/guide/guide-window.h"
#include "app/marks/mark-edit-actions.h"
#include "app/files/import-task.h"
#include "app/panel-kit.h"

#include "widgets/view-state-show.h"

#include <glib/gi18n.h>

#define ACTION(name) static void name (GSimpleAction *action, GVariant *parameter, gpointer data)

/* Journal */

ACTION (undo)
{
  InionWindow *self = data;
  InionStudy *study = inion_view_state_get_study (self->state);
  g_autofree char *title = g_strdup (inion_study_get_undo_title (study));

  if (inion_study_undo (study))
    {
      g_autofree char *text = g_strdup_printf (_("Undone: %s"), title);

      inion_window_toast (self, text);
    }
}

ACTION (redo)
{
  InionWindow *self = data;

  inion_study_redo (inion_view_state_get_study (self->state));
}

/* Window */

ACTION (open_file)
{
  _inion_window_choose_file (data);
}

ACTION (open_path)
{
  inion_window_open_path (data, g_variant_get_string (parameter, NULL));
}

ACTION (open_options)
{
  _inion_window_open_options (data);
}

ACTION (open_sample)
{
  InionWindow *self = data;

  inion_window_open_path (self, self->sample_path);
}

ACTION (close_recording)
{
  InionWindow *self = data;

  inion_view_state_close (self->state);
}

ACTION (workspace)
{
  inion_window_show_workspace (data, g_variant_get_string (parameter, NULL));
}

ACTION (toggle_left)
{
  InionWindow *self = data;

  adw_flap_set_reveal_flap (self->left_flap, !adw_flap_get_reveal_flap (self->left_flap));
}

ACTION (toggle_right)
{
  InionWindow *self = data;

  adw_flap_set_reveal_flap (self->right_flap, !adw_flap_get_reveal_flap (self->right_flap));
}

ACTION (fullscreen)
{
  if (gtk_window_is_fullscreen (GTK_WINDOW (data)))
    gtk_window_unfullscreen (GTK_WINDOW (data));
  else
    gtk_window_fullscreen (GTK_WINDOW (data));
}

ACTION (retry)
{
  _inion_window_retry (data);
}

ACTION (cancel_jobs)
{
  InionWindow *self = data;

  inion_job_list_cancel_all (inion_view_state_get_jobs (self->state));
}

ACTION (cancel_open)
{
  _inion_window_cancel_open (data);
}

ACTION (import_annotations)
{
  _inion_window_import_annotations (data);
}

ACTION (import_annotations_from)
{
  inion_import_task_start (data, g_variant_get_string (parameter, NULL));
}

ACTION (export_annotations)
{
  _inion_window_export_annotations (data);
}

ACTION (export_image)
{
  _inion_window_export_image (data);
}

ACTION (export_recording)
{
  _inion_window_export_recording (data);
}

ACTION (deidentify)
{
  _inion_window_deidentify (data);
}

ACTION (edit_channels)
{
  _inion_window_edit_channels (data);
}

ACTION (show_faults)
{
  _inion_window_show_faults (data);
}

ACTION (show_guide)
{
  inion_guide_window_show (data, NULL);
}

ACTION (show_history)
{
  _inion_window_show_history (data);
}

ACTION (preferences)
{
  _inion_window_show_preferences (data);
}

ACTION (about)
{
  _inion_window_show_about (data);
}

ACTION (close_window)
{
  gtk_window_close (GTK_WINDOW (data));
}

/* name, callback, parameter type, initial state */
static const GActionEntry entries[] = {
  { "open", open_file },
  { "open-path", open_path, "s" },
  { "open-sample", open_sample },
  { "close-recording", close_recording },
  { "close", close_window },
  { "workspace", workspace, "s" },
  { "toggle-left", toggle_left },
  { "toggle-right", toggle_right },
  { "fullscreen", fullscreen },
  { "preferences", preferences },
  { "about", about },
  { "cancel-jobs", cancel_jobs },
  { "cancel-open", cancel_open },
  { "undo", undo },
  { "retry", retry },
  { "redo", redo },
  { "import-annotations", import_annotations },
  { "import-annotations-from", import_annotations_from, "s" },
  { "export-annotations", export_annotations },
  { "export-image", export_image },
  { "export-recording", export_recording },
  { "deidentify", deidentify },
  { "open-options", open_options },
  { "edit-channels", edit_channels },
  { "show-faults", show_faults },
  { "show-history", show_history },
  { "show-guide", show_guide },
};

/* Actions that make sense with nothing open. */
static const char *const always[] = { "open", "open-path", "open-sample", "close", "fullscreen",
                                      "preferences", "about", "toggle-left", "toggle-right",
                                      "cancel-jobs", "cancel-open", "show-help-overlay",
                                      "show-guide",
                                      NULL };

static void
set_enabled (InionWindow *self,
             const char  *name,
             gboolean     enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
set_state (InionWindow *self,
           const char  *name,
           GVariant    *value)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_state (G_SIMPLE_ACTION (action), value);
}

static void
set_button_tooltip (GtkWidget  *button,
                    const char *verb,
                    const char *title,
                    const char *keys,
                    const char *refusal)
{
  g_autofree char *text = title != NULL ? g_strdup_printf ("%s: %s (%s)", verb, title, keys)
                          : refusal != NULL ? g_strdup_printf ("%s (%s)\n%s", verb, keys, refusal)
                                            : g_strdup_printf ("%s (%s)", verb, keys);

  inion_panel_set_tooltip (button, text);
}

static void
update_states (InionWindow *self)
{
  const InionDisplayFilter *filter = inion_view_state_get_filter (self->state);
  InionMontage *montage = inion_view_state_get_montage (self->state);

  set_state (self, "set-lff", g_variant_new_double (filter->lff_hz));
  set_state (self, "set-hff", g_variant_new_double (filter->hff_hz));
  set_state (self, "set-notch", g_variant_new_double (filter->notch_hz));
  set_state (self, "toggle-harmonics", g_variant_new_boolean (filter->harmonics));
  set_state (self, "set-phase",
             g_variant_new_string (filter->phase == INION_PHASE_ZERO ? "zero" : "causal"));
  set_state (self, "set-sensitivity",
             g_variant_new_double (inion_view_state_get_sensitivity (self->state)));
  set_state (self, "toggle-clip",
             g_variant_new_boolean (inion_view_state_get_option (self->state, INION_VIEW_CLIP)));
  set_state (self, "toggle-dc",
             g_variant_new_boolean (inion_view_state_get_option (self->state, INION_VIEW_NO_DC)));
  set_state (self, "toggle-grid",
             g_variant_new_boolean (inion_view_state_get_option (self->state, INION_VIEW_GRID)));
  set_state (self, "set-layout",
             g_variant_new_string (inion_view_state_get_option (self->state, INION_VIEW_BUTTERFLY)
                                     ? "butterfly" : "stacked"));
  set_state (self, "set-timebase", g_variant_new_double (inion_view_state_get_page (self->state)));
  set_state (self, "set-polarity",
             g_variant_new_string (inion_view_state_get_negative_up (self->state)
                                     ? "negative-up" : "positive-up"));
  set_state (self, "set-montage",
             g_variant_new_string (montage != NULL ? inion_montage_get_id (montage)
                                                   : "as-recorded"));
}

static gboolean
has_faults (InionWindow *self)
{
  InionRecording *recording = inion_view_state_get_recording (self->state);
  GPtrArray *faults = recording != NULL ? inion_recording_get_faults (recording) : NULL;

  return faults != NULL && faults->len > 0;
}

/* The only place that enables and disables. */
void
_inion_window_actions_update (InionWindow *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);
  gboolean writable = study != NULL && !inion_study_is_read_only (study);
  const char *undo_title = writable ? inion_study_get_undo_title (study) : NULL;
  const char *redo_title = writable ? inion_study_get_redo_title (study) : NULL;
  const char *refusal = study != NULL ? inion_study_get_read_only_reason (study) : NULL;
  gint64 selected = inion_view_state_get_selected_mark (self->state);
  g_auto (GStrv) names = g_action_group_list_actions (G_ACTION_GROUP (self));

  for (guint i = 0; names[i] != NULL; i++)
    if (G_IS_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), names[i])))
      set_enabled (self, names[i], study != NULL || g_strv_contains (always, names[i]));
  set_enabled (self, "open-sample", self->sample_path != NULL);
  set_enabled (self, "undo", undo_title != NULL);
  set_enabled (self, "redo", redo_title != NULL);
  set_enabled (self, "import-annotations", writable);
  set_enabled (self, "import-annotations-from", writable);
  set_enabled (self, "edit-channels", writable);
  set_enabled (self, "edit-montage", writable);
  set_enabled (self, "import-montage", writable);
  set_enabled (self, "import-montage-from", writable);
  set_enabled (self, "open-options", study != NULL && self->may_choose);
  set_enabled (self, "show-faults", study != NULL && has_faults (self));
  /* Whoever presses the key of what cannot be done is told why. */
  set_enabled (self, "delete-mark", study != NULL && selected != 0);
  set_enabled (self, "accept-suggestion",
               study != NULL && _inion_window_get_suggestion (self) != NULL);
  set_enabled (self, "reject-suggestion",
               study != NULL && _inion_window_get_suggestion (self) != NULL);
  set_enabled (self, "zoom-selection", inion_view_state_get_selection (self->state, NULL, NULL));
  set_button_tooltip (self->undo_button, _("Undo"), undo_title, "Ctrl+Z", refusal);
  set_button_tooltip (self->redo_button, _("Redo"), redo_title, "Ctrl+Shift+Z", refusal);
  update_states (self);
}

void
_inion_window_actions_init (InionWindow *self)
{
  static const char *const watched[] = { "montage", "filter", "sensitivity", "negative-up", "page",
                                         "options", "selection", "selected-mark", NULL };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  _inion_window_view_actions_init (self);
  _inion_window_mark_actions_init (self);
  inion_mark_edit_actions_init (self);
  for (guint i = 0; watched[i] != NULL; i++)
    {
      g_autofree char *signal = g_strconcat ("notify::", watched[i], NULL);

      g_signal_connect_object (self->state, signal, G_CALLBACK (_inion_window_actions_update), self,
                               G_CONNECT_SWAPPED);
    }
}

/* Keys that hold everywhere in the window; single letters belong to the trace view. */
void
_inion_window_actions_install_accels (GtkApplication *application)
{
  static const struct
  {
    const char *action;
    const char *keys[4];
  } accels[] = {
    { "win.open", { "<Control>o" } },
    { "win.close", { "<Control>w" } },
    { "win.undo", { "<Control>z" } },
    { "win.redo", { "<Control><Shift>z", "<Control>y" } },
    { "win.ask-go-to", { "<Control>g" } },
    { "win.edit-channels", { "<Control>k" } },
    { "win.edit-montage::", { "<Control>m" } },
    { "win.split-mark", { "<Control>d" } },
    { "win.join-mark", { "<Control>j" } },
    { "win.next-unmarked", { "<Control><Shift>Right" } },
    { "win.start", { "<Control>Home" } },
    { "win.end", { "<Control>End" } },
    { "win.forward", { "<Alt>Right" } },
    { "win.timebase-shorter", { "<Control>plus", "<Control>equal", "<Control>KP_Add" } },
    { "win.timebase-longer", { "<Control>minus", "<Control>KP_Subtract" } },
    { "win.toggle-left", { "F9" } },
    { "win.toggle-right", { "<Shift>F9" } },
    { "win.fullscreen", { "F11" } },
    { "win.preferences", { "<Control>comma" } },
    { "win.show-guide", { "<Control>h" } },
    { "win.show-help-overlay", { "<Control>question", "<Control><Shift>slash" } },
    { "win.export-image", { "<Control><Shift>e" } },
    { "win.set-montage::as-recorded", { "F1" } },
    { "win.set-montage::average", { "F2" } },
    { "win.set-montage::longitudinal", { "F3" } },
    { "win.set-montage::longitudinal-2", { "F4" } },
    { "win.set-montage::longitudinal-3", { "F5" } },
    { "win.set-montage::transverse", { "F6" } },
    { "win.set-montage::linked-ears", { "F7" } },
    { "win.set-montage::cz", { "F8" } },
    { "win.set-montage::same-ear", { "<Shift>F1" } },
    { "win.set-montage::other-ear", { "<Shift>F2" } },
    { "win.set-montage::circumferential", { "<Shift>F3" } },
    { "win.set-montage::temporal-ring", { "<Shift>F4" } },
    { "win.set-montage::tcp", { "<Shift>F5" } },
    { "win.set-montage::transverse-2", { "<Shift>F6" } },
    { "win.set-montage::laplacian", { "<Shift>F7" } },
    { "win.set-montage::csd", { "<Shift>F8" } },
    { "win.set-montage::neonatal", { "F12" } },
    { "win.set-montage::shafts", { "<Shift>F12" } },
    { "win.set-own-montage(0)", { "<Control>F1" } },
    { "win.set-own-montage(1)", { "<Control>F2" } },
    { "win.set-own-montage(2)", { "<Control>F3" } },
    { "win.set-own-montage(3)", { "<Control>F4" } },
    { "win.set-own-montage(4)", { "<Control>F5" } },
    { "win.set-own-montage(5)", { "<Control>F6" } },
    { "win.set-own-montage(6)", { "<Control>F7" } },
    { "win.set-own-montage(7)", { "<Control>F8" } },
    { "win.workspace::review", { "<Alt>1" } },
    { "win.workspace::clean", { "<Alt>2" } },
    { "win.workspace::decode", { "<Alt>3" } },
    { "win.workspace::network", { "<Alt>4" } },
    { "win.workspace::live", { "<Alt>5" } },
    { "decode.train", { "<Control>t" } },
    { "tools.show::cursor", { "<Control><Shift>i" } },
    { "tools.show::movie", { "<Control><Shift>t" } },
    { "tools.show::spectrogram", { "<Control><Shift>s" } },
    { "tools.show::average", { "<Control><Shift>a" } },
    { "tools.calipers", { "<Control><Shift>m" } },
    { "tools.find-similar", { "<Control><Shift>f" } },
    { "tools.play", { "<Control><Shift>p" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (application, accels[i].action, accels[i].keys);
}
