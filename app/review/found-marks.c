/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a search found of a set of marks, as a list.
 *
 * Only the ids are kept; a mark is looked up when a row asks for it, so that a search costs what
 * finding costs, however much is found. A mark that was removed from the set since has an empty one
 * in its place until the list is made anew. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/review/found-marks.h"

#include <math.h>

struct _InionFoundMarks
{
  GObject parent_instance;

  InionAnnotationSet *set;
  GArray *ids;               /* gint64 */
};

static GType
inion_found_marks_get_item_type (GListModel *model)
{
  return INION_TYPE_ANNOTATION;
}

static guint
inion_found_marks_get_n_items (GListModel *model)
{
  return INION_FOUND_MARKS (model)->ids->len;
}

static gpointer
inion_found_marks_get_item (GListModel *model,
                            guint       position)
{
  InionFoundMarks *self = INION_FOUND_MARKS (model);
  InionAnnotation *mark;

  if (position >= self->ids->len)
    return NULL;
  mark = inion_annotation_set_lookup (self->set, g_array_index (self->ids, gint64, position));
  if (mark != NULL)
    return g_object_ref (mark);
  return inion_annotation_new (0, 0, 0, NULL, NULL, NULL, INION_ORIGIN_PERSON, NAN, NULL);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = inion_found_marks_get_item_type;
  iface->get_n_items = inion_found_marks_get_n_items;
  iface->get_item = inion_found_marks_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (InionFoundMarks, inion_found_marks, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
inion_found_marks_finalize (GObject *object)
{
  InionFoundMarks *self = INION_FOUND_MARKS (object);

  g_clear_object (&self->set);
  g_clear_pointer (&self->ids, g_array_unref);
  G_OBJECT_CLASS (inion_found_marks_parent_class)->finalize (object);
}

static void
inion_found_marks_class_init (InionFoundMarksClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_found_marks_finalize;
}

static void
inion_found_marks_init (InionFoundMarks *self)
{
}

/**
 * inion_found_marks_new:
 * @set: the marks
 * @text: what to look for in labels, raters, comments and channels, in any case
 *
 * Returns: (transfer full): the marks that have it, in order of time
 */
GListModel *
inion_found_marks_new (InionAnnotationSet *set,
                       const char         *text)
{
  InionFoundMarks *self = g_object_new (INION_TYPE_FOUND_MARKS, NULL);

  self->set = g_object_ref (set);
  self->ids = inion_annotation_set_search (set, text, NULL);
  return G_LIST_MODEL (self);
}
