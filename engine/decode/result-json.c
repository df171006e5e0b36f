/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result as a file: canonical JSON, and strict reading of it. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/result-private.h"

#include "core/error.h"
#include "core/json-parse.h"
#include "decode/leakage.h"
#include "decode/recipe-private.h"

#include <math.h>

#define MAX_BYTES ((gsize) 16 << 20)
#define MAX_TEXT_BYTES 4096

static const char *const root_keys[] = {
  "inion_result", "recipe", "fingerprint", "examples", "scheme", "accuracy", "balanced_accuracy",
  "kappa", "auc", "confidence_95", "chance", "permutation_p", "folds", "confusion", "calibration",
  "findings", NULL
};

static void
write_number (InionJsonText *text,
              const char    *key,
              double         value)
{
  inion_json_text_key (text, key);
  inion_json_text_double (text, value);
}

static void
write_string (InionJsonText *text,
              const char    *key,
              const char    *value)
{
  inion_json_text_key (text, key);
  inion_json_text_string (text, value);
}

static void
write_uint (InionJsonText *text,
            const char    *key,
            guint          value)
{
  inion_json_text_key (text, key);
  inion_json_text_uint (text, value);
}

static void
write_scores (const InionResultData *data,
              InionJsonText         *text)
{
  write_number (text, "accuracy", data->accuracy);
  inion_json_text_same_line (text);
  write_number (text, "balanced_accuracy", data->balanced_accuracy);
  inion_json_text_same_line (text);
  write_number (text, "kappa", data->kappa);
  inion_json_text_same_line (text);
  write_number (text, "auc", data->auc);
  inion_json_text_key (text, "confidence_95");
  inion_json_text_doubles (text, data->confidence_95, 2);
  inion_json_text_key (text, "chance");
  inion_json_text_begin_object (text, INION_JSON_INLINE);
  write_number (text, "level", data->chance_level);
  write_number (text, "bound_95", data->chance_bound_95);
  inion_json_text_end_object (text);
  write_number (text, "permutation_p", data->permutation_p);
}

static void
write_folds (const InionResultData *data,
             InionJsonText         *text)
{
  inion_json_text_key (text, "folds");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint i = 0; i < data->folds->len; i++)
    {
      const InionFold *fold = g_ptr_array_index (data->folds, i);

      inion_json_text_begin_object (text, INION_JSON_INLINE);
      write_string (text, "name", fold->name);
      write_uint (text, "n", fold->n);
      write_number (text, "accuracy", fold->accuracy);
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
}

static void
write_confusion (const InionResultData *data,
                 InionJsonText         *text)
{
  inion_json_text_key (text, "confusion");
  inion_json_text_begin_object (text, INION_JSON_INLINE);
  inion_json_text_key (text, "labels");
  inion_json_text_strings (text, (const char *const *) data->classes);
  inion_json_text_key (text, "counts");
  inion_json_text_begin_array (text, INION_JSON_TIGHT);
  for (guint i = 0; i < data->n_classes; i++)
    {
      inion_json_text_begin_array (text, INION_JSON_TIGHT);
      for (guint k = 0; k < data->n_classes; k++)
        inion_json_text_uint (text, data->counts[i * data->n_classes + k]);
      inion_json_text_end_array (text);
    }
  inion_json_text_end_array (text);
  inion_json_text_end_object (text);
}

static void
write_calibration (const InionResultData *data,
                   InionJsonText         *text)
{
  inion_json_text_key (text, "calibration");
  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  write_number (text, "brier", data->brier);
  inion_json_text_key (text, "bins");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint i = 0; i < INION_N_CALIBRATION_BINS; i++)
    {
      inion_json_text_begin_object (text, INION_JSON_INLINE);
      write_number (text, "from", data->bins[i].from);
      write_number (text, "to", data->bins[i].to);
      write_uint (text, "n", data->bins[i].n);
      write_number (text, "mean_probability", data->bins[i].mean_probability);
      write_number (text, "frequency", data->bins[i].frequency);
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
  inion_json_text_end_object (text);
}

static void
write_findings (const InionResultData *data,
                InionJsonText         *text)
{
  inion_json_text_key (text, "findings");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint i = 0; i < data->findings->len; i++)
    {
      const InionFinding *finding = g_ptr_array_index (data->findings, i);

      inion_json_text_begin_object (text, INION_JSON_INLINE);
      write_string (text, "rule", finding->rule);
      write_string (text, "severity", finding->severity);
      write_string (text, "text", finding->text);
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
}

