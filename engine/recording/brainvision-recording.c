/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BrainVision recordings: a header, its markers and its samples, in three files.
 *
 * Any of the three opens the recording; the header stands for it. Samples are numbers of 16 or 32
 * bits, floating-point numbers, or text; channels are interleaved or one behind the other. How many
 * samples there are follows from the size of the data file, because headers mostly do not say or
 * say it wrong. V-Amp recordings have one column more than their headers describe. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/brainvision-recording.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/binary-recording.h"
#include "recording/brainvision-ascii.h"
#include "recording/brainvision-files.h"
#include "recording/brainvision-header.h"
#include "recording/brainvision-markers.h"
#include "recording/physical-unit.h"
#include "recording/recording-private.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORMAT "BrainVision"
#define MAX_HEADER_BYTES (16 * 1024 * 1024)
#define MAX_MARKER_BYTES (512 * 1024 * 1024)

typedef struct
{
  InionBrainVisionParts *parts;
  InionBrainVisionHeader *header;
  InionBrainVisionMarkers *markers;
  InionEdfFaults *faults;
  InionBinaryRecording *recording;
  guint file;       /* where the samples are */
  gint64 bytes;     /* of that file */
  gint64 n_points;  /* samples a channel */
  guint n_columns;  /* channels stored, with those that are not described */
} Opener;

/* As many bytes as there are, of a text file. */
static GBytes *
read_text (int          fd,
           const char  *path,
           gint64       size,
           gint64       limit,
           GError     **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autofree guint8 *bytes = NULL;
  gsize n = 0;
  int errsv = 0;

  if (size > limit)
    {
      inion_set_error (error, INION_ERROR_TOO_LARGE,
                       "“%s” has %" G_GINT64_FORMAT " bytes, too many for the text file that it "
                       "should be.", name, size);
      return NULL;
    }
  bytes = inion_try_alloc_array ((gsize) size, 1, "a text file", error);
  if (bytes == NULL)
    return NULL;
  if (!_inion_pread (fd, bytes, (gsize) size, 0, &n, &errsv))
    {
      inion_set_error_errno (error, errsv, "Could not read", path);
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&bytes), n);
}

/* Hands the files to the recording. The header is first: it stands for the recording. */
static void
take_files (Opener *self)
{
  InionBrainVisionParts *parts = self->parts;

  if (parts->header_fd >= 0)
    inion_binary_recording_take_file (self->recording, parts->header_fd, parts->header_path);
  if (parts->marker_fd >= 0)
    inion_binary_recording_take_file (self->recording, parts->marker_fd, parts->marker_path);
  self->file = inion_binary_recording_take_file (self->recording, parts->data_fd, parts->data_path);
  parts->header_fd = parts->marker_fd = parts->data_fd = -1;
}

static void
close_parts (InionBrainVisionParts *parts)
{
  int *fds[] = { &parts->header_fd, &parts->marker_fd, &parts->data_fd };

  for (gsize i = 0; i < G_N_ELEMENTS (fds); i++)
    if (*fds[i] >= 0)
      {
        close (*fds[i]);
        *fds[i] = -1;
      }
}

/* Bytes that all columns take at one point in time. */
static gint64
get_frame_bytes (const Opener *self,
                 gint64        n_columns)
{
  return n_columns * (gint64) inion_sample_type_get_size (self->header->type);
}

/* A V-Amp stores one column that its header does not describe. */
static void
find_columns (Opener *self)
{
  gint64 n = self->header->channels->len;

  self->n_columns = (guint) n;
  if (!self->header->v_amp || self->header->ascii ||
      self->bytes % get_frame_bytes (self, n + 1) != 0)
    return;
  self->n_columns++;
  inion_edf_faults_add (self->faults, "hidden column", -1, "NumberOfChannels",
                        "A V-Amp wrote this file: behind the %" G_GINT64_FORMAT " channels that "
                        "the header describes it stores one more, which is read in steps.", n);
}

