/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strict reading of JSON files: every fault is an error that names the key by its dotted path. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/json-read.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

#define MAX_STRING_BYTES 1024

static const char *
type_name (JsonNode *node)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      return "an object";
    case JSON_NODE_ARRAY:
      return "an array";
    case JSON_NODE_NULL:
      return "null";
    case JSON_NODE_VALUE:
      switch (json_node_get_value_type (node))
        {
        case G_TYPE_STRING:
          return "a string";
        case G_TYPE_BOOLEAN:
          return "true or false";
        default:
          return "a number";
        }
    default:
      return "something else";
    }
}

static gboolean
expected (const char  *path,
          const char  *key,
          const char  *what,
          JsonNode    *node,
          GError     **error)
{
  g_autofree char *full = inion_json_path (path, key);

  return inion_set_error (error, INION_ERROR_INVALID, "%s: expected %s, found %s.", full, what,
                          type_name (node));
}

/* Finds the value of a key. Sets @node to NULL where the default (or null, with @is_null) stands. */
static gboolean
lookup (JsonObject     *object,
        const char     *path,
        const char     *key,
        InionJsonNeed   need,
        const char     *what,
        JsonNode      **node,
        gboolean       *is_null,
        GError        **error)
{
  g_autofree char *full = NULL;

  *node = json_object_get_member (object, key);
  *is_null = FALSE;
  if (*node == NULL)
    {
      if ((need & INION_JSON_OPTIONAL) != 0)
        return TRUE;
      full = inion_json_path (path, key);
      return inion_set_error (error, INION_ERROR_INVALID, "%s: the key is missing (%s).", full,
                              what);
    }
  if (JSON_NODE_HOLDS_NULL (*node))
    {
      if ((need & INION_JSON_NULLABLE) == 0)
        return expected (path, key, what, *node, error);
      *is_null = TRUE;
      *node = NULL;
    }
  return TRUE;
}

static gboolean
node_is (JsonNode *node,
         GType     type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

static gboolean
node_is_number (JsonNode *node)
{
  return node_is (node, G_TYPE_INT64) || node_is (node, G_TYPE_DOUBLE);
}

static gboolean
check_string (const char  *text,
              const char  *path,
              gsize        max_bytes,
              GError     **error)
{
  if (strlen (text) > max_bytes)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "%s: the text is longer than %" G_GSIZE_FORMAT " bytes.", path,
                            max_bytes);
  for (const char *p = text; *p != '\0'; p++)
    if ((guchar) *p < 0x20 || *p == 0x7f)
      return inion_set_error (error, INION_ERROR_INVALID, "%s: the text has a control character.",
                              path);
  return TRUE;
}

/**
 * inion_json_path:
 * @path: path of an object: "features[0]", or "" for the document
 * @key: a key in it
 *
 * Returns: (transfer full): the path of the key: "features[0].type"
 */
char *
inion_json_path (const char *path,
                 const char *key)
{
  if (*path == '\0')
    return g_strdup (key);
  return g_strconcat (path, ".", key, NULL);
}

/**
 * inion_json_check_keys:
 * @object: an object
 * @path: its path
 * @known: (array zero-terminated=1): the keys it may have
 * @error: return location: %INION_ERROR_INVALID names the first key that is not among them
 *
 * Returns: whether all keys are known
 */
gboolean
inion_json_check_keys (JsonObject         *object,
                       const char         *path,
                       const char *const  *known,
                       GError            **error)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    {
      g_autofree char *full = NULL;
      g_autofree char *list = NULL;

      if (g_strv_contains (known, l->data))
        continue;
      full = inion_json_path (path, l->data);
      list = g_strjoinv (", ", (char **) known);
      return inion_set_error (error, INION_ERROR_INVALID, "%s: unknown key (known here: %s).", full,
                              list);
    }
  return TRUE;
}

/**
 * inion_json_read_double:
 * @object: an object
 * @path: its path
 * @key: a key
 * @need: whether it may be absent or null
 * @min: smallest value
 * @max: largest value
 * @value: (inout): keeps its value where the key is absent, NAN where it is null
 * @error: return location: %INION_ERROR_INVALID
 *
 * Returns: %FALSE on an error
 */
