/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where an EDF+ or BDF+ file has gaps.
 *
 * Each record says when it starts, in its first annotation signal. It starts where the one before
 * ends, to within half a sample of the fastest signal, or there is a gap. A day has 86,400 records
 * of a second, and a slow disk seeks for each, so gaps are searched by halves: where the onsets of
 * two records are as far apart as the records between them are long, there is no gap between them.
 * (A gap that an overlap undoes would be missed; all onsets are compared when the events are read.)
 * Where a record does not say when it starts, all are looked at, and it is taken to follow the one
 * before.
 *
 * Files that promise to have no gaps (EDF+C) are searched too: some have gaps. Others have onsets
 * that are no times at all, the same in every record: where the onsets of such a file go back, its
 * promise is believed and not they. Of a file that may have gaps nobody knows then when its samples
 * were recorded.
 *
 * Records that each miss the one before by less than half a sample are one stretch, although their
 * onsets may run away from the number of samples in an hour: samples are never invented or left out
 * to catch up. How far they run is a fault. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/edf-gaps.h"

#include "core/error.h"
#include "core/size.h"

typedef struct
{
  const InionEdfTimeline *timeline;
  InionEdfFaults *faults;
  GArray *stretches;
  gint64 unknown; /* records that do not say when they start */
  gint64 drift_ns; /* the most by which onsets run away from the records of their stretch */
  gint64 drift_record;
  gboolean senseless; /* the onsets go back in a file that says that it has no gaps */
  GError *error;
} Search;

/* A record that is known to start, or to follow another that did. */
typedef struct
{
  gint64 record;
  gint64 onset_ns;
} Mark;

/* By how much a record misses the end of what lies between it and another. */
static __int128
measure_miss (const InionEdfHeader *header,
              Mark                  a,
              Mark                  b)
{
  return (__int128) b.onset_ns - a.onset_ns - (__int128) (b.record - a.record) * header->record_ns;
}

static gboolean
follow_each_other (const InionEdfHeader *header,
                   Mark                  a,
                   Mark                  b)
{
  __int128 miss = measure_miss (header, a, b);

  return (miss < 0 ? -miss : miss) <= inion_edf_timeline_get_tolerance (header);
}

static Mark
get_last_stretch (const Search *search)
{
  const InionEdfStretch *last =
    &g_array_index (search->stretches, InionEdfStretch, search->stretches->len - 1);

  return (Mark) { last->record, last->onset_ns };
}

/* By how much a record is shown at a wrong time, because those before it in its stretch were longer
 * or shorter than they should be. */
static void
note_drift (Search *search,
            Mark    at)
{
  __int128 miss = measure_miss (search->timeline->header, get_last_stretch (search), at);
  gint64 drift_ns = (gint64) CLAMP (miss, -G_MAXINT64, G_MAXINT64);

  if (ABS (drift_ns) <= ABS (search->drift_ns))
    return;
  search->drift_ns = drift_ns;
  search->drift_record = at.record;
}

/* Records that do not go on where the one before ends, but long before. */
static void
go_back (Search *search,
         Mark    at,
         double  miss_s)
{
  const InionEdfTimeline *timeline = search->timeline;
  const InionEdfHeader *header = timeline->header;
  gint64 offset = header->data_offset + at.record * header->record_bytes;
  double start_s = (double) at.onset_ns / 1e9;

  if (!header->discontinuous)
    {
      search->senseless = TRUE;
      inion_edf_faults_add (search->faults, "senseless", offset, "annotations",
                            "Record %" G_GINT64_FORMAT " says that it starts at %.3f s, but the "
                            "one before it ends at %.3f s. The file says that it has no gaps, so "
                            "its records are taken to follow each other, whatever they say.",
                            at.record + 1, start_s, start_s - miss_s);
      return;
    }
  if (search->error != NULL)
    return;
  inion_set_error (&search->error, INION_ERROR_UNSUPPORTED,
                   "“%s” goes back in time: its record %" G_GINT64_FORMAT " (byte %"
                   G_GINT64_FORMAT ") starts at %.3f s, but the one before it ends at %.3f s, so "
                   "samples would stand at a wrong time. Put the records in order, or export "
                   "each piece to a file of its own.",
                   timeline->name, at.record + 1, offset, start_s, start_s - miss_s);
}

