/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A balanced interval tree of annotations: the order, the ranks and the overlaps of a set. */

#pragma once

#include "annotation/annotation-set.h"

G_BEGIN_DECLS

typedef struct _InionAnnotationNode InionAnnotationNode;

/**
 * InionAnnotationNode:
 * @annotation: (transfer full): what it holds
 * @onset: its onset, in ns
 * @end: its end, in ns
 * @id: its id
 * @cover: the latest end below this node, where a point event ends 1 ns after its onset
 * @size: number of nodes below and including this one
 * @priority: random; no node has a higher one than its parent
 */
struct _InionAnnotationNode
{
  InionAnnotationNode *left;
  InionAnnotationNode *right;
  InionAnnotationNode *parent;
  InionAnnotation *annotation;
  gint64 onset;
  gint64 end;
  gint64 id;
  gint64 cover;
  guint size;
  guint32 priority;
};

typedef struct
{
  InionAnnotationNode *root;
  guint32 state; /* of the priorities' generator; never 0 */
} InionAnnotationTree;

void                 _inion_annotation_tree_init (InionAnnotationTree *self);
void                 _inion_annotation_tree_clear (InionAnnotationTree *self);
InionAnnotationNode *_inion_annotation_tree_insert (InionAnnotationTree *self,
                                                    InionAnnotation *annotation);
void                 _inion_annotation_tree_exchange (InionAnnotationNode *node, InionAnnotation *annotation);
void                 _inion_annotation_tree_remove (InionAnnotationTree *self, InionAnnotationNode *node);
guint                _inion_annotation_tree_get_size (const InionAnnotationTree *self);
InionAnnotationNode *_inion_annotation_tree_nth (const InionAnnotationTree *self, guint position);
guint                _inion_annotation_tree_rank (const InionAnnotationNode *node);
InionAnnotationNode *_inion_annotation_tree_next (InionAnnotationNode *node);
InionAnnotationNode *_inion_annotation_tree_previous (InionAnnotationNode *node);
InionAnnotationNode *_inion_annotation_tree_first_from (const InionAnnotationTree *self, gint64 onset);
gboolean             _inion_annotation_tree_visit (const InionAnnotationTree *self, gint64 from,
                                                   gint64 to, InionAnnotationVisit visit,
                                                   gpointer data);

G_END_DECLS
