/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Band powers and the peak alpha frequency. */

#pragma once

#include "core/error.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;   /* "delta" */
  double low_hz;
  double high_hz;
} InionBandDefinition;

const InionBandDefinition *inion_band_definitions (gsize *n); /* delta 1–4, theta 4–8, alpha 8–13, beta 13–30, gamma 30–45 */
/* absolute: µV², relative: fraction of the sum over all bands; Welch 4 s Hann, 50 % overlap (or as long as the data allow). */
gboolean inion_band_powers (const double *x, gsize n, double rate_hz, double *absolute, double *relative, GError **error);
/* Peak of the Welch spectrum in [7, 14] Hz above the 1/f trend, refined by a parabola; NAN and FALSE-free if there is no peak. */
gboolean inion_peak_alpha (const double *x, gsize n, double rate_hz, double *peak_hz, double *prominence_db, GError **error);

/* Of the windows that a spectrum is the mean of. */
typedef struct
{
  gsize n_used;
  gsize n_left_out;   /* hold a gap */
} InionBandWindows;

/* The same where NaN is a gap: windows that hold one are left out. */
gboolean inion_band_powers_gaps (const double *x, gsize n, double rate_hz, double *absolute, double *relative,
                                 InionBandWindows *windows, GError **error);
gboolean inion_peak_alpha_gaps (const double *x, gsize n, double rate_hz, double *peak_hz, double *prominence_db, GError **error);

G_END_DECLS
