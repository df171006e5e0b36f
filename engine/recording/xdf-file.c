/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chunks of an XDF file: what lies where in it.
 *
 * A file is "XDF:" and chunks, each with its length in front. A recorder that crashed leaves a
 * chunk cut, and may have gone on behind it; then lengths lead nowhere. To find back there are
 * boundary chunks with 16 bytes that occur nowhere else, one every few seconds. So where no chunk
 * can begin, the last one before is taken to be the one that was cut, and reading goes on behind
 * the next boundary.
 *
 * The search begins behind the start of that chunk, which lies behind all that were searched
 * before: however damaged a file is, no byte is searched twice. */

#define _GNU_SOURCE /* memmem */
#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/xdf-file.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/recording-private.h"

#include <math.h>
#include <string.h>

#define MAX_XML (16 * 1024 * 1024)
#define MAX_STREAMS 4096

typedef enum
{
  TAG_FILE_HEADER = 1,
  TAG_STREAM_HEADER = 2,
  TAG_SAMPLES = 3,
  TAG_CLOCK_OFFSET = 4,
  TAG_BOUNDARY = 5,
  TAG_STREAM_FOOTER = 6,
} Tag;

typedef struct
{
  gint64 start;
  gint64 content; /* behind the tag */
  gint64 end;
  guint tag;
} Chunk;

static const guint8 boundary[16] = {
  0x43, 0xa5, 0x46, 0xdc, 0xcb, 0xf5, 0x41, 0x0f, 0xb3, 0x0e, 0xd5, 0x46, 0x73, 0x83, 0xcb, 0xe4,
};

/* Whether a chunk can begin at a byte. */
static gboolean
read_chunk (InionXdfBytes  *bytes,
            gint64          at,
            Chunk          *chunk,
            GError        **error)
{
  const guint8 *tag;
  guint64 length;

  chunk->start = at;
  if (!_inion_xdf_bytes_get_count (bytes, &at, bytes->size, &length, error) || length < 2)
    return FALSE;
  tag = _inion_xdf_bytes_get (bytes, at, 2, error);
  if (tag == NULL)
    return FALSE;
  chunk->tag = (guint) _inion_xdf_get_little (tag, 2);
  chunk->content = at + 2;
  chunk->end = length > (guint64) (bytes->size - at) ? G_MAXINT64 : at + (gint64) length;
  /* Later versions of the format may have more kinds, but no thousands of them. */
  return chunk->tag >= 1 && chunk->tag < 256;
}

/* The next boundary between two bytes. -1: there is none, or with an error it could not be read. */
static gint64
find_boundary (InionXdfBytes  *bytes,
               gint64          at,
               gint64          end,
               InionJob       *job,
               GError        **error)
{
  while (end - at >= (gint64) sizeof boundary)
    {
      gsize n = (gsize) MIN (end - at, INION_XDF_WINDOW);
      const guint8 *window = _inion_xdf_bytes_get (bytes, at, n, error);
      const guint8 *found;

      if (window == NULL || !inion_job_check (job, error))
        return -1;
      found = memmem (window, n, boundary, sizeof boundary);
      if (found != NULL)
        return at + (found - window);
      at += (gint64) (n - sizeof boundary) + 1;
    }
  return -1;
}

static void
free_stream (gpointer data)
{
  InionXdfStreamData *stream = data;

  _inion_xdf_header_free (stream->header);
  g_array_unref (stream->chunks);
  g_array_unref (stream->offsets);
  g_free (stream);
}

char *
_inion_xdf_stream_dup_name (const InionXdfStreamData *self)
{
  return self->header->name != NULL ? g_strdup (self->header->name)
                                    : g_strdup_printf ("stream %u", self->id);
}

/* A copy of an XML text; NULL if it is too long, or with an error. */
static guint8 *
dup_xml (InionXdfFile  *self,
         gint64         at,
         gint64         end,
         GError       **error)
{
  guint8 *xml;
  gsize n = (gsize) (end - at);

  if (end - at > MAX_XML)
    {
      inion_edf_faults_add (self->faults, "xml", at, "XML",
                            "A header of %" G_GSIZE_FORMAT " bytes was left out: none is that "
                            "long.", n);
      return NULL;
    }
  xml = inion_try_new (guint8, n + 1, "a header", error);
  for (gsize done = 0; xml != NULL && done < n;)
    {
      gsize m = MIN (n - done, INION_XDF_WINDOW);
      const guint8 *bytes = _inion_xdf_bytes_get (&self->bytes, at + (gint64) done, m, error);

      if (bytes == NULL)
        g_clear_pointer (&xml, g_free);
      else
        memcpy (xml + done, bytes, m);
      done += m;
    }
  return xml;
}

