/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GDF files, versions 1 and 2.
 *
 * Values outside of a channel's digital range mark overflow or missing data in this format: they
 * read as missing (NaN). So does, where nothing was recorded between two runs, the smallest value
 * that the type has, even if the range includes it. But it may as well be a sample that went to the
 * end of the range. A pause has no samples in any channel, a clipped signal is one channel's own:
 * the value is missing only where all integer channels of a rate, at least two, have it at once.
 *
 * An event "new segment" says that the recorder paused there, but not for how long: a border is
 * set, and this is told. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/gdf-recording.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/binary-recording.h"
#include "recording/gdf-events.h"
#include "recording/gdf-header.h"
#include "recording/physical-unit.h"
#include "recording/recording-private.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  InionBinaryRecording *recording;
  const InionGdfHeader *header;
  InionEdfFaults *faults;
  const InionGdfChannel *fastest; /* (nullable) */
  gint64 event_num;               /* event positions: event_num in event_den_ns */
  gint64 event_den_ns;
} Opener;

static GBytes *
read_header (int          fd,
             const char  *name,
             gint64       file_bytes,
             GError     **error)
{
  guint8 fixed[256];
  g_autofree guint8 *bytes = NULL;
  gint64 size = 0;
  gsize got = 0;
  int errsv = 0;

  if (!_inion_pread (fd, fixed, sizeof fixed, 0, &got, &errsv))
    {
      inion_set_error_errno (error, errsv, "Could not read", name);
      return NULL;
    }
  if (!inion_gdf_header_get_size (fixed, got, file_bytes, name, &size, error))
    return NULL;
  bytes = inion_try_alloc_array ((gsize) size, 1, "the header", error);
  if (bytes == NULL)
    return NULL;
  if (!_inion_pread (fd, bytes, (gsize) size, 0, &got, &errsv) || got < (gsize) size)
    {
      inion_set_error (error, INION_ERROR_IO, "“%s” changed while it was read. Open it again.",
                       name);
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&bytes), (gsize) size);
}

static void
find_fastest (Opener *self)
{
  for (guint i = 0; i < self->header->channels->len; i++)
    {
      const InionGdfChannel *c = &g_array_index (self->header->channels, InionGdfChannel, i);

      if (c->samples > 0 && (self->fastest == NULL || c->samples > self->fastest->samples))
        self->fastest = c;
    }
}

/* The table's rate is a float or whole number; where it is that of the fastest channel as far as
 * one can tell, the exact one is taken. */
static void
set_event_rate (Opener *self,
                double  rate)
{
  double known = (double) self->fastest->rate_num * 1e9 / (double) self->fastest->rate_den_ns;

  self->event_num = self->fastest->rate_num;
  self->event_den_ns = self->fastest->rate_den_ns;
  if (rate == 0 || fabs (rate - known) <= known * 1e-6)
    return;
  if (!(rate >= 1e-6 && rate <= 1e6))
    {
      inion_edf_faults_add (self->faults, "event rate", -1, "event table",
                            "Its rate, %g Hz, cannot be; positions are taken as samples of the "
                            "fastest channel.", rate);
      return;
    }
  self->event_num = (gint64) llrint (rate * 1e6);
  self->event_den_ns = 1000000 * G_GINT64_CONSTANT (1000000000);
  inion_edf_faults_add (self->faults, "event rate", -1, "event table",
                        "Its rate is %g Hz, that of the signals is %g Hz; event positions count in "
                        "the former.", rate, known);
}

static gint64
event_to_ns (const Opener *self,
             gint64        sample)
{
  return inion_int64_mul_div (sample, self->event_den_ns, self->event_num);
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  const gint64 *x = a, *y = b;

  return *x < *y ? -1 : *x > *y;
}

/* Borders where the recorder paused. */
static gboolean
add_segments (Opener        *self,
              const GArray  *events,
              GError       **error)
{
  g_autoptr (GArray) borders = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 end_ns = inion_int64_mul_div (self->fastest->samples * self->header->n_records,
                                       self->fastest->rate_den_ns, self->fastest->rate_num);
  gint64 from_ns = 0;

  for (guint i = 0; i < events->len; i++)
    {
      const InionGdfEvent *event = &g_array_index (events, InionGdfEvent, i);
      gint64 at_ns = event_to_ns (self, event->sample);

      if (event->type == INION_GDF_NEW_SEGMENT && at_ns > 0 && at_ns < end_ns)
        g_array_append_val (borders, at_ns);
    }
  if (borders->len == 0)
    return TRUE;
  g_array_append_val (borders, end_ns);
  g_array_sort (borders, compare_times);
  for (guint i = 0; i < borders->len; i++)
    {
      gint64 to_ns = g_array_index (borders, gint64, i);

      if (to_ns == from_ns)
        continue;
      if (!inion_recording_add_segment (INION_RECORDING (self->recording), from_ns, to_ns - from_ns,
                                        from_ns))
        return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                                "The recording would last more than 292 years.");
      from_ns = to_ns;
    }
  inion_edf_faults_add (self->faults, "segments", -1, "event table",
                        "The recorder paused %u times (event 32766), but the file does not say for "
                        "how long: what follows stands behind at once, with a border between.",
                        borders->len - 1);
  return TRUE;
}

