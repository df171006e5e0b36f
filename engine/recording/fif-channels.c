/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The channels of a FIF file: what they measure, in which unit, where they were.
 *
 * A value in the channel's unit is number × range × cal × 10^power. EEG positions are in metres, in
 * the head's own coordinates: x through both ears to the right, y to the nose, z up. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/fif-private.h"

#include "recording/edf-text.h"
#include "recording/physical-unit.h"

#include <math.h>
#include <string.h>

#define MAX_CHANNELS 65536
#define CHANNEL_BYTES 96
#define MAX_UNIT_POWER 24
#define MAX_PLACE 1.0 /* m; no electrode on a head is farther from its middle */

static char *
dup_fixed_name (const guint8 *bytes,
                gsize         size)
{
  guint oddities = 0;

  return inion_edf_text_dup (bytes, strnlen ((const char *) bytes, size), &oddities);
}

/**
 * _inion_fif_channels_read:
 * @file: where the channel goes
 * @tags: the file's tags
 * @tag: the description of a channel
 * @faults: where what is wrong is added
 * @error: return location
 *
 * Reads a channel; one that is not described in full is left out.
 *
 * Returns: %FALSE with %INION_ERROR_IO or %INION_ERROR_TOO_LARGE
 */
gboolean
_inion_fif_channels_read (InionFifFile       *file,
                          InionFifTags       *tags,
                          const InionFifTag  *tag,
                          InionEdfFaults     *faults,
                          GError            **error)
{
  g_autoptr (GBytes) value = NULL;
  InionFifChannel channel = { .at = tag->at };
  const guint8 *bytes;

  if (tag->size < CHANNEL_BYTES || file->channels->len >= MAX_CHANNELS)
    {
      inion_edf_faults_add (faults, "channel", tag->at, "channel",
                            "The description of a channel has %" G_GINT64_FORMAT " bytes instead "
                            "of %d; it was left out.", tag->size, CHANNEL_BYTES);
      return TRUE;
    }
  value = _inion_fif_tags_read (tags, tag, error);
  if (value == NULL)
    return FALSE;
  bytes = g_bytes_get_data (value, NULL);
  channel.scan = _inion_fif_int_at (bytes);
  channel.kind = _inion_fif_int_at (bytes + 8);
  channel.range = _inion_fif_float_at (bytes + 12);
  channel.cal = _inion_fif_float_at (bytes + 16);
  channel.coil = _inion_fif_int_at (bytes + 20);
  for (guint i = 0; i < 3; i++)
    channel.place[i] = _inion_fif_float_at (bytes + 24 + 4 * i);
  channel.unit = _inion_fif_int_at (bytes + 72);
  channel.unit_power = _inion_fif_int_at (bytes + 76);
  channel.short_name = dup_fixed_name (bytes + 80, 16);
  channel.name = g_strdup (channel.short_name);
  g_array_append_val (file->channels, channel);
  return TRUE;
}

/**
 * _inion_fif_channels_read_name:
 * @file: whose channels were read
 * @tags: the file's tags
 * @tag: a name
 * @number: in the how manieth block about one channel it stands, from 1; as many channels before it
 *   were described
 * @error: return location
 *
 * Gives a channel its long name.
 *
 * Returns: %FALSE with %INION_ERROR_IO or %INION_ERROR_TOO_LARGE
 */
gboolean
_inion_fif_channels_read_name (InionFifFile       *file,
                               InionFifTags       *tags,
                               const InionFifTag  *tag,
                               guint               number,
                               GError            **error)
{
  InionFifChannel *channel;
  char *name;

  if (number == 0 || number > file->channels->len)
    return TRUE;
  name = _inion_fif_tags_read_text (tags, tag, error);
  if (name == NULL)
    return FALSE;
  channel = &g_array_index (file->channels, InionFifChannel, number - 1);
  g_free (channel->name);
  channel->name = name;
  return TRUE;
}

static int
compare_scans (gconstpointer a,
               gconstpointer b)
{
  const InionFifChannel *x = a, *y = b;

  if (x->scan != y->scan)
    return x->scan < y->scan ? -1 : 1;
  return x->at < y->at ? -1 : x->at > y->at;
}

/* Channels in the order in which their samples stand. */
void
_inion_fif_channels_sort (InionFifFile *file)
{
  g_array_sort (file->channels, compare_scans);
}

static InionChannelKind
get_kind (const InionFifChannel *channel,
          const char            *unit)
{
  InionChannelKind guess;

  switch (channel->kind)
    {
    case INION_FIF_EEG:
    case INION_FIF_SEEG:
    case INION_FIF_DBS:
    case INION_FIF_ECOG:
      return INION_CHANNEL_EEG;
    case INION_FIF_STIM:
      return INION_CHANNEL_TRIGGER;
    case INION_FIF_EOG:
      return INION_CHANNEL_EOG;
    case INION_FIF_EMG:
      return INION_CHANNEL_EMG;
    case INION_FIF_ECG:
      return INION_CHANNEL_ECG;
    case INION_FIF_RESPIRATION:
      return INION_CHANNEL_RESPIRATION;
    case INION_FIF_TEMPERATURE:
      return INION_CHANNEL_TEMPERATURE;
    case INION_FIF_MEG:
    case INION_FIF_MCG:
    case INION_FIF_MEG_REFERENCE:
      return INION_CHANNEL_OTHER;
    default:
      /* The file says that it is none of these. */
      guess = inion_channel_kind_guess (channel->name, unit);
      return guess == INION_CHANNEL_RESPIRATION || guess == INION_CHANNEL_SATURATION ||
             guess == INION_CHANNEL_TEMPERATURE ? guess : INION_CHANNEL_OTHER;
    }
}

