/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The identity of a recording: what caches and results are bound to.
 *
 * Two things make it: the samples, which are the bytes of its files, and what its channels are
 * taken for, which the files beside it (of a BIDS data set) and a person's edits say as well. A
 * study finds its recording again by the samples alone, whatever became of a table beside it; a
 * result can be had again only if both are the same. Events count where they are used: as the
 * examples that were cut at them. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/recording.h"

#include "core/error.h"
#include "recording/recording-private.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define HASH_BLOCK (1024 * 1024)
#define QUICK_BLOCK (64 * 1024)
#define HASH_SAMPLES 16384

static gboolean
hash_file (InionRecording  *self,
           guint            file,
           GChecksum       *checksum,
           gint64           from,
           gint64           to,
           InionJob        *job,
           GError         **error)
{
  g_autofree guint8 *buffer = g_malloc (HASH_BLOCK);

  for (gint64 pos = from; pos < to;)
    {
      gsize n = (gsize) MIN (to - pos, HASH_BLOCK);

      if (!inion_job_check (job, error) ||
          !_inion_recording_pread (self, file, buffer, n, pos, error))
        return FALSE;
      g_checksum_update (checksum, buffer, (gssize) n);
      pos += (gint64) n;
      inion_job_report (job, (double) pos / (double) to, "Fingerprint");
    }
  return TRUE;
}

/* A recording without a file is what its channels, samples and events are. */
static gboolean
hash_samples (InionRecording  *self,
              GChecksum       *checksum,
              InionJob        *job,
              GError         **error)
{
  g_autofree double *values = g_new (double, HASH_SAMPLES);
  guint n_channels = inion_recording_get_n_channels (self);

  for (guint c = 0; c < n_channels; c++)
    {
      const InionChannelInfo *info = inion_channel_get_info (inion_recording_get_channel (self, c));
      gint64 numbers[3] = { info->rate_num, info->rate_den_ns, info->n_samples };

      g_checksum_update (checksum, (const guint8 *) info->label, (gssize) strlen (info->label) + 1);
      g_checksum_update (checksum, (const guint8 *) info->unit, (gssize) strlen (info->unit) + 1);
      g_checksum_update (checksum, (const guint8 *) numbers, sizeof numbers);
      for (gint64 first = 0; first < info->n_samples;)
        {
          gsize n = (gsize) MIN (info->n_samples - first, HASH_SAMPLES);

          if (!inion_job_check (job, error) ||
              !inion_recording_read (self, c, first, n, values, error))
            return FALSE;
          g_checksum_update (checksum, (const guint8 *) values, (gssize) (n * sizeof *values));
          first += (gint64) n;
        }
      inion_job_report (job, (double) (c + 1) / (double) n_channels, "Fingerprint");
    }
  return TRUE;
}

static gboolean
get_file_stat (InionRecording  *self,
               guint            file,
               struct stat     *st,
               GError         **error)
{
  const char *path = _inion_recording_get_file_path (self, file);

  if (fstat (_inion_recording_get_fd (self, file), st) == 0)
    return TRUE;
  return inion_set_error_errno (error, errno, "Could not read the size of",
                                path != NULL ? path : "recording");
}

/* What was unpacked into a scratch file is not what the recording is known by. */
static gboolean
is_identity (InionRecording *self,
             guint           file)
{
  return file == 0 || _inion_recording_get_file_path (self, file) != NULL;
}

static gboolean
hash_quickly (InionRecording  *self,
              guint            file,
              GChecksum       *checksum,
              GError         **error)
{
  g_autofree char *facts = NULL;
  struct stat st;
  gint64 size;

  if (!get_file_stat (self, file, &st, error))
    return FALSE;
  size = (gint64) st.st_size;
  facts = g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld\n", size,
                           (gint64) st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
  g_checksum_update (checksum, (const guint8 *) facts, -1);
  return hash_file (self, file, checksum, 0, MIN (size, QUICK_BLOCK), NULL, error) &&
         hash_file (self, file, checksum, MAX (size - QUICK_BLOCK, 0), size, NULL, error);
}

