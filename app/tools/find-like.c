/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places in a recording that look like a selected stretch, as suggestions.
 *
 * The recording is read in chunks that overlap by the pattern; in each, the runs in which no
 * channel misses a sample are compared with the pattern by themselves, so that nothing is looked at
 * across a gap. Of places that overlap only the best is left. This does not depend on the
 * threshold: it may be moved afterwards without another search. */

#define G_LOG_DOMAIN "inion-tasks"

#include "config.h"

#include "app/tools/find-like.h"

#include "app/tools/tool-signal.h"

#include "annotation/annotation-set.h"
#include "core/parallel.h"
#include "core/size.h"

#include <math.h>
#include <string.h>

/* Samples of all channels together that a chunk holds: what the shown signal keeps in its cache. */
#define CHUNK_SAMPLES (1 << 22)
/* Twice the pattern and more, so that most of a chunk is new. */
#define LEAST_PATTERNS 4

typedef struct
{
  InionShownSignal *signal;
  GArray *derivations;
  const InionTemplate *pattern;
  gint64 first;              /* of the chunk */
  gsize n;
  gsize stride;
  double *x;                 /* [n_derivations × stride] */
  double *run;               /* the same, packed */
  double *scores;
} Work;

static gboolean
read_row (gsize     index,
          gpointer  data,
          GError  **error)
{
  Work *work = data;

  return inion_tool_read (work->signal, g_array_index (work->derivations, guint, index),
                          work->first, work->n, work->x + index * work->stride, error);
}

static gboolean
read_chunk (Work    *work,
            gint64   first,
            gint64   end,
            GError **error)
{
  work->first = first;
  work->n = (gsize) (end - first);
  return inion_parallel_for (work->derivations->len, read_row, work, NULL, error);
}

static gboolean
is_whole (const Work *work,
          gsize       i)
{
  for (guint c = 0; c < work->derivations->len; c++)
    if (!isfinite (work->x[c * work->stride + i]))
      return FALSE;
  return TRUE;
}

/* Looks at the samples [at, end) of the chunk, which are all there. A score at the chunk's own
 * first or last place may be a peak only if its run begins or ends there. */
static void
search_run (Work     *work,
            gsize     at,
            gsize     end,
            gboolean  begins,
            gboolean  ends,
            GArray   *hits,
            double    least)
{
  gsize n = end - at, length = inion_template_get_length (work->pattern);

  if (n < length)
    return;
  for (guint c = 0; c < work->derivations->len; c++)
    memcpy (work->run + c * n, work->x + c * work->stride + at, n * sizeof *work->run);
  inion_template_score (work->pattern, work->run, n, work->scores);
  inion_template_find_peaks (work->scores, n - length + 1, work->first + (gint64) at, least, begins,
                             ends, hits);
}

static void
search_chunk (Work    *work,
              gboolean is_first,
              gboolean is_last,
              GArray  *hits,
              double   least)
{
  gsize at = 0;

  while (at < work->n)
    {
      gsize end;

      while (at < work->n && !is_whole (work, at))
        at++;
      for (end = at; end < work->n && is_whole (work, end); end++)
        ;
      search_run (work, at, end, at > 0 || is_first, end < work->n || is_last, hits, least);
      at = end;
    }
}

static gboolean
search (Work      *work,
        InionLike *like,
        double     least,
        InionJob  *job,
        GError   **error)
{
  gint64 total = inion_channel_get_n_samples (like->clock), at = 0, end;
  /* The last two places of a chunk are the first two of the next: each is once an inner one. */
  gint64 hop = (gint64) work->stride - (gint64) like->length - 1;

  for (;; at += hop)
    {
      end = MIN (at + (gint64) work->stride, total);
      if (job != NULL && !inion_job_check (job, error))
        return FALSE;
      if (job != NULL)
        inion_job_report (job, (double) at / (double) MAX (total, 1), NULL);
      if (!read_chunk (work, at, end, error))
        return FALSE;
      search_chunk (work, at == 0, end == total, like->hits, least);
      if (end == total)
        break;
    }
  like->n_samples = (gsize) total;
  return TRUE;
}

