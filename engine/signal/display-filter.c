/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filters of the screen: LFF, HFF and notch, clinical (causal) or zero-phase.
 *
 * Causal, these are the filters of a classic machine: a first-order high-pass, a second-order
 * Butterworth low-pass, a notch of quality 30. Zero-phase runs each of them forward and backward,
 * which squares the gain: what was −3 dB would be −6 dB. So the edges are moved until one pass has
 * −1.5 dB where the two together shall have −3 dB. With Ω = tan(πf/rate), the frequency axis of the
 * bilinear transform, and q = √2 − 1:
 *
 *   high-pass   1/(1 + (Ω'/Ω)²)² = 1/2    →  Ω' = Ω √q
 *   low-pass    1/(1 + (Ω/Ω')⁴)² = 1/2    →  Ω' = Ω / ⁴√q
 *   notch       half-width tan(πB/2·rate)  →  β' = β √q
 *
 * The relations are exact on that axis, so −3 dB lies exactly at the stated edge at any rate. */

#define G_LOG_DOMAIN "inion-signal"

#include "config.h"

#include "signal/display-filter.h"

#include <math.h>
#include <string.h>

#define NOTCH_Q 30.0
/* Above this nobody looks for mains; and the sections have room. */
#define MAX_HARMONICS 20
#define MARGIN_MAX_S 60.0
/* A page shows a few µV beside slow drifts of hundreds: ask ten times more than is promised. */
#define MARGIN_FRACTION 1e-4

static gboolean
edge_is_on (double edge_hz)
{
  return edge_hz > 0 && isfinite (edge_hz);
}

static gboolean
edge_fits (double edge_hz,
           double rate_hz)
{
  return edge_is_on (edge_hz) && edge_hz < 0.99 * rate_hz / 2;
}

/* The edge whose Ω is that of edge_hz times factor. */
static double
moved_edge (double edge_hz,
            double rate_hz,
            double factor)
{
  return atan (tan (G_PI * edge_hz / rate_hz) * factor) * rate_hz / G_PI;
}

static gboolean
same_edge (double a,
           double b)
{
  return edge_is_on (a) ? a == b : !edge_is_on (b);
}

/**
 * inion_display_filter_equal:
 * @a: a filter
 * @b: another
 *
 * Returns: whether both do the same: every edge that is on is equal, and the phase, if any is on
 */
gboolean
inion_display_filter_equal (const InionDisplayFilter *a,
                            const InionDisplayFilter *b)
{
  return same_edge (a->lff_hz, b->lff_hz) &&
         same_edge (a->hff_hz, b->hff_hz) &&
         same_edge (a->notch_hz, b->notch_hz) &&
         (!a->harmonics == !b->harmonics || !edge_is_on (a->notch_hz)) &&
         (a->phase == b->phase || inion_display_filter_is_off (a));
}

/**
 * inion_display_filter_is_off:
 * @self: a filter
 *
 * Returns: whether no edge is on
 */
gboolean
inion_display_filter_is_off (const InionDisplayFilter *self)
{
  return !edge_is_on (self->lff_hz) && !edge_is_on (self->hff_hz) && !edge_is_on (self->notch_hz);
}

/* The mains and, where that is wanted, its multiples: all notches are as wide in Hz. */
static void
add_notches (const InionDisplayFilter *self,
             double                    rate_hz,
             InionSos                 *sos)
{
  double width = self->notch_hz / NOTCH_Q;
  double moved = self->phase == INION_PHASE_ZERO
                   ? moved_edge (width, rate_hz, sqrt (G_SQRT2 - 1)) : width;

  for (int k = 1; k <= (self->harmonics ? MAX_HARMONICS : 1); k++)
    {
      double hz = k * self->notch_hz;
      InionSos part;

      if (!edge_fits (hz, rate_hz))
        return;
      if (inion_sos_notch (&part, hz, hz / moved, rate_hz, NULL))
        inion_sos_append (sos, &part, NULL);
    }
}

/**
 * inion_display_filter_design:
 * @self: a filter
 * @rate_hz: sampling rate in Hz
 * @sos: (out): the sections of one pass; none if nothing is on
 *
 * Designs the sections for one rate. An edge at or above 0.99 × Nyquist is left out. For the
 * zero-phase variant the sections are meant for inion_sos_filtfilt(): their edges are moved so
 * that both passes together have −3 dB at the stated edges.
 */
void
inion_display_filter_design (const InionDisplayFilter *self,
                             double                    rate_hz,
                             InionSos                 *sos)
{
  gboolean zero = self->phase == INION_PHASE_ZERO;
  double q = G_SQRT2 - 1;
  InionSos part;

  memset (sos, 0, sizeof *sos);
  if (!(rate_hz > 0))
    return;
  if (edge_fits (self->lff_hz, rate_hz))
    {
      double edge = zero ? moved_edge (self->lff_hz, rate_hz, sqrt (q)) : self->lff_hz;

      if (inion_sos_first_order_highpass (&part, edge, rate_hz, NULL))
        inion_sos_append (sos, &part, NULL);
    }
  if (edge_fits (self->hff_hz, rate_hz))
    {
      double edge = zero ? moved_edge (self->hff_hz, rate_hz, 1 / sqrt (sqrt (q))) : self->hff_hz;

      if (inion_sos_butterworth (&part, 2, INION_BAND_LOWPASS, 0, edge, rate_hz, NULL))
        inion_sos_append (sos, &part, NULL);
    }
  add_notches (self, rate_hz, sos);
}

/**
 * inion_display_filter_margin:
 * @self: a filter
 * @rate_hz: sampling rate in Hz
 *
 * How many samples before a page (and after it, for zero phase) must be read and filtered with it
 * so that the page is right to 0.1 % of its peak. Capped at 60 s: an LFF under about 0.025 Hz
 * (0.04 Hz for zero phase) remembers longer than that.
 *
 * Returns: number of samples, 0 if the filter is off
 */
gsize
inion_display_filter_margin (const InionDisplayFilter *self,
                             double                    rate_hz)
{
  gsize cap, n;
  InionSos sos;

  inion_display_filter_design (self, rate_hz, &sos);
  if (sos.n_sections == 0)
    return 0;
  cap = (gsize) ceil (MIN (MARGIN_MAX_S * rate_hz, 1e9));
  n = inion_sos_settle_samples_to (&sos, MARGIN_FRACTION);
  return MIN (n, cap);
}

/**
 * inion_display_filter_apply:
 * @self: a filter
 * @sos: its sections for the rate of @x, from inion_display_filter_design()
 * @x: (array length=n): samples with their margins, filtered in place
 * @n: number of samples
 * @error: return location
 *
 * Filters one stretch: causally from the steady state of its first sample, or forward and
 * backward with as much reflection as the stretch allows.
 *
 * Returns: %FALSE with %INION_ERROR_NUMERIC if a sample is not finite (zero phase)
 */
gboolean
inion_display_filter_apply (const InionDisplayFilter  *self,
                            const InionSos            *sos,
                            double                    *x,
                            gsize                      n,
                            GError                   **error)
{
  if (n == 0 || sos->n_sections == 0)
    return TRUE;
  if (self->phase == INION_PHASE_ZERO)
    return inion_sos_filtfilt (sos, x, n, MIN (n - 1, 6 * (gsize) sos->n_sections + 3), error);

  InionSosState state;

  inion_sos_state_prime (sos, &state, x[0]);
  inion_sos_process (sos, &state, x, x, n);
  return TRUE;
}

/**
 * inion_display_filter_dup_key:
 * @self: a filter
 *
 * Returns: (transfer full): a text that is equal exactly for equal filters, for caches
 */
char *
inion_display_filter_dup_key (const InionDisplayFilter *self)
{
  const double edges[3] = { self->lff_hz, self->hff_hz, self->notch_hz };
  char text[3][G_ASCII_DTOSTR_BUF_SIZE];

  if (inion_display_filter_is_off (self))
    return g_strdup ("off");
  for (guint i = 0; i < 3; i++)
    g_ascii_dtostr (text[i], sizeof text[i], edge_is_on (edges[i]) ? edges[i] : 0.0);
  return g_strdup_printf ("lff=%s hff=%s notch=%s%s %s", text[0], text[1], text[2],
                          self->harmonics && edge_is_on (self->notch_hz) ? "+harmonics" : "",
                          self->phase == INION_PHASE_ZERO ? "zero" : "causal");
}
