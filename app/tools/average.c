/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shown signal averaged about marks and events, condition by condition.
 *
 * An epoch counts only as a whole: one that reaches past an end of the recording, over a gap or
 * into a mark that rejects is left out and counted. The channels of an epoch are rejected together,
 * so that all are the mean of the same epochs. */

#define G_LOG_DOMAIN "inion-tasks"

#include "config.h"

#include "app/tools/average.h"

#include "app/tools/tool-signal.h"

#include "annotation/annotation-set.h"
#include "core/parallel.h"
#include "core/size.h"

#include <math.h>
#include <string.h>

/* What an average is made of. */
typedef struct
{
  InionShownSignal *signal;
  InionAverage *average;
  InionAnnotationSet *rejecting;
  InionChannel *clock;
  double *epoch;             /* [n_derivations × n] */
  gint64 first;              /* of the epoch that is read */
} Work;

void
inion_average_settings_init (InionAverageSettings *settings)
{
  *settings = (InionAverageSettings) {
    .from_s = -0.2, .to_s = 0.8, .baseline_from_s = NAN, .baseline_to_s = 0, .most = 0,
  };
}

static void
condition_free (gpointer data)
{
  InionAverageCondition *condition = data;

  g_free (condition->label);
  g_clear_pointer (&condition->evoked, inion_evoked_free);
  g_free (condition);
}

void
inion_average_free (InionAverage *self)
{
  g_clear_object (&self->montage);
  g_clear_pointer (&self->derivations, g_array_unref);
  g_clear_pointer (&self->conditions, g_ptr_array_unref);
  g_free (self);
}

/* Marks that people made or accepted, by their labels, where they can be looked up by time. */
static InionAnnotationSet *
collect_rejecting (GPtrArray         *marks,
                   const char *const *reject)
{
  InionAnnotationSet *set = inion_annotation_set_new ();
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; reject != NULL && i < marks->len; i++)
    {
      InionAnnotation *mark = g_ptr_array_index (marks, i);

      if (!inion_annotation_is_suggestion (mark) &&
          g_strv_contains (reject, inion_annotation_get_label (mark)))
        g_ptr_array_add (found, inion_annotation_copy_with_id (mark, (gint64) found->len + 1));
    }
  inion_annotation_set_add_many (set, found);
  return set;
}

typedef struct
{
  const InionAverage *average;
  gboolean rejected;
} Rejection;

static gboolean
reject_visit (InionAnnotation *mark,
              gpointer         data)
{
  Rejection *rejection = data;
  const InionAverage *average = rejection->average;
  InionRecording *recording = inion_montage_get_recording (average->montage);

  if (inion_annotation_get_channels (mark) == NULL)
    rejection->rejected = TRUE;
  for (guint d = 0; !rejection->rejected && d < average->derivations->len; d++)
    {
      const InionDerivation *what =
        inion_montage_get_derivation (average->montage,
                                      g_array_index (average->derivations, guint, d));

      for (guint t = 0; t < MIN (what->n_terms, 2); t++)
        rejection->rejected |= inion_annotation_covers_channel (
          mark, inion_channel_get_label (inion_recording_get_channel (recording,
                                                                      what->channels[t])));
    }
  return !rejection->rejected;
}

static gboolean
is_rejected (const Work *work,
             gint64      first)
{
  Rejection rejection = { work->average, FALSE };
  gint64 end = first + (gint64) work->average->window.n;

  inion_annotation_set_foreach_in (work->rejecting, inion_channel_sample_to_ns (work->clock, first),
                                   inion_channel_sample_to_ns (work->clock, end), reject_visit,
                                   &rejection);
  return rejection.rejected;
}

static gboolean
read_row (gsize     index,
          gpointer  data,
          GError  **error)
{
  Work *work = data;
  gsize n = work->average->window.n;

  return inion_tool_read (work->signal, g_array_index (work->average->derivations, guint, index),
                          work->first, n, work->epoch + index * n, error);
}

static gboolean
add_epoch (Work                  *work,
           InionAverageCondition *condition,
           InionAnnotation       *mark,
           double                 most,
           GError               **error)
{
  InionAverage *average = work->average;

  work->first = inion_channel_ns_to_nearest_sample (work->clock,
                                                    inion_annotation_get_onset_ns (mark)) +
                average->window.first;
  if (work->first < 0 ||
      work->first + (gint64) average->window.n > inion_channel_get_n_samples (work->clock))
    inion_evoked_leave_out (condition->evoked, INION_EPOCH_OUTSIDE);
  else if (is_rejected (work, work->first))
    inion_evoked_leave_out (condition->evoked, INION_EPOCH_ARTIFACT);
  else if (!inion_parallel_for (average->derivations->len, read_row, work, NULL, error))
    return FALSE;
  else
    inion_evoked_add (condition->evoked, &average->window, work->epoch, most);
  return TRUE;
}

