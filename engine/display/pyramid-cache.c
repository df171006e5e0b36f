/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pyramids on disk.
 *
 * A file holds level 0 of every row; the coarser levels are made from it in milliseconds. Layout:
 *
 *   head      magic, version, byte order, the key, then for each group its rows, samples, base and blocks
 *   bins      for each group and row, level 0 as pairs of floats
 *   checksum  of all that
 *
 * Nothing in a file is believed: the head that this pyramid would write is compared with the one
 * that is there, byte by byte, so no size is ever taken from a file, and the checksum must be
 * right. A file that fails is not an error: the pyramid is built again and takes its place. Files
 * are written under another name and renamed, so a half-written one is never found.
 *
 * The folder is kept below a size by removing the files that were used longest ago; reading a file
 * sets its time. */

#define G_LOG_DOMAIN "inion-display"

#include "config.h"

#include "display/pyramid-private.h"

#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "INIONPYR"
#define VERSION 2
#define BYTE_ORDER_MARK 0x01020304u
#define PIECE_BYTES (1u << 20)
#define STALE_S (24 * 60 * 60)
#define ENDING ".pyr"
#define TEMPORARY ".tmp-"

static void
update_checksum (guint64      *sum,
                 gconstpointer data,
                 gsize         n_bytes)
{
  const guint8 *bytes = data;
  guint64 h = *sum;

  /* Each step is a bijection of h for given data: a change of one word is never lost. */
  for (gsize i = 0; i + 8 <= n_bytes; i += 8)
    {
      guint64 word;

      memcpy (&word, bytes + i, 8);
      h ^= word * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      h = (h << 27 | h >> 37) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
    }
  *sum = h;
}

static void
append (GByteArray    *head,
        gconstpointer  data,
        guint          n)
{
  g_byte_array_append (head, data, n);
}

/* A multiple of 8 bytes. */
static GByteArray *
make_head (InionPyramid *self,
           const char   *key)
{
  GByteArray *head = g_byte_array_new ();
  guint32 words[2] = { VERSION, BYTE_ORDER_MARK };
  char fixed[64] = { 0 };
  gint64 n_groups = self->n_groups;

  strncpy (fixed, key, sizeof (fixed) - 1);
  append (head, MAGIC, 8);
  append (head, words, sizeof (words));
  append (head, fixed, sizeof (fixed));
  append (head, &n_groups, sizeof (n_groups));
  for (guint g = 0; g < self->n_groups; g++)
    {
      const InionPyramidGroup *group = &self->groups[g];
      gint64 sizes[6] = { group->group->n_rows, group->group->n_samples, group->shift[0],
                          (gint64) group->n_bins[0], group->block_shift,
                          (gint64) group->n_blocks };

      append (head, sizes, sizeof (sizes));
      append (head, group->blocks, (guint) (group->n_blocks * sizeof *group->blocks));
    }
  return head;
}

/**
 * _inion_pyramid_dup_cache_path:
 * @self: a pyramid with a cache
 * @key: the key of its signal
 *
 * Returns: (transfer full): where the pyramid is kept
 */
char *
_inion_pyramid_dup_cache_path (InionPyramid *self,
                               const char   *key)
{
  g_autofree char *name = g_strconcat (key, ENDING, NULL);

  return g_build_filename (self->cache_dir, name, NULL);
}

static gboolean
read_fully (int      fd,
            gpointer data,
            gsize    n)
{
  guint8 *to = data;

  while (n > 0)
    {
      gssize got = read (fd, to, n);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        return FALSE;
      to += got;
      n -= (gsize) got;
    }
  return TRUE;
}

static gboolean
write_fully (int            fd,
             gconstpointer  data,
             gsize          n,
             const char    *path,
             GError       **error)
{
  const guint8 *from = data;

  while (n > 0)
    {
      gssize put = write (fd, from, n);

      if (put < 0 && errno == EINTR)
        continue;
      if (put < 0)
        return inion_set_error_errno (error, errno, "Could not write", path);
      from += put;
      n -= (gsize) put;
    }
  return TRUE;
}

/* Calls for each piece of level 0, in the order of the file. */
typedef gboolean (*PieceFunc) (gpointer bins, gsize n_bytes, gpointer data);

