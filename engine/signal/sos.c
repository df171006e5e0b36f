/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Second-order sections at work: gain, state, causal filtering, and forward and backward filtering.
 *
 * A section is y[n] = b0 x[n] + b1 x[n−1] + b2 x[n−2] − a1 y[n−1] − a2 y[n−2], computed in
 * transposed direct form II:
 *
 *   y  = b0 x + z0
 *   z0 = (b1 x + z1) − a1 y
 *   z1 = b2 x − a2 y
 *
 * The order of these operations is fixed and every sample passes through it once, so a signal cut
 * into blocks gives the same bits as the whole. Two sections at a time sit in the two halves of a
 * vector register; the second works one sample behind the first, which changes when a number is
 * computed but not what is computed.
 *
 * Forward and backward filtering starts each pass in the steady state of its first sample
 * (Gustafsson 1996 discusses the alternatives) on a signal lengthened by odd reflection. */

#define G_LOG_DOMAIN "inion-signal"

#include "config.h"

#include "signal/sos.h"

#include "core/size.h"
#include "signal/signal-private.h"

#include <string.h>

typedef struct
{
  InionPair b0, b1, b2, a1, a2;
  InionPair z0, z1;
} SectionPair;

static void
section_pair_load (SectionPair         *pair,
                   const InionSos      *sos,
                   const InionSosState *state,
                   guint                first)
{
  const double *c = sos->c[first], *d = sos->c[first + 1];

  pair->b0 = (InionPair) { c[0], d[0] };
  pair->b1 = (InionPair) { c[1], d[1] };
  pair->b2 = (InionPair) { c[2], d[2] };
  pair->a1 = (InionPair) { c[3], d[3] };
  pair->a2 = (InionPair) { c[4], d[4] };
  pair->z0 = (InionPair) { state->z[first][0], state->z[first + 1][0] };
  pair->z1 = (InionPair) { state->z[first][1], state->z[first + 1][1] };
}

static void
section_pair_store (const SectionPair *pair,
                    InionSosState     *state,
                    guint              first)
{
  for (guint i = 0; i < 2; i++)
    {
      state->z[first + i][0] = pair->z0[i];
      state->z[first + i][1] = pair->z1[i];
    }
}

/* One step of one half of a pair, where the other half has nothing to do. */
static inline double
section_pair_step_one (SectionPair *p,
                       guint        half,
                       double       x)
{
  double y = p->b0[half] * x + p->z0[half];

  p->z0[half] = (p->b1[half] * x + p->z1[half]) - p->a1[half] * y;
  p->z1[half] = p->b2[half] * x - p->a2[half] * y;
  return y;
}

static inline InionPair
section_pair_step (SectionPair *p,
                   InionPair    x)
{
  InionPair y = p->b0 * x + p->z0;

  p->z0 = (p->b1 * x + p->z1) - p->a1 * y;
  p->z1 = p->b2 * x - p->a2 * y;
  return y;
}

/* Sections 2k and 2k + 1 over n ≥ 1 samples. */
static void
pass_two (SectionPair  *pair,
          const double *in,
          double       *out,
          gsize         n,
          gssize        step)
{
  SectionPair p = *pair;
  double first = section_pair_step_one (&p, 0, in[0]);

  for (gsize i = 1; i < n; i++)
    {
      InionPair y = section_pair_step (&p, (InionPair) { in[step * (gssize) i], first });

      first = y[0];
      out[step * (gssize) (i - 1)] = y[1];
    }
  out[step * (gssize) (n - 1)] = section_pair_step_one (&p, 1, first);
  *pair = p;
}

/* Four sections over n ≥ 3 samples: the second pair works two samples behind the first. */
static void
pass_four (SectionPair  *pairs,
           const double *in,
           double       *out,
           gsize         n,
           gssize        step)
{
  SectionPair p = pairs[0], q = pairs[1];
  double a, b, c;
  InionPair y, w;

  /* y[0] holds section 1's newest, b section 2's newest, c section 3's newest. */
  a = section_pair_step_one (&p, 0, in[0]);
  y = section_pair_step (&p, (InionPair) { in[step], a });
  a = y[0];
  b = y[1];
  y = section_pair_step (&p, (InionPair) { in[2 * step], a });
  c = section_pair_step_one (&q, 0, b);
  for (gsize i = 3; i < n; i++)
    {
      InionPair next = section_pair_step (&p, (InionPair) { in[step * (gssize) i], y[0] });

      w = section_pair_step (&q, (InionPair) { y[1], c });
      c = w[0];
      out[step * (gssize) (i - 3)] = w[1];
      y = next;
    }
  /* Drain: y = {section 1 at n − 1, section 2 at n − 2}, c = section 3 at n − 3. */
  a = section_pair_step_one (&p, 1, y[0]);
  w = section_pair_step (&q, (InionPair) { y[1], c });
  out[step * (gssize) (n - 3)] = w[1];
  w = section_pair_step (&q, (InionPair) { a, w[0] });
  out[step * (gssize) (n - 2)] = w[1];
  out[step * (gssize) (n - 1)] = section_pair_step_one (&q, 1, w[0]);
  pairs[0] = p;
  pairs[1] = q;
}

