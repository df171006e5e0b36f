/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The min/max pyramid of the shown signal. */

#pragma once

#include "display/min-max.h"
#include "display/shown-signal.h"
#include "core/job.h"

G_BEGIN_DECLS

#define INION_TYPE_PYRAMID (inion_pyramid_get_type ())
G_DECLARE_FINAL_TYPE (InionPyramid, inion_pyramid, INION, PYRAMID, GObject)

/* Bin k of size B samples covers samples [kB, (k+1)B); which sizes are stored: pyramid.c.
 * Signal "changed" (in the main context of the thread that made the pyramid) as parts arrive, at most 30 a second. */
InionPyramid *inion_pyramid_new (InionShownSignal *signal, const char *cache_dir); /* cache_dir NULL: the user's cache; "" : none */
/* The work: reads the cache or builds, from the hint outwards; writes the cache at the end. Run it as a job. */
InionJob     *inion_pyramid_new_job (InionPyramid *self);
void          inion_pyramid_set_visible (InionPyramid *self, double from_s, double to_s); /* thread-safe hint */
gboolean      inion_pyramid_is_complete (InionPyramid *self);
double        inion_pyramid_get_progress (InionPyramid *self);
/* Finest bin of a derivation, in samples (2^k): 16 unless the recording is long or the channel slow. */
gint64        inion_pyramid_get_base_bin (InionPyramid *self, guint derivation);
gsize         inion_pyramid_get_bytes (InionPyramid *self);
/* bin_size must be 2^k samples, ≥ the derivation's base bin. Fills n bins from first_bin; returns FALSE if any is not there yet. Thread-safe. */
gboolean      inion_pyramid_query (InionPyramid *self, guint derivation, gint64 first_bin, gint64 bin_size, gsize n, InionMinMax *out);

G_END_DECLS
