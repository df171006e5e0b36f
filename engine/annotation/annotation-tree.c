/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A balanced interval tree of annotations: the order, the ranks and the overlaps of a set.
 *
 * A treap (Seidel and Aragon, "Randomized search trees", Algorithmica 16, 1996): a search tree over
 * (onset, end, id) that is a heap over random priorities, and therefore O(log n) deep whatever the
 * order of insertion. Each node also knows two sums over its subtree:
 *
 *   size   how many nodes: gives the n-th entry and the rank of an entry, as a list model asks;
 *   cover  the latest end: a subtree whose cover does not reach a range has nothing in it.
 *
 * Invariants after every call: keys ascend in order; priority (parent) >= priority (child); size
 * and cover of each node are those of its subtree; child->parent is the node.
 *
 * The shape depends on the priorities only and no result depends on the shape.
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/annotation-private.h"
#include "annotation/annotation-tree-private.h"

/* A point event at t covers [t, t + 1). */
static inline gint64
node_cover_end (const InionAnnotationNode *node)
{
  return node->end > node->onset || node->onset == G_MAXINT64 ? node->end : node->onset + 1;
}

static inline void
node_update (InionAnnotationNode *node)
{
  node->size = 1;
  node->cover = node_cover_end (node);
  if (node->left != NULL)
    {
      node->size += node->left->size;
      node->cover = MAX (node->cover, node->left->cover);
    }
  if (node->right != NULL)
    {
      node->size += node->right->size;
      node->cover = MAX (node->cover, node->right->cover);
    }
}

static int
node_compare (const InionAnnotationNode *a,
              const InionAnnotationNode *b)
{
  if (a->onset != b->onset)
    return a->onset < b->onset ? -1 : 1;
  if (a->end != b->end)
    return a->end < b->end ? -1 : 1;
  return (a->id > b->id) - (a->id < b->id);
}

/* Marsaglia's xorshift32. */
static guint32
next_priority (InionAnnotationTree *self)
{
  self->state ^= self->state << 13;
  self->state ^= self->state >> 17;
  self->state ^= self->state << 5;
  return self->state;
}

static InionAnnotationNode **
link_to (InionAnnotationTree *self,
         InionAnnotationNode *node)
{
  if (node->parent == NULL)
    return &self->root;
  return node->parent->left == node ? &node->parent->left : &node->parent->right;
}

/* Lifts a node above its parent, keeping the order. */
static void
rotate_up (InionAnnotationTree *self,
           InionAnnotationNode *node)
{
  InionAnnotationNode *parent = node->parent;
  InionAnnotationNode *moved;

  *link_to (self, parent) = node;
  node->parent = parent->parent;
  if (parent->left == node)
    {
      moved = node->right;
      parent->left = moved;
      node->right = parent;
    }
  else
    {
      moved = node->left;
      parent->right = moved;
      node->left = parent;
    }
  if (moved != NULL)
    moved->parent = parent;
  parent->parent = node;
  node_update (parent);
  node_update (node);
}

static void
update_upwards (InionAnnotationNode *node)
{
  for (; node != NULL; node = node->parent)
    node_update (node);
}

static void
node_free (InionAnnotationNode *node)
{
  g_object_unref (node->annotation);
  g_free (node);
}

static gboolean
visit_below (const InionAnnotationNode *node,
             gint64                     from,
             gint64                     to,
             InionAnnotationVisit       visit,
             gpointer                   data)
{
  if (node == NULL || node->cover <= from)
    return TRUE;
  if (!visit_below (node->left, from, to, visit, data))
    return FALSE;
  if (node->onset >= to)
    return TRUE;
  if (node_cover_end (node) > from && !visit (node->annotation, data))
    return FALSE;
  return visit_below (node->right, from, to, visit, data);
}

void
_inion_annotation_tree_init (InionAnnotationTree *self)
{
  self->root = NULL;
  self->state = g_random_int () | 1u;
}

void
_inion_annotation_tree_clear (InionAnnotationTree *self)
{
  InionAnnotationNode *node = self->root;

  while (node != NULL)
    {
      InionAnnotationNode *parent = node->parent;

      if (node->left != NULL)
        node = g_steal_pointer (&node->left);
      else if (node->right != NULL)
        node = g_steal_pointer (&node->right);
      else
        {
          node_free (node);
          node = parent;
        }
    }
  self->root = NULL;
}

