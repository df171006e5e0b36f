/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that do not say all by themselves: what is asked, what is opened then, and what if not. */

#include "gui-fixture.h"

#include "../unit/xdf-fixture.h"
#include "app/decode/add-recordings.h"
#include "recording/csv-guess.h"
#include "recording/foreign/foreign-recording.h"
#include "study/study-choices.h"

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
test_streams (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_path (gui, "two.xdf");
  GtkWindow *dialog;
  GtkWidget *first;

  xdf_write_two (path, "Cap &amp; &lt;b&gt;", "Ear");
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

static const char *
get_subtitle (Gui *gui)
{
  return gtk_label_get_text (gui_part (gui, "subtitle_label"));
}

static guint
count_channels (Gui *gui)
{
  return inion_recording_get_n_channels (inion_view_state_get_recording (gui->state));
}

/* Opens two streams; a person takes the second only. */
static void
choose_ear (Gui        *gui,
            const char *path)
{
  GtkWindow *dialog = ask_for (gui, path, "Choose Streams");

  gtk_check_button_set_active (
    GTK_CHECK_BUTTON (gui_find_type (GTK_WIDGET (dialog), GTK_TYPE_CHECK_BUTTON)), FALSE);
  accept (gui, dialog);
}

/* What was chosen holds until somebody chooses again, or the file is another. */
static void
test_remembered (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_path (gui, "two.xdf");
  g_autofree char *study = gui_path (gui, "two.inion");
  GtkWindow *dialog;
  GtkWidget *first;

  xdf_write_two (path, "Cap", "Ear");
  choose_ear (gui, path);
  g_assert_nonnull (strstr (get_subtitle (gui), "“Ear” of 2 streams"));
  gui_close_window (gui);
  gui_open_window (gui);

  /* The study stands for its recording. */
  gui_activate (gui, "win.open-path", "s", study);
  gui_wait_until (inion_view_state_get_recording (gui->state) != NULL, 20);
  gui_settle (gui);
  g_assert_null (find_window ("Choose Streams"));
  g_assert_cmpuint (count_channels (gui), ==, 1);
  g_assert_nonnull (strstr (get_subtitle (gui), "“Ear” of 2 streams"));
  g_assert_nonnull (gui_find_label (GTK_WIDGET (gui->window), "Opened as chosen before"));
  g_assert_true (gui_is_enabled (gui, "win.open-options"));
  /* It is no edit. */
  g_assert_false (gui_is_enabled (gui, "win.undo"));

  /* Choosing again: as it is, until there is an answer. */
  gui_activate (gui, "win.open-options", NULL);
  gui_wait_until (find_window ("Choose Streams") != NULL, 20);
  dialog = find_window ("Choose Streams");
  first = gui_find_type (GTK_WIDGET (dialog), GTK_TYPE_CHECK_BUTTON);
  g_assert_false (gtk_check_button_get_active (GTK_CHECK_BUTTON (first)));
  g_assert_null (gui_find_label (GTK_WIDGET (dialog), "has changed"));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "window.close", NULL));
  gui_wait_until (find_window ("Choose Streams") == NULL, 10);
  g_assert_cmpuint (count_channels (gui), ==, 1);
  gui_activate (gui, "win.open-options", NULL);
  gui_wait_until (find_window ("Choose Streams") != NULL, 20);
  dialog = find_window ("Choose Streams");
  gtk_check_button_set_active (
    GTK_CHECK_BUTTON (gui_find_type (GTK_WIDGET (dialog), GTK_TYPE_CHECK_BUTTON)), TRUE);
  accept (gui, dialog);
  gui_wait_until (count_channels (gui) == 2, 20);
  g_assert_nonnull (strstr (get_subtitle (gui), "all 2 streams"));

  /* Another file of the same name. */
  gui_activate (gui, "win.close-recording", NULL);
  xdf_write_two (path, "Cap", "Eye");
  dialog = ask_for (gui, path, "Choose Streams");
  g_assert_nonnull (gui_find_label (GTK_WIDGET (dialog), "has changed"));
  save_pictures (gui, dialog, "open-streams-changed");
  accept (gui, dialog);
  g_assert_cmpuint (count_channels (gui), ==, 2);
}

