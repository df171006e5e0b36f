/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the marks of another program into the open study, as a job of the window. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/files/import-task.h"

#include "annotation/import.h"

#include <glib/gi18n.h>

typedef struct
{
  InionRecording *recording;
  char *path;
} Task;

static void
free_task (gpointer data)
{
  Task *task = data;

  g_object_unref (task->recording);
  g_free (task->path);
  g_free (task);
}

static void
free_import (gpointer data)
{
  inion_annotation_import_free (data);
}

static gpointer
read_marks (InionJob  *job,
            gpointer   data,
            GError   **error)
{
  const Task *task = data;
  g_autofree char *name = g_filename_display_basename (task->path);
  g_autofree char *step = g_strdup_printf (_("Reading %s"), name);

  inion_job_report (job, 0, step);
  return inion_annotations_import (task->path, task->recording, job, error);
}

typedef struct
{
  InionWindow *window;
  InionRecording *recording;
  InionStudy *study;
  char *path;
} Done;

static void
free_done (Done *done)
{
  g_object_unref (done->window);
  g_object_unref (done->recording);
  g_object_unref (done->study);
  g_free (done->path);
  g_free (done);
}

/* What was left out of a file with marks, or assumed of it. */
static void
show_report (InionWindow                 *window,
             const InionAnnotationImport *import)
{
  g_autofree char *report = NULL;
  GtkWidget *dialog;

  if (import->n_skipped == 0 && import->notes->len == 0)
    return;
  report = inion_annotation_import_dup_report (import, 12);
  dialog = adw_message_dialog_new (GTK_WINDOW (window),
                                   import->n_skipped == 0 ? _("Marks Imported")
                                                          : _("Not All of the File Became Marks"),
                                   report);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
add_marks (Done                        *done,
           const InionAnnotationImport *import)
{
  guint n = import->annotations->len;
  g_autofree char *name = g_filename_display_basename (done->path);
  g_autofree char *title =
    g_strdup_printf (ngettext ("Import %u mark from %s", "Import %u marks from %s", n), n, name);
  g_autofree char *said = NULL;

  if (n == 0)
    {
      said = g_strdup_printf (_("There are no marks in %s."), name);
      inion_window_toast (done->window, said);
    }
  else
    {
      inion_study_begin (done->study, title);
      inion_study_add_annotations (done->study, import->annotations);
      inion_study_end (done->study);
      said = g_strdup_printf (ngettext ("%u mark imported", "%u marks imported", n), n);
      inion_window_toast_undo (done->window, said);
    }
  show_report (done->window, import);
}

static void
on_read (InionJob     *job,
         gpointer      result,
         const GError *error,
         gpointer      user_data)
{
  Done *done = user_data;
  InionViewState *state = done->window->state;
  g_autoptr (InionAnnotationImport) import = result;

  if (state == NULL)
    g_debug ("the window was closed during an import");
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    inion_window_toast (done->window, _("The import was cancelled: no mark was added."));
  else if (import == NULL)
    inion_window_show_error (done->window, _("No Marks Were Imported"), error);
  else if (inion_view_state_get_study (state) != done->study)
    inion_window_toast (done->window,
                        _("Another recording was opened meanwhile: no mark was added."));
  else if (inion_study_is_read_only (done->study))
    inion_window_toast (done->window, _("This study is read-only: no mark was added."));
  else if (inion_view_state_get_recording (state) != done->recording)
    /* Its channels got other names meanwhile, and marks bear these. */
    inion_import_task_start (done->window, done->path);
  else
    add_marks (done, import);
  free_done (done);
}

/**
 * inion_import_task_start:
 * @window: a window with a recording, whose study can be edited
 * @path: a file with marks
 *
 * Reads the marks of a file off the main thread and adds them to the study as one step of undo;
 * says in the window how it ended.
 */
void
inion_import_task_start (InionWindow *window,
                         const char  *path)
{
  Task *task = g_new0 (Task, 1);
  Done *done = g_new0 (Done, 1);
  g_autoptr (InionJob) job = NULL;

  task->recording = g_object_ref (inion_view_state_get_recording (window->state));
  task->path = g_strdup (path);
  done->window = g_object_ref (window);
  done->recording = g_object_ref (task->recording);
  done->study = g_object_ref (inion_view_state_get_study (window->state));
  done->path = g_strdup (path);
  job = inion_job_new (_("Importing marks"), read_marks, task, free_task, free_import);
  inion_job_list_submit (inion_view_state_get_jobs (window->state), job, NULL, on_read, done);
}