InionAnnotationNode *
_inion_annotation_tree_insert (InionAnnotationTree *self,
                               InionAnnotation     *annotation)
{
  InionAnnotationNode *node = g_new0 (InionAnnotationNode, 1);
  InionAnnotationNode **place = &self->root;

  node->annotation = g_object_ref (annotation);
  node->onset = annotation->onset_ns;
  node->end = annotation->onset_ns + annotation->duration_ns;
  node->id = annotation->id;
  node->priority = next_priority (self);
  while (*place != NULL)
    {
      node->parent = *place;
      place = node_compare (node, *place) < 0 ? &(*place)->left : &(*place)->right;
    }
  *place = node;
  node_update (node);
  while (node->parent != NULL && node->parent->priority < node->priority)
    rotate_up (self, node);
  update_upwards (node->parent);
  return node;
}

/* Puts another annotation of the same id and the same time into a node. */
void
_inion_annotation_tree_exchange (InionAnnotationNode *node,
                                 InionAnnotation     *annotation)
{
  g_set_object (&node->annotation, annotation);
}

void
_inion_annotation_tree_remove (InionAnnotationTree *self,
                               InionAnnotationNode *node)
{
  InionAnnotationNode *parent;

  while (node->left != NULL && node->right != NULL)
    rotate_up (self, node->left->priority > node->right->priority ? node->left : node->right);
  parent = node->parent;
  *link_to (self, node) = node->left != NULL ? node->left : node->right;
  if (node->left != NULL)
    node->left->parent = parent;
  else if (node->right != NULL)
    node->right->parent = parent;
  update_upwards (parent);
  node_free (node);
}

guint
_inion_annotation_tree_get_size (const InionAnnotationTree *self)
{
  return self->root != NULL ? self->root->size : 0;
}

InionAnnotationNode *
_inion_annotation_tree_nth (const InionAnnotationTree *self,
                            guint                      position)
{
  InionAnnotationNode *node = self->root;

  while (node != NULL)
    {
      guint before = node->left != NULL ? node->left->size : 0;

      if (position == before)
        return node;
      if (position < before)
        {
          node = node->left;
          continue;
        }
      position -= before + 1;
      node = node->right;
    }
  return NULL;
}

guint
_inion_annotation_tree_rank (const InionAnnotationNode *node)
{
  guint rank = node->left != NULL ? node->left->size : 0;

  for (; node->parent != NULL; node = node->parent)
    if (node->parent->right == node)
      rank += 1 + (node->parent->left != NULL ? node->parent->left->size : 0);
  return rank;
}

InionAnnotationNode *
_inion_annotation_tree_next (InionAnnotationNode *node)
{
  if (node->right != NULL)
    {
      for (node = node->right; node->left != NULL; node = node->left)
        ;
      return node;
    }
  while (node->parent != NULL && node->parent->right == node)
    node = node->parent;
  return node->parent;
}

InionAnnotationNode *
_inion_annotation_tree_previous (InionAnnotationNode *node)
{
  if (node->left != NULL)
    {
      for (node = node->left; node->right != NULL; node = node->right)
        ;
      return node;
    }
  while (node->parent != NULL && node->parent->left == node)
    node = node->parent;
  return node->parent;
}

/* The first, in order, that begins at @onset or later. */
InionAnnotationNode *
_inion_annotation_tree_first_from (const InionAnnotationTree *self,
                                   gint64                     onset)
{
  InionAnnotationNode *node = self->root;
  InionAnnotationNode *found = NULL;

  while (node != NULL)
    if (node->onset >= onset)
      {
        found = node;
        node = node->left;
      }
    else
      node = node->right;
  return found;
}

/* Visits, in order, what overlaps [from, to); FALSE if the visitor stopped. */
gboolean
_inion_annotation_tree_visit (const InionAnnotationTree *self,
                              gint64                     from,
                              gint64                     to,
                              InionAnnotationVisit       visit,
                              gpointer                   data)
{
  return from >= to || visit_below (self->root, from, to, visit, data);
}
