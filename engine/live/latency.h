/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long things took: a histogram that stays small however many there were. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define INION_LATENCY_BINS 256

/* A plain value; all zero: nothing measured. */
typedef struct
{
  guint64 counts[INION_LATENCY_BINS];
  guint64 n;
  double max_us;
} InionLatency;

void   inion_latency_add (InionLatency *self, double latency_us);
double inion_latency_quantile (const InionLatency *self, double q); /* µs; NAN if nothing was measured */

G_END_DECLS
