/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EDF, EDF+, BDF and BDF+ files.
 *
 * Samples lie in records: all samples of the first signal in one record's time, then those of the
 * second, and so on. One channel over a stretch of time is therefore scattered over the file. It is
 * read in runs of bytes: where records are small, a run spans many of them (up to 1 MiB) and what
 * belongs to other signals is passed over in memory; where they are large, a run is one record's
 * share of the one channel. pread() has no shared position, so any number of threads may read.
 *
 * Of a last record that was cut off, each signal is read as far as it goes; behind that its samples
 * are missing (NaN) as in a gap, so that all channels are equally long. Onsets in the file count
 * from the header's start time; here, time 0 is the first sample, so a first record that starts at
 * +0.5 s moves the recording's start by as much and all onsets back. Where a record starts later
 * than the one before ends there is a gap: see recording-segments.c. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/edf-recording.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/edf-events.h"
#include "recording/edf-field.h"
#include "recording/edf-gaps.h"
#include "recording/edf-header.h"
#include "recording/edf-triggers.h"
#include "recording/recording-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* The most bytes that are decoded at a time; as much as a run of small records has. */
#define RUN_BYTES (1024 * 1024)
#define STACK_BYTES (32 * 1024)

/* How far apart the bytes are that the kernel is asked about: less than it reads ahead. */
#define ASK_EVERY_BYTES (64 * 1024)

/* Readings from large records that span up to this much are announced to the kernel in one go. */
#define PREFETCH_BYTES (16 * 1024 * 1024)

struct _InionEdfRecording
{
  InionRecording parent_instance;

  InionEdfHeader *header;
  GArray *signals; /* guint: the signal behind each channel */
  GArray *stretches; /* InionEdfStretch */
  gint64 origin_ns; /* onset of the first record */
};

G_DEFINE_FINAL_TYPE (InionEdfRecording, inion_edf_recording, INION_TYPE_RECORDING)

typedef void (*DecodeFunc) (const guint8 *bytes, gsize n, const InionEdfSignal *signal,
                            gpointer out, gsize at);

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
  gint64 records = inion_edf_header_records_a_run (header, signal->samples * width);
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
  int fd = _inion_recording_get_fd (INION_RECORDING (self), 0);
  gint64 record = first / signal->samples;
  gint64 n_records = (first + (gint64) n - 1) / signal->samples - record + 1;
  gint64 offset = header->data_offset + record * header->record_bytes;

  if (n_records > 1 && n_records <= PREFETCH_BYTES / header->record_bytes &&
      !_inion_recording_is_in_memory (INION_RECORDING (self), 0, offset + signal->offset))
    posix_fadvise (fd, (off_t) offset, (off_t) (n_records * header->record_bytes),
                   POSIX_FADV_WILLNEED);
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

  if (inion_edf_header_records_a_run (header, signal->samples * (header->bdf ? 3 : 2)) == 1)
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
      if (!_inion_recording_pread (INION_RECORDING (self), 0, bytes, run.bytes, run.offset,
                                   error))
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

  return read_samples (self, channel, first, n, self->header->bdf ? decode_24 : decode_16, out,
                       error);
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

/* Asks about a byte every so often, where the samples are. */
static gboolean
inion_edf_recording_may_block (InionRecording *recording,
                               guint           channel,
                               gint64          first,
                               gsize           n)
{
  InionEdfRecording *self = INION_EDF_RECORDING (recording);
  const InionEdfHeader *header = self->header;
  const InionEdfSignal *signal =
    &header->signals[g_array_index (self->signals, guint, channel)];
  gint64 width = header->bdf ? 3 : 2;
  double every = (double) ASK_EVERY_BYTES * (double) signal->samples /
                 (double) header->record_bytes;
  gint64 step = (gint64) MAX (every, 1), last = first + (gint64) n - 1;

  for (gint64 at = first;; at = MIN (at + step, last))
    {
      gint64 offset = header->data_offset + at / signal->samples * header->record_bytes +
                      signal->offset + at % signal->samples * width;

      if (!_inion_recording_is_in_memory (recording, 0, offset))
        return TRUE;
      if (at == last)
        return FALSE;
    }
}

/* The events of all channels of trigger codes. */
static gboolean
read_triggers (InionEdfRecording  *self,
               InionJob           *job,
               GPtrArray          *events,
               InionEdfFaults     *faults,
               GError            **error)
{
  for (guint i = 0; i < self->signals->len; i++)
    {
      guint index = g_array_index (self->signals, guint, i);
      const InionEdfSignal *signal = &self->header->signals[index];
      gsize offset = inion_edf_label.offset + inion_edf_label.size * index;
      InionEdfTriggers triggers = { INION_RECORDING (self), i, signal->status, (gint64) offset };

      if ((signal->status || inion_edf_triggers_fit (signal->label)) &&
          !inion_edf_triggers_read (&triggers, job, events, faults, error))
        return FALSE;
    }
  return TRUE;
}

/* EDFbrowser writes which signal an annotation belongs to behind its text: "Spike@@EEG Fp1". What
 * is no signal's name stays in the text. */