char *
_inion_result_data_to_json (const InionResultData *data)
{
  g_autoptr (InionJsonText) text = inion_json_text_new ();

  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  write_uint (text, "inion_result", 1);
  inion_json_text_key (text, "recipe");
  _inion_recipe_write (data->recipe, text);
  write_string (text, "fingerprint", data->fingerprint);
  inion_json_text_key (text, "examples");
  inion_json_text_begin_object (text, INION_JSON_INLINE);
  for (guint i = 0; i < data->n_classes; i++)
    write_uint (text, data->classes[i], data->class_counts[i]);
  inion_json_text_end_object (text);
  write_string (text, "scheme",
                inion_scheme_to_string (inion_recipe_get_spec (data->recipe)->scheme));
  write_scores (data, text);
  write_folds (data, text);
  write_confusion (data, text);
  write_calibration (data, text);
  write_findings (data, text);
  inion_json_text_end_object (text);
  return inion_json_text_finish (g_steal_pointer (&text));
}

/* Makes the data from the object "examples", whose keys are the classes. */
static InionResultData *
read_examples (JsonObject  *root,
               GError     **error)
{
  g_autoptr (InionResultData) data = NULL;
  g_autoptr (GList) names = NULL;
  JsonObject *object;
  guint64 sum = 0;
  guint n, i = 0;

  if (!inion_json_read_object (root, "", "examples", INION_JSON_REQUIRED, &object, error))
    return NULL;
  n = json_object_get_size (object);
  if (n < 2 || n > 64)
    {
      inion_set_error (error, INION_ERROR_INVALID, "examples: expected 2–64 classes, found %u.", n);
      return NULL;
    }
  data = _inion_result_data_new (n);
  names = json_object_get_members (object);
  for (GList *l = names; l != NULL; l = l->next, i++)
    {
      data->classes[i] = g_strdup (l->data);
      if (!inion_json_read_uint (object, "examples", l->data, INION_JSON_REQUIRED, 0, G_MAXINT,
                                 &data->class_counts[i], error))
        return NULL;
      sum += data->class_counts[i];
    }
  if (sum > G_MAXINT)
    {
      inion_set_error (error, INION_ERROR_INVALID, "examples: there are too many.");
      return NULL;
    }
  return g_steal_pointer (&data);
}

static gboolean
read_scheme (InionResultData  *data,
             JsonObject       *root,
             GError          **error)
{
  const char *meant = inion_scheme_to_string (inion_recipe_get_spec (data->recipe)->scheme);
  g_autofree char *scheme = NULL;

  if (!inion_json_read_string (root, "", "scheme", INION_JSON_REQUIRED, 256, &scheme, error))
    return FALSE;
  if (g_strcmp0 (scheme, meant) != 0)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "scheme: “%s” is not the scheme of the recipe, “%s”.", scheme, meant);
  return TRUE;
}

static gboolean
read_scores (InionResultData  *data,
             JsonObject       *root,
             GError          **error)
{
  static const char *const chance_keys[] = { "level", "bound_95", NULL };
  const InionJsonNeed need = INION_JSON_NULLABLE;
  JsonObject *chance;

  if (!inion_json_read_double (root, "", "accuracy", need, 0, 1, &data->accuracy, error) ||
      !inion_json_read_double (root, "", "balanced_accuracy", need, 0, 1,
                               &data->balanced_accuracy, error) ||
      !inion_json_read_double (root, "", "kappa", need, -1, 1, &data->kappa, error) ||
      !inion_json_read_double (root, "", "auc", need, 0, 1, &data->auc, error) ||
      !inion_json_read_doubles (root, "", "confidence_95", INION_JSON_REQUIRED, 2,
                                data->confidence_95, error) ||
      !inion_json_read_object (root, "", "chance", INION_JSON_REQUIRED, &chance, error) ||
      !inion_json_check_keys (chance, "chance", chance_keys, error) ||
      !inion_json_read_double (chance, "chance", "level", need, 0, 1, &data->chance_level, error) ||
      !inion_json_read_double (chance, "chance", "bound_95", need, 0, 1, &data->chance_bound_95,
                               error))
    return FALSE;
  if (!(data->confidence_95[0] >= 0 && data->confidence_95[0] <= data->confidence_95[1] &&
        data->confidence_95[1] <= 1))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "confidence_95: expected two ordered numbers in 0–1.");
  return inion_json_read_double (root, "", "permutation_p", need, 0, 1, &data->permutation_p,
                                 error);
}

