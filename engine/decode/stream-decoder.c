/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The causal path of a recipe, fed chunk by chunk.
 *
 * Decisions lie on a grid that the stream's first sample fixes: window k starts at output sample
 * k × step. A window that holds a gap, or nothing but silence, has no answer; the grid goes on as if
 * nothing had happened. Silence is looked for before the filters (stillness.c), which ring on.
 * What has been preprocessed waits in a buffer [n_channels × capacity] until no later window needs
 * it. Chunks only decide when this code runs, never what it computes. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/stream-decoder-private.h"

#include "core/error.h"
#include "core/size.h"
#include "decode/cut.h"
#include "decode/preprocess.h"
#include "recording/memory-recording.h"

#include <math.h>
#include <string.h>

#define BLOCK 1024

struct _InionStreamDecoder
{
  InionModel *model;
  InionChannelMap *map;
  InionPreprocessor *preprocessor;
  InionStillness *stillness;
  InionCut cut;
  guint n_stream_channels;
  gint64 step;          /* output samples between windows */
  gint64 next;          /* start of the next window, output samples */
  gint64 first;         /* output sample that the buffer begins with */
  gsize fill;
  gsize capacity;
  double *buffer;       /* [n_channels × capacity] */
  double *inputs;       /* [n_inputs × BLOCK] */
  double *fresh;        /* [n_channels × BLOCK] */
  double *window;
  double *probabilities;
  InionNoAnswerFunc no_answer;
  gpointer no_answer_data;
  gsize *n_dead;        /* [n_inputs]: answered windows in which one stood still */
};

/**
 * inion_stream_decoder_free:
 * @self: (transfer full): a decoder
 */
void
inion_stream_decoder_free (InionStreamDecoder *self)
{
  g_clear_pointer (&self->preprocessor, inion_preprocessor_free);
  g_clear_pointer (&self->stillness, _inion_stillness_free);
  g_free (self->n_dead);
  g_clear_pointer (&self->map, inion_channel_map_free);
  g_clear_object (&self->model);
  g_free (self->buffer);
  g_free (self->inputs);
  g_free (self->fresh);
  g_free (self->window);
  g_free (self->probabilities);
  g_free (self);
}

/* The stream's rate, after the recipe's own change of it, must be the model's. */
gboolean
_inion_check_rate (InionModel  *model,
                   double       rate_hz,
                   GError     **error)
{
  double want = inion_model_get_rate_hz (model);

  if (fabs (rate_hz - want) <= 1e-6 * want)
    return TRUE;
  return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                          "The signal has %g Hz and the model was trained at %g Hz. Train it with "
                          "“resample_hz” set in the recipe to use it at other rates.",
                          rate_hz, want);
}

guint
_inion_step_samples (double step_s,
                     double rate_hz)
{
  return (guint) CLAMP (rint (step_s * rate_hz), 1.0, 1e9);
}

static gboolean
set_up (InionStreamDecoder  *self,
        double               rate_hz,
        double               step_s,
        GError             **error)
{
  const InionRecipeSpec *spec = inion_recipe_get_spec (inion_model_get_recipe (self->model));
  guint n = inion_model_get_n_channels (self->model);

  self->preprocessor = inion_preprocessor_new (spec, self->map, rate_hz, error);
  if (self->preprocessor == NULL ||
      !_inion_check_rate (self->model, inion_preprocessor_get_rate_hz (self->preprocessor),
                          error) ||
      !inion_cut_init (&self->cut, spec, inion_model_get_rate_hz (self->model), error))
    return FALSE;
  self->step = _inion_step_samples (step_s, inion_model_get_rate_hz (self->model));
  self->capacity = (gsize) (self->cut.to - self->cut.from) + 4 * BLOCK;
  self->buffer = inion_try_new (double, self->capacity * n, "the stream's last window", error);
  if (self->buffer == NULL)
    return FALSE;
  self->inputs = g_new (double, (gsize) MAX (self->map->n_inputs, 1) * BLOCK);
  self->fresh = g_new (double, (gsize) n * BLOCK);
  self->window = g_new (double, (gsize) n * self->cut.n);
  self->probabilities = g_new (double, inion_model_get_n_classes (self->model));
  return TRUE;
}

static gboolean
check_times (double   rate_hz,
             double   step_s,
             GError **error)
{
  if (rate_hz >= 1e-3 && rate_hz <= 1e7 && step_s >= 0)
    return TRUE;
  return inion_set_error (error, INION_ERROR_INVALID,
                          "A stream of %g Hz cannot be decoded every %g s.", rate_hz, step_s);
}

