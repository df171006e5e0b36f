/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All annotations of a recording, sorted by onset, with interval queries.
 *
 * A list model over a balanced interval tree, and a table from id to tree node. Used on one thread.
 * Each change ends in one items-changed, emitted when the set is already as it says.
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/annotation-private.h"
#include "annotation/annotation-set.h"
#include "annotation/annotation-tree-private.h"

struct _InionAnnotationSet
{
  GObject parent_instance;

  InionAnnotationTree tree;
  GHashTable *nodes; /* gint64 inside the node → InionAnnotationNode */
  gint64 max_id;
};

/* The stretch of the list that a change touches, as ranks. */
typedef struct
{
  guint first;
  guint last;
  guint n;
} Extent;

/* A search asks once of each text whether it contains the needle: there are few of them. */
#define N_MEMOS 256

typedef struct
{
  const char *text; /* interned */
  gboolean found;
} Memo;

typedef struct
{
  const char *needle; /* casefolded */
  const char *label;  /* interned, or NULL for any */
  GArray *ids;
  Memo memos[N_MEMOS];
} Search;

static void inion_annotation_set_list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (InionAnnotationSet, inion_annotation_set, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      inion_annotation_set_list_model_init))

static void
extent_add (Extent *extent,
            guint   rank)
{
  extent->first = extent->n == 0 ? rank : MIN (extent->first, rank);
  extent->last = extent->n == 0 ? rank : MAX (extent->last, rank);
  extent->n++;
}

static InionAnnotationNode *
find_node (InionAnnotationSet *self,
           gint64              id)
{
  return g_hash_table_lookup (self->nodes, &id);
}

static InionAnnotationNode *
insert_node (InionAnnotationSet *self,
             InionAnnotation    *annotation)
{
  InionAnnotationNode *node = _inion_annotation_tree_insert (&self->tree, annotation);

  g_hash_table_insert (self->nodes, &node->id, node);
  self->max_id = MAX (self->max_id, node->id);
  return node;
}

static void
remove_node (InionAnnotationSet  *self,
             InionAnnotationNode *node)
{
  g_hash_table_remove (self->nodes, &node->id);
  _inion_annotation_tree_remove (&self->tree, node);
}

static gboolean
contains (Search     *search,
          const char *interned)
{
  gsize address = (gsize) interned;
  Memo *memo = &search->memos[(address >> 4 ^ address >> 12) % N_MEMOS];

  if (memo->text != interned)
    {
      g_autofree char *folded = g_utf8_casefold (interned, -1);

      memo->text = interned;
      memo->found = strstr (folded, search->needle) != NULL;
    }
  return memo->found;
}

static void
search_one (Search                    *search,
            const InionAnnotationNode *node)
{
  if (search->label != NULL && search->label != node->label)
    return;
  if (search->needle[0] == '\0' || contains (search, node->label)
      || contains (search, node->rater)
      || (node->channel_lines != NULL && contains (search, node->channel_lines))
      || (node->folded_comment != NULL && strstr (node->folded_comment, search->needle) != NULL))
    g_array_append_val (search->ids, node->id);
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  const InionAnnotation *x = *(const InionAnnotation *const *) a;
  const InionAnnotation *y = *(const InionAnnotation *const *) b;

  if (x->onset_ns != y->onset_ns)
    return x->onset_ns < y->onset_ns ? -1 : 1;
  return (x->duration_ns > y->duration_ns) - (x->duration_ns < y->duration_ns);
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

static GType
inion_annotation_set_get_item_type (GListModel *model)
{
  return INION_TYPE_ANNOTATION;
}

static guint
inion_annotation_set_get_n_items (GListModel *model)
{
  return _inion_annotation_tree_get_size (&INION_ANNOTATION_SET (model)->tree);
}

static gpointer
inion_annotation_set_get_item (GListModel *model,
                               guint       position)
{
  InionAnnotationSet *self = INION_ANNOTATION_SET (model);
  InionAnnotationNode *node = _inion_annotation_tree_nth (&self->tree, position);

  return node != NULL ? g_object_ref (node->annotation) : NULL;
}

static void
inion_annotation_set_list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = inion_annotation_set_get_item_type;
  interface->get_n_items = inion_annotation_set_get_n_items;
  interface->get_item = inion_annotation_set_get_item;
}

static void
inion_annotation_set_finalize (GObject *object)
{
  InionAnnotationSet *self = INION_ANNOTATION_SET (object);

  g_clear_pointer (&self->nodes, g_hash_table_unref);
  _inion_annotation_tree_clear (&self->tree);
  G_OBJECT_CLASS (inion_annotation_set_parent_class)->finalize (object);
}

