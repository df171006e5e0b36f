/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits taken back and done again, also those of earlier sessions. */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "study/study-private.h"

typedef struct
{
  gint64 seq;
  GPtrArray *forward;
  GPtrArray *inverse;
} LoadOps;

static gboolean
call_load_ops (InionStudyStore *store,
               gpointer         data,
               GError         **error)
{
  LoadOps *load = data;

  return _inion_study_store_load_ops (store, load->seq, &load->forward, &load->inverse, error);
}

/* Makes sure that the operations of a step are in memory; those of earlier sessions are not. */
static gboolean
need_ops (InionStudy     *self,
          InionStudyStep *step)
{
  LoadOps load = { step->seq, NULL, NULL };
  g_autoptr (GError) error = NULL;

  if (step->forward != NULL)
    return TRUE;
  if (!_inion_study_writer_call (self->writer, call_load_ops, &load, &error))
    {
      g_message ("“%s” cannot be undone or redone: %s", step->title, error->message);
      return FALSE;
    }
  step->forward = load.forward;
  step->inverse = load.inverse;
  return TRUE;
}

/* Moves the last step of one stack to the other and applies what that means. */
static gboolean
move_step (InionStudy        *self,
           InionStudyRowKind  kind,
           GPtrArray         *from,
           GPtrArray         *to)
{
  g_autoptr (GError) error = NULL;
  InionStudyStep *step;
  GPtrArray *ops;
  g_autofree char *title = NULL;

  if (!_inion_study_may_edit (self) || self->depth > 0 || from->len == 0)
    return FALSE;
  step = from->pdata[from->len - 1];
  if (!need_ops (self, step))
    return FALSE;
  ops = kind == INION_STUDY_ROW_UNDO ? step->inverse : step->forward;
  if (!_inion_study_ops_apply (ops, self->annotations, self->settings, &error))
    {
      g_message ("“%s” cannot be undone or redone: %s", step->title, error->message);
      return FALSE;
    }
  g_ptr_array_set_size (from, (int) from->len - 1);
  g_ptr_array_add (to, step);
  step->state = kind == INION_STUDY_ROW_UNDO ? INION_STUDY_STATE_UNDONE : INION_STUDY_STATE_DONE;
  title = g_strdup_printf (kind == INION_STUDY_ROW_UNDO ? "Undo: %s" : "Redo: %s", step->title);
  _inion_study_push (self, kind, title, step->seq, ops, NULL, NULL);
  _inion_study_emit_settings (self, ops);
  _inion_study_emit_edited (self, title);
  return TRUE;
}

/**
 * inion_study_undo:
 * @self: a study
 *
 * Takes the last edit back, also one of an earlier session. What was taken back is kept in the
 * journal.
 *
 * Returns: %FALSE if there is nothing to undo, within a batch, or if the study is read-only
 */
gboolean
inion_study_undo (InionStudy *self)
{
  g_return_val_if_fail (INION_IS_STUDY (self), FALSE);

  return move_step (self, INION_STUDY_ROW_UNDO, self->done, self->undone);
}

/**
 * inion_study_redo:
 * @self: a study
 *
 * Does again what was undone last. After a new edit there is nothing to redo.
 *
 * Returns: %FALSE if there is nothing to redo, within a batch, or if the study is read-only
 */
gboolean
inion_study_redo (InionStudy *self)
{
  g_return_val_if_fail (INION_IS_STUDY (self), FALSE);

  return move_step (self, INION_STUDY_ROW_REDO, self->undone, self->done);
}