/* A table: all that was said of it comes back, in the dialog too. */
static void
test_table_remembered (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = write_table (gui, "table.csv", "A,B,C\n", 500);
  GtkWindow *dialog = ask_for (gui, path, "Read a Table");
  GtkGrid *grid = GTK_GRID (gui_find_type (part (dialog, "preview"), GTK_TYPE_GRID));
  InionChannel *channel;

  gtk_editable_set_text (part (dialog, "rate"), "200");
  gtk_editable_set_text (GTK_EDITABLE (gtk_grid_get_child_at (grid, 2, 1)), "C3");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (gtk_grid_get_child_at (grid, 1, 2)), INION_CSV_IGNORE);
  accept (gui, dialog);
  gui_activate (gui, "win.close-recording", NULL);
  gui_open (gui, path);
  gui_settle (gui);
  g_assert_null (find_window ("Read a Table"));
  channel = inion_recording_get_channel (inion_view_state_get_recording (gui->state), 0);
  g_assert_cmpuint (count_channels (gui), ==, 2);
  g_assert_cmpstr (inion_channel_get_label (channel), ==, "C3");
  g_assert_cmpfloat (inion_channel_get_rate_hz (channel), ==, 200);
  g_assert_nonnull (strstr (get_subtitle (gui), "table at 200 Hz"));

  gui_activate (gui, "win.open-options", NULL);
  gui_wait_until (find_window ("Read a Table") != NULL, 20);
  dialog = find_window ("Read a Table");
  grid = GTK_GRID (gui_find_type (part (dialog, "preview"), GTK_TYPE_GRID));
  g_assert_cmpstr (gtk_editable_get_text (part (dialog, "rate")), ==, "200");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (gtk_grid_get_child_at (grid, 2, 1))), ==,
                   "C3");
  g_assert_cmpuint (gtk_drop_down_get_selected (
                      GTK_DROP_DOWN (gtk_grid_get_child_at (grid, 1, 2))), ==, INION_CSV_IGNORE);
  gtk_window_destroy (dialog);
}

/* The rows of the recordings that Decode learns from. */
static gboolean
is_listed (Gui        *gui,
           const char *name)
{
  return gui_find_label (adw_view_stack_get_visible_child (gui_part (gui, "workspaces")), name) != NULL;
}

static void
on_added (GPtrArray *paths,
          gpointer   data)
{
  g_object_set_data (data, "n-added", GUINT_TO_POINTER (paths->len));
}

static guint
count_added (Gui *gui)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (gui->window), "n-added"));
}

/* (array zero-terminated=1) */
static void
add (Gui               *gui,
     const char *const *paths)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; paths[i] != NULL; i++)
    g_ptr_array_add (files, g_strdup (paths[i]));
  g_object_set_data (G_OBJECT (gui->window), "n-added", NULL);
  inion_add_recordings (gui->window, files, on_added, gui->window);
}

static double
get_rate_when_learned (const char *path,
                       const char *home)
{
  g_auto (InionKeptChoice) kept = { 0 };
  g_autoptr (InionRecording) recording = inion_kept_choice_open (&kept, path, home, NULL, NULL);

  if (recording == NULL)
    return 0;
  g_assert_cmpstr (kept.study, ==, home);
  return inion_channel_get_rate_hz (inion_recording_get_channel (recording, 0));
}

/* Several files to learn from: one answer for all of a kind, another question where it does not
 * fit; the study in view keeps the answers. */
static void
test_add (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *sample = gui_copy_sample (gui, "S007R04.edf");
  g_autofree char *more = gui_copy_sample (gui, "S007R08.edf");
  g_autofree char *home = gui_path (gui, "S007R04.inion");
  g_autofree char *first = gui_path (gui, "a.xdf");
  g_autofree char *second = gui_path (gui, "b.xdf");
  g_autofree char *third = gui_path (gui, "c.xdf");
  g_autofree char *table = write_table (gui, "table.csv", "A,B,C\n", 500);
  const char *const paths[] = { first, more, second, third, table, NULL };
  GtkWindow *dialog;

  xdf_write_two (first, "Cap", "Ear");
  xdf_write_two (second, "Ear", "Cap"); /* here Ear is the slower one */
  xdf_write_two (third, "Left", "Right");
  gui_open (gui, sample);
  add (gui, paths);
  gui_wait_until (find_window ("Choose Streams") != NULL, 20);
  dialog = find_window ("Choose Streams");
  g_assert_nonnull (gui_find_label (GTK_WIDGET (dialog), "2 other files"));
  save_pictures (gui, dialog, "add-streams");
  gtk_check_button_set_active (
    GTK_CHECK_BUTTON (gui_find_type (GTK_WIDGET (dialog), GTK_TYPE_CHECK_BUTTON)), FALSE);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.accept", NULL));
  /* The names of the third are others. */
  gui_wait_until (find_window ("Choose Streams") != NULL &&
                    gui_find_label (GTK_WIDGET (find_window ("Choose Streams")), "c.xdf") != NULL, 20);
  dialog = find_window ("Choose Streams");
  g_assert_null (gui_find_label (GTK_WIDGET (dialog), "other file"));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.accept", NULL));
  gui_wait_until (find_window ("Read a Table") != NULL, 20);
  dialog = find_window ("Read a Table");
  gtk_editable_set_text (part (dialog, "rate"), "125");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.accept", NULL));
  gui_wait_until (count_added (gui) == 5, 30);
  g_assert_cmpfloat (get_rate_when_learned (first, home), ==, 250);
  g_assert_cmpfloat (get_rate_when_learned (second, home), ==, 100);
  g_assert_cmpfloat (get_rate_when_learned (third, home), ==, 100);
  g_assert_cmpfloat (get_rate_when_learned (table, home), ==, 125);

  /* Through the panel nothing is asked again. */
  gui_activate (gui, "win.workspace", "s", "decode");
  gui_activate (gui, "decode.add-recording", "s", first);
  gui_settle (gui);
  g_assert_null (find_window ("Choose Streams"));
  g_assert_true (is_listed (gui, "a.xdf"));
}

