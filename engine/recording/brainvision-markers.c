/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The markers of a BrainVision recording, and the segments that they part it into.
 *
 * A line is "Mk1=type,description,position,size,channel[,date]"; positions count from 1 and only
 * what is stored. A "New Segment" says that the recorder was started there, and mostly when. The
 * first one with a date gives the recording its start. A later one stands on the clock where its
 * date says, rounded to a sample, so the time in between is a gap. Where it has no date, or one
 * that cannot be, nobody knows how long the gap was: the segment then follows at once, parted from
 * the one before by a border that nothing is filtered across, and this is told. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/brainvision-markers.h"

#include "core/size.h"

#include <string.h>

#define US_PER_DAY G_GINT64_CONSTANT (86400000000)

/* A longer pause than this is rather a clock that was set. */
#define MAX_GAP_US (31 * US_PER_DAY)

/* 63 years: twice this in nanoseconds is still a gint64. */
#define MAX_CLOCK_US G_GINT64_CONSTANT (2000000000000000)

#define MAX_REGULAR_BREAKS 1000000

/* Where the recorder was started. */
typedef struct
{
  gint64 point;
  gint64 date_us; /* since year 1; -1: unknown */
  guint line;
  gint64 offset;
} Break;

static void
clear_marker (InionBrainVisionMarker *marker)
{
  g_free (marker->text);
}

/* "20131113161403794232", in microseconds since year 1. -1: none. */
static gint64
read_date (const char                  *text,
           const InionBrainVisionEntry *entry,
           InionEdfFaults              *faults)
{
  static const guint widths[] = { 4, 2, 2, 2, 2, 2, 6 };
  gint64 v[7] = { 0 };
  const char *p = text;

  if (text[strspn (text, "0")] == '\0')
    return -1;
  if (strlen (text) == 20 && text[strspn (text, "0123456789")] == '\0')
    {
      for (guint i = 0; i < 7; i++)
        for (guint k = 0; k < widths[i]; k++)
          v[i] = v[i] * 10 + (*p++ - '0');
      if (v[0] > 0 && v[1] >= 1 && v[1] <= 12 && v[2] >= 1 && v[3] < 24 && v[4] < 60 && v[5] < 60 &&
          g_date_valid_dmy ((GDateDay) v[2], (GDateMonth) v[1], (GDateYear) v[0]))
        {
          GDate date;

          g_date_clear (&date, 1);
          g_date_set_dmy (&date, (GDateDay) v[2], (GDateMonth) v[1], (GDateYear) v[0]);
          return (gint64) g_date_get_julian (&date) * US_PER_DAY +
                 ((v[3] * 60 + v[4]) * 60 + v[5]) * 1000000 + v[6];
        }
    }
  inion_edf_faults_add (faults, "segment date", entry->offset, "New Segment",
                        "“%.40s” (line %u) is no date; when the segment began is unknown.", text,
                        entry->line);
  return -1;
}

/* A date in microseconds since year 1, as a time. */
static GDateTime *
make_time (gint64 date_us)
{
  GDate date;
  g_autoptr (GDateTime) midnight = NULL;
  gint64 day = date_us / US_PER_DAY;

  if (day < 1 || day > 3652059) /* 9999-12-31 */
    return NULL;
  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) day);
  midnight = g_date_time_new_utc (g_date_get_year (&date), (int) g_date_get_month (&date),
                                  g_date_get_day (&date), 0, 0, 0);
  return midnight != NULL ? g_date_time_add (midnight, date_us % US_PER_DAY) : NULL;
}

/* Which field is the position. More commas than there should be stand in the description. */
static guint
find_position (char     **fields,
               gint64    *point)
{
  guint n = g_strv_length (fields);

  for (guint i = 2; i < n; i++)
    {
      gint64 size;

      /* Behind commas that are part of a text, size and channel must be there too. */
      if ((i == 2 || i + 2 < n) && inion_brainvision_parse_integer (fields[i], point) &&
          (i + 1 >= n || *fields[i + 1] == '\0' ||
           inion_brainvision_parse_integer (fields[i + 1], &size)))
        return i;
    }
  return 0;
}

static int
read_channel (const char                   *text,
              const InionBrainVisionEntry  *entry,
              const InionBrainVisionHeader *header,
              InionEdfFaults               *faults)
{
  gint64 channel = 0;

  if (*text == '\0' || (inion_brainvision_parse_integer (text, &channel) &&
                        channel >= -1 && channel <= header->channels->len))
    return channel > 0 ? (int) channel - 1 : -1;
  inion_edf_faults_add (faults, "marker channel", entry->offset, entry->key,
                        "The marker (line %u) belongs to channel “%.20s”, but there are %u "
                        "channels; it is taken as one of all channels.", entry->line, text,
                        header->channels->len);
  return -1;
}

