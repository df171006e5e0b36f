/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Band powers and the peak alpha frequency.
 *
 * Both come from one Welch spectrum: segments of 4 s (or the whole signal where it is shorter), a
 * periodic Hann window, half overlap. Where gaps are allowed, each stretch between two of them has
 * segments of its own, and none holds a gap.
 *
 * The alpha peak. Where there is no rhythm the spectrum falls as a power of the frequency, a
 * straight line over log f in decibels. That line is fitted by least squares over 2–30 Hz, without
 * 7–14 Hz, so that the peak does not lift it. The peak is the highest local maximum of what stands
 * above the line within 7–14 Hz, refined by a parabola through three bins. It counts as a peak only
 * if it is higher than chance makes it: the mean of K Hann segments with half overlap scatters by
 * about 4.34 dB × √(1.056 / K) (Welch 1967); three of these are asked for, and 1 dB at least. */

#define G_LOG_DOMAIN "inion-marker"

#include "config.h"

#include "marker/band-marker.h"

#include "core/text.h"
#include "signal/spectrum.h"

#include <math.h>

#define SEGMENT_S 4.0
#define SHORTEST_S 1.0
#define ALPHA_LOW 7.0
#define ALPHA_HIGH 14.0
#define TREND_LOW 2.0
#define TREND_HIGH 30.0
#define DB_PER_NEPER 4.342944819032518 /* 10 / ln 10 */

static const InionBandDefinition bands[] = {
  { N_ ("delta"), 1, 4 },   { N_ ("theta"), 4, 8 },   { N_ ("alpha"), 8, 13 },
  { N_ ("beta"), 13, 30 },  { N_ ("gamma"), 30, 45 },
};

typedef struct
{
  double *psd;
  gsize n_bins;
  double bin_hz;
  gsize n_segments;
} Spectrum;

static void
spectrum_clear (Spectrum *self)
{
  g_clear_pointer (&self->psd, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Spectrum, spectrum_clear)

static gboolean
check_signal (const double *x,
              gsize         n,
              double        rate_hz,
              gboolean      gaps,
              gboolean     *flat,
              GError      **error)
{
  gsize first = 0, longest = gaps ? inion_longest_stretch (x, n, &first) : n;

  if (!isfinite (rate_hz) || rate_hz <= 0)
    return inion_set_error (error, INION_ERROR_INVALID, "The sampling rate is %g Hz.", rate_hz);
  if ((double) longest < SHORTEST_S * rate_hz || longest < 4)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "Band powers need at least %g s of signal%s; there are %.3g s.",
                            SHORTEST_S, longest < n ? " without a gap" : "",
                            (double) longest / rate_hz);
  *flat = TRUE;
  for (gsize i = 0; i < n; i++)
    {
      if (gaps && isnan (x[i]))
        continue;
      if (!isfinite (x[i]))
        return inion_set_error (error, INION_ERROR_NUMERIC,
                                "The signal holds a value that is no number, %.3f s from its "
                                "start.", (double) i / rate_hz);
      *flat = *flat && x[i] == x[first];
    }
  return TRUE;
}

/* A signal that does not change has the spectrum zero, and not the rounding of its mean. */
static gboolean
compute_spectrum (const double     *x,
                  gsize             n,
                  double            rate_hz,
                  InionBandWindows *windows,
                  Spectrum         *spectrum,
                  GError          **error)
{
  gboolean gaps = windows != NULL, flat = FALSE;
  gsize segment, longest = gaps ? inion_longest_stretch (x, n, NULL) : n;

  if (!check_signal (x, n, rate_hz, gaps, &flat, error))
    return FALSE;
  segment = MIN (longest, (gsize) MAX (4, llround (SEGMENT_S * rate_hz)));
  spectrum->n_bins = segment / 2 + 1;
  spectrum->bin_hz = rate_hz / (double) segment;
  spectrum->n_segments = 1 + (n - segment) / (segment - segment / 2);
  spectrum->psd = g_new0 (double, spectrum->n_bins);
  if (!gaps)
    return flat || inion_welch (x, n, rate_hz, segment, segment / 2, INION_WINDOW_HANN,
                                spectrum->psd, error);
  if (!inion_welch_gaps (x, n, rate_hz, segment, segment / 2, INION_WINDOW_HANN, spectrum->psd,
                         &windows->n_used, &windows->n_left_out, error))
    return FALSE;
  spectrum->n_segments = windows->n_used;
  for (gsize k = 0; flat && k < spectrum->n_bins; k++)
    spectrum->psd[k] = 0;
  return TRUE;
}

