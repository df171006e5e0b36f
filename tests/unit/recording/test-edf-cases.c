/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The crafted files of broken_edf.py, each a departure found in the wild: what becomes of each is
 * in reference/edf_cases.tsv. None may crash; nearly all open, with what is wrong named by its
 * place. */

#include "core/error.h"

#include "edf-builder.h"

#include <math.h>

/* Reads every sample and event. */
static void
use (InionRecording *recording)
{
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  for (guint c = 0; c < inion_recording_get_n_channels (recording); c++)
    {
      gsize n = (gsize) builder_get_info (recording, c)->n_samples;
      g_autofree double *x = g_new (double, n + 1);
      gint64 first, length;

      g_assert_true (inion_recording_read (recording, c, 0, n, x, NULL));
      for (gint64 at = 0; inion_recording_find_run (recording, c, at, &first, &length);
           at = first + length)
        for (gint64 i = first; i < first + length; i++)
          g_assert_true (isfinite (x[i]));
    }
}

static void
check_open (InionRecording *recording,
            char          **columns)
{
  g_autoptr (GString) offsets = g_string_new (NULL);
  GPtrArray *faults;

  use (recording);
  faults = inion_recording_get_faults (recording);
  for (guint i = 0; i < faults->len; i++)
    {
      const InionFault *fault = faults->pdata[i];

      g_string_append_printf (offsets, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", fault->offset);
      g_assert_true (*fault->field != '\0' && g_utf8_validate (fault->message, -1, NULL));
    }
  g_assert_cmpstr (offsets->len > 0 ? offsets->str : "-", ==, columns[2]);
  if (faults->len > 0)
    g_assert_nonnull (strstr (((InionFault *) faults->pdata[0])->message, columns[3]));
}

static gboolean
make_cases (const char *folder)
{
  const char *root = g_getenv ("INION_SHARED");
  g_autofree char *script
      = root != NULL ? g_build_filename (root, "reference", "broken_edf.py", NULL) : NULL;
  const char *argv[] = { "python3", script, NULL };
  int status = 1;

  return script != NULL && g_file_test (script, G_FILE_TEST_EXISTS) &&
         g_spawn_sync (folder, (char **) argv, NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                       &status, NULL) &&
         g_spawn_check_wait_status (status, NULL);
}

static gboolean
check_case (const char *folder,
            const char *line)
{
  g_auto (GStrv) columns = g_strsplit (line, "\t", -1);
  g_autofree char *name = g_strconcat (columns[0], ".edf", NULL);
  g_autofree char *path = g_build_filename (folder, "cases", name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = NULL;

  g_test_message ("%s", columns[0]);
  g_assert_cmpuint (g_strv_length (columns), ==, 4);
  recording = inion_recording_open (path, &error);
  g_unlink (path);
  if (g_str_equal (columns[1], "open"))
    {
      g_assert_no_error (error);
      check_open (recording, columns);
      return TRUE;
    }
  g_assert_null (recording);
  g_assert_nonnull (strstr (error->message, columns[3]));
  return FALSE;
}

static void
test_cases (void)
{
  g_autofree char *table = g_test_build_filename (G_TEST_DIST, "reference", "edf_cases.tsv", NULL);
  g_autofree char *folder = g_dir_make_tmp ("inion-cases-XXXXXX", NULL);
  g_autofree char *cases = g_build_filename (folder, "cases", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0, n_open = 0;

  g_assert_true (g_file_get_contents (table, &text, NULL, NULL));
  if (!make_cases (folder))
    {
      g_rmdir (folder);
      g_test_skip ("INION_SHARED has no broken_edf.py, or there is no python3");
      return;
    }
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '#')
      {
        n_open += check_case (folder, lines[i]);
        n++;
      }
  g_assert_cmpuint (n, ==, 97);
  g_assert_cmpuint (n_open * 100, >=, n * 95);
  g_assert_cmpint (g_rmdir (cases), ==, 0); /* every case has its line */
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/edf-cases/table", test_cases);
  return g_test_run ();
}
