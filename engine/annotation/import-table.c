/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks out of tables: our own, BIDS events.tsv, EDFbrowser's lists, TUH's csv and csv_bi.
 *
 * The first row names the columns, by any of the names that these programs give them; a table
 * without such a row is taken as onset, duration and text (or onset and text). Before it there may
 * be lines with a "#". A cell in double quotes is read as RFC 4180 says; a quote that is never
 * closed is a letter like any other. EDFbrowser does not quote: what follows the text's column
 * belongs to the text if that column is the last.
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/import-private.h"
#include "annotation/table-private.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

#define MAX_COLUMNS 256

typedef enum
{
  COLUMN_ONSET,
  COLUMN_DURATION,
  COLUMN_END,
  COLUMN_LABEL,
  COLUMN_VALUE,
  COLUMN_CHANNEL,
  COLUMN_RATER,
  COLUMN_ORIGIN,
  COLUMN_CONFIDENCE,
  COLUMN_COMMENT,
  N_COLUMNS,
} Column;

typedef struct
{
  const char *name;
  Column column;
} Alias;

static const Alias aliases[] = {
  { "onset", COLUMN_ONSET },           { "start", COLUMN_ONSET },
  { "start_time", COLUMN_ONSET },      { "start time", COLUMN_ONSET },
  { "starttime", COLUMN_ONSET },       { "begin", COLUMN_ONSET },
  { "time", COLUMN_ONSET },            { "timestamp", COLUMN_ONSET },
  { "duration", COLUMN_DURATION },     { "length", COLUMN_DURATION },
  { "end", COLUMN_END },               { "stop", COLUMN_END },
  { "stop_time", COLUMN_END },         { "stop time", COLUMN_END },
  { "end_time", COLUMN_END },          { "end time", COLUMN_END },
  { "trial_type", COLUMN_LABEL },      { "annotation", COLUMN_LABEL },
  { "label", COLUMN_LABEL },           { "description", COLUMN_LABEL },
  { "text", COLUMN_LABEL },            { "event", COLUMN_LABEL },
  { "type", COLUMN_LABEL },            { "stage", COLUMN_LABEL },
  { "value", COLUMN_VALUE },           { "channel", COLUMN_CHANNEL },
  { "channels", COLUMN_CHANNEL },      { "rater", COLUMN_RATER },
  { "annotator", COLUMN_RATER },       { "scorer", COLUMN_RATER },
  { "origin", COLUMN_ORIGIN },         { "confidence", COLUMN_CONFIDENCE },
  { "probability", COLUMN_CONFIDENCE }, { "comment", COLUMN_COMMENT },
  { "comments", COLUMN_COMMENT },
};

/**
 * Table:
 * @importer: the report
 * @at: where the next row begins
 * @delimiter: between cells
 * @line: number of the next row
 * @row_line: number of the row in @cells
 * @cells: (element-type utf8) (nullable elements): a row; missing values are %NULL
 * @starts: where each cell begins in the text
 * @end: where the row ends in the text
 * @places: of each column, or -1
 * @n_columns: columns of the first row
 * @tuh: whether it is a table of the TUH corpus
 */
typedef struct
{
  InionImporter *importer;
  const char *at;
  char delimiter;
  guint line;
  guint row_line;
  GPtrArray *cells;
  const char *starts[MAX_COLUMNS];
  const char *end;
  int places[N_COLUMNS];
  guint n_columns;
  gboolean tuh;
} Table;

static const char *
line_end (const char *at)
{
  return at + strcspn (at, "\r\n");
}

static const char *
next_line (const char *end)
{
  if (*end == '\r')
    end++;
  return *end == '\n' ? end + 1 : end;
}

/* Reads a quoted cell; NULL if the quote is not closed before a delimiter or line end. */
static const char *
read_quoted (Table      *self,
             const char *at,
             GString    *cell)
{
  guint lines = 0;

  for (at++; *at != '\0'; at++)
    {
      if (*at == '"' && *++at != '"')
        {
          if (*at != '\0' && *at != self->delimiter && *at != '\r' && *at != '\n')
            return NULL;
          self->line += lines;
          return at;
        }
      if (cell->len > 65536)
        return NULL;
      lines += *at == '\n';
      g_string_append_c (cell, *at);
    }
  return NULL;
}