static void
pass_one (const double *c,
          double       *z,
          const double *in,
          double       *out,
          gsize         n,
          gssize        step)
{
  double b0 = c[0], b1 = c[1], b2 = c[2], a1 = c[3], a2 = c[4];
  double z0 = z[0], z1 = z[1];

  for (gsize i = 0; i < n; i++)
    {
      double x = in[step * (gssize) i];
      double y = b0 * x + z0;

      z0 = (b1 * x + z1) - a1 * y;
      z1 = b2 * x - a2 * y;
      out[step * (gssize) i] = y;
    }
  z[0] = z0;
  z[1] = z1;
}

/* A stretch short enough to stay in the cache while all sections pass over it. */
static void
pass_tile (const InionSos *sos,
           InionSosState  *state,
           const double   *in,
           double         *out,
           gsize           n,
           gssize          step)
{
  guint k = 0;

  for (; k + 4 <= sos->n_sections && n >= 3; k += 4, in = out)
    {
      SectionPair pairs[2];

      section_pair_load (&pairs[0], sos, state, k);
      section_pair_load (&pairs[1], sos, state, k + 2);
      pass_four (pairs, in, out, n, step);
      section_pair_store (&pairs[0], state, k);
      section_pair_store (&pairs[1], state, k + 2);
    }
  for (; k + 2 <= sos->n_sections; k += 2, in = out)
    {
      SectionPair pair;

      section_pair_load (&pair, sos, state, k);
      pass_two (&pair, in, out, n, step);
      section_pair_store (&pair, state, k);
    }
  for (; k < sos->n_sections; k++, in = out)
    pass_one (sos->c[k], state->z[k], in, out, n, step);
}

void
_inion_sos_pass (const InionSos *sos,
                 InionSosState  *state,
                 const double   *in,
                 double         *out,
                 gsize           n,
                 int             step)
{
  const gsize tile = 1024;

  if (sos->n_sections == 0)
    {
      for (gsize i = 0; in != out && i < n; i++)
        out[step * (gssize) i] = in[step * (gssize) i];
      return;
    }
  for (gsize i = 0; i < n; i += tile)
    {
      gssize at = step * (gssize) i;

      pass_tile (sos, state, in + at, out + at, MIN (tile, n - i), step);
    }
}

gboolean
_inion_signal_check_finite (const double  *x,
                            gsize          n,
                            GError       **error)
{
  double sums[4] = { 0, 0, 0, 0 };
  gsize i = 0;

  /* 0 × x is NaN for NaN and for ±∞, and 0 for everything else. */
  for (; i + 4 <= n; i += 4)
    for (guint k = 0; k < 4; k++)
      sums[k] += 0.0 * x[i + k];
  for (; i < n; i++)
    sums[0] += 0.0 * x[i];
  if (!isnan (sums[0] + sums[1] + sums[2] + sums[3]))
    return TRUE;
  for (i = 0; i < n && isfinite (x[i]); i++)
    ;
  return inion_set_error (error, INION_ERROR_NUMERIC,
                          "Sample %" G_GSIZE_FORMAT " of the signal is not a number; mark or "
                          "repair the missing stretch before it is filtered or transformed",
                          i);
}

/**
 * inion_sos_append:
 * @sos: sections to lengthen
 * @other: sections to put behind them
 * @error: return location
 *
 * Puts one filter behind another.
 *
 * Returns: %FALSE with %INION_ERROR_TOO_LARGE if there would be more than
 *   %INION_SOS_MAX_SECTIONS sections; @sos is then unchanged
 */
gboolean
inion_sos_append (InionSos        *sos,
                  const InionSos  *other,
                  GError         **error)
{
  guint added = other->n_sections;

  if (sos->n_sections + added > INION_SOS_MAX_SECTIONS)
    return inion_set_error (error, INION_ERROR_TOO_LARGE,
                            "The filters together need %u second-order sections; at most %d are "
                            "possible. Lower an order or leave out a filter",
                            sos->n_sections + added, INION_SOS_MAX_SECTIONS);
  memmove (sos->c[sos->n_sections], other->c, added * sizeof other->c[0]);
  sos->n_sections += added;
  return TRUE;
}

