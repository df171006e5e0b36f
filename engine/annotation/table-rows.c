/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Annotations as rows of cells: BIDS events.tsv and CSV.
 *
 * Both are quoted in the same way (RFC 4180; BIDS asks for it in TSV as well): a cell that holds
 * the delimiter, a quote or a line end stands in double quotes, and a quote in it is doubled. A
 * missing value is n/a; the same three letters in quotes are a text. Several channels share a cell,
 * parted by commas; a comma or backslash in a channel's name has a backslash before it.
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/table-private.h"
#include "core/error.h"

#include <math.h>

typedef enum
{
  COLUMN_ONSET,
  COLUMN_DURATION,
  COLUMN_TRIAL_TYPE,
  COLUMN_CHANNEL,
  COLUMN_RATER,
  COLUMN_ORIGIN,
  COLUMN_CONFIDENCE,
  COLUMN_COMMENT,
  N_COLUMNS,
} Column;

static const char *const column_names[N_COLUMNS] = {
  "onset", "duration", "trial_type", "channel", "rater", "origin", "confidence", "comment",
};

typedef struct
{
  char *text;       /* NULL for a missing value */
  guint line;       /* where it begins */
} Cell;

typedef struct
{
  const char *at;
  const char *end;
  char delimiter;
  guint line;
  GArray *row;      /* of Cell */
  GString *buffer;
} Reader;

static void
cell_clear (gpointer data)
{
  g_clear_pointer (&((Cell *) data)->text, g_free);
}

static void
append_text (GString    *table,
             const char *text,
             char        delimiter)
{
  const char special[] = { delimiter, '"', '\n', '\r', '\0' };
  gsize length = strlen (text);

  if (length > 0 && strpbrk (text, special) == NULL && strcmp (text, "n/a") != 0
      && text[0] != ' ' && text[length - 1] != ' ')
    {
      g_string_append (table, text);
      return;
    }
  g_string_append_c (table, '"');
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '"')
        g_string_append_c (table, '"');
      g_string_append_c (table, *c);
    }
  g_string_append_c (table, '"');
}

static void
append_channels (GString           *table,
                 const char *const *channels,
                 char               delimiter)
{
  g_autoptr (GString) cell = g_string_new (NULL);

  for (gsize i = 0; channels[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (cell, ',');
      for (const char *c = channels[i]; *c != '\0'; c++)
        {
          if (*c == ',' || *c == '\\')
            g_string_append_c (cell, '\\');
          g_string_append_c (cell, *c);
        }
    }
  append_text (table, cell->str, delimiter);
}

static void
append_row (GString         *table,
            InionAnnotation *annotation,
            char             delimiter)
{
  const char *const *channels = inion_annotation_get_channels (annotation);
  const char *comment = inion_annotation_get_comment (annotation);
  double confidence = inion_annotation_get_confidence (annotation);
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  _inion_table_append_seconds (table, inion_annotation_get_onset_ns (annotation));
  g_string_append_c (table, delimiter);
  _inion_table_append_seconds (table, inion_annotation_get_duration_ns (annotation));
  g_string_append_c (table, delimiter);
  append_text (table, inion_annotation_get_label (annotation), delimiter);
  g_string_append_c (table, delimiter);
  if (channels != NULL)
    append_channels (table, channels, delimiter);
  else
    g_string_append (table, "n/a");
  g_string_append_c (table, delimiter);
  if (inion_annotation_get_rater (annotation)[0] != '\0')
    append_text (table, inion_annotation_get_rater (annotation), delimiter);
  else
    g_string_append (table, "n/a");
  g_string_append_c (table, delimiter);
  g_string_append (table, inion_origin_to_string (inion_annotation_get_origin (annotation)));
  g_string_append_c (table, delimiter);
  g_string_append (table, isnan (confidence) ? "n/a"
                                             : g_ascii_dtostr (buffer, sizeof buffer, confidence));
  g_string_append_c (table, delimiter);
  if (comment != NULL)
    append_text (table, comment, delimiter);
  else
    g_string_append (table, "n/a");
  g_string_append_c (table, '\n');
}

/* Writes a table with a header row. */
char *
_inion_table_write_rows (GPtrArray *annotations,
                         char       delimiter)
{
  GString *table = g_string_new (NULL);

  for (guint i = 0; i < N_COLUMNS; i++)
    {
      g_string_append (table, column_names[i]);
      g_string_append_c (table, i + 1 < N_COLUMNS ? delimiter : '\n');
    }
  for (guint i = 0; i < annotations->len; i++)
    append_row (table, annotations->pdata[i], delimiter);
  return g_string_free (table, FALSE);
}

static gboolean
at_line_end (Reader *reader)
{
  return *reader->at == '\n'
         || (*reader->at == '\r' && reader->at + 1 < reader->end && reader->at[1] == '\n');
}

/* Reads on behind an opening quote, up to and past the closing one. */
static gboolean
read_quoted (Reader  *reader,
             GError **error)
{
  guint first = reader->line;

  for (; reader->at < reader->end; reader->at++)
    {
      if (*reader->at == '"')
        {
          if (reader->at + 1 == reader->end || reader->at[1] != '"')
            break;
          reader->at++;
        }
      reader->line += *reader->at == '\n';
      g_string_append_c (reader->buffer, *reader->at);
    }
  if (reader->at == reader->end)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "Line %u, column %u: a quote is opened and never closed.", first,
                            reader->row->len + 1);
  reader->at++;
  if (reader->at < reader->end && *reader->at != reader->delimiter && !at_line_end (reader))
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "Line %u, column %u: text follows a closing quote.", reader->line,
                            reader->row->len + 1);
  return TRUE;
}

