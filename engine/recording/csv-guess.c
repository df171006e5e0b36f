/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a text table may be meant: shown and changed before it is read.
 *
 * All is told from the first 64 KiB, and by what is consistent in them, never by the language of
 * the desktop: the delimiter is the one that cuts most lines into the same number of fields; the
 * decimal sign the one that numbers speak for ("1.5" does, "1,234" hardly, "1.234,5" does for the
 * comma); values begin where rows of numbers begin. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/csv-guess-private.h"

#include "core/error.h"
#include "recording/edf-text.h"
#include "recording/recording-private.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define HEAD_BYTES (64 * 1024)
#define MAX_LINES 600

static void
free_line (gpointer data)
{
  g_string_free (data, TRUE);
}

static void
free_column (gpointer data)
{
  InionCsvColumn *column = data;

  g_free (column->name);
  g_free (column->unit);
  g_free (column);
}

gboolean
_inion_csv_look_is_comment (const GString *line)
{
  return line->len == 0 || line->str[0] == '%' || line->str[0] == '#';
}

/* Splits a line with the delimiter that was found. */
guint
_inion_csv_look_split (InionCsvLook  *look,
                       const GString *line)
{
  return MIN (_inion_csv_split (line->str, line->len, look->guess->delimiter, look->fields,
                                INION_CSV_MAX_COLUMNS), INION_CSV_MAX_COLUMNS);
}

static gboolean
read_lines (InionCsvLook  *look,
            int            fd,
            gint64         size,
            GError       **error)
{
  InionCsvLines lines;
  g_autoptr (GError) reason = NULL;
  const char *line;
  gsize n;

  _inion_csv_lines_init (&lines, fd, size);
  while (look->lines->len < MAX_LINES && (lines.offset < HEAD_BYTES || look->lines->len < 30) &&
         _inion_csv_lines_next (&lines, &line, &n, &reason))
    {
      if (lines.offset == 0 && n >= 3 && memcmp (line, "\xef\xbb\xbf", 3) == 0)
        {
          line += 3;
          n -= 3;
        }
      if (memchr (line, '\0', n) != NULL || lines.too_long)
        {
          inion_set_error (&reason, INION_ERROR_FORMAT,
                           "Line %" G_GINT64_FORMAT " (byte %" G_GINT64_FORMAT ") is no text: it "
                           "%s. A table must be saved as UTF-8 or in a Western 8-bit encoding.",
                           lines.number, lines.offset,
                           lines.too_long ? "is longer than 1 MiB" : "holds zero bytes");
          break;
        }
      g_ptr_array_add (look->lines, g_string_new_len (line, (gssize) n));
    }
  _inion_csv_lines_clear (&lines);
  if (reason == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/* "%Sample Rate = 250.0 Hz", "# sampling_rate: 128", … */
static void
read_comment (InionCsvLook  *look,
              const GString *line)
{
  g_autofree char *lower = g_ascii_strdown (line->str, -1);
  const char *at = NULL;
  static const char *const words[] = { "sample rate", "sampling rate", "sample_rate",
                                       "sampling_rate", "sampling frequency", "srate" };

  if (strstr (lower, "openbci") != NULL)
    look->openbci = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (words) && at == NULL; i++)
    at = strstr (lower, words[i]);
  if (at == NULL)
    return;
  at += strcspn (at, "0123456789");
  if (*at != '\0')
    {
      double rate = g_ascii_strtod (at, NULL);

      if (isfinite (rate) && rate > 0 && rate < 1e7)
        look->rate = rate;
    }
}

/* The number of fields that most lines have, and how many do. */
static guint
count_fields (InionCsvLook *look,
              char          delimiter,
              guint        *n_lines)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  gpointer key, value;
  guint best = 0;

  *n_lines = 0;
  for (guint i = 0; i < look->lines->len; i++)
    {
      const GString *line = look->lines->pdata[i];
      guint n;

      if (_inion_csv_look_is_comment (line))
        continue;
      n = MIN (_inion_csv_split (line->str, line->len, delimiter, look->fields, 0),
               INION_CSV_MAX_COLUMNS);
      key = GUINT_TO_POINTER (n);
      value = g_hash_table_lookup (counts, key);
      g_hash_table_insert (counts, key, GUINT_TO_POINTER (GPOINTER_TO_UINT (value) + 1));
    }
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (GPOINTER_TO_UINT (value) > *n_lines ||
        (GPOINTER_TO_UINT (value) == *n_lines && GPOINTER_TO_UINT (key) > best))
      {
        *n_lines = GPOINTER_TO_UINT (value);
        best = GPOINTER_TO_UINT (key);
      }
  return best;
}

