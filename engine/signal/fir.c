/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linear-phase FIR filters by windowed design, with MNE's rules for transitions and length.
 *
 * Design (Ifeachor and Jervis; Widmann, Schröger and Maess 2015): every edge is a low-pass of its
 * own, a Hamming-windowed sinc of unit gain at 0 Hz, just as long as its transition asks for
 * (N = 3.3 × rate / transition, made odd), cutting (−6 dB) in the middle of the transition. The
 * filter is the sum and difference of these, as long as the longest.
 *
 * Application: one pass with the delay of (N − 1)/2 samples taken back, so the phase is zero. The
 * signal is lengthened by odd reflection about its ends, 2x₀ − x₋ᵢ, of which a symmetric filter
 * sees (N − 1)/2 samples. Convolution is done by overlap-save, block after block in place.
 *
 * Minimum phase: homomorphic filtering (Oppenheim and Schafer): the cepstrum of √|H| is folded onto
 * positive time. */

#define G_LOG_DOMAIN "inion-signal"

#include "config.h"

#include "signal/fir.h"

#include "core/size.h"
#include "signal/fft.h"
#include "signal/signal-private.h"
#include "signal/spectrum.h"

#include <string.h>

#define LENGTH_FACTOR 3.3 /* Hamming: transition × duration */
#define MAX_TAPS (1 << 24)

/* Corner frequencies as fractions of Nyquist, and the gain (0 or 1) wanted at each. */
typedef struct
{
  guint n;
  double at[8];
  int gain[8];
} Corners;

static void
corners_add (Corners *corners,
             double   at,
             int      gain)
{
  corners->at[corners->n] = at;
  corners->gain[corners->n] = gain;
  corners->n++;
}

static InionFir *
fir_new (gsize    n_taps,
         GError **error)
{
  InionFir *self;
  double *taps = inion_try_new (double, n_taps, "the taps of a filter", error);

  if (taps == NULL)
    return NULL;
  self = g_new (InionFir, 1);
  self->n_taps = n_taps;
  self->taps = taps;
  return self;
}

/* Adds sign × a windowed low-pass of n taps, cutting at a fraction of Nyquist, to the middle of
 * h. */
static void
add_lowpass (double *h,
             gsize   n_h,
             gsize   n,
             double  cut,
             double  sign)
{
  double *to = h + (n_h - n) / 2;
  g_autofree double *low = g_new (double, n);
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      double t = (double) i - (double) (n - 1) / 2, u = G_PI * cut * t;
      double sinc = t == 0 ? 1 : sin (u) / u;
      double window = n == 1 ? 1 : 0.54 - 0.46 * cos (2 * G_PI * (double) i / (double) (n - 1));

      low[i] = cut * sinc * window;
      sum += low[i];
    }
  for (gsize i = 0; i < n; i++)
    to[i] += sign * low[i] / sum;
}

static gsize
make_odd (double n)
{
  gsize whole = (gsize) n;

  return whole + (1 - whole % 2);
}

/* Superposes low-passes from the highest corner down. */
static void
superpose (InionFir      *fir,
           const Corners *corners)
{
  guint last = corners->n - 1;

  memset (fir->taps, 0, fir->n_taps * sizeof *fir->taps);
  if (corners->gain[last] == 1)
    fir->taps[fir->n_taps / 2] = 1;
  for (guint i = last; i-- > 0;)
    if (corners->gain[i] != corners->gain[i + 1])
      {
        double width = (corners->at[i + 1] - corners->at[i]) / 2;
        gsize n = MIN (make_odd (rint (LENGTH_FACTOR / width)), fir->n_taps);

        add_lowpass (fir->taps, fir->n_taps, n, (corners->at[i] + corners->at[i + 1]) / 2,
                     corners->gain[i] == 0 ? -1 : 1);
      }
}