static char *
join_text (char  **fields,
           guint   position)
{
  g_autofree char *type = inion_brainvision_field_dup (fields[0]);
  g_autofree char *joined = NULL;
  g_autofree char *description = NULL;
  char *end = fields[position];

  fields[position] = NULL;
  joined = g_strjoinv (",", fields + 1);
  fields[position] = end;
  /* Blanks inside a description count ("S  1"), those around do not. */
  description = inion_brainvision_field_dup (joined);
  return g_strdup_printf ("%s/%s", type, description);
}

static void
read_marker (InionBrainVisionMarkers      *self,
             const InionBrainVisionEntry  *entry,
             const InionBrainVisionHeader *header,
             InionEdfFaults               *faults)
{
  g_auto (GStrv) fields = g_strsplit (entry->value, ",", 64);
  guint n = g_strv_length (fields);
  InionBrainVisionMarker marker = { NULL, 0, -1, -1 };
  gint64 value;
  guint at = find_position (fields, &value);

  if (at == 0 || value == G_MININT64)
    {
      inion_edf_faults_add (faults, "marker position", entry->offset, entry->key,
                            "“%.80s” (line %u) has no position; the marker is passed over.",
                            entry->value, entry->line);
      return;
    }
  if (at > 2)
    inion_edf_faults_add (faults, "marker commas", entry->offset, entry->key,
                          "“%.80s” (line %u) has more commas than fields; they are taken as part "
                          "of the description.", entry->value, entry->line);
  marker.point = value - 1;
  marker.text = join_text (fields, at);
  if (at + 1 < n && inion_brainvision_parse_integer (fields[at + 1], &value) && value >= 0)
    marker.size = value;
  if (at + 2 < n)
    marker.channel = read_channel (g_strstrip (fields[at + 2]), entry, header, faults);
  g_array_append_val (self->markers, marker);
  if (g_ascii_strcasecmp (g_strstrip (fields[0]), "New Segment") == 0)
    {
      Break b = { marker.point, -1, entry->line, entry->offset };

      if (at + 3 < n)
        b.date_us = read_date (g_strstrip (fields[at + 3]), entry, faults);
      g_array_append_val (self->breaks, b);
    }
}

/**
 * inion_brainvision_markers_new:
 * @text: (nullable): the parsed marker file; %NULL if there is none
 * @header: the header
 * @faults: where doubts are added
 *
 * Reads the markers. They have no place on the clock until inion_brainvision_markers_place().
 *
 * Returns: (transfer full): the markers
 */
InionBrainVisionMarkers *
inion_brainvision_markers_new (const InionBrainVisionText   *text,
                               const InionBrainVisionHeader *header,
                               InionEdfFaults               *faults)
{
  InionBrainVisionMarkers *self = g_new0 (InionBrainVisionMarkers, 1);
  gint64 index;

  self->markers = g_array_new (FALSE, FALSE, sizeof (InionBrainVisionMarker));
  g_array_set_clear_func (self->markers, (GDestroyNotify) clear_marker);
  self->breaks = g_array_new (FALSE, FALSE, sizeof (Break));
  self->segments = g_array_new (FALSE, FALSE, sizeof (InionBrainVisionSegment));
  for (guint i = 0; text != NULL && i < text->entries->len; i++)
    {
      const InionBrainVisionEntry *entry = &g_array_index (text->entries, InionBrainVisionEntry, i);

      if (strcmp (entry->section, "marker infos") == 0 &&
          inion_brainvision_parse_index (entry->key, "mk", &index))
        read_marker (self, entry, header, faults);
    }
  return self;
}

/**
 * inion_brainvision_markers_free:
 * @self: (nullable): markers
 */
void
inion_brainvision_markers_free (InionBrainVisionMarkers *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->markers);
  g_array_unref (self->breaks);
  g_array_unref (self->segments);
  g_clear_pointer (&self->start, g_date_time_unref);
  g_free (self);
}

/* By position; of those at one position the dated first. */
static int
compare_breaks (gconstpointer a,
                gconstpointer b)
{
  const Break *x = a, *y = b;

  if (x->point != y->point)
    return x->point < y->point ? -1 : 1;
  if ((x->date_us < 0) != (y->date_us < 0))
    return x->date_us < 0 ? 1 : -1;
  return x->line < y->line ? -1 : x->line > y->line;
}

/* Adds the borders of segments of equal length; bounded by the number of samples. */
static void
add_regular_breaks (InionBrainVisionMarkers      *self,
                    const InionBrainVisionHeader *header,
                    gint64                        n_points,
                    InionEdfFaults               *faults)
{
  if (header->segment_points <= 0)
    return;
  if (n_points / header->segment_points > MAX_REGULAR_BREAKS)
    {
      inion_edf_faults_add (faults, "segment points", -1, "SegmentDataPoints",
                            "%" G_GINT64_FORMAT " samples a segment would make more than a million "
                            "segments; the data are read as one.", header->segment_points);
      return;
    }
  for (gint64 point = header->segment_points; point < n_points;)
    {
      Break b = { point, -1, 0, -1 };

      g_array_append_val (self->breaks, b);
      if (!inion_int64_add (&point, point, header->segment_points))
        return;
    }
}

