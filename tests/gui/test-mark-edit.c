/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks that are moved, cut, joined, stamped on pages and channels, edited and renamed. */

#include "gui-keys.h"

#include "study/study.h"

#include <math.h>

static InionStudy *
get_study (Gui *gui)
{
  return inion_view_state_get_study (gui->state);
}

static gint64
add_mark (Gui        *gui,
          const char *label,
          double      from_s,
          double      to_s)
{
  g_autoptr (InionAnnotation) mark =
    inion_annotation_new (0, (gint64) (from_s * 1e9), (gint64) ((to_s - from_s) * 1e9), label, NULL,
                          "ada", INION_ORIGIN_PERSON, NAN, NULL);

  return inion_study_add_annotation (get_study (gui), mark);
}

static InionAnnotation *
look_up (Gui    *gui,
         gint64  id)
{
  return inion_annotation_set_lookup (inion_study_get_annotations (get_study (gui)), id);
}

static double
onset (Gui    *gui,
       gint64  id)
{
  return (double) inion_annotation_get_onset_ns (look_up (gui, id)) / 1e9;
}

static double
end (Gui    *gui,
     gint64  id)
{
  return (double) inion_annotation_get_end_ns (look_up (gui, id)) / 1e9;
}

static Gui *
open_sample (void)
{
  Gui *gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");

  gui_open (gui, path);
  return gui;
}

/* From a place of the trace view to another, by the real pointer. */
static void
drag (Gui    *gui,
      double  from_s,
      double  to_s,
      int     y)
{
  graphene_point_t point;
  double inset_x, inset_y;
  int from, to;

  gtk_native_get_surface_transform (GTK_NATIVE (gui->window), &inset_x, &inset_y);
  g_assert_true (gtk_widget_compute_point (GTK_WIDGET (gui->traces), GTK_WIDGET (gui->window),
                                           graphene_point_zero (), &point));
  from = (int) round (inset_x + point.x + inion_trace_view_time_to_x (gui->traces, from_s));
  to = (int) round (inset_x + point.x + inion_trace_view_time_to_x (gui->traces, to_s));
  y += (int) (inset_y + point.y);
  gui_xdotool ("mousemove %d %d mousedown 1", from, y);
  for (int step = 1; step <= 4; step++)
    gui_xdotool ("mousemove %d %d", from + (to - from) * step / 4, y);
  gui_xdotool ("mouseup 1");
}

static void
test_drag (void)
{
  g_autoptr (Gui) gui = NULL;
  gint64 id, other;
  double selected_from, selected_to;

  if (!gui_has_keys ())
    return;
  gui = open_sample ();
  id = add_mark (gui, "blink", 2, 3);
  other = add_mark (gui, "muscle", 6, 7);
  gui_settle (gui);

  /* The name moves it, and its length stays to the nanosecond. */
  drag (gui, 2.5, 4.5, 26);
  gui_wait_until (onset (gui, id) > 3.5, 20);
  g_assert_cmpfloat_with_epsilon (onset (gui, id), 4.0, 0.05);
  g_assert_cmpint (inion_annotation_get_duration_ns (look_up (gui, id)), ==, 1000000000);
  g_assert_cmpstr (inion_study_get_undo_title (get_study (gui)), ==, "Move blink");
  g_assert_cmpint (inion_view_state_get_selected_mark (gui->state), ==, id);

  /* Selected, its edge can be held over the traces too; near another mark it snaps to that. */
  gui_settle (gui);
  drag (gui, 5.0, 5.97, 300);
  gui_wait_until (end (gui, id) > 5.5, 20);
  g_assert_cmpfloat (end (gui, id), ==, 6.0);
  g_assert_cmpstr (inion_study_get_undo_title (get_study (gui)), ==, "Change the length of blink");

  /* A mark that is not selected is not in the way of choosing a stretch. */
  gui_settle (gui);
  drag (gui, 6.5, 8.5, 300);
  gui_wait_until (inion_view_state_get_selection (gui->state, &selected_from, &selected_to), 20);
  g_assert_cmpfloat (onset (gui, other), ==, 6.0);
  g_assert_cmpfloat (end (gui, other), ==, 7.0);

  /* Keys: Shift marks the page, Ctrl the channels under the pointer. */
  gui_focus ("S007R04.edf");
  gui_xdotool ("key ctrl+7");
  gui_wait_until (gui_count_marks (gui, "artifact", FALSE) == 1, 20);
  g_assert_nonnull (inion_annotation_get_channels (
    look_up (gui, inion_view_state_get_selected_mark (gui->state))));
  gui_xdotool ("key shift+7");
  gui_wait_until (gui_count_marks (gui, "artifact", FALSE) == 2, 20);
  g_assert_cmpint (inion_annotation_get_duration_ns (
                     look_up (gui, inion_view_state_get_selected_mark (gui->state))),
                   ==, 10000000000);
  for (int i = 0; i < 4; i++)
    gui_activate (gui, "win.undo", NULL);
  g_assert_cmpfloat (onset (gui, id), ==, 2.0);
  g_assert_cmpfloat (end (gui, id), ==, 3.0);
}

