/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dialogs about whole files: faults and a repaired copy, export, a copy without identifiers. */

#include "gui-edf.h"
#include "gui-keys.h"
#include "gui-picture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static const char *const labels[] = { "Fp1", "Fp2", "EMG", NULL };

static double
count (guint  channel,
       gint64 sample,
       guint  rate)
{
  return (double) ((sample * 7 + channel * 13) % 101) - 50;
}

/* A recording with a patient, whose end is missing. */
static char *
write_faulty (Gui        *gui,
              const char *name)
{
  char *path = gui_path (gui, name);
  g_autofree char *content = NULL;
  gsize length;

  gui_write_edf (path, labels, 100, 20, count);
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  memcpy (content + 8, "MCH-0234567 F 02-MAY-1951 Haagse_Harry", 38);
  g_assert_true (g_file_set_contents (path, content, (gssize) length - 150, NULL));
  return path;
}

static GtkWindow *
open_dialog (Gui        *gui,
             const char *action,
             const char *title)
{
  gui_activate (gui, action, NULL);
  gui_wait_until (gui_find_window (title) != NULL, 10);
  return gui_find_window (title);
}

typedef struct
{
  const char *name;
  GtkWidget *found;
} Search;

static gboolean
has_name (GtkWidget *widget,
          gpointer   data)
{
  Search *search = data;

  if (search->found == NULL && g_str_equal (gtk_widget_get_name (widget), search->name))
    search->found = widget;
  return search->found == NULL;
}

static gpointer
part (GtkWindow  *dialog,
      const char *name)
{
  Search search = { name, NULL };

  gui_walk (GTK_WIDGET (dialog), has_name, &search);
  g_assert_nonnull (search.found);
  return search.found;
}

static GskRenderNode *
snapshot_window (GtkWidget *window)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();

  gdk_paintable_snapshot (paintable, snapshot, gdk_paintable_get_intrinsic_width (paintable),
                          gdk_paintable_get_intrinsic_height (paintable));
  return gtk_snapshot_to_node (snapshot);
}

static GdkTexture *
render (GtkWidget *window)
{
  g_autoptr (GskRenderNode) node = NULL;

  /* A window that was just resized has nothing to show for a moment. */
  gui_wait_until ((node = snapshot_window (window)) != NULL, 10);
  return gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node, NULL);
}

/* A picture of the dialog stays in the build folder. */
static void
save_picture (Gui        *gui,
              GtkWindow  *dialog,
              const char *name)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_BUILT, "gui", "pictures", NULL);
  g_autofree char *base = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_build_filename (folder, base, NULL);
  g_autoptr (GdkTexture) texture = NULL;

  gui_wait_frames (gui, 3);
  texture = render (GTK_WIDGET (dialog));
  g_mkdir_with_parents (folder, 0755);
  g_assert_true (gdk_texture_save_to_png (texture, path));
}

static void
save_pictures (Gui        *gui,
               GtkWindow  *dialog,
               const char *name)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  g_autofree char *dark = g_strconcat (name, "-dark", NULL);

  save_picture (gui, dialog, name);
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
  save_picture (gui, dialog, dark);
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_LIGHT);
}

static void
write_to (Gui        *gui,
          GtkWindow  *dialog,
          const char *path)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.write-to", "s", path));
  gui_wait_until (g_file_test (path, G_FILE_TEST_EXISTS) || gui_find_dialog () != NULL, 30);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  gui_settle (gui);
}

static InionRecording *
open_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  InionRecording *recording = inion_recording_open (path, &error);

  g_assert_no_error (error);
  return recording;
}

static void
assert_same_samples (InionRecording *a,
                     guint           channel_a,
                     InionRecording *b,
                     guint           channel_b,
                     gint64          from_a,
                     gsize           n)
{
  g_autofree gint32 *x = g_new (gint32, n);
  g_autofree gint32 *y = g_new (gint32, n);

  g_assert_true (inion_recording_read_digital (a, channel_a, from_a, n, x, NULL));
  g_assert_true (inion_recording_read_digital (b, channel_b, 0, n, y, NULL));
  g_assert_cmpmem (x, n * sizeof *x, y, n * sizeof *y);
}

