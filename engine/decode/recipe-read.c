/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From JSON to a recipe: types, ranges and defaults of every key.
 *
 * Keys and what stands for them where they are left out:
 *
 *   inion_recipe              1; required
 *   name                      "untitled"
 *   channels.kinds            ["EEG"]
 *   channels.only             null: every channel of these kinds; or a list of labels
 *   channels.exclude_bad      true
 *   reference                 "as-recorded"
 *   filter                    null: none
 *     .band_hz                required: [low, high]; null for an open side
 *     .design                 "butterworth"
 *     .order                  4; butterworth only, 1–10
 *     .phase                  "zero"
 *   notch_hz                  null: none
 *   resample_hz               null: the recording's own rate
 *   examples.from             "events"
 *     .classes                required: { class: [event texts or labels] }, two or more
 *     .window_s               events: required: [from, to] relative to the event's onset
 *     .baseline_s             events: null; [from, to]: its mean is taken off each channel
 *     .length_s               windows: required
 *     .step_s                 windows: half of length_s
 *     .overlap                windows: 0.5: share of the window that a mark must cover
 *     .background             windows: null; the class that marked background stands for
 *   reject.labels             ["artifact"]
 *   reject.peak_to_peak_uv    null: no limit
 *   features                  required: one or more of
 *     csp                     components: 6
 *     band_power              bands_hz: required: [[low, high], …]
 *     log_variance
 *     tangent_space           shrinkage: 0.1
 *     covariance              shrinkage: 0.1; only for mdm
 *   classifier.type           "lda"
 *     lda                     shrinkage: "auto" (Ledoit and Wolf), or a number 0–1
 *     logistic                C: 1: inverse strength of the L2 penalty
 *     mdm
 *   validation.scheme         "blocked-k-fold"
 *     .folds                  5; the two k-fold schemes only
 *     .margin_s               null: automatic, at least the window and the filter; blocked only
 *     .permutations           0
 *   seed                      1
 *
 * A key that means nothing for the chosen type is unknown there. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/recipe-private.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

#define MAX_NAME_BYTES 256
#define MAX_SEED ((G_GUINT64_CONSTANT (1) << 53) - 1)

static const char *const root_keys[] = {
  "inion_recipe", "name", "channels", "reference", "filter", "notch_hz", "resample_hz",
  "examples", "reject", "features", "classifier", "validation", "seed", NULL
};
static const char *const channels_keys[] = { "kinds", "only", "exclude_bad", NULL };
static const char *const fir_keys[] = { "band_hz", "design", "phase", NULL };
static const char *const butterworth_keys[] = { "band_hz", "design", "order", "phase", NULL };
static const char *const events_keys[] = { "from", "classes", "window_s", "baseline_s", NULL };
static const char *const windows_keys[] = {
  "from", "classes", "length_s", "step_s", "overlap", "background", NULL
};
static const char *const reject_keys[] = { "labels", "peak_to_peak_uv", NULL };

