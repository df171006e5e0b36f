/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The channel editor: names, kinds and positions go to the study as one step, and never to the file. */

#include "gui-edf.h"
#include "gui-fixture.h"

#include "app/channels/channels-private.h"
#include "study/study-channels.h"

#include <string.h>

static InionChannelsDialog *
open_editor (Gui *gui)
{
  g_autoptr (GListModel) windows = NULL;
  GtkWindow *dialog = NULL;

  gui_activate (gui, "win.edit-channels", NULL);
  windows = g_object_ref (gtk_window_get_toplevels ());
  for (guint i = 0; dialog == NULL && i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (g_object_get_data (G_OBJECT (window), "inion-channels") != NULL)
        dialog = window;
    }
  g_assert_nonnull (dialog);
  gui_wait_until (gtk_widget_get_mapped (GTK_WIDGET (dialog)), 5);
  return g_object_get_data (G_OBJECT (dialog), "inion-channels");
}

static InionChannelRow *
get_row (InionChannelsDialog *editor,
         guint                index)
{
  g_autoptr (InionChannelRow) row = g_list_model_get_item (G_LIST_MODEL (editor->rows), index);

  return row;
}

static gboolean
can (InionChannelsDialog *editor,
     const char          *action)
{
  return g_action_get_enabled (g_action_map_lookup_action (editor->actions, action));
}

static void
activate (InionChannelsDialog *editor,
          const char          *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (editor->dialog), action, NULL));
}

static const char *
label_of (Gui   *gui,
          guint  channel)
{
  return inion_channel_get_label (
    inion_recording_get_channel (inion_view_state_get_recording (gui->state), channel));
}

/* The first editable cell that shows a text. */
static gboolean
find_cell (GtkWidget *widget,
           gpointer   data)
{
  gpointer *wanted = data;

  if (wanted[1] == NULL && GTK_IS_ENTRY (widget) &&
      g_str_equal (gtk_editable_get_text (GTK_EDITABLE (widget)), wanted[0]))
    wanted[1] = widget;
  return TRUE;
}

static void
type (InionChannelsDialog *editor,
      const char          *old,
      const char          *new)
{
  gpointer wanted[2] = { (gpointer) old, NULL };

  gui_walk (GTK_WIDGET (editor->dialog), find_cell, wanted);
  g_assert_nonnull (wanted[1]);
  gtk_widget_grab_focus (wanted[1]);
  gtk_editable_set_text (wanted[1], new);
}

/* Renaming in the table: marks follow, the view stays where it was, undo brings all back. */
static void
test_rename (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  g_autoptr (InionAnnotation) mark = NULL;
  InionChannelsDialog *editor;
  InionRecording *before;
  InionStudy *study;
  gint64 id;
  g_autofree char *old = NULL;
  const char *names[2] = { NULL, NULL };

  gui_open (gui, path);
  study = inion_view_state_get_study (gui->state);
  before = inion_view_state_get_recording (gui->state);
  old = g_strdup (label_of (gui, 0));
  names[0] = old;
  mark = inion_annotation_new (0, 1000000000, 0, "spike", names, NULL, INION_ORIGIN_PERSON, 1, NULL);
  id = inion_study_add_annotation (study, mark);
  inion_view_state_set_selected_mark (gui->state, id);
  inion_view_state_set_from (gui->state, 3);

  editor = open_editor (gui);
  g_assert_false (can (editor, "accept"));
  type (editor, old, label_of (gui, 1));
  g_assert_false (can (editor, "accept"));
  g_assert_nonnull (strstr (gtk_label_get_text (editor->status), "Two channels are called"));
  inion_channel_row_set_text (get_row (editor, 0), INION_CHANNEL_COLUMN_LABEL, "");
  g_assert_false (can (editor, "accept"));
  inion_channel_row_set_text (get_row (editor, 0), INION_CHANNEL_COLUMN_LABEL, "Vertex");
  g_assert_true (can (editor, "accept"));
  activate (editor, "dialog.accept");
  gui_settle (gui);

  g_assert_cmpstr (label_of (gui, 0), ==, "Vertex");
  g_assert_true (inion_view_state_get_recording (gui->state) != before);
  g_assert_cmpstr (inion_annotation_get_channels (
                     inion_annotation_set_lookup (inion_study_get_annotations (study), id))[0],
                   ==, "Vertex");
  g_assert_cmpfloat (inion_view_state_get_from (gui->state), ==, 3);
  g_assert_cmpint (inion_view_state_get_selected_mark (gui->state), ==, id);
  g_assert_nonnull (inion_recording_get_events (inion_view_state_get_recording (gui->state)));
  g_assert_true (g_str_has_prefix (inion_study_get_undo_title (study), "Rename "));
  gui_activate (gui, "win.undo", NULL);
  gui_settle (gui);
  g_assert_cmpstr (label_of (gui, 0), ==, old);
  gui_activate (gui, "win.redo", NULL);
  gui_settle (gui);
  g_assert_cmpstr (label_of (gui, 0), ==, "Vertex");
  gui_close_window (gui);
  gui_open_window (gui);
  gui_open (gui, path);
  g_assert_cmpstr (label_of (gui, 0), ==, "Vertex");
}

