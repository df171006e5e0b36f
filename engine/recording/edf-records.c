/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records of an EDF or BDF file: how long, how large, how many, and where.
 *
 * A record holds all samples of the first signal in one record's time, then those of the second,
 * and so on. The header says how many records there are, but what the file's size says decides:
 * recordings are interrupted, copies are cut short, and programs append what they like.
 *
 * A file that ends early, by the header's word, ends within a record. The signals that lie in front
 * of that record are there whole, one in part, the others not at all: what there is is read. Where
 * the header counts no more records than there are, the rest is not a record but foreign bytes.
 *
 * Where not a single signal is complete, there is nothing that bears out what the header claims of
 * the size of a record: such a file is refused. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/edf-records.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/recording-private.h"

#include <math.h>

#define BLOCK 256
#define MAX_RECORD_BYTES G_GINT64_CONSTANT (0x40000000)

/* The most bytes read in one go, and how many bytes of other signals it costs less to read along
 * than to start a new reading for. */
#define RUN_BYTES (1024 * 1024)
#define GAP_BYTES (8 * 1024)

/* How much is looked at for signs of a copy in text mode, and how many line feeds it takes. */
#define LINE_END_BYTES (64 * 1024)
#define MIN_LINE_FEEDS 16

#define NS_PER_SECOND G_GINT64_CONSTANT (1000000000)

/* A rate this near to a round one, relative to it, is meant to be that one. */
#define NEAR_RATE 5e-6

/* Refuses a file for its number of samples in a record. */
static gboolean
refuse_samples (const InionEdfRecords  *self,
                guint                   index,
                InionError              code,
                const char             *problem,
                GError                **error)
{
  g_autofree char *place = inion_edf_fields_dup_place (self->fields, &inion_edf_samples, index);
  g_autofree char *text = inion_edf_fields_dup_raw (self->fields, &inion_edf_samples, index);

  return inion_set_error (error, code,
                          "“%s”: the %s at byte %" G_GINT64_FORMAT " is “%s”, so %s. "
                          "The header is damaged; export the file again from the recording system.",
                          self->name, place,
                          inion_edf_fields_get_offset (self->fields, &inion_edf_samples, index),
                          text, problem);
}

/* Where each signal lies in a record, and how large a record is. */
static gboolean
read_layout (const InionEdfRecords  *self,
             GError                **error)
{
  InionEdfHeader *header = self->header;
  gint64 width = header->bdf ? 3 : 2;

  for (guint i = 0; i < header->n_signals; i++)
    {
      InionEdfSignal *signal = &header->signals[i];
      gint64 bytes;

      if (!inion_edf_fields_read_integer (self->fields, &inion_edf_samples, i,
                                          &signal->samples) ||
          signal->samples < 0)
        return refuse_samples (self, i, INION_ERROR_FORMAT,
                               "nobody knows where the samples are", error);
      signal->offset = header->record_bytes;
      if (!inion_int64_mul (&bytes, signal->samples, width) ||
          !inion_int64_add (&header->record_bytes, header->record_bytes, bytes) ||
          header->record_bytes > MAX_RECORD_BYTES)
        return refuse_samples (self, i, INION_ERROR_TOO_LARGE,
                               "a data record would be larger than 1 GiB", error);
      if (signal->samples == 0)
        inion_edf_fields_add_fault (self->fields, &inion_edf_samples, i,
                                    "The signal has no samples; it is left out.");
    }
  return TRUE;
}

static gboolean
has_samples (const InionEdfHeader *header)
{
  for (guint i = 0; i < header->n_signals; i++)
    if (!header->signals[i].annotations && header->signals[i].samples > 0)
      return TRUE;
  return FALSE;
}

/* A duration whose decimals were cut off gives rates such as 256.00018 Hz. Which rate is true is
 * for a person to say: the two are apart by milliseconds an hour. */
