/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of an EDF or BDF file, read with all its real-world faults.
 *
 * Kemp et al. 1992 (EDF), Kemp and Olivan 2003 (EDF+). A departure from the specification that
 * leaves no doubt about the samples is listed as a fault and lived with. Refused is only what makes
 * the place or the meaning of the samples unknown: no signals, no readable number of samples,
 * records beyond 1 GiB. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/edf-header.h"

#include "core/error.h"
#include "recording/edf-date.h"
#include "recording/edf-field.h"
#include "recording/edf-records.h"
#include "recording/edf-text.h"
#include "recording/recording-private.h"

#include <math.h>
#include <string.h>

#define BLOCK 256

typedef struct
{
  const char *name; /* the file's, for messages */
  gint64 file_size;
  InionEdfFields fields;
  InionEdfHeader *header;
} Parser;

static gboolean
has_annotations_label (const char *label)
{
  return g_ascii_strcasecmp (label, "EDF Annotations") == 0 ||
         g_ascii_strcasecmp (label, "BDF Annotations") == 0;
}

static gboolean
read_limit (const Parser        *parser,
            const InionEdfField *field,
            guint                index,
            double              *value)
{
  g_autofree char *text = NULL;

  if (inion_edf_fields_read_number (&parser->fields, field, index, value))
    return TRUE;
  text = inion_edf_fields_dup_raw (&parser->fields, field, index);
  inion_edf_fields_add_fault (&parser->fields, field, index,
                              "“%s” is not a number; the signal is read without its scale.", text);
  return FALSE;
}

static gboolean
read_digital_limit (const Parser        *parser,
                    const InionEdfField *field,
                    guint                index,
                    gint32              *value)
{
  double v;

  if (!read_limit (parser, field, index, &v))
    return FALSE;
  if (v >= G_MININT32 && v <= G_MAXINT32 && v == rint (v))
    {
      gint64 unused;

      inion_edf_fields_read_integer (&parser->fields, field, index, &unused); /* for its oddities */
      *value = (gint32) v;
      return TRUE;
    }
  inion_edf_fields_add_fault (&parser->fields, field, index,
                              "%g is not an integer of 32 bits; "
                              "the signal is read without its scale.", v);
  return FALSE;
}

static void
check_digital_range (const Parser         *parser,
                     guint                 index,
                     const InionEdfSignal *signal)
{
  gint32 limit = parser->header->bdf ? 1 << 23 : 1 << 15;

  if (signal->digital_min > signal->digital_max)
    inion_edf_fields_add_fault (&parser->fields, &inion_edf_digital_min, index,
                                "The digital range %d to %d is reversed; "
                                "the scale is used as it stands.",
                                signal->digital_min, signal->digital_max);
  else if (signal->digital_min < -limit || signal->digital_max >= limit)
    inion_edf_fields_add_fault (&parser->fields, &inion_edf_digital_min, index,
                                "The digital range %d to %d is beyond the file's %d bits; "
                                "the scale is used as it stands.",
                                signal->digital_min, signal->digital_max,
                                parser->header->bdf ? 24 : 16);
}

/* The scale from the file's four limits, by the same double operations as EDFlib's. */
static void
read_scale (const Parser *parser,
            guint         index)
{
  InionEdfSignal *signal = &parser->header->signals[index];
  double physical_min = 0;
  double physical_max = 0;
  double bit_value, bit_offset;
  gboolean ok;

  ok = read_limit (parser, &inion_edf_physical_min, index, &physical_min);
  ok &= read_limit (parser, &inion_edf_physical_max, index, &physical_max);
  ok &= read_digital_limit (parser, &inion_edf_digital_min, index, &signal->digital_min);
  ok &= read_digital_limit (parser, &inion_edf_digital_max, index, &signal->digital_max);
  if (!ok)
    return;
  if (signal->digital_min == signal->digital_max || physical_min == physical_max)
    {
      inion_edf_fields_add_fault (&parser->fields,
                                  physical_min == physical_max ? &inion_edf_physical_min
                                                               : &inion_edf_digital_min, index,
                                  "Minimum and maximum are equal, so there is no scale; "
                                  "the signal is read in digital steps.");
      return;
    }
  check_digital_range (parser, index, signal);
  bit_value = (physical_max - physical_min) /
              ((double) signal->digital_max - (double) signal->digital_min);
  bit_offset = physical_max / bit_value - (double) signal->digital_max;
  /* Whatever the digital value and the unit (see unify_unit()), the result must be a number. */
  if (!(fabs (bit_value) > 1e-300) ||
      !isfinite ((fabs (bit_offset) + 0x1p24) * fabs (bit_value) * 1e6))
    {
      inion_edf_fields_add_fault (&parser->fields, &inion_edf_physical_min, index,
                                  "The physical range is too large or too small for a scale; "
                                  "the signal is read in digital steps.");
      return;
    }
  signal->bit_value = bit_value;
  signal->bit_offset = bit_offset;
  signal->calibrated = TRUE;
}

