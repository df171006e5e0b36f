/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the annotation signals of an EDF+ or BDF+ file say, record by record.
 *
 * Two things: events, and when each record starts. Onsets in the file count from the header's
 * start time, while time 0 of a recording is its first sample, so the first record's onset (the
 * origin) is subtracted everywhere. The gaps are known by then (edf-gaps.c); what they do
 * not explain is a fault. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/edf-events.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/edf-annotations.h"
#include "recording/edf-gaps.h"
#include "recording/recording-private.h"

#include <math.h>

/* As much of an annotation signal as holds its time-keeping TAL. */
#define ONSET_BYTES 64

/* A first onset beyond ten years says nothing but that it is damaged. */
#define MAX_ORIGIN_NS (G_GINT64_CONSTANT (3650) * 86400 * 1000000000)

typedef struct
{
  const InionEdfTimeline *timeline;
  GPtrArray *events;
  InionEdfFaults *faults;
  gint64 previous_ns; /* onset of the previous record, as far as it is known */
  gint64 jumps;
  gint64 first_jump; /* record */
  gint64 first_jump_offset;
  double first_jump_s;
  guint stretch; /* the next one */
} Scan;

static gsize
count_bytes (const InionEdfHeader *header,
             const InionEdfSignal *signal)
{
  return (gsize) signal->samples * (header->bdf ? 3 : 2);
}

/* How much of an annotation signal a record holds: less than all in one that was cut off. */
static gsize
count_bytes_there (const InionEdfHeader *header,
                   const InionEdfSignal *signal,
                   gint64                record)
{
  gsize all = count_bytes (header, signal);
  gint64 rest = header->rest_bytes - signal->offset;

  return record < header->n_records ? all : MIN (all, (gsize) MAX (rest, 0));
}

/**
 * inion_edf_timeline_read_onset:
 * @self: a file
 * @record: one of its records; their number for one that was cut off
 * @onset_ns: (out): nanoseconds since the header's start time
 *
 * Reads when a record says that it starts, from its first annotation signal.
 *
 * Returns: %FALSE if it does not say
 */
gboolean
inion_edf_timeline_read_onset (const InionEdfTimeline *self,
                               gint64                  record,
                               gint64                 *onset_ns)
{
  const InionEdfHeader *header = self->header;

  for (guint i = 0; i < header->n_signals; i++)
    if (header->signals[i].annotations && header->signals[i].samples > 0)
      {
        guint8 bytes[ONSET_BYTES];
        gsize n = MIN (sizeof bytes, count_bytes_there (header, &header->signals[i], record));
        gint64 offset = header->data_offset + record * header->record_bytes +
                        header->signals[i].offset;

        return n > 0 && _inion_recording_pread (self->recording, 0, bytes, n, offset, NULL) &&
               inion_edf_tal_read_onset (bytes, n, onset_ns);
      }
  return FALSE;
}

/**
 * inion_edf_timeline_get_tolerance:
 * @header: a header
 *
 * Returns: half a sample of the fastest signal, in nanoseconds: records whose onsets miss each
 *   other by no more follow each other
 */
gint64
inion_edf_timeline_get_tolerance (const InionEdfHeader *header)
{
  gint64 most = 1;

  for (guint i = 0; i < header->n_signals; i++)
    if (!header->signals[i].annotations)
      most = MAX (most, header->signals[i].samples);
  return header->record_ns / (2 * most);
}

/* By how many nanoseconds a record misses the end of the one before; 0 for less than half a
 * sample. */
static double
measure_jump (const InionEdfHeader *header,
              gint64                previous_ns,
              gint64                onset_ns)
{
  double jump = (double) onset_ns - (double) previous_ns - (double) header->record_ns;

  return fabs (jump) > (double) inion_edf_timeline_get_tolerance (header) ? jump : 0;
}

/**
 * inion_edf_timeline_read_origin:
 * @self: a file
 * @faults: where doubts are added
 *
 * Reads when the first record starts.
 *
 * Returns: nanoseconds since the header's start time; 0 if the file does not say
 */
gint64
inion_edf_timeline_read_origin (const InionEdfTimeline *self,
                                InionEdfFaults         *faults)
{
  gint64 onset_ns = 0;

  if ((self->header->n_records == 0 && self->header->rest_bytes == 0) ||
      !inion_edf_timeline_read_onset (self, 0, &onset_ns))
    return 0;
  if (onset_ns >= -MAX_ORIGIN_NS && onset_ns <= MAX_ORIGIN_NS)
    return onset_ns;
  inion_edf_faults_add (faults, "origin", self->header->data_offset, "annotations",
                        "The first record says it starts %.0f s after the recording's start; "
                        "taken as 0.", (double) onset_ns / 1e9);
  return 0;
}

static gboolean
is_after_gap (Scan  *scan,
              gint64 record)
{
  const GArray *stretches = scan->timeline->stretches;

  if (stretches == NULL)
    return FALSE;
  while (scan->stretch < stretches->len &&
         g_array_index (stretches, InionEdfStretch, scan->stretch).record < record)
    scan->stretch++;
  return scan->stretch < stretches->len &&
         g_array_index (stretches, InionEdfStretch, scan->stretch).record == record;
}

