/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Second-order sections run over four derivations side by side.
 *
 * A recursive filter waits for its own last output: one derivation alone keeps the processor idle
 * most of the time. Four in one vector cost hardly more than one. Each lane does exactly the
 * operations of the transposed direct form II
 *
 *   y = b0 x + z0,  z0 = (b1 x − a1 y) + z1,  z1 = b2 x − a2 y
 *
 * and no lane touches another, so a derivation's numbers do not depend on its neighbours.
 *
 * Every run starts in the steady state of its first sample. A sample that is no number would stay
 * in the state for ever; the state at the end shows whether that happened, and such a lane is done
 * again piece by piece: each run of finite samples is filtered alone, as if the signal began there,
 * and what was no number stays none. */

#define G_LOG_DOMAIN "inion-display"

#include "config.h"

#include "display/filter-bank.h"

#include <math.h>

#define LANES INION_FILTER_BANK_LANES

typedef double Lanes __attribute__ ((vector_size (LANES * sizeof (double))));

typedef struct
{
  Lanes z[INION_SOS_MAX_SECTIONS][2];
} BankState;

static void
prime (const InionSos *sos,
       const double   *x0,
       BankState      *state)
{
  for (int lane = 0; lane < LANES; lane++)
    {
      InionSosState one;

      inion_sos_state_prime (sos, &one, x0[lane]);
      for (guint s = 0; s < sos->n_sections; s++)
        {
          state->z[s][0][lane] = one.z[s][0];
          state->z[s][1][lane] = one.z[s][1];
        }
    }
}

static gboolean
lane_is_finite (const InionSos  *sos,
                const BankState *state,
                int              lane)
{
  for (guint s = 0; s < sos->n_sections; s++)
    if (!isfinite (state->z[s][0][lane]) || !isfinite (state->z[s][1][lane]))
      return FALSE;
  return TRUE;
}

/* Where a run writes: doubles of all samples to work or, where work is NULL, floats of n_out
 * samples from sample skip on to out. */
typedef struct
{
  double *const *work;
  float *const *out;
  gsize skip;
  gsize n_out;
} Sink;

/* Inlined with a constant number of sections, so that the state stays in registers. */
static inline __attribute__ ((always_inline)) void
run_sections (const InionSos      *sos,
              const guint          n_sections,
              BankState           *state,
              const double *const *in,
              gsize                n,
              const gboolean       backward,
              const Sink          *sink)
{
  const double *i0 = in[0], *i1 = in[1], *i2 = in[2], *i3 = in[3];
  Lanes z[INION_SOS_MAX_SECTIONS][2];
  Sink to = *sink;

  for (guint s = 0; s < n_sections; s++)
    {
      z[s][0] = state->z[s][0];
      z[s][1] = state->z[s][1];
    }
  for (gsize k = 0; k < n; k++)
    {
      gsize t = backward ? n - 1 - k : k;
      Lanes v = { i0[t], i1[t], i2[t], i3[t] };

#pragma GCC unroll 3
      for (guint s = 0; s < n_sections; s++)
        {
          const double *c = sos->c[s];
          Lanes y = c[0] * v + z[s][0];

          z[s][0] = (c[1] * v - c[3] * y) + z[s][1];
          z[s][1] = c[2] * v - c[4] * y;
          v = y;
        }
      if (to.work != NULL)
        for (int lane = 0; lane < LANES; lane++)
          to.work[lane][t] = v[lane];
      else if (t - to.skip < to.n_out)
        for (int lane = 0; lane < LANES; lane++)
          to.out[lane][t - to.skip] = (float) v[lane];
    }
  for (guint s = 0; s < n_sections; s++)
    {
      state->z[s][0] = z[s][0];
      state->z[s][1] = z[s][1];
    }
}

#define RUN(n_sections) \
  (backward ? run_sections (sos, n_sections, state, in, n, TRUE, sink) \
            : run_sections (sos, n_sections, state, in, n, FALSE, sink))

static void
run (const InionSos      *sos,
     BankState           *state,
     const double *const *in,
     gsize                n,
     gboolean             backward,
     const Sink          *sink)
{
  switch (sos->n_sections)
    {
    case 1:
      RUN (1);
      break;
    case 2:
      RUN (2);
      break;
    case 3:
      RUN (3);
      break;
    default:
      RUN (sos->n_sections);
      break;
    }
}

