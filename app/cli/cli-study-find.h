/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The study that a recording has already: looking at one must not make one. */

#pragma once

#include "study/study.h"

G_BEGIN_DECLS

/* A study file, or the recording whose study is wanted; never makes one. */
char       *inion_cli_study_locate (const char *path, GError **error);
InionStudy *inion_cli_study_open (const char *path, GError **error);
/* The marks of a recording's study; none where it has no study. palette: (out) (nullable), the study's or the default one. */
GPtrArray  *inion_cli_study_dup_marks (const char *recording_path, InionPalette **palette, GError **error);

G_END_DECLS
