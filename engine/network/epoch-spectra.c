/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The spectra of epochs in a band.
 *
 * Every epoch of every channel has its mean removed, is weighted by a periodic Hann window and
 * transformed; the coefficients of the bins in the band are kept, with the channels of one epoch
 * side by side, so that the pairs of channels are found by products of matrices. An epoch in which
 * a channel does not change at all has the spectrum zero, and not the rounding of its mean. */

#define G_LOG_DOMAIN "inion-network"

#include "config.h"

#include "network/epoch-spectra-private.h"

#include "core/error.h"
#include "core/parallel.h"
#include "core/size.h"
#include "signal/spectrum.h"

#include <math.h>

typedef struct
{
  InionEpochSpectra *spectra;
  const double *data;
  gsize n_samples;
  gsize first_bin;
  const double *window;
} Transform;

/* FALSE if a sample is not a number; @flat if all samples are equal. */
static gboolean
inspect (const double *x,
         gsize         n,
         double       *mean,
         gboolean     *flat)
{
  double sum = 0;

  *flat = TRUE;
  for (gsize i = 0; i < n; i++)
    {
      sum += x[i];
      *flat = *flat && x[i] == x[0];
    }
  *mean = sum / (double) n;
  return isfinite (sum);
}

static gboolean
transform_epoch (gsize     epoch,
                 gpointer  data,
                 GError  **error)
{
  const Transform *t = data;
  InionEpochSpectra *s = t->spectra;
  gsize n = t->n_samples;
  g_autofree double *work = g_new (double, n);
  g_autofree double *spectrum = g_new (double, 2 * (n / 2 + 1));

  for (gsize channel = 0; channel < s->n_channels; channel++)
    {
      const double *x = t->data + (epoch * s->n_channels + channel) * n;
      double mean;
      gboolean flat;

      if (!inspect (x, n, &mean, &flat))
        return inion_set_error (error, INION_ERROR_NUMERIC,
                                "Channel %" G_GSIZE_FORMAT " holds values that are no numbers in "
                                "epoch %" G_GSIZE_FORMAT ": leave out the channel or the epoch.",
                                channel + 1, epoch + 1);
      for (gsize i = 0; i < n; i++)
        work[i] = flat ? 0 : (x[i] - mean) * t->window[i];
      inion_rfft (work, n, spectrum);
      for (gsize bin = 0; bin < s->n_bins; bin++)
        {
          gsize at = (bin * s->n_epochs + epoch) * s->n_channels + channel;

          s->re[at] = spectrum[2 * (t->first_bin + bin)];
          s->im[at] = spectrum[2 * (t->first_bin + bin) + 1];
        }
    }
  return TRUE;
}

static gboolean
check_shape (gsize    n_epochs,
             gsize    n_channels,
             gsize    n_samples,
             double   rate_hz,
             GError **error)
{
  if (n_epochs < 2)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "Connectivity needs at least two epochs (thirty for a number to "
                            "trust); there %s %" G_GSIZE_FORMAT ".",
                            n_epochs == 1 ? "is" : "are", n_epochs);
  if (n_channels < 1 || n_samples < 2)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "Connectivity needs channels and epochs of at least two samples.");
  if (!isfinite (rate_hz) || rate_hz <= 0)
    return inion_set_error (error, INION_ERROR_INVALID, "The sampling rate is %g Hz.", rate_hz);
  return TRUE;
}

/* The bins k with low ≤ k × rate / n ≤ high, where rounding must not lose one on the edge. */
static gboolean
find_bins (gsize    n_samples,
           double   rate_hz,
           double   low_hz,
           double   high_hz,
           gsize   *first,
           gsize   *n_bins,
           GError **error)
{
  double step = rate_hz / (double) n_samples, low, high;

  if (!(low_hz >= 0 && low_hz <= high_hz && high_hz <= rate_hz / 2))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "The band %g–%g Hz does not lie between 0 and half the sampling rate "
                            "(%g Hz).", low_hz, high_hz, rate_hz / 2);
  low = ceil (low_hz / step - 1e-6);
  high = floor (high_hz / step + 1e-6);
  if (low > high)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "Epochs of %g s have no frequency between %g and %g Hz: use longer "
                            "epochs or a wider band.",
                            (double) n_samples / rate_hz, low_hz, high_hz);
  *first = low;
  *n_bins = high - low + 1;
  return TRUE;
}

static gboolean
allocate (InionEpochSpectra  *self,
          GError            **error)
{
  gsize n;

  if (!inion_size_mul (&n, self->n_epochs, self->n_channels) ||
      !inion_size_mul (&n, n, self->n_bins))
    return inion_set_error (error, INION_ERROR_TOO_LARGE, "Not enough memory for the spectra.");
  self->re = inion_try_new (double, n, "the spectra", error);
  self->im = self->re != NULL ? inion_try_new (double, n, "the spectra", error) : NULL;
  return self->im != NULL;
}

/* The spectra of @data [epochs][channels][samples] in a band; the arguments are those of
 * inion_connectivity(). */
InionEpochSpectra *
_inion_epoch_spectra_new (const double  *data,
                          gsize          n_epochs,
                          gsize          n_channels,
                          gsize          n_samples,
                          double         rate_hz,
                          double         low_hz,
                          double         high_hz,
                          InionJob      *job,
                          GError       **error)
{
  g_autoptr (InionEpochSpectra) self = g_new0 (InionEpochSpectra, 1);
  g_autofree double *window = NULL;
  Transform transform = { .spectra = self, .data = data, .n_samples = n_samples };

  if (!check_shape (n_epochs, n_channels, n_samples, rate_hz, error) ||
      !find_bins (n_samples, rate_hz, low_hz, high_hz, &transform.first_bin, &self->n_bins, error))
    return NULL;
  self->n_epochs = n_epochs;
  self->n_channels = n_channels;
  if (!allocate (self, error))
    return NULL;
  window = g_new (double, n_samples);
  inion_window_fill (INION_WINDOW_HANN, window, n_samples);
  transform.window = window;
  if (!inion_parallel_for (n_epochs, transform_epoch, &transform, job, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
_inion_epoch_spectra_free (InionEpochSpectra *self)
{
  if (self == NULL)
    return;
  g_free (self->re);
  g_free (self->im);
  g_free (self);
}