/* The pattern itself is no find. It is the best of its neighbours, and hides them. */
static void
leave_pattern_out (InionLike *like)
{
  guint n = 0;

  for (guint i = 0; i < like->hits->len; i++)
    {
      InionTemplateHit hit = g_array_index (like->hits, InionTemplateHit, i);

      if (ABS (hit.at - like->first) >= (gint64) like->length)
        g_array_index (like->hits, InionTemplateHit, n++) = hit;
    }
  g_array_set_size (like->hits, n);
}

static InionTemplate *
read_pattern (Work            *work,
              InionLike       *like,
              InionSimilarity  similarity,
              double           from_s,
              double           to_s,
              GError         **error)
{
  InionMontage *montage = inion_shown_signal_get_montage (work->signal);
  guint n_channels = work->derivations->len;
  g_autofree double *values = NULL;
  gsize size;
  gint64 end;

  inion_tool_find_samples (montage, g_array_index (work->derivations, guint, 0), from_s, to_s,
                           &like->first, &end);
  like->length = (gsize) (end - like->first);
  if (!inion_size_mul (&size, n_channels, MAX (like->length, 1)))
    size = G_MAXSIZE;
  values = inion_try_new (double, size, "the pattern", error);
  if (values == NULL)
    return NULL;
  for (guint c = 0; c < n_channels; c++)
    if (!inion_tool_read (work->signal, g_array_index (work->derivations, guint, c), like->first,
                          like->length, values + c * like->length, error))
      return NULL;
  return inion_template_new (values, n_channels, like->length, similarity, error);
}

static gboolean
check_clocks (InionMontage  *montage,
              GArray        *derivations,
              GError       **error)
{
  InionChannel *first;

  if (derivations->len == 0)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "There is no good EEG channel to look at.");
  first = inion_montage_get_clock (montage, g_array_index (derivations, guint, 0));
  for (guint i = 1; i < derivations->len; i++)
    {
      InionChannel *clock =
        inion_montage_get_clock (montage, g_array_index (derivations, guint, i));

      if (inion_channel_get_rate_hz (clock) != inion_channel_get_rate_hz (first) ||
          inion_channel_get_n_samples (clock) != inion_channel_get_n_samples (first))
        return inion_set_error (error, INION_ERROR_INVALID,
                                "%s and %s have different sampling rates: look at channels of one "
                                "rate only.", inion_channel_get_label (first),
                                inion_channel_get_label (clock));
    }
  return TRUE;
}

/* A mark belongs to the electrodes of its derivations. */
static GStrv
dup_channels (InionMontage *montage,
              GArray       *derivations)
{
  InionRecording *recording = inion_montage_get_recording (montage);
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();

  for (guint i = 0; i < derivations->len; i++)
    {
      const InionDerivation *what =
        inion_montage_get_derivation (montage, g_array_index (derivations, guint, i));

      /* Bipolar: both; to a common reference: its own. */
      for (guint t = 0; t < (what->n_terms == 2 ? 2 : 1); t++)
        g_strv_builder_add (labels, inion_channel_get_label (inion_recording_get_channel (
                                      recording, what->channels[t])));
    }
  return g_strv_builder_end (labels);
}

/**
 * inion_like_find:
 * @signal: the shown signal
 * @derivations: (element-type guint): which of it, of one rate
 * @all: whether marks are of all channels and not of those that were looked at
 * @from_s: where the pattern begins, in seconds since the recording's start
 * @to_s: where it ends
 * @similarity: how channels become one number
 * @least: the least similarity that is kept, up to 1
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Looks through the whole recording. O(n log n) a channel.
 *
 * Returns: (transfer full) (nullable): what was found, or %NULL with an error of
 *   inion_template_new(), %INION_ERROR_INVALID for channels of several rates, an error of reading,
 *   or %G_IO_ERROR_CANCELLED
 */
