/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of an EDF header: where they are, what they hold, what is wrong with them.
 *
 * The first 256 bytes are about the file. Then come 256 bytes a signal, but field by field: the
 * labels of all signals, then all transducers, and so on. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/edf-field.h"

#include "recording/edf-text.h"

#define BLOCK 256

const InionEdfField inion_edf_version = { "version", 0, 8 };
const InionEdfField inion_edf_patient = { "patient", 8, 80 };
const InionEdfField inion_edf_recording = { "recording", 88, 80 };
const InionEdfField inion_edf_date = { "start date", 168, 8 };
const InionEdfField inion_edf_time = { "start time", 176, 8 };
const InionEdfField inion_edf_header_bytes = { "number of header bytes", 184, 8 };
const InionEdfField inion_edf_reserved = { "reserved", 192, 44 };
const InionEdfField inion_edf_n_records = { "number of data records", 236, 8 };
const InionEdfField inion_edf_duration = { "duration of a data record", 244, 8 };
const InionEdfField inion_edf_n_signals = { "number of signals", 252, 4 };

const InionEdfField inion_edf_label = { "label", BLOCK, 16 };
const InionEdfField inion_edf_transducer = { "transducer", BLOCK + 16, 80 };
const InionEdfField inion_edf_unit = { "physical dimension", BLOCK + 96, 8 };
const InionEdfField inion_edf_physical_min = { "physical minimum", BLOCK + 104, 8 };
const InionEdfField inion_edf_physical_max = { "physical maximum", BLOCK + 112, 8 };
const InionEdfField inion_edf_digital_min = { "digital minimum", BLOCK + 120, 8 };
const InionEdfField inion_edf_digital_max = { "digital maximum", BLOCK + 128, 8 };
const InionEdfField inion_edf_prefilter = { "prefilter", BLOCK + 136, 80 };
const InionEdfField inion_edf_samples = { "samples in a data record", BLOCK + 216, 8 };

/* What a person reads about a field that could be read although it is odd. */
static const struct
{
  guint bit;
  const char *what;
} oddity_names[] = {
  { INION_EDF_ODD_NOT_ASCII, "has bytes that are not ASCII" },
  { INION_EDF_ODD_CONTROL, "has control characters or is padded with zero bytes" },
  { INION_EDF_ODD_COMMA, "has a comma for the decimal point" },
  { INION_EDF_ODD_FRACTION, "is not written as an integer" },
  { INION_EDF_ODD_BLANKS, "does not start at the left" },
};

static gboolean
is_of_signal (const InionEdfField *field)
{
  return field->offset >= BLOCK;
}

/**
 * inion_edf_fields_get_offset:
 * @self: a header
 * @field: a field
 * @signal: of which signal
 *
 * Returns: where the field is in the file
 */
gint64
inion_edf_fields_get_offset (const InionEdfFields *self,
                             const InionEdfField  *field,
                             guint                 signal)
{
  if (!is_of_signal (field))
    return (gint64) field->offset;
  return (gint64) (BLOCK + (field->offset - BLOCK) * self->n_signals + field->size * signal);
}

/**
 * inion_edf_fields_get:
 * @self: a header
 * @field: a field
 * @signal: of which signal
 *
 * Returns: (transfer none): the field's bytes
 */
const guint8 *
inion_edf_fields_get (const InionEdfFields *self,
                      const InionEdfField  *field,
                      guint                 signal)
{
  return self->bytes + inion_edf_fields_get_offset (self, field, signal);
}

/**
 * inion_edf_fields_dup_raw:
 * @self: a header
 * @field: a field
 * @signal: of which signal
 *
 * Returns: (transfer full): the field as text, for messages
 */
char *
inion_edf_fields_dup_raw (const InionEdfFields *self,
                          const InionEdfField  *field,
                          guint                 signal)
{
  guint oddities = 0;

  return inion_edf_text_dup (inion_edf_fields_get (self, field, signal), field->size, &oddities);
}

/**
 * inion_edf_fields_dup_place:
 * @self: a header
 * @field: a field
 * @signal: of which signal
 *
 * Returns: (transfer full): which field of which signal, for messages
 */
char *
inion_edf_fields_dup_place (const InionEdfFields *self,
                            const InionEdfField  *field,
                            guint                 signal)
{
  g_autofree char *label = NULL;

  if (!is_of_signal (field))
    return g_strdup (field->name);
  label = inion_edf_fields_dup_raw (self, &inion_edf_label, signal);
  if (*label == '\0')
    return g_strdup_printf ("%s of signal %u", field->name, signal + 1);
  return g_strdup_printf ("%s of signal %u (%s)", field->name, signal + 1, label);
}

