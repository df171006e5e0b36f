/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines and fields of a text table, and the numbers in them. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define INION_CSV_MAX_LINE (1024 * 1024)

/**
 * InionCsvField:
 * @text: its first byte
 * @n: its length, blanks and quotes around it left out
 */
typedef struct
{
  const char *text;
  gsize n;
} InionCsvField;

/* Lines of a file, one at a time. */
typedef struct
{
  int fd;
  gint64 size;
  gint64 at;     /* of the buffer's first byte in the file */
  gsize from, n; /* what of the buffer is not used yet, and what is filled */
  char *buffer;
  gint64 number; /* of the last line, from 1 on */
  gint64 offset; /* where it begins */
  gboolean too_long;
} InionCsvLines;

void     _inion_csv_lines_init (InionCsvLines *self, int fd, gint64 size);
void     _inion_csv_lines_clear (InionCsvLines *self);
gboolean _inion_csv_lines_next (InionCsvLines *self, const char **line, gsize *n, GError **error);

guint    _inion_csv_split (const char *line, gsize n, char delimiter, InionCsvField *fields,
                           guint n_fields);
gboolean _inion_csv_read_number (const InionCsvField *field, char decimal, double *value);
gboolean _inion_csv_is_missing (const InionCsvField *field);
char    *_inion_csv_dup_field (const InionCsvField *field);

G_END_DECLS
