/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The set against a plain sorted list, over thousands of random operations. */

#include "annotation/annotation-set.h"
#include "core/random.h"

#include <math.h>

static const char *const labels[] = { "blink", "muscle", "Spindle", "straße" };

/* A view of the model as items-changed describes it: must always equal the model. */
typedef struct
{
  GPtrArray *items;
  guint n_signals;
} Mirror;

static InionAnnotation *
make (gint64      id,
      gint64      onset,
      gint64      duration,
      const char *label)
{
  return inion_annotation_new (id, onset, duration, label, NULL, "ada", INION_ORIGIN_PERSON, NAN,
                               NULL);
}

static void
add (InionAnnotationSet *set,
     gint64              id,
     gint64              onset,
     gint64              duration,
     const char         *label)
{
  g_autoptr (InionAnnotation) annotation = make (id, onset, duration, label);

  g_assert_true (inion_annotation_set_add (set, annotation));
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  InionAnnotation *x = *(InionAnnotation *const *) a;
  InionAnnotation *y = *(InionAnnotation *const *) b;
  gint64 keys[3][2] = {
    { inion_annotation_get_onset_ns (x), inion_annotation_get_onset_ns (y) },
    { inion_annotation_get_end_ns (x), inion_annotation_get_end_ns (y) },
    { inion_annotation_get_id (x), inion_annotation_get_id (y) },
  };

  for (int i = 0; i < 3; i++)
    if (keys[i][0] != keys[i][1])
      return keys[i][0] < keys[i][1] ? -1 : 1;
  return 0;
}

static gboolean
overlaps (InionAnnotation *a,
          gint64           from,
          gint64           to)
{
  gint64 onset = inion_annotation_get_onset_ns (a);

  return onset < to && MAX (inion_annotation_get_end_ns (a), onset + 1) > from && from < to;
}

static void
on_items_changed (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  gpointer    data)
{
  Mirror *mirror = data;

  mirror->n_signals++;
  if (removed > 0)
    g_ptr_array_remove_range (mirror->items, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (mirror->items, (int) (position + i),
                        g_list_model_get_item (model, position + i));
}

static void
check_same (InionAnnotationSet *set,
            GPtrArray          *naive,
            Mirror             *mirror)
{
  g_ptr_array_sort (naive, compare);
  g_assert_cmpuint (inion_annotation_set_get_size (set), ==, naive->len);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (set)), ==, naive->len);
  g_assert_cmpuint (mirror->items->len, ==, naive->len);
  for (guint i = 0; i < naive->len; i++)
    {
      g_autoptr (InionAnnotation) item = g_list_model_get_item (G_LIST_MODEL (set), i);

      g_assert_true (item == naive->pdata[i]);
      g_assert_true (item == mirror->items->pdata[i]);
    }
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (set), naive->len));
}

static void
check_query (InionAnnotationSet *set,
             GPtrArray          *naive,
             gint64              from,
             gint64              to)
{
  g_autoptr (GPtrArray) found = inion_annotation_set_query (set, from, to);
  guint n = 0;

  for (guint i = 0; i < naive->len; i++)
    if (overlaps (naive->pdata[i], from, to))
      {
        g_assert_cmpuint (n, <, found->len);
        g_assert_true (found->pdata[n] == naive->pdata[i]);
        n++;
      }
  g_assert_cmpuint (found->len, ==, n);
  g_assert_cmpuint (inion_annotation_set_count_in (set, from, to), ==, n);
}

static void
check_neighbours (InionAnnotationSet *set,
                  GPtrArray          *naive,
                  gint64              time,
                  const char         *label)
{
  InionAnnotation *next = NULL;
  InionAnnotation *previous = NULL;

  for (guint i = 0; i < naive->len; i++)
    {
      InionAnnotation *a = naive->pdata[i];

      if (label != NULL && g_strcmp0 (inion_annotation_get_label (a), label) != 0)
        continue;
      if (inion_annotation_get_onset_ns (a) < time)
        previous = a;
      if (inion_annotation_get_onset_ns (a) > time && next == NULL)
        next = a;
    }
  g_assert_true (inion_annotation_set_next (set, time, label) == next);
  g_assert_true (inion_annotation_set_previous (set, time, label) == previous);
}

