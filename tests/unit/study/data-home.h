/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user's data folder for one test program: snapshots must not land among a person's.
 * (GLib's own way, G_TEST_OPTION_ISOLATE_DIRS, leaks memory with every test.) */

#pragma once

#include <glib.h>
#include <glib/gstdio.h>

static inline void
remove_tree (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_unlink (path) != 0)
        remove_tree (path);
    }
  g_rmdir (folder);
}

/* Runs the tests with a data folder of their own. To be called before anything asks for it. */
static inline int
run_with_data_home (void)
{
  g_autofree char *folder = g_dir_make_tmp ("inion-data-XXXXXX", NULL);
  int result;

  g_assert_nonnull (folder);
  g_setenv ("XDG_DATA_HOME", folder, TRUE);
  result = g_test_run ();
  remove_tree (folder);
  return result;
}
