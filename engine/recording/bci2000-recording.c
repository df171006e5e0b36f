/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BCI2000 files (.dat).
 *
 * Behind the header stand, for every moment, one number a channel and the state vector. A value in
 * µV is (number − SourceChOffset) × SourceChGain. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/bci2000-recording.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/bci2000-events.h"
#include "recording/bci2000-header.h"
#include "recording/binary-recording.h"
#include "recording/recording-private.h"
#include "recording/sample-rate.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_LINE_BYTES 1024
#define MAX_HEADER_BYTES (64 * 1024 * 1024)

static InionBci2000Header *
read_header (int              fd,
             gint64           file_bytes,
             const char      *path,
             const char      *name,
             InionEdfFaults  *faults,
             GError         **error)
{
  guint8 line[FIRST_LINE_BYTES];
  g_autofree guint8 *bytes = NULL;
  gsize got = 0;
  int errsv = 0;
  gint64 size;

  if (!_inion_pread (fd, line, sizeof line, 0, &got, &errsv))
    {
      inion_set_error_errno (error, errsv, "Could not read", path);
      return NULL;
    }
  size = _inion_bci2000_header_get_size (line, got);
  if (size < 0 || size > file_bytes || size > MAX_HEADER_BYTES)
    {
      inion_set_error (error, INION_ERROR_FORMAT,
                       "“%s”, line 1: it gives %" G_GINT64_FORMAT " bytes for the header "
                       "(HeaderLen), but the file has %" G_GINT64_FORMAT ".", name, size,
                       file_bytes);
      return NULL;
    }
  bytes = inion_try_alloc_array ((gsize) size, 1, "the header", error);
  if (bytes == NULL)
    return NULL;
  if (!_inion_pread (fd, bytes, (gsize) size, 0, &got, &errsv) || got < (gsize) size)
    {
      inion_set_error (error, INION_ERROR_IO, "“%s” changed while it was read. Open it again.",
                       name);
      return NULL;
    }
  return _inion_bci2000_header_new ((const char *) bytes, (gsize) size, file_bytes, name, faults,
                                    error);
}

static gboolean
add_channels (InionBinaryRecording      *recording,
              const InionBci2000Header  *header,
              gint64                     moment,
              gint64                     n_samples,
              GError                   **error)
{
  gint64 size = (gint64) inion_sample_type_get_size (header->type);
  gboolean narrow = header->type == INION_SAMPLE_INT16;
  gint64 rate_num, rate_den_ns;

  if (!_inion_sample_rate_split (header->rate, &rate_num, &rate_den_ns))
    return inion_set_error (error, INION_ERROR_FORMAT, "A rate of %g Hz cannot be.", header->rate);
  for (guint i = 0; i < header->n_channels; i++)
    {
      const InionBci2000Channel *channel =
        &g_array_index (header->channels, InionBci2000Channel, i);
      InionChannelInfo info = {
        .raw_label = channel->label, .kind = inion_channel_kind_guess (channel->label, "µV"),
        .unit = channel->calibrated ? "µV" : "", .rate_num = rate_num, .rate_den_ns = rate_den_ns,
        .n_samples = n_samples, .gain = channel->gain, .offset = -(channel->gain * channel->offset),
        .digital_min = narrow ? G_MININT16 : G_MININT32, .calibrated = channel->calibrated,
        .digital_max = narrow ? G_MAXINT16 : G_MAXINT32,
      };
      InionSampleLayout layout = {
        .type = header->type, .offset = header->header_bytes + i * size, .stride = moment,
        .block_samples = G_MAXINT64,
      };

      if (!inion_binary_recording_add_channel (recording, &info, &layout, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
build (InionBinaryRecording      *recording,
       const InionBci2000Header  *header,
       gint64                     file_bytes,
       InionEdfFaults            *faults,
       GError                   **error)
{
  gint64 moment = _inion_bci2000_header_get_moment (header);
  gint64 bytes = file_bytes - header->header_bytes;

  if (bytes % moment != 0)
    inion_edf_faults_add (faults, "rest", file_bytes - bytes % moment, "samples",
                          "The file breaks off in the middle of a moment; its last "
                          "%" G_GINT64_FORMAT " bytes were left out.", bytes % moment);
  return add_channels (recording, header, moment, bytes / moment, error);
}

/**
 * inion_bci2000_open_fd:
 * @fd: (transfer full): an open file
 * @path: its name
 * @error: return location
 *
 * Opens a BCI2000 file.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL with %INION_ERROR_FORMAT,
 *   %INION_ERROR_UNSUPPORTED, %INION_ERROR_IO or %INION_ERROR_TOO_LARGE
 */
InionRecording *
inion_bci2000_open_fd (int          fd,
                       const char  *path,
                       GError     **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autoptr (InionBinaryRecording) recording = inion_binary_recording_new (path, "BCI2000");
  g_autoptr (InionEdfFaults) faults = inion_edf_faults_new ();
  g_autoptr (InionBci2000Header) header = NULL;
  struct stat st;

  inion_binary_recording_take_file (recording, fd, path);
  if (fstat (fd, &st) != 0)
    {
      inion_set_error_errno (error, errno, "Could not read the size of", path);
      return NULL;
    }
  header = read_header (fd, (gint64) st.st_size, path, name, faults, error);
  if (header == NULL)
    return NULL;
  inion_recording_set_start (INION_RECORDING (recording), header->start);
  inion_recording_set_texts (INION_RECORDING (recording), header->patient, header->description);
  if (!build (recording, header, (gint64) st.st_size, faults, error))
    return NULL;
  _inion_bci2000_add_states (recording, g_steal_pointer (&header));
  inion_edf_faults_hand_over (faults, INION_RECORDING (recording), "places");
  return INION_RECORDING (g_steal_pointer (&recording));
}

/**
 * inion_bci2000_sniff:
 * @path: (nullable): the file's path, not used
 * @head: (array length=n): its first bytes
 * @n: how many
 *
 * Returns: whether it is a BCI2000 file
 */
gboolean
inion_bci2000_sniff (const char   *path,
                     const guint8 *head,
                     gsize         n)
{
  return n >= 10 && (memcmp (head, "HeaderLen=", 10) == 0 || memcmp (head, "BCI2000V=", 9) == 0);
}

/**
 * inion_bci2000_open:
 * @path: a file
 * @error: return location
 *
 * Opens a BCI2000 file.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL as inion_bci2000_open_fd()
 */
InionRecording *
inion_bci2000_open (const char  *path,
                    GError     **error)
{
  gint64 size = 0;
  int fd = _inion_recording_open_file (path, &size, error);

  return fd < 0 ? NULL : inion_bci2000_open_fd (fd, path, error);
}
