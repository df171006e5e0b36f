/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done to marks as a whole: cut, join, put at a border, find what is not marked yet. */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/marking.h"

#include "core/error.h"

#include <math.h>

/**
 * inion_annotation_split:
 * @self: an annotation
 * @at_ns: where to cut, in nanoseconds since the recording's start
 * @before: (out) (transfer full): what lies before the cut; keeps the number
 * @after: (out) (transfer full): what lies behind it; has no number yet
 *
 * Cuts an annotation in two.
 *
 * Returns: %FALSE if the cut does not lie within it, or it has no length
 */
gboolean
inion_annotation_split (InionAnnotation  *self,
                        gint64            at_ns,
                        InionAnnotation **before,
                        InionAnnotation **after)
{
  gint64 onset, end;
  g_autoptr (InionAnnotation) rest = NULL;

  g_return_val_if_fail (INION_IS_ANNOTATION (self), FALSE);

  onset = inion_annotation_get_onset_ns (self);
  end = inion_annotation_get_end_ns (self);
  if (at_ns <= onset || at_ns >= end)
    return FALSE;
  *before = inion_annotation_copy_with_span (self, onset, at_ns - onset);
  rest = inion_annotation_copy_with_span (self, at_ns, end - at_ns);
  *after = inion_annotation_copy_with_id (rest, 0);
  return TRUE;
}

static gboolean
same_channels (InionAnnotation *a,
               InionAnnotation *b)
{
  const char *const *x = inion_annotation_get_channels (a);
  const char *const *y = inion_annotation_get_channels (b);

  return (x == NULL && y == NULL) || (x != NULL && y != NULL && g_strv_equal (x, y));
}

static gboolean
is_joinable (InionAnnotation *a,
             InionAnnotation *b)
{
  return g_str_equal (inion_annotation_get_label (a), inion_annotation_get_label (b)) &&
         same_channels (a, b) && !inion_annotation_is_suggestion (a) &&
         !inion_annotation_is_suggestion (b);
}

/**
 * inion_annotations_merge:
 * @marks: (element-type InionAnnotation): two annotations and more
 * @error: return location
 *
 * Joins annotations of one label and the same channels into one, from the start of the first to the
 * end of the last. It keeps the number, the rater and the comment of the first that is given.
 *
 * Returns: (transfer full) (nullable): the annotation, or %NULL with %INION_ERROR_INVALID if they
 *   differ in label or channels, one is a suggestion, or there are fewer than two
 */
InionAnnotation *
inion_annotations_merge (GPtrArray  *marks,
                         GError    **error)
{
  InionAnnotation *first;
  gint64 onset = G_MAXINT64, end = G_MININT64;

  g_return_val_if_fail (marks != NULL, NULL);

  if (marks->len < 2)
    {
      inion_set_error (error, INION_ERROR_INVALID, "Two marks or more can be joined, not one.");
      return NULL;
    }
  first = marks->pdata[0];
  for (guint i = 0; i < marks->len; i++)
    {
      if (!is_joinable (first, marks->pdata[i]))
        {
          inion_set_error (error, INION_ERROR_INVALID,
                           "Only marks of one label and of the same channels can be joined, and no "
                           "suggestions.");
          return NULL;
        }
      onset = MIN (onset, inion_annotation_get_onset_ns (marks->pdata[i]));
      end = MAX (end, inion_annotation_get_end_ns (marks->pdata[i]));
    }
  return inion_annotation_copy_with_span (first, onset, end - onset);
}

/**
 * inion_annotation_set_find_joinable:
 * @self: a set
 * @mark: one of its annotations
 *
 * Returns: (transfer none) (nullable): the next annotation of the same label and channels
 */
InionAnnotation *
inion_annotation_set_find_joinable (InionAnnotationSet *self,
                                    InionAnnotation    *mark)
{
  const char *label = inion_annotation_get_label (mark);
  InionAnnotation *next;

  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), NULL);

  next = inion_annotation_set_next (self, inion_annotation_get_onset_ns (mark), label);
  while (next != NULL && !is_joinable (mark, next))
    next = inion_annotation_set_next (self, inion_annotation_get_onset_ns (next), label);
  return next;
}

typedef struct
{
  gint64 time_ns;
  gint64 except_id;
  gint64 best_ns;
  gint64 distance_ns;
} Snap;

static gboolean
visit_snap (InionAnnotation *mark,
            gpointer         data)
{
  Snap *snap = data;
  const gint64 edges[] = { inion_annotation_get_onset_ns (mark), inion_annotation_get_end_ns (mark) };

  if (inion_annotation_get_id (mark) == snap->except_id)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (edges); i++)
    {
      gint64 distance = ABS (edges[i] - snap->time_ns);

      if (distance < snap->distance_ns)
        {
          snap->distance_ns = distance;
          snap->best_ns = edges[i];
        }
    }
  return TRUE;
}

/**
 * inion_annotation_set_snap:
 * @self: a set
 * @time_ns: a time in nanoseconds
 * @reach_ns: how far away a border may be, in nanoseconds
 * @except_id: an annotation that does not count: the one that is being moved
 *
 * Returns: the border of an annotation that is nearest to @time_ns and within reach; @time_ns itself
 *   if there is none
 */
gint64
inion_annotation_set_snap (InionAnnotationSet *self,
                           gint64              time_ns,
                           gint64              reach_ns,
                           gint64              except_id)
{
  Snap snap = { time_ns, except_id, time_ns, reach_ns + 1 };

  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), time_ns);

  inion_annotation_set_foreach_in (self, time_ns - reach_ns - 1, time_ns + reach_ns + 1, visit_snap,
                                   &snap);
  return snap.best_ns;
}

static gboolean
visit_mark (InionAnnotation *mark,
            gpointer         data)
{
  gboolean *marked = data;

  *marked = !inion_annotation_is_suggestion (mark);
  return !*marked;
}

/**
 * inion_annotation_set_find_unmarked:
 * @self: a set
 * @from_ns: where the search begins, in nanoseconds
 * @page_ns: length of a page in nanoseconds, more than 0
 * @end_ns: where the recording ends
 * @found_ns: (out): where the page begins
 *
 * Finds the first page in which nobody has marked anything. Pages begin at @from_ns and follow each
 * other; a page of which less than half lies before the end does not count.
 *
 * Returns: %FALSE if all that follows is marked
 */
gboolean
inion_annotation_set_find_unmarked (InionAnnotationSet *self,
                                    gint64              from_ns,
                                    gint64              page_ns,
                                    gint64              end_ns,
                                    gint64             *found_ns)
{
  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), FALSE);
  g_return_val_if_fail (page_ns > 0, FALSE);

  for (gint64 page = from_ns; page + page_ns / 2 < end_ns; page += page_ns)
    {
      gboolean marked = FALSE;

      inion_annotation_set_foreach_in (self, page, page + page_ns, visit_mark, &marked);
      if (!marked)
        {
          *found_ns = page;
          return TRUE;
        }
    }
  return FALSE;
}
