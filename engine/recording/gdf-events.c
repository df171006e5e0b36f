/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event table of a GDF file, which stands behind the records.
 *
 * A byte says what it holds: bit 0 positions and types, bit 1 channels and durations too, bit 2
 * also 8 bytes of absolute time each, which add nothing. Then number and rate: a rate of three
 * bytes and a number of four up to GDF 1.93, a number of three bytes and a rate as a float from
 * 1.94 on. Then one column behind the other. Types are the codes of the BCI competitions; bit 15
 * ends what the code without it began, if that came before. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/gdf-events.h"

#include "recording/recording-private.h"

#include <math.h>
#include <string.h>

#define HEAD_BYTES 8

static const struct
{
  guint16 code;
  const char *text;
} names[] = {
  { 0x0101, "EOG artifact" },        { 0x0102, "ECG artifact" },
  { 0x0103, "EMG artifact" },        { 0x0104, "movement artifact" },
  { 0x0105, "failing electrode" },   { 0x0106, "sweat artifact" },
  { 0x0107, "mains interference" },  { 0x0108, "breathing artifact" },
  { 0x0109, "pulse artifact" },      { 0x010a, "slow EOG artifact" },
  { 0x0111, "sleep spindle" },
  { 0x0112, "K-complex" },           { 0x0113, "saw-tooth waves" },
  { 0x0114, "idling, eyes open" },   { 0x0115, "idling, eyes closed" },
  { 0x0116, "spike" },               { 0x0117, "seizure" },
  { 0x0121, "visual stimulus" },     { 0x0122, "auditory stimulus" },
  { 0x0123, "somatosensory stimulus" }, { 0x012f, "magnetic stimulus" },
  { 0x0401, "obstructive apnea or hypopnea" }, { 0x0402, "respiratory arousal" },
  { 0x0403, "central apnea or hypopnea" }, { 0x0404, "Cheyne-Stokes breathing" },
  { 0x0300, "trial start" },         { 0x0301, "cue left" },
  { 0x0302, "cue right" },           { 0x0303, "cue foot" },
  { 0x0304, "cue tongue" },          { 0x0306, "cue down" },
  { 0x030c, "cue up" },              { 0x030d, "feedback" },
  { 0x030e, "discrete feedback" },   { 0x030f, "cue unknown" },
  { 0x0311, "beep" },                { 0x0312, "cross on screen" },
  { 0x0313, "flashing light" },      { 0x0320, "end of trial" },
  { 0x0381, "target hit" },          { 0x0382, "target missed" },
  { 0x03ff, "rejected trial" },      { 0x0410, "sleep stage wake" },
  { 0x0411, "sleep stage 1" },       { 0x0412, "sleep stage 2" },
  { 0x0413, "sleep stage 3" },       { 0x0414, "sleep stage 4" },
  { 0x0415, "sleep stage REM" },     { 0x0430, "eye movement" },
  { 0x0431, "eyes left" },           { 0x0432, "eyes right" },
  { 0x0433, "eyes up" },             { 0x0434, "eyes down" },
  { 0x0435, "horizontal eye movement" }, { 0x0436, "vertical eye movement" },
  { 0x0437, "eye rotation" },        { 0x0438, "eye rotation, counterclockwise" },
  { 0x0439, "eye blink" },           { 0x0501, "ECG fiducial point" },
  { 0x0502, "P wave" },              { 0x0503, "QRS complex" },
  { 0x0504, "R peak" },              { 0x0506, "T wave" },
  { INION_GDF_NEW_SEGMENT, "new segment" },
};

static const char *
find_name (guint16 type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].code == type)
      return names[i].text;
  return NULL;
}

/**
 * inion_gdf_event_dup_text:
 * @header: the file's header
 * @type: a code
 * @end: whether it ends what the code without bit 15 began
 *
 * Says what an event is: its number, and its meaning where that is known: "769 cue left".
 *
 * Returns: (transfer full): the text
 */
char *
inion_gdf_event_dup_text (const InionGdfHeader *header,
                          guint16               type,
                          gboolean              end)
{
  const char *name = find_name (type);

  if (type < header->event_texts->len && *(char *) header->event_texts->pdata[type] != '\0')
    name = header->event_texts->pdata[type];
  if (name != NULL)
    return g_strdup_printf ("%u %s", type, name);
  if (end)
    name = find_name ((guint16) (type - INION_GDF_EVENT_END));
  return name != NULL ? g_strdup_printf ("%u end of %s", type, name) : g_strdup_printf ("%u", type);
}

