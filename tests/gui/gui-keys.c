/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real keys and a real pointer, through the display. */

#include "gui-keys.h"

gboolean
gui_has_keys (void)
{
  g_autofree char *program = g_find_program_in_path ("xdotool");

  if (program == NULL)
    g_test_skip ("there is no xdotool to press keys with");
  return program != NULL;
}

/* The window lives on meanwhile. */
static void
run (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE,
                                                       &error);
  int pending = -1;

  g_assert_no_error (error);
  for (gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
       pending != 0 && !gui_late (end);)
    {
      gui_turn ();
      pending = g_subprocess_get_identifier (process) != NULL;
    }
  g_assert_true (g_subprocess_get_successful (process));
}

void
gui_xdotool (const char *format,
             ...)
{
  g_auto (GStrv) argv = NULL;
  g_autofree char *arguments = NULL;
  g_autofree char *line = NULL;
  va_list list;

  va_start (list, format);
  arguments = g_strdup_vprintf (format, list);
  va_end (list);
  line = g_strconcat ("xdotool ", arguments, NULL);
  argv = g_strsplit (line, " ", -1);
  run ((const char *const *) argv);
}

GtkWindow *
gui_find_window (const char *title)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (gtk_widget_get_visible (l->data) && g_strcmp0 (gtk_window_get_title (l->data), title) == 0)
      return l->data;
  return NULL;
}

void
gui_focus (const char *title)
{
  g_autofree char *pattern = g_strdup_printf ("^%s$", title);
  const char *const argv[] = { "xdotool", "search", "--onlyvisible", "--name", pattern,
                               "windowfocus", NULL };

  gui_wait_until (gui_find_window (title) != NULL &&
                  gtk_widget_get_mapped (GTK_WIDGET (gui_find_window (title))), 20);
  run (argv);
  gui_wait_until (gtk_window_is_active (gui_find_window (title)), 20);
}

void
gui_press (const char *keys)
{
  gui_xdotool ("key %s", keys);
  gui_turn ();
}
