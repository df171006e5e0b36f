/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks out of the files of other programs, and what of these could not be read. */

#pragma once

#include "annotation/annotation.h"
#include "recording/recording.h"

G_BEGIN_DECLS

/**
 * InionImportSkip:
 * @line: its line, from 1; 0 where there are no lines
 * @row: what stands there, cut to be shown
 * @reason: why it is no mark
 *
 * Something in a file that was not imported.
 */
typedef struct
{
  guint line;
  char *row;
  char *reason;
} InionImportSkip;

/**
 * InionAnnotationImport:
 * @format: what the file is, for people
 * @annotations: (element-type InionAnnotation): the marks, with id 0, in the file's order
 * @skipped: (element-type InionImportSkip): what was not imported; the first thousand
 * @n_skipped: how many these are in all
 * @notes: (element-type utf8): what was assumed
 *
 * What came out of a file.
 */
typedef struct
{
  char *format;
  GPtrArray *annotations;
  GPtrArray *skipped;
  guint n_skipped;
  GPtrArray *notes;
} InionAnnotationImport;

InionAnnotationImport *inion_annotations_import (const char *path, InionRecording *recording,
                                                 InionJob *job, GError **error);
InionAnnotationImport *inion_annotations_import_bytes (const guint8 *bytes, gsize n, const char *name,
                                                       InionRecording *recording, GError **error);
void                   inion_annotation_import_free (InionAnnotationImport *self);
char                  *inion_annotation_import_dup_report (const InionAnnotationImport *self, guint max_lines);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionAnnotationImport, inion_annotation_import_free)

G_END_DECLS
