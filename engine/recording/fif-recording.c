/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FIF files with a continuous recording, as Neuromag devices and MNE write them.
 *
 * Samples stand in buffers. Where they all are of one length and one behind the other, they are
 * read where they are; where the file skips, mixes number types or goes on in another file, they
 * are copied behind each other into a scratch file first. What was skipped is a gap.
 *
 * The file's date is that of its sample 0, and the recording begins at its first sample. It is in
 * UTC: where the recording was made, the clock on the wall may have told another hour. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/fif-recording.h"

#include "core/error.h"
#include "core/scratch.h"
#include "core/size.h"
#include "recording/fif-parts.h"
#include "recording/fif-private.h"
#include "recording/gunzip.h"
#include "recording/recording-private.h"
#include "recording/sample-rate.h"

#include <math.h>
#include <string.h>

#define COPY_BYTES (1024 * 1024)

/* A buffer that has samples. */
typedef struct
{
  const InionFifPart *part;
  const InionFifBuffer *buffer;
  gint64 n;
} Piece;

typedef struct
{
  gint64 first; /* on the clock */
  gint64 n;
  gint64 stored;
} Run;

typedef struct
{
  InionBinaryRecording *recording;
  InionEdfFaults *faults;
  InionJob *job;
  GPtrArray *parts;
  GArray *pieces;
  GArray *runs;
  InionFifClock clock;
  gint64 end;    /* of the clock, in samples */
  gint64 stored; /* samples in all pieces */
  gint64 usual;  /* samples of the last whole buffer */
} Opener;

static void
clear_opener (Opener *self)
{
  g_clear_object (&self->recording);
  g_clear_pointer (&self->faults, inion_edf_faults_free);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_clear_pointer (&self->pieces, g_array_unref);
  g_clear_pointer (&self->runs, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Opener, clear_opener)

static gboolean
get_type (guint32          type,
          InionSampleType *sample_type)
{
  switch (type)
    {
    case INION_FIF_SHORT:
    case INION_FIF_PACK16:
      *sample_type = INION_SAMPLE_INT16;
      return TRUE;
    case INION_FIF_INT:
      *sample_type = INION_SAMPLE_INT32;
      return TRUE;
    case INION_FIF_FLOAT:
      *sample_type = INION_SAMPLE_FLOAT32;
      return TRUE;
    case INION_FIF_DOUBLE:
      *sample_type = INION_SAMPLE_FLOAT64;
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
add_to_clock (Opener  *self,
              gint64   buffers,
              gint64   samples,
              GError **error)
{
  gint64 n;

  if (!inion_int64_mul (&n, buffers, self->usual) || !inion_int64_add (&n, n, samples) ||
      !inion_int64_add (&self->end, self->end, n) ||
      inion_int64_mul_div (self->end, self->clock.rate_den_ns, self->clock.rate_num) >
        G_MAXINT64 / 2)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "With what the file says to be missing, the recording would last more "
                            "than 146 years.");
  return TRUE;
}

static gboolean
add_buffer (Opener                *self,
            const InionFifPart    *part,
            const InionFifBuffer  *buffer,
            GError               **error)
{
  gint64 n_channels = part->file->channels->len;
  Piece piece = { part, buffer, 0 };
  InionSampleType type;
  Run *last;
  gint64 bytes;

  if (!get_type (buffer->type, &type))
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "The samples at byte %" G_GINT64_FORMAT " are of type %u (%s), which "
                            "Inion does not show. Save the recording with real numbers of 32 bits.",
                            buffer->data, buffer->type,
                            buffer->type == INION_FIF_COMPLEX_FLOAT ||
                            buffer->type == INION_FIF_COMPLEX_DOUBLE ? "complex" : "unknown");
  bytes = n_channels * (gint64) inion_sample_type_get_size (type);
  piece.n = buffer->bytes / bytes;
  if (buffer->bytes % bytes != 0)
    inion_edf_faults_add (self->faults, "buffer", buffer->data, "samples",
                          "A buffer of %" G_GINT64_FORMAT " bytes does not hold whole samples of "
                          "%" G_GINT64_FORMAT " channels; the last %" G_GINT64_FORMAT " bytes were "
                          "left out.", buffer->bytes, n_channels, buffer->bytes % bytes);
  if (self->usual == 0)
    self->usual = piece.n;
  if (!add_to_clock (self, buffer->skip, buffer->skip_samples, error))
    return FALSE;
  if (piece.n == 0)
    return TRUE;
  if (self->runs->len == 0)
    {
      /* Nothing was recorded before: the recording begins here. */
      self->clock.first_sample += self->end;
      self->end = 0;
    }
  last = self->runs->len > 0 ? &g_array_index (self->runs, Run, self->runs->len - 1) : NULL;
  if (last != NULL && last->first + last->n == self->end)
    last->n += piece.n;
  else
    {
      Run run = { self->end, piece.n, self->stored };

      g_array_append_val (self->runs, run);
    }
  self->usual = piece.n;
  self->stored += piece.n;
  g_array_append_val (self->pieces, piece);
  return add_to_clock (self, 0, piece.n, error);
}

/* What lies between two files of a split recording: mostly nothing. */
static gboolean
add_join (Opener              *self,
          const InionFifPart  *part,
          GError             **error)
{
  gint64 expected = self->clock.first_sample + self->end;
  gint64 missing = part->file->first_sample - expected;

  if (part == self->parts->pdata[0] || part->file->first_sample == 0 || missing == 0)
    return TRUE;
  inion_edf_faults_add (self->faults, "join", -1, "split file",
                        "“%s” begins at sample %" G_GINT64_FORMAT " and not at %" G_GINT64_FORMAT
                        "; %s.", part->path, part->file->first_sample, expected,
                        missing > 0 ? "what is between is missing" : "it was put right behind");
  return missing < 0 || add_to_clock (self, 0, missing, error);
}

static gboolean
build_clock (Opener  *self,
             GError **error)
{
  const InionFifFile *first = ((InionFifPart *) self->parts->pdata[0])->file;

  if (!_inion_sample_rate_split (first->rate, &self->clock.rate_num, &self->clock.rate_den_ns))
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "The sampling rate at byte %" G_GINT64_FORMAT " is %g Hz, which cannot "
                            "be.", first->rate_at, first->rate);
  self->clock.first_sample = first->first_sample;
  for (guint p = 0; p < self->parts->len; p++)
    {
      const InionFifPart *part = self->parts->pdata[p];

      if (!add_join (self, part, error))
        return FALSE;
      for (guint i = 0; i < part->file->buffers->len; i++)
        if (!add_buffer (self, part, &g_array_index (part->file->buffers, InionFifBuffer, i),
                         error))
          return FALSE;
    }
  if (self->pieces->len == 0)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "At byte %" G_GINT64_FORMAT ", where samples should stand, there are "
                            "none: all buffers from there on are too short for one of each channel.",
                            g_array_index (first->buffers, InionFifBuffer, 0).data);
  return TRUE;
}

