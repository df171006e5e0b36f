/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EDF, EDF+, BDF and BDF+ files.
 *
 * Samples lie in records: all samples of the first signal in one record's time, then those of the
 * second, and so on. One channel over a stretch of time is therefore scattered over the file. It is
 * read in runs of bytes: where records are small, a run spans many of them (up to 1 MiB) and what
 * belongs to other signals is passed over in memory; where they are large, a run is one record's
 * share of the one channel. pread() has no shared position, so any number of threads may read.
 *
 * Only complete records are read: what follows the last one (a record that was cut off, or foreign
 * bytes) is named as a fault. Onsets in the file count from the header's start time; here, time 0 is
 * the first sample, so a first record that starts at +0.5 s moves the recording's start by as much
 * and all onsets back. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/edf-recording.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/edf-annotations.h"
#include "recording/edf-header.h"
#include "recording/recording-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The most bytes of one run, and how many bytes of other signals it costs less to read than to
 * start a new run for. */
#define RUN_BYTES (1024 * 1024)
#define GAP_BYTES (8 * 1024)
#define STACK_BYTES (32 * 1024)

/* Runs up to this far apart are announced to the kernel in one go. */
#define PREFETCH_BYTES (16 * 1024 * 1024)

/* As much of an annotation signal as holds its time-keeping TAL. */
#define ONSET_BYTES 64

/* A first onset beyond ten years says nothing but that it is damaged. */
#define MAX_ORIGIN_NS (G_GINT64_CONSTANT (3650) * 86400 * 1000000000)

struct _InionEdfRecording
{
  InionRecording parent_instance;

  InionEdfHeader *header;
  GArray *signals; /* guint: the signal behind each channel */
  gint64 origin_ns; /* onset of the first record */
};

G_DEFINE_FINAL_TYPE (InionEdfRecording, inion_edf_recording, INION_TYPE_RECORDING)

typedef void (*DecodeFunc) (const guint8 *bytes, gsize n, const InionEdfSignal *signal, gpointer out,
                            gsize at);

static inline gint32
get_16 (const guint8 *p)
{
  return (gint16) (guint16) (p[0] | p[1] << 8);
}

static inline gint32
get_24 (const guint8 *p)
{
  return (gint32) ((guint32) p[0] << 8 | (guint32) p[1] << 16 | (guint32) p[2] << 24) >> 8;
}

static void
decode_16 (const guint8         *bytes,
           gsize                 n,
           const InionEdfSignal *signal,
           gpointer              out,
           gsize                 at)
{
  gint32 *values = (gint32 *) out + at;

  for (gsize i = 0; i < n; i++)
    values[i] = get_16 (bytes + 2 * i);
}

static void
decode_24 (const guint8         *bytes,
           gsize                 n,
           const InionEdfSignal *signal,
           gpointer              out,
           gsize                 at)
{
  gint32 *values = (gint32 *) out + at;

  for (gsize i = 0; i < n; i++)
    values[i] = get_24 (bytes + 3 * i);
}

/* EDFlib's operations in EDFlib's order: both then give the same bits. The factor is 1 but for a
 * brain, eye, heart or muscle signal whose file is not in µV; a product with 1 is exact. */
static void
decode_16_physical (const guint8         *bytes,
                    gsize                 n,
                    const InionEdfSignal *signal,
                    gpointer              out,
                    gsize                 at)
{
  double *values = (double *) out + at;
  double bit_value = signal->bit_value;
  double bit_offset = signal->bit_offset;
  double scale = signal->scale;

  for (gsize i = 0; i < n; i++)
    values[i] = bit_value * (bit_offset + (double) get_16 (bytes + 2 * i)) * scale;
}

static void
decode_24_physical (const guint8         *bytes,
                    gsize                 n,
                    const InionEdfSignal *signal,
                    gpointer              out,
                    gsize                 at)
{
  double *values = (double *) out + at;
  double bit_value = signal->bit_value;
  double bit_offset = signal->bit_offset;
  double scale = signal->scale;

  for (gsize i = 0; i < n; i++)
    values[i] = bit_value * (bit_offset + (double) get_24 (bytes + 3 * i)) * scale;
}

