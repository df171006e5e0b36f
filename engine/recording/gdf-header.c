/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the header of a GDF file says: the 256 bytes that all files begin with, and what stands
 * behind the channels.
 *
 * GDF 1 is EDF with binary numbers; GDF 2 packs the fields anew. All numbers are little-endian.
 *
 *             GDF 1                        GDF 2
 *     8       patient, 80 bytes            patient, 66 bytes
 *     88      recording, 80 bytes          recording, 64 bytes
 *     168     start, 16 digits             start, days × 2³² since year 0
 *     184     length of the header, int64  the same in blocks of 256 bytes, uint16
 *     236     number of records, int64     the same
 *     244     length of a record in s, uint32 / uint32; from GDF 2.21 on a double
 *     252     number of channels, uint32   the same, uint16
 *
 * Birthday, sex and the like are passed over. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/gdf-header.h"

#include "core/error.h"
#include "recording/edf-text.h"

#include <math.h>
#include <string.h>

#define FIXED_BYTES 256
#define CHANNEL_BYTES 256
#define DAY_US G_GINT64_CONSTANT (86400000000)

/* Day number of 0001-01-01 in the count that GDF 2 shares with MATLAB. */
#define DAYS_BEFORE_YEAR_1 366

guint64
inion_gdf_load (const guint8 *bytes,
                gsize         n)
{
  guint64 value = 0;

  for (gsize i = 0; i < n; i++)
    value |= (guint64) bytes[i] << (8 * i);
  return value;
}

double
inion_gdf_load_double (const guint8 *bytes)
{
  guint64 bits = inion_gdf_load (bytes, 8);
  double value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

double
inion_gdf_load_float (const guint8 *bytes)
{
  guint32 bits = (guint32) inion_gdf_load (bytes, 4);
  float value;

  memcpy (&value, &bits, sizeof value);
  return (double) value;
}

/* "GDF 1.25" is 125. 0: no GDF. */
static int
read_version (const guint8 *bytes)
{
  static const guint8 pattern[] = "GDF d.dd";
  int version = 0;

  for (gsize i = 0; i < 8; i++)
    if (pattern[i] != 'd')
      {
        if (bytes[i] != pattern[i])
          return 0;
      }
    else if (g_ascii_isdigit ((char) bytes[i]))
      version = version * 10 + (bytes[i] - '0');
    else if (bytes[i] == ' ' && i == 7)
      version = version * 10;
    else
      return 0;
  return version;
}

static char *
read_text (const guint8 *bytes,
           gsize         n)
{
  guint oddities = 0;

  return inion_edf_text_dup (bytes, n, &oddities);
}

static guint
read_n_channels (const guint8 *bytes,
                 int           version)
{
  return (guint) inion_gdf_load (bytes + 252, version < 190 ? 4 : 2);
}

/**
 * inion_gdf_header_get_size:
 * @fixed: (array length=n): the beginning of the file
 * @n: its length
 * @file_bytes: size of the file
 * @name: the file's name, for messages
 * @size: (out): length of the whole header, within the file
 * @error: return location
 *
 * Finds out how much must be read.
 *
 * Returns: %FALSE with %INION_ERROR_FORMAT or %INION_ERROR_UNSUPPORTED
 */
gboolean
inion_gdf_header_get_size (const guint8  *fixed,
                           gsize          n,
                           gint64         file_bytes,
                           const char    *name,
                           gint64        *size,
                           GError       **error)
{
  int version;
  gint64 needed, stated;

  if (n < FIXED_BYTES)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s” breaks off at byte %" G_GSIZE_FORMAT ", within the first 256 "
                            "bytes of a GDF header. Copy it again from where it was recorded.",
                            name, n);
  version = read_version (fixed);
  if (version < 100 || version >= 300)
    {
      g_autofree char *found = read_text (fixed, 8);

      return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                              "“%s”, byte 0: “%s” is no version that is read; these are GDF 1.00 "
                              "to 2.99.", name, found);
    }
  needed = FIXED_BYTES + (gint64) read_n_channels (fixed, version) * CHANNEL_BYTES;
  if (needed == FIXED_BYTES || needed > file_bytes)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s”, byte 252: it says that it has %u %s, whose header takes %"
                            G_GINT64_FORMAT " bytes; the file has %" G_GINT64_FORMAT ". Copy it "
                            "again from where it was recorded.", name,
                            read_n_channels (fixed, version),
                            needed == FIXED_BYTES + CHANNEL_BYTES ? "channel" : "channels", needed,
                            file_bytes);
  stated = version < 190 ? (gint64) inion_gdf_load (fixed + 184, 8)
                         : (gint64) inion_gdf_load (fixed + 184, 2) * 256;
  *size = CLAMP (stated, needed, file_bytes);
  return TRUE;
}

