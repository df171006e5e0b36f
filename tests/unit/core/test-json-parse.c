/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What passes for JSON and what does not, and where it says that the fault is. */

#include "core/error.h"
#include "core/json-parse.h"

#include <string.h>

static void
assert_refused (const char *json,
                const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (inion_json_parse (json, -1, G_MAXSIZE, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
  if (strstr (error->message, part) == NULL)
    g_error ("%s: “%s” does not say “%s”", json, error->message, part);
}

static void
test_values (void)
{
  static const char *const texts[] = {
    "{}", "[]", "[{\"a\": 1}, {\"a\": 2}]", " \t\r\n[null, true, false]\n", "\"x\"", "-0.5e+3",
    "[0, 1e2, 1E-2, 10.25]", "{\"a\": {\"a\": {\"a\": 1}}}",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) root = inion_json_parse (texts[i], -1, G_MAXSIZE, &error);

      g_assert_no_error (error);
      g_assert_nonnull (root);
    }
}

static void
test_strings (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = inion_json_parse ("\"\\u00e9 \\ud83d\\ude00 µ\"", -1, G_MAXSIZE,
                                                &error);

  g_assert_no_error (error);
  g_assert_cmpstr (json_node_get_string (root), ==, "é 😀 µ");
}

static void
test_words (void)
{
  assert_refused ("", "empty");
  assert_refused (" \n ", "empty");
  assert_refused ("{} {}", "more after the end");
  assert_refused ("{ /* c */ \"a\": 1 }", "line 1, column 3");
  assert_refused ("{ \"a\": 1 // c\n }", "character");
  assert_refused ("{ 'a': 1 }", "character");
  assert_refused ("{ \"a\": NaN }", "word");
  assert_refused ("{ a: 1 }", "word");
  assert_refused ("var x = {}", "word");
}

static void
test_numbers (void)
{
  assert_refused ("{\n\"a\": 0x1 }", "line 2, column 7");
  assert_refused ("{ \"a\": 01 }", "number");
  assert_refused ("{ \"a\": 1. }", "number");
  assert_refused ("{ \"a\": 1e }", "number");
  assert_refused ("{ \"a\": - }", "number");
  assert_refused ("{ \"a\": +1 }", "character");
  assert_refused ("{ \"a\": .5 }", "character");
}

static void
test_escapes (void)
{
  assert_refused ("{ \"a\": \"\\ud800\" }", "surrogate");
  assert_refused ("{ \"a\": \"\\ud800\\u0041\" }", "surrogate");
  assert_refused ("{ \"a\": \"\\u0000\" }", "escape");
  assert_refused ("{ \"a\": \"\\x41\" }", "escape");
  assert_refused ("{ \"a\": \"\t\" }", "control");
  assert_refused ("{ \"a\": \"\xff\" }", "UTF-8");
  assert_refused ("{ \"a\": \"a", "does not end");
}

static void
test_grammar (void)
{
  static const char *const wrong[] = {
    "{", "[", "{ \"a\": 1, }", "{ \"a\": 1 \"b\": 2 }", "{ \"a\" 1 }", "[1 2]", "[1, 2,]",
    "[1, 2}", "{ \"a\": [1, 2}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_refused (wrong[i], "Not valid JSON: line 1, column ");
  assert_refused ("[1,\n 2,\n }", "line 3");
}

static void
test_twice (void)
{
  assert_refused ("{ \"a\": 1,\n  \"a\": 2 }", "line 2");
  assert_refused ("[{ \"b\": {}, \"a\": { \"a\": 1, \"a\": 2 } }]", "“a” stands there twice");
}

static void
test_bounds (void)
{
  g_autofree char *deep = g_strnfill (1000000, '[');
  g_autofree char *open = g_strnfill (32, '[');
  g_autofree char *close = g_strnfill (32, ']');
  g_autofree char *allowed = g_strconcat (open, close, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = inion_json_parse (allowed, -1, strlen (allowed), &error);

  g_assert_no_error (error);
  g_assert_nonnull (root);
  assert_refused (deep, "nested");
  g_assert_null (inion_json_parse (allowed, -1, strlen (allowed) - 1, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_assert_null (inion_json_parse ("{\0}", 3, G_MAXSIZE, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
}

/* A part of a text is read without what stands after it. */
static void
test_length (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = inion_json_parse_object ("{\"a\": 1}garbage", 8, 8, &error);

  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (root), "a"), ==, 1);
}

static void
test_object (void)
{
  static const char *const wrong[] = { "[]", "1", "null", "\"{}\"" };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (inion_json_parse_object (wrong[i], -1, G_MAXSIZE, &error));
      g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, "no JSON object"));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/json-parse/values", test_values);
  g_test_add_func ("/core/json-parse/strings", test_strings);
  g_test_add_func ("/core/json-parse/words", test_words);
  g_test_add_func ("/core/json-parse/numbers", test_numbers);
  g_test_add_func ("/core/json-parse/escapes", test_escapes);
  g_test_add_func ("/core/json-parse/grammar", test_grammar);
  g_test_add_func ("/core/json-parse/twice", test_twice);
  g_test_add_func ("/core/json-parse/bounds", test_bounds);
  g_test_add_func ("/core/json-parse/length", test_length);
  g_test_add_func ("/core/json-parse/object", test_object);
  return g_test_run ();
}
