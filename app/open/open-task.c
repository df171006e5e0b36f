/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a recording off the main thread, or finding what has to be asked first. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/open/open-task.h"

#include "recording/csv-recording.h"
#include "recording/foreign/foreign-recording.h"
#include "recording/xdf-recording.h"

#include <glib/gi18n.h>

InionOpenWish *
inion_open_wish_new (const char *path)
{
  InionOpenWish *self = g_new0 (InionOpenWish, 1);

  self->path = g_strdup (path);
  return self;
}

void
inion_open_wish_free (InionOpenWish *self)
{
  g_free (self->path);
  g_clear_pointer (&self->streams, g_array_unref);
  inion_csv_guess_free (self->table);
  g_free (self);
}

void
inion_opened_free (InionOpened *self)
{
  g_clear_object (&self->recording);
  g_clear_pointer (&self->streams, g_ptr_array_unref);
  inion_csv_guess_free (self->table);
  g_free (self);
}

/* With one stream of samples there is nothing to choose. */
static GPtrArray *
find_streams (const char  *path,
              InionJob    *job,
              GError     **error)
{
  g_autoptr (GPtrArray) streams = inion_xdf_list_streams (path, job, error);
  guint n_signals = 0;

  for (guint i = 0; streams != NULL && i < streams->len; i++)
    n_signals += ((const InionXdfStream *) streams->pdata[i])->is_signal;
  return n_signals > 1 ? g_steal_pointer (&streams) : NULL;
}

static InionCsvGuess *
find_table (const char  *path,
            GError     **error)
{
  g_autoptr (InionCsvGuess) guess = inion_csv_guess (path, error);

  return guess != NULL && !inion_csv_guess_is_clear (guess) ? g_steal_pointer (&guess) : NULL;
}

/* FALSE: it failed. */
static gboolean
find_question (const char   *path,
               InionOpened  *opened,
               InionJob     *job,
               GError      **error)
{
  g_autoptr (GError) reason = NULL;

  switch (inion_recording_find_question (path))
    {
    case INION_RECORDING_WHICH_STREAMS:
      opened->streams = find_streams (path, job, &reason);
      break;
    case INION_RECORDING_WHICH_COLUMNS:
      opened->table = find_table (path, &reason);
      break;
    case INION_RECORDING_NO_QUESTION:
    default:
      break;
    }
  if (reason == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static InionRecording *
open_as_said (const InionOpenWish *wish,
              InionJob            *job,
              GError             **error)
{
  if (wish->compatible)
    return inion_recording_open_foreign (wish->path, job, error);
  if (wish->streams != NULL)
    return inion_xdf_recording_open_streams (wish->path, (const guint32 *) (void *) wish->streams->data,
                                             wish->streams->len, job, error);
  if (wish->table != NULL)
    return inion_csv_recording_open_as (wish->path, wish->table, job, error);
  return inion_recording_open_with_job (wish->path, job, error);
}

static gpointer
open_recording (InionJob  *job,
                gpointer   data,
                GError   **error)
{
  const InionOpenWish *wish = data;
  g_autoptr (InionOpened) opened = g_new0 (InionOpened, 1);
  gboolean said = wish->compatible || wish->streams != NULL || wish->table != NULL;

  inion_job_report (job, 0, _("Reading the header"));
  if (!said && !find_question (wish->path, opened, job, error))
    return NULL;
  if (opened->streams == NULL && opened->table == NULL)
    {
      opened->recording = open_as_said (wish, job, error);
      if (opened->recording == NULL)
        return NULL;
    }
  return inion_job_check (job, error) ? g_steal_pointer (&opened) : NULL;
}

/**
 * inion_open_job_new:
 * @wish: (transfer full): what to open
 *
 * Returns: (transfer full): a job that has not started; its result is an #InionOpened
 */
InionJob *
inion_open_job_new (InionOpenWish *wish)
{
  char *path = g_strdup (wish->path);
  gboolean compatible = wish->compatible;
  InionJob *job = inion_job_new (_("Opening the recording"), open_recording, wish,
                                 (GDestroyNotify) inion_open_wish_free,
                                 (GDestroyNotify) inion_opened_free);

  g_object_set_data_full (G_OBJECT (job), "inion-path", path, g_free);
  g_object_set_data (G_OBJECT (job), "inion-compatible", GINT_TO_POINTER (compatible));
  return job;
}

const char *
inion_open_job_get_path (InionJob *job)
{
  return g_object_get_data (G_OBJECT (job), "inion-path");
}

gboolean
inion_open_job_is_compatible (InionJob *job)
{
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (job), "inion-compatible"));
}
