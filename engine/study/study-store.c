/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SQLite file of a study: opening it, and writing to it.
 *
 * One connection, on one thread, with a rollback journal (journal_mode=DELETE) that is synced with
 * its folder (synchronous=EXTRA): when a transaction has ended, it is on the disk and stays there
 * through a loss of power. Nothing in the file is trusted: it is checked on opening, must have the
 * tables that we made and no others that act by themselves.
 */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "core/error.h"
#include "study/study-migration.h"
#include "study/study-sql-private.h"

#include <math.h>
#include <string.h>

#define APPLICATION_ID 0x496E696F
#define BUSY_MS 10000

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

static gboolean
configure (InionStudyStore *self,
           GError         **error)
{
  sqlite3_extended_result_codes (self->db, 1);
  sqlite3_busy_timeout (self->db, BUSY_MS);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  if (!_inion_study_sql_run (self, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
                                   "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;", error))
    return FALSE;
  self->writable = sqlite3_db_readonly (self->db, "main") == 0;
  return !self->writable
         || _inion_study_sql_run (self, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;",
                                  error);
}

static gboolean
is_ours (InionStudyStore *self,
         gint64          *version,
         GError         **error)
{
  g_autofree char *name = g_filename_display_name (self->path);
  gint64 id, n_objects, n_active;

  if (!_inion_study_sql_get_int (self, "PRAGMA application_id", &id, error)
      || !_inion_study_sql_get_int (self, "PRAGMA user_version", version, error)
      || !_inion_study_sql_get_int (self, "SELECT count(*) FROM sqlite_schema", &n_objects, error)
      || !_inion_study_sql_get_int (self, "SELECT count(*) FROM sqlite_schema"
                                          " WHERE type IN ('trigger', 'view')", &n_active, error))
    return FALSE;
  if (n_objects == 0 && *version == 0)
    return self->writable
           || inion_set_error (error, INION_ERROR_FORMAT,
                               "The study “%s” is empty, or is just being made.", name);
  if (id != APPLICATION_ID || *version < 1)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s” is a database, but no study of Inion. The file was left as it "
                            "is.", name);
  if (n_active > 0)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "The study “%s” holds triggers or views that Inion did not make. The "
                            "file was left as it is.", name);
  return TRUE;
}

static gboolean
quick_check (InionStudyStore *self,
             GError         **error)
{
  sqlite3_stmt *statement = _inion_study_sql_prepare (self, "PRAGMA quick_check(1)", error);
  gboolean row, ok;

  if (statement == NULL || !_inion_study_sql_next (self, statement, &row, error))
    return FALSE;
  ok = row && g_strcmp0 (_inion_study_sql_get_text (statement, 0), "ok") == 0;
  if (!ok)
    inion_set_error (error, INION_ERROR_FORMAT,
                     "The study “%s” is damaged: %s. The file was left as it is.", self->path,
                     row ? _inion_study_sql_get_text (statement, 0) : "it could not be checked");
  sqlite3_reset (statement);
  return ok;
}

static gboolean
prepare_file (InionStudyStore *self,
              GError         **error)
{
  gint64 version;

  if (!configure (self, error) || !is_ours (self, &version, error) || !quick_check (self, error))
    return FALSE;
  self->newer = version > INION_STUDY_VERSION;
  self->has_channels = version > 1 || self->writable;
  self->has_choices = version > 2 || self->writable;
  /* An older one that cannot be written is read as it is. */
  if (version >= INION_STUDY_VERSION || !self->writable)
    return TRUE;
  return inion_study_migrate (self->db, self->path, inion_study_migrations, INION_STUDY_VERSION,
                              error);
}

