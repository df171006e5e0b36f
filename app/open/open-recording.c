/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a recording in the window: what is asked before, what is said of it afterwards. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/window-private.h"

#include "app/open/file-kinds.h"
#include "app/open/open-question.h"
#include "recording/foreign/foreign-recording.h"
#include "study/study-choices.h"

#include <glib/gi18n.h>

static void
remember_recent (const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  GtkRecentData recent = {
    .mime_type = (char *) inion_file_kinds_get_mime (path),
    .app_name = (char *) "Inion",
    .app_exec = (char *) "inion %u",
  };

  if (uri != NULL)
    gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &recent);
}

static void
tell_faults (InionWindow    *self,
             InionRecording *recording)
{
  GPtrArray *faults = inion_recording_get_faults (recording);
  g_autofree char *text = NULL;
  AdwToast *toast;

  if (faults == NULL || faults->len == 0)
    return;
  /* Some were found in the annotations only, after the window had shown the rest. */
  _inion_window_actions_update (self);
  text = g_strdup_printf (ngettext ("Opened with %u fault", "Opened with %u faults", faults->len),
                          faults->len);
  toast = adw_toast_new (text);
  adw_toast_set_timeout (toast, 10);
  adw_toast_set_button_label (toast, _("Show Faults"));
  adw_toast_set_action_name (toast, "win.show-faults");
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* As it was chosen before: said in passing, and in the title as long as it is open. */
static void
tell_kept (InionWindow       *self,
           const InionChoice *choice)
{
  g_autofree char *what = inion_choice_describe (choice);
  g_autofree char *text = g_strdup_printf (_("Opened as chosen before: %s"), what);
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_button_label (toast, _("Choose Again"));
  adw_toast_set_action_name (toast, "win.open-options");
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* What was just chosen is kept; where the study cannot be written, it is asked again next time. */
static void
keep_choice (InionWindow *self,
             InionStudy  *study,
             InionOpened *opened)
{
  const char *path = inion_recording_get_path (opened->recording);
  g_autoptr (GError) error = NULL;

  if (opened->choice == NULL)
    return;
  if (opened->study != NULL)
    tell_kept (self, opened->choice);
  else if (!inion_study_keep_choice (study, path, opened->choice, &error))
    inion_window_toast (self, _("The choice holds for now only: the study cannot be written"));
}

static void
show_recording (InionWindow *self,
                InionOpened *opened,
                InionStudy  *study)
{
  g_autofree char *rater = g_settings_get_string (self->settings, "rater");

  inion_study_set_rater (study, *rater != '\0' ? rater : g_get_user_name ());
  keep_choice (self, study, opened);
  inion_choice_free (self->choice);
  self->choice = g_steal_pointer (&opened->choice);
  self->may_choose = opened->may_ask;
  inion_view_state_open (self->state, opened->recording, study);
  remember_recent (inion_recording_get_path (opened->recording));
  tell_faults (self, opened->recording);
  _inion_window_look_for_mains (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->traces));
}

typedef struct
{
  InionWindow *window;
  char *path;
} Asked;

static void
on_answer (InionChoice *choice,
           gboolean     all,
           gpointer     data)
{
  Asked *asked = data;
  InionOpenWish *wish;

  if (choice != NULL)
    {
      wish = inion_open_wish_new (asked->path);
      wish->choice = choice;
      g_clear_weak_pointer (&asked->window->open_dialog);
      _inion_window_open_wish (asked->window, wish);
    }
  g_free (asked->path);
  g_free (asked);
}

/* What the file does not say, or whether another reader shall try. */
static void
ask (InionWindow  *self,
     const char   *path,
     InionOpened  *opened,
     const GError *error)
{
  Asked *asked = g_new0 (Asked, 1);
  InionOpenAsker asker = { .answer = on_answer, .data = asked };
  GtkWindow *dialog;

  asked->window = self;
  asked->path = g_strdup (path);
  if (opened != NULL)
    dialog = inion_open_question_show (self, path, opened, &asker);
  else
    dialog = inion_open_question_offer (self, path, error, &asker);
  g_set_weak_pointer (&self->open_dialog, dialog);
}

static void
tell_failure (InionWindow  *self,
              InionJob     *job,
              const GError *error)
{
  const char *path = inion_open_job_get_path (job);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!inion_open_job_is_compatible (job) && inion_recording_may_be_foreign (path, error))
    ask (self, path, NULL, error);
  else
    inion_window_show_error (self, _("The Recording Was Not Opened"), error);
}

static void
on_opened (InionJob     *job,
           gpointer      result,
           const GError *error,
           gpointer      user_data)
{
  g_autoptr (InionWindow) self = user_data;
  g_autoptr (InionOpened) opened = result;
  g_autoptr (InionStudy) study = NULL;
  g_autoptr (GError) study_error = NULL;
  InionRecording *recording = opened != NULL ? opened->recording : NULL;
  InionRecording *before = inion_view_state_get_recording (self->state);

  if (job != self->open_job)
    return;
  /* The same recording again: its study must let go of the lock first. */
  if (recording != NULL && before != NULL &&
      g_strcmp0 (inion_recording_get_path (before), inion_recording_get_path (recording)) == 0)
    inion_view_state_close (self->state);
  if (recording != NULL)
    study = inion_study_open_for_recording (inion_recording_get_path (recording), &study_error);
  if (study != NULL)
    show_recording (self, opened, study);
  else
    _inion_window_show_page (self);
  if (opened != NULL && recording == NULL)
    ask (self, inion_open_job_get_path (job), opened, NULL);
  else if (study_error != NULL)
    inion_window_show_error (self, _("The Recording Was Not Opened"), study_error);
  else if (study == NULL)
    tell_failure (self, job, error);
  g_clear_object (&self->open_job);
}

