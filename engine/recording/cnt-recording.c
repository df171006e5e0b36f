/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Neuroscan CNT files.
 *
 * µV = (number − baseline) × sensitivity × calibration / 204.8. Channels are interleaved sample by
 * sample, or in blocks where SynAmps wrote the file.
 *
 * Two other formats are met under the same names and told here: ANT's CNT, which is packed and has
 * another header, and Neuroscan's own files of epochs and averages. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/cnt-recording.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/binary-recording.h"
#include "recording/cnt-events.h"
#include "recording/recording-private.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NS_A_SECOND G_GINT64_CONSTANT (1000000000)
#define STEPS 204.8

enum
{
  CONTROL_REJECT = 0xc,
  CONTROL_ACCEPT = 0xd,
  CONTROL_PAUSE = 0xe,
};

typedef struct
{
  InionBinaryRecording *recording;
  const InionCntHeader *header;
  const InionCntTable *table;
  InionEdfFaults *faults;
  guint sample_bytes;
  gint64 n_samples;
} Opener;

static gboolean
is_ant (const guint8 *head,
        gsize         n)
{
  return n >= 12 && (memcmp (head, "RIFF", 4) == 0 || memcmp (head, "RF64", 4) == 0) &&
         memcmp (head + 8, "CNT ", 4) == 0;
}

/* The sample at which an event is, -1 if that is not one of the file. */
static gint64
get_sample (const Opener        *self,
            const InionCntEvent *event)
{
  gint64 at = event->where;

  if (self->table->type != 3)
    {
      at -= _inion_cnt_header_get_data_start (self->header);
      if (at < 0)
        return -1;
      at /= (gint64) self->sample_bytes * self->header->n_channels;
    }
  return at <= self->n_samples ? at : -1;
}

static gint64
to_ns (const Opener *self,
       gint64        sample)
{
  return inion_int64_mul_div (sample, NS_A_SECOND, self->header->rate);
}

static void
take_event (Opener     *self,
            gint64      sample,
            gint64      end,
            const char *text)
{
  gint64 onset_ns = to_ns (self, sample);

  inion_binary_recording_take_event (
    self->recording,
    inion_event_new (onset_ns, end < 0 ? -1 : to_ns (self, end) - onset_ns, text, -1));
}

static char *
dup_text (const InionCntEvent *event)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (event->stimulus != 0)
    g_string_append_printf (text, "%u", event->stimulus);
  if (event->key != 0)
    g_string_append_printf (text, "%skey F%u", text->len > 0 ? ", " : "", event->key + 1);
  if (event->pad != 0)
    g_string_append_printf (text, "%sresponse %u", text->len > 0 ? ", " : "", event->pad);
  if (event->control != 0 && event->control < CONTROL_REJECT)
    g_string_append_printf (text, "%scontrol %u", text->len > 0 ? ", " : "", event->control);
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static void
add_events (Opener *self)
{
  gint64 rejected = -1;

  for (guint i = 0; i < self->table->events->len; i++)
    {
      const InionCntEvent *event = &g_array_index (self->table->events, InionCntEvent, i);
      gint64 sample = get_sample (self, event);
      g_autofree char *text = dup_text (event);

      if (sample < 0)
        {
          inion_edf_faults_add (self->faults, "event place", self->table->at, "event table",
                                "Event %u is at %" G_GINT64_FORMAT ", outside of the samples; it "
                                "was left out.", i + 1, event->where);
          continue;
        }
      if (text != NULL)
        take_event (self, sample, -1, text);
      if (event->control == CONTROL_REJECT && rejected < 0)
        rejected = sample;
      if (event->control == CONTROL_ACCEPT && rejected >= 0)
        {
          take_event (self, rejected, MAX (sample, rejected), "BAD rejected");
          rejected = -1;
        }
    }
  if (rejected >= 0)
    take_event (self, rejected, self->n_samples, "BAD rejected");
}

static int
compare_samples (gconstpointer a,
                 gconstpointer b)
{
  const gint64 *x = a, *y = b;

  return *x < *y ? -1 : *x > *y;
}

/* Where the recorder paused, a border: how long it paused, the file does not say. */
static gboolean
add_segments (Opener  *self,
              GError **error)
{
  g_autoptr (GArray) borders = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 from = 0;

  for (guint i = 0; i < self->table->events->len; i++)
    {
      const InionCntEvent *event = &g_array_index (self->table->events, InionCntEvent, i);
      gint64 sample = get_sample (self, event);

      if (event->control == CONTROL_PAUSE && sample > 0 && sample < self->n_samples)
        g_array_append_val (borders, sample);
    }
  if (borders->len == 0)
    return TRUE;
  inion_edf_faults_add (self->faults, "pause", self->table->at, "event table",
                        "The recorder paused %u times, but the file does not say for how long: "
                        "what follows stands behind at once, with a border between.", borders->len);
  g_array_append_val (borders, self->n_samples);
  g_array_sort (borders, compare_samples);
  for (guint i = 0; i < borders->len; i++)
    {
      gint64 to = g_array_index (borders, gint64, i);

      if (to > from &&
          !inion_recording_add_segment (INION_RECORDING (self->recording), to_ns (self, from),
                                        to_ns (self, to) - to_ns (self, from), to_ns (self, from)))
        return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                                "The recording would last more than 292 years.");
      from = to;
    }
  return TRUE;
}

