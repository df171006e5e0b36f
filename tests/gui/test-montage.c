/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The montage editor: text and list are one montage, kept in the study as one step of undo. */

#include "gui-fixture.h"

#include "app/montage/montage-private.h"
#include "study/study-montages.h"

#include <string.h>

static InionMontageDialog *
find_editor (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);
      InionMontageDialog *editor = g_object_get_data (G_OBJECT (window), "inion-montage");

      if (editor != NULL)
        return editor;
    }
  return NULL;
}

static InionMontageDialog *
open_editor (Gui        *gui,
             const char *name)
{
  InionMontageDialog *editor;

  gui_activate (gui, "win.edit-montage", "s", name);
  editor = find_editor ();
  g_assert_nonnull (editor);
  gui_wait_until (gtk_widget_get_mapped (GTK_WIDGET (editor->dialog)), 5);
  return editor;
}

static void
type (InionMontageDialog *editor,
      const char         *text)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (editor->text_view), text, -1);
}

static void
assert_text (InionMontageDialog *editor,
             const char         *expected)
{
  g_autofree char *text = _inion_montage_writer_dup_text (editor);

  g_assert_cmpstr (text, ==, expected);
}

static gboolean
can (InionMontageDialog *editor,
     const char         *action)
{
  return g_action_get_enabled (g_action_map_lookup_action (editor->actions, action));
}

static void
activate (InionMontageDialog *editor,
          const char         *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (editor->dialog), action, NULL));
}

static const char *
montage_id (Gui *gui)
{
  return inion_montage_get_id (inion_view_state_get_montage (gui->state));
}

static guint
count_rows (InionMontageDialog *editor)
{
  guint n = 0;

  while (gtk_list_box_get_row_at_index (editor->list, (int) n) != NULL)
    n++;
  return n;
}

/* From what is on the page to a montage of one's own, and back. */
static void
test_write (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  InionMontageDialog *editor;
  InionStudy *study;
  g_autofree char *kept = NULL, *gone = NULL;

  gui_open (gui, path);
  study = inion_view_state_get_study (gui->state);
  gui_activate (gui, "win.set-montage", "s", "neonatal");
  editor = open_editor (gui, "");
  assert_text (editor, "Fp1-T7\nT7-O1\n\nFp1-C3\nC3-O1\n\nFp2-C4\nC4-O2\n\nFp2-T8\nT8-O2\n\n"
                       "T7-C3\nC3-Cz\nCz-C4\nC4-T8\n\nFz-Cz\nCz-Pz\n");
  g_assert_true (can (editor, "accept"));
  gui_wait_until (count_rows (editor) == 14 + 5, 5);

  type (editor, "C3-C4\nCz -\nC3-X9\n");
  g_assert_false (can (editor, "accept"));
  g_assert_cmpstr (gtk_label_get_text (editor->status), ==,
                   "Line 2, character 5: A channel is missing here.");
  type (editor, "C3-C4\nX = Cz - avg ; #c01c28\nC3-X9\n");
  g_assert_true (can (editor, "accept"));
  g_assert_cmpstr (gtk_label_get_text (editor->status), ==, "2 derivations; without C3-X9 (no X9)");
  gtk_editable_set_text (editor->name, "");
  g_assert_false (can (editor, "accept"));
  gtk_editable_set_text (editor->name, "Vertex");
  activate (editor, "dialog.accept");
  gui_settle (gui);

  g_assert_null (find_editor ());
  g_assert_cmpstr (montage_id (gui), ==, "own:Vertex");
  g_assert_cmpuint (inion_montage_get_n_derivations (inion_view_state_get_montage (gui->state)), ==,
                    2);
  kept = inion_study_dup_montage (study, "Vertex");
  g_assert_cmpstr (kept, ==, "C3-C4\nX = Cz - avg ; #c01c28\nC3-X9\n");
  g_assert_cmpstr (inion_study_get_undo_title (study), ==, "Montage Vertex");
  gui_activate (gui, "win.undo", NULL);
  gui_settle (gui);
  g_assert_cmpstr (montage_id (gui), ==, "neonatal");
  gone = inion_study_dup_montage (study, "Vertex");
  g_assert_null (gone);
  gui_activate (gui, "win.redo", NULL);
  gui_settle (gui);
  g_assert_cmpstr (montage_id (gui), ==, "own:Vertex");
  gui_close_window (gui);
  gui_open_window (gui);
  gui_open (gui, path);
  g_assert_cmpstr (montage_id (gui), ==, "own:Vertex");
}