static gboolean
read_folds (InionResultData  *data,
            JsonObject       *root,
            GError          **error)
{
  static const char *const keys[] = { "name", "n", "accuracy", NULL };
  JsonArray *array;

  if (!inion_json_read_array (root, "", "folds", INION_JSON_REQUIRED, 0, 100000, &array, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *path = NULL;
      g_autofree char *name = NULL;
      JsonObject *object;
      guint n = 0;
      double accuracy = NAN;

      if (!inion_json_read_element_object (array, "folds", i, &object, &path, error) ||
          !inion_json_check_keys (object, path, keys, error) ||
          !inion_json_read_string (object, path, "name", INION_JSON_REQUIRED, MAX_TEXT_BYTES, &name,
                                   error) ||
          !inion_json_read_uint (object, path, "n", INION_JSON_REQUIRED, 0, G_MAXINT, &n, error) ||
          !inion_json_read_double (object, path, "accuracy", INION_JSON_NULLABLE, 0, 1, &accuracy,
                                   error))
        return FALSE;
      g_ptr_array_add (data->folds, _inion_fold_new (name, n, accuracy));
    }
  return TRUE;
}

/* One row of the confusion matrix. */
static gboolean
read_counts (InionResultData  *data,
             JsonArray        *rows,
             guint             row,
             guint64          *sum,
             GError          **error)
{
  JsonNode *node = json_array_get_element (rows, row);
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL || json_array_get_length (array) != data->n_classes)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "confusion.counts[%u]: expected an array of %u.", row,
                            data->n_classes);
  for (guint k = 0; k < data->n_classes; k++)
    {
      JsonNode *cell = json_array_get_element (array, k);
      gint64 count = JSON_NODE_HOLDS_VALUE (cell) &&
                     json_node_get_value_type (cell) == G_TYPE_INT64
                       ? json_node_get_int (cell)
                       : -1;

      if (count < 0 || count > G_MAXINT)
        return inion_set_error (error, INION_ERROR_INVALID,
                                "confusion.counts[%u][%u]: expected a whole number in 0–%d.", row,
                                k, G_MAXINT);
      data->counts[row * data->n_classes + k] = (guint) count;
      *sum += (guint64) count;
    }
  return TRUE;
}

static gboolean
read_confusion (InionResultData  *data,
                JsonObject       *root,
                GError          **error)
{
  static const char *const keys[] = { "labels", "counts", NULL };
  const guint k = data->n_classes;
  g_auto (GStrv) labels = NULL;
  JsonObject *object;
  JsonArray *rows;
  guint64 sum = 0;

  if (!inion_json_read_object (root, "", "confusion", INION_JSON_REQUIRED, &object, error) ||
      !inion_json_check_keys (object, "confusion", keys, error) ||
      !inion_json_read_strings (object, "confusion", "labels", INION_JSON_REQUIRED, k, k, &labels,
                                error) ||
      !inion_json_read_array (object, "confusion", "counts", INION_JSON_REQUIRED, k, k, &rows,
                              error))
    return FALSE;
  if (!g_strv_equal ((const char *const *) labels, (const char *const *) data->classes))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "confusion.labels: these are not the classes of “examples”.");
  for (guint i = 0; i < k; i++)
    if (!read_counts (data, rows, i, &sum, error))
      return FALSE;
  if (sum > G_MAXINT)
    return inion_set_error (error, INION_ERROR_INVALID, "confusion.counts: there are too many.");
  return TRUE;
}

static gboolean
read_bin (InionCalibrationBin  *bin,
          JsonObject           *object,
          const char           *path,
          GError              **error)
{
  static const char *const keys[] = {
    "from", "to", "n", "mean_probability", "frequency", NULL
  };
  const InionJsonNeed need = INION_JSON_NULLABLE;

  return inion_json_check_keys (object, path, keys, error) &&
         inion_json_read_double (object, path, "from", INION_JSON_REQUIRED, bin->from, bin->from,
                                 &bin->from, error) &&
         inion_json_read_double (object, path, "to", INION_JSON_REQUIRED, bin->to, bin->to,
                                 &bin->to, error) &&
         inion_json_read_uint (object, path, "n", INION_JSON_REQUIRED, 0, G_MAXUINT, &bin->n,
                               error) &&
         inion_json_read_double (object, path, "mean_probability", need, 0, 1,
                                 &bin->mean_probability, error) &&
         inion_json_read_double (object, path, "frequency", need, 0, 1, &bin->frequency, error);
}

