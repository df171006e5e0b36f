/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searches of the set against a plain search, over random edits of random texts. */

#include "annotation/annotation-set.h"
#include "core/random.h"

#include <math.h>

static const char *const labels[] = { "blink", "muscle", "Spindle", "straße" };

static const char *const letters[] = { "a", "A", "b", "e", " ", "ß", "ss", "Ä", "ä", "Σ", "ς", "Ж",
                                       "ж", "語", "İ", "x", "1", "2", "ﬁ", "\xf0\x9f\xa7\xa0" };

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

static char *
random_text (InionRandom *random,
             guint        max_letters)
{
  GString *text = g_string_new (NULL);
  guint n = (guint) inion_random_below (random, max_letters + 1);

  for (guint i = 0; i < n; i++)
    g_string_append (text, letters[inion_random_below (random, G_N_ELEMENTS (letters))]);
  return g_string_free (text, FALSE);
}

/* Few labels or all of their own; comments of none, of some and, once in a while, of very many
 * letters, more than are kept together. */
static InionAnnotation *
random_written (InionRandom *random,
                gint64       id)
{
  guint kind = (guint) inion_random_below (random, 100);
  g_autofree char *own = random_text (random, 12);
  g_autofree char *comment = kind < 30 ? NULL : random_text (random, kind == 99 ? 60000 : 300);
  g_autofree char *channel = random_text (random, 3);
  const char *channels[] = { "Fp1", channel, NULL };

  return inion_annotation_new (id, (gint64) inion_random_below (random, 300),
                               (gint64) inion_random_below (random, 3),
                               kind % 2 == 0 ? own : labels[kind % G_N_ELEMENTS (labels)],
                               kind % 3 == 0 ? channels : NULL, kind % 5 == 0 ? own : "Ada",
                               INION_ORIGIN_PERSON, NAN, comment);
}

static gboolean
text_contains (const char *text,
               const char *needle)
{
  g_autofree char *folded = g_utf8_casefold (text != NULL ? text : "", -1);

  return strstr (folded, needle) != NULL;
}

static gboolean
annotation_contains (InionAnnotation *a,
                     const char      *needle)
{
  const char *const *channels = inion_annotation_get_channels (a);

  for (guint i = 0; channels != NULL && channels[i] != NULL; i++)
    if (text_contains (channels[i], needle))
      return TRUE;
  return text_contains (inion_annotation_get_label (a), needle)
         || text_contains (inion_annotation_get_rater (a), needle)
         || text_contains (inion_annotation_get_comment (a), needle);
}

/* The number of hits. */
static guint
check_search (InionAnnotationSet *set,
              GPtrArray          *naive,
              const char         *text,
              const char         *label)
{
  g_autoptr (GArray) ids = inion_annotation_set_search (set, text, label);
  g_autofree char *needle = g_utf8_casefold (text, -1);
  guint n = 0;

  for (guint i = 0; i < naive->len; i++)
    {
      InionAnnotation *a = naive->pdata[i];

      if ((label != NULL && strcmp (inion_annotation_get_label (a), label) != 0)
          || !annotation_contains (a, needle))
        continue;
      g_assert_cmpuint (n, <, ids->len);
      g_assert_cmpint (g_array_index (ids, gint64, n), ==, inion_annotation_get_id (a));
      n++;
    }
  g_assert_cmpuint (ids->len, ==, n);
  return n;
}

/* A part of a text that is there, so that something is found; or a few letters. */
static char *
random_needle (InionRandom *random,
               GPtrArray   *naive)
{
  InionAnnotation *a =
    naive->len > 0 ? naive->pdata[inion_random_below (random, naive->len)] : NULL;
  const char *comment = a != NULL ? inion_annotation_get_comment (a) : NULL;
  glong length, from, to;

  if (comment == NULL || inion_random_below (random, 3) == 0)
    return random_text (random, 3);
  length = g_utf8_strlen (comment, -1);
  from = (glong) inion_random_below (random, (guint64) length + 1);
  to = from + (glong) inion_random_below (random, 30);
  return g_utf8_substring (comment, from, MIN (to, length));
}

static void
random_written_edit (InionAnnotationSet *set,
                     GPtrArray          *naive,
                     InionRandom        *random,
                     gint64             *next_id)
{
  guint what = (guint) inion_random_below (random, 10);
  guint i = naive->len > 0 ? (guint) inion_random_below (random, naive->len) : 0;

  if (naive->len < 100 || (what < 3 && naive->len < 300))
    {
      g_ptr_array_add (naive, random_written (random, (*next_id)++));
      g_assert_true (inion_annotation_set_add (set, naive->pdata[naive->len - 1]));
    }
  else if (what < 6)
    {
      g_assert_true (inion_annotation_set_remove (set, inion_annotation_get_id (naive->pdata[i])));
      g_ptr_array_remove_index_fast (naive, i);
    }
  else if (what < 9)
    {
      InionAnnotation *old = naive->pdata[i];

      naive->pdata[i] = random_written (random, inion_annotation_get_id (old));
      g_assert_true (inion_annotation_set_replace (set, naive->pdata[i]));
      g_object_unref (old);
    }
  else
    {
      InionAnnotation *old = naive->pdata[i];

      naive->pdata[i] = inion_annotation_copy_with_label (old, labels[*next_id % 4]);
      g_assert_true (inion_annotation_set_replace (set, naive->pdata[i]));
      g_object_unref (old);
    }
}