/* Brain, eye, heart and muscle signals are in µV whatever the file prefers. */
static void
unify_unit (InionEdfSignal *signal)
{
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
read_signal (const Parser *parser,
             guint         index)
{
  const InionEdfFields *fields = &parser->fields;
  InionEdfSignal *signal = &parser->header->signals[index];

  signal->scale = 1;
  signal->bit_value = 1;
  signal->label = inion_edf_fields_read_text (fields, &inion_edf_label, index);
  signal->annotations = has_annotations_label (signal->label);
  if (signal->annotations)
    return; /* its other fields mean nothing, and real files have anything there */
  signal->transducer = inion_edf_fields_read_text (fields, &inion_edf_transducer, index);
  signal->unit = inion_edf_fields_read_text (fields, &inion_edf_unit, index);
  signal->prefilter = inion_edf_fields_read_text (fields, &inion_edf_prefilter, index);
  signal->kind = inion_channel_kind_guess (signal->label, signal->unit);
  signal->status = parser->header->bdf && g_ascii_strcasecmp (signal->label, "Status") == 0;
  if (signal->status)
    {
      signal->digital_min = -(1 << 23);
      signal->digital_max = (1 << 23) - 1;
    }
  else
    {
      read_scale (parser, index);
    }
  if (signal->calibrated)
    {
      unify_unit (signal);
      return;
    }
  g_free (signal->unit);
  signal->unit = g_strdup ("");
}

static void
read_flavour (const Parser *parser)
{
  InionEdfHeader *header = parser->header;
  const guint8 *version = parser->fields.bytes;
  const guint8 *reserved = inion_edf_fields_get (&parser->fields, &inion_edf_reserved, 0);

  header->bdf = version[0] == 0xff;
  header->plus = memcmp (reserved, header->bdf ? "BDF+" : "EDF+", 4) == 0;
  header->discontinuous = header->plus && reserved[4] == 'D';
  if (!header->bdf && (version[0] != '0' || version[1] != ' '))
    {
      g_autofree char *text = inion_edf_fields_dup_raw (&parser->fields, &inion_edf_version, 0);

      inion_edf_fields_add_fault (&parser->fields, &inion_edf_version, 0,
                                  "“%s” instead of “0”; read as EDF all the same.", text);
    }
}

/* Does the file have annotations if and only if it says so? */
static void
check_plus (const Parser *parser)
{
  InionEdfHeader *header = parser->header;
  gboolean annotations = FALSE;

  for (guint i = 0; i < header->n_signals; i++)
    annotations |= header->signals[i].annotations;
  if (annotations && !header->plus)
    inion_edf_fields_add_fault (&parser->fields, &inion_edf_reserved, 0,
                                "The file does not say that it is %s+, but has annotations; "
                                "they are read.", header->bdf ? "BDF" : "EDF");
  else if (header->plus && !annotations)
    inion_edf_fields_add_fault (&parser->fields, &inion_edf_reserved, 0,
                                "The file says that it is %s+, but has no annotation signal.",
                                header->bdf ? "BDF" : "EDF");
  header->plus |= annotations;
}

/* Reads the first n bytes of the header. */
static guint8 *
read_bytes (const Parser  *parser,
            int            fd,
            gsize          n,
            GError       **error)
{
  g_autofree guint8 *bytes = g_malloc (n);
  gsize got = 0;
  int errsv = 0;

  if (!_inion_pread (fd, bytes, n, 0, &got, &errsv))
    {
      inion_set_error_errno (error, errsv, "Could not read", parser->name);
      return NULL;
    }
  if (got < n)
    {
      inion_set_error (error, INION_ERROR_FORMAT,
                       "“%s” ends at byte %" G_GSIZE_FORMAT ", within its header, which should be "
                       "%" G_GSIZE_FORMAT " bytes long. Copy the file again from where it was "
                       "recorded.", parser->name, got, n);
      return NULL;
    }
  return g_steal_pointer (&bytes);
}

static gboolean
read_n_signals (Parser        *parser,
                const guint8  *bytes,
                GError       **error)
{
  InionEdfFields fields = { bytes, 0, parser->fields.faults };
  g_autofree char *text = inion_edf_fields_dup_raw (&fields, &inion_edf_n_signals, 0);
  gint64 n_signals = 0;

  if (!inion_edf_fields_read_integer (&fields, &inion_edf_n_signals, 0, &n_signals) ||
      n_signals < 1)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s”: the number of signals at byte 252 is “%s”, so there is nothing "
                            "to show. Export the file again from the recording system.",
                            parser->name, text);
  if (n_signals > 9999) /* four characters hold more only with an exponent */
    return inion_set_error (error, INION_ERROR_TOO_LARGE,
                            "“%s”: the number of signals at byte 252 is “%s”; more than 9999 "
                            "cannot be.", parser->name, text);
  parser->header->n_signals = parser->fields.n_signals = (guint) n_signals;
  return TRUE;
}