/* Faults are told with their place, and a copy without them opens without a word. */
static void
test_faults (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = write_faulty (gui, "cut.edf");
  g_autofree char *repaired = gui_path (gui, "cut_repaired.edf");
  g_autoptr (InionRecording) copy = NULL;
  g_autoptr (GuiPicture) picture = NULL;
  GPtrArray *faults;
  GtkWindow *dialog;

  gui_open (gui, path);
  faults = inion_recording_get_faults (inion_view_state_get_recording (gui->state));
  g_assert_cmpuint (faults->len, >, 0);
  gui_wait_until (gui_find_label (gui_part (gui, "toasts"), "Opened with ") != NULL, 10);
  picture = gui_capture (gui, "files-faults-toast");
  dialog = open_dialog (gui, "win.show-faults", "Faults of the File");
  for (guint i = 0; i < faults->len; i++)
    {
      const InionFault *fault = faults->pdata[i];

      g_assert_nonnull (gui_find_label (GTK_WIDGET (dialog), fault->field));
      g_assert_nonnull (gui_find_label (GTK_WIDGET (dialog), fault->message));
    }
  save_pictures (gui, dialog, "files-faults");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.copy", NULL));
  write_to (gui, dialog, repaired);
  gui_wait_until (gui_find_window ("Faults of the File") == NULL, 10);

  copy = open_file (repaired);
  g_assert_cmpuint (inion_recording_get_faults (copy)->len, ==, 0);
  assert_same_samples (inion_view_state_get_recording (gui->state), 0, copy, 0, 0, 1900);
}

/* A file that is as it should be has no such dialog. */
static void
test_no_faults (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_path (gui, "good.edf");

  g_assert_false (gui_is_enabled (gui, "win.export-recording"));
  g_assert_false (gui_is_enabled (gui, "win.deidentify"));
  gui_write_edf (path, labels, 100, 20, count);
  gui_open (gui, path);
  g_assert_true (gui_is_enabled (gui, "win.export-recording"));
  g_assert_true (gui_is_enabled (gui, "win.deidentify"));
  g_assert_cmpint (gui_is_enabled (gui, "win.show-faults"), ==,
                   inion_recording_get_faults (inion_view_state_get_recording (gui->state))->len > 0);
}

/* The selection of the EEG, with a mark. */
static void
test_export (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_path (gui, "whole.edf");
  g_autofree char *part_path = gui_path (gui, "part.bdf");
  g_autoptr (InionRecording) copy = NULL;
  g_autoptr (InionAnnotation) mark =
    inion_annotation_new (0, 6 * G_GINT64_CONSTANT (1000000000), 0, "spike",
                          (const char *const[]) { "Fp2", NULL }, "me", INION_ORIGIN_PERSON, 1, NULL);
  GPtrArray *events;
  GtkWindow *dialog;

  gui_write_edf (path, labels, 100, 20, count);
  gui_open (gui, path);
  inion_study_add_annotation (inion_view_state_get_study (gui->state), mark);
  inion_view_state_select (gui->state, 5, 9);
  dialog = open_dialog (gui, "win.export-recording", "Export Recording");
  g_assert_cmpuint (adw_combo_row_get_selected (part (dialog, "range")), ==, 2);
  adw_combo_row_set_selected (part (dialog, "channels"), 1);
  save_pictures (gui, dialog, "files-export");
  write_to (gui, dialog, part_path);

  copy = open_file (part_path);
  g_assert_cmpuint (inion_recording_get_n_channels (copy), ==, 2);
  g_assert_cmpint (inion_recording_get_duration_ns (copy), ==, 4 * G_GINT64_CONSTANT (1000000000));
  assert_same_samples (inion_view_state_get_recording (gui->state), 1, copy, 1, 500, 400);
  g_assert_true (inion_recording_load_events (copy, NULL, NULL));
  events = inion_recording_get_events (copy);
  g_assert_cmpuint (events->len, ==, 1);
  g_assert_cmpint (((InionEvent *) events->pdata[0])->onset_ns, ==, 1000000000);
  g_assert_nonnull (strstr (((InionEvent *) events->pdata[0])->text, "spike"));
}

/* Options, review, report; the name of the patient is nowhere in the copy. */
static void
test_deidentify (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = write_faulty (gui, "harry.edf");
  g_autofree char *copy_path = gui_path (gui, "copy.edf");
  g_autoptr (InionRecording) copy = NULL;
  g_autoptr (InionAnnotation) mark =
    inion_annotation_new (0, 1000000000, 0, "Harry moved, call 030 1234567", NULL, "me",
                          INION_ORIGIN_PERSON, 1, NULL);
  g_autofree char *bytes = NULL;
  GtkWindow *dialog;
  gsize length;

  gui_open (gui, path);
  inion_study_add_annotation (inion_view_state_get_study (gui->state), mark);
  dialog = open_dialog (gui, "win.deidentify", "De-identified Copy");
  gtk_switch_set_active (part (dialog, "keep-sex"), TRUE);
  save_pictures (gui, dialog, "files-deidentify");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.accept", NULL));
  gui_wait_until (gui_find_label (GTK_WIDGET (dialog), "Harry moved") != NULL, 30);
  save_pictures (gui, dialog, "files-review");
  write_to (gui, dialog, copy_path);
  save_pictures (gui, dialog, "files-report");
  gtk_window_set_default_size (dialog, 360, 400);
  save_picture (gui, dialog, "files-report-small");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.copy", NULL));
  gtk_window_destroy (dialog);

  copy = open_file (copy_path);
  g_assert_cmpstr (inion_recording_get_patient (copy), ==, "X F X X");
  assert_same_samples (inion_view_state_get_recording (gui->state), 2, copy, 2, 0, 1900);
  g_assert_true (g_file_get_contents (copy_path, &bytes, &length, NULL));
  for (gsize i = 0; i + 5 <= length; i++)
    {
      g_assert_false (g_ascii_strncasecmp (bytes + i, "harry", 5) == 0);
      g_assert_false (memcmp (bytes + i, "12345", 5) == 0);
    }
}

