/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A probability track: what a model believes everywhere in a recording.
 *
 * A causal recipe's file goes through the stream decoder itself, so that what is seen offline is
 * what a stream would have shown. A zero-phase recipe filters the whole recording first; its
 * windows lie on the same grid. Windows that hold a gap, or nothing but silence, have no row: the
 * track says where they are, and why.
 *
 * A long gap is passed over as a stream passes over it: after its first INION_LONG_GAP_S the decoder
 * starts anew with what follows it, and with it the grid. Of a whole recording the windows that lie
 * in the rest of a long gap are passed over; the grid goes on through it. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/track.h"

#include "core/error.h"
#include "core/parallel.h"
#include "core/size.h"
#include "decode/cut.h"
#include "decode/decode-signal.h"
#include "decode/stream-decoder-private.h"

#include <math.h>
#include <string.h>

#define CHUNK 4096

typedef struct
{
  InionModel *model;
  InionChannel *clock;
  gint64 base;              /* where the decoder began, samples of the clock */
  guint n_classes;
  GArray *ends;             /* gint64, ns */
  GArray *probabilities;    /* double */
  GArray *unanswered;       /* gint64, ns */
  GArray *why;              /* InionNoAnswer */
  GPtrArray *dead;          /* char* */
  GArray *n_dead;           /* gsize */
} Rows;

/**
 * inion_track_free:
 * @self: (transfer full): a track
 */
void
inion_track_free (InionTrack *self)
{
  g_free (self->end_ns);
  g_free (self->probabilities);
  g_free (self->unanswered_end_ns);
  g_free (self->unanswered_why);
  g_strfreev (self->dead);
  g_free (self->n_dead);
  g_free (self);
}

static void
add_row (Rows          *rows,
         gint64         end_ns,
         const double  *probabilities,
         InionNoAnswer  why)
{
  if (why == INION_NO_ANSWER_NONE)
    {
      g_array_append_val (rows->ends, end_ns);
      g_array_append_vals (rows->probabilities, probabilities, rows->n_classes);
    }
  else
    {
      g_array_append_val (rows->unanswered, end_ns);
      g_array_append_val (rows->why, why);
    }
}

static void
on_decision (gint64        sample,
             const double *probabilities,
             gpointer      data)
{
  Rows *rows = data;

  add_row (rows, inion_channel_sample_to_ns (rows->clock, rows->base + sample), probabilities,
           INION_NO_ANSWER_NONE);
}

static void
on_no_answer (gint64        sample,
              InionNoAnswer why,
              gpointer      data)
{
  Rows *rows = data;

  add_row (rows, inion_channel_sample_to_ns (rows->clock, rows->base + sample), NULL, why);
}

/* One dead electrode is no reason to say nothing, but one to say so. */
static void
add_dead (Rows                 *rows,
          const InionStillness *stillness,
          guint                 channel,
          gsize                 n)
{
  if (n == 0)
    return;
  g_ptr_array_add (rows->dead, g_strdup (_inion_stillness_get_label (stillness, channel)));
  g_array_append_val (rows->n_dead, n);
}

/* Reads the next samples of all inputs and pushes them. */
static gboolean
push_chunk (InionStreamDecoder  *decoder,
            InionRecording      *recording,
            Rows                *rows,
            gint64               first,
            gsize                n,
            double              *buffer,
            GError             **error)
{
  const InionChannelMap *map = _inion_stream_decoder_get_map (decoder);
  g_autofree const double **in = g_new (const double *, map->n_inputs);

  for (guint i = 0; i < map->n_inputs; i++)
    {
      in[i] = buffer + (gsize) i * CHUNK;
      if (!inion_recording_read (recording, map->inputs[i], first, n, buffer + (gsize) i * CHUNK,
                                 error))
        return FALSE;
    }
  return _inion_stream_decoder_push_rows (decoder, in, n, on_decision, rows, error);
}

