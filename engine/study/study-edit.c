/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits of a study: applied in memory at once, noted, and handed to the writer. */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "annotation/palette-json.h"
#include "study/study-channels.h"
#include "study/study-private.h"

gboolean
_inion_study_may_edit (InionStudy *self)
{
  return !inion_study_is_read_only (self);
}

void
_inion_study_push (InionStudy        *self,
                   InionStudyRowKind  kind,
                   const char        *title,
                   gint64             target,
                   GPtrArray         *changes,
                   GPtrArray         *inverse,
                   InionStudyItem    *item)
{
  InionStudyEdit *edit = g_new0 (InionStudyEdit, 1);

  edit->seq = ++self->sequence;
  edit->time = _inion_study_now ();
  edit->rater = g_strdup (self->rater);
  edit->title = g_strdup (title);
  edit->kind = kind;
  edit->target = target;
  edit->next_annotation_id = self->next_annotation_id;
  edit->changes = changes != NULL ? g_ptr_array_ref (changes) : NULL;
  edit->inverse = inverse != NULL ? g_ptr_array_ref (inverse) : NULL;
  edit->item = item;
  _inion_study_writer_push (self->writer, edit);
}

static InionStudyStep *
add_step (InionStudy        *self,
          InionStudyRowKind  kind,
          const char        *title)
{
  InionStudyStep *step = g_new0 (InionStudyStep, 1);

  step->seq = self->sequence;
  step->time = _inion_study_now ();
  step->rater = g_strdup (self->rater);
  step->title = g_strdup (title);
  step->kind = kind;
  g_ptr_array_add (self->journal, step);
  return step;
}

void
_inion_study_emit_edited (InionStudy *self,
                          const char *title)
{
  _inion_study_update_titles (self);
  g_signal_emit (self, _inion_study_signals[INION_STUDY_SIGNAL_EDITED], 0, title, self->sequence);
}

static gboolean
is_channel (const InionStudyOp *op)
{
  return op->kind == INION_STUDY_OP_SET && g_str_has_prefix (op->key, INION_STUDY_CHANNEL_PREFIX);
}

void
_inion_study_emit_settings (InionStudy *self,
                            GPtrArray  *ops)
{
  /* However many channels, they change at once, and before what names them. */
  for (guint i = 0; i < ops->len; i++)
    if (is_channel (ops->pdata[i]))
      {
        g_signal_emit (self, _inion_study_signals[INION_STUDY_SIGNAL_SETTING_CHANGED],
                       g_quark_from_static_string (INION_STUDY_CHANNELS), INION_STUDY_CHANNELS);
        break;
      }
  for (guint i = 0; i < ops->len; i++)
    {
      const InionStudyOp *op = ops->pdata[i];

      if (op->kind != INION_STUDY_OP_SET || is_channel (op))
        continue;
      if (g_str_equal (op->key, "palette"))
        _inion_study_update_palette (self);
      g_signal_emit (self, _inion_study_signals[INION_STUDY_SIGNAL_SETTING_CHANGED],
                     g_quark_from_string (op->key), op->key);
    }
}

static void
finish_step (InionStudy *self,
             const char *title,
             GPtrArray  *forward,
             GPtrArray  *inverse)
{
  InionStudyStep *step;

  _inion_study_push (self, INION_STUDY_ROW_EDIT, title, 0, forward, inverse, NULL);
  step = add_step (self, INION_STUDY_ROW_EDIT, title);
  step->forward = g_ptr_array_ref (forward);
  step->inverse = g_ptr_array_ref (inverse);
  for (guint i = 0; i < self->undone->len; i++)
    ((InionStudyStep *) self->undone->pdata[i])->state = INION_STUDY_STATE_ABANDONED;
  g_ptr_array_set_size (self->undone, 0);
  g_ptr_array_add (self->done, step);
  _inion_study_emit_edited (self, step->title);
}

