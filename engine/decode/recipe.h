/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recipe: what is done to the signal and how a decision is made from it. Data, nothing else. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  INION_DESIGN_FIR,
  INION_DESIGN_BUTTERWORTH,
} InionRecipeDesign;

typedef enum
{
  INION_RECIPE_PHASE_ZERO,
  INION_RECIPE_PHASE_CAUSAL,
  INION_RECIPE_PHASE_MINIMUM,
} InionRecipePhase;

typedef enum
{
  INION_EXAMPLES_EVENTS,
  INION_EXAMPLES_WINDOWS,
} InionExamplesFrom;

typedef enum
{
  INION_FEATURE_CSP,
  INION_FEATURE_BAND_POWER,
  INION_FEATURE_LOG_VARIANCE,
  INION_FEATURE_TANGENT_SPACE,
  INION_FEATURE_COVARIANCE,     /* for mdm */
} InionFeatureType;

typedef enum
{
  INION_CLASSIFIER_LDA,
  INION_CLASSIFIER_LOGISTIC,
  INION_CLASSIFIER_MDM,
} InionClassifierType;

typedef enum
{
  INION_SCHEME_BLOCKED_K_FOLD,
  INION_SCHEME_LEAVE_ONE_RECORDING_OUT,
  INION_SCHEME_LEAVE_ONE_SESSION_OUT,
  INION_SCHEME_LEAVE_ONE_SUBJECT_OUT,
  INION_SCHEME_STRATIFIED_K_FOLD,
  INION_SCHEME_TRAIN_TEST,
} InionScheme;

typedef struct
{
  char *name;        /* "left" */
  char **events;     /* { "T1", NULL }: event texts or annotation labels */
} InionClassDefinition;

typedef struct
{
  InionFeatureType type;
  guint components;      /* csp */
  guint n_bands;         /* band_power */
  double (*bands_hz)[2]; /* band_power */
  double shrinkage;      /* tangent_space, covariance: C ← (1 − s) C + s·tr(C)/n·I; default 0.1 */
} InionRecipeFeature;

/* Everything a recipe says, checked. NAN: not set. */
typedef struct
{
  char *name;
  char **kinds;               /* channels.kinds */
  char **only;                /* channels.only (nullable) */
  gboolean exclude_bad;
  char *reference;            /* "as-recorded", "average", "linked-ears", a channel, a montage id */
  gboolean has_filter;
  double band_hz[2];          /* NAN: open side */
  InionRecipeDesign design;
  guint order;
  InionRecipePhase phase;
  double notch_hz;            /* NAN: none */
  double resample_hz;         /* NAN: none */
  InionExamplesFrom from;
  guint n_classes;
  InionClassDefinition *classes;
  double window_s[2];         /* events */
  double baseline_s[2];       /* events; NAN: none */
  double length_s, step_s, overlap; /* windows */
  char *background;           /* windows (nullable) */
  char **reject_labels;
  double reject_peak_to_peak_uv;    /* NAN: none */
  guint n_features;
  InionRecipeFeature *features;
  InionClassifierType classifier;
  double shrinkage;           /* lda: NAN = "auto" (Ledoit–Wolf) */
  double c;                   /* logistic: inverse strength, default 1 */
  InionScheme scheme;
  guint folds;                /* k of the k-fold schemes, default 5 */
  double margin_s;            /* blocked: NAN = automatic, at least the window and the filter */
  guint permutations;
  guint64 seed;
} InionRecipeSpec;

#define INION_TYPE_RECIPE (inion_recipe_get_type ())
G_DECLARE_FINAL_TYPE (InionRecipe, inion_recipe, INION, RECIPE, GObject)

/* Immutable. Parsing is strict: an unknown key or a value out of range is an error that names the key (dotted path). to_json writes
 * the canonical text, laid out as the example of the specification; a canonical file is written back byte-identical. */
InionRecipe *inion_recipe_new_from_json (const char *json, gssize length, GError **error);
InionRecipe *inion_recipe_new_from_file (const char *path, GError **error);
InionRecipe *inion_recipe_new_from_spec (const InionRecipeSpec *spec, GError **error); /* copies, validates */
InionRecipe *inion_recipe_new_default (void); /* the example of the specification */
char        *inion_recipe_to_json (InionRecipe *self);
const InionRecipeSpec *inion_recipe_get_spec (InionRecipe *self);
const char  *inion_recipe_get_name (InionRecipe *self);
gboolean     inion_recipe_is_causal (InionRecipe *self, char **why_not);

InionRecipeSpec *inion_recipe_spec_copy (const InionRecipeSpec *spec);
void             inion_recipe_spec_free (InionRecipeSpec *spec);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionRecipeSpec, inion_recipe_spec_free)

const char *inion_feature_type_to_string (InionFeatureType type);
const char *inion_classifier_type_to_string (InionClassifierType type);
const char *inion_scheme_to_string (InionScheme scheme);

G_END_DECLS
