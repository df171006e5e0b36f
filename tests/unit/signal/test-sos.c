/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "signal/sos.h"

#include "core/random.h"
#include "reference.h"

static const struct
{
  const char *name;
  guint order;
  InionBand band;
  double low, high, rate;
} designs[] = {
  { "design_4_bandpass_1_40_512", 4, INION_BAND_BANDPASS, 1, 40, 512 },
  { "design_4_bandpass_7_30_160", 4, INION_BAND_BANDPASS, 7, 30, 160 },
  { "design_1_bandpass_8_12_160", 1, INION_BAND_BANDPASS, 8, 12, 160 },
  { "design_3_bandpass_1_70_160", 3, INION_BAND_BANDPASS, 1, 70, 160 },
  { "design_5_bandpass_0.5_20_250", 5, INION_BAND_BANDPASS, 0.5, 20, 250 },
  { "design_1_highpass_0.5_0_160", 1, INION_BAND_HIGHPASS, 0.5, 0, 160 },
  { "design_2_highpass_0.5_0_160", 2, INION_BAND_HIGHPASS, 0.5, 0, 160 },
  { "design_5_highpass_1_0_256", 5, INION_BAND_HIGHPASS, 1, 0, 256 },
  { "design_3_lowpass_0_40_160", 3, INION_BAND_LOWPASS, 0, 40, 160 },
  { "design_4_lowpass_0_30_1000", 4, INION_BAND_LOWPASS, 0, 30, 1000 },
  { "design_8_lowpass_0_70_160", 8, INION_BAND_LOWPASS, 0, 70, 160 },
  { "design_2_bandstop_58_62_160", 2, INION_BAND_BANDSTOP, 58, 62, 160 },
  { "design_3_bandstop_20_60_160", 3, INION_BAND_BANDSTOP, 20, 60, 160 },
  { "design_1_bandpass_1_79_160", 1, INION_BAND_BANDPASS, 1, 79, 160 },
};

static void
design (InionSos *sos,
        guint     i)
{
  g_autoptr (GError) error = NULL;

  inion_sos_butterworth (sos, designs[i].order, designs[i].band, designs[i].low, designs[i].high,
                         designs[i].rate, &error);
  g_assert_no_error (error);
}

static void
test_designs (void)
{
  g_autoptr (GHashTable) all = reference_load ("signal_sos.txt");

  for (guint i = 0; i < G_N_ELEMENTS (designs); i++)
    {
      const Reference *reference = reference_get (all, designs[i].name);
      InionSos sos;

      design (&sos, i);
      g_test_message ("%s", designs[i].name);
      g_assert_cmpuint (reference->n, ==, 5 * sos.n_sections);
      /* The gain of a narrow band is tiny: compare section by section. */
      for (guint s = 0; s < sos.n_sections; s++)
        {
          const Reference section = { 5, reference->at + 5 * s };

          assert_near (sos.c[s], &section, 1e-13);
          g_assert_cmpfloat_with_epsilon (sos.c[s][0] / section.at[0], 1, 1e-10);
        }
    }
}

static void
test_notch (void)
{
  g_autoptr (GHashTable) all = reference_load ("signal_sos.txt");
  InionSos sos;

  g_assert_true (inion_sos_notch (&sos, 50, 30, 160, NULL));
  assert_near (sos.c[0], reference_get (all, "notch_50_30_160"), 1e-15);
  g_assert_cmpfloat (inion_sos_gain_at (&sos, 50, 160), <, 1e-12);
  g_assert_cmpfloat_with_epsilon (inion_sos_gain_at (&sos, 0, 160), 1, 1e-12);
}

static void
test_edges_are_3_db (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (designs); i++)
    {
      InionSos sos;

      design (&sos, i);
      if (designs[i].band != INION_BAND_LOWPASS)
        g_assert_cmpfloat_with_epsilon (inion_sos_gain_at (&sos, designs[i].low, designs[i].rate),
                                        G_SQRT2 / 2, 1e-7);
      if (designs[i].band != INION_BAND_HIGHPASS)
        g_assert_cmpfloat_with_epsilon (inion_sos_gain_at (&sos, designs[i].high, designs[i].rate),
                                        G_SQRT2 / 2, 1e-7);
    }
}

