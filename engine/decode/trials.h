/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What features are made from, measured once a window: moments and band powers. */

#pragma once

#include "core/job.h"
#include "decode/example-set.h"

G_BEGIN_DECLS

/* A plain value; fields are owned. Nothing here is fitted: a window's numbers depend on that window alone. */
typedef struct
{
  guint n;
  guint n_channels;
  guint n_samples;
  double rate_hz;
  guint n_bands;
  double (*bands_hz)[2];  /* of all band_power features of the recipe, in order */
  double *means;          /* [n × n_channels] */
  double *covariances;    /* [n × n_channels × n_channels], about the means, divided by n_samples */
  double *powers;         /* [n × n_bands × n_channels], unit² */
} InionTrials;

gboolean inion_trials_init (InionTrials *self, const InionRecipeSpec *spec, guint n, guint n_channels, guint n_samples,
                            double rate_hz, GError **error);
gboolean inion_trials_set (InionTrials *self, guint index, const double *window, GError **error);
gboolean inion_trials_init_from_examples (InionTrials *self, const InionRecipeSpec *spec, InionExampleSet *examples,
                                          InionJob *job, GError **error);
void     inion_trials_clear (InionTrials *self);

const double *inion_trials_get_mean (const InionTrials *self, guint index);
const double *inion_trials_get_covariance (const InionTrials *self, guint index);
const double *inion_trials_get_powers (const InionTrials *self, guint index);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InionTrials, inion_trials_clear)

G_END_DECLS
