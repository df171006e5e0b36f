/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What features are made from, measured once a window: moments and band powers.
 *
 * A fold or a permutation needs sums of these, never the samples again; that is what makes a
 * thousand permutations cheap. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/trials.h"

#include "core/parallel.h"
#include "core/size.h"
#include "decode/covariance.h"
#include "signal/spectrum.h"

#include <math.h>

/**
 * inion_trials_get_mean:
 * @self: measurements
 * @index: which window
 *
 * Returns: (transfer none): mean of each channel [n_channels]
 */
const double *
inion_trials_get_mean (const InionTrials *self,
                       guint              index)
{
  return self->means + (gsize) index * self->n_channels;
}

/**
 * inion_trials_get_covariance:
 * @self: measurements
 * @index: which window
 *
 * Returns: (transfer none): covariance about the means [n_channels × n_channels]
 */
const double *
inion_trials_get_covariance (const InionTrials *self,
                             guint              index)
{
  return self->covariances + (gsize) index * self->n_channels * self->n_channels;
}

/**
 * inion_trials_get_powers:
 * @self: measurements
 * @index: which window
 *
 * Returns: (transfer none): power of each band in each channel [n_bands × n_channels]
 */
const double *
inion_trials_get_powers (const InionTrials *self,
                         guint              index)
{
  return self->powers + (gsize) index * self->n_bands * self->n_channels;
}

/* A band must hold at least one line of the window's spectrum. */
static gboolean
check_bands (const InionTrials  *self,
             GError            **error)
{
  double bin = self->rate_hz / self->n_samples;

  for (guint b = 0; b < self->n_bands; b++)
    {
      double low = self->bands_hz[b][0], high = self->bands_hz[b][1];

      if (high > self->rate_hz / 2.0 + bin / 2.0)
        return inion_set_error (error, INION_ERROR_INVALID,
                                "The band %g–%g Hz reaches above half the sampling rate (%g Hz).",
                                low, high, self->rate_hz);
      if (ceil (low / bin - 1e-9) * bin >= high)
        return inion_set_error (error, INION_ERROR_INVALID,
                                "The band %g–%g Hz is narrower than a window of %g s can resolve. "
                                "Use longer windows or a wider band.",
                                low, high, self->n_samples / self->rate_hz);
    }
  return TRUE;
}

/**
 * inion_trials_init:
 * @self: (out): the measurements, all 0; clear them also after a failure
 * @spec: the recipe, for its bands
 * @n: windows
 * @n_channels: at least 1
 * @n_samples: at least 2
 * @rate_hz: sampling rate
 * @error: return location
 *
 * Returns: %FALSE with %INION_ERROR_TOO_FEW, %INION_ERROR_INVALID or %INION_ERROR_TOO_LARGE
 */
gboolean
inion_trials_init (InionTrials            *self,
                   const InionRecipeSpec  *spec,
                   guint                   n,
                   guint                   n_channels,
                   guint                   n_samples,
                   double                  rate_hz,
                   GError                **error)
{
  gsize square, row;

  *self = (InionTrials) {
    .n = n, .n_channels = n_channels, .n_samples = n_samples, .rate_hz = rate_hz
  };
  if (n_channels < 1 || n_samples < 2)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "A window of %u channels and %u samples has no covariance.", n_channels,
                            n_samples);
  for (guint f = 0; f < spec->n_features; f++)
    {
      if (spec->features[f].type == INION_FEATURE_BAND_POWER)
        self->n_bands += spec->features[f].n_bands;
    }
  self->bands_hz = g_malloc0_n (MAX (self->n_bands, 1), sizeof *self->bands_hz);
  for (guint f = 0, at = 0; f < spec->n_features; f++)
    {
      for (guint b = 0; spec->features[f].type == INION_FEATURE_BAND_POWER &&
           b < spec->features[f].n_bands; b++, at++)
        {
          self->bands_hz[at][0] = spec->features[f].bands_hz[b][0];
          self->bands_hz[at][1] = spec->features[f].bands_hz[b][1];
        }
    }
  if (!check_bands (self, error))
    return FALSE;
  if (!inion_size_mul (&square, (gsize) n_channels * n_channels, MAX (n, 1)) ||
      !inion_size_mul (&row, (gsize) n_channels * MAX (n, 1), MAX (self->n_bands, 1)))
    return inion_set_error (error, INION_ERROR_TOO_LARGE, "There are too many examples.");
  self->means = inion_try_new (double, (gsize) n_channels * MAX (n, 1), "the examples' means",
                               error);
  if (self->means == NULL)
    return FALSE;
  self->covariances = inion_try_new (double, square, "the examples' covariances", error);
  if (self->covariances == NULL)
    return FALSE;
  self->powers = inion_try_new (double, row, "the examples' band powers", error);
  return self->powers != NULL;
}

