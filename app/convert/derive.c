/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording made of another: other reference, filtered, other sampling rate.
 *
 * Each stretch between gaps is treated by itself: nothing rings across one. Filters have no phase
 * (Butterworth of order 4, forward and backward; notch with Q 30) and act on EEG, EOG, ECG and
 * EMG; triggers keep their values when the rate changes, everything else is resampled with a
 * low-pass below the new Nyquist frequency. The samples go to a file without a name, as doubles:
 * whoever writes them decides on their range. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/convert/derive.h"

#include "app/convert/find-montage.h"

#include "core/error.h"
#include "core/scratch.h"
#include "core/size.h"
#include "recording/binary-recording.h"
#include "recording/redacted-recording.h"
#include "scalp/montage.h"
#include "signal/resample.h"
#include "signal/sos.h"

#include <math.h>

#define ORDER 4
#define NOTCH_Q 30.0

typedef struct
{
  InionRecording *source;
  const InionDeriveOptions *options;
  InionMontage *montage; /* (nullable) */
  GArray *stored_ns;     /* of each stretch; empty without gaps */
  InionScratch *scratch;
  InionJob *job;
} Derive;

/* A channel while it is made. */
typedef struct
{
  char *label;
  InionChannelInfo info; /* its texts belong to the source, or are label */
  guint clock;           /* the channel of the source whose samples it stands on */
  guint up;
  guint down;
  gboolean filtered;
  InionSos sos[2]; /* band, notch: one behind the other, as “filter” runs them */
  guint n_sos;
  gint64 offset; /* bytes in the scratch file */
  gint64 n;
} Made;

static void
clear_made (gpointer data)
{
  g_free (((Made *) data)->label);
}

/**
 * inion_derive_is_needed:
 * @options: what shall be done
 *
 * Returns: whether that is anything
 */
gboolean
inion_derive_is_needed (const InionDeriveOptions *options)
{
  return options->low_hz > 0 || options->high_hz > 0 || options->notch_hz > 0 ||
         options->resample_hz > 0 ||
         (options->montage != NULL && !g_str_equal (options->montage, "as-recorded"));
}

static gboolean
design (const InionDeriveOptions  *options,
        double                     rate_hz,
        Made                      *made,
        GError                   **error)
{
  InionBand band = options->low_hz > 0 && options->high_hz > 0 ? INION_BAND_BANDPASS
                   : options->low_hz > 0                       ? INION_BAND_HIGHPASS
                                                               : INION_BAND_LOWPASS;

  if ((options->low_hz > 0 || options->high_hz > 0) &&
      !inion_sos_butterworth (&made->sos[made->n_sos++], ORDER, band, options->low_hz,
                              options->high_hz, rate_hz, error))
    return FALSE;
  return options->notch_hz <= 0 || inion_sos_notch (&made->sos[made->n_sos++], options->notch_hz,
                                                    NOTCH_Q, rate_hz, error);
}

static gint64
find_gcd (gint64 a,
          gint64 b)
{
  while (b != 0)
    {
      gint64 rest = a % b;

      a = b;
      b = rest;
    }
  return a;
}

/* The new rate as an exact fraction. */
static gboolean
set_rate (Made    *made,
          double   to_hz,
          double   from_hz,
          GError **error)
{
  gint64 num, den, gcd;

  if (!inion_resample_ratio (from_hz, to_hz, &made->up, &made->down, error))
    return FALSE;
  if (!inion_int64_mul (&num, made->info.rate_num, made->up) ||
      !inion_int64_mul (&den, made->info.rate_den_ns, made->down))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "%.9g Hz cannot be made of %.9g Hz exactly. Choose another rate.",
                            to_hz, from_hz);
  gcd = find_gcd (num, den);
  made->info.rate_num = num / gcd;
  made->info.rate_den_ns = den / gcd;
  return TRUE;
}

