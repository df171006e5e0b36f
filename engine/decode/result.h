/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result: what a model scored on data it had not seen. */

#pragma once

#include "decode/recipe.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;          /* "S007R04.edf", "block 2" */
  guint n;
  double accuracy;
} InionFold;

typedef struct
{
  char *rule;          /* "labels-in-blocks" */
  char *severity;      /* "note", "warning", "error" */
  char *text;          /* what it means and what to do */
} InionFinding;

/* One tenth of the probability scale: what was said, and how often it was so. */
typedef struct
{
  double from, to;          /* probabilities in [from, to); the last bin holds 1 too */
  guint n;
  double mean_probability;  /* NAN if n is 0 */
  double frequency;         /* NAN if n is 0 */
} InionCalibrationBin;

#define INION_N_CALIBRATION_BINS 10

/* What an evaluation found; copied by inion_result_new(). Arrays are owned by the caller. */
typedef struct
{
  InionRecipe *recipe;
  const char *fingerprint;
  guint n_classes;
  const char *const *classes;
  const guint *class_counts;     /* examples a class */
  gsize n;                       /* scored predictions */
  const guint *truth;            /* [n] */
  const double *probabilities;   /* [n × n_classes] */
  const guint *fold_of;          /* [n] */
  guint n_folds;
  const char *const *fold_names;
  double permutation_p;          /* NAN: not run */
  GPtrArray *findings;           /* (element-type InionFinding) */
} InionResultInput;

#define INION_TYPE_RESULT (inion_result_get_type ())
G_DECLARE_FINAL_TYPE (InionResult, inion_result, INION, RESULT, GObject)

InionResult *inion_result_new (const InionResultInput *input); /* computes every score with decode/statistics.h */
InionResult *inion_result_new_from_json (const char *json, gssize length, GError **error);
char        *inion_result_to_json (InionResult *self);  /* canonical: same inputs, same bytes */
InionRecipe *inion_result_get_recipe (InionResult *self);
const char  *inion_result_get_fingerprint (InionResult *self);
const char  *inion_result_get_scheme (InionResult *self);
double       inion_result_get_accuracy (InionResult *self);
double       inion_result_get_balanced_accuracy (InionResult *self);
double       inion_result_get_kappa (InionResult *self);
double       inion_result_get_auc (InionResult *self);             /* NAN if not defined */
void         inion_result_get_confidence_95 (InionResult *self, double *low, double *high);
double       inion_result_get_chance_level (InionResult *self);
double       inion_result_get_chance_bound_95 (InionResult *self);
double       inion_result_get_permutation_p (InionResult *self);   /* NAN if not run */
guint        inion_result_get_n_examples (InionResult *self);
guint        inion_result_get_n_classes (InionResult *self);
const char  *inion_result_get_class (InionResult *self, guint index);
guint        inion_result_get_count (InionResult *self, guint truth, guint predicted); /* confusion */
guint        inion_result_get_class_count (InionResult *self, guint index); /* examples of the class */
double       inion_result_get_brier (InionResult *self);
const InionCalibrationBin *inion_result_get_calibration_bin (InionResult *self, guint index); /* below INION_N_CALIBRATION_BINS */
guint        inion_result_get_n_folds (InionResult *self);
const InionFold    *inion_result_get_fold (InionResult *self, guint index);
guint        inion_result_get_n_findings (InionResult *self);
const InionFinding *inion_result_get_finding (InionResult *self, guint index);
char        *inion_result_dup_claim (InionResult *self);  /* plain English: what this score can and cannot claim */
char        *inion_result_dup_claim_lines (InionResult *self); /* the same, one sentence a line */

G_END_DECLS