/* The list writes into the text. */
static void
test_list (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  InionMontageDialog *editor;
  GtkWidget *dialog;

  gui_open (gui, path);
  editor = open_editor (gui, "");
  dialog = GTK_WIDGET (editor->dialog);
  type (editor, "# head\nC3-C4\nF3-F4\n\nO1-O2\n");
  gui_wait_until (count_rows (editor) == 4, 5);
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.move-line", "(uu)", 5, 2));
  assert_text (editor, "# head\nO1-O2\nC3-C4\nF3-F4\n\n");
  g_assert_cmpuint (count_rows (editor), ==, 4);
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.insert-gap", "u", 4));
  assert_text (editor, "# head\nO1-O2\nC3-C4\n\nF3-F4\n\n");
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.hide-line", "(ub)", 3, TRUE));
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.color-line", "(us)", 2, "#1a5fb4"));
  assert_text (editor, "# head\nO1-O2 ; #1a5fb4\nC3-C4 ; hidden\n\nF3-F4\n\n");
  g_assert_nonnull (strstr (gtk_label_get_text (editor->status), "2 derivations, 1 hidden"));
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.remove-line", "u", 4));
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.color-line", "(us)", 2, ""));
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.hide-line", "(ub)", 3, FALSE));
  assert_text (editor, "# head\nO1-O2\nC3-C4\nF3-F4\n\n");
  /* The text has its own undo. */
  gtk_text_buffer_undo (gtk_text_view_get_buffer (editor->text_view));
  assert_text (editor, "# head\nO1-O2\nC3-C4 ; hidden\nF3-F4\n\n");
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.start-from", "s", "cz"));
  g_assert_nonnull (strstr (gtk_label_get_text (editor->status), "63 derivations"));
  gtk_window_destroy (editor->dialog);
  gui_settle (gui);
  g_assert_cmpstr (montage_id (gui), ==, "as-recorded");
}

static gboolean
press_tab (InionMontageDialog *editor)
{
  GtkEventController *keys = NULL;
  g_autoptr (GListModel) controllers =
    gtk_widget_observe_controllers (GTK_WIDGET (editor->text_view));
  gboolean handled = FALSE;

  for (guint i = 0; keys == NULL && i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) one = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (one) &&
          gtk_event_controller_get_propagation_phase (one) == GTK_PHASE_CAPTURE)
        keys = one;
    }
  g_assert_nonnull (keys);
  g_signal_emit_by_name (keys, "key-pressed", GDK_KEY_Tab, 0, 0, &handled);
  return handled;
}

/* Names that fit what is typed, without their case. */
static void
test_complete (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  InionMontageDialog *editor;
  GtkTextBuffer *buffer;
  GtkWidget *first;

  gui_open (gui, path);
  editor = open_editor (gui, "");
  buffer = gtk_text_view_get_buffer (editor->text_view);
  type (editor, "");
  gtk_text_buffer_insert_at_cursor (buffer, "C3-fp", -1);
  first = gtk_widget_get_first_child (GTK_WIDGET (editor->completions));
  g_assert_true (GTK_IS_BUTTON (first));
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (first)), ==, "Fp1");
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (gtk_widget_get_next_sibling (first))), ==,
                   "Fpz");
  g_signal_emit_by_name (first, "clicked");
  assert_text (editor, "C3-Fp1");
  gtk_text_buffer_insert_at_cursor (buffer, "\nc3-po", -1);
  g_assert_true (press_tab (editor));
  assert_text (editor, "C3-Fp1\nc3-PO7");
  gtk_text_buffer_insert_at_cursor (buffer, "\n", -1);
  g_assert_false (press_tab (editor));
  g_assert_false (GTK_IS_BUTTON (gtk_widget_get_first_child (GTK_WIDGET (editor->completions))));
  gtk_window_destroy (editor->dialog);
}

static const char *const mtg =
  "<?xml version=\"1.0\"?>\n<EDFbrowser_montage>\n<signalcomposition>\n<alias>Left</alias>"
  "<voltpercm>100</voltpercm><signal><label>Fp1.</label><factor>1</factor></signal>"
  "<signal><label>F7..</label><factor>-1</factor></signal></signalcomposition>\n"
  "<pagetime>100000000</pagetime>\n</EDFbrowser_montage>\n";

