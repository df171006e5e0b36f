/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening and closing a study, and what the main thread asks of the writer's. */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "annotation/table.h"
#include "core/error.h"
#include "study/study-path.h"
#include "study/study-private.h"
#include "study/study-snapshot.h"

/* Takes over what the writer has to say: that writing has stopped or goes on again. */
static void
update_write_error (InionStudy *self)
{
  gboolean was = inion_study_is_read_only (self);
  GError *error = _inion_study_writer_dup_error (self->writer);
  gboolean failed = error != NULL && self->write_error == NULL;

  g_clear_error (&self->write_error);
  self->write_error = error;
  if (was != inion_study_is_read_only (self))
    g_object_notify (G_OBJECT (self), "read-only");
  if (failed)
    g_signal_emit (self, _inion_study_signals[INION_STUDY_SIGNAL_WRITE_FAILED], 0,
                   self->write_error);
}

/* On the main thread, when the writer has written or failed. */
static void
on_news (gpointer data)
{
  g_autoptr (InionStudy) self = g_object_ref (data);
  gint64 acknowledged = _inion_study_writer_get_acknowledged (self->writer);

  if (acknowledged > self->acknowledged)
    {
      self->acknowledged = acknowledged;
      g_signal_emit (self, _inion_study_signals[INION_STUDY_SIGNAL_ACKNOWLEDGED], 0, acknowledged);
    }
  if (self->writer != NULL)
    update_write_error (self);
}

static gboolean
call_snapshot (InionStudyStore *store,
               gpointer         data,
               GError         **error)
{
  _inion_study_snapshot (store);
  return TRUE;
}

static gboolean
call_load (InionStudyStore *store,
           gpointer         data,
           GError         **error)
{
  return _inion_study_store_load (store, data, error);
}

static gboolean
call_state (InionStudyStore *store,
            gpointer         data,
            GError         **error)
{
  gboolean *state = data;

  state[0] = _inion_study_store_is_writable (store);
  state[1] = _inion_study_store_is_newer (store);
  return TRUE;
}

static gboolean
call_write_reference (InionStudyStore *store,
                      gpointer         data,
                      GError         **error)
{
  return _inion_study_store_write_reference (store, data, error);
}

static gboolean
call_load_items (InionStudyStore *store,
                 gpointer         data,
                 GError         **error)
{
  InionStudy *self = data;
  GPtrArray *items = _inion_study_store_load_items (store, self->first_own_item_id, error);

  if (items == NULL)
    return FALSE;
  /* The main thread waits: its data may be touched. */
  g_ptr_array_extend_and_steal (items, g_steal_pointer (&self->items));
  self->items = items;
  return TRUE;
}

static void
take_contents (InionStudy         *self,
               InionStudyContents *contents)
{
  inion_annotation_set_add_many (self->annotations, contents->annotations);
  g_clear_pointer (&self->settings, g_hash_table_unref);
  g_clear_pointer (&self->views, g_hash_table_unref);
  g_clear_pointer (&self->journal, g_ptr_array_unref);
  self->settings = g_steal_pointer (&contents->settings);
  self->views = g_steal_pointer (&contents->views);
  self->journal = g_steal_pointer (&contents->journal);
  self->reference = contents->reference;
  contents->reference = (InionStudyReference) { 0 };
  self->sequence = self->acknowledged = contents->sequence;
  self->next_annotation_id = contents->next_annotation_id;
  self->next_item_id = self->first_own_item_id = contents->next_item_id;
  for (guint i = 0; i < self->journal->len; i++)
    {
      InionStudyStep *step = self->journal->pdata[i];

      if (step->kind == INION_STUDY_ROW_EDIT && step->state == INION_STUDY_STATE_DONE)
        g_ptr_array_add (self->done, step);
    }
  for (guint i = self->journal->len; i > 0; i--)
    {
      InionStudyStep *step = self->journal->pdata[i - 1];

      if (step->kind == INION_STUDY_ROW_EDIT && step->state == INION_STUDY_STATE_UNDONE)
        g_ptr_array_add (self->undone, step);
    }
  if (g_hash_table_contains (self->settings, "palette"))
    _inion_study_update_palette (self);
  _inion_study_update_titles (self);
}