/* "2007030212075900": date, time and hundredths. */
static GDateTime *
read_digits (const guint8   *field,
             InionEdfFaults *faults)
{
  static const guint widths[] = { 4, 2, 2, 2, 2, 2, 2 };
  int v[7] = { 0 };
  gboolean empty = TRUE;
  g_autoptr (GDateTime) start = NULL;

  for (guint i = 0; i < 16; i++)
    empty &= field[i] == ' ' || field[i] == '0' || field[i] == '\0';
  if (empty)
    return NULL;
  for (guint i = 0; i < 7; i++)
    for (guint k = 0; k < widths[i]; k++, field++)
      {
        /* Hundredths may be blank. */
        if (!g_ascii_isdigit ((char) *field) && !(i == 6 && *field == ' '))
          v[1] = -1;
        v[i] = v[i] * 10 + (*field == ' ' ? 0 : *field - '0');
      }
  if (v[1] >= 1)
    start = g_date_time_new_utc (v[0], v[1], v[2], v[3], v[4], v[5] + v[6] / 100.0);
  if (start == NULL)
    inion_edf_faults_add (faults, "start", 168, "start",
                          "There is no valid date (16 digits); the recording has no date.");
  return g_steal_pointer (&start);
}

/* Days in units of 2⁻³², since year 0. */
static GDateTime *
read_days (const guint8   *field,
           InionEdfFaults *faults)
{
  guint64 value = inion_gdf_load (field, 8);
  gint64 day = (gint64) (value >> 32);
  gint64 us = (gint64) (((unsigned __int128) (value & G_MAXUINT32) * (guint64) DAY_US +
                         G_GUINT64_CONSTANT (0x80000000)) >> 32);
  g_autoptr (GDateTime) midnight = NULL;
  GDate date;

  if (value == 0)
    return NULL;
  if (day > DAYS_BEFORE_YEAR_1 && day - DAYS_BEFORE_YEAR_1 <= 3652059 - 1)
    {
      g_date_clear (&date, 1);
      g_date_set_julian (&date, (guint32) (day - DAYS_BEFORE_YEAR_1));
      midnight = g_date_time_new_utc (g_date_get_year (&date), (int) g_date_get_month (&date),
                                      g_date_get_day (&date), 0, 0, 0);
    }
  if (midnight != NULL)
    return g_date_time_add (midnight, us);
  inion_edf_faults_add (faults, "start", 168, "start",
                        "Day %" G_GINT64_FORMAT " since year 0 is no date that can be; the "
                        "recording has no date.", day);
  return NULL;
}

/* Texts of the file's own event codes: one behind the other, each ended by NUL. */
static void
read_event_texts (InionGdfHeader *self,
                  const guint8   *bytes,
                  gsize           n)
{
  for (gsize at = 0; at < n && self->event_texts->len < 256;)
    {
      const guint8 *nul = memchr (bytes + at, '\0', n - at);
      gsize length = nul != NULL ? (gsize) (nul - bytes) - at : n - at;

      if (length == 0 && at > 0)
        break;
      g_ptr_array_add (self->event_texts, read_text (bytes + at, length));
      at += length + 1;
    }
}

