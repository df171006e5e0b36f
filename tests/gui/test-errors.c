/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are wrong: a clear sentence, and what was open stays open. */

#include "gui-edf.h"
#include "gui-picture.h"

#include <string.h>

static Gui *
open_sample (void)
{
  Gui *gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");

  gui_open (gui, path);
  return gui;
}

static char *
dup_open_name (Gui *gui)
{
  InionRecording *recording = inion_view_state_get_recording (gui->state);

  return recording != NULL ? g_path_get_basename (inion_recording_get_path (recording)) : NULL;
}

static gboolean
shows (Gui        *gui,
       const char *base)
{
  g_autofree char *name = dup_open_name (gui);

  return g_strcmp0 (name, base) == 0;
}

/* Opening fails with a dialog that names the file and says what is wrong; nothing else changes. */
static void
assert_refused (Gui        *gui,
                const char *path,
                const char *reason)
{
  g_autofree char *before = dup_open_name (gui);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *after = NULL;
  GtkWindow *dialog;
  const char *body;

  gui_activate (gui, "win.open-path", "s", path);
  gui_wait_until (gui_find_dialog () != NULL, 30);
  dialog = gui_find_dialog ();
  body = adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog));
  g_test_message ("%s: %s", name, body);
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)), ==,
                   "The Recording Was Not Opened");
  g_assert_nonnull (strstr (body, name));
  g_assert_nonnull (strstr (body, reason));
  g_assert_true (gtk_window_get_transient_for (dialog) == GTK_WINDOW (gui->window));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "close");
  gtk_window_destroy (dialog);
  gui_settle (gui);

  after = dup_open_name (gui);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (gui_part (gui, "main_stack")), ==,
                   before != NULL ? "content" : "empty");
}

/* What is open still works. */
static void
assert_alive (Gui *gui)
{
  double from = inion_view_state_get_from (gui->state);

  gui_activate (gui, "win.page-next", NULL);
  g_assert_cmpfloat (inion_view_state_get_from (gui->state), >, from);
  gui_settle (gui);
}

static void
write_file (const char *path,
            const char *content,
            gssize      length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, content, length, &error);
  g_assert_no_error (error);
}

static void
test_refused (void)
{
  g_autoptr (Gui) gui = open_sample ();
  g_autofree char *sample = gui_path (gui, "S007R04.edf");
  g_autofree char *text = gui_path (gui, "letter.edf");
  g_autofree char *empty = gui_path (gui, "empty.edf");
  g_autofree char *short_header = gui_path (gui, "short.edf");
  g_autofree char *absent = gui_path (gui, "absent.edf");
  g_autofree char *content = NULL;
  gsize length;
  g_autoptr (GuiPicture) picture = NULL;

  write_file (text, "Dear colleague, please find attached the recording of Tuesday.\n", -1);
  write_file (empty, "", 0);
  g_assert_true (g_file_get_contents (sample, &content, &length, NULL));
  write_file (short_header, content, 3000);

  assert_refused (gui, text, "not a recording in a format that Inion reads");
  assert_refused (gui, gui->folder, "folder");
  assert_refused (gui, empty, "empty");
  assert_refused (gui, short_header, "ends at byte 3000");
  assert_refused (gui, absent, "No such file");
  assert_alive (gui);

  gui_activate (gui, "win.open-path", "s", text);
  gui_wait_until (gui_find_dialog () != NULL, 30);
  picture = gui_capture (gui, "error-behind-dialog");
}

/* The same with nothing open: the first page is still there, and no window is lost. */
static void
test_refused_first (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *text = gui_path (gui, "letter.edf");

  write_file (text, "Dear colleague", -1);
  assert_refused (gui, text, "not a recording");
  g_assert_true (gui_is_enabled (gui, "win.open"));
}

/* Half a recording is better than none: what is there is shown, and what is wrong is said. */
static void
test_truncated (void)
{
  g_autoptr (Gui) gui = open_sample ();
  g_autofree char *sample = gui_path (gui, "S007R04.edf");
  g_autofree char *half = gui_path (gui, "half.edf");
  g_autofree char *content = NULL;
  g_autofree char *name = NULL;
  double whole = inion_view_state_get_duration_s (gui->state);
  gsize length;
  g_autoptr (GuiPicture) picture = NULL;

  g_assert_true (g_file_get_contents (sample, &content, &length, NULL));
  write_file (half, content, (gssize) length / 2 + 1234);
  gui_open (gui, half);
  name = dup_open_name (gui);
  g_assert_cmpstr (name, ==, "half.edf");
  g_assert_cmpfloat (inion_view_state_get_duration_s (gui->state), <, 0.52 * whole);
  g_assert_cmpfloat (inion_view_state_get_duration_s (gui->state), >, 0.45 * whole);
  g_assert_nonnull (gui_find_label (gui_part (gui, "toasts"), "Opened with "));
  picture = gui_capture (gui, "error-truncated");
  assert_alive (gui);
}

static const char *const labels[] = { "Fp1", "Fp2", NULL };

static double
nothing (guint  channel,
         gint64 sample,
         guint  rate)
{
  return 0;
}

/* A header that promises far more than there is must cost neither memory nor time. */
static void
test_promises (void)
{
  static const struct
  {
    gsize offset;
    const char *what;
  } fields[] = {
    { 236, "records" },
    { 256 + 2 * 216, "samples" },
  };
  g_autoptr (Gui) gui = open_sample ();

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *base = g_strdup_printf ("many-%s.edf", fields[i].what);
      g_autofree char *path = gui_path (gui, base);
      g_autofree char *content = NULL;
      g_autofree char *name = NULL;
      gsize length;
      gint64 start = g_get_monotonic_time ();
      GtkWindow *dialog = NULL;

      gui_write_edf (path, labels, 100, 20, nothing);
      g_assert_true (g_file_get_contents (path, &content, &length, NULL));
      memcpy (content + fields[i].offset, "99999999", 8);
      write_file (path, content, (gssize) length);
      gui_activate (gui, "win.open-path", "s", path);
      gui_wait_until ((dialog = gui_find_dialog ()) != NULL || shows (gui, base), 30);
      g_test_message ("99999999 %s: %s", fields[i].what,
                      dialog != NULL ? adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog))
                                     : "opened");
      g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
      name = dup_open_name (gui);
      /* Refused: the sample is still there. Taken: no longer than the file is. */
      g_assert_cmpstr (name, ==, dialog != NULL ? "S007R04.edf" : base);
      if (dialog != NULL)
        gtk_window_destroy (dialog);
      else
        {
          g_assert_cmpfloat (inion_view_state_get_duration_s (gui->state), <=, 20);
          gui_wait_until (gui_find_label (gui_part (gui, "toasts"), "Opened with ") != NULL, 30);
        }
      gui_settle (gui);
      if (dialog == NULL)
        {
          g_autofree char *sample = gui_path (gui, "S007R04.edf");

          gui_open (gui, sample);
        }
    }
  assert_alive (gui);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/errors/refused", test_refused);
  g_test_add_func ("/gui/errors/refused-first", test_refused_first);
  g_test_add_func ("/gui/errors/truncated", test_truncated);
  g_test_add_func ("/gui/errors/promises", test_promises);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
