/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What calipers say about a stretch of one signal.
 *
 * Waves are counted where the signal crosses its baseline. Noise near the baseline must not count:
 * a crossing is one only after the signal has been a tenth of its greatest deviation away from the
 * baseline on the other side. The time of a crossing is where a straight line between the last
 * sample before it and the first after it meets the baseline, so that the frequency of a sine comes
 * out to far better than a sample.
 *
 * The frequency of the spectrum is that of the highest bin of a periodogram (mean off, Hann window,
 * padded with zeros to eight times its length), refined by a parabola through the logarithms of
 * three bins. Slower than one wave in the stretch it does not look. */

#define G_LOG_DOMAIN "inion-signal"

#include "config.h"

#include "signal/measure.h"

#include "signal/fft.h"
#include "signal/spectrum.h"

#include <math.h>
#include <string.h>

#define WAVE_THRESHOLD 0.1
#define LEAST_FOR_SPECTRUM 8
#define MOST_FOR_SPECTRUM (1u << 21)
#define PADDING 8

static void
clear (InionMeasures *m)
{
  *m = (InionMeasures) {
    .highest = NAN, .lowest = NAN, .peak_to_peak = NAN, .baseline = NAN, .above = NAN,
    .below = NAN, .rms = NAN, .area = NAN, .slope = NAN, .steepest = NAN, .steepest_at = NAN,
    .n_waves = NAN, .wave_hz = NAN, .peak_hz = NAN,
  };
}

/* Extremes and mean of what is there. */
static void
find_extremes (const double  *x,
               gsize          n,
               InionMeasures *m,
               double        *mean)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (!isfinite (x[i]))
        continue;
      if (m->n == 0 || x[i] > m->highest)
        {
          m->highest = x[i];
          m->highest_at = i;
        }
      if (m->n == 0 || x[i] < m->lowest)
        {
          m->lowest = x[i];
          m->lowest_at = i;
        }
      sum += x[i];
      m->n++;
    }
  m->n_missing = n - m->n;
  *mean = sum / (double) m->n;
}

static void
find_steepest (const double  *x,
               gsize          n,
               double         rate_hz,
               InionMeasures *m)
{
  for (gsize i = 0; i + 1 < n; i++)
    {
      double slope = (x[i + 1] - x[i]) * rate_hz / 1000;

      if (isfinite (slope) && !(fabs (slope) <= fabs (m->steepest)))
        {
          m->steepest = slope;
          m->steepest_at = (double) i + 0.5;
        }
    }
}

/* The trapezia between the signal and its baseline; where it crosses, two triangles. */
static double
find_area (const double *x,
           gsize         n,
           double        baseline,
           double        rate_hz)
{
  double area = 0;

  for (gsize i = 0; i + 1 < n; i++)
    {
      double a = x[i] - baseline, b = x[i + 1] - baseline;

      area += a * b >= 0 ? (fabs (a) + fabs (b)) / 2 : (a * a + b * b) / (2 * fabs (b - a));
    }
  return area / rate_hz;
}

static double
crossing_before (const double *x,
                 gsize         i,
                 double        baseline)
{
  /* The last change of side before i: the signal may have touched the baseline more than once. */
  double side = x[i] - baseline;

  while (i > 0 && (x[i - 1] - baseline) * side > 0)
    i--;
  if (i == 0)
    return 0;
  return (double) i - (x[i] - baseline) / (x[i] - x[i - 1]);
}

static void
count_waves (const double  *x,
             gsize          n,
             double         rate_hz,
             InionMeasures *m)
{
  double threshold = WAVE_THRESHOLD * MAX (m->above, m->below);
  double first = NAN, last = NAN, whole_last = NAN;
  guint64 crossings = 0;
  int side = 0;

  m->n_waves = 0;
  if (!(threshold > 0))
    return;
  for (gsize i = 0; i < n; i++)
    {
      double d = x[i] - m->baseline;
      int now = d > threshold ? 1 : d < -threshold ? -1 : side;

      if (side != 0 && now != side)
        {
          last = crossing_before (x, i, m->baseline);
          if (crossings == 0)
            first = last;
          if (crossings % 2 == 0)
            whole_last = last;
          crossings++;
        }
      side = now;
    }
  m->n_waves = (double) crossings / 2;
  /* From one crossing to another in the same direction: whole waves, whatever their shape. */
  if (crossings >= 3)
    m->wave_hz = (double) ((crossings - 1) / 2) * rate_hz / (whole_last - first);
}

