/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading samples of any recording, and bytes of its file: what is asked for is checked here, so
 * that readers may trust the range they are given. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/recording.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/recording-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

/* Samples converted at a time by the readings that go through another type. */
#define CONVERT_SAMPLES 16384

/* Reads n bytes at an offset; fewer only at the file's end. */
gboolean
_inion_pread (int       fd,
              gpointer  out,
              gsize     n,
              gint64    offset,
              gsize    *got,
              int      *errsv)
{
  gsize done = 0;

  while (done < n)
    {
      gssize r = pread (fd, (guint8 *) out + done, n - done, (off_t) (offset + (gint64) done));

      if (r < 0 && errno == EINTR)
        continue;
      if (r < 0)
        {
          *errsv = errno;
          return FALSE;
        }
      if (r == 0)
        break;
      done += (gsize) r;
    }
  *got = done;
  return TRUE;
}

/* Reads exactly n bytes of one of the recording's files; one that has become too short is an
 * error. */
gboolean
_inion_recording_pread (InionRecording  *self,
                        guint            file,
                        gpointer         out,
                        gsize            n,
                        gint64           offset,
                        GError         **error)
{
  const char *path = _inion_recording_get_file_path (self, file);
  g_autofree char *name = NULL;
  gsize got = 0;
  int errsv = 0;
  gboolean ok = _inion_pread (_inion_recording_get_fd (self, file), out, n, offset, &got, &errsv);

  if (ok && got == n)
    return TRUE;
  name = g_filename_display_name (path != NULL ? path : "recording");
  if (!ok)
    return inion_set_error (error, INION_ERROR_IO,
                            "Could not read “%s” at byte %" G_GINT64_FORMAT ": %s. "
                            "Check that the disk or network folder is still there.",
                            name, offset, g_strerror (errsv));
  return inion_set_error (error, INION_ERROR_IO,
                          "“%s” now ends at byte %" G_GINT64_FORMAT ", %" G_GSIZE_FORMAT
                          " bytes too early: it was shortened after it was opened. "
                          "What lies before can still be read; open the file again.",
                          name, offset + (gint64) got, n - got);
}

/* Opens a regular, non-empty file for reading; a clear error for everything else. */
int
_inion_recording_open_file (const char  *path,
                            gint64      *size,
                            GError     **error)
{
  g_autofree char *name = g_filename_display_name (path);
  struct stat st;
  /* O_NONBLOCK: a named pipe without a writer must not stop us here. */
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0);

  if (fd < 0 || fstat (fd, &st) != 0)
    {
      inion_set_error_errno (error, errno, "Could not open", path);
      if (fd >= 0)
        close (fd);
      return -1;
    }
  if (S_ISREG (st.st_mode) && st.st_size > 0)
    {
      *size = (gint64) st.st_size;
      return fd;
    }
  close (fd);
  if (S_ISDIR (st.st_mode))
    inion_set_error (error, INION_ERROR_FORMAT,
                     "“%s” is a folder. Choose a recording inside it.", name);
  else if (S_ISREG (st.st_mode))
    inion_set_error (error, INION_ERROR_FORMAT,
                     "“%s” is empty (0 bytes). Copy it again from where it was recorded.", name);
  else
    inion_set_error (error, INION_ERROR_FORMAT, "“%s” is not a file but a device or a pipe.", name);
  return -1;
}

static gboolean
check_range (InionRecording  *self,
             guint            channel,
             gint64           first,
             gsize            n,
             GError         **error)
{
  InionChannel *shown;
  gint64 total;

  if (channel >= inion_recording_get_n_channels (self))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "Channel %u was asked for, but the recording has %u channels.", channel,
                            inion_recording_get_n_channels (self));
  shown = inion_recording_get_channel (self, channel);
  total = inion_channel_get_n_samples (shown);
  if (first >= 0 && first <= total && n <= (guint64) (total - first))
    return TRUE;
  return inion_set_error (error, INION_ERROR_INVALID,
                          "Samples %" G_GINT64_FORMAT " + %" G_GSIZE_FORMAT " of %s were asked "
                          "for, but it has %" G_GINT64_FORMAT " samples.",
                          first, n, inion_channel_get_label (shown), total);
}

