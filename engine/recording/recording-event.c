/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a recording tells besides its samples: events that its file holds, faults that its file
 * has. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/recording.h"

#include "core/error.h"
#include "recording/bids.h"
#include "recording/recording-private.h"

/**
 * inion_event_new:
 * @onset_ns: nanoseconds since the recording's start
 * @duration_ns: length in nanoseconds, -1 for none
 * @text: what the file says, UTF-8
 * @channel: index of the channel it belongs to, -1 for all
 *
 * Returns: (transfer full): an event
 */
InionEvent *
inion_event_new (gint64      onset_ns,
                 gint64      duration_ns,
                 const char *text,
                 int         channel)
{
  InionEvent *self = g_new (InionEvent, 1);

  self->onset_ns = onset_ns;
  self->duration_ns = duration_ns;
  self->text = g_strdup (text);
  self->channel = channel;
  return self;
}

/**
 * inion_event_free:
 * @self: (nullable): an event
 */
void
inion_event_free (InionEvent *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self);
}

/* A GCopyFunc. */
gpointer
_inion_event_copy (gconstpointer event,
                   gpointer      unused)
{
  const InionEvent *e = event;

  return inion_event_new (e->onset_ns, e->duration_ns, e->text, e->channel);
}

/**
 * inion_fault_new:
 * @offset: byte offset in the file, -1 if there is none
 * @field: the header field or place
 * @format: printf format of what was found and what was assumed
 *
 * Returns: (transfer full): a fault
 */
InionFault *
inion_fault_new (gint64      offset,
                 const char *field,
                 const char *format,
                 ...)
{
  InionFault *self = g_new (InionFault, 1);
  va_list args;

  self->offset = offset;
  self->field = g_strdup (field);
  va_start (args, format);
  self->message = inion_message_valist (format, args);
  va_end (args);
  return self;
}

/**
 * inion_fault_free:
 * @self: (nullable): a fault
 */
void
inion_fault_free (InionFault *self)
{
  if (self == NULL)
    return;
  g_free (self->field);
  g_free (self->message);
  g_free (self);
}

/**
 * inion_recording_get_faults:
 * @self: a recording
 *
 * Lists what is wrong with the file. Loading the events may find more: this then returns a longer
 * list, and the one returned before stays as it was.
 *
 * Returns: (transfer none) (element-type InionFault): the faults found so far
 */
GPtrArray *
inion_recording_get_faults (InionRecording *self)
{
  InionRecordingPrivate *priv = _inion_recording_get_private (self);
  GPtrArray *faults;

  g_return_val_if_fail (INION_IS_RECORDING (self), NULL);

  g_mutex_lock (&priv->lock);
  priv->faults_shown = TRUE;
  faults = priv->faults;
  g_mutex_unlock (&priv->lock);
  return faults;
}

static int
compare_events (gconstpointer a,
                gconstpointer b)
{
  const InionEvent *x = *(InionEvent *const *) a;
  const InionEvent *y = *(InionEvent *const *) b;

  return (x->onset_ns > y->onset_ns) - (x->onset_ns < y->onset_ns);
}

/* Waits until no other thread is loading. Called with the lock held. */
static gboolean
wait_for_loading (InionRecordingPrivate  *priv,
                  InionJob               *job,
                  GError                **error)
{
  while (priv->loading)
    {
      g_cond_wait_until (&priv->loaded, &priv->lock,
                         g_get_monotonic_time () + 20 * G_TIME_SPAN_MILLISECOND);
      if (!inion_job_check (job, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * inion_recording_load_events:
 * @self: a recording
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Reads the file's events, unless they have been read already. May take a second for a day-long
 * file: call it off the UI thread. Thread-safe; a second caller waits for the first.
 *
 * Returns: %FALSE with %G_IO_ERROR_CANCELLED or %INION_ERROR_IO; it can then be called again
 */
gboolean
inion_recording_load_events (InionRecording  *self,
                             InionJob        *job,
                             GError         **error)
{
  InionRecordingPrivate *priv = _inion_recording_get_private (self);
  InionRecordingClass *klass;
  GPtrArray *events;
  gboolean ready;

  g_return_val_if_fail (INION_IS_RECORDING (self), FALSE);

  klass = INION_RECORDING_GET_CLASS (self);
  g_mutex_lock (&priv->lock);
  ready = wait_for_loading (priv, job, error);
  if (!ready || priv->events != NULL)
    {
      g_mutex_unlock (&priv->lock);
      return ready;
    }
  priv->loading = TRUE;
  g_mutex_unlock (&priv->lock);

  events = klass->load_events != NULL
             ? klass->load_events (self, job, error)
             : g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
  if (events != NULL)
    g_ptr_array_sort (events, compare_events); /* stable: equal onsets stay in the file's order */
  if (events != NULL && priv->events_table != NULL)
    _inion_bids_merge_events (self, priv->events_table, events);

  g_mutex_lock (&priv->lock);
  priv->loading = FALSE;
  priv->events = events;
  g_cond_broadcast (&priv->loaded);
  g_mutex_unlock (&priv->lock);
  return events != NULL;
}

/**
 * inion_recording_get_events:
 * @self: a recording
 *
 * Returns: (transfer none) (nullable) (element-type InionEvent): the file's events sorted by onset,
 *   %NULL until inion_recording_load_events() has succeeded. They never change after
 */
GPtrArray *
inion_recording_get_events (InionRecording *self)
{
  InionRecordingPrivate *priv = _inion_recording_get_private (self);
  GPtrArray *events;

  g_return_val_if_fail (INION_IS_RECORDING (self), NULL);

  g_mutex_lock (&priv->lock);
  events = priv->events;
  g_mutex_unlock (&priv->lock);
  return events;
}

/**
 * inion_recording_take_fault:
 * @self: a recording
 * @fault: (transfer full): what is wrong with its file
 *
 * Appends a fault. Thread-safe.
 */
void
inion_recording_take_fault (InionRecording *self,
                            InionFault     *fault)
{
  InionRecordingPrivate *priv = _inion_recording_get_private (self);

  g_return_if_fail (INION_IS_RECORDING (self));

  g_mutex_lock (&priv->lock);
  if (priv->faults_shown)
    {
      GPtrArray *longer = g_ptr_array_copy (priv->faults, NULL, NULL);

      g_ptr_array_add (priv->old_faults, priv->faults);
      priv->faults = longer;
      priv->faults_shown = FALSE;
    }
  g_ptr_array_add (priv->faults, fault);
  g_mutex_unlock (&priv->lock);
}
