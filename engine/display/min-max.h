/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bins of a signal: the lowest and the highest value of a run of samples. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An empty (gap, not there yet) bin is lo = +INF, hi = −INF. */
typedef struct
{
  float lo, hi;
} InionMinMax;

void inion_min_max_clear (InionMinMax *bins, gsize n);
void inion_min_max_of_samples (const float *x, gsize n, gsize per_bin, InionMinMax *out);
void inion_min_max_of_bins (const InionMinMax *bins, gsize n, gsize per_bin, InionMinMax *out);

static inline gboolean
inion_min_max_is_empty (const InionMinMax *bin)
{
  return bin->lo > bin->hi;
}

static inline void
inion_min_max_merge (InionMinMax       *bin,
                     const InionMinMax *other)
{
  bin->lo = other->lo < bin->lo ? other->lo : bin->lo;
  bin->hi = other->hi > bin->hi ? other->hi : bin->hi;
}

G_END_DECLS
