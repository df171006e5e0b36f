/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that do not say all by themselves: what is asked, what is opened then, and what if not. */

#include "gui-fixture.h"

#include "recording/csv-guess.h"
#include "recording/foreign/foreign-recording.h"

#include <string.h>

/* (nullable): the dialog of this title. */
static GtkWindow *
find_window (const char *title)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (gtk_widget_get_visible (l->data) && g_strcmp0 (gtk_window_get_title (l->data), title) == 0)
      return l->data;
  return NULL;
}

static GtkWindow *
ask_for (Gui        *gui,
         const char *path,
         const char *title)
{
  gui_activate (gui, "win.open-path", "s", path);
  gui_wait_until (find_window (title) != NULL, 20);
  return find_window (title);
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

static gboolean
can_accept (GtkWindow *dialog)
{
  return gtk_widget_get_sensitive (g_object_get_data (G_OBJECT (dialog), "accept"));
}

static void
accept (Gui       *gui,
        GtkWindow *dialog)
{
  g_assert_true (can_accept (dialog));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.accept", NULL));
  gui_wait_until (inion_view_state_get_recording (gui->state) != NULL, 30);
  gui_settle (gui);
}

static const char *
get_page (Gui *gui)
{
  return gtk_stack_get_visible_child_name (gui_part (gui, "main_stack"));
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

/* A picture of the dialog stays in the build folder. */
static void
save_picture (Gui        *gui,
              GtkWindow  *dialog,
              const char *name)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_BUILT, "gui", "pictures", NULL);
  g_autofree char *base = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_build_filename (folder, base, NULL);
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  gui_wait_frames (gui, 3);
  gui_wait_until ((node = snapshot_window (GTK_WIDGET (dialog))) != NULL, 10);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (dialog)), node, NULL);
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
  g_autofree char *small = g_strconcat (name, "-small", NULL);

  save_picture (gui, dialog, name);
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
  save_picture (gui, dialog, dark);
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_LIGHT);
  gtk_window_set_default_size (dialog, 360, 400);
  save_picture (gui, dialog, small);
}

static char *
write_table (Gui        *gui,
             const char *name,
             const char *head,
             guint       n_rows)
{
  char *path = gui_path (gui, name);
  g_autoptr (GString) text = g_string_new (head);

  for (guint i = 0; i < n_rows; i++)
    g_string_append_printf (text, "%u,%u.5,%u.25\n", i * 4, i % 17, i % 23);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  return path;
}

/* Nothing is clear: no rate, and a column of numbers that nobody names. */
static void
test_table (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = write_table (gui, "table.csv", "A,B,C\n", 500);
  GtkWindow *dialog = ask_for (gui, path, "Read a Table");
  GtkEditable *rate = part (dialog, "rate");
  GtkGrid *grid = GTK_GRID (gui_find_type (part (dialog, "preview"), GTK_TYPE_GRID));
  InionRecording *recording;

  g_assert_cmpstr (get_page (gui), ==, "empty");
  g_assert_false (can_accept (dialog));
  g_assert_nonnull (strstr (gtk_label_get_text (part (dialog, "said")), "rate"));
  save_pictures (gui, dialog, "open-table");

  /* The first column counts milliseconds. */
  gtk_drop_down_set_selected (part (dialog, "time-unit"), 1);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (gtk_grid_get_child_at (grid, 1, 2)), INION_CSV_TIME);
  g_assert_cmpstr (gtk_editable_get_text (rate), ==, "250");
  gtk_editable_set_text (GTK_EDITABLE (gtk_grid_get_child_at (grid, 2, 1)), "C3");
  gtk_editable_set_text (GTK_EDITABLE (gtk_grid_get_child_at (grid, 2, 3)), "mV");
  accept (gui, dialog);
  g_assert_null (find_window ("Read a Table"));
  recording = inion_view_state_get_recording (gui->state);
  g_assert_cmpuint (inion_recording_get_n_channels (recording), ==, 2);
  g_assert_cmpstr (inion_channel_get_label (inion_recording_get_channel (recording, 0)), ==, "C3");
  g_assert_cmpint (inion_recording_get_duration_ns (recording), ==, 2000000000);
}