static void
check_points (Opener *self)
{
  gint64 stated = self->header->n_points;
  gint64 rest = self->bytes % get_frame_bytes (self, self->n_columns);

  if (stated > 0 && stated != self->n_points)
    inion_edf_faults_add (self->faults, "data points", -1, "DataPoints",
                          "The header says %" G_GINT64_FORMAT " samples a channel, the data file "
                          "has %" G_GINT64_FORMAT "; what is in the file is read.", stated,
                          self->n_points);
  if (rest != 0)
    inion_edf_faults_add (self->faults, "remainder", self->bytes - rest, "DataFile",
                          "The data file ends with %" G_GINT64_FORMAT " bytes that are no whole "
                          "sample of all %u channels; they are passed over. Was it cut off?", rest,
                          self->n_columns);
}

/* Channels one behind the other begin where the length of each puts them: a wrong one would take
 * samples of one channel for those of the next. */
static gboolean
count_vectorized (Opener  *self,
                  GError **error)
{
  gint64 frame = get_frame_bytes (self, self->n_columns);
  gint64 stated = self->header->n_points;
  g_autofree char *name = g_filename_display_name (self->parts->data_path);
  gint64 needed;

  if (stated == 0 && self->bytes % frame != 0)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s” ends at byte %" G_GINT64_FORMAT ", which makes no whole number "
                            "of samples for %u channels, and the header does not say how long a "
                            "channel is (DataPoints). Copy the file again.", name, self->bytes,
                            self->n_columns);
  self->n_points = self->bytes / frame;
  if (stated == 0 || stated == self->n_points)
    {
      check_points (self);
      return TRUE;
    }
  if (!inion_int64_mul (&needed, stated, frame) || needed > self->bytes)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "The header says %" G_GINT64_FORMAT " samples a channel (DataPoints), "
                            "but “%s” ends at byte %" G_GINT64_FORMAT ", after %" G_GINT64_FORMAT
                            ": channels stand one behind the other, so it is unknown where each "
                            "begins. Copy the file again.", stated, name, self->bytes,
                            self->n_points);
  self->n_points = stated;
  inion_edf_faults_add (self->faults, "data points", needed, "DataPoints",
                        "The data file is longer than the header says: %" G_GINT64_FORMAT " bytes "
                        "behind the last channel are passed over.", self->bytes - needed);
  return TRUE;
}

static gboolean
unpack_text (Opener  *self,
             GError **error)
{
  g_autofree char *name = g_filename_display_name (self->parts->data_path);
  g_autoptr (InionScratch) scratch = NULL;
  int fd;

  scratch = inion_brainvision_ascii_unpack (self->parts->data_fd, name, self->header,
                                            &self->n_points, self->faults, error);
  if (scratch == NULL)
    return FALSE;
  take_files (self);
  fd = inion_scratch_steal_fd (scratch, error);
  if (fd < 0)
    return FALSE;
  self->file = inion_binary_recording_take_file (self->recording, fd, NULL);
  self->header->big_endian = G_BYTE_ORDER == G_BIG_ENDIAN;
  if (self->header->n_points > 0 && self->header->n_points != self->n_points)
    inion_edf_faults_add (self->faults, "data points", -1, "DataPoints",
                          "The header says %" G_GINT64_FORMAT " samples a channel, the data file "
                          "has %" G_GINT64_FORMAT "; what is in the file is read.",
                          self->header->n_points, self->n_points);
  return TRUE;
}

static gboolean
find_samples (Opener  *self,
              GError **error)
{
  struct stat st;

  if (fstat (self->parts->data_fd, &st) != 0)
    return inion_set_error_errno (error, errno, "Could not read the size of",
                                  self->parts->data_path);
  self->bytes = (gint64) st.st_size;
  find_columns (self);
  if (self->header->ascii)
    return unpack_text (self, error);
  take_files (self);
  if (self->header->vectorized)
    return count_vectorized (self, error);
  self->n_points = self->bytes / get_frame_bytes (self, self->n_columns);
  check_points (self);
  return TRUE;
}

/* A sample of the clock as a time. */
static gint64
to_ns (const Opener *self,
       gint64        sample)
{
  return inion_int64_mul_div (sample, self->header->rate_den_ns, self->header->rate_num);
}

static gboolean
add_segments (Opener  *self,
              GError **error)
{
  const GArray *segments = self->markers->segments;

  for (guint i = 0; segments->len > 1 && i < segments->len; i++)
    {
      const InionBrainVisionSegment *s = &g_array_index (segments, InionBrainVisionSegment, i);
      gint64 end = i + 1 < segments->len
                     ? g_array_index (segments, InionBrainVisionSegment, i + 1).point
                     : self->n_points;
      gint64 from_ns = to_ns (self, s->sample);

      if (!inion_recording_add_segment (INION_RECORDING (self->recording), from_ns,
                                        to_ns (self, s->sample + end - s->point) - from_ns,
                                        to_ns (self, s->point)))
        return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                                "Segment %u cannot be placed on the clock: it would end more than "
                                "292 years after the start.", i + 1);
    }
  return TRUE;
}

