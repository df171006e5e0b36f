/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of de-identification share. */

#pragma once

#include "recording/deidentify.h"

G_BEGIN_DECLS

/* deidentify-texts.c: the texts of a recording, for review. */
InionReviewText *_inion_review_text_copy (const InionReviewText *self);
void             _inion_review_text_free (InionReviewText *self);
GPtrArray       *_inion_review_texts_new (InionRecording *recording, GPtrArray *events, InionIdentifiers *identifiers,
                                          gboolean remove_annotations, InionJob *job, GError **error);
const char      *_inion_review_texts_apply (GPtrArray *texts, GHashTable *index, const char *place,
                                            const char *text); /* (nullable): removed */
GHashTable      *_inion_review_texts_index (GPtrArray *texts);

/* deidentify-person.c: what a file and its data set say of whose recording it is. */
typedef struct _InionDeidentifyPerson InionDeidentifyPerson;

InionDeidentifyPerson *_inion_deidentify_person_new (InionRecording *recording);

void        _inion_deidentify_person_free (InionDeidentifyPerson *self);
void        _inion_deidentify_person_add (const InionDeidentifyPerson *self,
                                          InionIdentifiers *identifiers, gboolean keep_date);
/* (nullable) */
const char *_inion_deidentify_person_get_code (const InionDeidentifyPerson *self);
/* "F", "M", "X" */
const char *_inion_deidentify_person_get_sex (const InionDeidentifyPerson *self);
/* −1: not known */
int         _inion_deidentify_person_get_age (const InionDeidentifyPerson *self);
gboolean    _inion_deidentify_person_has_row (const InionDeidentifyPerson *self);
gboolean    _inion_deidentify_is_true_start (GDateTime *start);

/* deidentify-head.c */
void _inion_deidentify_add_head (InionIdentifiers *identifiers, const char *path);

/* deidentify-verify.c */
gboolean _inion_deidentify_search (InionDeidentifyReport *report, GPtrArray *words, const char *path,
                                   InionExportFormat format, GError **error);

G_END_DECLS