static gint64
samples_to_us (const InionBrainVisionHeader *header,
               gint64                        samples)
{
  return inion_int64_mul_div (samples, header->rate_den_ns, header->rate_num) / 1000;
}

/* The sample of the clock at which a segment begins, which is @earliest if it is unknown. */
static gint64
place (const InionBrainVisionHeader *header,
       const Break                  *b,
       gint64                        origin_us,
       gint64                        earliest,
       InionEdfFaults               *faults)
{
  gint64 earliest_us = samples_to_us (header, earliest);
  gint64 us, sample;

  if (b->date_us >= 0 && origin_us == G_MININT64)
    {
      inion_edf_faults_add (faults, "first date", b->offset, "New Segment",
                            "The segment that begins here (line %u) is the first one with a date. "
                            "It follows the one before at once, with a border between them, and "
                            "the start of the recording was counted back from it: it is too late "
                            "by as long as the pause was.", b->line);
      return earliest;
    }
  if (b->date_us < 0)
    {
      if (b->line > 0)
        inion_edf_faults_add (faults, "undated segment", b->offset, "New Segment",
                              "A segment begins here (line %u), but the file does not say when. It "
                              "follows the one before at once, with a border between them that "
                              "nothing is computed across. If there was a pause, times from here "
                              "to the next segment with a date are too early by its length, which "
                              "is unknown.", b->line);
      return earliest;
    }
  us = b->date_us - origin_us;
  if (us > MAX_CLOCK_US || (us > earliest_us && us - earliest_us > MAX_GAP_US))
    {
      inion_edf_faults_add (faults, "far segment", b->offset, "New Segment",
                            "By its date the segment (line %u) begins more than 31 days after the "
                            "one before ended. This is not believed: it follows at once, with a "
                            "border between them.", b->line);
      return earliest;
    }
  /* The nearest sample: half of the floor of the double, rounded up. */
  sample = us < 0 ? -1
                  : (inion_int64_mul_div (us * 2000, header->rate_num, header->rate_den_ns) + 1) /
                      2;
  if (sample >= earliest)
    return sample;
  inion_edf_faults_add (faults, "early segment", b->offset, "New Segment",
                        "By its date the segment (line %u) begins %.6f s before the one before "
                        "ended. It follows at once, with a border between them.", b->line,
                        ((double) earliest_us - (double) us) / 1e6);
  return earliest;
}

/**
 * inion_brainvision_markers_place:
 * @self: markers
 * @header: the header
 * @n_points: samples that a channel has
 * @faults: where doubts are added
 *
 * Finds the segments, and when the recording starts.
 */
void
inion_brainvision_markers_place (InionBrainVisionMarkers      *self,
                                 const InionBrainVisionHeader *header,
                                 gint64                        n_points,
                                 InionEdfFaults               *faults)
{
  InionBrainVisionSegment segment = { 0, 0 };
  gint64 origin_us = G_MININT64; /* of sample 0 */

  add_regular_breaks (self, header, n_points, faults);
  g_array_sort (self->breaks, compare_breaks);
  g_array_append_val (self->segments, segment);
  for (guint i = 0; i < self->breaks->len; i++)
    {
      const Break *b = &g_array_index (self->breaks, Break, i);
      gint64 earliest;

      /* A second break at one place says nothing more; the dated one came first. */
      if (b->point > segment.point && b->point < n_points)
        {
          if (!inion_int64_add (&earliest, segment.sample, b->point - segment.point))
            break;
          segment.sample = place (header, b, origin_us, earliest, faults);
          segment.point = b->point;
          g_array_append_val (self->segments, segment);
        }
      if (b->date_us >= 0 && origin_us == G_MININT64 && b->point >= 0 &&
          b->point < MAX (n_points, 1))
        origin_us = b->date_us - samples_to_us (header, segment.sample);
    }
  if (origin_us != G_MININT64)
    self->start = make_time (origin_us);
}

/**
 * inion_brainvision_markers_get_sample:
 * @self: markers that were placed
 * @point: a sample among those stored
 *
 * Returns: the same sample on the clock
 */
gint64
inion_brainvision_markers_get_sample (const InionBrainVisionMarkers *self,
                                      gint64                         point)
{
  guint low = 0, high = self->segments->len;
  const InionBrainVisionSegment *segment;
  gint64 sample;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->segments, InionBrainVisionSegment, middle).point <= point)
        low = middle;
      else
        high = middle;
    }
  segment = &g_array_index (self->segments, InionBrainVisionSegment, low);
  return inion_int64_add (&sample, segment->sample, point - segment->point) ? sample : point;
}
