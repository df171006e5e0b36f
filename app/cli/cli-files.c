/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many files at once: what the verbs that work on batches have in common. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-files.h"

#include <string.h>

/* Deeper folders are a mistake, or a circle of links. */
#define MAX_DEPTH 32

static const char *const endings[] = { ".edf", ".bdf", ".rec", ".gdf", ".vhdr", ".xdf", ".set",
                                       ".fif", ".cnt", ".dat", NULL };

static gboolean
is_recording_name (const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (guint i = 0; endings[i] != NULL; i++)
    if (g_str_has_suffix (lower, endings[i]))
      return TRUE;
  return FALSE;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static void
add_folder (GPtrArray  *files,
            const char *folder,
            guint       depth)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (*name != '.')
      g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    if (g_file_test (names->pdata[i], G_FILE_TEST_IS_DIR))
      {
        if (depth < MAX_DEPTH && !g_file_test (names->pdata[i], G_FILE_TEST_IS_SYMLINK))
          add_folder (files, names->pdata[i], depth + 1);
      }
    else if (is_recording_name (names->pdata[i]))
      {
        g_ptr_array_add (files, g_strdup (names->pdata[i]));
      }
}

GPtrArray *
inion_cli_list_files (char **words,
                      int    n)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);

  for (int i = 0; i < n; i++)
    if (g_file_test (words[i], G_FILE_TEST_IS_DIR))
      add_folder (files, words[i], 0);
    else
      g_ptr_array_add (files, g_strdup (words[i]));
  return files;
}
