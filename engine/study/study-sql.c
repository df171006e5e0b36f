/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements on a study's file, and their errors as people read them. */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "core/error.h"
#include "study/study-sql-private.h"

static InionError
error_code (int result)
{
  switch (result & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return INION_ERROR_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_ERROR:
      return INION_ERROR_FORMAT;
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM:
      return INION_ERROR_TOO_LARGE;
    default:
      return INION_ERROR_IO;
    }
}

/* Sets what SQLite last said; always FALSE. */
gboolean
_inion_study_sql_set_error (InionStudyStore *self,
                            GError         **error)
{
  g_autofree char *name = g_filename_display_name (self->path);
  int result = sqlite3_extended_errcode (self->db);
  int errsv = sqlite3_system_errno (self->db);

  switch (error_code (result))
    {
    case INION_ERROR_BUSY:
      return inion_set_error (error, INION_ERROR_BUSY,
                              "The study “%s” is held by another program. Try again.", name);
    case INION_ERROR_FORMAT:
      return inion_set_error (error, INION_ERROR_FORMAT,
                              "The study “%s” is damaged or is no study (%s). The file was left as "
                              "it is.", name, sqlite3_errmsg (self->db));
    default:
      return inion_set_error (error, error_code (result), "The study “%s”: %s%s%s%s (%d).", name,
                              sqlite3_errmsg (self->db), errsv != 0 ? " (" : "",
                              errsv != 0 ? g_strerror (errsv) : "", errsv != 0 ? ")" : "", result);
    }
}

gboolean
_inion_study_sql_run (InionStudyStore *self,
                      const char      *sql,
                      GError         **error)
{
  if (sqlite3_exec (self->db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  return _inion_study_sql_set_error (self, error);
}

/* Gives a statement, reset and without values; it belongs to the store. */
sqlite3_stmt *
_inion_study_sql_prepare (InionStudyStore *self,
                          const char      *sql,
                          GError         **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement != NULL)
    {
      sqlite3_reset (statement);
      sqlite3_clear_bindings (statement);
      return statement;
    }
  if (sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL)
      != SQLITE_OK)
    {
      _inion_study_sql_set_error (self, error);
      return NULL;
    }
  g_hash_table_insert (self->statements, g_strdup (sql), statement);
  return statement;
}

/* Steps to the next row, if there is one; resets the statement behind the last. */
gboolean
_inion_study_sql_next (InionStudyStore *self,
                       sqlite3_stmt    *statement,
                       gboolean        *row,
                       GError         **error)
{
  int result = sqlite3_step (statement);

  *row = result == SQLITE_ROW;
  if (result == SQLITE_ROW)
    return TRUE;
  if (result != SQLITE_DONE)
    _inion_study_sql_set_error (self, error);
  sqlite3_reset (statement);
  return result == SQLITE_DONE;
}

/* Runs a statement that returns no rows. It must change @n_changes rows; any number if negative. */
gboolean
_inion_study_sql_finish (InionStudyStore *self,
                         sqlite3_stmt    *statement,
                         int              n_changes,
                         GError         **error)
{
  gboolean row;

  if (!_inion_study_sql_next (self, statement, &row, error))
    return FALSE;
  if (n_changes < 0 || sqlite3_changes (self->db) == n_changes)
    return TRUE;
  return inion_set_error (error, INION_ERROR_FORMAT,
                          "The study “%s” is not what this program left: %s changed %d rows where "
                          "it should change %d.", self->path, sqlite3_sql (statement),
                          sqlite3_changes (self->db), n_changes);
}

/* Reads one whole number; 0 if the query gives no row. */
gboolean
_inion_study_sql_get_int (InionStudyStore *self,
                          const char      *sql,
                          gint64          *value,
                          GError         **error)
{
  sqlite3_stmt *statement = _inion_study_sql_prepare (self, sql, error);
  gboolean row;

  *value = 0;
  if (statement == NULL || !_inion_study_sql_next (self, statement, &row, error))
    return FALSE;
  if (row)
    *value = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return TRUE;
}

/* Binds a text that lives until the statement is run; NULL stays NULL. */
void
_inion_study_sql_bind_text (sqlite3_stmt *statement,
                            int           index,
                            const char   *text)
{
  sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
}

const char *
_inion_study_sql_get_text (sqlite3_stmt *statement,
                           int           column)
{
  return (const char *) sqlite3_column_text (statement, column);
}

char *
_inion_study_sql_dup_text (sqlite3_stmt *statement,
                           int           column)
{
  const char *text = _inion_study_sql_get_text (statement, column);

  return g_utf8_make_valid (text != NULL ? text : "", -1);
}