/* A record that does not start where the one before ends. What is shown already may be late, by an
 * overlap before: a gap makes up for it. */
static void
break_before (Search *search,
              Mark    previous,
              Mark    at)
{
  const InionEdfHeader *header = search->timeline->header;
  gint64 offset = header->data_offset + at.record * header->record_bytes;
  double miss_s = (double) measure_miss (header, previous, at) / 1e9;

  note_drift (search, previous);
  if (measure_miss (header, get_last_stretch (search), at) >
      inion_edf_timeline_get_tolerance (header))
    {
      InionEdfStretch next = { at.record, at.onset_ns };

      g_array_append_val (search->stretches, next);
    }
  else if (miss_s < 0 && miss_s * 1e9 > -(double) header->record_ns)
    inion_edf_faults_add (search->faults, "overlaps", offset, "annotations",
                          "Record %" G_GINT64_FORMAT " starts at %.3f s, %.3f s before the one "
                          "before it ends. It is shown behind it, late by as much until the next "
                          "gap.", at.record + 1, (double) at.onset_ns / 1e9, -miss_s);
  else if (miss_s < 0)
    go_back (search, at, miss_s);
}

static gboolean
is_over (const Search *search)
{
  return search->error != NULL || search->senseless;
}

/* Looks for gaps behind a, up to and with b. FALSE: a record between them does not say. */
static gboolean
search_by_halves (Search *search,
                  Mark    a,
                  Mark    b)
{
  Mark middle = { a.record + (b.record - a.record) / 2, 0 };

  if (is_over (search) || follow_each_other (search->timeline->header, a, b))
    return TRUE;
  if (b.record - a.record == 1)
    {
      break_before (search, a, b);
      return TRUE;
    }
  return inion_edf_timeline_read_onset (search->timeline, middle.record, &middle.onset_ns) &&
         search_by_halves (search, a, middle) && search_by_halves (search, middle, b);
}

static void
search_all (Search *search)
{
  const InionEdfTimeline *timeline = search->timeline;
  Mark previous = { 0, timeline->origin_ns };

  for (gint64 record = 1; record < timeline->header->n_records && !is_over (search); record++)
    {
      Mark at = { record, 0 };

      if (!inion_edf_timeline_read_onset (timeline, record, &at.onset_ns))
        {
          search->unknown++;
          if (!inion_int64_add (&at.onset_ns, previous.onset_ns, timeline->header->record_ns))
            return; /* 292 years on: what follows is past any clock */
        }
      else if (!follow_each_other (timeline->header, previous, at))
        break_before (search, previous, at);
      previous = at;
    }
}

static void
note_what_was_found (Search *search)
{
  const InionEdfHeader *header = search->timeline->header;
  guint n_gaps = search->stretches->len - 1;

  if (ABS (search->drift_ns) > inion_edf_timeline_get_tolerance (header))
    inion_edf_faults_add (search->faults, "drift",
                          header->data_offset + search->drift_record * header->record_bytes,
                          "annotations",
                          "The onsets of the records run away from the number of their samples, by "
                          "%.6g s at record %" G_GINT64_FORMAT ". Samples follow each other at the "
                          "rate that the file gives; events may be off by as much.",
                          (double) search->drift_ns / 1e9, search->drift_record + 1);
  if (search->unknown > 0)
    inion_edf_faults_add (search->faults, "no onset", header->data_offset, "annotations",
                          "%" G_GINT64_FORMAT " records do not say when they start; taken to "
                          "follow the one before.", search->unknown);
  if (header->discontinuous && n_gaps == 0)
    inion_edf_faults_add (search->faults, "no gaps", 192, "reserved",
                          "The file says that it may have gaps, but its records follow each other "
                          "without any.");
  if (!header->discontinuous && n_gaps > 0)
    {
      const InionEdfStretch *second = &g_array_index (search->stretches, InionEdfStretch, 1);

      inion_edf_faults_add (search->faults, "gaps", 192, "reserved",
                            "The file says that it has no gaps, but by the onsets of its records "
                            "it has %u, the first before record %" G_GINT64_FORMAT
                            ". They are shown as gaps.", n_gaps, second->record + 1);
    }
}

