/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Symmetric positive-definite matrices: eigenvectors, functions, Riemannian mean and distance. */

#pragma once

#include "core/error.h"

G_BEGIN_DECLS

typedef enum
{
  INION_SPD_LOG,
  INION_SPD_EXP,
  INION_SPD_SQRT,
  INION_SPD_INVSQRT,
} InionSpdFunction;

gboolean inion_spd_eigh (double *a, guint n, double *values, GError **error);
gboolean inion_spd_eigh_pair (double *a, double *b, guint n, double *values, GError **error);
gboolean inion_spd_apply (const double *a, guint n, InionSpdFunction function, double *out, GError **error);
gboolean inion_spd_roots (const double *a, guint n, double *root, double *inverse_root, GError **error);
void     inion_spd_congruence (const double *w, const double *a, guint m, guint n, double *scratch, double *out);
gboolean inion_spd_mean (const double *const *matrices, guint count, guint n, double *mean, GError **error);
gboolean inion_spd_distance (const double *inverse_root, const double *a, guint n, double *distance,
                             GError **error);
guint    inion_spd_range (const double *a, guint n, double tolerance, double *basis, GError **error);

G_END_DECLS