static InionAnnotation *
random_annotation (InionRandom *random,
                   gint64       id)
{
  gint64 onset = (gint64) inion_random_below (random, 500) - 50;
  gint64 duration = 0;

  if (inion_random_below (random, 3) > 0)
    duration = (gint64) inion_random_below (random,
                                            inion_random_below (random, 20) == 0 ? 500 : 15);
  return make (id, onset, duration, labels[inion_random_below (random, G_N_ELEMENTS (labels))]);
}

static void
random_add_many (InionAnnotationSet *set,
                 GPtrArray          *naive,
                 InionRandom        *random,
                 gint64             *next_id)
{
  g_autoptr (GPtrArray) many = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = (guint) inion_random_below (random, 30);

  for (guint i = 0; i < n; i++)
    {
      InionAnnotation *a = random_annotation (random, (*next_id)++);

      g_ptr_array_add (many, a);
      g_ptr_array_add (naive, g_object_ref (a));
    }
  if (naive->len > n) /* one that is there already is passed over */
    g_ptr_array_add (many, g_object_ref (naive->pdata[0]));
  inion_annotation_set_add_many (set, many);
}

static void
random_remove_many (InionAnnotationSet *set,
                    GPtrArray          *naive,
                    InionRandom        *random)
{
  gint64 ids[20];
  gsize n = 0;

  while (n < 18 && naive->len > 0 && inion_random_below (random, 10) > 0)
    {
      guint i = (guint) inion_random_below (random, naive->len);

      ids[n++] = inion_annotation_get_id (naive->pdata[i]);
      g_ptr_array_remove_index_fast (naive, i);
    }
  ids[n++] = 1000000; /* not there */
  ids[n] = ids[0];    /* twice */
  inion_annotation_set_remove_many (set, ids, n + 1);
}

static void
random_one (InionAnnotationSet *set,
            GPtrArray          *naive,
            InionRandom        *random,
            gint64             *next_id)
{
  guint what = (guint) inion_random_below (random, 10);
  guint i = naive->len > 0 ? (guint) inion_random_below (random, naive->len) : 0;

  if (what < 4 || naive->len == 0)
    {
      g_ptr_array_add (naive, random_annotation (random, (*next_id)++));
      g_assert_true (inion_annotation_set_add (set, naive->pdata[naive->len - 1]));
      g_assert_false (inion_annotation_set_add (set, naive->pdata[naive->len - 1]));
    }
  else if (what < 7)
    {
      gint64 id = inion_annotation_get_id (naive->pdata[i]);

      g_ptr_array_remove_index_fast (naive, i);
      g_assert_true (inion_annotation_set_remove (set, id));
      g_assert_false (inion_annotation_set_remove (set, id));
      g_assert_null (inion_annotation_set_lookup (set, id));
    }
  else
    {
      InionAnnotation *old = naive->pdata[i];
      InionAnnotation *new = random_annotation (random, inion_annotation_get_id (old));

      if (what == 9)
        {
          g_object_unref (new);
          new = inion_annotation_copy_with_label (old, "event");
        }
      g_assert_true (inion_annotation_set_replace (set, new));
      g_assert_true (inion_annotation_set_lookup (set, inion_annotation_get_id (new)) == new);
      g_object_unref (old);
      naive->pdata[i] = new;
    }
}

static void
test_random (void)
{
  g_autoptr (InionAnnotationSet) set = inion_annotation_set_new ();
  g_autoptr (GPtrArray) naive = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  Mirror mirror = { items, 0 };
  InionRandom random;
  gint64 next_id = 1;

  inion_random_seed (&random, 20, 26);
  g_signal_connect (set, "items-changed", G_CALLBACK (on_items_changed), &mirror);
  for (int i = 0; i < 5000; i++)
    {
      guint what = (guint) inion_random_below (&random, 40);
      guint signals = mirror.n_signals;

      if (what == 0)
        random_add_many (set, naive, &random, &next_id);
      else if (what < 3)
        random_remove_many (set, naive, &random);
      else
        random_one (set, naive, &random, &next_id);
      g_assert_cmpuint (mirror.n_signals, <=, signals + 1);
      check_same (set, naive, &mirror);
      for (int j = 0; j < 3; j++)
        {
          gint64 from = (gint64) inion_random_below (&random, 560) - 80;

          check_query (set, naive, from, from + (gint64) inion_random_below (&random, 60));
          check_neighbours (set, naive, from, j == 0 ? NULL : labels[j]);
        }
      check_query (set, naive, G_MININT64, G_MAXINT64);
    }
  g_assert_cmpint (inion_annotation_set_get_max_id (set), ==, next_id - 1);
  g_assert_cmpint (next_id, >, 2000);
}

