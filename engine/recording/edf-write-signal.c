/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The signals of an EDF+ or BDF+ file: their texts and scales.
 *
 * Four ways, the first that can be taken is:
 *
 *   copied   the source is EDF or BDF and its digital range is in the new file's: its digital
 *            values and texts are written as they are, values beyond the range among them
 *   kept     all values of the source are gain × digital + offset, and the digital values are in
 *            the new file's range: they are written as they are. The two limits that eight
 *            characters say most exactly are looked for, so that the gain stays
 *   low bits a trigger channel of more bits than the new file has: its lower 16 bits
 *   scaled   everything else: the range of the data, rounded outwards, and the scale from it */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/edf-field.h"
#include "recording/edf-header.h"
#include "recording/edf-recording.h"
#include "recording/edf-text.h"
#include "recording/edf-write-private.h"
#include "recording/recording-private.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

#define BLOCK 256

/* A step of EEG above which a person should choose a format with more bits. */
#define COARSE_STEP_UV 0.1

/* How far the product of gain and digital value may be from the value, in steps. */
#define SAME 1e-6

/* The header of a source that is EDF or BDF. */
typedef struct
{
  InionEdfHeader *header;
  InionEdfFaults *faults;
  guint8 *bytes;
  guint *signals; /* behind each channel */
} Source;

static void
free_source (Source *self)
{
  if (self == NULL)
    return;
  inion_edf_header_free (self->header);
  inion_edf_faults_free (self->faults);
  g_free (self->bytes);
  g_free (self->signals);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Source, free_source)

/* NULL: the source is of another kind, or its header is not what it was. */
static Source *
read_source (const InionEdfWrite *self)
{
  InionRecording *recording = self->plan->recording;
  g_autoptr (Source) source = NULL;
  guint n_channels = inion_recording_get_n_channels (recording);
  guint n = 0;
  struct stat st;
  int fd;

  if (!INION_IS_EDF_RECORDING (recording))
    return NULL;
  fd = _inion_recording_get_fd (recording, 0);
  if (fstat (fd, &st) != 0)
    return NULL;
  source = g_new0 (Source, 1);
  source->faults = inion_edf_faults_new ();
  source->header = inion_edf_header_read (fd, (gint64) st.st_size, "", source->faults, NULL);
  if (source->header == NULL)
    return NULL;
  source->bytes = g_malloc (BLOCK * ((gsize) source->header->n_signals + 1));
  if (!_inion_recording_pread (recording, 0, source->bytes,
                               BLOCK * ((gsize) source->header->n_signals + 1), 0, NULL))
    return NULL;
  source->signals = g_new (guint, n_channels + 1);
  for (guint i = 0; i < source->header->n_signals; i++)
    {
      const InionEdfSignal *signal = &source->header->signals[i];

      if (signal->annotations || signal->samples == 0)
        continue;
      if (n == n_channels)
        return NULL;
      source->signals[n++] = i;
    }
  return n == n_channels ? g_steal_pointer (&source) : NULL;
}

/* A text field if it is by the book: left-justified printable ASCII. */
static char *
dup_field (const Source        *source,
           const InionEdfField *field,
           guint                signal)
{
  InionEdfFields fields = { source->bytes, source->header->n_signals, source->faults };
  const guint8 *bytes = inion_edf_fields_get (&fields, field, signal);

  if (bytes[0] == ' ' && field != &inion_edf_label)
    for (gsize i = 0; i < field->size; i++)
      if (bytes[i] != ' ')
        return NULL;
  for (gsize i = 0; i < field->size; i++)
    if (bytes[i] < ' ' || bytes[i] > '~')
      return NULL;
  return g_strchomp (g_strndup ((const char *) bytes, field->size));
}

/* A limit; NULL if its text is not by the book, and there is a scale that it must not change. */
static char *
dup_limit (const Source        *source,
           const InionEdfField *field,
           guint                signal)
{
  g_autofree char *text = dup_field (source, field, signal);
  double value;
  guint oddities = 0;

  if (text == NULL ||
      !inion_edf_parse_number ((const guint8 *) text, strlen (text), &value, &oddities))
    return NULL;
  g_strdelimit (text, ",", '.');
  return g_steal_pointer (&text);
}

