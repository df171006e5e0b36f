/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Muscle activity: the envelope of high frequencies over all channels.
 *
 * As in mne.preprocessing.annotate_muscle_zscore() (after Muthukumaraswamy 2013): each channel is
 * band-passed, its Hilbert envelope turned into z-scores, the scores summed over channels and
 * divided by √channels, and the sum low-passed at 4 Hz; what exceeds the threshold is marked, and
 * good stretches under 0.1 s between marks are swallowed.
 *
 * What differs, and why: the centre and scale of a z-score are median and 1.4826 × MAD, which the
 * bursts sought do not move. Filters are Butterworth, forward and backward. A channel counts at
 * most four thresholds, so that one popping electrode is no muscle. Division by √channels makes a
 * z-score only of independent channels; those of a cap are not, and their sum wanders by 2 or 3.
 * So where the sum's own robust scale is above 1, a mark's peak must exceed the threshold times
 * that scale too (its extent stays where the sum itself passes the threshold). Where the rate does
 * not allow 110–140 Hz, the band is the highest of 30 Hz width under 0.475 × rate (46–76 Hz at
 * 160 Hz), and mains frequencies inside it are notched.
 *
 * The statistics come from a first pass over chunks spread evenly over the recording. */

#define G_LOG_DOMAIN "inion-clean"

#include "config.h"

#include "clean/scan-private.h"

#include "clean/robust.h"
#include "core/parallel.h"
#include "signal/fft.h"
#include "signal/sos.h"
#include "signal/spectrum.h"

#include <math.h>
#include <string.h>

#define BAND_LOW_HZ 110.0
#define BAND_HIGH_HZ 140.0
#define HIGHEST_FRACTION 0.475 /* of the rate: what anti-alias filters leave */
#define LEAST_LOW_HZ 30.0
#define LEAST_WIDTH_HZ 10.0
#define SCORE_HZ 4.0
#define LEAST_GOOD_S 0.1
#define LEAST_LENGTH_S 2.0
#define MARGIN_S 3.0
#define STATISTICS_CHUNKS 60
#define STATISTICS_VALUES 32768
#define SUM_VALUES 262144

typedef struct
{
  double *x;            /* [longest chunk] */
  InionSampler sampler;
  double centre, scale; /* scale 0: not used */
  gboolean there;       /* in this chunk */
} ChannelEnvelope;

typedef struct
{
  const InionScanGroup *group;
  InionSos band, score;
  double low_hz, high_hz;
  double threshold;
  ChannelEnvelope *envelopes;
  guint n_used;
  gboolean sampling;
  InionScanChunk chunk;
  double *sum;          /* [longest chunk] */
  InionSampler sums;
} Muscle;

/* The band for a rate; FALSE if there is none. */
static gboolean
choose_band (double  rate_hz,
             double *low_hz,
             double *high_hz)
{
  *high_hz = MIN (BAND_HIGH_HZ, HIGHEST_FRACTION * rate_hz);
  *low_hz = MAX (*high_hz - (BAND_HIGH_HZ - BAND_LOW_HZ), LEAST_LOW_HZ);
  return *high_hz - *low_hz >= LEAST_WIDTH_HZ;
}

static gboolean
design (Muscle   *self,
        GError  **error)
{
  double rate = self->group->rate_hz;

  if (!inion_sos_butterworth (&self->band, 4, INION_BAND_BANDPASS, self->low_hz, self->high_hz,
                              rate, error) ||
      !inion_sos_butterworth (&self->score, 2, INION_BAND_LOWPASS, 0, SCORE_HZ, rate, error))
    return FALSE;
  for (guint i = 0; i < 2; i++)
    {
      double mains = i == 0 ? 50 : 60;
      InionSos notch;

      if (mains < self->low_hz - 1 || mains > self->high_hz + 1 || mains >= rate / 2)
        continue;
      if (!inion_sos_notch (&notch, mains, 30, rate, error) ||
          !inion_sos_append (&self->band, &notch, error))
        return FALSE;
    }
  return TRUE;
}

/* The envelope of n samples in place. Zeros at the end make the length one that transforms fast
 * and part the ends of what the transform takes for a circle. */
static void
take_envelope (double *x,
               gsize   n)
{
  gsize length = inion_fft_good_length (n + n / 16 + 16);
  g_autoptr (InionFftBuffer) padded = inion_fft_alloc (length);

  memcpy (padded, x, n * sizeof *x);
  memset (padded + n, 0, (length - n) * sizeof *x);
  inion_hilbert_envelope (padded, length, padded);
  memcpy (x, padded, n * sizeof *x);
}

