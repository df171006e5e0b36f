/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of a result share. */

#pragma once

#include "core/json-text.h"
#include "decode/result.h"

G_BEGIN_DECLS

/* Everything a result says. */
typedef struct
{
  InionRecipe *recipe;
  char *fingerprint;
  guint n_classes;
  char **classes;            /* [n_classes], NULL-terminated */
  guint *class_counts;       /* [n_classes] */
  double accuracy, balanced_accuracy, kappa, auc;
  double confidence_95[2];
  double chance_level, chance_bound_95;
  double permutation_p;
  GPtrArray *folds;          /* (element-type InionFold) */
  guint *counts;             /* [n_classes × n_classes], truth by row */
  double brier;
  InionCalibrationBin bins[INION_N_CALIBRATION_BINS];
  GPtrArray *findings;       /* (element-type InionFinding) */
} InionResultData;

InionResultData *_inion_result_data_new (guint n_classes);
void             _inion_result_data_free (InionResultData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionResultData, _inion_result_data_free)

InionFold *_inion_fold_new (const char *name, guint n, double accuracy);

InionResultData *_inion_result_data_from_json (const char *json, gssize length, GError **error);
char            *_inion_result_data_to_json (const InionResultData *data);
char            *_inion_result_data_claim (const InionResultData *data);
char            *_inion_result_data_claim_lines (const InionResultData *data);

G_END_DECLS