static void
test_empty (void)
{
  InionAnnotationSet *set = inion_annotation_set_new ();
  g_autoptr (InionAnnotation) without_id = make (0, 0, 0, "x");
  g_autoptr (InionAnnotation) unknown = make (3, 0, 0, "x");
  g_autoptr (GArray) found = inion_annotation_set_search (set, "x", NULL);

  g_assert_cmpuint (found->len, ==, 0);
  g_assert_false (inion_annotation_set_add (set, without_id));
  g_assert_false (inion_annotation_set_replace (set, unknown));
  g_assert_false (inion_annotation_set_remove (set, 3));
  g_assert_null (inion_annotation_set_next (set, G_MININT64, NULL));
  g_assert_null (inion_annotation_set_previous (set, G_MAXINT64, NULL));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (set), 0));
  g_assert_cmpint (inion_annotation_set_get_max_id (set), ==, 0);
  inion_annotation_set_clear (set);
  g_assert_finalize_object (set);
}

static void
test_edges (void)
{
  g_autoptr (InionAnnotationSet) set = inion_annotation_set_new ();

  add (set, 1, 100, 50, "stretch");
  add (set, 2, 200, 0, "point");
  add (set, 3, G_MAXINT64, 0, "end of time");
  g_assert_cmpuint (inion_annotation_set_count_in (set, 0, 100), ==, 0);
  g_assert_cmpuint (inion_annotation_set_count_in (set, 0, 101), ==, 1);
  g_assert_cmpuint (inion_annotation_set_count_in (set, 149, 150), ==, 1);
  g_assert_cmpuint (inion_annotation_set_count_in (set, 150, 200), ==, 0);
  g_assert_cmpuint (inion_annotation_set_count_in (set, 200, 201), ==, 1);
  g_assert_cmpuint (inion_annotation_set_count_in (set, 201, 300), ==, 0);
  g_assert_cmpuint (inion_annotation_set_count_in (set, 120, 120), ==, 0);
  g_assert_cmpuint (inion_annotation_set_count_in (set, 120, 110), ==, 0);
}

static gboolean
stop_at_two (InionAnnotation *annotation,
             gpointer         data)
{
  return ++*(guint *) data < 2;
}

static void
test_visit_stops (void)
{
  g_autoptr (InionAnnotationSet) set = inion_annotation_set_new ();
  guint n = 0;

  for (gint64 i = 1; i <= 50; i++)
    add (set, i, i, 10, "x");
  inion_annotation_set_foreach_in (set, 0, 100, stop_at_two, &n);
  g_assert_cmpuint (n, ==, 2);
}

static void
test_clear (void)
{
  InionAnnotationSet *set = inion_annotation_set_new ();
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  Mirror mirror = { items, 0 };

  g_signal_connect (set, "items-changed", G_CALLBACK (on_items_changed), &mirror);
  for (gint64 i = 1; i <= 1000; i++)
    add (set, i, 1000 - i, 10, "x");
  inion_annotation_set_clear (set);
  g_assert_cmpuint (items->len, ==, 0);
  g_assert_cmpuint (inion_annotation_set_get_size (set), ==, 0);
  g_assert_null (inion_annotation_set_lookup (set, 5));
  add (set, 5, 1, 1, "x");
  g_assert_cmpint (inion_annotation_set_get_max_id (set), ==, 1000);
  g_ptr_array_set_size (items, 0);
  g_assert_finalize_object (set);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/annotation/annotation-set/empty", test_empty);
  g_test_add_func ("/annotation/annotation-set/edges", test_edges);
  g_test_add_func ("/annotation/annotation-set/random", test_random);
  g_test_add_func ("/annotation/annotation-set/visit-stops", test_visit_stops);
  g_test_add_func ("/annotation/annotation-set/clear", test_clear);
  return g_test_run ();
}
