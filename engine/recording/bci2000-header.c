/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of a BCI2000 file: a text.
 *
 * Its first line gives the sizes; then one line a state under "[ State Vector Definition ]" (name,
 * bits, value at the start, byte, bit) and one a parameter under "[ Parameter Definition ]"
 * (section, type, name=, values, // comment). Files of version 1.0 have 16-bit integers; later ones
 * say what they have. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/bci2000-header.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

#define MAX_CHANNELS 65536
#define MAX_STATE_BYTES 65536
#define MAX_STATES 4096

typedef struct
{
  InionBci2000Header *header;
  InionEdfFaults *faults;
  const char *name;
  guint n_lines, rate_line;
  char *rate, *gains, *offsets, *labels, *block; /* values, as they stand */
  char *subject, *session, *run, *time;
} Parser;

static void
clear_channel (gpointer data)
{
  g_free (((InionBci2000Channel *) data)->label);
}

static void
clear_state (gpointer data)
{
  g_free (((InionBci2000State *) data)->name);
}

void
_inion_bci2000_header_free (InionBci2000Header *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->channels);
  g_array_unref (self->states);
  g_free (self->version);
  g_free (self->patient);
  g_free (self->description);
  g_clear_pointer (&self->start, g_date_time_unref);
  g_free (self);
}

static void
clear_parser (Parser *self)
{
  g_free (self->rate);
  g_free (self->gains);
  g_free (self->offsets);
  g_free (self->labels);
  g_free (self->block);
  g_free (self->subject);
  g_free (self->session);
  g_free (self->run);
  g_free (self->time);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parser, clear_parser)

/* The word behind a name in the first line. */
static char *
dup_field (const char *line,
           const char *field)
{
  const char *found = strstr (line, field);
  const char *end;

  if (found == NULL)
    return NULL;
  found += strlen (field);
  while (*found == ' ')
    found++;
  for (end = found; *end != '\0' && *end != ' ';)
    end++;
  return g_strndup (found, (gsize) (end - found));
}

static gboolean
read_count (const char *line,
            const char *field,
            gint64      low,
            gint64      high,
            gint64     *value)
{
  g_autofree char *text = dup_field (line, field);

  return text != NULL && g_ascii_string_to_signed (text, 10, low, high, value, NULL);
}

static gboolean
read_format (Parser      *self,
             const char  *line,
             GError     **error)
{
  g_autofree char *format = dup_field (line, "DataFormat=");

  self->header->version = dup_field (line, "BCI2000V=");
  if (format == NULL || strcmp (format, "int16") == 0)
    self->header->type = INION_SAMPLE_INT16;
  else if (strcmp (format, "int32") == 0)
    self->header->type = INION_SAMPLE_INT32;
  else if (strcmp (format, "float32") == 0)
    self->header->type = INION_SAMPLE_FLOAT32;
  else
    {
      g_autofree char *shown = _inion_bci2000_decode (format, strlen (format));

      return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                              "“%s”, line 1: samples are of type “%s” (DataFormat); int16, int32 "
                              "and float32 are known.", self->name, shown);
    }
  if (format == NULL && self->header->version != NULL)
    inion_edf_faults_add (self->faults, "format", 0, "DataFormat",
                          "The first line does not tell the type of samples; int16 was assumed.");
  return TRUE;
}

static gboolean
read_first_line (Parser      *self,
                 const char  *line,
                 GError     **error)
{
  gint64 channels, bytes;

  if (!read_count (line, "SourceCh=", 1, MAX_CHANNELS, &channels) ||
      !read_count (line, "StatevectorLen=", 0, MAX_STATE_BYTES, &bytes))
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s”, line 1: it does not give the number of channels (SourceCh, 1 "
                            "to %d) and of state bytes (StatevectorLen, 0 to %d).", self->name,
                            MAX_CHANNELS, MAX_STATE_BYTES);
  self->header->n_channels = (guint) channels;
  self->header->state_bytes = (guint) bytes;
  return read_format (self, line, error);
}

