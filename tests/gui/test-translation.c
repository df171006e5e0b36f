/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window in a language in which every translated text stands in brackets: what a person reads
 * without brackets could not be translated. */

#include "gui-fixture.h"

#include "config.h"

#include "annotation/label.h"
#include "study/study.h"

#include <glib/gi18n.h>
#include <string.h>

static const char *const workspaces[] = { "review", "clean", "decode", "network", "live" };

typedef struct
{
  GHashTable *data;    /* texts of the recording and the study */
  GPtrArray *plain;    /* texts without brackets */
  guint n_translated;
} Reading;

/* A word of three letters and more; units and abbreviations are the same everywhere. */
static gboolean
has_word (const char *text)
{
  guint n = 0;

  for (const char *c = text; *c != '\0'; c++)
    {
      n = g_ascii_islower (*c) ? n + 1 : 0;
      if (n == 3)
        return TRUE;
    }
  return FALSE;
}

static gboolean
read_label (GtkWidget *widget,
            gpointer   data)
{
  Reading *reading = data;
  const char *text;

  if (!gtk_widget_get_visible (widget))
    return FALSE;
  if (!GTK_IS_LABEL (widget) || !gtk_widget_get_mapped (widget))
    return TRUE;
  text = gtk_label_get_text (GTK_LABEL (widget));
  if (strstr (text, "⟦") != NULL)
    reading->n_translated++;
  else if (has_word (text) && !g_hash_table_contains (reading->data, text))
    g_ptr_array_add (reading->plain, g_strdup (text));
  return TRUE;
}

static void
add_data (Reading    *reading,
          const char *text)
{
  g_hash_table_add (reading->data, g_strdup (text));
}

static void
test_window (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  Reading reading = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                      g_ptr_array_new_with_free_func (g_free), 0 };
  GListModel *palette;
  GString *list = g_string_new (NULL);

  if (g_getenv ("INION_PSEUDO") == NULL)
    {
      g_test_skip ("gettext's tools are not here");
      return;
    }
  add_data (&reading, "S007R04.edf");
  gui_wait_frames (gui, 3);
  gui_walk (GTK_WIDGET (gui->window), read_label, &reading);
  gui_open (gui, path);
  palette = G_LIST_MODEL (inion_study_get_palette (inion_view_state_get_study (gui->state)));
  for (guint i = 0; i < g_list_model_get_n_items (palette); i++)
    {
      g_autoptr (InionLabel) label = g_list_model_get_item (palette, i);

      add_data (&reading, inion_label_get_name (label));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (workspaces); i++)
    {
      gui_activate (gui, "win.workspace", "s", workspaces[i]);
      gui_settle (gui);
      gui_wait_frames (gui, 3);
      gui_walk (GTK_WIDGET (gui->window), read_label, &reading);
    }
  for (guint i = 0; i < reading.plain->len; i++)
    g_string_append_printf (list, "\n  “%s”", (const char *) reading.plain->pdata[i]);
  if (reading.plain->len > 0)
    g_error ("%u texts cannot be translated:%s", reading.plain->len, list->str);
  g_assert_cmpuint (reading.n_translated, >, 60);
  g_string_free (list, TRUE);
  g_ptr_array_unref (reading.plain);
  g_hash_table_unref (reading.data);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/translation/window", test_window);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("inion-language-XXXXXX", NULL);
  g_autofree char *script = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "gui",
                                              "pseudo-language.sh", NULL);
  g_autofree char *root = g_path_get_dirname (g_getenv ("G_TEST_SRCDIR"));
  const char *const make[] = { "sh", script, root, folder, NULL };
  const char *const clean[] = { "rm", "-rf", folder, NULL };
  int status = -1, result;

  g_assert_true (g_spawn_sync (NULL, (char **) make, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, &status, NULL));
  if (status == 0)
    {
      g_setenv ("INION_PSEUDO", "1", TRUE);
      g_setenv ("LANGUAGE", "xx", TRUE);
      bindtextdomain (GETTEXT_PACKAGE, folder);
      bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
      textdomain (GETTEXT_PACKAGE);
    }
  result = gui_main (argc, argv, add_tests);
  g_spawn_sync (NULL, (char **) clean, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  return result;
}
