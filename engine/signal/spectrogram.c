/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power over time and frequency: the short-time Fourier transform.
 *
 * Each column is the one-sided density of one segment, its mean removed and windowed, as
 * scipy.signal.spectrogram() computes it. A segment that holds a gap has no density. */

#define G_LOG_DOMAIN "inion-signal"

#include "config.h"

#include "signal/spectrogram.h"

#include "core/parallel.h"
#include "core/size.h"
#include "signal/fft.h"
#include "signal/signal-private.h"

#include <string.h>

#define COLUMNS_AT_ONCE 64
#define LOW_PERCENTILE 0.05
#define HIGH_PERCENTILE 0.99

typedef struct
{
  InionSpectrogram *self;
  const double *x;
  const double *window;
  double scale;
  fftw_plan plan;
} Work;

static gboolean
load_column (const Work *work,
             gsize       column,
             double     *z)
{
  const double *x = work->x + column * work->self->step;
  gsize n = work->self->n_per_seg;
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += x[i];
  if (!isfinite (sum))
    return FALSE;
  sum /= (double) n;
  for (gsize i = 0; i < n; i++)
    z[i] = work->window[i] * (x[i] - sum);
  return TRUE;
}

static gboolean
make_columns (gsize     index,
              gpointer  data,
              GError  **error)
{
  Work *work = data;
  InionSpectrogram *self = work->self;
  gsize n = self->n_per_seg, last = self->n_bins - 1;
  gsize end = MIN ((index + 1) * COLUMNS_AT_ONCE, self->n_times);
  g_autoptr (InionFftBuffer) z = inion_fft_alloc (n);
  g_autoptr (InionFftBuffer) spectrum = inion_fft_alloc (2 * self->n_bins);

  for (gsize t = index * COLUMNS_AT_ONCE; t < end; t++)
    {
      double *power = self->power + t * self->n_bins;

      if (!load_column (work, t, z))
        {
          for (gsize k = 0; k < self->n_bins; k++)
            power[k] = NAN;
          continue;
        }
      fftw_execute_dft_r2c (work->plan, z, (fftw_complex *) spectrum);
      _inion_spectrum_add_power (spectrum, n, power);
      for (gsize k = 0; k <= last; k++)
        power[k] *= k == 0 || 2 * k == n ? work->scale : 2 * work->scale;
    }
  return TRUE;
}

/**
 * inion_spectrogram_new:
 * @x: (array length=n): samples; NaN is a gap
 * @n: number of samples, at least @n_per_seg
 * @rate_hz: sampling rate in Hz
 * @n_per_seg: length of a segment in samples, at least 2
 * @n_overlap: samples shared by neighbours, under @n_per_seg
 * @window: window of a segment
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Equal to scipy.signal.spectrogram() with its default detrend. What does not fill a last segment
 * is left out.
 *
 * Returns: (transfer full) (nullable): the densities, or %NULL with %INION_ERROR_INVALID,
 *   %INION_ERROR_TOO_FEW, %INION_ERROR_TOO_LARGE or %G_IO_ERROR_CANCELLED
 */
