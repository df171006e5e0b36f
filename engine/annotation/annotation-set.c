/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All annotations of a recording, sorted by onset, with interval queries.
 *
 * A list model over a balanced interval tree, an index of what is searched for, and a table from id
 * to slot in the index, which knows the tree's node. Used on one thread. Each change ends in one
 * items-changed, emitted when the set is already as it says.
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/annotation-private.h"
#include "annotation/annotation-set-private.h"

static void inion_annotation_set_list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (InionAnnotationSet, inion_annotation_set, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      inion_annotation_set_list_model_init))

static gboolean
find_slot (InionAnnotationSet *self,
           gint64              id,
           guint32            *slot)
{
  gpointer found = g_hash_table_lookup (self->slots, &id);

  *slot = GPOINTER_TO_UINT (found) - 1;
  return found != NULL;
}

static InionAnnotationNode *
node_of (InionAnnotationSet *self,
         guint32             slot)
{
  return _inion_annotation_index_get_node (&self->index, slot);
}

/* Puts an annotation everywhere but into the order of the index. */
static guint32
insert_slot (InionAnnotationSet *self,
             InionAnnotation    *annotation)
{
  InionAnnotationNode *node = _inion_annotation_tree_insert (&self->tree, annotation);
  guint32 slot = _inion_annotation_index_add (&self->index, node);

  g_hash_table_insert (self->slots, &node->id, GUINT_TO_POINTER (slot + 1));
  self->max_id = MAX (self->max_id, node->id);
  return slot;
}

/* Takes an annotation from everywhere but the order of the index. */
static void
remove_slot (InionAnnotationSet *self,
             guint32             slot)
{
  InionAnnotationNode *node = node_of (self, slot);

  g_hash_table_remove (self->slots, &node->id);
  _inion_annotation_index_drop (&self->index, slot);
  _inion_annotation_tree_remove (&self->tree, node);
}

static guint
insert_one (InionAnnotationSet *self,
            InionAnnotation    *annotation)
{
  InionAnnotationPlace place = { 0, insert_slot (self, annotation) };

  place.rank = _inion_annotation_tree_rank (node_of (self, place.slot));
  _inion_annotation_index_put (&self->index, &place, 1);
  return place.rank;
}

static guint
remove_one (InionAnnotationSet *self,
            guint32             slot)
{
  InionAnnotationPlace place = { _inion_annotation_tree_rank (node_of (self, slot)), slot };

  _inion_annotation_index_pull (&self->index, &place, 1);
  remove_slot (self, slot);
  return place.rank;
}

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const InionAnnotationPlace *x = a;
  const InionAnnotationPlace *y = b;

  return (x->rank > y->rank) - (x->rank < y->rank);
}

/* Gives each place the rank that its node has now, and sorts them by it. */
static void
rank_places (InionAnnotationSet *self,
             GArray             *places)
{
  for (guint i = 0; i < places->len; i++)
    {
      InionAnnotationPlace *place = &g_array_index (places, InionAnnotationPlace, i);

      place->rank = _inion_annotation_tree_rank (node_of (self, place->slot));
    }
  g_array_sort (places, compare_places);
}