static gboolean
for_each_piece (InionPyramid *self,
                PieceFunc     func,
                gpointer      data,
                InionJob     *job)
{
  for (guint g = 0; g < self->n_groups; g++)
    for (guint row = 0; row < self->groups[g].group->n_rows; row++)
      {
        guint8 *bins = (guint8 *) _inion_pyramid_group_level (&self->groups[g], row, 0);
        gsize n_bytes = self->groups[g].n_bins[0] * sizeof (InionMinMax);

        for (gsize at = 0; at < n_bytes; at += PIECE_BYTES)
          if (!inion_job_check (job, NULL) ||
              !func (bins + at, MIN (PIECE_BYTES, n_bytes - at), data))
            return FALSE;
      }
  return TRUE;
}

typedef struct
{
  int fd;
  guint64 sum;
  const char *path;
  GError **error;
} Stream;

static gboolean
read_piece (gpointer bins,
            gsize    n_bytes,
            gpointer data)
{
  Stream *stream = data;

  if (!read_fully (stream->fd, bins, n_bytes))
    return FALSE;
  update_checksum (&stream->sum, bins, n_bytes);
  return TRUE;
}

static gboolean
write_piece (gpointer bins,
             gsize    n_bytes,
             gpointer data)
{
  Stream *stream = data;

  update_checksum (&stream->sum, bins, n_bytes);
  return write_fully (stream->fd, bins, n_bytes, stream->path, stream->error);
}

static gboolean
read_file (InionPyramid *self,
           const char   *key,
           int           fd,
           InionJob     *job)
{
  g_autoptr (GByteArray) head = make_head (self, key);
  g_autofree guint8 *found = g_malloc (head->len);
  Stream stream = { .fd = fd };
  guint64 sum;
  guint8 beyond;

  if (!read_fully (fd, found, head->len) || memcmp (found, head->data, head->len) != 0)
    return FALSE;
  update_checksum (&stream.sum, head->data, head->len);
  return for_each_piece (self, read_piece, &stream, job) &&
         read_fully (fd, &sum, sizeof (sum)) && sum == stream.sum &&
         read (fd, &beyond, 1) == 0;
}

/* All blocks, or none if a builder has begun. */
static gboolean
claim_all (InionPyramid *self)
{
  gboolean free_for_us = TRUE;

  g_mutex_lock (&self->lock);
  for (guint g = 0; g < self->n_groups; g++)
    for (gsize b = 0; b < self->groups[g].n_blocks; b++)
      free_for_us = free_for_us &&
                    g_atomic_int_get (&self->groups[g].states[b]) == INION_BLOCK_MISSING;
  for (guint g = 0; free_for_us && g < self->n_groups; g++)
    for (gsize b = 0; b < self->groups[g].n_blocks; b++)
      g_atomic_int_set (&self->groups[g].states[b], INION_BLOCK_CLAIMED);
  g_mutex_unlock (&self->lock);
  return free_for_us;
}

static void
settle_all (InionPyramid *self,
            gboolean      loaded)
{
  for (guint g = 0; g < self->n_groups; g++)
    for (gsize b = 0; b < self->groups[g].n_blocks; b++)
      {
        if (loaded)
          {
            _inion_pyramid_group_raise_block (&self->groups[g], b);
            _inion_pyramid_publish_block (self, &self->groups[g], b);
          }
        else
          {
            g_atomic_int_set (&self->groups[g].states[b], INION_BLOCK_MISSING);
          }
      }
}

/**
 * _inion_pyramid_load:
 * @self: a pyramid with a cache
 * @key: the key of its signal
 * @job: (nullable): checked while reading
 *
 * Fills the pyramid from its file, if there is a good one and building has not begun.
 *
 * Returns: whether the pyramid is now complete
 */
gboolean
_inion_pyramid_load (InionPyramid *self,
                     const char   *key,
                     InionJob     *job)
{
  g_autofree char *path = _inion_pyramid_dup_cache_path (self, key);
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean loaded;

  if (fd < 0)
    return FALSE;
  if (!claim_all (self))
    {
      g_close (fd, NULL);
      return FALSE;
    }
  loaded = read_file (self, key, fd, job);
  if (loaded)
    (void) futimens (fd, NULL);
  g_close (fd, NULL);
  settle_all (self, loaded);
  if (!loaded)
    g_debug ("%s is not what it should be; it will be made again.", path);
  return loaded;
}