/**
 * inion_trials_clear:
 * @self: the measurements
 *
 * Frees what they own.
 */
void
inion_trials_clear (InionTrials *self)
{
  g_clear_pointer (&self->bands_hz, g_free);
  g_clear_pointer (&self->means, g_free);
  g_clear_pointer (&self->covariances, g_free);
  g_clear_pointer (&self->powers, g_free);
}

static gboolean
measure_powers (InionTrials   *self,
                guint          index,
                const double  *window,
                double        *psd,
                GError       **error)
{
  gsize n_bins = self->n_samples / 2 + 1;
  double bin = self->rate_hz / self->n_samples;
  double *out = self->powers + (gsize) index * self->n_bands * self->n_channels;

  for (guint c = 0; c < self->n_channels; c++)
    {
      if (!inion_welch (window + (gsize) c * self->n_samples, self->n_samples, self->rate_hz,
                        self->n_samples, 0, INION_WINDOW_HANN, psd, error))
        return FALSE;
      for (guint b = 0; b < self->n_bands; b++)
        out[(gsize) b * self->n_channels + c] = inion_band_power (psd, n_bins, bin,
                                                                  self->bands_hz[b][0],
                                                                  self->bands_hz[b][1]);
    }
  return TRUE;
}

/**
 * inion_trials_set:
 * @self: the measurements
 * @index: which window
 * @window: (array): samples [n_channels × n_samples]
 * @error: return location
 *
 * Measures one window. Different windows may be set from different threads.
 *
 * Returns: %FALSE with %INION_ERROR_NUMERIC where the window holds NaN, infinity or values whose
 *   squares no number can hold
 */
gboolean
inion_trials_set (InionTrials   *self,
                  guint          index,
                  const double  *window,
                  GError       **error)
{
  gsize size = (gsize) self->n_channels * self->n_samples;
  gsize square = (gsize) self->n_channels * self->n_channels;
  g_autofree double *scratch = g_new (double, MAX (size, self->n_samples / 2 + 1));
  double *covariance = self->covariances + index * square;

  for (gsize i = 0; i < size; i++)
    {
      if (!isfinite (window[i]))
        return inion_set_error (error, INION_ERROR_NUMERIC,
                                "A window holds samples that are not numbers (channel %u of %u).",
                                (guint) (i / self->n_samples) + 1, self->n_channels);
    }
  inion_covariance_of_trial (window, self->n_channels, self->n_samples, scratch,
                             self->means + (gsize) index * self->n_channels, covariance);
  for (guint c = 0; c < self->n_channels; c++)
    {
      double mean = self->means[(gsize) index * self->n_channels + c];
      double variance = covariance[(gsize) c * self->n_channels + c];

      if (!(mean * mean + variance < 1e150))
        return inion_set_error (error, INION_ERROR_NUMERIC,
                                "The values of channel %u are too large to work with.", c + 1);
    }
  return self->n_bands == 0 || measure_powers (self, index, window, scratch, error);
}

typedef struct
{
  InionTrials *trials;
  InionExampleSet *examples;
} Measuring;

static gboolean
measure_example (gsize      index,
                 gpointer   data,
                 GError   **error)
{
  Measuring *m = data;

  if (inion_trials_set (m->trials, (guint) index,
                        inion_example_set_get_data (m->examples, (guint) index), error))
    return TRUE;
  g_prefix_error (error, "Example %u: ", (guint) index + 1);
  return FALSE;
}

/**
 * inion_trials_init_from_examples:
 * @self: (out): the measurements; clear them also after a failure
 * @spec: the recipe, for its bands
 * @examples: the examples
 * @job: (nullable): checked for cancellation
 * @error: return location
 *
 * Measures all examples, in parallel.
 *
 * Returns: %FALSE as inion_trials_init() and inion_trials_set() do
 */
gboolean
inion_trials_init_from_examples (InionTrials            *self,
                                 const InionRecipeSpec  *spec,
                                 InionExampleSet        *examples,
                                 InionJob               *job,
                                 GError                **error)
{
  Measuring m = { .trials = self, .examples = examples };

  return inion_trials_init (self, spec, inion_example_set_get_n (examples),
                            inion_example_set_get_n_channels (examples),
                            inion_example_set_get_n_samples (examples),
                            inion_example_set_get_rate_hz (examples), error) &&
         inion_parallel_for (self->n, measure_example, &m, job, error);
}
