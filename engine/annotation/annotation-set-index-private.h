/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the searches of a set read, in columns: ids, texts and the order in time. */

#pragma once

#include "annotation/annotation-set-texts-private.h"
#include "annotation/annotation-tree-private.h"

G_BEGIN_DECLS

/**
 * InionAnnotationIndex:
 * @nodes: of InionAnnotationNode *: by slot
 * @ids: of gint64: by slot
 * @rows: of Row: the numbers of the texts, by slot
 * @vacant: of guint32: slots that may be given again
 * @order: of guint32: the slot at each place in the list
 * @texts: the texts themselves
 */
typedef struct
{
  GArray *nodes;
  GArray *ids;
  GArray *rows;
  GArray *vacant;
  GArray *order;
  InionAnnotationTexts texts;
} InionAnnotationIndex;

/* A slot and its rank: its place in the list. */
typedef struct
{
  guint rank;
  guint32 slot;
} InionAnnotationPlace;

void     _inion_annotation_index_init (InionAnnotationIndex *self);
void     _inion_annotation_index_clear (InionAnnotationIndex *self);
guint32  _inion_annotation_index_add (InionAnnotationIndex *self, InionAnnotationNode *node);
void     _inion_annotation_index_exchange (InionAnnotationIndex *self, guint32 slot,
                                           InionAnnotation *annotation);
void     _inion_annotation_index_drop (InionAnnotationIndex *self, guint32 slot);
void     _inion_annotation_index_put (InionAnnotationIndex *self,
                                      const InionAnnotationPlace *places, guint n);
void     _inion_annotation_index_pull (InionAnnotationIndex *self,
                                       const InionAnnotationPlace *places, guint n);
gboolean _inion_annotation_index_find_label (const InionAnnotationIndex *self, const char *label,
                                             guint32 *text);
guint    _inion_annotation_index_next (const InionAnnotationIndex *self, guint rank, guint32 label);
guint    _inion_annotation_index_previous (const InionAnnotationIndex *self, guint rank, guint32 label);
GArray  *_inion_annotation_index_search (const InionAnnotationIndex *self, const char *needle,
                                         guint32 label);

static inline InionAnnotationNode *
_inion_annotation_index_get_node (const InionAnnotationIndex *self,
                                  guint32                     slot)
{
  return g_array_index (self->nodes, InionAnnotationNode *, slot);
}

static inline guint32
_inion_annotation_index_get_slot (const InionAnnotationIndex *self,
                                  guint                       rank)
{
  return g_array_index (self->order, guint32, rank);
}

G_END_DECLS
