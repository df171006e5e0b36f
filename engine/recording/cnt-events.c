/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of events of a Neuroscan CNT file, and how many bytes a sample has.
 *
 * The header has 32 bits for where the table is; in larger files they overflow. Then every place
 * with the same lower bits is tried for a table. Where there is none, it is looked for behind the
 * samples and at the end of the file.
 *
 * Whether samples have two or four bytes is not stated anywhere. Events tell it best: they lie at
 * bytes of the file, and each at the beginning of a sample. Where there are too few, the number of
 * samples in the header tells it, if it fits exactly; and else the samples themselves: numbers of
 * four bytes that are small have an upper half that only repeats their sign. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/cnt-events.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/recording-private.h"

#include <string.h>

#define HEAD_BYTES 9
#define SHORT_BYTES 8 /* of an event in tables of type 1 */
#define LONG_BYTES 19 /* of types 2 and 3 */
#define MAX_EVENTS 4000000
#define PROBE_BYTES 65536
#define TAIL_BYTES (16 * 1024 * 1024) /* where a table is looked for that is not in its place */
#define ENOUGH_EVENTS 3

void
_inion_cnt_table_free (InionCntTable *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->events);
  g_free (self);
}

static gsize
get_event_bytes (guint type)
{
  return type == 1 ? SHORT_BYTES : LONG_BYTES;
}

static gboolean
read_at (int     fd,
         gint64  at,
         guint8 *bytes,
         gsize   n)
{
  gsize got = 0;
  int errsv = 0;

  return _inion_pread (fd, bytes, n, at, &got, &errsv) && got == n;
}

/* Whether a table may begin at a byte. */
static gboolean
is_table (int     fd,
          gint64  at,
          gint64  file_bytes,
          guint  *type,
          gint64 *size)
{
  guint8 head[HEAD_BYTES];

  if (at > file_bytes - HEAD_BYTES || !read_at (fd, at, head, HEAD_BYTES))
    return FALSE;
  *type = head[0];
  *size = (gint32) _inion_cnt_u32_at (head + 1);
  return *type >= 1 && *type <= 3 && *size >= 0;
}

/* The last events of a file, if there are any: where the first and the last of them would lie. */
typedef struct
{
  gint64 n;
  gint64 low, high;
} LastEvents;

/* Makes them as many as a table of so many bytes that ends with the file would hold. */
static void
extend (LastEvents   *self,
        const guint8 *end,
        gint64        size,
        gint64        event_bytes)
{
  for (; self->n < size / event_bytes; self->n++)
    {
      gint64 where = (gint64) _inion_cnt_u32_at (end - (self->n + 1) * event_bytes + 4);

      self->low = self->n == 0 ? where : MIN (self->low, where);
      self->high = self->n == 0 ? where : MAX (self->high, where);
    }
}

/* Whether all events of what may be a table lie among the samples before it. A table without events
 * must stand behind as many samples as the header gives. */
static gboolean
has_right_events (const InionCntHeader *header,
                  const LastEvents     *events,
                  gint64                at,
                  guint                 type)
{
  gint64 start = _inion_cnt_header_get_data_start (header);
  gint64 narrow = 2 * (gint64) header->n_channels;

  if (events->n == 0)
    return header->n_samples > 0 && (at - start == header->n_samples * narrow ||
                                     at - start == header->n_samples * narrow * 2);
  return type == 3 ? events->high <= (at - start) / narrow
                   : events->low >= start && events->high <= at;
}

/* Looks for a table where the header does not say that there is one: it ends with the file, and its
 * events lie among samples. It is looked for from the end on, so that every event is looked at once.
 * Places have 32 bits, so this is for files that they can tell. */
static gboolean
look_for_table (InionCntTable        *self,
                int                   fd,
                gint64                file_bytes,
                const InionCntHeader *header,
                gint64               *size)
{
  gint64 start = _inion_cnt_header_get_data_start (header);
  gint64 from = MAX (start, file_bytes - TAIL_BYTES);
  LastEvents events[2] = { 0 }; /* short ones and long ones */
  g_autofree guint8 *tail = NULL;

  if (file_bytes > G_MAXUINT32 || file_bytes - from < HEAD_BYTES)
    return FALSE;
  tail = g_malloc ((gsize) (file_bytes - from));
  if (!read_at (fd, from, tail, (gsize) (file_bytes - from)))
    return FALSE;
  for (self->at = file_bytes - HEAD_BYTES; self->at >= from; self->at--)
    {
      const guint8 *head = tail + (self->at - from);
      gint64 event_bytes = (gint64) get_event_bytes (head[0]);
      LastEvents *last = &events[head[0] == 1 ? 0 : 1];

      self->type = head[0];
      *size = (gint32) _inion_cnt_u32_at (head + 1);
      if (self->type < 1 || self->type > 3 || self->at + HEAD_BYTES + *size != file_bytes ||
          *size % event_bytes != 0)
        continue;
      extend (last, tail + (file_bytes - from), *size, event_bytes);
      if (has_right_events (header, last, self->at, self->type))
        return TRUE;
    }
  return FALSE;
}