gboolean
inion_json_read_double (JsonObject     *object,
                        const char     *path,
                        const char     *key,
                        InionJsonNeed   need,
                        double          min,
                        double          max,
                        double         *value,
                        GError        **error)
{
  g_autofree char *full = NULL;
  JsonNode *node;
  gboolean is_null;
  double found;

  if (!lookup (object, path, key, need, "a number", &node, &is_null, error))
    return FALSE;
  if (is_null)
    *value = NAN;
  if (node == NULL)
    return TRUE;
  if (!node_is_number (node))
    return expected (path, key, "a number", node, error);
  found = json_node_get_double (node);
  if (!(found >= min && found <= max))
    {
      full = inion_json_path (path, key);
      return inion_set_error (error, INION_ERROR_INVALID, "%s: %.10g is out of range %.10g–%.10g.",
                              full, found, min, max);
    }
  *value = found;
  return TRUE;
}

/**
 * inion_json_read_uint64:
 * @object: an object
 * @path: its path
 * @key: a key
 * @need: whether it may be absent
 * @min: smallest value
 * @max: largest value, at most 2⁶³ − 1
 * @value: (inout): keeps its value where the key is absent
 * @error: return location: %INION_ERROR_INVALID
 *
 * Returns: %FALSE on an error
 */
gboolean
inion_json_read_uint64 (JsonObject     *object,
                        const char     *path,
                        const char     *key,
                        InionJsonNeed   need,
                        guint64         min,
                        guint64         max,
                        guint64        *value,
                        GError        **error)
{
  g_autofree char *full = NULL;
  JsonNode *node;
  gboolean is_null;
  gint64 found;

  if (!lookup (object, path, key, need, "a whole number", &node, &is_null, error))
    return FALSE;
  if (node == NULL)
    return TRUE;
  if (!node_is (node, G_TYPE_INT64))
    {
      gboolean fraction = node_is (node, G_TYPE_DOUBLE);

      if (!fraction)
        return expected (path, key, "a whole number", node, error);
      full = inion_json_path (path, key);
      return inion_set_error (error, INION_ERROR_INVALID,
                              "%s: expected a whole number, found %.10g.", full,
                              json_node_get_double (node));
    }
  found = json_node_get_int (node);
  if (found < 0 || (guint64) found < min || (guint64) found > max)
    {
      full = inion_json_path (path, key);
      return inion_set_error (error, INION_ERROR_INVALID,
                              "%s: %" G_GINT64_FORMAT " is out of range %" G_GUINT64_FORMAT
                              "–%" G_GUINT64_FORMAT ".", full, found, min, max);
    }
  *value = (guint64) found;
  return TRUE;
}

/**
 * inion_json_read_uint:
 * @object: an object
 * @path: its path
 * @key: a key
 * @need: whether it may be absent
 * @min: smallest value
 * @max: largest value
 * @value: (inout): keeps its value where the key is absent
 * @error: return location: %INION_ERROR_INVALID
 *
 * Returns: %FALSE on an error
 */
gboolean
inion_json_read_uint (JsonObject     *object,
                      const char     *path,
                      const char     *key,
                      InionJsonNeed   need,
                      guint           min,
                      guint           max,
                      guint          *value,
                      GError        **error)
{
  guint64 wide = *value;

  if (!inion_json_read_uint64 (object, path, key, need, min, max, &wide, error))
    return FALSE;
  *value = (guint) wide;
  return TRUE;
}

/**
 * inion_json_read_boolean:
 * @object: an object
 * @path: its path
 * @key: a key
 * @need: whether it may be absent
 * @value: (inout): keeps its value where the key is absent
 * @error: return location: %INION_ERROR_INVALID
 *
 * Returns: %FALSE on an error
 */
