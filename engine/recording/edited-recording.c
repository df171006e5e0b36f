/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording whose channels are called, and taken for, what a person says.
 *
 * Channels of a recording never change: threads read them. An edit therefore makes another
 * recording, of the same file, path and fingerprints, whose samples the original's reader delivers;
 * only names, kinds, units and positions are its own. A unit is converted where both are multiples
 * of the volt: then the values are, too. Any other unit is only a name that the file got wrong. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/edited-recording.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/recording-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

struct _InionEditedRecording
{
  InionRecording parent_instance;

  InionRecording *original;
  double *factors; /* by which a channel's values are multiplied */
};

G_DEFINE_FINAL_TYPE (InionEditedRecording, inion_edited_recording, INION_TYPE_RECORDING)

static gboolean
inion_edited_recording_read_digital (InionRecording  *recording,
                                     guint            channel,
                                     gint64           first,
                                     gsize            n,
                                     gint32          *out,
                                     GError         **error)
{
  InionRecording *original = INION_EDITED_RECORDING (recording)->original;

  return INION_RECORDING_GET_CLASS (original)->read_digital (original, channel, first, n, out,
                                                             error);
}

static gboolean
inion_edited_recording_read_physical (InionRecording  *recording,
                                      guint            channel,
                                      gint64           first,
                                      gsize            n,
                                      double          *out,
                                      GError         **error)
{
  InionEditedRecording *self = INION_EDITED_RECORDING (recording);
  InionRecordingClass *klass = INION_RECORDING_GET_CLASS (self->original);

  if (klass->read_physical != NULL)
    {
      if (!klass->read_physical (self->original, channel, first, n, out, error))
        return FALSE;
    }
  else
    {
      const InionChannelInfo *info =
        inion_channel_get_info (inion_recording_get_channel (self->original, channel));
      g_autofree gint32 *digital = inion_try_new (gint32, n, "samples", error);

      if (digital == NULL ||
          !klass->read_digital (self->original, channel, first, n, digital, error))
        return FALSE;
      for (gsize i = 0; i < n; i++)
        out[i] = info->gain * digital[i] + info->offset;
    }
  for (gsize i = 0; self->factors[channel] != 1 && i < n; i++)
    out[i] *= self->factors[channel];
  return TRUE;
}

static gboolean
inion_edited_recording_may_block (InionRecording *recording,
                               guint           channel,
                               gint64          first,
                               gsize           n)
{
  return _inion_recording_may_block (INION_EDITED_RECORDING (recording)->original, channel, first, n);
}

static void
copy_faults (InionEditedRecording *self)
{
  GPtrArray *theirs = inion_recording_get_faults (self->original);
  guint n = inion_recording_get_faults (INION_RECORDING (self))->len;

  for (guint i = n; i < theirs->len; i++)
    {
      const InionFault *fault = theirs->pdata[i];

      inion_recording_take_fault (INION_RECORDING (self),
                                  inion_fault_new (fault->offset, fault->field, "%s",
                                                   fault->message));
    }
}

static GPtrArray *
inion_edited_recording_load_events (InionRecording  *recording,
                                    InionJob        *job,
                                    GError         **error)
{
  InionEditedRecording *self = INION_EDITED_RECORDING (recording);
  GPtrArray *events, *theirs;

  if (!inion_recording_load_events (self->original, job, error))
    return NULL;
  copy_faults (self);
  theirs = inion_recording_get_events (self->original);
  events = g_ptr_array_new_full (theirs->len, (GDestroyNotify) inion_event_free);
  for (guint i = 0; i < theirs->len; i++)
    g_ptr_array_add (events, _inion_event_copy (theirs->pdata[i], NULL));
  return events;
}

static void
inion_edited_recording_finalize (GObject *object)
{
  InionEditedRecording *self = INION_EDITED_RECORDING (object);

  _inion_recording_get_private (INION_RECORDING (self))->segments = NULL; /* the original's */
  g_clear_object (&self->original);
  g_clear_pointer (&self->factors, g_free);
  G_OBJECT_CLASS (inion_edited_recording_parent_class)->finalize (object);
}