static void
test_search_random (void)
{
  g_autoptr (InionAnnotationSet) set = inion_annotation_set_new ();
  g_autoptr (GPtrArray) naive = g_ptr_array_new_with_free_func (g_object_unref);
  InionRandom random;
  gint64 next_id = 1;
  guint n_found = 0, n_empty = 0;

  inion_random_seed (&random, 5, 11);
  for (int i = 0; i < 300; i++)
    {
      for (guint n = (guint) inion_random_below (&random, 40); n > 0; n--)
        random_written_edit (set, naive, &random, &next_id);
      if (i == 150)
        {
          inion_annotation_set_clear (set);
          g_ptr_array_set_size (naive, 0);
          g_assert_cmpuint (check_search (set, naive, "", NULL), ==, 0);
        }
      g_ptr_array_sort (naive, compare);
      for (int j = 0; j < 3; j++)
        {
          g_autofree char *needle = random_needle (&random, naive);
          guint n = check_search (set, naive, needle, j == 2 ? labels[i % 4] : NULL);

          n_found += n > 0;
          n_empty += n == 0;
        }
      check_search (set, naive, "", labels[i % 4]);
      check_search (set, naive, "", "not a label");
    }
  g_assert_cmpuint (n_found, >, 300);
  g_assert_cmpuint (n_empty, >, 50);
}

/* One text at each place of a block, and one that begins in each and ends in another. */
static void
test_search_places (void)
{
  g_autoptr (InionAnnotationSet) set = inion_annotation_set_new ();
  g_autoptr (GPtrArray) naive = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint length = 0; length < 300; length++)
    {
      g_autofree char *filling = g_strnfill (length, 'o');
      g_autofree char *comment = g_strdup_printf ("%s%s", filling, length % 3 == 0 ? "hit" : "");

      g_ptr_array_add (naive, inion_annotation_new (length + 1, length, 0, "", NULL, "",
                                                    INION_ORIGIN_PERSON, NAN, comment));
    }
  inion_annotation_set_add_many (set, naive);
  g_assert_cmpuint (check_search (set, naive, "h", NULL), ==, 100);
  g_assert_cmpuint (check_search (set, naive, "IT", NULL), ==, 100);
  g_assert_cmpuint (check_search (set, naive, "hit", NULL), ==, 100);
  g_assert_cmpuint (check_search (set, naive, "oooooooohit", NULL), ==, 97);
  g_assert_cmpuint (check_search (set, naive, "ooooooooooooooo", NULL), ==, 285);
  g_assert_cmpuint (check_search (set, naive, "hito", NULL), ==, 0);
  for (guint i = 1; i < 300; i++)
    {
      g_autofree char *needle = g_strnfill (i, 'o');

      g_assert_cmpuint (check_search (set, naive, needle, NULL), ==, 300 - i);
    }
}

static void
test_search (void)
{
  g_autoptr (InionAnnotationSet) set = inion_annotation_set_new ();
  const char *channels[] = { "EEG Fp1-Ref", NULL };
  g_autoptr (InionAnnotation) a = inion_annotation_new (9, 30, 0, "blink", channels, "Ada",
                                                        INION_ORIGIN_PERSON, NAN, NULL);
  g_autoptr (InionAnnotation) b = inion_annotation_new (4, 20, 0, "muscle", NULL, "bob",
                                                        INION_ORIGIN_PERSON, NAN, "Große ÄNDERUNG");
  struct
  {
    const char *text;
    const char *label;
    guint n;
    gint64 first;
  } cases[] = {
    { NULL, NULL, 2, 4 }, { "", "blink", 1, 9 }, { "BLI", NULL, 1, 9 }, { "fp1", NULL, 1, 9 },
    { "ada", "muscle", 0, 0 }, { "änderung", NULL, 1, 4 }, { "GROSSE", NULL, 1, 4 },
    { "\xff", NULL, 0, 0 }, { "b", NULL, 2, 4 }, { "", "none", 0, 0 },
  };

  inion_annotation_set_add (set, a);
  inion_annotation_set_add (set, b);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GArray) ids = inion_annotation_set_search (set, cases[i].text, cases[i].label);

      g_assert_cmpuint (ids->len, ==, cases[i].n);
      if (ids->len > 0)
        g_assert_cmpint (g_array_index (ids, gint64, 0), ==, cases[i].first);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/annotation/annotation-set-search/cases", test_search);
  g_test_add_func ("/annotation/annotation-set-search/random", test_search_random);
  g_test_add_func ("/annotation/annotation-set-search/places", test_search_places);
  return g_test_run ();
}
