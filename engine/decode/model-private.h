/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a model is made of, for the parts that fit, write and read it. */

#pragma once

#include "decode/model.h"
#include "decode/pipeline.h"

G_BEGIN_DECLS

struct _InionModel
{
  GObject parent_instance;

  InionRecipe *recipe;
  char *fingerprint;
  char **channels;
  double rate_hz;
  guint n_samples;
  InionPipeline *pipeline;
  guint n_patterns;
  double *patterns;        /* [n_patterns × n_channels] */
  guint *pattern_class;    /* [n_patterns] */
};

gboolean _inion_model_find_patterns (InionModel *self, GError **error);

G_END_DECLS