/* Copies texts and limits. FALSE: the limits are not fit for the new file. */
static gboolean
copy_signal (InionEdfWrite *self,
             const Source  *source,
             guint          index)
{
  InionEdfWriteSignal *signal = &self->signals[index];
  guint channel = _inion_export_plan_get_channel (self->plan, index)->source;
  guint s = source->signals[channel];
  const InionEdfSignal *from = &source->header->signals[s];
  gint32 limit = _inion_edf_write_get_limit (self);
  g_autofree char *physical_min = dup_limit (source, &inion_edf_physical_min, s);
  g_autofree char *physical_max = dup_limit (source, &inion_edf_physical_max, s);
  g_autofree char *digital_min = dup_limit (source, &inion_edf_digital_min, s);
  g_autofree char *digital_max = dup_limit (source, &inion_edf_digital_max, s);

  signal->label = dup_field (source, &inion_edf_label, s);
  signal->transducer = dup_field (source, &inion_edf_transducer, s);
  signal->unit = dup_field (source, &inion_edf_unit, s);
  signal->prefilter = dup_field (source, &inion_edf_prefilter, s);
  if (physical_min == NULL || physical_max == NULL || digital_min == NULL || digital_max == NULL ||
      (source->header->bdf && !self->bdf))
    return FALSE;
  signal->physical_min = g_steal_pointer (&physical_min);
  signal->physical_max = g_steal_pointer (&physical_max);
  signal->digital_min_text = g_steal_pointer (&digital_min);
  signal->digital_max_text = g_steal_pointer (&digital_max);
  signal->digital_min = -limit;
  signal->digital_max = limit - 1;
  signal->bit_value = from->bit_value;
  signal->bit_offset = from->bit_offset;
  signal->copied = signal->digital = TRUE;
  return TRUE;
}

static void
fill_texts (InionEdfWrite *self,
            guint          index,
            gboolean      *changed)
{
  InionEdfWriteSignal *signal = &self->signals[index];
  const InionChannelInfo *info = _inion_export_plan_get_channel (self->plan, index)->info;
  const char *unit = strcmp (info->unit, "°C") == 0 ? "degC" : info->unit;

  if (signal->transducer == NULL)
    signal->transducer = _inion_edf_write_ascii (info->transducer != NULL ? info->transducer : "",
                                                 80, changed);
  if (signal->prefilter == NULL)
    signal->prefilter = _inion_edf_write_ascii (info->prefilter != NULL ? info->prefilter : "",
                                                80, changed);
  /* The source's own text does for a scale that is copied; else values are in the channel's. */
  if (signal->unit == NULL || !signal->copied)
    {
      g_free (signal->unit);
      signal->unit = _inion_edf_write_ascii (unit, 8, NULL);
    }
}

/**
 * _inion_edf_write_plan_signals:
 * @self: a file
 * @record_ns: (out): how long the source's records are; 0 if it has none
 * @error: return location
 *
 * Decides on the texts of the signals, and copies what can be copied.
 *
 * Returns: %FALSE with %INION_ERROR_TOO_LARGE for more signals than EDF can have
 */
gboolean
_inion_edf_write_plan_signals (InionEdfWrite  *self,
                               gint64         *record_ns,
                               GError        **error)
{
  g_autoptr (Source) source = read_source (self);
  gboolean changed = FALSE;

  *record_ns = source != NULL ? source->header->record_ns : 0;
  if (self->n_signals > 9998)
    return inion_set_error (error, INION_ERROR_TOO_LARGE,
                            "“%s”: EDF has room for 9998 channels, not for %u.", self->plan->name,
                            self->n_signals);
  for (guint i = 0; i < self->n_signals; i++)
    {
      if (source != NULL)
        copy_signal (self, source, i);
      fill_texts (self, i, &changed);
    }
  _inion_edf_write_labels (self);
  if (changed)
    _inion_export_plan_note (self->plan, "What is said of electrodes or filters is more than 80 "
                             "characters of ASCII can say; it is shortened.");
  return TRUE;
}

