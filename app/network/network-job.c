/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measuring the connectivity of a stretch of a recording, as one job.
 *
 * The stretch is cut into epochs from its start; what is left over at its end is not looked at, nor
 * are epochs that hold a gap.
 * The answer holds strengths, and the bound that they would seldom reach without coupling. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/network/network-job.h"

#include "core/error.h"
#include "network/epochs.h"
#include "scalp/montage.h"

#include <glib/gi18n.h>
#include <math.h>

#define N_NULL 40

/* Cuts [n_epochs][n_channels][n_samples] out of the recording. */
static double *
read_epochs (InionNetworkQuestion  *question,
             InionJob              *job,
             gsize                 *n_epochs,
             gsize                 *n_left_out,
             gsize                 *n_samples,
             double                *rate,
             GError               **error)
{
  InionChannel *clock =
    inion_recording_get_channel (question->recording,
                                 g_array_index (question->channels, guint, 0));
  gint64 first = inion_channel_ns_to_sample (clock, (gint64) (question->from * 1e9));
  gint64 end = inion_channel_ns_to_sample (clock, (gint64) (question->to * 1e9));
  g_autofree double *data = NULL;

  *rate = inion_channel_get_rate_hz (clock);
  *n_samples = (gsize) MAX (8, lround (question->epoch_s * *rate));
  data = inion_epochs_read (question->recording, (const guint *) question->channels->data,
                            question->channels->len, MAX (first, 0), end, *n_samples, n_epochs,
                            n_left_out, job, error);
  if (data == NULL)
    return NULL;
  if (*n_epochs < 2 && *n_left_out == 0)
    {
      inion_set_error (error, INION_ERROR_TOO_FEW,
                       _("The page holds %u epochs of %g s; connectivity needs at least 2. Show a "
                         "longer page or choose shorter epochs."),
                       (guint) *n_epochs, question->epoch_s);
      return NULL;
    }
  if (*n_epochs < 2)
    {
      inion_set_error (error, INION_ERROR_TOO_FEW,
                       _("The page holds %u epochs of %g s without a gap, and %u with one; "
                         "connectivity needs at least 2. Show another page or choose shorter "
                         "epochs."), (guint) *n_epochs, question->epoch_s, (guint) *n_left_out);
      return NULL;
    }
  return g_steal_pointer (&data);
}

static void
name_nodes (InionNetworkQuestion *question,
            InionNetworkAnswer   *answer)
{
  guint n_all = inion_recording_get_n_channels (question->recording);
  g_autofree InionPosition *places = g_new0 (InionPosition, MAX (n_all, 1));
  g_autofree gboolean *known = g_new0 (gboolean, MAX (n_all, 1));

  inion_montage_locate_channels (question->recording, places, known);
  answer->n = question->channels->len;
  answer->positions = g_new0 (InionPosition, answer->n);
  answer->names = g_new0 (char *, answer->n + 1);
  for (guint i = 0; i < answer->n; i++)
    {
      guint index = g_array_index (question->channels, guint, i);

      answer->positions[i] = places[index];
      answer->names[i] = g_strdup (
        inion_channel_get_label (inion_recording_get_channel (question->recording, index)));
    }
}

static gpointer
measure (InionJob  *job,
         gpointer   data,
         GError   **error)
{
  InionNetworkQuestion *question = data;
  g_autofree double *epochs = NULL;
  gsize n_epochs, n_left_out, n_samples;
  InionNetworkAnswer *answer;
  double rate;

  inion_job_report (job, 0.0, _("Reading the page"));
  epochs = read_epochs (question, job, &n_epochs, &n_left_out, &n_samples, &rate, error);
  if (epochs == NULL)
    return NULL;
  answer = g_new0 (InionNetworkAnswer, 1);
  name_nodes (question, answer);
  answer->from = question->from;
  answer->to = question->to;
  answer->title = g_strdup (question->title);
  answer->n_epochs = n_epochs;
  answer->n_left_out = n_left_out;
  answer->matrix = g_new0 (double, (gsize) answer->n * answer->n);
  inion_job_report (job, 0.1, _("Measuring all pairs"));
  if (!inion_connectivity (epochs, n_epochs, answer->n, n_samples, rate, question->measure,
                           question->low_hz, question->high_hz, answer->matrix, job, error))
    {
      g_clear_pointer (&answer, inion_network_answer_free);
      return NULL;
    }
  /* An edge is a strength: the sign of the imaginary part only says who leads, and an estimate of
   * wPLI² below zero says that there is none. */
  for (gsize i = 0; i < (gsize) answer->n * answer->n; i++)
    answer->matrix[i] = question->measure == INION_CONNECTIVITY_DEBIASED_WPLI
                          ? MAX (answer->matrix[i], 0.0) : fabs (answer->matrix[i]);
  inion_job_report (job, 0.2, _("Making the null"));
  if (!inion_connectivity_null (epochs, n_epochs, answer->n, n_samples, rate, question->measure,
                                question->low_hz, question->high_hz, N_NULL, 1, &answer->bound, job,
                                error))
    g_clear_pointer (&answer, inion_network_answer_free);
  return answer;
}

/**
 * inion_network_question_new:
 * @recording: what is asked about
 * @channels: (element-type guint): which of its channels, all of one clock, at least 2
 *
 * Returns: (transfer full): a question whose other fields are to be filled in
 */
InionNetworkQuestion *
inion_network_question_new (InionRecording *recording,
                            GArray         *channels)
{
  InionNetworkQuestion *self = g_new0 (InionNetworkQuestion, 1);

  self->recording = g_object_ref (recording);
  self->channels = g_array_ref (channels);
  return self;
}

/**
 * inion_network_question_free:
 * @self: (transfer full): a question
 */
void
inion_network_question_free (InionNetworkQuestion *self)
{
  g_clear_object (&self->recording);
  g_array_unref (self->channels);
  g_free (self->title);
  g_free (self);
}

/**
 * inion_network_answer_free:
 * @self: (transfer full): an answer
 */
void
inion_network_answer_free (InionNetworkAnswer *self)
{
  g_free (self->positions);
  g_strfreev (self->names);
  g_free (self->matrix);
  g_free (self->title);
  g_free (self);
}

/**
 * inion_network_job_new:
 * @question: (transfer full): what to measure
 *
 * Returns: (transfer full): a job whose result is an #InionNetworkAnswer
 */
InionJob *
inion_network_job_new (InionNetworkQuestion *question)
{
  g_return_val_if_fail (question != NULL && question->channels->len >= 2, NULL);

  return inion_job_new (_("Measuring connectivity"), measure, question,
                        (GDestroyNotify) inion_network_question_free,
                        (GDestroyNotify) inion_network_answer_free);
}
