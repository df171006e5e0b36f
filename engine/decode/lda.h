/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linear discriminant analysis with a shrunk covariance. */

#pragma once

#include "decode/linear.h"

G_BEGIN_DECLS

/* x: [n × p]; labels: [n], below n_classes, every class present. shrinkage: 0 to 1, NAN: Ledoit–Wolf. */
gboolean inion_lda_fit (InionLinear *self, const double *x, const guint *labels, gsize n, guint p, guint n_classes,
                        double shrinkage, GError **error);

G_END_DECLS
