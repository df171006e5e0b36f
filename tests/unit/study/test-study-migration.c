/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From version to version: with a copy first, and all or nothing. */

#include "core/error.h"
#include "study/study-migration.h"
#include "study/study.h"
#include "data-home.h"

#include <glib/gstdio.h>

typedef struct
{
  char *folder;
  char *path;
  char *backup;
} Fixture;

static gboolean
run (const char *path,
     const char *sql)
{
  sqlite3 *db = NULL;
  gboolean ok;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  ok = sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK;
  sqlite3_close (db);
  return ok;
}

/* A study of version 1. */
static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  InionStudy *study;
  g_autoptr (InionAnnotation) annotation = NULL;

  annotation = inion_annotation_new (0, 0, 0, "x", NULL, NULL, INION_ORIGIN_PERSON, 1.0, NULL);
  fixture->folder = g_dir_make_tmp ("inion-study-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "it's.inion", NULL);
  fixture->backup = g_strconcat (fixture->path, "-v1-backup", NULL);
  study = inion_study_open (fixture->path, NULL);
  g_assert_nonnull (study);
  inion_study_add_annotation (study, annotation);
  g_assert_finalize_object (study);
  g_assert_true (run (fixture->path, "DROP TABLE channel; DROP TABLE choice; PRAGMA user_version = 1;"));
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_unlink (fixture->path);
  g_unlink (fixture->backup);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->backup);
}

static gint64
ask (const char *path,
     const char *sql)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  gint64 value = -1;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) == SQLITE_OK
      && sqlite3_step (statement) == SQLITE_ROW)
    value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return value;
}

static gboolean
migrate (const char *path,
         const char *second,
         const char *third,
         GError    **error)
{
  const char *const steps[] = { inion_study_migrations[0], second, third };
  sqlite3 *db = NULL;
  gboolean ok;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  ok = inion_study_migrate (db, path, steps, 3, error);
  g_assert_cmpint (sqlite3_get_autocommit (db), !=, 0);
  sqlite3_close (db);
  return ok;
}

static void
test_works (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 2; i++) /* the second time there is nothing to do */
    g_assert_true (migrate (fixture->path, "ALTER TABLE annotation ADD COLUMN side TEXT;",
                            "UPDATE annotation SET side = 'left';", &error));
  g_assert_no_error (error);
  g_assert_cmpint (ask (fixture->path, "PRAGMA user_version"), ==, 3);
  g_assert_cmpint (ask (fixture->path, "SELECT count(*) FROM annotation WHERE side = 'left'"), ==,
                   1);
  g_assert_cmpint (ask (fixture->backup, "PRAGMA user_version"), ==, 1);
  g_assert_true (inion_study_verify (fixture->backup, NULL, &error));
  g_assert_no_error (error);
}

static void
test_fails_whole (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (migrate (fixture->path, "ALTER TABLE annotation ADD COLUMN side TEXT;",
                           "UPDATE annotation SET slide = 'left';", &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_IO);
  g_assert_cmpint (ask (fixture->path, "PRAGMA user_version"), ==, 1);
  g_assert_cmpint (ask (fixture->path, "SELECT count(side) FROM annotation"), ==, -1);
  g_assert_true (inion_study_verify (fixture->path, NULL, NULL));
}

/* The program brings it to the current version itself, with a copy first. */
static void
test_opened (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  InionStudy *study = inion_study_open (fixture->path, &error);

  g_assert_no_error (error);
  g_assert_false (inion_study_is_read_only (study));
  g_assert_cmpuint (inion_annotation_set_get_size (inion_study_get_annotations (study)), ==, 1);
  g_assert_finalize_object (study);
  g_assert_cmpint (ask (fixture->path, "PRAGMA user_version"), ==, INION_STUDY_VERSION);
  g_assert_cmpint (ask (fixture->path, "SELECT count(*) FROM channel"), ==, 0);
  g_assert_cmpint (ask (fixture->path, "SELECT count(*) FROM choice"), ==, 0);
  g_assert_cmpint (ask (fixture->backup, "PRAGMA user_version"), ==, 1);
  g_assert_true (inion_study_verify (fixture->path, NULL, &error));
  g_assert_no_error (error);
}

/* Version 2 had all but the choices made at opening; what it said of channels stays. */
static void
test_second (Fixture      *fixture,
             gconstpointer data)
{
  g_autofree char *backup = g_strconcat (fixture->path, "-v2-backup", NULL);
  g_autoptr (GError) error = NULL;
  InionStudy *study;

  g_assert_true (run (fixture->path, inion_study_migrations[1]));
  g_assert_true (run (fixture->path, "PRAGMA user_version = 2; INSERT INTO channel VALUES"
                                     " (3, '{\"label\":\"Cz\"}')"));
  g_assert_cmpint (ask (fixture->path, "SELECT count(*) FROM choice"), ==, -1);
  study = inion_study_open (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_false (inion_study_is_read_only (study));
  g_assert_finalize_object (study);
  g_assert_cmpint (ask (fixture->path, "PRAGMA user_version"), ==, INION_STUDY_VERSION);
  g_assert_cmpint (ask (fixture->path, "SELECT count(*) FROM choice"), ==, 0);
  g_assert_cmpint (ask (fixture->path, "SELECT number FROM channel"), ==, 3);
  g_assert_cmpint (ask (fixture->path, "SELECT count(*) FROM annotation"), ==, 1);
  g_assert_cmpint (ask (backup, "PRAGMA user_version"), ==, 2);
  g_assert_cmpint (ask (backup, "SELECT number FROM channel"), ==, 3);
  g_assert_cmpint (g_unlink (backup), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/study/study-migration/works", Fixture, NULL, set_up, test_works, tear_down);
  g_test_add ("/study/study-migration/fails-whole", Fixture, NULL, set_up, test_fails_whole,
              tear_down);
  g_test_add ("/study/study-migration/opened", Fixture, NULL, set_up, test_opened, tear_down);
  g_test_add ("/study/study-migration/second", Fixture, NULL, set_up, test_second, tear_down);
  return run_with_data_home ();
}
