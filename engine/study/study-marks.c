/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits of annotations: adding, removing, replacing. */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "study/study-private.h"

static void
add_all (InionStudy *self,
         GPtrArray  *annotations,
         const char *title)
{
  InionStudyOp *forward = _inion_study_op_new_add ();
  InionStudyOp *inverse = _inion_study_op_new_remove ();

  for (guint i = 0; i < annotations->len; i++)
    {
      gint64 id = self->next_annotation_id++;

      g_ptr_array_add (forward->annotations,
                       inion_annotation_copy_with_id (annotations->pdata[i], id));
      g_array_append_val (inverse->ids, id);
    }
  _inion_study_apply (self, title, forward, inverse);
}

/**
 * inion_study_add_annotation:
 * @self: a study
 * @annotation: what to add; its id is not looked at
 *
 * Adds an annotation under a new id.
 *
 * Returns: the id; 0 if the study is read-only
 */
gint64
inion_study_add_annotation (InionStudy      *self,
                            InionAnnotation *annotation)
{
  g_autoptr (GPtrArray) one = g_ptr_array_new ();
  g_autofree char *title = NULL;

  g_return_val_if_fail (INION_IS_STUDY (self), 0);
  g_return_val_if_fail (INION_IS_ANNOTATION (annotation), 0);

  if (!_inion_study_may_edit (self))
    return 0;
  title = g_strdup_printf ("Mark %s", inion_annotation_get_label (annotation));
  g_ptr_array_add (one, annotation);
  add_all (self, one, title);
  return self->next_annotation_id - 1;
}

/**
 * inion_study_add_annotations:
 * @self: a study
 * @annotations: (element-type InionAnnotation): what to add; their ids are not looked at
 *
 * Adds annotations under new ids, as one step of undo. Does nothing if the study is read-only.
 */
void
inion_study_add_annotations (InionStudy *self,
                             GPtrArray  *annotations)
{
  g_autofree char *title = NULL;

  g_return_if_fail (INION_IS_STUDY (self));
  g_return_if_fail (annotations != NULL);

  if (!_inion_study_may_edit (self) || annotations->len == 0)
    return;
  title = annotations->len == 1
          ? g_strdup_printf ("Mark %s", inion_annotation_get_label (annotations->pdata[0]))
          : g_strdup_printf ("Add %u marks", annotations->len);
  add_all (self, annotations, title);
}

/**
 * inion_study_remove_annotation:
 * @self: a study
 * @id: which
 *
 * Removes an annotation.
 *
 * Returns: %FALSE if there is none of this id or the study is read-only
 */
gboolean
inion_study_remove_annotation (InionStudy *self,
                               gint64      id)
{
  g_return_val_if_fail (INION_IS_STUDY (self), FALSE);

  if (!_inion_study_may_edit (self) || inion_annotation_set_lookup (self->annotations, id) == NULL)
    return FALSE;
  inion_study_remove_annotations (self, &id, 1);
  return TRUE;
}

/**
 * inion_study_remove_annotations:
 * @self: a study
 * @ids: (array length=n): which; those that are not there are passed over
 * @n: how many
 *
 * Removes annotations, as one step of undo. Does nothing if the study is read-only.
 */
void
inion_study_remove_annotations (InionStudy   *self,
                                const gint64 *ids,
                                gsize         n)
{
  InionStudyOp *forward, *inverse;
  g_autoptr (GHashTable) seen = NULL;
  g_autofree char *title = NULL;

  g_return_if_fail (INION_IS_STUDY (self));
  g_return_if_fail (ids != NULL || n == 0);

  if (!_inion_study_may_edit (self))
    return;
  forward = _inion_study_op_new_remove ();
  inverse = _inion_study_op_new_add ();
  seen = g_hash_table_new (NULL, NULL);
  for (gsize i = 0; i < n; i++)
    {
      InionAnnotation *annotation = inion_annotation_set_lookup (self->annotations, ids[i]);

      if (annotation == NULL || !g_hash_table_add (seen, annotation))
        continue;
      g_array_append_val (forward->ids, ids[i]);
      g_ptr_array_add (inverse->annotations, g_object_ref (annotation));
    }
  if (forward->ids->len == 1)
    title = g_strdup_printf ("Remove %s",
                             inion_annotation_get_label (inverse->annotations->pdata[0]));
  else
    title = g_strdup_printf ("Remove %u marks", forward->ids->len);
  if (forward->ids->len > 0)
    _inion_study_apply (self, title, forward, inverse);
  else
    {
      _inion_study_op_free (forward);
      _inion_study_op_free (inverse);
    }
}

/**
 * inion_study_replace_annotation:
 * @self: a study
 * @annotation: what stands in the place of the annotation of the same id
 *
 * Changes an annotation. One that is the same already is no edit.
 *
 * Returns: %FALSE if there is none of this id or the study is read-only
 */
gboolean
inion_study_replace_annotation (InionStudy      *self,
                                InionAnnotation *annotation)
{
  InionAnnotation *old;
  g_autofree char *title = NULL;

  g_return_val_if_fail (INION_IS_STUDY (self), FALSE);
  g_return_val_if_fail (INION_IS_ANNOTATION (annotation), FALSE);

  old = inion_annotation_set_lookup (self->annotations, inion_annotation_get_id (annotation));
  if (!_inion_study_may_edit (self) || old == NULL)
    return FALSE;
  if (inion_annotation_equal (old, annotation))
    return TRUE;
  title = g_strdup_printf ("Change %s", inion_annotation_get_label (old));
  _inion_study_apply (self, title, _inion_study_op_new_replace (annotation),
                      _inion_study_op_new_replace (old));
  return TRUE;
}
