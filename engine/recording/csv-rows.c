/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a text table.
 *
 * The whole table is read once, row by row; its numbers go to a scratch file as doubles. A row that
 * is cut, or a field that is no number, reads as NaN and is told. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/csv-rows.h"

#include "core/error.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define CHECK_ROWS 4096
#define MAX_EVENTS 2000000

static void
clear_marker (gpointer data)
{
  InionCsvMarker *marker = data;

  g_free (marker->text);
}

/**
 * _inion_csv_rows_clear:
 * @self: rows
 *
 * Frees what they hold, and closes their file.
 */
void
_inion_csv_rows_clear (InionCsvRows *self)
{
  if (self->fd >= 0)
    close (self->fd);
  for (guint k = 0; self->held != NULL && k < self->n_columns; k++)
    g_free (self->held[k].text);
  g_free (self->held);
  g_free (self->fields);
  g_free (self->row);
  g_clear_pointer (&self->markers, g_array_unref);
  g_clear_pointer (&self->scratch, inion_scratch_free);
  g_clear_pointer (&self->times, _inion_even_times_free);
  g_clear_pointer (&self->faults, inion_edf_faults_free);
}

static const InionCsvColumn *
get_column (const InionCsvRows *self,
            guint               k)
{
  return self->guess->columns->pdata[k];
}

/* Checks a guess, which may have been changed by hand. */
static gboolean
start_reading (InionCsvRows  *self,
               GError       **error)
{
  self->n_columns = self->guess->columns->len;
  self->time_column = -1;
  for (guint k = 0; k < self->n_columns; k++)
    {
      self->n_signals += get_column (self, k)->role == INION_CSV_SIGNAL;
      if (get_column (self, k)->role != INION_CSV_TIME)
        continue;
      if (self->time_column >= 0)
        return inion_set_error (error, INION_ERROR_INVALID,
                                "There are two time columns, “%s” and “%s”. Choose one.",
                                get_column (self, (guint) self->time_column)->name,
                                get_column (self, k)->name);
      self->time_column = (int) k;
    }
  if (self->n_signals == 0)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s”, line %u: no column of the table (%u in all) holds samples: "
                            "there are only texts, times or markers.", self->path,
                            self->guess->header_rows + 1, self->n_columns);
  if (!(self->guess->rate_hz > 0 && self->guess->rate_hz <= 1e7))
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "“%s” is a table of %u columns that does not tell its sampling rate: "
                            "it has no time column that goes up evenly, and no line that says it. "
                            "Give the rate: --rate HZ, or in the import dialog.", self->path,
                            self->n_columns);
  if (!(self->guess->time_scale > 0))
    return inion_set_error (error, INION_ERROR_INVALID, "The unit of the time column is missing.");
  self->fields = g_new (InionCsvField, self->n_columns);
  self->row = g_new (double, self->n_signals);
  self->held = g_new0 (InionCsvHeld, self->n_columns);
  self->markers = g_array_new (FALSE, FALSE, sizeof (InionCsvMarker));
  g_array_set_clear_func (self->markers, clear_marker);
  self->faults = inion_edf_faults_new ();
  self->times = _inion_even_times_new (self->guess->rate_hz);
  self->scratch = inion_scratch_new (error);
  return self->scratch != NULL;
}

/* The text of a marker; "" for none: 0 and empty fields. */
static char *
dup_marker (const InionCsvRows  *self,
            const InionCsvField *field)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  double value;

  if (_inion_csv_is_missing (field))
    return g_strdup ("");
  if (!_inion_csv_read_number (field, self->guess->decimal, &value))
    return _inion_csv_dup_field (field);
  if (fabs (value) <= 0)
    return g_strdup ("");
  return g_strdup (g_ascii_formatd (number, sizeof number, "%.15g", value));
}

static void
take_marker (InionCsvRows        *self,
             guint                k,
             const InionCsvField *field)
{
  InionCsvHeld *held = &self->held[k];
  g_autofree char *text = dup_marker (self, field);
  InionCsvMarker marker = { self->n_rows, 1, NULL };

  if (held->text != NULL && strcmp (held->text, text) == 0)
    {
      if (held->open > 0)
        g_array_index (self->markers, InionCsvMarker, held->open - 1).n_rows++;
      return;
    }
  g_free (held->text);
  held->text = g_steal_pointer (&text);
  held->open = 0;
  if (*held->text == '\0')
    return;
  if (self->markers->len == MAX_EVENTS)
    {
      inion_edf_faults_add (self->faults, "markers", -1, get_column (self, k)->name,
                            "Only the first %d markers were read.", MAX_EVENTS);
      return;
    }
  marker.text = g_strdup (held->text);
  g_array_append_val (self->markers, marker);
  held->open = self->markers->len;
}