/* What is said is parsed at once; what makes no table cannot be opened. */
static void
test_parse_again (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = write_table (gui, "table.csv", "A,B,C\n", 500);
  GtkWindow *dialog = ask_for (gui, path, "Read a Table");
  GtkEditable *rate = part (dialog, "rate");

  gtk_editable_set_text (rate, "nonsense");
  g_assert_false (can_accept (dialog));
  gtk_editable_set_text (rate, "500");
  g_assert_true (can_accept (dialog));
  gtk_drop_down_set_selected (part (dialog, "delimiter"), 1);
  g_assert_false (can_accept (dialog));
  g_assert_cmpstr (gtk_label_get_text (part (dialog, "said")), !=, "");
  gtk_drop_down_set_selected (part (dialog, "delimiter"), 0);
  g_assert_true (can_accept (dialog));
  g_assert_cmpstr (gtk_editable_get_text (rate), ==, "500");
  gtk_spin_button_set_value (part (dialog, "header-rows"), 101);
  accept (gui, dialog);
  g_assert_cmpint (inion_recording_get_duration_ns (inion_view_state_get_recording (gui->state)),
                   ==, 800000000);
}

/* Closing opens nothing; opening something else closes the question. */
static void
test_leave (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = write_table (gui, "table.csv", "A,B,C\n", 500);
  g_autofree char *sample = gui_copy_sample (gui, "S007R04.edf");
  GtkWindow *dialog = ask_for (gui, path, "Read a Table");

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "window.close", NULL));
  gui_wait_until (find_window ("Read a Table") == NULL, 10);
  g_assert_cmpstr (get_page (gui), ==, "empty");
  ask_for (gui, path, "Read a Table");
  gui_open (gui, sample);
  g_assert_null (find_window ("Read a Table"));
}

static void
test_cancel (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = write_table (gui, "long.csv", "time_ms,C3,C4\n", 600000);
  g_autofree char *sample = gui_copy_sample (gui, "S007R04.edf");
  GListModel *jobs = G_LIST_MODEL (inion_view_state_get_jobs (gui->state));

  gui_activate (gui, "win.open-path", "s", path);
  g_assert_cmpuint (g_list_model_get_n_items (jobs), ==, 1);
  g_assert_cmpstr (get_page (gui), ==, "opening");
  gui_activate (gui, "win.cancel-open", NULL);
  gui_wait_until (g_list_model_get_n_items (jobs) == 0, 20);
  g_assert_null (inion_view_state_get_recording (gui->state));
  g_assert_cmpstr (get_page (gui), ==, "empty");
  g_assert_null (gui_find_dialog ());
  /* What is opened later is what is shown. */
  gui_activate (gui, "win.open-path", "s", path);
  gui_open (gui, sample);
  gui_settle (gui);
  g_assert_cmpstr (inion_recording_get_path (inion_view_state_get_recording (gui->state)), ==,
                   sample);
}

static void
add_chunk (GByteArray *file,
           guint16     tag,
           GByteArray *content)
{
  guint8 head[7] = { 4 };
  guint32 length = GUINT32_TO_LE (content->len + 2);
  guint16 little = GUINT16_TO_LE (tag);

  memcpy (head + 1, &length, 4);
  memcpy (head + 5, &little, 2);
  g_byte_array_append (file, head, sizeof head);
  g_byte_array_append (file, content->data, content->len);
  g_byte_array_set_size (content, 0);
}