/**
 * inion_sos_gain_at:
 * @sos: a filter
 * @hz: frequency in Hz
 * @rate_hz: sampling rate in Hz
 *
 * Returns: the magnitude of the frequency response of one pass, |H(e^{iω})|
 */
double
inion_sos_gain_at (const InionSos *sos,
                   double          hz,
                   double          rate_hz)
{
  double w = 2 * G_PI * hz / rate_hz;
  double c1 = cos (w), s1 = sin (w), c2 = cos (2 * w), s2 = sin (2 * w);
  double gain = 1;

  for (guint i = 0; i < sos->n_sections; i++)
    {
      const double *c = sos->c[i];
      double top = hypot (c[0] + c[1] * c1 + c[2] * c2, c[1] * s1 + c[2] * s2);
      double bottom = hypot (1 + c[3] * c1 + c[4] * c2, c[3] * s1 + c[4] * s2);

      gain *= top / bottom;
    }
  return gain;
}

/* The largest distance of a pole from 0. */
static double
slowest_pole (const InionSos *sos)
{
  double slowest = 0;

  for (guint i = 0; i < sos->n_sections; i++)
    {
      double a1 = sos->c[i][3], a2 = sos->c[i][4];
      double d = a1 * a1 / 4 - a2;
      double r = d < 0 ? sqrt (a2) : fabs (a1) / 2 + sqrt (d);

      slowest = MAX (slowest, r);
    }
  return slowest;
}

/* Sum of the gain at 0 Hz: where the step response ends. */
static double
gain_at_rest (const InionSos *sos)
{
  double gain = 1;

  for (guint i = 0; i < sos->n_sections; i++)
    {
      const double *c = sos->c[i];

      gain *= (c[0] + c[1] + c[2]) / (1 + c[3] + c[4]);
    }
  return gain;
}

/**
 * inion_sos_settle_samples_to:
 * @sos: a filter
 * @fraction: what may be left, in (0, 1)
 *
 * How long the filter remembers: the number of samples after which the impulse response stays
 * under @fraction of its peak and the step response within @fraction of its largest deviation
 * from where it ends. The step counts because a high-pass answers an impulse at once and an
 * offset slowly. At most 2²² samples are looked at.
 *
 * Returns: number of samples, at least 1 for a filter with a section, 0 for none
 */
gsize
inion_sos_settle_samples_to (const InionSos *sos,
                             double          fraction)
{
  InionSosState impulse_state, step_state;
  double r = slowest_pole (sos), end = gain_at_rest (sos);
  double impulse_peak = 0, step_peak = 0;
  gsize limit = 1 << 22, last = 0;
  /* Repeated poles hold the response up for a while: three times the time of a simple one. */
  double n_wanted = r > 0 && r < 1 ? 3 * log (fraction) / log (r) + 64 : 64;
  gsize n = r < 1 && n_wanted < limit ? (gsize) n_wanted : limit;
  g_autofree double *deviation = NULL;

  if (sos->n_sections == 0)
    return 0;
  deviation = g_new (double, 2 * n);
  inion_sos_state_reset (&impulse_state);
  inion_sos_state_reset (&step_state);
  for (gsize i = 0; i < n; i++)
    {
      double x = i == 0 ? 1 : 0, one = 1, y, s;

      inion_sos_process (sos, &impulse_state, &x, &y, 1);
      inion_sos_process (sos, &step_state, &one, &s, 1);
      deviation[2 * i] = fabs (y);
      deviation[2 * i + 1] = fabs (s - end);
      impulse_peak = MAX (impulse_peak, deviation[2 * i]);
      step_peak = MAX (step_peak, deviation[2 * i + 1]);
    }
  for (gsize i = 0; i < n; i++)
    if (deviation[2 * i] > fraction * impulse_peak || deviation[2 * i + 1] > fraction * step_peak)
      last = i;
  return last + 1;
}

/**
 * inion_sos_settle_samples:
 * @sos: a filter
 *
 * inion_sos_settle_samples_to() for a thousandth.
 *
 * Returns: number of samples after which the filter has forgotten where it started
 */
gsize
inion_sos_settle_samples (const InionSos *sos)
{
  return inion_sos_settle_samples_to (sos, 1e-3);
}