static double
read_value (InionCsvRows        *self,
            guint                k,
            const InionCsvLines *lines,
            guint               *n_numbers)
{
  const InionCsvField *field = &self->fields[k];
  double value;

  if (_inion_csv_read_number (field, self->guess->decimal, &value))
    {
      (*n_numbers)++;
      return value;
    }
  if (!_inion_csv_is_missing (field))
    {
      g_autofree char *text = _inion_csv_dup_field (field);
      glong length = g_utf8_strlen (text, -1);
      g_autofree char *place = g_strdup_printf ("line %" G_GINT64_FORMAT, lines->number);

      inion_edf_faults_add (self->faults, "number", lines->offset, place,
                            "“%.*s” in column “%s” is no number; the sample is missing.",
                            (int) MIN (g_utf8_offset_to_pointer (text, MIN (length, 30)) - text,
                                       120), text, get_column (self, k)->name);
    }
  return NAN;
}

static void
take_time (InionCsvRows        *self,
           const InionCsvLines *lines)
{
  double value, next = self->time + 1 / self->guess->rate_hz;

  if (self->time_column >= 0)
    {
      const InionCsvField *field = &self->fields[self->time_column];

      if (_inion_csv_read_number (field, self->guess->decimal, &value) &&
          fabs (value * self->guess->time_scale) < 1e12)
        next = value * self->guess->time_scale;
      else
        inion_edf_faults_add (self->faults, "time", lines->offset, "time column",
                              "Line %" G_GINT64_FORMAT " has no time; it is taken to follow the "
                              "last.", lines->number);
    }
  self->time = next;
  _inion_even_times_add (self->times, next);
}

static gboolean
take_row (InionCsvRows         *self,
          const InionCsvLines  *lines,
          const char           *line,
          gsize                 n,
          GError              **error)
{
  guint count, n_numbers = 0, s = 0;
  g_autofree char *place = NULL;

  count = _inion_csv_split (line, n, self->guess->delimiter, self->fields, self->n_columns);
  for (guint k = count; k < self->n_columns; k++)
    self->fields[k] = (InionCsvField) { "", 0 };
  for (guint k = 0; k < self->n_columns; k++)
    if (get_column (self, k)->role == INION_CSV_SIGNAL)
      self->row[s++] = read_value (self, k, lines, &n_numbers);
  if (n_numbers == 0 && count < self->n_columns)
    {
      inion_edf_faults_add (self->faults, "row", lines->offset, "row",
                            "Line %" G_GINT64_FORMAT " holds no values; it was left out.",
                            lines->number);
      return TRUE;
    }
  if (count < self->n_columns || count > self->n_columns + 1 || lines->too_long)
    inion_edf_faults_add (self->faults, "columns", lines->offset, "row",
                          "Line %" G_GINT64_FORMAT " has %u columns, not %u; what is missing reads "
                          "as no value.", lines->number, count, self->n_columns);
  if (!inion_scratch_write (self->scratch, self->row, self->n_signals * sizeof (double), error))
    return FALSE;
  take_time (self, lines);
  for (guint k = 0; k < self->n_columns; k++)
    if (get_column (self, k)->role == INION_CSV_MARKER)
      take_marker (self, k, &self->fields[k]);
  self->n_rows++;
  return TRUE;
}

/**
 * _inion_csv_rows_read:
 * @self: rows whose path, file, size and guess are set, and nothing else
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Reads a table to its end. The guess may have been changed by hand, and is checked.
 *
 * Returns: %FALSE with %INION_ERROR_INVALID or %INION_ERROR_UNSUPPORTED if the guess lacks
 *   something, %INION_ERROR_FORMAT, %INION_ERROR_IO or %G_IO_ERROR_CANCELLED
 */
gboolean
_inion_csv_rows_read (InionCsvRows  *self,
                      InionJob      *job,
                      GError       **error)
{
  InionCsvLines lines;
  g_autoptr (GError) reason = NULL;
  const char *line;
  gsize n;

  if (!start_reading (self, error))
    return FALSE;
  _inion_csv_lines_init (&lines, self->fd, self->size);
  while (reason == NULL && _inion_csv_lines_next (&lines, &line, &n, &reason))
    {
      if (lines.number % CHECK_ROWS == 0)
        {
          inion_job_report (job, (double) lines.offset / (double) MAX (self->size, 1),
                            "InionCsvRows the table");
          if (!inion_job_check (job, &reason))
            break;
        }
      if (lines.number > self->guess->header_rows && n > 0 && line[0] != '%' && line[0] != '#')
        take_row (self, &lines, line, n, &reason);
    }
  _inion_csv_lines_clear (&lines);
  if (reason == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}