typedef struct
{
  double *values;
  gint32 *digital;
  gsize room;
} Buffers;

static gboolean
grow (Buffers  *buffers,
      gsize     n,
      GError  **error)
{
  if (n <= buffers->room)
    return TRUE;
  g_clear_pointer (&buffers->values, g_free);
  g_clear_pointer (&buffers->digital, g_free);
  buffers->values = inion_try_new (double, n, "samples", error);
  buffers->digital = buffers->values != NULL ? inion_try_new (gint32, n, "samples", error) : NULL;
  buffers->room = buffers->digital != NULL ? n : 0;
  return buffers->digital != NULL;
}

static gboolean
scan_run (InionEdfWrite   *self,
          guint            index,
          InionExportRun   run,
          const Buffers   *buffers,
          GError         **error)
{
  InionEdfWriteSignal *signal = &self->signals[index];
  const InionChannelInfo *info = _inion_export_plan_get_channel (self->plan, index)->info;
  double tolerance = fabs (info->gain) * SAME;

  for (gint64 i = 0; i < run.n; i++)
    {
      double v = buffers->values[i];
      gint32 d = buffers->digital[i];

      if (!isfinite (v) && !_inion_edf_write_take_missing (self, index, run.first + i, error))
        return FALSE;
      if (!isfinite (v))
        continue;
      /* Digital values are those that were written only if they give back the physical ones. */
      signal->digital = signal->digital && fabs (info->gain * d + info->offset - v) <= tolerance;
      signal->min = !signal->has_samples || v < signal->min ? v : signal->min;
      signal->max = !signal->has_samples || v > signal->max ? v : signal->max;
      signal->least = !signal->has_samples || d < signal->least ? d : signal->least;
      signal->greatest = !signal->has_samples || d > signal->greatest ? d : signal->greatest;
      signal->has_samples = TRUE;
    }
  return TRUE;
}