/* From EDFbrowser to all recordings: what was left out is said. */
static void
test_import (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  g_autofree char *other = gui_copy_sample (gui, "S007R08.edf");
  g_autofree char *file = gui_path (gui, "ward.mtg");
  g_autofree char *broken = gui_path (gui, "broken.mtg");
  g_autofree char *out = gui_path (gui, "out.montage");
  g_autofree char *everywhere = NULL, *text = NULL, *gone = NULL;
  InionMontageDialog *editor;

  g_assert_true (g_file_set_contents (file, mtg, -1, NULL));
  g_assert_true (g_file_set_contents (broken, "<x>", -1, NULL));
  gui_open (gui, path);
  gui_activate (gui, "win.import-montage-from", "s", broken);
  g_assert_null (find_editor ());
  gui_activate (gui, "win.import-montage-from", "s", file);
  editor = find_editor ();
  g_assert_nonnull (editor);
  assert_text (editor, "\"Left\" = Fp1-F7\n");
  g_assert_cmpstr (gtk_editable_get_text (editor->name), ==, "ward");
  g_assert_cmpstr (gtk_label_get_text (editor->notes), ==,
                   "Not taken over: the length of the page (10 s), the sensitivity (10 units/mm).");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (editor->dialog), "dialog.write-to", "s",
                                             out));
  g_assert_true (g_file_get_contents (out, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "\"Left\" = Fp1-F7\n");
  gtk_switch_set_active (editor->everywhere, TRUE);
  activate (editor, "dialog.accept");
  gui_settle (gui);
  g_assert_cmpstr (montage_id (gui), ==, "own:ward");

  /* Another recording finds it by its key, and its study keeps a copy. */
  gui_open (gui, other);
  g_assert_cmpstr (montage_id (gui), ==, "as-recorded");
  gui_activate (gui, "win.set-own-montage", "i", 0);
  gui_settle (gui);
  g_assert_cmpstr (montage_id (gui), ==, "own:ward");
  g_assert_null (gui_find_label (GTK_WIDGET (gui->window), "ward: "));
  everywhere = inion_study_dup_montage (inion_view_state_get_study (gui->state), "ward");
  g_assert_cmpstr (everywhere, ==, "\"Left\" = Fp1-F7\n");
  gui_activate (gui, "win.set-own-montage", "i", 5);
  g_assert_cmpstr (montage_id (gui), ==, "own:ward");

  /* Removed: the page is as recorded again. */
  editor = open_editor (gui, "ward");
  g_assert_true (gtk_switch_get_active (editor->everywhere));
  activate (editor, "dialog.remove");
  gui_settle (gui);
  g_assert_cmpstr (montage_id (gui), ==, "as-recorded");
  gone = inion_montage_folder_dup_text (NULL, "ward");
  g_assert_null (gone);
  gui_activate (gui, "win.undo", NULL);
  gui_settle (gui);
  g_assert_cmpstr (montage_id (gui), ==, "own:ward");
}

/* Another name is the same montage renamed. */
static void
test_rename (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  g_autofree char *old = NULL, *text = NULL;
  InionMontageDialog *editor;
  InionStudy *study;

  gui_open (gui, path);
  study = inion_view_state_get_study (gui->state);
  inion_study_set_montage (study, "A", "C3-C4\n", "Montage A");
  editor = open_editor (gui, "A");
  assert_text (editor, "C3-C4\n");
  gtk_editable_set_text (editor->name, "B");
  activate (editor, "dialog.accept");
  gui_settle (gui);
  g_assert_cmpstr (montage_id (gui), ==, "own:B");
  old = inion_study_dup_montage (study, "A");
  text = inion_study_dup_montage (study, "B");
  g_assert_null (old);
  g_assert_cmpstr (text, ==, "C3-C4\n");
}

/* The bar says in what the page counts, and its tooltip what the montage is made of. */
static void
test_bar (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  GtkWidget *bar, *button;
  const char *tooltip;

  gui_open (gui, path);
  /* What is missing of a table is said when it is chosen. */
  gui_activate (gui, "win.set-montage", "s", "tcp");
  gui_wait_until (gui_find_label (GTK_WIDGET (gui->window), "without A1-T7, T8-A2 (no A1, A2)") !=
                  NULL, 5);
  bar = GTK_WIDGET (gui_part (gui, "bottom_bar"));
  button = gui_find_type (bar, GTK_TYPE_MENU_BUTTON);
  g_assert_nonnull (gui_find_label (bar, "µV/mm"));
  gui_activate (gui, "win.set-montage", "s", "csd");
  gui_settle (gui);
  g_assert_nonnull (gui_find_label (bar, "mV/m²/mm"));
  g_assert_null (gui_find_label (bar, "µV/mm"));
  inion_view_state_set_bad (gui->state, "Cz", TRUE);
  gui_activate (gui, "win.set-montage", "s", "average");
  gui_settle (gui);
  tooltip = gtk_widget_get_tooltip_text (button);
  g_assert_nonnull (strstr (tooltip, "average of 63 channels, without Cz (bad)"));
  g_assert_nonnull (strstr (tooltip, "Reference: FC5, FC3, FC1, FCz"));
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/montage/write", test_write);
  g_test_add_func ("/gui/montage/list", test_list);
  g_test_add_func ("/gui/montage/complete", test_complete);
  g_test_add_func ("/gui/montage/import", test_import);
  g_test_add_func ("/gui/montage/rename", test_rename);
  g_test_add_func ("/gui/montage/bar", test_bar);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