static gint64
to_ns (const Opener *self,
       gint64        sample)
{
  return inion_int64_mul_div (sample, self->clock.rate_den_ns, self->clock.rate_num);
}

static gboolean
add_segments (Opener  *self,
              GError **error)
{
  InionRecording *recording = INION_RECORDING (self->recording);

  for (guint i = 0; self->runs->len > 1 && i < self->runs->len; i++)
    {
      const Run *run = &g_array_index (self->runs, Run, i);
      gint64 from_ns = to_ns (self, run->first);

      if (!inion_recording_add_segment (recording, from_ns,
                                        to_ns (self, run->first + run->n) - from_ns,
                                        to_ns (self, run->stored)))
        return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                                "The recording's stretches do not follow each other.");
    }
  return TRUE;
}

/* Whether all samples can be read where they are. */
static gboolean
is_regular (Opener            *self,
            InionSampleLayout *layout)
{
  const Piece *first = &g_array_index (self->pieces, Piece, 0);
  gint64 apart = 0;
  InionSampleType type = INION_SAMPLE_INT16;

  for (guint i = 1; i < self->pieces->len; i++)
    {
      const Piece *piece = &g_array_index (self->pieces, Piece, i);
      gint64 before = g_array_index (self->pieces, Piece, i - 1).buffer->data;

      if (i == 1)
        apart = piece->buffer->data - before;
      if (piece->part != first->part || piece->buffer->type != first->buffer->type ||
          piece->buffer->data - before != apart || apart <= 0 ||
          (i + 1 < self->pieces->len ? piece->n != first->n : piece->n > first->n))
        return FALSE;
    }
  get_type (first->buffer->type, &type);
  *layout = inion_sample_layout_multiplexed (first->part->index, type, first->buffer->data, 0,
                                             first->part->file->channels->len);
  layout->big_endian = TRUE;
  layout->block_samples = first->n;
  layout->block_bytes = apart;
  return TRUE;
}