/**
 * inion_band_definitions:
 * @n: (out): how many bands there are
 *
 * Returns: (transfer none) (array length=n): delta 1–4, theta 4–8, alpha 8–13, beta 13–30 and gamma
 *   30–45 Hz; the lower edge belongs to a band, the upper one to the next
 */
const InionBandDefinition *
inion_band_definitions (gsize *n)
{
  *n = G_N_ELEMENTS (bands);
  return bands;
}

static gboolean
measure_bands (const double      *x,
               gsize              n,
               double             rate_hz,
               InionBandWindows  *windows,
               double            *absolute,
               double            *relative,
               GError           **error)
{
  g_auto (Spectrum) spectrum = { NULL };
  double power[G_N_ELEMENTS (bands)], total = 0;

  if (!compute_spectrum (x, n, rate_hz, windows, &spectrum, error))
    return FALSE;
  for (gsize b = 0; b < G_N_ELEMENTS (bands); b++)
    {
      power[b] = bands[b].high_hz > rate_hz / 2
                   ? NAN
                   : inion_band_power (spectrum.psd, spectrum.n_bins, spectrum.bin_hz,
                                       bands[b].low_hz, bands[b].high_hz);
      total += isnan (power[b]) ? 0 : power[b];
    }
  for (gsize b = 0; b < G_N_ELEMENTS (bands); b++)
    {
      if (absolute != NULL)
        absolute[b] = power[b];
      if (relative != NULL)
        relative[b] = total > 0 || isnan (power[b]) ? power[b] / total : 0;
    }
  return TRUE;
}

/**
 * inion_band_powers:
 * @x: (array length=n): a signal, in µV
 * @n: number of samples, at least one second
 * @rate_hz: sampling rate
 * @absolute: (out caller-allocates) (optional): one power a band, in µV²
 * @relative: (out caller-allocates) (optional): the same as fractions of their sum
 * @error: return location
 *
 * Computes the power in the bands of inion_band_definitions(). A band that reaches above half the
 * sampling rate cannot be measured: it is NaN and is left out of the sum. A signal that does not
 * change has no power, and all its fractions are 0.
 *
 * Returns: %FALSE with %INION_ERROR_TOO_FEW (under one second), %INION_ERROR_NUMERIC (a value that
 *   is no number; says where) or %INION_ERROR_INVALID (rate)
 */
gboolean
inion_band_powers (const double  *x,
                   gsize          n,
                   double         rate_hz,
                   double        *absolute,
                   double        *relative,
                   GError       **error)
{
  return measure_bands (x, n, rate_hz, NULL, absolute, relative, error);
}

/**
 * inion_band_powers_gaps:
 * @x: (array length=n): a signal, in µV; NaN is a gap
 * @n: number of samples
 * @rate_hz: sampling rate
 * @absolute: (out caller-allocates) (optional): one power a band, in µV²
 * @relative: (out caller-allocates) (optional): the same as fractions of their sum
 * @windows: (out): how many windows the spectrum is the mean of, and how many hold a gap
 * @error: return location
 *
 * As inion_band_powers(), of what lies between the gaps; without gaps the same to the last bit.
 *
 * Returns: %FALSE with the errors of inion_band_powers(), %INION_ERROR_TOO_FEW where no stretch
 *   between gaps lasts a second
 */
gboolean
inion_band_powers_gaps (const double      *x,
                        gsize              n,
                        double             rate_hz,
                        double            *absolute,
                        double            *relative,
                        InionBandWindows  *windows,
                        GError           **error)
{
  return measure_bands (x, n, rate_hz, windows, absolute, relative, error);
}

static gboolean
is_in_trend (double hz)
{
  return hz >= TREND_LOW && hz <= TREND_HIGH && (hz < ALPHA_LOW || hz > ALPHA_HIGH);
}

/* Least squares of 10 log10 psd over ln f; FALSE if the bins do not allow a line. */
static gboolean
fit_trend (const Spectrum *spectrum,
           double         *intercept,
           double         *slope)
{
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, determinant;

  for (gsize k = 1; k < spectrum->n_bins; k++)
    {
      double hz = k * spectrum->bin_hz, x = log (hz), y;

      if (!is_in_trend (hz) || !(spectrum->psd[k] > 0))
        continue;
      y = 10 * log10 (spectrum->psd[k]);
      n++;
      sx += x;
      sy += y;
      sxx += x * x;
      sxy += x * y;
    }
  determinant = n * sxx - sx * sx;
  if (n < 4 || !(determinant > 0))
    return FALSE;
  *slope = (n * sxy - sx * sy) / determinant;
  *intercept = (sy - *slope * sx) / n;
  return TRUE;
}