static void
inion_annotation_set_class_init (InionAnnotationSetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_annotation_set_finalize;
}

static void
inion_annotation_set_init (InionAnnotationSet *self)
{
  _inion_annotation_tree_init (&self->tree);
  self->nodes = g_hash_table_new (g_int64_hash, g_int64_equal);
}

/**
 * inion_annotation_set_new:
 *
 * Makes an empty set.
 *
 * Returns: (transfer full): the set
 */
InionAnnotationSet *
inion_annotation_set_new (void)
{
  return g_object_new (INION_TYPE_ANNOTATION_SET, NULL);
}

/**
 * inion_annotation_set_add:
 * @self: a set
 * @annotation: what to add; the set takes a reference
 *
 * Adds one annotation at its place in time.
 *
 * Returns: %FALSE, with nothing done, if its id is 0 or already in the set
 */
gboolean
inion_annotation_set_add (InionAnnotationSet *self,
                          InionAnnotation    *annotation)
{
  InionAnnotationNode *node;

  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), FALSE);
  g_return_val_if_fail (INION_IS_ANNOTATION (annotation), FALSE);

  if (annotation->id == 0 || find_node (self, annotation->id) != NULL)
    return FALSE;
  node = insert_node (self, annotation);
  g_list_model_items_changed (G_LIST_MODEL (self), _inion_annotation_tree_rank (node), 0, 1);
  return TRUE;
}

/**
 * inion_annotation_set_add_many:
 * @self: a set
 * @annotations: (element-type InionAnnotation): what to add, in any order
 *
 * Adds many annotations with one items-changed over the stretch of the list that they touch. Those
 * whose id is 0 or already there are left out.
 */
void
inion_annotation_set_add_many (InionAnnotationSet *self,
                               GPtrArray          *annotations)
{
  g_autoptr (GPtrArray) sorted = NULL;
  g_autoptr (GPtrArray) added = NULL;
  Extent extent = { 0 };

  g_return_if_fail (INION_IS_ANNOTATION_SET (self));
  g_return_if_fail (annotations != NULL);

  /* In the order of time, neighbours in the list become neighbours in memory: walks are fast. */
  sorted = g_ptr_array_sized_new (annotations->len);
  for (guint i = 0; i < annotations->len; i++)
    g_ptr_array_add (sorted, annotations->pdata[i]);
  g_ptr_array_sort (sorted, compare_times);
  added = g_ptr_array_sized_new (annotations->len);
  for (guint i = 0; i < sorted->len; i++)
    {
      InionAnnotation *annotation = sorted->pdata[i];

      if (annotation->id != 0 && find_node (self, annotation->id) == NULL)
        g_ptr_array_add (added, insert_node (self, annotation));
    }
  for (guint i = 0; i < added->len; i++)
    extent_add (&extent, _inion_annotation_tree_rank (added->pdata[i]));
  if (extent.n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), extent.first,
                                extent.last - extent.first + 1 - extent.n,
                                extent.last - extent.first + 1);
}

/**
 * inion_annotation_set_remove:
 * @self: a set
 * @id: which
 *
 * Removes one annotation.
 *
 * Returns: %FALSE if there is none of this id
 */
gboolean
inion_annotation_set_remove (InionAnnotationSet *self,
                             gint64              id)
{
  InionAnnotationNode *node;
  guint rank;

  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), FALSE);

  node = find_node (self, id);
  if (node == NULL)
    return FALSE;
  rank = _inion_annotation_tree_rank (node);
  remove_node (self, node);
  g_list_model_items_changed (G_LIST_MODEL (self), rank, 1, 0);
  return TRUE;
}

/**
 * inion_annotation_set_remove_many:
 * @self: a set
 * @ids: (array length=n): which; those that are not there are passed over
 * @n: how many
 *
 * Removes many annotations with one items-changed over the stretch of the list that they touch.
 */
void
inion_annotation_set_remove_many (InionAnnotationSet *self,
                                  const gint64       *ids,
                                  gsize               n)
{
  Extent extent = { 0 };

  g_return_if_fail (INION_IS_ANNOTATION_SET (self));
  g_return_if_fail (ids != NULL || n == 0);

  for (gsize i = 0; i < n; i++)
    {
      InionAnnotationNode *node = find_node (self, ids[i]);

      if (node != NULL)
        extent_add (&extent, _inion_annotation_tree_rank (node));
    }
  /* Ranks first, removals after: a rank means its place in the list as it was. An id given twice
   * is counted by what really goes. */
  extent.n = 0;
  for (gsize i = 0; i < n; i++)
    {
      InionAnnotationNode *node = find_node (self, ids[i]);

      if (node != NULL)
        {
          remove_node (self, node);
          extent.n++;
        }
    }
  if (extent.n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), extent.first,
                                extent.last - extent.first + 1,
                                extent.last - extent.first + 1 - extent.n);
}