static gboolean
add_channel (Opener                         *self,
             const InionBrainVisionChannel  *channel,
             guint                           column,
             GError                        **error)
{
  const InionBrainVisionHeader *header = self->header;
  InionChannelInfo info = {
    .raw_label = channel->name, .label = channel->name,
    .kind = inion_channel_kind_guess (channel->name, channel->unit),
    .rate_num = header->rate_num, .rate_den_ns = header->rate_den_ns, .n_samples = self->n_points,
    .gain = channel->resolution, .calibrated = channel->described,
    .prefilter = channel->prefilter, .reference = channel->reference,
    .has_position = channel->has_position,
  };
  InionSampleLayout layout =
    header->vectorized ? inion_sample_layout_vectorized (self->file, header->type, 0, column,
                                                         self->n_points)
                       : inion_sample_layout_multiplexed (self->file, header->type, 0, column,
                                                          self->n_columns);
  double factor = 1;

  memcpy (info.position, channel->position, sizeof info.position);
  info.unit = channel->described
                ? inion_physical_unit_choose (channel->unit, info.kind, &factor) : "";
  info.gain *= factor;
  if (info.gain == 0 || !(ABS (info.gain) <= G_MAXDOUBLE))
    {
      info.gain = 1;
      info.calibrated = FALSE;
    }
  info.digital_min = header->type == INION_SAMPLE_UINT16  ? 0
                     : header->type == INION_SAMPLE_INT16 ? G_MININT16
                                                          : G_MININT32;
  info.digital_max = header->type == INION_SAMPLE_UINT16  ? G_MAXUINT16
                     : header->type == INION_SAMPLE_INT16 ? G_MAXINT16
                                                          : G_MAXINT32;
  layout.big_endian = header->big_endian;
  if (self->n_points == 0)
    layout.offset = 0;
  return inion_binary_recording_add_channel (self->recording, &info, &layout, error);
}

static gboolean
add_channels (Opener  *self,
              GError **error)
{
  InionBrainVisionChannel hidden = { .name = (char *) "Not described", .unit = (char *) "",
                                     .resolution = 1 };
  guint n = self->header->channels->len;

  for (guint i = 0; i < self->n_columns; i++)
    if (!add_channel (self, i < n ? &g_array_index (self->header->channels,
                                                    InionBrainVisionChannel, i) : &hidden,
                      i, error))
      return FALSE;
  return TRUE;
}

static void
add_events (Opener *self)
{
  guint64 outside = 0;

  for (guint i = 0; i < self->markers->markers->len; i++)
    {
      const InionBrainVisionMarker *m =
        &g_array_index (self->markers->markers, InionBrainVisionMarker, i);
      gint64 sample = inion_brainvision_markers_get_sample (self->markers, m->point);

      outside += m->point < 0 || m->point >= self->n_points;
      inion_binary_recording_take_event (self->recording,
                                         inion_event_new (to_ns (self, sample),
                                                          m->size < 0 ? -1 : to_ns (self, m->size),
                                                          m->text, m->channel));
    }
  if (outside > 0)
    inion_edf_faults_add (self->faults, "outside", -1, "Marker Infos",
                          "%" G_GUINT64_FORMAT " markers lie outside the %" G_GINT64_FORMAT
                          " samples of the recording.", outside, self->n_points);
}

/* With the header read. */
static gboolean
build (Opener                      *self,
       const InionBrainVisionText  *markers,
       GError                     **error)
{
  g_autoptr (InionBrainVisionMarkers) parsed = NULL;

  if (!find_samples (self, error))
    return FALSE;
  parsed = self->markers = inion_brainvision_markers_new (markers, self->header, self->faults);
  inion_brainvision_markers_place (parsed, self->header, self->n_points, self->faults);
  if (self->n_points == 0)
    inion_edf_faults_add (self->faults, "no samples", -1, "DataFile",
                          "The data file has no samples.");
  inion_recording_set_start (INION_RECORDING (self->recording), parsed->start);
  if (!add_segments (self, error) || !add_channels (self, error))
    return FALSE;
  add_events (self);
  return TRUE;
}

