/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page of the shown signal as bins for drawing: from samples when short, from the pyramid when long. */

#pragma once

#include "display/pyramid.h"

G_BEGIN_DECLS

/* Immutable once made. For derivation d: bins[d × n_bins …], bin k (absolute index first_bin[d] + k) covers bin_size[d] samples
 * (bin_size 1: samples themselves, lo = hi). Derivations may differ in rate. */
typedef struct
{
  guint n_derivations;
  double from_s, to_s;        /* the visible range asked for */
  gsize n_bins;               /* stride: bins allocated a derivation */
  gint64 *first_bin;
  gint64 *bin_size;           /* samples */
  gsize *used;                /* bins filled */
  double *rate_hz;
  InionMinMax *bins;
  gboolean pending;           /* parts not there yet */
} InionPage;

/* width_px: drawing width; bins are 1–2 a pixel (bin size the largest power of two ≤ samples/px, or 1). Windows of up to max_direct samples a
 * channel are read and filtered on demand; longer ones come from the pyramid. Never blocks on the pyramid. Thread-safe. */
InionPage *inion_page_new (InionShownSignal *signal, InionPyramid *pyramid, double from_s, double to_s, guint width_px,
                           InionJob *job, GError **error);
InionPage *inion_page_ref (InionPage *self);
void       inion_page_unref (InionPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionPage, inion_page_unref)

G_END_DECLS
