/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measuring the scalp map, the spectrum and the bands of what is looked at, as one job. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/review/review-job.h"

#include "marker/band-marker.h"
#include "signal/spectrum.h"

#include <glib/gi18n.h>
#include <math.h>

static void
question_free (gpointer data)
{
  InionReviewQuestion *question = data;

  g_clear_object (&question->map_signal);
  g_clear_object (&question->signal);
  g_free (question);
}

/* Cuts a range of samples down to its longest stretch without a gap. */
static InionReviewRange
cut_to_run (InionMontage *montage,
            guint         derivation,
            gint64       *first,
            gint64       *end)
{
  const InionDerivation *what = inion_montage_get_derivation (montage, derivation);
  gint64 run, n;

  if (what->n_terms == 0 || *end <= *first)
    return INION_REVIEW_RANGE_WHOLE;
  if (!inion_recording_find_longest_run (inion_montage_get_recording (montage), what->channels[0],
                                         *first, *end, &run, &n))
    return INION_REVIEW_RANGE_EMPTY;
  if (run == *first && run + n == *end)
    return INION_REVIEW_RANGE_WHOLE;
  *first = run;
  *end = run + n;
  return INION_REVIEW_RANGE_CUT;
}

/* The range of a map as the time of its longest stretch without a gap. */
static InionReviewRange
cut_map_range (InionReviewQuestion *question)
{
  InionMontage *montage = inion_shown_signal_get_montage (question->map_signal);
  InionChannel *clock;
  gint64 first, end;
  InionReviewRange range;

  if (inion_montage_get_n_derivations (montage) == 0)
    return INION_REVIEW_RANGE_WHOLE;
  clock = inion_montage_get_clock (montage, 0);
  first = inion_channel_ns_to_sample (clock, (gint64) (question->map_from * 1e9));
  end = inion_channel_ns_to_sample (clock, (gint64) (question->map_to * 1e9)) + 1;
  /* At the edges of the recording the nearest sample is taken. */
  first = CLAMP (first, 0, MAX (inion_channel_get_n_samples (clock) - 1, 0));
  end = CLAMP (end, first + 1, MAX (inion_channel_get_n_samples (clock), first + 1));
  range = cut_to_run (montage, 0, &first, &end);
  if (range == INION_REVIEW_RANGE_CUT)
    {
      question->map_from = (double) inion_channel_sample_to_ns (clock, first) / 1e9;
      question->map_to = (double) inion_channel_sample_to_ns (clock, end - 1) / 1e9;
    }
  return range;
}

static double
mean_over (InionShownSignal  *signal,
           guint              derivation,
           double             from_s,
           double             to_s,
           GError           **error)
{
  InionChannel *clock = inion_montage_get_clock (inion_shown_signal_get_montage (signal),
                                                 derivation);
  gint64 n = inion_channel_get_n_samples (clock);
  gint64 first = CLAMP (inion_channel_ns_to_sample (clock, (gint64) (from_s * 1e9)), 0,
                        MAX (n - 1, 0));
  gint64 end = CLAMP (inion_channel_ns_to_sample (clock, (gint64) (to_s * 1e9)) + 1, first + 1, n);
  gsize count = (gsize) MIN (end - first, (gint64) (INION_REVIEW_MAX_SPECTRUM_S *
                                                     inion_channel_get_rate_hz (clock)));
  g_autofree float *x = g_new (float, MAX (count, 1));
  double sum = 0;

  if (n == 0 || !inion_shown_signal_read (signal, derivation, first, count, x, error))
    return NAN;
  for (gsize i = 0; i < count; i++)
    sum += (double) x[i];
  return sum / (double) count;
}

static gboolean
measure_map (InionJob             *job,
             InionReviewQuestion  *question,
             InionReviewAnswer    *answer,
             GError              **error)
{
  g_autofree InionPosition *places = NULL;
  g_autofree gboolean *known = NULL;
  InionRecording *recording;
  InionMontage *montage;
  guint n;

  if (question->map_signal != NULL)
    answer->map_range = cut_map_range (question);
  answer->map_from = question->map_from;
  answer->map_to = question->map_to;
  if (question->map_signal == NULL || answer->map_range == INION_REVIEW_RANGE_EMPTY)
    return TRUE;
  montage = inion_shown_signal_get_montage (question->map_signal);
  recording = inion_montage_get_recording (montage);
  n = inion_montage_get_n_derivations (montage);
  answer->positions = g_new0 (InionPosition, MAX (n, 1));
  answer->names = g_new0 (char *, n + 1);
  answer->values = g_new0 (double, MAX (n, 1));
  places = g_new0 (InionPosition, MAX (inion_recording_get_n_channels (recording), 1));
  known = g_new0 (gboolean, MAX (inion_recording_get_n_channels (recording), 1));
  inion_montage_locate_channels (recording, places, known);
  for (guint i = 0; i < n; i++)
    {
      /* The first term of a referential derivation is the electrode itself. */
      guint own = inion_montage_get_derivation (montage, i)->channels[0];

      if (!known[own])
        continue;
      if (!inion_job_check (job, error))
        return FALSE;
      answer->positions[answer->n] = places[own];
      answer->values[answer->n] = mean_over (question->map_signal, i, question->map_from,
                                             question->map_to, error);
      if (*error != NULL)
        return FALSE;
      answer->names[answer->n++] =
        g_strdup (inion_channel_get_label (inion_recording_get_channel (recording, own)));
    }
  return TRUE;
}

