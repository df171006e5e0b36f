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
#include "recording/recording-private.h"

#include <string.h>
#include <unistd.h>

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (InionRecording, inion_recording, G_TYPE_OBJECT)

InionRecordingPrivate *
_inion_recording_get_private (InionRecording *self)
{
  return inion_recording_get_instance_private (self);
}

static void
clear_file (gpointer data)
{
  InionRecordingFile *file = data;

  close (file->fd);
  g_free (file->path);
}

static void
inion_recording_finalize (GObject *object)
{
  InionRecordingPrivate *priv = _inion_recording_get_private (INION_RECORDING (object));

  g_array_unref (priv->files);
  g_clear_pointer (&priv->segments, _inion_segments_free);
  g_free (priv->path);
  g_free (priv->format);
  g_free (priv->patient);
  g_free (priv->description);
  g_free (priv->events_table);
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
  InionRecordingPrivate *priv = _inion_recording_get_private (self);

  priv->files = g_array_new (FALSE, FALSE, sizeof (InionRecordingFile));
  g_array_set_clear_func (priv->files, clear_file);
  priv->channels = g_ptr_array_new_with_free_func (g_object_unref);
  priv->labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  priv->faults = g_ptr_array_new ();
  priv->old_faults = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  g_mutex_init (&priv->lock);
  g_cond_init (&priv->loaded);
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

  return _inion_recording_get_private (self)->path;
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

  return _inion_recording_get_private (self)->format != NULL
           ? _inion_recording_get_private (self)->format : "";
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

  return _inion_recording_get_private (self)->channels->len;
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
  g_return_val_if_fail (index < _inion_recording_get_private (self)->channels->len, NULL);

  return g_ptr_array_index (_inion_recording_get_private (self)->channels, index);
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

  channels = _inion_recording_get_private (self)->channels;
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

  return _inion_recording_get_private (self)->duration_ns;
}

/**
 * inion_recording_get_n_segments:
 * @self: a recording
 *
 * Returns: how many stretches without a gap it has: 1, or more if there are gaps
 */
guint
inion_recording_get_n_segments (InionRecording *self)
{
  g_return_val_if_fail (INION_IS_RECORDING (self), 1);

  return _inion_recording_get_private (self)->segments != NULL
           ? _inion_segments_get_n (_inion_recording_get_private (self)->segments) : 1;
}

/**
 * inion_recording_get_segment:
 * @self: a recording
 * @index: which stretch, below inion_recording_get_n_segments()
 * @from_ns: (out): when it begins
 * @to_ns: (out): when it ends
 *
 * Tells when one of the stretches was recorded, in nanoseconds since the recording's start.
 */
void
inion_recording_get_segment (InionRecording *self,
                             guint           index,
                             gint64         *from_ns,
                             gint64         *to_ns)
{
  InionRecordingPrivate *priv = _inion_recording_get_private (self);

  g_return_if_fail (INION_IS_RECORDING (self));
  g_return_if_fail (index < inion_recording_get_n_segments (self));

  *from_ns = 0;
  *to_ns = priv->duration_ns;
  if (priv->segments != NULL)
    _inion_segments_get (priv->segments, index, from_ns, to_ns);
}

/**
 * inion_recording_has_gap:
 * @self: a recording
 * @from_ns: nanoseconds since the recording's start
 * @to_ns: nanoseconds since the recording's start
 *
 * Returns: whether a part of [@from_ns, @to_ns) lies between two stretches that were recorded;
 *   before the first and behind the last there is no gap
 */
gboolean
inion_recording_has_gap (InionRecording *self,
                         gint64          from_ns,
                         gint64          to_ns)
{
  InionSegments *segments;
  gint64 first_ns, end_ns;
  guint index;

  g_return_val_if_fail (INION_IS_RECORDING (self), FALSE);

  segments = _inion_recording_get_private (self)->segments;
  if (segments == NULL || to_ns <= from_ns)
    return FALSE;
  from_ns = MAX (from_ns, 0);
  to_ns = MIN (to_ns, _inion_recording_get_private (self)->duration_ns);
  index = _inion_segments_find (segments, from_ns);
  if (index == _inion_segments_get_n (segments) || to_ns <= from_ns)
    return FALSE;
  _inion_segments_get (segments, index, &first_ns, &end_ns);
  return from_ns < first_ns || end_ns < to_ns;
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

  return _inion_recording_get_private (self)->start;
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

  return _inion_recording_get_private (self)->patient;
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

  return _inion_recording_get_private (self)->description;
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

  g_free (_inion_recording_get_private (self)->path);
  _inion_recording_get_private (self)->path = g_strdup (path);
}

/* Gives the recording one of its open files, closed with it; the first is the one that was opened.
 * A scratch file, of samples that had to be unpacked, has no path and is not what the recording
 * is known by. */
