/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a FIF file says of a continuous recording, and where its samples are.
 *
 * Tags stand in blocks in blocks. What a tag means depends on the block right around it: the
 * history of a file that was processed, for example, repeats tags of the measurement. Of the
 * measurement and of its continuous data, the first block counts.
 *
 * A skip counts buffers. All buffers but the last are of one size, so the one before the skip tells
 * how long it is, or the one behind if the recording begins with it. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/fif-file.h"

#include "core/error.h"
#include "recording/fif-marks.h"
#include "recording/fif-private.h"

#include <math.h>
#include <string.h>

#define MAX_DEPTH 64

/* Kinds of tags. */
enum
{
  BLOCK_ID = 103,
  BLOCK_START = 104,
  BLOCK_END = 105,
  REF_ROLE = 115,
  REF_NUMBER = 117,
  REF_NAME = 118,
  N_CHANNELS = 200,
  RATE = 201,
  CHANNEL_INFO = 203,
  DATE = 204,
  COMMENT = 206,
  FIRST_SAMPLE = 208,
  LOWPASS = 219,
  HIGHPASS = 223,
  NAME = 233,
  CHANNEL_NAME = 258,
  DATA_BUFFER = 300,
  DATA_SKIP = 301,
  DATA_SKIP_SAMPLES = 303,
  SUBJECT_FIRST = 401,
  SUBJECT_MIDDLE = 402,
  SUBJECT_LAST = 403,
  SUBJECT_HIS_ID = 410,
  NAME_LIST = 3507,
  PROJECTION_ACTIVE = 3560,
};

/* Kinds of blocks. */
enum
{
  IN_MEASUREMENT = 100,
  IN_INFO = 101,
  IN_RAW = 102,
  IN_EVOKED = 104,
  IN_SUBJECT = 106,
  IN_CONTINUOUS = 112,
  IN_CHANNEL = 113,
  IN_REF = 118,
  IN_SHIELDED = 119,
  IN_PROJECTION = 314,
  IN_BADS = 359,
  IN_EPOCHS = 373,
  IN_ANNOTATIONS = 3810,
};

typedef struct
{
  InionFifFile *file;
  InionFifTags *tags;
  InionEdfFaults *faults;
  const char *name;

  gint32 blocks[MAX_DEPTH];
  guint depth;
  guint n_infos, n_raws; /* how many such blocks began */
  guint n_extra;         /* blocks of one channel each */
  gboolean has_evoked, has_epochs;
  gint32 n_channels;
  gint64 n_channels_at; /* byte where it is said */
  gint64 end;           /* byte behind the last tag */

  gint32 role;
  gint64 skip, skip_samples;

  InionFifMarks marks;
} Parser;

static void
clear_channel (gpointer data)
{
  InionFifChannel *channel = data;

  g_free (channel->short_name);
  g_free (channel->name);
}

static void
clear_annotation (gpointer data)
{
  InionFifAnnotation *annotation = data;

  g_free (annotation->text);
  g_free (annotation->channels);
}

static void
clear_projection (gpointer data)
{
  g_free (((InionFifProjection *) data)->name);
}

static InionFifFile *
file_new (void)
{
  InionFifFile *self = g_new0 (InionFifFile, 1);

  self->channels = g_array_new (FALSE, TRUE, sizeof (InionFifChannel));
  g_array_set_clear_func (self->channels, clear_channel);
  self->buffers = g_array_new (FALSE, TRUE, sizeof (InionFifBuffer));
  self->annotations = g_array_new (FALSE, TRUE, sizeof (InionFifAnnotation));
  g_array_set_clear_func (self->annotations, clear_annotation);
  self->projections = g_array_new (FALSE, TRUE, sizeof (InionFifProjection));
  g_array_set_clear_func (self->projections, clear_projection);
  self->rate = NAN;
  self->lowpass = NAN;
  self->highpass = NAN;
  self->annotation_origin = NAN;
  return self;
}

void
_inion_fif_file_free (InionFifFile *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->channels);
  g_array_unref (self->buffers);
  g_array_unref (self->annotations);
  g_array_unref (self->projections);
  g_free (self->description);
  g_free (self->patient);
  g_free (self->bads);
  g_free (self->next_name);
  g_free (self);
}

