/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scalp map drawn with cairo: in the window, on the command line and in reports alike. */

#pragma once

#include "scalp/spline.h"

#include <cairo.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean dark;
  gboolean names;         /* electrode names */
  double limit;           /* colours span ±limit; ≤ 0: from the data (robust) */
  const char *unit;       /* "µV" (nullable: no bar) */
  const char *title;      /* (nullable) */
  const char *font;       /* pango font, NULL: "Sans 9" */
} InionScalpMapStyle;

/* Electrodes with NAN values are drawn as hollow dots and not interpolated from. Needs ≥ 3 finite values, else draws the head and says so. */
void inion_scalp_map_draw (cairo_t *cr, double x, double y, double width, double height, const InionPosition *positions,
                           const char *const *names, const double *values, guint n, const InionScalpMapStyle *style);

G_END_DECLS
