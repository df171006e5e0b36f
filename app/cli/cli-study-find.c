/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The study that a recording has already: looking at one must not make one. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-study-find.h"

#include "core/error.h"

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
  else if ((found = inion_study_find_for_recording (path)) == NULL)
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
  g_autofree char *found = inion_study_find_for_recording (recording_path);
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