static void
add_stream (InionXdfFile   *self,
            guint32         id,
            gint64          at,
            InionXdfHeader *header)
{
  InionXdfStreamData *stream = g_new0 (InionXdfStreamData, 1);

  stream->id = id;
  stream->at = at;
  stream->header = header;
  stream->chunks = g_array_new (FALSE, FALSE, sizeof (InionXdfChunk));
  stream->offsets = g_array_new (FALSE, FALSE, sizeof (InionXdfOffset));
  stream->last_time = NAN;
  g_ptr_array_add (self->streams, stream);
  g_hash_table_insert (self->by_id, GUINT_TO_POINTER (id), stream);
}

static gboolean
take_stream_header (InionXdfFile  *self,
                    const Chunk   *chunk,
                    guint32        id,
                    GError       **error)
{
  g_autofree guint8 *xml = NULL;
  g_autoptr (GError) reason = NULL;
  g_autoptr (InionXdfHeader) header = NULL;
  g_autofree char *place = g_strdup_printf ("header of stream %u", id);
  gint64 at = chunk->content + 4;

  if (g_hash_table_contains (self->by_id, GUINT_TO_POINTER (id)) ||
      self->streams->len == MAX_STREAMS)
    {
      inion_edf_faults_add (self->faults, "twice", chunk->start, place,
                            "The stream has a header already; this one was left out.");
      return TRUE;
    }
  xml = dup_xml (self, at, chunk->end, &reason);
  if (xml == NULL)
    return reason == NULL || (g_propagate_error (error, g_steal_pointer (&reason)), FALSE);
  header = _inion_xdf_header_read (xml, (gsize) (chunk->end - at), &reason);
  if (header == NULL)
    {
      inion_edf_faults_add (self->faults, "left out", chunk->start, place,
                            "Stream %u was left out: %s.", id, reason->message);
      return TRUE;
    }
  if (header->broken != NULL)
    inion_edf_faults_add (self->faults, "broken", chunk->start, place,
                          "The XML breaks off (%s). What came before was used.", header->broken);
  add_stream (self, id, chunk->start, g_steal_pointer (&header));
  return TRUE;
}

/* The least number of bytes that a sample takes, its time left out. */
static gint64
get_sample_bytes (const InionXdfHeader *header)
{
  gint64 size = header->strings ? 2 : (gint64) inion_sample_type_get_size (header->sample_type);

  return 1 + header->n_channels * size;
}

/* Samples are only counted here. */
static gboolean
take_samples (InionXdfFile        *self,
              const Chunk         *chunk,
              InionXdfStreamData  *stream,
              GError             **error)
{
  InionXdfChunk samples = { chunk->content + 4, chunk->end };
  const guint8 *bytes;
  gint64 at = samples.at, room;
  guint64 n;

  if (!_inion_xdf_bytes_get_count (&self->bytes, &at, chunk->end, &n, error))
    {
      if (error != NULL && *error != NULL)
        return FALSE;
      inion_edf_faults_add (self->faults, "count", chunk->start, "samples",
                            "A chunk of samples does not say how many; it was left out.");
      return TRUE;
    }
  if (n == 0)
    return TRUE;
  room = (chunk->end - at) / get_sample_bytes (stream->header);
  if (n > (guint64) room)
    inion_edf_faults_add (self->faults, "too many", chunk->start, "samples",
                          "A chunk says that it holds %" G_GUINT64_FORMAT " samples, but has room "
                          "for %" G_GINT64_FORMAT " at most. Those that are whole were kept.", n,
                          room);
  bytes = chunk->end - at >= 9 ? _inion_xdf_bytes_get (&self->bytes, at, 9, error) : NULL;
  if (bytes == NULL && error != NULL && *error != NULL)
    return FALSE;
  if (bytes != NULL && *bytes == 8)
    {
      stream->last_time = _inion_xdf_get_double (bytes + 1);
      for (guint i = stream->offsets->len; i > 0; i--)
        {
          InionXdfOffset *offset = &g_array_index (stream->offsets, InionXdfOffset, i - 1);

          if (!isnan (offset->after))
            break;
          offset->after = stream->last_time;
        }
    }
  stream->n_samples += MIN ((gint64) MIN (n, G_MAXINT64), room);
  g_array_append_val (stream->chunks, samples);
  return TRUE;
}