static gboolean
load (InionStudy *self,
      GError    **error)
{
  g_auto (InionStudyContents) contents = { 0 };
  gboolean state[2];

  if (!_inion_study_writer_call (self->writer, call_load, &contents, error))
    return FALSE;
  _inion_study_writer_call (self->writer, call_state, state, NULL);
  take_contents (self, &contents);
  _inion_study_writer_set_acknowledged (self->writer, self->acknowledged);
  if (state[1])
    _inion_study_set_read_only (self, "The study was made by a newer version of Inion: it can be "
                                      "read, not changed.");
  else if (!state[0] && self->read_only_reason == NULL)
    _inion_study_set_read_only (self, "The file of the study cannot be written.");
  if (self->read_only_reason != NULL)
    g_clear_pointer (&self->lock, _inion_study_lock_release);
  return TRUE;
}

/* Points to the last copy when a study cannot be read. */
static void
add_hint (const char *path,
          GError    **error)
{
  g_autofree char *snapshot = _inion_study_snapshot_find_newest (path);

  if (error != NULL && *error != NULL && snapshot != NULL
      && g_error_matches (*error, INION_ERROR, INION_ERROR_FORMAT))
    {
      g_autofree char *message = g_strdup_printf ("%s A copy of it is kept in “%s”.",
                                                  (*error)->message, snapshot);

      g_free ((*error)->message);
      (*error)->message = g_steal_pointer (&message);
    }
}

static gboolean
open_file (InionStudy *self,
           GError    **error)
{
  g_autoptr (GError) lock_error = NULL;

  self->lock = _inion_study_lock_acquire (self->path, &self->lock_owner, &lock_error);
  if (self->lock_owner != NULL)
    _inion_study_set_read_only (self, "The study is open elsewhere, by %s: it can be read, not "
                                      "changed.", self->lock_owner);
  else if (self->lock == NULL)
    {
      if (!g_file_test (self->path, G_FILE_TEST_EXISTS))
        {
          g_propagate_error (error, g_steal_pointer (&lock_error));
          return FALSE;
        }
      _inion_study_set_read_only (self, "The study can be read, not changed. %s",
                                  lock_error->message);
    }
  self->writer = _inion_study_writer_open (self->path, self->lock != NULL, on_news, self, error);
  if (self->writer != NULL && load (self, error))
    return TRUE;
  _inion_study_set_read_only (self, "The study could not be opened.");
  add_hint (self->path, error);
  return FALSE;
}

/* Where the last edits cannot be written into the study, all annotations go to a table of their
 * own, in the user's data folder: that may be another disk. */
static void
rescue (InionStudy *self)
{
  InionAnnotationSet *set = self->annotations;
  g_autoptr (GPtrArray) all = inion_annotation_set_query (set, G_MININT64, G_MAXINT64);
  g_autofree char *text = inion_annotations_to_text (all, "tsv", NULL);
  g_autofree char *name = _inion_study_path_to_data_name (self->path);
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "inion", "rescued", NULL);
  g_autofree char *time = _inion_study_now ();
  g_autofree char *file = g_strdup_printf ("%s-%s.tsv", name, g_strdelimit (time, ":", '-'));
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  if (g_file_set_contents_full (path, text, -1,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                &error))
    g_message ("The last edits could not be written to “%s”; all annotations were written to “%s”.",
               self->path, path);
  else
    g_message ("The last edits of “%s” are lost: %s", self->path, error->message);
}

/* Notes which recording the study is about, and whether it is still the same. */
static gboolean
refer_to (InionStudy *self,
          const char *recording_path,
          GError    **error)
{
  g_autofree char *path = _inion_study_path_to_relative (self->path, recording_path);
  gint64 size, mtime_ns;

  if (!_inion_study_path_measure (recording_path, &size, &mtime_ns, error))
    return FALSE;
  self->recording_changed = self->reference.path != NULL
                            && (self->reference.size != size
                                || self->reference.mtime_ns != mtime_ns);
  if (g_strcmp0 (self->reference.path, path) == 0)
    return TRUE;
  if (self->reference.path == NULL)
    {
      self->reference.size = size;
      self->reference.mtime_ns = mtime_ns;
    }
  g_free (self->reference.path);
  self->reference.path = g_steal_pointer (&path);
  return inion_study_is_read_only (self)
         || _inion_study_writer_call (self->writer, call_write_reference, &self->reference, error);
}

