/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The schema of a study, from version to version. */

#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

#define INION_STUDY_VERSION 3

/* Step i takes a study from version i to i + 1; step 0 makes one of an empty file. */
extern const char *const inion_study_migrations[INION_STUDY_VERSION];

gboolean inion_study_migrate (sqlite3 *db, const char *path, const char *const *steps, int n_steps, GError **error);

G_END_DECLS