static void
test_cut_and_join (void)
{
  g_autoptr (Gui) gui = open_sample ();
  gint64 id = add_mark (gui, "muscle", 2, 6);

  inion_view_state_set_selected_mark (gui->state, id);
  inion_view_state_set_cursor (gui->state, 3.0, 0);
  gui_activate (gui, "win.split-mark", NULL);
  g_assert_cmpuint (gui_count_marks (gui, "muscle", FALSE), ==, 2);
  g_assert_cmpfloat (end (gui, id), ==, 3.0);
  gui_activate (gui, "win.join-mark", NULL);
  g_assert_cmpuint (gui_count_marks (gui, "muscle", FALSE), ==, 1);
  g_assert_cmpfloat (end (gui, id), ==, 6.0);
  /* Nothing to join, and nothing to cut outside: nothing happens. */
  gui_activate (gui, "win.join-mark", NULL);
  inion_view_state_set_cursor (gui->state, 9.0, 0);
  gui_activate (gui, "win.split-mark", NULL);
  g_assert_cmpuint (gui_count_marks (gui, "muscle", FALSE), ==, 1);
  gui_activate (gui, "win.undo", NULL);
  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpuint (gui_count_marks (gui, "muscle", FALSE), ==, 1);
  g_assert_cmpfloat (end (gui, id), ==, 6.0);
}

/* A page at a time, each time the next that is not marked; stages one an epoch. */
static void
test_pages (void)
{
  g_autoptr (Gui) gui = open_sample ();
  InionAnnotation *mark;

  add_mark (gui, "event", 12, 13);
  gui_activate (gui, "win.annotate-page", "s", "artifact");
  g_assert_cmpuint (gui_count_marks (gui, "artifact", FALSE), ==, 1);
  mark = look_up (gui, inion_view_state_get_selected_mark (gui->state));
  g_assert_cmpint (inion_annotation_get_onset_ns (mark), ==, 0);
  g_assert_cmpint (inion_annotation_get_duration_ns (mark), ==, 10000000000);
  g_assert_cmpfloat (inion_view_state_get_from (gui->state), ==, 20.0);
  gui_activate (gui, "win.start", NULL);
  gui_activate (gui, "win.next-unmarked", NULL);
  g_assert_cmpfloat (inion_view_state_get_from (gui->state), ==, 20.0);

  gui_activate (gui, "win.set-palette", "s", "stages");
  gui_activate (gui, "win.go-to", "d", 62.0);
  inion_view_state_set_from (gui->state, 62.0);
  gui_activate (gui, "win.annotate-page", "s", "N2");
  g_assert_cmpuint (gui_count_marks (gui, "N2", FALSE), ==, 1);
  inion_view_state_set_from (gui->state, 62.0);
  gui_activate (gui, "win.annotate-page", "s", "N3");
  g_assert_cmpuint (gui_count_marks (gui, "N2", FALSE), ==, 0);
  g_assert_cmpuint (gui_count_marks (gui, "N3", FALSE), ==, 1);
  mark = look_up (gui, inion_view_state_get_selected_mark (gui->state));
  g_assert_cmpint (inion_annotation_get_onset_ns (mark), ==, 60000000000);
  g_assert_cmpint (inion_annotation_get_duration_ns (mark), ==, 30000000000);
  /* One step each: the old stage is back, and then the old labels. */
  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpuint (gui_count_marks (gui, "N2", FALSE), ==, 1);
  gui_activate (gui, "win.undo", NULL);
  gui_activate (gui, "win.undo", NULL);
  g_assert_nonnull (inion_palette_find (inion_study_get_palette (get_study (gui)), "blink"));
}