static gboolean
read_cell (Reader  *reader,
           GError **error)
{
  Cell cell = { NULL, reader->line };

  g_string_truncate (reader->buffer, 0);
  if (reader->at < reader->end && *reader->at == '"')
    {
      reader->at++;
      if (!read_quoted (reader, error))
        return FALSE;
      cell.text = g_strdup (reader->buffer->str);
    }
  else
    {
      while (reader->at < reader->end && *reader->at != reader->delimiter && !at_line_end (reader))
        g_string_append_c (reader->buffer, *reader->at++);
      if (reader->buffer->len > 0 && strcmp (reader->buffer->str, "n/a") != 0)
        cell.text = g_strdup (reader->buffer->str);
    }
  g_array_append_val (reader->row, cell);
  return TRUE;
}

/* Reads the cells up to a line end; an empty line is a row of one missing cell. */
static gboolean
read_row (Reader  *reader,
          GError **error)
{
  g_array_set_size (reader->row, 0);
  for (;;)
    {
      if (!read_cell (reader, error))
        return FALSE;
      if (reader->at == reader->end || *reader->at != reader->delimiter)
        break;
      reader->at++;
    }
  if (reader->at < reader->end)
    {
      reader->at += *reader->at == '\r' ? 2 : 1;
      reader->line++;
    }
  return TRUE;
}

static gboolean
read_header (Reader  *reader,
             int      places[N_COLUMNS],
             GError **error)
{
  if (!read_row (reader, error))
    return FALSE;
  for (guint i = 0; i < N_COLUMNS; i++)
    places[i] = -1;
  for (guint j = 0; j < reader->row->len; j++)
    {
      const char *name = g_array_index (reader->row, Cell, j).text;

      for (guint i = 0; i < N_COLUMNS; i++)
        if (g_strcmp0 (name, column_names[i]) == 0)
          {
            if (places[i] >= 0)
              return inion_set_error (error, INION_ERROR_FORMAT,
                                      "Line 1, column %u: “%s” is already column %d.", j + 1, name,
                                      places[i] + 1);
            places[i] = (int) j;
          }
    }
  if (places[COLUMN_ONSET] < 0 || places[COLUMN_TRIAL_TYPE] < 0)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "Line 1: there is no column “%s”. A table of annotations begins with a "
                            "row of column names, among them onset and trial_type.",
                            places[COLUMN_ONSET] < 0 ? "onset" : "trial_type");
  return TRUE;
}

static char **
split_channels (const char *text)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GString) name = g_string_new (NULL);

  for (const char *c = text; *c != '\0'; c++)
    if (*c == ',')
      {
        g_strv_builder_add (builder, g_strstrip (name->str));
        g_string_truncate (name, 0);
      }
    else
      {
        if (*c == '\\' && (c[1] == ',' || c[1] == '\\'))
          c++;
        g_string_append_c (name, *c);
      }
  g_strv_builder_add (builder, g_strstrip (name->str));
  return g_strv_builder_end (builder);
}