static double
find_spectral_peak (const double *x,
                    gsize         n,
                    double        mean,
                    double        rate_hz)
{
  gsize n_fft = inion_fft_good_length (n * PADDING);
  g_autoptr (InionFftBuffer) z = inion_fft_alloc (n_fft);
  g_autoptr (InionFftBuffer) spectrum = inion_fft_alloc (2 * (n_fft / 2 + 1));
  g_autofree double *power = g_new0 (double, n_fft / 2 + 1);
  g_autofree double *window = g_new (double, n);
  gsize first = (n_fft + n - 1) / n, best;
  double a, b, c, shift = 0;

  inion_window_fill (INION_WINDOW_HANN, window, n);
  for (gsize i = 0; i < n; i++)
    z[i] = window[i] * (x[i] - mean);
  memset (z + n, 0, (n_fft - n) * sizeof *z);
  fftw_execute_dft_r2c (inion_fft_plan (INION_FFT_R2C, n_fft), z, (fftw_complex *) spectrum);
  for (gsize k = 0; k <= n_fft / 2; k++)
    power[k] = spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
  best = first;
  for (gsize k = first; k <= n_fft / 2; k++)
    if (power[k] > power[best])
      best = k;
  if (!(power[best] > 0))
    return NAN;
  /* What only gets weaker from the slowest wave on has no peak. */
  if (best == first && power[first - 1] > power[first])
    return NAN;
  if (best < n_fft / 2 && power[best - 1] > 0 && power[best + 1] > 0)
    {
      a = log (power[best - 1]);
      b = log (power[best]);
      c = log (power[best + 1]);
      if (a - 2 * b + c < 0)
        shift = CLAMP (0.5 * (a - c) / (a - 2 * b + c), -0.5, 0.5);
    }
  return ((double) best + shift) * rate_hz / (double) n_fft;
}

/**
 * inion_measure:
 * @x: (array length=n): the signal between the calipers; NaN is a gap
 * @n: number of samples
 * @rate_hz: sampling rate in Hz, above 0
 * @baseline: what amplitudes are measured from, in the unit of the signal; NaN: the mean of the
 *   stretch
 * @measures: (out caller-allocates): what was measured
 *
 * Measures a stretch. Nothing is measured across a gap: where a sample is missing, the extremes,
 * the mean and the RMS are those of what is there, and area, slope, waves and frequencies are NaN.
 * Thread-safe.
 */
void
inion_measure (const double  *x,
               gsize          n,
               double         rate_hz,
               double         baseline,
               InionMeasures *measures)
{
  InionMeasures *m = measures;
  double mean, squares = 0;

  g_return_if_fail (rate_hz > 0);

  clear (m);
  find_extremes (x, n, m, &mean);
  if (m->n == 0)
    return;
  m->baseline = isfinite (baseline) ? baseline : mean;
  m->peak_to_peak = m->highest - m->lowest;
  m->above = m->highest - m->baseline;
  m->below = m->baseline - m->lowest;
  for (gsize i = 0; i < n; i++)
    if (isfinite (x[i]))
      squares += (x[i] - m->baseline) * (x[i] - m->baseline);
  m->rms = sqrt (squares / (double) m->n);
  find_steepest (x, n, rate_hz, m);
  if (m->n_missing > 0)
    return;
  m->area = find_area (x, n, m->baseline, rate_hz);
  if (n > 1)
    m->slope = (x[n - 1] - x[0]) / ((double) (n - 1) / rate_hz * 1000);
  count_waves (x, n, rate_hz, m);
  if (n >= LEAST_FOR_SPECTRUM && n <= MOST_FOR_SPECTRUM && m->peak_to_peak > 0)
    m->peak_hz = find_spectral_peak (x, n, mean, rate_hz);
}
