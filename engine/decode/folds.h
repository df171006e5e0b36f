/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Validation schemes: which examples are fitted on and which are scored in each fold. */

#pragma once

#include "decode/example-set.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;
  guint n_train;
  guint *train;
  guint n_test;
  guint *test;
} InionFoldPlan;

/* (element-type InionFoldPlan). blocked: chronological blocks, training examples closer to the test block than the margin left out. */
GPtrArray *inion_folds_plan (InionRecipe *recipe, InionExampleSet *examples, GError **error);
void       inion_fold_plan_free (InionFoldPlan *self);
/* Seconds kept free around a test block: the recipe's margin, but never less than the window and the filter. */
double     inion_folds_margin_s (InionRecipe *recipe, InionExampleSet *examples);

G_END_DECLS
