/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes channels of the signals of an XDF file.
 *
 * All streams stand on the recorder's clock. Each begins when its device began, ends when it ended,
 * and breaks off when data were lost; so each has runs of its own. What no stream holds is a gap
 * of the recording. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/xdf-channels.h"

#include "core/error.h"
#include "recording/binary-recording-private.h"
#include "recording/physical-unit.h"

#include <math.h>
#include <string.h>

typedef struct
{
  double from;
  double to;
} Span;

static int
compare_spans (gconstpointer a,
               gconstpointer b)
{
  const Span *x = a, *y = b;

  return (x->from > y->from) - (x->from < y->from);
}

/**
 * _inion_xdf_channels_get_start:
 * @signals: (element-type InionXdfSignal): signals with samples
 *
 * Returns: when the first sample of all was taken, in seconds on the recorder's clock; NaN if there
 *   is none
 */
double
_inion_xdf_channels_get_start (GPtrArray *signals)
{
  double start = NAN;

  for (guint i = 0; i < signals->len; i++)
    {
      const InionXdfSignal *signal = signals->pdata[i];
      double from = g_array_index (signal->stretches, InionEvenStretch, 0).start;

      if (!(start <= from))
        start = from;
    }
  return start;
}

/* Where the stretches of a signal stand on a clock with its rate. NULL: beyond all clocks. */
static GArray *
make_runs (const InionXdfSignal *signal,
           double                start,
           double                rate,
           InionEdfFaults       *faults)
{
  double moved;
  GArray *runs = _inion_even_stretches_make_runs (signal->stretches, start, rate, &moved);

  if (runs != NULL && moved > 0)
    inion_edf_faults_add (faults, "overlap", signal->stream->at, "clock",
                          "Samples stand at times at which others stand already, up to %.3f s too "
                          "early: the clock was set back. They were put behind those.", moved);
  return runs;
}

/* What is recorded of any signal becomes the recording's segments. */
static gboolean
add_segments (InionRecording *recording,
              GArray         *spans)
{
  Span span = g_array_index (spans, Span, 0);

  span.from = 0;
  for (guint i = 1; i <= spans->len; i++)
    {
      const Span *next = i < spans->len ? &g_array_index (spans, Span, i) : NULL;
      gint64 from_ns, to_ns;

      if (next != NULL && next->from <= span.to + 1e-6)
        {
          span.to = MAX (span.to, next->to);
          continue;
        }
      from_ns = llrint (span.from * 1e9);
      to_ns = llrint (span.to * 1e9);
      if (!inion_recording_add_segment (recording, from_ns, MAX (to_ns - from_ns, 0), from_ns))
        return FALSE;
      if (next != NULL)
        span = *next;
    }
  return TRUE;
}