/**
 * inion_study_open:
 * @path: a study's file
 * @error: return location
 *
 * Opens a study, or makes one where there is no file. Where another program has it open, or it
 * cannot be written, or a newer version made it, it is read-only, and
 * inion_study_get_read_only_reason() says why. Signals come in the thread-default main context of
 * the caller.
 *
 * Returns: (transfer full) (nullable): the study; %NULL with %INION_ERROR_FORMAT if the file is
 *   damaged or is no study (it is left as it is), or %INION_ERROR_IO
 */
InionStudy *
inion_study_open (const char *path,
                  GError    **error)
{
  g_autoptr (InionStudy) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (INION_TYPE_STUDY, NULL);
  self->path = _inion_study_path_canonicalize (path);
  return open_file (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * inion_study_open_for_recording:
 * @recording_path: a recording's file
 * @error: return location
 *
 * Opens or makes the study beside a recording: NAME.inion, or NAME.edf.inion where the first
 * belongs to another recording, or one in the user's data folder where the recording's folder
 * cannot be written. See inion_study_open().
 *
 * Returns: (transfer full) (nullable): the study; %NULL with @error set
 */
InionStudy *
inion_study_open_for_recording (const char *recording_path,
                                GError    **error)
{
  g_autofree char *recording = NULL;
  g_autofree char *path = NULL;
  g_autoptr (InionStudy) self = NULL;

  g_return_val_if_fail (recording_path != NULL, NULL);

  recording = _inion_study_path_canonicalize (recording_path);
  path = _inion_study_path_for_recording (recording, error);
  if (path == NULL)
    return NULL;
  self = inion_study_open (path, error);
  if (self == NULL || !refer_to (self, recording, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * inion_study_find_for_recording:
 * @recording_path: a recording's file
 *
 * Finds the study that inion_study_open_for_recording() would open, and makes nothing.
 *
 * Returns: (transfer full) (nullable): its path; %NULL if the recording has none yet
 */
char *
inion_study_find_for_recording (const char *recording_path)
{
  g_return_val_if_fail (recording_path != NULL, NULL);

  return _inion_study_path_find (recording_path);
}

/**
 * inion_study_close:
 * @self: a study
 *
 * Ends an open batch, writes what waits, sets a snapshot aside and closes the file. What is in
 * memory can still be read. If writing fails, all annotations are written as a table to the user's
 * data folder (inion/rescued); whoever can ask a person calls inion_study_flush() first. Closing
 * twice does nothing.
 */
void
inion_study_close (InionStudy *self)
{
  InionStudyWriter *writer;

  g_return_if_fail (INION_IS_STUDY (self));

  if (self->writer != NULL)
    {
      if (self->depth > 0)
        _inion_study_finish_batch (self);
      if (self->write_error != NULL)
        _inion_study_writer_retry (self->writer);
      if (!_inion_study_writer_flush (self->writer, NULL))
        rescue (self);
      if (self->read_only_reason == NULL)
        _inion_study_writer_call (self->writer, call_snapshot, NULL, NULL);
      self->acknowledged = _inion_study_writer_get_acknowledged (self->writer);
      writer = g_steal_pointer (&self->writer);
      _inion_study_writer_close (writer);
      _inion_study_set_read_only (self, "The study is closed.");
    }
  g_clear_pointer (&self->lock, _inion_study_lock_release);
}

/**
 * inion_study_dup_recording_path:
 * @self: a study
 *
 * Returns: (transfer full) (nullable): the recording it is about, as an absolute path
 */
char *
inion_study_dup_recording_path (InionStudy *self)
{
  g_autofree char *folder = NULL;

  g_return_val_if_fail (INION_IS_STUDY (self), NULL);

  folder = g_path_get_dirname (self->path);
  if (self->reference.path == NULL)
    return NULL;
  return g_canonicalize_filename (self->reference.path, folder);
}

/**
 * inion_study_is_recording_changed:
 * @self: a study opened with inion_study_open_for_recording()
 *
 * Returns: whether the recording's size or time of change is not what was kept. Its fingerprint
 *   tells whether its content is another; see inion_study_set_recording_fingerprint()
 */
gboolean
inion_study_is_recording_changed (InionStudy *self)
{
  g_return_val_if_fail (INION_IS_STUDY (self), FALSE);

  return self->recording_changed;
}

/**
 * inion_study_get_recording_fingerprint:
 * @self: a study
 *
 * Returns: (transfer none) (nullable): what was last set
 */
const char *
inion_study_get_recording_fingerprint (InionStudy *self)
{
  g_return_val_if_fail (INION_IS_STUDY (self), NULL);

  return self->reference.fingerprint;
}

/**
 * inion_study_set_recording_fingerprint:
 * @self: a study that refers to a recording
 * @fingerprint: (nullable): of the recording
 * @error: return location
 *
 * Keeps the fingerprint of the recording, with its present size and time of change.
 *
 * Returns: %FALSE with @error set
 */
gboolean
inion_study_set_recording_fingerprint (InionStudy *self,
                                       const char *fingerprint,
                                       GError    **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (INION_IS_STUDY (self), FALSE);

  path = inion_study_dup_recording_path (self);
  if (path == NULL)
    return inion_set_error (error, INION_ERROR_NOT_FOUND, "The study refers to no recording.");
  if (inion_study_is_read_only (self))
    return inion_set_error (error, INION_ERROR_BUSY, "%s", inion_study_get_read_only_reason (self));
  if (!_inion_study_path_measure (path, &self->reference.size, &self->reference.mtime_ns, error))
    return FALSE;
  self->recording_changed = FALSE;
  g_free (self->reference.fingerprint);
  self->reference.fingerprint = g_strdup (fingerprint);
  return _inion_study_writer_call (self->writer, call_write_reference, &self->reference, error);
}

/**
 * inion_study_get_acknowledged:
 * @self: a study
 *
 * Returns: the number up to which all is on the disk
 */
gint64
inion_study_get_acknowledged (InionStudy *self)
{
  g_return_val_if_fail (INION_IS_STUDY (self), 0);

  return self->writer != NULL ? _inion_study_writer_get_acknowledged (self->writer)
                              : self->acknowledged;
}

/**
 * inion_study_flush:
 * @self: a study
 * @error: return location
 *
 * Waits until all is on the disk. An open batch is not: it is still being made.
 *
 * Returns: %FALSE with @error set if writing has failed; the study is then read-only, what is in
 *   memory is kept, and inion_study_retry() tries again
 */
gboolean
inion_study_flush (InionStudy *self,
                   GError    **error)
{
  gboolean ok;

  g_return_val_if_fail (INION_IS_STUDY (self), FALSE);

  if (self->writer == NULL)
    return self->acknowledged == self->sequence
           || inion_set_error (error, INION_ERROR_IO,
                               "The study was closed before its last edits could be written.");
  ok = _inion_study_writer_flush (self->writer, error);
  on_news (self);
  return ok;
}

/**
 * inion_study_retry:
 * @self: a study
 * @error: return location
 *
 * Tries again to write what could not be written, and waits for it: after "write-failed", when
 * there is room on the disk again. On success the study can be edited again.
 *
 * Returns: %FALSE with @error set if it failed once more
 */
gboolean
inion_study_retry (InionStudy *self,
                   GError    **error)
{
  g_return_val_if_fail (INION_IS_STUDY (self), FALSE);

  if (self->writer != NULL)
    _inion_study_writer_retry (self->writer);
  return inion_study_flush (self, error);
}

/**
 * inion_study_list_items:
 * @self: a study
 * @kind: (nullable): "result" or "model"; %NULL for both
 *
 * Lists the kept results or models, oldest first. Models name channels as they are called now.
 *
 * Returns: (transfer full) (element-type InionStudyItem): copies of them
 */
GPtrArray *
inion_study_list_items (InionStudy *self,
                        const char *kind)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *result;

  g_return_val_if_fail (INION_IS_STUDY (self), NULL);

  if (!self->items_loaded && self->writer != NULL)
    self->items_loaded = _inion_study_writer_call (self->writer, call_load_items, self, &error);
  if (error != NULL)
    g_message ("The kept results could not be read: %s", error->message);
  result = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_study_item_free);
  for (guint i = 0; i < self->items->len; i++)
    {
      const InionStudyItem *item = self->items->pdata[i];

      if (kind != NULL && !g_str_equal (item->kind, kind))
        continue;
      g_ptr_array_add (result, _inion_study_item_copy (item));
      if (g_str_equal (item->kind, "model"))
        _inion_study_names_update_model (self, result->pdata[result->len - 1]);
    }
  return result;
}
