/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copies of a study that are set aside, in case its file is lost or damaged.
 *
 * In the user's data folder, inion/snapshots/HASH-NAME/, where HASH is of the study's path: one
 * file a snapshot, named by its time and the number of the last row of its journal, so that nothing
 * is copied twice. The newest ten are kept.
 */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "core/error.h"
#include "study/study-path.h"
#include "study/study-snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define N_KEPT 10

static char *
folder_of (const char *path)
{
  g_autofree char *name = _inion_study_path_to_data_name (path);

  return g_build_filename (g_get_user_data_dir (), "inion", "snapshots", name, NULL);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The names of the snapshots, oldest first. */
static GPtrArray *
list_names (const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".inion"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

static char *
name_ending (gint64 sequence)
{
  return g_strdup_printf ("-%012" G_GINT64_FORMAT ".inion", sequence);
}

static gboolean
sync_file (const char *path,
           GError    **error)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  int errsv;

  if (fd >= 0 && fsync (fd) == 0)
    {
      close (fd);
      return TRUE;
    }
  errsv = errno;
  if (fd >= 0)
    close (fd);
  return inion_set_error_errno (error, errsv, "Could not write", path);
}

static gboolean
write_snapshot (InionStudyStore *store,
                const char      *folder,
                gint64           sequence,
                GError         **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%dT%H%M%SZ");
  g_autofree char *ending = name_ending (sequence);
  g_autofree char *name = g_strconcat (time, ending, NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *part = g_strconcat (path, ".part", NULL);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return inion_set_error_errno (error, errno, "Could not make the folder", folder);
  g_unlink (part);
  if (!_inion_study_store_copy (store, part, error) || !sync_file (part, error))
    {
      g_unlink (part);
      return FALSE;
    }
  if (g_rename (part, path) != 0)
    return inion_set_error_errno (error, errno, "Could not write", path);
  return sync_file (folder, error);
}

/* Sets a copy aside if the study has changed since the last one. A failure is only noted: the study
 * itself is safe. */
void
_inion_study_snapshot (InionStudyStore *store)
{
  g_autofree char *folder = folder_of (_inion_study_store_get_path (store));
  g_autoptr (GPtrArray) names = list_names (folder);
  g_autofree char *ending = NULL;
  g_autoptr (GError) error = NULL;
  gint64 sequence;

  if (!_inion_study_store_get_sequence (store, &sequence, NULL) || sequence == 0)
    return;
  ending = name_ending (sequence);
  if (names->len > 0 && g_str_has_suffix (names->pdata[names->len - 1], ending))
    return;
  if (!write_snapshot (store, folder, sequence, &error))
    {
      g_message ("No snapshot of the study was kept: %s", error->message);
      return;
    }
  for (guint i = 0; i + N_KEPT <= names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);

      g_unlink (path);
    }
}

/* The newest snapshot of a study. */
char *
_inion_study_snapshot_find_newest (const char *path)
{
  g_autofree char *folder = folder_of (path);
  g_autoptr (GPtrArray) names = list_names (folder);

  return names->len > 0 ? g_build_filename (folder, names->pdata[names->len - 1], NULL) : NULL;
}
