/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Averaging for the window: of what is shown, and of the electrodes of a map. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/tools/average-job.h"

#include "app/tools/tool-signal.h"

#include <glib/gi18n.h>

typedef struct
{
  InionShownSignal *signal;
  GStrv bad;
  GPtrArray *marks;
  GStrv labels;
  GStrv reject;
  InionAverageSettings settings;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_object_unref (question->signal);
  g_strfreev (question->bad);
  g_ptr_array_unref (question->marks);
  g_strfreev (question->labels);
  g_strfreev (question->reject);
  g_free (question);
}

void
inion_average_answer_free (InionAverageAnswer *self)
{
  for (guint c = 0; self->bands != NULL && c < self->shown->conditions->len; c++)
    g_free (self->bands[c]);
  g_free (self->bands);
  g_clear_pointer (&self->shown, inion_average_free);
  g_clear_pointer (&self->mapped, inion_average_free);
  g_clear_pointer (&self->map, inion_tool_map_unref);
  g_free (self->no_map);
  g_free (self);
}

static void
find_bands (InionAverageAnswer *answer)
{
  const InionAverage *shown = answer->shown;

  answer->bands = g_new0 (double *, MAX (shown->conditions->len, 1));
  for (guint c = 0; c < shown->conditions->len; c++)
    {
      const InionAverageCondition *condition = g_ptr_array_index (shown->conditions, c);

      answer->bands[c] = g_new (double, shown->derivations->len * shown->window.n);
      inion_evoked_get_band (condition->evoked, answer->bands[c]);
    }
}

/* A recording without a map has averages all the same. */
static gboolean
average_map (Question            *question,
             InionAverageAnswer  *answer,
             InionJob            *job,
             GError             **error)
{
  InionMontage *montage = inion_shown_signal_get_montage (question->signal);
  g_autoptr (GError) why = NULL;

  answer->map = inion_tool_map_new (inion_montage_get_recording (montage),
                                    (const char *const *) question->bad,
                                    inion_shown_signal_get_filter (question->signal), &why);
  if (answer->map == NULL)
    {
      answer->no_map = g_strdup (why->message);
      return TRUE;
    }
  answer->mapped = inion_average_new (answer->map->signal, answer->map->derivations,
                                      question->marks, (const char *const *) question->labels,
                                      (const char *const *) question->reject,
                                      &question->settings, job, error);
  return answer->mapped != NULL;
}

static gpointer
average (InionJob  *job,
         gpointer   data,
         GError   **error)
{
  Question *question = data;
  g_autoptr (InionAverageAnswer) answer = g_new0 (InionAverageAnswer, 1);
  g_autoptr (GArray) derivations =
    inion_tool_find_eeg (inion_shown_signal_get_montage (question->signal),
                         (const char *const *) question->bad);

  answer->shown = inion_average_new (question->signal, derivations, question->marks,
                                     (const char *const *) question->labels,
                                     (const char *const *) question->reject, &question->settings,
                                     job, error);
  if (answer->shown == NULL)
    return NULL;
  find_bands (answer);
  return average_map (question, answer, job, error) ? g_steal_pointer (&answer) : NULL;
}

/**
 * inion_average_job_new:
 * @signal: the shown signal
 * @bad: (nullable): labels of bad channels
 * @marks: (element-type InionAnnotation): events of the file and marks of people
 * @labels: (element-type utf8): conditions
 * @reject: (nullable): labels that reject
 * @settings: the epoch
 *
 * Returns: (transfer full): a job whose result is an #InionAverageAnswer
 */
InionJob *
inion_average_job_new (InionShownSignal           *signal,
                       const char *const          *bad,
                       GPtrArray                  *marks,
                       GPtrArray                  *labels,
                       GStrv                       reject,
                       const InionAverageSettings *settings)
{
  Question *question = g_new0 (Question, 1);

  question->signal = g_object_ref (signal);
  question->bad = g_strdupv ((char **) bad);
  question->marks = g_ptr_array_ref (marks);
  question->labels = g_new0 (char *, labels->len + 1);
  for (guint i = 0; i < labels->len; i++)
    question->labels[i] = g_strdup (g_ptr_array_index (labels, i));
  question->reject = g_strdupv (reject);
  question->settings = *settings;
  return inion_job_new (_("Averaging"), average, question, question_free,
                        (GDestroyNotify) inion_average_answer_free);
}
