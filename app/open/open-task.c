/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a recording off the main thread, or finding what has to be asked first. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/open/open-task.h"

#include "recording/xdf-recording.h"
#include "study/study-choices.h"

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
  g_free (self->home);
  inion_choice_free (self->choice);
  g_free (self);
}

void
inion_opened_free (InionOpened *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->recording);
  g_clear_pointer (&self->streams, g_ptr_array_unref);
  inion_csv_guess_free (self->table);
  inion_choice_free (self->choice);
  g_free (self->study);
  g_free (self);
}

gboolean
inion_opened_is_question (const InionOpened *self)
{
  return self != NULL && (self->streams != NULL || self->table != NULL);
}

/* With one stream of samples there is nothing to choose. */
static GPtrArray *
find_streams (const InionOpenWish  *wish,
              InionJob             *job,
              GError              **error)
{
  g_autoptr (GPtrArray) streams = inion_xdf_list_streams (wish->path, job, error);
  guint n_signals = 0;

  for (guint i = 0; streams != NULL && i < streams->len; i++)
    n_signals += ((const InionXdfStream *) streams->pdata[i])->is_signal;
  return n_signals > 1 || wish->ask ? g_steal_pointer (&streams) : NULL;
}

static InionCsvGuess *
find_table (const InionOpenWish  *wish,
            GError              **error)
{
  g_autoptr (InionCsvGuess) guess = inion_csv_guess (wish->path, error);

  return guess != NULL && (wish->ask || !inion_csv_guess_is_clear (guess)) ? g_steal_pointer (&guess)
                                                                          : NULL;
}

/* FALSE: it failed. */
static gboolean
find_question (const InionOpenWish     *wish,
               InionRecordingQuestion   question,
               InionOpened             *opened,
               InionJob                *job,
               GError                 **error)
{
  g_autoptr (GError) reason = NULL;

  if (question == INION_RECORDING_WHICH_STREAMS)
    opened->streams = find_streams (wish, job, &reason);
  else if (question == INION_RECORDING_WHICH_COLUMNS)
    opened->table = find_table (wish, &reason);
  if (reason == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/* As a study says. FALSE: it failed; the recording may be missing all the same. */
static gboolean
open_as_kept (const InionOpenWish     *wish,
              InionRecordingQuestion   question,
              InionOpened             *opened,
              InionJob                *job,
              GError                 **error)
{
  g_auto (InionKeptChoice) kept = { 0 };
  g_autoptr (GError) reason = NULL;

  if (question == INION_RECORDING_NO_QUESTION)
    opened->recording = inion_kept_choice_open_or_plain (&kept, wish->path, wish->home, job, &reason);
  else
    opened->recording = inion_kept_choice_open (&kept, wish->path, wish->home, job, &reason);
  opened->changed = kept.changed;
  if (reason != NULL)
    {
      if (kept.changed)
        g_prefix_error (&reason, _("The file has changed since it was chosen how to open it. "));
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  /* What does not hold any more is a proposal where there is a question. */
  if (!kept.changed || question != INION_RECORDING_NO_QUESTION)
    opened->choice = g_steal_pointer (&kept.choice);
  if (!kept.changed)
    opened->study = g_steal_pointer (&kept.study);
  if (wish->ask)
    g_clear_object (&opened->recording);
  return TRUE;
}

static gboolean
open_as_said (const InionOpenWish  *wish,
              InionOpened          *opened,
              InionJob             *job,
              GError              **error)
{
  opened->recording = inion_choice_open (wish->choice, wish->path, job, error);
  if (opened->recording == NULL || wish->choice == NULL)
    return opened->recording != NULL;
  inion_choice_free (opened->choice);
  opened->choice = inion_choice_copy (wish->choice);
  return inion_choice_bind (opened->choice, wish->path, opened->recording, job, error);
}

/**
 * inion_open_run:
 * @wish: what to open
 * @job: (nullable): progress and cancel
 * @error: return location
 *
 * Opens a recording as a person says, as the study beside it says, or as it says by itself; or
 * finds what has to be asked. Any thread.
 *
 * Returns: (transfer full) (nullable): the recording or a question; %NULL with @error set
 */
InionOpened *
inion_open_run (const InionOpenWish  *wish,
                InionJob             *job,
                GError              **error)
{
  g_autoptr (InionOpened) opened = g_new0 (InionOpened, 1);
  InionRecordingQuestion question = inion_recording_find_question (wish->path);

  inion_job_report (job, 0, _("Reading the header"));
  if (wish->choice == NULL && !open_as_kept (wish, question, opened, job, error))
    return NULL;
  if (opened->recording == NULL && wish->choice == NULL &&
      !find_question (wish, question, opened, job, error))
    return NULL;
  if (opened->recording == NULL && !inion_opened_is_question (opened))
    {
      if (!open_as_said (wish, opened, job, error))
        return NULL;
      if (wish->choice == NULL)
        g_clear_pointer (&opened->choice, inion_choice_free);
    }
  opened->may_ask = question != INION_RECORDING_NO_QUESTION ||
                    (opened->recording != NULL && opened->choice != NULL);
  return inion_job_check (job, error) ? g_steal_pointer (&opened) : NULL;
}

static gpointer
open_recording (InionJob  *job,
                gpointer   data,
                GError   **error)
{
  return inion_open_run (data, job, error);
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
  gboolean compatible = wish->choice != NULL && wish->choice->kind == INION_CHOICE_COMPATIBLE;
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
