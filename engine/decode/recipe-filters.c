/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filters of a recipe, designed for one sampling rate.
 *
 * A causal change of rate keeps every k-th sample of the stream's own count, after a Butterworth
 * low-pass where the band filter alone does not keep the new rate free of aliases. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/recipe-filters.h"

#include "core/error.h"
#include "signal/resample.h"

#include <math.h>

#define NOTCH_Q 30.0
#define ALIAS_ORDER 8
#define ALIAS_SHARE 0.4   /* of the new rate: what the low-pass lets through */

/**
 * inion_recipe_filters_clear:
 * @self: the filters
 *
 * Frees what they own.
 */
void
inion_recipe_filters_clear (InionRecipeFilters *self)
{
  g_clear_pointer (&self->fir, inion_fir_free);
}

static gboolean
design_band (InionRecipeFilters     *self,
             const InionRecipeSpec  *spec,
             GError                **error)
{
  double low = spec->band_hz[0], high = spec->band_hz[1];
  InionBand band = isnan (low) ? INION_BAND_LOWPASS : isnan (high) ? INION_BAND_HIGHPASS
                                                                   : INION_BAND_BANDPASS;

  if (isnan (low) && isnan (high))
    return TRUE;
  if (spec->design == INION_DESIGN_BUTTERWORTH)
    {
      self->has_band = TRUE;
      return inion_sos_butterworth (&self->band, spec->order, band, low, high, self->rate_hz,
                                    error);
    }
  self->fir = inion_fir_design (low, high, self->rate_hz, error);
  if (self->fir != NULL && spec->phase == INION_RECIPE_PHASE_MINIMUM)
    {
      g_autoptr (InionFir) linear = g_steal_pointer (&self->fir);

      self->fir = inion_fir_minimum_phase (linear, error);
    }
  return self->fir != NULL;
}

/**
 * inion_recipe_is_zero_phase:
 * @spec: a recipe
 *
 * Returns: whether its filters look into the future
 */
gboolean
inion_recipe_is_zero_phase (const InionRecipeSpec *spec)
{
  return spec->has_filter && spec->phase == INION_RECIPE_PHASE_ZERO;
}

static gboolean
design_rate (InionRecipeFilters     *self,
             const InionRecipeSpec  *spec,
             GError                **error)
{
  double new_rate;

  self->up = self->down = 1;
  if (isnan (spec->resample_hz))
    return TRUE;
  if (!inion_resample_ratio (self->rate_hz, spec->resample_hz, &self->up, &self->down, error))
    return FALSE;
  if (inion_recipe_is_zero_phase (spec) || (self->up == 1 && self->down == 1))
    return TRUE;
  if (self->up != 1)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "A causal recipe can only divide the sampling rate: %g Hz is not %g Hz "
                            "divided by a whole number.",
                            spec->resample_hz, self->rate_hz);
  new_rate = self->rate_hz / self->down;
  if (spec->has_filter && spec->band_hz[1] <= ALIAS_SHARE * new_rate)
    return TRUE;
  self->has_alias = TRUE;
  return inion_sos_butterworth (&self->alias, ALIAS_ORDER, INION_BAND_LOWPASS, 0,
                                ALIAS_SHARE * new_rate, self->rate_hz, error);
}

/**
 * inion_recipe_filters_init:
 * @self: (out): the filters; clear them also after a failure
 * @spec: the recipe
 * @rate_hz: rate of the input
 * @error: return location
 *
 * Designs a recipe's filters for one sampling rate.
 *
 * Returns: %FALSE with %INION_ERROR_INVALID where a filter cannot be at this rate, or
 *   %INION_ERROR_UNSUPPORTED where a causal recipe cannot reach the new rate
 */
gboolean
inion_recipe_filters_init (InionRecipeFilters     *self,
                           const InionRecipeSpec  *spec,
                           double                  rate_hz,
                           GError                **error)
{
  *self = (InionRecipeFilters) { .rate_hz = rate_hz };
  if (!isnan (spec->notch_hz))
    {
      self->has_notch = TRUE;
      if (!inion_sos_notch (&self->notch, spec->notch_hz, NOTCH_Q, rate_hz, error))
        return FALSE;
    }
  if (spec->has_filter && !design_band (self, spec, error))
    return FALSE;
  return design_rate (self, spec, error);
}

/**
 * inion_recipe_filters_get_settle_s:
 * @self: the filters
 *
 * Returns: how far they reach, s
 */
double
inion_recipe_filters_get_settle_s (const InionRecipeFilters *self)
{
  gsize samples = 0;

  if (self->has_notch)
    samples = MAX (samples, inion_sos_settle_samples (&self->notch));
  if (self->has_band)
    samples = MAX (samples, inion_sos_settle_samples (&self->band));
  if (self->has_alias)
    samples = MAX (samples, inion_sos_settle_samples (&self->alias));
  if (self->fir != NULL)
    samples = MAX (samples, self->fir->n_taps);
  return (double) samples / self->rate_hz;
}
