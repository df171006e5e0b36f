/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A text table while it is looked at. */

#pragma once

#include "recording/csv-guess.h"
#include "recording/csv-line.h"

G_BEGIN_DECLS

#define INION_CSV_MAX_COLUMNS 4096

/* The first lines of a file while it is looked at. */
typedef struct
{
  GPtrArray *lines; /* GString */
  InionCsvField *fields;
  InionCsvGuess *guess;
  guint n_columns;
  gboolean openbci;
  double rate; /* that a comment tells */
  char delimiter;  /* that somebody says; 0: to be found */
  char decimal;    /* the same */
  int header_rows; /* the same; below 0: to be found */
} InionCsvLook;

gboolean        _inion_csv_look_is_comment (const GString *line);
guint           _inion_csv_look_split (InionCsvLook *look, const GString *line);
InionCsvColumn *_inion_csv_look_get_column (InionCsvLook *look, guint k);
void            _inion_csv_look_choose_roles (InionCsvLook *look);

G_END_DECLS