/* Marks one by one in a batch become one operation. */
static gboolean
merge_add (InionStudy   *self,
           InionStudyOp *forward,
           InionStudyOp *inverse)
{
  InionStudyOp *last_forward, *last_inverse;

  if (forward->kind != INION_STUDY_OP_ADD || self->batch_forward->len == 0)
    return FALSE;
  last_forward = self->batch_forward->pdata[self->batch_forward->len - 1];
  last_inverse = self->batch_inverse->pdata[self->batch_inverse->len - 1];
  if (last_forward->kind != INION_STUDY_OP_ADD)
    return FALSE;
  for (guint i = 0; i < forward->annotations->len; i++)
    g_ptr_array_add (last_forward->annotations, g_object_ref (forward->annotations->pdata[i]));
  g_array_append_vals (last_inverse->ids, inverse->ids->data, inverse->ids->len);
  return TRUE;
}

/* Takes two operations, applies the first and notes both. */
void
_inion_study_apply (InionStudy   *self,
                    const char   *title,
                    InionStudyOp *forward,
                    InionStudyOp *inverse)
{
  g_autoptr (GPtrArray) ops = _inion_study_ops_new ();
  g_autoptr (GPtrArray) inverses = _inion_study_ops_new ();

  g_ptr_array_add (ops, forward);
  g_ptr_array_add (inverses, inverse);
  _inion_study_ops_apply (ops, self->annotations, self->settings, NULL);
  if (self->depth == 0)
    finish_step (self, title, ops, inverses);
  else if (!merge_add (self, forward, inverse))
    {
      g_ptr_array_add (self->batch_forward, g_ptr_array_steal_index (ops, 0));
      g_ptr_array_add (self->batch_inverse, g_ptr_array_steal_index (inverses, 0));
    }
}

void
_inion_study_finish_batch (InionStudy *self)
{
  g_autofree char *title = g_steal_pointer (&self->batch_title);
  g_autoptr (GPtrArray) forward = g_steal_pointer (&self->batch_forward);
  g_autoptr (GPtrArray) inverse = g_steal_pointer (&self->batch_inverse);

  self->depth = 0;
  for (guint i = 0, j = inverse->len; i + 1 < j; i++)
    {
      gpointer swapped = inverse->pdata[i];

      inverse->pdata[i] = inverse->pdata[--j];
      inverse->pdata[j] = swapped;
    }
  if (forward->len > 0)
    finish_step (self, title, forward, inverse);
}

/**
 * inion_study_begin:
 * @self: a study
 * @title: what the edits that follow are together, as a person reads it: "Import 12 marks"
 *
 * Begins a batch: until inion_study_end() all edits are one transaction and one step of undo. In a
 * batch within a batch the outer one counts.
 */
void
inion_study_begin (InionStudy *self,
                   const char *title)
{
  g_return_if_fail (INION_IS_STUDY (self));
  g_return_if_fail (title != NULL);

  if (self->depth++ > 0)
    return;
  self->batch_title = g_strdup (title);
  self->batch_forward = _inion_study_ops_new ();
  self->batch_inverse = _inion_study_ops_new ();
}

/**
 * inion_study_end:
 * @self: a study
 *
 * Ends a batch and hands it to the writer. A batch without edits leaves no trace.
 */
void
inion_study_end (InionStudy *self)
{
  g_return_if_fail (INION_IS_STUDY (self));
  g_return_if_fail (self->depth > 0 || self->writer == NULL);

  if (self->depth == 1)
    _inion_study_finish_batch (self);
  else if (self->depth > 1)
    self->depth--;
}

/**
 * inion_study_set_setting:
 * @self: a study
 * @key: which: "montage", "filters", "bad-channels", "palette" …
 * @value: (nullable): JSON or plain text; %NULL unsets it
 * @title: (nullable): what this is, as a person reads it: "Mark T3 as bad"
 *
 * Sets something that undo takes back. The value that it has already is no edit. Does nothing if
 * the study is read-only.
 */
void
inion_study_set_setting (InionStudy *self,
                         const char *key,
                         const char *value,
                         const char *title)
{
  g_autofree char *default_title = NULL;
  g_autofree char *valid = NULL;
  g_autoptr (GPtrArray) changed = NULL;
  const char *old;

  g_return_if_fail (INION_IS_STUDY (self));
  g_return_if_fail (key != NULL);

  old = g_hash_table_lookup (self->settings, key);
  if (!_inion_study_may_edit (self) || g_strcmp0 (old, value) == 0)
    return;
  default_title = g_strdup_printf ("Change %s", key);
  valid = value != NULL ? g_utf8_make_valid (value, -1) : NULL;
  changed = _inion_study_ops_new ();
  g_ptr_array_add (changed, _inion_study_op_new_set (key, valid));
  _inion_study_apply (self, title != NULL ? title : default_title,
                      _inion_study_op_new_set (key, valid), _inion_study_op_new_set (key, old));
  _inion_study_emit_settings (self, changed);
}

