/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Designs of second-order sections: Butterworth, notch, first-order high-pass.
 *
 * Butterworth: the poles of the analog prototype, p_m = −exp(iπm/2N) with m = −N+1, −N+3 … N−1,
 * are moved to the band asked for (low-pass p·ω; high-pass ω/p; band-pass and band-stop each pole
 * to two), and brought to the digital plane by the bilinear transform with edges warped so that
 * −3 dB lies exactly on them. Poles come in conjugate pairs; only the upper one is carried.
 *
 * Pairing: the pole nearest to the unit circle is taken first, gets the zeros nearest to it, and
 * becomes the last section; the overall gain sits in the first. This is the rule that
 * scipy.signal.zpk2sos() calls "nearest", so the sections come out equal. */

#define G_LOG_DOMAIN "inion-signal"

#include "config.h"

#include "signal/sos.h"

#include <complex.h>
#include <math.h>
#include <string.h>

#define MAX_ROOTS (2 * INION_SOS_MAX_SECTIONS + 2)

/* Roots of a real polynomial: complex ones stand for themselves and their conjugates. */
typedef struct
{
  guint n;
  complex double at[MAX_ROOTS];
  gboolean real[MAX_ROOTS];
} Roots;

static void
roots_add (Roots          *roots,
           complex double  root)
{
  gboolean real = fabs (cimag (root)) <= 100 * DBL_EPSILON * cabs (root);

  roots->at[roots->n] = real ? creal (root) : creal (root) + fabs (cimag (root)) * I;
  roots->real[roots->n] = real;
  roots->n++;
}

static complex double
roots_take (Roots *roots,
            guint  index)
{
  complex double root = roots->at[index];

  for (guint i = index + 1; i < roots->n; i++)
    {
      roots->at[i - 1] = roots->at[i];
      roots->real[i - 1] = roots->real[i];
    }
  roots->n--;
  return root;
}

/* The root nearest to the unit circle, real ones only if asked. */
static guint
roots_worst (const Roots *roots,
             gboolean     only_real)
{
  guint worst = G_MAXUINT;
  double least = INFINITY;

  for (guint i = 0; i < roots->n; i++)
    {
      double distance = fabs (1 - cabs (roots->at[i]));

      if ((!only_real || roots->real[i]) && distance < least)
        {
          worst = i;
          least = distance;
        }
    }
  g_assert (worst != G_MAXUINT);
  return worst;
}

static guint
roots_nearest (const Roots    *roots,
               complex double  to,
               gboolean        only_real)
{
  guint nearest = G_MAXUINT;
  double least = INFINITY;

  for (guint i = 0; i < roots->n; i++)
    {
      double distance = cabs (roots->at[i] - to);

      if ((!only_real || roots->real[i]) && distance < least)
        {
          nearest = i;
          least = distance;
        }
    }
  g_assert (nearest != G_MAXUINT);
  return nearest;
}

/* The real polynomial 1 + c1 z⁻¹ + c2 z⁻² of two roots (both real, or a conjugate pair). */
static void
expand (complex double  first,
        complex double  second,
        double         *c1,
        double         *c2)
{
  *c1 = -creal (first + second);
  *c2 = creal (first * second);
}

static void
pair_sections (InionSos *sos,
               Roots    *poles,
               Roots    *zeros,
               guint     n_sections,
               double    gain)
{
  sos->n_sections = n_sections;
  for (guint s = n_sections; s-- > 0;)
    {
      guint worst = roots_worst (poles, FALSE);
      gboolean real = poles->real[worst];
      complex double p1 = roots_take (poles, worst), p2, z1, z2;
      guint nearest;
      gboolean zero_real;

      p2 = real ? roots_take (poles, roots_worst (poles, TRUE)) : conj (p1);
      nearest = roots_nearest (zeros, p1, FALSE);
      zero_real = zeros->real[nearest];
      z1 = roots_take (zeros, nearest);
      z2 = zero_real ? roots_take (zeros, roots_nearest (zeros, p1, TRUE)) : conj (z1);

      sos->c[s][0] = 1;
      expand (z1, z2, &sos->c[s][1], &sos->c[s][2]);
      expand (p1, p2, &sos->c[s][3], &sos->c[s][4]);
    }
  for (guint i = 0; i < 3; i++)
    sos->c[0][i] *= gain;
}

