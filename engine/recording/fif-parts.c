/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that a FIF recording was split into. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/fif-parts.h"

#include "core/error.h"
#include "recording/gunzip.h"
#include "recording/recording-private.h"

#include <string.h>
#include <sys/stat.h>

#define MAX_PARTS 1000

typedef struct
{
  InionBinaryRecording *recording;
  GPtrArray *parts;
  InionEdfFaults *faults;
  InionJob *job;
} Opener;

static void
free_part (gpointer data)
{
  InionFifPart *part = data;

  g_clear_pointer (&part->file, _inion_fif_file_free);
  g_free (part->path);
  g_free (part);
}

/* Reads one file. It belongs to the recording from then on. */
static gboolean
read_part (Opener      *self,
           int          fd,
           const char  *path,
           GError     **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  InionFifPart *part = g_new0 (InionFifPart, 1);
  gint64 size;
  struct stat st;
  guint8 magic[2];
  gsize n = 0;
  int errsv = 0;
  gboolean cut = FALSE;

  g_ptr_array_add (self->parts, part);
  part->path = g_strdup (path);
  part->index = inion_binary_recording_take_file (self->recording, fd, path);
  if (fstat (fd, &st) != 0 || !_inion_pread (fd, magic, 2, 0, &n, &errsv))
    return inion_set_error (error, INION_ERROR_IO, "Could not read “%s”.", name);
  size = (gint64) st.st_size;
  if (n == 2 && magic[0] == 0x1f && magic[1] == 0x8b)
    {
      fd = _inion_gunzip_to_scratch (fd, size, self->job, &size, &cut, error);
      if (fd < 0)
        return FALSE;
      part->index = inion_binary_recording_take_file (self->recording, fd, NULL);
    }
  if (cut)
    inion_edf_faults_add (self->faults, "gzip", (gint64) st.st_size, "gzip",
                          "The packed file is cut or damaged; it was unpacked to byte "
                          "%" G_GINT64_FORMAT ".", size);
  part->fd = fd;
  part->file = _inion_fif_file_read (fd, size, name, self->faults, self->job, error);
  return part->file != NULL;
}

/* Where a split recording goes on: as the file says, or if it was given another name, as files are
 * numbered. */
static char *
find_next (const InionFifPart *part)
{
  g_autofree char *folder = g_path_get_dirname (part->path);
  g_autofree char *own = g_path_get_basename (part->path);
  g_autofree char *path = NULL;
  char *end;

  if (part->file->next_name != NULL)
    {
      path = g_build_filename (folder, part->file->next_name, NULL);
      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&path);
    }
  end = strstr (own, ".fif");
  if (end == NULL || part->file->next_number < 1)
    return NULL;
  *end = '\0';
  if (part->file->next_number > 1)
    {
      end = strrchr (own, '-');
      if (end != NULL)
        *end = '\0';
    }
  g_free (path);
  path = g_strdup_printf ("%s/%s-%d.fif", folder, own, part->file->next_number);
  return g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer (&path) : NULL;
}

static gboolean
has_part (Opener     *self,
          const char *path)
{
  for (guint i = 0; i < self->parts->len; i++)
    if (strcmp (((InionFifPart *) self->parts->pdata[i])->path, path) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
fits (const InionFifFile *a,
      const InionFifFile *b)
{
  if (a->rate != b->rate || a->channels->len != b->channels->len)
    return FALSE;
  for (guint i = 0; i < a->channels->len; i++)
    {
      const InionFifChannel *x = &g_array_index (a->channels, InionFifChannel, i);
      const InionFifChannel *y = &g_array_index (b->channels, InionFifChannel, i);

      if (strcmp (x->name, y->name) != 0 || x->range * x->cal != y->range * y->cal)
        return FALSE;
    }
  return TRUE;
}

/* Opens the next file of a split recording. FALSE: it is not there, or does not fit. */
static gboolean
read_next_part (Opener     *self,
                const char *path)
{
  const InionFifPart *first = self->parts->pdata[0];
  g_autoptr (GError) error = NULL;
  gint64 size;
  int fd = _inion_recording_open_file (path, &size, &error);

  if (fd >= 0 && read_part (self, fd, path, &error) &&
      fits (first->file, ((InionFifPart *) self->parts->pdata[self->parts->len - 1])->file))
    return TRUE;
  if (fd >= 0)
    g_ptr_array_set_size (self->parts, (int) self->parts->len - 1);
  inion_edf_faults_add (self->faults, "next", -1, "split file",
                        "The recording goes on in “%s”, but %s; it ends here.", path,
                        error != NULL ? error->message : "its channels are others");
  return FALSE;
}

static GPtrArray *
read_all (Opener      *self,
          int          fd,
          const char  *path,
          GError     **error)
{
  const InionFifPart *part;
  gboolean on = TRUE;

  if (!read_part (self, fd, path, error))
    return NULL;
  part = self->parts->pdata[0];
  if (part->file->is_later_part)
    inion_edf_faults_add (self->faults, "later", -1, "split file",
                          "This is a later file of a split recording. Open its first file to see "
                          "all of it.");
  while (on && (part->file->next_name != NULL || part->file->next_number > 0))
    {
      g_autofree char *next = find_next (part);

      if (!inion_job_check (self->job, error))
        return NULL;
      if (next == NULL)
        inion_edf_faults_add (self->faults, "next", -1, "split file",
                              "The recording goes on in “%s”, which is not in the same folder; it "
                              "ends here.",
                              part->file->next_name != NULL ? part->file->next_name
                                                            : "another file");
      on = next != NULL && self->parts->len < MAX_PARTS && !has_part (self, next) &&
           read_next_part (self, next);
      part = self->parts->pdata[self->parts->len - 1];
    }
  return g_ptr_array_ref (self->parts);
}

/**
 * _inion_fif_parts_read:
 * @recording: where the files go
 * @fd: (transfer full): the first of them
 * @path: its name; the others are looked for beside it
 * @faults: where what is wrong is added
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Reads everything but samples of a file, and of those in which the recording goes on.
 *
 * Returns: (transfer full) (nullable) (element-type InionFifPart): one file or more, in their
 *   order, or %NULL as _inion_fif_file_read()
 */
GPtrArray *
_inion_fif_parts_read (InionBinaryRecording  *recording,
                       int                    fd,
                       const char            *path,
                       InionEdfFaults        *faults,
                       InionJob              *job,
                       GError               **error)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (free_part);
  Opener opener = { recording, parts, faults, job };

  return read_all (&opener, fd, path, error);
}