static gboolean
scan_block (InionEdfWrite  *self,
            guint           piece,
            gint64          first,
            gint64          n,
            gpointer        data,
            GError        **error)
{
  Buffers *buffers = data;

  for (guint i = 0; i < self->n_signals; i++)
    {
      InionExportRun run = _inion_edf_write_get_run (self, i, piece, first, n);
      guint source = _inion_export_plan_get_channel (self->plan, i)->source;

      if (self->signals[i].copied || run.n == 0)
        continue;
      if (!grow (buffers, (gsize) run.n, error) ||
          !inion_recording_read (self->plan->recording, source, run.first, (gsize) run.n,
                                 buffers->values, error) ||
          !inion_recording_read_digital (self->plan->recording, source, run.first, (gsize) run.n,
                                         buffers->digital, error) ||
          !scan_run (self, i, run, buffers, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
scan (InionEdfWrite  *self,
      GError        **error)
{
  Buffers buffers = { NULL, NULL, 0 };
  gboolean needed = FALSE, good;

  for (guint i = 0; i < self->n_signals; i++)
    if (!self->signals[i].copied)
      {
        self->signals[i].digital = TRUE;
        needed = TRUE;
      }
  good = !needed || _inion_edf_write_for_each_block (self, "Looking for the range", 0, 0.3,
                                                     scan_block, &buffers, error);
  g_free (buffers.values);
  g_free (buffers.digital);
  return good;
}

/* Computes the scale from the limits as the reader will. */
static void
derive_scale (InionEdfWriteSignal *signal,
              double               physical_min,
              double               physical_max)
{
  signal->bit_value = (physical_max - physical_min) /
                      ((double) signal->digital_max - (double) signal->digital_min);
  signal->bit_offset = physical_max / signal->bit_value - (double) signal->digital_max;
}

/* Of the digital values from..to, the one whose physical value eight characters say most exactly,
 * and of equally good ones the first. */
static gint32
find_limit (const InionChannelInfo *info,
            gint32                  from,
            gint32                  to)
{
  gint32 step = from <= to ? 1 : -1;
  gint32 best = from;
  double best_miss = G_MAXDOUBLE;
  gint32 count = ABS (to - from) + 1;

  for (gint32 i = 0; i < MIN (count, 70000) && best_miss > 0; i++)
    {
      gint32 d = from + i * step;
      double v = info->gain * d + info->offset;
      int room = 7 - (v < 0) - (fabs (v) >= 10 ? (int) floor (log10 (fabs (v))) + 1 : 1);
      double power = pow (10, CLAMP (room, 0, 6));
      double miss = fabs (v - rint (v * power) / power);

      if (miss < fabs (v) * 1e-14)
        miss = 0;
      if (miss < best_miss)
        {
          best = d;
          best_miss = miss;
        }
    }
  return best;
}

static gboolean
keep_digital (InionEdfWrite *self,
              guint          index)
{
  InionEdfWriteSignal *signal = &self->signals[index];
  const InionChannelInfo *info = _inion_export_plan_get_channel (self->plan, index)->info;
  gint32 limit = _inion_edf_write_get_limit (self);
  gint32 top = info->digital_max > 0 && info->digital_max < limit ? info->digital_max : limit - 1;
  gint32 bottom = info->digital_min < 0 && info->digital_min >= -limit ? info->digital_min : -limit;
  char min[9], max[9];
  double low, high, off_low, off_high;

  if (!signal->digital || !signal->has_samples || signal->least < -limit ||
      signal->greatest >= limit)
    return FALSE;
  top = MAX (top, signal->greatest);
  bottom = MIN (bottom, signal->least);
  signal->digital_max = find_limit (info, top, MAX (signal->greatest, 1));
  signal->digital_min = find_limit (info, bottom, MIN (signal->least, -1));
  if (!_inion_edf_write_number (info->gain * signal->digital_min + info->offset, 0, min, &low) ||
      !_inion_edf_write_number (info->gain * signal->digital_max + info->offset, 0, max, &high) ||
      low == high)
    return FALSE;
  derive_scale (signal, low, high);
  off_low = signal->bit_value * (signal->bit_offset + signal->least) -
            (info->gain * signal->least + info->offset);
  off_high = signal->bit_value * (signal->bit_offset + signal->greatest) -
             (info->gain * signal->greatest + info->offset);
  if (fabs (off_low) > 0.01 * fabs (info->gain) || fabs (off_high) > 0.01 * fabs (info->gain))
    return FALSE;
  signal->physical_min = g_strdup (min);
  signal->physical_max = g_strdup (max);
  return TRUE;
}

/* The digital values of a trigger channel are bits, of which the lower 16 are the triggers. */
static gboolean
keep_low_bits (InionEdfWrite *self,
               guint          index)
{
  InionEdfWriteSignal *signal = &self->signals[index];
  const InionChannelInfo *info = _inion_export_plan_get_channel (self->plan, index)->info;

  if (info->kind != INION_CHANNEL_TRIGGER || self->bdf || !signal->digital)
    return FALSE;
  signal->low_bits = TRUE;
  signal->digital_min = G_MININT16;
  signal->digital_max = G_MAXINT16;
  signal->physical_min = g_strdup ("-32768");
  signal->physical_max = g_strdup ("32767");
  derive_scale (signal, -32768, 32767);
  _inion_export_plan_note (self->plan, "%s has more bits than EDF: only the lower 16, the "
                           "triggers, are written. BDF keeps all.", info->label);
  return TRUE;
}

static gboolean
scale_to_data (InionEdfWrite  *self,
               guint           index,
               GError        **error)
{
  InionEdfWriteSignal *signal = &self->signals[index];
  const InionChannelInfo *info = _inion_export_plan_get_channel (self->plan, index)->info;
  gint32 limit = _inion_edf_write_get_limit (self);
  char min[9], max[9];
  double low = 0, high = 0;
  double margin = signal->max > signal->min ? 0 : MAX (fabs (signal->max) * 0.001, 1);

  signal->digital = FALSE;
  signal->digital_min = -limit;
  signal->digital_max = limit - 1;
  if (!_inion_edf_write_number (signal->min - margin, -1, min, &low) ||
      !_inion_edf_write_number (signal->max + margin, 1, max, &high) || !(high > low))
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "“%s”: channel %s has values from %g to %g, for which EDF has no scale. "
                            "Export as BrainVision or CSV instead.", self->plan->name, info->label,
                            signal->min, signal->max);
  derive_scale (signal, low, high);
  signal->physical_min = g_strdup (min);
  signal->physical_max = g_strdup (max);
  return TRUE;
}

static void
note_step (InionEdfWrite *self)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < self->n_signals; i++)
    {
      const InionEdfWriteSignal *signal = &self->signals[i];
      const InionChannelInfo *info = _inion_export_plan_get_channel (self->plan, i)->info;
      char step[G_ASCII_DTOSTR_BUF_SIZE];

      if (signal->digital || info->kind != INION_CHANNEL_EEG || strcmp (info->unit, "µV") != 0 ||
          fabs (signal->bit_value) <= COARSE_STEP_UV)
        continue;
      g_ascii_formatd (step, sizeof step, "%.3g", fabs (signal->bit_value));
      g_string_append_printf (list, "%s%s %s µV", list->len > 0 ? ", " : "", info->label, step);
    }
  if (list->len > 0)
    _inion_export_plan_note (self->plan, "Values are rounded to the steps of %d bits, which are "
                             "coarse in: %s. %s keeps more.", self->bdf ? 24 : 16, list->str,
                             self->bdf ? "BrainVision" : "BDF or BrainVision");
}

/**
 * _inion_edf_write_plan_scales:
 * @self: a file whose records are planned
 * @error: return location
 *
 * Looks at all samples of signals that are not copied, and decides on their scales.
 *
 * Returns: %FALSE with %INION_ERROR_UNSUPPORTED where a value is missing or there is no scale, or
 *   as inion_recording_read()
 */
gboolean
_inion_edf_write_plan_scales (InionEdfWrite  *self,
                              GError        **error)
{
  if (!scan (self, error))
    return FALSE;
  _inion_edf_write_mark_missing (self);
  for (guint i = 0; i < self->n_signals; i++)
    {
      InionEdfWriteSignal *signal = &self->signals[i];

      if (signal->copied)
        continue;
      if (!keep_digital (self, i) && !keep_low_bits (self, i) && !scale_to_data (self, i, error))
        return FALSE;
      signal->digital_min_text = g_strdup_printf ("%d", signal->digital_min);
      signal->digital_max_text = g_strdup_printf ("%d", signal->digital_max);
    }
  note_step (self);
  return TRUE;
}

/**
 * _inion_edf_write_read:
 * @self: a file whose scales are planned
 * @index: one of its signals
 * @run: which samples of the source
 * @out: (out caller-allocates): the digital values that are written
 * @values: (out caller-allocates): room for as many physical values
 * @error: return location
 *
 * Reads samples of the source as they are written.
 *
 * Returns: %FALSE as inion_recording_read()
 */
gboolean
_inion_edf_write_read (InionEdfWrite   *self,
                       guint            index,
                       InionExportRun   run,
                       gint32          *out,
                       double          *values,
                       GError         **error)
{
  InionEdfWriteSignal *signal = &self->signals[index];
  guint source = _inion_export_plan_get_channel (self->plan, index)->source;

  if (run.n == 0)
    return TRUE;
  if (signal->digital)
    {
      if (!inion_recording_read_digital (self->plan->recording, source, run.first, (gsize) run.n,
                                         out, error))
        return FALSE;
      for (gint64 i = 0; i < run.n && signal->low_bits; i++)
        out[i] = (gint16) (guint16) ((guint32) out[i] & 0xffff);
      if (signal->holes == NULL)
        return TRUE;
    }
  if (!inion_recording_read (self->plan->recording, source, run.first, (gsize) run.n, values,
                             error))
    return FALSE;
  for (gint64 i = 0; i < run.n && !signal->digital; i++)
    {
      double d = rint (values[i] / signal->bit_value - signal->bit_offset);

      if (!isfinite (values[i]))
        continue;
      signal->n_clipped += d < signal->digital_min || d > signal->digital_max;
      out[i] = (gint32) CLAMP (d, signal->digital_min, signal->digital_max);
    }
  if (signal->holes != NULL)
    _inion_edf_write_fill_missing (signal, values, run.n, out);
  return TRUE;
}