static gboolean
scan_channel (gsize     index,
              gpointer  data,
              GError  **error)
{
  Muscle *self = data;
  ChannelEnvelope *envelope = &self->envelopes[index];
  guint channel = g_array_index (self->group->channels, guint, index);
  gsize n = (gsize) (self->chunk.to - self->chunk.from);
  gsize before = (gsize) (self->chunk.first - self->chunk.from);

  envelope->there = _inion_scan_is_there (self->group, channel, &self->chunk, NULL);
  if (!envelope->there || (!self->sampling && envelope->scale == 0))
    return TRUE;
  if (!_inion_scan_read (self->group->recording, channel, &self->chunk, envelope->x, error))
    return FALSE;
  _inion_scan_repair (envelope->x, n);
  if (!inion_sos_filtfilt (&self->band, envelope->x, n, MIN (n - 1, 100), error))
    return FALSE;
  take_envelope (envelope->x, n);
  if (self->sampling)
    inion_sampler_push (&envelope->sampler, envelope->x + before,
                        (gsize) (self->chunk.end - self->chunk.first));
  return TRUE;
}

static gboolean
summarise_channel (gsize     index,
                   gpointer  data,
                   GError  **error)
{
  ChannelEnvelope *envelope = &((Muscle *) data)->envelopes[index];
  InionSampler *s = &envelope->sampler;

  envelope->centre = inion_robust_median (s->values, s->n);
  envelope->scale = inion_robust_scale (s->values, s->n, envelope->centre);
  /* A channel that is flat most of the time, but for rounding, has no scale. */
  if (!(envelope->scale > 1e-9))
    envelope->scale = 0;
  inion_sampler_clear (s);
  return TRUE;
}

static gboolean
takes_part (const ChannelEnvelope *envelope)
{
  return envelope->there && envelope->scale > 0;
}

/* The summed score of the channels that are there in the chunk, low-passed. */
static gboolean
score_chunk (Muscle  *self,
             GError **error)
{
  gsize n = (gsize) (self->chunk.to - self->chunk.from);
  double cap = 4 * self->threshold, weight;
  guint n_used = 0;

  for (guint c = 0; c < self->group->channels->len; c++)
    n_used += takes_part (&self->envelopes[c]);
  weight = 1 / sqrt (MAX (n_used, 1));
  memset (self->sum, 0, n * sizeof *self->sum);
  for (guint c = 0; c < self->group->channels->len; c++)
    {
      const ChannelEnvelope *envelope = &self->envelopes[c];

      if (!takes_part (envelope))
        continue;
      for (gsize i = 0; i < n; i++)
        {
          double z = (envelope->x[i] - envelope->centre) / envelope->scale;

          self->sum[i] += weight * MIN (z, cap);
        }
    }
  return inion_sos_filtfilt (&self->score, self->sum, n, MIN (n - 1, (gsize) self->group->rate_hz),
                             error);
}

static gboolean
scan_all (Muscle                   *self,
          const InionScanChunks    *chunks,
          gint64                    stride,
          GArray                   *runs,
          const InionScanProgress  *progress,
          GError                  **error)
{
  guint n = self->group->channels->len, stretch = 0;
  gint64 join = (gint64) ceil (LEAST_GOOD_S * self->group->rate_hz);

  for (gint64 k = 0; k < chunks->n_chunks; k += stride)
    {
      const double *core;
      gsize n_core;

      _inion_scan_get_chunk (chunks, k, &self->chunk);
      if (!_inion_scan_step (progress, (double) k / (double) chunks->n_chunks, error) ||
          !inion_parallel_for (n, scan_channel, self, progress->job, error))
        return FALSE;
      if (self->sampling)
        continue;
      if (!score_chunk (self, error))
        return FALSE;
      /* Marks join where the signal between them is good, never over a gap. */
      if (self->chunk.begins)
        {
          _inion_runs_join (runs, stretch, join);
          stretch = runs->len;
        }
      core = self->sum + (self->chunk.first - self->chunk.from);
      n_core = (gsize) (self->chunk.end - self->chunk.first);
      inion_sampler_push (&self->sums, core, n_core);
      _inion_runs_push (runs, g_array_index (self->group->channels, guint, 0), self->chunk.first,
                        core, n_core, self->threshold);
    }
  if (!self->sampling)
    _inion_runs_join (runs, stretch, join);
  return TRUE;
}

/* Peaks in units of what the sum does by itself; those that are then no peaks go. */
static void
judge_runs (Muscle *self,
            GArray *runs)
{
  InionSampler *s = &self->sums;
  double centre = inion_robust_median (s->values, s->n);
  double scale = MAX (inion_robust_scale (s->values, s->n, centre), 1);
  guint kept = 0;

  for (guint i = 0; i < runs->len; i++)
    {
      InionRun found = g_array_index (runs, InionRun, i);

      found.peak = (found.peak - MAX (centre, 0)) / scale;
      if (found.peak > self->threshold)
        g_array_index (runs, InionRun, kept++) = found;
    }
  g_array_set_size (runs, kept);
}

