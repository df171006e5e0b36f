/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters, spectra and resampling of 64 channels of one hour at 512 Hz, on all threads.
 *
 *   bench-signal [SECONDS]      3600 if not said
 */

#include "bench-kit.h"

#include "core/init.h"
#include "core/parallel.h"
#include "core/random.h"
#include "signal/fir.h"
#include "signal/resample.h"
#include "signal/sos.h"
#include "signal/spectrum.h"

#define CHANNELS 64
#define RATE 512.0

typedef struct
{
  gsize n;
  double *x;           /* [CHANNELS × n] */
  InionSos sos;
  InionFir *fir;
  InionParallelFunc func;
} Bench;

static gboolean
filter_sos (gsize      index,
            gpointer   data,
            GError   **error)
{
  Bench *bench = data;

  return inion_sos_filtfilt (&bench->sos, bench->x + index * bench->n, bench->n, 808, error);
}

static gboolean
filter_fir (gsize      index,
            gpointer   data,
            GError   **error)
{
  Bench *bench = data;

  return inion_fir_apply_zero_phase (bench->fir, bench->x + index * bench->n, bench->n, error);
}

static gboolean
welch (gsize      index,
       gpointer   data,
       GError   **error)
{
  Bench *bench = data;
  double psd[1025];

  return inion_welch (bench->x + index * bench->n, bench->n, RATE, 2048, 1024, INION_WINDOW_HANN,
                      psd, error);
}

static gboolean
resample (gsize      index,
          gpointer   data,
          GError   **error)
{
  Bench *bench = data;
  g_autofree double *out = NULL;
  gsize n_out;

  return inion_resample (bench->x + index * bench->n, bench->n, 1, 4, &out, &n_out, error);
}

/* 200 epochs of 1024 samples of every channel. */
static gboolean
multitaper (gsize      index,
            gpointer   data,
            GError   **error)
{
  Bench *bench = data;
  double psd[513];

  for (gsize e = 0; e < 200 && (e + 1) * 1024 <= bench->n; e++)
    if (!inion_multitaper (bench->x + index * bench->n + e * 1024, 1024, RATE, 4, psd, error))
      return FALSE;
  return TRUE;
}

static void
run_all_channels (gpointer data)
{
  Bench *bench = data;
  g_autoptr (GError) error = NULL;

  if (!inion_parallel_for (CHANNELS, bench->func, bench, NULL, &error))
    bench_die ("filter", error);
}

static void
average_reference (gpointer data)
{
  Bench *bench = data;
  double mean[1024];

  for (gsize from = 0; from < bench->n; from += G_N_ELEMENTS (mean))
    {
      gsize n = MIN (G_N_ELEMENTS (mean), bench->n - from);

      memset (mean, 0, sizeof mean);
      for (gsize c = 0; c < CHANNELS; c++)
        for (gsize i = 0; i < n; i++)
          mean[i] += bench->x[c * bench->n + from + i] / CHANNELS;
      for (gsize c = 0; c < CHANNELS; c++)
        for (gsize i = 0; i < n; i++)
          bench->x[c * bench->n + from + i] -= mean[i];
    }
}

static void
fill (Bench *bench)
{
  InionRandom random;

  inion_random_seed (&random, 2, 0);
  bench->x = g_new (double, CHANNELS * bench->n);
  for (gsize c = 0; c < CHANNELS; c++)
    {
      double slow = 0;

      for (gsize i = 0; i < bench->n; i++)
        {
          slow = 0.98 * slow + 4 * (inion_random_uniform (&random) - 0.5);
          bench->x[c * bench->n + i] = slow + 10 * sin (2 * G_PI * 50 * (double) i / RATE);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  double seconds = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 3600;
  g_autoptr (GError) error = NULL;
  Bench bench = { 0 };

  if (!(seconds >= 10 && seconds <= 36000))
    {
      fprintf (stderr, "bench-signal [SECONDS, 10 to 36000]\n");
      return 2;
    }
  inion_init ();
  bench.n = (gsize) (seconds * RATE);
  fill (&bench);
  bench.fir = inion_fir_design (1, 40, RATE, &error);
  if (bench.fir == NULL)
    bench_die ("FIR", error);

  if (!inion_sos_butterworth (&bench.sos, 4, INION_BAND_BANDPASS, 1, 40, RATE, &error))
    bench_die ("Butterworth", error);
  bench.func = filter_sos;
  bench_repeat ("filter.butter4_1_40.M", 5, run_all_channels, &bench, NULL);
  bench.func = filter_fir;
  bench_repeat ("filter.fir_1_40.M", 5, run_all_channels, &bench, NULL);
  if (!inion_sos_notch (&bench.sos, 50, 30, RATE, &error))
    bench_die ("notch", error);
  bench.func = filter_sos;
  bench_repeat ("filter.notch50.M", 5, run_all_channels, &bench, NULL);
  bench.func = welch;
  bench_repeat ("psd.welch.M", 5, run_all_channels, &bench, NULL);
  bench.func = resample;
  bench_repeat ("resample.512_128.M", 5, run_all_channels, &bench, NULL);
  bench.func = multitaper;
  bench_repeat ("psd.multitaper.epochs", 5, run_all_channels, &bench, NULL);
  bench_repeat ("avgref.M", 5, average_reference, &bench, "one thread, in the program itself");

  inion_fir_free (bench.fir);
  g_free (bench.x);
  return 0;
}