/* Physical values from digital ones, for readers that have no read_physical. */
static gboolean
read_scaled (InionRecording  *self,
             guint            channel,
             gint64           first,
             gsize            n,
             double          *out,
             GError         **error)
{
  InionChannel *object = inion_recording_get_channel (self, channel);
  const InionChannelInfo *info = inion_channel_get_info (object);
  gsize block = MIN (n, CONVERT_SAMPLES);
  g_autofree gint32 *digital = inion_try_new (gint32, block, "samples", error);

  if (digital == NULL)
    return FALSE;
  for (gsize done = 0; done < n;)
    {
      gsize m = MIN (block, n - done);

      if (!INION_RECORDING_GET_CLASS (self)->read_digital (self, channel, first + (gint64) done, m,
                                                           digital, error))
        return FALSE;
      for (gsize i = 0; i < m; i++)
        out[done + i] = info->gain * digital[i] + info->offset;
      done += m;
    }
  return TRUE;
}

static gboolean
read_stored (InionRecording  *self,
             guint            channel,
             gint64           first,
             gsize            n,
             double          *out,
             GError         **error)
{
  InionRecordingClass *klass = INION_RECORDING_GET_CLASS (self);

  if (klass->read_physical != NULL)
    return klass->read_physical (self, channel, first, n, out, error);
  return read_scaled (self, channel, first, n, out, error);
}

/* Stretch by stretch, NaN between them. */
static gboolean
read_physical (InionRecording  *self,
               guint            channel,
               gint64           first,
               gsize            n,
               double          *out,
               GError         **error)
{
  InionSegments *segments = _inion_recording_get_segments (self);
  gint64 end = first + (gint64) n;

  if (segments == NULL)
    return read_stored (self, channel, first, n, out, error);
  for (gint64 at = first; at < end;)
    {
      InionSegmentRun run;
      gint64 from = end, to = end;

      if (_inion_segments_find_run (segments, channel, at, &run))
        {
          from = CLAMP (run.first, at, end);
          to = MIN (run.first + run.n, end);
        }
      for (; at < from; at++)
        out[at - first] = NAN;
      if (from < to && !read_stored (self, channel, run.stored + from - run.first,
                                     (gsize) (to - from), out + (from - first), error))
        return FALSE;
      at = MAX (to, from);
    }
  return TRUE;
}

/**
 * inion_recording_read:
 * @self: a recording
 * @channel: which channel
 * @first: first sample, at the channel's own rate
 * @n: number of samples; first + n must not exceed the channel's number of samples
 * @out: (out caller-allocates) (array length=n): the samples in the channel's unit, EEG in µV
 * @error: return location
 *
 * Reads samples for analysis. Values beyond the digital range that the file declares are kept; in
 * a gap there is NaN. Thread-safe.
 *
 * Returns: %FALSE with %INION_ERROR_INVALID for a range outside the recording, %INION_ERROR_IO if
 *   the file can no longer be read there
 */
gboolean
inion_recording_read (InionRecording  *self,
                      guint            channel,
                      gint64           first,
                      gsize            n,
                      double          *out,
                      GError         **error)
{
  g_return_val_if_fail (INION_IS_RECORDING (self), FALSE);

  if (!check_range (self, channel, first, n, error))
    return FALSE;
  return n == 0 || read_physical (self, channel, first, n, out, error);
}

/**
 * inion_recording_read_float:
 * @self: a recording
 * @channel: which channel
 * @first: first sample, at the channel's own rate
 * @n: number of samples; first + n must not exceed the channel's number of samples
 * @out: (out caller-allocates) (array length=n): the samples in the channel's unit, EEG in µV
 * @error: return location
 *
 * Reads samples for drawing: what inion_recording_read() gives, rounded to float. Thread-safe.
 *
 * Returns: %FALSE with an error as inion_recording_read()
 */
gboolean
inion_recording_read_float (InionRecording  *self,
                            guint            channel,
                            gint64           first,
                            gsize            n,
                            float           *out,
                            GError         **error)
{
  gsize block = MIN (n, CONVERT_SAMPLES);
  g_autofree double *values = NULL;

  g_return_val_if_fail (INION_IS_RECORDING (self), FALSE);

  if (!check_range (self, channel, first, n, error))
    return FALSE;
  values = g_new (double, MAX (block, 1));
  for (gsize done = 0; done < n;)
    {
      gsize m = MIN (block, n - done);

      if (!read_physical (self, channel, first + (gint64) done, m, values, error))
        return FALSE;
      for (gsize i = 0; i < m; i++)
        out[done + i] = (float) values[i];
      done += m;
    }
  return TRUE;
}