static void
note_parts (const InionBrainVisionParts *parts,
            const InionBrainVisionText  *markers,
            InionEdfFaults              *faults)
{
  if (parts->markers == NULL)
    inion_edf_faults_add (faults, "no markers", -1, "MarkerFile",
                          "There is no marker file: events, breaks and the date are unknown.");
  else if (!inion_brainvision_text_has_section (markers, "marker infos"))
    inion_edf_faults_add (faults, "no marker section", -1, "MarkerFile",
                          "The marker file has no section [Marker Infos]: there are no events.");
}

/**
 * inion_brainvision_open_parts:
 * @parts: the files; their descriptors are taken whatever happens
 * @error: return location
 *
 * Opens a recording whose files were found. Any bytes may be in them.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL with %INION_ERROR_FORMAT,
 *   %INION_ERROR_UNSUPPORTED, %INION_ERROR_TOO_LARGE or %INION_ERROR_IO
 */
InionRecording *
inion_brainvision_open_parts (InionBrainVisionParts  *parts,
                              GError                **error)
{
  g_autoptr (InionEdfFaults) faults = inion_edf_faults_new ();
  g_autoptr (InionBrainVisionText) text = NULL;
  g_autoptr (InionBrainVisionText) markers = NULL;
  g_autoptr (InionBrainVisionHeader) header = NULL;
  g_autoptr (InionBinaryRecording) recording = NULL;
  g_autofree char *name = g_filename_display_name (parts->header_path);
  Opener opener = { .parts = parts, .faults = faults };
  gconstpointer bytes;
  gboolean ok = FALSE;
  gsize n;

  bytes = g_bytes_get_data (parts->header, &n);
  text = inion_brainvision_text_new (bytes, n, "header", faults);
  header = inion_brainvision_header_new (text, name, faults, error);
  if (parts->markers != NULL)
    {
      bytes = g_bytes_get_data (parts->markers, &n);
      markers = inion_brainvision_text_new (bytes, n, "marker file", faults);
    }
  if (header != NULL)
    {
      if (inion_brainvision_is_header_name (parts->header_path) &&
          g_ascii_strcasecmp (strrchr (parts->header_path, '.'), ".ahdr") == 0)
        header->v_amp = TRUE;
      note_parts (parts, markers, faults);
      recording = inion_binary_recording_new (parts->header_path, FORMAT);
      opener.header = header;
      opener.recording = recording;
      ok = build (&opener, markers, error);
    }
  close_parts (parts);
  if (!ok)
    return NULL;
  inion_edf_faults_hand_over (faults, INION_RECORDING (recording), "places");
  return INION_RECORDING (g_steal_pointer (&recording));
}

/* The data file's name and the marker file's, which only the header knows. */
static gboolean
find_parts (InionBrainVisionParts  *parts,
            InionEdfFaults         *faults,
            char                  **marker_path,
            char                  **data_path,
            GError                **error)
{
  g_autoptr (InionBrainVisionText) text = NULL;
  g_autofree char *name = g_filename_display_name (parts->header_path);
  const InionBrainVisionEntry *data, *markers;
  gsize n;
  gconstpointer bytes = g_bytes_get_data (parts->header, &n);
  g_autoptr (InionEdfFaults) unused = inion_edf_faults_new ();

  text = inion_brainvision_text_new (bytes, n, "header", unused);
  data = inion_brainvision_text_find (text, "common infos", "datafile");
  markers = inion_brainvision_text_find (text, "common infos", "markerfile");
  *data_path = inion_brainvision_find_data (parts->header_path, data != NULL ? data->value : NULL,
                                            faults);
  *marker_path = inion_brainvision_find_markers (parts->header_path,
                                                 markers != NULL ? markers->value : NULL, faults);
  if (*data_path != NULL)
    return TRUE;
  return inion_set_error (error, INION_ERROR_IO,
                          "“%s”, line %u: it is a BrainVision header, but its samples are not "
                          "beside it: there is no “%s” in its folder, nor a file that is named "
                          "like the header. Copy the .eeg file to where the header is.", name,
                          data != NULL ? data->line : 1, data != NULL ? data->value : "data file");
}

