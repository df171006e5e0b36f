/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the searches of a set read, in columns: ids, texts and the order in time.
 *
 * Each annotation has a slot for as long as it is in the set. A search asks the texts once which of
 * them contain the needle, and then runs over the slots in the order of the list: some nanoseconds
 * an annotation, where a walk over the tree waits for memory at each node. An edit moves the part
 * of the order that lies behind it, 4 bytes an annotation.
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/annotation-private.h"
#include "annotation/annotation-set-index-private.h"

#include <string.h>

typedef struct
{
  guint32 label;
  guint32 rater;
  guint32 channels;
  guint32 comment;
} Row;

static Row
add_texts (InionAnnotationIndex  *self,
           const InionAnnotation *annotation)
{
  return (Row) {
    .label = _inion_annotation_texts_add_interned (&self->texts, annotation->label),
    .rater = _inion_annotation_texts_add_interned (&self->texts, annotation->rater),
    .channels = _inion_annotation_texts_add_interned (&self->texts, annotation->channel_lines),
    .comment = _inion_annotation_texts_add_folded (&self->texts, annotation->folded_comment),
  };
}

static void
drop_texts (InionAnnotationIndex *self,
            Row                   row)
{
  _inion_annotation_texts_drop (&self->texts, row.label);
  _inion_annotation_texts_drop (&self->texts, row.rater);
  _inion_annotation_texts_drop (&self->texts, row.channels);
  _inion_annotation_texts_drop (&self->texts, row.comment);
}

void
_inion_annotation_index_init (InionAnnotationIndex *self)
{
  self->nodes = g_array_new (FALSE, FALSE, sizeof (InionAnnotationNode *));
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  self->vacant = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->order = g_array_new (FALSE, FALSE, sizeof (guint32));
  _inion_annotation_texts_init (&self->texts);
}

void
_inion_annotation_index_clear (InionAnnotationIndex *self)
{
  _inion_annotation_texts_clear (&self->texts);
  g_clear_pointer (&self->order, g_array_unref);
  g_clear_pointer (&self->vacant, g_array_unref);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->ids, g_array_unref);
  g_clear_pointer (&self->nodes, g_array_unref);
}

/* Gives a node a slot; its place in the list follows by _put (). */
guint32
_inion_annotation_index_add (InionAnnotationIndex *self,
                             InionAnnotationNode  *node)
{
  Row row = add_texts (self, node->annotation);
  guint32 slot;

  if (self->vacant->len == 0)
    {
      g_array_append_val (self->nodes, node);
      g_array_append_val (self->ids, node->id);
      g_array_append_val (self->rows, row);
      return self->nodes->len - 1;
    }
  slot = g_array_index (self->vacant, guint32, self->vacant->len - 1);
  g_array_set_size (self->vacant, self->vacant->len - 1);
  g_array_index (self->nodes, InionAnnotationNode *, slot) = node;
  g_array_index (self->ids, gint64, slot) = node->id;
  g_array_index (self->rows, Row, slot) = row;
  return slot;
}

/* Takes the texts of another annotation. The one before must still be alive. */
void
_inion_annotation_index_exchange (InionAnnotationIndex *self,
                                  guint32               slot,
                                  InionAnnotation      *annotation)
{
  Row before = g_array_index (self->rows, Row, slot);

  g_array_index (self->rows, Row, slot) = add_texts (self, annotation);
  drop_texts (self, before);
}

/* Takes back a slot that has no place in the list any more. Its annotation must still live. */
void
_inion_annotation_index_drop (InionAnnotationIndex *self,
                              guint32               slot)
{
  drop_texts (self, g_array_index (self->rows, Row, slot));
  g_array_append_val (self->vacant, slot);
}