static void
read_row (Table *self)
{
  const char *at = self->at;

  g_ptr_array_set_size (self->cells, 0);
  self->row_line = self->line;
  for (;;)
    {
      g_autoptr (GString) cell = g_string_new (NULL);
      const char *after = *at == '"' ? read_quoted (self, at, cell) : NULL;

      self->starts[self->cells->len] = at;
      if (after != NULL)
        g_ptr_array_add (self->cells, g_strdup (cell->str));
      else
        {
          g_autofree char *plain = NULL;

          for (after = at; *after != '\0' && *after != self->delimiter && *after != '\r'
                           && *after != '\n';)
            after++;
          plain = g_strstrip (g_strndup (at, (gsize) (after - at)));
          g_ptr_array_add (self->cells, *plain != '\0' && g_ascii_strcasecmp (plain, "n/a") != 0
                                          ? g_steal_pointer (&plain) : NULL);
        }
      at = after;
      if (*at != self->delimiter || *at == '\0' || self->cells->len == MAX_COLUMNS)
        break;
      at++;
    }
  self->end = line_end (at);
  self->at = next_line (self->end);
  self->line++;
}

static char *
dup_row (const Table *self)
{
  return g_strndup (self->starts[0], MIN ((gsize) (self->end - self->starts[0]), 2000));
}

static char
guess_delimiter (const char *line)
{
  gsize counts[3] = { 0, 0, 0 };

  for (const char *end = line_end (line); line < end; line++)
    {
      counts[0] += *line == '\t';
      counts[1] += *line == ';';
      counts[2] += *line == ',';
    }
  if (counts[0] > 0)
    return '\t';
  return counts[1] > counts[2] ? ';' : ',';
}

static gboolean
find_columns (Table *self)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    self->places[i] = -1;
  self->n_columns = self->cells->len;
  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    for (guint k = 0; k < self->cells->len; k++)
      if (self->cells->pdata[k] != NULL
          && g_ascii_strcasecmp (self->cells->pdata[k], aliases[i].name) == 0
          && self->places[aliases[i].column] < 0)
        self->places[aliases[i].column] = (int) k;
  return self->places[COLUMN_ONSET] >= 0;
}

static const char *
get_cell (const Table *self,
          Column       column)
{
  int place = self->places[column];

  return place >= 0 && (guint) place < self->cells->len ? self->cells->pdata[place] : NULL;
}