static InionSampleLayout
get_layout (const Opener *self,
            guint         channel)
{
  InionSampleType type = self->sample_bytes == 2 ? INION_SAMPLE_INT16 : INION_SAMPLE_INT32;
  gint64 start = _inion_cnt_header_get_data_start (self->header);
  InionSampleLayout layout =
    inion_sample_layout_multiplexed (0, type, start, channel, self->header->n_channels);

  if (self->header->channel_bytes == 0)
    return layout;
  layout.stride = self->sample_bytes;
  layout.block_samples = self->header->channel_bytes / (gint64) self->sample_bytes;
  layout.offset = start + channel * layout.block_samples * layout.stride;
  layout.block_bytes = layout.block_samples * layout.stride * self->header->n_channels;
  return layout;
}

static gboolean
add_channel (Opener  *self,
             guint    i,
             GError **error)
{
  const InionCntChannel *channel = &g_array_index (self->header->channels, InionCntChannel, i);
  InionSampleLayout layout = get_layout (self, i);
  gboolean narrow = self->sample_bytes == 2;
  InionChannelInfo info = {
    .raw_label = channel->label, .unit = "µV", .rate_num = self->header->rate,
    .rate_den_ns = NS_A_SECOND, .n_samples = self->n_samples, .bad = channel->bad,
    .digital_min = narrow ? G_MININT16 : G_MININT32, .prefilter = self->header->prefilter,
    .digital_max = narrow ? G_MAXINT16 : G_MAXINT32, .calibrated = TRUE,
  };

  info.gain = channel->sensitivity * channel->calibration / STEPS;
  info.offset = -(channel->baseline * info.gain);
  if (!isnormal (info.gain) || !isfinite (info.offset))
    {
      inion_edf_faults_add (self->faults, "scale",
                            INION_CNT_SETUP_BYTES + (gint64) i * INION_CNT_CHANNEL_BYTES, "scale",
                            "The scale of channel %s cannot be (sensitivity %g, calibration %g); "
                            "its numbers are shown as they are.", channel->label,
                            channel->sensitivity, channel->calibration);
      info.gain = 1;
      info.offset = 0;
      info.unit = "";
      info.calibrated = FALSE;
    }
  info.kind = inion_channel_kind_guess (channel->label, "µV");
  return inion_binary_recording_add_channel (self->recording, &info, &layout, error);
}

static gboolean
count_samples (Opener     *self,
               const char *name,
               GError    **error)
{
  gint64 start = _inion_cnt_header_get_data_start (self->header);
  gint64 n_channels = self->header->n_channels;
  gint64 bytes = self->table->at - start, block;

  if (self->header->channel_bytes % (gint32) self->sample_bytes != 0)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s”: channels are said to stand in blocks of %d bytes (byte 894), "
                            "which are no whole samples of %u.", name, self->header->channel_bytes,
                            self->sample_bytes);
  block = self->header->channel_bytes > 0 ? self->header->channel_bytes * n_channels
                                          : (gint64) self->sample_bytes * n_channels;
  self->n_samples = bytes / block * (block / n_channels / self->sample_bytes);
  if (self->n_samples <= 0)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s” holds no samples: from byte %" G_GINT64_FORMAT ", where they "
                            "begin, to byte %" G_GINT64_FORMAT " there is not one of every "
                            "channel.", name, start, self->table->at);
  if (bytes % block != 0)
    inion_edf_faults_add (self->faults, "rest", self->table->at - bytes % block, "samples",
                          "The last %" G_GINT64_FORMAT " bytes are no whole %s; they were left "
                          "out.", bytes % block,
                          self->header->channel_bytes > 0 ? "block" : "sample");
  return TRUE;
}

static gboolean
build (Opener     *self,
       const char *name,
       GError    **error)
{
  if (!count_samples (self, name, error) || !add_segments (self, error))
    return FALSE;
  for (guint i = 0; i < self->header->n_channels; i++)
    if (!add_channel (self, i, error))
      return FALSE;
  add_events (self);
  return TRUE;
}