/* How far bin k stands above the trend, in dB. */
static double
height_db (const Spectrum *spectrum,
           gsize           k,
           double          intercept,
           double          slope)
{
  return 10 * log10 (spectrum->psd[k]) - intercept - slope * log (k * spectrum->bin_hz);
}

/* The highest local maximum within the alpha range, by a parabola through it and its neighbours. */
static gboolean
find_peak (const Spectrum *spectrum,
           double          intercept,
           double          slope,
           double         *hz,
           double         *db)
{
  double best = -G_MAXDOUBLE;

  for (gsize k = 2; k + 1 < spectrum->n_bins; k++)
    {
      double at = k * spectrum->bin_hz, before, here, after, bend, shift;

      if (at < ALPHA_LOW || at > ALPHA_HIGH)
        continue;
      before = height_db (spectrum, k - 1, intercept, slope);
      here = height_db (spectrum, k, intercept, slope);
      after = height_db (spectrum, k + 1, intercept, slope);
      bend = before - 2 * here + after;
      if (!(here > before && here >= after && here > best && bend < 0))
        continue;
      shift = isfinite (bend) ? 0.5 * (before - after) / bend : 0;
      best = here;
      *hz = at + shift * spectrum->bin_hz;
      *db = isfinite (bend) ? here - 0.25 * (before - after) * shift : here;
    }
  return best > -G_MAXDOUBLE;
}

static gboolean
measure_peak (const double      *x,
              gsize              n,
              double             rate_hz,
              InionBandWindows  *windows,
              double            *peak_hz,
              double            *prominence_db,
              GError           **error)
{
  g_auto (Spectrum) spectrum = { NULL };
  double intercept, slope, hz = NAN, db = NAN;

  if (isfinite (rate_hz) && rate_hz > 0 && rate_hz < 36)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "At %g samples a second the spectrum ends at %g Hz: too low to tell an "
                            "alpha peak from what surrounds it.", rate_hz, rate_hz / 2);
  if (!compute_spectrum (x, n, rate_hz, windows, &spectrum, error))
    return FALSE;
  if (fit_trend (&spectrum, &intercept, &slope) && find_peak (&spectrum, intercept, slope, &hz,
                                                              &db))
    {
      double scatter = DB_PER_NEPER * sqrt (1.056 / (double) spectrum.n_segments);

      if (!(db >= MAX (1.0, 3 * scatter)))
        hz = db = NAN;
    }
  if (peak_hz != NULL)
    *peak_hz = hz;
  if (prominence_db != NULL)
    *prominence_db = db;
  return TRUE;
}

/**
 * inion_peak_alpha:
 * @x: (array length=n): a signal, in any unit
 * @n: number of samples, at least one second; a minute for a number to trust
 * @rate_hz: sampling rate, at least 36 Hz
 * @peak_hz: (out) (optional): the frequency of the alpha peak, NaN if there is none
 * @prominence_db: (out) (optional): how high it stands above the 1/f trend in dB, NaN if there is
 *   none
 * @error: return location
 *
 * Finds the peak of the spectrum between 7 and 14 Hz; how is told at the head of this file. That
 * there is no peak is an answer, not an error.
 *
 * Returns: %FALSE with the errors of inion_band_powers()
 */
gboolean
inion_peak_alpha (const double  *x,
                  gsize          n,
                  double         rate_hz,
                  double        *peak_hz,
                  double        *prominence_db,
                  GError       **error)
{
  return measure_peak (x, n, rate_hz, NULL, peak_hz, prominence_db, error);
}

/**
 * inion_peak_alpha_gaps:
 * @x: (array length=n): a signal, in any unit; NaN is a gap
 * @n: number of samples
 * @rate_hz: sampling rate, at least 36 Hz
 * @peak_hz: (out) (optional): the frequency of the alpha peak, NaN if there is none
 * @prominence_db: (out) (optional): how high it stands above the 1/f trend in dB, NaN if there is
 *   none
 * @error: return location
 *
 * As inion_peak_alpha(), of what lies between the gaps.
 *
 * Returns: %FALSE with the errors of inion_band_powers_gaps()
 */
gboolean
inion_peak_alpha_gaps (const double  *x,
                       gsize          n,
                       double         rate_hz,
                       double        *peak_hz,
                       double        *prominence_db,
                       GError       **error)
{
  InionBandWindows windows;

  return measure_peak (x, n, rate_hz, &windows, peak_hz, prominence_db, error);
}
