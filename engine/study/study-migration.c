/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The schema of a study, from version to version.
 *
 * The version stands in the file (user_version). All steps from it to the newest run in one
 * transaction, after a copy of the file was set aside: whatever goes wrong, the study is what it
 * was. A version that has been released is never changed, only followed by another.
 */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "core/error.h"
#include "study/study-migration.h"

#include <glib/gstdio.h>

/* 0x496E696F is "Inio". */
const char *const inion_study_migrations[INION_STUDY_VERSION] = {
  "PRAGMA application_id = 0x496E696F;"
  "CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE TABLE recording (id INTEGER PRIMARY KEY, path TEXT NOT NULL, size INTEGER NOT NULL,"
  "  mtime_ns INTEGER NOT NULL, fingerprint TEXT) STRICT;"
  "CREATE TABLE annotation (id INTEGER PRIMARY KEY,"
  "  recording INTEGER REFERENCES recording (id),"
  "  onset_ns INTEGER NOT NULL, duration_ns INTEGER NOT NULL CHECK (duration_ns >= 0),"
  "  label TEXT NOT NULL,"
  "  channels TEXT," /* one a line; NULL for all */
  "  rater TEXT NOT NULL,"
  "  origin TEXT NOT NULL CHECK (origin IN ('file', 'person', 'model', 'accepted')),"
  "  confidence REAL, comment TEXT) STRICT;"
  "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE TABLE view (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE TABLE item (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL,"
  "  created TEXT NOT NULL, fingerprint TEXT, json TEXT NOT NULL) STRICT;"
  "CREATE TABLE journal (seq INTEGER PRIMARY KEY, time TEXT NOT NULL, rater TEXT NOT NULL,"
  "  title TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('edit', 'undo', 'redo', 'item')),"
  "  target INTEGER REFERENCES journal (seq),"
  "  state TEXT NOT NULL CHECK (state IN ('done', 'undone', 'abandoned')),"
  "  forward TEXT, inverse TEXT) STRICT;"
  "CREATE INDEX journal_undone ON journal (seq) WHERE state = 'undone';",
  /* 2: what people say of channels, by their place in the recording, as JSON. A program that does
   * not know it would show other names than the marks bear: hence a version of its own. */
  "CREATE TABLE channel (number INTEGER PRIMARY KEY CHECK (number >= 0), edit TEXT NOT NULL) STRICT;",
  /* 3: what was chosen at opening, as JSON, of the file of this content. */
  "CREATE TABLE choice (path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,"
  "  fingerprint TEXT NOT NULL, choice TEXT NOT NULL, time TEXT NOT NULL, rater TEXT NOT NULL)"
  "  STRICT, WITHOUT ROWID;",
};

static gboolean
run (sqlite3    *db,
     const char *path,
     const char *sql,
     GError    **error)
{
  char *message = NULL;

  if (sqlite3_exec (db, sql, NULL, NULL, &message) == SQLITE_OK)
    return TRUE;
  inion_set_error (error, INION_ERROR_IO,
                   "The study “%s” could not be brought to the current version: %s. It was left as "
                   "it was.", path, message != NULL ? message : "out of memory");
  sqlite3_free (message);
  return FALSE;
}

static int
read_version (sqlite3 *db)
{
  sqlite3_stmt *statement = NULL;
  int version = 0;

  if (sqlite3_prepare_v2 (db, "PRAGMA user_version", -1, &statement, NULL) == SQLITE_OK
      && sqlite3_step (statement) == SQLITE_ROW)
    version = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  return version;
}

/* Sets a copy aside beside the study: NAME.inion-v1-backup. */
static gboolean
back_up (sqlite3    *db,
         const char *path,
         int         version,
         GError    **error)
{
  g_autofree char *backup = g_strdup_printf ("%s-v%d-backup", path, version);
  char *sql = sqlite3_mprintf ("VACUUM INTO %Q", backup);
  gboolean ok;

  g_unlink (backup);
  ok = run (db, path, sql, error);
  sqlite3_free (sql);
  return ok;
}

static gboolean
run_steps (sqlite3           *db,
           const char        *path,
           const char *const *steps,
           int                version,
           int                n_steps,
           GError           **error)
{
  g_autofree char *last = g_strdup_printf ("PRAGMA user_version = %d; COMMIT;", n_steps);

  for (int i = version; i < n_steps; i++)
    if (!run (db, path, steps[i], error))
      return FALSE;
  return run (db, path, last, error);
}

/**
 * inion_study_migrate:
 * @db: an open study that may be written
 * @path: its file
 * @steps: (array length=n_steps): SQL that takes a study from version i to i + 1
 * @n_steps: the version to reach
 * @error: return location
 *
 * Brings a study to a version. A copy is set aside first (NAME.inion-vN-backup), unless the study
 * is new. Does nothing to a study that is there already or is newer.
 *
 * Returns: %FALSE with @error set, and the study as it was
 */
gboolean
inion_study_migrate (sqlite3           *db,
                     const char        *path,
                     const char *const *steps,
                     int                n_steps,
                     GError           **error)
{
  int version = read_version (db);

  if (version >= n_steps)
    return TRUE;
  if (version > 0 && !back_up (db, path, version, error))
    return FALSE;
  if (!run (db, path, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (run_steps (db, path, steps, version, n_steps, error))
    return TRUE;
  if (!sqlite3_get_autocommit (db))
    sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}