static gboolean
parse (Parser  *parser,
       int      fd,
       GError **error)
{
  InionEdfHeader *header = parser->header;
  InionEdfDateSource source = { (const char *) parser->fields.bytes + inion_edf_date.offset,
                                (const char *) parser->fields.bytes + inion_edf_time.offset, NULL };
  InionEdfRecords records = { parser->name, parser->file_size, &parser->fields, header };

  read_flavour (parser);
  header->patient = inion_edf_fields_read_text (&parser->fields, &inion_edf_patient, 0);
  header->description = inion_edf_fields_read_text (&parser->fields, &inion_edf_recording, 0);
  header->signals = g_new0 (InionEdfSignal, header->n_signals);
  for (guint i = 0; i < header->n_signals; i++)
    read_signal (parser, i);
  if (!inion_edf_records_read (&records, fd, error))
    return FALSE;
  source.description = header->description;
  header->start = inion_edf_date_read (&source, parser->fields.faults);
  check_plus (parser);
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

  if (n >= 8 && (memcmp (head, "\377BIOSEMI", 8) == 0 || memcmp (head, "0       ", 8) == 0))
    return TRUE;
  return n >= BLOCK &&
         inion_edf_parse_integer (head + inion_edf_n_signals.offset, inion_edf_n_signals.size,
                                  &n_signals, &oddities) &&
         inion_edf_parse_integer (head + inion_edf_header_bytes.offset, inion_edf_header_bytes.size,
                                  &header_bytes, &oddities) &&
         n_signals > 0 && n_signals <= 9999 && header_bytes == BLOCK * (n_signals + 1);
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
  Parser parser = { name, size, { NULL, 0, faults }, header };
  g_autofree guint8 *head = read_bytes (&parser, fd, BLOCK, error);
  g_autofree guint8 *bytes = NULL;

  if (head == NULL || !read_n_signals (&parser, head, error))
    return NULL;
  bytes = read_bytes (&parser, fd, BLOCK * ((gsize) header->n_signals + 1), error);
  if (bytes == NULL)
    return NULL;
  parser.fields.bytes = bytes;
  return parse (&parser, fd, error) ? g_steal_pointer (&header) : NULL;
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