/* How many records to read in one go when `bytes` of each are wanted. */
static gint64
records_a_run (const InionEdfHeader *header,
               gint64                bytes)
{
  if (header->record_bytes - bytes > GAP_BYTES || header->record_bytes > RUN_BYTES)
    return 1;
  return MAX (RUN_BYTES / header->record_bytes, 1);
}

/* A run: samples [first, first + n) of a signal, whose bytes are [offset, offset + bytes). */
typedef struct
{
  gint64 record;
  gint64 skip; /* samples of the first record before the run */
  gsize n;
  gint64 offset;
  gsize bytes;
} Run;

static Run
plan_run (const InionEdfHeader *header,
          const InionEdfSignal *signal,
          gint64                first,
          gsize                 n)
{
  gint64 width = header->bdf ? 3 : 2;
  gint64 records = records_a_run (header, signal->samples * width);
  Run run = { first / signal->samples, first % signal->samples, 0, 0, 0 };
  gint64 last, end;

  run.n = (gsize) MIN ((gint64) n, records * signal->samples - run.skip);
  if (records == 1)
    run.n = MIN (run.n, RUN_BYTES / 3);
  last = first + (gint64) run.n - 1;
  run.offset = header->data_offset + run.record * header->record_bytes + signal->offset +
               run.skip * width;
  end = header->data_offset + last / signal->samples * header->record_bytes + signal->offset +
        (last % signal->samples + 1) * width;
  run.bytes = (gsize) (end - run.offset);
  return run;
}

static void
decode_run (const InionEdfHeader *header,
            const InionEdfSignal *signal,
            const Run            *run,
            const guint8         *bytes,
            DecodeFunc            decode,
            gpointer              out,
            gsize                 at)
{
  gsize skip = (gsize) run->skip;
  gsize width = header->bdf ? 3 : 2;

  for (gsize done = 0, record = 0; done < run->n; record++)
    {
      gsize from = record == 0 ? 0 : record * (gsize) header->record_bytes - skip * width;
      gsize n = MIN ((gsize) signal->samples - (record == 0 ? skip : 0), run->n - done);

      decode (bytes + from, n, signal, out, at + done);
      done += n;
    }
}

/* Where records are large, a channel's bytes are far apart: tell the kernel what will be wanted, so
 * that a slow disk is asked once and not for each record. */
static void
prefetch (InionEdfRecording    *self,
          const InionEdfSignal *signal,
          gint64                first,
          gsize                 n)
{
  const InionEdfHeader *header = self->header;
  gint64 record = first / signal->samples;
  gint64 n_records = (first + (gint64) n - 1) / signal->samples - record + 1;

  if (n_records > 1 && n_records <= PREFETCH_BYTES / header->record_bytes)
    posix_fadvise (_inion_recording_get_fd (INION_RECORDING (self)),
                   (off_t) (header->data_offset + record * header->record_bytes),
                   (off_t) (n_records * header->record_bytes), POSIX_FADV_WILLNEED);
}

static gboolean
read_samples (InionEdfRecording  *self,
              guint               channel,
              gint64              first,
              gsize               n,
              DecodeFunc          decode,
              gpointer            out,
              GError            **error)
{
  const InionEdfHeader *header = self->header;
  const InionEdfSignal *signal =
    &header->signals[g_array_index (self->signals, guint, channel)];
  guint8 stack[STACK_BYTES];
  g_autofree guint8 *heap = NULL;
  gsize room = sizeof stack;
  guint8 *bytes = stack;

  if (records_a_run (header, signal->samples * (header->bdf ? 3 : 2)) == 1)
    prefetch (self, signal, first, n);
  for (gsize done = 0; done < n;)
    {
      Run run = plan_run (header, signal, first + (gint64) done, n - done);

      if (run.bytes > room)
        {
          g_free (heap);
          room = MIN (2 * run.bytes, MAX (run.bytes, RUN_BYTES));
          bytes = heap = g_malloc (room); /* at most 1 MiB: see plan_run() */
        }
      if (!_inion_recording_pread (INION_RECORDING (self), bytes, run.bytes, run.offset, error))
        return FALSE;
      decode_run (header, signal, &run, bytes, decode, out, done);
      done += run.n;
    }
  return TRUE;
}