static void
add_stream (GByteArray *file,
            guint32     id,
            const char *name,
            guint       rate)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autofree char *xml = g_strdup_printf (
    "<info><name>%s</name><type>EEG</type><channel_count>1</channel_count>"
    "<nominal_srate>%u</nominal_srate><channel_format>int16</channel_format>"
    "<hostname>lab</hostname></info>", name, rate);
  guint32 n = GUINT32_TO_LE (rate * 2), little = GUINT32_TO_LE (id);

  g_byte_array_append (content, (guint8 *) &little, 4);
  g_byte_array_append (content, (guint8 *) xml, (guint) strlen (xml));
  add_chunk (file, 2, content);
  g_byte_array_append (content, (guint8 *) &little, 4);
  g_byte_array_append (content, (const guint8 *) "\4", 1);
  g_byte_array_append (content, (guint8 *) &n, 4);
  for (guint i = 0; i < rate * 2; i++)
    {
      guint16 value = GUINT16_TO_LE ((guint16) (i % 50));
      union { double time; guint64 bits; } stamp = { .time = 100.0 + (double) i / rate };
      guint64 bits = GUINT64_TO_LE (stamp.bits);

      g_byte_array_append (content, (const guint8 *) "\10", 1);
      g_byte_array_append (content, (guint8 *) &bits, 8);
      g_byte_array_append (content, (guint8 *) &value, 2);
    }
  add_chunk (file, 3, content);
}

static void
test_streams (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_path (gui, "two.xdf");
  g_autoptr (GByteArray) file = g_byte_array_new ();
  GtkWindow *dialog;
  GtkWidget *first;

  g_byte_array_append (file, (const guint8 *) "XDF:", 4);
  add_stream (file, 1, "Cap &amp; &lt;b&gt;", 100);
  add_stream (file, 2, "Ear", 250);
  g_assert_true (g_file_set_contents (path, (char *) file->data, file->len, NULL));

  dialog = ask_for (gui, path, "Choose Streams");
  g_assert_nonnull (gui_find_label (GTK_WIDGET (dialog), "Cap & <b>"));
  g_assert_nonnull (gui_find_label (GTK_WIDGET (dialog), "250\u2009Hz · 0:02\u2009min · lab"));
  save_pictures (gui, dialog, "open-streams");
  first = gui_find_type (GTK_WIDGET (dialog), GTK_TYPE_CHECK_BUTTON);
  g_assert_true (gtk_check_button_get_active (GTK_CHECK_BUTTON (first)));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (first), FALSE);
  accept (gui, dialog);
  g_assert_cmpuint (inion_recording_get_n_channels (inion_view_state_get_recording (gui->state)),
                    ==, 1);
  g_assert_cmpfloat (inion_channel_get_rate_hz (inion_recording_get_channel (
                       inion_view_state_get_recording (gui->state), 0)), ==, 250);
}

/* An unknown file: the offer, and no second one where that reader knows no more. */
static void
test_compatible (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_path (gui, "unknown.xyz");
  GtkWindow *dialog;

  if (!inion_recording_is_foreign_available ())
    {
      g_test_skip ("This build has no compatibility reader.");
      return;
    }
  g_assert_true (g_file_set_contents (path, "\1\2\3\4 nothing that anybody would know", -1, NULL));
  gui_activate (gui, "win.open-path", "s", path);
  gui_wait_until (gui_find_dialog () != NULL, 20);
  dialog = gui_find_dialog ();
  g_assert_true (adw_message_dialog_has_response (ADW_MESSAGE_DIALOG (dialog), "compatible"));
  g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), "BrainVision"));
  save_pictures (gui, dialog, "open-compatible");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "compatible");
  gtk_window_destroy (dialog);
  gui_wait_until (gui_find_dialog () != NULL, 30);
  dialog = gui_find_dialog ();
  g_assert_false (adw_message_dialog_has_response (ADW_MESSAGE_DIALOG (dialog), "compatible"));
  gtk_window_destroy (dialog);
  gui_settle (gui);
  g_assert_null (inion_view_state_get_recording (gui->state));
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/open/table", test_table);
  g_test_add_func ("/gui/open/parse-again", test_parse_again);
  g_test_add_func ("/gui/open/leave", test_leave);
  g_test_add_func ("/gui/open/cancel", test_cancel);
  g_test_add_func ("/gui/open/streams", test_streams);
  g_test_add_func ("/gui/open/compatible", test_compatible);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
