/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether reading samples would have to wait for a disk.
 *
 * A thread that must not wait asks before it reads, and leaves what is not in memory to a job. The
 * kernel is asked about single bytes, so the answer is a good guess: pages are read and dropped in
 * larger pieces. A file system that cannot tell is taken for one that does not make wait. */

#define _GNU_SOURCE /* preadv2() */
#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/recording.h"

#include "recording/recording-private.h"

#include <errno.h>
#include <sys/uio.h>

/* Whether a byte of one of the recording's files can be read without waiting. */
gboolean
_inion_recording_is_in_memory (InionRecording *self,
                               guint           file,
                               gint64          offset)
{
  guint8 byte;
  struct iovec vector = { &byte, 1 };
  int fd = _inion_recording_get_fd (self, file);

  return preadv2 (fd, &vector, 1, (off_t) offset, RWF_NOWAIT) >= 0 || errno != EAGAIN;
}

/* The same question about samples as they are stored, for recordings that pass it on. */
gboolean
_inion_recording_may_block (InionRecording *self,
                            guint           channel,
                            gint64          first,
                            gsize           n)
{
  InionRecordingClass *klass = INION_RECORDING_GET_CLASS (self);

  if (n == 0)
    return FALSE;
  if (klass->may_block != NULL)
    return klass->may_block (self, channel, first, n);
  return _inion_recording_get_n_files (self) > 0;
}

/**
 * inion_recording_may_block:
 * @self: a recording
 * @channel: which channel, below inion_recording_get_n_channels()
 * @first: first sample, at the channel's own rate
 * @n: number of samples; those beyond the channel's end do not count
 *
 * Tells whether reading samples may wait for a disk or a network, because they are not in memory.
 * Never waits itself. Thread-safe.
 *
 * Returns: whether a thread that must not wait had better not read them
 */
gboolean
inion_recording_may_block (InionRecording *self,
                           guint           channel,
                           gint64          first,
                           gsize           n)
{
  InionSegments *segments;
  InionSegmentRun run;
  gint64 total, end;

  g_return_val_if_fail (INION_IS_RECORDING (self), FALSE);
  g_return_val_if_fail (channel < inion_recording_get_n_channels (self), FALSE);

  total = inion_channel_get_n_samples (inion_recording_get_channel (self, channel));
  first = CLAMP (first, 0, total);
  end = first + (gint64) MIN (n, (guint64) (total - first));
  segments = _inion_recording_get_segments (self);
  if (segments == NULL)
    return _inion_recording_may_block (self, channel, first, (gsize) (end - first));
  while (first < end && _inion_segments_find_run (segments, channel, first, &run) &&
         run.first < end)
    {
      gint64 from = MAX (run.first, first), to = MIN (run.first + run.n, end);

      if (to <= from)
        break;
      if (_inion_recording_may_block (self, channel, run.stored + from - run.first,
                                      (gsize) (to - from)))
        return TRUE;
      first = to;
    }
  return FALSE;
}
