/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connectivity of all pairs: 300 epochs × 64 channels × 512 samples at 256 Hz, all bins. */

#include "bench-kit.h"

#include "core/init.h"
#include "core/random.h"
#include "network/connectivity.h"

#define EPOCHS 300
#define CHANNELS 64
#define SAMPLES 512
#define RATE 256.0

typedef struct
{
  double *data;
  InionConnectivityMeasure measure;
  double low_hz, high_hz;
} Bench;

static void
measure (gpointer data)
{
  Bench *bench = data;
  g_autofree double *out = g_new (double, CHANNELS * CHANNELS);
  g_autoptr (GError) error = NULL;

  if (!inion_connectivity (bench->data, EPOCHS, CHANNELS, SAMPLES, RATE, bench->measure,
                           bench->low_hz, bench->high_hz, out, NULL, &error))
    bench_die ("connectivity", error);
}

int
main (void)
{
  static const struct
  {
    const char *key;
    InionConnectivityMeasure measure;
  } rows[] = { { "conn.coh.allpairs", INION_CONNECTIVITY_COHERENCE },
               { "conn.imcoh.allpairs", INION_CONNECTIVITY_IMAG_COHERENCE },
               { "conn.wpli.allpairs", INION_CONNECTIVITY_DEBIASED_WPLI } };
  Bench bench = { .data = g_new (double, (gsize) EPOCHS * CHANNELS * SAMPLES) };
  InionRandom random;

  inion_init ();
  inion_random_seed (&random, 3, 0);
  for (gsize i = 0; i < (gsize) EPOCHS * CHANNELS * SAMPLES; i++)
    bench.data[i] = inion_random_normal (&random);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *alpha = g_strdup_printf ("%s.alpha", rows[i].key);

      bench.measure = rows[i].measure;
      bench.low_hz = 0;
      bench.high_hz = RATE / 2;
      bench_repeat (rows[i].key, 5, measure, &bench, "all 257 bins");
      bench.low_hz = 8;
      bench.high_hz = 13;
      bench_repeat (alpha, 5, measure, &bench, "8 to 13 Hz, as the window asks");
    }
  g_free (bench.data);
  return 0;
}