InionStreamDecoder *
_inion_stream_decoder_new_for (InionModel         *model,
                               InionRecording     *recording,
                               const char *const  *bad,
                               double              rate_hz,
                               double              step_s,
                               GError            **error)
{
  g_autoptr (InionStreamDecoder) self = NULL;
  g_autofree const char **wanted = g_new0 (const char *, inion_model_get_n_channels (model) + 1);
  InionRecipe *recipe = inion_model_get_recipe (model);
  g_autofree char *why_not = NULL;

  if (!inion_recipe_is_causal (recipe, &why_not))
    {
      inion_set_error (error, INION_ERROR_UNSUPPORTED, "This model cannot run on a stream. %s",
                       why_not);
      return NULL;
    }
  if (!check_times (rate_hz, step_s, error))
    return NULL;
  for (guint c = 0; c < inion_model_get_n_channels (model); c++)
    wanted[c] = inion_model_get_channel (model, c);
  self = g_new0 (InionStreamDecoder, 1);
  self->model = g_object_ref (model);
  self->n_stream_channels = inion_recording_get_n_channels (recording);
  self->map = inion_channel_map_new (inion_recipe_get_spec (recipe), recording, wanted, bad, error);
  if (self->map == NULL || !set_up (self, rate_hz, step_s, error))
    return NULL;
  self->n_dead = g_new0 (gsize, MAX (self->map->n_inputs, 1));
  self->stillness = _inion_stillness_new (model, self->map, recording);
  _inion_stillness_set_clock (self->stillness, 1,
                              inion_preprocessor_get_decimation (self->preprocessor));
  inion_preprocessor_set_stillness (self->preprocessor, self->stillness);
  return g_steal_pointer (&self);
}

/**
 * inion_stream_decoder_new:
 * @model: a model of a causal recipe
 * @channels: (array zero-terminated=1): labels of the stream's channels, in its order; the model's
 *   are found by what the labels mean, others are passed over
 * @rate_hz: the stream's sampling rate
 * @step_s: time from one decision to the next, s; rounded to samples, at least one
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a decoder at the start of its stream; %NULL with
 *   %INION_ERROR_UNSUPPORTED and the reason where the recipe needs the future or the rate is not
 *   the model's, %INION_ERROR_NOT_FOUND where a channel is missing
 */
InionStreamDecoder *
inion_stream_decoder_new (InionModel         *model,
                          const char *const  *channels,
                          double              rate_hz,
                          double              step_s,
                          GError            **error)
{
  return inion_stream_decoder_new_with_bad (model, channels, NULL, rate_hz, step_s, error);
}

/**
 * inion_stream_decoder_new_with_bad:
 * @model: a model of a causal recipe
 * @channels: (array zero-terminated=1): labels of the stream's channels, in its order
 * @bad: (nullable) (array zero-terminated=1): labels of its bad channels; where the recipe excludes
 *   bad channels they are rebuilt from their neighbours, with the weights that a file's are
 * @rate_hz: the stream's sampling rate
 * @step_s: time from one decision to the next, s; rounded to samples, at least one
 * @error: return location
 *
 * Returns: (transfer full) (nullable): as inion_stream_decoder_new(); %NULL also with
 *   %INION_ERROR_UNSUPPORTED where a bad channel cannot be rebuilt
 */
InionStreamDecoder *
inion_stream_decoder_new_with_bad (InionModel         *model,
                                   const char *const  *channels,
                                   const char *const  *bad,
                                   double              rate_hz,
                                   double              step_s,
                                   GError            **error)
{
  g_autoptr (InionMemoryRecording) stand_in = NULL;
  double silence[1] = { 0 };

  g_return_val_if_fail (INION_IS_MODEL (model), NULL);
  g_return_val_if_fail (channels != NULL, NULL);

  if (!check_times (rate_hz, step_s, error))
    return NULL;
  /* Channels are found in recordings: this one has the stream's labels and nothing to hear. */
  stand_in = inion_memory_recording_new (rate_hz, NULL);
  for (guint c = 0; channels[c] != NULL; c++)
    inion_memory_recording_add_channel (stand_in, channels[c], "µV", silence, 1);
  return _inion_stream_decoder_new_for (model, INION_RECORDING (stand_in), bad, rate_hz, step_s,
                                        error);
}

/**
 * inion_stream_decoder_set_no_answer_func:
 * @self: a decoder
 * @func: (nullable): called for each window that has no answer, in the order of the decisions
 * @data: passed to @func
 *
 * Without it such windows are passed over in silence.
 */
void
inion_stream_decoder_set_no_answer_func (InionStreamDecoder *self,
                                         InionNoAnswerFunc   func,
                                         gpointer            data)
{
  self->no_answer = func;
  self->no_answer_data = data;
}

const InionStillness *
_inion_stream_decoder_get_stillness (InionStreamDecoder *self)
{
  return self->stillness;
}

/* In how many answered windows each of the map's inputs stood still that did not in training. */
const gsize *
_inion_stream_decoder_get_n_dead (InionStreamDecoder *self)
{
  return self->n_dead;
}

const InionChannelMap *
_inion_stream_decoder_get_map (InionStreamDecoder *self)
{
  return self->map;
}

/**
 * inion_stream_decoder_reset:
 * @self: a decoder
 *
 * Goes back to the start of a stream.
 */
void
inion_stream_decoder_reset (InionStreamDecoder *self)
{
  inion_preprocessor_reset (self->preprocessor);
  _inion_stillness_reset (self->stillness);
  self->next = self->first = 0;
  self->fill = 0;
}

