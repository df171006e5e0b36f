/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The montages that people wrote for a recording, kept in its study. */

#pragma once

#include "study/study.h"

G_BEGIN_DECLS

/* The key of the signal "setting-changed" when they were edited, undone or redone. */
#define INION_STUDY_MONTAGES "montages"

typedef struct
{
  char *name;
  char *text;  /* see scalp/montage-script.h */
} InionOwnMontage;

GPtrArray *inion_study_list_montages (InionStudy *self); /* (element-type InionOwnMontage) (transfer full): in their order */
char      *inion_study_dup_montage (InionStudy *self, const char *name); /* (transfer full) (nullable): its text */
/* title: of the step of undo. text: (nullable): removes it. */
void       inion_study_set_montage (InionStudy *self, const char *name, const char *text, const char *title);
/* Of the study beside a recording's file, which is only read. Any thread. */
char      *inion_study_read_montage (const char *recording_path, const char *name, GError **error);
void       inion_own_montage_free (InionOwnMontage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionOwnMontage, inion_own_montage_free)

G_END_DECLS