static gboolean
set_edge_error (const char *what,
                double      edge_hz,
                double      rate_hz,
                GError    **error)
{
  char edge[G_ASCII_DTOSTR_BUF_SIZE], half[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (edge, sizeof edge, "%.6g", edge_hz);
  g_ascii_formatd (half, sizeof half, "%.6g", rate_hz / 2);
  return inion_set_error (error, INION_ERROR_INVALID,
                          "The %s of the filter is %s Hz; it must lie above 0 Hz and under half "
                          "the sampling rate (%s Hz)", what, edge, half);
}

static gboolean
check_edges (double    low_hz,
             double    high_hz,
             double    rate_hz,
             GError  **error)
{
  if (!(rate_hz > 0) || !isfinite (rate_hz))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "A filter needs a sampling rate above 0 Hz");
  if (isnan (low_hz) && isnan (high_hz))
    return inion_set_error (error, INION_ERROR_INVALID, "A filter needs at least one edge");
  if (!isnan (low_hz) && !(low_hz > 0 && low_hz < rate_hz / 2))
    return set_edge_error ("lower edge", low_hz, rate_hz, error);
  if (!isnan (high_hz) && !(high_hz > 0 && high_hz < rate_hz / 2))
    return set_edge_error ("upper edge", high_hz, rate_hz, error);
  if (low_hz == high_hz)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "The edges of the filter are equal: nothing would pass");
  return TRUE;
}

/* Fills the corners and the narrowest transition in Hz. */
static gboolean
place_corners (double    low_hz,
               double    high_hz,
               double    rate_hz,
               Corners  *corners,
               double   *narrowest,
               GError  **error)
{
  gboolean stop = low_hz > high_hz;
  double lower = stop ? high_hz : low_hz, upper = stop ? low_hz : high_hz, half = rate_hz / 2;
  double lower_width = MIN (MAX (0.25 * lower, 2), lower);
  double upper_width = MIN (MAX (0.25 * upper, 2), half - upper);
  /* A band-pass has its transitions outside the edges, a band-stop inside. */
  double a = stop ? lower : lower - lower_width, b = stop ? lower + lower_width : lower;
  double c = stop ? upper - upper_width : upper, d = stop ? upper : upper + upper_width;

  if (stop && b > c)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "The band to stop is narrower than the transitions at its edges; widen "
                            "it, or use a notch");
  *narrowest = MIN (isnan (lower) ? INFINITY : lower_width, isnan (upper) ? INFINITY : upper_width);
  corners->n = 0;
  if (isnan (lower) || stop || a > 0)
    corners_add (corners, 0, isnan (lower) || stop);
  if (!isnan (lower))
    {
      corners_add (corners, a / half, stop);
      corners_add (corners, b / half, !stop);
    }
  if (!isnan (upper))
    {
      corners_add (corners, c / half, !stop);
      corners_add (corners, d / half, stop);
    }
  if (corners->at[corners->n - 1] < 1)
    corners_add (corners, 1, isnan (upper) || stop);
  return TRUE;
}

static InionFir *
design (double    low_hz,
        double    high_hz,
        double    rate_hz,
        gboolean  twice,
        GError  **error)
{
  Corners corners = { 0 };
  double narrowest = 0, length;
  InionFir *fir;

  if (!check_edges (low_hz, high_hz, rate_hz, error) ||
      !place_corners (low_hz, high_hz, rate_hz, &corners, &narrowest, error))
    return NULL;
  length = ceil (LENGTH_FACTOR / narrowest * rate_hz);
  if (!(length < MAX_TAPS))
    {
      inion_set_error (error, INION_ERROR_TOO_LARGE,
                       "The filter would need more than 16 million taps; move its edges away from "
                       "0 Hz and from half the sampling rate, or resample first");
      return NULL;
    }
  fir = fir_new (twice ? 2 * make_odd (length) - 1 : make_odd (length), error);
  if (fir != NULL)
    superpose (fir, &corners);
  return fir;
}

/**
 * inion_fir_design:
 * @low_hz: lower edge of the pass band in Hz, NaN for none
 * @high_hz: upper edge of the pass band in Hz, NaN for none; under @low_hz for a band-stop
 * @rate_hz: sampling rate in Hz
 * @error: return location
 *
 * Designs a linear-phase filter of odd length; the taps are those of mne.filter.create_filter().
 *
 * Returns: (transfer full): the filter, or %NULL with %INION_ERROR_INVALID if the edges are not
 *   possible at this rate
 */
