/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an edit does, and what undoes it. */

#pragma once

#include "annotation/annotation-set.h"
#include "study/study.h"

G_BEGIN_DECLS

/* Settings of this prefix are the rows of the table "channel", by their number. */
#define INION_STUDY_CHANNEL_PREFIX "channel:"

typedef enum
{
  INION_STUDY_OP_ADD,
  INION_STUDY_OP_REMOVE,
  INION_STUDY_OP_REPLACE,
  INION_STUDY_OP_SET,
} InionStudyOpKind;

/**
 * InionStudyOp:
 * @annotations: (element-type InionAnnotation): for add and replace
 * @ids: (element-type gint64): for remove
 * @key: for set
 * @value: (nullable): for set; %NULL unsets
 *
 * One operation on the tables. Not changed any more once it is in a step: the writer's thread
 * reads it.
 */
typedef struct
{
  InionStudyOpKind kind;
  GPtrArray *annotations;
  GArray *ids;
  char *key;
  char *value;
} InionStudyOp;

typedef enum
{
  INION_STUDY_ROW_EDIT,
  INION_STUDY_ROW_UNDO,
  INION_STUDY_ROW_REDO,
  INION_STUDY_ROW_ITEM,
} InionStudyRowKind;

typedef enum
{
  INION_STUDY_STATE_DONE,
  INION_STUDY_STATE_UNDONE,
  INION_STUDY_STATE_ABANDONED,
} InionStudyState;

/**
 * InionStudyStep:
 * @forward: (element-type InionStudyOp) (nullable): what it does; %NULL while only on disk
 * @inverse: (element-type InionStudyOp) (nullable): what undoes it, in the order to be applied
 *
 * A row of the journal that a person can see, as the main thread keeps it.
 */
typedef struct
{
  gint64 seq;
  char *time;
  char *rater;
  char *title;
  InionStudyRowKind kind;
  InionStudyState state;
  GPtrArray *forward;
  GPtrArray *inverse;
} InionStudyStep;

/**
 * InionStudyEdit:
 * @target: for undo and redo: the row that is undone or redone
 * @changes: (element-type InionStudyOp) (nullable): what is done to the tables
 * @inverse: (element-type InionStudyOp) (nullable): for an edit: what undoes it
 * @item: (nullable): for an item
 *
 * One transaction for the writer: a new row of the journal and the changes that it stands for.
 */
typedef struct
{
  gint64 seq;
  char *time;
  char *rater;
  char *title;
  InionStudyRowKind kind;
  gint64 target;
  gint64 next_annotation_id;
  GPtrArray *changes;
  GPtrArray *inverse;
  InionStudyItem *item;
} InionStudyEdit;

const char *_inion_study_row_kind_to_string (InionStudyRowKind kind);
gboolean    _inion_study_row_kind_from_string (const char *text, InionStudyRowKind *kind);
const char *_inion_study_state_to_string (InionStudyState state);
gboolean    _inion_study_state_from_string (const char *text, InionStudyState *state);

InionStudyOp *_inion_study_op_new_add (void);
InionStudyOp *_inion_study_op_new_remove (void);
InionStudyOp *_inion_study_op_new_replace (InionAnnotation *annotation);
InionStudyOp *_inion_study_op_new_set (const char *key, const char *value);
void          _inion_study_op_free (InionStudyOp *self);
GPtrArray    *_inion_study_ops_new (void); /* owns its operations */

char      *_inion_study_ops_to_json (GPtrArray *ops);
GPtrArray *_inion_study_ops_from_json (const char *json, GError **error);
gboolean   _inion_study_ops_apply (GPtrArray *ops, InionAnnotationSet *annotations,
                                   GHashTable *settings, GError **error);

void             _inion_study_step_free (InionStudyStep *self);
void             _inion_study_edit_free (InionStudyEdit *self);
InionStudyItem  *_inion_study_item_copy (const InionStudyItem *self);

G_END_DECLS
