/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The work behind the dialog for copies without identifiers: scanning, and writing. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/files/deidentify-task.h"

#include "app/convert/study-events.h"

#include <glib/gi18n.h>

typedef struct
{
  InionDeidentify *deidentify;
  InionRecording *recording; /* (nullable) */
  GPtrArray *marks;          /* (nullable) */
  char *path;
  InionExportFormat format;
} Task;

static void
free_task (gpointer data)
{
  Task *task = data;

  g_object_unref (task->deidentify);
  g_clear_object (&task->recording);
  g_clear_pointer (&task->marks, g_ptr_array_unref);
  g_free (task->path);
  g_free (task);
}

static gpointer
scan (InionJob  *job,
      gpointer   data,
      GError   **error)
{
  const Task *task = data;
  g_autoptr (GPtrArray) events = NULL;

  inion_job_report (job, 0, _("Looking through all texts"));
  if (!inion_recording_load_events (task->recording, job, error))
    return NULL;
  events = inion_study_events_new (task->recording, task->marks);
  inion_deidentify_set_events (task->deidentify, events);
  return inion_deidentify_scan (task->deidentify, job, error) ? g_object_ref (task->deidentify)
                                                              : NULL;
}

static gpointer
write_copy (InionJob  *job,
            gpointer   data,
            GError   **error)
{
  const Task *task = data;
  g_autoptr (InionExport) export = inion_deidentify_new_export (task->deidentify, error);
  InionDeidentifyReport *report = NULL;

  inion_job_report (job, 0, _("Writing the copy"));
  if (export != NULL)
    inion_deidentify_write (task->deidentify, export, task->path, task->format, job, &report, error);
  return report;
}

/**
 * inion_deidentify_scan_job_new:
 * @deidentify: what is done; nobody else may use it until the job has ended
 * @recording: the original
 * @marks: (element-type InionAnnotation): marks of its study
 *
 * Returns: (transfer full): a job whose result is @deidentify
 */
InionJob *
inion_deidentify_scan_job_new (InionDeidentify *deidentify,
                               InionRecording  *recording,
                               GPtrArray       *marks)
{
  Task *task = g_new0 (Task, 1);

  task->deidentify = g_object_ref (deidentify);
  task->recording = g_object_ref (recording);
  task->marks = g_ptr_array_ref (marks);
  return inion_job_new (_("Looking for identifiers"), scan, task, free_task, g_object_unref);
}

/**
 * inion_deidentify_write_job_new:
 * @deidentify: what has been scanned and reviewed
 * @path: the new file
 * @format: as what
 *
 * Returns: (transfer full): a job whose result is an #InionDeidentifyReport
 */
InionJob *
inion_deidentify_write_job_new (InionDeidentify   *deidentify,
                                const char        *path,
                                InionExportFormat  format)
{
  Task *task = g_new0 (Task, 1);

  task->deidentify = g_object_ref (deidentify);
  task->path = g_strdup (path);
  task->format = format;
  return inion_job_new (_("Writing a de-identified copy"), write_copy, task, free_task,
                        (GDestroyNotify) inion_deidentify_report_free);
}