InionLike *
inion_like_find (InionShownSignal  *signal,
                 GArray            *derivations,
                 gboolean           all,
                 double             from_s,
                 double             to_s,
                 InionSimilarity    similarity,
                 double             least,
                 InionJob          *job,
                 GError           **error)
{
  InionMontage *montage = inion_shown_signal_get_montage (signal);
  g_autoptr (InionLike) self = NULL;
  g_autoptr (InionTemplate) pattern = NULL;
  g_autofree double *x = NULL;
  g_autofree double *run = NULL;
  g_autofree double *scores = NULL;
  Work work = { .signal = signal, .derivations = derivations };
  gsize size;

  if (!check_clocks (montage, derivations, error))
    return NULL;
  self = g_new0 (InionLike, 1);
  self->hits = g_array_new (FALSE, FALSE, sizeof (InionTemplateHit));
  self->clock = g_object_ref (inion_montage_get_clock (montage,
                                                       g_array_index (derivations, guint, 0)));
  if (!all)
    self->channels = dup_channels (montage, derivations);
  pattern = read_pattern (&work, self, similarity, from_s, to_s, error);
  if (pattern == NULL)
    return NULL;
  work.pattern = pattern;
  work.stride = MAX ((gsize) CHUNK_SAMPLES / derivations->len, LEAST_PATTERNS * self->length);
  work.stride = MIN (work.stride, (gsize) inion_channel_get_n_samples (self->clock));
  if (!inion_size_mul (&size, work.stride, derivations->len))
    size = G_MAXSIZE;
  x = inion_try_new (double, size, "the signal", error);
  run = x != NULL ? inion_try_new (double, size, "the signal", error) : NULL;
  scores = run != NULL ? inion_try_new (double, work.stride, "the signal", error) : NULL;
  if (scores == NULL)
    return NULL;
  work.x = x;
  work.run = run;
  work.scores = scores;
  if (!search (&work, self, least, job, error))
    return NULL;
  inion_template_thin (self->hits, (gint64) self->length);
  leave_pattern_out (self);
  return g_steal_pointer (&self);
}

void
inion_like_free (InionLike *self)
{
  g_clear_pointer (&self->hits, g_array_unref);
  g_strfreev (self->channels);
  g_clear_object (&self->clock);
  g_free (self);
}

/**
 * inion_like_count:
 * @self: what was found
 * @threshold: the least similarity that counts
 *
 * Returns: how many places are at least as similar
 */
guint
inion_like_count (const InionLike *self,
                  double           threshold)
{
  guint n = 0;

  for (guint i = 0; i < self->hits->len; i++)
    n += g_array_index (self->hits, InionTemplateHit, i).score >= threshold;
  return n;
}

static InionAnnotationSet *
collect_label (GPtrArray  *marks,
               const char *label)
{
  InionAnnotationSet *set = inion_annotation_set_new ();
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; marks != NULL && i < marks->len; i++)
    {
      InionAnnotation *mark = g_ptr_array_index (marks, i);

      if (g_strcmp0 (inion_annotation_get_label (mark), label) == 0)
        g_ptr_array_add (found, inion_annotation_copy_with_id (mark, (gint64) found->len + 1));
    }
  inion_annotation_set_add_many (set, found);
  return set;
}

/**
 * inion_like_make_marks:
 * @self: what was found
 * @threshold: the least similarity that counts
 * @label: what the suggestions are called
 * @marks: (nullable) (element-type InionAnnotation): marks there are already
 * @n_known: (out) (optional): how many places a mark of the same label covers already
 *
 * Returns: (transfer full) (element-type InionAnnotation): suggestions, with the similarity as
 *   their confidence, for the other places
 */
GPtrArray *
inion_like_make_marks (const InionLike *self,
                       double           threshold,
                       const char      *label,
                       GPtrArray       *marks,
                       guint           *n_known)
{
  g_autoptr (InionAnnotationSet) known = collect_label (marks, label);
  GPtrArray *made = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = 0;

  for (guint i = 0; i < self->hits->len; i++)
    {
      const InionTemplateHit *hit = &g_array_index (self->hits, InionTemplateHit, i);
      gint64 from = inion_channel_sample_to_ns (self->clock, hit->at);
      gint64 to = inion_channel_sample_to_ns (self->clock, hit->at + (gint64) self->length);

      if (hit->score < threshold)
        continue;
      if (inion_annotation_set_count_in (known, from, to) > 0)
        {
          n++;
          continue;
        }
      g_ptr_array_add (made, inion_annotation_new (0, from, to - from, label,
                                                   (const char *const *) self->channels,
                                                   INION_LIKE_RATER, INION_ORIGIN_MODEL,
                                                   MIN (hit->score, 1), NULL));
    }
  if (n_known != NULL)
    *n_known = n;
  return made;
}
