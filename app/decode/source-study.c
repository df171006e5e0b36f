/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the study of a recording says that matters to a decoder, read without touching it.
 *
 * A study is looked for where the study room keeps it (study-path.c), and none is made, locked or
 * brought to a newer version: this is somebody else's, and may be open. It is read on whatever
 * thread a training runs, by the store alone. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/decode/source-study.h"

#include "study/study-path.h"

#include <string.h>
#include <unistd.h>

/* NAME.inion may be that of another recording: S007R04.bdf beside S007R04.edf. One that cannot be
 * read says why when it is read in earnest. */
static gboolean
is_about (const char *study_path,
          const char *recording_name)
{
  g_auto (InionStudyReference) reference = { 0 };
  g_autoptr (InionStudyStore) store = _inion_study_store_open (study_path, FALSE, NULL);
  g_autofree char *name = NULL;

  if (store == NULL || !_inion_study_store_load_reference (store, &reference, NULL) ||
      reference.path == NULL)
    return TRUE;
  name = g_path_get_basename (reference.path);
  return g_str_equal (name, recording_name);
}

static char *
find_in_data_folder (const char *path,
                     const char *folder)
{
  g_autofree char *name = _inion_study_path_to_data_name (path);
  g_autofree char *file = g_strconcat (name, ".inion", NULL);
  g_autofree char *kept = NULL;

  if (access (folder, W_OK) == 0)
    return NULL;
  kept = g_build_filename (g_get_user_data_dir (), "inion", "studies", file, NULL);
  return g_file_test (kept, G_FILE_TEST_EXISTS) ? g_steal_pointer (&kept) : NULL;
}

static char *
find_study (const char *recording_path)
{
  g_autofree char *path = _inion_study_path_canonicalize (recording_path);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *long_path = g_strconcat (path, ".inion", NULL);
  g_autofree char *short_path = NULL;
  const char *dot = strrchr (name, '.');
  char *kept = find_in_data_folder (path, folder);

  if (kept != NULL)
    return kept;
  if (g_file_test (long_path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&long_path);
  if (dot == NULL || dot == name)
    return NULL;
  short_path = g_strdup_printf ("%.*s.inion", (int) (strlen (path) - strlen (dot)), path);
  if (g_file_test (short_path, G_FILE_TEST_EXISTS) && is_about (short_path, name))
    return g_steal_pointer (&short_path);
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
  g_autofree char *path = find_study (recording_path);
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
