/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one path from samples to the signal that a recipe's windows are cut from.
 *
 * In this order: reference, notch, band filter, change of rate. A recipe whose filter is zero-phase
 * is applied channel by channel to the whole recording, as scipy's sosfiltfilt does. Any other goes
 * sample by sample through an InionPreprocessor, also where the whole recording is there at once:
 * file, replay and stream then agree because they run the same instructions.
 *
 * Samples that are not numbers are gaps. Nothing is filtered across one: what lies between two gaps
 * is filtered on its own, starting from the steady state of its first sample, and a stretch too
 * short for a zero-phase filter becomes a gap itself.
 *
 * A causal change of rate keeps every k-th sample of the stream's own count, after a Butterworth
 * low-pass where the band filter alone does not keep the new rate free of aliases. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/preprocess.h"

#include "core/error.h"
#include "core/parallel.h"
#include "core/size.h"
#include "signal/fir.h"
#include "signal/resample.h"
#include "signal/sos.h"

#include <math.h>
#include <string.h>

#define NOTCH_Q 30.0
#define ALIAS_ORDER 8
#define ALIAS_SHARE 0.4   /* of the new rate: what the low-pass lets through */
#define BLOCK 4096

/* The filters of a recipe at one rate. */
typedef struct
{
  double rate_hz;
  guint up, down;
  gboolean has_notch, has_band, has_alias;
  InionSos notch, band, alias;
  InionFir *fir;
} Filters;

static void
filters_clear (Filters *self)
{
  g_clear_pointer (&self->fir, inion_fir_free);
}

static gboolean
design_band (Filters                *self,
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
      return inion_sos_butterworth (&self->band, spec->order, band, low, high, self->rate_hz, error);
    }
  self->fir = inion_fir_design (low, high, self->rate_hz, error);
  if (self->fir != NULL && spec->phase == INION_RECIPE_PHASE_MINIMUM)
    {
      g_autoptr (InionFir) linear = g_steal_pointer (&self->fir);

      self->fir = inion_fir_minimum_phase (linear, error);
    }
  return self->fir != NULL;
}

static gboolean
is_zero_phase (const InionRecipeSpec *spec)
{
  return spec->has_filter && spec->phase == INION_RECIPE_PHASE_ZERO;
}

