/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functional connectivity of all pairs of channels in a band, and degree and strength. */

#pragma once

#include "core/job.h"

G_BEGIN_DECLS

typedef enum
{
  INION_CONNECTIVITY_COHERENCE,       /* |E Sxy| / √(E Sxx E Syy), not squared */
  INION_CONNECTIVITY_IMAG_COHERENCE,  /* signed imaginary part of coherency; graph uses |·| */
  INION_CONNECTIVITY_DEBIASED_WPLI,   /* Vinck 2011, squared estimator; may be negative */
} InionConnectivityMeasure;

const char *inion_connectivity_measure_to_string (InionConnectivityMeasure measure); /* "coherence", "imaginary-coherence", "debiased-wpli" */
gboolean    inion_connectivity_measure_from_string (const char *text, InionConnectivityMeasure *measure);

/* data: [n_epochs][n_channels][n_samples] contiguous. Mean removed, periodic Hann, rfft; value = mean over the bins in [low, high]
 * of the measure. out: [n_channels × n_channels], symmetric (imaginary: antisymmetric), zero diagonal. Needs ≥ 2 epochs. */
gboolean inion_connectivity (const double *data, gsize n_epochs, gsize n_channels, gsize n_samples, double rate_hz,
                             InionConnectivityMeasure measure, double low_hz, double high_hz, double *out, InionJob *job, GError **error);
/* 95 % bound of the maximum over pairs under no coupling: epochs of each channel shuffled independently, n_null times. */
gboolean inion_connectivity_null (const double *data, gsize n_epochs, gsize n_channels, gsize n_samples, double rate_hz,
                                  InionConnectivityMeasure measure, double low_hz, double high_hz, guint n_null, guint64 seed,
                                  double *bound_95, InionJob *job, GError **error);
/* Over |matrix| ≥ threshold. degree: number of edges; strength: their sum. */
void inion_graph_degree (const double *matrix, gsize n, double threshold, double *degree);
void inion_graph_strength (const double *matrix, gsize n, double threshold, double *strength);

G_END_DECLS
