/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adding recordings to learn from: each is opened once, so that what has to be asked is asked now.
 *
 * All are added or none: the files are tried on another thread, the questions come one after the
 * other, what was answered is tried again, and only then the answers are kept in the study of the
 * recording in view and the files are listed. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/decode/add-recordings.h"

#include "app/open/open-question.h"
#include "recording/foreign/foreign-recording.h"
#include "study/study-choices.h"

#include <glib/gi18n.h>

typedef struct
{
  InionOpenWish *wish;
  InionOpened *opened; /* (nullable) */
  GError *error;       /* (nullable): why not */
} File;

typedef struct
{
  InionWindow *window;
  InionStudy *study;
  GPtrArray *files;
  GPtrArray *paths;
  InionRecordingsAdded added;
  gpointer data;
  guint asked; /* the file that is asked about */
} Adding;

static void
file_free (gpointer data)
{
  File *file = data;

  inion_open_wish_free (file->wish);
  inion_opened_free (file->opened);
  g_clear_error (&file->error);
  g_free (file);
}

static void
adding_free (Adding *self)
{
  g_object_unref (self->window);
  g_object_unref (self->study);
  g_object_unref (self->data);
  g_ptr_array_unref (self->files);
  g_ptr_array_unref (self->paths);
  g_free (self);
}

static void start (Adding *self);

/* On a worker thread, while the main thread leaves the files alone. */
static gpointer
try_files (InionJob  *job,
           gpointer   data,
           GError   **error)
{
  GPtrArray *files = data;

  for (guint i = 0; i < files->len; i++)
    {
      File *file = files->pdata[i];

      if (file->opened != NULL && file->opened->recording != NULL)
        continue;
      g_clear_pointer (&file->opened, inion_opened_free);
      g_clear_error (&file->error);
      file->opened = inion_open_run (file->wish, job, &file->error);
      if (!inion_job_check (job, error))
        return NULL;
    }
  return g_ptr_array_ref (files);
}

/* What is asked of a file: the same number for what one answer may hold for. 0: nothing. */
static int
get_question (const File *file)
{
  const InionOpened *opened = file->opened;

  if (file->wish->choice != NULL || (opened != NULL && opened->recording != NULL))
    return 0;
  if (opened != NULL)
    return opened->streams != NULL ? 1 : 2;
  return inion_recording_may_be_foreign (file->wish->path, file->error) ? 3 : 0;
}

/* (transfer full) (nullable): a choice for another file. */
static InionChoice *
fit (const InionChoice *choice,
     const File        *file)
{
  switch (choice->kind)
    {
    case INION_CHOICE_STREAMS:
      return inion_choice_fit_streams (choice, file->opened->streams);
    case INION_CHOICE_TABLE:
      return inion_choice_fit_table (choice, file->opened->table);
    case INION_CHOICE_COMPATIBLE:
    default:
      return inion_choice_copy (choice);
    }
}

static void ask_next (Adding *self);

static void
on_answer (InionChoice *choice,
           gboolean     all,
           gpointer     data)
{
  Adding *self = data;
  File *file = self->files->pdata[self->asked];
  int question = get_question (file);

  if (choice == NULL)
    {
      adding_free (self);
      return;
    }
  for (guint i = self->asked + 1; all && i < self->files->len; i++)
    {
      File *other = self->files->pdata[i];

      if (get_question (other) == question)
        other->wish->choice = fit (choice, other);
    }
  file->wish->choice = choice;
  ask_next (self);
}

static void
ask (Adding *self,
     guint   index)
{
  File *file = self->files->pdata[index];
  InionOpenAsker asker = { .answer = on_answer, .data = self };

  self->asked = index;
  for (guint i = index + 1; i < self->files->len; i++)
    asker.n_others += get_question (self->files->pdata[i]) == get_question (file);
  if (file->opened != NULL)
    inion_open_question_show (self->window, file->wish->path, file->opened, &asker);
  else
    inion_open_question_offer (self->window, file->wish->path, file->error, &asker);
}

static void
finish (Adding *self)
{
  g_autoptr (GError) error = NULL;

  /* A recording that is not in view any more learns from nothing new. */
  if (inion_view_state_get_study (inion_window_get_state (self->window)) != self->study)
    return;
  for (guint i = 0; i < self->files->len && error == NULL; i++)
    {
      const File *file = self->files->pdata[i];

      if (file->wish->choice != NULL)
        inion_study_keep_choice (self->study, file->wish->path, file->opened->choice, &error);
    }
  if (error != NULL)
    inion_window_show_error (self->window, _("The Recordings Were Not Added"), error);
  else
    self->added (self->paths, self->data);
}

/* The first file that cannot be opened whatever is said. */
static const GError *
find_failure (Adding *self)
{
  for (guint i = 0; i < self->files->len; i++)
    {
      const File *file = self->files->pdata[i];

      if (file->error != NULL && get_question (file) == 0)
        return file->error;
    }
  return NULL;
}

/* Asks the next question; without one the answers are tried, and at last all is added. */
static void
ask_next (Adding *self)
{
  gboolean complete = TRUE;

  for (guint i = 0; i < self->files->len; i++)
    {
      const File *file = self->files->pdata[i];

      if (get_question (file) != 0)
        {
          ask (self, i);
          return;
        }
      complete = complete && file->opened != NULL && file->opened->recording != NULL;
    }
  if (!complete)
    {
      start (self);
      return;
    }
  finish (self);
  adding_free (self);
}

static void
on_tried (InionJob     *job,
          gpointer      result,
          const GError *error,
          gpointer      user_data)
{
  Adding *self = user_data;
  g_autoptr (GPtrArray) files = result;
  const GError *failure = files != NULL ? find_failure (self) : error;

  if (files != NULL && failure == NULL)
    {
      ask_next (self);
      return;
    }
  if (!g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    inion_window_show_error (self->window, _("The Recordings Were Not Added"), failure);
  adding_free (self);
}

static void
start (Adding *self)
{
  g_autoptr (InionJob) job =
    inion_job_new (_("Looking at the recordings"), try_files, g_ptr_array_ref (self->files),
                   (GDestroyNotify) g_ptr_array_unref, (GDestroyNotify) g_ptr_array_unref);

  inion_job_list_submit (inion_view_state_get_jobs (inion_window_get_state (self->window)), job,
                         NULL, on_tried, self);
}

/**
 * inion_add_recordings:
 * @window: whose recording in view learns from them
 * @paths: (transfer full) (element-type filename): the files
 * @added: called with the paths when all can be opened and the answers are kept
 * @data: (transfer none): an object, passed to @added
 *
 * Opens each file once off the main thread, asks what they do not say, and adds all of them or
 * none.
 */
void
inion_add_recordings (InionWindow          *window,
                      GPtrArray            *paths,
                      InionRecordingsAdded  added,
                      gpointer              data)
{
  InionStudy *study = inion_view_state_get_study (inion_window_get_state (window));
  Adding *self = g_new0 (Adding, 1);

  self->window = g_object_ref (window);
  self->study = g_object_ref (study);
  self->files = g_ptr_array_new_with_free_func (file_free);
  self->paths = paths;
  self->added = added;
  self->data = g_object_ref (data);
  for (guint i = 0; i < paths->len; i++)
    {
      File *file = g_new0 (File, 1);

      file->wish = inion_open_wish_new (paths->pdata[i]);
      file->wish->home = g_strdup (inion_study_get_path (study));
      g_ptr_array_add (self->files, file);
    }
  start (self);
}