InionFir *
inion_fir_design (double    low_hz,
                  double    high_hz,
                  double    rate_hz,
                  GError  **error)
{
  return design (low_hz, high_hz, rate_hz, FALSE, error);
}

/**
 * inion_fir_design_minimum_phase:
 * @low_hz: as for inion_fir_design()
 * @high_hz: as for inion_fir_design()
 * @rate_hz: sampling rate in Hz
 * @error: return location
 *
 * Designs a causal filter of minimum phase, as long as the linear-phase one, for use with
 * inion_fir_stream_new(); equal to mne.filter.create_filter (phase='minimum'). Its attenuation in
 * dB is half of the linear-phase filter's, and −6 dB points become −3 dB points.
 *
 * Returns: (transfer full): the filter, or %NULL with @error set
 */
InionFir *
inion_fir_design_minimum_phase (double    low_hz,
                                double    high_hz,
                                double    rate_hz,
                                GError  **error)
{
  g_autoptr (InionFir) twice = design (low_hz, high_hz, rate_hz, TRUE, error);

  return twice != NULL ? inion_fir_minimum_phase (twice, error) : NULL;
}

/**
 * inion_fir_free:
 * @self: (nullable): a filter
 */
void
inion_fir_free (InionFir *self)
{
  if (self == NULL)
    return;
  g_free (self->taps);
  g_free (self);
}

/* ½ log |H| at n_fft points, as the real parts of a half spectrum. */
static void
half_log_magnitude (double *spectrum,
                    gsize   n_bins)
{
  double least = INFINITY;

  for (gsize k = 0; k < n_bins; k++)
    {
      spectrum[2 * k] = hypot (spectrum[2 * k], spectrum[2 * k + 1]);
      spectrum[2 * k + 1] = 0;
      if (spectrum[2 * k] > 0)
        least = MIN (least, spectrum[2 * k]);
    }
  for (gsize k = 0; k < n_bins; k++)
    spectrum[2 * k] = 0.5 * log (spectrum[2 * k] + 1e-7 * least);
}

static void
fold_cepstrum (double *cepstrum,
               gsize   n_fft,
               gsize   n_taps)
{
  gsize stop = (n_taps + 1) / 2;

  for (gsize i = 1; i < stop; i++)
    cepstrum[i] *= 2;
  for (gsize i = n_taps % 2 == 1 ? stop + 1 : stop; i < n_fft; i++)
    cepstrum[i] = 0;
}

/**
 * inion_fir_minimum_phase:
 * @fir: a linear-phase filter of at least 3 taps
 * @error: return location
 *
 * Turns a filter into one of minimum phase by scipy.signal.minimum_phase()'s convention
 * (homomorphic): (n + 1)/2 taps whose magnitude response is the square root of @fir's. For a
 * filter with the response of a linear-phase one use inion_fir_design_minimum_phase(), or convolve
 * the taps with themselves first.
 *
 * Returns: (transfer full): the filter, or %NULL with %INION_ERROR_INVALID
 */