static void
inion_edited_recording_class_init (InionEditedRecordingClass *klass)
{
  InionRecordingClass *recording_class = INION_RECORDING_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = inion_edited_recording_finalize;
  recording_class->read_digital = inion_edited_recording_read_digital;
  recording_class->read_physical = inion_edited_recording_read_physical;
  recording_class->load_events = inion_edited_recording_load_events;
  recording_class->may_block = inion_edited_recording_may_block;
}

static void
inion_edited_recording_init (InionEditedRecording *self)
{
}

/**
 * inion_channel_edit_new:
 * @channel: which channel
 *
 * Returns: (transfer full): an edit that says nothing yet
 */
InionChannelEdit *
inion_channel_edit_new (guint channel)
{
  InionChannelEdit *self = g_new0 (InionChannelEdit, 1);

  self->channel = channel;
  return self;
}

/**
 * inion_channel_edit_copy:
 * @self: an edit
 *
 * Returns: (transfer full): the same
 */
InionChannelEdit *
inion_channel_edit_copy (const InionChannelEdit *self)
{
  InionChannelEdit *copy = g_memdup2 (self, sizeof *self);

  copy->label = g_strdup (self->label);
  copy->unit = g_strdup (self->unit);
  return copy;
}

/**
 * inion_channel_edit_free:
 * @self: (nullable) (transfer full): an edit
 *
 * Frees an edit.
 */
void
inion_channel_edit_free (InionChannelEdit *self)
{
  if (self == NULL)
    return;
  g_free (self->label);
  g_free (self->unit);
  g_free (self);
}

/**
 * inion_channel_edit_is_empty:
 * @self: an edit
 *
 * Returns: whether it says nothing against the file
 */
gboolean
inion_channel_edit_is_empty (const InionChannelEdit *self)
{
  return self->label == NULL && !self->has_kind && self->unit == NULL && !self->has_position;
}

