/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Annotations as JSON: {"annotations": [{"onset_s": 1.5, "duration_s": 0, "label": "blink", …}]} */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/table-private.h"
#include "core/error.h"
#include "core/json-member.h"
#include "core/json-parse.h"
#include "core/json-text.h"

#include <math.h>

static void
append_annotation (GString         *json,
                   InionAnnotation *annotation)
{
  const char *const *channels = inion_annotation_get_channels (annotation);

  g_string_append (json, "{\"onset_s\": ");
  _inion_table_append_seconds (json, inion_annotation_get_onset_ns (annotation));
  g_string_append (json, ", \"duration_s\": ");
  _inion_table_append_seconds (json, inion_annotation_get_duration_ns (annotation));
  g_string_append (json, ", \"label\": ");
  inion_json_append_string (json, inion_annotation_get_label (annotation));
  g_string_append (json, ", \"channels\": ");
  g_string_append (json, channels == NULL ? "null" : "[");
  for (gsize i = 0; channels != NULL && channels[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append (json, ", ");
      inion_json_append_string (json, channels[i]);
    }
  if (channels != NULL)
    g_string_append_c (json, ']');
  g_string_append (json, ", \"rater\": ");
  inion_json_append_string (json, inion_annotation_get_rater (annotation));
  g_string_append_printf (json, ", \"origin\": \"%s\", \"confidence\": ",
                          inion_origin_to_string (inion_annotation_get_origin (annotation)));
  inion_json_append_double (json, inion_annotation_get_confidence (annotation));
  g_string_append (json, ", \"comment\": ");
  inion_json_append_string (json, inion_annotation_get_comment (annotation));
  g_string_append_c (json, '}');
}

/* Writes one annotation a line. */
char *
_inion_table_write_json (GPtrArray *annotations)
{
  GString *json = g_string_new ("{\"annotations\": [");

  for (guint i = 0; i < annotations->len; i++)
    {
      g_string_append (json, i > 0 ? ",\n  " : "\n  ");
      append_annotation (json, annotations->pdata[i]);
    }
  g_string_append (json, annotations->len > 0 ? "\n]}\n" : "]}\n");
  return g_string_free (json, FALSE);
}

static gboolean
get_ns (JsonObject *object,
        const char *name,
        gint64     *ns)
{
  double seconds, whole;

  if (!inion_json_get_double (object, name, &seconds) || !(fabs (seconds) < 9.2e9))
    return FALSE;
  /* The fraction is taken off before it is multiplied, or the product would round once more. */
  whole = floor (seconds);
  *ns = (gint64) whole * G_GINT64_CONSTANT (1000000000) + llround ((seconds - whole) * 1e9);
  return TRUE;
}

static gboolean
is_missing (JsonObject *object,
            const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node == NULL || JSON_NODE_HOLDS_NULL (node);
}

static gboolean
get_channels (JsonObject *object,
              char     ***channels)
{
  JsonArray *array;

  if (is_missing (object, "channels"))
    return TRUE;
  array = inion_json_get_array (object, "channels");
  if (array == NULL)
    return FALSE;
  *channels = inion_json_dup_strings (array);
  return *channels != NULL;
}

/* Reads one annotation; on failure says which member was wrong. */
static InionAnnotation *
parse_annotation (JsonObject  *object,
                  const char **wrong)
{
  gint64 onset_ns, duration_ns = 0;
  InionOrigin origin = INION_ORIGIN_PERSON;
  double confidence = NAN;
  g_auto (GStrv) channels = NULL;

  *wrong = NULL;
  if (!get_ns (object, "onset_s", &onset_ns))
    *wrong = "onset_s";
  else if (!is_missing (object, "duration_s")
           && (!get_ns (object, "duration_s", &duration_ns) || duration_ns < 0
               || duration_ns > G_MAXINT64 - MAX (onset_ns, 0)))
    *wrong = "duration_s";
  else if (inion_json_get_string (object, "label") == NULL)
    *wrong = "label";
  else if (!get_channels (object, &channels))
    *wrong = "channels";
  else if (!is_missing (object, "rater") && inion_json_get_string (object, "rater") == NULL)
    *wrong = "rater";
  else if (!is_missing (object, "origin")
           && !inion_origin_from_string (inion_json_get_string (object, "origin"), &origin))
    *wrong = "origin";
  else if (!is_missing (object, "confidence")
           && (!inion_json_get_double (object, "confidence", &confidence)
               || !(confidence >= 0 && confidence <= 1)))
    *wrong = "confidence";
  else if (!is_missing (object, "comment") && inion_json_get_string (object, "comment") == NULL)
    *wrong = "comment";
  if (*wrong != NULL)
    return NULL;
  return inion_annotation_new (0, onset_ns, duration_ns, inion_json_get_string (object, "label"),
                               (const char *const *) channels,
                               inion_json_get_string (object, "rater"), origin, confidence,
                               inion_json_get_string (object, "comment"));
}

/* Reads what _inion_table_write_json() wrote. */
GPtrArray *
_inion_table_read_json (const char *text,
                        gsize       length,
                        GError    **error)
{
  g_autoptr (GPtrArray) annotations = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (JsonNode) root = inion_json_parse (text, (gssize) length, G_MAXSIZE, error);
  JsonArray *array = NULL;

  if (root == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_OBJECT (root))
    array = inion_json_get_array (json_node_get_object (root), "annotations");
  if (array == NULL)
    {
      inion_set_error (error, INION_ERROR_FORMAT,
                       "Line 1, column 1: the JSON is not an object with a list “annotations”.");
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      InionAnnotation *annotation = NULL;
      const char *wrong = "it is not an object";

      if (JSON_NODE_HOLDS_OBJECT (node))
        annotation = parse_annotation (json_node_get_object (node), &wrong);
      if (annotation == NULL)
        {
          inion_set_error (error, INION_ERROR_FORMAT,
                           "Annotation %u of the JSON: “%s” is missing or wrong. Nothing was "
                           "imported.", i + 1, wrong);
          return NULL;
        }
      g_ptr_array_add (annotations, annotation);
    }
  return g_steal_pointer (&annotations);
}