/* A table of as many marks, one every 10 ms. */
static char *
write_table (Gui   *gui,
             guint  n)
{
  char *path = gui_path (gui, "many_events.tsv");
  g_autoptr (GString) text = g_string_new ("onset\tduration\ttrial_type\n");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%u.%02u\t0\tspindle\n", i / 100, i % 100);
  g_assert_true (g_file_set_contents (path, text->str, (gssize) text->len, NULL));
  return path;
}

/* Marks of a file come in off the main thread, as one step. */
static void
test_import (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_path (gui, "whole.edf");
  g_autofree char *table = NULL;
  g_autofree char *empty = gui_path (gui, "empty.tsv");
  InionStudy *study;
  GListModel *jobs;

  gui_write_edf (path, labels, 100, 20, count);
  g_assert_true (g_file_set_contents (empty, "onset\tduration\ttrial_type\n", -1, NULL));
  g_assert_false (gui_is_enabled (gui, "win.import-annotations-from"));
  gui_open (gui, path);
  study = inion_view_state_get_study (gui->state);
  jobs = G_LIST_MODEL (inion_view_state_get_jobs (gui->state));
  table = write_table (gui, 1500);
  gui_activate (gui, "win.import-annotations-from", "s", table);
  g_assert_cmpuint (g_list_model_get_n_items (jobs), ==, 1);
  g_assert_cmpuint (gui_count_marks (gui, NULL, FALSE), ==, 0);
  gui_settle (gui);
  g_assert_cmpuint (gui_count_marks (gui, "spindle", FALSE), ==, 1500);
  g_assert_cmpstr (inion_study_get_undo_title (study), ==,
                   "Import 1500 marks from many_events.tsv");
  g_assert_nonnull (gui_find_label (gui_part (gui, "toasts"), "1500 marks imported"));
  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpuint (gui_count_marks (gui, NULL, FALSE), ==, 0);
  g_assert_null (inion_study_get_undo_title (study));
  /* A file without marks makes no step, and offers none to undo. */
  gui_activate (gui, "win.import-annotations-from", "s", empty);
  gui_settle (gui);
  g_assert_null (inion_study_get_undo_title (study));
  gui_wait_until (gui_find_label (gui_part (gui, "toasts"), "There are no marks in empty.tsv"), 20);
}

static gboolean
is_shown (Gui        *gui,
          const char *text)
{
  return gui_find_label (gui_part (gui, "toasts"), text) != NULL;
}

/* An import that is cancelled, or whose recording was closed meanwhile, adds nothing. */
static void
test_import_cancel (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_path (gui, "whole.edf");
  g_autofree char *other = gui_path (gui, "other.edf");
  g_autofree char *table = NULL;

  gui_write_edf (path, labels, 100, 20, count);
  gui_write_edf (other, labels, 100, 20, count);
  gui_open (gui, path);
  table = write_table (gui, 100000);
  gui_activate (gui, "win.import-annotations-from", "s", table);
  gui_activate (gui, "win.cancel-jobs", NULL);
  gui_wait_until (is_shown (gui, "The import was cancelled"), 20);
  gui_settle (gui);
  g_assert_cmpuint (gui_count_marks (gui, NULL, FALSE), ==, 0);
  gui_activate (gui, "win.import-annotations-from", "s", table);
  gui_open (gui, other);
  gui_settle (gui);
  g_assert_cmpuint (gui_count_marks (gui, NULL, FALSE), ==, 0);
  gui_open (gui, path);
  g_assert_cmpuint (gui_count_marks (gui, NULL, FALSE), ==, 0);
}

