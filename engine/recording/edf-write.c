/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing EDF+ and BDF+ files.
 *
 * Kemp and Olivan 2003. Always with an annotation signal, the last one, so that gaps, starts
 * between two seconds and events have a place; EDF+D where there are gaps. All sizes are known
 * before the first byte is written: nothing is gone back to. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/edf-recording.h"
#include "recording/edf-write-private.h"

#include <string.h>

static void
clear_write (InionEdfWrite *self)
{
  for (guint i = 0; i < self->n_signals; i++)
    {
      InionEdfWriteSignal *signal = &self->signals[i];

      g_free (signal->label);
      g_free (signal->transducer);
      g_free (signal->unit);
      g_free (signal->prefilter);
      g_free (signal->physical_min);
      g_free (signal->physical_max);
      g_free (signal->digital_min_text);
      g_free (signal->digital_max_text);
      g_clear_pointer (&signal->holes, g_array_unref);
    }
  g_free (self->signals);
  g_array_unref (self->ends);
  g_byte_array_unref (self->tals);
  g_array_unref (self->tal_ends);
  g_array_unref (self->tal_records);
  g_array_unref (self->tal_order);
  g_ptr_array_unref (self->written);
  g_ptr_array_unref (self->triggers);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InionEdfWrite, clear_write)

static void
put (GString    *header,
     const char *text,
     gsize       size)
{
  gsize n = MIN (strlen (text), size);

  g_string_append_len (header, text, (gssize) n);
  for (; n < size; n++)
    g_string_append_c (header, ' ');
}

static void
put_number (GString *header,
            gint64   value,
            gsize    size)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  put (header, text, size);
}

/* The date with two digits for the year, of 1985 to 2084; others are only in the recording's
 * field. */
static void
put_start (GString   *header,
           GDateTime *start)
{
  g_autofree char *date = NULL;
  g_autofree char *time = NULL;
  int year = start != NULL ? g_date_time_get_year (start) : 1985;

  if (start == NULL)
    {
      put (header, "01.01.85", 8);
      put (header, "00.00.00", 8);
      return;
    }
  date = g_strdup_printf ("%02d.%02d.%02d", g_date_time_get_day_of_month (start),
                          g_date_time_get_month (start), year % 100);
  time = g_strdup_printf ("%02d.%02d.%02d", g_date_time_get_hour (start),
                          g_date_time_get_minute (start), g_date_time_get_second (start));
  if (year < 1985 || year > 2084)
    memcpy (date + 6, "yy", 2);
  put (header, date, 8);
  put (header, time, 8);
}

static void
put_file (InionEdfWrite *self,
          GString       *header)
{
  g_autofree char *patient = _inion_edf_write_patient (self->plan);
  g_autofree char *description = _inion_edf_write_description (self->plan);
  g_autofree char *flavour = g_strdup_printf ("%s+%c", self->bdf ? "BDF" : "EDF",
                                              self->ends->len > 1 ? 'D' : 'C');

  put (header, self->bdf ? "\xff" "BIOSEMI" : "0", 8);
  put (header, patient, 80);
  put (header, description, 80);
  put_start (header, self->plan->start);
  put_number (header, 256 * ((gint64) self->n_signals + 2), 8);
  put (header, flavour, 44);
  put_number (header, self->n_records, 8);
  put (header, self->duration, 8);
  put_number (header, (gint64) self->n_signals + 1, 4);
}

/* One field of all signals, and of the annotation signal at the end. */
static void
put_texts (const InionEdfWrite *self,
           GString             *header,
           gsize                offset,
           gsize                size,
           const char          *annotations)
{
  for (guint i = 0; i < self->n_signals; i++)
    put (header, G_STRUCT_MEMBER (char *, &self->signals[i], offset), size);
  put (header, annotations, size);
}

