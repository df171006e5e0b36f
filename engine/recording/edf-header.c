/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of an EDF or BDF file, read with all its real-world faults.
 *
 * Kemp et al. 1992 (EDF), Kemp and Olivan 2003 (EDF+). 256 bytes for the file, then 256 a signal,
 * field by field: first all labels, then all transducers, and so on. A departure from the
 * specification that leaves no doubt about the samples is listed as a fault and lived with. Refused
 * is only what makes the place or the meaning of the samples unknown: no signals, no readable number
 * of samples, records beyond 1 GiB. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/edf-header.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/edf-date.h"
#include "recording/edf-text.h"
#include "recording/recording-private.h"

#include <string.h>

#define BLOCK 256
#define MAX_RECORD_BYTES G_GINT64_CONSTANT (0x40000000)
#define NS_PER_SECOND G_GINT64_CONSTANT (1000000000)

typedef struct
{
  const char *name;
  gsize offset; /* within the fixed header, or times the number of signals behind it */
  gsize size;
} Field;

static const Field version_field = { "version", 0, 8 };
static const Field patient_field = { "patient", 8, 80 };
static const Field recording_field = { "recording", 88, 80 };
static const Field header_bytes_field = { "number of header bytes", 184, 8 };
static const Field reserved_field = { "reserved", 192, 44 };
static const Field n_records_field = { "number of data records", 236, 8 };
static const Field duration_field = { "duration of a data record", 244, 8 };
static const Field n_signals_field = { "number of signals", 252, 4 };

static const Field label_field = { "label", 0, 16 };
static const Field transducer_field = { "transducer", 16, 80 };
static const Field unit_field = { "physical dimension", 96, 8 };
static const Field physical_min_field = { "physical minimum", 104, 8 };
static const Field physical_max_field = { "physical maximum", 112, 8 };
static const Field digital_min_field = { "digital minimum", 120, 8 };
static const Field digital_max_field = { "digital maximum", 128, 8 };
static const Field prefilter_field = { "prefilter", 136, 80 };
static const Field samples_field = { "samples in a data record", 216, 8 };

typedef struct
{
  const char *name; /* the file's, for messages */
  gint64 file_size;
  guint8 *bytes;
  InionEdfHeader *header;
  InionEdfFaults *faults;
} Parser;

static const guint8 *
signal_bytes (const Parser *parser,
              const Field  *field,
              guint         signal,
              gint64       *offset)
{
  gsize at = BLOCK + field->offset * parser->header->n_signals + field->size * signal;

  *offset = (gint64) at;
  return parser->bytes + at;
}

/* Which signal and which field, for a person. */
static char *
name_place (const Parser *parser,
            const Field  *field,
            guint         signal)
{
  const char *label = parser->header->signals[signal].label;

  if (label == NULL || *label == '\0')
    return g_strdup_printf ("%s of signal %u", field->name, signal + 1);
  return g_strdup_printf ("%s of signal %u (%s)", field->name, signal + 1, label);
}

static char *
raw_text (const guint8 *bytes,
          gsize         n)
{
  guint oddities = 0;

  return inion_edf_text_dup (bytes, n, &oddities);
}