static gboolean
design_rate (Filters                *self,
             const InionRecipeSpec  *spec,
             GError                **error)
{
  double new_rate;

  self->up = self->down = 1;
  if (isnan (spec->resample_hz))
    return TRUE;
  if (!inion_resample_ratio (self->rate_hz, spec->resample_hz, &self->up, &self->down, error))
    return FALSE;
  if (is_zero_phase (spec) || (self->up == 1 && self->down == 1))
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

static gboolean
filters_init (Filters                *self,
              const InionRecipeSpec  *spec,
              double                  rate_hz,
              GError                **error)
{
  *self = (Filters) { .rate_hz = rate_hz };
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

static double
filters_settle_s (const Filters *self)
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

/* One channel's state in a stream. */
typedef struct
{
  InionSosState notch, band, alias;
  InionFirStream *fir;
} ChannelState;

struct _InionPreprocessor
{
  const InionChannelMap *map;
  Filters filters;
  ChannelState *states;  /* [map->n_outputs] */
  double *block;         /* [map->n_outputs × BLOCK] */
  double **rows;         /* [map->n_outputs] into block */
  gboolean running;      /* the last sample was finite */
  guint64 position;      /* input samples so far */
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
  filters_clear (&self->filters);
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
  if (is_zero_phase (spec))
    {
      inion_set_error (error, INION_ERROR_UNSUPPORTED,
                       "A zero-phase filter needs samples from the future.");
      return NULL;
    }
  if (!filters_init (&self->filters, spec, rate_hz, error))
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
  self->position = 0;
}

double
inion_preprocessor_get_rate_hz (const InionPreprocessor *self)
{
  return self->filters.rate_hz / self->filters.down;
}

guint
inion_preprocessor_get_decimation (const InionPreprocessor *self)
{
  return self->filters.down;
}

double
inion_preprocessor_get_settle_s (const InionPreprocessor *self)
{
  return filters_settle_s (&self->filters);
}

/* Sets a channel to the steady state that a constant x0 leads to. */
static void
prime (const Filters *filters,
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
filter_run (const Filters *filters,
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

static gsize
keep_every (InionPreprocessor *self,
            gsize              n,
            gsize              n_out,
            double *const     *out)
{
  guint down = self->filters.down;
  gsize first = (gsize) ((down - self->position % down) % down);
  gsize made = 0;

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
      filter_block (self, size);
      n_out += keep_every (self, size, n_out, out);
      self->position += size;
    }
  return n_out;
}

/* ---- whole recordings ---- */

typedef struct
{
  InionDecodeSignal *signal;
  const InionRecipeSpec *spec;
  InionRecording *recording;
  const InionChannelMap *map;
  Filters filters;
  gsize n;          /* input samples */
  double *raw;      /* [n_inputs × n] */
  double *mapped;   /* [n_outputs × n] */
} Work;

static gboolean
read_input (gsize      index,
            gpointer   data,
            GError   **error)
{
  Work *work = data;

  return inion_recording_read (work->recording, work->map->inputs[index], 0, work->n,
                               work->raw + index * work->n, error);
}

static gboolean
check_clock (Work    *work,
             GError **error)
{
  InionChannel *first = inion_recording_get_channel (work->recording, work->map->inputs[0]);
  double rate = inion_channel_get_rate_hz (first);

  work->n = (gsize) inion_channel_get_n_samples (first);
  for (guint i = 1; i < work->map->n_inputs; i++)
    {
      InionChannel *other = inion_recording_get_channel (work->recording, work->map->inputs[i]);

      if (fabs (inion_channel_get_rate_hz (other) - rate) > 1e-9 * rate)
        return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                                "The channels have different sampling rates: %s has %g Hz, %s %g Hz. "
                                "Name channels of one rate in the recipe's “channels.only”.",
                                inion_channel_get_label (first), rate,
                                inion_channel_get_label (other), inion_channel_get_rate_hz (other));
      work->n = MIN (work->n, (gsize) inion_channel_get_n_samples (other));
    }
  return TRUE;
}

static gboolean
allocate (Work    *work,
          GError **error)
{
  InionDecodeSignal *signal = work->signal;
  gsize most, total;

  most = work->n / work->filters.down * work->filters.up + work->filters.up + 1;
  if (!inion_size_mul (&total, most, work->map->n_outputs))
    return inion_set_error (error, INION_ERROR_TOO_LARGE, "The recording is too long.");
  work->raw = inion_try_new (double, MAX (1, work->n * work->map->n_inputs), "the recording's samples", error);
  if (work->raw == NULL)
    return FALSE;
  signal->data = inion_try_new (double, total, "the filtered signal", error);
  return signal->data != NULL;
}

static void
run_causal (Work              *work,
            InionPreprocessor *preprocessor)
{
  g_autofree const double **in = g_new (const double *, work->map->n_inputs);
  g_autofree double **out = g_new (double *, work->map->n_outputs);
  InionDecodeSignal *signal = work->signal;

  signal->n_samples = (work->n + work->filters.down - 1) / work->filters.down;
  for (guint i = 0; i < work->map->n_inputs; i++)
    in[i] = work->raw + i * work->n;
  if (work->filters.down == 1)
    {
      for (guint c = 0; c < work->map->n_outputs; c++)
        out[c] = signal->data + c * signal->n_samples;
      inion_preprocessor_process (preprocessor, in, work->n, out);
      return;
    }
  for (gsize first = 0, made = 0; first < work->n; first += BLOCK)
    {
      for (guint i = 0; i < work->map->n_inputs; i++)
        in[i] = work->raw + i * work->n + first;
      for (guint c = 0; c < work->map->n_outputs; c++)
        out[c] = work->mapped + (gsize) c * BLOCK;
      {
        gsize n = inion_preprocessor_process (preprocessor, in, MIN (BLOCK, work->n - first), out);

        for (guint c = 0; c < work->map->n_outputs; c++)
          memcpy (signal->data + c * signal->n_samples + made, out[c], n * sizeof (double));
        made += n;
      }
    }
}

/* Zero-phase filters of one stretch without gaps, in place. FALSE: it is too short for them. */
static gboolean
filter_stretch (const Filters *filters,
                double        *x,
                gsize          n)
{
  return (!filters->has_notch || inion_sos_filtfilt (&filters->notch, x, n, G_MAXSIZE, NULL)) &&
         (!filters->has_band || inion_sos_filtfilt (&filters->band, x, n, G_MAXSIZE, NULL)) &&
         (filters->fir == NULL || inion_fir_apply_zero_phase (filters->fir, x, n, NULL));
}

/* Copies a filtered stretch that begins at input sample first to the output's clock. */
static gboolean
write_stretch (const Work   *work,
               double       *x,
               gsize         first,
               gsize         n,
               double       *out,
               GError      **error)
{
  guint up = work->filters.up, down = work->filters.down;
  gsize skip = (down - first % down) % down;
  gsize at = (first + skip) / down * up, n_out;
  g_autofree double *resampled = NULL;
  double mean = 0;

  if (up == 1 && down == 1)
    {
      memcpy (out + first, x, n * sizeof (double));
      return TRUE;
    }
  if (skip >= n)
    return TRUE;
  /* The resampler takes the signal to be 0 past its ends; an offset would leave a step there. */
  for (gsize t = skip; t < n; t++)
    mean += x[t];
  mean /= (double) (n - skip);
  for (gsize t = skip; t < n; t++)
    x[t] -= mean;
  if (!inion_resample (x + skip, n - skip, up, down, &resampled, &n_out, error))
    return FALSE;
  for (gsize t = 0; t < n_out && at + t < work->signal->n_samples; t++)
    out[at + t] = resampled[t] + mean;
  return TRUE;
}

static gboolean
filter_channel (gsize      index,
                gpointer   data,
                GError   **error)
{
  Work *work = data;
  double *x = work->mapped + index * work->n;
  double *out = work->signal->data + index * work->signal->n_samples;

  for (gsize t = 0; t < work->signal->n_samples; t++)
    out[t] = NAN;
  for (gsize first = 0, end; first < work->n; first = end)
    {
      gboolean finite = isfinite (x[first]);

      for (end = first + 1; end < work->n && !isfinite (x[end]) == !finite; end++)
        ;
      if (finite && filter_stretch (&work->filters, x + first, end - first) &&
          !write_stretch (work, x + first, first, end - first, out, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
run_zero_phase (Work      *work,
                InionJob  *job,
                GError   **error)
{
  g_autofree const double **in = g_new (const double *, work->map->n_inputs);
  g_autofree double **out = g_new (double *, work->map->n_outputs);
  guint up = work->filters.up, down = work->filters.down;

  work->signal->n_samples = (work->n * up + down - 1) / down;
  work->mapped = inion_try_new (double, MAX (1, work->n * work->map->n_outputs), "the referenced signal",
                                error);
  if (work->mapped == NULL)
    return FALSE;
  for (guint i = 0; i < work->map->n_inputs; i++)
    in[i] = work->raw + i * work->n;
  for (guint c = 0; c < work->map->n_outputs; c++)
    out[c] = work->mapped + c * work->n;
  inion_channel_map_apply (work->map, in, work->n, out);
  return inion_parallel_for (work->map->n_outputs, filter_channel, work, job, error);
}

static gboolean
run (Work      *work,
     InionJob  *job,
     GError   **error)
{
  InionDecodeSignal *signal = work->signal;
  InionChannel *clock = inion_recording_get_channel (work->recording, work->map->inputs[0]);
  double rate = inion_channel_get_rate_hz (clock);
  g_autoptr (InionPreprocessor) preprocessor = NULL;

  if (!check_clock (work, error) || !filters_init (&work->filters, work->spec, rate, error) ||
      !allocate (work, error) ||
      !inion_parallel_for (work->map->n_inputs, read_input, work, job, error))
    return FALSE;
  signal->n_channels = work->map->n_outputs;
  signal->up = work->filters.up;
  signal->down = work->filters.down;
  signal->rate_hz = rate * signal->up / signal->down;
  signal->settle_s = filters_settle_s (&work->filters);
  if (is_zero_phase (work->spec))
    return run_zero_phase (work, job, error);
  preprocessor = inion_preprocessor_new (work->spec, work->map, rate, error);
  if (preprocessor == NULL)
    return FALSE;
  work->mapped = g_new (double, (gsize) work->map->n_outputs * BLOCK);
  run_causal (work, preprocessor);
  return TRUE;
}

/**
 * inion_decode_signal_init:
 * @self: (out): the signal; clear it also after a failure
 * @spec: the recipe
 * @recording: a recording
 * @map: its channels
 * @job: (nullable): checked for cancellation
 * @error: return location
 *
 * Reads, references, filters and resamples a whole recording.
 *
 * Returns: %FALSE with an error of reading, %INION_ERROR_UNSUPPORTED, %INION_ERROR_INVALID or
 *   %INION_ERROR_TOO_LARGE
 */
gboolean
inion_decode_signal_init (InionDecodeSignal      *self,
                          const InionRecipeSpec  *spec,
                          InionRecording         *recording,
                          const InionChannelMap  *map,
                          InionJob               *job,
                          GError                **error)
{
  Work work = { .signal = self, .spec = spec, .recording = recording, .map = map };
  gboolean ok;

  *self = (InionDecodeSignal) { 0 };
  ok = run (&work, job, error);
  filters_clear (&work.filters);
  g_free (work.raw);
  g_free (work.mapped);
  return ok;
}

/**
 * inion_decode_signal_clear:
 * @self: the signal
 *
 * Frees what it owns.
 */
void
inion_decode_signal_clear (InionDecodeSignal *self)
{
  g_clear_pointer (&self->data, g_free);
}