static gboolean
inion_edf_recording_read_digital (InionRecording  *recording,
                                  guint            channel,
                                  gint64           first,
                                  gsize            n,
                                  gint32          *out,
                                  GError         **error)
{
  InionEdfRecording *self = INION_EDF_RECORDING (recording);

  return read_samples (self, channel, first, n, self->header->bdf ? decode_24 : decode_16, out, error);
}

static gboolean
inion_edf_recording_read_physical (InionRecording  *recording,
                                   guint            channel,
                                   gint64           first,
                                   gsize            n,
                                   double          *out,
                                   GError         **error)
{
  InionEdfRecording *self = INION_EDF_RECORDING (recording);

  return read_samples (self, channel, first, n,
                       self->header->bdf ? decode_24_physical : decode_16_physical, out, error);
}

/* What load_events carries from record to record. */
typedef struct
{
  GPtrArray *events;
  InionEdfFaults *faults;
  gint64 previous_ns; /* onset of the previous record, as far as it is known */
  gint64 jumps;
  gint64 first_jump; /* record */
  double first_jump_s;
  gint64 first_jump_offset;
} EventScan;

static gint64
half_a_sample (const InionEdfHeader *header)
{
  gint64 most = 1;

  for (guint i = 0; i < header->n_signals; i++)
    if (!header->signals[i].annotations)
      most = MAX (most, header->signals[i].samples);
  return header->record_ns / (2 * most);
}

static gboolean
is_contiguous (const InionEdfHeader *header,
               gint64                previous_ns,
               gint64                onset_ns)
{
  gint64 expected;

  return !inion_int64_add (&expected, previous_ns, header->record_ns) ||
         ABS ((double) onset_ns - (double) expected) <= (double) half_a_sample (header);
}

/* Compares when a record says it starts with when it should. */
static void
check_onset (InionEdfRecording      *self,
             EventScan              *scan,
             gint64                  record,
             const InionEdfTalBlock *block)
{
  gint64 onset_ns;

  if (!inion_edf_tal_read_onset (block->bytes, block->n, &onset_ns))
    {
      if (!inion_int64_add (&scan->previous_ns, scan->previous_ns, self->header->record_ns))
        scan->previous_ns = G_MAXINT64;
      return;
    }
  if (record > 0 && self->header->record_ns > 0 &&
      !is_contiguous (self->header, scan->previous_ns, onset_ns) && scan->jumps++ == 0)
    {
      scan->first_jump = record;
      scan->first_jump_s =
        ((double) onset_ns - (double) scan->previous_ns - (double) self->header->record_ns) / 1e9;
      scan->first_jump_offset = block->file_offset;
    }
  scan->previous_ns = onset_ns;
}

static void
note_jumps (const EventScan *scan)
{
  if (scan->jumps == 0)
    return;
  inion_edf_faults_add (scan->faults, "jumps", scan->first_jump_offset, "annotations",
                        "The file says it has no gaps, but %" G_GINT64_FORMAT " of its records do "
                        "not start where the one before ends; the first is record %" G_GINT64_FORMAT
                        ", %.3f s off. Samples are shown as if they followed each other, "
                        "so clock times behind that place are not to be trusted.",
                        scan->jumps, scan->first_jump + 1, scan->first_jump_s);
}

/* The annotation signals of one record: from the record in memory, or, if that is NULL, each read
 * into the buffer. */
