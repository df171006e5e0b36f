/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training as one job: examples, honest score, model, and what the model believes everywhere. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/decode/training.h"

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
  g_free (self);
}

/* Subject of a file named as BIDS ("sub-01_…") or as EEGMMIDB ("S007R04") has it; NULL if the name
 * does not say. */
static char *
guess_subject (const char *name)
{
  const char *end;

  if (g_str_has_prefix (name, "sub-"))
    {
      end = strpbrk (name, "_.");
      return end != NULL ? g_strndup (name, (gsize) (end - name)) : g_strdup (name);
    }
  if (name[0] == 'S' && g_ascii_isdigit (name[1]) && g_ascii_isdigit (name[2]) &&
      g_ascii_isdigit (name[3]) && name[4] == 'R')
    return g_strndup (name, 4);
  return NULL;
}

static gboolean
open_sources (Task       *task,
              InionJob   *job,
              GPtrArray  *recordings,
              GError    **error)
{
  guint n = task->more != NULL ? g_strv_length (task->more) : 0;

  g_ptr_array_add (recordings, g_object_ref (task->recording));
  for (guint i = 0; i < n; i++)
    {
      InionRecording *recording = inion_recording_open (task->more[i], error);

      if (recording == NULL)
        return FALSE;
      g_ptr_array_add (recordings, recording);
    }
  for (guint i = 0; i < recordings->len; i++)
    if (!inion_recording_load_events (g_ptr_array_index (recordings, i), job, error))
      return FALSE;
  return TRUE;
}

static InionExampleSet *
cut_examples (Task       *task,
              InionJob   *job,
              GPtrArray  *recordings,
              GError    **error)
{
  g_autofree InionDecodeSource *sources = g_new0 (InionDecodeSource, recordings->len);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < recordings->len; i++)
    {
      InionRecording *recording = g_ptr_array_index (recordings, i);
      char *name = g_path_get_basename (inion_recording_get_path (recording));
      char *subject = guess_subject (name);

      g_ptr_array_add (texts, name);
      g_ptr_array_add (texts, subject);
      sources[i].recording = recording;
      sources[i].name = name;
      sources[i].subject = subject;
      sources[i].bad = (const char *const *) task->bad;
      if (i == 0)
        sources[i].annotations = task->annotations;
    }
  return inion_example_set_new (task->recipe, sources, recordings->len, job, error);
}

static gpointer
train (InionJob  *job,
       gpointer   data,
       GError   **error)
{
  Task *task = data;
  g_autoptr (InionTraining) training = g_new0 (InionTraining, 1);
  g_autoptr (GPtrArray) recordings = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (InionExampleSet) examples = NULL;

  inion_job_report (job, 0.0, _("Reading recordings"));
  if (!open_sources (task, job, recordings, error))
    return NULL;
  inion_job_report (job, 0.1, _("Filtering and cutting examples"));
  examples = cut_examples (task, job, recordings, error);
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
                                       (const char *const *) task->bad, task->step_s, job, error);
  if (training->track == NULL)
    return NULL;
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
