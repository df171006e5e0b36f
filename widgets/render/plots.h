/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small plots drawn with cairo: spectrum, confusion matrix, probability lane, fold accuracies. */

#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean dark;
  const char *font;
} InionPlotStyle;

/* Log-power spectrum in dB re 1 µV²/Hz with band shading (δ θ α β γ), axis labels with units, the peak marked. hover_hz < 0: none. */
void inion_spectrum_draw (cairo_t *cr, double width, double height, const double *psd, gsize n_bins, double bin_hz, double max_hz,
                          double hover_hz, const char *title, const InionPlotStyle *style);
void inion_confusion_draw (cairo_t *cr, double width, double height, const guint *counts, const char *const *classes, guint k,
                           const InionPlotStyle *style);
/* Accuracy per fold as dots, the mean with its interval, the chance level and its bound as lines. */
void inion_folds_draw (cairo_t *cr, double width, double height, const double *accuracies, const guint *sizes, const char *const *names, guint n,
                       double mean, double low, double high, double chance, double bound, const InionPlotStyle *style);
/* Probability of each class over time: stacked steps in class colours (0xRRGGBB), grey where uncertain. times in seconds: row i holds from times[i]. */
void inion_probability_lane_draw (cairo_t *cr, double width, double height, double from_s, double to_s, const double *times_s, gsize n,
                                  double hold_s, const double *probabilities, guint k, const guint32 *colors, gboolean stale, const InionPlotStyle *style);

G_END_DECLS
