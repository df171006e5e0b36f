/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a table says all that is needed, and the rate that its time column tells. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/csv-guess.h"

#include "recording/csv-line.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int
compare_doubles (const void *a,
                 const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static int
find_time_column (const InionCsvGuess *self)
{
  for (guint k = 0; k < self->columns->len; k++)
    if (((const InionCsvColumn *) self->columns->pdata[k])->role == INION_CSV_TIME)
      return (int) k;
  return -1;
}

/**
 * inion_csv_guess_find_rate:
 * @self: a guess, perhaps changed
 *
 * Finds what rate its time column tells, from the rows that are kept: the median step, so that one
 * gap among them does not count.
 *
 * Returns: samples a second; 0 if there is no time column or its times do not go up
 */
double
inion_csv_guess_find_rate (const InionCsvGuess *self)
{
  double steps[INION_CSV_PREVIEW_ROWS];
  double last = NAN, step;
  int column = find_time_column (self);
  gsize n = 0;

  for (guint i = 0; column >= 0 && i < self->rows->len && n < G_N_ELEMENTS (steps); i++)
    {
      char **row = self->rows->pdata[i];
      double value;
      InionCsvField field;

      if (g_strv_length (row) <= (guint) column)
        continue;
      field = (InionCsvField) { row[column], strlen (row[column]) };
      if (!_inion_csv_read_number (&field, self->decimal, &value))
        continue;
      if (isfinite (value - last))
        steps[n++] = value - last;
      last = value;
    }
  if (n == 0)
    return 0;
  qsort (steps, n, sizeof (double), compare_doubles);
  step = steps[n / 2] * self->time_scale;
  return step > 0 && isfinite (1 / step) && 1 / step <= 1e7 ? 1 / step : 0;
}

/**
 * inion_csv_guess_is_clear:
 * @self: a guess
 *
 * Returns: whether the table says by itself what its columns and its rate are: nothing has to be
 *   asked before it is opened
 */
gboolean
inion_csv_guess_is_clear (const InionCsvGuess *self)
{
  guint n_signals = 0;

  for (guint k = 0; k < self->columns->len; k++)
    {
      const InionCsvColumn *column = self->columns->pdata[k];

      if (column->role != INION_CSV_SIGNAL)
        continue;
      n_signals++;
      /* A name that we gave: there is no header. */
      if (g_str_has_prefix (column->name, "Column "))
        return FALSE;
    }
  return n_signals > 0 && self->rate_hz > 0;
}