static gboolean
write_file (InionPyramid  *self,
            const char    *key,
            int            fd,
            const char    *path,
            InionJob      *job,
            GError       **error)
{
  g_autoptr (GByteArray) head = make_head (self, key);
  Stream stream = { .fd = fd, .path = path, .error = error };

  update_checksum (&stream.sum, head->data, head->len);
  if (!write_fully (fd, head->data, head->len, path, error))
    return FALSE;
  if (!for_each_piece (self, write_piece, &stream, job))
    {
      if (error != NULL && *error == NULL)
        inion_job_check (job, error);
      return FALSE;
    }
  return write_fully (fd, &stream.sum, sizeof (stream.sum), path, error);
}

/**
 * _inion_pyramid_save:
 * @self: a complete pyramid with a cache
 * @key: the key of its signal
 * @job: (nullable): checked while writing
 * @error: return location
 *
 * Keeps the pyramid on disk.
 *
 * Returns: %FALSE if it could not be written; no file is left then
 */
gboolean
_inion_pyramid_save (InionPyramid  *self,
                     const char    *key,
                     InionJob      *job,
                     GError       **error)
{
  g_autofree char *path = _inion_pyramid_dup_cache_path (self, key);
  g_autofree char *temporary = g_strconcat (path, TEMPORARY "XXXXXX", NULL);
  gboolean ok;
  int fd;

  if (g_mkdir_with_parents (self->cache_dir, 0700) != 0)
    return inion_set_error_errno (error, errno, "Could not create", self->cache_dir);
  fd = g_mkstemp (temporary);
  if (fd < 0)
    return inion_set_error_errno (error, errno, "Could not create", temporary);
  ok = write_file (self, key, fd, temporary, job, error);
  ok = g_close (fd, ok ? error : NULL) && ok;
  if (ok && g_rename (temporary, path) != 0)
    ok = inion_set_error_errno (error, errno, "Could not rename", temporary);
  if (!ok)
    g_unlink (temporary);
  return ok;
}

typedef struct
{
  char *path;
  guint64 n_bytes;
  gint64 used_ns;
} Kept;

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  g_clear_pointer (&kept->path, g_free);
  g_free (kept);
}

static int
compare_newest_first (gconstpointer a,
                      gconstpointer b)
{
  const Kept *x = *(Kept *const *) a;
  const Kept *y = *(Kept *const *) b;

  return (y->used_ns > x->used_ns) - (y->used_ns < x->used_ns);
}

/* The pyramids of a folder; temporary files that a crash left are removed on the way. */
static GPtrArray *
list_kept (const char *directory)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (kept_free);
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      struct stat info;
      Kept *kept;

      if (strstr (name, ENDING) == NULL || lstat (path, &info) != 0 || !S_ISREG (info.st_mode))
        continue;
      if (strstr (name, ENDING TEMPORARY) != NULL)
        {
          if (info.st_mtim.tv_sec < g_get_real_time () / G_USEC_PER_SEC - STALE_S)
            g_unlink (path);
          continue;
        }
      kept = g_new0 (Kept, 1);
      kept->path = g_steal_pointer (&path);
      kept->n_bytes = (guint64) info.st_size;
      kept->used_ns = (gint64) info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
      g_ptr_array_add (files, kept);
    }
  return files;
}

/**
 * _inion_pyramid_trim_cache:
 * @directory: a folder of pyramids
 * @max_bytes: how much it may hold
 *
 * Removes the pyramids that were used longest ago until the rest is within the bound.
 */
void
_inion_pyramid_trim_cache (const char *directory,
                           guint64     max_bytes)
{
  g_autoptr (GPtrArray) files = list_kept (directory);
  guint64 total = 0;

  g_ptr_array_sort (files, compare_newest_first);
  for (guint i = 0; i < files->len; i++)
    {
      const Kept *kept = g_ptr_array_index (files, i);

      total += kept->n_bytes;
      if (total > max_bytes)
        g_unlink (kept->path);
    }
}
