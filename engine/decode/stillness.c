/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a signal stands still before anything filters it.
 *
 * A filter rings on after its input has gone flat, and what rings looks to a model like a signal of
 * no power: whether there was anything to decide about is to be asked of the samples that went into
 * the filter. A row stands still from one sample to another where all of them lie within a
 * tolerance of the first, a thousandth of the training examples' standard deviation as in
 * no-answer.c. Two things are kept of the rows: where all referenced channels stand still together
 * (the window then has no answer), and where one input does that the model knows alive (the window
 * has an answer that deserves a warning).
 *
 * Invariants: the runs of a row ascend and do not overlap; a run that ended is kept only if a
 * window fits into it; the last one may still grow. Rows are looked at sample by sample, so blocks
 * do not matter. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/stillness-private.h"

#include "decode/model-private.h"

#include <math.h>

#define FLAT_SHARE 1e-6 /* of the training examples' power */

/* Samples [first, end) of the input's clock. */
typedef struct
{
  gint64 first;
  gint64 end;
} Run;

struct _InionStillness
{
  guint n_inputs;
  guint n_outputs;
  guint up, down;
  gint64 position;      /* samples so far */
  gint64 shortest;      /* samples that a window spans at least */
  guint n_window;
  double tolerance;
  char **labels;        /* [n_inputs] */
  gboolean *known;      /* [n_inputs]: alive in training */
  double *level;        /* [n_inputs + n_outputs]: value that the current run began with */
  gint64 *since;        /* [n_inputs + n_outputs]: where it began */
  GArray **runs;        /* [n_inputs + 1] of Run: each input's, and all outputs' together */
};

void
_inion_stillness_free (InionStillness *self)
{
  for (guint i = 0; i <= self->n_inputs; i++)
    g_array_unref (self->runs[i]);
  g_strfreev (self->labels);
  g_free (self->known);
  g_free (self->level);
  g_free (self->since);
  g_free (self->runs);
  g_free (self);
}

/* Goes back to the start of a stream. */
void
_inion_stillness_reset (InionStillness *self)
{
  self->position = 0;
  for (guint r = 0; r < self->n_inputs + self->n_outputs; r++)
    {
      self->level[r] = NAN;
      self->since[r] = 0;
    }
  for (guint i = 0; i <= self->n_inputs; i++)
    g_array_set_size (self->runs[i], 0);
}

/* An input is known to be alive if a channel that is made of it, beside the common reference, was
 * alive in training. A reference may well be recorded as silence. */
static void
find_known (InionStillness        *self,
            const InionPipeline   *pipeline,
            const InionChannelMap *map)
{
  double quiet = self->tolerance * self->tolerance;

  for (guint k = 0; k < map->n_outputs; k++)
    for (guint t = map->first_term[k]; t < map->first_term[k + 1]; t++)
      if (pipeline->covariance[(gsize) k * map->n_outputs + k] > quiet)
        self->known[map->term_input[t]] = TRUE;
}

/* The clock of the windows: @up / @down samples for each of the inputs'. */
void
_inion_stillness_set_clock (InionStillness *self,
                            guint           up,
                            guint           down)
{
  self->up = up;
  self->down = down;
  self->shortest = MAX (1, (gint64) (self->n_window - 1) * down / up);
}

/* For the inputs of @map, which are channels of @recording. */
InionStillness *
_inion_stillness_new (InionModel            *model,
                      const InionChannelMap *map,
                      InionRecording        *recording)
{
  const InionPipeline *pipeline = model->pipeline;
  InionStillness *self = g_new0 (InionStillness, 1);
  double usual = 0;

  self->n_inputs = map->n_inputs;
  self->n_outputs = map->n_outputs;
  for (guint c = 0; c < pipeline->n_channels; c++)
    usual += pipeline->covariance[(gsize) c * pipeline->n_channels + c];
  self->tolerance = sqrt (FLAT_SHARE * usual / pipeline->n_channels);
  self->n_window = model->n_samples;
  _inion_stillness_set_clock (self, 1, 1);
  self->labels = g_new0 (char *, map->n_inputs + 1);
  self->known = g_new0 (gboolean, MAX (map->n_inputs, 1));
  self->level = g_new0 (double, map->n_inputs + map->n_outputs);
  self->since = g_new0 (gint64, map->n_inputs + map->n_outputs);
  self->runs = g_new0 (GArray *, map->n_inputs + 1);
  for (guint i = 0; i <= map->n_inputs; i++)
    self->runs[i] = g_array_new (FALSE, FALSE, sizeof (Run));
  for (guint i = 0; i < map->n_inputs; i++)
    self->labels[i] = g_strdup (inion_channel_get_label (
      inion_recording_get_channel (recording, map->inputs[i])));
  find_known (self, pipeline, map);
  _inion_stillness_reset (self);
  return self;
}