/* Reads a word and finds its enum value. */
static gboolean
get_word (JsonObject              *object,
          const char              *path,
          const char              *key,
          InionJsonNeed            need,
          const InionRecipeWords  *words,
          guint                   *value,
          GError                 **error)
{
  g_autofree char *full = inion_json_path (path, key);
  g_autofree char *text = NULL;
  g_autofree char *known = NULL;

  if (!inion_json_read_string (object, path, key, need, MAX_NAME_BYTES, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  for (guint i = 0; words->names[i] != NULL; i++)
    if (g_strcmp0 (text, words->names[i]) == 0)
      {
        *value = i;
        return TRUE;
      }
  known = g_strjoinv (", ", (char **) words->names);
  if (g_strv_contains (words->planned, text))
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "%s: “%s” is not available in this version (available: %s).", full,
                            text, known);
  return inion_set_error (error, INION_ERROR_INVALID, "%s: “%s” is not known (known: %s).", full,
                          text, known);
}

static gboolean
read_channels (InionRecipeSpec  *spec,
               JsonObject       *root,
               const char       *path,
               GError          **error)
{
  g_autofree char *here = inion_json_path (path, "channels");
  JsonObject *object;

  if (!inion_json_read_object (root, path, "channels", INION_JSON_OPTIONAL, &object, error))
    return FALSE;
  if (object == NULL)
    return TRUE;
  return inion_json_check_keys (object, here, channels_keys, error) &&
         inion_json_read_strings (object, here, "kinds", INION_JSON_OPTIONAL, 1, 16, &spec->kinds,
                                  error) &&
         inion_json_read_strings (object, here, "only", INION_JSON_OPTIONAL | INION_JSON_NULLABLE,
                                  1, 4096, &spec->only, error) &&
         inion_json_read_boolean (object, here, "exclude_bad", INION_JSON_OPTIONAL,
                                  &spec->exclude_bad, error);
}

static gboolean
read_filter (InionRecipeSpec  *spec,
             JsonObject       *root,
             const char       *path,
             GError          **error)
{
  g_autofree char *here = inion_json_path (path, "filter");
  JsonObject *object;
  guint design = INION_DESIGN_BUTTERWORTH;
  guint phase = INION_RECIPE_PHASE_ZERO;

  if (!inion_json_read_object (root, path, "filter", INION_JSON_OPTIONAL | INION_JSON_NULLABLE,
                               &object, error))
    return FALSE;
  if (object == NULL)
    return TRUE;
  spec->has_filter = TRUE;
  if (!get_word (object, here, "design", INION_JSON_OPTIONAL, &_inion_recipe_designs, &design,
                 error) ||
      !inion_json_check_keys (object, here,
                              design == INION_DESIGN_FIR ? fir_keys : butterworth_keys, error) ||
      !get_word (object, here, "phase", INION_JSON_OPTIONAL, &_inion_recipe_phases, &phase,
                 error) ||
      !inion_json_read_doubles (object, here, "band_hz", INION_JSON_NULLABLE, 2, spec->band_hz,
                                error))
    return FALSE;
  spec->design = design;
  spec->phase = phase;
  spec->order = design == INION_DESIGN_FIR ? 0 : 4;
  return design == INION_DESIGN_FIR ||
         inion_json_read_uint (object, here, "order", INION_JSON_OPTIONAL, 1, 10, &spec->order,
                               error);
}

/* The name of a class stands in results, file names and on screen. */
static gboolean
check_class_name (const char  *name,
                  const char  *path,
                  GError     **error)
{
  if (*name == '\0' || strlen (name) > MAX_NAME_BYTES)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "%s: the name of a class has 1–%d bytes.", path, MAX_NAME_BYTES);
  for (const char *p = name; *p != '\0'; p++)
    if ((guchar) *p < 0x20 || *p == 0x7f)
      return inion_set_error (error, INION_ERROR_INVALID,
                              "%s: the name of a class has a control character.", path);
  return TRUE;
}

static gboolean
read_classes (InionRecipeSpec  *spec,
              JsonObject       *examples,
              const char       *path,
              GError          **error)
{
  g_autofree char *here = inion_json_path (path, "classes");
  g_autoptr (GList) names = NULL;
  JsonObject *object;
  guint n;

  if (!inion_json_read_object (examples, path, "classes", INION_JSON_REQUIRED, &object, error))
    return FALSE;
  n = json_object_get_size (object);
  if (n < 2 || n > 64)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "%s: a decoder tells 2–64 classes apart; here are %u.", here, n);
  names = json_object_get_members (object);
  spec->classes = g_new0 (InionClassDefinition, n);
  for (GList *l = names; l != NULL; l = l->next)
    {
      InionClassDefinition *definition = &spec->classes[spec->n_classes];

      if (!check_class_name (l->data, here, error) ||
          !inion_json_read_strings (object, here, l->data, INION_JSON_REQUIRED, 1, 256,
                                    &definition->events, error))
        return FALSE;
      definition->name = g_strdup (l->data);
      spec->n_classes++;
    }
  return TRUE;
}

static gboolean
read_windows (InionRecipeSpec  *spec,
              JsonObject       *object,
              const char       *path,
              GError          **error)
{
  if (!inion_json_read_double (object, path, "length_s", INION_JSON_REQUIRED, 0.01, 3600,
                               &spec->length_s, error))
    return FALSE;
  spec->step_s = spec->length_s / 2;
  spec->overlap = 0.5;
  return inion_json_read_double (object, path, "step_s", INION_JSON_OPTIONAL, 0.001, 3600,
                                 &spec->step_s, error) &&
         inion_json_read_double (object, path, "overlap", INION_JSON_OPTIONAL, 0.01, 1,
                                 &spec->overlap, error) &&
         inion_json_read_string (object, path, "background",
                                 INION_JSON_OPTIONAL | INION_JSON_NULLABLE, MAX_NAME_BYTES,
                                 &spec->background, error);
}

