/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing the open recording to a new file, as a job of the window. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/files/export-task.h"

#include "app/convert/study-events.h"
#include "app/files/file-dialog.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct
{
  InionRecording *recording;
  GPtrArray *marks; /* InionAnnotation: as they were when the job began */
  InionExportWish wish;
  char *path;
} Task;

static void
free_task (gpointer data)
{
  Task *task = data;

  g_object_unref (task->recording);
  g_ptr_array_unref (task->marks);
  g_free (task->path);
  g_free (task);
}

static void
choose_channels (const Task  *task,
                 InionExport *export)
{
  g_autoptr (GArray) channels = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < inion_recording_get_n_channels (task->recording); i++)
    if (inion_channel_get_kind (inion_recording_get_channel (task->recording, i)) ==
        INION_CHANNEL_EEG)
      g_array_append_val (channels, i);
  inion_export_set_channels (export, (const guint *) (gpointer) channels->data, channels->len);
}

static gboolean
choose_events (const Task   *task,
               InionExport  *export,
               InionJob     *job,
               GError      **error)
{
  g_autoptr (GPtrArray) events = NULL;

  if (task->wish.marks == INION_EXPORT_MARKS_FILE)
    return TRUE;
  if (task->wish.marks == INION_EXPORT_MARKS_NONE)
    events = g_ptr_array_new ();
  else if (inion_recording_load_events (task->recording, job, error))
    events = inion_study_events_new (task->recording, task->marks);
  if (events == NULL)
    return FALSE;
  inion_export_set_events (export, events);
  return TRUE;
}

static gpointer
write_file (InionJob  *job,
            gpointer   data,
            GError   **error)
{
  const Task *task = data;
  g_autoptr (InionExport) export = inion_export_new (task->recording);
  GPtrArray *notes = NULL;

  inion_job_report (job, 0, _("Writing the recording"));
  inion_export_set_fill_missing (export, task->wish.fill_missing);
  if (task->wish.eeg_only)
    choose_channels (task, export);
  if (task->wish.to_s > task->wish.from_s)
    inion_export_set_range (export, (gint64) llround (task->wish.from_s * 1e9),
                            (gint64) llround (task->wish.to_s * 1e9));
  if (!choose_events (task, export, job, error) ||
      !inion_export_write (export, task->path, task->wish.format, job, &notes, error))
    return NULL;
  return notes != NULL ? notes : g_ptr_array_new_with_free_func (g_free);
}

typedef struct
{
  InionWindow *window;
  char *path;
} Done;

static void
on_written (InionJob     *job,
            gpointer      result,
            const GError *error,
            gpointer      user_data)
{
  Done *done = user_data;
  g_autoptr (GPtrArray) notes = result;

  if (notes != NULL)
    inion_file_dialog_show_notes (done->window, done->path, notes);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    inion_window_toast (done->window, _("The export was cancelled: nothing was written."));
  else
    inion_window_show_error (done->window, _("The Recording Was Not Exported"), error);
  g_object_unref (done->window);
  g_free (done->path);
  g_free (done);
}

/**
 * inion_export_task_start:
 * @window: a window with a recording
 * @wish: what is written
 * @path: the new file
 *
 * Writes the open recording off the main thread; says in the window how it ended.
 */
void
inion_export_task_start (InionWindow           *window,
                         const InionExportWish *wish,
                         const char            *path)
{
  InionStudy *study = inion_view_state_get_study (window->state);
  Task *task = g_new0 (Task, 1);
  Done *done = g_new0 (Done, 1);
  g_autoptr (InionJob) job = NULL;

  task->recording = g_object_ref (inion_view_state_get_recording (window->state));
  task->marks =
    inion_annotation_set_query (inion_study_get_annotations (study), G_MININT64, G_MAXINT64);
  task->wish = *wish;
  task->path = g_strdup (path);
  done->window = g_object_ref (window);
  done->path = g_strdup (path);
  job = inion_job_new (_("Exporting the recording"), write_file, task, free_task,
                       (GDestroyNotify) g_ptr_array_unref);
  inion_job_list_submit (inion_view_state_get_jobs (window->state), job, NULL, on_written, done);
}
