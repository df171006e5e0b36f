/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choices made at opening, kept in the study beside the recording.
 *
 * A choice says how the bytes of a file are read, so it is no edit: undoing it would change what is
 * open under the hands of a person. It is one row, written in one transaction, with who made it and
 * when, and holds for one content of the file: known by size and time of change, or else by its
 * fingerprint. */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "study/study-choices.h"

#include "core/error.h"
#include "study/study-path.h"
#include "study/study-private.h"

void
inion_kept_choice_clear (InionKeptChoice *self)
{
  g_clear_pointer (&self->choice, inion_choice_free);
  g_clear_pointer (&self->study, g_free);
  self->changed = FALSE;
}

static gboolean
call_write_choice (InionStudyStore *store,
                   gpointer         data,
                   GError         **error)
{
  return _inion_study_store_write_choice (store, data, error);
}

/**
 * inion_study_keep_choice:
 * @self: a study
 * @recording_path: the recording that the study is about, or another one that it learns from
 * @choice: (nullable): what was chosen, bound to the file; %NULL forgets it
 * @error: return location
 *
 * Keeps how a recording is opened; on the disk when this returns. No step of undo.
 *
 * Returns: %FALSE with %INION_ERROR_BUSY if the study is read-only, or %INION_ERROR_IO
 */
gboolean
inion_study_keep_choice (InionStudy         *self,
                         const char         *recording_path,
                         const InionChoice  *choice,
                         GError            **error)
{
  g_autofree char *path = NULL;
  g_autofree char *key = NULL;
  g_autofree char *time = NULL;
  g_autofree char *json = NULL;
  InionStudyChoice row = { 0 };

  g_return_val_if_fail (INION_IS_STUDY (self), FALSE);
  g_return_val_if_fail (recording_path != NULL, FALSE);
  g_return_val_if_fail (choice == NULL || choice->fingerprint != NULL, FALSE);

  if (inion_study_is_read_only (self))
    return inion_set_error (error, INION_ERROR_BUSY, "%s", inion_study_get_read_only_reason (self));
  path = _inion_study_path_canonicalize (recording_path);
  row.path = key = _inion_study_path_to_relative (self->path, path);
  if (choice != NULL)
    {
      row.size = choice->size;
      row.mtime_ns = choice->mtime_ns;
      row.fingerprint = choice->fingerprint;
      row.json = json = inion_choice_to_json (choice);
      row.time = time = _inion_study_now ();
      row.rater = self->rater;
    }
  return _inion_study_writer_call (self->writer, call_write_choice, &row, error);
}

/* What a study keeps of a file; %FALSE: the study cannot be read. */
static gboolean
find_in (InionKeptChoice  *self,
         const char       *study_path,
         const char       *path,
         GError          **error)
{
  g_autoptr (InionStudyStore) store = NULL;
  g_autofree char *key = _inion_study_path_to_relative (study_path, path);

  if (!g_file_test (study_path, G_FILE_TEST_EXISTS))
    return TRUE;
  store = _inion_study_store_open (study_path, FALSE, error);
  if (store == NULL || !_inion_study_store_load_choice (store, key, &self->choice, error))
    return FALSE;
  if (self->choice != NULL)
    self->study = g_strdup (study_path);
  return TRUE;
}

static gboolean
find (InionKeptChoice  *self,
      const char       *path,
      const char       *home,
      GError          **error)
{
  g_autofree char *own = NULL;

  if (home != NULL && !find_in (self, home, path, error))
    return FALSE;
  if (self->choice != NULL)
    return TRUE;
  own = inion_study_find_for_recording (path);
  return own == NULL || g_strcmp0 (own, home) == 0 || find_in (self, own, path, error);
}

/* The content is looked at where size and time do not tell. */
static InionRecording *
open_if_same (InionKeptChoice  *self,
              const char       *path,
              InionJob         *job,
              GError          **error)
{
  g_autoptr (InionRecording) recording = NULL;
  g_autofree char *fingerprint = NULL;
  g_autoptr (GError) reason = NULL;
  gint64 size, mtime_ns;

  if (!_inion_study_path_measure (path, &size, &mtime_ns, error))
    return NULL;
  self->changed = size != self->choice->size;
  if (self->changed)
    return NULL;
  recording = inion_choice_open (self->choice, path, job, &reason);
  if (mtime_ns == self->choice->mtime_ns || recording == NULL)
    {
      self->changed = recording == NULL && mtime_ns != self->choice->mtime_ns &&
                      reason->domain == INION_ERROR;
      if (recording == NULL && !self->changed)
        g_propagate_error (error, g_steal_pointer (&reason));
      return g_steal_pointer (&recording);
    }
  fingerprint = inion_recording_dup_content_fingerprint (recording, job, error);
  if (fingerprint == NULL)
    return NULL;
  self->changed = !g_str_equal (fingerprint, self->choice->fingerprint);
  return self->changed ? NULL : g_steal_pointer (&recording);
}

/**
 * inion_kept_choice_open:
 * @self: cleared; filled with what is kept of the file, whether it holds or not
 * @path: a recording's file
 * @home: (nullable): a study that is asked first: of the recording that this one is used with
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Opens a recording as it was chosen before. Studies are only read. Any thread.
 *
 * Returns: (transfer full) (nullable): the recording; %NULL with @error set if the study cannot be
 *   read or the recording not be opened; %NULL without where nothing is kept, or the file has
 *   changed since
 */
InionRecording *
inion_kept_choice_open (InionKeptChoice  *self,
                        const char       *path,
                        const char       *home,
                        InionJob         *job,
                        GError          **error)
{
  g_autofree char *canonical = NULL;

  g_return_val_if_fail (self != NULL && path != NULL, NULL);

  canonical = _inion_study_path_canonicalize (path);
  if (!g_file_test (canonical, G_FILE_TEST_IS_REGULAR) || !find (self, canonical, home, error) ||
      self->choice == NULL)
    return NULL;
  return open_if_same (self, path, job, error);
}

/* Whether there may be something to choose: for other files no study is opened. */
static gboolean
may_choose (const char *path)
{
  return inion_recording_find_question (path) != INION_RECORDING_NO_QUESTION ||
         !inion_recording_is_known (path);
}

/**
 * inion_kept_choice_open_or_plain:
 * @self: cleared; filled with what is kept of the file, whether it holds or not
 * @path: a recording's file
 * @home: (nullable): a study that is asked first
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * As inion_kept_choice_open(), and where nothing holds, as the file says by itself.
 *
 * Returns: (transfer full) (nullable): the recording; %NULL with @error set
 */
InionRecording *
inion_kept_choice_open_or_plain (InionKeptChoice  *self,
                                 const char       *path,
                                 const char       *home,
                                 InionJob         *job,
                                 GError          **error)
{
  gboolean asked = may_choose (path);
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GError) study_error = NULL;
  g_autoptr (GError) reason = NULL;

  if (asked)
    recording = inion_kept_choice_open (self, path, home, job, &study_error);
  if (recording == NULL && study_error == NULL)
    recording = inion_recording_open_with_job (path, job, &reason);
  /* Of a format that we know there are kinds that only the compatibility reader opens. */
  if (!asked && g_error_matches (reason, INION_ERROR, INION_ERROR_UNSUPPORTED))
    recording = inion_kept_choice_open (self, path, home, job, &study_error);
  if (recording != NULL)
    return g_steal_pointer (&recording);
  if (study_error != NULL)
    g_propagate_error (error, g_steal_pointer (&study_error));
  else
    g_propagate_error (error, g_steal_pointer (&reason));
  return NULL;
}
