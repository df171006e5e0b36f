/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which stretches of time a recording with gaps holds, and where their samples are.
 *
 * A channel's samples stand on one clock from the recording's first to its last moment: sample k
 * is at k / rate whether or not it was recorded, and what lies in a gap reads as NaN. So no time is
 * ever off by what is missing before it, and no reader of samples can mistake two sides of a gap
 * for neighbours. A stretch begins at the sample of that clock that is nearest to when the file
 * says it begins: it stands up to half a sample from there, and this never adds up.
 *
 * A channel is as long as the last stretch says, even if the file ends before: what is cut off is
 * missing like what lies in a gap, and channels of one rate are equally long.
 *
 * A file holds the samples of all stretches behind each other. Channels of the same rate share one
 * table of where each stretch is on the clock and in the file. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/recording-segments.h"

#include "core/size.h"

#include <string.h>

typedef struct
{
  gint64 onset_ns;
  gint64 length_ns;
  gint64 stored_ns; /* when it would begin if there were no gaps */
} Segment;

/* Of all channels of one rate and length. */
typedef struct
{
  gint64 rate_num;
  gint64 rate_den_ns;
  gint64 n_stored;
  GArray *runs; /* InionSegmentRun, one a segment, some of them empty */
} Table;

struct _InionSegments
{
  GArray *segments;
  GPtrArray *tables;
  GPtrArray *channels; /* Table, borrowed: of each channel */
};

static void
free_table (gpointer data)
{
  Table *table = data;

  g_array_unref (table->runs);
  g_free (table);
}

InionSegments *
_inion_segments_new (void)
{
  InionSegments *self = g_new0 (InionSegments, 1);

  self->segments = g_array_new (FALSE, FALSE, sizeof (Segment));
  self->tables = g_ptr_array_new_with_free_func (free_table);
  self->channels = g_ptr_array_new ();
  return self;
}

void
_inion_segments_free (InionSegments *self)
{
  g_array_unref (self->segments);
  g_ptr_array_unref (self->tables);
  g_ptr_array_unref (self->channels);
  g_free (self);
}

/* Appends a stretch. It must not begin before the one before it ends: FALSE then. */
gboolean
_inion_segments_add (InionSegments *self,
                     gint64         onset_ns,
                     gint64         length_ns,
                     gint64         stored_ns)
{
  Segment segment = { onset_ns, length_ns, stored_ns };
  gint64 end_ns;

  if (length_ns < 0 || stored_ns < 0 || !inion_int64_add (&end_ns, onset_ns, length_ns))
    return FALSE;
  if (self->segments->len > 0)
    {
      const Segment *last = &g_array_index (self->segments, Segment, self->segments->len - 1);

      if (onset_ns < last->onset_ns + last->length_ns || stored_ns < last->stored_ns)
        return FALSE;
    }
  g_array_append_val (self->segments, segment);
  return TRUE;
}

/* The nearest sample, of two equally near ones the later: adding whole samples to a time always
 * adds as many to this. */
static gint64
round_to_sample (const Table *table,
                 gint64       ns)
{
  __int128 twice = (__int128) ns * table->rate_num * 2 + table->rate_den_ns;
  __int128 den = (__int128) table->rate_den_ns * 2;
  __int128 sample = twice / den - (twice % den < 0);

  return sample > G_MAXINT64 ? G_MAXINT64 : (gint64) sample;
}

static void
fill_table (Table  *table,
            GArray *segments)
{
  gint64 end = 0;

  for (guint i = 0; i < segments->len; i++)
    {
      const Segment *segment = &g_array_index (segments, Segment, i);
      gboolean last = i + 1 == segments->len;
      gint64 stored = MIN (round_to_sample (table, segment->stored_ns), table->n_stored);
      gint64 next = last ? table->n_stored
                         : round_to_sample (table, g_array_index (segments, Segment,
                                                                  i + 1).stored_ns);
      InionSegmentRun run = { MAX (round_to_sample (table, segment->onset_ns), end),
                              CLAMP (next, stored, table->n_stored) - stored, stored };

      /* A clock of 292 years has no room for more. */
      run.n = MIN (run.n, G_MAXINT64 - run.first);
      g_array_append_val (table->runs, run);
      end = run.first + run.n;
    }
}

