/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the study of a recording is kept. */

#pragma once

#include "study/study-store.h"

G_BEGIN_DECLS

char    *_inion_study_path_for_recording (const char *recording_path, GError **error);
char    *_inion_study_path_find (const char *recording_path); /* (nullable) */
char    *_inion_study_path_to_data_name (const char *path);
char    *_inion_study_path_canonicalize (const char *path);
char    *_inion_study_path_to_relative (const char *study_path, const char *recording_path);
gboolean _inion_study_path_measure (const char *recording_path, gint64 *size, gint64 *mtime_ns, GError **error);

G_END_DECLS
