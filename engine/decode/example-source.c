/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The examples of one recording: from marks to windows.
 *
 * Events: the window starts at round ((onset + from) × rate), half to even, as MNE's users write
 * it. Sliding windows: a window belongs to the class whose marks cover at least the recipe's share
 * of it; one that two classes claim is dropped, one that none claims is no example at all:
 * unmarked time is not background. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/example-source.h"

#include "core/error.h"
#include "core/size.h"
#include "decode/marks.h"
#include "decode/decode-signal.h"

#include <math.h>
#include <string.h>

#define MOST_WINDOWS 1e8
#define HASH_CHUNK 4096

typedef struct
{
  InionExampleSource *self;
  const InionRecipeSpec *spec;
  const InionDecodeSource *source;
  const InionChannelMap *map;
  InionDecodeSignal signal;
  GPtrArray *labels;        /* of outputs and inputs, NULL-terminated: what a mark may be on */
} Work;

static gint64
to_ns (const Work *work,
       gint64      sample)
{
  return (gint64) llround ((double) sample / work->signal.rate_hz * 1e9);
}

static void
collect_events (Work   *work,
                GArray *marks)
{
  for (guint i = 0; i < marks->len; i++)
    {
      const InionMark *mark = &g_array_index (marks, InionMark, i);
      double from_s = (double) mark->onset_ns / 1e9 + work->spec->window_s[0];
      InionExample example = { .onset_ns = mark->onset_ns, .label = mark->label };

      if (fabs (from_s * work->signal.rate_hz) > 9e15)
        continue;
      example.start = (gint64) rint (from_s * work->signal.rate_hz);
      g_array_append_val (work->self->examples, example);
    }
}

/* Adds what [from, to) covers of each window to its class's sum. */
static void
cover (const Work *work,
       double      step,
       gint64      n_windows,
       gint64      from_ns,
       gint64      to_ns,
       double     *covered)
{
  double rate = work->signal.rate_hz;
  double from = (double) from_ns / 1e9 * rate, to = (double) to_ns / 1e9 * rate;
  double length = work->self->cut.n;
  gint64 first = (gint64) MAX (0, floor ((from - length) / step));
  gint64 last = (gint64) MIN ((double) n_windows - 1, ceil (to / step));

  for (gint64 w = first; w <= last; w++)
    {
      double start = rint ((double) w * step);
      double overlap = MIN (to, start + length) - MAX (from, start);

      if (overlap > 0)
        covered[w] += overlap;
    }
}

/* Sums a class's marks over the windows, joining marks that overlap each other. */
static void
cover_by_class (const Work *work,
                GArray     *marks,
                guint       label,
                double      step,
                gint64      n_windows,
                double     *covered)
{
  gint64 from = 0, to = G_MININT64;

  for (guint i = 0; i < marks->len; i++)
    {
      const InionMark *mark = &g_array_index (marks, InionMark, i);

      if (mark->label != label)
        continue;
      if (mark->onset_ns > to)
        {
          if (to > from)
            cover (work, step, n_windows, from, to, covered);
          from = mark->onset_ns;
          to = mark->end_ns;
        }
      to = MAX (to, mark->end_ns);
    }
  if (to > from)
    cover (work, step, n_windows, from, to, covered);
}

static gboolean
collect_windows (Work    *work,
                 GArray  *marks,
                 GError **error)
{
  InionExampleSource *self = work->self;
  double step = MAX (1.0, work->spec->step_s * work->signal.rate_hz);
  double room = (double) work->signal.n_clock - self->cut.n;
  gint64 n_windows = room < 0 ? 0 : (gint64) MIN (MOST_WINDOWS, floor (room / step) + 1);
  double least = work->spec->overlap * self->cut.n - 1e-6;
  g_autofree double *covered = NULL;
  g_autofree int *owner = NULL;

  covered = inion_try_new (double, MAX (1, (gsize) n_windows), "the windows", error);
  owner = covered == NULL ? NULL : inion_try_new (int, MAX (1, (gsize) n_windows), "the windows",
                                                  error);
  if (owner == NULL)
    return FALSE;
  for (guint c = 0; c < work->spec->n_classes; c++)
    {
      memset (covered, 0, (gsize) n_windows * sizeof (double));
      cover_by_class (work, marks, c, step, n_windows, covered);
      for (gint64 w = 0; w < n_windows; w++)
        {
          if (covered[w] > 0 && covered[w] >= least)
            owner[w] = owner[w] == 0 ? (int) c + 1 : -1;
        }
    }
  for (gint64 w = 0; w < n_windows; w++)
    {
      InionExample example = { .start = (gint64) rint ((double) w * step),
                               .label = (guint) (owner[w] - 1) };

      example.onset_ns = to_ns (work, example.start);
      if (owner[w] > 0)
        g_array_append_val (self->examples, example);
      else if (owner[w] < 0)
        self->dropped[INION_DROP_AMBIGUOUS]++;
    }
  return TRUE;
}