static void
put_signals (const InionEdfWrite *self,
             GString             *header)
{
  gsize width = _inion_edf_write_get_width (self);

  put_texts (self, header, G_STRUCT_OFFSET (InionEdfWriteSignal, label), 16,
             self->bdf ? "BDF Annotations" : "EDF Annotations");
  put_texts (self, header, G_STRUCT_OFFSET (InionEdfWriteSignal, transducer), 80, "");
  put_texts (self, header, G_STRUCT_OFFSET (InionEdfWriteSignal, unit), 8, "");
  put_texts (self, header, G_STRUCT_OFFSET (InionEdfWriteSignal, physical_min), 8, "-1");
  put_texts (self, header, G_STRUCT_OFFSET (InionEdfWriteSignal, physical_max), 8, "1");
  put_texts (self, header, G_STRUCT_OFFSET (InionEdfWriteSignal, digital_min_text), 8,
             self->bdf ? "-8388608" : "-32768");
  put_texts (self, header, G_STRUCT_OFFSET (InionEdfWriteSignal, digital_max_text), 8,
             self->bdf ? "8388607" : "32767");
  put_texts (self, header, G_STRUCT_OFFSET (InionEdfWriteSignal, prefilter), 80, "");
  for (guint i = 0; i < self->n_signals; i++)
    put_number (header, self->signals[i].samples, 8);
  put_number (header, (gint64) (self->tal_bytes / width), 8);
  for (guint i = 0; i <= self->n_signals; i++)
    put (header, "", 32);
}

typedef struct
{
  InionOutput *output;
  guint8 *bytes;
  gsize room;
  gint32 *digital;
  double *values;
  gsize samples_room;
  guint next_tal; /* in the order of records */
} Writer;

static gboolean
make_room (Writer  *writer,
           gsize    bytes,
           gsize    samples,
           GError **error)
{
  if (bytes > writer->room)
    {
      g_free (writer->bytes);
      writer->room = 0;
      writer->bytes = inion_try_new (guint8, bytes, "records", error);
      if (writer->bytes == NULL)
        return FALSE;
      writer->room = bytes;
    }
  if (samples <= writer->samples_room)
    return TRUE;
  g_clear_pointer (&writer->digital, g_free);
  g_clear_pointer (&writer->values, g_free);
  writer->samples_room = 0;
  writer->digital = inion_try_new (gint32, samples, "samples", error);
  writer->values = writer->digital != NULL ? inion_try_new (double, samples, "samples", error)
                                           : NULL;
  writer->samples_room = writer->values != NULL ? samples : 0;
  return writer->values != NULL;
}

static void
put_samples (const InionEdfWrite *self,
             const gint32        *digital,
             gint64               n,
             guint8              *to)
{
  for (gint64 i = 0; i < n; i++)
    {
      guint32 v = (guint32) digital[i];

      *to++ = (guint8) v;
      *to++ = (guint8) (v >> 8);
      if (self->bdf)
        *to++ = (guint8) (v >> 16);
    }
}

/* What stands behind the end of a piece: its last value; where a channel has none in these records,
 * what is nearest to zero. */
static void
fill_up (const InionEdfWrite *self,
         guint                index,
         gint64               n,
         gint64               samples,
         gint32              *digital)
{
  const InionEdfWriteSignal *signal = &self->signals[index];
  gint32 fill = 0;

  if (n > 0)
    fill = digital[n - 1];
  else if (signal->digital_min > 0 || signal->digital_max < 0)
    fill = signal->digital_min;
  for (gint64 i = n; i < samples; i++)
    digital[i] = fill;
}

/* The annotations of a record: when it starts, then those that were placed in it. */
static void
put_tals (const InionEdfWrite *self,
          Writer              *writer,
          gint64               record,
          guint8              *to)
{
  g_autoptr (GString) keeping = g_string_new ("+");

  memset (to, 0, self->tal_bytes);
  _inion_edf_write_seconds (self->origin_ns + _inion_edf_write_get_record_onset (self, record),
                            keeping);
  g_string_append (keeping, "\x14\x14");
  memcpy (to, keeping->str, keeping->len + 1);
  to += keeping->len + 1;
  for (; writer->next_tal < self->tal_order->len; writer->next_tal++)
    {
      guint event = g_array_index (self->tal_order, guint, writer->next_tal);
      gsize begin = event > 0 ? g_array_index (self->tal_ends, gsize, event - 1) : 0;
      gsize size = g_array_index (self->tal_ends, gsize, event) - begin;

      if (g_array_index (self->tal_records, gint64, event) != record)
        break;
      memcpy (to, self->tals->data + begin, size);
      to += size;
    }
}

