/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adding recordings to learn from: each is opened once, so that what has to be asked is asked now. */

#pragma once

#include "app/window.h"

G_BEGIN_DECLS

/* paths: those that were added; not called where a person left a question or one cannot be opened. */
typedef void (*InionRecordingsAdded) (GPtrArray *paths, gpointer data);

/* paths: (transfer full) (element-type filename). data: an object that is kept until the end. */
void inion_add_recordings (InionWindow *window, GPtrArray *paths, InionRecordingsAdded added, gpointer data);

G_END_DECLS