static gboolean
add_condition (Work        *work,
               GPtrArray   *marks,
               const char  *label,
               double       most,
               double       done,
               double       share,
               InionJob    *job,
               GError     **error)
{
  InionAverageCondition *condition = g_new0 (InionAverageCondition, 1);

  g_ptr_array_add (work->average->conditions, condition);
  condition->label = g_strdup (label);
  condition->evoked = inion_evoked_new (work->average->derivations->len, work->average->window.n,
                                        error);
  if (condition->evoked == NULL)
    return FALSE;
  for (guint i = 0; i < marks->len; i++)
    {
      InionAnnotation *mark = g_ptr_array_index (marks, i);

      if (job != NULL && !inion_job_check (job, error))
        return FALSE;
      if (job != NULL)
        inion_job_report (job, done + share * i / marks->len, label);
      if (!inion_annotation_is_suggestion (mark) &&
          g_strcmp0 (inion_annotation_get_label (mark), label) == 0 &&
          !add_epoch (work, condition, mark, most, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * inion_average_new:
 * @signal: the shown signal
 * @derivations: (element-type guint): which of it, at least one, all of one rate
 * @marks: (element-type InionAnnotation): events of the file and marks of people, in time order;
 *   suggestions count for nothing
 * @labels: (array zero-terminated=1): one condition each
 * @reject: (array zero-terminated=1) (nullable): labels of marks that an epoch must not touch
 * @settings: the epoch, its baseline, the largest amplitude
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Averages about the onset of each mark of each label.
 *
 * Returns: (transfer full) (nullable): the averages; a condition may have no epoch. %NULL with
 *   %INION_ERROR_INVALID for settings without sense, %INION_ERROR_TOO_FEW without derivations, an
 *   error of reading, or %G_IO_ERROR_CANCELLED
 */
InionAverage *
inion_average_new (InionShownSignal            *signal,
                   GArray                      *derivations,
                   GPtrArray                   *marks,
                   const char *const           *labels,
                   const char *const           *reject,
                   const InionAverageSettings  *settings,
                   InionJob                    *job,
                   GError                     **error)
{
  g_autoptr (InionAverage) self = g_new0 (InionAverage, 1);
  g_autoptr (InionAnnotationSet) rejecting = NULL;
  g_autofree double *epoch = NULL;
  guint n_labels = g_strv_length ((char **) labels);
  Work work;
  gsize size;

  if (derivations->len == 0)
    {
      inion_set_error (error, INION_ERROR_TOO_FEW, "There is no good EEG channel to average.");
      return NULL;
    }
  self->montage = g_object_ref (inion_shown_signal_get_montage (signal));
  self->derivations = g_array_copy (derivations);
  self->conditions = g_ptr_array_new_with_free_func (condition_free);
  work = (Work) { .signal = signal, .average = self };
  work.clock = inion_montage_get_clock (self->montage, g_array_index (derivations, guint, 0));
  self->rate_hz = inion_channel_get_rate_hz (work.clock);
  if (!inion_epoch_window_init (&self->window, settings->from_s, settings->to_s,
                                settings->baseline_from_s, settings->baseline_to_s, self->rate_hz,
                                error))
    return NULL;
  if (!inion_size_mul (&size, derivations->len, self->window.n))
    size = G_MAXSIZE;
  epoch = inion_try_new (double, size, "an epoch", error);
  if (epoch == NULL)
    return NULL;
  rejecting = collect_rejecting (marks, reject);
  work.epoch = epoch;
  work.rejecting = rejecting;
  for (guint i = 0; i < n_labels; i++)
    if (!add_condition (&work, marks, labels[i], settings->most, (double) i / n_labels,
                        1.0 / n_labels, job, error))
      return NULL;
  return g_steal_pointer (&self);
}

/**
 * inion_average_get_time_s:
 * @self: an average
 * @index: which sample of the epoch
 *
 * Returns: seconds from the event
 */
double
inion_average_get_time_s (const InionAverage *self,
                          gsize               index)
{
  return (double) (self->window.first + (gint64) index) / self->rate_hz;
}

/**
 * inion_average_condition_dup_counts:
 * @self: a condition
 *
 * Returns: (transfer full): how many epochs it is the mean of, and how many were left out and why
 */
char *
inion_average_condition_dup_counts (const InionAverageCondition *self)
{
  static const struct
  {
    InionEpochOutcome outcome;
    const char *why;
  } reasons[] = {
    { INION_EPOCH_ARTIFACT, "touch an artifact" },
    { INION_EPOCH_GAP, "hold a gap" },
    { INION_EPOCH_OUTSIDE, "reach past an end" },
    { INION_EPOCH_AMPLITUDE, "are too large" },
  };
  guint used = self->evoked->counts[INION_EPOCH_USED];
  GString *text = g_string_new (NULL);
  gboolean first = TRUE;

  g_string_printf (text, "%u epoch%s", used, used == 1 ? "" : "s");
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      guint n = self->evoked->counts[reasons[i].outcome];

      if (n == 0)
        continue;
      g_string_append_printf (text, "%s%u %s", first ? "; left out: " : ", ", n, reasons[i].why);
      first = FALSE;
    }
  return g_string_free (text, FALSE);
}
