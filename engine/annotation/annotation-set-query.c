/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked of an annotation set: ranges of time, neighbours, texts.
 *
 * Ranges are asked of the interval tree; labels and texts of the index, which answers within a
 * millisecond for 10^5 annotations whatever is looked for.
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/annotation-set-private.h"

/* How many annotations begin before a time. */
static guint
rank_from (InionAnnotationSet *self,
           gint64              onset_ns)
{
  InionAnnotationNode *node = _inion_annotation_tree_first_from (&self->tree, onset_ns);

  return node != NULL ? _inion_annotation_tree_rank (node)
                      : _inion_annotation_tree_get_size (&self->tree);
}

static InionAnnotation *
annotation_at (InionAnnotationSet *self,
               guint               rank)
{
  guint32 slot = _inion_annotation_index_get_slot (&self->index, rank);

  return _inion_annotation_index_get_node (&self->index, slot)->annotation;
}

static gboolean
visit_count (InionAnnotation *annotation,
             gpointer         data)
{
  (*(guint *) data)++;
  return TRUE;
}

static gboolean
visit_collect (InionAnnotation *annotation,
               gpointer         data)
{
  g_ptr_array_add (data, g_object_ref (annotation));
  return TRUE;
}

/**
 * inion_annotation_set_foreach_in:
 * @self: a set
 * @from_ns: start of the range in nanoseconds
 * @to_ns: first nanosecond after the range
 * @visit: (scope call): called for each, in order, until it returns %FALSE
 * @data: given to @visit
 *
 * Visits what overlaps a range. A point event at t is in [t, t + 1); an empty range holds nothing.
 * @visit must not change the set.
 */
void
inion_annotation_set_foreach_in (InionAnnotationSet  *self,
                                 gint64               from_ns,
                                 gint64               to_ns,
                                 InionAnnotationVisit visit,
                                 gpointer             data)
{
  g_return_if_fail (INION_IS_ANNOTATION_SET (self));

  _inion_annotation_tree_visit (&self->tree, from_ns, to_ns, visit, data);
}

/**
 * inion_annotation_set_count_in:
 * @self: a set
 * @from_ns: start of the range in nanoseconds
 * @to_ns: first nanosecond after the range
 *
 * Returns: how many annotations overlap the range
 */
guint
inion_annotation_set_count_in (InionAnnotationSet *self,
                               gint64              from_ns,
                               gint64              to_ns)
{
  guint n = 0;

  inion_annotation_set_foreach_in (self, from_ns, to_ns, visit_count, &n);
  return n;
}

/**
 * inion_annotation_set_query:
 * @self: a set
 * @from_ns: start of the range in nanoseconds
 * @to_ns: first nanosecond after the range
 *
 * Collects what overlaps a range, in order.
 *
 * Returns: (transfer full) (element-type InionAnnotation): the annotations
 */
GPtrArray *
inion_annotation_set_query (InionAnnotationSet *self,
                            gint64              from_ns,
                            gint64              to_ns)
{
  GPtrArray *result = g_ptr_array_new_with_free_func (g_object_unref);

  inion_annotation_set_foreach_in (self, from_ns, to_ns, visit_collect, result);
  return result;
}

/**
 * inion_annotation_set_next:
 * @self: a set
 * @after_ns: a time in nanoseconds
 * @label: (nullable): only annotations of this label; %NULL for any
 *
 * Finds the first annotation that begins after a time.
 *
 * Returns: (transfer none) (nullable): the annotation
 */
InionAnnotation *
inion_annotation_set_next (InionAnnotationSet *self,
                           gint64              after_ns,
                           const char         *label)
{
  guint rank, size;
  guint32 wanted;

  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), NULL);

  size = inion_annotation_set_get_size (self);
  if (after_ns == G_MAXINT64 || !_inion_annotation_index_find_label (&self->index, label, &wanted))
    return NULL;
  rank = _inion_annotation_index_next (&self->index, rank_from (self, after_ns + 1), wanted);
  return rank < size ? annotation_at (self, rank) : NULL;
}

/**
 * inion_annotation_set_previous:
 * @self: a set
 * @before_ns: a time in nanoseconds
 * @label: (nullable): only annotations of this label; %NULL for any
 *
 * Finds the last annotation that begins before a time.
 *
 * Returns: (transfer none) (nullable): the annotation
 */
InionAnnotation *
inion_annotation_set_previous (InionAnnotationSet *self,
                               gint64              before_ns,
                               const char         *label)
{
  guint rank;
  guint32 wanted;

  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), NULL);

  if (!_inion_annotation_index_find_label (&self->index, label, &wanted))
    return NULL;
  rank = _inion_annotation_index_previous (&self->index, rank_from (self, before_ns), wanted);
  return rank != G_MAXUINT ? annotation_at (self, rank) : NULL;
}

/**
 * inion_annotation_set_search:
 * @self: a set
 * @text: (nullable): what to look for, in any case; %NULL or empty finds all
 * @label: (nullable): only annotations of this label; %NULL for any
 *
 * Finds the annotations whose label, rater, comment or one of whose channels contains a text.
 *
 * Returns: (transfer full) (element-type gint64): their ids, in order of time
 */
GArray *
inion_annotation_set_search (InionAnnotationSet *self,
                             const char         *text,
                             const char         *label)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  g_autofree char *needle = g_utf8_casefold (valid, -1);
  guint32 wanted;

  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), NULL);

  if (!_inion_annotation_index_find_label (&self->index, label, &wanted))
    return g_array_new (FALSE, FALSE, sizeof (gint64));
  return _inion_annotation_index_search (&self->index, needle, wanted);
}