static void
read_state (Parser     *self,
            const char *line,
            guint       number)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 6);
  gint64 n_bits, byte, bit;

  if (g_strv_length (words) < 5 ||
      !g_ascii_string_to_signed (words[1], 10, 1, 32, &n_bits, NULL) ||
      !g_ascii_string_to_signed (words[3], 10, 0, MAX_STATE_BYTES, &byte, NULL) ||
      !g_ascii_string_to_signed (words[4], 10, 0, 7, &bit, NULL) ||
      byte * 8 + bit + n_bits > (gint64) self->header->state_bytes * 8 ||
      self->header->states->len >= MAX_STATES)
    inion_edf_faults_add (self->faults, "state", -1, "state",
                          "Line %u describes a state (name, bits, value, byte, bit) that cannot "
                          "be; it was left out.", number);
  else
    {
      InionBci2000State state = {
        _inion_bci2000_decode (words[0], strlen (words[0])), (guint) n_bits,
        (guint) (byte * 8 + bit),
      };

      g_array_append_val (self->header->states, state);
    }
}

/* "Section type Name= values // comment" */
static void
read_parameter (Parser     *self,
                const char *line,
                guint       number)
{
  const struct
  {
    const char *name;
    char **place;
  } wanted[] = {
    { "SamplingRate", &self->rate },      { "SourceChGain", &self->gains },
    { "SourceChOffset", &self->offsets }, { "ChannelNames", &self->labels },
    { "SampleBlockSize", &self->block },  { "SubjectName", &self->subject },
    { "SubjectSession", &self->session }, { "SubjectRun", &self->run },
    { "StorageTime", &self->time },
  };
  const char *equals = strchr (line, '=');
  const char *start = equals;

  if (equals == NULL)
    return;
  while (start > line && start[-1] != ' ')
    start--;
  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (strlen (wanted[i].name) == (gsize) (equals - start) &&
        strncmp (wanted[i].name, start, (gsize) (equals - start)) == 0)
      {
        g_free (*wanted[i].place);
        *wanted[i].place = g_strdup (equals + 1);
        if (wanted[i].place == &self->rate)
          self->rate_line = number;
      }
}

/* The first value of a parameter that is no list. */
static char *
dup_value (const char *text)
{
  const char *end;

  if (text == NULL)
    return g_strdup ("");
  while (*text == ' ')
    text++;
  for (end = text; *end != '\0' && *end != ' ';)
    end++;
  if (strncmp (text, "//", 2) == 0)
    end = text;
  return g_strstrip (_inion_bci2000_decode (text, (gsize) (end - text)));
}

/* A number and what is behind it. */
static gboolean
read_number (const char  *text,
             double      *value,
             const char **unit)
{
  char *end;

  *value = g_ascii_strtod (text, &end);
  *unit = end;
  return end != text && isfinite (*value);
}

static gboolean
read_rate (Parser  *self,
           GError **error)
{
  g_autofree char *text = dup_value (self->rate);
  const char *unit = "";
  double rate = 0, factor = 0;

  if (read_number (text, &rate, &unit))
    factor = *unit == '\0' || g_ascii_strcasecmp (unit, "Hz") == 0 ? 1
             : g_ascii_strcasecmp (unit, "kHz") == 0               ? 1000
                                                                   : 0;
  self->header->rate = rate * factor;
  if (self->header->rate >= 1e-3 && self->header->rate <= 1e7)
    return TRUE;
  if (self->rate == NULL)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s”, lines 1 to %u: the header does not give the parameter "
                            "SamplingRate.", self->name, self->n_lines);
  return inion_set_error (error, INION_ERROR_FORMAT,
                          "“%s”, line %u: the parameter SamplingRate is “%s”, which is no sampling "
                          "rate.", self->name, self->rate_line, text);
}

