/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functional connectivity of all pairs of channels in a band, and what it would be by chance.
 *
 * Per frequency, with E the mean over epochs and S_xy = x conj(y):
 *
 *   coherence            |E S_xy| / √(E S_xx E S_yy)
 *   imaginary coherence  Im E S_xy / √(E S_xx E S_yy)             (Nolte et al. 2004)
 *   debiased wPLI        ((Σ Im S)² − Σ (Im S)²) / ((Σ |Im S|)² − Σ (Im S)²)
 *                        an estimator of the squared weighted phase-lag index
 *                        (Vinck, Oostenveld, van Wingerden, Battaglia, Pennartz 2011)
 *
 * and the mean over the frequencies of the band. The bins are worked on in parallel, but their
 * sum is taken in order: the numbers do not depend on the number of threads. */

#define G_LOG_DOMAIN "inion-network"

#include "config.h"

#include "network/connectivity.h"

#include "core/error.h"
#include "core/parallel.h"
#include "core/random.h"
#include "core/size.h"
#include "network/epoch-spectra-private.h"

#include <math.h>
#include <string.h>

#define BLOCK 32 /* bins whose matrices are in memory at once */
#define MIN_NULL 19 /* fewer draws have no 95 % bound */

typedef struct
{
  const InionEpochSpectra *spectra;
  InionConnectivityMeasure measure;
  gsize first_bin;
  double *matrices; /* [BLOCK][n_channels²] */
} Bins;

typedef struct
{
  const InionEpochSpectra *spectra;
  InionConnectivityMeasure measure;
  guint64 seed;
  guint n_null;
  gint n_done;
  double *maxima;
  InionJob *job;
} Null;

static const char *const measure_names[] = {
  [INION_CONNECTIVITY_COHERENCE] = "coherence",
  [INION_CONNECTIVITY_IMAG_COHERENCE] = "imaginary-coherence",
  [INION_CONNECTIVITY_DEBIASED_WPLI] = "debiased-wpli",
};

static gboolean
measure_bin (gsize      index,
             gpointer   data,
             GError   **error)
{
  const Bins *bins = data;
  const InionEpochSpectra *s = bins->spectra;
  gsize per_bin = s->n_epochs * s->n_channels, at = (bins->first_bin + index) * per_bin;
  g_autofree double *scratch = g_new (double, _inion_pairs_scratch (s->n_channels));

  _inion_pairs_measure (s->re + at, s->im + at, s->n_epochs, s->n_channels, bins->measure, scratch,
                        bins->matrices + index * s->n_channels * s->n_channels);
  return TRUE;
}

static gboolean
check_measure (InionConnectivityMeasure   measure,
               GError                   **error)
{
  if ((guint) measure >= G_N_ELEMENTS (measure_names))
    return inion_set_error (error, INION_ERROR_INVALID, "There is no measure of connectivity %d.",
                            (int) measure);
  return TRUE;
}

/* The mean over all bins. */
static gboolean
average_bins (const InionEpochSpectra   *spectra,
              InionConnectivityMeasure   measure,
              double                    *out,
              InionJob                  *job,
              GError                   **error)
{
  gsize n_pairs = spectra->n_channels * spectra->n_channels;
  gsize block = MIN (spectra->n_bins, BLOCK);
  g_autofree double *matrices = inion_try_new (double, block * n_pairs, "the connectivity", error);
  Bins bins = { .spectra = spectra, .measure = measure, .matrices = matrices };

  if (matrices == NULL)
    return FALSE;
  memset (out, 0, n_pairs * sizeof *out);
  for (gsize first = 0; first < spectra->n_bins; first += block)
    {
      gsize n = MIN (block, spectra->n_bins - first);

      bins.first_bin = first;
      if (!inion_parallel_for (n, measure_bin, &bins, job, error))
        return FALSE;
      for (gsize bin = 0; bin < n; bin++)
        {
          for (gsize p = 0; p < n_pairs; p++)
            out[p] += matrices[bin * n_pairs + p];
        }
      inion_job_report (job, (double) (first + n) / (double) spectra->n_bins, NULL);
    }
  for (gsize p = 0; p < n_pairs; p++)
    out[p] /= (double) spectra->n_bins;
  return TRUE;
}