gboolean
inion_json_read_boolean (JsonObject     *object,
                         const char     *path,
                         const char     *key,
                         InionJsonNeed   need,
                         gboolean       *value,
                         GError        **error)
{
  JsonNode *node;
  gboolean is_null;

  if (!lookup (object, path, key, need, "true or false", &node, &is_null, error))
    return FALSE;
  if (node == NULL)
    return TRUE;
  if (!node_is (node, G_TYPE_BOOLEAN))
    return expected (path, key, "true or false", node, error);
  *value = json_node_get_boolean (node);
  return TRUE;
}

/**
 * inion_json_read_string:
 * @object: an object
 * @path: its path
 * @key: a key
 * @need: whether it may be absent or null
 * @max_bytes: largest length
 * @value: (inout) (transfer full) (nullable): replaced where the key is there; %NULL for null
 * @error: return location: %INION_ERROR_INVALID
 *
 * Returns: %FALSE on an error
 */
gboolean
inion_json_read_string (JsonObject     *object,
                        const char     *path,
                        const char     *key,
                        InionJsonNeed   need,
                        gsize           max_bytes,
                        char          **value,
                        GError        **error)
{
  g_autofree char *full = inion_json_path (path, key);
  JsonNode *node;
  gboolean is_null;

  if (!lookup (object, path, key, need, "a string", &node, &is_null, error))
    return FALSE;
  if (is_null)
    g_clear_pointer (value, g_free);
  if (node == NULL)
    return TRUE;
  if (!node_is (node, G_TYPE_STRING))
    return expected (path, key, "a string", node, error);
  if (!check_string (json_node_get_string (node), full, max_bytes, error))
    return FALSE;
  g_free (*value);
  *value = g_strdup (json_node_get_string (node));
  return TRUE;
}

/* One element of an array of strings. */
static gboolean
get_element_string (JsonArray   *array,
                    const char  *path,
                    guint        index,
                    char       **value,
                    GError     **error)
{
  g_autofree char *full = g_strdup_printf ("%s[%u]", path, index);
  JsonNode *node = json_array_get_element (array, index);

  if (!node_is (node, G_TYPE_STRING))
    return inion_set_error (error, INION_ERROR_INVALID, "%s: expected a string, found %s.", full,
                            type_name (node));
  if (!check_string (json_node_get_string (node), full, MAX_STRING_BYTES, error))
    return FALSE;
  *value = g_strdup (json_node_get_string (node));
  return TRUE;
}

/**
 * inion_json_read_strings:
 * @object: an object
 * @path: its path
 * @key: a key
 * @need: whether it may be absent or null
 * @min: smallest number of strings
 * @max: largest number of strings
 * @values: (inout) (transfer full) (nullable): replaced where the key is there; %NULL for null
 * @error: return location: %INION_ERROR_INVALID
 *
 * Returns: %FALSE on an error
 */
gboolean
inion_json_read_strings (JsonObject      *object,
                         const char      *path,
                         const char      *key,
                         InionJsonNeed    need,
                         guint            min,
                         guint            max,
                         char          ***values,
                         GError         **error)
{
  g_autofree char *full = inion_json_path (path, key);
  g_auto (GStrv) found = NULL;
  JsonArray *array = NULL;

  if (!inion_json_read_array (object, path, key, need, min, max, &array, error))
    return FALSE;
  if (array == NULL)
    {
      if (json_object_has_member (object, key))
        g_clear_pointer (values, g_strfreev);
      return TRUE;
    }
  found = g_new0 (char *, json_array_get_length (array) + 1);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!get_element_string (array, full, i, &found[i], error))
      return FALSE;
  g_strfreev (*values);
  *values = g_steal_pointer (&found);
  return TRUE;
}

/**
 * inion_json_read_doubles:
 * @object: an object
 * @path: its path
 * @key: a key
 * @need: whether it may be absent or null; elements may be null where it may be null
 * @n: how many numbers the array must have
 * @values: (inout) (array length=n): kept where the key is absent; NAN for null
 * @error: return location: %INION_ERROR_INVALID
 *
 * Returns: %FALSE on an error
 */
