/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tags of a FIF file, one behind the other.
 *
 * A tag is four numbers of 32 bits, most significant byte first (kind, type, bytes, where the next
 * one is) and its value. Next is 0: right behind; -1: there is none; else the byte in the file. A
 * file may have a directory of its tags, but programs that append do not always renew it; so it is
 * not used, and tags are followed from the first one on.
 *
 * A next one that lies before could close a circle. Every circle has such a step, so each of them
 * is remembered and taken once. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/fif-tags.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/recording-private.h"
#include "recording/edf-text.h"
#include "recording/sample-layout.h"

#include <math.h>
#include <string.h>

#define HEAD_BYTES 16
#define WINDOW_BYTES 4096
#define MAX_VALUE_BYTES (64 * 1024 * 1024)
#define MAX_BACK_STEPS 1000

struct _InionFifTags
{
  int fd;
  gint64 file_bytes;
  InionEdfFaults *faults; /* borrowed */
  gint64 at;              /* of the next tag; -1: there is none */
  GHashTable *back_steps; /* where steps back led */

  /* What was read last. */
  guint8 window[WINDOW_BYTES];
  gint64 window_at;
  gsize window_bytes;
};

/**
 * _inion_fif_tags_new:
 * @fd: an open file, borrowed
 * @file_bytes: its size
 * @faults: where what is wrong is added, borrowed
 *
 * Returns: (transfer full): its tags, from the first on
 */
InionFifTags *
_inion_fif_tags_new (int             fd,
                     gint64          file_bytes,
                     InionEdfFaults *faults)
{
  InionFifTags *self = g_new0 (InionFifTags, 1);

  self->fd = fd;
  self->file_bytes = file_bytes;
  self->faults = faults;
  self->back_steps = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return self;
}

void
_inion_fif_tags_free (InionFifTags *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->back_steps);
  g_free (self);
}

static gboolean
read_bytes (InionFifTags  *self,
            gint64         at,
            guint8        *out,
            gsize          n,
            GError       **error)
{
  gsize got = 0;
  int errsv = 0;

  if (n <= WINDOW_BYTES && (at < self->window_at ||
                            at + (gint64) n > self->window_at + (gint64) self->window_bytes))
    {
      self->window_at = at;
      if (!_inion_pread (self->fd, self->window, WINDOW_BYTES, at, &self->window_bytes, &errsv))
        self->window_bytes = 0;
    }
  if (n <= WINDOW_BYTES && errsv == 0 &&
      at + (gint64) n <= self->window_at + (gint64) self->window_bytes)
    {
      memcpy (out, self->window + (at - self->window_at), n);
      return TRUE;
    }
  if (errsv == 0 && _inion_pread (self->fd, out, n, at, &got, &errsv) && got == n)
    return TRUE;
  return inion_set_error (error, INION_ERROR_IO, "Could not read %" G_GSIZE_FORMAT " bytes at byte "
                          "%" G_GINT64_FORMAT ": %s.", n, at,
                          errsv != 0 ? g_strerror (errsv) : "the file became shorter");
}

gint32
_inion_fif_int_at (const guint8 *bytes)
{
  return (gint32) ((guint32) bytes[0] << 24 | (guint32) bytes[1] << 16 | (guint32) bytes[2] << 8 |
                   bytes[3]);
}

double
_inion_fif_float_at (const guint8 *bytes)
{
  double value;

  inion_samples_to_double (bytes, 0, 1, INION_SAMPLE_FLOAT32, TRUE, &value);
  return value;
}

/* Where the tag behind this one is. */
static void
step (InionFifTags      *self,
      const InionFifTag *tag,
      gint32             next)
{
  if (next == 0)
    self->at = tag->data + tag->size;
  else if (next < 0)
    self->at = -1;
  else if (next > tag->at)
    self->at = next;
  else
    {
      gint64 target = next;

      if (g_hash_table_size (self->back_steps) >= MAX_BACK_STEPS ||
          !g_hash_table_add (self->back_steps, g_memdup2 (&target, sizeof target)))
        {
          inion_edf_faults_add (self->faults, "circle", tag->at, "tag",
                                "The next tag is said to be at byte %d, where the reading has been "
                                "before; it ends here.", next);
          target = -1;
        }
      self->at = target;
    }
}

/**
 * _inion_fif_tags_next:
 * @self: tags
 * @tag: (out): the next one. A value that the end of the file cuts is shortened, and this told
 * @error: return location
 *
 * Returns: %FALSE at the last one, or with %INION_ERROR_IO
 */
gboolean
_inion_fif_tags_next (InionFifTags  *self,
                      InionFifTag   *tag,
                      GError       **error)
{
  guint8 head[HEAD_BYTES];
  gint64 size;

  if (self->at < 0 || self->at == self->file_bytes)
    return FALSE;
  if (self->at > self->file_bytes - HEAD_BYTES)
    {
      inion_edf_faults_add (self->faults, "cut", self->at, "tag",
                            "The file breaks off here: a tag was to follow, and it is not there.");
      self->at = -1;
      return FALSE;
    }
  if (!read_bytes (self, self->at, head, HEAD_BYTES, error))
    return FALSE;
  tag->at = self->at;
  tag->data = self->at + HEAD_BYTES;
  tag->kind = _inion_fif_int_at (head);
  tag->type = (guint32) _inion_fif_int_at (head + 4);
  size = _inion_fif_int_at (head + 8);
  if (size < 0)
    {
      inion_edf_faults_add (self->faults, "size", self->at, "tag",
                            "Tag %d is said to be %" G_GINT64_FORMAT " bytes long; what follows "
                            "cannot be found.", tag->kind, size);
      self->at = -1;
      return FALSE;
    }
  tag->size = MIN (size, self->file_bytes - tag->data);
  step (self, tag, _inion_fif_int_at (head + 12));
  if (tag->size < size)
    {
      inion_edf_faults_add (self->faults, "cut", tag->at, "tag",
                            "The file breaks off in tag %d: of %" G_GINT64_FORMAT " bytes there "
                            "are %" G_GINT64_FORMAT ".", tag->kind, size, tag->size);
      self->at = -1;
    }
  return TRUE;
}