static gboolean
write_block (InionEdfWrite  *self,
             guint           piece,
             gint64          first,
             gint64          n,
             gpointer        data,
             GError        **error)
{
  Writer *writer = data;
  gsize width = _inion_edf_write_get_width (self);
  gsize record_bytes = self->tal_bytes;
  gint64 most = 0;
  gsize offset = 0;

  for (guint i = 0; i < self->n_signals; i++)
    {
      record_bytes += (gsize) self->signals[i].samples * width;
      most = MAX (most, self->signals[i].samples);
    }
  if (!make_room (writer, record_bytes * (gsize) n, (gsize) (most * n), error))
    return FALSE;
  for (guint i = 0; i < self->n_signals; i++)
    {
      gint64 samples = self->signals[i].samples;
      InionExportRun run = _inion_edf_write_get_run (self, i, piece, first, n);

      if (!_inion_edf_write_read (self, i, run, writer->digital, writer->values, error))
        return FALSE;
      fill_up (self, i, run.n, n * samples, writer->digital);
      for (gint64 r = 0; r < n; r++)
        put_samples (self, writer->digital + r * samples, samples,
                     writer->bytes + (gsize) r * record_bytes + offset);
      offset += (gsize) samples * width;
    }
  for (gint64 r = 0; r < n; r++)
    put_tals (self, writer, first + r, writer->bytes + (gsize) r * record_bytes + offset);
  return inion_output_write (writer->output, 0, writer->bytes, record_bytes * (gsize) n, error);
}

static gboolean
write_file (InionEdfWrite  *self,
            InionOutput    *output,
            GError        **error)
{
  g_autoptr (GString) header = g_string_new (NULL);
  Writer writer = { .output = output };
  gboolean good;

  put_file (self, header);
  put_signals (self, header);
  good = inion_output_write (output, 0, header->str, header->len, error) &&
         _inion_edf_write_for_each_block (self, "Writing", 0.3, 0.7, write_block, &writer, error);
  g_free (writer.bytes);
  g_free (writer.digital);
  g_free (writer.values);
  return good;
}

static void
note_clipped (InionEdfWrite *self)
{
  for (guint i = 0; i < self->n_signals; i++)
    if (self->signals[i].n_clipped > 0)
      _inion_export_plan_note (self->plan, "%" G_GINT64_FORMAT " samples of %s are beyond the range "
                               "from %s to %s and were cut to it.", self->signals[i].n_clipped,
                               self->signals[i].label, self->signals[i].physical_min,
                               self->signals[i].physical_max);
}

/* A file of nothing but annotations has one record of no duration. */
static void
plan_no_signals (InionEdfWrite *self)
{
  gint64 zero = 0;

  if (self->plan->onsets->len == 0)
    g_array_append_val (self->plan->onsets, zero);
  g_array_set_size (self->plan->onsets, 1);
  self->n_records = 1;
  g_array_append_val (self->ends, self->n_records);
  g_strlcpy (self->duration, "0", sizeof self->duration);
}

static gboolean
plan_file (InionEdfWrite  *self,
           GError        **error)
{
  gint64 record_ns;

  if (!_inion_edf_write_plan_signals (self, &record_ns, error))
    return FALSE;
  if (self->n_signals == 0)
    plan_no_signals (self);
  else if (!_inion_edf_write_plan_records (self, record_ns, error))
    return FALSE;
  return _inion_edf_write_plan_scales (self, error) && _inion_edf_write_plan_tals (self, error);
}

/**
 * _inion_edf_write:
 * @plan: what is written
 * @output: where
 * @bdf: with 24 bits a sample, not 16
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Writes an EDF+ or BDF+ file, finishes it, reads it back and compares.
 *
 * Returns: %FALSE as inion_export_write()
 */
gboolean
_inion_edf_write (InionExportPlan  *plan,
                  InionOutput      *output,
                  gboolean          bdf,
                  InionJob         *job,
                  GError          **error)
{
  g_auto (InionEdfWrite) self = {
    .plan = plan,
    .bdf = bdf,
    .n_signals = plan->channels->len,
    .signals = g_new0 (InionEdfWriteSignal, plan->channels->len + 1),
    .ends = g_array_new (FALSE, FALSE, sizeof (gint64)),
    .tals = g_byte_array_new (),
    .tal_ends = g_array_new (FALSE, FALSE, sizeof (gsize)),
    .tal_records = g_array_new (FALSE, FALSE, sizeof (gint64)),
    .tal_order = g_array_new (FALSE, FALSE, sizeof (guint)),
    .written = g_ptr_array_new (),
    .triggers = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free),
    .job = job,
  };
  g_autoptr (InionRecording) written = NULL;

  if (plan->start != NULL)
    self.origin_ns = (gint64) g_date_time_get_microsecond (plan->start) * 1000;
  if (!plan_file (&self, error) || !write_file (&self, output, error) ||
      !inion_output_finish (output, error))
    return FALSE;
  note_clipped (&self);
  written = inion_edf_recording_open (inion_output_get_part (output, 0), error);
  return written != NULL && _inion_edf_write_verify (&self, written, error);
}
