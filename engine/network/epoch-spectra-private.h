/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The spectra of epochs in a band, and one measure of all pairs of channels at one frequency. */

#pragma once

#include "network/connectivity.h"

G_BEGIN_DECLS

/* Fourier coefficients, real and imaginary parts apart: [bin][epoch][channel]. */
typedef struct
{
  gsize n_epochs;
  gsize n_channels;
  gsize n_bins;
  double *re;
  double *im;
} InionEpochSpectra;

InionEpochSpectra *_inion_epoch_spectra_new (const double *data, gsize n_epochs, gsize n_channels,
                                             gsize n_samples, double rate_hz, double low_hz,
                                             double high_hz, InionJob *job, GError **error);
void               _inion_epoch_spectra_free (InionEpochSpectra *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionEpochSpectra, _inion_epoch_spectra_free)

/* re, im: [n_epochs × n_channels] of one bin. out: [n_channels × n_channels], zero diagonal.
 * scratch: [_inion_pairs_scratch () doubles]. */
gsize _inion_pairs_scratch (gsize n_channels);
void  _inion_pairs_measure (const double *re, const double *im, gsize n_epochs, gsize n_channels,
                            InionConnectivityMeasure measure, double *scratch, double *out);
/* The debiased estimator from its three sums (Vinck et al. 2011, eq. 30 and 31). */
double _inion_debiased_wpli (double sum, double sum_abs, double sum_squares);

G_END_DECLS