guint
_inion_recording_take_file (InionRecording *self,
                            int             fd,
                            const char     *path)
{
  InionRecordingFile file = { fd, g_strdup (path) };
  GArray *files = _inion_recording_get_private (self)->files;

  g_array_append_val (files, file);
  return files->len - 1;
}

guint
_inion_recording_get_n_files (InionRecording *self)
{
  return _inion_recording_get_private (self)->files->len;
}

/* (nullable): of a scratch file. */
const char *
_inion_recording_get_file_path (InionRecording *self,
                                guint           file)
{
  return g_array_index (_inion_recording_get_private (self)->files, InionRecordingFile, file).path;
}

int
_inion_recording_get_fd (InionRecording *self,
                         guint           file)
{
  return g_array_index (_inion_recording_get_private (self)->files, InionRecordingFile, file).fd;
}

/* (nullable): of a recording without gaps. */
InionSegments *
_inion_recording_get_segments (InionRecording *self)
{
  return _inion_recording_get_private (self)->segments;
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

  g_free (_inion_recording_get_private (self)->format);
  _inion_recording_get_private (self)->format = g_strdup (format);
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
  InionRecordingPrivate *priv = _inion_recording_get_private (self);

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
  InionRecordingPrivate *priv = _inion_recording_get_private (self);

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

  _inion_recording_get_private (self)->duration_ns = duration_ns;
}

/**
 * inion_recording_add_segment:
 * @self: a recording that is being opened, without channels
 * @onset_ns: when the stretch begins, nanoseconds since the recording's start; the first at 0
 * @length_ns: how long it lasts
 * @stored_ns: when it would begin if there were no gaps: where its samples are among those that
 *   the file holds
 *
 * Says that the recording has gaps, and appends a stretch that was recorded. The recording's
 * duration follows.
 *
 * Returns: %FALSE if the stretch begins before the last one ends, or ends beyond 292 years
 */
gboolean
inion_recording_add_segment (InionRecording *self,
                             gint64          onset_ns,
                             gint64          length_ns,
                             gint64          stored_ns)
{
  InionRecordingPrivate *priv = _inion_recording_get_private (self);

  g_return_val_if_fail (INION_IS_RECORDING (self), FALSE);
  g_return_val_if_fail (priv->channels->len == 0, FALSE);

  if (priv->segments == NULL)
    priv->segments = _inion_segments_new ();
  if (!_inion_segments_add (priv->segments, onset_ns, length_ns, stored_ns))
    return FALSE;
  priv->duration_ns = onset_ns + length_ns;
  return TRUE;
}

static void
add_channel (InionRecording         *self,
             const InionChannelInfo *info,
             const InionSegmentRun  *runs,
             gsize                   n_runs)
{
  InionRecordingPrivate *priv = _inion_recording_get_private (self);
  g_autoptr (InionChannel) channel = NULL;
  g_autofree char *label = NULL;
  InionChannelInfo unique = *info;
  const char *wanted;
  guint count;

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
  if (runs != NULL)
    unique.n_samples = _inion_segments_add_channel_runs (priv->segments, info, runs, n_runs);
  else if (priv->segments != NULL)
    unique.n_samples = _inion_segments_add_channel (priv->segments, info);
  g_ptr_array_add (priv->channels, inion_channel_new (&unique));
  g_hash_table_insert (priv->labels, g_steal_pointer (&label), GUINT_TO_POINTER (1));
}

/**
 * inion_recording_add_channel:
 * @self: a recording that is being opened
 * @info: what is known of the channel; copied
 *
 * Appends a channel. A shown label that is taken already gets " (2)", " (3)", … behind it. In
 * @info, n_samples is the number of samples that the file holds; the channel's own number also
 * counts those that are missing in gaps.
 */
void
inion_recording_add_channel (InionRecording         *self,
                             const InionChannelInfo *info)
{
  g_return_if_fail (INION_IS_RECORDING (self));

  add_channel (self, info, NULL, 0);
}

/**
 * inion_recording_add_channel_runs:
 * @self: a recording that has segments
 * @info: the channel; its number of samples is that of the file
 * @runs: (array length=n_runs): where its samples stand, in order
 * @n_runs: how many, at least 1
 *
 * Adds a channel that was recorded at other times than the segments say: of several streams in one
 * file each begins and breaks off when it likes. For readers.
 */
void
inion_recording_add_channel_runs (InionRecording         *self,
                                  const InionChannelInfo *info,
                                  const InionSegmentRun  *runs,
                                  gsize                   n_runs)
{
  g_return_if_fail (INION_IS_RECORDING (self));
  g_return_if_fail (_inion_recording_get_private (self)->segments != NULL);
  g_return_if_fail (n_runs > 0);

  add_channel (self, info, runs, n_runs);
}
