/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A linear classifier: a hyperplane for two classes, a softmax of scores for more. */

#pragma once

#include "core/error.h"

G_BEGIN_DECLS

/* n_rows is 1 for two classes (the log odds of class 1) and n_classes for more. A plain value; fields are owned. */
typedef struct
{
  guint n_classes;
  guint n_features;
  guint n_rows;
  double *weights;     /* [n_rows × n_features] */
  double *intercepts;  /* [n_rows] */
} InionLinear;

void     inion_linear_init (InionLinear *self, guint n_classes, guint n_features);
void     inion_linear_clear (InionLinear *self);
void     inion_linear_decide (const InionLinear *self, const double *x, double *decision);
gboolean inion_linear_predict (const InionLinear *self, const double *x, double *probabilities, GError **error);
void     inion_softmax (double *scores, guint n);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InionLinear, inion_linear_clear)

G_END_DECLS