static void
check_rates (const InionEdfRecords *self)
{
  const InionEdfHeader *header = self->header;
  g_autofree char *text = inion_edf_fields_dup_raw (self->fields, &inion_edf_duration, 0);

  for (guint i = 0; i < header->n_signals; i++)
    {
      const InionEdfSignal *signal = &header->signals[i];
      double rate, nice;

      if (signal->annotations || signal->samples == 0)
        continue;
      rate = (double) signal->samples * 1e9 / (double) header->record_ns;
      nice = rate < 10 ? rint (rate * 10) / 10 : rint (rate);
      if (!(fabs (rate - nice) > 1e-12 * rate) || fabs (rate - nice) > NEAR_RATE * nice)
        continue;
      inion_edf_fields_add_fault (self->fields, &inion_edf_duration, 0,
                                  "%" G_GINT64_FORMAT " samples in %s s are %.7g Hz, nearly but "
                                  "not quite %g Hz; read as the file says. If %g Hz is true, times "
                                  "are off by %.2g ms an hour.", signal->samples, text, rate, nice,
                                  nice, fabs (rate - nice) / nice * 3.6e6);
      return;
    }
}

static void
read_duration (const InionEdfRecords *self)
{
  InionEdfHeader *header = self->header;
  g_autofree char *text = NULL;
  gint64 ns = -1;

  if (inion_edf_fields_read_seconds (self->fields, &inion_edf_duration, 0, &ns) &&
      (ns > 0 || (ns == 0 && !has_samples (header))))
    {
      header->record_ns = ns;
      if (ns > 0)
        check_rates (self);
      return;
    }
  header->record_ns = has_samples (header) ? NS_PER_SECOND : 0;
  text = inion_edf_fields_dup_raw (self->fields, &inion_edf_duration, 0);
  inion_edf_fields_add_fault (self->fields, &inion_edf_duration, 0,
                              "“%s” is not a duration; 1 s is assumed. "
                              "Check the sampling rates before you trust any time.", text);
}

/* Where the data start: the header bytes field is wrong more often than the number of signals. */
static void
read_data_offset (const InionEdfRecords *self)
{
  InionEdfHeader *header = self->header;
  g_autofree char *text = NULL;
  gint64 expected = BLOCK * ((gint64) header->n_signals + 1);
  gint64 told = -1;
  gint64 n_records = -1;
  gint64 end;

  header->data_offset = expected;
  if (inion_edf_fields_read_integer (self->fields, &inion_edf_header_bytes, 0, &told) &&
      told == expected)
    return;
  /* A longer header is believed if it makes the file's size come out even. */
  if (told > expected &&
      inion_edf_fields_read_integer (self->fields, &inion_edf_n_records, 0, &n_records) &&
      n_records > 0 && inion_int64_mul (&end, n_records, header->record_bytes) &&
      inion_int64_add (&end, end, told) && end == self->file_size)
    header->data_offset = told;
  text = inion_edf_fields_dup_raw (self->fields, &inion_edf_header_bytes, 0);
  inion_edf_fields_add_fault (self->fields, &inion_edf_header_bytes, 0,
                              "“%s” does not fit %u signals; the data are taken to start at byte %"
                              G_GINT64_FORMAT ".", text, header->n_signals, header->data_offset);
}

/* The number of records that the header claims: -1 for a recording that was not finished, -2 if
 * the field is no number. */
static gint64
read_claim (const InionEdfRecords *self)
{
  gint64 told = -2;

  inion_edf_fields_read_integer (self->fields, &inion_edf_n_records, 0, &told);
  return told;
}

