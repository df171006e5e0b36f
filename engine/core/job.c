/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A piece of work that runs off the main thread, with progress, cancel and an error.
 *
 * A job runs once. Progress may be reported from any thread; "notify::progress" and
 * "notify::step" are emitted in the main context of the thread that started the job, at most
 * once for many reports. A job list holds what is running and lets a new job with the same key
 * supersede (cancel) the old one. */

#define G_LOG_DOMAIN "inion-core"

#include "config.h"

#include "core/job.h"

struct _InionJob
{
  GObject parent_instance;

  char *title;
  InionJobFunc func;
  gpointer data;
  GDestroyNotify data_free;
  GDestroyNotify result_free;
  GCancellable *cancellable;
  InionJobDone done;
  gpointer done_data;
  GMainContext *context;

  GMutex lock;
  double progress;
  char *step;
  gboolean running;
  gboolean notify_pending;
};

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_PROGRESS,
  PROP_STEP,
  PROP_RUNNING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (InionJob, inion_job, G_TYPE_OBJECT)

static gboolean
notify_progress (gpointer data)
{
  InionJob *self = data;

  g_mutex_lock (&self->lock);
  self->notify_pending = FALSE;
  g_mutex_unlock (&self->lock);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STEP]);
  return G_SOURCE_REMOVE;
}

static void
run_in_thread (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  InionJob *self = source;
  GError *error = NULL;
  gpointer result = self->func (self, self->data, &error);

  if (error != NULL)
    {
      if (result != NULL && self->result_free != NULL)
        self->result_free (result);
      g_task_return_error (task, error);
    }
  else
    {
      g_task_return_pointer (task, result, self->result_free);
    }
}

static void
on_task_done (GObject      *source,
              GAsyncResult *async,
              gpointer      user_data)
{
  InionJob *self = INION_JOB (source);
  g_autoptr (GError) error = NULL;
  gpointer result = g_task_propagate_pointer (G_TASK (async), &error);

  g_mutex_lock (&self->lock);
  self->running = FALSE;
  g_mutex_unlock (&self->lock);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
  if (self->done != NULL)
    self->done (self, result, error, self->done_data);
  else if (result != NULL && self->result_free != NULL)
    self->result_free (result);
  g_clear_pointer (&self->context, g_main_context_unref);
}