/* Says that there is no table, and what stands where it should be. */
static void
add_lost (int             fd,
          gint64          at,
          gint64          file_bytes,
          InionEdfFaults *faults)
{
  guint8 head[HEAD_BYTES];

  if (at >= file_bytes || !read_at (fd, at, head, MIN (HEAD_BYTES, (gsize) (file_bytes - at))))
    inion_edf_faults_add (faults, "table", at, "event table",
                          "It should stand at byte %" G_GINT64_FORMAT ", but the file was cut off: "
                          "it ends after %" G_GINT64_FORMAT " bytes. The events are lost; the "
                          "samples that are there are shown.", at, file_bytes);
  else
    inion_edf_faults_add (faults, "table", at, "event table",
                          "It should stand at byte %" G_GINT64_FORMAT ", but there is none (its "
                          "first byte is %u, not 1 to 3, or its size cannot be), nor at the end of "
                          "the file. There are no events; everything behind the header was taken "
                          "for samples.", at, head[0]);
}

/* Finds the table. Sets where samples end even if there is none. */
static gboolean
find_table (InionCntTable        *self,
            int                   fd,
            gint64                file_bytes,
            const InionCntHeader *header,
            gint64               *size,
            InionEdfFaults       *faults)
{
  gint64 start = _inion_cnt_header_get_data_start (header);
  gint64 damaged = -1;

  for (gint64 at = header->event_at; at <= file_bytes; at += G_GINT64_CONSTANT (1) << 32)
    {
      if (at < start || !is_table (fd, at, file_bytes, &self->type, size))
        continue;
      if (at + HEAD_BYTES + *size <= file_bytes)
        {
          self->at = at;
          return TRUE;
        }
      damaged = at;
    }
  if (damaged >= 0)
    {
      is_table (fd, damaged, file_bytes, &self->type, size);
      inion_edf_faults_add (faults, "table", damaged, "event table",
                            "It is said to have %" G_GINT64_FORMAT " bytes, but the file ends "
                            "after %" G_GINT64_FORMAT "; what is there is shown.", *size,
                            file_bytes - damaged - HEAD_BYTES);
      self->at = damaged;
      *size = file_bytes - damaged - HEAD_BYTES;
      return TRUE;
    }
  if (look_for_table (self, fd, file_bytes, header, size))
    {
      inion_edf_faults_add (faults, "table", self->at, "event table",
                            "The header says that it is at byte %u, where there is none. It was "
                            "found at byte %" G_GINT64_FORMAT ", and its events are shown.",
                            header->event_at, self->at);
      return TRUE;
    }
  self->type = 0;
  self->at = file_bytes;
  add_lost (fd, header->event_at, file_bytes, faults);
  return FALSE;
}

static void
read_event (InionCntTable *self,
            const guint8  *bytes)
{
  InionCntEvent event = {
    .stimulus = _inion_cnt_u16_at (bytes), .key = bytes[2], .pad = bytes[3] & 0xf,
    .control = bytes[3] >> 4, .where = (gint64) _inion_cnt_u32_at (bytes + 4),
  };

  g_array_append_val (self->events, event);
}

/* Bytes of events overflow too: events follow each other, so each that lies before is another
 * 4 GiB on. */
static void
unfold (InionCntTable *self)
{
  gint64 more = 0, last = 0;

  if (self->type == 3 || self->at <= G_MAXUINT32)
    return;
  for (guint i = 0; i < self->events->len; i++)
    {
      InionCntEvent *event = &g_array_index (self->events, InionCntEvent, i);

      if (event->where + more < last &&
          event->where + more + (G_GINT64_CONSTANT (1) << 32) <= self->at)
        more += G_GINT64_CONSTANT (1) << 32;
      event->where += more;
      last = event->where;
    }
}

/**
 * _inion_cnt_table_read:
 * @fd: an open file, borrowed
 * @file_bytes: its size
 * @header: its header
 * @faults: where what is wrong is added
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the table, empty if there is none; %NULL with
 *   %INION_ERROR_TOO_LARGE or %INION_ERROR_IO
 */