InionFir *
inion_fir_minimum_phase (const InionFir  *fir,
                         GError         **error)
{
  gsize n = fir->n_taps, n_fft = 1, n_bins;
  g_autoptr (InionFftBuffer) x = NULL;
  g_autoptr (InionFftBuffer) spectrum = NULL;
  InionFir *result;

  if (n < 3 || n > MAX_TAPS / 64)
    {
      inion_set_error (error, INION_ERROR_INVALID,
                       "A filter of %" G_GSIZE_FORMAT " taps cannot be made minimum-phase: between "
                       "3 and 262144 taps are possible. Move its edges away from 0 Hz", n);
      return NULL;
    }
  if (!_inion_signal_check_finite (fir->taps, n, error))
    return NULL;
  while ((double) n_fft < 2.0 * (double) (n - 1) / 0.01)
    n_fft *= 2;
  n_bins = n_fft / 2 + 1;
  x = inion_fft_alloc (n_fft);
  spectrum = inion_fft_alloc (2 * n_bins);
  memset (x, 0, n_fft * sizeof *x);
  memcpy (x, fir->taps, n * sizeof *x);

  inion_rfft (x, n_fft, spectrum);
  half_log_magnitude (spectrum, n_bins);
  inion_irfft (spectrum, n_fft, x);
  fold_cepstrum (x, n_fft, n);
  inion_rfft (x, n_fft, spectrum);
  for (gsize k = 0; k < n_bins; k++)
    {
      double magnitude = exp (spectrum[2 * k]), phase = spectrum[2 * k + 1];

      spectrum[2 * k] = magnitude * cos (phase);
      spectrum[2 * k + 1] = magnitude * sin (phase);
    }
  inion_irfft (spectrum, n_fft, x);

  result = fir_new (n / 2 + n % 2, error);
  if (result != NULL)
    memcpy (result->taps, x, result->n_taps * sizeof *x);
  return result;
}

/* Overlap-save at work. */
typedef struct
{
  gsize n_taps;
  gsize half;       /* (n_taps − 1)/2: delay, and how far the filter sees past an end */
  gsize n_fft;
  gsize n_block;    /* outputs a block: n_fft − n_taps + 1 */
  double *response; /* complex [n_fft/2 + 1], scaled by 1/n_fft */
  double *x;        /* [n_fft]: a block with what the filter sees around it */
  double *product;  /* complex [n_fft/2 + 1] */
  double *before;   /* [half]: the samples before the block, unfiltered */
  double *after;    /* [half]: the reflection past the end */
} OverlapSave;

/* The power of two with the fewest operations an output. */
static gsize
choose_fft_length (gsize n_taps,
                   gsize n)
{
  gsize best = 0;
  double least = INFINITY;

  for (gsize length = 64; length <= (gsize) 1 << 26; length *= 2)
    {
      double n_blocks, cost;

      if (length < 2 * n_taps)
        continue;
      n_blocks = ceil ((double) n / (double) (length - n_taps + 1));
      /* Past 16,384 points a transform leaves the cache. */
      cost = n_blocks * (double) length * (log2 ((double) length) + (length > 16384 ? 8 : 0));
      if (cost < least)
        {
          least = cost;
          best = length;
        }
    }
  return best;
}

static void
overlap_save_clear (OverlapSave *self)
{
  inion_fft_free (self->response);
  inion_fft_free (self->x);
  inion_fft_free (self->product);
  g_free (self->before);
  g_free (self->after);
}

static void
overlap_save_init (OverlapSave    *self,
                   const InionFir *fir,
                   const double   *x,
                   gsize           n)
{
  self->n_taps = fir->n_taps;
  self->half = (fir->n_taps - 1) / 2;
  self->n_fft = choose_fft_length (fir->n_taps, n);
  self->n_block = self->n_fft - fir->n_taps + 1;
  self->response = inion_fft_alloc (2 * (self->n_fft / 2 + 1));
  self->x = inion_fft_alloc (self->n_fft);
  self->product = inion_fft_alloc (2 * (self->n_fft / 2 + 1));
  self->before = g_new (double, self->half);
  self->after = g_new (double, self->half);

  memset (self->x, 0, self->n_fft * sizeof *self->x);
  for (gsize i = 0; i < fir->n_taps; i++)
    self->x[i] = fir->taps[i] / (double) self->n_fft;
  inion_rfft (self->x, self->n_fft, self->response);
  for (gsize i = 0; i < self->half; i++)
    {
      self->before[i] = 2 * x[0] - x[self->half - i];
      self->after[i] = 2 * x[n - 1] - x[n - 2 - i];
    }
}

/* n_fft samples from start − half on: the past, the block, what lies behind it, and past the end
 * the reflection. */
