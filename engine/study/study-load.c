/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading what a study's file holds. */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "core/error.h"
#include "study/study-sql-private.h"

#include <math.h>

/* Reads one row of a query; FALSE with an error ends the reading. */
typedef gboolean (*ReadRow) (InionStudyStore *self, sqlite3_stmt *statement, gpointer data,
                             GError **error);

static gboolean
read_rows (InionStudyStore *self,
           sqlite3_stmt    *statement,
           ReadRow          read,
           gpointer         data,
           GError         **error)
{
  gboolean row = TRUE;

  if (statement == NULL)
    return FALSE;
  while (row)
    {
      if (!_inion_study_sql_next (self, statement, &row, error))
        return FALSE;
      if (row && !read (self, statement, data, error))
        {
          sqlite3_reset (statement);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
query (InionStudyStore *self,
       const char      *sql,
       ReadRow          read,
       gpointer         data,
       GError         **error)
{
  return read_rows (self, _inion_study_sql_prepare (self, sql, error), read, data, error);
}

static gboolean
damaged (InionStudyStore *self,
         const char      *what,
         gint64           id,
         GError         **error)
{
  return inion_set_error (error, INION_ERROR_FORMAT,
                          "The study “%s” is damaged: %s %" G_GINT64_FORMAT " is not readable. The "
                          "file was left as it is.", self->path, what, id);
}

static gboolean
read_annotation (InionStudyStore *self,
                 sqlite3_stmt    *statement,
                 gpointer         data,
                 GError         **error)
{
  gint64 id = sqlite3_column_int64 (statement, 0);
  const char *joined = _inion_study_sql_get_text (statement, 4);
  g_auto (GStrv) channels = joined != NULL ? g_strsplit (joined, "\n", -1) : NULL;
  gint64 duration_ns = sqlite3_column_int64 (statement, 2);
  double confidence = NAN;
  InionOrigin origin;

  if (id == 0 || duration_ns < 0
      || !inion_origin_from_string (_inion_study_sql_get_text (statement, 6), &origin))
    return damaged (self, "annotation", id, error);
  if (sqlite3_column_type (statement, 7) != SQLITE_NULL)
    confidence = sqlite3_column_double (statement, 7);
  g_ptr_array_add (data, inion_annotation_new (id, sqlite3_column_int64 (statement, 1), duration_ns,
                                               _inion_study_sql_get_text (statement, 3),
                                               (const char *const *) channels,
                                               _inion_study_sql_get_text (statement, 5), origin,
                                               confidence,
                                               _inion_study_sql_get_text (statement, 8)));
  return TRUE;
}

static gboolean
read_pair (InionStudyStore *self,
           sqlite3_stmt    *statement,
           gpointer         data,
           GError         **error)
{
  g_hash_table_insert (data, _inion_study_sql_dup_text (statement, 0),
                       _inion_study_sql_dup_text (statement, 1));
  return TRUE;
}

static gboolean
read_step (InionStudyStore *self,
           sqlite3_stmt    *statement,
           gpointer         data,
           GError         **error)
{
  InionStudyStep *step = g_new0 (InionStudyStep, 1);
  const char *kind, *state;

  g_ptr_array_add (data, step);
  step->seq = sqlite3_column_int64 (statement, 0);
  step->time = _inion_study_sql_dup_text (statement, 1);
  step->rater = _inion_study_sql_dup_text (statement, 2);
  step->title = _inion_study_sql_dup_text (statement, 3);
  kind = _inion_study_sql_get_text (statement, 4);
  state = _inion_study_sql_get_text (statement, 5);
  return (_inion_study_row_kind_from_string (kind, &step->kind)
          && _inion_study_state_from_string (state, &step->state))
         || damaged (self, "journal row", step->seq, error);
}

static gboolean
read_reference (InionStudyStore *self,
                sqlite3_stmt    *statement,
                gpointer         data,
                GError         **error)
{
  InionStudyReference *reference = data;

  _inion_study_reference_clear (reference);
  reference->path = _inion_study_sql_dup_text (statement, 0);
  reference->size = sqlite3_column_int64 (statement, 1);
  reference->mtime_ns = sqlite3_column_int64 (statement, 2);
  if (sqlite3_column_type (statement, 3) != SQLITE_NULL)
    reference->fingerprint = _inion_study_sql_dup_text (statement, 3);
  return TRUE;
}

static gboolean
read_item (InionStudyStore *self,
           sqlite3_stmt    *statement,
           gpointer         data,
           GError         **error)
{
  InionStudyItem *item = g_new0 (InionStudyItem, 1);

  item->id = sqlite3_column_int64 (statement, 0);
  item->kind = _inion_study_sql_dup_text (statement, 1);
  item->name = _inion_study_sql_dup_text (statement, 2);
  item->created = _inion_study_sql_dup_text (statement, 3);
  if (sqlite3_column_type (statement, 4) != SQLITE_NULL)
    item->fingerprint = _inion_study_sql_dup_text (statement, 4);
  item->json = _inion_study_sql_dup_text (statement, 5);
  g_ptr_array_add (data, item);
  return TRUE;
}

static gboolean
load_tables (InionStudyStore    *self,
             InionStudyContents *contents,
             GError            **error)
{
  return query (self, "SELECT id, onset_ns, duration_ns, label, channels, rater, origin,"
                      " confidence, comment FROM annotation ORDER BY id",
                read_annotation, contents->annotations, error)
         && query (self, "SELECT key, value FROM setting", read_pair, contents->settings, error)
         && (!self->has_channels
             || query (self, "SELECT '" INION_STUDY_CHANNEL_PREFIX "' || number, edit FROM channel",
                       read_pair, contents->settings, error))
         && query (self, "SELECT key, value FROM view", read_pair, contents->views, error)
         && query (self, "SELECT seq, time, rater, title, kind, state FROM journal"
                         " WHERE kind IN ('edit', 'item') ORDER BY seq",
                   read_step, contents->journal, error)
         && _inion_study_store_load_reference (self, &contents->reference, error)
         && _inion_study_store_get_sequence (self, &contents->sequence, error)
         && _inion_study_sql_get_int (self, "SELECT max(value, (SELECT coalesce(max(id), 0) + 1"
                                            " FROM annotation)) FROM (SELECT coalesce((SELECT value"
                                            " FROM meta WHERE key = 'next_annotation_id'), 1)"
                                            " AS value)",
                                      &contents->next_annotation_id, error)
         && _inion_study_sql_get_int (self, "SELECT coalesce(max(id), 0) + 1 FROM item",
                                      &contents->next_item_id, error);
}

/* Reads all but the operations of the journal and the items, in one transaction, so that what
 * another program writes meanwhile is seen as a whole or not at all. */
gboolean
_inion_study_store_load (InionStudyStore    *self,
                         InionStudyContents *contents,
                         GError            **error)
{
  gboolean ok;

  contents->annotations = g_ptr_array_new_with_free_func (g_object_unref);
  contents->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  contents->views = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  contents->journal = g_ptr_array_new_with_free_func ((GDestroyNotify) _inion_study_step_free);
  if (!_inion_study_sql_run (self, "BEGIN", error))
    return FALSE;
  ok = load_tables (self, contents, error);
  sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
  return ok;
}

/* Reads what an edit did and what undoes it. */
gboolean
_inion_study_store_load_ops (InionStudyStore *self,
                             gint64           seq,
                             GPtrArray      **forward,
                             GPtrArray      **inverse,
                             GError         **error)
{
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) second = NULL;
  sqlite3_stmt *statement;
  gboolean row;

  statement = _inion_study_sql_prepare (self, "SELECT forward, inverse FROM journal"
                                              " WHERE seq = ?1 AND kind = 'edit'"
                                              " AND forward IS NOT NULL AND inverse IS NOT NULL",
                                        error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, seq);
  if (!_inion_study_sql_next (self, statement, &row, error))
    return FALSE;
  if (!row)
    return damaged (self, "journal row", seq, error);
  first = _inion_study_ops_from_json (_inion_study_sql_get_text (statement, 0), error);
  if (first != NULL)
    second = _inion_study_ops_from_json (_inion_study_sql_get_text (statement, 1), error);
  sqlite3_reset (statement);
  if (second == NULL)
    return FALSE;
  *forward = g_steal_pointer (&first);
  *inverse = g_steal_pointer (&second);
  return TRUE;
}

/* Reads the results and models whose number is below @before_id. */
GPtrArray *
_inion_study_store_load_items (InionStudyStore *self,
                               gint64           before_id,
                               GError         **error)
{
  g_autoptr (GPtrArray) items = NULL;
  sqlite3_stmt *statement;

  items = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_study_item_free);
  statement = _inion_study_sql_prepare (self, "SELECT id, kind, name, created, fingerprint, json"
                                              " FROM item WHERE id < ?1 ORDER BY id", error);
  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, before_id);
  return read_rows (self, statement, read_item, items, error) ? g_steal_pointer (&items) : NULL;
}