static gint32
get_block (const Parser *self)
{
  return self->depth > 0 ? self->blocks[self->depth - 1] : 0;
}

static gboolean
is_raw (gint32 block)
{
  return block == IN_RAW || block == IN_CONTINUOUS || block == IN_SHIELDED;
}

static gboolean
read_two_ints (Parser            *self,
               const InionFifTag *tag,
               gint64             skip,
               gint64            *first,
               gint64            *second)
{
  InionFifTag part = *tag;
  gint32 a, b;

  part.data += skip;
  part.size -= skip;
  if (!_inion_fif_tags_read_int (self->tags, &part, &a))
    return FALSE;
  part.data += 4;
  part.size -= 4;
  if (!_inion_fif_tags_read_int (self->tags, &part, &b))
    return FALSE;
  *first = a;
  *second = b;
  return TRUE;
}

static gboolean
read_info (Parser             *self,
           const InionFifTag  *tag,
           GError            **error)
{
  InionFifFile *file = self->file;

  if (self->n_infos > 1)
    return TRUE;
  switch (tag->kind)
    {
    case N_CHANNELS:
      self->n_channels_at = tag->at;
      _inion_fif_tags_read_int (self->tags, tag, &self->n_channels);
      return TRUE;
    case RATE:
      file->rate_at = tag->at;
      _inion_fif_tags_read_number (self->tags, tag, &file->rate);
      return TRUE;
    case LOWPASS:
      _inion_fif_tags_read_number (self->tags, tag, &file->lowpass);
      return TRUE;
    case HIGHPASS:
      _inion_fif_tags_read_number (self->tags, tag, &file->highpass);
      return TRUE;
    case DATE:
      if (read_two_ints (self, tag, 0, &file->date_s, &file->date_us))
        {
          file->has_date = TRUE;
          file->date_is_id = FALSE;
        }
      return TRUE;
    case COMMENT:
      return _inion_fif_tags_take_text (self->tags, tag, &file->description, error);
    case CHANNEL_INFO:
      return _inion_fif_channels_read (file, self->tags, tag, self->faults, error);
    default:
      return TRUE;
    }
}

static gboolean
read_subject (Parser             *self,
              const InionFifTag  *tag,
              GError            **error)
{
  g_autofree char *old = NULL;
  g_autofree char *text = NULL;

  if (tag->type != INION_FIF_STRING ||
      (tag->kind != SUBJECT_FIRST && tag->kind != SUBJECT_MIDDLE && tag->kind != SUBJECT_LAST &&
       tag->kind != SUBJECT_HIS_ID))
    return TRUE;
  text = _inion_fif_tags_read_text (self->tags, tag, error);
  if (text == NULL)
    return FALSE;
  if (*text == '\0')
    return TRUE;
  old = g_steal_pointer (&self->file->patient);
  self->file->patient = old == NULL ? g_steal_pointer (&text)
                                    : g_strdup_printf ("%s %s", old, text);
  return TRUE;
}

static void
read_skip (Parser            *self,
           const InionFifTag *tag,
           gint64            *sum)
{
  gint32 skip;

  if (!_inion_fif_tags_read_int (self->tags, tag, &skip) || skip < 0)
    inion_edf_faults_add (self->faults, "skip", tag->at, "skip",
                          "How much is missing here cannot be read (%d); nothing was assumed to "
                          "be.", skip);
  else
    *sum += skip;
}

static void
read_raw (Parser            *self,
          const InionFifTag *tag)
{
  InionFifBuffer buffer = {
    tag->type, tag->data, tag->size, self->skip, self->skip_samples,
  };
  gint32 first;

  if (self->n_raws > 1)
    return;
  switch (tag->kind)
    {
    case FIRST_SAMPLE:
      if (self->file->buffers->len == 0 && _inion_fif_tags_read_int (self->tags, tag, &first))
        self->file->first_sample = first;
      return;
    case DATA_SKIP:
      read_skip (self, tag, &self->skip);
      return;
    case DATA_SKIP_SAMPLES:
      read_skip (self, tag, &self->skip_samples);
      return;
    case DATA_BUFFER:
      g_array_append_val (self->file->buffers, buffer);
      self->skip = 0;
      self->skip_samples = 0;
      return;
    default:
      return;
    }
}

