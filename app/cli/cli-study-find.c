/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The study that a recording has already: looking at one must not make one.
 *
 * Where studies are kept is the study room's rule (study-path.c): NAME.edf.inion or NAME.inion
 * beside the recording, or one in the user's data folder where the recording's folder cannot be
 * written. inion_study_open_for_recording() follows the rule and makes what is missing; here the
 * same places are only looked at. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-study-find.h"

#include "core/error.h"
#include "study/study-path.h"

#include <string.h>
#include <unistd.h>

/* NAME.inion may be that of another recording: S007R04.bdf beside S007R04.edf. */
static gboolean
is_about (const char *study_path,
          const char *recording_path)
{
  g_autoptr (InionStudy) study = inion_study_open (study_path, NULL);
  g_autofree char *kept = study != NULL ? inion_study_dup_recording_path (study) : NULL;
  g_autofree char *kept_name = kept != NULL ? g_path_get_basename (kept) : NULL;
  g_autofree char *name = g_path_get_basename (recording_path);

  if (study != NULL)
    inion_study_close (study);
  /* One that cannot be read says why when it is opened in earnest. */
  return kept_name == NULL || g_str_equal (kept_name, name);
}

static char *
find_beside (const char *recording_path)
{
  const char *name = strrchr (recording_path, '/') + 1;
  const char *dot = strrchr (name, '.');
  g_autofree char *long_path = g_strconcat (recording_path, ".inion", NULL);
  g_autofree char *short_path =
    dot != NULL && dot != name
      ? g_strdup_printf ("%.*s.inion", (int) (dot - recording_path), recording_path) : NULL;

  if (g_file_test (long_path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&long_path);
  if (short_path != NULL && g_file_test (short_path, G_FILE_TEST_EXISTS) &&
      is_about (short_path, recording_path))
    return g_steal_pointer (&short_path);
  return NULL;
}

char *
inion_cli_study_find (const char *recording_path)
{
  g_autofree char *path = _inion_study_path_canonicalize (recording_path);
  g_autofree char *folder = g_path_get_dirname (path);

  if (access (folder, W_OK) != 0)
    {
      g_autofree char *name = _inion_study_path_to_data_name (path);
      g_autofree char *file = g_strconcat (name, ".inion", NULL);
      g_autofree char *kept =
        g_build_filename (g_get_user_data_dir (), "inion", "studies", file, NULL);

      if (g_file_test (kept, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&kept);
    }
  return find_beside (path);
}

char *
inion_cli_study_locate (const char  *path,
                        GError     **error)
{
  char *found = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    inion_set_error (error, INION_ERROR_NOT_FOUND, "There is no file “%s”.", path);
  else if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    inion_set_error (error, INION_ERROR_NOT_FOUND, "“%s” is neither a study nor a recording.",
                     path);
  else if (g_str_has_suffix (path, ".inion"))
    found = g_strdup (path);
  else if ((found = inion_cli_study_find (path)) == NULL)
    inion_set_error (error, INION_ERROR_NOT_FOUND,
                     "“%s” has no study yet: opening it in Inion or importing marks makes one.",
                     path);
  return found;
}

InionStudy *
inion_cli_study_open (const char  *path,
                      GError     **error)
{
  g_autofree char *found = inion_cli_study_locate (path, error);

  return found != NULL ? inion_study_open (found, error) : NULL;
}

GPtrArray *
inion_cli_study_dup_marks (const char    *recording_path,
                           InionPalette **palette,
                           GError       **error)
{
  g_autofree char *found = inion_cli_study_find (recording_path);
  g_autoptr (InionStudy) study = NULL;
  GPtrArray *marks;

  if (found == NULL)
    {
      if (palette != NULL)
        *palette = inion_palette_new_default ();
      return g_ptr_array_new_with_free_func (g_object_unref);
    }
  study = inion_study_open (found, error);
  if (study == NULL)
    return NULL;
  marks = inion_annotation_set_query (inion_study_get_annotations (study), G_MININT64, G_MAXINT64);
  if (palette != NULL)
    *palette = g_object_ref (inion_study_get_palette (study));
  inion_study_close (study);
  return marks;
}
