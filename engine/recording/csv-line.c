/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines and fields of a text table, and the numbers in them. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/csv-line.h"

#include "core/error.h"
#include "recording/edf-text.h"
#include "recording/recording-private.h"

#include <math.h>
#include <string.h>

#define MAX_NUMBER 63

/* One byte more than a line may have shows that it is longer. */
#define BUFFER_BYTES (INION_CSV_MAX_LINE + 2)

void
_inion_csv_lines_init (InionCsvLines *self,
                       int            fd,
                       gint64         size)
{
  *self = (InionCsvLines) { .fd = fd, .size = size };
  self->buffer = g_malloc (BUFFER_BYTES);
}

void
_inion_csv_lines_clear (InionCsvLines *self)
{
  g_clear_pointer (&self->buffer, g_free);
}

/* Reads on; what is not used yet moves to the front. */
static gboolean
fill (InionCsvLines  *self,
      GError        **error)
{
  gsize got = 0;
  int errsv = 0;

  memmove (self->buffer, self->buffer + self->from, self->n - self->from);
  self->at += (gint64) self->from;
  self->n -= self->from;
  self->from = 0;
  if (!_inion_pread (self->fd, self->buffer + self->n, BUFFER_BYTES - self->n,
                     self->at + (gint64) self->n, &got, &errsv))
    return inion_set_error (error, INION_ERROR_IO,
                            "Could not read at byte %" G_GINT64_FORMAT ": %s.",
                            self->at + (gint64) self->n, g_strerror (errsv));
  self->n += got;
  return TRUE;
}

static const char *
find_end (const char *from,
          gsize       n)
{
  const char *lf = memchr (from, '\n', n);
  const char *cr = memchr (from, '\r', lf != NULL ? (gsize) (lf - from) : n);

  return cr != NULL ? cr : lf;
}

/* The next line, without its end (LF, CR LF or CR). Of one that is too long the first part is
 * given, and what follows is skipped. FALSE at the end of the file, or with an error. */
gboolean
_inion_csv_lines_next (InionCsvLines  *self,
                       const char    **line,
                       gsize          *n,
                       GError        **error)
{
  const char *end = find_end (self->buffer + self->from, self->n - self->from);
  gboolean crlf;

  /* A CR at the buffer's end may have its LF behind it. */
  if (end == NULL || end + 1 == self->buffer + self->n)
    {
      if (!fill (self, error))
        return FALSE;
      end = find_end (self->buffer, self->n);
    }
  if (self->from == self->n)
    return FALSE;
  self->too_long = end == NULL && self->n == BUFFER_BYTES;
  self->number++;
  self->offset = self->at + (gint64) self->from;
  *line = self->buffer + self->from;
  *n = end != NULL ? (gsize) (end - *line) : self->n - self->from;
  crlf = end != NULL && *end == '\r' && end + 1 < self->buffer + self->n && end[1] == '\n';
  self->from += *n + (end != NULL) + crlf;
  return TRUE;
}

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

static void
trim (InionCsvField *field)
{
  while (field->n > 0 && (is_blank (field->text[0]) || field->text[0] == '\0'))
    {
      field->text++;
      field->n--;
    }
  while (field->n > 0 &&
         (is_blank (field->text[field->n - 1]) || field->text[field->n - 1] == '\0'))
    field->n--;
}

/* Takes the quotes off a field; doubled ones within stay as they are. */
static void
unquote (InionCsvField *field)
{
  trim (field);
  if (field->n >= 2 && field->text[0] == '"' && field->text[field->n - 1] == '"')
    {
      field->text++;
      field->n -= 2;
      trim (field);
    }
}

static guint
split_at_blanks (const char    *line,
                 gsize          n,
                 InionCsvField *fields,
                 guint          n_fields)
{
  guint count = 0;
  gsize i = 0;

  while (TRUE)
    {
      gsize from;

      while (i < n && is_blank (line[i]))
        i++;
      if (i == n)
        return count;
      for (from = i; i < n && !is_blank (line[i]);)
        i++;
      if (count < n_fields)
        fields[count] = (InionCsvField) { line + from, i - from };
      count++;
    }
}

/* Cuts a line into fields; ' ' stands for any number of blanks. Returns how many there are, which
 * may be more than fit. */
guint
_inion_csv_split (const char    *line,
                  gsize          n,
                  char           delimiter,
                  InionCsvField *fields,
                  guint          n_fields)
{
  gboolean quoted = FALSE;
  guint count = 0;
  gsize from = 0;

  if (delimiter == ' ')
    return split_at_blanks (line, n, fields, n_fields);
  for (gsize i = 0; i <= n; i++)
    {
      if (i < n && line[i] == '"')
        quoted = !quoted;
      if (i < n && (quoted || line[i] != delimiter))
        continue;
      if (count < n_fields)
        {
          fields[count] = (InionCsvField) { line + from, i - from };
          unquote (&fields[count]);
        }
      count++;
      from = i + 1;
    }
  return count;
}

/* Whether a field says that there is no value. */
gboolean
_inion_csv_is_missing (const InionCsvField *field)
{
  static const char *const words[] = { "", "nan", "na", "n/a", "null", "none", "-", "?", "--" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (field->n == strlen (words[i]) && g_ascii_strncasecmp (field->text, words[i], field->n) == 0)
      return TRUE;
  return FALSE;
}

/* Three digits and no fourth follow. */
static gboolean
is_group (const char *p,
          gsize       n)
{
  return n >= 3 && g_ascii_isdigit (p[0]) && g_ascii_isdigit (p[1]) && g_ascii_isdigit (p[2]) &&
         (n == 3 || !g_ascii_isdigit (p[3]));
}

/* Reads a number with a point or a comma before its decimals, whatever the desktop's language; the
 * other of the two may group thousands. FALSE: it is none. */
gboolean
_inion_csv_read_number (const InionCsvField *field,
                        char                 decimal,
                        double              *value)
{
  char text[MAX_NUMBER + 1];
  char group = decimal == '.' ? ',' : '.';
  gboolean decimals = FALSE;
  gsize n = 0;
  char *end;

  if (field->n == 0 || field->n > MAX_NUMBER)
    return FALSE;
  for (gsize i = 0; i < field->n; i++)
    {
      char c = field->text[i];

      if (c == decimal && !decimals)
        {
          decimals = TRUE;
          text[n++] = '.';
        }
      else if (c == group)
        {
          if (decimals || i == 0 || !g_ascii_isdigit (field->text[i - 1]) ||
              !is_group (field->text + i + 1, field->n - i - 1))
            return FALSE;
        }
      else if (g_ascii_isdigit (c) || c == '-' || c == '+' || c == 'e' || c == 'E')
        text[n++] = c;
      else
        return FALSE;
    }
  text[n] = '\0';
  *value = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && isfinite (*value);
}

/* The text of a field, in UTF-8. */
char *
_inion_csv_dup_field (const InionCsvField *field)
{
  guint oddities = 0;
  g_autofree char *text = inion_edf_decode_dup ((const guint8 *) field->text, MIN (field->n, 1024),
                                                &oddities);
  g_auto (GStrv) parts = g_strsplit (text, "\"\"", -1);

  return g_strstrip (g_strjoinv ("\"", parts));
}