/* The first bytes tell how many channels there are, and so how many more belong to the header. */
static guint8 *
read_bytes (int          fd,
            const char  *path,
            gsize       *got,
            GError     **error)
{
  guint8 *bytes = g_malloc (INION_CNT_SETUP_BYTES);
  gboolean ok;
  int errsv = 0;

  ok = _inion_pread (fd, bytes, INION_CNT_SETUP_BYTES, 0, got, &errsv);
  if (ok && *got == INION_CNT_SETUP_BYTES)
    {
      gsize size = _inion_cnt_header_peek_size (bytes);

      bytes = g_realloc (bytes, size);
      ok = _inion_pread (fd, bytes, size, 0, got, &errsv);
    }
  if (ok)
    return bytes;
  g_free (bytes);
  inion_set_error_errno (error, errsv, "Could not read", path);
  return NULL;
}

static GBytes *
read_header (int          fd,
             const char  *path,
             const char  *name,
             GError     **error)
{
  gsize got = 0;
  g_autofree guint8 *bytes = read_bytes (fd, path, &got, error);

  if (bytes == NULL)
    return NULL;
  if (is_ant (bytes, got))
    {
      inion_set_error (error, INION_ERROR_UNSUPPORTED,
                       "“%s” is a CNT file of ANT (EEProbe, asa, eego; “CNT ” at byte 8), not of "
                       "Neuroscan; Inion does not read it. Save it as EDF or BrainVision with the "
                       "program that made it.", name);
      return NULL;
    }
  if (g_str_has_suffix (name, ".eeg") || g_str_has_suffix (name, ".avg") ||
      g_str_has_suffix (name, ".EEG") || g_str_has_suffix (name, ".AVG"))
    {
      inion_set_error (error, INION_ERROR_UNSUPPORTED,
                       "“%s” is a Neuroscan file of epochs or averages. Open the continuous "
                       "recording (.cnt) that it was made from.", name);
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&bytes), got);
}

/**
 * inion_cnt_open_fd:
 * @fd: (transfer full): an open file
 * @path: its name
 * @error: return location
 *
 * Opens a Neuroscan CNT file.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL with %INION_ERROR_FORMAT,
 *   %INION_ERROR_UNSUPPORTED, %INION_ERROR_IO or %INION_ERROR_TOO_LARGE
 */
InionRecording *
inion_cnt_open_fd (int          fd,
                   const char  *path,
                   GError     **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autoptr (InionBinaryRecording) recording = inion_binary_recording_new (path, "Neuroscan CNT");
  g_autoptr (InionEdfFaults) faults = inion_edf_faults_new ();
  g_autoptr (InionCntHeader) header = NULL;
  g_autoptr (InionCntTable) table = NULL;
  g_autoptr (GBytes) bytes = NULL;
  Opener opener = { .recording = recording, .faults = faults };
  struct stat st;

  inion_binary_recording_take_file (recording, fd, path);
  if (fstat (fd, &st) != 0)
    {
      inion_set_error_errno (error, errno, "Could not read the size of", path);
      return NULL;
    }
  bytes = read_header (fd, path, name, error);
  if (bytes == NULL)
    return NULL;
  header = _inion_cnt_header_new (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), name,
                                  faults, error);
  if (header == NULL)
    return NULL;
  table = _inion_cnt_table_read (fd, (gint64) st.st_size, header, faults, error);
  if (table == NULL)
    return NULL;
  inion_recording_set_start (INION_RECORDING (recording), header->start);
  inion_recording_set_texts (INION_RECORDING (recording), header->patient, header->description);
  opener.header = header;
  opener.table = table;
  opener.sample_bytes = _inion_cnt_table_find_sample_bytes (table, fd, header, faults);
  if (!build (&opener, name, error))
    return NULL;
  inion_edf_faults_hand_over (faults, INION_RECORDING (recording), "places");
  return INION_RECORDING (g_steal_pointer (&recording));
}

/**
 * inion_cnt_sniff:
 * @path: (nullable): the file's path, not used
 * @head: (array length=n): its first bytes
 * @n: how many
 *
 * Returns: whether it is a CNT file of Neuroscan, or one of ANT, which inion_cnt_open() refuses by
 *   name
 */
gboolean
inion_cnt_sniff (const char   *path,
                 const guint8 *head,
                 gsize         n)
{
  return is_ant (head, n) || (n >= 9 && memcmp (head, "Version 3", 9) == 0);
}

/**
 * inion_cnt_open:
 * @path: a file
 * @error: return location
 *
 * Opens a Neuroscan CNT file.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL as inion_cnt_open_fd()
 */
InionRecording *
inion_cnt_open (const char  *path,
                GError     **error)
{
  gint64 size = 0;
  int fd = _inion_recording_open_file (path, &size, error);

  return fd < 0 ? NULL : inion_cnt_open_fd (fd, path, error);
}
