/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of a Neuroscan CNT file.
 *
 * 900 bytes of setup, then 75 bytes a channel, least significant byte first. Of several hundred
 * fields few are needed, and of these the number of samples is often wrong. Dates are written as
 * the computer's country had them: month before day unless the first number is larger than 12. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/cnt-header.h"

#include "core/error.h"
#include "recording/edf-text.h"

#include <math.h>
#include <string.h>

#define LABEL_BYTES 10

/* Bytes of the setup. */
enum
{
  AT_PATIENT_ID = 21,
  AT_PATIENT = 121,
  AT_SESSION = 205,
  AT_DATE = 225,
  AT_TIME = 235,
  AT_N_CHANNELS = 370,
  AT_RATE = 376,
  AT_LOWPASS_ON = 438,
  AT_HIGHPASS_ON = 439,
  AT_N_SAMPLES = 864,
  AT_HIGHPASS = 869,
  AT_LOWPASS = 875,
  AT_EVENTS = 886,
  AT_CHANNEL_BYTES = 894,
};

/* Bytes of a channel. */
enum
{
  AT_BAD = 14,
  AT_BASELINE = 47,
  AT_SENSITIVITY = 59,
  AT_CALIBRATION = 71,
};

guint16
_inion_cnt_u16_at (const guint8 *bytes)
{
  return (guint16) (bytes[0] | bytes[1] << 8);
}

guint32
_inion_cnt_u32_at (const guint8 *bytes)
{
  return (guint32) _inion_cnt_u16_at (bytes) | (guint32) _inion_cnt_u16_at (bytes + 2) << 16;
}

static double
float_at (const guint8 *bytes)
{
  double value;

  inion_samples_to_double (bytes, 0, 1, INION_SAMPLE_FLOAT32, FALSE, &value);
  return value;
}

static void
clear_channel (gpointer data)
{
  g_free (((InionCntChannel *) data)->label);
}

void
_inion_cnt_header_free (InionCntHeader *self)
{
  if (self == NULL)
    return;
  g_free (self->patient);
  g_free (self->description);
  g_free (self->prefilter);
  g_clear_pointer (&self->start, g_date_time_unref);
  g_array_unref (self->channels);
  g_free (self);
}

/* A text ends at the first NUL; what is behind is what was in memory. */
static char *
dup_text (const guint8 *bytes,
          gsize         size)
{
  guint oddities = 0;

  return inion_edf_text_dup (bytes, strnlen ((const char *) bytes, size), &oddities);
}

/* Three numbers with any sign between them. */
static gboolean
read_three (const char *text,
            gint64     *numbers)
{
  char *end;

  for (guint i = 0; i < 3; i++)
    {
      if (!g_ascii_isdigit (*text))
        return FALSE;
      numbers[i] = (gint64) g_ascii_strtoull (text, &end, 10);
      text = *end != '\0' ? end + 1 : end;
    }
  return TRUE;
}

static GDateTime *
read_start (const guint8   *bytes,
            InionEdfFaults *faults)
{
  g_autofree char *date = dup_text (bytes + AT_DATE, 10);
  g_autofree char *time = dup_text (bytes + AT_TIME, 12);
  g_autoptr (GDateTime) start = NULL;
  gint64 d[3], t[3];
  gboolean ok = read_three (date, d) && read_three (time, t);

  if (date[0] == '\0' && time[0] == '\0')
    return NULL;
  ok = ok && (d[2] < 100 || d[2] >= 1900) && t[0] < 24 && t[1] < 60 && t[2] < 60;
  if (ok)
    {
      gint64 year = d[2] >= 1900 ? d[2] : d[2] + (d[2] < 70 ? 2000 : 1900);
      gboolean day_first = d[0] > 12;

      if (year <= 9999 && d[0] <= 31 && d[1] <= 31)
        start = g_date_time_new_utc ((int) year, (int) d[day_first ? 1 : 0],
                                     (int) d[day_first ? 0 : 1], (int) t[0], (int) t[1],
                                     (double) t[2]);
      if (start != NULL && d[0] <= 12 && d[1] <= 12 && d[0] != d[1])
        inion_edf_faults_add (faults, "date order", AT_DATE, "date",
                              "“%s” can be read in two ways; the month was taken to come first.",
                              date);
    }
  if (start == NULL)
    inion_edf_faults_add (faults, "date", AT_DATE, "date",
                          "“%s %s” is not a date and time; the start is not known.", date, time);
  return g_steal_pointer (&start);
}