static gboolean
get_factor (const char *unit,
            double     *factor)
{
  static const struct
  {
    const char *unit;
    double factor;
  } units[] = {
    { "", 1 },     { "muV", 1 },  { "uV", 1 },   { "\xc2\xb5V", 1 }, { "\xce\xbcV", 1 },
    { "nV", 1e-3 }, { "mV", 1e3 }, { "V", 1e6 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (strcmp (unit, units[i].unit) == 0)
      {
        *factor = units[i].factor;
        return TRUE;
      }
  return FALSE;
}

static void
read_scale (Parser              *self,
            InionBci2000Channel *channel,
            const char          *gain,
            const char          *offset)
{
  const char *unit = "", *rest = "";
  double factor = 1;

  channel->calibrated = gain != NULL && read_number (gain, &channel->gain, &unit) &&
                        get_factor (unit, &factor);
  channel->gain *= factor;
  if (offset == NULL)
    channel->offset = 0;
  else
    channel->calibrated &= read_number (offset, &channel->offset, &rest);
  if (channel->calibrated && isnormal (channel->gain) && isfinite (channel->gain * channel->offset))
    return;
  inion_edf_faults_add (self->faults, "scale", -1, "SourceChGain",
                        "The scale of channel %s is not given, or cannot be (gain “%s”, offset "
                        "“%s”); its numbers are shown as they are.", channel->label,
                        gain != NULL ? gain : "", offset != NULL ? offset : "");
  channel->calibrated = FALSE;
  channel->gain = 1;
  channel->offset = 0;
}

static void
make_channels (Parser *self)
{
  g_auto (GStrv) labels = _inion_bci2000_split_values (self->labels != NULL ? self->labels : "");
  g_auto (GStrv) gains = _inion_bci2000_split_values (self->gains != NULL ? self->gains : "");
  g_auto (GStrv) offsets = _inion_bci2000_split_values (self->offsets != NULL ? self->offsets : "");
  guint n_labels = g_strv_length (labels), n_gains = g_strv_length (gains);
  guint n_offsets = g_strv_length (offsets);

  for (guint i = 0; i < self->header->n_channels; i++)
    {
      gboolean named = i < n_labels && labels[i][0] != '\0';
      InionBci2000Channel channel = {
        .label = named ? g_strdup (labels[i]) : g_strdup_printf ("Ch%u", i + 1), .gain = 1,
      };

      read_scale (self, &channel, i < n_gains ? gains[i] : NULL, i < n_offsets ? offsets[i] : NULL);
      g_array_append_val (self->header->channels, channel);
    }
}

/* "Thu Sep 04 12:59:22 2008", or as ISO 8601. */
static GDateTime *
parse_time (const char *text)
{
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_auto (GStrv) words = g_strsplit_set (text, " :", -1);
  gint64 day, hour, minute, second, year;
  g_autofree char *iso = NULL;
  const char *month;

  if (g_strv_length (words) == 7 && strlen (words[1]) == 3 &&
      (month = strstr (months, words[1])) != NULL &&
      g_ascii_string_to_signed (words[2], 10, 1, 31, &day, NULL) &&
      g_ascii_string_to_signed (words[3], 10, 0, 23, &hour, NULL) &&
      g_ascii_string_to_signed (words[4], 10, 0, 59, &minute, NULL) &&
      g_ascii_string_to_signed (words[5], 10, 0, 59, &second, NULL) &&
      g_ascii_string_to_signed (words[6], 10, 1900, 9999, &year, NULL))
    return g_date_time_new_utc ((int) year, (int) (month - months) / 3 + 1, (int) day, (int) hour,
                                (int) minute, (double) second);
  if (strlen (text) < 19)
    return NULL;
  iso = g_strndup (text, 19);
  return g_utf8_validate (iso, -1, NULL) ? g_date_time_new_from_iso8601 (iso, utc) : NULL;
}

static void
finish_texts (Parser *self)
{
  g_autofree char *session = dup_value (self->session);
  g_autofree char *run = dup_value (self->run);
  g_autofree char *time = dup_value (self->time);
  g_autofree char *block = dup_value (self->block);

  self->header->patient = dup_value (self->subject);
  self->header->description =
    session[0] != '\0' || run[0] != '\0' ? g_strdup_printf ("Session %s, run %s", session, run)
                                         : g_strdup ("");
  if (time[0] != '\0')
    {
      self->header->start = parse_time (time);
      if (self->header->start == NULL)
        inion_edf_faults_add (self->faults, "time", -1, "StorageTime",
                              "“%s” is not a date and time; the start is not known.", time);
    }
  if (!g_ascii_string_to_signed (block, 10, 1, G_MAXINT32, &self->header->block, NULL))
    self->header->block = 1;
}

static void
read_lines (Parser *self,
            char  **lines)
{
  gboolean in_states = FALSE, in_parameters = FALSE;

  for (guint i = 1; lines[i] != NULL; i++)
    {
      char *line = g_strstrip (lines[i]);

      if (line[0] == '[')
        {
          in_states = strstr (line, "State Vector Definition") != NULL;
          in_parameters = strstr (line, "Parameter Definition") != NULL;
        }
      else if (in_states && line[0] != '\0')
        read_state (self, line, i + 1);
      else if (in_parameters)
        read_parameter (self, line, i + 1);
      self->n_lines = i + 1;
    }
}

/**
 * _inion_bci2000_header_get_size:
 * @bytes: (array length=n): the beginning of a file
 * @n: how many
 *
 * Returns: how long its header is, -1 if it does not say
 */
gint64
_inion_bci2000_header_get_size (const guint8 *bytes,
                                gsize         n)
{
  g_autofree char *line = g_strndup ((const char *) bytes, n);
  gint64 size;

  line[strcspn (line, "\r\n")] = '\0';
  return read_count (line, "HeaderLen=", 1, G_MAXINT32, &size) ? size : -1;
}

/**
 * _inion_bci2000_header_get_moment:
 * @self: a header
 *
 * Returns: bytes of one sample of each channel and the state vector
 */
gint64
_inion_bci2000_header_get_moment (const InionBci2000Header *self)
{
  return (gint64) self->n_channels * (gint64) inion_sample_type_get_size (self->type) +
         self->state_bytes;
}

/**
 * _inion_bci2000_header_new:
 * @text: (array length=n): the header
 * @n: its bytes
 * @file_bytes: those of the file
 * @name: the file's name, for messages
 * @faults: where what is wrong is added
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what it says, or %NULL with %INION_ERROR_FORMAT or
 *   %INION_ERROR_UNSUPPORTED
 */
InionBci2000Header *
_inion_bci2000_header_new (const char      *text,
                           gsize            n,
                           gint64           file_bytes,
                           const char      *name,
                           InionEdfFaults  *faults,
                           GError         **error)
{
  g_autoptr (InionBci2000Header) header = g_new0 (InionBci2000Header, 1);
  g_autofree char *copy = g_strndup (text, n);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", -1);
  g_auto (Parser) parser = { .header = header, .faults = faults, .name = name };

  header->header_bytes = (gint64) n;
  header->channels = g_array_new (FALSE, FALSE, sizeof (InionBci2000Channel));
  g_array_set_clear_func (header->channels, clear_channel);
  header->states = g_array_new (FALSE, FALSE, sizeof (InionBci2000State));
  g_array_set_clear_func (header->states, clear_state);
  if (!read_first_line (&parser, lines[0] != NULL ? g_strstrip (lines[0]) : "", error))
    return NULL;
  /* Before room is made for as many channels as it says. */
  if (file_bytes - (gint64) n < _inion_bci2000_header_get_moment (header))
    {
      inion_set_error (error, INION_ERROR_FORMAT, "“%s” holds no samples: the file "
                       "ends at byte %" G_GINT64_FORMAT ", and one of all %u channels with its "
                       "states has %" G_GINT64_FORMAT " bytes from byte %" G_GSIZE_FORMAT " on.",
                       name, file_bytes, header->n_channels,
                       _inion_bci2000_header_get_moment (header), n);
      return NULL;
    }
  read_lines (&parser, lines);
  if (!read_rate (&parser, error))
    return NULL;
  make_channels (&parser);
  finish_texts (&parser);
  return g_steal_pointer (&header);
}