InionSpectrogram *
inion_spectrogram_new (const double  *x,
                       gsize          n,
                       double         rate_hz,
                       gsize          n_per_seg,
                       gsize          n_overlap,
                       InionWindow    window,
                       InionJob      *job,
                       GError       **error)
{
  g_autoptr (InionSpectrogram) self = NULL;
  g_autofree double *w = NULL;
  double energy = 0;
  gsize size;
  Work work;

  if (!(rate_hz > 0) || n_per_seg < 2 || n_per_seg > G_MAXINT32 || n_overlap >= n_per_seg)
    {
      inion_set_error (error, INION_ERROR_INVALID,
                       "A spectrogram needs a rate above 0 Hz and segments of at least two samples "
                       "that are longer than their overlap");
      return NULL;
    }
  if (n < n_per_seg)
    {
      inion_set_error (error, INION_ERROR_TOO_FEW,
                       "A spectrogram with segments of %.4g s needs a stretch of at least that "
                       "length; this one has %.4g s. Use shorter segments or a longer stretch",
                       (double) n_per_seg / rate_hz, (double) n / rate_hz);
      return NULL;
    }
  self = g_new0 (InionSpectrogram, 1);
  self->n_per_seg = n_per_seg;
  self->step = n_per_seg - n_overlap;
  self->rate_hz = rate_hz;
  self->n_times = (n - n_overlap) / self->step;
  self->n_bins = n_per_seg / 2 + 1;
  self->bin_hz = rate_hz / (double) n_per_seg;
  if (!inion_size_mul (&size, self->n_times, self->n_bins))
    size = G_MAXSIZE;
  self->power = inion_try_new (double, size, "the spectrogram", error);
  if (self->power == NULL)
    return NULL;
  w = g_new (double, n_per_seg);
  inion_window_fill (window, w, n_per_seg);
  for (gsize i = 0; i < n_per_seg; i++)
    energy += w[i] * w[i];
  work = (Work) { self, x, w, 1 / (rate_hz * energy), inion_fft_plan (INION_FFT_R2C, n_per_seg) };
  if (!inion_parallel_for ((self->n_times + COLUMNS_AT_ONCE - 1) / COLUMNS_AT_ONCE, make_columns,
                           &work, job, error))
    return NULL;
  for (gsize t = 0; t < self->n_times; t++)
    self->n_empty += isnan (self->power[t * self->n_bins]);
  return g_steal_pointer (&self);
}

void
inion_spectrogram_free (InionSpectrogram *self)
{
  g_free (self->power);
  g_free (self);
}

/**
 * inion_spectrogram_get_time_s:
 * @self: a spectrogram
 * @column: which column, under n_times
 *
 * Returns: the middle of its segment, in seconds from the first sample
 */
double
inion_spectrogram_get_time_s (const InionSpectrogram *self,
                              gsize                   column)
{
  return ((double) (column * self->step) + (double) self->n_per_seg / 2) / self->rate_hz;
}

/**
 * inion_spectrogram_get_db:
 * @self: a spectrogram
 * @time_s: seconds from the first sample
 * @hz: frequency in Hz
 *
 * Returns: the density of the column and bin nearest to a point, in dB re 1 unit²/Hz; NaN outside
 *   of what was measured, and in a gap
 */
double
inion_spectrogram_get_db (const InionSpectrogram *self,
                          double                  time_s,
                          double                  hz)
{
  double column = round ((time_s - inion_spectrogram_get_time_s (self, 0)) * self->rate_hz /
                         (double) self->step);
  double bin = round (hz / self->bin_hz);

  if (!(column >= 0 && column < (double) self->n_times && bin >= 0 && bin < (double) self->n_bins))
    return NAN;
  return 10 * log10 (self->power[(gsize) column * self->n_bins + (gsize) bin]);
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

/**
 * inion_spectrogram_get_limits:
 * @self: a spectrogram
 * @max_hz: up to which frequency
 * @low_db: (out): the 5th percentile, in dB re 1 unit²/Hz
 * @high_db: (out): the 99th percentile
 *
 * Finds limits for colours that one artifact does not move. The 0 Hz bin, which has no mean left,
 * does not count.
 *
 * Returns: %FALSE if there is no power above zero
 */
gboolean
inion_spectrogram_get_limits (const InionSpectrogram *self,
                              double                  max_hz,
                              double                 *low_db,
                              double                 *high_db)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  gsize n_bins = MIN (self->n_bins, (gsize) MAX (max_hz / self->bin_hz, 0) + 1);

  for (gsize t = 0; t < self->n_times; t++)
    for (gsize k = 1; k < n_bins; k++)
      if (self->power[t * self->n_bins + k] > 0)
        g_array_append_val (values, self->power[t * self->n_bins + k]);
  if (values->len == 0)
    return FALSE;
  g_array_sort (values, compare_doubles);
  *low_db = 10 * log10 (g_array_index (values, double,
                                       (guint) (LOW_PERCENTILE * (values->len - 1))));
  *high_db = 10 * log10 (g_array_index (values, double,
                                        (guint) (HIGH_PERCENTILE * (values->len - 1))));
  return TRUE;
}
