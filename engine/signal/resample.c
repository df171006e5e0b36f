/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Change of sampling rate by a rational factor, with a polyphase FIR filter.
 *
 * In thought, up − 1 zeros are put between samples, a low-pass cutting at the lower of the two
 * Nyquist frequencies runs over them, and every down-th sample is kept. In fact only the products
 * that are neither with zeros nor thrown away are formed: output m lies at t = m × down on the
 * raised grid, and Σ h[t + H − k up] x[k] runs over the about (2H + 1)/up samples around it, where
 * H = 10 max (up, down) is half the filter's length. The taps of one phase lie together in
 * memory. The low-pass is a sinc under a Kaiser window of β = 5, unit gain at 0 Hz. */

#define G_LOG_DOMAIN "inion-signal"

#include "config.h"

#include "signal/resample.h"

#include "core/size.h"
#include "signal/signal-private.h"

#define KAISER_BETA 5.0
#define HALF_LENGTHS 10
#define MAX_FACTOR 20000

typedef struct
{
  guint up;
  gsize half;    /* H */
  gsize n_phase; /* taps a phase, the last ones of a phase may be 0 */
  double *taps;  /* [up × n_phase], newest sample's tap last */
} Polyphase;

/* Modified Bessel function of order 0, by its power series Σ ((x/2)^k / k!)². */
static double
bessel_i0 (double x)
{
  double sum = 1, term = 1;

  for (guint k = 1; term > 1e-17 * sum; k++)
    {
      term *= (x / (2 * k)) * (x / (2 * k));
      sum += term;
    }
  return sum;
}

static void
design_lowpass (double *h,
                gsize   half,
                guint   up,
                guint   down)
{
  double cut = 1.0 / MAX (up, down), sum = 0;

  for (gsize i = 0; i < 2 * half + 1; i++)
    {
      double t = (double) i - (double) half, u = G_PI * cut * t, r = t / (double) half;
      double sinc = t == 0 ? 1 : sin (u) / u;

      h[i] = cut * sinc * bessel_i0 (KAISER_BETA * sqrt (MAX (0, 1 - r * r)));
      sum += h[i];
    }
  for (gsize i = 0; i < 2 * half + 1; i++)
    h[i] *= up / sum;
}

static gboolean
polyphase_init (Polyphase  *self,
                guint       up,
                guint       down,
                GError    **error)
{
  g_autofree double *h = NULL;
  gsize n_taps;

  self->up = up;
  self->half = HALF_LENGTHS * (gsize) MAX (up, down);
  n_taps = 2 * self->half + 1;
  self->n_phase = (n_taps + up - 1) / up;
  self->taps = inion_try_new (double, self->n_phase * up, "a resampling filter", error);
  if (self->taps == NULL)
    return FALSE;
  h = g_new (double, n_taps);
  design_lowpass (h, self->half, up, down);
  for (guint p = 0; p < up; p++)
    for (gsize j = 0; j < self->n_phase; j++)
      {
        gsize at = p + j * up;

        self->taps[p * self->n_phase + self->n_phase - 1 - j] = at < n_taps ? h[at] : 0;
      }
  return TRUE;
}

/* Σ a b in four pairs of strands, always in the same order. */
static double
dot (const double *a,
     const double *b,
     gsize         n)
{
  InionPair s0 = { 0, 0 }, s1 = { 0, 0 }, s2 = { 0, 0 }, s3 = { 0, 0 };
  double rest = 0;
  gsize i = 0;

  for (; i + 8 <= n; i += 8)
    {
      s0 += (InionPair) { a[i], a[i + 1] } * (InionPair) { b[i], b[i + 1] };
      s1 += (InionPair) { a[i + 2], a[i + 3] } * (InionPair) { b[i + 2], b[i + 3] };
      s2 += (InionPair) { a[i + 4], a[i + 5] } * (InionPair) { b[i + 4], b[i + 5] };
      s3 += (InionPair) { a[i + 6], a[i + 7] } * (InionPair) { b[i + 6], b[i + 7] };
    }
  for (; i < n; i++)
    rest += a[i] * b[i];
  s0 = (s0 + s1) + (s2 + s3);
  return s0[0] + s0[1] + rest;
}

static double
polyphase_at (const Polyphase *self,
              const double    *x,
              gsize            n,
              gsize            t)
{
  gsize newest = (t + self->half) / self->up, phase = (t + self->half) % self->up;
  const double *taps = self->taps + phase * self->n_phase;
  gssize oldest = (gssize) newest - (gssize) self->n_phase + 1;
  gsize skip = oldest < 0 ? (gsize) -oldest : 0;
  gsize end = MIN (newest + 1, n);

  if ((gssize) end <= oldest + (gssize) skip)
    return 0;
  return dot (taps + skip, x + (oldest + (gssize) skip), (gsize) ((gssize) end - oldest) - skip);
}