/* Reads which recording the study is about; the path stays NULL if that is not said. */
gboolean
_inion_study_store_load_reference (InionStudyStore     *self,
                                   InionStudyReference *reference,
                                   GError             **error)
{
  return query (self, "SELECT path, size, mtime_ns, fingerprint FROM recording ORDER BY id LIMIT 1",
                read_reference, reference, error);
}

/* Reads what was chosen at the opening of a recording; %NULL if nothing was. */
gboolean
_inion_study_store_load_choice (InionStudyStore *self,
                                const char      *path,
                                InionChoice    **choice,
                                GError         **error)
{
  sqlite3_stmt *statement;
  gboolean row;

  *choice = NULL;
  if (!self->has_choices)
    return TRUE;
  statement = _inion_study_sql_prepare (self, "SELECT choice, size, mtime_ns, fingerprint"
                                              " FROM choice WHERE path = ?1", error);
  if (statement == NULL)
    return FALSE;
  _inion_study_sql_bind_text (statement, 1, path);
  if (!_inion_study_sql_next (self, statement, &row, error))
    return FALSE;
  if (!row)
    return TRUE;
  *choice = inion_choice_new_from_json (_inion_study_sql_get_text (statement, 0), error);
  if (*choice != NULL)
    {
      (*choice)->size = sqlite3_column_int64 (statement, 1);
      (*choice)->mtime_ns = sqlite3_column_int64 (statement, 2);
      (*choice)->fingerprint = _inion_study_sql_dup_text (statement, 3);
    }
  else
    g_prefix_error (error, "The study “%s” is damaged: ", self->path);
  sqlite3_reset (statement);
  return *choice != NULL;
}

