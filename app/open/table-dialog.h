/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a table of samples is meant: shown as it would be read, and changed. */

#pragma once

#include "app/open/open-question.h"

G_BEGIN_DECLS

/* opened: its table is taken. */
GtkWindow *inion_table_dialog_show (InionWindow *window, const char *path, InionOpened *opened,
                                    const InionOpenAsker *asker);

G_END_DECLS