static gboolean
check_inputs (InionRecording         *recording,
              const InionChannelMap  *map,
              gint64                 *n_samples,
              GError                **error)
{
  InionChannel *first = inion_recording_get_channel (recording, map->inputs[0]);

  *n_samples = inion_channel_get_n_samples (first);
  for (guint i = 1; i < map->n_inputs; i++)
    {
      InionChannel *other = inion_recording_get_channel (recording, map->inputs[i]);

      *n_samples = MIN (*n_samples, inion_channel_get_n_samples (other));
      if (fabs (inion_channel_get_rate_hz (other) - inion_channel_get_rate_hz (first)) > 1e-9)
        return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                                "%s and %s have different sampling rates.",
                                inion_channel_get_label (first),
                                inion_channel_get_label (other));
    }
  return TRUE;
}

/* Everything from one long gap to the next, and so on. */
static gboolean
push_all (InionStreamDecoder  *decoder,
          InionRecording      *recording,
          Rows                *rows,
          gint64               n_samples,
          InionJob            *job,
          GError             **error)
{
  const InionChannelMap *map = _inion_stream_decoder_get_map (decoder);
  g_autofree double *buffer = g_new (double, (gsize) map->n_inputs * CHUNK);
  gint64 look, next;

  for (gint64 first = 0; first < n_samples; first = next)
    {
      if (!inion_gap_clock_find_long (recording, map->inputs[0], first, &look, &next))
        look = next = n_samples;
      if (first > 0)
        inion_stream_decoder_reset (decoder);
      rows->base = first;
      look = MIN (look, n_samples);
      for (gint64 at = first; at < look; at += CHUNK)
        {
          if (!inion_job_check (job, error) ||
              !push_chunk (decoder, recording, rows, at, (gsize) MIN (CHUNK, look - at), buffer,
                           error))
            return FALSE;
          if (job != NULL)
            inion_job_report (job, (double) at / (double) n_samples, "Applying the model");
        }
    }
  return TRUE;
}

static gboolean
apply_causal (Rows               *rows,
              InionRecording     *recording,
              const char *const  *bad,
              double              step_s,
              InionJob           *job,
              GError            **error)
{
  g_autoptr (InionStreamDecoder) decoder = NULL;
  const InionChannelMap *map;
  gint64 n_samples;

  decoder = _inion_stream_decoder_new_for (rows->model, recording, bad,
                                           inion_channel_get_rate_hz (rows->clock),
                                           step_s, error);
  if (decoder == NULL)
    return FALSE;
  inion_stream_decoder_set_no_answer_func (decoder, on_no_answer, rows);
  map = _inion_stream_decoder_get_map (decoder);
  rows->clock = inion_recording_get_channel (recording, map->inputs[0]);
  if (!check_inputs (recording, map, &n_samples, error) ||
      !push_all (decoder, recording, rows, n_samples, job, error))
    return FALSE;
  for (guint i = 0; i < map->n_inputs; i++)
    add_dead (rows, _inion_stream_decoder_get_stillness (decoder), i,
              _inion_stream_decoder_get_n_dead (decoder)[i]);
  return TRUE;
}

typedef struct
{
  InionModel *model;
  const InionDecodeSignal *signal;
  const InionStillness *stillness;
  InionCut cut;
  const gint64 *starts;     /* [windows]: first samples, on the recording's clock */
  InionNoAnswer *why;       /* [windows] */
  gint8 *there;             /* [windows] */
  double *probabilities;    /* [windows × n_classes] */
} Sliding;

