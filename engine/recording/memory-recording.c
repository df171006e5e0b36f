/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording whose samples are in memory: for tests, for streams, for derived signals.
 *
 * Channels are added before the recording is handed on, and never after: reading is then
 * thread-safe. Physical values are kept as they are given. Their digital values are steps of
 * 1/1000 unit. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/memory-recording.h"

#include "core/size.h"
#include "recording/recording-private.h"

#include <math.h>
#include <string.h>

#define STEP 1e-3

struct _InionMemoryRecording
{
  InionRecording parent_instance;

  gint64 rate_num;
  gint64 rate_den_ns;
  GPtrArray *samples; /* double *, one array a channel */
  GPtrArray *events;
};

G_DEFINE_FINAL_TYPE (InionMemoryRecording, inion_memory_recording, INION_TYPE_RECORDING)

static gboolean
inion_memory_recording_read_physical (InionRecording  *recording,
                                      guint            channel,
                                      gint64           first,
                                      gsize            n,
                                      double          *out,
                                      GError         **error)
{
  InionMemoryRecording *self = INION_MEMORY_RECORDING (recording);
  const double *samples = g_ptr_array_index (self->samples, channel);

  memcpy (out, samples + first, n * sizeof *out);
  return TRUE;
}

static gboolean
inion_memory_recording_read_digital (InionRecording  *recording,
                                     guint            channel,
                                     gint64           first,
                                     gsize            n,
                                     gint32          *out,
                                     GError         **error)
{
  InionMemoryRecording *self = INION_MEMORY_RECORDING (recording);
  const double *samples = g_ptr_array_index (self->samples, channel);

  for (gsize i = 0; i < n; i++)
    {
      double steps = rint (samples[(gsize) first + i] / STEP);

      out[i] = isnan (steps) ? 0 : (gint32) CLAMP (steps, G_MININT32, G_MAXINT32);
    }
  return TRUE;
}

static GPtrArray *
inion_memory_recording_load_events (InionRecording  *recording,
                                    InionJob        *job,
                                    GError         **error)
{
  InionMemoryRecording *self = INION_MEMORY_RECORDING (recording);

  return g_ptr_array_copy (self->events, _inion_event_copy, NULL);
}

static void
inion_memory_recording_finalize (GObject *object)
{
  InionMemoryRecording *self = INION_MEMORY_RECORDING (object);

  g_ptr_array_unref (self->samples);
  g_ptr_array_unref (self->events);
  G_OBJECT_CLASS (inion_memory_recording_parent_class)->finalize (object);
}

static void
inion_memory_recording_class_init (InionMemoryRecordingClass *klass)
{
  InionRecordingClass *recording_class = INION_RECORDING_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = inion_memory_recording_finalize;
  recording_class->read_digital = inion_memory_recording_read_digital;
  recording_class->read_physical = inion_memory_recording_read_physical;
  recording_class->load_events = inion_memory_recording_load_events;
}

static void
inion_memory_recording_init (InionMemoryRecording *self)
{
  self->samples = g_ptr_array_new_with_free_func (g_free);
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
}

/* The rate as a fraction of samples a nanosecond. A rate that is a whole number of hertz, or whose
 * thousandfold is, is exact; any other is kept to a millionth of a hertz. */
static void
set_rate (InionMemoryRecording *self,
          double                rate_hz)
{
  self->rate_num = (gint64) rint (rate_hz * 1e6);
  self->rate_den_ns = G_GINT64_CONSTANT (1000000000000000);
  while (self->rate_num % 10 == 0 && self->rate_den_ns > 1000000000)
    {
      self->rate_num /= 10;
      self->rate_den_ns /= 10;
    }
}

/**
 * inion_memory_recording_new:
 * @rate_hz: sampling rate of all channels, 10⁻⁶ to 10⁹ Hz
 * @start: (nullable): when it starts, naive local time tagged as UTC
 *
 * Returns: (transfer full): a recording without channels
 */
InionMemoryRecording *
inion_memory_recording_new (double     rate_hz,
                            GDateTime *start)
{
  InionMemoryRecording *self;

  g_return_val_if_fail (rate_hz >= 1e-6 && rate_hz <= 1e9, NULL);

  self = g_object_new (INION_TYPE_MEMORY_RECORDING, NULL);
  set_rate (self, rate_hz);
  inion_recording_set_format (INION_RECORDING (self), "memory");
  inion_recording_set_start (INION_RECORDING (self), start);
  return self;
}

/**
 * inion_memory_recording_add_channel:
 * @self: a recording that nobody reads yet
 * @label: the channel's label
 * @unit: (nullable): unit of the samples, "µV" for EEG
 * @samples: (array length=n): the samples; copied. May hold NaN where there is no value
 * @n: how many
 *
 * Appends a channel. The recording is as long as its longest channel.
 */
void
inion_memory_recording_add_channel (InionMemoryRecording *self,
                                    const char           *label,
                                    const char           *unit,
                                    const double         *samples,
                                    gsize                 n)
{
  InionChannelInfo info = { 0 };
  gint64 duration_ns;

  g_return_if_fail (INION_IS_MEMORY_RECORDING (self));
  g_return_if_fail (label != NULL && (samples != NULL || n == 0));

  info.raw_label = label;
  info.kind = inion_channel_kind_guess (label, unit);
  info.unit = unit;
  info.rate_num = self->rate_num;
  info.rate_den_ns = self->rate_den_ns;
  info.n_samples = (gint64) n;
  info.gain = STEP;
  info.digital_min = G_MININT32;
  info.digital_max = G_MAXINT32;
  info.calibrated = TRUE;
  inion_recording_add_channel (INION_RECORDING (self), &info);
  g_ptr_array_add (self->samples, g_memdup2 (samples, n * sizeof *samples));
  duration_ns = inion_int64_mul_div ((gint64) n, self->rate_den_ns, self->rate_num);
  if (duration_ns > inion_recording_get_duration_ns (INION_RECORDING (self)))
    inion_recording_set_duration_ns (INION_RECORDING (self), duration_ns);
}

/**
 * inion_memory_recording_add_event:
 * @self: a recording whose events nobody has loaded yet
 * @onset_ns: nanoseconds since the recording's start
 * @duration_ns: length in nanoseconds, -1 for none
 * @text: what happened, UTF-8
 *
 * Adds an event; they need not come in order.
 */
void
inion_memory_recording_add_event (InionMemoryRecording *self,
                                  gint64                onset_ns,
                                  gint64                duration_ns,
                                  const char           *text)
{
  g_return_if_fail (INION_IS_MEMORY_RECORDING (self));
  g_return_if_fail (text != NULL);

  g_ptr_array_add (self->events, inion_event_new (onset_ns, duration_ns, text, -1));
}
