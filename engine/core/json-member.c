/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members of a JSON object that came from outside: absent or of another type is an answer, not a
 * criticism. Files whose faults are to be named key by key are read otherwise (decode/json-read.h).
 */

#define G_LOG_DOMAIN "inion-core"

#include "config.h"

#include "core/json-member.h"

static JsonNode *
get_node (JsonObject  *object,
          const char  *name,
          JsonNodeType type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_TYPE (node) == type ? node : NULL;
}

/**
 * inion_json_get_int:
 * @object: an object
 * @name: a member
 * @value: (out): its value
 *
 * Returns: %FALSE if there is no whole number of this name
 */
gboolean
inion_json_get_int (JsonObject *object,
                    const char *name,
                    gint64     *value)
{
  JsonNode *node = get_node (object, name, JSON_NODE_VALUE);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *value = json_node_get_int (node);
  return TRUE;
}

/**
 * inion_json_get_double:
 * @object: an object
 * @name: a member
 * @value: (out): its value
 *
 * Returns: %FALSE if there is no number of this name
 */
gboolean
inion_json_get_double (JsonObject *object,
                       const char *name,
                       double     *value)
{
  JsonNode *node = get_node (object, name, JSON_NODE_VALUE);

  if (node == NULL || (json_node_get_value_type (node) != G_TYPE_DOUBLE
                       && json_node_get_value_type (node) != G_TYPE_INT64))
    return FALSE;
  *value = json_node_get_double (node);
  return TRUE;
}

/**
 * inion_json_get_string:
 * @object: an object
 * @name: a member
 *
 * Returns: (transfer none) (nullable): the text of this name
 */
const char *
inion_json_get_string (JsonObject *object,
                       const char *name)
{
  JsonNode *node = get_node (object, name, JSON_NODE_VALUE);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

/**
 * inion_json_get_array:
 * @object: an object
 * @name: a member
 *
 * Returns: (transfer none) (nullable): the array of this name
 */
JsonArray *
inion_json_get_array (JsonObject *object,
                      const char *name)
{
  JsonNode *node = get_node (object, name, JSON_NODE_ARRAY);

  return node != NULL ? json_node_get_array (node) : NULL;
}

/**
 * inion_json_get_object:
 * @object: an object
 * @name: a member
 *
 * Returns: (transfer none) (nullable): the object of this name
 */
JsonObject *
inion_json_get_object (JsonObject *object,
                       const char *name)
{
  JsonNode *node = get_node (object, name, JSON_NODE_OBJECT);

  return node != NULL ? json_node_get_object (node) : NULL;
}

/**
 * inion_json_dup_strings:
 * @array: an array
 *
 * Returns: (transfer full) (nullable): its texts; %NULL if one of its elements is no text
 */
char **
inion_json_dup_strings (JsonArray *array)
{
  g_auto (GStrv) strings = g_new0 (char *, json_array_get_length (array) + 1);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        return NULL;
      strings[i] = g_strdup (json_node_get_string (node));
    }
  return g_steal_pointer (&strings);
}