static gboolean
predict_window (gsize      index,
                gpointer   data,
                GError   **error)
{
  Sliding *self = data;
  guint n = self->signal->n_channels;
  g_autofree double *window = g_new (double, (gsize) n * self->cut.n);
  gint64 kept = 0;
  InionCutOutcome outcome = inion_decode_signal_cut (self->signal, &self->cut,
                                                     self->starts[index], window, &kept);

  self->there[index] = outcome != INION_CUT_OUTSIDE;
  if (outcome == INION_CUT_GAP)
    self->why[index] = INION_NO_ANSWER_GAP;
  else if (outcome == INION_CUT_DONE &&
           (_inion_stillness_is_flat (self->stillness, kept, self->cut.n) ||
            inion_model_is_flat (self->model, window)))
    self->why[index] = INION_NO_ANSWER_FLAT;
  if (outcome != INION_CUT_DONE || self->why[index] != INION_NO_ANSWER_NONE)
    return TRUE;
  return inion_model_predict (self->model, window,
                              self->probabilities +
                              index * inion_model_get_n_classes (self->model), error);
}

static gint64
end_of_window (const Rows    *rows,
               const Sliding *sliding,
               gsize          index)
{
  gint64 end = sliding->starts[index] + sliding->cut.n;

  if (sliding->signal->up == 1 && sliding->signal->down == 1)
    return inion_channel_sample_to_ns (rows->clock, end);
  return (gint64) llround ((double) end / sliding->signal->rate_hz * 1e9);
}

static void
add_all_dead (Rows          *rows,
              const Sliding *sliding,
              gsize          n_windows)
{
  for (guint c = 0; c < _inion_stillness_get_n_channels (sliding->stillness); c++)
    {
      gsize n = 0;

      for (gsize i = 0; i < n_windows; i++)
        {
          gint64 start = sliding->starts[i], kept = start;

          n += sliding->there[i] && sliding->why[i] == INION_NO_ANSWER_NONE &&
               inion_gap_clock_find (&sliding->signal->clock, start, start + sliding->cut.n,
                                     &kept) &&
               _inion_stillness_is_dead (sliding->stillness, c, kept, sliding->cut.n);
        }
      add_dead (rows, sliding->stillness, c, n);
    }
}

/* The windows on the grid that hold something other than the inside of a long gap. */
static GArray *
find_starts (const InionDecodeSignal *signal,
             gint64                   n,
             gint64                   step)
{
  GArray *starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 last = (gint64) signal->n_clock - n;

  for (gint64 start = 0; start <= last; start += step)
    {
      gint64 next = inion_gap_clock_skip (&signal->clock, start, n);

      start += (next - start + step - 1) / step * step;
      if (start <= last)
        g_array_append_val (starts, start);
    }
  return starts;
}

