/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the study of a recording says that matters to a decoder, read without touching it. */

#pragma once

#include "annotation/annotation-set.h"

G_BEGIN_DECLS

/* annotations: (out) (transfer full) (nullable): NULL where there is no study. bad: (out) (transfer full) (nullable).
 * FALSE: there is a study and it cannot be read. Any thread. */
gboolean inion_source_study_read (const char *recording_path, InionAnnotationSet **annotations, char ***bad, GError **error);
char *inion_source_study_dup_recording (const char *study_path, GError **error);

G_END_DECLS