/* The third part of a GDF 2 header: tag, length in three bytes, value. */
static void
read_tags (InionGdfHeader *self,
           const guint8   *bytes,
           gsize           n,
           gint64          offset,
           InionEdfFaults *faults)
{
  gsize at = 0;

  while (at + 4 <= n && bytes[at] != 0)
    {
      gsize length = (gsize) inion_gdf_load (bytes + at + 1, 3);

      if (length > n - at - 4)
        {
          inion_edf_faults_add (faults, "tag", offset + (gint64) at, "optional header",
                                "Tag %u says that it has %" G_GSIZE_FORMAT " bytes, but the header "
                                "ends after %" G_GSIZE_FORMAT "; it is passed over.", bytes[at],
                                length, n - at - 4);
          return;
        }
      if (bytes[at] == 1 && self->event_texts->len == 0)
        read_event_texts (self, bytes + at + 4, length);
      at += 4 + length;
    }
}

static void
clear_channel (InionGdfChannel *channel)
{
  g_free (channel->label);
  g_free (channel->transducer);
  g_free (channel->unit);
  g_free (channel->prefilter);
}

static void
read_fixed (InionGdfHeader *self,
            const guint8   *bytes,
            gsize           n,
            InionEdfFaults *faults)
{
  gboolean old = self->version < 190;
  gint64 stated = old ? (gint64) inion_gdf_load (bytes + 184, 8)
                      : (gint64) inion_gdf_load (bytes + 184, 2) * 256;

  self->patient = read_text (bytes + 8, old ? 80 : 66);
  self->description = read_text (bytes + 88, old ? 80 : 64);
  self->start = old ? read_digits (bytes + 168, faults) : read_days (bytes + 168, faults);
  self->header_bytes = (gint64) n;
  if (stated != self->header_bytes)
    inion_edf_faults_add (faults, "header bytes", 184, "header length",
                          "The header says that it has %" G_GINT64_FORMAT " bytes, which cannot "
                          "be; %" G_GINT64_FORMAT " are taken.", stated, self->header_bytes);
}

/**
 * inion_gdf_header_new:
 * @bytes: (array length=n): the whole header
 * @n: its length, from inion_gdf_header_get_size()
 * @file_bytes: size of the file
 * @name: the file's name, for messages
 * @faults: where doubts are added
 * @error: return location
 *
 * Reads and checks a header.
 *
 * Returns: (transfer full) (nullable): the header, or %NULL with %INION_ERROR_FORMAT or
 *   %INION_ERROR_UNSUPPORTED
 */
InionGdfHeader *
inion_gdf_header_new (const guint8    *bytes,
                      gsize            n,
                      gint64           file_bytes,
                      const char      *name,
                      InionEdfFaults  *faults,
                      GError         **error)
{
  g_autoptr (InionGdfHeader) self = g_new0 (InionGdfHeader, 1);
  guint n_channels;
  gsize channels_end;

  self->version = read_version (bytes);
  self->event_texts = g_ptr_array_new_with_free_func (g_free);
  self->channels = g_array_new (FALSE, TRUE, sizeof (InionGdfChannel));
  g_array_set_clear_func (self->channels, (GDestroyNotify) clear_channel);
  n_channels = read_n_channels (bytes, self->version);
  read_fixed (self, bytes, n, faults);
  if (!inion_gdf_channels_read (self, bytes, file_bytes, n_channels, name, faults, error))
    return NULL;
  channels_end = FIXED_BYTES + (gsize) n_channels * CHANNEL_BYTES;
  if (self->version >= 190 && n > channels_end)
    read_tags (self, bytes + channels_end, n - channels_end, (gint64) channels_end, faults);
  return g_steal_pointer (&self);
}

/**
 * inion_gdf_header_free:
 * @self: (nullable): a header
 */
void
inion_gdf_header_free (InionGdfHeader *self)
{
  if (self == NULL)
    return;
  g_free (self->patient);
  g_free (self->description);
  g_clear_pointer (&self->start, g_date_time_unref);
  g_ptr_array_unref (self->event_texts);
  g_array_unref (self->channels);
  g_free (self);
}
