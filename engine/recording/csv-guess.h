/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a text table may be meant: shown and changed before it is read. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define INION_CSV_PREVIEW_ROWS 20

/**
 * InionCsvRole:
 * @INION_CSV_IGNORE: not read
 * @INION_CSV_SIGNAL: becomes a channel
 * @INION_CSV_TIME: when each row was sampled; at most one column
 * @INION_CSV_MARKER: becomes events where its value changes to another than 0 or nothing
 */
typedef enum
{
  INION_CSV_IGNORE,
  INION_CSV_SIGNAL,
  INION_CSV_TIME,
  INION_CSV_MARKER,
} InionCsvRole;

/**
 * InionCsvColumn:
 * @name: what it is called
 * @unit: its unit; "" if none is known
 * @role: what becomes of it
 * @gain: by what its numbers are multiplied
 */
typedef struct
{
  char *name;
  char *unit;
  InionCsvRole role;
  double gain;
} InionCsvColumn;

/**
 * InionCsvGuess:
 * @format: what wrote it: "CSV", "OpenBCI text"
 * @delimiter: what stands between columns: tab, ';', ',', '|', or ' ' for any number of blanks
 * @decimal: '.' or ','
 * @header_rows: lines before the first row of values
 * @rate_hz: samples a second; 0 if the file does not tell
 * @time_scale: seconds in one unit of the time column
 * @columns: (element-type InionCsvColumn): the columns
 * @rows: (element-type GStrv): the first rows of values, as parsed, at most
 *   %INION_CSV_PREVIEW_ROWS
 * @notes: (element-type utf8): what was assumed
 *
 * A plain structure: a dialog may change all of it.
 */
typedef struct
{
  char *format;
  char delimiter;
  char decimal;
  guint header_rows;
  double rate_hz;
  double time_scale;
  GPtrArray *columns;
  GPtrArray *rows;
  GPtrArray *notes;
} InionCsvGuess;

InionCsvGuess *inion_csv_guess (const char *path, GError **error);
InionCsvGuess *inion_csv_guess_again (const char *path, char delimiter, char decimal,
                                      int header_rows, GError **error);
gboolean       inion_csv_guess_is_clear (const InionCsvGuess *self);
double         inion_csv_guess_find_rate (const InionCsvGuess *self);
InionCsvGuess *inion_csv_guess_fd (int fd, gint64 size, GError **error);
void           inion_csv_guess_free (InionCsvGuess *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionCsvGuess, inion_csv_guess_free)

G_END_DECLS