/* One column of the table, the whole of it. NULL: it could not be read. */
static guint8 *
read_column (int     fd,
             gint64 *offset,
             gsize   n,
             gsize   width)
{
  g_autofree guint8 *bytes = g_try_malloc (n * width);
  gsize got = 0;
  int errsv = 0;

  if (bytes == NULL || !_inion_pread (fd, bytes, n * width, *offset, &got, &errsv) ||
      got < n * width)
    return NULL;
  *offset += (gint64) (n * width);
  return g_steal_pointer (&bytes);
}

static GArray *
read_table (int                   fd,
            gint64                offset,
            gsize                 n,
            guint                 mode,
            const InionGdfHeader *header,
            InionEdfFaults       *faults)
{
  gint64 at = offset;
  g_autofree guint8 *positions = read_column (fd, &at, n, 4);
  g_autofree guint8 *types = read_column (fd, &at, n, 2);
  g_autofree guint8 *channels = (mode & 2) != 0 ? read_column (fd, &at, n, 2) : NULL;
  g_autofree guint8 *lengths = (mode & 2) != 0 ? read_column (fd, &at, n, 4) : NULL;
  GArray *events = g_array_new (FALSE, FALSE, sizeof (InionGdfEvent));

  if (positions == NULL || types == NULL ||
      ((mode & 2) != 0 && (channels == NULL || lengths == NULL)))
    {
      inion_edf_faults_add (faults, "table", offset, "event table",
                            "The event table could not be read; there are no events.");
      return events;
    }
  for (gsize i = 0; i < n; i++)
    {
      InionGdfEvent event = { (gint64) inion_gdf_load (positions + 4 * i, 4) - 1,
                              (guint16) inion_gdf_load (types + 2 * i, 2), -1, -1 };
      guint channel = channels != NULL ? (guint) inion_gdf_load (channels + 2 * i, 2) : 0;

      if (channel > header->channels->len)
        inion_edf_faults_add (faults, "event channel", offset, "event table",
                              "Event %" G_GSIZE_FORMAT " belongs to channel %u of %u; it is taken "
                              "as one of all channels.", i + 1, channel, header->channels->len);
      else
        event.channel = (int) channel - 1;
      if (lengths != NULL)
        event.length = (gint64) inion_gdf_load (lengths + 4 * i, 4);
      g_array_append_val (events, event);
    }
  return events;
}

/**
 * inion_gdf_events_read:
 * @fd: the open file
 * @offset: where the table begins
 * @file_bytes: size of the file
 * @header: its header
 * @rate: (out): samples a second in which positions count; 0: those of the fastest channel
 * @faults: where doubts are added
 *
 * Reads the event table; a file without one has no events.
 *
 * Returns: (transfer full) (element-type InionGdfEvent): the events in the file's order
 */
GArray *
inion_gdf_events_read (int                   fd,
                       gint64                offset,
                       gint64                file_bytes,
                       const InionGdfHeader *header,
                       double               *rate,
                       InionEdfFaults       *faults)
{
  GArray *none = g_array_new (FALSE, FALSE, sizeof (InionGdfEvent));
  guint8 head[HEAD_BYTES];
  gsize got = 0;
  gint64 n, room, width;
  int errsv = 0;

  *rate = 0;
  if (!_inion_pread (fd, head, sizeof head, offset, &got, &errsv) || got < sizeof head ||
      (head[0] & 1) == 0)
    {
      if (got > 0)
        inion_edf_faults_add (faults, "table", offset, "event table",
                              "What stands behind the records is no event table; there are no "
                              "events.");
      return none;
    }
  n = (gint64) (header->version < 194 ? inion_gdf_load (head + 4, 4)
                                      : inion_gdf_load (head + 1, 3));
  *rate = header->version < 194 ? (double) inion_gdf_load (head + 1, 3)
                                : inion_gdf_load_float (head + 4);
  width = ((head[0] & 2) != 0 ? 12 : 6) + ((head[0] & 4) != 0 ? 8 : 0);
  room = (file_bytes - offset - HEAD_BYTES) / width;
  if (n > room)
    {
      inion_edf_faults_add (faults, "table", offset, "event table",
                            "It says that it has %" G_GINT64_FORMAT " events, but the file has "
                            "room for %" G_GINT64_FORMAT ". Because its columns stand one behind "
                            "the other, none can be read.", n, room);
      return none;
    }
  if (n == 0)
    return none;
  g_array_unref (none);
  return read_table (fd, offset + HEAD_BYTES, (gsize) n, head[0], header, faults);
}