/* Analog roots of the band, from the prototype. low and high are warped; for one edge only low. */
static double
analog_band (guint      order,
             InionBand  band,
             double     low,
             double     high,
             Roots     *poles,
             Roots     *zeros)
{
  double width = high - low, centre = sqrt (low * high);

  for (guint m = order % 2 == 0 ? 1 : 0; m < order; m += 2)
    {
      complex double p = m == 0 ? -1 : -cexp (I * G_PI * m / (2.0 * order)), root;

      switch (band)
        {
        case INION_BAND_LOWPASS:
          roots_add (poles, p * low);
          break;
        case INION_BAND_HIGHPASS:
          roots_add (poles, low / p);
          break;
        case INION_BAND_BANDPASS:
        case INION_BAND_BANDSTOP:
        default:
          p = band == INION_BAND_BANDPASS ? p * (width / 2) : (width / 2) / p;
          root = csqrt (p * p - centre * centre);
          /* A real prototype pole may end in one conjugate pair, which is carried once. */
          roots_add (poles, p + root);
          if (m > 0 || cimag (root) == 0)
            roots_add (poles, p - root);
          break;
        }
    }
  for (guint i = 0; i < order; i++)
    {
      if (band == INION_BAND_HIGHPASS || band == INION_BAND_BANDPASS)
        roots_add (zeros, 0);
      else if (band == INION_BAND_BANDSTOP)
        roots_add (zeros, I * centre);
    }
  if (band == INION_BAND_LOWPASS)
    return pow (low, order);
  return band == INION_BAND_BANDPASS ? pow (width, order) : 1;
}

/* The number of roots, conjugates counted. */
static guint
roots_degree (const Roots *roots)
{
  guint degree = 0;

  for (guint i = 0; i < roots->n; i++)
    degree += roots->real[i] ? 1 : 2;
  return degree;
}

/* Bilinear transform of all roots, at a rate of 2 (so the factor is 4). Returns ∏(4 − root). */
static double
bilinear (Roots *roots)
{
  double product = 1;
  Roots digital = { 0 };

  for (guint i = 0; i < roots->n; i++)
    {
      complex double below = 4 - roots->at[i];

      product *= roots->real[i] ? creal (below) : creal (below * conj (below));
      roots_add (&digital, (4 + roots->at[i]) / below);
    }
  *roots = digital;
  return product;
}

/* numpy's order: complex roots by real part, then real ones. */
static void
roots_sort (Roots *roots)
{
  for (guint i = 1; i < roots->n; i++)
    for (guint j = i; j > 0; j--)
      {
        gboolean swap = roots->real[j] == roots->real[j - 1] ?
                        creal (roots->at[j]) < creal (roots->at[j - 1]) :
                        roots->real[j - 1];
        complex double root = roots->at[j];
        gboolean real = roots->real[j];

        if (!swap)
          break;
        roots->at[j] = roots->at[j - 1];
        roots->real[j] = roots->real[j - 1];
        roots->at[j - 1] = root;
        roots->real[j - 1] = real;
      }
}

static gboolean
check_edge (double       edge_hz,
            double       rate_hz,
            const char  *what,
            GError     **error)
{
  char edge[G_ASCII_DTOSTR_BUF_SIZE], half[G_ASCII_DTOSTR_BUF_SIZE];

  if (!(rate_hz > 0) || !isfinite (rate_hz))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "A filter needs a sampling rate above 0 Hz");
  g_ascii_formatd (edge, sizeof edge, "%.6g", edge_hz);
  g_ascii_formatd (half, sizeof half, "%.6g", rate_hz / 2);
  if (!(edge_hz > 0))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "The %s of the filter is %s Hz; it must lie above 0 Hz", what, edge);
  if (!(edge_hz < rate_hz / 2))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "The %s of the filter, %s Hz, must lie under half the sampling rate "
                            "(%s Hz)",
                            what, edge, half);
  return TRUE;
}

static gboolean
check_band (guint       order,
            InionBand   band,
            double      low_hz,
            double      high_hz,
            double      rate_hz,
            GError    **error)
{
  gboolean two = band == INION_BAND_BANDPASS || band == INION_BAND_BANDSTOP;
  guint n_sections = two ? order : (order + 1) / 2;

  if (order == 0 || order > G_MAXINT16 || n_sections > INION_SOS_MAX_SECTIONS)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "A Butterworth filter of order %u is not possible: the order must be "
                            "1 to %d here",
                            order, two ? INION_SOS_MAX_SECTIONS : 2 * INION_SOS_MAX_SECTIONS);
  if (band != INION_BAND_LOWPASS &&
      !check_edge (low_hz, rate_hz, two ? "lower edge" : "edge", error))
    return FALSE;
  if (band != INION_BAND_HIGHPASS &&
      !check_edge (high_hz, rate_hz, two ? "upper edge" : "edge", error))
    return FALSE;
  if (two && !(low_hz < high_hz))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "The lower edge of the filter must lie under its upper edge");
  return TRUE;
}

static gboolean
check_stable (const InionSos  *sos,
              GError         **error)
{
  for (guint i = 0; i < sos->n_sections; i++)
    {
      const double *c = sos->c[i];

      /* The stability triangle of a second-order section. */
      if (!(fabs (c[4]) < 1 && fabs (c[3]) < 1 + c[4]) || !isfinite (c[0]))
        return inion_set_error (error, INION_ERROR_NUMERIC,
                                "This filter is too steep for the sampling rate: its poles lie on "
                                "the edge of stability. Lower the order, or resample first");
    }
  return TRUE;
}

