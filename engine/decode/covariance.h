/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Covariance of observations: sample, Ledoit–Wolf, oracle approximating shrinkage. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  INION_SHRINK_FIXED,
  INION_SHRINK_LEDOIT_WOLF,
  INION_SHRINK_OAS,
} InionShrink;

double inion_covariance_estimate (const double *x, gsize n, guint p, InionShrink method, double amount,
                                  double *covariance);
double inion_covariance_ledoit_wolf_standardised (const double *x, gsize n, guint p, double *covariance);

/* Toward a multiple of the identity of the same trace: C ← (1 − amount) C + amount · tr (C) / p · I. */
void   inion_covariance_shrink (double *covariance, guint p, double amount);

/* A trial [n_channels × n_samples], row major: means a channel, and (1/n) Σ (x − m)(x − m)ᵀ. */
void   inion_covariance_of_trial (const double *trial, guint n_channels, guint n_samples, double *scratch,
                                  double *mean, double *covariance);

G_END_DECLS