static guint
greatest_common_divisor (guint a,
                         guint b)
{
  while (b != 0)
    {
      guint rest = a % b;

      a = b;
      b = rest;
    }
  return a;
}

/**
 * inion_resample:
 * @x: (array length=n): samples
 * @n: number of samples, from 1
 * @up: numerator of the factor, from 1
 * @down: denominator of the factor, from 1
 * @out: (out) (array length=n_out) (transfer full): the resampled signal; free with g_free()
 * @n_out: (out): ⌈n × up / down⌉
 * @error: return location
 *
 * Resamples by up/down with a low-pass against aliasing; equal to scipy.signal.resample_poly()
 * with its defaults. Sample 0 stays where it is. Past the ends the signal counts as 0, so an
 * offset leaves a transient of about 10 samples of the slower rate: remove it first.
 *
 * Returns: %FALSE with %INION_ERROR_TOO_FEW, %INION_ERROR_INVALID, %INION_ERROR_NUMERIC or
 *   %INION_ERROR_TOO_LARGE
 */
gboolean
inion_resample (const double  *x,
                gsize          n,
                guint          up,
                guint          down,
                double       **out,
                gsize         *n_out,
                GError       **error)
{
  Polyphase filter;
  guint divisor = greatest_common_divisor (up, down);
  gsize total;

  *out = NULL;
  *n_out = 0;
  if (up == 0 || down == 0 || MAX (up, down) / MAX (divisor, 1) > MAX_FACTOR)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "Resampling by %u/%u is not possible: both numbers must lie between 1 "
                            "and %d", up, down, MAX_FACTOR);
  if (n == 0)
    return inion_set_error (error, INION_ERROR_TOO_FEW, "There is no sample to resample");
  if (!_inion_signal_check_finite (x, n, error))
    return FALSE;
  up /= divisor;
  down /= divisor;
  if (!inion_size_mul (&total, n, up))
    return inion_set_error (error, INION_ERROR_TOO_LARGE, "The signal is too long to resample");
  total = total / down + (total % down != 0);
  *out = inion_try_new (double, total, "a resampled signal", error);
  if (*out == NULL)
    return FALSE;
  *n_out = total;
  if (up == 1 && down == 1)
    {
      for (gsize m = 0; m < n; m++)
        (*out)[m] = x[m];
      return TRUE;
    }
  if (!polyphase_init (&filter, up, down, error))
    {
      g_clear_pointer (out, g_free);
      *n_out = 0;
      return FALSE;
    }
  for (gsize m = 0; m < total; m++)
    (*out)[m] = polyphase_at (&filter, x, n, m * down);
  g_free (filter.taps);
  return TRUE;
}

/**
 * inion_resample_ratio:
 * @from_hz: sampling rate there is
 * @to_hz: sampling rate wanted
 * @up: (out): numerator
 * @down: (out): denominator
 * @error: return location
 *
 * Finds the smallest whole numbers whose ratio is @to_hz / @from_hz to 1e-9, by continued
 * fractions.
 *
 * Returns: %FALSE with %INION_ERROR_INVALID if a rate is not above 0 or no ratio under 20,000
 *   exists
 */
gboolean
inion_resample_ratio (double    from_hz,
                      double    to_hz,
                      guint    *up,
                      guint    *down,
                      GError  **error)
{
  double ratio = to_hz / from_hz, rest = ratio;
  double p0 = 0, q0 = 1, p1 = 1, q1 = 0;

  if (!(from_hz > 0) || !(to_hz > 0) || !isfinite (ratio))
    return inion_set_error (error, INION_ERROR_INVALID, "Sampling rates must lie above 0 Hz");
  for (guint i = 0; i < 40; i++)
    {
      double whole = floor (rest), p = whole * p1 + p0, q = whole * q1 + q0;

      if (p > MAX_FACTOR || q > MAX_FACTOR)
        break;
      p0 = p1;
      q0 = q1;
      p1 = p;
      q1 = q;
      if (p > 0 && fabs (p / q - ratio) <= 1e-9 * ratio)
        {
          *up = (guint) p;
          *down = (guint) q;
          return TRUE;
        }
      if (rest == whole)
        break;
      rest = 1 / (rest - whole);
    }
  return inion_set_error (error, INION_ERROR_INVALID,
                          "The two sampling rates have no common multiple that is small enough to "
                          "resample by; choose a rate that divides the recording's");
}
