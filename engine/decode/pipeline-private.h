/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a window's measurements to its feature vector. */

#pragma once

#include "decode/pipeline.h"

G_BEGIN_DECLS

#define INION_PIPELINE_FLOOR 1e-12 /* of the mean power: what counts as none */

void     _inion_pipeline_regular_covariance (const InionPipeline *self, const InionTrials *trials, guint index,
                                             double shrinkage, double *out);
gboolean _inion_pipeline_fill_row (const InionPipeline *self, const InionTrials *trials, guint index,
                                   gboolean supervised, double *row, GError **error);

G_END_DECLS
