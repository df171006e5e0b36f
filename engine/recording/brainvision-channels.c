/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The channels of a BrainVision header: [Channel Infos] and [Coordinates].
 *
 * A line is "Ch1=name,reference,resolution,unit". An empty resolution is one unit a step, an empty
 * or missing unit is µV. Some exports write the resolution with a comma for the point: it then
 * stands in two fields.
 *
 * Coordinates are radius, theta and phi: theta is the angle from the vertex, phi that from the
 * right ear towards the nose, both in degrees. A radius of 1 is an idealised head (taken as 95 mm),
 * 0 is unknown, others are millimetres. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/brainvision-header.h"

#include "recording/edf-text.h"

#include <math.h>
#include <string.h>

#define HEAD_MM 95.0
#define MAX_RADIUS_MM 1000.0

/* Whether a resolution of "0.5" was written as "0,5" and so became two fields. */
static gboolean
is_split_by_comma (char **fields)
{
  guint n = g_strv_length (fields);

  return n >= 4 && *fields[2] != '\0' && *fields[3] != '\0' &&
         fields[2][strspn (fields[2], "+-0123456789")] == '\0' &&
         fields[3][strspn (fields[3], "0123456789eE-+")] == '\0';
}

static char *
read_unit (const char *text)
{
  guint oddities = 0;
  g_autofree char *unit = inion_edf_unit_dup ((const guint8 *) text, strlen (text), &oddities);

  if (*unit == '\0')
    return g_strdup ("µV");
  if (strcmp (unit, "C") == 0)
    return g_strdup ("°C");
  if (strcmp (unit, "uS") == 0)
    return g_strdup ("µS");
  return g_steal_pointer (&unit);
}

static void
read_resolution (InionBrainVisionChannel     *channel,
                 const char                  *text,
                 const InionBrainVisionEntry *entry,
                 InionEdfFaults              *faults)
{
  gboolean comma = FALSE;

  channel->resolution = 1;
  if (*text == '\0')
    return;
  if (!inion_brainvision_parse_number (text, &channel->resolution, &comma) ||
      channel->resolution == 0)
    {
      inion_edf_faults_add (faults, "resolution", entry->offset, entry->key,
                            "“%s” (line %u) is no resolution; the channel is read in steps.", text,
                            entry->line);
      channel->resolution = 1;
      channel->described = FALSE;
    }
  else if (comma)
    inion_edf_faults_add (faults, "resolution comma", entry->offset, entry->key,
                          "The resolution (line %u) is written with a comma and so takes two "
                          "fields; it is read as %g.", entry->line, channel->resolution);
}

static void
read_channel (InionBrainVisionChannel     *channel,
              const InionBrainVisionEntry *entry,
              InionEdfFaults              *faults)
{
  g_auto (GStrv) fields = g_strsplit (entry->value, ",", 8);
  guint n = g_strv_length (fields);
  g_autofree char *resolution = NULL;
  guint unit = 3;

  for (guint i = 0; i < n; i++)
    g_strstrip (fields[i]);
  channel->described = TRUE;
  channel->name = n > 0 ? inion_brainvision_field_dup (fields[0]) : g_strdup ("");
  if (n > 1 && *fields[1] != '\0')
    channel->reference = inion_brainvision_field_dup (fields[1]);
  if (is_split_by_comma (fields))
    {
      resolution = g_strdup_printf ("%s,%s", fields[2], fields[3]);
      unit = 4;
    }
  else
    resolution = g_strdup (n > 2 ? fields[2] : "");
  channel->unit = read_unit (n > unit ? fields[unit] : "");
  read_resolution (channel, resolution, entry, faults);
  if (*channel->name == '\0')
    {
      inion_edf_faults_add (faults, "no name", entry->offset, entry->key,
                            "The channel (line %u) has no name; its number is shown.",
                            entry->line);
      g_free (channel->name);
      channel->name = g_strdup (entry->key);
      channel->name[0] = 'C';
    }
}

static void
read_position (InionBrainVisionChannel     *channel,
               const InionBrainVisionEntry *entry,
               InionEdfFaults              *faults)
{
  g_auto (GStrv) fields = g_strsplit (entry->value, ",", 4);
  double polar[3];
  double radius;
  gboolean comma;

  for (guint i = 0; i < 3; i++)
    if (fields[i] == NULL || !inion_brainvision_parse_number (fields[i], &polar[i], &comma) ||
        g_strv_length (fields) != 3 || (i == 0 && (polar[0] < 0 || polar[0] > MAX_RADIUS_MM)))
      {
        inion_edf_faults_add (faults, "coordinates", entry->offset, "Coordinates",
                              "“%s” (line %u) is not radius, theta and phi; the position is "
                              "unknown.", entry->value, entry->line);
        return;
      }
  if (polar[0] == 0)
    return;
  radius = (polar[0] == 1 ? HEAD_MM : polar[0]) / 1000;
  channel->has_position = TRUE;
  channel->position[0] = radius * sin (polar[1] * G_PI / 180) * cos (polar[2] * G_PI / 180);
  channel->position[1] = radius * sin (polar[1] * G_PI / 180) * sin (polar[2] * G_PI / 180);
  channel->position[2] = radius * cos (polar[1] * G_PI / 180);
}

static void
complete_channels (InionBrainVisionHeader *self,
                   InionEdfFaults         *faults)
{
  for (guint i = 0; i < self->channels->len; i++)
    {
      InionBrainVisionChannel *channel =
        &g_array_index (self->channels, InionBrainVisionChannel, i);

      if (channel->name != NULL)
        continue;
      channel->name = g_strdup_printf ("Ch%u", i + 1);
      channel->unit = g_strdup ("");
      channel->resolution = 1;
      inion_edf_faults_add (faults, "not described", -1, "Channel Infos",
                            "There are %u channels, but no line describes Ch%u; it is read in "
                            "steps.", self->channels->len, i + 1);
    }
}

/**
 * inion_brainvision_channels_read:
 * @self: a header whose number of channels is known
 * @text: the parsed header file
 * @faults: where doubts are added
 *
 * Fills in what is known of each channel.
 */
void
inion_brainvision_channels_read (InionBrainVisionHeader     *self,
                                 const InionBrainVisionText *text,
                                 InionEdfFaults             *faults)
{
  for (guint i = 0; i < text->entries->len; i++)
    {
      const InionBrainVisionEntry *entry = &g_array_index (text->entries, InionBrainVisionEntry, i);
      gboolean infos = strcmp (entry->section, "channel infos") == 0;
      gboolean coordinates = strcmp (entry->section, "coordinates") == 0;
      InionBrainVisionChannel *channel;
      gint64 index;

      if ((!infos && !coordinates) || !inion_brainvision_parse_index (entry->key, "ch", &index))
        continue;
      if (index < 1 || index > self->channels->len)
        {
          inion_edf_faults_add (faults, "beyond channels", entry->offset, entry->section,
                                "Line %u is about channel %" G_GINT64_FORMAT ", but there are %u; "
                                "it is passed over.", entry->line, index, self->channels->len);
          continue;
        }
      channel = &g_array_index (self->channels, InionBrainVisionChannel, index - 1);
      if (coordinates)
        read_position (channel, entry, faults);
      else if (channel->name == NULL)
        read_channel (channel, entry, faults);
      else
        inion_edf_faults_add (faults, "described twice", entry->offset, entry->key,
                              "The channel is described again in line %u; the first line counts.",
                              entry->line);
    }
  complete_channels (self, faults);
}
