/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page of the shown signal as bins for drawing: from samples when short, from the pyramid when long. */

#pragma once

#include "display/pyramid.h"

G_BEGIN_DECLS

/* Immutable once made. Filled are the derivations that were asked for, [first, first + n); of the others nothing is there (used[d] 0). For derivation d: bins[d × n_bins …], bin k (absolute index first_bin[d] + k) covers bin_size[d] samples
 * (bin_size 1: samples themselves, lo = hi). Derivations may differ in rate. One more bin than is visible stands at either edge. */
typedef struct
{
  guint n_derivations;
  guint first, n;             /* the derivations asked for */
  double from_s, to_s;        /* the visible range asked for */
  gsize n_bins;               /* stride: bins allocated a derivation */
  gint64 *first_bin;
  gint64 *bin_size;           /* samples */
  gsize *used;                /* bins filled */
  double *rate_hz;
  InionMinMax *bins;
  gboolean pending;           /* parts not there yet: empty, or drawn from coarser bins */
  gboolean wants_job;         /* a page from inion_page_new_job() would have more of it; else only the pyramid's builder can help */
} InionPage;

/* width_px: drawing width; bins are 1–2 a pixel (bin size the largest power of two ≤ samples/px, or 1). Bins finer than the pyramid's
 * are made from samples; the others come from the pyramid, or from samples where it is not there yet (or NULL) and the page is short enough.
 * Never blocks on the pyramid. Thread-safe. For jobs and the command line: may take some 10 ms, or a second of a long recording without pyramid. */
InionPage *inion_page_new (InionShownSignal *signal, InionPyramid *pyramid, double from_s, double to_s, guint width_px,
                           InionJob *job, GError **error);
/* The same for the UI thread, of n derivations from first on: takes what the caches and the pyramid have, and makes at most
 * about 3 ms worth of samples. */
InionPage *inion_page_new_quick (InionShownSignal *signal, InionPyramid *pyramid, double from_s, double to_s, guint width_px,
                                 guint first, guint n, GError **error);
/* A job whose result is the InionPage of inion_page_new(), of n derivations from first on. */
InionJob  *inion_page_new_job (InionShownSignal *signal, InionPyramid *pyramid, double from_s, double to_s, guint width_px,
                               guint first, guint n);
/* Whether such a page was made and is kept: showing it costs nothing. */
gboolean   inion_page_is_ready (InionShownSignal *signal, double from_s, double to_s, guint width_px, guint first, guint n);
InionPage *inion_page_ref (InionPage *self);
void       inion_page_unref (InionPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionPage, inion_page_unref)

G_END_DECLS
