/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole signal of a recording, as a recipe's windows are cut from it.
 *
 * A recipe whose filter is zero-phase is applied channel by channel to the whole recording, as
 * scipy's sosfiltfilt does. Any other goes sample by sample through an InionPreprocessor, although
 * the whole recording is there at once: file, replay and stream then agree because they run the
 * same instructions. Nothing is filtered across a gap: what lies between two gaps is filtered on
 * its own, and a stretch too short for a zero-phase filter becomes a gap itself. Of a long gap only
 * the beginning takes memory (gap-clock.c). */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/decode-signal.h"

#include "core/error.h"
#include "core/parallel.h"
#include "core/size.h"
#include "decode/preprocess.h"
#include "decode/recipe-filters.h"
#include "signal/resample.h"

#include <math.h>
#include <string.h>

#define BLOCK 4096

typedef struct
{
  InionDecodeSignal *signal;
  const InionRecipeSpec *spec;
  InionRecording *recording;
  const InionChannelMap *map;
  InionStillness *stillness; /* nullable */
  InionRecipeFilters filters;
  gsize n;          /* input samples, without most of long gaps */
  double *raw;      /* [n_inputs × n] */
  double *mapped;   /* [n_outputs × n] */
} Work;

static gboolean
read_input (gsize      index,
            gpointer   data,
            GError   **error)
{
  Work *work = data;

  return inion_gap_clock_read (&work->signal->clock, work->recording, work->map->inputs[index],
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
                                "The channels have different sampling rates: %s has %g Hz, %s %g "
                                "Hz. Name channels of one rate in the recipe's “channels.only”.",
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
  work->raw = inion_try_new (double, MAX (1, work->n * work->map->n_inputs),
                             "the recording's samples", error);
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
filter_stretch (const InionRecipeFilters *filters,
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

/* A gap shorter than the time between two output samples would vanish between them: the first one
 * behind it stands for it. x still has its gaps. */
static void
keep_short_gaps (const Work   *work,
                 const double *x,
                 double       *out)
{
  for (gsize t = 1; t < work->n; t++)
    {
      gsize at = (t * work->filters.up + work->filters.down - 1) / work->filters.down;

      if (!isfinite (x[t]) && isfinite (x[t - 1]) && at < work->signal->n_samples)
        out[at] = NAN;
    }
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
  if (work->filters.up != 1 || work->filters.down != 1)
    keep_short_gaps (work, x, out);
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
  work->mapped = inion_try_new (double, MAX (1, work->n * work->map->n_outputs),
                                "the referenced signal",
                                error);
  if (work->mapped == NULL)
    return FALSE;
  for (guint i = 0; i < work->map->n_inputs; i++)
    in[i] = work->raw + i * work->n;
  for (guint c = 0; c < work->map->n_outputs; c++)
    out[c] = work->mapped + c * work->n;
  inion_channel_map_apply (work->map, in, work->n, out);
  if (work->stillness != NULL)
    _inion_stillness_push (work->stillness, in, (const double *const *) out, work->n);
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

  if (!check_clock (work, error) ||
      !inion_recipe_filters_init (&work->filters, work->spec, rate, error))
    return FALSE;
  inion_gap_clock_init (&signal->clock, work->recording, work->map->inputs[0], (gint64) work->n,
                        rate, work->filters.up, work->filters.down);
  work->n = (gsize) signal->clock.n;
  if (!allocate (work, error) ||
      !inion_parallel_for (work->map->n_inputs, read_input, work, job, error))
    return FALSE;
  signal->n_channels = work->map->n_outputs;
  signal->up = work->filters.up;
  signal->down = work->filters.down;
  signal->rate_hz = rate * signal->up / signal->down;
  signal->settle_s = inion_recipe_filters_get_settle_s (&work->filters);
  if (work->stillness != NULL)
    _inion_stillness_set_clock (work->stillness, signal->up, signal->down);
  if (inion_recipe_is_zero_phase (work->spec))
    {
      gboolean ok = run_zero_phase (work, job, error);

      signal->n_clock = signal->n_samples + (gsize) inion_gap_clock_get_left_out (&signal->clock);
      return ok;
    }
  preprocessor = inion_preprocessor_new (work->spec, work->map, rate, error);
  if (preprocessor == NULL)
    return FALSE;
  inion_preprocessor_set_stillness (preprocessor, work->stillness);
  work->mapped = g_new (double, (gsize) work->map->n_outputs * BLOCK);
  run_causal (work, preprocessor);
  signal->n_clock = signal->n_samples + (gsize) inion_gap_clock_get_left_out (&signal->clock);
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
  return inion_decode_signal_init_watched (self, spec, recording, map, NULL, job, error);
}

/**
 * inion_decode_signal_init_watched:
 * @self: (out): the signal; clear it also after a failure
 * @spec: the recipe
 * @recording: a recording
 * @map: its channels
 * @stillness: (nullable): sees every sample, referenced but not filtered, on the signal's clock
 * @job: (nullable): checked for cancellation
 * @error: return location
 *
 * As inion_decode_signal_init(), for what also asks where the recording stands still.
 *
 * Returns: %FALSE as inion_decode_signal_init()
 */
gboolean
inion_decode_signal_init_watched (InionDecodeSignal      *self,
                                  const InionRecipeSpec  *spec,
                                  InionRecording         *recording,
                                  const InionChannelMap  *map,
                                  InionStillness         *stillness,
                                  InionJob               *job,
                                  GError                **error)
{
  Work work = { .signal = self, .spec = spec, .recording = recording, .map = map,
                .stillness = stillness };
  gboolean ok;

  *self = (InionDecodeSignal) { 0 };
  ok = run (&work, job, error);
  inion_recipe_filters_clear (&work.filters);
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
  inion_gap_clock_clear (&self->clock);
}

/**
 * inion_decode_signal_cut:
 * @self: the signal
 * @cut: how a window is cut
 * @start: first sample of the window, on the recording's clock
 * @window: (out caller-allocates) (array): [n_channels × cut->n]
 * @kept: (out) (optional): where the window is among the samples that are kept; only set where it
 *   was cut
 *
 * Returns: whether @window was filled, and why not
 */
InionCutOutcome
inion_decode_signal_cut (const InionDecodeSignal *self,
                         const InionCut          *cut,
                         gint64                   start,
                         double                  *window,
                         gint64                  *kept)
{
  gint64 first;

  if (start + cut->from < 0 || start + cut->to > (gint64) self->n_clock)
    return INION_CUT_OUTSIDE;
  if (!inion_gap_clock_find (&self->clock, start + cut->from, start + cut->to, &first))
    return INION_CUT_GAP;
  first -= cut->from;
  if (kept != NULL)
    *kept = first;
  return inion_cut_window (cut, self->data, self->n_channels, self->n_samples, first, window);
}
