/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording: channels, samples, clock, events. One reader a format derives from it.
 *
 * Everything but the events and the faults is set before the reader hands the recording out and
 * never changes after, so any thread may read. Events arrive once, when they have been loaded. The
 * list of faults may grow then; a list that was handed out stays as it was, a longer one takes its
 * place.
 *
 * The file stays open as long as the recording lives: samples and fingerprints come from the same
 * file even if another one takes its name. It is read with pread(), never mapped, because a mapped
 * file that shrinks kills the program. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/recording.h"

#include "core/error.h"
#include "recording/edf-recording.h"
#include "recording/recording-private.h"

#include <string.h>
#include <unistd.h>

#define SNIFF_BYTES 512

typedef struct
{
  char *path;
  int fd;
  char *format;
  char *patient;
  char *description;
  GDateTime *start;
  gint64 duration_ns;
  GPtrArray *channels;
  GHashTable *labels; /* shown label → how often it was wanted, to tell duplicates apart */

  GMutex lock;
  GCond loaded;
  gboolean loading;
  GPtrArray *events;
  GPtrArray *faults;
  gboolean faults_shown;
  GPtrArray *old_faults; /* lists that were handed out; they share their faults with the newest */
} InionRecordingPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (InionRecording, inion_recording, G_TYPE_OBJECT)

typedef struct
{
  gboolean (*sniff) (const guint8 *head, gsize n);
  InionRecording *(*open) (const char *path, GError **error);
} Reader;

static const Reader readers[] = {
  { inion_edf_recording_sniff, inion_edf_recording_open },
};

static InionRecordingPrivate *
get_private (InionRecording *self)
{
  return inion_recording_get_instance_private (self);
}

static void
inion_recording_finalize (GObject *object)
{
  InionRecordingPrivate *priv = get_private (INION_RECORDING (object));

  if (priv->fd >= 0)
    close (priv->fd);
  g_free (priv->path);
  g_free (priv->format);
  g_free (priv->patient);
  g_free (priv->description);
  g_clear_pointer (&priv->start, g_date_time_unref);
  g_ptr_array_unref (priv->channels);
  g_hash_table_unref (priv->labels);
  g_clear_pointer (&priv->events, g_ptr_array_unref);
  g_ptr_array_unref (priv->old_faults);
  g_ptr_array_foreach (priv->faults, (GFunc) (void (*) (void)) inion_fault_free, NULL);
  g_ptr_array_unref (priv->faults);
  g_mutex_clear (&priv->lock);
  g_cond_clear (&priv->loaded);
  G_OBJECT_CLASS (inion_recording_parent_class)->finalize (object);
}

static void
inion_recording_class_init (InionRecordingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_recording_finalize;
}

static void
inion_recording_init (InionRecording *self)
{
  InionRecordingPrivate *priv = get_private (self);

  priv->fd = -1;
  priv->channels = g_ptr_array_new_with_free_func (g_object_unref);
  priv->labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  priv->faults = g_ptr_array_new ();
  priv->old_faults = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  g_mutex_init (&priv->lock);
  g_cond_init (&priv->loaded);
}

/* What an unknown file looks like, for the message that refuses it. */
static char *
describe_head (const guint8 *head,
               gsize         n)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < MIN (n, 24); i++)
    {
      if (!g_ascii_isprint ((char) head[i]))
        break;
      g_string_append_c (text, (char) head[i]);
    }
  if (text->len < 4)
    return g_strdup ("");
  return g_strdup_printf (" It starts with “%s”.", text->str);
}

/**
 * inion_recording_open:
 * @path: a file
 * @error: return location
 *
 * Opens a recording. The format is told by the file's content, not by its name. Only the header is
 * read, so this is fast however large the file is.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL with %INION_ERROR_IO if the file
 *   cannot be read, %INION_ERROR_FORMAT if it is none of the formats known or too damaged,
 *   %INION_ERROR_UNSUPPORTED if it cannot be shown truthfully, %INION_ERROR_TOO_LARGE
 */
InionRecording *
inion_recording_open (const char  *path,
                      GError     **error)
{
  guint8 head[SNIFF_BYTES];
  g_autofree char *name = NULL;
  g_autofree char *start = NULL;
  gint64 size = 0;
  gsize n = 0;
  int errsv = 0;
  int fd;
  gboolean ok;

  g_return_val_if_fail (path != NULL, NULL);

  fd = _inion_recording_open_file (path, &size, error);
  if (fd < 0)
    return NULL;
  ok = _inion_pread (fd, head, sizeof head, 0, &n, &errsv);
  close (fd);
  if (!ok)
    {
      inion_set_error_errno (error, errsv, "Could not read", path);
      return NULL;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (readers); i++)
    if (readers[i].sniff (head, n))
      return readers[i].open (path, error);

  name = g_filename_display_name (path);
  start = describe_head (head, n);
  inion_set_error (error, INION_ERROR_FORMAT,
                   "“%s” is not a recording in a format that Inion reads (EDF, EDF+, BDF, BDF+).%s",
                   name, start);
  return NULL;
}