static void
find_delimiter (InionCsvLook *look)
{
  static const char delimiters[] = { '\t', ';', '|', ',', ' ' };
  guint best = 0;

  look->guess->delimiter = ',';
  look->n_columns = 1;
  if (look->delimiter != 0)
    {
      guint n_lines;

      look->guess->delimiter = look->delimiter;
      look->n_columns = MAX (count_fields (look, look->delimiter, &n_lines), 1);
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (delimiters); i++)
    {
      guint n_lines;
      guint n = count_fields (look, delimiters[i], &n_lines);

      /* Blanks and commas also stand in other places: the former must fit more lines. */
      if (n > 1 && n_lines > best + best / 10)
        {
          best = n_lines;
          look->guess->delimiter = delimiters[i];
          look->n_columns = n;
        }
    }
}

/* What a field says on which sign stands before decimals. */
static void
weigh_field (const InionCsvField *field,
             guint64             *points,
             guint64             *commas)
{
  guint n_points = 0, n_commas = 0;
  gsize last = 0;
  gboolean weak;

  for (gsize i = 0; i < field->n; i++)
    {
      if (field->text[i] == '.')
        n_points++;
      else if (field->text[i] == ',')
        n_commas++;
      else if (strchr ("0123456789+-eE", field->text[i]) == NULL || field->text[i] == '\0')
        return;
      if (field->text[i] == '.' || field->text[i] == ',')
        last = i;
    }
  weak = field->n - last == 4; /* three digits behind it: thousands? */
  if (n_points > 0 && n_commas > 0)
    *(field->text[last] == '.' ? points : commas) += 1000;
  else if (n_points == 1)
    *points += weak ? 1 : 1000;
  else if (n_commas == 1)
    *commas += weak ? 1 : 1000;
  else if (n_points > 1)
    *commas += 1000;
  else if (n_commas > 1)
    *points += 1000;
}

static void
find_decimal (InionCsvLook *look)
{
  guint64 points = 0, commas = 0;

  if (look->decimal != 0)
    {
      look->guess->decimal = look->decimal;
      return;
    }
  for (guint i = 0; i < look->lines->len; i++)
    if (!_inion_csv_look_is_comment (look->lines->pdata[i]))
      {
        guint n = _inion_csv_look_split (look, look->lines->pdata[i]);

        for (guint k = 0; k < n; k++)
          weigh_field (&look->fields[k], &points, &commas);
      }
  look->guess->decimal = commas > points && look->guess->delimiter != ',' ? ',' : '.';
}

/* Whether a line is a row of values: at least half of its fields are numbers. */
static gboolean
is_values (InionCsvLook  *look,
           const GString *line)
{
  guint n, n_numbers = 0, n_missing = 0;

  if (_inion_csv_look_is_comment (line))
    return FALSE;
  n = _inion_csv_look_split (look, line);
  for (guint k = 0; k < n; k++)
    {
      double value;

      if (_inion_csv_read_number (&look->fields[k], look->guess->decimal, &value))
        n_numbers++;
      else if (_inion_csv_is_missing (&look->fields[k]))
        n_missing++;
    }
  return n_numbers > 0 && 2 * n_numbers >= n - n_missing;
}

static void
find_header (InionCsvLook *look)
{
  guint i;

  if (look->header_rows >= 0)
    {
      look->guess->header_rows = MIN ((guint) look->header_rows, look->lines->len);
      return;
    }
  for (i = 0; i < look->lines->len; i++)
    if (is_values (look, look->lines->pdata[i]))
      break;
  look->guess->header_rows = i;
}