/* A study file stands for the recording that it is about. */
static char *
recording_of_study (InionWindow *self,
                    const char  *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionStudy) study = NULL;
  char *recording = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    inion_set_error (&error, INION_ERROR_NOT_FOUND, _("There is no study “%s”."), path);
  else
    study = inion_study_open (path, &error);
  if (study != NULL)
    recording = inion_study_dup_recording_path (study);
  if (study != NULL && (recording == NULL || !g_file_test (recording, G_FILE_TEST_EXISTS)))
    {
      inion_set_error (&error, INION_ERROR_NOT_FOUND,
                       _("The study's recording “%s” is not there. Put it back beside the study, "
                         "then open it."), recording != NULL ? recording : "?");
      g_clear_pointer (&recording, g_free);
    }
  if (study != NULL)
    inion_study_close (study);
  if (error != NULL)
    inion_window_show_error (self, _("The Study Was Not Opened"), error);
  return recording;
}

/**
 * _inion_window_cancel_open:
 *
 * Stops what is being opened; what was open stays.
 */
void
_inion_window_cancel_open (InionWindow *self)
{
  if (self->open_job != NULL)
    inion_job_cancel (self->open_job);
}

/**
 * _inion_window_open_wish:
 * @wish: (transfer full): what to open
 *
 * Opens a recording in place of the one that is open, and of one that is being opened or asked
 * about.
 */
void
_inion_window_open_wish (InionWindow   *self,
                         InionOpenWish *wish)
{
  GtkWindow *dialog = self->open_dialog;

  g_clear_weak_pointer (&self->open_dialog);
  if (dialog != NULL)
    gtk_window_destroy (dialog);
  _inion_window_cancel_open (self);
  g_clear_object (&self->open_job);
  self->open_job = inion_open_job_new (wish);
  g_object_bind_property (self->open_job, "progress", self->opening_progress, "fraction",
                          G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->open_job, "step", self->opening_step, "label",
                          G_BINDING_SYNC_CREATE);
  if (inion_view_state_get_recording (self->state) == NULL)
    gtk_stack_set_visible_child_name (self->main_stack, "opening");
  inion_job_list_submit (inion_view_state_get_jobs (self->state), self->open_job, "open", on_opened,
                         g_object_ref (self));
}

/**
 * inion_window_open_path:
 * @path: a recording, or the study of one
 *
 * Opens a recording in place of the one that is open; everything about that one is kept already.
 */
void
inion_window_open_path (InionWindow *self,
                        const char  *path)
{
  g_autofree char *recording = NULL;

  g_return_if_fail (INION_IS_WINDOW (self));

  if (g_str_has_suffix (path, ".inion"))
    {
      InionStudy *current = inion_view_state_get_study (self->state);

      /* The open study stays as it is: its lock is ours. */
      if (current != NULL && g_strcmp0 (inion_study_get_path (current), path) == 0)
        return;
      path = recording = recording_of_study (self, path);
      if (path == NULL)
        return;
    }
  _inion_window_open_wish (self, inion_open_wish_new (path));
}

static void
on_forget (AdwMessageDialog *dialog,
           const char       *response,
           InionWindow      *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);
  InionRecording *recording = inion_view_state_get_recording (self->state);
  g_autoptr (GError) error = NULL;

  if (!g_str_equal (response, "forget") || recording == NULL)
    return;
  if (!inion_study_keep_choice (study, inion_recording_get_path (recording), NULL, &error))
    inion_window_show_error (self, _("The Choice Was Not Forgotten"), error);
  else
    inion_window_toast (self, _("The next time the file is opened, it is asked again"));
}

/* There is no other reader to choose from; what is kept can be forgotten. */
static void
show_compatible (InionWindow *self)
{
  GtkWidget *dialog = adw_message_dialog_new (
    GTK_WINDOW (self), _("Opened With the Compatibility Reader"),
    _("Inion does not know the format of this file. The study remembers that the compatibility "
      "reader was chosen for it."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "close", _("_Keep"), "forget",
                                    _("_Ask Next Time"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "close");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "close");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_forget), self, 0);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * _inion_window_open_options:
 *
 * Asks again how the open recording is to be opened; it stays as it is until there is an answer.
 */
void
_inion_window_open_options (InionWindow *self)
{
  InionRecording *recording = inion_view_state_get_recording (self->state);
  InionOpenWish *wish;

  if (recording == NULL || !self->may_choose)
    return;
  if (self->choice != NULL && self->choice->kind == INION_CHOICE_COMPATIBLE)
    {
      show_compatible (self);
      return;
    }
  wish = inion_open_wish_new (inion_recording_get_path (recording));
  wish->ask = TRUE;
  _inion_window_open_wish (self, wish);
}
