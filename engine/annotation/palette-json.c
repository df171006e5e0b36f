/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A palette as text: how a study keeps it.
 *
 * An array of objects: [{"name": "blink", "color": "#E69F00", "key": "1", "group": "artifact"}, …]
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/palette-json.h"
#include "core/error.h"
#include "core/json-member.h"
#include "core/json-parse.h"
#include "core/json-text.h"

static gboolean
parse_color (const char *text,
             guint32    *color)
{
  guint64 value;

  if (text == NULL || text[0] != '#' || strlen (text) != 7
      || !g_ascii_string_to_unsigned (text + 1, 16, 0, 0xFFFFFF, &value, NULL))
    return FALSE;
  *color = (guint32) value;
  return TRUE;
}

static InionLabel *
parse_label (JsonNode *node)
{
  JsonObject *object;
  const char *name;
  guint32 color;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  object = json_node_get_object (node);
  name = inion_json_get_string (object, "name");
  if (name == NULL || !parse_color (inion_json_get_string (object, "color"), &color))
    return NULL;
  return inion_label_new (name, color, inion_json_get_string (object, "key"),
                          inion_json_get_string (object, "group"));
}

/* Puts the labels of one palette in the place of those of another. */
static void
assign (InionPalette *self,
        InionPalette *other)
{
  GListModel *model = G_LIST_MODEL (self);

  for (guint i = g_list_model_get_n_items (model); i > 0; i--)
    {
      g_autoptr (InionLabel) label = g_list_model_get_item (model, i - 1);

      inion_palette_remove (self, inion_label_get_name (label));
    }
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (other)); i++)
    {
      g_autoptr (InionLabel) label = g_list_model_get_item (G_LIST_MODEL (other), i);

      inion_palette_add (self, label);
    }
}

/**
 * inion_palette_to_json:
 * @self: a palette
 *
 * Writes a palette as JSON.
 *
 * Returns: (transfer full): the text
 */
char *
inion_palette_to_json (InionPalette *self)
{
  GString *json = g_string_new ("[");

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (InionLabel) label = g_list_model_get_item (G_LIST_MODEL (self), i);

      g_string_append (json, i > 0 ? ", {\"name\": " : "{\"name\": ");
      inion_json_append_string (json, inion_label_get_name (label));
      g_string_append_printf (json, ", \"color\": \"#%06X\", \"key\": ",
                              inion_label_get_color (label));
      inion_json_append_string (json, inion_label_get_key (label));
      g_string_append (json, ", \"group\": ");
      inion_json_append_string (json, inion_label_get_group (label));
      g_string_append_c (json, '}');
    }
  g_string_append_c (json, ']');
  return g_string_free (json, FALSE);
}

/**
 * inion_palette_set_json:
 * @self: a palette
 * @json: what inion_palette_to_json() wrote
 * @error: return location
 *
 * Puts the labels of a text in the place of those of a palette.
 *
 * Returns: %FALSE with %INION_ERROR_FORMAT and the palette as it was, if the text is no palette
 */
gboolean
inion_palette_set_json (InionPalette *self,
                        const char   *json,
                        GError      **error)
{
  g_autoptr (InionPalette) read = inion_palette_new ();
  g_autoptr (JsonNode) root = NULL;
  JsonArray *array;

  g_return_val_if_fail (INION_IS_PALETTE (self), FALSE);

  root = inion_json_parse (json, -1, G_MAXSIZE, error);
  if (root == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_ARRAY (root))
    return inion_set_error (error, INION_ERROR_FORMAT, "A palette is a list of labels.");
  array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autoptr (InionLabel) label = parse_label (json_array_get_element (array, i));

      if (label == NULL)
        return inion_set_error (error, INION_ERROR_FORMAT,
                                "Label %u of the palette has no name or no colour (#RRGGBB).",
                                i + 1);
      inion_palette_add (read, label);
    }
  assign (self, read);
  return TRUE;
}