/**
 * inion_recording_get_path:
 * @self: a recording
 *
 * Returns: (transfer none) (nullable): the file; %NULL for recordings in memory
 */
const char *
inion_recording_get_path (InionRecording *self)
{
  g_return_val_if_fail (INION_IS_RECORDING (self), NULL);

  return get_private (self)->path;
}

/**
 * inion_recording_get_format:
 * @self: a recording
 *
 * Returns: (transfer none): the format, such as "EDF" or "BDF+C"; "" if none was set
 */
const char *
inion_recording_get_format (InionRecording *self)
{
  g_return_val_if_fail (INION_IS_RECORDING (self), NULL);

  return get_private (self)->format != NULL ? get_private (self)->format : "";
}

/**
 * inion_recording_get_n_channels:
 * @self: a recording
 *
 * Returns: the number of channels; annotation signals are not among them
 */
guint
inion_recording_get_n_channels (InionRecording *self)
{
  g_return_val_if_fail (INION_IS_RECORDING (self), 0);

  return get_private (self)->channels->len;
}

/**
 * inion_recording_get_channel:
 * @self: a recording
 * @index: which channel, below inion_recording_get_n_channels()
 *
 * Returns: (transfer none): the channel
 */
InionChannel *
inion_recording_get_channel (InionRecording *self,
                             guint           index)
{
  g_return_val_if_fail (INION_IS_RECORDING (self), NULL);
  g_return_val_if_fail (index < get_private (self)->channels->len, NULL);

  return g_ptr_array_index (get_private (self)->channels, index);
}

static gboolean
same_label (const char *a,
            const char *b)
{
  g_autofree char *fold_a = g_utf8_casefold (a, -1);
  g_autofree char *fold_b = g_utf8_casefold (b, -1);

  return strcmp (fold_a, fold_b) == 0;
}

/**
 * inion_recording_find_channel:
 * @self: a recording
 * @label: a raw or a shown label, in any case
 *
 * Finds a channel: by its shown label as written, then in any case, then by its raw label.
 *
 * Returns: the index of the first channel that fits, or -1
 */
int
inion_recording_find_channel (InionRecording *self,
                              const char     *label)
{
  GPtrArray *channels;

  g_return_val_if_fail (INION_IS_RECORDING (self), -1);
  g_return_val_if_fail (label != NULL, -1);

  channels = get_private (self)->channels;
  for (guint i = 0; i < channels->len; i++)
    if (strcmp (inion_channel_get_label (channels->pdata[i]), label) == 0)
      return (int) i;
  for (guint i = 0; i < channels->len; i++)
    if (same_label (inion_channel_get_label (channels->pdata[i]), label))
      return (int) i;
  for (guint i = 0; i < channels->len; i++)
    if (same_label (inion_channel_get_info (channels->pdata[i])->raw_label, label))
      return (int) i;
  return -1;
}

/**
 * inion_recording_get_duration_ns:
 * @self: a recording
 *
 * Returns: the length in nanoseconds
 */
gint64
inion_recording_get_duration_ns (InionRecording *self)
{
  g_return_val_if_fail (INION_IS_RECORDING (self), 0);

  return get_private (self)->duration_ns;
}

/**
 * inion_recording_get_start:
 * @self: a recording
 *
 * Returns: (transfer none) (nullable): when it starts, in the patient's local time (naive: tagged
 *   as UTC), to the microsecond; %NULL if the file does not say
 */
GDateTime *
inion_recording_get_start (InionRecording *self)
{
  g_return_val_if_fail (INION_IS_RECORDING (self), NULL);

  return get_private (self)->start;
}

/**
 * inion_recording_get_patient:
 * @self: a recording
 *
 * Returns: (transfer none) (nullable): the file's text on the patient
 */
const char *
inion_recording_get_patient (InionRecording *self)
{
  g_return_val_if_fail (INION_IS_RECORDING (self), NULL);

  return get_private (self)->patient;
}

/**
 * inion_recording_get_description:
 * @self: a recording
 *
 * Returns: (transfer none) (nullable): the file's text on the recording
 */