/**
 * inion_study_get_setting:
 * @self: a study
 * @key: which
 *
 * Returns: (transfer none) (nullable): its value, until it is set again; %NULL if it is not set
 */
const char *
inion_study_get_setting (InionStudy *self,
                         const char *key)
{
  g_return_val_if_fail (INION_IS_STUDY (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  return g_hash_table_lookup (self->settings, key);
}

static InionPalette *
copy_palette (InionPalette *palette)
{
  InionPalette *copy = inion_palette_new ();

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (palette)); i++)
    {
      g_autoptr (InionLabel) label = g_list_model_get_item (G_LIST_MODEL (palette), i);

      inion_palette_add (copy, label);
    }
  return copy;
}

/**
 * inion_study_add_label:
 * @self: a study
 * @label: a label
 *
 * Adds a label to the palette, or puts it in the place of the one of the same name.
 */
void
inion_study_add_label (InionStudy *self,
                       InionLabel *label)
{
  g_autoptr (InionPalette) palette = NULL;
  g_autofree char *json = NULL, *title = NULL;

  g_return_if_fail (INION_IS_STUDY (self));
  g_return_if_fail (INION_IS_LABEL (label));

  palette = copy_palette (self->palette);
  inion_palette_add (palette, label);
  json = inion_palette_to_json (palette);
  title = g_strdup_printf ("Change label %s", inion_label_get_name (label));
  inion_study_set_setting (self, "palette", json, title);
}

/**
 * inion_study_remove_label:
 * @self: a study
 * @name: a label's name
 *
 * Removes a label from the palette; annotations that bear it stay as they are.
 *
 * Returns: %FALSE if there is none of this name or the study is read-only
 */
gboolean
inion_study_remove_label (InionStudy *self,
                          const char *name)
{
  g_autoptr (InionPalette) palette = NULL;
  g_autofree char *json = NULL, *title = NULL;

  g_return_val_if_fail (INION_IS_STUDY (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  palette = copy_palette (self->palette);
  if (!_inion_study_may_edit (self) || !inion_palette_remove (palette, name))
    return FALSE;
  json = inion_palette_to_json (palette);
  title = g_strdup_printf ("Remove label %s", name);
  inion_study_set_setting (self, "palette", json, title);
  return TRUE;
}

/**
 * inion_study_add_item:
 * @self: a study
 * @kind: "result" or "model"
 * @name: as a person reads it
 * @fingerprint: (nullable): of what it was made from
 * @json: the thing itself
 *
 * Keeps a result or a model, as a new version beside those of the same name. It is part of the
 * journal, and undo does not take it back.
 *
 * Returns: its number; 0 if the study is read-only
 */
gint64
inion_study_add_item (InionStudy *self,
                      const char *kind,
                      const char *name,
                      const char *fingerprint,
                      const char *json)
{
  InionStudyItem *item;
  g_autofree char *title = NULL;

  g_return_val_if_fail (INION_IS_STUDY (self), 0);
  g_return_val_if_fail (kind != NULL && name != NULL && json != NULL, 0);

  if (!_inion_study_may_edit (self))
    return 0;
  item = g_new0 (InionStudyItem, 1);
  item->id = self->next_item_id++;
  item->kind = g_strdup (kind);
  item->name = g_utf8_make_valid (name, -1);
  item->created = _inion_study_now ();
  item->fingerprint = g_strdup (fingerprint);
  item->json = g_utf8_make_valid (json, -1);
  title = g_strdup_printf ("Keep %s %s", item->kind, item->name);
  g_ptr_array_add (self->items, item);
  if (g_str_equal (kind, "model"))
    _inion_study_names_keep (self, item->id);
  _inion_study_push (self, INION_STUDY_ROW_ITEM, title, 0, NULL, NULL,
                     _inion_study_item_copy (item));
  add_step (self, INION_STUDY_ROW_ITEM, title);
  _inion_study_emit_edited (self, title);
  return item->id;
}