/**
 * inion_recording_read_digital:
 * @self: a recording
 * @channel: which channel
 * @first: first sample, at the channel's own rate
 * @n: number of samples; first + n must not exceed the channel's number of samples
 * @out: (out caller-allocates) (array length=n): the samples as the file has them
 * @error: return location
 *
 * Reads samples without their scale, of one stretch without a gap: see
 * inion_recording_find_run(). Thread-safe.
 *
 * Returns: %FALSE with an error as inion_recording_read(), and %INION_ERROR_INVALID for samples in
 *   a gap
 */
gboolean
inion_recording_read_digital (InionRecording  *self,
                              guint            channel,
                              gint64           first,
                              gsize            n,
                              gint32          *out,
                              GError         **error)
{
  InionSegments *segments;
  InionSegmentRun run = { 0, 0, 0 };

  g_return_val_if_fail (INION_IS_RECORDING (self), FALSE);

  if (!check_range (self, channel, first, n, error))
    return FALSE;
  segments = _inion_recording_get_segments (self);
  if (n == 0)
    return TRUE;
  if (segments != NULL && (!_inion_segments_find_run (segments, channel, first, &run) ||
                           first < run.first || (gint64) n > run.first + run.n - first))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "Samples %" G_GINT64_FORMAT " + %" G_GSIZE_FORMAT " of %s lie in a "
                            "gap, where the file has none.", first, n,
                            inion_channel_get_label (inion_recording_get_channel (self, channel)));
  return INION_RECORDING_GET_CLASS (self)->read_digital (self, channel,
                                                         run.stored + first - run.first, n, out,
                                                         error);
}

/**
 * inion_recording_find_run:
 * @self: a recording
 * @channel: which channel
 * @at: a sample of the channel, 0 or more
 * @first: (out): first sample of the run
 * @n: (out): how many samples it has
 *
 * Finds the samples around @at that follow each other without a gap, or else the first such run
 * behind it. A recording without gaps is one run. Thread-safe; O(log gaps).
 *
 * Returns: %FALSE if nothing was recorded from @at on
 */
gboolean
inion_recording_find_run (InionRecording *self,
                          guint           channel,
                          gint64          at,
                          gint64         *first,
                          gint64         *n)
{
  InionSegments *segments;
  InionSegmentRun run = { 0, 0, 0 };

  g_return_val_if_fail (INION_IS_RECORDING (self), FALSE);
  g_return_val_if_fail (channel < inion_recording_get_n_channels (self), FALSE);

  segments = _inion_recording_get_segments (self);
  if (segments == NULL)
    run.n = inion_channel_get_n_samples (inion_recording_get_channel (self, channel));
  else if (!_inion_segments_find_run (segments, channel, at, &run))
    return FALSE;
  *first = run.first;
  *n = run.n;
  return at < run.first + run.n;
}

/**
 * inion_recording_find_longest_run:
 * @self: a recording
 * @channel: which channel
 * @from: a sample of the channel
 * @to: the sample behind the last that may be used
 * @first: (out): first sample of the run, in [@from, @to)
 * @n: (out): how many samples it has; the run does not reach beyond @to
 *
 * Finds the most samples of a range that follow each other without a gap; of equally many the
 * earliest. Thread-safe.
 *
 * Returns: %FALSE if nothing was recorded in the range
 */
gboolean
inion_recording_find_longest_run (InionRecording *self,
                                  guint           channel,
                                  gint64          from,
                                  gint64          to,
                                  gint64         *first,
                                  gint64         *n)
{
  gint64 run_first, run_n;

  g_return_val_if_fail (INION_IS_RECORDING (self), FALSE);

  *first = from;
  *n = 0;
  for (gint64 at = MAX (from, 0);
       at < to && inion_recording_find_run (self, channel, at, &run_first, &run_n);
       at = run_first + run_n)
    {
      gint64 begin = MAX (run_first, from), end = MIN (run_first + run_n, to);

      if (end - begin <= *n)
        continue;
      *first = begin;
      *n = end - begin;
    }
  return *n > 0;
}
