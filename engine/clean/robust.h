/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Median, scale and quantiles that a few wild values cannot move. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All reorder x and want finite values; n from 1. */
double inion_robust_quantile (double *x, gsize n, double fraction);
double inion_robust_median (double *x, gsize n);
/* 1.4826 × the median distance from centre: the standard deviation of normal values. x is
 * overwritten. */
double inion_robust_scale (double *x, gsize n, double centre);

/* A bounded sample of a stream: every value, then every second, every fourth … The same for any
 * chunks. */
typedef struct
{
  double *values;
  gsize n;
  gsize capacity;
  guint64 step;
  guint64 seen;
} InionSampler;

void inion_sampler_init (InionSampler *self, gsize capacity);
void inion_sampler_clear (InionSampler *self);
void inion_sampler_push (InionSampler *self, const double *x, gsize n);

G_END_DECLS