/* The usual spelling of a unit of volts; any other as it is. */
static const char *
get_unit (const char *unit)
{
  static const struct
  {
    const char *spelling;
    const char *unit;
  } units[] = {
    { "microvolts", "µV" }, { "microvolt", "µV" }, { "uv", "µV" },        { "µv", "µV" },
    { "μv", "µV" },         { "microv", "µV" },    { "millivolts", "mV" }, { "millivolt", "mV" },
    { "mv", "mV" },         { "volts", "V" },      { "volt", "V" },       { "v", "V" },
    { "nanovolts", "nV" },  { "nanovolt", "nV" },  { "nv", "nV" },
  };
  g_autofree char *lower = g_utf8_strdown (unit, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (strcmp (lower, units[i].spelling) == 0)
      return units[i].unit;
  return unit;
}

static gboolean
find_kind (const char       *type,
           InionChannelKind *kind)
{
  g_autofree char *upper = type != NULL ? g_ascii_strup (type, -1) : g_strdup ("");

  if (strcmp (upper, "EEG") == 0)
    *kind = INION_CHANNEL_EEG;
  else if (strcmp (upper, "EOG") == 0)
    *kind = INION_CHANNEL_EOG;
  else if (strcmp (upper, "ECG") == 0 || strcmp (upper, "EKG") == 0)
    *kind = INION_CHANNEL_ECG;
  else if (strcmp (upper, "EMG") == 0)
    *kind = INION_CHANNEL_EMG;
  else if (g_str_has_prefix (upper, "STIM") || g_str_has_prefix (upper, "TRIG") ||
           g_str_has_prefix (upper, "MARKER"))
    *kind = INION_CHANNEL_TRIGGER;
  else
    return FALSE;
  return TRUE;
}

/* What a channel measures: as it says itself, else by its label, else as its stream says. */
static InionChannelKind
choose_kind (const InionXdfHeader  *header,
             const InionXdfChannel *channel,
             const char            *label,
             const char            *unit)
{
  InionChannelKind kind, guess;

  if (channel != NULL && find_kind (channel->type, &kind))
    return kind;
  guess = inion_channel_kind_guess (label, unit);
  if (find_kind (header->type, &kind) &&
      (kind != INION_CHANNEL_EEG || guess == INION_CHANNEL_OTHER))
    return kind;
  return guess;
}

/* Fills in what kind of a channel it is, its unit and its scale. */
static void
set_scale (InionChannelInfo      *info,
           const InionXdfSignal  *signal,
           const InionXdfChannel *channel,
           InionEdfFaults        *faults)
{
  const char *unit = get_unit (channel != NULL && channel->unit != NULL ? channel->unit : "");

  info->kind = choose_kind (signal->stream->header, channel, info->raw_label, unit);
  info->unit = inion_physical_unit_choose (unit, info->kind, &info->gain);
  info->calibrated = TRUE;
  if (*unit == '\0' && (info->kind == INION_CHANNEL_EEG || info->kind == INION_CHANNEL_EOG ||
                        info->kind == INION_CHANNEL_ECG || info->kind == INION_CHANNEL_EMG))
    {
      info->unit = "µV";
      inion_edf_faults_add (faults, "unit", signal->stream->at, "unit",
                            "Channel %s has no unit; µV is assumed.", info->raw_label);
    }
}

static void
set_range (InionChannelInfo *info,
           InionSampleType   type)
{
  info->digital_min = G_MININT32;
  info->digital_max = G_MAXINT32;
  if (type == INION_SAMPLE_INT8)
    {
      info->digital_min = G_MININT8;
      info->digital_max = G_MAXINT8;
    }
  else if (type == INION_SAMPLE_INT16)
    {
      info->digital_min = G_MININT16;
      info->digital_max = G_MAXINT16;
    }
}

static gboolean
add_channel (InionBinaryRecording  *recording,
             guint                  file,
             const InionXdfSignal  *signal,
             guint                  index,
             InionChannelInfo      *info,
             GArray                *runs,
             InionEdfFaults        *faults,
             GError               **error)
{
  const InionXdfHeader *header = signal->stream->header;
  const InionXdfChannel *channel =
    index < header->channels->len ? header->channels->pdata[index] : NULL;
  InionSampleLayout layout = inion_sample_layout_multiplexed (file, header->sample_type,
                                                              signal->offset, index,
                                                              header->n_channels);
  g_autofree char *name = _inion_xdf_stream_dup_name (signal->stream);
  g_autofree char *numbered = header->n_channels > 1 ? g_strdup_printf ("%s %u", name, index + 1)
                                                     : g_strdup (name);

  info->raw_label = channel != NULL && channel->label != NULL ? channel->label : numbered;
  info->reference = header->reference;
  set_scale (info, signal, channel, faults);
  set_range (info, header->sample_type);
  info->has_position = channel != NULL && channel->known == INION_XDF_POSITION_ALL &&
                       fabs (channel->position[0]) + fabs (channel->position[1]) +
                         fabs (channel->position[2]) > 0;
  for (guint k = 0; k < 3 && info->has_position; k++)
    info->position[k] = channel->position[k] / 1000;
  if (runs == NULL)
    return inion_binary_recording_add_channel (recording, info, &layout, error);
  return _inion_binary_recording_add_channel_runs (recording, info, &layout,
                                                   (const InionSegmentRun *) runs->data, runs->len,
                                                   error);
}

/* The clock of a signal, and a word if it is not the one that the file promises. */
static void
set_rate (InionChannelInfo     *info,
          const InionXdfSignal *signal,
          InionEdfFaults       *faults)
{
  g_autofree char *name = _inion_xdf_stream_dup_name (signal->stream);
  g_autofree char *place = g_strdup_printf ("stream “%s”", name);
  double nominal = signal->stream->header->rate, rate;

  if (!_inion_even_stretches_get_rate (signal->stretches, nominal, &info->rate_num,
                                       &info->rate_den_ns))
    inion_edf_faults_add (faults, place, signal->stream->at, place,
                          "The times of its samples make no sense; %g Hz is assumed, as the header "
                          "says.", nominal);
  rate = (double) info->rate_num / (double) info->rate_den_ns * 1e9;
  if (fabs (rate - nominal) > 0.1 * nominal)
    inion_edf_faults_add (faults, place, signal->stream->at, place,
                          "The header says %g Hz, but samples came at %.4f Hz, which is used.",
                          nominal, rate);
}

static gboolean
add_signal (InionBinaryRecording  *recording,
            guint                  file,
            const InionXdfSignal  *signal,
            InionChannelInfo      *info,
            GArray                *runs,
            InionEdfFaults        *faults,
            GError               **error)
{
  for (guint c = 0; c < signal->stream->header->n_channels; c++)
    if (!add_channel (recording, file, signal, c, info, runs, faults, error))
      return FALSE;
  return TRUE;
}

static gboolean
refuse_times (const InionXdfSignal  *signal,
              GError               **error)
{
  g_autofree char *name = _inion_xdf_stream_dup_name (signal->stream);

  return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                          "The times of stream “%s” (%u) lie more than ten years from those of the "
                          "others: its clock was never measured. Open the streams one by one.",
                          name, signal->stream->id);
}

