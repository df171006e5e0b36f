/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spherical-spline interpolation of scalp potentials (Perrin et al. 1989, eq. 1–3). */

#pragma once

#include "scalp/electrode.h"

G_BEGIN_DECLS

double   inion_spline_g (double cosine, int m, int n_terms);
double   inion_spline_h (double cosine, int m, int n_terms);
/* weights: [n_to × n_from], row major; m = 4, 50 terms, lambda = 1e-5 on the diagonal, bordered system. */
gboolean inion_spline_weights (const InionPosition *from, guint n_from, const InionPosition *to, guint n_to,
                               double lambda, double *weights, GError **error);
gboolean inion_spline_density_weights (const InionPosition *places, guint n, double lambda, double *weights,
                                       GError **error); /* [n × n]: the current source density on a unit sphere */

/* A map of the head: size × size pixels over x, y in [-extent, extent]; precomputed matrix for n electrodes. */
typedef struct _InionScalpGrid InionScalpGrid;
InionScalpGrid *inion_scalp_grid_new (const InionPosition *electrodes, guint n, guint size, double extent, GError **error);
void            inion_scalp_grid_free (InionScalpGrid *self);
guint           inion_scalp_grid_get_size (const InionScalpGrid *self);
/* values: [n] → out: [size × size], row 0 at the top (nose); NaN outside the disc of radius extent. */
void            inion_scalp_grid_interpolate (const InionScalpGrid *self, const double *values, float *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionScalpGrid, inion_scalp_grid_free)

G_END_DECLS
