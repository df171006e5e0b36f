/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cutting, joining and snapping marks, and finding what is not marked. */

#include "annotation/marking.h"
#include "annotation/palette-named.h"
#include "core/error.h"

#include <math.h>

static const char *const cz[] = { "Cz", NULL };

static InionAnnotation *
mark_new (gint64             id,
          gint64             onset,
          gint64             duration,
          const char        *label,
          const char *const *channels)
{
  return inion_annotation_new (id, onset, duration, label, channels, "ada", INION_ORIGIN_PERSON,
                               0.5, "a word");
}

static void
test_split (void)
{
  g_autoptr (InionAnnotation) mark = mark_new (7, 100, 50, "spindle", cz);
  g_autoptr (InionAnnotation) before = NULL, after = NULL;

  g_assert_false (inion_annotation_split (mark, 100, &before, &after));
  g_assert_false (inion_annotation_split (mark, 150, &before, &after));
  g_assert_true (inion_annotation_split (mark, 120, &before, &after));
  g_assert_cmpint (inion_annotation_get_id (before), ==, 7);
  g_assert_cmpint (inion_annotation_get_onset_ns (before), ==, 100);
  g_assert_cmpint (inion_annotation_get_duration_ns (before), ==, 20);
  g_assert_cmpint (inion_annotation_get_id (after), ==, 0);
  g_assert_cmpint (inion_annotation_get_onset_ns (after), ==, 120);
  g_assert_cmpint (inion_annotation_get_duration_ns (after), ==, 30);
  g_assert_cmpstr (inion_annotation_get_channels (after)[0], ==, "Cz");
  g_assert_cmpstr (inion_annotation_get_comment (after), ==, "a word");
}

static void
test_merge (void)
{
  g_autoptr (InionAnnotationSet) set = inion_annotation_set_new ();
  g_autoptr (GPtrArray) marks = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionAnnotation) joined = NULL;

  g_ptr_array_add (marks, mark_new (1, 100, 50, "spindle", NULL));
  g_assert_null (inion_annotations_merge (marks, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_clear_error (&error);
  g_ptr_array_add (marks, mark_new (2, 300, 20, "spindle", NULL));
  joined = inion_annotations_merge (marks, &error);
  g_assert_no_error (error);
  g_assert_cmpint (inion_annotation_get_id (joined), ==, 1);
  g_assert_cmpint (inion_annotation_get_onset_ns (joined), ==, 100);
  g_assert_cmpint (inion_annotation_get_duration_ns (joined), ==, 220);
  g_ptr_array_add (marks, mark_new (3, 200, 20, "spindle", cz));
  g_assert_null (inion_annotations_merge (marks, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);

  /* The next that can be joined has the same label and channels. */
  for (guint i = 0; i < marks->len; i++)
    inion_annotation_set_add (set, marks->pdata[i]);
  g_assert_true (inion_annotation_set_find_joinable (set, marks->pdata[0]) == marks->pdata[1]);
  g_assert_null (inion_annotation_set_find_joinable (set, marks->pdata[1]));
}

static void
test_snap (void)
{
  g_autoptr (InionAnnotationSet) set = inion_annotation_set_new ();
  g_autoptr (InionAnnotation) a = mark_new (1, 1000, 500, "a", NULL);
  g_autoptr (InionAnnotation) b = mark_new (2, 1530, 0, "b", NULL);

  inion_annotation_set_add (set, a);
  inion_annotation_set_add (set, b);
  g_assert_cmpint (inion_annotation_set_snap (set, 1010, 20, 0), ==, 1000);
  g_assert_cmpint (inion_annotation_set_snap (set, 980, 20, 0), ==, 1000);
  g_assert_cmpint (inion_annotation_set_snap (set, 979, 20, 0), ==, 979);
  g_assert_cmpint (inion_annotation_set_snap (set, 1510, 40, 0), ==, 1500);
  g_assert_cmpint (inion_annotation_set_snap (set, 1520, 40, 0), ==, 1530);
  g_assert_cmpint (inion_annotation_set_snap (set, 1520, 40, 2), ==, 1500);
}

static void
test_unmarked (void)
{
  g_autoptr (InionAnnotationSet) set = inion_annotation_set_new ();
  g_autoptr (InionAnnotation) stage = mark_new (1, 0, 60, "N2", NULL);
  g_autoptr (InionAnnotation) suggestion =
    inion_annotation_new (2, 65, 5, "spindle", NULL, "detector", INION_ORIGIN_MODEL, 0.9, NULL);
  gint64 found = -1;

  g_assert_true (inion_annotation_set_find_unmarked (set, 0, 30, 100, &found));
  g_assert_cmpint (found, ==, 0);
  inion_annotation_set_add (set, stage);
  g_assert_true (inion_annotation_set_find_unmarked (set, 0, 30, 100, &found));
  g_assert_cmpint (found, ==, 60);
  /* What nobody accepted marks nothing. */
  inion_annotation_set_add (set, suggestion);
  g_assert_true (inion_annotation_set_find_unmarked (set, 0, 30, 100, &found));
  g_assert_cmpint (found, ==, 60);
  /* The last page has 10 of 30: it does not count. */
  g_assert_false (inion_annotation_set_find_unmarked (set, 90, 30, 100, &found));
}

/* Keys and names are each once in a palette, and colours are told apart. */
static void
test_palettes (void)
{
  const char *const *names = inion_palette_get_names ();

  g_assert_cmpuint (g_strv_length ((char **) names), >=, 5);
  g_assert_null (inion_palette_new_named ("no such palette"));
  for (gsize p = 0; names[p] != NULL; p++)
    {
      g_autoptr (InionPalette) palette = inion_palette_new_named (names[p]);
      g_autoptr (GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr (GHashTable) colors = g_hash_table_new (NULL, NULL);
      guint n = g_list_model_get_n_items (G_LIST_MODEL (palette));

      g_assert_nonnull (inion_palette_get_title_for (names[p]));
      g_assert_cmpuint (n, >=, 8);
      for (guint i = 0; i < n; i++)
        {
          g_autoptr (InionLabel) label = g_list_model_get_item (G_LIST_MODEL (palette), i);

          g_assert_true (g_hash_table_add (keys, (gpointer) inion_label_get_key (label)));
          g_assert_true (g_hash_table_add (colors,
                                           GUINT_TO_POINTER (inion_label_get_color (label))));
        }
    }
}

/* A blink stays an artifact while stages are marked. */
static void
test_artifacts (void)
{
  g_autoptr (InionPalette) stages = inion_palette_new_named ("stages");

  g_assert_true (inion_palette_is_artifact (stages, "blink"));
  g_assert_false (inion_palette_is_artifact (stages, "event"));
  g_assert_false (inion_palette_is_artifact (stages, "N2"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/annotation/marking/split", test_split);
  g_test_add_func ("/annotation/marking/merge", test_merge);
  g_test_add_func ("/annotation/marking/snap", test_snap);
  g_test_add_func ("/annotation/marking/unmarked", test_unmarked);
  g_test_add_func ("/annotation/marking/palettes", test_palettes);
  g_test_add_func ("/annotation/marking/artifacts", test_artifacts);
  return g_test_run ();
}