static void
test_first_order (void)
{
  InionSos sos, butterworth;

  g_assert_true (inion_sos_first_order_highpass (&sos, 0.5, 160, NULL));
  g_assert_true (inion_sos_butterworth (&butterworth, 1, INION_BAND_HIGHPASS, 0.5, 0, 160, NULL));
  for (guint i = 0; i < 5; i++)
    g_assert_cmpfloat_with_epsilon (sos.c[0][i], butterworth.c[0][i], 1e-15);
}

static void
test_filtfilt (void)
{
  g_autoptr (GHashTable) all = reference_load ("signal_sos.txt");
  g_autoptr (GHashTable) input = reference_load ("signal_input.txt");
  static const struct
  {
    const char *name, *channel;
    guint order;
    InionBand band;
    double low, high;
    gsize padlen;
  } cases[] = {
    { "bandpass", "central", 4, INION_BAND_BANDPASS, 7, 30, G_MAXSIZE },
    { "bandpass_pad_200", "central", 4, INION_BAND_BANDPASS, 7, 30, 200 },
    { "bandpass_pad_0", "central", 4, INION_BAND_BANDPASS, 7, 30, 0 },
    { "highpass", "frontal", 2, INION_BAND_HIGHPASS, 0.5, 0, G_MAXSIZE },
    { "lowpass_odd", "frontal", 3, INION_BAND_LOWPASS, 0, 40, G_MAXSIZE },
    { "bandstop", "frontal", 3, INION_BAND_BANDSTOP, 20, 60, G_MAXSIZE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Reference *x = reference_get (input, cases[i].channel);
      g_autofree double *y = g_memdup2 (x->at, x->n * sizeof (double));
      InionSos sos;

      g_test_message ("%s", cases[i].name);
      g_assert_true (inion_sos_butterworth (&sos, cases[i].order, cases[i].band, cases[i].low,
                                            cases[i].high, 160, NULL));
      g_assert_true (inion_sos_filtfilt (&sos, y, x->n, cases[i].padlen, NULL));
      assert_near (y, reference_get (all, cases[i].name), 1e-12);
    }
}

static void
test_causal_and_primed (void)
{
  g_autoptr (GHashTable) all = reference_load ("signal_sos.txt");
  g_autoptr (GHashTable) input = reference_load ("signal_input.txt");
  const Reference *x = reference_get (input, "central");
  g_autofree double *y = g_new (double, x->n);
  InionSos sos;
  InionSosState state;

  g_assert_true (inion_sos_butterworth (&sos, 4, INION_BAND_BANDPASS, 7, 30, 160, NULL));
  inion_sos_state_reset (&state);
  inion_sos_process (&sos, &state, x->at, y, x->n);
  assert_near (y, reference_get (all, "causal"), 1e-12);

  inion_sos_state_prime (&sos, &state, 1);
  assert_near (state.z[0], reference_get (all, "zi"), 1e-12);
  inion_sos_state_prime (&sos, &state, x->at[0]);
  inion_sos_process (&sos, &state, x->at, y, x->n);
  assert_near (y, reference_get (all, "primed"), 1e-12);
}

/* Sections 1 to 9 take every path of the kernel. */
static void
make_sections (InionSos *sos,
               guint     n)
{
  sos->n_sections = n;
  for (guint i = 0; i < n; i++)
    {
      const double c[5] = { 0.9 - 0.01 * i, -0.3 + 0.1 * i, 0.2, -0.5 + 0.05 * i, 0.3 };

      memcpy (sos->c[i], c, sizeof c);
    }
}

static void
test_blocks_equal_samples (void)
{
  const gsize n = 5000;
  g_autofree double *x = g_new (double, n), *whole = g_new (double, n), *cut = g_new (double, n);
  InionRandom random;
  InionSosState state;

  inion_random_seed (&random, 11, 0);
  for (gsize i = 0; i < n; i++)
    x[i] = inion_random_normal (&random);
  for (guint sections = 1; sections <= 9; sections++)
    {
      InionSos sos;

      make_sections (&sos, sections);
      inion_sos_state_reset (&state);
      inion_sos_process (&sos, &state, x, whole, n);

      inion_sos_state_reset (&state);
      for (gsize i = 0; i < n; i++)
        inion_sos_process (&sos, &state, x + i, cut + i, 1);
      g_assert_cmpmem (whole, n * sizeof *x, cut, n * sizeof *x);

      inion_sos_state_reset (&state);
      memcpy (cut, x, n * sizeof *x);
      for (gsize i = 0, m; i < n; i += m)
        {
          m = (gsize) inion_random_below (&random, 1500);
          m = MIN (m, n - i);
          inion_sos_process (&sos, &state, cut + i, cut + i, m);
        }
      g_assert_cmpmem (whole, n * sizeof *x, cut, n * sizeof *x);
    }
}

/* The plain recurrence, section after section. */
static void
test_kernel_equals_recurrence (void)
{
  double x[100], y[100];
  InionSos sos;
  InionSosState state;

  for (guint sections = 0; sections <= 9; sections++)
    {
      make_sections (&sos, sections);
      for (guint i = 0; i < 100; i++)
        x[i] = sin (0.3 * i * i);
      inion_sos_state_reset (&state);
      inion_sos_process (&sos, &state, x, y, 100);
      for (guint s = 0; s < sections; s++)
        {
          const double *c = sos.c[s];
          double z0 = 0, z1 = 0;

          for (guint i = 0; i < 100; i++)
            {
              double v = x[i], w = c[0] * v + z0;

              z0 = (c[1] * v + z1) - c[3] * w;
              z1 = c[2] * v - c[4] * w;
              x[i] = w;
            }
        }
      g_assert_cmpmem (x, sizeof x, y, sizeof y);
    }
}

static void
test_linear (void)
{
  double a[300], b[300], sum[300];
  InionSos sos;

  for (guint i = 0; i < 300; i++)
    {
      a[i] = sin (0.2 * i) + i;
      b[i] = cos (0.01 * i * i);
      sum[i] = 2 * a[i] - 3 * b[i];
    }
  g_assert_true (inion_sos_butterworth (&sos, 3, INION_BAND_BANDPASS, 5, 40, 200, NULL));
  g_assert_true (inion_sos_filtfilt (&sos, a, 300, G_MAXSIZE, NULL));
  g_assert_true (inion_sos_filtfilt (&sos, b, 300, G_MAXSIZE, NULL));
  g_assert_true (inion_sos_filtfilt (&sos, sum, 300, G_MAXSIZE, NULL));
  for (guint i = 0; i < 300; i++)
    g_assert_cmpfloat_with_epsilon (sum[i], 2 * a[i] - 3 * b[i], 1e-11);
}

static void
test_prime_is_steady (void)
{
  InionSos sos;
  InionSosState state;
  double x[50], y[50];

  g_assert_true (inion_sos_butterworth (&sos, 5, INION_BAND_LOWPASS, 0, 20, 200, NULL));
  for (guint i = 0; i < 50; i++)
    x[i] = -7.5;
  inion_sos_state_prime (&sos, &state, -7.5);
  inion_sos_process (&sos, &state, x, y, 50);
  for (guint i = 0; i < 50; i++)
    g_assert_cmpfloat_with_epsilon (y[i], -7.5, 1e-10);
}

static void
test_settle (void)
{
  InionSos sos;
  gsize n;

  /* e^(−t/τ) falls under a thousandth after 6.9 τ. */
  g_assert_true (inion_sos_first_order_highpass (&sos, 0.5, 200, NULL));
  n = inion_sos_settle_samples (&sos);
  g_assert_cmpfloat_with_epsilon (n / 200.0, 6.908 / (2 * G_PI * 0.5), 0.02);
  g_assert_cmpuint (inion_sos_settle_samples_to (&sos, 1e-4), >, n);
  sos.n_sections = 0;
  g_assert_cmpuint (inion_sos_settle_samples (&sos), ==, 0);
}

static void
test_append (void)
{
  InionSos sos, other;
  g_autoptr (GError) error = NULL;

  make_sections (&sos, 30);
  make_sections (&other, 2);
  g_assert_true (inion_sos_append (&sos, &other, &error));
  g_assert_cmpuint (sos.n_sections, ==, 32);
  g_assert_cmpfloat (sos.c[31][1], ==, other.c[1][1]);
  g_assert_false (inion_sos_append (&sos, &other, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_LARGE);
  g_assert_cmpuint (sos.n_sections, ==, 32);
}

static void
assert_refused (guint     order,
                InionBand band,
                double    low,
                double    high,
                double    rate)
{
  g_autoptr (GError) error = NULL;
  InionSos sos;

  g_assert_false (inion_sos_butterworth (&sos, order, band, low, high, rate, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_assert_cmpuint (sos.n_sections, ==, 0);
}

static void
test_errors (void)
{
  g_autoptr (GError) error = NULL;
  InionSos sos;
  double x[100] = { 0 };

  assert_refused (4, INION_BAND_LOWPASS, 0, 80, 160);
  assert_refused (4, INION_BAND_LOWPASS, 0, 90, 160);
  assert_refused (4, INION_BAND_HIGHPASS, 0, 0, 160);
  assert_refused (4, INION_BAND_HIGHPASS, -1, 0, 160);
  assert_refused (4, INION_BAND_HIGHPASS, NAN, 0, 160);
  assert_refused (4, INION_BAND_BANDPASS, 30, 8, 160);
  assert_refused (4, INION_BAND_BANDPASS, 8, 8, 160);
  assert_refused (0, INION_BAND_BANDPASS, 8, 30, 160);
  assert_refused (33, INION_BAND_BANDPASS, 8, 30, 160);
  assert_refused (G_MAXUINT, INION_BAND_LOWPASS, 0, 30, 160);
  assert_refused (4, INION_BAND_LOWPASS, 0, 30, 0);
  assert_refused (4, INION_BAND_LOWPASS, 0, 30, NAN);
  g_assert_false (inion_sos_notch (&sos, 80, 30, 160, NULL));
  g_assert_false (inion_sos_notch (&sos, 50, 0, 160, NULL));
  g_assert_false (inion_sos_first_order_highpass (&sos, 0, 160, NULL));

  /* 27 samples are padded: 28 are needed. */
  g_assert_true (inion_sos_butterworth (&sos, 4, INION_BAND_BANDPASS, 8, 30, 160, NULL));
  g_assert_false (inion_sos_filtfilt (&sos, x, 27, G_MAXSIZE, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_assert_nonnull (strstr (error->message, "27"));
  g_assert_true (inion_sos_filtfilt (&sos, x, 28, G_MAXSIZE, NULL));
  g_assert_false (inion_sos_filtfilt (&sos, x, 0, 0, NULL));

  g_clear_error (&error);
  x[42] = NAN;
  g_assert_false (inion_sos_filtfilt (&sos, x, 100, G_MAXSIZE, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NUMERIC);
  g_assert_nonnull (strstr (error->message, "42"));
  x[42] = INFINITY;
  g_assert_false (inion_sos_filtfilt (&sos, x, 100, G_MAXSIZE, NULL));
}

/* What cannot be represented stably is refused, never returned. */
static void
test_extreme_designs (void)
{
  for (guint order = 1; order <= 32; order++)
    for (double low = 1e-9; low < 100; low *= 10)
      {
        InionSos sos;
        g_autoptr (GError) error = NULL;

        if (inion_sos_butterworth (&sos, order, INION_BAND_BANDPASS, low, low * 1.0001, 1000,
                                   &error))
          g_assert_true (isfinite (inion_sos_gain_at (&sos, low, 1000)));
        else
          g_assert_error (error, INION_ERROR, INION_ERROR_NUMERIC);
      }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signal/sos/designs", test_designs);
  g_test_add_func ("/signal/sos/notch", test_notch);
  g_test_add_func ("/signal/sos/edges-are-3-db", test_edges_are_3_db);
  g_test_add_func ("/signal/sos/first-order", test_first_order);
  g_test_add_func ("/signal/sos/filtfilt", test_filtfilt);
  g_test_add_func ("/signal/sos/causal-and-primed", test_causal_and_primed);
  g_test_add_func ("/signal/sos/blocks-equal-samples", test_blocks_equal_samples);
  g_test_add_func ("/signal/sos/kernel-equals-recurrence", test_kernel_equals_recurrence);
  g_test_add_func ("/signal/sos/linear", test_linear);
  g_test_add_func ("/signal/sos/prime-is-steady", test_prime_is_steady);
  g_test_add_func ("/signal/sos/settle", test_settle);
  g_test_add_func ("/signal/sos/append", test_append);
  g_test_add_func ("/signal/sos/errors", test_errors);
  g_test_add_func ("/signal/sos/extreme-designs", test_extreme_designs);
  return g_test_run ();
}