/* Renames the first channel through the editor, as a person does. */
static void
rename_first (Gui        *gui,
              const char *name)
{
  InionChannelsDialog *editor = open_editor (gui);

  type (editor, label_of (gui, 0), name);
  activate (editor, "dialog.accept");
  gui_settle (gui);
  gui_wait_until (inion_view_state_get_track (gui->state) != NULL &&
                  !inion_view_state_get_track_stale (gui->state), 60);
  gui_settle (gui);
}

static void
assert_same_answers (Gui       *gui,
                     GArray    *expected)
{
  InionTrack *track = inion_view_state_get_track (gui->state);

  g_assert_nonnull (track);
  g_assert_cmpmem (track->probabilities, track->n * track->n_classes * sizeof (double),
                   expected->data, expected->len * sizeof (double));
}

static gboolean
has_channel (Gui        *gui,
             const char *name)
{
  g_autofree char *json = inion_model_to_json (inion_view_state_get_model (gui->state));
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", name);

  return strstr (json, quoted) != NULL;
}

/* What was trained under the old name answers the same under the new one, after undo and in the
 * next window. */
static void
test_model (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  g_autofree char *old = NULL;
  g_autoptr (GArray) answers = g_array_new (FALSE, FALSE, sizeof (double));
  InionTrack *track;

  gui_open (gui, path);
  old = g_strdup (label_of (gui, 0));
  gui_activate (gui, "decode.train", NULL);
  gui_wait_until (inion_view_state_get_track (gui->state) != NULL, 60);
  gui_settle (gui);
  track = inion_view_state_get_track (gui->state);
  g_array_append_vals (answers, track->probabilities, (guint) (track->n * track->n_classes));
  g_assert_true (has_channel (gui, old));

  rename_first (gui, "Vertex");
  g_assert_true (has_channel (gui, "Vertex"));
  g_assert_false (has_channel (gui, old));
  assert_same_answers (gui, answers);
  gui_close_window (gui);
  gui_open_window (gui);
  gui_open (gui, path);
  gui_wait_until (inion_view_state_get_track (gui->state) != NULL, 60);
  g_assert_true (has_channel (gui, "Vertex"));
  assert_same_answers (gui, answers);
  gui_activate (gui, "win.undo", NULL);
  gui_settle (gui);
  gui_wait_until (has_channel (gui, old) && inion_view_state_get_track (gui->state) != NULL, 60);
  gui_settle (gui);
  assert_same_answers (gui, answers);
}

/* Several at once: kind, bad, as the file says. */
static void
test_many (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  InionChannelsDialog *editor;
  InionRecording *recording;

  gui_open (gui, path);
  editor = open_editor (gui);
  g_assert_false (can (editor, "set-kind"));
  gtk_selection_model_select_range (editor->selection, 2, 3, TRUE);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (editor->dialog), "dialog.set-kind", "s",
                                             "EOG"));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (editor->dialog), "dialog.set-bad", "b",
                                             TRUE));
  gtk_selection_model_select_item (editor->selection, 4, TRUE);
  activate (editor, "dialog.restore");
  activate (editor, "dialog.accept");
  gui_settle (gui);
  recording = inion_view_state_get_recording (gui->state);
  for (guint i = 0; i < 6; i++)
    {
      InionChannel *channel = inion_recording_get_channel (recording, i);
      gboolean edited = i == 2 || i == 3;

      g_assert_cmpint ((int) inion_channel_get_kind (channel), ==,
                       edited ? (int) INION_CHANNEL_EOG : (int) INION_CHANNEL_EEG);
      g_assert_true (inion_view_state_is_bad (gui->state, inion_channel_get_label (channel)) ==
                     edited);
    }
  gui_activate (gui, "win.undo", NULL);
  gui_settle (gui);
  g_assert_null (inion_view_state_get_bad (gui->state));
}