static void
assign_channels (InionRecording *recording,
                 GPtrArray      *events)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < events->len; i++)
    {
      InionEvent *event = events->pdata[i];
      char *suffix = g_strrstr (event->text, "@@");
      gpointer channel;

      if (suffix == NULL || suffix == event->text)
        continue;
      if (!g_hash_table_lookup_extended (known, suffix + 2, NULL, &channel))
        {
          g_autofree char *label = g_strstrip (g_strdup (suffix + 2));

          channel = GINT_TO_POINTER (inion_recording_find_channel (recording, label));
          g_hash_table_insert (known, g_strdup (suffix + 2), channel);
        }
      if (GPOINTER_TO_INT (channel) < 0)
        continue;
      event->channel = GPOINTER_TO_INT (channel);
      *suffix = '\0';
    }
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
  InionEdfTimeline timeline = { recording, self->header, NULL, self->origin_ns, self->stretches };

  if (!inion_edf_timeline_read_events (&timeline, job, events, faults, error))
    return NULL;
  assign_channels (recording, events);
  if (!read_triggers (self, job, events, faults, error))
    return NULL;
  inion_edf_faults_hand_over (faults, recording, "places");
  return g_steal_pointer (&events);
}

static void
inion_edf_recording_finalize (GObject *object)
{
  InionEdfRecording *self = INION_EDF_RECORDING (object);

  g_clear_pointer (&self->header, inion_edf_header_free);
  g_clear_pointer (&self->signals, g_array_unref);
  g_clear_pointer (&self->stretches, g_array_unref);
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
  recording_class->may_block = inion_edf_recording_may_block;
}

static void
inion_edf_recording_init (InionEdfRecording *self)
{
  self->signals = g_array_new (FALSE, FALSE, sizeof (guint));
}

static void
add_channels (InionEdfRecording *self)
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
      info.n_samples = inion_edf_header_count_samples (header, i);
      inion_recording_add_channel (INION_RECORDING (self), &info);
      g_array_append_val (self->signals, i);
    }
}

/* A file that is one stretch of complete records needs none. */
static gboolean
add_stretches (InionEdfRecording  *self,
               const char         *name,
               GError            **error)
{
  const InionEdfHeader *header = self->header;
  gint64 rest_ns = inion_edf_header_get_rest_ns (header);

  for (guint i = 0; i < self->stretches->len && (self->stretches->len > 1 || rest_ns > 0); i++)
    {
      const InionEdfStretch *stretch = &g_array_index (self->stretches, InionEdfStretch, i);
      gint64 end = i + 1 < self->stretches->len ? stretch[1].record : header->n_records;
      gint64 length_ns = (end - stretch->record) * header->record_ns;
      gint64 onset_ns;

      if (i + 1 == self->stretches->len)
        length_ns += rest_ns;
      if (!inion_int64_add (&onset_ns, stretch->onset_ns, -self->origin_ns) ||
          !inion_recording_add_segment (INION_RECORDING (self), onset_ns, length_ns,
                                        stretch->record * header->record_ns))
        return inion_set_error (error, INION_ERROR_FORMAT,
                                "“%s”: record %" G_GINT64_FORMAT " says that it starts %.0f s "
                                "after the recording's start. The file is damaged there.", name,
                                stretch->record + 1, (double) stretch->onset_ns / 1e9);
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
  InionEdfTimeline timeline = { recording, header, name, 0, NULL };
  g_autofree char *format = NULL;
  gint64 duration_ns;

  /* With one record more, for one that was cut off. */
  if (!inion_int64_mul (&duration_ns, header->n_records + 1, header->record_ns))
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s”: %" G_GINT64_FORMAT " records of %.0f s (byte 244) would be "
                            "longer than 292 years. The header is damaged.",
                            name, header->n_records, (double)header->record_ns / 1e9);
  inion_recording_set_duration_ns (recording, duration_ns - header->record_ns);
  inion_recording_set_texts (recording, header->patient, header->description);
  format = g_strconcat (header->bdf ? "BDF" : "EDF",
                        !header->plus ? "" : header->discontinuous ? "+D" : "+C", NULL);
  inion_recording_set_format (recording, format);
  self->origin_ns = timeline.origin_ns = inion_edf_timeline_read_origin (&timeline, faults);
  if (header->start != NULL)
    {
      g_autoptr (GDateTime) start = g_date_time_add (header->start, self->origin_ns / 1000);

      inion_recording_set_start (recording, start);
    }
  self->stretches = inion_edf_gaps_find (&timeline, faults, error);
  if (self->stretches == NULL)
    return FALSE;
  if (header->rest_bytes > 0 && !inion_edf_gaps_place_rest (&timeline, self->stretches, faults))
    self->header->rest_bytes = 0;
  if (!add_stretches (self, name, error))
    return FALSE;
  add_channels (self);
  return TRUE;
}

/**
 * inion_edf_recording_sniff:
 * @path: (nullable): its name; does not matter
 * @head: (array length=n): the first bytes of a file
 * @n: how many, 256 or more if the file is as long
 *
 * Returns: whether the file is EDF or BDF
 */
gboolean
inion_edf_recording_sniff (const char   *path,
                           const guint8 *head,
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

  _inion_recording_take_file (INION_RECORDING (self), fd, path);
  inion_recording_set_path (INION_RECORDING (self), path);
  if (fstat (fd, &st) != 0)
    {
      inion_set_error_errno (error, errno, "Could not read the size of", name);
      return NULL;
    }
  self->header = inion_edf_header_read (fd, (gint64) st.st_size, name, faults, error);
  if (self->header == NULL || !set_metadata (self, name, faults, error))
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
