/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training as one job: examples, honest score, model, and what the model believes everywhere. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/decode/training.h"

#include "app/decode/sources.h"
#include "core/error.h"

#include <glib/gi18n.h>

typedef struct
{
  InionRecipe *recipe;
  InionModel *model;
  InionRecording *recording;
  InionAnnotationSet *annotations;
  char **bad;
  char **more;
  double step_s;
} Task;

static void
task_free (gpointer data)
{
  Task *task = data;

  g_clear_object (&task->recipe);
  g_clear_object (&task->model);
  g_clear_object (&task->recording);
  g_clear_object (&task->annotations);
  g_strfreev (task->bad);
  g_strfreev (task->more);
  g_free (task);
}

/**
 * inion_training_free:
 * @self: (transfer full): what a training gave
 */
void
inion_training_free (InionTraining *self)
{
  g_clear_object (&self->result);
  g_clear_object (&self->model);
  g_clear_pointer (&self->track, inion_track_free);
  g_free (self->drop_log);
  g_free (self->notes);
  g_free (self);
}

static InionSources *
open_sources (Task      *task,
              InionJob  *job,
              GError   **error)
{
  g_autoptr (InionSources) sources = inion_sources_new ();

  if (!inion_sources_add (sources, task->recording, task->annotations,
                          (const char *const *) task->bad, job, error))
    return NULL;
  for (guint i = 0; task->more != NULL && task->more[i] != NULL; i++)
    if (!inion_sources_add_path (sources, task->more[i], job, error))
      return NULL;
  return g_steal_pointer (&sources);
}

static gpointer
train (InionJob  *job,
       gpointer   data,
       GError   **error)
{
  Task *task = data;
  g_autoptr (InionTraining) training = g_new0 (InionTraining, 1);
  g_autoptr (InionSources) sources = NULL;
  g_autoptr (InionExampleSet) examples = NULL;
  g_autoptr (GError) failure = NULL;

  inion_job_report (job, 0.0, _("Reading recordings"));
  sources = open_sources (task, job, error);
  if (sources == NULL)
    return NULL;
  inion_job_report (job, 0.1, _("Filtering and cutting examples"));
  examples = inion_sources_cut (sources, task->recipe, job, error);
  if (examples == NULL)
    return NULL;
  training->drop_log = g_strdup (inion_example_set_get_drop_log (examples));
  inion_job_report (job, 0.3, _("Scoring on held-out data"));
  training->result = inion_evaluate (task->recipe, examples, job, error);
  if (training->result == NULL)
    return NULL;
  inion_job_report (job, 0.7, _("Fitting the model"));
  training->model = inion_model_fit (task->recipe, examples, NULL, 0, job, error);
  if (training->model == NULL)
    return NULL;
  inion_job_report (job, 0.8, _("Applying the model"));
  training->track = inion_model_apply (training->model, task->recording,
                                       (const char *const *) task->bad, task->step_s, job,
                                       &failure);
  if (training->track == NULL && !g_error_matches (failure, INION_ERROR, INION_ERROR_NUMERIC))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  /* The recording in view may be silence all through; what was learned from the others stands. */
  training->notes = failure != NULL ? g_strdup (failure->message)
                                    : inion_track_dup_unanswered (training->track);
  return g_steal_pointer (&training);
}

static gpointer
apply (InionJob  *job,
       gpointer   data,
       GError   **error)
{
  Task *task = data;
  g_autoptr (InionTraining) training = g_new0 (InionTraining, 1);

  inion_job_report (job, 0.0, _("Applying the model"));
  training->model = g_object_ref (task->model);
  training->track = inion_model_apply (task->model, task->recording,
                                       (const char *const *) task->bad, task->step_s, job, error);
  if (training->track == NULL)
    return NULL;
  training->notes = inion_track_dup_unanswered (training->track);
  return g_steal_pointer (&training);
}

/**
 * inion_training_new_job:
 * @recipe: what to do
 * @recording: the recording in view
 * @annotations: (element-type InionAnnotation): a copy of its annotations
 * @bad: (nullable): labels of bad channels
 * @more_paths: (nullable): further recordings
 * @step_s: step of the track in seconds
 *
 * Returns: (transfer full): a job whose result is an #InionTraining
 */
InionJob *
inion_training_new_job (InionRecipe       *recipe,
                        InionRecording    *recording,
                        GPtrArray         *annotations,
                        const char *const *bad,
                        const char *const *more_paths,
                        double             step_s)
{
  Task *task = g_new0 (Task, 1);

  task->recipe = g_object_ref (recipe);
  task->recording = g_object_ref (recording);
  task->annotations = inion_annotation_set_new ();
  inion_annotation_set_add_many (task->annotations, annotations);
  task->bad = g_strdupv ((char **) bad);
  task->more = g_strdupv ((char **) more_paths);
  task->step_s = step_s;
  return inion_job_new (_("Training the decoder"), train, task, task_free,
                        (GDestroyNotify) inion_training_free);
}

/**
 * inion_training_new_apply_job:
 * @model: a model
 * @recording: the recording in view
 * @bad: (nullable): labels of bad channels
 * @step_s: step of the track in seconds
 *
 * Returns: (transfer full): a job whose result is an #InionTraining without a result
 */
InionJob *
inion_training_new_apply_job (InionModel        *model,
                              InionRecording    *recording,
                              const char *const *bad,
                              double             step_s)
{
  Task *task = g_new0 (Task, 1);

  task->model = g_object_ref (model);
  task->recording = g_object_ref (recording);
  task->bad = g_strdupv ((char **) bad);
  task->step_s = step_s;
  return inion_job_new (_("Applying the model"), apply, task, task_free,
                        (GDestroyNotify) inion_training_free);
}