static double
get_type_min (InionSampleType type)
{
  switch (type)
    {
    case INION_SAMPLE_INT8:
      return G_MININT8;
    case INION_SAMPLE_INT16:
      return G_MININT16;
    case INION_SAMPLE_INT24:
      return -8388608;
    case INION_SAMPLE_INT32:
      return G_MININT32;
    case INION_SAMPLE_INT64:
      return (double) G_MININT64;
    default:
      return -HUGE_VAL;
    }
}

/* Says which values of the channel that was added last are no measurements. */
static void
set_range (Opener                *self,
           const InionGdfChannel *channel)
{
  guint index = inion_recording_get_n_channels (INION_RECORDING (self->recording)) - 1;
  double low = MIN (channel->digital_min, channel->digital_max);

  if (inion_sample_type_is_float (channel->type) || !channel->calibrated)
    return;
  inion_binary_recording_set_valid_range (self->recording, index, low,
                                          MAX (channel->digital_min, channel->digital_max));
  /* Channels of as many samples a record have the same rate. */
  if (low <= get_type_min (channel->type) && channel->samples <= G_MAXUINT)
    inion_binary_recording_set_filler (self->recording, index, (guint) channel->samples,
                                       get_type_min (channel->type));
}

static gboolean
add_channel (Opener                 *self,
             const InionGdfChannel  *channel,
             GError                **error)
{
  InionChannelInfo info = {
    .raw_label = channel->label, .kind = inion_channel_kind_guess (channel->label, channel->unit),
    .rate_num = channel->rate_num, .rate_den_ns = channel->rate_den_ns,
    .n_samples = channel->samples * self->header->n_records, .calibrated = channel->calibrated,
    .digital_min = (gint32) CLAMP (channel->digital_min, G_MININT32, G_MAXINT32),
    .digital_max = (gint32) CLAMP (channel->digital_max, G_MININT32, G_MAXINT32),
    .transducer = channel->transducer, .prefilter = channel->prefilter,
    .has_position = channel->has_position,
  };
  InionSampleLayout layout = {
    .type = channel->type, .offset = self->header->header_bytes + channel->start,
    .stride = (gint64) inion_sample_type_get_size (channel->type),
    .block_samples = channel->samples, .block_bytes = self->header->record_bytes,
  };
  double factor;

  memcpy (info.position, channel->position, sizeof info.position);
  if (info.n_samples == 0)
    layout.offset = 0;
  info.unit = inion_physical_unit_choose (channel->unit, info.kind, &factor);
  info.gain = channel->gain * factor;
  info.offset = channel->offset * factor;
  if (!isnormal (info.gain) || !isfinite (info.offset))
    {
      info.unit = channel->unit;
      info.gain = channel->gain;
      info.offset = channel->offset;
    }
  if (!inion_binary_recording_add_channel (self->recording, &info, &layout, error))
    return FALSE;
  set_range (self, channel);
  return TRUE;
}

/* Which number an event has among those of its code and channel. */
static gpointer
get_key (guint type,
         int   channel)
{
  return GUINT_TO_POINTER ((guint) (channel + 1) << 16 | type);
}

/* When each code begins first on each channel: get_key() → sample. */
static GHashTable *
find_starts (const GArray *events)
{
  GHashTable *starts = g_hash_table_new_full (NULL, NULL, NULL, g_free);

  for (guint i = 0; i < events->len; i++)
    {
      const InionGdfEvent *event = &g_array_index (events, InionGdfEvent, i);
      gint64 *known = g_hash_table_lookup (starts, get_key (event->type, event->channel));

      if (known == NULL)
        g_hash_table_insert (starts, get_key (event->type, event->channel),
                             g_memdup2 (&event->sample, sizeof event->sample));
      else
        *known = MIN (*known, event->sample);
    }
  return starts;
}

/* Whether an event ends what one with the code without bit 15 began on the same channel. Some
 * programs have codes of their own up there, which end nothing. */
static gboolean
is_end (GHashTable          *starts,
        const InionGdfEvent *event)
{
  const gint64 *start;

  if (event->type <= INION_GDF_EVENT_END)
    return FALSE;
  start = g_hash_table_lookup (starts, get_key (event->type & ~INION_GDF_EVENT_END,
                                                event->channel));
  return start != NULL && *start <= event->sample;
}