/**
 * inion_annotation_set_replace:
 * @self: a set
 * @annotation: what stands in the place of the annotation of the same id
 *
 * Replaces one annotation; where its time changes, it moves in the list, and one items-changed
 * covers the old and the new place and what lies between.
 *
 * Returns: %FALSE if there is none of this id
 */
gboolean
inion_annotation_set_replace (InionAnnotationSet *self,
                              InionAnnotation    *annotation)
{
  InionAnnotationNode *node;
  guint before, after;

  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), FALSE);
  g_return_val_if_fail (INION_IS_ANNOTATION (annotation), FALSE);

  node = find_node (self, annotation->id);
  if (node == NULL)
    return FALSE;
  before = after = _inion_annotation_tree_rank (node);
  if (node->onset == annotation->onset_ns
      && node->end == annotation->onset_ns + annotation->duration_ns)
    _inion_annotation_tree_exchange (node, annotation);
  else
    {
      remove_node (self, node);
      after = _inion_annotation_tree_rank (insert_node (self, annotation));
    }
  g_list_model_items_changed (G_LIST_MODEL (self), MIN (before, after),
                              MAX (before, after) - MIN (before, after) + 1,
                              MAX (before, after) - MIN (before, after) + 1);
  return TRUE;
}

/**
 * inion_annotation_set_clear:
 * @self: a set
 *
 * Removes all annotations. The largest id seen is remembered.
 */
void
inion_annotation_set_clear (InionAnnotationSet *self)
{
  guint n;

  g_return_if_fail (INION_IS_ANNOTATION_SET (self));

  n = inion_annotation_set_get_size (self);
  g_hash_table_remove_all (self->nodes);
  _inion_annotation_tree_clear (&self->tree);
  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
}

/**
 * inion_annotation_set_lookup:
 * @self: a set
 * @id: which
 *
 * Returns: (transfer none) (nullable): the annotation of this id
 */
InionAnnotation *
inion_annotation_set_lookup (InionAnnotationSet *self,
                             gint64              id)
{
  InionAnnotationNode *node;

  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), NULL);

  node = find_node (self, id);
  return node != NULL ? node->annotation : NULL;
}

/**
 * inion_annotation_set_get_size:
 * @self: a set
 *
 * Returns: how many annotations there are
 */
guint
inion_annotation_set_get_size (InionAnnotationSet *self)
{
  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), 0);

  return _inion_annotation_tree_get_size (&self->tree);
}

/**
 * inion_annotation_set_get_max_id:
 * @self: a set
 *
 * Returns: the largest id that was ever in the set, 0 if it was always empty
 */
gint64
inion_annotation_set_get_max_id (InionAnnotationSet *self)
{
  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), 0);

  return self->max_id;
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
  InionAnnotationNode *node = NULL;

  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), NULL);

  if (after_ns < G_MAXINT64)
    node = _inion_annotation_tree_first_from (&self->tree, after_ns + 1);
  while (node != NULL && label != NULL && strcmp (node->label, label) != 0)
    node = _inion_annotation_tree_next (node);
  return node != NULL ? node->annotation : NULL;
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
  InionAnnotationNode *node;
  guint size;

  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), NULL);

  size = _inion_annotation_tree_get_size (&self->tree);
  node = _inion_annotation_tree_first_from (&self->tree, before_ns);
  if (node != NULL)
    node = _inion_annotation_tree_previous (node);
  else if (size > 0)
    node = _inion_annotation_tree_nth (&self->tree, size - 1);
  while (node != NULL && label != NULL && strcmp (node->label, label) != 0)
    node = _inion_annotation_tree_previous (node);
  return node != NULL ? node->annotation : NULL;
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
  char *interned = label != NULL ? g_ref_string_new_intern (label) : NULL;
  Search search = { needle, interned, g_array_new (FALSE, FALSE, sizeof (gint64)), { { NULL } } };
  InionAnnotationNode *node;

  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), search.ids);

  node = _inion_annotation_tree_first_from (&self->tree, G_MININT64);
  for (; node != NULL; node = _inion_annotation_tree_next (node))
    search_one (&search, node);
  g_clear_pointer (&interned, g_ref_string_release);
  return search.ids;
}