static gboolean
slide (Rows                    *rows,
       const InionDecodeSignal *signal,
       const InionStillness    *stillness,
       double                   step_s,
       InionJob                *job,
       GError                 **error)
{
  const InionRecipeSpec *spec = inion_recipe_get_spec (inion_model_get_recipe (rows->model));
  Sliding sliding = { .model = rows->model, .signal = signal, .stillness = stillness };
  g_autofree gint8 *there = NULL;
  g_autofree InionNoAnswer *why = NULL;
  g_autofree double *probabilities = NULL;
  g_autoptr (GArray) starts = NULL;
  gsize n;

  if (!_inion_check_rate (rows->model, signal->rate_hz, error) ||
      !inion_cut_init (&sliding.cut, spec, inion_model_get_rate_hz (rows->model), error))
    return FALSE;
  starts = find_starts (signal, sliding.cut.n,
                        _inion_step_samples (step_s, inion_model_get_rate_hz (rows->model)));
  sliding.starts = (const gint64 *) (gconstpointer) starts->data;
  n = starts->len;
  sliding.there = there = inion_try_new (gint8, MAX (n, 1), "the track", error);
  if (there == NULL)
    return FALSE;
  sliding.why = why = inion_try_new (InionNoAnswer, MAX (n, 1), "the track", error);
  if (why == NULL)
    return FALSE;
  sliding.probabilities = probabilities = inion_try_new (double, MAX (n, 1) * rows->n_classes,
                                                         "the track", error);
  if (probabilities == NULL || !inion_parallel_for (n, predict_window, &sliding, job, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      gint64 end_ns = end_of_window (rows, &sliding, i);

      if (there[i])
        add_row (rows, end_ns, probabilities + i * rows->n_classes, why[i]);
    }
  add_all_dead (rows, &sliding, n);
  return TRUE;
}

static gboolean
apply_zero_phase (Rows               *rows,
                  InionRecording     *recording,
                  const char *const  *bad,
                  double              step_s,
                  InionJob           *job,
                  GError            **error)
{
  const InionRecipeSpec *spec = inion_recipe_get_spec (inion_model_get_recipe (rows->model));
  g_autofree const char **wanted = g_new0 (const char *, inion_model_get_n_channels (rows->model) +
                                           1);
  g_autoptr (InionChannelMap) map = NULL;
  g_autoptr (InionStillness) stillness = NULL;
  g_auto (InionDecodeSignal) signal = { 0 };

  for (guint c = 0; c < inion_model_get_n_channels (rows->model); c++)
    wanted[c] = inion_model_get_channel (rows->model, c);
  map = inion_channel_map_new (spec, recording, wanted, bad, error);
  if (map == NULL)
    return FALSE;
  rows->clock = inion_recording_get_channel (recording, map->inputs[0]);
  stillness = _inion_stillness_new (rows->model, map, recording);
  return inion_decode_signal_init_watched (&signal, spec, recording, map, stillness, job, error) &&
         slide (rows, &signal, stillness, step_s, job, error);
}

static InionChannel *
find_clock (InionModel      *model,
            InionRecording  *recording,
            GError         **error)
{
  const InionRecipeSpec *spec = inion_recipe_get_spec (inion_model_get_recipe (model));
  const char *wanted[] = { inion_model_get_channel (model, 0), NULL };
  g_autoptr (InionChannelMap) map = inion_channel_map_new (spec, recording, wanted, NULL, error);

  return map == NULL ? NULL : inion_recording_get_channel (recording, map->inputs[0]);
}

static char *
dup_dead (const InionTrack *self)
{
  g_autoptr (GString) text = NULL;

  if (self->dead[0] == NULL)
    return NULL;
  text = g_string_new ("Warning: ");
  for (guint i = 0; self->dead[i] != NULL; i++)
    g_string_append_printf (text, "%s%s is flat in %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT,
                            i > 0 ? ", " : "", self->dead[i], self->n_dead[i], self->n);
  g_string_append (text, " windows and was not when the model was trained. Mark what is dead as bad "
                         "or read these answers with care.");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * inion_track_dup_unanswered:
 * @self: a track
 *
 * Returns: (transfer full) (nullable): how many windows have no answer and why, and which channels
 *   are flat where there is one, in sentences for a person; %NULL if there is nothing to say
 */
char *
inion_track_dup_unanswered (const InionTrack *self)
{
  gsize counts[INION_N_NO_ANSWERS] = { 0 };
  g_autofree char *dead = NULL;
  g_autoptr (GString) text = NULL;

  if (self->n_unanswered == 0)
    return dup_dead (self);
  for (gsize i = 0; i < self->n_unanswered; i++)
    counts[self->unanswered_why[i]]++;
  text = g_string_new (NULL);
  g_string_printf (text, "%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " windows %s no answer: ",
                   self->n_unanswered, self->n + self->n_unanswered,
                   self->n_unanswered == 1 ? "has" : "have");
  if (counts[INION_NO_ANSWER_FLAT] > 0)
    g_string_append_printf (text, "in %" G_GSIZE_FORMAT " all channels that the model uses are flat",
                            counts[INION_NO_ANSWER_FLAT]);
  if (counts[INION_NO_ANSWER_GAP] > 0)
    g_string_append_printf (text, "%sin %" G_GSIZE_FORMAT " there is a gap in the signal",
                            counts[INION_NO_ANSWER_FLAT] > 0 ? ", " : "",
                            counts[INION_NO_ANSWER_GAP]);
  g_string_append_c (text, '.');
  dead = dup_dead (self);
  if (dead != NULL)
    g_string_append_printf (text, " %s", dead);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* A track of nothing but silence would look like a recording in which nothing was decided. */
static gboolean
check_answers (const InionTrack *self,
               GError          **error)
{
  g_autofree char *unanswered = NULL;

  if (self->n > 0 || self->n_unanswered == 0)
    return TRUE;
  unanswered = inion_track_dup_unanswered (self);
  return inion_set_error (error, INION_ERROR_NUMERIC,
                          "The model cannot be applied to this recording. %s Look at the signal: "
                          "the electrodes may not have been connected, or it may be in another unit "
                          "than what the model was trained on.", unanswered);
}

/**
 * inion_model_apply:
 * @model: a model
 * @recording: a recording that has the model's channels, in any order, among any others
 * @bad: (nullable) (array zero-terminated=1): labels of its bad channels; where the recipe excludes
 *   bad channels they are rebuilt from their neighbours
 * @step_s: time from one window to the next, s; rounded to samples, at least one
 * @job: (nullable): progress and cancel
 * @error: return location
 *
 * Slides the model's window over a recording. Where a window holds a gap or all the model's channels
 * are flat there is no row, but an entry among the unanswered.
 *
 * Returns: (transfer full) (nullable): the track, without rows where the recording is shorter than
 *   a window; %NULL with %INION_ERROR_NUMERIC where no window can be answered, with %INION_ERROR_NOT_FOUND,
 *   %INION_ERROR_UNSUPPORTED, %INION_ERROR_INVALID or an error of reading
 */
InionTrack *
inion_model_apply (InionModel         *model,
                   InionRecording     *recording,
                   const char *const  *bad,
                   double              step_s,
                   InionJob           *job,
                   GError            **error)
{
  g_autoptr (GArray) ends = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) probabilities = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) unanswered = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) why = g_array_new (FALSE, FALSE, sizeof (InionNoAnswer));
  g_autoptr (GPtrArray) dead = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) n_dead = g_array_new (FALSE, FALSE, sizeof (gsize));
  Rows rows = { .model = model, .ends = ends, .probabilities = probabilities,
                .unanswered = unanswered, .why = why, .dead = dead, .n_dead = n_dead };
  g_autoptr (InionTrack) self = NULL;
  double window_s;

  g_return_val_if_fail (INION_IS_MODEL (model), NULL);
  g_return_val_if_fail (INION_IS_RECORDING (recording), NULL);

  rows.n_classes = inion_model_get_n_classes (model);
  if (!(step_s >= 0))
    {
      inion_set_error (error, INION_ERROR_INVALID, "A model cannot be applied every %g s.", step_s);
      return NULL;
    }
  rows.clock = find_clock (model, recording, error);
  if (rows.clock == NULL ||
      !(inion_recipe_is_causal (inion_model_get_recipe (model), NULL)
          ? apply_causal (&rows, recording, bad, step_s, job, error)
          : apply_zero_phase (&rows, recording, bad, step_s, job, error)))
    return NULL;
  self = g_new0 (InionTrack, 1);
  self->n = ends->len;
  self->n_classes = rows.n_classes;
  window_s = inion_model_get_n_samples (model) / inion_model_get_rate_hz (model);
  self->window_ns = (gint64) llround (window_s * 1e9);
  self->end_ns = g_memdup2 (ends->data, ends->len * sizeof (gint64));
  self->probabilities = g_memdup2 (probabilities->data, probabilities->len * sizeof (double));
  self->n_unanswered = unanswered->len;
  self->unanswered_end_ns = g_memdup2 (unanswered->data, unanswered->len * sizeof (gint64));
  self->unanswered_why = g_memdup2 (why->data, why->len * sizeof (InionNoAnswer));
  self->n_dead = g_memdup2 (n_dead->data, n_dead->len * sizeof (gsize));
  g_ptr_array_add (dead, NULL);
  self->dead = (char **) g_ptr_array_free (g_steal_pointer (&dead), FALSE);
  return check_answers (self, error) ? g_steal_pointer (&self) : NULL;
}
