/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/json-text.h"

#include "core/json-parse.h"
#include "core/random.h"

#include <math.h>
#include <string.h>

/* Every double reads back as itself: random bit patterns, and the ends of the scale. */
static void
test_doubles_roundtrip (void)
{
  static const double ends[] = {
    0.0, -0.0, 0.1, 1.0 / 3, 1e22, 1e-300, 5e-324, 1.7976931348623157e308, -2.5, 123456789012345678
  };
  const gsize n = 5000;
  g_autofree double *values = g_new (double, n);
  g_autoptr (InionJsonText) text = inion_json_text_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;
  JsonArray *array;
  InionRandom random;

  inion_random_seed (&random, 9, 0);
  for (gsize i = 0; i < n; i++)
    {
      guint64 bits = inion_random_next (&random);

      memcpy (&values[i], &bits, sizeof bits);
      if (!isfinite (values[i]))
        values[i] = i;
    }
  memcpy (values, ends, sizeof ends);
  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_json_text_key (text, "x");
  inion_json_text_doubles (text, values, n);
  inion_json_text_end_object (text);
  json = inion_json_text_finish (g_steal_pointer (&text));
  root = inion_json_parse (json, -1, G_MAXSIZE, &error);
  g_assert_no_error (error);
  array = json_object_get_array_member (json_node_get_object (root), "x");
  g_assert_cmpuint (json_array_get_length (array), ==, n);
  for (guint i = 0; i < n; i++)
    {
      double back = json_array_get_double_element (array, i);

      g_assert_cmpmem (&back, sizeof back, &values[i], sizeof values[i]);
    }
}

static void
test_shortest (void)
{
  static const double values[] = { 0.1, 0.3, 8, 1e-06, 0.1 + 0.2, 2.0 / 3, -0.0, NAN, INFINITY };
  g_autoptr (InionJsonText) text = inion_json_text_new ();
  g_autofree char *json = NULL;

  inion_json_text_doubles (text, values, G_N_ELEMENTS (values));
  json = inion_json_text_finish (g_steal_pointer (&text));
  g_assert_cmpstr (json, ==, "[0.1, 0.3, 8, 1e-06, 0.30000000000000004, 0.6666666666666666, -0.0, "
                             "null, null]\n");
}

static void
test_layout (void)
{
  static const char *const words[] = { "a\"\\", "b\n\x01", NULL };
  static const char *const none[] = { NULL };
  g_autoptr (InionJsonText) text = inion_json_text_new ();
  g_autofree char *json = NULL;

  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_json_text_key (text, "words");
  inion_json_text_strings (text, words);
  inion_json_text_key (text, "none");
  inion_json_text_strings (text, none);
  inion_json_text_same_line (text);
  inion_json_text_key (text, "null");
  inion_json_text_strings (text, NULL);
  inion_json_text_key (text, "inner");
  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_json_text_key (text, "one");
  inion_json_text_begin_object (text, INION_JSON_INLINE);
  inion_json_text_key (text, "t");
  inion_json_text_boolean (text, TRUE);
  inion_json_text_key (text, "f");
  inion_json_text_boolean (text, FALSE);
  inion_json_text_end_object (text);
  inion_json_text_end_object (text);
  inion_json_text_key (text, "empty");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  inion_json_text_end_array (text);
  inion_json_text_key (text, "n");
  inion_json_text_uint (text, G_MAXUINT64);
  inion_json_text_end_object (text);
  json = inion_json_text_finish (g_steal_pointer (&text));
  g_assert_cmpstr (json, ==,
                   "{\n"
                   "  \"words\": [\"a\\\"\\\\\", \"b\\n\\u0001\"],\n"
                   "  \"none\": [], \"null\": null,\n"
                   "  \"inner\": {\n"
                   "    \"one\": { \"t\": true, \"f\": false }\n"
                   "  },\n"
                   "  \"empty\": [],\n"
                   "  \"n\": 18446744073709551615\n"
                   "}\n");
}

/* What is written without the layout: the same escapes, the same numbers. */
static void
test_append (void)
{
  g_autoptr (GString) json = g_string_new (NULL);

  inion_json_append_string (json, NULL);
  g_string_append_c (json, ' ');
  inion_json_append_string (json, "é\t\r\x7f\"");
  g_string_append_c (json, ' ');
  inion_json_append_double (json, 0.1);
  g_string_append_c (json, ' ');
  inion_json_append_double (json, NAN);
  g_assert_cmpstr (json->str, ==, "null \"é\\t\\r\\u007f\\\"\" 0.1 null");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/json-text/doubles-roundtrip", test_doubles_roundtrip);
  g_test_add_func ("/core/json-text/shortest", test_shortest);
  g_test_add_func ("/core/json-text/layout", test_layout);
  g_test_add_func ("/core/json-text/append", test_append);
  return g_test_run ();
}