static gboolean
scan_record (InionEdfRecording  *self,
             EventScan          *scan,
             gint64              record,
             const guint8       *in_memory,
             guint8             *buffer,
             GError            **error)
{
  const InionEdfHeader *header = self->header;
  gboolean time_keeping = TRUE;

  for (guint i = 0; i < header->n_signals; i++)
    {
      const InionEdfSignal *signal = &header->signals[i];
      InionEdfTalBlock block = { NULL, (gsize) signal->samples * (header->bdf ? 3 : 2), 0, time_keeping };

      if (!signal->annotations || signal->samples == 0)
        continue;
      block.file_offset = header->data_offset + record * header->record_bytes + signal->offset;
      block.bytes = in_memory != NULL ? in_memory + signal->offset : buffer;
      if (in_memory == NULL && !_inion_recording_pread (INION_RECORDING (self), buffer, block.n,
                                                        block.file_offset, error))
        return FALSE;
      if (time_keeping)
        check_onset (self, scan, record, &block);
      inion_edf_tal_parse (&block, self->origin_ns, scan->events, scan->faults);
      time_keeping = FALSE;
    }
  return TRUE;
}

/* The largest annotation signal and all of them together, in bytes a record. */
static void
measure_annotations (const InionEdfHeader *header,
                     gsize                *largest,
                     gint64               *total)
{
  *largest = 0;
  *total = 0;
  for (guint i = 0; i < header->n_signals; i++)
    if (header->signals[i].annotations)
      {
        gsize bytes = (gsize) header->signals[i].samples * (header->bdf ? 3 : 2);

        *largest = MAX (*largest, bytes);
        *total += (gint64) bytes;
      }
}

static gboolean
scan_records (InionEdfRecording  *self,
              EventScan          *scan,
              InionJob           *job,
              GError            **error)
{
  const InionEdfHeader *header = self->header;
  g_autofree guint8 *memory = NULL;
  gsize largest, room;
  gint64 total, step;

  measure_annotations (header, &largest, &total);
  if (largest == 0 || header->n_records == 0)
    return TRUE;
  step = records_a_run (header, total);
  room = step > 1 ? (gsize) (step * header->record_bytes) : largest;
  memory = inion_try_new (guint8, room, "annotations", error);
  if (memory == NULL)
    return FALSE;
  for (gint64 record = 0; record < header->n_records; record += step)
    {
      gint64 n = MIN (step, header->n_records - record);

      if (!inion_job_check (job, error))
        return FALSE;
      if (step > 1 && !_inion_recording_pread (INION_RECORDING (self), memory,
                                               (gsize) (n * header->record_bytes),
                                               header->data_offset + record * header->record_bytes,
                                               error))
        return FALSE;
      for (gint64 i = 0; i < n; i++)
        if (!scan_record (self, scan, record + i,
                          step > 1 ? memory + i * header->record_bytes : NULL, memory, error))
          return FALSE;
      if (record / step % 64 == 0)
        inion_job_report (job, (double) record / (double) header->n_records, "Events");
    }
  return TRUE;
}

static GPtrArray *
inion_edf_recording_load_events (InionRecording  *recording,
                                 InionJob        *job,
                                 GError         **error)
{
  InionEdfRecording *self = INION_EDF_RECORDING (recording);
  g_autoptr (GPtrArray) events =
    g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
  g_autoptr (InionEdfFaults) faults = inion_edf_faults_new ();
  EventScan scan = { events, faults, 0 };

  if (!scan_records (self, &scan, job, error))
    return NULL;
  note_jumps (&scan);
  inion_edf_faults_hand_over (faults, recording, "places");
  return g_steal_pointer (&events);
}

static void
inion_edf_recording_finalize (GObject *object)
{
  InionEdfRecording *self = INION_EDF_RECORDING (object);

  g_clear_pointer (&self->header, inion_edf_header_free);
  g_clear_pointer (&self->signals, g_array_unref);
  G_OBJECT_CLASS (inion_edf_recording_parent_class)->finalize (object);
}