/* What cannot be imported says why; what was left out is listed. */
static void
test_import_report (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_path (gui, "whole.edf");
  g_autofree char *table = gui_path (gui, "events.tsv");

  gui_write_edf (path, labels, 100, 20, count);
  gui_open (gui, path);
  g_assert_true (g_file_set_contents (table, "onset\tduration\ttrial_type\n1\t0\ta\nx\t0\tb\n", -1,
                                      NULL));
  gui_activate (gui, "win.import-annotations-from", "s", table);
  gui_wait_until (gui_find_dialog () != NULL, 20);
  g_assert_nonnull (gui_find_label (GTK_WIDGET (gui_find_dialog ()),
                                    "Not All of the File Became Marks"));
  g_assert_nonnull (gui_find_label (GTK_WIDGET (gui_find_dialog ()), "Line 3"));
  gtk_window_destroy (gui_find_dialog ());
  g_assert_cmpuint (gui_count_marks (gui, "a", FALSE), ==, 1);
  gui_activate (gui, "win.import-annotations-from", "s", "/nowhere/marks.tsv");
  gui_wait_until (gui_find_dialog () != NULL, 20);
  g_assert_nonnull (gui_find_label (GTK_WIDGET (gui_find_dialog ()), "No Marks Were Imported"));
  g_assert_cmpuint (gui_count_marks (gui, NULL, FALSE), ==, 1);
}

/* Whoever cannot change a study is told why, wherever that shows. */
static void
test_read_only (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_path (gui, "whole.edf");
  g_autoptr (InionStudy) owner = NULL;
  g_autoptr (InionAnnotation) suggestion =
    inion_annotation_new (0, 1000000000, 0, "blink", NULL, "finder", INION_ORIGIN_MODEL, 0.7, NULL);
  gint64 id;

  gui_write_edf (path, labels, 100, 20, count);
  owner = inion_study_open_for_recording (path, NULL);
  id = inion_study_add_annotation (owner, suggestion);
  g_assert_true (inion_study_flush (owner, NULL));
  gui_open (gui, path);
  g_assert_nonnull (gui_find_label (gui_part (gui, "banner"), "The study is open elsewhere"));
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (gui_part (gui, "undo_button")),
                            "The study is open elsewhere"));
  g_assert_false (gui_is_enabled (gui, "win.undo"));
  inion_view_state_set_selected_mark (gui->state, id);
  gui_activate (gui, "win.delete-mark", NULL);
  gui_wait_until (is_shown (gui, "The mark was not deleted. The study is open elsewhere"), 20);
  gui_activate (gui, "win.accept-suggestion", NULL);
  gui_wait_until (is_shown (gui, "The suggestion was not accepted. The study is open"), 20);
  gui_activate (gui, "win.reject-suggestion", NULL);
  gui_wait_until (is_shown (gui, "The suggestion was not rejected. The study is open"), 20);
  g_assert_cmpuint (gui_count_marks (gui, "blink", TRUE), ==, 1);
  inion_study_close (owner);
}

/* A recording in a folder that not even root can write: marks are made all the same, and it is said
 * where they are. */
static void
test_kept_elsewhere (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_path (gui, "whole.edf");
  g_autofree char *there = NULL;
  const char *kept;
  int fd;

  gui_write_edf (path, labels, 100, 20, count);
  gui_open (gui, path);
  g_assert_false (is_shown (gui, "kept in your data folder"));
  fd = g_open (path, O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  there = g_strdup_printf ("/proc/self/fd/%d", fd);
  gui_open (gui, there);
  gui_wait_until (is_shown (gui, "The recording’s folder cannot be written: your marks are kept"), 20);
  kept = inion_study_get_path (inion_view_state_get_study (gui->state));
  g_assert_true (g_str_has_prefix (kept, g_get_user_data_dir ()));
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (gui_part (gui, "file_label")), kept));
  g_assert_false (gtk_info_bar_get_revealed (gui_part (gui, "banner")));
  inion_view_state_select (gui->state, 1, 2);
  gui_activate (gui, "win.annotate", "s", "blink");
  g_assert_cmpuint (gui_count_marks (gui, "blink", FALSE), ==, 1);
  gui_close_window (gui);
  gui_open_window (gui);
  gui_open (gui, there);
  g_assert_cmpuint (gui_count_marks (gui, "blink", FALSE), ==, 1);
  gui_activate (gui, "win.close-recording", NULL);
  close (fd);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/files/read-only", test_read_only);
  g_test_add_func ("/gui/files/kept-elsewhere", test_kept_elsewhere);
  g_test_add_func ("/gui/files/import", test_import);
  g_test_add_func ("/gui/files/import-cancel", test_import_cancel);
  g_test_add_func ("/gui/files/import-report", test_import_report);
  g_test_add_func ("/gui/files/faults", test_faults);
  g_test_add_func ("/gui/files/no-faults", test_no_faults);
  g_test_add_func ("/gui/files/export", test_export);
  g_test_add_func ("/gui/files/deidentify", test_deidentify);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