/* How long the stretch of the list is that sorted places touch. */
static guint
stretch_of (const InionAnnotationPlace *places,
            guint                       n)
{
  return places[n - 1].rank - places[0].rank + 1;
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

  g_clear_pointer (&self->slots, g_hash_table_unref);
  _inion_annotation_index_clear (&self->index);
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
  _inion_annotation_index_init (&self->index);
  self->slots = g_hash_table_new (g_int64_hash, g_int64_equal);
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
  guint32 slot;

  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), FALSE);
  g_return_val_if_fail (INION_IS_ANNOTATION (annotation), FALSE);

  if (annotation->id == 0 || find_slot (self, annotation->id, &slot))
    return FALSE;
  g_list_model_items_changed (G_LIST_MODEL (self), insert_one (self, annotation), 0, 1);
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
  g_autoptr (GArray) added = NULL;
  const InionAnnotationPlace *places;

  g_return_if_fail (INION_IS_ANNOTATION_SET (self));
  g_return_if_fail (annotations != NULL);

  /* In the order of time, neighbours in the list become neighbours in memory: walks are fast. */
  sorted = g_ptr_array_sized_new (annotations->len);
  for (guint i = 0; i < annotations->len; i++)
    g_ptr_array_add (sorted, annotations->pdata[i]);
  g_ptr_array_sort (sorted, compare_times);
  added = g_array_new (FALSE, FALSE, sizeof (InionAnnotationPlace));
  for (guint i = 0; i < sorted->len; i++)
    {
      InionAnnotation *annotation = sorted->pdata[i];
      InionAnnotationPlace place = { 0 };

      if (annotation->id == 0 || find_slot (self, annotation->id, &place.slot))
        continue;
      place.slot = insert_slot (self, annotation);
      g_array_append_val (added, place);
    }
  if (added->len == 0)
    return;
  rank_places (self, added);
  places = (const InionAnnotationPlace *) (gconstpointer) added->data;
  _inion_annotation_index_put (&self->index, places, added->len);
  g_list_model_items_changed (G_LIST_MODEL (self), places[0].rank,
                              stretch_of (places, added->len) - added->len,
                              stretch_of (places, added->len));
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
  guint32 slot;

  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), FALSE);

  if (!find_slot (self, id, &slot))
    return FALSE;
  g_list_model_items_changed (G_LIST_MODEL (self), remove_one (self, slot), 1, 0);
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
  g_autoptr (GArray) found = NULL;
  InionAnnotationPlace *places;
  guint n_removed = 0;

  g_return_if_fail (INION_IS_ANNOTATION_SET (self));
  g_return_if_fail (ids != NULL || n == 0);

  found = g_array_new (FALSE, FALSE, sizeof (InionAnnotationPlace));
  for (gsize i = 0; i < n; i++)
    {
      InionAnnotationPlace place = { 0 };

      if (find_slot (self, ids[i], &place.slot))
        g_array_append_val (found, place);
    }
  if (found->len == 0)
    return;
  rank_places (self, found);
  places = (InionAnnotationPlace *) (gpointer) found->data;
  for (guint i = 0; i < found->len; i++) /* an id given twice goes once */
    if (n_removed == 0 || places[i].slot != places[n_removed - 1].slot)
      places[n_removed++] = places[i];
  _inion_annotation_index_pull (&self->index, places, n_removed);
  for (guint i = 0; i < n_removed; i++)
    remove_slot (self, places[i].slot);
  g_list_model_items_changed (G_LIST_MODEL (self), places[0].rank,
                              stretch_of (places, n_removed),
                              stretch_of (places, n_removed) - n_removed);
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
  guint32 slot;

  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), FALSE);
  g_return_val_if_fail (INION_IS_ANNOTATION (annotation), FALSE);

  if (!find_slot (self, annotation->id, &slot))
    return FALSE;
  node = node_of (self, slot);
  if (node->onset == annotation->onset_ns
      && node->end == annotation->onset_ns + annotation->duration_ns)
    {
      before = after = _inion_annotation_tree_rank (node);
      _inion_annotation_index_exchange (&self->index, slot, annotation);
      _inion_annotation_tree_exchange (node, annotation);
    }
  else
    {
      before = remove_one (self, slot);
      after = insert_one (self, annotation);
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
  g_hash_table_remove_all (self->slots);
  _inion_annotation_index_clear (&self->index);
  _inion_annotation_index_init (&self->index);
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
  guint32 slot;

  g_return_val_if_fail (INION_IS_ANNOTATION_SET (self), NULL);

  return find_slot (self, id, &slot) ? node_of (self, slot)->annotation : NULL;
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
