/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the channels of a recording or stream to the referenced channels of a recipe. */

#pragma once

#include "decode/recipe.h"
#include "recording/recording.h"

G_BEGIN_DECLS

/* out_k = Σ weights × in − Σ common × in. A plain value; fields are owned. */
typedef struct
{
  guint n_inputs;
  guint *inputs;         /* [n_inputs]: channel of the recording */
  guint n_outputs;
  char **labels;         /* [n_outputs], NULL-terminated */
  guint *first_term;     /* [n_outputs + 1] */
  guint *term_input;     /* index in inputs */
  double *term_weight;
  double *common;        /* [n_inputs], NULL if there is no common reference */
} InionChannelMap;

/* Labels of the channels that a recipe uses of a recording, referenced, in the recording's order. */
char **inion_channel_map_choose (const InionRecipeSpec *spec, InionRecording *recording, const char *const *bad,
                                 GError **error);
/* wanted: output labels, in the order of the outputs; every one must be found. A bad one is rebuilt from its
 * neighbours (spherical spline) where the recipe excludes bad channels. */
InionChannelMap *inion_channel_map_new (const InionRecipeSpec *spec, InionRecording *recording,
                                        const char *const *wanted, const char *const *bad, GError **error);
void             inion_channel_map_free (InionChannelMap *self);
/* in: [n_inputs] rows of n samples; out: [n_outputs] rows of n samples. NaN in any input makes the sample NaN. */
void             inion_channel_map_apply (const InionChannelMap *self, const double *const *in, gsize n,
                                          double *const *out);
char            *inion_channel_key (const char *label);
int              inion_channel_find (InionRecording *recording, const char *label); /* −1: none */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionChannelMap, inion_channel_map_free)

G_END_DECLS
