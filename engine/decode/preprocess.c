/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one path from samples to the signal that a recipe's windows are cut from, sample by sample.
 *
 * In this order: reference, notch, band filter, change of rate. Samples that are not numbers are
 * gaps. Nothing is filtered across one: what follows a gap starts from the steady state that its
 * first sample would lead to. A gap that falls between two samples of a lower rate takes the second
 * of them. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/preprocess.h"

#include "core/error.h"
#include "decode/recipe-filters.h"

#include <math.h>
#include <string.h>

#define BLOCK 4096

/* One channel's state in a stream. */
typedef struct
{
  InionSosState notch, band, alias;
  InionFirStream *fir;
} ChannelState;

struct _InionPreprocessor
{
  const InionChannelMap *map;
  InionRecipeFilters filters;
  ChannelState *states;  /* [map->n_outputs] */
  double *block;         /* [map->n_outputs × BLOCK] */
  double **rows;         /* [map->n_outputs] into block */
  gboolean running;      /* the last sample was finite */
  gboolean missing;      /* a sample was not, since the last that was kept */
  guint64 position;      /* input samples so far */
  InionStillness *stillness; /* nullable */
};

/**
 * inion_preprocessor_free:
 * @self: (transfer full): a preprocessor
 */
void
inion_preprocessor_free (InionPreprocessor *self)
{
  for (guint c = 0; self->states != NULL && c < self->map->n_outputs; c++)
    g_clear_pointer (&self->states[c].fir, inion_fir_stream_free);
  inion_recipe_filters_clear (&self->filters);
  g_free (self->states);
  g_free (self->block);
  g_free (self->rows);
  g_free (self);
}

/**
 * inion_preprocessor_new:
 * @spec: the recipe, not zero-phase
 * @map: how its channels are made of the inputs; kept by reference
 * @rate_hz: rate of the inputs
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a preprocessor at its start; %NULL with
 *   %INION_ERROR_UNSUPPORTED or %INION_ERROR_INVALID
 */
InionPreprocessor *
inion_preprocessor_new (const InionRecipeSpec  *spec,
                        const InionChannelMap  *map,
                        double                  rate_hz,
                        GError                **error)
{
  g_autoptr (InionPreprocessor) self = g_new0 (InionPreprocessor, 1);

  self->map = map;
  if (inion_recipe_is_zero_phase (spec))
    {
      inion_set_error (error, INION_ERROR_UNSUPPORTED,
                       "A zero-phase filter needs samples from the future.");
      return NULL;
    }
  if (!inion_recipe_filters_init (&self->filters, spec, rate_hz, error))
    return NULL;
  self->states = g_new0 (ChannelState, map->n_outputs);
  self->block = g_new0 (double, (gsize) map->n_outputs * BLOCK);
  self->rows = g_new0 (double *, map->n_outputs);
  for (guint c = 0; c < map->n_outputs; c++)
    {
      self->rows[c] = self->block + (gsize) c * BLOCK;
      if (self->filters.fir != NULL)
        self->states[c].fir = inion_fir_stream_new (self->filters.fir);
    }
  return g_steal_pointer (&self);
}

/**
 * inion_preprocessor_reset:
 * @self: a preprocessor
 *
 * Goes back to the start of a stream.
 */
void
inion_preprocessor_reset (InionPreprocessor *self)
{
  self->running = FALSE;
  self->missing = FALSE;
  self->position = 0;
}

/**
 * inion_preprocessor_set_stillness:
 * @self: a preprocessor
 * @stillness: (nullable): sees every sample, referenced but not filtered; kept by reference
 */
void
inion_preprocessor_set_stillness (InionPreprocessor *self,
                                  InionStillness    *stillness)
{
  self->stillness = stillness;
}

/**
 * inion_preprocessor_get_rate_hz:
 * @self: a preprocessor
 *
 * Returns: rate of the output, Hz
 */
double
inion_preprocessor_get_rate_hz (const InionPreprocessor *self)
{
  return self->filters.rate_hz / self->filters.down;
}

/**
 * inion_preprocessor_get_decimation:
 * @self: a preprocessor
 *
 * Returns: how many input samples one output sample stands for
 */
guint
inion_preprocessor_get_decimation (const InionPreprocessor *self)
{
  return self->filters.down;
}

/**
 * inion_preprocessor_get_settle_s:
 * @self: a preprocessor
 *
 * Returns: how far its filters reach, s
 */
double
inion_preprocessor_get_settle_s (const InionPreprocessor *self)
{
  return inion_recipe_filters_get_settle_s (&self->filters);
}