static gboolean
take_clock_offset (InionXdfFile        *self,
                   const Chunk         *chunk,
                   InionXdfStreamData  *stream,
                   GError             **error)
{
  InionXdfOffset offset = { .at = chunk->start, .before = stream->last_time, .after = NAN };
  const guint8 *bytes = chunk->end - chunk->content >= 20
                          ? _inion_xdf_bytes_get (&self->bytes, chunk->content + 4, 16, error)
                          : NULL;

  if (bytes == NULL)
    return error == NULL || *error == NULL;
  offset.time = _inion_xdf_get_double (bytes);
  offset.value = _inion_xdf_get_double (bytes + 8);
  g_array_append_val (stream->offsets, offset);
  return TRUE;
}

static gboolean
take_stream_chunk (InionXdfFile  *self,
                   const Chunk   *chunk,
                   GError       **error)
{
  InionXdfStreamData *stream;
  const guint8 *bytes;
  guint32 id;

  if (chunk->end - chunk->content < 4)
    {
      inion_edf_faults_add (self->faults, "short", chunk->start, "chunk",
                            "A chunk is too short to say of which stream it is; it was left out.");
      return TRUE;
    }
  bytes = _inion_xdf_bytes_get (&self->bytes, chunk->content, 4, error);
  if (bytes == NULL)
    return FALSE;
  id = (guint32) _inion_xdf_get_little (bytes, 4);
  if (chunk->tag == TAG_STREAM_HEADER)
    return take_stream_header (self, chunk, id, error);
  stream = g_hash_table_lookup (self->by_id, GUINT_TO_POINTER (id));
  if (stream == NULL)
    {
      inion_edf_faults_add (self->faults, "no header", chunk->start, "chunk",
                            "A chunk belongs to stream %u, which has no header that can be read "
                            "before it; it was left out.", id);
      return TRUE;
    }
  if (chunk->tag == TAG_SAMPLES)
    return take_samples (self, chunk, stream, error);
  if (chunk->tag == TAG_CLOCK_OFFSET)
    return take_clock_offset (self, chunk, stream, error);
  stream->ended = TRUE;
  return TRUE;
}