/**
 * inion_sos_butterworth:
 * @sos: (out): the sections
 * @order: order of the low-pass prototype, from 1: scipy.signal.butter()'s N, so that a band-pass
 *   has twice as many poles
 * @band: which band
 * @low_hz: lower edge (−3 dB) in Hz; the edge of a high-pass
 * @high_hz: upper edge (−3 dB) in Hz; the edge of a low-pass
 * @rate_hz: sampling rate in Hz
 * @error: return location
 *
 * Designs a Butterworth filter; equal to scipy.signal.butter(output='sos').
 *
 * Returns: %FALSE with %INION_ERROR_INVALID if an edge is not inside (0, rate/2), the edges are
 *   in the wrong order or the order is out of range; with %INION_ERROR_NUMERIC if the filter
 *   cannot be represented stably
 */
gboolean
inion_sos_butterworth (InionSos   *sos,
                       guint       order,
                       InionBand   band,
                       double      low_hz,
                       double      high_hz,
                       double      rate_hz,
                       GError    **error)
{
  Roots poles = { 0 }, zeros = { 0 };
  double gain, top, bottom, low, high;
  guint degree;

  sos->n_sections = 0;
  if (!check_band (order, band, low_hz, high_hz, rate_hz, error))
    return FALSE;
  if (band == INION_BAND_LOWPASS)
    low_hz = high_hz;
  else if (band == INION_BAND_HIGHPASS)
    high_hz = low_hz;
  low = 4 * tan (G_PI * low_hz / rate_hz);
  high = 4 * tan (G_PI * high_hz / rate_hz);

  gain = analog_band (order, band, low, high, &poles, &zeros);
  degree = roots_degree (&poles);
  top = bilinear (&zeros);
  bottom = bilinear (&poles);
  gain *= top / bottom;
  while (roots_degree (&zeros) < degree)
    roots_add (&zeros, -1);
  if (degree % 2 == 1)
    {
      roots_add (&zeros, 0);
      roots_add (&poles, 0);
    }
  roots_sort (&poles);
  roots_sort (&zeros);
  pair_sections (sos, &poles, &zeros, (degree + 1) / 2, gain);
  if (check_stable (sos, error))
    return TRUE;
  sos->n_sections = 0;
  return FALSE;
}

/**
 * inion_sos_first_order_highpass:
 * @sos: (out): one section
 * @edge_hz: −3 dB edge in Hz; the time constant is 1/(2π @edge_hz) seconds
 * @rate_hz: sampling rate in Hz
 * @error: return location
 *
 * Designs the RC high-pass of a classic amplifier, 6 dB an octave.
 *
 * Returns: %FALSE with %INION_ERROR_INVALID if the edge is not inside (0, rate/2)
 */
gboolean
inion_sos_first_order_highpass (InionSos  *sos,
                                double     edge_hz,
                                double     rate_hz,
                                GError   **error)
{
  double t;

  sos->n_sections = 0;
  if (!check_edge (edge_hz, rate_hz, "edge", error))
    return FALSE;
  t = tan (G_PI * edge_hz / rate_hz);
  sos->n_sections = 1;
  sos->c[0][0] = 1 / (1 + t);
  sos->c[0][1] = -1 / (1 + t);
  sos->c[0][2] = 0;
  sos->c[0][3] = (t - 1) / (t + 1);
  sos->c[0][4] = 0;
  return TRUE;
}

/**
 * inion_sos_notch:
 * @sos: (out): one section
 * @center_hz: frequency to remove, in Hz
 * @q: quality: @center_hz over the −3 dB bandwidth
 * @rate_hz: sampling rate in Hz
 * @error: return location
 *
 * Designs a second-order notch (Orfanidis, Introduction to Signal Processing, eq. 11.3.7); equal
 * to scipy.signal.iirnotch().
 *
 * Returns: %FALSE with %INION_ERROR_INVALID if the centre is not inside (0, rate/2), or the
 *   bandwidth is not
 */
gboolean
inion_sos_notch (InionSos  *sos,
                 double     center_hz,
                 double     q,
                 double     rate_hz,
                 GError   **error)
{
  double w, gain;

  sos->n_sections = 0;
  if (!check_edge (center_hz, rate_hz, "notch", error))
    return FALSE;
  if (!(q > 0) || !(center_hz / q < rate_hz / 2))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "The quality of a notch must be above 0 and its bandwidth under half "
                            "the sampling rate");
  w = 2 * center_hz / rate_hz;
  gain = 1 / (1 + tan (w / q * G_PI / 2));
  sos->n_sections = 1;
  sos->c[0][0] = gain;
  sos->c[0][1] = gain * (-2 * cos (w * G_PI));
  sos->c[0][2] = gain;
  sos->c[0][3] = -2 * gain * cos (w * G_PI);
  sos->c[0][4] = 2 * gain - 1;
  return TRUE;
}