static gboolean
cell_error (const Reader *reader,
            const int     places[N_COLUMNS],
            Column        column,
            const char   *expected,
            GError      **error)
{
  const Cell *cell = &g_array_index (reader->row, Cell, places[column]);

  return inion_set_error (error, INION_ERROR_FORMAT,
                          "Line %u, column %d (%s): “%.40s” is not %s. Nothing was imported.",
                          cell->line, places[column] + 1, column_names[column],
                          cell->text != NULL ? cell->text : "n/a", expected);
}

static const char *
cell_text (const Reader *reader,
           const int     places[N_COLUMNS],
           Column        column)
{
  return places[column] < 0 ? NULL : g_array_index (reader->row, Cell, places[column]).text;
}

static InionAnnotation *
parse_row (const Reader *reader,
           const int     places[N_COLUMNS],
           GError      **error)
{
  const char *texts[N_COLUMNS];
  gint64 onset_ns;
  gint64 duration_ns = 0;
  InionOrigin origin = INION_ORIGIN_PERSON;
  double confidence = NAN;
  g_auto (GStrv) channels = NULL;

  for (guint i = 0; i < N_COLUMNS; i++)
    texts[i] = cell_text (reader, places, i);
  if (texts[COLUMN_ONSET] == NULL || !_inion_table_parse_seconds (texts[COLUMN_ONSET], &onset_ns))
    cell_error (reader, places, COLUMN_ONSET, "a time in seconds", error);
  else if (texts[COLUMN_DURATION] != NULL
           && (!_inion_table_parse_seconds (texts[COLUMN_DURATION], &duration_ns)
               || duration_ns < 0 || duration_ns > G_MAXINT64 - MAX (onset_ns, 0)))
    cell_error (reader, places, COLUMN_DURATION, "a length in seconds", error);
  else if (texts[COLUMN_TRIAL_TYPE] == NULL)
    cell_error (reader, places, COLUMN_TRIAL_TYPE, "a label", error);
  else if (texts[COLUMN_ORIGIN] != NULL
           && !inion_origin_from_string (texts[COLUMN_ORIGIN], &origin))
    cell_error (reader, places, COLUMN_ORIGIN, "file, person, model or accepted", error);
  else if (texts[COLUMN_CONFIDENCE] != NULL
           && (!_inion_table_parse_number (texts[COLUMN_CONFIDENCE], &confidence)
               || confidence < 0 || confidence > 1))
    cell_error (reader, places, COLUMN_CONFIDENCE, "a number from 0 to 1", error);
  else
    {
      if (texts[COLUMN_CHANNEL] != NULL)
        channels = split_channels (texts[COLUMN_CHANNEL]);
      return inion_annotation_new (0, onset_ns, duration_ns, texts[COLUMN_TRIAL_TYPE],
                                   (const char *const *) channels, texts[COLUMN_RATER], origin,
                                   confidence, texts[COLUMN_COMMENT]);
    }
  return NULL;
}

static gboolean
read_annotations (Reader    *reader,
                  GPtrArray *annotations,
                  GError   **error)
{
  int places[N_COLUMNS];
  guint n_columns;

  if (!read_header (reader, places, error))
    return FALSE;
  n_columns = reader->row->len;
  while (reader->at < reader->end)
    {
      guint line = reader->line;
      InionAnnotation *annotation;

      if (!read_row (reader, error))
        return FALSE;
      if (reader->row->len == 1 && g_array_index (reader->row, Cell, 0).text == NULL)
        continue;
      if (reader->row->len != n_columns)
        return inion_set_error (error, INION_ERROR_FORMAT,
                                "Line %u has %u columns, the first line has %u. Nothing was "
                                "imported.", line, reader->row->len, n_columns);
      annotation = parse_row (reader, places, error);
      if (annotation == NULL)
        return FALSE;
      g_ptr_array_add (annotations, annotation);
    }
  return TRUE;
}

/* Reads a table with a header row; @text is UTF-8. */
GPtrArray *
_inion_table_read_rows (const char *text,
                        gsize       length,
                        char        delimiter,
                        GError    **error)
{
  g_autoptr (GPtrArray) annotations = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GArray) row = g_array_new (FALSE, FALSE, sizeof (Cell));
  g_autoptr (GString) buffer = g_string_new (NULL);
  Reader reader = { text, text + length, delimiter, 1, row, buffer };

  g_array_set_clear_func (row, cell_clear);
  return read_annotations (&reader, annotations, error) ? g_steal_pointer (&annotations) : NULL;
}
