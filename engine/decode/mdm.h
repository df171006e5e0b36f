/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Minimum distance to mean: a covariance belongs to the class whose Riemannian mean is nearest. */

#pragma once

#include "core/error.h"

G_BEGIN_DECLS

/* A plain value; fields are owned. */
typedef struct
{
  guint n_classes;
  guint n;               /* size of the matrices */
  double *inverse_roots; /* [n_classes × n × n]: M^-½ of each class */
} InionMdm;

gboolean inion_mdm_fit (InionMdm *self, const double *const *matrices, const guint *labels, guint count, guint n,
                        guint n_classes, GError **error);
gboolean inion_mdm_predict (const InionMdm *self, const double *matrix, double *probabilities, GError **error);
void     inion_mdm_clear (InionMdm *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InionMdm, inion_mdm_clear)

G_END_DECLS
