/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FFTW's plans: made once a length behind one mutex, executed by any thread.
 *
 * Everything in FFTW but execution needs one thread at a time. Plans are made with FFTW_ESTIMATE:
 * a measured plan depends on the load of the machine while it was measured, and with it the last
 * bits of every spectrum; an estimated one is the same on every run. For the same reason a plan is
 * executed only on aligned arrays: callers' arrays are copied where they are not. */

#define G_LOG_DOMAIN "inion-signal"

#include "config.h"

#include "signal/fft.h"

#include "signal/spectrum.h"

#include <limits.h>
#include <math.h>
#include <string.h>

static GMutex plan_lock;
static GHashTable *plans;

static fftw_plan
make_plan (InionFftKind kind,
           gsize        n)
{
  fftw_complex *spectrum = fftw_alloc_complex (n / 2 + 1);
  double *x = fftw_alloc_real (n);
  fftw_plan plan = kind == INION_FFT_R2C ?
                   fftw_plan_dft_r2c_1d ((int) n, x, spectrum, FFTW_ESTIMATE) :
                   fftw_plan_dft_c2r_1d ((int) n, spectrum, x, FFTW_ESTIMATE);

  fftw_free (spectrum);
  fftw_free (x);
  return plan;
}

/**
 * inion_fft_lock:
 *
 * Takes the lock behind which FFTW plans.
 */
void
inion_fft_lock (void)
{
  g_mutex_lock (&plan_lock);
}

/**
 * inion_fft_unlock:
 *
 * Gives the planner's lock back.
 */
void
inion_fft_unlock (void)
{
  g_mutex_unlock (&plan_lock);
}

/**
 * inion_fft_plan:
 * @kind: which transform
 * @n: its length, from 1 to 2³¹ − 1
 *
 * Looks up or makes a plan. Thread-safe.
 *
 * Returns: (transfer none): the plan, valid as long as the program runs
 */
fftw_plan
inion_fft_plan (InionFftKind kind,
                gsize        n)
{
  fftw_plan plan;
  gint64 key = (gint64) n * 2 + kind;

  g_assert (n > 0 && n <= INT_MAX);
  inion_fft_lock ();
  if (plans == NULL)
    plans = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  plan = g_hash_table_lookup (plans, &key);
  if (plan == NULL)
    {
      gint64 *stored = g_new (gint64, 1);

      *stored = key;
      plan = make_plan (kind, n);
      g_hash_table_insert (plans, stored, plan);
    }
  inion_fft_unlock ();
  return plan;
}

/**
 * inion_fft_alloc:
 * @n_doubles: number of doubles
 *
 * Returns: (transfer full): memory aligned for FFTW, not cleared; free with inion_fft_free()
 */
double *
inion_fft_alloc (gsize n_doubles)
{
  double *buffer = fftw_alloc_real (MAX (n_doubles, 1));

  if (buffer == NULL)
    g_error ("Not enough memory for a Fourier transform of %" G_GSIZE_FORMAT " numbers", n_doubles);
  return buffer;
}

/**
 * inion_fft_free:
 * @buffer: (nullable): memory from inion_fft_alloc()
 */
void
inion_fft_free (double *buffer)
{
  fftw_free (buffer);
}

/**
 * inion_fft_good_length:
 * @n: least length wanted
 *
 * Returns: the smallest length ≥ @n without a prime factor above 7
 */
gsize
inion_fft_good_length (gsize n)
{
  static const gsize factors[] = { 2, 3, 5, 7 };

  for (gsize length = MAX (n, 1);; length++)
    {
      gsize rest = length;

      for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
        while (rest % factors[i] == 0)
          rest /= factors[i];
      if (rest == 1)
        return length;
    }
}

static gboolean
is_aligned (const double *x)
{
  return fftw_alignment_of ((double *) x) == 0;
}

/**
 * inion_rfft:
 * @in: (array length=n): real values
 * @n: number of values, from 1
 * @out: (array): n/2 + 1 complex values as re, im; must not be @in
 *
 * Discrete Fourier transform of real values: out[k] = Σ in[t] e^{−2πikt/n}. Equal to
 * numpy.fft.rfft(). Thread-safe.
 */
void
inion_rfft (const double *in,
            gsize         n,
            double       *out)
{
  gsize n_out = 2 * (n / 2 + 1);
  g_autoptr (InionFftBuffer) in_copy = NULL;
  g_autoptr (InionFftBuffer) out_copy = NULL;
  double *to = out;

  if (n == 0)
    return;
  if (!is_aligned (in))
    {
      in_copy = inion_fft_alloc (n);
      memcpy (in_copy, in, n * sizeof *in);
    }
  if (!is_aligned (out))
    to = out_copy = inion_fft_alloc (n_out);
  fftw_execute_dft_r2c (inion_fft_plan (INION_FFT_R2C, n),
                        in_copy != NULL ? in_copy : (double *) in, (fftw_complex *) to);
  if (to != out)
    memcpy (out, to, n_out * sizeof *out);
}

/**
 * inion_irfft:
 * @in: (array): n/2 + 1 complex values as re, im
 * @n: number of real values, from 1
 * @out: (array length=n): real values; must not be @in
 *
 * The inverse of inion_rfft(), scaled by 1/n. Equal to numpy.fft.irfft(n=n). Thread-safe.
 */
void
inion_irfft (const double *in,
             gsize         n,
             double       *out)
{
  gsize n_in = 2 * (n / 2 + 1);
  g_autoptr (InionFftBuffer) in_copy = NULL;
  g_autoptr (InionFftBuffer) out_copy = NULL;
  double *to = out;
  double scale = 1.0 / (double) n;

  if (n == 0)
    return;
  in_copy = inion_fft_alloc (n_in);
  memcpy (in_copy, in, n_in * sizeof *in);
  if (!is_aligned (out))
    to = out_copy = inion_fft_alloc (n);
  fftw_execute_dft_c2r (inion_fft_plan (INION_FFT_C2R, n), (fftw_complex *) in_copy, to);
  for (gsize i = 0; i < n; i++)
    out[i] = to[i] * scale;
}

/**
 * inion_hilbert_envelope:
 * @in: (array length=n): real values
 * @n: number of values
 * @out: (array length=n): the envelope; may be @in
 *
 * The magnitude of the analytic signal, abs (scipy.signal.hilbert (x)). The signal is treated as
 * periodic, so cut margins away where its ends do not meet. Thread-safe.
 */
void
inion_hilbert_envelope (const double *in,
                        gsize         n,
                        double       *out)
{
  g_autoptr (InionFftBuffer) spectrum = NULL;
  g_autoptr (InionFftBuffer) work = NULL;

  if (n == 0)
    return;
  spectrum = inion_fft_alloc (2 * (n / 2 + 1));
  work = inion_fft_alloc (n);
  memcpy (work, in, n * sizeof *in);
  inion_rfft (work, n, spectrum);
  /* The Hilbert transform turns every positive frequency by −90° and drops 0 and Nyquist. */
  spectrum[0] = spectrum[1] = 0;
  for (gsize k = 1; k <= n / 2; k++)
    {
      gboolean nyquist = 2 * k == n;
      double re = spectrum[2 * k], im = spectrum[2 * k + 1];

      spectrum[2 * k] = nyquist ? 0 : im;
      spectrum[2 * k + 1] = nyquist ? 0 : -re;
    }
  inion_irfft (spectrum, n, work);
  for (gsize i = 0; i < n; i++)
    out[i] = sqrt (in[i] * in[i] + work[i] * work[i]);
}
