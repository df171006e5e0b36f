/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the marks of another program into the open study, as a job of the window. */

#pragma once

#include "app/window-private.h"

G_BEGIN_DECLS

void inion_import_task_start (InionWindow *window, const char *path);

G_END_DECLS