static const char *
get_unit (gint32 unit)
{
  static const struct
  {
    gint32 code;
    const char *unit;
  } units[] = {
    { 1, "m" },    { 3, "s" },    { 4, "A" },   { 5, "K" },   { 6, "mol" },  { 7, "rad" },
    { 101, "Hz" }, { 102, "N" },  { 103, "Pa" }, { 107, "V" }, { 109, "Ω" },  { 110, "S" },
    { 112, "T" },  { 114, "°C" }, { 201, "T/m" }, { 202, "Am" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (units[i].code == unit)
      return units[i].unit;
  return "";
}

/* Fields of magnetometers and gradients of gradiometers have units of their own by custom. */
static const char *
choose_unit (const char       *unit,
             InionChannelKind  kind,
             double           *factor)
{
  *factor = 1;
  if (strcmp (unit, "T") == 0)
    {
      *factor = 1e15;
      return "fT";
    }
  if (strcmp (unit, "T/m") == 0)
    {
      *factor = 1e13;
      return "fT/cm";
    }
  return inion_physical_unit_choose (unit, kind, factor);
}

static void
set_scale (InionChannelInfo      *info,
           const InionFifChannel *channel,
           InionEdfFaults        *faults)
{
  const char *unit = get_unit (channel->unit);
  gint32 power = channel->unit_power;
  double factor;

  if (power < -MAX_UNIT_POWER || power > MAX_UNIT_POWER)
    {
      inion_edf_faults_add (faults, "power", channel->at, "unit",
                            "Channel %s is said to be in 10 to the %d of its unit; the unit itself "
                            "was assumed.", channel->name, power);
      power = 0;
    }
  info->unit = choose_unit (unit, info->kind, &factor);
  info->gain = channel->range * channel->cal * pow (10, power) * factor;
  info->calibrated = isnormal (info->gain);
  if (info->calibrated)
    return;
  inion_edf_faults_add (faults, "scale", channel->at, "scale",
                        "The scale of channel %s cannot be (range %g, calibration %g); its numbers "
                        "are shown as they are.", channel->name, channel->range, channel->cal);
  info->gain = 1;
  info->unit = "";
}

static void
set_place (InionChannelInfo      *info,
           const InionFifChannel *channel)
{
  const double *p = channel->place;
  double r = sqrt (p[0] * p[0] + p[1] * p[1] + p[2] * p[2]);

  info->has_position = channel->kind == INION_FIF_EEG && r > 0 && r <= MAX_PLACE;
  if (info->has_position)
    memcpy (info->position, p, sizeof info->position);
}

static void
set_range (InionChannelInfo *info,
           InionSampleType   type)
{
  gboolean narrow = type == INION_SAMPLE_INT16;

  info->digital_min = narrow ? G_MININT16 : G_MININT32;
  info->digital_max = narrow ? G_MAXINT16 : G_MAXINT32;
}

static gboolean
is_listed (char                  **bads,
           const InionFifChannel  *channel)
{
  return g_strv_contains ((const char *const *) bads, channel->name) ||
         g_strv_contains ((const char *const *) bads, channel->short_name);
}

static char *
dup_prefilter (const InionFifFile *file)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (file->highpass > 0 && isfinite (file->highpass))
    g_string_append_printf (text, "HP:%sHz",
                            g_ascii_formatd (number, sizeof number, "%g", file->highpass));
  if (file->lowpass > 0 && file->lowpass < file->rate)
    g_string_append_printf (text, "%sLP:%sHz", text->len > 0 ? " " : "",
                            g_ascii_formatd (number, sizeof number, "%g", file->lowpass));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * _inion_fif_add_channels:
 * @recording: a recording that has its segments
 * @file: what the file says
 * @clock: its rate
 * @n_samples: samples a channel that are stored
 * @layout: where those of the first channel are
 * @faults: where what is wrong is added
 * @error: return location
 *
 * Adds all channels.
 *
 * Returns: %FALSE with %INION_ERROR_FORMAT
 */
gboolean
_inion_fif_add_channels (InionBinaryRecording     *recording,
                         const InionFifFile       *file,
                         const InionFifClock      *clock,
                         gint64                    n_samples,
                         const InionSampleLayout  *layout,
                         InionEdfFaults           *faults,
                         GError                  **error)
{
  g_auto (GStrv) bads = g_strsplit (file->bads != NULL ? file->bads : "", ":", -1);
  g_autofree char *prefilter = dup_prefilter (file);
  gint64 size = (gint64) inion_sample_type_get_size (layout->type);

  for (guint i = 0; i < file->channels->len; i++)
    {
      const InionFifChannel *channel = &g_array_index (file->channels, InionFifChannel, i);
      InionChannelInfo info = {
        .raw_label = channel->name, .label = channel->name, .rate_num = clock->rate_num,
        .rate_den_ns = clock->rate_den_ns, .n_samples = n_samples, .prefilter = prefilter,
        .bad = is_listed (bads, channel),
      };
      InionSampleLayout place = *layout;

      info.kind = get_kind (channel, get_unit (channel->unit));
      set_scale (&info, channel, faults);
      if (info.kind == INION_CHANNEL_TRIGGER)
        {
          info.unit = "";
          info.prefilter = NULL;
        }
      set_place (&info, channel);
      set_range (&info, layout->type);
      place.offset += i * size;
      if (!inion_binary_recording_add_channel (recording, &info, &place, error))
        return FALSE;
    }
  return TRUE;
}
