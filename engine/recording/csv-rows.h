/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a text table. */

#pragma once

#include "core/scratch.h"
#include "recording/csv-guess.h"
#include "recording/csv-line.h"
#include "recording/edf-faults.h"
#include "recording/even-times.h"

G_BEGIN_DECLS

/* A marker that was met: its row, counted among those that were stored. */
typedef struct
{
  gint64 row;
  gint64 n_rows; /* how long it was held */
  char *text;
} InionCsvMarker;

/* What a marker column holds now. */
typedef struct
{
  char *text; /* (nullable) */
  guint open; /* which marker is held, plus one; 0: none */
} InionCsvHeld;

/**
 * InionCsvRows:
 * @guess: how the table is meant; borrowed
 * @path: what the file is called; borrowed
 * @fd: the file, -1 once a recording has taken it
 * @size: its bytes
 * @n_columns: columns of a row
 * @n_signals: those of them that hold samples
 * @time_column: the one that holds times, -1: none
 * @markers: (element-type InionCsvMarker): what marker columns held
 * @scratch: the samples of all signals, row by row, as doubles
 * @times: when rows were sampled
 * @faults: what is wrong
 * @n_rows: rows that were stored
 *
 * What was read of a table. The other fields are for reading.
 */
typedef struct
{
  const InionCsvGuess *guess;
  const char *path;
  int fd;
  gint64 size;
  guint n_columns;
  guint n_signals;
  int time_column;
  InionCsvField *fields;
  double *row;
  InionCsvHeld *held;
  GArray *markers;
  InionScratch *scratch;
  InionEvenTimes *times;
  InionEdfFaults *faults;
  double time;
  gint64 n_rows;
} InionCsvRows;

gboolean _inion_csv_rows_read (InionCsvRows *self, InionJob *job, GError **error);
void     _inion_csv_rows_clear (InionCsvRows *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InionCsvRows, _inion_csv_rows_clear)

G_END_DECLS