/* Copies the samples of a buffer, as they are or as numbers of 64 bits. */
static gboolean
copy_piece (Opener        *self,
            const Piece   *piece,
            gboolean       widen,
            guint8        *bytes,
            InionScratch  *scratch,
            GError       **error)
{
  g_autofree double *values = widen ? g_new (double, COPY_BYTES / 2) : NULL;
  InionSampleType type = INION_SAMPLE_FLOAT64;
  gint64 total, size;

  get_type (piece->buffer->type, &type);
  size = (gint64) inion_sample_type_get_size (type);
  total = piece->n * piece->part->file->channels->len * size;
  for (gint64 done = 0; done < total;)
    {
      gsize n = (gsize) MIN (total - done, COPY_BYTES);

      if (!inion_job_check (self->job, error) ||
          !inion_binary_recording_read_bytes (self->recording, piece->part->index, bytes, n,
                                              piece->buffer->data + done, error))
        return FALSE;
      if (widen)
        inion_samples_to_double (bytes, size, n / (gsize) size, type, TRUE, values);
      if (!(widen ? inion_scratch_write (scratch, values, n / (gsize) size * sizeof *values, error)
                  : inion_scratch_write (scratch, bytes, n, error)))
        return FALSE;
      done += (gint64) n;
    }
  return TRUE;
}

static gboolean
copy_pieces (Opener             *self,
             InionSampleLayout  *layout,
             GError            **error)
{
  g_autoptr (InionScratch) scratch = inion_scratch_new (error);
  g_autofree guint8 *bytes = g_malloc (COPY_BYTES);
  const Piece *first = &g_array_index (self->pieces, Piece, 0);
  gboolean widen = FALSE;
  InionSampleType type = INION_SAMPLE_INT16;
  int fd;

  get_type (first->buffer->type, &type);
  for (guint i = 0; i < self->pieces->len; i++)
    widen |= g_array_index (self->pieces, Piece, i).buffer->type != first->buffer->type;
  for (guint i = 0; scratch != NULL && i < self->pieces->len; i++)
    {
      if (!copy_piece (self, &g_array_index (self->pieces, Piece, i), widen, bytes, scratch, error))
        return FALSE;
      inion_job_report (self->job, 0.5 + 0.5 * i / self->pieces->len, "Reading");
    }
  fd = scratch != NULL ? inion_scratch_steal_fd (scratch, error) : -1;
  if (fd < 0)
    return FALSE;
  *layout = inion_sample_layout_multiplexed (
    inion_binary_recording_take_file (self->recording, fd, NULL),
    widen ? INION_SAMPLE_FLOAT64 : type, 0, 0, first->part->file->channels->len);
  layout->big_endian = widen ? G_BYTE_ORDER == G_BIG_ENDIAN : TRUE;
  return TRUE;
}

static void
set_start (Opener *self)
{
  const InionFifFile *file = ((InionFifPart *) self->parts->pdata[0])->file;
  g_autoptr (GDateTime) whole = NULL;
  g_autoptr (GDateTime) start = NULL;
  double since = (double) self->clock.first_sample * ((double) self->clock.rate_den_ns * 1e-9) /
                 (double) self->clock.rate_num;

  if (!file->has_date)
    return;
  whole = g_date_time_new_from_unix_utc (file->date_s);
  if (whole != NULL && fabs (since) < 1e9)
    start = g_date_time_add (whole, file->date_us + (gint64) llrint (since * 1e6));
  if (start == NULL)
    {
      inion_edf_faults_add (self->faults, "date", -1, "date",
                            "The date, %" G_GINT64_FORMAT " s after 1970, cannot be; the start is "
                            "not known.", file->date_s);
      return;
    }
  inion_recording_set_start (INION_RECORDING (self->recording), start);
  inion_edf_faults_add (self->faults, "utc", -1, "date",
                        "The file gives its start in UTC and not where it was recorded%s.",
                        file->date_is_id ? ", and only as part of the measurement's number" : "");
}