/* The label; in a table without quotes it goes on behind the last column's delimiter. */
static char *
dup_label (const Table *self)
{
  const char *label = get_cell (self, COLUMN_LABEL);
  int place = self->places[COLUMN_LABEL];

  if (place >= 0 && (guint) place + 1 == self->n_columns && self->cells->len > self->n_columns)
    return g_strstrip (g_strndup (self->starts[place], (gsize) (self->end - self->starts[place])));
  return g_strdup (label != NULL ? label : get_cell (self, COLUMN_VALUE));
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

/* TUH says TERM for all channels. */
static char **
dup_channels (const Table *self)
{
  const char *text = get_cell (self, COLUMN_CHANNEL);

  if (text == NULL || (self->tuh && g_ascii_strcasecmp (text, "TERM") == 0))
    return NULL;
  return split_channels (text);
}

/* Reads when a row is; FALSE if it was listed as skipped. */
static gboolean
read_span (Table          *self,
           const char     *shown,
           InionImportRow *row)
{
  const char *onset = get_cell (self, COLUMN_ONSET);
  const char *end = get_cell (self, COLUMN_END);
  const char *reason = "it has no onset";
  gint64 end_ns;

  if (onset == NULL
      || !_inion_importer_parse_time (self->importer, onset, &row->onset_ns, &reason))
    {
      _inion_importer_skip (self->importer, row->line, shown, "%s", reason);
      return FALSE;
    }
  if (!_inion_importer_parse_duration (get_cell (self, COLUMN_DURATION), row->onset_ns,
                                       &row->duration_ns))
    {
      _inion_importer_skip (self->importer, row->line, shown, "its duration is no length in seconds");
      return FALSE;
    }
  if (self->places[COLUMN_DURATION] >= 0 || end == NULL)
    return TRUE;
  if (!_inion_importer_parse_time (self->importer, end, &end_ns, &reason) || end_ns < row->onset_ns
      || __builtin_sub_overflow (end_ns, row->onset_ns, &row->duration_ns))
    {
      _inion_importer_skip (self->importer, row->line, shown,
                            "its end is no time behind its beginning");
      return FALSE;
    }
  return TRUE;
}

static void
import_row (Table *self)
{
  g_autofree char *shown = dup_row (self);
  g_autofree char *label = dup_label (self);
  g_auto (GStrv) channels = dup_channels (self);
  const char *confidence = get_cell (self, COLUMN_CONFIDENCE);
  const char *origin = get_cell (self, COLUMN_ORIGIN);
  InionImportRow row = { self->row_line, 0, 0, label, (const char *const *) channels,
                         get_cell (self, COLUMN_RATER), INION_ORIGIN_PERSON, NAN,
                         get_cell (self, COLUMN_COMMENT) };

  if (self->cells->len < self->n_columns && label == NULL)
    {
      _inion_importer_skip (self->importer, row.line, shown, "it has %u columns, the first row has %u",
                            self->cells->len, self->n_columns);
      return;
    }
  if (!read_span (self, shown, &row))
    return;
  if (label == NULL && (self->places[COLUMN_LABEL] >= 0 || self->places[COLUMN_VALUE] >= 0))
    {
      _inion_importer_skip (self->importer, row.line, shown, "it has no text");
      return;
    }
  if (label == NULL)
    row.label = "event";
  if (confidence != NULL
      && (!_inion_table_parse_number (confidence, &row.confidence) || row.confidence < 0
          || row.confidence > 1))
    {
      row.confidence = NAN;
      _inion_importer_note (self->importer, "Line %u: the confidence “%.40s” is not between 0 and 1 "
                                            "and was left out.", row.line, confidence);
    }
  if (origin != NULL && !inion_origin_from_string (origin, &row.origin))
    _inion_importer_note (self->importer, "Line %u: the origin “%.40s” is unknown; a person is taken.",
                          row.line, origin);
  _inion_importer_add (self->importer, &row);
}

/* Passes over empty lines and those with a "#". */
static void
pass_comments (Table *self)
{
  for (;;)
    {
      const char *end = line_end (self->at);
      const char *first = self->at + strspn (self->at, " \t");

      if (*self->at == '\0' || (first < end && *first != '#'))
        return;
      self->tuh |= strstr (self->at, "csv_v") != NULL && strstr (self->at, "csv_v") < end;
      self->at = next_line (end);
      self->line++;
    }
}

/* A table without names of columns: onset, duration, text. */
static gboolean
guess_columns (Table *self)
{
  const char *reason;
  gint64 ns;

  if (self->cells->len < 2 || self->cells->pdata[0] == NULL
      || !_inion_importer_parse_time (self->importer, self->cells->pdata[0], &ns, &reason))
    return FALSE;
  self->importer->last_ns = G_MININT64;
  self->n_columns = MIN (self->cells->len, 3);
  self->places[COLUMN_ONSET] = 0;
  if (self->n_columns == 3 && !_inion_importer_parse_duration (self->cells->pdata[1], ns, &ns))
    self->n_columns = 2;
  self->places[COLUMN_DURATION] = self->n_columns == 3 ? 1 : -1;
  self->places[COLUMN_LABEL] = self->n_columns == 3 ? 2 : 1;
  _inion_importer_note (self->importer, "The table has no names of columns; it is taken as %s.",
                        self->n_columns == 3 ? "onset, duration and text" : "onset and text");
  return TRUE;
}

static char *
name_format (const Table *self)
{
  if (self->tuh)
    return g_strdup ("TUH table");
  if (self->places[COLUMN_LABEL] >= 0 && self->delimiter == '\t')
    return g_strdup ("tab-separated table (TSV)");
  return g_strdup (self->delimiter == '\t' ? "events.tsv" : "comma-separated table (CSV)");
}

gboolean
_inion_import_table (InionImporter *importer,
                     const char    *text,
                     GError       **error)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  Table self = { .importer = importer, .at = text, .line = 1, .cells = cells };

  pass_comments (&self);
  self.delimiter = guess_delimiter (self.at);
  if (*self.at != '\0')
    {
      read_row (&self);
      if (!find_columns (&self))
        {
          if (!guess_columns (&self))
            return inion_set_error (error, INION_ERROR_FORMAT,
                                    "Line %u is no list of columns with an onset, and the file is no "
                                    "other list of marks that Inion reads. Nothing was imported.",
                                    self.row_line);
          import_row (&self);
        }
    }
  else
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "There is no text in it. Nothing was imported.");
  for (pass_comments (&self); *self.at != '\0'; pass_comments (&self))
    {
      if (!_inion_importer_go_on (importer, self.at, error))
        return FALSE;
      read_row (&self);
      import_row (&self);
    }
  importer->result->format = name_format (&self);
  return TRUE;
}