static gboolean
read_examples (InionRecipeSpec  *spec,
               JsonObject       *root,
               const char       *path,
               GError          **error)
{
  g_autofree char *here = inion_json_path (path, "examples");
  JsonObject *object;
  guint from = INION_EXAMPLES_EVENTS;
  gboolean is_windows;

  if (!inion_json_read_object (root, path, "examples", INION_JSON_REQUIRED, &object, error) ||
      !get_word (object, here, "from", INION_JSON_OPTIONAL, &_inion_recipe_sources, &from, error))
    return FALSE;
  spec->from = from;
  is_windows = from == INION_EXAMPLES_WINDOWS;
  if (!inion_json_check_keys (object, here, is_windows ? windows_keys : events_keys, error) ||
      !read_classes (spec, object, here, error))
    return FALSE;
  if (is_windows)
    return read_windows (spec, object, here, error);
  return inion_json_read_doubles (object, here, "window_s", INION_JSON_REQUIRED, 2, spec->window_s,
                                  error) &&
         inion_json_read_doubles (object, here, "baseline_s",
                                  INION_JSON_OPTIONAL | INION_JSON_NULLABLE, 2, spec->baseline_s,
                                  error);
}

static gboolean
read_reject (InionRecipeSpec  *spec,
             JsonObject       *root,
             const char       *path,
             GError          **error)
{
  g_autofree char *here = inion_json_path (path, "reject");
  JsonObject *object;

  if (!inion_json_read_object (root, path, "reject", INION_JSON_OPTIONAL, &object, error))
    return FALSE;
  if (object == NULL)
    return TRUE;
  return inion_json_check_keys (object, here, reject_keys, error) &&
         inion_json_read_strings (object, here, "labels", INION_JSON_OPTIONAL, 0, 256,
                                  &spec->reject_labels, error) &&
         inion_json_read_double (object, here, "peak_to_peak_uv",
                                 INION_JSON_OPTIONAL | INION_JSON_NULLABLE, 0.001, 1e6,
                                 &spec->reject_peak_to_peak_uv, error);
}

/* bands_hz: [[low, high], …] */
static gboolean
read_bands (InionRecipeFeature  *feature,
            JsonObject          *object,
            const char          *path,
            GError             **error)
{
  g_autofree char *here = inion_json_path (path, "bands_hz");
  JsonArray *array;
  guint n;

  if (!inion_json_read_array (object, path, "bands_hz", INION_JSON_REQUIRED, 1, 64, &array, error))
    return FALSE;
  n = json_array_get_length (array);
  feature->bands_hz = g_malloc0_n (n, sizeof *feature->bands_hz);
  feature->n_bands = n;
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonArray *pair = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

      for (guint k = 0; k < 2; k++)
        {
          JsonNode *edge = pair != NULL && json_array_get_length (pair) == 2
                             ? json_array_get_element (pair, k)
                             : NULL;
          GType type = edge != NULL && JSON_NODE_HOLDS_VALUE (edge)
                         ? json_node_get_value_type (edge)
                         : G_TYPE_INVALID;

          if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
            return inion_set_error (error, INION_ERROR_INVALID,
                                    "%s[%u]: expected two numbers, [low, high].", here, i);
          feature->bands_hz[i][k] = json_node_get_double (edge);
        }
    }
  return TRUE;
}

static gboolean
read_feature (InionRecipeFeature  *feature,
              JsonObject          *object,
              const char          *path,
              GError             **error)
{
  static const char *const csp_keys[] = { "type", "components", NULL };
  static const char *const band_power_keys[] = { "type", "bands_hz", NULL };
  static const char *const shrinkage_keys[] = { "type", "shrinkage", NULL };
  static const char *const type_keys[] = { "type", NULL };
  guint type = 0;

  if (!get_word (object, path, "type", INION_JSON_REQUIRED, &_inion_recipe_features, &type, error))
    return FALSE;
  feature->type = type;
  switch (feature->type)
    {
    case INION_FEATURE_CSP:
      feature->components = 6;
      return inion_json_check_keys (object, path, csp_keys, error) &&
             inion_json_read_uint (object, path, "components", INION_JSON_OPTIONAL, 1, 64,
                                   &feature->components, error);
    case INION_FEATURE_BAND_POWER:
      return inion_json_check_keys (object, path, band_power_keys, error) &&
             read_bands (feature, object, path, error);
    case INION_FEATURE_TANGENT_SPACE:
    case INION_FEATURE_COVARIANCE:
      feature->shrinkage = 0.1;
      return inion_json_check_keys (object, path, shrinkage_keys, error) &&
             inion_json_read_double (object, path, "shrinkage", INION_JSON_OPTIONAL, 0, 1,
                                     &feature->shrinkage, error);
    case INION_FEATURE_LOG_VARIANCE:
      return inion_json_check_keys (object, path, type_keys, error);
    default:
      g_assert_not_reached ();
    }
}