/* What lies behind the complete records: the beginning of one more, or foreign bytes. */
static void
read_rest (const InionEdfRecords *self,
           gint64                 told)
{
  InionEdfHeader *header = self->header;
  gint64 data_bytes = MAX (self->file_size - header->data_offset, 0);
  gint64 rest = data_bytes - header->n_records * header->record_bytes;
  gint64 samples = 0;
  guint signals = 0;

  if (rest <= 0)
    return;
  if (told != -1 && told <= header->n_records)
    {
      inion_edf_faults_add (self->fields->faults, "rest", self->file_size - rest,
                            "end of the file",
                            "%" G_GINT64_FORMAT " bytes behind the last record are no part of the "
                            "recording; they are not read.", rest);
      return;
    }
  header->rest_bytes = rest;
  for (guint i = 0; i < header->n_signals; i++)
    {
      gint64 n = inion_edf_header_count_samples (header, i) -
                 header->n_records * header->signals[i].samples;

      samples += header->signals[i].annotations ? 0 : n;
      signals += n > 0 && !header->signals[i].annotations;
    }
  inion_edf_faults_add (self->fields->faults, "rest", self->file_size - rest, "end of the file",
                        "The file ends within a record, after %" G_GINT64_FORMAT " of its %"
                        G_GINT64_FORMAT " bytes. What there is of it is read, %" G_GINT64_FORMAT " "
                        "samples in %u of the signals; what is cut off is shown as missing.", rest,
                        header->record_bytes, samples, signals);
}

/* How many complete records there are. The file's size decides. */
static void
read_n_records (const InionEdfRecords *self)
{
  InionEdfHeader *header = self->header;
  gint64 data_bytes = MAX (self->file_size - header->data_offset, 0);
  gint64 told = read_claim (self);
  g_autofree char *text = inion_edf_fields_dup_raw (self->fields, &inion_edf_n_records, 0);

  if (header->record_bytes > 0)
    header->n_records = data_bytes / header->record_bytes;
  if (told == -1)
    inion_edf_fields_add_fault (self->fields, &inion_edf_n_records, 0,
                                "The recording was not finished (-1); the file's size gives %"
                                G_GINT64_FORMAT " complete records.", header->n_records);
  else if (told != header->n_records)
    inion_edf_fields_add_fault (self->fields, &inion_edf_n_records, 0,
                                "The header says “%s”, the file's size gives %" G_GINT64_FORMAT
                                " complete records; these are read.", text, header->n_records);
  read_rest (self, told);
}

/* A record that is not there even once, nor its first signal: its size is a claim without any
 * evidence. */
static gboolean
check_claims (const InionEdfRecords  *self,
              GError                **error)
{
  const InionEdfHeader *header = self->header;
  gint64 width = header->bdf ? 3 : 2;
  guint first = 0, largest = 0;
  g_autofree char *place = NULL;
  g_autofree char *text = NULL;

  if (header->n_records > 0 || header->rest_bytes == 0)
    return TRUE;
  while (first + 1 < header->n_signals && header->signals[first].samples == 0)
    first++;
  if (header->rest_bytes >= header->signals[first].samples * width)
    return TRUE;
  for (guint i = 1; i < header->n_signals; i++)
    if (header->signals[i].samples > header->signals[largest].samples)
      largest = i;
  place = inion_edf_fields_dup_place (self->fields, &inion_edf_samples, largest);
  text = inion_edf_fields_dup_raw (self->fields, &inion_edf_samples, largest);
  return inion_set_error (error, INION_ERROR_FORMAT,
                          "“%s”: the %s at byte %" G_GINT64_FORMAT " is “%s”, which makes a record "
                          "%" G_GINT64_FORMAT " bytes long, but the file has only %" G_GINT64_FORMAT
                          " bytes, not enough for the first signal of one record. The header is "
                          "damaged or the file was cut off; copy it again from where it was "
                          "recorded.", self->name, place,
                          inion_edf_fields_get_offset (self->fields, &inion_edf_samples, largest),
                          text, header->record_bytes, self->file_size);
}

/* A copy made in text mode has a carriage return before every line feed byte: all samples behind
 * the first one are displaced, and they would be shown as a signal that never was. Both signs must
 * be there: a file longer than it says, and not a single line feed by itself. */
