/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text files of a BrainVision recording: sections of keys and values, line by line. */

#pragma once

#include "recording/edf-faults.h"

G_BEGIN_DECLS

/**
 * InionBrainVisionEntry:
 * @section: name of the section it stands in, in lower case
 * @key: what is left of the "=", in lower case
 * @value: what is right of it, without blanks around
 * @line: number of the line, from 1
 * @offset: byte of the line's beginning in the file
 */
typedef struct
{
  const char *section;
  char *key;
  char *value;
  guint line;
  gint64 offset;
} InionBrainVisionEntry;

/**
 * InionBrainVisionText:
 * @first_line: the line that says what the file is, "" if it says nothing
 * @entries: (element-type InionBrainVisionEntry): all keys, in the file's order
 * @comment: (array zero-terminated=1): the lines behind [Comment]
 *
 * A parsed text file.
 */
typedef struct
{
  char *first_line;
  GArray *entries;
  char **comment;

  GPtrArray *sections;
} InionBrainVisionText;

InionBrainVisionText *inion_brainvision_text_new (const guint8 *bytes, gsize n, const char *what,
                                                  InionEdfFaults *faults);
void                  inion_brainvision_text_free (InionBrainVisionText *self);
const InionBrainVisionEntry *inion_brainvision_text_find (const InionBrainVisionText *self,
                                                          const char *section, const char *key);
gboolean inion_brainvision_text_has_section (const InionBrainVisionText *self, const char *section);

gboolean inion_brainvision_parse_index (const char *text, const char *prefix, gint64 *index);
gboolean inion_brainvision_parse_integer (const char *text, gint64 *value);
gboolean inion_brainvision_parse_number (const char *text, double *value, gboolean *comma);
char    *inion_brainvision_field_dup (const char *field);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionBrainVisionText, inion_brainvision_text_free)

G_END_DECLS