/* Puts slots into the list; the ranks ascend and are those after all are in. */
void
_inion_annotation_index_put (InionAnnotationIndex       *self,
                             const InionAnnotationPlace *places,
                             guint                       n)
{
  guint end = self->order->len; /* of what is not moved yet */
  guint32 *order;

  g_array_set_size (self->order, end + n);
  order = (guint32 *) (gpointer) self->order->data;
  for (guint i = n; i-- > 0;)
    {
      guint start = places[i].rank - i; /* i of those before it are not there yet */

      memmove (order + places[i].rank + 1, order + start, (end - start) * sizeof *order);
      order[places[i].rank] = places[i].slot;
      end = start;
    }
}

/* Takes slots out of the list; the ranks ascend and are those before. */
void
_inion_annotation_index_pull (InionAnnotationIndex       *self,
                              const InionAnnotationPlace *places,
                              guint                       n)
{
  guint32 *order = (guint32 *) (gpointer) self->order->data;

  for (guint i = 0; i < n; i++)
    {
      guint start = places[i].rank + 1;
      guint end = i + 1 < n ? places[i + 1].rank : self->order->len;

      memmove (order + places[i].rank - i, order + start, (end - start) * sizeof *order);
    }
  g_array_set_size (self->order, self->order->len - n);
}

/* The number of a label for the functions below, 0 for any label; FALSE if none has this label. */
gboolean
_inion_annotation_index_find_label (const InionAnnotationIndex *self,
                                    const char                 *label,
                                    guint32                    *text)
{
  char *interned;

  *text = 0;
  if (label == NULL)
    return TRUE;
  interned = g_ref_string_new_intern (label);
  *text = _inion_annotation_texts_lookup (&self->texts, interned);
  g_ref_string_release (interned);
  return *text != 0;
}

/* The first rank from this one on that has the label, the length of the list if none has. */
guint
_inion_annotation_index_next (const InionAnnotationIndex *self,
                              guint                       rank,
                              guint32                     label)
{
  const guint32 *order = (const guint32 *) (gconstpointer) self->order->data;
  const Row *rows = (const Row *) (gconstpointer) self->rows->data;

  while (label != 0 && rank < self->order->len && rows[order[rank]].label != label)
    rank++;
  return rank;
}

/* The last rank before this one that has the label, G_MAXUINT if none has. */
guint
_inion_annotation_index_previous (const InionAnnotationIndex *self,
                                  guint                       rank,
                                  guint32                     label)
{
  const guint32 *order = (const guint32 *) (gconstpointer) self->order->data;
  const Row *rows = (const Row *) (gconstpointer) self->rows->data;

  while (rank-- > 0)
    if (label == 0 || rows[order[rank]].label == label)
      return rank;
  return G_MAXUINT;
}

/* The ids, in the order of the list, of what has the label and contains the needle, which is
 * casefolded. (transfer full) */
GArray *
_inion_annotation_index_search (const InionAnnotationIndex *self,
                                const char                 *needle,
                                guint32                     label)
{
  const guint32 *order = (const guint32 *) (gconstpointer) self->order->data;
  const gint64 *ids = (const gint64 *) (gconstpointer) self->ids->data;
  const Row *rows = (const Row *) (gconstpointer) self->rows->data;
  g_autofree guint8 *found = NULL;
  GArray *result = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 *out;
  guint n = 0;

  if (needle[0] != '\0')
    {
      found = _inion_annotation_texts_find (&self->texts, needle);
      if (found == NULL)
        return result;
    }
  /* Room for all, of which only what is found is touched: no branch depends on a text. */
  g_array_set_size (result, self->order->len);
  out = (gint64 *) (gpointer) result->data;
  for (guint i = 0; i < self->order->len; i++)
    {
      Row row = rows[order[i]];
      guint hit = label == 0 || row.label == label;

      if (found != NULL)
        hit &= found[row.label] | found[row.rater] | found[row.channels] | found[row.comment];
      out[n] = ids[order[i]];
      n += hit;
    }
  g_array_set_size (result, n);
  return result;
}
