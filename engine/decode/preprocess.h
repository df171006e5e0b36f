/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one path from a recording's or stream's samples to the signal that a recipe's windows are cut from. */

#pragma once

#include "decode/stillness-private.h"

G_BEGIN_DECLS

/* Sample by sample, causal: the same bits for any cutting into blocks. */
typedef struct _InionPreprocessor InionPreprocessor;

InionPreprocessor *inion_preprocessor_new (const InionRecipeSpec *spec, const InionChannelMap *map, double rate_hz,
                                           GError **error);
void               inion_preprocessor_free (InionPreprocessor *self);
void               inion_preprocessor_reset (InionPreprocessor *self);
/* Sees what goes into the filters; kept by reference. */
void               inion_preprocessor_set_stillness (InionPreprocessor *self, InionStillness *stillness);
double             inion_preprocessor_get_rate_hz (const InionPreprocessor *self);   /* of the output */
guint              inion_preprocessor_get_decimation (const InionPreprocessor *self); /* input samples an output */
double             inion_preprocessor_get_settle_s (const InionPreprocessor *self);
/* in: [map->n_inputs] rows of n samples. out: [map->n_outputs] rows with room for n. Returns the outputs made. */
gsize              inion_preprocessor_process (InionPreprocessor *self, const double *const *in, gsize n,
                                               double *const *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionPreprocessor, inion_preprocessor_free)

G_END_DECLS
