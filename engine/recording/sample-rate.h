/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sampling rate that a file gives as a floating-point number, as the fraction that it is. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean _inion_sample_rate_split (double hz, gint64 *rate_num, gint64 *rate_den_ns);

G_END_DECLS
