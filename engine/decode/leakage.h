/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leakage and confound findings: what would make a score say more than the data earned. */

#pragma once

#include "decode/folds.h"
#include "decode/result.h"

G_BEGIN_DECLS

/* Rules: "overlapping-windows", "labels-in-blocks", "duplicate-recordings" (and "duplicate-examples"), "shuffled-folds", "small-sample",
 * "class-imbalance", "transductive". Appends InionFinding to findings. */
gboolean inion_leakage_check (InionRecipe *recipe, InionExampleSet *examples, GPtrArray *folds, GPtrArray *findings, InionJob *job, GError **error);
InionFinding *inion_finding_new (const char *rule, const char *severity, const char *format, ...) G_GNUC_PRINTF (3, 4);
void          inion_finding_free (InionFinding *self);

G_END_DECLS
