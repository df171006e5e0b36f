/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "display-fixture.h"

#include "display/filter-bank.h"

#define N 3000
#define SKIP 700

static void
make_filter (guint     n_sections,
             InionSos *sos)
{
  g_autoptr (GError) error = NULL;
  InionSos part;

  memset (sos, 0, sizeof (*sos));
  g_assert_true (inion_sos_first_order_highpass (sos, 0.5, 256, &error));
  if (n_sections > 1)
    {
      g_assert_true (inion_sos_butterworth (&part, 2, INION_BAND_LOWPASS, 0, 70, 256, &error));
      g_assert_true (inion_sos_append (sos, &part, &error));
    }
  while (sos->n_sections < n_sections)
    {
      g_assert_true (inion_sos_notch (&part, 50, 30, 256, &error));
      g_assert_true (inion_sos_append (sos, &part, &error));
    }
  g_assert_no_error (error);
  g_assert_cmpuint (sos->n_sections, ==, n_sections);
}

static void
run_one (const InionSos *sos,
         gboolean        zero_phase,
         double         *x,
         gsize           n)
{
  for (int pass = 0; pass < (zero_phase ? 2 : 1); pass++)
    {
      InionSosState state;

      inion_sos_state_prime (sos, &state, x[0]);
      inion_sos_process (sos, &state, x, x, n);
      for (gsize i = 0; zero_phase && i < n / 2; i++)
        {
          double t = x[i];

          x[i] = x[n - 1 - i];
          x[n - 1 - i] = t;
        }
    }
}

static void
run_bank (const InionSos *sos,
          gboolean        zero_phase,
          double *const   in[4],
          float           out[4][N])
{
  const double *from[4] = { in[0], in[1], in[2], in[3] };
  float *to[4] = { out[0], out[1], out[2], out[3] };

  if (zero_phase)
    {
      double *work[4];

      for (int lane = 0; lane < 4; lane++)
        work[lane] = g_new (double, N);
      inion_filter_bank_zero_phase (sos, from, N, SKIP, N - SKIP, work, to);
      for (int lane = 0; lane < 4; lane++)
        g_free (work[lane]);
    }
  else
    {
      inion_filter_bank_causal (sos, from, N, SKIP, to);
    }
}

/* Every lane is what one derivation alone would be. */
static void
test_lanes (gconstpointer data)
{
  gboolean zero_phase = GPOINTER_TO_INT (data);
  static float out[4][N];

  for (guint n_sections = 1; n_sections <= 5; n_sections++)
    {
      double *in[4];
      InionSos sos;

      make_filter (n_sections, &sos);
      for (guint lane = 0; lane < 4; lane++)
        in[lane] = fixture_wave (lane, N, 256);
      run_bank (&sos, zero_phase, in, out);
      for (guint lane = 0; lane < 4; lane++)
        {
          run_one (&sos, zero_phase, in[lane], N);
          for (gsize i = SKIP; i < N; i++)
            g_assert_cmpfloat_with_epsilon (out[lane][i - SKIP], in[lane][i], 2e-4);
          g_free (in[lane]);
        }
    }
}

/* A gap: what is before and after it are signals of their own, and other lanes do not notice. */
static void
test_gap (gconstpointer data)
{
  gboolean zero_phase = GPOINTER_TO_INT (data);
  static float with[4][N], without[4][N];
  g_autofree double *after = NULL;
  double *in[4];
  InionSos sos;

  make_filter (2, &sos);
  for (guint lane = 0; lane < 4; lane++)
    in[lane] = fixture_wave (lane, N, 256);
  run_bank (&sos, zero_phase, in, without);
  in[2][1000] = NAN;
  in[2][1001] = INFINITY;
  in[2][N - 1] = NAN;
  run_bank (&sos, zero_phase, in, with);
  for (guint lane = 0; lane < 4; lane++)
    if (lane != 2)
      g_assert_cmpmem (with[lane], (N - SKIP) * sizeof (float), without[lane],
                       (N - SKIP) * sizeof (float));
  g_assert_true (isnan (with[2][1000 - SKIP]));
  g_assert_true (isnan (with[2][1001 - SKIP]));
  g_assert_true (isnan (with[2][N - 1 - SKIP]));
  after = g_memdup2 (in[2] + 1002, (N - 1003) * sizeof (double));
  run_one (&sos, zero_phase, after, N - 1003);
  for (gsize i = 1002; i < N - 1; i++)
    g_assert_cmpfloat_with_epsilon (with[2][i - SKIP], after[i - 1002], 1e-4);
  for (gsize i = SKIP; i < 1000; i++)
    g_assert_true (isfinite (with[2][i - SKIP]));
  for (guint lane = 0; lane < 4; lane++)
    g_free (in[lane]);
}

static void
test_no_numbers (void)
{
  static float out[4][N];
  double *in[4];
  InionSos sos;

  make_filter (2, &sos);
  for (guint lane = 0; lane < 4; lane++)
    {
      in[lane] = fixture_wave (lane, N, 256);
      for (gsize i = 0; lane == 1 && i < N; i++)
        in[lane][i] = NAN;
    }
  run_bank (&sos, FALSE, in, out);
  for (gsize i = 0; i < N - SKIP; i++)
    {
      g_assert_true (isnan (out[1][i]));
      g_assert_true (isfinite (out[0][i]));
    }
  for (guint lane = 0; lane < 4; lane++)
    g_free (in[lane]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/display/filter-bank/lanes/causal", GINT_TO_POINTER (FALSE), test_lanes);
  g_test_add_data_func ("/display/filter-bank/lanes/zero-phase", GINT_TO_POINTER (TRUE),
                        test_lanes);
  g_test_add_data_func ("/display/filter-bank/gap/causal", GINT_TO_POINTER (FALSE), test_gap);
  g_test_add_data_func ("/display/filter-bank/gap/zero-phase", GINT_TO_POINTER (TRUE), test_gap);
  g_test_add_func ("/display/filter-bank/no-numbers", test_no_numbers);
  return g_test_run ();
}
