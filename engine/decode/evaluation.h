/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The honest score: cross-validation, intervals, chance, permutation test, findings. */

#pragma once

#include "decode/model.h"
#include "decode/result.h"

G_BEGIN_DECLS

InionResult *inion_evaluate (InionRecipe *recipe, InionExampleSet *examples, InionJob *job, GError **error);

G_END_DECLS
