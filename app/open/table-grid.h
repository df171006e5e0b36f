/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first rows of a table under what each column is, which can be changed. */

#pragma once

#include "recording/csv-guess.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Called after a column was changed; role_changed: it was its role. */
typedef void (*InionTableGridChanged) (gboolean role_changed, gpointer data);

/* guess stays the caller's and must outlive the grid: it is what is changed. */
GtkWidget *inion_table_grid_new (InionCsvGuess *guess, InionTableGridChanged changed, gpointer data);

G_END_DECLS
