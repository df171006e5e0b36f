/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Averages after an event: curves with confidence bands over one another, all channels behind them. */

#pragma once

#include "widgets/render/plots.h"

G_BEGIN_DECLS

/* One condition at one channel. */
typedef struct
{
  const char *label;
  guint32 color;               /* 0xRRGGBB */
  gboolean dashed;             /* told apart without colour */
  const double *mean;          /* [n] */
  const double *half_width;    /* (nullable) [n] of the confidence band; NaN: none there */
} InionEvokedCurve;

typedef struct
{
  gsize n;
  double from_s;               /* of sample 0, from the event */
  double rate_hz;
  const InionEvokedCurve *curves;
  guint n_curves;
  const double *butterfly;     /* (nullable) [n_butterfly × n] */
  guint n_butterfly;
  const char *unit;
  gboolean negative_up;
  double hover_s;              /* NaN: none */
} InionEvokedPlot;

void   inion_evoked_draw (cairo_t *cr, double width, double height, const InionEvokedPlot *plot, const InionPlotStyle *style);
double inion_evoked_x_to_time (const InionEvokedPlot *plot, double width, double x); /* NaN beside the curves */

G_END_DECLS
