/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SQLite file of a study. Used on one thread only: the writer's. */

#pragma once

#include "study/choice.h"
#include "study/study-journal.h"

G_BEGIN_DECLS

typedef struct _InionStudyStore InionStudyStore;

typedef struct
{
  char *path; /* as stored; NULL if there is none */
  gint64 size;
  gint64 mtime_ns;
  char *fingerprint;
} InionStudyReference;

/**
 * InionStudyChoice:
 * @path: of the recording, as stored
 * @json: (nullable): what was chosen; %NULL forgets it
 *
 * A row of the table "choice", borrowed from whoever writes it.
 */
typedef struct
{
  const char *path;
  gint64 size;
  gint64 mtime_ns;
  const char *fingerprint;
  const char *json;
  const char *time;
  const char *rater;
} InionStudyChoice;

/**
 * InionStudyContents:
 * @annotations: (element-type InionAnnotation)
 * @journal: (element-type InionStudyStep): without operations
 *
 * All that a study holds in memory, as read at its opening.
 */
typedef struct
{
  GPtrArray *annotations;
  GHashTable *settings;
  GHashTable *views;
  GPtrArray *journal;
  InionStudyReference reference;
  gint64 sequence;
  gint64 next_annotation_id;
  gint64 next_item_id;
} InionStudyContents;

InionStudyStore *_inion_study_store_open (const char *path, gboolean writable, GError **error);
void             _inion_study_store_close (InionStudyStore *self);
const char      *_inion_study_store_get_path (InionStudyStore *self);
gboolean         _inion_study_store_is_newer (InionStudyStore *self);
gboolean         _inion_study_store_is_writable (InionStudyStore *self);

gboolean   _inion_study_store_load (InionStudyStore *self, InionStudyContents *contents, GError **error);
gboolean   _inion_study_store_load_ops (InionStudyStore *self, gint64 seq, GPtrArray **forward,
                                        GPtrArray **inverse, GError **error);
GPtrArray *_inion_study_store_load_items (InionStudyStore *self, gint64 before_id, GError **error);
gboolean   _inion_study_store_load_reference (InionStudyStore *self, InionStudyReference *reference,
                                              GError **error);
gboolean   _inion_study_store_load_choice (InionStudyStore *self, const char *path, InionChoice **choice,
                                           GError **error);

gboolean   _inion_study_store_write (InionStudyStore *self, const InionStudyEdit *edit, GError **error);
gboolean   _inion_study_store_write_views (InionStudyStore *self, GHashTable *views, GError **error);
gboolean   _inion_study_store_write_reference (InionStudyStore *self,
                                               const InionStudyReference *reference, GError **error);
gboolean   _inion_study_store_write_choice (InionStudyStore *self, const InionStudyChoice *choice,
                                            GError **error);
gboolean   _inion_study_store_copy (InionStudyStore *self, const char *path, GError **error);
gboolean   _inion_study_store_get_sequence (InionStudyStore *self, gint64 *sequence, GError **error);
gboolean   _inion_study_store_check (InionStudyStore *self, GPtrArray *problems, GError **error);
gboolean   _inion_study_store_foreach_row (InionStudyStore *self,
                                           gboolean (*visit) (const InionStudyEdit *row,
                                                              InionStudyState       state,
                                                              gpointer              data,
                                                              GError              **error),
                                           gpointer data, GError **error);

void _inion_study_reference_clear (InionStudyReference *self);
void _inion_study_contents_clear (InionStudyContents *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InionStudyReference, _inion_study_reference_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InionStudyContents, _inion_study_contents_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionStudyStore, _inion_study_store_close)

G_END_DECLS
