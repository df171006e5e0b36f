/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Features and classifier of a recipe, fitted to the training examples and to nothing else. */

#pragma once

#include "decode/linear.h"
#include "decode/mdm.h"
#include "decode/trials.h"

G_BEGIN_DECLS

/* One fitted feature block. */
typedef struct
{
  InionFeatureType type;
  guint n_outputs;
  guint n_filters;
  double *filters;    /* csp: [n_filters × n_channels] */
  guint *class_of;    /* csp: [n_filters], the class with more power */
  double shrinkage;   /* tangent_space, covariance */
  double *whitener;   /* tangent_space: mean^-½ [rank × rank] */
  guint first_band;   /* band_power: in the trials' list of bands */
  guint n_bands;
} InionFeatureFit;

/* Everything a decision needs. */
typedef struct
{
  guint n_channels;
  guint n_classes;
  guint rank;             /* of the training examples' covariance */
  double *basis;          /* [rank × n_channels], NULL where rank = n_channels */
  double floor;           /* unit²: a power below it counts as it */
  double *covariance;     /* [n_channels × n_channels]: mean of the training examples, for patterns */
  guint n_features;
  InionFeatureFit *features;
  guint n_outputs;        /* length of a feature vector */
  InionClassifierType classifier;
  InionLinear linear;
  InionMdm mdm;
} InionPipeline;

/* What of a fold does not depend on labels: done once, shared by all permutations. */
typedef struct
{
  InionPipeline base;      /* without spatial filters and classifier */
  const InionTrials *trials;
  const InionRecipeSpec *spec;
  double *rows;            /* [trials->n × n_outputs]; only rows of prepared indices are filled */
} InionPrepared;

InionPrepared *inion_prepared_new (const InionRecipeSpec *spec, const InionTrials *trials, guint n_classes,
                                   const guint *train, guint n_train, const guint *test, guint n_test, GError **error);
void           inion_prepared_free (InionPrepared *self);

/* labels: [trials->n], by trial index. */
InionPipeline *inion_pipeline_fit (const InionPrepared *prepared, const guint *train, guint n_train, const guint *labels,
                                   GError **error);
gboolean       inion_pipeline_predict_prepared (const InionPipeline *self, const InionPrepared *prepared, guint index,
                                                double *probabilities, GError **error);
gboolean       inion_pipeline_predict (const InionPipeline *self, const InionTrials *trials, guint index,
                                       double *probabilities, GError **error);
gboolean       inion_pipeline_describe (InionPipeline *self, const InionRecipeSpec *spec, GError **error);
void           inion_pipeline_free (InionPipeline *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionPrepared, inion_prepared_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionPipeline, inion_pipeline_free)

G_END_DECLS