static gboolean
read_ref (Parser             *self,
          const InionFifTag  *tag,
          GError            **error)
{
  g_autofree char *name = NULL;

  switch (tag->kind)
    {
    case REF_ROLE:
      _inion_fif_tags_read_int (self->tags, tag, &self->role);
      self->file->is_later_part |= self->role == 1;
      return TRUE;
    case REF_NUMBER:
      if (self->role == 2)
        _inion_fif_tags_read_int (self->tags, tag, &self->file->next_number);
      return TRUE;
    case REF_NAME:
      if (self->role != 2)
        return TRUE;
      name = _inion_fif_tags_read_text (self->tags, tag, error);
      if (name == NULL)
        return FALSE;
      g_free (self->file->next_name);
      self->file->next_name = g_path_get_basename (name);
      return TRUE;
    default:
      return TRUE;
    }
}

static gboolean
read_projection (Parser             *self,
                 const InionFifTag  *tag,
                 GError            **error)
{
  InionFifProjection *projection;
  gint32 active;

  if (self->n_infos > 1)
    return TRUE;
  projection = &g_array_index (self->file->projections, InionFifProjection,
                               self->file->projections->len - 1);
  switch (tag->kind)
    {
    case COMMENT:
    case NAME:
      return _inion_fif_tags_take_text (self->tags, tag, &projection->name, error);
    case PROJECTION_ACTIVE:
      projection->active = _inion_fif_tags_read_int (self->tags, tag, &active) && active != 0;
      return TRUE;
    default:
      return TRUE;
    }
}

static gboolean
start_block (Parser             *self,
             const InionFifTag  *tag,
             GError            **error)
{
  gint32 block;

  if (self->depth == MAX_DEPTH)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s”: at byte %" G_GINT64_FORMAT " blocks stand in each other more "
                            "than %d deep.", self->name, tag->at, MAX_DEPTH);
  _inion_fif_tags_read_int (self->tags, tag, &block);
  self->blocks[self->depth++] = block;
  self->n_infos += block == IN_INFO;
  self->n_raws += is_raw (block) && (self->n_raws == 0 || self->file->buffers->len > 0);
  if (is_raw (block) && self->n_raws == 2)
    inion_edf_faults_add (self->faults, "second", tag->at, "raw data",
                          "A second block of continuous data begins here; only the first is "
                          "shown.");
  self->n_extra += block == IN_CHANNEL && self->n_infos == 1;
  if (block == IN_PROJECTION && self->n_infos <= 1)
    g_array_set_size (self->file->projections, self->file->projections->len + 1);
  self->file->shielded |= block == IN_SHIELDED;
  self->has_evoked |= block == IN_EVOKED;
  self->has_epochs |= block == IN_EPOCHS;
  self->role = 0;
  return TRUE;
}

static void
end_block (Parser            *self,
           const InionFifTag *tag)
{
  if (get_block (self) == IN_ANNOTATIONS)
    _inion_fif_marks_finish (&self->marks, self->file, self->faults);
  if (self->depth > 0)
    self->depth--;
  else
    inion_edf_faults_add (self->faults, "end", tag->at, "block",
                          "A block ends here that did not begin.");
}

static gboolean
read_tag (Parser             *self,
          const InionFifTag  *tag,
          GError            **error)
{
  if (tag->kind == BLOCK_START)
    return start_block (self, tag, error);
  if (tag->kind == BLOCK_END)
    {
      end_block (self, tag);
      return TRUE;
    }
  switch (get_block (self))
    {
    case IN_MEASUREMENT:
      if (tag->kind == BLOCK_ID && !self->file->has_date &&
          read_two_ints (self, tag, 12, &self->file->date_s, &self->file->date_us))
        {
          self->file->has_date = self->file->date_s > 0;
          self->file->date_is_id = TRUE;
        }
      return TRUE;
    case IN_INFO:
      return read_info (self, tag, error);
    case IN_CHANNEL:
      return self->n_infos != 1 || tag->kind != CHANNEL_NAME ||
             _inion_fif_channels_read_name (self->file, self->tags, tag, self->n_extra, error);
    case IN_SUBJECT:
      return read_subject (self, tag, error);
    case IN_BADS:
      return tag->kind != NAME_LIST ||
             _inion_fif_tags_take_text (self->tags, tag, &self->file->bads, error);
    case IN_PROJECTION:
      return read_projection (self, tag, error);
    case IN_REF:
      return read_ref (self, tag, error);
    case IN_ANNOTATIONS:
      return _inion_fif_marks_read (&self->marks, self->tags, tag, self->file, error);
    case IN_RAW:
    case IN_CONTINUOUS:
    case IN_SHIELDED:
      read_raw (self, tag);
      return TRUE;
    default:
      return TRUE;
    }
}