static void
inion_edf_recording_class_init (InionEdfRecordingClass *klass)
{
  InionRecordingClass *recording_class = INION_RECORDING_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = inion_edf_recording_finalize;
  recording_class->read_digital = inion_edf_recording_read_digital;
  recording_class->read_physical = inion_edf_recording_read_physical;
  recording_class->load_events = inion_edf_recording_load_events;
}

static void
inion_edf_recording_init (InionEdfRecording *self)
{
  self->signals = g_array_new (FALSE, FALSE, sizeof (guint));
}

/* When a record says it starts. */
static gboolean
read_record_onset (InionEdfRecording *self,
                   gint64             record,
                   gint64            *onset_ns)
{
  const InionEdfHeader *header = self->header;

  for (guint i = 0; i < header->n_signals; i++)
    if (header->signals[i].annotations && header->signals[i].samples > 0)
      {
        guint8 bytes[ONSET_BYTES];
        gsize n = MIN (sizeof bytes, (gsize) header->signals[i].samples * (header->bdf ? 3 : 2));
        gint64 offset = header->data_offset + record * header->record_bytes + header->signals[i].offset;

        return _inion_recording_pread (INION_RECORDING (self), bytes, n, offset, NULL) &&
               inion_edf_tal_read_onset (bytes, n, onset_ns);
      }
  return FALSE;
}

/* A file that may have gaps can be shown truthfully if it has none. */
static gboolean
check_continuous (InionEdfRecording  *self,
                  const char         *name,
                  GError            **error)
{
  const InionEdfHeader *header = self->header;
  gint64 previous_ns = self->origin_ns;

  if (!header->discontinuous || self->signals->len == 0)
    return TRUE;
  for (gint64 record = 1; record < header->n_records; record++)
    {
      gint64 onset_ns;

      if (!read_record_onset (self, record, &onset_ns))
        return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                                "“%s” says that it has gaps, and record %" G_GINT64_FORMAT
                                " does not say when it starts. Inion does not read such files yet: "
                                "convert it into continuous EDF+C pieces.", name, record + 1);
      if (!is_contiguous (header, previous_ns, onset_ns))
        return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                                "“%s” has gaps (it is discontinuous): record %" G_GINT64_FORMAT
                                " starts at %.3f s, not at %.3f s. Inion does not read such files "
                                "yet: convert it into continuous EDF+C pieces.", name, record + 1,
                                (double) onset_ns / 1e9,
                                ((double) previous_ns + (double) header->record_ns) / 1e9);
      previous_ns = onset_ns;
    }
  return TRUE;
}

static void
read_origin (InionEdfRecording *self,
             InionEdfFaults    *faults)
{
  gint64 onset_ns = 0;

  if (self->header->n_records == 0 || !read_record_onset (self, 0, &onset_ns))
    return;
  if (onset_ns >= -MAX_ORIGIN_NS && onset_ns <= MAX_ORIGIN_NS)
    self->origin_ns = onset_ns;
  else
    inion_edf_faults_add (faults, "origin", self->header->data_offset, "annotations",
                          "The first record says it starts %.0f s after the recording's start; "
                          "taken as 0.", (double) onset_ns / 1e9);
}

static gboolean
add_channels (InionEdfRecording  *self,
              const char         *name,
              GError            **error)
{
  const InionEdfHeader *header = self->header;

  for (guint i = 0; i < header->n_signals; i++)
    {
      const InionEdfSignal *signal = &header->signals[i];
      InionChannelInfo info = {
        .raw_label = signal->label,
        .kind = signal->kind,
        .unit = signal->unit,
        .rate_num = signal->samples,
        .rate_den_ns = header->record_ns,
        .gain = signal->bit_value * signal->scale,
        .offset = signal->bit_value * signal->bit_offset * signal->scale,
        .digital_min = signal->digital_min,
        .digital_max = signal->digital_max,
        .calibrated = signal->calibrated,
        .transducer = signal->transducer,
        .prefilter = signal->prefilter,
      };

      if (signal->annotations || signal->samples == 0)
        continue;
      if (!inion_int64_mul (&info.n_samples, header->n_records, signal->samples))
        return inion_set_error (error, INION_ERROR_TOO_LARGE, "“%s” has too many samples.", name);
      inion_recording_add_channel (INION_RECORDING (self), &info);
      g_array_append_val (self->signals, i);
    }
  return TRUE;
}