static void
tell_projections (Opener *self)
{
  const GArray *projections = ((InionFifPart *) self->parts->pdata[0])->file->projections;

  for (guint active = 0; active < 2; active++)
    {
      g_autoptr (GString) names = g_string_new (NULL);
      guint n = 0;

      for (guint i = 0; i < projections->len; i++)
        {
          const InionFifProjection *p = &g_array_index (projections, InionFifProjection, i);

          if (p->active == (active != 0))
            g_string_append_printf (names, "%s“%s”", n++ > 0 ? ", " : "",
                                    p->name != NULL ? p->name : "without a name");
        }
      if (n > 0 && active)
        inion_edf_faults_add (self->faults, "active", -1, "projections",
                              "The signals are stored with %u %s (SSP) applied: %s.", n,
                              n == 1 ? "projection" : "projections", names->str);
      else if (n > 0)
        inion_edf_faults_add (self->faults, "passive", -1, "projections",
                              "The file holds %u %s (SSP), not applied to the signals, which are "
                              "shown as they are stored: %s.", n,
                              n == 1 ? "projection" : "projections", names->str);
    }
}

static InionRecording *
build (Opener  *self,
       GError **error)
{
  const InionFifFile *file = ((InionFifPart *) self->parts->pdata[0])->file;
  InionRecording *recording = INION_RECORDING (self->recording);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  InionSampleLayout layout;

  inion_recording_set_texts (recording, file->patient != NULL ? file->patient : "",
                             file->description != NULL ? file->description : "");
  if (!build_clock (self, error) || !add_segments (self, error) ||
      !(is_regular (self, &layout) || copy_pieces (self, &layout, error)) ||
      !_inion_fif_add_channels (self->recording, file, &self->clock, self->stored, &layout,
                                self->faults, error))
    return NULL;
  set_start (self);
  if (file->shielded)
    inion_edf_faults_add (self->faults, "shielding", -1, "raw data",
                          "Recorded with active shielding: magnetic channels hold what the "
                          "shielding did too, until MaxFilter has taken it out.");
  tell_projections (self);
  for (guint i = 0; i < self->parts->len; i++)
    _inion_fif_add_annotations (self->recording, ((InionFifPart *) self->parts->pdata[i])->file,
                                &self->clock, seen, self->faults);
  _inion_fif_add_triggers (self->recording);
  inion_edf_faults_hand_over (self->faults, recording, "places");
  return INION_RECORDING (g_steal_pointer (&self->recording));
}

/**
 * inion_fif_sniff:
 * @path: (nullable): the file's path, not used
 * @head: (array length=n): its first bytes
 * @n: how many
 *
 * Returns: whether it is a FIF file, packed (.fif.gz) or not
 */
gboolean
inion_fif_sniff (const char   *path,
                 const guint8 *head,
                 gsize         n)
{
  /* A tag of kind 100 and type 31 with 20 bytes: the file's number. */
  static const guint8 magic[12] = { 0, 0, 0, 100, 0, 0, 0, 31, 0, 0, 0, 20 };
  guint8 start[sizeof magic];
  gsize got;

  if (n >= sizeof magic && memcmp (head, magic, sizeof magic) == 0)
    return TRUE;
  return _inion_gunzip_head (head, n, start, sizeof start, &got) && got == sizeof magic &&
         memcmp (start, magic, sizeof magic) == 0;
}

/**
 * inion_fif_open_fd:
 * @fd: (transfer full): an open file
 * @path: its name; where the recording was split, the others are looked for beside it
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Opens a FIF file.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL as inion_fif_open()
 */
InionRecording *
inion_fif_open_fd (int          fd,
                   const char  *path,
                   InionJob    *job,
                   GError     **error)
{
  g_auto (Opener) opener = { .job = job };

  opener.recording = inion_binary_recording_new (path, "FIF");
  opener.faults = inion_edf_faults_new ();
  opener.pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  opener.runs = g_array_new (FALSE, FALSE, sizeof (Run));
  opener.parts = _inion_fif_parts_read (opener.recording, fd, path, opener.faults, job, error);
  return opener.parts != NULL ? build (&opener, error) : NULL;
}

/**
 * inion_fif_open:
 * @path: a file
 * @job: (nullable): for progress and cancel: a packed or split file is read to its end
 * @error: return location
 *
 * Opens a FIF file, and where the recording was split, those that follow.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL with %INION_ERROR_FORMAT,
 *   %INION_ERROR_UNSUPPORTED, %INION_ERROR_IO, %INION_ERROR_TOO_LARGE or %G_IO_ERROR_CANCELLED
 */
InionRecording *
inion_fif_open (const char  *path,
                InionJob    *job,
                GError     **error)
{
  gint64 size = 0;
  int fd = _inion_recording_open_file (path, &size, error);

  return fd < 0 ? NULL : inion_fif_open_fd (fd, path, job, error);
}
