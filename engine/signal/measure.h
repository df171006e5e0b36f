/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What calipers say about a stretch of one signal. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Amplitudes in the unit of the signal, positions in samples from the start of the stretch. What the
 * stretch does not say is NaN: everything where there is no sample, and what needs an unbroken
 * stretch where one is missing. */
typedef struct
{
  gsize n;                     /* samples that are there */
  gsize n_missing;             /* NaN: a gap, or no number */
  gsize highest_at, lowest_at; /* the first of equals */
  double highest, lowest;
  double peak_to_peak;
  double baseline;             /* what the next four are measured from */
  double above, below;         /* highest − baseline, baseline − lowest */
  double rms;                  /* about the baseline */
  double area;                 /* ∫ |x − baseline| dt, unit × s; unbroken */
  double slope;                /* (last − first) / time between, unit/ms; unbroken */
  double steepest;             /* between neighbours, with its sign, unit/ms */
  double steepest_at;          /* half a sample after the first of the two */
  double n_waves;              /* half the crossings of the baseline; unbroken */
  double wave_hz;              /* mean over the whole waves between crossings; unbroken */
  double peak_hz;              /* of the spectrum; unbroken */
} InionMeasures;

void inion_measure (const double *x, gsize n, double rate_hz, double baseline, InionMeasures *measures);

G_END_DECLS