static void
note_oddities (Parser       *parser,
               const Field  *field,
               const char   *place,
               gint64        offset,
               const guint8 *bytes,
               guint         oddities)
{
  g_autofree char *text = raw_text (bytes, field->size);
  /* One key a field and kind, so that 64 signals with the same oddity are one fault. */
  const struct
  {
    guint bit;
    const char *what;
  } kinds[] = {
    { INION_EDF_ODD_NOT_ASCII, "has bytes that are not ASCII" },
    { INION_EDF_ODD_CONTROL, "has control characters or is padded with zero bytes" },
    { INION_EDF_ODD_COMMA, "has a comma for the decimal point" },
    { INION_EDF_ODD_FRACTION, "is not written as an integer" },
    { INION_EDF_ODD_BLANKS, "does not start at the left" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (oddities & kinds[i].bit)
      {
        g_autofree char *key = g_strconcat (field->name, kinds[i].what, NULL);

        inion_edf_faults_add (parser->faults, g_intern_string (key), offset, place,
                              "The field %s; read as “%s”.", kinds[i].what, text);
      }
}

static char *
read_text (Parser      *parser,
           const Field *field)
{
  guint oddities = 0;
  const guint8 *bytes = parser->bytes + field->offset;
  char *text = inion_edf_text_dup (bytes, field->size, &oddities);

  note_oddities (parser, field, field->name, (gint64) field->offset, bytes,
                 oddities & ~(guint) INION_EDF_ODD_BLANKS);
  return text;
}

static char *
read_signal_text (Parser      *parser,
                  const Field *field,
                  guint        signal)
{
  g_autofree char *place = NULL;
  guint oddities = 0;
  gint64 offset;
  const guint8 *bytes = signal_bytes (parser, field, signal, &offset);
  char *text = field == &unit_field ? inion_edf_unit_dup (bytes, field->size, &oddities)
                                    : inion_edf_text_dup (bytes, field->size, &oddities);

  place = name_place (parser, field, signal);
  note_oddities (parser, field, place, offset, bytes, oddities & ~(guint) INION_EDF_ODD_BLANKS);
  return text;
}

static gboolean
read_signal_number (Parser      *parser,
                    const Field *field,
                    guint        signal,
                    double      *value)
{
  g_autofree char *place = name_place (parser, field, signal);
  guint oddities = 0;
  gint64 offset;
  const guint8 *bytes = signal_bytes (parser, field, signal, &offset);

  if (inion_edf_parse_number (bytes, field->size, value, &oddities))
    {
      note_oddities (parser, field, place, offset, bytes, oddities);
      return TRUE;
    }
  g_autofree char *text = raw_text (bytes, field->size);

  inion_edf_faults_add (parser->faults, field->name, offset, place,
                        "“%s” is not a number; the signal is read without its scale.", text);
  return FALSE;
}

static gboolean
read_signal_integer (Parser      *parser,
                     const Field *field,
                     guint        signal,
                     gint32      *value)
{
  double v;

  if (!read_signal_number (parser, field, signal, &v))
    return FALSE;
  if (v >= G_MININT32 && v <= G_MAXINT32 && v == (double) (gint32) v)
    {
      *value = (gint32) v;
      return TRUE;
    }
  g_autofree char *place = name_place (parser, field, signal);
  gint64 offset;
  const guint8 *bytes = signal_bytes (parser, field, signal, &offset);
  g_autofree char *text = raw_text (bytes, field->size);

  inion_edf_faults_add (parser->faults, field->name, offset, place,
                        "“%s” is not an integer of 32 bits; the signal is read without its scale.",
                        text);
  return FALSE;
}

/* An integer of the fixed header. */
static gboolean
read_integer (Parser      *parser,
              const Field *field,
              gint64      *value)
{
  guint oddities = 0;
  const guint8 *bytes = parser->bytes + field->offset;

  if (!inion_edf_parse_integer (bytes, field->size, value, &oddities))
    return FALSE;
  note_oddities (parser, field, field->name, (gint64) field->offset, bytes, oddities);
  return TRUE;
}

static gboolean
has_annotations_label (const char *label)
{
  return g_ascii_strcasecmp (label, "EDF Annotations") == 0 ||
         g_ascii_strcasecmp (label, "BDF Annotations") == 0;
}

/* The scale from the file's four limits. The same double operations as EDFlib's. */
static void
read_scale (Parser *parser,
            guint   index)
{
  InionEdfSignal *signal = &parser->header->signals[index];
  double physical_min = 0;
  double physical_max = 0;
  gint32 limit = parser->header->bdf ? 1 << 23 : 1 << 15;
  gboolean ok;
  gint64 offset;

  ok = read_signal_number (parser, &physical_min_field, index, &physical_min);
  ok &= read_signal_number (parser, &physical_max_field, index, &physical_max);
  ok &= read_signal_integer (parser, &digital_min_field, index, &signal->digital_min);
  ok &= read_signal_integer (parser, &digital_max_field, index, &signal->digital_max);
  if (!ok)
    return;

  if (signal->digital_min == signal->digital_max || physical_min == physical_max)
    {
      const Field *field = physical_min == physical_max ? &physical_min_field : &digital_min_field;
      g_autofree char *place = name_place (parser, field, index);

      signal_bytes (parser, field, index, &offset);
      inion_edf_faults_add (parser->faults, "no scale", offset, place,
                            "Minimum and maximum are equal, so there is no scale; "
                            "the signal is shown in digital steps.");
      return;
    }
  if (signal->digital_min > signal->digital_max || signal->digital_min < -limit ||
      signal->digital_max >= limit)
    {
      g_autofree char *place = name_place (parser, &digital_min_field, index);

      signal_bytes (parser, &digital_min_field, index, &offset);
      inion_edf_faults_add (parser->faults, "digital range", offset, place,
                            "The digital range %d to %d is %s; the scale is used as it stands.",
                            signal->digital_min, signal->digital_max,
                            signal->digital_min > signal->digital_max
                              ? "reversed"
                              : parser->header->bdf ? "beyond 24 bits" : "beyond 16 bits");
    }
  signal->bit_value = (physical_max - physical_min) /
                      ((double) signal->digital_max - (double) signal->digital_min);
  signal->bit_offset = physical_max / signal->bit_value - (double) signal->digital_max;
  signal->calibrated = signal->bit_value != 0 && signal->bit_value - signal->bit_value == 0 &&
                       signal->bit_offset - signal->bit_offset == 0;
}

/* Brain, eye, heart and muscle signals are in µV whatever the file prefers. */
static void
unify_unit (InionEdfSignal *signal)
{
  if (!signal->calibrated)
    return;
  if (signal->kind != INION_CHANNEL_EEG && signal->kind != INION_CHANNEL_EOG &&
      signal->kind != INION_CHANNEL_ECG && signal->kind != INION_CHANNEL_EMG)
    return;
  if (strcmp (signal->unit, "mV") == 0)
    signal->scale = 1e3;
  else if (strcmp (signal->unit, "V") == 0)
    signal->scale = 1e6;
  else if (strcmp (signal->unit, "nV") == 0)
    signal->scale = 1e-3;
  else
    return;
  g_free (signal->unit);
  signal->unit = g_strdup ("µV");
}

static void
read_signal (Parser *parser,
             guint   index)
{
  InionEdfSignal *signal = &parser->header->signals[index];

  signal->scale = 1;
  signal->bit_value = 1;
  signal->label = read_signal_text (parser, &label_field, index);
  signal->annotations = has_annotations_label (signal->label);
  if (signal->annotations)
    return; /* its other fields mean nothing, and real files have anything there */
  signal->transducer = read_signal_text (parser, &transducer_field, index);
  signal->unit = read_signal_text (parser, &unit_field, index);
  signal->prefilter = read_signal_text (parser, &prefilter_field, index);
  signal->bit_field = parser->header->bdf && g_ascii_strcasecmp (signal->label, "Status") == 0;
  signal->kind = inion_channel_kind_guess (signal->label, signal->unit);
  if (signal->bit_field)
    {
      signal->digital_min = -(1 << 23);
      signal->digital_max = (1 << 23) - 1;
      g_free (signal->unit);
      signal->unit = g_strdup ("");
      return;
    }
  read_scale (parser, index);
  if (!signal->calibrated)
    {
      signal->bit_value = 1;
      signal->bit_offset = 0;
      g_free (signal->unit);
      signal->unit = g_strdup ("");
    }
  unify_unit (signal);
}

/* Where each signal lies in a record, and how large a record is. */
static gboolean
read_layout (Parser  *parser,
             GError **error)
{
  InionEdfHeader *header = parser->header;
  gint64 width = header->bdf ? 3 : 2;

  for (guint i = 0; i < header->n_signals; i++)
    {
      InionEdfSignal *signal = &header->signals[i];
      g_autofree char *place = name_place (parser, &samples_field, i);
      g_autofree char *text = NULL;
      guint oddities = 0;
      gint64 offset;
      gint64 bytes;
      const guint8 *raw = signal_bytes (parser, &samples_field, i, &offset);

      text = raw_text (raw, samples_field.size);
      if (!inion_edf_parse_integer (raw, samples_field.size, &signal->samples, &oddities) ||
          signal->samples < 0)
        return inion_set_error (error, INION_ERROR_FORMAT,
                                "“%s”: the %s at byte %" G_GINT64_FORMAT " is “%s”, so the place "
                                "of the samples is unknown. The file cannot be read; "
                                "export it again from the recording system.",
                                parser->name, place, offset, text);
      note_oddities (parser, &samples_field, place, offset, raw, oddities);
      signal->offset = header->record_bytes;
      if (!inion_int64_mul (&bytes, signal->samples, width) ||
          !inion_int64_add (&header->record_bytes, header->record_bytes, bytes) ||
          header->record_bytes > MAX_RECORD_BYTES)
        return inion_set_error (error, INION_ERROR_TOO_LARGE,
                                "“%s”: with the %s at byte %" G_GINT64_FORMAT " (“%s”) a data "
                                "record would be larger than 1 GiB. The header is damaged.",
                                parser->name, place, offset, text);
      if (signal->samples == 0)
        inion_edf_faults_add (parser->faults, samples_field.name, offset, place,
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

static void
read_duration (Parser *parser)
{
  InionEdfHeader *header = parser->header;
  const guint8 *bytes = parser->bytes + duration_field.offset;
  guint oddities = 0;
  gint64 ns = -1;

  if (inion_edf_parse_seconds (bytes, duration_field.size, &ns, &oddities) &&
      (ns > 0 || (ns == 0 && !has_samples (header))))
    {
      note_oddities (parser, &duration_field, duration_field.name, (gint64) duration_field.offset,
                     bytes, oddities);
      header->record_ns = ns;
      return;
    }
  g_autofree char *text = raw_text (bytes, duration_field.size);

  header->record_ns = has_samples (header) ? NS_PER_SECOND : 0;
  inion_edf_faults_add (parser->faults, duration_field.name, (gint64) duration_field.offset,
                        duration_field.name,
                        "“%s” is not a duration; 1 s is assumed. "
                        "Check the sampling rates before you trust any time.", text);
}

/* Where the data start: the header bytes field is wrong more often than the number of signals. */
static void
read_data_offset (Parser *parser)
{
  InionEdfHeader *header = parser->header;
  gint64 expected = BLOCK * ((gint64) header->n_signals + 1);
  gint64 told = -1;
  gint64 n_records = -1;
  gint64 data_bytes;

  header->data_offset = expected;
  if (read_integer (parser, &header_bytes_field, &told) && told == expected)
    return;
  g_autofree char *text = raw_text (parser->bytes + header_bytes_field.offset, header_bytes_field.size);

  /* A longer header is believed if it makes the file's size come out even. */
  if (told > expected && inion_edf_parse_integer (parser->bytes + n_records_field.offset,
                                                  n_records_field.size, &n_records, &(guint) { 0 }) &&
      n_records > 0 && inion_int64_mul (&data_bytes, n_records, header->record_bytes) &&
      inion_int64_add (&data_bytes, data_bytes, told) && data_bytes == parser->file_size)
    header->data_offset = told;
  inion_edf_faults_add (parser->faults, header_bytes_field.name, (gint64) header_bytes_field.offset,
                        header_bytes_field.name,
                        "“%s” does not fit %u signals; the data are taken to start at byte %"
                        G_GINT64_FORMAT ".", text, header->n_signals, header->data_offset);
}

/* How many complete records there are. The file's size decides. */
static void
read_n_records (Parser *parser)
{
  InionEdfHeader *header = parser->header;
  gint64 data_bytes = MAX (parser->file_size - header->data_offset, 0);
  gint64 told = 0;
  gint64 rest;
  gboolean readable = read_integer (parser, &n_records_field, &told);
  g_autofree char *text = raw_text (parser->bytes + n_records_field.offset, n_records_field.size);

  if (header->record_bytes > 0)
    header->n_records = data_bytes / header->record_bytes;
  if (!readable || told != header->n_records)
    inion_edf_faults_add (parser->faults, n_records_field.name, (gint64) n_records_field.offset,
                          n_records_field.name,
                          told == -1 ? "The recording was not finished (“%s”); the file's size "
                                       "gives %" G_GINT64_FORMAT " complete records."
                                     : "The header says “%s”, the file's size gives %"
                                       G_GINT64_FORMAT " complete records; these are read.",
                          text, header->n_records);
  rest = data_bytes - header->n_records * header->record_bytes;
  if (rest > 0)
    inion_edf_faults_add (parser->faults, "rest", parser->file_size - rest, "end of the file",
                          "%" G_GINT64_FORMAT " bytes behind the last complete record (of %"
                          G_GINT64_FORMAT " bytes) are not read.", rest, header->record_bytes);
}

static void
read_start (Parser *parser)
{
  InionEdfHeader *header = parser->header;
  InionEdfDateSource source = { (const char *) parser->bytes + 168,
                                (const char *) parser->bytes + 176, header->description };

  header->start = inion_edf_date_read (&source, parser->faults);
}

static void
read_flavour (Parser *parser)
{
  InionEdfHeader *header = parser->header;
  const guint8 *version = parser->bytes + version_field.offset;
  const guint8 *reserved = parser->bytes + reserved_field.offset;
  const char *plus = header->bdf ? "BDF+" : "EDF+";

  if (!header->bdf && (version[0] != '0' || version[1] != ' '))
    {
      g_autofree char *text = raw_text (version, version_field.size);

      inion_edf_faults_add (parser->faults, version_field.name, 0, version_field.name,
                            "“%s” instead of “0”; read as EDF all the same.", text);
    }
  header->plus = memcmp (reserved, plus, 4) == 0;
  header->discontinuous = header->plus && reserved[4] == 'D';
}

/* The fixed header tells how many signals there are; then the rest of the header can be read. */
static gboolean
read_bytes (Parser  *parser,
            int      fd,
            GError **error)
{
  gint64 n_signals = 0;
  gsize need = BLOCK;
  gsize got = 0;
  int errsv = 0;

  parser->bytes = g_malloc (BLOCK);
  for (guint pass = 0; pass < 2; pass++)
    {
      if (!_inion_pread (fd, parser->bytes, need, 0, &got, &errsv))
        return inion_set_error_errno (error, errsv, "Could not read", parser->name);
      if (got < need)
        return inion_set_error (error, INION_ERROR_FORMAT,
                                "“%s” ends at byte %" G_GSIZE_FORMAT ", within the header, which "
                                "should be %" G_GSIZE_FORMAT " bytes long. Copy the file again "
                                "from where it was recorded.", parser->name, got, need);
      if (pass == 1)
        break;
      if (!read_integer (parser, &n_signals_field, &n_signals) || n_signals < 1)
        {
          g_autofree char *text = raw_text (parser->bytes + n_signals_field.offset, n_signals_field.size);

          return inion_set_error (error, INION_ERROR_FORMAT,
                                  "“%s”: the number of signals at byte 252 is “%s”. "
                                  "There is nothing to show.", parser->name, text);
        }
      parser->header->n_signals = (guint) n_signals; /* four characters: at most 9999 */
      need = BLOCK * ((gsize) n_signals + 1);
      parser->bytes = g_realloc (parser->bytes, need);
    }
  return TRUE;
}

static gboolean
parse (Parser  *parser,
       int      fd,
       GError **error)
{
  InionEdfHeader *header = parser->header;

  if (!read_bytes (parser, fd, error))
    return FALSE;
  header->bdf = parser->bytes[0] == 0xff;
  read_flavour (parser);
  header->patient = read_text (parser, &patient_field);
  header->description = read_text (parser, &recording_field);
  header->signals = g_new0 (InionEdfSignal, header->n_signals);
  for (guint i = 0; i < header->n_signals; i++)
    read_signal (parser, i);
  if (!read_layout (parser, error))
    return FALSE;
  read_duration (parser);
  read_data_offset (parser);
  read_n_records (parser);
  read_start (parser);
  for (guint i = 0; i < header->n_signals; i++)
    header->plus |= header->signals[i].annotations;
  return TRUE;
}

/**
 * inion_edf_header_sniff:
 * @head: (array length=n): the first bytes of a file
 * @n: how many, 256 or more if the file is as long
 *
 * Tells by its content whether a file is EDF or BDF: by the version field, or, where a program has
 * left that blank, by a number of header bytes that fits the number of signals.
 *
 * Returns: %TRUE if it is
 */
gboolean
inion_edf_header_sniff (const guint8 *head,
                        gsize         n)
{
  gint64 n_signals, header_bytes;
  guint oddities = 0;

  if (n < BLOCK)
    return n >= 8 && (memcmp (head, "\377BIOSEMI", 8) == 0 || memcmp (head, "0       ", 8) == 0);
  if (memcmp (head, "\377BIOSEMI", 8) == 0)
    return TRUE;
  if (!inion_edf_parse_integer (head + n_signals_field.offset, n_signals_field.size, &n_signals,
                                &oddities))
    return memcmp (head, "0       ", 8) == 0;
  if (head[0] == '0' && (head[1] == ' ' || head[1] == '\0'))
    return TRUE;
  return inion_edf_parse_integer (head + header_bytes_field.offset, header_bytes_field.size,
                                  &header_bytes, &oddities) &&
         n_signals > 0 && header_bytes == BLOCK * (n_signals + 1);
}

/**
 * inion_edf_header_read:
 * @fd: an open file
 * @size: its size in bytes
 * @name: its name, for messages
 * @faults: where what is wrong but bearable is added
 * @error: return location
 *
 * Reads the header of an EDF or BDF file.
 *
 * Returns: (transfer full) (nullable): the header, or %NULL with %INION_ERROR_FORMAT,
 *   %INION_ERROR_TOO_LARGE or %INION_ERROR_IO
 */
InionEdfHeader *
inion_edf_header_read (int              fd,
                       gint64           size,
                       const char      *name,
                       InionEdfFaults  *faults,
                       GError         **error)
{
  g_autoptr (InionEdfHeader) header = g_new0 (InionEdfHeader, 1);
  Parser parser = { name, size, NULL, header, faults };
  gboolean ok = parse (&parser, fd, error);

  g_free (parser.bytes);
  return ok ? g_steal_pointer (&header) : NULL;
}

/**
 * inion_edf_header_free:
 * @self: (nullable): a header
 */
void
inion_edf_header_free (InionEdfHeader *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_signals && self->signals != NULL; i++)
    {
      g_free (self->signals[i].label);
      g_free (self->signals[i].unit);
      g_free (self->signals[i].transducer);
      g_free (self->signals[i].prefilter);
    }
  g_free (self->signals);
  g_free (self->patient);
  g_free (self->description);
  g_clear_pointer (&self->start, g_date_time_unref);
  g_free (self);
}