/* The number of the last row of the journal, 0 if it is empty. */
gboolean
_inion_study_store_get_sequence (InionStudyStore *self,
                                 gint64          *sequence,
                                 GError         **error)
{
  return _inion_study_sql_get_int (self, "SELECT max(seq) FROM journal", sequence, error);
}

static gboolean
read_problem (InionStudyStore *self,
              sqlite3_stmt    *statement,
              gpointer         data,
              GError         **error)
{
  if (g_strcmp0 (_inion_study_sql_get_text (statement, 0), "ok") != 0)
    g_ptr_array_add (data, g_strdup_printf ("integrity: %s",
                                            _inion_study_sql_get_text (statement, 0)));
  return TRUE;
}

static gboolean
read_foreign (InionStudyStore *self,
              sqlite3_stmt    *statement,
              gpointer         data,
              GError         **error)
{
  g_ptr_array_add (data, g_strdup_printf ("a row of “%s” refers to a row of “%s” that is not there",
                                          _inion_study_sql_get_text (statement, 0),
                                          _inion_study_sql_get_text (statement, 2)));
  return TRUE;
}

/* Lists what SQLite's full check finds, as lines for a person. */
gboolean
_inion_study_store_check (InionStudyStore *self,
                          GPtrArray       *problems,
                          GError         **error)
{
  return query (self, "PRAGMA integrity_check", read_problem, problems, error)
         && query (self, "PRAGMA foreign_key_check", read_foreign, problems, error);
}

typedef struct
{
  gboolean (*visit) (const InionStudyEdit *row, InionStudyState state, gpointer data,
                     GError **error);
  gpointer data;
} Visit;

static gboolean
read_journal_row (InionStudyStore *self,
                  sqlite3_stmt    *statement,
                  gpointer         data,
                  GError         **error)
{
  const Visit *visit = data;
  g_autoptr (GPtrArray) forward = NULL;
  g_autoptr (GPtrArray) inverse = NULL;
  InionStudyEdit row = { .seq = sqlite3_column_int64 (statement, 0),
                         .target = sqlite3_column_int64 (statement, 2) };
  InionStudyState state;

  if (!_inion_study_row_kind_from_string (_inion_study_sql_get_text (statement, 1), &row.kind)
      || !_inion_study_state_from_string (_inion_study_sql_get_text (statement, 3), &state))
    return damaged (self, "journal row", row.seq, error);
  if (row.kind == INION_STUDY_ROW_EDIT)
    {
      if (sqlite3_column_type (statement, 4) == SQLITE_NULL
          || sqlite3_column_type (statement, 5) == SQLITE_NULL)
        return damaged (self, "journal row", row.seq, error);
      forward = _inion_study_ops_from_json (_inion_study_sql_get_text (statement, 4), error);
      if (forward == NULL)
        return FALSE;
      inverse = _inion_study_ops_from_json (_inion_study_sql_get_text (statement, 5), error);
      if (inverse == NULL)
        return FALSE;
      row.changes = forward;
      row.inverse = inverse;
    }
  return visit->visit (&row, state, visit->data, error);
}

/* Visits the whole journal with its operations, from the first row to the last. */
gboolean
_inion_study_store_foreach_row (InionStudyStore *self,
                                gboolean (*visit) (const InionStudyEdit *row,
                                                   InionStudyState       state,
                                                   gpointer              data,
                                                   GError              **error),
                                gpointer         data,
                                GError         **error)
{
  Visit all = { visit, data };

  return query (self, "SELECT seq, kind, target, state, forward, inverse FROM journal ORDER BY seq",
                read_journal_row, &all, error);
}

void
_inion_study_reference_clear (InionStudyReference *self)
{
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->fingerprint, g_free);
}

void
_inion_study_contents_clear (InionStudyContents *self)
{
  g_clear_pointer (&self->annotations, g_ptr_array_unref);
  g_clear_pointer (&self->settings, g_hash_table_unref);
  g_clear_pointer (&self->views, g_hash_table_unref);
  g_clear_pointer (&self->journal, g_ptr_array_unref);
  _inion_study_reference_clear (&self->reference);
}