gboolean
inion_json_read_doubles (JsonObject     *object,
                         const char     *path,
                         const char     *key,
                         InionJsonNeed   need,
                         guint           n,
                         double         *values,
                         GError        **error)
{
  JsonArray *array = NULL;

  if (!inion_json_read_array (object, path, key, need, n, n, &array, error))
    return FALSE;
  for (guint i = 0; array == NULL && i < n; i++)
    if (json_object_has_member (object, key))
      values[i] = NAN;
  for (guint i = 0; array != NULL && i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (node_is_number (node))
        values[i] = json_node_get_double (node);
      else if (JSON_NODE_HOLDS_NULL (node) && (need & INION_JSON_NULLABLE) != 0)
        values[i] = NAN;
      else
        {
          g_autofree char *element = g_strdup_printf ("%s[%u]", key, i);

          return expected (path, element, "a number", node, error);
        }
    }
  return TRUE;
}

/**
 * inion_json_read_object:
 * @object: an object
 * @path: its path
 * @key: a key
 * @need: whether it may be absent or null
 * @value: (out) (transfer none) (nullable): the object; %NULL where it is absent or null
 * @error: return location: %INION_ERROR_INVALID
 *
 * Returns: %FALSE on an error
 */
gboolean
inion_json_read_object (JsonObject     *object,
                        const char     *path,
                        const char     *key,
                        InionJsonNeed   need,
                        JsonObject    **value,
                        GError        **error)
{
  JsonNode *node;
  gboolean is_null;

  *value = NULL;
  if (!lookup (object, path, key, need, "an object", &node, &is_null, error))
    return FALSE;
  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return expected (path, key, "an object", node, error);
  *value = json_node_get_object (node);
  return TRUE;
}

/**
 * inion_json_read_array:
 * @object: an object
 * @path: its path
 * @key: a key
 * @need: whether it may be absent or null
 * @min: smallest number of elements
 * @max: largest number of elements
 * @value: (out) (transfer none) (nullable): the array; %NULL where it is absent or null
 * @error: return location: %INION_ERROR_INVALID
 *
 * Returns: %FALSE on an error
 */
gboolean
inion_json_read_array (JsonObject     *object,
                       const char     *path,
                       const char     *key,
                       InionJsonNeed   need,
                       guint           min,
                       guint           max,
                       JsonArray     **value,
                       GError        **error)
{
  g_autofree char *full = NULL;
  JsonNode *node;
  gboolean is_null;
  guint n;

  *value = NULL;
  if (!lookup (object, path, key, need, "an array", &node, &is_null, error))
    return FALSE;
  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return expected (path, key, "an array", node, error);
  n = json_array_get_length (json_node_get_array (node));
  if (n < min || n > max)
    {
      full = inion_json_path (path, key);
      if (min == max)
        return inion_set_error (error, INION_ERROR_INVALID,
                                "%s: expected an array of %u, found %u elements.", full, min, n);
      return inion_set_error (error, INION_ERROR_INVALID,
                              "%s: the number of elements, %u, is out of range %u–%u.", full, n,
                              min, max);
    }
  *value = json_node_get_array (node);
  return TRUE;
}

/**
 * inion_json_read_element_object:
 * @array: an array
 * @path: its path
 * @index: which element, in range
 * @value: (out) (transfer none): the object
 * @element_path: (out) (transfer full): its path: "features[0]"
 * @error: return location: %INION_ERROR_INVALID
 *
 * Returns: %FALSE if the element is no object
 */
gboolean
inion_json_read_element_object (JsonArray    *array,
                                const char   *path,
                                guint         index,
                                JsonObject  **value,
                                char        **element_path,
                                GError      **error)
{
  g_autofree char *full = g_strdup_printf ("%s[%u]", path, index);
  JsonNode *node = json_array_get_element (array, index);

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return inion_set_error (error, INION_ERROR_INVALID, "%s: expected an object, found %s.", full,
                            type_name (node));
  *value = json_node_get_object (node);
  *element_path = g_steal_pointer (&full);
  return TRUE;
}
