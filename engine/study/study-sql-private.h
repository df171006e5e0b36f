/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements on a study's file, and their errors as people read them. */

#pragma once

#include "study/study-store.h"

#include <sqlite3.h>

G_BEGIN_DECLS

struct _InionStudyStore
{
  char *path;
  sqlite3 *db;
  GHashTable *statements; /* SQL → prepared statement, kept for the next time */
  gboolean newer;
  gboolean has_channels; /* the version has the table "channel" */
  gboolean has_choices;  /* and the table "choice" */
  gboolean writable;
};

gboolean      _inion_study_sql_set_error (InionStudyStore *self, GError **error);
gboolean      _inion_study_sql_run (InionStudyStore *self, const char *sql, GError **error);
sqlite3_stmt *_inion_study_sql_prepare (InionStudyStore *self, const char *sql, GError **error);
gboolean      _inion_study_sql_next (InionStudyStore *self, sqlite3_stmt *statement, gboolean *row, GError **error);
gboolean      _inion_study_sql_finish (InionStudyStore *self, sqlite3_stmt *statement, int n_changes, GError **error);
gboolean      _inion_study_sql_get_int (InionStudyStore *self, const char *sql, gint64 *value, GError **error);

void        _inion_study_sql_bind_text (sqlite3_stmt *statement, int index, const char *text);
const char *_inion_study_sql_get_text (sqlite3_stmt *statement, int column); /* (nullable) */
char       *_inion_study_sql_dup_text (sqlite3_stmt *statement, int column); /* valid UTF-8, never NULL */

G_END_DECLS
