/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Common spatial patterns: directions in which one class has much more power than the others. */

#pragma once

#include "core/error.h"

G_BEGIN_DECLS

/* covariances: [n_classes × n × n]. filters: [n_filters × n]; class_of: [n_filters], the class with more power in
 * each (both caller allocates n_components). Returns the number of filters, 0 with an error. */
guint inion_csp_count (guint n_classes, guint n, guint n_components);
guint inion_csp_fit (const double *covariances, guint n_classes, guint n, guint n_components, double *filters,
                     guint *class_of, GError **error);

/* Haufe et al. 2014: patterns [n_filters × n] = (Σ W (Wᵀ Σ W)⁻¹)ᵀ of filters [n_filters × n]. */
gboolean inion_csp_patterns (const double *filters, guint n_filters, const double *covariance, guint n,
                             double *patterns, GError **error);

G_END_DECLS
