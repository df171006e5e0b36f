/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the header of a BrainVision recording says: [Common Infos], [Binary Infos], [ASCII Infos].
 *
 * The sampling interval is a decimal number of microseconds and is kept exactly: 1953.125 µs are
 * 1 sample in 1953125 ns. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/brainvision-header.h"

#include "core/error.h"
#include "recording/edf-text.h"

#include <string.h>

#define MAX_CHANNELS 16384
#define COMMON "common infos"

typedef struct
{
  InionBrainVisionHeader *self;
  const InionBrainVisionText *text;
  const char *name; /* of the file, for messages */
  InionEdfFaults *faults;
} Parser;

static gboolean
refuse (const Parser                 *parser,
        const InionBrainVisionEntry  *entry,
        const char                   *why,
        GError                      **error)
{
  return inion_set_error (error, INION_ERROR_UNSUPPORTED, "“%s”, line %u: “%s=%s”. %s",
                          parser->name, entry->line, entry->key, entry->value, why);
}

static const InionBrainVisionEntry *
find (const Parser *parser,
      const char   *key)
{
  const InionBrainVisionEntry *entry = inion_brainvision_text_find (parser->text, COMMON, key);

  return entry != NULL && *entry->value != '\0' ? entry : NULL;
}

/* The line of an entry, or where there is none, that of the first one of the section it belongs
 * to. */
static guint
get_line (const Parser                *parser,
          const InionBrainVisionEntry *entry)
{
  const GArray *entries = parser->text->entries;

  if (entry != NULL)
    return entry->line;
  for (guint i = 0; i < entries->len; i++)
    if (strcmp (g_array_index (entries, InionBrainVisionEntry, i).section, COMMON) == 0)
      return g_array_index (entries, InionBrainVisionEntry, i).line;
  return 1;
}

static void
check_first_line (const Parser *parser)
{
  const char *line = parser->text->first_line;
  g_autofree char *lower = g_ascii_strdown (line, -1);

  parser->self->v_amp = strstr (lower, "v-amp") != NULL;
  if (*line == '\0')
    inion_edf_faults_add (parser->faults, "first line", 0, "first line",
                          "The first line does not say that this is a BrainVision header; it is "
                          "read as one.");
  else if ((strstr (lower, "brain vision") == NULL && strstr (lower, "brainvision") == NULL) ||
           strstr (lower, "header") == NULL)
    inion_edf_faults_add (parser->faults, "first line", 0, "first line",
                          "“%.80s” is not the first line of a BrainVision header; the file is read "
                          "as one.", line);
  else if (strstr (lower, "version 1.") == NULL && strstr (lower, "version 2.") == NULL)
    inion_edf_faults_add (parser->faults, "first line", 0, "first line",
                          "“%.80s” names no version that is known here (1.0, 2.0); the file is "
                          "read as version 2.0.", line);
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
read_rate (const Parser  *parser,
           GError       **error)
{
  const InionBrainVisionEntry *entry = find (parser, "samplinginterval");
  gint64 femtoseconds, gcd;
  guint oddities = 0;

  if (entry == NULL)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s”, line %u: it does not say how fast was sampled (SamplingInterval "
                            "is missing in [Common Infos]). Add the line, with microseconds.",
                            parser->name, get_line (parser, NULL));
  /* As if it were seconds, in nanoseconds: that is microseconds in units of 10⁻¹⁵ s. */
  if (!inion_edf_parse_seconds ((const guint8 *) entry->value, strlen (entry->value),
                                &femtoseconds, &oddities) ||
      femtoseconds < 1000000) /* a nanosecond */
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s”, line %u: “%s” is no sampling interval. It must be a number "
                            "of microseconds, 0.001 or more.", parser->name, entry->line,
                            entry->value);
  if ((oddities & INION_EDF_ODD_COMMA) != 0)
    inion_edf_faults_add (parser->faults, "interval comma", entry->offset, "SamplingInterval",
                          "“%s” (line %u) has a comma for the decimal point.", entry->value,
                          entry->line);
  gcd = find_gcd (femtoseconds, 1000000);
  parser->self->rate_num = 1000000 / gcd;
  parser->self->rate_den_ns = femtoseconds / gcd;
  return TRUE;
}

/* A count; 0 if there is none. */
static gint64
read_count (const Parser *parser,
            const char   *section,
            const char   *key,
            gint64        most)
{
  const InionBrainVisionEntry *entry = inion_brainvision_text_find (parser->text, section, key);
  gint64 value;

  if (entry == NULL || *entry->value == '\0')
    return 0;
  if (inion_brainvision_parse_integer (entry->value, &value) && value >= 0 && value <= most)
    return value;
  inion_edf_faults_add (parser->faults, key, entry->offset, key,
                        "“%s” (line %u) is no usable number; it is passed over.", entry->value,
                        entry->line);
  return 0;
}