static void
overlap_save_load (const OverlapSave *self,
                   const double      *x,
                   gsize              n,
                   gsize              start)
{
  gsize room = self->n_fft - self->half;
  gsize inside = MIN (n - start, room);
  gsize outside = MIN (room - inside, self->half);

  memcpy (self->x, self->before, self->half * sizeof *x);
  memcpy (self->x + self->half, x + start, inside * sizeof *x);
  memcpy (self->x + self->half + inside, self->after, outside * sizeof *x);
  memset (self->x + self->half + inside + outside, 0, (room - inside - outside) * sizeof *x);
}

static void
overlap_save_filter (OverlapSave *self,
                     fftw_plan    forward,
                     fftw_plan    backward)
{
  const double *h = self->response;
  double *p = self->product;

  fftw_execute_dft_r2c (forward, self->x, (fftw_complex *) p);
  for (gsize k = 0; k <= self->n_fft / 2; k++)
    {
      double re = p[2 * k], im = p[2 * k + 1];

      p[2 * k] = re * h[2 * k] - im * h[2 * k + 1];
      p[2 * k + 1] = re * h[2 * k + 1] + im * h[2 * k];
    }
  fftw_execute_dft_c2r (backward, (fftw_complex *) p, self->x);
}

static void
overlap_save_run (OverlapSave *self,
                  double      *x,
                  gsize        n)
{
  fftw_plan forward = inion_fft_plan (INION_FFT_R2C, self->n_fft);
  fftw_plan backward = inion_fft_plan (INION_FFT_C2R, self->n_fft);

  for (gsize start = 0; start < n; start += self->n_block)
    {
      gsize m = MIN (self->n_block, n - start);

      overlap_save_load (self, x, n, start);
      /* A block is at least as long as the filter, so all of the next one's past lies in this. */
      if (m == self->n_block)
        memcpy (self->before, x + start + m - self->half, self->half * sizeof *x);
      overlap_save_filter (self, forward, backward);
      memcpy (x + start, self->x + self->n_taps - 1, m * sizeof *x);
    }
}

static gboolean
is_symmetric (const InionFir *fir)
{
  double largest = 0;

  for (gsize i = 0; i < fir->n_taps; i++)
    largest = MAX (largest, fabs (fir->taps[i]));
  for (gsize i = 0; i < fir->n_taps / 2; i++)
    if (!(fabs (fir->taps[i] - fir->taps[fir->n_taps - 1 - i]) <= 1e-12 * largest))
      return FALSE;
  return fir->n_taps % 2 == 1;
}

/**
 * inion_fir_apply_zero_phase:
 * @fir: a filter of odd length with symmetric taps
 * @x: (array length=n): samples, filtered in place
 * @n: number of samples, at least the number of taps
 * @error: return location
 *
 * Filters in one pass without delay; equal to mne.filter.filter_data (phase='zero',
 * pad='reflect_limited'). MNE warns and distorts where the signal is shorter than the filter; here
 * that is an error. Thread-safe. Do not filter across a gap: filter the stretches.
 *
 * Returns: %FALSE with %INION_ERROR_TOO_FEW, %INION_ERROR_INVALID or %INION_ERROR_NUMERIC; @x is
 *   then unchanged
 */
gboolean
inion_fir_apply_zero_phase (const InionFir  *fir,
                            double          *x,
                            gsize            n,
                            GError         **error)
{
  OverlapSave work;

  if (!is_symmetric (fir))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "Only a filter with an odd number of symmetric taps has zero phase");
  if (n < fir->n_taps)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "The filter has %" G_GSIZE_FORMAT " taps and needs at least as many "
                            "samples; there are %" G_GSIZE_FORMAT ". Raise the lower edge, or use "
                            "a longer stretch", fir->n_taps, n);
  if (!_inion_signal_check_finite (x, n, error))
    return FALSE;
  if (fir->n_taps == 1)
    {
      for (gsize i = 0; i < n; i++)
        x[i] *= fir->taps[0];
      return TRUE;
    }
  overlap_save_init (&work, fir, x, n);
  overlap_save_run (&work, x, n);
  overlap_save_clear (&work);
  return TRUE;
}