static gboolean
take_chunk (InionXdfFile  *self,
            const Chunk   *chunk,
            GError       **error)
{
  g_autofree guint8 *xml = NULL;
  g_autoptr (GError) reason = NULL;

  if (chunk->tag >= TAG_STREAM_HEADER && chunk->tag <= TAG_STREAM_FOOTER &&
      chunk->tag != TAG_BOUNDARY)
    return take_stream_chunk (self, chunk, error);
  if (chunk->tag != TAG_FILE_HEADER || self->datetime != NULL)
    return TRUE;
  xml = dup_xml (self, chunk->content, chunk->end, &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  if (xml != NULL)
    self->datetime = _inion_xdf_read_datetime (xml, (gsize) (chunk->end - chunk->content));
  return TRUE;
}

/* Where to go on behind a chunk that does not end where it says. Its true end becomes known. */
static gboolean
resync (InionXdfFile  *self,
        Chunk         *chunk,
        gint64         from,
        gint64        *next,
        InionJob      *job,
        GError       **error)
{
  g_autoptr (GError) reason = NULL;
  gint64 found = find_boundary (&self->bytes, from, self->bytes.size, job, &reason);
  gint64 size = self->bytes.size;

  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  /* In front of the boundary stand the length and the tag of its chunk. */
  if (chunk != NULL)
    chunk->end = CLAMP (found < 0 ? size : found - 4, chunk->content, MIN (chunk->end, size));
  *next = found < 0 ? size : found + (gint64) sizeof boundary;
  inion_edf_faults_add (self->faults, "resync", chunk != NULL ? chunk->start : from, "chunk",
                        found < 0 ? "The file breaks off or is damaged here, and no boundary "
                                    "follows: what can be read up to byte %" G_GINT64_FORMAT
                                    " was kept."
                                  : "The file is damaged here; reading went on behind the next "
                                    "boundary, at byte %" G_GINT64_FORMAT ".", *next);
  return TRUE;
}

/* What the scan knows between two chunks. */
typedef struct
{
  Chunk last; /* not taken yet: whether it ends where it says shows at the next */
  gboolean waiting;
  gint64 at;
} Scan;

/* Whether a chunk holds a boundary, which none that is whole does. */
static gboolean
was_cut (InionXdfFile  *self,
         const Scan    *scan,
         InionJob      *job,
         GError       **error)
{
  return scan->waiting && scan->last.tag != TAG_BOUNDARY &&
         find_boundary (&self->bytes, scan->last.content, scan->at, job, error) >= 0;
}

/* The file's last chunk, or one whose length leads nowhere. */
static gboolean
take_overlong (InionXdfFile  *self,
               Scan          *scan,
               Chunk         *chunk,
               InionJob      *job,
               GError       **error)
{
  if (scan->waiting && !take_chunk (self, &scan->last, error))
    return FALSE;
  scan->waiting = FALSE;
  return resync (self, chunk, chunk->content, &scan->at, job, error) &&
         take_chunk (self, chunk, error);
}

static gboolean
take_damaged (InionXdfFile  *self,
              Scan          *scan,
              InionJob      *job,
              GError       **error)
{
  gboolean cut = scan->waiting && scan->last.tag != TAG_BOUNDARY;

  if (!resync (self, cut ? &scan->last : NULL, cut ? scan->last.content : scan->at, &scan->at, job,
               error))
    return FALSE;
  if (scan->waiting && !take_chunk (self, &scan->last, error))
    return FALSE;
  scan->waiting = FALSE;
  return TRUE;
}

/* A chunk is taken once it is known that another can begin behind it. */
static gboolean
scan_chunk (InionXdfFile  *self,
            Scan          *scan,
            InionJob      *job,
            GError       **error)
{
  g_autoptr (GError) reason = NULL;
  Chunk chunk;
  gboolean ok = read_chunk (&self->bytes, scan->at, &chunk, &reason);

  if (ok && chunk.end == G_MAXINT64 && chunk.tag <= TAG_STREAM_FOOTER &&
      !was_cut (self, scan, job, &reason) && reason == NULL)
    return take_overlong (self, scan, &chunk, job, error);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  if (!ok || chunk.end == G_MAXINT64)
    return take_damaged (self, scan, job, error);
  if (scan->waiting && !take_chunk (self, &scan->last, error))
    return FALSE;
  scan->last = chunk;
  scan->waiting = TRUE;
  scan->at = chunk.end;
  return TRUE;
}

static gboolean
scan_all (InionXdfFile  *self,
          InionJob      *job,
          GError       **error)
{
  gint64 size = self->bytes.size;
  Scan scan = { .at = 4 };

  for (guint i = 0; scan.at < size; i++)
    {
      if (!scan_chunk (self, &scan, job, error))
        return FALSE;
      if (i % 256 != 0)
        continue;
      if (!inion_job_check (job, error))
        return FALSE;
      inion_job_report (job, 0.3 + 0.3 * (double) scan.at / (double) size, "Reading the chunks");
    }
  return !scan.waiting || take_chunk (self, &scan.last, error);
}

/**
 * _inion_xdf_file_new:
 * @fd: an open file; stays the caller's
 * @size: its bytes
 * @job: (nullable): for progress, up to 0.6, and cancel
 * @error: return location
 *
 * Finds out what lies where in an XDF file.
 *
 * Returns: (transfer full) (nullable): its chunks, or %NULL with %INION_ERROR_FORMAT if it is no
 *   XDF file or holds no stream that can be read, %INION_ERROR_IO, %G_IO_ERROR_CANCELLED
 */
InionXdfFile *
_inion_xdf_file_new (int        fd,
                     gint64     size,
                     InionJob  *job,
                     GError   **error)
{
  g_autoptr (InionXdfFile) self = g_new0 (InionXdfFile, 1);
  g_autoptr (GError) reason = NULL;
  const guint8 *magic;

  self->bytes.fd = fd;
  self->bytes.size = size;
  self->streams = g_ptr_array_new_with_free_func (free_stream);
  self->by_id = g_hash_table_new (NULL, NULL);
  self->faults = inion_edf_faults_new ();
  magic = _inion_xdf_bytes_get (&self->bytes, 0, 4, &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  if (magic == NULL || memcmp (magic, "XDF:", 4) != 0)
    {
      inion_set_error (error, INION_ERROR_FORMAT,
                       "This is no XDF file: at byte 0 does not stand “XDF:”.");
      return NULL;
    }
  if (!scan_all (self, job, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * _inion_xdf_file_free:
 * @self: (nullable): the chunks of a file
 */
void
_inion_xdf_file_free (InionXdfFile *self)
{
  if (self == NULL)
    return;
  g_free (self->bytes.window);
  g_ptr_array_unref (self->streams);
  g_hash_table_unref (self->by_id);
  g_free (self->datetime);
  inion_edf_faults_free (self->faults);
  g_free (self);
}
