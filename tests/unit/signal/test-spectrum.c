/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "signal/spectrum.h"

#include "core/random.h"
#include "reference.h"
#include "signal/fft.h"

static void
assert_bins_near (const double    *psd,
                  const Reference *reference,
                  double           tolerance)
{
  /* Bin by bin. The mean is removed: what is left at 0 Hz of a boxcar is rounding. */
  for (gsize k = 0; k < reference->n; k++)
    g_assert_cmpfloat (fabs (psd[k] - reference->at[k]), <=, tolerance * reference->at[k] + 1e-20);
}

static void
test_welch (void)
{
  g_autoptr (GHashTable) all = reference_load ("signal_spectrum.txt");
  g_autoptr (GHashTable) input = reference_load ("signal_input.txt");
  const Reference *x = reference_get (input, "central");
  static const struct
  {
    const char *name;
    InionWindow window;
    gsize n, overlap;
  } cases[] = {
    { "welch_hann", INION_WINDOW_HANN, 256, 128 },
    { "welch_hamming", INION_WINDOW_HAMMING, 256, 128 },
    { "welch_boxcar", INION_WINDOW_BOXCAR, 256, 128 },
    { "welch_odd", INION_WINDOW_HANN, 201, 50 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Reference *reference = reference_get (all, cases[i].name);
      double psd[129];

      g_test_message ("%s", cases[i].name);
      g_assert_true (inion_welch (x->at, x->n, 160, cases[i].n, cases[i].overlap, cases[i].window,
                                  psd, NULL));
      assert_bins_near (psd, reference, 1e-10);
    }
}

static void
test_multitaper (void)
{
  g_autoptr (GHashTable) all = reference_load ("signal_spectrum.txt");
  g_autoptr (GHashTable) input = reference_load ("signal_input.txt");
  const Reference *x = reference_get (input, "central");
  static const struct
  {
    const char *name;
    gsize n;
    double bandwidth;
  } cases[] = {
    { "multitaper_1000_4", 1000, 4 },
    { "multitaper_999_2", 999, 2 },
    { "multitaper_320_3", 320, 3 },
  };

  /* Twice: the second time the tapers come from the cache. */
  for (guint i = 0; i < 2 * G_N_ELEMENTS (cases); i++)
    {
      guint c = i % G_N_ELEMENTS (cases);
      double psd[501];

      g_test_message ("%s", cases[c].name);
      g_assert_true (inion_multitaper (x->at, cases[c].n, 160, cases[c].bandwidth, psd, NULL));
      assert_bins_near (psd, reference_get (all, cases[c].name), 1e-8);
    }
}

static void
test_dpss (void)
{
  g_autoptr (GHashTable) all = reference_load ("signal_spectrum.txt");
  g_autofree double *tapers = g_new (double, 7 * 512);
  double ratios[7];
  const double golden[5] = { 0.9999998657, 0.9999907798, 0.9997155133, 0.9949200574, 0.9461657306 };

  g_assert_true (inion_dpss (64, 3, 5, tapers, ratios, NULL));
  assert_near (tapers, reference_get (all, "dpss_64_3_5"), 1e-10);
  assert_near (ratios, reference_get (all, "dpss_ratios_64_3_5"), 1e-12);

  g_assert_true (inion_dpss (256, 3, 5, tapers, ratios, NULL));
  for (guint k = 0; k < 5; k++)
    g_assert_cmpfloat_with_epsilon (ratios[k], golden[k], 6e-11);
  g_assert_true (inion_dpss (512, 4, 7, tapers, ratios, NULL));
  g_assert_cmpfloat_with_epsilon (ratios[6], 0.9366649347, 6e-11);

  for (guint j = 0; j < 7; j++)
    for (guint k = 0; k <= j; k++)
      {
        double sum = 0;

        for (guint i = 0; i < 512; i++)
          sum += tapers[j * 512 + i] * tapers[k * 512 + i];
        g_assert_cmpfloat_with_epsilon (sum, j == k, 1e-12);
      }
}

static void
test_envelope (void)
{
  g_autoptr (GHashTable) all = reference_load ("signal_spectrum.txt");
  g_autoptr (GHashTable) input = reference_load ("signal_input.txt");
  const Reference *x = reference_get (input, "central");
  g_autofree double *y = g_memdup2 (x->at, x->n * sizeof (double));

  inion_hilbert_envelope (x->at, 999, y);
  assert_near (y, reference_get (all, "envelope_999"), 1e-13);
  memcpy (y, x->at, 1000 * sizeof *y);
  inion_hilbert_envelope (y, 1000, y);
  assert_near (y, reference_get (all, "envelope_1000"), 1e-13);
}

/* A tone of amplitude A in a whole number of periods has power A²/2. */
static void
test_tone (void)
{
  const gsize n = 4000;
  g_autofree double *x = g_new (double, n);
  double psd[2001];

  for (gsize i = 0; i < n; i++)
    x[i] = 100 + 6 * sin (2 * G_PI * 10 * i / 200.0);
  g_assert_true (inion_welch (x, n, 200, 400, 200, INION_WINDOW_HANN, psd, NULL));
  g_assert_cmpfloat_with_epsilon (inion_band_power (psd, 201, 0.5, 8, 12), 18, 1e-9);
  g_assert_cmpfloat_with_epsilon (inion_band_power (psd, 201, 0.5, 20, 100.1), 0, 1e-9);
  g_assert_true (inion_multitaper (x, n, 200, 1, psd, NULL));
  g_assert_cmpfloat_with_epsilon (inion_band_power (psd, 2001, 0.05, 8, 12), 18, 0.01);
}

/* A bin belongs to one of two neighbouring bands, whatever the rounding of its frequency. */
static void
test_band_edges (void)
{
  double ones[100];
  double sum = 0;

  for (guint i = 0; i < 100; i++)
    ones[i] = 1;
  for (guint band = 0; band < 10; band++)
    sum += inion_band_power (ones, 100, 0.1, band, band + 1);
  g_assert_cmpfloat_with_epsilon (sum, 10, 1e-9);
  g_assert_cmpfloat_with_epsilon (inion_band_power (ones, 100, 0.1, 3, 4), 1, 1e-9);
  g_assert_cmpfloat (inion_band_power (ones, 100, 0.1, 3.01, 3.09), ==, 0);
}

static void
test_parseval_and_inverse (void)
{
  const gsize lengths[] = { 1, 2, 3, 8, 97, 1000, 1001 };
  InionRandom random;

  inion_random_seed (&random, 2, 0);
  for (guint l = 0; l < G_N_ELEMENTS (lengths); l++)
    {
      gsize n = lengths[l];
      /* One past the start: not aligned. */
      g_autofree double *memory = g_new (double, 2 * n + 4), *back = g_new (double, n + 1);
      g_autofree double *spectrum = g_new (double, n + 3);
      double *x = memory + 1, energy = 0, power = 0;

      for (gsize i = 0; i < n; i++)
        {
          x[i] = inion_random_normal (&random);
          energy += x[i] * x[i];
        }
      inion_rfft (x, n, spectrum + 1);
      for (gsize k = 0; k <= n / 2; k++)
        {
          double re = spectrum[1 + 2 * k], im = spectrum[2 + 2 * k];

          power += (k == 0 || 2 * k == n ? 1 : 2) * (re * re + im * im);
        }
      g_assert_cmpfloat_with_epsilon (power / n, energy, 1e-10 * energy);
      inion_irfft (spectrum + 1, n, back + 1);
      for (gsize i = 0; i < n; i++)
        g_assert_cmpfloat_with_epsilon (back[1 + i], x[i], 1e-12);
    }
}

/* The same bits from aligned and unaligned arrays. */
static void
test_alignment (void)
{
  double *a = inion_fft_alloc (101), *b = inion_fft_alloc (104);
  double x[102], y[104];

  for (guint i = 0; i < 101; i++)
    a[i] = x[i + 1] = sin (i * i);
  inion_rfft (a, 101, b);
  inion_rfft (x + 1, 101, y + 1);
  g_assert_cmpmem (b, 102 * sizeof *b, y + 1, 102 * sizeof *y);
  inion_fft_free (a);
  inion_fft_free (b);
}

static gpointer
transform_many (gpointer data)
{
  double *sums = data;
  g_autofree double *x = g_new (double, 3000), *y = g_new (double, 3002);

  for (gsize n = 2500; n < 2600; n++)
    {
      double sum = 0;

      for (gsize i = 0; i < n; i++)
        x[i] = sin ((double) i * i);
      inion_rfft (x, n, y);
      for (gsize i = 0; i < 2 * (n / 2 + 1); i++)
        sum += y[i] * (double) (i % 7);
      sums[n - 2500] = sum;
    }
  return NULL;
}

static void
test_threads (void)
{
  double sums[4][100];
  GThread *threads[4];

  for (guint t = 0; t < 4; t++)
    threads[t] = g_thread_new ("transform", transform_many, sums[t]);
  for (guint t = 0; t < 4; t++)
    g_thread_join (threads[t]);
  for (guint t = 1; t < 4; t++)
    g_assert_cmpmem (sums[0], sizeof sums[0], sums[t], sizeof sums[t]);
}

static void
test_good_length (void)
{
  g_assert_cmpuint (inion_fft_good_length (0), ==, 1);
  g_assert_cmpuint (inion_fft_good_length (11), ==, 12);
  g_assert_cmpuint (inion_fft_good_length (127), ==, 128);
  g_assert_cmpuint (inion_fft_good_length (1000), ==, 1000);
}

static void
test_errors (void)
{
  g_autoptr (GError) error = NULL;
  double x[100] = { 0 }, psd[101], tapers[300];

  g_assert_false (inion_welch (x, 100, 160, 128, 64, INION_WINDOW_HANN, psd, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_assert_nonnull (strstr (error->message, "128"));
  g_clear_error (&error);
  g_assert_false (inion_welch (x, 100, 160, 50, 50, INION_WINDOW_HANN, psd, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (inion_welch (x, 100, 160, 0, 0, INION_WINDOW_HANN, psd, NULL));
  g_assert_false (inion_welch (x, 100, NAN, 50, 0, INION_WINDOW_HANN, psd, NULL));

  /* Flat is fine: no power at all. */
  g_assert_true (inion_welch (x, 100, 160, 50, 25, INION_WINDOW_HANN, psd, NULL));
  g_assert_cmpfloat (psd[3], ==, 0);
  g_assert_true (inion_multitaper (x, 100, 160, 16, psd, NULL));
  g_assert_cmpfloat (psd[3], ==, 0);

  g_assert_false (inion_multitaper (x, 100, 160, 1, psd, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_assert_nonnull (strstr (error->message, "1.6"));
  g_assert_false (inion_multitaper (x, 100, 160, 200, psd, NULL));
  g_assert_false (inion_multitaper (x, 1, 160, 4, psd, NULL));
  g_assert_false (inion_multitaper (x, 100, 160, NAN, psd, NULL));
  g_assert_false (inion_dpss (100, 60, 3, tapers, NULL, NULL));
  g_assert_false (inion_dpss (2, 0.5, 3, tapers, NULL, NULL));
  g_assert_false (inion_dpss (0, 0.5, 1, tapers, NULL, NULL));
  x[7] = NAN;
  g_clear_error (&error);
  g_assert_false (inion_welch (x, 100, 160, 50, 25, INION_WINDOW_HANN, psd, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NUMERIC);
  g_assert_false (inion_multitaper (x, 100, 160, 16, psd, NULL));
}

static double *
make_noise (gsize   n,
            guint64 seed)
{
  double *x = g_new (double, n);
  InionRandom random;

  inion_random_seed (&random, seed, 0);
  for (gsize i = 0; i < n; i++)
    x[i] = inion_random_normal (&random) + 3 * sin (0.3 * (double) i);
  return x;
}

/* The density over gaps is the mean over the segments between them. */
static void
test_gaps (void)
{
  g_autofree double *x = make_noise (3000, 5);
  g_autofree double *y = g_memdup2 (x, 3000 * sizeof *x);
  double whole[129], first[129], last[129], both[129];
  gsize n_used, n_left_out, at;
  g_autoptr (GError) error = NULL;

  g_assert_true (inion_welch (x, 3000, 200, 256, 128, INION_WINDOW_HANN, whole, &error));
  g_assert_true (inion_welch_gaps (x, 3000, 200, 256, 128, INION_WINDOW_HANN, both, &n_used,
                                   &n_left_out, &error));
  g_assert_cmpmem (whole, sizeof whole, both, sizeof both);
  g_assert_cmpuint (n_used, ==, 22);
  g_assert_cmpuint (n_left_out, ==, 0);

  for (gsize i = 1000; i < 1500; i++)
    y[i] = NAN;
  for (gsize i = 1600; i < 1700; i++)
    y[i] = NAN;
  g_assert_cmpuint (inion_longest_stretch (y, 3000, &at), ==, 1300);
  g_assert_cmpuint (at, ==, 1700);
  g_assert_true (inion_welch (x, 1000, 200, 256, 128, INION_WINDOW_HANN, first, &error));
  g_assert_true (inion_welch (x + 1700, 1300, 200, 256, 128, INION_WINDOW_HANN, last, &error));
  g_assert_true (inion_welch_gaps (y, 3000, 200, 256, 128, INION_WINDOW_HANN, both, &n_used,
                                   &n_left_out, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_used, ==, 6 + 9);
  g_assert_cmpuint (n_left_out, ==, 22 - 15);
  for (guint k = 0; k < 129; k++)
    g_assert_cmpfloat_with_epsilon (both[k], (6 * first[k] + 9 * last[k]) / 15, 1e-12);

  g_assert_false (inion_welch_gaps (y, 3000, 200, 1301, 0, INION_WINDOW_HANN, both, NULL, NULL,
                                    &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_assert_nonnull (strstr (error->message, "6.5 s"));
  g_clear_error (&error);
  for (gsize i = 0; i < 3000; i++)
    y[i] = NAN;
  g_assert_cmpuint (inion_longest_stretch (y, 3000, &at), ==, 0);
  g_assert_false (inion_welch_gaps (y, 3000, 200, 256, 0, INION_WINDOW_HANN, both, NULL, NULL,
                                    &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signal/spectrum/welch", test_welch);
  g_test_add_func ("/signal/spectrum/multitaper", test_multitaper);
  g_test_add_func ("/signal/spectrum/dpss", test_dpss);
  g_test_add_func ("/signal/spectrum/envelope", test_envelope);
  g_test_add_func ("/signal/spectrum/tone", test_tone);
  g_test_add_func ("/signal/spectrum/band-edges", test_band_edges);
  g_test_add_func ("/signal/spectrum/parseval-and-inverse", test_parseval_and_inverse);
  g_test_add_func ("/signal/spectrum/alignment", test_alignment);
  g_test_add_func ("/signal/spectrum/threads", test_threads);
  g_test_add_func ("/signal/spectrum/good-length", test_good_length);
  g_test_add_func ("/signal/spectrum/errors", test_errors);
  g_test_add_func ("/signal/spectrum/gaps", test_gaps);
  return g_test_run ();
}