/* A unit in brackets behind a name. */
static char *
take_unit (char *name)
{
  gsize n = strlen (name);
  char *open;
  guint oddities = 0;

  if (n < 3 || (name[n - 1] != ']' && name[n - 1] != ')'))
    return g_strdup ("");
  open = strrchr (name, name[n - 1] == ']' ? '[' : '(');
  if (open == NULL || open == name)
    return g_strdup ("");
  name[n - 1] = '\0';
  *open = '\0';
  g_strchomp (name);
  return inion_edf_unit_dup ((const guint8 *) open + 1, strlen (open + 1), &oddities);
}

static gboolean
is_unit (const char *text)
{
  static const char *const units[] = { "uv", "µv", "μv", "mv", "v", "nv", "s", "ms", "us", "µs",
                                       "hz", "g", "%", "bpm", "sec", "microvolts", "degc", "°c" };
  g_autofree char *lower = g_utf8_strdown (text, -1);
  gsize n = strlen (lower);

  if (n > 2 && (lower[0] == '[' || lower[0] == '('))
    {
      lower[n - 1] = '\0';
      memmove (lower, lower + 1, n - 1);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (strcmp (lower, units[i]) == 0)
      return TRUE;
  return FALSE;
}

/* Whether a header line holds nothing but units and empty fields. */
static gboolean
is_units_row (InionCsvLook  *look,
              const GString *line)
{
  guint n = _inion_csv_look_split (look, line), n_units = 0;

  for (guint k = 0; k < n; k++)
    {
      g_autofree char *text = _inion_csv_dup_field (&look->fields[k]);

      if (*text == '\0')
        continue;
      if (!is_unit (text))
        return FALSE;
      n_units++;
    }
  return n_units > 0;
}

InionCsvColumn *
_inion_csv_look_get_column (InionCsvLook *look,
                            guint         k)
{
  return look->guess->columns->pdata[k];
}

static void
read_units_row (InionCsvLook  *look,
                const GString *line)
{
  guint n = _inion_csv_look_split (look, line);

  for (guint k = 0; k < MIN (n, look->n_columns); k++)
    {
      g_autofree char *text = _inion_csv_dup_field (&look->fields[k]);
      g_autofree char *bare = g_strdup (g_strdelimit (text, "[]()", ' '));
      guint oddities = 0;

      g_strstrip (bare);
      g_free (_inion_csv_look_get_column (look, k)->unit);
      _inion_csv_look_get_column (look, k)->unit =
        inion_edf_unit_dup ((const guint8 *) bare, strlen (bare), &oddities);
    }
}

static void
make_columns (InionCsvLook *look)
{
  const GString *names = NULL, *units = NULL;
  guint n = 0;

  for (guint i = look->guess->header_rows; i > 0 && names == NULL; i--)
    {
      const GString *line = look->lines->pdata[i - 1];

      if (_inion_csv_look_is_comment (line) ||
          _inion_csv_look_split (look, line) + 1 < look->n_columns)
        continue;
      if (units == NULL && is_units_row (look, line))
        units = line;
      else
        names = line;
    }
  if (names != NULL)
    n = _inion_csv_look_split (look, names);
  for (guint k = 0; k < look->n_columns; k++)
    {
      InionCsvColumn *column = g_new0 (InionCsvColumn, 1);

      column->name = k < n ? _inion_csv_dup_field (&look->fields[k]) : g_strdup ("");
      column->unit = take_unit (column->name);
      column->gain = 1;
      if (*column->name == '\0')
        {
          g_free (column->name);
          column->name = g_strdup_printf ("Column %u", k + 1);
        }
      g_ptr_array_add (look->guess->columns, column);
    }
  if (units != NULL)
    read_units_row (look, units);
}

static void
keep_rows (InionCsvLook *look)
{
  for (guint i = look->guess->header_rows;
       i < look->lines->len && look->guess->rows->len < INION_CSV_PREVIEW_ROWS; i++)
    {
      g_autoptr (GStrvBuilder) row = g_strv_builder_new ();
      guint n;

      if (_inion_csv_look_is_comment (look->lines->pdata[i]))
        continue;
      n = _inion_csv_look_split (look, look->lines->pdata[i]);
      for (guint k = 0; k < MIN (n, look->n_columns); k++)
        {
          g_autofree char *text = _inion_csv_dup_field (&look->fields[k]);

          g_strv_builder_add (row, text);
        }
      g_ptr_array_add (look->guess->rows, g_strv_builder_end (row));
    }
}

static InionCsvGuess *
new_guess (void)
{
  InionCsvGuess *self = g_new0 (InionCsvGuess, 1);

  self->format = g_strdup ("CSV");
  self->time_scale = 1;
  self->columns = g_ptr_array_new_with_free_func (free_column);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/* How the file begins, for messages. */
static char *
dup_beginning (const InionCsvLook *look)
{
  const GString *line = look->lines->len > 0 ? look->lines->pdata[0] : NULL;
  g_autofree char *text = line != NULL
                            ? g_utf8_make_valid (line->str, (gssize) MIN (line->len, 400))
                            : g_strdup ("");

  return g_utf8_strlen (text, -1) > 60 ? g_utf8_substring (text, 0, 60) : g_steal_pointer (&text);
}

static gboolean
look_at_lines (InionCsvLook  *look,
               GError       **error)
{
  g_autofree char *first = dup_beginning (look);

  for (guint i = 0; i < look->lines->len; i++)
    if (_inion_csv_look_is_comment (look->lines->pdata[i]))
      read_comment (look, look->lines->pdata[i]);
  find_delimiter (look);
  find_decimal (look);
  find_header (look);
  if (look->lines->len < look->guess->header_rows + 3)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "This is no table of samples: from line 1 (“%s”) to line %u there are "
                            "no three rows of numbers.",
                            first, look->lines->len);
  make_columns (look);
  _inion_csv_look_choose_roles (look);
  keep_rows (look);
  return TRUE;
}

static InionCsvGuess *
look_at (int      fd,
         gint64   size,
         char     delimiter,
         char     decimal,
         int      header_rows,
         GError **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (free_line);
  g_autofree InionCsvField *fields = g_new (InionCsvField, INION_CSV_MAX_COLUMNS);
  g_autoptr (InionCsvGuess) guess = new_guess ();
  InionCsvLook look = { .lines = lines, .fields = fields, .guess = guess, .delimiter = delimiter,
                        .decimal = decimal, .header_rows = header_rows };

  if (!read_lines (&look, fd, size, error) || !look_at_lines (&look, error))
    return NULL;
  return g_steal_pointer (&guess);
}

/**
 * inion_csv_guess_fd:
 * @fd: an open file; stays the caller's
 * @size: its bytes
 * @error: return location
 *
 * Returns: (transfer full) (nullable): as inion_csv_guess()
 */
InionCsvGuess *
inion_csv_guess_fd (int      fd,
                    gint64   size,
                    GError **error)
{
  return look_at (fd, size, 0, 0, -1, error);
}

/**
 * inion_csv_guess_again:
 * @path: a text table
 * @delimiter: what stands between columns, or 0 to guess
 * @decimal: '.' or ',', or 0 to guess
 * @header_rows: lines before the first row of values, or below 0 to guess
 * @error: return location
 *
 * Guesses the rest where somebody says how a table is meant.
 *
 * Returns: (transfer full) (nullable): the guess, as inion_csv_guess()
 */
InionCsvGuess *
inion_csv_guess_again (const char  *path,
                       char         delimiter,
                       char         decimal,
                       int          header_rows,
                       GError     **error)
{
  gint64 size;
  int fd = _inion_recording_open_file (path, &size, error);
  InionCsvGuess *guess;

  if (fd < 0)
    return NULL;
  guess = look_at (fd, size, delimiter, decimal, header_rows, error);
  close (fd);
  return guess;
}

/**
 * inion_csv_guess:
 * @path: a text table
 * @error: return location
 *
 * Guesses how a table is meant, from its first 64 KiB.
 *
 * Returns: (transfer full) (nullable): the guess, or %NULL with %INION_ERROR_IO or, if there are no
 *   rows of numbers, %INION_ERROR_FORMAT
 */
InionCsvGuess *
inion_csv_guess (const char  *path,
                 GError     **error)
{
  return inion_csv_guess_again (path, 0, 0, -1, error);
}

/**
 * inion_csv_guess_free:
 * @self: (nullable): a guess
 */
void
inion_csv_guess_free (InionCsvGuess *self)
{
  if (self == NULL)
    return;
  g_free (self->format);
  g_ptr_array_unref (self->columns);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->notes);
  g_free (self);
}