static gboolean
exceeds (const Work   *work,
         const double *window)
{
  guint n = work->self->cut.n;

  for (guint c = 0; c < work->self->n_channels; c++)
    {
      double low = window[(gsize) c * n], high = low;

      for (guint t = 1; t < n; t++)
        {
          low = MIN (low, window[(gsize) c * n + t]);
          high = MAX (high, window[(gsize) c * n + t]);
        }
      if (high - low > work->spec->reject_peak_to_peak_uv)
        return TRUE;
    }
  return FALSE;
}

/* Cuts the collected examples; keeps those that nothing speaks against. */
static gboolean
cut_all (Work      *work,
         InionJob  *job,
         GError   **error)
{
  InionExampleSource *self = work->self;
  gsize size = (gsize) self->n_channels * self->cut.n, total;
  const char *const *labels = (const char *const *) work->labels->pdata;
  guint kept = 0;

  if (!inion_size_mul (&total, size, MAX (1, self->examples->len)))
    return inion_set_error (error, INION_ERROR_TOO_LARGE, "There are too many examples.");
  self->data = inion_try_new (double, total, "the examples", error);
  if (self->data == NULL)
    return FALSE;
  for (guint i = 0; i < self->examples->len; i++)
    {
      InionExample example = g_array_index (self->examples, InionExample, i);
      double *window = self->data + kept * size;
      InionCutOutcome outcome;

      if (!inion_job_check (job, error))
        return FALSE;
      outcome = inion_decode_signal_cut (&work->signal, &self->cut, example.start, window, NULL);
      if (outcome != INION_CUT_DONE)
        self->dropped[outcome == INION_CUT_GAP ? INION_DROP_GAP : INION_DROP_OUTSIDE]++;
      else if (inion_marks_reject (work->spec, work->source, to_ns (work, example.start),
                                   to_ns (work, example.start + self->cut.n), labels))
        self->dropped[INION_DROP_MARKED]++;
      else if (!isnan (work->spec->reject_peak_to_peak_uv) && exceeds (work, window))
        self->dropped[INION_DROP_AMPLITUDE]++;
      else
        g_array_index (self->examples, InionExample, kept++) = example;
    }
  g_array_set_size (self->examples, kept);
  self->data = g_realloc_n (self->data, MAX (1, kept * size), sizeof (double));
  return TRUE;
}

/* Samples of one run, a chunk at a time. Without gaps a channel is one run, and its place 0 says
 * nothing. */
static gboolean
hash_run (InionRecording  *recording,
          guint            channel,
          gint64           first,
          gint64           end,
          GChecksum       *sum,
          GError         **error)
{
  double x[HASH_CHUNK];

  if (first > 0)
    {
      gint64 place = GINT64_TO_LE (first);

      g_checksum_update (sum, (const guchar *) &place, sizeof place);
    }
  for (gint64 at = first; at < end; at += HASH_CHUNK)
    {
      gsize n = (gsize) MIN (HASH_CHUNK, end - at);

      if (!inion_recording_read (recording, channel, at, n, x, error))
        return FALSE;
      for (gsize t = 0; t < n; t++)
        {
          union { double number; guint64 bits; } sample = { .number = x[t] };
          guint64 bits = GUINT64_TO_LE (sample.bits);

          g_checksum_update (sum, (const guchar *) &bits, sizeof bits);
        }
    }
  return TRUE;
}