static void
add_fault (const InionEdfFields *self,
           const InionEdfField  *field,
           guint                 signal,
           const char           *kind,
           const char           *message)
{
  g_autofree char *key = g_strconcat (field->name, " ", kind, NULL);
  g_autofree char *place = inion_edf_fields_dup_place (self, field, signal);

  inion_edf_faults_add (self->faults, key, inion_edf_fields_get_offset (self, field, signal), place,
                        "%s", message);
}

/**
 * inion_edf_fields_add_fault:
 * @self: a header
 * @field: a field
 * @signal: of which signal
 * @format: printf format of what was found and what was assumed; faults of the same field and
 *   format are counted as one
 * @...: its arguments
 *
 * Adds a fault of a field.
 */
void
inion_edf_fields_add_fault (const InionEdfFields *self,
                            const InionEdfField  *field,
                            guint                 signal,
                            const char           *format,
                            ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  add_fault (self, field, signal, format, message);
}

static void
note_oddities (const InionEdfFields *self,
               const InionEdfField  *field,
               guint                 signal,
               const char           *text,
               guint                 oddities)
{
  for (gsize i = 0; i < G_N_ELEMENTS (oddity_names); i++)
    if (oddities & oddity_names[i].bit)
      {
        g_autofree char *message =
          g_strdup_printf ("The field %s; read as “%s”.", oddity_names[i].what, text);

        add_fault (self, field, signal, oddity_names[i].what, message);
      }
}

static void
note_number_oddities (const InionEdfFields *self,
                      const InionEdfField  *field,
                      guint                 signal,
                      guint                 oddities)
{
  g_autofree char *text = oddities != 0 ? inion_edf_fields_dup_raw (self, field, signal) : NULL;

  note_oddities (self, field, signal, text, oddities);
}

/**
 * inion_edf_fields_read_text:
 * @self: a header
 * @field: a text field
 * @signal: of which signal
 *
 * Returns: (transfer full): the text in UTF-8; of the physical dimension the usual spelling
 */
char *
inion_edf_fields_read_text (const InionEdfFields *self,
                            const InionEdfField  *field,
                            guint                 signal)
{
  const guint8 *bytes = inion_edf_fields_get (self, field, signal);
  guint oddities = 0;
  char *text = field == &inion_edf_unit ? inion_edf_unit_dup (bytes, field->size, &oddities)
                                        : inion_edf_text_dup (bytes, field->size, &oddities);

  note_oddities (self, field, signal, text, oddities & ~(guint) INION_EDF_ODD_BLANKS);
  return text;
}

/**
 * inion_edf_fields_read_number:
 * @self: a header
 * @field: a numeric field
 * @signal: of which signal
 * @value: (out): the number, finite
 *
 * Returns: %FALSE if the field is no number
 */
gboolean
inion_edf_fields_read_number (const InionEdfFields *self,
                              const InionEdfField  *field,
                              guint                 signal,
                              double               *value)
{
  const guint8 *bytes = inion_edf_fields_get (self, field, signal);
  guint oddities = 0;

  if (!inion_edf_parse_number (bytes, field->size, value, &oddities))
    return FALSE;
  note_number_oddities (self, field, signal, oddities);
  return TRUE;
}

/**
 * inion_edf_fields_read_integer:
 * @self: a header
 * @field: a numeric field
 * @signal: of which signal
 * @value: (out): the number
 *
 * Returns: %FALSE if the field is no integer
 */
gboolean
inion_edf_fields_read_integer (const InionEdfFields *self,
                               const InionEdfField  *field,
                               guint                 signal,
                               gint64               *value)
{
  const guint8 *bytes = inion_edf_fields_get (self, field, signal);
  guint oddities = 0;

  if (!inion_edf_parse_integer (bytes, field->size, value, &oddities))
    return FALSE;
  note_number_oddities (self, field, signal, oddities);
  return TRUE;
}

/**
 * inion_edf_fields_read_seconds:
 * @self: a header
 * @field: a numeric field
 * @signal: of which signal
 * @ns: (out): the time in nanoseconds
 *
 * Returns: %FALSE if the field is no number of seconds
 */
gboolean
inion_edf_fields_read_seconds (const InionEdfFields *self,
                               const InionEdfField  *field,
                               guint                 signal,
                               gint64               *ns)
{
  const guint8 *bytes = inion_edf_fields_get (self, field, signal);
  guint oddities = 0;

  if (!inion_edf_parse_seconds (bytes, field->size, ns, &oddities))
    return FALSE;
  note_number_oddities (self, field, signal, oddities);
  return TRUE;
}
