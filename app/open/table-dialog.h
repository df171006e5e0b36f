/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a table of samples is meant: shown as it would be read, and changed. */

#pragma once

#include "app/window-private.h"

#include "recording/csv-guess.h"

G_BEGIN_DECLS

/* guess: (transfer full). */
GtkWindow *inion_table_dialog_show (InionWindow *window, const char *path, InionCsvGuess *guess);

G_END_DECLS