/* Who leaves a question adds nothing; nor does a file that cannot be opened. */
static void
test_add_nothing (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *sample = gui_copy_sample (gui, "S007R04.edf");
  g_autofree char *more = gui_copy_sample (gui, "S007R08.edf");
  g_autofree char *home = gui_path (gui, "S007R04.inion");
  g_autofree char *two = gui_path (gui, "a.xdf");
  g_autofree char *absent = gui_path (gui, "absent.edf");
  const char *const left[] = { more, two, NULL };
  const char *const broken[] = { more, absent, NULL };
  GtkWindow *dialog;

  xdf_write_two (two, "Cap", "Ear");
  gui_open (gui, sample);
  gui_activate (gui, "win.workspace", "s", "decode");
  add (gui, left);
  gui_wait_until (find_window ("Choose Streams") != NULL, 20);
  dialog = find_window ("Choose Streams");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "window.close", NULL));
  gui_wait_until (find_window ("Choose Streams") == NULL, 10);
  gui_settle (gui);
  g_assert_cmpuint (count_added (gui), ==, 0);
  g_assert_cmpfloat (get_rate_when_learned (two, home), ==, 0);
  add (gui, broken);
  gui_wait_until (gui_find_dialog () != NULL, 20);
  g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (gui_find_dialog ())),
                            "absent.edf"));
  g_assert_cmpuint (count_added (gui), ==, 0);
  g_assert_false (gui_is_enabled (gui, "win.undo"));
}

/* A file that says all by itself has nothing to choose. */
static void
test_nothing_to_choose (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *sample = gui_copy_sample (gui, "S007R04.edf");

  g_assert_false (gui_is_enabled (gui, "win.open-options"));
  gui_open (gui, sample);
  g_assert_false (gui_is_enabled (gui, "win.open-options"));
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

/* The compatibility reader that was chosen is taken again, until that is forgotten. */
static void
test_compatible_remembered (void)
{
  g_autoptr (Gui) gui = gui_new ();
  const char *shared = g_getenv ("INION_SHARED");
  g_autofree char *source = g_build_filename (shared != NULL ? shared : "", "data", "formats",
                                              "mne-testing", "MB0400FU.EEG", NULL);
  g_autofree char *path = gui_path (gui, "MB0400FU.EEG");
  g_autoptr (GFile) from = g_file_new_for_path (source);
  g_autoptr (GFile) to = g_file_new_for_path (path);
  GtkWindow *dialog;

  if (!inion_recording_is_foreign_available () ||
      !g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, NULL))
    {
      g_test_skip ("This build has no compatibility reader, or no file for it.");
      return;
    }
  gui_activate (gui, "win.open-path", "s", path);
  gui_wait_until (gui_find_dialog () != NULL, 20);
  dialog = gui_find_dialog ();
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "compatible");
  gtk_window_destroy (dialog);
  gui_wait_until (inion_view_state_get_recording (gui->state) != NULL, 30);
  gui_settle (gui);
  gui_activate (gui, "win.close-recording", NULL);
  gui_open (gui, path);
  g_assert_nonnull (strstr (get_subtitle (gui), "compatibility reader"));

  gui_activate (gui, "win.open-options", NULL);
  gui_wait_until (gui_find_dialog () != NULL, 20);
  dialog = gui_find_dialog ();
  save_picture (gui, dialog, "open-options-compatible");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "forget");
  gtk_window_destroy (dialog);
  gui_settle (gui);
  gui_activate (gui, "win.close-recording", NULL);
  gui_activate (gui, "win.open-path", "s", path);
  gui_wait_until (gui_find_dialog () != NULL, 20);
  dialog = gui_find_dialog ();
  g_assert_true (adw_message_dialog_has_response (ADW_MESSAGE_DIALOG (dialog), "compatible"));
  gtk_window_destroy (dialog);
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
  g_test_add_func ("/gui/open/remembered", test_remembered);
  g_test_add_func ("/gui/open/table-remembered", test_table_remembered);
  g_test_add_func ("/gui/open/add", test_add);
  g_test_add_func ("/gui/open/add-nothing", test_add_nothing);
  g_test_add_func ("/gui/open/nothing-to-choose", test_nothing_to_choose);
  g_test_add_func ("/gui/open/compatible", test_compatible);
  g_test_add_func ("/gui/open/compatible-remembered", test_compatible_remembered);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
