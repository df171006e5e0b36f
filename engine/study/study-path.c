/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the study of a recording is kept.
 *
 * S007R04.edf has its study in S007R04.inion beside it. Where that belongs to another recording
 * (S007R04.bdf in the same folder), it is S007R04.edf.inion. Where the folder cannot be written, it
 * is in the user's data folder, under a hash of the recording's path; a study that somebody left in
 * such a folder is copied there first, so that its marks are there to work with.
 */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "core/error.h"
#include "study/study-path.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

char *
_inion_study_path_canonicalize (const char *path)
{
  return g_canonicalize_filename (path, NULL);
}

/* A name for things about a file that are kept elsewhere: a hash of its path, and its name. */
char *
_inion_study_path_to_data_name (const char *path)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  g_autofree char *base = g_path_get_basename (path);

  return g_strdup_printf ("%.16s-%s", hash, base);
}

/* A recording's path as a study keeps it: its name if it lies in the same folder. */
char *
_inion_study_path_to_relative (const char *study_path,
                               const char *recording_path)
{
  g_autofree char *study_folder = g_path_get_dirname (study_path);
  g_autofree char *recording_folder = g_path_get_dirname (recording_path);

  if (g_str_equal (study_folder, recording_folder))
    return g_path_get_basename (recording_path);
  return g_strdup (recording_path);
}

/* The size and the time of change of a file, by which it is known again. */
gboolean
_inion_study_path_measure (const char *recording_path,
                           gint64     *size,
                           gint64     *mtime_ns,
                           GError    **error)
{
  struct stat found;

  if (stat (recording_path, &found) != 0)
    return inion_set_error_errno (error, errno, "Could not find the recording", recording_path);
  *size = found.st_size;
  *mtime_ns = (gint64) found.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000)
              + found.st_mtim.tv_nsec;
  return TRUE;
}

/* Tries it: permissions, read-only file systems and quotas have no common question to ask. */
static gboolean
can_write_folder (const char *folder)
{
  g_autofree char *probe = g_strdup_printf ("%s/.inion-%d-probe", folder, (int) getpid ());
  int fd = g_open (probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd < 0)
    return errno == EEXIST;
  close (fd);
  g_unlink (probe);
  return TRUE;
}

static gboolean
exists (const char *path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Whether a study says that it is about a recording of another name. */
static gboolean
is_of_another (const char *study_path,
               const char *recording_name)
{
  g_auto (InionStudyReference) reference = { 0 };
  g_autoptr (InionStudyStore) store = _inion_study_store_open (study_path, FALSE, NULL);
  g_autofree char *name = NULL;

  /* One that cannot be read will say why when it is opened. */
  if (store == NULL || !_inion_study_store_load_reference (store, &reference, NULL)
      || reference.path == NULL)
    return FALSE;
  name = g_path_get_basename (reference.path);
  return !g_str_equal (name, recording_name);
}

static char *
beside (const char *folder,
        const char *name)
{
  const char *dot = strrchr (name, '.');
  gsize length = dot != NULL && dot != name ? (gsize) (dot - name) : strlen (name);
  g_autofree char *short_name = g_strdup_printf ("%.*s.inion", (int) length, name);
  g_autofree char *long_name = g_strconcat (name, ".inion", NULL);
  g_autofree char *short_path = g_build_filename (folder, short_name, NULL);
  g_autofree char *long_path = g_build_filename (folder, long_name, NULL);

  if (exists (long_path) || g_str_equal (short_name, name)
      || (exists (short_path) && is_of_another (short_path, name)))
    return g_steal_pointer (&long_path);
  return g_steal_pointer (&short_path);
}

static gboolean
adopt (const char *from,
       const char *to,
       GError    **error)
{
  g_autoptr (InionStudyStore) store = NULL;
  g_autofree char *part = g_strconcat (to, ".part", NULL);

  if (exists (to) || !exists (from))
    return TRUE;
  store = _inion_study_store_open (from, FALSE, error);
  g_unlink (part);
  if (store == NULL || !_inion_study_store_copy (store, part, error))
    return FALSE;
  if (g_rename (part, to) != 0)
    return inion_set_error_errno (error, errno, "Could not write", to);
  return TRUE;
}

/* Where the study is if the recording's folder cannot be written. */
static char *
in_data_folder (const char *recording_path)
{
  g_autofree char *name = _inion_study_path_to_data_name (recording_path);
  g_autofree char *file = g_strconcat (name, ".inion", NULL);

  return g_build_filename (g_get_user_data_dir (), "inion", "studies", file, NULL);
}

static char *
adopt_in_data_folder (const char *recording_path,
                      const char *beside_path,
                      GError    **error)
{
  g_autofree char *path = in_data_folder (recording_path);
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      inion_set_error_errno (error, errno, "Could not make the folder", folder);
      return NULL;
    }
  return adopt (beside_path, path, error) ? g_steal_pointer (&path) : NULL;
}

/* Finds where the study of a recording is, or is to be made. */
char *
_inion_study_path_for_recording (const char *recording_path,
                                 GError    **error)
{
  g_autofree char *path = _inion_study_path_canonicalize (recording_path);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *study_path = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_autofree char *shown = g_filename_display_name (path);

      inion_set_error (error, INION_ERROR_NOT_FOUND, "There is no recording “%s”.", shown);
      return NULL;
    }
  study_path = beside (folder, name);
  if (can_write_folder (folder))
    return g_steal_pointer (&study_path);
  return adopt_in_data_folder (path, study_path, error);
}

/* The study that a recording has: looking for one makes none, not even a probe of the folder. */
char *
_inion_study_path_find (const char *recording_path)
{
  g_autofree char *path = _inion_study_path_canonicalize (recording_path);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *kept = in_data_folder (path);
  g_autofree char *study_path = NULL;

  /* access() knows nothing of quotas and of what root may not do: without a study beside the
   * recording, the one in the data folder is its study whatever access() says. */
  if (exists (kept) && access (folder, W_OK) != 0)
    return g_steal_pointer (&kept);
  study_path = beside (folder, name);
  if (exists (study_path))
    return g_steal_pointer (&study_path);
  return exists (kept) ? g_steal_pointer (&kept) : NULL;
}
