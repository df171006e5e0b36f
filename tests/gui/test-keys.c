/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dialogs from the keyboard alone, from the key that opens them to the file on the disk. */

#include "gui-edf.h"
#include "gui-keys.h"

#include <string.h>

static const char *const labels[] = { "Fp1", "Fp2", "EMG", NULL };

static double
count (guint  channel,
       gint64 sample,
       guint  rate)
{
  return (double) ((sample * 7 + channel * 13) % 101) - 50;
}

/* A recording with a patient, whose end is missing. */
static Gui *
open_faulty (void)
{
  Gui *gui = gui_new ();
  g_autofree char *path = gui_path (gui, "cut.edf");
  g_autofree char *content = NULL;
  gsize length;

  gui_write_edf (path, labels, 100, 20, count);
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  memcpy (content + 8, "MCH-0234567 F 02-MAY-1951 Haagse_Harry", 38);
  g_assert_true (g_file_set_contents (path, content, (gssize) length - 150, NULL));
  gui_open (gui, path);
  gui_focus ("cut.edf");
  return gui;
}

static gboolean
visit_menu (GtkWidget *widget,
            gpointer   data)
{
  *(gboolean *) data |= GTK_IS_POPOVER_MENU (widget) && gtk_widget_get_mapped (widget);
  return TRUE;
}

static gboolean
has_menu (Gui *gui)
{
  gboolean found = FALSE;

  gui_walk (GTK_WIDGET (gui->window), visit_menu, &found);
  return found;
}

/* Opens a dialog through the main menu: its letter. */
static GtkWindow *
open_by_menu (Gui        *gui,
              const char *letter,
              const char *title)
{
  gui_press ("F10");
  gui_wait_until (has_menu (gui), 20);
  gui_press (letter);
  gui_focus (title);
  gui_wait_frames (gui, 2);
  return gui_find_window (title);
}

static const char *
get_typed (GtkWindow *chooser)
{
  GtkWidget *focus = gtk_window_get_focus (chooser);

  return GTK_IS_EDITABLE (focus) ? gtk_editable_get_text (GTK_EDITABLE (focus)) : "";
}

/* The chooser proposes a name, which is typed over. */
static void
write_by_keys (const char *chooser,
               const char *path)
{
  gui_focus (chooser);
  gui_wait_until (*get_typed (gui_find_window (chooser)) != '\0', 20);
  gui_press ("ctrl+a");
  gui_xdotool ("type --delay 8 %s", path);
  gui_wait_until (g_str_equal (get_typed (gui_find_window (chooser)), path), 20);
  gui_press ("Return");
  gui_wait_until (g_file_test (path, G_FILE_TEST_EXISTS) || gui_find_dialog () != NULL, 30);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

static gboolean
has_focus_in (GtkWindow *window,
              GType      type)
{
  GtkWidget *focus = gtk_window_get_focus (window);

  return focus != NULL &&
         (g_type_is_a (G_OBJECT_TYPE (focus), type) || gtk_widget_get_ancestor (focus, type));
}

static void
test_faults (void)
{
  g_autoptr (Gui) gui = NULL;
  g_autofree char *path = NULL;

  if (!gui_has_keys ())
    return;
  gui = open_faulty ();
  path = gui_path (gui, "repaired.edf");
  open_by_menu (gui, "t", "Faults of the File");
  gui_press ("Escape");
  gui_wait_until (gui_find_window ("Faults of the File") == NULL, 20);
  gui_focus ("cut.edf");
  open_by_menu (gui, "t", "Faults of the File");
  gui_press ("alt+w");
  write_by_keys ("Write a Repaired Copy", path);
  gui_settle (gui);
  g_assert_null (gui_find_window ("Faults of the File"));
}

static void
test_channels (void)
{
  g_autoptr (Gui) gui = NULL;
  GtkWindow *dialog;

  if (!gui_has_keys ())
    return;
  gui = open_faulty ();
  gui_press ("ctrl+k");
  gui_focus ("Channels");
  dialog = gui_find_window ("Channels");
  gui_wait_frames (gui, 3);
  for (guint i = 0; i < 20 && !has_focus_in (dialog, GTK_TYPE_ENTRY); i++)
    {
      gui_press ("Tab");
      gui_wait_frames (gui, 1);
    }
  g_assert_true (has_focus_in (dialog, GTK_TYPE_ENTRY));
  gui_press ("ctrl+a");
  gui_xdotool ("type --delay 8 Oz");
  gui_press ("alt+a");
  gui_wait_until (gui_find_window ("Channels") == NULL, 20);
  gui_settle (gui);
  g_assert_cmpstr (inion_channel_get_label (
                     inion_recording_get_channel (inion_view_state_get_recording (gui->state), 0)),
                   ==, "Oz");
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/keys/faults", test_faults);
  g_test_add_func ("/gui/keys/channels", test_channels);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