static void
reverse (double *x,
         gsize   n)
{
  for (gsize i = 0; i < n / 2; i++)
    {
      double t = x[i];

      x[i] = x[n - 1 - i];
      x[n - 1 - i] = t;
    }
}

static void
filter_piece (const InionSos *sos,
              gboolean        zero_phase,
              double         *x,
              gsize           n)
{
  for (int pass = 0; pass < (zero_phase ? 2 : 1); pass++)
    {
      InionSosState state;

      inion_sos_state_prime (sos, &state, x[0]);
      inion_sos_process (sos, &state, x, x, n);
      if (zero_phase)
        reverse (x, n);
    }
}

/* One lane whose input holds samples that are no numbers. */
static void
filter_pieces (const InionSos *sos,
               gboolean        zero_phase,
               const double   *in,
               gsize           n,
               gsize           skip,
               gsize           n_out,
               float          *out)
{
  g_autofree double *x = g_memdup2 (in, n * sizeof (double));

  for (gsize i = 0; i < n;)
    {
      gsize first = i;

      while (i < n && isfinite (x[i]))
        i++;
      if (i > first)
        filter_piece (sos, zero_phase, x + first, i - first);
      while (i < n && !isfinite (in[i]))
        x[i++] = NAN;
    }
  for (gsize i = 0; i < n_out; i++)
    out[i] = (float) x[skip + i];
}

static void
repair_lanes (const InionSos      *sos,
              const BankState     *state,
              gboolean             zero_phase,
              const double *const *in,
              gsize                n,
              const Sink          *sink)
{
  for (int lane = 0; lane < LANES; lane++)
    if (!lane_is_finite (sos, state, lane))
      filter_pieces (sos, zero_phase, in[lane], n, sink->skip, sink->n_out, sink->out[lane]);
}

/**
 * inion_filter_bank_causal:
 * @sos: the filter, with at least one section
 * @in: (array fixed-size=4): four signals of @n samples; the same one may be given twice
 * @n: samples, more than @skip
 * @skip: samples that are only there to settle the filter
 * @out: (array fixed-size=4): where @n − @skip filtered samples of each signal go; the same place
 *   may be given twice for the same signal
 *
 * Filters forward in time, from the steady state of the first sample.
 */
void
inion_filter_bank_causal (const InionSos      *sos,
                          const double *const *in,
                          gsize                n,
                          gsize                skip,
                          float *const        *out)
{
  double x0[LANES] = { in[0][0], in[1][0], in[2][0], in[3][0] };
  Sink sink = { .out = out, .skip = skip, .n_out = n - skip };
  BankState state;

  prime (sos, x0, &state);
  run (sos, &state, in, n, FALSE, &sink);
  repair_lanes (sos, &state, FALSE, in, n, &sink);
}

/**
 * inion_filter_bank_zero_phase:
 * @sos: the filter, with at least one section
 * @in: (array fixed-size=4): four signals of @n samples
 * @n: samples, at least @skip + @n_out
 * @skip: samples before the ones wanted
 * @n_out: samples wanted; what is beyond them only settles the filter
 * @work: (array fixed-size=4): scratch of @n samples each, all different from each other and from
 *   @in
 * @out: (array fixed-size=4): where the filtered samples go
 *
 * Filters forward and then backward, each from the steady state of its first sample.
 */
void
inion_filter_bank_zero_phase (const InionSos      *sos,
                              const double *const *in,
                              gsize                n,
                              gsize                skip,
                              gsize                n_out,
                              double *const       *work,
                              float *const        *out)
{
  double x0[LANES] = { in[0][0], in[1][0], in[2][0], in[3][0] };
  const double *forward[LANES] = { work[0], work[1], work[2], work[3] };
  Sink sink = { .out = out, .skip = skip, .n_out = n_out };
  BankState state;

  prime (sos, x0, &state);
  run (sos, &state, in, n, FALSE, &(Sink) { .work = work });
  for (int lane = 0; lane < LANES; lane++)
    x0[lane] = work[lane][n - 1];
  prime (sos, x0, &state);
  run (sos, &state, forward, n, TRUE, &sink);
  repair_lanes (sos, &state, TRUE, in, n, &sink);
}