/* The power of ten of a multiple of the volt. */
static gboolean
read_volts (const char *unit,
            int        *exponent)
{
  static const struct
  {
    const char *unit;
    int exponent;
  } volts[] = {
    { "V", 0 }, { "mV", -3 }, { "µV", -6 }, { "μV", -6 }, { "uV", -6 }, { "nV", -9 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (volts); i++)
    if (strcmp (unit, volts[i].unit) == 0)
      {
        *exponent = volts[i].exponent;
        return TRUE;
      }
  return FALSE;
}

/**
 * inion_unit_convert:
 * @from: a unit
 * @to: another
 * @factor: (out): by what values in @from are multiplied to be in @to; 1 if that cannot be said
 *
 * Converts between V, mV, µV and nV.
 *
 * Returns: %FALSE if one of the two is none of these
 */
gboolean
inion_unit_convert (const char *from,
                    const char *to,
                    double     *factor)
{
  int a, b;

  *factor = 1;
  if (!read_volts (from, &a) || !read_volts (to, &b))
    return FALSE;
  for (; a > b; a--)
    *factor *= 10;
  for (; a < b; a++)
    *factor /= 10;
  return TRUE;
}

static const InionChannelEdit *
find_edit (GPtrArray *edits,
           guint      channel)
{
  for (guint i = 0; i < edits->len; i++)
    if (((InionChannelEdit *) edits->pdata[i])->channel == channel)
      return edits->pdata[i];
  return NULL;
}

/* Changes what the file says of a channel; the strings stay the edit's. */
static double
apply_edit (const InionChannelEdit *edit,
            InionChannelInfo       *info)
{
  double factor = 1;

  if (edit->label != NULL && strcmp (edit->label, info->label) != 0)
    {
      info->label = edit->label;
      info->renamed = TRUE;
    }
  if (edit->has_kind)
    info->kind = edit->kind;
  if (edit->unit != NULL)
    {
      inion_unit_convert (info->unit, edit->unit, &factor);
      info->unit = edit->unit;
      info->gain *= factor;
      info->offset *= factor;
    }
  if (edit->has_position)
    {
      info->has_position = edit->placed;
      memcpy (info->position, edit->position, sizeof info->position);
    }
  return factor;
}

/* Two channels never share a name: the second gets a number. */
static char *
make_unique (GHashTable *taken,
             const char *wanted)
{
  char *label = g_strdup (wanted);

  for (guint k = 2; !g_hash_table_add (taken, g_strdup (label)); k++)
    {
      g_free (label);
      label = g_strdup_printf ("%s (%u)", wanted, k);
    }
  return label;
}

static void
copy_channels (InionEditedRecording *self,
               GPtrArray            *edits)
{
  InionRecordingPrivate *priv = _inion_recording_get_private (INION_RECORDING (self));
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = inion_recording_get_n_channels (self->original);

  self->factors = g_new (double, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    {
      InionChannelInfo info =
        *inion_channel_get_info (inion_recording_get_channel (self->original, i));
      const InionChannelEdit *edit = find_edit (edits, i);
      g_autofree char *label = NULL;

      self->factors[i] = edit != NULL ? apply_edit (edit, &info) : 1;
      info.label = label = make_unique (taken, info.label);
      g_ptr_array_add (priv->channels, inion_channel_new (&info));
    }
}

static void
copy_files (InionEditedRecording *self)
{
  for (guint i = 0; i < _inion_recording_get_n_files (self->original); i++)
    {
      int fd = fcntl (_inion_recording_get_fd (self->original, i), F_DUPFD_CLOEXEC, 0);

      if (fd < 0)
        g_message ("A file of the recording could not be kept open a second time: %s",
                   g_strerror (errno));
      else
        _inion_recording_take_file (INION_RECORDING (self), fd,
                                    _inion_recording_get_file_path (self->original, i));
    }
}

/**
 * inion_edited_recording_new:
 * @original: a recording, not an edited one
 * @edits: (element-type InionChannelEdit): what is said of its channels, one for each that is
 *   edited; those of channels that are not there are passed over
 *
 * Makes a recording of the same samples, events, path and fingerprints under what is said of its
 * channels. Labels that are taken get " (2)" behind them.
 *
 * Returns: (transfer full): the recording; @original itself if there is no edit
 */
InionRecording *
inion_edited_recording_new (InionRecording *original,
                            GPtrArray      *edits)
{
  InionEditedRecording *self;
  InionRecording *recording;

  g_return_val_if_fail (INION_IS_RECORDING (original), NULL);
  g_return_val_if_fail (edits != NULL, NULL);

  original = inion_edited_recording_get_original (original);
  if (edits->len == 0)
    return g_object_ref (original);
  self = g_object_new (INION_TYPE_EDITED_RECORDING, NULL);
  recording = INION_RECORDING (self);
  self->original = g_object_ref (original);
  inion_recording_set_path (recording, inion_recording_get_path (original));
  inion_recording_set_format (recording, inion_recording_get_format (original));
  inion_recording_set_start (recording, inion_recording_get_start (original));
  inion_recording_set_texts (recording, inion_recording_get_patient (original),
                             inion_recording_get_description (original));
  inion_recording_set_duration_ns (recording, inion_recording_get_duration_ns (original));
  _inion_recording_get_private (recording)->segments = _inion_recording_get_segments (original);
  copy_files (self);
  copy_channels (self, edits);
  copy_faults (self);
  return recording;
}

/**
 * inion_edited_recording_get_original:
 * @recording: a recording
 *
 * Returns: (transfer none): what the file says: of an edited recording the one it was made of, else
 *   the recording itself
 */
InionRecording *
inion_edited_recording_get_original (InionRecording *recording)
{
  g_return_val_if_fail (INION_IS_RECORDING (recording), NULL);

  return INION_IS_EDITED_RECORDING (recording) ? INION_EDITED_RECORDING (recording)->original
                                               : recording;
}