static gboolean
read_orientation (const Parser  *parser,
                  GError       **error)
{
  const InionBrainVisionEntry *orientation = find (parser, "dataorientation");
  const InionBrainVisionEntry *format = find (parser, "dataformat");
  const InionBrainVisionEntry *domain = find (parser, "datatype");

  if (domain != NULL && g_ascii_strcasecmp (domain->value, "TIMEDOMAIN") != 0)
    return refuse (parser, domain, "Only TIMEDOMAIN can be shown: the file holds no signals over "
                   "time. Export the data before they were transformed.", error);
  if (orientation == NULL)
    inion_edf_faults_add (parser->faults, "orientation", -1, "DataOrientation",
                          "The header does not say how samples are ordered; MULTIPLEXED is "
                          "assumed.");
  else if (g_ascii_strcasecmp (orientation->value, "VECTORIZED") == 0)
    parser->self->vectorized = TRUE;
  else if (g_ascii_strcasecmp (orientation->value, "MULTIPLEXED") != 0)
    return refuse (parser, orientation, "Orders known are MULTIPLEXED and VECTORIZED.", error);
  if (format == NULL)
    inion_edf_faults_add (parser->faults, "format", -1, "DataFormat",
                          "The header does not say whether samples are binary; BINARY is assumed.");
  else if (g_ascii_strcasecmp (format->value, "ASCII") == 0)
    parser->self->ascii = TRUE;
  else if (g_ascii_strcasecmp (format->value, "BINARY") != 0)
    return refuse (parser, format, "Formats known are BINARY and ASCII.", error);
  return TRUE;
}

static gboolean
read_binary (const Parser  *parser,
             GError       **error)
{
  static const struct
  {
    const char *name;
    InionSampleType type;
  } types[] = {
    { "INT_16", INION_SAMPLE_INT16 },
    { "UINT_16", INION_SAMPLE_UINT16 },
    { "INT_32", INION_SAMPLE_INT32 },
    { "IEEE_FLOAT_32", INION_SAMPLE_FLOAT32 },
    { "IEEE_FLOAT_64", INION_SAMPLE_FLOAT64 },
  };
  const InionBrainVisionEntry *format =
    inion_brainvision_text_find (parser->text, "binary infos", "binaryformat");
  const InionBrainVisionEntry *order =
    inion_brainvision_text_find (parser->text, "binary infos", "usebigendianorder");

  parser->self->type = INION_SAMPLE_INT16;
  parser->self->big_endian = order != NULL && g_ascii_strcasecmp (order->value, "YES") == 0;
  if (format == NULL || *format->value == '\0')
    {
      inion_edf_faults_add (parser->faults, "binary format", -1, "BinaryFormat",
                            "The header does not say as what samples are stored; INT_16 is "
                            "assumed.");
      return TRUE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_ascii_strcasecmp (format->value, types[i].name) == 0)
      {
        parser->self->type = types[i].type;
        return TRUE;
      }
  return refuse (parser, format, "Number formats known are INT_16, UINT_16, INT_32, IEEE_FLOAT_32 "
                 "and IEEE_FLOAT_64.", error);
}

static void
read_ascii (const Parser *parser)
{
  const InionBrainVisionEntry *decimal =
    inion_brainvision_text_find (parser->text, "ascii infos", "decimalsymbol");

  parser->self->type = INION_SAMPLE_FLOAT64;
  parser->self->decimal_comma = decimal != NULL && strcmp (decimal->value, ",") == 0;
  parser->self->skip_lines = read_count (parser, "ascii infos", "skiplines", G_MAXINT32);
  parser->self->skip_columns = read_count (parser, "ascii infos", "skipcolumns", G_MAXINT16);
}

static void
read_segmentation (const Parser *parser)
{
  const InionBrainVisionEntry *type = find (parser, "segmentationtype");

  if (type == NULL || g_ascii_strcasecmp (type->value, "NOTSEGMENTED") == 0)
    return;
  parser->self->segment_points = read_count (parser, COMMON, "segmentdatapoints", G_MAXINT64);
  if (parser->self->segment_points > 0)
    inion_edf_faults_add (parser->faults, "segmented", type->offset, "SegmentationType",
                          "The data are cut into segments of %" G_GINT64_FORMAT " samples (line "
                          "%u): nothing is filtered or averaged across their borders.",
                          parser->self->segment_points, type->line);
}