/* Sets a channel to the steady state that a constant x0 leads to. */
static void
prime (const InionRecipeFilters *filters,
       ChannelState  *state,
       double         x0)
{
  if (filters->has_notch)
    {
      inion_sos_state_prime (&filters->notch, &state->notch, x0);
      x0 *= inion_sos_gain_at (&filters->notch, 0, filters->rate_hz);
    }
  if (filters->has_band)
    {
      inion_sos_state_prime (&filters->band, &state->band, x0);
      x0 *= inion_sos_gain_at (&filters->band, 0, filters->rate_hz);
    }
  if (filters->fir != NULL)
    {
      double y = 0;

      inion_fir_stream_reset (state->fir);
      for (gsize k = 0; k < filters->fir->n_taps; k++)
        inion_fir_stream_process (state->fir, &x0, &y, 1);
      x0 = y;
    }
  if (filters->has_alias)
    inion_sos_state_prime (&filters->alias, &state->alias, x0);
}

/* Filters finite samples in place. */
static void
filter_run (const InionRecipeFilters *filters,
            ChannelState  *state,
            double        *x,
            gsize          n)
{
  if (filters->has_notch)
    inion_sos_process (&filters->notch, &state->notch, x, x, n);
  if (filters->has_band)
    inion_sos_process (&filters->band, &state->band, x, x, n);
  if (filters->fir != NULL)
    {
      g_autofree double *copy = g_memdup2 (x, n * sizeof (double));

      inion_fir_stream_process (state->fir, copy, x, n);
    }
  if (filters->has_alias)
    inion_sos_process (&filters->alias, &state->alias, x, x, n);
}

/* Filters a referenced block, run by run between its gaps. A gap is one in all channels. */
static void
filter_block (InionPreprocessor *self,
              gsize              n)
{
  const double *clock = self->rows[0];

  for (gsize first = 0, end; first < n; first = end)
    {
      gboolean finite = isfinite (clock[first]);

      for (end = first + 1; end < n && !isfinite (clock[end]) == !finite; end++)
        ;
      for (guint c = self->map->n_outputs; finite && c > 0; c--)
        {
          double *x = self->rows[c - 1] + first;

          if (!self->running)
            prime (&self->filters, &self->states[c - 1], x[0]);
          filter_run (&self->filters, &self->states[c - 1], x, end - first);
        }
      self->running = finite;
    }
}

/* Samples that will be kept take in what is missing between them. A gap is one in all channels. */
static void
keep_gaps (InionPreprocessor *self,
           gsize              n,
           gsize              first)
{
  guint down = self->filters.down;

  for (gsize t = 0; t < n; t++)
    {
      self->missing = self->missing || !isfinite (self->rows[0][t]);
      if (t < first || (t - first) % down != 0)
        continue;
      for (guint c = 0; self->missing && c < self->map->n_outputs; c++)
        self->rows[c][t] = NAN;
      self->missing = FALSE;
    }
}

static gsize
keep_every (InionPreprocessor *self,
            gsize              n,
            gsize              n_out,
            double *const     *out)
{
  guint down = self->filters.down;
  gsize first = (gsize) ((down - self->position % down) % down);
  gsize made = 0;

  if (down > 1)
    keep_gaps (self, n, first);
  for (guint c = 0; c < self->map->n_outputs; c++)
    {
      made = 0;
      for (gsize t = first; t < n; t += down)
        out[c][n_out + made++] = self->rows[c][t];
    }
  return made;
}

/**
 * inion_preprocessor_process:
 * @self: a preprocessor
 * @in: (array): the map's inputs, @n samples each
 * @n: number of samples
 * @out: (array): the map's outputs, with room for @n samples each
 *
 * Feeds samples and takes what comes out: one sample for every decimation's worth, NaN in a gap.
 *
 * Returns: how many samples were written to each output
 */
gsize
inion_preprocessor_process (InionPreprocessor   *self,
                            const double *const *in,
                            gsize                n,
                            double *const       *out)
{
  g_autofree const double **at = g_new (const double *, MAX (self->map->n_inputs, 1));
  gsize n_out = 0;

  for (gsize first = 0; first < n; first += BLOCK)
    {
      gsize size = MIN (BLOCK, n - first);

      for (guint i = 0; i < self->map->n_inputs; i++)
        at[i] = in[i] + first;
      inion_channel_map_apply (self->map, at, size, self->rows);
      if (self->stillness != NULL)
        _inion_stillness_push (self->stillness, at, (const double *const *) self->rows, size);
      filter_block (self, size);
      n_out += keep_every (self, size, n_out, out);
      self->position += size;
    }
  return n_out;
}