static void
add_events (Opener       *self,
            const GArray *events)
{
  const GArray *channels = self->header->channels;
  g_autofree int *shown = g_new0 (int, channels->len);
  g_autoptr (GHashTable) starts = find_starts (events);
  int n_shown = 0;

  for (guint i = 0; i < channels->len; i++)
    shown[i] = g_array_index (channels, InionGdfChannel, i).samples > 0 ? n_shown++ : -1;
  for (guint i = 0; i < events->len; i++)
    {
      const InionGdfEvent *event = &g_array_index (events, InionGdfEvent, i);
      g_autofree char *text = inion_gdf_event_dup_text (self->header, event->type,
                                                         is_end (starts, event));

      inion_binary_recording_take_event (
        self->recording,
        inion_event_new (event_to_ns (self, event->sample),
                         event->length < 0 ? -1 : event_to_ns (self, event->length), text,
                         event->channel < 0 ? -1 : shown[event->channel]));
    }
}

static gboolean
build (Opener      *self,
       int          fd,
       gint64       file_bytes,
       const char  *name,
       GError     **error)
{
  const InionGdfHeader *header = self->header;
  g_autoptr (GArray) events = g_array_new (FALSE, FALSE, sizeof (InionGdfEvent));
  double rate = 0;

  find_fastest (self);
  if (self->fastest == NULL)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s”, byte %u: no channel has samples in the records; there is "
                            "nothing to show.", name, 256 + 216 * header->channels->len);
  if (header->has_events)
    {
      g_array_unref (events);
      events = inion_gdf_events_read (fd, header->header_bytes +
                                      header->n_records * header->record_bytes, file_bytes, header,
                                      &rate, self->faults);
    }
  set_event_rate (self, rate);
  if (!add_segments (self, events, error))
    return FALSE;
  for (guint i = 0; i < header->channels->len; i++)
    {
      const InionGdfChannel *channel = &g_array_index (header->channels, InionGdfChannel, i);

      if (channel->samples > 0 && !add_channel (self, channel, error))
        return FALSE;
    }
  add_events (self, events);
  return TRUE;
}

/**
 * inion_gdf_open_fd:
 * @fd: (transfer full): an open file
 * @path: its name
 * @error: return location
 *
 * Opens a GDF file.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL with %INION_ERROR_IO,
 *   %INION_ERROR_FORMAT, %INION_ERROR_UNSUPPORTED or %INION_ERROR_TOO_LARGE
 */
InionRecording *
inion_gdf_open_fd (int          fd,
                   const char  *path,
                   GError     **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *format = NULL;
  g_autoptr (InionBinaryRecording) recording = inion_binary_recording_new (path, "GDF");
  g_autoptr (InionEdfFaults) faults = inion_edf_faults_new ();
  g_autoptr (InionGdfHeader) header = NULL;
  g_autoptr (GBytes) bytes = NULL;
  Opener opener = { .recording = recording, .faults = faults };
  struct stat st;

  inion_binary_recording_take_file (recording, fd, path);
  if (fstat (fd, &st) != 0)
    {
      inion_set_error_errno (error, errno, "Could not read the size of", path);
      return NULL;
    }
  bytes = read_header (fd, name, (gint64) st.st_size, error);
  if (bytes == NULL)
    return NULL;
  header = inion_gdf_header_new (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                 (gint64) st.st_size, name, faults, error);
  if (header == NULL)
    return NULL;
  format = g_strdup_printf ("GDF %d.%02d", header->version / 100, header->version % 100);
  inion_recording_set_format (INION_RECORDING (recording), format);
  inion_recording_set_start (INION_RECORDING (recording), header->start);
  inion_recording_set_texts (INION_RECORDING (recording), header->patient, header->description);
  opener.header = header;
  if (!build (&opener, fd, (gint64) st.st_size, name, error))
    return NULL;
  inion_edf_faults_hand_over (faults, INION_RECORDING (recording), "places");
  return INION_RECORDING (g_steal_pointer (&recording));
}

/**
 * inion_gdf_sniff:
 * @path: (nullable): the file's path
 * @head: (array length=n): its first bytes
 * @n: how many
 *
 * Returns: whether it is a GDF file
 */
gboolean
inion_gdf_sniff (const char   *path,
                 const guint8 *head,
                 gsize         n)
{
  return n >= 8 && memcmp (head, "GDF ", 4) == 0;
}

/**
 * inion_gdf_open:
 * @path: a file
 * @error: return location
 *
 * Opens a GDF file.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL as inion_gdf_open_fd()
 */
InionRecording *
inion_gdf_open (const char  *path,
                GError     **error)
{
  gint64 size = 0;
  int fd = _inion_recording_open_file (path, &size, error);

  return fd < 0 ? NULL : inion_gdf_open_fd (fd, path, error);
}