static gboolean
read_features (InionRecipeSpec  *spec,
               JsonObject       *root,
               const char       *path,
               GError          **error)
{
  g_autofree char *here = inion_json_path (path, "features");
  JsonArray *array;
  guint n;

  if (!inion_json_read_array (root, path, "features", INION_JSON_REQUIRED, 1, 16, &array, error))
    return FALSE;
  n = json_array_get_length (array);
  spec->features = g_new0 (InionRecipeFeature, n);
  spec->n_features = n;
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *element = NULL;
      JsonObject *object;

      if (!inion_json_read_element_object (array, here, i, &object, &element, error) ||
          !read_feature (&spec->features[i], object, element, error))
        return FALSE;
    }
  return TRUE;
}

/* lda.shrinkage: "auto", or a number. */
static gboolean
read_lda_shrinkage (InionRecipeSpec  *spec,
                    JsonObject       *object,
                    const char       *path,
                    GError          **error)
{
  JsonNode *node = json_object_get_member (object, "shrinkage");

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_STRING)
    {
      if (g_str_equal (json_node_get_string (node), "auto"))
        return TRUE;
      return inion_set_error (error, INION_ERROR_INVALID,
                              "%s.shrinkage: expected “auto” or a number 0–1.", path);
    }
  return inion_json_read_double (object, path, "shrinkage", INION_JSON_OPTIONAL, 0, 1,
                                 &spec->shrinkage, error);
}

static gboolean
read_classifier (InionRecipeSpec  *spec,
                 JsonObject       *root,
                 const char       *path,
                 GError          **error)
{
  static const char *const lda_keys[] = { "type", "shrinkage", NULL };
  static const char *const logistic_keys[] = { "type", "C", NULL };
  static const char *const type_keys[] = { "type", NULL };
  g_autofree char *here = inion_json_path (path, "classifier");
  JsonObject *object;
  guint type = INION_CLASSIFIER_LDA;

  if (!inion_json_read_object (root, path, "classifier", INION_JSON_OPTIONAL, &object, error))
    return FALSE;
  if (object == NULL)
    return TRUE;
  if (!get_word (object, here, "type", INION_JSON_OPTIONAL, &_inion_recipe_classifiers, &type,
                 error))
    return FALSE;
  spec->classifier = type;
  switch (spec->classifier)
    {
    case INION_CLASSIFIER_LDA:
      return inion_json_check_keys (object, here, lda_keys, error) &&
             read_lda_shrinkage (spec, object, here, error);
    case INION_CLASSIFIER_LOGISTIC:
      return inion_json_check_keys (object, here, logistic_keys, error) &&
             inion_json_read_double (object, here, "C", INION_JSON_OPTIONAL, 1e-9, 1e9, &spec->c,
                                     error);
    case INION_CLASSIFIER_MDM:
      return inion_json_check_keys (object, here, type_keys, error);
    default:
      g_assert_not_reached ();
    }
}