/* µV in one unit of a channel; NAN if it is no voltage. */
static double
unit_in_uv (const char *unit)
{
  static const char *const units[] = { "µV", "uV", "V", "mV", "nV" };
  static const double uv[] = { 1.0, 1.0, 1e6, 1e3, 1e-3 };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_strcmp0 (unit, units[i]) == 0)
      return uv[i];
  return NAN;
}

static gboolean
measure_spectrum (InionJob             *job,
                  InionReviewQuestion  *question,
                  InionReviewAnswer    *answer,
                  GError              **error)
{
  InionMontage *montage = inion_shown_signal_get_montage (question->signal);
  InionChannel *clock = inion_montage_get_clock (montage, question->derivation);
  double rate = inion_channel_get_rate_hz (clock);
  gint64 n_all = inion_channel_get_n_samples (clock);
  gint64 first = CLAMP (inion_channel_ns_to_sample (clock, (gint64) (question->from * 1e9)), 0,
                        n_all);
  gint64 end = CLAMP (inion_channel_ns_to_sample (clock, (gint64) (question->to * 1e9)), first,
                      MIN (n_all, first + (gint64) (INION_REVIEW_MAX_SPECTRUM_S * rate)));
  InionReviewRange range = cut_to_run (montage, question->derivation, &first, &end);
  gsize n = range == INION_REVIEW_RANGE_EMPTY ? 0 : (gsize) (end - first);
  gsize segment = MIN (n, (gsize) (4.0 * rate));
  g_autofree float *x = g_new (float, MAX (n, 1));
  g_autofree double *y = g_new (double, MAX (n, 1));
  double uv = unit_in_uv (inion_montage_get_unit (montage, question->derivation));
  double prominence;

  answer->channel = g_strdup (inion_montage_get_derivation (montage, question->derivation)->label);
  answer->range = range;
  answer->from = (double) inion_channel_sample_to_ns (clock, first) / 1e9;
  answer->to = (double) inion_channel_sample_to_ns (clock, end) / 1e9;
  answer->peak_hz = NAN;
  if (!isfinite (uv))
    answer->unit = g_strdup (inion_montage_get_unit (montage, question->derivation));
  if (segment < 16 || answer->unit != NULL)
    return TRUE;
  if (!inion_shown_signal_read (question->signal, question->derivation, first, n, x, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    y[i] = (double) x[i] * uv;
  answer->n_bins = segment / 2 + 1;
  answer->bin_hz = rate / (double) segment;
  answer->psd = g_new0 (double, answer->n_bins);
  if (!inion_welch (y, n, rate, segment, segment / 2, INION_WINDOW_HANN, answer->psd, error))
    return FALSE;
  answer->bands_known = inion_band_powers (y, n, rate, answer->absolute, answer->relative, NULL);
  if (!inion_peak_alpha (y, n, rate, &answer->peak_hz, &prominence, NULL))
    answer->peak_hz = NAN;
  return TRUE;
}

static gpointer
measure (InionJob  *job,
         gpointer   data,
         GError   **error)
{
  InionReviewQuestion *question = data;
  InionReviewAnswer *answer = g_new0 (InionReviewAnswer, 1);

  if (!measure_map (job, question, answer, error) ||
      !measure_spectrum (job, question, answer, error))
    g_clear_pointer (&answer, inion_review_answer_free);
  return answer;
}

/**
 * inion_review_answer_free:
 * @self: (transfer full): what was measured
 */
void
inion_review_answer_free (InionReviewAnswer *self)
{
  g_free (self->positions);
  g_strfreev (self->names);
  g_free (self->values);
  g_free (self->psd);
  g_free (self->channel);
  g_free (self->unit);
  g_free (self);
}

static void
free_result (gpointer data)
{
  inion_review_answer_free (data);
}

/**
 * inion_review_job_new:
 * @question: (transfer full): what is looked at
 *
 * Returns: (transfer full): a job whose result is an #InionReviewAnswer
 */
InionJob *
inion_review_job_new (InionReviewQuestion *question)
{
  return inion_job_new (_("Measuring"), measure, question, question_free, free_result);
}
