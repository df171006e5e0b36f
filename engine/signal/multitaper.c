/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power spectral density with several orthogonal tapers (Thomson 1982).
 *
 * Each taper sees the same samples from another angle; the mean of their spectra, weighted by how
 * well each keeps its energy inside the band, has little variance and little leakage:
 *
 *   S(f) = 2/rate × Σ λ_k |F{w_k x}(f)|² / Σ λ_k,
 *
 * half of that at 0 and at Nyquist. Tapers with λ ≤ 0.9 are left out ("low bias"). The tapers of
 * one length are computed once and kept: a caller asks for them again for every channel. */

#define G_LOG_DOMAIN "inion-signal"

#include "config.h"

#include "signal/spectrum.h"

#include "core/size.h"
#include "signal/fft.h"
#include "signal/signal-private.h"

#include <string.h>

#define N_KEPT 4

/* Tapers [k × n], each times √(λ / Σ λ). */
typedef struct
{
  gatomicrefcount references;
  gsize n;
  double nw;
  guint k;
  double *tapers;
} Tapers;

static GMutex kept_lock;
static Tapers *kept[N_KEPT]; /* newest first */

static void
tapers_unref (Tapers *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->references))
    return;
  g_free (self->tapers);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tapers, tapers_unref)

/* Periodic tapers: one sample longer, the last cut off, as spectra want them (and MNE does). */
static Tapers *
tapers_new (gsize     n,
            double    nw,
            GError  **error)
{
  guint k = 0, wanted = (guint) MIN (2 * nw, (double) n);
  g_autofree double *all = inion_try_new (double, (n + 1) * wanted, "tapers", error);
  g_autofree double *ratios = g_new0 (double, wanted);
  double sum = 0;
  Tapers *self;

  if (all == NULL || !inion_dpss (n + 1, nw, wanted, all, ratios, error))
    return NULL;
  while (k < wanted && (ratios[k] > 0.9 || k == 0))
    sum += ratios[k++];

  self = g_new0 (Tapers, 1);
  g_atomic_ref_count_init (&self->references);
  self->n = n;
  self->nw = nw;
  self->k = k;
  self->tapers = g_new (double, n * k);
  for (guint j = 0; j < k; j++)
    for (gsize i = 0; i < n; i++)
      self->tapers[j * n + i] = sqrt (ratios[j] / sum) * all[j * (n + 1) + i];
  return self;
}

static Tapers *
find_kept (gsize  n,
           double nw)
{
  Tapers *found = NULL;

  g_mutex_lock (&kept_lock);
  for (guint i = 0; i < N_KEPT && found == NULL; i++)
    if (kept[i] != NULL && kept[i]->n == n && kept[i]->nw == nw)
      {
        found = kept[i];
        memmove (kept + 1, kept, i * sizeof kept[0]);
        kept[0] = found;
        g_atomic_ref_count_inc (&found->references);
      }
  g_mutex_unlock (&kept_lock);
  return found;
}

static void
keep (Tapers *tapers)
{
  g_mutex_lock (&kept_lock);
  tapers_unref (kept[N_KEPT - 1]);
  memmove (kept + 1, kept, (N_KEPT - 1) * sizeof kept[0]);
  g_atomic_ref_count_inc (&tapers->references);
  kept[0] = tapers;
  g_mutex_unlock (&kept_lock);
}

static Tapers *
tapers_get (gsize     n,
            double    nw,
            GError  **error)
{
  Tapers *tapers = find_kept (n, nw);

  if (tapers != NULL)
    return tapers;
  tapers = tapers_new (n, nw, error);
  if (tapers != NULL)
    keep (tapers);
  return tapers;
}

static gboolean
check_multitaper (gsize     n,
                  double    rate_hz,
                  double    bandwidth_hz,
                  double   *nw,
                  GError  **error)
{
  char least[G_ASCII_DTOSTR_BUF_SIZE];

  if (!(rate_hz > 0) || !(bandwidth_hz > 0) || n > G_MAXINT32 / 8)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "A multitaper spectrum needs a rate and a bandwidth above 0 Hz, and "
                            "fewer than 2²⁸ samples");
  if (n < 2)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "A multitaper spectrum needs at least 2 samples");
  *nw = bandwidth_hz * (double) n / (2 * rate_hz);
  g_ascii_formatd (least, sizeof least, "%.4g", rate_hz / (double) n);
  if (*nw < 0.5)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "The bandwidth is too narrow for %" G_GSIZE_FORMAT " samples: at "
                            "least %s Hz is possible, or use a longer stretch", n, least);
  if (*nw >= (double) n / 2)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "The bandwidth of a multitaper spectrum must lie under the sampling "
                            "rate");
  return TRUE;
}

/**
 * inion_multitaper:
 * @x: (array length=n): samples
 * @n: number of samples, from 2
 * @rate_hz: sampling rate in Hz
 * @bandwidth_hz: full bandwidth in Hz (twice the half-bandwidth W); at least rate/n
 * @psd: (array): n/2 + 1 densities in unit²/Hz; bin k lies at k × rate/n Hz
 * @error: return location
 *
 * One-sided multitaper density, the mean removed; equal to mne.time_frequency's
 * psd_array_multitaper (adaptive=False, low_bias=True, normalization='full'). Thread-safe.
 *
 * Returns: %FALSE with %INION_ERROR_TOO_FEW, %INION_ERROR_INVALID or %INION_ERROR_NUMERIC
 */
gboolean
inion_multitaper (const double  *x,
                  gsize          n,
                  double         rate_hz,
                  double         bandwidth_hz,
                  double        *psd,
                  GError       **error)
{
  g_autoptr (Tapers) tapers = NULL;
  g_autoptr (InionFftBuffer) z = NULL;
  g_autoptr (InionFftBuffer) spectrum = NULL;
  double nw = 0, mean = 0;
  fftw_plan plan;

  if (!check_multitaper (n, rate_hz, bandwidth_hz, &nw, error) ||
      !_inion_signal_check_finite (x, n, error))
    return FALSE;
  tapers = tapers_get (n, nw, error);
  if (tapers == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    mean += x[i];
  mean /= (double) n;
  z = inion_fft_alloc (n);
  spectrum = inion_fft_alloc (2 * (n / 2 + 1));
  plan = inion_fft_plan (INION_FFT_R2C, n);

  memset (psd, 0, (n / 2 + 1) * sizeof *psd);
  for (guint j = 0; j < tapers->k; j++)
    {
      const double *taper = tapers->tapers + j * n;

      for (gsize i = 0; i < n; i++)
        z[i] = taper[i] * (x[i] - mean);
      fftw_execute_dft_r2c (plan, z, (fftw_complex *) spectrum);
      _inion_spectrum_add_power (spectrum, n, psd);
    }
  for (gsize k = 0; k <= n / 2; k++)
    psd[k] *= k == 0 || 2 * k == n ? 1 / rate_hz : 2 / rate_hz;
  return TRUE;
}