/* For each channel an order of the epochs of its own: [n_channels × n_epochs]. */
static guint *
draw_orders (const InionEpochSpectra *s,
             guint64                  seed,
             gsize                    index)
{
  guint *orders = g_new (guint, s->n_channels * s->n_epochs);

  for (gsize channel = 0; channel < s->n_channels; channel++)
    {
      guint *order = orders + channel * s->n_epochs;
      InionRandom random;

      for (gsize e = 0; e < s->n_epochs; e++)
        order[e] = e;
      inion_random_seed (&random, seed, index * s->n_channels + channel);
      inion_random_shuffle (&random, order, s->n_epochs);
    }
  return orders;
}

static void
gather (const double            *from,
        const InionEpochSpectra *s,
        const guint             *orders,
        double                  *to)
{
  for (gsize e = 0; e < s->n_epochs; e++)
    {
      for (gsize channel = 0; channel < s->n_channels; channel++)
        to[e * s->n_channels + channel] =
          from[orders[channel * s->n_epochs + e] * s->n_channels + channel];
    }
}

static double
largest (const double *matrix,
         gsize         n,
         double        divisor)
{
  double max = 0;

  for (gsize i = 0; i < n; i++)
    {
      for (gsize j = i + 1; j < n; j++)
        max = MAX (max, fabs (matrix[i * n + j]) / divisor);
    }
  return max;
}

