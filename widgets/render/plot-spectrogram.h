/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power over time and frequency as an image, in dB. */

#pragma once

#include "signal/spectrogram.h"
#include "widgets/render/plots.h"

G_BEGIN_DECLS

typedef struct
{
  const InionSpectrogram *spectrogram;
  double origin_s;             /* of its first sample, since the recording's start */
  double from_s, to_s;         /* what the width shows */
  GDateTime *start;            /* (nullable) of the recording */
  double max_hz;
  double low_db, high_db;      /* of the colours */
  double hover_s, hover_hz;    /* NaN: none */
} InionSpectrogramPlot;

void     inion_spectrogram_draw (cairo_t *cr, double width, double height, const InionSpectrogramPlot *plot,
                                 const InionPlotStyle *style);
/* What lies at a point; FALSE: beside the image. */
gboolean inion_spectrogram_pick (const InionSpectrogramPlot *plot, double width, double height, double x, double y,
                                 double *time_s, double *hz);

G_END_DECLS