static gboolean
check (Parser  *self,
       GError **error)
{
  InionFifFile *file = self->file;
  guint n = file->channels->len;

  if (file->buffers->len == 0)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "“%s”, read to byte %" G_GINT64_FORMAT ", holds no continuous "
                            "recording%s. Open the raw file that it was made from.", self->name,
                            self->end,
                            self->has_epochs ? ", but epochs cut from one"
                            : self->has_evoked ? ", but averages of one" : "");
  if (n == 0)
    return inion_set_error (error, INION_ERROR_FORMAT, "“%s”, byte %" G_GINT64_FORMAT
                            ": no channel is described, but samples stand here.", self->name,
                            g_array_index (file->buffers, InionFifBuffer, 0).data);
  if (self->n_channels == 0)
    inion_edf_faults_add (self->faults, "count", -1, "channels",
                          "The number of channels is missing; the %u described are taken.", n);
  else if (self->n_channels < 0 || (guint) self->n_channels != n)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s”, byte %" G_GINT64_FORMAT ": it is said to have %d channels, but "
                            "describes %u: its samples cannot be told apart.", self->name,
                            self->n_channels_at, self->n_channels, n);
  _inion_fif_channels_sort (file);
  return TRUE;
}

static gboolean
read_tags (Parser    *self,
           gint64     file_bytes,
           InionJob  *job,
           GError   **error)
{
  GError *local = NULL;
  InionFifTag tag;

  for (guint i = 0; _inion_fif_tags_next (self->tags, &tag, &local); i++)
    {
      if (i % 256 == 0 && job != NULL)
        {
          if (!inion_job_check (job, error))
            return FALSE;
          inion_job_report (job, 0.3 + 0.2 * (double) tag.at / (double) file_bytes, "Reading");
        }
      self->end = tag.data + tag.size;
      if (!read_tag (self, &tag, error))
        return FALSE;
    }
  if (local != NULL)
    {
      g_propagate_error (error, local);
      return FALSE;
    }
  _inion_fif_marks_finish (&self->marks, self->file, self->faults);
  return TRUE;
}

/**
 * _inion_fif_file_read:
 * @fd: an open file, borrowed
 * @file_bytes: its size
 * @name: its name, for messages
 * @faults: where what is wrong is added
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Reads everything but samples.
 *
 * Returns: (transfer full) (nullable): what the file says, or %NULL with %INION_ERROR_FORMAT,
 *   %INION_ERROR_UNSUPPORTED, %INION_ERROR_IO, %INION_ERROR_TOO_LARGE or %G_IO_ERROR_CANCELLED
 */
InionFifFile *
_inion_fif_file_read (int              fd,
                      gint64           file_bytes,
                      const char      *name,
                      InionEdfFaults  *faults,
                      InionJob        *job,
                      GError         **error)
{
  g_autoptr (InionFifFile) file = file_new ();
  g_autoptr (InionFifTags) tags = _inion_fif_tags_new (fd, file_bytes, faults);
  g_autofree Parser *parser = g_new0 (Parser, 1);
  gboolean ok;

  parser->file = file;
  parser->tags = tags;
  parser->faults = faults;
  parser->name = name;
  ok = read_tags (parser, file_bytes, job, error) && check (parser, error);
  _inion_fif_marks_clear (&parser->marks);
  return ok ? g_steal_pointer (&file) : NULL;
}