static gboolean
run (Muscle                   *self,
     const InionScanChunks    *chunks,
     GArray                   *runs,
     const InionScanProgress  *progress,
     GError                  **error)
{
  InionScanProgress first = *progress, second = *progress;
  gint64 stride = MAX (chunks->n_chunks / STATISTICS_CHUNKS, 1);
  guint n = self->group->channels->len;

  first.to = second.from = progress->from + (progress->to - progress->from) / (1 + (double) stride);
  self->sampling = TRUE;
  if (!scan_all (self, chunks, stride, NULL, &first, error) ||
      !inion_parallel_for (n, summarise_channel, self, progress->job, error))
    return FALSE;
  self->sampling = FALSE;
  for (guint c = 0; c < n; c++)
    self->n_used += self->envelopes[c].scale > 0;
  if (self->n_used == 0)
    return TRUE;
  if (!scan_all (self, chunks, 1, runs, &second, error))
    return FALSE;
  judge_runs (self, runs);
  return TRUE;
}

static void
describe (const Muscle *self,
          guint         n_found,
          GString      *report)
{
  g_autofree char *low = _inion_scan_number (self->low_hz, "%.4g");
  g_autofree char *high = _inion_scan_number (self->high_hz, "%.4g");
  g_autofree char *rate = _inion_scan_number (self->group->rate_hz, "%.6g");
  g_autofree char *z = _inion_scan_number (self->threshold, "%.4g");
  gboolean lower = self->high_hz < BAND_HIGH_HZ;

  if (self->n_used == 0)
    {
      g_string_append_printf (report, "Muscle: not run: no channel has any signal at %s–%s Hz.\n",
                              low, high);
      return;
    }
  g_string_append_printf (report, "Muscle: envelope of %s–%s Hz", low, high);
  if (lower)
    g_string_append_printf (report, " (a rate of %s Hz does not allow 110–140 Hz)", rate);
  if (self->band.n_sections > 4)
    g_string_append (report, ", 50 and 60 Hz notched where inside");
  g_string_append_printf (report, ", %u of %u EEG channels, robust z summed over channels above "
                          "%s: %u found.\n", self->n_used, self->group->channels->len, z, n_found);
}

static void
muscle_init (Muscle                *self,
             const InionScanChunks *chunks)
{
  gsize longest = (gsize) (chunks->core + 2 * chunks->margin);
  guint n = self->group->channels->len;

  self->sum = g_new (double, longest);
  self->envelopes = g_new0 (ChannelEnvelope, n);
  inion_sampler_init (&self->sums, SUM_VALUES);
  for (guint c = 0; c < n; c++)
    {
      self->envelopes[c].x = g_new (double, longest);
      inion_sampler_init (&self->envelopes[c].sampler, STATISTICS_VALUES);
    }
}

static void
muscle_clear (Muscle *self)
{
  for (guint c = 0; c < self->group->channels->len; c++)
    {
      g_free (self->envelopes[c].x);
      inion_sampler_clear (&self->envelopes[c].sampler);
    }
  inion_sampler_clear (&self->sums);
  g_free (self->envelopes);
  g_free (self->sum);
}

/* Finds muscle activity over the channels of a group. */
gboolean
_inion_detect_muscle (const InionScanGroup     *group,
                      double                    z,
                      GArray                   *runs,
                      GString                  *report,
                      const InionScanProgress  *progress,
                      GError                  **error)
{
  Muscle self = { .group = group, .threshold = z };
  g_autofree char *rate = _inion_scan_number (group->rate_hz, "%.6g");
  InionScanChunks chunks;
  gboolean done;

  if (!choose_band (group->rate_hz, &self.low_hz, &self.high_hz))
    {
      g_string_append_printf (report, "Muscle: not run: a rate of %s Hz holds no frequencies that "
                              "tell muscle from brain; at least 85 Hz are needed.\n", rate);
      return TRUE;
    }
  if (!design (&self, error))
    return FALSE;
  _inion_scan_cut (group, NULL, MARGIN_S, LEAST_LENGTH_S, &chunks);
  if (chunks.n_chunks == 0)
    {
      g_string_append (report, chunks.n_short > 1
                                 ? "Muscle: not run: no stretch between gaps lasts 2 s.\n"
                                 : "Muscle: not run: the recording is shorter than 2 s.\n");
      _inion_scan_chunks_clear (&chunks);
      return TRUE;
    }
  muscle_init (&self, &chunks);
  done = run (&self, &chunks, runs, progress, error);
  if (done)
    {
      describe (&self, runs->len, report);
      _inion_scan_describe_short (&chunks, "2 s", report);
    }
  _inion_scan_chunks_clear (&chunks);
  muscle_clear (&self);
  return done;
}