/* Compares when a record says it starts with when it should. */
static void
check_onset (Scan                   *scan,
             gint64                  record,
             const InionEdfTalBlock *block)
{
  const InionEdfHeader *header = scan->timeline->header;
  gint64 onset_ns;
  double jump;

  if (!inion_edf_tal_read_onset (block->bytes, block->n, &onset_ns))
    {
      if (record > 0 && !inion_int64_add (&scan->previous_ns, scan->previous_ns, header->record_ns))
        scan->previous_ns = G_MAXINT64;
      return;
    }
  jump = record == 0 || header->record_ns == 0 || is_after_gap (scan, record)
           ? 0
           : measure_jump (header, scan->previous_ns, onset_ns);
  if (jump != 0 && scan->jumps++ == 0)
    {
      scan->first_jump = record;
      scan->first_jump_s = jump / 1e9;
      scan->first_jump_offset = block->file_offset;
    }
  scan->previous_ns = onset_ns;
}

static void
note_jumps (const Scan *scan)
{
  if (scan->jumps == 0)
    return;
  inion_edf_faults_add (scan->faults, "jumps", scan->first_jump_offset, "annotations",
                        "%" G_GINT64_FORMAT " records do not start where the one before ends, "
                        "although there is no gap; the first is record %" G_GINT64_FORMAT
                        ", %.3f s off. Clock times and events between there and the next gap may "
                        "be off by as much.",
                        scan->jumps, scan->first_jump + 1, scan->first_jump_s);
}

/* The annotation signals of one record: from the record in memory, or, if that is NULL, each read
 * into the buffer. */
static gboolean
scan_record (Scan          *scan,
             gint64         record,
             const guint8  *in_memory,
             guint8        *buffer,
             GError       **error)
{
  const InionEdfHeader *header = scan->timeline->header;
  gint64 record_offset = header->data_offset + record * header->record_bytes;
  gboolean time_keeping = TRUE;

  for (guint i = 0; i < header->n_signals; i++)
    {
      const InionEdfSignal *signal = &header->signals[i];
      InionEdfTalBlock block = { buffer, count_bytes_there (header, signal, record),
                                 record_offset + signal->offset, time_keeping };

      if (!signal->annotations || block.n == 0)
        continue;
      if (in_memory != NULL)
        block.bytes = in_memory + signal->offset;
      else if (!_inion_recording_pread (scan->timeline->recording, 0, buffer, block.n,
                                        block.file_offset, error))
        return FALSE;
      if (time_keeping)
        check_onset (scan, record, &block);
      inion_edf_tal_parse (&block, scan->timeline->origin_ns, scan->events, scan->faults);
      time_keeping = FALSE;
    }
  return TRUE;
}

/* The largest annotation signal and all of them together, in bytes a record. */
static void
measure_annotations (const InionEdfHeader *header,
                     gsize                *largest,
                     gsize                *total)
{
  *largest = 0;
  *total = 0;
  for (guint i = 0; i < header->n_signals; i++)
    if (header->signals[i].annotations)
      {
        gsize bytes = count_bytes (header, &header->signals[i]);

        *largest = MAX (*largest, bytes);
        *total += bytes;
      }
}

static gboolean
scan_records (Scan      *scan,
              InionJob  *job,
              GError   **error)
{
  const InionEdfHeader *header = scan->timeline->header;
  g_autofree guint8 *memory = NULL;
  gsize largest, total, record_bytes;
  gint64 step;

  measure_annotations (header, &largest, &total);
  if (largest == 0)
    return TRUE;
  step = inion_edf_header_records_a_run (header, (gint64) total);
  record_bytes = (gsize) header->record_bytes;
  memory = inion_try_new (guint8, step > 1 ? (gsize) step * record_bytes : largest, "annotations",
                          error);
  if (memory == NULL)
    return FALSE;
  for (gint64 record = 0; record < header->n_records; record += step)
    {
      gsize n = (gsize) MIN (step, header->n_records - record);
      gint64 offset = header->data_offset + record * header->record_bytes;

      if (!inion_job_check (job, error))
        return FALSE;
      if (step > 1 && !_inion_recording_pread (scan->timeline->recording, 0, memory,
                                               n * record_bytes, offset, error))
        return FALSE;
      for (gsize i = 0; i < n; i++)
        if (!scan_record (scan, record + (gint64) i, step > 1 ? memory + i * record_bytes : NULL,
                          memory, error))
          return FALSE;
      if (record / step % 64 == 0)
        inion_job_report (job, (double) record / (double) header->n_records, "Events");
    }
  return header->rest_bytes == 0 || scan_record (scan, header->n_records, NULL, memory, error);
}

/**
 * inion_edf_timeline_read_events:
 * @self: a file
 * @job: (nullable): for progress and cancel
 * @events: (element-type InionEvent): where the events are appended, in the file's order
 * @faults: where doubts are added
 * @error: return location
 *
 * Reads all annotations of a file, and checks that its records follow each other.
 *
 * Returns: %FALSE with %G_IO_ERROR_CANCELLED, %INION_ERROR_IO or %INION_ERROR_TOO_LARGE
 */
gboolean
inion_edf_timeline_read_events (const InionEdfTimeline  *self,
                                InionJob                *job,
                                GPtrArray               *events,
                                InionEdfFaults          *faults,
                                GError                 **error)
{
  Scan scan = { self, events, faults, self->origin_ns, 0, 0, 0, 0, 0 };

  if (!scan_records (&scan, job, error))
    return FALSE;
  note_jumps (&scan);
  return TRUE;
}