static char *
dup_prefilter (const guint8 *bytes)
{
  g_autoptr (GString) text = g_string_new (NULL);
  double low = float_at (bytes + AT_HIGHPASS), high = float_at (bytes + AT_LOWPASS);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (bytes[AT_HIGHPASS_ON] == 1 && low > 0 && isfinite (low))
    g_string_append_printf (text, "HP:%sHz", g_ascii_formatd (number, sizeof number, "%g", low));
  if (bytes[AT_LOWPASS_ON] == 1 && high > 0 && isfinite (high))
    g_string_append_printf (text, "%sLP:%sHz", text->len > 0 ? " " : "",
                            g_ascii_formatd (number, sizeof number, "%g", high));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
dup_joined (const guint8 *bytes,
            guint         a,
            guint         b)
{
  g_autofree char *x = dup_text (bytes + a, 20);
  g_autofree char *y = dup_text (bytes + b, 20);

  if (x[0] == '\0' || y[0] == '\0')
    return g_strconcat (x, y, NULL);
  return g_strconcat (x, " ", y, NULL);
}

/**
 * _inion_cnt_header_get_data_start:
 * @self: a header
 *
 * Returns: the byte where samples begin
 */
gint64
_inion_cnt_header_get_data_start (const InionCntHeader *self)
{
  return INION_CNT_SETUP_BYTES + (gint64) self->n_channels * INION_CNT_CHANNEL_BYTES;
}

/**
 * _inion_cnt_header_peek_size:
 * @setup: (array fixed-size=900): the first bytes of a file
 *
 * Returns: how many bytes its header has, at most 4.9 million
 */
gsize
_inion_cnt_header_peek_size (const guint8 *setup)
{
  return INION_CNT_SETUP_BYTES +
         (gsize) _inion_cnt_u16_at (setup + AT_N_CHANNELS) * INION_CNT_CHANNEL_BYTES;
}

static void
read_channels (InionCntHeader *self,
               const guint8   *bytes)
{
  for (guint i = 0; i < self->n_channels; i++)
    {
      const guint8 *c = bytes + INION_CNT_SETUP_BYTES + (gsize) i * INION_CNT_CHANNEL_BYTES;
      InionCntChannel channel = {
        .label = dup_text (c, LABEL_BYTES), .bad = c[AT_BAD] == 1,
        .baseline = (gint16) _inion_cnt_u16_at (c + AT_BASELINE),
        .sensitivity = float_at (c + AT_SENSITIVITY),
        .calibration = float_at (c + AT_CALIBRATION),
      };

      if (channel.label[0] == '\0')
        {
          g_free (channel.label);
          channel.label = g_strdup_printf ("Channel %u", i + 1);
        }
      g_array_append_val (self->channels, channel);
    }
}

/**
 * _inion_cnt_header_new:
 * @bytes: (array length=n): the beginning of a file
 * @n: how many; at least as many as the header has if the file does
 * @name: the file's name, for messages
 * @faults: where what is wrong is added
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the header, or %NULL with %INION_ERROR_FORMAT
 */
InionCntHeader *
_inion_cnt_header_new (const guint8    *bytes,
                       gsize            n,
                       const char      *name,
                       InionEdfFaults  *faults,
                       GError         **error)
{
  g_autoptr (InionCntHeader) self = g_new0 (InionCntHeader, 1);

  self->channels = g_array_new (FALSE, FALSE, sizeof (InionCntChannel));
  g_array_set_clear_func (self->channels, clear_channel);
  if (n < INION_CNT_SETUP_BYTES)
    {
      inion_set_error (error, INION_ERROR_FORMAT,
                       "“%s” breaks off at byte %" G_GSIZE_FORMAT ", in the first 900 bytes of its "
                       "header. Copy it again from where it was recorded.", name, n);
      return NULL;
    }
  self->n_channels = _inion_cnt_u16_at (bytes + AT_N_CHANNELS);
  self->rate = _inion_cnt_u16_at (bytes + AT_RATE);
  self->n_samples = (gint32) _inion_cnt_u32_at (bytes + AT_N_SAMPLES);
  self->event_at = _inion_cnt_u32_at (bytes + AT_EVENTS);
  self->channel_bytes = (gint32) _inion_cnt_u32_at (bytes + AT_CHANNEL_BYTES);
  if (self->channel_bytes <= 1)
    self->channel_bytes = 0;
  if (self->n_channels == 0 || self->rate == 0)
    {
      inion_set_error (error, INION_ERROR_FORMAT,
                       "“%s”: the header gives %u %s (byte %d) at %u Hz (byte %d); with that "
                       "nothing can be shown.", name, self->n_channels,
                       self->n_channels == 1 ? "channel" : "channels", AT_N_CHANNELS, self->rate,
                       AT_RATE);
      return NULL;
    }
  if ((gint64) n < _inion_cnt_header_get_data_start (self))
    {
      inion_set_error (error, INION_ERROR_FORMAT,
                       "“%s” breaks off at byte %" G_GSIZE_FORMAT ", before the description of its "
                       "%u %s ends. Copy it again from where it was recorded.", name, n,
                       self->n_channels,
                       self->n_channels == 1 ? "channel" : "channels");
      return NULL;
    }
  self->patient = dup_joined (bytes, AT_PATIENT_ID, AT_PATIENT);
  self->description = dup_text (bytes + AT_SESSION, 20);
  self->prefilter = dup_prefilter (bytes);
  self->start = read_start (bytes, faults);
  read_channels (self, bytes);
  return g_steal_pointer (&self);
}
