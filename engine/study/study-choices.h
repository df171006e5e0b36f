/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choices made at opening, kept in the study beside the recording. */

#pragma once

#include "study/choice.h"
#include "study/study.h"

G_BEGIN_DECLS

/**
 * InionKeptChoice:
 * @choice: (nullable): what a study keeps of a file
 * @study: (nullable): the path of that study
 * @changed: the file is not the one that this was said of, so that it does not hold
 */
typedef struct
{
  InionChoice *choice;
  char *study;
  gboolean changed;
} InionKeptChoice;

void     inion_kept_choice_clear (InionKeptChoice *self);
gboolean inion_study_keep_choice (InionStudy *self, const char *recording_path, const InionChoice *choice,
                                  GError **error); /* choice: bound, or NULL: forgotten */

/* Any thread; studies are only read. home: (nullable): a study that is asked before the file's own.
 * The first gives NULL without an error where nothing is kept, or what is kept does not hold. */
InionRecording *inion_kept_choice_open (InionKeptChoice *self, const char *path, const char *home, InionJob *job,
                                        GError **error);
InionRecording *inion_kept_choice_open_or_plain (InionKeptChoice *self, const char *path, const char *home,
                                                 InionJob *job, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InionKeptChoice, inion_kept_choice_clear)

G_END_DECLS
