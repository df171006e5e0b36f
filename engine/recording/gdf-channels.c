/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The channels of a GDF header, and how records hold their samples.
 *
 * As in EDF each field stands for all channels before the next one begins. A record holds the
 * samples of each channel behind each other; channels differ in rate and in number type. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/gdf-header.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/edf-text.h"

#include <math.h>
#include <string.h>

#define FIXED_BYTES 256
#define MAX_DENOMINATOR 1000000

typedef struct
{
  InionGdfHeader *self;
  const guint8 *bytes;
  guint n;
  const char *name;
  InionEdfFaults *faults;
  gint64 length_num; /* a record lasts length_num / length_den seconds */
  gint64 length_den;
} Parser;

/* A channel's part of the fields that begin @at bytes into the space of one channel. */
static const guint8 *
get_field (const Parser *parser,
           gsize         at,
           gsize         width,
           guint         channel)
{
  return parser->bytes + FIXED_BYTES + at * parser->n + width * channel;
}

static gint64
get_offset (const Parser *parser,
            const guint8 *field)
{
  return field - parser->bytes;
}

/* The simplest fraction that is a positive double as far as one can tell. */
static gboolean
find_fraction (double  value,
               gint64 *num,
               gint64 *den)
{
  double rest = value;
  gint64 n[2] = { 0, 1 };
  gint64 d[2] = { 1, 0 };

  if (!(value >= 1e-9 && value <= 1e9))
    return FALSE;
  for (guint i = 0; i < 40; i++)
    {
      gint64 whole = (gint64) rest;
      gint64 next_n, next_d, t;

      if (!inion_int64_mul (&next_n, whole, n[1]) || !inion_int64_add (&next_n, next_n, n[0]) ||
          !inion_int64_mul (&t, whole, d[1]) || !inion_int64_add (&next_d, t, d[0]) ||
          next_d > MAX_DENOMINATOR * G_GINT64_CONSTANT (1000) ||
          next_n > MAX_DENOMINATOR * G_GINT64_CONSTANT (1000))
        break;
      n[0] = n[1];
      n[1] = next_n;
      d[0] = d[1];
      d[1] = next_d;
      if (fabs ((double) n[1] / (double) d[1] - value) <= value * 1e-14 ||
          rest - (double) whole < 1e-12)
        break;
      rest = 1 / (rest - (double) whole);
    }
  *num = n[1];
  *den = d[1];
  return n[1] > 0 && d[1] > 0;
}

static gboolean
read_length (Parser  *parser,
             GError **error)
{
  gint64 num = (gint64) inion_gdf_load (parser->bytes + 244, 4);
  gint64 den = (gint64) inion_gdf_load (parser->bytes + 248, 4);
  double seconds = inion_gdf_load_double (parser->bytes + 244);
  gboolean rational = num > 0 && den > 0;
  gboolean as_double = find_fraction (seconds, &parser->length_num, &parser->length_den);

  if (parser->self->version >= 221 && as_double)
    return TRUE;
  if (parser->self->version < 221 && rational)
    {
      parser->length_num = num;
      parser->length_den = den;
      return TRUE;
    }
  if (!rational && !as_double)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s”, byte 244: a record lasts %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT
                            " s, which is no length: how fast was sampled is unknown. Convert the "
                            "recording again from the original.", parser->name, num, den);
  if (rational)
    {
      parser->length_num = num;
      parser->length_den = den;
    }
  inion_edf_faults_add (parser->faults, "record length", 244, "record length",
                        "It is written as %s, not as files of this version do; %.9g s is taken.",
                        rational ? "a fraction" : "a double",
                        (double) parser->length_num / (double) parser->length_den);
  return TRUE;
}

static gint64
find_gcd (gint64 a,
          gint64 b)
{
  while (b != 0)
    {
      gint64 rest = a % b;

      a = b;
      b = rest;
    }
  return a;
}

static gboolean
read_rate (const Parser    *parser,
           InionGdfChannel *channel)
{
  gint64 gcd, num;

  gcd = find_gcd (channel->samples, parser->length_num);
  num = channel->samples / gcd;
  if (!inion_int64_mul (&num, num, parser->length_den) ||
      !inion_int64_mul (&channel->rate_den_ns, parser->length_num / gcd, 1000000000))
    return FALSE;
  gcd = find_gcd (num, channel->rate_den_ns);
  channel->rate_num = num / gcd;
  channel->rate_den_ns /= gcd;
  /* A nanosecond a sample or more. */
  return channel->rate_num <= channel->rate_den_ns;
}

