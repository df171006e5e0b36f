/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/json-member.h"
#include "core/json-parse.h"

static JsonNode *
parse (void)
{
  g_autoptr (GError) error = NULL;
  JsonNode *root;

  root = inion_json_parse ("{ \"int\": -3, \"double\": 0.5, \"string\": \"é\", \"array\": [1], "
                           "\"object\": {}, \"null\": null, \"true\": true }", -1, G_MAXSIZE,
                           &error);
  g_assert_no_error (error);
  return root;
}

static void
test_right (void)
{
  g_autoptr (JsonNode) root = parse ();
  JsonObject *object = json_node_get_object (root);
  gint64 whole = 0;
  double number = 0;

  g_assert_true (inion_json_get_int (object, "int", &whole));
  g_assert_cmpint (whole, ==, -3);
  g_assert_true (inion_json_get_double (object, "double", &number));
  g_assert_cmpfloat (number, ==, 0.5);
  g_assert_true (inion_json_get_double (object, "int", &number)); /* a whole number is a number */
  g_assert_cmpfloat (number, ==, -3);
  g_assert_cmpstr (inion_json_get_string (object, "string"), ==, "é");
  g_assert_cmpuint (json_array_get_length (inion_json_get_array (object, "array")), ==, 1);
  g_assert_nonnull (inion_json_get_object (object, "object"));
}

/* Every getter on every member but its own: no value, no criticism, what was there is kept. */
static void
test_wrong (void)
{
  static const char *const names[] = { "int", "double", "string", "array", "object", "null",
                                       "true", "absent" };
  g_autoptr (JsonNode) root = parse ();
  JsonObject *object = json_node_get_object (root);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gint64 whole = 7;
      double number = 7;

      g_assert_true (inion_json_get_int (object, names[i], &whole) == (i == 0));
      g_assert_true (inion_json_get_double (object, names[i], &number) == (i <= 1));
      g_assert_true ((inion_json_get_string (object, names[i]) != NULL) == (i == 2));
      g_assert_true ((inion_json_get_array (object, names[i]) != NULL) == (i == 3));
      g_assert_true ((inion_json_get_object (object, names[i]) != NULL) == (i == 4));
      g_assert_true ((whole == 7) == (i != 0));
      g_assert_true ((number == 7) == (i > 1));
    }
}

static void
test_strings (void)
{
  static const char *const words[] = { "a", "é", NULL };
  g_autoptr (JsonNode) right = inion_json_parse ("[\"a\", \"é\"]", -1, G_MAXSIZE, NULL);
  g_autoptr (JsonNode) wrong = inion_json_parse ("[\"a\", 1]", -1, G_MAXSIZE, NULL);
  g_autoptr (JsonNode) none = inion_json_parse ("[]", -1, G_MAXSIZE, NULL);
  g_auto (GStrv) strings = inion_json_dup_strings (json_node_get_array (right));
  g_auto (GStrv) no_strings = inion_json_dup_strings (json_node_get_array (none));

  g_assert_cmpstrv (strings, words);
  g_assert_cmpuint (g_strv_length (no_strings), ==, 0);
  g_assert_null (inion_json_dup_strings (json_node_get_array (wrong)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/json-member/right", test_right);
  g_test_add_func ("/core/json-member/wrong", test_wrong);
  g_test_add_func ("/core/json-member/strings", test_strings);
  return g_test_run ();
}
