/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the study of a recording says that matters to a decoder, read without touching it.
 *
 * No study is made, locked or brought to a newer version: this is somebody else's, and may be open.
 * It is read on whatever thread a training runs, by the store alone. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/decode/source-study.h"

#include "core/error.h"
#include "study/study-store.h"
#include "study/study.h"

/**
 * inion_source_study_dup_recording:
 * @study_path: a study
 * @error: return location
 *
 * Finds the recording that a study is about, and leaves the study as it is. Any thread.
 *
 * Returns: (transfer full) (nullable): the recording's path; %NULL if the study cannot be read or
 *   its recording is not there
 */
char *
inion_source_study_dup_recording (const char  *study_path,
                                  GError     **error)
{
  g_autoptr (InionStudyStore) store = _inion_study_store_open (study_path, FALSE, error);
  g_auto (InionStudyReference) reference = { 0 };
  g_autofree char *folder = g_path_get_dirname (study_path);
  g_autofree char *path = NULL;

  if (store == NULL || !_inion_study_store_load_reference (store, &reference, error))
    return NULL;
  path = reference.path != NULL ? g_canonicalize_filename (reference.path, folder) : NULL;
  if (path != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  inion_set_error (error, INION_ERROR_NOT_FOUND,
                   "The recording “%s” of the study “%s” is not there. Put it back beside the study.",
                   path != NULL ? path : "?", study_path);
  return NULL;
}

/**
 * inion_source_study_read:
 * @recording_path: a recording
 * @annotations: (out) (transfer full) (nullable): the marks of its study; %NULL if it has none
 * @bad: (out) (transfer full) (nullable): labels of its bad channels
 * @error: return location
 *
 * Reads the study of a recording, if there is one, and leaves it as it is. May be called on any
 * thread.
 *
 * Returns: %FALSE if there is a study and it cannot be read
 */
gboolean
inion_source_study_read (const char          *recording_path,
                         InionAnnotationSet **annotations,
                         char              ***bad,
                         GError             **error)
{
  g_autofree char *path = inion_study_find_for_recording (recording_path);
  g_auto (InionStudyContents) contents = { 0 };
  g_autoptr (InionStudyStore) store = NULL;
  const char *labels;

  *annotations = NULL;
  *bad = NULL;
  if (path == NULL)
    return TRUE;
  store = _inion_study_store_open (path, FALSE, error);
  if (store == NULL || !_inion_study_store_load (store, &contents, error))
    return FALSE;
  *annotations = inion_annotation_set_new ();
  inion_annotation_set_add_many (*annotations, contents.annotations);
  labels = g_hash_table_lookup (contents.settings, "bad");
  if (labels != NULL && *labels != '\0')
    *bad = g_strsplit (labels, "\n", -1);
  return TRUE;
}