static gboolean
draw_null (gsize      index,
           gpointer   data,
           GError   **error)
{
  Null *null = data;
  const InionEpochSpectra *s = null->spectra;
  gsize n = s->n_channels, per_bin = s->n_epochs * n;
  g_autofree guint *orders = draw_orders (s, null->seed, index);
  g_autofree double *parts = g_new (double, 2 * per_bin);
  g_autofree double *scratch = g_new (double, _inion_pairs_scratch (n));
  g_autofree double *matrix = g_new (double, n * n);
  g_autofree double *sum = g_new0 (double, n * n);

  for (gsize bin = 0; bin < s->n_bins; bin++)
    {
      if (!inion_job_check (null->job, error))
        return FALSE;
      gather (s->re + bin * per_bin, s, orders, parts);
      gather (s->im + bin * per_bin, s, orders, parts + per_bin);
      _inion_pairs_measure (parts, parts + per_bin, s->n_epochs, n, null->measure, scratch, matrix);
      for (gsize p = 0; p < n * n; p++)
        sum[p] += matrix[p];
    }
  null->maxima[index] = largest (sum, n, (double) s->n_bins);
  inion_job_report (null->job, (g_atomic_int_add (&null->n_done, 1) + 1.0) / null->n_null, NULL);
  return TRUE;
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/**
 * inion_connectivity_measure_to_string:
 * @measure: a measure
 *
 * Returns: (nullable) (transfer none): its name in recipes, "debiased-wpli"
 */
const char *
inion_connectivity_measure_to_string (InionConnectivityMeasure measure)
{
  g_return_val_if_fail ((guint) measure < G_N_ELEMENTS (measure_names), NULL);

  return measure_names[measure];
}

/**
 * inion_connectivity_measure_from_string:
 * @text: (nullable): a name in recipes
 * @measure: (out): the measure
 *
 * Returns: %FALSE if there is no such measure; @measure is then untouched
 */
gboolean
inion_connectivity_measure_from_string (const char               *text,
                                        InionConnectivityMeasure *measure)
{
  for (guint i = 0; i < G_N_ELEMENTS (measure_names); i++)
    {
      if (g_strcmp0 (text, measure_names[i]) == 0)
        {
          *measure = i;
          return TRUE;
        }
    }
  return FALSE;
}

/**
 * inion_connectivity:
 * @data: [@n_epochs][@n_channels][@n_samples], contiguous
 * @n_epochs: number of epochs, at least 2; below about 30 the numbers are mostly noise
 * @n_channels: number of channels, at least 1
 * @n_samples: samples of an epoch, at least 2
 * @rate_hz: sampling rate
 * @measure: which measure
 * @low_hz: lower edge of the band, ≥ 0
 * @high_hz: upper edge, ≤ @rate_hz / 2; bins on the edges belong to the band
 * @out: (out caller-allocates): [@n_channels × @n_channels]; symmetric, for the imaginary
 *   coherence antisymmetric (element i, j is positive if i leads in the sense of x_i conj (x_j));
 *   zero diagonal
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Computes a measure of all pairs of channels, averaged over the frequencies of a band; equations
 * at the head of this file. Epochs get their mean removed and a periodic Hann window. A channel
 * that does not change has no connection (0) with any other.
 *
 * Returns: %FALSE with %INION_ERROR_TOO_FEW (epochs, no frequency in the band),
 *   %INION_ERROR_INVALID (band, rate), %INION_ERROR_NUMERIC (a value that is no number; says where)
 *   or %G_IO_ERROR_CANCELLED
 */
gboolean
inion_connectivity (const double              *data,
                    gsize                      n_epochs,
                    gsize                      n_channels,
                    gsize                      n_samples,
                    double                     rate_hz,
                    InionConnectivityMeasure   measure,
                    double                     low_hz,
                    double                     high_hz,
                    double                    *out,
                    InionJob                  *job,
                    GError                   **error)
{
  g_autoptr (InionEpochSpectra) spectra = NULL;

  if (!check_measure (measure, error))
    return FALSE;
  spectra = _inion_epoch_spectra_new (data, n_epochs, n_channels, n_samples, rate_hz, low_hz,
                                      high_hz, job, error);
  return spectra != NULL && average_bins (spectra, measure, out, job, error);
}

/**
 * inion_connectivity_null:
 * @data: see inion_connectivity()
 * @n_epochs: see inion_connectivity()
 * @n_channels: number of channels, at least 2
 * @n_samples: see inion_connectivity()
 * @rate_hz: see inion_connectivity()
 * @measure: which measure
 * @low_hz: see inion_connectivity()
 * @high_hz: see inion_connectivity()
 * @n_null: number of draws, at least 19
 * @seed: seed of the draws
 * @bound_95: (out): what the largest absolute value of all pairs stays below in 95 % of draws
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Finds how large the strongest connection would be by chance: the epochs of every channel are put
 * into an order of their own, which keeps each channel's spectrum and destroys what two channels
 * have in common within an epoch. The bound is the ⌈0.95 (n + 1)⌉-th smallest of n maxima, so it
 * holds for all pairs together. What is locked to the start of the epochs in the same way every
 * time (an evoked response) survives the shuffling and is part of the null.
 *
 * Returns: %FALSE with the errors of inion_connectivity(), or with %INION_ERROR_TOO_FEW for fewer
 *   than 19 draws or 2 channels
 */
gboolean
inion_connectivity_null (const double              *data,
                         gsize                      n_epochs,
                         gsize                      n_channels,
                         gsize                      n_samples,
                         double                     rate_hz,
                         InionConnectivityMeasure   measure,
                         double                     low_hz,
                         double                     high_hz,
                         guint                      n_null,
                         guint64                    seed,
                         double                    *bound_95,
                         InionJob                  *job,
                         GError                   **error)
{
  g_autoptr (InionEpochSpectra) spectra = NULL;
  g_autofree double *maxima = NULL;
  Null null = { .measure = measure, .seed = seed, .n_null = n_null, .job = job };
  gsize rank;

  if (!check_measure (measure, error))
    return FALSE;
  if (n_null < MIN_NULL || n_channels < 2)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "A 95 %% bound by chance needs at least %d draws and two channels, not "
                            "%u and %" G_GSIZE_FORMAT ".", MIN_NULL, n_null, n_channels);
  spectra = _inion_epoch_spectra_new (data, n_epochs, n_channels, n_samples, rate_hz, low_hz,
                                      high_hz, job, error);
  if (spectra == NULL)
    return FALSE;
  maxima = g_new (double, n_null);
  null.spectra = spectra;
  null.maxima = maxima;
  if (!inion_parallel_for (n_null, draw_null, &null, job, error))
    return FALSE;
  qsort (maxima, n_null, sizeof *maxima, compare_doubles);
  rank = ceil (0.95 * (n_null + 1.0) - 1e-9);
  *bound_95 = maxima[rank - 1];
  return TRUE;
}
