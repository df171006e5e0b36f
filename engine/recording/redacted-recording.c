/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The samples of a recording under other names: what a copy without identifiers is written from.
 *
 * Nothing passes but samples, gaps, and what the caller says of channels and events: no text of
 * the patient, no start, no reserved field, no byte that the reader did not understand. So a writer
 * that gets such a recording cannot leak what it is never given. Samples are asked of the source's
 * reader by their place in its file, which is the same here because the gaps are. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/redacted-recording.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/recording-private.h"

struct _InionRedactedRecording
{
  InionRecording parent_instance;

  InionRecording *source;
  GPtrArray *events; /* InionEvent */
};

G_DEFINE_FINAL_TYPE (InionRedactedRecording, inion_redacted_recording, INION_TYPE_RECORDING)

static gboolean
inion_redacted_recording_read_digital (InionRecording  *recording,
                                       guint            channel,
                                       gint64           first,
                                       gsize            n,
                                       gint32          *out,
                                       GError         **error)
{
  InionRecording *source = INION_REDACTED_RECORDING (recording)->source;

  return INION_RECORDING_GET_CLASS (source)->read_digital (source, channel, first, n, out, error);
}

static gboolean
inion_redacted_recording_read_physical (InionRecording  *recording,
                                        guint            channel,
                                        gint64           first,
                                        gsize            n,
                                        double          *out,
                                        GError         **error)
{
  InionRecording *source = INION_REDACTED_RECORDING (recording)->source;
  InionRecordingClass *klass = INION_RECORDING_GET_CLASS (source);
  const InionChannelInfo *info;
  g_autofree gint32 *digital = NULL;

  if (klass->read_physical != NULL)
    return klass->read_physical (source, channel, first, n, out, error);
  digital = inion_try_new (gint32, n, "samples", error);
  if (digital == NULL || !klass->read_digital (source, channel, first, n, digital, error))
    return FALSE;
  info = inion_channel_get_info (inion_recording_get_channel (source, channel));
  for (gsize i = 0; i < n; i++)
    out[i] = info->gain * digital[i] + info->offset;
  return TRUE;
}

static gboolean
inion_redacted_recording_may_block (InionRecording *recording,
                               guint           channel,
                               gint64          first,
                               gsize           n)
{
  return _inion_recording_may_block (INION_REDACTED_RECORDING (recording)->source, channel, first, n);
}

static GPtrArray *
inion_redacted_recording_load_events (InionRecording  *recording,
                                      InionJob        *job,
                                      GError         **error)
{
  return g_ptr_array_copy (INION_REDACTED_RECORDING (recording)->events, _inion_event_copy, NULL);
}

static void
inion_redacted_recording_finalize (GObject *object)
{
  InionRedactedRecording *self = INION_REDACTED_RECORDING (object);

  g_clear_object (&self->source);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  G_OBJECT_CLASS (inion_redacted_recording_parent_class)->finalize (object);
}

static void
inion_redacted_recording_class_init (InionRedactedRecordingClass *klass)
{
  InionRecordingClass *recording_class = INION_RECORDING_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = inion_redacted_recording_finalize;
  recording_class->read_digital = inion_redacted_recording_read_digital;
  recording_class->read_physical = inion_redacted_recording_read_physical;
  recording_class->load_events = inion_redacted_recording_load_events;
  recording_class->may_block = inion_redacted_recording_may_block;
}

static void
inion_redacted_recording_init (InionRedactedRecording *self)
{
}

/* How many samples of a channel there are without those that are missing in gaps. */
static gint64
count_stored (InionRecording *source,
              guint           channel)
{
  InionSegments *segments = _inion_recording_get_segments (source);
  InionSegmentRun run;
  gint64 at = 0, stored = 0;

  if (segments == NULL)
    return inion_channel_get_n_samples (inion_recording_get_channel (source, channel));
  while (_inion_segments_find_run (segments, channel, at, &run))
    {
      at = run.first + run.n;
      stored = run.stored + run.n;
    }
  return stored;
}

/* The fastest channel tells most exactly where the stretches are in the file. */
static guint
find_fastest (InionRecording *source)
{
  guint best = 0;

  for (guint i = 1; i < inion_recording_get_n_channels (source); i++)
    if (inion_channel_get_rate_hz (inion_recording_get_channel (source, i)) >
        inion_channel_get_rate_hz (inion_recording_get_channel (source, best)))
      best = i;
  return best;
}

/* Where each stretch would begin without gaps, from the samples that stand before it. */
static GArray *
measure_stored (InionRecording *source,
                InionSegments  *segments)
{
  GArray *stored_ns = g_array_new (FALSE, TRUE, sizeof (gint64));
  guint n = inion_recording_get_n_segments (source);
  guint fastest = find_fastest (source);
  const InionChannelInfo *info =
    inion_channel_get_info (inion_recording_get_channel (source, fastest));
  gint64 at = 0, sum_ns = 0;

  for (guint s = 0; s < n; s++)
    {
      InionSegmentRun run;
      gint64 from_ns, to_ns, ns = sum_ns;

      inion_recording_get_segment (source, s, &from_ns, &to_ns);
      sum_ns += to_ns - from_ns;
      if (_inion_segments_find_run (segments, fastest, at, &run))
        {
          gint64 exact = inion_int64_mul_div (run.stored, info->rate_den_ns, info->rate_num);

          /* What the lengths add up to is exact for all channels where it is right for this one. */
          if (ABS (exact - ns) > info->rate_den_ns / info->rate_num / 2)
            ns = exact;
          at = run.first + run.n;
        }
      g_array_append_val (stored_ns, ns);
    }
  return stored_ns;
}

