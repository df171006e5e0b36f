/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows and tapers: Hann, Hamming, and the discrete prolate spheroidal sequences.
 *
 * The DPSS (Slepian 1978) of length N and half-bandwidth W = NW/N are the sequences with the most
 * energy inside [−W, W]. They are the eigenvectors of a symmetric tridiagonal matrix that commutes
 * with the concentration problem (Percival and Walden 1993, section 8.3):
 *
 *   diagonal      ((N − 1 − 2t)/2)² cos 2πW,   t = 0 … N − 1
 *   off-diagonal  t (N − t)/2,                 t = 1 … N − 1
 *
 * and the concentration of each (its "ratio") follows from its autocorrelation (p. 390):
 * λ = Σ r(τ) q(τ), q(0) = 2W, q(τ) = 2 sin(2πWτ)/πτ. */

#define G_LOG_DOMAIN "inion-signal"

#include "config.h"

#include "signal/spectrum.h"

#include "core/size.h"
#include "signal/fft.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

/**
 * inion_window_fill:
 * @window: which window
 * @w: (array length=n): filled
 * @n: number of samples
 *
 * Fills a periodic window, as spectra want it: scipy.signal.get_window().
 */
void
inion_window_fill (InionWindow  window,
                   double      *w,
                   gsize        n)
{
  double a = window == INION_WINDOW_HANN ? 0.5 : window == INION_WINDOW_HAMMING ? 0.54 : 1;

  for (gsize i = 0; i < n; i++)
    w[i] = n == 1 ? 1 : a - (1 - a) * cos (2 * G_PI * (double) i / (double) n);
}

/* λ = Σ over lags; the autocorrelation comes from a zero-padded transform. */
static void
concentrations (const double *tapers,
                gsize         n,
                guint         k,
                double        w,
                double       *ratios)
{
  gsize n_fft = inion_fft_good_length (2 * n - 1);
  g_autoptr (InionFftBuffer) x = inion_fft_alloc (n_fft);
  g_autoptr (InionFftBuffer) s = inion_fft_alloc (2 * (n_fft / 2 + 1));

  for (guint j = 0; j < k; j++)
    {
      memset (x, 0, n_fft * sizeof *x);
      memcpy (x, tapers + j * n, n * sizeof *x);
      inion_rfft (x, n_fft, s);
      for (gsize i = 0; i <= n_fft / 2; i++)
        {
          s[2 * i] = s[2 * i] * s[2 * i] + s[2 * i + 1] * s[2 * i + 1];
          s[2 * i + 1] = 0;
        }
      inion_irfft (s, n_fft, x);
      ratios[j] = 2 * w * x[0];
      for (gsize t = 1; t < n; t++)
        ratios[j] += x[t] * 2 * sin (2 * G_PI * w * (double) t) / (G_PI * (double) t);
    }
}

/* Percival and Walden's signs: even tapers have a positive sum, odd ones start upwards. */
static void
fix_sign (double *taper,
          gsize   n,
          guint   order)
{
  double threshold = MAX (1e-7, 1.0 / (double) n), lead = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (order % 2 == 0)
        {
          lead += taper[i];
        }
      else if (taper[i] * taper[i] > threshold)
        {
          lead = taper[i];
          break;
        }
    }
  for (gsize i = 0; lead < 0 && i < n; i++)
    taper[i] = -taper[i];
}

static gboolean
solve_tapers (gsize     n,
              double    w,
              guint     k,
              double   *tapers,
              GError  **error)
{
  lapack_int size = (lapack_int) n, found = 0;
  g_autofree double *d = inion_try_new (double, n, "tapers", error);
  g_autofree double *e = d != NULL ? inion_try_new (double, n, "tapers", error) : NULL;
  g_autofree double *values = e != NULL ? inion_try_new (double, n, "tapers", error) : NULL;
  g_autofree double *vectors =
    values != NULL ? inion_try_new (double, n * k, "tapers", error) : NULL;
  g_autofree lapack_int *support = g_new0 (lapack_int, k);

  if (vectors == NULL)
    return FALSE;
  for (gsize t = 0; t < n; t++)
    {
      double half = ((double) n - 1 - 2 * (double) t) / 2;

      d[t] = half * half * cos (2 * G_PI * w);
      if (t > 0)
        e[t - 1] = (double) t * (double) (n - t) / 2;
    }
  if (LAPACKE_dstevx (LAPACK_COL_MAJOR, 'V', 'I', size, d, e, 0, 0, size - (lapack_int) k + 1, size,
                      0, &found, values, vectors, size, support) != 0 ||
      found != (lapack_int) k)
    return inion_set_error (error, INION_ERROR_NUMERIC,
                            "The tapers of %" G_GSIZE_FORMAT " samples could not be computed; use "
                            "a smaller bandwidth", n);
  for (guint j = 0; j < k; j++)
    {
      memcpy (tapers + j * n, vectors + (k - 1 - j) * n, n * sizeof *tapers);
      fix_sign (tapers + j * n, n, j);
    }
  return TRUE;
}

/**
 * inion_dpss:
 * @n: length of a taper in samples
 * @nw: time–half-bandwidth product, in (0, n/2)
 * @k: number of tapers, from 1 to n
 * @tapers: (array): filled with @k rows of @n, each of unit energy, most concentrated first
 * @ratios: (array length=k) (nullable): energy inside the band, from 0 to 1
 * @error: return location
 *
 * Computes discrete prolate spheroidal sequences; equal to scipy.signal.windows.dpss() with
 * sym=True and norm=2.
 *
 * Returns: %FALSE with %INION_ERROR_INVALID if a parameter is out of range
 */
gboolean
inion_dpss (gsize     n,
            double    nw,
            guint     k,
            double   *tapers,
            double   *ratios,
            GError  **error)
{
  if (n == 0 || n > G_MAXINT32 / 4 || k == 0 || k > n)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "%u tapers of %" G_GSIZE_FORMAT " samples are not possible: there can "
                            "be at most as many tapers as samples", k, n);
  if (!(nw > 0 && nw < (double) n / 2))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "The time–bandwidth product of tapers must lie above 0 and under half "
                            "their length of %" G_GSIZE_FORMAT " samples", n);
  if (!solve_tapers (n, nw / (double) n, k, tapers, error))
    return FALSE;
  if (ratios != NULL)
    concentrations (tapers, n, k, nw / (double) n, ratios);
  return TRUE;
}