static gboolean
read_validation (InionRecipeSpec  *spec,
                 JsonObject       *root,
                 const char       *path,
                 GError          **error)
{
  static const char *const blocked_keys[] = {
    "scheme", "folds", "margin_s", "permutations", NULL
  };
  static const char *const shuffled_keys[] = { "scheme", "folds", "permutations", NULL };
  static const char *const group_keys[] = { "scheme", "permutations", NULL };
  g_autofree char *here = inion_json_path (path, "validation");
  const char *const *keys = group_keys;
  JsonObject *object;
  guint scheme = INION_SCHEME_BLOCKED_K_FOLD;

  if (!inion_json_read_object (root, path, "validation", INION_JSON_OPTIONAL, &object, error))
    return FALSE;
  if (object == NULL)
    return TRUE;
  if (!get_word (object, here, "scheme", INION_JSON_OPTIONAL, &_inion_recipe_schemes, &scheme,
                 error))
    return FALSE;
  spec->scheme = scheme;
  if (spec->scheme == INION_SCHEME_BLOCKED_K_FOLD)
    keys = blocked_keys;
  else if (spec->scheme == INION_SCHEME_STRATIFIED_K_FOLD)
    keys = shuffled_keys;
  return inion_json_check_keys (object, here, keys, error) &&
         inion_json_read_uint (object, here, "folds", INION_JSON_OPTIONAL, 2, 100, &spec->folds,
                               error) &&
         inion_json_read_double (object, here, "margin_s",
                                 INION_JSON_OPTIONAL | INION_JSON_NULLABLE, 0, 3600,
                                 &spec->margin_s, error) &&
         inion_json_read_uint (object, here, "permutations", INION_JSON_OPTIONAL, 0, 100000,
                               &spec->permutations, error);
}

static gboolean
read_version (JsonObject  *root,
              const char  *path,
              GError     **error)
{
  g_autofree char *full = inion_json_path (path, "inion_recipe");
  guint version = 0;

  if (!inion_json_read_uint (root, path, "inion_recipe", INION_JSON_REQUIRED, 0, G_MAXINT,
                             &version, error))
    return FALSE;
  if (version != 1)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "%s: this is version %u of the recipe format; this program reads "
                            "version 1.", full, version);
  return TRUE;
}

static InionRecipeSpec *
spec_new_default (void)
{
  static const char *const kinds[] = { "EEG", NULL };
  static const char *const labels[] = { "artifact", NULL };
  InionRecipeSpec *spec = g_new0 (InionRecipeSpec, 1);

  spec->name = g_strdup ("untitled");
  spec->kinds = g_strdupv ((char **) kinds);
  spec->exclude_bad = TRUE;
  spec->reference = g_strdup ("as-recorded");
  spec->band_hz[0] = spec->band_hz[1] = NAN;
  spec->design = INION_DESIGN_BUTTERWORTH;
  spec->notch_hz = NAN;
  spec->resample_hz = NAN;
  spec->window_s[0] = spec->window_s[1] = NAN;
  spec->baseline_s[0] = spec->baseline_s[1] = NAN;
  spec->length_s = spec->step_s = spec->overlap = NAN;
  spec->reject_labels = g_strdupv ((char **) labels);
  spec->reject_peak_to_peak_uv = NAN;
  spec->classifier = INION_CLASSIFIER_LDA;
  spec->shrinkage = NAN;
  spec->c = 1;
  spec->scheme = INION_SCHEME_BLOCKED_K_FOLD;
  spec->folds = 5;
  spec->margin_s = NAN;
  spec->seed = 1;
  return spec;
}

/* Reads and checks the object of a recipe; @path is "" or where it stands in another file. */
InionRecipeSpec *
_inion_recipe_spec_from_json (JsonObject  *object,
                              const char  *path,
                              GError     **error)
{
  g_autoptr (InionRecipeSpec) spec = spec_new_default ();
  const InionJsonNeed optional = INION_JSON_OPTIONAL;
  const InionJsonNeed nullable = INION_JSON_OPTIONAL | INION_JSON_NULLABLE;

  if (!read_version (object, path, error) ||
      !inion_json_check_keys (object, path, root_keys, error) ||
      !inion_json_read_string (object, path, "name", optional, MAX_NAME_BYTES, &spec->name,
                               error) ||
      !read_channels (spec, object, path, error) ||
      !inion_json_read_string (object, path, "reference", optional, MAX_NAME_BYTES,
                               &spec->reference, error) ||
      !read_filter (spec, object, path, error) ||
      !inion_json_read_double (object, path, "notch_hz", nullable, 1, 1000, &spec->notch_hz,
                               error) ||
      !inion_json_read_double (object, path, "resample_hz", nullable, 1, 100000,
                               &spec->resample_hz, error) ||
      !read_examples (spec, object, path, error) ||
      !read_reject (spec, object, path, error) ||
      !read_features (spec, object, path, error) ||
      !read_classifier (spec, object, path, error) ||
      !read_validation (spec, object, path, error) ||
      !inion_json_read_uint64 (object, path, "seed", optional, 0, MAX_SEED, &spec->seed, error) ||
      !_inion_recipe_spec_check (spec, path, error))
    return NULL;
  return g_steal_pointer (&spec);
}