const char *
inion_recording_get_description (InionRecording *self)
{
  g_return_val_if_fail (INION_IS_RECORDING (self), NULL);

  return get_private (self)->description;
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
  InionRecordingPrivate *priv = get_private (self);
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
  InionRecordingPrivate *priv = get_private (self);
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
  InionRecordingPrivate *priv = get_private (self);
  GPtrArray *events;

  g_return_val_if_fail (INION_IS_RECORDING (self), NULL);

  g_mutex_lock (&priv->lock);
  events = priv->events;
  g_mutex_unlock (&priv->lock);
  return events;
}

/**
 * inion_recording_set_path:
 * @self: a recording that is being opened
 * @path: its file
 */
void
inion_recording_set_path (InionRecording *self,
                          const char     *path)
{
  g_return_if_fail (INION_IS_RECORDING (self));

  g_free (get_private (self)->path);
  get_private (self)->path = g_strdup (path);
}

/* Gives the recording its open file; closed with it. */
void
_inion_recording_take_fd (InionRecording *self,
                          int             fd)
{
  g_return_if_fail (get_private (self)->fd < 0);

  get_private (self)->fd = fd;
}

int
_inion_recording_get_fd (InionRecording *self)
{
  return get_private (self)->fd;
}

/**
 * inion_recording_set_format:
 * @self: a recording that is being opened
 * @format: the format's name, such as "EDF+C"
 */
void
inion_recording_set_format (InionRecording *self,
                            const char     *format)
{
  g_return_if_fail (INION_IS_RECORDING (self));

  g_free (get_private (self)->format);
  get_private (self)->format = g_strdup (format);
}

/**
 * inion_recording_set_start:
 * @self: a recording that is being opened
 * @start: (nullable): when it starts, naive local time tagged as UTC
 */
void
inion_recording_set_start (InionRecording *self,
                           GDateTime      *start)
{
  InionRecordingPrivate *priv = get_private (self);

  g_return_if_fail (INION_IS_RECORDING (self));

  g_clear_pointer (&priv->start, g_date_time_unref);
  priv->start = start != NULL ? g_date_time_ref (start) : NULL;
}

/**
 * inion_recording_set_texts:
 * @self: a recording that is being opened
 * @patient: (nullable): the file's text on the patient
 * @description: (nullable): the file's text on the recording
 */
void
inion_recording_set_texts (InionRecording *self,
                           const char     *patient,
                           const char     *description)
{
  InionRecordingPrivate *priv = get_private (self);

  g_return_if_fail (INION_IS_RECORDING (self));

  g_free (priv->patient);
  g_free (priv->description);
  priv->patient = g_strdup (patient);
  priv->description = g_strdup (description);
}

/**
 * inion_recording_set_duration_ns:
 * @self: a recording that is being opened
 * @duration_ns: its length in nanoseconds
 */
void
inion_recording_set_duration_ns (InionRecording *self,
                                 gint64          duration_ns)
{
  g_return_if_fail (INION_IS_RECORDING (self));

  get_private (self)->duration_ns = duration_ns;
}

/**
 * inion_recording_add_channel:
 * @self: a recording that is being opened
 * @info: what is known of the channel; copied
 *
 * Appends a channel. A shown label that is taken already gets " (2)", " (3)", … behind it.
 */
void
inion_recording_add_channel (InionRecording         *self,
                             const InionChannelInfo *info)
{
  InionRecordingPrivate *priv = get_private (self);
  g_autoptr (InionChannel) channel = NULL;
  g_autofree char *label = NULL;
  InionChannelInfo unique = *info;
  const char *wanted;
  guint count;

  g_return_if_fail (INION_IS_RECORDING (self));

  channel = inion_channel_new (info);
  g_return_if_fail (channel != NULL);
  wanted = inion_channel_get_label (channel);
  count = GPOINTER_TO_UINT (g_hash_table_lookup (priv->labels, wanted));
  label = g_strdup (wanted);
  while (g_hash_table_contains (priv->labels, label))
    {
      g_free (label);
      label = g_strdup_printf ("%s (%u)", wanted, ++count);
    }
  if (count > 0)
    g_hash_table_insert (priv->labels, g_strdup (wanted), GUINT_TO_POINTER (count));
  unique.label = label;
  g_ptr_array_add (priv->channels, inion_channel_new (&unique));
  g_hash_table_insert (priv->labels, g_steal_pointer (&label), GUINT_TO_POINTER (1));
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
  InionRecordingPrivate *priv = get_private (self);

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