static gboolean
read_type (const Parser     *parser,
           guint             index,
           InionGdfChannel  *channel,
           GError          **error)
{
  static const struct
  {
    guint32 code;
    InionSampleType type;
  } types[] = {
    { 1, INION_SAMPLE_INT8 },      { 2, INION_SAMPLE_UINT8 },    { 3, INION_SAMPLE_INT16 },
    { 4, INION_SAMPLE_UINT16 },    { 5, INION_SAMPLE_INT32 },    { 6, INION_SAMPLE_UINT32 },
    { 7, INION_SAMPLE_INT64 },     { 8, INION_SAMPLE_UINT64 },   { 16, INION_SAMPLE_FLOAT32 },
    { 17, INION_SAMPLE_FLOAT64 },  { 255 + 24, INION_SAMPLE_INT24 },
    { 511 + 24, INION_SAMPLE_UINT24 },
  };
  const guint8 *field = get_field (parser, 220, 4, index);
  guint32 code = (guint32) inion_gdf_load (field, 4);

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].code == code)
      {
        channel->type = types[i].type;
        return TRUE;
      }
  return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                          "“%s”, byte %" G_GINT64_FORMAT ": the samples of channel %u (“%s”) have "
                          "type %u, which is not known. Known are integers of 8, 16, 24, 32 and 64 "
                          "bits and floating-point numbers of 32 and 64.", parser->name,
                          get_offset (parser, field), index + 1, channel->label, code);
}

static double
load_limit (const Parser *parser,
            gsize         at,
            guint         index)
{
  const guint8 *field = get_field (parser, at, 8, index);

  return parser->self->version < 190 ? (double) (gint64) inion_gdf_load (field, 8)
                                     : inion_gdf_load_double (field);
}

static void
read_scale (const Parser    *parser,
            guint            index,
            InionGdfChannel *channel)
{
  double min = inion_gdf_load_double (get_field (parser, 104, 8, index));
  double max = inion_gdf_load_double (get_field (parser, 112, 8, index));

  channel->digital_min = load_limit (parser, 120, index);
  channel->digital_max = load_limit (parser, 128, index);
  channel->gain = (max - min) / (channel->digital_max - channel->digital_min);
  channel->offset = min - channel->gain * channel->digital_min;
  channel->calibrated = isnormal (channel->gain) && isfinite (channel->offset) &&
                        isfinite (channel->gain * channel->digital_max + channel->offset);
  if (channel->calibrated)
    return;
  channel->gain = 1;
  channel->offset = 0;
  inion_edf_faults_add (parser->faults, "scale",
                        get_offset (parser, get_field (parser, 104, 8, index)),
                        "physical range",
                        "The ranges of channel %u, %g to %g for %g to %g, give no scale; it is "
                        "read in digital steps.", index + 1, min, max, channel->digital_min,
                        channel->digital_max);
  channel->digital_min = -HUGE_VAL;
  channel->digital_max = HUGE_VAL;
}

static void
read_unit (const Parser    *parser,
           guint            index,
           InionGdfChannel *channel)
{
  gboolean old = parser->self->version < 190;
  const guint8 *field = get_field (parser, 102, 2, index);
  g_autofree char *coded = NULL;
  guint oddities = 0;
  guint16 code;
  gboolean known;

  channel->unit = inion_edf_unit_dup (old ? get_field (parser, 96, 8, index)
                                          : get_field (parser, 96, 6, index),
                                      old ? 8 : 6, &oddities);
  if (old)
    return;
  code = (guint16) inion_gdf_load (field, 2);
  coded = inion_gdf_unit_dup (code, &known);
  if (known && (code != 0 || *channel->unit == '\0'))
    {
      g_free (channel->unit);
      channel->unit = g_steal_pointer (&coded);
    }
  else if (!known)
    inion_edf_faults_add (parser->faults, "unit", get_offset (parser, field), "unit",
                          "The unit of channel %u has code %u, which is not known; the text “%s” "
                          "is taken.", index + 1, code, channel->unit);
}

/* "HP:0.5Hz LP:100Hz N:50Hz" of the three numbers of GDF 2; the text of GDF 1. */
static void
read_filters (const Parser    *parser,
              guint            index,
              InionGdfChannel *channel)
{
  static const struct
  {
    const char *name;
    gsize at;
  } filters[] = { { "HP", 208 }, { "LP", 204 }, { "N", 212 } };
  g_autoptr (GString) text = g_string_new (NULL);
  guint oddities = 0;

  if (parser->self->version < 190)
    {
      channel->prefilter = inion_edf_text_dup (get_field (parser, 136, 80, index), 80, &oddities);
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      double hz = inion_gdf_load_float (get_field (parser, filters[i].at, 4, index));
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      if (hz > 0 && isfinite (hz))
        g_string_append_printf (text, "%s%s:%sHz", text->len > 0 ? " " : "", filters[i].name,
                                g_ascii_formatd (number, sizeof number, "%.6g", hz));
    }
  channel->prefilter = g_string_free (g_steal_pointer (&text), FALSE);
}