static gboolean
is_filtered (InionChannelKind kind)
{
  return kind == INION_CHANNEL_EEG || kind == INION_CHANNEL_EOG || kind == INION_CHANNEL_ECG ||
         kind == INION_CHANNEL_EMG;
}

static gboolean
plan_channel (const Derive  *self,
              guint          index,
              Made          *made,
              GError       **error)
{
  const InionDerivation *derivation =
    self->montage != NULL ? inion_montage_get_derivation (self->montage, index) : NULL;
  InionChannel *channel;
  double rate_hz;

  made->clock = derivation != NULL && derivation->n_terms > 0 ? derivation->channels[0] : index;
  channel = inion_recording_get_channel (self->source, made->clock);
  made->info = *inion_channel_get_info (channel);
  made->label = g_strdup (derivation != NULL ? derivation->label : made->info.raw_label);
  made->info.raw_label = made->label;
  if (derivation != NULL)
    {
      made->info.kind = derivation->kind;
      made->info.label = made->label;
      made->info.unit = inion_montage_get_unit (self->montage, index);
      if (derivation->n_terms > 1)
        {
          made->info.reference = NULL;
          made->info.has_position = FALSE;
        }
    }
  made->info.gain = 1;
  made->info.offset = 0;
  made->info.digital_min = made->info.digital_max = 0;
  made->up = made->down = 1;
  rate_hz = inion_channel_get_rate_hz (channel);
  made->filtered = is_filtered (made->info.kind) &&
                   (self->options->low_hz > 0 || self->options->high_hz > 0 ||
                    self->options->notch_hz > 0);
  if ((made->filtered && !design (self->options, rate_hz, made, error)) ||
      (self->options->resample_hz > 0 &&
       !set_rate (made, self->options->resample_hz, rate_hz, error)))
    {
      g_prefix_error (error, "Channel %s: ", made->label);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_run (const Derive  *self,
          guint          index,
          const Made    *made,
          gint64         first,
          gint64         n,
          double        *x,
          GError       **error)
{
  InionChannel *channel = inion_recording_get_channel (self->source, made->clock);

  if (self->montage != NULL
        ? !inion_montage_read (self->montage, index, first, (gsize) n, x, error)
        : !inion_recording_read (self->source, made->clock, first, (gsize) n, x, error))
    return FALSE;
  for (gint64 i = 0; i < n && (made->filtered || made->up != made->down); i++)
    if (!isfinite (x[i]))
      return inion_set_error (error, INION_ERROR_NUMERIC,
                              "Channel %s has no value at %.3f s: it can be neither filtered nor "
                              "resampled. Leave it out, or the time.", made->label,
                              (double) inion_channel_sample_to_ns (channel, first + i) / 1e9);
  return TRUE;
}

static gboolean
filter_run (const Made  *made,
            double      *x,
            gint64       n,
            GError     **error)
{
  for (guint i = 0; i < made->n_sos && n > 0; i++)
    {
      gsize padding = 3 * (2 * (gsize) made->sos[i].n_sections + 1);

      /* A stretch shorter than the padding is mirrored as far as it goes. */
      if (!inion_sos_filtfilt (&made->sos[i], x, (gsize) n,
                               (gsize) n > padding ? G_MAXSIZE : (gsize) n - 1, error))
        return FALSE;
    }
  return TRUE;
}

/* Values that are codes are never mixed. */
static double *
hold (const Made  *made,
      const double *x,
      gint64       n,
      gsize       *n_out,
      GError     **error)
{
  gint64 total = inion_int64_mul_div (n, made->up, made->down);
  double *out;

  total += total * made->down < n * made->up;
  out = inion_try_new (double, (gsize) total, "the new samples", error);
  for (gint64 k = 0; out != NULL && k < total; k++)
    out[k] = x[MIN (inion_int64_mul_div (k, made->down, made->up), n - 1)];
  *n_out = (gsize) total;
  return out;
}

static gboolean
write_run (Derive        *self,
           Made          *made,
           const double  *x,
           gint64         n,
           gint64         wanted, /* −1: as many as there are */
           GError       **error)
{
  gint64 m = wanted < 0 ? n : MIN (n, wanted);

  if (m > 0 && !inion_scratch_write (self->scratch, x, (gsize) m * sizeof *x, error))
    return FALSE;
  for (; m < wanted; m++)
    if (!inion_scratch_write (self->scratch, n > 0 ? &x[n - 1] : &(double){ 0 }, sizeof *x, error))
      return FALSE;
  made->n += m;
  return TRUE;
}

/* How many samples a stretch has in the new file: the places of all stretches follow from the
 * clock, so that rounding never adds up. −1: the last one, as many as there are. */
static gint64
count_wanted (const Derive *self,
              const Made   *made,
              guint         stretch)
{
  gint64 ends[2];

  if (stretch + 1 >= self->stored_ns->len)
    return -1;
  for (guint i = 0; i < 2; i++)
    {
      __int128 twice = (__int128) g_array_index (self->stored_ns, gint64, stretch + i) *
                         made->info.rate_num * 2 + made->info.rate_den_ns;

      ends[i] = (gint64) (twice / ((__int128) made->info.rate_den_ns * 2));
    }
  return ends[1] - ends[0];
}

static gboolean
make_run (Derive  *self,
          guint    index,
          Made    *made,
          guint    stretch,
          gint64   first,
          gint64   n,
          GError **error)
{
  g_autofree double *x = inion_try_new (double, (gsize) n, "the samples of a stretch", error);
  g_autofree double *resampled = NULL;
  gsize n_out = (gsize) n;

  if (x == NULL || !read_run (self, index, made, first, n, x, error) ||
      !filter_run (made, x, n, error))
    return FALSE;
  if (made->up == made->down)
    return write_run (self, made, x, n, -1, error);
  if (made->info.kind == INION_CHANNEL_TRIGGER)
    resampled = hold (made, x, n, &n_out, error);
  else if (!inion_resample (x, (gsize) n, made->up, made->down, &resampled, &n_out, error))
    return FALSE;
  return resampled != NULL && write_run (self, made, resampled, (gint64) n_out,
                                         count_wanted (self, made, stretch), error);
}

static gboolean
make_channel (Derive  *self,
              guint    index,
              Made    *made,
              GError **error)
{
  gint64 at = 0, first, n;
  guint stretch = 0;

  made->offset = inion_scratch_get_size (self->scratch);
  while (inion_recording_find_run (self->source, made->clock, at, &first, &n))
    {
      InionChannel *channel = inion_recording_get_channel (self->source, made->clock);
      gint64 middle_ns = inion_channel_sample_to_ns (channel, first + n / 2);
      gint64 from_ns, to_ns;

      inion_recording_get_segment (self->source, stretch, &from_ns, &to_ns);
      for (; to_ns <= middle_ns && stretch + 1 < inion_recording_get_n_segments (self->source);
           stretch++)
        inion_recording_get_segment (self->source, stretch + 1, &from_ns, &to_ns);
      if (!inion_job_check (self->job, error) ||
          !make_run (self, index, made, stretch, first, n, error))
        return FALSE;
      at = first + n;
    }
  return TRUE;
}

static gboolean
add_channel (InionBinaryRecording  *recording,
             guint                  file,
             Made                  *made,
             GError               **error)
{
  InionSampleLayout layout = {
    .file = file,
    .type = INION_SAMPLE_FLOAT64,
    .big_endian = G_BYTE_ORDER == G_BIG_ENDIAN,
    .offset = made->offset,
    .stride = (gint64) sizeof (double),
    .block_samples = MAX (made->n, 1),
    .block_bytes = MAX (made->n, 1) * (gint64) sizeof (double),
  };

  made->info.n_samples = made->n;
  return inion_binary_recording_add_channel (recording, &made->info, &layout, error);
}

static InionRecording *
assemble (Derive    *self,
          GArray    *channels,
          GError   **error)
{
  g_autoptr (InionBinaryRecording) made = NULL;
  InionRecording *recording;
  guint file;
  int fd;

  made = inion_binary_recording_new (inion_recording_get_path (self->source),
                                     inion_recording_get_format (self->source));
  recording = INION_RECORDING (made);
  inion_recording_set_start (recording, inion_recording_get_start (self->source));
  inion_recording_set_texts (recording, inion_recording_get_patient (self->source),
                             inion_recording_get_description (self->source));
  g_clear_pointer (&self->stored_ns, g_array_unref);
  if (!inion_recording_copy_gaps (recording, self->source, &self->stored_ns, error))
    return NULL;
  for (guint i = 0; i < channels->len; i++)
    {
      inion_job_report (self->job, (double) i / channels->len, "Computing the channels");
      if (!make_channel (self, i, &g_array_index (channels, Made, i), error))
        return NULL;
    }
  fd = inion_scratch_steal_fd (self->scratch, error);
  if (fd < 0)
    return NULL;
  file = inion_binary_recording_take_file (made, fd, NULL);
  for (guint i = 0; i < channels->len; i++)
    if (!add_channel (made, file, &g_array_index (channels, Made, i), error))
      return NULL;
  return INION_RECORDING (g_steal_pointer (&made));
}

static gboolean
prepare (Derive    *self,
         GArray    *channels,
         GPtrArray *notes,
         GError   **error)
{
  const char *id = self->options->montage;
  guint n = inion_recording_get_n_channels (self->source);

  if (id != NULL && !g_str_equal (id, "as-recorded"))
    {
      g_autofree char *note = NULL;

      self->montage = inion_find_montage (id, self->source, self->options->bad, error);
      if (self->montage == NULL)
        return FALSE;
      n = inion_montage_get_n_derivations (self->montage);
      note = inion_montage_dup_note (self->montage);
      g_ptr_array_add (notes, g_strdup_printf ("Montage: %s%s%s.",
                                               inion_montage_get_title (self->montage),
                                               note != NULL ? ", " : "", note != NULL ? note : ""));
    }
  for (guint i = 0; i < n; i++)
    {
      Made made = { 0 };
      gboolean good = plan_channel (self, i, &made, error);

      g_array_append_val (channels, made);
      if (!good)
        return FALSE;
    }
  self->scratch = inion_scratch_new (error);
  return self->scratch != NULL;
}

/**
 * inion_derive:
 * @source: a recording; its events are not taken over
 * @options: montage, then filters, then sampling rate
 * @notes: (element-type utf8): what a person should know is added here
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Makes a recording with the same clock, gaps and texts.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL with %INION_ERROR_INVALID for edges
 *   or rates that are not possible, %INION_ERROR_NUMERIC where there are no values, the errors of
 *   inion_find_montage(), or %G_IO_ERROR_CANCELLED
 */
InionRecording *
inion_derive (InionRecording            *source,
              const InionDeriveOptions  *options,
              GPtrArray                 *notes,
              InionJob                  *job,
              GError                   **error)
{
  Derive self = { .source = source, .options = options, .job = job };
  g_autoptr (GArray) channels = g_array_new (FALSE, TRUE, sizeof (Made));
  InionRecording *made = NULL;

  g_array_set_clear_func (channels, clear_made);
  if (prepare (&self, channels, notes, error))
    made = assemble (&self, channels, error);
  if (made != NULL && options->resample_hz > 0)
    g_ptr_array_add (notes, g_strdup_printf ("Resampled to %.9g Hz.", options->resample_hz));
  g_clear_object (&self.montage);
  g_clear_pointer (&self.stored_ns, g_array_unref);
  g_clear_pointer (&self.scratch, inion_scratch_free);
  return made;
}