static void
test_channels (void)
{
  g_autoptr (Gui) gui = open_sample ();
  InionAnnotation *mark;

  gui_activate (gui, "win.set-montage", "s", "longitudinal");
  gui_settle (gui);
  inion_view_state_set_cursor (gui->state, 3.0, 0);
  inion_view_state_select (gui->state, 2.0, 3.0);
  gui_activate (gui, "win.annotate-channels", "s", "blink");
  mark = look_up (gui, inion_view_state_get_selected_mark (gui->state));
  g_assert_nonnull (mark);
  /* Fp1-F7: both electrodes. */
  g_assert_cmpuint (g_strv_length ((char **) inion_annotation_get_channels (mark)), ==, 2);
}

static GtkEditable *
find_row (GtkWindow  *dialog,
          const char *name)
{
  GtkWidget *found = NULL;
  GQueue widgets = G_QUEUE_INIT;

  g_queue_push_tail (&widgets, dialog);
  while (!g_queue_is_empty (&widgets) && found == NULL)
    {
      GtkWidget *widget = g_queue_pop_head (&widgets);

      if (g_str_equal (gtk_widget_get_name (widget), name))
        found = widget;
      for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
           child = gtk_widget_get_next_sibling (child))
        g_queue_push_tail (&widgets, child);
    }
  g_queue_clear (&widgets);
  g_assert_nonnull (found);
  return GTK_EDITABLE (found);
}

static GtkWindow *
find_mark_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (g_strcmp0 (gtk_window_get_title (window), "Mark") == 0)
        return window;
    }
  return NULL;
}

static void
test_dialog (void)
{
  g_autoptr (Gui) gui = open_sample ();
  gint64 id = add_mark (gui, "blink", 2, 3);
  GtkWindow *dialog;
  InionAnnotation *mark;

  inion_view_state_set_selected_mark (gui->state, id);
  gui_activate (gui, "win.edit-mark", NULL);
  gui_wait_until (find_mark_dialog () != NULL, 10);
  dialog = find_mark_dialog ();
  gtk_editable_set_text (find_row (dialog, "duration"), "a while");
  gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.accept", NULL);
  g_assert_nonnull (gui_find_label (GTK_WIDGET (dialog), "Write the duration in seconds"));
  gtk_editable_set_text (find_row (dialog, "duration"), "0.25");
  gtk_editable_set_text (find_row (dialog, "channels"), "fp1, nowhere");
  gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.accept", NULL);
  g_assert_nonnull (gui_find_label (GTK_WIDGET (dialog), "no channel “nowhere”"));
  gtk_editable_set_text (find_row (dialog, "channels"), "fp1");
  gtk_editable_set_text (find_row (dialog, "start"), "+0:04.5");
  gtk_editable_set_text (find_row (dialog, "comment"), "a double one");
  gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.accept", NULL);
  gui_wait_until (find_mark_dialog () == NULL, 10);
  mark = look_up (gui, id);
  g_assert_cmpint (inion_annotation_get_onset_ns (mark), ==, 4500000000);
  g_assert_cmpint (inion_annotation_get_duration_ns (mark), ==, 250000000);
  g_assert_cmpstr (inion_annotation_get_channels (mark)[0], ==, "Fp1");
  g_assert_cmpstr (inion_annotation_get_comment (mark), ==, "a double one");
  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpint (inion_annotation_get_onset_ns (look_up (gui, id)), ==, 2000000000);
}

static void
test_many (void)
{
  g_autoptr (Gui) gui = open_sample ();

  for (int i = 0; i < 5; i++)
    add_mark (gui, "blink", i, i + 0.5);
  gui_activate (gui, "win.random-mark", NULL);
  g_assert_cmpint (inion_view_state_get_selected_mark (gui->state), !=, 0);
  gui_activate (gui, "win.rename-marks", "(ss)", "blink", "eye movement");
  g_assert_cmpuint (gui_count_marks (gui, "eye movement", FALSE), ==, 5);
  gui_activate (gui, "win.delete-marks", "s", "eye movement");
  g_assert_cmpuint (gui_count_marks (gui, "eye movement", FALSE), ==, 0);
  gui_activate (gui, "win.undo", NULL);
  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpuint (gui_count_marks (gui, "blink", FALSE), ==, 5);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/mark-edit/drag", test_drag);
  g_test_add_func ("/gui/mark-edit/cut-and-join", test_cut_and_join);
  g_test_add_func ("/gui/mark-edit/pages", test_pages);
  g_test_add_func ("/gui/mark-edit/channels", test_channels);
  g_test_add_func ("/gui/mark-edit/dialog", test_dialog);
  g_test_add_func ("/gui/mark-edit/many", test_many);
}

int
main (int    argc,
      char **argv)
{
  return gui_main (argc, argv, add_tests);
}