/**
 * _inion_fif_tags_read:
 * @self: tags
 * @tag: one of them
 * @error: return location
 *
 * Returns: (transfer full) (nullable): its value, or %NULL with %INION_ERROR_IO or
 *   %INION_ERROR_TOO_LARGE
 */
GBytes *
_inion_fif_tags_read (InionFifTags       *self,
                      const InionFifTag  *tag,
                      GError            **error)
{
  g_autofree guint8 *bytes = NULL;

  if (tag->size > MAX_VALUE_BYTES)
    {
      inion_set_error (error, INION_ERROR_TOO_LARGE,
                       "Tag %d at byte %" G_GINT64_FORMAT " holds %" G_GINT64_FORMAT " bytes, more "
                       "than any header.", tag->kind, tag->at, tag->size);
      return NULL;
    }
  bytes = inion_try_alloc_array ((gsize) tag->size, 1, "a tag", error);
  if (bytes == NULL || !read_bytes (self, tag->data, bytes, (gsize) tag->size, error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&bytes), (gsize) tag->size);
}

/**
 * _inion_fif_tags_read_int:
 * @self: tags
 * @tag: one of them
 * @value: (out): its first whole number
 *
 * Returns: %FALSE if there is none; @value is 0 then
 */
gboolean
_inion_fif_tags_read_int (InionFifTags      *self,
                          const InionFifTag *tag,
                          gint32            *value)
{
  guint8 bytes[4];

  *value = 0;
  if (tag->size < 4 || !read_bytes (self, tag->data, bytes, sizeof bytes, NULL))
    return FALSE;
  *value = _inion_fif_int_at (bytes);
  return TRUE;
}

static gboolean
get_number_type (const InionFifTag *tag,
                 InionSampleType   *type)
{
  switch (tag->type)
    {
    case INION_FIF_SHORT:
      *type = INION_SAMPLE_INT16;
      return TRUE;
    case INION_FIF_INT:
      *type = INION_SAMPLE_INT32;
      return TRUE;
    case INION_FIF_FLOAT:
      *type = INION_SAMPLE_FLOAT32;
      return TRUE;
    case INION_FIF_DOUBLE:
      *type = INION_SAMPLE_FLOAT64;
      return TRUE;
    default:
      return FALSE;
    }
}

/**
 * _inion_fif_tags_read_number:
 * @self: tags
 * @tag: one of them
 * @value: (out): its first number, of any type
 *
 * Returns: %FALSE if there is none; @value is NaN then
 */
gboolean
_inion_fif_tags_read_number (InionFifTags      *self,
                             const InionFifTag *tag,
                             double            *value)
{
  InionSampleType type;
  guint8 bytes[8];

  *value = NAN;
  if (!get_number_type (tag, &type) || tag->size < (gint64) inion_sample_type_get_size (type) ||
      !read_bytes (self, tag->data, bytes, inion_sample_type_get_size (type), NULL))
    return FALSE;
  inion_samples_to_double (bytes, 0, 1, type, TRUE, value);
  return TRUE;
}

/**
 * _inion_fif_tags_read_text:
 * @self: tags
 * @tag: one of them
 * @error: return location
 *
 * Returns: (transfer full) (nullable): its text, UTF-8; %NULL as _inion_fif_tags_read()
 */
char *
_inion_fif_tags_read_text (InionFifTags       *self,
                           const InionFifTag  *tag,
                           GError            **error)
{
  g_autoptr (GBytes) bytes = _inion_fif_tags_read (self, tag, error);
  const guint8 *text;
  guint oddities = 0;
  gsize n;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &n);
  while (n > 0 && text[n - 1] == '\0')
    n--;
  return g_strstrip (inion_edf_decode_dup (text, n, &oddities));
}

/**
 * _inion_fif_tags_take_text:
 * @self: a file
 * @tag: a tag
 * @place: (inout): %NULL, or a text that is kept
 * @error: return location
 *
 * Reads a text where there is none yet.
 *
 * Returns: %FALSE as _inion_fif_tags_read_text()
 */
gboolean
_inion_fif_tags_take_text (InionFifTags       *self,
                           const InionFifTag  *tag,
                           char              **place,
                           GError            **error)
{
  char *text = _inion_fif_tags_read_text (self, tag, error);

  if (text == NULL)
    return FALSE;
  if (*place == NULL)
    *place = text;
  else
    g_free (text);
  return TRUE;
}

/**
 * _inion_fif_tags_read_numbers:
 * @self: tags
 * @tag: one of them
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type double): its numbers, none if it holds
 *   something else; %NULL as _inion_fif_tags_read()
 */
GArray *
_inion_fif_tags_read_numbers (InionFifTags       *self,
                              const InionFifTag  *tag,
                              GError            **error)
{
  g_autoptr (GBytes) bytes = _inion_fif_tags_read (self, tag, error);
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  InionSampleType type;
  gsize n, size;

  if (bytes == NULL)
    return NULL;
  if (!get_number_type (tag, &type))
    return g_steal_pointer (&values);
  size = inion_sample_type_get_size (type);
  n = g_bytes_get_size (bytes) / size;
  g_array_set_size (values, (guint) n);
  if (n > 0)
    inion_samples_to_double (g_bytes_get_data (bytes, NULL), (gint64) size, n, type, TRUE,
                             (double *) (gpointer) values->data);
  return g_steal_pointer (&values);
}
