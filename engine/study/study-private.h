/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the study object share. All of it belongs to the main thread. */

#pragma once

#include "study/study-journal.h"
#include "study/study-lock.h"
#include "study/study-writer.h"
#include "study/study.h"

G_BEGIN_DECLS

enum
{
  INION_STUDY_SIGNAL_EDITED,
  INION_STUDY_SIGNAL_ACKNOWLEDGED,
  INION_STUDY_SIGNAL_SETTING_CHANGED,
  INION_STUDY_SIGNAL_WRITE_FAILED,
  INION_STUDY_N_SIGNALS,
};

extern guint _inion_study_signals[INION_STUDY_N_SIGNALS];

struct _InionStudy
{
  GObject parent_instance;

  char *path;
  char *rater;
  char *lock_owner;
  char *read_only_reason; /* NULL if it may be edited, as far as the file goes */
  GError *write_error;    /* as long as writing has stopped */

  InionStudyLock *lock;
  InionStudyWriter *writer; /* NULL once closed */

  InionAnnotationSet *annotations;
  InionPalette *palette;
  GHashTable *settings;
  GHashTable *views;

  GPtrArray *journal; /* of InionStudyStep: edits and items, oldest first */
  GPtrArray *done;    /* borrowed: what undo takes back, last first taken */
  GPtrArray *undone;  /* borrowed: what redo brings again, last first brought */
  char *undo_title;   /* as last notified */
  char *redo_title;

  guint depth; /* of begin */
  char *batch_title;
  GPtrArray *batch_forward;
  GPtrArray *batch_inverse; /* in the order of the edits */

  gint64 sequence;
  gint64 acknowledged;
  gint64 next_annotation_id;
  gint64 next_item_id;
  gint64 first_own_item_id;
  GPtrArray *items; /* of InionStudyItem: those made since opening; all once they were asked for */
  gboolean items_loaded;

  InionStudyReference reference;
  gboolean recording_changed;
};

void  _inion_study_update_titles (InionStudy *self);
void  _inion_study_update_palette (InionStudy *self);
char *_inion_study_now (void);
void  _inion_study_set_read_only (InionStudy *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* study-edit.c. apply: (transfer full) operations; push: (transfer full) item, borrows the rest. */
gboolean _inion_study_may_edit (InionStudy *self);
void     _inion_study_apply (InionStudy *self, const char *title, InionStudyOp *forward, InionStudyOp *inverse);
void     _inion_study_push (InionStudy *self, InionStudyRowKind kind, const char *title, gint64 target,
                            GPtrArray *changes, GPtrArray *inverse, InionStudyItem *item);
void     _inion_study_finish_batch (InionStudy *self);
void     _inion_study_emit_edited (InionStudy *self, const char *title);
void     _inion_study_emit_settings (InionStudy *self, GPtrArray *ops);

/* study-names.c. renamed: from old names to new ones. */
GHashTable *_inion_study_names_new (void);
void        _inion_study_names_add (GHashTable *renamed, const char *old, const char *new);
char       *_inion_study_names_rename (GHashTable *renamed, const char *name, gboolean loose);
char       *_inion_study_names_rename_recipe (GHashTable *renamed, const char *json);
void        _inion_study_names_keep (InionStudy *self, gint64 id);
void        _inion_study_names_update_model (InionStudy *self, InionStudyItem *item);

G_END_DECLS