/**
 * inion_sos_state_reset:
 * @state: state of one channel
 *
 * Forgets the past: as if all earlier samples had been 0.
 */
void
inion_sos_state_reset (InionSosState *state)
{
  memset (state, 0, sizeof *state);
}

/**
 * inion_sos_state_prime:
 * @sos: a filter
 * @state: state of one channel
 * @x0: value, in the unit of the signal
 *
 * Puts the state where it would be had the signal been @x0 forever: a signal that starts there
 * starts without a transient. Equal to x0 × scipy.signal.sosfilt_zi().
 */
void
inion_sos_state_prime (const InionSos *sos,
                       InionSosState  *state,
                       double          x0)
{
  double scale = x0;

  inion_sos_state_reset (state);
  for (guint i = 0; i < sos->n_sections; i++)
    {
      const double *c = sos->c[i];
      double u = c[1] - c[3] * c[0], v = c[2] - c[4] * c[0];
      double zero = (u + v) / (1 + c[3] + c[4]);

      state->z[i][0] = scale * zero;
      state->z[i][1] = scale * ((1 + c[3]) * zero - u);
      scale *= (c[0] + c[1] + c[2]) / (1 + c[3] + c[4]);
    }
}

/**
 * inion_sos_process:
 * @sos: a filter
 * @state: state of this channel, carried from block to block
 * @in: (array length=n): samples
 * @out: (array length=n): filtered samples; may be @in
 * @n: number of samples
 *
 * Filters the next block of a channel. Any cutting into blocks gives the same bits.
 */
void
inion_sos_process (const InionSos *sos,
                   InionSosState  *state,
                   const double   *in,
                   double         *out,
                   gsize           n)
{
  _inion_sos_pass (sos, state, in, out, n, 1);
}

/* 3 × (taps of the equal direct form): what scipy pads by default. */
static gsize
default_padlen (const InionSos *sos)
{
  gsize b2 = 0, a2 = 0;

  for (guint i = 0; i < sos->n_sections; i++)
    {
      b2 += sos->c[i][2] == 0;
      a2 += sos->c[i][4] == 0;
    }
  return 3 * (2 * (gsize) sos->n_sections + 1 - MIN (b2, a2));
}

/**
 * inion_sos_filtfilt:
 * @sos: a filter
 * @x: (array length=n): samples, filtered in place
 * @n: number of samples
 * @padlen: samples of odd reflection on each side; %G_MAXSIZE for scipy's default, three times
 *   the number of taps
 * @error: return location
 *
 * Filters forward and backward: no phase shift, and the gain of one pass squared. Equal to
 * scipy.signal.sosfiltfilt().
 *
 * Returns: %FALSE with %INION_ERROR_TOO_FEW if @n is not above the padding, or with
 *   %INION_ERROR_NUMERIC if a sample is not finite; @x is then unchanged
 */
gboolean
inion_sos_filtfilt (const InionSos  *sos,
                    double          *x,
                    gsize            n,
                    gsize            padlen,
                    GError         **error)
{
  InionSosState state;
  g_autofree double *head = NULL;
  double *tail;

  if (padlen == G_MAXSIZE)
    padlen = default_padlen (sos);
  if (n <= padlen || n == 0)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "Filtering forward and backward needs more than %" G_GSIZE_FORMAT
                            " samples; there are %" G_GSIZE_FORMAT ". Use a longer stretch",
                            padlen, n);
  if (!_inion_signal_check_finite (x, n, error))
    return FALSE;

  head = inion_try_new (double, 2 * padlen + 1, "the edges of a filtered signal", error);
  if (head == NULL)
    return FALSE;
  tail = head + padlen;
  for (gsize i = 0; i < padlen; i++)
    {
      head[i] = 2 * x[0] - x[padlen - i];
      tail[i] = 2 * x[n - 1] - x[n - 2 - i];
    }

  inion_sos_state_prime (sos, &state, padlen > 0 ? head[0] : x[0]);
  _inion_sos_pass (sos, &state, head, head, padlen, 1);
  _inion_sos_pass (sos, &state, x, x, n, 1);
  _inion_sos_pass (sos, &state, tail, tail, padlen, 1);

  inion_sos_state_prime (sos, &state, padlen > 0 ? tail[padlen - 1] : x[n - 1]);
  if (padlen > 0)
    _inion_sos_pass (sos, &state, tail + padlen - 1, tail + padlen - 1, padlen, -1);
  _inion_sos_pass (sos, &state, x + n - 1, x + n - 1, n, -1);
  return TRUE;
}