/* Adds the next channel, after all segments. Returns its number of samples on the clock. */
gint64
_inion_segments_add_channel (InionSegments          *self,
                             const InionChannelInfo *info)
{
  Table *table = NULL;
  const InionSegmentRun *last;
  const Segment *end;

  for (guint i = 0; i < self->tables->len && table == NULL; i++)
    {
      Table *known = self->tables->pdata[i];

      if (known->rate_num == info->rate_num && known->rate_den_ns == info->rate_den_ns &&
          known->n_stored == info->n_samples)
        table = known;
    }
  if (table == NULL)
    {
      table = g_new0 (Table, 1);
      table->rate_num = info->rate_num;
      table->rate_den_ns = info->rate_den_ns;
      table->n_stored = info->n_samples;
      table->runs = g_array_sized_new (FALSE, FALSE, sizeof (InionSegmentRun),
                                       self->segments->len);
      fill_table (table, self->segments);
      g_ptr_array_add (self->tables, table);
    }
  g_ptr_array_add (self->channels, table);
  last = &g_array_index (table->runs, InionSegmentRun, table->runs->len - 1);
  end = &g_array_index (self->segments, Segment, self->segments->len - 1);
  return MAX (last->first + last->n, round_to_sample (table, end->onset_ns + end->length_ns));
}

static gboolean
has_runs (const Table           *table,
          const InionSegmentRun *runs,
          gsize                  n_runs)
{
  return table->runs->len == n_runs && memcmp (table->runs->data, runs, n_runs * sizeof *runs) == 0;
}

/* Adds the next channel, of which samples are missing elsewhere than of the others. Its runs must
 * follow each other on the clock and in the file. Returns its number of samples on the clock. */
gint64
_inion_segments_add_channel_runs (InionSegments          *self,
                                  const InionChannelInfo *info,
                                  const InionSegmentRun  *runs,
                                  gsize                   n_runs)
{
  Table *table = self->tables->len > 0 ? self->tables->pdata[self->tables->len - 1] : NULL;
  const Segment *end = &g_array_index (self->segments, Segment, self->segments->len - 1);

  if (table == NULL || table->rate_num != info->rate_num ||
      table->rate_den_ns != info->rate_den_ns || !has_runs (table, runs, n_runs))
    {
      table = g_new0 (Table, 1);
      table->rate_num = info->rate_num;
      table->rate_den_ns = info->rate_den_ns;
      table->n_stored = -1; /* never that of a channel that follows the segments */
      table->runs = g_array_sized_new (FALSE, FALSE, sizeof (InionSegmentRun), (guint) n_runs);
      g_array_append_vals (table->runs, runs, (guint) n_runs);
      g_ptr_array_add (self->tables, table);
    }
  g_ptr_array_add (self->channels, table);
  return MAX (runs[n_runs - 1].first + runs[n_runs - 1].n,
              round_to_sample (table, end->onset_ns + end->length_ns));
}

guint
_inion_segments_get_n (InionSegments *self)
{
  return self->segments->len;
}

void
_inion_segments_get (InionSegments *self,
                     guint          index,
                     gint64        *from_ns,
                     gint64        *to_ns)
{
  const Segment *segment = &g_array_index (self->segments, Segment, index);

  *from_ns = segment->onset_ns;
  *to_ns = segment->onset_ns + segment->length_ns;
}

/* The first segment that ends after a time; their number if there is none. */
guint
_inion_segments_find (InionSegments *self,
                      gint64         ns)
{
  guint low = 0, high = self->segments->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const Segment *segment = &g_array_index (self->segments, Segment, middle);

      if (segment->onset_ns + segment->length_ns > ns)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

/* The run that holds a channel's sample, or else the first behind it. FALSE: there is none. */
gboolean
_inion_segments_find_run (InionSegments   *self,
                          guint            channel,
                          gint64           at,
                          InionSegmentRun *run)
{
  const Table *table = self->channels->pdata[channel];
  guint low = 0, high = table->runs->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const InionSegmentRun *r = &g_array_index (table->runs, InionSegmentRun, middle);

      if (r->first + r->n > at)
        high = middle;
      else
        low = middle + 1;
    }
  for (; low < table->runs->len; low++)
    {
      *run = g_array_index (table->runs, InionSegmentRun, low);
      if (run->n > 0)
        return TRUE;
    }
  return FALSE;
}