static gboolean
open_text (const char   *path,
           gint64        limit,
           int          *fd,
           GBytes      **bytes,
           GError      **error)
{
  gint64 size = 0;

  *fd = _inion_recording_open_file (path, &size, error);
  if (*fd < 0)
    return FALSE;
  *bytes = read_text (*fd, path, size, limit, error);
  return *bytes != NULL;
}

static InionRecording *
open_header (const char  *path,
             GError     **error)
{
  InionBrainVisionParts parts = { .header_path = path, .header_fd = -1, .marker_fd = -1,
                                  .data_fd = -1 };
  g_autoptr (InionEdfFaults) faults = inion_edf_faults_new ();
  g_autoptr (GBytes) header = NULL;
  g_autoptr (GBytes) markers = NULL;
  g_autoptr (GError) marker_error = NULL;
  g_autofree char *marker_path = NULL;
  g_autofree char *data_path = NULL;
  InionRecording *recording = NULL;
  gint64 size;

  if (open_text (path, MAX_HEADER_BYTES, &parts.header_fd, &header, error))
    {
      parts.header = header;
      if (find_parts (&parts, faults, &marker_path, &data_path, error))
        parts.data_fd = _inion_recording_open_file (data_path, &size, error);
    }
  if (parts.data_fd >= 0)
    {
      parts.data_path = data_path;
      parts.marker_path = marker_path;
      if (marker_path != NULL &&
          !open_text (marker_path, MAX_MARKER_BYTES, &parts.marker_fd, &markers, &marker_error))
        inion_edf_faults_add (faults, "marker file", -1, "MarkerFile", "%s", marker_error->message);
      parts.markers = markers;
      recording = inion_brainvision_open_parts (&parts, error);
    }
  if (recording != NULL)
    inion_edf_faults_hand_over (faults, recording, "places");
  close_parts (&parts);
  return recording;
}

static gboolean
head_has (const guint8 *head,
          gsize         n,
          const char   *needle)
{
  g_autofree char *text = g_ascii_strdown ((const char *) head, (gssize) n);

  for (gsize i = 0; i + strlen (needle) <= n; i++)
    if (memcmp (text + i, needle, strlen (needle)) == 0)
      return TRUE;
  return FALSE;
}

/**
 * inion_brainvision_sniff:
 * @path: (nullable): the file's path
 * @head: (array length=n): its first bytes
 * @n: how many
 *
 * Returns: whether it is a BrainVision header or marker file, or by its name the data file of one
 *   beside it
 */
gboolean
inion_brainvision_sniff (const char   *path,
                         const guint8 *head,
                         gsize         n)
{
  g_autofree char *header = NULL;

  if (n >= 3 && memcmp (head, "\xef\xbb\xbf", 3) == 0)
    {
      head += 3;
      n -= 3;
    }
  if (n >= 11 && head_has (head, 11, "brain") && head_has (head, 12 < n ? 12 : n, "vision"))
    return TRUE;
  if (path == NULL)
    return FALSE;
  if (inion_brainvision_is_header_name (path) || inion_brainvision_is_marker_name (path))
    return head_has (head, n, "[common infos]") || head_has (head, n, "brain");
  if (!inion_brainvision_is_data_name (path))
    return FALSE;
  header = inion_brainvision_find_header (path);
  return header != NULL;
}

/**
 * inion_brainvision_open:
 * @path: a header, marker or data file
 * @error: return location
 *
 * Opens a BrainVision recording by any of its files. Its path is the header's.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL with %INION_ERROR_IO,
 *   %INION_ERROR_FORMAT, %INION_ERROR_UNSUPPORTED or %INION_ERROR_TOO_LARGE
 */
InionRecording *
inion_brainvision_open (const char  *path,
                        GError     **error)
{
  g_autofree char *header = NULL;
  g_autofree char *name = NULL;

  if (!inion_brainvision_is_marker_name (path) && !inion_brainvision_is_data_name (path))
    return open_header (path, error);
  header = inion_brainvision_find_header (path);
  if (header != NULL)
    return open_header (header, error);
  name = g_filename_display_name (path);
  inion_set_error (error, INION_ERROR_IO,
                   "“%s” is a part of a BrainVision recording, but there is no header (.vhdr) of "
                   "its name beside it. Open the header that belongs to it.", name);
  return NULL;
}