/* A recording in memory has no file to take a fingerprint of: its samples are hashed. */
static char *
hash_samples (InionRecording         *recording,
              const InionChannelMap  *map,
              GError                **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < map->n_inputs; i++)
    {
      InionChannel *channel = inion_recording_get_channel (recording, map->inputs[i]);
      gint64 first, n;

      g_checksum_update (sum, (const guchar *) inion_channel_get_label (channel), -1);
      g_checksum_update (sum, (const guchar *) "\n", 1);
      for (gint64 at = 0;
           inion_recording_find_run (recording, map->inputs[i], at, &first, &n);
           at = first + n)
        if (!hash_run (recording, map->inputs[i], first, first + n, sum, error))
          return NULL;
    }
  return g_strdup (g_checksum_get_string (sum));
}

static void
collect_labels (Work *work)
{
  for (guint c = 0; c < work->map->n_outputs; c++)
    g_ptr_array_add (work->labels, work->map->labels[c]);
  for (guint i = 0; i < work->map->n_inputs; i++)
    {
      InionChannel *channel = inion_recording_get_channel (work->source->recording,
                                                           work->map->inputs[i]);

      g_ptr_array_add (work->labels, (char *) inion_channel_get_label (channel));
    }
  g_ptr_array_add (work->labels, NULL);
}

static gboolean
run (Work      *work,
     InionJob  *job,
     GError   **error)
{
  InionExampleSource *self = work->self;
  InionRecording *recording = work->source->recording;
  g_autoptr (GArray) marks = NULL;

  if ((inion_recording_get_events (recording) == NULL &&
       !inion_recording_load_events (recording, job, error)) ||
      !inion_decode_signal_init (&work->signal, work->spec, recording, work->map, job, error) ||
      !inion_cut_init (&self->cut, work->spec, work->signal.rate_hz, error))
    return FALSE;
  self->n_channels = work->signal.n_channels;
  self->rate_hz = work->signal.rate_hz;
  self->settle_s = work->signal.settle_s;
  self->content = inion_recording_get_path (recording) == NULL
                    ? hash_samples (recording, work->map, error)
                    : inion_recording_dup_content_fingerprint (recording, job, error);
  if (self->content == NULL)
    return FALSE;
  self->channels = inion_recording_dup_channels_fingerprint (recording);
  collect_labels (work);
  marks = inion_marks_collect (work->spec, work->source);
  if (work->spec->from == INION_EXAMPLES_EVENTS)
    collect_events (work, marks);
  else if (!collect_windows (work, marks, error))
    return FALSE;
  return cut_all (work, job, error);
}

/**
 * inion_example_source_init:
 * @self: (out): the examples; clear them also after a failure
 * @spec: the recipe
 * @source: the recording, its annotations, its bad channels
 * @channels: (array zero-terminated=1): labels of the channels to use, after referencing
 * @job: (nullable): checked for cancellation
 * @error: return location
 *
 * Cuts the examples of one recording.
 *
 * Returns: %FALSE with an error of reading, of the channels or of the filter
 */
gboolean
inion_example_source_init (InionExampleSource       *self,
                           const InionRecipeSpec    *spec,
                           const InionDecodeSource  *source,
                           const char *const        *channels,
                           InionJob                 *job,
                           GError                  **error)
{
  g_autoptr (InionChannelMap) map = inion_channel_map_new (spec, source->recording, channels,
                                                           source->bad,
                                                           error);
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();
  Work work = { .self = self, .spec = spec, .source = source, .map = map, .labels = labels };
  gboolean ok;

  *self = (InionExampleSource) { 0 };
  self->examples = g_array_new (FALSE, FALSE, sizeof (InionExample));
  ok = map != NULL && run (&work, job, error);
  inion_decode_signal_clear (&work.signal);
  return ok;
}

/**
 * inion_example_source_clear:
 * @self: the examples
 *
 * Frees what they own.
 */
void
inion_example_source_clear (InionExampleSource *self)
{
  g_clear_pointer (&self->examples, g_array_unref);
  g_clear_pointer (&self->data, g_free);
  g_clear_pointer (&self->content, g_free);
  g_clear_pointer (&self->channels, g_free);
}

guint
_inion_example_source_count_rejected (const InionExampleSource *self)
{
  return self->dropped[INION_DROP_MARKED] + self->dropped[INION_DROP_AMPLITUDE];
}