static gboolean
set_metadata (InionEdfRecording  *self,
              const char         *name,
              InionEdfFaults     *faults,
              GError            **error)
{
  InionRecording *recording = INION_RECORDING (self);
  const InionEdfHeader *header = self->header;
  g_autofree char *format = NULL;
  gint64 duration_ns;

  if (!inion_int64_mul (&duration_ns, header->n_records, header->record_ns))
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s”: %" G_GINT64_FORMAT " records of %.0f s (byte 244) would be longer "
                            "than 292 years. The header is damaged.", name, header->n_records,
                            (double) header->record_ns / 1e9);
  inion_recording_set_duration_ns (recording, duration_ns);
  inion_recording_set_texts (recording, header->patient, header->description);
  format = g_strconcat (header->bdf ? "BDF" : "EDF",
                        !header->plus ? "" : header->discontinuous ? "+D" : "+C", NULL);
  inion_recording_set_format (recording, format);
  read_origin (self, faults);
  if (header->start != NULL)
    {
      g_autoptr (GDateTime) start = g_date_time_add (header->start, self->origin_ns / 1000);

      inion_recording_set_start (recording, start);
    }
  return add_channels (self, name, error);
}

/**
 * inion_edf_recording_sniff:
 * @head: (array length=n): the first bytes of a file
 * @n: how many, 256 or more if the file is as long
 *
 * Returns: whether the file is EDF or BDF
 */
gboolean
inion_edf_recording_sniff (const guint8 *head,
                           gsize         n)
{
  return inion_edf_header_sniff (head, n);
}

/**
 * inion_edf_recording_open_fd:
 * @fd: an open regular file; owned and closed by the recording, also on failure
 * @path: (nullable): its name
 * @error: return location
 *
 * Opens an EDF or BDF file that is open already.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL as inion_recording_open()
 */
InionRecording *
inion_edf_recording_open_fd (int          fd,
                             const char  *path,
                             GError     **error)
{
  g_autoptr (InionEdfRecording) self = g_object_new (INION_TYPE_EDF_RECORDING, NULL);
  g_autoptr (InionEdfFaults) faults = inion_edf_faults_new ();
  g_autofree char *name = g_filename_display_name (path != NULL ? path : "recording");
  struct stat st;

  _inion_recording_take_fd (INION_RECORDING (self), fd);
  inion_recording_set_path (INION_RECORDING (self), path);
  if (fstat (fd, &st) != 0)
    {
      inion_set_error_errno (error, errno, "Could not read the size of", name);
      return NULL;
    }
  self->header = inion_edf_header_read (fd, (gint64) st.st_size, name, faults, error);
  if (self->header == NULL || !set_metadata (self, name, faults, error) ||
      !check_continuous (self, name, error))
    return NULL;
  inion_edf_faults_hand_over (faults, INION_RECORDING (self), "signals");
  return INION_RECORDING (g_steal_pointer (&self));
}

/**
 * inion_edf_recording_open:
 * @path: a file
 * @error: return location
 *
 * Opens an EDF, EDF+, BDF or BDF+ file, whatever its first bytes are. inion_recording_open() looks
 * at them first.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL as inion_recording_open()
 */
InionRecording *
inion_edf_recording_open (const char  *path,
                          GError     **error)
{
  gint64 size;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  fd = _inion_recording_open_file (path, &size, error);
  return fd >= 0 ? inion_edf_recording_open_fd (fd, path, error) : NULL;
}