/**
 * _inion_xdf_channels_add:
 * @recording: a recording without channels
 * @file: which of its files holds the samples
 * @signals: (element-type InionXdfSignal): one or more, all with samples
 * @start: when the recording starts, in seconds on the recorder's clock
 * @faults: what is wrong with the file
 * @error: return location
 *
 * Adds the segments and the channels.
 *
 * Returns: %FALSE with %INION_ERROR_UNSUPPORTED if the times of a stream do not fit those of
 *   another
 */
gboolean
_inion_xdf_channels_add (InionBinaryRecording  *recording,
                         guint                  file,
                         GPtrArray             *signals,
                         double                 start,
                         InionEdfFaults        *faults,
                         GError               **error)
{
  g_autoptr (GPtrArray) all_runs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (Span));
  g_autofree InionChannelInfo *infos = g_new0 (InionChannelInfo, signals->len);
  gboolean plain;

  for (guint i = 0; i < signals->len; i++)
    {
      const InionXdfSignal *signal = signals->pdata[i];
      double rate;
      GArray *runs;

      set_rate (&infos[i], signal, faults);
      infos[i].n_samples = signal->n;
      rate = (double) infos[i].rate_num / (double) infos[i].rate_den_ns * 1e9;
      runs = make_runs (signal, start, rate, faults);
      if (runs == NULL)
        return refuse_times (signal, error);
      g_ptr_array_add (all_runs, runs);
      for (guint k = 0; k < runs->len; k++)
        {
          const InionSegmentRun *run = &g_array_index (runs, InionSegmentRun, k);
          Span span = { (double) run->first / rate, (double) (run->first + run->n) / rate };

          g_array_append_val (spans, span);
        }
    }
  plain = spans->len == 1;
  g_array_sort (spans, compare_spans);
  if (!plain && !add_segments (INION_RECORDING (recording), spans))
    return refuse_times (signals->pdata[0], error);
  for (guint i = 0; i < signals->len; i++)
    if (!add_signal (recording, file, signals->pdata[i], &infos[i],
                     plain ? NULL : all_runs->pdata[i], faults, error))
      return FALSE;
  return TRUE;
}
