/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching a night's worth of marks in the left panel. */

#include "gui-picture.h"

#include "study/study.h"

#include <math.h>

#define N_MARKS 100000
#define N_RARE 8

typedef struct
{
  Gui *gui;
  InionAnnotationSet *set;
  GtkWidget *list;
  GtkEditable *search;
  GtkSingleSelection *selection;
  guint n_changes;
} Night;

static void
on_changed (Night *night)
{
  night->n_changes++;
}

static InionAnnotation *
mark_new (gint64      id,
          double      onset_s,
          const char *comment)
{
  static const char *const channels[] = { "Cz..", NULL };

  return inion_annotation_new (id, (gint64) (onset_s * 1e9), 100000000, id % 2 ? "spindle" : "artefact",
                               id % 1000 == 0 ? channels : NULL, "somebody", INION_ORIGIN_PERSON,
                               NAN, comment);
}

static void
night_open (Night *night)
{
  g_autoptr (GPtrArray) marks = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *path = NULL;

  *night = (Night) { .gui = gui_new () };
  path = gui_copy_sample (night->gui, "S007R04.edf");
  gui_open (night->gui, path);
  night->set = inion_study_get_annotations (inion_view_state_get_study (night->gui->state));
  inion_annotation_set_clear (night->set);
  for (gint64 id = 1; id <= N_MARKS; id++)
    g_ptr_array_add (marks, mark_new (id, 120.0 * (double) id / N_MARKS,
                                      id % (N_MARKS / N_RARE) == 3 ? "a Zebra of a wave" : NULL));
  inion_annotation_set_add_many (night->set, marks);
  night->list = gui_find_type (GTK_WIDGET (night->gui->window),
                               g_type_from_name ("InionMarksList"));
  g_assert_nonnull (night->list);
  night->search = GTK_EDITABLE (gui_find_type (night->list, GTK_TYPE_SEARCH_ENTRY));
  night->selection = GTK_SINGLE_SELECTION (gtk_list_view_get_model (
    GTK_LIST_VIEW (gui_find_type (night->list, GTK_TYPE_LIST_VIEW))));
  g_signal_connect_swapped (night->selection, "items-changed", G_CALLBACK (on_changed), night);
}

static void
night_close (Night *night)
{
  g_signal_handlers_disconnect_by_func (night->selection, on_changed, night);
  g_clear_pointer (&night->gui, gui_close);
}

static guint
n_rows (Night *night)
{
  return g_list_model_get_n_items (G_LIST_MODEL (night->selection));
}

/* Types a text; the list changes once. The old text goes after the new one came: an entry that is
 * empty meanwhile is answered at once. */
static void
look_for (Night      *night,
          const char *text)
{
  int position = 0;

  night->n_changes = 0;
  gtk_editable_insert_text (night->search, text, -1, &position);
  gtk_editable_delete_text (night->search, position, -1);
  gui_wait_until (night->n_changes > 0, 10);
  gui_wait_frames (night->gui, 3);
  g_assert_cmpuint (night->n_changes, ==, 1);
}

static void
test_find (void)
{
  Night night;

  night_open (&night);
  g_assert_cmpuint (n_rows (&night), ==, N_MARKS);
  look_for (&night, "zEBRA");
  g_assert_cmpuint (n_rows (&night), ==, N_RARE);
  g_assert_nonnull (gui_find_label (night.list, "8 marks"));
  look_for (&night, "cz");
  g_assert_cmpuint (n_rows (&night), ==, N_MARKS / 1000);
  look_for (&night, "SPIND");
  g_assert_cmpuint (n_rows (&night), ==, N_MARKS / 2);
  g_assert_null (gui_find_label (night.list, "No mark matches."));
  look_for (&night, "giraffe");
  g_assert_cmpuint (n_rows (&night), ==, 0);
  g_assert_nonnull (gui_find_label (night.list, "No mark matches."));
  g_assert_nonnull (gui_find_label (night.list, "0 marks"));
  look_for (&night, "");
  g_assert_cmpuint (n_rows (&night), ==, N_MARKS);
  g_assert_true (gtk_single_selection_get_model (night.selection) == G_LIST_MODEL (night.set));
  g_assert_null (gui_find_label (night.list, "No mark matches."));
  night_close (&night);
}

/* The mark that is selected on the traces is selected among what was found, and only if it was. */
static void
test_follow (void)
{
  Night night;

  night_open (&night);
  look_for (&night, "artefact");
  inion_view_state_set_selected_mark (night.gui->state, 70000);
  gui_wait_frames (night.gui, 3);
  g_assert_cmpuint (gtk_single_selection_get_selected (night.selection), ==, 34999);
  look_for (&night, "spindle");
  g_assert_cmpuint (gtk_single_selection_get_selected (night.selection), ==,
                    GTK_INVALID_LIST_POSITION);
  look_for (&night, "");
  g_assert_cmpuint (gtk_single_selection_get_selected (night.selection), ==, 69999);
  g_assert_cmpint (inion_view_state_get_selected_mark (night.gui->state), ==, 70000);
  night_close (&night);
}

/* What comes and goes meanwhile is found, too: once for all that changes before a frame. */
static void
test_change (void)
{
  Night night;

  night_open (&night);
  look_for (&night, "zebra");
  night.n_changes = 0;
  for (gint64 id = N_MARKS + 1; id <= N_MARKS + 50; id++)
    {
      g_autoptr (InionAnnotation) mark = mark_new (id, 1.0, "another zebra");

      g_assert_true (inion_annotation_set_add (night.set, mark));
    }
  g_assert_cmpuint (n_rows (&night), ==, N_RARE);
  gui_wait_until (night.n_changes > 0, 10);
  gui_wait_frames (night.gui, 3);
  g_assert_cmpuint (night.n_changes, ==, 1);
  g_assert_cmpuint (n_rows (&night), ==, N_RARE + 50);
  night.n_changes = 0;
  for (gint64 id = N_MARKS + 1; id <= N_MARKS + 50; id++)
    g_assert_true (inion_annotation_set_remove (night.set, id));
  /* Until the frame there is something in the place of what is gone. */
  for (guint i = 0; i < n_rows (&night); i++)
    {
      g_autoptr (InionAnnotation) mark =
        g_list_model_get_item (G_LIST_MODEL (night.selection), i);

      g_assert_true (INION_IS_ANNOTATION (mark));
    }
  gui_wait_until (n_rows (&night) == N_RARE, 10);
  gui_wait_frames (night.gui, 3);
  g_assert_cmpuint (night.n_changes, ==, 1);
  night_close (&night);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/search/find", test_find);
  g_test_add_func ("/gui/search/follow", test_follow);
  g_test_add_func ("/gui/search/change", test_change);
}

int
main (int    argc,
      char **argv)
{
  return gui_main (argc, argv, add_tests);
}