/* Notes that a row stands still in [first, end); the run before ends where no later one begins. */
static void
note_run (InionStillness *self,
          GArray         *runs,
          gint64          first,
          gint64          end)
{
  Run *last = runs->len > 0 ? &g_array_index (runs, Run, runs->len - 1) : NULL;
  Run run = { first, end };

  if (end - first < self->shortest)
    return;
  if (last != NULL && last->first == first)
    last->end = end;
  else
    g_array_append_val (runs, run);
}

/* Whether the run of a row goes on with sample @x; otherwise it begins anew. NaN is no silence. */
static inline gboolean
follow (InionStillness *self,
        guint           row,
        double          x,
        gint64          at)
{
  if (fabs (x - self->level[row]) <= self->tolerance)
    return TRUE;
  self->level[row] = x;
  self->since[row] = at;
  return FALSE;
}

static void
push_input (InionStillness *self,
            guint           row,
            const double   *x,
            gsize           n)
{
  for (gsize t = 0; t < n; t++)
    {
      gint64 before = self->since[row], at = self->position + (gint64) t;

      if (!follow (self, row, x[t], at))
        note_run (self, self->runs[row], before, at);
    }
  note_run (self, self->runs[row], self->since[row], self->position + (gint64) n);
}

/* All outputs stand still together since the last of them moved. */
static void
push_outputs (InionStillness      *self,
              const double *const *out,
              gsize                n)
{
  GArray *runs = self->runs[self->n_inputs];
  gint64 since = 0;

  for (guint k = 0; k < self->n_outputs; k++)
    since = MAX (since, self->since[self->n_inputs + k]);
  for (gsize t = 0; t < n; t++)
    {
      gint64 at = self->position + (gint64) t;
      gboolean still = TRUE;

      for (guint k = 0; k < self->n_outputs; k++)
        still &= follow (self, self->n_inputs + k, out[k][t], at);
      if (still)
        continue;
      note_run (self, runs, since, at);
      since = at;
    }
  note_run (self, runs, since, self->position + (gint64) n);
}

void
_inion_stillness_push (InionStillness      *self,
                       const double *const *in,
                       const double *const *out,
                       gsize                n)
{
  for (guint i = 0; i < self->n_inputs; i++)
    if (self->known[i])
      push_input (self, i, in[i], n);
  push_outputs (self, out, n);
  self->position += (gint64) n;
}

static gint64
to_input (const InionStillness *self,
          gint64                sample)
{
  return sample * self->down / self->up;
}

/* Forgets what ended before window sample @before. */
void
_inion_stillness_forget (InionStillness *self,
                         gint64          before)
{
  gint64 at = to_input (self, MAX (before, 0));

  for (guint i = 0; i <= self->n_inputs; i++)
    {
      guint n = 0;

      while (n < self->runs[i]->len && g_array_index (self->runs[i], Run, n).end <= at)
        n++;
      if (n > 0)
        g_array_remove_range (self->runs[i], 0, n);
    }
}

static gboolean
holds (const InionStillness *self,
       const GArray         *runs,
       gint64                start,
       guint                 n)
{
  gint64 first = to_input (self, start), end = to_input (self, start + n - 1) + 1;
  guint low = 0, high = runs->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (runs, Run, middle).end < end)
        low = middle + 1;
      else
        high = middle;
    }
  return low < runs->len && g_array_index (runs, Run, low).first <= first;
}

/* Whether all channels that the model uses stand still in a window. */
gboolean
_inion_stillness_is_flat (const InionStillness *self,
                          gint64                start,
                          guint                 n)
{
  return holds (self, self->runs[self->n_inputs], start, n);
}

guint
_inion_stillness_get_n_channels (const InionStillness *self)
{
  return self->n_inputs;
}

const char *
_inion_stillness_get_label (const InionStillness *self,
                            guint                 channel)
{
  return self->labels[channel];
}

/* Whether a channel stands still in a window that did not in training. */
gboolean
_inion_stillness_is_dead (const InionStillness *self,
                          guint                 channel,
                          gint64                start,
                          guint                 n)
{
  return holds (self, self->runs[channel], start, n);
}
