/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time-stamped annotation lists (TALs) of EDF+ and BDF+ files.
 *
 * A TAL is
 *
 *   +onset [0x15 duration] 0x14 text 0x14 text 0x14 … 0x00
 *
 * with unused bytes of the signal zero. The first TAL of the first annotation signal in each record
 * has an empty first text: it tells when the record starts. The scanner takes what real files have
 * (no sign, a comma, an exponent, a missing end, text in Windows-1252) and, where it understands
 * nothing, goes on behind the next zero byte. Every text is kept, except empty ones. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/edf-annotations.h"

#include "core/size.h"
#include "recording/edf-text.h"

#include <string.h>

#define TEXT_END 0x14
#define DURATION 0x15

/* More would be a denial of service, not a recording. */
#define MAX_EVENTS 10000000

#define PLACE "annotations"

static gsize
find_byte (const guint8 *bytes,
           gsize         from,
           gsize         n,
           guint8        byte)
{
  const guint8 *found = from < n ? memchr (bytes + from, byte, n - from) : NULL;

  return found != NULL ? (gsize) (found - bytes) : n;
}

/* The end of an onset: the first byte that can be in no number. */
static gsize
find_number_end (const guint8 *bytes,
                 gsize         from,
                 gsize         n)
{
  gsize i = from;

  while (i < n && (g_ascii_isdigit ((char) bytes[i]) ||
                   (bytes[i] != '\0' && strchr ("+-.,eE", bytes[i]) != NULL)))
    i++;
  return i;
}

/**
 * inion_edf_tal_read_onset:
 * @bytes: (array length=n): an annotation signal in one record
 * @n: how many bytes
 * @onset_ns: (out): the onset in nanoseconds since the header's start time; untouched on failure
 *
 * Reads only when the record starts.
 *
 * Returns: %FALSE if the record does not say
 */
gboolean
inion_edf_tal_read_onset (const guint8 *bytes,
                          gsize         n,
                          gint64       *onset_ns)
{
  gsize end = find_number_end (bytes, 0, n);
  guint oddities = 0;

  if (end == 0 || end + 1 >= n || bytes[end] != TEXT_END || bytes[end + 1] != TEXT_END)
    return FALSE;
  return inion_edf_parse_seconds (bytes, end, onset_ns, &oddities);
}

/* The text in UTF-8; what no text should hold (control characters) becomes blank. */
static char *
dup_text (const guint8 *bytes,
          gsize         n,
          gint64        offset,
          InionEdfFaults *faults)
{
  guint oddities = 0;
  gboolean utf8 = g_utf8_validate ((const char *) bytes, (gssize) n, NULL);
  char *text = inion_edf_decode_dup (bytes, n, &oddities);

  if (!utf8)
    inion_edf_faults_add (faults, "tal encoding", offset, PLACE,
                          "A text is not UTF-8; read as Windows-1252: “%s”.", text);
  if (oddities & INION_EDF_ODD_CONTROL)
    inion_edf_faults_add (faults, "tal control", offset, PLACE,
                          "A text has control characters, shown as blanks: “%s”.", text);
  return text;
}

static gint64
read_duration (const guint8   *bytes,
               gsize           n,
               gint64          offset,
               InionEdfFaults *faults)
{
  guint oddities = 0;
  gint64 ns = -1;

  if (n == 0 || (inion_edf_parse_seconds (bytes, n, &ns, &oddities) && ns >= 0))
    return ns;
  inion_edf_faults_add (faults, "tal duration", offset, PLACE,
                        "A duration is no positive number; the event is kept without one.");
  return -1;
}

static void
add_event (GPtrArray      *events,
           gint64          onset_ns,
           gint64          duration_ns,
           char           *text,
           gint64          offset,
           InionEdfFaults *faults)
{
  if (events->len < MAX_EVENTS)
    {
      InionEvent *event = inion_event_new (onset_ns, duration_ns, NULL, -1);

      event->text = text;
      g_ptr_array_add (events, event);
      return;
    }
  g_free (text);
  inion_edf_faults_add (faults, "tal too many", offset, PLACE,
                        "More than %d events; the others are left out.", MAX_EVENTS);
}