/* Positions are shown before they are taken; a file that is none says why. */
static void
test_positions (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  g_autofree char *sfp = gui_path (gui, "cap.sfp");
  g_autofree char *lay = gui_path (gui, "cap.lay");
  InionChannelsDialog *editor;
  const InionChannelInfo *info;
  g_autofree char *text = NULL;

  gui_open (gui, path);
  text = g_strdup_printf ("%s -3 8 2\n%s 0 0 9\nNobody 1 2 9\n", label_of (gui, 0),
                          label_of (gui, 1));
  g_assert_true (g_file_set_contents (sfp, text, -1, NULL));
  g_assert_true (g_file_set_contents (lay, "1 0 0 1 1 Fp1\n", -1, NULL));
  editor = open_editor (gui);
  gtk_widget_activate_action (GTK_WIDGET (editor->dialog), "dialog.read-positions-from", "s", lay);
  g_assert_nonnull (strstr (gtk_label_get_text (editor->preview_label), "drawn in a picture"));
  g_assert_false (can (editor, "use-positions"));
  gtk_widget_activate_action (GTK_WIDGET (editor->dialog), "dialog.read-positions-from", "s", sfp);
  g_assert_nonnull (strstr (gtk_label_get_text (editor->preview_label), "centimetres"));
  g_assert_nonnull (strstr (gtk_label_get_text (editor->preview_label), "2 channels of "));
  g_assert_cmpstr (inion_channel_row_get_text (get_row (editor, 0), INION_CHANNEL_COLUMN_X), ==, "");
  activate (editor, "dialog.use-positions");
  g_assert_cmpstr (inion_channel_row_get_text (get_row (editor, 0), INION_CHANNEL_COLUMN_X), ==,
                   "-30.0");
  inion_channel_row_set_text (get_row (editor, 1), INION_CHANNEL_COLUMN_Z, "");
  g_assert_false (can (editor, "accept"));
  inion_channel_row_set_text (get_row (editor, 1), INION_CHANNEL_COLUMN_Z, "91,5");
  g_assert_true (can (editor, "accept"));
  activate (editor, "dialog.accept");
  gui_settle (gui);
  info = inion_channel_get_info (
    inion_recording_get_channel (inion_view_state_get_recording (gui->state), 1));
  g_assert_true (info->has_position);
  g_assert_cmpfloat_with_epsilon (info->position[2], 0.0915, 1e-9);
}

/* Where a picture is wanted, INION_GUI_PICTURES names the folder. */
static void
test_look (void)
{
  const char *folder = g_getenv ("INION_GUI_PICTURES");
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  InionChannelsDialog *editor;
  GtkRequisition least;

  gui_open (gui, path);
  editor = open_editor (gui);
  gtk_selection_model_select_range (editor->selection, 2, 2, TRUE);
  gui_wait_frames (gui, 3);
  gtk_widget_get_preferred_size (GTK_WIDGET (editor->dialog), &least, NULL);
  g_assert_cmpint (least.width, <=, 1024);
  g_assert_cmpint (least.height, <=, 700);
  if (folder == NULL)
    return;
  for (guint look = 0; look < 3; look++)
    {
      gboolean dark = look == 1;
      g_autofree char *name = g_strdup_printf ("channels-%u.png", look);
      g_autofree char *png = g_build_filename (folder, name, NULL);
      g_autoptr (GdkPaintable) paintable = NULL;
      g_autoptr (GdkTexture) texture = NULL;
      GtkSnapshot *snapshot;
      GskRenderNode *node;

      adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                          dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                               : ADW_COLOR_SCHEME_FORCE_LIGHT);
      if (look == 2)
        {
          g_autofree char *sfp = gui_path (gui, "cap.sfp");

          gtk_window_set_default_size (editor->dialog, 900, 560);
          g_assert_true (g_file_set_contents (sfp, "Fc5 -7 3 5\nFz 0 6 7\nC3 -6 0 6\n", -1, NULL));
          gtk_widget_activate_action (GTK_WIDGET (editor->dialog), "dialog.read-positions-from",
                                      "s", sfp);
        }
      gui_wait_frames (gui, 20);
      paintable = gtk_widget_paintable_new (GTK_WIDGET (editor->dialog));
      snapshot = gtk_snapshot_new ();
      gdk_paintable_snapshot (paintable, snapshot, gdk_paintable_get_intrinsic_width (paintable),
                              gdk_paintable_get_intrinsic_height (paintable));
      node = gtk_snapshot_free_to_node (snapshot);
      texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (editor->dialog)),
                                             node, NULL);
      gsk_render_node_unref (node);
      g_assert_true (gdk_texture_save_to_png (texture, png));
    }
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/channels/rename", test_rename);
  g_test_add_func ("/gui/channels/model", test_model);
  g_test_add_func ("/gui/channels/many", test_many);
  g_test_add_func ("/gui/channels/positions", test_positions);
  g_test_add_func ("/gui/channels/look", test_look);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
