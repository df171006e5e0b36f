/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which reader opens a file: told by what the file holds, not by its name. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/recording.h"

#include "core/error.h"
#include "recording/bids.h"
#include "recording/bci2000-recording.h"
#include "recording/brainvision-recording.h"
#include "recording/cnt-recording.h"
#include "recording/csv-recording.h"
#include "recording/edf-recording.h"
#include "recording/fif-recording.h"
#include "recording/foreign/eeglab-recording.h"
#include "recording/gdf-recording.h"
#include "recording/recording-private.h"
#include "recording/xdf-recording.h"

#include <string.h>
#include <unistd.h>

#define SNIFF_BYTES 1024

/**
 * Reader:
 * @formats: what it reads, as a list for people
 * @sniff: whether a file is one, by its first bytes; its path where a format has parts that only
 *   their name tells apart
 * @open: opens it; %NULL if that takes long, and needs a job:
 * @open_with_job: opens it
 * @question: what a person may be asked first
 */
typedef struct
{
  const char *formats;
  gboolean (*sniff) (const char *path, const guint8 *head, gsize n);
  InionRecording *(*open) (const char *path, GError **error);
  InionRecording *(*open_with_job) (const char *path, InionJob *job, GError **error);
  InionRecordingQuestion question;
} Reader;

/* Those with a signature first. */
static const Reader readers[] = {
  { "EDF, EDF+, BDF, BDF+", inion_edf_recording_sniff, inion_edf_recording_open },
  { "XDF", inion_xdf_recording_sniff, NULL, inion_xdf_recording_open,
    INION_RECORDING_WHICH_STREAMS },
  { "FIF", inion_fif_sniff, NULL, inion_fif_open },
  { "Neuroscan CNT", inion_cnt_sniff, inion_cnt_open },
  { "BCI2000", inion_bci2000_sniff, inion_bci2000_open },
  { "GDF", inion_gdf_sniff, inion_gdf_open },
  { "BrainVision", inion_brainvision_sniff, inion_brainvision_open },
  { "EEGLAB", inion_eeglab_recording_sniff, NULL, inion_eeglab_recording_open_with_job },
  { "CSV, TSV", inion_csv_recording_sniff, NULL, inion_csv_recording_open,
    INION_RECORDING_WHICH_COLUMNS },
};

/* What an unknown file looks like, for the message that refuses it. */
static char *
describe_head (const guint8 *head,
               gsize         n)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < MIN (n, 24); i++)
    {
      if (!g_ascii_isprint ((char) head[i]))
        break;
      g_string_append_c (text, (char) head[i]);
    }
  if (text->len >= 4)
    return g_strdup_printf (" It starts with “%s” (byte 0).", text->str);
  g_string_assign (text, " It starts (byte 0) with");
  for (gsize i = 0; i < MIN (n, 8); i++)
    g_string_append_printf (text, " %02x", head[i]);
  return g_strdup_printf ("%s.", text->str);
}

static gboolean
read_head (const char  *path,
           guint8      *head,
           gsize       *n,
           GError     **error)
{
  gint64 size = 0;
  int errsv = 0;
  int fd = _inion_recording_open_file (path, &size, error);
  gboolean ok;

  if (fd < 0)
    return FALSE;
  ok = _inion_pread (fd, head, SNIFF_BYTES, 0, n, &errsv);
  close (fd);
  return ok || inion_set_error_errno (error, errsv, "Could not read", path);
}

/* Names the file where a reader, which may know it by a descriptor only, did not. */
static void
name_file (const char  *path,
           GError     **error)
{
  g_autofree char *base = g_filename_display_basename (path);

  if (error != NULL && *error != NULL && (*error)->domain == INION_ERROR &&
      strstr ((*error)->message, base) == NULL)
    g_prefix_error (error, "“%s”: ", base);
}

static const Reader *
find_reader (const char   *path,
             const guint8 *head,
             gsize         n)
{
  for (gsize i = 0; i < G_N_ELEMENTS (readers); i++)
    if (readers[i].sniff (path, head, n))
      return &readers[i];
  return NULL;
}

/**
 * inion_recording_dup_formats:
 *
 * Returns: (transfer full): the formats that can be opened, as a list for people
 */
char *
inion_recording_dup_formats (void)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (readers); i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", readers[i].formats);
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static const Reader *
find_reader_of (const char *path)
{
  guint8 head[SNIFF_BYTES];
  gsize n = 0;

  return read_head (path, head, &n, NULL) ? find_reader (path, head, n) : NULL;
}

/**
 * inion_recording_is_known:
 * @path: a file
 *
 * Tells by its first bytes whether a file is of a format that Inion reads itself; it may be too
 * damaged to be opened.
 *
 * Returns: whether it is
 */
gboolean
inion_recording_is_known (const char *path)
{
  g_return_val_if_fail (path != NULL, FALSE);

  return find_reader_of (path) != NULL;
}

/**
 * inion_recording_find_question:
 * @path: a file
 *
 * Tells whether a person may be asked something about a file before it is opened; it may turn out
 * that there is nothing to ask. Only the first bytes are read.
 *
 * Returns: what may be asked; %INION_RECORDING_NO_QUESTION also of files that cannot be opened, for
 *   inion_recording_open() then says why
 */
InionRecordingQuestion
inion_recording_find_question (const char *path)
{
  const Reader *reader;

  g_return_val_if_fail (path != NULL, INION_RECORDING_NO_QUESTION);

  reader = find_reader_of (path);
  return reader != NULL ? reader->question : INION_RECORDING_NO_QUESTION;
}

/**
 * inion_recording_open_with_job:
 * @path: a file
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Opens a recording. The format is told by the file's content, not by its name. Of most formats
 * only the header is read, so this is fast however large the file is; XDF and text are read
 * to their end.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL with %INION_ERROR_IO if the file
 *   cannot be read, %INION_ERROR_FORMAT if it is none of the formats known or too damaged,
 *   %INION_ERROR_UNSUPPORTED if it cannot be shown truthfully, %INION_ERROR_TOO_LARGE,
 *   %G_IO_ERROR_CANCELLED
 */
InionRecording *
inion_recording_open_with_job (const char  *path,
                               InionJob    *job,
                               GError     **error)
{
  guint8 head[SNIFF_BYTES];
  g_autofree char *name = NULL;
  g_autofree char *formats = NULL;
  g_autofree char *start = NULL;
  const Reader *reader;
  gsize n = 0;

  g_return_val_if_fail (path != NULL, NULL);

  if (!read_head (path, head, &n, error))
    return NULL;
  reader = find_reader (path, head, n);
  if (reader != NULL)
    {
      InionRecording *recording = reader->open != NULL ? reader->open (path, error)
                                                       : reader->open_with_job (path, job, error);

      if (recording != NULL)
        _inion_bids_apply (recording);
      else
        name_file (path, error);
      return recording;
    }

  name = g_filename_display_name (path);
  formats = inion_recording_dup_formats ();
  start = describe_head (head, n);
  inion_set_error (error, INION_ERROR_FORMAT,
                   "“%s” is not a recording in a format that Inion reads (%s).%s", name, formats,
                   start);
  return NULL;
}

/**
 * inion_recording_open:
 * @path: a file
 * @error: return location
 *
 * The same without progress, for what nobody waits for.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL as inion_recording_open_with_job()
 */
InionRecording *
inion_recording_open (const char  *path,
                      GError     **error)
{
  return inion_recording_open_with_job (path, NULL, error);
}
