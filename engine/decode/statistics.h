/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scores of predictions, with their intervals and chance levels. */

#pragma once

#include "core/error.h"

G_BEGIN_DECLS

/* counts: [k × k], truth by row, predicted by column. */
double inion_score_accuracy (const guint *counts, guint k);
double inion_score_balanced_accuracy (const guint *counts, guint k);   /* mean recall over classes that occur */
double inion_score_kappa (const guint *counts, guint k);               /* Cohen; 0 if undefined */
/* Area under the ROC curve of class 1 against the rest by ranks, ties count half; NAN if one class is missing. Two classes. k > 2: macro one-vs-rest. */
double inion_score_auc (const guint *truth, const double *probabilities, gsize n, guint k);
double inion_score_brier (const guint *truth, const double *probabilities, gsize n, guint k);
void   inion_interval_wilson (guint correct, guint n, double *low, double *high);            /* 95 % */
/* Smallest accuracy that at most 5 % of guessing with the class sizes' chance reaches: binomial ppf(.95, n, p)/n (golden numbers). */
double inion_chance_bound (guint n, double p);
double inion_permutation_p (double observed, const double *null_scores, gsize n);            /* (1 + #≥) / (1 + n) */

G_END_DECLS
