/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The study: one SQLite file with everything people say and models found, and its journal. */

#pragma once

#include "annotation/annotation-set.h"
#include "annotation/label.h"
#include "recording/recording.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define INION_TYPE_STUDY (inion_study_get_type ())
G_DECLARE_FINAL_TYPE (InionStudy, inion_study, INION, STUDY, GObject)

/* Opens or makes the side-car of a recording: NAME.inion beside it, or in the user's data folder where that cannot be written.
 * A second process gets a read-only study (property "read-only", get_lock_owner). Newer versions open read-only. */
InionStudy *inion_study_open_for_recording (const char *recording_path, GError **error);
InionStudy *inion_study_open (const char *path, GError **error);
char       *inion_study_find_for_recording (const char *recording_path); /* (transfer full) (nullable) */
void        inion_study_close (InionStudy *self);   /* flushes, snapshots, closes; idempotent */
const char *inion_study_get_path (InionStudy *self);
gboolean    inion_study_is_read_only (InionStudy *self);
const char *inion_study_get_read_only_reason (InionStudy *self); /* (nullable): a sentence for a person */
const char *inion_study_get_lock_owner (InionStudy *self); /* (nullable): who has it open: "ada on lab3 (process 71) since …" */
const char *inion_study_get_rater (InionStudy *self);
void        inion_study_set_rater (InionStudy *self, const char *rater);

/* The recording it is about: kept as relative path, size, time of change and a fingerprint that the caller sets. */
char       *inion_study_dup_recording_path (InionStudy *self); /* (nullable): absolute */
gboolean    inion_study_is_recording_changed (InionStudy *self); /* size or time differ from what was kept */
const char *inion_study_get_recording_fingerprint (InionStudy *self); /* (nullable) */
gboolean    inion_study_set_recording_fingerprint (InionStudy *self, const char *fingerprint, GError **error);

/* Live models: views bind to them; only the study changes them. */
InionAnnotationSet *inion_study_get_annotations (InionStudy *self); /* (transfer none) */
InionPalette       *inion_study_get_palette (InionStudy *self);     /* (transfer none) */

/* Edits: applied in memory at once, written by the study's own thread in one transaction each. Between begin and end all edits are
 * one transaction and one undo step. What is a person's edit has a title ("Mark blink"). Ids are given here. */
void   inion_study_begin (InionStudy *self, const char *title);
void   inion_study_end (InionStudy *self);
gint64 inion_study_add_annotation (InionStudy *self, InionAnnotation *annotation); /* → id, 0 if read-only */
gboolean inion_study_remove_annotation (InionStudy *self, gint64 id);
gboolean inion_study_replace_annotation (InionStudy *self, InionAnnotation *annotation); /* same id */
void   inion_study_add_annotations (InionStudy *self, GPtrArray *annotations);
void   inion_study_remove_annotations (InionStudy *self, const gint64 *ids, gsize n);
/* Settings are undoable too: montage, filters, bad channels, recipe … value: any JSON or plain text. */
void        inion_study_set_setting (InionStudy *self, const char *key, const char *value, const char *title);
const char *inion_study_get_setting (InionStudy *self, const char *key); /* (nullable) */
/* The palette is the setting "palette": its edits are undoable as well. */
void        inion_study_add_label (InionStudy *self, InionLabel *label);
gboolean    inion_study_remove_label (InionStudy *self, const char *name);
/* Not undoable, not journaled: where the window was. */
void        inion_study_set_view (InionStudy *self, const char *key, const char *value);
const char *inion_study_get_view (InionStudy *self, const char *key);

gboolean    inion_study_undo (InionStudy *self);
gboolean    inion_study_redo (InionStudy *self);
const char *inion_study_get_undo_title (InionStudy *self); /* (nullable): nothing to undo */
const char *inion_study_get_redo_title (InionStudy *self);

/* Acknowledged = on disk. Signals (main context): "edited" (char *title, gint64 seq), "acknowledged" (gint64 seq), "setting-changed" (detail: key),
 * "write-failed" (GError *). Property notify: can-undo, can-redo, undo-title, redo-title. */
gint64   inion_study_get_sequence (InionStudy *self);
gint64   inion_study_get_acknowledged (InionStudy *self);
gboolean inion_study_flush (InionStudy *self, GError **error); /* waits until all is on disk */
gboolean inion_study_retry (InionStudy *self, GError **error); /* after "write-failed": writes what is only in memory */

/* Results and models: kept with a version, as JSON text. */
typedef struct
{
  gint64 id;
  char *kind;         /* "result" or "model" */
  char *name;
  char *created;      /* ISO 8601, UTC */
  char *fingerprint;
  char *json;
} InionStudyItem;
void       inion_study_item_free (InionStudyItem *self);
gint64     inion_study_add_item (InionStudy *self, const char *kind, const char *name, const char *fingerprint, const char *json);
GPtrArray *inion_study_list_items (InionStudy *self, const char *kind); /* (element-type InionStudyItem) (transfer full) */

/* The journal as a person reads it: time, rater, title, undone. */
typedef struct
{
  gint64 seq;
  char *time;
  char *rater;
  char *title;
  gboolean undone;
} InionJournalEntry;
void       inion_journal_entry_free (InionJournalEntry *self);
GPtrArray *inion_study_list_journal (InionStudy *self); /* (element-type InionJournalEntry) (transfer full) */

/* Integrity: SQLite's check, foreign keys, journal replay equals the tables. report: lines for a person. */
gboolean inion_study_verify (const char *path, char **report, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionStudyItem, inion_study_item_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionJournalEntry, inion_journal_entry_free)

G_END_DECLS
