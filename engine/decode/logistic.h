/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logistic regression with a quadratic penalty. */

#pragma once

#include "decode/linear.h"

G_BEGIN_DECLS

/* x: [n × p]; labels: [n], below n_classes, every class present. c: inverse strength of the penalty, over 0. */
gboolean inion_logistic_fit (InionLinear *self, const double *x, const guint *labels, gsize n, guint p,
                             guint n_classes, double c, GError **error);

G_END_DECLS
