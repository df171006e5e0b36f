/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Change of sampling rate by a rational factor. */

#pragma once

#include "core/error.h"

G_BEGIN_DECLS

/* scipy.signal.resample_poly (x, up, down) with its defaults: Kaiser 5.0, zeros past the ends. */
gboolean inion_resample (const double *x, gsize n, guint up, guint down, double **out, gsize *n_out,
                         GError **error);
/* The smallest up/down with to = from × up/down (to 1e-9). */
gboolean inion_resample_ratio (double from_hz, double to_hz, guint *up, guint *down,
                               GError **error);

G_END_DECLS
