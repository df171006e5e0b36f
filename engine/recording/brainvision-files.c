/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The three files of a BrainVision recording.
 *
 * The header names the other two. Names go stale when somebody renames the files, so a file of the
 * header's own name takes the place of one that is not there. A name is one in the header's folder,
 * whatever folders a header puts before it. "$b" in a name stands for the header's own. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/brainvision-files.h"

#include <string.h>

static const char *const header_endings[] = { ".vhdr", ".ahdr", NULL };
static const char *const marker_endings[] = { ".vmrk", ".amrk", NULL };
static const char *const data_endings[] = { ".eeg", ".dat", ".avg", ".seg", NULL };

static gboolean
has_ending (const char        *path,
            const char *const *endings)
{
  const char *dot = strrchr (path, '.');

  for (; dot != NULL && *endings != NULL; endings++)
    if (g_ascii_strcasecmp (dot, *endings) == 0)
      return TRUE;
  return FALSE;
}

/* The file of a name in a folder; another case if there is none of just this. */
static char *
find_in_folder (const char *folder,
                const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GDir) dir = NULL;
  const char *other;

  if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return g_steal_pointer (&path);
  dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && (other = g_dir_read_name (dir)) != NULL)
    if (g_ascii_strcasecmp (other, name) == 0)
      {
        g_autofree char *found = g_build_filename (folder, other, NULL);

        if (g_file_test (found, G_FILE_TEST_IS_REGULAR))
          return g_steal_pointer (&found);
      }
  return NULL;
}

/* The file's name without its ending, in its folder. */
static char *
dup_stem (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  char *dot = strrchr (base, '.');

  if (dot != NULL && dot != base)
    *dot = '\0';
  return g_steal_pointer (&base);
}

static char *
find_sibling (const char        *path,
              const char *const *endings)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *stem = dup_stem (path);

  for (; *endings != NULL; endings++)
    {
      g_autofree char *name = g_strconcat (stem, *endings, NULL);
      char *found = find_in_folder (folder, name);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* What stands in a header, without folders and with its macros replaced. NULL: no usable name. */
static char *
clean_name (const char     *header_path,
            const char     *name,
            const char     *field,
            InionEdfFaults *faults)
{
  g_autoptr (GString) text = NULL;
  g_autofree char *stem = dup_stem (header_path);
  const char *base;

  if (name == NULL)
    return NULL;
  text = g_string_new (name);
  base = text->str;
  for (const char *p = text->str; *p != '\0'; p++)
    if (*p == '/' || *p == '\\')
      base = p + 1;
  if (base != text->str)
    {
      inion_edf_faults_add (faults, field, -1, field,
                            "“%s” names a folder. Only the folder of the header is looked into.",
                            name);
      g_string_erase (text, 0, base - text->str);
    }
  g_string_replace (text, "$b", stem, 0);
  if (text->len == 0 || strcmp (text->str, ".") == 0 || strcmp (text->str, "..") == 0)
    return NULL;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
find_part (const char        *header_path,
           const char        *name,
           const char        *field,
           const char *const *endings,
           InionEdfFaults    *faults)
{
  g_autofree char *folder = g_path_get_dirname (header_path);
  g_autofree char *wanted = clean_name (header_path, name, field, faults);
  g_autofree char *found = wanted != NULL ? find_in_folder (folder, wanted) : NULL;
  g_autofree char *shown = NULL;
  g_autofree char *key = g_strconcat (field, " stale", NULL);

  if (found != NULL && strcmp (found, header_path) != 0)
    return g_steal_pointer (&found);
  g_free (found);
  found = find_sibling (header_path, endings);
  if (found == NULL)
    return NULL;
  shown = g_filename_display_basename (found);
  if (wanted != NULL)
    inion_edf_faults_add (faults, key, -1, field,
                          "“%s” is not in the header's folder (were the files renamed?); “%s”, "
                          "which is named like the header, is used.", wanted, shown);
  else
    inion_edf_faults_add (faults, key, -1, field,
                          "The header names no file; “%s”, which is named like the header, is "
                          "used.", shown);
  return g_steal_pointer (&found);
}

/**
 * inion_brainvision_is_header_name:
 * @path: a path
 *
 * Returns: whether it ends like a header
 */
gboolean
inion_brainvision_is_header_name (const char *path)
{
  return has_ending (path, header_endings);
}

/**
 * inion_brainvision_is_marker_name:
 * @path: a path
 *
 * Returns: whether it ends like a marker file
 */
gboolean
inion_brainvision_is_marker_name (const char *path)
{
  return has_ending (path, marker_endings);
}

/**
 * inion_brainvision_is_data_name:
 * @path: a path
 *
 * Returns: whether it ends like a file of samples
 */
gboolean
inion_brainvision_is_data_name (const char *path)
{
  return has_ending (path, data_endings);
}

/**
 * inion_brainvision_find_header:
 * @path: a marker or data file
 *
 * Returns: (transfer full) (nullable): the header of the same name beside it
 */
char *
inion_brainvision_find_header (const char *path)
{
  return find_sibling (path, header_endings);
}

/**
 * inion_brainvision_find_data:
 * @header_path: the header
 * @name: (nullable): the data file's name as the header has it
 * @faults: where doubts are added
 *
 * Returns: (transfer full) (nullable): the file of samples, %NULL if there is none
 */
char *
inion_brainvision_find_data (const char     *header_path,
                             const char     *name,
                             InionEdfFaults *faults)
{
  return find_part (header_path, name, "DataFile", data_endings, faults);
}

/**
 * inion_brainvision_find_markers:
 * @header_path: the header
 * @name: (nullable): the marker file's name as the header has it
 * @faults: where doubts are added
 *
 * Returns: (transfer full) (nullable): the marker file, %NULL if there is none
 */
char *
inion_brainvision_find_markers (const char     *header_path,
                                const char     *name,
                                InionEdfFaults *faults)
{
  return find_part (header_path, name, "MarkerFile", marker_endings, faults);
}