/* How many channels are described without a hole. */
static gint64
count_described (const InionBrainVisionText *text)
{
  gint64 n = 0, index;

  for (guint i = 0; i < text->entries->len; i++)
    {
      const InionBrainVisionEntry *entry = &g_array_index (text->entries, InionBrainVisionEntry, i);

      if (strcmp (entry->section, "channel infos") == 0 &&
          inion_brainvision_parse_index (entry->key, "ch", &index) && index == n + 1)
        n++;
    }
  return n;
}

static gboolean
read_n_channels (const Parser  *parser,
                 GError       **error)
{
  const InionBrainVisionEntry *entry = find (parser, "numberofchannels");
  gint64 described = count_described (parser->text);
  gint64 n = 0;

  if (entry == NULL || !inion_brainvision_parse_integer (entry->value, &n) || n < 1)
    {
      n = described;
      if (n == 0)
        return inion_set_error (error, INION_ERROR_FORMAT,
                                "“%s”, line %u: there are no channels, for behind [Common Infos] "
                                "is no usable NumberOfChannels, nor a [Channel Infos] with a Ch1. "
                                "Copy the file again.", parser->name, get_line (parser, entry));
      inion_edf_faults_add (parser->faults, "channels", entry != NULL ? entry->offset : -1,
                            "NumberOfChannels", "There is no usable number; the %" G_GINT64_FORMAT
                            " channels that are described are read.", n);
    }
  if (n > MAX_CHANNELS)
    return inion_set_error (error, INION_ERROR_TOO_LARGE,
                            "“%s”, line %u: it says that it has %" G_GINT64_FORMAT " channels; the "
                            "limit is %d.", parser->name, get_line (parser, entry), n,
                            MAX_CHANNELS);
  g_array_set_size (parser->self->channels, (guint) n);
  return TRUE;
}

static void
clear_channel (InionBrainVisionChannel *channel)
{
  g_free (channel->name);
  g_free (channel->reference);
  g_free (channel->unit);
  g_free (channel->prefilter);
}

/**
 * inion_brainvision_header_new:
 * @text: the parsed header file
 * @name: its name, for messages
 * @faults: where doubts are added
 * @error: return location
 *
 * Reads and checks a header.
 *
 * Returns: (transfer full) (nullable): the header, or %NULL with %INION_ERROR_FORMAT,
 *   %INION_ERROR_UNSUPPORTED or %INION_ERROR_TOO_LARGE
 */
InionBrainVisionHeader *
inion_brainvision_header_new (const InionBrainVisionText  *text,
                              const char                  *name,
                              InionEdfFaults              *faults,
                              GError                     **error)
{
  g_autoptr (InionBrainVisionHeader) self = g_new0 (InionBrainVisionHeader, 1);
  Parser parser = { self, text, name, faults };
  const InionBrainVisionEntry *entry;

  self->channels = g_array_new (FALSE, TRUE, sizeof (InionBrainVisionChannel));
  g_array_set_clear_func (self->channels, (GDestroyNotify) clear_channel);
  check_first_line (&parser);
  if (!inion_brainvision_text_has_section (text, COMMON))
    {
      inion_set_error (error, INION_ERROR_FORMAT,
                       "“%s”, line 1: “%.80s” is not followed by a section [Common Infos] "
                       "anywhere: this is no BrainVision header. Copy it again from where it was "
                       "recorded.", name, text->first_line);
      return NULL;
    }
  if (!read_n_channels (&parser, error) || !read_rate (&parser, error) ||
      !read_orientation (&parser, error))
    return NULL;
  if (self->ascii)
    read_ascii (&parser);
  else if (!read_binary (&parser, error))
    return NULL;
  entry = find (&parser, "datafile");
  self->data_file = entry != NULL ? g_strdup (entry->value) : NULL;
  entry = find (&parser, "markerfile");
  self->marker_file = entry != NULL ? g_strdup (entry->value) : NULL;
  self->n_points = read_count (&parser, COMMON, "datapoints", G_MAXINT64);
  read_segmentation (&parser);
  inion_brainvision_channels_read (self, text, faults);
  inion_brainvision_filters_read (self, text);
  return g_steal_pointer (&self);
}

/**
 * inion_brainvision_header_free:
 * @self: (nullable): a header
 */
void
inion_brainvision_header_free (InionBrainVisionHeader *self)
{
  if (self == NULL)
    return;
  g_free (self->data_file);
  g_free (self->marker_file);
  g_array_unref (self->channels);
  g_free (self);
}