static gboolean
check_line_ends (const InionEdfRecords  *self,
                 int                     fd,
                 GError                **error)
{
  InionEdfHeader *header = self->header;
  g_autofree guint8 *bytes = g_malloc (LINE_END_BYTES);
  gint64 told = read_claim (self);
  gint64 first = 0;
  gint64 end;
  gsize got = 0;
  guint feeds = 0;
  int errsv = 0;

  if (told <= 0 || !inion_int64_mul (&end, told, header->record_bytes) ||
      !inion_int64_add (&end, end, header->data_offset) || end >= self->file_size ||
      !_inion_pread (fd, bytes, LINE_END_BYTES, header->data_offset, &got, &errsv))
    return TRUE;
  for (gsize i = 1; i < got; i++)
    if (bytes[i] == '\n')
      {
        if (bytes[i - 1] != '\r')
          return TRUE;
        if (feeds++ == 0)
          first = header->data_offset + (gint64) i - 1;
      }
  if (feeds < MIN_LINE_FEEDS)
    return TRUE;
  return inion_set_error (error, INION_ERROR_FORMAT,
                          "“%s” was copied as if it were text: from byte %" G_GINT64_FORMAT " on "
                          "every line feed got a carriage return before it, which made the file %"
                          G_GINT64_FORMAT " bytes longer and displaced all samples. Copy it again in "
                          "binary mode.", self->name, first, self->file_size - end);
}

/**
 * inion_edf_records_read:
 * @self: a header whose signals are known
 * @fd: the open file
 * @error: return location
 *
 * Reads how long, how large and how many the records are and where they begin, and checks that the
 * file can be as the header says.
 *
 * Returns: %FALSE with %INION_ERROR_FORMAT or %INION_ERROR_TOO_LARGE
 */
gboolean
inion_edf_records_read (const InionEdfRecords  *self,
                        int                     fd,
                        GError                **error)
{
  if (!read_layout (self, error))
    return FALSE;
  read_duration (self);
  read_data_offset (self);
  read_n_records (self);
  return check_claims (self, error) && check_line_ends (self, fd, error);
}

/**
 * inion_edf_header_count_samples:
 * @self: a header
 * @signal: one of its signals
 *
 * Counts the samples of a signal that the file holds: those of complete records, and those in a
 * last record that was cut off.
 *
 * Returns: their number
 */
gint64
inion_edf_header_count_samples (const InionEdfHeader *self,
                                guint                 signal)
{
  const InionEdfSignal *s = &self->signals[signal];
  gint64 rest = (self->rest_bytes - s->offset) / (self->bdf ? 3 : 2);

  return self->n_records * s->samples + CLAMP (rest, 0, s->samples);
}

/**
 * inion_edf_header_get_rest_ns:
 * @self: a header
 *
 * Tells how much time a last record that was cut off covers, by the signal of which there is most.
 *
 * Returns: nanoseconds, 0 if no sample was cut off
 */
gint64
inion_edf_header_get_rest_ns (const InionEdfHeader *self)
{
  gint64 rest_ns = 0;

  for (guint i = 0; i < self->n_signals; i++)
    {
      const InionEdfSignal *signal = &self->signals[i];
      gint64 n = inion_edf_header_count_samples (self, i) - self->n_records * signal->samples;

      if (!signal->annotations && n > 0)
        rest_ns = MAX (rest_ns, inion_int64_mul_div (n, self->record_ns, signal->samples));
    }
  return rest_ns;
}

/**
 * inion_edf_header_records_a_run:
 * @self: a header with samples
 * @bytes: how many bytes of each record are wanted
 *
 * Decides between reading many small records whole and picking what is wanted out of large ones.
 *
 * Returns: how many records to read in one go; 1 to pick
 */
gint64
inion_edf_header_records_a_run (const InionEdfHeader *self,
                                gint64                bytes)
{
  if (self->record_bytes - bytes > GAP_BYTES || self->record_bytes > RUN_BYTES)
    return 1;
  return MAX (RUN_BYTES / self->record_bytes, 1);
}