/**
 * inion_recording_copy_gaps:
 * @self: a recording that is being made, without channels
 * @source: a recording
 * @stored_ns: (out) (optional) (transfer full) (element-type gint64): where each stretch would
 *   begin if there were no gaps, nanoseconds; empty where there are none
 * @error: return location
 *
 * Gives a recording the length and the gaps of another.
 *
 * Returns: %FALSE with %INION_ERROR_UNSUPPORTED if the stretches are not in order
 */
gboolean
inion_recording_copy_gaps (InionRecording  *self,
                           InionRecording  *source,
                           GArray         **stored_ns,
                           GError         **error)
{
  InionSegments *segments = _inion_recording_get_segments (source);
  g_autoptr (GArray) stored = NULL;

  g_return_val_if_fail (INION_IS_RECORDING (self) && INION_IS_RECORDING (source), FALSE);

  if (segments != NULL && inion_recording_get_n_channels (source) > 0)
    stored = measure_stored (source, segments);
  for (guint s = 0; stored != NULL && s < stored->len; s++)
    {
      gint64 from_ns, to_ns;

      inion_recording_get_segment (source, s, &from_ns, &to_ns);
      if (!inion_recording_add_segment (self, from_ns, to_ns - from_ns,
                                        g_array_index (stored, gint64, s)))
        return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                                "Stretch %u of the recording begins before the one before it ends: "
                                "its gaps cannot be kept. Convert it without options first.", s + 1);
    }
  if (stored == NULL)
    inion_recording_set_duration_ns (self, inion_recording_get_duration_ns (source));
  if (stored_ns != NULL)
    *stored_ns = stored != NULL ? g_steal_pointer (&stored)
                                : g_array_new (FALSE, FALSE, sizeof (gint64));
  return TRUE;
}

/* A sample out of its place would be a lie: gaps of all channels must have come out the same. */
static gboolean
check_runs (InionRecording  *self,
            InionRecording  *source,
            GError         **error)
{
  InionSegments *a = _inion_recording_get_segments (self);
  InionSegments *b = _inion_recording_get_segments (source);

  for (guint c = 0; b != NULL && c < inion_recording_get_n_channels (source); c++)
    {
      InionSegmentRun x, y;
      gint64 at = 0;

      while (_inion_segments_find_run (b, c, at, &y))
        {
          if (!_inion_segments_find_run (a, c, at, &x) || x.first != y.first || x.n != y.n ||
              x.stored != y.stored)
            return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                                    "The gaps of channel %s cannot be kept to the sample. Leave "
                                    "out the channel.",
                                    inion_channel_get_label (inion_recording_get_channel (source,
                                                                                          c)));
          at = y.first + y.n;
        }
    }
  return TRUE;
}

/**
 * inion_redacted_recording_new:
 * @source: where samples and gaps come from
 * @channels: (array): what is said of each of its channels; scale, rate and length are the source's
 * @events: (element-type InionEvent): the events; copied
 * @error: return location
 *
 * Makes a recording of the samples of another, without path, start, and texts of the patient.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL with %INION_ERROR_UNSUPPORTED if its
 *   gaps cannot be kept
 */
InionRecording *
inion_redacted_recording_new (InionRecording          *source,
                              const InionChannelInfo  *channels,
                              GPtrArray               *events,
                              GError                 **error)
{
  g_autoptr (InionRedactedRecording) self = NULL;
  InionRecording *recording;

  g_return_val_if_fail (INION_IS_RECORDING (source), NULL);
  g_return_val_if_fail (events != NULL, NULL);

  self = g_object_new (INION_TYPE_REDACTED_RECORDING, NULL);
  recording = INION_RECORDING (self);
  self->source = g_object_ref (source);
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
  for (guint i = 0; i < events->len; i++)
    g_ptr_array_add (self->events, _inion_event_copy (events->pdata[i], NULL));
  inion_recording_set_format (recording, inion_recording_get_format (source));
  if (!inion_recording_copy_gaps (recording, source, NULL, error))
    return NULL;
  for (guint i = 0; i < inion_recording_get_n_channels (source); i++)
    {
      const InionChannelInfo *from =
        inion_channel_get_info (inion_recording_get_channel (source, i));
      InionChannelInfo info = channels[i];

      info.rate_num = from->rate_num;
      info.rate_den_ns = from->rate_den_ns;
      info.gain = from->gain;
      info.offset = from->offset;
      info.digital_min = from->digital_min;
      info.digital_max = from->digital_max;
      info.calibrated = from->calibrated;
      info.n_samples = count_stored (source, i);
      inion_recording_add_channel (recording, &info);
    }
  return check_runs (recording, source, error) ? INION_RECORDING (g_steal_pointer (&self)) : NULL;
}
