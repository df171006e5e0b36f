/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing JSON as text, and what to look at before a parser is let loose on it.
 *
 * Written by hand because the journal and the export write 10^5 objects at once, for which a tree
 * of nodes is needless. Read by json-glib, which descends by recursion: a file of open brackets
 * would overflow the stack, so depth is counted first.
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/json-text.h"
#include "core/error.h"

#include <math.h>

#define MAX_DEPTH 64

static gboolean
is_shallow (const char *text,
            gsize       length)
{
  guint depth = 0;
  gboolean quoted = FALSE;

  for (gsize i = 0; i < length; i++)
    if (quoted)
      {
        if (text[i] == '\\')
          i++;
        else if (text[i] == '"')
          quoted = FALSE;
      }
    else if (text[i] == '"')
      quoted = TRUE;
    else if (text[i] == '[' || text[i] == '{')
      {
        if (++depth > MAX_DEPTH)
          return FALSE;
      }
    else if ((text[i] == ']' || text[i] == '}') && depth > 0)
      depth--;
  return TRUE;
}

/* json-glib writes "<data>:LINE:COLUMN: Parse error: REASON". */
static void
set_parse_error (GError    **error,
                 const char *message)
{
  g_auto (GStrv) parts = g_strsplit (message, ":", 5);
  guint64 line = 1, column = 1;
  const char *reason = message;

  if (g_strv_length (parts) == 5
      && g_ascii_string_to_unsigned (parts[1], 10, 1, G_MAXUINT, &line, NULL)
      && g_ascii_string_to_unsigned (parts[2], 10, 0, G_MAXUINT, &column, NULL))
    reason = g_strstrip (parts[4]);
  inion_set_error (error, INION_ERROR_FORMAT,
                   "Line %" G_GUINT64_FORMAT ", column %" G_GUINT64_FORMAT
                   ": this is not correct JSON (%s).", line, column, reason);
}

static JsonNode *
get_node (JsonObject  *object,
          const char  *name,
          JsonNodeType type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_TYPE (node) == type ? node : NULL;
}

/**
 * inion_json_append_string:
 * @json: what is being written
 * @text: (nullable): UTF-8
 *
 * Appends a text in quotes, with what JSON forbids in them escaped; null for %NULL.
 */
void
inion_json_append_string (GString    *json,
                          const char *text)
{
  if (text == NULL)
    {
      g_string_append (json, "null");
      return;
    }
  g_string_append_c (json, '"');
  for (const char *c = text; *c != '\0'; c++)
    switch (*c)
      {
      case '"':
        g_string_append (json, "\\\"");
        break;
      case '\\':
        g_string_append (json, "\\\\");
        break;
      case '\n':
        g_string_append (json, "\\n");
        break;
      case '\r':
        g_string_append (json, "\\r");
        break;
      case '\t':
        g_string_append (json, "\\t");
        break;
      default:
        if ((guchar) *c < 0x20 || *c == 0x7f)
          g_string_append_printf (json, "\\u%04x", (guint) (guchar) *c);
        else
          g_string_append_c (json, *c);
      }
  g_string_append_c (json, '"');
}

/**
 * inion_json_append_double:
 * @json: what is being written
 * @value: a number
 *
 * Appends a number so that it is read back to the last bit; null for NaN and the infinities.
 */
void
inion_json_append_double (GString *json,
                          double   value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    g_string_append (json, "null");
  else
    g_string_append (json, g_ascii_dtostr (buffer, sizeof buffer, value));
}

/**
 * inion_json_parse:
 * @text: JSON
 * @length: bytes, or -1 if @text ends with a zero
 * @error: return location
 *
 * Parses JSON that came from outside.
 *
 * Returns: (transfer full) (nullable): the parser, with a root; %NULL with %INION_ERROR_FORMAT
 */
JsonParser *
inion_json_parse (const char *text,
                  gssize      length,
                  GError    **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) local = NULL;
  gsize n = length < 0 ? strlen (text) : (gsize) length;

  if (!is_shallow (text, n))
    {
      inion_set_error (error, INION_ERROR_FORMAT, "The JSON is nested deeper than %d levels.",
                       MAX_DEPTH);
      return NULL;
    }
  if (!json_parser_load_from_data (parser, text, (gssize) n, &local))
    {
      set_parse_error (error, local->message);
      return NULL;
    }
  if (json_parser_get_root (parser) == NULL)
    {
      inion_set_error (error, INION_ERROR_FORMAT, "Line 1, column 1: the JSON is empty.");
      return NULL;
    }
  return g_steal_pointer (&parser);
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