static gboolean
read_calibration (InionResultData  *data,
                  JsonObject       *root,
                  GError          **error)
{
  static const char *const keys[] = { "brier", "bins", NULL };
  JsonObject *object;
  JsonArray *array;

  if (!inion_json_read_object (root, "", "calibration", INION_JSON_REQUIRED, &object, error) ||
      !inion_json_check_keys (object, "calibration", keys, error) ||
      !inion_json_read_double (object, "calibration", "brier", INION_JSON_NULLABLE, 0, 1,
                               &data->brier, error) ||
      !inion_json_read_array (object, "calibration", "bins", INION_JSON_REQUIRED,
                              INION_N_CALIBRATION_BINS, INION_N_CALIBRATION_BINS, &array, error))
    return FALSE;
  for (guint i = 0; i < INION_N_CALIBRATION_BINS; i++)
    {
      g_autofree char *path = NULL;
      JsonObject *bin;

      if (!inion_json_read_element_object (array, "calibration.bins", i, &bin, &path, error) ||
          !read_bin (&data->bins[i], bin, path, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_findings (InionResultData  *data,
               JsonObject       *root,
               GError          **error)
{
  static const char *const keys[] = { "rule", "severity", "text", NULL };
  static const char *const severities[] = { "note", "warning", "error", NULL };
  JsonArray *array;

  if (!inion_json_read_array (root, "", "findings", INION_JSON_REQUIRED, 0, 1000, &array, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *path = NULL;
      g_autofree char *rule = NULL;
      g_autofree char *severity = NULL;
      g_autofree char *text = NULL;
      JsonObject *object;

      if (!inion_json_read_element_object (array, "findings", i, &object, &path, error) ||
          !inion_json_check_keys (object, path, keys, error) ||
          !inion_json_read_string (object, path, "rule", INION_JSON_REQUIRED, 256, &rule, error) ||
          !inion_json_read_string (object, path, "severity", INION_JSON_REQUIRED, 256, &severity,
                                   error) ||
          !inion_json_read_string (object, path, "text", INION_JSON_REQUIRED, MAX_TEXT_BYTES, &text,
                                   error))
        return FALSE;
      if (!g_strv_contains (severities, severity))
        return inion_set_error (error, INION_ERROR_INVALID,
                                "%s.severity: “%s” is not known (note, warning, error).", path,
                                severity);
      g_ptr_array_add (data->findings, inion_finding_new (rule, severity, "%s", text));
    }
  return TRUE;
}

static gboolean
read_version (JsonObject  *root,
              GError     **error)
{
  guint version = 0;

  if (!inion_json_read_uint (root, "", "inion_result", INION_JSON_REQUIRED, 0, G_MAXINT, &version,
                             error))
    return FALSE;
  if (version != 1)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "inion_result: this is version %u of the result format; this program "
                            "reads version 1.", version);
  return inion_json_check_keys (root, "", root_keys, error);
}

InionResultData *
_inion_result_data_from_json (const char  *json,
                              gssize       length,
                              GError     **error)
{
  g_autoptr (JsonNode) node = inion_json_parse_object (json, length, MAX_BYTES, error);
  g_autoptr (InionResultData) data = NULL;
  JsonObject *root, *recipe;

  if (node == NULL)
    return NULL;
  root = json_node_get_object (node);
  if (!read_version (root, error) ||
      !inion_json_read_object (root, "", "recipe", INION_JSON_REQUIRED, &recipe, error))
    return NULL;
  data = read_examples (root, error);
  if (data == NULL)
    return NULL;
  data->recipe = _inion_recipe_new_from_object (recipe, "recipe", error);
  if (data->recipe == NULL ||
      !inion_json_read_string (root, "", "fingerprint", INION_JSON_REQUIRED, 256,
                               &data->fingerprint, error) ||
      !read_scheme (data, root, error) ||
      !read_scores (data, root, error) ||
      !read_folds (data, root, error) ||
      !read_confusion (data, root, error) ||
      !read_calibration (data, root, error) ||
      !read_findings (data, root, error))
    return NULL;
  return g_steal_pointer (&data);
}