/* Opens a study, or makes one where there is no file and it may be written. */
InionStudyStore *
_inion_study_store_open (const char *path,
                         gboolean    writable,
                         GError    **error)
{
  g_autoptr (InionStudyStore) self = g_new0 (InionStudyStore, 1);
  int flags = writable ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;

  self->path = g_strdup (path);
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize_statement);
  if (sqlite3_open_v2 (path, &self->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    {
      if (self->db != NULL)
        _inion_study_sql_set_error (self, error);
      else
        inion_set_error (error, INION_ERROR_TOO_LARGE, "Not enough memory for the study “%s”.",
                         path);
      return NULL;
    }
  return prepare_file (self, error) ? g_steal_pointer (&self) : NULL;
}

void
_inion_study_store_close (InionStudyStore *self)
{
  g_clear_pointer (&self->statements, g_hash_table_unref);
  sqlite3_close (self->db);
  g_clear_pointer (&self->path, g_free);
  g_free (self);
}

const char *
_inion_study_store_get_path (InionStudyStore *self)
{
  return self->path;
}

/* Whether a newer version of the program wrote it. */
gboolean
_inion_study_store_is_newer (InionStudyStore *self)
{
  return self->newer;
}

gboolean
_inion_study_store_is_writable (InionStudyStore *self)
{
  return self->writable && !self->newer;
}

static void
bind_annotation (sqlite3_stmt    *statement,
                 InionAnnotation *annotation,
                 const char      *channels)
{
  sqlite3_bind_int64 (statement, 1, inion_annotation_get_id (annotation));
  sqlite3_bind_int64 (statement, 2, inion_annotation_get_onset_ns (annotation));
  sqlite3_bind_int64 (statement, 3, inion_annotation_get_duration_ns (annotation));
  _inion_study_sql_bind_text (statement, 4, inion_annotation_get_label (annotation));
  _inion_study_sql_bind_text (statement, 5, channels);
  _inion_study_sql_bind_text (statement, 6, inion_annotation_get_rater (annotation));
  _inion_study_sql_bind_text (statement, 7,
                              inion_origin_to_string (inion_annotation_get_origin (annotation)));
  if (!isnan (inion_annotation_get_confidence (annotation)))
    sqlite3_bind_double (statement, 8, inion_annotation_get_confidence (annotation));
  _inion_study_sql_bind_text (statement, 9, inion_annotation_get_comment (annotation));
}

static gboolean
write_annotations (InionStudyStore    *self,
                   const InionStudyOp *op,
                   GError            **error)
{
  static const char insert[] =
    "INSERT INTO annotation (id, recording, onset_ns, duration_ns, label, channels, rater, origin,"
    " confidence, comment)"
    " VALUES (?1, (SELECT min(id) FROM recording), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
  static const char update[] =
    "UPDATE annotation SET onset_ns = ?2, duration_ns = ?3, label = ?4, channels = ?5, rater = ?6,"
    " origin = ?7, confidence = ?8, comment = ?9 WHERE id = ?1";

  for (guint i = 0; i < op->annotations->len; i++)
    {
      InionAnnotation *annotation = op->annotations->pdata[i];
      const char *const *channels = inion_annotation_get_channels (annotation);
      g_autofree char *joined = channels != NULL ? g_strjoinv ("\n", (char **) channels) : NULL;
      sqlite3_stmt *statement;

      statement = _inion_study_sql_prepare (self, op->kind == INION_STUDY_OP_ADD ? insert : update,
                                            error);
      if (statement == NULL)
        return FALSE;
      bind_annotation (statement, annotation, joined);
      if (!_inion_study_sql_finish (self, statement, 1, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
delete_annotations (InionStudyStore    *self,
                    const InionStudyOp *op,
                    GError            **error)
{
  for (guint i = 0; i < op->ids->len; i++)
    {
      sqlite3_stmt *statement;

      statement = _inion_study_sql_prepare (self, "DELETE FROM annotation WHERE id = ?1", error);

      if (statement == NULL)
        return FALSE;
      sqlite3_bind_int64 (statement, 1, g_array_index (op->ids, gint64, i));
      if (!_inion_study_sql_finish (self, statement, 1, error))
        return FALSE;
    }
  return TRUE;
}

/* A row of the table "channel". */
static gboolean
write_channel (InionStudyStore    *self,
               const InionStudyOp *op,
               GError            **error)
{
  const char *number = op->key + strlen (INION_STUDY_CHANNEL_PREFIX);
  sqlite3_stmt *statement;

  statement = _inion_study_sql_prepare (self, op->value != NULL
                                              ? "INSERT OR REPLACE INTO channel VALUES (?1, ?2)"
                                              : "DELETE FROM channel WHERE number = ?1", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, g_ascii_strtoll (number, NULL, 10));
  if (op->value != NULL)
    _inion_study_sql_bind_text (statement, 2, op->value);
  return _inion_study_sql_finish (self, statement, 1, error);
}

static gboolean
write_setting (InionStudyStore    *self,
               const InionStudyOp *op,
               GError            **error)
{
  sqlite3_stmt *statement;

  if (g_str_has_prefix (op->key, INION_STUDY_CHANNEL_PREFIX))
    return write_channel (self, op, error);
  statement = _inion_study_sql_prepare (self, op->value != NULL
                                              ? "INSERT OR REPLACE INTO setting VALUES (?1, ?2)"
                                              : "DELETE FROM setting WHERE key = ?1", error);
  if (statement == NULL)
    return FALSE;
  _inion_study_sql_bind_text (statement, 1, op->key);
  if (op->value != NULL)
    _inion_study_sql_bind_text (statement, 2, op->value);
  return _inion_study_sql_finish (self, statement, 1, error);
}

static gboolean
write_changes (InionStudyStore *self,
               GPtrArray       *changes,
               GError         **error)
{
  gboolean ok = TRUE;

  for (guint i = 0; ok && changes != NULL && i < changes->len; i++)
    {
      const InionStudyOp *op = changes->pdata[i];

      if (op->kind == INION_STUDY_OP_REMOVE)
        ok = delete_annotations (self, op, error);
      else if (op->kind == INION_STUDY_OP_SET)
        ok = write_setting (self, op, error);
      else
        ok = write_annotations (self, op, error);
    }
  return ok;
}

static gboolean
write_row (InionStudyStore      *self,
           const InionStudyEdit *edit,
           GError              **error)
{
  g_autofree char *forward = NULL, *inverse = NULL;
  sqlite3_stmt *statement;

  statement = _inion_study_sql_prepare (self, "INSERT INTO journal VALUES"
                                              " (?1, ?2, ?3, ?4, ?5, ?6, 'done', ?7, ?8)", error);
  if (statement == NULL)
    return FALSE;
  if (edit->kind == INION_STUDY_ROW_EDIT)
    {
      forward = _inion_study_ops_to_json (edit->changes);
      inverse = _inion_study_ops_to_json (edit->inverse);
    }
  else if (edit->kind == INION_STUDY_ROW_ITEM)
    forward = g_strdup_printf ("{\"item\":%" G_GINT64_FORMAT "}", edit->item->id);
  sqlite3_bind_int64 (statement, 1, edit->seq);
  _inion_study_sql_bind_text (statement, 2, edit->time);
  _inion_study_sql_bind_text (statement, 3, edit->rater);
  _inion_study_sql_bind_text (statement, 4, edit->title);
  _inion_study_sql_bind_text (statement, 5, _inion_study_row_kind_to_string (edit->kind));
  if (edit->target != 0)
    sqlite3_bind_int64 (statement, 6, edit->target);
  _inion_study_sql_bind_text (statement, 7, forward);
  _inion_study_sql_bind_text (statement, 8, inverse);
  return _inion_study_sql_finish (self, statement, 1, error);
}

static gboolean
write_state (InionStudyStore      *self,
             const InionStudyEdit *edit,
             GError              **error)
{
  sqlite3_stmt *statement;

  if (edit->kind == INION_STUDY_ROW_ITEM)
    return TRUE;
  if (edit->kind == INION_STUDY_ROW_EDIT)
    return _inion_study_sql_run (self, "UPDATE journal SET state = 'abandoned'"
                                       " WHERE state = 'undone'", error);
  statement = _inion_study_sql_prepare (self, "UPDATE journal SET state = ?2 WHERE seq = ?1",
                                        error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, edit->target);
  _inion_study_sql_bind_text (statement, 2, edit->kind == INION_STUDY_ROW_UNDO ? "undone" : "done");
  return _inion_study_sql_finish (self, statement, 1, error);
}

static gboolean
write_item (InionStudyStore      *self,
            const InionStudyItem *item,
            GError              **error)
{
  sqlite3_stmt *statement;

  if (item == NULL)
    return TRUE;
  statement = _inion_study_sql_prepare (self, "INSERT INTO item VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                                        error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, item->id);
  _inion_study_sql_bind_text (statement, 2, item->kind);
  _inion_study_sql_bind_text (statement, 3, item->name);
  _inion_study_sql_bind_text (statement, 4, item->created);
  _inion_study_sql_bind_text (statement, 5, item->fingerprint);
  _inion_study_sql_bind_text (statement, 6, item->json);
  return _inion_study_sql_finish (self, statement, 1, error);
}

static gboolean
write_next_id (InionStudyStore      *self,
               const InionStudyEdit *edit,
               GError              **error)
{
  sqlite3_stmt *statement;

  statement = _inion_study_sql_prepare (self, "INSERT OR REPLACE INTO meta VALUES"
                                              " ('next_annotation_id', ?1)", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, edit->next_annotation_id);
  return _inion_study_sql_finish (self, statement, 1, error);
}

static gboolean
write_all (InionStudyStore      *self,
           const InionStudyEdit *edit,
           GError              **error)
{
  /* The states come first: the new row must not be abandoned with the undone ones. */
  return write_state (self, edit, error) && write_row (self, edit, error)
         && write_changes (self, edit->changes, error) && write_item (self, edit->item, error)
         && write_next_id (self, edit, error);
}

/* Ends a transaction; a failed one leaves nothing behind. */
static gboolean
end_transaction (InionStudyStore *self,
                 gboolean         ok,
                 GError         **error)
{
  if (ok && _inion_study_sql_run (self, "COMMIT", error))
    return TRUE;
  if (!sqlite3_get_autocommit (self->db))
    sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}

/* Writes one edit in one transaction. If it is there already (its end was reported as failed and
 * had yet succeeded), nothing is done. */
gboolean
_inion_study_store_write (InionStudyStore      *self,
                          const InionStudyEdit *edit,
                          GError              **error)
{
  gint64 sequence;

  if (!_inion_study_store_get_sequence (self, &sequence, error))
    return FALSE;
  if (sequence >= edit->seq)
    return TRUE;
  if (!_inion_study_sql_run (self, "BEGIN IMMEDIATE", error))
    return FALSE;
  return end_transaction (self, write_all (self, edit, error), error);
}

/* Writes where the window was; text by key. */
gboolean
_inion_study_store_write_views (InionStudyStore *self,
                                GHashTable      *views,
                                GError         **error)
{
  GHashTableIter iter;
  gpointer key, value;
  gboolean ok = TRUE;

  if (!_inion_study_sql_run (self, "BEGIN IMMEDIATE", error))
    return FALSE;
  g_hash_table_iter_init (&iter, views);
  while (ok && g_hash_table_iter_next (&iter, &key, &value))
    {
      sqlite3_stmt *statement;

      statement = _inion_study_sql_prepare (self, value != NULL
                                                  ? "INSERT OR REPLACE INTO view VALUES (?1, ?2)"
                                                  : "DELETE FROM view WHERE key = ?1", error);
      ok = statement != NULL;
      if (!ok)
        break;
      _inion_study_sql_bind_text (statement, 1, key);
      if (value != NULL)
        _inion_study_sql_bind_text (statement, 2, value);
      ok = _inion_study_sql_finish (self, statement, -1, error);
    }
  return end_transaction (self, ok, error);
}

/* Writes which recording the study is about. */
gboolean
_inion_study_store_write_reference (InionStudyStore           *self,
                                    const InionStudyReference *reference,
                                    GError                   **error)
{
  sqlite3_stmt *statement;

  statement = _inion_study_sql_prepare (self, "INSERT INTO recording VALUES (1, ?1, ?2, ?3, ?4)"
                                              " ON CONFLICT (id) DO UPDATE SET path = ?1,"
                                              " size = ?2, mtime_ns = ?3, fingerprint = ?4", error);
  if (statement == NULL)
    return FALSE;
  _inion_study_sql_bind_text (statement, 1, reference->path);
  sqlite3_bind_int64 (statement, 2, reference->size);
  sqlite3_bind_int64 (statement, 3, reference->mtime_ns);
  _inion_study_sql_bind_text (statement, 4, reference->fingerprint);
  return _inion_study_sql_finish (self, statement, 1, error);
}

/* Writes what was chosen of one recording, or forgets it. */
gboolean
_inion_study_store_write_choice (InionStudyStore         *self,
                                 const InionStudyChoice  *choice,
                                 GError                 **error)
{
  sqlite3_stmt *statement;

  statement = _inion_study_sql_prepare (self, choice->json != NULL
                                              ? "INSERT OR REPLACE INTO choice VALUES"
                                                " (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                                              : "DELETE FROM choice WHERE path = ?1", error);
  if (statement == NULL)
    return FALSE;
  _inion_study_sql_bind_text (statement, 1, choice->path);
  if (choice->json == NULL)
    return _inion_study_sql_finish (self, statement, -1, error);
  sqlite3_bind_int64 (statement, 2, choice->size);
  sqlite3_bind_int64 (statement, 3, choice->mtime_ns);
  _inion_study_sql_bind_text (statement, 4, choice->fingerprint);
  _inion_study_sql_bind_text (statement, 5, choice->json);
  _inion_study_sql_bind_text (statement, 6, choice->time);
  _inion_study_sql_bind_text (statement, 7, choice->rater);
  return _inion_study_sql_finish (self, statement, 1, error);
}

/* Writes a compact copy, as it is after the last transaction, to a file that is not there yet. */
gboolean
_inion_study_store_copy (InionStudyStore *self,
                         const char      *path,
                         GError         **error)
{
  char *sql = sqlite3_mprintf ("VACUUM INTO %Q", path);
  gboolean ok = _inion_study_sql_run (self, sql, error);

  sqlite3_free (sql);
  return ok;
}
