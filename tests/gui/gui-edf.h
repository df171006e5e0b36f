/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes recordings whose every sample is known. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* µV of a channel at a sample. */
typedef double (*GuiSignal) (guint channel, gint64 sample, guint rate);

/* An EDF file of 1 s records, 0.1 µV a step, starting at 10:00:00 on 2 January 2020. */
void gui_write_edf (const char *path, const char *const *labels, guint rate, guint seconds, GuiSignal signal);

G_END_DECLS