/**
 * inion_edf_gaps_find:
 * @timeline: a file
 * @faults: where doubts are added
 * @error: return location
 *
 * Finds the stretches of records that follow each other.
 *
 * Returns: (transfer full) (nullable) (element-type InionEdfStretch): the stretches in order, one
 *   if there are no gaps; %NULL with %INION_ERROR_UNSUPPORTED if the file goes back in time
 */
GArray *
inion_edf_gaps_find (const InionEdfTimeline  *timeline,
                     InionEdfFaults          *faults,
                     GError                 **error)
{
  const InionEdfHeader *header = timeline->header;
  g_autoptr (GArray) stretches = g_array_new (FALSE, FALSE, sizeof (InionEdfStretch));
  InionEdfStretch all = { 0, timeline->origin_ns };
  Search search = { timeline, faults, stretches, 0, 0, 0, FALSE, NULL };
  Mark first = { 0, timeline->origin_ns };
  Mark last = { header->n_records - 1, 0 };
  gboolean says;

  g_array_append_val (stretches, all);
  if (!header->plus || header->n_records < 2 || header->record_ns == 0)
    return g_steal_pointer (&stretches);
  says = inion_edf_timeline_read_onset (timeline, last.record, &last.onset_ns);
  if (!says && !header->discontinuous)
    return g_steal_pointer (&stretches);
  if (!says || !search_by_halves (&search, first, last))
    {
      g_clear_error (&search.error);
      g_array_set_size (stretches, 1);
      search_all (&search);
    }
  if (search.error != NULL)
    {
      g_propagate_error (error, search.error);
      return NULL;
    }
  if (search.senseless)
    {
      g_array_set_size (stretches, 1);
      return g_steal_pointer (&stretches);
    }
  if (says)
    note_drift (&search, last);
  note_what_was_found (&search);
  return g_steal_pointer (&stretches);
}

/**
 * inion_edf_gaps_place_rest:
 * @timeline: a file
 * @stretches: (element-type InionEdfStretch): its stretches; one more is appended if the rest lies
 *   behind a gap
 * @faults: where doubts are added
 *
 * Finds when the last record starts that was cut off.
 *
 * Returns: %FALSE if nobody knows: it does not say, and there may be a gap before it
 */
gboolean
inion_edf_gaps_place_rest (const InionEdfTimeline *timeline,
                           GArray                 *stretches,
                           InionEdfFaults         *faults)
{
  const InionEdfHeader *header = timeline->header;
  const InionEdfStretch *last = &g_array_index (stretches, InionEdfStretch, stretches->len - 1);
  Mark shown = { last->record, last->onset_ns };
  Mark at = { header->n_records, 0 };

  if (header->n_records == 0 || !header->plus || header->record_ns == 0)
    return TRUE;
  if (inion_edf_timeline_read_onset (timeline, at.record, &at.onset_ns))
    {
      InionEdfStretch next = { at.record, at.onset_ns };

      /* Where the onsets were not believed or there were no gaps, there is none here. */
      if ((header->discontinuous || stretches->len > 1) &&
          measure_miss (header, shown, at) > inion_edf_timeline_get_tolerance (header))
        g_array_append_val (stretches, next);
      return TRUE;
    }
  if (!header->discontinuous && stretches->len == 1)
    return TRUE;
  inion_edf_faults_add (faults, "rest onset",
                        header->data_offset + header->n_records * header->record_bytes,
                        "end of the file",
                        "The record that was cut off does not say when it starts, and there may be "
                        "a gap before it: it is left out.");
  return FALSE;
}