/* Forgets what no later window needs. */
static void
shift_buffer (InionStreamDecoder *self)
{
  gint64 keep_from = self->next + self->cut.from;
  gsize drop = keep_from <= self->first ? 0 : MIN (self->fill, (gsize) (keep_from - self->first));

  for (guint c = 0; drop > 0 && c < self->map->n_outputs; c++)
    memmove (self->buffer + c * self->capacity, self->buffer + c * self->capacity + drop,
             (self->fill - drop) * sizeof (double));
  self->fill -= drop;
  self->first += (gint64) drop;
  _inion_stillness_forget (self->stillness, self->next);
}

/* Cuts the next window and says why it cannot be answered; FALSE: it is not there as a whole. */
static gboolean
cut_next (InionStreamDecoder *self,
          InionNoAnswer      *why)
{
  InionCutOutcome outcome;

  if (self->next + self->cut.from < self->first)
    return FALSE;
  outcome = inion_cut_window (&self->cut, self->buffer, self->map->n_outputs, self->capacity,
                              self->next - self->first, self->window);
  *why = INION_NO_ANSWER_NONE;
  if (outcome == INION_CUT_GAP)
    *why = INION_NO_ANSWER_GAP;
  else if (outcome == INION_CUT_DONE &&
           (_inion_stillness_is_flat (self->stillness, self->next, self->cut.n) ||
            inion_model_is_flat (self->model, self->window)))
    *why = INION_NO_ANSWER_FLAT;
  return outcome != INION_CUT_OUTSIDE;
}

static gboolean
decide (InionStreamDecoder  *self,
        InionDecisionFunc    func,
        gpointer             func_data,
        GError             **error)
{
  gint64 decimation = inion_preprocessor_get_decimation (self->preprocessor);

  for (; self->next + self->cut.to <= self->first + (gint64) self->fill; self->next += self->step)
    {
      gint64 end = (self->next + self->cut.n - 1) * decimation + 1;
      InionNoAnswer why;

      if (!cut_next (self, &why))
        continue;
      if (why != INION_NO_ANSWER_NONE)
        {
          if (self->no_answer != NULL)
            self->no_answer (end, why, self->no_answer_data);
          continue;
        }
      if (!inion_model_predict (self->model, self->window, self->probabilities, error))
        return FALSE;
      for (guint i = 0; i < self->map->n_inputs; i++)
        self->n_dead[i] += _inion_stillness_is_dead (self->stillness, i, self->next, self->cut.n);
      func (end, self->probabilities, func_data);
    }
  return TRUE;
}

gboolean
_inion_stream_decoder_push_rows (InionStreamDecoder   *self,
                                 const double *const  *rows,
                                 gsize                 n,
                                 InionDecisionFunc     func,
                                 gpointer              func_data,
                                 GError              **error)
{
  g_autofree const double **in = g_new (const double *, MAX (self->map->n_inputs, 1));
  g_autofree double **out = g_new (double *, self->map->n_outputs);

  for (guint c = 0; c < self->map->n_outputs; c++)
    out[c] = self->fresh + (gsize) c * BLOCK;
  for (gsize first = 0; first < n; first += BLOCK)
    {
      gsize made;

      for (guint i = 0; i < self->map->n_inputs; i++)
        in[i] = rows[i] + first;
      made = inion_preprocessor_process (self->preprocessor, in, MIN (BLOCK, n - first), out);
      if (self->fill + made > self->capacity)
        shift_buffer (self);
      for (guint c = 0; c < self->map->n_outputs; c++)
        memcpy (self->buffer + c * self->capacity + self->fill, out[c], made * sizeof (double));
      self->fill += made;
      if (!decide (self, func, func_data, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * inion_stream_decoder_push:
 * @self: a decoder
 * @data: (array): the stream's next samples [n_samples × n_channels], sample-major, µV; a sample
 *   that is no number is a gap
 * @n_samples: how many
 * @func: called for each decision, in order; not for windows that have no answer
 * @func_data: passed to @func
 * @error: return location
 *
 * Feeds a chunk. Any cutting of the stream into chunks gives the same decisions, to the last bit.
 *
 * Returns: %FALSE with %INION_ERROR_NUMERIC
 */
gboolean
inion_stream_decoder_push (InionStreamDecoder  *self,
                           const double        *data,
                           gsize                n_samples,
                           InionDecisionFunc    func,
                           gpointer             func_data,
                           GError             **error)
{
  g_autofree const double **rows = g_new (const double *, MAX (self->map->n_inputs, 1));

  for (guint i = 0; i < self->map->n_inputs; i++)
    rows[i] = self->inputs + (gsize) i * BLOCK;
  for (gsize first = 0; first < n_samples; first += BLOCK)
    {
      gsize n = MIN (BLOCK, n_samples - first);

      for (guint i = 0; i < self->map->n_inputs; i++)
        {
          for (gsize t = 0; t < n; t++)
            self->inputs[(gsize) i * BLOCK + t] = data[(first + t) * self->n_stream_channels +
                                                       self->map->inputs[i]];
        }
      if (!_inion_stream_decoder_push_rows (self, rows, n, func, func_data, error))
        return FALSE;
    }
  return TRUE;
}