static void
inion_job_get_property (GObject    *object,
                        guint       id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  InionJob *self = INION_JOB (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, inion_job_get_progress (self));
      break;
    case PROP_STEP:
      g_value_take_string (value, inion_job_dup_step (self));
      break;
    case PROP_RUNNING:
      g_value_set_boolean (value, inion_job_is_running (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
inion_job_finalize (GObject *object)
{
  InionJob *self = INION_JOB (object);

  if (self->data_free != NULL && self->data != NULL)
    self->data_free (self->data);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->step, g_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->cancellable);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (inion_job_parent_class)->finalize (object);
}

static void
inion_job_class_init (InionJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = inion_job_get_property;
  object_class->finalize = inion_job_finalize;

  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PROGRESS] =
    g_param_spec_double ("progress", NULL, NULL, 0, 1, 0,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_STEP] =
    g_param_spec_string ("step", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_RUNNING] =
    g_param_spec_boolean ("running", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
inion_job_init (InionJob *self)
{
  g_mutex_init (&self->lock);
  self->cancellable = g_cancellable_new ();
}

/**
 * inion_job_new:
 * @title: what the work is, for a person ("Training the decoder")
 * @func: the work
 * @data: (transfer full): passed to @func
 * @data_free: (nullable): frees @data
 * @result_free: (nullable): frees a result that nobody took
 *
 * Returns: (transfer full): a job that has not started
 */
InionJob *
inion_job_new (const char     *title,
               InionJobFunc    func,
               gpointer        data,
               GDestroyNotify  data_free,
               GDestroyNotify  result_free)
{
  InionJob *self = g_object_new (INION_TYPE_JOB, NULL);

  self->title = g_strdup (title);
  self->func = func;
  self->data = data;
  self->data_free = data_free;
  self->result_free = result_free;
  return self;
}

/**
 * inion_job_start:
 * @self: a job that has not started
 * @done: (nullable): called when the work has ended, in the caller's main context
 * @user_data: passed to @done
 *
 * Starts the work on a worker thread. The job stays alive until @done has returned.
 */
void
inion_job_start (InionJob     *self,
                 InionJobDone  done,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (INION_IS_JOB (self));
  g_return_if_fail (!self->running);

  self->done = done;
  self->done_data = user_data;
  self->running = TRUE;
  self->context = g_main_context_ref_thread_default ();
  /* The work answers a cancel itself: its error must reach the caller only after it has stopped
   * touching its data, so the task must not return early. */
  task = g_task_new (self, NULL, on_task_done, NULL);
  g_task_set_source_tag (task, inion_job_start);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
  g_task_run_in_thread (task, run_in_thread);
}

/**
 * inion_job_run:
 * @self: a job that has not started
 * @error: return location
 *
 * Does the work on this thread, for the command line and tests.
 *
 * Returns: (transfer full) (nullable): the result
 */
gpointer
inion_job_run (InionJob  *self,
               GError   **error)
{
  g_return_val_if_fail (INION_IS_JOB (self), NULL);

  return self->func (self, self->data, error);
}

/**
 * inion_job_cancel:
 * @self: a job
 *
 * Asks the work to stop. It ends within 50 ms with %G_IO_ERROR_CANCELLED.
 */
void
inion_job_cancel (InionJob *self)
{
  g_return_if_fail (INION_IS_JOB (self));

  g_cancellable_cancel (self->cancellable);
}

/**
 * inion_job_check:
 * @self: (nullable): a job; %NULL is never cancelled
 * @error: return location
 *
 * To be called by the work at least every 50 ms. Thread-safe and cheap.
 *
 * Returns: %FALSE with %G_IO_ERROR_CANCELLED set if the job was cancelled
 */
gboolean
inion_job_check (InionJob  *self,
                 GError   **error)
{
  if (self == NULL)
    return TRUE;
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

/**
 * inion_job_report:
 * @self: (nullable): a job
 * @fraction: how much is done, 0 to 1
 * @step: (nullable): a word for the step; %NULL keeps the last one
 *
 * Reports progress from any thread.
 */
void
inion_job_report (InionJob   *self,
                  double      fraction,
                  const char *step)
{
  gboolean schedule;

  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->progress = CLAMP (fraction, 0.0, 1.0);
  if (step != NULL && g_strcmp0 (step, self->step) != 0)
    {
      g_free (self->step);
      self->step = g_strdup (step);
    }
  schedule = !self->notify_pending && self->context != NULL;
  if (schedule)
    self->notify_pending = TRUE;
  g_mutex_unlock (&self->lock);
  if (schedule)
    {
      g_autoptr (GSource) source = g_idle_source_new ();

      g_source_set_callback (source, notify_progress, g_object_ref (self), g_object_unref);
      g_source_attach (source, self->context);
    }
}

/**
 * inion_job_get_title:
 *
 * Returns: (transfer none): what the work is, for a person
 */
const char *
inion_job_get_title (InionJob *self)
{
  return self->title;
}

/**
 * inion_job_get_progress:
 *
 * Returns: how much is done, 0 to 1
 */
double
inion_job_get_progress (InionJob *self)
{
  double progress;

  g_mutex_lock (&self->lock);
  progress = self->progress;
  g_mutex_unlock (&self->lock);
  return progress;
}

/**
 * inion_job_dup_step:
 *
 * Returns: (transfer full) (nullable): the word for the step
 */
char *
inion_job_dup_step (InionJob *self)
{
  char *step;

  g_mutex_lock (&self->lock);
  step = g_strdup (self->step);
  g_mutex_unlock (&self->lock);
  return step;
}

/**
 * inion_job_is_running:
 *
 * Returns: whether the work has been started and has not ended
 */
gboolean
inion_job_is_running (InionJob *self)
{
  gboolean running;

  g_mutex_lock (&self->lock);
  running = self->running;
  g_mutex_unlock (&self->lock);
  return running;
}

/* The list of what is running. */

typedef struct
{
  InionJobList *list;
  InionJob *job;
  char *key;
  InionJobDone done;
  gpointer user_data;
} Entry;

struct _InionJobList
{
  GObject parent_instance;

  GPtrArray *entries;
};

static GType
job_list_get_item_type (GListModel *model)
{
  return INION_TYPE_JOB;
}

static guint
job_list_get_n_items (GListModel *model)
{
  return INION_JOB_LIST (model)->entries->len;
}

static gpointer
job_list_get_item (GListModel *model,
                   guint       position)
{
  InionJobList *self = INION_JOB_LIST (model);

  if (position >= self->entries->len)
    return NULL;
  return g_object_ref (((Entry *) g_ptr_array_index (self->entries, position))->job);
}

static void
job_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = job_list_get_item_type;
  iface->get_n_items = job_list_get_n_items;
  iface->get_item = job_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (InionJobList, inion_job_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, job_list_model_init))

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_clear_object (&entry->job);
  g_clear_pointer (&entry->key, g_free);
  g_free (entry);
}

static void
on_listed_job_done (InionJob     *job,
                    gpointer      result,
                    const GError *error,
                    gpointer      user_data)
{
  Entry *entry = user_data;
  InionJobList *self = entry->list;
  guint position;

  if (g_ptr_array_find (self->entries, entry, &position))
    {
      g_ptr_array_steal_index (self->entries, position);
      g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
    }
  if (entry->done != NULL)
    entry->done (job, result, error, entry->user_data);
  else if (result != NULL && job->result_free != NULL)
    job->result_free (result);
  entry_free (entry);
  g_object_unref (self);
}

static void
inion_job_list_finalize (GObject *object)
{
  InionJobList *self = INION_JOB_LIST (object);

  g_clear_pointer (&self->entries, g_ptr_array_unref);
  G_OBJECT_CLASS (inion_job_list_parent_class)->finalize (object);
}

static void
inion_job_list_class_init (InionJobListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_job_list_finalize;
}

static void
inion_job_list_init (InionJobList *self)
{
  self->entries = g_ptr_array_new ();
}

/**
 * inion_job_list_new:
 *
 * Returns: (transfer full): an empty list of running jobs, a #GListModel of #InionJob
 */
InionJobList *
inion_job_list_new (void)
{
  return g_object_new (INION_TYPE_JOB_LIST, NULL);
}

/**
 * inion_job_list_submit:
 * @self: the list
 * @job: (transfer none): a job that has not started
 * @key: (nullable): jobs with the same key supersede each other: the older one is cancelled
 * @done: (nullable): called when the work has ended; a superseded job ends with
 *   %G_IO_ERROR_CANCELLED
 * @user_data: passed to @done
 *
 * Starts a job and lists it until it ends.
 */
void
inion_job_list_submit (InionJobList *self,
                       InionJob     *job,
                       const char   *key,
                       InionJobDone  done,
                       gpointer      user_data)
{
  Entry *entry;

  g_return_if_fail (INION_IS_JOB_LIST (self));
  g_return_if_fail (INION_IS_JOB (job));

  for (guint i = 0; key != NULL && i < self->entries->len; i++)
    {
      Entry *other = g_ptr_array_index (self->entries, i);

      if (g_strcmp0 (other->key, key) == 0)
        inion_job_cancel (other->job);
    }

  entry = g_new0 (Entry, 1);
  entry->list = g_object_ref (self);
  entry->job = g_object_ref (job);
  entry->key = g_strdup (key);
  entry->done = done;
  entry->user_data = user_data;
  g_ptr_array_add (self->entries, entry);
  g_list_model_items_changed (G_LIST_MODEL (self), self->entries->len - 1, 0, 1);
  inion_job_start (job, on_listed_job_done, entry);
}

/**
 * inion_job_list_cancel_all:
 * @self: the list
 *
 * Cancels everything that is running.
 */
void
inion_job_list_cancel_all (InionJobList *self)
{
  g_return_if_fail (INION_IS_JOB_LIST (self));

  for (guint i = 0; i < self->entries->len; i++)
    inion_job_cancel (((Entry *) g_ptr_array_index (self->entries, i))->job);
}