InionCntTable *
_inion_cnt_table_read (int                    fd,
                       gint64                 file_bytes,
                       const InionCntHeader  *header,
                       InionEdfFaults        *faults,
                       GError               **error)
{
  g_autoptr (InionCntTable) self = g_new0 (InionCntTable, 1);
  g_autofree guint8 *bytes = NULL;
  gint64 size = 0, n;
  gsize event_bytes;

  self->events = g_array_new (FALSE, FALSE, sizeof (InionCntEvent));
  if (!find_table (self, fd, file_bytes, header, &size, faults))
    return g_steal_pointer (&self);
  event_bytes = get_event_bytes (self->type);
  n = size / (gint64) event_bytes;
  if (size % (gint64) event_bytes != 0)
    inion_edf_faults_add (faults, "table rest", self->at, "event table",
                          "Its %" G_GINT64_FORMAT " bytes are not whole events of %" G_GSIZE_FORMAT
                          "; the rest was left out.", size, event_bytes);
  if (n > MAX_EVENTS)
    {
      inion_edf_faults_add (faults, "table count", self->at, "event table",
                            "It has %" G_GINT64_FORMAT " events; the first %d are shown.", n,
                            MAX_EVENTS);
      n = MAX_EVENTS;
    }
  bytes = inion_try_alloc_array ((gsize) n, event_bytes, "the events", error);
  if (bytes == NULL)
    return NULL;
  if (!read_at (fd, self->at + HEAD_BYTES, bytes, (gsize) n * event_bytes))
    {
      inion_set_error (error, INION_ERROR_IO, "Could not read the events at byte "
                       "%" G_GINT64_FORMAT ".", self->at);
      return NULL;
    }
  for (gint64 i = 0; i < n; i++)
    read_event (self, bytes + (gsize) i * event_bytes);
  unfold (self);
  return g_steal_pointer (&self);
}

/* 2 or 4; 0: too few events to tell. */
static guint
ask_events (const InionCntTable  *self,
            const InionCntHeader *header)
{
  gint64 start = _inion_cnt_header_get_data_start (header);
  gint64 narrow = 2 * (gint64) header->n_channels;
  guint n = 0, n_wide = 0;

  for (guint i = 0; self->type != 3 && i < self->events->len; i++)
    {
      gint64 at = g_array_index (self->events, InionCntEvent, i).where - start;

      if (at <= 0 || at % narrow != 0)
        continue;
      n++;
      n_wide += at % (2 * narrow) == 0;
    }
  if (n < ENOUGH_EVENTS)
    return 0;
  return n_wide == n ? 4 : n_wide <= n - n / 4 ? 2 : 0;
}

static guint
ask_samples (const InionCntTable  *self,
             int                   fd,
             const InionCntHeader *header)
{
  gint64 start = _inion_cnt_header_get_data_start (header);
  g_autofree guint8 *bytes = g_malloc (PROBE_BYTES);
  gsize n = (gsize) (MIN (self->at - start, PROBE_BYTES) & ~G_GINT64_CONSTANT (3));
  gsize n_signs = 0, n_told = 0;

  if (self->at - start < 4 || !read_at (fd, start, bytes, n))
    return 2;
  for (gsize i = 0; i < n; i += 4)
    {
      guint16 low = _inion_cnt_u16_at (bytes + i), high = _inion_cnt_u16_at (bytes + i + 2);

      if (low == 0 && high == 0)
        continue;
      n_told++;
      n_signs += high == (low & 0x8000 ? 0xffff : 0);
    }
  return n_told > 0 && n_signs * 10 > n_told * 9 ? 4 : 2;
}

/**
 * _inion_cnt_table_find_sample_bytes:
 * @self: a table
 * @fd: the file
 * @header: its header
 * @faults: what was assumed is added here
 *
 * Returns: how many bytes a sample has, 2 or 4
 */
guint
_inion_cnt_table_find_sample_bytes (const InionCntTable  *self,
                                    int                   fd,
                                    const InionCntHeader *header,
                                    InionEdfFaults       *faults)
{
  gint64 bytes = self->at - _inion_cnt_header_get_data_start (header);
  gint64 values = header->n_samples * header->n_channels;
  guint told = header->n_samples > 0 && bytes == 2 * values   ? 2
               : header->n_samples > 0 && bytes == 4 * values ? 4
                                                              : 0;
  guint by_events = ask_events (self, header);
  guint size = by_events != 0 ? by_events : told;

  if (size == 0)
    {
      size = ask_samples (self, fd, header);
      inion_edf_faults_add (faults, "sample bytes", -1, "samples",
                            "The file does not say whether a sample has two or four bytes; by what "
                            "they look like, %u were taken. If the signals look like noise, this "
                            "was wrong.", size);
    }
  if (header->n_samples > 0 && bytes / ((gint64) size * header->n_channels) != header->n_samples)
    inion_edf_faults_add (faults, "samples", 864, "number of samples",
                          "The header says %" G_GINT64_FORMAT ", the file has room for "
                          "%" G_GINT64_FORMAT " of %u bytes; these are shown.", header->n_samples,
                          bytes / ((gint64) size * header->n_channels), size);
  return size;
}