/**
 * inion_recording_dup_quick_fingerprint:
 * @self: a recording
 * @error: return location
 *
 * A key for caches: SHA-256 over the size, the time of change, and the first and last 64 KiB of
 * each of its files. For a recording in memory the same as the content fingerprint. Thread-safe.
 *
 * Returns: (transfer full) (nullable): 64 hexadecimal digits, or %NULL with %INION_ERROR_IO
 */
char *
inion_recording_dup_quick_fingerprint (InionRecording  *self,
                                       GError         **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_return_val_if_fail (INION_IS_RECORDING (self), NULL);

  if (_inion_recording_get_n_files (self) == 0)
    return inion_recording_dup_content_fingerprint (self, NULL, error);
  for (guint i = 0; i < _inion_recording_get_n_files (self); i++)
    if (is_identity (self, i) && !hash_quickly (self, i, checksum, error))
      return NULL;
  return g_strdup (g_checksum_get_string (checksum));
}

/**
 * inion_recording_dup_content_fingerprint:
 * @self: a recording
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * What results are bound to: SHA-256 over all bytes of the file, so the same as `sha256sum`
 * prints; of its files one behind the other, the one that was opened first, if the format has
 * several. For a recording in memory over its channels and samples. Thread-safe.
 *
 * Returns: (transfer full) (nullable): 64 hexadecimal digits, or %NULL with %INION_ERROR_IO or
 *   %G_IO_ERROR_CANCELLED
 */
char *
inion_recording_dup_content_fingerprint (InionRecording  *self,
                                         InionJob        *job,
                                         GError         **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint n_files;

  g_return_val_if_fail (INION_IS_RECORDING (self), NULL);

  n_files = _inion_recording_get_n_files (self);
  if (n_files == 0 && !hash_samples (self, checksum, job, error))
    return NULL;
  for (guint i = 0; i < n_files; i++)
    {
      struct stat st;

      if (is_identity (self, i) &&
          (!get_file_stat (self, i, &st, error) ||
           !hash_file (self, i, checksum, 0, (gint64) st.st_size, job, error)))
        return NULL;
    }
  return g_strdup (g_checksum_get_string (checksum));
}

/**
 * inion_recording_dup_channels_fingerprint:
 * @self: a recording
 *
 * SHA-256 over what is taken to be known of the channels, whoever says it: the file, the tables of
 * its BIDS data set, or a person. Label, kind, unit, reference, whether it is bad, and its
 * position. Nothing is read. It changes when a table beside the data says something else of a
 * channel, but not when such a table is only written in another way.
 *
 * Returns: (transfer full): 64 hexadecimal digits
 */
char *
inion_recording_dup_channels_fingerprint (InionRecording *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (INION_IS_RECORDING (self), NULL);

  for (guint i = 0; i < inion_recording_get_n_channels (self); i++)
    {
      const InionChannelInfo *info = inion_channel_get_info (inion_recording_get_channel (self, i));
      const char *const texts[] = { info->label, info->unit, info->reference };
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      /* The length keeps one text from reading like two. */
      for (gsize k = 0; k < G_N_ELEMENTS (texts); k++)
        g_string_append_printf (text, "%" G_GSIZE_FORMAT ":%s ",
                                texts[k] != NULL ? strlen (texts[k]) : 0,
                                texts[k] != NULL ? texts[k] : "");
      g_string_append_printf (text, "%s %d", inion_channel_kind_to_string (info->kind),
                              info->bad != FALSE);
      for (gsize k = 0; k < G_N_ELEMENTS (info->position) && info->has_position; k++)
        g_string_append_printf (text, " %s",
                                g_ascii_dtostr (number, sizeof number, info->position[k]));
      g_string_append_c (text, '\n');
    }
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, (gssize) text->len);
}