/* Files have metres or millimetres and do not say which; a head has one of the two sizes. */
static void
read_position (const Parser    *parser,
               guint            index,
               InionGdfChannel *channel)
{
  const guint8 *field = get_field (parser, 224, 12, index);
  double square = 0;
  double radius, scale;

  if (parser->self->version < 190)
    return;
  for (guint i = 0; i < 3; i++)
    {
      channel->position[i] = inion_gdf_load_float (field + 4 * i);
      square += channel->position[i] * channel->position[i];
    }
  radius = sqrt (square);
  if (radius == 0)
    return;
  scale = radius >= 0.03 && radius <= 0.3 ? 1 : radius >= 30 && radius <= 300 ? 1e-3 : 0;
  channel->has_position = scale != 0;
  for (guint i = 0; i < 3; i++)
    channel->position[i] = scale != 0 ? channel->position[i] * scale : 0;
  if (scale != 0)
    inion_edf_faults_add (parser->faults, "position", get_offset (parser, field), "position",
                          "The file does not say how its axes lie; x is taken to the right ear, y "
                          "to the nose, z up, in %s.", scale == 1 ? "metres" : "millimetres");
  else
    inion_edf_faults_add (parser->faults, "no position", get_offset (parser, field), "position",
                          "The electrode of channel %u would be %g m or mm from the middle of the "
                          "head; its position is passed over.", index + 1, radius);
}

static gboolean
read_channel (const Parser     *parser,
              guint             index,
              InionGdfChannel  *channel,
              GError          **error)
{
  const guint8 *samples = get_field (parser, 216, 4, index);
  guint oddities = 0;

  channel->label = inion_edf_text_dup (get_field (parser, 0, 16, index), 16, &oddities);
  if (*channel->label == '\0')
    {
      g_free (channel->label);
      channel->label = g_strdup_printf ("Channel %u", index + 1);
    }
  channel->transducer = inion_edf_text_dup (get_field (parser, 16, 80, index), 80, &oddities);
  channel->samples = (gint64) inion_gdf_load (samples, 4);
  if (!read_type (parser, index, channel, error))
    return FALSE;
  read_unit (parser, index, channel);
  read_scale (parser, index, channel);
  read_filters (parser, index, channel);
  read_position (parser, index, channel);
  if (channel->samples == 0)
    inion_edf_faults_add (parser->faults, "no samples", get_offset (parser, samples),
                          "samples a record", "Channel %u (“%s”) has no samples in the records; it "
                          "is left out.", index + 1, channel->label);
  else if (!read_rate (parser, channel))
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s”, byte %" G_GINT64_FORMAT ": channel %u would have more than 10⁹ "
                            "samples a second. Convert the recording again.", parser->name,
                            get_offset (parser, samples), index + 1);
  return TRUE;
}

/* How many records there are, and whether all that the header says. */
static void
count_records (Parser *parser,
               gint64  file_bytes)
{
  InionGdfHeader *self = parser->self;
  gint64 stated = (gint64) inion_gdf_load (parser->bytes + 236, 8);
  gint64 room = file_bytes - self->header_bytes;
  gint64 fit = self->record_bytes > 0 ? room / self->record_bytes : 0;

  self->has_events = stated >= 0 && stated <= fit;
  self->n_records = self->has_events ? stated : fit;
  if (stated < 0)
    inion_edf_faults_add (parser->faults, "records", 236, "number of records",
                          "It is %" G_GINT64_FORMAT " (the recorder was not ended properly); the %"
                          G_GINT64_FORMAT " records that fit in the file are read. Where its "
                          "events are is unknown.", stated, fit);
  else if (stated > fit)
    inion_edf_faults_add (parser->faults, "records", 236, "number of records",
                          "The header says %" G_GINT64_FORMAT " records, but the file was cut off: "
                          "%" G_GINT64_FORMAT " are there. Its events are lost.", stated, fit);
}

/**
 * inion_gdf_channels_read:
 * @self: a header whose fixed part is known
 * @bytes: the whole header
 * @file_bytes: size of the file
 * @n_channels: how many channels there are; their header lies in @bytes
 * @name: the file's name, for messages
 * @faults: where doubts are added
 * @error: return location
 *
 * Reads the channels, and how many records there are.
 *
 * Returns: %FALSE with %INION_ERROR_FORMAT or %INION_ERROR_UNSUPPORTED
 */
gboolean
inion_gdf_channels_read (InionGdfHeader  *self,
                         const guint8    *bytes,
                         gint64           file_bytes,
                         guint            n_channels,
                         const char      *name,
                         InionEdfFaults  *faults,
                         GError         **error)
{
  Parser parser = { self, bytes, n_channels, name, faults, 0, 0 };

  if (!read_length (&parser, error))
    return FALSE;
  g_array_set_size (self->channels, n_channels);
  for (guint i = 0; i < n_channels; i++)
    {
      InionGdfChannel *channel = &g_array_index (self->channels, InionGdfChannel, i);

      if (!read_channel (&parser, i, channel, error))
        return FALSE;
      channel->start = self->record_bytes;
      /* 2³² samples of 8 bytes in each of 2²⁴ channels are less than 2⁶³. */
      if (!inion_int64_add (&self->record_bytes, self->record_bytes,
                            channel->samples * (gint64) inion_sample_type_get_size (channel->type)))
        return inion_set_error (error, INION_ERROR_FORMAT,
                                "“%s”: a record would be larger than 2⁶³ bytes.", name);
    }
  count_records (&parser, file_bytes);
  return TRUE;
}
