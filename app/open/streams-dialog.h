/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which streams of an XDF file to open. */

#pragma once

#include "app/open/open-question.h"

G_BEGIN_DECLS

/* opened: asks which of its streams. */
GtkWindow *inion_streams_dialog_show (InionWindow *window, const char *path, InionOpened *opened,
                                      const InionOpenAsker *asker);

G_END_DECLS
