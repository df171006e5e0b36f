/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of annotations of a FIF file. */

#pragma once

#include "recording/fif-file.h"

G_BEGIN_DECLS

/**
 * InionFifMarks:
 * @from: (nullable): seconds, as double
 * @to: (nullable): seconds, as double
 * @texts: (nullable): a colon between
 * @on_channels: (nullable): lists of names in JSON
 *
 * The columns of a table that was begun.
 */
typedef struct
{
  GArray *from, *to;
  char *texts;
  char *on_channels;
} InionFifMarks;

gboolean _inion_fif_marks_read (InionFifMarks *self, InionFifTags *tags, const InionFifTag *tag,
                                InionFifFile *file, GError **error);
void     _inion_fif_marks_finish (InionFifMarks *self, InionFifFile *file, InionEdfFaults *faults);
void     _inion_fif_marks_clear (InionFifMarks *self);

G_END_DECLS
