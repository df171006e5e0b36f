/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strict reading of JSON files: every fault is an error that names the key by its dotted path. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * InionJsonNeed:
 * @INION_JSON_REQUIRED: the key must be there with a value
 * @INION_JSON_OPTIONAL: without the key the value keeps its default
 * @INION_JSON_NULLABLE: the value may be null: NAN, or %NULL
 */
typedef enum
{
  INION_JSON_REQUIRED = 0,
  INION_JSON_OPTIONAL = 1 << 0,
  INION_JSON_NULLABLE = 1 << 1,
} InionJsonNeed;

char    *inion_json_path (const char *path, const char *key);
gboolean inion_json_check_keys (JsonObject *object, const char *path, const char *const *known,
                                GError **error);

gboolean inion_json_read_double (JsonObject *object, const char *path, const char *key,
                                 InionJsonNeed need, double min, double max, double *value,
                                 GError **error);
gboolean inion_json_read_uint64 (JsonObject *object, const char *path, const char *key,
                                 InionJsonNeed need, guint64 min, guint64 max, guint64 *value,
                                 GError **error);
gboolean inion_json_read_uint (JsonObject *object, const char *path, const char *key,
                               InionJsonNeed need, guint min, guint max, guint *value,
                               GError **error);
gboolean inion_json_read_boolean (JsonObject *object, const char *path, const char *key,
                                  InionJsonNeed need, gboolean *value, GError **error);
gboolean inion_json_read_string (JsonObject *object, const char *path, const char *key,
                                 InionJsonNeed need, gsize max_bytes, char **value,
                                 GError **error);
gboolean inion_json_read_strings (JsonObject *object, const char *path, const char *key,
                                  InionJsonNeed need, guint min, guint max, char ***values,
                                  GError **error);
gboolean inion_json_read_doubles (JsonObject *object, const char *path, const char *key,
                                  InionJsonNeed need, guint n, double *values, GError **error);
gboolean inion_json_read_object (JsonObject *object, const char *path, const char *key,
                                 InionJsonNeed need, JsonObject **value, GError **error);
gboolean inion_json_read_array (JsonObject *object, const char *path, const char *key,
                                InionJsonNeed need, guint min, guint max, JsonArray **value,
                                GError **error);
gboolean inion_json_read_element_object (JsonArray *array, const char *path, guint index,
                                         JsonObject **value, char **element_path, GError **error);

G_END_DECLS