/* The onset of the TAL that starts at *pos; moves *pos behind it. */
static gboolean
read_onset (const InionEdfTalBlock *block,
            gsize                  *pos,
            gint64                 *onset_ns,
            InionEdfFaults         *faults)
{
  gint64 offset = block->file_offset + (gint64) *pos;
  gsize end = find_number_end (block->bytes, *pos, block->n);
  guint oddities = 0;

  if (end >= block->n || (block->bytes[end] != TEXT_END && block->bytes[end] != DURATION) ||
      !inion_edf_parse_seconds (block->bytes + *pos, end - *pos, onset_ns, &oddities))
    {
      inion_edf_faults_add (faults, "tal onset", offset, PLACE,
                            "Bytes that are no annotation; skipped to the next zero byte.");
      return FALSE;
    }
  if (block->bytes[*pos] != '+' && block->bytes[*pos] != '-')
    inion_edf_faults_add (faults, "tal sign", offset, PLACE,
                          "An onset has no sign; taken as positive.");
  if (oddities & INION_EDF_ODD_COMMA)
    inion_edf_faults_add (faults, "tal comma", offset, PLACE,
                          "An onset has a comma for the decimal point.");
  *pos = end;
  return TRUE;
}

/* One TAL from its onset on; returns where the next may start. */
static gsize
parse_tal (const InionEdfTalBlock *block,
           gsize                   start,
           gint64                  origin_ns,
           GPtrArray              *events,
           InionEdfFaults         *faults)
{
  const guint8 *bytes = block->bytes;
  gsize end = find_byte (bytes, start, block->n, '\0');
  gsize pos = start;
  gint64 onset_ns = 0;
  gint64 duration_ns = -1;

  if (!read_onset (block, &pos, &onset_ns, faults) ||
      !inion_int64_add (&onset_ns, onset_ns, -origin_ns))
    return end + 1;
  if (bytes[pos] == DURATION)
    {
      gsize stop = find_byte (bytes, pos, end, TEXT_END);

      duration_ns = read_duration (bytes + pos + 1, stop - pos - 1,
                                   block->file_offset + (gint64) pos, faults);
      pos = stop;
    }
  while (pos + 1 < end)
    {
      gsize stop = find_byte (bytes, pos + 1, end, TEXT_END);
      gint64 offset = block->file_offset + (gint64) pos + 1;

      if (stop > pos + 1)
        add_event (events, onset_ns, duration_ns,
                   dup_text (bytes + pos + 1, stop - pos - 1, offset, faults), offset, faults);
      if (stop == end)
        inion_edf_faults_add (faults, "tal end", offset, PLACE,
                              "A text does not end as it should; it is kept and may be cut off.");
      pos = stop;
    }
  return end + 1;
}

/**
 * inion_edf_tal_parse:
 * @block: the bytes of an annotation signal in one record
 * @origin_ns: what to subtract from onsets: the first record's onset
 * @events: (element-type InionEvent): where events are appended, in the file's order
 * @faults: where departures from the specification are added
 *
 * Reads all annotations of a block.
 */
void
inion_edf_tal_parse (const InionEdfTalBlock *block,
                     gint64                  origin_ns,
                     GPtrArray              *events,
                     InionEdfFaults         *faults)
{
  gint64 onset_ns;
  gsize pos = 0;

  if (block->time_keeping && !inion_edf_tal_read_onset (block->bytes, block->n, &onset_ns))
    inion_edf_faults_add (faults, "tal time-keeping", block->file_offset, PLACE,
                          "A record does not say when it starts; "
                          "it is taken to follow the one before it.");
  while (pos < block->n)
    if (block->bytes[pos] == '\0')
      pos++;
    else
      pos = parse_tal (block, pos, origin_ns, events, faults);
}
